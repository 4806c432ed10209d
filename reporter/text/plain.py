"""Foreign text made plain: HTML to lines, e-mail addresses out, over-long text shortened.

Programme files carry descriptions as plain text, Markdown, HTML or all three in one. They are read here, not in the
readers of formats, so that every format gives the same text. The tags are found with one expression instead of
html.parser, whose time grows with the square of the length on unclosed comments and declarations in Python before
3.11.14: here no input takes more than time in proportion to its length.
"""

import re
from html import unescape

_BLOCKS = frozenset(
    {
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "center",
        "dd",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
    }
    | {"footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "html", "main", "nav", "p", "pre"}
    | {"section", "table", "tbody", "thead", "tfoot"}
)
_LINES = frozenset({"br", "div", "tr", "caption", "option"})
_UNSEEN = frozenset({"script", "style", "head", "title", "template", "iframe", "svg"})
_INLINE = frozenset(
    {"a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "del", "dfn", "em", "font", "i", "img", "ins"}
    | {"kbd", "label", "mark", "o:p", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "td", "th"}
    | {
        "object",
        "textarea",
        "time",
        "tt",
        "u",
        "var",
        "wbr",
        "col",
        "colgroup",
        "input",
        "button",
        "link",
        "meta",
        "select",
        "video",
        "audio",
    }
)
_LISTS = frozenset({"ul", "ol", "menu", "dir"})
_KNOWN = _BLOCKS | _LINES | _UNSEEN | _INLINE | _LISTS | {"li"}

# Every alternative ends before the next "<", so all searches together read the text a fixed number of times.
_TAG = re.compile(
    r"""<(?P<end>/?)(?P<name>[a-zA-Z][a-zA-Z0-9:]*)(?=[\s/>])"""
    r"""(?P<rest>(?:[^<>"']|"[^"<]*"|'[^'<]*')*|[^<>]*)>|<!--|<[!?][^<>]*>"""
)
_ATTRIBUTE = re.compile(r"""\b(href|alt)\s*=\s*("[^"]*"|'[^']*'|[^\s"'>]+)""", re.IGNORECASE)
_REFERENCE = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});")
_SPACES = re.compile("[ \t\u00a0]+")
_WEB = re.compile(r"https?://[^\s/?#]", re.IGNORECASE)

# A name, the sign (also full-width, and as HTML and addresses spell it) and a domain with a dot. A name is only looked
# for where one begins: from every letter of it, the time would grow with the square of its length.
_ADDRESS = re.compile(
    r"<?@?(?<![\w.!$%'+^~-])[\w.!$%'+^~-]+"
    "(?:[@\uff20\ufe6b]|%40|&#0*64;?|&#x0*40;?|&commat;)+"
    r"(?:\[(?:\d+\.){3}\d+\]|[\w-]+(?:\.[\w-]+)+)>?",
    re.IGNORECASE,
)
_MAILTO = re.compile('mailto:[^\\s<>"()\\[\\]]*', re.IGNORECASE)
_EMPTY_BRACKETS = re.compile(r"[(\[<][\s,;]*[)\]>]")


def from_html(text: str) -> str:
    """`text` without HTML: paragraphs apart by an empty line, list items as "- " or "1. " lines.

    A link's address follows its words in brackets where it is http or https; scripts, styles and comments go. Line
    ends of the source stay, because calendars mix HTML with lines of plain text. What is no tag of HTML ("<T>",
    "a < b") stays as written. Text without any tag, so also Markdown, keeps every space; only its character
    references are read. Takes time in proportion to the length. Source: https://html.spec.whatwg.org/.
    """
    if not any((match["name"] or "").lower() in _KNOWN for match in _TAG.finditer(text)):
        return characters(text)
    writer = _Writer()
    place = 0
    while match := _TAG.search(text, place):
        name = (match["name"] or "").lower()
        if name and name not in _KNOWN:
            writer.words(text[place : match.end()])
            place = match.end()
            continue
        writer.words(text[place : match.start()])
        place = match.end()
        if match[0] == "<!--":
            place = writer.after(text, "-->", place)
        elif name in _UNSEEN and not match["end"]:
            place = writer.after(text, f"</{name}", place)
        elif name:
            writer.tag(name, match["rest"], end=bool(match["end"]))
    writer.words(text[place:])
    return writer.text()


def characters(text: str) -> str:
    """`text` with HTML's character references (&amp; &#38; &#x26;) as the characters that they stand for."""
    return _REFERENCE.sub(lambda match: unescape(match[0]), text)


