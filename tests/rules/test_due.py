"""When a report is due, and what is odd about an assignment."""

from datetime import UTC, datetime, timedelta

import pytest
from conftest import SCALE
from hypothesis import given, settings
from hypothesis import strategies as st

from reporter.rules.due import Busy, clashes, due_at


def at(hour: int, minute: int = 0) -> datetime:
    return datetime(2023, 12, 4, tzinfo=UTC) + timedelta(hours=hour, minutes=minute)


def busy(start: datetime, end: datetime, room: int | None = 1, title: str = "Another") -> Busy:
    return Busy(start, end, room, title)


@pytest.mark.parametrize(
    ("others", "due"),
    [
        ([], at(13)),
        ([busy(at(9), at(10))], at(13)),  # before
        ([busy(at(10), at(11))], at(13)),  # the hour that it was written about itself
        ([busy(at(11, 30), at(12, 30))], at(14)),
        ([busy(at(10, 30), at(11, 30))], at(13, 30)),  # only the half hour after the end counts
        ([busy(at(13), at(14))], at(13)),  # begins when it is due
        ([busy(at(12, 59), at(14))], at(14, 1)),
        ([busy(at(11), at(12)), busy(at(11, 30), at(12, 30)), busy(at(14), at(15))], at(15, 30)),
        ([busy(at(14), at(15)), busy(at(11), at(13))], at(16)),  # in no order
    ],
)
def test_time_in_another_session_does_not_count(others: list[Busy], due: datetime) -> None:
    assert due_at(at(11), 120, busy=others) == due


@settings(max_examples=max(50, int(300 * SCALE)), derandomize=True)
@given(st.lists(st.tuples(st.integers(0, 600), st.integers(0, 200)), max_size=8), st.integers(0, 300))
def test_exactly_the_minutes_outside_count(spans: list[tuple[int, int]], minutes: int) -> None:
    """The same as counting minute by minute."""
    end = at(11)
    others = [
        busy(at(9) + timedelta(minutes=start), at(9) + timedelta(minutes=start + length)) for start, length in spans
    ]
    counted, moment = 0, end
    while counted < minutes:
        if not any(one.starts_at <= moment < one.ends_at for one in others):
            counted += 1
        moment += timedelta(minutes=1)
    due = due_at(end, minutes, busy=others)
    free = [
        moment
        for moment in (end + timedelta(minutes=step) for step in range(int((due - end).total_seconds() // 60)))
        if not any(one.starts_at <= moment < one.ends_at for one in others)
    ]
    assert len(free) == minutes
    assert due >= moment


@pytest.mark.parametrize(
    ("other", "said"),
    [
        (busy(at(10, 30), at(12)), "At the same time: “%(title)s”."),
        (busy(at(10), at(11)), "At the same time: “%(title)s”."),
        (busy(at(11, 5), at(12), room=2), "Less than ten minutes from or to “%(title)s” in another room."),
        (busy(at(9), at(9, 51), room=2), "Less than ten minutes from or to “%(title)s” in another room."),
        (busy(at(11, 5), at(12), room=None), "Less than ten minutes from or to “%(title)s” in another room."),
        (busy(at(11, 5), at(12), room=1), None),
        (busy(at(11, 10), at(12), room=2), None),
        (busy(at(9), at(9, 50), room=2), None),
        (busy(at(8), at(9)), None),
    ],
)
def test_what_is_odd(other: Busy, said: str | None) -> None:
    found = clashes(busy(at(10), at(11)), [other])
    assert found == ([(said, other)] if said else [])
