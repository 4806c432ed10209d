"""The check before handing in: what an editor would remark, said to the writer first. Hints, but for what is missing.

Takes time in proportion to the text: it runs while somebody writes.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from reporter.rules.errors import N_
from reporter.rules.report_text import ReportText
from reporter.rules.vocabulary import Check, TextPart
from reporter.text.check_dates import dates
from reporter.text.check_names import folded_names, names
from reporter.text.check_quotes import quotes
from reporter.text.findings import MAX_FINDINGS, Facts, Finding, SpeakerName
from reporter.text.folding import UNSPACED, count_words, folded_words
from reporter.text.passages import LINK, Passage, excerpt, passages

__all__ = ["Facts", "Finding", "SpeakerName", "check"]

SHORT_HEADLINE, LONG_HEADLINE = 15, 100  # characters; half as many where most are Chinese or Japanese
FEW_POINTS, MANY_POINTS = 3, 5
_SENTENCE_WORDS = 4  # a sentence of fewer may well be said twice
_PARAGRAPH_WORDS = 5

_UNSPACED = re.compile(f"[{UNSPACED}]")
_FULL_STOPS = (".", "。", "．", "।", "۔")
_ABBREVIATED = re.compile(r"(?:\b\w\.){2,}$|\b(?:etc|Inc|Ltd|Co|Corp|Jr|Sr|No|St|vs|al|approx)\.$|\.\.$", re.IGNORECASE)
_SENTENCE_END = re.compile(r"(?<=[.!?…])[\"”»’)]*+\s++|(?<=[。！？])|\n\s*\n")
# What Word leaves in copied text: balloons of comments and of tracked changes, and fields without a target.
_LEFTOVERS = re.compile(
    r"""
    \[\s?Comment(?:aire|ario)?\s?[A-Z]{1,4}\d{1,4}(?:R\d{1,3})?\]
    | \b(?:Commented|Comment[ée]|Comentado|Kommentiert)\s?\[[A-Z]{1,4}\d{1,4}(?:R\d{1,3})?\]\s?:?
    | ^[ \t]{0,8}(?:Deleted|Formatted|Inserted|Moved\ (?:up|down)\ \[\d{1,3}\]|Supprimé|Mis\ en\ forme
        |Eliminado|Con\ formato|Gelöscht|Formatiert)\s?:(?=\s|$)
    | \bError!\ (?:Reference\ source|Bookmark)\ not\ (?:found|defined)
    """,
    re.VERBOSE | re.MULTILINE,
)
_WEB = re.compile(r"https?://[^\s/?#]", re.IGNORECASE)
_AUTOLINK = re.compile(r"<(?P<address>[a-zA-Z][a-zA-Z0-9+.-]{1,31}:[^\s<>]*+)>")
_DEFINITION = re.compile(r"^ {0,3}\[[^\[\]]++\]:\s?(?P<address>[^\s]++)", re.MULTILINE)


def check(text: ReportText, facts: Facts) -> list[Finding]:
    """The remarks on `text`: blocking ones first, then in the order of the text; at most MAX_FINDINGS of a kind.

    Blocking is what `ReportText.lacking` names and nothing else. A first summary is not asked for a lead, a length or
    more key points. `text` is read as it is: clean it first, where it comes from a form.
    """
    read = passages(text)
    found: list[Finding] = [
        *(
            Finding(Check.INCOMPLETE, part, refusal.message, values=refusal.values, blocking=True)
            for part, refusal in text.lacking()
        ),
        *_headline(text),
        *_lead(text, read),
        *_key_points(text),
        *_length(text, read, facts),
        *names(read, facts, text.language),
        *dates(read, text, facts),
        *quotes(read, facts, text.language, folded_names(facts)),
        *_doubled(read),
        *_leftovers(read),
        *_links(text, read),
    ]
    if text.first_summary and not text.policy_issues:
        message = N_("Without a policy issue, few will find this report. Choose one, if you can.")
        found.append(Finding(Check.POLICY_ISSUE_MISSING, TextPart.POLICY_ISSUES, message))
    return _ordered(found)


def _ordered(found: Iterable[Finding]) -> list[Finding]:
    parts = {part: place for place, part in enumerate(TextPart)}
    ordered = sorted(
        found, key=lambda one: (not one.blocking, parts[one.where], -1 if one.index is None else one.index)
    )
    count: Counter[Check] = Counter()
    kept: list[Finding] = []
    for finding in ordered:
        count[finding.code] += 1
        if count[finding.code] <= MAX_FINDINGS:
            kept.append(finding)
    return kept


def _headline(text: ReportText) -> Iterator[Finding]:
    headline = text.headline.strip()
    if not headline:
        return
    half = 2 if len(_UNSPACED.findall(headline)) * 2 > len(headline) else 1
    size = len(headline)
    if size > LONG_HEADLINE // half:
        message = N_("The headline has %(size)s characters; up to %(limit)s read well.")
        values = {"size": size, "limit": LONG_HEADLINE // half}
        yield Finding(
            Check.HEADLINE_LONG, TextPart.HEADLINE, message, values=values, excerpt=excerpt(headline, 0, size)
        )
    elif size < SHORT_HEADLINE // half:
        message = N_("The headline is very short. Say what was said or decided.")
        yield Finding(Check.HEADLINE_SHORT, TextPart.HEADLINE, message, excerpt=headline)
    if headline.endswith(_FULL_STOPS) and not _ABBREVIATED.search(headline):
        message = N_("The headline ends with a full stop. Leave it out.")
        bare = headline.rstrip("".join(_FULL_STOPS)).rstrip()
        around = excerpt(headline, max(0, size - 60), size)
        yield Finding(Check.HEADLINE_FULL_STOP, TextPart.HEADLINE, message, excerpt=around, suggestion=bare)


def _lead(text: ReportText, read: Sequence[Passage]) -> Iterator[Finding]:
    if not text.lead.strip():
        if text.key_points and not text.first_summary:
            message = N_("Say the main point in one or two sentences: lists and feeds show them.")
            yield Finding(Check.LEAD_MISSING, TextPart.LEAD, message)
        return
    opening = next((one for one in read if one.where is TextPart.BODY and one.kind == "text"), None)
    if opening is None:
        return
    first = _first_sentence(opening.said)
    words = folded_words(first)
    if _size(words) >= _SENTENCE_WORDS and words in (folded_words(text.lead), folded_words(_first_sentence(text.lead))):
        message = N_("The text begins with the sentence that already stands above it.")
        around = excerpt(first, 0, len(first))
        yield Finding(Check.LEAD_REPEATED, TextPart.BODY, message, opening.index, excerpt=around)


def _first_sentence(text: str) -> str:
    return _SENTENCE_END.split(text.strip(), maxsplit=1)[0]


def _size(words: Sequence[str]) -> int:
    return count_words(" ".join(words), "")


def _key_points(text: ReportText) -> Iterator[Finding]:
    size = len(text.key_points)
    values = {"size": size, "few": FEW_POINTS, "many": MANY_POINTS}
    if size < FEW_POINTS and not text.first_summary and (text.lead or size):
        message = N_("Key points so far: %(size)s. Readers expect %(few)s to %(many)s.")
        yield Finding(Check.KEY_POINTS_FEW, TextPart.KEY_POINTS, message, values=values)
    elif size > MANY_POINTS:
        message = N_("Key points: %(size)s. Readers expect %(few)s to %(many)s; join some of them.")
        yield Finding(Check.KEY_POINTS_MANY, TextPart.KEY_POINTS, message, values=values)


def _length(text: ReportText, read: Sequence[Passage], facts: Facts) -> Iterator[Finding]:
    """The body against the event's target; a first summary may be short."""
    size = sum(count_words(one.said, text.language) for one in read if one.where is TextPart.BODY)
    values = {"size": size, "least": facts.min_words, "most": facts.max_words}
    if size < facts.min_words and not text.first_summary:
        message = N_("The text has %(size)s words; this event asks for %(least)s to %(most)s.")
        yield Finding(Check.TEXT_SHORT, TextPart.BODY, message, values=values)
    elif size > facts.max_words > 0:
        message = N_("The text has %(size)s words; this event asks for at most %(most)s.")
        yield Finding(Check.TEXT_LONG, TextPart.BODY, message, values=values)


