"""When the entries of a calendar file take place: their starts, ends and repetitions."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, tzinfo
from itertools import islice

from icalendar.prop import vDuration

from reporter.rules.errors import N_
from reporter.sources.draft import MAX_NAME
from reporter.sources.ical_file import MAX_VALUES, Entry, NotReadable, Property
from reporter.sources.ical_zones import DAYS, Zones, rule_parts, wall_time

MAX_REPEAT_DAYS = 366  # how far from its first date a repetition is followed
YEARS = range(1900, 2200)  # other years are mistakes, and some break the arithmetic of time zones
_BAD_TIME = N_("“%(value)s” cannot be read as a date and time. Correct this entry, or add the session by hand.")
_BAD_DURATION = N_("“%(value)s” cannot be read as a duration. Correct this entry, or add the session by hand.")


@dataclass(frozen=True)
class When:
    """A date and time on the clocks of `zone`; `whole_day` where the file has a date only."""

    wall: datetime
    zone: tzinfo
    whole_day: bool = False

    def utc(self) -> datetime:
        """The moment, aware, in UTC."""
        return self.wall.replace(tzinfo=self.zone).astimezone(UTC)

    def later(self, delta: timedelta) -> "When":
        """The same hour on the clocks, `delta` later; raises OverflowError beyond the calendar."""
        return replace(self, wall=self.wall + delta)


def moment(one: Property, entry: Entry, zones: Zones, *, value: str | None = None) -> When:
    """The moment that a property names; raises NotReadable."""
    text = one.value if value is None else value
    try:
        wall, whole_day, suffix = wall_time(text)
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
        when = When(wall, zone, whole_day)
        if when.utc().year not in YEARS:  # the first hours of 1900 in Zurich are the year before in UTC
            raise ValueError(text)
        return when
    except (ValueError, OverflowError) as problem:
        raise NotReadable(_BAD_TIME, value=text) from problem


def end_of(start: When, entry: Entry, zones: Zones) -> datetime:
    """When the entry ends, UTC: its DTEND, else its DURATION, else the end of its day or its own start."""
    day = timedelta(days=1)
    end, lasts = entry.first("DTEND"), entry.first("DURATION")
    if end:
        until = moment(end, entry, zones)
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
            raise NotReadable(_BAD_DURATION, value=text) from problem
    return (start.later(day) if start.whole_day else start).utc()


def moved_dates(entries: list[Entry], zones: Zones) -> set[tuple[str, datetime]]:
    """The single dates of repetitions that have an entry of their own: UID, and the start that it had."""
    moved = set()
    for entry in entries:
        one = entry.first("RECURRENCE-ID")
        if one:
            try:
                moved.add((entry.uid, moment(one, entry, zones).utc()))
            except NotReadable:
                continue  # it stays an entry like others
    return moved


def starts_of(entry: Entry, start: When, zones: Zones) -> list[datetime] | None:
    """Every start of the entry, UTC, in order; None where its repetitions are not simple or have no end in a year."""
    rules = [one.value for one in entry.all("RRULE") if one.value.strip()]
    if len(rules) > 1:
        return None
    try:
        starts = _followed(rule_parts(rules[0]), start) if rules else [start]
        starts += _dates("RDATE", entry, zones)
        left_out = _dates("EXDATE", entry, zones)
        days = {when.wall.date() for when in left_out if when.whole_day}
        moments = {when.utc() for when in left_out if not when.whole_day}
        return sorted({when.utc() for when in starts if when.wall.date() not in days} - moments)
    except (NotReadable, ValueError, KeyError, OverflowError):
        return None


def _dates(name: str, entry: Entry, zones: Zones) -> list[When]:
    """The dates that all properties called `name` list. Raises ValueError for too many, NotReadable."""
    dates = [(one, text) for one in entry.all(name) for text in one.value.split(",") if text.strip()]
    if len(dates) > MAX_REPEAT_DAYS or len(entry.all(name)) == MAX_VALUES:
        raise ValueError(name)
    return [moment(one, entry, zones, value=text) for one, text in dates]


def _followed(rule: dict[str, str], start: When) -> list[When]:
    """The starts of a daily or weekly rule that ends within MAX_REPEAT_DAYS. Raises ValueError for any other."""
    interval, count = int(rule.get("INTERVAL", "1")), int(rule.get("COUNT", "0"))
    days = {DAYS.index(day.strip()) for day in rule["BYDAY"].split(",")} if "BYDAY" in rule else set()
    until = wall_time(rule["UNTIL"]) if "UNTIL" in rule else None
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
        begins = (weekday - DAYS.index(rule.get("WKST", "MO"))) % 7  # how far into its week the first date is
        weeks = range(-begins, MAX_REPEAT_DAYS + 1, 7 * interval)
        every = (day for week in weeks for day in range(max(0, week), week + 7))
        days = days or {weekday}
    return (day for day in every if day == 0 or not days or (weekday + day) % 7 in days)


def _beyond(when: When, until: tuple[datetime, bool, str]) -> bool:
    wall, whole_day, suffix = until
    if whole_day:
        return when.wall.date() > wall.date()
    return when.utc() > wall.replace(tzinfo=UTC) if suffix else when.wall > wall
