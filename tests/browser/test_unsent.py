"""Text that is not sent yet: said honestly, kept for its writer alone, sent as soon as that is possible."""

from collections.abc import Callable, Iterator

import pytest
from browser.line import Line
from browser.writers import PATIENCE, Newsroom, Writer, body_of, open_writing, records, sign_in, state
from playwright.sync_api import Browser, Dialog, Page, expect
from served import wait_until

from reporter.models.database import unit_of_work
from reporter.models.report import DraftSave, HeldText
from reporter.newsroom import people as verbs
from reporter.queries import people
from reporter.rules import clock

YEAR = 365 * 24 * 3600 * 1000  # ms
WRONG_CLOCK = """
const Right = Date;
globalThis.Date = class extends Right {
  constructor(...given) { super(...(given.length ? given : [Right.now() + SHIFT])); }
  static now() { return Right.now() + SHIFT; }
};
"""


@pytest.fixture
def open_page(browser: Browser, line: Line) -> Iterator[Callable[..., Page]]:
    """Opens a page in a device of its own, with a script that runs before any other if asked."""
    made = []

    def open_one(script: str = "") -> Page:
        context = browser.new_context(base_url=line.url)
        context.set_default_timeout(PATIENCE)
        made.append(context)
        if script:
            context.add_init_script(script)
        return context.new_page()

    yield open_one
    for context in made:
        context.close()


@pytest.mark.parametrize(
    "keeps_nothing",
    [
        "IDBFactory.prototype.open = () => { throw new DOMException('private', 'InvalidStateError'); };",
        "IDBObjectStore.prototype.put = () => { throw new DOMException('full', 'QuotaExceededError'); };",
    ],
    ids=["private", "full"],
)
def test_a_browser_that_keeps_nothing_says_so(
    newsroom: Newsroom, line: Line, open_page: Callable[..., Page], writer: Writer, keeps_nothing: str
) -> None:
    session = newsroom.session("Kept nowhere", writer)
    page = open_page(keeps_nothing)
    sign_in(page, writer)
    open_writing(page, session)
    expect(page.locator("#said")).to_contain_text("This browser keeps nothing")
    line.cut()
    page.locator("[name=body]").fill("Nowhere but here.")
    expect(page.locator("#state")).to_contain_text("Stay on this page until it is received")
    asked: list[Dialog] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog)
        dialog.dismiss()

    page.on("dialog", stay)
    page.close(run_before_unload=True)
    wait_until(lambda: page.evaluate("1") == 1 and bool(asked), "a question")
    assert [dialog.type for dialog in asked] == ["beforeunload"]
    line.mend()
    state(page, "received")
    assert newsroom.bodies(DraftSave, session) == ["Nowhere but here."]


def test_the_later_of_two_tabs_takes_over(newsroom: Newsroom, open_page: Callable[..., Page], writer: Writer) -> None:
    session = newsroom.session("Two tabs", writer)
    first = open_page()
    sign_in(first, writer)
    open_writing(first, session)
    first.locator("[name=body]").fill("From the first tab.")
    state(first, "on_device")
    second = first.context.new_page()
    open_writing(second, session)
    expect(first.get_by_role("alert")).to_contain_text("You went on writing this report in another tab")
    expect(first.locator("[name=body]")).to_be_disabled()
    assert body_of(second) == "From the first tab."
    second.locator("[name=body]").fill("From the first tab. And from the second.")
    state(second, "received")
    assert newsroom.bodies(DraftSave, session)[-1] == "From the first tab. And from the second."
    first.get_by_role("button", name="Write here again").click()
    expect(first.locator("[name=body]")).to_have_value("From the first tab. And from the second.")
    expect(second.locator("[name=body]")).to_be_disabled()
    assert newsroom.bodies(HeldText, session) == []


def test_signing_out_with_unsent_text_asks_and_wipes(
    newsroom: Newsroom, open_page: Callable[..., Page], writer: Writer
) -> None:
    session = newsroom.session("Shared computer", writer)
    page = open_page()
    sign_in(page, writer)
    open_writing(page, session)
    page.context.route("**/saves", lambda route: route.abort())  # nothing is received, and yet there is a network
    page.locator("[name=body]").fill("For nobody else.")
    state(page, "on_device")
    page.get_by_role("button", name="Sign out").click()
    box = page.get_by_role("alertdialog")
    expect(box).to_contain_text("Shared computer")
    box.get_by_role("button", name="Stay signed in").click()
    assert [dict(record["fields"])["body"] for record in records(page)] == ["For nobody else."]
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("button", name="Delete them and sign out").click()
    page.wait_for_url("/")
    page.goto("/login")
    assert records(page) == []
    names = page.evaluate("caches.keys()")
    assert [name for name in names if name != "desk-static"] == []
    assert newsroom.report_of(session) == []