def _doubled(read: Sequence[Passage]) -> Iterator[Finding]:
    """Paragraphs and key points whose words stood in an earlier one."""
    seen: dict[tuple[TextPart, str], int] = {}
    for passage in read:
        if passage.index is None or passage.kind != "text":
            continue
        words = folded_words(passage.said)
        if _size(words) < _PARAGRAPH_WORDS:
            continue
        first = seen.setdefault((passage.where, " ".join(words)), passage.index)
        if first != passage.index:
            message = N_("This is paragraph %(first)s again.")
            if passage.where is TextPart.KEY_POINTS:
                message = N_("This is key point %(first)s again.")
            around = excerpt(passage.said, 0, min(60, len(passage.said)))
            yield Finding(Check.PARAGRAPH_DOUBLED, passage.where, message, passage.index, {"first": first + 1}, around)


def _leftovers(read: Sequence[Passage]) -> Iterator[Finding]:
    message = N_("“%(written)s” looks left over from comments or tracked changes in Word.")
    for passage in read:
        for match in _LEFTOVERS.finditer(passage.written):
            around = excerpt(passage.written, match.start(), match.end())
            values = {"written": match[0].strip()}
            yield Finding(Check.WORD_LEFTOVER, passage.where, message, passage.index, values, around)


def _links(text: ReportText, read: Sequence[Passage]) -> Iterator[Finding]:
    for index, link in enumerate(text.links):
        if not _WEB.match(link.url):
            yield _link(TextPart.LINKS, index, link.url, link.url or link.title)
    for passage in read:
        if passage.where is not TextPart.BODY or passage.kind == "code":
            continue
        for pattern in (LINK, _AUTOLINK, _DEFINITION):
            for match in pattern.finditer(passage.written):
                address = match["address"].strip("<>")
                if not _WEB.match(address):
                    yield _link(TextPart.BODY, passage.index, address, excerpt(passage.written, *match.span()))


def _link(where: TextPart, index: int | None, address: str, around: str) -> Finding:
    message = N_("“%(address)s” is no web address. It should begin with https://.")
    suggestion = f"https://{address}" if address.lower().startswith("www.") else ""
    shown = excerpt(address, 0, len(address))
    around = excerpt(around, 0, len(around))
    return Finding(Check.LINK_ADDRESS, where, message, index, {"address": shown}, around, suggestion=suggestion)
