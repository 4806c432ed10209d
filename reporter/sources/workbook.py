"""The sheets of a workbook (.xlsx) as rows of text, each cell as a person sees it.

A workbook is a zip archive of XML files, and both can be far larger than they look. openpyxl reads what it is given,
so everything is measured here before: the archive's directory first, then the XML itself. Source: ECMA-376 (Office
Open XML), https://ecma-international.org/publications-and-standards/standards/ecma-376/.
"""

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from io import BytesIO
from zipfile import BadZipFile, ZipFile, ZipInfo

from openpyxl import load_workbook
from openpyxl.cell.read_only import EmptyCell, ReadOnlyCell

from reporter.rules.errors import N_, BadProgramme
from reporter.sources.draft import MAX_BYTES

ZIP = b"PK\x03\x04"
MAX_ENTRIES = 2_000  # files in the archive
MAX_SHEETS = 50
MAX_UNPACKED = 2 * MAX_BYTES  # of all XML together
MAX_RATIO = 200  # times that an XML file above _SMALL may be larger than it is packed
MAX_MARKUP = 750_000  # tags of all XML together: about 150,000 cells
MAX_ASIDE = 100_000  # tags of each part that holds no cells, such as the formats
MAX_ROW_NUMBER = 50_000  # what stands further down is not looked at
_SMALL = 1024 * 1024
_ENCODING = re.compile(rb"""^[^>]{0,200}?encoding\s*=\s*["']([\w.-]+)""")
_ENCODINGS = {b"utf-8", b"utf8", b"us-ascii", b"ascii", b"iso-8859-1", b"windows-1252"}
_SHEET = re.compile(rb"<(?:[\w.-]+:)?sheet[\s/>]")
_WORKBOOK = re.compile(r"xl/workbook\d*\.xml")  # some programs number it: workbook2.xml
_LONG_TAG = 65_536
_LONG_WAY = re.compile(rb"<(?=[^<]{%d})" % _LONG_TAG)
_TAG = re.compile(rb"""<(?:[^<>"']++|"[^"<]*+"|'[^'<]*+')*+>""")
_QUOTED = re.compile(r'"[^"]*"|\[[^\]hms]*\]|\\.|_.')
_NO_WORKBOOK = N_("This archive is no Excel workbook. Save the programme as .xlsx or .csv and choose that file.")
_DAMAGED = N_(
    "This workbook is damaged. Open it in a spreadsheet program, save it again as .xlsx and choose that file."
)
_TOO_LARGE = N_("This workbook holds too much for a programme. Leave out what is no programme, or save it as .csv.")


@dataclass(frozen=True)
class Sheet:
    """One sheet: its name, and its rows with their numbers from 1; a row ends with its last filled cell."""

    name: str
    rows: Iterator[tuple[int, list[str]]]


def is_workbook(data: bytes) -> bool:
    """Whether `data` is an archive with a workbook in it, by the archive's directory alone; never raises."""
    if not data.startswith(ZIP):
        return False
    try:
        with ZipFile(BytesIO(data)) as archive:
            return _has_workbook(archive.namelist())
    except (BadZipFile, NotImplementedError, ValueError):
        # No archive; one that asks for a newer reader; one with a name that is no UTF-8. Nothing is unpacked here.
        return False


def sheets(data: bytes, *, columns: int) -> Iterator[Sheet]:
    """The visible sheets of a workbook, in its order (all, if none is visible), `columns` cells of each row.

    Cells are text: dates as 2023-12-04, times as 09:30 (with seconds where they have some), both with a space
    between, by the format in which the cell shows them; numbers without needless zeros; errors as nothing. Of
    formulas the value counts that was saved with them. Raises BadProgramme for what is no workbook, is damaged, or
    would unpack to more than the limits of this module, before it is unpacked.
    """
    _check(data)
    try:
        book = load_workbook(BytesIO(data), read_only=True, data_only=True, keep_links=False)
        shown = [one for one in book.worksheets if one.sheet_state == "visible"] or book.worksheets
        for sheet in shown:
            sheet.reset_dimensions()
            cells = sheet.iter_rows(max_row=MAX_ROW_NUMBER, max_col=columns)
            yield Sheet(str(sheet.title), ((number, _texts(row)) for number, row in enumerate(cells, 1)))
    except BadProgramme:
        raise
    except Exception as problem:
        raise BadProgramme(_DAMAGED) from problem


def rows_of(sheet: Sheet) -> Iterator[tuple[int, list[str]]]:
    """The rows of `sheet`. Raises BadProgramme where the sheet is damaged."""
    try:
        yield from sheet.rows
    except BadProgramme:
        raise
    except Exception as problem:
        raise BadProgramme(_DAMAGED) from problem


def _has_workbook(names: list[str]) -> bool:
    return "[Content_Types].xml" in names and any(map(_WORKBOOK.fullmatch, names))


