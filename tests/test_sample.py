"""The sample event: every subject has something to read, every state occurs, and nobody can take it for real."""

from collections import Counter
from datetime import UTC, date, datetime
from itertools import pairwise

import factories
import pytest
import sqlalchemy as sa
from flask import Flask

from reporter import sample
from reporter.models.database import Base, db, unit_of_work
from reporter.models.event import Event
from reporter.models.people import User
from reporter.models.programme import ProgrammeSession
from reporter.models.report import PublicChange, Report, Revision
from reporter.models.taxonomy import Process
from reporter.newsroom import people, taxonomy
from reporter.queries import people as known_people
from reporter.queries import programmes, published
from reporter.rules import clock
from reporter.rules.errors import Refused
from reporter.rules.selection import Selection
from reporter.rules.vocabulary import ChangeKind, PublicState, Role, WorkState

NINE_ISSUES = (
    "data-flows", "e-signatures", "network-neutrality", "consumer-protection", "spam", "open-government-data",
    "customs-duties", "cybersecurity", "source-code",
)  # fmt: skip
EWEEK = "eweek-2023-sample"
LOADED_AT = datetime(2026, 1, 2, 3, 4, tzinfo=UTC)


@pytest.fixture
def hashes() -> dict[str, str]:
    """Something in the place of a password's hash for every sample person; nobody signs in here."""
    return {person.email: f"no hash of {person.key}" for person in sample.people_of("secret")}


@pytest.fixture
def with_issues(context: Flask) -> Flask:
    """The policy issues with which an installation begins."""
    with unit_of_work():
        taxonomy.load(sample.starting_issues(), by=None, at=LOADED_AT)
        taxonomy.load(sample.starting_processes(), by=None, at=LOADED_AT, of=Process)
    return context


@pytest.fixture
def loaded(with_issues: Flask, hashes: dict[str, str]) -> list[str]:
    """The sample as `reporter demo` loads it; answers the names of the events that it added."""
    assert with_issues
    with unit_of_work():
        return sample.load(hashes=hashes, at=LOADED_AT)


def counted() -> dict[str, int]:
    """How many rows every table has."""
    return {
        name: db.session.scalars(sa.select(sa.func.count()).select_from(table)).one()
        for name, table in Base.metadata.tables.items()
    }


def eweek() -> Event:
    found = programmes.event_by_slug(EWEEK)
    assert found is not None
    return found


@pytest.mark.usefixtures("loaded")
def test_every_one_of_the_nine_issues_has_something_to_read() -> None:
    for slug in NINE_ISSUES:
        listing = published.listing(Selection.of(policy_issues=[slug]), title=slug)
        assert len(listing.reports) >= 1, slug
        assert {slug} <= {term.slug for term in listing.reports[0].policy_issues}


@pytest.mark.usefixtures("loaded")
def test_every_state_and_every_kind_of_change_but_the_rare_ones_occurs() -> None:
    assert set(db.session.scalars(sa.select(Report.work_state))) == set(WorkState)
    assert set(db.session.scalars(sa.select(Report.public_state))) == set(PublicState)
    assert set(db.session.scalars(sa.select(PublicChange.kind))) >= {
        ChangeKind.FIRST,
        ChangeKind.CORRECTION,
        ChangeKind.WITHDRAWAL,
    }


@pytest.mark.usefixtures("loaded")
def test_the_event_takes_place_in_december_2023_in_geneva() -> None:
    event = eweek()
    assert (event.starts_on, event.ends_on, event.time_zone) == (date(2023, 12, 4), date(2023, 12, 8), "Europe/Zurich")
    sessions = db.session.scalars(sa.select(ProgrammeSession).where(ProgrammeSession.event_id == event.id)).all()
    days = Counter(clock.local_day(one.starts_at, event.time_zone) for one in sessions)
    assert sorted(days) == [date(2023, 12, day) for day in range(4, 9)]
    assert [one.title for one in sessions if clock.local_day(one.ends_at, event.time_zone) not in days] == []
    hours = {clock.local(one.starts_at, event.time_zone).hour for one in sessions}
    assert hours <= set(range(8, 20))


@pytest.mark.usefixtures("loaded")
def test_no_two_sessions_overlap_in_a_room() -> None:
    sessions = db.session.scalars(sa.select(ProgrammeSession).where(ProgrammeSession.cancelled_at.is_(None))).all()
    assert len(sessions) > 50
    rooms: dict[int | None, list[ProgrammeSession]] = {}
    for one in sorted(sessions, key=lambda one: one.starts_at):
        rooms.setdefault(one.room_id, []).append(one)
    assert None not in rooms
    assert [
        (earlier.title, following.title)
        for held in rooms.values()
        for earlier, following in pairwise(held)
        if following.starts_at < earlier.ends_at
    ] == []
    assert [one.title for one in sessions if one.starts_at >= one.ends_at] == []


