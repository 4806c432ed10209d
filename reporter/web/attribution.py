"""The names that may not be published, as an editor sees them: where each stands in the text, and why it may stay."""

from collections.abc import Sequence
from dataclasses import dataclass

from reporter.models.report import AttributionWaiver, Report, Revision
from reporter.newsroom import attribution as newsroom
from reporter.queries import attribution
from reporter.rules.attribution import shows_speakers, takes_report
from reporter.rules.vocabulary import TextPart
from reporter.text.attribution_check import NameFound, Place
from reporter.web.forms.review import NamesForm
from reporter.web.language import _

PLACES = 4  # of one name that are shown


@dataclass(frozen=True)
class StandingName:
    """A name that keeps a text from being published: where it stands (in words) with the words around."""

    name: str
    places: tuple[tuple[str, str], ...]
    more: int  # places that are not shown
    earlier: AttributionWaiver | None  # why it could stay in another text of the report


@dataclass(frozen=True)
class Names:
    """What the check found in a text of a session whose speakers may not be named."""

    closed: bool
    standing: tuple[StandingName, ...]
    settled: Sequence[AttributionWaiver]


def names(report: Report, revision: Revision, form: NamesForm) -> Names | None:
    """The names in a revision, and in `form` the reason that was given for one of them before; None on the record."""
    under = attribution.governing([report.number]).get(report.number)
    if under is None or shows_speakers(under.rule):
        return None
    earlier = {one.name: one for one in attribution.waivers(report.number) if one.revision_number != revision.number}
    standing = tuple(_shown(one, earlier.get(one.name)) for one in newsroom.standing(report, revision))
    given = [one.earlier for one in standing if one.earlier is not None]
    if given and not form.reason.raw_data:
        form.reason.data = max(given, key=lambda one: one.id).reason
    return Names(not takes_report(under.rule), standing, attribution.waivers(report.number, revision.number))


def _shown(found: NameFound, earlier: AttributionWaiver | None) -> StandingName:
    places = tuple((_in_words(one), one.excerpt) for one in found.places[:PLACES])
    return StandingName(found.name, places, max(len(found.places) - PLACES, 0), earlier)


def _in_words(place: Place) -> str:
    number = (place.index or 0) + 1
    match place.where:
        case TextPart.HEADLINE:
            return _("Headline")
        case TextPart.LEAD:
            return _("In one or two sentences")
        case TextPart.KEY_POINTS:
            return _("Key point %(number)s", number=number)
        case TextPart.LINKS:
            return _("Link %(number)s", number=number)
    return _("Text") if place.index is None else _("Text, paragraph %(number)s", number=number)
