"""Three-way merge of two texts that grew from one: paragraph by paragraph, keeping both where they clash.

The plain three-way merge (Khanna, Kunal, Pierce: A Formal Investigation of Diff3, 2007), over paragraphs, key points
and links as units; single-line parts and sets field by field.
"""

import re
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Generic, TypeVar, cast

from reporter.rules.report_text import ReportText

_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
Unit = TypeVar("Unit", bound=Hashable)


class Choice(StrEnum):
    """Which side stands where the two clash."""

    MINE = "mine"
    THEIRS = "theirs"
    BOTH = "both"


@dataclass(frozen=True)
class Clash:
    """One place that both sides changed. `place` counts the clashes of a part from 0; "" is what a side took out."""

    part: str
    place: int
    mine: str
    theirs: str


@dataclass(frozen=True)
class MergedText:
    """The merged text, the names of the parts in which both sides had changed the same place, and those places."""

    text: ReportText
    clashes: tuple[str, ...]
    places: tuple[Clash, ...] = field(default=(), compare=False)


Choose = Callable[[Clash], Choice]
SINGLE = ("headline", "lead", "byline", "language", "checked_by")


def kept_by_itself(clash: Clash) -> Choice:
    """What stands where nobody is there to choose: both; of a part that has one line, theirs."""
    return Choice.THEIRS if clash.part in SINGLE else Choice.BOTH


def merge(base: ReportText, mine: ReportText, theirs: ReportText, *, choose: Choose = kept_by_itself) -> MergedText:
    """`base` with the changes of both sides. Where both changed one single-line part, paragraph, key point or link,
    `choose` says what stands; of both, mine comes first.
    """
    places: list[Clash] = []
    single: dict[str, str] = {}
    for name in SINGLE:
        was, my, their = (getattr(text, name) for text in (base, mine, theirs))
        single[name] = my if their == was else their
        if their != was and my not in (was, their):
            clash = Clash(name, 0, my, their)
            places.append(clash)
            # Two headlines do not make one: whoever wants both goes on from mine, and finds theirs among the saves.
            single[name] = their if choose(clash) is Choice.THEIRS else my
    points = _merge_rows("key_points", base.key_points, mine.key_points, theirs.key_points, choose, places)
    links = _merge_rows("links", base.links, mine.links, theirs.links, choose, places)
    body = _merge_bodies(base.body, mine.body, theirs.body, choose, places)
    # Whoever says that the text is whole, or that more follows, said so of the text that they saw last.
    first = mine.first_summary if theirs.first_summary == base.first_summary else theirs.first_summary
    return MergedText(
        replace(
            mine,
            **single,
            key_points=tuple(points),
            links=tuple(links),
            body=body,
            policy_issues=_merge_sets(base.policy_issues, mine.policy_issues, theirs.policy_issues),
            processes=_merge_sets(base.processes, mine.processes, theirs.processes),
            sdg_targets=_merge_sets(base.sdg_targets, mine.sdg_targets, theirs.sdg_targets),
            first_summary=first,
        ),
        tuple(dict.fromkeys(clash.part for clash in places)),
        tuple(places),
    )


def _merge_bodies(base: str, mine: str, theirs: str, choose: Choose, places: list[Clash]) -> str:
    # A body that one side alone changed stays to the letter.
    if theirs in (base, mine):
        return mine
    if mine == base:
        return theirs
    was, my, their = paragraphs(base), paragraphs(mine), paragraphs(theirs)
    return "\n\n".join(_merge_rows("body", was, my, their, choose, places))


def _merge_rows(
    part: str, base: Sequence[Unit], mine: Sequence[Unit], theirs: Sequence[Unit], choose: Choose, places: list[Clash]
) -> list[Unit]:
    """The merged units of one part; each clash is added to `places`."""
    between = "\n\n" if part == "body" else "\n"
    merged: list[Unit] = []
    count = 0
    for piece in pieces(base, mine, theirs):
        if not piece.clash:
            merged += piece.units
            continue
        clash = Clash(part, count, *(between.join(map(str, side)) for side in (piece.mine, piece.theirs)))
        places.append(clash)
        count += 1
        merged += {Choice.MINE: piece.mine, Choice.THEIRS: piece.theirs, Choice.BOTH: piece.units}[choose(clash)]
    return merged


def _merge_sets(base: frozenset[int], mine: frozenset[int], theirs: frozenset[int]) -> frozenset[int]:
    return (base & mine & theirs) | ((mine | theirs) - base)