@pytest.mark.usefixtures("loaded")
def test_public_changes_happened_in_the_order_of_their_numbers() -> None:
    changes = db.session.scalars(sa.select(PublicChange).order_by(PublicChange.number)).all()
    assert [one.number for one in changes] == list(range(1, len(changes) + 1))
    assert published.version() == len(changes) > 10
    times = [one.changed_at for one in changes]
    assert times == sorted(times)


@pytest.mark.usefixtures("loaded")
def test_nothing_was_written_before_its_session_or_read_before_it_was_written() -> None:
    rows = db.session.execute(
        sa.select(Revision.made_at, ProgrammeSession.starts_at, Report.started_at)
        .join(Report, Report.number == Revision.report_number)
        .join(ProgrammeSession, ProgrammeSession.id == Report.programme_session_id)
    ).all()
    assert len(rows) > 10
    assert [tuple(row) for row in rows if not row.starts_at <= row.started_at <= row.made_at] == []


def test_everything_is_marked_as_a_sample(loaded: list[str]) -> None:
    people_of = {person.email: person for person in sample.people_of("secret")}
    users = {user.email: user for user in known_people.everybody()}
    assert set(users) == set(people_of)
    assert [email for email, user in users.items() if not (user.is_sample and user.active)] == []
    assert {email: {grant.role for grant in user.roles} for email, user in users.items()} == {
        email: {person.role} for email, person in people_of.items()
    }
    assert [email for email in users if not email.endswith("@example.org")] == []
    events = db.session.scalars(sa.select(Event)).all()
    assert sorted(event.name for event in events) == sorted(loaded)
    assert [event.slug for event in events if not (event.is_sample and "sample" in event.slug)] == []
    assert [event.name for event in events if "(sample)" not in event.name] == []


@pytest.mark.usefixtures("loaded")
def test_only_administrators_hold_their_role_everywhere() -> None:
    """A sample editor has no say at an event that is real."""
    real = factories.event("real")
    for user in db.session.scalars(sa.select(User)):
        at_real, at_sample = (known_people.standing(user, event.id) for event in (real, eweek()))
        assert not at_real.staff
        assert at_real.roles == at_sample.roles & {Role.ADMINISTRATOR}


def test_loading_again_adds_nothing(loaded: list[str], hashes: dict[str, str]) -> None:
    before = counted()
    assert len(loaded) == len(sample.EVENT_FILES)
    for again in (hashes, {}):
        with unit_of_work():
            assert sample.load(hashes=again, at=LOADED_AT) == []
        assert counted() == before


@pytest.mark.usefixtures("loaded")
def test_loading_again_leaves_alone_what_people_changed(hashes: dict[str, str]) -> None:
    with unit_of_work():
        eweek().name = "Renamed"
        editor = known_people.by_email("editor@example.org")
        assert editor is not None
        people.disable(editor, by=None, at=LOADED_AT)
    with unit_of_work():
        sample.load(hashes=hashes, at=LOADED_AT)
    assert eweek().name == "Renamed"
    assert known_people.by_email("editor@example.org").active is False  # type: ignore[union-attr]


@pytest.mark.usefixtures("with_issues")
@pytest.mark.parametrize("email", ["rapporteur@example.org", "editor2@example.org", "administrator@example.org"])
def test_it_refuses_to_take_over_an_account(hashes: dict[str, str], email: str) -> None:
    with unit_of_work():
        people.add_user(email=email, name="Somebody real", password_hash="theirs", by=None, at=LOADED_AT)
    before = counted()

    def load() -> None:
        with unit_of_work():
            sample.load(hashes=hashes, at=LOADED_AT)

    with pytest.raises(Refused) as refusal:
        load()
    assert str(refusal.value) == f"The account {email} exists and is no sample. Give it another address first."
    assert counted() == before
    user = known_people.by_email(email)
    assert user is not None
    assert (user.password, user.is_sample, user.roles) == ("theirs", False, [])


@pytest.mark.usefixtures("context")
def test_a_missing_policy_issue_is_named(hashes: dict[str, str]) -> None:
    def load() -> None:
        with unit_of_work():
            sample.load(hashes=hashes, at=LOADED_AT)

    with pytest.raises(Refused, match=r"is missing\. Run “reporter init” first"):
        load()
    assert counted()["event"] == 0


def test_passwords_depend_on_the_secret_and_on_the_person() -> None:
    here, there = sample.people_of("one secret"), sample.people_of("another")
    assert [person.password for person in here] == [person.password for person in sample.people_of("one secret")]
    assert len({person.password for person in [*here, *there]}) == 2 * len(here)
    assert [person.key for person in here if len(person.password) < 10] == []


def test_every_policy_issue_comes_after_its_parent() -> None:
    seen: set[str] = set()
    for issue in sample.starting_issues():
        assert issue.parent is None or issue.parent in seen
        assert issue.slug not in seen
        seen.add(issue.slug)
    assert set(NINE_ISSUES) <= seen
