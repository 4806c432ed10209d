"""iCalendar files (.ics) become a ProgrammeDraft: https://www.rfc-editor.org/rfc/rfc5545, read as real files need it.

The library `icalendar` reads values: durations, offsets, escapes, names of Windows' time zones. Lines,
components and time zones are read here, for three reasons. A broken entry must cost only itself and be named with its
line, and the library knows no lines. It keeps the time zones that a file defines for the life of the process, so one
file would change how the next is read. And it works through recurrence rules without a limit (a rule by the second
that never comes true does not end), also in the definitions of time zones.

What was decided where real files leave a choice:

- A time without zone, and one in a zone that nobody knows, is in the event's zone: whoever writes a programme means
  the clocks of its place. The unknown zone is named once among the unreadable, so that somebody looks.
- A date without a time is the whole day in the event's zone.
- Without end and duration a session ends when it starts. An end before the start is an unreadable entry: nobody can
  tell which of the two is wrong.
- Daily and weekly repetitions within a year become one session each; of all others the first is read, and the rest
  named as unreadable.
- Titles, names and descriptions over the limits of `draft` are cut and end in “…”.
"""

import calendar
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import cache
from itertools import chain, islice
from unicodedata import is_normalized
from zoneinfo import ZoneInfo, available_timezones

from icalendar.parser import rfc_6868_unescape, split_on_unescaped_comma, unescape_backslash
from icalendar.prop import vDuration, vUTCOffset
from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from reporter.rules import clock
from reporter.rules.errors import N_, BadProgramme
from reporter.rules.report_text import clean, one_line
from reporter.sources.draft import (
    MAX_BYTES,
    MAX_DESCRIPTION,
    MAX_NAME,
    MAX_SESSIONS,
    MAX_TITLE,
    ProgrammeDraft,
    SessionDraft,
    SpeakerDraft,
    Unreadable,
)
from reporter.text.plain import characters, from_html, shortened, without_addresses

MAX_REPEAT_DAYS = 366  # how far from its first date a repetition is followed
MAX_SPEAKERS = 50  # of one session
MAX_UID = 500
MAX_LINES = 500_000  # after unfolding
YEARS = range(1900, 2200)  # other years are mistakes, and some break the arithmetic of time zones
ADDRESS_REMOVED = "[e-mail removed]"

_LONG = {"DESCRIPTION", "X-ALT-DESC"}  # values of which more than a line is read
_SINGLE = {"UID", "SUMMARY", "LOCATION", "DTSTART", "DTEND", "DURATION", "STATUS", "RECURRENCE-ID"} | _LONG
_MANY = {"ATTENDEE", "ORGANIZER", "CATEGORIES", "RRULE", "RDATE", "EXDATE"}
_OF_AN_ENTRY = _SINGLE | _MANY
_OF_A_ZONE = {"TZID", "X-LIC-LOCATION", "DTSTART", "TZOFFSETTO", "RRULE", "RDATE"}
_PARAMETERS = {"TZID", "CN", "CUTYPE", "ROLE"}
_MAX_VALUES = 100  # of one property in one component
_MAX_REST = 1_000  # lines of a text whose line ends are not escaped
_MAX_LINE, _MAX_TEXT = 10_000, 10 * MAX_DESCRIPTION  # characters of one value, before HTML is taken out
_MAX_SAID = 1_000  # characters of “Speakers: …”

_UNFOLDED = re.compile(rb"[^\n]++(?:\n[ \t][^\n]*+)*+")
_NAME = re.compile(rb"[\s\xef\xbb\xbf]*([\w.-]{1,40})[ \t]*[;:]")
_CONTENT = re.compile(r"""\s*([\w.-]+)[ \t]*((?:;(?:[^":]|"[^"]*")*)?):(.*)""", re.DOTALL)
_PARAMETER = re.compile(r""";\s*([\w-]+)\s*=\s*("[^"]*"|[^";]*)""")
_SOME_UTF_8 = re.compile(rb"[\xc3-\xf4][\x80-\xbf]")
_MOMENT = re.compile(
    r"(\d{4})-?(\d\d)-?(\d\d)(?:[T ](\d\d):?(\d\d):?(\d\d)?(?:\.\d+)?\s*(Z|[+-]\d\d:?\d\d)?)?", re.IGNORECASE
)
_ONSET = re.compile(r"([+-]?\d)?(MO|TU|WE|TH|FR|SA|SU)")
_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_LABEL = re.compile(
    r"[\s*_#-]*(speakers?|speaker\(s\)|presenters?|panell?ists?|moderators?|track|room|venue|location)"
    r"[\s*_]*:[\s*_]*(.*)",
    re.IGNORECASE,
)
_BLOCK_TAG = re.compile(r"<(/?)(?:p|ul|ol|div|table|blockquote|pre)\b", re.IGNORECASE)
_BETWEEN_COMMAS = re.compile(r"(?:[^,(]|\([^()]*\)?)+")  # but for commas in brackets
_NOBODY = {"tba", "tbc", "tbd", "n/a", "none", "various", "to be announced", "to be confirmed", "unknown", "mailto"}
_SMALL_WORDS = {"de", "da", "do", "dos", "das", "del", "della", "di", "du", "la", "le", "van", "von", "der", "den"} | {
    "ter", "bin", "bint", "ibn", "al", "el", "y", "e", "zu", "af", "av"
}  # fmt: skip

