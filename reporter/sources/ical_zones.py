"""The time zones of a calendar file: by their names, or as the file defines them."""

import calendar
import re
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from icalendar.prop import vUTCOffset
from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from reporter.rules.errors import N_
from reporter.sources.draft import Unreadable
from reporter.sources.ical_file import Entry
from reporter.sources.words import one_line_of

_MOMENT = re.compile(
    r"(\d{4})-?(\d\d)-?(\d\d)(?:[T ](\d\d):?(\d\d):?(\d\d)?(?:\.\d+)?\s*(Z|[+-]\d\d:?\d\d)?)?", re.IGNORECASE
)
_ONSET = re.compile(r"([+-]?\d)?(MO|TU|WE|TH|FR|SA|SU)")
DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_UNKNOWN_ZONE = N_("The time zone “%(name)s” is unknown; times in it were read in the event's own zone. Check them.")


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

    def __init__(self, parts: list[Entry]) -> None:
        """Raises ValueError for what is not defined in this way."""
        fixed: list[tuple[datetime, timedelta]] = []
        self.rules: list[_Onset] = []
        self.years: dict[int, list[tuple[datetime, timedelta]]] = {}
        for part in parts:
            offset = vUTCOffset.from_ical(part.text("TZOFFSETTO").strip())  # type: ignore[no-untyped-call]
            start = wall_time(part.text("DTSTART"))[0]
            dates = [text for one in part.all("RDATE") for text in one.value.split(",") if text.strip()]
            fixed += ((wall_time(text)[0], offset) for text in dates)
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
    parts = rule_parts(rule)
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
    until = wall_time(parts["UNTIL"])[0] if "UNTIL" in parts else None
    return _Onset(offset, start, int(parts["BYMONTH"]), int(day[1]), DAYS.index(day[2]), until)


class Zones:
    """The time zones by the names that a file gives them; what nobody knows is `notes`, once for each name."""

    def __init__(self, own: ZoneInfo, definitions: Iterable[list[Entry]]) -> None:
        self.own = own
        self.definitions: dict[tuple[int, str], list[Entry]] = {}
        self.found: dict[tuple[int, str], tzinfo | None] = {}
        self.notes: dict[str, Unreadable] = {}
        for parts in definitions:
            name = parts[0].text("TZID").strip()
            if name:
                self.definitions.setdefault((parts[0].calendar, name), parts)

    def named(self, name: str, entry: Entry) -> tzinfo:
        """The zone called `name` in the calendar of `entry`; the event's own where there is none."""
        key = (entry.calendar, name)
        if key not in self.found:
            self.found[key] = _known_zone(name) or self.defined(key) or _known_zone(name, guess=True)
        zone = self.found[key]
        if zone is None and name not in self.notes:
            self.notes[name] = Unreadable(entry.line, "", _UNKNOWN_ZONE, (("name", one_line_of(name, 80)),))
        return zone or self.own

    def defined(self, key: tuple[int, str]) -> tzinfo | None:
        """The zone as the calendar defines it; None where it does not, or in a way that is not followed."""
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


def wall_time(text: str) -> tuple[datetime, bool, str]:
    """Date and time without their zone, whether it is a date only, and the zone that follows ("", Z, +01:00)."""
    match = _MOMENT.fullmatch(text.strip())
    if match is None:
        raise ValueError(text)
    year, month, day, hour, minute, second = (int(number or 0) for number in match.groups()[:6])
    # A leap second has no place in Python's calendar.
    return datetime(year, month, day, hour, minute, min(second, 59)), match[4] is None, (match[7] or "").upper()  # noqa: DTZ001 - its zone is found by the caller


def rule_parts(text: str) -> dict[str, str]:
    """FREQ=DAILY;COUNT=3 as a dictionary in capitals."""
    pairs = (part.split("=", 1) for part in text.upper().split(";") if "=" in part)
    return {name.strip(): content.strip() for name, content in pairs}
