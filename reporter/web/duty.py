"""Who leads an event, and editors who are on duty until a time they say by one press."""

from datetime import timedelta

from flask import Blueprint, flash, make_response, redirect, render_template, request
from werkzeug.wrappers import Response

from reporter.models.database import unit_of_work
from reporter.models.event import Event
from reporter.models.people import User
from reporter.newsroom import duty as verbs
from reporter.queries import duty, people
from reporter.rules import addresses, clock
from reporter.rules.errors import N_, NotAllowed, Refused
from reporter.web import found as find
from reporter.web.accounts import person, signed_in
from reporter.web.errors import status_of
from reporter.web.forms.duty import LeadForm
from reporter.web.language import _, at_event, explain

blueprint = Blueprint("duty", __name__)

A_WHILE = timedelta(hours=2)


@blueprint.get("/desk/duty/<slug>")
@signed_in
def event(slug: str) -> str:
    """Who leads the event, and who is on duty."""
    found = find.event(slug)
    verbs.allow_lead(found, by=person())
    return _page(found)


@blueprint.post("/desk/duty/<slug>")
@signed_in
def change(slug: str) -> Response:
    """On duty for two hours or until the end of the event's day, or not any more."""
    found = find.event(slug)
    if not people.standing(person(), found.id).editor:
        raise NotAllowed
    at = clock.now()
    ends = {"two_hours": at + A_WHILE, "today": clock.end_of_day(at, found.time_zone), "off": None}
    act = request.form.get("act", "")
    if act not in ends:
        raise Refused(N_("Choose until when you are on duty."))
    until = ends[act]
    with unit_of_work():
        locked = find.locked_event(found.id)
        if until is None:
            verbs.go_off(locked, by=person(), at=at)
            said = _("You are not on duty any more.")
        else:
            verbs.go_on(locked, until=until, by=person(), at=at)
            said = _("You are on duty until %(time)s.", time=at_event(until, locked.time_zone))
    flash(said)
    return redirect(addresses.desk(), 303)


@blueprint.post("/desk/duty/<slug>/lead")
@signed_in
def lead(slug: str) -> Response:
    """Say who leads the event."""
    found = find.event(slug)
    verbs.allow_lead(found, by=person())
    form = LeadForm()
    try:
        with unit_of_work():
            verbs.set_lead(find.locked_event(found.id), _editor(form.user.data), by=person(), at=clock.now())
    except Refused as error:
        return make_response(_page(find.event(slug), sentence=explain(error)), status_of(error))
    flash(_("Kept."))
    return redirect(addresses.duty(slug), 303)


def _editor(value: str | None) -> User | None:
    """Who was chosen; None for nobody. Raises Refused for what is no number of a person."""
    if value == "":
        return None
    digits = (value or "").isascii() and (value or "").isdigit() and len(value or "") < 10
    found = people.by_id(int(value or "0")) if digits else None
    if found is None:
        raise Refused(N_("Choose an editor of the event."))
    return found


def _page(event: Event, *, sentence: str = "") -> str:
    form, leads = LeadForm(formdata=None), duty.lead_editor(event.id)
    form.offer(people.editors(event.id), leads=leads)
    return render_template(
        "duty/event.html",
        event=event,
        edits=people.standing(person(), event.id).editor,
        leads=leads,
        on_duty=duty.on_duty(event.id, at=clock.now()),
        mine=duty.one(event.id, person().id),
        form=form,
        sentence=sentence,
    )
