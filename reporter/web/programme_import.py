"""Reading a programme file in: choose it, see what it would do, say what is doubtful, apply it."""

import re
from typing import Any

from flask import Blueprint, current_app, flash, make_response, redirect, render_template, request
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from reporter.models.database import unit_of_work
from reporter.models.event import Event
from reporter.models.programme import ProgrammeImport
from reporter.newsroom import programme_import, programme_watch
from reporter.newsroom.programme_import import Plan
from reporter.queries import programmes
from reporter.rules import addresses, clock
from reporter.rules.errors import N_, BadProgramme, EditConflict, NotFound, Refused, ReporterError
from reporter.rules.report_text import one_line
from reporter.sources import fetch, formats, spreadsheet
from reporter.sources.draft import MAX_BYTES, ProgrammeDraft
from reporter.web import found as find
from reporter.web.accounts import person, signed_in
from reporter.web.errors import page as refusal
from reporter.web.errors import status_of
from reporter.web.forms.programme import ApplyForm, ColumnsForm, ProgrammeFileForm
from reporter.web.language import _, explain

blueprint = Blueprint("programme_import", __name__)

_MATCH = re.compile("same-([0-9]{1,9})-([0-9]{1,9})")


@blueprint.get("/desk/programme/<slug>/import")
@signed_in
def choose_file(slug: str) -> str:
    """Choose a programme file; nothing changes before it was shown what would."""
    return _file_page(_edited(slug), ProgrammeFileForm(formdata=None))


@blueprint.post("/desk/programme/<slug>/import")
@signed_in
def read_file(slug: str) -> Response:
    """Read the file and keep it, so that what is shown next is what is applied."""
    found = _edited(slug)
    form = ProgrammeFileForm()
    try:
        data, name, there = _chosen(form)
        address = (form.address.data or "").strip() if there else ""
        if formats.recognise(data).name == formats.TABLE:
            spreadsheet.table(data)  # what its columns mean can still be said
        else:
            programme_import.read(data, event=found)  # what cannot be read is refused before it is kept
        with unit_of_work():
            kept = programme_import.keep(found, data=data, file_name=name, by=person(), at=clock.now(), address=address)
            number = kept.id
            if there is not None and form.every.data:
                minutes = int(form.every.data) if form.every.data in map(str, programme_watch.EVERY) else 0
                programme_watch.watch(
                    found,
                    address=address,
                    every_minutes=minutes,
                    data=data,
                    validators=(there.etag, there.last_modified),
                    by=person(),
                    at=clock.now(),
                )
    except Refused as error:
        return make_response(_file_page(found, form, sentence=explain(error)), status_of(error))
    return redirect(addresses.programme_import(slug, number), 303)


@blueprint.post("/desk/programme/<slug>/import/stop")
@signed_in
def stop_looking(slug: str) -> Response:
    """Look at the programme's address no more."""
    found = _edited(slug)
    with unit_of_work():
        programme_watch.stop(found, by=person())
    flash(_("The programme is not looked at again by itself any more."))
    return redirect(addresses.import_programme(slug), 303)


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
    """What applying the file would do, on what an editor must decide, and what could not be read and why."""
    found = _edited(slug)
    return _plan_page(found, _kept(found, number))


@blueprint.post("/desk/programme/<slug>/import/<int:number>/columns")
@signed_in
def choose_columns(slug: str, number: int) -> Response:
    """Keep what an editor says of the columns of a table, and show again what it would do."""
    found = _edited(slug)
    _kept(found, number)
    form = ColumnsForm()
    with unit_of_work():
        row = programmes.programme_import(number)
        if row is None:
            raise NotFound
        programme_import.choose_columns(row, form.numbers(), event=found, by=person())
    return redirect(addresses.programme_import(slug, number), 303)


