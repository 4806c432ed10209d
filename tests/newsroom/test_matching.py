"""Which session of a file is which that we know: by what cannot be mistaken, and never by guessing."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from conftest import SCALE
from factories import T0
from hypothesis import given, settings
from hypothesis import strategies as st

from reporter.newsroom.matching import Entry, match


def entries(*told: tuple[str, str, float, str]) -> list[Entry]:
    """Entries from (uid, title, hours after T0, room)."""
    return [
        Entry(place, uid, title, T0 + timedelta(hours=hour), room)
        for place, (uid, title, hour, room) in enumerate(told)
    ]


CASES = {
    "the same": ([("u", "A", 1, "R")], [("u", "A", 1, "R")], {0: 0}),
    "moved": ([("u", "A", 1, "R")], [("u", "A", 5, "S")], {0: 0}),
    "retitled": ([("u", "A", 1, "R")], [("u", "B", 1, "R")], {0: 0}),
    "retitled and moved, one uid": ([("u", "A", 1, "R")], [("u", "B", 5, "S")], {0: 0}),
    "another uid, all else the same": ([("u", "A", 1, "R")], [("v", "A", 1, "R")], {}),
    "no uid, the same title and time": ([("", "A", 1, "R")], [("", "A", 1, "S")], {0: 0}),
    "no uid, moved: nobody can know": ([("", "A", 1, "R")], [("", "A", 2, "R")], {}),
    "one uid for all, in another order": (
        [("u", "A", 1, "R"), ("u", "B", 2, "R")],
        [("u", "B", 2, "R"), ("u", "A", 1, "R")],
        {0: 1, 1: 0},
    ),
    "one uid for all, one moved": (
        [("u", "A", 1, "R"), ("u", "B", 2, "R")],
        [("u", "A", 1, "R"), ("u", "B", 7, "R")],
        {0: 0, 1: 1},
    ),
    "one uid for all, one retitled": (
        [("u", "A", 1, "R"), ("u", "B", 2, "R")],
        [("u", "A", 1, "R"), ("u", "C", 2, "R")],
        {0: 0, 1: 1},
    ),
    "one uid for all, one retitled and moved": (
        [("u", "A", 1, "R"), ("u", "B", 2, "R")],
        [("u", "A", 1, "R"), ("u", "C", 9, "R")],
        {0: 0},
    ),
    "true twins pair in their order": ([("u", "A", 1, "R")] * 2, [("u", "A", 1, "R")] * 2, {0: 0, 1: 1}),
    "a twin that vanished": ([("u", "A", 1, "R")] * 2, [("u", "A", 1, "R")], {0: 0}),
    "repeated title, one moved, two could be meant": (
        [("u", "A", 1, "R"), ("u", "A", 2, "R")],
        [("u", "A", 8, "R"), ("u", "A", 9, "R")],
        {},
    ),
    "a uid that began to repeat": (
        [("u", "A", 1, "R")],
        [("u", "A", 1, "R"), ("u", "B", 2, "R")],
        {0: 0},
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_cases_told_by_hand(name: str) -> None:
    known, read, expected = CASES[name]
    assert match(entries(*known), entries(*read)) == expected


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
    found = match(entries(*known), entries(*read))
    assert len(set(found.values())) == len(found)


@randomised
@given(told, st.randoms())
def test_a_file_matches_itself_in_any_order(known: list[tuple[str, str, int, str]], dice: object) -> None:
    shuffled = list(known)
    dice.shuffle(shuffled)  # type: ignore[attr-defined]
    assert len(match(entries(*known), entries(*shuffled))) == len(known)
