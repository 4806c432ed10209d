"""Writing a report and handing it in."""

from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from reporter.models.database import unit_of_work
from reporter.models.event import Event
from reporter.models.programme import ProgrammeSession
from reporter.models.report import DraftSave, Report, Revision
from reporter.newsroom import filing, programme, revisions
from reporter.queries import people, programme_desk, programmes, reports, taxonomy
from reporter.rules import addresses, clock
from reporter.rules.attribution import takes_report
from reporter.rules.errors import (
    N_,
    EditConflict,
    NotAllowed,
    NotFound,
    Refused,
    ReporterError,
    TextRefused,
    WrongState,
)
from reporter.rules.permissions import ReportFacts, may, may_write
from reporter.rules.report_text import ReportText, one_line
from reporter.rules.vocabulary import Action
from reporter.sources.draft import SessionDraft
from reporter.web.accounts import person, signed_in
from reporter.web.errors import status_of
from reporter.web.forms.filing import ReportForm, UnlistedSessionForm
from reporter.web.language import _, explain

blueprint = Blueprint("filing", __name__)


@dataclass(frozen=True)
class Place:
    """What is being written up: a session, whose report may not exist yet, or a report without a session."""

    event: Event
    session: ProgrammeSession | None
    report: Report | None
    address: str


@blueprint.get("/desk/sessions/<int:number>/report")
@signed_in
def write(number: int) -> AnyResponse:
    """The form of a session's report, or the offer to join those who write it already."""
    place = _at_session(number)
    if place.session is not None and place.session.id != number:
        return redirect(place.address, 301)
    return _form(place)


@blueprint.post("/desk/sessions/<int:number>/report")
@signed_in
def save(number: int) -> AnyResponse:
    """Keep what was typed; with the button *Hand in*, hand it in. What is refused stays in the form."""
    if request.form.get("act") == "join":
        with unit_of_work():
            place = _at_session(number)
            _locked(place, joins=True)
        return redirect(place.address, 303)
    return _save(_at_session(number))


@blueprint.get("/desk/reports/<int:number>/write")
@signed_in
def write_report(number: int) -> AnyResponse:
    """The form of a report that has no session: a day's wrap-up."""
    return _form(_at_report(number))


@blueprint.post("/desk/reports/<int:number>/write")
@signed_in
def save_report(number: int) -> AnyResponse:
    """Keep or hand in the text of a report that has no session."""
    return _save(_at_report(number))


@blueprint.get("/desk/reports/new")
@signed_in
def new() -> str:
    """Begin a report of no session, or of one that is not in the programme."""
    return _new_page(_event(), UnlistedSessionForm(formdata=None))


@blueprint.post("/desk/reports/new")
@signed_in
def begin() -> AnyResponse:
    """START a wrap-up, or add an unlisted session to write up."""
    event = _event()
    if request.form.get("act") == "wrap_up":
        with unit_of_work():
            report = filing.start(event=event, by=person(), at=clock.now())
        return redirect(addresses.write_report(report.number), 303)
    form = UnlistedSessionForm()
    try:
        draft = SessionDraft(
            title=one_line(form.title.data or "")[:500],
            starts_at=_moment(form.starts_at.data, event),
            ends_at=_moment(form.ends_at.data or form.starts_at.data, event),
            room=one_line(form.room.data or "")[:200],
        )
        with unit_of_work():
            session = programme.add_unlisted(event, draft, by=person(), at=clock.now())
    except Refused as error:
        return make_response(_new_page(event, form, sentence=explain(error)), status_of(error))
    return redirect(addresses.write_up(session.id), 303)


def _form(place: Place) -> AnyResponse:
    report = place.report
    if report is not None and not _may_write(report):
        if place.session is None:
            raise NotAllowed
        return make_response(render_template("filing/join.html", session=place.session, report=report))
    if report is not None and report.work_state not in filing.WRITABLE:
        return redirect(addresses.desk_report(report.number), 303)  # a form there could only be refused
    form = ReportForm(formdata=None)
    head = reports.head_save(report.number) if report else None
    expected = programme_desk.issues_of(place.session.id) if place.session and not head else ()
    fresh = ReportText(byline=person().name, policy_issues=frozenset(expected))
    form.fill(reports.text_of(head) if head else fresh, based_on=head.sequence if head else 0)
    return make_response(_page(place, form, head=head))


def _save(place: Place) -> AnyResponse:
    form = ReportForm()
    act = request.form.get("act", "save")
    head = reports.head_save(place.report.number) if place.report else None
    text = form.text(reports.text_of(head) if head else None)
    try:
        kept, revision = _keep(place, form, text, hand_in=act == "hand_in")
    except (Refused, WrongState, EditConflict) as error:
        return _again(place, form, error)
    if kept.set_aside:
        return _both(place, form, kept)
    if revision is not None:
        flash(_("Handed in. It is with the editors now; you can write on."))
        return redirect(addresses.desk_report(kept.report_number), 303)
    return redirect(addresses.desk_draft(kept.report_number) if act == "preview" else place.address, 303)


