"""The editors' pages: what waits, reading it, and deciding on exactly the revision that was read."""

from datetime import datetime

from flask import Blueprint, flash, make_response, redirect, render_template, request
from werkzeug.wrappers import Response

from reporter.models.database import unit_of_work
from reporter.models.report import Report
from reporter.newsroom import attribution, publication, review, revisions
from reporter.newsroom.revisions import Rendered
from reporter.queries import draft_saves, held_texts, people, reports, taxonomy
from reporter.rules import addresses, clock
from reporter.rules.errors import N_, EditConflict, NotAllowed, NotFound, Refused, WrongState
from reporter.rules.lifecycle import TABLE, State, possible
from reporter.rules.permissions import may
from reporter.rules.report_text import ReportText
from reporter.rules.vocabulary import Action, ChangeKind, Role
from reporter.web.accounts import person, signed_in
from reporter.web.attribution import names
from reporter.web.errors import status_of, typed
from reporter.web.forms.review import DecisionForm, EditForm, NamesForm, WithdrawForm
from reporter.web.language import _, at_event, explain
from reporter.web.preflight import remarks

blueprint = Blueprint("review", __name__)


@blueprint.get("/desk/review/")
@signed_in
def queue() -> str:
    """What waits at the events of which I am an editor, the longest waiting first."""
    events = people.events_of(person(), Role.EDITOR)
    if not events:
        raise NotAllowed
    waiting = reports.waiting(event.id for event in events)
    return render_template(
        "review/queue.html",
        waiting=waiting,
        headlines=draft_saves.headlines(one.number for one in waiting),
        held=len(held_texts.open_of_events(event.id for event in events)),
        lately=reports.published_lately([event.id for event in events]),
    )


@blueprint.get("/desk/review/<int:number>")
@signed_in
def read(number: int) -> str:
    """The text as it will be published, and what can be decided on it."""
    form = DecisionForm(formdata=None)
    form.show_embargo(editable(number))
    return page(number, form)


@blueprint.post("/desk/review/<int:number>")
@signed_in
def decide(number: int) -> Response:
    """Approve, approve and publish, publish, send back or take an approval back: on the revision that was read."""
    found = editable(number)
    form = DecisionForm()
    act = request.form.get("act", "")
    revision = form.revision.data or 0
    try:
        typed = form.typed_embargo()
        embargo_until = clock.from_local(typed, found.event.time_zone) if typed else None
        rendered = render(number, revision) if act in ("approve_and_publish", "publish") else None
        with unit_of_work():
            form.check_embargo(locked(number))
            said = _decide(locked(number), act, form, revision=revision, rendered=rendered, embargo_until=embargo_until)
    except (Refused, WrongState, EditConflict) as error:
        form.show_embargo_seen(reports.by_number(number))
        return make_response(page(number, form, sentence=explain(error)), status_of(error))
    flash(said)
    return redirect(addresses.review_queue() if act in ("send_back", "approve") else addresses.review(number), 303)


@blueprint.get("/desk/review/<int:number>/revise")
@signed_in
def revise(number: int) -> str:
    """The text that waits, in a form: an editor changes it in place."""
    report = editable(number)
    nothing = N_("Nothing waits here that could be changed.")
    return fresh_edit_page(report, report.filed_revision, act="revise", nothing=nothing)


@blueprint.post("/desk/review/<int:number>/revise")
@signed_in
def keep_revised(number: int) -> Response:
    """REVISE: what the editor typed becomes what waits."""
    report = editable(number)
    form = EditForm()
    try:
        text = edited(number, form)
        rendered = revisions.render(text)
        with unit_of_work():
            review.revise(
                locked(number), text, revision=form.revision.data or 0, rendered=rendered, by=person(), at=clock.now()
            )
    except (Refused, WrongState, EditConflict) as error:
        return make_response(edit_page(report, form, act="revise", sentence=explain(error)), status_of(error))
    flash(_("Changed. Read it once more, then approve it."))
    return redirect(addresses.review(number), 303)


@blueprint.post("/desk/review/<int:number>/names")
@signed_in
def waive(number: int) -> Response:
    """Record why names may stay in the text that was read."""
    report, form = editable(number), NamesForm()
    revision = form.revision.data or 0
    try:
        with unit_of_work():
            attribution.waive(
                locked(number),
                revision=revision,
                names=form.names.data or (),
                reason=form.reason.data or "",
                by=person(),
                at=clock.now(),
            )
    except (Refused, EditConflict) as error:
        decision = DecisionForm(formdata=None)
        decision.show_embargo(report)
        return make_response(page(number, decision, names_form=form, sentence=explain(error)), status_of(error))
    flash(_("Recorded, with your name and the reason."))
    return redirect(f"{addresses.review(number)}#names", 303)


