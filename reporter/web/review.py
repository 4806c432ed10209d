"""The editors' pages: what waits, reading it, and deciding on exactly the revision that was read."""

from flask import Blueprint, flash, redirect, render_template, request
from werkzeug.wrappers import Response

from reporter.models.database import unit_of_work
from reporter.models.report import Report
from reporter.newsroom import publication, review, revisions
from reporter.newsroom.revisions import Rendered
from reporter.queries import people, reports, taxonomy
from reporter.rules import addresses, clock
from reporter.rules.errors import N_, NotAllowed, NotFound, Refused
from reporter.rules.lifecycle import TABLE, State, possible
from reporter.rules.permissions import may
from reporter.rules.report_text import ReportText
from reporter.rules.vocabulary import Role
from reporter.web.accounts import person, signed_in
from reporter.web.forms.review import DecisionForm, WithdrawForm
from reporter.web.language import _

blueprint = Blueprint("review", __name__)


@blueprint.get("/desk/review/")
@signed_in
def queue() -> str:
    """What waits at the events of which I am an editor, the longest waiting first."""
    events = people.events_of(person(), Role.EDITOR)
    if not events:
        raise NotAllowed
    waiting = reports.waiting(event.id for event in events)
    return render_template("review/queue.html", waiting=waiting, headlines=reports.headlines(waiting), now=clock.now())


@blueprint.get("/desk/review/<int:number>")
@signed_in
def read(number: int) -> str:
    """The text as it will be published, and what can be decided on it."""
    report = _report(number)
    return page(report, DecisionForm(formdata=None, revision=shown_revision(report)), WithdrawForm(formdata=None))


@blueprint.post("/desk/review/<int:number>")
@signed_in
def decide(number: int) -> Response:
    """Approve, approve and publish, publish, send back or take an approval back: on the revision that was read."""
    _report(number)
    form = DecisionForm()
    act = request.form.get("act", "")
    revision = form.revision.data or 0
    rendered = render(number, revision) if act in ("approve_and_publish", "publish") else None
    with unit_of_work():
        report = reports.for_change(number)
        if report is None:
            raise NotFound
        said = _decide(report, act, revision=revision, note=form.note.data or "", rendered=rendered)
    flash(said)
    return redirect(addresses.review_queue() if act in ("send_back", "approve") else addresses.review(number), 303)


def _decide(report: Report, act: str, *, revision: int, note: str, rendered: Rendered | None) -> str:
    by, at = person(), clock.now()
    match act:
        case "approve":
            review.approve(report, revision=revision, by=by, at=at)
            return _("Approved. It is not public yet.")
        case "approve_and_publish" if rendered is not None:
            review.approve(report, revision=revision, by=by, at=at)
            publication.publish(report, revision=revision, rendered=rendered, by=by, at=at)
            return _("Published.")
        case "publish" if rendered is not None:
            publication.publish(report, revision=revision, rendered=rendered, by=by, at=at)
            return _("Published.")
        case "send_back":
            review.send_back(report, note=note, by=by, at=at)
            return _("Sent back to its rapporteur, with your note.")
        case "unapprove":
            review.unapprove(report, by=by, at=at)
            return _("The approval is taken back; the report waits for the editors again.")
    raise Refused(N_("Choose what to do with this report."))


def render(number: int, revision: int) -> Rendered:
    """The HTML of a named revision, made before the unit of work begins. Raises NotFound."""
    row = reports.revision(number, revision)
    if row is None:
        raise NotFound
    return revisions.render(reports.text_of(row))


def shown_revision(report: Report) -> int | None:
    """The revision that an editor reads on the report's page: what waits, else what is or was public."""
    return report.filed_revision or report.published_revision


def page(report: Report, form: DecisionForm, withdraw_form: WithdrawForm) -> str:
    """The page on which an editor reads a report and decides."""
    revision = reports.revision(report.number, shown_revision(report) or 0)
    head = reports.head_save(report.number)
    text = reports.text_of(revision) if revision else ReportText()
    state = State(work=report.work_state, public=report.public_state)
    facts, standing = reports.facts(report, person()), people.standing(person(), report.event_id)
    newer = revision is not None and head is not None and head.sequence > (revision.draft_sequence or head.sequence)
    return render_template(
        "review/read.html",
        report=report,
        revision=revision,
        text=text,
        body_html=revisions.render(text).html,
        issues=taxonomy.by_ids(text.policy_issues).values(),
        form=form,
        withdraw_form=withdraw_form,
        notes=reports.notes(report.number),
        newer_text=newer,
        own=facts.own,
        can={act.value for act in TABLE if possible(act, state) and may(standing, act, facts)},
    )


def _report(number: int) -> Report:
    report = reports.by_number(number)
    if report is None:
        raise NotFound
    if not people.standing(person(), report.event_id).editor:
        raise NotAllowed
    return report
