"""Writing a report and handing it in; the report's page on the desk."""

from collections.abc import Callable

from flask import Blueprint, Response, abort, flash, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from reporter.models.database import unit_of_work
from reporter.models.people import User
from reporter.models.programme import ProgrammeSession
from reporter.models.report import DraftSave, Report, Revision
from reporter.newsroom import filing, revisions
from reporter.queries import history, people, programmes, reports, taxonomy
from reporter.rules import addresses, clock
from reporter.rules.attribution import takes_report
from reporter.rules.errors import EditConflict, NotAllowed, NotFound, Refused, ReporterError, TextRefused, WrongState
from reporter.rules.lifecycle import State, possible
from reporter.rules.permissions import ReportFacts, may, may_read, may_write
from reporter.rules.report_text import ReportText
from reporter.rules.vocabulary import Action
from reporter.text import markup
from reporter.web.accounts import person, signed_in
from reporter.web.errors import status_of
from reporter.web.forms.filing import ReportForm
from reporter.web.language import _, explain

blueprint = Blueprint("filing", __name__)

# The acts of a rapporteur that need nothing but a press.
ACTS: dict[str, tuple[Action, Callable[..., object]]] = {
    "recall": (Action.RECALL, filing.recall),
    "amend": (Action.AMEND, filing.amend),
    "drop": (Action.DROP_AMENDMENT, filing.drop_amendment),
    "discard": (Action.DISCARD, filing.discard),
    "restore": (Action.RESTORE, filing.restore),
}


@blueprint.get("/desk/sessions/<int:number>/report")
@signed_in
def write(number: int) -> str:
    """The form of a session's report, or the offer to join those who write it already."""
    session = _session(number)
    report = reports.of_session(number)
    if report is not None and not _may_write(report):
        return render_template("filing/join.html", session=session, report=report)
    form = ReportForm(formdata=None)
    head = reports.head_save(report.number) if report else None
    form.fill(reports.text_of(head) if head else ReportText(), based_on=head.sequence if head else 0)
    return _page(session, report, form, head=head)


@blueprint.post("/desk/sessions/<int:number>/report")
@signed_in
def save(number: int) -> AnyResponse:
    """Keep what was typed; with the button *Hand in*, hand it in. What is refused stays in the form."""
    session = _session(number)
    form = ReportForm()
    act = request.form.get("act", "save")
    if act == "join":
        with unit_of_work():
            _start(number)
        return redirect(addresses.write_up(number), 303)
    report = reports.of_session(number)
    head = reports.head_save(report.number) if report else None
    text = form.text(reports.text_of(head) if head else None)
    try:
        kept, revision = _keep(number, form, text, hand_in=act == "hand_in")
    except ReporterError as error:
        return _again(number, session, form, error)
    if kept.set_aside:
        return _both(number, session, form, kept)
    if revision is not None:
        flash(_("Handed in. It is with the editors now; you can write on."))
        return redirect(addresses.desk_report(kept.report_number), 303)
    at = clock.local(kept.saved_at, session.event.time_zone)
    flash(_("Draft safe on the server, %(time)s", time=at.strftime("%H:%M")))
    return redirect(addresses.write_up(number), 303)


@blueprint.get("/desk/reports/<int:number>")
@signed_in
def report(number: int) -> str:
    """Where a report stands, its texts, what the editors said, and what its rapporteurs can do next."""
    found = reports.by_number(number)
    if found is None:
        raise NotFound
    facts, standing = reports.facts(found, person()), people.standing(person(), found.event_id)
    if not may_read(standing, facts):
        raise NotAllowed
    state = State(work=found.work_state, public=found.public_state)
    entries = history.of_report(number)
    head = reports.head_save(number)
    newest = next(iter(reports.revisions(number)), None)
    row: Revision | DraftSave | None = newest or head
    return render_template(
        "filing/report.html",
        report=found,
        text=reports.text_of(row) if row else ReportText(),
        body_html=markup.render(row.body) if row else "",
        is_draft=newest is None,
        newer_draft=bool(newest and head and head.sequence > (newest.draft_sequence or head.sequence)),
        issues=taxonomy.by_ids(reports.text_of(row).policy_issues).values() if row else (),
        notes=reports.notes(number),
        entries=entries,
        names={entry.done_by_id: _name(entry.done_by_id) for entry in entries},
        acts=[name for name, (act, _verb) in ACTS.items() if may(standing, act, facts) and possible(act, state)],
        writable=found.work_state in filing.WRITABLE and may_write(standing, facts),
        may_review=standing.editor,
    )


