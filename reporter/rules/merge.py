"""Three-way merge of two texts that grew from one: paragraph by paragraph, keeping both where they clash.

The plain three-way merge (Khanna, Kunal, Pierce: A Formal Investigation of Diff3, 2007), over paragraphs, key points
and links as units; single-line parts and sets field by field.
"""

import re
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import TypeVar, cast

from reporter.rules.report_text import ReportText

_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
Unit = TypeVar("Unit", bound=Hashable)


@dataclass(frozen=True)
class MergedText:
    """The merged text, and the names of the parts in which both sides had changed the same place."""

    text: ReportText
    clashes: tuple[str, ...]


def merge(base: ReportText, mine: ReportText, theirs: ReportText) -> MergedText:
    """`base` with the changes of both sides. Where both changed one paragraph, key point or link, both stand, mine
    first; where both changed a single-line part (headline, lead, byline, language), theirs stands.
    """
    clashes: list[str] = []
    single: dict[str, str] = {}
    for name in ("headline", "lead", "byline", "language", "checked_by"):
        was, my, their = (getattr(text, name) for text in (base, mine, theirs))
        single[name] = my if their == was else their
        if their != was and my not in (was, their):
            clashes.append(name)
    points, clash = merge_units(base.key_points, mine.key_points, theirs.key_points)
    clashes += ["key_points"] * clash
    links, clash = merge_units(base.links, mine.links, theirs.links)
    clashes += ["links"] * clash
    body, clash = _merge_bodies(base.body, mine.body, theirs.body)
    clashes += ["body"] * clash
    issues = _merge_sets(base.policy_issues, mine.policy_issues, theirs.policy_issues)
    processes = _merge_sets(base.processes, mine.processes, theirs.processes)
    targets = _merge_sets(base.sdg_targets, mine.sdg_targets, theirs.sdg_targets)
    # Whoever says that the text is whole, or that more follows, said so of the text that they saw last.
    first = mine.first_summary if theirs.first_summary == base.first_summary else theirs.first_summary
    return MergedText(
        replace(
            mine,
            **single,
            key_points=tuple(points),
            links=tuple(links),
            body=body,
            policy_issues=issues,
            processes=processes,
            sdg_targets=targets,
            first_summary=first,
        ),
        tuple(clashes),
    )


def _merge_bodies(base: str, mine: str, theirs: str) -> tuple[str, bool]:
    # A body that one side alone changed stays to the letter.
    if theirs in (base, mine):
        return mine, False
    if mine == base:
        return theirs, False
    merged, clash = merge_units(paragraphs(base), paragraphs(mine), paragraphs(theirs))
    return "\n\n".join(merged), clash


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


def merge_units(base: Sequence[Unit], mine: Sequence[Unit], theirs: Sequence[Unit]) -> tuple[list[Unit], bool]:
    """The merged units, and whether the two sides clashed anywhere. No unit that either side added is left out.

    Changes of neighbouring units do not clash: only those of the same unit do, and additions at one place.
    """
    mine_edits, their_edits = _edits(base, mine), _edits(base, theirs)
    merged: list[Unit] = []
    clash = False
    at = 0
    for start, end in _places([*mine_edits, *their_edits]):
        merged += base[at:start]
        units, clashed = _between(
            base[start:end], _applied(base, mine_edits, start, end), _applied(base, their_edits, start, end)
        )
        merged += units
        clash = clash or clashed
        at = end
    merged += base[at:]
    return merged, clash


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


def _between(base: Sequence[Unit], mine: Sequence[Unit], theirs: Sequence[Unit]) -> tuple[list[Unit], bool]:
    base, mine, theirs = list(base), list(mine), list(theirs)
    if theirs in (base, mine):
        return mine, False
    if mine == base:
        return theirs, False
    # What one side took out and the other left alone stays out.
    kept = [unit for unit in mine if unit not in base or unit in theirs]
    return [*kept, *(unit for unit in theirs if unit not in base and unit not in mine)], True
