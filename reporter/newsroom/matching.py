"""Which session of a programme file is which session that we know: decided by what cannot be mistaken, never guessed.

A UID counts only where it is unique, on both sides: one real calendar gives 67 events the same UID.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from datetime import datetime

Key = Callable[["Entry"], Hashable | None]


@dataclass(frozen=True)
class Entry:
    """What identifies a session on either side; `place` is its index in the list that it came from."""

    place: int
    uid: str
    title: str
    starts_at: datetime
    room: str


def match(known: Sequence[Entry], read: Sequence[Entry]) -> dict[int, int]:
    """For each entry of `read` that is one of `known`: its place there. Each known entry is taken once."""
    often = {uid for side in (known, read) for uid, count in Counter(entry.uid for entry in side).items() if count > 1}

    def by_uid(entry: Entry) -> Hashable | None:
        return entry.uid if entry.uid and entry.uid not in often else None

    # From the surest to the least sure; a key of None takes no part. The first may pair repeats, in their order.
    keys: tuple[tuple[Key, bool], ...] = (
        (lambda entry: (entry.uid, entry.title, entry.starts_at, entry.room), True),
        (by_uid, False),
        (lambda entry: (entry.uid, entry.title, entry.starts_at), False),
        (lambda entry: (entry.uid, entry.title) if entry.uid in often else None, False),
        (lambda entry: (entry.uid, entry.starts_at, entry.room) if entry.uid in often and entry.room else None, False),
    )
    found: dict[int, int] = {}
    left_known, left_read = list(known), list(read)
    for key, repeats in keys:
        ours, theirs = _grouped(left_known, key), _grouped(left_read, key)
        for value, mine in ours.items():
            yours = theirs.get(value, [])
            if repeats or len(mine) == len(yours) == 1:
                found.update({b.place: a.place for a, b in zip(mine, yours, strict=False)})
        taken = set(found.values())
        left_known = [entry for entry in left_known if entry.place not in taken]
        left_read = [entry for entry in left_read if entry.place not in found]
    return found


def _grouped(entries: Sequence[Entry], key: Key) -> dict[Hashable, list[Entry]]:
    groups: dict[Hashable, list[Entry]] = defaultdict(list)
    for entry in entries:
        value = key(entry)
        if value is not None:
            groups[value].append(entry)
    return groups
