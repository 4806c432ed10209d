"""Writing and handing in: START, draft saves, FILE, RECALL, AMEND, DROP_AMENDMENT, DISCARD, RESTORE."""

from datetime import datetime
from uuid import uuid4

from reporter.models.database import db
from reporter.models.event import Event
from reporter.models.people import User
from reporter.models.programme import ProgrammeSession
from reporter.models.report import DraftSave, Report, ReportRapporteur, Revision
from reporter.newsroom import duty, history, revisions, transition
from reporter.newsroom.revisions import Rendered
from reporter.queries import people, reports
from reporter.rules.attribution import takes_report
from reporter.rules.errors import N_, NotAllowed, Refused, WrongState
from reporter.rules.merge import merge
from reporter.rules.permissions import ReportFacts, may
from reporter.rules.report_text import ReportText
from reporter.rules.vocabulary import Action, Entry, RevisionOrigin, WorkState

WRITABLE = frozenset({WorkState.DRAFT, WorkState.SENT_BACK, WorkState.FILED, WorkState.APPROVED})


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


def save_draft(
    report: Report, text: ReportText, *, client_id: str, by: User, at: datetime, based_on: int | None = None
) -> DraftSave:
    """Keep what was typed. The same words again under the same `client_id` are a resend, which keeps nothing twice.

    `based_on` is the sequence of the save from which the writer went on; where somebody else saved meanwhile, this
    text is kept beside the newer one (`set_aside`) and the caller shows both. None means: on top of whatever is there.
    Raises Refused where a part is over its limit, WrongState where nothing is being written.
    """
    transition.allow_writing(report, by=by)
    there = reports.save_by_client_id(client_id)
    mine = there is not None and there.report_number == report.number and there.saved_by_id == by.id
    if there is not None and mine and reports.text_of(there) == text:
        return there
    if report.work_state not in WRITABLE:
        transition.refuse(report)
    refusal = text.too_long()
    if refusal is not None:
        raise refusal
    if there is not None:
        # The page was sent before with other words (the browser's Back button): these words are a save of their own.
        client_id = uuid4().hex
        based_on = there.sequence if mine else based_on
    head = reports.head_save(report.number)
    moved = based_on is not None and head is not None and head.sequence > based_on
    same = moved and head is not None and reports.text_of(head) == text
    return _keep(report, text, client_id=client_id, by=by, at=at, based_on=based_on or 0, set_aside=moved and not same)


def file(report: Report, save: DraftSave, *, rendered: Rendered, by: User, at: datetime) -> Revision:
    """FILE: hand in the text of `save` as a new revision. An editor who hands in takes over and is listed.

    Handing in the same save again, or the very words that wait, answers the revision that holds them. Raises Refused
    where headline, summary or policy issues are missing, EditConflict where `rendered` is of another text.
    """
    to = transition.check(report, Action.FILE, by=by)
    text = reports.text_of(save)
    if report.work_state is WorkState.FILED:
        made = reports.revision_of_save(report.number, save.sequence)
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
    return _keep(report, reports.text_of(public), by=by, at=at)


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


def take_in(report: Report, *, base: ReportText, changed: ReportText, by: User, at: datetime) -> DraftSave | None:
    """Bring a change that was made elsewhere (`base` became `changed`) into the working text, as a new save.

    What the writer typed stays; where both changed a single-line part, the writer's stays among the older saves.
    None where nothing was being written.
    """
    head = reports.head_save(report.number)
    if head is None:
        return None
    merged = merge(base, reports.text_of(head), changed)
    if merged.text == reports.text_of(head):
        return head
    return _keep(report, merged.text, by=by, at=at, based_on=head.sequence)


def _keep(
    report: Report,
    text: ReportText,
    *,
    by: User,
    at: datetime,
    client_id: str | None = None,
    based_on: int = 0,
    set_aside: bool = False,
) -> DraftSave:
    save = DraftSave(
        report_number=report.number,
        sequence=reports.last_save_sequence(report.number) + 1,
        client_id=client_id or uuid4().hex,
        based_on=based_on,
        set_aside=set_aside,
        **revisions.subject_columns(text),
        saved_by_id=by.id,
        saved_at=at,
        **revisions.columns(text),
    )
    db.session.add(save)
    db.session.flush()
    return save
