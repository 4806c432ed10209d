"""The ways in which a text may name a speaker of the programme; `organisation_forms` has those of affiliations.

What is listed here is what the check under the Chatham House rule finds. A form too many is a line that an editor
waives; a form too few is a name that gets out, so in doubt a form is listed.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from reporter.text.folding import SYLLABIC, UNSPACED, folded_words, joined
from reporter.text.known_names import BRACKETS, untitled
from reporter.text.ordinary_words import ORDINARY_WORDS, PARTICLES, ROLES, TITLES

LEAST = 3  # letters of a family name or an acronym that is looked for alone
_LEAST_HANDLE = 4  # letters of the family name in "asilva"
NO_SPACES = re.compile(f"[{UNSPACED}{SYLLABIC}\uac00-\ud7a3]")
_OFFICE_WORDS = frozenset({"of", "for", "the", "a", "an", "and", "pour", "para"})
_SEPARATE = re.compile(r"[\s\-‐‑]+")
_SUFFIXES = frozenset({"jr", "sr", "ii", "iii", "iv", "phd", "md", "esq"})
# Written with two letters as well as with one and a sign.
_SPELT_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"})
_SPELT_SHORT = re.compile("(?<=[aou])e", re.IGNORECASE)
# Family names that usually stand first, folded: of these names the first word is looked for too.
_FIRST_FAMILY = frozenset(
    {"wang", "zhang", "chen", "liu", "yang", "huang", "zhao", "zhou", "zhu", "sun", "lin", "guo", "luo", "liang"}
    | {"song", "zheng", "tang", "feng", "deng", "cao", "peng", "zeng", "xiao", "tian", "dong", "pan", "yuan", "cai"}
    | {"jiang", "shen", "xie", "jin", "wei", "fan", "fang", "shi", "yao", "tan", "liao", "zou", "xiong", "hao", "kong"}
    | {"qian", "dai", "cui", "nguyen", "tran", "pham", "hoang", "phan", "dang", "bui", "ngo", "duong", "kim", "park"}
    | {"li", "wu", "xu", "hu", "ma", "he", "yu", "lu", "su", "gu", "ye", "du", "qi", "yi", "ge", "ng", "ho", "vo", "ly"}
    | {"lee", "choi", "jung", "jeong", "kang", "cho", "yoon", "jang", "lim", "han", "shin", "seo", "kwon", "hwang"}
)
_TWO_SIGNS = ("欧阳", "歐陽", "司马", "司馬", "上官", "诸葛", "諸葛", "司徒", "东方", "東方", "夏侯", "皇甫")
_HONORIFICS = (
    *("先生", "女士", "部长", "部長", "大使", "教授", "博士", "主任", "主席", "司长", "司長", "处长", "處長", "秘书长"),
    *("局长", "局長", "代表", "总裁", "總裁", "院长", "院長", "老师", "老師", "さん", "氏", "様", "大臣", "씨", "교수"),
)
_CYRILLIC = re.compile("[\u0400-\u052f]+")
_CYRILLIC_VOWELS = "аеиоуыьэюя"  # in which names end that are declined; folded, so й is и


@dataclass(frozen=True)
class Form:
    """One way to name somebody: `run` is its letters, folded and in one piece, `name` what it is called in the list.

    `breaks` are the places in `run` where words end: there, spaces may stand in a text; with `apart` they or other
    signs must, and each part must begin with a capital. `loose`: spaces may stand anywhere. `capital`: the first letter
    must be one; `acronym`: all letters must.
    `alone`: a family name, which may be declined. `handle`: only in addresses and beside an @.
    """

    run: str
    breaks: frozenset[int]
    name: str
    apart: bool = False
    loose: bool = False
    capital: bool = False
    acronym: bool = False
    alone: bool = False
    handle: bool = False


def form(words: Iterable[str], name: str, **marks: bool) -> Form:
    """The form made of folded `words`."""
    parts = list(words)
    return Form("".join(parts), frozenset(accumulate(map(len, parts[:-1]))), name, **marks)


def person_forms(written: str) -> list[Form]:
    """The forms of a person's or office's name, as the programme writes it."""
    name = untitled(written) or written.strip()
    forms = list(_of_name(name, name))
    for inner in BRACKETS.findall(written):  # "Elizabeth (Liz) Smith", "Li Wei (李伟)"
        if not inner.strip() or inner.isupper():
            continue  # "(WTO)" is an affiliation
        if " " in inner.strip() or NO_SPACES.search(inner) or not inner.isascii():
            forms += _of_name(inner.strip(), name)
        elif len(name.split()) > 1:
            forms.append(form([*folded_words(inner), *folded_words(name.split()[-1])], name))
    return [one for one in dict.fromkeys(forms) if one.run]


def _of_name(name: str, label: str) -> Iterator[Form]:
    if NO_SPACES.search(name):
        yield from _without_spaces(name, label)
        return
    spellings = {name, name.translate(_SPELT_OUT), _SPELT_SHORT.sub("", name)}
    for spelling in sorted(spellings, key=lambda one: (one != name, one)):
        as_written = dict(zip(_SEPARATE.split(spelling), _SEPARATE.split(name), strict=True))
        as_written |= dict(zip(spelling.split(), name.split(), strict=True))
        before, comma, behind = spelling.partition(",")
        words = [*behind.split(), *before.split()] if comma else spelling.split()
        words = [word for word in words if joined(word) and joined(word) not in _SUFFIXES]
        if words:
            for one in _of_words(words, before.split() if comma else [], label):
                yield replace(one, name=as_written.get(one.name, one.name).strip(".,;:"))


def _of_words(words: Sequence[str], said_family: Sequence[str], label: str) -> Iterator[Form]:
    """The forms of a person, of an office ("Minister for trade") or of both ("Director Wang", "Ministra de Souza")."""
    person = list(words)
    while person and {*folded_words(person[0])} <= ROLES | TITLES:
        del person[0]
    if len(words) > 1 and (len(person) < len(words) or any(word.islower() for word in words)):
        yield form((part for word in words for part in folded_words(word)), label)
    if _OFFICE_WORDS.intersection(words[1:-1]) or not person:
        return  # one role alone, as "Moderator", is nobody's name
    # What may as well be an ordinary word, as in "Chief statistician", needs its capital.
    unsure = any(word.islower() and joined(word) not in PARTICLES for word in person) and not all(
        word.islower() for word in person
    )
    unsure = unsure or (len(person) < len(words) and joined(person[0]) in PARTICLES)
    for one in _of_person(person, said_family, label):
        yield replace(one, capital=True) if unsure and one.alone else one


def _of_person(words: Sequence[str], said_family: Sequence[str], label: str) -> Iterator[Form]:
    parts = [folded_words(word) for word in words]
    every = [part for word in parts for part in word]
    ordinary = all(part in ORDINARY_WORDS for part in every)  # "Will May"
    if len(words) > 1:
        yield form(every, label, capital=ordinary)
        for count in range(1, min(len(words), 4)):  # family name first
            turned = [*parts[-count:], *parts[:-count]]
            yield form((part for word in turned for part in word), label, capital=ordinary)
    if any(part[:2] == ["al"] or part[0].startswith("ال") for part in parts):
        yield form((_without_article(part) for part in every if part not in {"al", "el"}), label)
    families = _families(words, said_family)
    for word in families:
        family = folded_words(word)
        if len(words) > 1:
            given = next((part for one, part in zip(words, parts, strict=True) if one != word), [])
            yield form([*given, *family], label, capital=ordinary)
            yield form([*family, *given], label, capital=ordinary)
            yield from _with_initials([one for one in words if one != word], family, label)
        yield from _family_alone(word, label)


def _families(words: Sequence[str], said: Sequence[str]) -> list[str]:
    """The words of a name that may be, or be part of, the family name."""
    candidates = [word for word in words if len(joined(word)) > 1 and word.lower() not in PARTICLES]
    capitals = [word for word in candidates if word.isupper()]
    if said:
        return [word for word in said if word in candidates]
    if len(candidates) < 2:
        return candidates
    if 0 < len(capitals) < len(candidates):  # "WANG Xiaoming"
        return capitals
    first = [candidates[0]] if joined(candidates[0]) in _FIRST_FAMILY else []
    return [*candidates[1:], *first]


def _family_alone(word: str, label: str) -> Iterator[Form]:
    """A family name without the given one, each part of a double one, and without "al-" and the Arabic article."""
    pieces = [piece for piece in _SEPARATE.split(word) if joined(piece) and joined(piece) not in PARTICLES]
    bare = [_without_article(part) for piece in pieces for part in folded_words(piece)]
    for shown, parts in dict.fromkeys(
        [(word, tuple(folded_words(word))), (word, tuple(bare))]
        + [(piece, tuple(map(_without_article, folded_words(piece)))) for piece in pieces]
    ):
        letters = "".join(parts)
        if letters in ROLES:
            continue
        if len(letters) >= LEAST:
            yield form(parts, shown, alone=True, capital=letters in ORDINARY_WORDS)
            if _CYRILLIC.fullmatch(letters) and len(stem := letters.rstrip(_CYRILLIC_VOWELS)) > LEAST:
                yield form([stem], shown, alone=True)
        elif len(letters) > 1:  # "Mr Li"
            for title in sorted(TITLES):
                yield form((title, letters), label, apart=True, capital=True)


def _without_article(part: str) -> str:
    return part[2:] if part.startswith("ال") and len(part) > 4 else part


def _with_initials(given: Sequence[str], family: Sequence[str], label: str) -> Iterator[Form]:
    initials = [part[0] for word in given for part in folded_words(word)]
    if not initials:
        return
    whole = "".join(family)
    for letters in dict.fromkeys((tuple(initials[:1]), tuple(initials), ("".join(initials),))):
        yield form([*letters, *family], label, apart=True, capital=True)
        yield form([*family, *letters], label, apart=True, capital=True)
    if len(whole) >= _LEAST_HANDLE:
        yield form([initials[0] + whole], label, handle=True)


def _without_spaces(name: str, label: str) -> Iterator[Form]:
    """Chinese, Japanese, Korean, Thai ... names: found within a text without spaces; one sign alone is no name."""
    pieces = [joined(piece) for piece in re.split(r"[\s·・•,，]+", name) if joined(piece)]
    whole = "".join(pieces)
    if len(whole) < 2:
        return
    yield form(pieces, label, loose=True)
    if len(pieces) > 1:
        for piece in (pieces[0], pieces[-1]):
            if len(piece) > 1:
                yield form([piece], piece, loose=True)
    first = pieces[0]
    family = first if len(pieces) > 1 else next((two for two in _TWO_SIGNS if whole.startswith(two)), first[0])
    if len(family) < len(whole):
        for honorific in _HONORIFICS:
            yield form([family, joined(honorific)], label, loose=True)
