"""What the design says in words about the acts on a report, beyond from where to where each leads."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import uuid4

import pytest
from factories import (
    approve,
    draft,
    event,
    file,
    issues,
    later,
    locked_report,
    person,
    publish,
    published,
    save,
    session,
    text,
    withdraw,
    work_state,
)
from flask import Flask

from reporter import worker
from reporter.models.database import db, unit_of_work
from reporter.models.event import Event
from reporter.models.people import User
from reporter.models.programme import ProgrammeSession
from reporter.models.report import Approval, DraftSave, PublicChange, Report, Revision
from reporter.newsroom import filing, people, publication, review, revisions, saving
from reporter.queries import draft_saves, history, programmes, reports
from reporter.queries import people as known_people
from reporter.queries import published as seen_by_the_public
from reporter.rules.errors import EditConflict, NotAllowed, NotFound, Refused, StaleRevision, WrongState
from reporter.rules.published import PublicReport, PublicWithdrawal
from reporter.rules.report_text import ReportText
from reporter.rules.selection import Selection
from reporter.rules.vocabulary import ChangeKind, PublicState, Role, SessionRule, WithdrawalReason, WorkState

T = TypeVar("T")
EVERYTHING = Selection()


@dataclass(frozen=True)
class Desk:
    """An event and those who work at it."""

    event: Event
    writer: User
    second_writer: User
    editor: User
    second_editor: User
    ids: dict[str, int]  # of the policy issues, by slug


@pytest.fixture
def desk(context: Flask) -> Desk:
    assert context is not None
    ids, where = issues(), event("forum")
    roles = (Role.RAPPORTEUR, Role.RAPPORTEUR, Role.EDITOR, Role.EDITOR)
    writer, second_writer, editor, second_editor = (person(role, where) for role in roles)
    return Desk(where, writer, second_writer, editor, second_editor, ids)


def start(place: ProgrammeSession, by: User, *, minute: float = 1) -> Report:
    """START as a page does it."""
    with unit_of_work():
        locked = programmes.for_change(place.id)
        assert locked is not None
        return filing.start(event=locked.event, programme_session=locked, by=by, at=later(minute))


def do(verb: Callable[..., T], report: Report, *, minute: float = 10, **details: Any) -> T:
    """A verb in a unit of work of its own, on the locked report."""
    with unit_of_work():
        return verb(locked_report(report), at=later(minute), **details)


def type_in(
    report: Report, words: ReportText, by: User, *, based_on: int | None = None, client_id: str = ""
) -> DraftSave:
    return do(saving.keep, report, text=words, client_id=client_id or uuid4().hex, based_on=based_on, by=by).save


def correct(
    report: Report,
    words: ReportText,
    by: User,
    *,
    minute: float = 40,
    mark: ChangeKind = ChangeKind.CORRECTION,
    note: str = "The agreement was named wrongly.",
) -> PublicChange:
    """CORRECT the text that is public now."""
    return do(
        publication.correct,
        report,
        text=words,
        revision=now(report).published_revision,
        rendered=revisions.render(words),
        by=by,
        mark=mark,
        note=note,
        minute=minute,
    )


def revise(report: Report, words: ReportText, by: User) -> Revision:
    """REVISE what waits now."""
    waiting = now(report).filed_revision
    return do(review.revise, report, text=words, revision=waiting, rendered=revisions.render(words), by=by)


def tick(app: Flask, at: datetime) -> int:
    """One look of the worker at what is due; what we read before is too old then."""
    db.session.rollback()
    return worker.tick(app, at=at)


def show(report: Report, by: User | None, *, minute: float, **details: Any) -> PublicChange | None:
    """PUBLISH what is approved now."""
    revision = now(report).approved_revision
    assert revision is not None
    return do(
        publication.publish,
        report,
        revision=revision,
        rendered=revisions.render(words_of(report, revision)),
        by=by,
        minute=minute,
        **details,
    )


def reinstate(report: Report, revision: int | None, by: User, *, minute: float = 50) -> PublicChange:
    """REINSTATE a revision; None: the last one."""
    number = revision or now(report).published_revision
    assert number is not None
    rendered = revisions.render(words_of(report, number))
    return do(publication.reinstate, report, revision=revision, rendered=rendered, by=by, minute=minute)


def now(report: Report) -> Report:
    """The report, read anew."""
    db.session.expire_all()
    found = reports.by_number(report.number)
    assert found is not None
    return found


def words_of(report: Report, revision: int | None) -> ReportText:
    row = reports.revision(report.number, revision or 0)
    assert row is not None
    return reports.text_of(row)


def head_words(report: Report) -> ReportText:
    head = draft_saves.head(report.number)
    assert head is not None
    return reports.text_of(head)


def on_page(report: Report) -> PublicReport:
    found = seen_by_the_public.report(report.number)
    assert isinstance(found, PublicReport)
    return found


def listed(selection: Selection = EVERYTHING) -> list[str]:
    return [one.headline for one in seen_by_the_public.listing(selection, title="").reports]


def its_rapporteurs(report: Report) -> set[int]:
    return {one.user_id for one in now(report).rapporteurs}


def acts(report: Report) -> list[str]:
    return [entry.act for entry in history.of_report(report.number)]


def size(table: type[Approval | PublicChange | Revision | DraftSave]) -> int:
    db.session.expire_all()
    return db.session.query(table).count()


# -- START


def test_a_second_start_opens_the_first_and_adds_its_starter(desk: Desk) -> None:
    place = session(desk.event)
    first = start(place, desk.writer)
    assert start(place, desk.second_writer, minute=2).number == first.number
    assert start(place, desk.second_writer, minute=3).number == first.number
    assert its_rapporteurs(first) == {desk.writer.id, desk.second_writer.id}
    assert acts(first) == ["start", "rapporteur_joined", "rapporteur_joined"]


def test_past_a_discarded_report_a_new_one_is_started(desk: Desk) -> None:
    place = session(desk.event)
    first = start(place, desk.writer)
    do(filing.discard, first, by=desk.writer)
    second = start(place, desk.second_writer)
    assert second.number == first.number + 1
    assert (second.work_state, its_rapporteurs(second)) == (WorkState.DRAFT, {desk.second_writer.id})
    assert work_state(first) is WorkState.DISCARDED


def test_no_report_of_a_closed_session(desk: Desk) -> None:
    closed = session(desk.event, rule=SessionRule.CLOSED)
    with pytest.raises(WrongState):
        start(closed, desk.editor)
    assert reports.of_session(closed.id) is None
    assert start(session(desk.event, rule=SessionRule.CHATHAM_HOUSE), desk.editor).work_state is WorkState.DRAFT


def test_a_session_of_another_event_is_refused(desk: Desk) -> None:
    elsewhere = session(event("elsewhere"))
    with pytest.raises(Refused), unit_of_work():
        filing.start(event=desk.event, programme_session=elsewhere, by=desk.writer, at=later())
    assert reports.of_session(elsewhere.id) is None


def test_one_translation_for_each_original_and_language(desk: Desk) -> None:
    original = draft(desk.event, desk.writer, of=session(desk.event))

    def translate(language: str, by: User) -> Report:
        with unit_of_work():
            return filing.start(
                event=locked_report(original).event, translation_of=original, language=language, by=by, at=later()
            )

    french = translate("fr", desk.writer)
    assert translate("fr", desk.second_writer).number == french.number
    assert translate("es", desk.writer).number != french.number
    assert its_rapporteurs(french) == {desk.writer.id, desk.second_writer.id}


# -- draft saves


def test_a_resent_save_is_kept_once(desk: Desk) -> None:
    report = draft(desk.event, desk.writer)
    first = type_in(report, text("Typed"), desk.writer, based_on=1, client_id="page-1").sequence
    type_in(report, text("Typed on"), desk.writer, based_on=first, client_id="page-2")
    again = type_in(report, text("Typed"), desk.writer, based_on=1, client_id="page-1")
    assert (again.sequence, again.set_aside) == (first, False)
    assert [one.sequence for one in draft_saves.every(report.number)] == [1, 2, 3]
    assert head_words(report).headline == "Typed on"


def test_a_resent_save_is_answered_as_kept_when_the_report_moved_on_meanwhile(desk: Desk) -> None:
    report = draft(desk.event, desk.writer)
    first = type_in(report, text("Typed"), desk.writer, client_id="page-1").sequence
    file(report, desk.writer)
    approve(report, desk.editor)
    publish(report, desk.editor)
    assert type_in(report, text("Typed"), desk.writer, client_id="page-1").sequence == first


def test_other_words_from_a_page_that_was_sent_before_are_kept_as_well(desk: Desk) -> None:
    report, other = draft(desk.event, desk.writer), draft(desk.event, desk.writer)
    type_in(report, text("Typed"), desk.writer, client_id="page-1")
    type_in(report, text("Typed after going back"), desk.writer, client_id="page-1")
    type_in(report, text("Typed"), desk.editor, client_id="page-1")
    type_in(other, text("Typed"), desk.writer, client_id="page-1")
    assert [(one.headline, one.saved_by_id) for one in draft_saves.every(report.number)][1:] == [
        ("Typed", desk.writer.id),
        ("Typed after going back", desk.writer.id),
        ("Typed", desk.editor.id),
    ]
    assert [one.headline for one in draft_saves.every(other.number)][1:] == ["Typed"]


def test_a_save_that_met_a_newer_one_is_kept_beside_it(desk: Desk) -> None:
    place = session(desk.event)
    report = draft(desk.event, desk.writer, of=place)
    start(place, desk.second_writer)
    theirs = type_in(report, text("Theirs"), desk.second_writer, based_on=1)
    mine = type_in(report, text("Mine"), desk.writer, based_on=1)
    assert (theirs.set_aside, mine.set_aside) == (False, True)
    assert head_words(report).headline == "Theirs"
    assert [one.headline for one in draft_saves.every(report.number)] == ["Members agree on the rule", "Theirs", "Mine"]
    after_reading_both = type_in(report, text("Both"), desk.writer, based_on=theirs.sequence)
    assert (after_reading_both.sequence, after_reading_both.set_aside) == (4, False)
    assert head_words(report).headline == "Both"


def test_the_same_words_are_no_conflict(desk: Desk) -> None:
    report = draft(desk.event, desk.writer)
    type_in(report, text("Agreed"), desk.editor, based_on=1)
    assert type_in(report, text("Agreed"), desk.writer, based_on=1).set_aside is False


def test_nobody_writes_on_what_is_settled(desk: Desk) -> None:
    report = published(desk.event, desk.writer, desk.editor)
    with pytest.raises(WrongState):
        type_in(report, text("More"), desk.writer)
    assert size(DraftSave) == 1


# -- FILE, RECALL, REVISE, SEND_BACK


def test_an_editor_who_hands_in_takes_over_but_one_who_revises_does_not(desk: Desk) -> None:
    taken_over, revised = draft(desk.event, desk.writer), draft(desk.event, desk.writer)
    file(taken_over, desk.editor)
    assert its_rapporteurs(taken_over) == {desk.writer.id, desk.editor.id}
    file(revised, desk.writer)
    made = revise(revised, text("Revised"), desk.editor)
    assert its_rapporteurs(revised) == {desk.writer.id}
    assert (made.made_by_id, now(revised).filed_revision) == (desk.editor.id, made.number)
    with pytest.raises(NotAllowed):
        approve(taken_over, desk.editor)
    approve(revised, desk.editor)


def test_handing_in_the_same_save_twice_is_one_revision(desk: Desk) -> None:
    report = draft(desk.event, desk.writer)
    assert (file(report, desk.writer), file(report, desk.writer)) == (1, 1)
    assert size(Revision) == 1
    assert acts(report).count("file") == 1
    save(report, text("Written on"), desk.writer)
    assert file(report, desk.writer) == 2
    assert now(report).filed_revision == 2


def hand_in(report: Report, sequence: int, by: User) -> Revision:
    """FILE a named save, as a request does that was sent again because its answer was lost."""
    handed_in = draft_saves.one(report.number, sequence)
    rendered = revisions.render(reports.text_of(handed_in))
    with unit_of_work():
        return filing.file(
            locked_report(report), draft_saves.one(report.number, sequence), rendered=rendered, by=by, at=later(9)
        )


def test_handing_in_again_what_an_editor_revised_does_not_undo_the_revision(desk: Desk) -> None:
    report = draft(desk.event, desk.writer)
    hand_in(report, 1, desk.writer)
    made = revise(report, text("Revised"), desk.editor).number
    assert hand_in(report, 1, desk.writer).number == 1
    assert (now(report).filed_revision, size(Revision)) == (made, 2)


def test_handing_in_an_older_save_again_does_not_undo_a_newer_one(desk: Desk) -> None:
    report = draft(desk.event, desk.writer)
    hand_in(report, 1, desk.writer)
    save(report, text("Newer"), desk.writer)
    hand_in(report, 2, desk.writer)
    assert hand_in(report, 1, desk.writer).number == 1
    assert (now(report).filed_revision, size(Revision)) == (2, 2)


def test_what_was_sent_back_or_recalled_can_be_handed_in_as_it_was(desk: Desk) -> None:
    report = draft(desk.event, desk.writer)
    hand_in(report, 1, desk.writer)
    do(review.send_back, report, note="Who said so?", by=desk.editor)
    assert hand_in(report, 1, desk.writer).number == 2
    do(filing.recall, report, by=desk.writer)
    assert hand_in(report, 1, desk.writer).number == 3
    assert (work_state(report), now(report).filed_revision) == (WorkState.FILED, 3)


def test_nothing_incomplete_is_handed_in(desk: Desk) -> None:
    for words in (
        text(""),
        text("No summary", lead="", key_points=()),
        text("No policy issue", policy_issues=frozenset()),
    ):
        report = draft(desk.event, desk.writer, words)
        with pytest.raises(Refused):
            file(report, desk.writer)
        assert work_state(report) is WorkState.DRAFT
    assert size(Revision) == 0


def test_html_of_another_text_is_refused(desk: Desk) -> None:
    report = draft(desk.event, desk.writer)
    head = draft_saves.head(report.number)
    with pytest.raises(EditConflict):
        do(filing.file, report, save=head, rendered=revisions.render(text("Another")), by=desk.writer)
    file(report, desk.writer)
    approve(report, desk.editor)
    with pytest.raises(EditConflict):
        do(publication.publish, report, revision=1, rendered=revisions.render(text("Another")), by=desk.editor)
    assert work_state(report) is WorkState.APPROVED
    assert size(PublicChange) == 0


def test_no_recall_while_an_editor_reads_but_when_the_claim_lapsed(desk: Desk) -> None:
    report = draft(desk.event, desk.writer)
    file(report, desk.writer)
    do(review.claim, report, by=desk.editor, minute=10)
    with pytest.raises(WrongState):
        do(filing.recall, report, by=desk.writer, minute=19.9)
    assert work_state(report) is WorkState.FILED
    do(filing.recall, report, by=desk.writer, minute=20)
    assert work_state(report) is WorkState.DRAFT
    assert reports.revision(report.number, 1) is not None


def test_a_claim_is_a_sign_and_no_lock(desk: Desk) -> None:
    report = draft(desk.event, desk.writer)
    file(report, desk.writer)
    do(review.claim, report, by=desk.editor)
    do(review.claim, report, by=desk.second_editor)
    assert now(report).claimed_by_id == desk.second_editor.id
    do(review.send_back, report, note="Who said so?", by=desk.editor)
    assert (work_state(report), now(report).claimed_by_id) == (WorkState.SENT_BACK, None)


def test_what_is_sent_back_carries_a_note(desk: Desk) -> None:
    report = draft(desk.event, desk.writer)
    file(report, desk.writer)
    with pytest.raises(Refused):
        do(review.send_back, report, note="  ", by=desk.editor)
    assert work_state(report) is WorkState.FILED
    do(review.send_back, report, note="Who said so?", by=desk.editor)
    assert [(one.text, one.revision_number) for one in reports.notes(report.number)] == [("Who said so?", 1)]


def test_a_revision_keeps_what_the_rapporteur_typed_meanwhile(desk: Desk) -> None:
    report = draft(desk.event, desk.writer, text("Draft", body="One.\n\nTwo.\n\nThree."))
    file(report, desk.writer)
    save(report, text("Draft", body="One.\n\nTwo.\n\nThree.\n\nFour, typed meanwhile."), desk.writer)
    revise(report, replace(text("Draft"), headline="Better", body="One, revised.\n\nTwo.\n\nThree."), desk.editor)
    assert words_of(report, 2).body == "One, revised.\n\nTwo.\n\nThree."
    head = head_words(report)
    assert (head.headline, head.body) == ("Better", "One, revised.\n\nTwo.\n\nThree.\n\nFour, typed meanwhile.")
    assert [one.body for one in draft_saves.every(report.number)][
        1
    ] == "One.\n\nTwo.\n\nThree.\n\nFour, typed meanwhile."


def test_a_stale_revision_is_neither_revised_nor_approved(desk: Desk) -> None:
    report = draft(desk.event, desk.writer)
    file(report, desk.writer)
    save(report, text("Newer"), desk.writer)
    file(report, desk.writer)
    with pytest.raises(StaleRevision):
        do(review.approve, report, revision=1, by=desk.editor)
    words = text("Revised")
    with pytest.raises(StaleRevision):
        do(review.revise, report, text=words, revision=1, rendered=revisions.render(words), by=desk.editor)
    assert (work_state(report), now(report).filed_revision) == (WorkState.FILED, 2)
    assert (size(Approval), size(Revision)) == (0, 2)


# -- APPROVE, PUBLISH


def test_approving_and_publishing_again_answer_as_done(desk: Desk) -> None:
    report = draft(desk.event, desk.writer)
    file(report, desk.writer)
    for _ in range(2):
        do(review.approve, report, revision=1, by=desk.editor)
    rendered = revisions.render(words_of(report, 1))
    first = do(publication.publish, report, revision=1, rendered=rendered, by=desk.editor)
    again = do(publication.publish, report, revision=1, rendered=rendered, by=desk.second_editor)
    do(review.approve, report, revision=1, by=desk.second_editor)
    assert (first is None, again) == (False, None)
    assert (size(Approval), size(PublicChange)) == (1, 1)
    assert acts(report)[-2:] == ["approve", "publish"]


def test_what_was_withdrawn_meanwhile_does_not_answer_as_published(desk: Desk) -> None:
    report = published(desk.event, desk.writer, desk.editor)
    rendered = revisions.render(words_of(report, 1))
    withdraw(report, desk.second_editor)
    with pytest.raises(WrongState):
        do(publication.publish, report, revision=1, rendered=rendered, by=desk.editor)
    with pytest.raises(WrongState):
        do(review.approve, report, revision=1, by=desk.editor)


def test_nobody_approves_their_own_text_unless_the_event_has_a_lone_editor(desk: Desk) -> None:
    report = draft(desk.event, desk.editor)
    file(report, desk.editor)
    with pytest.raises(NotAllowed):
        approve(report, desk.editor)
    approve(report, desk.second_editor)
    small = event("small", lone_editor=True)
    alone = person(Role.EDITOR, small)
    own = draft(small, alone)
    file(own, alone)
    approve(own, alone)
    assert work_state(own) is WorkState.APPROVED


@pytest.mark.parametrize("by_hand", [True, False])
def test_nothing_is_public_before_its_embargo_lifts(desk: Desk, context: Flask, by_hand: bool) -> None:
    report = draft(desk.event, desk.writer, text("Under embargo"))
    file(report, desk.writer)
    lifts = later(60)
    approve(report, desk.editor, embargo_until=lifts)
    for by in (desk.editor, None):
        with pytest.raises(WrongState):
            show(report, by, minute=59.9)
    assert tick(context, lifts - timedelta(seconds=1)) == 0
    assert (listed(), size(PublicChange)) == ([], 0)
    with pytest.raises(NotFound):
        seen_by_the_public.report(report.number)
    if by_hand:
        show(report, desk.editor, minute=60)
    else:
        assert tick(context, lifts) == 1
    assert tick(context, lifts) == 0
    assert (listed(), size(PublicChange)) == (["Under embargo"], 1)
    assert acts(report).count("publish") == 1
    assert now(report).embargo_until is None


def test_an_approval_taken_back_keeps_the_embargo(desk: Desk) -> None:
    report = draft(desk.event, desk.writer)
    file(report, desk.writer)
    approve(report, desk.editor, embargo_until=later(60))
    do(review.unapprove, report, by=desk.second_editor)
    assert now(report).embargo_until == later(60)
    approve(report, desk.editor, embargo_until=later(90))
    assert now(report).embargo_until == later(90)
    do(review.unapprove, report, by=desk.editor)
    approve(report, desk.editor)
    assert now(report).embargo_until is None


def test_an_embargo_that_has_passed_is_refused(desk: Desk) -> None:
    report = draft(desk.event, desk.writer)
    file(report, desk.writer)
    with pytest.raises(Refused, match="has passed"):
        approve(report, desk.editor, minute=4, embargo_until=later(4))
    assert work_state(report) is WorkState.FILED


def test_handing_in_the_words_that_wait_makes_no_second_text(desk: Desk) -> None:
    report = draft(desk.event, desk.writer, text("Once"))
    first = file(report, desk.writer)
    save(report, text("Once"), desk.writer)
    assert file(report, desk.writer) == first
    save(report, text("Twice"), desk.writer)
    assert file(report, desk.writer) == first + 1


def test_an_embargo_concerns_what_waits_and_not_what_is_public(desk: Desk) -> None:
    report = published(desk.event, desk.writer, desk.editor, text("Public"))
    do(filing.amend, report, by=desk.writer)
    save(report, text("Waiting"), desk.writer)
    file(report, desk.writer)
    approve(report, desk.editor, embargo_until=later(600))
    assert listed() == ["Public"]
    withdraw(report, desk.editor)
    reinstate(report, None, desk.editor)
    assert listed() == ["Public"]


def test_the_worker_does_not_show_again_what_was_withdrawn(desk: Desk, context: Flask) -> None:
    report = published(desk.event, desk.writer, desk.editor)
    withdraw(report, desk.editor, minute=10)
    do(filing.amend, report, by=desk.writer)
    save(report, text("Cleaned"), desk.writer)
    file(report, desk.writer)
    approve(report, desk.editor, embargo_until=later(60))
    assert tick(context, later(61)) == 0
    with pytest.raises(NotAllowed):
        show(report, None, minute=61)
    change = show(report, desk.editor, minute=62)
    assert change is not None
    assert change.kind is ChangeKind.REINSTATEMENT
    assert listed() == ["Cleaned"]


def test_no_translation_while_its_original_is_withdrawn(desk: Desk) -> None:
    original = published(desk.event, desk.writer, desk.editor, text("Original"), of=session(desk.event))
    with unit_of_work():
        made = filing.start(
            event=locked_report(original).event, translation_of=original, language="fr", by=desk.writer, at=later()
        )
    save(made, text("Traduction", language="fr"), desk.writer)
    file(made, desk.writer)
    approve(made, desk.editor)
    withdraw(original, desk.editor)
    with pytest.raises(WrongState):
        show(made, desk.editor, minute=40)
    assert listed() == []
    reinstate(original, None, desk.editor)
    show(made, desk.editor, minute=60)
    assert listed() == ["Traduction", "Original"]


def update(report: Report, desk: Desk, headline: str, *, minute: float, mark: ChangeKind, note: str = "") -> None:
    """AMEND … PUBLISH, in one go."""
    do(filing.amend, report, by=desk.writer, minute=minute)
    save(report, text(headline), desk.writer, minute=minute)
    file(report, desk.writer, minute=minute)
    approve(report, desk.editor, minute=minute)
    show(report, desk.editor, minute=minute, mark=mark, note=note)


def test_marks_and_the_moment_of_the_newest_change(desk: Desk) -> None:
    report = published(desk.event, desk.writer, desk.editor, minute=1)
    first: datetime = later(4)
    stamps = [on_page(report).updated_at]
    for minute, mark in ((10, ChangeKind.UPDATE), (20, ChangeKind.MINOR), (30, ChangeKind.CORRECTION)):
        update(report, desk, f"As {mark}", minute=minute, mark=mark, note="What was wrong.")
        stamps.append(on_page(report).updated_at)
    correct(report, text("Put right"), desk.editor, minute=40)
    stamps.append(on_page(report).updated_at)
    correct(report, text("A comma"), desk.editor, minute=50, mark=ChangeKind.MINOR, note="")
    stamps.append(on_page(report).updated_at)
    withdraw(report, desk.editor, minute=60)
    reinstate(report, None, desk.editor, minute=70)
    stamps.append(on_page(report).updated_at)
    assert stamps == [first, later(10), later(10), later(30), later(40), later(40), later(70)]
    page = on_page(report)
    assert (page.headline, page.first_published_at) == ("A comma", first)
    # What changes nothing for a reader is not told to readers.
    assert [(line.number, line.kind) for line in page.changes] == [
        (1, ChangeKind.FIRST),
        (2, ChangeKind.UPDATE),
        (4, ChangeKind.CORRECTION),
        (5, ChangeKind.CORRECTION),
        (7, ChangeKind.WITHDRAWAL),
        (8, ChangeKind.REINSTATEMENT),
    ]


def test_a_correction_says_what_was_wrong(desk: Desk) -> None:
    report = published(desk.event, desk.writer, desk.editor, text("Public"))
    with pytest.raises(Refused):
        correct(report, text("Put right"), desk.editor, note=" ")
    with pytest.raises(Refused):
        correct(report, text("Put right"), desk.editor, mark=ChangeKind.FIRST)
    do(filing.amend, report, by=desk.writer)
    file(report, desk.writer)
    approve(report, desk.editor)
    with pytest.raises(Refused):
        show(report, desk.editor, minute=30, mark=ChangeKind.CORRECTION)
    assert (listed(), size(PublicChange)) == (["Public"], 1)


# -- CORRECT


PUBLIC_TEXT = "One.\n\nTwo.\n\nThree."
CORRECTED_TEXT = "One, corrected.\n\nTwo.\n\nThree."
AMENDED_TEXT = "One.\n\nTwo.\n\nThree, amended."
MERGED_TEXT = "One, corrected.\n\nTwo.\n\nThree, amended."


def amended(desk: Desk, *steps: str) -> Report:
    """A public report, and a change of it that went through these steps."""
    report = published(desk.event, desk.writer, desk.editor, text("Report", body=PUBLIC_TEXT))
    do(filing.amend, report, by=desk.writer)
    save(report, text("Report", body=AMENDED_TEXT), desk.writer)
    if steps:
        file(report, desk.writer)
    if "send_back" in steps:
        do(review.send_back, report, note="Who said so?", by=desk.editor)
    if "approve" in steps:
        approve(report, desk.editor)
    return report


def test_a_correction_of_a_settled_report_is_public_at_once(desk: Desk) -> None:
    report = published(desk.event, desk.writer, desk.editor, text("Report", body=PUBLIC_TEXT))
    saves = size(DraftSave)
    change = correct(report, text("Report", body=CORRECTED_TEXT), desk.editor)
    assert (change.kind, change.note) == (ChangeKind.CORRECTION, "The agreement was named wrongly.")
    assert on_page(report).body_html.startswith("<p>One, corrected.</p>")
    assert (work_state(report), size(DraftSave)) == (WorkState.SETTLED, saves)
    assert reports.is_approved(report.number, 2)
    assert words_of(report, 1).body == PUBLIC_TEXT


@pytest.mark.parametrize(("steps", "state"), [((), WorkState.DRAFT), (("send_back",), WorkState.SENT_BACK)])
def test_a_draft_takes_a_correction_in(desk: Desk, steps: tuple[str, ...], state: WorkState) -> None:
    report = amended(desk, *steps)
    correct(report, text("Report", body=CORRECTED_TEXT), desk.editor)
    assert work_state(report) is state
    assert head_words(report).body == MERGED_TEXT
    assert AMENDED_TEXT in [one.body for one in draft_saves.every(report.number)]
    assert words_of(report, now(report).published_revision).body == CORRECTED_TEXT
    assert "amended" not in on_page(report).body_html


@pytest.mark.parametrize("step", ["file", "approve"])
def test_what_waits_takes_a_correction_in_and_waits_for_the_editors(desk: Desk, step: str) -> None:
    report = amended(desk, step)
    waiting = now(report).filed_revision
    assert waiting == 2
    correct(report, text("Report", body=CORRECTED_TEXT), desk.editor)
    after = now(report)
    assert (after.work_state, after.approved_revision) == (WorkState.FILED, None)
    assert words_of(report, after.filed_revision).body == MERGED_TEXT
    assert words_of(report, waiting).body == AMENDED_TEXT
    assert words_of(report, after.published_revision).body == CORRECTED_TEXT
    assert not reports.is_approved(report.number, after.filed_revision or 0)
    assert head_words(report).body == MERGED_TEXT
    assert "amended" not in on_page(report).body_html
    with pytest.raises(StaleRevision):
        do(review.approve, report, revision=waiting, by=desk.editor)
    # Nobody is asked to hand in again: the merge waits, and goes out.
    approve(report, desk.editor)
    show(report, desk.editor, minute=60)
    assert on_page(report).body_html.count("corrected") == on_page(report).body_html.count("amended") == 1


def test_a_correction_never_leaves_what_waits_without_a_policy_issue(desk: Desk) -> None:
    both = frozenset({desk.ids["data-flows"], desk.ids["inclusion"]})
    report = published(desk.event, desk.writer, desk.editor, text("Report", policy_issues=both))
    do(filing.amend, report, by=desk.writer)
    save(report, text("Report", policy_issues=frozenset({desk.ids["data-flows"]})), desk.writer)
    file(report, desk.writer)
    correct(report, text("Report", policy_issues=frozenset({desk.ids["inclusion"]})), desk.editor)
    waiting = words_of(report, now(report).filed_revision)
    assert waiting.missing() is None, "what waits could not have been handed in"


def test_a_correction_of_what_is_not_public_any_more_is_refused(desk: Desk) -> None:
    report = published(desk.event, desk.writer, desk.editor)
    correct(report, text("First correction"), desk.editor)
    words = text("Second correction, on the older text")
    with pytest.raises(EditConflict):
        do(
            publication.correct,
            report,
            text=words,
            revision=1,
            rendered=revisions.render(words),
            note="Wrong.",
            by=desk.second_editor,
        )
    assert listed() == ["First correction"]
    assert size(Revision) == 2


def test_a_correction_of_the_subjects_moves_the_report_between_lists(desk: Desk) -> None:
    report = published(desk.event, desk.writer, desk.editor, text("Report"))
    inclusion = Selection.of(policy_issues=["inclusion"])
    trade = Selection.of(policy_issues=["digital-trade"], events=["forum"])
    assert (listed(inclusion), listed(trade)) == ([], ["Report"])
    correct(report, text("Report", policy_issues=frozenset({desk.ids["inclusion"]})), desk.editor)
    assert (listed(inclusion), listed(trade)) == (["Report"], [])


# -- WITHDRAW, REINSTATE


def test_a_withdrawal_leaves_no_words(desk: Desk) -> None:
    other = published(desk.event, desk.writer, desk.editor, text("Stays"))
    report = published(desk.event, desk.writer, desk.editor, text("Goes", body="Unspeakable.", byline="Unspeakable"))
    withdraw(report, desk.editor, note="A speaker was misquoted.")
    for selection in (
        EVERYTHING,
        Selection.of(policy_issues=["data-flows"]),
        Selection.of(policy_issues=["digital-trade"]),
        Selection.of(events=["forum"]),
        Selection.of(policy_issues=["data-flows"], events=["forum"]),
    ):
        found = seen_by_the_public.listing(selection, title="").reports
        assert [one.number for one in found] == [other.number]
        assert "Unspeakable" not in repr(found)
    shown = seen_by_the_public.report(report.number)
    assert isinstance(shown, PublicWithdrawal)
    assert (shown.reason, shown.note, shown.at) == (
        WithdrawalReason.INACCURATE,
        "A speaker was misquoted.",
        later(30),
    )
    assert "Goes" not in repr(shown)
    assert "Unspeakable" not in repr(shown)
    assert words_of(report, 1).body == "Unspeakable."


def test_a_withdrawal_says_why(desk: Desk) -> None:
    report = published(desk.event, desk.writer, desk.editor, text("Public"))
    with pytest.raises(Refused):
        withdraw(report, desk.editor, note=" ")
    assert (listed(), size(PublicChange)) == (["Public"], 1)


def test_its_rapporteur_withdraws_only_what_a_tightened_rule_no_longer_allows(desk: Desk) -> None:
    report = published(desk.event, desk.writer, desk.editor, text("Public"))
    for reason in WithdrawalReason:
        for by in (desk.writer, desk.second_writer):
            if (reason, by) != (WithdrawalReason.RULE_TIGHTENED, desk.writer):
                with pytest.raises(NotAllowed):
                    do(publication.withdraw, report, reason=reason, note="Why.", by=by)
    assert listed() == ["Public"]
    do(publication.withdraw, report, reason=WithdrawalReason.RULE_TIGHTENED, note="Now closed.", by=desk.writer)
    assert listed() == []


def test_a_withdrawal_takes_a_waiting_approval_back(desk: Desk) -> None:
    report = amended(desk, "approve")
    withdraw(report, desk.editor)
    after = now(report)
    assert (after.work_state, after.public_state) == (WorkState.FILED, PublicState.WITHDRAWN)
    assert (after.filed_revision, after.approved_revision) == (2, None)


def test_an_earlier_public_text_is_reinstated_but_none_that_never_was(desk: Desk) -> None:
    report = published(desk.event, desk.writer, desk.editor, text("First"))
    update(report, desk, "Second", minute=10, mark=ChangeKind.UPDATE)
    do(filing.amend, report, by=desk.writer)
    save(report, text("Never public"), desk.writer)
    file(report, desk.writer)
    approve(report, desk.editor)
    withdraw(report, desk.editor)
    with pytest.raises(NotFound):
        reinstate(report, 3, desk.editor)
    with pytest.raises(NotFound):
        do(publication.reinstate, report, revision=99, rendered=revisions.render(text()), by=desk.editor)
    assert listed() == []
    change = reinstate(report, 1, desk.editor)
    assert (change.kind, change.revision_number, listed()) == (ChangeKind.REINSTATEMENT, 1, ["First"])
    withdraw(report, desk.editor, minute=60)
    # Without a number it is the one that was public last, not the newest that ever was.
    assert reinstate(report, None, desk.editor, minute=70).revision_number == 1
    assert now(report).work_state is WorkState.FILED


# -- AMEND, DROP_AMENDMENT, DISCARD, RESTORE


def test_an_amendment_begins_with_the_public_words_and_lists_its_editor(desk: Desk) -> None:
    report = published(desk.event, desk.writer, desk.editor, text("Public"))
    correct(report, text("Put right"), desk.second_editor)
    do(filing.amend, report, by=desk.editor)
    assert (head_words(report).headline, listed()) == ("Put right", ["Put right"])
    assert its_rapporteurs(report) == {desk.writer.id, desk.editor.id}
    file(report, desk.writer)
    with pytest.raises(NotAllowed):
        approve(report, desk.editor)


def test_a_dropped_amendment_keeps_its_saves(desk: Desk) -> None:
    report = amended(desk, "file")
    saves = [reports.text_of(one) for one in draft_saves.every(report.number)]
    do(filing.drop_amendment, report, by=desk.writer)
    assert [reports.text_of(one) for one in draft_saves.every(report.number)] == saves
    after = now(report)
    assert (after.work_state, after.public_state, after.filed_revision) == (
        WorkState.SETTLED,
        PublicState.PUBLIC,
        None,
    )
    assert "amended" not in on_page(report).body_html
    assert words_of(report, 2).body == AMENDED_TEXT


def test_its_rapporteur_drops_no_amendment_that_is_approved(desk: Desk) -> None:
    report = amended(desk, "approve")
    with pytest.raises(NotAllowed):
        do(filing.drop_amendment, report, by=desk.writer)
    do(filing.drop_amendment, report, by=desk.editor)
    assert work_state(report) is WorkState.SETTLED


def test_what_was_ever_handed_in_is_the_editors_to_discard(desk: Desk) -> None:
    never, once = draft(desk.event, desk.writer), draft(desk.event, desk.writer)
    file(once, desk.writer)
    do(filing.recall, once, by=desk.writer)
    with pytest.raises(NotAllowed):
        do(filing.discard, once, by=desk.writer)
    for report, by in ((never, desk.writer), (once, desk.editor)):
        do(filing.discard, report, by=by)
    with pytest.raises(NotAllowed):
        do(filing.restore, once, by=desk.writer)
    for report, by in ((never, desk.writer), (once, desk.editor)):
        do(filing.restore, report, by=by)
        assert work_state(report) is WorkState.DRAFT
        assert head_words(report) == text()


def test_no_restore_where_another_report_of_the_session_exists(desk: Desk) -> None:
    place = session(desk.event)
    first = draft(desk.event, desk.writer, of=place)
    do(filing.discard, first, by=desk.editor)
    second = draft(desk.event, desk.writer, of=place)
    with pytest.raises(WrongState) as refusal:
        do(filing.restore, first, by=desk.editor)
    assert str(second.number) in str(refusal.value)
    do(filing.discard, second, by=desk.editor)
    do(filing.restore, first, by=desk.editor)
    assert (work_state(first), work_state(second)) == (WorkState.DRAFT, WorkState.DISCARDED)


# -- who


def everything_a_person_may_do(
    report: Report, public: Report, place: ProgrammeSession, by: User
) -> dict[str, Callable[[], object]]:
    """Attempts on a report that waits, and on one that is public."""
    words, rendered = text("Not to be seen"), revisions.render(text("Not to be seen"))
    return {
        "start": lambda: start(place, by),
        "save": lambda: type_in(report, words, by),
        "file": lambda: file(report, by),
        "recall": lambda: do(filing.recall, report, by=by),
        "claim": lambda: do(review.claim, report, by=by),
        "revise": lambda: do(review.revise, report, text=words, revision=1, rendered=rendered, by=by),
        "send back": lambda: do(review.send_back, report, note="Why.", by=by),
        "approve": lambda: do(review.approve, report, revision=1, by=by),
        "discard": lambda: do(filing.discard, report, by=by),
        "amend": lambda: do(filing.amend, public, by=by),
        "correct": lambda: do(
            publication.correct, public, text=words, revision=1, rendered=rendered, note="Why.", by=by
        ),
        "withdraw": lambda: do(
            publication.withdraw, public, reason=WithdrawalReason.RULE_TIGHTENED, note="Why.", by=by
        ),
    }


@pytest.mark.parametrize("loss", ["role taken away", "disabled"])
@pytest.mark.parametrize("role", [Role.RAPPORTEUR, Role.EDITOR])
def test_who_lost_a_role_or_the_account_may_do_nothing(desk: Desk, role: Role, loss: str) -> None:
    by = person(role, desk.event)
    waiting, public = draft(desk.event, by), published(desk.event, by, desk.editor, text("Public"))
    file(waiting, by)
    before = (size(DraftSave), size(Revision), size(Approval), size(PublicChange), acts(waiting), acts(public))
    place = session(desk.event)
    with unit_of_work():
        found = known_people.by_id(by.id)
        assert found is not None
        if loss == "disabled":
            people.disable(found, by=None, at=later())
        else:
            held = known_people.grant(found, role, desk.event.id)
            assert held is not None
            db.session.delete(held)
    for name, attempt in everything_a_person_may_do(waiting, public, place, by).items():
        try:
            attempt()
        except NotAllowed:
            continue
        pytest.fail(f"{name} was possible")
    assert before == (
        size(DraftSave),
        size(Revision),
        size(Approval),
        size(PublicChange),
        acts(waiting),
        acts(public),
    )
    assert (listed(), reports.of_session(place.id)) == (["Public"], None)


def test_a_role_at_another_event_counts_for_nothing(desk: Desk) -> None:
    by = person(Role.EDITOR, event("elsewhere"))
    waiting, public = draft(desk.event, desk.writer), published(desk.event, desk.writer, desk.editor)
    file(waiting, desk.writer)
    for attempt in everything_a_person_may_do(waiting, public, session(desk.event), by).values():
        with pytest.raises(NotAllowed):
            attempt()


# -- the projection


def test_the_projection_is_rebuilt_in_a_fresh_session(desk: Desk) -> None:
    number = published(desk.event, desk.writer, desk.editor, text("Public"), of=session(desk.event)).number
    rendered = revisions.render(text("Public"))
    before = seen_by_the_public.report(number)
    db.session.remove()  # as a command begins: with nothing loaded
    with unit_of_work():
        report = reports.for_change(number)
        assert report is not None
        publication.rebuild(report, rendered=rendered)
    assert seen_by_the_public.report(number) == before
    assert listed(Selection.of(policy_issues=["digital-trade"], events=["forum"])) == ["Public"]
