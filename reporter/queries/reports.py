"""Reports on the desk: their states, saves and revisions."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from reporter.models.database import db
from reporter.models.event import Event
from reporter.models.people import User
from reporter.models.report import (
    Approval,
    DraftSave,
    HeldText,
    PublicationCounter,
    PublicChange,
    PublishedReport,
    PublishedTerm,
    Report,
    ReportRapporteur,
    ReviewNote,
    Revision,
)
from reporter.rules.permissions import ReportFacts
from reporter.rules.report_text import KeyPoint, Link, ReportText
from reporter.rules.vocabulary import ChangeKind, PublicState, RevisionOrigin, WorkState


def by_number(number: int) -> Report | None:
    """One report with its session, event and rapporteurs, as it is now (a refused act may have read it before)."""
    return db.session.scalar(
        select(Report)
        .where(Report.number == number)
        .options(
            joinedload(Report.event),
            joinedload(Report.programme_session),
            selectinload(Report.rapporteurs).joinedload(ReportRapporteur.user),
        )
        .execution_options(populate_existing=True)
    )


def for_change(number: int) -> Report | None:
    """The report, locked until the unit of work ends, as it is now and not as it was read before."""
    return db.session.scalar(
        select(Report)
        .where(Report.number == number)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )


def of_session(session_number: int) -> Report | None:
    """The report of a session that is neither discarded nor a translation."""
    return db.session.scalar(
        select(Report).where(
            Report.programme_session_id == session_number,
            Report.work_state != WorkState.DISCARDED,
            Report.translation_of.is_(None),
        )
    )


def discarded_of_session(session_number: int) -> Sequence[Report]:
    """The discarded reports of a session, newest first: any of them can be taken up again."""
    return db.session.scalars(
        select(Report)
        .where(Report.programme_session_id == session_number, Report.work_state == WorkState.DISCARDED)
        .order_by(Report.number.desc())
    ).all()


def of_sessions(session_numbers: Iterable[int]) -> dict[int, Report]:
    """The report of each of these sessions that has one."""
    rows = db.session.scalars(
        select(Report).where(
            Report.programme_session_id.in_(list(session_numbers)),
            Report.work_state != WorkState.DISCARDED,
            Report.translation_of.is_(None),
        )
    )
    return {row.programme_session_id: row for row in rows if row.programme_session_id is not None}


def translation(original: int, language: str) -> Report | None:
    """The translation of a report into a language, if it is not discarded."""
    return db.session.scalar(
        select(Report).where(
            Report.translation_of == original, Report.language == language, Report.work_state != WorkState.DISCARDED
        )
    )


def rapporteur(report: Report, user: User) -> ReportRapporteur | None:
    """The line that lists `user` as a rapporteur of the report."""
    return db.session.get(ReportRapporteur, (report.number, user.id))


def facts(report: Report, user: User | None) -> ReportFacts:
    """What a decision of `user` (None: the worker) about the report depends on."""
    return ReportFacts(
        own=user is not None and rapporteur(report, user) is not None,
        work_state=report.work_state,
        public_state=report.public_state,
        ever_filed=report.filed_at is not None,
        lone_editor=report.event.lone_editor,
    )


def last_revision_number(report_number: int) -> int:
    """The number of the newest revision; 0 where there is none."""
    return db.session.scalar(select(func.max(Revision.number)).where(Revision.report_number == report_number)) or 0


def revision(report_number: int, number: int) -> Revision | None:
    """One revision with its policy issues."""
    return db.session.scalar(
        select(Revision)
        .where(Revision.report_number == report_number, Revision.number == number)
        .options(
            selectinload(Revision.policy_issues),
            selectinload(Revision.processes),
            selectinload(Revision.sdg_targets),
            joinedload(Revision.made_by),
        )
    )


def revision_of_save(report_number: int, sequence: int) -> Revision | None:
    """The revision that handing in this save made, if it was handed in."""
    return db.session.scalar(
        select(Revision)
        .where(
            Revision.report_number == report_number,
            Revision.draft_sequence == sequence,
            Revision.origin == RevisionOrigin.FILED,
        )
        .order_by(Revision.number.desc())
        .limit(1)
    )


def revisions(report_number: int) -> Sequence[Revision]:
    """Every revision of a report, newest first."""
    return db.session.scalars(
        select(Revision)
        .where(Revision.report_number == report_number)
        .options(joinedload(Revision.made_by))
        .order_by(Revision.number.desc())
    ).all()


def notes(report_number: int) -> Sequence[ReviewNote]:
    """What editors said to the rapporteurs, newest first."""
    return db.session.scalars(
        select(ReviewNote)
        .where(ReviewNote.report_number == report_number)
        .options(joinedload(ReviewNote.written_by))
        .order_by(ReviewNote.id.desc())
    ).all()


def is_approved(report_number: int, revision_number: int) -> bool:
    """Whether an editor ever approved this revision."""
    return (
        db.session.scalar(
            select(Approval.id)
            .where(Approval.report_number == report_number, Approval.revision_number == revision_number)
            .limit(1)
        )
        is not None
    )


def changes(report_number: int) -> Sequence[PublicChange]:
    """What the public saw happen to a report, oldest first."""
    return db.session.scalars(
        select(PublicChange).where(PublicChange.report_number == report_number).order_by(PublicChange.number)
    ).all()


def was_public(report_number: int, revision_number: int) -> bool:
    """Whether the public ever saw this revision."""
    return (
        db.session.scalar(
            select(PublicChange.number)
            .where(
                PublicChange.report_number == report_number,
                PublicChange.revision_number == revision_number,
                PublicChange.kind != ChangeKind.WITHDRAWAL,
            )
            .limit(1)
        )
        is not None
    )


def _with_facts() -> Any:
    return (
        joinedload(Report.event),
        joinedload(Report.programme_session),
        selectinload(Report.rapporteurs).joinedload(ReportRapporteur.user),
    )


def waiting(event_ids: Iterable[int]) -> Sequence[Report]:
    """What waits for an editor at these events: filed first, then approved ones, the longest waiting first."""
    rows = db.session.scalars(
        select(Report)
        .where(Report.event_id.in_(list(event_ids)), Report.work_state.in_([WorkState.FILED, WorkState.APPROVED]))
        .options(*_with_facts())
        .order_by(Report.filed_at, Report.number)
    ).all()
    return sorted(rows, key=lambda report: report.work_state is not WorkState.FILED)


def waiting_before(report: Report) -> int:
    """How many reports of the same event were handed in before this one and wait for an editor."""
    if report.filed_at is None:
        return 0
    return (
        db.session.scalar(
            select(func.count())
            .select_from(Report)
            .where(
                Report.event_id == report.event_id,
                Report.work_state == WorkState.FILED,
                Report.number != report.number,
                Report.filed_at < report.filed_at,
            )
        )
        or 0
    )


def published_lately(event_ids: Sequence[int], *, size: int = 30) -> list[tuple[Report, str, datetime]]:
    """What is or was public at these events, the latest change first: the report, its public headline, when."""
    latest = (
        select(PublicChange.report_number, func.max(PublicChange.number).label("number"))
        .join(Report, Report.number == PublicChange.report_number)
        .where(Report.event_id.in_(event_ids), Report.public_state != PublicState.NEVER)
        .group_by(PublicChange.report_number)
        .order_by(func.max(PublicChange.number).desc())
        .limit(size)
        .subquery()
    )
    rows = db.session.execute(
        select(Report, Revision.headline, PublicChange.changed_at)
        .join(latest, latest.c.report_number == Report.number)
        .join(PublicChange, PublicChange.number == latest.c.number)
        .join(Revision, (Revision.report_number == Report.number) & (Revision.number == Report.published_revision))
        .options(joinedload(Report.event))
        .order_by(latest.c.number.desc())
    ).all()
    return [(report, headline, changed_at) for report, headline, changed_at in rows]


def of_rapporteur(user: User) -> Sequence[Report]:
    """The reports of which `user` is a rapporteur, newest first."""
    return db.session.scalars(
        select(Report)
        .join(ReportRapporteur, ReportRapporteur.report_number == Report.number)
        .join(Event, Event.id == Report.event_id)
        .where(ReportRapporteur.user_id == user.id, Report.work_state != WorkState.DISCARDED, Event.hidden_at.is_(None))
        .options(*_with_facts())
        .order_by(Report.number.desc())
    ).all()


def due(at: datetime) -> Sequence[int]:
    """The numbers of approved reports whose embargo lifted at or before `at`, in the order in which they lifted."""
    return db.session.scalars(
        select(Report.number)
        .join(Event, Event.id == Report.event_id)
        .where(
            Event.hidden_at.is_(None),
            Report.work_state == WorkState.APPROVED,
            Report.public_state != PublicState.WITHDRAWN,
            Report.embargo_until <= at,
        )
        .order_by(Report.embargo_until, Report.number)
    ).all()


def text_of(row: DraftSave | HeldText | Revision) -> ReportText:
    """The words of a save, a held text or a revision as a value."""
    if isinstance(row, Revision):
        issues = [one.policy_issue_id for one in row.policy_issues]
        processes = [one.process_id for one in row.processes]
        targets = [one.sdg_target_id for one in row.sdg_targets]
    else:
        issues, processes, targets = row.policy_issue_ids, row.process_ids, row.sdg_target_ids
    return ReportText(
        headline=row.headline,
        lead=row.lead,
        key_points=tuple(
            KeyPoint(point["text"], point.get("actor", ""), point.get("capacity", ""), point.get("policy_issue"))
            for point in row.key_points
        ),
        body=row.body,
        byline=row.byline,
        links=tuple(Link(title=link["title"], url=link["url"]) for link in row.links),
        policy_issues=frozenset(issues),
        processes=frozenset(processes),
        sdg_targets=frozenset(targets),
        language=row.language,
        first_summary=row.first_summary,
        checked_by=row.checked_by,
    )


def publication_counter_for_change() -> PublicationCounter:
    """The counter of public changes, locked until the unit of work ends: so numbers follow commits without a gap."""
    return db.session.execute(
        select(PublicationCounter).with_for_update().execution_options(populate_existing=True)
    ).scalar_one()


def projection(report_number: int) -> Sequence[PublishedTerm | PublishedReport]:
    """What public listings hold of a report: its terms, then its row."""
    terms = db.session.scalars(select(PublishedTerm).where(PublishedTerm.report_number == report_number)).all()
    row = db.session.get(PublishedReport, report_number)
    return [*terms, row] if row is not None else list(terms)


def public_of_event(event_id: int) -> Sequence[Report]:
    """The public reports of an event, locked."""
    return db.session.scalars(
        select(Report)
        .where(Report.event_id == event_id, Report.public_state == PublicState.PUBLIC)
        .order_by(Report.number)
        .with_for_update(key_share=True)
    ).all()


def public_numbers() -> Sequence[int]:
    """The numbers of all public reports."""
    return db.session.scalars(
        select(Report.number).where(Report.public_state == PublicState.PUBLIC).order_by(Report.number)
    ).all()