def without_addresses(text: str, mark: str = "") -> str:
    """`text` with `mark` in the place of every e-mail address, its mailto: and its angle brackets.

    Also found are full-width signs, %40 and &#64;, and names of the kind @name@host, which read like an address.
    """
    text = _MAILTO.sub(lambda match: match[0][7:].split("?")[0], text)
    rest, count = _ADDRESS.subn(mark or " ", text)
    return _EMPTY_BRACKETS.sub("", rest) if count and not mark else rest


def shortened(text: str, limit: int) -> str:
    """`text` in at most `limit` characters; where it was cut, it ends in “…”."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


class _Writer:
    """Words and breaks as they come; breaks are written only once words follow, so none pile up."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.breaks = 0
        self.lead = ""  # what the next words begin with: an item's mark
        self.lists: list[int | None] = []  # the number of the last item, None where items have none
        self.links: list[tuple[str, int]] = []  # the address, and how many parts stood before its words
        self.verbatim = 0
        self.missing: set[str] = set()

    def after(self, text: str, end: str, place: int) -> int:
        """Where the text goes on behind `end`; `place` itself where that is missing, so no word is lost."""
        if end in self.missing:
            return place
        # re.IGNORECASE and not text.lower(): that would change the length of some texts.
        found = re.compile(re.escape(end) + ("" if end == "-->" else "[^<>]*>"), re.IGNORECASE).search(text, place)
        if found is None:
            self.missing.add(end)
            return place
        return found.end()

    def tag(self, name: str, rest: str, *, end: bool) -> None:
        if name in _LISTS:
            self.line(1 if len(self.lists) > end else 2)
            if end:
                del self.lists[-1:]
            elif len(self.lists) < 20:
                self.lists.append(0 if name == "ol" else None)
        elif name == "li":
            self.line(1)
            self.lead = "" if end else self.mark()
        elif name == "a":
            self.link(rest, end=end)
        elif name == "img":
            self.words(_attribute("alt", rest))
        elif name in {"td", "th"} and end and not self.breaks and self.parts:
            self.parts.append("\t")
        elif name in _BLOCKS:
            self.line(2)
            if name == "pre":
                self.verbatim = max(0, self.verbatim + (-1 if end else 1))
        elif name in _LINES:
            self.line(1, more=name == "br")

    def mark(self) -> str:
        """What the next item of the innermost list begins with."""
        indent = "  " * (len(self.lists) - 1)
        number = self.lists[-1] if self.lists else None
        if number is None:
            return f"{indent}- "
        self.lists[-1] = number + 1
        return f"{indent}{number + 1}. "

    def link(self, rest: str, *, end: bool) -> None:
        if not end:
            self.links = [*self.links[-9:], (_attribute("href", rest).strip(), len(self.parts))]
        elif self.links:
            address, start = self.links.pop()
            said = "".join(self.parts[start:]).strip() if len(self.parts) - start < 1_000 else ""
            if _WEB.match(address) and said.rstrip("/") != address.rstrip("/"):
                self.words(f" ({address})" if said else address)

    def line(self, count: int, *, more: bool = False) -> None:
        """At least `count` line ends before the next words, or `more` than there are; two make a paragraph."""
        if not self.lead:
            self.breaks = min(2, self.breaks + count if more else max(self.breaks, count))

    def words(self, text: str) -> None:
        text = characters(text)
        if not self.verbatim:
            text = _SPACES.sub(" ", text)
        if not text.strip():
            if "\n" in text:
                self.line(min(2, text.count("\n")))
            elif text and not self.breaks and not self.lead:
                self.space(text)
            return
        inner = text.strip("\n \t") if not self.verbatim else text.strip("\n")
        before, after = text[: text.index(inner)], text[text.index(inner) + len(inner) :]
        if "\n" in before:
            self.line(min(2, before.count("\n")))
        if self.lead or self.breaks:
            self.parts += ("\n" * self.breaks if self.parts else "", self.lead)
        elif before:
            self.space(before)
        self.breaks, self.lead = 0, ""
        self.parts.append(inner)
        if "\n" in after:
            self.line(min(2, after.count("\n")))
        elif after:
            self.space(after)

    def space(self, wide: str) -> None:
        """What parts two words: `wide` itself where spaces count, else one space."""
        if self.verbatim or (self.parts and not self.parts[-1].endswith((" ", "\t"))):
            self.parts.append(wide if self.verbatim else " ")

    def text(self) -> str:
        """Everything written, without spaces at the ends of lines and empty lines at both ends."""
        lines = [line.rstrip() for line in "".join(self.parts).split("\n")]
        return re.sub("\n{3,}", "\n\n", "\n".join(lines)).strip("\n")


def _attribute(name: str, rest: str) -> str:
    """The value of the attribute `name` among those of a tag; "" where it has none."""
    for match in _ATTRIBUTE.finditer(rest):
        if match[1].lower() == name:
            return characters(match[2].strip("\"'"))
    return ""
