"""/desk/: what I do next."""

from flask import Blueprint, render_template

from reporter.queries import people, reports
from reporter.rules.vocabulary import Role, WorkState
from reporter.web.accounts import person, signed_in
from reporter.web.calendar import address_for

blueprint = Blueprint("desk", __name__)


@blueprint.get("/desk/")
@signed_in
def home() -> str:
    """My own reports, what waits for me as an editor, and the programmes of my events."""
    mine = reports.of_rapporteur(person())
    edited = people.events_of(person(), Role.EDITOR)
    waiting = reports.waiting(event.id for event in edited)
    return render_template(
        "desk/home.html",
        events=people.events_of(person(), Role.RAPPORTEUR, Role.EDITOR),
        edits=bool(edited),
        waiting=waiting,
        sent_back=[report for report in mine if report.work_state is WorkState.SENT_BACK],
        drafts=[report for report in mine if report.work_state is WorkState.DRAFT],
        handed_in=[report for report in mine if report.work_state in (WorkState.FILED, WorkState.APPROVED)],
        published=[report for report in mine if report.work_state is WorkState.SETTLED],
        headlines=reports.headlines([*mine, *waiting]),
        calendar=address_for(person()),
    )
