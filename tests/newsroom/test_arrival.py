"""A text that arrives from a device: part of its report, or held beside it; never refused, never lost, never twice."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from uuid import uuid4

import factories as make
import pytest
from flask import Flask
from sqlalchemy import func, select

from reporter.models.database import db, unit_of_work
from reporter.models.event import Event
from reporter.models.history import HistoryEntry
from reporter.models.people import User
from reporter.models.programme import ProgrammeSession
from reporter.models.report import HeldText, PrivateNotes, Report, ReportRapporteur, Revision
from reporter.newsroom import arrival, filing, held_texts, people, programme, programme_desk, rule_tightening
from reporter.newsroom.arrival import Arrival, Device
from reporter.newsroom.private_notes import forget
from reporter.newsroom.saving import Kept
from reporter.queries import draft_saves, history, private_notes, programmes, reports
from reporter.queries import held_texts as held
from reporter.queries import people as known_people
from reporter.rules.errors import NotAllowed, Refused, TextRefused, WrongState
from reporter.rules.report_text import ReportText
from reporter.rules.vocabulary import Entry, HeldCause, HeldEnd, PublicState, Role, SessionRule, WorkState
from reporter.sources.draft import SessionDraft

OFFLINE = ReportText(headline="Written offline", lead="With no network.", body="One.\n\nTwo, offline.\n\nThree.")
BEGUN = ReportText(headline="Begun", body="One.\n\nTwo.\n\nThree.")


@dataclass
class Desk:
    """An event with one session; `device` is a page of the writer's, and the last one to have spoken to us."""

    event: Event
    session: ProgrammeSession
    writer: User
    colleague: User
    editor: User
    device: Device = field(default_factory=lambda: Device(id="d" * 32, client_id="c" * 32))


@pytest.fixture
def desk(context: Flask) -> Desk:
    assert context is not None
    make.issues()
    forum = make.event("forum")
    writer, colleague = (make.person(Role.RAPPORTEUR, forum) for _ in range(2))
    return Desk(forum, make.session(forum), writer, colleague, make.person(Role.EDITOR, forum))


def send(
    desk: Desk, words: ReportText = OFFLINE, device: Device | None = None, *, by: User | None = None, minute: float = 60
) -> Arrival:
    """A text that arrives, as the page's address takes it in."""
    with unit_of_work():
        session = programmes.for_change(desk.session.id)
        assert session is not None
        there = reports.of_session(session.id)
        return arrival.receive(
            words,
            device or desk.device,
            event=desk.event,
            programme_session=session,
            report=make.locked_report(there) if there is not None else None,
            by=by or desk.writer,
            at=make.later(minute),
        )


def page(desk: Desk, **knows: object) -> Device:
    """What the writer's page sends next: under a new id, with what it knows."""
    return replace(desk.device, client_id=uuid4().hex, **knows)  # type: ignore[arg-type]


def begun(desk: Desk, by: User | None = None) -> Report:
    """A report of the session with one save, which the device knows."""
    report = make.draft(desk.event, by or desk.writer, BEGUN, of=desk.session)
    desk.device = replace(desk.device, report=report.number, based_on=1)
    return report


def handed_in(desk: Desk, by: User | None = None, *, approved: bool = False, published: bool = False) -> Report:
    report = make.draft(desk.event, by or desk.writer, replace(make.text("Begun"), body=BEGUN.body), of=desk.session)
    desk.device = replace(desk.device, report=report.number, based_on=1)
    make.file(report, by or desk.writer)
    if approved or published:
        make.approve(report, desk.editor)
    if published:
        make.publish(report, desk.editor)
    return report


def unlist(report: Report, who: User) -> None:
    """What an administrator does by hand: the report is somebody else's now."""
    with unit_of_work():
        row = db.session.get(ReportRapporteur, (report.number, who.id))
        assert row is not None
        db.session.delete(row)


