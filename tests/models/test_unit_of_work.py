"""One change, one transaction: it is there as a whole or not at all, and no two overwrite each other."""

import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import factories
import pytest
import sqlalchemy as sa
from conftest import SCALE
from factories import T0
from flask import Flask

from reporter.models.database import db, unit_of_work
from reporter.models.event import Event, EventSeries
from reporter.models.report import PublicationCounter, Report
from reporter.queries import reports
from reporter.rules.errors import EditConflict
from reporter.rules.vocabulary import Role

THREADS = 8
TIMES = max(5, int(25 * SCALE))


def series(slug: str) -> EventSeries:
    return EventSeries(slug=slug, name=slug)


def slugs() -> list[str]:
    """What is stored, as a connection of its own sees it."""
    with db.engine.connect() as connection:
        return list(connection.execute(sa.text("SELECT slug FROM event_series ORDER BY slug")).scalars())


def report_of_a_wrap_up() -> int:
    event = factories.event()
    return factories.draft(event, factories.person(Role.RAPPORTEUR, event)).number


def together(app: Flask, work: Callable[[], None], threads: int = THREADS) -> list[BaseException]:
    """Let so many threads do the same at once, each in its own context; answers what went wrong."""
    start = threading.Barrier(threads)

    def run(_number: int) -> None:
        with app.app_context():
            start.wait(30)
            work()

    with ThreadPoolExecutor(threads) as pool:
        results = [pool.submit(run, number) for number in range(threads)]
    return [error for error in (result.exception() for result in results) if error is not None]


@pytest.mark.usefixtures("context")
def test_what_was_done_is_there_afterwards() -> None:
    with unit_of_work() as session:
        session.add_all([series("a"), series("b")])
        assert slugs() == []
    assert slugs() == ["a", "b"]


@pytest.mark.usefixtures("context")
@pytest.mark.parametrize("flushed", [False, True])
def test_nothing_is_left_of_what_failed(flushed: bool) -> None:
    def fail() -> None:
        with unit_of_work() as session:
            session.add(series("a"))
            if flushed:
                session.flush()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert slugs() == []
    with unit_of_work() as session:
        session.add(series("b"))
    assert slugs() == ["b"]


@pytest.mark.usefixtures("context")
def test_nothing_is_left_where_the_request_is_ended_from_outside() -> None:
    def end() -> None:
        with unit_of_work() as session:
            session.add(series("a"))
            session.flush()
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        end()
    with unit_of_work():
        pass
    assert slugs() == []


@pytest.mark.usefixtures("context")
def test_changes_that_were_made_before_are_refused() -> None:
    """They would be dropped with the snapshot, and nobody would ever hear of it."""
    with unit_of_work() as session:
        session.add(series("a"))
    db.session.add(series("pending"))
    with pytest.raises(RuntimeError, match="changes were made before the unit of work began"), unit_of_work():
        pass
    db.session.rollback()
    stored = db.session.scalars(sa.select(EventSeries)).one()
    stored.name = "Changed"
    with pytest.raises(RuntimeError, match="changes were made before the unit of work began"), unit_of_work():
        pass
    db.session.rollback()
    db.session.delete(stored)
    with pytest.raises(RuntimeError, match="changes were made before the unit of work began"), unit_of_work():
        pass
    db.session.rollback()
    assert slugs() == ["a"]


@pytest.mark.usefixtures("context")
def test_a_unit_of_work_inside_another_is_refused() -> None:
    """It would begin by dropping what the outer one has flushed."""

    def nest() -> None:
        with unit_of_work() as session:
            session.add(series("outer"))
            session.flush()
            with unit_of_work() as inner:
                inner.add(series("inner"))

    with pytest.raises(RuntimeError):
        nest()
    assert slugs() == []


@pytest.mark.usefixtures("context")
def test_a_stale_version_is_an_edit_conflict() -> None:
    number = report_of_a_wrap_up()

    def change() -> None:
        with unit_of_work() as session:
            report = session.scalars(sa.select(Report).where(Report.number == number)).one()
            session.execute(sa.text("UPDATE report SET version = version + 1"))
            report.language = "fr"

    with pytest.raises(EditConflict):
        change()
    assert reports.by_number(number).language == "en"  # type: ignore[union-attr]


@pytest.mark.usefixtures("context")
def test_a_row_that_somebody_else_made_first_is_an_edit_conflict() -> None:
    with unit_of_work() as session:
        session.add(series("a"))
    with pytest.raises(EditConflict), unit_of_work() as session:
        session.add_all([series("b"), series("a")])
    assert slugs() == ["a"]


