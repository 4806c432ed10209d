"""What people are told on the desk."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from reporter.models.assignment import Notice
from reporter.models.database import db
from reporter.models.people import User
from reporter.rules.vocabulary import NoticeKind


def one(number: int) -> Notice | None:
    """One notice."""
    return db.session.get(Notice, number)


def unread(user: User, event_ids: Iterable[int]) -> Sequence[Notice]:
    """What `user` was told at these events and has not read, the newest first."""
    return db.session.scalars(
        select(Notice)
        .where(Notice.user_id == user.id, Notice.read_at.is_(None), Notice.event_id.in_(list(event_ids)))
        .options(joinedload(Notice.event), joinedload(Notice.programme_session))
        .order_by(Notice.id.desc())
    ).all()


def unread_until(user: User, newest: int) -> Sequence[Notice]:
    """Every unread notice of `user` up to the one with this number."""
    return db.session.scalars(
        select(Notice).where(Notice.user_id == user.id, Notice.read_at.is_(None), Notice.id <= newest)
    ).all()


def unread_of_session(user: User, session_number: int, *kinds: NoticeKind) -> Sequence[Notice]:
    """The unread notices of these kinds that tell `user` of the session."""
    return db.session.scalars(
        select(Notice).where(
            Notice.user_id == user.id,
            Notice.read_at.is_(None),
            Notice.programme_session_id == session_number,
            Notice.kind.in_(kinds),
        )
    ).all()


def waits_unread(user: User, kind: NoticeKind, report_number: int) -> bool:
    """Whether `user` was told this of the report already, and has not read it."""
    return (
        db.session.scalar(
            select(Notice.id)
            .where(
                Notice.user_id == user.id,
                Notice.kind == kind,
                Notice.report_number == report_number,
                Notice.read_at.is_(None),
            )
            .limit(1)
        )
        is not None
    )


def was_told(user: User, kind: NoticeKind, report_number: int, *, since: datetime) -> bool:
    """Whether `user` was told this of the report at or after `since`, read or not."""
    return (
        db.session.scalar(
            select(Notice.id)
            .where(
                Notice.user_id == user.id,
                Notice.kind == kind,
                Notice.report_number == report_number,
                Notice.told_at >= since,
            )
            .limit(1)
        )
        is not None
    )
