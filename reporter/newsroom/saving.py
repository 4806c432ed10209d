"""Keeping what was typed: every save to the letter, two people's saves brought together, old ones thinned."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

from reporter.models.database import db
from reporter.models.people import User
from reporter.models.report import DraftSave, Report
from reporter.newsroom import revisions, transition
from reporter.queries import draft_saves, reports
from reporter.rules.clock import event_end
from reporter.rules.errors import N_, Refused
from reporter.rules.languages import LANGUAGES
from reporter.rules.merge import Choose, Clash, MergedText, kept_by_itself, merge
from reporter.rules.report_text import ReportText
from reporter.rules.vocabulary import WorkState

WRITABLE = frozenset({WorkState.DRAFT, WorkState.SENT_BACK, WorkState.FILED, WorkState.APPROVED})
WHOLE_FOR = timedelta(days=1)  # every save is kept so long; then one a minute
KEPT_AFTER_EVENT = timedelta(days=30)


@dataclass(frozen=True)
class Kept:
    """What became of a text: `save` holds it to the letter; `head` is the working text now.

    Where `places` names clashes the text stands beside the working text, and somebody has to choose.
    """

    save: DraftSave
    head: DraftSave
    places: tuple[Clash, ...] = ()


def keep(
    report: Report,
    text: ReportText,
    *,
    client_id: str,
    by: User,
    at: datetime,
    based_on: int | None = None,
    device: str = "",
) -> Kept:
    """Keep what was typed. The same words again under the same `client_id` are a resend, which keeps nothing twice.

    `based_on` is the sequence of the save from which the writer went on; None means: on top of whatever is there.
    Where somebody else saved meanwhile the two are merged as a further save; where they clash, this text is set aside
    and the clashes are named. Raises Refused where a part is over its limit or the language is unknown, WrongState
    where nothing is being written.
    """
    transition.allow_writing(report, by=by)
    there = draft_saves.by_client_id(client_id)
    mine = there is not None and there.report_number == report.number and there.saved_by_id == by.id
    if there is not None and mine and reports.text_of(there) == text:
        return again(report, there, by=by, at=at)
    if report.work_state not in WRITABLE:
        transition.refuse(report)
    check(text, of=report)
    if there is not None:
        # The page was sent before with other words (the browser's Back button): these words are a save of their own.
        client_id = uuid4().hex
        based_on = there.sequence if mine else based_on
    head = draft_saves.head(report.number)
    if based_on is not None and based_on > draft_saves.last_sequence(report.number):
        based_on = 0  # no save that we ever gave anybody: the two texts have nothing in common that we know of
    if head is None or based_on is None or based_on == head.sequence or reports.text_of(head) == text:
        save = _add(report, text, client_id=client_id, by=by, at=at, based_on=based_on or 0, device=device)
        return Kept(save, save)
    merged = _merged(_common(report, based_on, at=at), text, reports.text_of(head))
    save = _add(
        report, text, client_id=client_id, by=by, at=at, based_on=based_on, device=device, set_aside=True
    )  # the words as they were typed, whatever becomes of them
    if merged.places:
        return Kept(save, head, merged.places)
    return Kept(save, _join(report, save, head, merged.text, by=by, at=at))


def check(text: ReportText, *, of: Report | None = None) -> None:
    """Raise Refused where a part of the text is over its limit or its language is none that we know."""
    refusal = text.too_long()
    if refusal is not None:
        raise refusal
    if text.language not in LANGUAGES and (of is None or text.language != of.language):
        raise Refused(
            N_("“%(language)s” is no language that we know. Choose one from the list."), language=text.language
        )


def again(report: Report, save: DraftSave, *, by: User, at: datetime) -> Kept:
    """What to answer to somebody whose save was kept before. What clashed then and does not now is joined."""
    head = draft_saves.head(report.number) or save
    if not save.set_aside or draft_saves.merging(report.number, save.sequence) is not None:
        return Kept(save, head)
    merged = _merged(_common(report, save.based_on, at=at), reports.text_of(save), reports.text_of(head))
    if merged.places or report.work_state not in WRITABLE:
        return Kept(save, head, merged.places)
    return Kept(save, _join(report, save, head, merged.text, by=by, at=at))


def places(report: Report, save: DraftSave, *, at: datetime) -> tuple[Clash, ...]:
    """Where a save that was set aside clashes with the working text as it is now."""
    head = draft_saves.head(report.number)
    if head is None:
        return ()
    return _merged(_common(report, save.based_on, at=at), reports.text_of(save), reports.text_of(head)).places


def standing(save: DraftSave) -> DraftSave:
    """The save of the working text that holds these words: itself, or the one that brought it together with others."""
    return draft_saves.merging(save.report_number, save.sequence) or save if save.set_aside else save


def resolve(report: Report, save: DraftSave, *, seen: int, choose: Choose, by: User, at: datetime) -> Kept:
    """Bring a save that was set aside together with the working text, as somebody chose at each clash.

    `seen` is the working text (its save) that stood beside it: where that moved on and clashes anew, nothing is
    changed and the new clashes are named. What was not chosen stays among the saves.
    """
    transition.allow_writing(report, by=by)
    if report.work_state not in WRITABLE:
        transition.refuse(report)
    head = draft_saves.head(report.number)
    if head is None or not save.set_aside or draft_saves.merging(report.number, save.sequence) is not None:
        return again(report, save, by=by, at=at)
    base = _common(report, save.based_on, at=at)
    merged = _merged(base, reports.text_of(save), reports.text_of(head), choose=choose)
    if head.sequence != seen and merged.places:
        return Kept(save, head, merged.places)
    check(merged.text, of=report)
    return Kept(save, _join(report, save, head, merged.text, by=by, at=at))


def take_in(report: Report, *, base: ReportText, changed: ReportText, by: User, at: datetime) -> DraftSave | None:
    """Bring a change that was made elsewhere (`base` became `changed`) into the working text, as a new save.

    What the writer typed stays; where both changed a single-line part, the writer's stays among the older saves.
    None where nothing was being written.
    """
    head = draft_saves.head(report.number)
    if head is None:
        return None
    merged = merge(base, reports.text_of(head), changed)
    if merged.text == reports.text_of(head):
        return head
    return _add(report, merged.text, by=by, at=at, based_on=head.sequence)


def put(report: Report, text: ReportText, *, by: User, at: datetime) -> DraftSave:
    """A save on top of whatever is there, made by an act and not by typing."""
    head = draft_saves.head(report.number)
    return _add(report, text, by=by, at=at, based_on=head.sequence if head is not None else 0)


def restore(report: Report, save: DraftSave, *, by: User, at: datetime) -> Kept:
    """Go on from an older save: its words become the working text again, and the present ones stay among the saves."""
    return keep(report, reports.text_of(save), client_id=uuid4().hex, by=by, at=at)


def thin(report: Report, *, at: datetime) -> int:
    """Take away the saves that nobody needs any more; answers how many.

    Every save of the last day stays, then the last one of each minute and writer, until thirty days after the event
    (or after the save, for a report that is changed later). What was set aside stays whole so long: its words may stand
    nowhere else, and only with it is it known what a text that goes on from it has in common with the working text.
    The working text stays for good, and what was handed in; and the newest number, so that none is given twice.
    """
    every = draft_saves.every(report.number)
    stays = draft_saves.handed_in(report.number) | {draft_saves.last_sequence(report.number)}
    head = draft_saves.head(report.number)
    if head is not None:
        stays.add(head.sequence)
    apart = {save.sequence for save in every if save.set_aside}
    last_of_minute = {
        (save.saved_by_id, save.device, save.saved_at.replace(second=0, microsecond=0)): save.sequence
        for save in every
        if not save.set_aside
    }
    ended = _ended(report)
    stays_for_now = stays | apart | set(last_of_minute.values())
    gone = list(_outlived(every, at=at, ended=ended, stays=stays_for_now, always=stays))
    for save in gone:
        db.session.delete(save)
    db.session.flush()
    return len(gone)


def _outlived(
    saves: Iterable[DraftSave], *, at: datetime, ended: datetime, stays: set[int], always: set[int]
) -> Iterable[DraftSave]:
    for save in saves:
        too_old = at > max(ended, save.saved_at) + KEPT_AFTER_EVENT
        if (too_old and save.sequence not in always) or (at > save.saved_at + WHOLE_FOR and save.sequence not in stays):
            yield save


def _merged(base: ReportText, mine: ReportText, theirs: ReportText, *, choose: Choose = kept_by_itself) -> MergedText:
    """The two together. Where they do not clash but are more than a report may hold, somebody has to choose as well."""
    merged = merge(base, mine, theirs, choose=choose)
    if merged.places or merged.text.too_long() is None:
        return merged
    return merge(ReportText(language=base.language), mine, theirs, choose=choose)


def _common(report: Report, based_on: int, *, at: datetime) -> ReportText:
    whole = at <= _ended(report) + KEPT_AFTER_EVENT
    base = draft_saves.common(report.number, based_on, whole=whole)
    return reports.text_of(base) if base is not None else ReportText(language=report.language)


def _ended(report: Report) -> datetime:
    return event_end(report.event.ends_on, report.event.time_zone)


def _join(report: Report, save: DraftSave, head: DraftSave, text: ReportText, *, by: User, at: datetime) -> DraftSave:
    return _add(report, text, by=by, at=at, based_on=head.sequence, merged_from=save.sequence, device=save.device)


def _add(
    report: Report,
    text: ReportText,
    *,
    by: User,
    at: datetime,
    client_id: str | None = None,
    based_on: int = 0,
    device: str = "",
    set_aside: bool = False,
    merged_from: int | None = None,
) -> DraftSave:
    save = DraftSave(
        report_number=report.number,
        sequence=draft_saves.last_sequence(report.number) + 1,
        client_id=client_id or uuid4().hex,
        based_on=based_on,
        set_aside=set_aside,
        merged_from=merged_from,
        device=device,
        saved_by_id=by.id,
        saved_at=at,
        **revisions.subject_columns(text),
        **revisions.columns(text),
    )
    db.session.add(save)
    db.session.flush()
    return save
