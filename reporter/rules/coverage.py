"""Who covers what, and what is missing: pure over the facts of sessions, assignments and reports."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median
from urllib.parse import urlencode

from reporter.rules.attribution import takes_report
from reporter.rules.vocabulary import (
    AssignmentState,
    Cover,
    Coverage,
    PublicState,
    ReportPlan,
    SessionRule,
    WorkState,
)

RUNNING = frozenset({AssignmentState.ASSIGNED, AssignmentState.ACCEPTED})
UNDER_WAY = frozenset({WorkState.DRAFT, WorkState.FILED, WorkState.SENT_BACK, WorkState.APPROVED})
NO_ROOM = "0"  # in an address, the room of sessions without one


@dataclass(frozen=True)
class SessionFacts:
    """What the coverage of a session depends on, beside who covers it and where its report stands."""

    cover: Cover = Cover.UNDECIDED
    rule: SessionRule = SessionRule.ON_THE_RECORD
    cancelled: bool = False

    @property
    def takes_place(self) -> bool:
        """Whether there is something to report on: not cancelled, not closed."""
        return takes_report(self.rule) and not self.cancelled


@dataclass(frozen=True)
class ReportStates:
    """The two states of a session's report; a discarded one counts as none."""

    work: WorkState
    public: PublicState = PublicState.NEVER


def stand(
    session: SessionFacts,
    assignments: Iterable[AssignmentState],
    report: ReportStates | None,
    *,
    now: datetime,
    due_at: datetime,
) -> Coverage:
    """Where the coverage of a session stands. `assignments` are the states of all of them, ended ones too.

    A text that is there says more than any plan: what is public, approved or handed in shows as that, whatever was
    decided. LATE is what is due and was not handed in, where somebody is assigned or the session must be covered, and
    the editors did not decide against it. A text that was sent back was handed in. A withdrawn text on which nobody
    works counts as no report.
    """
    if report is not None and report.public is PublicState.PUBLIC:
        return Coverage.PUBLISHED
    work = report.work if report is not None else None
    if work is WorkState.APPROVED:
        return Coverage.APPROVED
    if work is WorkState.FILED:
        return Coverage.FILED
    if not session.takes_place or work is WorkState.SETTLED:
        return Coverage.NOT_COVERED
    if work is WorkState.SENT_BACK:
        return Coverage.WRITING
    states = RUNNING.intersection(assignments)
    wanted = session.cover is Cover.MUST or (bool(states) and session.cover is not Cover.NOT)
    if wanted and now > due_at:
        return Coverage.LATE
    if work is WorkState.DRAFT:
        return Coverage.WRITING
    if session.cover is Cover.NOT:
        return Coverage.NOT_COVERED
    if states:
        return Coverage.ACCEPTED if AssignmentState.ACCEPTED in states else Coverage.ASSIGNED
    return Coverage.NOT_COVERED if session.cover is Cover.UNDECIDED else Coverage.UNCOVERED


def plan(
    session: SessionFacts, assignments: Iterable[AssignmentState], report: ReportStates | None
) -> ReportPlan | None:
    """What the public is told of a report that is not public; None for nothing. Neither who writes it nor until when.

    The editors' decision against a report is what counts where somebody is assigned all the same. Of a report that
    was public once, its own page says what became of it.
    """
    if not session.takes_place or (report is not None and report.public is not PublicState.NEVER):
        return None
    if session.cover is Cover.NOT:
        return ReportPlan.NOT_PLANNED
    wanted = session.cover in (Cover.MUST, Cover.IF_POSSIBLE)
    under_way = report is not None and report.work in UNDER_WAY
    return ReportPlan.PLANNED if wanted or under_way or RUNNING.intersection(assignments) else None


@dataclass(frozen=True)
class Covering:
    """Somebody who covers a session: `state` of their assignment, None for who writes without one."""

    user_id: int
    name: str
    state: AssignmentState | None = None
    lead: bool = False


