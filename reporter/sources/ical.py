"""iCalendar."""

from reporter.sources.draft import ProgrammeDraft


def read(data: bytes, *, time_zone: str) -> ProgrammeDraft:
    """Read."""
    return ProgrammeDraft(sessions=())
