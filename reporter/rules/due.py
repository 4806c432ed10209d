"""When a report is due, and what an editor should know before somebody is assigned: pure over times."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from reporter.rules.errors import N_

WALK = timedelta(minutes=10)  # between two rooms


@dataclass(frozen=True)
class Busy:
    """A session that somebody covers: from when to when (aware), where (a room's id), and what it is called."""

    starts_at: datetime
    ends_at: datetime
    room_id: int | None = None
    title: str = ""


def due_at(ends_at: datetime, minutes: int, *, busy: Iterable[Busy] = ()) -> datetime:
    """`minutes` after `ends_at`; time inside another session that the same person covers (`busy`) does not count."""
    left, moment = timedelta(minutes=minutes), ends_at
    for one in sorted(busy, key=lambda other: other.starts_at):
        if one.ends_at <= moment:
            continue
        if one.starts_at - moment >= left:
            break
        left -= max(one.starts_at - moment, timedelta(0))
        moment = one.ends_at
    return moment + left


def clashes(session: Busy, others: Sequence[Busy]) -> list[tuple[str, Busy]]:
    """What is odd about covering `session` beside `others`: (a message id with %(title)s, the other); no refusal."""
    found = []
    for one in others:
        apart = max(one.starts_at - session.ends_at, session.starts_at - one.ends_at)
        elsewhere = session.room_id is None or one.room_id is None or session.room_id != one.room_id
        if one.starts_at < session.ends_at and session.starts_at < one.ends_at:
            found.append((N_("At the same time: “%(title)s”."), one))
        elif elsewhere and apart < WALK:
            found.append((N_("Less than ten minutes from or to “%(title)s” in another room."), one))
    return found
