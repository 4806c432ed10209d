"""Calendar files as they really come: odd, broken, in every encoding; and those that mean harm."""

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from field import FIELD
from hanging import no_hang
from hypothesis import example, given
from hypothesis import strategies as st
from sources.drafts import at, randomised, sound, why

from reporter.rules.errors import BadProgramme, Refused
from reporter.sources import ical
from reporter.sources.draft import (
    MAX_BYTES,
    MAX_DESCRIPTION,
    MAX_SESSIONS,
    UNTITLED,
    ProgrammeDraft,
    SessionDraft,
    SpeakerDraft,
)
from reporter.sources.ical_file import MAX_LINES
from reporter.sources.words import MAX_SPEAKERS

ZONE = "Europe/Zurich"
SAMPLES = Path(__file__).parent / "samples"


def entry(*lines: str) -> str:
    """A VEVENT with a title and a start in UTC, unless `lines` say others."""
    given_names = {re.split("[;:]", line)[0].strip() for line in lines}
    usual = [
        line for line in ("SUMMARY:A session", "DTSTART:20240102T100000Z") if line.split(":")[0] not in given_names
    ]
    return "\n".join(["BEGIN:VEVENT", *usual, *lines, "END:VEVENT", ""])


def a_calendar(*entries: str) -> bytes:
    return ("BEGIN:VCALENDAR\nVERSION:2.0\n" + "".join(entries) + "END:VCALENDAR\n").encode()


def draft(*lines: str) -> ProgrammeDraft:
    return ical.read(a_calendar(entry(*lines)), time_zone=ZONE)


def the_one(*lines: str) -> SessionDraft:
    """The only session of a calendar whose only entry has these lines; everything could be read."""
    made = draft(*lines)
    assert (len(made.sessions), made.unreadable) == (1, ())
    return made.sessions[0]


def times(*lines: str) -> tuple[datetime, datetime]:
    one = the_one(*lines)
    return one.starts_at, one.ends_at


def read_or_refused(data: bytes) -> ProgrammeDraft | str:
    """The same answer twice: a sound draft, or a refusal in one sentence."""
    answers: list[ProgrammeDraft | str] = []
    for _ in range(2):
        try:
            answers.append(ical.read(data, time_zone=ZONE))
        except BadProgramme as refusal:
            answers.append(str(refusal))
    assert answers[0] == answers[1]
    if isinstance(answers[0], ProgrammeDraft):
        sound(answers[0])
    else:
        assert answers[0].endswith(".")
        assert "%(" not in answers[0]
    return answers[0]


# A whole file


def test_a_programme_of_two_days() -> None:
    made = ical.read((SAMPLES / "two_days.ics").read_bytes(), time_zone=ZONE)
    sound(made)
    assert made == ProgrammeDraft(
        name="Trade and Data Week 2023",
        sessions=(
            SessionDraft(
                title="Opening: who governs cross-border data, and how?",
                starts_at=at("2023-12-04T09:00"),
                ends_at=at("2023-12-04T10:30"),
                room="Room XVII / Room XVIII",
                track="Plenary",
                description="A debate on data flows, trust and development.\n\nSpeaker: Amina Diallo (UNCTAD)\n"
                "Moderator: Jean-Pierre Müller\nQuestions to [e-mail removed] please.",
                speakers=(
                    SpeakerDraft("Amina Diallo", "UNCTAD"),
                    SpeakerDraft("Jean-Pierre Müller", position="Moderator"),
                ),
                source_uid="opening-1@example.org",
            ),
            SessionDraft(
                title="Coffee",
                starts_at=at("2023-12-04T10:30"),
                ends_at=at("2023-12-04T11:00"),
                cancelled=True,
                source_uid="break",
            ),
            SessionDraft(
                title="Émission d’ouverture à Genève",
                starts_at=at("2023-12-05T08:00"),
                ends_at=at("2023-12-05T08:00"),
                room="Room XXVI",
                description="First paragraph & more.\n\n- One\n- Two",
                speakers=(SpeakerDraft("Wang, Li"),),
                source_uid="break",
            ),
        ),
    )


def test_each_broken_entry_is_named_and_costs_only_itself() -> None:
    made = ical.read((SAMPLES / "broken.ics").read_bytes(), time_zone=ZONE)
    assert [one.title for one in made.sessions] == ["Good one", UNTITLED, "Good two"]
    assert [(one.line, one.uid, why(one).split(".")[0]) for one in made.unreadable] == [
        (8, "untitled", "This entry has no title; it was taken over without"),
        (13, "no-start", "This entry has no start"),
        (17, "bad-start", "“next Tuesday” cannot be read as a date and time"),
        (22, "backwards", "This entry ends before it starts"),
        (28, "bad-duration", "“AN HOUR” cannot be read as a duration"),
        (34, "no-end", "This entry breaks off before its end"),
    ]


@pytest.mark.parametrize("sample", sorted(SAMPLES.glob("*.ics")), ids=lambda path: path.stem)
@pytest.mark.parametrize(
    "rewritten",
    [
        lambda data: data.replace(b"\r\n", b"\n"),
        lambda data: data.replace(b"\r\n", b"\r"),
        lambda data: data.replace(b"\r\n", b"\r\r\n"),
        lambda data: b"\xef\xbb\xbf" + data,
        lambda data: data.decode().encode("utf-16"),
        lambda data: b"\xfe\xff" + data.decode().encode("utf-16-be"),
        lambda data: data.decode().encode("utf-16-le"),
        lambda data: data.decode().encode("utf-32"),
        lambda data: data.decode().encode("cp1252"),
        lambda data: data.rstrip(),
        lambda data: re.sub(rb"(?m)^(BEGIN|END|SUMMARY|VEVENT)", lambda match: match[0].lower(), data),
    ],
    ids=["lf", "cr", "crcrlf", "bom", "utf16", "utf16be", "utf16le", "utf32", "cp1252", "no-last-line-end", "small"],
)
def test_line_ends_and_encodings_make_no_difference(sample: Path, rewritten: Callable[[bytes], bytes]) -> None:
    data = sample.read_bytes()
    assert rewritten(data) != data or data.isascii()
    assert ical.read(rewritten(data), time_zone=ZONE) == ical.read(data, time_zone=ZONE)


def test_several_calendars_in_one_file() -> None:
    data = a_calendar(entry("SUMMARY:One")) + b"\xef\xbb\xbf" + a_calendar(entry("SUMMARY:Two"))
    made = ical.read(data, time_zone=ZONE)
    assert ([one.title for one in made.sessions], made.unreadable) == (["One", "Two"], ())


