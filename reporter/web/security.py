"""What surrounds every answer: CSRF, the content security policy, and what may be kept by caches."""

from flask import Flask, Request, Response, request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from flask_wtf import CSRFProtect
from flask_wtf.csrf import CSRFError as CSRFError

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
PRIVATE = ("/desk", "/login", "/logout", "/verify")


class StaffSessions(SecureCookieSessionInterface):
    """Sign-in sessions for the staff's addresses alone: a public page reads no cookie, sets none, varies by none."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """The session of a private address; an empty one, kept nowhere, for any other."""
        return super().open_session(app, request) if is_private(request.path) else SecureCookieSession()

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Keep what the session of a private address holds."""
        if is_private(request.path):
            super().save_session(app, session, response)


def init_app(app: Flask) -> None:
    """Protect every form, and set the headers of every answer."""
    app.session_interface = StaffSessions()
    # A rapporteur writes for hours: the token lives as long as the sign-in does.
    app.config["WTF_CSRF_TIME_LIMIT"] = None
    csrf.init_app(app)
    app.after_request(_headers)


def is_private(path: str) -> bool:
    """Whether the address belongs to the staff, so that no cache may keep what stands there."""
    return any(path == prefix or path.startswith(prefix + "/") for prefix in PRIVATE)


def _headers(response: Response) -> Response:
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
    if is_private(request.path) or request.method not in ("GET", "HEAD"):
        response.headers["Cache-Control"] = "no-store"
    return response