_NO_TITLE = N_("This entry has no title. Give it one in the calendar, or add the session by hand.")
_NO_START = N_("This entry has no start. Give it one in the calendar, or add the session by hand.")
_BAD_TIME = N_("“%(value)s” cannot be read as a date and time. Correct this entry, or add the session by hand.")
_BAD_DURATION = N_("“%(value)s” cannot be read as a duration. Correct this entry, or add the session by hand.")
_BACKWARDS = N_("This entry ends before it starts. Correct its times, or add the session by hand.")
_NO_END = N_("This entry breaks off before its end. The file is damaged: download it again.")
_BROKEN_OFF = N_("The file breaks off after this line. Download it again; what should follow is missing.")
_REPEATS = N_(
    "This entry repeats in a way that cannot be read; only its first date was taken over. Add the others by hand."
)
_UNKNOWN_ZONE = N_("The time zone “%(name)s” is unknown; times in it were read in the event's own zone. Check them.")


def read(data: bytes, *, time_zone: str) -> ProgrammeDraft:
    """The sessions of a calendar file, in the file's order, their times in UTC; equal for equal `data`.

    `data` may hold several calendars, in UTF-8, UTF-16 with its mark, or Windows' Western encoding. `time_zone` is
    the event's (IANA). Entries that cannot be read are named with the line of their BEGIN:VEVENT. No e-mail address
    is taken over, except that `source_uid` is as the file has it (many are of the form name@host).

    Raises BadProgramme for what is no calendar, one without entries, more than MAX_BYTES or more than MAX_SESSIONS;
    Refused for an unknown `time_zone`.
    """
    zones = _Zones(clock.zone(time_zone))
    file = _Scanner(zones)
    file.scan(_checked(data))
    if not file.begun:
        if not file.calendars:
            raise BadProgramme(
                N_("This is not a calendar. Choose the calendar file (.ics) of the programme, or another format.")
            )
        raise BadProgramme(N_("This calendar has no sessions. Check that it is the one of the programme."))
    moved = _moved(file.entries, zones)
    sessions: list[SessionDraft] = []
    unreadable = list(file.unreadable)
    for entry in file.entries:
        try:
            sessions += _sessions(entry, zones, moved, unreadable)
        except _NotReadable as problem:
            unreadable.append(Unreadable(entry.line, entry.uid, problem.why, problem.values))
        if len(sessions) > MAX_SESSIONS:
            raise _too_many()
    unreadable += zones.notes.values()
    unreadable.sort(key=lambda one: one.line)
    return ProgrammeDraft(tuple(sessions), tuple(unreadable), file.name)


# The file: from bytes to entries


@dataclass(frozen=True)
class _Property:
    parameters: Mapping[str, str]
    value: str


@dataclass
class _Entry:
    """One VEVENT, VTIMEZONE or part of a VTIMEZONE: the properties that are read, each as often as it came."""

    line: int
    calendar: int
    properties: dict[str, list[_Property]] = field(default_factory=dict)
    last: str = ""  # the name of the last property
    rest: list[str] = field(default_factory=list)  # lines of its text that have no name

    def wants(self, name: str) -> bool:
        """Whether one more `name` is of use; of what may come once, the first that says anything counts."""
        return len(self.properties.get(name, ())) < (2 if name in _SINGLE else _MAX_VALUES)

    def add(self, name: str, one: _Property) -> None:
        self.properties.setdefault(name, []).append(one)

    def all(self, name: str) -> list[_Property]:
        return self.properties.get(name, [])

    def first(self, name: str) -> _Property | None:
        """The first `name` that says anything."""
        return next((one for one in self.all(name) if one.value.strip()), None)

    def text(self, name: str) -> str:
        one = self.first(name)
        return unescape_backslash(one.value) if one else ""

    @property
    def uid(self) -> str:
        return shortened(one_line(self.text("UID")), MAX_UID)


class _NotReadable(Exception):
    def __init__(self, why: str, **values: str) -> None:
        super().__init__(why)
        self.why = why
        self.values: tuple[tuple[str, object], ...] = tuple((name, _line(value, 80)) for name, value in values.items())


