"""The text of a report at one moment, as a value: what a draft save, a revision and a published page have in common."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace

from reporter.rules.errors import N_, TextRefused

MAX_HEADLINE = 300
MAX_LEAD = 2_000
MAX_KEY_POINT = 2_000
MAX_KEY_POINTS = 30
MAX_BODY = 100_000
MAX_BYLINE = 300

# Word's soft line break is a vertical tab; dropping one would join two words.
_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")


@dataclass(frozen=True)
class Link:
    """An address that goes with a report: a document, a recording."""

    title: str
    url: str


@dataclass(frozen=True)
class ReportText:
    """All that a report says, in the writer's order and words; `policy_issues` and `processes` are ids."""

    headline: str = ""
    lead: str = ""
    key_points: tuple[str, ...] = ()
    body: str = ""
    byline: str = ""
    links: tuple[Link, ...] = ()
    policy_issues: frozenset[int] = frozenset()
    processes: frozenset[int] = frozenset()
    language: str = "en"

    def cleaned(self) -> "ReportText":
        """The same text in Unicode's composed form (NFC), without control characters, with single line ends."""
        return replace(
            self,
            headline=one_line(self.headline),
            lead=one_line(self.lead),
            key_points=tuple(point for point in map(one_line, self.key_points) if point),
            body=clean(self.body).strip("\n"),
            byline=one_line(self.byline),
            links=tuple(Link(one_line(link.title), one_line(link.url)) for link in self.links),
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
                max(map(len, self.key_points), default=0),
                MAX_KEY_POINT,
            ),
            (
                N_("The text has %(size)s characters; at most %(limit)s are possible. Shorten it and send it again."),
                len(self.body),
                MAX_BODY,
            ),
            (N_("The byline has %(size)s characters; at most %(limit)s are possible."), len(self.byline), MAX_BYLINE),
        )
        for message, size, limit in parts:
            if size > limit:
                return TextRefused(message, size=size, limit=limit)
        return None

    def missing(self) -> TextRefused | None:
        """What a report must have before it is handed in and this one lacks, or None."""
        if not self.headline:
            return TextRefused(N_("Write a headline before you hand in."))
        if not self.lead and not self.key_points:
            return TextRefused(N_("Write one or two sentences, or key points, before you hand in."))
        if not self.policy_issues:
            return TextRefused(N_("Choose at least one policy issue before you hand in."))
        return None


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
