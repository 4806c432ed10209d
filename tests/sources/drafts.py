"""What the tests of all programme formats share: what holds of every draft, and how randomised tests are run."""

import re
from datetime import UTC, datetime, timedelta

from conftest import SCALE
from hypothesis import HealthCheck, settings

from reporter.rules.report_text import clean
from reporter.sources.draft import (
    MAX_DESCRIPTION,
    MAX_NAME,
    MAX_SESSIONS,
    MAX_TITLE,
    ProgrammeDraft,
    Unreadable,
)
from reporter.sources.ical_file import MAX_UID
from reporter.sources.ical_times import YEARS
from reporter.sources.schedule_words import MAX_KEYWORDS
from reporter.sources.words import MAX_SPEAKERS

ADDRESS = re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+\.\w")
randomised = settings(
    max_examples=max(20, int(200 * SCALE)),
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def at(text: str) -> datetime:
    """A moment in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def why(found: Unreadable) -> str:
    """The sentence that people read."""
    return found.why % dict(found.values)


def sound(made: ProgrammeDraft, *, first_line: int = 1) -> None:
    """What holds of every draft, whatever the file; `first_line` is 0 where a format has no lines."""
    assert len(made.sessions) <= MAX_SESSIONS
    texts = [made.name]
    for one in made.sessions:
        assert one.title
        assert one.starts_at.utcoffset() == one.ends_at.utcoffset() == timedelta(0)
        assert one.ends_at >= one.starts_at
        assert one.starts_at.year in YEARS
        assert one.ends_at.year in YEARS
        assert len(one.title) <= MAX_TITLE
        assert len(one.description) <= MAX_DESCRIPTION
        assert clean(one.description) == one.description
        assert all(speaker.name for speaker in one.speakers)
        assert len(one.speakers) <= MAX_SPEAKERS
        assert len(one.keywords) <= MAX_KEYWORDS
        assert all(one.keywords)
        assert len(one.source_uid) <= MAX_UID
        people = [text for who in one.speakers for text in (who.name, who.organisation)]
        names = [one.room, one.track, *one.keywords, *people]
        assert max(map(len, names)) <= MAX_NAME
        assert all(line == " ".join(clean(line).split()) for line in (one.title, one.source_uid, *names))
        texts += (one.title, one.description, *names)
    for problem in made.unreadable:
        assert problem.line >= first_line
        assert "%(" not in why(problem)
        assert why(problem).endswith(".")
        texts.append(why(problem))
    assert [text for text in texts if ADDRESS.search(text) or "mailto:" in text.lower()] == []