def locked_session(desk: Desk) -> ProgrammeSession:
    found = programmes.for_change(desk.session.id)
    assert found is not None
    return found


def state(report: Report) -> tuple[object, ...]:
    """Everything of a report that an arrival could change."""
    db.session.expire_all()
    found = reports.by_number(report.number)
    assert found is not None
    return (
        found.work_state,
        found.public_state,
        found.filed_revision,
        found.approved_revision,
        found.published_revision,
        found.version,
        [one.user_id for one in found.rapporteurs],
        [(one.sequence, reports.text_of(one), one.set_aside) for one in draft_saves.every(report.number)],
        [one.number for one in reports.revisions(report.number)],
        [one.act for one in history.of_report(report.number) if one.act != Entry.TEXT_HELD],
    )


# -- why a text is held -------------------------------------------------------------------------------------------


def no_role(desk: Desk) -> Report | None:
    report = begun(desk)
    with unit_of_work():
        grant = known_people.grant(desk.writer, Role.RAPPORTEUR, desk.event.id)
        assert grant is not None
        people.revoke(grant, by=None, at=make.later(5))
    return report


def reassigned(desk: Desk) -> Report | None:
    report = begun(desk)
    with unit_of_work():
        filing.add_rapporteur(make.locked_report(report), desk.colleague, by=desk.editor, at=make.later(5))
    unlist(report, desk.writer)
    return report


def account_disabled(desk: Desk) -> Report | None:
    report = begun(desk)
    with unit_of_work():
        people.disable(desk.writer, by=None, at=make.later(5))
    return report


def session_closed(desk: Desk) -> Report | None:
    report = begun(desk)
    with unit_of_work():
        rule_tightening.tighten(locked_session(desk), SessionRule.CLOSED, by=desk.writer, at=make.later(5))
    return report


def session_cancelled(desk: Desk) -> Report | None:
    with unit_of_work():
        locked_session(desk).cancelled_at = make.later(5)
    return None


def begun_twice(desk: Desk) -> Report | None:
    return make.draft(desk.event, desk.colleague, BEGUN, of=desk.session)  # of which the device knows nothing


def begun_on_another_device(desk: Desk) -> Report | None:
    there = send(desk, BEGUN, Device(id="e" * 32, client_id=uuid4().hex))
    assert there.report is not None
    return there.report


def approved(desk: Desk) -> Report | None:
    report = handed_in(desk, approved=True)
    desk.device = replace(desk.device, hand_in=True)
    return report


def published(desk: Desk) -> Report | None:
    return handed_in(desk, published=True)


def withdrawn(desk: Desk) -> Report | None:
    report = handed_in(desk, published=True)
    make.withdraw(report, desk.editor)
    return report


def discarded(desk: Desk) -> Report | None:
    report = begun(desk)
    with unit_of_work():
        filing.discard(make.locked_report(report), by=desk.writer, at=make.later(5))
    return report


def discarded_and_begun_anew(desk: Desk) -> Report | None:
    discarded(desk)
    return make.draft(desk.event, desk.colleague, BEGUN, of=desk.session)


def filed_by_another(desk: Desk) -> Report | None:
    return handed_in(desk, desk.colleague)


CAUSES: dict[Callable[[Desk], Report | None], HeldCause] = {
    no_role: HeldCause.NO_ROLE,
    reassigned: HeldCause.REASSIGNED,
    account_disabled: HeldCause.ACCOUNT_DISABLED,
    session_closed: HeldCause.SESSION_CLOSED,
    session_cancelled: HeldCause.SESSION_CANCELLED,
    begun_twice: HeldCause.BEGUN_TWICE,
    begun_on_another_device: HeldCause.BEGUN_TWICE,
    approved: HeldCause.APPROVED,
    published: HeldCause.PUBLISHED,
    withdrawn: HeldCause.WITHDRAWN,
    discarded: HeldCause.DISCARDED,
    discarded_and_begun_anew: HeldCause.DISCARDED,
    filed_by_another: HeldCause.FILED_BY_ANOTHER,
}
every_cause = pytest.mark.parametrize("happens", CAUSES, ids=lambda happens: happens.__name__)


