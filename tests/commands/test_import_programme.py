"""`reporter import-programme` as people type it: real programmes twice in a row, and whatever is no programme."""

from pathlib import Path

import pytest
from commands.installation import Installation
from field import FIELD

SAMPLES = Path(__file__).resolve().parents[1] / "sources" / "samples"
REAL = {
    "pyconus_2025.all_events.ics": 224,
    "railsconf_2017.all_events.ics": 113,
    "pyconindia_2021.schedule.ics": 60,
    "pyconuk_2015.schedule.ics": 162,
}
needs_field = pytest.mark.skipif(
    not (FIELD / "programmes").is_dir(), reason="the folder of real files is not here (FIELD_FILES)"
)
NOT_ONE = (
    "This is no programme that can be read. Choose a calendar (.ics), schedule.xml or schedule.json, "
    "an export of Indico, or a table (CSV, XLSX)."
)


@pytest.fixture
def forum(at: Installation) -> Installation:
    """An installation with an event “forum” whose programme is empty."""
    at.done("event", "add", "forum", "--name", "A forum", "--time-zone", "Europe/Zurich")
    return at


def last(said: str) -> str:
    return said.splitlines()[-1]


@needs_field
@pytest.mark.parametrize("name", REAL)
def test_real_programmes_twice_in_a_row(forum: Installation, name: str) -> None:
    file, count = str(FIELD / "programmes" / name), REAL[name]
    first = forum.run("import-programme", "forum", file, "--yes")
    assert first.returncode == 0, first.stderr
    unreadable = last(first.stdout).split(", ")[-1]
    assert last(first.stdout) == f"Applied: {count} added, 0 changed, 0 unchanged, 0 cancelled, {unreadable}"
    assert forum.lines("SELECT count(*) FROM programme_session") == [(count,)]
    before = forum.counted()
    again = forum.run("import-programme", "forum", file, "--yes")
    assert last(again.stdout) == f"Nothing changed: 0 added, 0 changed, {count} unchanged, 0 cancelled, {unreadable}"
    assert forum.counted() == before


def test_a_dry_run_changes_nothing(forum: Installation) -> None:
    before = forum.counted()
    said = forum.run("import-programme", "forum", str(SAMPLES / "two_days.ics"), "--dry-run")
    assert said.returncode == 0
    assert last(said.stdout).startswith("Would apply: ")
    assert forum.counted() == before


def test_what_cannot_be_read_is_named_and_needs_a_yes(forum: Installation) -> None:
    file, before = str(SAMPLES / "broken.ics"), forum.counted()
    refused = forum.run("import-programme", "forum", file)
    assert refused.returncode == 1
    assert "Line 13: This entry has no start." in refused.stdout
    assert last(refused.stderr) == (
        "reporter: Some entries could not be read, or only in part. Look at them first. "
        "Nothing was changed; use --yes if that is right."
    )
    assert forum.counted() == before
    assert forum.run("import-programme", "forum", file, "--yes").returncode == 0
    assert forum.lines("SELECT title FROM programme_session ORDER BY title") == [
        ("(no title)",), ("Good one",), ("Good two",),
    ]  # fmt: skip


def test_progress_is_shown(forum: Installation) -> None:
    said = forum.run("import-programme", "forum", str(SAMPLES / "two_days.ics"))
    assert said.stderr.splitlines()[0] == "Reading two_days.ics …"
    assert "sessions read; comparing …" in said.stderr


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "This file is empty. Choose the file of the programme."),
        (
            b"Dear colleagues",
            NOT_ONE,
        ),
        (
            "Ein schöner Text".encode("utf-16"),
            NOT_ONE,
        ),
        (
            b"BEGIN:VCALENDAR\nEND:VCALENDAR\n",
            "This calendar has no sessions. Check that it is the one of the programme.",
        ),
    ],
)
def test_what_is_no_programme(forum: Installation, tmp_path: Path, content: bytes, sentence: str) -> None:
    file, before = tmp_path / "programme.ics", forum.counted()
    file.write_bytes(content)
    said = forum.run("import-programme", "forum", str(file), "--yes")
    assert (said.returncode, said.stdout, last(said.stderr)) == (1, "", f"reporter: {sentence}")
    assert forum.counted() == before


def test_files_that_cannot_be_read(forum: Installation, tmp_path: Path) -> None:
    large = tmp_path / "large.ics"
    with large.open("wb") as file:
        file.truncate(50 * 1024**2)
    before = forum.counted()
    assert forum.refused("import-programme", "forum", str(large)) == (
        f"{large} is larger than 20 MB. Export a smaller programme."
    )
    missing = tmp_path / "none.ics"
    assert forum.refused("import-programme", "forum", str(missing)) == (
        f"{missing} cannot be read (No such file or directory). Check its name."
    )
    assert forum.refused("import-programme", "forum", str(tmp_path)) == (
        f"{tmp_path} cannot be read (Is a directory). Check its name."
    )
    assert forum.refused("import-programme", "nowhere", str(SAMPLES / "two_days.ics")) == (
        "There is no event “nowhere”. “reporter event list” shows them."
    )
    assert forum.counted() == before
