"""Words made comparable, and counted so that one target fits every language."""

import os

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reporter.text.folding import count_words, fold, folded_lengths, folded_words, joined

EXAMPLES = settings(max_examples=200 * int(os.environ.get("TEST_SCALE", "1")), deadline=None)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ana Silva", "ANA SILVA"),
        ("José Peña", "Jose\u0301 Pen\u0303a"),
        ("Łukasz Øye", "lukasz oye"),
        ("Straße", "STRASSE"),
        ("Sil\u00adva", "Silva"),
        ("Ana\u00a0Silva", "Ana\u3000Silva"),
        ("Ａｎａ", "Ana"),
        ("İzmir", "izmir"),
        ("Αθήνα", "αθηνα"),
        ("Алёна", "АЛЕНА"),
        ("مُحَمَّد", "محمد"),
        ("أحمد", "احمد"),
        ("فاطمة", "فاطمه"),
        ("محـــمد", "محمد"),
        ("שָׁלוֹם", "שלום"),
    ],
)
def test_spellings_of_one_word_fold_to_the_same(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(("one", "other"), [("が", "か"), ("नि", "नी"), ("कि", "क"), ("한국", "한글"), ("ana", "anna")])
def test_different_words_stay_different(one: str, other: str) -> None:
    assert fold(one) != fold(other)


def test_signs_and_spaces_part_words() -> None:
    assert folded_words("“Don’t”, said Jean-Luc\n(WTO™) ½") == ["don", "t", "said", "jean", "luc", "wto", "12"]
    assert joined("O’Brien-Smith") == "obriensmith"


@EXAMPLES
@given(st.text(st.characters(exclude_categories=()), max_size=60))
def test_folding_again_changes_nothing_and_the_lengths_are_right(text: str) -> None:
    folded = fold(text)
    assert fold(folded) == folded
    assert sum(folded_lengths(text)) == len("".join(map(fold, text)))


@pytest.mark.parametrize(
    ("text", "language", "count"),
    [
        ("", "en", 0),
        ("… — !", "en", 0),
        ("One, two: three.", "en", 3),
        ("E-commerce doesn't cost 3.5 or 1,000.", "en", 6),
        ("L’économie numérique", "fr", 2),
        ("snake_case", "en", 2),
        ("مستقبل الاقتصاد الرقمي", "ar", 3),
        ("مُسْتَقْبَل الاقتصاد", "ar", 2),
        ("नीति और डेटा", "hi", 3),
        ("한국 데이터 정책", "ko", 3),
        ("数字经济数据流动跨境", "zh", 6),
        ("数字经济，数据流动。", "zh", 5),
        ("数字 trade 经济", "zh", 4),
        ("データの流れは自由", "ja", 5),
        ("ประเทศไทย", "th", 2),
        ("soft\u00adhyphen", "en", 1),
    ],
)
def test_words_are_counted(text: str, language: str, count: int) -> None:
    assert count_words(text, language) == count


def test_a_text_of_one_length_counts_alike_in_chinese_and_english() -> None:
    assert count_words("字" * 500, "zh") == 300 == count_words("word " * 300, "en")
