"""Where the coverage of a session stands: every combination of what it depends on, and what is drawn from it."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from reporter.rules.coverage import (
    CoverageFilter,
    CoverageLine,
    Covering,
    ReportStates,
    SessionFacts,
    board_query,
    figures,
    grid,
    plan,
    stand,
)
from reporter.rules.vocabulary import (
    AssignmentState,
    Cover,
    Coverage,
    PublicState,
    ReportPlan,
    SessionRule,
    WorkState,
)

DUE = datetime(2023, 12, 4, 12, 0, tzinfo=UTC)
BEFORE, AFTER = DUE - timedelta(minutes=1), DUE + timedelta(seconds=1)
ASSIGNED, ACCEPTED = AssignmentState.ASSIGNED, AssignmentState.ACCEPTED
ENDED = (AssignmentState.DECLINED, AssignmentState.HANDED_OVER, AssignmentState.TAKEN_AWAY)
TAKES_PLACE = (SessionRule.ON_THE_RECORD, SessionRule.CHATHAM_HOUSE)
NEVER, PUBLIC, WITHDRAWN = PublicState
L, U, AS, AC, W, F, AP, P, N = (
    Coverage.LATE, Coverage.UNCOVERED, Coverage.ASSIGNED, Coverage.ACCEPTED, Coverage.WRITING, Coverage.FILED,
    Coverage.APPROVED, Coverage.PUBLISHED, Coverage.NOT_COVERED,
)  # fmt: skip

# Without a report: the decision, whoever runs, then where it stands before it is due and after.
WITHOUT_REPORT = [
    (Cover.MUST, (), U, L),
    (Cover.MUST, (ASSIGNED,), AS, L),
    (Cover.MUST, (ACCEPTED,), AC, L),
    (Cover.MUST, (ASSIGNED, ACCEPTED), AC, L),
    (Cover.IF_POSSIBLE, (), U, U),
    (Cover.IF_POSSIBLE, (ASSIGNED,), AS, L),
    (Cover.IF_POSSIBLE, (ACCEPTED,), AC, L),
    (Cover.IF_POSSIBLE, (ASSIGNED, ACCEPTED), AC, L),
    (Cover.UNDECIDED, (), N, N),
    (Cover.UNDECIDED, (ASSIGNED,), AS, L),
    (Cover.UNDECIDED, (ACCEPTED,), AC, L),
    (Cover.UNDECIDED, (ASSIGNED, ACCEPTED), AC, L),
    (Cover.NOT, (), N, N),
    (Cover.NOT, (ASSIGNED,), N, N),
    (Cover.NOT, (ACCEPTED,), N, N),
    (Cover.NOT, (ASSIGNED, ACCEPTED), N, N),
]
RUNS = ((), (ASSIGNED,), (ACCEPTED,), (ASSIGNED, ACCEPTED))
# With a text that an editor has, or the public: the same whatever was decided and whoever is assigned, due or not.
HANDED_IN: dict[tuple[WorkState, PublicState], Coverage] = {
    (WorkState.FILED, NEVER): F, (WorkState.APPROVED, NEVER): AP,
    (WorkState.FILED, WITHDRAWN): F, (WorkState.APPROVED, WITHDRAWN): AP,
}  # fmt: skip
HANDED_IN.update(((work, PUBLIC), P) for work in WorkState if work is not WorkState.DISCARDED)


@pytest.mark.parametrize(("cover", "running", "before", "after"), WITHOUT_REPORT)
def test_without_a_report(
    cover: Cover, running: tuple[AssignmentState, ...], before: Coverage, after: Coverage
) -> None:
    for rule, ended in product(TAKES_PLACE, ((), *((one,) for one in ENDED), ENDED)):
        session = SessionFacts(cover, rule)
        found = [stand(session, (*ended, *running), None, now=now, due_at=DUE) for now in (BEFORE, DUE, AFTER)]
        assert found == [before, before, after]


@pytest.mark.parametrize("states", HANDED_IN)
def test_a_text_that_was_handed_in_says_more_than_any_plan(states: tuple[WorkState, PublicState]) -> None:
    for cover, rule, cancelled, running, now in product(Cover, SessionRule, (False, True), RUNS, (BEFORE, AFTER)):
        session = SessionFacts(cover, rule, cancelled)
        assert stand(session, running, ReportStates(*states), now=now, due_at=DUE) is HANDED_IN[states]


@pytest.mark.parametrize("public", [NEVER, WITHDRAWN])
@pytest.mark.parametrize("cover", Cover)
def test_a_draft_is_being_written_until_it_is_due(cover: Cover, public: PublicState) -> None:
    for rule, running, now in product(TAKES_PLACE, RUNS, (BEFORE, AFTER)):
        expected = cover is Cover.MUST or (bool(running) and cover is not Cover.NOT)
        found = stand(SessionFacts(cover, rule), running, ReportStates(WorkState.DRAFT, public), now=now, due_at=DUE)
        assert found is (L if expected and now is AFTER else W)


def test_a_text_that_was_sent_back_was_handed_in_and_is_never_late() -> None:
    for cover, rule, running, now in product(Cover, TAKES_PLACE, RUNS, (BEFORE, AFTER)):
        assert stand(SessionFacts(cover, rule), running, ReportStates(WorkState.SENT_BACK), now=now, due_at=DUE) is W


def test_what_is_closed_or_cancelled_or_withdrawn_alarms_nobody() -> None:
    texts = [None, *(ReportStates(work) for work in (WorkState.DRAFT, WorkState.SENT_BACK))]
    off = [SessionFacts(cover, SessionRule.CLOSED) for cover in Cover]
    off += [SessionFacts(cover, rule, cancelled=True) for cover, rule in product(Cover, SessionRule)]
    for session, running, report, now in product(off, RUNS, texts, (BEFORE, AFTER)):
        assert stand(session, running, report, now=now, due_at=DUE) is N
    withdrawn = ReportStates(WorkState.SETTLED, WITHDRAWN)
    for cover, running, now in product(Cover, RUNS, (BEFORE, AFTER)):
        assert stand(SessionFacts(cover), running, withdrawn, now=now, due_at=DUE) is N


def test_nobody_yet_is_said_only_where_somebody_is_wanted() -> None:
    found = {
        cover
        for cover, rule, cancelled, running, now in product(Cover, SessionRule, (False, True), RUNS, (BEFORE, AFTER))
        if stand(SessionFacts(cover, rule, cancelled), running, None, now=now, due_at=DUE) is U
    }
    assert found == {Cover.MUST, Cover.IF_POSSIBLE}


@pytest.mark.parametrize(
    ("cover", "running", "report", "expected"),
    [
        (Cover.MUST, (), None, ReportPlan.PLANNED),
        (Cover.IF_POSSIBLE, (), None, ReportPlan.PLANNED),
        (Cover.UNDECIDED, (), None, None),
        (Cover.UNDECIDED, (AssignmentState.DECLINED,), None, None),
        (Cover.UNDECIDED, (ASSIGNED,), None, ReportPlan.PLANNED),
        (Cover.UNDECIDED, (ACCEPTED,), None, ReportPlan.PLANNED),
        *[
            (Cover.UNDECIDED, (), ReportStates(work), ReportPlan.PLANNED)
            for work in (WorkState.DRAFT, WorkState.FILED, WorkState.SENT_BACK, WorkState.APPROVED)
        ],
        (Cover.UNDECIDED, (), ReportStates(WorkState.DISCARDED), None),
        (Cover.NOT, (), None, ReportPlan.NOT_PLANNED),
        (Cover.NOT, (ACCEPTED,), ReportStates(WorkState.FILED), ReportPlan.NOT_PLANNED),
        (Cover.MUST, (ACCEPTED,), ReportStates(WorkState.SETTLED, PUBLIC), None),
        (Cover.MUST, (ACCEPTED,), ReportStates(WorkState.SETTLED, WITHDRAWN), None),
    ],
)
def test_what_the_public_is_told(
    cover: Cover, running: Iterable[AssignmentState], report: ReportStates | None, expected: ReportPlan | None
) -> None:
    for rule in TAKES_PLACE:
        assert plan(SessionFacts(cover, rule), running, report) is expected
        assert plan(SessionFacts(cover, rule, cancelled=True), running, report) is None
    assert plan(SessionFacts(cover, SessionRule.CLOSED), running, report) is None


def line(number: int, stands: Coverage = N, **parts: object) -> CoverageLine:
    values: dict[str, object] = {
        "title": f"Session {number}", "starts_at": DUE - timedelta(hours=3), "ends_at": DUE - timedelta(hours=2),
        "room_id": 1, "room": "Room 1", "track_id": None, "session": SessionFacts(), "unlisted": False, "people": (),
        "due_at": DUE, "report_number": None, "report": None, "first_published_at": None, **parts,
    }  # fmt: skip
    return CoverageLine(number=number, stands=stands, **values)  # type: ignore[arg-type]


def test_figures_count_every_state_and_take_the_middle_of_the_minutes() -> None:
    ends = DUE - timedelta(hours=2)
    out = [line(number, P, first_published_at=ends + timedelta(minutes=minutes))
           for number, minutes in enumerate((-30, 20, 41))]  # fmt: skip
    found = figures([*out, line(8, L), line(9, L), line(10)])
    assert {state: count for state, count in found.counts.items() if count} == {L: 2, P: 3, N: 1}
    assert list(found.counts) == list(Coverage)
    assert (found.sessions, found.median_minutes) == (6, 20)
    assert figures(out[:2]).median_minutes == 10  # what was out before the end counts as 0
    assert figures([line(1)]).median_minutes is None
    assert figures([]).sessions == 0


def test_a_filter_is_or_within_a_kind_and_and_between_kinds() -> None:
    mine, theirs = Covering(7, "Me", ACCEPTED), Covering(8, "Them", ASSIGNED)
    lines = [
        line(1, L, people=(mine,)),
        line(2, U),
        line(3, P, people=(mine, theirs), room_id=2, track_id=5),
        line(4, AS, people=(theirs,), room_id=None),
    ]

    def shown(*pairs: tuple[str, str]) -> list[int]:
        chosen = CoverageFilter.of(pairs)
        assert CoverageFilter.of(chosen.pairs()) == chosen
        return [one.number for one in lines if chosen.holds(one, me=7)]

    assert shown() == shown(("state", ""), ("room", ""), ("mine", ""), ("day", "x"), ("other", "1")) == [1, 2, 3, 4]
    assert shown(("state", "late"), ("state", "uncovered")) == [1, 2]
    assert shown(("mine", "y")) == [1, 3]
    assert shown(("person", "8")) == [3, 4]
    assert shown(("person", "8"), ("mine", "1")) == [3]
    assert shown(("room", "2")) == shown(("track", "5")) == [3]
    assert shown(("room", "0")) == [4]
    assert shown(("state", "none")) == shown(("room", "9' OR 1=1")) == shown(("person", "-1")) == []
    assert not CoverageFilter.of([("day", "x")])
    assert CoverageFilter.of([("mine", "1")])


def test_the_address_of_a_board_is_the_same_for_the_same_choice() -> None:
    chosen = CoverageFilter.of([("track", "3"), ("state", "uncovered"), ("state", "late"), ("mine", "on")])
    assert board_query("2023-12-04", "list", chosen) == (
        "day=2023-12-04&form=list&mine=1&state=late&state=uncovered&track=3"
    )
    assert board_query("", "", CoverageFilter()) == ""


def test_a_grid_has_rooms_in_the_programmes_order_and_rows_by_time() -> None:
    early, late = DUE - timedelta(hours=3), DUE
    lines = [
        line(1, starts_at=late, room_id=1, room="One"),
        line(2, starts_at=early, room_id=2, room="Two"),
        line(3, starts_at=early, room_id=None, room=""),
        line(4, starts_at=early, room_id=2, room="Two"),
    ]
    columns, rows = grid(lines, [2, 9, 1])
    assert columns == ["Two", "One", ""]
    assert [(start, [[one.number for one in cell] for cell in cells]) for start, cells in rows] == [
        (early, [[2, 4], [], [3]]),
        (late, [[], [1], []]),
    ]
    assert grid([], [1]) == ([], [])
