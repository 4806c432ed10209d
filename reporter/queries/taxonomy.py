"""The policy issues and the processes, each as a tree. `of` names the table: issues where it is left out."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

from sqlalchemy import select

from reporter.models.database import db
from reporter.models.taxonomy import PolicyIssue, Process, SdgTarget, Tree

Term = TypeVar("Term", bound=Tree)


def policy_issues() -> Sequence[PolicyIssue]:
    """Every policy issue in use, parents before their children, in the tree's order."""
    return _tree(PolicyIssue)


def processes() -> Sequence[Process]:
    """Every process in use, parents before their children, in the tree's order."""
    return _tree(Process)


def sdg_targets() -> Sequence[SdgTarget]:
    """The Sustainable Development Goals, each followed by its targets."""
    return _tree(SdgTarget)


def _tree(of: type[Term]) -> Sequence[Term]:
    every = db.session.scalars(
        select(of).where(of.retired_at.is_(None), of.merged_into_id.is_(None)).order_by(of.position, of.id)
    ).all()
    children: dict[int | None, list[Term]] = {}
    for term in every:
        children.setdefault(term.parent_id, []).append(term)

    def walk(parent: int | None) -> Iterable[Term]:
        for term in children.get(parent, []):
            yield term
            yield from walk(term.id)

    return list(walk(None))


def by_slug(slug: str) -> PolicyIssue | None:
    """The policy issue at this address."""
    return db.session.scalar(select(PolicyIssue).where(PolicyIssue.slug == slug))


def process_by_slug(slug: str) -> Process | None:
    """The process at this address."""
    return db.session.scalar(select(Process).where(Process.slug == slug))


def sdg_target_by_slug(slug: str) -> SdgTarget | None:
    """The goal or target with this code."""
    return db.session.scalar(select(SdgTarget).where(SdgTarget.slug == slug))


def by_ids(ids: Iterable[int]) -> Mapping[int, PolicyIssue]:
    """The policy issues with these ids, by id; ids of none are left out."""
    return _by_ids(PolicyIssue, ids)


def processes_by_ids(ids: Iterable[int]) -> Mapping[int, Process]:
    """The processes with these ids, by id; ids of none are left out."""
    return _by_ids(Process, ids)


def sdg_targets_by_ids(ids: Iterable[int]) -> Mapping[int, SdgTarget]:
    """The goals and targets with these ids, by id; ids of none are left out."""
    return _by_ids(SdgTarget, ids)


def _by_ids(of: type[Term], ids: Iterable[int]) -> Mapping[int, Term]:
    rows = db.session.scalars(select(of).where(of.id.in_(list(ids))))
    return {term.id: term for term in rows}


def now_called(term: Term) -> Term:
    """The term itself, or the one into which it was merged, however many steps away."""
    seen = {term.id}
    while term.merged_into_id is not None and term.merged_into_id not in seen:
        target = db.session.get(type(term), term.merged_into_id)
        if target is None:
            break
        seen.add(target.id)
        term = target
    return term


def with_ancestors(ids: Iterable[int]) -> frozenset[int]:
    """These policy issues, what they were merged into, and every parent above: a parent includes its children."""
    return _with_ancestors(PolicyIssue, ids)


def processes_with_ancestors(ids: Iterable[int]) -> frozenset[int]:
    """The same of processes."""
    return _with_ancestors(Process, ids)


def _with_ancestors(of: type[Term], ids: Iterable[int]) -> frozenset[int]:
    found: dict[int, Term] = {}
    wanted = set(ids)
    while wanted:
        rows = _by_ids(of, wanted)
        found.update(rows)
        above = {term.parent_id for term in rows.values()} | {term.merged_into_id for term in rows.values()}
        wanted = {one for one in above if one is not None} - found.keys()
    return frozenset(found)
