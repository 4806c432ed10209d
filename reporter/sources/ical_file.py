"""The lines of a calendar file, sorted into entries and definitions of time zones, each known by its line.

Read leniently, as real files need it: other encodings, line ends that nobody escaped, an entry that breaks off.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from icalendar.parser import rfc_6868_unescape, unescape_backslash

from reporter.rules.errors import N_, BadProgramme
from reporter.rules.report_text import one_line
from reporter.sources.draft import MAX_DESCRIPTION, MAX_NAME, MAX_SESSIONS, Unreadable, check_size
from reporter.sources.words import MAX_LINE, one_line_of
from reporter.text.plain import shortened

MAX_UID = 500
MAX_LINES = 500_000  # after unfolding
_LONG = {"DESCRIPTION", "X-ALT-DESC"}  # values of which more than a line is read
_SINGLE = {"UID", "SUMMARY", "LOCATION", "DTSTART", "DTEND", "DURATION", "STATUS", "RECURRENCE-ID"} | _LONG
_MANY = {"ATTENDEE", "ORGANIZER", "CATEGORIES", "RRULE", "RDATE", "EXDATE"}
_OF_AN_ENTRY = _SINGLE | _MANY
_OF_A_ZONE = {"TZID", "X-LIC-LOCATION", "DTSTART", "TZOFFSETTO", "RRULE", "RDATE"}
_PARAMETERS = {"TZID", "CN", "CUTYPE", "ROLE"}
MAX_VALUES = 100  # of one property in one component
_MAX_REST = 1_000  # lines of a text whose line ends are not escaped
MAX_TEXT = 10 * MAX_DESCRIPTION  # characters of one value, before HTML is taken out
_UNFOLDED = re.compile(rb"[^\n]++(?:\n[ \t][^\n]*+)*+")
_NAME = re.compile(rb"[\s\xef\xbb\xbf]*([\w.-]{1,40})[ \t]*[;:]")
_CONTENT = re.compile(r"""\s*([\w.-]+)[ \t]*((?:;(?:[^":]|"[^"]*")*)?):(.*)""", re.DOTALL)
_PARAMETER = re.compile(r""";\s*([\w-]+)\s*=\s*("[^"]*"|[^";]*)""")
_SOME_UTF_8 = re.compile(rb"[\xc3-\xf4][\x80-\xbf]")
_NO_END = N_("This entry breaks off before its end. The file is damaged: download it again.")
_BROKEN_OFF = N_("The file breaks off after this line. Download it again; what should follow is missing.")


@dataclass(frozen=True)
class Property:
    """One content line: the parameters that are read, and the value as the file has it."""

    parameters: Mapping[str, str]
    value: str


@dataclass
class Entry:
    """One VEVENT, VTIMEZONE or part of a VTIMEZONE: the properties that are read, each as often as it came."""

    line: int
    calendar: int
    properties: dict[str, list[Property]] = field(default_factory=dict)
    last: str = ""  # the name of the last property
    rest: list[str] = field(default_factory=list)  # lines of its text that have no name

    def wants(self, name: str) -> bool:
        """Whether one more `name` is of use; of what may come once, the first that says anything counts."""
        return len(self.properties.get(name, ())) < (2 if name in _SINGLE else MAX_VALUES)

    def add(self, name: str, one: Property) -> None:
        """Keep one more `name`."""
        self.properties.setdefault(name, []).append(one)

    def all(self, name: str) -> list[Property]:
        """Every `name`, in the order of the file."""
        return self.properties.get(name, [])

    def first(self, name: str) -> Property | None:
        """The first `name` that says anything."""
        return next((one for one in self.all(name) if one.value.strip()), None)

    def text(self, name: str) -> str:
        """The first `name` that says anything, without its escapes; "" where there is none."""
        one = self.first(name)
        return unescape_backslash(one.value) if one else ""

    @property
    def uid(self) -> str:
        """The entry's UID as the file has it, on one line."""
        return shortened(one_line(self.text("UID")), MAX_UID)


