"""What happens without anybody pressing a button: embargoes that lift. Safe to run several at once.

Each tick has a fresh context and one unit of work a report, so a failure touches one report alone.
"""

import logging
import os
import signal
import threading
from datetime import datetime
from types import FrameType

from flask import Flask

from reporter.models.database import unit_of_work
from reporter.newsroom import publication, revisions
from reporter.queries import reports
from reporter.rules import clock
from reporter.rules.errors import ReporterError

PAUSE = 1.0  # seconds between two ticks

logger = logging.getLogger(__name__)


def run(app: Flask, *, parent: int | None = None) -> None:
    """Work until SIGTERM or SIGINT, or until the process `parent` that started this one is gone."""
    stop = threading.Event()

    def ask_to_stop(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, ask_to_stop)
    signal.signal(signal.SIGINT, ask_to_stop)
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


def _publish(number: int, *, at: datetime) -> int:
    report = reports.by_number(number)
    revision = report.approved_revision if report else None
    row = reports.revision(number, revision) if revision is not None else None
    if row is None or revision is None:
        return 0
    rendered = revisions.render(reports.text_of(row))
    with unit_of_work():
        locked = reports.for_change(number)
        if locked is None or locked.approved_revision != revision:
            return 0  # an editor or another worker was quicker
        publication.publish(locked, revision=revision, rendered=rendered, by=None, at=at)
    return 1
