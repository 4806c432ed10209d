"""The format of a file is found out from its content, and every real programme is read by the right reader."""

from pathlib import Path

import pytest
from field import FIELD

from reporter.rules.clock import local_day
from reporter.rules.errors import BadProgramme
from reporter.sources import formats

SAMPLES = Path(__file__).parent / "samples"
HOSTILE = sorted(path for path in (FIELD / "hostile").rglob("*") if path.is_file())
needs_field = pytest.mark.skipif(not HOSTILE, reason="the folder of real files is not here (FIELD_FILES)")

# file: (zone of the event, format, sessions, rooms, days)
REAL = {
    "fosdem_2025.schedule.xml": ("Europe/Brussels", "schedule", 1105, 35, 2),
    "ccc_31c3_2014.frab.schedule.xml": ("Europe/Berlin", "schedule", 138, 4, 4),
    "ccc_camp2019.frab.schedule.json": ("Europe/Berlin", "schedule", 79, 2, 5),
    "ccc_rc3_2020.pretalx.schedule.json": ("Europe/Berlin", "schedule", 48, 5, 4),
    "pyconfr_2025.pretalx.schedule.json": ("Europe/Paris", "schedule", 75, 8, 2),
    "pyconus_2025.all_events.ics": ("America/New_York", "ical", 224, 21, 5),
    "railsconf_2017.all_events.ics": ("America/Phoenix", "ical", 113, 14, 3),
    "pyconuk_2015.schedule.ics": ("Europe/London", "ical", 162, 11, 4),
    "pyconindia_2021.schedule.ics": ("Asia/Kolkata", "ical", 60, 0, 3),
    "fosdem_2024.events.csv": ("Europe/Brussels", "table", 806, 0, 2),
    "eiss_essc_2026.indico-snapshot.json": ("Europe/Paris", "indico", 82, 3, 2),
    "indico/sample_event_1.json": ("Europe/Zurich", "indico", 4, 1, 2),
    "indico/sample_event_2.json": ("Europe/Zurich", "indico", 4, 1, 2),
    "indico/sample_timetable_docs_closed.json": ("Europe/Zurich", "indico", 1, 1, 1),
}


@needs_field
@pytest.mark.parametrize("name", REAL)
def test_real_programmes(name: str) -> None:
    zone, form, sessions, rooms, days = REAL[name]
    data = (FIELD / "programmes" / name).read_bytes()
    made = formats.read(data, time_zone=zone)
    assert (
        formats.recognise(data).name,
        len(made.sessions),
        len({one.room for one in made.sessions if one.room}),
        len({local_day(one.starts_at, zone) for one in made.sessions}),
        {one.source for one in made.sessions},
    ) == (form, sessions, rooms, days, {form})


@pytest.mark.parametrize(
    "path", sorted(path for path in SAMPLES.iterdir() if path.is_file()), ids=lambda path: path.name
)
def test_samples_are_recognised_whatever_they_are_called(path: Path) -> None:
    expected = {"ics": "ical", "xml": "schedule", "csv": "table", "xlsx": "table", "tsv": "table"}
    found = formats.recognise(path.read_bytes()).name
    assert found == expected.get(path.suffix[1:], found)
    assert found in {"ical", "schedule", "indico", "table"}


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "This file is empty."),
        (b"\xff\xfe\0\0", "This file is empty."),
        (b"<!DOCTYPE html><title>x</title>", "This is a web page"),
        (b"%PDF-1.7", "This is a document"),
        (b"PK\x03\x04 and nothing", "This is a document"),
        (b"Dear colleagues", "This is no programme"),
        (b'{"hello": "world"}', "This is no programme"),
        (b"<rss><channel/></rss>", "This is no programme"),
        (b"\0" * 5_000, "This file is empty."),
    ],
)
def test_what_is_no_programme(data: bytes, sentence: str) -> None:
    with pytest.raises(BadProgramme, match=sentence):
        formats.recognise(data)


def test_what_is_too_large() -> None:
    with pytest.raises(BadProgramme, match="This file is larger than 20 MB"):
        formats.recognise(b"x" * (20 * 1024**2 + 1))


@needs_field
@pytest.mark.parametrize("path", HOSTILE, ids=lambda path: path.name)
def test_whatever_is_hostile_is_refused_or_read(path: Path) -> None:
    try:
        made = formats.read(path.read_bytes(), time_zone="Europe/Zurich")
    except BadProgramme as refusal:
        assert str(refusal).endswith(".")  # noqa: PT017 - a refusal is one of the two right answers
    else:
        assert made.sessions or made.unreadable
