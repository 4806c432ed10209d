"""Who did what when."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select

from reporter.models.database import db
from reporter.models.history import HistoryEntry
from reporter.rules.vocabulary import Entry

_OF_ALL = (Entry.EVENT_ADDED, Entry.EVENT_CHANGED, Entry.PROGRAMME_ADDED, Entry.PROGRAMME_IMPORTED)
_OF_ONE = (Entry.SESSION_ADDED, Entry.SESSION_CHANGED, Entry.SESSION_JOINED, Entry.RULE_CHANGED)


def of_report(report_number: int) -> Sequence[HistoryEntry]:
    """The acts on one report, oldest first."""
    return db.session.scalars(
        select(HistoryEntry).where(HistoryEntry.report_number == report_number).order_by(HistoryEntry.id)
    ).all()


def programme_changes(event_id: int) -> tuple[datetime | None, Mapping[int, datetime]]:
    """When an event's programme last changed as a whole (None: nobody knows), and sessions by themselves, by number.

    A decision about coverage is none of these: who reads the programme must not notice it.
    """
    rows = db.session.execute(
        select(HistoryEntry.act, HistoryEntry.done_at, HistoryEntry.details)
        .where(HistoryEntry.event_id == event_id, HistoryEntry.act.in_([*_OF_ALL, *_OF_ONE]))
        .order_by(HistoryEntry.id)
    )
    whole, single = None, {}
    for act, done_at, details in rows:
        if act in _OF_ALL:
            whole = done_at
        elif "cover" not in details and isinstance(details.get("session"), int):
            single[details["session"]] = done_at
    return whole, single
