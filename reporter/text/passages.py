"""A report's text cut into the pieces to which a remark can point, each as a reader sees it, without Markdown's marks.

This is a reading for remarks, not for pages: it is quick and forgiving where `markup` is exact.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from reporter.rules.merge import paragraphs
from reporter.rules.report_text import ReportText, one_line
from reporter.rules.vocabulary import TextPart
from reporter.text.plain import characters

MAX_EXCERPT = 80  # characters

# Possessive quantifiers: no place is read twice, whatever the text.
_ADDRESS = r"(?:<[^<>\n]*+>|[^()\s<]*+(?:\([^()\s]*+\)[^()\s]*+)*+)"
LINK = re.compile(rf"""!?\[(?P<words>[^\[\]]*+)\]\((?P<address>{_ADDRESS})(?:\s++(?:"[^"]*+"|'[^']*+'))?+\s*+\)""")
_REFERRING = re.compile(r"!?\[(?P<words>[^\[\]]*+)\]\[[^\[\]]*+\]")
_DEFINITION = re.compile(r"^ {0,3}\[[^\[\]]++\]:.*$", re.MULTILINE)
_AUTOLINK = re.compile(r"<([a-zA-Z][a-zA-Z0-9+.-]{1,31}:[^\s<>]*+)>")
_LINE_MARK = re.compile(
    r"^[ \t]*+(?:(?:>|#{1,6}(?=[ \t]|$)|[-*+](?=[ \t])|\d{1,9}[.)](?=[ \t]))[ \t]*+)++", re.MULTILINE
)
_FENCE = re.compile(r" {0,3}(?:```|~~~)")
_UNDERSCORES = re.compile("_++")
_SIGNS = re.compile(r"[*`~|]++")
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")


@dataclass(frozen=True)
class Passage:
    """One headline, lead, key point or paragraph of the body.

    `index` is the key point's or paragraph's place, from 0 (paragraphs as `merge.paragraphs` divides them), None for
    what there is one of. `said` is what a reader sees, `written` is what was typed. `kind` is "text", "heading" or
    "code".
    """

    where: TextPart
    index: int | None
    said: str
    written: str
    kind: str = "text"


def passages(text: ReportText) -> list[Passage]:
    """The pieces of `text` in the order in which they are written, without empty ones and without the links.

    A key point's actor and capacity stand before its words, as lists show them.
    """
    found = [
        Passage(TextPart.HEADLINE, None, text.headline, text.headline),
        Passage(TextPart.LEAD, None, text.lead, text.lead),
        *(Passage(TextPart.KEY_POINTS, n, str(point), str(point)) for n, point in enumerate(text.key_points)),
        *_of_body(text.body),
    ]
    return [passage for passage in found if passage.written.strip()]


def _of_body(body: str) -> Iterator[Passage]:
    for index, paragraph in enumerate(paragraphs(body)):
        kind = "code" if _FENCE.match(paragraph) else "heading" if _is_heading(paragraph) else "text"
        said = paragraph if kind == "code" else without_marks(paragraph)
        yield Passage(TextPart.BODY, index, said, paragraph, kind)


def _is_heading(paragraph: str) -> bool:
    """Whether the paragraph is one line that is a heading, or bold from end to end as headings from Word are."""
    line = paragraph.strip()
    return "\n" not in line and (line.startswith("#") or (len(line) > 4 and line[:2] == line[-2:] == "**"))


def without_marks(markdown: str) -> str:
    """The words of `markdown` without addresses, emphasis and the marks of headings, lists, quotes and tables."""
    text = _DEFINITION.sub("", _LINE_MARK.sub("", markdown))
    text = _REFERRING.sub(r"\g<words>", LINK.sub(r"\g<words>", text))
    text = _AUTOLINK.sub("", text)
    kept: list[str] = []
    place = 0
    for match in _ESCAPE.finditer(text):  # what is escaped is no mark
        kept += (_unmarked(text[place : match.start()]), match[1])
        place = match.end()
    return characters("".join([*kept, _unmarked(text[place:])]))


def _unmarked(text: str) -> str:
    return _SIGNS.sub("", _UNDERSCORES.sub(_underscores, text))


def _underscores(match: re.Match[str]) -> str:
    """Nothing for underscores at the edge of a word, themselves within one."""
    before, after = match.string[match.start() - 1 : match.start()], match.string[match.end() : match.end() + 1]
    return match[0] if before.isalnum() and after.isalnum() else ""


def excerpt(text: str, start: int, end: int) -> str:
    """What stands around text[start:end], on one line, in at most MAX_EXCERPT characters, "…" where it was cut."""
    start = min(max(0, start), len(text))
    end = min(max(start, end), len(text))
    around = max(0, MAX_EXCERPT - (end - start) - 2) // 2
    first, last = max(0, start - around), min(len(text), end + around)
    if first > 0:
        first = next((place + 1 for place in range(first - 1, start) if text[place].isspace()), first)
    if last < len(text):
        last = next((place for place in range(last, end - 1, -1) if text[place : place + 1].isspace()), last)
    line = one_line(text[first:last])
    limit = MAX_EXCERPT - (first > 0) - (last < len(text))
    cut = len(line) > limit
    line = line[: limit - cut].rstrip() + "…" * cut
    return ("…" if first > 0 else "") + line + ("…" if last < len(text) and not cut else "")
