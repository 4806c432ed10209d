"""The forms in which a report is begun and written: plain fields, so that they work without script."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import zip_longest
from uuid import uuid4

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import (
    DateTimeLocalField,
    Field,
    HiddenField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields import SelectChoice
from wtforms.validators import Optional
from wtforms.widgets import CheckboxInput, HiddenInput

from reporter.models.taxonomy import PolicyIssue, Process, SdgTarget
from reporter.rules.errors import N_, Refused
from reporter.rules.languages import LANGUAGES
from reporter.rules.merge import Choice, Choose, Clash, kept_by_itself
from reporter.rules.report_text import KeyPoint, Link, ReportText
from reporter.web.forms.number import NumberField

ROWS = 3  # key points that a form offers room for; a fuller text gets more
LINK_ROWS = 2


class ManyField(Field):  # type: ignore[misc]
    """A field that stands in the form any number of times; `data` are its values in the form's order."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Take what was sent; where the form did not carry the field at all, `data` is None."""
        self.data: list[str] | None = list(valuelist) if valuelist else None


class TextForm(FlaskForm):  # type: ignore[misc]
    """The words and subjects of a report, as a rapporteur or an editor types them.

    Key points and links are rows of fields with one name each. Several lines in the field of one point are as many
    points: so they can also be typed or sent one a line.
    """

    headline = StringField(lazy_gettext("Headline"))
    lead = TextAreaField(lazy_gettext("In one or two sentences"))
    key_points = ManyField(lazy_gettext("Key points"))
    key_point_actor = ManyField(lazy_gettext("Country, group or organisation"))
    key_point_capacity = ManyField(lazy_gettext("Speaking as"))
    key_point_issue = ManyField(lazy_gettext("On"))
    body = TextAreaField(lazy_gettext("Text"))
    byline = StringField(lazy_gettext("Byline"))
    checked_by = StringField(lazy_gettext("Machine-assisted, checked by"))
    link_url = ManyField(lazy_gettext("Address"))
    link_title = ManyField(lazy_gettext("Title"))
    language = SelectField(lazy_gettext("Language of the text"), validate_choice=False, validators=[Optional()])
    policy_issues = SelectMultipleField(
        lazy_gettext("Policy issues"), coerce=int, option_widget=CheckboxInput(), validate_choice=False
    )
    processes = SelectMultipleField(
        lazy_gettext("Negotiation or agreement"), coerce=int, option_widget=CheckboxInput(), validate_choice=False
    )
    sdg_targets = SelectMultipleField(
        lazy_gettext("Development goals"), coerce=int, option_widget=CheckboxInput(), validate_choice=False
    )

    def offer(
        self, issues: Iterable[PolicyIssue], processes: Iterable[Process], targets: Iterable[SdgTarget] = ()
    ) -> None:
        """The subjects and languages to choose from."""
        self.policy_issues.choices = [SelectChoice(value=one.id, label=one.name) for one in issues]
        self.processes.choices = [SelectChoice(value=one.id, label=one.name) for one in processes]
        self.sdg_targets.choices = [SelectChoice(value=one.id, label=f"{one.slug} {one.name}") for one in targets]
        known = dict(LANGUAGES)
        if self.language.data and self.language.data not in known:
            known[self.language.data] = self.language.data  # an older text's own; or typed, and refused by its name
        self.language.choices = [SelectChoice(value=code, label=name) for code, name in known.items()]

    def show(self, text: ReportText) -> None:
        """Show this text."""
        self.headline.data = text.headline
        self.lead.data = text.lead
        self.key_points.data = [point.text for point in text.key_points]
        self.key_point_actor.data = [point.actor for point in text.key_points]
        self.key_point_capacity.data = [point.capacity for point in text.key_points]
        self.key_point_issue.data = [str(point.policy_issue or "") for point in text.key_points]
        self.body.data = text.body
        self.byline.data = text.byline
        self.checked_by.data = text.checked_by
        self.link_url.data = [link.url for link in text.links]
        self.link_title.data = [link.title for link in text.links]
        self.language.data = text.language
        self.policy_issues.data = sorted(text.policy_issues)
        self.processes.data = sorted(text.processes)
        self.sdg_targets.data = sorted(text.sdg_targets)

    def text(self, before: ReportText | None = None) -> ReportText:
        """What was typed, cleaned; parts that the sent form did not carry are kept from `before`."""
        before = before or ReportText()
        return ReportText(
            headline=self.headline.data or "",
            lead=self.lead.data or "",
            key_points=tuple(self._points()),
            body=self.body.data or "",
            byline=before.byline if self.byline.data is None else self.byline.data,
            checked_by=before.checked_by if self.checked_by.data is None else self.checked_by.data,
            links=before.links if self.link_url.data is None else tuple(self._links()),
            policy_issues=frozenset(_ids(self.policy_issues.data)),
            processes=frozenset(_ids(self.processes.data)),
            sdg_targets=frozenset(_ids(self.sdg_targets.data)),
            language=self.language.data or before.language,
            first_summary=before.first_summary,
        ).cleaned()

    def point_rows(self) -> list[KeyPoint]:
        """The points as rows of the form, in the order typed, with empty ones to fill."""
        rows = list(self._points())
        return rows + [KeyPoint("")] * max(1, ROWS - len(rows))

    def link_rows(self) -> list[Link]:
        """The links as rows of the form, with empty ones to fill."""
        rows = list(self._links())
        return rows + [Link("", "")] * max(1, LINK_ROWS - len(rows))

    def _points(self) -> Iterable[KeyPoint]:
        columns = (self.key_points, self.key_point_actor, self.key_point_capacity, self.key_point_issue)
        for text, actor, capacity, issue in zip_longest(*(column.data or [] for column in columns), fillvalue=""):
            first, *others = text.splitlines() or [""]
            yield KeyPoint(first, actor, capacity, _id(issue))
            yield from map(KeyPoint, others)

    def _links(self) -> Iterable[Link]:
        for url, title in zip_longest(self.link_url.data or [], self.link_title.data or [], fillvalue=""):
            yield Link(title, url)


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


