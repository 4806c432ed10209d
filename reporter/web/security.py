"""What surrounds every answer: CSRF, the content security policy, and what may be kept by caches."""

import re
from urllib.parse import urlsplit, urlunsplit

from flask import Flask, Request, Response, abort, request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from flask_wtf import CSRFProtect
from flask_wtf.csrf import CSRFError as CSRFError
from flask_wtf.csrf import generate_csrf, validate_csrf

csrf = CSRFProtect()

POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "script-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "worker-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
_ENDS = "".join(chr(plane << 16 | end) for plane in range(1, 17) for end in (0xFFFE, 0xFFFF))
# Control characters and what Unicode calls no characters: in a page, each is an error (HTML, 13.2.3.5).
_NOT_IN_HTML = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff" + _ENDS + "]")

PRIVATE = ("/desk", "/login", "/logout", "/verify")


class StaffSessions(SecureCookieSessionInterface):
    """Sign-in sessions for the staff's addresses alone: a public page reads no cookie, sets none, varies by none."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """The session of a private address; an empty one, kept nowhere, for any other."""
        return super().open_session(app, request) if is_private(request.path) else SecureCookieSession()

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Keep what the session of a private address holds."""
        if is_private(request.path):
            # A phone ends its browser whenever it likes: a sign-in outlives that, until signing out or a few days.
            if session and not session.permanent:
                session.permanent = True
            super().save_session(app, session, response)


def init_app(app: Flask) -> None:
    """Protect every form, and set the headers of every answer."""
    app.session_interface = StaffSessions()
    # A rapporteur writes for hours: the token lives as long as the sign-in does.
    app.config["WTF_CSRF_TIME_LIMIT"] = None
    app.before_request(_only_text)  # before anything reads the address
    csrf.init_app(app)
    app.after_request(_headers)


def _only_text() -> None:
    """Refuse an address whose parameters are bytes and no text: reading them would fail anywhere later."""
    try:
        request.query_string.decode()
    except UnicodeDecodeError:
        abort(400)
    if request.is_json:  # Flask-WTF would take any JSON for a form, and fail over what is no object of texts
        abort(415)


def fresh_token() -> str:
    """A token that what is sent within this sign-in has to carry."""
    return str(generate_csrf())


def token_is_good(token: str | None) -> bool:
    """Whether this is such a token: for the views that say in a script's words when it is not."""
    try:
        validate_csrf(token)
    except ValueError:  # as WTForms refuses
        return False
    return True


def is_private(path: str) -> bool:
    """Whether the address belongs to the staff, so that no cache may keep what stands there."""
    return any(path == prefix or path.startswith(prefix + "/") for prefix in PRIVATE)


def _headers(response: Response) -> Response:
    if response.mimetype == "text/html" and not response.direct_passthrough:
        text = response.get_data(as_text=True)
        if _NOT_IN_HTML.search(text):  # typed by somebody, and shown again in a form
            response.set_data(_NOT_IN_HTML.sub("", text))
    if response.status_code == 308 and response.location:
        # The url map's own redirect to the address with its slash names the host that the request claims.
        there = urlsplit(response.location)
        response.location = urlunsplit(("", "", there.path, there.query, ""))
        response.set_data(b"")
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
    if is_private(request.path) or request.method not in ("GET", "HEAD"):
        response.headers["Cache-Control"] = "no-store"
    else:
        response.headers.setdefault("Cache-Control", "no-cache")
    return response