def _decide(
    report: Report,
    act: str,
    form: DecisionForm,
    *,
    revision: int,
    rendered: Rendered | None,
    embargo_until: datetime | None,
) -> str:
    by, at = person(), clock.now()
    mark, note = mark_of(form.mark.data), form.mark_note.data or ""
    match act:
        case "approve":
            review.approve(report, revision=revision, by=by, at=at, embargo_until=embargo_until)
            if report.embargo_until is not None and report.embargo_until > at:
                return _("Approved. It is published by itself at %(time)s, event time.",
                         time=at_event(report.embargo_until, report.event.time_zone))  # fmt: skip
            return _("Approved. It is not public yet.")
        case "approve_and_publish" if rendered is not None:
            review.approve(report, revision=revision, by=by, at=at, embargo_until=embargo_until)
            if report.embargo_until is not None and report.embargo_until > at:
                return _("Approved. It is published by itself at %(time)s, event time.",
                         time=at_event(report.embargo_until, report.event.time_zone))  # fmt: skip
            publication.publish(report, revision=revision, rendered=rendered, by=by, at=at, mark=mark, note=note)
            return _("Published.")
        case "publish" if rendered is not None:
            publication.publish(report, revision=revision, rendered=rendered, by=by, at=at, mark=mark, note=note)
            return _("Published.")
        case "send_back":
            review.send_back(report, note=form.note.data or "", by=by, at=at)
            return _("Sent back to its rapporteur, with your note.")
        case "unapprove":
            review.unapprove(report, by=by, at=at)
            return _("The approval is taken back; the report waits for the editors again.")
    raise Refused(N_("Choose what to do with this report."))


def mark_of(value: str | None) -> ChangeKind:
    """What an editor calls a change to a public text; an update where nothing is said."""
    try:
        return ChangeKind(value or "update")
    except ValueError as error:
        raise Refused(N_("Choose whether this is an update, a correction or a minor change.")) from error


def edited(number: int, form: EditForm) -> ReportText:
    """What an editor typed, with the parts that the form does not show taken from the revision that was read."""
    row = reports.revision(number, form.revision.data or 0)
    text = form.text(reports.text_of(row) if row else None)
    refusal = text.too_long()
    if refusal is not None:
        raise refusal
    return text


def render(number: int, revision: int) -> Rendered:
    """The HTML of a named revision, made before the unit of work begins. Raises NotFound."""
    row = reports.revision(number, revision)
    if row is None:
        raise NotFound
    return revisions.render(reports.text_of(row))


def shown_revision(report: Report) -> int | None:
    """The revision that an editor reads on the report's page: what waits, else what is or was public."""
    return report.filed_revision or report.published_revision


def page(
    number: int,
    form: DecisionForm,
    *,
    withdraw_form: WithdrawForm | None = None,
    names_form: NamesForm | None = None,
    sentence: str = "",
) -> str:
    """The page on which an editor reads a report and decides; `sentence` says why the last decision was refused."""
    report = editable(number)
    revision = reports.revision(number, shown_revision(report) or 0)
    form.revision.data = revision.number if revision else None
    head = draft_saves.head(number)
    text = reports.text_of(revision) if revision else ReportText()
    state = State(work=report.work_state, public=report.public_state)
    facts, standing = reports.facts(report, person()), people.standing(person(), report.event_id)
    newer = revision is not None and head is not None and head.sequence > (revision.draft_sequence or head.sequence)
    can = {act.value for act in TABLE if possible(act, state) and may(standing, act, facts)}
    naming = names_form or NamesForm(formdata=None)
    found = names(report, revision, naming) if revision else None
    shown_again = (withdraw_form is not None and Action.WITHDRAW.value in can) or (names_form and found)
    return render_template(
        "review/read.html",
        report=report,
        revision=revision,
        text=text,
        body_html=revisions.render(text).html,
        issues=taxonomy.by_ids(text.policy_issues).values(),
        processes=taxonomy.processes_by_ids(text.processes).values(),
        targets=taxonomy.sdg_targets_by_ids(text.sdg_targets).values(),
        remarks=remarks(text, report.event, report.programme_session) if revision else (),
        form=form,
        withdraw_form=withdraw_form or WithdrawForm(formdata=None),
        withdrawing=withdraw_form is not None,
        notes=reports.notes(number),
        newer_text=newer,
        own=facts.own,
        can=can,
        held_back=report.embargo_until is not None and report.embargo_until > clock.now(),
        sentence=sentence,
        typed=() if shown_again else typed(),
        names=found,
        names_form=naming,
        again=report.public_state.value == "public",
        revise=Action.REVISE.value,
    )


def edit_page(report: Report, form: EditForm, *, act: str, sentence: str = "") -> str:
    """The form in which an editor changes a text: `act` is revise or correct."""
    issues, processes, targets = taxonomy.policy_issues(), taxonomy.processes(), taxonomy.sdg_targets()
    form.offer(issues, processes, targets)
    return render_template(
        "review/edit.html",
        report=report,
        form=form,
        issues=issues,
        processes=processes,
        targets=targets,
        act=act,
        sentence=sentence,
    )


def fresh_edit_page(report: Report, revision: int | None, *, act: str, nothing: str) -> str:
    """The same form holding a revision's text. Raises WrongState with the sentence `nothing` where there is none."""
    row = reports.revision(report.number, revision or 0)
    if row is None:
        raise WrongState(nothing)
    form = EditForm(formdata=None, revision=row.number)
    form.show(reports.text_of(row))
    return edit_page(report, form, act=act)


def editable(number: int) -> Report:
    """The report, if the person is an editor of its event. Raises NotFound, NotAllowed."""
    report = reports.by_number(number)
    if report is None:
        raise NotFound
    if not people.standing(person(), report.event_id).editor:
        raise NotAllowed
    return report


def locked(number: int) -> Report:
    """The report, locked until the unit of work ends."""
    report = reports.for_change(number)
    if report is None:
        raise NotFound
    return report
