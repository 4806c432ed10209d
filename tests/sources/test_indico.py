"""Exports of Indico in all their shapes, with parts missing, of other kinds, and such as mean harm."""

import json
import random
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from conftest import SCALE
from field import FIELD
from hanging import no_hang
from hypothesis import given
from hypothesis import strategies as st
from sources import drafts
from sources.drafts import at, randomised, why

from reporter.rules.errors import BadProgramme, Refused
from reporter.sources import indico
from reporter.sources.draft import (
    MAX_BYTES,
    MAX_DESCRIPTION,
    MAX_SESSIONS,
    UNTITLED,
    ProgrammeDraft,
    SessionDraft,
    SpeakerDraft,
)
from reporter.sources.indico import MAX_KEYWORDS
from reporter.sources.words import MAX_SPEAKERS

ZONE = "Europe/Zurich"
SAMPLES = Path(__file__).parent / "samples"
TIMETABLE, EVENT = SAMPLES / "indico_timetable.json", SAMPLES / "indico_event.json"
PROGRAMMES = FIELD / "programmes"

Json = dict[str, object]


def when(date: str, time: str = "10:00:00", tz: str | None = "UTC") -> Json:
    return {"date": date, "time": time, "tz": tz}


def entry(**fields: object) -> Json:
    """A contribution with an id, a title and times, unless `fields` say others."""
    usual = {
        "id": "c1",
        "title": "A session",
        "startDate": when("2024-01-02"),
        "endDate": when("2024-01-02", "11:00:00"),
    }
    return {**usual, **fields}


def slot(*below: Json, **fields: object) -> Json:
    """A slot of a timetable with these contributions and breaks."""
    entries = {f"k{number}": one for number, one in enumerate(below)}
    return entry(**{"id": "s1", "entryType": "Session", "title": "Slot", "entries": entries, **fields})


def timetable(*entries: object) -> bytes:
    return json.dumps({"results": {"1": {"20240102": {f"k{n}": one for n, one in enumerate(entries)}}}}).encode()


def event(*papers: object, sessions: object = (), **fields: object) -> bytes:
    one = {"title": "Week", "contributions": papers, "sessions": sessions, **fields}
    return json.dumps({"results": [one], "_type": "HTTPAPIResult"}).encode()


def read(data: bytes) -> ProgrammeDraft:
    made = indico.read(data, time_zone=ZONE)
    sound(made)
    return made


def the_one(**fields: object) -> SessionDraft:
    """The only session of a timetable whose only entry has these fields; everything could be read."""
    made = read(timetable(entry(**fields)))
    assert (len(made.sessions), made.unreadable) == (1, ())
    return made.sessions[0]


def sound(made: ProgrammeDraft) -> None:
    """What holds of every draft of an export, which has no lines."""
    drafts.sound(made, first_line=0)
    assert made.sessions or made.unreadable
    assert {problem.line for problem in made.unreadable} <= {0}
    assert all(one.source_uid.isprintable() for one in made.sessions)


def read_or_refused(data: bytes) -> ProgrammeDraft | str:
    """The same answer twice: a sound draft, or a refusal in one sentence."""
    answers: list[ProgrammeDraft | str] = []
    indico.recognises(data)
    for _ in range(2):
        try:
            answers.append(indico.read(data, time_zone=ZONE))
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


PAPER = SessionDraft(
    title="Who pays duties on data & code?",
    starts_at=at("2023-12-04T08:00"),
    ends_at=at("2023-12-04T08:20"),
    room="Salle XVII",
    track="Digital trade",
    source_uid="c901",
)


def test_a_timetable() -> None:
    assert read(TIMETABLE.read_bytes()) == ProgrammeDraft(
        sessions=(
            SessionDraft(
                title=PAPER.title,
                starts_at=PAPER.starts_at,
                ends_at=PAPER.ends_at,
                room="Salle XVII",
                track="Digital trade",
                description="Write to [e-mail removed].\n\n- One\n- Two",
                speakers=(SpeakerDraft("Li Wang", "Institute (East)"),),
                source_uid="c901",
            ),
            SessionDraft(
                title="Coffee",
                starts_at=at("2023-12-04T08:20"),
                ends_at=at("2023-12-04T08:30"),
                room="Bar",
                source_uid="b503",
            ),
            SessionDraft(
                title="Posters",
                starts_at=at("2023-12-04T13:00"),
                ends_at=at("2023-12-04T14:00"),
                room="Foyer",
                description="Walk around.\n\n- Poster one (Ana Roe, Bo Roe)\n- Poster two",
                source_uid="s32",
            ),
            SessionDraft(
                title="Late session",
                starts_at=at("2023-12-04T21:30"),
                ends_at=at("2023-12-05T00:00"),
                room="Bar",
                speakers=(SpeakerDraft("John Roe", "Radio", "Convener"),),
                source_uid="s33",
            ),
            SessionDraft(
                title="By video from Nairobi",
                starts_at=at("2023-12-05T07:00"),
                ends_at=at("2023-12-05T07:45"),
                room="Online",
                keywords=("video", "Kenya"),
                source_uid="c508",
            ),
        ),
    )


