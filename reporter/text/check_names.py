"""Names in a report against those of the programme: a name that is nearly one of them, a person whom it does not know.

Not every word with a capital is a name, so words are only looked at where they stand beside each other nearly as a
name of the programme does, or after a title as in "Ms Silva". Scripts without capitals get no remark: there a word and
a name look alike.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from reporter.rules.errors import N_
from reporter.rules.vocabulary import Check, SessionRule
from reporter.text.findings import Facts, Finding
from reporter.text.folding import fold
from reporter.text.known_names import KnownNames, counts, family, key_of, known_names, programme_names, spelt
from reporter.text.ordinary_words import ORDINARY_WORDS, ROLES, TITLES
from reporter.text.passages import Passage, excerpt

_LEAST_ALONE = 5  # letters of a family name that stands alone
_MOST_WORDS = 5  # of a name after a title
_WORD = re.compile(r"(?:H\.\s?E\.|HE(?=\s[A-Z]))|[^\W\d_]++(?:['’ʼ][^\W\d_]++)*+")
_EXCELLENCY = re.compile(r"H\.?\s?E\.?")
_POSSESSIVE = re.compile(r"['’ʼ]s$", re.IGNORECASE)
_SHORT_TITLES = frozenset(  # a point may follow
    {"mr", "mrs", "ms", "dr", "prof", "amb", "sr", "sra", "srta", "hon", "rev", "dott", "m", "mm"}
)
_FRENCH_TITLES = frozenset({"m", "mm"})
_AND = frozenset({"and", "et", "y", "e", "i", "und"})  # part of some names, but between two words more often a link


@dataclass(frozen=True)
class _Word:
    """A word of the text that may belong to a name. `glued`: only a space or a hyphen parts it from the one before."""

    raw: str
    key: str
    start: int
    end: int
    glued: bool
    opens: bool  # begins a sentence
    capital: bool
    title: bool


Remark = tuple[Finding, str]  # and what was found, folded


def names(read: Sequence[Passage], facts: Facts, language: str) -> Iterator[Finding]:
    """The remarks on names in `read`; each spelling is remarked once, where it stands first.

    None without a programme: then nobody is known.
    """
    if not facts.speakers and not facts.other_speakers:
        return
    texts = [passage for passage in read if passage.kind != "code"]
    looker = _Looker(facts, language, {word for passage in texts for word in passage.said.split() if word.islower()})
    said: set[str] = set()
    for passage in texts:
        for finding, written in looker.remarks(passage):
            if written not in said:
                said.add(written)
                yield finding


def folded_names(facts: Facts) -> frozenset[str]:
    """The folded words of all names of the programme, without titles, particles and initials."""
    return frozenset(_everybody(facts).spellings)


def _everybody(facts: Facts) -> KnownNames:
    # As a set: the same for every session of one programme.
    return programme_names(frozenset((*(speaker.name for speaker in facts.speakers), *facts.other_speakers)))


class _Looker:
    """Looks for one report's names. `lower` are the words that it has in lower case: no names."""

    def __init__(self, facts: Facts, language: str, lower: set[str]) -> None:
        self.on_the_record = facts.rule is SessionRule.ON_THE_RECORD
        self.language = language
        self.known = _everybody(facts)
        self.own = known_names(speaker.name for speaker in facts.speakers)
        self.families = {family(speaker.name) for speaker in facts.speakers}
        hosts = (facts.event_name, facts.organiser, *(speaker.organisation for speaker in facts.speakers))
        self.no_names = {key_of(word) for text in hosts for word in _WORD.findall(text)}
        self.no_names |= {key_of(word.strip(".,;:!?()")) for word in lower} | ORDINARY_WORDS

    def remarks(self, passage: Passage) -> Iterator[Remark]:
        """Pairs of words first, then people with a title, then family names alone; no word is remarked twice."""
        words = self.words(passage.said)
        taken = {place for pair in self.known_pairs(words) for place in pair}
        yield from self.near_pairs(passage, words, taken)
        yield from self.titled(passage, words, taken)
        yield from self.alone(passage, words, taken)

    def words(self, said: str) -> list[_Word]:
        """The words that count, in order. Initials and particles between two of them part nothing."""
        found: list[_Word] = []
        place, glued, opens = 0, False, True
        for match in _WORD.finditer(said):
            between = said[place : match.start()]
            initial = between.startswith(".") and place > 0 and (place < 2 or not said[place - 2].isalpha())
            glued = glued and between[initial:].replace("-", " ").strip() == "" and between.count("\n") < 2
            opens = opens or any(mark in between[initial:] for mark in '.!?:\n•“"«')
            place = match.end()
            raw = _POSSESSIVE.sub("", match[0])
            key = key_of(raw)
            title = self.is_title(raw, key)
            if not title and not counts(raw):
                glued = glued and key not in _AND
                continue
            end = match.start() + len(raw)
            found.append(_Word(raw, key, match.start(), end, glued, opens, raw[0].isupper(), title))
            glued, opens = raw == match[0], False
        return found

    def is_title(self, raw: str, key: str) -> bool:
        excellency = key == "he" and _EXCELLENCY.fullmatch(raw) is not None
        return excellency or key in TITLES or (self.language == "fr" and key in _FRENCH_TITLES and raw.isupper())

    def known_pairs(self, words: Sequence[_Word]) -> Iterator[tuple[int, int]]:
        """The places of words that stand beside each other, and are spelt, as in the programme."""
        for first, second in _beside(words):
            one, two = words[first], words[second]
            if (one.key, two.key) in self.known.pairs and not self.respelt(one) and not self.respelt(two):
                yield first, second

    def respelt(self, word: _Word) -> bool:
        """Whether the programme spells this word with other accents. In capitals accents are often left out."""
        spellings = self.known.spellings.get(word.key)
        return spellings is not None and spelt(word.raw) not in spellings and not word.raw.isupper()

    def near_pairs(self, passage: Passage, words: Sequence[_Word], taken: set[int]) -> Iterator[Remark]:
        for first, second in _beside(words):
            if first not in taken and second not in taken:
                one, two = words[first], words[second]
                if name := self.known.nearly(one.key, two.key):
                    taken.update((first, second))
                    yield self.spelling(passage, one.start, two.end, name)

    def titled(self, passage: Passage, words: Sequence[_Word], taken: set[int]) -> Iterator[Remark]:
        """People with a title of whom the programme knows no word of their name."""
        for place, word in enumerate(words):
            name = _after_title(passage.said, words, place) if word.capital and word.title else []
            keys = [words[one].key for one in name]
            known = any(key in self.known.spellings for key in keys)
            if not name or known or taken.intersection(name) or set(keys) <= ROLES:
                continue
            start, end = words[name[0]].start, words[name[-1]].end
            taken.update(name)
            near = next(iter(self.known.close_to(keys[-1])), None)
            if near is None:
                yield self.unknown(passage, start, end)
            else:
                yield self.spelling(passage, start, end, self.known.wholes[near])

    def alone(self, passage: Passage, words: Sequence[_Word], taken: set[int]) -> Iterator[Remark]:
        """Words that are nearly the family name of a speaker of this session."""
        for place, word in enumerate(words):
            long_enough = word.capital and len(word.key) >= _LEAST_ALONE
            if place in taken or word.opens or not long_enough or word.key in self.no_names:
                continue
            if word.key in self.known.spellings:
                near = word.key if word.key in self.families and self.respelt(word) else ""
            else:
                close = (one for one in self.own.close_to(word.key) if one in self.families)
                near = next((one for one in close if len(one) >= _LEAST_ALONE and word.key != f"{one}s"), "")
            if near:
                yield self.spelling(passage, word.start, word.end, self.own.words[near])

    def spelling(self, passage: Passage, start: int, end: int, name: str) -> Remark:
        if self.on_the_record:
            message, suggestion = N_("“%(written)s” is “%(name)s” in the programme."), name
        else:
            message, suggestion = N_("“%(written)s” looks like “%(name)s”: no names from this session."), ""
        return _remark(Check.NAME_SPELLING, message, passage, (start, end), suggestion, name=name)

    def unknown(self, passage: Passage, start: int, end: int) -> Remark:
        message = N_("“%(written)s” is not in the programme. Check the name.")
        if not self.on_the_record:
            message = N_("“%(written)s” looks like a name: no names from this session.")
        return _remark(Check.NAME_UNKNOWN, message, passage, (start, end), "")


