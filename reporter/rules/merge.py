"""Three-way merge of two texts that grew from one: paragraph by paragraph, keeping both where they clash.

The plain three-way merge (Khanna, Kunal, Pierce: A Formal Investigation of Diff3, 2007), over paragraphs, key points
and links as units; single-line parts and sets field by field.
"""

import re
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import TypeVar

from reporter.rules.report_text import ReportText

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
    for name in ("headline", "lead", "byline", "language"):
        was, my, their = (getattr(text, name) for text in (base, mine, theirs))
        single[name] = my if their == was else their
        if their != was and my not in (was, their):
            clashes.append(name)
    points, clash = merge_units(base.key_points, mine.key_points, theirs.key_points)
    clashes += ["key_points"] * clash
    links, clash = merge_units(base.links, mine.links, theirs.links)
    clashes += ["links"] * clash
    body, clash = merge_units(*(paragraphs(text.body) for text in (base, mine, theirs)))
    clashes += ["body"] * clash
    issues = _merge_sets(base.policy_issues, mine.policy_issues, theirs.policy_issues)
    processes = _merge_sets(base.processes, mine.processes, theirs.processes)
    return MergedText(
        replace(
            mine,
            **single,
            key_points=tuple(points),
            links=tuple(links),
            body="\n\n".join(body),
            policy_issues=issues,
            processes=processes,
        ),
        tuple(clashes),
    )


def _merge_sets(base: frozenset[int], mine: frozenset[int], theirs: frozenset[int]) -> frozenset[int]:
    return (base & mine & theirs) | ((mine | theirs) - base)


def paragraphs(text: str) -> tuple[str, ...]:
    """The paragraphs of a Markdown text: what blank lines divide, without empty ones."""
    return tuple(part for part in re.split(r"\n[ \t]*\n+", text.strip("\n")) if part.strip())


def merge_units(base: Sequence[Unit], mine: Sequence[Unit], theirs: Sequence[Unit]) -> tuple[list[Unit], bool]:
    """The merged units, and whether the two sides clashed anywhere. No unit that either side added is left out."""
    my_match, their_match = _matches(base, mine), _matches(base, theirs)
    kept = [i for i in range(len(base)) if i in my_match and i in their_match]
    merged: list[Unit] = []
    clash = False
    at = my_at = their_at = 0
    for anchor in [*kept, len(base)]:
        my_end = my_match[anchor] if anchor < len(base) else len(mine)
        their_end = their_match[anchor] if anchor < len(base) else len(theirs)
        units, clashed = _between(base[at:anchor], mine[my_at:my_end], theirs[their_at:their_end])
        merged += units
        clash = clash or clashed
        if anchor < len(base):
            merged.append(base[anchor])
            at, my_at, their_at = anchor + 1, my_end + 1, their_end + 1
    return merged, clash


def _between(base: Sequence[Unit], mine: Sequence[Unit], theirs: Sequence[Unit]) -> tuple[list[Unit], bool]:
    base, mine, theirs = list(base), list(mine), list(theirs)
    if theirs in (base, mine):
        return mine, False
    if mine == base:
        return theirs, False
    added = [unit for unit in theirs if unit not in base and unit not in mine]
    return [*mine, *added], True


def _matches(base: Sequence[Unit], other: Sequence[Unit]) -> dict[int, int]:
    """Which unit of `base` stands where in `other`, in rising order on both sides."""
    blocks = SequenceMatcher(None, list(base), list(other), autojunk=False).get_matching_blocks()
    return {block.a + i: block.b + i for block in blocks for i in range(block.size)}
