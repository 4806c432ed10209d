"""Which editor leads an event, and who is on duty. Only who is still an editor there counts."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from reporter.models.assignment import EditorDuty
from reporter.models.database import db
from reporter.models.people import User
from reporter.queries import people


def one(event_id: int, user_id: int) -> EditorDuty | None:
    """The place of this editor at the event, as it is now."""
    return db.session.scalar(
        select(EditorDuty)
        .where(EditorDuty.event_id == event_id, EditorDuty.user_id == user_id)
        .execution_options(populate_existing=True)
    )


def leads(event_id: int) -> EditorDuty | None:
    """The row that says who leads the event, whether or not that person still edits there."""
    return db.session.scalar(
        select(EditorDuty)
        .where(EditorDuty.event_id == event_id, EditorDuty.lead)
        .execution_options(populate_existing=True)
    )


def lead_editor(event_id: int) -> User | None:
    """Who leads the event."""
    row = leads(event_id)
    return next((user for user in people.editors(event_id) if row is not None and user.id == row.user_id), None)


def on_duty(event_id: int, *, at: datetime) -> Sequence[tuple[User, datetime]]:
    """Who is on duty at the event and until when, by name."""
    rows = db.session.scalars(select(EditorDuty).where(EditorDuty.event_id == event_id, EditorDuty.on_duty_until > at))
    until = {row.user_id: row.on_duty_until for row in rows if row.on_duty_until is not None}
    return [(user, until[user.id]) for user in people.editors(event_id) if user.id in until]


def hears(event_id: int, *, at: datetime, but: User) -> Sequence[User]:
    """Who is told what needs an editor: who leads; else who is on duty; else all editors; never `but`, who did it."""
    lead = lead_editor(event_id)
    tiers: tuple[Sequence[User], ...] = (
        [lead] if lead is not None else [],
        [user for user, _until in on_duty(event_id, at=at)],
        people.editors(event_id),
    )
    found = ([user for user in tier if user.id != but.id] for tier in tiers)
    return next((tier for tier in found if tier), [])