@pytest.mark.usefixtures("context")
def test_a_mistake_of_the_program_is_no_edit_conflict() -> None:
    """“Somebody else changed this” would send a person round in circles, and hide the mistake from us."""
    event = factories.event()
    with pytest.raises(sa.exc.IntegrityError), unit_of_work():
        event.series_id = 4711


@pytest.mark.usefixtures("context")
def test_reads_inside_see_what_others_committed() -> None:
    """A request that has read before would otherwise decide on what was true then."""
    event = factories.event("before")
    assert db.session.scalars(sa.select(Event.slug)).all() == ["before"]  # opens a snapshot
    with db.engine.connect() as other:
        if other.dialect.name == "sqlite":
            other = other.execution_options(sqlite_begin="BEGIN IMMEDIATE")
        other.execute(sa.text("UPDATE event SET slug = 'after'"))
        other.commit()
    with unit_of_work() as session:
        assert session.scalars(sa.select(Event.slug)).all() == ["after"]
        assert event.slug == "after"


@pytest.mark.usefixtures("context")
def test_for_change_reads_the_row_anew() -> None:
    number = report_of_a_wrap_up()
    with unit_of_work() as session:
        report = reports.by_number(number)
        assert report is not None
        session.execute(sa.text("UPDATE report SET language = 'fr'"))
        assert report.language == "en"
        assert reports.for_change(number) is report
        assert report.language == "fr"


def sqlite_file() -> str:
    if db.engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL locks rows, and has no lock for the whole database")
    return str(db.engine.url.database)


@pytest.mark.usefixtures("context")
def test_on_sqlite_a_unit_of_work_holds_the_write_lock_from_its_beginning() -> None:
    other = sqlite3.connect(sqlite_file(), timeout=0, isolation_level=None)
    with unit_of_work(), pytest.raises(sqlite3.OperationalError, match="database is locked"):
        other.execute("BEGIN IMMEDIATE")
    other.execute("BEGIN IMMEDIATE")
    other.execute("ROLLBACK")
    other.close()


@pytest.mark.usefixtures("context")
def test_on_sqlite_reading_holds_nobody_up() -> None:
    """What a unit of work asks of its connection does not stay with it when the pool hands it out again."""
    other = sqlite3.connect(sqlite_file(), timeout=0, isolation_level=None)
    with unit_of_work() as session:
        session.add(series("a"))
    assert db.session.scalars(sa.select(EventSeries.slug)).all() == ["a"]
    other.execute("BEGIN IMMEDIATE")
    other.execute("INSERT INTO event_series (slug, name) VALUES ('b', 'b')")
    other.execute("COMMIT")
    other.close()


def test_the_second_writer_waits_for_the_first(context: Flask) -> None:
    number = report_of_a_wrap_up()
    asked, seen = threading.Event(), list[str]()

    def second() -> None:
        with context.app_context():
            asked.set()
            with unit_of_work():
                report = reports.for_change(number)
                assert report is not None
                seen.append(report.language)

    thread = threading.Thread(target=second)
    with unit_of_work():
        report = reports.for_change(number)
        assert report is not None
        report.language = "fr"
        thread.start()
        assert asked.wait(30)
        thread.join(0.3)  # time enough to pass by a lock that does not hold
        assert seen == []
    thread.join(60)
    assert seen == ["fr"]


def test_no_update_is_lost(app: Flask) -> None:
    """Read, add one, write; by the counter of everything public and by a report at once."""
    with app.app_context():
        number = report_of_a_wrap_up()

    def work() -> None:
        for _ in range(TIMES):
            with unit_of_work():
                report = reports.for_change(number)
                assert report is not None
                report.embargo_until = (report.embargo_until or T0) + timedelta(minutes=1)
            with unit_of_work():
                reports.publication_counter_for_change().number += 1

    assert together(app, work) == []
    with app.app_context():
        report = reports.by_number(number)
        counter = db.session.scalars(sa.select(PublicationCounter.number)).one()
        assert report is not None
        assert (report.embargo_until, report.version) == (T0 + THREADS * TIMES * timedelta(minutes=1),
                                                          1 + THREADS * TIMES)  # fmt: skip
        assert counter == THREADS * TIMES


def test_of_many_who_make_the_same_row_one_does(app: Flask) -> None:
    def work() -> None:
        with unit_of_work() as session:
            session.add(series("same"))

    assert [type(error) for error in together(app, work)] == [EditConflict] * (THREADS - 1)
    with app.app_context():
        assert slugs() == ["same"]
