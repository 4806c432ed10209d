"""Events and their programmes."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import TypeVar

from reporter.models.database import db
from reporter.models.event import Event
from reporter.models.people import User
from reporter.models.programme import ProgrammeSession, Room, SessionSpeaker, Speaker, Track
from reporter.newsroom import expected_issues, history, publication
from reporter.newsroom import people as accounts
from reporter.queries import people, programmes, taxonomy
from reporter.rules.clock import zone
from reporter.rules.errors import N_, NotAllowed, Refused
from reporter.rules.report_text import one_line
from reporter.rules.vocabulary import Entry
from reporter.sources.draft import MAX_NAME, SessionDraft, SpeakerDraft
from reporter.text.slug import slug as make_slug

Row = TypeVar("Row", Room, Track, Speaker)


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
    check_event(name=name, place=place, time_zone=time_zone, starts_on=starts_on, ends_on=ends_on)
    if not slug or make_slug(slug, limit=80) != slug:
        raise Refused(
            N_("“%(slug)s” cannot be part of an address. Use lower-case letters, digits and hyphens."), slug=slug
        )
    if programmes.slug_taken(slug):
        raise Refused(N_("There is an event “%(slug)s” already. Choose another short name."), slug=slug)
    event = Event(
        slug=slug,
        name=one_line(name),
        place=one_line(place),
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


def check_event(*, name: str, place: str, time_zone: str, starts_on: date, ends_on: date) -> None:
    """Raise Refused for what no event can be: an unknown time zone, no name or a long one, an end before the start."""
    zone(time_zone)
    if not one_line(name):
        raise Refused(N_("Give the event a name."))
    if max(len(one_line(name)), len(one_line(place))) > MAX_NAME:
        raise Refused(N_("A name has at most %(limit)s characters. Shorten it."), limit=MAX_NAME)
    if ends_on < starts_on:
        raise Refused(N_("The event ends before it starts. Check the two days."))


def remove_samples(*, by: User | None, at: datetime) -> None:
    """Hide every sample event everywhere and disable the sample accounts; rows, numbers and addresses stay taken."""
    for event in programmes.events():
        if event.is_sample:
            event.hidden_at = at
            db.session.flush()
            publication.hide_event(event, at=at)
            history.record(Entry.EVENT_HIDDEN, by=by, at=at, event=event)
    for user in people.samples():
        accounts.disable(user, by=by, at=at)


def add_rooms(event: Event, names: Sequence[str]) -> None:
    """The rooms of an event, in the order in which the programme shows them."""
    db.session.add_all(Room(event_id=event.id, name=name, position=place) for place, name in enumerate(names))
    db.session.flush()


def add_sessions(
    event: Event, drafts: Sequence[SessionDraft], *, by: User | None, at: datetime
) -> list[ProgrammeSession]:
    """Add these sessions to the programme, with the rooms and speakers that they name. Raises Refused for bad times."""
    names = Names(event)
    made = []
    for draft in drafts:
        session = ProgrammeSession(event_id=event.id, source=draft.source, source_uid=draft.source_uid, rule=draft.rule)
        made.append(session)
        write(session, draft, names=names, at=at)
    history.record(Entry.PROGRAMME_ADDED, by=by, at=at, event=event, details={"sessions": len(made)})
    return made


def add_unlisted(event: Event, draft: SessionDraft, *, by: User, at: datetime) -> ProgrammeSession:
    """A session that is not in the programme, added from the spot by whoever writes or edits at the event."""
    if not people.standing(by, event.id).staff:
        raise NotAllowed
    if not one_line(draft.title):
        raise Refused(N_("Give the session a title."))
    session = ProgrammeSession(event_id=event.id, source="", source_uid="", rule=draft.rule, unlisted=True)
    write(session, draft, names=Names(event), at=at)
    history.record(Entry.SESSION_ADDED, by=by, at=at, event=event, details={"session": session.id})
    return session


class Names:
    """The rooms, tracks and speakers of an event by their names; one that is new is added."""

    def __init__(self, event: Event) -> None:
        self.event = event
        self._rooms = {room.name: room for room in programmes.rooms(event.id)}
        self._tracks = {track.name: track for track in programmes.tracks(event.id)}
        self.policy_issues = taxonomy.policy_issues()
        self._speakers = {(one.name, one.organisation): one for one in programmes.speakers(event.id)}

    def room(self, name: str) -> int | None:
        """The id of the room; None for no name."""
        if name and name not in self._rooms:
            self._rooms[name] = self._added(Room(event_id=self.event.id, name=name, position=len(self._rooms)))
        return self._rooms[name].id if name else None

    def track(self, name: str) -> int | None:
        """The id of the track; None for no name."""
        if name and name not in self._tracks:
            self._tracks[name] = self._added(Track(event_id=self.event.id, name=name))
        return self._tracks[name].id if name else None

    def speaker(self, who: SpeakerDraft) -> int:
        """The id of the speaker."""
        key = (who.name, who.organisation)
        if key not in self._speakers:
            self._speakers[key] = self._added(
                Speaker(event_id=self.event.id, name=who.name, organisation=who.organisation, position=who.position)
            )
        return self._speakers[key].id

    @staticmethod
    def _added(row: Row) -> Row:
        db.session.add(row)
        db.session.flush()
        return row


def write(session: ProgrammeSession, draft: SessionDraft, *, names: Names, at: datetime) -> None:
    """Give a session what the draft says, but for the parts that a person changed by hand (`hand_edited`).

    What its track and keywords tell of the policy issues that it will touch is kept with it. Its rule is left alone: a
    programme file neither loosens nor tightens it.
    """
    if draft.ends_at < draft.starts_at:
        raise Refused(N_("“%(title)s” ends before it starts. Check its times."), title=draft.title)
    by_hand = session.hand_edited or ()
    for part, value in parts_of(draft, names=names).items():
        if part not in by_hand:
            setattr(session, part, value)
    if "cancelled_at" not in by_hand:
        session.cancelled_at = (session.cancelled_at or at) if draft.cancelled else None
    session.source, session.source_uid = draft.source, draft.source_uid
    session.keywords = list(draft.keywords)
    db.session.add(session)
    db.session.flush()
    if "issues" not in by_hand:
        expected_issues.guess(session, names.policy_issues)
    if "speakers" not in by_hand:
        write_speakers(session, draft.speakers, names=names)


def parts_of(draft: SessionDraft, *, names: Names) -> dict[str, object]:
    """What the draft says of the session itself, by the name of the column; a room or track that is new is added."""
    return {
        "title": one_line(draft.title),
        "description": draft.description,
        "starts_at": draft.starts_at,
        "ends_at": draft.ends_at,
        "room_id": names.room(draft.room),
        "track_id": names.track(draft.track),
    }


def write_speakers(session: ProgrammeSession, speakers: Sequence[SpeakerDraft], *, names: Names) -> bool:
    """Let these and no others speak in a session, in this order; whether that changed anything."""
    wanted = list(dict.fromkeys(names.speaker(who) for who in speakers))
    there = programmes.session_speakers(session.id)
    if [one.speaker_id for one in there] == wanted:
        return False
    for one in there:
        db.session.delete(one)
    db.session.flush()
    db.session.add_all(
        SessionSpeaker(programme_session_id=session.id, speaker_id=speaker, position=place)
        for place, speaker in enumerate(wanted)
    )
    db.session.flush()
    return True
