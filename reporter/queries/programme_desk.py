"""What changing a programme by hand rests on: series, expected policy issues, who edits, what hangs on a session."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from reporter.models.database import db
from reporter.models.event import EventSeries
from reporter.models.programme import ProgrammeSession, SessionIssue, Track
from reporter.models.report import Report


def series() -> Sequence[EventSeries]:
    """Every series of events, by name."""
    return db.session.scalars(select(EventSeries).order_by(EventSeries.name, EventSeries.id)).all()


def series_by_slug(slug: str) -> EventSeries | None:
    """The series with this short name."""
    return db.session.scalar(select(EventSeries).where(EventSeries.slug == slug))


def track_name(track_id: int | None) -> str:
    """What the track is called; "" for none."""
    track = db.session.get(Track, track_id) if track_id is not None else None
    return track.name if track is not None else ""


def session_issues(session_number: int) -> Sequence[SessionIssue]:
    """The policy issues that a session is expected to touch."""
    return db.session.scalars(
        select(SessionIssue)
        .where(SessionIssue.programme_session_id == session_number)
        .order_by(SessionIssue.policy_issue_id)
    ).all()


def issues_of(session_number: int) -> Sequence[int]:
    """The ids of the policy issues that a session is expected to touch."""
    return [row.policy_issue_id for row in session_issues(session_number)]


def reports_under(session_number: int) -> Sequence[Report]:
    """Every report that a session's rule governs, discarded ones and translations included, locked."""
    hanging = select(Report.number).where(Report.programme_session_id == session_number)
    return db.session.scalars(
        select(Report)
        .where((Report.programme_session_id == session_number) | Report.translation_of.in_(hanging))
        .order_by(Report.number)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).all()


def listed_sessions(event_id: int) -> Sequence[ProgrammeSession]:
    """The sessions of an event that an unlisted one can be joined to."""
    return db.session.scalars(
        select(ProgrammeSession)
        .where(
            ProgrammeSession.event_id == event_id,
            ProgrammeSession.joined_to_id.is_(None),
            ~ProgrammeSession.unlisted | (ProgrammeSession.source != ""),
        )
        .options(joinedload(ProgrammeSession.room))
        .order_by(ProgrammeSession.starts_at, ProgrammeSession.id)
    ).all()
