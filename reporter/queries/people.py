"""Who somebody is, and at which events."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from reporter.models.database import db
from reporter.models.event import Event
from reporter.models.people import RoleGrant, User
from reporter.rules.permissions import Standing
from reporter.rules.vocabulary import Role


def by_email(email: str) -> User | None:
    """The person with this address, whatever its letters' case."""
    return db.session.scalar(select(User).where(func.lower(User.email) == email.strip().lower()))


def by_id(user_id: int) -> User | None:
    """The person with this id."""
    return db.session.get(User, user_id)


def everybody() -> Sequence[User]:
    """All people with their grants, by e-mail address."""
    grants = selectinload(User.roles).selectinload(RoleGrant.event)
    return db.session.scalars(select(User).options(grants).order_by(User.email)).all()


def standing(user: User | None, event_id: int) -> Standing:
    """Who `user` is at the event; `None` is the background worker. Grants that hold everywhere count at every event."""
    if user is None:
        return Standing(worker=True)
    if not user.active:
        return Standing()
    rows = db.session.scalars(
        select(RoleGrant.role).where(
            RoleGrant.user_id == user.id, (RoleGrant.event_id == event_id) | RoleGrant.event_id.is_(None)
        )
    )
    return Standing(roles=frozenset(rows))


def grant(user: User, role: Role, event_id: int | None) -> RoleGrant | None:
    """The grant of this role at this event (None: everywhere), if there is one."""
    same_event = RoleGrant.event_id.is_(None) if event_id is None else RoleGrant.event_id == event_id
    return db.session.scalar(select(RoleGrant).where(RoleGrant.user_id == user.id, RoleGrant.role == role, same_event))


def grant_by_id(grant_id: int) -> RoleGrant | None:
    """One grant."""
    return db.session.get(RoleGrant, grant_id)


def staff(event_id: int) -> Sequence[User]:
    """Who writes or edits at the event and can sign in, by name."""
    return _holding(event_id, Role.RAPPORTEUR, Role.EDITOR)


def editors(event_id: int) -> Sequence[User]:
    """Who edits at the event and can sign in, by name."""
    return _holding(event_id, Role.EDITOR)


def samples() -> Sequence[User]:
    """The sample accounts that can still sign in."""
    return db.session.scalars(select(User).where(User.is_sample, User.active).order_by(User.id)).all()


def events_of(user: User, *roles: Role) -> Sequence[Event]:
    """The events at which `user` holds one of `roles`, newest first; a grant that holds everywhere means all."""
    grants = select(RoleGrant).where(RoleGrant.user_id == user.id, RoleGrant.role.in_(roles))
    held = db.session.scalars(grants).all()
    events = select(Event).where(Event.hidden_at.is_(None)).order_by(Event.starts_on.desc(), Event.id)
    if not any(one.event_id is None for one in held):
        events = events.where(Event.id.in_([one.event_id for one in held]))
    return db.session.scalars(events).all()


def sample_accounts_enabled() -> bool:
    """Whether an account of the sample can still sign in."""
    return db.session.scalar(select(User.id).where(User.is_sample, User.active).limit(1)) is not None


def _holding(event_id: int, *roles: Role) -> Sequence[User]:
    held = select(RoleGrant.user_id).where(
        (RoleGrant.event_id == event_id) | RoleGrant.event_id.is_(None), RoleGrant.role.in_(roles)
    )
    people = select(User).where(User.active, User.id.in_(held))
    return sorted(db.session.scalars(people), key=lambda user: (user.name.casefold(), user.id))
