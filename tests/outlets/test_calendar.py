"""Calendars: read back by the library that wrote them and by our own reader; the addresses at which they stand."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import factories as make
import icalendar
import pytest
from flask import Flask
from navigator import Navigator, parsed

from reporter.models.assignment import Assignment
from reporter.models.database import db, unit_of_work
from reporter.models.event import Event
from reporter.models.people import User
from reporter.models.programme import ProgrammeSession
from reporter.newsroom import coverage as decisions
from reporter.newsroom import people as accounts
from reporter.newsroom import programme
from reporter.outlets import calendar
from reporter.outlets.calendar import CalendarSession
from reporter.queries import people, programmes
from reporter.rules.coverage import CoverageLine, OwnCoverage, SessionFacts
from reporter.rules.published import PublicEvent, PublicSession
from reporter.rules.vocabulary import AssignmentState, Cover, Coverage, Role, SessionRule
from reporter.sources import ical
from reporter.sources.draft import SessionDraft

BASE, AUTHORITY = "https://reports.example.org", "example.org"
T0, CHANGED = make.T0, datetime(2023, 11, 1, 8, 0, tzinfo=UTC)
EVENT = PublicEvent(
    "forum", "Forum; “2023”, Geneva", "Geneva", "Europe/Zurich", date(2023, 12, 4), date(2023, 12, 8), False
)
PROGRAMME = "/events/forum/programme.ics"


def session(number: int = 1, title: str = "Data flows", **parts: Any) -> CalendarSession:
    held: dict[str, Any] = {"room": "Room A", "starts_at": T0, "ends_at": T0 + timedelta(minutes=90),
                            "description": "What agreements say.", "names_hidden": False}  # fmt: skip
    held.update({name: parts.pop(name) for name in list(parts) if name in held})
    return CalendarSession(
        PublicSession(number=number, title=title, **held),
        **{"changed_at": CHANGED, **parts},
    )


def programme_of(*sessions: CalendarSession) -> bytes:
    return calendar.programme(EVENT, sessions, base_url=BASE, tag_authority=AUTHORITY, translate=str.upper)


def entries(data: bytes) -> list[icalendar.Component]:
    return list(icalendar.Calendar.from_ical(data).walk("VEVENT"))


def lines(data: bytes) -> list[str]:
    """The lines as they are meant: unfolded."""
    return data.decode().replace("\r\n ", "").split("\r\n")


HARD = [
    session(1, "Comma, semicolon; backslash \\ and \\n that is none", room="Room, with; marks: \\"),
    session(2, "数据跨境流动：下一步是什么" * 12, room="第一会议室"),
    session(3, "Ends when it starts", ends_at=T0),
    session(4, "Without a room", room=""),
    session(5, "BEGIN:VEVENT inside", description="BEGIN:VCALENDAR\nEND:VEVENT\nRoom: elsewhere"),
    session(6, "Over midnight", starts_at=T0.replace(hour=23), ends_at=T0.replace(hour=23) + timedelta(hours=30)),
    session(7, "Çà et là – “mixed” 🎉 " + "é" * 70, room="é" * 90),
    session(8, "Cancelled", cancelled_at=CHANGED + timedelta(days=3)),
    session(9, "Over the change of clocks", starts_at=datetime(2023, 10, 29, 0, 30, tzinfo=UTC),
            ends_at=datetime(2023, 10, 29, 1, 30, tzinfo=UTC)),
]  # fmt: skip


def test_what_is_written_is_read_back_equal_by_the_library_and_by_our_own_reader() -> None:
    data = programme_of(*HARD)
    by_library = [
        (str(one["SUMMARY"]), one.decoded("DTSTART"), one.decoded("DTEND", one.decoded("DTSTART")),
         str(one.get("LOCATION", "")))
        for one in entries(data)
    ]  # fmt: skip
    read = ical.read(data, time_zone="Asia/Tokyo")
    by_us = [(one.title, one.starts_at, one.ends_at, one.room) for one in read.sessions]
    said = [(one.session.title.strip(), one.session.starts_at, one.session.ends_at, one.session.room) for one in HARD]
    # Our reader takes a room from the description where the place is empty; here none is.
    assert by_library == by_us == said
    assert read.unreadable == ()
    assert read.name == EVENT.name
    assert [one.cancelled for one in read.sessions] == [one.cancelled_at is not None for one in HARD]
    assert [one.source_uid for one in read.sessions] == [f"session-{number}@example.org" for number in range(1, 10)]


def test_lines_are_folded_and_end_as_the_standard_says() -> None:
    data = programme_of(*HARD)
    assert data.endswith(b"END:VCALENDAR\r\n")
    assert b"\n" not in data.replace(b"\r\n", b"")
    assert max(len(line) for line in data.split(b"\r\n")) <= 75
    assert b"\r" not in data.replace(b"\r\n", b"")
    for line in data.split(b"\r\n"):
        line.decode()  # no character is cut in two


def test_the_whole_of_an_entry() -> None:
    gone = session(7, "Gone", cancelled_at=CHANGED + timedelta(days=1))
    assert lines(programme_of(session(), gone)) == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Reporter//Reporter//EN",
        "CALSCALE:GREGORIAN",
        "X-WR-CALNAME:Forum\\; “2023”\\, Geneva",
        "X-WR-TIMEZONE:Europe/Zurich",
        "BEGIN:VEVENT",
        "SUMMARY:Data flows",
        "DTSTART:20231204T090000Z",
        "DTEND:20231204T103000Z",
        "DTSTAMP:20231101T080000Z",
        "UID:session-1@example.org",
        "DESCRIPTION:What agreements say.",
        "LAST-MODIFIED:20231101T080000Z",
        "LOCATION:Room A",
        "STATUS:CONFIRMED",
        "URL:https://reports.example.org/sessions/1/data-flows",
        "END:VEVENT",
        "BEGIN:VEVENT",
        "SUMMARY:Gone",
        "DTSTART:20231204T090000Z",
        "DTEND:20231204T103000Z",
        "DTSTAMP:20231102T080000Z",
        "UID:session-7@example.org",
        "DESCRIPTION:What agreements say.",
        "LAST-MODIFIED:20231102T080000Z",
        "LOCATION:Room A",
        "STATUS:CANCELLED",
        "URL:https://reports.example.org/sessions/7/gone",
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    ]


def test_descriptions_are_plain_and_hold_no_addresses() -> None:
    html = (
        "<p>Write to <a href='mailto:jo.doe@example.net'>Jo</a> or jo.doe@example.net.</p><script>x</script><p>Next</p>"
    )
    found = entries(
        programme_of(session(description=html), session(2, description=" \n"), session(3, description="a\x00b"))
    )
    assert str(found[0]["DESCRIPTION"]) == "Write to Jo or  .\n\nNext"
    assert "DESCRIPTION" not in found[1]
    assert str(found[2]["DESCRIPTION"]) == "ab"
    assert b"example.net" not in programme_of(session(description=html))


def test_a_neutral_title_is_in_the_language_and_its_address_is_not() -> None:
    neutral = entries(programme_of(session(title="Session without names", description="", names_hidden=True)))[0]
    assert str(neutral["SUMMARY"]) == "SESSION WITHOUT NAMES"
    assert str(neutral["URL"]) == f"{BASE}/sessions/1/session-without-names"
    assert "DESCRIPTION" not in neutral


def test_nothing_at_all_is_a_calendar_still() -> None:
    data = programme_of()
    assert entries(data) == []
    assert data == programme_of()


def own(number: int, **parts: Any) -> OwnCoverage:
    values: dict[str, Any] = {
        "title": f"Session {number}", "starts_at": T0, "ends_at": T0 + timedelta(minutes=90), "room_id": 1,
        "room": "Room A", "track_id": None, "session": SessionFacts(), "unlisted": False, "people": (),
        "due_at": T0 + timedelta(minutes=210), "report_number": None, "report": None, "first_published_at": None,
        "stands": Coverage.ACCEPTED, **parts,
    }  # fmt: skip
    return OwnCoverage(CoverageLine(number=number, **values), "Forum", "Europe/Zurich", CHANGED)


def test_somebodys_own_calendar_says_until_when_and_where_to_write() -> None:
    closed = SessionFacts(rule=SessionRule.CHATHAM_HOUSE, cancelled=True)
    data = calendar.assignments(
        [own(3), own(4, session=closed)], name="What I cover", base_url=BASE, tag_authority=AUTHORITY, translate=str
    )
    first, second = entries(data)
    assert str(first["DESCRIPTION"]).split("\n") == [
        "Forum",
        "The report is due on 2023-12-04 at 13:30 (Europe/Zurich).",
        "Write it here: https://reports.example.org/desk/sessions/3/report",
    ]
    assert "No names, no organisations" in str(second["DESCRIPTION"])
    assert [(str(one["UID"]), str(one["STATUS"]), str(one["URL"])) for one in (first, second)] == [
        ("session-3@example.org", "CONFIRMED", "https://reports.example.org/desk/sessions/3/report"),
        ("session-4@example.org", "CANCELLED", "https://reports.example.org/desk/sessions/4/report"),
    ]
    read = ical.read(data, time_zone="UTC")
    assert [(one.title, one.starts_at, one.ends_at, one.room) for one in read.sessions] == [
        (f"Session {number}", T0, T0 + timedelta(minutes=90), "Room A") for number in (3, 4)
    ]
    assert (read.unreadable, read.name) == ((), "What I cover")


# At its address


@pytest.fixture
def forum(app: Flask) -> None:
    """An event with sessions of every kind; its rapporteur covers the second."""
    with app.app_context():
        event = make.event("forum")
        first = make.session(event, "First")
        second = make.session(event, "Second", rule=SessionRule.CHATHAM_HOUSE)
        writer = make.person(Role.RAPPORTEUR, event, name="Wanjiru Writes")
        make.person(Role.EDITOR, event, name="Edith Edits")
        with unit_of_work():
            programme.add_unlisted(
                event, SessionDraft("Unlisted", T0, T0 + timedelta(hours=1)), by=writer, at=make.later(5)
            )
            db.session.get_one(ProgrammeSession, first.id).cancelled_at = make.later(9)
        assign(second.id, writer.id, AssignmentState.ACCEPTED)


def assign(session_number: int, user_id: int, state: AssignmentState) -> None:
    with unit_of_work():
        db.session.add(
            Assignment(programme_session_id=session_number, user_id=user_id, state=state, lead=False, note="",
                       assigned_by_id=user_id, assigned_at=T0, answered_at=make.later(2))
        )  # fmt: skip


@pytest.mark.usefixtures("forum")
def test_the_programme_of_an_event(visitor: Navigator) -> None:
    answer = visitor.get(PROGRAMME)
    assert answer.content_type == "text/calendar; charset=utf-8"
    assert "Set-Cookie" not in answer.headers
    assert "Vary" not in answer.headers
    found = [(str(one["SUMMARY"]), str(one["STATUS"]), str(one.get("LOCATION", "")), one.decoded("DTSTAMP"))
             for one in entries(answer.data)]  # fmt: skip
    assert found == [
        ("Unlisted", "CONFIRMED", "", make.later(5)),
        ("First", "CANCELLED", "Room A", make.later(9)),
        ("Session without names", "CONFIRMED", "Room A", T0),  # its title is “Second”, which may name somebody
    ]
    for word in ("Wanjiru", "Chair of the session", "example.org"):
        assert word not in answer.text
    page = visitor.get("/events/forum/programme").text
    assert parsed(page).xpath("//main//a[contains(@href, '.ics')]/@href") == [PROGRAMME]
    assert parsed(page).xpath("//link[@type='text/calendar']/@href") == [PROGRAMME]


@pytest.mark.usefixtures("forum")
def test_what_did_not_change_costs_nothing(app: Flask, visitor: Navigator) -> None:
    answer = visitor.get(PROGRAMME)
    assert answer.headers["Cache-Control"] == "no-cache"
    asked = {"If-None-Match": answer.headers["ETag"]}
    assert visitor.get(PROGRAMME, status=304, headers=asked).data == b""
    with app.app_context(), unit_of_work():
        row = db.session.get_one(ProgrammeSession, 2)
        decisions.decide_cover(row, Cover.MUST, by=db.session.get_one(User, 2), at=make.later(60))
    visitor.get(PROGRAMME, status=304, headers=asked)  # what the desk decides is nothing to the public
    with app.app_context(), unit_of_work():
        db.session.get_one(ProgrammeSession, 2).starts_at = make.later(10)
    assert visitor.get(PROGRAMME, headers=asked).data != answer.data


@pytest.mark.usefixtures("forum")
def test_an_event_that_is_hidden_or_none_has_no_calendar(app: Flask, visitor: Navigator) -> None:
    visitor.get("/events/none/programme.ics", status=404)
    with app.app_context(), unit_of_work():
        db.session.get_one(Event, 1).hidden_at = T0
    visitor.get(PROGRAMME, status=404)


def address_of(app: Flask, user_id: int) -> str:
    """The address of somebody's own calendar, as the desk shows it."""
    with app.app_context():
        user = people.by_id(user_id)
        assert user is not None
        email = user.email
    shown = parsed(Navigator(app).sign_in(email, make.PASSWORD).get("/desk/").text)
    assert "Whoever has this address can read it" in shown.text_content()
    whole = str(shown.xpath("//p[@class='address']/a/@href")[0])
    assert whole.startswith("http://127.0.0.1:8000/calendars/")
    return whole.removeprefix("http://127.0.0.1:8000")