def _check(data: bytes) -> None:
    """Refuse, before anything is built from it, an archive that is no workbook or holds too much."""
    try:
        with ZipFile(BytesIO(data)) as archive:
            entries = archive.infolist()
            if len(entries) > MAX_ENTRIES:
                raise BadProgramme(_TOO_LARGE)
            if not _has_workbook(archive.namelist()):
                raise BadProgramme(_NO_WORKBOOK)
            parts = {one.filename: one for one in entries if one.filename.lower().endswith((".xml", ".rels"))}
            if sum(one.file_size for one in parts.values()) > MAX_UNPACKED or any(map(_swells, parts.values())):
                raise BadProgramme(_TOO_LARGE)
            _check_markup(archive, list(parts))
    except (BadZipFile, zlib.error, ValueError, RuntimeError, OSError, EOFError, OverflowError) as problem:
        raise BadProgramme(_DAMAGED) from problem


def _swells(entry: ZipInfo) -> bool:
    return entry.file_size > _SMALL and entry.file_size > MAX_RATIO * entry.compress_size


def _check_markup(archive: ZipFile, names: list[str]) -> None:
    """Refuse what would keep a reader of XML busy: too many tags or sheets, definitions, odd encodings."""
    tags = in_use = 0
    for name in names:
        # The archive never gives more than the size in its directory, which was checked.
        part = archive.read(name).removeprefix(b"\xef\xbb\xbf").lstrip()
        encoding = _ENCODING.match(part[:250])
        if (part and not part.startswith(b"<")) or b"\0" in part or b"<!DOCTYPE" in part or b"<!ENTITY" in part:
            raise BadProgramme(_DAMAGED)
        if encoding and encoding[1].lower() not in _ENCODINGS:
            raise BadProgramme(_DAMAGED)
        if len(part) > _SMALL and _is_one_piece(part):
            raise BadProgramme(_TOO_LARGE)
        here = part.count(b"<")
        tags += here
        in_use += len(_SHEET.findall(part))
        aside = here > MAX_ASIDE and not name.startswith(("xl/worksheets/", "xl/sharedStrings"))
        if aside or tags > MAX_MARKUP or in_use > MAX_SHEETS:
            raise BadProgramme(_TOO_LARGE)


def _is_one_piece(part: bytes) -> bool:
    """Whether a tag, comment or the like may be very long: older readers of XML begin it anew with every block."""
    if b"<!" in part or part.count(b"<?") > 1:
        return True
    # No tag holds another “<”, so a long one leaves a long way to the next.
    ways = (match.start() for match in _LONG_WAY.finditer(part))
    return any((tag := _TAG.match(part, start)) is None or tag.end() - start > _LONG_TAG for start in ways)


def _texts(row: tuple[object, ...]) -> list[str]:
    """The cells of a row as text, up to the last that holds any."""
    last = len(row)
    while last and getattr(row[last - 1], "value", None) is None:
        last -= 1
    return [_text(cell) for cell in row[:last] if isinstance(cell, ReadOnlyCell | EmptyCell)]


def _text(cell: ReadOnlyCell | EmptyCell) -> str:
    """What the cell shows."""
    value: object = cell.value
    if value is None or cell.data_type == "e":
        return ""
    if isinstance(value, str):
        return value.replace("_x000D_", "").replace("_x000d_", "")
    if isinstance(value, datetime | date | time | timedelta):
        return _shown(value, str(cell.number_format or ""))
    if isinstance(value, float):
        if value.is_integer():
            return str(int(value)) if abs(value) < 1e15 else repr(value)
        return f"{value:.2f}" if cell.number_format == "0.00" else repr(value)
    return str(value)


def _shown(value: datetime | date | time | timedelta, shape: str) -> str:
    """A date or time in the parts that the cell's format `shape` shows."""
    if isinstance(value, timedelta):
        seconds = round(value.total_seconds())
        hours, rest = divmod(abs(seconds), 3600)
        return f"{'-' if seconds < 0 else ''}{hours}:{rest // 60:02}" + (f":{rest % 60:02}" if rest % 60 else "")
    if isinstance(value, time):
        return value.isoformat("seconds" if value.second else "minutes")
    if not isinstance(value, datetime):
        return value.isoformat()
    value = (value + timedelta(microseconds=500_000)).replace(microsecond=0) if value.microsecond else value
    shape = _QUOTED.sub("", shape.split(";")[0].lower())
    clock = value.time().isoformat("seconds" if value.second else "minutes")
    if "h" not in shape:
        # Without a format that shows hours there is only a day, unless the cell has hours all the same.
        return (
            value.date().isoformat() if not value.time() or "d" in shape or "y" in shape else f"{value.date()} {clock}"
        )
    return clock if not ("d" in shape or "y" in shape) else f"{value.date()} {clock}"
