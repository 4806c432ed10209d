"""The whole life of a report on a programme as a real event published it, in a real browser."""

from datetime import timedelta
from pathlib import Path

import feedparser
import pytest
from browser.actors import Editor, Rapporteur
from browser.conftest import SampleServer
from field import FIELD
from playwright.sync_api import Page, expect
from served import reporter

from reporter.rules import clock

REAL = FIELD / "programmes" / "pyconus_2025.all_events.ics"
OWN = Path(__file__).resolve().parents[1] / "sources" / "samples" / "two_days.ics"
ZONE = "America/New_York"
PASSWORD = "correct horse battery"


@pytest.fixture
def programme(sample_server: SampleServer) -> tuple[Path, str]:
    """An event with its people, a programme file, and the title of a session in it."""
    env = sample_server.env
    assert reporter("event", "add", "real", "--name", "Real event", "--time-zone", ZONE, env=env).returncode == 0
    for role in ("rapporteur", "editor"):
        done = reporter("user", "add", f"{role}@real.example", "--name", f"The {role}", "--role", role, "--event",
                        "real", "--password-stdin", env=env, typed=f"{PASSWORD}\n")  # fmt: skip
        assert done.returncode == 0, done.stderr
    return (
        (REAL, "[talk] Looking At Audio")
        if REAL.exists()
        else (OWN, "Opening: who governs cross-border data, and how?")
    )


def titles(server: SampleServer) -> list[str]:
    return [entry.title for entry in feedparser.parse(f"{server.url}/events/real.atom").entries]


def test_from_the_import_to_the_reinstatement(
    page: Page, sample_server: SampleServer, programme: tuple[Path, str]
) -> None:
    file, session = programme
    editor = Editor.signs_in(page, "editor@real.example", PASSWORD)
    page.goto("/desk/programme/real")
    page.get_by_role("link", name="Read a programme file").click()
    page.get_by_label("Programme file").set_input_files(file)
    page.get_by_role("button", name="Read it and show me").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("What this file would do")
    editor.presses("Apply it", "added, 0 changed, 0 cancelled")
    page.goto("/desk/programme/real/import")
    page.get_by_label("Programme file").set_input_files(file)
    page.get_by_role("button", name="Read it and show me").click()
    editor.presses("Apply it", "Nothing changed")
    editor.signs_out()

    def as_rapporteur() -> Rapporteur:
        return Rapporteur.signs_in(page, "rapporteur@real.example", PASSWORD)

    def as_editor() -> Editor:
        return Editor.signs_in(page, "editor@real.example", PASSWORD)

    rapporteur = as_rapporteur()
    page.goto("/desk/programme/real")
    page.get_by_role("link", name=session, exact=True).first.click()
    rapporteur.writes(
        headline="What was heard",
        lead="A talk.",
        key_points="One.\nTwo.\nThree.",
        text="First words.",
        policy_issues=("Cybersecurity",),
    )
    number = rapporteur.hands_in()
    rapporteur.signs_out()

    editor = as_editor()
    editor.opens("What was heard")
    page.get_by_label("What should the rapporteur change?").fill("Say more.")
    editor.presses("Send back", "Sent back")
    editor.signs_out()

    rapporteur = as_rapporteur()
    page.goto(f"/desk/reports/{number}")
    expect(page.get_by_text("Say more.")).to_be_visible()
    page.get_by_role("link", name="Write on").click()
    page.get_by_label("Text", exact=True).fill("First words, and more.")
    rapporteur.hands_in()
    rapporteur.signs_out()

    editor = as_editor()
    editor.opens("What was heard")
    lifts = clock.local(clock.now(), ZONE).replace(second=0, microsecond=0) + timedelta(minutes=1)
    page.get_by_text("Hold it back until a time").click()
    page.get_by_label("Not public before").fill(lifts.strftime("%Y-%m-%dT%H:%M"))
    editor.presses("Approve", "It is published by itself")
    if clock.now() < lifts:
        assert page.request.get(f"/reports/{number}").status == 404
        assert titles(sample_server) == []
    # The worker publishes it when the time has come; the limit is against hanging.
    for _attempt in range(200):
        if page.request.get(f"/reports/{number}").status == 200:
            break
        page.wait_for_timeout(500)
    assert clock.now() >= lifts
    assert titles(sample_server) == ["What was heard"]
    editor.signs_out()

    rapporteur = as_rapporteur()
    page.goto(f"/desk/reports/{number}")
    page.get_by_role("button", name="Change the published text").click()
    page.get_by_role("link", name="Write on").click()
    page.get_by_label("Headline").fill("What was heard, and seen")
    rapporteur.hands_in()
    rapporteur.signs_out()
    assert titles(sample_server) == ["What was heard"]

    editor = as_editor()
    editor.opens("What was heard, and seen")
    page.get_by_label("In a sentence: what is new, or what was wrong").fill("A picture was shown.")
    editor.presses("Approve and publish", "Published")
    assert titles(sample_server) == ["What was heard, and seen"]
    page.goto(f"/reports/{number}")
    expect(page.locator(".changes")).to_contain_text("A picture was shown.")

    page.goto(f"/desk/review/{number}")
    page.get_by_role("link", name="Correct").click()
    page.get_by_label("Text", exact=True).fill("First words, and fewer.")
    page.get_by_label("In a sentence: what was wrong, or what is new").fill("They were fewer.")
    editor.presses("Correct", "Corrected")
    page.goto(f"/reports/{number}")
    expect(page.locator("article")).to_contain_text("First words, and fewer.")
    expect(page.locator(".changes")).to_contain_text("They were fewer.")

    page.goto(f"/desk/review/{number}")
    editor.withdraws("Nobody heard that.")
    assert page.request.get(f"/reports/{number}").status == 410
    assert titles(sample_server) == []
    page.goto("/events/real")
    expect(page.locator("main")).not_to_contain_text("What was heard")

    page.goto(f"/desk/review/{number}")
    editor.presses("Show it to the public again", "Public again")
    assert page.request.get(f"/reports/{number}").status == 200
    assert titles(sample_server) == ["What was heard, and seen"]