def test_an_entry_without_a_calendar_around_it_is_read() -> None:
    made = ical.read(entry().encode(), time_zone=ZONE)
    assert ([one.title for one in made.sessions], made.unreadable) == (["A session"], ())


def test_a_file_that_breaks_off_says_so() -> None:
    whole = a_calendar(entry("UID:1"), entry("UID:2"), entry("UID:3"))
    between = ical.read(whole[: whole.rindex(b"BEGIN:VEVENT")], time_zone=ZONE)
    assert [one.source_uid for one in between.sessions] == ["1", "2"]
    assert [why(one).split(".")[0] for one in between.unreadable] == ["The file breaks off after this line"]
    within = ical.read(whole[: whole.index(b"UID:3") + 6], time_zone=ZONE)
    assert [one.source_uid for one in within.sessions] == ["1", "2"]
    assert [(one.line, one.uid) for one in within.unreadable] == [(13, "3"), (16, "")]


def test_a_fold_inside_a_letter_and_one_with_a_tab() -> None:
    folded = "SUMMARY:Genève".encode().replace(b"\xa8", b"\r\n \xa8") + b" et Nai\r\n\trobi\r\n"
    data = b"BEGIN:VEVENT\r\nDTSTART:20240102T100000Z\r\n" + folded + b"END:VEVENT\r\n"
    assert ical.read(data, time_zone=ZONE).sessions[0].title == "Genève et Nairobi"


def test_damaged_utf_8_stays_utf_8_and_costs_one_letter() -> None:
    data = a_calendar(entry("SUMMARY:Genève, Zürich")).replace("ü".encode(), b"\xc3")
    assert ical.read(data, time_zone=ZONE).sessions[0].title == "Genève, Z\ufffdrich"


def test_line_ends_that_nobody_escaped_stay_in_the_text() -> None:
    assert the_one("DESCRIPTION:First line", "second line, raw", "LOCATION:Room 1").description == (
        "First line\nsecond line, raw"
    )


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "This file is empty"),
        (b" \r\n\t\n\0", "This file is empty"),
        (b"\xef\xbb\xbf", "This file is empty"),
        (b"\xff\xfe", "This file is empty"),
        (b"<!DOCTYPE html><pre>\nBEGIN:VCALENDAR\nBEGIN:VEVENT\nEND:VEVENT\n", "This is a web page"),
        (b"\n  <html>BEGIN:VCALENDAR", "This is a web page"),
        (b"%PDF-1.7\nBEGIN:VEVENT\n", "This is a document or an archive"),
        (b"PK\x03\x04\nBEGIN:VEVENT\nEND:VEVENT\n", "This is a document or an archive"),
        (b'["vcalendar", [], [["vevent", [], []]]]', "This is not a calendar"),
        (b"title,start,end\nOpening,10:00,11:00\n", "This is not a calendar"),
        (bytes(range(256)) * 50, "This is not a calendar"),
        (b"\0" * 1_000 + b"x", "This is not a calendar"),
        (a_calendar(), "This calendar has no sessions"),
        (a_calendar("BEGIN:VTODO\nSUMMARY:x\nEND:VTODO\n"), "This calendar has no sessions"),
        (a_calendar(entry()) + b"\n" * MAX_BYTES, "This file is larger than 20 MB"),
        (a_calendar(entry() * (MAX_SESSIONS + 1)), "This calendar has more than 5000 sessions"),
        (b"BEGIN:VEVENT\n" * 100_000, "This calendar has more than 5000 sessions"),
        (a_calendar(entry("RRULE:FREQ=DAILY;COUNT=100") * 51), "This calendar has more than 5000 sessions"),
        (b"BEGIN:VCALENDAR\n" + b"X:\n" * (MAX_LINES + 1), "This file has more than 500000 lines"),
    ],
)
def test_what_is_refused(data: bytes, sentence: str) -> None:
    answer = read_or_refused(data)
    assert isinstance(answer, str)
    assert answer.split(".")[0] == sentence or answer.startswith(f"{sentence}, ")


def test_as_many_sessions_as_are_possible() -> None:
    assert len(ical.read(a_calendar(entry() * MAX_SESSIONS), time_zone=ZONE).sessions) == MAX_SESSIONS


def test_an_unknown_zone_of_the_event_is_refused() -> None:
    with pytest.raises(Refused):
        ical.read(a_calendar(entry()), time_zone="Europe/Nowhere")


# Times


