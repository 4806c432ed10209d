"""Embargoes lift by themselves: in their order, once, and whatever else goes wrong."""

import logging
import os
import signal
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import factories
import pytest
import sqlalchemy as sa
from factories import later
from flask import Flask
from served import environment, wait_until

from reporter import worker
from reporter.config import Settings
from reporter.models.database import db, unit_of_work
from reporter.models.event import Event
from reporter.models.history import HistoryEntry
from reporter.models.people import User
from reporter.models.report import PublicChange, Report, Revision
from reporter.newsroom import filing, review
from reporter.queries import published, reports
from reporter.rules.errors import NotFound
from reporter.rules.vocabulary import ChangeKind, PublicState, RevisionOrigin, Role, WorkState


class Desk:
    """An event with a rapporteur and an editor, and what they do; inside the application's context."""

    def __init__(self) -> None:
        factories.issues()
        self.event: Event = factories.event()
        self.writer: User = factories.person(Role.RAPPORTEUR, self.event)
        self.editor: User = factories.person(Role.EDITOR, self.event)

    def approved(self, headline: str, lifts: float | None) -> int:
        """A report that waits for the minute `lifts` (None: for an editor); answers its number."""
        report = factories.draft(self.event, self.writer, factories.text(headline))
        factories.file(report, self.writer)
        factories.approve(report, self.editor, embargo_until=None if lifts is None else later(lifts))
        return report.number

    def translation(self, of: Report, headline: str, lifts: float) -> int:
        with unit_of_work():
            made = filing.start(event=self.event, by=self.writer, at=later(1), translation_of=of, language="fr")
        factories.save(made, factories.text(headline), self.writer)
        factories.file(made, self.writer)
        factories.approve(made, self.editor, embargo_until=later(lifts))
        return made.number


@pytest.fixture
def desk(context: Flask) -> Desk:
    assert context
    return Desk()


def public() -> list[tuple[int, int, str]]:
    """The public changes: (number, report, headline), as they happened."""
    db.session.remove()
    rows = db.session.execute(
        sa.select(PublicChange.number, PublicChange.report_number, Revision.headline)
        .join(
            Revision,
            (Revision.report_number == PublicChange.report_number) & (Revision.number == PublicChange.revision_number),
        )
        .order_by(PublicChange.number)
    )
    return [(row.number, row.report_number, row.headline) for row in rows]


def test_what_is_due_is_published_in_the_order_of_its_embargoes(app: Flask, desk: Desk) -> None:
    third, first, second = (desk.approved(f"Lifts at {minute}", minute) for minute in (30, 10, 20))
    assert worker.tick(app, at=later(30)) == 3
    assert public() == [(1, first, "Lifts at 10"), (2, second, "Lifts at 20"), (3, third, "Lifts at 30")]


def test_two_that_lift_together_come_in_the_order_of_their_numbers(app: Flask, desk: Desk) -> None:
    numbers = [desk.approved("Together", 10) for _ in range(3)]
    assert worker.tick(app, at=later(10)) == 3
    assert [report for _, report, _ in public()] == sorted(numbers)


def test_nothing_is_published_before_its_time(app: Flask, desk: Desk) -> None:
    early, late = desk.approved("Early", 10), desk.approved("Late", 20)
    assert worker.tick(app, at=later(10) - timedelta(microseconds=1)) == 0
    assert public() == []
    for number in (early, late):
        with pytest.raises(NotFound):
            published.report(number)
    assert worker.tick(app, at=later(10)) == 1
    assert public() == [(1, early, "Early")]
    with pytest.raises(NotFound):
        published.report(late)


def test_what_an_editor_keeps_back_stays_back(app: Flask, desk: Desk) -> None:
    """Approved without an embargo, and filed again after an approval was taken back: both wait for an editor."""
    desk.approved("Without an embargo", None)
    number = desk.approved("Taken back", 10)
    with unit_of_work():
        locked = reports.for_change(number)
        assert locked is not None
        review.unapprove(locked, by=desk.editor, at=later(6))
    due = desk.approved("Due", 10)
    assert worker.tick(app, at=later(60 * 24 * 365)) == 1
    assert public() == [(1, due, "Due")]


def test_a_second_tick_finds_nothing_to_do(app: Flask, desk: Desk) -> None:
    number = desk.approved("Once", 10)
    assert [worker.tick(app, at=later(minute)) for minute in (10, 10, 11)] == [1, 0, 0]
    assert public() == [(1, number, "Once")]
    report = reports.by_number(number)
    assert report is not None
    assert (report.work_state, report.public_state) == (WorkState.SETTLED, PublicState.PUBLIC)


def test_the_worker_signs_what_it_does(app: Flask, desk: Desk) -> None:
    number = desk.approved("Signed", 10)
    worker.tick(app, at=later(12))
    db.session.remove()
    entry = db.session.scalars(
        sa.select(HistoryEntry).where(HistoryEntry.act == "publish", HistoryEntry.report_number == number)
    ).one()
    assert (entry.done_by_id, entry.done_at, entry.revision_number) == (None, later(12), 1)
    change = db.session.scalars(sa.select(PublicChange)).one()
    assert (change.kind, change.changed_at) == (ChangeKind.FIRST, later(12))