def paragraphs(text: str) -> tuple[str, ...]:
    """The paragraphs of a Markdown text: what blank lines divide, without empty ones; a block of code is one."""
    found: list[list[str]] = [[]]
    fence = ""
    for line in text.strip("\n").split("\n"):
        mark = _FENCE.match(line)
        if mark and not fence:
            fence = mark[1]
        elif mark and line.strip().startswith(fence) and not line.strip().strip(fence[0]):
            fence = ""
        elif not fence and not line.strip():
            found.append([])
            continue
        found[-1].append(line)
    return tuple("\n".join(lines) for lines in found if "".join(lines).strip())


@dataclass(frozen=True)
class Piece(Generic[Unit]):
    """A stretch of a merge: `units` stand there by themselves; in a clash, `mine` and `theirs` are the two sides."""

    units: tuple[Unit, ...]
    mine: tuple[Unit, ...] = ()
    theirs: tuple[Unit, ...] = ()
    clash: bool = False


def merge_units(base: Sequence[Unit], mine: Sequence[Unit], theirs: Sequence[Unit]) -> tuple[list[Unit], bool]:
    """The merged units, and whether the two sides clashed anywhere. No unit that either side added is left out."""
    found = pieces(base, mine, theirs)
    return [unit for piece in found for unit in piece.units], any(piece.clash for piece in found)


def pieces(base: Sequence[Unit], mine: Sequence[Unit], theirs: Sequence[Unit]) -> list[Piece[Unit]]:
    """The merge as a row of pieces.

    Changes of neighbouring units do not clash: only those of the same unit do, and additions at one place.
    """
    mine_edits, their_edits = _edits(base, mine), _edits(base, theirs)
    found: list[Piece[Unit]] = []
    at = 0
    for start, end in _places([*mine_edits, *their_edits]):
        found.append(Piece(tuple(base[at:start])))
        found.append(
            _between(base[start:end], _applied(base, mine_edits, start, end), _applied(base, their_edits, start, end))
        )
        at = end
    found.append(Piece(tuple(base[at:])))
    return found


@dataclass(frozen=True)
class _Edit:
    """`base[start:end]` became `units`; an addition has start == end."""

    start: int
    end: int
    units: tuple[Hashable, ...]


def _edits(base: Sequence[Unit], other: Sequence[Unit]) -> list[_Edit]:
    opcodes = SequenceMatcher(None, list(base), list(other), autojunk=False).get_opcodes()
    edits: list[_Edit] = []
    for kind, start, end, other_start, other_end in opcodes:
        if kind == "equal":
            continue
        units = tuple(other[other_start:other_end])
        if len(units) == end - start:  # paragraph for paragraph, so that only the same one can clash
            edits += [_Edit(start + i, start + i + 1, (unit,)) for i, unit in enumerate(units)]
        else:
            edits.append(_Edit(start, end, units))
    return edits


def _places(edits: Sequence[_Edit]) -> list[tuple[int, int]]:
    """The ranges of the base that are changed, with those that overlap, or that add at one place, taken together."""
    places: list[tuple[int, int]] = []
    for start, end in sorted((edit.start, edit.end) for edit in edits):
        if places and (start < places[-1][1] or (start, end) == places[-1]):
            places[-1] = (places[-1][0], max(places[-1][1], end))
        else:
            places.append((start, end))
    return places


def _applied(base: Sequence[Unit], edits: Sequence[_Edit], start: int, end: int) -> list[Unit]:
    """`base[start:end]` with the edits that lie in it."""
    units: list[Unit] = []
    at = start
    for edit in edits:
        inside = start <= edit.start and edit.end <= end
        # An addition at the border belongs to the place that is nothing but that border, if there is one.
        if inside and (edit.start < edit.end or start == end or start < edit.start < end):
            units += base[at : edit.start]
            units += cast("tuple[Unit, ...]", edit.units)
            at = edit.end
    return [*units, *base[at:end]]


def _between(base: Sequence[Unit], mine: Sequence[Unit], theirs: Sequence[Unit]) -> Piece[Unit]:
    base, mine, theirs = tuple(base), tuple(mine), tuple(theirs)
    if theirs in (base, mine):
        return Piece(mine)
    if mine == base:
        return Piece(theirs)
    # What one side took out and the other left alone stays out.
    kept = (unit for unit in mine if unit not in base or unit in theirs)
    added = (unit for unit in theirs if unit not in base and unit not in mine)
    return Piece((*kept, *added), mine, theirs, clash=True)
