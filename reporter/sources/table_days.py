"""The days of a table: in which order its dates are written, and which rows only say what day it is below them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from reporter.rules.errors import N_
from reporter.sources.draft import Unreadable
from reporter.sources.table import Row, Table
from reporter.sources.table_times import Reading, Written, dates_in, said, weekday_only
from reporter.sources.words import one_line_of

_MAX_BESIDE = 40  # characters that may stand beside the date in a heading, as in “Day 1 – Monday 4 December 2023”
_YEAR = re.compile(r"(?<!\d)20\d\d(?!\d)")
_TWO_WAYS = N_("Dates such as “%(value)s” can be read in two ways; they were read with the day first. Check them.")


@dataclass(frozen=True)
class Heading:
    """What a row says that names a day: `calendar_day` is None where nobody can tell which day is meant."""

    calendar_day: date | None


def heading(row: Row, reading: Reading) -> Heading | None:
    """The day that `row` names for the rows below it; None for all rows that say more than a day."""
    written = _heading(row)
    if written is None:
        return Heading(None) if weekday_only(_only_text(row)) else None
    return Heading(reading.day(written))


def starting_day(table: Table, reading: Reading) -> date | None:
    """The day of the first rows: the only date above the header, the last heading there, or the sheet's name."""
    days = {reading.day(one) for row in table.above for cell in row.cells if cell for one in dates_in(cell)}
    if len(days) == 1:
        return days.pop()
    for row in reversed(table.above):
        found = heading(row, reading)
        if found is not None:
            return found.calendar_day
    named = dates_in(table.sheet)
    return reading.day(named[0]) if len(named) == 1 else None


def reading_of(table: Table, columns: list[int]) -> tuple[Reading, Unreadable | None]:
    """How the dates of `table` are read, by those in `columns` and in headings; and the first that remains in doubt.

    The first number is the day, unless some date can only have the month first and none only the day, by a number
    above 12 or by the weekday before it. The year of dates without one is the only year that the table names, or 0.
    """
    found = list(_all_dates(table, columns))
    day_first = month_first = False
    doubtful: Unreadable | None = None
    for line, text, one in found:
        if not one.either or one.day == one.month:
            continue
        ways = [way.calendar_day() is not None for way in (_leap(one), _leap(one.swapped()))]
        if all(ways) and one.weekday >= 0 and one.year:
            ways = [_weekday(way) == one.weekday for way in (one, one.swapped())]
        day_first |= ways == [True, False]
        month_first |= ways == [False, True]
        if ways[0] == ways[1] and doubtful is None:
            doubtful = Unreadable(line, "", _TWO_WAYS, (("value", one_line_of(text, 80)),))
    years = {one.year for _, _, one in found if one.year}
    if not years:
        above = " ".join(cell for row in table.above for cell in row.cells)
        years = {int(year) for year in _YEAR.findall(f"{table.sheet} {above[:10_000]}")}
    reading = Reading(month_first and not day_first, years.pop() if len(years) == 1 else 0)
    return reading, doubtful if day_first == month_first else None


def _all_dates(table: Table, columns: list[int]) -> Iterator[tuple[int, str, Written]]:
    """Every date that is read, with its line and its cell."""
    for row in table.above:
        yield from ((row.line, cell, one) for cell in row.cells if cell for one in dates_in(cell))
    yield from ((1, table.sheet, one) for one in dates_in(table.sheet))
    for row in table.rows:
        text = _only_text(row)
        written = _heading(row) if text else None
        if written is not None:
            yield row.line, text, written
            continue
        for cell in dict.fromkeys(row.cells[column] for column in columns):
            one = said(cell) if cell else None
            days = (one.day, one.last_day) if one else dates_in(cell)
            yield from ((row.line, cell, day) for day in days if day)


def _only_text(row: Row) -> str:
    """What `row` says, where it says one thing only: once, or the same in every cell; else ""."""
    texts = {cell for cell in row.cells if cell}
    return texts.pop() if len(texts) == 1 else ""


def _heading(row: Row) -> Written | None:
    text = _only_text(row)
    whole = said(text) if text else None
    if whole is not None:
        return whole.day if whole.start is None and whole.last_day is None and whole.sure else None
    dates = dates_in(text)
    if len(dates) != 1:
        return None
    letters = sum(map(str.isalpha, text))
    return dates[0] if letters <= _MAX_BESIDE and len(text) <= 2 * _MAX_BESIDE else None


def _leap(one: Written) -> Written:
    """`one` in a leap year where it names none, so that 29 February is a day."""
    return Written(one.year or 2000, one.month, one.day)


def _weekday(one: Written) -> int:
    day = one.calendar_day()
    return -1 if day is None else day.weekday()
