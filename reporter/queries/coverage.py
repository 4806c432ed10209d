"""The coverage of an event, in a number of SELECTs that does not grow with its programme."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, select

from reporter.models.assignment import Assignment
from reporter.models.database import db
from reporter.models.event import Event
from reporter.models.people import User
from reporter.models.programme import ProgrammeSession, Room
from reporter.models.report import PublicChange, Report, ReportRapporteur
from reporter.rules.coverage import (
    RUNNING,
    CoverageLine,
    Covering,
    OwnCoverage,
    ReportStates,
    SessionFacts,
    stand,
)
from reporter.rules.due import Busy, due_at
from reporter.rules.vocabulary import AssignmentState, ChangeKind, WorkState

_RUNS = Assignment.state.in_(RUNNING)


def of_event(event_id: int, *, at: datetime) -> list[CoverageLine]:
    """Every session of an event as it stands at the moment `at`, by time.

    Those that were joined to another are left out: their reports hang there.
    """
    return _lines(ProgrammeSession.event_id == event_id, at=at)


def of_person(user: User, *, at: datetime) -> list[OwnCoverage]:
    """What `user` covers, by time, at all events; assignments that were declined, handed over or taken away are none.

    `changed_at` is when the assignment was made or answered.
    """
    rows = db.session.execute(
        select(
            Assignment.programme_session_id, Assignment.assigned_at, Assignment.answered_at, Event.name, Event.time_zone
        )
        .join(ProgrammeSession, ProgrammeSession.id == Assignment.programme_session_id)
        .join(Event, Event.id == ProgrammeSession.event_id)
        .where(Assignment.user_id == user.id, _RUNS, Event.hidden_at.is_(None))
    )
    own = {number: (event, time_zone, max(made, answered or made)) for number, made, answered, event, time_zone in rows}
    mine = select(Assignment.programme_session_id).where(Assignment.user_id == user.id, _RUNS)
    lines = _lines(ProgrammeSession.id.in_(mine), at=at)
    return [OwnCoverage(line, *own[line.number]) for line in lines if line.number in own]


def _lines(which: ColumnElement[bool], *, at: datetime) -> list[CoverageLine]:
    """The sessions for which `which` holds, each with its people, its report and where it stands."""
    chosen = select(ProgrammeSession.id).where(which)
    sessions = db.session.execute(
        select(
            ProgrammeSession.id,
            ProgrammeSession.title,
            ProgrammeSession.starts_at,
            ProgrammeSession.ends_at,
            ProgrammeSession.room_id,
            Room.name,
            ProgrammeSession.track_id,
            ProgrammeSession.cover,
            ProgrammeSession.rule,
            ProgrammeSession.cancelled_at,
            ProgrammeSession.unlisted,
            ProgrammeSession.due_at,
            Event.due_minutes,
        )
        .join(Event, Event.id == ProgrammeSession.event_id)
        .outerjoin(Room, Room.id == ProgrammeSession.room_id)
        .where(which, ProgrammeSession.joined_to_id.is_(None))
        .order_by(ProgrammeSession.starts_at, Room.position.nulls_last(), ProgrammeSession.id)
    ).all()
    assigned, reports, first = _assigned(chosen), _reports(chosen), _first_published(chosen)
    writers, busy = _rapporteurs(chosen), _busy(chosen)
    lines = []
    for (
        number,
        title,
        starts,
        ends,
        room_id,
        room,
        track_id,
        cover,
        rule,
        cancelled_at,
        unlisted,
        due,
        minutes,
    ) in sessions:
        people = assigned[number]
        facts = SessionFacts(cover, rule, cancelled_at is not None)
        report_number, states = reports.get(number, (None, None))
        lead = next((one.user_id for one in people if one.lead), None)
        due = due or due_at(ends, minutes, busy=_after(ends, number, busy[lead] if lead else ()))
        lines.append(
            CoverageLine(
                number=number,
                title=title,
                starts_at=starts,
                ends_at=ends,
                room_id=room_id,
                room=room or "",
                track_id=track_id,
                session=facts,
                unlisted=unlisted,
                people=_once([*people, *writers[number]]),
                due_at=due,
                report_number=report_number,
                report=states,
                first_published_at=first.get(number),
                stands=stand(facts, [one.state for one in people if one.state], states, now=at, due_at=due),
            )
        )
    return lines


def _assigned(chosen: Select[int]) -> Mapping[int, list[Covering]]:
    """Who is assigned, by session: who leads first, then in the order in which they were assigned."""
    rows = db.session.execute(
        select(Assignment.programme_session_id, Assignment.user_id, User.name, Assignment.state, Assignment.lead)
        .join(User, User.id == Assignment.user_id)
        .where(Assignment.programme_session_id.in_(chosen), _RUNS)
        .order_by(Assignment.lead.desc(), Assignment.assigned_at, Assignment.user_id)
    )
    found: dict[int, list[Covering]] = defaultdict(list)
    for number, user_id, name, state, lead in rows:
        found[number].append(Covering(user_id, name, AssignmentState(state), lead))
    return found


def _busy(chosen: Select[int]) -> Mapping[int | None, list[tuple[int, Busy]]]:
    """(session, its times) of everything that those who lead a chosen session cover, by person, wherever it is."""
    leads = select(Assignment.user_id).where(Assignment.programme_session_id.in_(chosen), Assignment.lead)
    rows = db.session.execute(
        select(Assignment.user_id, ProgrammeSession.id, ProgrammeSession.starts_at, ProgrammeSession.ends_at)
        .join(ProgrammeSession, ProgrammeSession.id == Assignment.programme_session_id)
        .join(Event, Event.id == ProgrammeSession.event_id)
        .where(
            Assignment.user_id.in_(leads),
            _RUNS,
            ProgrammeSession.cancelled_at.is_(None),
            Event.hidden_at.is_(None),
        )
    )
    found: dict[int | None, list[tuple[int, Busy]]] = defaultdict(list)
    for user_id, number, starts_at, ends_at in rows:
        found[user_id].append((number, Busy(starts_at, ends_at)))
    return found


def _after(ends_at: datetime, number: int, busy: Iterable[tuple[int, Busy]]) -> list[Busy]:
    """What delays the report of the session `number`: the other ones that are not over when it ends."""
    return [one for session, one in busy if one.ends_at > ends_at and session != number]


def _originals(*columns: Any, chosen: Select[int]) -> Select[Any]:
    """`columns` of the reports of the chosen sessions, without those discarded and without translations."""
    return (
        select(Report.programme_session_id, *columns)
        .select_from(Report)
        .where(
            Report.programme_session_id.in_(chosen),
            Report.work_state != WorkState.DISCARDED,
            Report.translation_of.is_(None),
        )
    )


def _reports(chosen: Select[int]) -> Mapping[int, tuple[int, ReportStates]]:
    rows = db.session.execute(_originals(Report.number, Report.work_state, Report.public_state, chosen=chosen))
    return {session: (number, ReportStates(work, public)) for session, number, work, public in rows}


def _rapporteurs(chosen: Select[int]) -> Mapping[int, list[Covering]]:
    """Who writes, by session, assigned or not."""
    rows = db.session.execute(
        _originals(User.id, User.name, chosen=chosen)
        .join(ReportRapporteur, ReportRapporteur.report_number == Report.number)
        .join(User, User.id == ReportRapporteur.user_id)
        .order_by(ReportRapporteur.joined_at, User.id)
    )
    found: dict[int, list[Covering]] = defaultdict(list)
    for session, user_id, name in rows:
        found[session].append(Covering(user_id, name))
    return found


def _first_published(chosen: Select[int]) -> Mapping[int, datetime]:
    rows = db.session.execute(
        _originals(PublicChange.changed_at, chosen=chosen)
        .join(PublicChange, PublicChange.report_number == Report.number)
        .where(PublicChange.kind == ChangeKind.FIRST)
    )
    return {row[0]: row[1] for row in rows}


def _once(people: Iterable[Covering]) -> tuple[Covering, ...]:
    """Each person once, as the first mention says."""
    found: dict[int, Covering] = {}
    for one in people:
        found.setdefault(one.user_id, one)
    return tuple(found.values())
