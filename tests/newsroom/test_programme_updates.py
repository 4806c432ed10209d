"""Programmes that change: whatever is imported in whatever order, every report still hangs on its session."""

from dataclasses import replace
from datetime import timedelta
from random import Random

import factories
import pytest
from conftest import SCALE
from factories import T0, later
from field import FIELD
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from reporter.models.assignment import Notice
from reporter.models.database import db, unit_of_work
from reporter.models.event import Event
from reporter.newsroom import assignment, programme_import
from reporter.newsroom.programme_import import Plan
from reporter.queries import programmes, reports
from reporter.rules.errors import Refused
from reporter.rules.vocabulary import NoticeKind, Role
from reporter.sources import formats
from reporter.sources.draft import ProgrammeDraft, SessionDraft

VERSIONS = [
    FIELD / "programmes" / name
    for name in (
        "updates/pyconus_2025.049c012.all_events.ics",
        "updates/pyconus_2025.68eaa92.all_events.ics",
        "pyconus_2025.all_events.ics",
    )
]


@pytest.fixture
def forum(context: Flask) -> Event:  # noqa: ARG001 - the application's context
    factories.issues()
    return factories.event("forum")


def apply(forum: Event, draft: ProgrammeDraft) -> Plan:
    """Apply, with every likely match taken and every other one refused, as an editor might."""
    with unit_of_work():
        locked = programmes.event_for_change(forum.id)
        assert locked is not None
        looked = programme_import.plan(locked, draft)
        decided = {(one.place, one.session.id): one.likely for one in looked.suggested}
        programme_import.apply(locked, draft, by=None, at=later(), confirmed=True, kept=None, decided=decided)
        return looked


def counts(plan: Plan) -> dict[str, int]:
    return plan.counts | {"suggested": len(plan.suggested)}


def reported(forum: Event, session_ids: list[int]) -> dict[int, int]:
    """A report on each of these sessions: number by session."""
    writer = factories.person(Role.RAPPORTEUR, forum)
    made = {}
    for number in session_ids:
        session = programmes.programme_session(number)
        assert session is not None
        made[number] = factories.draft(forum, writer, of=session).number
    return made


def attached(session_ids: list[int]) -> dict[int, int]:
    db.session.expire_all()
    return {number: report.number for number, report in reports.of_sessions(session_ids).items()}


@pytest.mark.skipif(not VERSIONS[0].exists(), reason="the folder of real files is not here (FIELD_FILES)")
def test_three_versions_of_a_real_programme_in_turn(forum: Event) -> None:
    first, second, third = (formats.read(path.read_bytes(), time_zone="America/New_York") for path in VERSIONS)
    assert counts(apply(forum, first)) == {
        "added": 163, "changed": 0, "unchanged": 0, "cancelled": 0, "unreadable": 0, "suggested": 0,
    }  # fmt: skip
    sessions = programmes.sessions_of(forum.id)
    chosen = [one.id for one in Random(4).sample(list(sessions), 20)]
    titles = {one.id: one.title for one in sessions}
    written = reported(forum, chosen)
    steps = [counts(apply(forum, second)), counts(apply(forum, third)), counts(apply(forum, third))]
    assert steps == STEPS
    assert attached(chosen) == written
    now = {one.id: one for one in programmes.sessions_of(forum.id)}
    assert set(titles) <= set(now), "nothing is ever deleted"
    assert sum(one.cancelled_at is None for one in now.values()) == 224


# What each of the later versions would do before anybody decided; by UID alone the third adds 49 and drops 6.
STEPS = [
    {"added": 18, "changed": 55, "unchanged": 108, "cancelled": 0, "unreadable": 0, "suggested": 0},
    {"added": 48, "changed": 19, "unchanged": 156, "cancelled": 5, "unreadable": 0, "suggested": 1},
    {"added": 0, "changed": 0, "unchanged": 224, "cancelled": 0, "unreadable": 0, "suggested": 0},
]


def test_one_uid_for_all_twice_in_a_row(forum: Event) -> None:
    """One real calendar gives 67 events the same UID."""
    entries = "".join(
        f"BEGIN:VEVENT\r\nUID:same\r\nSUMMARY:Session {number}\r\n"
        f"DTSTART:20231205T{8 + number // 7:02}{number % 7:02}00Z\r\n"
        f"LOCATION:Room {number % 5}\r\nEND:VEVENT\r\n"
        for number in range(67)
    )
    data = f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{entries}END:VCALENDAR\r\n".encode()
    draft = formats.read(data, time_zone="Europe/Zurich")
    assert apply(forum, draft).counts["added"] == 67
    again = apply(forum, draft)
    assert (again.nothing, again.unchanged) == (True, 67)


def test_a_suggested_match_is_never_taken_by_itself(forum: Event) -> None:
    draft = ProgrammeDraft((session(1, "a"), session(2, "b")))
    apply(forum, draft)
    changed = ProgrammeDraft((replace(session(1, "a"), source_uid="x"), session(2, "b")))
    with pytest.raises(Refused, match="may be ones that are known"), unit_of_work():
        programme_import.apply(forum, changed, by=None, at=later(), confirmed=True, kept=None)
    with unit_of_work():  # somebody else's answer, of another session, decides nothing
        plan = programme_import.plan(forum, changed, decided={(0, 99_999): True, (5, 1): True})
    assert (len(plan.suggested), len(plan.added), len(plan.vanished)) == (1, 0, 0)


