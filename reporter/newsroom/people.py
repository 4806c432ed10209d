"""Who may sign in and what each may be: accounts, grants. Passwords arrive here already hashed."""

from datetime import datetime
from uuid import uuid4

from reporter.models.database import db
from reporter.models.event import Event
from reporter.models.people import RoleGrant, User
from reporter.newsroom import history
from reporter.queries import people
from reporter.rules.errors import N_, NotAllowed, Refused
from reporter.rules.report_text import one_line
from reporter.rules.vocabulary import Entry, Role
from reporter.sources.draft import MAX_NAME

MIN_PASSWORD, MAX_PASSWORD = 10, 1_000  # characters


def acceptable(password: str) -> str:
    """`password`, where it may be somebody's. Raises Refused."""
    if len(password) < MIN_PASSWORD:
        raise Refused(N_("The password has fewer than %(limit)s characters. Choose a longer one."), limit=MIN_PASSWORD)
    if len(password) > MAX_PASSWORD:
        raise Refused(N_("The password has more than %(limit)s characters. Choose a shorter one."), limit=MAX_PASSWORD)
    return password


def add_user(
    *, email: str, name: str, password_hash: str | None, by: User | None, at: datetime, is_sample: bool = False
) -> User:
    """A new account. Raises Refused for an address that is none, or that is taken."""
    email, name = email.strip().lower(), one_line(name)
    spaces = any(character.isspace() or not character.isprintable() for character in email)
    if email.count("@") != 1 or spaces or email.startswith("@") or email.endswith("@") or len(email) > 255:
        raise Refused(N_("“%(email)s” is not an e-mail address. Write it like name@example.org."), email=email)
    if not name:
        raise Refused(N_("Give the person a name."))
    if len(name) > MAX_NAME:
        raise Refused(N_("A name has at most %(limit)s characters. Shorten it."), limit=MAX_NAME)
    if people.by_email(email) is not None:
        raise Refused(N_("There is an account for %(email)s already."), email=email)
    user = User(
        email=email,
        name=name,
        password=password_hash,
        active=True,
        fs_uniquifier=uuid4().hex,
        is_sample=is_sample,
        created_at=at,
    )
    db.session.add(user)
    db.session.flush()
    history.record(Entry.USER_ADDED, by=by, at=at, user=user)
    return user


def grant(user: User, role: Role, *, event: Event | None, by: User | None, at: datetime) -> RoleGrant:
    """Let `user` be `role` at `event` (None: everywhere); harmless where that is so already."""
    there = people.grant(user, role, event.id if event else None)
    if there is not None:
        return there
    made = RoleGrant(user_id=user.id, event_id=event.id if event else None, role=role, granted_at=at)
    db.session.add(made)
    db.session.flush()
    history.record(Entry.ROLE_GRANTED, by=by, at=at, user=user, event=event, details={"role": role.value})
    return made


def allow(event: Event | None, *, by: User) -> None:
    """Raise NotAllowed unless `by` is an administrator of the event (None: of everything)."""
    held = people.grant(by, Role.ADMINISTRATOR, None) or (event and people.grant(by, Role.ADMINISTRATOR, event.id))
    if not held or not by.active:
        raise NotAllowed


def revoke(grant: RoleGrant, *, by: User | None, at: datetime) -> None:
    """Take a role away; what the person wrote stays, and so do the reports of which they are a rapporteur."""
    history.record(
        Entry.ROLE_REVOKED, by=by, at=at, user=grant.user, event=grant.event, details={"role": grant.role.value}
    )
    db.session.delete(grant)
    db.session.flush()


def disable(user: User, *, by: User | None, at: datetime) -> None:
    """End every sign-in of `user`, now and later; what the person wrote stays."""
    user.active = False
    user.fs_uniquifier = uuid4().hex  # the sessions that are open name the old one
    db.session.flush()
    history.record(Entry.USER_DISABLED, by=by, at=at, user=user)
