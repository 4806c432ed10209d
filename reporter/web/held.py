"""Texts that could not become part of their report: their writer and the editors look after them."""

from flask import Blueprint, flash, redirect, render_template, request
from werkzeug.wrappers import Response

from reporter.models.database import unit_of_work
from reporter.models.report import HeldText, Report
from reporter.newsroom import held_texts
from reporter.queries import held_texts as held
from reporter.queries import reports, taxonomy
from reporter.rules import addresses, clock
from reporter.rules.errors import N_, NotAllowed, NotFound, Refused
from reporter.web import place as places
from reporter.web.accounts import person, signed_in
from reporter.web.language import _
from reporter.web.pages import as_html

blueprint = Blueprint("held", __name__)


@blueprint.get("/desk/held/<int:number>")
@signed_in
def read(number: int) -> str:
    """One such text, why it is here, and what can be done with it."""
    found = held.one(number)
    if found is None:
        raise NotFound
    try:
        held_texts.allow(found, by=person())
        may_settle = True
    except NotAllowed:
        if found.written_by_id != person().id:
            raise
        may_settle = False
    text = reports.text_of(found)
    return render_template(
        "held/read.html",
        held=found,
        why=_(held_texts.SENTENCES[found.cause]),
        text=text,
        body_html=as_html(text.body),
        notes=found.notes if found.written_by_id == person().id else "",
        issues=taxonomy.by_ids(text.policy_issues).values(),
        report=_report(found),
        may_settle=may_settle and found.settled_at is None,
    )


@blueprint.post("/desk/held/<int:number>")
@signed_in
def settle(number: int) -> Response:
    """Bring it into the report, or set it aside."""
    there = held.one(number)
    if there is None:
        raise NotFound
    act = request.form.get("act", "")
    with unit_of_work():
        session = places.locked_session(there.programme_session_id) if there.programme_session_id else None
        report = reports.of_session(session.id) if session is not None else _report(there)
        locked = reports.for_change(report.number) if report is not None else None
        found = held.for_change(number)
        if found is None:
            raise NotFound
        if act == "set_aside":
            held_texts.set_aside(found, by=person(), at=clock.now())
            where = addresses.desk()
        elif act == "attach":
            kept = held_texts.attach(found, locked, session=session, by=person(), at=clock.now())
            save = kept.save
            where = addresses.desk_save(save.report_number, save.sequence) if kept.places else ""
            where = where or addresses.desk_draft(save.report_number)
        else:
            raise Refused(N_("Choose what to do with this text."))
    flash(_("Set aside. It stays where it is.") if act == "set_aside" else _("The text is with the report now."))
    return redirect(where, 303)


def _report(found: HeldText) -> Report | None:
    if found.programme_session_id is not None:
        return reports.of_session(places.stands_for(found.programme_session_id).id)
    return reports.by_number(found.report_number) if found.report_number is not None else None
