"""Every act, on a report in every state it can be in, by everybody, through the real verbs and a real database.

What should happen is the design's table as `test_lifecycle` has it. Each try ends in a rollback, so every report
stands in its state for the next one, and what a refused verb had already changed would show before it.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import product
from typing import Any

import pytest
import sqlalchemy as sa
from factories import T0, approve, draft, event, file, issues, later, person, publish, save, session, text, withdraw
from test_lifecycle import REACHABLE, after, entitled

from reporter.models.database import Base, db, unit_of_work
from reporter.models.history import HistoryEntry
from reporter.models.people import RoleGrant, User
from reporter.models.report import Report, ReportRapporteur
from reporter.newsroom import filing, publication, review, revisions
from reporter.newsroom.revisions import Rendered
from reporter.queries import draft_saves, people, programmes, reports
from reporter.rules.errors import NotAllowed, WrongState
from reporter.rules.lifecycle import State
from reporter.rules.permissions import ReportFacts, Standing
from reporter.rules.report_text import ReportText
from reporter.rules.vocabulary import Action, Entry, PublicState, Role, WithdrawalReason, WorkState

# The roads by which a report comes to stand where it stands, in the steps of `STEPS`.
PUBLIC = "draft file approve publish"
ROADS = (
    "draft",
    "draft file",
    "draft file recall",
    "draft file send_back",
    "draft file approve",
    "draft discard",
    "draft file discard",
    *(
        f"{PUBLIC}{withdrawal}{steps}"
        for withdrawal in ("", " withdraw")
        for steps in ("", " amend", " amend file", " amend file send_back", " amend file approve")
    ),
)
GROUPS: Mapping[str, frozenset[Role]] = {
    "rapporteur": frozenset({Role.RAPPORTEUR}),
    "editor": frozenset({Role.EDITOR}),
    "both": frozenset({Role.RAPPORTEUR, Role.EDITOR}),
    "administrator": frozenset({Role.ADMINISTRATOR}),
    "nobody": frozenset(),
}
AT = later(600)  # after every embargo that was set on the roads


class UndoneError(Exception):
    """Ends a unit of work without a trace."""


@dataclass(frozen=True)
class Standpoint:
    """A report that stands somewhere (or a session without one), and what the verbs are asked about it."""

    road: str
    session: int
    number: int | None
    state: State
    ever_filed: bool
    lone_editor: bool
    rendered: Mapping[int, Rendered]  # by the number of the revision


@dataclass(frozen=True)
class Somebody:
    """Who tries: an id (None: the worker), a standing, and whether every report is theirs."""

    name: str
    id: int | None
    standing: Standing
    own: bool


@dataclass(frozen=True)
class Trace:
    """What the database holds: the size of every table, and every report's row."""

    sizes: Mapping[str, int]
    reports: Mapping[int, Mapping[str, Any]]
    newest_entry: int  # of the history


def trace() -> Trace:
    """What is there now, inside the transaction."""
    tables = Base.metadata.sorted_tables
    sizes = db.session.execute(
        sa.select(*(sa.select(sa.func.count()).select_from(table).scalar_subquery() for table in tables))
    ).one()
    rows = db.session.execute(sa.select(Report.__table__)).mappings()
    return Trace(
        sizes=dict(zip((table.name for table in tables), sizes, strict=True)),
        reports={row["number"]: dict(row) for row in rows},
        newest_entry=db.session.scalar(sa.select(sa.func.max(HistoryEntry.id))) or 0,
    )


def _change(number: int, verb: Callable[..., object], **details: Any) -> None:
    with unit_of_work():
        locked = reports.for_change(number)
        assert locked is not None
        verb(locked, **details)


def _walk(road: str, writer: User, editor: User, *, lone_editor: bool) -> Standpoint:
    """A report that went along `road`, at an event of its own."""
    where = event(lone_editor=lone_editor)
    for user, role in ((writer, Role.RAPPORTEUR), (editor, Role.EDITOR)):
        with unit_of_work():
            db.session.add(RoleGrant(user_id=user.id, event_id=where.id, role=role, granted_at=T0))
    place = session(where)
    report = draft(where, writer, of=place)
    for step in road.split()[1:]:
        match step:
            case "file":
                file(report, writer)
                save(report, text("Written on meanwhile"), writer)
            case "approve":
                approve(report, editor, embargo_until=later(500))
            case "publish":
                publish(report, None, minute=510)
            case "withdraw":
                withdraw(report, editor, minute=520)
            case "recall":
                _change(report.number, filing.recall, by=writer, at=later())
            case "send_back":
                _change(report.number, review.send_back, note="Say who spoke.", by=editor, at=later())
            case "amend":
                _change(report.number, filing.amend, by=writer, at=later(530))
            case "discard":
                _change(report.number, filing.discard, by=editor, at=later())
            case _:
                raise ValueError(step)
    return Standpoint(
        road=road,
        session=place.id,
        number=report.number,
        state=State(report.work_state, report.public_state),
        ever_filed="file" in road,
        lone_editor=lone_editor,
        rendered={row.number: revisions.render(reports.text_of(row)) for row in reports.revisions(report.number)},
    )


