"""A table of a programme as text, from CSV or a workbook: its header found, its limits held, nothing yet understood.

Excel and its like write "CSV" with commas, semicolons or tabs, in several encodings, with lines of titles above the
header; which of these a file is, only its content tells. Source of the format: https://www.rfc-editor.org/rfc/rfc4180.
"""

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from reporter.rules.errors import N_, BadProgramme
from reporter.sources.draft import MAX_NAME, check_size
from reporter.sources.table_times import said
from reporter.sources.table_words import named_fields
from reporter.sources.words import one_line_of
from reporter.sources.workbook import ZIP, is_workbook, rows_of, sheets

MAX_ROWS = 20_000
MAX_COLUMNS = 200
MAX_CELLS = 400_000  # filled ones
MAX_CELL_TEXT = 100_000  # characters of a cell; Excel's own limit is 32,767
MAX_TEXT = 10_000_000  # characters of all cells together
MAX_LINES = 500_000  # of CSV; a cell may have several
_HEADER_WITHIN = 40  # filled rows from the top
_SAMPLE = 64 * 1024  # characters by which the delimiter is told
_DELIMITERS = ",;\t|"
_END = "\0"  # a row of its own behind the last line: if it is not found there, a quotation mark was never closed
_SOME_UTF_8 = re.compile(rb"[\xc3-\xf4][\x80-\xbf]")
_OTHER_FORMAT = re.compile(rb"""\s*(?:<|\{|\[\s*[\[{"\]\d]|%PDF|BEGIN:V|\x1f\x8b|\x89PNG)""")
_NO_TABLE = N_("This file holds no table. Choose a CSV or Excel file (.xlsx) with one session in each row.")


