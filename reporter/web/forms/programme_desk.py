"""An event's details and a session of its programme, as editors type them; times are those of the event's clocks."""

import hashlib
import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from functools import cache
from typing import Any, cast
from zoneinfo import available_timezones

from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateField,
    DateTimeLocalField,
    HiddenField,
    IntegerField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields import SelectChoice
from wtforms.validators import Optional
from wtforms.widgets import CheckboxInput

from reporter.models.event import Event, EventSeries
from reporter.models.programme import ProgrammeSession, SessionSpeaker
from reporter.models.taxonomy import PolicyIssue
from reporter.newsroom.programme_desk import MAX_DUE_MINUTES, EventDetails
from reporter.rules.clock import from_local, local
from reporter.rules.errors import N_, EditConflict, Refused
from reporter.rules.report_text import clean, one_line
from reporter.rules.vocabulary import SessionRule
from reporter.sources.draft import SessionDraft, SpeakerDraft

RULES = {
    SessionRule.ON_THE_RECORD: lazy_gettext("On the record: names may be told"),
    SessionRule.CHATHAM_HOUSE: lazy_gettext("No names, no organisations"),
    SessionRule.CLOSED: lazy_gettext("Closed: no report"),
}
MOMENTS = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S"]
FIRST_YEAR, LAST_YEAR = 1990, 2200
_SPEAKER = re.compile(r"(.+?)\s*\(((?:[^()]|\([^()]*\))+)\)")


@cache
def time_zones() -> Sequence[str]:
    """The names of the world's time zones, Region/City, to choose from."""
    return sorted(name for name in available_timezones() if "/" in name and not name.startswith(("Etc/", "posix/")))


class EventForm(FlaskForm):  # type: ignore[misc]
    """What an event is called, where and when it is; `slug` only when it is new."""

    slug = StringField(lazy_gettext("Short name"), render_kw={"autocomplete": "off", "autocapitalize": "none"})
    name = StringField(lazy_gettext("Name"), render_kw={"autocomplete": "off"})
    place = StringField(lazy_gettext("Place"), render_kw={"autocomplete": "off"})
    organiser = StringField(lazy_gettext("Organiser"), render_kw={"autocomplete": "off"})
    partners = TextAreaField(lazy_gettext("Reporting partners"))
    series = SelectField(lazy_gettext("Series"), validate_choice=False)
    new_series = StringField(lazy_gettext("Or a new series"), render_kw={"autocomplete": "off"})
    time_zone = StringField(lazy_gettext("Time zone"), render_kw={"list": "time-zones", "autocomplete": "off"})
    starts_on = DateField(lazy_gettext("First day"), validators=[Optional()])
    ends_on = DateField(lazy_gettext("Last day"), validators=[Optional()])
    due_minutes = IntegerField(lazy_gettext("Minutes until a report is due"), validators=[Optional()])
    min_words = IntegerField(lazy_gettext("Words of a report, from"), validators=[Optional()])
    max_words = IntegerField(lazy_gettext("to"), validators=[Optional()])
    report_template = TextAreaField(lazy_gettext("Headings to begin with"))
    lone_editor = BooleanField(lazy_gettext("An editor may approve a report of their own"))
    seen = HiddenField()

    def offer(self, series: Iterable[EventSeries]) -> None:
        """The series to choose from."""
        choices = [SelectChoice(value=one.slug, label=one.name) for one in series]
        self.series.choices = [SelectChoice(value="", label=gettext("None")), *choices]

    def show(self, event: Event) -> None:
        """Show the event as it is."""
        for part in _EVENT_PARTS:
            self[part].data = getattr(event, part)
        self.series.data = event.series.slug if event.series else ""
        self.renew(event)

    def renew(self, event: Event) -> None:
        """Say which state of the event the page shows."""
        self.seen.data = _mark_of([getattr(event, part) for part in (*_EVENT_PARTS, "series_id")])

    def check_seen(self, event: Event) -> None:
        """Raise EditConflict where somebody changed the event since the page was opened."""
        if self.seen.data != _mark_of([getattr(event, part) for part in (*_EVENT_PARTS, "series_id")]):
            raise EditConflict

    def details(self, series: Iterable[EventSeries]) -> EventDetails:
        """What was typed. Raises Refused for what is no day or no number."""
        chosen = next((one.name for one in series if one.slug == self.series.data), "")
        minutes = self.due_minutes.data
        if minutes is None:
            raise Refused(
                N_("A report can be due from 0 to %(limit)s minutes after its session. Choose a number between them."),
                limit=MAX_DUE_MINUTES,
            )
        return EventDetails(
            name=self.name.data or "",
            place=self.place.data or "",
            organiser=self.organiser.data or "",
            partners=self.partners.data or "",
            series=one_line(self.new_series.data or "") or chosen,
            time_zone=(self.time_zone.data or "").strip(),
            starts_on=_day(self.starts_on),
            ends_on=_day(self.ends_on),
            due_minutes=minutes,
            min_words=300 if self.min_words.data is None else self.min_words.data,
            max_words=600 if self.max_words.data is None else self.max_words.data,
            report_template=self.report_template.data or "",
            lone_editor=bool(self.lone_editor.data),
        )


