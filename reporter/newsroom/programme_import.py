"""Programme files: read one, show what it would change, then apply it whole or not at all."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from reporter.models.database import db
from reporter.models.event import Event
from reporter.models.people import User
from reporter.models.programme import ProgrammeImport, ProgrammeSession
from reporter.newsroom import history, notices
from reporter.newsroom.matching import Entry as Known
from reporter.newsroom.matching import match, suggest
from reporter.newsroom.notices import MOVED
from reporter.newsroom.programme import Names, write
from reporter.queries import assignments, people, programmes
from reporter.rules.errors import N_, NotAllowed, Refused
from reporter.rules.report_text import one_line
from reporter.rules.vocabulary import Entry, NoticeKind
from reporter.sources import formats
from reporter.sources.columns import Columns
from reporter.sources.draft import ProgrammeDraft, SessionDraft

MANY = 0.25  # the share of sessions that one import may cancel without being asked about
NO_DECISION: Mapping[tuple[int, int], bool] = {}


@dataclass(frozen=True)
class Change:
    """A session that the file says something else about: which parts."""

    session: ProgrammeSession
    draft: SessionDraft
    parts: tuple[str, ...]


@dataclass(frozen=True)
class Suggested:
    """A session of the file (at `place`) that may be one that we know; an editor decides. `why` is a message id."""

    place: int
    draft: SessionDraft
    session: ProgrammeSession
    why: str
    likely: bool


@dataclass(frozen=True)
class Plan:
    """What applying a programme file would do. `vanished` sessions are cancelled; nothing is ever deleted.

    `suggested` are those on which nobody decided yet: they are neither added nor cancelled.
    """

    draft: ProgrammeDraft
    added: tuple[SessionDraft, ...]
    changed: tuple[Change, ...]
    unchanged: int
    vanished: tuple[ProgrammeSession, ...]
    suggested: tuple[Suggested, ...] = ()

    @property
    def nothing(self) -> bool:
        """Whether applying it would change nothing."""
        return not (self.added or self.changed or self.vanished or self.suggested)

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
        known = self.unchanged + len(self.changed) + len(self.vanished) + len(self.suggested)
        if self.vanished and len(self.vanished) > known * MANY:
            found.append(N_("More than a quarter of the sessions are not in this file; they would be cancelled."))
        return found


def read(data: bytes, *, event: Event, columns: Mapping[str, str] | None = None) -> ProgrammeDraft:
    """The programme in a file, whatever its format. Raises BadProgramme. Slow: done before the unit of work.

    `columns` is what an editor said of a table's columns (field to number), empty for the guess.
    """
    chosen = Columns.from_numbers(columns) if columns else None
    return formats.read(data, time_zone=event.time_zone, columns=chosen)


def plan(event: Event, draft: ProgrammeDraft, *, decided: Mapping[tuple[int, int], bool] = NO_DECISION) -> Plan:
    """What applying `draft` to the event would do.

    `decided` says of suggested matches, by the place in the draft and the session's id, whether the two are the same.
    What is not suggested cannot be decided.
    """
    sources = sorted({session.source for session in draft.sessions})
    everything = programmes.for_import(event.id)
    known = [session for session in everything if session.source in sources]
    read_entries = _read(draft.sessions)
    found = {
        place: known[index]
        for place, index in match([_known(index, one) for index, one in enumerate(known)], read_entries).items()
    }
    sure = {session.id for session in found.values()}
    left = [session for session in everything if session.id not in sure]
    ours = [_known(index, session) for index, session in enumerate(left)]
    suggested = []
    for one in suggest(ours, [entry for entry in read_entries if entry.place not in found]):
        session = left[one.known]
        same = decided.get((one.read, session.id))
        if same is None:
            suggested.append(Suggested(one.read, draft.sessions[one.read], session, one.why, one.likely))
        elif same:
            found[one.read] = session
    open_places, open_ids = {one.place for one in suggested}, {one.session.id for one in suggested}
    changed, unchanged = [], 0
    for place, session in sorted(found.items()):
        parts = _differences(session, draft.sessions[place])
        if parts:
            changed.append(Change(session, draft.sessions[place], parts))
        else:
            unchanged += 1
    taken = {session.id for session in found.values()} | open_ids
    return Plan(
        draft=draft,
        added=tuple(
            session for place, session in enumerate(draft.sessions) if place not in found and place not in open_places
        ),
        changed=tuple(changed),
        unchanged=unchanged,
        vanished=tuple(
            session
            for session in known
            if session.id not in taken and session.cancelled_at is None and "cancelled_at" not in session.hand_edited
        ),
        suggested=tuple(suggested),
    )


def keep(
    event: Event, *, data: bytes, file_name: str, by: User | None, at: datetime, address: str = ""
) -> ProgrammeImport:
    """Keep a file that was read, so that what was previewed is what is applied."""
    allow(event, by=by)
    row = ProgrammeImport(
        event_id=event.id,
        file_name=one_line(file_name)[:300],
        sha256=hashlib.sha256(data).hexdigest(),
        content=data,
        address=address,
        read_by_id=by.id if by else None,
        read_at=at,
    )
    db.session.add(row)
    db.session.flush()
    return row


def choose_columns(kept: ProgrammeImport, numbers: Mapping[str, str], *, event: Event, by: User | None) -> None:
    """Say which column of a table means what. Raises BadProgramme for what is no number of a column."""
    allow(event, by=by)
    kept.columns = Columns.from_numbers(numbers).to_numbers()


def apply(
    event: Event,
    draft: ProgrammeDraft,
    *,
    by: User | None,
    at: datetime,
    confirmed: bool,
    kept: ProgrammeImport | None,
    decided: Mapping[tuple[int, int], bool] = NO_DECISION,
) -> Plan:
    """Apply `draft` to the event (locked), all of it.

    Raises Refused where there are doubts that nobody confirmed, where a suggested match is not `decided`, and where no
    session could be read.
    """
    allow(event, by=by)
    made = plan(event, draft, decided=decided)
    if not draft.sessions:
        raise Refused(N_("No session of this file could be read, so nothing was changed."))
    if made.suggested:
        raise Refused(
            N_("Some sessions may be ones that are known. Say of each whether it is the same, then apply again.")
        )
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
        write(change.session, change.draft, names=names, at=at)
    for session in made.vanished:
        session.cancelled_at = at
    db.session.flush()
    _tell(event, made, by=by, at=at)
    if kept is not None:
        kept.applied_at, kept.content, kept.counts = at, None, made.counts
    if not made.nothing:
        history.record(Entry.PROGRAMME_IMPORTED, by=by, at=at, event=event, details=dict(made.counts))
    return made


def _tell(event: Event, made: Plan, *, by: User | None, at: datetime) -> None:
    """Whoever covers a session that moved or was cancelled is told."""
    moved = [change.session for change in made.changed if MOVED.intersection(change.parts)]
    gone = [change.session for change in made.changed if "cancelled_at" in change.parts and change.draft.cancelled]
    told = [(session, NoticeKind.SESSION_CANCELLED) for session in (*made.vanished, *gone)]
    told += [(session, NoticeKind.SESSION_MOVED) for session in moved if session not in gone]
    covered = assignments.of_sessions(session.id for session, _kind in told)
    for session, kind in told:
        if session.id in covered:
            notices.tell_covering(session, kind, event=event, by=by, at=at)


def allow(event: Event, *, by: User | None) -> None:
    """Raise NotAllowed unless `by` (None: the command line, the worker) may change the event's programme."""
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
    spoken = [(one.speaker.name, one.speaker.organisation) for one in session.speakers]
    if spoken != speakers and "speakers" not in session.hand_edited:
        parts.append("speakers")
    if list(session.keywords or ()) != list(draft.keywords):
        parts.append("keywords")
    if (session.cancelled_at is not None) != draft.cancelled and "cancelled_at" not in session.hand_edited:
        parts.append("cancelled_at")
    if (session.source, session.source_uid) != (draft.source, draft.source_uid):
        parts.append("source_uid")
    return tuple(parts)
