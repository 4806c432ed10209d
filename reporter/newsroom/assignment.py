"""Who covers which session: assigned by an editor, taken, answered, handed over, taken away; one of them leads."""

from collections.abc import Sequence
from datetime import datetime

from reporter.models.assignment import Assignment
from reporter.models.database import db
from reporter.models.people import User
from reporter.models.programme import ProgrammeSession
from reporter.newsroom import filing, history, notices
from reporter.queries import assignments, duty, people, reports
from reporter.rules import due
from reporter.rules.attribution import takes_report
from reporter.rules.coverage import RUNNING
from reporter.rules.errors import N_, NotAllowed, Refused, WrongState
from reporter.rules.report_text import one_line
from reporter.rules.vocabulary import AssignmentState, Entry, NoticeKind

MAX_NOTE = 500  # characters
Remark = tuple[str, dict[str, object]]  # a message id and its values


def assign(
    session: ProgrammeSession, user: User, *, by: User, at: datetime, lead: bool = False, note: str = ""
) -> Assignment:
    """`by`, an editor, lets `user` cover the session (loaded `for_change`). The first leads, or who comes with `lead`.

    An assignment that ended runs again; one that runs stays as it is, but for the lead. Raises Refused for somebody
    who neither writes nor edits at the event, WrongState for a session that is closed or cancelled.
    """
    _allow_editor(session, by)
    _allow_coverage(session)
    _allow_person(session, user)
    note = _note(note)
    there = assignments.one(session.id, user.id)
    if there is not None and there.state in RUNNING:
        there.note = note or there.note
        if lead:
            make_lead(session, user, by=by, at=at)
        return there
    leads = lead or not assignments.running(session.id)
    row = _run(session, user, lead=leads, note=note, by=by, at=at, accepted=user.id == by.id)
    history.record(
        Entry.ASSIGNMENT_MADE, by=by, at=at, event=session.event, user=user, details=_details(session, lead=leads)
    )
    _tell(user, NoticeKind.ASSIGNED, session, by=by, at=at, note=note)
    return row


def make_lead(session: ProgrammeSession, user: User, *, by: User, at: datetime) -> None:
    """`by`, an editor, lets `user`, whose assignment runs, lead the session; whoever led before covers it still."""
    _allow_editor(session, by)
    row = _running(session, user)
    if row.lead:
        return
    _lead(session, row)
    history.record(
        Entry.ASSIGNMENT_MADE, by=by, at=at, event=session.event, user=user, details=_details(session, lead=True)
    )


def take(session: ProgrammeSession, *, by: User, at: datetime) -> Assignment:
    """`by` covers a session that nobody covers, and leads it. Raises WrongState where somebody does already."""
    _allow_staff(session, by)
    _allow_coverage(session)
    others = assignments.running(session.id)
    mine = next((row for row in others if row.user_id == by.id), None)
    if others and mine is None:
        raise WrongState(N_("%(name)s covers this session already."), name=others[0].user.name)
    if mine is not None:
        return _answer(mine, session, AssignmentState.ACCEPTED, by=by, at=at)
    row = _run(session, by, lead=True, note="", by=by, at=at, accepted=True)
    history.record(
        Entry.ASSIGNMENT_MADE, by=by, at=at, event=session.event, user=by, details=_details(session, lead=True)
    )
    return row


def accept(session: ProgrammeSession, *, by: User, at: datetime) -> Assignment:
    """`by` will cover the session that was assigned to them; harmless when repeated."""
    return _answer(_own(session, by), session, AssignmentState.ACCEPTED, by=by, at=at)


def decline(session: ProgrammeSession, *, by: User, at: datetime, note: str = "") -> Assignment:
    """`by` does not cover the session, whatever was said before. The lead passes on, and the editors are told."""
    row, note = _own(session, by), _note(note)
    _end(session, row, AssignmentState.DECLINED, at=at)
    row.note = note
    _answered(row, session, by=by, at=at)
    for editor in duty.hears(session.event_id, at=at, but=by):
        _tell(editor, NoticeKind.DECLINED, session, by=by, at=at, note=note)
    return row


def take_away(session: ProgrammeSession, user: User, *, by: User, at: datetime) -> Assignment:
    """`by`, an editor, ends the assignment of `user`, who is told. The lead passes on."""
    _allow_editor(session, by)
    row = _running(session, user)
    _end(session, row, AssignmentState.TAKEN_AWAY, at=at)
    _ended(row, session, user, by=by, at=at)
    _tell(user, NoticeKind.TAKEN_AWAY, session, by=by, at=at)
    return row


def hand_over(session: ProgrammeSession, *, to: User, by: User, at: datetime, user: User | None = None) -> Assignment:
    """`by` hands the session over to `to`; an editor may do so for `user`. The lead and the draft go with it.

    Both keep access to the report. Answers the assignment of `to`, who is told.
    """
    giver = user or by
    if giver.id == by.id:
        old = _own(session, by)
    else:
        _allow_editor(session, by)
        old = _running(session, giver)
    _allow_coverage(session)
    _allow_person(session, to)
    if to.id == giver.id:
        raise Refused(N_("Choose somebody else to hand this session over to."))
    leads = old.lead
    _end(session, old, AssignmentState.HANDED_OVER, at=at, pass_on=False)
    _ended(old, session, giver, by=by, at=at)
    there = assignments.one(session.id, to.id)
    if there is not None and there.state in RUNNING:
        row = there
        if leads:
            _lead(session, row)
    else:
        row = _run(session, to, lead=leads, note="", by=by, at=at, accepted=to.id == by.id)
    history.record(
        Entry.ASSIGNMENT_MADE, by=by, at=at, event=session.event, user=to, details=_details(session, lead=row.lead)
    )
    report = reports.of_session(session.id)
    if report is not None:
        filing.add_rapporteur(report, to, by=by, at=at)
    _tell(to, NoticeKind.HANDED_OVER, session, by=by, at=at)
    if giver.id != by.id:
        _tell(giver, NoticeKind.TAKEN_AWAY, session, by=by, at=at)
    return row


