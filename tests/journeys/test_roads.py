"""Each road that a report's life can take, walked by hand: forms and pages, as the people in them would."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import feedparser
import pytest
from factories import PASSWORD, event, issues, person, session
from flask import Flask
from navigator import Navigator, parsed

from reporter import worker
from reporter.rules import clock
from reporter.rules.vocabulary import Role


@dataclass
class Cast:
    """Who takes part: each at a browser of their own. `session` is what is written up, `issue` a policy issue's id."""

    app: Flask
    rapporteur: Navigator
    colleague: Navigator
    editor: Navigator
    reader: Navigator
    session: int
    issue: int

    def write(self, who: Navigator, act: str, *, status: int = 303, **words: str) -> str:
        """Fill in the writing page; where it leads."""
        page = who.get(f"/desk/sessions/{self.session}/report")
        typed: dict[str, Any] = {
            "lead": "The lead.",
            "key_points": "One.\nTwo.\nThree.",
            "policy_issues": [self.issue],
            **words,
        }
        return who.submit(page, act=act, status=status, **typed).location or ""

    def hand_in(self, headline: str, body: str = "The text.") -> int:
        """Write and hand in; the number of the report."""
        return int(self.write(self.rapporteur, "hand_in", headline=headline, body=body).rsplit("/", 1)[-1])

    def decide(self, number: int, act: str, *, status: int = 303, **typed: str) -> None:
        """Open the report as an editor and press a button."""
        self.editor.submit(self.editor.get(f"/desk/review/{number}"), act=act, form=f"/review/{number}", status=status,
                           **typed)  # fmt: skip

    def press(self, who: Navigator, number: int, act: str, *, status: int = 303) -> None:
        """One of the buttons on a report's page."""
        who.submit(who.get(f"/desk/reports/{number}"), form=f"/{act}", status=status)

    def public(self, number: int, *, status: int = 200) -> str:
        """What a reader sees at the report's address."""
        page = self.reader.client.get(f"/reports/{number}", follow_redirects=True)
        assert page.status_code == status
        return page.text

    def feed(self) -> list[tuple[str, str]]:
        """What a feed reader has of the policy issue: titles and texts."""
        found = feedparser.parse(self.reader.get("/issues/data-flows.atom").data)
        return [(entry.title, entry.content[0].value) for entry in found.entries]


@pytest.fixture
def cast(app: Flask, visitor: Navigator) -> Cast:
    with app.app_context():
        ids = issues()
        forum = event("forum")
        number = session(forum).id
        people = [person(role, forum).email for role in (Role.RAPPORTEUR, Role.RAPPORTEUR, Role.EDITOR)]
    writer, colleague, editor = (Navigator(app).sign_in(email, PASSWORD) for email in people)
    return Cast(app, writer, colleague, editor, visitor, session=number, issue=ids["data-flows"])


def test_sent_back_and_handed_in_again(cast: Cast) -> None:
    number = cast.hand_in("First try")
    cast.decide(number, "send_back", note="Who said that?")
    assert "Who said that?" in cast.rapporteur.get(f"/desk/sessions/{cast.session}/report").text
    assert cast.hand_in("Second try") == number
    cast.decide(number, "approve_and_publish")
    assert "Second try" in cast.public(number)
    assert "First try" not in cast.public(number)


def test_sending_back_needs_a_note_and_keeps_the_page(cast: Cast) -> None:
    number = cast.hand_in("First try")
    cast.decide(number, "send_back", status=400, note="  ")
    assert "With the editors" in cast.editor.get(f"/desk/review/{number}").text


def test_taken_back_while_nobody_reads(cast: Cast) -> None:
    number = cast.hand_in("Too early")
    cast.press(cast.rapporteur, number, "recall")
    assert "Nothing waits for you" in cast.editor.get("/desk/review/").text
    cast.hand_in("In time")
    assert "In time" in cast.editor.get("/desk/review/").text


def test_an_editor_changes_what_waits(cast: Cast) -> None:
    number = cast.hand_in("A hedline")
    page = cast.editor.get(f"/desk/review/{number}/revise")
    cast.editor.submit(page, form="/revise", headline="A headline")
    cast.decide(number, "approve_and_publish")
    assert "A headline" in cast.public(number)
    assert "A headline" in cast.rapporteur.get(f"/desk/reports/{number}/draft").text


def test_approved_then_taken_back_then_published(cast: Cast) -> None:
    number = cast.hand_in("Not yet")
    cast.decide(number, "approve")
    cast.public(number, status=404)
    cast.decide(number, "unapprove")
    cast.decide(number, "approve")
    cast.decide(number, "publish")
    assert "Not yet" in cast.public(number)