def _too_many() -> BadProgramme:
    return BadProgramme(
        N_("This calendar has more than %(limit)s sessions. Divide it and import the parts."), limit=MAX_SESSIONS
    )


def _checked(data: bytes) -> bytes:
    """`data` in UTF-8 as far as it can be told from its first bytes, with \\n at the end of lines."""
    if len(data) > MAX_BYTES:
        raise BadProgramme(
            N_("This file is larger than %(limit)s MB. Leave out what is no programme, or divide it."),
            limit=MAX_BYTES // 1024**2,
        )
    if not data.strip(b"\0\t\n\r \xef\xbb\xbf\xfe\xff"):
        raise BadProgramme(N_("This file is empty. Choose the calendar file (.ics) of the programme."))
    for mark, encoding in ((b"\xff\xfe\0\0", "utf-32"), (b"\0\0\xfe\xff", "utf-32")):
        if data.startswith(mark):
            data = data.decode(encoding, "replace").encode()
    for mark, encoding in (
        (b"\xff\xfe", "utf-16"),
        (b"\xfe\xff", "utf-16"),
        (b"B\0E\0", "utf-16-le"),
        (b"\0B\0E", "utf-16-be"),
    ):
        if data.startswith(mark):
            data = data.decode(encoding, "replace").encode("utf-8", "replace")
    data = data.removeprefix(b"\xef\xbb\xbf")
    if data.startswith((b"%PDF", b"PK\x03\x04", b"\x1f\x8b", b"\xd0\xcf\x11\xe0")):
        raise BadProgramme(
            N_("This is a document or an archive, not a calendar. Unpack it, or choose the calendar file (.ics).")
        )
    if data[:1_000].lstrip().startswith(b"<"):
        raise BadProgramme(N_("This is a web page, not a calendar. Download the calendar file (.ics) itself."))
    # \r\r\n is what a program leaves that writes \r\n into a file that turns every \n into \r\n.
    return data.replace(b"\r\r\n", b"\n").replace(b"\r\n", b"\n").replace(b"\r", b"\n")


def _decoded(line: bytes) -> str:
    """One unfolded line; folds may part the bytes of a character, so only now."""
    try:
        return line.decode()
    except UnicodeDecodeError:
        if _SOME_UTF_8.search(line):  # damaged UTF-8, rather than another encoding
            return line.decode("utf-8", "replace")
    try:
        return line.decode("cp1252")
    except UnicodeDecodeError:
        return line.decode("latin-1")


def _lines(data: bytes) -> Iterator[tuple[int, str, bytes]]:
    """The number, the name in capitals and the whole of every unfolded line; the name is "" where there is none."""
    number, place = 1, 0
    for match in _UNFOLDED.finditer(data):
        number += data.count(b"\n", place, match.start())
        place = match.start()
        line = match[0]
        if b"\n" in line:
            line = line.replace(b"\n ", b"").replace(b"\n\t", b"")
        name = _NAME.match(line)
        yield number, name[1].decode("ascii", "replace").upper() if name else "", line


def _property(line: bytes, limit: int) -> _Property:
    """The parameters and the value of a content line; what cannot be told apart is value."""
    text = _decoded(line)
    head, colon, value = text.partition(":")
    if '"' in head:
        match = _CONTENT.match(text[:_MAX_LINE])
        if match:
            head, value = text[: match.start(3) - 1], text[match.start(3) :]
    parameters = {
        name.upper(): rfc_6868_unescape(content.strip().strip('"'))
        for name, content in _PARAMETER.findall(head[:_MAX_LINE])
        if name.upper() in _PARAMETERS
    }
    return _Property(parameters, value[:limit] if colon else "")