class NotReadable(Exception):
    """An entry cannot be read: `why` is a message id with `values`, as in `draft.Unreadable`."""

    def __init__(self, why: str, **values: str) -> None:
        super().__init__(why)
        self.why = why
        self.values: tuple[tuple[str, object], ...] = tuple(
            (name, one_line_of(value, 80)) for name, value in values.items()
        )


def too_many() -> BadProgramme:
    """The refusal of a calendar with more than MAX_SESSIONS sessions."""
    return BadProgramme(
        N_("This calendar has more than %(limit)s sessions. Divide it and import the parts."), limit=MAX_SESSIONS
    )


def _checked(data: bytes) -> bytes:
    """`data` in UTF-8 as far as it can be told from its first bytes, with \\n at the end of lines."""
    check_size(data)
    if not data.strip(b"\0\t\n\r \xef\xbb\xbf\xfe\xff"):
        raise BadProgramme(N_("This file is empty. Choose the calendar file (.ics) of the programme."))
    for mark, encoding in ((b"\xff\xfe\0\0", "utf-32"), (b"\0\0\xfe\xff", "utf-32")):
        if data.startswith(mark):
            data = data.decode(encoding, "replace").encode()
    for mark, encoding in (
        (b"\xff\xfe", "utf-16"),
        (b"\xfe\xff", "utf-16"),
        (b"B\0E\0", "utf-16-le"),
        (b"\0B\0E", "utf-16-be"),
    ):
        if data.startswith(mark):
            data = data.decode(encoding, "replace").encode("utf-8", "replace")
    data = data.removeprefix(b"\xef\xbb\xbf")
    if data.startswith((b"%PDF", b"PK\x03\x04", b"\x1f\x8b", b"\xd0\xcf\x11\xe0")):
        raise BadProgramme(
            N_("This is a document or an archive, not a calendar. Unpack it, or choose the calendar file (.ics).")
        )
    if data[:1_000].lstrip().startswith(b"<"):
        raise BadProgramme(N_("This is a web page, not a calendar. Download the calendar file (.ics) itself."))
    # \r\r\n is what a program leaves that writes \r\n into a file that turns every \n into \r\n.
    return data.replace(b"\r\r\n", b"\n").replace(b"\r\n", b"\n").replace(b"\r", b"\n")


def _decoded(line: bytes) -> str:
    """One unfolded line; folds may part the bytes of a character, so only now."""
    try:
        return line.decode()
    except UnicodeDecodeError:
        if _SOME_UTF_8.search(line):  # damaged UTF-8, rather than another encoding
            return line.decode("utf-8", "replace")
    try:
        return line.decode("cp1252")
    except UnicodeDecodeError:
        return line.decode("latin-1")


def _lines(data: bytes) -> Iterator[tuple[int, str, bytes]]:
    """The number, the name in capitals and the whole of every unfolded line; the name is "" where there is none."""
    number, place = 1, 0
    for match in _UNFOLDED.finditer(data):
        number += data.count(b"\n", place, match.start())
        place = match.start()
        line = match[0]
        if b"\n" in line:
            line = line.replace(b"\n ", b"").replace(b"\n\t", b"")
        name = _NAME.match(line)
        yield number, name[1].decode("ascii", "replace").upper() if name else "", line


def _property(line: bytes, limit: int) -> Property:
    """The parameters and the value of a content line; what cannot be told apart is value."""
    text = _decoded(line)
    head, colon, value = text.partition(":")
    if '"' in head:
        match = _CONTENT.match(text[:MAX_LINE])
        if match:
            head, value = text[: match.start(3) - 1], text[match.start(3) :]
    parameters = {
        name.upper(): rfc_6868_unescape(content.strip().strip('"'))
        for name, content in _PARAMETER.findall(head[:MAX_LINE])
        if name.upper() in _PARAMETERS
    }
    return Property(parameters, value[:limit] if colon else "")


