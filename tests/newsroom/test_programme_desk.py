"""The programme by hand: what an editor changed stays, a stricter rule takes back, an unlisted session is joined."""

from dataclasses import replace
from datetime import date, timedelta

import factories
import pytest
from factories import T0, later
from flask import Flask
from sqlalchemy import select

from reporter.models.assignment import Assignment, Notice
from reporter.models.database import db, unit_of_work
from reporter.models.event import Event
from reporter.models.history import HistoryEntry
from reporter.models.people import User
from reporter.models.programme import ProgrammeSession, ProgrammeSource
from reporter.models.report import PublicChange, PublishedReport, Report
from reporter.newsroom import filing, programme, programme_desk, programme_import, publication, revisions, saving
from reporter.newsroom.expected_issues import expected_issues
from reporter.newsroom.programme_desk import EventDetails
from reporter.queries import programme_desk as known
from reporter.queries import programmes, published, reports, taxonomy
from reporter.rules.errors import NotAllowed, NotFound, Refused, WrongState
from reporter.rules.published import PublicReport, PublicWithdrawal
from reporter.rules.selection import Selection
from reporter.rules.vocabulary import (
    AssignmentState,
    ChangeKind,
    NoticeKind,
    PublicState,
    Role,
    SessionRule,
    WithdrawalReason,
    WorkState,
)
from reporter.sources.draft import ProgrammeDraft, SessionDraft, SpeakerDraft

ON_THE_RECORD, CHATHAM_HOUSE, CLOSED = SessionRule
LISTED = SessionDraft(
    title="Data flows",
    starts_at=T0,
    ends_at=T0 + timedelta(minutes=90),
    room="Room A",
    track="Inclusion",
    description="From the file.",
    speakers=(SpeakerDraft("Ana Silva", "Ministry of Trade", "Minister"), SpeakerDraft("A chair")),
    keywords=("E-Signatures", "fish"),
    source="ical",
    source_uid="one@example.org",
)
DETAILS = EventDetails(
    name="Public Forum", time_zone="Europe/Zurich", starts_on=date(2023, 12, 4), ends_on=date(2023, 12, 8)
)


class Forum:
    """An event with a rapporteur and two editors, and one session that a programme file tells of."""

    def __init__(self) -> None:
        self.issues = factories.issues()
        self.event: Event = factories.event("forum")
        self.writer: User = factories.person(Role.RAPPORTEUR, self.event)
        self.editor: User = factories.person(Role.EDITOR, self.event)
        self.second: User = factories.person(Role.EDITOR, None)
        self.stranger: User = factories.person(Role.EDITOR, factories.event("other"))
        self.administrator: User = factories.person(Role.ADMINISTRATOR, None)
        self.session: ProgrammeSession = self.read(LISTED)[0]

    def read(self, *sessions: SessionDraft) -> list[ProgrammeSession]:
        """A programme file with these sessions comes in."""
        with unit_of_work():
            locked = programmes.event_for_change(self.event.id)
            assert locked is not None
            programme_import.apply(locked, ProgrammeDraft(sessions), by=None, at=later(), confirmed=True, kept=None)
        return list(programmes.sessions_of(self.event.id))

    def unlisted(self, title: str = "Added from the spot", *, rule: SessionRule = ON_THE_RECORD) -> ProgrammeSession:
        draft = SessionDraft(title=title, starts_at=T0, ends_at=T0 + timedelta(hours=1), rule=rule)
        with unit_of_work():
            return programme.add_unlisted(self.event, draft, by=self.writer, at=later())

    def change(
        self, draft: SessionDraft, *, by: User | None = None, issues: tuple[int, ...] | None = None
    ) -> list[str]:
        kept = known.issues_of(self.session.id) if issues is None else issues
        with unit_of_work():
            return programme_desk.change_session(
                locked(self.session), draft, issues=kept, by=by or self.editor, at=later(2)
            )

    def rule(self, session: ProgrammeSession, rule: SessionRule, *, by: User | None = None) -> list[int]:
        with unit_of_work():
            return programme_desk.change_rule(locked(session), rule, by=by or self.editor, at=later(60))

    def join(self, unlisted: ProgrammeSession, target: ProgrammeSession, *, by: User | None = None) -> list[int]:
        with unit_of_work():
            return programme_desk.join(locked(unlisted), locked(target), by=by or self.editor, at=later(60))


