"""Beginning and handing in: START, FILE, RECALL, AMEND, DROP_AMENDMENT, DISCARD, RESTORE."""

from dataclasses import replace
from datetime import datetime

from reporter.models.database import db
from reporter.models.event import Event
from reporter.models.people import User
from reporter.models.programme import ProgrammeSession
from reporter.models.report import DraftSave, Report, ReportRapporteur, Revision
from reporter.newsroom import duty, history, revisions, saving, transition
from reporter.newsroom.revisions import Rendered
from reporter.queries import people, reports
from reporter.rules.attribution import takes_report
from reporter.rules.errors import N_, NotAllowed, Refused, WrongState
from reporter.rules.permissions import ReportFacts, may
from reporter.rules.vocabulary import Action, Entry, RevisionOrigin, WorkState


def start(
    *,
    event: Event,
    by: User,
    at: datetime,
    programme_session: ProgrammeSession | None = None,
    translation_of: Report | None = None,
    language: str = "en",
) -> Report:
    """START: the report of a session (loaded `for_change`), of none, or a translation; `by` becomes its rapporteur.

    A second START on the same session or translation opens the first and adds its starter. Raises NotAllowed for
    somebody who does not write at the event, Refused for a closed session and one of another event.
    """
    if not may(people.standing(by, event.id), Action.START, ReportFacts()):
        raise NotAllowed
    if programme_session is not None and programme_session.event_id != event.id:
        raise Refused(N_("This session belongs to another event."))
    if programme_session is not None and not takes_report(programme_session.rule):
        raise WrongState(N_("This session is closed: no report is written of it."))
    there = None
    if translation_of is not None:
        there = reports.translation(translation_of.number, language)
    elif programme_session is not None:
        there = reports.of_session(programme_session.id)
    if there is not None:
        add_rapporteur(there, by, by=by, at=at)
        return there
    report = Report(
        event=event,
        event_id=event.id,
        programme_session_id=programme_session.id if programme_session else None,
        translation_of=translation_of.number if translation_of else None,
        language=language,
        started_at=at,
    )
    transition.new_report(report, by=by, at=at)
    add_rapporteur(report, by, by=by, at=at)
    return report


def add_rapporteur(report: Report, user: User, *, by: User, at: datetime) -> None:
    """List `user` as a rapporteur of the report; harmless where already listed."""
    if reports.rapporteur(report, user) is not None:
        return
    db.session.add(ReportRapporteur(report_number=report.number, user_id=user.id, joined_at=at))
    db.session.flush()
    history.record(Entry.RAPPORTEUR_JOINED, by=by, at=at, report=report, user=user)


def file(
    report: Report, save: DraftSave, *, rendered: Rendered, by: User, at: datetime, first_summary: bool = False
) -> Revision:
    """FILE: hand in the text of `save` as a new revision. An editor who hands in takes over and is listed.

    Handing in the same save again, or the very words that wait, answers the revision that holds them. A
    `first_summary` needs less, and says to everybody that a fuller text follows. Raises Refused where headline,
    summary or policy issues are missing, EditConflict where `rendered` is of another text.
    """
    to = transition.check(report, Action.FILE, by=by)
    text = replace(reports.text_of(save), first_summary=first_summary)
    if report.work_state is WorkState.FILED:
        made = reports.revision_of_save(report.number, save.sequence)
        if made is not None and made.first_summary != first_summary:
            made = None
        waiting = reports.revision(report.number, report.filed_revision or 0)
        if made is None and waiting is not None and reports.text_of(waiting) == text:
            made = waiting
        if made is not None:
            return made
    missing = text.missing()
    if missing is not None:
        raise missing
    rendered.check(text)
    add_rapporteur(report, by, by=by, at=at)
    revision = revisions.make(report, text, origin=RevisionOrigin.FILED, by=by, at=at, draft_sequence=save.sequence)
    report.filed_at = at
    transition.move(report, Action.FILE, to=to, by=by, at=at, revision=revision.number, filed=revision.number)
    duty.report_waits(report, headline=revision.headline, by=by, at=at)
    return revision


def recall(report: Report, *, by: User, at: datetime) -> None:
    """RECALL: take back what waits, unless an editor is reading it."""
    to = transition.check(report, Action.RECALL, by=by)
    if report.claimed_until is not None and report.claimed_until > at:
        raise WrongState(N_("An editor is reading this report now. Hand in a newer text instead of taking it back."))
    transition.move(report, Action.RECALL, to=to, by=by, at=at, revision=report.filed_revision)


def amend(report: Report, *, by: User, at: datetime) -> DraftSave:
    """AMEND: write on a published text. The draft begins with the public words; an editor who amends is listed."""
    to = transition.check(report, Action.AMEND, by=by)
    public = revisions.named(report, report.published_revision)
    add_rapporteur(report, by, by=by, at=at)
    transition.move(report, Action.AMEND, to=to, by=by, at=at, revision=public.number)
    return saving.put(report, reports.text_of(public), by=by, at=at)


def drop_amendment(report: Report, *, by: User, at: datetime) -> None:
    """DROP_AMENDMENT: stop changing a published text; every save stays."""
    to = transition.check(report, Action.DROP_AMENDMENT, by=by)
    transition.move(report, Action.DROP_AMENDMENT, to=to, by=by, at=at, revision=report.filed_revision)


def discard(report: Report, *, by: User, at: datetime) -> None:
    """DISCARD: give up a report that was never public; nothing of it is deleted."""
    to = transition.check(report, Action.DISCARD, by=by)
    transition.move(report, Action.DISCARD, to=to, by=by, at=at)


def restore(report: Report, *, by: User, at: datetime) -> None:
    """RESTORE: go on with a discarded report, unless another report of the session (loaded for change) exists."""
    to = transition.check(report, Action.RESTORE, by=by)
    other = None
    if report.translation_of is not None:
        other = reports.translation(report.translation_of, report.language)
    elif report.programme_session_id is not None:
        other = reports.of_session(report.programme_session_id)
    if other is not None:
        raise WrongState(
            N_("Report %(number)s is written of this session now. Go on with that one."), number=other.number
        )
    transition.move(report, Action.RESTORE, to=to, by=by, at=at)
