"""Editors on duty, who leads an event, and what the lead editor hears when nobody is on duty."""

from datetime import datetime

from reporter.models.assignment import EditorDuty
from reporter.models.database import db
from reporter.models.event import Event
from reporter.models.people import User
from reporter.models.report import Report
from reporter.newsroom import history, notices
from reporter.newsroom import people as accounts
from reporter.queries import duty, people
from reporter.queries import notices as told
from reporter.rules.errors import N_, NotAllowed, Refused
from reporter.rules.vocabulary import Entry, NoticeKind


def go_on(event: Event, *, until: datetime, by: User, at: datetime) -> EditorDuty:
    """`by`, an editor of the event (locked), is on duty until then (aware); a later press moves the end."""
    if not people.standing(by, event.id).editor:
        raise NotAllowed
    if until <= at:
        raise Refused(N_("Choose an end that is still to come."))
    row = _place(event, by)
    row.on_duty_until = until
    db.session.flush()
    history.record(Entry.ON_DUTY, by=by, at=at, event=event, user=by, details={"until": until.isoformat()})
    return row


def go_off(event: Event, *, by: User, at: datetime) -> None:
    """`by` is not on duty any more; harmless where that is so already."""
    if not people.standing(by, event.id).editor:
        raise NotAllowed
    row = duty.one(event.id, by.id)
    if row is None or row.on_duty_until is None:
        return
    row.on_duty_until = None
    db.session.flush()
    history.record(Entry.ON_DUTY, by=by, at=at, event=event, user=by, details={"until": ""})


def allow_lead(event: Event, *, by: User) -> None:
    """Raise NotAllowed unless `by` may say who leads the event: its editors and its administrators."""
    if not people.standing(by, event.id).editor:
        accounts.allow(event, by=by)


def set_lead(event: Event, user: User | None, *, by: User, at: datetime) -> None:
    """`user` (None: nobody) leads the event (locked). Raises Refused for somebody who does not edit there."""
    allow_lead(event, by=by)
    if user is not None and user.id not in {editor.id for editor in people.editors(event.id)}:
        raise Refused(N_("Choose an editor of the event."))
    before = duty.leads(event.id)
    if (before.user_id if before else None) == (user.id if user else None):
        return
    if before is not None:
        before.lead = False
        db.session.flush()  # before another leads: at most one row may say so at any moment
    if user is not None:
        _place(event, user).lead = True
        db.session.flush()
    history.record(Entry.EVENT_CHANGED, by=by, at=at, event=event, user=user, details={"part": "lead_editor"})


def report_waits(report: Report, *, headline: str, by: User, at: datetime) -> None:
    """A report was handed in: where nobody is on duty, the lead editor is told, once until that was read."""
    lead = duty.lead_editor(report.event_id)
    if lead is None or lead.id == by.id or duty.on_duty(report.event_id, at=at):
        return
    kind = NoticeKind.WAITS_WITHOUT_EDITOR
    if not told.waits_unread(lead, kind, report.number):
        session, title = report.programme_session, {"title": headline}
        notices.tell(lead, kind, event=report.event, programme_session=session, report=report, details=title, at=at)


def _place(event: Event, user: User) -> EditorDuty:
    row = duty.one(event.id, user.id)
    if row is None:
        row = EditorDuty(event_id=event.id, user_id=user.id, lead=False)
        db.session.add(row)
        db.session.flush()
    return row
