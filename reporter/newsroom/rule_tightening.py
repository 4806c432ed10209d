"""A rapporteur in the room hears the moderator: the session's rule is tightened at once, and never loosened."""

from datetime import datetime

from reporter.models.people import User
from reporter.models.programme import ProgrammeSession
from reporter.newsroom import programme_desk
from reporter.queries import assignments, people, reports
from reporter.rules.attribution import tightens
from reporter.rules.errors import N_, NotAllowed, WrongState
from reporter.rules.vocabulary import SessionRule


def tighten(session: ProgrammeSession, rule: SessionRule, *, by: User, at: datetime) -> list[int]:
    """Put a session (locked) under a stricter rule; answers the numbers of the reports that were withdrawn for it.

    By the editors of the event, by whoever covers the session, and by the rapporteurs of its report. The same rule
    again does nothing. Raises WrongState for a looser one: that is the editors' decision.
    """
    allow(session, by=by)
    if rule is session.rule:
        return []
    if not tightens(session.rule, rule):
        raise WrongState(N_("Only an editor can loosen the rule of a session. Ask one."))
    return programme_desk.put_under(session, rule, by=by, at=at)


def allow(session: ProgrammeSession, *, by: User) -> None:
    """Raise NotAllowed unless `by` may tighten the session's rule."""
    standing = people.standing(by, session.event_id)
    report = reports.of_session(session.id)
    covers = by.id in {one.user_id for one in assignments.running(session.id)}
    writes = report is not None and reports.rapporteur(report, by) is not None
    if not standing.editor and not (standing.staff and (covers or writes)):
        raise NotAllowed
