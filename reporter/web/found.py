"""What an address names: the event, the session, or NotFound; and the same locked, for a change."""

from reporter.models.event import Event
from reporter.models.programme import ProgrammeSession
from reporter.queries import programmes
from reporter.rules.errors import NotFound


def event(slug: str) -> Event:
    """The event with this short name. Raises NotFound."""
    found = programmes.event_by_slug(slug)
    if found is None:
        raise NotFound
    return found


def locked_event(event_id: int) -> Event:
    """The event, locked until the unit of work ends. Raises NotFound."""
    found = programmes.event_for_change(event_id)
    if found is None:
        raise NotFound
    return found


def session(number: int) -> ProgrammeSession:
    """The session with this number. Raises NotFound."""
    found = programmes.programme_session(number)
    if found is None:
        raise NotFound
    return found


def locked_session(number: int) -> ProgrammeSession:
    """The session, locked until the unit of work ends. Raises NotFound."""
    found = programmes.for_change(number)
    if found is None:
        raise NotFound
    return found