@blueprint.post("/desk/reports/<int:number>/<act>")
@signed_in
def do(number: int, act: str) -> AnyResponse:
    """One of the acts that need nothing but a press."""
    if act not in ACTS:
        abort(404)
    with unit_of_work():
        found = reports.for_change(number)
        if found is None:
            raise NotFound
        if found.programme_session_id is not None:
            programmes.for_change(found.programme_session_id)  # RESTORE must not meet a START on the same session
        ACTS[act][1](found, by=person(), at=clock.now())
    return redirect(addresses.desk_report(number), 303)


def _keep(number: int, form: ReportForm, text: ReportText, *, hand_in: bool) -> tuple[DraftSave, Revision | None]:
    """Save, and hand in where asked; the save stays even where the handing in is refused."""
    refusal = text.too_long()
    if refusal is not None:
        raise refusal
    rendered = revisions.render(text) if hand_in else None
    with unit_of_work():
        report = _start(number, joins=False)
        kept = filing.save_draft(
            report,
            text,
            client_id=form.page_id(),
            based_on=form.based_on.data,
            by=person(),
            at=clock.now(),
        )
        sequence, report_number = kept.sequence, report.number
    revision = None
    if rendered is not None and not kept.set_aside:
        with unit_of_work():
            locked = reports.for_change(report_number)
            if locked is None:
                raise NotFound
            fresh = reports.save(report_number, sequence)
            revision = filing.file(locked, fresh, rendered=rendered, by=person(), at=clock.now())
    return kept, revision


def _start(number: int, *, joins: bool = True) -> Report:
    """The session's report, locked; made by the first who writes. With `joins`, the person becomes its rapporteur."""
    session = programmes.for_change(number)
    if session is None:
        raise NotFound
    there = reports.of_session(number)
    if there is None or joins:
        there = filing.start(event=session.event, programme_session=session, by=person(), at=clock.now())
    found = reports.for_change(there.number)
    if found is None:
        raise NotFound
    return found


def _session(number: int) -> ProgrammeSession:
    session = programmes.programme_session(number)
    if session is None:
        raise NotFound
    if not may(people.standing(person(), session.event_id), Action.START, ReportFacts()):
        raise NotAllowed
    if not takes_report(session.rule):
        raise WrongState(_("This session is closed: no report is written of it."))
    return session


def _may_write(report: Report) -> bool:
    return may_write(people.standing(person(), report.event_id), reports.facts(report, person()))


def _page(
    session: ProgrammeSession,
    report: Report | None,
    form: ReportForm,
    *,
    head: DraftSave | None = None,
    sentence: str = "",
    theirs: ReportText | None = None,
) -> str:
    issues = taxonomy.policy_issues()
    form.offer(issues)
    return render_template(
        "filing/write.html",
        session=session,
        report=report,
        form=form,
        issues=issues,
        head=head,
        sentence=sentence,
        theirs=theirs,
        notes=reports.notes(report.number) if report else (),
    )


def _again(number: int, session: ProgrammeSession, form: ReportForm, error: ReporterError) -> Response:
    """The form with everything typed and the one sentence; it goes on from what was saved before the refusal."""
    report = reports.of_session(number)
    head = reports.head_save(report.number) if report and _may_write(report) else None
    form.renew(based_on=head.sequence if head else 0)
    status = 413 if isinstance(error, TextRefused) and error.values.get("size") else status_of(error)
    if not isinstance(error, Refused | WrongState | EditConflict):
        raise error
    return make_response(_page(session, report, form, head=head, sentence=explain(error)), status)


def _both(number: int, session: ProgrammeSession, form: ReportForm, kept: DraftSave) -> Response:
    """Somebody saved meanwhile: both texts are shown; the one just typed is kept and stays in the form."""
    report = reports.of_session(number)
    head = reports.head_save(kept.report_number)
    form.renew(based_on=head.sequence if head else 0)
    sentence = _(
        "Somebody else saved this report meanwhile. Your text is kept and stands in the form; "
        "theirs stands below it. Take over what you need, then save or hand in again."
    )
    theirs = reports.text_of(head) if head else None
    return make_response(_page(session, report, form, head=head, sentence=sentence, theirs=theirs), 409)


def _name(user_id: int | None) -> str:
    user: User | None = people.by_id(user_id) if user_id is not None else None
    return user.name if user else _("Reporter itself")
