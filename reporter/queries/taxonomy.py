"""The policy issues as a tree."""

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import select

from reporter.models.database import db
from reporter.models.taxonomy import PolicyIssue


def policy_issues() -> Sequence[PolicyIssue]:
    """Every policy issue in use, parents before their children, in the tree's order."""
    every = db.session.scalars(
        select(PolicyIssue)
        .where(PolicyIssue.retired_at.is_(None), PolicyIssue.merged_into_id.is_(None))
        .order_by(PolicyIssue.position, PolicyIssue.id)
    ).all()
    children: dict[int | None, list[PolicyIssue]] = {}
    for issue in every:
        children.setdefault(issue.parent_id, []).append(issue)

    def walk(parent: int | None) -> Iterable[PolicyIssue]:
        for issue in children.get(parent, []):
            yield issue
            yield from walk(issue.id)

    return list(walk(None))


def by_slug(slug: str) -> PolicyIssue | None:
    """The policy issue at this address."""
    return db.session.scalar(select(PolicyIssue).where(PolicyIssue.slug == slug))


def by_ids(ids: Iterable[int]) -> Mapping[int, PolicyIssue]:
    """The policy issues with these ids, by id; ids of none are left out."""
    rows = db.session.scalars(select(PolicyIssue).where(PolicyIssue.id.in_(list(ids))))
    return {issue.id: issue for issue in rows}


def now_called(issue: PolicyIssue) -> PolicyIssue:
    """The policy issue itself, or the one into which it was merged, however many steps away."""
    seen = {issue.id}
    while issue.merged_into_id is not None and issue.merged_into_id not in seen:
        target = db.session.get(PolicyIssue, issue.merged_into_id)
        if target is None:
            break
        seen.add(target.id)
        issue = target
    return issue


def with_ancestors(ids: Iterable[int]) -> frozenset[int]:
    """These policy issues, what they were merged into, and every parent above: a parent includes its children."""
    found: dict[int, PolicyIssue] = {}
    wanted = set(ids)
    while wanted:
        rows = by_ids(wanted)
        found.update(rows)
        above = {issue.parent_id for issue in rows.values()} | {issue.merged_into_id for issue in rows.values()}
        wanted = {one for one in above if one is not None} - found.keys()
    return frozenset(found)
