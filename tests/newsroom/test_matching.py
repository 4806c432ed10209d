"""Which session of a file is which that we know: by what cannot be mistaken, and never by guessing."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from conftest import SCALE
from factories import T0
from hypothesis import given, settings
from hypothesis import strategies as st

from reporter.newsroom.matching import Entry, match, suggest


def entries(*told: tuple[str, str, float, str]) -> list[Entry]:
    """Entries from (uid, title, hours after T0, room)."""
    return [
        Entry(place, uid, title, T0 + timedelta(hours=hour), room)
        for place, (uid, title, hour, room) in enumerate(told)
    ]


Told = list[tuple[str, str, float, str]]
# What is known, what a file says, what matches surely, and what is suggested with whether it is likely.
CASES: dict[str, tuple[Told, Told, dict[int, int], list[tuple[int, int, bool]]]] = {
    "the same": ([("u", "A", 1, "R")], [("u", "A", 1, "R")], {0: 0}, []),
    "moved": ([("u", "A", 1, "R")], [("u", "A", 5, "S")], {0: 0}, []),
    "retitled": ([("u", "A", 1, "R")], [("u", "B", 1, "R")], {0: 0}, []),
    "retitled and moved, one uid": ([("u", "A", 1, "R")], [("u", "B", 5, "S")], {0: 0}, []),
    "another uid, all else the same": ([("u", "A", 1, "R")], [("v", "A", 1, "R")], {}, [(0, 0, True)]),
    "another uid, and moved": ([("u", "A", 1, "R")], [("v", "a!", 4, "S")], {}, [(0, 0, True)]),
    "another uid, a title that says the same": (
        [("u", "Opening of the week", 1, "R")],
        [("v", "Opening of the e-Week", 1, "R")],
        {},
        [(0, 0, False)],
    ),
    "another uid, another title at that time and place": (
        [("u", "Opening of the week", 1, "R")],
        [("v", "Spam", 1, "R")],
        {},
        [],
    ),
    "no uid, another room": ([("", "A", 1, "R")], [("", "A", 1, "S")], {}, [(0, 0, True)]),
    "no uid, all the same": ([("", "A", 1, "R")], [("", "A", 1, "R")], {0: 0}, []),
    "no uid, moved": ([("", "A", 1, "R")], [("", "A", 2, "R")], {}, [(0, 0, True)]),
    "one uid for all, in another order": (
        [("u", "A", 1, "R"), ("u", "B", 2, "R")],
        [("u", "B", 2, "R"), ("u", "A", 1, "R")],
        {0: 1, 1: 0},
        [],
    ),
    "one uid for all, one moved": (
        [("u", "A", 1, "R"), ("u", "B", 2, "R")],
        [("u", "A", 1, "R"), ("u", "B", 7, "R")],
        {0: 0},
        [(1, 1, True)],
    ),
    "one uid for all, one retitled and moved": (
        [("u", "A", 1, "R"), ("u", "B", 2, "R")],
        [("u", "A", 1, "R"), ("u", "C", 9, "R")],
        {0: 0},
        [],
    ),
    "true twins pair in their order": ([("u", "A", 1, "R")] * 2, [("u", "A", 1, "R")] * 2, {0: 0, 1: 1}, []),
    "a twin that vanished": ([("u", "A", 1, "R")] * 2, [("u", "A", 1, "R")], {0: 0}, []),
    "repeated title, two could be meant": (
        [("u", "A", 1, "R"), ("u", "A", 2, "R")],
        [("u", "A", 8, "R"), ("u", "A", 9, "R")],
        {},
        [],
    ),
    "a uid that began to repeat": ([("u", "A", 1, "R")], [("u", "A", 1, "R"), ("u", "B", 2, "R")], {0: 0}, []),
}


@pytest.mark.parametrize("name", CASES)
def test_cases_told_by_hand(name: str) -> None:
    known, read, surely, suggested = CASES[name]
    assert match(entries(*known), entries(*read)) == surely
    left = [one for one in entries(*known) if one.place not in surely.values()]
    new = [one for one in entries(*read) if one.place not in surely]
    assert [(one.read, one.known, one.likely) for one in suggest(left, new)] == suggested


told = st.lists(
    st.tuples(st.sampled_from(["", "u", "v"]), st.sampled_from("AB"), st.integers(0, 2), st.sampled_from(["", "R"])),
    max_size=8,
)
randomised = settings(max_examples=max(20, int(200 * SCALE)), deadline=None, derandomize=True)


@randomised
@given(told, told)
def test_each_known_session_is_taken_once(
    known: Sequence[tuple[str, str, int, str]], read: Sequence[tuple[str, str, int, str]]
) -> None:
    ours, theirs = entries(*known), entries(*read)
    found = match(ours, theirs)
    left = [one for one in ours if one.place not in found.values()]
    pairs = [(one.read, one.known) for one in suggest(left, [one for one in theirs if one.place not in found])]
    together = [*found.items(), *pairs]
    assert len({a for a, _ in together}) == len({b for _, b in together}) == len(together)


@randomised
@given(told, st.randoms())
def test_a_file_matches_itself_in_any_order(known: list[tuple[str, str, int, str]], dice: object) -> None:
    shuffled = list(known)
    dice.shuffle(shuffled)  # type: ignore[attr-defined]
    assert len(match(entries(*known), entries(*shuffled))) == len(known)
