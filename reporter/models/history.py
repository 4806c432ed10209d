"""Who did what when."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from reporter.models.database import Base, UTCDateTime


class HistoryEntry(Base):
    """One act: ids and hashes only, so that no word of a text lives here. Append-only; names are resolved when shown.

    `done_by_id` is null for the worker and the command line.
    """

    __tablename__ = "history_entry"
    __table_args__ = (
        Index("ix_history_entry_report", "report_number", "id"),
        Index("ix_history_entry_event", "event_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    done_at: Mapped[datetime] = mapped_column(UTCDateTime)
    done_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    act: Mapped[str] = mapped_column(String(40))
    event_id: Mapped[int | None] = mapped_column(ForeignKey("event.id"))
    report_number: Mapped[int | None] = mapped_column(ForeignKey("report.number"))
    revision_number: Mapped[int | None]
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    details: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
