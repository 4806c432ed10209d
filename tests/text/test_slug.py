"""A headline's words as part of an address."""

import os
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reporter.text.slug import slug

EXAMPLES = settings(max_examples=200 * int(os.environ.get("TEST_SCALE", "1")), deadline=None)


@pytest.mark.parametrize(
    ("headline", "expected"),
    [
        ("Data flows: what now?", "data-flows-what-now"),
        ("  E-commerce -- AI_governance/UN  ", "e-commerce-ai-governance-un"),
        ("Women’s rights, don't panic", "womens-rights-dont-panic"),
        ("L'économie numérique d’aujourd’hui", "l-economie-numerique-d-aujourd-hui"),
        ("Straße, Łódź, Øystein, Đà Nẵng", "strasse-lodz-oystein-da-nang"),
        ("İstanbul IĞDIR", "istanbul-igdir"),
        ("ﬁne ２０２３ x² ½", "fine-2023-x2-1-2"),
        ("soft\u00adhyphen", "softhyphen"),
        ("数字经济：数据流动", "数字经济-数据流动"),
        ("مستقبل الاقتصاد الرقمي", "مستقبل-الاقتصاد-الرقمي"),
        ("नीति और डेटा", "नीति-और-डेटा"),
        ("Ελλάδα", "ελλάδα"),
        ("Россия, Й", "россия-й"),
        ("한국 데이터", "한국-데이터"),
        ("", ""),
        ("— ?! 🎉", ""),
        ("\u0301\u0301", ""),
        ("\ud800", ""),
    ],
)
def test_slug(headline: str, expected: str) -> None:
    assert slug(headline) == expected


def test_it_is_cut_between_words() -> None:
    assert slug("one two three", 13) == "one-two-three"
    assert slug("one two three", 12) == "one-two"
    assert slug("one two three", 7) == "one-two"
    assert slug("one two three", 6) == "one"
    assert slug("word " * 30) == "-".join(["word"] * 12)


def test_one_long_word_is_cut_without_breaking_a_letter() -> None:
    assert slug("经" * 100) == "经" * 60
    assert slug("one two", 2) == "on"
    assert slug("नीति", 3) == "नी"
    assert slug("नीति", 1) == ""
    assert slug("one", 0) == ""


@EXAMPLES
@given(st.text(max_size=200), st.integers(0, 80))
def test_any_headline(headline: str, limit: int) -> None:
    made = slug(headline, limit)
    assert len(made) <= limit
    assert slug(made, limit) == made
    assert unicodedata.normalize("NFC", made) == made
    assert made == "" or "" not in made.split("-")
    assert {unicodedata.category(character)[0] for character in made.replace("-", "")} <= set("LNM")
    assert not any(character.isascii() and character.isupper() for character in made)


@EXAMPLES
@given(st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=60))
def test_a_letter_or_digit_is_always_enough(headline: str) -> None:
    assert slug(headline, 1_000) != ""
