"""A report from the desk to the editors without touching the mouse."""

import re

from axe_playwright_python.sync_playwright import Axe
from browser.actors import Actor
from browser.conftest import SampleServer
from playwright.sync_api import Page, expect

FAR = 400  # presses of Tab after which something cannot be reached


def tab_to(page: Page, what: str) -> None:
    """Press Tab until the element for which the script `what` (of `e`) holds has the focus."""
    for _ in range(FAR):
        page.keyboard.press("Tab")
        if page.evaluate(f"(e => {what})(document.activeElement)"):
            return
    raise AssertionError(f"nothing for which {what} can be reached with the keyboard")


def test_from_the_desk_to_the_editors(page: Page, sample_server: SampleServer) -> None:
    Actor.signs_in(page, "rapporteur2@example.org", sample_server.passwords["rapporteur2@example.org"])
    page.goto("/desk/programme/eweek-2023-sample")
    tab_to(page, r"/^\/desk\/sessions\/8\d\/report$/.test(e.getAttribute('href'))")
    page.keyboard.press("Enter")
    page.wait_for_selector("#writing[data-ready]")

    tab_to(page, "e.name === 'headline'")
    page.keyboard.type("Small firms ask for one set of rules")
    tab_to(page, "e.name === 'lead'")
    page.keyboard.type("They could not follow five texts at once, they said.")
    tab_to(page, "e.name === 'key_points'")
    page.keyboard.type("One set of rules is easier to follow.")
    tab_to(page, "e.name === 'body'")
    page.keyboard.type("Speakers agreed on little else.")
    tab_to(page, "e.name === 'policy_issues'")
    page.keyboard.press("Space")
    found = Axe().run(
        page, options={"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]}}
    )
    assert found.violations_count == 0, found.generate_report()
    expect(page.locator("#state")).to_contain_text("Draft safe on the server")

    tab_to(page, "e.value === 'hand_in'")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Handed in: report")
    assert re.search(r"/desk/reports/\d+$", page.url)
    expect(page.get_by_role("heading", level=1)).to_have_text("Small firms ask for one set of rules")
