"""The words of a report as they are kept: one form of every letter, one kind of line end, nothing invisible."""

import unicodedata
from dataclasses import fields, replace

import pytest
from conftest import SCALE
from hypothesis import example, given, settings
from hypothesis import strategies as st

from reporter.rules.errors import TextRefused
from reporter.rules.report_text import (
    MAX_ADDRESS,
    MAX_BODY,
    MAX_BYLINE,
    MAX_HEADLINE,
    MAX_KEY_POINT,
    MAX_KEY_POINTS,
    MAX_LEAD,
    MAX_LINKS,
    MAX_NAME,
    KeyPoint,
    Link,
    ReportText,
    clean,
    one_line,
)

randomised = settings(max_examples=max(20, int(300 * SCALE)), deadline=None, derandomize=True)
# Hypothesis' own text() leaves lone surrogates out; a form field of a broken client may hold them.
any_text = st.text(st.characters(exclude_categories=()), max_size=40) | st.text(
    st.sampled_from("a \t\n\r\x00\x0b\x0c\x1b\x7f\x85\u00a0\u0301\u2028\u2029\ud800\udfff\ufdd0\ufffe\U0001ffff"),
    max_size=12,
)
any_report = st.builds(
    ReportText,
    headline=any_text,
    lead=any_text,
    key_points=st.lists(st.builds(KeyPoint, text=any_text, actor=any_text, capacity=any_text), max_size=4).map(tuple),
    body=any_text,
    byline=any_text,
    links=st.lists(st.builds(Link, title=any_text, url=any_text), max_size=2).map(tuple),
    checked_by=any_text,
)


@pytest.mark.parametrize(
    ("given_text", "cleaned"),
    [
        ("plain", "plain"),
        ("a\r\nb\rc\nd", "a\nb\nc\nd"),
        ("a\r\n\r\nb", "a\n\nb"),
        ("a\r\rb", "a\n\nb"),
        ("soft\x0bbreak\x0cpage", "soft\nbreak\npage"),
        ("next\x85line\u2028line\u2029paragraph", "next\nline\nline\nparagraph"),
        ("tab\tstays", "tab\tstays"),
        ("bell\x07null\x00escape\x1b[0mdelete\x7fc1\x9f", "bellnullescape[0mdeletec1"),
        ("Gene\u0300ve", "Gen\u00e8ve"),
        ("e\x00\u0301", "\u00e9"),
        ("\u212b", "\u00c5"),
        ("\uf900", "\u8c48"),
        ("lone \ud800 and \udfff", "lone  and "),
        ("pair \U0001f30d", "pair \U0001f30d"),
        ("none \ufffe\uffff\U0001fffe\U0010ffff\ufdd0\ufdef", "none "),
        ("\ufdcf\ufdf0\ufffd", "\ufdcf\ufdf0\ufffd"),
        ("\u0639\u0631\u0628\u064a \u200f\u4e2d\u6587", "\u0639\u0631\u0628\u064a \u200f\u4e2d\u6587"),
        ("\U0001f469\u200d\U0001f4bb", "\U0001f469\u200d\U0001f4bb"),
    ],
)
def test_clean(given_text: str, cleaned: str) -> None:
    assert clean(given_text) == cleaned


@pytest.mark.parametrize(
    ("given_text", "line"),
    [
        ("  a   b\t\tc  ", "a b c"),
        ("a\nb\r\nc", "a b c"),
        ("a\x0bb\u2028c", "a b c"),
        ("a\u00a0\u2003b", "a b"),
        ("\n\t \x00", ""),
    ],
)
def test_one_line(given_text: str, line: str) -> None:
    assert one_line(given_text) == line


def test_each_part_is_cleaned_in_its_own_way() -> None:
    text = ReportText(
        headline=" A\nheadline\x00 ",
        lead="A\r\nlead",
        key_points=(
            KeyPoint(" one\ntwo ", "\x00Chad "),
            KeyPoint(""),
            KeyPoint(" \x00\n"),
            KeyPoint("three", "", "as\nchair"),
        ),
        body="\n\r\n  First,\x00\r\nsame paragraph.\r\n\r\nSecond.  \n\n",
        byline="\tBy\x0bher ",
        policy_issues=frozenset({1}),
        language="fr",
    )
    assert text.cleaned() == ReportText(
        headline="A headline",
        lead="A lead",
        key_points=(KeyPoint("one two", "Chad"), KeyPoint("three", "", "as chair")),
        body="  First,\nsame paragraph.\n\nSecond.  ",
        byline="By her",
        policy_issues=frozenset({1}),
        language="fr",
    )


@randomised
@given(any_report)
@example(ReportText(body="a\r\x00\nb"))
def test_cleaning_twice_changes_nothing_more(text: ReportText) -> None:
    assert text.cleaned().cleaned() == text.cleaned()


@randomised
@given(any_report)
def test_what_is_cleaned_can_be_stored_and_sent(text: ReportText) -> None:
    cleaned = text.cleaned()
    points = [word for point in cleaned.key_points for word in (point.text, point.actor, point.capacity)]
    lines = [cleaned.headline, cleaned.lead, *points, cleaned.byline, cleaned.checked_by]
    for word in [*lines, cleaned.body]:
        word.encode()  # a lone surrogate has no UTF-8
        assert unicodedata.is_normalized("NFC", word)
        assert [c for c in word if unicodedata.category(c) in {"Cc", "Cs"} and c not in "\n\t"] == []
    assert [word for word in lines if set(word) & {"\n", "\t"}] == []
    assert KeyPoint("") not in cleaned.key_points


