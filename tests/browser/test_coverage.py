"""The coverage board in real Chromium: it shows what others did meanwhile, keeps what one does, and works for all."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from axe_playwright_python.sync_playwright import Axe
from browser.actors import Actor
from browser.conftest import SampleServer
from browser.test_look import TARGETS, check
from playwright.sync_api import Browser, BrowserContext, Page, expect

from reporter import config, create_app
from reporter.models.assignment import Assignment
from reporter.models.database import db, unit_of_work
from reporter.newsroom import coverage
from reporter.queries import people, programmes
from reporter.rules import clock
from reporter.rules.vocabulary import AssignmentState, Cover

SLUG = "eweek-2023-sample"
BOARD = f"/desk/coverage/{SLUG}"
FREE = "Morning briefing for delegations"
FREE_TOO = "Statisticians' clinic: measuring digital trade with few means"  # both on the first day, without a report


@contextmanager
def meanwhile(server: SampleServer) -> Iterator[Callable[[str], int]]:
    """What happens elsewhere, in the database of the server; answers a session's number by its title."""
    app = create_app(config.load({**server.env}))
    with app.app_context():
        event = programmes.event_by_slug(SLUG)
        assert event is not None
        # The first of those with a title: some come back every day.
        numbers = {session.title: session.id for session in reversed(programmes.sessions_of(event.id))}
        try:
            yield numbers.__getitem__
        finally:
            db.session.remove()
            db.engine.dispose()


def assigned(server: SampleServer, title: str, email: str) -> None:
    with meanwhile(server) as number, unit_of_work():
        user = people.by_email(email)
        assert user is not None
        row = Assignment(programme_session_id=number(title), user_id=user.id, state=AssignmentState.ACCEPTED, lead=True,
                         note="", assigned_by_id=user.id, assigned_at=clock.now())  # fmt: skip
        db.session.add(row)


def decided(server: SampleServer, title: str, cover: Cover) -> None:
    with meanwhile(server) as number, unit_of_work():
        session, editor = programmes.for_change(number(title)), people.by_email("editor@example.org")
        assert session is not None
        assert editor is not None
        coverage.decide_cover(session, cover, by=editor, at=clock.now())


@pytest.fixture
def board(page: Page, sample_server: SampleServer) -> Page:
    """The list, before an editor."""
    email = "editor@example.org"
    Actor.signs_in(page, email, sample_server.passwords[email])
    page.goto(f"{BOARD}?form=list")
    return page


def test_it_looks_fine_to_everybody(board: Page) -> None:
    for address in (BOARD, f"{BOARD}?form=list", f"{BOARD}?form=list&state=late&state=published&mine=1"):
        check(board, address, address)
    board.goto(f"{BOARD}?form=list&state=published")
    board.set_viewport_size({"width": 390, "height": 800})
    board.locator("details.filters").evaluate("one => one.open = true")
    board.locator(".decide summary").first.click()
    heights = board.locator(".decide button:visible").evaluate_all("all => all.map(one => one.offsetHeight)")
    assert len(heights) == 3
    assert min(heights) >= 44
    found = Axe().run(board, options=TARGETS)
    assert found.violations_count == 0, found.generate_report()


def test_narrow_screens_get_a_list_and_wide_ones_rooms(board: Page) -> None:
    board.goto(BOARD)
    board.set_viewport_size({"width": 1280, "height": 900})
    first, second = board.locator(".board .covered").nth(0), board.locator(".board .covered").nth(1)
    expect(board.get_by_role("columnheader", name="Room I", exact=True)).to_be_visible()
    lefts = {one.bounding_box()["x"] for one in (first, second)}  # type: ignore[index]
    assert len(lefts) == 2
    board.set_viewport_size({"width": 390, "height": 800})
    lefts = {one.bounding_box()["x"] for one in (first, second)}  # type: ignore[index]
    assert len(lefts) == 1
    expect(first.get_by_text("Room V")).to_be_visible()


