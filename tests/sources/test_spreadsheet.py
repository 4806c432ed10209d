"""Programmes as CSV and workbooks: how people write dates, times and headers; and files that mean harm."""

import csv
import io
import random
import re
import zipfile
from collections import Counter
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
from field import FIELD
from hanging import no_hang
from hypothesis import example, given
from hypothesis import strategies as st
from openpyxl import Workbook
from sources import drafts
from sources.drafts import at, randomised, why

from reporter.rules.errors import BadProgramme, Refused
from reporter.sources.draft import (
    MAX_BYTES,
    MAX_DESCRIPTION,
    MAX_SESSIONS,
    MAX_TITLE,
    UNTITLED,
    ProgrammeDraft,
    SessionDraft,
    SpeakerDraft,
)
from reporter.sources.spreadsheet import FIELDS, Columns, Row, Table, guess, read, recognises, table
from reporter.sources.table import MAX_COLUMNS, MAX_ROWS
from reporter.sources.table_times import duration

ZONE = "Europe/Zurich"
SAMPLES = Path(__file__).parent / "samples"


def written(*rows: tuple[str, ...], delimiter: str = ",") -> bytes:
    file = io.StringIO()
    csv.writer(file, delimiter=delimiter).writerows(rows)
    return file.getvalue().encode()


def workbook(sheets: dict[str, list[tuple[object, ...]]], *, merged: str = "", hidden: str = "") -> bytes:
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
        if merged:
            sheet.merge_cells(merged)
        if name == hidden:
            sheet.sheet_state = "hidden"
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def repacked(data: bytes, parts: dict[str, bytes]) -> bytes:
    """A workbook with parts of it replaced, or added to it."""
    with zipfile.ZipFile(io.BytesIO(data)) as old:
        kept = {name: old.read(name) for name in old.namelist()}
    return a_zip(*{**kept, **parts}.items())