def test_every_cause_that_there_is_has_its_case_and_its_sentence() -> None:
    assert set(CAUSES.values()) == set(HeldCause) == held_texts.SENTENCES.keys()


@every_cause
def test_a_text_that_cannot_become_part_of_its_report_is_held_to_the_letter(
    desk: Desk, happens: Callable[[Desk], Report | None]
) -> None:
    report = happens(desk)
    before = state(report) if report is not None else None
    arrived = send(desk)
    assert arrived.held is not None
    assert arrived.kept is None
    number = arrived.held.id
    db.session.expire_all()
    row = held.one(number)
    assert row is not None
    assert (reports.text_of(row), row.cause) == (OFFLINE, CAUSES[happens])
    assert (row.written_by_id, row.received_at, row.to_hand_in) == (
        desk.writer.id, make.later(60), desk.device.hand_in
    )  # fmt: skip
    if report is not None:
        assert state(report) == before
    # The writer and the editors are shown it, and nobody else is.
    assert [one.id for one in held.open_of_writer(desk.writer)] == [number]
    assert [one.id for one in held.open_of_events([desk.event.id])] == [number]
    assert held.open_of_writer(desk.colleague) == []
    with pytest.raises(NotAllowed):
        held_texts.allow(row, by=desk.colleague)
    held_texts.allow(row, by=desk.editor)
    lines = db.session.scalars(select(HistoryEntry).where(HistoryEntry.act == Entry.TEXT_HELD)).all()
    assert [line.details for line in lines] == [{"held": number, "cause": CAUSES[happens].value}]
    # The answer was lost on its way: the same again is the same.
    again = send(desk, minute=61)
    assert again.held is not None
    assert again.held.id == number
    assert db.session.scalar(select(func.count()).select_from(HeldText)) == 1


@every_cause
def test_an_editor_brings_it_into_the_report_and_every_word_arrives(
    desk: Desk, happens: Callable[[Desk], Report | None]
) -> None:
    report = happens(desk)
    arrived = send(desk)
    assert arrived.held is not None
    before = [reports.text_of(one) for one in draft_saves.every(report.number)] if report is not None else []
    kept = attach(desk, arrived.held, desk.editor)
    db.session.expire_all()
    row = held.one(arrived.held.id)
    assert row is not None
    assert row.settled_as is (HeldEnd.ATTACHED if kept.save is kept.head else HeldEnd.MERGED)
    into = kept.save.report_number
    saves = [reports.text_of(one) for one in draft_saves.every(into)]
    assert OFFLINE in saves, "to the letter"
    if report is not None and report.number == into:
        assert saves[: len(before)] == before, "and what was there is there"
    head = draft_saves.head(into)
    assert head is not None
    if kept.places:  # what stands in the report stays until somebody has chosen
        assert [one.sequence for one in draft_saves.set_aside(into)] == [kept.save.sequence]
    else:
        assert "Two, offline." in head.body
    assert held.open_of_events([desk.event.id]) == []
    with pytest.raises(WrongState):
        attach(desk, arrived.held, desk.editor)


@every_cause
def test_set_aside_it_stays_with_its_words_and_the_report_as_it_is(
    desk: Desk, happens: Callable[[Desk], Report | None]
) -> None:
    report = happens(desk)
    before = state(report) if report is not None else None
    arrived = send(desk)
    assert arrived.held is not None
    with unit_of_work():
        found = held.for_change(arrived.held.id)
        assert found is not None
        held_texts.set_aside(found, by=desk.editor, at=make.later(70))
    row = held.one(arrived.held.id)
    assert row is not None
    assert (row.settled_as, row.settled_by_id, reports.text_of(row)) == (HeldEnd.SET_ASIDE, desk.editor.id, OFFLINE)
    assert held.open_of_writer(desk.writer) == []
    if report is not None:
        assert state(report) == before
    again = send(desk, minute=80)  # the device never heard of it
    assert again.held is not None
    assert again.held.id == row.id
    assert held.open_of_writer(desk.writer) == []


