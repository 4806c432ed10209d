"""Programmes of frab and pretalx, as XML and as JSON: as they really come, odd, broken, and those that mean harm."""

import copy
import json
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from types import ModuleType
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import pytest
from conftest import SCALE
from field import FIELD
from hanging import no_hang
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sources import drafts
from sources.drafts import at, randomised, why

from reporter.rules.errors import BadProgramme, Refused
from reporter.sources import schedule_json, schedule_xml
from reporter.sources.draft import (
    MAX_BYTES,
    MAX_SESSIONS,
    UNTITLED,
    ProgrammeDraft,
    SessionDraft,
    SpeakerDraft,
)
from reporter.sources.ical_file import MAX_UID
from reporter.sources.schedule import MAX_TAGS
from reporter.sources.schedule_json import MAX_PARTS
from reporter.sources.schedule_times import duration
from reporter.sources.schedule_words import MAX_KEYWORDS
from reporter.sources.words import MAX_SPEAKERS

ZONE = "Europe/Zurich"
SAMPLES = Path(__file__).parent / "samples"
DAY = {"date": "2024-01-02"}


def sample(name: str) -> bytes:
    return (SAMPLES / name).read_bytes()


def as_json(*entries: object, day: dict[str, Any] = DAY, **conference: object) -> bytes:
    days = [{**day, "rooms": {"Room 1": list(entries)}}]
    return json.dumps({"schedule": {"conference": {"title": "Week", **conference, "days": days}}}).encode()


def as_xml(*entries: str, day: dict[str, Any] = DAY, conference: str = "") -> bytes:
    said = " ".join(f"{name}={quoteattr(value)}" for name, value in day.items())
    return (
        f"<schedule><conference><title>Week</title>{conference}</conference>"
        f"<day {said}><room name='Room 1'>{''.join(entries)}</room></day></schedule>"
    ).encode()


def the_one(says: dict[str, Any], day: dict[str, Any] = DAY, **conference: Any) -> SessionDraft:
    """The only session of a programme whose only entry says this; in XML and JSON it is the same."""
    says = {"title": "A session", "start": "10:00", **says}
    draft = schedule_json.read(as_json(says, day=day, **conference), time_zone=ZONE)
    sound(draft)
    assert (len(draft.sessions), draft.unreadable) == (1, ())
    if all(isinstance(value, str) for value in says.values()):
        event = "".join(f"<{name}>{escape(value)}</{name}>" for name, value in says.items())
        told = "".join(f"<{name}>{escape(value)}</{name}>" for name, value in conference.items())
        data = as_xml(f"<event>{event}</event>", day=day, conference=told)
        assert schedule_xml.read(data, time_zone=ZONE) == draft
    return draft.sessions[0]


def sound(made: ProgrammeDraft) -> None:
    """What holds of every draft; JSON has no lines."""
    drafts.sound(made, first_line=0)


def read_or_refused(reader: ModuleType, data: bytes) -> ProgrammeDraft | str:
    """The same answer twice: a sound draft, or a refusal in one sentence."""
    answers: list[ProgrammeDraft | str] = []
    for _ in range(2):
        assert isinstance(reader.recognises(data), bool)
        try:
            answers.append(reader.read(data, time_zone=ZONE))
        except BadProgramme as refusal:
            answers.append(str(refusal))
    assert answers[0] == answers[1]
    if isinstance(answers[0], ProgrammeDraft):
        sound(answers[0])
        assert answers[0].sessions or answers[0].unreadable
    else:
        assert answers[0].endswith(".")
        assert "%(" not in answers[0]
    return answers[0]


# A whole file


def test_a_programme_of_two_days_in_xml() -> None:
    made = schedule_xml.read(sample("two_days.schedule.xml"), time_zone=ZONE)
    sound(made)
    assert made == ProgrammeDraft(
        name="Trade & Data Week 2023",
        sessions=(
            SessionDraft(
                title="Opening: who governs cross-border data, and how?",
                starts_at=at("2023-12-04T06:00"),
                ends_at=at("2023-12-04T07:30"),
                room="Room XVII",
                track="Plenary",
                description="A debate\n\nOn data flows, trust & development.\n\n- One\n- Two\n\n"
                "Questions to [e-mail removed] please.",
                speakers=(SpeakerDraft("Amina Diallo"), SpeakerDraft("Jean-Pierre Müller", "UNCTAD")),
                keywords=("data flows", "trust"),
                source_uid="11111111-aaaa-4bbb-8ccc-000000000001",
            ),
            SessionDraft(
                title="After midnight",
                starts_at=at("2023-12-04T21:30"),
                ends_at=at("2023-12-04T22:15"),
                room="Room XVII / Room XVIII",
                cancelled=True,
                source_uid="2",
            ),
            SessionDraft(
                title="No duration, no offset",
                starts_at=at("2023-12-04T11:00"),
                ends_at=at("2023-12-04T11:00"),
                room="Room XXVI",
                source_uid="twice",
            ),
            SessionDraft(
                title="Émission d’ouverture à Genève",
                starts_at=at("2023-12-05T13:15"),
                ends_at=at("2023-12-05T14:00"),
                room="Room XXVI",
                description="First paragraph bold.\n\nSecond.",
                source_uid="twice",
            ),
        ),
    )


def test_a_programme_by_rooms_in_json() -> None:
    made = schedule_json.read(sample("rooms.schedule.json"), time_zone=ZONE)
    sound(made)
    assert made.name == "Trade & Data Week 2023"
    assert made.sessions == (
        SessionDraft(
            title="Opening: who governs cross-border data, and how?",
            starts_at=at("2023-12-04T09:00"),
            ends_at=at("2023-12-04T10:30"),
            room="Room XVII",
            track="Plenary",
            description="On data flows.\n\n**Trust** and development. Write to [e-mail removed].",
            speakers=(
                SpeakerDraft("Amina Diallo (UNCTAD)"),
                SpeakerDraft("Jean-Pierre Müller", "ITC"),
                SpeakerDraft("Li Wang"),
            ),
            source_uid="11111111-aaaa-4bbb-8ccc-000000000001",
        ),
        SessionDraft(
            title="Le soir",
            starts_at=at("2023-12-05T23:15"),
            ends_at=at("2023-12-06T00:00"),
            room="Room XXVI",
            track="Evening",
            speakers=(SpeakerDraft("Amina Diallo"), SpeakerDraft("Li Wang")),
            source_uid="2",
        ),
    )
    assert [(one.line, one.uid, why(one).split(".")[0]) for one in made.unreadable] == [
        (0, "", "“a note” stands where a session is expected"),
        (0, "3", "This entry has no start"),
    ]