class ArrivalForm(ReportForm):
    """What a page sends by itself: the same fields, and what the server has to know of the device."""

    device = StringField()
    account = NumberField(validators=[Optional()])
    device_key = StringField()
    report = NumberField(validators=[Optional()])
    act = StringField()
    replaces = StringField()
    notes = StringField()
    notes_version = NumberField(validators=[Optional()])

    def client(self) -> str:
        """The id under which the page made this save. Raises Refused where it cannot be one of ours."""
        return _ours(self.client_id.data)

    def replaced(self) -> str:
        """The id under which an older state of the same text is held; "" for none."""
        return _ours(self.replaces.data) if self.replaces.data else ""

    def page(self) -> str:
        """The page's own id. Raises Refused as `client`."""
        return _ours(self.device.data)


class TogetherForm(FlaskForm):  # type: ignore[misc]
    """What somebody chose where two texts clashed: `save` is theirs, `seen` the working text that stood beside it."""

    save = NumberField(widget=HiddenInput(), validators=[Optional()])
    seen = NumberField(widget=HiddenInput(), validators=[Optional()])

    @staticmethod
    def chosen(sent: Mapping[str, str]) -> Choose:
        """The choice at each clash; where none was made, both stay."""

        def choose(clash: Clash) -> Choice:
            said = sent.get(f"choice-{clash.part}-{clash.place}", "")
            return Choice(said) if said in set(Choice) else kept_by_itself(clash)

        return choose


class UnlistedSessionForm(FlaskForm):  # type: ignore[misc]
    """A session that is not in the programme; its times are those of the event's clocks."""

    title = StringField(lazy_gettext("Title of the session"))
    starts_at = DateTimeLocalField(lazy_gettext("Begins"), validators=[Optional()])
    ends_at = DateTimeLocalField(lazy_gettext("Ends"), validators=[Optional()])
    room = StringField(lazy_gettext("Room"))


def _ours(sent: str | None) -> str:
    if sent is None or len(sent) != 32 or not sent.isascii() or not sent.isalnum():
        raise Refused(N_("This page is not one of ours, or an old one. Load it again; your text stays on the device."))
    return sent


def _id(value: str) -> int | None:
    """The id that a row names; None for none and for what cannot be one."""
    return next(iter(_ids([int(value)])), None) if value.isascii() and value.isdigit() and len(value) < 11 else None


def _ids(values: Sequence[int] | None) -> Iterable[int]:
    # A posted id that no database can hold would end in an error of the database's own.
    return (value for value in values or () if 0 < value < 2**31)
