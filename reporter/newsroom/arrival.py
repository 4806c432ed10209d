"""A text that arrives from a device: never refused for state or permission. It becomes a save, or it is held."""

from dataclasses import dataclass
from datetime import datetime

from reporter.models.event import Event
from reporter.models.people import User
from reporter.models.programme import ProgrammeSession
from reporter.models.report import HeldText, Report, Revision
from reporter.newsroom import filing, held_texts, saving
from reporter.newsroom.saving import Kept
from reporter.queries import draft_saves, people, reports
from reporter.queries import held_texts as held
from reporter.rules.attribution import takes_report
from reporter.rules.permissions import may_write
from reporter.rules.report_text import ReportText
from reporter.rules.vocabulary import HeldCause, PublicState, WorkState


@dataclass(frozen=True)
class Device:
    """What a page on a device says of the text that it sends.

    `id` is the page's own, `report` the number of the report it knows (None: it began without one), `based_on` the
    save it went on from (0: none), `hand_in` whether its writer pressed the button, `replaces` the client id of the
    held text that this one goes on from ("": none).
    """

    id: str
    client_id: str
    report: int | None = None
    based_on: int = 0
    hand_in: bool = False
    replaces: str = ""


@dataclass(frozen=True)
class Arrival:
    """What became of it: `kept` in `report`, or `held`. `filed` where it had been handed in before already."""

    report: Report | None = None
    kept: Kept | None = None
    held: HeldText | None = None
    filed: Revision | None = None


def receive(
    text: ReportText,
    device: Device,
    *,
    event: Event,
    programme_session: ProgrammeSession | None,
    report: Report | None,
    by: User,
    at: datetime,
) -> Arrival:
    """Take a text in. `programme_session` and its `report`, or the report of no session, are locked.

    The same text under the same client id again answers as the first time. Raises Refused only for a text over the
    limits, which stays on the device.
    """
    before = _before(text, device, by=by, at=at)
    if before is not None:
        return before
    saving.check(text, of=report)
    cause = _cause(text, device, event=event, programme_session=programme_session, report=report, by=by)
    if cause is not None:
        written_for = _written_for(device, programme_session, report)
        held_text = held_texts.hold(
            text,
            cause=cause,
            event=event,
            programme_session=programme_session,
            report=written_for,
            client_id=device.client_id,
            # A number of a save means something within its own report alone.
            based_on=device.based_on if written_for is not None and written_for.number == device.report else 0,
            device=device.id,
            replaces=device.replaces,
            to_hand_in=device.hand_in,
            by=by,
            at=at,
        )
        return Arrival(report=report, held=held_text)
    head = draft_saves.head(report.number) if report is not None else None
    if head is not None and head.sequence == device.based_on and not device.hand_in and reports.text_of(head) == text:
        return Arrival(report=report, kept=Kept(head, head))  # only the notes beside it changed
    if report is None:
        report = filing.start(event=event, programme_session=programme_session, language=text.language, by=by, at=at)
    kept = saving.keep(
        report, text, client_id=device.client_id, based_on=device.based_on, device=device.id, by=by, at=at
    )
    return Arrival(report=report, kept=kept)


def _before(text: ReportText, device: Device, *, by: User, at: datetime) -> Arrival | None:
    """What was answered to this very text before, if it has arrived already. Other words are no resend."""
    there = held.by_client_id(device.client_id)
    if there is not None and there.written_by_id == by.id and reports.text_of(there) == text:
        return Arrival(held=there)
    save = draft_saves.by_client_id(device.client_id)
    if save is None or save.saved_by_id != by.id or reports.text_of(save) != text:
        return None
    report = reports.for_change(save.report_number)
    if report is None:
        return None
    filed = reports.revision_of_save(report.number, saving.standing(save).sequence)
    return Arrival(report=report, kept=saving.again(report, save, by=by, at=at), filed=filed)


def _written_for(device: Device, programme_session: ProgrammeSession | None, report: Report | None) -> Report | None:
    """The report that the device knows, which was discarded meanwhile perhaps; else the one that is there."""
    if device.report is None or (report is not None and report.number == device.report):
        return report
    known = reports.by_number(device.report)
    session = programme_session.id if programme_session is not None else None
    return known if known is not None and session is not None and known.programme_session_id == session else None


def _cause(
    text: ReportText,
    device: Device,
    *,
    event: Event,
    programme_session: ProgrammeSession | None,
    report: Report | None,
    by: User,
) -> HeldCause | None:
    """Why the text cannot become part of the report; None where it can."""
    if not by.active:
        return HeldCause.ACCOUNT_DISABLED
    if not people.standing(by, event.id).staff:
        return HeldCause.NO_ROLE
    if programme_session is not None and not takes_report(programme_session.rule):
        return HeldCause.SESSION_CLOSED
    if device.report is not None and (report is None or report.number != device.report):
        return HeldCause.DISCARDED
    if report is None:
        cancelled = programme_session is None or programme_session.cancelled_at is not None
        return HeldCause.SESSION_CANCELLED if cancelled else None
    return _cause_in(report, text, device, by=by)


def _cause_in(report: Report, text: ReportText, device: Device, *, by: User) -> HeldCause | None:
    if report.work_state is WorkState.DISCARDED:
        return HeldCause.DISCARDED
    if report.work_state is WorkState.SETTLED:
        return HeldCause.WITHDRAWN if report.public_state is PublicState.WITHDRAWN else HeldCause.PUBLISHED
    head = draft_saves.head(report.number)
    # Whoever knows the report, and saw it empty, writes it together with those who saved first: no second report.
    if device.report is None and head is not None and reports.text_of(head) != text:
        return HeldCause.BEGUN_TWICE
    if not may_write(people.standing(by, report.event_id), reports.facts(report, by)):
        filed = report.work_state in (WorkState.FILED, WorkState.APPROVED)
        return HeldCause.FILED_BY_ANOTHER if filed else HeldCause.REASSIGNED
    if report.work_state is WorkState.APPROVED and device.hand_in:
        return HeldCause.APPROVED
    return None
