"""OpenDocument text (.odt, from LibreOffice and others) as HTML, which then takes the road of what is pasted.

Its one large part is read as it passes, never held as a tree. Source: OpenDocument 1.3 part 3,
https://docs.oasis-open.org/office/OpenDocument/v1.3/.
"""

import re
import xml.sax
from dataclasses import dataclass, field
from html import escape
from io import BytesIO
from xml.sax.handler import ContentHandler, feature_namespaces
from xml.sax.xmlreader import AttributesNSImpl

from defusedxml.common import DefusedXmlException
from defusedxml.sax import make_parser

from reporter.rules.errors import Refused
from reporter.text.archive import DAMAGED, parts

CONTENT = "content.xml"
_STYLES = "styles.xml"
_WANTED = re.compile(r"content\.xml|styles\.xml")
_NAMESPACE = re.compile(r"urn:oasis:names:tc:opendocument:xmlns:([a-z-]+):1\.0")
_XLINK = "http://www.w3.org/1999/xlink"
# Comments, deleted text, tables of contents, the texts of pictures: none of them is what the document says.
_DROPPED = frozenset({"office:annotation", "text:tracked-changes", "text:table-of-content", "svg-compatible:title"}) | {
    "svg-compatible:desc",
    "office:forms",
    "office:binary-data",
    "text:ruby-text",
    "text:alphabetical-index",
    "table:covered-table-cell",
}
_MOST_PARENTS = 20  # styles between a style and the one that it rests on


def html(data: bytes) -> str | None:
    """The text of the archive `data` as HTML; None where it holds no OpenDocument text.

    Kept are headings, lists, links, bold, italics, quotations, tables and footnotes, these at the end. Raises Refused
    for what `archive.parts` refuses and for XML that cannot be read.
    """
    read = parts(data, _WANTED)
    document = _Document()
    parser = make_parser()
    parser.setFeature(feature_namespaces, True)
    parser.setContentHandler(document)
    try:
        for name in (_STYLES, CONTENT):
            if name in read:
                parser.parse(BytesIO(read[name]))
    except (xml.sax.SAXException, DefusedXmlException, ValueError) as problem:
        raise Refused(DAMAGED) from problem
    return "".join(document.written + document.notes) if document.is_text else None


@dataclass
class _Look:
    """A style: what it says of bold and italics, None where it leaves that to its parent."""

    parent: str = ""
    bold: bool | None = None
    italic: bool | None = None


