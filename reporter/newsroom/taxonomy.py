"""The policy issues: loading a starting set."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from reporter.models.database import db
from reporter.models.people import User
from reporter.models.taxonomy import PolicyIssue
from reporter.newsroom import history
from reporter.queries import taxonomy
from reporter.rules.errors import N_, Refused
from reporter.rules.vocabulary import Entry


@dataclass(frozen=True)
class IssueDraft:
    """A policy issue to add; `parent` is the slug of one that is there already or stands before it."""

    slug: str
    name: str
    description: str = ""
    parent: str | None = None


def load(drafts: Sequence[IssueDraft], *, by: User | None, at: datetime) -> int:
    """Add the policy issues that are not there yet, by slug, and leave the others as people made them.

    Answers how many were added. Raises Refused for a parent that does not exist.
    """
    added = 0
    for place, draft in enumerate(drafts):
        if taxonomy.by_slug(draft.slug) is not None:
            continue
        parent = taxonomy.by_slug(draft.parent) if draft.parent else None
        if draft.parent and parent is None:
            raise Refused(N_("The policy issue “%(slug)s” names a parent that does not exist."), slug=draft.slug)
        db.session.add(
            PolicyIssue(
                slug=draft.slug,
                name=draft.name,
                description=draft.description,
                parent_id=parent.id if parent else None,
                parent_depth=parent.depth if parent else None,
                depth=parent.depth + 1 if parent else 0,
                position=place,
            )
        )
        db.session.flush()
        added += 1
    if added:
        history.record(Entry.TAXONOMY_LOADED, by=by, at=at, details={"added": added})
    return added
