"""A programme file on the desk: shown first, applied whole, and whatever is no programme answered in one sentence."""

import re
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import factories as make
import pytest
from field import FIELD
from flask import Flask
from hanging import no_hang
from navigator import Navigator, check_page, parsed
from sqlalchemy import select
from werkzeug.test import TestResponse

from reporter.models.database import Base, db
from reporter.queries import programmes
from reporter.rules.vocabulary import Role

SAMPLES = Path(__file__).resolve().parents[1] / "sources" / "samples"
HOSTILE = sorted(
    path for kind in ("ics", "xml", "csv") for path in (FIELD / "hostile" / kind).rglob("*") if path.is_file()
)
needs_field = pytest.mark.skipif(not HOSTILE, reason="the folder of real files is not here (FIELD_FILES)")
NOT_ONE = (
    "This is no programme that can be read. Choose a calendar (.ics), schedule.xml or schedule.json, "
    "an export of Indico, or a table (CSV, XLSX)."
)


@dataclass
class Forum:
    """An editor at the desk of an event, and what stands in the database."""

    app: Flask
    editor: Navigator
    token: str

    def choose(self, data: bytes, *, at: str = "forum", status: int | None = 303) -> TestResponse:
        """Choose a file; where it can be read the answer is the page that shows what it would do."""
        typed = {"file": (BytesIO(data), "programme.ics"), "csrf_token": self.token}
        answer = self.editor.client.post(f"/desk/programme/{at}/import", data=typed)
        check_page(answer.text)
        assert status in {None, answer.status_code}
        return self.editor.get(answer.location) if answer.location else answer

    def apply(self, page: TestResponse, *, status: int = 303, **typed: str) -> TestResponse:
        """Press *Apply it*."""
        return self.editor.submit(page, form=page.request.path, status=status, **typed)

    def rows(self) -> dict[str, list[tuple[Any, ...]]]:
        """All that stands in the database but for the files that wait to be applied."""
        with self.app.app_context():
            return {
                name: [tuple(row) for row in db.session.execute(select(table).order_by(*table.primary_key)).all()]
                for name, table in Base.metadata.tables.items()
                if name not in {"programme_import", "user"}
            }

    def titles(self, at: str = "forum") -> list[str]:
        """Of the event's sessions, in the order of their times."""
        with self.app.app_context():
            event = programmes.event_by_slug(at)
            assert event is not None
            return [one.title for one in programmes.sessions_of(event.id)]


@pytest.fixture
def forum(app: Flask) -> Forum:
    with app.app_context():
        make.issues()
        event = make.event("forum")
        make.session(event, "Added by hand")
        email = make.person(Role.EDITOR, None).email
    signed_in = Navigator(app).sign_in(email, make.PASSWORD)
    return Forum(app, signed_in, signed_in.token())


def said(page: TestResponse) -> str:
    return " ".join(" ".join(parsed(page.text).xpath("//*[@role='alert']//text()")).split())


def shown(page: TestResponse) -> dict[str, int]:
    """The counts that the page of what a file would do begins with."""
    words = str(parsed(page.text).xpath("string(//p[@class='lead'])"))
    found = re.fullmatch(r"(\d+) added, (\d+) changed, (\d+) cancelled, (\d+) as they are\.", words)
    assert found, words
    return dict(zip(("added", "changed", "cancelled", "unchanged"), map(int, found.groups()), strict=True))


def calendar(*lines: str) -> bytes:
    return "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", *lines, "END:VCALENDAR", ""]).encode()


def session(title: str, hour: int, *lines: str) -> list[str]:
    return [
        "BEGIN:VEVENT", f"UID:{title}", f"DTSTART:20231205T{hour:02}0000Z", f"DTEND:20231205T{hour + 1:02}0000Z",
        f"SUMMARY:{title}", *lines, "END:VEVENT",
    ]  # fmt: skip