def a_zip(*parts: tuple[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts:
            archive.writestr(name, content)
    return file.getvalue()


def draft(*rows: tuple[str, ...]) -> ProgrammeDraft:
    return read(written(*rows), time_zone=ZONE)


def times(start: str, end: str = "", day: str = "2024-01-02") -> tuple[str, str]:
    """When the session of a row starts and ends, in Zurich."""
    one = draft(("Title", "Day", "Start", "End"), ("A session", day, start, end)).sessions[0]
    zurich = timedelta(hours=1)
    return tuple(f"{moment + zurich:%Y-%m-%dT%H:%M}" for moment in (one.starts_at, one.ends_at))  # type: ignore[return-value]


def sound(made: ProgrammeDraft) -> None:
    """What holds of every draft of a table: it has a session."""
    drafts.sound(made)
    assert made.sessions


def read_or_refused(data: bytes, columns: Columns | None = None) -> ProgrammeDraft | str:
    """The same answer twice: a sound draft, or a refusal in a sentence."""
    answers: list[ProgrammeDraft | str] = []
    assert recognises(data) in {True, False}
    for _ in range(2):
        try:
            answers.append(read(data, time_zone=ZONE, columns=columns))
        except BadProgramme as refusal:
            answers.append(str(refusal))
    assert answers[0] == answers[1]
    if isinstance(answers[0], ProgrammeDraft):
        sound(answers[0])
    else:
        assert answers[0].endswith(".")
        assert "%(" not in answers[0]
    return answers[0]


# Whole files


def test_a_programme_of_two_days() -> None:
    made = read((SAMPLES / "two_days.csv").read_bytes(), time_zone=ZONE)
    sound(made)
    assert made.name == "Trade and Data Week"
    assert made.sessions[0] == SessionDraft(
        title="Opening: who governs data?",
        starts_at=at("2023-12-04T08:30"),
        ends_at=at("2023-12-04T10:00"),
        room="Room XVII / XVIII",
        track="Plenary",
        description="A debate on data flows.\n\nWrite to [e-mail removed].",
        speakers=(SpeakerDraft("Amina Diallo", "UNCTAD"), SpeakerDraft("Jean Müller", "ITC")),
        keywords=("data", "trade"),
        source_uid="S-1",
    )
    assert made.sessions[2] == SessionDraft(
        title="Émission, en direct",
        starts_at=at("2023-12-04T11:00"),
        ends_at=at("2023-12-04T11:00"),
        room="Room XXVI",
        description="Line one\nline two",
        speakers=(SpeakerDraft("Li Wang"), SpeakerDraft("Ana Sousa"), SpeakerDraft("Bo Berg")),
        source_uid="S-3",
    )
    assert [(one.title, one.starts_at, one.ends_at) for one in made.sessions[3:]] == [
        ("Night of the networks", at("2023-12-05T21:30"), at("2023-12-05T23:30")),
        (UNTITLED, at("2023-12-05T13:00"), at("2023-12-05T14:00")),
        ('=HYPERLINK("http://x.example")', at("2023-12-05T14:00"), at("2023-12-05T14:00")),
    ]
    assert [(one.line, one.uid, why(one).split(";")[0].split(".")[0]) for one in made.unreadable] == [
        (11, "S-5", "“later” cannot be read as the start of a session"),
        (12, "S-6", "This row has no title"),
        (13, "S-7", "“open end” cannot be read as an end or a length"),
    ]


def test_a_german_programme_from_windows() -> None:
    made = read((SAMPLES / "deutsch.csv").read_bytes(), time_zone=ZONE)
    sound(made)
    assert [(one.title, one.room, one.starts_at, one.ends_at) for one in made.sessions] == [
        ("Eröffnung", "Saal Zürich", at("2023-12-04T08:30"), at("2023-12-04T09:45")),
        ("Datenflüsse über Grenzen", "Saal Zürich", at("2023-12-04T10:00"), at("2023-12-04T11:00")),
        ("Ganzer Tag", "", at("2023-12-05T08:00"), at("2023-12-05T23:00")),
    ]
    assert made.unreadable == ()


@pytest.mark.parametrize(
    "encoded",
    [
        lambda text: text.encode(),
        lambda text: b"\xef\xbb\xbf" + text.encode(),
        lambda text: text.encode("utf-16"),
        lambda text: text.encode("utf-16-le"),
        lambda text: text.encode("utf-16-be"),
        lambda text: text.encode("utf-32"),
        lambda text: text.encode("cp1252"),
        lambda text: text.replace("\n", "\r\n").encode(),
        lambda text: text.replace("\n", "\r").encode(),
        lambda text: text.rstrip().encode(),
        lambda text: text.replace(";", "\t").encode(),
        lambda text: text.replace(";", ",").encode(),
        lambda text: text.replace(";", "|").encode(),
        lambda text: ("sep=;\n" + text).encode(),
    ],
    ids=lambda _: None,
)
def test_encodings_and_delimiters_make_no_difference(encoded: object) -> None:
    text = 'Titel;Datum;Beginn;Raum\nGrüße aus Genève;2024-01-02;10:00;"Saal ""A"""\nZwei;;11:00;B\n'
    made = read(encoded(text), time_zone=ZONE)  # type: ignore[operator]
    assert made == read(text.encode(), time_zone=ZONE)
    assert [(one.title, one.room) for one in made.sessions] == [("Grüße aus Genève", 'Saal "A"'), ("Zwei", "B")]


def test_a_workbook_with_titles_merged_headings_and_real_dates() -> None:
    data = workbook(
        {
            "Read me": [("Nothing here", "but words"), ("more", "words")],
            "Programme": [
                ("Trade and Data Week", None, None, None, None),
                (),
                ("No.", "Start", "End", "Session", "Room"),
                ("Monday 4 December 2023", None, None, None, None),
                (1, time(9, 30), time(11), "Opening", "Room 1"),
                (2.0, 0.5, time(13, 0), "Lunch", None),
                (date(2023, 12, 5), None, None, None, None),
                (3, time(9), time(10, 15), 2024, "Room 2"),
            ],
        },
        merged="A1:E1",
    )
    found = table(data)
    assert found == Table(
        header=("No.", "Start", "End", "Session", "Room"),
        rows=(
            Row(4, ("Monday 4 December 2023", "", "", "", "")),
            Row(5, ("1", "09:30", "11:00", "Opening", "Room 1")),
            Row(6, ("2", "0.5", "13:00", "Lunch", "")),
            Row(7, ("2023-12-05", "", "", "", "")),
            Row(8, ("3", "09:00", "10:15", "2024", "Room 2")),
        ),
        sheet="Programme",
        above=(Row(1, ("Trade and Data Week", "", "", "", "")),),
    )
    made = read(data, time_zone=ZONE)
    sound(made)
    assert (made.name, made.unreadable) == ("Trade and Data Week", ())
    assert [(one.title, one.starts_at, one.ends_at, one.source_uid) for one in made.sessions] == [
        ("Opening", at("2023-12-04T08:30"), at("2023-12-04T10:00"), "1"),
        ("Lunch", at("2023-12-04T11:00"), at("2023-12-04T12:00"), "2"),
        ("2024", at("2023-12-05T08:00"), at("2023-12-05T09:15"), "3"),
    ]


def test_one_sheet_is_read_and_others_with_times_are_named() -> None:
    head = ("Title", "Start")
    data = workbook(
        {
            "Old": [head, *[("x", datetime(2023, 1, 1, 9))] * 9],  # noqa: DTZ001 - cells know no zone
            "Short": [head, ("a", datetime(2023, 12, 4, 9, 15))],  # noqa: DTZ001
            "Long": [head, ("b", datetime(2023, 12, 5, 9)), ("c", datetime(2023, 12, 5, 9, 0, 30))],  # noqa: DTZ001
            "Lists": [("Room", "Name"), *[("A", "B")] * 30],
        },
        hidden="Old",
    )
    made = read(data, time_zone=ZONE)
    assert (table(data).sheet, table(data).other_sheets) == ("Long", ("Short",))
    assert [(one.title, one.starts_at) for one in made.sessions] == [
        ("b", at("2023-12-05T08:00")),
        ("c", at("2023-12-05T08:00:30")),
    ]
    assert [why(one).split(".")[0] for one in made.unreadable] == ["The sheet “Short” was not read"]


def test_the_name_of_a_sheet_may_be_the_day() -> None:
    data = workbook({"Mon 4 Dec 2023": [("Title", "Time"), ("a", "9:00–10:30")]})
    assert [one.starts_at for one in read(data, time_zone=ZONE).sessions] == [at("2023-12-04T08:00")]


def test_a_repeated_header_is_no_session() -> None:
    head = ("Title", "Day", "Start")
    made = draft(head, ("a", "2024-01-02", "9:00"), head, ("b", "2024-01-03", "9:00"))
    assert ([one.title for one in made.sessions], made.unreadable) == (["a", "b"], ())


def test_a_table_without_a_header_is_known_by_its_cells() -> None:
    rows = [("2024-01-02", "9:00", "10:00", "Opening", "Room One"), ("", "10:00", "11:00", "Data", "Room One")]
    found = table(written(*rows))
    assert found.header == ("",) * 5
    assert guess(found) == Columns(day=0, start=1, end=2, title=3)
    assert [one.title for one in draft(*rows).sessions] == ["Opening", "Data"]


# Columns


@pytest.mark.parametrize(
    ("header", "row", "found"),
    [
        ("Title,Date,Start,End,Room", "A,2024-01-02,9:00,10:00,B", "title day start end room"),
        ("Titre,Jour,Début,Fin,Salle", "A,2 janvier 2024,9h,10h,B", "title day start end room"),
        ("Título,Fecha,Inicio,Fin,Sala", "A,2 de enero de 2024,9:00,10:00,B", "title day start end room"),
        ("Título,Data,Início,Fim,Sala", "A,2 de janeiro de 2024,9:00,10:00,B", "title day start end room"),
        ("Titel,Tag,Beginn,Ende,Raum", "A,2. Januar 2024,9.00,10.00,B", "title day start end room"),
        ("Session,Time,Tag,Strand,Language", "A,2024-01-02 9:00,data,T,en", "title start keywords track -"),
        ("Session ID,Session Name,Start Date,End Date", "7,A,04/12/2023 6:00,04/12/2023 7:00", "id title start end"),
        ("Session title,Start Date,Start Time,End Time", "A,2024-01-02,9:00,10:00", "title day start end"),
        ("Title,Start,Time", "A,2024-01-02,9:00", "title day start"),
        ("Thème,Intervenants,Résumé,Titre,Horaire", "T,P,R,A,9h-10h", "track speakers description title start"),
        ("Authors,Abstract,Title,Speaker bio,E-mail", "P,R,A,B,C", "speakers description title - -"),
        (
            "Presenters,Talk title,Duration (min),UID,From,To",
            "P,A,30,7,9:00,10:00",
            "speakers title duration id start end",
        ),
        ("guid,ID,Subject,Mots-clés", "g,7,A,k", "id - title keywords"),
        ("Name,From,When,Organisation", "A,Kenya,2024-01-02 9:00,B", "title - start -"),
        ("startTime,end_time,Título", "9:00,10:00,A", "start end title"),
        ("Date,Title", "2024-01-02 09:00,A", "start title"),
        ("Zeit,Programmpunkt,Ort", "9.00–10.00 Uhr,A,B", "start title room"),
        ("Aika,Ohjelma,Paikka", "9:00,The opening of it all,B", "start title -"),
        ("Poster Session,Oral Session,Title,Poster ID", "1,2,A,9", "- - title id"),
        ("Room ID,Room,Track name,Event", "7,B,T,A", "- room track title"),
        ("Summary,Location,Description,DTSTART", "A,B,R,2024-01-02T09:00:00Z", "title room description start"),
    ],
)
def test_what_columns_mean(header: str, row: str, found: str) -> None:
    made = guess(table(f"{header}\n{row}\n".encode())).to_numbers()
    names = {number: name for name, number in made.items() if number}
    assert [names.get(str(number), "-") for number in range(found.count(" ") + 1)] == found.split()


def test_columns_travel_through_a_form() -> None:
    columns = Columns(title=3, start=0, id=12)
    numbers = columns.to_numbers()
    assert (tuple(numbers), numbers["title"], numbers["day"]) == (FIELDS, "3", "")
    assert Columns.from_numbers(numbers) == columns
    assert Columns.from_numbers({"title": " 3 ", "start": "0", "csrf_token": "x", "id": "12"}) == columns
    assert Columns.from_numbers({}) == Columns()
    for wrong in ("-1", "x", "1.5", "²", "9" * 5_000, str(MAX_COLUMNS)):
        with pytest.raises(BadProgramme):
            Columns.from_numbers({"title": wrong})


def test_chosen_columns_count_and_one_may_serve_twice() -> None:
    data = written(("Was", "Wo", "Wann"), ("A", "B", "2024-01-02 9:00–10:00"))
    made = read(data, time_zone=ZONE, columns=Columns(title=1, start=2, end=2, room=0))
    assert made.sessions == (SessionDraft("B", at("2024-01-02T08:00"), at("2024-01-02T09:00"), room="A"),)


@pytest.mark.parametrize(
    ("columns", "sentence"),
    [
        (Columns(), "No column holds the titles of sessions, and none tells when they start. Choose both."),
        (Columns(start=1), "No column holds the titles of sessions. Choose it."),
        (Columns(title=0), "No column tells when sessions start. Choose it."),
        (Columns(title=0, start=2), "This table does not have these columns. Choose the columns again."),
        (Columns(title=0, start=-1), "This table does not have these columns. Choose the columns again."),
        (
            Columns(title=1, start=0),
            "No row could be read as a session. Check which columns hold the title and the start.",
        ),
    ],
)
def test_columns_that_are_refused(columns: Columns, sentence: str) -> None:
    assert read_or_refused(written(("Title", "Start"), ("A", "2024-01-02 9:00")), columns) == sentence


def test_sessions_without_any_day_are_refused_with_what_is_missing() -> None:
    answer = read_or_refused(written(("Title", "Start"), ("A", "9:00"), ("B", "10:00")))
    assert answer == "No column tells on which day sessions are. Choose it, or write the day above its sessions."


# Days and times


@pytest.mark.parametrize(
    "day",
    [
        *("2023-12-04", "2023/12/04", "2023.12.4", "20231204", "4 Dec 2023", "Dec 4, 2023", "December 4th 2023"),
        *("4.12.2023", "04.12.23", "4-Dec-2023", "4-Dec-23", "Monday 4 December 2023", "Mon, 4 December, 2023"),
        *("Monday, December 4, 2023", "4th of December 2023", "lundi 4 décembre 2023", "lunes, 4 de diciembre de 2023"),
        *("Montag, 4. Dezember 2023", "segunda-feira, 4 de dezembro de 2023", "45264", "45264.0", "Mon 04/12/2023"),
        *("Mon 12/04/2023", "Day 1: 4 December 2023", "Day 1 – 4 December 2023", "2023-12-04 00:00:00"),
    ],
)
def test_days(day: str) -> None:
    assert times("10:00", day=day)[0] == "2023-12-04T10:00"


@pytest.mark.parametrize(
    ("start", "end", "found"),
    [
        ("9:00", "10:30", "02T09:00 02T10:30"),
        ("09:00:00", "", "02T09:00 02T09:00"),
        ("9:30 AM", "1:15 p.m.", "02T09:30 02T13:15"),
        ("9.30am", "noon", "02T09:30 02T12:00"),
        ("12:00 AM", "12:30 PM", "02T00:00 02T12:30"),
        ("9:00–10:30", "", "02T09:00 02T10:30"),
        ("9:00–10:30", "11:00", "02T09:00 02T11:00"),
        ("9-10:30am", "", "02T09:00 02T10:30"),
        ("11–1pm", "", "02T11:00 02T13:00"),
        ("9 to 10:30 pm", "", "02T21:00 02T22:30"),
        ("9h30 à 10h30", "", "02T09:30 02T10:30"),
        ("de 9h à 10h", "", "02T09:00 02T10:00"),
        ("von 9 bis 10 Uhr", "", "02T09:00 02T10:00"),
        ("14 h 30", "15h", "02T14:30 02T15:00"),
        ("1000-1300 hrs", "", "02T10:00 02T13:00"),
        ("0930", "1045", "02T09:30 02T10:45"),
        ("0.395833333", "0.4375", "02T09:30 02T10:30"),
        ("22:00", "24:00", "02T22:00 03T00:00"),
        ("22:00", "midnight", "02T22:00 03T00:00"),
        ("22:00", "1:00", "02T22:00 03T01:00"),
        ("24:00", "1:00", "03T00:00 03T01:00"),
        ("00:00", "24:00", "02T00:00 03T00:00"),
        ("12 noon", "12 noon", "02T12:00 02T12:00"),
        ("5 Jan 2024 9:00", "10:00", "05T09:00 05T10:00"),
        ("2024-01-05T09:00:00+03:00", "2024-01-05T10:00:00+03:00", "05T07:00 05T08:00"),
        ("2024-01-05T09:00:00-05:00", "2024-01-05T15:30Z", "05T15:00 05T16:30"),
        ("9:00 UTC", "10:00 UTC", "02T10:00 02T11:00"),
        ("9:00–10:00 (GMT+3)", "", "02T07:00 02T08:00"),
        ("9:00 CET", "10:00 CET", "02T09:00 02T10:00"),
        ("2024-01-05 22:00", "2024-01-06 01:00", "05T22:00 06T01:00"),
        ("2024-01-05 22:00 – 2024-01-07 01:00", "", "05T22:00 07T01:00"),
        ("45296.395833333336", "", "05T09:30 05T09:30"),
    ],
)
def test_when_a_session_is(start: str, end: str, found: str) -> None:
    assert " ".join(moment[8:] for moment in times(start, end)) == found


@pytest.mark.parametrize(
    ("start", "sentence"),
    [
        ("", "This row does not say when it starts"),
        ("later", "“later” cannot be read as the start of a session"),
        ("25:00", "“25:00” cannot be read as the start of a session"),
        ("9", "“9” cannot be read as the start of a session"),
        ("2024-01-02", "“2024-01-02” cannot be read as the start of a session"),
        ("a@b.org", "“” cannot be read as the start of a session"),
        ("0001-01-01 9:00", "“0001-01-01” cannot be read as a date"),
        ("9999-12-31 24:00", "“9999-12-31” cannot be read as a date"),
    ],
)
def test_starts_that_cannot_be_read_are_named(start: str, sentence: str) -> None:
    made = draft(("Title", "Day", "Start"), ("A", "2024-01-02", "9:00"), ("B", "2024-01-02", start))
    assert [one.title for one in made.sessions] == ["A"]
    assert [(one.line, one.uid, why(one).split(".")[0]) for one in made.unreadable] == [(3, "B", sentence)]


def test_an_end_with_a_date_before_the_start_is_named() -> None:
    made = draft(
        ("Title", "Start", "End"),
        ("A", "2024-01-02 9:00", "2024-01-02 10:00"),
        ("B", "2024-01-02 9:00", "2024-01-01 10:00"),
    )
    assert [(one.line, why(one).split(".")[0]) for one in made.unreadable] == [(3, "This row ends before it starts")]


def test_the_day_counts_for_the_rows_below_until_another_comes() -> None:
    made = draft(
        ("Title", "Day", "Start"),
        ("A", "2024-01-02", "9:00"),
        ("B", "", "8:00"),
        ("C", "someday", "9:00"),
        ("D", "", "10:00"),
        ("E", "3 Jan 2024", "9:00"),
    )
    assert [(one.title, one.starts_at) for one in made.sessions] == [
        ("A", at("2024-01-02T08:00")),
        ("B", at("2024-01-02T07:00")),
        ("E", at("2024-01-03T08:00")),
    ]
    assert [(one.line, why(one).split(".")[0]) for one in made.unreadable] == [
        (4, "“someday” cannot be read as a date"),
        (5, "No day is known for this row"),
    ]


def test_headings_without_a_year_take_the_only_one_and_a_mere_weekday_ends_the_day() -> None:
    made = draft(
        ("Data Week, 4–8 December 2023", ""),
        ("Title", "Time"),
        ("Monday 4 December", "Monday 4 December"),
        ("A", "9:00"),
        ("Tuesday", ""),
        ("B", "9:00"),
        ("Day 3 – Wed 6 December", ""),
        ("C", "9:00"),
    )
    assert [(one.title, one.starts_at.date()) for one in made.sessions] == [
        ("A", date(2023, 12, 4)),
        ("C", date(2023, 12, 6)),
    ]
    assert [(one.line, one.uid) for one in made.unreadable] == [(6, "B")]


@pytest.mark.parametrize(
    ("dates", "days", "said"),
    [
        (["04/12/2023", "13/12/2023"], ["2023-12-04", "2023-12-13"], None),
        (["12/04/2023", "12/13/2023"], ["2023-12-04", "2023-12-13"], None),
        (["04/12/2023", "05/12/2023"], ["2023-12-04", "2023-12-05"], 2),
        (["13/12/2023", "12/13/2023", "04/12/2023"], ["2023-12-13", "2023-12-13", "2023-12-04"], 4),
        (["12/12/2023"], ["2023-12-12"], None),
        (["Mon 12/04/2023", "12/05/2023"], ["2023-12-04", "2023-12-05"], None),
        (["4.5.2023", "5.4.2023"], ["2023-05-04", "2023-04-05"], None),
    ],
)
def test_day_and_month_have_one_order_in_a_table(dates: list[str], days: list[str], said: int | None) -> None:
    made = draft(("Title", "Day", "Start"), *(("A", day, "12:00") for day in dates))
    assert [str(one.starts_at.date()) for one in made.sessions] == days
    assert [one.line for one in made.unreadable] == ([] if said is None else [said])
    assert all("can be read in two ways" in why(one) for one in made.unreadable)


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        *(("25", 25), ("1:30", 90), ("0:25:00", 25), ("90 min", 90), ("1h30", 90), ("1 h", 60), ("1.5 h", 90)),
        *(("1 hour 30 minutes", 90), ("PT1H30M", 90), ("PT45M", 45), ("2 heures", 120), ("45'", 45), ("0.0625", 90)),
        *(("", None), ("long", None), ("-5", None), ("1e9", None), ("999999999", None)),
    ],
)
def test_durations(text: str, minutes: int | None) -> None:
    assert duration(text) == (None if minutes is None else timedelta(minutes=minutes))


