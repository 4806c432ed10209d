"""When the sessions of a schedule.xml or schedule.json take place, by an entry's own words and those of its day.

The format's page (https://c3voc.de/wiki/schedule) and its XSD ask for a `date` with its offset and a `duration` as
HH:MM or D:HH:MM. Real files leave out either, give hours beside the date of the day, or put the night after midnight
under the day before.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo

from icalendar.prop import vDuration

from reporter.rules.errors import N_
from reporter.sources.ical_file import NotReadable
from reporter.sources.ical_times import YEARS
from reporter.sources.schedule_words import line_in

_DATE = re.compile(r"(\d{4})-?(\d\d?)-?(\d\d?)(?!\d)")
_CLOCK = re.compile(
    r"(\d{1,2})(?:[:.h](\d\d)(?::(\d\d)(?:[.,]\d{1,9})?)?)?\s*(?:([ap])\.?m\.?)?\s*(z|utc|gmt|[+-]\d\d(?::?\d\d)?)?",
    re.IGNORECASE,
)
_COMPACT = re.compile(r"(\d\d)(\d\d)(\d\d)?(?![\d:])")
_IN_PARTS = re.compile(r"(?:(\d{1,4}):)?(\d{1,4}):(\d\d)")
_IN_WORDS = re.compile(
    r"(?:(\d{1,4})\s*(?:h|hours?|hrs?)\.?)?\s*(?:(\d{1,6})(?:\.0*)?\s*(?:m|mins?|minutes?)?\.?)?", re.IGNORECASE
)
_DAY = timedelta(days=1)
_MAX_TIME = 60  # characters of a date, a time or a duration; the expressions take the square of their time
_BAD_TIME = N_("“%(value)s” cannot be read as a date and time. Correct this entry, or add the session by hand.")
_BAD_DURATION = N_("“%(value)s” cannot be read as a duration. Correct this entry, or add the session by hand.")
_NO_START = N_("This entry has no start. Give it one in the programme, or add the session by hand.")
_NO_DATE = N_("This entry and its day have no date. Give them one in the programme, or add the session by hand.")
_BACKWARDS = N_("This entry ends before it starts. Correct its times, or add the session by hand.")


@dataclass(frozen=True)
class Written:
    """A date, a time since its midnight and an offset, as far as a text names them."""

    day: date | None = None
    clock: timedelta | None = None
    zone: tzinfo | None = None

    def moment(self, zone: tzinfo) -> datetime | None:
        """The aware moment; in `zone` where the text has no offset. None without date or time."""
        if self.day is None or self.clock is None:
            return None
        return (datetime.combine(self.day, time()) + self.clock).replace(tzinfo=self.zone or zone)


@dataclass(frozen=True)
class Day:
    """A day of the programme: its date, from when to when it lasts on the clocks of its `zone`, as far as it says."""

    zone: tzinfo
    on: date | None = None
    begins: datetime | None = None
    ends: datetime | None = None

    def at(self, clock: timedelta) -> datetime:
        """The moment when the clocks show `clock`, in the night after the day where that is nearer. May overflow."""
        if self.on is None:
            raise NotReadable(_NO_DATE)
        wall = datetime.combine(self.on, time()) + clock
        # What starts a little before its day is an early start; but half past midnight belongs to the evening.
        if self.begins and wall < self.begins:
            later = wall + _DAY
            if self.ends is None or later - self.ends < self.begins - wall:
                wall = later
        return wall.replace(tzinfo=self.zone)


def written(text: str) -> Written:
    """2019-08-21T16:00:00+02:00, a part of it, or 4:00 pm. Hours to 47 are those of the next day. Raises ValueError."""
    text = text.strip()
    if len(text) > _MAX_TIME:
        raise ValueError(text)
    day = None
    if match := _DATE.match(text):
        day = date(int(match[1]), int(match[2]), int(match[3]))
        if day.year not in YEARS:
            raise ValueError(text)
        text = text[match.end() :].lstrip("Tt ,")
        if not text:
            return Written(day)
        if match := _COMPACT.match(text):
            text = ":".join(filter(None, match.groups())) + text[match.end() :]
    match = _CLOCK.fullmatch(text)
    if match is None or (match[2] is None and match[4] is None):
        raise ValueError(text)
    hour, minute, second = (int(number or 0) for number in match.groups()[:3])
    if match[4]:
        if not 1 <= hour <= 12:
            raise ValueError(text)
        hour = hour % 12 + (12 if match[4].lower() == "p" else 0)
    if hour > 47 or minute > 59 or second > 60:
        raise ValueError(text)
    # A leap second has no place in Python's calendar.
    return Written(day, timedelta(hours=hour, minutes=minute, seconds=min(second, 59)), _offset(match[5] or ""))


def _offset(text: str) -> tzinfo | None:
    """Z or ±HH:MM. Raises ValueError beyond a day."""
    if not text:
        return None
    if text[0] not in "+-":
        return UTC
    minutes = int(text[1:3]) * 60 + int(text[3:].lstrip(":") or 0)
    return timezone(timedelta(minutes=-minutes if text[0] == "-" else minutes))


def day_of(says: Mapping[str, object], named: tzinfo | None, own: tzinfo, change: str) -> Day:
    """The day that `says` its date, start and end; what of them cannot be read counts as missing.

    `named` is the zone that the file names, if it does; else the offset of the day's start counts, else `own`.
    `change` is the time at which a day begins that does not say.
    """
    on, begins, ends = (
        _or_nothing(line_in(says, *names))
        for names in (("date",), ("day_start", "start"), ("day_end", "end"))
    )  # fmt: skip
    zone = named or begins.zone or on.zone or own
    day = on.day or begins.day
    if day is None:
        return Day(zone)
    if begins.clock is None:
        begins = _or_nothing(change)
    return Day(zone, day, _wall(begins, day, zone), _wall(ends, day, zone))


def _or_nothing(text: str) -> Written:
    try:
        return written(text)
    except ValueError:
        return Written()


def _wall(one: Written, day: date, zone: tzinfo) -> datetime | None:
    """What the clocks of `zone` show at `one`, on `day` where it has no date."""
    moment = Written(one.day or day, one.clock, one.zone).moment(zone)
    return moment.astimezone(zone).replace(tzinfo=None) if moment else None


def times_of(says: Mapping[str, object], day: Day) -> tuple[datetime, datetime]:
    """Start and end, aware, UTC, of an entry that is filed under `day`; the end is the start where neither an `end`
    nor a `duration` is given. Raises NotReadable.
    """
    try:
        start = _start(says, day)
        starts_at, ends_at = start.astimezone(UTC), _end(says, start).astimezone(UTC)
    except OverflowError as problem:
        raise NotReadable(_BAD_TIME, value=line_in(says, "date", "start")) from problem
    if starts_at.year not in YEARS or ends_at.year not in YEARS:
        raise NotReadable(_BAD_TIME, value=line_in(says, "date", "start"))
    if ends_at < starts_at:
        raise NotReadable(_BACKWARDS)
    return starts_at, ends_at


def _start(says: Mapping[str, object], day: Day) -> datetime:
    """By the entry's `date`, or else by its `start` on that date or on its day."""
    on = _read(line_in(says, "date"))
    moment = on.moment(day.zone)
    if moment and on.clock:
        return moment
    if moment:  # Midnight: really, or for want of a time, which `start` then has.
        at = _or_nothing(line_in(says, "start"))
        clock = at.clock if at.day is None and at.clock else timedelta()
        return Written(on.day, clock, on.zone).moment(day.zone) or moment
    at = _read(line_in(says, "start"))
    if at.clock is None:
        raise NotReadable(_NO_START)
    zone = at.zone or on.zone or day.zone
    moment = Written(at.day or on.day, at.clock, zone).moment(zone)
    return moment or replace(day, zone=zone).at(at.clock)


