"""What the writing page does by itself: it sends what was typed, asks who else writes, keeps pages ready.

Every answer is JSON that names itself (`"reporter": 1`), so that the page of a hotel's network is not taken for one.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, current_app, request, url_for
from flask_security import current_user

from reporter.models.database import unit_of_work
from reporter.models.event import Event
from reporter.models.people import User
from reporter.models.report import Report
from reporter.newsroom import arrival, filing, held_texts, private_notes, revisions, saving
from reporter.newsroom.arrival import Arrival, Device
from reporter.queries import assignments, draft_saves, people, reports
from reporter.rules import addresses, clock
from reporter.rules.clock import local
from reporter.rules.errors import EditConflict, NotFound, Refused, ReporterError, WrongState
from reporter.rules.report_text import ReportText
from reporter.rules.vocabulary import Role
from reporter.web import place as places
from reporter.web import writing
from reporter.web.accounts import person
from reporter.web.answers import answer, refused
from reporter.web.filing import choices, handed_in
from reporter.web.forms.filing import ArrivalForm
from reporter.web.language import _, explain
from reporter.web.place import Place
from reporter.web.security import csrf, fresh_token, token_is_good

blueprint = Blueprint("sync", __name__)

WRITES_NOW = timedelta(seconds=45)
READY_AHEAD = timedelta(hours=36)


@blueprint.post("/desk/sessions/<int:session>/report/saves")
@blueprint.post("/desk/reports/<int:number>/write/saves")
@csrf.exempt  # type: ignore[untyped-decorator] # checked below, in an answer that the page can read
def receive(session: int | None = None, number: int | None = None) -> Response:
    """Take what was typed, and hand it in with `act`. Never refused for state or permission."""
    form = ArrivalForm(meta={"csrf": False})
    who = _sender(form)
    if isinstance(who, Response):
        return who
    try:
        place = places.of_arrival(session, number)
        return answer(**_receive(place, form, who))
    except EditConflict as error:
        return answer(503, state="again", sentence=explain(error))
    except ReporterError as error:
        return refused(error)


@blueprint.get("/desk/sessions/<int:session>/report/saves")
@blueprint.get("/desk/reports/<int:number>/write/saves")
def look(session: int | None = None, number: int | None = None) -> Response:
    """Who else is writing, and the working text where it is newer than the save `after`."""
    if not current_user.is_authenticated:
        return answer(401, state="signed_out")
    try:
        place = places.at(session, number)
    except ReporterError as error:
        return refused(error)
    report = place.report
    head = draft_saves.head(report.number) if report is not None and places.may_write_it(report) else None
    if report is None or head is None:
        return answer(state="same", others=[])
    after = request.args.get("after", "")
    newer = after.isdigit() and len(after) < 10 and head.sequence > int(after)
    found: dict[str, Any] = {"fields": writing.fields(reports.text_of(head)), "head": head.sequence} if newer else {}
    return answer(
        state="newer" if newer else "same",
        report=report.number,
        others=_others(report, person(), request.args.get("device", "")),
        **found,
    )


@blueprint.get("/desk/ready")
def ready() -> Response:
    """Who is signed in, a fresh token, and the pages that this device should keep: what the person covers next."""
    if not current_user.is_authenticated:
        return answer(401, state="signed_out")
    at, me = clock.now(), person()
    events = [event.id for event in people.events_of(me, Role.RAPPORTEUR, Role.EDITOR)]
    coming = [one for one in assignments.coming(me, events, at=at) if one.session.starts_at < at + READY_AHEAD]
    mine = [one for one in reports.of_rapporteur(me) if one.work_state in saving.WRITABLE]
    pages = {addresses.write_up(one.session.id): one.session.title for one in coming}
    for one in mine:
        where = addresses.write_up(one.programme_session_id) if one.programme_session_id else None
        title = one.programme_session.title if one.programme_session else one.event.name
        pages.setdefault(where or addresses.write_report(one.number), title)
    return answer(
        state="signed_in",
        account=me.id,
        name=me.name,
        token=fresh_token(),
        device_key=writing.device_key(me),
        pages=[{"address": address, "title": title} for address, title in pages.items()],
        static=[url_for("static", filename=name) for name in sorted(_static_files())],
    )


@blueprint.get("/desk/sw.js")
def worker() -> Response:
    """The desk's service worker; from here it may answer for every page of the desk."""
    return current_app.send_static_file("desk-worker.js")


def _static_files() -> list[str]:
    folder = Path(current_app.static_folder or "")
    return [file.name for file in folder.iterdir() if file.suffix in (".js", ".css", ".svg")]


