"""The one writer of a report's states: asks `permissions`, then `lifecycle`, then moves and leaves a history line."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import NoReturn

from reporter.models.database import db
from reporter.models.people import User
from reporter.models.report import Report
from reporter.newsroom import history
from reporter.newsroom.history import Detail
from reporter.queries import people, reports
from reporter.rules.errors import NotAllowed
from reporter.rules.lifecycle import State, next_state, wrong_state
from reporter.rules.permissions import ReportFacts, may, may_write
from reporter.rules.vocabulary import Action, PublicState, WithdrawalReason, WorkState


def state(report: Report) -> State:
    """Where the report stands."""
    return State(work=report.work_state, public=report.public_state)


def allow(
    report: Report, action: Action, *, by: User | None, reason: WithdrawalReason | None = None, covers: bool = False
) -> None:
    """Raise NotAllowed unless `by` (None: the worker) may do this to the report, whatever its state.

    `covers` says that `by` covers the session whose rule was tightened, which is the `reason` then.
    """
    standing = people.standing(by, report.event_id)
    if not may(standing, action, replace(reports.facts(report, by), covers=covers), reason=reason):
        raise NotAllowed


def allow_writing(report: Report, *, by: User) -> None:
    """Raise NotAllowed unless `by` may save drafts of the report."""
    if not may_write(people.standing(by, report.event_id), reports.facts(report, by)):
        raise NotAllowed


def check(
    report: Report, action: Action, *, by: User | None, reason: WithdrawalReason | None = None, covers: bool = False
) -> State:
    """The states after the act. Raises NotAllowed, then WrongState; changes nothing."""
    allow(report, action, by=by, reason=reason, covers=covers)
    return next_state(action, state(report))


def move(
    report: Report,
    action: Action,
    *,
    to: State,
    by: User | None,
    at: datetime,
    revision: int | None = None,
    filed: int | None = None,
    approved: int | None = None,
    published: int | None = None,
    details: Mapping[str, Detail] | None = None,
) -> None:
    """Set the states that `check` answered, with the pointers that belong to them, and leave a line of history.

    `filed`, `approved` and `published` name a revision to point at from now on. What a state cannot have goes:
    an approval ends with APPROVED; nothing waits any more once the work is SETTLED; a claim ends with every decision.
    """
    if to.work is None:
        raise ValueError("a report is never without a state")
    report.work_state = to.work
    report.public_state = to.public
    report.filed_revision = filed or report.filed_revision
    report.approved_revision = approved or report.approved_revision
    report.published_revision = published or report.published_revision
    if to.work is not WorkState.APPROVED:
        report.approved_revision = None
    if to.work is WorkState.SETTLED:
        report.filed_revision = None
        report.embargo_until = None
    if action is not Action.CORRECT:
        report.claimed_by_id = report.claimed_until = None
    db.session.flush()
    history.record(action, by=by, at=at, report=report, revision=revision, details=details)


def new_report(report: Report, *, by: User, at: datetime) -> None:
    """Give a report that does not exist yet its first states, and store it. Raises NotAllowed, then WrongState."""
    standing = people.standing(by, report.event_id)
    to = next_state(Action.START, State(work=None, public=PublicState.NEVER))
    if not may(standing, Action.START, ReportFacts()):
        raise NotAllowed
    if to.work is None:
        raise ValueError("a report is never without a state")
    report.work_state = to.work
    report.public_state = to.public
    db.session.add(report)
    db.session.flush()
    history.record(Action.START, by=by, at=at, report=report)


def refuse(report: Report) -> NoReturn:
    """Raise WrongState with the present state of the report in words."""
    raise wrong_state(state(report))