def test_a_duration_ends_the_session() -> None:
    made = draft(("Title", "Start", "Duration (hours)"), ("A", "2024-01-02 9:00", "1,5"), ("B", "2024-01-02 9:00", "?"))
    assert [one.ends_at for one in made.sessions] == [at("2024-01-02T09:30"), at("2024-01-02T08:00")]
    assert [(one.line, one.uid) for one in made.unreadable] == [(3, "B")]


@pytest.mark.parametrize(
    ("header", "starts"),
    [
        ("Start", "2024-07-02T07:00"),
        ("Start (UTC)", "2024-07-02T09:00"),
        ("Start time (GMT+3)", "2024-07-02T06:00"),
        ("Start, Africa/Nairobi", "2024-07-02T06:00"),
        ("Start/End", "2024-07-02T07:00"),
    ],
)
def test_the_header_may_name_the_zone(header: str, starts: str) -> None:
    assert draft(("Title", header), ("A", "2024-07-02 9:00")).sessions[0].starts_at == at(starts)


def test_an_unknown_zone_is_the_events_own_and_named_once() -> None:
    made = draft(("Title", "Start"), ("A", "2024-07-02 9:00 XYZT"), ("B", "2024-07-02 9:00 XYZT"))
    assert [one.starts_at for one in made.sessions] == [at("2024-07-02T07:00")] * 2
    assert [(one.line, why(one).split(";")[0]) for one in made.unreadable] == [(2, "The time zone “XYZT” is unknown")]