@pytest.mark.parametrize(
    ("lines", "starts", "ends"),
    [
        (["DTSTART:20240102T100000Z"], "2024-01-02T10:00", "2024-01-02T10:00"),
        (["DTSTART:20240102T100000Z", "DTEND:"], "2024-01-02T10:00", "2024-01-02T10:00"),
        (["DTSTART:20240102T100000Z", "DTEND:20240102T113000Z"], "2024-01-02T10:00", "2024-01-02T11:30"),
        (["DTSTART:20240102T100000Z", "DURATION:PT1H30M"], "2024-01-02T10:00", "2024-01-02T11:30"),
        (
            ["DTSTART:20240102T100000Z", "DTEND:20240102T110000Z", "DURATION:PT9H"],
            "2024-01-02T10:00",
            "2024-01-02T11:00",
        ),
        # Floating: the event's zone, in winter and in summer.
        (["DTSTART:20240102T100000"], "2024-01-02T09:00", "2024-01-02T09:00"),
        (["DTSTART:20240702T100000", "DTEND:20240702T110000"], "2024-07-02T08:00", "2024-07-02T09:00"),
        # Zones by name, without a VTIMEZONE.
        (["DTSTART;TZID=Africa/Nairobi:20240102T100000"], "2024-01-02T07:00", "2024-01-02T07:00"),
        (['DTSTART;TZID="america/NEW_YORK":20240702T100000'], "2024-07-02T14:00", "2024-07-02T14:00"),
        (["DTSTART;TZID=Tokyo Standard Time:20240102T100000"], "2024-01-02T01:00", "2024-01-02T01:00"),
        (["DTSTART;TZID=/citadel.org/20190914_1/Asia/Tokyo:20240102T100000"], "2024-01-02T01:00", "2024-01-02T01:00"),
        (["DTSTART;VALUE=DATE-TIME;TZID=Asia/Tokyo:20240102T100000"], "2024-01-02T01:00", "2024-01-02T01:00"),
        (["DTSTART;TZID=Asia/Tokyo:20240102T100000Z"], "2024-01-02T10:00", "2024-01-02T10:00"),
        (["DTSTART;;TZID=Asia/Tokyo:20240102T100000"], "2024-01-02T01:00", "2024-01-02T01:00"),
        (["DTSTART ; TZID = Asia/Tokyo : 20240102T100000 "], "2024-01-02T01:00", "2024-01-02T01:00"),
        # Start and end in different zones.
        (
            ["DTSTART;TZID=Asia/Tokyo:20240102T190000", "DTEND;TZID=Europe/London:20240102T110000"],
            "2024-01-02T10:00",
            "2024-01-02T11:00",
        ),
        # The way ISO 8601 is written elsewhere.
        (["DTSTART:2024-01-02T10:00:00Z"], "2024-01-02T10:00", "2024-01-02T10:00"),
        (["DTSTART:2024-01-02T10:00:00+03:00"], "2024-01-02T07:00", "2024-01-02T07:00"),
        (["DTSTART:20240102T1000"], "2024-01-02T09:00", "2024-01-02T09:00"),
        (["DTSTART:20240102T100060Z"], "2024-01-02T10:00:59", "2024-01-02T10:00:59"),
        # Whole days in the event's zone; one day for an end that is missing or the same.
        (["DTSTART;VALUE=DATE:20240102"], "2024-01-01T23:00", "2024-01-02T23:00"),
        (["DTSTART;VALUE=DATE:20240102", "DTEND;VALUE=DATE:20240102"], "2024-01-01T23:00", "2024-01-02T23:00"),
        (["DTSTART;VALUE=DATE:20240102", "DTEND;VALUE=DATE:20240105"], "2024-01-01T23:00", "2024-01-04T23:00"),
        (["DTSTART;VALUE=DATE:20240102", "DURATION:P2D"], "2024-01-01T23:00", "2024-01-03T23:00"),
        (["DTSTART;VALUE=DATE:20240331"], "2024-03-30T23:00", "2024-03-31T22:00"),
        # Over a change of clocks: hours as they pass, days on the clocks.
        (["DTSTART:20240331T010000", "DURATION:PT2H"], "2024-03-31T00:00", "2024-03-31T02:00"),
        (["DTSTART:20240330T120000", "DURATION:P1D"], "2024-03-30T11:00", "2024-03-31T10:00"),
        (["DTSTART:20240330T120000", "DURATION:PT24H"], "2024-03-30T11:00", "2024-03-31T11:00"),
        (["DTSTART:20241027T013000", "DTEND:20241027T033000"], "2024-10-26T23:30", "2024-10-27T02:30"),
        # Past midnight.
        (["DTSTART:20240102T233000", "DTEND:20240103T003000"], "2024-01-02T22:30", "2024-01-02T23:30"),
    ],
)
def test_when_a_session_is(lines: list[str], starts: str, ends: str) -> None:
    assert times(*lines) == (at(starts), at(ends))


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        (["DTSTART:"], "This entry has no start."),
        (["DTSTART:20240230T100000Z"], "“20240230T100000Z” cannot be read as a date and time."),
        (["DTSTART:20240102T250000Z"], "“20240102T250000Z” cannot be read as a date and time."),
        (["DTSTART:00010101T000000"], "“00010101T000000” cannot be read as a date and time."),
        (["DTSTART:99991231T235959Z"], "“99991231T235959Z” cannot be read as a date and time."),
        (["DTSTART:20240102T100000+99:99"], "“20240102T100000+99:99” cannot be read as a date and time."),
        (["DTSTART:20240102T100000Z/PT1H"], "“20240102T100000Z/PT1H” cannot be read as a date and time."),
        (["DTSTART:call jane@example.org"], "“call” cannot be read as a date and time."),
        (["DTSTART;TZID=Europe/Zurich:19000101T000000"], "“19000101T000000” cannot be read as a date and time."),
        (["DTEND:later"], "“later” cannot be read as a date and time."),
        (["DTEND:20240102T095959Z"], "This entry ends before it starts."),
        (["DTSTART;VALUE=DATE:20240102", "DTEND;VALUE=DATE:20240101"], "This entry ends before it starts."),
        (["DURATION:-PT1H"], "This entry ends before it starts."),
        (["DURATION:1 hour"], "“1 HOUR” cannot be read as a duration."),
        (["DURATION:P99999999999W"], "“P99999999999W” cannot be read as a duration."),
        (["DURATION:P2000000D"], "“P2000000D” cannot be read as a duration."),
        ([f"DURATION:PT{'9' * 5_000}S"], "“PT9999"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_named(lines: list[str], sentence: str) -> None:
    made = draft("UID:this", *lines)
    sound(made)
    assert made.sessions == ()
    assert [(one.line, one.uid, why(one).startswith(sentence)) for one in made.unreadable] == [(3, "this", True)]


def test_a_zone_that_the_file_defines() -> None:
    made = ical.read((SAMPLES / "own_zone.ics").read_bytes(), time_zone=ZONE)
    assert [(one.title, one.starts_at, one.ends_at) for one in made.sessions] == [
        ("In summer", at("2024-07-01T14:00"), at("2024-07-01T15:00")),
        ("In winter", at("2024-01-15T15:00"), at("2024-01-15T15:00")),
    ]
    assert made.unreadable == ()


def defined(offset: str, rule: str = "", *, name: str = "Here") -> str:
    return (
        f"BEGIN:VTIMEZONE\nTZID:{name}\nBEGIN:STANDARD\nDTSTART:19700101T000000\nTZOFFSETFROM:+0000\n"
        f"TZOFFSETTO:{offset}\n{rule}END:STANDARD\nEND:VTIMEZONE\n"
    )


def test_the_zones_of_one_file_or_calendar_do_not_reach_another() -> None:
    here = entry("DTSTART;TZID=Here:20240102T100000")
    together = a_calendar(defined("+0300"), here) + a_calendar(here, defined("+0500")) + a_calendar(here)
    for _ in range(2):
        one = ical.read(a_calendar(defined("+0300"), here), time_zone=ZONE)
        other = ical.read(a_calendar(defined("-0800"), here), time_zone=ZONE)
        assert [one.sessions[0].starts_at, other.sessions[0].starts_at] == [
            at("2024-01-02T07:00"),
            at("2024-01-02T18:00"),
        ]
    made = ical.read(together, time_zone=ZONE)
    assert [one.starts_at for one in made.sessions] == [at(f"2024-01-02T0{hour}:00") for hour in (7, 5, 9)]


@pytest.mark.parametrize("lines", [["SUMMARY:"], ["SUMMARY:  \\n  "], ["SUMMARY:jane@example.org"], ["X-SUMMARY:"]])
def test_a_session_without_title_is_taken_over_and_named(lines: list[str]) -> None:
    made = ical.read(
        a_calendar("BEGIN:VEVENT\nUID:this\nDTSTART:20240102T100000Z\n" + lines[0] + "\nEND:VEVENT\n"), time_zone=ZONE
    )
    sound(made)
    assert [one.title for one in made.sessions] == [UNTITLED]
    assert [(one.line, one.uid, why(one).split(";")[0]) for one in made.unreadable] == [
        (3, "this", "This entry has no title")
    ]


@pytest.mark.parametrize(
    ("wall", "starts"),
    [
        ("19690101T120000", "1969-01-01T10:00"),  # before all onsets: as at the first
        ("20100615T120000", "2010-06-15T10:00"),
        ("20120615T120000", "2012-06-15T09:00"),  # by the fixed date of 2012
        ("20130615T120000", "2013-06-15T11:00"),  # by the yearly rule
        ("20140615T120000", "2014-06-15T10:00"),  # which has ended
        ("20130331T015959", "2013-03-30T22:59:59"),
        ("20130331T020000", "2013-03-31T01:00"),
        ("20991231T120000", "2099-12-31T08:00"),  # long after the last onset of all
    ],
)
def test_onsets_of_a_defined_zone(wall: str, starts: str) -> None:
    zone = (
        "BEGIN:VTIMEZONE\nTZID:Here\n"
        "BEGIN:STANDARD\nDTSTART:20000101T000000\nTZOFFSETTO:+0200\nEND:STANDARD\n"
        "BEGIN:STANDARD\nDTSTART:20120101T000000\nRDATE:20120102T000000,20120301T000000\nTZOFFSETTO:+0300\nEND:STANDARD\n"
        "BEGIN:DAYLIGHT\nDTSTART:20130331T020000\nRRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU;UNTIL=20130331T010000Z\n"
        "TZOFFSETTO:+0100\nEND:DAYLIGHT\n"
        "BEGIN:STANDARD\nDTSTART:20131027T030000\nRDATE:20150101T000000\nTZOFFSETTO:+0200\nEND:STANDARD\n"
        "BEGIN:STANDARD\nDTSTART:20141026T030000\nRRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU;UNTIL=20151025T000000Z\n"
        "TZOFFSETTO:+0400\nEND:STANDARD\nEND:VTIMEZONE\n"
    )
    made = ical.read(a_calendar(zone, entry(f"DTSTART;TZID=Here:{wall}")), time_zone=ZONE)
    assert ([one.starts_at for one in made.sessions], made.unreadable) == ([at(starts)], ())


@pytest.mark.parametrize(
    "zone",
    [
        "",
        defined("+0300", name="There"),
        defined("whenever"),
        defined("+9900"),
        defined("+0300", "RRULE:FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30\n"),
        defined("+0300", "RRULE:FREQ=YEARLY;BYMONTH=13;BYDAY=1SU\n"),
        defined("+0300", "RRULE:FREQ=YEARLY;BYMONTH=3\n"),
        defined("+0300", "RDATE:never\n"),
        "BEGIN:VTIMEZONE\nTZID:Here\nEND:VTIMEZONE\n",
        "BEGIN:VTIMEZONE\nTZID:Here\n" + "BEGIN:STANDARD\nEND:STANDARD\n" * 1_000 + "END:VTIMEZONE\n",
    ],
)
def test_an_unknown_zone_is_the_events_own_and_named_once(zone: str) -> None:
    here = entry("UID:1", "DTSTART;TZID=Here:20240102T100000", "DTEND;TZID=Here:20240102T110000")
    with no_hang():
        made = ical.read(a_calendar(here, here, zone), time_zone=ZONE)
    assert [(one.starts_at, one.ends_at) for one in made.sessions] == [
        (at("2024-01-02T09:00"), at("2024-01-02T10:00"))
    ] * 2
    assert [(one.line, one.uid, why(one).split(";")[0]) for one in made.unreadable] == [
        (3, "", "The time zone “Here” is unknown")
    ]


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "/etc/localtime", "localtime", "America", "x" * 9_000, "\0", "a\\nb", "e@x.org"]
)
def test_strange_names_of_zones(name: str) -> None:
    made = draft(f"DTSTART;TZID={name}:20240102T100000")
    sound(made)
    assert [one.starts_at for one in made.sessions] == [at("2024-01-02T09:00")]
    assert [why(one).split(";")[1] for one in made.unreadable] == [
        " times in it were read in the event's own zone. Check them."
    ]