def locked(session: ProgrammeSession) -> ProgrammeSession:
    found = programmes.for_change(session.id)
    assert found is not None
    return found


def public() -> list[int]:
    """The numbers of what the public finds in the listing."""
    return [one.number for one in published.listing(Selection(), title="").reports]


def acts(*wanted: str) -> list[tuple[str, dict[str, object]]]:
    rows = db.session.scalars(select(HistoryEntry).where(HistoryEntry.act.in_(wanted)).order_by(HistoryEntry.id))
    return [(row.act, row.details) for row in rows]


@pytest.fixture
def forum(context: Flask) -> Forum:  # noqa: ARG001 - the application's context
    return Forum()


# Events


def test_an_administrator_of_everything_makes_an_event(forum: Forum) -> None:
    details = replace(
        DETAILS,
        organiser="WTO",
        partners="CUTS\n\n  ITC ",
        series="Public  Forum",
        due_minutes=45,
        lone_editor=True,
        place="Geneva",
    )
    with unit_of_work():
        made = programme_desk.make_event(details, slug="pf-24", by=forum.administrator, at=T0)
    assert (made.slug, made.organiser, made.partners, made.due_minutes, made.lone_editor, made.place) == (
        "pf-24", "WTO", "CUTS\nITC", 45, True, "Geneva",
    )  # fmt: skip
    assert made.series is not None
    assert (made.series.name, made.series.slug) == ("Public Forum", "public-forum")
    with unit_of_work():
        again = programme_desk.make_event(
            replace(details, series="PUBLIC forum"), slug="pf-25", by=forum.administrator, at=T0
        )
    assert (again.series_id, len(known.series())) == (made.series_id, 1)


def test_nobody_else_makes_an_event(forum: Forum) -> None:
    there = factories.person(Role.ADMINISTRATOR, forum.event)
    for by in (forum.editor, forum.second, forum.writer, there):
        with pytest.raises(NotAllowed), unit_of_work():
            programme_desk.make_event(DETAILS, slug="mine", by=by, at=T0)
    assert programmes.event_by_slug("mine") is None


def test_its_editors_and_administrators_change_an_event_and_nobody_else(forum: Forum) -> None:
    administrator = factories.person(Role.ADMINISTRATOR, forum.event)
    for place, by in enumerate((forum.editor, forum.administrator, administrator)):
        with unit_of_work():
            programme_desk.change_event(forum.event, replace(DETAILS, place=f"Place {place}"), by=by, at=later())
    for by in (forum.writer, forum.stranger):
        with pytest.raises(NotAllowed), unit_of_work():
            programme_desk.change_event(forum.event, replace(DETAILS, place="Elsewhere"), by=by, at=later())
    assert programmes.event_by_slug("forum").place == "Place 2"  # type: ignore[union-attr]


