"""What the public sees: PUBLISH, CORRECT, WITHDRAW, REINSTATE. The one writer of PublicChange and of the projection.

Nothing becomes public here that names somebody whom the rule of its session protects: `attribution` looks at the text
and at what readers are told of it, inside the unit of work, so a rule that was tightened meanwhile counts.
"""

from dataclasses import replace
from datetime import datetime

from reporter.models.database import db
from reporter.models.event import Event
from reporter.models.people import User
from reporter.models.report import PublicChange, PublishedReport, PublishedTerm, Report, Revision
from reporter.newsroom import attribution, review, revisions, saving, transition
from reporter.newsroom.revisions import Rendered
from reporter.queries import reports, taxonomy
from reporter.rules.errors import N_, EditConflict, NotFound, Refused, WrongState
from reporter.rules.merge import merge
from reporter.rules.report_text import ReportText, clean
from reporter.rules.vocabulary import (
    Action,
    ChangeKind,
    PublicState,
    RevisionOrigin,
    TermKind,
    WithdrawalReason,
    WorkState,
)
from reporter.text.slug import slug

SILENT = frozenset({ChangeKind.MINOR, ChangeKind.HIDDEN})
MARKS = frozenset({ChangeKind.UPDATE, ChangeKind.CORRECTION, ChangeKind.MINOR})


def publish(
    report: Report,
    *,
    revision: int,
    rendered: Rendered,
    by: User | None,
    at: datetime,
    mark: ChangeKind = ChangeKind.UPDATE,
    note: str = "",
) -> PublicChange | None:
    """PUBLISH: show the approved `revision` to the public; `by` is None for the worker when an embargo lifts.

    The first time it is *first*, after a withdrawal a reinstatement, else what `mark` says. None where this revision
    is public already: the same act again answers as done. Raises WrongState before `embargo_until` and for a
    translation of a withdrawn original, Refused for a correction without a note, NamesStand.
    """
    transition.allow(report, Action.PUBLISH, by=by)
    if review.shows(report, revision):
        return None
    to = transition.check(report, Action.PUBLISH, by=by)
    if revision != report.approved_revision:
        raise NotFound(N_("This report has no such approved text."))
    if report.embargo_until is not None and at < report.embargo_until:
        raise WrongState(
            N_("This report is under embargo until %(until)s UTC. It will be published then by itself."),
            until=report.embargo_until.strftime("%Y-%m-%d %H:%M"),
        )
    _check_original(report)
    if report.public_state is PublicState.NEVER:
        kind = ChangeKind.FIRST
    elif report.public_state is PublicState.WITHDRAWN:
        kind = ChangeKind.REINSTATEMENT
    else:
        kind = _mark(mark, note)
    text = revisions.named(report, revision)
    attribution.check(report, text, note=note)
    transition.move(
        report,
        Action.PUBLISH,
        to=to,
        by=by,
        at=at,
        revision=revision,
        published=revision,
        details={"kind": kind.value},
    )
    return _show(report, text, rendered=rendered, kind=kind, at=at, note=note)


def correct(
    report: Report,
    text: ReportText,
    *,
    revision: int,
    rendered: Rendered,
    by: User,
    at: datetime,
    mark: ChangeKind = ChangeKind.CORRECTION,
    note: str = "",
) -> PublicChange:
    """CORRECT: change the public text or its subjects at once, whatever else is being written.

    `revision` is the public one that was read. What is being written or waits takes the correction in; an approval
    that stood is taken back, because its text is not the corrected one. A name that may stay in the public text may
    stay in the corrected one. Raises EditConflict where the public text changed meanwhile, NamesStand.
    """
    to = transition.check(report, Action.CORRECT, by=by)
    kind = _mark(mark, note)
    if revision != report.published_revision:
        raise EditConflict(N_("The public text changed while you were reading. Read it, then correct it."))
    refusal = text.too_long() or text.missing()
    if refusal is not None:
        raise refusal
    before = reports.text_of(revisions.named(report, revision))
    corrected = revisions.make(report, text, origin=RevisionOrigin.CORRECTED, by=by, at=at, based_on=revision)
    attribution.carry_over(report, corrected, of=revision, by=by, at=at)
    attribution.check(report, corrected, note=note)
    review.record_approval(report, corrected.number, by=by, at=at)
    merged = _merged_waiting(report, before=before, corrected=text, by=by, at=at)
    if report.work_state is not WorkState.SETTLED:
        saving.take_in(report, base=before, changed=text, by=by, at=at)
    transition.move(
        report,
        Action.CORRECT,
        to=to,
        by=by,
        at=at,
        revision=corrected.number,
        filed=merged.number if merged else None,
        published=corrected.number,
        details={"kind": kind.value, "merged": merged.number if merged else None},
    )
    return _show(report, corrected, rendered=rendered, kind=kind, at=at, note=note)


def withdraw(
    report: Report, *, reason: WithdrawalReason, note: str, by: User, at: datetime, covers: bool = False
) -> PublicChange:
    """WITHDRAW: take the public text back; the address stays, says why (`note`), and shows no word of the text.

    `covers`: `by` covers the session whose rule was tightened. Raises Refused for a note that is empty or names
    somebody whom the rule of the session protects.
    """
    to = transition.check(report, Action.WITHDRAW, by=by, reason=reason, covers=covers)
    if not clean(note).strip():
        raise Refused(N_("Say in a sentence why this report is withdrawn; readers will see it."))
    revision = revisions.named(report, report.published_revision)
    if not covers:  # what a tightened rule says of itself is a sentence of ours, and must not wait for anybody
        attribution.check_note(report, revision.number, note)
    transition.move(
        report,
        Action.WITHDRAW,
        to=to,
        by=by,
        at=at,
        revision=revision.number,
        details={"reason": reason.value},
    )
    _hide(report.number)
    return _log(report, revision.number, kind=ChangeKind.WITHDRAWAL, at=at, note=clean(note).strip(), reason=reason)