def test_a_definition_gives_its_iana_name() -> None:
    zone = defined("+0300", "RRULE:FREQ=HOURLY\n").replace("BEGIN:ST", "X-LIC-LOCATION:Asia/Tokyo\nBEGIN:ST", 1)
    made = ical.read(a_calendar(zone, entry("DTSTART;TZID=Here:20240102T100000")), time_zone=ZONE)
    assert ([one.starts_at for one in made.sessions], made.unreadable) == ([at("2024-01-02T01:00")], ())


# Repetitions


def test_a_repeated_session_with_one_left_out_and_one_moved() -> None:
    made = ical.read((SAMPLES / "repeated.ics").read_bytes(), time_zone=ZONE)
    assert made.unreadable == ()
    assert [(one.title, one.starts_at.isoformat()[:16], one.ends_at - one.starts_at) for one in made.sessions] == [
        (title, starts, timedelta(minutes=30))
        for title, starts in [
            ("Morning briefing", "2024-03-28T07:30"),
            ("Morning briefing", "2024-03-31T06:30"),  # summer time begins
            ("Morning briefing", "2024-04-01T06:30"),
            ("Morning briefing", "2024-04-02T06:30"),
            ("Morning briefing, moved", "2024-03-30T15:00"),
        ]
    ]
    assert {one.source_uid for one in made.sessions} == {"briefing"}