def test_an_amended_report_is_updated_when_its_embargo_lifts(app: Flask, desk: Desk) -> None:
    report = factories.published(desk.event, desk.writer, desk.editor, factories.text("First words"))
    with unit_of_work():
        filing.amend(factories.locked_report(report), by=desk.writer, at=later(10))
    factories.save(report, factories.text("Later words"), desk.writer, minute=11)
    factories.file(report, desk.writer, minute=12)
    factories.approve(report, desk.editor, minute=13, embargo_until=later(20))
    number = report.number
    assert worker.tick(app, at=later(19)) == 0
    assert published.report(number).headline == "First words"  # type: ignore[union-attr]
    assert worker.tick(app, at=later(20)) == 1
    assert public() == [(1, number, "First words"), (2, number, "Later words")]
    assert published.report(number).headline == "Later words"  # type: ignore[union-attr]


def test_what_was_withdrawn_meanwhile_stays_withdrawn(app: Flask, desk: Desk) -> None:
    report = factories.published(desk.event, desk.writer, desk.editor, factories.text("First words"))
    with unit_of_work():
        filing.amend(factories.locked_report(report), by=desk.writer, at=later(10))
    factories.save(report, factories.text("Later words"), desk.writer, minute=11)
    factories.withdraw(report, desk.editor, minute=12)
    factories.file(report, desk.writer, minute=13)
    factories.approve(report, desk.editor, minute=14, embargo_until=later(20))
    assert worker.tick(app, at=later(30)) == 0
    assert [headline for _, _, headline in public()] == ["First words", "First words"]


def test_a_report_that_cannot_be_published_does_not_stop_the_others(
    app: Flask, desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    original = factories.published(desk.event, desk.writer, desk.editor, factories.text("Original"))
    translation = desk.translation(original, "Traduction", 10)
    before, after = desk.approved("Before", 9), desk.approved("After", 11)
    factories.withdraw(original, desk.editor)
    with caplog.at_level(logging.WARNING):
        assert worker.tick(app, at=later(40)) == 2
    assert [report for _, report, _ in public()][2:] == [before, after]
    assert [record.getMessage() for record in caplog.records if record.name == "reporter.worker"] == [
        f"report {translation} could not be published: "
        "The original of this translation is withdrawn, so the translation cannot be shown."
    ]
    assert worker.tick(app, at=later(41)) == 0
    assert reports.by_number(translation).work_state is WorkState.APPROVED  # type: ignore[union-attr]


def test_a_report_that_the_program_cannot_read_does_not_stop_the_others(app: Flask, desk: Desk) -> None:
    """A mistake of ours in one text would otherwise keep every later one from the public, at every tick anew."""
    broken, sound = desk.approved("Broken", 10), desk.approved("Sound", 11)
    with unit_of_work() as session:
        session.add(
            Revision(report_number=broken, number=2, origin=RevisionOrigin.FILED, made_by_id=desk.writer.id,
                     made_at=later(5), headline="Broken", key_points=[{"no": "text"}])
        )  # fmt: skip
        session.flush()
        session.execute(
            sa.text("UPDATE report SET filed_revision = 2, approved_revision = 2 WHERE number = :number"),
            {"number": broken},
        )
    assert worker.tick(app, at=later(12)) == 1
    assert public() == [(1, sound, "Sound")]


def test_of_two_ticks_at_once_one_publishes(app: Flask, desk: Desk) -> None:
    numbers = [desk.approved(f"Number {number}", 10 + number) for number in range(6)]
    db.session.remove()
    start = threading.Barrier(2)

    def tick(_number: int) -> int:
        start.wait(30)
        return worker.tick(app, at=later(60))

    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(tick, range(2)))
    assert sum(done) == 6
    assert sorted(report for _, report, _ in public()) == numbers
    assert published.version() == 6


def test_what_an_editor_published_by_hand_is_not_published_again(app: Flask, desk: Desk) -> None:
    number = desk.approved("Both", 10)
    editor, report = desk.editor, reports.by_number(number)
    assert report is not None
    factories.publish(report, editor, minute=11)
    assert worker.tick(app, at=later(12)) == 0
    assert public() == [(1, number, "Both")]


@pytest.mark.server
@pytest.mark.parametrize("ask", [signal.SIGTERM, signal.SIGINT])
def test_the_command_publishes_until_it_is_told_to_stop(settings: Settings, desk: Desk, ask: signal.Signals) -> None:
    number = desk.approved("By the process", 10)
    db.session.remove()
    process = subprocess.Popen(
        [sys.executable, "-m", "reporter", "worker"], env=environment(settings), cwd="/", stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    try:
        wait_until(lambda: public() == [(1, number, "By the process")], "a publication by the worker")
        process.send_signal(ask)
        output, _ = process.communicate(timeout=30)
        assert (process.returncode, output) == (0, b"")
    finally:
        if process.poll() is None:
            os.kill(process.pid, signal.SIGKILL)
            process.wait()
