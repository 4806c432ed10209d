"""The design's table of a report's life, written out a second time, against the rules that the program follows.

`DESIGN` and `entitled` come from the words of ARCHITECTURE.md ("States: two questions, never mixed"), not from
`rules/lifecycle.py`: a slip in either shows as a difference. The tests of the verbs use them as well.
"""

from itertools import product

import pytest

from reporter.rules.errors import WrongState
from reporter.rules.lifecycle import IN_WORDS, PUBLIC_IN_WORDS, State, next_state, possible
from reporter.rules.permissions import ReportFacts, Standing, may, may_read, may_write
from reporter.rules.vocabulary import Action, PublicState, Role, WithdrawalReason, WorkState

# act | work_state from -> to (several ways divided by ;) | from which public_state | public_state then (- as it was)
DESIGN = """
START          | NONE -> DRAFT                                            | NEVER                  | -
FILE           | DRAFT SENT_BACK FILED -> FILED                           | NEVER PUBLIC WITHDRAWN | -
RECALL         | FILED -> DRAFT                                           | NEVER PUBLIC WITHDRAWN | -
REVISE         | FILED -> FILED                                           | NEVER PUBLIC WITHDRAWN | -
SEND_BACK      | FILED -> SENT_BACK                                       | NEVER PUBLIC WITHDRAWN | -
APPROVE        | FILED -> APPROVED                                        | NEVER PUBLIC WITHDRAWN | -
UNAPPROVE      | APPROVED -> FILED                                        | NEVER PUBLIC WITHDRAWN | -
PUBLISH        | APPROVED -> SETTLED                                      | NEVER PUBLIC WITHDRAWN | PUBLIC
AMEND          | SETTLED -> DRAFT                                         | PUBLIC WITHDRAWN       | -
DROP_AMENDMENT | DRAFT FILED SENT_BACK APPROVED -> SETTLED                | PUBLIC WITHDRAWN       | -
CORRECT        | DRAFT SENT_BACK FILED SETTLED -> SAME; APPROVED -> FILED | PUBLIC                 | -
WITHDRAW       | DRAFT SENT_BACK FILED SETTLED -> SAME; APPROVED -> FILED | PUBLIC                 | WITHDRAWN
REINSTATE      | DRAFT SENT_BACK FILED APPROVED SETTLED -> SAME           | WITHDRAWN              | PUBLIC
DISCARD        | DRAFT FILED SENT_BACK -> DISCARDED                       | NEVER                  | -
RESTORE        | DISCARDED -> DRAFT                                       | NEVER                  | -
"""

# Every pair of states in which a report can be; the database refuses the others.
REACHABLE = frozenset(
    {(work, PublicState.NEVER) for work in WorkState if work is not WorkState.SETTLED}
    | {
        (work, public)
        for work in WorkState
        if work is not WorkState.DISCARDED
        for public in (PublicState.PUBLIC, PublicState.WITHDRAWN)
    }
)


def _read(table: str) -> dict[tuple[Action, State], State]:
    found: dict[tuple[Action, State], State] = {}
    for line in table.strip().splitlines():
        act, ways, publics, becomes = (part.strip() for part in line.split("|"))
        for way in ways.split(";"):
            sources, target = way.split("->")
            for source, public in product(sources.split(), publics.split()):
                work = None if source == "NONE" else WorkState[source]
                led_to = WorkState[source if target.strip() == "SAME" else target.strip()]
                shown = PublicState[public] if becomes == "-" else PublicState[becomes]
                found[Action[act], State(work, PublicState[public])] = State(led_to, shown)
    return found


_WAYS = _read(DESIGN)
EVERY_STATE = [State(work, public) for work in (None, *WorkState) for public in PublicState]


def after(action: Action, state: State) -> State | None:
    """Where the design says that `action` leads from `state`; None where it is not possible."""
    return _WAYS.get((action, state))