def test_hours_that_the_clocks_leave_out_end_no_session_before_it_starts() -> None:
    made = draft(("Title", "Start"), ("A", "2024-03-31 2:30–3:00"), ("B", "2024-10-27 2:30–3:00"))
    assert [(one.starts_at, one.ends_at) for one in made.sessions] == [
        (at("2024-03-31T01:30"), at("2024-03-31T01:30")),
        (at("2024-10-27T00:30"), at("2024-10-27T02:00")),
    ]


def test_an_unknown_zone_of_the_event_is_refused() -> None:
    with pytest.raises(Refused):
        read(written(("Title", "Start"), ("A", "2024-01-02 9:00")), time_zone="Europe/Nowhere")


# Texts


@pytest.mark.parametrize(
    ("cell", "speakers"),
    [
        ("A B; C D", ["A B", "C D"]),
        ("Ann Bee, Cy Dee and Eve Eff", ["Ann Bee", "Cy Dee", "Eve Eff"]),
        ("Ann Bee (WTO); Cy Dee (ITC)", ["Ann Bee (WTO)", "Cy Dee (ITC)"]),
        ("Ann Bee, WTO\nCy Dee, ITC", ["Ann Bee (WTO)", "Cy Dee (ITC)"]),
        ("Ann Bee <ann@example.org>; ann bee", ["Ann Bee"]),
        ("TBC", []),
        ("ann@example.org", []),
    ],
)
def test_speakers(cell: str, speakers: list[str]) -> None:
    made = draft(("Title", "Start", "Speakers"), ("A", "2024-01-02 9:00", cell)).sessions[0].speakers
    assert [f"{one.name} ({one.organisation})" if one.organisation else one.name for one in made] == speakers


