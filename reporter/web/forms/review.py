"""The editor's decisions."""

from datetime import datetime
from typing import cast

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import DateTimeLocalField, HiddenField, SelectField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import Optional
from wtforms.widgets import HiddenInput

from reporter.models.report import Report
from reporter.rules.clock import local
from reporter.rules.errors import N_, EditConflict, Refused
from reporter.rules.vocabulary import ChangeKind, WithdrawalReason
from reporter.web.forms.filing import ManyField, TextForm
from reporter.web.forms.number import NumberField

REASONS = {
    WithdrawalReason.INACCURATE: lazy_gettext("It is not accurate"),
    WithdrawalReason.PUBLISHED_BY_MISTAKE: lazy_gettext("It was published by mistake"),
    WithdrawalReason.SPEAKER_REQUEST: lazy_gettext("A speaker asked for it"),
    WithdrawalReason.RULE_TIGHTENED: lazy_gettext("The session's rule does not allow it"),
    WithdrawalReason.OTHER: lazy_gettext("Another reason"),
}
MARKS = {
    ChangeKind.UPDATE: lazy_gettext("Update: something is new"),
    ChangeKind.CORRECTION: lazy_gettext("Correction: something was wrong"),
    ChangeKind.MINOR: lazy_gettext("Minor: readers need not know"),
}


def _marks(*kinds: ChangeKind) -> list[SelectChoice]:
    return [SelectChoice(value=kind.value, label=MARKS[kind]) for kind in kinds]


def _plain(moment: datetime | None) -> str:
    return moment.isoformat() if moment else ""


class DecisionForm(FlaskForm):  # type: ignore[misc]
    """A decision on the revision that was read; `note` goes with sending back, `embargo` with approving."""

    revision = NumberField(widget=HiddenInput(), validators=[Optional()])
    embargo_seen = HiddenField()
    embargo = DateTimeLocalField(lazy_gettext("Not public before"), validators=[Optional()])
    mark = SelectField(
        lazy_gettext("What readers are told"),
        choices=_marks(ChangeKind.UPDATE, ChangeKind.CORRECTION, ChangeKind.MINOR),
        validators=[Optional()],
    )
    mark_note = TextAreaField(lazy_gettext("In a sentence: what is new, or what was wrong"))
    note = TextAreaField(lazy_gettext("What should the rapporteur change?"))

    def show_embargo(self, report: Report) -> None:
        """Show an embargo that was set before, so that keeping, moving and clearing it are all said in the form."""
        self.show_embargo_seen(report)
        if report.embargo_until is not None:
            self.embargo.data = local(report.embargo_until, report.event.time_zone).replace(tzinfo=None)

    def show_embargo_seen(self, report: Report | None) -> None:
        """Say which embargo the page showed."""
        self.embargo_seen.data = _plain(report.embargo_until if report else None)

    def check_embargo(self, report: Report) -> None:
        """Raise EditConflict where another editor set or cleared an embargo since this page was opened."""
        if (self.embargo_seen.data or "") != _plain(report.embargo_until):
            raise EditConflict(
                N_("The time until which this is held back was changed meanwhile. Look, then decide again.")
            )

    def typed_embargo(self) -> datetime | None:
        """The day and time that were typed, on the event's clocks; None for nothing. Raises Refused."""
        typed = (self.embargo.raw_data or [""])[0].strip()
        if not typed:
            return None
        if self.embargo.data is None:
            raise Refused(N_("“%(typed)s” is not a day and time. Write it like 2023-12-04 18:00."), typed=typed[:40])
        return cast(datetime, self.embargo.data)


class EditForm(TextForm):
    """An editor's own hand on a text: what waits, or what is public already."""

    revision = NumberField(widget=HiddenInput(), validators=[Optional()])
    mark = SelectField(
        lazy_gettext("What readers are told"),
        choices=_marks(ChangeKind.CORRECTION, ChangeKind.UPDATE, ChangeKind.MINOR),
        validators=[Optional()],
    )
    note = TextAreaField(lazy_gettext("In a sentence: what was wrong, or what is new"))


class WithdrawForm(FlaskForm):  # type: ignore[misc]
    """Taking a public text back; readers see the note."""

    reason = SelectField(
        lazy_gettext("Why"),
        choices=[
            SelectChoice(value="", label=lazy_gettext("Choose …")),
            *(SelectChoice(value=one.value, label=label) for one, label in REASONS.items()),
        ],
    )
    note = TextAreaField(lazy_gettext("What readers are told"), id="withdraw-note")


class NamesForm(FlaskForm):  # type: ignore[misc]
    """Why names may stay in a text that was read, though the rule of its session protects them; one reason for all."""

    revision = NumberField(widget=HiddenInput(), validators=[Optional()])
    names = ManyField()
    reason = TextAreaField(lazy_gettext("Why they may stay"))