def _keep(place: Place, form: ReportForm, text: ReportText, *, hand_in: bool) -> tuple[DraftSave, Revision | None]:
    """Save, and hand in where asked; the save stays even where the handing in is refused."""
    refusal = text.too_long()
    if refusal is not None:
        raise refusal
    with unit_of_work():
        report = _locked(place)
        kept = filing.save_draft(
            report, text, client_id=form.page_id(), based_on=form.based_on.data, by=person(), at=clock.now()
        )
        number, sequence = report.number, kept.sequence
    if not hand_in or kept.set_aside:
        return kept, None
    rendered = revisions.render(text)
    with unit_of_work():
        report = _locked(place)
        saved = reports.save(number, sequence)
        return saved, filing.file(report, saved, rendered=rendered, by=person(), at=clock.now())


def _locked(place: Place, *, joins: bool = False) -> Report:
    """The report, locked; made by the first who writes up the session. With `joins`, the person is listed."""
    report = place.report
    if place.session is not None:
        session = programmes.for_change(place.session.id)
        if session is not None and session.joined_to_id is not None:  # since the page was read
            session = programmes.for_change(session.joined_to_id)
        if session is None:
            raise NotFound
        report = reports.of_session(session.id)
        if report is None or joins:
            report = filing.start(event=session.event, programme_session=session, by=person(), at=clock.now())
    found = reports.for_change(report.number) if report is not None else None
    if found is None:
        raise NotFound
    return found


def _at_session(number: int) -> Place:
    """A session, or the one to which it was joined: what was typed for it belongs there."""
    session = programmes.programme_session(number)
    if session is not None and session.joined_to_id is not None:
        session = programmes.programme_session(session.joined_to_id)
    if session is None:
        raise NotFound
    _allow(session.event)
    if not takes_report(session.rule):
        raise WrongState(N_("This session is closed: no report is written of it."))
    return Place(session.event, session, reports.of_session(session.id), addresses.write_up(session.id))


def _at_report(number: int) -> Place:
    report = reports.by_number(number)
    if report is None:
        raise NotFound
    if not _may_write(report):
        raise NotAllowed
    session = programmes.programme_session(report.programme_session_id) if report.programme_session_id else None
    if session is not None and reports.of_session(session.id) is report:
        return Place(report.event, session, report, addresses.write_up(session.id))
    return Place(report.event, None, report, addresses.write_report(number))


def _event() -> Event:
    event = programmes.event_by_slug(request.args.get("event", "").replace("\x00", ""))
    if event is None:
        raise NotFound
    _allow(event)
    return event


def _allow(event: Event) -> None:
    if not may(people.standing(person(), event.id), Action.START, ReportFacts()):
        raise NotAllowed


def _moment(typed: datetime | None, event: Event) -> datetime:
    if typed is None:
        raise Refused(N_("Say when the session begins and ends, on the event's clocks."))
    return clock.from_local(typed, event.time_zone)


def _may_write(report: Report) -> bool:
    return may_write(people.standing(person(), report.event_id), reports.facts(report, person()))


def _new_page(event: Event, form: UnlistedSessionForm, *, sentence: str = "") -> str:
    return render_template("filing/new.html", event=event, form=form, sentence=sentence)


def _page(
    place: Place,
    form: ReportForm,
    *,
    head: DraftSave | None = None,
    sentence: str = "",
    theirs: ReportText | None = None,
) -> str:
    issues, processes, targets = taxonomy.policy_issues(), taxonomy.processes(), taxonomy.sdg_targets()
    form.offer(issues, processes, targets)
    return render_template(
        "filing/write.html",
        place=place,
        form=form,
        issues=issues,
        processes=processes,
        targets=targets,
        head=head,
        sentence=sentence,
        theirs=theirs,
        notes=reports.notes(place.report.number) if place.report else (),
        their_issues=taxonomy.by_ids(theirs.policy_issues).values() if theirs else (),
        their_processes=taxonomy.processes_by_ids(theirs.processes).values() if theirs else (),
        discarded=reports.discarded_of_session(place.session.id) if place.session and not place.report else (),
    )


def _again(place: Place, form: ReportForm, error: ReporterError) -> Response:
    """The form with everything typed and the one sentence; it goes on from what was saved before the refusal."""
    report = reports.of_session(place.session.id) if place.session else place.report
    head = reports.head_save(report.number) if report and _may_write(report) else None
    form.renew(based_on=head.sequence if head else 0)
    status = 413 if isinstance(error, TextRefused) and error.values.get("size") else status_of(error)
    again = Place(place.event, place.session, report, place.address)
    return make_response(_page(again, form, head=head, sentence=explain(error)), status)


def _both(place: Place, form: ReportForm, kept: DraftSave) -> Response:
    """Somebody saved meanwhile: both texts are shown; the one just typed is kept and stays in the form."""
    head = reports.head_save(kept.report_number)
    form.renew(based_on=head.sequence if head else 0)
    mine = head is not None and head.saved_by_id == person().id
    sentence = (
        _("You saved this report in another window meanwhile. ") if mine else _("Somebody else saved it meanwhile. ")
    ) + _(
        "What you sent now is kept and stands in the form; the other text stands below it. "
        "Take over what you need, then save or hand in again."
    )
    again = Place(place.event, place.session, reports.by_number(kept.report_number), place.address)
    theirs = reports.text_of(head) if head else None
    return make_response(_page(again, form, head=head, sentence=sentence, theirs=theirs), 409)
