"""May this person do that to this report? Pure: over a `Standing`, an act and the facts of the report that matter."""

from dataclasses import dataclass

from reporter.rules.lifecycle import TABLE, Who
from reporter.rules.vocabulary import Action, PublicState, Role, WithdrawalReason, WorkState


@dataclass(frozen=True)
class Standing:
    """Who somebody is at one event: the roles held there, and whether it is the background worker."""

    roles: frozenset[Role] = frozenset()
    worker: bool = False

    @property
    def staff(self) -> bool:
        """Writes or edits at this event (an administrator as such does neither)."""
        return bool(self.roles & {Role.RAPPORTEUR, Role.EDITOR})

    @property
    def editor(self) -> bool:
        return Role.EDITOR in self.roles


@dataclass(frozen=True)
class ReportFacts:
    """What a decision about a report depends on, beside who asks."""

    own: bool = False  # the one who asks is listed as its rapporteur
    covers: bool = False  # the one who asks covers its session, and so may tighten the rule of that session
    work_state: WorkState | None = None
    public_state: PublicState = PublicState.NEVER
    ever_filed: bool = False
    lone_editor: bool = False  # the event lets an editor approve a text of their own


def may(standing: Standing, action: Action, facts: ReportFacts, *, reason: WithdrawalReason | None = None) -> bool:
    """Whether `standing` allows `action`; whether the state allows it is `lifecycle`'s question.

    `reason` matters to WITHDRAW and UNAPPROVE: whoever may tighten a session's rule may take back what it no longer
    allows.
    """
    return any(_is(who, standing, facts, reason) for who in TABLE[action].who)


def may_read(standing: Standing, facts: ReportFacts) -> bool:
    """Whether the draft, its saves and its history may be seen: its rapporteurs, and the editors of the event."""
    return standing.editor or _own(standing, facts)


def may_write(standing: Standing, facts: ReportFacts) -> bool:
    """Whether a draft save is taken: from its rapporteurs, and from an editor who takes over."""
    return standing.editor or _own(standing, facts)


def _own(standing: Standing, facts: ReportFacts) -> bool:
    # Somebody whose roles at the event were taken away keeps no power over what they wrote there.
    return facts.own and standing.staff


def _is(who: Who, standing: Standing, facts: ReportFacts, reason: WithdrawalReason | None) -> bool:
    match who:
        case Who.STAFF:
            return standing.staff
        case Who.OWN:
            return _own(standing, facts)
        case Who.OWN_NEVER_FILED:
            return _own(standing, facts) and not facts.ever_filed
        case Who.OWN_NOT_APPROVED:
            return _own(standing, facts) and facts.work_state is not WorkState.APPROVED
        case Who.RULE_TIGHTENED:
            return standing.staff and (facts.own or facts.covers) and reason is WithdrawalReason.RULE_TIGHTENED
        case Who.EDITOR:
            return standing.editor
        case Who.OTHER_EDITOR:
            return standing.editor and (facts.lone_editor or not facts.own)
        case Who.WORKER:
            return standing.worker and facts.public_state is not PublicState.WITHDRAWN