def test_what_changed_of_an_event_is_in_the_history_and_the_sessions_stay_at_their_moments(forum: Forum) -> None:
    changed = replace(DETAILS, name="Event forum", place="Geneva", time_zone="Asia/Tokyo", due_minutes=0)
    with unit_of_work():
        programme_desk.change_event(forum.event, changed, by=forum.editor, at=later())
    with unit_of_work():
        programme_desk.change_event(forum.event, changed, by=forum.editor, at=later())
    assert acts("event_changed") == [("event_changed", {"parts": "time_zone, due_minutes"})]
    assert (forum.session.starts_at, forum.session.ends_at) == (T0, T0 + timedelta(minutes=90))


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"name": " "}, "Give the event a name."),
        ({"name": "n" * 201}, "A name has at most 200 characters. Shorten it."),
        ({"place": "p" * 201}, "A name has at most 200 characters. Shorten it."),
        ({"time_zone": "Mars/Base"}, "There is no time zone “Mars/Base”. Use a name such as Europe/Zurich or "
         "Africa/Nairobi."),
        ({"ends_on": date(2023, 12, 3)}, "The event ends before it starts. Check the two days."),
        ({"due_minutes": -1}, "A report can be due from 0 to 10080 minutes after its session. Choose a number between "
         "them."),
        ({"due_minutes": 10_081}, "A report can be due from 0 to 10080 minutes after its session. Choose a number "
         "between them."),
        ({"organiser": "o" * 301}, "The organiser has at most 300 characters. Shorten it."),
        ({"partners": "p" * 201}, "A name has at most 200 characters. Shorten it."),
        ({"series": "s" * 201}, "A name has at most 200 characters. Shorten it."),
        ({"series": "!!!"}, "The name of a series needs a letter or a digit."),
    ],
)  # fmt: skip
def test_what_no_event_can_be_is_refused(forum: Forum, change: dict[str, object], sentence: str) -> None:
    with pytest.raises(Refused) as refusal, unit_of_work():
        programme_desk.change_event(forum.event, replace(DETAILS, **change), by=forum.editor, at=later())  # type: ignore[arg-type]
    assert str(refusal.value) == sentence
    with pytest.raises(Refused), unit_of_work():
        programme_desk.make_event(replace(DETAILS, **change), slug="new", by=forum.administrator, at=T0)  # type: ignore[arg-type]
    assert (programmes.slug_taken("new"), forum.event.name) == (False, "Event forum")


# Sessions


def test_what_an_editor_changed_stays_through_a_reimport(forum: Forum) -> None:
    by_hand = replace(
        LISTED,
        title="Data flows, anew",
        ends_at=T0 + timedelta(hours=2),
        room="Room B",
        speakers=(SpeakerDraft("Ana Silva", "Ministry of Trade"), SpeakerDraft("Bo Li", "ITC")),
        cancelled=True,
    )
    assert forum.change(by_hand) == ["title", "ends_at", "room_id", "speakers", "cancelled_at"]
    assert forum.change(by_hand) == []
    moved = replace(
        LISTED, title="From the file again", starts_at=T0 + timedelta(minutes=5), room="Room C", description="Newer."
    )
    forum.read(moved)
    db.session.expire_all()
    found = programmes.programme_session(forum.session.id)
    assert found is not None
    assert (found.title, found.room.name if found.room else "", found.cancelled_at) == (
        "Data flows, anew", "Room B", later(2),
    )  # fmt: skip
    assert (found.starts_at, found.ends_at, found.description) == (
        T0 + timedelta(minutes=5), T0 + timedelta(hours=2), "Newer.",
    )  # fmt: skip
    assert [one.speaker.name for one in found.speakers] == ["Ana Silva", "Bo Li"]
    assert acts("session_changed")[0][1]["parts"] == "title, ends_at, room_id, speakers, cancelled_at"


def test_a_session_called_back_by_hand_is_not_cancelled_by_a_file_without_it(forum: Forum) -> None:
    forum.change(replace(LISTED, cancelled=True))
    forum.change(LISTED)
    other = replace(LISTED, title="Another", source_uid="two@example.org", starts_at=T0 + timedelta(days=1),
                    ends_at=T0 + timedelta(days=1, hours=1))  # fmt: skip
    forum.read(other)
    db.session.expire_all()
    assert [one.cancelled_at for one in programmes.sessions_of(forum.event.id)] == [None, None]


