"""The ways in which a text may name the organisation that a speaker belongs to, or the country that one speaks for."""

import re
from collections.abc import Iterator
from dataclasses import replace

from reporter.text.folding import folded_words, joined
from reporter.text.known_names import BRACKETS
from reporter.text.name_forms import LEAST, NO_SPACES, Form, form
from reporter.text.ordinary_words import ORDINARY_WORDS, ROLES

_LEGAL = re.compile(r",?\s+(?:Inc|Ltd|LLC|PLC|GmbH|AG|SA|S\.A|SAS|BV|N\.?V|Co|Corp|Pty)\.?$", re.IGNORECASE)
_BETWEEN = re.compile(r"\s*[;/|\n]\s*|\s+[-–—]\s+|,\s+")
_INDEFINITE = re.compile(r"(?:[Aa]n?|[Uu]n[ae]?|[Uu]ma?|[Ee]ine?)\s")  # but not "UN Women"
_LEADING_ARTICLE = re.compile(r"^(?:the|la|le|les|el|los|o|a|os|as|die|der|das|l['’])(?:\s+|(?<=['’]))", re.IGNORECASE)
_SMALL = frozenset(
    {"of", "the", "for", "and", "on", "in", "to", "at", "a", "an", "de", "du", "des", "la", "le", "les", "et", "pour"}
    | {"sur", "y", "del", "para", "e", "do", "da", "dos", "das", "und", "fur", "der", "die", "el", "los"}
)
_SPELT_TWO_WAYS = (
    ("ization", "isation"),
    ("center", "centre"),
    ("labor", "labour"),
    ("defense", "defence"),
    ("program", "programme"),
)
_COUNTRY = re.compile(
    r"\b(?:mission|embassy|delegation|government|consulate|ambassade|gouvernement|délégation|misión|embajada|gobierno"
    r"|delegación|governo|embaixada|missão)(?:\s+permanente?)?\s+(?:of|de|du|des|del|da|do|d['’])\s*"
    r"(?:the\s+|la\s+|l['’]|los\s+)?(?P<country>[^,;()]{3,60}?)(?=\s+(?:to|in|at|on|auprès|à|ante|en|em|junto)\b|[,;(]|$)",
    re.IGNORECASE,
)


def organisation_forms(written: str) -> tuple[list[Form], list[Form]]:
    """The forms of an affiliation as the programme writes it: those that are the organisation itself (its name, its
    acronym, given or made of its initials), and those of parts of it and of the country that it speaks for.

    A description, as "a developing country", has none.
    """
    written = " ".join(written.split())
    if _INDEFINITE.match(written) or not joined(written):
        return [], []
    whole = _LEGAL.sub("", BRACKETS.sub(" ", written).strip())
    if whole.startswith("the ") and whole.islower():
        return [], []  # "the organisers of the event"
    itself = [*_named(whole), *_acronyms(written, whole)]
    pieces = [piece for piece in _BETWEEN.split(whole) if piece]
    others: list[Form] = []
    if len(pieces) > 1:
        for place, piece in enumerate(pieces):
            piece = _LEGAL.sub("", piece)
            if (
                " " in piece
                or (piece.isupper() and len(piece) >= LEAST)
                or NO_SPACES.search(piece)
                or (place == 0 and _is_telling(piece))
            ):
                others += (*_named(piece), *_acronyms(piece, piece))
    others += (form([joined(word)], word, acronym=True) for word in _capital_words(whole))
    for match in _COUNTRY.finditer(whole):
        others += _named(match["country"].strip())
    return list(dict.fromkeys(itself)), [one for one in dict.fromkeys(others) if one not in itself]


def _named(name: str) -> Iterator[Form]:
    """The name of an organisation, without its article, turned, and in British and American spelling."""
    written = name.lower()
    other = written
    for american, british in _SPELT_TWO_WAYS:
        if british in other:
            other = other.replace(british, american)
        elif american in other:
            other = other.replace(american, british)
    yield from _in_one_spelling(name)
    if other != written:
        yield from (replace(one, name=name) for one in _in_one_spelling(other))


def _in_one_spelling(name: str) -> Iterator[Form]:
    bare = _LEADING_ARTICLE.sub("", name, count=1) or name
    words = folded_words(bare)
    letters = "".join(words)
    if NO_SPACES.search(bare):
        if len(letters) > 1:
            yield form([letters], name, loose=True)
    elif len(words) == 1 and bare.isupper() and len(letters) <= 6:
        if len(letters) >= 2:
            yield form(words, name, acronym=True)
    elif len(letters) >= LEAST and letters not in ROLES:
        yield form(words, name, capital=len(words) == 1 and letters in ORDINARY_WORDS)
        without = [word for word in words if word not in _SMALL]
        if len(without) > 1 and without != words:  # "University of Oxford" as "Oxford University"
            yield form(without, name)
            yield form([*without[1:], without[0]], name)
        if "&" in bare or " and " in bare:
            yield form(folded_words(bare.replace("&", " and ")), name)
            yield form(folded_words(bare.replace(" and ", " ")), name)


def _acronyms(written: str, whole: str) -> Iterator[Form]:
    """What stands in brackets in capitals, and the initials of the name."""
    for inner in BRACKETS.findall(written):
        if len(joined(inner)) > 1:
            capitals = inner.strip().isupper()
            yield form(folded_words(inner), inner.strip(), acronym=capitals and " " not in inner.strip())
    words = [word for word in re.split(r"[\s\-/&,]+", whole) if joined(word) and joined(word) not in _SMALL]
    initials = "".join(joined(word)[0] for word in words if not word[0].islower())
    if len(words) > 1 and len(initials) >= LEAST and initials.isalpha() and not NO_SPACES.search(initials):
        yield form([initials], initials.upper(), acronym=True)


def _capital_words(whole: str) -> Iterator[str]:
    """The acronyms among the words of a name that is not in capitals itself: GIZ in "GIZ Kenya"."""
    if not whole.isupper():
        yield from (word for word in re.findall(r"\w+", whole) if len(word) >= LEAST and word.isupper())


def _is_telling(word: str) -> bool:
    return len(joined(word)) > 3 and joined(word) not in ORDINARY_WORDS | ROLES
