"""Who covers what: every verb, who may use it, who is told, and what always holds whatever is pressed in what order."""

from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta

import factories as make
import pytest
from conftest import SCALE
from factories import T0, later
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from reporter.models.assignment import Notice
from reporter.models.database import db, unit_of_work
from reporter.models.event import Event
from reporter.models.history import HistoryEntry
from reporter.models.people import User
from reporter.models.programme import ProgrammeSession
from reporter.newsroom import assignment, duty, notices
from reporter.newsroom import people as accounts
from reporter.queries import assignments, programmes, reports
from reporter.queries import duty as on_duty
from reporter.queries import notices as told
from reporter.rules import clock
from reporter.rules.coverage import RUNNING
from reporter.rules.errors import NotAllowed, NotFound, Refused, ReporterError, WrongState
from reporter.rules.vocabulary import Entry, NoticeKind, Role, SessionRule, WorkState


@dataclass(frozen=True)
class Cast:
    """An event, one of its sessions, and who is there."""

    event: Event
    session: ProgrammeSession
    editor: User
    ada: User
    ben: User
    cleo: User


@pytest.fixture
def cast(context: Flask) -> Cast:  # noqa: ARG001 - inside it
    make.issues()
    forum = make.event("forum")
    names = ("Ada", "Ben", "Cleo")
    ada, ben, cleo = (make.person(Role.RAPPORTEUR, forum, name=name) for name in names)
    editor = make.person(Role.EDITOR, forum, name="Edith")
    return Cast(forum, make.session(forum), editor, ada, ben, cleo)


def locked(session: ProgrammeSession) -> ProgrammeSession:
    found = programmes.for_change(session.id)
    assert found is not None
    return found


def stand(session: ProgrammeSession) -> dict[str, str]:
    """Each person's state, `*` at who leads."""
    rows = assignments.of_session(session.id)
    return {row.user.name: row.state.value + ("*" if row.lead else "") for row in rows}


def heard(user: User) -> list[tuple[str, str]]:
    """What somebody was told and has not read: the kind, and who did it."""
    rows = db.session.scalars(
        select(Notice).where(Notice.user_id == user.id, Notice.read_at.is_(None)).order_by(Notice.id)
    )
    return [(row.kind.value, str(row.details.get("by", ""))) for row in rows]


def assign(cast: Cast, *people: User, session: ProgrammeSession | None = None) -> None:
    for minute, user in enumerate(people):
        with unit_of_work():
            assignment.assign(locked(session or cast.session), user, by=cast.editor, at=later(minute))


def moved(
    session: ProgrammeSession, *, minutes: float, length: float = 90, room_of: ProgrammeSession | None = None
) -> None:
    """Put a session to another time, and into another room unless it is that of `room_of`."""
    with unit_of_work():
        row = locked(session)
        row.starts_at, row.ends_at = later(minutes), later(minutes + length)
        row.room_id = room_of.room_id if room_of else None


def test_the_first_leads_until_another_is_made_lead(cast: Cast) -> None:
    assign(cast, cast.ada, cast.ben)
    assert stand(cast.session) == {"Ada": "assigned*", "Ben": "assigned"}
    with unit_of_work():
        assignment.make_lead(locked(cast.session), cast.ben, by=cast.editor, at=later())
    assert stand(cast.session) == {"Ben": "assigned*", "Ada": "assigned"}
    with unit_of_work():
        assignment.assign(locked(cast.session), cast.cleo, lead=True, by=cast.editor, at=later())
    assert stand(cast.session) == {"Cleo": "assigned*", "Ada": "assigned", "Ben": "assigned"}
    assert [heard(user) for user in (cast.ada, cast.ben, cast.cleo)] == [[("assigned", "Edith")]] * 3


def test_assigning_again_changes_nothing_and_tells_nothing(cast: Cast) -> None:
    assign(cast, cast.ada, cast.ada)
    assert (stand(cast.session), heard(cast.ada)) == ({"Ada": "assigned*"}, [("assigned", "Edith")])


def test_an_editor_who_takes_it_over_personally_has_accepted(cast: Cast) -> None:
    assign(cast, cast.editor)
    assert (stand(cast.session), heard(cast.editor)) == ({"Edith": "accepted*"}, [])