class _Scanner:
    """Sorts the lines of a file into entries and definitions of time zones, and notices what has no end."""

    def __init__(self, zones: "_Zones") -> None:
        self.zones = zones
        self.entries: list[_Entry] = []
        self.unreadable: list[Unreadable] = []
        self.name = ""
        self.calendars = self.begun = 0
        self.in_calendar = False
        self.entry: _Entry | None = None
        self.inside = 0  # how many components are open inside the entry
        self.zone: list[_Entry] = []  # the VTIMEZONE that is open, and its parts

    def scan(self, data: bytes) -> None:
        number = 1
        for count, (number, name, line) in enumerate(_lines(data)):
            if count > MAX_LINES:
                raise BadProgramme(
                    N_("This file has more than %(limit)s lines. Leave out what is no programme, or divide it."),
                    limit=MAX_LINES,
                )
            if name in {"BEGIN", "END"}:
                what = line.partition(b":")[2][:80].strip().upper().decode("latin-1")
                (self.begin if name == "BEGIN" else self.end)(what, number)
            elif self.entry is not None:
                self.in_entry(name, line)
            elif self.zone:
                if name in _OF_A_ZONE and self.zone[-1].wants(name):
                    self.zone[-1].add(name, _property(line, _MAX_LINE))
            elif name in {"X-WR-CALNAME", "NAME"} and not self.name:
                self.name = _line(unescape_backslash(_property(line, _MAX_LINE).value), MAX_NAME)
        self.unfinished()
        if self.in_calendar:
            self.unreadable.append(Unreadable(number, "", _BROKEN_OFF))

    def begin(self, what: str, number: int) -> None:
        if what == "VCALENDAR":
            self.unfinished()
            self.calendars += 1
            self.in_calendar = True
        elif what == "VEVENT":
            self.unfinished()
            self.begun += 1
            if self.begun > MAX_SESSIONS:
                raise _too_many()
            self.entry = _Entry(number, self.calendars)
        elif self.entry is not None:
            self.inside += 1
        elif what == "VTIMEZONE":
            self.zone = [_Entry(number, self.calendars)]
        elif self.zone:  # with too many parts it is left out, rather than read in part
            self.zone = [*self.zone, _Entry(number, self.calendars)] if len(self.zone) < _MAX_VALUES else []

    def end(self, what: str, _number: int) -> None:
        if what == "VEVENT" and self.entry is not None:
            self.entries.append(self.entry)
            self.entry, self.inside = None, 0
        elif what == "VCALENDAR":
            self.unfinished()
            self.in_calendar = False
        elif what == "VTIMEZONE" and self.zone:
            self.zones.define(self.zone)
            self.zone = []
        elif self.inside:
            self.inside -= 1

    def in_entry(self, name: str, line: bytes) -> None:
        if self.inside or self.entry is None:
            return
        if name in _OF_AN_ENTRY and self.entry.wants(name):
            self.entry.add(name, _property(line, _MAX_TEXT if name in _LONG else _MAX_LINE))
        elif not name and self.entry.last in _LONG and len(self.entry.rest) < _MAX_REST:
            self.entry.rest.append(_decoded(line)[:_MAX_LINE])  # a line end in the text that nobody escaped
        if name:
            self.entry.last = name

    def unfinished(self) -> None:
        """Name the entry that is still open: what it says may be cut off anywhere."""
        if self.entry is not None:
            self.unreadable.append(Unreadable(self.entry.line, self.entry.uid, _NO_END))
        self.entry, self.inside, self.zone = None, 0, []


# Times and their zones


@dataclass(frozen=True)
class _When:
    """A date and time on the clocks of `zone`; `whole_day` where the file has a date only."""

    wall: datetime
    zone: tzinfo
    whole_day: bool = False

    def utc(self) -> datetime:
        return self.wall.replace(tzinfo=self.zone).astimezone(UTC)

    def later(self, delta: timedelta) -> "_When":
        """The same hour on the clocks, `delta` later; raises OverflowError beyond the calendar."""
        return replace(self, wall=self.wall + delta)


@dataclass(frozen=True)
class _Onset:
    """From when an offset counts: on fixed dates, and perhaps every year on a weekday of a month until `until`."""

    offset: timedelta
    start: datetime
    month: int = 0
    nth: int = 0  # 1 the first, -1 the last
    weekday: int = 0
    until: datetime | None = None

    def in_year(self, year: int) -> datetime | None:
        if not self.month or year < self.start.year:
            return None
        first = date(year, self.month, 1)
        day = 1 + (self.weekday - first.weekday()) % 7
        days = range(day, calendar.monthrange(year, self.month)[1] + 1, 7)
        day = days[self.nth - 1 if self.nth > 0 else max(self.nth, -len(days))]
        onset = datetime.combine(date(year, self.month, day), self.start.time())
        # `until` is in UTC: a day more or less makes no difference to what happens once a year.
        return (
            onset if self.start <= onset and (self.until is None or onset - timedelta(days=1) <= self.until) else None
        )


