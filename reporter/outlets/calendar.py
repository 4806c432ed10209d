"""iCalendar: an event's programme for everybody, and somebody's own assignments (RFC 5545).

Bytes depend on the arguments alone, as those of feeds do: no clock, no random ids. Times are UTC, so that no reader
needs our time zones. `X-WR-CALNAME` and `X-WR-TIMEZONE` are no part of the standard; calendars show them all the same.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

import icalendar

from reporter.rules import addresses
from reporter.rules.clock import local
from reporter.rules.coverage import OwnCoverage
from reporter.rules.errors import N_
from reporter.rules.published import PublicEvent, PublicSession
from reporter.rules.report_text import clean, one_line
from reporter.rules.vocabulary import SessionRule
from reporter.text.plain import from_html, without_addresses
from reporter.text.slug import slug

MEDIA_TYPE = "text/calendar"
PRODUCT = "-//Reporter//Reporter//EN"

Translate = Callable[[str], str]


@dataclass(frozen=True)
class CalendarSession:
    """A session for everybody's calendar: `changed_at` is when it last changed, `cancelled_at` None if it is held."""

    session: PublicSession
    changed_at: datetime
    cancelled_at: datetime | None = None


def programme(
    event: PublicEvent,
    sessions: Iterable[CalendarSession],
    *,
    base_url: str,
    tag_authority: str,
    translate: Translate,
) -> bytes:
    """The programme of an event, in the order given; each session has the same UID for ever, a cancelled one stays.

    `tag_authority` is a host name that belongs to this installation; `translate` turns an English sentence of ours
    into the interface's language. Descriptions lose their HTML and all e-mail addresses; who speaks is not told.
    """
    found = _calendar(event.name, event.time_zone)
    for one in sessions:
        held = one.session
        title = translate(held.title) if held.names_hidden else held.title
        entry = _entry(held.number, tag_authority, title, held.room, (held.starts_at, held.ends_at))
        _stamp(entry, max(one.changed_at, one.cancelled_at or one.changed_at))
        _say(entry, without_addresses(from_html(held.description)))
        path = addresses.programme_session(held.number, slug(held.title))
        entry.add("url", addresses.absolute(base_url, path))
        entry.add("status", "CANCELLED" if one.cancelled_at else "CONFIRMED")
        found.add_component(entry)
    return bytes(found.to_ical())


def assignments(
    covered: Iterable[OwnCoverage], *, name: str, base_url: str, tag_authority: str, translate: Translate
) -> bytes:
    """What somebody covers, in the order given: when and where, until when the report is due, where to write it.

    `name` is what the calendar is called; `translate` turns an English sentence into the interface's language.
    """
    found = _calendar(name)
    for own in covered:
        line = own.line
        entry = _entry(line.number, tag_authority, line.title, line.room, (line.starts_at, line.ends_at))
        _stamp(entry, own.changed_at)
        due, place = local(line.due_at, own.time_zone), addresses.absolute(base_url, addresses.write_up(line.number))
        told = [
            own.event,
            translate(N_("The report is due on %(day)s at %(time)s (%(zone)s)."))
            % {"day": due.date().isoformat(), "time": due.strftime("%H:%M"), "zone": own.time_zone},
            translate(N_("No names, no organisations: what is said here may be reported, who said it may not."))
            if line.session.rule is SessionRule.CHATHAM_HOUSE
            else "",
            translate(N_("Write it here: %(address)s")) % {"address": place},
        ]
        _say(entry, "\n".join(filter(None, told)))
        entry.add("url", place)
        entry.add("status", "CANCELLED" if line.session.cancelled else "CONFIRMED")
        found.add_component(entry)
    return bytes(found.to_ical())


def _calendar(name: str, time_zone: str = "") -> icalendar.Calendar:
    made = icalendar.Calendar()
    made.add("prodid", PRODUCT)
    made.add("version", "2.0")
    made.add("calscale", "GREGORIAN")
    made.add("x-wr-calname", icalendar.vText(one_line(name)))
    if time_zone:
        made.add("x-wr-timezone", icalendar.vText(time_zone))
    return made


def _entry(number: int, tag_authority: str, title: str, room: str, times: tuple[datetime, datetime]) -> icalendar.Event:
    made = icalendar.Event()
    made.add("uid", f"session-{number}@{tag_authority}")
    made.add("summary", one_line(title))
    starts_at, ends_at = times
    made.add("dtstart", starts_at)
    if ends_at > starts_at:  # an end must lie behind the start; without one, an entry ends when it starts
        made.add("dtend", ends_at)
    if one_line(room):
        made.add("location", one_line(room))
    return made


def _stamp(entry: icalendar.Event, changed_at: datetime) -> None:
    entry.add("dtstamp", changed_at)
    entry.add("last-modified", changed_at)


def _say(entry: icalendar.Event, text: str) -> None:
    text = clean(text).strip()
    if text:
        entry.add("description", text)
