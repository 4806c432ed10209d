"""iCalendar files (.ics) become a ProgrammeDraft: https://www.rfc-editor.org/rfc/rfc5545, read as real files need it.

The library `icalendar` reads values: durations, recurrence rules, escapes, names of Windows' time zones. Lines,
components and time zones are read here, for three reasons. A broken entry must cost only itself and be named with its
line, and the library knows no lines. It keeps the time zones that a file defines for the life of the process, so one
file would change how the next is read. And it works through recurrence rules without a limit (a rule by the second
that never comes true does not end), also in the definitions of time zones.

What was decided where real files leave a choice:

- A time without zone, and one in a zone that nobody knows, is in the event's zone: whoever writes a programme means
  the clocks of its place. The unknown zone is named once among the unreadable, so that somebody looks.
- A date without a time is the whole day in the event's zone.
- Without end and duration a session ends when it starts. An end before the start is an unreadable entry: nobody can
  tell which of the two is wrong.
- Daily and weekly repetitions within a year become one session each; of all others the first is read, and the rest
  named as unreadable.
- Titles, names and descriptions over the limits of `draft` are cut and end in “…”.
"""

import calendar
import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import cache, lru_cache
from zoneinfo import ZoneInfo, available_timezones

from icalendar.parser import rfc_6868_unescape, unescape_backslash
from icalendar.prop import vDuration, vRecur, vUTCOffset
from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from reporter.rules import clock
from reporter.rules.errors import N_, BadProgramme
from reporter.rules.report_text import clean, one_line
from reporter.sources.draft import (
    MAX_BYTES,
    MAX_DESCRIPTION,
    MAX_NAME,
    MAX_SESSIONS,
    MAX_TITLE,
    ProgrammeDraft,
    SessionDraft,
    SpeakerDraft,
    Unreadable,
)
from reporter.text.plain import characters, from_html, shortened, without_addresses

MAX_REPEAT_DAYS = 366  # how far from its first date a repetition is followed
MAX_SPEAKERS = 100  # of one session
MAX_UID = 500
YEARS = range(1900, 2200)  # other years are mistakes, and some break the arithmetic of time zones
ADDRESS_REMOVED = "[e-mail removed]"

_LONG = {"DESCRIPTION", "X-ALT-DESC"}  # values of which more than a line is read
_SINGLE = {"UID", "SUMMARY", "LOCATION", "DTSTART", "DTEND", "DURATION", "STATUS", "RECURRENCE-ID"} | _LONG
_MANY = {"ATTENDEE", "ORGANIZER", "CATEGORIES", "RRULE", "RDATE", "EXDATE"}
_OF_A_ZONE = {"TZID", "X-LIC-LOCATION", "DTSTART", "TZOFFSETTO", "RRULE", "RDATE"}
_MAX_VALUES = 100  # of one property in one component
_MAX_LINE, _MAX_TEXT = 10_000, 10 * MAX_DESCRIPTION  # characters of one line, before HTML is taken out

_UNFOLDED = re.compile(rb"[^\n]++(?:\n[ \t][^\n]*+)*+")
_CONTENT = re.compile(r"""\s*([\w.-]+)[ \t]*((?:;(?:[^":]|"[^"]*")*)?):(.*)""", re.DOTALL)
_PARAMETER = re.compile(r""";\s*([\w-]+)\s*=\s*("[^"]*"|[^";]*)""")
_SOME_UTF_8 = re.compile(rb"[\xc3-\xf4][\x80-\xbf]")
_MOMENT = re.compile(
    r"(\d{4})-?(\d\d)-?(\d\d)(?:[T ](\d\d):?(\d\d):?(\d\d)?(?:\.\d+)?\s*(Z|[+-]\d\d:?\d\d)?)?", re.IGNORECASE
)
_ONSET = re.compile(r"([+-]?\d)?(MO|TU|WE|TH|FR|SA|SU)")
_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_LABEL = re.compile(
    r"[\s*_#-]*(speakers?|speaker\(s\)|presenters?|panell?ists?|moderators?|track|room|venue|location)"
    r"[\s*_]*:[\s*_]*(.*)",
    re.IGNORECASE,
)
_BLOCK_TAG = re.compile(r"<(/?)(?:p|ul|ol|div|table|blockquote|pre)\b", re.IGNORECASE)
_NOBODY = {"tba", "tbc", "tbd", "n/a", "none", "various", "to be announced", "to be confirmed", "unknown"}
_SMALL_WORDS = {"de", "da", "do", "dos", "das", "del", "della", "di", "du", "la", "le", "van", "von", "der", "den"} | {
    "ter", "bin", "bint", "ibn", "al", "el", "y", "e", "zu", "af", "av"
}  # fmt: skip

_NO_TITLE = N_("This entry has no title. Give it one in the calendar, or add the session by hand.")
_NO_START = N_("This entry has no start. Give it one in the calendar, or add the session by hand.")
_BAD_TIME = N_("“%(value)s” cannot be read as a date and time. Correct this entry, or add the session by hand.")
_BAD_DURATION = N_("“%(value)s” cannot be read as a duration. Correct this entry, or add the session by hand.")
_BACKWARDS = N_("This entry ends before it starts. Correct its times, or add the session by hand.")
_NO_END = N_("This entry breaks off before its end. The file is damaged: download it again.")
_BROKEN_OFF = N_("The file breaks off after this line. Download it again; what should follow is missing.")
_REPEATS = N_(
    "This entry repeats in a way that cannot be read; only its first date was taken over. Add the others by hand."
)
_UNKNOWN_ZONE = N_("The time zone “%(name)s” is unknown; times in it were read in the event's own zone. Check them.")


