"""Under a rule that names nobody: what keeps a text from the public, what lets a name stay, what readers are told."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, TypeVar

import pytest
from factories import (
    T0,
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
    text,
    withdraw,
    work_state,
)
from flask import Flask
from sqlalchemy import select

from reporter import worker
from reporter.models.assignment import Notice
from reporter.models.database import db, unit_of_work
from reporter.models.event import Event
from reporter.models.history import HistoryEntry
from reporter.models.people import User
from reporter.models.programme import ProgrammeSession, SessionSpeaker
from reporter.models.report import Approval, AttributionWaiver, PublicChange, Report, Revision
from reporter.newsroom import (
    attribution,
    filing,
    programme,
    programme_desk,
    publication,
    review,
    revisions,
    rule_tightening,
)
from reporter.queries import attribution as known
from reporter.queries import programmes, reports
from reporter.queries import published as seen
from reporter.rules.attribution import NEUTRAL_TITLE
from reporter.rules.errors import NamesStand, NotAllowed, Refused, StaleRevision, WrongState
from reporter.rules.published import PublicReport, PublicWithdrawal
from reporter.rules.report_text import KeyPoint, Link, ReportText
from reporter.rules.selection import Selection
from reporter.rules.vocabulary import NoticeKind, PublicState, Role, SessionRule, WithdrawalReason, WorkState
from reporter.sources.draft import SessionDraft, SpeakerDraft

T = TypeVar("T")
ON_THE_RECORD, CHATHAM_HOUSE, CLOSED = SessionRule
SPEAKERS = (
    SpeakerDraft("Amélie N’Diaye", "Institut Zéphyr", "Director"),
    SpeakerDraft("Kwabena Oduya", "Ministry of Trade of Ruritania", "Minister"),
    SpeakerDraft("Tomasz Wiśniewski", "Baltic Exporters Council"),
)


class Room:
    """An event, those who work at it, and one session of three speakers."""

    def __init__(self) -> None:
        issues()
        self.event: Event = event("forum")
        self.writer: User = person(Role.RAPPORTEUR, self.event)
        self.editor: User = person(Role.EDITOR, self.event)
        self.second: User = person(Role.EDITOR, self.event)
        self.session = self.add("Fireside chat with Kwabena Oduya", *SPEAKERS)

    def add(self, title: str, *speakers: SpeakerDraft) -> ProgrammeSession:
        told = SessionDraft(title=title, starts_at=T0, ends_at=T0 + timedelta(hours=1), speakers=speakers,
                            description="Oduya looks back.", room="Room A")  # fmt: skip
        with unit_of_work():
            return programme.add_sessions(self.event, [told], by=None, at=T0)[0]

    def put_under(self, rule: SessionRule, *, minute: float = 20, by: User | None = None) -> list[int]:
        with unit_of_work():
            locked = programmes.for_change(self.session.id)
            assert locked is not None
            if by is not None:
                return rule_tightening.tighten(locked, rule, by=by, at=later(minute))
            return programme_desk.change_rule(locked, rule, by=self.editor, at=later(minute))

    def waiting(self, words: ReportText) -> Report:
        made = draft(self.event, self.writer, words, of=self.session)
        file(made, self.writer)
        return made

    def waive(self, report: Report, *names: str, reason: str = "She asked to be named.", revision: int = 1,
              by: User | None = None, minute: float = 30) -> list[AttributionWaiver]:  # fmt: skip
        return do(attribution.waive, report, revision=revision, names=names, reason=reason, by=by or self.editor,
                  minute=minute)  # fmt: skip


@pytest.fixture
def room(context: Flask) -> Room:
    assert context is not None
    return Room()


def do(verb: Callable[..., T], report: Report, *, minute: float = 30, **details: Any) -> T:
    with unit_of_work():
        return verb(locked_report(report), at=later(minute), **details)


def rendered(report: Report, revision: int) -> revisions.Rendered:
    return revisions.render(reports.text_of(revisions.named(locked_report(report), revision)))


def correct(report: Report, words: ReportText, by: User, *, minute: float = 10, note: str = "It was wrong.") -> None:
    public = reports.by_number(report.number)
    assert public is not None
    html = revisions.render(words)
    do(publication.correct, report, text=words, revision=public.published_revision, rendered=html, by=by, note=note,
       minute=minute)  # fmt: skip


def update(report: Report, words: ReportText, room: Room, *, minute: float) -> None:
    """AMEND … PUBLISH, in one go."""
    do(filing.amend, report, by=room.writer, minute=minute)
    save(report, words, room.writer, minute=minute)
    file(report, room.writer, minute=minute)
    approve(report, room.editor, minute=minute)
    publish(report, room.editor, minute=minute)


def page(report: Report) -> PublicReport:
    db.session.expire_all()
    found = seen.report(report.number)
    assert isinstance(found, PublicReport)
    return found


def counts() -> tuple[int, ...]:
    """How many revisions, approvals, waivers, public changes and lines of history there are."""
    tables = (Revision, Approval, AttributionWaiver, PublicChange, HistoryEntry)
    return tuple(len(db.session.scalars(select(one)).all()) for one in tables)


HEADLINE = "Oduya wants free data flows"
FOUND = ["Oduya", "Institut Zéphyr", "Tomasz Wiśniewski", "Baltic Exporters Council"]


def naming() -> ReportText:
    """A text that names three speakers, in its headline, a key point, its body and a link."""
    points = (KeyPoint("Data must flow.", "Institut Zephyr", "host"), KeyPoint("Another."), KeyPoint("A third."))
    return text(
        HEADLINE,
        lead="He wants them soon.",
        key_points=points,
        body="It began late.\n\nTOMASZ WISNIEWSKI asked why.",
        links=(Link("A paper", "https://example.org/baltic-exporters-council/paper"),),
    )


# What the public finds of the session


def test_the_words_of_the_programme_are_published_only_where_the_speakers_may_be_named(room: Room) -> None:
    for rule in (ON_THE_RECORD, CHATHAM_HOUSE, CLOSED, ON_THE_RECORD):
        room.put_under(rule)
        found = programmes.programme_session(room.session.id)
        assert found is not None
        value, speakers = seen.session_value(found), [one.name for one in seen.speakers_of(found)]
        shown = (value.title, value.description, value.names_hidden, speakers)
        if rule is ON_THE_RECORD:
            assert shown == (found.title, "Oduya looks back.", False, [one.name for one in SPEAKERS])
        else:
            assert shown == (NEUTRAL_TITLE, "", True, [])
        assert (value.room, value.starts_at, value.ends_at) == ("Room A", T0, T0 + timedelta(hours=1))


# The gate


def test_a_text_that_names_a_speaker_is_not_approved_and_says_whom_it_names(room: Room) -> None:
    room.put_under(CHATHAM_HOUSE)
    report = room.waiting(naming())
    before = counts()
    with pytest.raises(NamesStand) as refusal:
        approve(report, room.editor)
    said = ", ".join(f"“{name}”" for name in FOUND)
    assert str(refusal.value) == (
        f"This text names {said}, and nobody may be named under the rule of its session. "
        "Take each out, or record why it may stay."
    )
    assert (counts(), work_state(report)) == (before, WorkState.FILED)
    clean = text("Data must flow")
    do(review.revise, report, text=clean, revision=1, rendered=revisions.render(clean), by=room.editor)
    approve(report, room.editor)
    publish(report, room.editor)
    assert page(report).headline == "Data must flow"


def test_on_the_record_and_without_a_session_names_are_no_question(room: Room) -> None:
    for made in (room.waiting(naming()), draft(room.event, room.writer, naming())):
        if work_state(made) is WorkState.DRAFT:
            file(made, room.writer)
        approve(made, room.editor)
        publish(made, room.editor)
        assert page(made).headline == HEADLINE


def test_the_host_and_whoever_the_event_is_named_after_may_be_named(room: Room) -> None:
    with unit_of_work():
        held = programmes.event_for_change(room.event.id)
        assert held is not None
        held.organiser, held.name = "Institut Zéphyr", "The Kwabena Oduya Lectures"
    room.put_under(CHATHAM_HOUSE)
    words = text("The Institut Zephyr hosts the Kwabena Oduya Lectures")
    assert attribution.names_in(locked_report(room.waiting(words)), words) == []


def test_a_translation_is_under_the_rule_of_what_it_translates(room: Room) -> None:
    original = room.waiting(text("Data must flow"))
    with unit_of_work():
        made = filing.start(
            event=locked_report(original).event, translation_of=original, language="fr", by=room.writer, at=later()
        )
    save(made, text("Oduya parle", language="fr"), room.writer)
    file(made, room.writer)
    room.put_under(CHATHAM_HOUSE)
    with pytest.raises(NamesStand, match="“Oduya”"):
        approve(made, room.editor)


def test_who_speaks_in_a_session_that_was_joined_is_not_named_either(room: Room) -> None:
    room.put_under(CHATHAM_HOUSE)
    with unit_of_work():
        spot = programme.add_unlisted(
            room.event,
            SessionDraft(title="Spot", starts_at=T0, ends_at=T0, speakers=(SpeakerDraft("Guðrún Ármannsdóttir"),)),
            by=room.writer, at=later(),
        )  # fmt: skip
        programme_desk.join(spot, programmes.for_change(room.session.id), by=room.editor, at=later(3))  # type: ignore[arg-type]
    report = room.waiting(text("As Gudrun Armannsdottir said"))
    with pytest.raises(NamesStand, match="“Guðrún Ármannsdóttir”"):
        approve(report, room.editor)


def test_nothing_of_a_closed_session_is_published_whatever_it_says(room: Room) -> None:
    report = published(room.event, room.writer, room.editor, text("Data must flow"), of=room.session)
    assert room.put_under(CLOSED) == [report.number]
    with pytest.raises(WrongState, match="This session is closed"):
        do(publication.reinstate, report, rendered=rendered(report, 1), by=room.editor)
    do(filing.amend, report, by=room.writer)
    file(report, room.writer)
    with pytest.raises(WrongState, match="This session is closed"):
        approve(report, room.editor)


def test_an_editor_neither_reinstates_nor_corrects_what_names_somebody(room: Room) -> None:
    report = published(room.event, room.writer, room.editor, naming(), of=room.session)
    room.put_under(CHATHAM_HOUSE, by=room.writer)
    before = counts()
    with pytest.raises(NamesStand):
        do(publication.reinstate, report, rendered=rendered(report, 1), by=room.editor)
    assert (counts(), locked_report(report).public_state) == (before, PublicState.WITHDRAWN)
    update(report, text("Data must flow"), room, minute=40)
    before = counts()
    with pytest.raises(NamesStand, match="“Wiśniewski”"):
        correct(report, text("Data must flow, says Wiśniewski"), room.editor, minute=50)
    assert (counts(), page(report).headline) == (before, "Data must flow")
    withdraw(report, room.editor, minute=60, note="It was wrong.")
    with pytest.raises(NamesStand):
        do(publication.reinstate, report, revision=1, rendered=rendered(report, 1), by=room.editor)


def test_what_an_embargo_holds_back_is_looked_at_again_when_it_lifts(room: Room, context: Flask) -> None:
    """Somebody may be added to the programme after the approval."""
    room.put_under(CHATHAM_HOUSE)
    report = room.waiting(text("As Gudrun Armannsdottir said"))
    approve(report, room.editor, embargo_until=later(60))
    with unit_of_work():
        names = programme.Names(programmes.event_for_change(room.event.id))  # type: ignore[arg-type]
        held = programmes.for_change(room.session.id)
        assert held is not None
        programme.write_speakers(held, (*SPEAKERS, SpeakerDraft("Guðrún Ármannsdóttir")), names=names)
    assert [worker.tick(context, at=later(minute)) for minute in (60, 61, 62)] == [0, 0, 0]
    assert work_state(report) is WorkState.APPROVED
    told = db.session.scalars(select(Notice).order_by(Notice.user_id)).all()
    assert [(one.user_id, one.kind, one.report_number, one.told_at) for one in told] == [
        (user.id, NoticeKind.RULE_TIGHTENED, report.number, later(60)) for user in (room.editor, room.second)
    ]
    with pytest.raises(NamesStand):
        publish(report, room.editor, minute=63)
    with unit_of_work():
        db.session.delete(db.session.scalars(select(SessionSpeaker).order_by(SessionSpeaker.position.desc())).first())
    assert worker.tick(context, at=later(64)) == 1


# What lets a name stay


def test_an_editor_records_why_names_may_stay_and_the_text_is_published(room: Room) -> None:
    room.put_under(CHATHAM_HOUSE)
    report = room.waiting(naming())
    room.waive(report, "Baltic Exporters Council", "Oduya", reason=" They  spoke\x00 before the rule. ")
    assert [(one.name, one.reason, one.waived_by_id, one.waived_at) for one in known.waivers(report.number, 1)] == [
        (name, "They  spoke before the rule.", room.editor.id, later(30))
        for name in ("Oduya", "Baltic Exporters Council")
    ]
    with pytest.raises(NamesStand, match="names “Institut Zéphyr”, “Tomasz Wiśniewski”, and"):
        approve(report, room.editor)
    # Recorded already: no second row, whoever says it again.
    again = room.waive(report, *FOUND, reason="Agreed.", by=room.second, minute=31)
    assert [one.name for one in again] == ["Institut Zéphyr", "Tomasz Wiśniewski"]
    assert room.waive(report, *FOUND) == []
    approve(report, room.editor)
    publish(report, room.editor)
    assert page(report).headline == HEADLINE


def test_history_says_that_names_may_stay_and_no_name(room: Room) -> None:
    room.put_under(CHATHAM_HOUSE)
    report = room.waiting(naming())
    rows = room.waive(report, *FOUND)
    entry = db.session.scalars(select(HistoryEntry).order_by(HistoryEntry.id.desc())).first()
    assert entry is not None
    ids = ", ".join(str(one.id) for one in rows)
    assert (entry.act, entry.done_by_id, entry.report_number, entry.revision_number, entry.details) == (
        "name_waived", room.editor.id, report.number, 1, {"waivers": ids},
    )  # fmt: skip


def test_a_reason_for_one_form_of_a_name_is_none_for_another(room: Room) -> None:
    room.put_under(CHATHAM_HOUSE)
    report = room.waiting(text("Oduya wants data to flow", body="Kwabena Oduya said so."))
    room.waive(report, "Oduya")
    with pytest.raises(NamesStand, match="names “Kwabena Oduya”, and"):
        approve(report, room.editor)


def test_a_reason_holds_for_the_text_that_was_read_and_no_other(room: Room) -> None:
    room.put_under(CHATHAM_HOUSE)
    report = room.waiting(naming())
    room.waive(report, *FOUND)
    comma = ReportText(**{**vars(naming()), "lead": "With a comma, now."})
    do(review.revise, report, text=comma, revision=1, rendered=revisions.render(comma), by=room.editor)
    with pytest.raises(NamesStand):
        approve(report, room.editor)
    with pytest.raises(StaleRevision):
        room.waive(report, *FOUND, revision=1)
    room.waive(report, *FOUND, revision=2)
    approve(report, room.editor)


def test_a_correction_keeps_what_may_stay_and_adds_nobody(room: Room) -> None:
    room.put_under(CHATHAM_HOUSE)
    report = room.waiting(text("Oduya wants data to flow"))
    room.waive(report, "Oduya")
    approve(report, room.editor)
    publish(report, room.editor)
    correct(report, text("Oduya wants all data to flow"), room.second, minute=40)
    assert page(report).headline == "Oduya wants all data to flow"
    assert [(one.name, one.reason, one.waived_by_id) for one in known.waivers(report.number, 2)] == [
        ("Oduya", "She asked to be named.", room.second.id)
    ]
    with pytest.raises(NamesStand, match="names “Wiśniewski”, and"):
        correct(report, text("Oduya and Wiśniewski want data to flow"), room.second, minute=50)
    correct(report, text("Data must flow"), room.second, minute=60)
    assert known.waivers(report.number, 3) == []


def test_what_may_stay_lets_a_withdrawn_text_be_shown_again(room: Room) -> None:
    report = published(room.event, room.writer, room.editor, text("Oduya wants data to flow"), of=room.session)
    room.put_under(CHATHAM_HOUSE)
    room.waive(report, "Oduya")
    do(publication.reinstate, report, rendered=rendered(report, 1), by=room.editor)
    assert page(report).headline == "Oduya wants data to flow"


@pytest.mark.parametrize(
    ("details", "sentence"),
    [
        ({"names": ()}, "Choose the names that may stay."),
        ({"reason": " \x01 "}, "Say in a sentence why the names may stay."),
        ({"reason": "x" * 2_001}, "A reason has at most 2000 characters. Shorten it."),
        ({"names": ("Oduya", "Somebody else")}, "“Somebody else” does not stand in this text. Read it again."),
        ({"names": ("Kwabena Oduya",)}, "“Kwabena Oduya” does not stand in this text. Read it again."),
    ],
)
def test_a_reason_is_refused_in_a_sentence(room: Room, details: dict[str, Any], sentence: str) -> None:
    room.put_under(CHATHAM_HOUSE)
    report = room.waiting(naming())
    before = counts()
    with pytest.raises(Refused) as refusal:
        do(attribution.waive, report, **{"revision": 1, "names": ("Oduya",), "reason": "Why.", "by": room.editor,
                                         **details})  # fmt: skip
    assert (str(refusal.value), counts()) == (sentence, before)


def test_only_an_editor_of_the_event_lets_a_name_stay(room: Room) -> None:
    room.put_under(CHATHAM_HOUSE)
    report = room.waiting(naming())
    others = (room.writer, person(Role.EDITOR, event("other")), person(Role.ADMINISTRATOR, None))
    before = counts()
    for by in others:
        with pytest.raises(NotAllowed):
            room.waive(report, "Oduya", by=by)
    assert counts() == before


# What readers are told of changes


def test_a_note_to_the_readers_names_nobody(room: Room) -> None:
    room.put_under(CHATHAM_HOUSE)
    report = room.waiting(text("Data must flow"))
    approve(report, room.editor)
    publish(report, room.editor)
    before = counts()
    with pytest.raises(NamesStand, match="What you tell readers names “Wiśniewski”, and"):
        correct(report, text("Data must not flow"), room.editor, note="Mr Wisniewski said the opposite.")
    with pytest.raises(NamesStand, match="What you tell readers"):
        withdraw(report, room.editor, note="Mr Oduya asked for it.")
    assert (counts(), page(report).headline) == (before, "Data must flow")
    withdraw(report, room.editor, note="A speaker asked for it.")
    with pytest.raises(NamesStand, match="What you tell readers"):
        do(publication.reinstate, report, rendered=rendered(report, 1), by=room.editor, note="Mr Oduya agrees.")


def test_what_a_tightened_rule_says_of_itself_never_waits(room: Room) -> None:
    """Whatever the speakers are called: their names may well be words of our own sentence."""
    room.session = room.add("Odd", SpeakerDraft("Session Rule", "No Organisations"))
    report = published(room.event, room.writer, room.editor, text("Data must flow"), of=room.session)
    assert room.put_under(CHATHAM_HOUSE, by=room.writer) == [report.number]


def test_what_readers_were_told_on_the_record_is_not_told_any_more(room: Room) -> None:
    report = published(room.event, room.writer, room.editor, naming(), of=room.session)
    correct(report, naming(), room.editor, minute=10, note="Oduya was misquoted.")
    assert [one.note for one in page(report).changes] == ["", "Oduya was misquoted."]
    room.put_under(CHATHAM_HOUSE, minute=20)
    withdrawn = seen.report(report.number)
    assert isinstance(withdrawn, PublicWithdrawal)
    told = programme_desk.WITHDRAWN_NOTE[CHATHAM_HOUSE]
    assert (withdrawn.reason, withdrawn.note) == (WithdrawalReason.RULE_TIGHTENED, told)
    update(report, text("Data must flow"), room, minute=30)
    correct(report, text("Data must flow freely"), room.editor, minute=40, note="A word was missing.")
    assert [one.note for one in page(report).changes] == ["", "", told, "", "A word was missing."]
    assert [one.note for one in seen.listing(Selection(), title="").reports[0].changes][1] == ""
    room.put_under(ON_THE_RECORD, minute=50)
    assert [one.note for one in page(report).changes][1] == "Oduya was misquoted."


def test_why_a_text_was_withdrawn_on_the_record_is_not_told_any_more(room: Room) -> None:
    report = published(room.event, room.writer, room.editor, naming(), of=room.session)
    withdraw(report, room.editor, minute=10, note="Oduya was misquoted.")
    room.put_under(CHATHAM_HOUSE, minute=20)
    found = seen.report(report.number)
    assert isinstance(found, PublicWithdrawal)
    assert (found.reason, found.note) == (WithdrawalReason.INACCURATE, "")


def joined(room: Room, words: ReportText) -> tuple[Report, list[int]]:
    """A report of an unlisted session without speakers that turns out to be the session of three; what was withdrawn.

    Both were under the rule before, so nobody looked for the three names.
    """
    room.put_under(CHATHAM_HOUSE, minute=5)
    told = SessionDraft(title="Spot", starts_at=T0, ends_at=T0, rule=CHATHAM_HOUSE)
    with unit_of_work():
        spot = programme.add_unlisted(room.event, told, by=room.writer, at=later())
    report = published(room.event, room.writer, room.editor, words, of=spot)
    correct(report, words, room.editor, minute=10, note="Oduya was misquoted.")
    with unit_of_work():
        first, second = programmes.for_change(spot.id), programmes.for_change(room.session.id)
        assert first is not None
        assert second is not None
        return report, programme_desk.join(first, second, by=room.editor, at=later(20))


def test_what_readers_were_told_before_two_sessions_were_joined_is_not_told_any_more(room: Room) -> None:
    report, withdrawn = joined(room, text("Data must flow"))
    assert withdrawn == []
    assert [one.note for one in page(report).changes] == ["", ""]


def test_a_text_that_turns_out_to_name_a_speaker_is_withdrawn(room: Room) -> None:
    report, withdrawn = joined(room, naming())
    assert withdrawn == [report.number]
    found = seen.report(report.number)
    assert isinstance(found, PublicWithdrawal)
    assert found.reason is WithdrawalReason.RULE_TIGHTENED
    notices = db.session.scalars(select(Notice).order_by(Notice.user_id)).all()
    assert [(one.user_id, one.kind) for one in notices] == [
        (user.id, NoticeKind.RULE_TIGHTENED) for user in (room.editor, room.second)
    ]