def attach(desk: Desk, text: HeldText, by: User) -> Kept:
    with unit_of_work():
        session = locked_session(desk)
        there = reports.of_session(session.id)
        report = make.locked_report(there) if there is not None else None
        found = held.for_change(text.id)
        assert found is not None
        return held_texts.attach(found, report, session=session, by=by, at=make.later(70))


def test_a_newer_text_of_the_same_page_takes_the_place_of_the_older(desk: Desk) -> None:
    begun_twice(desk)
    device = page(desk, hand_in=True)
    first = send(desk, device=device)
    goes_on = page(desk, replaces=device.client_id)
    second = send(desk, replace(OFFLINE, headline="Written on"), goes_on, minute=61)
    other_page = send(desk, device=Device(id="e" * 32, client_id=uuid4().hex), minute=62)
    assert first.held is not None
    assert second.held is not None
    assert other_page.held is not None
    assert [one.id for one in held.open_of_writer(desk.writer)] == [other_page.held.id, second.held.id]
    db.session.expire_all()
    older, newer = held.one(first.held.id), held.one(second.held.id)
    assert older is not None
    assert newer is not None
    assert (older.settled_as, reports.text_of(older)) == (HeldEnd.REPLACED, OFFLINE)
    assert newer.to_hand_in, "what its writer wanted done is wanted still"
    assert replaced_ones_forgotten(days=20) == 0
    assert replaced_ones_forgotten(days=60) == 1
    assert held.one(first.held.id) is None
    assert len(held.open_of_writer(desk.writer)) == 2


def test_two_texts_of_one_device_that_do_not_hold_each_other_both_stay(desk: Desk) -> None:
    """A tab that gave way keeps its last words beside those of the tab that took over."""
    begun_twice(desk)
    texts = [send(desk, replace(OFFLINE, body=body), page(desk)).held for body in ("The older tab.", "The newer tab.")]
    somebody = page(desk, replaces=texts[0].client_id if texts[0] else "")
    send(desk, replace(OFFLINE, body="Not theirs to replace."), somebody, by=desk.colleague)
    assert [one.id for one in held.open_of_writer(desk.writer)] == [one.id for one in reversed(texts) if one]


def replaced_ones_forgotten(*, days: int) -> int:
    with unit_of_work():
        return held_texts.forget_replaced(at=make.later(days * 24 * 60))


def test_its_writer_may_bring_it_in_and_is_listed_then(desk: Desk) -> None:
    report = begun_twice(desk)
    assert report is not None
    arrived = send(desk)
    assert arrived.held is not None
    attach(desk, arrived.held, desk.writer)
    db.session.expire_all()
    assert reports.rapporteur(make.locked_report(report), desk.writer) is not None
    arrived = send(desk, replace(OFFLINE, lead="On another page."), page(desk, id="e" * 32))
    assert arrived.held is not None
    with pytest.raises(NotAllowed):
        attach(desk, arrived.held, desk.colleague)


def test_who_has_no_role_any_more_reads_what_was_kept_and_decides_nothing(desk: Desk) -> None:
    no_role(desk)
    arrived = send(desk)
    assert arrived.held is not None
    with pytest.raises(NotAllowed):
        attach(desk, arrived.held, desk.writer)
    with pytest.raises(NotAllowed):
        held_texts.set_aside(arrived.held, by=desk.writer, at=make.later(70))


