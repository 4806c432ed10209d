"""A report's page on the desk: where it stands, its texts, its history, and the acts that need nothing but a press."""

from collections.abc import Callable

from flask import Blueprint, abort, flash, redirect, render_template
from werkzeug.wrappers import Response

from reporter.models.database import unit_of_work
from reporter.models.report import DraftSave, Report, Revision
from reporter.newsroom import filing, saving
from reporter.queries import draft_saves, history, people, programmes, reports, taxonomy
from reporter.rules import addresses, clock
from reporter.rules.errors import NotAllowed, NotFound
from reporter.rules.lifecycle import State, possible
from reporter.rules.permissions import may, may_read, may_write
from reporter.rules.report_text import ReportText
from reporter.rules.vocabulary import Action
from reporter.text.diff import differences
from reporter.web.accounts import person, signed_in
from reporter.web.language import _
from reporter.web.pages import as_html

blueprint = Blueprint("reports", __name__)

MANY = 500  # saves on one page

ACTS: dict[str, tuple[Action, Callable[..., object]]] = {
    "recall": (Action.RECALL, filing.recall),
    "amend": (Action.AMEND, filing.amend),
    "drop": (Action.DROP_AMENDMENT, filing.drop_amendment),
    "discard": (Action.DISCARD, filing.discard),
    "restore": (Action.RESTORE, filing.restore),
}


@blueprint.get("/desk/reports/<int:number>")
@signed_in
def report(number: int) -> str:
    """What was handed in last, or the draft where nothing was."""
    found = readable(number)
    newest = next(iter(reports.revisions(number)), None)
    return _page(found, newest or draft_saves.head(number))


@blueprint.get("/desk/reports/<int:number>/draft")
@signed_in
def draft(number: int) -> str:
    """The newest draft, as its page would look."""
    return _page(readable(number), draft_saves.head(number))


@blueprint.get("/desk/reports/<int:number>/texts/<int:revision>")
@signed_in
def text(number: int, revision: int) -> str:
    """One text that was handed in, revised, corrected or merged."""
    found = readable(number)
    row = reports.revision(number, revision)
    if row is None:
        raise NotFound
    return _page(found, row)


@blueprint.get("/desk/reports/<int:number>/saves")
@signed_in
def saves(number: int) -> str:
    """Every save of the draft that is kept, the newest first."""
    found = readable(number)
    every = list(reversed(draft_saves.every(number)))
    return render_template(
        "reports/saves.html",
        report=found,
        saves=every[:MANY],
        more=len(every) - MANY,
        merged={one.merged_from for one in every},
        head=draft_saves.head(number),
        handed_in=draft_saves.handed_in(number),
    )


@blueprint.get("/desk/reports/<int:number>/saves/<int:sequence>")
@signed_in
def save(number: int, sequence: int) -> str:
    """One save of the draft beside the working text: what differs, and a way back to it."""
    found = readable(number)
    row, head = draft_saves.one(number, sequence), draft_saves.head(number)
    shown = reports.text_of(row)
    return render_template(
        "reports/save.html",
        report=found,
        save=row,
        head=head,
        text=shown,
        body_html=as_html(shown.body),
        differences=differences(shown, reports.text_of(head)) if head is not None and head is not row else (),
        issues=taxonomy.by_ids(shown.policy_issues).values(),
        restorable=_writable(found) and head is not row,
    )


@blueprint.post("/desk/reports/<int:number>/saves/<int:sequence>")
@signed_in
def restore(number: int, sequence: int) -> Response:
    """Go on from an older save; the present text stays among the saves."""
    readable(number)
    with unit_of_work():
        found = reports.for_change(number)
        if found is None:
            raise NotFound
        saving.restore(found, draft_saves.one(number, sequence), by=person(), at=clock.now())
    flash(_("The report goes on from that save now. What stood there before is among the saves."))
    return redirect(addresses.write_report(number), 303)


@blueprint.post("/desk/reports/<int:number>/<act>")
@signed_in
def do(number: int, act: str) -> Response:
    """One of the acts that need nothing but a press."""
    if act not in ACTS:
        abort(404)
    there = reports.by_number(number)
    if there is None:
        raise NotFound
    session = there.programme_session_id
    with unit_of_work():
        if session is not None:
            programmes.for_change(
                session
            )  # RESTORE must not meet a START; first the session, then the report, as there
        found = reports.for_change(number)
        if found is None:
            raise NotFound
        ACTS[act][1](found, by=person(), at=clock.now())
    return redirect(addresses.desk_report(number), 303)


def _writable(found: Report) -> bool:
    facts, standing = reports.facts(found, person()), people.standing(person(), found.event_id)
    return found.work_state in saving.WRITABLE and may_write(standing, facts)


def readable(number: int) -> Report:
    """The report, if the person may read it. Raises NotFound, NotAllowed."""
    found = reports.by_number(number)
    if found is None:
        raise NotFound
    if not may_read(people.standing(person(), found.event_id), reports.facts(found, person())):
        raise NotAllowed
    return found


def _page(found: Report, row: Revision | DraftSave | None) -> str:
    facts, standing = reports.facts(found, person()), people.standing(person(), found.event_id)
    state = State(work=found.work_state, public=found.public_state)
    shown = reports.text_of(row) if row else ReportText()
    entries, head, all_revisions = (
        history.of_report(found.number),
        draft_saves.head(found.number),
        reports.revisions(found.number),
    )
    newest = all_revisions[0] if all_revisions else None
    return render_template(
        "reports/report.html",
        report=found,
        text=shown,
        body_html=as_html(shown.body),
        row=row,
        is_draft=isinstance(row, DraftSave),
        revisions=all_revisions,
        were_public={change.revision_number for change in reports.changes(found.number)},
        aside=draft_saves.set_aside(found.number),
        newer_draft=bool(newest and head and head.sequence > (newest.draft_sequence or head.sequence)),
        head=head,
        issues=taxonomy.by_ids(shown.policy_issues).values(),
        processes=taxonomy.processes_by_ids(shown.processes).values(),
        targets=taxonomy.sdg_targets_by_ids(shown.sdg_targets).values(),
        notes=reports.notes(found.number),
        changes=reports.changes(found.number),
        entries=entries,
        names={entry.done_by_id: _name(entry.done_by_id) for entry in entries},
        acts=[name for name, (act, _verb) in ACTS.items() if may(standing, act, facts) and possible(act, state)],
        writable=_writable(found),
        own=facts.own,
        may_review=standing.editor,
    )


def _name(user_id: int | None) -> str:
    user = people.by_id(user_id) if user_id is not None else None
    return user.name if user else _("Reporter itself")