# A number is a calendar of as many bytes and a few: made when it is wanted, not kept.
BAD: dict[str, tuple[bytes | int, int, str]] = {
    "nothing at all": (b"", 400, "This file is empty. Choose the file of the programme."),
    "white space": (b" \r\n\t\n", 400, "This file is empty. Choose the file of the programme."),
    "words": (
        b"Dear colleagues, the programme follows.", 400,
        NOT_ONE,
    ),
    "a web page": (
        b"<!DOCTYPE html><title>Programme</title>", 400,
        "This is a web page, not a programme. Download the file of the programme itself.",
    ),
    "a PDF": (
        b"%PDF-1.7\n%\xe2\xe3", 400,
        "This is a document or an archive. Unpack it, or choose a calendar, an export or a table (CSV, XLSX).",
    ),
    "a calendar without sessions": (
        calendar(), 400, "This calendar has no sessions. Check that it is the one of the programme.",
    ),
    "bytes of no encoding": (
        bytes(range(128, 256)) * 40, 400,
        NOT_ONE,
    ),
    "over 20 MB": (
        20 * 1024**2, 400,
        "This file is larger than 20 MB. Leave out what is no programme, or divide it.",
    ),
    "50 MB": (
        50 * 1024**2, 413,
        "This file is larger than 20 MB. Go back and choose one without what is no programme, or divide it.",
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", BAD)
def test_what_is_no_programme_gets_one_sentence_and_changes_nothing(forum: Forum, what: str) -> None:
    told, status, sentence = BAD[what]
    data = calendar("X-A:" + "a" * told) if isinstance(told, int) else told
    before = forum.rows()
    page = forum.choose(data, status=status)
    assert said(page) == sentence
    if status == 400:
        assert parsed(page.text).xpath("//input[@type='file']"), "another file can be chosen at once"
    assert forum.rows() == before


def test_no_file_chosen(forum: Forum) -> None:
    page = forum.editor.post("/desk/programme/forum/import", {}, status=400)
    assert said(page) == "Choose a file first, or give the address of one."


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_every_encoding_that_programmes_come_in(forum: Forum, encoding: str) -> None:
    data = (
        calendar(*session("Données: qui décide à Genève\N{RIGHT SINGLE QUOTATION MARK}", 9)).decode().encode(encoding)
    )
    forum.apply(forum.choose(data))
    assert forum.titles() == ["Added by hand", "Données: qui décide à Genève\N{RIGHT SINGLE QUOTATION MARK}"]


def test_nothing_changes_before_it_was_shown_and_confirmed(forum: Forum) -> None:
    before = forum.rows()
    page = forum.choose(calendar(*session("Good", 9), "BEGIN:VEVENT", "SUMMARY:No start", "END:VEVENT"))
    text = " ".join(" ".join(parsed(page.text).xpath("//main//text()")).split())
    assert "1 added, 0 changed, 0 cancelled, 0 as they are." in text
    assert "Line 9 : This entry has no start." in text
    assert forum.rows() == before
    refused = forum.apply(page, status=400)
    assert said(refused) == "Some entries could not be read, or only in part. Look at them first."
    assert forum.rows() == before
    forum.apply(refused, confirmed="y")
    assert forum.titles() == ["Added by hand", "Good"]


def test_the_same_file_again_changes_nothing_and_says_so(forum: Forum) -> None:
    data = (SAMPLES / "two_days.ics").read_bytes()
    forum.apply(forum.choose(data))
    before = forum.rows()
    page = forum.choose(data)
    assert "Nothing changed" in forum.editor.get(forum.apply(page).location or "").text
    assert forum.rows() == before
    forum.editor.get(page.request.path, status=404)  # a file that was applied is not kept


def test_an_editor_corrects_what_a_column_means(forum: Forum) -> None:
    page = forum.choose(b"A;B;C;D\n" + b"Opening;Room A;2023-12-04;09:00\n" + b"Closing;Room A;2023-12-05;18:00\n")
    form = next(one for one in parsed(page.text).forms if one.action.endswith("/columns"))
    chosen = dict(form.form_values())
    assert (chosen["day"], chosen["start"]) == ("2", "3")
    page = forum.editor.submit(page, form="/columns", title="0", room="1", day="2", start="3", track="", id="")
    page = forum.editor.get(page.location or "")
    assert shown(page)["added"] == 2
    forum.apply(page, confirmed="y")
    assert forum.titles()[1:] == ["Opening", "Closing"] or forum.titles() == ["Opening", "Added by hand", "Closing"]


def test_a_table_without_times_asks_for_the_column(forum: Forum) -> None:
    page = forum.choose(b"Title,Room\nOpening,A\nClosing,B\n")
    assert "Choose it" in said(page)
    assert parsed(page.text).xpath("//details[@open]//select[@name='start']")
    assert not parsed(page.text).xpath("//button[text()='Apply it']")
    refused = forum.editor.post(page.request.path, {"confirmed": "y"}, status=400)
    assert "Choose it" in said(refused)
    forum.editor.post(page.request.path + "/columns", {"start": "x"}, status=400)
    assert forum.titles() == ["Added by hand"]


def test_what_may_be_the_same_is_decided_by_the_editor(forum: Forum) -> None:
    first = calendar(*session("Opening", 9), *session("Data flows in agreements", 11), *session("Spam", 14))
    forum.apply(forum.choose(first))
    before = forum.rows()
    changed = first.replace(b"UID:Opening", b"UID:9001").replace(b"UID:Data flows in agreements", b"UID:9002")
    page = forum.choose(changed)
    assert shown(page) == {"added": 0, "changed": 0, "cancelled": 0, "unchanged": 1}
    names = parsed(page.text).xpath("//input[@type='radio']/@name")[::2]
    assert len(names) == 2
    refused = forum.editor.post(page.request.path, {names[0]: "same"}, status=400)
    assert said(refused).startswith("Some sessions may be ones that are known.")
    assert forum.rows() == before
    forum.editor.post(page.request.path, {names[0]: "same", names[1]: "other", "confirmed": "y"})
    assert forum.titles() == [
        "Added by hand",
        "Opening",
        "Data flows in agreements",
        "Data flows in agreements",
        "Spam",
    ]
    with forum.app.app_context():
        event = programmes.event_by_slug("forum")
        assert event is not None
        found = [(one.title, one.source_uid, one.cancelled_at is None) for one in programmes.sessions_of(event.id)]
    assert found[1:] == [
        ("Opening", "9001", True),
        ("Data flows in agreements", "Data flows in agreements", False),
        ("Data flows in agreements", "9002", True),
        ("Spam", "Spam", True),
    ]


def test_an_address_is_read_like_a_file_and_internal_ones_are_refused(forum: Forum) -> None:
    page = forum.editor.post(
        "/desk/programme/forum/import", {"address": "http://127.0.0.1:9/programme.ics"}, status=400
    )
    assert "127.0.0.1" in said(page)
    assert parsed(page.text).xpath("//input[@name='address']/@value") == ["http://127.0.0.1:9/programme.ics"]
    page = forum.editor.post("/desk/programme/forum/import", {"address": "ftp://files.example/a.ics"}, status=400)
    assert said(page).endswith(".")


def test_a_file_of_another_event_is_not_there(forum: Forum) -> None:
    page = forum.choose(calendar(*session("Good", 9)))
    with forum.app.app_context():
        other = make.event("other")
        stranger = make.person(Role.EDITOR, other).email
    elsewhere = Navigator(forum.app).sign_in(stranger, make.PASSWORD)
    elsewhere.get(page.request.path, status=403)
    elsewhere.get(page.request.path.replace("forum", "other"), status=404)
    elsewhere.post(page.request.path.replace("forum", "other"), status=404)
    assert forum.titles() == ["Added by hand"]


@needs_field
def test_hostile_files_change_nothing_or_are_a_correct_import(forum: Forum) -> None:
    with forum.app.app_context():
        events = [make.event(f"hostile-{number}").slug for number, _ in enumerate(HOSTILE)]
    before, shows = forum.rows(), []
    for slug, path in zip(events, HOSTILE, strict=True):
        with no_hang():
            page = forum.choose(path.read_bytes(), at=slug, status=None)
        if page.status_code != 200:
            assert page.status_code == 400, path.name
            assert said(page).endswith("."), path.name
        elif parsed(page.text).xpath("//p[@class='lead']"):
            shows.append((slug, path, page))
        else:  # nothing to apply: only what could not be read
            assert "Could not be read" in page.text or said(page), path.name
    assert forum.rows() == before
    assert shows
    for slug, path, page in shows:
        with no_hang():
            forum.apply(page, confirmed="y")
        assert len(forum.titles(slug)) == shown(page)["added"], path.name
        again = forum.choose(path.read_bytes(), at=slug)
        assert {**shown(again), "unchanged": 0} == {"added": 0, "changed": 0, "cancelled": 0, "unchanged": 0}, path.name
