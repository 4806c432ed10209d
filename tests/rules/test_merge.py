"""Three-way merge: nothing that a side wrote is lost, and nothing comes back that a side took out."""

from collections.abc import Callable, Sequence
from dataclasses import fields, replace

import pytest
from conftest import SCALE
from hypothesis import given, settings
from hypothesis import strategies as st

from reporter.rules.merge import Choice, Clash, MergedText, merge, merge_units, paragraphs, pieces
from reporter.rules.report_text import KeyPoint, Link, ReportText

randomised = settings(max_examples=max(20, int(300 * SCALE)), deadline=None, derandomize=True)

FULL = ReportText(
    headline="Headline",
    lead="Lead.",
    key_points=(KeyPoint("One.", "Switzerland"), KeyPoint("Two."), KeyPoint("Three.")),
    body="First.\n\nSecond.\n\nThird.",
    byline="By a writer",
    links=(Link("Paper", "https://example.org/paper"), Link("Film", "https://example.org/film")),
    policy_issues=frozenset({1, 2, 3}),
    processes=frozenset({1, 2}),
    sdg_targets=frozenset({16}),
    language="en",
)
OTHER = ReportText(
    headline="Another headline",
    lead="Another lead.",
    key_points=(KeyPoint("Two."), KeyPoint("Four.")),
    body="Second.\n\nFourth.",
    byline="By another writer",
    links=(Link("Slides", "https://example.org/slides"),),
    policy_issues=frozenset({3, 4}),
    processes=frozenset({2, 5}),
    sdg_targets=frozenset({17}),
    language="fr",
    first_summary=True,
    checked_by="A checker",
)


@pytest.mark.parametrize(
    ("base", "mine", "theirs", "merged", "clash"),
    [
        ("", "", "", "", False),
        ("ab", "ab", "ab", "ab", False),
        ("abc", "abc", "aXc", "aXc", False),
        ("abc", "aXc", "abc", "aXc", False),
        ("abc", "aXc", "aXc", "aXc", False),
        ("abc", "ac", "abc", "ac", False),
        ("abc", "abc", "ac", "ac", False),
        ("abc", "bc", "ab", "b", False),
        ("abc", "aXbc", "abYc", "aXbYc", False),
        ("abc", "Xabc", "abcY", "XabcY", False),
        ("abc", "aXc", "abcY", "aXcY", False),
        ("abc", "aXc", "aYc", "aXYc", True),
        ("abc", "aXYc", "aYZc", "aXYZc", True),
        ("abc", "aXbc", "aYbc", "aXYbc", True),
        ("", "X", "Y", "XY", True),
        ("", "X", "X", "X", False),
        ("abc", "ac", "aYc", "aYc", True),
        ("abc", "aXc", "ac", "aXc", True),
        ("abc", "", "abc", "", False),
        ("abc", "", "abcY", "Y", False),
        ("ab", "Xb", "aY", "XY", False),
        ("ab", "aX", "Yb", "YX", False),
        ("aa", "aa", "aXa", "aXa", False),
        ("abc", "acb", "abc", "acb", False),
        ("abc", "abc", "cab", "cab", False),
    ],
)
def test_cases_told_by_hand(base: str, mine: str, theirs: str, merged: str, clash: bool) -> None:
    assert merge_units(base, mine, theirs) == (list(merged), clash)


@pytest.mark.parametrize(
    ("base", "mine", "theirs", "merged"),
    [
        # theirs took out a and wrote Y; mine left a alone and changed b
        ("ab", "aX", "Y", "XY"),
        ("abc", "aXc", "Yc", "XYc"),
        # mine took out a; theirs left it alone and changed b
        ("ab", "X", "aY", "XY"),
        ("abc", "Xc", "aYc", "XYc"),
    ],
)
def test_what_one_side_took_out_stays_out_beside_a_clash(base: str, mine: str, theirs: str, merged: str) -> None:
    assert merge_units(base, mine, theirs) == (list(merged), True)


units = st.lists(st.sampled_from("abcde"), max_size=7)
ORIGINAL = [f"base {number}" for number in range(8)]


@st.composite
def edited(draw: st.DrawFn, side: str) -> list[str]:
    """ORIGINAL with some units taken out, and units written between them: some by this side alone, some by both."""
    result: list[str] = []
    for place in range(len(ORIGINAL) + 1):
        if draw(st.integers(0, 3)) == 0:
            result.append(f"{side} {place}")
        if draw(st.integers(0, 7)) == 0:
            result.append(f"both {place}")
        if place < len(ORIGINAL) and draw(st.integers(0, 3)) != 0:
            result.append(ORIGINAL[place])
    return result


def is_in_order(part: Sequence[str], whole: Sequence[str]) -> bool:
    rest = iter(whole)
    return all(unit in rest for unit in part)


