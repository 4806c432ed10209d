"""Telling people something on the desk, until they have read it."""

from collections.abc import Mapping
from datetime import datetime

from reporter.models.assignment import Notice
from reporter.models.database import db
from reporter.models.event import Event
from reporter.models.people import User
from reporter.models.programme import ProgrammeSession
from reporter.models.report import Report
from reporter.queries import assignments, notices
from reporter.rules.coverage import RUNNING
from reporter.rules.errors import N_, NotFound
from reporter.rules.vocabulary import NoticeKind

# The parts of a session of which a change means that it moved.
MOVED = frozenset({"starts_at", "ends_at", "room_id"})
# A message id each; %(event)s, %(title)s (of the session) and whatever stands in the notice's details may be used.
SENTENCES: Mapping[NoticeKind, str] = {
    NoticeKind.PROGRAMME_CHANGED: N_(
        "The programme of %(event)s has changed: %(added)s added, %(changed)s changed, %(cancelled)s cancelled."
    ),
    NoticeKind.PROGRAMME_UNREACHABLE: N_("The programme of %(event)s could not be read at its address."),
    NoticeKind.SESSION_MOVED: N_("“%(title)s” was moved. Look at its time and room."),
    NoticeKind.SESSION_CANCELLED: N_("“%(title)s” is cancelled."),
    NoticeKind.ASSIGNED: N_("%(by)s asks you to cover “%(title)s”."),
    NoticeKind.TAKEN_AWAY: N_("You do not cover “%(title)s” any more: %(by)s changed that."),
    NoticeKind.DECLINED: N_("%(by)s cannot cover “%(title)s”."),
    NoticeKind.HANDED_OVER: N_("%(by)s hands “%(title)s” over to you."),
    NoticeKind.RULE_TIGHTENED: N_("Less may be said of who spoke in “%(title)s” than before. Look at your text."),
    NoticeKind.WAITS_WITHOUT_EDITOR: N_("A report of “%(title)s” is handed in, and no editor is on duty."),
}


def tell(
    user: User,
    kind: NoticeKind,
    *,
    event: Event,
    at: datetime,
    programme_session: ProgrammeSession | None = None,
    report: Report | None = None,
    details: Mapping[str, str | int] | None = None,
) -> Notice:
    """Tell `user` something of the event; `details` are values for its sentence; a `note` among them is shown below."""
    row = Notice(
        user_id=user.id,
        event_id=event.id,
        programme_session_id=programme_session.id if programme_session else None,
        report_number=report.number if report else None,
        kind=kind,
        details=dict(details or {}),
        told_at=at,
    )
    db.session.add(row)
    db.session.flush()
    return row


def tell_covering(session: ProgrammeSession, kind: NoticeKind, *, event: Event, by: User | None, at: datetime) -> None:
    """Tell everybody whose assignment to the session runs, but for whoever did it."""
    for one in assignments.of_session(session.id):
        if one.state in RUNNING and (by is None or one.user_id != by.id):
            tell(one.user, kind, event=event, programme_session=session, at=at)


def sentence(notice: Notice) -> tuple[str, dict[str, object]]:
    """What the notice says: a message id and its values. The session's title is the present one."""
    session = notice.programme_session
    unsaid = {"title": "", "by": "", "added": 0, "changed": 0, "cancelled": 0}
    values: dict[str, object] = {**unsaid, "event": notice.event.name, **notice.details}
    if session is not None:
        values["title"] = session.title
    return SENTENCES[notice.kind], values


def mark_read(notice: Notice, *, by: User, at: datetime) -> None:
    """`by` has read what they were told; harmless when repeated. Raises NotFound for somebody else's."""
    if notice.user_id != by.id:
        raise NotFound
    notice.read_at = notice.read_at or at
    db.session.flush()


def mark_answered(session: ProgrammeSession, *, by: User, at: datetime) -> None:
    """`by` answered whether they cover the session, and so has read that they were asked to."""
    for row in notices.unread_of_session(by, session.id, NoticeKind.ASSIGNED, NoticeKind.HANDED_OVER):
        row.read_at = at
    db.session.flush()


def mark_all_read(*, up_to: int, by: User, at: datetime) -> None:
    """`by` has read everything up to the notice with this number; what came later stays unread."""
    for row in notices.unread_until(by, up_to):
        row.read_at = at
    db.session.flush()
