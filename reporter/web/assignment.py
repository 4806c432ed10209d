"""Who covers which session: the editors' page for one day, and the answers of those who were asked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask import Blueprint, flash, make_response, redirect, render_template, request
from werkzeug.wrappers import Response

from reporter.models.assignment import Assignment
from reporter.models.database import unit_of_work
from reporter.models.event import Event
from reporter.models.people import User
from reporter.models.programme import ProgrammeSession
from reporter.models.report import Report
from reporter.newsroom import assignment as verbs
from reporter.queries import assignments, people, programmes, reports
from reporter.rules import addresses, clock, due
from reporter.rules.attribution import takes_report
from reporter.rules.clock import local_day
from reporter.rules.coverage import RUNNING
from reporter.rules.errors import N_, EditConflict, NotAllowed, Refused, WrongState
from reporter.rules.vocabulary import Cover
from reporter.web import found as find
from reporter.web.accounts import person, signed_in
from reporter.web.errors import status_of
from reporter.web.forms.assignment import AnswerForm, AssignForm, HandOverForm
from reporter.web.language import _, explain

blueprint = Blueprint("assignment", __name__)

Covers = Mapping[int, Sequence[ProgrammeSession]]  # by person


@dataclass(frozen=True)
class Seat:
    """Somebody who covers a session: by when, and what is odd about it."""

    assignment: Assignment
    due_at: datetime
    warnings: Sequence[str]
    on_staff: bool


@dataclass(frozen=True)
class Choice:
    """Somebody who could cover a session."""

    user: User
    that_day: int
    busy: bool


@dataclass(frozen=True)
class Line:
    """One session on the editors' page."""

    session: ProgrammeSession
    coverable: bool
    seats: Sequence[Seat]
    ended: Sequence[Assignment]
    choices: Sequence[Choice]
    report: Report | None


@blueprint.get("/desk/programme/<slug>/assignments")
@signed_in
def event(slug: str) -> str:
    """The sessions of one day: who covers them, and who could."""
    found = find.event(slug)
    _allow_editor(found.id)
    return _page(found, _asked_day())


@blueprint.post("/desk/sessions/<int:number>/assign")
@signed_in
def assign(number: int) -> Response:
    """Let somebody cover the session. What is odd about it is said afterwards; nothing of that refuses."""
    shown = find.session(number)
    _allow_editor(shown.event_id)
    form = AssignForm()
    try:
        with unit_of_work():
            session, user = find.locked_session(number), _chosen(form.user.data)
            verbs.assign(
                session, user, lead=bool(form.lead.data), note=form.note.data or "", by=person(), at=clock.now()
            )
            said = [_("%(name)s covers “%(title)s”.", name=user.name, title=session.title), *_warned(session, user)]
    except (Refused, WrongState, EditConflict) as error:
        shown = find.session(number)
        page = _page(shown.event, local_day(shown.starts_at, shown.event.time_zone), sentence=explain(error))
        return make_response(page, status_of(error))
    for sentence in said:
        flash(sentence)
    return _back(number)


@blueprint.post("/desk/sessions/<int:number>/lead")
@signed_in
def lead(number: int) -> Response:
    """Let another of those who cover the session lead it."""
    _allow_editor(find.session(number).event_id)
    form = AssignForm()
    with unit_of_work():
        verbs.make_lead(find.locked_session(number), _chosen(form.user.data), by=person(), at=clock.now())
    return _back(number)


@blueprint.post("/desk/sessions/<int:number>/take-away")
@signed_in
def take_away(number: int) -> Response:
    """End somebody's assignment."""
    _allow_editor(find.session(number).event_id)
    form = AssignForm()
    with unit_of_work():
        user = _chosen(form.user.data)
        verbs.take_away(find.locked_session(number), user, by=person(), at=clock.now())
        said = _("%(name)s does not cover it any more, and is told.", name=user.name)
    flash(said)
    return _back(number)


@blueprint.post("/desk/sessions/<int:number>/hand-over")
@signed_in
def hand_over(number: int) -> Response:
    """Give the session to somebody else, with its draft."""
    _allow_staff(find.session(number).event_id)
    form = HandOverForm()
    with unit_of_work():
        session = find.locked_session(number)
        giver = people.by_id(form.user.data) if form.user.data is not None else None
        to = _chosen(form.to.data)
        verbs.hand_over(session, user=giver, to=to, by=person(), at=clock.now())
        said = [_("%(name)s covers “%(title)s” now.", name=to.name, title=session.title), *_warned(session, to)]
    for sentence in said:
        flash(sentence)
    return _back(number)


@blueprint.post("/desk/sessions/<int:number>/<any(take, accept, decline):act>")
@signed_in
def answer(number: int, act: str) -> Response:
    """Take a session that nobody covers; accept or decline one that was assigned."""
    find.session(number)
    form = AnswerForm()
    said = []
    with unit_of_work():
        session, at = find.locked_session(number), clock.now()
        match act:
            case "take":
                verbs.take(session, by=person(), at=at)
                said = [_("You cover “%(title)s” now.", title=session.title), *_warned(session, person())]
            case "accept":
                verbs.accept(session, by=person(), at=at)
                said = [_("You cover “%(title)s”.", title=session.title)]
            case _:
                verbs.decline(session, note=form.note.data or "", by=person(), at=at)
                said = [_("Declined. The editors are told.")]
    for sentence in said:
        flash(sentence)
    return _back(number)