_EVENT_PARTS = (
    "name", "place", "organiser", "partners", "time_zone", "starts_on", "ends_on", "due_minutes", "min_words",
    "max_words", "report_template", "lone_editor",
)  # fmt: skip


class SessionForm(FlaskForm):  # type: ignore[misc]
    """A session of the programme. `seen` marks the state that the page showed."""

    title = StringField(lazy_gettext("Title"), render_kw={"autocomplete": "off"})
    description = TextAreaField(lazy_gettext("Description"))
    starts_at = DateTimeLocalField(lazy_gettext("Begins"), format=MOMENTS, validators=[Optional()])
    ends_at = DateTimeLocalField(lazy_gettext("Ends"), format=MOMENTS, validators=[Optional()])
    room = StringField(lazy_gettext("Room"), render_kw={"list": "rooms", "autocomplete": "off"})
    track = StringField(lazy_gettext("Track"), render_kw={"list": "tracks", "autocomplete": "off"})
    speakers = TextAreaField(lazy_gettext("Speakers"))
    rule = SelectField(
        lazy_gettext("Rule"),
        choices=[SelectChoice(value=one.value, label=label) for one, label in RULES.items()],
        validate_choice=False,
    )
    due_at = DateTimeLocalField(lazy_gettext("Report due"), format=MOMENTS, validators=[Optional()])
    issues = SelectMultipleField(
        lazy_gettext("Policy issues expected here"), coerce=int, option_widget=CheckboxInput(), validate_choice=False
    )
    cancelled = BooleanField(lazy_gettext("Cancelled"))
    seen = HiddenField()

    def offer(self, issues: Iterable[PolicyIssue]) -> None:
        """The policy issues to choose from."""
        self.issues.choices = [SelectChoice(value=one.id, label=one.name) for one in issues]

    def show(self, session: ProgrammeSession, issues: Sequence[int]) -> None:
        """Show the session as it is."""
        zone = session.event.time_zone
        self.title.data = session.title
        self.description.data = session.description
        self.starts_at.data = _shown(session.starts_at, zone)
        self.ends_at.data = _shown(session.ends_at, zone)
        self.due_at.data = _shown(session.due_at, zone) if session.due_at else None
        self.room.data = session.room.name if session.room else ""
        self.track.data = session.track.name if session.track else ""
        self.speakers.data = "\n".join(speaker_line(one) for one in session.speakers)
        self.rule.data = session.rule.value
        self.issues.data = list(issues)
        self.cancelled.data = session.cancelled_at is not None
        self.renew(session, issues)

    def renew(self, session: ProgrammeSession, issues: Sequence[int]) -> None:
        """Say which state of the session the page shows."""
        self.seen.data = _state(session, issues)

    def check_seen(self, session: ProgrammeSession, issues: Sequence[int]) -> None:
        """Raise EditConflict where somebody, or a programme file, changed the session since the page was opened."""
        if self.seen.data != _state(session, issues):
            raise EditConflict

    def draft(self, time_zone: str, session: ProgrammeSession | None = None) -> SessionDraft:
        """What was typed; what stands as the page showed it is taken as `session` has it, to the second and letter.

        Raises Refused for what is no day and time, and for no rule.
        """
        begins = _moment(self.starts_at, time_zone, session.starts_at if session else None)
        ends = _moment(self.ends_at, time_zone, session.ends_at if session else None)
        if begins is None or ends is None:
            raise Refused(N_("Say when the session begins and ends, on the event's clocks."))
        title, description = one_line(self.title.data or ""), clean(self.description.data or "").strip()
        if session is not None and clean(session.description).strip() == description:
            description = session.description
        if session is not None and one_line(session.title) == title:
            title = session.title
        return SessionDraft(
            title=title,
            starts_at=begins,
            ends_at=ends,
            room=_kept(self.room.data, session.room.name if session and session.room else ""),
            track=_kept(self.track.data, session.track.name if session and session.track else ""),
            description=description,
            rule=self.chosen_rule(),
            speakers=speakers_of(self.speakers.data or "", session.speakers if session else ()),
            cancelled=bool(self.cancelled.data),
        )

    def typed_due(self, time_zone: str, session: ProgrammeSession | None = None) -> datetime | None:
        """When the report is due, where that was typed; None for the event's rule. Raises Refused."""
        return _moment(self.due_at, time_zone, session.due_at if session else None)

    def chosen_rule(self) -> SessionRule:
        """The rule. Raises Refused."""
        try:
            return SessionRule(self.rule.data or "")
        except ValueError as error:
            raise Refused(N_("Choose a rule.")) from error


