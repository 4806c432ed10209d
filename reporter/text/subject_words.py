"""Which subjects words speak of: told by the names and keywords of the subjects, and by nothing else.

A programme's track and keywords tell what a session is expected to touch (`named_by`); a report's words tell what to
propose to its writer (`suggest`). Both know a subject by the same folded names.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from reporter.rules.report_text import ReportText
from reporter.text.folding import UNSPACED
from reporter.text.slug import slug

_LIMIT = 200  # characters of a folded name: more than any name has
_WHOLE_TEXT = 10_000_000  # characters: slugs of texts are not cut
_ENOUGH = 3  # a word that is said more often in one part tells no more
_HEADLINE, _SUMMARY, _TEXT = 5, 3, 1  # how much a word tells, by where it stands
_BETWEEN_NAMES = re.compile(r"\s+(?:and|et|y|e|und)\s+|\s*[,;/&()]\s*", re.IGNORECASE)
_ARTICLE = re.compile(r"^(?:the|la|le|les|el|los|las)\s+", re.IGNORECASE)
_NO_SPACES = re.compile(f"[{UNSPACED}]")


@dataclass(frozen=True)
class TermKeywords:
    """A subject (a policy issue) by its id, with its name and whatever else it is called: its slug, its keywords."""

    id: int
    name: str
    keywords: tuple[str, ...] = ()


def folded_names(term: TermKeywords) -> set[str]:
    """What the subject is called, as `slug` folds it."""
    return {slug(words, limit=_LIMIT) for words in (term.name, *term.keywords)} - {""}


def named_by(said: Iterable[str], terms: Iterable[TermKeywords]) -> set[int]:
    """The ids of those `terms` that one of the things said names: as a whole, whatever its case, accents and signs."""
    folded = {slug(words, limit=_LIMIT) for words in said} - {""}
    return {term.id for term in terms if folded & folded_names(term)}


def suggest(text: ReportText, terms: Sequence[TermKeywords], limit: int = 5) -> list[int]:
    """The ids of at most `limit` of the `terms` of which `text` speaks, those that it speaks of most first, then in
    the order given; without those that it has already.

    A subject is spoken of where one of its names stands in whole words. So does a part of a name of several ("data
    localisation" of "Cross-border data flows and data localisation"), if it has two words, or is an acronym.
    """
    parts = [
        (_HEADLINE, _padded(text.headline)),
        (_SUMMARY, _padded(text.lead)),
        *((_SUMMARY, _padded(point.text)) for point in text.key_points),
        (_TEXT, _padded(text.body)),
    ]
    scores: dict[int, int] = {}
    for term in terms:
        if term.id not in text.policy_issues:
            names = folded_names(term) | set(_parts_of(term.name))
            scores[term.id] = sum(weight * min(_ENOUGH, _count(names, words)) for weight, words in parts)
    return sorted((one for one, score in scores.items() if score), key=lambda one: -scores[one])[:limit]


def _padded(words: str) -> str:
    return f"-{slug(words, limit=_WHOLE_TEXT)}-"


def _count(names: Iterable[str], words: str) -> int:
    return sum(words.count(name if _NO_SPACES.search(name) else f"-{name}-") for name in names)


def _parts_of(name: str) -> Iterator[str]:
    for part in _BETWEEN_NAMES.split(name):
        folded = slug(_ARTICLE.sub("", part.strip(), count=1), limit=_LIMIT)
        if "-" in folded or (part.isupper() and len(folded) > 2):
            yield folded
