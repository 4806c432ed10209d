"""What script adds to the page for writing: tools over the text, rows of key points, subjects by search, pasting."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Literal
from urllib.parse import parse_qs

import pytest
from axe_playwright_python.sync_playwright import Axe
from browser.actors import Actor
from browser.conftest import SampleServer
from browser.test_look import PRESSED, TARGETS
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Route, expect

EMAIL = "rapporteur@example.org"
SESSION = "/desk/sessions/60/report"  # nobody has written it up; three speakers
POINTS = ".point textarea"
# The page's own script keeps and sends what is typed. Here it is the editor alone that is looked at.
ENTRY = """
import { enhance, suggest } from "./editor.js";
const form = document.getElementById("report-form");
const token = form.elements.csrf_token.value;
const kept = [];
async function post(address, fields) {
  if (window.away) throw new Error("there is no network");
  const answer = await fetch(address, { method: "POST", body: fields, headers: { "X-CSRFToken": token } });
  return answer.json();
}
window.told = [];
form.addEventListener("input", (event) => window.told.push(event.target.name || event.target.className));
window.suggest = (...ids) => suggest(form, ids);
window.kept = kept;
enhance(form, {
  page: document.getElementById("writing"), post,
  keepPaste: (one) => kept.push(one), pastes: async () => [...kept],
  dropPaste: (one) => kept.splice(kept.indexOf(one), 1),
});
"""
PASTE = """(field, { html, plain }) => {
  const clipboardData = new DataTransfer();
  if (html) clipboardData.setData("text/html", html);
  clipboardData.setData("text/plain", plain);
  field.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
}"""
ONLINE = "window.away = false; window.dispatchEvent(new Event('reporter:online'))"
HTML, PLAIN, MARKDOWN = (
    "<h2>Floor</h2><p>It was <b>said</b>.</p>",
    "Floor\nIt was said.",
    "## Floor\n\nIt was **said**.",
)


Answers = Callable[[str, dict[str, object]], list[str]]


@pytest.fixture(scope="module")
def cookies(browser: Browser, sample_server: SampleServer) -> list[Any]:
    """Those of a rapporteur who signed in."""
    context = browser.new_context(base_url=sample_server.url)
    Actor.signs_in(context.new_page(), EMAIL, sample_server.passwords[EMAIL])
    found = context.cookies()
    context.close()
    return found


@pytest.fixture
def desk(page: Page, context: BrowserContext, cookies: list[Any]) -> Page:
    """A rapporteur, with the editor as the only script."""
    context.add_cookies(cookies)
    context.route("**/static/writing.js", lambda route: route.fulfill(body=ENTRY, content_type="text/javascript"))
    return page


@pytest.fixture
def writing(desk: Page) -> Page:
    """The page for writing, nothing written yet."""
    desk.goto(SESSION)
    expect(desk.get_by_role("toolbar")).to_be_visible()
    return desk


@pytest.fixture
def answers(context: BrowserContext) -> Answers:
    """`answers(address, answer)` stands for the server at one address; the list fills with what was sent there."""

    def stand_in(address: str, answer: dict[str, object]) -> list[str]:
        sent: list[str] = []

        def fulfil(route: Route) -> None:
            sent.append(route.request.post_data_buffer.decode(errors="replace"))  # type: ignore[union-attr]
            route.fulfill(json={"reporter": 1, **answer})

        context.route(f"**{address}", fulfil)
        return sent

    return stand_in


def body_with(page: Page, marked: str) -> None:
    """Write into the text; [ and ] are where the selection begins and ends, | is the cursor."""
    body = page.locator("[name=body]")
    text = unmarked(marked)
    start = re.search(r"[\[|]", marked)
    end = re.search(r"[\]|]", marked)
    assert start is not None
    assert end is not None
    body.fill(text)
    body.focus()
    last = end.start() - (1 if marked[end.start()] == "]" else 0)
    body.evaluate("(field, [start, end]) => field.setSelectionRange(start, end)", [start.start(), last])


def body_of(page: Page) -> str:
    """The text, marked in the same way."""
    value, start, end = page.locator("[name=body]").evaluate("f => [f.value, f.selectionStart, f.selectionEnd]")
    return f"{value[:start]}|{value[start:]}" if start == end else f"{value[:start]}[{value[start:end]}]{value[end:]}"


def value_of(page: Page) -> str:
    return page.locator("[name=body]").input_value()


def unmarked(text: str) -> str:
    return re.sub(r"[\[\]|]", "", text)


def points_of(page: Page) -> list[str]:
    return page.locator(POINTS).evaluate_all("all => all.map(one => one.value)")  # type: ignore[no-any-return]


def paste(page: Page, selector: str, plain: str, html: str = "") -> None:
    page.locator(selector).first.evaluate(PASTE, {"html": html, "plain": plain})


MARKED = [
    # keys, name of the button, before, after
    ("Control+b", "Bold", "a [word] here", "a **[word]** here"),
    ("Control+b", "Bold", "a **[word]** here", "a [word] here"),
    ("Control+b", "Bold", "a wo|rd here", "a **[word]** here"),
    ("Control+b", "Bold", "a [word ]here", "a **[word]** here"),
    ("Control+b", "Bold", "a | here", "a **|** here"),
    ("Control+b", "Bold", "[- one\n\n- two]", "[- **one**\n\n- **two**]"),
    ("Control+b", "Bold", "[- **one**\n\n- **two**]", "[- one\n\n- two]"),
    ("Control+i", "Italic", "a [word] here", "a *[word]* here"),
    ("Control+i", "Italic", "a **[word]** here", "a ***[word]*** here"),
    ("Control+i", "Italic", "a ***[word]*** here", "a **[word]** here"),
    ("Control+k", "Link", "see [the paper].", "see [the paper]([https://])."),
    ("Control+k", "Link", "see |", "see [|](https://)"),
    ("Control+k", "Link", "see [https://un.org/a].", "see [|](https://un.org/a)."),
    ("Control+Alt+Digit2", "Heading", "one\ntw|o", "one\n## tw|o"),
    ("Control+Alt+Digit2", "Heading", "## tw|o", "tw|o"),
    ("Control+Alt+Digit3", "Subheading", "## tw|o", "### tw|o"),
    ("Control+Shift+Digit8", "List", "[one\n\ntwo]", "[- one\n\n- two]"),
    ("Control+Shift+Digit8", "List", "[- one\n- two]", "[one\ntwo]"),
    ("Control+Shift+Digit7", "Numbered", "[- one\n- two\n]three", "[1. one\n2. two]\nthree"),
    ("", "Quote", "|", "> |"),
]


def test_marks_by_key_and_by_button(writing: Page) -> None:
    for keys, name, before, after in MARKED:
        for key in (keys, "") if keys else ("",):
            body_with(writing, before)
            if key:
                writing.keyboard.press(key)
            else:
                writing.get_by_role("button", name=name, exact=True).click()
            assert body_of(writing) == after, (key or name, before)
            expect(writing.get_by_label("Text", exact=True)).to_be_focused()
            writing.keyboard.press("Control+z")
            assert value_of(writing) == unmarked(before), (key or name, before)


def test_every_change_is_told(writing: Page) -> None:
    body_with(writing, "a [word] here")
    writing.evaluate("window.told.length = 0")
    writing.keyboard.press("Control+b")
    assert writing.evaluate("[...new Set(window.told)]") == ["body"]


def test_letters_of_the_right_alt_key_are_typed(writing: Page) -> None:
    """On a Swiss keyboard it makes @ of the 2, and says Ctrl and Alt while it does."""
    body_with(writing, "a|")
    pressed = """(field, extra) => field.dispatchEvent(new KeyboardEvent("keydown", {
        key: "@", code: "Digit2", ctrlKey: true, altKey: true, bubbles: true, cancelable: true, ...extra }))"""
    body = writing.locator("[name=body]")
    assert body.evaluate(pressed, {"modifierAltGraph": True}) is True
    assert body_of(writing) == "a|"
    assert body.evaluate(pressed, {}) is False
    assert body_of(writing) == "## a|"


CONTINUED = [
    ("- one|", "- one\n- |"),
    ("  * on|e", "  * on\n  * |e"),
    ("- one\n- |", "- one\n|"),
    ("9. nine|", "9. nine\n10. |"),
    ("1. a|\n2. b\n3. c\n\n4. d", "1. a\n2. |\n3. b\n4. c\n\n4. d"),
    ("1. a|\n1. b", "1. a\n2. |\n1. b"),
    ("> said|", "> said\n> |"),
    ("text|", "text\n|"),
    ("|- one", "\n|- one"),
    ("2023|. A year", "2023\n|. A year"),
]


def test_enter_goes_on_with_a_list(writing: Page) -> None:
    for before, after in CONTINUED:
        body_with(writing, before)
        writing.keyboard.press("Enter")
        assert body_of(writing) == after, before
        writing.keyboard.press("Control+z")
        assert value_of(writing) == unmarked(before)


def test_the_toolbar_is_one_stop_with_arrows(writing: Page) -> None:
    writing.get_by_label("Text", exact=True).focus()
    writing.keyboard.press("Shift+Tab")
    expect(writing.get_by_role("button", name="Heading", exact=True)).to_be_focused()
    writing.keyboard.press("ArrowLeft")
    expect(writing.get_by_role("button", name="Preview")).to_be_focused()
    writing.keyboard.press("ArrowLeft")
    expect(writing.get_by_role("button", name="Link")).to_be_focused()
    writing.keyboard.press("Tab")
    expect(writing.get_by_label("Text", exact=True)).to_be_focused()
    writing.keyboard.press("Shift+Tab")
    expect(writing.get_by_role("button", name="Link")).to_be_focused()
    expect(writing.get_by_role("button", name="Link")).to_have_attribute("title", "Link (Ctrl+K)")


def test_the_preview_is_what_the_public_page_would_show(writing: Page) -> None:
    preview = writing.get_by_role("region", name="Preview")
    body_with(writing, "# One\n\n**two** <script>three</script> |")
    writing.keyboard.press("Control+Shift+P")
    expect(preview.locator("h2")).to_have_text("One")
    expect(preview.locator("p")).to_have_text("two <script>three</script>")
    expect(writing.get_by_label("Text", exact=True)).to_be_focused()
    writing.keyboard.type("[four](https://un.org/)")
    link = preview.get_by_role("link", name="four")
    expect(link).to_have_attribute("target", "_blank")
    writing.evaluate("window.away = true")
    writing.keyboard.type(" five")
    expect(preview).to_have_text("No connection: the preview comes when there is one.")
    writing.evaluate(ONLINE)
    expect(preview.locator("p")).to_have_text("two <script>three</script> four five")
    body_with(writing, "> " * 20 + "deep|")
    expect(preview).to_contain_text("Quotes and lists are more than 10 inside each other")
    writing.get_by_role("button", name="Preview").click()
    expect(preview).to_be_hidden()


# Key points


def labels_of(page: Page) -> list[str]:
    return page.locator(POINTS).evaluate_all("all => all.map(one => one.labels[0].textContent)")  # type: ignore[no-any-return]


def test_points_are_written_with_the_keyboard(writing: Page) -> None:
    assert points_of(writing) == ["", "", ""]
    writing.get_by_label("Key points").focus()
    writing.keyboard.type("One.")
    writing.keyboard.press("Enter")
    writing.keyboard.type("Two.Three.")
    for _ in "Three.":
        writing.keyboard.press("ArrowLeft")
    writing.keyboard.press("Enter")
    assert points_of(writing) == ["One.", "Two.", "Three."]
    writing.keyboard.press("End")
    writing.keyboard.press("Enter")
    writing.keyboard.press("Enter")  # nothing is written in the last one yet
    assert points_of(writing) == ["One.", "Two.", "Three.", ""]
    writing.keyboard.press("Backspace")
    expect(writing.get_by_label("Key point 3")).to_be_focused()
    writing.keyboard.type("!")
    writing.keyboard.press("Alt+ArrowUp")
    assert points_of(writing) == ["One.", "Three.!", "Two."]
    expect(writing.get_by_label("Key point 2")).to_be_focused()
    writing.keyboard.press("Alt+ArrowUp")
    writing.keyboard.press("Alt+ArrowUp")
    writing.keyboard.press("Alt+ArrowDown")
    assert points_of(writing) == ["One.", "Three.!", "Two."]
    writing.keyboard.press("Control+z")
    assert points_of(writing) == ["One.", "Three.", "Two."]
    assert labels_of(writing) == ["Key points", "Key point 2", "Key point 3"]
    ids = writing.locator(".point [id]").evaluate_all("all => all.map(one => one.id)")
    names = ("point-{}", "point-actor-{}", "point-capacity-{}", "point-issue-{}")
    assert ids == [name.format(place) for place in (1, 2, 3) for name in names]


def test_points_by_their_buttons(writing: Page) -> None:
    for place, text in enumerate(("One.", "Two.", "Three.")):
        writing.locator(POINTS).nth(place).fill(text)
    writing.get_by_role("button", name="Move up: Key point 2").click()
    assert points_of(writing) == ["Two.", "One.", "Three."]
    expect(writing.get_by_label("Key points")).to_be_focused()
    writing.get_by_role("button", name="Move down: Key point 1").click()
    expect(writing.get_by_role("button", name="Move down: Key point 2")).to_be_focused()
    writing.locator(".point").nth(1).get_by_text("Who said it").click()
    writing.get_by_label("Country, group or organisation").nth(1).fill("Kenya")
    writing.evaluate("window.told.length = 0")
    writing.get_by_role("button", name="Take out: Key point 2").click()
    assert points_of(writing) == ["One.", "Three."]
    assert writing.evaluate("window.told") == ["key_points"]
    expect(writing.locator("#said")).to_contain_text("Key point 2 is taken out.")
    writing.get_by_role("button", name="Put it back").click()
    assert points_of(writing) == ["One.", "Two.", "Three."]
    assert writing.get_by_label("Country, group or organisation").nth(1).input_value() == "Kenya"
    add = writing.get_by_role("button", name="Add a key point")
    add.click()
    expect(writing.get_by_label("Key point 4")).to_be_focused()
    for place in range(4, 30):
        writing.locator(POINTS).nth(place - 1).fill(str(place))
        add.click()
    writing.get_by_label("Key point 30").fill("30")
    writing.keyboard.press("Enter")
    assert len(points_of(writing)) == 30
    expect(add).to_be_disabled()


def test_several_lines_become_points(writing: Page) -> None:
    first = writing.get_by_label("Key points")
    first.fill("One.\nTwo.\n\nThree.\nFour.")
    first.blur()
    assert points_of(writing) == ["One.", "Two.", "Three.", "Four."]
    assert labels_of(writing)[-1] == "Key point 4"
    field = writing.get_by_label("Key point 2")
    field.focus()
    field.evaluate("field => field.setSelectionRange(3, 3)")
    paste(writing, "#point-2", "a\r\n• b\r\n- c")
    assert points_of(writing) == ["One.", "Twoa", "b", "c.", "Three.", "Four."]
    expect(writing.get_by_label("Key point 4")).to_be_focused()
    many = "\n".join(f"Point {place}" for place in range(40))
    first.fill(many)
    first.blur()
    now = points_of(writing)
    assert len(now) == 30
    assert "\n".join(now) == "\n".join([many, "Twoa", "b", "c.", "Three.", "Four."])
    expect(writing.locator("#said")).to_contain_text("A report takes 30 key points")


def test_what_the_rows_say_is_what_is_saved(desk: Page) -> None:
    writing = desk
    writing.goto("/desk/sessions/61/report")
    writing.get_by_label("Headline").fill("Rows")
    writing.get_by_label("Key points").fill("One.\nTwo.\nThree.\nFour.")
    writing.get_by_label("Key points").blur()
    for summary in writing.get_by_text("Who said it").all():
        summary.click()
    writing.get_by_label("Country, group or organisation").nth(3).fill("Kenya")
    writing.locator("[name=key_point_issue]").nth(3).select_option(label="Cybersecurity")
    writing.get_by_role("button", name="Move up: Key point 4").click()
    writing.locator("summary", has_text="Development goals").click()
    writing.get_by_label("1.3 Social protection").check()
    writing.get_by_role("button", name="Save the draft").click()
    expect(writing.get_by_text("Draft safe on the server")).to_be_visible()
    expect(writing.get_by_role("toolbar")).to_be_visible()
    assert points_of(writing) == ["One.", "Two.", "Four.", "Three."]
    assert writing.locator("[name=key_point_actor]").nth(2).input_value() == "Kenya"
    expect(writing.locator("[name=key_point_issue] >> nth=2").locator("option:checked")).to_have_text("Cybersecurity")
    expect(writing.get_by_label("1.3 Social protection")).to_be_checked()


# Subjects


def chips(page: Page, name: str) -> list[str]:
    buttons = page.locator(f"#choose-{name} .chips button").all()
    return [str(button.evaluate("one => one.firstChild.textContent")) for button in buttons]


def shown(page: Page, name: str) -> list[str]:
    labels = page.locator(f"#choose-{name} .choices label").all()
    return [label.inner_text() for label in labels if label.is_visible()]


def test_subjects_are_found_and_ticked_with_the_keyboard(writing: Page) -> None:
    writing.get_by_label("Find in Policy issues").focus()
    writing.keyboard.type("ELECTRONÍC Auth")
    assert shown(writing, "policy_issues") == [
        "Digital trade and e-commerce",
        "E-signatures and electronic authentication",
    ]
    expect(writing.locator("#choose-policy_issues .matches")).to_have_text("Matches: 1")
    writing.keyboard.press("ArrowDown")
    expect(writing.get_by_label("E-signatures and electronic authentication")).to_be_focused()
    writing.evaluate("window.told.length = 0")
    writing.keyboard.press("Space")
    assert writing.evaluate("window.told") == ["policy_issues"]
    writing.keyboard.press("ArrowUp")
    writing.keyboard.press("Enter")
    assert chips(writing, "policy_issues") == [
        "Digital trade and e-commerce",
        "E-signatures and electronic authentication",
    ]
    expect(writing.locator("#choose-policy_issues .chosen")).to_have_text("Chosen: 2")
    writing.keyboard.press("Escape")
    expect(writing.get_by_label("Find in Policy issues")).to_be_focused()
    assert len(shown(writing, "policy_issues")) == 15
    writing.keyboard.type("neutr")
    writing.keyboard.press("Enter")  # the only match
    assert chips(writing, "policy_issues")[2:] == ["Network neutrality"]
    writing.keyboard.type("nothing like it")
    expect(writing.locator("#choose-policy_issues .matches")).to_have_text("Matches: 0")
    chip = writing.locator(".chips button", has_text="Digital trade")
    chip.focus()
    writing.keyboard.press("Enter")
    assert chips(writing, "policy_issues") == ["E-signatures and electronic authentication", "Network neutrality"]
    expect(writing.locator(".chips button", has_text="E-signatures")).to_be_focused()
    expect(writing.get_by_label("Digital trade and e-commerce")).not_to_be_checked()
    assert writing.url.endswith(SESSION), "Enter sent nothing"


def test_development_goals_are_boxes_too(writing: Page) -> None:
    writing.locator("summary", has_text="Development goals").click()
    writing.get_by_label("Find in Development goals").fill("9.c")
    assert [line.split()[0] for line in shown(writing, "sdg_targets")] == ["9", "9.c"]
    writing.get_by_label("Find in Development goals").press("ArrowDown")
    writing.keyboard.press("Enter")
    assert [one.split()[0] for one in chips(writing, "sdg_targets")] == ["9.c"]
    assert len(writing.locator("[name=sdg_targets]").all()) == 186


def test_a_phone_shows_what_is_chosen_and_the_rest_when_asked(writing: Page) -> None:
    writing.set_viewport_size({"width": 390, "height": 800})
    assert shown(writing, "policy_issues") == []
    writing.get_by_label("Find in Policy issues").fill("cyber")
    writing.get_by_label("Cybersecurity").check()
    writing.get_by_label("Find in Policy issues").fill("")
    assert shown(writing, "policy_issues") == []
    assert chips(writing, "policy_issues") == ["Cybersecurity"]
    writing.get_by_role("button", name="Show all 15").click()
    assert len(shown(writing, "policy_issues")) == 15
    writing.get_by_role("button", name="Show only what is chosen").click()
    assert shown(writing, "policy_issues") == []


def test_suggestions_tick_and_are_never_ticked_by_themselves(writing: Page) -> None:
    issues = {label.inner_text(): label.locator("input").get_attribute("value")
              for label in writing.locator("#choose-policy_issues .choices label").all()}  # fmt: skip
    found = [int(issues[name] or 0) for name in ("Cybersecurity", "Network neutrality")]
    writing.evaluate("ids => window.suggest(...ids)", found)
    assert writing.locator("[name=policy_issues]:checked").count() == 0
    first, second = (
        writing.get_by_role("button", name=f"+ {name}") for name in ("Cybersecurity", "Network neutrality")
    )
    first.focus()
    writing.keyboard.press("Enter")
    expect(writing.get_by_label("Cybersecurity")).to_be_checked()
    expect(first).to_have_count(0)
    expect(second).to_be_focused()
    writing.get_by_label("Cybersecurity").uncheck()
    expect(first).to_be_visible()
    writing.evaluate("window.suggest()")
    expect(writing.locator("#suggested-issues")).to_be_hidden()


# Beside the text


def test_speakers_are_inserted_where_one_wrote_last(writing: Page) -> None:
    speakers = writing.locator("#speakers li")
    name = speakers.first.get_attribute("data-insert") or ""
    assert speakers.count() == 3
    assert "(" in name
    body_with(writing, "said|that")
    speakers.first.get_by_role("button").click()
    assert body_of(writing) == f"said {name} |that"
    writing.keyboard.press("Control+z")
    assert value_of(writing) == "saidthat"
    point = writing.get_by_label("Key points")
    point.fill("As (")
    writing.get_by_label("Find in Policy issues").focus()  # no place for a name
    speakers.first.get_by_role("button").focus()
    writing.keyboard.press("Enter")
    expect(point).to_be_focused()
    expect(point).to_have_value(f"As ({name}")
    writing.keyboard.type(", who")
    expect(point).to_have_value(f"As ({name}, who")
    writing.set_viewport_size({"width": 390, "height": 800})
    writing.get_by_text("Speakers: insert a name").click()
    speakers.first.get_by_role("button").click()
    expect(point).to_have_value(f"As ({name}, who {name}")
    assert writing.locator("#speakers").count() == 1


def test_words_and_minutes_are_counted(desk: Page) -> None:
    desk.clock.install()
    desk.goto(SESSION)
    counts = desk.locator("#counts")
    expect(counts).to_contain_text("0 words (300–600), ")
    expect(counts).to_contain_text("days late")
    desk.get_by_label("Text", exact=True).fill("## One two\n\n- [three's](https://un.org/a-b) – **four-five**")
    desk.clock.run_for(1000)
    expect(counts).to_contain_text("4 words (300–600)")
    desk.get_by_label("Text", exact=True).fill("数字贸易规则 and Ελλάδα")
    desk.clock.run_for(1000)
    expect(counts).to_contain_text("5 words (300–600)")  # digital, trade, rules; and; Greece
    assert counts.get_attribute("aria-live") is None


def test_the_time_left_goes_on(writing: Page) -> None:
    due = datetime.fromisoformat(writing.locator("#writing").get_attribute("data-due") or "")
    writing.clock.install(time=due - timedelta(minutes=38))
    writing.reload()
    counts = writing.locator("#counts")
    expect(counts).to_have_text("0 words (300–600), due in 38 minutes")
    writing.clock.run_for("03:00")
    expect(counts).to_have_text("0 words (300–600), due in 35 minutes")
    writing.clock.run_for("36:00")
    expect(counts).to_have_text("0 words (300–600), 1 minute late")
    writing.clock.fast_forward("05:00:00")
    expect(counts).to_have_text("0 words (300–600), 5 hours late")


# What is pasted


def test_a_paste_is_plain_at_once_and_markdown_when_it_was_converted(writing: Page, answers: Answers) -> None:
    sent = answers("/desk/paste", {"state": "converted", "markdown": MARKDOWN})
    body_with(writing, "Before.\n\n|\n\nAfter.")
    paste(writing, "[name=body]", PLAIN, HTML)
    keep = writing.get_by_role("button", name="Keep plain text")
    expect(keep).to_be_visible()
    assert body_of(writing) == f"Before.\n\n{MARKDOWN}|\n\nAfter."
    assert parse_qs(sent[0]) == {"html": [HTML], "plain": [PLAIN]}
    writing.keyboard.press("Control+z")
    assert value_of(writing) == f"Before.\n\n{PLAIN}\n\nAfter."
    writing.keyboard.press("Control+Shift+z")
    assert value_of(writing) == f"Before.\n\n{MARKDOWN}\n\nAfter."
    keep.click()
    assert value_of(writing) == f"Before.\n\n{PLAIN}\n\nAfter."
    expect(writing.get_by_label("Text", exact=True)).to_be_focused()
    expect(keep).to_have_count(0)
    paste(writing, "[name=body]", "no HTML")  # the browser's own business
    assert len(sent) == 1


def test_who_writes_on_is_not_disturbed(writing: Page) -> None:
    waiting: list[Route] = []
    writing.route("**/desk/paste", lambda route: waiting.append(route))

    def arrive() -> None:
        with writing.expect_response("**/desk/paste"):
            waiting.pop().fulfill(json={"state": "converted", "markdown": MARKDOWN})
        writing.evaluate("new Promise((done) => setTimeout(done, 50))")

    body_with(writing, "|")
    with writing.expect_request("**/desk/paste"):
        paste(writing, "[name=body]", PLAIN, HTML)
    writing.keyboard.type(" And on")
    arrive()
    assert body_of(writing) == f"{MARKDOWN} And on|"
    body_with(writing, "|")
    with writing.expect_request("**/desk/paste"):
        paste(writing, "[name=body]", PLAIN, HTML)
    headline = writing.get_by_label("Headline")
    headline.focus()
    arrive()
    assert value_of(writing) == MARKDOWN
    expect(headline).to_be_focused()
    body_with(writing, "|")
    with writing.expect_request("**/desk/paste"):
        paste(writing, "[name=body]", PLAIN, HTML)
    writing.keyboard.press("Backspace")
    arrive()
    assert body_of(writing) == f"{PLAIN[:-1]}|"


def test_without_a_network_it_is_converted_later_and_once(writing: Page, answers: Answers) -> None:
    sent = answers("/desk/paste", {"state": "converted", "markdown": MARKDOWN})
    body_with(writing, "|")
    writing.evaluate("window.away = true")
    paste(writing, "[name=body]", PLAIN, HTML)
    assert value_of(writing) == PLAIN
    assert writing.evaluate("window.kept") == [{"plain": PLAIN, "html": HTML}]
    writing.keyboard.type("\n\nMore.")
    writing.evaluate("window.dispatchEvent(new Event('reporter:online'))")  # and gone again
    assert value_of(writing) == f"{PLAIN}\n\nMore."
    writing.evaluate(f"{ONLINE}; {ONLINE}")
    expect(writing.get_by_label("Text", exact=True)).to_have_value(f"{MARKDOWN}\n\nMore.")
    assert writing.evaluate("window.kept") == []
    assert len(sent) == 1
    writing.evaluate("window.away = true")
    paste(writing, "[name=body]", PLAIN, HTML)
    paste(writing, "[name=body]", PLAIN, HTML)
    twice = value_of(writing)
    writing.evaluate(ONLINE)
    writing.evaluate("new Promise((done) => setTimeout(done, 50))")
    assert value_of(writing) == twice, "which of the two is meant, nobody knows"
    assert len(sent) == 1


def test_long_texts_go_in_at_once_and_whole(writing: Page, answers: Answers) -> None:
    long = "".join(f"{place}  <b> & &amp; \t\u00a0 é 数 </textarea>\n" for place in range(2000))
    answers("/desk/paste", {"state": "converted", "markdown": long.upper()})
    body_with(writing, "Before [this] after")
    paste(writing, "[name=body]", long, HTML)
    expect(writing.get_by_role("button", name="Keep plain text")).to_be_visible()
    assert value_of(writing) == f"Before {long.upper()} after"
    writing.keyboard.press("Control+z")
    assert value_of(writing) == f"Before {long} after"
    writing.keyboard.press("Control+z")
    assert value_of(writing) == "Before this after"


def test_what_cannot_be_converted_stays(writing: Page, answers: Answers) -> None:
    answers("/desk/paste", {"state": "refused", "sentence": "This is too much."})
    body_with(writing, "|")
    paste(writing, "[name=body]", PLAIN, HTML)
    expect(writing.locator("#said")).to_have_text("This is too much. What you pasted stays as plain text.")
    assert value_of(writing) == PLAIN


def test_a_real_clipboard(writing: Page, context: BrowserContext, answers: Answers) -> None:
    sent = answers("/desk/paste", {"state": "converted", "markdown": "## From the page"})
    public = context.new_page()
    public.goto("/reports/1")
    public.locator("article h1, h1").first.click(click_count=3)
    public.keyboard.press("Control+c")
    public.close()
    body_with(writing, "|")
    writing.keyboard.press("Control+v")
    expect(writing.get_by_label("Text", exact=True)).to_have_value("## From the page")
    (fields,) = map(parse_qs, sent)
    assert "<h1" in fields["html"][0]
    writing.keyboard.press("Control+z")
    assert value_of(writing) == fields["plain"][0]


def test_a_document_goes_in_where_the_cursor_is(writing: Page, answers: Answers) -> None:
    sent = answers("/desk/upload", {"state": "converted", "markdown": "## Notes\n\nRead.\n"})
    body_with(writing, "Before.|\nAfter.")
    writing.evaluate("window.told.length = 0")
    with writing.expect_file_chooser() as chooser:
        writing.get_by_role("button", name="Insert a document").click()
    document = {"name": "notes.txt", "mimeType": "text/plain", "buffer": b"Read."}
    chooser.value.set_files(document)  # type: ignore[arg-type]
    expect(writing.locator("#said")).to_have_text("notes.txt is in the text.")
    assert body_of(writing) == "Before.\n\n## Notes\n\nRead.\n|\nAfter."
    assert 'name="document"; filename="notes.txt"' in sent[0]
    assert set(writing.evaluate("window.told")) == {"body"}
    writing.keyboard.press("Control+z")
    assert value_of(writing) == "Before.\nAfter."
    answers("/desk/upload", {"state": "refused", "sentence": "This is no document that can be read."})
    writing.locator("input[type=file]").set_input_files(document)  # type: ignore[arg-type]
    expect(writing.locator("#said")).to_have_text("This is no document that can be read.")
    writing.evaluate("window.away = true")
    writing.locator("input[type=file]").set_input_files(document)  # type: ignore[arg-type]
    expect(writing.locator("#said")).to_have_text("No connection: insert notes.txt again when there is one.")
    assert value_of(writing) == "Before.\nAfter."


# The whole page


def in_full_use(page: Page) -> None:
    """Everything opened that can be."""
    page.goto(SESSION)
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    page.evaluate("window.suggest(2, 3, 4)")
    page.locator("[name=policy_issues]").first.evaluate("box => box.click()")
    page.get_by_label("Key points").fill("One.")
    page.get_by_role("button", name="Take out: Key point 1").click()
    page.get_by_label("Text", exact=True).fill("## Heading\n\n- [a link](https://un.org/)\n\n" + "w" * 200)
    if page.get_by_role("button", name="Preview").get_attribute("aria-pressed") == "false":
        page.get_by_role("button", name="Preview").click()
    expect(page.get_by_role("region", name="Preview").locator("h2")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_looks_fine_at_every_width(desk: Page, scheme: Literal["light", "dark"]) -> None:
    desk.emulate_media(color_scheme=scheme)
    for width in (320, 390, 1280):
        desk.set_viewport_size({"width": width, "height": 800})
        in_full_use(desk)
        assert desk.evaluate("document.documentElement.scrollWidth") <= width
        found = Axe().run(desk, options=TARGETS)
        assert found.violations_count == 0, f"{width}: {found.generate_report()}"
        low = desk.locator(PRESSED).evaluate_all(
            "all => all.filter(one => one.offsetHeight && one.offsetHeight < 44).map(one => one.outerHTML)"
        )
        assert low == [], "too low to be hit by a thumb"
        narrow = desk.locator("main button:visible").evaluate_all(
            "all => all.filter(one => one.offsetWidth < 44).length"
        )
        assert narrow == 0
    desk.set_viewport_size({"width": 390, "height": 800})
    desk.get_by_label("Text", exact=True).scroll_into_view_if_needed()
    desk.evaluate("window.scrollTo(0, document.body.scrollHeight / 2)")
    bar = desk.locator(".status-bar").bounding_box()
    assert bar is not None
    assert bar["y"] == 0, "what is safe is seen from everywhere"


IMPORT = re.compile(r'^(?:import|export) [^"]*?"\./([\w-]+\.js)"', re.MULTILINE)


def test_the_whole_page_is_small(desk: Page) -> None:
    """Not compressed: the page with every subject and goal, its style, and every module that its script imports."""
    answer = desk.request.get(SESSION)
    page = answer.text()
    sizes = {SESSION: len(answer.body())}
    waiting = ["/static/editor.js", *re.findall(r'(?:href|src)="(/static/[^"?]+\.(?:css|js))', page)]
    while waiting:
        address = waiting.pop()
        found = desk.request.get(address)
        if address in sizes or found.status == 404:
            continue
        sizes[address] = len(found.body())
        waiting += [f"/static/{name}" for name in IMPORT.findall(found.text())] if address.endswith(".js") else []
    assert page.count("<option value=") > 186
    assert {"/static/reporter.css", "/static/editor.js", "/static/insert.js", "/static/fields.js"} <= set(sizes)
    assert sum(sizes.values()) <= 120_000, sizes


def tab_to(page: Page, target: Locator) -> None:
    for _ in range(80):
        if target.evaluate("one => one === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the Tab key does not lead to {target}")


def test_a_report_is_written_and_handed_in_without_a_mouse(desk: Page) -> None:
    desk.goto("/desk/sessions/62/report")
    expect(desk.get_by_role("toolbar")).to_be_visible()
    keys = desk.keyboard
    tab_to(desk, desk.get_by_label("Headline"))
    keys.type("Without a mouse")
    keys.press("Enter")
    keys.type("A lead.")
    tab_to(desk, desk.get_by_label("Key points"))
    keys.type("One.")
    keys.press("Enter")
    keys.type("Two.")
    tab_to(desk, desk.get_by_label("Text", exact=True))
    keys.press("Control+Alt+Digit2")
    keys.type("The floor")
    keys.press("Enter")
    keys.type("- a ")
    keys.press("Control+b")
    keys.type("bold")
    keys.press("End")
    keys.press("Enter")
    keys.type("second")
    tab_to(desk, desk.get_by_label("Find in Policy issues"))
    keys.type("cybers")
    keys.press("Enter")
    tab_to(desk, desk.locator("#speakers button").first)
    keys.press("Enter")
    assert value_of(desk).startswith("## The floor\n- a **bold**\n- second ")
    tab_to(desk, desk.get_by_role("button", name="Hand in to the editors"))
    keys.press("Enter")
    expect(desk.get_by_role("status")).to_contain_text("Handed in")
    expect(desk.locator("main")).to_contain_text("Cybersecurity")


def test_without_script_goals_are_chosen_from_a_list(
    browser: Browser, sample_server: SampleServer, cookies: list[Any]
) -> None:
    context = browser.new_context(base_url=sample_server.url, java_script_enabled=False)
    context.add_cookies(cookies)
    page = context.new_page()
    page.goto("/desk/sessions/63/report")
    page.locator("summary", has_text="Development goals").click()
    goals = page.locator("select[name=sdg_targets]")
    chosen = goals.select_option([goals.locator("option", has_text=code).first.get_attribute("value") or ""
                                  for code in ("1.3 ", "9.c ")])  # fmt: skip
    page.get_by_label("Cybersecurity").check()
    page.get_by_role("button", name="Save the draft").click()
    expect(page.get_by_text("Draft safe on the server")).to_be_visible()
    expect(goals).to_have_values(chosen)
    expect(page.get_by_label("Cybersecurity")).to_be_checked()
    context.close()
