"""Every kind of page at three widths: nothing wider than the screen, nothing that axe (WCAG 2.2 AA) objects to."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from browser.actors import Actor
from browser.conftest import SampleServer
from playwright.sync_api import Page

PUBLIC = {
    "home": "/",
    "reports": "/reports",
    "report": "/reports/1",
    "withdrawn": "/reports/{withdrawn}",
    "session": "/sessions/1",
    "event": "/events/eweek-2023-sample",
    "events": "/events/",
    "issues": "/issues/",
    "issue": "/issues/customs-duties",
    "processes": "/processes/",
    "process": "/processes/depa",
    "programme": "/events/eweek-2023-sample/programme",
    "issue at event": "/reports?event=eweek-2023-sample&issue=spam",
    "not found": "/nothing",
    "sign in": "/login",
}
DESK = {
    "rapporteur": (
        "/desk/",
        "/desk/programme/eweek-2023-sample",
        "/desk/sessions/84/report",
        "{report}",
        "/desk/reports/new?event=eweek-2023-sample",
    ),
    "editor": (
        "/desk/",
        "/desk/review/",
        "{review}",
        "{review}/revise",
        "/desk/review/1/correct",
        "{report}",
        "/desk/programme/eweek-2023-sample/import",
        "/desk/programme/eweek-2023-sample/assignments",
        "/desk/duty/eweek-2023-sample",
    ),
    "administrator": ("/desk/", "/desk/people/"),
}
TARGETS = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
}

PRESSED = "main button, main summary, main .button, main input:not([type=hidden]):not([type=checkbox]), main .choice"
PRESSED += ", main .choices label"


def check(page: Page, address: str, name: str) -> None:
    page.goto(address)
    for width in (320, 390, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{name} is wider than {width} px"
    found = Axe().run(page, options=TARGETS)
    assert found.violations_count == 0, f"{name}: {found.generate_report()}"
    page.set_viewport_size({"width": 390, "height": 800})
    heights = page.locator(PRESSED).evaluate_all("all => all.map(one => one.getBoundingClientRect().height)")
    assert [height for height in heights if 0 < height < 44] == [], f"{name}: too low to be hit by a thumb"


@pytest.mark.parametrize("name", PUBLIC)
def test_public_page(page: Page, name: str) -> None:
    check(page, PUBLIC[name].format(withdrawn=withdrawn_number(page)), name)


@pytest.mark.parametrize("role", DESK)
def test_desk(page: Page, sample_server: SampleServer, role: str) -> None:
    Actor.signs_in(page, f"{role}@example.org", sample_server.passwords[f"{role}@example.org"])
    if role == "editor":
        page.goto("/desk/review/")
        review = page.locator(".work a.name").first.get_attribute("href") or ""
    else:
        review = ""
    report = page.locator(".work a.name[href^='/desk/re']").first
    number = (report.get_attribute("href") or "").rsplit("/", 1)[-1] if report.count() else ""
    for address in DESK[role]:
        check(page, address.format(review=review, report=f"/desk/reports/{number}"), f"{role} at {address}")


def withdrawn_number(page: Page) -> int:
    """The sample's withdrawn report: the one address of its first numbers that answers 410."""
    return next(number for number in range(1, 26) if page.request.get(f"/reports/{number}").status == 410)