def test_embargo_lifts_by_itself_and_not_before(cast: Cast) -> None:
    number = cast.hand_in("Held back")
    lifts = clock.now() + timedelta(hours=30)
    typed = clock.local(lifts, "Europe/Zurich").strftime("%Y-%m-%dT%H:%M")
    cast.decide(number, "approve_and_publish", embargo=typed)
    page = cast.editor.get(f"/desk/review/{number}").text
    assert "Not public before" in page
    assert "UTC" in page
    cast.decide(number, "publish", status=409)
    assert worker.tick(cast.app, at=lifts - timedelta(minutes=2)) == 0
    cast.public(number, status=404)
    assert cast.feed() == []
    # A worker that was stopped over the hour catches up, once.
    assert worker.tick(cast.app, at=lifts + timedelta(hours=5)) == 1
    assert worker.tick(cast.app, at=lifts + timedelta(hours=6)) == 0
    assert "Held back" in cast.public(number)


def test_an_embargo_that_is_no_time_is_refused_in_words(cast: Cast) -> None:
    number = cast.hand_in("Held back")
    cast.decide(number, "approve", status=400, embargo="tomorrow")
    cast.public(number, status=404)


def test_an_amendment_shows_only_when_approved(cast: Cast) -> None:
    number = cast.hand_in("As it was", "Old words.")
    cast.decide(number, "approve_and_publish")
    cast.press(cast.rapporteur, number, "amend")
    cast.hand_in("As it is now", "New words.")
    assert "Old words." in cast.public(number)
    assert "New words." not in cast.public(number)
    cast.decide(number, "approve_and_publish", mark="update", mark_note="The chair's answer is added.")
    page = cast.public(number)
    assert "New words." in page
    assert "The chair&#39;s answer is added." in page
    assert [title for title, _text in cast.feed()] == ["As it is now"]


def test_a_dropped_amendment_leaves_the_public_text(cast: Cast) -> None:
    number = cast.hand_in("As it was", "Old words.")
    cast.decide(number, "approve_and_publish")
    cast.press(cast.rapporteur, number, "amend")
    cast.hand_in("As it is now", "New words.")
    cast.press(cast.rapporteur, number, "drop")
    assert "Old words." in cast.public(number)
    assert "Nothing waits for you" in cast.editor.get("/desk/review/").text


def test_a_correction_is_public_at_once_with_its_note(cast: Cast) -> None:
    number = cast.hand_in("Ten members agreed", "Ten agreed.")
    cast.decide(number, "approve_and_publish")
    page = cast.editor.get(f"/desk/review/{number}/correct")
    cast.editor.submit(page, form="/correct", status=400, body="Nine agreed.")
    cast.editor.submit(page, form="/correct", body="Nine agreed.", note="It was nine, not ten.")
    text = cast.public(number)
    assert "Nine agreed." in text
    assert "It was nine, not ten." in text
    assert "Ten agreed." not in text
    assert "It was nine, not ten." in cast.feed()[0][1]


def test_a_correction_reaches_the_amendment_under_way(cast: Cast) -> None:
    number = cast.hand_in("Ten members agreed", "Ten agreed.\n\nMore to come.")
    cast.decide(number, "approve_and_publish")
    cast.press(cast.rapporteur, number, "amend")
    cast.write(cast.rapporteur, "save", headline="Ten members agreed", body="Ten agreed.\n\nMore came.")
    page = cast.editor.get(f"/desk/review/{number}/correct")
    cast.editor.submit(page, form="/correct", body="Nine agreed.\n\nMore to come.", note="Nine, not ten.")
    draft = parsed(cast.rapporteur.get(f"/desk/sessions/{cast.session}/report").text)
    assert draft.xpath("string(//textarea[@name='body'])").strip() == "Nine agreed.\n\nMore came."


def test_withdrawn_says_so_and_comes_back(cast: Cast) -> None:
    number = cast.hand_in("It was said", "Sentinel words.")
    cast.decide(number, "approve_and_publish")
    page = cast.editor.get(f"/desk/review/{number}")
    cast.editor.submit(page, form="/withdraw", status=400, note="")
    cast.editor.submit(page, form="/withdraw", reason="inaccurate", note="It was not said.")
    gone = cast.public(number, status=410)
    assert "It was not said." in gone
    for address in (f"/reports/{number}", "/", "/reports", "/issues/data-flows", "/events/forum", "/reports.atom"):
        shown = cast.reader.client.get(address, follow_redirects=True).text
        assert "Sentinel words." not in shown
        assert "It was said" not in shown
    cast.editor.submit(cast.editor.get(f"/desk/review/{number}"), form="/reinstate")
    assert "Sentinel words." in cast.public(number)
    assert [title for title, _text in cast.feed()] == ["It was said"]


