"""Calendars: an event's programme for everybody, and what somebody covers for who knows the address of it.

The address of a person's calendar holds a keyed hash of what Flask-Security calls their uniquifier. Nothing is stored:
disabling the account, which changes that, ends the address with it.
"""

import hashlib
import hmac
import re
from typing import cast

from flask import Blueprint, Response, current_app, request
from flask_babel import gettext

from reporter.models.people import User
from reporter.outlets import calendar
from reporter.outlets.calendar import CalendarSession
from reporter.queries import coverage, history, people, programmes, published
from reporter.rules import addresses, clock
from reporter.rules.errors import NotFound
from reporter.web import found as find
from reporter.web.language import _
from reporter.web.pages import base_url

blueprint = Blueprint("calendar", __name__)


@blueprint.get("/events/<slug>/programme.ics")
def programme(slug: str) -> Response:
    """The programme as a calendar; what did not change since costs nothing to ask for."""
    event = find.event(slug)
    whole, single = history.programme_changes(event.id)
    told = whole or event.created_at
    sessions = [
        CalendarSession(published.session_value(one), max(told, single.get(one.id, told)), one.cancelled_at)
        for one in programmes.sessions_of(event.id)
    ]
    data = calendar.programme(
        published.event_value(event), sessions, base_url=base_url(), tag_authority=_authority(), translate=gettext
    )
    response = _answer(data)
    response.headers["Cache-Control"] = "no-cache"
    response.add_etag()
    return cast(Response, response.make_conditional(request))


@blueprint.get("/calendars/<token>.ics")
def own(token: str) -> Response:
    """What the person whose token this is covers."""
    user = _of_token(token)
    if user is None:
        raise NotFound
    data = calendar.assignments(
        coverage.of_person(user, at=clock.now()),
        name=_("What I cover"),
        base_url=base_url(),
        tag_authority=_authority(),
        translate=gettext,
    )
    response = _answer(data)
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def address_for(user: User) -> str:
    """The whole address of what `user` covers, as a calendar. Whoever has it can read it."""
    return addresses.absolute(base_url(), addresses.calendar(f"{user.id}-{_proof(user)}"))


def _of_token(token: str) -> User | None:
    found = re.fullmatch("([1-9][0-9]{0,8})-([0-9a-f]{64})", token)
    user = people.by_id(int(found[1])) if found else None
    if found is None or user is None or not user.active or not hmac.compare_digest(found[2], _proof(user)):
        return None
    return user


def _proof(user: User) -> str:
    key = str(current_app.config["REPORTER"].secret_key).encode()
    return hmac.new(key, f"calendar{user.fs_uniquifier}".encode(), hashlib.sha256).hexdigest()


def _authority() -> str:
    return str(current_app.config["REPORTER"].authority)


def _answer(data: bytes) -> Response:
    return Response(data, content_type=f"{calendar.MEDIA_TYPE}; charset=utf-8")
