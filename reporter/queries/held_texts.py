"""Texts from devices that could not become part of their report."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from reporter.models.database import db
from reporter.models.people import User
from reporter.models.report import HeldText
from reporter.rules.vocabulary import HeldEnd


def one(number: int) -> HeldText | None:
    """One held text, as it is now."""
    return db.session.scalar(
        select(HeldText).where(HeldText.id == number).options(*_facts()).execution_options(populate_existing=True)
    )


def for_change(number: int) -> HeldText | None:
    """The same, locked until the unit of work ends."""
    return db.session.scalar(
        select(HeldText).where(HeldText.id == number).with_for_update().execution_options(populate_existing=True)
    )


def by_client_id(client_id: str) -> HeldText | None:
    """The text that a page sent under this id, so that a resend is harmless."""
    return db.session.scalar(select(HeldText).where(HeldText.client_id == client_id))


def open_of_events(event_ids: Iterable[int]) -> Sequence[HeldText]:
    """What waits at these events for somebody to attach it or set it aside, the newest first."""
    return db.session.scalars(
        select(HeldText)
        .where(HeldText.event_id.in_(list(event_ids)), HeldText.settled_at.is_(None))
        .options(*_facts())
        .order_by(HeldText.id.desc())
    ).all()


def open_of_writer(user: User) -> Sequence[HeldText]:
    """What somebody wrote that waits like this, the newest first."""
    return db.session.scalars(
        select(HeldText)
        .where(HeldText.written_by_id == user.id, HeldText.settled_at.is_(None))
        .options(*_facts())
        .order_by(HeldText.id.desc())
    ).all()


def replaced() -> Sequence[HeldText]:
    """What newer texts of the same page replaced."""
    return db.session.scalars(
        select(HeldText).where(HeldText.settled_as == HeldEnd.REPLACED).options(joinedload(HeldText.event))
    ).all()


def with_notes() -> Sequence[HeldText]:
    """Those with private notes that belong to no report yet."""
    return db.session.scalars(select(HeldText).where(HeldText.notes != "").options(joinedload(HeldText.event))).all()


def _facts() -> tuple[Any, ...]:
    return (joinedload(HeldText.event), joinedload(HeldText.programme_session), joinedload(HeldText.written_by))