@randomised
@given(units, units, units)
def test_no_unit_that_a_side_added_is_missing(base: list[str], mine: list[str], theirs: list[str]) -> None:
    merged, _ = merge_units(base, mine, theirs)
    assert set(mine) | set(theirs) >= set(merged) >= (set(mine) | set(theirs)) - set(base)


@randomised
@given(units, units)
def test_an_unchanged_side_gives_the_other(base: list[str], changed: list[str]) -> None:
    assert merge_units(base, base, changed) == (changed, False)
    assert merge_units(base, changed, base) == (changed, False)


@randomised
@given(units, units)
def test_both_the_same_gives_that(base: list[str], changed: list[str]) -> None:
    assert merge_units(base, changed, changed) == (changed, False)


@randomised
@given(edited("mine"), edited("theirs"))
def test_what_one_side_took_out_and_the_other_left_alone_is_gone(mine: list[str], theirs: list[str]) -> None:
    merged, _ = merge_units(ORIGINAL, mine, theirs)
    assert [unit for unit in merged if unit in ORIGINAL] == [
        unit for unit in ORIGINAL if unit in mine and unit in theirs
    ]


@randomised
@given(edited("mine"), edited("theirs"))
def test_each_side_keeps_the_order_of_what_it_has_left(mine: list[str], theirs: list[str]) -> None:
    merged, _ = merge_units(ORIGINAL, mine, theirs)
    assert is_in_order([unit for unit in mine if unit in merged], merged)
    # What both wrote at a place where they clash stands where mine has it.
    assert is_in_order([unit for unit in theirs if unit in merged and not unit.startswith("both")], merged)


@randomised
@given(edited("mine"), edited("theirs"))
def test_a_merge_is_the_same_every_time(mine: list[str], theirs: list[str]) -> None:
    assert merge_units(ORIGINAL, mine, theirs) == merge_units(tuple(ORIGINAL), tuple(mine), tuple(theirs))


@randomised
@given(edited("mine"), edited("theirs"))
def test_nothing_of_a_side_is_told_as_a_clash_where_the_other_did_nothing(mine: list[str], theirs: list[str]) -> None:
    _, clash = merge_units(ORIGINAL, mine, theirs)
    assert not clash or (ORIGINAL not in (mine, theirs) and mine != theirs)


# --- whole texts


def test_every_part_of_a_text_is_merged() -> None:
    """A part that somebody adds to ReportText and forgets in merge() would keep one side's words for ever."""
    assert all(getattr(FULL, field.name) != getattr(OTHER, field.name) for field in fields(ReportText))
    assert merge(FULL, FULL, OTHER) == MergedText(OTHER, ())
    assert merge(FULL, OTHER, FULL) == MergedText(OTHER, ())
    assert merge(FULL, OTHER, OTHER) == MergedText(OTHER, ())
    assert merge(FULL, FULL, FULL) == MergedText(FULL, ())


@pytest.mark.parametrize("part", ["headline", "lead", "byline", "language", "checked_by"])
def test_in_a_clash_of_a_single_line_theirs_stands_and_is_named(part: str) -> None:
    mine, theirs = replace(FULL, **{part: "mine"}), replace(FULL, **{part: "theirs"})  # type: ignore[arg-type]
    assert merge(FULL, mine, theirs) == MergedText(theirs, (part,))
    assert merge(FULL, theirs, mine) == MergedText(mine, (part,))
    assert merge(FULL, mine, mine) == MergedText(mine, ())
    assert merge(FULL, mine, FULL) == MergedText(mine, ())
    assert merge(FULL, FULL, theirs) == MergedText(theirs, ())


@pytest.mark.parametrize(
    ("part", "mine", "theirs", "merged"),
    [
        (
            "key_points",
            (KeyPoint("One."), KeyPoint("Mine.")),
            (KeyPoint("One."), KeyPoint("Mine.", "Norway")),
            (KeyPoint("One."), KeyPoint("Mine."), KeyPoint("Mine.", "Norway")),
        ),
        ("body", "First.\n\nMine.\n\nThird.", "First.\n\nTheirs.\n\nThird.", "First.\n\nMine.\n\nTheirs.\n\nThird."),
        (
            "links",
            (Link("Mine", "https://example.org/1"),),
            (Link("Theirs", "https://example.org/1"),),
            (Link("Mine", "https://example.org/1"), Link("Theirs", "https://example.org/1")),
        ),
    ],
)
def test_in_a_clash_of_units_both_stand_mine_first(part: str, mine: object, theirs: object, merged: object) -> None:
    found = merge(FULL, replace(FULL, **{part: mine}), replace(FULL, **{part: theirs}))  # type: ignore[arg-type]
    assert found == MergedText(replace(FULL, **{part: merged}), (part,))  # type: ignore[arg-type]