@blueprint.post("/desk/programme/<slug>/import/<int:number>")
@signed_in
def apply(slug: str, number: int) -> Response:
    """Apply the file, whole or not at all."""
    found = _edited(slug)
    kept = _kept(found, number)
    form = ApplyForm()
    try:
        draft = _read(kept, found)
        with unit_of_work():
            locked, row = find.locked_event(found.id), programmes.programme_import(number)
            if row is None:
                raise NotFound
            made = programme_import.apply(
                locked,
                draft,
                by=person(),
                at=clock.now(),
                confirmed=bool(form.confirmed.data),
                kept=row,
                decided=_decided(),
            )
            said = _said(made)
    except (Refused, EditConflict) as error:
        return make_response(_plan_page(found, _kept(found, number), sentence=explain(error)), status_of(error))
    flash(said)
    return redirect(addresses.desk_programme(slug), 303)


def _chosen(form: ProgrammeFileForm) -> tuple[bytes, str, fetch.Downloaded | None]:
    """The file that was sent, or the one at the address that was typed: its bytes, its name, how it came."""
    upload = request.files.get("file")
    address = (form.address.data or "").strip()
    if upload is not None and upload.filename:
        return upload.read(MAX_BYTES + 1), upload.filename, None
    if not address:
        raise Refused(N_("Choose a file first, or give the address of one."))
    there = fetch.download(address, allowed_hosts=current_app.config["REPORTER"].known_hosts)
    return there.data or b"", address.rsplit("/", 1)[-1] or address, there


def _decided() -> dict[tuple[int, int], bool]:
    """What the form says of each suggested match: whether the place in the file is the session with this id."""
    fields = ((_MATCH.fullmatch(name), answer) for name, answer in request.form.items())
    return {
        (int(found[1]), int(found[2])): answer == "same"
        for found, answer in fields
        if found is not None and answer in {"same", "other"}
    }


def _said(made: Plan) -> str:
    if made.nothing:
        return _("Nothing changed: the programme says what the file says.")
    return _("Done: %(added)s added, %(changed)s changed, %(cancelled)s cancelled.", **made.counts)


def _read(kept: ProgrammeImport, event: Event) -> ProgrammeDraft:
    return programme_import.read(kept.content or b"", event=event, columns=kept.columns)


def _file_page(event: Event, form: ProgrammeFileForm, *, sentence: str = "") -> str:
    return render_template(
        "programme_import/choose_file.html",
        event=event,
        form=form,
        sentence=sentence,
        source=programmes.source(event.id),
    )


def _plan_page(event: Event, kept: ProgrammeImport, *, sentence: str = "") -> str:
    """The preview; of a table also the choice of columns, and that alone where nothing can be read by them."""
    try:
        draft = _read(kept, event)
    except BadProgramme as error:
        draft, sentence = ProgrammeDraft(()), explain(error)
    unreadable = [(entry, explain(ReporterError(entry.why, **dict(entry.values)))) for entry in draft.unreadable]
    return render_template(
        "programme_import/preview.html",
        event=event,
        kept=kept,
        plan=programme_import.plan(event, draft),
        readable=bool(draft.sessions),
        answers=request.form,
        unreadable=unreadable,
        form=ApplyForm(formdata=None),
        sentence=sentence,
        **_columns(kept),
    )


def _columns(kept: ProgrammeImport) -> dict[str, Any]:
    """The form in which the columns of a table are chosen, and its first rows."""
    data = kept.content or b""
    if formats.recognise(data).name != formats.TABLE:
        return {"columns": None}
    table = spreadsheet.table(data)
    examples = [
        next((row.cells[place] for row in table.rows if row.cells[place]), "") for place in range(len(table.header))
    ]
    form = ColumnsForm(formdata=None)
    form.offer([one_line(name) for name in table.header], [one_line(cell) for cell in examples])
    form.show(kept.columns or spreadsheet.guess(table).to_numbers())
    return {"columns": form, "fields": spreadsheet.FIELDS}


def _edited(slug: str) -> Event:
    found = find.event(slug)
    programme_import.allow(found, by=person())
    return found


def _kept(event: Event, number: int) -> ProgrammeImport:
    kept = programmes.programme_import(number)
    if kept is None or kept.event_id != event.id or kept.content is None:
        raise NotFound(N_("This programme file was applied already, or is not kept. Read it again."))
    return kept
