"""Under which rule a report stands, whom its session's programme names, and why a name may stay all the same."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import aliased, joinedload

from reporter.models.database import db
from reporter.models.history import HistoryEntry
from reporter.models.programme import ProgrammeSession, SessionSpeaker, Speaker
from reporter.models.report import AttributionWaiver, Report
from reporter.rules.attribution import shows_speakers
from reporter.rules.vocabulary import Entry, SessionRule


@dataclass(frozen=True)
class Governing:
    """The session whose rule governs a report."""

    session: int
    event: int
    rule: SessionRule


def governing(report_numbers: Iterable[int]) -> Mapping[int, Governing]:
    """By report: its session as it is now, for a translation that of its original. Reports of no session are left out.

    Reads columns and no objects: a rule that was changed since the page was opened is seen.
    """
    original = aliased(Report)
    rows = db.session.execute(
        select(Report.number, ProgrammeSession.id, ProgrammeSession.event_id, ProgrammeSession.rule)
        .join(original, original.number == func.coalesce(Report.translation_of, Report.number))
        .join(ProgrammeSession, ProgrammeSession.id == original.programme_session_id)
        .where(Report.number.in_(list(report_numbers)))
    )
    return {number: Governing(session, event, rule) for number, session, event, rule in rows}


def speakers(session_number: int) -> Sequence[Speaker]:
    """Who speaks in a session, and in those that were joined to it, in the programme's order."""
    return db.session.scalars(
        select(Speaker)
        .join(SessionSpeaker, SessionSpeaker.speaker_id == Speaker.id)
        .join(ProgrammeSession, ProgrammeSession.id == SessionSpeaker.programme_session_id)
        .where((ProgrammeSession.id == session_number) | (ProgrammeSession.joined_to_id == session_number))
        .order_by(SessionSpeaker.programme_session_id, SessionSpeaker.position, Speaker.id)
    ).all()


def waivers(report_number: int, revision_number: int | None = None) -> Sequence[AttributionWaiver]:
    """Why names may stay in a revision (None: in any of the report's), in the order in which it was recorded."""
    query = select(AttributionWaiver).where(AttributionWaiver.report_number == report_number)
    if revision_number is not None:
        query = query.where(AttributionWaiver.revision_number == revision_number)
    return db.session.scalars(
        query.options(joinedload(AttributionWaiver.waived_by)).order_by(AttributionWaiver.id)
    ).all()


def names_hidden_since(report_numbers: Iterable[int]) -> Mapping[int, datetime]:
    """By report whose session names nobody: since when. What readers were told before that may hold a name.

    Left out are reports that may name people, and those whose session never was under a looser rule. A report that
    came from a joined session was perhaps under another rule until then.
    """
    under = {number: one for number, one in governing(report_numbers).items() if not shows_speakers(one.rule)}
    if not under:
        return {}
    entries = db.session.execute(
        select(HistoryEntry.act, HistoryEntry.done_at, HistoryEntry.details)
        .where(
            HistoryEntry.event_id.in_({one.event for one in under.values()}),
            HistoryEntry.act.in_([Entry.RULE_CHANGED, Entry.SESSION_JOINED]),
        )
        .order_by(HistoryEntry.id)
    )
    since: dict[int, datetime] = {}
    for act, done_at, details in entries:
        if act == Entry.SESSION_JOINED:
            since[details["joined_to"]] = done_at
        elif shows_speakers(SessionRule(details["old"])) and not shows_speakers(SessionRule(details["new"])):
            since[details["session"]] = done_at
    return {number: since[one.session] for number, one in under.items() if one.session in since}