def _sender(form: ArrivalForm) -> User | Response:
    """Who sends: the person signed in; or the page's own account, closed meanwhile, which can only hand over."""
    if not current_user.is_authenticated:
        closed = writing.sender(form.device_key.data or "")
        if closed is not None and not closed.active:
            return closed
        return answer(401, state="signed_out")
    me = person()
    if form.account.data != me.id:
        return answer(409, state="other_account", name=me.name)
    if not token_is_good(request.headers.get("X-CSRFToken")):
        return answer(400, state="stale", token=fresh_token())
    return me


@dataclass(frozen=True)
class _Taken:
    """What has to be known of an arrival after its unit of work is over."""

    report: int | None
    head: int | None
    words: ReportText | None
    filed: int | None
    told: dict[str, Any]


def _receive(place: Place, form: ArrivalForm, who: User) -> dict[str, Any]:
    act = form.act.data or ""
    device = Device(
        id=form.page(),
        client_id=form.client(),
        report=form.report.data,
        based_on=form.based_on.data or 0,
        hand_in=act in ("hand_in", "first_summary"),
    )
    text = form.text()
    private_notes.check(form.notes.data or "")
    with unit_of_work():
        taken = _take(place, form, text, device, who)
    told = taken.told
    if not device.hand_in or taken.report is None or taken.head is None or told["state"] != "received":
        return told
    try:
        filed = taken.filed or _file(taken, who, first_summary=act == "first_summary")
    except (Refused, WrongState, EditConflict) as error:
        return {**told, "refusal": explain(error)}
    revision = reports.revision(taken.report, filed)
    if revision is None:
        raise NotFound
    return {**told, "state": "filed", "revision": filed, "sentence": handed_in(revision),
            "see": addresses.desk_report(taken.report)}  # fmt: skip


def _take(place: Place, form: ArrivalForm, text: ReportText, device: Device, who: User) -> _Taken:
    session, report = places.locked_parts(place)
    event = session.event if session is not None else place.event
    at = clock.now()
    got = arrival.receive(text, device, event=event, programme_session=session, report=report, by=who, at=at)
    if got.kept is None:
        return _Taken(None, None, None, None, _held(got))
    kept, found = got.kept, got.report
    if found is None:
        raise NotFound
    head_text = reports.text_of(kept.head)
    told: dict[str, Any] = {
        "state": "clash" if kept.places else "received",
        "report": found.number,
        "sequence": kept.save.sequence,
        "head": kept.head.sequence,
        "received": _clock(kept.save.saved_at, event),
        "others": _others(found, who, device.id),
        **_notes(found, form, who),
    }
    if kept.places:
        told["together"] = choices(kept)
    elif head_text != text.cleaned():
        told["fields"] = writing.fields(head_text)
    return _Taken(found.number, kept.head.sequence, head_text, got.filed.number if got.filed else None, told)


def _file(taken: _Taken, who: User, *, first_summary: bool) -> int:
    rendered = revisions.render(taken.words or ReportText())
    with unit_of_work():
        report = reports.for_change(taken.report or 0)
        if report is None:
            raise NotFound
        save = draft_saves.one(report.number, taken.head or 0)
        made = filing.file(report, save, rendered=rendered, by=who, at=clock.now(), first_summary=first_summary)
        return made.number


def _clock(moment: datetime, event: Event) -> str:
    return local(moment, event.time_zone).strftime("%H:%M")


def _held(got: Arrival) -> dict[str, Any]:
    held = got.held
    if held is None:
        raise NotFound
    return {
        "state": "held",
        "held": held.id,
        "received": _clock(held.received_at, held.event),
        "sentence": _(held_texts.SENTENCES[held.cause]),
        "see": addresses.held_text(held.id),
    }


def _notes(report: Report, form: ArrivalForm, who: User) -> dict[str, int]:
    """Keep the private notes that came along; only a rapporteur of the report has any."""
    if form.notes.data is None or reports.rapporteur(report, who) is None:
        return {}
    row = private_notes.keep(report, form.notes.data, version=form.notes_version.data or 0, by=who, at=clock.now())
    return {"notes_version": row.version}


def _others(report: Report, me: User, device: str) -> list[dict[str, Any]]:
    """Who else saved within the last moments: another person, or this one on another device."""
    found = draft_saves.writers_since(report.number, clock.now() - WRITES_NOW)
    return [
        {"name": save.saved_by.name, "me": save.saved_by_id == me.id}
        for save in found
        if save.saved_by_id != me.id or (save.device and save.device != device)
    ]
