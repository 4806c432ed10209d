"""What happens without anybody pressing a button: embargoes that lift, programmes looked at again, old saves thinned.

Safe to run several at once. Programmes are looked at in a thread of their own: a slow server elsewhere holds up no
publication.

Each tick has a fresh context and one unit of work a report, so a failure touches one report alone.
"""

import logging
import os
import signal
import threading
from collections.abc import Collection
from datetime import datetime, timedelta
from types import FrameType

from flask import Flask

from reporter.models.database import unit_of_work
from reporter.newsroom import (
    attribution,
    held_texts,
    private_notes,
    programme_import,
    programme_watch,
    publication,
    revisions,
    saving,
)
from reporter.queries import draft_saves, programmes, reports
from reporter.rules import clock
from reporter.rules.errors import NamesStand, ReporterError
from reporter.sources import fetch

PAUSE = 1.0  # seconds between two ticks
LOOK = 20.0  # seconds between two looks at which programmes are due

TIDY = timedelta(hours=1)
LONG_OVER = timedelta(days=60)  # after this nobody comes back to an event's saves: they were thinned before

logger = logging.getLogger(__name__)


def run(app: Flask, *, parent: int | None = None) -> None:
    """Work until SIGTERM or SIGINT, or until the process `parent` that started this one is gone."""
    stop = threading.Event()

    def ask_to_stop(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, ask_to_stop)
    signal.signal(signal.SIGINT, ask_to_stop)
    watching = threading.Thread(target=_watch, args=(app, stop), name="programmes", daemon=True)
    watching.start()
    while not stop.is_set() and (parent is None or os.getppid() == parent):
        try:
            tick(app, at=clock.now())
        except Exception:
            # The database may be away for a while; the worker outlives that.
            logger.exception("a tick of the worker failed")
        stop.wait(PAUSE)


def tick(app: Flask, *, at: datetime) -> int:
    """Publish what is approved and whose embargo lifted by `at`, in that order; answers how many."""
    with app.app_context():
        numbers = reports.due(at)
        done = 0
        for number in numbers:
            try:
                done += _publish(number, at=at)
            except ReporterError as error:
                logger.warning("report %s could not be published: %s", number, error)
            except Exception:
                # One report that the program cannot handle must not hold up the others.
                logger.exception("report %s could not be published", number)
        return done


def _watch(app: Flask, stop: threading.Event) -> None:
    tidied: datetime | None = None
    while not stop.wait(LOOK):
        try:
            look_again(app, at=clock.now())
            if tidied is None or clock.now() > tidied + TIDY:
                tidied = clock.now()
                tidy(app, at=tidied)
        except Exception:
            logger.exception("looking at programmes again, or tidying, failed")


def tidy(app: Flask, *, at: datetime) -> int:
    """Take away the saves, notes and held texts whose time is over; answers how many."""
    with app.app_context():
        day = (at - LONG_OVER).date()
        gone = 0
        for number in draft_saves.to_thin(older_than=at - saving.WHOLE_FOR, event_after=day):
            with unit_of_work():
                report = reports.for_change(number)
                gone += saving.thin(report, at=at) if report is not None else 0
        with unit_of_work():
            gone += private_notes.forget(at=at) + held_texts.forget_replaced(at=at)
        return gone


def look_again(app: Flask, *, at: datetime) -> int:
    """Look at every programme whose time has come; answers how many had changed."""
    with app.app_context():
        hosts = app.config["REPORTER"].known_hosts
        due = [one.event_id for one in programmes.sources() if programme_watch.is_due(one, at=at)]
        return sum(_look(event_id, hosts, at=at) for event_id in due)


def _look(event_id: int, hosts: Collection[str], *, at: datetime) -> bool:
    with unit_of_work():
        source = programme_watch.claim(event_id, at=at)
        if source is None:
            return False  # another worker was quicker
        address, validators, event = source.address, (source.etag, source.last_modified), source.event
    try:
        there = fetch.download(address, allowed_hosts=hosts, etag=validators[0], last_modified=validators[1])
        data = there.data
        draft = programme_import.read(data, event=event) if data is not None else None
    except ReporterError as error:
        with unit_of_work():
            found = programmes.source_for_change(event_id)
            if found is not None:
                programme_watch.failed(found, error, at=at)
        return False
    with unit_of_work():
        found = programmes.source_for_change(event_id)
        if found is None or found.address != address:
            return False  # an editor stopped it, or chose another address, meanwhile
        if data is None or draft is None or programme_watch.same(found, data):
            programme_watch.unchanged(found)
            return False
        validators = (there.etag, there.last_modified)
        return programme_watch.changed(found, data, draft, validators=validators, at=at) is not None


def _publish(number: int, *, at: datetime) -> int:
    report = reports.by_number(number)
    revision = report.approved_revision if report else None
    row = reports.revision(number, revision) if revision is not None else None
    if row is None or revision is None:
        return 0
    rendered = revisions.render(reports.text_of(row))
    try:
        with unit_of_work():
            locked = reports.for_change(number)
            if locked is None or locked.approved_revision != revision:
                return 0  # an editor or another worker was quicker
            publication.publish(locked, revision=revision, rendered=rendered, by=None, at=at)
    except NamesStand:
        if _told(number, at=at):  # it stays due: said once, not at every tick
            raise
        return 0
    return 1


def _told(number: int, *, at: datetime) -> int:
    """Tell the editors that a report waits for them again; answers how many did not know."""
    with unit_of_work():
        report = reports.for_change(number)
        return attribution.tell_held_back(report, at=at) if report is not None else 0
