"""iCalendar files (.ics) become a ProgrammeDraft: https://www.rfc-editor.org/rfc/rfc5545, read as real files need it.

The library `icalendar` reads values: durations, offsets, escapes, names of Windows' time zones. Lines,
components and time zones are read here, for three reasons. A broken entry must cost only itself and be named with its
line, and the library knows no lines. It keeps the time zones that a file defines for the life of the process, so one
file would change how the next is read. And it works through recurrence rules without a limit (a rule by the second
that never comes true does not end), also in the definitions of time zones.

What was decided where real files leave a choice:

- A time without zone, and one in a zone that nobody knows, is in the event's zone: whoever writes a programme means
  the clocks of its place. The unknown zone is named once among the unreadable, so that somebody looks.
- A date without a time is the whole day in the event's zone.
- Without end and duration a session ends when it starts. An end before the start is an unreadable entry: nobody can
  tell which of the two is wrong.
- Daily and weekly repetitions within a year become one session each; of all others the first is read, and the rest
  named as unreadable.
- An entry without a title is a session all the same, for it has a time and mostly a room; it is named, too.
- Titles, names and descriptions over the limits of `draft` are cut and end in “…”.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from itertools import chain, islice

from icalendar.parser import split_on_unescaped_comma, unescape_backslash

from reporter.rules import clock
from reporter.rules.errors import N_, BadProgramme
from reporter.sources.draft import (
    MAX_DESCRIPTION,
    MAX_NAME,
    MAX_SESSIONS,
    MAX_TITLE,
    UNTITLED,
    ProgrammeDraft,
    SessionDraft,
    SpeakerDraft,
    Unreadable,
)
from reporter.sources.ical_file import MAX_TEXT, Entry, NotReadable, Property, Scanner, too_many
from reporter.sources.ical_times import end_of, moment, moved_dates, starts_of
from reporter.sources.ical_zones import Zones
from reporter.sources.words import MAX_SPEAKERS, cleaned, one_line_of, people_below_label, people_in, said_in, someone
from reporter.text.plain import from_html, shortened, without_addresses

_SAMPLE = 20_000  # bytes in which a calendar has begun
ADDRESS_REMOVED = "[e-mail removed]"
_NO_TITLE = N_("This entry has no title; it was taken over without. Give it one in the calendar or on the desk.")
_NO_START = N_("This entry has no start. Give it one in the calendar, or add the session by hand.")
_BACKWARDS = N_("This entry ends before it starts. Correct its times, or add the session by hand.")
_REPEATS = N_(
    "This entry repeats in a way that cannot be read; only its first date was taken over. Add the others by hand."
)


def recognises(data: bytes) -> bool:
    """Whether `data` begins as a calendar does, in any encoding; cheap, never raises."""
    start = data[:_SAMPLE].replace(b"\0", b"").upper()
    return b"BEGIN:VCALENDAR" in start or b"BEGIN:VEVENT" in start


def read(data: bytes, *, time_zone: str) -> ProgrammeDraft:
    """The sessions of a calendar file, in the file's order, their times in UTC; equal for equal `data`.

    `data` may hold several calendars, in UTF-8, UTF-16 with its mark, or Windows' Western encoding. `time_zone` is
    the event's (IANA). Entries that cannot be read are named with the line of their BEGIN:VEVENT. No e-mail address
    is taken over, except that `source_uid` is as the file has it (many are of the form name@host).

    Raises BadProgramme for what is no calendar, one without entries, more than MAX_BYTES or more than MAX_SESSIONS;
    Refused for an unknown `time_zone`.
    """
    own = clock.zone(time_zone)
    file = Scanner()
    file.scan(data)
    if not file.begun:
        if not file.calendars:
            raise BadProgramme(
                N_("This is not a calendar. Choose the calendar file (.ics) of the programme, or another format.")
            )
        raise BadProgramme(N_("This calendar has no sessions. Check that it is the one of the programme."))
    zones = Zones(own, file.definitions)
    moved = moved_dates(file.entries, zones)
    sessions: list[SessionDraft] = []
    unreadable = list(file.unreadable)
    for entry in file.entries:
        try:
            sessions += _sessions(entry, zones, moved, unreadable)
        except NotReadable as problem:
            unreadable.append(Unreadable(entry.line, entry.uid, problem.why, problem.values))
        if len(sessions) > MAX_SESSIONS:
            raise too_many()
    unreadable += zones.notes.values()
    unreadable.sort(key=lambda one: one.line)
    return ProgrammeDraft(tuple(sessions), tuple(unreadable), file.name)


def _sessions(
    entry: Entry, zones: Zones, moved: set[tuple[str, datetime]], unreadable: list[Unreadable]
) -> Iterator[SessionDraft]:
    """The sessions that an entry stands for, mostly one. Raises NotReadable."""
    title = one_line_of(entry.text("SUMMARY"), MAX_TITLE)
    began = entry.first("DTSTART")
    if began is None:
        raise NotReadable(_NO_START)
    start = moment(began, entry, zones)
    starts_at, ends_at = start.utc(), end_of(start, entry, zones)
    if ends_at < starts_at:
        raise NotReadable(_BACKWARDS)
    session = _described(entry, SessionDraft(title or UNTITLED, starts_at, ends_at, source_uid=entry.uid))
    if not title:
        unreadable.append(Unreadable(entry.line, entry.uid, _NO_TITLE))
    if not entry.all("RRULE") and not entry.all("RDATE"):
        return iter([session])
    starts = starts_of(entry, start, zones)
    if starts is None:
        unreadable.append(Unreadable(entry.line, entry.uid, _REPEATS))
        return iter([session])
    lasts = ends_at - starts_at
    return (
        replace(session, starts_at=one, ends_at=one + lasts)
        for one in starts
        if entry.first("RECURRENCE-ID") or (entry.uid, one) not in moved
    )


def _described(entry: Entry, session: SessionDraft) -> SessionDraft:
    """`session` with what the entry says of description, room, track, speakers and cancellation."""
    raw = "\n".join([entry.text("DESCRIPTION") or entry.text("X-ALT-DESC"), *entry.rest])[:MAX_TEXT]
    # Twice the limit, so that what is taken out does not shorten the rest; each character more costs time.
    text = cleaned(from_html(raw)[: 2 * MAX_DESCRIPTION]).strip("\n").rstrip()
    said = said_in(text)
    rooms = [one.parameters.get("CN", "") for one in entry.all("ATTENDEE") if _kind(one) == "ROOM"]
    categories = [name for one in entry.all("CATEGORIES") for name in split_on_unescaped_comma(one.value)]
    track = said["track"] or (categories if len(categories) == 1 else [])
    room = [entry.text("LOCATION"), *rooms, *said["room"]]
    return replace(
        session,
        description=shortened(without_addresses(text, ADDRESS_REMOVED), MAX_DESCRIPTION),
        room=next((line for line in (one_line_of(one, MAX_NAME) for one in room) if line), ""),
        track=one_line_of(track[0], MAX_NAME) if track else "",
        speakers=_speakers(entry, said, raw),
        cancelled=entry.text("STATUS").strip().upper() in {"CANCELLED", "CANCELED"},
    )


def _kind(attendee: Property) -> str:
    return attendee.parameters.get("CUTYPE", "INDIVIDUAL").upper()


def _speakers(entry: Entry, said: dict[str, list[str]], raw: str) -> tuple[SpeakerDraft, ...]:
    """Who speaks: by the description, then by the attendees, and if nobody is named so, the organiser."""
    found = chain(
        (one for value in said["speaker"] for one in people_in(value)),
        people_below_label(raw),
        (replace(one, position="Moderator") for value in said["moderator"] for one in people_in(value)),
        (
            person
            for one in entry.all("ATTENDEE")
            if _kind(one) in {"INDIVIDUAL", "UNKNOWN"} and one.parameters.get("ROLE", "").upper() != "NON-PARTICIPANT"
            for person in _common_name(one)
        ),
    )
    people = list(islice(found, MAX_SPEAKERS))
    people = people or [person for one in entry.all("ORGANIZER")[:1] for person in _common_name(one)]
    named: dict[str, SpeakerDraft] = {}
    for one in people:
        named.setdefault(one.name.casefold(), one)
    return tuple(named.values())


def _common_name(one: Property) -> list[SpeakerDraft]:
    return someone(unescape_backslash(one.parameters.get("CN", "")))
