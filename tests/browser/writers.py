"""A newsroom behind a line that can be cut, and a device whose browser can be killed with its profile left as it is."""

import os
import shutil
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import factories
from browser.line import Line
from databases import Databases
from flask import Flask
from playwright.sync_api import BrowserContext, Page, Playwright, expect
from served import Served, alive, wait_until
from sqlalchemy import select

from reporter import create_app
from reporter.config import Settings
from reporter.models.database import db, unit_of_work
from reporter.models.event import Event
from reporter.models.programme import ProgrammeSession
from reporter.models.report import DraftSave, HeldText, Report, Revision
from reporter.newsroom import assignment, filing
from reporter.queries import people, programmes, reports
from reporter.rules import addresses, clock
from reporter.rules.report_text import ReportText
from reporter.rules.vocabulary import Role

PATIENCE = 60_000  # ms: after a cut the page itself waits up to half a minute before it tries again
KEPT = """async (address) => {
  if (!(await navigator.serviceWorker.getRegistration("/desk/"))?.active) return false;
  for (const name of await caches.keys()) if (await (await caches.open(name)).match(address)) return true;
  return false;
}"""
RECORDS = """() => new Promise((resolve) => {
  indexedDB.open("reporter").onsuccess = ({ target: { result } }) => {
    const asked = result.transaction("drafts").objectStore("drafts").getAll();
    asked.onsuccess = () => { result.close(); resolve(asked.result); };
  };
})"""


@dataclass
class Newsroom:
    """A served event with an editor; rows are made and read in this process, on the server's own database."""

    app: Flask
    server: Served
    line: Line
    event_id: int
    editor_id: int
    issues: dict[str, int]

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Inside the application's context, with nothing remembered from before."""
        with self.app.app_context():
            yield
            db.session.remove()

    def _event(self) -> Event:
        found = db.session.get(Event, self.event_id)
        assert found is not None
        return found

    def rapporteur(self, name: str) -> "Writer":
        with self.at_work():
            user = factories.person(Role.RAPPORTEUR, self._event(), name=name)
            return Writer(user.id, user.email, factories.PASSWORD)

    def session(self, title: str, *writers: "Writer") -> int:
        """A session that these people cover; its number."""
        with self.at_work():
            made = factories.session(self._event(), title)
            with unit_of_work():
                session = programmes.for_change(made.id)
                assert session is not None
                for writer in writers:
                    user = people.by_id(writer.id)
                    editor = people.by_id(self.editor_id)
                    assert user is not None
                    assert editor is not None
                    assignment.assign(session, user, by=editor, at=clock.now())
            return made.id

    def begun(self, session: int, by: "Writer", words: ReportText) -> int:
        """The report of the session, with one save; its number."""
        with self.at_work():
            user, row = people.by_id(by.id), db.session.get(ProgrammeSession, session)
            assert user is not None
            return factories.draft(self._event(), user, words, of=row).number

    def changed(self, report: int, by: "Writer", change: Callable[[ReportText], ReportText]) -> None:
        """Somebody else's save on top of the working text."""
        with self.at_work():
            row, user = db.session.get(Report, report), people.by_id(by.id)
            assert row is not None
            assert user is not None
            factories.save(row, change(self.words(report)), user, minute=5)

    def joined(self, report: int, writer: "Writer") -> None:
        """List one more rapporteur."""
        with self.at_work(), unit_of_work():
            row, user = reports.for_change(report), people.by_id(writer.id)
            assert row is not None
            assert user is not None
            filing.add_rapporteur(row, user, by=user, at=clock.now())

    def words(self, report: int) -> ReportText:
        """The working text now; inside at_work()."""
        newest = select(DraftSave).where(DraftSave.report_number == report, DraftSave.set_aside.is_(False))
        head = db.session.scalars(newest.order_by(DraftSave.sequence.desc())).first()
        assert head is not None
        return reports.text_of(head)

    def report_of(self, session: int) -> list[int]:
        """The numbers of all reports of the session, whatever their state."""
        with self.at_work():
            found = select(Report.number).where(Report.programme_session_id == session)
            return list(db.session.scalars(found))

    def bodies(self, kind: type[DraftSave] | type[Revision] | type[HeldText], session: int) -> list[str]:
        """The bodies of everything of this kind about the session, the oldest first."""
        reported = select(Report.number).where(Report.programme_session_id == session)
        if kind is HeldText:
            rows = select(HeldText.body).where(HeldText.programme_session_id == session).order_by(HeldText.id)
        elif kind is DraftSave:
            rows = select(DraftSave.body).where(DraftSave.report_number.in_(reported)).order_by(DraftSave.sequence)
        else:
            rows = select(Revision.body).where(Revision.report_number.in_(reported)).order_by(Revision.number)
        with self.at_work():
            return list(db.session.scalars(rows))

    def filed(self, session: int) -> list[str]:
        """The bodies of every text handed in."""
        return self.bodies(Revision, session)


