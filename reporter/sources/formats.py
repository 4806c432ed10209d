"""Which format a programme file has, by its content and never by its name; and reading it, whichever it is."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from reporter.rules.errors import N_, BadProgramme
from reporter.sources import ical, indico, schedule_json, schedule_xml, spreadsheet
from reporter.sources.columns import Columns
from reporter.sources.draft import ProgrammeDraft, check_size

TABLE = "table"

# Where a session came from. schedule.xml and schedule.json are one: both name sessions by the same ids.
_READERS: tuple[tuple[str, Callable[[bytes], bool], Callable[..., ProgrammeDraft]], ...] = (
    ("schedule", schedule_xml.recognises, schedule_xml.read),
    ("schedule", schedule_json.recognises, schedule_json.read),
    ("indico", indico.recognises, indico.read),
    ("ical", ical.recognises, ical.read),
    (TABLE, spreadsheet.recognises, spreadsheet.read),
)


@dataclass(frozen=True)
class Format:
    """One format: what sessions from it are marked with, and its reader."""

    name: str
    read: Callable[..., ProgrammeDraft]


def recognise(data: bytes) -> Format:
    """The format of a programme file. Raises BadProgramme for what is empty, too large, or none of those known."""
    check_size(data)
    start = data[:1_000].replace(b"\0", b"").strip(b"\t\n\r \xef\xbb\xbf\xfe\xff")
    if not start:
        raise BadProgramme(N_("This file is empty. Choose the file of the programme."))
    for name, recognises, read in _READERS:
        if recognises(data):
            return Format(name, read)
    if start.lower().startswith((b"<!doctype html", b"<html")):
        raise BadProgramme(N_("This is a web page, not a programme. Download the file of the programme itself."))
    if start.startswith((b"%PDF", b"PK\x03\x04", b"\x1f\x8b", b"\xd0\xcf\x11\xe0")):
        raise BadProgramme(
            N_("This is a document or an archive. Unpack it, or choose a calendar, an export or a table (CSV, XLSX).")
        )
    raise BadProgramme(
        N_(
            "This is no programme that can be read. Choose a calendar (.ics), schedule.xml or schedule.json, "
            "an export of Indico, or a table (CSV, XLSX)."
        )
    )


def read(data: bytes, *, time_zone: str, columns: Columns | None = None) -> ProgrammeDraft:
    """The programme in a file of any format; its sessions are marked with the format's name as `source`.

    `time_zone` is the event's; `columns` says which column of a table means what (None: the guess). Raises BadProgramme
    and what else the format's reader raises.
    """
    found = recognise(data)
    more = {"columns": columns} if found.name == TABLE else {}
    draft = found.read(data, time_zone=time_zone, **more)
    return replace(draft, sessions=tuple(replace(session, source=found.name) for session in draft.sessions))