def reinstate(
    report: Report, *, rendered: Rendered, by: User, at: datetime, revision: int | None = None, note: str = ""
) -> PublicChange:
    """REINSTATE: show a withdrawn report again, in a `revision` that was public before (None: the last one).

    Raises NotFound for a revision that the public never saw, WrongState for a translation of a withdrawn original,
    NamesStand.
    """
    to = transition.check(report, Action.REINSTATE, by=by)
    text = revisions.named(report, report.published_revision if revision is None else revision)
    if not reports.was_public(report.number, text.number):
        raise NotFound(N_("Only a text that was public before can be reinstated."))
    _check_original(report)
    attribution.check(report, text, note=note)
    transition.move(report, Action.REINSTATE, to=to, by=by, at=at, revision=text.number, published=text.number)
    return _show(report, text, rendered=rendered, kind=ChangeKind.REINSTATEMENT, at=at, note=note)


def hide_event(event: Event, *, at: datetime) -> None:
    """Take every report of an event that is hidden now out of what the public sees; their states stay as they are."""
    for report in reports.public_of_event(event.id):
        if report.published_revision is not None:
            _log(report, report.published_revision, kind=ChangeKind.HIDDEN, at=at, note="")
        _hide(report.number)


def rebuild(report: Report, *, rendered: Rendered) -> None:
    """Write the projection of one report anew from its public revision and its changes; changes nothing public."""
    _hide(report.number)
    if report.public_state is PublicState.PUBLIC and report.event.hidden_at is None:
        text = revisions.named(report, report.published_revision)
        rendered.check(reports.text_of(text))
        _project(report, text, html=rendered.html)


def follow_session(report: Report) -> None:
    """Let the projection of a report name the session on which the report hangs now; changes no word of the text."""
    for row in reports.projection(report.number):
        if isinstance(row, PublishedReport):
            row.programme_session_id = report.programme_session_id
    db.session.flush()


def _mark(mark: ChangeKind, note: str) -> ChangeKind:
    if mark not in MARKS:
        raise Refused(N_("Choose whether this is an update, a correction or a minor change."))
    if mark is ChangeKind.CORRECTION and not clean(note).strip():
        raise Refused(N_("Say in a sentence what was wrong; readers will see it with the correction."))
    return mark


def _check_original(report: Report) -> None:
    original = reports.by_number(report.translation_of) if report.translation_of is not None else None
    if original is not None and original.public_state is PublicState.WITHDRAWN:
        raise WrongState(N_("The original of this translation is withdrawn, so the translation cannot be shown."))


def _merged_waiting(
    report: Report, *, before: ReportText, corrected: ReportText, by: User, at: datetime
) -> Revision | None:
    """What waits for the editors, with the correction in it; None where nothing waits."""
    if report.work_state not in (WorkState.FILED, WorkState.APPROVED):
        return None
    waiting = revisions.named(report, report.filed_revision)
    text = merge(before, reports.text_of(waiting), corrected).text
    if not text.policy_issues:  # each side took out what the other left; what waits must be fit to be approved
        text = replace(text, policy_issues=reports.text_of(waiting).policy_issues)
    if text == reports.text_of(waiting):
        return waiting
    return revisions.make(
        report,
        text,
        origin=RevisionOrigin.MERGED,
        by=by,
        at=at,
        based_on=waiting.number,
        draft_sequence=waiting.draft_sequence,
    )


def _show(
    report: Report, revision: Revision, *, rendered: Rendered, kind: ChangeKind, at: datetime, note: str
) -> PublicChange:
    rendered.check(reports.text_of(revision))
    change = _log(report, revision.number, kind=kind, at=at, note=clean(note).strip())
    _hide(report.number)
    if report.event.hidden_at is None:
        _project(report, revision, html=rendered.html)
    return change


def _log(
    report: Report,
    revision: int,
    *,
    kind: ChangeKind,
    at: datetime,
    note: str,
    reason: WithdrawalReason | None = None,
) -> PublicChange:
    """The next public change; its number comes from the counter, whose row is locked until the commit."""
    counter = reports.publication_counter_for_change()
    counter.number += 1
    db.session.flush()
    change = PublicChange(
        number=counter.number,
        report_number=report.number,
        revision_number=revision,
        kind=kind,
        reason=reason,
        note=note,
        changed_at=at,
    )
    db.session.add(change)
    db.session.flush()
    return change


def _hide(report_number: int) -> None:
    for row in reports.projection(report_number):
        db.session.delete(row)
        db.session.flush()  # one by one: the terms point at the row that goes last


def _project(report: Report, revision: Revision, *, html: str) -> None:
    changes = reports.changes(report.number)
    updated_at = max(change.changed_at for change in changes if change.kind not in SILENT)
    db.session.add(
        PublishedReport(
            report_number=report.number,
            revision_number=revision.number,
            event_id=report.event_id,
            programme_session_id=report.programme_session_id,
            slug=slug(revision.headline),
            body_html=html,
            first_published_at=changes[0].changed_at,
            updated_at=updated_at,
        )
    )
    db.session.flush()
    text = reports.text_of(revision)
    terms = [
        *((TermKind.POLICY_ISSUE, issue) for issue in sorted(taxonomy.with_ancestors(text.policy_issues))),
        *((TermKind.PROCESS, process) for process in sorted(taxonomy.processes_with_ancestors(text.processes))),
        (TermKind.EVENT, report.event_id),
    ]
    db.session.add_all(
        PublishedTerm(kind=kind, term_id=term, report_number=report.number, updated_at=updated_at)
        for kind, term in terms
    )
    db.session.flush()