def test_every_clash_is_named_once_in_the_order_of_the_parts() -> None:
    parts = {
        "headline": "mine",
        "lead": "mine",
        "byline": "mine",
        "language": "de",
        "checked_by": "mine",
        "key_points": (KeyPoint("Mine."),),
        "links": (),
        "body": "Mine.",
    }
    mine = replace(FULL, **parts)  # type: ignore[arg-type]
    assert merge(FULL, mine, replace(OTHER, links=(Link("x", "y"),))).clashes == tuple(parts)


@pytest.mark.parametrize(
    ("base", "mine", "theirs", "merged"),
    [
        ({1, 2}, {1, 2}, {1, 2}, {1, 2}),
        ({1, 2}, {1, 2, 3}, {1, 2, 4}, {1, 2, 3, 4}),
        ({1, 2}, {1}, {1, 2}, {1}),
        ({1, 2}, {1, 2}, {2}, {2}),
        ({1, 2}, {1}, {2}, set()),
        ({1, 2}, {3}, {1, 2, 3}, {3}),
        (set(), {1}, {2}, {1, 2}),
    ],
)
def test_policy_issues_are_merged_as_a_set(base: set[int], mine: set[int], theirs: set[int], merged: set[int]) -> None:
    def with_issues(chosen: set[int]) -> ReportText:
        return replace(FULL, policy_issues=frozenset(chosen))

    assert merge(with_issues(base), with_issues(mine), with_issues(theirs)) == MergedText(with_issues(merged), ())


@pytest.mark.parametrize("text", ["", "\n", "One.", "One.\nstill one", "One.\n\nTwo.", "  indented\n\n- list\n- list"])
def test_paragraphs_put_together_again_are_the_text(text: str) -> None:
    assert "\n\n".join(paragraphs(text)) == text.strip("\n")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("One.\n\n\n\nTwo.", ("One.", "Two.")),
        ("One.\n \t\nTwo.", ("One.", "Two.")),
        ("\n\nOne.\n\n", ("One.",)),
        ("One.\n\n   \n\nTwo.", ("One.", "Two.")),
        (" \n\n ", ()),
    ],
)
def test_blank_lines_divide_paragraphs_and_are_none(text: str, found: tuple[str, ...]) -> None:
    assert paragraphs(text) == found


FENCED = "Before.\n\n```\nfirst line\n\n\nsecond line\n```"


@pytest.mark.parametrize("merged", [lambda: merge(FULL, FULL, replace(FULL, body=FENCED)),
                                    lambda: merge(FULL, replace(FULL, body=FENCED), FULL),
                                    lambda: merge(FULL, *[replace(FULL, body=FENCED)] * 2)])  # fmt: skip
def test_a_body_that_one_side_alone_changed_stays_to_the_letter(merged: Callable[[], MergedText]) -> None:
    """Blank lines mean something inside a block of code, and a text that did not change must not look changed."""
    assert merged() == MergedText(replace(FULL, body=FENCED), ())


# --- somebody chooses


def texts(base: str, mine: str, theirs: str) -> tuple[ReportText, ReportText, ReportText]:
    """Bodies of one-letter paragraphs."""
    return tuple(ReportText(body="\n\n".join(letters)) for letters in (base, mine, theirs))  # type: ignore[return-value]


@pytest.mark.parametrize(
    ("base", "mine", "theirs", "places", "chosen_mine", "chosen_theirs", "chosen_both"),
    [
        ("abc", "aXc", "aYc", [("X", "Y")], "aXc", "aYc", "aXYc"),
        ("abc", "aXbc", "aYbc", [("X", "Y")], "aXbc", "aYbc", "aXYbc"),
        # One took it out, the other changed it: nothing stands against something.
        ("abc", "ac", "aYc", [("", "Y")], "ac", "aYc", "aYc"),
        ("abc", "aXc", "ac", [("X", "")], "aXc", "ac", "aXc"),
        # What changed elsewhere comes in whatever is chosen.
        ("abcd", "aXcd", "aYcZ", [("X", "Y")], "aXcZ", "aYcZ", "aXYcZ"),
        ("abcd", "WXcd", "aYcd", [("X", "Y")], "WXcd", "WYcd", "WXYcd"),
        # Two places, each for itself.
        ("abcde", "aXcVe", "aYcWe", [("X", "Y"), ("V", "W")], "aXcVe", "aYcWe", "aXYcVWe"),
        # Two texts that have nothing in common.
        ("", "XY", "VW", [("XY", "VW")], "XY", "VW", "XYVW"),
        ("ab", "X", "YZ", [("X", "YZ")], "X", "YZ", "XYZ"),
        # What both wrote stands once.
        ("abc", "aXYc", "aYZc", [("XY", "YZ")], "aXYc", "aYZc", "aXYZc"),
        # What one side took out beside a clash: it comes back with that other side alone.
        ("ab", "aX", "Y", [("aX", "Y")], "aX", "Y", "XY"),
    ],
)
def test_what_is_chosen_stands_and_nothing_else_of_that_place(
    base: str,
    mine: str,
    theirs: str,
    places: list[tuple[str, str]],
    chosen_mine: str,
    chosen_theirs: str,
    chosen_both: str,
) -> None:
    three = texts(base, mine, theirs)
    whole = {Choice.MINE: chosen_mine, Choice.THEIRS: chosen_theirs, Choice.BOTH: chosen_both}
    for choice, letters in whole.items():
        found = merge(*three, choose=lambda _clash, choice=choice: choice)  # type: ignore[misc]
        assert found.text.body == "\n\n".join(letters)
        assert list(found.places) == [
            Clash("body", place, "\n\n".join(side[0]), "\n\n".join(side[1])) for place, side in enumerate(places)
        ]


