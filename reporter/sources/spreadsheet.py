"""Programmes kept as a table (CSV, or a workbook .xlsx), one session in each row, become a ProgrammeDraft.

A table says itself which column means what, or a person does: `table` gives what there is, `guess` proposes, `read`
takes what was chosen. What was decided where real tables leave a choice:

- A day counts for the rows below it where theirs is empty: from the column of days, from a row that is only a date, and
  from above the header or the sheet's name.
- 04/12/2023 is read in one order throughout the table, decided by numbers above 12 and by weekdays; where neither
  decides, the day comes first, and that is said once. A year that is left out is the one year that the table names.
- An end before its start is after midnight, unless it has a date of its own: then the row is unreadable.
- An end or duration that cannot be read costs the session its length only; a start costs the row.
- Of a workbook one sheet is read; others with times in them are named.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo

from reporter.rules import clock
from reporter.rules.errors import N_, BadProgramme, Refused
from reporter.rules.report_text import one_line
from reporter.sources.columns import FIELDS, Columns, guess
from reporter.sources.draft import (
    MAX_DESCRIPTION,
    MAX_NAME,
    MAX_SESSIONS,
    MAX_TITLE,
    UNTITLED,
    ProgrammeDraft,
    SessionDraft,
    SpeakerDraft,
    Unreadable,
)
from reporter.sources.ical import ADDRESS_REMOVED
from reporter.sources.ical_file import MAX_TEXT, MAX_UID, NotReadable
from reporter.sources.ical_times import YEARS
from reporter.sources.table import Row, Table, looks_like_a_table, table
from reporter.sources.table_days import heading, reading_of, starting_day
from reporter.sources.table_times import DAY, Said, Written, dates_in, duration, offset, said
from reporter.sources.words import MAX_LINE, MAX_SPEAKERS, cleaned, one_line_of, people_in
from reporter.text.plain import from_html, shortened, without_addresses

__all__ = ["FIELDS", "Columns", "Row", "Table", "guess", "read", "recognises", "table"]

MAX_KEYWORDS = 50  # of one session
MAX_LENGTH = timedelta(days=31)  # of one session
_MAX_PARTS = 60  # of a cell with people
_ZONE_NAME = re.compile(r"[A-Z][A-Za-z]+/[A-Z][A-Za-z_/-]+|(?:UTC|GMT)(?:\s*[+-]\s*\d{1,2}(?::?\d\d)?)?(?![\w/])")
_HOURS = re.compile(r"\b(?:hours?|heures?|stunden|std|horas?|hrs|h)\b(?!:)", re.IGNORECASE)
_NO_TITLE = N_("This row has no title; it was taken over without. Give it one in the table or on the desk.")
_NO_START = N_("This row does not say when it starts. Complete it, or add the session by hand.")
_NO_DAY = N_("No day is known for this row. Write it into the row or above it, or add the session by hand.")
_BAD_DAY = N_("“%(value)s” cannot be read as a date. Correct this row, or add the session by hand.")
_BAD_START = N_("“%(value)s” cannot be read as the start of a session. Correct this row, or add the session by hand.")
_BAD_END = N_("“%(value)s” cannot be read as an end or a length; the session was taken over without. Check it.")
_BACKWARDS = N_("This row ends before it starts. Correct its times, or add the session by hand.")
_UNKNOWN_ZONE = N_("The time zone “%(name)s” is unknown; times in it were read in the event's own zone. Check them.")
_OTHER_SHEET = N_("The sheet “%(name)s” was not read. If it belongs to the programme, import it as a file of its own.")
_NOTHING_READ = N_("No row could be read as a session. Check which columns hold the title and the start.")
_NO_DAYS = N_("No column tells on which day sessions are. Choose it, or write the day above its sessions.")


def recognises(data: bytes) -> bool:
    """Whether `data` is a workbook, or text in columns with a header or times of day; cheap, never raises."""
    return looks_like_a_table(data)


def read(data: bytes, *, time_zone: str, columns: Columns | None = None) -> ProgrammeDraft:
    """The sessions of a table, in its order, their times in UTC; equal for equal `data` and `columns`.

    `columns` says which column means what, by default what `guess` finds. Times are on the clocks of `time_zone` (the
    event's, IANA) unless a cell or the header of the column of starts names an offset from UTC or an IANA zone. Rows
    that cannot be read are named by their number. Cells that look like formulas are text like others.

    Raises BadProgramme for what `table` refuses, without a column of titles or of starts, for columns that the table
    does not have, more than MAX_SESSIONS, and where no row is a session; Refused for an unknown `time_zone`.
    """
    own = clock.zone(time_zone)
    found = table(data)
    chosen = guess(found) if columns is None else columns
    _check(chosen, found)
    reader = _Reader(found, chosen, own)
    sessions: list[SessionDraft] = []
    for row in found.rows:
        try:
            sessions += reader.sessions(row)
        except NotReadable as problem:
            reader.name(row, problem.why, problem.values)
        if len(sessions) > MAX_SESSIONS:
            raise BadProgramme(
                N_("This table has more than %(limit)s sessions. Divide it and import the parts."), limit=MAX_SESSIONS
            )
    if not sessions:
        days_missing = bool(reader.unreadable) and all(one.why == _NO_DAY for one in reader.unreadable)
        raise BadProgramme(_NO_DAYS if days_missing else _NOTHING_READ)
    for name in found.other_sheets:
        reader.unreadable.append(Unreadable(1, "", _OTHER_SHEET, (("name", name),)))
    return ProgrammeDraft(
        tuple(sessions), tuple(sorted(reader.unreadable, key=lambda one: one.line)), _event_name(found)
    )


def _check(columns: Columns, found: Table) -> None:
    """Refuse columns by which nothing can be read."""
    if columns.title is None and columns.start is None:
        raise BadProgramme(N_("No column holds the titles of sessions, and none tells when they start. Choose both."))
    if columns.title is None:
        raise BadProgramme(N_("No column holds the titles of sessions. Choose it."))
    if columns.start is None:
        raise BadProgramme(N_("No column tells when sessions start. Choose it."))
    numbers = (getattr(columns, name) for name in FIELDS)
    if any(number is not None and not 0 <= number < len(found.header) for number in numbers):
        raise BadProgramme(N_("This table does not have these columns. Choose the columns again."))


def _event_name(found: Table) -> str:
    """What stands above the header, but for dates."""
    lines = (next(cell for cell in row.cells if cell) for row in found.above)
    return next((one_line_of(line, MAX_NAME) for line in lines if said(line) is None and not dates_in(line)), "")


@dataclass
class _Reader:
    """Reads the rows of one table from top to bottom, and keeps the day that counts for the rows below."""

    found: Table
    columns: Columns
    own: ZoneInfo
    unreadable: list[Unreadable] = field(default_factory=list)
    unknown: set[str] = field(default_factory=set)  # names of time zones

    def __post_init__(self) -> None:
        used = (self.columns.day, self.columns.start, self.columns.end)
        self.reading, doubt = reading_of(self.found, [column for column in used if column is not None])
        if doubt:
            self.unreadable.append(doubt)
        self.day = starting_day(self.found, self.reading)
        self.zone = self.named_zone()
        length = self.columns.duration
        self.in_hours = length is not None and bool(_HOURS.search(self.found.header[length]))

    def named_zone(self) -> tzinfo:
        """The zone that the header of the column of starts names; else the event's own."""
        match = _ZONE_NAME.search(self.found.header[self.columns.start or 0])
        if match is None:
            return self.own
        try:
            return offset(match[0]) or clock.zone(match[0])
        except Refused:
            return self.own

    def cell(self, row: Row, name: str) -> str:
        """The cell of `row` for a field of FIELDS; "" where there is no such column."""
        column = getattr(self.columns, name)
        return "" if column is None else row.cells[column]

    def name(self, row: Row, why: str, values: tuple[tuple[str, object], ...] = ()) -> None:
        """Name `row` among the unreadable, by its id or else its title."""
        uid = self.uid(row) or one_line_of(self.cell(row, "title"), MAX_TITLE)
        self.unreadable.append(Unreadable(row.line, uid, why, values))

    def uid(self, row: Row) -> str:
        """The row's own id, as the table has it, on one line."""
        return shortened(one_line(self.cell(row, "id")[:MAX_LINE]), MAX_UID)

    def sessions(self, row: Row) -> Iterator[SessionDraft]:
        """The session in `row`; none in a row that only names a day. Raises NotReadable."""
        day = heading(row, self.reading)
        if day is not None:
            self.day = day.calendar_day
            return iter(())
        starts_at, ends_at = self.times(row)
        title = one_line_of(self.cell(row, "title"), MAX_TITLE)
        if not title:
            self.name(row, _NO_TITLE)
        description = cleaned(from_html(self.cell(row, "description")[:MAX_TEXT])[: 2 * MAX_DESCRIPTION])
        session = SessionDraft(
            title=title or UNTITLED,
            starts_at=starts_at,
            ends_at=ends_at,
            room=one_line_of(self.cell(row, "room"), MAX_NAME),
            track=one_line_of(self.cell(row, "track"), MAX_NAME),
            description=shortened(
                without_addresses(description.strip("\n").rstrip(), ADDRESS_REMOVED), MAX_DESCRIPTION
            ),
            speakers=_speakers(self.cell(row, "speakers")),
            keywords=_keywords(self.cell(row, "keywords")),
            source_uid=self.uid(row),
        )
        return iter([session])

    def times(self, row: Row) -> tuple[datetime, datetime]:
        """When `row` starts and ends, UTC. Raises NotReadable."""
        self.heed_day(row)
        text = self.cell(row, "start")
        if not text:
            raise NotReadable(_NO_START)
        start = said(text)
        if start is None or start.start is None:
            raise NotReadable(_BAD_START, value=text)
        day = self.reading.day(start.day) if start.day else self.day
        if day is None:
            raise NotReadable(_NO_DAY)
        if start.day:
            self.day = day
        begins = _wall(day, start.start)
        starts_at = self.utc(begins, start.zone, row)
        try:
            ends_at = self.end(row, begins, starts_at, start)
            if starts_at.year in YEARS and ends_at.year in YEARS:
                return starts_at, ends_at
        except OverflowError:
            pass  # a year beyond the calendar
        raise NotReadable(_BAD_START, value=text)

    def heed_day(self, row: Row) -> None:
        """Take over the day that stands in `row`. Raises NotReadable where it is none."""
        text = self.cell(row, "day")
        if not text:
            return
        one = said(text)
        dates = (one.day,) if one and one.day and not one.last_day else dates_in(text)
        self.day = self.reading.day(dates[0]) if len(dates) == 1 else None
        start = said(self.cell(row, "start"))
        if self.day is None and not (start and start.day):
            raise NotReadable(_BAD_DAY, value=text)

    def end(self, row: Row, begins: datetime, starts_at: datetime, start: Said) -> datetime:
        """When `row` ends, UTC: by its end, by the end in the cell of its start, by its duration, or at its start."""
        text = self.cell(row, "end")
        end = said(text) if text else None
        if end and end.start is not None:
            # A column of ends may be the one of starts, “9:00–10:30”.
            until, day = (end.start, end.day) if end.end is None else (end.end, end.last_day or end.day)
            return self.ending(row, begins, starts_at, until, self.on(day), end.zone or start.zone)
        if start.end is not None:
            return self.ending(row, begins, starts_at, start.end, self.on(start.last_day), start.zone)
        length = self.cell(row, "duration")
        lasts = duration(length, hours=self.in_hours) if length else None
        if lasts is not None and lasts <= MAX_LENGTH:
            return starts_at + lasts
        if text or length:
            self.name(row, _BAD_END, (("value", one_line_of(text or length, 80)),))
        return starts_at

    def on(self, day: Written | None) -> date | None:
        """The day that is meant, where one is written."""
        return self.reading.day(day) if day else None

    def ending(
        self, row: Row, begins: datetime, starts_at: datetime, until: timedelta, day: date | None, zone: str
    ) -> datetime:
        """The end at `until` on `day`, UTC; without `day` on the day of `begins` or, if that is over, the next."""
        ends = _wall(day or begins.date(), until)
        if day is None and begins.time() == time(0) and until == DAY:
            return self.utc(ends, zone, row)
        if day is None and ends < begins:
            ends += DAY
        ends_at = self.utc(ends, zone, row)
        if day is not None and ends_at < starts_at:
            raise NotReadable(_BACKWARDS)
        return max(starts_at, ends_at)  # an hour that the clocks leave out may seem to end before it starts

    def utc(self, wall: datetime, zone: str, row: Row) -> datetime:
        """The moment of `wall` in the zone that the cell names, else the column's, else the event's."""
        if wall.year not in YEARS:
            raise NotReadable(_BAD_DAY, value=str(wall.date()))
        named = offset(zone) if zone else self.zone
        if named is None:
            local = wall.replace(tzinfo=self.own)
            if (local.tzname() or "").lower() != zone and zone not in self.unknown:
                self.unknown.add(zone)
                self.name(row, _UNKNOWN_ZONE, (("name", zone.upper()),))
            named = self.own
        return wall.replace(tzinfo=named).astimezone(UTC)


def _wall(day: date, clock_time: timedelta) -> datetime:
    """`clock_time` after midnight on `day`, as the clocks show it. Raises NotReadable at the end of the calendar."""
    try:
        return datetime.combine(day, time()) + clock_time
    except OverflowError as problem:
        raise NotReadable(_BAD_DAY, value=str(day)) from problem


def _speakers(text: str) -> tuple[SpeakerDraft, ...]:
    """The people in a cell, each once, in its order; a line each counts like a semicolon between them."""
    text = text[:MAX_LINE]
    if ";" not in text:
        text = re.sub(r"[,\s]*\n\s*", ";", text)
    mark = ";" if ";" in text else ","
    people = people_in(mark.join(text.split(mark)[:_MAX_PARTS]))
    named: dict[str, SpeakerDraft] = {}
    for one in people:
        if one.name:
            named.setdefault(one.name.casefold(), one)
    return tuple(named.values())[:MAX_SPEAKERS]


def _keywords(text: str) -> tuple[str, ...]:
    """The words of a cell, parted by semicolons, commas, | or lines, each once, in its order."""
    words = (one_line_of(word, MAX_NAME) for word in re.split(r"[;,|\n]", text[:MAX_LINE])[: 4 * MAX_KEYWORDS])
    return tuple(dict.fromkeys(word for word in words if word))[:MAX_KEYWORDS]
