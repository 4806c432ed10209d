"""The form in which a report is written: plain fields, so that it works without script."""

from collections.abc import Iterable, Sequence
from uuid import uuid4

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import HiddenField, IntegerField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import Optional
from wtforms.widgets import CheckboxInput, HiddenInput

from reporter.models.taxonomy import PolicyIssue
from reporter.rules.report_text import ReportText


class ReportForm(FlaskForm):  # type: ignore[misc]
    """One text of a report. `based_on` is the save or revision from which the writer went on."""

    headline = StringField(lazy_gettext("Headline"))
    lead = TextAreaField(lazy_gettext("In one or two sentences"))
    key_points = TextAreaField(lazy_gettext("Key points"))
    body = TextAreaField(lazy_gettext("Text"))
    policy_issues = SelectMultipleField(
        lazy_gettext("Policy issues"), coerce=int, option_widget=CheckboxInput(), validate_choice=False
    )
    client_id = HiddenField()
    based_on = IntegerField(widget=HiddenInput(), validators=[Optional()])

    def offer(self, issues: Iterable[PolicyIssue]) -> None:
        """The policy issues to choose from."""
        self.policy_issues.choices = [SelectChoice(value=issue.id, label=issue.name) for issue in issues]

    def fill(self, text: ReportText, *, based_on: int) -> None:
        """Show this text, as a new page: a resend of this page will be known by its id."""
        self.headline.data = text.headline
        self.lead.data = text.lead
        self.key_points.data = "\n".join(text.key_points)
        self.body.data = text.body
        self.policy_issues.data = sorted(text.policy_issues)
        self.renew(based_on=based_on)

    def renew(self, *, based_on: int) -> None:
        """Give the page a new id, so that what is sent from it next counts as a save of its own."""
        self.client_id.data = uuid4().hex
        self.based_on.data = based_on

    def page_id(self) -> str:
        """The id under which this page was made; a new one where what came back cannot be one of ours."""
        sent = self.client_id.data or ""
        return sent if len(sent) == 32 and sent.isascii() and sent.isalnum() else uuid4().hex

    def text(self, before: ReportText | None = None) -> ReportText:
        """What was typed, cleaned; parts that this form does not show are kept from `before`."""
        before = before or ReportText()
        return ReportText(
            headline=self.headline.data or "",
            lead=self.lead.data or "",
            key_points=tuple((self.key_points.data or "").splitlines()),
            body=self.body.data or "",
            byline=before.byline,
            links=before.links,
            policy_issues=frozenset(_ids(self.policy_issues.data)),
            language=before.language,
        ).cleaned()


def _ids(values: Sequence[int] | None) -> Iterable[int]:
    # A posted id that no database can hold would end in an error of the database's own.
    return (value for value in values or () if 0 < value < 2**31)