@pytest.mark.usefixtures("forum")
def test_somebodys_calendar_opens_with_its_address_alone(app: Flask, visitor: Navigator) -> None:
    address = address_of(app, 1)
    with app.app_context():
        ended = [make.session(programmes.events()[0], state.value).id for state in AssignmentState]
        for number, state in zip(ended, AssignmentState, strict=True):
            assign(number, 1, state)
        assign(make.session(programmes.events()[0], "Of another").id, 2, AssignmentState.ACCEPTED)
    answer = visitor.get(address)
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.content_type == "text/calendar; charset=utf-8"
    assert "Set-Cookie" not in answer.headers
    found = entries(answer.data)
    assert sorted(str(one["SUMMARY"]) for one in found) == ["Second", "accepted", "assigned"]
    second = next(one for one in found if str(one["SUMMARY"]) == "Second")
    assert "The report is due on 2023-12-04 at 13:30 (Europe/Zurich)." in str(second["DESCRIPTION"])
    assert str(second["URL"]) == "http://127.0.0.1:8000/desk/sessions/2/report"
    assert second.decoded("DTSTAMP") == make.later(2)
    assert visitor.get(address).data == answer.data
    with app.app_context(), unit_of_work():
        db.session.get_one(Event, 1).hidden_at = T0
    assert entries(visitor.get(address).data) == []


