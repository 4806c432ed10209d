"""The programme by hand: an event's details, its sessions, and unlisted sessions joined to those of the programme."""

from flask import Blueprint, flash, make_response, redirect, render_template
from werkzeug.wrappers import Response

from reporter.models.database import unit_of_work
from reporter.models.event import Event
from reporter.models.programme import ProgrammeSession
from reporter.newsroom import people as accounts
from reporter.newsroom import programme_desk as verbs
from reporter.queries import people, programme_desk, programmes, reports, taxonomy
from reporter.rules import addresses, clock
from reporter.rules.attribution import takes_report
from reporter.rules.errors import EditConflict, NotFound, Refused, ReporterError, WrongState
from reporter.rules.vocabulary import PublicState
from reporter.web import found as find
from reporter.web.accounts import person, signed_in
from reporter.web.errors import status_of
from reporter.web.forms.programme_desk import EventForm, JoinForm, SessionForm, time_zones
from reporter.web.language import _, explain, hours

blueprint = Blueprint("programme_desk", __name__)

REFUSALS = (Refused, WrongState, EditConflict)


@blueprint.get("/desk/events/new")
@signed_in
def new_event() -> str:
    """The form of a new event."""
    accounts.allow(None, by=person())
    return _event_page(None, EventForm(formdata=None, due_minutes=120))


@blueprint.post("/desk/events/new")
@signed_in
def make_event() -> Response:
    """Add an event; what is refused stays in the form."""
    accounts.allow(None, by=person())
    form = EventForm()
    try:
        details = form.details(programme_desk.series())
        with unit_of_work():
            slug = (form.slug.data or "").strip()
            event = verbs.make_event(details, slug=slug, by=person(), at=clock.now())
            address = addresses.event_details(event.slug)
    except REFUSALS as error:
        return _refused(_event_page(None, form, error), error)
    flash(_("The event is there. Give its editors and rapporteurs their roles next."))
    return redirect(address, 303)


@blueprint.get("/desk/programme/<slug>/event")
@signed_in
def event(slug: str) -> str:
    """What the event is called, where and when it is."""
    found = find.event(slug)
    verbs.allow_details(found, by=person())
    form = EventForm(formdata=None)
    form.show(found)
    return _event_page(found, form)


@blueprint.post("/desk/programme/<slug>/event")
@signed_in
def change_event(slug: str) -> Response:
    """Change it; what is refused stays in the form."""
    found = find.event(slug)
    verbs.allow_details(found, by=person())
    form = EventForm()
    try:
        details = form.details(programme_desk.series())
        with unit_of_work():
            locked = find.locked_event(found.id)
            form.check_seen(locked)
            verbs.change_event(locked, details, by=person(), at=clock.now())
    except REFUSALS as error:
        if isinstance(error, EditConflict):
            form.renew(find.event(slug))
        return _refused(_event_page(find.event(slug), form, error), error)
    flash(_("Kept."))
    return redirect(addresses.event_details(slug), 303)


@blueprint.get("/desk/programme/<slug>/sessions/new")
@signed_in
def new_session(slug: str) -> str:
    """The form of a session that is added by hand."""
    found = _edited(slug)
    return _session_page(found, None, SessionForm(formdata=None))


@blueprint.post("/desk/programme/<slug>/sessions/new")
@signed_in
def add_session(slug: str) -> Response:
    """Add it; what is refused stays in the form."""
    found = _edited(slug)
    form = SessionForm()
    try:
        draft, due_at = form.draft(found.time_zone), form.typed_due(found.time_zone)
        with unit_of_work():
            issues = form.issues.data or ()
            made = verbs.add_session(found, draft, due_at=due_at, issues=issues, by=person(), at=clock.now())
            address = addresses.edit_session(slug, made.id)
    except REFUSALS as error:
        return _refused(_session_page(find.event(slug), None, form, error), error)
    flash(_("The session is in the programme."))
    return redirect(address, 303)


@blueprint.get("/desk/programme/<slug>/sessions/<int:number>")
@signed_in
def session(slug: str, number: int) -> Response:
    """The form of a session; that of the one to which it was joined, where it was."""
    found = _session(slug, number)
    if found.joined_to_id is not None:
        return redirect(addresses.edit_session(slug, found.joined_to_id), 301)
    form = SessionForm(formdata=None)
    form.show(found, programme_desk.issues_of(number))
    return make_response(_session_page(found.event, found, form))


