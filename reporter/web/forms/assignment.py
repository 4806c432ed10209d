"""Who covers a session: what an editor chooses, and what a rapporteur answers."""

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import BooleanField, StringField
from wtforms.validators import Optional

from reporter.web.forms.number import NumberField


class AssignForm(FlaskForm):  # type: ignore[misc]
    """Somebody, by id, for a session."""

    user = NumberField(lazy_gettext("Who"), validators=[Optional()])
    lead = BooleanField(lazy_gettext("Leads"))
    note = StringField(lazy_gettext("Note"))


class HandOverForm(FlaskForm):  # type: ignore[misc]
    """To whom a session goes; `user` where an editor hands over for somebody."""

    user = NumberField(lazy_gettext("Who"), validators=[Optional()])
    to = NumberField(lazy_gettext("To"), validators=[Optional()])


class AnswerForm(FlaskForm):  # type: ignore[misc]
    """Taking, accepting, declining; a note only goes with declining."""

    note = StringField(lazy_gettext("Note"))