def test_formulas_stay_the_text_that_they_are() -> None:
    payloads = ["=1+1", "=cmd|' /C calc'!A0", "@SUM(1+9)*cmd|' /C calc'!A0", "+1", "-1+cmd", 'DDE ("cmd";"/C calc")A0']
    if (FIELD / "hostile" / "csv").is_dir():
        payloads += (FIELD / "hostile" / "csv" / "payloadbox_csv-injection.txt").read_text().split("\n")
    payloads = [one.strip() for one in payloads if one.strip()]
    made = draft(("Title", "Start", "Room"), *((one, "2024-01-02 9:00", one) for one in payloads))
    assert [(one.title, one.room) for one in made.sessions] == [(one, one) for one in payloads]


def test_long_and_strange_texts() -> None:
    row = ("x" * 900 + "\n", "2024-01-02 9:00", "<p>a</p>\x07\ud7ff" + "y" * 30_000, "a@b.org", "k, ,k;l|" * 100)
    one = draft(("Title", "Start", "Abstract", "Room", "Keywords"), row).sessions[0]
    assert (len(one.title), len(one.description), one.room, one.keywords) == (
        MAX_TITLE,
        MAX_DESCRIPTION,
        "",
        ("k", "l"),
    )
    assert (one.title[-1], one.description[:2]) == ("…", "a\n")


# What is refused


BOOK = workbook({"A": [("Title", "Start"), ("Opening", datetime(2024, 1, 2, 9))]})  # noqa: DTZ001 - cells know no zone
CELL = b'<c t="inlineStr"><is><t>9:00</t></is></c>'
SHEET = "xl/worksheets/sheet1.xml"
NAMESPACE = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'


