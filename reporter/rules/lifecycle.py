"""THE STATE MACHINE of a report: one table, and `next_state()` that reads it. Nothing else computes a state.

Two questions are never mixed: where does our work stand (`WorkState`), and what does the public see (`PublicState`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from reporter.rules.errors import N_, WrongState
from reporter.rules.vocabulary import Action, PublicState, WorkState

DRAFT, FILED, SENT_BACK, APPROVED, SETTLED, DISCARDED = WorkState
NEVER, PUBLIC, WITHDRAWN = PublicState
ANY_PUBLIC = frozenset(PublicState)


class Who(StrEnum):
    """Who may act; `permissions` knows how to tell whether somebody is one of these."""

    STAFF = "staff"  # a rapporteur or editor of the event
    OWN = "own"  # one of the report's own rapporteurs
    OWN_NEVER_FILED = "own_never_filed"  # the same, while the report was never handed in
    OWN_NOT_APPROVED = "own_not_approved"  # the same, before the waiting revision is approved
    RULE_TIGHTENED = "rule_tightened"  # whoever may tighten the session's rule, when that is the reason
    EDITOR = "editor"  # an editor of the event
    OTHER_EDITOR = "other_editor"  # an editor who is not one of its rapporteurs, unless the event allows a lone editor
    WORKER = "worker"  # the background worker, from NEVER and PUBLIC only


@dataclass(frozen=True)
class State:
    """The two states of a report; `None` stands for a report that does not exist yet."""

    work: WorkState | None
    public: PublicState


@dataclass(frozen=True)
class Rule:
    """One row of the table: `work` maps each state from which the act is possible to the state it leads to."""

    work: Mapping[WorkState | None, WorkState]
    public: frozenset[PublicState]
    who: frozenset[Who]
    becomes: PublicState | None = None  # None: the public sees what it saw


def _stay(*states: WorkState) -> dict[WorkState | None, WorkState]:
    return {state: state for state in states}


def _to(target: WorkState, *sources: WorkState | None) -> dict[WorkState | None, WorkState]:
    return dict.fromkeys(sources, target)


TABLE: Mapping[Action, Rule] = {
    Action.START: Rule(_to(DRAFT, None), frozenset({NEVER}), frozenset({Who.STAFF})),
    Action.FILE: Rule(_to(FILED, DRAFT, SENT_BACK, FILED), ANY_PUBLIC, frozenset({Who.OWN, Who.EDITOR})),
    Action.RECALL: Rule(_to(DRAFT, FILED), ANY_PUBLIC, frozenset({Who.OWN})),
    Action.REVISE: Rule(_stay(FILED), ANY_PUBLIC, frozenset({Who.EDITOR})),
    Action.SEND_BACK: Rule(_to(SENT_BACK, FILED), ANY_PUBLIC, frozenset({Who.EDITOR})),
    Action.APPROVE: Rule(_to(APPROVED, FILED), ANY_PUBLIC, frozenset({Who.OTHER_EDITOR})),
    Action.UNAPPROVE: Rule(_to(FILED, APPROVED), ANY_PUBLIC, frozenset({Who.EDITOR, Who.RULE_TIGHTENED})),
    Action.PUBLISH: Rule(_to(SETTLED, APPROVED), ANY_PUBLIC, frozenset({Who.EDITOR, Who.WORKER}), PUBLIC),
    Action.AMEND: Rule(_to(DRAFT, SETTLED), frozenset({PUBLIC, WITHDRAWN}), frozenset({Who.OWN, Who.EDITOR})),
    Action.DROP_AMENDMENT: Rule(
        _to(SETTLED, DRAFT, FILED, SENT_BACK, APPROVED),
        frozenset({PUBLIC, WITHDRAWN}),
        frozenset({Who.OWN_NOT_APPROVED, Who.EDITOR}),
    ),
    Action.CORRECT: Rule(
        {**_stay(DRAFT, SENT_BACK, FILED, SETTLED), APPROVED: FILED}, frozenset({PUBLIC}), frozenset({Who.EDITOR})
    ),
    Action.WITHDRAW: Rule(
        {**_stay(DRAFT, SENT_BACK, FILED, SETTLED), APPROVED: FILED},
        frozenset({PUBLIC}),
        frozenset({Who.EDITOR, Who.RULE_TIGHTENED}),
        WITHDRAWN,
    ),
    Action.REINSTATE: Rule(
        _stay(DRAFT, SENT_BACK, FILED, APPROVED, SETTLED), frozenset({WITHDRAWN}), frozenset({Who.EDITOR}), PUBLIC
    ),
    Action.DISCARD: Rule(
        _to(DISCARDED, DRAFT, FILED, SENT_BACK), frozenset({NEVER}), frozenset({Who.EDITOR, Who.OWN_NEVER_FILED})
    ),
    Action.RESTORE: Rule(_to(DRAFT, DISCARDED), frozenset({NEVER}), frozenset({Who.EDITOR, Who.OWN_NEVER_FILED})),
}

IN_WORDS: Mapping[WorkState, str] = {
    DRAFT: N_("being written"),
    FILED: N_("with the editors"),
    SENT_BACK: N_("sent back to its rapporteur"),
    APPROVED: N_("approved and waiting to be published"),
    SETTLED: N_("published"),
    DISCARDED: N_("discarded"),
}
PUBLIC_IN_WORDS: Mapping[PublicState, str] = {
    NEVER: N_("not public"),
    PUBLIC: N_("public"),
    WITHDRAWN: N_("withdrawn"),
}


def possible(action: Action, state: State) -> bool:
    """Whether the table knows `action` from `state`, whoever asks."""
    rule = TABLE[action]
    return state.work in rule.work and state.public in rule.public


def next_state(action: Action, state: State) -> State:
    """The states after `action`. Raises WrongState, naming the present state, where the table has no such row."""
    rule = TABLE[action]
    if not possible(action, state):
        raise wrong_state(state)
    return State(work=rule.work[state.work], public=rule.becomes or state.public)


def wrong_state(state: State) -> WrongState:
    """The refusal that says where the report stands."""
    if state.work is None:
        return WrongState(N_("This report does not exist yet."))
    return WrongState(
        N_("That is not possible now: this report is %(work)s (%(public)s). Look at it again before you decide."),
        work=IN_WORDS[state.work],
        public=PUBLIC_IN_WORDS[state.public],
    )
