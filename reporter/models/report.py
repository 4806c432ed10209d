"""Reports, every text they ever had, and what the public may see of them."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from reporter.models.database import Base, UTCDateTime, choice
from reporter.models.event import Event
from reporter.models.people import User
from reporter.models.programme import ProgrammeSession
from reporter.rules.vocabulary import (
    ChangeKind,
    HeldCause,
    HeldEnd,
    PublicState,
    RevisionOrigin,
    TermKind,
    WithdrawalReason,
    WorkState,
)

_NOT_DISCARDED = "work_state <> 'discarded'"


class TextColumns:
    """The words of a report at one moment; `links` is [{"title": ..., "url": ...}].

    `key_points` is [{"text": ...}], with "actor", "capacity" and "policy_issue" (an id) where the point names them.
    """

    headline: Mapped[str] = mapped_column(Text, default="")
    lead: Mapped[str] = mapped_column(Text, default="")
    key_points: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    body: Mapped[str] = mapped_column(Text, default="")
    byline: Mapped[str] = mapped_column(Text, default="")
    links: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    language: Mapped[str] = mapped_column(String(16), default="en")
    first_summary: Mapped[bool] = mapped_column(default=False, server_default=false())
    checked_by: Mapped[str] = mapped_column(Text, default="", server_default="")


class SubjectColumns:
    """The subjects of a text that is no revision, as lists of ids: a revision has tables for them."""

    policy_issue_ids: Mapped[list[int]] = mapped_column(JSON, default=list)
    process_ids: Mapped[list[int]] = mapped_column(JSON, default=list, server_default=text("'[]'"))
    sdg_target_ids: Mapped[list[int]] = mapped_column(JSON, default=list, server_default=text("'[]'"))


class Report(Base):
    """The summary of one session, of none (a day's wrap-up), or a translation. `number` is its address for ever.

    The pointers to revisions are composite keys, so none can name another report's text.
    """

    __tablename__ = "report"
    __table_args__ = (
        *(
            ForeignKeyConstraint(
                ["number", f"{pointer}_revision"],
                ["revision.report_number", "revision.number"],
                name=f"fk_report_{pointer}_revision",
                use_alter=True,
            )
            for pointer in ("filed", "approved", "published")
        ),
        CheckConstraint("(public_state <> 'never') = (published_revision IS NOT NULL)", name="public_has_revision"),
        CheckConstraint("(work_state = 'approved') = (approved_revision IS NOT NULL)", name="approved_has_revision"),
        CheckConstraint("work_state <> 'filed' OR filed_revision IS NOT NULL", name="filed_has_revision"),
        CheckConstraint(
            "work_state <> 'approved' OR (filed_revision IS NOT NULL AND approved_revision = filed_revision)",
            name="approved_was_filed",
        ),
        CheckConstraint("work_state <> 'settled' OR public_state <> 'never'", name="settled_was_public"),
        CheckConstraint("work_state <> 'discarded' OR public_state = 'never'", name="discarded_never_public"),
        CheckConstraint("(claimed_by_id IS NULL) = (claimed_until IS NULL)", name="claim_whole"),
        Index(
            "uq_report_session",
            "programme_session_id",
            unique=True,
            sqlite_where=text(f"{_NOT_DISCARDED} AND translation_of IS NULL"),
            postgresql_where=text(f"{_NOT_DISCARDED} AND translation_of IS NULL"),
        ),
        Index(
            "uq_report_translation",
            "translation_of",
            "language",
            unique=True,
            sqlite_where=text(_NOT_DISCARDED),
            postgresql_where=text(_NOT_DISCARDED),
        ),
        Index("ix_report_event_work_state", "event_id", "work_state"),
        Index("ix_report_embargo", "work_state", "embargo_until"),
    )

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"))
    programme_session_id: Mapped[int | None] = mapped_column(ForeignKey("programme_session.id"))
    translation_of: Mapped[int | None] = mapped_column(ForeignKey("report.number"))
    language: Mapped[str] = mapped_column(String(16), default="en")
    work_state: Mapped[WorkState] = mapped_column(choice(WorkState, "work_state"))
    public_state: Mapped[PublicState] = mapped_column(choice(PublicState, "public_state"))
    filed_revision: Mapped[int | None]
    approved_revision: Mapped[int | None]
    published_revision: Mapped[int | None]
    embargo_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    claimed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    claimed_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    started_at: Mapped[datetime] = mapped_column(UTCDateTime)
    filed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    version: Mapped[int] = mapped_column(Integer)

    event: Mapped[Event] = relationship()
    programme_session: Mapped[ProgrammeSession | None] = relationship()
    rapporteurs: Mapped[list["ReportRapporteur"]] = relationship(order_by="ReportRapporteur.joined_at")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it once, as a class attribute


class ReportRapporteur(Base):
    """Whose report it is."""

    __tablename__ = "report_rapporteur"

    report_number: Mapped[int] = mapped_column(ForeignKey("report.number"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), primary_key=True, index=True)
    joined_at: Mapped[datetime] = mapped_column(UTCDateTime)

    user: Mapped[User] = relationship()


class DraftSave(TextColumns, SubjectColumns, Base):
    """An autosave: what the server received, in the order in which it did. May be thinned later, never changed.

    `client_id` is made by the page, so that a resend is harmless; `device` is the page's own id. `set_aside` marks a
    text that met a newer one and was kept beside it; the save that brought both together names it in `merged_from`.
    """

    __tablename__ = "draft_save"
    __table_args__ = (CheckConstraint("sequence >= 1", name="sequence_from_one"),)

    report_number: Mapped[int] = mapped_column(ForeignKey("report.number"), primary_key=True)
    sequence: Mapped[int] = mapped_column(primary_key=True)
    client_id: Mapped[str] = mapped_column(String(64), unique=True)
    based_on: Mapped[int] = mapped_column(default=0)
    set_aside: Mapped[bool] = mapped_column(default=False)
    merged_from: Mapped[int | None]
    device: Mapped[str] = mapped_column(String(64), default="", server_default="")
    saved_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    saved_at: Mapped[datetime] = mapped_column(UTCDateTime)

    saved_by: Mapped[User] = relationship()


class HeldText(TextColumns, SubjectColumns, Base):
    """A text from a device that could not become part of its report: kept for its writer and the editors.

    `cause` says why; `based_on` is the save of its report from which it was written, 0 for none. `to_hand_in` says that
    its writer wanted it handed in. They attach it, merge it or set it aside; a newer one of the same page takes its
    place. `notes` are private ones that came along and belong to no report yet: for the writer alone.
    """

    __tablename__ = "held_text"
    __table_args__ = (
        CheckConstraint("(settled_at IS NULL) = (settled_as IS NULL)", name="settled_whole"),
        Index("ix_held_text_event_open", "event_id", "settled_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"))
    programme_session_id: Mapped[int | None] = mapped_column(ForeignKey("programme_session.id"), index=True)
    report_number: Mapped[int | None] = mapped_column(ForeignKey("report.number"), index=True)
    client_id: Mapped[str] = mapped_column(String(64), unique=True)
    based_on: Mapped[int] = mapped_column(default=0)
    device: Mapped[str] = mapped_column(String(64), default="")
    cause: Mapped[HeldCause] = mapped_column(choice(HeldCause, "cause"))
    to_hand_in: Mapped[bool] = mapped_column(default=False)
    notes: Mapped[str] = mapped_column(Text, default="", server_default="")
    written_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    received_at: Mapped[datetime] = mapped_column(UTCDateTime)
    settled_as: Mapped[HeldEnd | None] = mapped_column(choice(HeldEnd, "settled_as"))
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    settled_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    event: Mapped[Event] = relationship()
    programme_session: Mapped[ProgrammeSession | None] = relationship()
    written_by: Mapped[User] = relationship(foreign_keys=[written_by_id])


class PrivateNotes(Base):
    """What a rapporteur noted or pasted beside a report: for its rapporteurs alone, and for a while.

    `version` goes up with every save, so that a save from an older one is seen.
    """

    __tablename__ = "private_notes"
    __table_args__ = (CheckConstraint("version >= 1", name="version_from_one"),)

    report_number: Mapped[int] = mapped_column(ForeignKey("report.number"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), primary_key=True, index=True)
    text: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column(default=1)
    saved_at: Mapped[datetime] = mapped_column(UTCDateTime)

    user: Mapped[User] = relationship()


class Revision(TextColumns, Base):
    """What was handed in, revised, corrected or merged: all that the public can ever see. Never changed or deleted.

    The one change the database allows is a redaction, which sets `redacted_at` and leaves a notice in the text.
    """

    __tablename__ = "revision"
    __table_args__ = (CheckConstraint("number >= 1", name="number_from_one"),)

    report_number: Mapped[int] = mapped_column(ForeignKey("report.number"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    origin: Mapped[RevisionOrigin] = mapped_column(choice(RevisionOrigin, "origin"))
    based_on: Mapped[int | None]
    draft_sequence: Mapped[int | None]
    made_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)
    redacted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    made_by: Mapped[User] = relationship()
    policy_issues: Mapped[list["RevisionPolicyIssue"]] = relationship(viewonly=True)
    processes: Mapped[list["RevisionProcess"]] = relationship(viewonly=True)
    sdg_targets: Mapped[list["RevisionSdgTarget"]] = relationship(viewonly=True)


class RevisionPolicyIssue(Base):
    """A policy issue of a revision; part of its text, so as unchangeable as the words."""

    __tablename__ = "revision_policy_issue"
    __table_args__ = (
        ForeignKeyConstraint(["report_number", "revision_number"], ["revision.report_number", "revision.number"]),
    )

    report_number: Mapped[int] = mapped_column(primary_key=True)
    revision_number: Mapped[int] = mapped_column(primary_key=True)
    policy_issue_id: Mapped[int] = mapped_column(ForeignKey("policy_issue.id"), primary_key=True, index=True)


class RevisionProcess(Base):
    """A process of a revision; part of its text, so as unchangeable as the words."""

    __tablename__ = "revision_process"
    __table_args__ = (
        ForeignKeyConstraint(["report_number", "revision_number"], ["revision.report_number", "revision.number"]),
    )

    report_number: Mapped[int] = mapped_column(primary_key=True)
    revision_number: Mapped[int] = mapped_column(primary_key=True)
    process_id: Mapped[int] = mapped_column(ForeignKey("process.id"), primary_key=True, index=True)


class RevisionSdgTarget(Base):
    """A goal or target of a revision; part of its text, so as unchangeable as the words."""

    __tablename__ = "revision_sdg_target"
    __table_args__ = (
        ForeignKeyConstraint(["report_number", "revision_number"], ["revision.report_number", "revision.number"]),
    )

    report_number: Mapped[int] = mapped_column(primary_key=True)
    revision_number: Mapped[int] = mapped_column(primary_key=True)
    sdg_target_id: Mapped[int] = mapped_column(ForeignKey("sdg_target.id"), primary_key=True, index=True)


class AttributionWaiver(Base):
    """Why a name may stay in a revision of a session under the Chatham House rule. Append-only.

    `name` is the name or affiliation as the check found it; one reason may cover several, a row each.
    """

    __tablename__ = "attribution_waiver"
    __table_args__ = (
        ForeignKeyConstraint(["report_number", "revision_number"], ["revision.report_number", "revision.number"]),
        UniqueConstraint("report_number", "revision_number", "name"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    report_number: Mapped[int]
    revision_number: Mapped[int]
    name: Mapped[str] = mapped_column(String(300))
    reason: Mapped[str] = mapped_column(Text)
    waived_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    waived_at: Mapped[datetime] = mapped_column(UTCDateTime)

    waived_by: Mapped[User] = relationship()


class Approval(Base):
    """An editor read this revision and said that the public may see it. Append-only."""

    __tablename__ = "approval"
    __table_args__ = (
        ForeignKeyConstraint(["report_number", "revision_number"], ["revision.report_number", "revision.number"]),
        Index("ix_approval_revision", "report_number", "revision_number"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    report_number: Mapped[int]
    revision_number: Mapped[int]
    approved_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    approved_at: Mapped[datetime] = mapped_column(UTCDateTime)


class ReviewNote(Base):
    """What an editor says to the rapporteur about a revision."""

    __tablename__ = "review_note"
    __table_args__ = (
        ForeignKeyConstraint(["report_number", "revision_number"], ["revision.report_number", "revision.number"]),
        Index("ix_review_note_revision", "report_number", "revision_number"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    report_number: Mapped[int]
    revision_number: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    written_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    written_at: Mapped[datetime] = mapped_column(UTCDateTime)

    written_by: Mapped[User] = relationship()


class PublicationCounter(Base):
    """One row: the number of the newest PublicChange, which is the version of everything the public sees."""

    __tablename__ = "publication_counter"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"), CheckConstraint("number >= 0", name="counts_up"))

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(default=0)


class PublicChange(Base):
    """One change that the public can see. Append-only; numbers follow commits without gaps.

    `note` is what the editor says of it to the readers: what a correction corrects, why a text was withdrawn.
    """

    __tablename__ = "public_change"
    __table_args__ = (
        ForeignKeyConstraint(["report_number", "revision_number"], ["revision.report_number", "revision.number"]),
        CheckConstraint("(kind = 'withdrawal') = (reason IS NOT NULL)", name="withdrawal_has_reason"),
        Index("ix_public_change_report", "report_number", "number"),
    )

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    report_number: Mapped[int]
    revision_number: Mapped[int]
    kind: Mapped[ChangeKind] = mapped_column(choice(ChangeKind, "kind"))
    reason: Mapped[WithdrawalReason | None] = mapped_column(choice(WithdrawalReason, "reason"))
    note: Mapped[str] = mapped_column(Text, default="")
    changed_at: Mapped[datetime] = mapped_column(UTCDateTime)


class PublishedReport(Base):
    """The projection that pages and feeds read: a public revision, rendered once. `newsroom.publication` writes it.

    A withdrawn report has no row here; what the public is told of it stands in PublicChange.
    """

    __tablename__ = "published_report"
    __table_args__ = (
        ForeignKeyConstraint(["report_number", "revision_number"], ["revision.report_number", "revision.number"]),
        Index("ix_published_report_updated", "updated_at", "report_number"),
        Index("ix_published_report_session", "programme_session_id"),
    )

    report_number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    revision_number: Mapped[int]
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"))
    programme_session_id: Mapped[int | None] = mapped_column(ForeignKey("programme_session.id"))
    slug: Mapped[str] = mapped_column(String(120), default="")
    body_html: Mapped[str] = mapped_column(Text)
    first_published_at: Mapped[datetime] = mapped_column(UTCDateTime)
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime)

    revision: Mapped[Revision] = relationship(viewonly=True)
    event: Mapped[Event] = relationship()
    programme_session: Mapped[ProgrammeSession | None] = relationship()


class PublishedTerm(Base):
    """By which terms, with their ancestors, a public report is found: a public listing is one walk over this index."""

    __tablename__ = "published_term"
    __table_args__ = (Index("ix_published_term_walk", "kind", "term_id", "updated_at", "report_number"),)

    kind: Mapped[TermKind] = mapped_column(choice(TermKind, "kind"), primary_key=True)
    term_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    report_number: Mapped[int] = mapped_column(
        ForeignKey("published_report.report_number"), primary_key=True, index=True
    )
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime)