def test_a_session_by_hand_is_offered_when_the_programme_brings_it(forum: Event) -> None:
    by_hand = factories.session(forum, "Session 1")
    draft = ProgrammeDraft((session(0, "a", title="Session 1", starts_at=T0),))
    with unit_of_work():
        (suggested,) = programme_import.plan(forum, draft).suggested
        assert (suggested.session.id, suggested.likely) == (by_hand.id, True)
        programme_import.apply(
            forum, draft, by=None, at=later(), confirmed=True, kept=None, decided={(0, by_hand.id): True}
        )
    found = programmes.programme_session(by_hand.id)
    assert found is not None
    assert (found.source, found.source_uid, len(programmes.sessions_of(forum.id))) == ("ical", "a", 1)


def session(number: int, uid: str, **parts: object) -> SessionDraft:
    whole: dict[str, object] = {
        "title": f"Session {number}",
        "starts_at": T0 + timedelta(hours=number),
        "ends_at": T0 + timedelta(hours=number + 1),
        "room": f"Room {number % 3}",
        "source": "ical",
        "source_uid": uid,
        **parts,
    }
    return SessionDraft(**whole)  # type: ignore[arg-type]


def edited(programme: list[SessionDraft], dice: Random) -> list[SessionDraft]:
    """A copy of a programme as organisers change it: moved, retitled, dropped, doubled, renumbered, added."""
    made = []
    for one in programme:
        act = dice.choice(["stay", "stay", "stay", "move", "retitle", "drop", "renumber", "room", "double", "all"])
        if act in {"move", "all"}:
            hours = timedelta(hours=dice.randint(-30, 30))
            one = replace(one, starts_at=one.starts_at + hours, ends_at=one.ends_at + hours)
        if act in {"retitle", "all"}:
            one = replace(one, title=dice.choice([one.title + " (new)", "Session 1", "Another title"]))
        if act in {"renumber", "all"}:
            one = replace(one, source_uid=dice.choice(["", "same", f"new-{dice.randint(0, 9)}"]))
        if act == "room":
            one = replace(one, room=dice.choice(["", "Room 9"]))
        made += [] if act == "drop" else [one, one] if act == "double" else [one]
    if dice.random() < 0.5:
        made.append(session(dice.randint(20, 40), f"added-{dice.randint(0, 99)}"))
    dice.shuffle(made)
    return made


@settings(
    max_examples=max(3, int(12 * SCALE)),
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.integers(0, 2**32))
def test_any_sequence_of_imports_keeps_every_report(context: Flask, seed: int) -> None:  # noqa: ARG001
    dice = Random(seed)
    if not programmes.slug_taken("base"):
        factories.issues()
        factories.event("base")
    forum = factories.event()
    programme = [session(number, dice.choice([f"uid-{number}", f"uid-{number}", "same", ""])) for number in range(8)]
    apply(forum, ProgrammeDraft(tuple(programme)))
    chosen = [one.id for one in programmes.sessions_of(forum.id)][::2]
    written = reported(forum, chosen)
    for _ in range(dice.randint(1, 4)):
        programme = edited(programme, dice) or programme
        draft = ProgrammeDraft(tuple(programme))
        with unit_of_work():
            locked = programmes.event_for_change(forum.id)
            assert locked is not None
            looked = programme_import.plan(locked, draft)
            decided = {(one.place, one.session.id): dice.choice([True, False]) for one in looked.suggested}
            programme_import.apply(locked, draft, by=None, at=later(), confirmed=True, kept=None, decided=decided)
        assert attached(chosen) == written
        live = [one for one in programmes.sessions_of(forum.id) if one.cancelled_at is None]
        assert len(live) == len(programme), "the programme is what the file says"
        with unit_of_work():
            again = programme_import.plan(forum, draft)
        assert (len(again.added), len(again.vanished)) == (0, 0)


def test_whoever_covers_a_session_is_told_that_it_moved_or_is_gone(forum: Event) -> None:
    editor, writer, former = (factories.person(role, forum) for role in (Role.EDITOR, Role.RAPPORTEUR, Role.RAPPORTEUR))
    programme = [session(number, f"uid-{number}") for number in range(6)]
    apply(forum, ProgrammeDraft(tuple(programme)))
    covered = programmes.sessions_of(forum.id)[:3]
    for one in covered:
        with unit_of_work():
            locked = programmes.for_change(one.id)
            assert locked is not None
            assignment.assign(locked, writer, by=editor, at=later())
            assignment.assign(locked, former, by=editor, at=later())
            assignment.take_away(locked, former, by=editor, at=later())
    moved = replace(programme[0], starts_at=T0 + timedelta(hours=9), ends_at=T0 + timedelta(hours=10))
    retitled = replace(programme[2], title="Another title")
    apply(forum, ProgrammeDraft((moved, retitled, *programme[3:])))
    told = [
        (one.user_id, one.kind, one.programme_session_id)
        for one in db.session.scalars(select(Notice).order_by(Notice.id))
        if one.kind in {NoticeKind.SESSION_MOVED, NoticeKind.SESSION_CANCELLED}
    ]
    assert sorted(told) == [
        (writer.id, NoticeKind.SESSION_CANCELLED, covered[1].id),
        (writer.id, NoticeKind.SESSION_MOVED, covered[0].id),
    ]
