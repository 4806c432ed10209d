"""The text of a report at one moment, as a value: what a draft save, a revision and a published page have in common."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace

from reporter.rules.errors import N_, TextRefused
from reporter.rules.vocabulary import TextPart

MAX_HEADLINE = 300
MAX_LEAD = 2_000
MAX_KEY_POINT = 2_000
MAX_KEY_POINTS = 30
MAX_BODY = 100_000
MAX_BYLINE = 300
MAX_NAME = 300  # characters: of an actor, a capacity, the title of a link, whoever checked a machine's text
MAX_ADDRESS = 2_000
MAX_LINKS = 30
FIRST_SUMMARY_POINTS = 2

# Word's soft line break is a vertical tab; dropping one would join two words.
_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")


@dataclass(frozen=True)
class Link:
    """An address that goes with a report: a document, a recording."""

    title: str
    url: str

    def __str__(self) -> str:
        """The link on one line."""
        return f"{self.title} {self.url}".strip()


@dataclass(frozen=True)
class KeyPoint:
    """One point; where it names who spoke: a country, group or organisation (`actor`), in which capacity, and the id
    of the policy issue spoken on.
    """

    text: str
    actor: str = ""
    capacity: str = ""
    policy_issue: int | None = None

    def __str__(self) -> str:
        """The point on one line, as lists and feeds show it."""
        who = f"{self.actor} ({self.capacity})" if self.capacity and self.actor else self.actor or self.capacity
        return f"{who}: {self.text}" if who else self.text


@dataclass(frozen=True)
class ReportText:
    """All that a report says, in the writer's order and words; the subjects are ids.

    `first_summary` says that a fuller text follows. `checked_by` is who checked a machine-assisted text, "" for one
    that no machine helped with.
    """

    headline: str = ""
    lead: str = ""
    key_points: tuple[KeyPoint, ...] = ()
    body: str = ""
    byline: str = ""
    links: tuple[Link, ...] = ()
    policy_issues: frozenset[int] = frozenset()
    processes: frozenset[int] = frozenset()
    sdg_targets: frozenset[int] = frozenset()
    language: str = "en"
    first_summary: bool = False
    checked_by: str = ""

    def cleaned(self) -> "ReportText":
        """The same text in Unicode's composed form (NFC), without control characters, with single line ends."""
        return replace(
            self,
            headline=one_line(self.headline),
            lead=one_line(self.lead),
            key_points=tuple(
                KeyPoint(one_line(point.text), one_line(point.actor), one_line(point.capacity), point.policy_issue)
                for point in self.key_points
                if one_line(point.text + point.actor + point.capacity)
            ),
            body=clean(self.body).strip("\n"),
            byline=one_line(self.byline),
            links=tuple(
                Link(one_line(link.title), one_line(link.url)) for link in self.links if one_line(link.title + link.url)
            ),
            checked_by=one_line(self.checked_by),
        )

    def too_long(self) -> TextRefused | None:
        """The refusal that names the first part over its limit (characters), or None."""
        parts: Sequence[tuple[str, int, int]] = (
            (
                N_("The headline has %(size)s characters; at most %(limit)s are possible."),
                len(self.headline),
                MAX_HEADLINE,
            ),
            (
                N_("The summary in one or two sentences has %(size)s characters; at most %(limit)s are possible."),
                len(self.lead),
                MAX_LEAD,
            ),
            (
                N_("There are %(size)s key points; at most %(limit)s are possible."),
                len(self.key_points),
                MAX_KEY_POINTS,
            ),
            (
                N_("A key point has %(size)s characters; at most %(limit)s are possible."),
                max((len(point.text) for point in self.key_points), default=0),
                MAX_KEY_POINT,
            ),
            (
                N_("The text has %(size)s characters; at most %(limit)s are possible. Shorten it and send it again."),
                len(self.body),
                MAX_BODY,
            ),
            (N_("The byline has %(size)s characters; at most %(limit)s are possible."), len(self.byline), MAX_BYLINE),
            (
                N_("A name beside a key point has %(size)s characters; at most %(limit)s are possible."),
                max((max(len(point.actor), len(point.capacity)) for point in self.key_points), default=0),
                MAX_NAME,
            ),
            (N_("There are %(size)s links; at most %(limit)s are possible."), len(self.links), MAX_LINKS),
            (
                N_("The title of a link has %(size)s characters; at most %(limit)s are possible."),
                max((len(link.title) for link in self.links), default=0),
                MAX_NAME,
            ),
            (
                N_("The address of a link has %(size)s characters; at most %(limit)s are possible."),
                max((len(link.url) for link in self.links), default=0),
                MAX_ADDRESS,
            ),
            (
                N_("The name of who checked the text has %(size)s characters; at most %(limit)s are possible."),
                len(self.checked_by),
                MAX_NAME,
            ),
        )
        for message, size, limit in parts:
            if size > limit:
                return TextRefused(message, size=size, limit=limit)
        return None

    def missing(self) -> TextRefused | None:
        """What a report must have before it is handed in and this one lacks, the first of it, or None."""
        return next((refusal for _, refusal in self.lacking()), None)

    def lacking(self) -> list[tuple[TextPart, TextRefused]]:
        """All that a report must have before it is handed in and this one lacks: the part to fill, and the refusal."""
        lacks: list[tuple[TextPart, TextRefused]] = []
        if not self.headline:
            lacks.append((TextPart.HEADLINE, TextRefused(N_("Write a headline before you hand in."))))
        if self.first_summary:
            if len(self.key_points) < FIRST_SUMMARY_POINTS:
                few = TextRefused(N_("Write two key points before you hand in a first summary."))
                lacks.append((TextPart.KEY_POINTS, few))
            return lacks
        if not self.lead and not self.key_points:
            neither = TextRefused(N_("Write one or two sentences, or key points, before you hand in."))
            lacks.append((TextPart.LEAD, neither))
        if not self.policy_issues:
            none = TextRefused(N_("Choose at least one policy issue before you hand in."))
            lacks.append((TextPart.POLICY_ISSUES, none))
        return lacks


def clean(text: str) -> str:
    """`text` in NFC, every kind of line end as \\n, without control characters, lone surrogates and non-characters."""
    text = _LINE_ENDS.sub("\n", text)
    kept = "".join(c for c in text if c in "\n\t" or not _unwanted(c))
    return unicodedata.normalize("NFC", kept)


def one_line(text: str) -> str:
    """`clean` text on a single line, with single spaces."""
    return " ".join(clean(text).split())


def _unwanted(character: str) -> bool:
    code = ord(character)
    return unicodedata.category(character) in {"Cc", "Cs"} or code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF
