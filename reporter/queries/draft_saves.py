"""The saves of a working text: the newest one, those beside it, and what two of them grew from."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from reporter.models.database import db
from reporter.models.event import Event
from reporter.models.report import DraftSave, Report, Revision
from reporter.rules.errors import NotFound


def head(report_number: int) -> DraftSave | None:
    """The newest save of the working text (saves that were set aside are not it)."""
    return db.session.scalar(
        select(DraftSave)
        .where(DraftSave.report_number == report_number, DraftSave.set_aside.is_(False))
        .order_by(DraftSave.sequence.desc())
        .limit(1)
    )


def one(report_number: int, sequence: int) -> DraftSave:
    """One save. Raises NotFound."""
    found = db.session.get(DraftSave, (report_number, sequence))
    if found is None:
        raise NotFound
    return found


def by_client_id(client_id: str) -> DraftSave | None:
    """The save that a page made under this id, so that a resend is harmless."""
    return db.session.scalar(select(DraftSave).where(DraftSave.client_id == client_id))


def every(report_number: int) -> Sequence[DraftSave]:
    """Every kept save of a report, oldest first."""
    return db.session.scalars(
        select(DraftSave)
        .where(DraftSave.report_number == report_number)
        .options(joinedload(DraftSave.saved_by))
        .order_by(DraftSave.sequence)
    ).all()


def set_aside(report_number: int) -> Sequence[DraftSave]:
    """The saves that met a newer one and were brought together with nothing since, newest first.

    Of those from which their writer went on, typing, only the last one: it holds what became of the words before.
    """
    return db.session.scalars(
        select(DraftSave)
        .where(
            DraftSave.report_number == report_number,
            DraftSave.set_aside.is_(True),
            DraftSave.sequence.not_in(
                select(DraftSave.merged_from).where(
                    DraftSave.report_number == report_number, DraftSave.merged_from.is_not(None)
                )
            ),
            DraftSave.sequence.not_in(select(DraftSave.based_on).where(DraftSave.report_number == report_number)),
        )
        .options(joinedload(DraftSave.saved_by))
        .order_by(DraftSave.sequence.desc())
    ).all()


def last_sequence(report_number: int) -> int:
    """The number of the newest save, set aside or not; 0 where there is none."""
    newest = select(func.max(DraftSave.sequence)).where(DraftSave.report_number == report_number)
    return db.session.scalar(newest) or 0


def merging(report_number: int, sequence: int) -> DraftSave | None:
    """The save that brought this one, which had been set aside, together with the working text."""
    return db.session.scalar(
        select(DraftSave).where(DraftSave.report_number == report_number, DraftSave.merged_from == sequence).limit(1)
    )


def common(report_number: int, sequence: int, *, whole: bool = True) -> DraftSave | None:
    """The save that a text, whose writer went on from save `sequence`, has in common with the working text.

    That is the save itself, where it became part of the working text; else the nearest one before it that did. Where
    thinning took a save away, the nearest older one of the working text stands in: what came between may show up as a
    clash, and nothing is lost by it. That holds while every save that was set aside is there (`whole`); later what is
    missing may be one of those, which had not seen the older one: then nothing is known to be in common.
    """
    at: int = sequence
    while at > 0:
        found = db.session.get(DraftSave, (report_number, at))
        if found is None and not whole:
            return None
        if found is None:
            return db.session.scalar(
                select(DraftSave)
                .where(
                    DraftSave.report_number == report_number,
                    DraftSave.sequence < at,
                    DraftSave.set_aside.is_(False),
                )
                .order_by(DraftSave.sequence.desc())
                .limit(1)
            )
        if not found.set_aside or merging(report_number, at) is not None:
            return found
        at = found.based_on if found.based_on < at else 0
    return None


def writers_since(report_number: int, since: datetime) -> Sequence[DraftSave]:
    """The newest save of each person and device since then, newest first: who is writing."""
    newest = (
        select(func.max(DraftSave.sequence))
        .where(DraftSave.report_number == report_number, DraftSave.saved_at > since)
        .group_by(DraftSave.saved_by_id, DraftSave.device)
    )
    return db.session.scalars(
        select(DraftSave)
        .where(DraftSave.report_number == report_number, DraftSave.sequence.in_(newest))
        .options(joinedload(DraftSave.saved_by))
        .order_by(DraftSave.sequence.desc())
    ).all()


def headlines(report_numbers: Iterable[int]) -> dict[int, str]:
    """The headline of each report's newest working text, where it has one."""
    newest = (
        select(DraftSave.report_number, func.max(DraftSave.sequence).label("sequence"))
        .where(DraftSave.report_number.in_(list(report_numbers)), DraftSave.set_aside.is_(False))
        .group_by(DraftSave.report_number)
        .subquery()
    )
    rows = db.session.execute(
        select(DraftSave.report_number, DraftSave.headline).join(
            newest,
            (newest.c.report_number == DraftSave.report_number) & (newest.c.sequence == DraftSave.sequence),
        )
    )
    return {number: headline for number, headline in rows if headline}


def to_thin(*, older_than: datetime, event_after: date) -> Sequence[int]:
    """The reports that have more than one save, one of them older than that, of events that ended after that day."""
    return db.session.scalars(
        select(DraftSave.report_number)
        .join(Report, Report.number == DraftSave.report_number)
        .join(Event, Event.id == Report.event_id)
        .where(Event.ends_on > event_after)
        .group_by(DraftSave.report_number)
        .having(func.count() > 1, func.min(DraftSave.saved_at) < older_than)
        .order_by(DraftSave.report_number)
    ).all()


def handed_in(report_number: int) -> set[int]:
    """The saves of which revisions were made: these stay as long as the revisions do."""
    return {
        sequence
        for sequence in db.session.scalars(
            select(Revision.draft_sequence).where(Revision.report_number == report_number)
        )
        if sequence is not None
    }
