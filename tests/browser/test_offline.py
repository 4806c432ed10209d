"""Written with no network in a real Chromium that is really killed: every character arrives, and is handed in once."""

import random
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import factories
import pytest
from browser.conftest import FLAGS
from browser.line import Line
from browser.writers import (
    PATIENCE,
    Device,
    Newsroom,
    Writer,
    body_of,
    fill,
    hand_in,
    open_writing,
    sign_in,
    state,
)
from conftest import SCALE
from playwright.sync_api import Browser, Playwright, expect

from reporter.models.report import DraftSave
from reporter.rules import addresses
from reporter.rules.report_text import ReportText

KILLS = max(2, min(10, int(SCALE)))
LATER = re.compile("It is handed in as soon as there is a network")
WORDS = 800


def eight_hundred_words(seed: int) -> str:
    """Paragraphs of made-up words, with what is easily lost: accents, other scripts, spaces, marks."""
    chance = random.Random(seed)
    pieces = [
        "négociation",
        "日内瓦",
        "مفاوضات",
        "“quoted”",
        "3.5%",
        "a–b",
        "e\u0301galité".replace("e\u0301", "é"),
        "O'Hara",
    ]
    words = [chance.choice(pieces) if chance.random() < 0.1 else f"word{number}" for number in range(WORDS)]
    return "\n\n".join(" ".join(words[start : start + 80]) for start in range(0, WORDS, 80))


@pytest.fixture
def device(playwright: Playwright, browser: Browser, line: Line, tmp_path: Path) -> Iterator[Device]:
    assert browser.is_connected()
    made = Device(playwright, FLAGS, tmp_path / "profile", line.url)
    yield made
    made.close()


def test_written_offline_and_killed(newsroom: Newsroom, line: Line, device: Device, writer: Writer) -> None:
    session, text = newsroom.session("Data flows", writer), eight_hundred_words(1)
    page = device.page()
    sign_in(page, writer)
    open_writing(page, session, kept=True)
    line.cut()
    page.reload()
    page.wait_for_selector("#writing[data-ready]")
    fill(page, headline="Written on a train", body=text)
    hand_in(page)
    expect(page.locator("#state")).to_contain_text(LATER)
    state(page, "on_device")

    page = device.restart(signed_in=True)
    page.goto("/desk/")
    expect(page.locator("#desk-said")).to_contain_text("Data flows")
    open_writing(page, session)
    assert body_of(page) == text
    expect(page.locator("#state")).to_contain_text(LATER)
    line.mend()
    state(page, "filed")
    assert body_of(page) == text
    assert len(newsroom.report_of(session)) == 1
    assert newsroom.filed(session) == [text]


def test_the_sign_in_ended_meanwhile(newsroom: Newsroom, line: Line, device: Device, writer: Writer) -> None:
    session, text = newsroom.session("Signed out", writer), eight_hundred_words(2)
    page = device.page()
    sign_in(page, writer)
    open_writing(page, session, kept=True)
    line.cut()
    fill(page, headline="Written for hours", body=text)
    hand_in(page)
    state(page, "on_device")
    page = device.restart(signed_in=False)
    open_writing(page, session)
    assert body_of(page) == text

    line.mend()
    form = page.locator("form.sign-in-here")
    form.get_by_label("E-mail").fill(writer.email)
    form.get_by_label("Password").fill("not the password")
    form.get_by_role("button", name="Sign in").click()
    expect(form.get_by_role("alert")).to_contain_text("not right")
    assert newsroom.report_of(session) == []
    form.get_by_label("Password").fill(writer.password)
    form.get_by_role("button", name="Sign in").click()
    state(page, "filed")
    assert body_of(page) == text
    assert page.url.endswith(addresses.write_up(session))
    assert len(newsroom.report_of(session)) == 1
    assert newsroom.filed(session) == [text]


def begun_by_two(newsroom: Newsroom, title: str, writer: Writer) -> tuple[int, int, Writer]:
    """A report of three paragraphs that two people write: its session, its number, the other person."""
    other = newsroom.rapporteur("Ben Writes")
    session = newsroom.session(title, writer, other)
    with newsroom.at_work():
        words = factories.text(title, body="First.\n\nSecond.\n\nThird.")
    report = newsroom.begun(session, writer, words)
    newsroom.joined(report, other)
    return session, report, other