def test_who_declines_leads_no_more_and_the_next_one_does(cast: Cast) -> None:
    assign(cast, cast.ada, cast.ben)
    with unit_of_work():
        assignment.accept(locked(cast.session), by=cast.ada, at=later())
    with unit_of_work():
        assignment.decline(locked(cast.session), note=" I am \n ill. ", by=cast.ada, at=later())
    assert stand(cast.session) == {"Ben": "assigned*", "Ada": "declined"}
    assert (heard(cast.ada), heard(cast.ben)) == ([], [("assigned", "Edith")])  # who answered has read it
    assert heard(cast.editor) == [("declined", "Ada")]
    [notice] = told.unread(cast.editor, [cast.event.id])
    assert notice.details["note"] == "I am ill."
    sentence, values = notices.sentence(notice)
    assert sentence % values == "Ada cannot cover “Data flows in trade agreements”."
    assert told.unread(cast.editor, []) == []
    assign(cast, cast.ada)
    assert stand(cast.session) == {"Ben": "assigned*", "Ada": "assigned"}


def test_a_refusal_is_heard_by_who_leads_else_by_who_is_on_duty_else_by_all_editors(cast: Cast) -> None:
    second, third = (make.person(Role.EDITOR, cast.event, name=name) for name in ("Emil", "Eva"))
    make.person(Role.EDITOR, make.event("other"))
    at = later(60)

    def hears(but: User) -> list[str]:
        return [user.name for user in on_duty.hears(cast.event.id, at=at, but=but)]

    assert hears(cast.ada) == ["Edith", "Emil", "Eva"]
    assert hears(second) == ["Edith", "Eva"]
    for user, until in ((second, later(61)), (third, later(60))):  # the duty of the third has just ended
        with unit_of_work():
            duty.go_on(cast.event, until=until, by=user, at=later(0))
    assert hears(cast.ada) == ["Emil"]
    assert hears(second) == ["Edith", "Eva"]
    with unit_of_work():
        duty.set_lead(cast.event, third, by=second, at=later())
    assert hears(cast.ada) == ["Eva"]
    assert hears(third) == ["Emil"]
    with unit_of_work():
        accounts.disable(third, by=None, at=later())
    assert hears(cast.ada) == ["Emil"]


def test_what_is_taken_is_accepted_and_nobody_else_takes_it(cast: Cast) -> None:
    with unit_of_work():
        assignment.take(locked(cast.session), by=cast.ada, at=later())
    assert stand(cast.session) == {"Ada": "accepted*"}
    with unit_of_work():
        assignment.take(locked(cast.session), by=cast.ada, at=later())
    with pytest.raises(WrongState) as refused, unit_of_work():
        assignment.take(locked(cast.session), by=cast.ben, at=later())
    assert str(refused.value) == "Ada covers this session already."
    with unit_of_work():
        assignment.decline(locked(cast.session), by=cast.ada, at=later())
    with unit_of_work():
        assignment.take(locked(cast.session), by=cast.ben, at=later())
    assert stand(cast.session) == {"Ben": "accepted*", "Ada": "declined"}


def test_taking_what_was_assigned_accepts_it_and_keeps_the_lead_where_it_is(cast: Cast) -> None:
    assign(cast, cast.ada, cast.ben)
    with unit_of_work():
        assignment.take(locked(cast.session), by=cast.ben, at=later())
    assert stand(cast.session) == {"Ada": "assigned*", "Ben": "accepted"}


def test_what_is_taken_away_is_told(cast: Cast) -> None:
    assign(cast, cast.ada, cast.ben)
    with unit_of_work():
        assignment.take_away(locked(cast.session), cast.ada, by=cast.editor, at=later())
    assert stand(cast.session) == {"Ben": "assigned*", "Ada": "taken_away"}
    assert heard(cast.ada) == [("assigned", "Edith"), ("taken_away", "Edith")]
    for act in (assignment.accept, assignment.decline):
        with pytest.raises(WrongState), unit_of_work():
            act(locked(cast.session), by=cast.ada, at=later())


def test_the_draft_and_the_lead_go_with_the_session(cast: Cast) -> None:
    assign(cast, cast.ada, cast.ben)
    report = make.draft(cast.event, cast.ada, of=cast.session)
    with unit_of_work():
        assignment.hand_over(locked(cast.session), to=cast.cleo, by=cast.ada, at=later())
    assert stand(cast.session) == {"Cleo": "assigned*", "Ben": "assigned", "Ada": "handed_over"}
    found = reports.by_number(report.number)
    assert found is not None
    assert {one.user.name for one in found.rapporteurs} == {"Ada", "Cleo"}
    assert heard(cast.cleo) == [("handed_over", "Ada")]
    make.save(report, make.text("Cleo goes on"), cast.cleo)
    make.save(report, make.text("Ada still can"), cast.ada)
    with unit_of_work():  # and back again
        assignment.hand_over(locked(cast.session), to=cast.ada, by=cast.cleo, at=later())
    assert stand(cast.session) == {"Ada": "assigned*", "Ben": "assigned", "Cleo": "handed_over"}


