"""What the writing page does by itself: it sends what was typed, asks who else writes, keeps pages ready.

Every answer is JSON that names itself (`"reporter": 1`), so that the page of a hotel's network is not taken for one.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, current_app, request, url_for
from flask_security import current_user
from werkzeug.exceptions import RequestEntityTooLarge

from reporter.models.database import unit_of_work
from reporter.models.event import Event
from reporter.models.people import User
from reporter.models.report import HeldText, PrivateNotes, Report
from reporter.newsroom import arrival, filing, held_texts, private_notes, revisions, saving
from reporter.newsroom.arrival import Device
from reporter.newsroom.saving import Kept
from reporter.queries import assignments, draft_saves, people, reports
from reporter.rules import addresses, clock
from reporter.rules.clock import local
from reporter.rules.errors import DatabaseAway, EditConflict, NotAllowed, NotFound, Refused, ReporterError, WrongState
from reporter.rules.permissions import may_write
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
    try:
        form = ArrivalForm(meta={"csrf": False})
        who = _sender(form)
        if isinstance(who, Response):
            return who
        return answer(**_receive(places.of_arrival(session, number), form, who))
    except RequestEntityTooLarge:
        sentence = _("The text and the notes are too large to be sent. Shorten them; they stay on this device.")
        return answer(413, state="refused", sentence=sentence)
    except (EditConflict, DatabaseAway) as error:  # of the moment: what was sent is no worse for it
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
    newer = after.isascii() and after.isdigit() and len(after) < 10 and head.sequence > int(after)
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
    """What has to be known of an arrival after its unit of work is over: `save` holds what would be handed in."""

    told: dict[str, Any]
    report: int = 0
    save: int = 0
    words: ReportText = field(default_factory=ReportText)
    filed: int | None = None


def _receive(place: Place, form: ArrivalForm, who: User) -> dict[str, Any]:
    act = form.act.data or ""
    device = Device(
        id=form.page(),
        client_id=form.client(),
        report=form.report.data,
        based_on=form.based_on.data or 0,
        hand_in=act in ("hand_in", "first_summary"),
        replaces=form.replaced(),
    )
    text = form.text()
    private_notes.check(form.notes.data or "")
    with unit_of_work():
        taken = _take(place, form, text, device, who)
    told = taken.told
    if not device.hand_in or told["state"] != "received":
        return told
    try:
        filed = taken.filed or _file(taken, who, first_summary=act == "first_summary")
    except (Refused, WrongState, NotAllowed) as error:
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
    if got.held is not None:
        notes, version = form.notes.data, form.notes_version.data or 0
        row = held_texts.keep_notes(got.held, notes, version=version, by=who, at=at) if notes is not None else None
        return _Taken(_held(got.held) | _noted(row, notes))
    kept, found = got.kept, got.report
    if kept is None or found is None:
        raise NotFound
    told: dict[str, Any] = {
        "state": "received",
        "report": found.number,
        "sequence": kept.save.sequence,
        "received": _clock(kept.save.saved_at, event),
        **_notes(found, form, who),
    }
    # A resend is answered to whoever made the save; what others wrote is for those who may write here now.
    if may_write(people.standing(who, event.id), reports.facts(found, who)):
        told |= {"head": kept.head.sequence, "others": _others(found, who, device.id), **_met(kept, text)}
    made = saving.standing(kept.save)
    filed = got.filed.number if got.filed else None
    return _Taken(told, found.number, made.sequence, reports.text_of(made), filed)


def _met(kept: Kept, text: ReportText) -> dict[str, Any]:
    """What became of the text where the working text says something else."""
    if kept.places:
        return {"state": "clash", "together": choices(kept)}
    head = reports.text_of(kept.head)
    return {"fields": writing.fields(head)} if head != text else {}


def _file(taken: _Taken, who: User, *, first_summary: bool) -> int:
    rendered = revisions.render(taken.words)
    with unit_of_work():
        report = reports.for_change(taken.report)
        if report is None:
            raise NotFound
        save = draft_saves.one(report.number, taken.save)
        made = filing.file(report, save, rendered=rendered, by=who, at=clock.now(), first_summary=first_summary)
        return made.number


def _clock(moment: datetime, event: Event) -> str:
    return local(moment, event.time_zone).strftime("%H:%M")


def _held(held: HeldText) -> dict[str, Any]:
    return {
        "state": "held",
        "held": held.id,
        "received": _clock(held.received_at, held.event),
        "sentence": _(held_texts.SENTENCES[held.cause]),
        "see": addresses.held_text(held.id),
    }


def _notes(report: Report, form: ArrivalForm, who: User) -> dict[str, Any]:
    """Keep the private notes that came along; only a rapporteur of the report has any."""
    if form.notes.data is None or reports.rapporteur(report, who) is None:
        return {}
    row = private_notes.keep(report, form.notes.data, version=form.notes_version.data or 0, by=who, at=clock.now())
    return _noted(row, form.notes.data)


def _noted(row: PrivateNotes | None, sent: str | None) -> dict[str, Any]:
    """The version of the notes; where another device's stand there too, all of them: the page would write over what it
    never saw.
    """
    if row is None or sent is None:
        return {}
    return {"notes_version": row.version, **({} if row.text == private_notes.cleaned(sent) else {"notes": row.text})}


def _others(report: Report, me: User, device: str) -> list[dict[str, Any]]:
    """Who else saved within the last moments: another person, or this one on another device."""
    found = draft_saves.writers_since(report.number, clock.now() - WRITES_NOW)
    return [
        {"name": save.saved_by.name, "me": save.saved_by_id == me.id}
        for save in found
        if save.saved_by_id != me.id or (save.device and save.device != device)
    ]