def test_each_place_is_chosen_for_itself() -> None:
    three = texts("abcde", "aXcVe", "aYcWe")
    sides = [Choice.THEIRS, Choice.BOTH]
    assert merge(*three, choose=lambda clash: sides[clash.place]).text.body == "\n\n".join("aYcVWe")


@pytest.mark.parametrize(
    ("choice", "headline"), [(Choice.MINE, "Mine"), (Choice.THEIRS, "Theirs"), (Choice.BOTH, "Mine")]
)
def test_of_two_headlines_one_stands(choice: Choice, headline: str) -> None:
    found = merge(FULL, replace(FULL, headline="Mine"), replace(FULL, headline="Theirs"), choose=lambda _clash: choice)
    assert found.text == replace(FULL, headline=headline)
    assert found.places == (Clash("headline", 0, "Mine", "Theirs"),)


def test_a_point_and_a_link_are_shown_in_a_clash_as_lists_show_them() -> None:
    mine = replace(FULL, key_points=(KeyPoint("Mine.", "Norway", "Chair"),), links=(Link("Mine", "https://x.org/"),))
    theirs = replace(FULL, key_points=(KeyPoint("Theirs."),), links=())
    assert merge(FULL, mine, theirs).places == (
        Clash("key_points", 0, "Norway (Chair): Mine.", "Theirs."),
        Clash("links", 0, "Mine https://x.org/", ""),
    )


@randomised
@given(edited("mine"), edited("theirs"))
def test_every_paragraph_of_both_is_in_the_merged_text_or_shown_in_a_clash(mine: list[str], theirs: list[str]) -> None:
    """Except what one side took out and the other left as it was: that is gone, and belongs to nobody's typing."""
    three = [ReportText(body="\n\n".join(side)) for side in (ORIGINAL, mine, theirs)]
    taken_out = {unit for unit in ORIGINAL if (unit in mine) != (unit in theirs)}
    for choice in Choice:
        found = merge(three[0], three[1], three[2], choose=lambda _clash, choice=choice: choice)  # type: ignore[misc]
        merged = set(paragraphs(found.text.body))
        shown = {unit for clash in found.places for side in (clash.mine, clash.theirs) for unit in paragraphs(side)}
        assert (set(mine) | set(theirs)) - taken_out <= merged | shown
        if choice is Choice.BOTH:
            assert (set(mine) | set(theirs)) - taken_out <= merged
        assert merged <= set(mine) | set(theirs), "nothing comes from nowhere"


@randomised
@given(units, units, units)
def test_whatever_is_chosen_a_side_chosen_everywhere_has_all_its_own_words(
    base: list[str], mine: list[str], theirs: list[str]
) -> None:
    for choice, side in ((Choice.MINE, mine), (Choice.THEIRS, theirs)):
        found = merge(*texts("".join(base), "".join(mine), "".join(theirs)), choose=lambda _clash, c=choice: c)  # type: ignore[misc]
        assert set(side) - set(base) <= set(paragraphs(found.text.body))


@randomised
@given(units, units, units)
def test_the_pieces_of_a_merge_are_each_side_where_there_is_a_clash(
    base: list[str], mine: list[str], theirs: list[str]
) -> None:
    for piece in pieces(base, mine, theirs):
        if piece.clash:
            assert piece.mine != piece.theirs
            assert set(piece.units) <= set(piece.mine) | set(piece.theirs)
            assert is_in_order(piece.mine, mine)
            assert is_in_order(piece.theirs, theirs)
        else:
            assert (piece.mine, piece.theirs) == ((), ())
