"""Texts that could not become part of their report: kept, shown to their writer and the editors, and looked after."""

from datetime import datetime
from uuid import uuid4

from reporter.models.database import db
from reporter.models.event import Event
from reporter.models.people import User
from reporter.models.programme import ProgrammeSession
from reporter.models.report import HeldText, PrivateNotes, Report
from reporter.newsroom import filing, history, private_notes, revisions, saving
from reporter.newsroom.saving import Kept
from reporter.queries import held_texts, people, reports
from reporter.rules.errors import N_, NotAllowed, WrongState
from reporter.rules.report_text import ReportText
from reporter.rules.vocabulary import Entry, HeldCause, HeldEnd, WorkState

# Why a text is held, as its writer reads it.
SENTENCES = {
    HeldCause.NO_ROLE: N_("You do not write at this event any more."),
    HeldCause.REASSIGNED: N_("Somebody else writes this report now."),
    HeldCause.ACCOUNT_DISABLED: N_("This account was closed meanwhile."),
    HeldCause.SESSION_CLOSED: N_("This session is closed: no report is written of it."),
    HeldCause.SESSION_CANCELLED: N_("This session is cancelled."),
    HeldCause.BEGUN_TWICE: N_("The report of this session had been begun elsewhere meanwhile."),
    HeldCause.APPROVED: N_("An editor had approved this report meanwhile."),
    HeldCause.PUBLISHED: N_("This report was published meanwhile."),
    HeldCause.WITHDRAWN: N_("This report was withdrawn meanwhile."),
    HeldCause.DISCARDED: N_("This report was discarded meanwhile."),
    HeldCause.FILED_BY_ANOTHER: N_("Somebody else had handed this report in meanwhile."),
}


def hold(
    text: ReportText,
    *,
    cause: HeldCause,
    event: Event,
    programme_session: ProgrammeSession | None,
    report: Report | None,
    client_id: str,
    based_on: int,
    device: str,
    replaces: str = "",
    to_hand_in: bool,
    by: User,
    at: datetime,
) -> HeldText:
    """Keep a text beside its report. The one that it goes on from (its client id: `replaces`) counts as replaced,
    unless somebody looked after it. Nothing else does: one device may have two texts that do not hold each other.
    """
    if held_texts.by_client_id(client_id) is not None:
        client_id = uuid4().hex  # other words under an id that was used before: a text of their own
    notes = ""
    session_id = programme_session.id if programme_session else None
    number = report.number if report else None
    older = held_texts.by_client_id(replaces) if replaces else None
    if older is not None and older.written_by_id == by.id and older.settled_at is None:
        older.settled_as, older.settled_at, older.settled_by_id = HeldEnd.REPLACED, at, by.id
        to_hand_in = to_hand_in or older.to_hand_in
        notes, older.notes = older.notes, ""
    held = HeldText(
        event_id=event.id,
        programme_session_id=session_id,
        report_number=number,
        client_id=client_id,
        based_on=based_on,
        device=device,
        cause=cause,
        to_hand_in=to_hand_in,
        notes=notes,
        written_by_id=by.id,
        received_at=at,
        **revisions.subject_columns(text),
        **revisions.columns(text),
    )
    db.session.add(held)
    db.session.flush()
    details = {"held": held.id, "cause": cause.value}
    history.record(Entry.TEXT_HELD, by=by, at=at, report=report, event=event, details=details)
    return held


def keep_notes(held: HeldText, text: str, *, version: int, by: User, at: datetime) -> PrivateNotes | None:
    """Keep the private notes that came with a held text: beside the report of which `by` is a rapporteur; with the text
    itself where there is none (then None), until it is brought into one.
    """
    report = reports.for_change(held.report_number) if held.report_number is not None else None
    if report is not None and reports.rapporteur(report, by) is not None:
        return private_notes.keep(report, text, version=version, by=by, at=at)
    if held.settled_at is None:
        held.notes = private_notes.cleaned(text)
        db.session.flush()
    return None


def allow(held: HeldText, *, by: User) -> None:
    """Raise NotAllowed unless `by` is an editor of the event, or its writer and still of its staff."""
    standing = people.standing(by, held.event_id)
    if not standing.editor and not (standing.staff and held.written_by_id == by.id):
        raise NotAllowed


def attach(held: HeldText, report: Report | None, *, session: ProgrammeSession | None, by: User, at: datetime) -> Kept:
    """Bring a held text (locked) into the report of its session (both locked), or begin one with it.

    `session` is the one that it was written for, or to which that was joined since.

    Where the report has moved on the two are merged, and where they clash the text stands beside the working text as
    any save does. A published report is taken up for a change first. Its writer becomes a rapporteur, if still of the
    event's staff.
    """
    allow(held, by=by)
    _check_open(held)
    if report is None:
        report = filing.start(event=held.event, programme_session=session, language=held.language, by=by, at=at)
    elif not people.standing(by, held.event_id).editor:
        filing.add_rapporteur(report, by, by=by, at=at)
    if report.work_state is WorkState.SETTLED:
        filing.amend(report, by=by, at=at)
    if people.standing(held.written_by, held.event_id).staff:
        filing.add_rapporteur(report, held.written_by, by=by, at=at)
        if held.notes:
            private_notes.keep(report, held.notes, version=0, by=held.written_by, at=at)
            held.notes = ""
    begun = held.based_on if held.report_number == report.number else 0
    kept = saving.keep(report, reports.text_of(held), client_id=uuid4().hex, based_on=begun, by=by, at=at)
    end = HeldEnd.ATTACHED if kept.save is kept.head else HeldEnd.MERGED
    held.report_number = report.number
    _settle(held, end, by=by, at=at)
    return kept


def set_aside(held: HeldText, *, by: User, at: datetime) -> None:
    """Say that a held text (locked) is not needed; it stays where it is, with its words."""
    allow(held, by=by)
    _check_open(held)
    _settle(held, HeldEnd.SET_ASIDE, by=by, at=at)


def forget_replaced(*, at: datetime) -> int:
    """Delete what newer texts of the same page replaced, as long ago as saves are deleted; answers how many."""
    gone = [held for held in held_texts.replaced() if private_notes.outlived(held.event, held.received_at, at=at)]
    for held in gone:
        db.session.delete(held)
    db.session.flush()
    return len(gone)


def _check_open(held: HeldText) -> None:
    if held.settled_at is not None:
        raise WrongState(N_("Somebody has looked after this text already."))


def _settle(held: HeldText, end: HeldEnd, *, by: User, at: datetime) -> None:
    held.settled_as, held.settled_at, held.settled_by_id = end, at, by.id
    db.session.flush()
    details = {"held": held.id, "as": end.value}
    history.record(Entry.HELD_TEXT_SETTLED, by=by, at=at, event=held.event, details=details)
