"""Who covers which session, and by when each report is due."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from reporter.models.assignment import Assignment
from reporter.models.database import db
from reporter.models.event import Event
from reporter.models.people import User
from reporter.models.programme import ProgrammeSession
from reporter.models.report import Report
from reporter.queries import reports
from reporter.rules import due
from reporter.rules.attribution import takes_report
from reporter.rules.coverage import RUNNING
from reporter.rules.due import Busy
from reporter.rules.vocabulary import PublicState, WorkState


@dataclass(frozen=True)
class Coming:
    """One session that somebody covers: its report, if there is one, and when that is due (aware)."""

    assignment: Assignment
    session: ProgrammeSession
    report: Report | None
    due_at: datetime
    late: bool

    @property
    def handed_in(self) -> bool:
        """Whether a text of it is with the editors, or was public already."""
        return self.report is not None and not _unwritten(self.report)


def one(session_number: int, user_id: int) -> Assignment | None:
    """The assignment of this person to this session, whatever became of it, as it is now."""
    return db.session.scalar(
        select(Assignment)
        .where(Assignment.programme_session_id == session_number, Assignment.user_id == user_id)
        .execution_options(populate_existing=True)
    )


def of_session(session_number: int) -> Sequence[Assignment]:
    """Every assignment of a session with its person: who leads first, then in the order of assigning."""
    return of_sessions([session_number]).get(session_number, [])


def of_sessions(session_numbers: Iterable[int]) -> dict[int, list[Assignment]]:
    """The assignments of each of these sessions that has any, in the order of `of_session`."""
    rows = db.session.scalars(
        select(Assignment)
        .where(Assignment.programme_session_id.in_(list(session_numbers)))
        .options(joinedload(Assignment.user))
        .order_by(Assignment.lead.desc(), Assignment.assigned_at, Assignment.user_id)
        .execution_options(populate_existing=True)
    )
    found: dict[int, list[Assignment]] = {}
    for row in rows:
        found.setdefault(row.programme_session_id, []).append(row)
    return found


def running(session_number: int) -> Sequence[Assignment]:
    """The assignments of a session that run: who leads first."""
    return [row for row in of_session(session_number) if row.state in RUNNING]


def covered(user_ids: Iterable[int]) -> dict[int, list[ProgrammeSession]]:
    """The sessions that each of these people covers, at whatever event, without those that were cancelled."""
    rows = db.session.execute(
        select(Assignment.user_id, ProgrammeSession)
        .join(ProgrammeSession, ProgrammeSession.id == Assignment.programme_session_id)
        .join(Event, Event.id == ProgrammeSession.event_id)
        .where(
            Assignment.user_id.in_(list(user_ids)),
            Assignment.state.in_(RUNNING),
            ProgrammeSession.cancelled_at.is_(None),
            Event.hidden_at.is_(None),
        )
        .options(joinedload(ProgrammeSession.event), joinedload(ProgrammeSession.room))
        .order_by(ProgrammeSession.starts_at, ProgrammeSession.id)
    )
    found: dict[int, list[ProgrammeSession]] = {}
    for user_id, session in rows:
        found.setdefault(user_id, []).append(session)
    return found


def busy(session: ProgrammeSession) -> Busy:
    """From when to when, where and what."""
    return Busy(session.starts_at, session.ends_at, session.room_id, session.title)


def due_at(session: ProgrammeSession, covers: Iterable[ProgrammeSession]) -> datetime:
    """When somebody's report of `session` is due, who covers `covers` besides; what the session itself says comes
    first, then the event's minutes.
    """
    others = [busy(other) for other in covers if other.id != session.id]
    return session.due_at or due.due_at(session.ends_at, session.event.due_minutes, busy=others)


def coming(user: User, event_ids: Iterable[int], *, at: datetime) -> list[Coming]:
    """What `user` covers at these events and still has to sit in or hand in, the soonest due first.

    A cancelled session and one that takes no report are not among them.
    """
    covers = covered([user.id]).get(user.id, [])
    here = set(event_ids)
    mine = {session.id: session for session in covers if session.event_id in here and takes_report(session.rule)}
    written = reports.of_sessions(mine)
    rows = db.session.scalars(
        select(Assignment).where(Assignment.user_id == user.id, Assignment.programme_session_id.in_(list(mine)))
    )
    found = []
    for row in rows:
        session, report = mine[row.programme_session_id], written.get(row.programme_session_id)
        waits = report is None or _unwritten(report)
        if waits or session.ends_at > at:
            limit = due_at(session, covers)
            found.append(Coming(row, session, report, limit, late=waits and limit < at))
    return sorted(found, key=lambda one: (one.due_at, one.session.starts_at, one.session.id))


def _unwritten(report: Report) -> bool:
    return report.public_state is PublicState.NEVER and report.work_state in (WorkState.DRAFT, WorkState.SENT_BACK)
