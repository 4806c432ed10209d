"""Accounts and roles: administrators look after people, at one event or everywhere."""

from flask import Blueprint, flash, make_response, redirect, render_template, request
from werkzeug.wrappers import Response

from reporter.models.database import unit_of_work
from reporter.models.event import Event
from reporter.models.people import User
from reporter.newsroom import people as verbs
from reporter.newsroom import programme
from reporter.queries import people, programmes
from reporter.rules import addresses, clock
from reporter.rules.errors import N_, EditConflict, NotAllowed, NotFound, Refused
from reporter.rules.vocabulary import Role
from reporter.web.accounts import hashed, person, signed_in
from reporter.web.errors import status_of
from reporter.web.forms.people import PersonForm
from reporter.web.language import _, explain

blueprint = Blueprint("people", __name__)


@blueprint.get("/desk/people/")
@signed_in
def everybody() -> str:
    """Who has which role where."""
    _allow()
    return _page(PersonForm(formdata=None))


@blueprint.post("/desk/people/")
@signed_in
def add() -> Response:
    """A new account with a role, or a further role for an account that exists."""
    _allow()
    form = PersonForm()
    form.offer(_events(), everywhere=_everywhere())
    try:
        event, role = _event(form.event.data), _role(form.role.data)
        verbs.allow(event, by=person())
        there = people.by_email(form.email.data or "")
        password = None if there else hashed(verbs.acceptable(form.password.data or ""))
        with unit_of_work():
            user = there or verbs.add_user(
                email=form.email.data or "",
                name=form.name.data or "",
                password_hash=password,
                by=person(),
                at=clock.now(),
            )
            verbs.grant(user, role, event=event, by=person(), at=clock.now())
    except (Refused, EditConflict) as error:
        return make_response(_page(form, sentence=explain(error)), status_of(error))
    flash(_("Done. %(email)s can sign in.", email=form.email.data))
    return redirect(addresses.people(), 303)


@blueprint.post("/desk/people/<int:number>/disable")
@signed_in
def disable(number: int) -> Response:
    """End every sign-in of a person, now and later."""
    verbs.allow(None, by=person())
    if number == person().id:
        raise Refused(N_("You cannot disable your own account. Ask another administrator."))
    with unit_of_work():
        verbs.disable(_user(number), by=person(), at=clock.now())
    flash(_("Disabled. What was written stays."))
    return redirect(addresses.people(), 303)


@blueprint.post("/desk/people/<int:number>/revoke/<int:grant>")
@signed_in
def revoke(number: int, grant: int) -> Response:
    """Take a role away; what the person wrote stays."""
    found = people.grant_by_id(grant)
    if found is None or found.user_id != number:
        raise NotFound
    verbs.allow(found.event, by=person())
    with unit_of_work():
        row = people.grant_by_id(grant)
        if row is not None:
            verbs.revoke(row, by=person(), at=clock.now())
    flash(_("The role is taken away."))
    return redirect(addresses.people(), 303)


@blueprint.post("/desk/people/remove-samples")
@signed_in
def remove_samples() -> Response:
    """Hide the sample events everywhere and end the sample accounts' sign-ins; rows and numbers stay."""
    verbs.allow(None, by=person())
    with unit_of_work():
        programme.remove_samples(by=person(), at=clock.now())
    flash(_("The samples are gone from every page and feed, and their accounts cannot sign in."))
    return redirect(addresses.people() if person().is_active else addresses.home(), 303)


def _allow() -> None:
    if not _events() and not _everywhere():
        raise NotAllowed


def _everywhere() -> bool:
    return people.grant(person(), Role.ADMINISTRATOR, None) is not None


def _events() -> list[Event]:
    return list(people.events_of(person(), Role.ADMINISTRATOR))


def _event(slug: str | None) -> Event | None:
    if not slug:
        return None
    event = programmes.event_by_slug(slug.replace("\x00", ""))
    if event is None:
        raise Refused(N_("Choose an event."))
    return event


def _role(value: str | None) -> Role:
    try:
        return Role(value or "")
    except ValueError as error:
        raise Refused(N_("Choose a role.")) from error


def _user(number: int) -> User:
    user = people.by_id(number)
    if user is None:
        raise NotFound
    return user


def _page(form: PersonForm, *, sentence: str = "") -> str:
    everywhere, events = _everywhere(), _events()
    form.offer(events, everywhere=everywhere)
    shown = {event.id for event in events}
    return render_template(
        "people/everybody.html",
        people=[one for one in people.everybody() if everywhere or any(grant.event_id in shown for grant in one.roles)],
        shown=shown,
        everywhere=everywhere,
        events=events,
        form=form,
        sentence=sentence,
        samples=people.sample_accounts_enabled() or any(event.is_sample for event in programmes.events()),
        me=person(),
        typed=request.method == "POST",
    )