def test_the_file_decides_again_after_a_release(forum: Forum) -> None:
    with unit_of_work():
        source = ProgrammeSource(
            event_id=forum.event.id,
            address="https://example.org/a.ics",
            every_minutes=15,
            etag='"1"',
            sha256="0" * 64,
            last_modified="yesterday",
        )
        db.session.add(source)
    forum.change(replace(LISTED, title="By hand"), issues=(forum.issues["data-flows"],))
    with unit_of_work():
        programme_desk.release(locked(forum.session), by=forum.editor, at=later(3))
    assert (forum.session.hand_edited, forum.session.title) == ([], "By hand")
    assert set(known.issues_of(forum.session.id)) == {forum.issues["inclusion"], forum.issues["e-signatures"]}
    assert (source.etag, source.sha256, source.last_modified) == ("", "", "")
    assert forum.read(LISTED)[0].title == "Data flows"


def test_when_the_report_is_due_is_no_part_of_the_file(forum: Forum) -> None:
    with unit_of_work():
        changed = programme_desk.change_session(
            locked(forum.session),
            LISTED,
            due_at=later(200),
            issues=known.issues_of(forum.session.id),
            by=forum.editor,
            at=later(2),
        )
    assert (changed, forum.session.due_at, forum.session.hand_edited) == (["due_at"], later(200), [])


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"title": " "}, "Give the session a title."),
        ({"title": "t" * 501}, "A title has at most 500 characters. Shorten it."),
        ({"ends_at": T0 - timedelta(minutes=1)}, "“Data flows” ends before it starts. Check its times."),
        ({"description": "d" * 20_001}, "A description has at most 20000 characters."),
        ({"room": "r" * 201}, "The name of a room has at most 200 characters. Shorten it."),
        ({"track": "t" * 201}, "The name of a track has at most 200 characters. Shorten it."),
        ({"speakers": (SpeakerDraft("s" * 201),)}, "A speaker's name has at most 200 characters. Write one speaker a "
         "line."),
        ({"speakers": (SpeakerDraft("s", "o" * 301),)}, "A speaker's organisation has at most 300 characters. Shorten "
         "it."),
    ],
)  # fmt: skip
def test_what_no_session_can_be_is_refused(forum: Forum, change: dict[str, object], sentence: str) -> None:
    with pytest.raises(Refused) as refusal:
        forum.change(replace(LISTED, **change))  # type: ignore[arg-type]
    assert str(refusal.value) == sentence
    with pytest.raises(Refused), unit_of_work():
        programme_desk.add_session(forum.event, replace(LISTED, **change), by=forum.editor, at=T0)  # type: ignore[arg-type]
    assert [one.title for one in programmes.sessions_of(forum.event.id)] == ["Data flows"]


def test_only_editors_of_the_event_change_its_sessions(forum: Forum) -> None:
    spot, listed = forum.unlisted(), forum.session
    for by in (forum.writer, forum.stranger, forum.administrator):
        with pytest.raises(NotAllowed):
            forum.change(replace(LISTED, title="Taken over"), by=by)
        with pytest.raises(NotAllowed):
            forum.rule(listed, CLOSED, by=by)
        with pytest.raises(NotAllowed):
            forum.join(spot, listed, by=by)
        with pytest.raises(NotAllowed), unit_of_work():
            programme_desk.release(locked(listed), by=by, at=later())
        with pytest.raises(NotAllowed), unit_of_work():
            programme_desk.add_session(forum.event, LISTED, by=by, at=T0)
    db.session.expire_all()
    assert (listed.title, listed.rule, spot.joined_to_id) == ("Data flows", ON_THE_RECORD, None)


# Expected policy issues


def test_the_track_and_the_keywords_tell_which_issues_are_expected(forum: Forum) -> None:
    every = taxonomy.policy_issues()
    assert expected_issues("Digital Trade!", (), every) == {forum.issues["digital-trade"]}
    assert expected_issues("", ("DATA FLOWS", "Inclusión"), every) == {
        forum.issues["data-flows"], forum.issues["inclusion"],
    }  # fmt: skip
    assert expected_issues("", ("", "data", "…"), every) == set()
    assert set(known.issues_of(forum.session.id)) == {forum.issues["inclusion"], forum.issues["e-signatures"]}


