"""Which session of a programme file is which session that we know: decided by what cannot be mistaken, never guessed.

A UID counts only where it is unique, on both sides: one real calendar gives 67 events the same UID. What else fits is
suggested, and an editor decides.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher

from reporter.rules.errors import N_

SIMILAR = 0.5  # of two titles at the same time in the same room: the share that they have in common

Key = Callable[["Entry"], Hashable | None]


@dataclass(frozen=True)
class Entry:
    """What identifies a session on either side; `place` is its index in the list that it came from."""

    place: int
    uid: str
    title: str
    starts_at: datetime
    room: str


@dataclass(frozen=True)
class Suggestion:
    """Two places that may be one session: `read` in the file, `known` among ours; `why` is a message id.

    `likely` where title and time are the same, or the title is and stands nowhere else.
    """

    read: int
    known: int
    why: str
    likely: bool


def match(known: Sequence[Entry], read: Sequence[Entry]) -> dict[int, int]:
    """For each entry of `read` that is surely one of `known`: its place there. Each known entry is taken once."""
    often = {uid for side in (known, read) for uid, count in Counter(entry.uid for entry in side).items() if count > 1}

    def by_uid(entry: Entry) -> Hashable | None:
        return entry.uid if entry.uid and entry.uid not in often else None

    found: dict[int, int] = {}
    # All the same: true twins are paired in their order, because nobody could tell them apart.
    for mine, yours in _pairs(known, read, lambda entry: (entry.uid, entry.title, entry.starts_at, entry.room)):
        found.update({b.place: a.place for a, b in zip(mine, yours, strict=False)})
    for mine, yours in _pairs(*_left(known, read, found), by_uid):
        if len(mine) == len(yours) == 1:
            found[yours[0].place] = mine[0].place
    return found


def suggest(known: Sequence[Entry], read: Sequence[Entry]) -> list[Suggestion]:
    """Pairs of what `match` left over that fit so well that somebody should decide; in the order of the file.

    A pair is suggested only where neither side fits another one as well. Repeated titles suggest nothing by themselves.
    """
    made: dict[int, Suggestion] = {}
    taken: dict[int, int] = {}
    ways: tuple[tuple[Key, str, bool], ...] = (
        (lambda entry: (_folded(entry.title), entry.starts_at), N_("The title and the beginning are the same."), True),
        (lambda entry: _folded(entry.title), N_("The title is the same, the beginning is not."), True),
        (
            lambda entry: (entry.starts_at, entry.room) if entry.room else None,
            N_("The beginning and the room are the same, the title is similar."),
            False,
        ),
    )
    for key, why, same_title in ways:
        for mine, yours in _pairs(*_left(known, read, taken), key):
            if len(mine) != 1 or len(yours) != 1:
                continue
            a, b = mine[0], yours[0]
            if same_title or SequenceMatcher(None, _folded(a.title), _folded(b.title)).ratio() >= SIMILAR:
                made[b.place], taken[b.place] = Suggestion(b.place, a.place, why, same_title), a.place
    return [made[place] for place in sorted(made)]


def _folded(title: str) -> str:
    return " ".join("".join(letter if letter.isalnum() else " " for letter in title.casefold()).split())


def _left(known: Sequence[Entry], read: Sequence[Entry], found: dict[int, int]) -> tuple[list[Entry], list[Entry]]:
    taken = set(found.values())
    return [one for one in known if one.place not in taken], [one for one in read if one.place not in found]


def _pairs(known: Sequence[Entry], read: Sequence[Entry], key: Key) -> list[tuple[list[Entry], list[Entry]]]:
    """The entries of both sides that have the same key; a key of None takes no part."""
    ours: dict[Hashable, list[Entry]] = defaultdict(list)
    theirs: dict[Hashable, list[Entry]] = defaultdict(list)
    for entries, groups in ((known, ours), (read, theirs)):
        for entry in entries:
            value = key(entry)
            if value is not None:
                groups[value].append(entry)
    return [(ours[value], theirs[value]) for value in ours if value in theirs]