def test_an_event_with_sessions() -> None:
    made = read(EVENT.read_bytes())
    assert made.name == "Trade & Data Week"
    assert made.sessions == (
        SessionDraft(
            title="By video from Nairobi",
            starts_at=at("2023-12-05T07:00"),
            ends_at=at("2023-12-05T07:45"),
            room="Online",
            track="Remote",
            keywords=("video", "Kenya"),
            source_uid="c908",
        ),
        SessionDraft(
            title=PAPER.title,
            starts_at=PAPER.starts_at,
            ends_at=PAPER.ends_at,
            room="Salle XVII",
            track="Digital trade",
            description="Short.",
            speakers=(SpeakerDraft("Li Wang", "Institute"),),
            source_uid="c901",
        ),
        SessionDraft(
            title="Digital trade: Part two",
            starts_at=at("2023-12-04T10:00"),
            ends_at=at("2023-12-04T11:00"),
            room="XVIII",
            track="Digital trade",
            description="All of it.",
            speakers=(SpeakerDraft("John Roe", "Radio", "Convener"), SpeakerDraft("Ama Diallo", "", "Convener")),
            source_uid="s34",
        ),
    )
    assert [(one.uid, why(one).split(".")[0]) for one in made.unreadable] == [("c909", "This entry has no time yet")]


def test_the_slots_of_one_session() -> None:
    slots = json.loads(EVENT.read_bytes())["results"][0]["sessions"]
    made = read(json.dumps({"results": slots}).encode())
    assert [one.source_uid for one in made.sessions] == ["c901", "s34"]


def test_the_copy_of_a_website() -> None:
    slots = [
        {"id": "b1", "kind": "break", "title": "Coffee", "startTime": "09:00", "endTime": "09:30", "room": "Bar"},
        {"id": "s2", "kind": "session", "title": "Opening", "startTime": "09:30", "endTime": "10:00",
         "contributions": [], "discussants": [{"name": "Li Wang", "affiliation": "Institute"}]},
        {"id": "s3", "kind": "session", "title": "Data", "startTime": "10:00", "endTime": "11:00", "room": "Hall",
         "contributions": [{"title": "Paper", "startTime": "10:15", "endTime": "10:30", "abstract": "About.",
                            "speakers": [{"name": "Bo Roe"}], "url": "https://events.example/event/7/contributions/42/"}]},
        7,
    ]  # fmt: skip
    copy = {"annualConferences": {"2024": {
        "title": "Week", "startTz": "Africa/Nairobi", "programme": {"days": [{"date": "2024-01-02", "slots": slots}]}
    }}}  # fmt: skip
    data = json.dumps(copy).encode()
    assert indico.recognises(data)
    made = read(data)
    assert made.name == "Week"
    assert made.sessions == (
        SessionDraft("Coffee", at("2024-01-02T06:00"), at("2024-01-02T06:30"), room="Bar", source_uid="b1"),
        SessionDraft("Opening", at("2024-01-02T06:30"), at("2024-01-02T07:00"), source_uid="s2",
                     speakers=(SpeakerDraft("Li Wang", "Institute", "Discussant"),)),
        SessionDraft("Paper", at("2024-01-02T07:15"), at("2024-01-02T07:30"), room="Hall", track="Data",
                     description="About.", speakers=(SpeakerDraft("Bo Roe"),), source_uid="c42"),
    )  # fmt: skip
    assert [why(one).split(" and")[0] for one in made.unreadable] == [
        "This part of the export is not written as Indico writes it"
    ]


