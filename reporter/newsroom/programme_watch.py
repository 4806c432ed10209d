"""A programme that is looked at again by itself: at its address, every so often; editors are told what would change.

Nothing is applied without an editor: what was read is kept as a file like one that somebody chose.
"""

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta

from reporter.models.database import db
from reporter.models.event import Event
from reporter.models.people import User
from reporter.models.programme import ProgrammeImport, ProgrammeSource
from reporter.newsroom import notices, programme_import
from reporter.queries import people, programmes
from reporter.rules.errors import N_, Refused, ReporterError
from reporter.rules.vocabulary import NoticeKind
from reporter.sources.draft import ProgrammeDraft

EVERY = (15, 60, 360, 1_440)  # minutes that can be chosen


def watch(
    event: Event, *, address: str, every_minutes: int, data: bytes, by: User, at: datetime, validators: tuple[str, str]
) -> ProgrammeSource:
    """Look at `address` again every so often, from now on instead of any other; `data` is what it said just now.

    `validators` are the answer's ETag and Last-Modified. Raises Refused for a time that cannot be chosen.
    """
    programme_import.allow(event, by=by)
    if every_minutes not in EVERY:
        raise Refused(N_("Choose how often the programme is looked at again."))
    source = programmes.source_for_change(event.id) or ProgrammeSource(event_id=event.id)
    source.address, source.every_minutes, source.problem, source.checked_at = address, every_minutes, "", at
    _remember(source, data, validators)
    db.session.add(source)
    db.session.flush()
    return source


def stop(event: Event, *, by: User) -> None:
    """Look no more; harmless where nothing was looked at."""
    programme_import.allow(event, by=by)
    source = programmes.source_for_change(event.id)
    if source is not None:
        db.session.delete(source)
        db.session.flush()


def claim(event_id: int, *, at: datetime) -> ProgrammeSource | None:
    """The event's source, if it is due now; it is not due again until its time has passed, for any worker."""
    source = programmes.source_for_change(event_id)
    if source is None or not is_due(source, at=at):
        return None
    source.checked_at = at
    db.session.flush()
    return source


def is_due(source: ProgrammeSource, *, at: datetime) -> bool:
    """Whether the source is to be looked at now."""
    return source.checked_at is None or source.checked_at + timedelta(minutes=source.every_minutes) <= at


def same(source: ProgrammeSource, data: bytes) -> bool:
    """Whether `data` is what the source said last."""
    return source.sha256 == hashlib.sha256(data).hexdigest()


def unchanged(source: ProgrammeSource) -> None:
    """It was reached and says what it said before."""
    source.problem = ""
    db.session.flush()


def failed(source: ProgrammeSource, error: ReporterError, *, at: datetime) -> None:
    """It could not be reached or read. Editors are told once, until it works again."""
    if not source.problem:
        for editor in _editors(source.event):
            notices.tell(
                editor, NoticeKind.PROGRAMME_UNREACHABLE, event=source.event, at=at, details={"note": str(error)}
            )
    source.problem = str(error)
    db.session.flush()


def changed(
    source: ProgrammeSource, data: bytes, draft: ProgrammeDraft, *, validators: tuple[str, str], at: datetime
) -> ProgrammeImport | None:
    """It says something else: keep the file for an editor to look at, where applying it would change anything."""
    source.problem = ""
    _remember(source, data, validators)
    plan = programme_import.plan(source.event, draft)
    if plan.nothing:
        return None
    name = source.address.rsplit("/", 1)[-1] or source.address
    kept = programme_import.keep(source.event, data=data, file_name=name, by=None, at=at, address=source.address)
    for editor in _editors(source.event):
        notices.tell(
            editor, NoticeKind.PROGRAMME_CHANGED, event=source.event, at=at, details={"import": kept.id, **plan.counts}
        )
    return kept


def _remember(source: ProgrammeSource, data: bytes, validators: tuple[str, str]) -> None:
    source.etag, source.last_modified = validators
    source.sha256 = hashlib.sha256(data).hexdigest()


def _editors(event: Event) -> Sequence[User]:
    return people.editors(event.id)