def test_handing_over_to_who_covers_it_already_moves_the_lead_alone(cast: Cast) -> None:
    assign(cast, cast.ada, cast.ben)
    with unit_of_work():
        assignment.accept(locked(cast.session), by=cast.ben, at=later())
    with unit_of_work():
        assignment.hand_over(locked(cast.session), to=cast.ben, by=cast.ada, at=later())
    assert stand(cast.session) == {"Ben": "accepted*", "Ada": "handed_over"}


def test_an_editor_hands_over_for_somebody_and_both_are_told(cast: Cast) -> None:
    assign(cast, cast.ada, cast.ben)
    with unit_of_work():
        assignment.hand_over(locked(cast.session), user=cast.ben, to=cast.cleo, by=cast.editor, at=later())
    assert stand(cast.session) == {"Ada": "assigned*", "Cleo": "assigned", "Ben": "handed_over"}
    assert heard(cast.ben)[1:] == [("taken_away", "Edith")]
    assert heard(cast.cleo) == [("handed_over", "Edith")]


def test_who_may_do_what(cast: Cast) -> None:
    stranger = make.person(Role.EDITOR, make.event("elsewhere"))
    chief = make.person(Role.ADMINISTRATOR, None)
    assign(cast, cast.ada)
    for by in (cast.ada, cast.ben, stranger, chief):
        for act in (assignment.assign, assignment.make_lead, assignment.take_away):
            with pytest.raises(NotAllowed), unit_of_work():
                act(locked(cast.session), cast.ada, by=by, at=later())
        if by is not cast.ada:
            with pytest.raises(NotAllowed), unit_of_work():
                assignment.hand_over(locked(cast.session), user=cast.ada, to=cast.ben, by=by, at=later())
            for answer in (assignment.accept, assignment.decline):
                with pytest.raises(NotAllowed), unit_of_work():
                    answer(locked(cast.session), by=by, at=later())
    free = make.session(cast.event)
    for by in (stranger, chief):
        with pytest.raises(NotAllowed), unit_of_work():
            assignment.take(locked(free), by=by, at=later())
    assert stand(cast.session) == {"Ada": "assigned*"}


def test_who_and_what_cannot_be_assigned(cast: Cast) -> None:
    stranger, gone = make.person(Role.RAPPORTEUR, make.event("elsewhere")), make.person(Role.RAPPORTEUR, cast.event)
    chief = make.person(Role.ADMINISTRATOR, cast.event)
    closed = make.session(cast.event, "Closed", rule=SessionRule.CLOSED)
    cancelled = make.session(cast.event, "Cancelled")
    with unit_of_work():
        accounts.disable(gone, by=None, at=later())
        locked(cancelled).cancelled_at = later()
    assign(cast, cast.ada)
    for user in (stranger, chief, gone):
        with pytest.raises(Refused), unit_of_work():
            assignment.assign(locked(cast.session), user, by=cast.editor, at=later())
        with pytest.raises(Refused), unit_of_work():
            assignment.hand_over(locked(cast.session), to=user, by=cast.ada, at=later())
    with pytest.raises(Refused), unit_of_work():
        assignment.hand_over(locked(cast.session), to=cast.ada, by=cast.ada, at=later())
    with pytest.raises(Refused), unit_of_work():
        assignment.decline(locked(cast.session), note="n" * 501, by=cast.ada, at=later())
    for session in (closed, cancelled):
        with pytest.raises(WrongState), unit_of_work():
            assignment.assign(locked(session), cast.ada, by=cast.editor, at=later())
        with pytest.raises(WrongState), unit_of_work():
            assignment.take(locked(session), by=cast.ada, at=later())
    assert [stand(one) for one in (cast.session, closed, cancelled)] == [{"Ada": "assigned*"}, {}, {}]


