"""The main job in a real browser, with script switched off: what the README's ten steps say."""

from collections.abc import Iterator

import feedparser
import pytest
from browser.actors import Editor, Rapporteur
from browser.conftest import SampleServer
from playwright.sync_api import Browser, Page, expect

HEADLINE = "Closing session names three things to watch"
FEEDS = ("/reports", "/issues/data-flows", "/issues/digital-trade", "/events/eweek-2023-sample")


@pytest.fixture
def plain_page(browser: Browser, sample_server: SampleServer) -> Iterator[Page]:
    made = browser.new_context(
        base_url=sample_server.url, viewport={"width": 390, "height": 844}, java_script_enabled=False
    )
    yield made.new_page()
    made.close()


def entries(server: SampleServer, address: str) -> list[tuple[str, str]]:
    feed = feedparser.parse(server.url + address)
    assert not feed.bozo
    return [(entry.title, entry.content[0].value) for entry in feed.entries]


def test_write_approve_publish_follow_withdraw(plain_page: Page, sample_server: SampleServer) -> None:
    page, passwords = plain_page, sample_server.passwords
    rapporteur = Rapporteur.signs_in(page, "rapporteur@example.org", passwords["rapporteur@example.org"])
    rapporteur.chooses_session("Closing")
    rapporteur.writes(
        headline=HEADLINE,
        lead="The chair closed the week with a list.",
        key_points="First thing.\nSecond thing.\nThird thing.",
        text="## The list\n\nThe chair named **three things**.",
        policy_issues=("Cross-border data flows",),
    )
    rapporteur.saves()
    expect(page.get_by_label("Headline")).to_have_value(HEADLINE)
    number = rapporteur.hands_in()
    # What is written after handing in is no part of what the editor reads.
    page.get_by_role("link", name="Write on").click()
    page.get_by_label("Text", exact=True).fill("Sentinel of an unfiled draft.")
    rapporteur.saves()
    rapporteur.signs_out()
    assert page.request.get(f"/reports/{number}").status == 404

    editor = Editor.signs_in(page, "editor@example.org", passwords["editor@example.org"])
    editor.opens(HEADLINE)
    expect(page.locator("article")).to_contain_text("The chair named three things.")
    expect(page.get_by_text("The rapporteur has written on since")).to_be_visible()
    editor.presses("Approve and publish", "Published")
    page.get_by_role("link", name="See the public page").click()
    expect(page).to_have_url(f"{sample_server.url}/reports/{number}/closing-session-names-three-things-to-watch")
    expect(page.locator("article")).to_contain_text("The chair named three things.")
    expect(page.locator("body")).not_to_contain_text("Sentinel of an unfiled draft")
    for address in ("/", *FEEDS):
        page.goto(address)
        expect(page.get_by_role("link", name=HEADLINE, exact=True).first).to_be_visible()
    for address in FEEDS:
        for kind in ("rss", "atom"):
            title, content = entries(sample_server, f"{address}.{kind}")[0]
            assert title == HEADLINE
            assert "The chair named <strong>three things</strong>." in content
            assert "Sentinel" not in content
    assert HEADLINE not in [title for title, _content in entries(sample_server, "/issues/source-code.atom")]

    page.goto(f"/desk/review/{number}")
    editor.withdraws("The list was read from an earlier version.")
    gone = page.goto(f"/reports/{number}")
    assert gone is not None
    assert gone.status == 410
    expect(page.locator("main")).to_contain_text("The list was read from an earlier version.")
    for address in FEEDS:
        assert HEADLINE not in [title for title, _content in entries(sample_server, f"{address}.atom")]


def test_send_back_and_again(plain_page: Page, sample_server: SampleServer) -> None:
    page, passwords = plain_page, sample_server.passwords
    rapporteur = Rapporteur.signs_in(page, "rapporteur2@example.org", passwords["rapporteur2@example.org"])
    rapporteur.chooses_session("Opening: who shapes the digital economy")
    rapporteur.writes(
        headline="Opening asks who sets the rules",
        lead="A first look.",
        key_points="One.",
        text="Short.",
        policy_issues=("Cybersecurity",),
    )
    number = rapporteur.hands_in()
    rapporteur.signs_out()
    editor = Editor.signs_in(page, "editor@example.org", passwords["editor@example.org"])
    editor.opens("Opening asks who sets the rules")
    page.get_by_label("What should the rapporteur change?").fill("Say who asked.")
    editor.presses("Send back", "Sent back")
    editor.signs_out()
    rapporteur = Rapporteur.signs_in(page, "rapporteur2@example.org", passwords["rapporteur2@example.org"])
    page.get_by_role("link", name="Opening asks who sets the rules").click()
    expect(page.get_by_text("Say who asked.")).to_be_visible()
    page.get_by_role("link", name="Write on").click()
    page.get_by_label("Text", exact=True).fill("A delegate asked.")
    assert rapporteur.hands_in() == number


def test_too_large_a_text_stays_on_the_page(plain_page: Page, sample_server: SampleServer) -> None:
    email = "rapporteur3@example.org"
    rapporteur = Rapporteur.signs_in(plain_page, email, sample_server.passwords[email])
    rapporteur.chooses_session("Morning briefing for delegations")
    words = "words of a long day " * 6_000
    plain_page.get_by_label("Text", exact=True).fill(words)
    with plain_page.expect_response(lambda response: response.request.method == "POST") as answer:
        plain_page.get_by_role("button", name="Save the draft").click()
    assert answer.value.status == 413
    expect(plain_page.get_by_role("alert")).to_contain_text("at most 100000 are possible")
    assert plain_page.get_by_label("Text", exact=True).input_value() == words
