"""Who may put a session under a stricter rule, that nobody loosens it so, and what that does to its report."""

from dataclasses import dataclass

import factories as make
import pytest
from flask import Flask

from reporter.models.database import db, unit_of_work
from reporter.models.event import Event
from reporter.models.people import User
from reporter.models.programme import ProgrammeSession
from reporter.models.report import Report
from reporter.newsroom import assignment, rule_tightening
from reporter.queries import people, programmes, published, reports
from reporter.rules.errors import NotAllowed, WrongState
from reporter.rules.published import PublicReport, PublicWithdrawal
from reporter.rules.selection import Selection
from reporter.rules.vocabulary import ChangeKind, PublicState, Role, SessionRule, WithdrawalReason, WorkState

ON_THE_RECORD, CHATHAM_HOUSE, CLOSED = SessionRule.ON_THE_RECORD, SessionRule.CHATHAM_HOUSE, SessionRule.CLOSED


@dataclass(frozen=True)
class Desk:
    event: Event
    session: ProgrammeSession
    covers: User  # the session is assigned to this rapporteur
    writes: User  # this one writes its report
    other: User  # this one has to do with neither
    editor: User


@pytest.fixture
def desk(context: Flask) -> Desk:
    assert context is not None
    make.issues()
    forum = make.event("forum")
    covers, writes, other = (make.person(Role.RAPPORTEUR, forum) for _ in range(3))
    editor = make.person(Role.EDITOR, forum)
    place = make.session(forum)
    with unit_of_work():
        locked = programmes.for_change(place.id)
        assert locked is not None
        assignment.assign(locked, covers, by=editor, at=make.T0)
    return Desk(forum, place, covers, writes, other, editor)


def tighten(desk: Desk, rule: SessionRule, by: User) -> list[int]:
    with unit_of_work():
        locked = programmes.for_change(desk.session.id)
        assert locked is not None
        return rule_tightening.tighten(locked, rule, by=by, at=make.later(60))


def rule_of(desk: Desk) -> SessionRule:
    db.session.expire_all()
    found = programmes.programme_session(desk.session.id)
    assert found is not None
    return found.rule


def fresh(report: Report) -> Report:
    db.session.expire_all()
    found = reports.by_number(report.number)
    assert found is not None
    return found


@pytest.mark.parametrize("who", ["covers", "writes", "editor"])
def test_who_covers_the_session_or_writes_its_report_may_and_editors(desk: Desk, who: str) -> None:
    make.draft(desk.event, desk.writes, of=desk.session)
    assert tighten(desk, CHATHAM_HOUSE, getattr(desk, who)) == []
    assert rule_of(desk) is CHATHAM_HOUSE
    assert tighten(desk, CLOSED, getattr(desk, who)) == []
    assert rule_of(desk) is CLOSED


def test_nobody_else_may(desk: Desk) -> None:
    elsewhere = make.event("elsewhere")
    for who in (
        desk.other,
        desk.writes,  # before there is a report of theirs
        make.person(Role.EDITOR, elsewhere),
        make.person(Role.ADMINISTRATOR, None),
        make.person(None, None),
    ):
        with pytest.raises(NotAllowed):
            tighten(desk, CHATHAM_HOUSE, who)
    assert rule_of(desk) is ON_THE_RECORD


@pytest.mark.parametrize("ended", ["declined", "role"])
def test_who_covers_it_no_more_may_not(desk: Desk, ended: str) -> None:
    with unit_of_work():
        locked = programmes.for_change(desk.session.id)
        assert locked is not None
        if ended == "declined":
            assignment.decline(locked, by=desk.covers, at=make.later(2), note="I cannot come.")
        else:
            grant = people.grant(desk.covers, Role.RAPPORTEUR, desk.event.id)
            assert grant is not None
            db.session.delete(grant)
    with pytest.raises(NotAllowed):
        tighten(desk, CHATHAM_HOUSE, desk.covers)


@pytest.mark.parametrize("who", ["covers", "editor"])
def test_a_rule_is_never_loosened_so_and_the_same_again_does_nothing(desk: Desk, who: str) -> None:
    by = getattr(desk, who)
    tighten(desk, CLOSED, by)
    assert tighten(desk, CLOSED, by) == []
    for looser in (ON_THE_RECORD, CHATHAM_HOUSE):
        with pytest.raises(WrongState):
            tighten(desk, looser, by)
    assert rule_of(desk) is CLOSED


@pytest.mark.parametrize("who", ["covers", "writes", "editor"])
@pytest.mark.parametrize("rule", [CHATHAM_HOUSE, CLOSED])
def test_what_is_public_is_withdrawn_at_once_with_the_reason(desk: Desk, who: str, rule: SessionRule) -> None:
    report = make.published(desk.event, desk.writes, desk.editor, of=desk.session)
    assert isinstance(published.report(report.number), PublicReport)
    assert tighten(desk, rule, getattr(desk, who)) == [report.number]
    found = fresh(report)
    assert (found.work_state, found.public_state) == (WorkState.SETTLED, PublicState.WITHDRAWN)
    change = reports.changes(report.number)[-1]
    assert (change.kind, change.reason) == (ChangeKind.WITHDRAWAL, WithdrawalReason.RULE_TIGHTENED)
    assert isinstance(published.report(report.number), PublicWithdrawal)
    assert published.listing(Selection(), title="").reports == ()
    assert tighten(desk, rule, getattr(desk, who)) == []
    assert len(reports.changes(report.number)) == 2


def test_an_approval_that_is_not_out_yet_is_taken_back(desk: Desk) -> None:
    report = make.draft(desk.event, desk.writes, of=desk.session)
    make.file(report, desk.writes)
    make.approve(report, desk.editor)
    assert tighten(desk, CHATHAM_HOUSE, desk.covers) == []
    found = fresh(report)
    assert (found.work_state, found.public_state) == (WorkState.FILED, PublicState.NEVER)
    assert (found.filed_revision, found.approved_revision) == (1, None)
