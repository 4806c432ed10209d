"""What differs between two texts, in words and not in lines, so that it can be read without colour."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from reporter.rules.report_text import ReportText

MAX_WORDS = 20_000  # of both together; a longer text is shown as taken out and put in, paragraph by paragraph
_WORDS = re.compile(r"\s+|[^\s\w]|\w+")


class Change(StrEnum):
    """What became of a piece."""

    SAME = "same"
    OUT = "out"
    IN = "in"


@dataclass(frozen=True)
class Piece:
    """A run of words, and whether it stayed, went or came."""

    change: Change
    words: str


@dataclass(frozen=True)
class Difference:
    """One part of a report that differs, by the name of its field, piece by piece."""

    part: str
    pieces: tuple[Piece, ...]


def differences(old: ReportText, new: ReportText) -> list[Difference]:
    """The parts in which `new` differs from `old`, in the order of the form; subjects are told elsewhere."""
    found = []
    for part in ("headline", "lead", "key_points", "body", "links", "byline", "checked_by"):
        was, now = (_in_words(getattr(text, part)) for text in (old, new))
        if was != now:
            found.append(Difference(part, tuple(pieces(was, now))))
    return found


def pieces(old: str, new: str) -> Iterator[Piece]:
    """`old` and `new` as one run of pieces: those that are the same or OUT make up `old`, the same or IN make `new`."""
    before, after = _WORDS.findall(old), _WORDS.findall(new)
    if len(before) + len(after) > MAX_WORDS:
        before, after = re.findall(r".*\n*|.+", old), re.findall(r".*\n*|.+", new)
    for kind, start, end, new_start, new_end in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "equal":
            yield Piece(Change.SAME, "".join(before[start:end]))
            continue
        if start < end:
            yield Piece(Change.OUT, "".join(before[start:end]))
        if new_start < new_end:
            yield Piece(Change.IN, "".join(after[new_start:new_end]))


def _in_words(value: object) -> str:
    return value if isinstance(value, str) else "\n".join(map(str, value)) if isinstance(value, tuple) else ""