@pytest.mark.parametrize("sample", [TIMETABLE, EVENT], ids=lambda path: path.stem)
@pytest.mark.parametrize(
    "rewritten",
    [
        lambda data: b"\xef\xbb\xbf" + data,
        lambda data: data.decode().encode("utf-16"),
        lambda data: data.decode().encode("utf-16-be"),
        lambda data: data.decode().encode("utf-32"),
        lambda data: b"\n\t " + data + b"\r\n\0",
        lambda data: json.dumps(json.loads(data)).encode(),
        lambda data: re.sub(rb'"_type": "(?!HTTP)[^"]*",', b"", data),
        lambda data: re.sub(rb'"entryType": "[^"]*",', b"", data),
        lambda data: re.sub(rb'"(emailHash|email|phone|address)": "[^"]*"', rb'"\1": null', data),
    ],
    ids=["bom", "utf16", "utf16be", "utf32", "spaces", "one-line", "no-types", "no-entry-types", "no-emails"],
)  # fmt: skip
def test_what_makes_no_difference(sample: Path, rewritten: Callable[[bytes], bytes]) -> None:
    data = rewritten(sample.read_bytes())
    assert indico.recognises(data)
    assert indico.read(data, time_zone=ZONE) == indico.read(sample.read_bytes(), time_zone=ZONE)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "This file is empty"),
        (b" \r\n\0", "This file is empty"),
        (b"\xef\xbb\xbf", "This file is empty"),
        (b"<!DOCTYPE html><html><body>Sign in", "This is a web page"),
        (b"BEGIN:VCALENDAR\r\n", "This is no export of Indico"),
        (b"<?xml version='1.0'?><schedule/>", "This is no export of Indico"),
        (b"%PDF-1.7", "This is no export of Indico"),
        (b"[]", "This is no export of Indico"),
        (b"{}", "This is no export of Indico"),
        (b'{"schedule": {"conference": {"days": []}}}', "This is no export of Indico"),
        (b'{"results": 7}', "This is no export of Indico"),
        (b'{"results": {},\n "x": }', "This file is not sound JSON in line 2, column 7"),
        (EVENT.read_bytes()[:-4], "This file is not sound JSON in line 67, column 12"),
        (b'{"results": ' + b"[" * 100_000, "The parts of this file are nested too deeply"),
        (b'{"results": [' + b"{}," * 1_000_001, "This file has more than 1000000 parts"),
        (b'{"_type": "HTTPAPIError", "message": "no", "code": 403}', "Indico answered with an error"),
        (b'{"results": {}}', "This export has no sessions"),
        (b'{"results": []}', "This export has no sessions"),
        (b'{"results": {"1": {"20240102": {}, "20240103": []}}}', "This export has no sessions"),
        (b'{"results": [{"title": "Week"}]}', "This export has no sessions"),
        (b'{"results": [7, null, "x", []]}', "This export has no sessions"),
        (b'{"annualConferences": {"2024": {}}}', "This export has no sessions"),
        (b'{"results": [{"contributions": [{}]}, {"contributions": [{}]}]}', "This export holds several events"),
        (timetable(*(entry(id=f"c{n}") for n in range(MAX_SESSIONS + 1))), "This export has more than 5000 sessions"),
        (event(*[7] * (MAX_SESSIONS + 2)), "This export has more than 5000 sessions"),
        (timetable(entry()) + b" " * MAX_BYTES, "This file is larger than 20 MB"),
    ],
)
def test_what_is_refused(data: bytes, sentence: str) -> None:
    answer = read_or_refused(data)
    assert isinstance(answer, str)
    assert answer.startswith(sentence)


def test_as_many_sessions_as_are_possible() -> None:
    assert len(read(timetable(*(entry(id=f"c{n}") for n in range(MAX_SESSIONS)))).sessions) == MAX_SESSIONS


def test_an_unknown_zone_of_the_event_is_refused() -> None:
    with pytest.raises(Refused):
        indico.read(timetable(entry()), time_zone="Europe/Nowhere")


@pytest.mark.parametrize(
    ("data", "recognised"),
    [
        (TIMETABLE.read_bytes(), True),
        (EVENT.read_bytes(), True),
        (b'{"_type": "HTTPAPIError"}', True),
        (b'{"results": {"1": {}}, "_type": "HTTPAPIResult"}', True),
        (b'{"count": 1, "results": [{"code": "X", "contributions": 1, "start": "2024"}]}', False),
        (b'{"schedule": {"conference": {}}}', False),
        (b'["HTTPAPIResult"]', False),
        (b"BEGIN:VCALENDAR", False),
        (b"", False),
        (b"\0\xff\xfe", False),
        (b"{", False),
    ],
)
def test_what_is_recognised(data: bytes, recognised: bool) -> None:
    assert indico.recognises(data) is recognised


def test_a_long_export_is_recognised_by_its_end() -> None:
    long = json.dumps({"additionalInfo": "x" * 300_000, "results": {}, "_type": "HTTPAPIResult"}).encode()
    assert indico.recognises(long)


# Times


NO_DURATIONS: list[object] = [-5, 1e99, float("nan"), float("inf"), True, [], {}, "soon", 10**400]