class _DefinedZone(tzinfo):
    """A time zone as a VTIMEZONE defines it: what changes on fixed dates, or yearly on a weekday of a month."""

    def __init__(self, parts: list[_Entry]) -> None:
        """Raises ValueError for what is not defined in this way."""
        fixed: list[tuple[datetime, timedelta]] = []
        self.rules: list[_Onset] = []
        self.years: dict[int, list[tuple[datetime, timedelta]]] = {}
        for part in parts:
            offset = vUTCOffset.from_ical(part.text("TZOFFSETTO").strip())  # type: ignore[no-untyped-call]
            start = _wall(part.text("DTSTART"))[0]
            dates = [text for one in part.all("RDATE") for text in one.value.split(",") if text.strip()]
            fixed += ((_wall(text)[0], offset) for text in dates)
            fixed.append((start, offset))
            self.rules += (_yearly(one.value, offset, start) for one in part.all("RRULE"))
        self.fixed = sorted(fixed)
        if not fixed:
            raise ValueError("no offset")

    def utcoffset(self, moment: datetime | None) -> timedelta:
        """The offset at a time on the clocks of this zone; of two that one hour may have, the earlier's."""
        wall = moment.replace(tzinfo=None) if moment else self.fixed[0][0]
        place = bisect_right(self.fixed, wall, key=lambda one: one[0])
        last = self.fixed[max(0, place - 1)]
        return max((one for one in self.of_year(wall.year) if last[0] <= one[0] <= wall), default=last)[1]

    def of_year(self, year: int) -> list[tuple[datetime, timedelta]]:
        """What the yearly rules bring about in `year` and the year before, or at last."""
        if year not in self.years:
            self.years[year] = [
                (onset, rule.offset)
                for rule in self.rules
                for when in (year - 1, year) + ((rule.until.year,) if rule.until and rule.until.year < year - 1 else ())
                if (onset := rule.in_year(when))
            ]
        return self.years[year]

    def dst(self, moment: datetime | None) -> None:
        """Not told: nothing here asks."""

    def tzname(self, moment: datetime | None) -> None:
        """Not told: nothing here asks."""


def _yearly(rule: str, offset: timedelta, start: datetime) -> _Onset:
    """Such as FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU. Raises ValueError for all that is more."""
    parts = _rule(rule)
    day = _ONSET.fullmatch(parts.get("BYDAY", ""))
    if (
        parts.get("FREQ") != "YEARLY"
        or parts.get("INTERVAL", "1") != "1"
        or not set(parts) <= {"FREQ", "BYMONTH", "BYDAY", "INTERVAL", "UNTIL", "WKST", "BYHOUR", "BYMINUTE", "BYSECOND"}
        or day is None
        or not 1 <= int(parts["BYMONTH"]) <= 12
        or not -5 <= int(day[1] or 0) <= 4
        or not int(day[1] or 0)
    ):
        raise ValueError(rule)
    until = _wall(parts["UNTIL"])[0] if "UNTIL" in parts else None
    return _Onset(offset, start, int(parts["BYMONTH"]), int(day[1]), _DAYS.index(day[2]), until)


class _Zones:
    """The time zones by the names that a file gives them; what nobody knows is `notes`, once for each name."""

    def __init__(self, own: ZoneInfo) -> None:
        self.own = own
        self.definitions: dict[tuple[int, str], list[_Entry]] = {}
        self.found: dict[tuple[int, str], tzinfo | None] = {}
        self.notes: dict[str, Unreadable] = {}

    def define(self, parts: list[_Entry]) -> None:
        name = parts[0].text("TZID").strip()
        if name and len(self.definitions) < _MAX_VALUES:
            self.definitions.setdefault((parts[0].calendar, name), parts)

    def named(self, name: str, entry: _Entry) -> tzinfo:
        """The zone called `name` in the calendar of `entry`; the event's own where there is none."""
        key = (entry.calendar, name)
        if key not in self.found:
            self.found[key] = _known_zone(name) or self.defined(key) or _known_zone(name, guess=True)
        zone = self.found[key]
        if zone is None and name not in self.notes:
            self.notes[name] = Unreadable(entry.line, "", _UNKNOWN_ZONE, (("name", _line(name, 80)),))
        return zone or self.own

    def defined(self, key: tuple[int, str]) -> tzinfo | None:
        parts = self.definitions.get(key)
        if parts is None:
            return None
        try:
            return _known_zone(parts[0].text("X-LIC-LOCATION")) or _DefinedZone(parts[1:])
        except (ValueError, KeyError, OverflowError):
            return None


@cache
def _zone_names() -> dict[str, str]:
    """Every IANA name by its small letters, less those that mean something else on every machine."""
    return {name.lower(): name for name in available_timezones() - {"localtime", "Factory"}}


def _known_zone(name: str, *, guess: bool = False) -> ZoneInfo | None:
    """By IANA's or Windows' name; `guess`: by the end of a longer one, such as /citadel.org/2019_1/Europe/Berlin."""
    name = name.strip().strip("/")
    names = [name, WINDOWS_TO_OLSON.get(name, "")]
    if guess:
        parts = name.split("/")[-4:]
        names = ["/".join(parts[place:]) for place in range(1, len(parts))]
    known = _zone_names()
    return next((ZoneInfo(known[one.lower()]) for one in names if one.lower() in known), None)


def _wall(text: str) -> tuple[datetime, bool, str]:
    """Date and time without their zone, whether it is a date only, and the zone that follows ("", Z, +01:00)."""
    match = _MOMENT.fullmatch(text.strip())
    if match is None:
        raise ValueError(text)
    year, month, day, hour, minute, second = (int(number or 0) for number in match.groups()[:6])
    # A leap second has no place in Python's calendar.
    return datetime(year, month, day, hour, minute, min(second, 59)), match[4] is None, (match[7] or "").upper()  # noqa: DTZ001 - its zone is found by the caller