@dataclass(frozen=True)
class Row:
    """One row: its number from 1, empty rows counted, as a spreadsheet program shows it; one text for each column."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """The rows below the header that hold anything; all rows and the header have the same number of cells.

    `header` is empty text for every column where the file has no header. `sheet` is the name of the sheet, "" in CSV;
    `above` the rows above the header, `other_sheets` the names of further sheets with times in them.
    """

    header: tuple[str, ...]
    rows: tuple[Row, ...]
    sheet: str = ""
    above: tuple[Row, ...] = ()
    other_sheets: tuple[str, ...] = ()


def table(data: bytes) -> Table:
    """The table in `data`, of a workbook's sheets the one with most rows that hold a time of day.

    CSV may be separated by comma, semicolon, tab or |, in UTF-8, UTF-16 or Windows' Western encoding. Raises
    BadProgramme for what is empty, over MAX_BYTES or another limit of this module, a quotation mark that is never
    closed, a damaged workbook, any other format, and where there are not two columns.
    """
    _check(data)
    if data.startswith(ZIP):
        found = [(_table(_limited(rows_of(sheet))), sheet.name) for sheet in sheets(data, columns=MAX_COLUMNS + 1)]
        counted = [(_rows_with_times(one), one, name) for one, name in found if one is not None]
        if not counted:
            raise BadProgramme(_NO_TABLE)
        most, best, name = max(counted, key=lambda one: (one[0], named_fields(one[1].header), len(one[1].rows)))
        others = tuple(one_line_of(other, MAX_NAME) for times, one, other in counted if times and one is not best)
        return Table(best.header, best.rows, one_line_of(name, MAX_NAME), best.above, others if most else ())
    found_in_text = _table(_limited(_csv(_text(data))))
    if found_in_text is None:
        raise BadProgramme(_NO_TABLE)
    return found_in_text


def looks_like_a_table(data: bytes) -> bool:
    """Whether `data` is a workbook, or text in columns with a header or times; by its beginning alone, never raises."""
    try:
        _check(data)
        if data.startswith(ZIP):
            return is_workbook(data)
        text = _text(data[:_SAMPLE])
        rows = [cells for cells in _records(_sample(text), _delimiter(text)) if any(cells)][:_HEADER_WITHIN]
    except (BadProgramme, csv.Error):
        return False
    wide = [cells for cells in rows if len(cells) > 1]
    timed = sum(any(_has_time(cell) for cell in cells) for cells in wide)
    return any(named_fields(tuple(cells)) >= 1.4 for cells in wide) or (len(wide) > 1 and 2 * timed >= len(rows))


def _check(data: bytes) -> None:
    check_size(data)
    if not data.strip(b"\0\t\n\r \xef\xbb\xbf\xfe\xff"):
        raise BadProgramme(N_("This file is empty. Choose the CSV or Excel file (.xlsx) of the programme."))
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise BadProgramme(N_("This is an old or locked Office file. Save it as .xlsx without a password, or as .csv."))


def _text(data: bytes) -> str:
    """`data` decoded, with \\n at the end of lines. Raises BadProgramme for other formats."""
    mark = data[:4]
    encoding = ""
    if mark in {b"\xff\xfe\0\0", b"\0\0\xfe\xff"}:
        encoding = "utf-32"
    elif mark.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    elif data[:200].count(b"\0") * 5 > len(data[:200]) * 2:
        encoding = "utf-16-le" if data[1:200:2].count(b"\0") > data[:200:2].count(b"\0") else "utf-16-be"
    if encoding:
        data = data.decode(encoding, "replace").encode("utf-8", "replace")
    data = data.removeprefix(b"\xef\xbb\xbf")
    if _OTHER_FORMAT.match(data[:1_000]) or data.count(b"\0") * 1_000 > len(data):
        raise BadProgramme(_NO_TABLE)
    try:
        text = data.decode()
    except UnicodeDecodeError as problem:
        if problem.start >= len(data) - 3 or _SOME_UTF_8.search(data):  # damaged UTF-8, rather than another encoding
            text = data.decode("utf-8", "replace")
        else:
            text = data.decode("cp1252", "replace")
    text = text.replace("\0", "").replace("\r\r\n", "\n").replace("\r\n", "\n").replace("\r", "\n")
    if text.count("\n") > MAX_LINES:
        raise _too_large()
    return text


def _sample(text: str) -> str:
    """The beginning of `text`, in whole lines where there are any."""
    return text if len(text) <= _SAMPLE else text[: text.rfind("\n", 0, _SAMPLE) + 1 or _SAMPLE]


def _records(text: str, delimiter: str) -> Iterator[list[str]]:
    return csv.reader(_lines(text), delimiter=delimiter)


def _lines(text: str) -> Iterator[str]:
    """The lines of `text` with their ends; str.splitlines would also part them at characters that are none."""
    place = 0
    while place < len(text):
        end = text.find("\n", place) + 1 or len(text)
        yield text[place:end]
        place = end


def _delimiter(text: str) -> str:
    """The separator by which the beginning of `text` falls into a header and rows of one width."""
    first = text[:6].split("\n")[0].lower()
    if first.startswith("sep=") and len(first) == 5:  # a line that Excel writes and heeds
        return text[4]
    best, best_score = ",", (0.0, 0.0, 0)
    for delimiter in _DELIMITERS:
        try:
            widths = [(len(cells), cells) for cells in _records(_sample(text), delimiter) if any(cells)]
        except csv.Error:
            continue
        counts = [width for width, _ in widths]
        usual = max(set(counts), key=lambda width: (width > 1, counts.count(width), width), default=1)
        if usual < 2:
            continue
        named = max(named_fields(tuple(cells)) for _, cells in widths[:_HEADER_WITHIN])
        score = (named if named >= 1.4 else 0, counts.count(usual) / len(counts), usual)
        if score > best_score:
            best, best_score = delimiter, score
    return best


def _csv(text: str) -> Iterator[tuple[int, list[str]]]:
    """The records of `text` with their numbers. Raises BadProgramme where it cannot be taken apart."""
    delimiter = _delimiter(text)
    number, cells = 0, [""]
    try:
        for number, cells in enumerate(csv.reader(_lines(f"{text}\n{_END}"), delimiter=delimiter), 1):
            if cells == [_END]:
                return
            if (
                number == 1
                and len(cells) <= 2
                and re.fullmatch(r"sep=.?", delimiter.join(cells).strip(), re.IGNORECASE)
            ):
                continue
            if not cells or _END not in cells[-1]:
                yield number, cells
    except csv.Error:
        number += 1
    raise BadProgramme(
        N_("A quotation mark in row %(line)s is not closed, or a cell there is too long. Correct it and try again."),
        line=number,
    )


def _limited(records: Iterable[tuple[int, list[str]]]) -> list[Row]:
    """The rows that hold anything, their cells stripped. Raises BadProgramme beyond the limits of this module."""
    rows: list[Row] = []
    filled = length = 0
    for line, record in records:
        if len(record) > MAX_COLUMNS and any(map(str.strip, record[MAX_COLUMNS:])):
            raise _too_large()
        cells = [cell.strip() if cell else "" for cell in record[:MAX_COLUMNS]]
        while cells and not cells[-1]:
            cells.pop()
        if not cells:
            continue
        filled += sum(1 for cell in cells if cell)
        length += sum(map(len, cells))
        if filled > MAX_CELLS or length > MAX_TEXT or len(rows) == MAX_ROWS:
            raise _too_large()
        if any(len(cell) > MAX_CELL_TEXT for cell in cells):
            cells = [cell[:MAX_CELL_TEXT] for cell in cells]
        rows.append(Row(line, tuple(cells)))
    return rows


def _too_large() -> BadProgramme:
    return BadProgramme(
        N_("This table has more than %(rows)s rows, %(columns)s columns or much text. Keep only the programme."),
        rows=MAX_ROWS,
        columns=MAX_COLUMNS,
    )


def _table(rows: list[Row]) -> Table | None:
    """The table that `rows` make; None where there are not two columns and one row below the header."""
    width = max((len(row.cells) for row in rows), default=0)
    if width < 2:
        return None
    place = _header_place(rows)
    padded = [Row(row.line, row.cells + ("",) * (width - len(row.cells))) for row in rows]
    if place < 0:
        return Table(("",) * width, tuple(padded))
    header = tuple(one_line_of(cell, MAX_NAME) for cell in padded[place].cells)
    again = tuple(map(str.casefold, padded[place].cells))  # printed programmes repeat the header on each page
    below = tuple(row for row in padded[place + 1 :] if tuple(map(str.casefold, row.cells)) != again)
    return Table(header, below, above=tuple(padded[:place]))


def _header_place(rows: list[Row]) -> int:
    """Which of `rows` is the header, -1 for none: the one that names most fields, or else one without figures."""
    scores = [
        named_fields(row.cells)
        if sum(1 for cell in row.cells if cell) > 1 and not any(map(_has_time, row.cells))
        else 0
        for row in rows[:_HEADER_WITHIN]
    ]
    best = max(scores, default=0)
    if best >= 1.4:
        return scores.index(best)
    for place, row in enumerate(rows[:_HEADER_WITHIN]):
        filled = [cell for cell in row.cells if cell]
        if len(set(filled)) > 1:
            return -1 if any(said(cell) or cell.isdigit() for cell in filled) else place
    return -1


def _has_time(cell: str) -> bool:
    """Whether `cell` holds a time of day that is no mere number."""
    found = said(cell) if cell else None
    return found is not None and found.sure and found.start is not None


def _rows_with_times(one: Table) -> int:
    return sum(any(map(_has_time, row.cells)) for row in one.rows)