def change_paragraph(before: str, after: str) -> Callable[[ReportText], ReportText]:
    return lambda words: replace(words, body=words.body.replace(before, after))


def test_somebody_changed_another_paragraph_meanwhile(
    newsroom: Newsroom, line: Line, device: Device, writer: Writer
) -> None:
    session, report, other = begun_by_two(newsroom, "Two at one text", writer)
    page = device.page()
    sign_in(page, writer)
    open_writing(page, session, kept=True)
    line.cut()
    mine = eight_hundred_words(3).replace("\n\n", " ")
    page.locator("[name=body]").fill(f"First.\n\n{mine}\n\nThird.")
    hand_in(page)
    state(page, "on_device")
    newsroom.changed(report, other, change_paragraph("Third.", "Third, by somebody else."))
    page = device.restart(signed_in=True)
    open_writing(page, session)
    line.mend()
    state(page, "filed")
    both = f"First.\n\n{mine}\n\nThird, by somebody else."
    expect(page.locator("[name=body]")).to_have_value(both)
    assert newsroom.report_of(session) == [report]
    assert newsroom.filed(session) == [both]


def test_somebody_changed_the_same_paragraph_meanwhile(
    newsroom: Newsroom, line: Line, device: Device, writer: Writer
) -> None:
    session, report, other = begun_by_two(newsroom, "Two at one place", writer)
    page = device.page()
    sign_in(page, writer)
    open_writing(page, session, kept=True)
    line.cut()
    page.locator("[name=body]").fill("First.\n\nSecond, as I heard it.\n\nThird.")
    hand_in(page)
    state(page, "on_device")
    newsroom.changed(report, other, change_paragraph("Second.", "Second, as somebody else heard it."))
    page = device.restart(signed_in=True)
    open_writing(page, session)
    line.mend()
    clash = page.locator("#together")
    expect(clash).to_contain_text("Second, as I heard it.", timeout=PATIENCE)
    expect(clash).to_contain_text("Second, as somebody else heard it.")
    expect(page.get_by_text("Not handed in yet")).to_be_visible()
    assert newsroom.filed(session) == []
    clash.get_by_label("Both, mine first").check()
    clash.get_by_role("button", name="Put them together").click()
    both = "First.\n\nSecond, as I heard it.\n\nSecond, as somebody else heard it.\n\nThird."
    expect(page.locator("[name=body]")).to_have_value(both)
    hand_in(page)
    expect(page.get_by_role("status")).to_contain_text("Handed in")
    assert newsroom.filed(session) == [both]


def test_killed_at_any_moment(newsroom: Newsroom, line: Line, device: Device, writer: Writer) -> None:
    """What was typed a second before is there; at the end all of it is on the server, in the order typed."""
    chance = random.Random(5)
    session = newsroom.session("Killed again and again", writer)
    page = device.page()
    sign_in(page, writer)
    open_writing(page, session, kept=True)
    for kill in range(KILLS):
        typed: list[tuple[float, str]] = []
        page.locator("[name=body]").focus()
        page.keyboard.press("Control+End")
        end = time.monotonic() + 1.5 + 3 * chance.random()
        while time.monotonic() < end:
            if chance.random() < 0.1:
                line.mend() if line.down else line.cut()
            word = f"k{kill}w{len(typed)} "
            page.keyboard.insert_text(word)
            typed.append((time.monotonic(), word))
            time.sleep(0.15 * chance.random())
        killed = time.monotonic()
        page = device.restart(signed_in=True)
        line.cut()
        open_writing(page, session)
        old = [word.strip() for at, word in typed if at < killed - 1]
        found = set(body_of(page).split())
        assert [word for word in old if word not in found] == [], f"kill {kill}"
    line.mend()
    state(page, "received")
    assert newsroom.bodies(DraftSave, session)[-1].split() == body_of(page).split()