@contextmanager
def newsroom_behind_a_line(databases: Databases, folder: Path) -> Iterator[Newsroom]:
    """A newsroom of its own that serves until the end of the block."""
    settings = Settings(instance=folder, database_url=databases.fresh("sqlite"), secret_key="only-for-tests")
    app = create_app(settings)
    with app.app_context():
        issues = factories.issues()
        event = factories.event("week")
        editor = factories.person(Role.EDITOR, event, name="The Editor")
        event_id, editor_id = event.id, editor.id
    with Served(settings) as server, Line(server.port) as line:
        yield Newsroom(app, server, line, event_id, editor_id, issues)


@dataclass(frozen=True)
class Writer:
    """Somebody who writes at the event."""

    id: int
    email: str
    password: str


class Device:
    """A browser on a profile of its own; kill() ends it as a phone does that needs the memory."""

    def __init__(self, playwright: Playwright, flags: list[str], folder: Path, url: str) -> None:
        self.playwright, self.flags, self.folder, self.url = playwright, flags, folder, url
        self.context: BrowserContext | None = None
        self.cookies: list[Any] = []

    def start(self) -> BrowserContext:
        """Start on the profile as it lies there."""
        assert self.context is None, "it runs already"
        installed = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
        self.context = self.playwright.chromium.launch_persistent_context(
            self.folder, executable_path=installed, args=self.flags, base_url=self.url,
            viewport={"width": 390, "height": 844},
        )  # fmt: skip
        self.context.set_default_timeout(PATIENCE)
        return self.context

    def page(self) -> Page:
        if self.context is None:
            self.start()
        assert self.context is not None
        return self.context.pages[0] if self.context.pages else self.context.new_page()

    def kill(self) -> None:
        """SIGKILL to the browser and all its processes; what it had not written is gone."""
        family = self._family()
        assert family, "no process has this profile"
        for pid in family:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        wait_until(lambda: not alive(family), "an end of the browser")
        self.context = None

    def restart(self, *, signed_in: bool) -> Page:
        """Kill and start; `signed_in` as where the kill came after the half minute that cookies take to be written."""
        if signed_in and self.context is not None:
            self.cookies = self.context.cookies()
        self.kill()
        context = self.start()
        context.clear_cookies()
        if signed_in:
            context.add_cookies(self.cookies)
        return self.page()

    def close(self) -> None:
        if self.context is not None:
            self.context.close()
            self.context = None

    def _family(self) -> list[int]:
        mark = f"--user-data-dir={self.folder}".encode()
        found = []
        for entry in Path("/proc").iterdir():
            try:
                if entry.name.isdigit() and mark in (entry / "cmdline").read_bytes():
                    found.append(int(entry.name))
            except OSError:
                continue
        return found


def sign_in(page: Page, writer: Writer) -> None:
    page.goto("/login")
    page.get_by_label("E-mail").fill(writer.email)
    page.get_by_label("Password").fill(writer.password)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="What comes next")).to_be_visible()


def open_writing(page: Page, session: int, *, kept: bool = False) -> None:
    """Open the page for writing; with `kept`, wait until the device could show it with no network."""
    address = addresses.write_up(session)
    page.goto(address)
    page.wait_for_selector("#writing[data-ready]")
    if kept:
        wait_until(lambda: bool(page.evaluate(KEPT, address)), f"a device that keeps {address}")


def fill(page: Page, *, headline: str, body: str, lead: str = "A lead.") -> None:
    """All that a report needs to be handed in; the body comes as from a keyboard, a few words at a time."""
    page.locator("[name=headline]").fill(headline)
    page.locator("[name=lead]").fill(lead)
    page.locator("[name=policy_issues]").first.check()
    page.locator("[name=body]").fill("")
    page.locator("[name=body]").focus()
    for start in range(0, len(body), 200):
        page.keyboard.insert_text(body[start : start + 200])


def state(page: Page, name: str) -> None:
    """Wait until the page says that the text is there."""
    expect(page.locator("#writing")).to_have_attribute("data-state", name, timeout=PATIENCE)


def hand_in(page: Page) -> None:
    page.get_by_role("button", name="Hand in to the editors").click()


def body_of(page: Page) -> str:
    return page.locator("[name=body]").input_value()


def records(page: Page) -> list[dict[str, Any]]:
    """What this device holds."""
    found: list[dict[str, Any]] = page.evaluate(RECORDS)
    return found