def a_sheet(rows: bytes) -> bytes:
    """A workbook whose sheet holds `rows` in XML, and enough noise not to be refused for how well it packs."""
    noise = [b"<row>%s</row>" % CELL.replace(b"9:00", random.Random(1).randbytes(len(rows) // 250).hex().encode())]
    return repacked(BOOK, {SHEET: NAMESPACE + b"<sheetData>" + rows + b"".join(noise) + b"</sheetData></worksheet>"})


def test_a_workbook_whose_main_part_has_a_number() -> None:
    with zipfile.ZipFile(io.BytesIO(BOOK)) as archive:
        parts = {name: archive.read(name).replace(b"workbook.xml", b"workbook2.xml") for name in archive.namelist()}
    data = a_zip(*((name.replace("workbook.xml", "workbook2.xml"), part) for name, part in parts.items()))
    assert recognises(data)
    assert read(data, time_zone=ZONE) == read(BOOK, time_zone=ZONE)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "This file is empty"),
        (b" \r\n\t\n\0", "This file is empty"),
        (b"\xff\xfe", "This file is empty"),
        (b"just words\nin lines\n", "This file holds no table"),
        (b"<html><table><tr><td>Title,Start", "This file holds no table"),
        (b'{"title": 1, "start": 2}', "This file holds no table"),
        (b"BEGIN:VCALENDAR\nSUMMARY:a,b\n", "This file holds no table"),
        (b"%PDF-1.7 a,b", "This file holds no table"),
        (bytes(range(256)) * 50, "This file holds no table"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "This is an old or locked Office file"),
        (b"PK\x03\x04 no archive", "This workbook is damaged"),
        (BOOK[:-300], "This workbook is damaged"),
        (workbook({"A": []}), "This file holds no table"),
        (b"Title,Start\n", "No row could be read as a session"),
        (
            b'Title,Start\nA,9:00\n"B,10:00\nC,11:00\n',
            "A quotation mark in row 3 is not closed, or a cell there is too long",
        ),
        (
            b"Title,Start\n" + b"x" * 200_000 + b",9:00\n",
            "A quotation mark in row 2 is not closed, or a cell there is too long",
        ),
        (b"Title,Start\n" + b"A,2024-01-02 9:00\n" * (MAX_SESSIONS + 1), "This table has more than 5000 sessions"),
        (
            b"Title,Start\n" + b"A,B\n" * (MAX_ROWS + 1),
            f"This table has more than {MAX_ROWS} rows, {MAX_COLUMNS} columns or",
        ),
        (
            b"Title,Start" + b"," * MAX_COLUMNS + b"x\nA,9:00\n",
            f"This table has more than {MAX_ROWS} rows, {MAX_COLUMNS} columns or",
        ),
        (b"Title,Start\n" + b"\n" * MAX_BYTES, "This file is larger than 20 MB"),
    ],
)
def test_what_is_refused(data: bytes, sentence: str) -> None:
    with no_hang():
        answer = read_or_refused(data)
    assert isinstance(answer, str)
    assert answer.startswith(sentence)


@pytest.mark.parametrize(
    ("data", "recognised"),
    [
        (b"Title,Start\nA,9:00\n", True),
        ("Titel;Datum;Beginn\n".encode("utf-16"), True),
        (b"2024-01-02,9:00,A\n2024-01-02,10:00,B\n", True),
        (BOOK, True),
        (BOOK[:100], False),
        (b"Dear all,\nplease come at nine, or later.\nYours, A\n", False),
        (b"goal,basket\n1,2\n", False),
        (b'{"title": "x", "start": "y"}', False),
        (b"BEGIN:VCALENDAR\n", False),
        (b"<schedule/>", False),
        (b"", False),
        (b"x" * (MAX_BYTES + 1), False),
    ],
)
def test_what_is_recognised(data: bytes, recognised: bool) -> None:
    assert recognises(data) is recognised


def test_as_many_sessions_as_are_possible() -> None:
    data = b"Title,Start\n" + b"A,2024-01-02 9:00\n" * MAX_SESSIONS
    assert len(read(data, time_zone=ZONE).sessions) == MAX_SESSIONS


# What means harm


SST = b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
STYLES = (
    b'<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><cellXfs>%s</cellXfs></styleSheet>'
)
OVERRIDE = (
    b'<Override PartName="/xl/sharedStrings.xml" '
    b'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/></Types>'
)


