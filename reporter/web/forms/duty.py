"""Who leads an event."""

from collections.abc import Iterable

from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from wtforms import SelectField
from wtforms.fields import SelectChoice

from reporter.models.people import User


class LeadForm(FlaskForm):  # type: ignore[misc]
    """One of the event's editors, by id, or nobody."""

    user = SelectField(lazy_gettext("Lead editor"), validate_choice=False)

    def offer(self, editors: Iterable[User], *, leads: User | None) -> None:
        """The editors to choose from; who leads now is chosen."""
        choices = [SelectChoice(value=str(one.id), label=one.name) for one in editors]
        self.user.choices = [SelectChoice(value="", label=gettext("Nobody")), *choices]
        self.user.data = str(leads.id) if leads else ""