def test_submissions_filed_by_date_time_and_room() -> None:
    made = schedule_json.read(sample("slots.schedule.json"), time_zone=ZONE)
    sound(made)
    first, second = at("2025-11-01T08:00"), at("2025-11-02T08:00")
    assert made == ProgrammeDraft(
        sessions=(
            SessionDraft(
                title="Welcome",
                starts_at=at("2025-11-01T07:50"),
                ends_at=at("2025-11-01T08:35"),
                room="B003",
                track="Main",
                description="Opening.",
                speakers=(SpeakerDraft("Amina Diallo"),),
                keywords=("data flows", "trust"),
                source_uid="AAAAAA",
            ),
            # A submission of two slots is filed twice, both times with both, and means two sessions.
            SessionDraft("Sprint", first, first + timedelta(hours=7), "B316", cancelled=True, source_uid="BBBBBB"),
            SessionDraft("Sprint", second, second + timedelta(hours=1), "B316", cancelled=True, source_uid="BBBBBB"),
        )
    )


def test_each_broken_entry_is_named_and_costs_only_itself() -> None:
    made = schedule_xml.read(sample("broken.schedule.xml"), time_zone=ZONE)
    assert [(one.title, one.starts_at) for one in made.sessions] == [
        ("Good one", at("2024-01-02T09:00")),
        (UNTITLED, at("2024-01-02T10:00")),
        ("Good two", at("2024-01-03T09:00")),
    ]
    assert [(one.line, one.uid, why(one).split(".")[0]) for one in made.unreadable] == [
        (0, "", "The time zone “Mars/Olympus_Mons” is unknown; times in it were read in the event's own zone"),
        (6, "untitled", "This entry has no title; it was taken over without"),
        (7, "no-start", "This entry has no start"),
        (8, "bad-date", "“next Tuesday” cannot be read as a date and time"),
        (9, "Only a title", "“25 o'clock” cannot be read as a date and time"),
        (10, "bad-duration", "“an hour” cannot be read as a duration"),
        (11, "backwards", "This entry ends before it starts"),
        (15, "no-day", "This entry and its day have no date"),
    ]


@pytest.mark.parametrize(
    "rewritten",
    [
        lambda data: data.replace(b"\n", b"\r\n"),
        lambda data: b"\xef\xbb\xbf" + data,
        lambda data: data.decode().replace('"utf-8"', '"utf-16"').encode("utf-16"),
        lambda data: data.decode().replace('"utf-8"', '"iso-8859-15"').replace("’", "&#8217;").encode("iso-8859-15"),
        lambda data: data.replace(b"?>", b"?><!-- <event> -->"),
        lambda data: (
            data.replace(b"<", b"<s:").replace(b"<s:/", b"</s:").replace(b"<s:?", b"<?").replace(b"<s:!", b"<!")
        ),
    ],
    ids=["crlf", "bom", "utf16", "latin9", "comment", "prefix"],
)
def test_encodings_of_xml_make_no_difference(rewritten: Callable[[bytes], bytes]) -> None:
    data = sample("two_days.schedule.xml")
    assert rewritten(data) != data
    assert schedule_xml.recognises(rewritten(data))
    assert schedule_xml.read(rewritten(data), time_zone=ZONE) == schedule_xml.read(data, time_zone=ZONE)


def test_empty_lines_before_the_xml_are_counted() -> None:
    data = b"\n\n" + sample("broken.schedule.xml")
    assert [one.line for one in schedule_xml.read(data, time_zone=ZONE).unreadable] == [0, 8, 9, 10, 11, 12, 13, 17]
    assert "line 4, column 3." in str(read_or_refused(schedule_xml, b"\n\n<schedule>\n</a>"))


@pytest.mark.parametrize("name", ["rooms.schedule.json", "slots.schedule.json"])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-be", "utf-32", "cp1252"])
def test_encodings_of_json_make_no_difference(name: str, encoding: str) -> None:
    data = sample(name)
    assert schedule_json.recognises(data.decode().encode(encoding))
    assert schedule_json.read(data.decode().encode(encoding), time_zone=ZONE) == schedule_json.read(
        data, time_zone=ZONE
    )


def test_each_reader_recognises_its_own() -> None:
    for path in SAMPLES.iterdir():
        asked = (schedule_xml.recognises(path.read_bytes()), schedule_json.recognises(path.read_bytes()))
        assert asked == (path.name.endswith(".schedule.xml"), path.name.endswith(".schedule.json")), path
    for data in (b"", b"<", b"<?xml", b"{", b"<html><schedule>", b'{"days": []}', b'["schedule"]', b"<scheduled>"):
        assert not schedule_xml.recognises(data)
        assert not schedule_json.recognises(data)


ENTRY = {"title": "A session", "start": "10:00"}
EVENT = "<event><title>A session</title><start>10:00</start></event>"


