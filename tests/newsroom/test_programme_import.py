"""Applying a programme: all of it or nothing, twice is once, and a report follows its session."""

from dataclasses import replace
from datetime import timedelta

import factories
import pytest
from factories import T0, later
from flask import Flask

from reporter.models.database import unit_of_work
from reporter.models.event import Event
from reporter.newsroom import programme_import
from reporter.queries import programmes, reports
from reporter.rules.errors import NotAllowed, Refused
from reporter.rules.vocabulary import Role
from reporter.sources.draft import ProgrammeDraft, SessionDraft, SpeakerDraft, Unreadable

SPEAKERS = (SpeakerDraft("Chair"), SpeakerDraft("Delegate", "A mission"))


def draft(number: int, **parts: object) -> SessionDraft:
    """The session `number` of a programme."""
    whole: dict[str, object] = {
        "title": f"Session {number}",
        "starts_at": T0 + timedelta(hours=number),
        "ends_at": T0 + timedelta(hours=number + 1),
        "room": f"Room {number % 3}",
        "description": f"About {number}.",
        "speakers": SPEAKERS,
        "source": "ical",
        "source_uid": f"uid-{number}",
        **parts,
    }
    return SessionDraft(**whole)  # type: ignore[arg-type]


EIGHT = ProgrammeDraft(sessions=tuple(draft(number) for number in range(8)))


@pytest.fixture
def forum(context: Flask) -> Event:  # noqa: ARG001 - the application's context
    factories.issues()
    return factories.event("forum")


def apply(forum: Event, programme: ProgrammeDraft, *, confirmed: bool = False) -> dict[str, int]:
    with unit_of_work():
        return programme_import.apply(forum, programme, by=None, at=later(), confirmed=confirmed, kept=None).counts


def titles(forum: Event) -> list[str]:
    return [one.title for one in programmes.sessions_of(forum.id) if one.cancelled_at is None]


def counts(**other: int) -> dict[str, int]:
    return {"added": 0, "changed": 0, "unchanged": 0, "cancelled": 0, "unreadable": 0, **other}


def test_twice_is_once(forum: Event) -> None:
    assert apply(forum, EIGHT) == counts(added=8)
    assert apply(forum, EIGHT) == counts(unchanged=8)
    assert len(programmes.sessions_of(forum.id)) == 8
    assert len(programmes.rooms(forum.id)) == 3
    assert len(programmes.speakers(forum.id)) == 2


def test_a_report_follows_its_session(forum: Event) -> None:
    apply(forum, EIGHT)
    number = programmes.sessions_of(forum.id)[2].id
    writer = factories.person(Role.RAPPORTEUR, forum)
    report = factories.draft(forum, writer, of=programmes.for_change(number))
    moved = replace(EIGHT.sessions[2], title="Another title", starts_at=T0, ends_at=T0, room="Elsewhere", speakers=())
    changed = ProgrammeDraft((*EIGHT.sessions[:2], moved, *EIGHT.sessions[3:]))
    assert apply(forum, changed) == counts(changed=1, unchanged=7)
    session = programmes.programme_session(number)
    assert session is not None
    assert (session.title, session.room and session.room.name, session.speakers) == ("Another title", "Elsewhere", [])
    there = reports.of_session(number)
    assert there is not None
    assert there.number == report.number


def test_a_session_that_vanishes_is_cancelled_and_comes_back(forum: Event) -> None:
    apply(forum, EIGHT)
    fewer = ProgrammeDraft(EIGHT.sessions[:7])
    assert apply(forum, fewer) == counts(unchanged=7, cancelled=1)
    assert titles(forum) == [f"Session {number}" for number in range(7)]
    assert len(programmes.sessions_of(forum.id)) == 8
    assert apply(forum, fewer) == counts(unchanged=7)
    assert apply(forum, EIGHT) == counts(unchanged=7, changed=1)
    assert len(titles(forum)) == 8


def test_half_a_file_is_refused_until_confirmed(forum: Event) -> None:
    apply(forum, EIGHT)
    half = ProgrammeDraft(EIGHT.sessions[:4])
    with pytest.raises(Refused, match="More than a quarter"):
        apply(forum, half)
    assert len(titles(forum)) == 8
    assert apply(forum, half, confirmed=True) == counts(unchanged=4, cancelled=4)


def test_entries_that_cannot_be_read_are_left_out_only_when_confirmed(forum: Event) -> None:
    doubtful = ProgrammeDraft(EIGHT.sessions, (Unreadable(12, "uid-9", "It has no beginning."),))
    with pytest.raises(Refused, match="could not be read"):
        apply(forum, doubtful)
    assert titles(forum) == []
    assert apply(forum, doubtful, confirmed=True) == counts(added=8, unreadable=1)


def test_what_a_person_changed_by_hand_stays(forum: Event) -> None:
    apply(forum, EIGHT)
    with unit_of_work():
        session = programmes.for_change(programmes.sessions_of(forum.id)[0].id)
        assert session is not None
        session.title, session.hand_edited = "As it is really called", ["title"]
    assert apply(forum, EIGHT) == counts(unchanged=8)
    assert titles(forum)[0] == "As it is really called"


def test_sessions_added_by_hand_are_none_of_its_business(forum: Event) -> None:
    factories.session(forum, "Added from the spot")
    apply(forum, EIGHT)
    assert apply(forum, EIGHT) == counts(unchanged=8)
    assert len(titles(forum)) == 9


def test_all_or_nothing(forum: Event) -> None:
    backwards = draft(9, ends_at=T0 - timedelta(hours=1))
    with pytest.raises(Refused, match="ends before it starts"):
        apply(forum, ProgrammeDraft((*EIGHT.sessions, backwards)))
    assert (titles(forum), list(programmes.rooms(forum.id))) == ([], [])


def test_only_an_editor_of_the_event_may(forum: Event) -> None:
    rapporteur = factories.person(Role.RAPPORTEUR, forum)
    stranger = factories.person(Role.EDITOR, factories.event("another"))
    for who in (rapporteur, stranger):
        with pytest.raises(NotAllowed), unit_of_work():
            programme_import.apply(forum, EIGHT, by=who, at=later(), confirmed=True, kept=None)
    assert titles(forum) == []
