"""A real Chromium, or a real Firefox, before a real `reporter serve` with the sample event."""

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from browser.firefox import Firefox, installed
from browser.line import Line
from browser.writers import Newsroom, Writer, newsroom_behind_a_line
from databases import Databases
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Error, Page, Playwright, sync_playwright
from served import Served, reporter

from reporter.config import Settings

FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder drives a browser."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@dataclass(frozen=True)
class SampleServer:
    """A server with the sample events; `passwords` by e-mail address, `env` for further commands."""

    url: str
    env: dict[str, str]
    passwords: dict[str, str]


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as made:
        yield made


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """Debian's Chromium, else one that Playwright downloaded."""
    installed = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    try:
        made = playwright.chromium.launch(executable_path=installed, args=FLAGS)
    except Error as error:
        if installed is not None or os.environ.get("CI") == "true":
            raise
        pytest.skip(f"there is no Chromium here: {error.message.splitlines()[0]}")
    yield made
    made.close()


@pytest.fixture
def firefox(tmp_path: Path) -> Iterator[Firefox]:
    """Debian's Firefox, else the user's own, with a fresh profile; it can be killed and started again on it."""
    program = installed()
    if program is None:
        if os.environ.get("CI") == "true":
            pytest.fail("Firefox is missing; CI=true makes that a failure")
        pytest.skip("there is no Firefox here")
    with Firefox(program, tmp_path / "firefox") as made:
        yield made


@pytest.fixture(scope="module")
def sample_server(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SampleServer]:
    folder = tmp_path_factory.mktemp("instance")
    settings = Settings(instance=folder, database_url=databases.fresh("sqlite"), secret_key="only-for-tests")
    with_samples = Served(settings)
    reporter("init", env=with_samples.env)
    signins = reporter("demo", env=with_samples.env)
    passwords = dict(line.split("\t")[1:] for line in signins.stdout.splitlines())
    assert len(passwords) == 6, signins.stderr
    with with_samples as server:
        yield SampleServer(server.url, server.env, passwords)


@pytest.fixture
def context(browser: Browser, sample_server: SampleServer) -> Iterator[BrowserContext]:
    """A fresh profile; whatever the page's console complains of fails the test."""
    made = browser.new_context(base_url=sample_server.url, viewport={"width": 1280, "height": 900})
    complaints: list[str] = []

    def listen(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            complaints.append(message.text)

    made.on("console", listen)
    made.on("weberror", lambda error: complaints.append(str(error.error)))
    yield made
    made.close()
    # An answer of 4xx that a test asked for is written to the console too; everything else is a fault of ours.
    assert [text for text in complaints if "the server responded with a status of 4" not in text] == []


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()


@pytest.fixture(scope="module")
def newsroom(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Newsroom]:
    with newsroom_behind_a_line(databases, tmp_path_factory.mktemp("instance")) as made:
        yield made


@pytest.fixture
def line(newsroom: Newsroom) -> Iterator[Line]:
    """The line to the newsroom's server, whole at the beginning and at the end."""
    yield newsroom.line
    newsroom.line.mend()


@pytest.fixture
def writer(newsroom: Newsroom) -> Writer:
    return newsroom.rapporteur("Ada Writes")
