"""Signing in."""

from typing import Any, cast
from unicodedata import normalize

from flask import current_app, request
from flask_babel import gettext, lazy_gettext
from flask_security.forms import LoginForm
from wtforms import PasswordField, StringField, SubmitField

from reporter.config import LOOPBACK
from reporter.models.database import settle
from reporter.models.people import User
from reporter.rules.report_text import one_line

MAX_PASSWORD = 4_096  # characters in NFKD; passlib refuses more with an error of its own


class SignInForm(LoginForm):
    """E-mail and password; accounts of the sample open from the machine itself only."""

    email = StringField(lazy_gettext("E-mail"), render_kw={"autocomplete": "username", "type": "email"})
    password = PasswordField(lazy_gettext("Password"), render_kw={"autocomplete": "current-password"})
    submit = SubmitField(lazy_gettext("Sign in"))

    def validate(self, **kwargs: Any) -> bool:
        """Whether both are right, and for a sample account whether the request came from this machine."""
        self.email.data = one_line(self.email.data or "")[:255]
        if not self.email.data or not self.password.data:
            self.form_errors.append(gettext("Write your e-mail address and your password."))
            return False
        if len(normalize("NFKD", self.password.data)) > MAX_PASSWORD:
            self.form_errors.append(current_app.config["SECURITY_MSG_GENERIC_AUTHN_FAILED"][0])
            return False
        if not super().validate(**kwargs):
            return False
        settle(cast(User, self.user))  # a hash whose cost has changed since was made anew
        if getattr(self.user, "is_sample", False) and not _from_this_machine():
            self.form_errors.append(
                gettext(
                    "Sample accounts can sign in only on the machine that runs Reporter. Use an account of your own."
                )
            )
            return False
        return True


def _from_this_machine() -> bool:
    # Behind a proxy everybody seems to come from loopback, so a forwarded request never counts as local.
    forwarded = any(name in request.headers for name in ("X-Forwarded-For", "Forwarded", "X-Real-IP"))
    return (request.remote_addr or "") in LOOPBACK and not forwarded and not current_app.config["REPORTER"].is_public
