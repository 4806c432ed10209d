"""Which column of a table means what: guessed by the words above it and by its cells, for a person to correct."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from reporter.rules.errors import N_, BadProgramme
from reporter.sources.table import MAX_COLUMNS, Table
from reporter.sources.table_times import dates_in, duration, said
from reporter.sources.table_words import LIKELY, meaning

FIELDS = ("title", "day", "start", "end", "duration", "room", "track", "speakers", "description", "id", "keywords")
_SAMPLE = 400  # rows that are looked at
_MOST = 0.5  # part of the filled cells that has to look like what the column is taken for
_ODD_NUMBER = N_("These columns cannot be read. Choose the columns again.")


@dataclass(frozen=True)
class Columns:
    """The column of each field of FIELDS, counted from 0; None where the table has none. One may serve two fields."""

    title: int | None = None
    day: int | None = None
    start: int | None = None
    end: int | None = None
    duration: int | None = None
    room: int | None = None
    track: int | None = None
    speakers: int | None = None
    description: int | None = None
    id: int | None = None
    keywords: int | None = None

    def to_numbers(self) -> dict[str, str]:
        """Every field of FIELDS with its column as text, as a form carries it; "" for None."""
        found: dict[str, int | None] = {field: getattr(self, field) for field in FIELDS}
        return {field: "" if column is None else str(column) for field, column in found.items()}

    @classmethod
    def from_numbers(cls, numbers: Mapping[str, str]) -> Self:
        """The columns that `to_numbers` wrote; a field that is missing or "" has none, and other keys are left alone.

        Raises BadProgramme for what is no number of a column.
        """
        chosen: dict[str, int] = {}
        for field in FIELDS:
            text = numbers.get(field, "").strip()
            if not text:
                continue
            if not (text.isascii() and text.isdecimal() and len(text) <= 4 and int(text) < MAX_COLUMNS):
                raise BadProgramme(_ODD_NUMBER)
            chosen[field] = int(text)
        return cls(**chosen)


@dataclass(frozen=True)
class _Look:
    """How the filled cells of a column look: how many there are, and which parts of them hold what."""

    filled: int = 0
    times: float = 0.0  # a time of day, perhaps with its date
    days: float = 0.0  # a date and no time
    dated: float = 0.0  # a date, whatever else
    spans: float = 0.0  # from when until when
    lasting: float = 0.0
    words: float = 0.0  # letters, and neither date nor time
    length: float = 0.0  # characters of a cell with words, on average
    variety: float = 0.0  # different cells
    sure: bool = True  # whether its dates and times could not as well be mere numbers


def guess(table: Table) -> Columns:
    """The columns as the words of the header name them and their cells bear it out; without a header, by the cells.

    Each column serves one field. A field stays None rather than take a column whose cells say something else.
    """
    looks = [_look([row.cells[column] for row in table.rows[:_SAMPLE]]) for column in range(len(table.header))]
    meanings = [meaning(cell) for cell in table.header]
    chosen: dict[str, int] = {}
    for field in (
        "start",
        "day",
        "end",
        "duration",
        "id",
        "title",
        "speakers",
        "room",
        "track",
        "description",
        "keywords",
    ):
        ranked = [
            (_rank(field, meanings[column], look), -column)
            for column, look in enumerate(looks)
            if column not in chosen.values()
        ]
        best, column = max(ranked, default=(0, 0))
        if best > 0:
            chosen[field] = -column
    _by_cells(chosen, looks, meanings)
    return Columns(**chosen)


def _look(cells: list[str]) -> _Look:
    filled = [cell for cell in cells if cell]
    if not filled:
        return _Look()
    count = len(filled)
    found = [said(cell) for cell in filled]
    times = [one for one in found if one is not None and one.start is not None]
    days = sum(one is not None and one.start is None for one in found)
    words = [cell for cell, one in zip(filled, found, strict=True) if one is None and any(map(str.isalpha, cell[:100]))]
    return _Look(
        filled=count,
        times=len(times) / count,
        days=days / count,
        dated=sum(len(dates_in(cell)) == 1 for cell in filled) / count,
        spans=sum(one.end is not None for one in times) / count,
        lasting=sum(duration(cell) is not None for cell in filled) / count,
        words=len(words) / count,
        length=sum(map(len, words)) / max(1, len(words)),
        variety=len(set(filled)) / count,
        sure=all(one.sure for one in found if one is not None),
    )


def _rank(field: str, means: dict[str, int], look: _Look) -> float:
    """How much speaks for `field`: what the header says, more or less by what the cells say; 0 and less for nothing."""
    rank = float(means.get(field, 0))
    if not rank or not look.filled:
        return rank
    match field:
        case "start":
            return rank + (2 if look.times >= _MOST else -2)
        case "end":
            return rank + 1 if look.times + look.days > 0 else 0
        case "day":
            return rank if max(look.days, look.dated) >= _MOST else 0
        case "duration":
            return rank if look.lasting > 0 else 0
        case "title":
            return rank if look.words > 0 or rank >= LIKELY else 0
        case "id":
            return rank if look.times < _MOST else 0
        case "keywords":
            return rank if look.days < _MOST else 0
        case _:
            return rank


def _by_cells(chosen: dict[str, int], looks: list[_Look], meanings: list[dict[str, int]]) -> None:
    """Add to `chosen` what the words of the header did not tell but the cells do."""
    times_only = {"start", "day", "end"}
    open_columns = [
        column
        for column, means in enumerate(meanings)
        if column not in chosen.values() and looks[column].filled and set(means) <= times_only
    ]

    def take(field: str, fits: list[int]) -> None:
        if field not in chosen and fits:
            chosen[field] = fits[0]
            open_columns.remove(fits[0])

    if "start" in chosen and looks[chosen["start"]].times < _MOST:
        # “Start” above dates: the times may stand in a column with another name.
        timed = [column for column in open_columns if looks[column].times >= _MOST and looks[column].sure]
        if timed:
            if "day" not in chosen and looks[chosen["start"]].days >= _MOST:
                chosen["day"] = chosen["start"]
            chosen["start"] = timed[0]
            open_columns.remove(timed[0])
    take("start", [column for column in open_columns if looks[column].times >= _MOST and looks[column].sure])
    take("day", [column for column in open_columns if looks[column].days >= _MOST and looks[column].sure])
    if "start" not in chosen and "day" in chosen and looks[chosen["day"]].times >= _MOST:
        chosen["start"] = chosen.pop("day")  # “Date” above dates with their times
    start = chosen.get("start")
    if start is None:
        return
    if "end" not in chosen and "duration" not in chosen and looks[start].spans < _MOST:
        ends = [column for column in open_columns if column > start and looks[column].times >= _MOST]
        take("end", [column for column in ends if looks[column].sure and not meanings[column]])
    unnamed = [column for column in open_columns if not meanings[column] and looks[column].words >= _MOST]
    # Descriptions are longer than titles; rooms and tracks are shorter, and come again.
    take(
        "title",
        sorted(unnamed, key=lambda one: (looks[one].length > 150, -looks[one].length * looks[one].variety)),
    )
