"""Signing in and out: Flask-Security behind our own page, and who stands at the desk."""

import unicodedata
from collections.abc import Callable
from functools import wraps
from typing import Any, Literal, NoReturn, ParamSpec, TypeVar, cast
from urllib.parse import urlencode

from flask import Flask, Response, abort, current_app, redirect, request
from flask_babel import lazy_gettext
from flask_security import Security, SQLAlchemyUserDatastore, current_user, hash_password
from passlib.hash import argon2

from reporter.models.database import db
from reporter.models.people import User
from reporter.newsroom.people import MIN_PASSWORD
from reporter.rules import addresses
from reporter.web.forms.accounts import SignInForm

P = ParamSpec("P")
T = TypeVar("T")

NORMAL_FORM: Literal["NFKD"] = "NFKD"  # of passwords, wherever they are typed


def init_app(app: Flask) -> None:
    """Join Flask-Security: e-mail and password, own pages, nothing that the house does not use."""
    app.config.update(
        SECURITY_LOGIN_USER_TEMPLATE="accounts/sign_in.html",
        SECURITY_POST_LOGIN_VIEW=addresses.desk(),
        SECURITY_POST_LOGOUT_VIEW=addresses.home(),
        SECURITY_LOGOUT_METHODS=["POST"],
        SECURITY_PASSWORD_HASH="argon2",  # noqa: S106 - the name of the method, not a password
        SECURITY_PASSWORD_SINGLE_HASH=True,
        SECURITY_PASSWORD_SCHEMES=["argon2"],  # by default it would also take a password stored in plain text
        SECURITY_PASSWORD_LENGTH_MIN=MIN_PASSWORD,
        SECURITY_PASSWORD_NORMALIZE_FORM=NORMAL_FORM,
        SECURITY_RETURN_GENERIC_RESPONSES=True,
        SECURITY_MSG_GENERIC_AUTHN_FAILED=(
            lazy_gettext("The e-mail address or the password is not right. Check both and try again."),
            "error",
        ),
        SECURITY_FLASH_MESSAGES=False,
        SECURITY_SEND_REGISTER_EMAIL=False,
        SECURITY_DEFAULT_REMEMBER_ME=False,
        SECURITY_CSRF_IGNORE_UNAUTH_ENDPOINTS=False,
        SECURITY_JOIN_USER_ROLES=False,
        # The static files and the reauthentication page of Flask-Security are not ours.
        SECURITY_STATIC_FOLDER=None,
        REMEMBER_COOKIE_HTTPONLY=True,
        REMEMBER_COOKIE_SAMESITE="Lax",
        REMEMBER_COOKIE_SECURE=app.config["SESSION_COOKIE_SECURE"],
    )
    # No role model: grants are per event, so Flask-Security must never decide by role (see models/people.py).
    store = SQLAlchemyUserDatastore(db, User, cast(Any, None))
    security = Security(app, store, login_form=SignInForm)
    argon2.set_backend()  # otherwise the first sign-ins load it, and two at once fail
    security.want_json(lambda _request: False)
    # Flask-Security always adds its page for signing in once more; nothing here asks for that.
    app.login_manager.request_loader(None)  # type: ignore[attr-defined] # no token stands for a sign-in
    app.before_request(_only_to_our_pages)
    app.view_functions["security.verify"] = _nothing_here
    app.after_request(_whose)


def _whose(response: Response) -> Response:
    """Say whose page of the desk this is, so that a device keeps it for that account alone."""
    if request.path.startswith("/desk/") and current_user.is_authenticated:
        response.headers["Reporter-Account"] = str(person().id)
    return response


def _only_to_our_pages() -> None:
    """Refuse a sign-in that would lead anywhere else afterwards, before Flask-Security trips over the address."""
    if request.endpoint == "security.login" and not all(map(_ours, request.values.getlist("next"))):
        abort(400)


def _ours(address: str) -> bool:
    plain = address.isprintable() and "\\" not in address
    return address == "" or (plain and address.startswith("/") and not address.startswith("//"))


def _nothing_here() -> NoReturn:
    abort(404)


def signed_in(view: Callable[P, T]) -> Callable[P, T | Response]:
    """A page for the staff: others are asked to sign in, and what they sent stays on the page."""

    @wraps(view)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> T | Response:
        if not current_user.is_authenticated:
            if request.method in ("GET", "HEAD"):
                target = request.full_path.rstrip("?")
                return cast(Response, redirect(f"{addresses.sign_in()}?{urlencode({'next': target})}"))
            abort(401)
        return view(*args, **kwargs)

    return wrapped


def person() -> User:
    """Who is signed in; only inside a view that is `signed_in`."""
    return cast(User, current_user._get_current_object())


def hashed(password: str) -> str:
    """The argon2 hash of a password (slow on purpose: do it before a unit of work)."""
    with current_app.app_context():
        # As the sign-in form does with what is typed there; otherwise no password with an accent would ever match.
        return str(hash_password(unicodedata.normalize(NORMAL_FORM, password)))