def test_issues_chosen_by_hand_stay_and_others_follow_the_file(forum: Forum) -> None:
    forum.read(replace(LISTED, track="Data flows", keywords=()))
    assert known.issues_of(forum.session.id) == [forum.issues["data-flows"]]
    forum.change(replace(LISTED, track="Data flows"), issues=(forum.issues["digital-trade"], 10**12))
    forum.read(LISTED)
    assert known.issues_of(forum.session.id) == [forum.issues["digital-trade"]]
    assert forum.session.hand_edited == ["issues"]


def test_a_session_made_by_hand_guesses_only_where_nothing_was_chosen(forum: Forum) -> None:
    by_hand = replace(LISTED, source="", source_uid="", keywords=())
    with unit_of_work():
        guessed = programme_desk.add_session(forum.event, by_hand, by=forum.editor, at=T0)
        chosen = programme_desk.add_session(
            forum.event, by_hand, issues=[forum.issues["data-flows"]], by=forum.editor, at=T0
        )
    assert known.issues_of(guessed.id) == [forum.issues["inclusion"]]
    assert known.issues_of(chosen.id) == [forum.issues["data-flows"]]
    assert (guessed.hand_edited, chosen.hand_edited) == ([], ["issues"])


# Rules


def translated(forum: Forum, original: Report, of: ProgrammeSession | None = None) -> Report:
    """A public translation into French."""
    with unit_of_work():
        made = filing.start(
            event=forum.event,
            translation_of=original,
            programme_session=of,
            language="fr",
            by=forum.writer,
            at=later(9),
        )
        saving.keep(made, factories.text("En français"), client_id="f" * 32, by=forum.writer, at=later(9))
    factories.file(made, forum.writer, minute=10)
    factories.approve(made, forum.editor, minute=11)
    factories.publish(made, forum.editor, minute=12)
    return made


@pytest.mark.parametrize("rule", [CHATHAM_HOUSE, CLOSED])
def test_a_stricter_rule_takes_the_public_report_and_its_translation_back(forum: Forum, rule: SessionRule) -> None:
    elsewhere = factories.session(forum.event, "Another session")
    beside = factories.published(forum.event, forum.writer, forum.editor, of=elsewhere)
    made = factories.published(forum.event, forum.writer, forum.editor, of=forum.session)
    french = translated(forum, made)
    assert sorted(public()) == [beside.number, made.number, french.number]
    assert forum.rule(forum.session, rule) == [made.number, french.number]
    assert public() == [beside.number]
    for number in (made.number, french.number):
        assert isinstance(published.report(number), PublicWithdrawal)
    changes = db.session.scalars(select(PublicChange).where(PublicChange.kind == ChangeKind.WITHDRAWAL)).all()
    assert {(one.report_number, one.reason, one.note) for one in changes} == {
        (number, WithdrawalReason.RULE_TIGHTENED, programme_desk.WITHDRAWN_NOTE[rule])
        for number in (made.number, french.number)
    }
    notices = db.session.scalars(select(Notice).order_by(Notice.user_id, Notice.report_number)).all()
    assert [(one.user_id, one.kind, one.programme_session_id, one.report_number, one.read_at) for one in notices] == [
        (user.id, NoticeKind.RULE_TIGHTENED, forum.session.id, number, None)
        for user in (forum.editor, forum.second)
        for number in (made.number, french.number)
    ]
    assert acts("rule_changed") == [
        ("rule_changed", {"session": forum.session.id, "old": "on_the_record", "new": rule.value})
    ]


def test_a_looser_rule_shows_nothing_again(forum: Forum) -> None:
    made = factories.published(forum.event, forum.writer, forum.editor, of=forum.session)
    forum.rule(forum.session, CLOSED)
    assert forum.rule(forum.session, ON_THE_RECORD) == []
    assert forum.rule(forum.session, ON_THE_RECORD) == []
    assert (public(), factories.locked_report(made).public_state) == ([], PublicState.WITHDRAWN)
    assert [one[1]["new"] for one in acts("rule_changed")] == ["closed", "on_the_record"]


