"""Private notes: for a report's own rapporteurs, whole on every device, and gone thirty days after the event."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import factories as make
import pytest
from flask import Flask

from reporter import worker
from reporter.models.database import db, unit_of_work
from reporter.models.event import Event
from reporter.models.people import User
from reporter.models.report import Report
from reporter.newsroom import filing, private_notes
from reporter.queries import private_notes as known
from reporter.rules.clock import event_end
from reporter.rules.errors import NotAllowed, TextRefused
from reporter.rules.vocabulary import Role


@dataclass(frozen=True)
class Desk:
    event: Event
    report: Report
    writer: User
    second_writer: User
    other: User  # a rapporteur of the event, not of the report
    editor: User


@pytest.fixture
def desk(context: Flask) -> Desk:
    assert context is not None
    make.issues()
    forum = make.event("forum")
    writer, second_writer, other = (make.person(Role.RAPPORTEUR, forum) for _ in range(3))
    editor = make.person(Role.EDITOR, forum)
    report = make.draft(forum, writer, of=make.session(forum))
    with unit_of_work():
        filing.add_rapporteur(make.locked_report(report), second_writer, by=writer, at=make.T0)
    return Desk(forum, report, writer, second_writer, other, editor)


def keep(desk: Desk, text: str, by: User, *, version: int = 0, at: datetime | None = None) -> tuple[str, int]:
    """Keep notes as a page sends them; what stands there then, and its version."""
    with unit_of_work():
        row = private_notes.keep(make.locked_report(desk.report), text, version=version, by=by, at=at or make.later(5))
        return row.text, row.version


def there(desk: Desk, who: User) -> str | None:
    db.session.expire_all()
    row = known.one(desk.report.number, who.id)
    return row.text if row else None


def test_only_the_rapporteurs_of_a_report_note_something_beside_it(desk: Desk) -> None:
    assert keep(desk, "Mine.", desk.writer) == ("Mine.", 1)
    for who in (desk.other, desk.editor):
        with pytest.raises(NotAllowed):
            keep(desk, "Not mine.", who)
    assert [row.text for row in known.of_others(desk.report.number, desk.second_writer.id)] == ["Mine."]
    assert known.of_others(desk.report.number, desk.writer.id) == []


def test_each_rapporteur_has_notes_of_their_own(desk: Desk) -> None:
    keep(desk, "Mine.", desk.writer)
    assert keep(desk, "Theirs.", desk.second_writer) == ("Theirs.", 1)
    assert (there(desk, desk.writer), there(desk, desk.second_writer)) == ("Mine.", "Theirs.")


def test_a_version_goes_up_with_every_change_and_not_with_a_resend(desk: Desk) -> None:
    assert keep(desk, "One.", desk.writer) == ("One.", 1)
    assert keep(desk, "One.", desk.writer) == ("One.", 1)
    assert keep(desk, "One and two.", desk.writer, version=1) == ("One and two.", 2)
    assert keep(desk, "", desk.writer, version=2) == ("", 3)


def test_notes_of_two_devices_that_did_not_see_each_other_both_stand(desk: Desk) -> None:
    keep(desk, "On both.\n\nOn the phone.", desk.writer)
    assert keep(desk, "On both.\n\nOn the laptop.", desk.writer) == (
        "On both.\n\nOn the laptop.\n\nOn the phone.", 2
    )  # fmt: skip
    # The phone goes on from what it knew, and neither of the two is lost.
    kept, version = keep(desk, "On both.\n\nOn the phone, more.", desk.writer, version=1)
    assert version == 3
    assert set(kept.split("\n\n")) == {"On both.", "On the phone, more.", "On the laptop.", "On the phone."}
    # Whoever saw the newest version may take something out.
    assert keep(desk, "On both.", desk.writer, version=3) == ("On both.", 4)


def test_notes_are_cleaned_and_have_a_limit(desk: Desk) -> None:
    assert keep(desk, "a\x00b\r\nc\n\n", desk.writer) == ("ab\nc", 1)
    assert keep(desk, "n" * private_notes.MAX_NOTES, desk.writer, version=1)[1] == 2
    with pytest.raises(TextRefused):
        keep(desk, "n" * (private_notes.MAX_NOTES + 1), desk.writer, version=2)
    assert there(desk, desk.writer) == "n" * private_notes.MAX_NOTES


def test_thirty_days_after_the_event_they_are_gone(desk: Desk, context: Flask) -> None:
    keep(desk, "Mine.", desk.writer)
    last = event_end(desk.event.ends_on, desk.event.time_zone) + timedelta(days=30)
    db.session.rollback()
    worker.tidy(context, at=last)
    assert there(desk, desk.writer) == "Mine."
    db.session.rollback()
    worker.tidy(context, at=last + timedelta(seconds=1))
    assert there(desk, desk.writer) is None


def test_notes_written_after_the_event_stay_for_thirty_days_from_then(desk: Desk) -> None:
    late = event_end(desk.event.ends_on, desk.event.time_zone) + timedelta(days=40)
    keep(desk, "Mine.", desk.writer, at=late)
    keep(desk, "Theirs.", desk.second_writer)
    with unit_of_work():
        assert private_notes.forget(at=late + timedelta(days=30)) == 1
    assert (there(desk, desk.writer), there(desk, desk.second_writer)) == ("Mine.", None)
    with unit_of_work():
        assert private_notes.forget(at=late + timedelta(days=30, seconds=1)) == 1
    assert there(desk, desk.writer) is None
