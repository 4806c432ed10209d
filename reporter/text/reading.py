"""A text in which names are looked for: its letters in one run, and what stands between them.

A name can hide between marks of emphasis, behind a soft hyphen, in an address. So every sign counts as something that
may stand between the letters of a name, and what is invisible counts for nothing.
"""

import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from unicodedata import normalize
from urllib.parse import unquote

from reporter.text.folding import SYLLABIC, UNSPACED, fold, folded_lengths
from reporter.text.name_forms import LEAST, Form
from reporter.text.ordinary_words import ORDINARY_WORDS
from reporter.text.passages import excerpt
from reporter.text.plain import characters

_SIGN, _SPACE = 1, 2  # what parts two letters of a run: a sign, or a space
_LEAST_TITLE_CASE = 4  # letters of an acronym that may be written as "Unctad"
_WORD = re.compile("[^ -]+")
_ANYWHERE = re.compile(f"[{UNSPACED}{SYLLABIC}\uac00-\ud7a3]")
_DIGITS = re.compile(r"\d+")
# "and", "so", "in", "for", "as" and the article are written together with the word that follows.
_ARABIC_BEFORE = re.compile("(?P<and>[وف]?)(?P<to>[بلك]?)(?P<the>(?:ال|ل)?)")
_CYRILLIC = re.compile("[\u0400-\u052f]+")
_CYRILLIC_ENDING = 3  # letters by which a declined name may be longer
_HYPHENATED = re.compile(r"(?<=\w)[-‐‑][ \t]*\n[ \t>]*(?=\w)")
_CAMEL = re.compile(r"(?<=[a-z\d])(?=[A-Z])")
_MONTHS = frozenset(
    {"march", "april", "may", "june", "july", "august", "mars", "avril", "mai", "juin", "juillet", "aout"}
    | {"marzo", "abril", "mayo", "junio", "julio", "agosto", "januar", "mai", "juli"}
)


class Reading:
    """A text as one run of folded letters, and what stands between them.

    HTML's way to write a letter (&shy;) is read as that letter. An `address` writes some in its own way (%20), has no
    capitals to go by, and may put words together as in SilvaPaper.
    """

    def __init__(self, text: str, *, address: bool = False) -> None:
        text = characters(text)
        if address:
            text = _CAMEL.sub("-", unquote(text))
        self.address = address
        self.source = normalize("NFC", _HYPHENATED.sub("-", text))
        words: list[str] = []
        parted: dict[int, int] = {}  # place in the run: sign or space
        folded, place, end = fold(self.source), 0, 0
        for match in _WORD.finditer(folded):
            parted[place] = _SPACE if " " in folded[end : match.start()] else _SIGN
            words.append(match[0])
            place += len(match[0])
            end = match.end()
        self.run = "".join(words)
        parted[0] = parted[place] = _SPACE
        self.parted = parted
        self._also_within_words(words)

    def _also_within_words(self, words: Iterable[str]) -> None:
        """A name may begin and end anywhere in scripts without spaces, and behind what Arabic joins to a word."""
        for match in _ANYWHERE.finditer(self.run):
            self.parted.setdefault(match.start(), _SIGN)
            self.parted.setdefault(match.end(), _SIGN)
        for match in _DIGITS.finditer(self.run):  # "Silva2": the number of a footnote
            self.parted.setdefault(match.start(), _SIGN)
            self.parted.setdefault(match.end(), _SIGN)
        place = 0
        for word in words:
            before = _ARABIC_BEFORE.match(word)
            if before and before.end():
                for group in ("and", "to", "the"):
                    if len(word) - before.end(group) >= LEAST:
                        self.parted.setdefault(place + before.end(group), _SIGN)
            place += len(word)

    def has(self, wanted: Form) -> bool:
        """Whether the form stands here."""
        return next(self._spans(wanted), None) is not None

    def names(self, forms: Iterable[Form]) -> list[tuple[str, str]]:
        """The names found, each once, in the order of the text, with the words around the first; of two of which one
        lies in the other, the longer.
        """
        spans = sorted(
            ((start, -end, one.name) for one in forms for start, end in self._spans(one)),
            key=lambda span: span[:2],
        )
        found: dict[str, str] = {}
        covered = -1
        for start, minus_end, name in spans:
            if -minus_end <= covered:
                continue
            covered = -minus_end
            if name and name not in found:
                first, last = self.origins[start], self.origins[-minus_end - 1]
                found[name] = excerpt(self.source, first, last + 1)
        return list(found.items())

    @cached_property
    def origins(self) -> list[int]:
        """For each letter of the run, its place in the source."""
        folded = fold(self.source)
        lengths = folded_lengths(self.source)
        kept: list[int] = []
        at = 0
        for place, length in enumerate(lengths):
            kept += [place] * (length - folded.count("-", at, at + length) - folded.count(" ", at, at + length))
            at += length
        return kept

    def _spans(self, wanted: Form) -> Iterator[tuple[int, int]]:
        start = self.run.find(wanted.run)
        while start >= 0:
            end = self._end(wanted, start + len(wanted.run))
            if start in self.parted and end and self._fits(wanted, start, end):
                yield start, end
            start = self.run.find(wanted.run, start + 1)

    def _end(self, wanted: Form, end: int) -> int:
        """Where the word ends in which the form ends: there, or, for a family name, after an ending; 0 for neither."""
        if end in self.parted:
            return end
        if wanted.alone and len(wanted.run) > 3:
            if self.run[end] == "s" and end + 1 in self.parted and wanted.run not in ORDINARY_WORDS:
                return end + 1
            if _CYRILLIC.fullmatch(wanted.run):
                return next((one for one in range(end + 1, end + 1 + _CYRILLIC_ENDING) if one in self.parted), 0)
        return 0

    def _fits(self, wanted: Form, start: int, end: int) -> bool:
        inside = range(1, end - start)
        if not wanted.loose and any(
            self.parted.get(start + place) == _SPACE and place not in wanted.breaks for place in inside
        ):
            return False
        if wanted.apart and not all(start + place in self.parted for place in wanted.breaks):
            return False
        if not (wanted.capital or wanted.acronym or wanted.handle):
            return True
        first, last = self.origins[start], self.origins[end - 1]
        if wanted.handle:
            return self.address or "@" in (self.source[max(0, first - 1) : first], self.source[last + 1 : last + 2])
        if wanted.apart and any(self._letter(start + place).islower() for place in (0, *wanted.breaks)):
            return False
        if self.address and len(wanted.breaks) > 0:
            return True  # addresses have no capitals
        written = self.source[first : last + 1]
        if wanted.acronym:
            title_case = written[0].isupper() and len(wanted.run) >= _LEAST_TITLE_CASE
            in_address = self.address and len(wanted.run) >= 3
            return written.isupper() or ((title_case or in_address) and wanted.run not in ORDINARY_WORDS)
        return written[0].isupper() and not (wanted.run in _MONTHS and self._beside_number(start, end, first, last))

    def _letter(self, place: int) -> str:
        return self.source[self.origins[place]]

    def _beside_number(self, start: int, end: int, first: int, last: int) -> bool:
        """Whether the word is the month of a date: "12 May", "May 2023"."""
        before = self.run[start - 1 : start].isdigit() and not self.source[self.origins[start - 1] + 1 : first].strip(
            " ,"
        )
        behind = self.run[end : end + 1].isdigit() and not self.source[last + 1 : self.origins[end]].strip(" ,")
        return before or behind
