"""The one place that writes history: who did what when, ids only."""

from collections.abc import Mapping
from datetime import datetime

from reporter.models.database import db
from reporter.models.event import Event
from reporter.models.history import HistoryEntry
from reporter.models.people import User
from reporter.models.report import Report
from reporter.rules.vocabulary import Action, Entry

Detail = str | int | None


def record(
    act: Action | Entry,
    *,
    by: User | None,
    at: datetime,
    report: Report | None = None,
    revision: int | None = None,
    event: Event | None = None,
    user: User | None = None,
    details: Mapping[str, Detail] | None = None,
) -> HistoryEntry:
    """Leave one line; `by` is None for the worker and the command line, `details` are ids, states and reasons."""
    if report is not None and event is None:
        event = report.event
    entry = HistoryEntry(
        act=act.value,
        done_by_id=by.id if by else None,
        done_at=at,
        event_id=event.id if event else None,
        report_number=report.number if report else None,
        revision_number=revision,
        user_id=user.id if user else None,
        details={name: value for name, value in (details or {}).items() if value is not None},
    )
    db.session.add(entry)
    db.session.flush()
    return entry
