"""/desk/: what I do next, and what I was told."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, redirect, render_template
from werkzeug.wrappers import Response

from reporter.models.assignment import Notice
from reporter.models.database import unit_of_work
from reporter.models.event import Event
from reporter.models.people import User
from reporter.models.report import HeldText
from reporter.newsroom import notices as verbs
from reporter.queries import assignments, draft_saves, duty, held_texts, notices, people, reports
from reporter.rules import addresses, clock
from reporter.rules.clock import local_day
from reporter.rules.errors import NotFound
from reporter.rules.vocabulary import NoticeKind, Role, WorkState
from reporter.web.accounts import person, signed_in
from reporter.web.calendar import address_for
from reporter.web.forms.desk import ReadForm
from reporter.web.language import _

blueprint = Blueprint("desk", __name__)

WATCHED = 6  # events, the newest: of those before nobody is on duty


@dataclass(frozen=True)
class Told:
    """A notice as it is shown: its sentence, what the other said with it, and where to look."""

    notice: Notice
    sentence: str
    note: str
    address: str


@dataclass(frozen=True)
class Watch:
    """Who looks after an event's reports now, as far as this person has a say in it."""

    event: Event
    edits: bool
    leads: User | None
    on_duty: list[tuple[User, datetime]]
    mine: bool


@blueprint.get("/desk/")
@signed_in
def home() -> str:
    """What I cover next, what I was told, my own reports, what waits for me as an editor, and my programmes."""
    at, events = clock.now(), people.events_of(person(), Role.RAPPORTEUR, Role.EDITOR)
    mine = reports.of_rapporteur(person())
    edited = people.events_of(person(), Role.EDITOR)
    waiting = reports.waiting(event.id for event in edited)
    watched = people.events_of(person(), Role.EDITOR, Role.ADMINISTRATOR)
    coming = assignments.coming(person(), [event.id for event in events], at=at)
    return render_template(
        "desk/home.html",
        me=person(),
        coming=coming,
        rows=assignments.of_sessions(one.session.id for one in coming),
        staff={one.session.event_id: people.staff(one.session.event_id) for one in coming},
        told=[_told(notice) for notice in notices.unread(person(), [event.id for event in events])],
        watches=[_watch(event, at=at) for event in watched[:WATCHED]],
        events=events,
        edits=bool(edited),
        waiting=waiting,
        held=_held(edited),
        sent_back=[report for report in mine if report.work_state is WorkState.SENT_BACK],
        drafts=[report for report in mine if report.work_state is WorkState.DRAFT],
        handed_in=[report for report in mine if report.work_state in (WorkState.FILED, WorkState.APPROVED)],
        published=[report for report in mine if report.work_state is WorkState.SETTLED],
        headlines=draft_saves.headlines(one.number for one in (*mine, *waiting)),
        calendar=address_for(person()),
    )


def _held(edited: Sequence[Event]) -> list[HeldText]:
    """The texts that could not become part of their reports: those of my events, and my own."""
    found = {one.id: one for one in held_texts.open_of_writer(person())}
    found |= {one.id: one for one in held_texts.open_of_events(event.id for event in edited)}
    return sorted(found.values(), key=lambda one: -one.id)


@blueprint.get("/desk/offline")
@signed_in
def offline() -> str:
    """What the service worker shows for a page that the device does not keep."""
    return render_template("desk/offline.html")


@blueprint.post("/desk/notices/<int:number>/read")
@signed_in
def read(number: int) -> Response:
    """I have read this."""
    with unit_of_work():
        notice = notices.one(number)
        if notice is None:
            raise NotFound
        verbs.mark_read(notice, by=person(), at=clock.now())
    return redirect(addresses.desk(), 303)


@blueprint.post("/desk/notices/read")
@signed_in
def read_all() -> Response:
    """I have read everything that the page showed; what came since stays."""
    form = ReadForm()
    with unit_of_work():
        verbs.mark_all_read(up_to=form.newest.data or 0, by=person(), at=clock.now())
    return redirect(addresses.desk(), 303)


def _told(notice: Notice) -> Told:
    message, values = verbs.sentence(notice)
    return Told(notice, _(message, **values), str(notice.details.get("note", "")), _address(notice))


def _address(notice: Notice) -> str:
    slug, session = notice.event.slug, notice.programme_session
    if notice.report_number is not None:
        return addresses.desk_report(notice.report_number)
    if notice.kind is NoticeKind.PROGRAMME_CHANGED and isinstance(notice.details.get("import"), int):
        return addresses.programme_import(slug, notice.details["import"])
    if notice.kind is NoticeKind.PROGRAMME_UNREACHABLE:
        return addresses.import_programme(slug)
    if session is None:
        return addresses.desk_programme(slug)
    line = f"#session-{session.id}"
    if notice.kind is NoticeKind.DECLINED:
        day = local_day(session.starts_at, notice.event.time_zone)
        return addresses.assignments(slug, day.isoformat()) + line
    return addresses.desk_programme(slug) + line


def _watch(event: Event, *, at: datetime) -> Watch:
    on_duty = list(duty.on_duty(event.id, at=at))
    return Watch(
        event=event,
        edits=people.standing(person(), event.id).editor,
        leads=duty.lead_editor(event.id),
        on_duty=on_duty,
        mine=any(user.id == person().id for user, _until in on_duty),
    )
