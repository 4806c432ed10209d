"""Events and their programmes."""

from collections.abc import Sequence
from datetime import date, datetime

from reporter.models.database import db
from reporter.models.event import Event
from reporter.models.people import User
from reporter.models.programme import ProgrammeSession, Room, SessionSpeaker, Speaker
from reporter.newsroom import history
from reporter.queries import programmes
from reporter.rules.clock import zone
from reporter.rules.errors import N_, Refused
from reporter.rules.report_text import one_line
from reporter.rules.vocabulary import Entry
from reporter.sources.draft import SessionDraft
from reporter.text.slug import slug as make_slug


def add_event(
    *,
    slug: str,
    name: str,
    time_zone: str,
    starts_on: date,
    ends_on: date,
    by: User | None,
    at: datetime,
    place: str = "",
    is_sample: bool = False,
) -> Event:
    """A new event. Raises Refused for a slug that is taken or none, an unknown time zone, an end before the start."""
    zone(time_zone)
    if make_slug(slug, limit=80) != slug:
        raise Refused(
            N_("“%(slug)s” cannot be part of an address. Use lower-case letters, digits and hyphens."), slug=slug
        )
    if not one_line(name):
        raise Refused(N_("Give the event a name."))
    if ends_on < starts_on:
        raise Refused(N_("The event ends before it starts. Check the two days."))
    if programmes.event_by_slug(slug) is not None:
        raise Refused(N_("There is an event “%(slug)s” already. Choose another short name."), slug=slug)
    event = Event(
        slug=slug,
        name=one_line(name),
        place=place,
        time_zone=time_zone,
        starts_on=starts_on,
        ends_on=ends_on,
        is_sample=is_sample,
        created_at=at,
    )
    db.session.add(event)
    db.session.flush()
    history.record(Entry.EVENT_ADDED, by=by, at=at, event=event)
    return event


def add_rooms(event: Event, names: Sequence[str]) -> None:
    """The rooms of an event, in the order in which the programme shows them."""
    db.session.add_all(Room(event_id=event.id, name=name, position=place) for place, name in enumerate(names))
    db.session.flush()


def add_sessions(
    event: Event, drafts: Sequence[SessionDraft], *, by: User | None, at: datetime
) -> list[ProgrammeSession]:
    """Add these sessions to the programme, with the rooms and speakers that they name. Raises Refused for bad times."""
    for draft in drafts:
        if draft.ends_at < draft.starts_at:
            raise Refused(N_("“%(title)s” ends before it starts. Check its times."), title=draft.title)
    rooms = {room.name: room for room in programmes.rooms(event.id)}
    speakers = {(one.name, one.organisation): one for one in programmes.speakers(event.id)}
    made = []
    for draft in drafts:
        if draft.room and draft.room not in rooms:
            rooms[draft.room] = Room(event_id=event.id, name=draft.room, position=len(rooms))
            db.session.add(rooms[draft.room])
            db.session.flush()
        session = ProgrammeSession(
            event_id=event.id,
            room_id=rooms[draft.room].id if draft.room else None,
            title=one_line(draft.title),
            description=draft.description,
            starts_at=draft.starts_at,
            ends_at=draft.ends_at,
            rule=draft.rule,
            source=draft.source,
            source_uid=draft.source_uid,
        )
        db.session.add(session)
        db.session.flush()
        made.append(session)
        for place, who in enumerate(dict.fromkeys(draft.speakers)):
            key = (who.name, who.organisation)
            if key not in speakers:
                speakers[key] = Speaker(
                    event_id=event.id, name=who.name, organisation=who.organisation, position=who.position
                )
                db.session.add(speakers[key])
                db.session.flush()
            db.session.add(SessionSpeaker(programme_session_id=session.id, speaker_id=speakers[key].id, position=place))
    db.session.flush()
    history.record(Entry.PROGRAMME_ADDED, by=by, at=at, event=event, details={"sessions": len(made)})
    return made