@pytest.mark.parametrize(
    ("reader", "data", "sentence"),
    [
        (schedule_xml, b"", "This file is empty"),
        (schedule_json, b" \r\n\t\n\0", "This file is empty"),
        (schedule_xml, b"\xef\xbb\xbf", "This file is empty"),
        (schedule_xml, b"{}", "This is not the XML of a programme"),
        (schedule_xml, b"<a/>", "This is not the XML of a programme"),
        (schedule_xml, b"<html><schedule/></html>", "This is a web page"),
        (schedule_xml, b"<!DOCTYPE html><html></html>", "This is a web page"),
        (schedule_xml, b"<!DOCTYPE schedule><schedule/>", "This file has a document type"),
        (schedule_xml, b"<schedule>\n <day>&nbsp;</day></schedule>", "The XML breaks in line 2, column 7"),
        (schedule_xml, as_xml(EVENT)[:-20], "The XML breaks in line 1, column 1"),
        (
            schedule_xml,
            b"<?xml version='1.0' encoding='utf-8'?>\n<schedule>\xe9</schedule>",
            "The XML breaks in line 2",
        ),
        (schedule_xml, b"<?xml version='1.0' encoding='klingon'?><schedule/>", "The "),
        (schedule_xml, b"<?xml version='1.0' encoding='utf-7'?><schedule/>", "The encoding that this XML names"),
        (schedule_xml, b"<schedule/>", "This programme has no sessions"),
        (schedule_xml, as_xml(), "This programme has no sessions"),
        (schedule_xml, as_xml(EVENT * (MAX_SESSIONS + 1)), "This programme has more than 5000 sessions"),
        (schedule_xml, as_xml(EVENT * (MAX_SESSIONS + 2)), "This programme has more than 5000 sessions"),
        (schedule_xml, b"<schedule>" + b"<a>" * MAX_TAGS, "This file has too many parts"),
        (schedule_xml, ("<schedule>" + "<a>" * MAX_TAGS).encode("utf-16"), "This file has too many parts"),
        (schedule_xml, "<schedule/>".encode("cp037"), "This is not the XML of a programme"),
        (schedule_xml, as_xml(EVENT) + b"\n" * MAX_BYTES, "This file is larger than 20 MB"),
        (schedule_json, b"PK\x03\x04", "This is not the JSON of a programme"),
        (schedule_json, b"[1]", "This is not the JSON of a programme"),
        (schedule_json, b"{}", "This is not the JSON of a programme"),
        (schedule_json, b'{"schedule": 1}', "This is not the JSON of a programme"),
        (schedule_json, b'{"schedule": {}}', "This is not the JSON of a programme"),
        (schedule_json, b'{"schedule": {"conference": []}}', "This is not the JSON of a programme"),
        (schedule_json, b'{"schedule": {"conference": {"days": 4}}}', "This is not the JSON of a programme"),
        (schedule_json, b'{"schedule": []}', "This programme has no sessions"),
        (schedule_json, as_json(), "This programme has no sessions"),
        (schedule_json, b'{"schedule": {\n  "a": }}', "The JSON breaks in line 2, column 8"),
        (schedule_json, as_json(ENTRY)[:-1], "The JSON breaks in line 1"),
        (schedule_json, b'{"schedule": ' + b"[" * 9_000, "This JSON is nested too deeply"),
        (schedule_json, b'{"schedule": ' + b"[" * MAX_PARTS, "This file has too many parts"),
        (schedule_json, as_json(*[ENTRY] * (MAX_SESSIONS + 1)), "This programme has more than 5000 sessions"),
        (schedule_json, as_json(ENTRY) + b"\n" * MAX_BYTES, "This file is larger than 20 MB"),
    ],
)
def test_what_is_refused(reader: ModuleType, data: bytes, sentence: str) -> None:
    answer = read_or_refused(reader, data)
    assert isinstance(answer, str)
    assert answer.startswith(sentence)


def test_as_many_sessions_as_are_possible() -> None:
    assert len(schedule_xml.read(as_xml(EVENT * MAX_SESSIONS), time_zone=ZONE).sessions) == MAX_SESSIONS
    assert len(schedule_json.read(as_json(*[ENTRY] * MAX_SESSIONS), time_zone=ZONE).sessions) == MAX_SESSIONS


def test_an_unknown_zone_of_the_event_is_refused() -> None:
    with pytest.raises(Refused):
        schedule_xml.read(as_xml(EVENT), time_zone="Europe/Nowhere")
    with pytest.raises(Refused):
        schedule_json.read(as_json(ENTRY), time_zone="Europe/Nowhere")


# Times


@pytest.mark.parametrize(
    ("says", "starts", "ends"),
    [
        ({"start": "10:00"}, "2024-01-02T09:00", "2024-01-02T09:00"),
        ({"start": "10:00", "duration": "01:30"}, "2024-01-02T09:00", "2024-01-02T10:30"),
        ({"start": "10:00", "duration": "", "end": ""}, "2024-01-02T09:00", "2024-01-02T09:00"),
        ({"start": "10:00", "end": "11:15"}, "2024-01-02T09:00", "2024-01-02T10:15"),
        ({"start": "23:00", "end": "00:15"}, "2024-01-02T22:00", "2024-01-02T23:15"),
        (
            {"start": "10:00", "end": "2024-01-02T11:00:00Z", "duration": "09:00"},
            "2024-01-02T09:00",
            "2024-01-02T11:00",
        ),
        ({"date": "2024-01-02T10:00:00+03:00", "start": "10:00"}, "2024-01-02T07:00", "2024-01-02T07:00"),
        ({"date": "2024-01-02T10:00:00+03:00", "end": "11:00"}, "2024-01-02T07:00", "2024-01-02T08:00"),
        ({"date": "2024-01-02T10:00:00.000+0300", "start": "?"}, "2024-01-02T07:00", "2024-01-02T07:00"),
        ({"date": "2024-01-02 10:00", "start": ""}, "2024-01-02T09:00", "2024-01-02T09:00"),
        ({"date": "20240102T100000Z"}, "2024-01-02T10:00", "2024-01-02T10:00"),
        ({"date": "2024-07-02", "start": "10:00"}, "2024-07-02T08:00", "2024-07-02T08:00"),
        ({"date": "2024-01-02T00:00:00+01:00", "start": "10:00"}, "2024-01-02T09:00", "2024-01-02T09:00"),
        ({"date": "2024-01-02T00:00:00+01:00", "start": "00:00"}, "2024-01-01T23:00", "2024-01-01T23:00"),
        ({"date": "", "start": "2024-01-03T10:00:00+03:00"}, "2024-01-03T07:00", "2024-01-03T07:00"),
        ({"start": "9:30 am"}, "2024-01-02T08:30", "2024-01-02T08:30"),
        ({"start": "9.30PM"}, "2024-01-02T20:30", "2024-01-02T20:30"),
        ({"start": "12:15 a.m."}, "2024-01-01T23:15", "2024-01-01T23:15"),
        ({"start": "12 pm"}, "2024-01-02T11:00", "2024-01-02T11:00"),
        ({"start": "14h05"}, "2024-01-02T13:05", "2024-01-02T13:05"),
        ({"start": "10:00:60"}, "2024-01-02T09:00:59", "2024-01-02T09:00:59"),
        ({"start": "24:00"}, "2024-01-02T23:00", "2024-01-02T23:00"),
        ({"start": "25:30", "end": "26:00"}, "2024-01-03T00:30", "2024-01-03T01:00"),
        ({"start": "10:00+03:00"}, "2024-01-02T07:00", "2024-01-02T07:00"),
        # Clocks go forward at 02:00 on 31 March: what lasts two hours ends two hours later.
        ({"date": "2024-03-31T01:30", "duration": "02:00"}, "2024-03-31T00:30", "2024-03-31T02:30"),
    ],
)
def test_times(says: dict[str, Any], starts: str, ends: str) -> None:
    one = the_one(says)
    assert (one.starts_at, one.ends_at) == (at(starts), at(ends))


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("00:30", 30),
        ("1:00", 60),
        ("25:00", 1500),
        ("1:02:30", 1590),
        ("0:45:00", 45),
        ("1:30:00", 90),
        ("01:10:00", 70),
        ("45", 45),
        ("45.0", 45),
        ("90 min", 90),
        ("1h30", 90),
        ("2 hours", 120),
        ("PT45M", 45),
        ("p1dt1h", 1500),
        ("0", 0),
    ],
)
def test_durations(text: str, minutes: int) -> None:
    assert duration(text) == timedelta(minutes=minutes)


