"""Who may sign in, and what each may be at which event."""

from datetime import datetime

from flask_security import UserMixin
from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from reporter.models.database import Base, UTCDateTime, choice
from reporter.models.event import Event
from reporter.rules.vocabulary import Role


class RoleGrant(Base):
    """One role of one person, at one event, or everywhere where `event_id` is null.

    Flask-Security reads grants through `name` and `get_permissions()`; its own role decorators would take the grant
    of one event for a global one and are therefore never used.
    """

    __tablename__ = "role_grant"
    __table_args__ = (
        Index("uq_role_grant_user_event_role", "user_id", "event_id", "role", unique=True),
        # NULLs never equal each other in a unique index, so grants that hold everywhere need one of their own.
        Index(
            "uq_role_grant_user_role_everywhere",
            "user_id",
            "role",
            unique=True,
            sqlite_where=text("event_id IS NULL"),
            postgresql_where=text("event_id IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    event_id: Mapped[int | None] = mapped_column(ForeignKey("event.id"))
    role: Mapped[Role] = mapped_column(choice(Role, "role"))
    granted_at: Mapped[datetime] = mapped_column(UTCDateTime)

    user: Mapped["User"] = relationship(back_populates="roles")
    event: Mapped[Event | None] = relationship()

    @property
    def name(self) -> str:
        """What Flask-Security calls a role."""
        return self.role.value

    def get_permissions(self) -> set[str]:
        """No permissions of Flask-Security's kind: `rules.permissions` decides, per object."""
        return set()


class User(Base, UserMixin):
    """A person of the staff. Never deleted, because history names it; `active` off ends every sign-in at once."""

    __tablename__ = "user"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(255), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    password: Mapped[str | None] = mapped_column(String(255))
    active: Mapped[bool] = mapped_column(default=True)
    fs_uniquifier: Mapped[str] = mapped_column(String(64), unique=True)
    is_sample: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)

    # Flask-Security asks for `roles`; it only reads their `name` and `get_permissions()`.
    roles: Mapped[list[RoleGrant]] = relationship(back_populates="user")  # type: ignore[assignment]