def _somebody(name: str, *, own: bool, listed_on: Sequence[Standpoint]) -> Somebody:
    user = person(None, None)
    with unit_of_work():
        for role in GROUPS[name]:
            db.session.add(RoleGrant(user_id=user.id, event_id=None, role=role, granted_at=T0))
        for one in listed_on if own else ():
            db.session.add(ReportRapporteur(report_number=one.number, user_id=user.id, joined_at=T0))
    return Somebody(f"{'own' if own else 'other'} {name}", user.id, Standing(roles=GROUPS[name]), own)


def attempt(action: Action, at: Standpoint, who: Somebody) -> int | None:
    """Do it as a page would; answers the number of the report that it led to."""
    user = people.by_id(who.id) if who.id is not None else None
    if action is Action.START:
        place = programmes.for_change(at.session)
        assert place is not None
        assert user is not None
        return filing.start(event=place.event, programme_session=place, by=user, at=AT).number
    assert at.number is not None
    report = reports.for_change(at.number)
    assert report is not None
    # The revision that somebody who looks at the report has before them.
    seen = report.approved_revision or report.filed_revision or report.published_revision or 1
    shown = report.published_revision or 1
    other = ReportText(**{**vars(text("Set right")), "body": "Set right.\n\nSecond paragraph."})
    nothing = Rendered("", "")
    if action is Action.PUBLISH:
        publication.publish(report, revision=seen, rendered=at.rendered.get(seen, nothing), by=user, at=AT)
        return at.number
    assert user is not None
    match action:
        case Action.FILE:
            head = draft_saves.head(at.number)
            assert head is not None
            filing.file(report, head, rendered=revisions.render(reports.text_of(head)), by=user, at=AT)
        case Action.RECALL:
            filing.recall(report, by=user, at=AT)
        case Action.REVISE:
            review.revise(report, other, revision=seen, rendered=revisions.render(other), by=user, at=AT)
        case Action.SEND_BACK:
            review.send_back(report, note="Say who spoke.", by=user, at=AT)
        case Action.APPROVE:
            review.approve(report, revision=seen, by=user, at=AT)
        case Action.UNAPPROVE:
            review.unapprove(report, by=user, at=AT)
        case Action.AMEND:
            filing.amend(report, by=user, at=AT)
        case Action.DROP_AMENDMENT:
            filing.drop_amendment(report, by=user, at=AT)
        case Action.CORRECT:
            publication.correct(
                report,
                other,
                revision=shown,
                rendered=revisions.render(other),
                note="It named the wrong agreement.",
                by=user,
                at=AT,
            )
        case Action.WITHDRAW:
            publication.withdraw(report, reason=WithdrawalReason.INACCURATE, note="It was wrong.", by=user, at=AT)
        case Action.REINSTATE:
            publication.reinstate(report, rendered=at.rendered.get(shown, nothing), by=user, at=AT)
        case Action.DISCARD:
            filing.discard(report, by=user, at=AT)
        case Action.RESTORE:
            filing.restore(report, by=user, at=AT)
    return at.number


@dataclass(frozen=True)
class Outcome:
    """What came of a try: a refusal that changed nothing, or states, history lines and numbers of new rows."""

    refusal: str = ""
    state: State | None = None
    new_report: bool = False
    acts: tuple[str, ...] = ()
    approvals: int = 0
    public_changes: int = 0
    untouched: bool = False  # nothing in the database differs from before


