"""What the board shows, and the editors' decisions on what is covered."""

from collections.abc import Iterable, Sequence
from datetime import date

from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from wtforms import BooleanField, Form, HiddenField, SelectField, SelectMultipleField
from wtforms.fields import SelectChoice
from wtforms.validators import Optional
from wtforms.widgets import CheckboxInput

from reporter.models.programme import Room, Track
from reporter.rules.coverage import NO_ROOM, CoverageFilter, CoverageLine
from reporter.rules.vocabulary import Cover, Coverage

STATES = {
    Coverage.LATE: lazy_gettext("Late"),
    Coverage.UNCOVERED: lazy_gettext("Nobody yet"),
    Coverage.ASSIGNED: lazy_gettext("Assigned"),
    Coverage.ACCEPTED: lazy_gettext("Accepted"),
    Coverage.WRITING: lazy_gettext("Being written"),
    Coverage.FILED: lazy_gettext("With the editors"),
    Coverage.APPROVED: lazy_gettext("Approved, not public yet"),
    Coverage.PUBLISHED: lazy_gettext("Published"),
    Coverage.NOT_COVERED: lazy_gettext("No report"),
}
DECISIONS = {
    Cover.MUST: lazy_gettext("Must be covered"),
    Cover.IF_POSSIBLE: lazy_gettext("If possible"),
    Cover.NOT: lazy_gettext("No report"),
    Cover.UNDECIDED: lazy_gettext("Not decided"),
}


class BoardForm(Form):  # type: ignore[misc]
    """What of the board is shown. Read from an address, so without a token; it changes nothing."""

    day = HiddenField()
    form = HiddenField()
    state = SelectMultipleField(
        lazy_gettext("State"),
        choices=[SelectChoice(value=one.value, label=label) for one, label in STATES.items()],
        option_widget=CheckboxInput(),
        validate_choice=False,
    )
    room = SelectField(lazy_gettext("Room"), validate_choice=False)
    track = SelectField(lazy_gettext("Track"), validate_choice=False)
    person = SelectField(lazy_gettext("Person"), validate_choice=False)
    mine = BooleanField(lazy_gettext("Only mine"))

    def offer(self, lines: Sequence[CoverageLine], rooms: Iterable[Room], tracks: Iterable[Track]) -> None:
        """What there is to choose from: rooms, tracks and people of these sessions."""
        names = {one.user_id: one.name for line in lines for one in line.people}
        people = sorted(names.items(), key=lambda pair: (pair[1].casefold(), pair[0]))
        everywhere = [SelectChoice(value="", label=gettext("Every room"))]
        nowhere = [SelectChoice(value=NO_ROOM, label=gettext("No room named"))]
        has_none = any(line.room_id is None for line in lines)
        self.room.choices = [*everywhere, *_named(rooms), *(nowhere if has_none else [])]
        self.track.choices = [SelectChoice(value="", label=gettext("Every track")), *_named(tracks)]
        self.person.choices = [
            SelectChoice(value="", label=gettext("Everybody")),
            *(SelectChoice(value=str(number), label=name) for number, name in people),
        ]

    def show(self, chosen: CoverageFilter, *, day: date | None, form: str) -> None:
        """Show what the address says."""
        self.day.data, self.form.data = day.isoformat() if day else "", form
        self.state.data = sorted(chosen.states)
        self.room.data, self.track.data, self.person.data = chosen.room, chosen.track, chosen.person
        self.mine.data = chosen.mine


class CoverForm(FlaskForm):  # type: ignore[misc]
    """One decision, for one session or for those that were ticked. `back` is what of the board was shown."""

    cover = SelectField(
        lazy_gettext("Decide for the ticked sessions"),
        choices=[SelectChoice(value=one.value, label=label) for one, label in DECISIONS.items()],
        validate_choice=False,
        validators=[Optional()],
    )
    back = HiddenField()


class TickedForm(CoverForm):
    """The same for several sessions; a box that was ticked sends the number of its session."""

    sessions = SelectMultipleField(coerce=str, validate_choice=False)


def _named(rows: Iterable[Room | Track]) -> list[SelectChoice]:
    return [SelectChoice(value=str(one.id), label=one.name) for one in rows]