def read(data: bytes, *, time_zone: str) -> ProgrammeDraft:
    """The sessions of a calendar file, in the file's order, their times in UTC; equal for equal `data`.

    `data` may hold several calendars, in UTF-8, UTF-16 with its mark, or Windows' Western encoding. `time_zone` is
    the event's (IANA). Entries that cannot be read are named with the line of their BEGIN:VEVENT. No e-mail address
    is taken over, except that `source_uid` is as the file has it (many are of the form name@host).

    Raises BadProgramme for what is no calendar, one without entries, more than MAX_BYTES or more than MAX_SESSIONS;
    Refused for an unknown `time_zone`.
    """
    zones = _Zones(clock.zone(time_zone))
    file = _scan(_checked(data), zones)
    if not file.entries:
        if file.calendars == 0:
            raise BadProgramme(
                N_("This is not a calendar. Choose the calendar file (.ics) of the programme, or another format.")
            )
        raise BadProgramme(N_("This calendar has no sessions. Check that it is the one of the programme."))
    moved = _moved(file.entries, zones)
    sessions: list[SessionDraft] = []
    unreadable = list(file.unreadable)
    for entry in file.entries:
        try:
            sessions += _sessions(entry, zones, moved, unreadable)
        except _NotReadable as problem:
            unreadable.append(Unreadable(entry.line, entry.uid, problem.why, problem.values))
        if len(sessions) > MAX_SESSIONS:
            raise _too_many()
    unreadable += zones.notes.values()
    unreadable.sort(key=lambda one: one.line)
    return ProgrammeDraft(tuple(sessions), tuple(unreadable), file.name)


# The file: from bytes to entries


@dataclass(frozen=True)
class _Property:
    parameters: Mapping[str, str]
    value: str


@dataclass
class _Entry:
    """One VEVENT, VTIMEZONE or part of a VTIMEZONE: the properties that are read, each as often as it came."""

    line: int
    calendar: int
    properties: dict[str, list[_Property]] = field(default_factory=dict)

    def add(self, name: str, one: _Property) -> None:
        values = self.properties.setdefault(name, [])
        if len(values) < (1 if name in _SINGLE else _MAX_VALUES):
            values.append(one)

    def all(self, name: str) -> list[_Property]:
        return self.properties.get(name, [])

    def first(self, name: str) -> _Property | None:
        """The first `name` that says anything."""
        return next((one for one in self.all(name) if one.value.strip()), None)

    def text(self, name: str) -> str:
        one = self.first(name)
        return unescape_backslash(one.value) if one else ""

    @property
    def uid(self) -> str:
        return shortened(one_line(self.text("UID")), MAX_UID)


@dataclass
class _File:
    entries: list[_Entry] = field(default_factory=list)
    unreadable: list[Unreadable] = field(default_factory=list)
    name: str = ""
    calendars: int = 0


class _NotReadable(Exception):
    def __init__(self, why: str, **values: str) -> None:
        super().__init__(why)
        self.why = why
        self.values: tuple[tuple[str, object], ...] = tuple(
            (name, shortened(one_line(without_addresses(clean(value), ADDRESS_REMOVED)), 80))
            for name, value in values.items()
        )


def _too_many() -> BadProgramme:
    return BadProgramme(
        N_("This calendar has more than %(limit)s sessions. Divide it and import the parts."), limit=MAX_SESSIONS
    )


def _checked(data: bytes) -> bytes:
    """`data` in UTF-8 as far as it can be told from its first bytes, with \\n at the end of lines."""
    if len(data) > MAX_BYTES:
        raise BadProgramme(
            N_("This file is larger than %(limit)s MB. Leave out what is no programme, or divide it."),
            limit=MAX_BYTES // 1024**2,
        )
    if not data.strip(b"\0\t\n\r \xef\xbb\xbf\xfe\xff"):
        raise BadProgramme(N_("This file is empty. Choose the calendar file (.ics) of the programme."))
    for mark, encoding in ((b"\xff\xfe\0\0", "utf-32"), (b"\0\0\xfe\xff", "utf-32")):
        if data.startswith(mark):
            data = data.decode(encoding, "replace").encode()
    for mark, encoding in ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"B\0E\0", "utf-16-le"), (b"\0B\0E", "utf-16-be")):
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
        name = re.match(rb"[\s\xef\xbb\xbf]*([\w.-]{1,40})[ \t]*[;:]", line)
        yield number, name[1].decode("ascii", "replace").upper() if name else "", line


def _property(line: bytes, limit: int) -> _Property:
    """The parameters and the value of a content line; what cannot be told apart is value."""
    text = _decoded(line)
    head, colon, value = text.partition(":")
    if '"' in head:
        match = _CONTENT.match(text[:_MAX_LINE])
        if match:
            head, value = text[: match.start(3) - 1], text[match.start(3) :]
    parameters = {
        name.upper(): rfc_6868_unescape(content.strip().strip('"'))
        for name, content in _PARAMETER.findall(head[:_MAX_LINE])
    }
    return _Property(parameters, value[:limit] if colon else "")


def _scan(data: bytes, zones: "_Zones") -> _File:
    """The entries of the file; definitions of time zones go to `zones`."""
    file = _File()
    entry: _Entry | None = None  # the VEVENT that is open
    zone: list[_Entry] = []  # the VTIMEZONE that is open, and its parts
    inner: list[str] = []  # what is open inside the VEVENT
    last_text: str = ""
    open_calendar = False
    number = 0

    def unfinished() -> None:
        if entry is not None:
            file.entries.remove(entry) if entry in file.entries[-1:] else None
            file.unreadable.append(Unreadable(entry.line, entry.uid, _NO_END))

    for number, name, line in _lines(data):
        if name in {"BEGIN", "END"}:
            what = _property(line, 40).value.strip().upper()
        ...
    return file
