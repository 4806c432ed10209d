"""Who covers what, who is on duty, and what somebody is told on the desk."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from reporter.models.database import Base, UTCDateTime, choice
from reporter.models.event import Event
from reporter.models.people import User
from reporter.models.programme import ProgrammeSession
from reporter.rules.vocabulary import AssignmentState, NoticeKind

_RUNS = "state IN ('assigned', 'accepted')"


class Assignment(Base):
    """One rapporteur on one session. Several may share a session; one of those whose assignment runs leads.

    Never deleted: an assignment that was declined, handed over or taken away says so, and may run again.
    """

    __tablename__ = "assignment"
    __table_args__ = (
        CheckConstraint(f"NOT lead OR {_RUNS}", name="lead_runs"),
        Index(
            "uq_assignment_lead",
            "programme_session_id",
            unique=True,
            sqlite_where=text("lead"),
            postgresql_where=text("lead"),
        ),
        Index("ix_assignment_user", "user_id", "state"),
    )

    programme_session_id: Mapped[int] = mapped_column(ForeignKey("programme_session.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), primary_key=True)
    state: Mapped[AssignmentState] = mapped_column(choice(AssignmentState, "state"))
    lead: Mapped[bool] = mapped_column(default=False)
    note: Mapped[str] = mapped_column(Text, default="")
    assigned_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    assigned_at: Mapped[datetime] = mapped_column(UTCDateTime)
    answered_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    programme_session: Mapped[ProgrammeSession] = relationship()
    user: Mapped[User] = relationship(foreign_keys=[user_id])


class EditorDuty(Base):
    """An editor's place at an event: whether leading it, and until when on duty. At most one leads."""

    __tablename__ = "editor_duty"
    __table_args__ = (
        Index("uq_editor_duty_lead", "event_id", unique=True, sqlite_where=text("lead"), postgresql_where=text("lead")),
    )

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), primary_key=True, index=True)
    lead: Mapped[bool] = mapped_column(default=False)
    on_duty_until: Mapped[datetime | None] = mapped_column(UTCDateTime)

    user: Mapped[User] = relationship()


class Notice(Base):
    """Something that a person is told on the desk until it was read; `details` are values for its sentence."""

    __tablename__ = "notice"
    __table_args__ = (Index("ix_notice_user_read", "user_id", "read_at", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"), index=True)
    programme_session_id: Mapped[int | None] = mapped_column(ForeignKey("programme_session.id"), index=True)
    report_number: Mapped[int | None] = mapped_column(ForeignKey("report.number"), index=True)
    kind: Mapped[NoticeKind] = mapped_column(choice(NoticeKind, "kind"))
    details: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    told_at: Mapped[datetime] = mapped_column(UTCDateTime)
    read_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    event: Mapped[Event] = relationship()
    programme_session: Mapped[ProgrammeSession | None] = relationship()
