"""Writing a report and handing it in, with plain forms; what the page does with script is in `sync`."""

from datetime import datetime
from typing import Any

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from reporter.models.database import unit_of_work
from reporter.models.event import Event
from reporter.models.report import DraftSave, Revision
from reporter.newsroom import filing, programme, revisions, rule_tightening, saving
from reporter.newsroom.saving import Kept
from reporter.queries import assignments, draft_saves, programme_desk, programmes, reports
from reporter.rules import addresses, clock
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
from reporter.rules.merge import Clash
from reporter.rules.report_text import ReportText, one_line
from reporter.rules.vocabulary import SessionRule
from reporter.sources.draft import SessionDraft
from reporter.web import place as places
from reporter.web.accounts import person, signed_in
from reporter.web.answers import also_for_scripts, answer, wants_json
from reporter.web.errors import status_of
from reporter.web.forms.filing import ReportForm, TogetherForm, UnlistedSessionForm
from reporter.web.language import _, at_event, explain
from reporter.web.place import Place
from reporter.web.preflight import forbidden_names, remarks
from reporter.web.writing import fields, page_values

blueprint = Blueprint("filing", __name__)


@blueprint.get("/desk/sessions/<int:number>/report")
@signed_in
def write(number: int) -> AnyResponse:
    """The form of a session's report, or the offer to join those who write it already."""
    place = places.at_session(number)
    if place.session is not None and place.session.id != number:
        return redirect(place.address, 301)
    return _form(place)


@blueprint.post("/desk/sessions/<int:number>/report")
@signed_in
def save(number: int) -> AnyResponse:
    """Keep what was typed; with the button *Hand in*, hand it in. What is refused stays in the form."""
    if request.form.get("act") == "join":
        with unit_of_work():
            place = places.at_session(number)
            places.locked(place, joins=True)
        return redirect(place.address, 303)
    return _save(places.at_session(number))


@blueprint.get("/desk/reports/<int:number>/write")
@signed_in
def write_report(number: int) -> AnyResponse:
    """The form of a report that has no session: a day's wrap-up."""
    return _form(places.at_report(number))


@blueprint.post("/desk/reports/<int:number>/write")
@signed_in
def save_report(number: int) -> AnyResponse:
    """Keep or hand in the text of a report that has no session."""
    return _save(places.at_report(number))


@blueprint.post("/desk/reports/<int:number>/together")
@also_for_scripts
@signed_in
def together(number: int) -> AnyResponse:
    """Bring a text that clashed together with the working text, as somebody chose at each place."""
    place = places.at_report(number)
    form = TogetherForm()
    with unit_of_work():
        report = places.locked(place)
        save = draft_saves.one(report.number, form.save.data or 0)
        kept = saving.resolve(
            report, save, seen=form.seen.data or 0, choose=form.chosen(request.form), by=person(), at=clock.now()
        )
    if kept.places:
        sentence = _("Somebody saved again while you were choosing. Choose once more.")
    else:
        sentence = _("Both texts are together now. What was not chosen stays among the saves.")
    if wants_json():
        return _together(kept, sentence)
    flash(sentence)
    return redirect(place.address, 303)


def choices(kept: Kept) -> str:
    """The form in which somebody chooses what should stand where two texts clash."""
    report = reports.by_number(kept.save.report_number)
    return render_template("filing/together.html", report=report, aside=kept.save, head=kept.head, clashes=kept.places)


def _together(kept: Kept, sentence: str) -> Response:
    report = reports.by_number(kept.save.report_number)
    head = draft_saves.head(kept.save.report_number)
    if report is None or head is None:
        raise NotFound
    if kept.places:
        return answer(state="clash", sentence=sentence, together=choices(kept))
    words = fields(reports.text_of(head))
    return answer(state="together", sentence=sentence, report=report.number, head=head.sequence, fields=words)


@blueprint.post("/desk/sessions/<int:number>/rule")
@also_for_scripts
@signed_in
def tighten(number: int) -> AnyResponse:
    """Put a session under a stricter rule, as its moderator announced it: never a looser one."""
    said = request.form.get("rule", "")
    if said not in set(SessionRule):
        raise Refused(N_("Choose the rule that the moderator announced."))
    with unit_of_work():
        session = programmes.for_change(number)
        if session is None:
            raise NotFound
        withdrawn = rule_tightening.tighten(session, SessionRule(said), by=person(), at=clock.now())
    sentence = _("The session is under the stricter rule now, for everybody.")
    if withdrawn:
        sentence = f"{sentence} {_('Its public report is withdrawn until an editor publishes a cleaned text.')}"
    if wants_json():
        return answer(state="tightened", sentence=sentence)
    flash(sentence)
    return redirect(addresses.desk() if said == SessionRule.CLOSED else addresses.write_up(number), 303)


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
    if report is not None and not places.may_write_it(report):
        if place.session is None:
            raise NotAllowed
        return make_response(render_template("filing/join.html", session=place.session, report=report))
    if report is not None and report.work_state not in saving.WRITABLE:
        return redirect(addresses.desk_report(report.number), 303)  # a form there could only be refused
    form = ReportForm(formdata=None)
    head = draft_saves.head(report.number) if report else None
    expected = programme_desk.issues_of(place.session.id) if place.session and not head else ()
    fresh = ReportText(byline=person().name, policy_issues=frozenset(expected), body=place.event.report_template)
    form.fill(reports.text_of(head) if head else fresh, based_on=head.sequence if head else 0)
    return make_response(_page(place, form, head=head))