def test_history_says_who_did_what(cast: Cast) -> None:
    assign(cast, cast.ada)
    with unit_of_work():
        assignment.accept(locked(cast.session), by=cast.ada, at=later(5))
    with unit_of_work():
        assignment.hand_over(locked(cast.session), to=cast.ben, by=cast.ada, at=later(6))
    acts = (Entry.ASSIGNMENT_MADE, Entry.ASSIGNMENT_ANSWERED, Entry.ASSIGNMENT_ENDED)
    rows = db.session.scalars(select(HistoryEntry).where(HistoryEntry.act.in_(acts)).order_by(HistoryEntry.id))
    number, ada, ben = cast.session.id, cast.ada.id, cast.ben.id
    assert [(row.act, row.done_by_id, row.user_id, row.details) for row in rows] == [
        ("assignment_made", cast.editor.id, ada, {"session": number, "lead": 1}),
        ("assignment_answered", ada, ada, {"session": number, "state": "accepted"}),
        ("assignment_ended", ada, ada, {"session": number, "state": "handed_over"}),
        ("assignment_made", ada, ben, {"session": number, "lead": 1}),
    ]


def test_what_is_odd_is_said_and_refuses_nothing(cast: Cast) -> None:
    speaker = make.person(Role.RAPPORTEUR, cast.event, name="CHAIR of the  Session")
    same_time, next_door, same_room, calm, given_up = (
        make.session(cast.event, title) for title in ("Same time", "Next door", "Same room", "Calm", "Given up")
    )
    moved(same_time, minutes=60, room_of=cast.session)
    moved(next_door, minutes=95)
    moved(same_room, minutes=95, room_of=cast.session)
    moved(calm, minutes=-100)
    for other in (same_time, next_door, same_room, calm, given_up):
        assign(cast, speaker, session=other)
    with unit_of_work():
        assignment.decline(locked(given_up), by=speaker, at=later())
    found = [message % values for message, values in assignment.warnings(cast.session, speaker)]
    assert found == [
        "At the same time: “Same time”.",
        "Less than ten minutes from or to “Next door” in another room.",
        "CHAIR of the Session speaks in this session.",
    ]
    assert assignment.warnings(cast.session, cast.ada) == []
    assign(cast, speaker)
    assert stand(cast.session) == {"CHAIR of the Session": "assigned*"}


def test_what_comes_is_sorted_by_when_it_is_due(cast: Cast) -> None:
    """120 minutes after the end, but for time in another session, and for what a session itself says."""
    second, third, own, cancelled = (make.session(cast.event, title) for title in ("Second", "Third", "Own", "Off"))
    moved(second, minutes=120, length=60)
    moved(third, minutes=400, length=60)
    moved(own, minutes=2_000)
    with unit_of_work():
        locked(own).due_at = later(100)
    for session in (third, own, second, cast.session, cancelled):
        assign(cast, cast.ada, session=session)
    with unit_of_work():
        locked(cancelled).cancelled_at = later()
    with unit_of_work():
        assignment.accept(locked(third), by=cast.ada, at=later())
    assign(cast, cast.ben, session=second)

    def coming(user: User, minute: float) -> list[tuple[str, float, bool]]:
        found = assignments.coming(user, [cast.event.id], at=later(minute))
        return [(one.session.title, (one.due_at - T0) / timedelta(minutes=1), one.late) for one in found]

    assert coming(cast.ada, 0) == [
        ("Own", 100, False),
        ("Data flows in trade agreements", 270, False),  # an hour of it is spent in the second session
        ("Second", 300, False),
        ("Third", 580, False),
    ]
    assert coming(cast.ben, 301) == [("Second", 300, True)]
    report = make.draft(cast.event, cast.ben, of=second, minute=200)
    assert coming(cast.ben, 301) == [("Second", 300, True)]
    make.file(report, cast.ben, minute=310)
    assert coming(cast.ben, 311) == []
    assert coming(cast.ben, 150) == [("Second", 300, False)]  # before its end it is still to be sat in
    assert assignments.coming(cast.ada, [], at=later(0)) == []