def warnings(
    session: ProgrammeSession, user: User, *, covers: Sequence[ProgrammeSession] | None = None
) -> list[Remark]:
    """What an editor should know of `user` covering the session; no refusal. `covers` is what they cover, if known."""
    if covers is None:
        covers = assignments.covered([user.id]).get(user.id, [])
    others = [assignments.busy(other) for other in covers if other.id != session.id]
    found: list[Remark] = [
        (message, {"title": other.title}) for message, other in due.clashes(assignments.busy(session), others)
    ]
    name = _folded(user.name)
    if any(_folded(one.speaker.name) == name for one in session.speakers):
        found.append((N_("%(name)s speaks in this session."), {"name": user.name}))
    return found


def _allow_editor(session: ProgrammeSession, by: User) -> None:
    if not people.standing(by, session.event_id).editor:
        raise NotAllowed


def _allow_staff(session: ProgrammeSession, by: User) -> None:
    if not people.standing(by, session.event_id).staff:
        raise NotAllowed


def _allow_coverage(session: ProgrammeSession) -> None:
    if session.cancelled_at is not None:
        raise WrongState(N_("This session is cancelled: nobody covers it."))
    if not takes_report(session.rule):
        raise WrongState(N_("This session is closed: no report is written of it."))


def _allow_person(session: ProgrammeSession, user: User) -> None:
    if not user.active:
        raise Refused(N_("The account of %(name)s is disabled. Choose somebody else."), name=user.name)
    if not people.standing(user, session.event_id).staff:
        raise Refused(N_("%(name)s neither writes nor edits at this event. Choose somebody else."), name=user.name)


def _own(session: ProgrammeSession, by: User) -> Assignment:
    """The running assignment of who asks."""
    _allow_staff(session, by)
    row = assignments.one(session.id, by.id)
    if row is None:
        raise NotAllowed(N_("This session is not assigned to you. Ask an editor of the event."))
    if row.state not in RUNNING:
        raise WrongState(N_("You do not cover this session any more. Look at it again before you decide."))
    return row


def _running(session: ProgrammeSession, user: User) -> Assignment:
    row = assignments.one(session.id, user.id)
    if row is None or row.state not in RUNNING:
        raise WrongState(
            N_("%(name)s does not cover this session. Look at it again before you decide."), name=user.name
        )
    return row


def _run(
    session: ProgrammeSession, user: User, *, lead: bool, note: str, by: User, at: datetime, accepted: bool
) -> Assignment:
    """An assignment that begins, or begins again."""
    row = assignments.one(session.id, user.id)
    if row is None:
        row = Assignment(programme_session_id=session.id, user_id=user.id, lead=False)
        db.session.add(row)
    row.state = AssignmentState.ACCEPTED if accepted else AssignmentState.ASSIGNED
    row.note, row.assigned_by_id, row.assigned_at = note, by.id, at
    row.answered_at = at if accepted else None
    db.session.flush()
    if lead:
        _lead(session, row)
    return row


def _lead(session: ProgrammeSession, row: Assignment) -> None:
    for other in assignments.running(session.id):
        other.lead = False
    db.session.flush()  # before another leads: at most one row may say so at any moment
    row.lead = True
    db.session.flush()


def _end(
    session: ProgrammeSession, row: Assignment, state: AssignmentState, *, at: datetime, pass_on: bool = True
) -> None:
    led = row.lead
    row.state, row.lead, row.answered_at = state, False, at
    db.session.flush()
    rest = assignments.running(session.id) if led and pass_on else ()
    if rest:
        _lead(session, rest[0])


def _answer(
    row: Assignment, session: ProgrammeSession, state: AssignmentState, *, by: User, at: datetime
) -> Assignment:
    if row.state is not state:
        row.state, row.answered_at = state, at
        db.session.flush()
        _answered(row, session, by=by, at=at)
    return row


def _answered(row: Assignment, session: ProgrammeSession, *, by: User, at: datetime) -> None:
    notices.mark_answered(session, by=by, at=at)
    details: dict[str, str | int | None] = {"session": session.id, "state": row.state.value}
    history.record(Entry.ASSIGNMENT_ANSWERED, by=by, at=at, event=session.event, user=by, details=details)


def _ended(row: Assignment, session: ProgrammeSession, user: User, *, by: User, at: datetime) -> None:
    details: dict[str, str | int | None] = {"session": session.id, "state": row.state.value}
    history.record(Entry.ASSIGNMENT_ENDED, by=by, at=at, event=session.event, user=user, details=details)


def _details(session: ProgrammeSession, *, lead: bool) -> dict[str, str | int | None]:
    return {"session": session.id, "lead": 1 if lead else None}


def _tell(user: User, kind: NoticeKind, session: ProgrammeSession, *, by: User, at: datetime, note: str = "") -> None:
    """Tell somebody what another did; nobody is told of what they did themselves."""
    if user.id != by.id:
        details = {"by": by.name, **({"note": note} if note else {})}
        notices.tell(user, kind, event=session.event, programme_session=session, details=details, at=at)


def _note(text: str) -> str:
    text = one_line(text)
    if len(text) > MAX_NOTE:
        raise Refused(N_("A note has at most %(limit)s characters. Shorten it."), limit=MAX_NOTE)
    return text


def _folded(name: str) -> str:
    return " ".join(name.casefold().split())
