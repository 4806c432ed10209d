"""What is answered on the desk itself: that something was read."""

from flask_wtf import FlaskForm
from wtforms.validators import Optional

from reporter.web.forms.number import NumberField


class ReadForm(FlaskForm):  # type: ignore[misc]
    """Everything up to the newest notice that the page showed."""

    newest = NumberField(validators=[Optional()])