@pytest.mark.parametrize(
    ("fields", "starts", "ends"),
    [
        ({}, "2024-01-02T10:00", "2024-01-02T11:00"),
        ({"endDate": None}, "2024-01-02T10:00", "2024-01-02T10:00"),
        ({"endDate": {}, "duration": 20}, "2024-01-02T10:00", "2024-01-02T10:20"),
        ({"endDate": None, "duration": 7.5}, "2024-01-02T10:00", "2024-01-02T10:07:30"),
        ({"endDate": None, "duration": "30"}, "2024-01-02T10:00", "2024-01-02T10:30"),
        *(({"endDate": None, "duration": odd}, "2024-01-02T10:00", "2024-01-02T10:00") for odd in NO_DURATIONS),
        ({"endDate": when("2024-01-02")}, "2024-01-02T10:00", "2024-01-02T10:00"),
        ({"endDate": when("2024-01-03", "02:00")}, "2024-01-02T10:00", "2024-01-03T02:00"),
        ({"startDate": when("2024-01-02", "10:00:00", "Africa/Nairobi")}, "2024-01-02T07:00", "2024-01-02T11:00"),
        ({"startDate": when("2024-01-02", "10:00:00", None)}, "2024-01-02T09:00", "2024-01-02T11:00"),
        ({"startDate": {"date": "2024-01-02", "time": "10:00"}}, "2024-01-02T09:00", "2024-01-02T11:00"),
        ({"startDate": when("2024-01-02", "10:00:00.500000")}, "2024-01-02T10:00:00.500", "2024-01-02T11:00"),
        # When clocks change: the hour that comes twice, and the one that never comes.
        (
            {"startDate": when("2024-10-27", "02:30", ZONE), "endDate": when("2024-10-27", "03:30", ZONE)},
            "2024-10-27T00:30",
            "2024-10-27T02:30",
        ),
        (
            {"startDate": when("2024-03-31", "02:30", ZONE), "endDate": when("2024-03-31", "03:30", ZONE)},
            "2024-03-31T01:30",
            "2024-03-31T01:30",
        ),
    ],
)
def test_times(fields: Json, starts: str, ends: str) -> None:
    one = the_one(**fields)
    assert (one.starts_at, one.ends_at) == (at(starts), at(ends))


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"startDate": None}, "This entry has no time yet"),
        ({"startDate": ""}, "This entry has no time yet"),
        ({"startDate": {}}, "This entry has no time yet"),
        ({"startDate": when("2024-02-30")}, "“2024-02-30 10:00:00” cannot be read"),
        ({"startDate": when("2024-01-02", "25:00")}, "“2024-01-02 25:00” cannot be read"),
        ({"startDate": when("2024-01-02", "10:00+02:00")}, "“2024-01-02 10:00+02:00” cannot be read"),
        ({"startDate": when("0001-01-01")}, "“0001-01-01 10:00:00” cannot be read"),
        ({"startDate": when("9999-12-31")}, "“9999-12-31 10:00:00” cannot be read"),
        ({"startDate": when("２０２４-01-02")}, "“２０２４-01-02 10:00:00” cannot be read"),
        ({"startDate": {"date": "2024-01-02"}}, "“2024-01-02” cannot be read"),
        ({"startDate": {"date": {}, "time": []}}, "“” cannot be read"),
        ({"startDate": "soon"}, "“soon” cannot be read"),
        ({"startDate": "call jane@example.org"}, "“call” cannot be read"),
        ({"startDate": 20240102}, "“20240102” cannot be read"),
        ({"startDate": [1]}, "“” cannot be read"),
        ({"endDate": when("2024-01-01")}, "This entry ends before it starts"),
        ({"endDate": "later"}, "“later” cannot be read"),
        (
            {"startDate": when("2199-12-31", "23:00"), "endDate": None, "duration": 90},
            "“90” cannot be read",
        ),
    ],
)
def test_times_that_cannot_be_read(fields: Json, sentence: str) -> None:
    made = read(timetable(entry(**fields), entry(id="c2")))
    assert [one.source_uid for one in made.sessions] == ["c2"]
    assert [(one.line, one.uid) for one in made.unreadable] == [(0, "c1")]
    assert why(made.unreadable[0]).startswith(sentence)


def test_unknown_zones_are_the_events_own_and_named_once() -> None:
    odd = ["Mars/Base", "Mars/Base", "../etc/passwd", "\0", "x" * 10_000, "jane@example.org"]
    made = read(
        timetable(*(entry(id=f"c{n}", startDate=when("2024-01-02", "10:00", one)) for n, one in enumerate(odd)))
    )
    assert {one.starts_at for one in made.sessions} == {at("2024-01-02T09:00")}
    assert [one.uid for one in made.unreadable] == ["Mars/Base", "../etc/passwd", "", "x" * 79 + "…", ""]


# Which entries are sessions


def uids(data: bytes) -> list[str]:
    made = read(data)
    assert made.unreadable == ()
    return [one.source_uid for one in made.sessions]


def test_a_slot_is_a_session_only_without_contributions() -> None:
    paper, pause = entry(id="c2"), entry(id="b3", entryType="Break")
    assert uids(timetable(slot())) == ["s1"]
    assert uids(timetable(slot(paper))) == ["c2"]
    assert uids(timetable(slot(pause))) == ["s1", "b3"]
    assert uids(timetable(slot(paper, pause))) == ["c2", "b3"]
    assert uids(timetable(slot(paper, pause, isPoster=True))) == ["s1", "b3"]
    assert uids(timetable(slot(entry(id="c2", startDate=None)))) == ["s1"]
    assert uids(timetable(slot(entries=[paper, pause]))) == ["c2", "b3"]
    assert uids(timetable(slot(entries=None))) == ["s1"]
    assert uids(event(sessions=[slot(session={"isPoster": True}, contributions=[paper])])) == ["s1"]