@dataclass
class _Document(ContentHandler):
    """Writes HTML while the elements come; `written` is the document, `notes` what goes to its end."""

    written: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    is_text: bool = False

    def __post_init__(self) -> None:
        super().__init__()
        self._looks: dict[str, _Look] = {}  # by name: those of paragraphs and of words share no names that matter
        self._ordered: dict[str, set[int]] = {}  # list style: the levels that count
        self._style = ""  # the one that is being defined
        self._lists: list[str] = []  # the styles of the lists that stand open
        self._ends: list[str] = []  # what is written where each open element ends
        self._dropped = 0  # how many open elements are inside one that is dropped, and that one
        self._in_body = 0
        self._paragraphs = 0  # text outside them is only the file's own layout
        self._begins_with = ""  # the number of a note, which its first paragraph begins with
        self._parked: list[list[str]] = []  # what is written while a note is read

    def startElementNS(  # noqa: N802 - the library's name
        self,
        name: tuple[str | None, str],
        qname: str | None,  # noqa: ARG002 - the library's argument
        attrs: AttributesNSImpl,
    ) -> None:
        """An element begins."""
        tag = _short(name)
        if self._dropped or tag in _DROPPED:
            self._dropped += 1
            return
        told = {_short(key): value for key, value in attrs.items()}
        end = ""
        if self._in_body or tag == "office:text":
            self._in_body += 1
            end = self._begin(tag, told)
        else:
            self._define(tag, told)
        self._ends.append(end)

    def endElementNS(  # noqa: N802 - the library's name
        self,
        name: tuple[str | None, str],
        qname: str | None,  # noqa: ARG002 - the library's argument
    ) -> None:
        """An element ends."""
        if self._dropped:
            self._dropped -= 1
            return
        self.written.append(self._ends.pop())
        if not self._in_body:
            return
        self._in_body -= 1
        tag = _short(name)
        if tag in {"text:p", "text:h"}:
            self._paragraphs -= 1
        elif tag == "text:list":
            self._lists.pop()
        elif tag == "text:note-body":
            self.notes += self.written
            self.written = self._parked.pop()

    def characters(self, content: str) -> None:
        """Text comes, in pieces of any length."""
        if self._paragraphs and not self._dropped:
            self.written.append(escape(content))

    def _define(self, tag: str, told: dict[str, str]) -> None:
        """Take in a definition of a style."""
        if tag == "style:style":
            self._style = told.get("style:name", "")
            self._looks[self._style] = _Look(told.get("style:parent-style-name", ""))
        elif tag == "style:text-properties" and self._style in self._looks:
            look = self._looks[self._style]
            weight, slant = told.get("xsl-fo-compatible:font-weight"), told.get("xsl-fo-compatible:font-style")
            if weight:
                look.bold = weight == "bold" or (weight.isdigit() and len(weight) == 3 and weight >= "600")
            if slant:
                look.italic = slant in {"italic", "oblique"}
        elif tag == "text:list-style":
            self._style = told.get("style:name", "")
            self._ordered[self._style] = set()
        elif tag == "text:list-level-style-number" and told.get("style:num-format"):
            level = told.get("text:level", "")
            if re.fullmatch("[0-9]{1,2}", level):
                self._ordered.setdefault(self._style, set()).add(int(level))

    def _begin(self, tag: str, told: dict[str, str]) -> str:
        """Write what stands for `tag` where it begins, and return what stands where it ends."""
        begin, end = "", ""
        if tag == "office:text":
            self.is_text = True
        elif tag in {"text:p", "text:h"}:
            self._paragraphs += 1
            begin, end = self._paragraph(tag, told)
            begin, self._begins_with = begin + self._begins_with, ""
        elif tag == "text:span":
            begin, end = f"<span{self._css(told.get('text:style-name', ''))}>", "</span>"
        elif tag == "text:a":
            begin, end = f'<a href="{escape(told.get("xlink:href", ""))}">', "</a>"
        elif tag == "text:list":
            self._lists.append(told.get("text:style-name", "") or (self._lists[-1] if self._lists else ""))
            kind = "ol" if len(self._lists) in self._ordered.get(self._lists[-1], ()) else "ul"
            begin, end = f"<{kind}>", f"</{kind}>"
        elif tag in {"text:list-item", "text:list-header"}:
            value = told.get("text:start-value", "")
            begin, end = (f'<li value="{value}">' if value.isdigit() else "<li>"), "</li>"
        elif tag in {"text:s", "text:tab"}:
            begin = " "
        elif tag == "text:line-break":
            begin = "<br>"
        elif tag == "text:note-citation":
            begin, end = "[", "]"
        elif tag == "text:note-body":
            self._begins_with = "".join(self.written[self._last_bracket() :]) + " "
            self._parked.append(self.written)
            self.written = []
        else:
            begin, end = _table(tag, told)
        self.written.append(begin)
        return end

    def _last_bracket(self) -> int:
        """Where the number of the note that was just met begins."""
        for index in range(len(self.written) - 1, max(-1, len(self.written) - 20), -1):
            if self.written[index] == "[":
                return index
        return len(self.written)

    def _paragraph(self, tag: str, told: dict[str, str]) -> tuple[str, str]:
        style = told.get("text:style-name", "")
        css = self._css(style)
        if tag == "text:h":
            level = told.get("text:outline-level", "1")
            kind = f"h{min(6, max(1, int(level)))}" if re.fullmatch("[0-9]{1,2}", level) else "h1"
            return f"<{kind}>", f"</{kind}>"
        parents = self._parents(style)
        if "Title" in parents:
            return "<h1>", "</h1>"
        if "Quotations" in parents:
            return f"<blockquote><p{css}>", "</p></blockquote>"
        return f"<p{css}>", "</p>"

    def _parents(self, style: str) -> list[str]:
        """The style and those that it rests on, from the nearest."""
        found: list[str] = []
        while style and len(found) < _MOST_PARENTS:
            found.append(style)
            style = self._looks[style].parent if style in self._looks else ""
        return found

    def _css(self, style: str) -> str:
        looks = [self._looks[name] for name in self._parents(style) if name in self._looks]
        bold = next((look.bold for look in looks if look.bold is not None), None)
        italic = next((look.italic for look in looks if look.italic is not None), None)
        said = [] if bold is None else [f"font-weight:{'bold' if bold else 'normal'}"]
        said += [] if italic is None else [f"font-style:{'italic' if italic else 'normal'}"]
        return f' style="{";".join(said)}"' if said else ""


def _table(tag: str, told: dict[str, str]) -> tuple[str, str]:
    if tag == "table:table":
        return "<table>", "</table>"
    if tag == "table:table-row":
        return "<tr>", "</tr>"
    if tag == "table:table-cell":
        columns, rows = (told.get(f"table:number-{name}-spanned", "1") for name in ("columns", "rows"))
        return f'<td colspan="{escape(columns)}" rowspan="{escape(rows)}">', "</td>"
    return "", ""


def _short(name: tuple[str | None, str]) -> str:
    """An element's or attribute's name with the usual prefix of its namespace, whatever prefix the file uses."""
    space, local = name
    found = _NAMESPACE.fullmatch(space or "")
    return f"{found[1] if found else 'xlink' if space == _XLINK else ''}:{local}"
