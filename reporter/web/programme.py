"""The programme on the desk: which session has a report, where to write one, and reading a programme file in."""

from itertools import groupby

from flask import Blueprint, flash, make_response, redirect, render_template, request
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from reporter.models.database import unit_of_work
from reporter.models.event import Event
from reporter.models.programme import ProgrammeImport
from reporter.newsroom import programme_import
from reporter.queries import people, programmes, reports
from reporter.rules import addresses, clock
from reporter.rules.attribution import takes_report
from reporter.rules.clock import local_day
from reporter.rules.errors import N_, EditConflict, NotAllowed, NotFound, Refused, ReporterError
from reporter.sources.draft import MAX_BYTES
from reporter.web.accounts import person, signed_in
from reporter.web.errors import page as refusal
from reporter.web.errors import status_of
from reporter.web.forms.programme import ApplyForm, ProgrammeFileForm
from reporter.web.language import _, explain

blueprint = Blueprint("programme", __name__)


@blueprint.get("/desk/programme/<slug>")
@signed_in
def event(slug: str) -> str:
    """Every session of an event by day, with where its report stands."""
    found = _event(slug)
    standing = people.standing(person(), found.id)
    if not standing.staff:
        raise NotAllowed
    sessions = programmes.sessions_of(found.id)
    days = groupby(sessions, key=lambda session: local_day(session.starts_at, found.time_zone))
    return render_template(
        "programme/event.html",
        event=found,
        edits=standing.editor,
        days=[(day, list(held)) for day, held in days],
        reports=reports.of_sessions(session.id for session in sessions),
        takes_report=takes_report,
    )


@blueprint.get("/desk/programme/<slug>/import")
@signed_in
def choose_file(slug: str) -> str:
    """Choose a programme file; nothing changes before it was shown what would."""
    return _file_page(_edited(slug))


@blueprint.post("/desk/programme/<slug>/import")
@signed_in
def read_file(slug: str) -> Response:
    """Read the file and keep it, so that what is shown next is what is applied."""
    found = _edited(slug)
    upload = request.files.get("file")
    try:
        if upload is None or not upload.filename:
            raise Refused(N_("Choose a file first."))
        data = upload.read(MAX_BYTES + 1)
        programme_import.read(data, event=found)  # what cannot be read is refused before it is kept
        with unit_of_work():
            kept = programme_import.keep(found, data=data, file_name=upload.filename, by=person(), at=clock.now())
            number = kept.id
    except Refused as error:
        return make_response(_file_page(found, sentence=explain(error)), status_of(error))
    return redirect(addresses.programme_import(slug, number), 303)


@blueprint.errorhandler(413)
def too_large(_error: HTTPException) -> Response:
    """A file so large that not even the form around it was read."""
    sentence = _(
        "This file is larger than %(limit)s MB. Go back and choose one without what is no programme, or divide it.",
        limit=MAX_BYTES // 1024**2,
    )
    return refusal(413, sentence)


@blueprint.get("/desk/programme/<slug>/import/<int:number>")
@signed_in
def preview(slug: str, number: int) -> str:
    """What applying the file would do: added, changed, cancelled, and what could not be read and why."""
    found = _edited(slug)
    return _plan_page(found, _kept(found, number))


@blueprint.post("/desk/programme/<slug>/import/<int:number>")
@signed_in
def apply(slug: str, number: int) -> Response:
    """Apply the file, whole or not at all."""
    found = _edited(slug)
    kept = _kept(found, number)
    form = ApplyForm()
    try:
        draft = programme_import.read(kept.content or b"", event=found)
        with unit_of_work():
            locked, row = programmes.event_for_change(found.id), programmes.programme_import(number)
            if locked is None or row is None:
                raise NotFound
            made = programme_import.apply(
                locked, draft, by=person(), at=clock.now(), confirmed=bool(form.confirmed.data), kept=row
            )
            said = (
                _("Nothing changed: the programme says what the file says.")
                if made.nothing
                else _("Done: %(added)s added, %(changed)s changed, %(cancelled)s cancelled.", **made.counts)
            )
    except (Refused, EditConflict) as error:
        return make_response(_plan_page(found, _kept(found, number), sentence=explain(error)), status_of(error))
    flash(said)
    return redirect(addresses.desk_programme(slug), 303)


def _file_page(event: Event, *, sentence: str = "") -> str:
    return render_template("programme/import.html", event=event, form=ProgrammeFileForm(), sentence=sentence)


def _plan_page(event: Event, kept: ProgrammeImport, *, sentence: str = "") -> str:
    draft = programme_import.read(kept.content or b"", event=event)
    unreadable = [(entry, explain(ReporterError(entry.why, **dict(entry.values)))) for entry in draft.unreadable]
    return render_template(
        "programme/preview.html",
        event=event,
        kept=kept,
        plan=programme_import.plan(event, draft),
        unreadable=unreadable,
        form=ApplyForm(formdata=None),
        sentence=sentence,
    )


def _event(slug: str) -> Event:
    found = programmes.event_by_slug(slug)
    if found is None:
        raise NotFound
    return found


def _edited(slug: str) -> Event:
    found = _event(slug)
    programme_import.allow(found, by=person())
    return found


def _kept(event: Event, number: int) -> ProgrammeImport:
    kept = programmes.programme_import(number)
    if kept is None or kept.event_id != event.id or kept.content is None:
        raise NotFound(N_("This programme file was applied already, or is not kept. Read it again."))
    return kept