def test_a_slot_across_midnight_is_one_session_with_all_that_both_days_have() -> None:
    late = entry(id="c3", startDate=when("2024-01-03", "00:10"), endDate=None)
    days = {"20240102": {"s1": slot(entry(id="c2"))}, "20240103": {"s1": slot(entry(id="c2"), late)}}
    assert uids(json.dumps({"results": {"1": days}}).encode()) == ["c2", "c3"]
    days = {"20240102": {"s1": slot()}, "20240103": {"s1": slot(late)}}
    assert uids(json.dumps({"results": {"1": days}}).encode()) == ["c3"]


def test_the_same_id_at_another_time_is_another_session() -> None:
    again = {"startDate": when("2024-01-05"), "endDate": None}
    assert uids(timetable(entry(), entry(), entry(**again))) == ["c1", "c1"]
    assert uids(timetable(slot(), slot(), slot(**again))) == ["s1", "s1"]
    assert len(read(event(entry(id=None), entry(id=None))).sessions) == 2


def test_a_contribution_beside_its_slot_and_in_it_is_one() -> None:
    assert uids(event(entry(id=4), sessions=[slot(id=7, contributions=[entry(id="4")])])) == ["c4"]


@pytest.mark.parametrize(
    ("value", "uid"),
    [
        (entry(), "c1"),
        (entry(id="c5", contributionId=901), "c901"),
        (entry(id="c5", contributionId="0"), "c0"),
        (entry(id="7", db_id=901), "c901"),
        (entry(id=7), "c7"),
        (entry(id=None, friendly_id=7), "c7"),
        (entry(id=None, uniqueId="a1t0"), "k0"),
        (entry(id="b5", entryType="Break", sessionSlotId=31), "b5"),
        (entry(id=5, entryType="Break"), "b5"),
        (entry(id="s5", entryType="Session"), "s5"),
        (entry(id="s5", entryType="Session", sessionSlotId=31), "s31"),
        (entry(id="s3l1", entryType="Session", sessionSlotId="1"), "s3l1"),
        (entry(id="0-1", entryType="Session"), "s0-1"),
        (entry(id=10**400), "c1" + "0" * 400),
        (entry(id="x" * 600), "x" * 499 + "…"),
        (entry(id=" a\u0000b\ud800\n"), "ab"),
        (entry(id=[], contributionId={}, db_id=True), "k0"),
    ],
)
def test_ids(value: Json, uid: str) -> None:
    assert uids(timetable(value)) == [uid]


def test_both_exports_give_the_same_ids_to_what_both_have() -> None:
    both = {"c901"}
    assert both == {one.source_uid for one in read(TIMETABLE.read_bytes()).sessions} & {
        one.source_uid for one in read(EVENT.read_bytes()).sessions
    }


@pytest.mark.parametrize("odd", [7, None, "x", [], True, [[]]])
def test_what_is_no_entry_is_named(odd: object) -> None:
    made = read(timetable(odd, entry(id="c2")))
    assert [one.source_uid for one in made.sessions] == ["c2"]
    assert [one.uid for one in made.unreadable] == ["k0"]
    made = read(event(odd, entry(id="c2"), sessions=[odd]))
    assert [one.source_uid for one in made.sessions] == ["c2"]
    assert [one.uid for one in made.unreadable] == ["", ""]


def test_an_event_that_does_not_take_place() -> None:
    for label, cancelled in [
        ({"title": "CANCELLED", "is_event_not_happening": True}, True),
        ({"title": "Postponed", "is_event_not_happening": False}, False),
        (None, False),
        ("CANCELLED", False),
    ]:
        assert [one.cancelled for one in read(event(entry(), label=label)).sessions] == [cancelled]


def test_an_export_that_indico_cut_short_says_so() -> None:
    whole = json.loads(event(entry()))
    made = read(json.dumps({**whole, "complete": False}).encode())
    assert [(one.uid, why(one).split(".")[0]) for one in made.unreadable] == [
        ("Week", "Indico left out a part of this event")
    ]
    assert read(json.dumps({**whole, "complete": True}).encode()).unreadable == ()


# Words


@pytest.mark.parametrize(
    ("fields", "title", "track"),
    [
        ({"title": "Data &amp; trade"}, "Data & trade", ""),
        ({"title": " Two\nlines\u0007 "}, "Two lines", ""),
        ({"title": "Ask jane@example.org"}, "Ask", ""),
        ({"title": 2024}, "2024", ""),
        ({"title": "x" * 501}, "x" * 499 + "…", ""),
        ({"title": "\ud800Lone"}, "Lone", ""),
        ({"track": "Digital"}, "A session", "Digital"),
        ({"track": {"title": "Digital"}}, "A session", "Digital"),
        ({"track": ["Digital"]}, "A session", ""),
        ({"session": "Strand"}, "A session", "Strand"),
        ({"session": "Strand", "track": "Digital"}, "A session", "Digital"),
        ({"entryType": "Session", "title": "Strand", "slotTitle": "Part 1"}, "Strand: Part 1", "Strand"),
        ({"entryType": "Session", "title": "Strand: Part 1", "slotTitle": "Part 1"}, "Strand: Part 1", ""),
        ({"entryType": "Session", "title": "", "slotTitle": "Part 1"}, "Part 1", ""),
        ({"entryType": "Session", "title": "Strand", "slotTitle": ""}, "Strand", ""),
        ({"entryType": "Break", "title": "Lunch"}, "Lunch", ""),
    ],
)
def test_titles_and_tracks(fields: Json, title: str, track: str) -> None:
    one = the_one(**fields)
    assert (one.title, one.track) == (title, track)