@dataclass(frozen=True)
class CoverageLine:
    """One session on the board; times are aware UTC. `room_id` and `track_id` are None where it has none."""

    number: int
    title: str
    starts_at: datetime
    ends_at: datetime
    room_id: int | None
    room: str
    track_id: int | None
    session: SessionFacts
    unlisted: bool
    people: tuple[Covering, ...]
    due_at: datetime
    report_number: int | None
    report: ReportStates | None
    first_published_at: datetime | None
    stands: Coverage


@dataclass(frozen=True)
class OwnCoverage:
    """What somebody covers, with what is to be known of its event; `changed_at` is when that was last decided."""

    line: CoverageLine
    event: str
    time_zone: str
    changed_at: datetime


@dataclass(frozen=True)
class Figures:
    """How many sessions stand where, and the median of the minutes from the end of a session to the first publication
    of its report: None where nothing was published, 0 for what was out before the end.
    """

    counts: Mapping[Coverage, int]
    median_minutes: int | None

    @property
    def sessions(self) -> int:
        """How many there are."""
        return sum(self.counts.values())


def figures(lines: Iterable[CoverageLine]) -> Figures:
    """What these sessions come to; every state is counted, those that no session has as 0."""
    held = list(lines)
    counted = Counter(line.stands for line in held)
    taken = [
        max(0.0, (line.first_published_at - line.ends_at).total_seconds() / 60)
        for line in held
        if line.first_published_at is not None
    ]
    return Figures(
        counts={state: counted[state] for state in Coverage}, median_minutes=round(median(taken)) if taken else None
    )


@dataclass(frozen=True)
class CoverageFilter:
    """What of the board is shown: values of one kind are *or*, kinds are *and*; empty means all.

    Values are as in an address: words of Coverage, ids as digits. A value that nothing has shows nothing.
    """

    states: frozenset[str] = frozenset()
    room: str = ""
    track: str = ""
    person: str = ""
    mine: bool = False

    @classmethod
    def of(cls, pairs: Iterable[tuple[str, str]]) -> "CoverageFilter":
        """The filter that the parameters of an address say; parameters of other names are left alone."""
        held = list(pairs)
        last = {name: value for name, value in held if value}
        return cls(
            states=frozenset(value for name, value in held if name == "state" and value),
            room=last.get("room", ""),
            track=last.get("track", ""),
            person=last.get("person", ""),
            mine="mine" in last,
        )

    def pairs(self) -> list[tuple[str, str]]:
        """The same as parameters, sorted."""
        single = [("mine", "1" if self.mine else ""), ("person", self.person), ("room", self.room)]
        states = [("state", state) for state in sorted(self.states)]
        return [pair for pair in (*single, *states, ("track", self.track)) if pair[1]]

    def __bool__(self) -> bool:
        return self != CoverageFilter()

    def holds(self, line: CoverageLine, *, me: int) -> bool:
        """Whether the line is shown to the person with the id `me`."""
        people = {str(one.user_id) for one in line.people}
        return (
            (not self.states or line.stands.value in self.states)
            and self.room in ("", str(line.room_id or NO_ROOM))
            and self.track in ("", str(line.track_id))
            and (not self.person or self.person in people)
            and (not self.mine or str(me) in people)
        )


def board_query(day: str, form: str, chosen: CoverageFilter) -> str:
    """The parameters of the board's address: the day (ISO 8601; "" for the present one), the form, the filter."""
    given = [pair for pair in (("day", day), ("form", form)) if pair[1]]
    return urlencode([*given, *chosen.pairs()])


def grid(
    lines: Iterable[CoverageLine], rooms: Sequence[int]
) -> tuple[list[str], list[tuple[datetime, list[list[CoverageLine]]]]]:
    """Rooms as columns, starting times as rows: (the names of the rooms, [(start, [the sessions in each room])]).

    `rooms` are ids in the programme's order; those without a session are left out, sessions without a room stand last.
    """
    held = sorted(lines, key=lambda one: (one.starts_at, one.number))
    names = {line.room_id: line.room for line in held}
    columns: list[int | None] = [room for room in rooms if room in names]
    columns += [None] if None in names else []
    rows: dict[datetime, list[list[CoverageLine]]] = {}
    for line in held:
        rows.setdefault(line.starts_at, [[] for _ in columns])[columns.index(line.room_id)].append(line)
    return [names[room] for room in columns], list(rows.items())