@blueprint.post("/desk/programme/<slug>/sessions/<int:number>")
@signed_in
def change_session(slug: str, number: int) -> Response:
    """Change a session by hand, its rule included; what is refused stays in the form."""
    found = _session(slug, number)
    form = SessionForm()
    zone = found.event.time_zone
    try:
        draft, due_at = form.draft(zone, found), form.typed_due(zone, found)
        with unit_of_work():
            locked = find.locked_session(number)
            form.check_seen(locked, programme_desk.issues_of(number))
            issues = form.issues.data or ()
            verbs.change_session(locked, draft, due_at=due_at, issues=issues, by=person(), at=clock.now())
            withdrawn = verbs.change_rule(locked, draft.rule, by=person(), at=clock.now())
    except REFUSALS as error:
        again = _session(slug, number)
        if isinstance(error, EditConflict):
            form.renew(again, programme_desk.issues_of(number))
        return _refused(_session_page(again.event, again, form, error), error)
    flash(_("Kept."))
    _say_withdrawn(withdrawn)
    return redirect(addresses.edit_session(slug, number), 303)


@blueprint.post("/desk/programme/<slug>/sessions/<int:number>/release")
@signed_in
def release(slug: str, number: int) -> Response:
    """Let the programme file decide again about what was changed by hand."""
    _session(slug, number)
    with unit_of_work():
        verbs.release(find.locked_session(number), by=person(), at=clock.now())
    flash(_("The next reading of the programme file decides again."))
    return redirect(addresses.edit_session(slug, number), 303)


@blueprint.post("/desk/programme/<slug>/sessions/<int:number>/join")
@signed_in
def join(slug: str, number: int) -> Response:
    """Say that an unlisted session is one of the programme; its report moves there."""
    found = _session(slug, number)
    chosen = JoinForm()
    try:
        target = chosen.number()
        with unit_of_work():
            locked = find.locked_session(number)  # and then the target: everybody locks in this order
            withdrawn = verbs.join(locked, find.locked_session(target), by=person(), at=clock.now())
    except REFUSALS as error:
        again = _session(slug, number)
        form = SessionForm(formdata=None)
        form.show(again, programme_desk.issues_of(number))
        return _refused(_session_page(found.event, again, form, error, chosen), error)
    flash(_("Joined. The report hangs on this session now."))
    _say_withdrawn(withdrawn)
    return redirect(addresses.edit_session(slug, target), 303)


def _edited(slug: str) -> Event:
    found = find.event(slug)
    verbs.allow(found, by=person())
    return found


def _session(slug: str, number: int) -> ProgrammeSession:
    event = _edited(slug)
    found = find.session(number)
    if found.event_id != event.id:
        raise NotFound
    return found


def _say_withdrawn(numbers: list[int]) -> None:
    for number in numbers:
        flash(_("Report %(number)s was withdrawn, because the rule is stricter now.", number=number))


def _refused(page: str, error: ReporterError) -> Response:
    return make_response(page, status_of(error))


def _event_page(event: Event | None, form: EventForm, error: ReporterError | None = None) -> str:
    form.offer(programme_desk.series())
    return render_template(
        "programme_desk/event.html",
        event=event,
        programme=event is not None and people.standing(person(), event.id).staff,
        form=form,
        time_zones=time_zones(),
        sentence=explain(error) if error else "",
    )


def _session_page(
    event: Event,
    session: ProgrammeSession | None,
    form: SessionForm,
    error: ReporterError | None = None,
    chosen: JoinForm | None = None,
) -> str:
    issues = taxonomy.policy_issues()
    form.offer(issues)
    report = reports.of_session(session.id) if session else None
    return render_template(
        "programme_desk/session.html",
        event=event,
        session=session,
        form=form,
        issues=issues,
        rooms=programmes.rooms(event.id),
        tracks=programmes.tracks(event.id),
        report=report,
        is_public=report is not None and report.public_state is PublicState.PUBLIC,
        takes_report=takes_report,
        join=_join_form(event, session, chosen) if session and verbs.is_unlisted(session) else None,
        sentence=explain(error) if error else "",
    )


def _join_form(event: Event, session: ProgrammeSession, chosen: JoinForm | None) -> JoinForm:
    """The sessions of the programme on the unlisted session's day, the nearest in time first."""
    form = chosen or JoinForm(formdata=None)
    day = clock.local_day(session.starts_at, event.time_zone)
    same_day = [
        one
        for one in programme_desk.listed_sessions(event.id)
        if clock.local_day(one.starts_at, event.time_zone) == day
    ]
    same_day.sort(key=lambda one: (abs(one.starts_at - session.starts_at), one.id))
    form.offer((one.id, _label(one, event.time_zone)) for one in same_day)
    return form


def _label(session: ProgrammeSession, time_zone: str) -> str:
    room = f", {session.room.name}" if session.room else ""
    return f"{hours(session, time_zone)}{room}: {session.title}"
