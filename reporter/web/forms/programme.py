"""Programme files: choosing one, saying what its columns mean, and applying it."""

from collections.abc import Mapping, Sequence

from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from wtforms import BooleanField, FileField, SelectField, StringField
from wtforms.fields import SelectChoice

from reporter.sources.columns import FIELDS

FIELD_WORDS = {
    "title": lazy_gettext("Title"),
    "day": lazy_gettext("Day"),
    "start": lazy_gettext("Beginning"),
    "end": lazy_gettext("End"),
    "duration": lazy_gettext("Duration"),
    "room": lazy_gettext("Room"),
    "track": lazy_gettext("Track"),
    "speakers": lazy_gettext("Speakers"),
    "description": lazy_gettext("Description"),
    "id": lazy_gettext("Number or id"),
    "keywords": lazy_gettext("Keywords"),
}


class ProgrammeFileForm(FlaskForm):  # type: ignore[misc]
    """The file of a programme, or its address."""

    file = FileField(lazy_gettext("Programme file"))
    every = SelectField(
        lazy_gettext("Look at that address again"),
        choices=[
            SelectChoice(value="", label=lazy_gettext("Never")),
            SelectChoice(value="15", label=lazy_gettext("Every 15 minutes")),
            SelectChoice(value="60", label=lazy_gettext("Every hour")),
            SelectChoice(value="360", label=lazy_gettext("Every six hours")),
            SelectChoice(value="1440", label=lazy_gettext("Every day")),
        ],
        validate_choice=False,
    )
    address = StringField(lazy_gettext("Or the address of the file"), render_kw={"type": "url", "autocomplete": "off"})


class ApplyForm(FlaskForm):  # type: ignore[misc]
    """Applying what was shown; `confirmed` where something about it is odd."""

    confirmed = BooleanField(lazy_gettext("I looked at this, and it is right"))


class ColumnsForm(FlaskForm):  # type: ignore[misc]
    """Which column of a table means what: one choice for each of FIELDS."""

    title = SelectField(FIELD_WORDS["title"], validate_choice=False)
    day = SelectField(FIELD_WORDS["day"], validate_choice=False)
    start = SelectField(FIELD_WORDS["start"], validate_choice=False)
    end = SelectField(FIELD_WORDS["end"], validate_choice=False)
    duration = SelectField(FIELD_WORDS["duration"], validate_choice=False)
    room = SelectField(FIELD_WORDS["room"], validate_choice=False)
    track = SelectField(FIELD_WORDS["track"], validate_choice=False)
    speakers = SelectField(FIELD_WORDS["speakers"], validate_choice=False)
    description = SelectField(FIELD_WORDS["description"], validate_choice=False)
    id = SelectField(FIELD_WORDS["id"], validate_choice=False)
    keywords = SelectField(FIELD_WORDS["keywords"], validate_choice=False)

    def offer(self, header: Sequence[str], examples: Sequence[str]) -> None:
        """The columns to choose from, each by its header or, without one, by its place, with an example."""
        choices = [SelectChoice(value="", label=gettext("None"))]
        for place, (name, example) in enumerate(zip(header, examples, strict=True)):
            label = name or gettext("Column %(number)s", number=place + 1)
            choices.append(SelectChoice(value=str(place), label=f"{label} ({example[:40]})" if example else label))
        for field in FIELDS:
            self[field].choices = choices

    def show(self, numbers: Mapping[str, str]) -> None:
        """Show this choice (field to number)."""
        for field in FIELDS:
            self[field].data = numbers.get(field, "")

    def numbers(self) -> dict[str, str]:
        """What was chosen."""
        return {field: self[field].data or "" for field in FIELDS}
