"""Times: aware UTC inside, the event's own clocks where a person reads them."""

from datetime import UTC, date, datetime, timedelta

import pytest

from reporter.rules import clock
from reporter.rules.errors import Refused


def test_now_is_aware_and_utc() -> None:
    before, now, after = datetime.now(UTC), clock.now(), datetime.now(UTC)
    assert now.tzinfo is UTC
    assert before <= now <= after


@pytest.mark.parametrize("name", ["Europe/Zurich", "Africa/Nairobi", "Asia/Kathmandu", "UTC", "Pacific/Kiritimati"])
def test_time_zones_by_their_names(name: str) -> None:
    assert clock.zone(name).key == name


@pytest.mark.parametrize(
    "name",
    [
        "",
        "Europe/Geneva",
        "Zurich",
        "europe",
        "Europe",
        "Europe/",
        "/etc/localtime",
        "../../etc/passwd",
        "./UTC",
        ".",
        "Europe/../Europe/Zurich",
        "Europe/Zurich ",
        "+01:00",
        "x\x00y",
        "\ud800",
        "x" * 5_000,
        "tzdata.zi",
        "zone.tab",
    ],
)
def test_anything_else_is_refused_in_one_sentence(name: str) -> None:
    with pytest.raises(Refused) as refusal:
        clock.zone(name)
    assert str(refusal.value) == (
        f"There is no time zone “{name}”. Use a name such as Europe/Zurich or Africa/Nairobi."
    )


@pytest.mark.parametrize(
    ("moment", "time_zone", "shown", "day"),
    [
        (datetime(2023, 12, 4, 9, 0, tzinfo=UTC), "Europe/Zurich", "2023-12-04T10:00:00+01:00", date(2023, 12, 4)),
        (datetime(2023, 7, 4, 9, 0, tzinfo=UTC), "Europe/Zurich", "2023-07-04T11:00:00+02:00", date(2023, 7, 4)),
        (datetime(2023, 12, 4, 23, 0, tzinfo=UTC), "Europe/Zurich", "2023-12-05T00:00:00+01:00", date(2023, 12, 5)),
        (
            datetime(2023, 12, 4, 22, 59, 59, tzinfo=UTC),
            "Europe/Zurich",
            "2023-12-04T23:59:59+01:00",
            date(2023, 12, 4),
        ),
        (
            datetime(2023, 12, 4, 10, 0, tzinfo=UTC),
            "Pacific/Kiritimati",
            "2023-12-05T00:00:00+14:00",
            date(2023, 12, 5),
        ),
        (datetime(2023, 12, 4, 4, 0, tzinfo=UTC), "America/New_York", "2023-12-03T23:00:00-05:00", date(2023, 12, 3)),
        (datetime(2023, 12, 4, 0, 0, tzinfo=UTC), "Asia/Kathmandu", "2023-12-04T05:45:00+05:45", date(2023, 12, 4)),
        # The hour that the clocks show twice
        (datetime(2023, 10, 29, 0, 30, tzinfo=UTC), "Europe/Zurich", "2023-10-29T02:30:00+02:00", date(2023, 10, 29)),
        (datetime(2023, 10, 29, 1, 30, tzinfo=UTC), "Europe/Zurich", "2023-10-29T02:30:00+01:00", date(2023, 10, 29)),
    ],
)
def test_what_the_clocks_at_an_event_show(moment: datetime, time_zone: str, shown: str, day: date) -> None:
    assert clock.local(moment, time_zone).isoformat() == shown
    # Compared in UTC: Python calls times of two zones unequal within the hour that is shown twice.
    assert clock.local(moment, time_zone).astimezone(UTC) == moment
    assert clock.local(moment, time_zone).utcoffset() != timedelta(0)
    assert clock.local_day(moment, time_zone) == day


def test_a_moment_may_come_in_any_zone() -> None:
    moment = datetime(2023, 12, 4, 23, 30, tzinfo=clock.zone("America/New_York"))
    assert clock.local(moment, "Asia/Tokyo").isoformat() == "2023-12-05T13:30:00+09:00"
    assert clock.local_day(moment, "Asia/Tokyo") == date(2023, 12, 5)


def test_local_times_refuse_an_unknown_zone() -> None:
    with pytest.raises(Refused):
        clock.local_day(datetime(2023, 12, 4, tzinfo=UTC), "Europe/Geneva")