@pytest.mark.parametrize("title", [None, "", "  ", [], {}, True, "jane@example.org"])
def test_a_session_without_title_is_taken_over_and_named(title: object) -> None:
    made = read(timetable(entry(title=title)))
    assert [one.title for one in made.sessions] == [UNTITLED]
    assert [(one.uid, why(one).split(";")[0]) for one in made.unreadable] == [("c1", "This entry has no title")]


@pytest.mark.parametrize(
    ("fields", "room"),
    [
        ({"room": "XVII", "roomFullname": "Salle XVII", "location": "Palais"}, "Salle XVII"),
        ({"room": "XVII", "roomFullname": None, "location": "Palais"}, "XVII"),
        ({"room": "", "location": "Palais"}, "Palais"),
        ({"room": None, "location": None}, ""),
        ({"room": 17}, "17"),
        ({"room": "x" * 201}, "x" * 199 + "…"),
        ({"room": "room@example.org", "location": "Palais"}, "Palais"),
        ({"room": ["x"], "location": {}}, ""),
    ],
)
def test_rooms(fields: Json, room: str) -> None:
    assert the_one(**fields).room == room
    assert the_one(**{**fields, "entryType": "Break"}).room == room


def test_a_contribution_without_room_is_in_the_room_of_its_slot() -> None:
    [one] = read(timetable(slot(entry(location="Venue"), room="Hall", location="Palais"))).sessions
    assert one.room == "Hall"
    [one] = read(timetable(slot(entry(location="Venue"), location="Palais"))).sessions
    assert one.room == "Venue"
    [one] = read(timetable(slot(entry(), location="Palais"))).sessions
    assert one.room == "Palais"


@pytest.mark.parametrize(
    ("fields", "description"),
    [
        ({"description": "<p>One</p><p>Two<br>three &amp; four</p>"}, "One\n\nTwo\nthree & four"),
        ({"description": "## Goals\n\n* one"}, "## Goals\n\n* one"),
        ({"description": "Write to jane.doe@example.org."}, "Write to [e-mail removed]."),
        ({"description": None}, ""),
        ({"description": ["x"]}, ""),
        ({"description": "a\u0000b\ud800"}, "ab"),
        ({"description": "x" * (MAX_DESCRIPTION + 1)}, "x" * (MAX_DESCRIPTION - 1) + "…"),
        ({"abstract": "About."}, "About."),
    ],
)
def test_descriptions(fields: Json, description: str) -> None:
    assert the_one(**fields).description == description


@pytest.mark.parametrize(
    ("people", "speakers"),
    [
        ([{"firstName": "Li", "familyName": "Wang", "name": "WANG, Li"}], ["Li Wang"]),
        ([{"first_name": "Li", "last_name": "Wang", "fullName": "Wang, Li"}], ["Li Wang"]),
        ([{"first_name": "", "last_name": "Wang"}], ["Wang"]),
        ([{"name": "Dr Li Wang", "affiliation": "WTO"}], ["Dr Li Wang|WTO"]),
        ([{"fullName": "Wang, Li"}], ["Wang, Li"]),
        ([{"name": "Li Wang (WTO)"}], ["Li Wang|WTO"]),
        ([{"name": "Li Wang", "affiliation": "a@b.org"}], ["Li Wang"]),
        ([{"name": "li@example.org", "email": "li@example.org", "emailHash": "aa"}], []),
        ([{"email": "li@example.org"}, {}, None, 7, [], {"name": None}, {"name": "TBA"}], []),
        (["Li Wang"], ["Li Wang"]),
        ([{"name": "Li Wang"}, {"name": "LI WANG"}, {"name": "Bo Roe"}], ["Li Wang", "Bo Roe"]),
        ("Li Wang", []),
        ({"name": "Li Wang"}, []),
        (None, []),
        ([{"name": "x" * 300}], ["x" * 199 + "…"]),
    ],
)
def test_speakers(people: object, speakers: list[str]) -> None:
    for field in ("presenters", "speakers"):
        named = ["|".join(filter(None, (one.name, one.organisation))) for one in the_one(**{field: people}).speakers]
        assert named == speakers
    positions = {one.position for one in the_one(conveners=people, entryType="Session").speakers}
    assert positions == ({"Convener"} if speakers else set())


def test_no_more_speakers_than_anybody_reads() -> None:
    people = [{"name": f"Person {chr(65 + n // 26)}{chr(97 + n % 26)}"} for n in range(300)]
    assert [one.name for one in the_one(presenters=people).speakers] == [one["name"] for one in people][:MAX_SPEAKERS]


