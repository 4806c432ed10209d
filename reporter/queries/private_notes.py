"""What rapporteurs noted for themselves beside a report."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from reporter.models.database import db
from reporter.models.event import Event
from reporter.models.report import PrivateNotes, Report


def one(report_number: int, user_id: int) -> PrivateNotes | None:
    """What this person noted beside this report, as it is now."""
    return db.session.get(PrivateNotes, (report_number, user_id), populate_existing=True)


def of_others(report_number: int, user_id: int) -> Sequence[PrivateNotes]:
    """What the report's other rapporteurs noted, where it is not empty."""
    return db.session.scalars(
        select(PrivateNotes)
        .where(PrivateNotes.report_number == report_number, PrivateNotes.user_id != user_id, PrivateNotes.text != "")
        .options(joinedload(PrivateNotes.user))
        .order_by(PrivateNotes.user_id)
    ).all()


def every_with_event() -> list[tuple[PrivateNotes, Event]]:
    """All notes, each with its report's event."""
    rows = db.session.execute(
        select(PrivateNotes, Event)
        .join(Report, Report.number == PrivateNotes.report_number)
        .join(Event, Event.id == Report.event_id)
        .order_by(PrivateNotes.report_number, PrivateNotes.user_id)
    )
    return [(notes, event) for notes, event in rows]
