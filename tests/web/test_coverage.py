"""The coverage board for the staff, the editors' decisions on it, and what the public is told of reports to come."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import factories as make
import pytest
import sqlalchemy as sa
from flask import Flask
from navigator import Navigator, parsed
from werkzeug.test import TestResponse

from reporter.models.assignment import Assignment
from reporter.models.database import db, unit_of_work
from reporter.models.event import Event
from reporter.models.history import HistoryEntry
from reporter.models.people import User
from reporter.models.programme import ProgrammeSession
from reporter.models.report import Report
from reporter.newsroom import filing, programme
from reporter.queries import coverage
from reporter.rules import clock
from reporter.rules.vocabulary import AssignmentState, Cover, Coverage, PublicState, Role, SessionRule, WorkState
from reporter.sources.draft import SessionDraft

BOARD = "/desk/coverage/forum"
LIST = f"{BOARD}?form=list"


def sessions(event: Event, *titles: str, **parts: Any) -> list[ProgrammeSession]:
    """Sessions of an hour from T0 on, half an hour apart, in the rooms One and Two by turns."""
    drafts = [
        SessionDraft(
            **{
                "title": title,
                "starts_at": make.later(90 * place),
                "ends_at": make.later(90 * place + 60),
                "room": ("One", "Two")[place % 2],
                **parts,
            }
        )
        for place, title in enumerate(titles)
    ]
    with unit_of_work():
        return programme.add_sessions(event, drafts, by=None, at=make.T0)


def assign(
    session: ProgrammeSession, user: User, state: AssignmentState = AssignmentState.ACCEPTED, *, lead: bool = False
) -> None:
    with unit_of_work():
        db.session.add(running(session, user_id=user.id, state=state, lead=lead))


def running(
    session: ProgrammeSession, *, user_id: int, state: AssignmentState = AssignmentState.ACCEPTED, lead: bool
) -> Assignment:
    return Assignment(
        programme_session_id=session.id,
        user_id=user_id,
        state=state,
        lead=lead,
        assigned_by_id=user_id,
        assigned_at=make.T0,
    )


def change(session: ProgrammeSession, **parts: Any) -> None:
    """Set columns of a session as later verbs will."""
    with unit_of_work():
        row = db.session.get_one(ProgrammeSession, session.id)
        for name, value in parts.items():
            setattr(row, name, value)


@pytest.fixture
def staff(app: Flask) -> dict[str, str]:
    """E-mail addresses by who it is; the event "forum" with eight sessions, each standing elsewhere."""
    with app.app_context():
        make.issues()
        forum = make.event("forum")
        writer = make.person(Role.RAPPORTEUR, forum, name="Wanjiru Writes")
        second = make.person(Role.RAPPORTEUR, forum, name="Sam Second")
        editor = make.person(Role.EDITOR, forum, name="Edith Edits")
        made = sessions(forum, "Late", "Nobody", "Assigned", "Written", "Handed in", "Out", "No need", "Gone")
        late, nobody, assigned, written, handed_in, out, no_need, gone = made
        change(late, cover=Cover.MUST)
        assign(late, writer, AssignmentState.ACCEPTED, lead=True)
        change(nobody, cover=Cover.IF_POSSIBLE)
        change(assigned, due_at=clock.now() + timedelta(days=2))
        assign(assigned, second, AssignmentState.ASSIGNED)
        assign(assigned, writer, AssignmentState.DECLINED)
        make.draft(forum, writer, make.text("sentineldraft"), of=written)
        make.file(make.draft(forum, writer, make.text("sentinelfiled"), of=handed_in), writer)
        make.published(forum, second, editor, make.text("It is out"), of=out, minute=530)
        change(no_need, cover=Cover.NOT)
        change(gone, cover=Cover.MUST, cancelled_at=make.T0)
        return {"writer": writer.email, "second": second.email, "editor": editor.email}


def signed_in(app: Flask, email: str) -> Navigator:
    return Navigator(app).sign_in(email, make.PASSWORD)


def words(element: Any) -> str:
    return " ".join(element.text_content().split())


def shown(page: TestResponse) -> list[str]:
    """The titles on the board, in its order."""
    return [words(one) for one in parsed(page.text).xpath("//*[starts-with(@id, 'session-')]//p[@class='name']")]


def standing(page: TestResponse) -> dict[str, str]:
    """The state of each session on the board, in words."""
    return {
        words(one.xpath(".//p[@class='name']")[0]): words(one.xpath(".//*[contains(@class, 'state')]")[0])
        for one in parsed(page.text).xpath("//*[starts-with(@id, 'session-')]")
    }


STATES = {
    "Late": "Late",
    "Nobody": "Nobody yet",
    "Assigned": "Assigned",
    "Written": "Being written",
    "Handed in": "With the editors",
    "Out": "Published",
    "No need": "No report: decided",
    "Gone": "No report: cancelled",
}


@pytest.mark.parametrize("address", [BOARD, LIST])
@pytest.mark.parametrize("who", ["writer", "editor"])
def test_every_session_says_where_it_stands(app: Flask, staff: dict[str, str], who: str, address: str) -> None:
    assert standing(signed_in(app, staff[who]).get(address)) == STATES


def test_a_session_leads_to_where_one_acts(app: Flask, staff: dict[str, str]) -> None:
    def links(email: str) -> dict[str, str]:
        page = parsed(signed_in(app, email).get(BOARD).text)
        return {words(one): one.get("href") for one in page.xpath("//p[@class='name']/a")}

    as_writer = {title: f"/desk/sessions/{place}/report" for place, title in enumerate(STATES, 1) if title != "Gone"}
    assert links(staff["writer"]) == as_writer
    assert links(staff["editor"]) == {**as_writer, "Handed in": "/desk/review/2", "Out": "/desk/review/3"}


def test_who_covers_it_and_until_when(app: Flask, staff: dict[str, str]) -> None:
    tree = parsed(signed_in(app, staff["second"]).get(BOARD).text)
    last = {
        words(one.xpath(".//p[@class='name']")[0]): words(one.xpath(".//p")[-1])
        for one in tree.xpath("//*[starts-with(@id, 'session-')]")
    }
    assert last["Late"] == "Wanjiru Writes · due 13:00"
    assert last["Nobody"] == "due 14:30"
    assert last["Assigned"].startswith("Sam Second · due ")
    assert last["Written"] == "Wanjiru Writes · due 17:30"
    assert last["Handed in"] == "Wanjiru Writes"
    assert last["Out"] == "Sam Second"


def test_the_table_has_rooms_and_times(app: Flask, staff: dict[str, str]) -> None:
    tree = parsed(signed_in(app, staff["writer"]).get(BOARD).text)
    assert [words(one) for one in tree.xpath("//table[@class='board']//thead//th")] == ["Time", "One", "Two"]
    rows = [[words(row.xpath("th")[0]), *(words(p) for p in row.xpath("td//p[@class='name']"))]
            for row in tree.xpath("//table[@class='board']/tbody/tr")]  # fmt: skip
    assert rows == [
        ["10:00", "Late"], ["11:30", "Nobody"], ["13:00", "Assigned"], ["14:30", "Written"], ["16:00", "Handed in"],
        ["17:30", "Out"], ["19:00", "No need"], ["20:30", "Gone"],
    ]  # fmt: skip


def test_counts_and_the_middle_of_the_minutes_stand_in_words(app: Flask, staff: dict[str, str]) -> None:
    with app.app_context():
        forum = db.session.scalars(sa.select(Event)).one()
        sessions(forum, "Another day", starts_at=make.later(60 * 24), ends_at=make.later(60 * 25))
    tree = parsed(signed_in(app, staff["writer"]).get(BOARD).text)
    # "Out" ends at minute 510 and is public at minute 533.
    assert [words(one) for one in tree.xpath("//figcaption")] == [
        "This day · 8 sessions · half of the reports were out within 23 minutes of the end",
        "Whole event · 9 sessions · half of the reports were out within 23 minutes of the end",
    ]
    day, event = tree.xpath("//svg[@role='img']/@aria-label")
    told = ", Late 1, Nobody yet 1, Assigned 1, Being written 1, With the editors 1, Published 1, No report "
    assert (day, event) == (f"This day: 8 sessions{told}2", f"Whole event: 9 sessions{told}3")
    assert tree.xpath("count(//svg[@role='img'][1]/rect)") == 7 * 2
    assert words(tree.xpath("//*[@aria-live='polite']")[0]) == day


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("state=late&state=published", ["Late", "Out"]),
        ("room=2", ["Nobody", "Written", "Out", "Gone"]),
        ("room=2&state=published", ["Out"]),
        ("mine=1", ["Assigned", "Out"]),
        ("person=1", ["Late", "Written", "Handed in"]),
        ("person=1&state=filed", ["Handed in"]),
        ("track=1", []),
        ("state=king", []),
        ("room=%27", []),
    ],
)
def test_filters(app: Flask, staff: dict[str, str], query: str, titles: list[str]) -> None:
    page = signed_in(app, staff["second"]).get(f"{BOARD}?{query}")
    assert shown(page) == titles
    again = parsed(page.text).xpath("//a[@id='look-again']/@href")[0]
    assert shown(signed_in(app, staff["second"]).get(again)) == titles
    assert len(parsed(page.text).xpath("//details[@class='filters'][@open]")) == 1


def test_days_and_the_present_one(app: Flask, staff: dict[str, str]) -> None:
    now = clock.now()
    with app.app_context():
        forum = db.session.scalars(sa.select(Event)).one()
        sessions(
            forum, "Night", starts_at=make.T0.replace(hour=23, minute=30), ends_at=make.T0.replace(hour=23, minute=45)
        )
    navigator = signed_in(app, staff["writer"])
    tree = parsed(navigator.get(LIST).text)
    assert [words(one) for one in tree.xpath("//nav[@aria-label='Days']/a")] == ["Mon, 4 Dec", "Tue, 5 Dec"]
    assert tree.xpath("//nav[@aria-label='Days']/a[@aria-current]/@href") == [f"{BOARD}?day=2023-12-04&form=list"]
    assert shown(navigator.get(f"{BOARD}?day=2023-12-05")) == ["Night"]  # half past midnight in Geneva
    navigator.get(f"{BOARD}?day=2023-12-06", status=404)
    for day in ("2023-13-01", "monday", "%00", "2023-12-04T10"):
        navigator.get(f"{BOARD}?day={day}", status=400)
    with app.app_context():
        forum = db.session.scalars(sa.select(Event)).one()
        sessions(forum, "Now", starts_at=now, ends_at=now + timedelta(hours=1))
    assert shown(navigator.get(BOARD)) == ["Now"]


def test_an_event_without_programme(app: Flask) -> None:
    with app.app_context():
        email = make.person(Role.EDITOR, make.event("forum")).email
    assert "The programme is not in yet." in signed_in(app, email).get(BOARD).text


def test_it_looks_again_by_script_and_by_hand(app: Flask, staff: dict[str, str]) -> None:
    tree = parsed(signed_in(app, staff["writer"]).get(f"{BOARD}?state=late&form=list").text)
    here = f"{BOARD}?day=2023-12-04&form=list&state=late"
    assert tree.xpath("//*[@id='board'][@data-live][@data-refresh='30']/@data-address") == [here]
    assert tree.xpath("//a[normalize-space()='Look again']/@href") == [here]
    assert tree.xpath("//script/@type") == ["module", "module"]
    assert tree.xpath("//a[normalize-space()='As a table of rooms']/@href") == [f"{BOARD}?day=2023-12-04&state=late"]


def test_what_was_joined_to_another_session_is_not_asked_for(app: Flask, staff: dict[str, str]) -> None:
    with app.app_context():
        joined = sessions(db.session.scalars(sa.select(Event)).one(), "Joined")[0]
        change(joined, unlisted=True, joined_to_id=1, cover=Cover.MUST)
    assert "Joined" not in standing(signed_in(app, staff["writer"]).get(BOARD))


@pytest.mark.usefixtures("context")
def test_who_leads_is_busy_elsewhere() -> None:
    forum = make.event("forum")
    other = make.event("other")
    first, second = sessions(forum, "First", "Second")  # minutes 0 to 60, 90 to 150
    elsewhere = sessions(other, "Elsewhere", starts_at=make.later(70), ends_at=make.later(200))[0]
    leads, helps = make.person(Role.RAPPORTEUR, None), make.person(Role.RAPPORTEUR, None)
    assign(first, leads, lead=True)
    assign(first, helps)

    def due() -> datetime:
        return coverage.of_event(forum.id, at=make.T0)[0].due_at

    assert due() == make.later(180)
    assign(second, helps)  # whoever does not lead delays nothing
    assert due() == make.later(180)
    assign(second, leads, AssignmentState.ASSIGNED)
    assert due() == make.later(240)
    assign(elsewhere, leads)
    assert due() == make.later(310)
    change(elsewhere, cancelled_at=make.T0)
    assert due() == make.later(240)
    change(first, due_at=make.later(77))
    assert due() == make.later(77)


@pytest.mark.usefixtures("context")
def test_a_late_one_is_late_from_the_moment_it_is_due() -> None:
    forum = make.event("forum")
    change(sessions(forum, "First")[0], cover=Cover.MUST)
    found = [coverage.of_event(forum.id, at=make.later(minutes))[0].stands for minutes in (0, 180, 180.1)]
    assert found == [Coverage.UNCOVERED, Coverage.UNCOVERED, Coverage.LATE]


@pytest.mark.usefixtures("context")
def test_discarded_and_translated_reports_are_nothing_to_the_board() -> None:
    make.issues()
    forum = make.event("forum")
    writer, editor = make.person(Role.RAPPORTEUR, forum), make.person(Role.EDITOR, forum)
    first, second = sessions(forum, "First", "Second")
    report = make.draft(forum, writer, of=first)
    original = make.published(forum, writer, editor, of=second, minute=200)
    with unit_of_work():
        filing.discard(make.locked_report(report), by=writer, at=make.later(9))
    with unit_of_work():
        row = Report(
            event_id=forum.id,
            programme_session_id=second.id,
            translation_of=original.number,
            language="fr",
            work_state=WorkState.DRAFT,
            public_state=PublicState.NEVER,
            started_at=make.T0,
        )
        db.session.add(row)
    lines = coverage.of_event(forum.id, at=make.T0)
    assert [(one.title, one.stands, one.report_number) for one in lines] == [
        ("First", Coverage.NOT_COVERED, None),
        ("Second", Coverage.PUBLISHED, original.number),
    ]


def test_the_number_of_statements_does_not_grow_with_the_programme(app: Flask) -> None:
    with app.app_context():
        make.issues()
        forum = make.event("forum")
        writer, editor = make.person(Role.RAPPORTEUR, forum), make.person(Role.EDITOR, forum)
        email = editor.email
        ten = sessions(forum, *(f"Session {number}" for number in range(10)), starts_at=make.T0, ends_at=make.later())
        assign(ten[0], writer, lead=True)
        make.published(forum, writer, editor, make.text("First of all"), of=ten[1])
    editing, reading = signed_in(app, email), Navigator(app)
    addresses = {
        BOARD: editing,
        LIST: editing,
        "/events/forum/programme": reading,
        "/events/forum/programme.ics": reading,
    }
    counted = {address: statements(app, navigator, address) for address, navigator in addresses.items()}
    assert 0 < max(counted.values()) < 25
    with app.app_context():
        forum = db.session.scalars(sa.select(Event)).one()
        more = sessions(forum, *(f"More {number}" for number in range(190)), starts_at=make.T0, ends_at=make.later())
        with unit_of_work():
            for place, session in enumerate(more):
                db.session.add(running(session, user_id=1 + place % 2, lead=True))
        writer = db.session.get_one(User, 1)
        for session in more[:5]:
            make.draft(forum, writer, make.text(f"On {session.title}"), of=session)
    assert len(shown(editing.get(BOARD))) == 200
    assert {address: statements(app, navigator, address) for address, navigator in addresses.items()} == counted


def statements(app: Flask, navigator: Navigator, address: str) -> int:
    with app.app_context(), listening() as said:
        navigator.get(address)
    return len(said)


@contextmanager
def listening() -> Iterator[list[str]]:
    """The statements that are sent to the database."""
    said: list[str] = []

    def listen(*event: Any) -> None:
        said.append(event[2])

    sa.event.listen(db.engine, "before_cursor_execute", listen)
    try:
        yield said
    finally:
        sa.event.remove(db.engine, "before_cursor_execute", listen)


# Decisions


def decided(app: Flask) -> list[Cover]:
    with app.app_context():
        return list(db.session.scalars(sa.select(ProgrammeSession.cover).order_by(ProgrammeSession.id)))


def history(app: Flask) -> list[tuple[str, dict[str, object]]]:
    with app.app_context():
        rows = db.session.scalars(sa.select(HistoryEntry).order_by(HistoryEntry.id))
        return [(row.act, row.details) for row in rows if "cover" in row.details]


def test_an_editor_decides_on_one_session(app: Flask, staff: dict[str, str]) -> None:
    editor = signed_in(app, staff["editor"])
    page = editor.get(f"{BOARD}?form=list&room=1&day=2023-12-04")
    answer = editor.submit(page, form="/desk/sessions/3/cover", cover="must")
    assert answer.location == f"{BOARD}?day=2023-12-04&form=list&room=1#session-3"
    assert decided(app)[2] is Cover.MUST
    line = ("session_changed", {"session": 3, "cover": "must", "cover_before": "undecided"})
    assert history(app) == [line]
    assert "“Assigned”: Must be covered" in editor.get(answer.location.partition("#")[0]).text
    editor.post("/desk/sessions/3/cover", {"cover": "must"})  # said again: nothing more happens
    assert history(app) == [line]
    editor.post("/desk/sessions/3/cover", {"cover": "not"})
    assert decided(app)[2] is Cover.NOT


def test_what_comes_back_is_the_board_and_nothing_else(app: Flask, staff: dict[str, str]) -> None:
    back = "day=2023-12-04&form=<script>&state=late&next=//evil.example&mine=&x=1"
    answer = signed_in(app, staff["editor"]).post("/desk/sessions/3/cover", {"cover": "must", "back": back})
    assert answer.location == f"{BOARD}?day=2023-12-04&state=late#session-3"


@pytest.mark.parametrize("value", ["", "MUST", "perhaps", "\x00"])
def test_only_the_four_decisions_are_taken(app: Flask, staff: dict[str, str], value: str) -> None:
    before, editor = decided(app), signed_in(app, staff["editor"])
    for address in ("/desk/sessions/3/cover", BOARD):
        page = editor.post(address, {"cover": value, "sessions": ["3"], "back": "form=list"}, status=400)
        assert "Choose what is decided" in page.text
    assert decided(app) == before


def test_several_sessions_at_once(app: Flask, staff: dict[str, str]) -> None:
    editor = signed_in(app, staff["editor"])
    page = editor.get(f"{LIST}&state=uncovered&state=assigned")
    assert parsed(page.text).xpath("//input[@name='sessions'][@form='decide']/@value") == ["2", "3"]
    answer = editor.submit(page, form=1, cover="not", sessions=["2", "3"])
    assert answer.location == f"{BOARD}?day=2023-12-04&form=list&state=assigned&state=uncovered"
    assert decided(app)[1:3] == [Cover.NOT, Cover.NOT]
    assert len(history(app)) == 2


def test_several_are_decided_on_together_or_not_at_all(app: Flask, staff: dict[str, str]) -> None:
    with app.app_context():
        elsewhere = sessions(make.event("other"), "Elsewhere")[0].id
    before, editor = decided(app), signed_in(app, staff["editor"])
    for numbers in ([1, elsewhere], [1, 999_999]):
        editor.post(BOARD, {"cover": "not", "sessions": numbers}, status=404)
    for nothing in ([], ["x"], ["-1"], ["9" * 30]):
        page = editor.post(BOARD, {"cover": "not", "sessions": nothing, "back": "form=list"}, status=400)
        assert parsed(page.text).xpath("//*[@role='alert'][not(@hidden)]/text()") == ["Tick at least one session."]
    assert decided(app) == before
    assert history(app) == []


def test_a_refused_decision_leaves_the_ticks(app: Flask, staff: dict[str, str]) -> None:
    editor = signed_in(app, staff["editor"])
    page = editor.post(BOARD, {"cover": "king", "sessions": ["2", "4"], "back": "form=list"}, status=400)
    assert parsed(page.text).xpath("//input[@name='sessions'][@checked]/@value") == ["2", "4"]


def test_rapporteurs_look_and_decide_nothing(app: Flask, staff: dict[str, str]) -> None:
    before, writer = decided(app), signed_in(app, staff["writer"])
    assert parsed(writer.get(LIST).text).xpath("//main//form[@method='post']") == []
    writer.post("/desk/sessions/3/cover", {"cover": "not"}, status=403)
    writer.post(BOARD, {"cover": "not", "sessions": ["3"]}, status=403)
    assert decided(app) == before


# What the public is told


@pytest.mark.usefixtures("staff")
def test_the_public_reads_whether_a_report_is_planned(app: Flask, visitor: Navigator) -> None:
    with app.app_context():
        forum = db.session.scalars(sa.select(Event)).one()
        sessions(forum, "Undecided")
        closed = sessions(forum, "Closed", rule=SessionRule.CLOSED)[0]
        change(closed, cover=Cover.MUST)
    expected = {
        "Late": "Report planned", "Nobody": "Report planned", "Assigned": "Report planned", "Written": "Report planned",
        "Handed in": "Report planned", "Out": "", "No need": "No report planned", "Gone": "", "Undecided": "",
        "Session without names": "",  # the closed one, as the public knows it
    }  # fmt: skip
    for address in ("/events/forum", "/events/forum/programme"):
        rows = parsed(visitor.get(address).text).xpath("//ul[starts-with(@class, 'programme')]/li")
        told = {words(row.xpath(".//a")[0]): " ".join(map(words, row.xpath(".//*[@class='plan']"))) for row in rows}
        assert told == expected
    for number, title in enumerate(expected, 1):
        page = visitor.get(f"/sessions/{number}/{title.lower().replace(' ', '-')}")
        assert [words(one) for one in parsed(page.text).xpath("//*[@class='plan']")] == [expected[title]] * bool(
            expected[title]
        )


def test_no_name_no_time_and_no_draft_reaches_the_public(app: Flask, staff: dict[str, str], visitor: Navigator) -> None:
    with app.app_context():
        change(db.session.get_one(ProgrammeSession, 1), due_at=make.T0.replace(hour=21, minute=37))
    board = signed_in(app, staff["editor"]).get(BOARD).text
    secrets = ("Wanjiru Writes", "Sam Second", "22:37")
    assert [secret for secret in secrets if secret not in board] == []
    places: Sequence[str] = (
        "/", "/events/forum", "/events/forum/programme", "/events/forum/programme.ics", "/events/forum.atom",
        *(f"/sessions/{number}/{title.lower().replace(' ', '-')}" for number, title in enumerate(STATES, 1)),
    )  # fmt: skip
    for place in places:
        text = visitor.get(place).text
        leaked = [
            one
            for one in (*secrets, "T2137", "T203700", "sentineldraft", "sentinelfiled", "example.org")
            if one in text
        ]
        assert (place, leaked) == (place, [])


def test_a_hidden_event_has_no_board(app: Flask, staff: dict[str, str]) -> None:
    with app.app_context(), unit_of_work():
        db.session.execute(sa.update(Event).values(hidden_at=make.T0))
    editor = signed_in(app, staff["editor"])
    editor.get(BOARD, status=404)
    editor.post("/desk/sessions/3/cover", {"cover": "not", "client_id": uuid4().hex}, status=404)
    assert decided(app)[2] is Cover.UNDECIDED