def test_what_is_approved_but_not_out_goes_back_to_the_editors(forum: Forum) -> None:
    """Otherwise the worker would publish it when its embargo lifts."""
    made = factories.draft(forum.event, forum.writer, of=forum.session)
    factories.file(made, forum.writer)
    factories.approve(made, forum.editor, embargo_until=later(600))
    assert forum.rule(forum.session, CHATHAM_HOUSE) == []
    assert factories.work_state(made) is WorkState.FILED
    assert db.session.scalars(select(Notice)).all() == []


def test_an_amendment_in_approval_is_withdrawn_with_what_is_public(forum: Forum) -> None:
    made = factories.published(forum.event, forum.writer, forum.editor, of=forum.session)
    with unit_of_work():
        filing.amend(factories.locked_report(made), by=forum.writer, at=later(8))
    factories.save(made, factories.text("Changed"), forum.writer, minute=9)
    factories.file(made, forum.writer, minute=10)
    factories.approve(made, forum.editor, minute=11)
    assert forum.rule(forum.session, CHATHAM_HOUSE) == [made.number]
    assert factories.work_state(made) is WorkState.FILED
    assert public() == []


def test_a_programme_file_neither_loosens_nor_tightens(forum: Forum) -> None:
    made = factories.published(forum.event, forum.writer, forum.editor, of=forum.session)
    forum.read(replace(LISTED, rule=CLOSED, title="Tightened by a file?"))
    db.session.expire_all()
    assert (forum.session.rule, forum.session.title) == (ON_THE_RECORD, "Tightened by a file?")
    assert public() == [made.number]
    forum.rule(forum.session, CHATHAM_HOUSE)
    forum.read(replace(LISTED, rule=ON_THE_RECORD, title="Loosened by a file?"))
    db.session.expire_all()
    assert (forum.session.rule, forum.session.title) == (CHATHAM_HOUSE, "Loosened by a file?")
    assert public() == []


def test_nothing_begins_on_a_session_that_was_closed(forum: Forum) -> None:
    forum.rule(forum.session, CLOSED)
    with pytest.raises(WrongState), unit_of_work():
        filing.start(event=forum.event, programme_session=locked(forum.session), by=forum.writer, at=later(70))


# Joining


def test_a_joined_session_gives_its_report_away_and_leaves_every_list(forum: Forum) -> None:
    spot = forum.unlisted()
    made = factories.published(forum.event, forum.writer, forum.editor, of=spot)
    changes = len(reports.changes(made.number))
    assert forum.join(spot, forum.session) == []
    db.session.expire_all()
    assert (spot.joined_to_id, [one.id for one in programmes.sessions_of(forum.event.id)]) == (
        forum.session.id, [forum.session.id],
    )  # fmt: skip
    page = published.report(made.number)
    assert isinstance(page, PublicReport)
    assert page.programme_session is not None
    assert (page.programme_session.number, page.programme_session.title) == (forum.session.id, "Data flows")
    assert list(published.of_sessions([spot.id, forum.session.id])) == [forum.session.id]
    assert len(reports.changes(made.number)) == changes
    assert acts("session_joined") == [("session_joined", {"session": spot.id, "joined_to": forum.session.id})]


def test_a_rebuilt_projection_says_the_same_as_a_joined_one(forum: Forum) -> None:
    spot = forum.unlisted()
    made = factories.published(forum.event, forum.writer, forum.editor, of=spot)
    forum.join(spot, forum.session)
    row = db.session.get(PublishedReport, made.number)
    assert row is not None
    before = (row.programme_session_id, row.body_html, row.updated_at)
    with unit_of_work():
        words = reports.text_of(reports.revision(made.number, 1))  # type: ignore[arg-type]
        publication.rebuild(factories.locked_report(made), rendered=revisions.render(words))
    row = db.session.get(PublishedReport, made.number)
    assert row is not None
    assert (row.programme_session_id, row.body_html, row.updated_at) == before


