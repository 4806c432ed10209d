"""The policy issues, the processes, the development goals: loading a starting set."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from reporter.models.database import db
from reporter.models.people import User
from reporter.models.taxonomy import PolicyIssue, Process, SdgTarget
from reporter.newsroom import history
from reporter.queries import taxonomy
from reporter.rules.errors import N_, Refused
from reporter.rules.vocabulary import Entry

FIND: Mapping[type, Callable[[str], PolicyIssue | Process | SdgTarget | None]] = {
    PolicyIssue: taxonomy.by_slug,
    Process: taxonomy.process_by_slug,
    SdgTarget: taxonomy.sdg_target_by_slug,
}


@dataclass(frozen=True)
class TermDraft:
    """A policy issue or a process to add; `parent` is the slug of one that is there already or stands before it."""

    slug: str
    name: str
    description: str = ""
    parent: str | None = None


def load(
    drafts: Sequence[TermDraft],
    *,
    by: User | None,
    at: datetime,
    of: type[PolicyIssue] | type[Process] | type[SdgTarget] = PolicyIssue,
) -> int:
    """Add the terms that are not there yet, by slug, and leave the others as people made them.

    Answers how many were added. Raises Refused for a parent that does not exist.
    """
    find = FIND[of]
    added = 0
    for place, draft in enumerate(drafts):
        if find(draft.slug) is not None:
            continue
        parent = find(draft.parent) if draft.parent else None
        if draft.parent and parent is None:
            raise Refused(N_("“%(slug)s” names a parent that does not exist."), slug=draft.slug)
        db.session.add(
            of(
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
        history.record(Entry.TAXONOMY_LOADED, by=by, at=at, details={"added": added, "of": of.__tablename__})
    return added
