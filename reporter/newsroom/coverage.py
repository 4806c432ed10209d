"""The editors' decisions on what is covered."""

from datetime import datetime

from reporter.models.database import db
from reporter.models.people import User
from reporter.models.programme import ProgrammeSession
from reporter.newsroom import history
from reporter.queries import people
from reporter.rules.errors import NotAllowed
from reporter.rules.vocabulary import Cover, Entry


def decide_cover(session: ProgrammeSession, cover: Cover, *, by: User, at: datetime) -> None:
    """Say whether `session` (locked) gets a report; harmless where that was said before. Raises NotAllowed.

    Who is assigned stays assigned, and what is written stays: a decision is a plan.
    """
    if not people.standing(by, session.event_id).editor:
        raise NotAllowed
    before = session.cover
    if before is cover:
        return
    session.cover = cover
    db.session.flush()
    history.record(
        Entry.SESSION_CHANGED,
        by=by,
        at=at,
        event=session.event,
        details={"session": session.id, "cover": cover.value, "cover_before": before.value},
    )
