"""schedule.xml, as frab, pretalx and their relatives write it, becomes a ProgrammeDraft (see `schedule`).

Only defusedxml reads the file, and it refuses every document type: so no entity is defined, no file and no address is
opened, and nothing grows beyond what the file holds. The elements are taken as they come, without a tree: that gives
each entry its line and keeps deep nesting harmless.
"""

import re
from xml.sax import ContentHandler, SAXException, SAXParseException
from xml.sax.xmlreader import AttributesImpl

from defusedxml.common import DefusedXmlException, DTDForbidden
from defusedxml.expatreader import DefusedExpatParser, create_parser

from reporter.rules.errors import N_, BadProgramme
from reporter.sources.draft import MAX_SESSIONS, ProgrammeDraft
from reporter.sources.schedule import Filed, checked, programme, too_many

_HEAD = 10_000  # bytes in which the first element is looked for
_FIRST = re.compile(
    rb"(?:\s+|<\?(?>.*?\?>)|<!--(?>.*?-->)|<!DOCTYPE[^>\[]*+(?:\[(?>.*?\]\s*>)|>))*+<(?:[\w.-]+:)?schedule[\s/>]",
    re.DOTALL | re.IGNORECASE,
)
_LISTS = {"persons", "speakers", "tags", "keywords"}  # fields that hold an element for each
_LONG = {"abstract", "description"}  # fields in which HTML may stand that nobody escaped
_BREAKS = {"p", "br", "div", "ul", "ol", "li", "h1", "h2", "h3", "h4", "h5", "h6", "table", "tr", "blockquote", "pre"}
_OTHER = N_("This is not the XML of a programme. Choose its schedule.xml, or a file in another format.")
_WEB_PAGE = N_("This is a web page, not a programme. Download the file schedule.xml itself.")
_DEFINES = N_(
    "This file has a document type (<!DOCTYPE …>), which is not read. Take it out, or download another format."
)
_BROKEN = N_("The XML breaks in line %(line)s, column %(column)s. Download the file again, or correct it there.")
_ENCODING = N_("The encoding that this XML names is not known. Save the file as UTF-8 and import it again.")


def recognises(data: bytes) -> bool:
    """Whether the first element of `data` is a <schedule>; looks at its first bytes only and never raises."""
    return _FIRST.match(data[:_HEAD].removeprefix(b"\xef\xbb\xbf").lstrip(b"\xff\xfe").replace(b"\0", b"")) is not None


def read(data: bytes, *, time_zone: str) -> ProgrammeDraft:
    """The sessions of a schedule.xml, in the file's order, their times in UTC; equal for equal `data`.

    `data` is in an encoding that its first line names, else UTF-8 or UTF-16. `time_zone` is the event's (IANA).
    Entries that cannot be read are named with the line of their <event>.

    Raises BadProgramme for what is no XML or another XML, one that breaks or has a document type, one without entries,
    more than MAX_BYTES, MAX_SESSIONS or MAX_TAGS; Refused for an unknown `time_zone`.
    """
    data = checked(data)
    begin = len(data) - len(data.lstrip(b"\t\n\r "))  # nothing may stand before <?xml, but programs write empty lines
    if not data[begin:].startswith((b"<", b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\0<")):
        raise BadProgramme(_OTHER)
    parser = create_parser(forbid_dtd=True)
    elements = _Elements(parser, data[:begin].count(b"\n"))
    parser.setContentHandler(elements)
    try:
        # All at once: piece by piece, a long element is looked through from its start with every piece.
        parser.feed(data[begin:])
        parser.close()
    except DefusedXmlException as problem:
        page = isinstance(problem, DTDForbidden) and problem.name.lower() == "html"
        raise BadProgramme(_WEB_PAGE if page else _DEFINES) from problem
    except SAXParseException as problem:
        line, column = elements.before + (problem.getLineNumber() or 1), (problem.getColumnNumber() or 0) + 1
        raise BadProgramme(_BROKEN, line=line, column=column) from problem
    except (SAXException, LookupError, ValueError) as problem:
        raise BadProgramme(_ENCODING) from problem
    return programme(elements.conference, elements.filed, time_zone=time_zone)


class _Elements(ContentHandler):
    """Takes the entries, and what the file says of the event, out of the elements as they come."""

    def __init__(self, parser: DefusedExpatParser, before: int) -> None:
        super().__init__()
        self.parser = parser
        self.before = before  # how many lines were left out before the file
        self.conference: dict[str, object] = {}
        self.filed: list[Filed] = []
        self.depth = 0
        self.day: dict[str, object] = {}
        self.room = ""
        self.into: dict[str, object] | None = None  # the entry, or the conference, that is open
        self.base = self.line = 0  # how deep it lies, and where it began
        self.field = ""
        self.items: list[dict[str, object]] = []  # of a field that is a list
        self.parts: list[str] = []

    def startElement(self, name: str, attrs: AttributesImpl) -> None:  # noqa: N802 - the name that SAX gives it
        """An element begins."""
        self.depth += 1
        name = name.rpartition(":")[2].lower()
        if self.depth == 1 and name != "schedule":
            raise BadProgramme(_WEB_PAGE if name == "html" else _OTHER)
        if len(self.filed) > MAX_SESSIONS:
            raise too_many()
        if self.into is not None:
            self.inside(name, attrs)
        elif name == "event":
            self.into, self.base = dict(attrs.items()), self.depth
            self.line = self.before + self.parser.getLineNumber()
        elif name == "conference":
            self.into, self.base = self.conference, self.depth
        elif name == "day":
            self.day = dict(attrs.items())
        elif name == "room":
            self.room = attrs.get("name", "")

    def inside(self, name: str, attrs: AttributesImpl) -> None:
        """An element begins in an entry or in the conference: one of its fields, or something in a field."""
        level = self.depth - self.base
        if level == 1:
            self.field, self.parts, self.items = name, [], []
        elif self.field in _LISTS:
            self.parts = []
            if level == 2:
                self.items.append(dict(attrs.items()))
        elif self.field in _LONG and name in _BREAKS:
            self.parts.append(f"<{name}>")

    def characters(self, content: str) -> None:
        """Text, a piece of it."""
        if self.field:
            self.parts.append(content)

    def endElement(self, name: str) -> None:  # noqa: N802 - the name that SAX gives it
        """An element ends."""
        name = name.rpartition(":")[2].lower()
        level = self.depth - self.base
        self.depth -= 1
        if self.into is None:
            if name == "day":
                self.day = {}
            elif name == "room":
                self.room = ""
        elif level == 0:
            if self.into is not self.conference:
                self.filed.append(Filed(self.into, self.day, self.room, self.line))
            self.into = None
        elif level == 1:
            value: object = self.items or "".join(self.parts).strip()
            if value and not self.into.get(self.field):
                self.into[self.field] = value
            self.field, self.parts = "", []
        elif self.field in _LISTS:
            text = "".join(self.parts).strip()
            if text:
                self.items[-1].setdefault("name" if level == 2 else name, text)
            self.parts = []
        elif self.field in _LONG and name in _BREAKS - {"br"}:
            self.parts.append(f"</{name}>")