@pytest.mark.parametrize(
    ("written", "keywords"),
    [
        (["data", " e-commerce ", "data", "", None, 7, []], ("data", "e-commerce", "7")),
        ("data, e-commerce; trade\nlaw", ("data", "e-commerce", "trade", "law")),
        (None, ()),
        ({"a": "b"}, ()),
        ([f"k{n}" for n in range(900)], tuple(f"k{n}" for n in range(MAX_KEYWORDS))),
        (["x" * 300, "jane@example.org"], ("x" * 199 + "…",)),
    ],
)
def test_keywords(written: object, keywords: tuple[str, ...]) -> None:
    assert the_one(keywords=written).keywords == keywords


def test_the_name_of_the_event() -> None:
    for title, name in [("Week", "Week"), ("x" * 201, "x" * 199 + "…"), (None, ""), ("desk@example.org", "")]:
        assert read(event(entry(), title=title)).name == name


def test_double_keys_count_as_json_has_them() -> None:
    data = timetable(entry()).replace(b'"title": "A session"', b'"title": "Not this", "title": "This"')
    assert read(data).sessions[0].title == "This"


# What means harm


def big(*entries: Json, times: int = 1) -> bytes:
    return timetable(*(one for _ in range(times) for one in entries))


BOMBS: dict[str, Callable[[], bytes]] = {
    "nested_lists": lambda: b'{"results": {"1": {"d": {"k": ' + b"[" * 900_000,
    "nested_objects": lambda: b'{"a":' * 900_000,
    "nested_within_limit": lambda: b'{"results": {"1": {"d": {"k": {"startDate": ' + b'{"a":' * 900 + b"1" + b"}" * 905,
    "empty_objects": lambda: b'{"results": {"1": [' + b",".join([b"{}"] * 999_000) + b"]}}",
    "empty_days": lambda: b'{"results": {"1": {' + b",".join(b'"%d":{}' % n for n in range(900_000)) + b"}}}",
    "empty_entries": lambda: event(*[{}] * 900_000),
    "slots": lambda: event(sessions=[{"id": n} for n in range(900_000)]),
    "one_id": lambda: timetable(*[entry(title="x" * 100)] * 60_000),
    "slots_in_one_place": lambda: timetable(*[slot(entry())] * 40_000),
    "long_ids": lambda: timetable(*(entry(id="\x01a" * 2_000 + str(n)) for n in range(1_400))),
    "long_slot": lambda: timetable(
        slot(*(entry(id=f"c{n}") for n in range(4_900)), title="é\x01" * 500_000, room="a@" * 500_000)
    ),
    "controls": lambda: (
        b'{"results": [{"contributions": ['
        + b",".join(
            b'{"title": "' + b"\x01a" * 1_900 + b'", "startDate": {"date": "2024-01-02", "time": "10:00"}}'
            for _ in range(1_500)
        )
        + b"]}]}"
    ),
    "numbers": lambda: timetable(entry(duration=1, title=1)).replace(b": 1", b": " + b"9" * 9_000_000),
    "exponent": lambda: timetable(entry(duration=7, endDate=None)).replace(b": 7", b": 1e999999999"),
    "tags": lambda: big(entry(description="<p><ul><li>" * 18_000), times=20),
    "unclosed_tags": lambda: big(entry(description="<a href='" * 20_000), times=20),
    "unclosed_comments": lambda: big(entry(description="<p>" + "<!--" * 49_000), times=20),
    "signs": lambda: big(entry(description="a%40" * 49_000), entry(description="@" * 190_000), times=15),
    "long_description": lambda: timetable(entry(description="é\x01" * 1_000_000)),
    "people": lambda: timetable(entry(presenters=[{"name": f"P {n}"} for n in range(300_000)])),
    "posters": lambda: timetable(
        slot(*(entry(title="x" * 400, presenters=[{"name": "y" * 300}] * 60) for _ in range(900)), isPoster=True)
    ),
    "keywords": lambda: timetable(entry(keywords=",".join("k" * 9) * 200_000), entry(id=2, keywords=["x"] * 900_000)),
    "zones": lambda: timetable(
        *(entry(id=f"c{n}", startDate=when("2024-01-02", "10:00", f"Europe/No{n}")) for n in range(4_900))
    ),
    "brackets": lambda: timetable(*(entry(presenters=[{"name": "(" * 9_000}], id=n) for n in range(700))),
}


@pytest.mark.parametrize("name", BOMBS)
def test_no_bomb_goes_off(name: str) -> None:
    data = BOMBS[name]()
    with no_hang(60):
        read_or_refused(data)


# Whatever comes


ODD: list[object] = [
    None, True, False, 0, -1, 1e308, float("nan"), float("inf"), 10**40, "", " ", "x", "\0", "\ud800", "2024-01-02",
    "jane@example.org", "<p>x</p>", "100 %s", "Europe/Zurich", [], {}, [[]], {"": None}, [None], {"date": 1},
    {"date": "2024-01-02", "time": "10:00:00", "tz": "Europe/Paris"}, "Session", "Break", "s1l1", "\U0001f600",
]  # fmt: skip


