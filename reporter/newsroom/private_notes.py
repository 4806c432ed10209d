"""Private notes and pasted transcripts: for a report's own rapporteurs, and for thirty days after the event."""

from datetime import datetime

from reporter.models.database import db
from reporter.models.event import Event
from reporter.models.people import User
from reporter.models.report import PrivateNotes, Report
from reporter.newsroom.saving import KEPT_AFTER_EVENT
from reporter.queries import held_texts, private_notes, reports
from reporter.rules.clock import event_end
from reporter.rules.errors import N_, NotAllowed, TextRefused
from reporter.rules.merge import merge_units, paragraphs
from reporter.rules.report_text import clean

MAX_NOTES = 500_000  # characters: a pasted transcript of a long session


def allow(report: Report, *, by: User) -> None:
    """Raise NotAllowed unless `by` is one of the report's rapporteurs; an editor as such does not see them."""
    if reports.rapporteur(report, by) is None:
        raise NotAllowed


def keep(report: Report, text: str, *, version: int, by: User, at: datetime) -> PrivateNotes:
    """Keep what `by` noted beside the report (locked); `version` is the one it was typed on, 0 for none.

    Where another device of the same person saved meanwhile, both stand, paragraph by paragraph. Raises TextRefused
    over the limit.
    """
    allow(report, by=by)
    text = cleaned(text)
    row = private_notes.one(report.number, by.id)
    if row is None:
        row = PrivateNotes(report_number=report.number, user_id=by.id, text=text, version=1, saved_at=at)
        db.session.add(row)
    elif row.text != text:
        if version != row.version:  # typed without having seen the other: nothing of either is left out
            both, _clash = merge_units((), paragraphs(text), paragraphs(row.text))
            text = "\n\n".join(both)
        row.text, row.version, row.saved_at = text, row.version + 1, at
    db.session.flush()
    return row


def cleaned(text: str) -> str:
    """The notes as they are kept. Raises TextRefused over the limit."""
    text = clean(text).strip("\n")
    check(text)
    return text


def check(text: str) -> None:
    """Raise TextRefused for notes over the limit."""
    if len(text) > MAX_NOTES:
        raise TextRefused(
            N_("The notes have %(size)s characters; at most %(limit)s are possible."), size=len(text), limit=MAX_NOTES
        )


def forget(*, at: datetime) -> int:
    """Delete the notes of events that ended thirty days ago, unless written since; answers how many."""
    gone = [row for row, event in private_notes.every_with_event() if outlived(event, row.saved_at, at=at)]
    for row in gone:
        db.session.delete(row)
    beside = [held for held in held_texts.with_notes() if outlived(held.event, held.received_at, at=at)]
    for held in beside:
        held.notes = ""
    db.session.flush()
    return len(gone) + len(beside)


def outlived(event: Event, written_at: datetime, *, at: datetime) -> bool:
    """Whether the thirty days after the event are over, or those after the moment of writing where that came later."""
    return at > max(event_end(event.ends_on, event.time_zone), written_at) + KEPT_AFTER_EVENT