def test_a_withdrawn_report_comes_back_cleaned(cast: Cast) -> None:
    number = cast.hand_in("It was said", "Sentinel words.")
    cast.decide(number, "approve_and_publish")
    cast.editor.submit(
        cast.editor.get(f"/desk/review/{number}"), form="/withdraw", reason="inaccurate", note="It named a person."
    )
    cast.press(cast.rapporteur, number, "amend")
    cast.hand_in("It was discussed", "Clean words.")
    cast.public(number, status=410)
    cast.decide(number, "approve_and_publish")
    page = cast.public(number)
    assert "Clean words." in page
    assert "Published again" in page


def test_discarded_and_taken_up_again(cast: Cast) -> None:
    cast.write(cast.rapporteur, "save", headline="Perhaps", body="Perhaps.")
    cast.press(cast.rapporteur, 1, "discard")
    cast.press(cast.rapporteur, 1, "restore")
    assert cast.hand_in("Certainly") == 1


def test_a_discarded_report_makes_room_for_another(cast: Cast) -> None:
    cast.write(cast.rapporteur, "save", headline="Perhaps", body="Perhaps.")
    cast.press(cast.rapporteur, 1, "discard")
    assert cast.hand_in("Another") == 2
    cast.press(cast.rapporteur, 1, "restore", status=409)


def test_two_write_one_report(cast: Cast) -> None:
    cast.write(cast.rapporteur, "save", headline="Ours", body="First.")
    offer = cast.colleague.get(f"/desk/sessions/{cast.session}/report")
    cast.colleague.submit(offer, act="join")
    stale = cast.colleague.get(f"/desk/sessions/{cast.session}/report")
    cast.write(cast.rapporteur, "save", headline="Ours", body="Second.")
    both = cast.colleague.submit(stale, act="save", status=409, body="Third.").text
    texts = [one.text_content().strip() for one in parsed(both).xpath("//textarea")]
    assert "Third." in texts
    # Both are kept, and nothing is overwritten before somebody chooses.
    assert "Second." in cast.rapporteur.get("/desk/reports/1/draft").text
    page = cast.colleague.get(f"/desk/sessions/{cast.session}/report")
    chosen: dict[str, Any] = {"choice-body-0": "both"}
    cast.colleague.submit(page, form="/together", **chosen)
    draft = cast.rapporteur.get("/desk/reports/1/draft").text
    assert draft.index("Third.") < draft.index("Second.")


def test_a_wrap_up_of_the_day(cast: Cast) -> None:
    page = cast.rapporteur.get("/desk/reports/new?event=forum")
    address = cast.rapporteur.submit(page, act="wrap_up").location
    form = cast.rapporteur.get(address)
    done = cast.rapporteur.submit(
        form, act="hand_in", headline="The first day", lead="A day.", body="It ended.", policy_issues=[cast.issue]
    )
    number = int(done.location.rsplit("/", 1)[-1])
    cast.decide(number, "approve_and_publish")
    assert "The first day" in cast.public(number)
    assert "The first day" in cast.reader.get("/events/forum").text


def test_a_session_that_is_not_in_the_programme(cast: Cast) -> None:
    page = cast.rapporteur.get("/desk/reports/new?event=forum")
    refused = cast.rapporteur.submit(page, act="unlisted", form=1, status=400, title="Corridor meeting")
    assert 'value="Corridor meeting"' in refused.text
    added = cast.rapporteur.submit(
        page, act="unlisted", form=1, title="Corridor meeting", starts_at="2023-12-05T18:00", ends_at="2023-12-05T18:30"
    )
    form = cast.rapporteur.get(added.location)
    assert "5 December 2023, 18:00–18:30" in form.text
    cast.rapporteur.submit(
        form, act="hand_in", headline="In the corridor", lead="It was short.", policy_issues=[cast.issue]
    )
    assert "Corridor meeting" in cast.reader.get("/events/forum").text


def test_looking_at_a_draft_as_its_page_would_be(cast: Cast) -> None:
    where = cast.write(cast.rapporteur, "preview", headline="As a page", body="Some **bold** words.")
    page = cast.rapporteur.get(where).text
    assert "Some <strong>bold</strong> words." in page
    cast.public(1, status=404)
