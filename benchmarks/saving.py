"""A hundred people write at once: what a save costs beside an empty request, and whether every word that was received
is there. Prints counts and ratios only.

Each person has a page of their own, which sends what was typed every three seconds, as its script does; between two
saves it asks for the empty answer, so that numerator and denominator come from the same moments and the same server.
"""

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Barrier
from uuid import uuid4

# The tests' server is the one that is measured; their folder is no package.
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from served import Person, Served, environment, reporter
from writing_page import WritingPage

from reporter import create_app
from reporter.config import Settings
from reporter.models.database import db, unit_of_work
from reporter.newsroom import people, programme
from reporter.queries import draft_saves
from reporter.rules import addresses
from reporter.rules.vocabulary import Role
from reporter.sources.draft import SessionDraft
from reporter.web.accounts import hashed

EVERY = 3.0  # seconds between two saves of a page
PASSWORD = "a password for the benchmark alone"
SENTENCE = "The delegations that spoke agreed that the rule should stay as simple as it is. "


@dataclass
class Writer:
    """One person's page, and the seconds that its saves and its empty requests took."""

    page: WritingPage
    saves: list[float] = field(default_factory=list)
    empty: list[float] = field(default_factory=list)
    late: int = 0  # saves that were due more than a second before they could be sent


def main() -> None:
    """Measure and print; ends with 1 where a word was lost or a save refused."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--people", type=int, default=100)
    words.add_argument("--seconds", type=float, default=60.0)
    asked = words.parse_args()
    with tempfile.TemporaryDirectory(prefix="reporter-bench-") as folder:
        settings = Settings(
            instance=Path(folder), database_url=f"sqlite:///{folder}/reporter.sqlite", secret_key=uuid4().hex
        )
        reporter("init", env=environment(settings)).check_returncode()
        with create_app(settings).app_context():
            sessions = add_people(asked.people)
            db.session.remove()
            db.engine.dispose()
        with Served(settings) as server:
            writers = open_pages(server.url, sessions)
            write(writers, asked.seconds)
        with create_app(settings).app_context():
            lost = count_lost(writers)
            db.session.remove()
            db.engine.dispose()
    show(writers, asked.seconds, lost)
    if lost or any(writer.page.errors for writer in writers):
        raise SystemExit(1)


def add_people(count: int) -> Sequence[tuple[str, int]]:
    """An event with a session for each of so many rapporteurs; their e-mail addresses and the sessions' ids."""
    began = datetime(2023, 12, 4, 8, tzinfo=UTC)
    password_hash = hashed(PASSWORD)
    with unit_of_work():
        event = programme.add_event(
            slug="saving",
            name="Saving",
            time_zone="UTC",
            starts_on=began.date(),
            ends_on=began.date(),
            by=None,
            at=began,
        )
        drafts = [SessionDraft(f"Session {one}", began, began + timedelta(hours=1)) for one in range(count)]
        sessions = programme.add_sessions(event, drafts, by=None, at=began)
        users = [
            people.add_user(
                email=f"{one}@example.org", name=f"Person {one}", password_hash=password_hash, by=None, at=began
            )
            for one in range(count)
        ]
        for user in users:
            people.grant(user, Role.RAPPORTEUR, event=event, by=None, at=began)
        return [(user.email, session.id) for user, session in zip(users, sessions, strict=True)]


def open_pages(url: str, sessions: Sequence[tuple[str, int]]) -> list[Writer]:
    """Everybody signs in and opens the page of their session."""

    def open_page(one: tuple[str, int]) -> Writer:
        email, session = one
        return Writer(WritingPage.of(Person(url).sign_in(email, PASSWORD), addresses.write_up(session)))

    with ThreadPoolExecutor(4) as pool:
        return list(pool.map(open_page, sessions))


def write(writers: Sequence[Writer], seconds: float) -> None:
    """Everybody types for so long; their moments are spread over the three seconds."""
    barrier = Barrier(len(writers))

    def one(place: int) -> None:
        barrier.wait()
        type_for(writers[place], seconds, wait=EVERY * place / len(writers))

    with ThreadPoolExecutor(len(writers)) as pool:
        list(pool.map(one, range(len(writers))))


def type_for(writer: Writer, seconds: float, *, wait: float) -> None:
    """A text that grows to some 800 words; a save and an empty request every three seconds."""
    began = time.perf_counter() + wait
    for number in range(max(1, int(seconds / EVERY))):
        due = began + number * EVERY
        time.sleep(max(0.0, due - time.perf_counter()))
        writer.late += time.perf_counter() - due > 1
        typed = SENTENCE * (number % 50 + 1) + f"Save {number}."
        start = time.perf_counter()
        writer.page.write(typed)
        writer.saves.append(time.perf_counter() - start)
        time.sleep(max(0.0, due + EVERY / 2 - time.perf_counter()))
        start = time.perf_counter()
        if writer.page.person.get("/healthz").status != 200:
            writer.page.errors.append("the empty request was refused")
        writer.empty.append(time.perf_counter() - start)


def count_lost(writers: Sequence[Writer]) -> int:
    """How many texts that the server called received are not in its database to the letter, or not the newest text."""
    lost = 0
    for writer in writers:
        for (report, sequence), body in writer.page.kept.items():
            rows = {row.sequence: row.body for row in draft_saves.every(report)}
            lost += rows.get(sequence) != body
        if writer.page.kept:
            report, sequence = max(writer.page.kept)
            head = draft_saves.head(report)
            lost += head is None or head.body != writer.page.kept[report, sequence]
    return lost


def show(writers: Sequence[Writer], seconds: float, lost: int) -> None:
    """The counts, and the ratios of saves to empty requests."""
    saves, empty = ([value for writer in writers for value in getattr(writer, name)] for name in ("saves", "empty"))
    errors = [line for writer in writers for line in writer.page.errors]
    print(f"\n{len(writers)} people, a save every {EVERY:.0f} s for {seconds:.0f} s, SQLite: {len(saves)} saves")
    print(f"lost {lost}, errors {len(errors)}, late by more than a second {sum(writer.late for writer in writers)}")
    for line in errors[:5]:
        print(f"  {line}")
    print(f"{'times the empty request':<31} {'p50':>8} {'p95':>8}")
    ratios = [_percentile(saves, percent) / _percentile(empty, percent) for percent in (50, 95)]
    print(f"{'a save':<31} {ratios[0]:8.2f} {ratios[1]:8.2f}")


def _percentile(values: Sequence[float], percent: int) -> float:
    return statistics.quantiles(values, n=100, method="inclusive")[percent - 1]


if __name__ == "__main__":
    main()
