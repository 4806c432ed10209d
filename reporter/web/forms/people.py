"""Accounts and roles."""

from collections.abc import Iterable

from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from wtforms import PasswordField, SelectField, StringField
from wtforms.fields import SelectChoice

from reporter.models.event import Event
from reporter.rules.vocabulary import Role

ROLES = {
    Role.RAPPORTEUR: lazy_gettext("Rapporteur: writes"),
    Role.EDITOR: lazy_gettext("Editor: approves"),
    Role.ADMINISTRATOR: lazy_gettext("Administrator: looks after people"),
}


class PersonForm(FlaskForm):  # type: ignore[misc]
    """A new account, or a further role for one that exists (then name and password are left out)."""

    email = StringField(lazy_gettext("E-mail"), render_kw={"type": "email", "autocomplete": "off"})
    name = StringField(lazy_gettext("Name"), render_kw={"autocomplete": "off"})
    role = SelectField(
        lazy_gettext("Role"), choices=[SelectChoice(value=one.value, label=label) for one, label in ROLES.items()]
    )
    event = SelectField(lazy_gettext("At"), validate_choice=False)
    password = PasswordField(lazy_gettext("First password"), render_kw={"autocomplete": "new-password"})

    def offer(self, events: Iterable[Event], *, everywhere: bool) -> None:
        """The events to choose from; every event only for who looks after all."""
        choices = [SelectChoice(value=one.slug, label=one.name) for one in events]
        self.event.choices = [*choices, *([SelectChoice(value="", label=gettext("Every event"))] if everywhere else [])]
