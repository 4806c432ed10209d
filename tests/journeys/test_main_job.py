"""The main job, told by hand: write, hand in, read, approve, publish, follow."""

import feedparser
from factories import PASSWORD, event, issues, person, session
from flask import Flask
from navigator import Navigator

from reporter.rules.vocabulary import Role


def test_from_a_blank_form_to_a_feed(app: Flask, visitor: Navigator) -> None:
    with app.app_context():
        ids = issues()
        forum = event("forum")
        number = session(forum).id
        writer, editor = person(Role.RAPPORTEUR, forum).email, person(Role.EDITOR, forum).email

    rapporteur = Navigator(app).sign_in(writer, PASSWORD)
    form = rapporteur.get(f"/desk/sessions/{number}/report")
    handed_in = rapporteur.submit(
        form,
        act="hand_in",
        headline="Members agree on the rule",
        lead="They agreed in two hours.",
        key_points="One.\nTwo.\nThree.",
        body="## What was said\n\nThe **chair** asked.",
        policy_issues=[ids["data-flows"]],
    )
    assert handed_in.location == "/desk/reports/1"
    visitor.get("/reports/1", status=404)
    assert visitor.get("/issues/data-flows.rss").data.count(b"<item>") == 0

    desk = Navigator(app).sign_in(editor, PASSWORD)
    assert "Members agree on the rule" in desk.get("/desk/review/").text
    reading = desk.get("/desk/review/1")
    assert "The <strong>chair</strong> asked." in reading.text
    desk.submit(reading, act="approve_and_publish", form="/desk/review/1")

    page = visitor.get("/reports/1/members-agree-on-the-rule").text
    assert "They agreed in two hours." in page
    assert "<h2>What was said</h2>" in page
    for address in ("/", "/reports", "/issues/data-flows", "/issues/digital-trade", "/events/forum"):
        assert "Members agree on the rule" in visitor.get(address).text
    assert "Members agree on the rule" not in visitor.get("/issues/inclusion").text
    for kind in ("rss", "atom"):
        feed = feedparser.parse(visitor.get(f"/issues/data-flows.{kind}").data)
        assert [entry.title for entry in feed.entries] == ["Members agree on the rule"]
        assert feed.entries[0].link == "http://127.0.0.1:8000/reports/1/members-agree-on-the-rule"
