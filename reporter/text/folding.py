"""Words made comparable: one spelling for what people, keyboards and programmes spell in several ways.

`fold` keeps letters and digits alone, without case and accents, so that "Ana Silva", "ANA SILVA" and "Aña S\u00adilva"
are the same. It looks at one character at a time, with a memory: 100,000 characters take a few milliseconds.
"""

import re
import unicodedata

# Letters that Unicode does not take apart into a plain letter and a mark, and Arabic ones that are written either way.
_SPELLED = {
    **{"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "ħ": "h"},
    **{"ى": "ي", "ة": "ه", "ٱ": "ا", "ک": "ك", "ی": "ي", "ـ": ""},
}
# From here on the combining classes are accents and Arabic and Hebrew points. Below are signs that make another letter
# (nukta, virama, the voiced sound mark of kana).
_FIRST_ACCENT = 10


class _Folded(dict[int, str]):
    """What each character becomes, worked out when it first occurs."""

    def __missing__(self, code: int) -> str:
        made = self[code] = _one(chr(code))
        return made


def _one(character: str) -> str:
    kind = unicodedata.category(character)
    if kind[0] == "Z" or character in "\t\n\r\x0b\x0c\x85":
        return " "
    if kind[0] == "C" or character == "\u034f":
        return ""  # soft hyphens, joiners, marks of direction, control characters: invisible, so they part no word
    if kind[0] in "PS":
        return "-"
    apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", character).casefold())
    letters = (
        _SPELLED.get(one, one)
        for one in apart
        if unicodedata.category(one)[0] in "LMN" and unicodedata.combining(one) < _FIRST_ACCENT
    )
    return unicodedata.normalize("NFC", "".join(letters))


_FOLDED = _Folded()


def fold(text: str) -> str:
    """`text` with letters and digits folded, a space for every space and line end, "-" for every other sign.

    Accents, case, width and what is invisible are gone; letters that stand for two are spelt out (ß as ss). Signs that
    make another letter, as in Devanagari, stay.
    """
    return unicodedata.normalize("NFC", text).translate(_FOLDED)


def folded_lengths(text: str) -> list[int]:
    """How many characters `fold` makes of each character of `text`, which must be in NFC."""
    return [len(_FOLDED[ord(character)]) for character in text]


def folded_words(text: str) -> list[str]:
    """The words of `text`, folded: runs of letters and digits."""
    return fold(text).replace("-", " ").split()


def joined(text: str) -> str:
    """The letters and digits of `text`, folded, in one run."""
    return "".join(folded_words(text))


# Scripts that put no space between words: Han, kana, Thai, Lao, Myanmar, Khmer.
UNSPACED = (
    "\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3040-\u30ff\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
SYLLABIC = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"
_WORD = re.compile(
    rf"(?P<han>[{UNSPACED}]+)|(?P<thai>[{SYLLABIC}]+)"
    rf"|[^\W_{UNSPACED}{SYLLABIC}]+(?:['’ʼ.,\-‐‑][^\W_{UNSPACED}{SYLLABIC}]+)*"
)


def count_words(text: str, language: str) -> int:
    """How many words `text` (plain) has, so that one target fits every language.

    A word is a run of letters and digits, with apostrophes, hyphens, points and commas inside: "don't", "e-commerce"
    and "3.5" are one each. Scripts without spaces are counted by their characters: five Chinese ones as three words,
    two Japanese ones as one word, five Thai, Lao, Myanmar or Khmer letters as one word; each text rounded up.
    """
    spaced = han = thai = 0
    for match in _WORD.finditer(_without_marks(text)):
        if match["han"]:
            han += len(match["han"])
        elif match["thai"]:
            thai += len(match["thai"])
        else:
            spaced += 1
    words, characters = (1, 2) if language == "ja" else (3, 5)
    return spaced + -(-han * words // characters) + -(-thai // 5)


class _Unmarked(dict[int, int | None]):
    """None for marks and for what is invisible, so that neither parts a word; the character itself else."""

    def __missing__(self, code: int) -> int | None:
        kind = unicodedata.category(chr(code))
        made = self[code] = None if kind[0] == "M" or kind == "Cf" else code
        return made


_UNMARKED = _Unmarked()


def _without_marks(text: str) -> str:
    return text.translate(_UNMARKED)