def _beside(words: Sequence[_Word]) -> Iterator[tuple[int, int]]:
    """The places of words with a capital that stand beside each other, or with one such word between."""
    for place, (one, two) in enumerate(pairwise(words)):
        if one.capital and two.capital and two.glued and not one.title and not two.title:
            yield place, place + 1
            if place + 2 < len(words) and words[place + 2].capital and words[place + 2].glued:
                yield place, place + 2


def _after_title(said: str, words: Sequence[_Word], place: int) -> list[int]:
    """The places of the words of the name that stands after the title at `place`; further titles are no part of it."""
    name: list[int] = []
    for following in range(place + 1, min(place + 1 + _MOST_WORDS, len(words))):
        before, one = words[following - 1], words[following]
        gap = said[before.end : one.start]
        abbreviated = before.key in _SHORT_TITLES and gap.startswith(".") and len(gap) <= 2 and not gap[1:].strip()
        if not one.capital or not (one.glued or abbreviated) or (one.title and name):
            break
        if not one.title:
            name.append(following)
    return name


def _remark(
    code: Check, message: str, passage: Passage, span: tuple[int, int], suggestion: str, **values: object
) -> Remark:
    written = " ".join(passage.said[slice(*span)].split())
    around = excerpt(passage.said, *span)
    values = {"written": written, **values}
    return Finding(code, passage.where, message, passage.index, values, around, False, suggestion), fold(written)
