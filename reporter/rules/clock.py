"""Times: aware UTC everywhere inside, the event's own time only where a person reads it."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from reporter.rules.errors import N_, Refused


def now() -> datetime:
    """The present moment, aware, UTC, to the microsecond."""
    return datetime.now(UTC)


def zone(name: str) -> ZoneInfo:
    """The time zone called `name` (IANA, such as Europe/Zurich). Raises Refused where there is none."""
    try:
        if not name or name.startswith(("/", ".")):
            raise ValueError(name)
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise Refused(
            N_("There is no time zone “%(name)s”. Use a name such as Europe/Zurich or Africa/Nairobi."), name=name
        ) from error


def local(moment: datetime, time_zone: str) -> datetime:
    """The aware `moment` as the clocks at an event in `time_zone` show it."""
    return moment.astimezone(zone(time_zone))


def from_local(typed: datetime, time_zone: str) -> datetime:
    """The aware moment at which the clocks at an event show the naive `typed` (the earlier of two)."""
    return typed.replace(tzinfo=zone(time_zone)).astimezone(UTC)


def local_day(moment: datetime, time_zone: str) -> date:
    """The calendar day of the aware `moment` in `time_zone`."""
    return local(moment, time_zone).date()


def end_of_day(moment: datetime, time_zone: str) -> datetime:
    """The aware moment at which the day of `moment` ends in `time_zone`: the first one of the next day."""
    return event_end(local_day(moment, time_zone), time_zone)


def event_end(ends_on: date, time_zone: str) -> datetime:
    """The aware moment at which the last day of an event in `time_zone` is over."""
    after = ends_on + timedelta(days=1)
    return from_local(datetime(after.year, after.month, after.day), time_zone)  # noqa: DTZ001 - on its clocks