def _when(one: _Property, entry: _Entry, zones: _Zones, *, value: str | None = None) -> _When:
    """The moment that a property names; raises _NotReadable."""
    text = one.value if value is None else value
    try:
        wall, whole_day, suffix = _wall(text)
        if wall.year not in YEARS:
            raise ValueError(text)
        zone: tzinfo
        if suffix == "Z":
            zone = UTC
        elif suffix:
            zone = datetime.fromisoformat(f"2000-01-01T00:00{suffix}").tzinfo or UTC
        else:
            name = one.parameters.get("TZID", "").strip()[:MAX_NAME]
            zone = zones.named(name, entry) if name else zones.own
        return _When(wall, zone, whole_day)
    except (ValueError, OverflowError) as problem:
        raise _NotReadable(_BAD_TIME, value=text) from problem


def _end(start: _When, entry: _Entry, zones: _Zones) -> datetime:
    """When the entry ends, UTC: its DTEND, else its DURATION, else the end of its day or its own start."""
    day = timedelta(days=1)
    end, lasts = entry.first("DTEND"), entry.first("DURATION")
    if end:
        until = _when(end, entry, zones)
        same_day = start.whole_day and until.whole_day and until.wall == start.wall
        return (until.later(day) if same_day else until).utc()
    if lasts:
        text = lasts.value.strip().upper()
        try:
            delta = vDuration.from_ical(text)  # type: ignore[no-untyped-call]
            # Days are counted on the clocks, hours as they pass (RFC 5545, 3.3.6): not the same when clocks change.
            end_at = start.utc() + delta if "T" in text else start.later(delta).utc()
            if end_at.year not in YEARS:
                raise ValueError(text)
            return end_at
        except (ValueError, OverflowError) as problem:
            raise _NotReadable(_BAD_DURATION, value=text) from problem
    return (start.later(day) if start.whole_day else start).utc()


# Repetitions


def _rule(text: str) -> dict[str, str]:
    """FREQ=DAILY;COUNT=3 as a dictionary in capitals."""
    pairs = (part.split("=", 1) for part in text.upper().split(";") if "=" in part)
    return {name.strip(): content.strip() for name, content in pairs}


def _moved(entries: list[_Entry], zones: _Zones) -> set[tuple[str, datetime]]:
    """The single dates of repetitions that have an entry of their own: UID, and the start that it had."""
    moved = set()
    for entry in entries:
        one = entry.first("RECURRENCE-ID")
        if one:
            try:
                moved.add((entry.uid, _when(one, entry, zones).utc()))
            except _NotReadable:
                continue  # it stays an entry like others
    return moved


def _starts(entry: _Entry, start: _When, zones: _Zones) -> list[datetime] | None:
    """Every start of the entry, UTC, in order; None where its repetitions are not simple or have no end in a year."""
    rules = [one.value for one in entry.all("RRULE") if one.value.strip()]
    if len(rules) > 1:
        return None
    try:
        starts = _followed(_rule(rules[0]), start) if rules else [start]
        starts += _dates("RDATE", entry, zones)
        left_out = _dates("EXDATE", entry, zones)
        days = {when.wall.date() for when in left_out if when.whole_day}
        moments = {when.utc() for when in left_out if not when.whole_day}
        return sorted({when.utc() for when in starts if when.wall.date() not in days} - moments)
    except (_NotReadable, ValueError, KeyError, OverflowError):
        return None


def _dates(name: str, entry: _Entry, zones: _Zones) -> list[_When]:
    """The dates that all properties called `name` list. Raises ValueError for too many, _NotReadable."""
    dates = [(one, text) for one in entry.all(name) for text in one.value.split(",") if text.strip()]
    if len(dates) > MAX_REPEAT_DAYS or len(entry.all(name)) == _MAX_VALUES:
        raise ValueError(name)
    return [_when(one, entry, zones, value=text) for one, text in dates]


def _followed(rule: dict[str, str], start: _When) -> list[_When]:
    """The starts of a daily or weekly rule that ends within MAX_REPEAT_DAYS. Raises ValueError for any other."""
    interval, count = int(rule.get("INTERVAL", "1")), int(rule.get("COUNT", "0"))
    days = {_DAYS.index(day.strip()) for day in rule["BYDAY"].split(",")} if "BYDAY" in rule else set()
    until = _wall(rule["UNTIL"]) if "UNTIL" in rule else None
    if (
        rule.get("FREQ") not in {"DAILY", "WEEKLY"}
        or not set(rule) <= {"FREQ", "INTERVAL", "COUNT", "UNTIL", "BYDAY", "WKST"}
        or interval < 1
        or (count < 1 and until is None)
    ):
        raise ValueError(rule)
    last = start.later(timedelta(days=MAX_REPEAT_DAYS))
    if count > MAX_REPEAT_DAYS or (until and until[0] > last.wall):
        raise ValueError(rule)
    every = _days(rule, start.wall.weekday(), interval, days)
    starts = [start.later(timedelta(days=day)) for day in islice(every, count or None)]
    if until:
        return starts[:1] + [when for when in starts[1:] if not _beyond(when, until)]
    if len(starts) < count:
        raise ValueError(rule)
    return starts