@pytest.mark.parametrize(
    ("lines", "days"),
    [
        (["RRULE:FREQ=DAILY;COUNT=3"], "2 3 4"),
        (["RRULE:freq=daily;count=3;"], "2 3 4"),
        (["RRULE:FREQ=DAILY;COUNT=3;INTERVAL=2"], "2 4 6"),
        (["RRULE:FREQ=DAILY;COUNT=4;BYDAY=TU, WE,FR"], "2 3 5 9"),
        (["RRULE:FREQ=DAILY;UNTIL=20240104T100000Z"], "2 3 4"),
        (["RRULE:FREQ=DAILY;UNTIL=20240104T095959Z"], "2 3"),
        (["RRULE:FREQ=DAILY;UNTIL=20240104"], "2 3 4"),
        (["RRULE:FREQ=DAILY;UNTIL=20231224"], "2"),
        (["RRULE:FREQ=WEEKLY;COUNT=3"], "2 9 16"),
        (["RRULE:FREQ=WEEKLY;COUNT=4;BYDAY=TU,TH"], "2 4 9 11"),
        (["RRULE:FREQ=WEEKLY;COUNT=4;BYDAY=TU,SU;INTERVAL=2"], "2 7 16 21"),
        (["RRULE:FREQ=WEEKLY;COUNT=4;BYDAY=TU,SU;INTERVAL=2;WKST=SU"], "2 14 16 28"),
        (["RRULE:FREQ=WEEKLY;COUNT=2;BYDAY=MO"], "2 8"),
        (["RRULE:"], "2"),
        (["RDATE:"], "2"),
        (["RDATE:20240105T100000Z,20240104T100000Z"], "2 4 5"),
        (["RDATE:20240102T100000Z"], "2"),
        (["RRULE:FREQ=DAILY;COUNT=3", "RDATE:20240109T100000Z"], "2 3 4 9"),
        (["RRULE:FREQ=DAILY;COUNT=4", "EXDATE:20240102T100000Z,20240104T100000Z"], "3 5"),
        (["RRULE:FREQ=DAILY;COUNT=4", "EXDATE;VALUE=DATE:20240103", "EXDATE;TZID=Asia/Tokyo:20240104T190000"], "2 5"),
    ],
)
def test_simple_repetitions(lines: list[str], days: str) -> None:
    made = draft("UID:again", "DURATION:PT1H", *lines)
    expected = [at(f"2024-01-{int(day):02}T10:00") for day in days.split()]
    assert made.unreadable == ()
    assert [one.starts_at for one in made.sessions] == expected
    assert {(one.source_uid, one.ends_at - one.starts_at) for one in made.sessions} == {("again", timedelta(hours=1))}


def test_repetitions_of_a_whole_year() -> None:
    assert len(draft("RRULE:FREQ=DAILY;COUNT=366").sessions) == 366
    assert len(draft("RRULE:FREQ=WEEKLY;COUNT=53").sessions) == 53
    assert len(draft("RRULE:FREQ=DAILY;UNTIL=20250102T100000Z").sessions) == 367


@pytest.mark.parametrize(
    "line",
    [
        "RRULE:FREQ=DAILY",
        "RRULE:FREQ=WEEKLY;BYDAY=MO",
        "RRULE:FREQ=DAILY;COUNT=1000000000",
        "RRULE:FREQ=DAILY;COUNT=367",
        "RRULE:FREQ=WEEKLY;COUNT=60",
        "RRULE:FREQ=SECONDLY;COUNT=1000000000",
        "RRULE:FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30;COUNT=1",
        "RRULE:FREQ=MONTHLY;COUNT=2",
        "RRULE:FREQ=YEARLY;COUNT=2",
        "RRULE:FREQ=DAILY;COUNT=2;BYHOUR=9,10",
        "RRULE:FREQ=WEEKLY;COUNT=2;BYDAY=1MO",
        "RRULE:FREQ=WEEKLY;COUNT=2;BYDAY=",
        "RRULE:FREQ=DAILY;COUNT=0",
        "RRULE:FREQ=DAILY;COUNT=-5",
        "RRULE:FREQ=DAILY;COUNT=2;INTERVAL=0",
        "RRULE:FREQ=DAILY;COUNT=2;INTERVAL=-1",
        "RRULE:FREQ=DAILY;COUNT=2;INTERVAL=" + "9" * 30,
        "RRULE:FREQ=DAILY;COUNT=" + "9" * 5_000,
        "RRULE:FREQ=DAILY;UNTIL=99991231T235959Z",
        "RRULE:FREQ=DAILY;UNTIL=soon",
        "RRULE:FREQ=DAILY;COUNT=2;RSCALE=CHINESE",
        "RRULE:COUNT=2",
        "RRULE:every day",
        "RRULE:FREQ=DAILY;COUNT=2\nRRULE:FREQ=DAILY;COUNT=3",
        "RDATE:tomorrow",
        "RDATE;VALUE=PERIOD:20240105T100000Z/PT1H",
        "RDATE:" + ",".join(["20240105T100000Z"] * 400),
        "RDATE:20240105T100000Z\n" * 100 + "X-END:",
    ],
)
def test_other_repetitions_are_read_once_and_named(line: str) -> None:
    with no_hang():
        made = draft("UID:again", line)
    assert [one.starts_at for one in made.sessions] == [at("2024-01-02T10:00")]
    assert [(one.line, one.uid, why(one).split(";")[0]) for one in made.unreadable] == [
        (3, "again", "This entry repeats in a way that cannot be read")
    ]


# Words


@pytest.mark.parametrize(
    ("written", "title"),
    [
        ("Data\\, trade\\; and growth", "Data, trade; and growth"),
        ("C:\\\\new", "C:\\new"),
        ("Two\\nlines", "Two lines"),
        ("Q&amp;A &#8211; closing", "Q&A – closing"),
        ("Why <script> and a < b matter", "Why <script> and a < b matter"),
        ("Bell\x07 and zero\u200bwidth", "Bell and zero\u200bwidth"),
        ("Cafe\u0301", "Café"),
        ("Talk (jane@example.org)", "Talk"),
        ("Talk by jane@example.org today", "Talk by today"),
        ("x" * 501, "x" * 499 + "…"),
        ("x" * 500, "x" * 500),
        ("x" * 30_000, "x" * 499 + "…"),
    ],
)
def test_titles(written: str, title: str) -> None:
    assert the_one(f"SUMMARY:{written}").title == title