def test_a_report_that_comes_in_while_nobody_is_on_duty_is_told_once_until_that_was_read(cast: Cast) -> None:
    lead = make.person(Role.EDITOR, cast.event, name="Lead")
    waits = [("waits_without_editor", "")]
    report = make.draft(cast.event, cast.ada, of=cast.session)
    make.file(report, cast.ada, minute=3)
    assert heard(lead) == []  # nobody leads yet
    with unit_of_work():
        duty.set_lead(cast.event, lead, by=cast.editor, at=later())
    for minute in (4, 6):
        make.save(report, make.text(f"At {minute}"), cast.ada, minute=minute)
        make.file(report, cast.ada, minute=minute + 1)
        assert (heard(lead), heard(cast.editor)) == (waits, [])
    with unit_of_work():
        notices.mark_read(told.unread(lead, [cast.event.id])[0], by=lead, at=later(8))
    make.save(report, make.text("At 9"), cast.ada, minute=9)
    make.file(report, cast.ada, minute=10)
    assert heard(lead) == waits
    with unit_of_work():
        notices.mark_all_read(up_to=2**31 - 1, by=lead, at=later(11))
        duty.go_on(cast.event, until=later(60), by=cast.editor, at=later(12))
    make.save(report, make.text("At 13"), cast.ada, minute=13)
    make.file(report, cast.ada, minute=14)
    assert heard(lead) == []
    wrap_up = make.draft(cast.event, cast.ben, make.text("Of the whole day"), minute=61)
    make.file(wrap_up, cast.ben, minute=62)
    [notice] = told.unread(lead, [cast.event.id])
    sentence, values = notices.sentence(notice)
    assert sentence % values == "A report of “Of the whole day” is handed in, and no editor is on duty."
    assert make.work_state(wrap_up) is WorkState.FILED


def test_duty_and_lead(cast: Cast) -> None:
    chief, second = make.person(Role.ADMINISTRATOR, cast.event), make.person(Role.EDITOR, cast.event, name="Emil")
    outsider = make.person(Role.ADMINISTRATOR, make.event("elsewhere"))
    for by in (cast.ada, chief):
        with pytest.raises(NotAllowed), unit_of_work():
            duty.go_on(cast.event, until=later(60), by=by, at=later())
        with pytest.raises(NotAllowed), unit_of_work():
            duty.go_off(cast.event, by=by, at=later())
    with pytest.raises(Refused), unit_of_work():
        duty.go_on(cast.event, until=later(1), by=second, at=later(1))
    for until in (60, 90):
        with unit_of_work():
            duty.go_on(cast.event, until=later(until), by=second, at=later())
    assert [(user.name, until) for user, until in on_duty.on_duty(cast.event.id, at=later(89))] == [("Emil", later(90))]
    assert on_duty.on_duty(cast.event.id, at=later(90)) == []
    for by in (cast.ada, outsider):
        with pytest.raises(NotAllowed), unit_of_work():
            duty.set_lead(cast.event, second, by=by, at=later())
    with pytest.raises(Refused), unit_of_work():
        duty.set_lead(cast.event, cast.ada, by=cast.editor, at=later())
    for user in (cast.editor, second, second):
        with unit_of_work():
            duty.set_lead(cast.event, user, by=chief, at=later())
    assert on_duty.lead_editor(cast.event.id) == second
    with unit_of_work():
        duty.go_off(cast.event, by=second, at=later())
    assert on_duty.on_duty(cast.event.id, at=later(2)) == []
    with unit_of_work():
        duty.set_lead(cast.event, None, by=second, at=later())
    assert on_duty.lead_editor(cast.event.id) is None


def test_nobody_reads_what_somebody_else_was_told(cast: Cast) -> None:
    assign(cast, cast.ada)
    [notice] = told.unread(cast.ada, [cast.event.id])
    with pytest.raises(NotFound), unit_of_work():
        notices.mark_read(notice, by=cast.ben, at=later())
    with unit_of_work():
        notices.mark_all_read(up_to=notice.id, by=cast.ben, at=later())
        notices.mark_all_read(up_to=notice.id - 1, by=cast.ada, at=later())
    assert heard(cast.ada) == [("assigned", "Edith")]
    for at in (later(5), later(6)):
        with unit_of_work():
            notices.mark_read(notice, by=cast.ada, at=at)
    assert (heard(cast.ada), notice.read_at) == ([], later(5))


@pytest.mark.usefixtures("context")
def test_every_kind_of_notice_has_a_sentence() -> None:
    forum = make.event("forum")
    user = make.person(Role.EDITOR, forum)
    for kind in NoticeKind:
        with unit_of_work():
            notice = notices.tell(user, kind, event=forum, at=T0)
            sentence, values = notices.sentence(notice)
        assert sentence % values


@pytest.mark.parametrize(
    ("moment", "zone", "end"),
    [
        ("2023-12-04T22:59:59+00:00", "Europe/Zurich", "2023-12-04T23:00:00+00:00"),
        ("2023-12-04T23:00:00+00:00", "Europe/Zurich", "2023-12-05T23:00:00+00:00"),
        ("2024-03-31T00:30:00+00:00", "Europe/Zurich", "2024-03-31T22:00:00+00:00"),  # a day of 23 hours
        ("2023-12-31T12:00:00+00:00", "Pacific/Kiritimati", "2024-01-01T10:00:00+00:00"),
    ],
)
def test_the_end_of_the_day_is_that_of_the_event(moment: str, zone: str, end: str) -> None:
    parse = type(T0).fromisoformat
    assert clock.end_of_day(parse(moment), zone) == parse(end)