def _days(rule: dict[str, str], weekday: int, interval: int, days: set[int]) -> Iterator[int]:
    """How many days after its first date a daily or weekly rule comes again, within MAX_REPEAT_DAYS."""
    every: Iterable[int]
    if rule["FREQ"] == "DAILY":
        every = range(0, MAX_REPEAT_DAYS + 1, interval)
    else:
        begins = (weekday - _DAYS.index(rule.get("WKST", "MO"))) % 7  # how far into its week the first date is
        weeks = range(-begins, MAX_REPEAT_DAYS + 1, 7 * interval)
        every = (day for week in weeks for day in range(max(0, week), week + 7))
        days = days or {weekday}
    return (day for day in every if day == 0 or not days or (weekday + day) % 7 in days)


def _beyond(when: _When, until: tuple[datetime, bool, str]) -> bool:
    wall, whole_day, suffix = until
    if whole_day:
        return when.wall.date() > wall.date()
    return when.utc() > wall.replace(tzinfo=UTC) if suffix else when.wall > wall


# Words


def _sessions(
    entry: _Entry, zones: _Zones, moved: set[tuple[str, datetime]], unreadable: list[Unreadable]
) -> Iterator[SessionDraft]:
    """The sessions that an entry stands for, mostly one. Raises _NotReadable."""
    title = _line(entry.text("SUMMARY"), MAX_TITLE)
    if not title:
        raise _NotReadable(_NO_TITLE)
    began = entry.first("DTSTART")
    if began is None:
        raise _NotReadable(_NO_START)
    start = _when(began, entry, zones)
    starts_at, ends_at = start.utc(), _end(start, entry, zones)
    if ends_at < starts_at:
        raise _NotReadable(_BACKWARDS)
    session = _described(entry, SessionDraft(title, starts_at, ends_at, source_uid=entry.uid))
    if not entry.all("RRULE") and not entry.all("RDATE"):
        return iter([session])
    starts = _starts(entry, start, zones)
    if starts is None:
        unreadable.append(Unreadable(entry.line, entry.uid, _REPEATS))
        return iter([session])
    lasts = ends_at - starts_at
    return (
        replace(session, starts_at=one, ends_at=one + lasts)
        for one in starts
        if entry.first("RECURRENCE-ID") or (entry.uid, one) not in moved
    )


def _line(text: str, limit: int) -> str:
    """`text` on one line without e-mail addresses, at most `limit` characters."""
    return shortened(" ".join(without_addresses(_cleaned(characters(text[:_MAX_LINE]))).split()), limit)


def _described(entry: _Entry, session: SessionDraft) -> SessionDraft:
    """`session` with what the entry says of description, room, track, speakers and cancellation."""
    raw = "\n".join([entry.text("DESCRIPTION") or entry.text("X-ALT-DESC"), *entry.rest])[:_MAX_TEXT]
    # Twice the limit, so that what is taken out does not shorten the rest; each character more costs time.
    text = _cleaned(from_html(raw)[: 2 * MAX_DESCRIPTION]).strip("\n").rstrip()
    said = _said(text)
    rooms = [one.parameters.get("CN", "") for one in entry.all("ATTENDEE") if _kind(one) == "ROOM"]
    categories = [name for one in entry.all("CATEGORIES") for name in split_on_unescaped_comma(one.value)]
    track = said["track"] or (categories if len(categories) == 1 else [])
    room = [entry.text("LOCATION"), *rooms, *said["room"]]
    return replace(
        session,
        description=shortened(without_addresses(text, ADDRESS_REMOVED), MAX_DESCRIPTION),
        room=next((line for line in (_line(one, MAX_NAME) for one in room) if line), ""),
        track=_line(track[0], MAX_NAME) if track else "",
        speakers=_speakers(entry, said, raw),
        cancelled=entry.text("STATUS").strip().upper() in {"CANCELLED", "CANCELED"},
    )


def _cleaned(text: str) -> str:
    """`clean`, which goes through every character, only for lines that need it: few do."""
    return "\n".join(
        line if line.isprintable() and is_normalized("NFC", line) else clean(line) for line in text.split("\n")
    )


def _kind(attendee: _Property) -> str:
    return attendee.parameters.get("CUTYPE", "INDIVIDUAL").upper()


