"""THE ONE definition of what the public may see: pages, feeds and every export go through it.

A report is public exactly when it has a row in PublishedReport, and its words are those of the revision named there.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from reporter.models.assignment import Assignment
from reporter.models.database import db
from reporter.models.event import Event
from reporter.models.programme import ProgrammeSession
from reporter.models.report import PublicationCounter, PublicChange, PublishedReport, PublishedTerm, Report, Revision
from reporter.models.taxonomy import PolicyIssue, Process
from reporter.queries import attribution, taxonomy
from reporter.queries import reports as desk_reports
from reporter.rules import coverage
from reporter.rules.attribution import public_description, public_title, shows_speakers
from reporter.rules.errors import NotFound
from reporter.rules.published import (
    Listing,
    PublicChangeLine,
    PublicEvent,
    PublicReport,
    PublicSession,
    PublicSpeaker,
    PublicTerm,
    PublicWithdrawal,
)
from reporter.rules.selection import Selection
from reporter.rules.vocabulary import AssignmentState, ChangeKind, PublicState, ReportPlan, TermKind, WithdrawalReason

PAGE_SIZE = 30
FEED_SIZE = 50


def version() -> int:
    """The number of the newest change that the public can see; 0 before the first."""
    return db.session.scalar(select(PublicationCounter.number)) or 0


def changed_at() -> datetime | None:
    """When the public last saw anything change; None before the first change."""
    return db.session.scalar(select(PublicChange.changed_at).order_by(PublicChange.number.desc()).limit(1))


def report(number: int) -> PublicReport | PublicWithdrawal:
    """The public report with this number, or what stays of one that was withdrawn. Raises NotFound for any other."""
    row = db.session.scalar(_public_reports().where(PublishedReport.report_number == number))
    if row is not None:
        return _values([row])[0]
    withdrawn = db.session.scalar(
        select(Report)
        .join(Event, Event.id == Report.event_id)
        .where(Report.number == number, Report.public_state == PublicState.WITHDRAWN, Event.hidden_at.is_(None))
        .options(joinedload(Report.event))
    )
    if withdrawn is None:
        raise NotFound
    last = [one for one in desk_reports.changes(number) if one.kind is ChangeKind.WITHDRAWAL][-1]
    since = attribution.names_hidden_since([number]).get(number)
    return PublicWithdrawal(
        number=number,
        reason=last.reason or WithdrawalReason.OTHER,
        note=_note(last, since),
        at=last.changed_at,
        event=event_value(withdrawn.event),
    )


def listing(selection: Selection, *, title: str, page: int = 1, size: int = PAGE_SIZE) -> Listing:
    """One page of what is public in `selection`, newest change first; `size` reports a page, counted from 1.

    Raises NotFound for a policy issue or event that does not exist and for a page past the end (but not the first).
    """
    query = _public_reports()
    for kind, slugs in (
        (TermKind.POLICY_ISSUE, selection.policy_issues),
        (TermKind.PROCESS, selection.processes),
        (TermKind.EVENT, selection.events),
    ):
        if slugs:
            query = query.where(
                PublishedReport.report_number.in_(
                    select(PublishedTerm.report_number).where(
                        PublishedTerm.kind == kind, PublishedTerm.term_id.in_(_term_ids(kind, slugs))
                    )
                )
            )
    rows = db.session.scalars(
        query.order_by(PublishedReport.updated_at.desc(), PublishedReport.report_number.desc())
        .offset((page - 1) * size)
        .limit(size + 1)
    ).all()
    if page > 1 and not rows:
        raise NotFound
    return Listing(title=title, reports=tuple(_values(rows[:size])), page=page, more=len(rows) > size)


def of_sessions(session_numbers: Iterable[int]) -> Mapping[int, PublicReport]:
    """The public report of each of these sessions that has one; the original where there are translations."""
    rows = db.session.scalars(
        _public_reports()
        .join(Report, Report.number == PublishedReport.report_number)
        .where(PublishedReport.programme_session_id.in_(list(session_numbers)), Report.translation_of.is_(None))
    ).all()
    return {one.programme_session.number: one for one in _values(rows) if one.programme_session is not None}


def plans(sessions: Sequence[ProgrammeSession]) -> Mapping[int, ReportPlan]:
    """What the public is told of reports that are not there yet, by session; nobody's name, no time, no text."""
    numbers = [session.id for session in sessions]
    assigned = select(Assignment.programme_session_id).where(
        Assignment.programme_session_id.in_(numbers), Assignment.state.in_(coverage.RUNNING)
    )
    running = set(db.session.scalars(assigned))
    reports = desk_reports.of_sessions(numbers)
    found = {}
    for session in sessions:
        facts = coverage.SessionFacts(session.cover, session.rule, session.cancelled_at is not None)
        report = reports.get(session.id)
        states = coverage.ReportStates(report.work_state, report.public_state) if report else None
        assignments = [AssignmentState.ACCEPTED] if session.id in running else []
        told = coverage.plan(facts, assignments, states)
        if told is not None:
            found[session.id] = told
    return found


