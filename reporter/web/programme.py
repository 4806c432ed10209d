"""The programme on the desk: which session has a report, and where to write one."""

from itertools import groupby

from flask import Blueprint, render_template

from reporter.queries import assignments, people, programmes, reports
from reporter.rules.attribution import takes_report
from reporter.rules.clock import local_day
from reporter.rules.errors import NotAllowed
from reporter.web import found as find
from reporter.web.accounts import person, signed_in
from reporter.web.assignment import may_be_taken

blueprint = Blueprint("programme", __name__)


@blueprint.get("/desk/programme/<slug>")
@signed_in
def event(slug: str) -> str:
    """Every session of an event by day, with where its report stands."""
    found = find.event(slug)
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
        me=person(),
        covering=assignments.of_sessions(session.id for session in sessions),
        staff=people.staff(found.id),
        may_be_taken=may_be_taken,
    )