# What anybody presses in any order, beside a plain account of what should come of it

ACTS = ("assign", "assign to lead", "make lead", "take away", "take", "accept", "decline", "hand over", "hand over for")


@dataclass(frozen=True)
class Account:
    """Who covers a session: states by name, who runs in the order of assigning, who leads."""

    states: tuple[tuple[str, str], ...] = ()
    order: tuple[str, ...] = ()
    lead: str = ""

    def state(self, name: str) -> str:
        return dict(self.states).get(name, "")

    def set(self, name: str, state: str, *, lead: str | None = None) -> "Account":
        states = tuple(sorted({**dict(self.states), name: state}.items()))
        return replace(self, states=states, lead=self.lead if lead is None else lead)

    def begin(self, name: str, state: str, *, lead: bool) -> "Account":
        led = name if lead else None
        return replace(self.set(name, state, lead=led), order=(*self.order, name))

    def end(self, name: str, state: str) -> "Account":
        order = tuple(one for one in self.order if one != name)
        lead = (order[0] if order else "") if self.lead == name else self.lead
        return replace(self.set(name, state, lead=lead), order=order)


def told_by_hand(was: Account, act: str, name: str, to: str) -> Account:
    """What should come of it; the same account where it should be refused."""
    runs = name in was.order
    match act:
        case "assign" | "assign to lead":
            lead = act == "assign to lead" or not was.order
            if runs:
                return was.set(name, was.state(name), lead=name) if act == "assign to lead" else was
            return was.begin(name, "assigned", lead=lead)
        case "make lead":
            return was.set(name, was.state(name), lead=name) if runs else was
        case "take away":
            return was.end(name, "taken_away") if runs else was
        case "take":
            if runs:
                return was.set(name, "accepted")
            return was if was.order else was.begin(name, "accepted", lead=True)
        case "accept":
            return was.set(name, "accepted") if runs else was
        case "decline":
            return was.end(name, "declined") if runs else was
        case _:
            if not runs or to == name:
                return was
            led, rest = was.lead == name, was.end(name, "handed_over")
            rest = replace(rest, lead="" if led else was.lead)
            if to in rest.order:
                return replace(rest, lead=to if led else rest.lead)
            return rest.begin(to, "assigned", lead=led)


def press(cast: Cast, session: ProgrammeSession, act: str, user: User, to: User, minute: int) -> None:
    row, at = locked(session), later(minute)
    match act:
        case "assign" | "assign to lead":
            assignment.assign(row, user, lead=act == "assign to lead", by=cast.editor, at=at)
        case "make lead":
            assignment.make_lead(row, user, by=cast.editor, at=at)
        case "take away":
            assignment.take_away(row, user, by=cast.editor, at=at)
        case "take":
            assignment.take(row, by=user, at=at)
        case "accept":
            assignment.accept(row, by=user, at=at)
        case "decline":
            assignment.decline(row, by=user, at=at)
        case "hand over":
            assignment.hand_over(row, to=to, by=user, at=at)
        case _:
            assignment.hand_over(row, user=user, to=to, by=cast.editor, at=at)


def test_one_leads_and_runs_whatever_is_pressed(cast: Cast) -> None:
    people = (cast.ada, cast.ben, cast.cleo)
    steps = st.tuples(st.sampled_from(ACTS), st.sampled_from(people), st.sampled_from(people))
    seen: set[str] = set()

    @settings(max_examples=int(40 * SCALE), deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(st.lists(steps, min_size=6, max_size=16))
    def runs(life: list[tuple[str, User, User]]) -> None:
        session, account = make.session(cast.event), Account()
        for minute, (act, user, to) in enumerate(life):
            with suppress(ReporterError), unit_of_work():
                press(cast, session, act, user, to, minute)
                seen.add(act)
            account = told_by_hand(account, act, user.name, to.name)
            rows = assignments.of_session(session.id)
            leads = [row.user.name for row in rows if row.lead]
            assert {row.user.name: row.state.value for row in rows} == dict(account.states)
            assert leads == ([account.lead] if account.lead else [])
            assert bool(leads) == any(row.state in RUNNING for row in rows)

    runs()
    assert seen == set(ACTS)