@pytest.mark.usefixtures("forum")
def test_no_other_address_opens_it(app: Flask, visitor: Navigator) -> None:
    right = address_of(app, 1)
    found = re.fullmatch("/calendars/([0-9]+)-([0-9a-f]{64}).ics", right)
    assert found is not None
    number, proof = found.groups()
    wrong = [
        f"2-{proof}", f"01-{proof}", f"+1-{proof}", f"١-{proof}", f"{number}-{proof.upper()}", f"{number}-{proof[:-1]}",
        f"{number}-{proof}0", f"{number}-{proof[:-1]}{'0' if proof[-1] != '0' else '1'}", f"{number}-", proof, number,
        f"{number}-{'0' * 64}", f"999-{proof}", f"{'9' * 30}-{proof}", f"%20{number}-{proof}", f"{number}-{proof}%0A",
        f"{number}-{'é' * 64}",
    ]  # fmt: skip
    for token in wrong:
        visitor.get(f"/calendars/{token}.ics", status=404)
    visitor.get(right)
    other = address_of(app, 2)
    assert other != right
    assert entries(visitor.get(other).data) == []


@pytest.mark.usefixtures("forum")
def test_disabling_the_account_ends_it(app: Flask, visitor: Navigator) -> None:
    address = address_of(app, 1)
    visitor.get(address)
    with app.app_context(), unit_of_work():
        accounts.disable(db.session.get_one(User, 1), by=None, at=T0)
    visitor.get(address, status=404)
    with app.app_context(), unit_of_work():
        db.session.get_one(User, 1).active = True
    visitor.get(address, status=404)  # signing in again is another address


@pytest.mark.usefixtures("forum")
def test_who_is_inactive_has_none(app: Flask, visitor: Navigator) -> None:
    address = address_of(app, 1)
    with app.app_context(), unit_of_work():
        db.session.get_one(User, 1).active = False
    visitor.get(address, status=404)