def _page(place: Place, form: ReportForm, **more: Any) -> str:
    found = more.get("head")
    text = reports.text_of(found) if found is not None else None
    return render_template(
        "filing/write.html",
        remarks=remarks(text, place.event, place.session) if text else (),
        names=forbidden_names(text, place.event, place.session) if text else (),
        **page_values(place, form, **more),
    )


def _save(place: Place) -> AnyResponse:
    form = ReportForm()
    act = request.form.get("act", "save")
    head = draft_saves.head(place.report.number) if place.report else None
    text = form.text(reports.text_of(head) if head else None)
    try:
        kept, revision = _keep(place, form, text, act=act)
    except (Refused, WrongState, EditConflict) as error:
        return _again(place, form, error)
    if kept.places:
        return _both(place, form, kept.save, kept.places)
    number = kept.save.report_number
    if revision is not None:
        flash(handed_in(revision))
        return redirect(addresses.desk_report(number), 303)
    return redirect(addresses.desk_draft(number) if act == "preview" else place.address, 303)


def _keep(place: Place, form: ReportForm, text: ReportText, *, act: str) -> tuple[Kept, Revision | None]:
    """Save, and hand in where asked; the save stays even where the handing in is refused."""
    saving.check(text, of=place.report)
    with unit_of_work():
        report = places.locked(place)
        kept = saving.keep(
            report, text, client_id=form.page_id(), based_on=form.based_on.data, by=person(), at=clock.now()
        )
        sequence, words = kept.head.sequence, reports.text_of(kept.head)
    if act not in ("hand_in", "first_summary") or kept.places:
        return kept, None
    rendered = revisions.render(words)
    with unit_of_work():
        report = places.locked(place)
        head = draft_saves.one(report.number, sequence)
        first = act == "first_summary"
        made = filing.file(report, head, rendered=rendered, by=person(), at=clock.now(), first_summary=first)
        return kept, made


def handed_in(revision: Revision) -> str:
    """What is said to somebody who handed in: the number, the place in the queue, when it was due."""
    report = reports.by_number(revision.report_number)
    if report is None:
        raise NotFound
    sentence = _("Handed in: report %(number)s, text %(text)s.", number=report.number, text=revision.number)
    before = reports.waiting_before(report)
    queue = (
        _("It is the first that the editors will read.")
        if before == 0
        else _("%(count)s others wait before it.", count=before)
    )
    session = report.programme_session
    due = (
        _("It is due %(time)s.", time=at_event(assignments.due_at(session, ()), report.event.time_zone))
        if session
        else ""
    )
    return " ".join(filter(None, (sentence, queue, due, _("You can write on."))))


def _event() -> Event:
    event = programmes.event_by_slug(request.args.get("event", "").replace("\x00", ""))
    if event is None:
        raise NotFound
    places.allow(event)
    return event


def _moment(typed: datetime | None, event: Event) -> datetime:
    if typed is None:
        raise Refused(N_("Say when the session begins and ends, on the event's clocks."))
    return clock.from_local(typed, event.time_zone)


def _new_page(event: Event, form: UnlistedSessionForm, *, sentence: str = "") -> str:
    return render_template("filing/new.html", event=event, form=form, sentence=sentence)


def _again(place: Place, form: ReportForm, error: ReporterError) -> Response:
    """The form with everything typed and the one sentence; it goes on from what was saved before the refusal."""
    report = reports.of_session(place.session.id) if place.session else place.report
    head = draft_saves.head(report.number) if report and places.may_write_it(report) else None
    form.renew(based_on=head.sequence if head else 0)
    status = 413 if isinstance(error, TextRefused) and error.values.get("size") else status_of(error)
    again = Place(place.event, place.session, report, place.address)
    return make_response(_page(again, form, head=head, sentence=explain(error)), status)


def _both(place: Place, form: ReportForm, save: DraftSave, clashes: tuple[Clash, ...]) -> Response:
    """Somebody saved the same place meanwhile: both are shown; what was just typed is kept and stays in the form."""
    head = draft_saves.head(save.report_number)
    form.renew(based_on=save.sequence)
    mine = head is not None and head.saved_by_id == person().id
    sentence = (
        _("You saved this report in another window meanwhile. ") if mine else _("Somebody else saved it meanwhile. ")
    ) + _("What you sent now is kept and stands in the form. Choose below what should stand.")
    again = Place(place.event, place.session, reports.by_number(save.report_number), place.address)
    page = _page(again, form, head=head, sentence=sentence, aside=save, clashes=clashes)
    return make_response(page, 409)
