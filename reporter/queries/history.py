"""Who did what when."""

from collections.abc import Sequence

from sqlalchemy import select

from reporter.models.database import db
from reporter.models.history import HistoryEntry


def of_report(report_number: int) -> Sequence[HistoryEntry]:
    """The acts on one report, oldest first."""
    return db.session.scalars(
        select(HistoryEntry).where(HistoryEntry.report_number == report_number).order_by(HistoryEntry.id)
    ).all()
