"""Reading and deciding: CLAIM (a sign), REVISE, SEND_BACK, APPROVE, UNAPPROVE."""

from datetime import datetime, timedelta

from reporter.models.database import db
from reporter.models.people import User
from reporter.models.report import Approval, Report, ReviewNote, Revision
from reporter.newsroom import attribution, history, revisions, saving, transition
from reporter.newsroom.revisions import Rendered
from reporter.queries import people, reports
from reporter.rules.errors import N_, NotAllowed, Refused, StaleRevision
from reporter.rules.report_text import ReportText, clean
from reporter.rules.vocabulary import Action, Entry, PublicState, RevisionOrigin, WithdrawalReason, WorkState

CLAIM_LASTS = timedelta(minutes=10)


def claim(report: Report, *, by: User, at: datetime) -> None:
    """Show that `by` is reading what waits. A sign, no lock: any editor may take it over or decide."""
    if not people.standing(by, report.event_id).editor:
        raise NotAllowed
    if report.work_state is not WorkState.FILED:
        transition.refuse(report)
    taken = report.claimed_by_id != by.id
    report.claimed_by_id, report.claimed_until = by.id, at + CLAIM_LASTS
    db.session.flush()
    if taken:
        history.record(Entry.CLAIMED, by=by, at=at, report=report)


def revise(report: Report, text: ReportText, *, revision: int, rendered: Rendered, by: User, at: datetime) -> Revision:
    """REVISE: change what waits in place, as a new revision under the editor's own name; `revision` is the one read.

    The rapporteurs' working text takes the change in. Raises StaleRevision where a newer text waits.
    """
    to = transition.check(report, Action.REVISE, by=by)
    if revision != report.filed_revision:
        raise StaleRevision
    refusal = text.too_long() or text.missing()
    if refusal is not None:
        raise refusal
    rendered.check(text)
    before = reports.text_of(revisions.named(report, revision))
    made = revisions.make(report, text, origin=RevisionOrigin.REVISED, by=by, at=at, based_on=revision)
    transition.move(report, Action.REVISE, to=to, by=by, at=at, revision=made.number, filed=made.number)
    saving.take_in(report, base=before, changed=text, by=by, at=at)
    return made


def send_back(report: Report, *, note: str, by: User, at: datetime) -> ReviewNote:
    """SEND_BACK: return what waits to its rapporteurs, with a note that says what to change."""
    to = transition.check(report, Action.SEND_BACK, by=by)
    if not clean(note).strip():
        raise Refused(N_("Write in a sentence what the rapporteur should change, then send it back."))
    waiting = revisions.named(report, report.filed_revision)
    remark = ReviewNote(
        report_number=report.number,
        revision_number=waiting.number,
        text=clean(note).strip(),
        written_by_id=by.id,
        written_at=at,
    )
    db.session.add(remark)
    transition.move(report, Action.SEND_BACK, to=to, by=by, at=at, revision=waiting.number)
    return remark


def approve(report: Report, *, revision: int, by: User, at: datetime, embargo_until: datetime | None = None) -> None:
    """APPROVE: say that the public may see `revision`, the one that was read.

    Refused as StaleRevision where another one waits now. The same approval again answers as done. `embargo_until`
    (aware) keeps it from the public until then; None: no embargo, even where one was set before. Raises Refused for
    a time that has passed, NamesStand where the text names somebody whom the rule of its session protects.
    """
    transition.allow(report, Action.APPROVE, by=by)
    if already_approved(report, revision):
        return
    to = transition.check(report, Action.APPROVE, by=by)
    if revision != report.filed_revision:
        raise StaleRevision
    if embargo_until is not None and embargo_until <= at:
        raise Refused(N_("The time until which this is held back has passed. Leave it empty to publish now."))
    attribution.check(report, revisions.named(report, revision))
    record_approval(report, revision, by=by, at=at)
    report.embargo_until = embargo_until
    transition.move(report, Action.APPROVE, to=to, by=by, at=at, revision=revision, approved=revision)


def already_approved(report: Report, revision: int) -> bool:
    """Whether approving `revision` now would only repeat what was done: it waits for publication, or is public."""
    if report.work_state is WorkState.APPROVED:
        return report.approved_revision == revision
    return shows(report, revision)


def shows(report: Report, revision: int) -> bool:
    """Whether the work on the report is settled and the public sees this revision of it."""
    settled = report.work_state is WorkState.SETTLED and report.public_state is PublicState.PUBLIC
    return settled and report.published_revision == revision


def record_approval(report: Report, revision: int, *, by: User, at: datetime) -> Approval:
    """Leave the line without which nothing becomes public."""
    approval = Approval(report_number=report.number, revision_number=revision, approved_by_id=by.id, approved_at=at)
    db.session.add(approval)
    db.session.flush()
    return approval


def unapprove(
    report: Report, *, by: User, at: datetime, reason: WithdrawalReason | None = None, covers: bool = False
) -> None:
    """UNAPPROVE: take an approval back while the text is not out; an embargo that was set stays.

    Whoever `covers` a session takes it back too, for the reason that its rule was tightened.
    """
    to = transition.check(report, Action.UNAPPROVE, by=by, reason=reason, covers=covers)
    transition.move(report, Action.UNAPPROVE, to=to, by=by, at=at, revision=report.approved_revision)