@pytest.mark.parametrize(
    ("lines", "description"),
    [
        (["DESCRIPTION:"], ""),
        (["DESCRIPTION:One\\n\\nTwo\\, three"], "One\n\nTwo, three"),
        (["DESCRIPTION:## Goals\\n\\n* one\\n  * two\\n\\n    code"], "## Goals\n\n* one\n  * two\n\n    code"),
        (["DESCRIPTION:<p>One</p>\\n<p>Two<br>three</p>"], "One\n\nTwo\nthree"),
        (["X-ALT-DESC;FMTTYPE=text/html:<html><body><p>One</p></body></html>"], "One"),
        (["DESCRIPTION:Plain", "X-ALT-DESC:<p>HTML</p>"], "Plain"),
        (["DESCRIPTION:", "DESCRIPTION:Second"], "Second"),
        (['DESCRIPTION;ALTREP="data:text/html,x":Text: with colon'], "Text: with colon"),
        (["DESCRIPTION:Write to jane.doe@example.org."], "Write to [e-mail removed]."),
        (["DESCRIPTION:<a href=\"mailto:jane@example.org\">Write</a>"], "Write"),
        (["DESCRIPTION:[Write](mailto:jane@example.org?subject=x)"], "[Write]([e-mail removed])"),
        (["DESCRIPTION:jane&#64;example.org or jane\\nat"], "[e-mail removed] or jane\nat"),
        (["DESCRIPTION:jane\x00@example.org"], "[e-mail removed]"),
        (["DESCRIPTION:j<b>@</b>example.org"], "[e-mail removed]"),
        (["DESCRIPTION:" + "x" * (MAX_DESCRIPTION + 1)], "x" * (MAX_DESCRIPTION - 1) + "…"),
        (["DESCRIPTION:" + "a@example.org " * 3_000], "[e-mail removed] " * 1_176 + "[e-mail…"),
    ],
)  # fmt: skip
def test_descriptions(lines: list[str], description: str) -> None:
    one = the_one(*lines)
    assert one.description == description


@pytest.mark.parametrize(
    ("lines", "room"),
    [
        (["LOCATION: Room 1  "], "Room 1"),
        (["LOCATION:Room 1\\, Room 2; Room 3"], "Room 1, Room 2; Room 3"),
        (["LOCATION:Palais\\nRoom 1"], "Palais Room 1"),
        (["LOCATION:", "ATTENDEE;CUTYPE=ROOM;CN=Room 7:mailto:room7@example.org"], "Room 7"),
        (["LOCATION:Room 1", "ATTENDEE;CUTYPE=ROOM;CN=Room 7:mailto:room7@example.org"], "Room 1"),
        (["LOCATION:room1@example.org", "DESCRIPTION:Room: Tower 5"], "Tower 5"),
        (["DESCRIPTION:About\\nVenue: Hall A\\nmore"], "Hall A"),
        (["DESCRIPTION:In the room: nobody"], ""),
        (["LOCATION:" + "x" * 201], "x" * 199 + "…"),
    ],
)
def test_rooms(lines: list[str], room: str) -> None:
    assert the_one(*lines).room == room


@pytest.mark.parametrize(
    ("lines", "track"),
    [
        ([], ""),
        (["CATEGORIES:Digital trade"], "Digital trade"),
        (["CATEGORIES:Trade\\, digital"], "Trade, digital"),
        (["CATEGORIES:One,Two"], ""),
        (["CATEGORIES:One", "CATEGORIES:Two"], ""),
        (["CATEGORIES:One", "DESCRIPTION:Track: Two"], "Two"),
    ],
)
def test_tracks(lines: list[str], track: str) -> None:
    assert the_one(*lines).track == track


@pytest.mark.parametrize(
    ("lines", "speakers"),
    [
        (["DESCRIPTION:Speaker: Amina Diallo"], ["Amina Diallo"]),
        (["DESCRIPTION:**Speakers:** Amina Diallo\\, Li Wang and John Roe"], ["Amina Diallo", "Li Wang", "John Roe"]),
        (["DESCRIPTION:Speakers: Amina Diallo (UNCTAD\\, Geneva)\\, Li Wang (WTO)"],
         ["Amina Diallo|UNCTAD, Geneva", "Li Wang|WTO"]),
        (["DESCRIPTION:Speaker: Amina Diallo\\, UNCTAD"], ["Amina Diallo|UNCTAD"]),
        (["DESCRIPTION:Speakers: Amina Diallo\\, Director\\, UNCTAD\\; Li Wang\\, WTO"],
         ["Amina Diallo|Director, UNCTAD", "Li Wang|WTO"]),
        (["DESCRIPTION:<p><b>Panelists:</b> Amina Diallo</p><p>Presenter: Li Wang</p>"], ["Amina Diallo", "Li Wang"]),
        (["DESCRIPTION:Moderator: Li Wang\\nSpeaker: Amina Diallo"], ["Amina Diallo", "Li Wang||Moderator"]),
        (["DESCRIPTION:Speaker: Li Wang <li.wang@example.org>"], ["Li Wang"]),
        (["DESCRIPTION:Speaker: li.wang@example.org\\, TBA\\, TBC"], []),
        (["DESCRIPTION:Speaker: https://example.org/li"], []),
        (["DESCRIPTION:The speaker: nobody knows"], []),
        (["DESCRIPTION:Speakers:\\nAmina Diallo\\n<p>Economist</p>\\n<p>Of\\nGeneva</p>\\nLi van der Berg\\n<ul>\\n"
          "<li>Author</li>\\n</ul>\\nHer latest book is out.\\nJohn Roe"], ["Amina Diallo", "Li van der Berg"]),
        (["DESCRIPTION:Speakers:\\n- Amina Diallo\\n- Li Wang 🌸\\n\\nBring Laptops"], ["Amina Diallo", "Li Wang 🌸"]),
        (["DESCRIPTION:Speakers:\\nHosted by Amina\\, Li"], []),
        (["ATTENDEE;CN=Amina Diallo:mailto:amina@example.org"], ["Amina Diallo"]),
        (['ATTENDEE;CN="Diallo, Amina";ROLE=REQ-PARTICIPANT:invalid:nomail'], ["Diallo, Amina"]),
        (["ATTENDEE;CN=Diallo\\, Amina:mailto:amina@example.org"], ["Diallo, Amina"]),
        (["ATTENDEE;CN=amina@example.org:mailto:amina@example.org"], []),
        (["ATTENDEE;CN=mailto:amina@example.org"], []),
        (["ATTENDEE:mailto:amina@example.org"], []),
        (['ATTENDEE;CN="Amina Diallo <amina@example.org>":mailto:amina@example.org'], ["Amina Diallo"]),
        (["ATTENDEE;CN=Amina ^'Mina^' Diallo:x:y"], ['Amina "Mina" Diallo']),
        (["ATTENDEE;CUTYPE=RESOURCE;CN=Projector:x:y", "ATTENDEE;ROLE=NON-PARTICIPANT;CN=A Clerk:x:y"], []),
        (["ORGANIZER;CN=Programme Desk:mailto:desk@example.org"], ["Programme Desk"]),
        (["ORGANIZER;CN=desk@example.org:mailto:desk@example.org"], []),
        (["ORGANIZER;CN=Programme Desk:x:y", "ATTENDEE;CN=Amina Diallo:x:y"], ["Amina Diallo"]),
        (["DESCRIPTION:Speaker: Amina Diallo", "ATTENDEE;CN=AMINA DIALLO:x:y", "ATTENDEE;CN=Li Wang:x:y"],
         ["Amina Diallo", "Li Wang"]),
        (["DESCRIPTION:Speaker: " + "x" * 300], ["x" * 199 + "…"]),
    ],
)  # fmt: skip
def test_speakers(lines: list[str], speakers: list[str]) -> None:
    one = the_one(*lines)
    named = ["|".join((who.name, who.organisation, who.position)).rstrip("|") for who in one.speakers]
    assert named == speakers
    sound(draft(*lines))


