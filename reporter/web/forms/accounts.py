"""Signing in."""

from typing import Any

from flask import current_app, request
from flask_babel import gettext, lazy_gettext
from flask_security.forms import LoginForm
from wtforms import PasswordField, StringField, SubmitField

from reporter.config import LOOPBACK
from reporter.rules.report_text import one_line

MAX_PASSWORD = 1_000  # characters; hashing a longer one would only cost time


class SignInForm(LoginForm):
    """E-mail and password; accounts of the sample open from the machine itself only."""

    email = StringField(lazy_gettext("E-mail"), render_kw={"autocomplete": "username", "type": "email"})
    password = PasswordField(lazy_gettext("Password"), render_kw={"autocomplete": "current-password"})
    submit = SubmitField(lazy_gettext("Sign in"))

    def validate(self, **kwargs: Any) -> bool:
        """Whether both are right, and for a sample account whether the request came from this machine."""
        self.email.data = one_line(self.email.data or "")[:255]
        self.next.data = _own_page(self.next.data or "")
        if len(self.password.data or "") > MAX_PASSWORD:
            self.form_errors.append(
                gettext("The e-mail address or the password is not right. Check both and try again.")
            )
            return False
        if not self.email.data or not self.password.data:
            self.form_errors.append(gettext("Write your e-mail address and your password."))
            return False
        if not super().validate(**kwargs):
            return False
        if getattr(self.user, "is_sample", False) and not _from_this_machine():
            self.form_errors.append(
                gettext(
                    "Sample accounts can sign in only on the machine that runs Reporter. Use an account of your own."
                )
            )
            return False
        return True


def _own_page(address: str) -> str:
    """The address if it is a path of ours, else nothing: whoever signs in is led nowhere else."""
    own = address.startswith("/") and not address.startswith(("//", "/\\")) and address.isprintable()
    return address if own else ""


def _from_this_machine() -> bool:
    # Behind a proxy everybody seems to come from loopback, so a forwarded request never counts as local.
    forwarded = any(name in request.headers for name in ("X-Forwarded-For", "Forwarded", "X-Real-IP"))
    return (request.remote_addr or "") in LOOPBACK and not forwarded and not current_app.config["REPORTER"].is_public
