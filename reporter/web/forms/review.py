"""The editor's decisions."""

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import IntegerField, SelectField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import Optional
from wtforms.widgets import HiddenInput

from reporter.rules.vocabulary import WithdrawalReason

REASONS = {
    WithdrawalReason.INACCURATE: lazy_gettext("It is not accurate"),
    WithdrawalReason.PUBLISHED_BY_MISTAKE: lazy_gettext("It was published by mistake"),
    WithdrawalReason.SPEAKER_REQUEST: lazy_gettext("A speaker asked for it"),
    WithdrawalReason.RULE_TIGHTENED: lazy_gettext("The session's rule does not allow it"),
    WithdrawalReason.OTHER: lazy_gettext("Another reason"),
}


class DecisionForm(FlaskForm):  # type: ignore[misc]
    """A decision on the revision that was read; `note` goes with sending back."""

    revision = IntegerField(widget=HiddenInput(), validators=[Optional()])
    note = TextAreaField(lazy_gettext("What should the rapporteur change?"))


class WithdrawForm(FlaskForm):  # type: ignore[misc]
    """Taking a public text back; readers see the note."""

    reason = SelectField(
        lazy_gettext("Why"), choices=[SelectChoice(value=one.value, label=label) for one, label in REASONS.items()]
    )
    note = TextAreaField(lazy_gettext("What readers are told"))