class Scanner:
    """Sorts the lines of a file into entries and definitions of time zones, and notices what has no end."""

    def __init__(self) -> None:
        self.definitions: list[list[Entry]] = []  # of time zones: the VTIMEZONE, then its parts
        self.entries: list[Entry] = []
        self.unreadable: list[Unreadable] = []
        self.name = ""
        self.calendars = self.begun = 0
        self.in_calendar = False
        self.entry: Entry | None = None
        self.inside = 0  # how many components are open inside the entry
        self.zone: list[Entry] = []  # the VTIMEZONE that is open, and its parts

    def scan(self, data: bytes) -> None:
        """Read a whole file. Raises BadProgramme for what is too large, empty, or another kind of file."""
        number = 1
        for count, (number, name, line) in enumerate(_lines(_checked(data))):
            if count > MAX_LINES:
                raise BadProgramme(
                    N_("This file has more than %(limit)s lines. Leave out what is no programme, or divide it."),
                    limit=MAX_LINES,
                )
            if name in {"BEGIN", "END"}:
                what = line.partition(b":")[2][:80].strip().upper().decode("latin-1")
                (self.begin if name == "BEGIN" else self.end)(what, number)
            elif self.entry is not None:
                self.in_entry(name, line)
            elif self.zone:
                if name in _OF_A_ZONE and self.zone[-1].wants(name):
                    self.zone[-1].add(name, _property(line, MAX_LINE))
            elif name in {"X-WR-CALNAME", "NAME"} and not self.name:
                self.name = one_line_of(unescape_backslash(_property(line, MAX_LINE).value), MAX_NAME)
        self.unfinished()
        if self.in_calendar:
            self.unreadable.append(Unreadable(number, "", _BROKEN_OFF))

    def begin(self, what: str, number: int) -> None:
        """A component opens in line `number`."""
        if what == "VCALENDAR":
            self.unfinished()
            self.calendars += 1
            self.in_calendar = True
        elif what == "VEVENT":
            self.unfinished()
            self.begun += 1
            if self.begun > MAX_SESSIONS:
                raise too_many()
            self.entry = Entry(number, self.calendars)
        elif self.entry is not None:
            self.inside += 1
        elif what == "VTIMEZONE":
            self.zone = [Entry(number, self.calendars)]
        elif self.zone:  # with too many parts it is left out, rather than read in part
            self.zone = [*self.zone, Entry(number, self.calendars)] if len(self.zone) < MAX_VALUES else []

    def end(self, what: str, _number: int) -> None:
        """A component ends."""
        if what == "VEVENT" and self.entry is not None:
            self.entries.append(self.entry)
            self.entry, self.inside = None, 0
        elif what == "VCALENDAR":
            self.unfinished()
            self.in_calendar = False
        elif what == "VTIMEZONE" and self.zone:
            if len(self.definitions) < MAX_VALUES:
                self.definitions.append(self.zone)
            self.zone = []
        elif self.inside:
            self.inside -= 1

    def in_entry(self, name: str, line: bytes) -> None:
        """A line inside a VEVENT."""
        if self.inside or self.entry is None:
            return
        if name in _OF_AN_ENTRY and self.entry.wants(name):
            self.entry.add(name, _property(line, MAX_TEXT if name in _LONG else MAX_LINE))
        elif not name and self.entry.last in _LONG and len(self.entry.rest) < _MAX_REST:
            self.entry.rest.append(_decoded(line)[:MAX_LINE])  # a line end in the text that nobody escaped
        if name:
            self.entry.last = name

    def unfinished(self) -> None:
        """Name the entry that is still open: what it says may be cut off anywhere."""
        if self.entry is not None:
            self.unreadable.append(Unreadable(self.entry.line, self.entry.uid, _NO_END))
        self.entry, self.inside, self.zone = None, 0, []