def test_no_more_speakers_than_anybody_reads() -> None:
    names = [f"Person {chr(65 + number // 26)}{chr(97 + number % 26)}" for number in range(300)]
    for lines in (
        ["DESCRIPTION:" + "\\n".join(f"Speaker: {name}" for name in names)],
        ["DESCRIPTION:Speakers:\\n" + "\\n".join(names)],
        [f"ATTENDEE;CN={name}:x:y" for name in names],
    ):
        assert [who.name for who in the_one(*lines).speakers] == names[:MAX_SPEAKERS]


@pytest.mark.parametrize(
    ("lines", "uid"),
    [([], ""), (["UID:"], ""), (["UID: a\\,b@c.org "], "a,b@c.org"), (["UID:" + "x" * 600], "x" * 499 + "…")],
)
def test_uids(lines: list[str], uid: str) -> None:
    assert the_one(*lines).source_uid == uid


@pytest.mark.parametrize(
    ("line", "cancelled"),
    [
        ("STATUS:CANCELLED", True),
        ("status:cancelled ", True),
        ("STATUS:CONFIRMED", False),
        ("STATUS:", False),
        ("X:", False),
    ],
)
def test_cancelled(line: str, cancelled: bool) -> None:
    assert the_one(line).cancelled is cancelled


def test_the_name_of_the_calendar() -> None:
    for line, name in [
        ("X-WR-CALNAME:Week\\, 2023", "Week, 2023"),
        ("NAME:Week", "Week"),
        ("X-WR-CALNAME:desk@example.org", ""),
        ("X-WR-CALNAME:" + "x" * 201, "x" * 199 + "…"),
    ]:
        assert ical.read(a_calendar(f"{line}\n", entry("NAME:not this")), time_zone=ZONE).name == name


def test_what_stands_inside_an_entry_is_not_its_own() -> None:
    alarm = (
        "BEGIN:VALARM\nSUMMARY:Alarm\nDTSTART:20200101T000000Z\nBEGIN:X-MORE\nLOCATION:x\nEND:X-MORE\nUID:x\nEND:VALARM"
    )
    assert the_one(alarm, "UID:own") == SessionDraft(
        "A session", at("2024-01-02T10:00"), at("2024-01-02T10:00"), source_uid="own"
    )


# What means harm


BOMBS = {
    "components_in_each_other": b"BEGIN:VCALENDAR\n" + b"BEGIN:X\n" * 640_000,
    "components_in_an_entry": b"BEGIN:VCALENDAR\nBEGIN:VEVENT\n" + b"BEGIN:VALARM\n" * 400_000,
    "zones_in_each_other": b"BEGIN:VCALENDAR\n" + b"BEGIN:VTIMEZONE\n" * 300_000,
    "lines_without_end": b"BEGIN:VCALENDAR\nBEGIN:VEVENT\n" + b"SUMMARY:x\n" * 100_000,
    "one_folded_line": a_calendar(entry("DESCRIPTION:x" + "\n x" * 1_700_000)),
    "empty_folds": a_calendar(entry("DESCRIPTION:x" + "\n " * 2_500_000)),
    "one_long_line": a_calendar(entry("DESCRIPTION:" + "é" * 2_500_000)),
    "raw_text": a_calendar(entry("DESCRIPTION:x" + "\ny" * 400_000)),
    "line_ends": b"BEGIN:VCALENDAR" + b"\r" * 5_000_000,
    "repetitions": a_calendar(entry("RRULE:FREQ=SECONDLY;COUNT=1000000000") * 5_000),
    "long_repetitions": a_calendar(entry("RRULE:FREQ=DAILY;BYDAY=MO;COUNT=300") * 5_000),
    "attendees": a_calendar(entry("ATTENDEE;CN=Jane Doe:mailto:a@b.org\n" * 100_000)),
    "tags": a_calendar(entry("DESCRIPTION:" + "<p><ul><li>" * 18_000)),
    "unclosed_tags": a_calendar(entry("DESCRIPTION:" + "<a href='" * 20_000)),
    "unclosed_comments": a_calendar(entry("DESCRIPTION:<p>" + "<!--" * 49_000)),
    "unclosed_scripts": a_calendar(entry("DESCRIPTION:<p>" + "<script>" * 24_000)),
    "signs": a_calendar(entry("DESCRIPTION:" + "a%40" * 49_000), entry("DESCRIPTION:" + "@" * 190_000)),
    "names": a_calendar(entry("DESCRIPTION:" + "a" * 190_000)),
    "brackets": a_calendar(entry("DESCRIPTION:Speakers: " + "(," * 450) * 1_000),
    "people": a_calendar(entry("DESCRIPTION:Speakers:" + "\\nA" * 6_000) * 300),
    "quotes": a_calendar(entry("ATTENDEE;" + '":' * 4_000 + "x") * 500),
    "parameters": a_calendar(entry("DTEND" + ";A=b" * 2_000 + ":20240102T110000Z") * 500),
    "numbers": a_calendar(entry("DESCRIPTION:<p>&#" + "9" * 100_000 + ";")),
}


@pytest.mark.parametrize("name", BOMBS)
def test_no_bomb_goes_off(name: str) -> None:
    with no_hang(60):
        read_or_refused(BOMBS[name])


