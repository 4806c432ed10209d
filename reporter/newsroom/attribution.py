"""Who may be named: no text of a session whose rule protects its speakers becomes public while it names one.

Each name goes, or an editor records why it stays. What is recorded holds for the revision it names and no other.
"""

from collections.abc import Collection, Sequence
from datetime import datetime

from reporter.models.database import db
from reporter.models.people import User
from reporter.models.report import AttributionWaiver, Report, Revision
from reporter.newsroom import history, notices, revisions
from reporter.queries import attribution, people, programmes, reports
from reporter.queries import notices as told
from reporter.rules.attribution import shows_speakers, takes_report
from reporter.rules.errors import N_, NamesStand, NotAllowed, Refused, StaleRevision, WrongState
from reporter.rules.report_text import ReportText, clean
from reporter.rules.vocabulary import Entry, NoticeKind, PublicState, WorkState
from reporter.text.attribution_check import NameFound, names_found
from reporter.text.findings import SpeakerName

MAX_REASON = 2_000  # characters
LISTED = 10  # names that a refusal spells out; the page lists all of them


def names_in(report: Report, text: ReportText) -> list[NameFound]:
    """The names and affiliations in `text` that the rule of the report's session keeps out, in the order of the text.

    None for a report of no session and for one whose session is on the record. A translation is under the rule of its
    original's session.
    """
    under = attribution.governing([report.number]).get(report.number)
    if under is None or shows_speakers(under.rule):
        return []
    named = [SpeakerName(one.name, one.position, one.organisation) for one in attribution.speakers(under.session)]
    return names_found(text, named, event_name=report.event.name, organiser=report.event.organiser)


def standing(report: Report, revision: Revision) -> list[NameFound]:
    """The names in a revision that would have to go, or a reason to be recorded, before it becomes public."""
    settled = _settled(report, revision.number)
    return [one for one in names_in(report, reports.text_of(revision)) if one.name not in settled]


def names_unread(report: Report) -> bool:
    """Whether what is public of the report, or approved to be, names somebody without a reason."""
    approved = report.approved_revision if report.work_state is WorkState.APPROVED else None
    shown = report.published_revision if report.public_state is PublicState.PUBLIC else None
    numbers = [number for number in (approved, shown) if number is not None]
    return any(standing(report, revisions.named(report, number)) for number in numbers)


def check(report: Report, revision: Revision, *, note: str = "") -> None:
    """Raise NamesStand where the revision, or what readers are told with it, names somebody without a reason.

    Raises WrongState for a session that is closed: nothing of it becomes public, whatever it says.
    """
    under = attribution.governing([report.number]).get(report.number)
    if under is not None and not takes_report(under.rule):
        raise WrongState(N_("This session is closed: nothing of it may be published."))
    found = standing(report, revision)
    if found:
        raise NamesStand(names=_listed(found))
    check_note(report, revision.number, note)


def check_note(report: Report, revision: int, note: str) -> None:
    """Raise NamesStand where a note to the readers names somebody who may not be named in this revision either."""
    if not clean(note).strip():
        return
    settled = _settled(report, revision)
    found = [one for one in names_in(report, ReportText(lead=note)) if one.name not in settled]
    if found:
        raise NamesStand(
            N_("What you tell readers names %(names)s, and nobody may be named under the rule of the session. "
               "Say it without names."),
            names=_listed(found),
        )  # fmt: skip


def waive(
    report: Report, *, revision: int, names: Collection[str], reason: str, by: User, at: datetime
) -> list[AttributionWaiver]:
    """Record why names that `names_in` finds in `revision` may stay in it; answers the new rows, in the text's order.

    By an editor of the event. Recording a name again does nothing. Raises Refused without a name or a reason, and for
    a name that does not stand in the text; StaleRevision for a text that neither waits nor is or was public.
    """
    if not people.standing(by, report.event_id).editor:
        raise NotAllowed
    if revision not in (report.filed_revision, report.published_revision):
        raise StaleRevision
    if not names:
        raise Refused(N_("Choose the names that may stay."))
    why = clean(reason).strip()
    if not why:
        raise Refused(N_("Say in a sentence why the names may stay."))
    if len(why) > MAX_REASON:
        raise Refused(N_("A reason has at most %(limit)s characters. Shorten it."), limit=MAX_REASON)
    found = [one.name for one in names_in(report, reports.text_of(revisions.named(report, revision)))]
    unknown = sorted(set(names).difference(found))
    if unknown:
        raise Refused(N_("“%(name)s” does not stand in this text. Read it again."), name=unknown[0])
    settled = _settled(report, revision)
    wanted = [name for name in found if name in set(names) and name not in settled]
    return _record(report, revision, dict.fromkeys(wanted, why), by=by, at=at)


def carry_over(report: Report, corrected: Revision, *, of: int, by: User, at: datetime) -> None:
    """Let names that may stay in the public revision `of` stay in its correction, for the reasons recorded there."""
    reasons = {one.name: one.reason for one in attribution.waivers(report.number, of)}
    if reasons:
        still = [one.name for one in names_in(report, reports.text_of(corrected)) if one.name in reasons]
        _record(report, corrected.number, {name: reasons[name] for name in still}, by=by, at=at)


def tell_held_back(report: Report, *, at: datetime) -> int:
    """Tell the editors, once, that an approved text was not published because it names somebody; answers how many.

    It happens where the programme learnt of a speaker after the approval.
    """
    under = attribution.governing([report.number]).get(report.number)
    session = programmes.programme_session(under.session) if under is not None else None
    kind, since = NoticeKind.RULE_TIGHTENED, report.embargo_until or at
    untold = [
        editor
        for editor in people.editors(report.event_id)
        if not told.was_told(editor, kind, report.number, since=since)
    ]
    for editor in untold:
        notices.tell(editor, kind, event=report.event, programme_session=session, report=report, at=at)
    return len(untold)


def _settled(report: Report, revision: int) -> set[str]:
    return {one.name for one in attribution.waivers(report.number, revision)}


def _record(
    report: Report, revision: int, reasons: dict[str, str], *, by: User, at: datetime
) -> list[AttributionWaiver]:
    """One row a name, and one line of history that holds their ids and no name."""
    rows = [
        AttributionWaiver(
            report_number=report.number,
            revision_number=revision,
            name=name,
            reason=why,
            waived_by_id=by.id,
            waived_at=at,
        )
        for name, why in reasons.items()
    ]
    db.session.add_all(rows)
    db.session.flush()
    if rows:
        ids = ", ".join(str(one.id) for one in rows)
        history.record(Entry.NAME_WAIVED, by=by, at=at, report=report, revision=revision, details={"waivers": ids})
    return rows


def _listed(found: Sequence[NameFound]) -> str:
    said = ", ".join(f"“{one.name}”" for one in found[:LISTED])
    return said + " …" if len(found) > LISTED else said