def places(value: object, path: tuple[object, ...] = ()) -> Iterator[tuple[object, ...]]:
    yield path
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in pairs:
        yield from places(one, (*path, key))


def changed(value: object, path: tuple[object, ...], new: object) -> object:
    """`value` with `new` at `path`."""
    if not path:
        return new
    first, *rest = path
    if isinstance(value, dict):
        return {key: changed(one, tuple(rest), new) if key == first else one for key, one in value.items()}
    assert isinstance(value, list)
    return [changed(one, tuple(rest), new) if key == first else one for key, one in enumerate(value)]


@pytest.mark.parametrize("sample", [TIMETABLE, EVENT], ids=lambda path: path.stem)
def test_the_wrong_value_at_every_place(sample: Path) -> None:
    """Each place of the samples once with a value of another kind; at full scale with each of them."""
    document = json.loads(sample.read_bytes())
    chosen = random.Random(7)
    for path in places(document):
        for odd in ODD if SCALE >= 10 else chosen.sample(ODD, 2):
            read_or_refused(json.dumps(changed(document, path, odd)).encode())


@randomised
@given(st.data())
def test_damaged_samples(data: st.DataObject) -> None:
    sample = data.draw(st.sampled_from([TIMETABLE, EVENT])).read_bytes()
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(sample)))
        end = data.draw(st.integers(start, min(len(sample), start + 60)))
        sample = sample[:start] + data.draw(st.binary(max_size=6)) + sample[end:]
    read_or_refused(sample)


@randomised
@given(st.recursive(st.sampled_from(ODD), lambda inside: st.lists(inside, max_size=4) | st.dictionaries(
    st.sampled_from(["results", "1", "contributions", "sessions", "entries", "startDate", "endDate", "date", "time",
                     "tz", "title", "id", "session", "conveners", "speakers", "entryType", "isPoster", "slotTitle"]),
    inside, max_size=6), max_leaves=30))  # fmt: skip
def test_any_json(value: object) -> None:
    days = {"programme": {"days": [{"slots": [value]}]}}
    for results in (value, [value], {"1": {"d": value}}, [{"contributions": [value], "sessions": [value]}]):
        read_or_refused(json.dumps({"results": results}).encode())
    for document in (value, {"annualConferences": {"1": value}}, {"annualConferences": {"1": days}}):
        read_or_refused(json.dumps(document).encode())


@randomised
@given(st.binary(max_size=200))
def test_any_bytes(data: bytes) -> None:
    read_or_refused(data)


# Real files


def field_file(name: str) -> bytes:
    path = PROGRAMMES / name
    if not path.exists():
        pytest.skip(f"{path} is not here, so this was not tried on it")
    return path.read_bytes()


@pytest.mark.parametrize(
    ("name", "sessions", "event_name"),
    [
        ("indico/sample_event_1.json", 4, "Export Test"),
        ("indico/sample_event_2.json", 4, "Export Test"),
        ("indico/sample_timetable_docs_closed.json", 1, ""),
        ("eiss_essc_2026.indico-snapshot.json", 82, "2026 European Security Studies Conference"),
    ],
)
def test_real_files(name: str, sessions: int, event_name: str) -> None:
    data = field_file(name)
    assert indico.recognises(data)
    made = read(data)
    assert (len(made.sessions), made.unreadable, made.name) == (sessions, (), event_name)
    assert len({one.source_uid for one in made.sessions}) == sessions


def test_a_real_event_without_details_is_refused() -> None:
    data = field_file("indico/sample_event_0.json")
    assert indico.recognises(data)
    with pytest.raises(BadProgramme, match="has no sessions"):
        indico.read(data, time_zone=ZONE)


@pytest.mark.parametrize(
    "name",
    [
        "ccc_camp2019.frab.schedule.json",
        "ccc_rc3_2020.pretalx.schedule.json",
        "pyconfr_2025.pretalx.schedule.json",
        "fosdem_2025.schedule.xml",
        "ieee_rt_2024.program.xlsx",
        "pyconus_2025.all_events.ics",
        "fosdem_2024.events.csv",
    ],
)
def test_real_files_of_other_kinds(name: str) -> None:
    data = field_file(name)
    assert not indico.recognises(data)
    assert isinstance(read_or_refused(data), str)


@pytest.mark.parametrize("name", ["indico/sample_event_2.json", "eiss_essc_2026.indico-snapshot.json"])
def test_damaged_real_files(name: str) -> None:
    document = json.loads(field_file(name))
    everywhere = list(places(document))
    chosen = random.Random(11)
    for _ in range(max(10, int(40 * SCALE))):
        read_or_refused(json.dumps(changed(document, chosen.choice(everywhere), chosen.choice(ODD))).encode())