def test_what_others_do_is_there_when_one_looks_again(board: Page, sample_server: SampleServer) -> None:
    item = board.locator(".covered", has_text=FREE)
    expect(item).to_contain_text("No report: not decided")
    board.evaluate("window.same = true")
    assigned(sample_server, FREE, "rapporteur2@example.org")
    board.get_by_role("link", name="Look again").click()
    expect(item).to_contain_text("Sample Rapporteur Two")
    expect(item).to_contain_text("Late")
    expect(board.locator("[aria-live]")).to_contain_text("Late 1")
    expect(board.locator("#board-away")).to_be_hidden()
    assert board.evaluate("window.same"), "the page itself stayed"


def test_it_looks_again_by_itself(context: BrowserContext, board: Page, sample_server: SampleServer) -> None:
    """The clock of the page is turned on; that of the machine is not waited for."""
    page = context.new_page()
    page.clock.install()
    page.goto(BOARD)
    item = page.locator(".covered", has_text=FREE_TOO)
    expect(item).to_contain_text("No report: not decided")
    decided(sample_server, FREE_TOO, Cover.IF_POSSIBLE)
    page.clock.fast_forward(29_000)
    expect(item).to_contain_text("No report: not decided")
    page.clock.fast_forward(2_000)
    expect(item).to_contain_text("Nobody yet")
    expect(board.locator(".covered", has_text=FREE_TOO)).to_contain_text("No report: not decided")


def test_focus_ticks_and_what_is_open_stay(board: Page, sample_server: SampleServer) -> None:
    with meanwhile(sample_server) as number:
        session = number(FREE)
    board.locator(f"#tick-{session}").check()
    board.locator(f"#decision-{session} summary").click()
    link = board.get_by_role("link", name=FREE)
    link.focus()
    board.evaluate("window.scrollTo(0, 120)")
    marked = board.evaluate("document.activeElement.closest('li').id")
    decided(sample_server, FREE_TOO, Cover.NOT)
    board.keyboard.press("Tab")
    board.keyboard.press("Shift+Tab")
    board.evaluate("document.getElementById('look-again').click()")
    expect(board.locator(".covered", has_text=FREE_TOO)).to_contain_text("No report: decided")
    expect(board.locator(f"#tick-{session}")).to_be_checked()
    expect(board.locator(f"#decision-{session}")).to_have_attribute("open", "")
    expect(link).to_be_focused()
    assert board.evaluate("document.activeElement.closest('li').id") == marked
    assert board.evaluate("window.scrollY") == 120
    board.locator(f"#decision-{session}").get_by_role("button", name="Must be covered").click()
    expect(board.get_by_role("status")).to_contain_text("Must be covered")


def test_what_cannot_be_fetched_is_said(board: Page) -> None:
    before = board.locator("#board").inner_html()
    board.route(f"**{BOARD}**", lambda route: route.fulfill(status=404, body="gone"))
    board.get_by_role("link", name="Look again").click()
    expect(board.get_by_text("This board is not up to date")).to_be_visible()
    assert board.locator("#board").inner_html() == before
    board.unroute(f"**{BOARD}**")
    board.get_by_role("link", name="Look again").click()
    expect(board.get_by_text("This board is not up to date")).to_be_hidden()


def test_who_signed_out_meanwhile_is_told(context: BrowserContext, board: Page) -> None:
    context.clear_cookies()
    board.get_by_role("link", name="Look again").click()
    expect(board.get_by_text("This board is not up to date")).to_be_visible()


def test_without_script_a_link_does_the_same(browser: Browser, sample_server: SampleServer) -> None:
    context = browser.new_context(base_url=sample_server.url, java_script_enabled=False)
    page = context.new_page()
    email = "rapporteur@example.org"
    Actor.signs_in(page, email, sample_server.passwords[email])
    page.get_by_role("link", name="Coverage board").first.click()
    page.get_by_role("link", name="As a list").click()
    decided(sample_server, "Closing", Cover.MUST)
    page.get_by_role("link", name="Thu").or_(page.get_by_role("link", name="Fri")).last.click()
    item = page.locator(".covered", has_text="Closing").last
    before = item.inner_text()
    decided(sample_server, "Closing", Cover.NOT)
    page.get_by_role("link", name="Look again").click()
    expect(item).not_to_have_text(before)
    expect(item).to_contain_text("No report: decided")
    context.close()