def test_links_are_cleaned_like_every_other_word() -> None:
    text = ReportText(links=(Link(" A\x00\npaper\ud800 ", " https://example.org/e\u0301\x00 "),))
    assert text.cleaned().links == (Link("A paper", "https://example.org/\u00e9"),)


@pytest.mark.parametrize(
    ("part", "at_limit", "over", "sentence"),
    [
        (
            "headline",
            "x" * MAX_HEADLINE,
            "x" * (MAX_HEADLINE + 1),
            "The headline has 301 characters; at most 300 are possible.",
        ),
        (
            "lead",
            "x" * MAX_LEAD,
            "x" * (MAX_LEAD + 1),
            "The summary in one or two sentences has 2001 characters; at most 2000 are possible.",
        ),
        (
            "key_points",
            (KeyPoint("x"),) * MAX_KEY_POINTS,
            (KeyPoint("x"),) * (MAX_KEY_POINTS + 1),
            "There are 31 key points; at most 30 are possible.",
        ),
        (
            "key_points",
            (KeyPoint("a"), KeyPoint("x" * MAX_KEY_POINT)),
            (KeyPoint("a"), KeyPoint("x" * (MAX_KEY_POINT + 1))),
            "A key point has 2001 characters; at most 2000 are possible.",
        ),
        (
            "key_points",
            (KeyPoint("a", "x" * MAX_NAME, "y" * MAX_NAME),),
            (KeyPoint("a", "x", "y" * (MAX_NAME + 1)),),
            "A name beside a key point has 301 characters; at most 300 are possible.",
        ),
        (
            "links",
            (Link("x", "y"),) * MAX_LINKS,
            (Link("x", "y"),) * (MAX_LINKS + 1),
            "There are 31 links; at most 30 are possible.",
        ),
        (
            "links",
            (Link("x" * MAX_NAME, "y"),),
            (Link("x" * (MAX_NAME + 1), "y"),),
            "The title of a link has 301 characters; at most 300 are possible.",
        ),
        (
            "links",
            (Link("x", "y" * MAX_ADDRESS),),
            (Link("x", "y" * (MAX_ADDRESS + 1)),),
            "The address of a link has 2001 characters; at most 2000 are possible.",
        ),
        (
            "checked_by",
            "x" * MAX_NAME,
            "x" * (MAX_NAME + 1),
            "The name of who checked the text has 301 characters; at most 300 are possible.",
        ),
        (
            "body",
            "x" * MAX_BODY,
            "x" * (MAX_BODY + 1),
            "The text has 100001 characters; at most 100000 are possible. Shorten it and send it again.",
        ),
        (
            "byline",
            "x" * MAX_BYLINE,
            "x" * (MAX_BYLINE + 1),
            "The byline has 301 characters; at most 300 are possible.",
        ),
    ],
)
def test_too_long_names_the_part(part: str, at_limit: object, over: object, sentence: str) -> None:
    assert replace(ReportText(), **{part: at_limit}).too_long() is None  # type: ignore[arg-type]
    refusal = replace(ReportText(), **{part: over}).too_long()  # type: ignore[arg-type]
    assert isinstance(refusal, TextRefused)
    assert str(refusal) == sentence


def test_too_long_names_the_first_of_several_parts() -> None:
    text = ReportText(headline="x" * 400, body="x" * 200_000)
    assert str(text.too_long()) == "The headline has 400 characters; at most 300 are possible."


WHOLE = ReportText(headline="Headline", lead="Lead.", key_points=(KeyPoint("One."),), policy_issues=frozenset({1}))


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (ReportText(), "Write a headline before you hand in."),
        (replace(WHOLE, headline=""), "Write a headline before you hand in."),
        (replace(WHOLE, lead="", key_points=()), "Write one or two sentences, or key points, before you hand in."),
        (replace(WHOLE, first_summary=True), "Write two key points before you hand in a first summary."),
        (replace(WHOLE, policy_issues=frozenset()), "Choose at least one policy issue before you hand in."),
    ],
)
def test_missing_says_what_to_add(text: ReportText, sentence: str) -> None:
    refusal = text.missing()
    assert isinstance(refusal, TextRefused)
    assert str(refusal) == sentence


@pytest.mark.parametrize(
    "text",
    [
        WHOLE,
        replace(WHOLE, lead=""),
        replace(WHOLE, key_points=()),
        ReportText(headline="First", key_points=(KeyPoint("One."), KeyPoint("Two.")), first_summary=True),
    ],
)
def test_nothing_is_missing(text: ReportText) -> None:
    assert text.missing() is None


def test_all_that_is_lacking_is_named_with_its_part() -> None:
    def lacks(text: ReportText) -> list[tuple[str, str]]:
        return [(part, str(refusal)) for part, refusal in text.lacking()]

    assert lacks(WHOLE) == []
    assert lacks(ReportText()) == [
        ("headline", "Write a headline before you hand in."),
        ("lead", "Write one or two sentences, or key points, before you hand in."),
        ("policy_issues", "Choose at least one policy issue before you hand in."),
    ]
    assert lacks(ReportText(first_summary=True)) == [
        ("headline", "Write a headline before you hand in."),
        ("key_points", "Write two key points before you hand in a first summary."),
    ]


def test_every_part_is_known_here() -> None:
    """A new part needs its own line in cleaned() and too_long(), and here."""
    assert [field.name for field in fields(ReportText)] == [
        "headline", "lead", "key_points", "body", "byline", "links", "policy_issues", "processes",
        "sdg_targets", "language", "first_summary", "checked_by",
    ]  # fmt: skip