class JoinForm(FlaskForm):  # type: ignore[misc]
    """To which session of the programme an unlisted one belongs."""

    target = SelectField(lazy_gettext("Session of the programme"), validate_choice=False)

    def offer(self, sessions: Iterable[tuple[int, str]]) -> None:
        """The sessions to choose from: number and label."""
        choices = [SelectChoice(value=str(number), label=label) for number, label in sessions]
        self.target.choices = [SelectChoice(value="", label=gettext("Choose …")), *choices]

    def number(self) -> int:
        """The number of the session that was chosen. Raises Refused."""
        chosen = self.target.data or ""
        if not (chosen.isascii() and chosen.isdigit() and len(chosen) < 10):
            raise Refused(N_("Choose a session of the programme."))
        return int(chosen)


def speaker_line(one: SessionSpeaker) -> str:
    """A speaker on one line: "Name (Organisation)"."""
    name, organisation = one.speaker.name, one.speaker.organisation
    return one_line(f"{name} ({organisation})" if organisation else name)


def speakers_of(text: str, there: Iterable[SessionSpeaker]) -> tuple[SpeakerDraft, ...]:
    """The speakers, one a line; a line that is as it was shown means the speaker who stands `there`."""
    known = {
        speaker_line(one): SpeakerDraft(one.speaker.name, one.speaker.organisation, one.speaker.position)
        for one in there
    }
    return tuple(known.get(line) or _speaker(line) for line in map(one_line, clean(text).split("\n")) if line)


def _speaker(line: str) -> SpeakerDraft:
    found = _SPEAKER.fullmatch(line)
    return SpeakerDraft(found[1], found[2].strip()) if found and found[2].strip() else SpeakerDraft(line)


def _kept(typed: str | None, now: str) -> str:
    name = one_line(typed or "")
    return now if name == one_line(now) else name


def _shown(moment: datetime, time_zone: str) -> datetime:
    return local(moment, time_zone).replace(second=0, microsecond=0, tzinfo=None)


def _moment(field: Any, time_zone: str, now: datetime | None) -> datetime | None:
    typed = (field.raw_data or [""])[0].strip()
    if not typed:
        return None
    if field.data is None or not FIRST_YEAR <= field.data.year <= LAST_YEAR:
        raise Refused(N_("“%(typed)s” is not a day and time. Write it like 2023-12-04 18:00."), typed=typed[:40])
    if now is not None and field.data == _shown(now, time_zone):
        return now
    return from_local(cast(datetime, field.data), time_zone)


def _day(field: Any) -> date:
    typed = (field.raw_data or [""])[0].strip()
    if not typed:
        raise Refused(N_("Say on which days the event begins and ends."))
    if field.data is None or not FIRST_YEAR <= field.data.year <= LAST_YEAR:
        raise Refused(N_("“%(typed)s” is not a day. Write it like 2023-12-04."), typed=typed[:40])
    return cast(date, field.data)


def _state(session: ProgrammeSession, issues: Sequence[int]) -> str:
    speakers = [speaker_line(one) for one in session.speakers]
    parts = (session.title, session.description, session.starts_at, session.ends_at, session.due_at, session.room_id)
    return _mark_of([*parts, session.track_id, session.rule, session.cancelled_at, speakers, sorted(issues)])


def _mark_of(parts: Sequence[object]) -> str:
    return hashlib.sha256(repr([str(part) for part in parts]).encode(errors="surrogatepass")).hexdigest()[:16]
