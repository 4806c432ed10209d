"""Events and what is in their programmes."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from reporter.models.database import db
from reporter.models.event import Event
from reporter.models.programme import (
    ProgrammeImport,
    ProgrammeSession,
    ProgrammeSource,
    Room,
    SessionSpeaker,
    Speaker,
    Track,
)


def event_by_slug(slug: str) -> Event | None:
    """The event at this address; a hidden one (a sample that was removed) is nowhere."""
    return db.session.scalar(select(Event).where(Event.slug == slug, Event.hidden_at.is_(None)))


def slug_taken(slug: str) -> bool:
    """Whether an event, hidden or not, has this address."""
    return db.session.scalar(select(Event.id).where(Event.slug == slug)) is not None


def event_by_id(event_id: int) -> Event | None:
    """The event with this id."""
    return db.session.get(Event, event_id)


def events() -> Sequence[Event]:
    """All events that are not hidden, newest first."""
    return db.session.scalars(
        select(Event).where(Event.hidden_at.is_(None)).order_by(Event.starts_on.desc(), Event.slug)
    ).all()


def programme_session(number: int) -> ProgrammeSession | None:
    """One session with its event, room and speakers."""
    return db.session.scalar(
        select(ProgrammeSession)
        .join(Event, Event.id == ProgrammeSession.event_id)
        .where(ProgrammeSession.id == number, Event.hidden_at.is_(None))
        .options(
            joinedload(ProgrammeSession.event),
            joinedload(ProgrammeSession.room),
            selectinload(ProgrammeSession.speakers).joinedload(SessionSpeaker.speaker),
        )
    )


def for_change(number: int) -> ProgrammeSession | None:
    """The session, locked until the unit of work ends."""
    return db.session.scalar(
        select(ProgrammeSession)
        .where(ProgrammeSession.id == number)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )


def sessions_of(event_id: int, *, with_speakers: bool = False) -> Sequence[ProgrammeSession]:
    """The programme of an event in the order of time, then room; cancelled sessions included, joined ones not."""
    speakers = [selectinload(ProgrammeSession.speakers).joinedload(SessionSpeaker.speaker)] if with_speakers else []
    rows = db.session.scalars(
        select(ProgrammeSession)
        .where(ProgrammeSession.event_id == event_id, ProgrammeSession.joined_to_id.is_(None))
        .options(joinedload(ProgrammeSession.room), *speakers)
        .order_by(ProgrammeSession.starts_at, ProgrammeSession.id)
    ).all()
    return sorted(rows, key=lambda one: (one.starts_at, one.room.position if one.room else -1, one.id))


def rooms(event_id: int) -> Sequence[Room]:
    """The rooms of an event in the programme's order."""
    return db.session.scalars(select(Room).where(Room.event_id == event_id).order_by(Room.position, Room.id)).all()


def speakers(event_id: int) -> Sequence[Speaker]:
    """Who speaks at an event."""
    return db.session.scalars(select(Speaker).where(Speaker.event_id == event_id).order_by(Speaker.id)).all()


def tracks(event_id: int) -> Sequence[Track]:
    """The tracks of an event."""
    return db.session.scalars(select(Track).where(Track.event_id == event_id).order_by(Track.id)).all()


def session_speakers(session_number: int) -> Sequence[SessionSpeaker]:
    """Who speaks in a session, in the programme's order."""
    return db.session.scalars(
        select(SessionSpeaker)
        .where(SessionSpeaker.programme_session_id == session_number)
        .order_by(SessionSpeaker.position)
    ).all()


def for_import(event_id: int) -> Sequence[ProgrammeSession]:
    """Every session of an event that stands for itself, in the order in which they came, locked."""
    return db.session.scalars(
        select(ProgrammeSession)
        .where(ProgrammeSession.event_id == event_id, ProgrammeSession.joined_to_id.is_(None))
        .options(selectinload(ProgrammeSession.speakers).joinedload(SessionSpeaker.speaker))
        .order_by(ProgrammeSession.id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).all()


def event_for_change(event_id: int) -> Event | None:
    """The event, locked until the unit of work ends."""
    return db.session.scalar(
        select(Event)
        .where(Event.id == event_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )


def programme_import(number: int) -> ProgrammeImport | None:
    """One reading of a programme file."""
    return db.session.get(ProgrammeImport, number)


def source(event_id: int) -> ProgrammeSource | None:
    """Where the event's programme is looked for again."""
    return db.session.get(ProgrammeSource, event_id)


def speaker_names(event_id: int) -> Sequence[str]:
    """The names of everybody who speaks at an event, each once."""
    return db.session.scalars(select(Speaker.name).where(Speaker.event_id == event_id).distinct()).all()


def source_for_change(event_id: int) -> ProgrammeSource | None:
    """The same, locked until the unit of work ends."""
    return db.session.scalar(
        select(ProgrammeSource)
        .where(ProgrammeSource.event_id == event_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def sources() -> Sequence[ProgrammeSource]:
    """Every source of an event that is not hidden."""
    return db.session.scalars(
        select(ProgrammeSource)
        .join(Event, Event.id == ProgrammeSource.event_id)
        .where(Event.hidden_at.is_(None))
        .order_by(ProgrammeSource.event_id)
    ).all()