def may_be_taken(session: ProgrammeSession, rows: Sequence[Assignment], report: Report | None) -> bool:
    """Whether the session is offered to whoever comes: nobody covers it, nobody wrote of it, and it may be covered."""
    open_to_all = session.cover is not Cover.NOT and session.joined_to_id is None
    taken = report is not None or any(row.state in RUNNING for row in rows)
    return open_to_all and coverable(session) and not taken


def coverable(session: ProgrammeSession) -> bool:
    """Whether anybody can cover the session at all."""
    return session.cancelled_at is None and takes_report(session.rule)


def _allow_editor(event_id: int) -> None:
    if not people.standing(person(), event_id).editor:
        raise NotAllowed


def _allow_staff(event_id: int) -> None:
    if not people.standing(person(), event_id).staff:
        raise NotAllowed


def _chosen(number: int | None) -> User:
    found = people.by_id(number) if number else None
    if found is None:
        raise Refused(N_("Choose somebody."))
    return found


def _warned(session: ProgrammeSession, user: User, covers: Sequence[ProgrammeSession] | None = None) -> list[str]:
    return [
        _("Mind, %(name)s: %(remark)s", name=user.name, remark=_(message, **values))
        for message, values in verbs.warnings(session, user, covers=covers)
    ]


def _back(number: int) -> Response:
    """To the line of the session on the page from which the press came."""
    session = find.session(number)
    slug, line = session.event.slug, f"#session-{number}"
    match request.args.get("from"):
        case "assignments":
            day = local_day(session.starts_at, session.event.time_zone)
            return redirect(addresses.assignments(slug, day.isoformat()) + line, 303)
        case "programme":
            return redirect(addresses.desk_programme(slug) + line, 303)
        case _:
            return redirect(addresses.desk(), 303)


def _asked_day() -> date | None:
    try:
        return date.fromisoformat(request.args.get("day", ""))
    except ValueError:
        return None


def _page(event: Event, asked: date | None, *, sentence: str = "") -> str:
    sessions = programmes.sessions_of(event.id, with_speakers=True)
    days: dict[date, list[ProgrammeSession]] = {}
    for session in sessions:
        days.setdefault(local_day(session.starts_at, event.time_zone), []).append(session)
    rows = assignments.of_sessions(session.id for session in sessions)
    written = reports.of_sessions(session.id for session in sessions)
    today = local_day(clock.now(), event.time_zone)
    shown = next((day for day in (asked, today, *days) if day in days), None)
    staff = people.staff(event.id)
    covers = assignments.covered({user.id for user in staff} | {row.user_id for all in rows.values() for row in all})
    return render_template(
        "assignment/event.html",
        event=event,
        days=[(day, sum(_is_open(one, rows, written) for one in held)) for day, held in days.items()],
        shown=shown,
        lines=[
            _line(session, rows.get(session.id, []), staff, covers, written.get(session.id))
            for session in (days[shown] if shown else ())
        ],
        sentence=sentence,
    )


def _is_open(
    session: ProgrammeSession, rows: Mapping[int, Sequence[Assignment]], written: Mapping[int, Report]
) -> bool:
    return may_be_taken(session, rows.get(session.id, ()), written.get(session.id))


def _line(
    session: ProgrammeSession,
    rows: Sequence[Assignment],
    staff: Sequence[User],
    covers: Covers,
    report: Report | None,
) -> Line:
    here = {user.id for user in staff}
    running = [row for row in rows if row.state in RUNNING]
    taken = {row.user_id for row in running}
    return Line(
        session=session,
        coverable=coverable(session),
        seats=[_seat(session, row, covers.get(row.user_id, ()), on_staff=row.user_id in here) for row in running],
        ended=[row for row in rows if row.state not in RUNNING],
        choices=[_choice(session, user, covers.get(user.id, ())) for user in staff if user.id not in taken],
        report=report,
    )


def _seat(session: ProgrammeSession, row: Assignment, covers: Sequence[ProgrammeSession], *, on_staff: bool) -> Seat:
    warnings = [_(message, **values) for message, values in verbs.warnings(session, row.user, covers=covers)]
    return Seat(row, assignments.due_at(session, covers), warnings, on_staff)


def _choice(session: ProgrammeSession, user: User, covers: Sequence[ProgrammeSession]) -> Choice:
    zone = session.event.time_zone
    day = local_day(session.starts_at, zone)
    here = [other for other in covers if other.event_id == session.event_id and local_day(other.starts_at, zone) == day]
    busy = due.clashes(assignments.busy(session), [assignments.busy(other) for other in covers])
    return Choice(user, len(here), bool(busy))