@st.composite
def damaged(draw: st.DrawFn, bases: list[bytes]) -> bytes:
    """A sample with lines dropped, doubled, moved or replaced, and bytes changed, put in or cut off."""
    lines = draw(st.sampled_from(bases)).split(b"\n")
    for _ in range(draw(st.integers(1, 6))):
        here, there = draw(st.integers(0, len(lines) - 1)), draw(st.integers(0, len(lines) - 1))
        match draw(st.integers(0, 5)):
            case 0:
                lines[here : here + 1] = []
            case 1:
                lines[here:here] = [lines[there]]
            case 2:
                lines[here], lines[there] = lines[there], lines[here]
            case 3:
                lines[here] = draw(st.sampled_from(ODD_LINES))
            case 4:
                place = draw(st.integers(0, len(lines[here])))
                lines[here] = lines[here][:place] + draw(st.binary(max_size=4)) + lines[here][place + 1 :]
            case _:
                name, colon, _ = lines[here].partition(b":")
                lines[here] = name + colon + draw(st.sampled_from(ODD_VALUES))
        lines = lines or [b""]
    data = b"\n".join(lines)
    return data[: draw(st.integers(0, len(data)))] if draw(st.integers(0, 9)) == 0 else data


ODD_LINES = [
    *(b"BEGIN:VEVENT", b"END:VEVENT", b"BEGIN:VCALENDAR", b"END:VCALENDAR", b"BEGIN:VALARM", b"END:VTIMEZONE"),
    *(b"", b" ", b":", b";", b"\xff\xfe", b"\xef\xbb\xbf", b"DURATION:P1W", b"SUMMARY:a@b.org", b"RDATE:20240105,x"),
    *(b"DTSTART;TZID=:20240101T000000", b"DTSTART;VALUE=DATE:20240229", b"RRULE:FREQ=DAILY;UNTIL=20240201"),
    *(b"EXDATE;VALUE=DATE:20240101", b"RECURRENCE-ID:20240102T100000Z"),
]
ODD_VALUES = [
    *(b"", b"20240101", b"19000101T000000", b"21991231T235959", b"21991231", b"20240331T023000", b"-PT1H", b"P1D"),
    *(b"PT0S", b"+1400", b"-2359", b"Europe/Zurich", b"mailto:a@b.org", b"\\", b'"', "é".encode("cp1252")),
    *(b"FREQ=YEARLY;BYMONTH=2;BYDAY=5SU", b"FREQ=YEARLY;BYMONTH=2;BYDAY=-5SU;UNTIL=19000101"),
    *(b"<p>a@b.org</p>\\nSpeakers:\\nA B\\n<a@b.org", b"Speaker: a@b.org, A (a@b.org)"),
]
OWN = [path.read_bytes() for path in sorted(SAMPLES.glob("*.ics"))]


@randomised
@given(damaged(OWN))
@example(OWN[0].replace(b"TZID:Europe/Zurich", b"TZID:Here").replace(b"TZID=Europe/Zurich", b"TZID=Here"))
def test_damaged_samples(data: bytes) -> None:
    with no_hang():
        read_or_refused(data)


@randomised
@given(st.binary(max_size=300) | st.binary(max_size=300).map(lambda data: b"BEGIN:VEVENT\n" + data + b"\nEND:VEVENT\n"))
def test_any_bytes(data: bytes) -> None:
    with no_hang():
        read_or_refused(data)


# Real files


HOSTILE = sorted(path for path in (FIELD / "hostile" / "ics").rglob("*") if path.is_file())
needs_field = pytest.mark.skipif(not HOSTILE, reason="the folder of real files is not here (FIELD_FILES)")


@needs_field
@pytest.mark.parametrize(
    ("name", "zone", "sessions", "untitled", "first"),
    [
        ("pyconus_2025.all_events.ics", "America/New_York", 224, 0, date(2025, 5, 14)),
        ("updates/pyconus_2025.68eaa92.all_events.ics", "America/New_York", 181, 0, date(2025, 5, 14)),
        ("updates/pyconus_2025.049c012.all_events.ics", "America/New_York", 163, 0, date(2025, 5, 14)),
        ("railsconf_2017.all_events.ics", "America/Phoenix", 113, 0, date(2017, 4, 25)),
        ("pyconindia_2021.schedule.ics", "Asia/Kolkata", 60, 0, date(2021, 9, 17)),
        ("pyconuk_2015.schedule.ics", "Europe/London", 162, 4, date(2015, 9, 18)),  # four have an empty SUMMARY
    ],
)
def test_real_programmes(name: str, zone: str, sessions: int, untitled: int, first: date) -> None:
    data = (FIELD / "programmes" / name).read_bytes()
    made = ical.read(data, time_zone=zone)
    sound(made)
    assert made == ical.read(data, time_zone=zone)
    assert len(made.sessions) == sessions
    assert [why(one).split(";")[0] for one in made.unreadable] == ["This entry has no title"] * untitled
    assert [one.title for one in made.sessions].count(UNTITLED) == untitled
    assert min(one.starts_at for one in made.sessions).date() == first
    assert not any(re.search(r"</?(?:p|ul|li|strong|a)\b", one.description) for one in made.sessions)


@needs_field
def test_speakers_of_real_programmes() -> None:
    us = ical.read((FIELD / "programmes" / "pyconus_2025.all_events.ics").read_bytes(), time_zone="America/New_York")
    india = ical.read((FIELD / "programmes" / "pyconindia_2021.schedule.ics").read_bytes(), time_zone="Asia/Kolkata")
    labelled = [one for one in us.sessions if "Speakers:\n" in one.description]
    assert (len(labelled), sum(1 for one in labelled if one.speakers)) == (149, 145)
    assert {one.description.split("Speakers:\n")[1] for one in labelled if not one.speakers} == {
        "Hosted by Abigail, Chris, Cristián, and Lorena"
    }
    assert sum(len(one.speakers) for one in us.sessions) == 177
    assert sum(len(one.speakers) for one in india.sessions) == 62
    assert max((who.name for one in us.sessions for who in one.speakers), key=len) == "Joan Alejandro Esquivel Montero"


@needs_field
@pytest.mark.parametrize("path", HOSTILE, ids=lambda path: path.name)
def test_hostile_files(path: Path) -> None:
    with no_hang():
        read_or_refused(path.read_bytes())


@needs_field
@randomised
@given(st.data())
def test_damaged_hostile_files(data: st.DataObject) -> None:
    with no_hang():
        read_or_refused(data.draw(damaged([path.read_bytes() for path in HOSTILE if path.stat().st_size < 6_000])))
