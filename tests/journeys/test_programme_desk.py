"""A programme in an editor's hands: joined, changed, read in again, put under a stricter rule."""

from datetime import timedelta
from io import BytesIO

import factories as make
import feedparser
from factories import PASSWORD, T0
from flask import Flask
from navigator import Navigator, parsed
from sqlalchemy import select

from reporter.models.assignment import Notice
from reporter.models.database import db
from reporter.rules.vocabulary import NoticeKind, Role

SESSIONS = "/desk/programme/forum/sessions"
FILE = """BEGIN:VCALENDAR\r
VERSION:2.0\r
PRODID:-//tests//\r
BEGIN:VEVENT\r
UID:one@example.org\r
DTSTAMP:20231201T000000Z\r
DTSTART:{starts}\r
DTEND:{ends}\r
SUMMARY:{title}\r
LOCATION:{room}\r
END:VEVENT\r
END:VCALENDAR\r
"""


def read_in(editor: Navigator, title: str, room: str) -> None:
    """A programme file with one session, by the forms for it."""
    form = "%Y%m%dT%H%M%SZ"
    starts, ends = T0.strftime(form), (T0 + timedelta(hours=1)).strftime(form)
    data = FILE.format(starts=starts, ends=ends, title=title, room=room).encode()
    preview = editor.post(
        "/desk/programme/forum/import",
        {"file": (BytesIO(data), "forum.ics")},  # type: ignore[dict-item]
        content_type="multipart/form-data",
    ).location
    editor.submit(editor.get(preview), form=preview)


def test_a_session_from_the_spot_to_a_stricter_rule(app: Flask, visitor: Navigator) -> None:
    with app.app_context():
        issue = make.issues()["data-flows"]
        forum = make.event("forum")
        people = [make.person(role, forum) for role in (Role.RAPPORTEUR, Role.EDITOR, Role.EDITOR)]
        emails, editors = [one.email for one in people], [one.id for one in people[1:]]
    writer, editor, second = (Navigator(app).sign_in(email, PASSWORD) for email in emails)
    # The rapporteur does not find the session, adds it and reports.
    landed = writer.submit(
        writer.get("/desk/reports/new?event=forum"), form=1, act="unlisted",
        title="Side meeting", starts_at="2023-12-04T10:15", ends_at="2023-12-04T11:00",
    )  # fmt: skip
    handed_in = writer.submit(
        writer.get(landed.location), act="hand_in", headline="Members agree", lead="They do.", body="Said so.",
        policy_issues=[issue],
    )  # fmt: skip
    number = int(handed_in.location.rsplit("/", 1)[-1])
    second.submit(second.get(f"/desk/review/{number}"), act="approve_and_publish", form=f"/review/{number}")
    # The programme comes in late; the editor says which of its sessions that one was, and corrects its title.
    read_in(editor, "Opening (TBC)", "Room A")
    editor.submit(editor.get(f"{SESSIONS}/1"), form="/join", target="2")
    assert visitor.get("/sessions/1", status=301).location == "/sessions/2/opening-tbc"
    editor.submit(editor.get(f"{SESSIONS}/2"), title="Opening session")
    # The file again, with other words: the title stays, the room follows.
    read_in(editor, "Opening (confirmed)", "Room B")
    page = visitor.get("/sessions/2/opening-session").text
    assert ("Opening session" in page, "Room B" in page, "Members agree" in page) == (True, True, True)
    assert "Side meeting" not in visitor.get("/events/forum/programme").text
    assert [one.title for one in feedparser.parse(visitor.get("/reports.rss").data).entries] == ["Members agree"]
    # No names, all of a sudden.
    edits = editor.get(f"{SESSIONS}/2")
    assert "A stricter rule takes it and its translations back at once" in edits.text
    editor.submit(edits, rule="chatham_house")
    assert f"Report {number} was withdrawn, because the rule is stricter now." in editor.get(f"{SESSIONS}/2").text
    gone = visitor.get(f"/reports/{number}", status=410)
    assert "The session is now under a rule that allows no names and no organisations." in gone.text
    for address in ("/", "/reports", "/events/forum", "/issues/data-flows", "/sessions/2/session-without-names"):
        assert "Members agree" not in visitor.get(address).text
    for address in ("/reports.rss", "/events/forum.atom", "/issues/data-flows.rss"):
        assert feedparser.parse(visitor.get(address).data).entries == []
    with app.app_context():
        told = db.session.scalars(select(Notice).order_by(Notice.user_id)).all()
        assert [(one.kind, one.report_number, one.user_id) for one in told] == [
            (NoticeKind.RULE_TIGHTENED, number, user) for user in editors
        ]
    # Loosened again, nothing comes back by itself; the file cannot loosen anything.
    editor.submit(editor.get(f"{SESSIONS}/2"), rule="on_the_record")
    read_in(editor, "Opening (once more)", "Room C")
    visitor.get(f"/reports/{number}", status=410)
    heading = parsed(visitor.get("/sessions/2/opening-session").text).xpath("//h1/text()")
    assert heading == ["Opening session"]