def with_strings(strings: bytes, data: bytes = BOOK) -> bytes:
    """`data` with shared strings in XML, which openpyxl's own workbooks do without."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        types = archive.read("[Content_Types].xml").replace(b"</Types>", OVERRIDE)
    return repacked(data, {"[Content_Types].xml": types, "xl/sharedStrings.xml": strings})


BOMBS = {
    "spaces": lambda: a_sheet(b" " * 45_000_000),
    "text": lambda: a_sheet(b'<row><c t="inlineStr"><is><t>' + b"x" * 30_000_000 + b"</t></is></c></row>"),
    "cells": lambda: a_sheet(b"<row>" + b"<c/>" * 740_000 + b"</row>"),
    "rows": lambda: a_sheet(b"<row/>" * 740_000),
    "many_cells": lambda: a_sheet((b"<row>" + CELL * 190 + b"</row>") * 640),
    "too_many_cells": lambda: a_sheet(b"<row>" + b"<c/>" * 1_900_000 + b"</row>"),
    "far_away": lambda: a_sheet(b'<row r="99999999999999"><c r="XFD99999999999999"><v>1</v></c></row>'),
    "further": lambda: a_sheet(b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>' * 1_000),
    "number": lambda: a_sheet(b"<row><c><v>" + b"9" * 100_000 + b"</v></c></row>"),
    "infinity": lambda: a_sheet(b'<row><c s="1"><v>1e999</v></c><c s="1"><v>-1e308</v></c></row>'),
    "no_number": lambda: a_sheet(b"<row><c><v>nan</v></c></row>"),
    "dimension": lambda: repacked(
        BOOK,
        {SHEET: NAMESPACE + b'<dimension ref="A1:XFD1048576"/><sheetData><row><c/></row></sheetData></worksheet>'},
    ),
    "nested": lambda: a_sheet(b"<x>" * 370_000 + b"</x>" * 370_000),
    "one_attribute": lambda: a_sheet(b'<row a="' + b"x" * 35_000_000 + b'"/>'),
    "comment": lambda: a_sheet(b"<!--" + b"x" * 35_000_000 + b"-->"),
    "instruction": lambda: a_sheet(b"<?x " + b"<" * 700_000 + b"?>"),
    "open_quotation": lambda: a_sheet((b'<row a="' + b"x>" * 33_000) * 500),
    "attributes": lambda: a_sheet(b"<row " + b" ".join(b'a%d="1"' % number for number in range(400_000)) + b"/>"),
    "formulas": lambda: a_sheet((b"<row>" + b"<c><f>A1</f><v>1</v></c>" * 180 + b"</row>") * 670),
    "styles": lambda: repacked(
        BOOK, {"xl/styles.xml": STYLES % (b'<xf numFmtId="%d" fontId="0"/>' * 99_000 % tuple(range(99_000)))}
    ),
    "too_many_styles": lambda: repacked(BOOK, {"xl/styles.xml": STYLES % (b'<xf numFmtId="1"/>' * 110_000)}),
    "strings": lambda: with_strings(SST + b"".join(b"<si><t>%d</t></si>" % one for one in range(180_000)) + b"</sst>"),
    "one_string_often": lambda: with_strings(
        SST + b"<si><t>" + random.Random(2).randbytes(9_000_000).hex().encode() + b"</t></si></sst>",
        a_sheet((b"<row>" + b'<c t="s"><v>0</v></c>' * 90 + b"</row>") * 400),
    ),
    "entities": lambda: with_strings(b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><sst>&b;</sst>'),
    "utf16": lambda: repacked(
        BOOK, {"xl/workbook.xml": '<?xml version="1.0" encoding="utf-16"?><x/>'.encode("utf-16")}
    ),
    "same_sheet_often": lambda: repacked(
        BOOK, {"xl/workbook.xml": b"<workbook>" + b'<sheet name="A" sheetId="1" id="rId1"/>' * 10_000 + b"</workbook>"}
    ),
    "entries": lambda: a_zip(*((f"xl/{number}.xml", b"<x/>") for number in range(3_000))),
    "commas": lambda: b"Title,Start" + b"," * 15_000_000,
    "wide_rows": lambda: b"Title,Start\n" + (b"," * 190 + b"\n") * 19_000,
    "filled": lambda: b"Title,Start\n" + (b"1," * 190 + b"\n") * 19_000,
    "quotes": lambda: b"Title,Start\n" + b'"",""\n' * 2_000_000,
    "open_quotes": lambda: b"Title,Start\n" + b'"' * 15_000_001,
    "one_line": lambda: b"x" * 15_000_000,
    "line_ends": lambda: b"Title,Start" + b"\r" * 15_000_000,
    "times": lambda: b"Title,Start\n" + b",".join([b"9:00"] * 190) + b"\n" + b",".join([b"1/1/2024"] * 190) * 1_000,
    "people": lambda: b"Title,Start,Speakers\n" + (b'A,2024-01-02 9:00,"' + b"A B," * 2_400 + b'"\n') * 2_000,
    "brackets": lambda: b"Title,Start,Speakers\n" + (b'A,2024-01-02 9:00,"' + b"(," * 4_900 + b'"\n') * 2_000,
    "people_and_affiliations": lambda: (
        b"Title,Start,Speakers\n" + (b'A,2024-01-02 9:00,"' + b"A B (C," * 1_400 + b'"\n') * 2_000
    ),
    "html": lambda: b"Title,Start,Abstract\n" + (b'A,2024-01-02 9:00,"' + b"<p><ul><li>" * 9_000 + b'"\n') * 100,
    "dashes": lambda: b"Title,Start\n" + (b"A," + b"1-" * 59 + b"\n") * 19_000,
    "long_dates": lambda: b"Title,Start\n" + (b"A," + b"4 may " * 19 + b"\n") * 19_000,
    "headers": lambda: (b",".join(b"Start%d End Date Time Title Room" % number for number in range(190)) + b"\n") * 900,
    "numbers": lambda: b"Title,Start\n" + b"A," + b"9" * 100_000 + b"\nB,9" * 2 + b"\n",
}


@pytest.mark.slow
@pytest.mark.parametrize("name", BOMBS)
def test_no_bomb_goes_off(name: str) -> None:
    data = BOMBS[name]()
    with no_hang(60), suppress(BadProgramme):
        sound(read(data, time_zone=ZONE))


ODD_CELLS = [
    *("", "=1+1", "9:00", "24:00", "99:99", "9-", "-9", "noon", "2024-02-30", "31/04/2024", "29/02", "0/0/0", "45264"),
    *("0.99999", "1e5", "NaN", "a@b.org", "mailto:a@b.org", "<p>a@b.org</p>", '"', "'", "Monday", "4–8 December 2023"),
    *("\u202e9:00", "٠٩:٠٠", "９：３０", "²", "Ⅸ", "9:00 a", "9:00 z", "9:00 +99:99", "2024-03-31 02:30", "0000-00-00"),
    *("9999-12-31 23:59", "2199-12-31 23:00", "1900-01-01 0:00", "Title", "Start", "A; B", "x" * 130, "\x00", "\ud7ff"),
    *("_x000D_", "1:00–0:00"),
]  # fmt: skip


@st.composite
def damaged(draw: st.DrawFn, bases: list[bytes]) -> bytes:
    """A table with lines and cells dropped, moved or replaced, and bytes changed, put in or cut off."""
    lines = draw(st.sampled_from(bases)).split(b"\n")
    for _ in range(draw(st.integers(1, 8))):
        here, there = draw(st.integers(0, len(lines) - 1)), draw(st.integers(0, len(lines) - 1))
        match draw(st.integers(0, 5)):
            case 0:
                lines[here : here + 1] = []
            case 1:
                lines[here:here] = [lines[there]]
            case 2:
                lines[here], lines[there] = lines[there], lines[here]
            case 3:
                place = draw(st.integers(0, len(lines[here])))
                lines[here] = lines[here][:place] + draw(st.binary(max_size=4)) + lines[here][place + 1 :]
            case _:
                cells = re.split(rb"([,;])", lines[here])
                cells[draw(st.integers(0, len(cells) // 2)) * 2] = draw(st.sampled_from(ODD_CELLS)).encode()
                lines[here] = b"".join(cells)
        lines = lines or [b""]
    data = b"\n".join(lines)
    return data[: draw(st.integers(0, len(data)))] if draw(st.integers(0, 9)) == 0 else data


OWN = [path.read_bytes() for path in sorted(SAMPLES.glob("*.csv"))]


@randomised
@given(damaged(OWN))
def test_damaged_samples(data: bytes) -> None:
    with no_hang():
        read_or_refused(data)


@randomised
@given(st.lists(st.tuples(*[st.sampled_from(ODD_CELLS) | st.text(max_size=20)] * 5), max_size=8))
@example([("A", "2024-01-02", "9:00", "10:00", "")])
def test_any_cells(rows: list[tuple[str, ...]]) -> None:
    text = io.StringIO()
    csv.writer(text).writerows([("Title", "Day", "Start", "End", "Duration"), *rows])
    with no_hang():
        read_or_refused(text.getvalue().encode("utf-8", "replace"), Columns(title=0, day=1, start=2, end=3, duration=4))


@randomised
@given(st.binary(max_size=300))
def test_any_bytes(data: bytes) -> None:
    with no_hang():
        read_or_refused(data)
        read_or_refused(b"Title,Start\n" + data, Columns(title=0, start=1))


@randomised
@given(st.data())
def test_damaged_workbooks(data: st.DataObject) -> None:
    """Bytes of the archive, and of the XML inside it."""
    with zipfile.ZipFile(io.BytesIO(BOOK)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = data.draw(st.sampled_from(sorted(parts)))
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(parts[name])))
        length = data.draw(st.integers(0, 12))
        odd = data.draw(st.sampled_from([b"", b"9" * 20, b"-1", b"x", b"A1", b"<c/>", b'"', b"</row>"]))
        parts[name] = parts[name][:place] + odd + parts[name][place + length :]
    with no_hang():
        read_or_refused(a_zip(*parts.items()))
    place = data.draw(st.integers(0, len(BOOK) - 1))
    with no_hang():
        read_or_refused(BOOK[:place] + data.draw(st.binary(max_size=4)) + BOOK[place + 2 :])


# Real files


HOSTILE = sorted(path for folder in ("csv", "office") for path in (FIELD / "hostile" / folder).glob("*"))
needs_field = pytest.mark.skipif(not HOSTILE, reason="the folder of real files is not here (FIELD_FILES)")


@needs_field
def test_a_real_csv_file() -> None:
    data = (FIELD / "programmes" / "fosdem_2024.events.csv").read_bytes()
    assert recognises(data)
    made = read(data, time_zone="Europe/Brussels")
    sound(made)
    assert (len(made.sessions), made.unreadable) == (806, ())
    assert Counter(one.starts_at.date() for one in made.sessions) == {date(2024, 2, 3): 397, date(2024, 2, 4): 409}
    assert {one.room for one in made.sessions} == {""}
    assert made.sessions[0] == SessionDraft(
        title="Welcome to FOSDEM 2024",
        starts_at=at("2024-02-03T08:30"),
        ends_at=at("2024-02-03T08:55"),
        description="FOSDEM welcome and opening talk.",
        source_uid="3023",
    )
    assert len({one.source_uid for one in made.sessions}) == 806
    assert max(one.ends_at - one.starts_at for one in made.sessions) == timedelta(hours=2)
    assert not any(re.search(r"</?(?:p|ul|li|strong|a)\b", one.description) for one in made.sessions)


@needs_field
def test_a_real_workbook() -> None:
    data = (FIELD / "programmes" / "ieee_rt_2024.program.xlsx").read_bytes()
    assert recognises(data)
    made = read(data, time_zone="Asia/Ho_Chi_Minh")
    sound(made)
    assert table(data).sheet == "Program"  # the two others list posters, without any time
    assert [(one.title, one.starts_at, one.ends_at, one.room, one.source_uid) for one in made.sessions] == [
        ("Poster B", at("2026-04-06T23:00"), at("2026-04-07T04:59"), "", "10708"),
        ("Poster A", at("2026-04-07T05:00"), at("2026-04-07T12:00"), "", "10706"),
    ]
    assert [(one.line, why(one).split(";")[0]) for one in made.unreadable] == [
        (2, "Dates such as “07/04/2026 6:00” can be read in two ways")
    ]


@needs_field
@pytest.mark.parametrize("name", ["schedule", "schedule_updated", "schedule_updated2"])
def test_a_real_list_of_papers_has_no_times(name: str) -> None:
    data = (FIELD / "programmes" / f"3dv_2025.{name}.csv").read_bytes()
    assert recognises(data)
    assert len(table(data).rows) == 142
    assert read_or_refused(data) == "No column tells when sessions start. Choose it."


@needs_field
def test_a_real_collection_of_sessions() -> None:
    made = read((FIELD / "programmes" / "policy_events_facts.csv").read_bytes(), time_zone="UTC")
    sound(made)
    assert (len(made.sessions), len({one.starts_at.date() for one in made.sessions})) == (19, 13)
    assert sorted({one.room for one in made.sessions}) == [
        *("", "IGF Village Stage", "Plenary Hall", "Session 36", "Workshop Room 3")
    ]
    assert [(one.line, why(one).split(".")[0]) for one in made.unreadable] == [
        (line, "This row does not say when it starts") for line in (14, 15, 16)
    ]


@needs_field
@pytest.mark.parametrize("path", HOSTILE, ids=lambda path: path.name)
def test_hostile_files(path: Path) -> None:
    with no_hang():
        assert isinstance(read_or_refused(path.read_bytes()), str)
    assert not recognises(path.read_bytes())


@needs_field
@randomised
@given(st.data())
def test_damaged_real_files(data: st.DataObject) -> None:
    names = ["policy_events_facts.csv", "3dv_2025.schedule.csv", "fosdem_2024.events.csv"]
    bases = [(FIELD / "programmes" / name).read_bytes()[:20_000] for name in names]
    with no_hang():
        read_or_refused(data.draw(damaged(bases)))