@pytest.mark.parametrize(
    ("of_spot", "of_listed", "withdrawn"),
    [
        (ON_THE_RECORD, CHATHAM_HOUSE, True),
        (ON_THE_RECORD, CLOSED, True),
        (CHATHAM_HOUSE, ON_THE_RECORD, False),
        (CHATHAM_HOUSE, CHATHAM_HOUSE, False),
    ],
)
def test_the_stricter_rule_of_both_holds(
    forum: Forum, of_spot: SessionRule, of_listed: SessionRule, withdrawn: bool
) -> None:
    spot = forum.unlisted(rule=of_spot)
    made = factories.published(forum.event, forum.writer, forum.editor, of=spot)
    forum.rule(forum.session, of_listed)
    assert forum.join(spot, forum.session) == ([made.number] if withdrawn else [])
    assert forum.session.rule is max(of_spot, of_listed, key=list(SessionRule).index)
    assert public() == ([] if withdrawn else [made.number])


def test_two_reports_are_not_made_one(forum: Forum) -> None:
    spot = forum.unlisted()
    mine = factories.draft(forum.event, forum.writer, of=spot)
    theirs = factories.draft(forum.event, forum.writer, of=forum.session)
    with pytest.raises(Refused) as refusal:
        forum.join(spot, forum.session)
    assert str(refusal.value) == (
        f"Report {theirs.number} is written of that session already. Finish or discard one of the two first."
    )
    assert factories.locked_report(mine).programme_session_id == spot.id
    with unit_of_work():
        filing.discard(factories.locked_report(theirs), by=forum.editor, at=later(30))
    forum.join(spot, forum.session)
    assert reports.of_session(forum.session.id) == reports.by_number(mine.number)


def test_what_cannot_be_joined_is_refused(forum: Forum) -> None:
    spot, second = forum.unlisted(), forum.unlisted("Second")
    with unit_of_work():
        far = programme.add_unlisted(
            programmes.event_by_slug("other"),  # type: ignore[arg-type]
            SessionDraft(title="Far", starts_at=T0, ends_at=T0),
            by=forum.stranger,
            at=T0,
        )
    for unlisted, target in ((spot, far), (spot, second), (spot, spot), (forum.session, forum.session)):
        with pytest.raises(Refused):
            forum.join(unlisted, target)
    forum.join(spot, forum.session)
    for unlisted, target in ((spot, forum.session), (second, spot)):
        with pytest.raises((Refused, WrongState)):
            forum.join(unlisted, target)
    with pytest.raises(WrongState):
        forum.rule(spot, CLOSED)
    with pytest.raises(NotFound):
        published.report(999)


def test_running_assignments_move_and_others_stay(forum: Forum) -> None:
    spot = forum.unlisted()
    people = [factories.person(Role.RAPPORTEUR, forum.event) for _ in range(4)]

    def assigned(of: ProgrammeSession, user: User, state: AssignmentState, *, lead: bool = False) -> Assignment:
        return Assignment(
            programme_session_id=of.id,
            user_id=user.id,
            state=state,
            lead=lead,
            assigned_by_id=forum.editor.id,
            assigned_at=T0,
        )

    running, accepted, ended = AssignmentState.ASSIGNED, AssignmentState.ACCEPTED, AssignmentState.DECLINED
    with unit_of_work():
        db.session.add_all(
            [
                assigned(spot, people[0], running, lead=True),
                assigned(spot, people[1], accepted),
                assigned(spot, people[2], running),
                assigned(spot, people[3], ended),
                assigned(forum.session, people[2], accepted, lead=True),
            ]
        )
    forum.join(spot, forum.session)
    db.session.expire_all()
    rows = {
        (one.programme_session_id, one.user_id): (one.state, one.lead) for one in db.session.scalars(select(Assignment))
    }
    assert rows == {
        (forum.session.id, people[0].id): (running, False),
        (forum.session.id, people[1].id): (accepted, False),
        (forum.session.id, people[2].id): (accepted, True),
        (spot.id, people[2].id): (running, False),
        (spot.id, people[3].id): (ended, False),
    }
