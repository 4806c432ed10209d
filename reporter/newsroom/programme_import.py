"""Programme files: read one, show what it would change, then apply it whole or not at all."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from reporter.models.database import db
from reporter.models.event import Event
from reporter.models.people import User
from reporter.models.programme import ProgrammeImport, ProgrammeSession
from reporter.newsroom import history
from reporter.newsroom.matching import Entry as Known
from reporter.newsroom.matching import match
from reporter.newsroom.programme import Names, write
from reporter.queries import people, programmes
from reporter.rules.errors import N_, NotAllowed, Refused
from reporter.rules.report_text import one_line
from reporter.rules.vocabulary import Entry
from reporter.sources import ical
from reporter.sources.draft import ProgrammeDraft, SessionDraft

ICALENDAR = "ical"
MANY = 0.25  # the share of sessions that one import may cancel without being asked about


@dataclass(frozen=True)
class Change:
    """A session that the file says something else about: which parts."""

    session: ProgrammeSession
    draft: SessionDraft
    parts: tuple[str, ...]


@dataclass(frozen=True)
class Plan:
    """What applying a programme file would do. `vanished` sessions are cancelled; nothing is ever deleted."""

    draft: ProgrammeDraft
    added: tuple[SessionDraft, ...]
    changed: tuple[Change, ...]
    unchanged: int
    vanished: tuple[ProgrammeSession, ...]

    @property
    def nothing(self) -> bool:
        """Whether applying it would change nothing."""
        return not (self.added or self.changed or self.vanished)

    @property
    def counts(self) -> dict[str, int]:
        """How many sessions of each kind, and how many entries could not be read."""
        return {
            "added": len(self.added),
            "changed": len(self.changed),
            "unchanged": self.unchanged,
            "cancelled": len(self.vanished),
            "unreadable": len(self.draft.unreadable),
        }

    @property
    def doubts(self) -> list[str]:
        """Why somebody should look before this is applied: message ids, empty where nothing is odd."""
        found = []
        if self.draft.unreadable:
            found.append(N_("Some entries could not be read, or only in part. Look at them first."))
        known = self.unchanged + len(self.changed) + len(self.vanished)
        if self.vanished and len(self.vanished) > known * MANY:
            found.append(N_("More than a quarter of the sessions are not in this file; they would be cancelled."))
        return found


def read(data: bytes, *, event: Event) -> ProgrammeDraft:
    """The programme in a file, whatever its format. Raises BadProgramme. Slow: done before the unit of work."""
    draft = ical.read(data, time_zone=event.time_zone)
    # Sessions are compared with those that came from files of the same kind, never with those added by hand.
    return replace(draft, sessions=tuple(replace(session, source=ICALENDAR) for session in draft.sessions))


def plan(event: Event, draft: ProgrammeDraft) -> Plan:
    """What applying `draft` to the event would do."""
    sources = {session.source for session in draft.sessions}
    known = [session for source in sorted(sources) for session in programmes.from_source(event.id, source)]
    found = match([_known(place, session) for place, session in enumerate(known)], _read(draft.sessions))
    changed, unchanged = [], 0
    for place, session in enumerate(draft.sessions):
        if place in found:
            parts = _differences(known[found[place]], session)
            if parts:
                changed.append(Change(known[found[place]], session, parts))
            else:
                unchanged += 1
    taken = set(found.values())
    gone = [session for place, session in enumerate(known) if place not in taken and session.cancelled_at is None]
    return Plan(
        draft=draft,
        added=tuple(session for place, session in enumerate(draft.sessions) if place not in found),
        changed=tuple(changed),
        unchanged=unchanged,
        vanished=tuple(gone),
    )


def keep(event: Event, *, data: bytes, file_name: str, by: User | None, at: datetime) -> ProgrammeImport:
    """Keep a file that was read, so that what was previewed is what is applied."""
    allow(event, by=by)
    row = ProgrammeImport(
        event_id=event.id,
        file_name=one_line(file_name)[:300],
        sha256=hashlib.sha256(data).hexdigest(),
        content=data,
        read_by_id=by.id if by else None,
        read_at=at,
    )
    db.session.add(row)
    db.session.flush()
    return row


def apply(
    event: Event, draft: ProgrammeDraft, *, by: User | None, at: datetime, confirmed: bool, kept: ProgrammeImport | None
) -> Plan:
    """Apply `draft` to the event (locked), all of it. Raises Refused where there are doubts that nobody confirmed."""
    allow(event, by=by)
    made = plan(event, draft)
    if made.doubts and not confirmed:
        raise Refused(made.doubts[0])
    names = Names(event)
    for draft_session in made.added:
        session = ProgrammeSession(
            event_id=event.id,
            source=draft_session.source,
            source_uid=draft_session.source_uid,
            rule=draft_session.rule,
        )
        write(session, draft_session, names=names, at=at)
    for change in made.changed:
        change.session.source_uid = change.draft.source_uid
        write(change.session, change.draft, names=names, at=at)
    for session in made.vanished:
        session.cancelled_at = at
    db.session.flush()
    if kept is not None:
        kept.applied_at, kept.content, kept.counts = at, None, made.counts
    if not made.nothing:
        history.record(Entry.PROGRAMME_IMPORTED, by=by, at=at, event=event, details=dict(made.counts))
    return made


def allow(event: Event, *, by: User | None) -> None:
    """Raise NotAllowed unless `by` (None: the command line) may change the event's programme."""
    if by is not None and not people.standing(by, event.id).editor:
        raise NotAllowed


def _known(place: int, session: ProgrammeSession) -> Known:
    room = session.room.name if session.room else ""
    return Known(place, session.source_uid, session.title, session.starts_at, room)


def _read(sessions: Sequence[SessionDraft]) -> list[Known]:
    return [
        Known(place, session.source_uid, one_line(session.title), session.starts_at, session.room)
        for place, session in enumerate(sessions)
    ]


def _differences(session: ProgrammeSession, draft: SessionDraft) -> tuple[str, ...]:
    pairs = {
        "title": (session.title, one_line(draft.title)),
        "description": (session.description, draft.description),
        "starts_at": (session.starts_at, draft.starts_at),
        "ends_at": (session.ends_at, draft.ends_at),
        "room_id": (session.room.name if session.room else "", draft.room),
        "track_id": (session.track.name if session.track else "", draft.track),
    }
    parts = [part for part, (is_now, says) in pairs.items() if is_now != says and part not in session.hand_edited]
    speakers = list(dict.fromkeys((who.name, who.organisation) for who in draft.speakers))
    if [(one.speaker.name, one.speaker.organisation) for one in session.speakers] != speakers:
        parts.append("speakers")
    if (session.cancelled_at is not None) != draft.cancelled:
        parts.append("cancelled_at")
    return tuple(parts)