def _end(says: Mapping[str, object], start: datetime) -> datetime:
    """By the entry's `end`, or else its `duration`, or else `start`."""
    text = line_in(says, "end")
    if text:
        end = _read(text)
        if end.clock is None:
            raise NotReadable(_BAD_TIME, value=text)
        clock = end.clock if end.day else end.clock % _DAY
        moment = Written(end.day or start.date(), clock, end.zone).moment(start.tzinfo or UTC) or start
        return moment + _DAY if end.day is None and moment < start else moment
    text = line_in(says, "duration")
    try:
        return start.astimezone(UTC) + duration(text) if text else start
    except (ValueError, OverflowError) as problem:
        raise NotReadable(_BAD_DURATION, value=text) from problem


def _read(text: str) -> Written:
    try:
        return written(text) if text else Written()
    except ValueError as problem:
        raise NotReadable(_BAD_TIME, value=text) from problem


def duration(text: str) -> timedelta:
    """HH:MM, D:HH:MM, HH:MM:SS, minutes, PT1H30M or 1h30. Raises ValueError.

    Of three parts the first counts days only where it is one digit, not 0, before an hour of the day: “1:02:00” is a
    day and two hours, “01:02:00” and “0:02:00” are not, since nobody who writes days writes none.
    """
    text = text.strip()
    if len(text) > _MAX_TIME or not any(map(str.isdigit, text)):
        raise ValueError(text)
    if match := _IN_PARTS.fullmatch(text):
        first, second, third = int(match[1] or 0), int(match[2]), int(match[3])
        if match[1] is None:
            return timedelta(hours=second, minutes=third)
        if len(match[1]) == 1 and first and second < 24:
            return timedelta(days=first, hours=second, minutes=third)
        return timedelta(hours=first, minutes=second, seconds=third)
    if match := _IN_WORDS.fullmatch(text):
        return timedelta(hours=int(match[1] or 0), minutes=int(match[2] or 0))
    return vDuration.from_ical(text.upper())  # type: ignore[no-untyped-call,no-any-return]
