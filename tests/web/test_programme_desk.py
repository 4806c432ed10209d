"""The programme by hand, on the desk: forms that keep what was typed, and what they change."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import factories as make
import pytest
from factories import T0
from flask import Flask
from navigator import Navigator, parsed
from sqlalchemy import select
from werkzeug.test import TestResponse

from reporter.models.database import db, unit_of_work
from reporter.models.programme import ProgrammeSession
from reporter.newsroom import people as grants
from reporter.newsroom import programme
from reporter.queries import people, programme_desk, programmes
from reporter.rules.vocabulary import Role, SessionRule
from reporter.sources.draft import SessionDraft, SpeakerDraft

EVENT = "/desk/programme/forum/event"
NEW_SESSION = "/desk/programme/forum/sessions/new"
NEW_EVENT: dict[str, Any] = {
    "name": "Public Forum 2024",
    "slug": "pf-24",
    "place": "Geneva",
    "organiser": "WTO & friends",
    "partners": "CUTS\nITC",
    "new_series": "Public Forum",
    "time_zone": "Europe/Zurich",
    "starts_on": "2024-09-10",
    "ends_on": "2024-09-13",
    "due_minutes": "90",
}


@dataclass
class Desk:
    """Who takes part, each at a browser; session 1 of "forum" is listed."""

    app: Flask
    chief: Navigator
    editor: Navigator
    writer: Navigator
    issues: dict[str, int]
    emails: dict[str, str]

    def session(self, number: int = 1) -> dict[str, Any]:
        """The session as it is stored."""
        with self.app.app_context():
            found = programmes.programme_session(number)
            assert found is not None
            return {
                "title": found.title,
                "description": found.description,
                "starts_at": found.starts_at,
                "ends_at": found.ends_at,
                "due_at": found.due_at,
                "room": found.room.name if found.room else "",
                "track": found.track.name if found.track else "",
                "speakers": [
                    (one.speaker.name, one.speaker.organisation, one.speaker.position) for one in found.speakers
                ],
                "rule": found.rule,
                "cancelled": found.cancelled_at is not None,
                "hand_edited": found.hand_edited,
                "issues": list(programme_desk.issues_of(number)),
            }

    def unlisted(self, title: str = "From the spot") -> int:
        with self.app.app_context():
            forum = programmes.event_by_slug("forum")
            writer = people.by_email(self.emails["writer"])
            assert forum is not None
            assert writer is not None
            draft = SessionDraft(title=title, starts_at=T0, ends_at=T0)
            with unit_of_work():
                return programme.add_unlisted(forum, draft, by=writer, at=T0).id


def address(number: int = 1) -> str:
    return f"/desk/programme/forum/sessions/{number}"


def said(page: TestResponse) -> str:
    return " ".join(parsed(page.text).xpath("//*[@role='alert']/text()"))


def shown(page: TestResponse) -> dict[str, list[str]]:
    """What the main form of a page shows, by field."""
    form = next(one for one in parsed(page.text).forms if "/logout" not in (one.action or ""))
    found: dict[str, list[str]] = {}
    for name, value in form.form_values():
        # A browser drops the line end with which a text field begins.
        found.setdefault(name, []).append(value.replace("\r\n", "\n").removeprefix("\n"))
    return found


@pytest.fixture
def desk(app: Flask) -> Desk:
    with app.app_context():
        issues = make.issues()
        forum = make.event("forum")
        make.event("other")
        who = {
            "chief": make.person(Role.ADMINISTRATOR, None),
            "editor": make.person(Role.EDITOR, forum),
            "writer": make.person(Role.RAPPORTEUR, forum),
        }
        emails = {name: user.email for name, user in who.items()}
        with unit_of_work():
            programme.add_sessions(
                forum,
                [
                    SessionDraft(
                        title="Data  flows",
                        starts_at=T0 + timedelta(seconds=7),
                        ends_at=T0 + timedelta(minutes=90, seconds=30),
                        room="Room A",
                        track="Inclusion",
                        description="\r\n  First line.\rSecond line.\n",
                        speakers=(SpeakerDraft("Ana (of Lima)", "Ministry (Trade)", "Minister"), SpeakerDraft("B (C)")),
                        source="ical",
                        source_uid="1",
                    )
                ],
                by=None,
                at=T0,
            )
    signed_in = {name: Navigator(app).sign_in(email, make.PASSWORD) for name, email in emails.items()}
    return Desk(app, **signed_in, issues=issues, emails=emails)


# Events


def test_an_event_is_added_and_changed(desk: Desk) -> None:
    assert "/desk/events/new" in desk.chief.get("/desk/people/").text
    landed = desk.chief.submit(desk.chief.get("/desk/events/new"), **NEW_EVENT)
    assert landed.location == "/desk/programme/pf-24/event"
    page = desk.chief.get(landed.location)
    assert {name: values for name, values in shown(page).items() if name not in ("csrf_token", "seen")} == {
        "name": ["Public Forum 2024"],
        "place": ["Geneva"],
        "organiser": ["WTO & friends"],
        "partners": ["CUTS\nITC"],
        "series": ["public-forum"],
        "new_series": [""],
        "time_zone": ["Europe/Zurich"],
        "starts_on": ["2024-09-10"],
        "ends_on": ["2024-09-13"],
        "due_minutes": ["90"],
        "min_words": ["300"],
        "max_words": ["600"],
        "report_template": [""],
    }
    desk.chief.submit(
        page,
        series="",
        ends_on="2024-09-14",
        lone_editor="y",
        due_minutes="0",
        min_words="200",
        report_template="## Main points",
    )
    with desk.app.app_context():
        found = programmes.event_by_slug("pf-24")
        assert found is not None
        assert (found.series_id, found.ends_on, found.lone_editor, found.due_minutes, found.name) == (
            None, date(2024, 9, 14), True, 0, "Public Forum 2024",
        )  # fmt: skip
        assert (found.min_words, found.max_words, found.report_template) == (200, 600, "## Main points")


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"name": ""}, "Give the event a name."),
        ({"slug": "PF 24"}, "“PF 24” cannot be part of an address. Use lower-case letters, digits and hyphens."),
        ({"slug": "forum"}, "There is an event “forum” already. Choose another short name."),
        ({"starts_on": ""}, "Say on which days the event begins and ends."),
        ({"starts_on": "10 September"}, "“10 September” is not a day. Write it like 2023-12-04."),
        ({"ends_on": "2024-09-09"}, "The event ends before it starts. Check the two days."),
        ({"ends_on": "9999-12-31"}, "“9999-12-31” is not a day. Write it like 2023-12-04."),
        ({"due_minutes": "soon"}, "A report can be due from 0 to 10080 minutes after its session. Choose a number "
         "between them."),
        ({"due_minutes": "9" * 5_000}, "A report can be due from 0 to 10080 minutes after its session. Choose a number "
         "between them."),
        ({"due_minutes": "99999"}, "A report can be due from 0 to 10080 minutes after its session. Choose a number "
         "between them."),
        ({"time_zone": "CET+1"}, "There is no time zone “CET+1”. Use a name such as Europe/Zurich or Africa/Nairobi."),
    ],
)  # fmt: skip
def test_a_refused_event_stays_in_the_form(desk: Desk, change: dict[str, str], sentence: str) -> None:
    typed = {**NEW_EVENT, **change}
    page = desk.chief.submit(desk.chief.get("/desk/events/new"), status=400, **typed)
    assert said(page) == sentence
    kept = shown(page)
    assert {name: kept[name][0] for name in typed} == typed
    with desk.app.app_context():
        assert not programmes.slug_taken("pf-24")


def test_two_editors_of_an_events_details_do_not_undo_each_other(desk: Desk) -> None:
    first, second = desk.editor.get(EVENT), desk.chief.get(EVENT)
    desk.editor.submit(first, place="Palais")
    page = desk.chief.submit(second, status=409, name="Named anew")
    assert shown(page)["name"] == ["Named anew"]
    desk.chief.submit(page, place="Palais")
    with desk.app.app_context():
        found = programmes.event_by_slug("forum")
        assert found is not None
        assert (found.name, found.place) == ("Named anew", "Palais")


# Sessions


def test_a_form_sent_back_as_it_was_changes_nothing(desk: Desk) -> None:
    before = desk.session()
    page = desk.editor.get(address())
    assert shown(page)["speakers"] == ["Ana (of Lima) (Ministry (Trade))\nB (C)"]
    assert shown(page)["starts_at"] == ["2023-12-04T10:00"]
    assert "Changed by hand" not in page.text
    desk.editor.submit(page)
    assert desk.session() == before


def test_a_session_is_changed_by_hand_and_given_back_to_the_file(desk: Desk) -> None:
    landed = desk.editor.submit(
        desk.editor.get(address()),
        title="Data & flows",
        ends_at="2023-12-04T12:15",
        room="Room B",
        speakers="B (C)\r\n\r\nNew Person (An (odd) office)\r\nJust a name",
        due_at="2023-12-04T18:00",
        issues=[str(desk.issues["data-flows"]), "abc", "9" * 40],
    )
    # An id that is none makes the whole choice unreadable: what was ticked is asked again, nothing else is lost.
    assert landed.location == address()
    landed = desk.editor.submit(desk.editor.get(address()), issues=[str(desk.issues["data-flows"])], cancelled="y")
    now = desk.session()
    assert now["ends_at"] == datetime(2023, 12, 4, 11, 15, tzinfo=T0.tzinfo)
    assert now["due_at"] == datetime(2023, 12, 4, 17, 0, tzinfo=T0.tzinfo)
    assert now["starts_at"] == T0 + timedelta(seconds=7)
    assert (now["title"], now["room"], now["track"], now["cancelled"]) == ("Data & flows", "Room B", "Inclusion", True)
    assert now["speakers"] == [("B (C)", "", ""), ("New Person", "An (odd) office", ""), ("Just a name", "", "")]
    assert now["issues"] == [desk.issues["data-flows"]]
    page = desk.editor.get(address())
    assert parsed(page.text).xpath("//aside//ul[@class='plain']/li/text()") == [
        "Title", "Ends", "Room", "Speakers", "Policy issues", "Cancelled or not",
    ]  # fmt: skip
    desk.editor.submit(page, form="/release")
    assert desk.session()["hand_edited"] == []
    assert "Changed by hand" not in desk.editor.get(address()).text


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"title": " "}, "Give the session a title."),
        ({"ends_at": "2023-12-04T09:59"}, "“A & b” ends before it starts. Check its times."),
        ({"ends_at": ""}, "Say when the session begins and ends, on the event's clocks."),
        ({"starts_at": "tomorrow"}, "“tomorrow” is not a day and time. Write it like 2023-12-04 18:00."),
        ({"starts_at": "0001-01-01T00:00"}, "“0001-01-01T00:00” is not a day and time. Write it like 2023-12-04 "
         "18:00."),
        ({"due_at": "2023-12-04T08:00"}, "The report would be due before the session begins. Check the day and time."),
        ({"rule": "secret"}, "Choose a rule."),
        ({"speakers": "s" * 201}, "A speaker's name has at most 200 characters. Write one speaker a line."),
    ],
)  # fmt: skip
@pytest.mark.parametrize("path", [NEW_SESSION, address()])
def test_a_refused_session_stays_in_the_form(desk: Desk, path: str, change: dict[str, str], sentence: str) -> None:
    typed: dict[str, Any] = {
        "title": "A & b",
        "starts_at": "2023-12-04T10:00",
        "ends_at": "2023-12-04T11:00",
        "room": "Room <Z>",
        "track": "T",
        "description": "One\nTwo",
        "speakers": "X (Y)",
        "due_at": "",
        "rule": "chatham_house",
        **change,
    }
    before = desk.session()
    page = desk.editor.submit(desk.editor.get(path), status=400, issues=[str(desk.issues["data-flows"])], **typed)
    assert said(page) == sentence
    kept = shown(page)
    # A rule that there is not cannot be shown as chosen.
    assert {name: kept[name][0] for name in typed if name != "rule"} == {k: v for k, v in typed.items() if k != "rule"}
    assert kept["issues"] == [str(desk.issues["data-flows"])]
    if "rule" not in change:
        assert kept["rule"] == ["chatham_house"]
    assert desk.session() == before
    with desk.app.app_context():
        assert len(db.session.scalars(select(ProgrammeSession)).all()) == 1


def test_a_session_is_added(desk: Desk) -> None:
    assert NEW_SESSION in desk.editor.get("/desk/programme/forum").text
    landed = desk.editor.submit(
        desk.editor.get(NEW_SESSION),
        title="Closing",
        starts_at="2023-12-08T17:00",
        ends_at="2023-12-08T18:00",
        track="Data flows",
        rule="closed",
    )
    assert landed.location == address(2)
    assert desk.session(2) == {
        "title": "Closing",
        "description": "",
        "starts_at": datetime(2023, 12, 8, 16, 0, tzinfo=T0.tzinfo),
        "ends_at": datetime(2023, 12, 8, 17, 0, tzinfo=T0.tzinfo),
        "due_at": None,
        "room": "",
        "track": "Data flows",
        "speakers": [],
        "rule": SessionRule.CLOSED,
        "cancelled": False,
        "hand_edited": [],
        "issues": [desk.issues["data-flows"]],
    }
    assert "Closing" in desk.editor.get("/desk/programme/forum").text  # closed: the public one names it no more
    assert "Session without names" in desk.editor.get("/events/forum/programme").text


def test_what_changed_meanwhile_is_not_overwritten(desk: Desk) -> None:
    open_page = desk.editor.get(address())
    desk.editor.submit(desk.editor.get(address()), title="Renamed meanwhile")
    page = desk.editor.submit(open_page, status=409, room="Room C")
    assert said(page) == "Somebody else changed this meanwhile. Look at it again, then repeat what you did."
    assert (shown(page)["room"], desk.session()["room"], desk.session()["title"]) == (
        ["Room C"], "Room A", "Renamed meanwhile",
    )  # fmt: skip


def test_edit_links_are_for_editors(desk: Desk) -> None:
    assert address() in desk.editor.get("/desk/programme/forum").text
    listing = desk.writer.get("/desk/programme/forum").text
    assert (address() in listing, NEW_SESSION in listing, EVENT in listing) == (False, False, False)


def test_a_session_is_found_only_at_its_own_event(desk: Desk) -> None:
    with desk.app.app_context():
        other, editor = programmes.event_by_slug("other"), people.by_email(desk.emails["editor"])
        assert other is not None
        assert editor is not None
        with unit_of_work():
            from_other = grants.grant(editor, Role.EDITOR, event=other, by=None, at=T0)
        assert from_other.event_id == other.id
    desk.editor.get("/desk/programme/other/sessions/1", status=404)
    desk.editor.post("/desk/programme/other/sessions/1/release", status=404)


# Writing, and joining


def test_the_expected_issues_are_ticked_before_anything_is_saved(desk: Desk) -> None:
    def ticked() -> list[str]:
        page = parsed(desk.writer.get("/desk/sessions/1/report").text)
        return [str(one) for one in page.xpath("//input[@name='policy_issues'][@checked]/@value")]

    assert ticked() == [str(desk.issues["inclusion"])]
    page = desk.writer.get("/desk/sessions/1/report")
    desk.writer.submit(page, act="save", headline="On", policy_issues=[])
    assert ticked() == []


def test_an_unlisted_session_is_joined_and_its_addresses_lead_on(desk: Desk) -> None:
    number = desk.unlisted()
    writing = desk.writer.get(f"/desk/sessions/{number}/report")
    assert "Not in the programme" in desk.editor.get("/desk/programme/forum").text
    assert "Not in the programme" not in desk.editor.get(address()).text
    page = desk.editor.get(address(number))
    assert said(desk.editor.submit(page, form="/join", status=400)) == "Choose a session of the programme."
    assert parsed(page.text).xpath("//select[@name='target']/option/@value") == ["", "1"]
    landed = desk.editor.submit(page, form="/join", target="1")
    assert landed.location == address()
    assert desk.editor.get(address(number), status=301).location == address()
    reader = Navigator(desk.app)
    assert reader.get(f"/sessions/{number}", status=301).location == "/sessions/1/data-flows"
    assert reader.get(f"/sessions/{number}/from-the-spot", status=301).location == "/sessions/1/data-flows"
    assert desk.writer.get(f"/desk/sessions/{number}/report", status=301).location == "/desk/sessions/1/report"
    for listing in ("/desk/programme/forum", "/events/forum", "/events/forum/programme"):
        assert "From the spot" not in desk.editor.get(listing).text
    # What was typed in a page that was open all the while belongs to the session of the programme.
    desk.writer.submit(writing, act="save", headline="Typed in an old page")
    assert "Typed in an old page" in desk.writer.get("/desk/sessions/1/report").text
    desk.editor.post(address(number), {"title": "x", "starts_at": "2023-12-04T10:00", "ends_at": "2023-12-04T10:00",
                                       "rule": "closed"}, status=409)  # fmt: skip
    desk.editor.post(address(number) + "/release", status=409)


def test_two_reports_are_refused_on_the_page(desk: Desk) -> None:
    number = desk.unlisted()
    for place in (1, number):
        desk.writer.submit(desk.writer.get(f"/desk/sessions/{place}/report"), act="save", headline=f"Of {place}")
    page = desk.editor.submit(desk.editor.get(address(number)), form="/join", target="1", status=400)
    assert said(page) == ("Report 1 is written of that session already. Finish or discard one of the two first.")
    chosen = parsed(page.text).xpath("//select[@name='target']/option[@selected]/@value")
    assert chosen == ["1"]
