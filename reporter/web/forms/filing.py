"""The forms in which a report is begun and written: plain fields, so that they work without script."""

from collections.abc import Iterable, Sequence
from uuid import uuid4

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import DateTimeLocalField, HiddenField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import Optional
from wtforms.widgets import CheckboxInput, HiddenInput

from reporter.models.taxonomy import PolicyIssue, Process
from reporter.rules.report_text import ReportText
from reporter.web.forms.number import NumberField


class TextForm(FlaskForm):  # type: ignore[misc]
    """The words and subjects of a report, as a rapporteur or an editor types them."""

    headline = StringField(lazy_gettext("Headline"))
    lead = TextAreaField(lazy_gettext("In one or two sentences"))
    key_points = TextAreaField(lazy_gettext("Key points"))
    body = TextAreaField(lazy_gettext("Text"))
    byline = StringField(lazy_gettext("Byline"))
    policy_issues = SelectMultipleField(
        lazy_gettext("Policy issues"), coerce=int, option_widget=CheckboxInput(), validate_choice=False
    )
    processes = SelectMultipleField(
        lazy_gettext("Negotiation or agreement"), coerce=int, option_widget=CheckboxInput(), validate_choice=False
    )

    def offer(self, issues: Iterable[PolicyIssue], processes: Iterable[Process]) -> None:
        """The subjects to choose from."""
        self.policy_issues.choices = [SelectChoice(value=one.id, label=one.name) for one in issues]
        self.processes.choices = [SelectChoice(value=one.id, label=one.name) for one in processes]

    def show(self, text: ReportText) -> None:
        """Show this text."""
        self.headline.data = text.headline
        self.lead.data = text.lead
        self.key_points.data = "\n".join(text.key_points)
        self.body.data = text.body
        self.byline.data = text.byline
        self.policy_issues.data = sorted(text.policy_issues)
        self.processes.data = sorted(text.processes)

    def text(self, before: ReportText | None = None) -> ReportText:
        """What was typed, cleaned; parts that this form does not show are kept from `before`."""
        before = before or ReportText()
        return ReportText(
            headline=self.headline.data or "",
            lead=self.lead.data or "",
            key_points=tuple((self.key_points.data or "").splitlines()),
            body=self.body.data or "",
            byline=before.byline if self.byline.data is None else self.byline.data,
            links=before.links,
            policy_issues=frozenset(_ids(self.policy_issues.data)),
            processes=frozenset(_ids(self.processes.data)),
            language=before.language,
        ).cleaned()


class ReportForm(TextForm):
    """One page of writing. `based_on` is the save from which the writer went on."""

    client_id = HiddenField()
    based_on = NumberField(widget=HiddenInput(), validators=[Optional()])

    def fill(self, text: ReportText, *, based_on: int) -> None:
        """Show this text, as a new page: a resend of this page will be known by its id."""
        self.show(text)
        self.renew(based_on=based_on)

    def renew(self, *, based_on: int) -> None:
        """Give the page a new id, so that what is sent from it next counts as a save of its own."""
        self.client_id.data = uuid4().hex
        self.based_on.data = based_on

    def page_id(self) -> str:
        """The id under which this page was made; a new one where what came back cannot be one of ours."""
        sent = self.client_id.data or ""
        return sent if len(sent) == 32 and sent.isascii() and sent.isalnum() else uuid4().hex


class UnlistedSessionForm(FlaskForm):  # type: ignore[misc]
    """A session that is not in the programme; its times are those of the event's clocks."""

    title = StringField(lazy_gettext("Title of the session"))
    starts_at = DateTimeLocalField(lazy_gettext("Begins"), validators=[Optional()])
    ends_at = DateTimeLocalField(lazy_gettext("Ends"), validators=[Optional()])
    room = StringField(lazy_gettext("Room"))


def _ids(values: Sequence[int] | None) -> Iterable[int]:
    # A posted id that no database can hold would end in an error of the database's own.
    return (value for value in values or () if 0 < value < 2**31)