def _said(text: str) -> dict[str, list[str]]:
    """What lines such as “Speaker: …” or “Room: …” of a description say, by what they are about."""
    said: dict[str, list[str]] = {"speaker": [], "moderator": [], "track": [], "room": []}
    for line in text.split("\n"):
        match = _LABEL.fullmatch(line[:_MAX_SAID]) if ":" in line else None
        if match and match[2].strip():
            label = match[1].lower()
            about = label if label == "track" else "moderator" if label.startswith("moder") else "speaker"
            said["room" if label in {"room", "venue", "location"} else about].append(match[2])
    return said


def _speakers(entry: _Entry, said: dict[str, list[str]], raw: str) -> tuple[SpeakerDraft, ...]:
    """Who speaks: by the description, then by the attendees, and if nobody is named so, the organiser."""
    found = chain(
        (one for value in said["speaker"] for one in _people(value)),
        _people_below_label(raw),
        (replace(one, position="Moderator") for value in said["moderator"] for one in _people(value)),
        (
            person
            for one in entry.all("ATTENDEE")
            if _kind(one) in {"INDIVIDUAL", "UNKNOWN"} and one.parameters.get("ROLE", "").upper() != "NON-PARTICIPANT"
            for person in _common_name(one)
        ),
    )
    people = list(islice(found, MAX_SPEAKERS))
    people = people or [person for one in entry.all("ORGANIZER")[:1] for person in _common_name(one)]
    named: dict[str, SpeakerDraft] = {}
    for one in people:
        named.setdefault(one.name.casefold(), one)
    return tuple(named.values())


def _common_name(one: _Property) -> list[SpeakerDraft]:
    return _person(unescape_backslash(one.parameters.get("CN", "")))


def _people(value: str) -> list[SpeakerDraft]:
    """The people in “A, B and C”, “A (WTO), B (ITC)” or “A, Director, WTO; B, ITC”."""
    if ";" in value:
        parts = [part.partition(",") for part in value.split(";")]
        return [person for name, _, rest in parts for person in _person(name, rest)]
    people: list[SpeakerDraft] = []
    for part in map(str.strip, _BETWEEN_COMMAS.findall(value)):
        if people and part.isupper() and " " not in part:  # “Jane Doe, UNCTAD”
            people[-1] = replace(people[-1], organisation=people[-1].organisation or _line(part, MAX_NAME))
            continue
        pair = re.split(r"\s(?:and|&)\s", part.removeprefix("and "), maxsplit=1)
        both = len(pair) == 2 and all(_is_name(one) and " " in one.strip() for one in pair)
        people += [person for one in (pair if both else [part.removeprefix("and ")]) for person in _person(one)]
    return people


def _person(name: str, organisation: str = "") -> list[SpeakerDraft]:
    """One speaker, or none where `name` is no name: an address, a link, “TBA”."""
    name = _line(name.strip(" \t-–—*_•\"'"), MAX_NAME)
    match = re.fullmatch(r"([^()]{2,}?)\s*\(([^()]+)\)", name)
    if match:
        name, organisation = match[1], organisation or match[2]
    if "://" in name or name.lower().rstrip(".") in _NOBODY or not any(map(str.isalpha, name)):
        return []
    return [SpeakerDraft(name, organisation and _line(organisation, MAX_NAME))]


def _people_below_label(raw: str) -> list[SpeakerDraft]:
    """The names in the lines below a line that is only “Speakers:”, each perhaps with a life story in HTML below it."""
    lines = iter(raw[:MAX_DESCRIPTION].split("\n"))
    for line in lines:
        match = _LABEL.fullmatch(line[:_MAX_SAID])
        if match and match[1].lower().startswith(("speaker", "presenter", "panel")) and not match[2].strip():
            break
    names: list[str] = []
    open_tags = 0
    for line in lines:
        tags = _BLOCK_TAG.findall(line)
        if not open_tags and not tags:
            if not _is_name(line.strip(" \t-*•")):
                break
            names.append(line)
            if len(names) == MAX_SPEAKERS:
                break
        open_tags = max(0, open_tags + sum(-1 if end else 1 for end in tags))
    return [person for name in names for person in _person(name)]


def _is_name(text: str) -> bool:
    """Whether `text` may be somebody's name: few words, none that begins small, but for “van”, “de”."""
    words = [word for word in text[:MAX_NAME].split() if any(map(str.isalpha, word)) and word[0] != "("]
    if not 1 <= len(words) <= 6 or any(mark in text for mark in ':;,/@<>!?="'):
        return False
    proper = (word[0].isalpha() and not word[0].islower() for word in words if word.lower() not in _SMALL_WORDS)
    return all(proper) and not (words[-1].endswith(".") and len(words[-1]) > 4)