def test_the_numbers_of_a_discarded_reports_saves_mean_nothing_in_the_newer_one(desk: Desk) -> None:
    """Else all that the newer report said at that number would count as taken out by a text that never saw it."""
    discarded(desk)
    newer = make.draft(desk.event, desk.colleague, ReportText(body="Newer one.\n\nNewer two."), of=desk.session)
    arrived = send(desk)
    assert arrived.held is not None
    assert (arrived.held.report_number, arrived.held.based_on) == (desk.device.report, 1)
    kept = attach(desk, arrived.held, desk.editor)
    assert [clash.part for clash in kept.places] == ["body"]
    head = draft_saves.head(newer.number)
    assert head is not None
    assert head.body == "Newer one.\n\nNewer two."


def test_taken_up_again_a_discarded_report_takes_its_text_where_it_left_off(desk: Desk) -> None:
    report = discarded(desk)
    assert report is not None
    arrived = send(desk)
    assert arrived.held is not None
    with unit_of_work():
        filing.restore(make.locked_report(report), by=desk.editor, at=make.later(65))
    kept = attach(desk, arrived.held, desk.editor)
    assert kept.places == ()
    assert reports.text_of(kept.head) == OFFLINE


def test_a_text_for_a_session_that_was_joined_meanwhile_comes_to_that_one(desk: Desk) -> None:
    listed = desk.session
    with unit_of_work():
        spot = programme.add_unlisted(
            desk.event,
            SessionDraft(title="On the spot", starts_at=make.T0, ends_at=make.later(60)),
            by=desk.writer,
            at=make.T0,
        )
    desk.session = spot
    session_cancelled(desk)
    arrived = send(desk)
    assert arrived.held is not None
    with unit_of_work():
        first, second = programmes.for_change(spot.id), programmes.for_change(listed.id)
        assert first is not None
        assert second is not None
        programme_desk.join(first, second, by=desk.editor, at=make.later(65))
    desk.session = listed
    kept = attach(desk, arrived.held, desk.editor)
    made = reports.by_number(kept.save.report_number)
    assert made is not None
    assert made.programme_session_id == listed.id


# -- what becomes part of the report ------------------------------------------------------------------------------


def test_a_text_that_nothing_stands_against_begins_the_report_as_its_first_save(desk: Desk) -> None:
    arrived = send(desk)
    assert arrived.report is not None
    assert arrived.kept is not None
    assert arrived.held is None
    assert (arrived.report.programme_session_id, arrived.kept.save.sequence) == (desk.session.id, 1)
    assert (arrived.kept.save.client_id, arrived.kept.save.device) == (desk.device.client_id, desk.device.id)
    assert reports.rapporteur(arrived.report, desk.writer) is not None
    again = send(desk, minute=61)
    assert again.kept is not None
    assert again.kept.save.sequence == 1
    assert len(draft_saves.every(arrived.report.number)) == 1


def test_a_resend_after_later_saves_is_answered_with_what_it_was_and_where_the_text_stands(desk: Desk) -> None:
    first = send(desk)
    assert first.report is not None
    number = first.report.number
    later = send(desk, replace(OFFLINE, lead="Later."), page(desk, report=number, based_on=1), minute=61)
    again = send(desk, minute=62)
    assert again.kept is not None
    assert later.kept is not None
    assert (again.kept.save.sequence, again.kept.head.sequence) == (1, later.kept.save.sequence)
    assert len(draft_saves.every(number)) == 2


def test_the_same_words_from_where_they_stand_make_no_save(desk: Desk) -> None:
    """Only the notes beside them changed."""
    report = begun(desk)
    arrived = send(desk, BEGUN)
    assert arrived.kept is not None
    assert arrived.kept.save.sequence == 1
    assert len(draft_saves.every(report.number)) == 1


