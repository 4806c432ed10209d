"""Under the Chatham House rule: whatever in a report's text names a speaker of the session or an affiliation.

A name can hide: between marks of emphasis, behind a soft hyphen, in a link's address, in a picture's description. So
every part is read as it was typed, and the body once more as its readers get it. A false alarm costs an editor a line;
a name that slips through costs a speaker's trust.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from reporter.rules.errors import TextRefused
from reporter.rules.merge import paragraphs
from reporter.rules.report_text import ReportText
from reporter.rules.vocabulary import TextPart
from reporter.text.findings import SpeakerName
from reporter.text.folding import joined
from reporter.text.markup import render
from reporter.text.name_forms import Form, form, person_forms
from reporter.text.organisation_forms import organisation_forms
from reporter.text.reading import Reading

_INLINE_TAG = re.compile(r"</?(?:a|strong|em|code)\b[^>]*>")
_CELL_END = re.compile(r"</t[dh]>")
_BLOCK_TAG = re.compile(r"<[^>]*>")
_WEB = re.compile(r"(?:https?://|www\.)[^\s<>\"]++", re.IGNORECASE)
_ATTRIBUTE = re.compile(r' (?:href|title)="([^"]*)"')


@dataclass(frozen=True)
class Place:
    """Where a name stands: the part, the key point's, paragraph's or link's place in it (from 0), and the words around.

    `index` is None where the part is one, and for a paragraph that could not be told.
    """

    where: TextPart
    index: int | None
    excerpt: str


@dataclass(frozen=True)
class NameFound:
    """A name or affiliation in the programme's spelling, and everywhere that it stands, in the order of the text.

    A whole name, in whatever order, spelling or with initials, is called by the whole name; a family name alone by the
    family name, so that a waiver for one is none for the other.
    """

    name: str
    places: tuple[Place, ...]

    @property
    def where(self) -> TextPart:
        return self.places[0].where

    @property
    def index(self) -> int | None:
        return self.places[0].index

    @property
    def excerpt(self) -> str:
        return self.places[0].excerpt


def names_found(
    text: ReportText, speakers: Sequence[SpeakerName], *, event_name: str, organiser: str
) -> list[NameFound]:
    """The names and affiliations of `speakers` in headline, lead, key points, body and links of `text`, each once, in
    the order in which they stand first. The same text and speakers give the same names.

    Not found are the organiser, what stands in the event's own name, and family names of fewer than three letters
    without a title or initial. The byline and who checked the text are not looked at.
    """
    pieces = paragraphs(text.body)
    parts = _parts(text)
    typed = [(index, reading) for index, piece in enumerate(pieces) for reading in _readings(piece)]
    read = _as_read(text.body)
    everything = [*(reading for _, _, reading in parts), *(reading for _, reading in typed), *(read or ())]
    forms = _possible(_forms(speakers, event_name, organiser), everything)

    found: dict[str, dict[tuple[TextPart, int | None], str]] = {}
    for where, index, reading in parts:
        for name, around in reading.names(forms):
            found.setdefault(name, {}).setdefault((where, index), around)
    body: dict[str, dict[int | None, str]] = {}
    for place, reading in typed:
        for name, around in reading.names(forms):
            body.setdefault(name, {}).setdefault(place, around)
    if read is not None:
        body = _together(body, _first_places(read, forms), pieces, forms)
    for name, places in body.items():
        found.setdefault(name, {}).update(((TextPart.BODY, index), around) for index, around in places.items())

    listed = [
        NameFound(name, tuple(sorted((Place(*at, around) for at, around in places.items()), key=_place_in_text)))
        for name, places in found.items()
    ]
    return sorted(listed, key=lambda one: _place_in_text(one.places[0]))


def _place_in_text(place: Place) -> tuple[int, int]:
    return list(TextPart).index(place.where), -1 if place.index is None else place.index


def _parts(text: ReportText) -> list[tuple[TextPart, int | None, Reading]]:
    """Everything but the body."""
    written = [
        (TextPart.HEADLINE, None, text.headline),
        (TextPart.LEAD, None, text.lead),
        *(
            (TextPart.KEY_POINTS, index, " | ".join((point.actor, point.capacity, point.text)))
            for index, point in enumerate(text.key_points)
        ),
        *((TextPart.LINKS, index, link.title) for index, link in enumerate(text.links)),
    ]
    parts = [(where, index, reading) for where, index, words in written for reading in _readings(words)]
    links = ((TextPart.LINKS, index, Reading(link.url, address=True)) for index, link in enumerate(text.links))
    return [*parts, *links]


def _readings(words: str) -> list[Reading]:
    """The words as they were typed, and each address among them."""
    return [Reading(words), *(Reading(address, address=True) for address in dict.fromkeys(_WEB.findall(words)))]


def _as_read(markdown: str) -> list[Reading] | None:
    """The blocks of words of the page that `markdown` makes, then its addresses; None for a text that makes none."""
    try:
        html = render(markdown)
    except TextRefused:
        return None
    blocks = _BLOCK_TAG.split(_INLINE_TAG.sub("", _CELL_END.sub(" ", html)))
    readings = [Reading(block) for block in blocks if block.strip()]
    return readings + [Reading(address, address=True) for address in dict.fromkeys(_ATTRIBUTE.findall(html))]


def _first_places(readings: Iterable[Reading], forms: Sequence[Form]) -> dict[str, str]:
    """The names in the readings, each with the words around the first of it."""
    found: dict[str, str] = {}
    for reading in readings:
        for name, around in reading.names(forms):
            found.setdefault(name, around)
    return found


def _together(
    typed: dict[str, dict[int | None, str]], read: dict[str, str], pieces: Sequence[str], forms: Sequence[Form]
) -> dict[str, dict[int | None, str]]:
    """The names in the body as it was typed and as its readers get it, each with its paragraphs.

    Where an address stands between given and family name, the typed text shows the one, the page both: the whole name
    is then enough. A name that the page alone shows is looked for paragraph by paragraph.
    """
    wholes = {joined(name) for name in read}
    kept = {
        name: places
        for name, places in typed.items()
        if name in read or not any(joined(name) in whole for whole in wholes)
    }
    unplaced = {name: around for name, around in read.items() if name not in kept}
    if unplaced:
        for index, piece in enumerate(pieces):
            for name, around in _first_places(_as_read(piece) or (), forms).items():
                if name in unplaced:
                    kept.setdefault(name, {}).setdefault(index, around)
    for name, around in unplaced.items():
        kept.setdefault(name, {None: around})
    return kept


# What is looked for


def _forms(speakers: Sequence[SpeakerName], event_name: str, organiser: str) -> list[Form]:
    """What to look for; forms with no name are the host's and the event's own, which swallow what they contain."""
    own_name = Reading(event_name)
    host: list[Form] = []
    for one in (organiser, *re.split(r"[;,/|\n]+|\s+(?:and|&|et|y)\s+", organiser)):
        host += organisation_forms(one)[0]
    host += organisation_forms(event_name)[0]
    allowed = {one.run for one in host}
    wanted: list[Form] = []
    for speaker in speakers:
        wanted += person_forms(speaker.name)
        for inner in re.findall(r"\(([^()]{2,})\)", speaker.name):
            if inner.isupper():
                wanted += organisation_forms(inner)[0]
        itself, others = organisation_forms(speaker.organisation)
        if not any(one.run in allowed or own_name.has(one) for one in itself):
            wanted += itself
        wanted += others
    wanted = [one for one in wanted if one.run not in allowed and not own_name.has(one)]
    swallowing = [form([one.run], "", loose=True) for one in host]
    return [one for one in dict.fromkeys([*wanted, *swallowing]) if one.run]


def _possible(forms: Iterable[Form], readings: Iterable[Reading]) -> list[Form]:
    """Those of the forms whose letters stand somewhere at all: of a hundred speakers' thousands, few do."""
    everything = " ".join(reading.run for reading in readings)
    threes = {everything[place : place + 3] for place in range(len(everything))}
    return [
        one
        for one in forms
        if all(one.run[place : place + 3] in threes for place in range(len(one.run) - 2)) and one.run in everything
    ]
