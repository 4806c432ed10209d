"""The subjects by which reports are found and followed."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship

from reporter.models.database import Base, UTCDateTime

ONE_DEEPER = (
    "(parent_id IS NULL AND parent_depth IS NULL AND depth = 0)"
    " OR (parent_id IS NOT NULL AND parent_depth IS NOT NULL AND depth = parent_depth + 1)"
)


class Tree:
    """What the subjects have in common: each kind is a tree, with addresses that stay.

    The tree cannot close into a ring: a child names its parent together with the parent's depth, and lies one deeper,
    so the database itself refuses a cycle of any length. Never deleted: merged into another, or retired.
    """

    __tablename__: str

    id: Mapped[int] = mapped_column(primary_key=True)
    parent_id: Mapped[int | None] = mapped_column(index=True)
    parent_depth: Mapped[int | None]
    depth: Mapped[int] = mapped_column(default=0)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    description: Mapped[str] = mapped_column(Text, default="")
    position: Mapped[int] = mapped_column(default=0)
    retired_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    @declared_attr
    def merged_into_id(cls) -> Mapped[int | None]:
        """What this one was merged into."""
        return mapped_column(ForeignKey(f"{cls.__tablename__}.id"), index=True)

    @declared_attr.directive
    def __table_args__(cls) -> tuple[Any, ...]:
        return (
            UniqueConstraint("id", "depth"),
            ForeignKeyConstraint(
                ["parent_id", "parent_depth"], [f"{cls.__tablename__}.id", f"{cls.__tablename__}.depth"]
            ),
            CheckConstraint(ONE_DEEPER, name="one_deeper_than_parent"),
            CheckConstraint("merged_into_id IS NULL OR merged_into_id <> id", name="not_merged_into_itself"),
        )


class PolicyIssue(Tree, Base):
    """A subject heading, by which reports are found and followed."""

    __tablename__ = "policy_issue"

    parent: Mapped["PolicyIssue | None"] = relationship(
        remote_side="[PolicyIssue.id, PolicyIssue.depth]",
        foreign_keys="[PolicyIssue.parent_id, PolicyIssue.parent_depth]",
    )


class Process(Tree, Base):
    """A negotiation track or instrument (on screen: negotiation or agreement)."""

    __tablename__ = "process"


class SdgTarget(Tree, Base):
    """A goal or, below it, a target of the Sustainable Development Goals; the slug is its code, as in 16.6."""

    __tablename__ = "sdg_target"