def test_a_hand_in_sent_again_after_the_approval_is_answered_as_done(desk: Desk) -> None:
    """The first answer was lost; nobody may be told that an editor was quicker with their own text."""
    words = replace(make.text("Handed in offline"), body=OFFLINE.body)
    device = page(desk, hand_in=True)
    first = send(desk, words, device)
    assert first.report is not None
    report = first.report
    assert first.filed is None, "handing in is the next step"
    make.file(report, desk.writer, minute=61)
    make.approve(report, desk.editor, minute=62)
    for minute in (63, 64):
        again = send(desk, words, device, minute=minute)
        assert again.held is None
        assert again.filed is not None
        assert again.filed.number == 1
        make.publish(report, desk.editor, minute=minute) if minute == 63 else None
    assert db.session.scalar(select(func.count()).select_from(Revision)) == 1


def test_a_text_typed_on_after_the_approval_is_a_save_like_any_other(desk: Desk) -> None:
    report = handed_in(desk, approved=True)
    arrived = send(desk, replace(OFFLINE, body="One.\n\nTwo.\n\nThree.\n\nFour."))
    assert arrived.kept is not None
    assert arrived.held is None
    assert make.work_state(report) is WorkState.APPROVED


def test_of_two_reports_begun_offline_on_one_session_the_second_is_held(desk: Desk) -> None:
    first = send(desk, BEGUN, Device(id="e" * 32, client_id=uuid4().hex), by=desk.colleague)
    second = send(desk)
    assert first.report is not None
    assert second.held is not None
    assert second.held.cause is HeldCause.BEGUN_TWICE
    assert [one.user_id for one in make.locked_report(first.report).rapporteurs] == [desk.colleague.id]
    head = draft_saves.head(first.report.number)
    assert head is not None
    assert reports.text_of(head) == BEGUN
    assert db.session.scalar(select(func.count()).select_from(Report)) == 1


def test_two_who_know_the_report_and_saw_it_empty_write_it_together(desk: Desk) -> None:
    with unit_of_work():
        report = filing.start(event=desk.event, programme_session=locked_session(desk), by=desk.writer, at=make.T0)
        filing.add_rapporteur(report, desk.colleague, by=desk.writer, at=make.T0)
    empty = Device(id="e" * 32, client_id=uuid4().hex, report=report.number)
    assert send(desk, BEGUN, empty, by=desk.colleague).kept is not None
    mine = send(desk, device=page(desk, report=report.number))
    assert mine.kept is not None
    assert [clash.part for clash in mine.kept.places] == ["headline", "body"]


def test_the_same_words_from_two_devices_are_one_report(desk: Desk) -> None:
    first = send(desk)
    second = send(desk, device=Device(id="e" * 32, client_id=uuid4().hex))
    assert first.report is not None
    assert second.held is None
    assert second.kept is not None
    assert second.kept.places == ()


def test_other_words_under_an_id_that_was_used_are_kept_too(desk: Desk) -> None:
    """A device restored from a copy of itself: what it says is never taken for what it said before."""
    first = send(desk)
    assert first.report is not None
    desk.device = replace(desk.device, report=first.report.number, based_on=1)
    other = replace(OFFLINE, lead="Other words.")
    assert send(desk, other).kept is not None
    assert other in [reports.text_of(one) for one in draft_saves.every(first.report.number)]
    with unit_of_work():
        filing.discard(make.locked_report(first.report), by=desk.editor, at=make.later(65))
    texts = [replace(OFFLINE, lead=lead) for lead in ("Held.", "Held under the same id.")]
    pages = [replace(desk.device, client_id="f" * 32), replace(desk.device, client_id="f" * 32, id="e" * 32)]
    rows = [send(desk, words, device).held for words, device in zip(texts, pages, strict=True)]
    by_another = send(desk, BEGUN, pages[0], by=desk.colleague).held
    assert [reports.text_of(row) for row in (*rows, by_another) if row is not None] == [*texts, BEGUN]


@pytest.mark.parametrize("report", [999, 2**31 - 1])
def test_a_report_that_never_was_is_no_reason_to_lose_a_text(desk: Desk, report: int) -> None:
    for there in (False, True):
        if there:
            begun_twice(desk)
        arrived = send(desk, device=page(desk, report=report, based_on=7))
        assert arrived.held is not None
        assert (arrived.held.report_number, arrived.held.based_on) == (None, 0)


