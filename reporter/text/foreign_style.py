"""What a foreign tag's attributes say about its text: looks, headings, what is hidden, what is a list item in disguise.

Google Docs writes bold as font-weight:700 and wraps everything in <b style="font-weight:normal">; Word writes list
items as paragraphs with mso-list:l0 level1 lfo1, and comments as text with classes of its own.
"""

import re
from collections.abc import Mapping
from typing import NamedTuple

from reporter.text.blocks import Cell
from reporter.text.markup import may_link
from reporter.text.plain import characters

MAX_ADDRESS = 2_000  # characters of a link's address; longer ones are somebody's tracking

# A name only begins behind a space, a quotation mark or a slash: from every letter, time would grow with the square.
_ATTRIBUTE = re.compile(r"""(?<![^\s"'/])([a-zA-Z][\w:-]*+)\s*+=\s*+("[^"]*+"|'[^']*+'|[^\s"'>]++)""")
_WANTED = frozenset({"style", "class", "href", "start", "value", "colspan", "rowspan", "role"}) | {
    "aria-level",
    "data-aria-level",
}
_WEIGHT = re.compile(r"(?:^|;)\s*font-weight\s*:\s*([a-z]+|\d{1,4})")
_SLANT = re.compile(r"(?:^|;)\s*font-style\s*:\s*([a-z]+)")
_WHITE_SPACE = re.compile(r"(?:^|;)\s*white-space\s*:\s*([a-z-]+)")
_LIST = re.compile(r"(?:^|;)\s*mso-list\s*:\s*(ignore|[^;]*?\blevel\s*([1-9]))")
_HIDDEN = re.compile(
    r"(?:^|;)\s*(?:display\s*:\s*none|mso-hide\s*:\s*all|mso-(?:element|special-character)\s*:\s*comment)"
)
_COMMENT_CLASSES = frozenset({"msocommentreference", "msocomanchor", "msocomtxt"})
_NOTE_CLASSES = frozenset({"sdfootnoteanc", "sdendnoteanc", "sdfootnotesym", "sdendnotesym"})
_QUOTE_CLASSES = frozenset({"msoquote", "msointensequote"})
_BACK_TO_TEXT = re.compile("#(?:foot|end)note-ref-")
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})


class ListMark:
    """A list item that its attributes alone describe, at `level` (from 1); `opened` once its first block was met."""

    def __init__(self, level: int, marker: str = "") -> None:
        self.level = level
        self.marker = marker  # "1.", "a)", "·": what Word shows before the item
        self.opened = False


class Style(NamedTuple):
    """How text looks at one place, as a tag and the tags around it say."""

    bold: bool = False
    italic: bool = False
    href: str = ""
    kind: str = "p"
    line_ends: bool = False  # a line end in the source is one on the page
    dropped: bool = False
    is_marker: bool = False  # the text is a list item's "1." or "·", not the item's words
    list_mark: ListMark | None = None
    goes_on: bool = False  # a paragraph of Word's list that begins no item
    cell: Cell | None = None


def attributes(written: str) -> dict[str, str]:
    """The attributes that matter here among those of a tag, names in lower case; the first of a name counts."""
    found: dict[str, str] = {}
    for name, value in _ATTRIBUTE.findall(written):
        if name.lower() in _WANTED:
            found.setdefault(name.lower(), characters(value.strip("\"'")).strip())
    return found


def styled(outer: Style, name: str, told: Mapping[str, str]) -> Style:
    """The style inside a tag `name` with the attributes `told`, within `outer`."""
    style = told.get("style", "").lower()
    classes = frozenset(told.get("class", "").lower().split())
    inner = outer
    if name in {"b", "strong"}:
        inner = inner._replace(bold=True)
    elif name in {"i", "em"}:
        inner = inner._replace(italic=True)
    elif name == "pre":
        inner = inner._replace(line_ends=True)
    elif name == "a":
        inner = _linked(inner, told.get("href", ""))
    if name in _HEADINGS or name == "p" or told.get("role", "").lower() == "heading":
        inner = inner._replace(kind=_kind(name, classes, told))
    if style:
        inner = _by_style(inner, style)
    if name == "del" or _HIDDEN.search(style) or classes & _COMMENT_CLASSES:
        inner = inner._replace(dropped=True)
    if name in _HEADINGS or name == "p":
        inner = _listed(inner, style, classes)
    return inner


def is_quote(told: Mapping[str, str]) -> bool:
    """Whether a paragraph with these attributes is one of Word's quotations."""
    return not _QUOTE_CLASSES.isdisjoint(told.get("class", "").lower().split())


def is_note(told: Mapping[str, str]) -> bool:
    """Whether a link with these attributes is LibreOffice's bare number of a footnote."""
    return not _NOTE_CLASSES.isdisjoint(told.get("class", "").lower().split())


def number(told: Mapping[str, str], name: str, most: int) -> int | None:
    """The attribute `name` as a number from 0 to `most`; None where it is missing or no such number."""
    value = told.get(name, "")
    return int(value) if re.fullmatch(r"[0-9]{1,9}", value) and int(value) <= most else None


def _kind(name: str, classes: frozenset[str], told: Mapping[str, str]) -> str:
    if "msotitle" in classes:
        return "h1"
    if told.get("role", "").lower() == "heading":
        return f"h{min(6, max(1, number(told, 'aria-level', 9) or 2))}"
    return name if name in _HEADINGS else "p"


def _linked(style: Style, address: str) -> Style:
    """Only what Markdown makes a link becomes one; a jump within the foreign text leads nowhere here."""
    if _BACK_TO_TEXT.match(address):
        return style._replace(dropped=True)
    return style._replace(href=address if len(address) <= MAX_ADDRESS and may_link(address) else "")


def _by_style(inner: Style, style: str) -> Style:
    if (weight := _WEIGHT.search(style)) and weight[1] not in {"inherit", "initial", "unset"}:
        heavy = int(weight[1]) >= 600 if weight[1].isdigit() else weight[1] in {"bold", "bolder"}
        inner = inner._replace(bold=heavy)
    if (slant := _SLANT.search(style)) and slant[1] not in {"inherit", "initial", "unset"}:
        inner = inner._replace(italic=slant[1] in {"italic", "oblique"})
    if space := _WHITE_SPACE.search(style):
        inner = inner._replace(line_ends=space[1].startswith("pre"))
    if (mark := _LIST.search(style)) and mark[1] == "ignore":
        inner = inner._replace(is_marker=True)
    return inner


def _listed(inner: Style, style: str, classes: frozenset[str]) -> Style:
    found = _LIST.search(style)
    if found and found[2]:
        return inner._replace(list_mark=ListMark(int(found[2])))
    goes_on = any(name.startswith("msolistparagraph") for name in classes)
    return inner._replace(goes_on=goes_on)
