"""Events, and the series that their editions form."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from reporter.models.database import Base, UTCDateTime


class EventSeries(Base):
    """Editions of one event over the years."""

    __tablename__ = "event_series"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(200))


class Event(Base):
    """The gathering: its days are days in its own time zone. `partners` are reporting partners, one a line.

    A report is due `due_minutes` after the end of its session, unless the session says otherwise. Its text should have
    between `min_words` and `max_words`, and begins with `report_template` (Markdown), where the event has one.
    """

    __tablename__ = "event"
    __table_args__ = (
        CheckConstraint("ends_on >= starts_on", name="ends_after_start"),
        CheckConstraint("min_words >= 0 AND max_words >= min_words", name="words_in_order"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    series_id: Mapped[int | None] = mapped_column(ForeignKey("event_series.id"), index=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    place: Mapped[str] = mapped_column(String(200), default="")
    time_zone: Mapped[str] = mapped_column(String(64))
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    is_sample: Mapped[bool] = mapped_column(default=False)
    organiser: Mapped[str] = mapped_column(String(300), default="", server_default="")
    partners: Mapped[str] = mapped_column(Text, default="", server_default="")
    due_minutes: Mapped[int] = mapped_column(default=120, server_default="120")
    min_words: Mapped[int] = mapped_column(default=300, server_default="300")
    max_words: Mapped[int] = mapped_column(default=600, server_default="600")
    report_template: Mapped[str] = mapped_column(Text, default="", server_default="")
    lone_editor: Mapped[bool] = mapped_column(default=False)
    hidden_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)

    series: Mapped[EventSeries | None] = relationship()