def test_only_what_is_over_the_limits_is_refused(desk: Desk) -> None:
    with pytest.raises(TextRefused):
        send(desk, replace(OFFLINE, body="b" * 100_001))
    with pytest.raises(Refused):
        send(desk, replace(OFFLINE, language="klingon"))
    assert reports.of_session(desk.session.id) is None
    begun_twice(desk)
    with pytest.raises(TextRefused):
        send(desk, replace(OFFLINE, body="b" * 100_001))
    assert held.open_of_writer(desk.writer) == []


# -- the notes that come along --------------------------------------------------------------------------------------


def note(desk: Desk, text: HeldText, words: str) -> None:
    with unit_of_work():
        found = held.for_change(text.id)
        assert found is not None
        held_texts.keep_notes(found, words, version=0, by=desk.writer, at=make.later(61))


def noted(report: Report, who: User) -> str | None:
    db.session.expire_all()
    row = private_notes.one(report.number, who.id)
    return row.text if row else None


@pytest.mark.parametrize("happens", [no_role, account_disabled, published, withdrawn, discarded, approved],
                         ids=lambda happens: happens.__name__)  # fmt: skip
def test_notes_beside_a_held_text_are_with_the_report_of_which_their_writer_is_a_rapporteur(
    desk: Desk, happens: Callable[[Desk], Report | None]
) -> None:
    report = happens(desk)
    arrived = send(desk)
    assert report is not None
    assert arrived.held is not None
    note(desk, arrived.held, "Between us.")
    assert noted(report, desk.writer) == "Between us."
    row = held.one(arrived.held.id)
    assert row is not None
    assert row.notes == ""


@pytest.mark.parametrize("happens", [reassigned, session_cancelled, begun_twice, filed_by_another],
                         ids=lambda happens: happens.__name__)  # fmt: skip
def test_notes_of_nobodys_report_stay_with_the_held_text_until_it_is_brought_into_one(
    desk: Desk, happens: Callable[[Desk], Report | None]
) -> None:
    happens(desk)
    first = send(desk)
    assert first.held is not None
    note(desk, first.held, "Between us.")
    goes_on = page(desk, replaces=first.held.client_id)
    second = send(desk, replace(OFFLINE, lead="Written on."), goes_on, minute=62)  # which brought no notes
    assert second.held is not None
    assert second.held.notes == "Between us."
    assert db.session.scalar(select(func.count()).select_from(PrivateNotes)) == 0
    kept = attach(desk, second.held, desk.editor)
    report = reports.by_number(kept.save.report_number)
    assert report is not None
    assert noted(report, desk.writer) == "Between us."
    row = held.one(second.held.id)
    assert row is not None
    assert row.notes == ""


def test_notes_beside_a_held_text_are_gone_thirty_days_after_the_event(desk: Desk) -> None:
    begun_twice(desk)
    arrived = send(desk)
    assert arrived.held is not None
    note(desk, arrived.held, "Between us.")
    for days, left in ((20, "Between us."), (40, "")):
        with unit_of_work():
            forget(at=make.later(days * 24 * 60))
        db.session.expire_all()
        row = held.one(arrived.held.id)
        assert row is not None
        assert (row.notes, reports.text_of(row)) == (left, OFFLINE)


def test_what_the_public_sees_is_never_touched_by_an_arrival(desk: Desk) -> None:
    report = published(desk)
    assert report is not None
    arrived = send(desk)
    assert arrived.held is not None
    attach(desk, arrived.held, desk.editor)
    db.session.expire_all()
    found = reports.by_number(report.number)
    assert found is not None
    assert (found.work_state, found.public_state, found.published_revision) == (WorkState.DRAFT, PublicState.PUBLIC, 1)