def test_signing_out_sends_first_what_was_typed_last(
    newsroom: Newsroom, open_page: Callable[..., Page], writer: Writer
) -> None:
    session = newsroom.session("Leaving in a hurry", writer)
    page = open_page()
    sign_in(page, writer)
    open_writing(page, session)
    page.locator("[name=body]").fill("Typed and gone.")
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("/")
    assert newsroom.bodies(DraftSave, session) == ["Typed and gone."]
    page.goto("/login")
    assert records(page) == []


def test_another_account_neither_sees_nor_sends_it(
    newsroom: Newsroom, line: Line, open_page: Callable[..., Page], writer: Writer
) -> None:
    other = newsroom.rapporteur("Cleo Writes")
    session = newsroom.session("One device, two people", writer, other)
    page = open_page()
    sign_in(page, writer)
    open_writing(page, session)
    line.cut()
    page.locator("[name=body]").fill("Ada's own words.")
    state(page, "on_device")
    page.close()
    line.mend()
    page = page.context.new_page()
    page.context.clear_cookies()
    sign_in(page, other)
    open_writing(page, session)
    assert body_of(page) == ""
    expect(page.locator("body")).not_to_contain_text("Ada's own words.")
    page.locator("[name=body]").fill("Cleo's words.")
    state(page, "received")
    assert newsroom.bodies(DraftSave, session) == ["Cleo's words."]
    assert newsroom.bodies(HeldText, session) == []

    page.close()
    page = page.context.new_page()
    page.context.clear_cookies()
    sign_in(page, writer)  # begun by somebody else meanwhile, so hers stands beside it
    expect(page.locator("#desk-said")).to_contain_text("Your text is safe on the server")
    assert newsroom.bodies(HeldText, session) == ["Ada's own words."]
    assert newsroom.bodies(DraftSave, session) == ["Cleo's words."]


def test_a_wrong_clock_changes_no_order(newsroom: Newsroom, open_page: Callable[..., Page], writer: Writer) -> None:
    session = newsroom.session("Wrong clocks", writer)
    ahead, behind = (open_page(WRONG_CLOCK.replace("SHIFT", str(shift))) for shift in (YEAR, -YEAR))
    for page, text in ((ahead, "Typed first, a year ahead."), (behind, "Typed second, a year behind.")):
        sign_in(page, writer)
        open_writing(page, session)
        page.locator("[name=body]").fill(text)
        state(page, "received")
    assert newsroom.bodies(DraftSave, session) == ["Typed first, a year ahead.", "Typed second, a year behind."]
    ahead.reload()
    expect(ahead.locator("[name=body]")).to_have_value("Typed second, a year behind.")


def test_the_page_of_a_hotel_is_not_taken_for_the_server(
    newsroom: Newsroom, line: Line, open_page: Callable[..., Page], writer: Writer
) -> None:
    session = newsroom.session("In a hotel", writer)
    page = open_page()
    sign_in(page, writer)
    open_writing(page, session)
    line.to_hotel()
    page.locator("[name=body]").fill("Written in the lobby.")
    with page.expect_response(lambda answer: answer.request.method == "POST") as answered:
        page.get_by_role("button", name="Save the draft").click()
    assert answered.value.status == 200
    state(page, "on_device")
    expect(page.locator("#state")).to_contain_text("Only on this device, not sent. No network now")
    assert newsroom.report_of(session) == []
    line.mend()
    state(page, "received")
    assert newsroom.bodies(DraftSave, session) == ["Written in the lobby."]


def test_a_closed_account_hands_over_what_it_had(
    newsroom: Newsroom, line: Line, open_page: Callable[..., Page], writer: Writer
) -> None:
    session = newsroom.session("The account was closed", writer)
    page = open_page()
    sign_in(page, writer)
    open_writing(page, session)
    line.cut()
    page.locator("[name=body]").fill("Still worth reading.")
    state(page, "on_device")
    with newsroom.at_work(), unit_of_work():
        user = people.by_id(writer.id)
        assert user is not None
        verbs.disable(user, by=None, at=clock.now())
    line.mend()
    state(page, "held")
    expect(page.locator("#state")).to_contain_text("This account was closed meanwhile.")
    assert newsroom.bodies(HeldText, session) == ["Still worth reading."]
    assert newsroom.report_of(session) == []