def expected(action: Action, at: Standpoint, who: Somebody) -> Outcome:
    """What the design says that comes of it."""
    facts = ReportFacts(
        own=who.own and at.number is not None,
        work_state=at.state.work,
        public_state=at.state.public,
        ever_filed=at.ever_filed,
        lone_editor=at.lone_editor,
    )
    if not entitled(action, who.standing, facts):
        return Outcome(refusal="NotAllowed", untouched=True)
    joins = (Entry.RAPPORTEUR_JOINED.value,) * (action in (Action.FILE, Action.AMEND) and not facts.own)
    if action is Action.START:
        if at.state.work in (None, WorkState.DISCARDED):
            first = State(WorkState.DRAFT, PublicState.NEVER)
            return Outcome(state=first, new_report=True, acts=("rapporteur_joined", "start"))
        # A second START opens the first and adds its starter.
        acts = () if facts.own else (Entry.RAPPORTEUR_JOINED.value,)
        return Outcome(state=at.state, acts=acts, untouched=facts.own)
    if _is_repetition(action, at.state):
        return Outcome(state=at.state, untouched=True)
    to = after(action, at.state)
    if to is None:
        return Outcome(refusal="WrongState", untouched=True)
    return Outcome(
        state=to,
        acts=tuple(sorted((*joins, action.value))),
        approvals=int(action in (Action.APPROVE, Action.CORRECT)),
        public_changes=int(action in (Action.PUBLISH, Action.CORRECT, Action.WITHDRAW, Action.REINSTATE)),
    )


def _is_repetition(action: Action, state: State) -> bool:
    """Whether the act on the revision that one sees was done already, and so answers as done."""
    public = state == State(WorkState.SETTLED, PublicState.PUBLIC)
    return (action is Action.APPROVE and (state.work is WorkState.APPROVED or public)) or (
        action is Action.PUBLISH and public
    )


@contextmanager
def writing() -> Iterator[list[str]]:
    """The statements that write, as they are sent to the database."""
    sent: list[str] = []

    def listen(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.lstrip().upper().startswith(("SELECT", "BEGIN")):
            sent.append(statement)

    sa.event.listen(db.engine, "before_cursor_execute", listen)
    try:
        yield sent
    finally:
        sa.event.remove(db.engine, "before_cursor_execute", listen)


def observed(action: Action, at: Standpoint, who: Somebody, before: Trace, writes: list[str]) -> Outcome:
    """What came of it, seen inside the transaction, which is then rolled back."""
    found: Outcome | None = None
    writes.clear()
    try:
        with unit_of_work():
            refusal, number = "", None
            try:
                number = attempt(action, at, who)
            except (NotAllowed, WrongState) as error:
                refusal = type(error).__name__
            db.session.flush()
            # Looking through every table takes long, and without a statement that writes they are as they were.
            now = trace() if writes else before
            acts = _acts_since(before, by=who, on=number) if writes else ()
            same_others = {key: row for key, row in before.reports.items() if key != number}
            assert {key: row for key, row in now.reports.items() if key != number} == same_others
            row = now.reports[number] if number else None
            found = Outcome(
                refusal=refusal,
                state=State(row["work_state"], row["public_state"]) if row else None,
                new_report=len(now.reports) > len(before.reports),
                acts=acts,
                approvals=now.sizes["approval"] - before.sizes["approval"],
                public_changes=now.sizes["public_change"] - before.sizes["public_change"],
                untouched=now == before,
            )
            raise UndoneError
    except UndoneError:
        pass
    assert found is not None
    return found


def _acts_since(before: Trace, *, by: Somebody, on: int | None) -> tuple[str, ...]:
    entries = db.session.scalars(sa.select(HistoryEntry).where(HistoryEntry.id > before.newest_entry)).all()
    assert {(one.done_by_id, one.report_number, one.done_at) for one in entries} <= {(by.id, on, AT)}
    return tuple(sorted(one.act for one in entries))


@pytest.mark.usefixtures("context")
def test_every_act_in_every_state_by_everybody() -> None:
    issues()
    writer, editor = person(None, None), person(None, None)
    points = [_walk(road, writer, editor, lone_editor=False) for road in ROADS]
    points += [_walk(road, writer, editor, lone_editor=True) for road in ROADS if road.endswith("file")]
    assert {(point.state.work, point.state.public) for point in points} == REACHABLE
    nobody_wrote = session(event())
    nothing = Standpoint("", nobody_wrote.id, None, State(None, PublicState.NEVER), False, False, {})
    everybody = [_somebody(name, own=own, listed_on=points) for name, own in product(GROUPS, (True, False))]
    worker = Somebody("the worker", None, Standing(worker=True), False)
    tries = [(action, point, who) for action, point, who in product(Action, points, everybody)]
    tries += [(Action.START, nothing, who) for who in everybody]
    tries += [(Action.PUBLISH, point, worker) for point in points]
    db.session.rollback()
    before = trace()
    different = []
    with writing() as writes:
        for action, point, who in tries:
            was, should = observed(action, point, who, before, writes), expected(action, point, who)
            if was != should:
                different.append(f"{action} by {who.name} after “{point.road}”: {was} instead of {should}")
    assert "\n".join(different) == ""
    db.session.rollback()
    assert trace() == before, "a try left something behind"