@pytest.mark.parametrize("text", ["", "x", ":", "1:", "1:2:3:4", "PT", "an hour", "9" * 100, "1.5", "-30"])
def test_what_is_no_duration(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - whatever it says, it is not shown
        duration(text)


@pytest.mark.parametrize(
    ("says", "sentence"),
    [
        ({"start": ""}, "This entry has no start"),
        ({"start": "2024-01-02"}, "This entry has no start"),
        ({"start": None}, "This entry has no start"),
        ({"start": {"a": "10:00"}}, "This entry has no start"),
        ({"start": "10"}, "“10” cannot be read as a date and time"),
        ({"start": "48:00"}, "“48:00” cannot be read"),
        ({"start": "13:00 pm"}, "“13:00 pm” cannot be read"),
        ({"date": "2024-02-30T10:00"}, "“2024-02-30T10:00” cannot be read"),
        ({"date": "1899-01-01T10:00"}, "“1899-01-01T10:00” cannot be read"),
        ({"date": "9999-12-31T23:59:59-12:00"}, "“9999-12-31T23:59:59-12:00” cannot be read"),
        ({"date": "2199-12-31T23:59:59-12:00"}, "“2199-12-31T23:59:59-12:00” cannot be read"),
        ({"date": "2024-01-02T10:00+99:00"}, "“2024-01-02T10:00+99:00” cannot be read"),
        ({"date": "desk@trade.example"}, "“” cannot be read"),
        ({"end": "2024-01-02"}, "“2024-01-02” cannot be read"),
        ({"end": "2024-01-02T08:00"}, "This entry ends before it starts"),
        ({"duration": "-PT1H"}, "This entry ends before it starts"),
        ({"duration": "999999"}, ""),
        ({"duration": "P9999999D"}, "“P9999999D” cannot be read as a duration"),
        ({"duration": "P99999999999999D"}, "“P99999999999999D” cannot be read as a duration"),
        ({"duration": "P99999D"}, "“10:00” cannot be read as a date and time"),
    ],
)
def test_times_that_cannot_be_read(says: dict[str, Any], sentence: str) -> None:
    made = schedule_json.read(as_json({"id": 7, **ENTRY, **says}), time_zone=ZONE)
    sound(made)
    assert [(one.uid, why(one).startswith(sentence)) for one in made.unreadable] == ([("7", True)] if sentence else [])
    assert len(made.sessions) == (not sentence)


NIGHT = {"date": "2024-01-02", "start": "2024-01-02T11:00:00+01:00", "end": "2024-01-03T04:00:00+01:00"}


@pytest.mark.parametrize(
    ("day", "conference", "says", "starts"),
    [
        (NIGHT, {}, {"start": "11:00"}, "2024-01-02T10:00"),
        (NIGHT, {}, {"start": "00:30"}, "2024-01-02T23:30"),
        (NIGHT, {}, {"start": "03:59"}, "2024-01-03T02:59"),
        (NIGHT, {}, {"start": "10:30"}, "2024-01-02T09:30"),  # early, rather than 23 hours late
        (NIGHT, {}, {"date": "2024-01-02", "start": "00:30"}, "2024-01-01T23:30"),
        (NIGHT, {}, {"date": "2024-01-03T00:30:00+01:00", "start": "00:30"}, "2024-01-02T23:30"),
        ({**DAY, "start": "09:00"}, {}, {"start": "00:30"}, "2024-01-02T23:30"),
        ({**DAY, "day_start": "2024-01-02T09:00:00+01:00"}, {}, {"start": "08:00"}, "2024-01-03T07:00"),
        ({**DAY, "start": "09:00", "end": "23:00"}, {}, {"start": "00:30"}, "2024-01-02T23:30"),
        (DAY, {"day_change": "06:00:00"}, {"start": "00:30"}, "2024-01-02T23:30"),
        (DAY, {}, {"start": "00:30"}, "2024-01-01T23:30"),
        ({"start": "2024-01-02T09:00:00+01:00"}, {}, {"start": "10:00"}, "2024-01-02T09:00"),
        ({**DAY, "start": "soon", "end": "later"}, {}, {"start": "10:00"}, "2024-01-02T09:00"),
        # What the file says of its zone: a name, or else the offset of its day.
        (DAY, {"time_zone_name": "Africa/Nairobi"}, {"start": "10:00"}, "2024-01-02T07:00"),
        (DAY, {"time_zone_name": "Africa/Nairobi"}, {"date": "2024-01-02T10:00"}, "2024-01-02T07:00"),
        (DAY, {"time_zone_name": "Africa/Nairobi"}, {"date": "2024-01-02T10:00Z"}, "2024-01-02T10:00"),
        (DAY, {"time_zone_name": "Tokyo Standard Time"}, {"start": "10:00"}, "2024-01-02T01:00"),
        (DAY, {"timezone": "asia/tokyo"}, {"start": "10:00"}, "2024-01-02T01:00"),
        ({**DAY, "start": "2024-01-02T09:00:00+03:00"}, {}, {"start": "10:00"}, "2024-01-02T07:00"),
        (
            {**DAY, "start": "2024-01-02T06:00:00Z"},
            {"timezone": "Africa/Nairobi"},
            {"start": "08:30"},
            "2024-01-03T05:30",
        ),
    ],
)
def test_days_and_zones(day: dict[str, str], conference: dict[str, str], says: dict[str, str], starts: str) -> None:
    assert the_one(says, day, **conference).starts_at == at(starts)


# What an entry says


@pytest.mark.parametrize(
    ("says", "title"),
    [
        ({"title": " A\n session &amp; more "}, "A session & more"),
        ({"title": "desk@trade.example: open"}, ": open"),
        ({"title": "x" * 501}, "x" * 499 + "…"),
        ({"title": {"de": "Eröffnung", "en": "Opening"}}, "Opening"),
        ({"title": {"de": "Eröffnung", "en-GB": "Opening"}}, "Opening"),
        ({"title": {"de": "Eröffnung", "en": " "}}, "Eröffnung"),
        ({"title": 12}, "12"),
        ({"title": "a\x00b\ud800\u202ec"}, "ab\u202ec"),
    ],
)
def test_titles(says: dict[str, Any], title: str) -> None:
    made = schedule_json.read(as_json({**ENTRY, **says}), time_zone=ZONE)
    assert ([one.title for one in made.sessions], made.unreadable) == ([title], ())


@pytest.mark.parametrize(
    "title", ["", None, True, [], {}, {"id": "1", "url": "x"}, {"name": {"name": {"name": {"name": {}}}}}]
)
def test_a_session_without_title_is_taken_over_and_named(title: object) -> None:
    made = schedule_json.read(as_json({**ENTRY, "title": title, "id": 5}), time_zone=ZONE)
    assert [one.title for one in made.sessions] == [UNTITLED]
    assert [(one.line, one.uid, why(one).split(";")[0]) for one in made.unreadable] == [
        (0, "5", "This entry has no title")
    ]


@pytest.mark.parametrize(
    ("says", "description"),
    [
        ({}, ""),
        ({"abstract": "One.", "description": "Two."}, "One.\n\nTwo."),
        ({"subtitle": "One", "abstract": "One and two.", "description": "One and two."}, "One and two."),
        ({"abstract": "<p>One</p><p>Two &amp; three</p>"}, "One\n\nTwo & three"),
        ({"description": "**One**\r\n\r\n- two\r- three"}, "**One**\n\n- two\n- three"),
        ({"description": "To <a href='mailto:a@b.example'>a@b.example</a>"}, "To [e-mail removed]"),
        ({"description": {"fr": "Un", "en": "One"}}, "One"),
        ({"description": ["x"], "abstract": 4}, "4"),
        ({"description": "x" * 20_001}, "x" * 19_999 + "…"),
    ],
)
def test_descriptions(says: dict[str, Any], description: str) -> None:
    assert the_one(says).description == description


@pytest.mark.parametrize(
    ("says", "room", "track"),
    [
        ({}, "Room 1", ""),
        ({"room": "Saal 2", "track": "Law"}, "Saal 2", "Law"),
        ({"room": " ", "track": " \n "}, "Room 1", ""),
        ({"room": {"name": {"de": "Saal", "en": "Hall"}}, "track": {"en": "Law"}}, "Hall", "Law"),
        ({"room": {"id": 4, "url": "https://x.example"}, "track": {"id": 4}}, "Room 1", ""),
        ({"room": ["x"], "track": False}, "Room 1", ""),
        ({"room": "x" * 201, "track": "desk@trade.example"}, "x" * 199 + "…", ""),
    ],
)
def test_rooms_and_tracks(says: dict[str, Any], room: str, track: str) -> None:
    one = the_one(says)
    assert (one.room, one.track) == (room, track)


@pytest.mark.parametrize(
    ("persons", "speakers"),
    [
        ([], []),
        (None, []),
        ([{"public_name": "Jane Doe"}, {"name": "Li Wang"}, {"full_public_name": "Jo"}], ["Jane Doe", "Li Wang", "Jo"]),
        ([{"public_name": "", "name": "Li Wang", "affiliation": "ITC"}], ["Li Wang|ITC"]),
        ([{"name": {"en": "Li Wang", "zh": "王力"}, "organisation": {"name": "ITC"}}], ["Li Wang|ITC"]),
        (["Amina Diallo", "AMINA DIALLO", "TBA", "", 7, None, ["x"]], ["Amina Diallo"]),
        (["Athena Roe (she/her)", "Wang, Li"], ["Athena Roe (she/her)", "Wang, Li"]),
        (["a@b.example", {"email": "a@b.example"}, {"name": "Li Wang <li@b.example>"}], ["Li Wang"]),
        ([{"emailHash": "abc", "code": "X", "id": 4, "biography": "x"}], []),
        ("Amina Diallo, Li Wang", ["Amina Diallo", "Li Wang"]),
        ({"person": [{"name": "Li Wang"}, "Jo Roe"]}, ["Li Wang", "Jo Roe"]),
        ({"person": {"name": "Li Wang"}}, ["Li Wang"]),
        ({"4": "Li Wang", "5": {"name": "Jo Roe"}}, ["Li Wang", "Jo Roe"]),
        ({"id": 4, "name": "Li Wang"}, ["Li Wang"]),
        ([f"Person {number}" for number in range(99)], [f"Person {number}" for number in range(MAX_SPEAKERS)]),
    ],
)  # fmt: skip
def test_speakers(persons: object, speakers: list[str]) -> None:
    for field in ("persons", "speakers"):
        one = the_one({field: persons})
        assert ["|".join((who.name, who.organisation)).rstrip("|") for who in one.speakers] == speakers


@pytest.mark.parametrize(
    ("inner", "speakers"),
    [
        ("<persons>Amina Diallo, Li Wang</persons>", ["Amina Diallo", "Li Wang"]),
        ("<persons><person/> x <person>Li Wang</person></persons>", ["Li Wang"]),
        ("<persons><person name='Li Wang'/><person name='Jo'>Jo Roe</person></persons>", ["Li Wang", "Jo"]),
        ("<persons><person><name>Li Wang</name><email>a@b.example</email></person></persons>", ["Li Wang"]),
        ("<persons></persons><persons><person>Li Wang</person></persons>", ["Li Wang"]),
    ],
)
def test_speakers_in_xml(inner: str, speakers: list[str]) -> None:
    made = schedule_xml.read(as_xml(EVENT.replace("</event>", f"{inner}</event>")), time_zone=ZONE)
    sound(made)
    assert [who.name for one in made.sessions for who in one.speakers] == speakers


@pytest.mark.parametrize(
    ("says", "uid"),
    [
        ({}, ""),
        ({"id": 12}, "12"),
        ({"id": 12, "guid": "abc"}, "abc"),
        ({"id": 12, "code": "XYZ"}, "XYZ"),
        ({"id": 12, "guid": None}, "12"),
        ({"id": 10**5000}, "1" + "0" * (MAX_UID - 2) + "…"),
        ({"id": 1.50}, "1.5"),
        ({"guid": "x" * 501}, "x" * 499 + "…"),
        ({"guid": ["x"], "id": {}}, ""),
    ],
)
def test_ids(says: dict[str, Any], uid: str) -> None:
    limit = sys.get_int_max_str_digits()
    sys.set_int_max_str_digits(0)
    try:
        data = as_json({**ENTRY, **says})
    finally:
        sys.set_int_max_str_digits(limit)
    assert [one.source_uid for one in schedule_json.read(data, time_zone=ZONE).sessions] == [uid]


@pytest.mark.parametrize(
    ("says", "cancelled"),
    [
        ({}, False),
        ({"cancelled": True}, True),
        ({"canceled": "true"}, True),
        ({"cancelled": "no", "do_not_record": True}, False),
        ({"cancelled": ["x"]}, False),
        ({"status": "Cancelled "}, True),
        ({"state": "withdrawn"}, True),
        ({"state": "confirmed"}, False),
    ],
)
def test_cancelled(says: dict[str, Any], cancelled: bool) -> None:
    assert the_one(says).cancelled is cancelled


@pytest.mark.parametrize(
    ("says", "keywords"),
    [
        ({"tags": ["a", {"tag": "b"}, {"name": {"en": "c"}}, "a", None, 4]}, ("a", "b", "c", "4")),
        ({"keywords": "a, b,,c@d.example"}, ("a", "b")),
        ({"tags": 7}, ("7",)),
        ({"tags": [str(number) for number in range(99)]}, tuple(map(str, range(MAX_KEYWORDS)))),
    ],
)
def test_keywords(says: dict[str, Any], keywords: tuple[str, ...]) -> None:
    assert the_one(says).keywords == keywords


@pytest.mark.parametrize(
    "days",
    [
        [{**DAY, "rooms": {"A": [ENTRY]}}],
        [{**DAY, "rooms": {"A": {"1": ENTRY}}}],
        [{**DAY, "rooms": [{"name": "A", "events": [ENTRY]}]}],
        [{**DAY, "rooms": [{"name": "A", "talks": {"1": ENTRY}}]}],
        [{**DAY, "room": {"A": [ENTRY]}, "index": 1}],
        [{**DAY, "events": [{**ENTRY, "room": "A"}]}],
        {"2024-01-02": {"rooms": {"A": [ENTRY]}, "index": 1}},
        {"2024-01-02": {"A": [ENTRY]}},
        {"2024-01-02": [{**ENTRY, "room": "A"}]},
        {"1": {**DAY, "rooms": {"A": [ENTRY], "B": []}}, "2": {**DAY, "rooms": None}},
    ],
)
def test_shapes_of_days_and_rooms(days: object) -> None:
    for whole in (
        {"schedule": {"conference": {"days": days}}},
        {"conference": {"days": days}},
        {"schedule": {"conference": {"title": ""}, "days": days}},
    ):
        data = json.dumps(whole).encode()
        assert schedule_json.recognises(data)
        assert schedule_json.read(data, time_zone=ZONE) == ProgrammeDraft(
            (SessionDraft("A session", at("2024-01-02T09:00"), at("2024-01-02T09:00"), "A"),)
        )


def test_what_is_no_entry_is_named() -> None:
    days = ["a day", 4, {**DAY, "rooms": {"A": ["x", True, [[[[[[[[1]]]]]]]], None, ENTRY]}}]
    data = json.dumps({"schedule": {"conference": {"days": days}}}).encode()
    made = schedule_json.read(data, time_zone=ZONE)
    assert len(made.sessions) == 1
    assert [why(one).split("”")[0] for one in made.unreadable] == ["“a day", "“4", "“x", "“…", "“…"]


def test_duplicate_keys_and_nan_do_no_harm() -> None:
    data = as_json(ENTRY).replace(b'"title": "A session"', b'"title": "First", "title": "A session", "id": NaN')
    assert schedule_json.read(data, time_zone=ZONE) == schedule_json.read(as_json(ENTRY), time_zone=ZONE)


# What means harm


opened: list[str] = []
listening = False


def _listen(what: str, arguments: tuple[object, ...]) -> None:
    if listening and (what in {"open", "os.open", "urllib.Request"} or what.startswith(("socket.", "subprocess."))):
        opened.append(f"{what} {arguments[:1]}")


sys.addaudithook(_listen)


@contextmanager
def nothing_opened() -> Iterator[None]:
    """No file, no address: what was opened meanwhile is named."""
    global listening
    schedule_xml.read(as_xml(EVENT), time_zone=ZONE)  # what Python itself looks up only once: the time zone
    opened.clear()
    listening = True
    try:
        yield
    finally:
        listening = False
    assert opened == []


def test_the_ear_hears(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("x")
    with pytest.raises(AssertionError), nothing_opened():
        (tmp_path / "a").read_text()


WRAPPED = "<schedule><day date='2024-01-02'><event><title>{}</title><start>10:00</start></event></day></schedule>"


@pytest.mark.parametrize(
    ("before", "title", "answer"),
    [
        ("<!DOCTYPE schedule [<!ENTITY e 'Inside'>]>", "&e;", "This file has a document type"),
        ("<!DOCTYPE schedule [<!ENTITY e SYSTEM '{secret}'>]>", "&e;", "This file has a document type"),
        ("<!DOCTYPE schedule [<!ENTITY % e SYSTEM '{secret}'> %e;]>", "x", "This file has a document type"),
        ("<!DOCTYPE schedule SYSTEM '{secret}'>", "x", "This file has a document type"),
        ("<!DOCTYPE schedule PUBLIC '-//x//y' '{secret}'>", "x", "This file has a document type"),
        ("<?xml-stylesheet href='{secret}'?>", "x", ""),
        ("", "x<i:include xmlns:i='http://www.w3.org/2001/XInclude' href='{secret}' parse='text'/>", ""),
        ("", "&e;", "The XML breaks in line 1"),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_no_file_of_ours_shows(tmp_path: Path, before: str, title: str, answer: str, encoding: str) -> None:
    (tmp_path / "secret").write_text("Very secret")
    address = (tmp_path / "secret").as_uri()
    data = (before + WRAPPED.format(title)).replace("{secret}", address).encode(encoding)
    with nothing_opened():
        made = read_or_refused(schedule_xml, data)
    assert made.startswith(answer) if isinstance(made, str) else not answer
    assert "Very secret" not in str(made)
    if isinstance(made, ProgrammeDraft):
        assert [one.title for one in made.sessions] == ["x"]


def elements(inside: str, *, times: int = 1) -> bytes:
    return as_xml(EVENT.replace("</event>", f"{inside}</event>") * times)


NESTED = b'{"name":' * 900 + b"1" + b"}" * 900
ROOMS = NESTED.replace(b"name", b"rooms")
LONG = {**ENTRY, "abstract": "a" * 1_900, "description": "a" * 1_800 + "b"}
MARKED = {**ENTRY, "abstract": "<p>" * 1_500_000}
# Each is made when it is its turn: together they fill half a gigabyte.
BOMBS: dict[str, tuple[ModuleType, Callable[[], bytes]]] = {
    "elements_in_each_other": (schedule_xml, lambda: b"<schedule>" + b"<a>" * 6_000_000),
    "elements_in_an_entry": (schedule_xml, lambda: elements("<description>" + "<a>" * 5_000_000)),
    "paragraphs": (schedule_xml, lambda: elements("<abstract>" + "<p>" * 490_000 + "</p>" * 490_000 + "</abstract>")),
    "instructions": (schedule_xml, lambda: b"<schedule>" + b"<?a?>" * 4_000_000 + b"</schedule>"),
    "comments": (schedule_xml, lambda: b"<schedule>" + b"<!---->" * 2_900_000 + b"</schedule>"),
    "attributes": (schedule_xml, lambda: b"<schedule " + b" ".join(b"a%d='x'" % n for n in range(1_000_000)) + b"/>"),
    "one_attribute": (schedule_xml, lambda: b"<schedule a='" + b"x" * 20_000_000 + b"'/>"),
    "one_text": (schedule_xml, lambda: elements("<description>" + "x\n" * 9_000_000 + "</description>")),
    "references": (schedule_xml, lambda: elements("<title>" + "&amp;" * 4_000_000 + "</title>")),
    "one_id": (schedule_xml, lambda: elements("<guid>" + "\u00e9" * 9_000_000 + "</guid>")),
    "persons": (schedule_xml, lambda: elements("<persons>" + "<person>A B</person>" * 400_000 + "</persons>")),
    "instructions_first": (schedule_xml, lambda: b"<?a?>" * 2_000 + b"<schedul"),
    "types_first": (schedule_xml, lambda: b"<!DOCTYPE a [" * 700 + b"<schedul"),
    "spaces_in_times": (schedule_json, lambda: as_json(*[{**ENTRY, "start": "10:00" + " " * 3_000 + "x"}] * 5_000)),
    "spaces_in_durations": (schedule_json, lambda: as_json(*[{**ENTRY, "duration": "1" + " " * 3_000 + "x"}] * 5_000)),
    "lists_in_each_other": (schedule_json, lambda: b'{"schedule": {"conference": {"days": ' + b"[" * 400_000),
    "empty_lists": (schedule_json, lambda: b'{"schedule": {"conference": {"days": [' + b"[]," * 499_000 + b"[]]}}}"),
    "objects_in_each_other": (schedule_json, lambda: b'{"schedule": {"days": [' + ROOMS + b"]}}"),
    "names_in_each_other": (schedule_json, lambda: as_json(ENTRY).replace(b'"A session"', NESTED)),
    "numbers": (schedule_json, lambda: as_json(ENTRY).replace(b'"10:00"', b"1" * 19_000_000)),
    "small_numbers": (schedule_json, lambda: as_json(ENTRY).replace(b'"10:00"', b"1e" + b"9" * 1_000_000)),
    "slots": (schedule_json, lambda: as_json({**ENTRY, "slots": [{}] * 400_000})),
    "strings": (schedule_json, lambda: as_json({**ENTRY, "persons": ["ab"] * 3_000_000})),
    "tags": (schedule_json, lambda: as_json(*[{**ENTRY, "description": "<p><ul><li>" * 66}] * 5_000)),
    "too_many_tags": (schedule_json, lambda: as_json(*[{**ENTRY, "description": "<p><ul><li>" * 300}] * 5_000)),
    "escaped_tags": (schedule_json, lambda: as_json(MARKED).replace(b"<", b"\\u003c")),
    "texts": (schedule_json, lambda: as_json(*[LONG] * 5_000)),
    "escapes": (schedule_json, lambda: as_json({**ENTRY, "description": "\ud800" * 3_000_000})),
    "dates": (schedule_json, lambda: json.dumps({"schedule": {f"{n:04}-01-01": {} for n in range(9_999)}}).encode()),
}  # fmt: skip


@pytest.mark.parametrize("name", BOMBS)
def test_no_bomb_goes_off(name: str) -> None:
    with no_hang(60):
        reader, bomb = BOMBS[name]
        read_or_refused(reader, bomb())


ODD_VALUES: list[Any] = [
    *(None, True, "", 0, -1, 1e300, float("nan"), 10**400, [], {}, [[]], [None], {"": ""}, {"en": "x"}, {"name": []}),
    *("24:00", "12 am", "2024-02-29", "2199-12-31T23:59:59Z", "1900-01-01T00:00:00", "2024-03-31T02:30:00", "x" * 600),
    *("a@b.example", "<p>a@b.example</p>", "mailto:a@b.example", "\ud800\x00\u202e", "9" * 5_000, "-1:00", "99:99:99"),
    *("P1W", "Europe/Zurich", "en", {"rooms": [{"events": [{"title": "x", "start": "1:00"}]}]}, [{"person": "A B"}]),
]
ODD_BYTES = [
    *(
        b"<event>",
        b"</event>",
        b"<day>",
        b"</day>",
        b"<room name='",
        b"<title>",
        b"</title>",
        b"<persons><person>",
        b"&#0;",
    ),
    *(
        b"&amp;",
        b"&lt;p&gt;",
        b"<![CDATA[",
        b"]]>",
        b"<!--",
        b"<?x",
        b"<!DOCTYPE a>",
        b"\xff",
        b"\xef\xbb\xbf",
        b"\0",
        b">",
    ),
    *(
        b"<start/>",
        b"<start>9:00</start>",
        b"<duration>",
        b"2024-02-29",
        b"24:00",
        b"a@b.example",
        b"{",
        b"}",
        b"[",
        b'"',
    ),
]
OWN_XML = [path.read_bytes() for path in sorted(SAMPLES.glob("*.schedule.xml"))]
OWN_JSON = [path.read_bytes() for path in sorted(SAMPLES.glob("*.schedule.json"))]


@st.composite
def damaged(draw: st.DrawFn, bases: list[bytes]) -> bytes:
    """A sample in which pieces are dropped, doubled, replaced or put in, or that breaks off."""
    data = bases[draw(st.integers(0, len(bases) - 1))]
    for _ in range(draw(st.integers(1, 4))):
        here = draw(st.integers(0, len(data)))
        there = min(len(data), here + draw(st.integers(0, 40)))
        piece = draw(st.sampled_from(ODD_BYTES) | st.binary(max_size=4) | st.just(data[here:there] * 2))
        data = data[:here] + piece + data[there:]
    return data[: draw(st.integers(0, len(data)))] if draw(st.integers(0, 9)) == 0 else data


@st.composite
def damaged_elements(draw: st.DrawFn, bases: list[bytes]) -> bytes:
    """A sample of XML that stays well-formed: values, attributes and names of elements change."""
    data = draw(st.sampled_from(bases)).decode()
    odd = st.sampled_from([escape(value) for value in ODD_VALUES if isinstance(value, str) and value.isprintable()])
    for _ in range(draw(st.integers(1, 5))):
        places = list(re.finditer(r"(?<=>)[^<>]*(?=</)|(?<=\")[^\"<>]*(?=\"[ />])", data))
        place = places[draw(st.integers(0, len(places) - 1))]
        data = data[: place.start()] + draw(odd) + data[place.end() :]
    name, other = draw(st.sampled_from(NAMES)), draw(st.sampled_from(NAMES))
    return re.sub(rf"(?<=[</]){name}\b", other, data).encode()


NAMES = [
    "title",
    "start",
    "date",
    "duration",
    "room",
    "persons",
    "person",
    "abstract",
    "description",
    "event",
    "day",
    "tags",
]


@st.composite
def damaged_values(draw: st.DrawFn, bases: list[bytes]) -> bytes:
    """A sample of JSON in which values anywhere are another value, or their place another name."""
    whole = json.loads(bases[draw(st.integers(0, len(bases) - 1))])
    for _ in range(draw(st.integers(1, 5))):
        holder = whole
        while isinstance(holder, dict | list) and holder:
            keys = list(holder) if isinstance(holder, dict) else list(range(len(holder)))
            key = draw(st.sampled_from(keys))
            if not isinstance(holder[key], dict | list) or not holder[key] or draw(st.integers(0, 5)) == 0:
                value = copy.deepcopy(draw(st.sampled_from(ODD_VALUES)) if draw(st.booleans()) else holder[key])
                if isinstance(holder, dict) and draw(st.booleans()):
                    holder[draw(st.sampled_from([*NAMES, "rooms", "slots", "days", "conference", "2024-01-01"]))] = (
                        value
                    )
                else:
                    holder[key] = value
                break
            holder = holder[key]
    return json.dumps(whole).encode()


@randomised
@given(damaged(OWN_XML) | damaged_elements(OWN_XML))
def test_damaged_xml(data: bytes) -> None:
    with no_hang():
        read_or_refused(schedule_xml, data)


@randomised
@given(damaged(OWN_JSON) | damaged_values(OWN_JSON))
@example(b'{"schedule": {"conference": {"days": {"": {"title": "x"}}}}}')
def test_damaged_json(data: bytes) -> None:
    with no_hang():
        read_or_refused(schedule_json, data)


@randomised
@given(
    st.binary(max_size=300), st.sampled_from([b"", b"<schedule>", b'{"schedule":', b"\xff\xfe", b"\xfe\xff", b"\0<"])
)
def test_any_bytes(data: bytes, before: bytes) -> None:
    for reader in (schedule_xml, schedule_json):
        with no_hang():
            read_or_refused(reader, before + data)


# Real files


HOSTILE = sorted((FIELD / "hostile" / "xml").rglob("*.xml"))
needs_field = pytest.mark.skipif(not HOSTILE, reason="the folder of real files is not here (FIELD_FILES)")


@needs_field
@pytest.mark.parametrize(
    ("name", "title", "sessions", "days", "rooms", "tracks", "speakers", "first"),
    [
        ("ccc_31c3_2014.frab.schedule.xml", "31. Chaos Communication Congress", 138, 4, 4, 8, 211, date(2014, 12, 27)),
        ("fosdem_2025.schedule.xml", "FOSDEM 2025", 1105, 2, 35, 78, 1454, date(2025, 2, 1)),
        ("ccc_camp2019.frab.schedule.json", "Chaos Communication Camp 2019", 79, 5, 2, 7, 96, date(2019, 8, 21)),
        ("ccc_rc3_2020.pretalx.schedule.json", "rC3 Channels", 48, 4, 5, 5, 57, date(2020, 12, 27)),
        ("pyconfr_2025.pretalx.schedule.json", "", 75, 2, 8, 0, 91, date(2025, 11, 1)),
    ],
)
def test_real_programmes(
    name: str, title: str, sessions: int, days: int, rooms: int, tracks: int, speakers: int, first: date
) -> None:
    data = (FIELD / "programmes" / name).read_bytes()
    reader = schedule_xml if name.endswith("xml") else schedule_json
    made = reader.read(data, time_zone="Africa/Nairobi")  # every time in them has its offset
    sound(made)
    assert made == reader.read(data, time_zone="America/New_York")
    assert (made.name, len(made.sessions), made.unreadable) == (title, sessions, ())
    # By the clocks there, all of them an hour ahead in winter; a day there begins at 04:00.
    assert len({(one.starts_at - timedelta(hours=3)).date() for one in made.sessions}) == days
    assert min(one.starts_at for one in made.sessions).date() == first
    assert len({one.room for one in made.sessions}) == rooms
    assert len({one.track for one in made.sessions} - {""}) == tracks
    assert len({one.source_uid for one in made.sessions}) == sessions
    assert sum(len(one.speakers) for one in made.sessions) == speakers
    assert all(one.ends_at > one.starts_at for one in made.sessions)
    assert not any(re.search(r"</?(?:p|ul|li|strong|a)\b", one.description) for one in made.sessions)


@needs_field
def test_each_reader_recognises_the_real_files_of_its_own() -> None:
    files = [path for path in sorted((FIELD / "programmes").rglob("*")) if path.is_file()]
    for reader, end, count in ((schedule_xml, ".schedule.xml", 2), (schedule_json, ".schedule.json", 3)):
        found = [path.name for path in files if reader.recognises(path.read_bytes())]
        assert found == [path.name for path in files if path.name.endswith(end)]
        assert len(found) == count


@needs_field
def test_a_night_of_a_real_programme() -> None:
    data = (FIELD / "programmes" / "ccc_31c3_2014.frab.schedule.xml").read_bytes()
    made = schedule_xml.read(data, time_zone=ZONE)
    undated = schedule_xml.read(re.sub(rb"<date>[^<]*</date>", b"", data), time_zone="Africa/Nairobi")
    assert undated == made  # the days alone give every session its moment, those after midnight too
    assert sum(one.starts_at.hour == 23 and one.starts_at.minute in {0, 15} for one in made.sessions) == 4


@needs_field
@pytest.mark.parametrize("path", HOSTILE, ids=lambda path: path.name)
def test_hostile_files(path: Path) -> None:
    data = path.read_bytes()
    as_programme = re.sub(rb"(?<=[</])(?:bomb|root|html)\b", b"schedule", data)
    for one in (data, as_programme):
        with no_hang(), nothing_opened():
            answer = read_or_refused(schedule_xml, one)
        assert isinstance(answer, str)
        assert answer.startswith(("This file has a document type", "This is a web page"))


REAL_JSON = [path.read_bytes() for path in sorted((FIELD / "programmes").glob("ccc_*.schedule.json"))]
REAL_XML = [path.read_bytes() for path in [*HOSTILE, *(FIELD / "programmes").glob("ccc_*.schedule.xml")]]


@needs_field
@settings(randomised, max_examples=max(10, int(50 * SCALE)))
@given(st.data())
def test_damaged_real_files(data: st.DataObject) -> None:
    with no_hang():
        if data.draw(st.booleans()):
            read_or_refused(schedule_json, data.draw(damaged_values(REAL_JSON)))
        else:
            read_or_refused(schedule_xml, data.draw(damaged(REAL_XML)))