def counts(kind: TermKind) -> Mapping[int, int]:
    """How many public reports each term of this kind has, its children's included; terms without one are left out."""
    rows = db.session.execute(
        select(PublishedTerm.term_id, func.count()).where(PublishedTerm.kind == kind).group_by(PublishedTerm.term_id)
    )
    return {row[0]: row[1] for row in rows}


def event_value(event: Event) -> PublicEvent:
    """An event as the public knows it."""
    return PublicEvent(
        slug=event.slug,
        name=event.name,
        place=event.place,
        time_zone=event.time_zone,
        starts_on=event.starts_on,
        ends_on=event.ends_on,
        is_sample=event.is_sample,
    )


def session_value(session: ProgrammeSession) -> PublicSession:
    """An entry of a programme as the public knows it: without its words where they could name somebody."""
    return PublicSession(
        number=session.id,
        title=public_title(session.title, session.rule),
        room=session.room.name if session.room else "",
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        description=public_description(session.description, session.rule),
        names_hidden=not shows_speakers(session.rule),
    )


def speakers_of(session: ProgrammeSession) -> tuple[PublicSpeaker, ...]:
    """Who speaks in a session, in the programme's order; nobody where the speakers may not be named."""
    if not shows_speakers(session.rule):
        return ()
    return tuple(
        PublicSpeaker(one.speaker.name, one.speaker.position, one.speaker.organisation) for one in session.speakers
    )


def _public_reports() -> Select[PublishedReport]:
    return select(PublishedReport).options(
        joinedload(PublishedReport.revision).selectinload(Revision.policy_issues),
        joinedload(PublishedReport.revision).selectinload(Revision.processes),
        joinedload(PublishedReport.revision).selectinload(Revision.sdg_targets),
        joinedload(PublishedReport.event),
        joinedload(PublishedReport.programme_session).joinedload(ProgrammeSession.room),
    )


def _term_ids(kind: TermKind, slugs: Iterable[str]) -> list[int]:
    table: Any = {TermKind.POLICY_ISSUE: PolicyIssue, TermKind.PROCESS: Process, TermKind.EVENT: Event}[kind]
    wanted = list(slugs)
    ids = list(db.session.scalars(select(table.id).where(table.slug.in_(wanted))))
    if len(ids) != len(wanted):
        raise NotFound
    return ids


def _values(rows: Sequence[PublishedReport]) -> list[PublicReport]:
    numbers = [row.report_number for row in rows]
    hidden_since = attribution.names_hidden_since(numbers)
    changes: dict[int, list[PublicChangeLine]] = {number: [] for number in numbers}
    for change in db.session.scalars(
        select(PublicChange).where(PublicChange.report_number.in_(numbers)).order_by(PublicChange.number)
    ):
        note = _note(change, hidden_since.get(change.report_number))
        changes[change.report_number].append(
            PublicChangeLine(number=change.number, kind=change.kind, at=change.changed_at, note=note)
        )
    texts = {row.report_number: desk_reports.text_of(row.revision) for row in rows}
    issues = _terms(taxonomy.by_ids({issue for text in texts.values() for issue in text.policy_issues}))
    processes = _terms(taxonomy.processes_by_ids({one for text in texts.values() for one in text.processes}))
    targets = _terms(taxonomy.sdg_targets_by_ids({one for text in texts.values() for one in text.sdg_targets}))
    return [
        PublicReport(
            number=row.report_number,
            revision=row.revision_number,
            slug=row.slug,
            headline=text.headline,
            lead=text.lead,
            key_points=text.key_points,
            body_html=row.body_html,
            byline=text.byline,
            links=text.links,
            language=text.language,
            policy_issues=_sorted(issues[one] for one in text.policy_issues),
            processes=_sorted(processes[one] for one in text.processes),
            sdg_targets=tuple(targets[one] for one in sorted(text.sdg_targets)),
            first_summary=text.first_summary,
            checked_by=text.checked_by,
            event=event_value(row.event),
            programme_session=session_value(row.programme_session) if row.programme_session else None,
            first_published_at=row.first_published_at,
            updated_at=row.updated_at,
            changes=tuple(
                one for one in changes[row.report_number] if one.kind not in (ChangeKind.MINOR, ChangeKind.HIDDEN)
            ),
        )
        for row in rows
        for text in [texts[row.report_number]]
    ]


def _note(change: PublicChange, names_hidden_since: datetime | None) -> str:
    """What readers are told of a change; nothing where it was written when names were still allowed."""
    return "" if names_hidden_since is not None and change.changed_at < names_hidden_since else change.note


def _terms(found: Mapping[int, taxonomy.Term]) -> dict[int, PublicTerm]:
    """The terms as they are called now; one that was merged stands as what it was merged into."""
    now = {one: taxonomy.now_called(term) for one, term in found.items()}
    return {one: PublicTerm(slug=term.slug, name=term.name) for one, term in now.items()}


def _sorted(terms: Iterable[PublicTerm]) -> tuple[PublicTerm, ...]:
    return tuple(sorted(set(terms), key=lambda term: term.name))
