"""The programme's names, indexed so that a name in a text is compared with few of them.

Each word stands in the index together with itself less one letter. Two words that are one letter apart, or have two
neighbouring letters exchanged, then meet there, and no word is compared with a thousand names.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from reporter.text.folding import joined
from reporter.text.ordinary_words import OFFICES, PARTICLES, TITLES

_LEAST_NEAR = 4  # letters: shorter words are too easily near each other
_LONGEST = 40  # letters: longer runs are no names
_NOBLE = frozenset({"van", "von", "bin", "bint", "ibn", "al", "el", "ter", "ten", "der", "den", "zu"})
_BOTH_NEAR = 12  # letters of two words together: a slip in each is then still the same name
_WORD = re.compile(r"[^\W\d_]++(?:['’ʼ][^\W\d_]++)*+")
_EXCELLENCY = re.compile(r"^\s*H\.?\s?E\.?\s(?=\S)")
BRACKETS = re.compile(r"\s*+[(\[（]([^()\[\]（）]*+)[)\]）]\s*+")
_DEGREE = re.compile(r",\s*(?:Ph\.?\s?D|M\.?D|MBA|Esq|Jr|Sr|LL\.?M|MP|MEP)\b.*$")


@dataclass(frozen=True)
class KnownNames:
    """What is known of the names: `pairs` of folded words and the name that they are part of, the `spellings` of each
    folded word, a spelling as `words`, a name with it as `wholes`, and the words by what is `near` them.
    """

    pairs: Mapping[tuple[str, str], str]
    spellings: Mapping[str, frozenset[str]]
    words: Mapping[str, str]
    wholes: Mapping[str, str]
    near: Mapping[str, tuple[str, ...]]

    def close_to(self, key: str) -> list[str]:
        """The folded words that are `key` or one slip of the hand away from it, `key` first."""
        found = [key] if key in self.spellings else []
        if _LEAST_NEAR <= len(key) <= _LONGEST:
            candidates = dict.fromkeys(one for part in (key, *_less_one(key)) for one in self.near.get(part, ()))
            found += [one for one in candidates if one_slip(one, key)]
        return found

    def nearly(self, one: str, two: str) -> str | None:
        """The name that two folded words nearly are: with other accents, in the other order, or with a slip."""
        for pair in ((one, two), (two, one)):
            if pair in self.pairs:
                return self.pairs[pair]
        for first in self.close_to(one):
            for second in self.close_to(two):
                one_is_right = one == first or two == second
                if (first, second) in self.pairs and (one_is_right or len(one) + len(two) >= _BOTH_NEAR):
                    return self.pairs[first, second]
        return None


@lru_cache(maxsize=8)
def programme_names(names: frozenset[str]) -> KnownNames:
    """The index of all names of a programme, kept: it takes some megabytes and is asked for again and again."""
    return known_names(sorted(names))


def known_names(names: Iterable[str]) -> KnownNames:
    """The index of `names`, as the programme spells them. Of two with the same words, the first is named."""
    pairs: dict[tuple[str, str], str] = {}
    spellings: dict[str, set[str]] = {}
    words: dict[str, str] = {}
    wholes: dict[str, str] = {}
    for name in names:
        shown = untitled(name)
        parts = [word for word in _WORD.findall(shown) if counts(word)]
        keys = [key_of(word) for word in parts]
        for word, key in zip(parts, keys, strict=True):
            spellings.setdefault(key, set()).add(spelt(word))
            words.setdefault(key, word)
            wholes.setdefault(key, shown)
        for pair in (*pairwise(keys), *((keys[0], last) for last in keys[2:])):
            pairs.setdefault(pair, shown)
    near: dict[str, list[str]] = {}
    for key in spellings:
        if _LEAST_NEAR - 1 <= len(key) <= _LONGEST:
            for part in dict.fromkeys((key, *_less_one(key))):
                near.setdefault(part, []).append(key)
    return KnownNames(
        pairs,
        {key: frozenset(written) for key, written in spellings.items()},
        words,
        wholes,
        {part: tuple(found) for part, found in near.items()},
    )


def untitled(name: str) -> str:
    """`name` without "H.E.", "Ms", "Dr" before it, a degree behind it and what stands in brackets."""
    name = _DEGREE.sub("", _EXCELLENCY.sub("", BRACKETS.sub(" ", name))).strip()
    words = name.split()
    while len(words) > 2 and joined(words[0]) in TITLES and not _begins_office(words):
        del words[0]
    return " ".join(words)


def _begins_office(words: Sequence[str]) -> bool:
    """Whether the title is part of an office, as in "Minister for trade", "Ambassador of Chad"."""
    small = words[1].islower() and joined(words[1]) not in _NOBLE
    return small and (joined(words[0]) in OFFICES or joined(words[1]) not in PARTICLES)


def family(name: str) -> str:
    """The folded last word of a name, or the last one before a comma; "" where there is none."""
    words = [word for word in _WORD.findall(untitled(name).split(",")[0]) if counts(word)]
    return key_of(words[-1]) if words else ""


def key_of(word: str) -> str:
    """`word` as words are compared: folded, in one piece."""
    return joined(word)


def spelt(word: str) -> str:
    """`word` as spellings are compared: with its accents, without case."""
    return word.casefold().replace("’", "'").replace("ʼ", "'")


def counts(word: str) -> bool:
    """Whether a word is what tells names apart: no initial, no "van", no "de"."""
    key = key_of(word)
    return len(key) > 1 and key not in PARTICLES


def one_slip(one: str, other: str) -> bool:
    """Whether one letter added, dropped or changed, or two neighbours exchanged, turns one word into the other."""
    if one == other or abs(len(one) - len(other)) > 1:
        return False
    start = next((place for place, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]), None)
    if start is None:
        return True  # the longer one has one letter more at its end
    rest, others = one[start:], other[start:]
    if len(rest) != len(others):
        return rest[1:] == others if len(rest) > len(others) else rest == others[1:]
    return rest[1:] == others[1:] or (rest[:2] == others[1::-1] and rest[2:] == others[2:])


def _less_one(word: str) -> Iterator[str]:
    return (word[:place] + word[place + 1 :] for place in range(len(word)))