def entitled(action: Action, standing: Standing, facts: ReportFacts, *, reason: WithdrawalReason | None = None) -> bool:
    """Whether the design's column *who* names this person for this act, whatever the report's state allows."""
    if standing.worker:
        # The worker does one thing, and never shows again what an editor took back.
        return action is Action.PUBLISH and facts.public_state is not PublicState.WITHDRAWN
    rapporteur, editor = Role.RAPPORTEUR in standing.roles, Role.EDITOR in standing.roles
    # Being listed counts only for somebody who still writes or edits at the event.
    its_rapporteur = facts.own and (rapporteur or editor)
    match action:
        case Action.START:
            return rapporteur or editor
        case Action.FILE | Action.AMEND:
            return its_rapporteur or editor
        case Action.RECALL:
            return its_rapporteur
        case Action.APPROVE:
            return editor and (not facts.own or facts.lone_editor)
        case Action.DROP_AMENDMENT:
            return editor or (its_rapporteur and facts.work_state is not WorkState.APPROVED)
        case Action.WITHDRAW | Action.UNAPPROVE:
            # The house lets a report's rapporteurs, and whoever covers its session, tighten the session's rule.
            in_the_room = (facts.own or facts.covers) and (rapporteur or editor)
            return editor or (in_the_room and reason is WithdrawalReason.RULE_TIGHTENED)
        case Action.DISCARD | Action.RESTORE:
            return editor or (its_rapporteur and not facts.ever_filed)
        case _:
            return editor


STANDINGS = {
    "rapporteur": Standing(frozenset({Role.RAPPORTEUR})),
    "editor": Standing(frozenset({Role.EDITOR})),
    "administrator": Standing(frozenset({Role.ADMINISTRATOR})),
    "rapporteur and editor": Standing(frozenset({Role.RAPPORTEUR, Role.EDITOR})),
    "nobody": Standing(),
    "worker": Standing(worker=True),
}


def test_the_design_speaks_of_every_act() -> None:
    assert {action for action, _ in _WAYS} == set(Action)


@pytest.mark.parametrize("action", Action)
def test_an_act_leads_from_every_state_where_the_design_says(action: Action) -> None:
    led = {}
    for state in EVERY_STATE:
        try:
            led[state] = next_state(action, state)
        except WrongState:
            led[state] = None  # type: ignore[assignment]
    assert led == {state: after(action, state) for state in EVERY_STATE}
    assert {state: possible(action, state) for state in EVERY_STATE} == {
        state: after(action, state) is not None for state in EVERY_STATE
    }


def test_the_acts_reach_these_states_and_no_others() -> None:
    reached, todo = set(), [State(None, PublicState.NEVER)]
    while todo:
        state = todo.pop()
        for action in Action:
            if possible(action, state):
                following = next_state(action, state)
                if following not in reached:
                    reached.add(following)
                    todo.append(following)
    assert {(state.work, state.public) for state in reached} == REACHABLE


@pytest.mark.parametrize("action", Action)
def test_a_refusal_says_where_the_report_stands(action: Action) -> None:
    for state in EVERY_STATE:
        if after(action, state) is None:
            with pytest.raises(WrongState) as refusal:
                next_state(action, state)
            words = str(refusal.value)
            if state.work is None:
                assert words == "This report does not exist yet."
            else:
                assert f"{IN_WORDS[state.work]} ({PUBLIC_IN_WORDS[state.public]})" in words


@pytest.mark.parametrize("name", STANDINGS)
@pytest.mark.parametrize("action", Action)
def test_only_those_whom_the_design_names_may_act(action: Action, name: str) -> None:
    standing = STANDINGS[name]
    different = []
    for own, covers, ever_filed, lone_editor, work, public, reason in product(
        (True, False),
        (True, False),
        (True, False),
        (True, False),
        WorkState,
        PublicState,
        (None, *WithdrawalReason),
    ):
        facts = ReportFacts(
            own=own,
            covers=covers,
            work_state=work,
            public_state=public,
            ever_filed=ever_filed,
            lone_editor=lone_editor,
        )
        if may(standing, action, facts, reason=reason) is not entitled(action, standing, facts, reason=reason):
            different.append((facts, reason))
    assert different == []


def test_drafts_are_open_to_their_rapporteurs_and_to_editors_alone() -> None:
    allowed = {
        (name, own)
        for name, standing in STANDINGS.items()
        for own in (True, False)
        if may_read(standing, ReportFacts(own=own))
    }
    assert allowed == {
        ("rapporteur", True),
        ("editor", True),
        ("editor", False),
        ("rapporteur and editor", True),
        ("rapporteur and editor", False),
    }
    assert allowed == {
        (name, own)
        for name, standing in STANDINGS.items()
        for own in (True, False)
        if may_write(standing, ReportFacts(own=own))
    }
