"""Reading a programme file in."""

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import BooleanField, FileField


class ProgrammeFileForm(FlaskForm):  # type: ignore[misc]
    """A file from the person's own machine."""

    file = FileField(lazy_gettext("Programme file (iCalendar, .ics)"))


class ApplyForm(FlaskForm):  # type: ignore[misc]
    """Applying what was previewed; `confirmed` where there was reason to ask."""

    confirmed = BooleanField(lazy_gettext("I looked at this, and it is right"))
