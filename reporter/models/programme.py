"""The programme of an event: rooms, tracks, sessions and who speaks in them."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from reporter.models.database import Base, UTCDateTime, choice
from reporter.models.event import Event
from reporter.rules.vocabulary import Cover, SessionRule


class Room(Base):
    """A room of an event; `position` is its place in the programme's columns."""

    __tablename__ = "room"
    __table_args__ = (UniqueConstraint("event_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"))
    name: Mapped[str] = mapped_column(String(200))
    position: Mapped[int] = mapped_column(default=0)


class Track(Base):
    """A strand of an event's programme."""

    __tablename__ = "track"
    __table_args__ = (UniqueConstraint("event_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"))
    name: Mapped[str] = mapped_column(String(200))


class ProgrammeSession(Base):
    """One entry of the programme. Never deleted: one that vanished from its source is cancelled and keeps its report.

    `source_uid` is not unique: real calendars give one UID to many sessions. `hand_edited` names the fields that a
    person changed here and that a re-import must leave alone. `due_at` overrides the event's `due_minutes`. An unlisted
    session that an editor joined to one of the programme names it in `joined_to_id`, and its report hangs there.
    """

    __tablename__ = "programme_session"
    __table_args__ = (
        CheckConstraint("ends_at >= starts_at", name="ends_after_start"),
        Index("ix_programme_session_event_starts", "event_id", "starts_at", "id"),
        Index("ix_programme_session_event_source", "event_id", "source", "source_uid"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"))
    room_id: Mapped[int | None] = mapped_column(ForeignKey("room.id"), index=True)
    track_id: Mapped[int | None] = mapped_column(ForeignKey("track.id"), index=True)
    source: Mapped[str] = mapped_column(String(32), default="")
    source_uid: Mapped[str] = mapped_column(String(500), default="")
    title: Mapped[str] = mapped_column(String(500))
    description: Mapped[str] = mapped_column(Text, default="")
    starts_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ends_at: Mapped[datetime] = mapped_column(UTCDateTime)
    rule: Mapped[SessionRule] = mapped_column(choice(SessionRule, "rule"), default=SessionRule.ON_THE_RECORD)
    unlisted: Mapped[bool] = mapped_column(default=False)
    cancelled_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    hand_edited: Mapped[list[Any]] = mapped_column(JSON, default=list)
    keywords: Mapped[list[Any]] = mapped_column(JSON, default=list, server_default=text("'[]'"))
    cover: Mapped[Cover] = mapped_column(choice(Cover, "cover"), default=Cover.UNDECIDED, server_default="undecided")
    due_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    joined_to_id: Mapped[int | None] = mapped_column(ForeignKey("programme_session.id"))

    event: Mapped[Event] = relationship()
    room: Mapped[Room | None] = relationship()
    track: Mapped[Track | None] = relationship()
    speakers: Mapped[list["SessionSpeaker"]] = relationship(order_by="SessionSpeaker.position", viewonly=True)


class Speaker(Base):
    """Somebody, or an office, that speaks at an event, spelt as in its programme."""

    __tablename__ = "speaker"
    __table_args__ = (UniqueConstraint("event_id", "name", "organisation"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"))
    name: Mapped[str] = mapped_column(String(200))
    position: Mapped[str] = mapped_column(String(300), default="")
    organisation: Mapped[str] = mapped_column(String(300), default="")


class SessionSpeaker(Base):
    """Who speaks in which session, in the programme's order."""

    __tablename__ = "session_speaker"

    programme_session_id: Mapped[int] = mapped_column(ForeignKey("programme_session.id"), primary_key=True)
    speaker_id: Mapped[int] = mapped_column(ForeignKey("speaker.id"), primary_key=True, index=True)
    position: Mapped[int] = mapped_column(default=0)

    speaker: Mapped[Speaker] = relationship()


class SessionIssue(Base):
    """A policy issue that a session is expected to touch: told by its track and keywords, or by hand."""

    __tablename__ = "session_issue"

    programme_session_id: Mapped[int] = mapped_column(ForeignKey("programme_session.id"), primary_key=True)
    policy_issue_id: Mapped[int] = mapped_column(ForeignKey("policy_issue.id"), primary_key=True, index=True)


class ProgrammeSource(Base):
    """Where an event's programme is looked for again: an address, how often, and what it said last.

    `etag` and `last_modified` are the validators of the file that was read last; `problem` is a message id, "" where
    the last look went well.
    """

    __tablename__ = "programme_source"
    __table_args__ = (CheckConstraint("every_minutes >= 5", name="not_too_often"),)

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"), primary_key=True)
    address: Mapped[str] = mapped_column(Text)
    every_minutes: Mapped[int] = mapped_column(default=60)
    etag: Mapped[str] = mapped_column(Text, default="")
    last_modified: Mapped[str] = mapped_column(Text, default="")
    sha256: Mapped[str] = mapped_column(String(64), default="")
    checked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    problem: Mapped[str] = mapped_column(Text, default="")

    event: Mapped[Event] = relationship()


class ProgrammeImport(Base):
    """One reading of a programme file: previewed first, then applied or left. `content` goes when it was applied.

    `columns` is what an editor said of a table's columns (field to place), empty where the guess holds.
    """

    __tablename__ = "programme_import"
    __table_args__ = (
        CheckConstraint("(applied_at IS NULL) OR (content IS NULL)", name="applied_without_content"),
        Index("ix_programme_import_event", "event_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"))
    file_name: Mapped[str] = mapped_column(String(300))
    sha256: Mapped[str] = mapped_column(String(64))
    content: Mapped[bytes | None] = mapped_column(LargeBinary)
    counts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    columns: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict, server_default=text("'{}'"))
    address: Mapped[str] = mapped_column(Text, default="", server_default="")
    read_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    read_at: Mapped[datetime] = mapped_column(UTCDateTime)
    applied_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
