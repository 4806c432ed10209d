"""The page's own modules for keeping and sending text, through many randomised days in which everything fails.

The days are told in `simulation/`: a clock that jumps, a store that is slow, full or cut off in the middle, a network
that loses, delays, repeats and reorders, a small server, people who write on several pages, browsers that are killed.
One day again, step by step: `SEED=417 pytest -s tests/browser/test_sync_simulated.py -k replay`.
"""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import SCALE
from playwright.sync_api import Browser, Page, Route

import reporter

SITE = "http://simulation.test"
FOLDERS = {"static": Path(reporter.__file__).parent / "static", "simulation": Path(__file__).parent / "simulation"}
DAYS = max(20, int(50 * SCALE))
AT_ONCE = 25  # days in one call, so that a failure comes soon

# Faults that somebody could make in these modules; each must be found, or the days prove nothing.
FAULTS = {
    "on this device too early": ("open && (record.edit > this.stored ||", "open && (false ||"),
    "received too early": ("record.known = Math.max(record.known, job.edit)", "record.known = record.edit"),
    "what the device holds is not looked at": ("if (!there) return fresh;", "return fresh;"),
    "another page's text is written over": (
        "(there && there.owner !== this.owner && there.owner !== this.before ? undefined : record)",
        "record",
    ),
    "what only the older page knew is dropped": ("if (record && (record.edit >", "if (false && (record.edit >"),
    "a press overwrites what came in": (
        "record.act.base = answer.sequence;",
        "record.act.base = record.base + (answer.fields ? 1 : 0);",
    ),
    "another device's notes are written over": ("if (answer.notes === undefined) {", "if (true) {"),
    "another account's text is sent": ("record.account !== account ||", "false ||"),
}
ENOUGH = 100  # days after which a fault counts as not found

Broken = tuple[str, str]


def _answer(route: Route, broken: Broken | None) -> None:
    folder, _slash, name = route.request.url.removeprefix(f"{SITE}/").partition("/")
    if folder not in FOLDERS:
        route.fulfill(content_type="text/html", body="<!doctype html><title>Simulated days</title>")
        return
    text = (FOLDERS[folder] / name).read_text(encoding="utf-8")
    if broken is not None:
        text = text.replace(*broken)
    route.fulfill(content_type="text/javascript", body=text)


@pytest.fixture
def site(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Opens a page from which the days can be run, with a fault in the module if asked."""
    context = browser.new_context()

    def open_page(broken: Broken | None = None) -> Page:
        page = context.new_page()
        page.route(f"{SITE}/**", lambda route: _answer(route, broken))
        page.goto(f"{SITE}/")
        return page

    yield open_page
    context.close()


def run(page: Page, seeds: range) -> dict[str, Any]:
    answer: dict[str, Any] = page.evaluate(
        "async (seeds) => (await import('/simulation/world.js')).runAll(seeds)", list(seeds)
    )
    return answer


def test_nothing_is_lost_on_any_day(site: Callable[..., Page]) -> None:
    page = site()
    figures: dict[str, int] = {}
    for first in range(1, DAYS + 1, AT_ONCE):
        ended = run(page, range(first, min(first + AT_ONCE, DAYS + 1)))
        assert ended["failures"] == []
        figures = {name: figures.get(name, 0) + count for name, count in ended["figures"].items()}
    print(f"{DAYS} days: {figures}")
    assert [name for name, count in figures.items() if count == 0] == []


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_found(site: Callable[..., Page], fault: str) -> None:
    modules = [file.read_text(encoding="utf-8") for file in FOLDERS["static"].glob("*.js")]
    assert [text.count(FAULTS[fault][0]) for text in modules if FAULTS[fault][0] in text] == [1]
    page = site(FAULTS[fault])
    found = (run(page, range(first, first + AT_ONCE))["failures"] for first in range(1, ENOUGH, AT_ONCE))
    assert any(found)


@pytest.mark.skipif("SEED" not in os.environ, reason="tells one day again: SEED=<number>")
def test_replay(site: Callable[..., Page]) -> None:
    ended: dict[str, Any] = site().evaluate(
        "async (seed) => (await import('/simulation/world.js')).replay(seed)", int(os.environ["SEED"])
    )
    print("\n".join(ended["lines"]))
    assert ended["failures"] == []
