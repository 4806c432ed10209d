"""The programme in a schedule.xml or schedule.json, the formats of frab and pretalx, once its entries are found.

Source: https://c3voc.de/wiki/schedule and https://github.com/voc/schedule (XSD, JSON schema). The two readers turn
entries into mappings with the format's names and say under which day and room each is filed; the rest is here, so that
both formats give the same programme. None of the real files tried keeps to the XSD, so all of it is read leniently.

What was decided where real files leave a choice:

- An entry's own `date` counts, before the day under which it is filed. Without one, a start that lies before its day
  begins is in the night after it, where that is nearer than the day's beginning.
- A time without offset is in the zone that the file names, else at the offset of its day, else in the event's zone.
- `guid` is the session's id, else `code` (pretalx), else `id`. It may repeat.
- A speaker's name is spelt as in the file, brackets and all; an organisation is only what a field of its own says.
- Subtitle, abstract and description become one description; the title is left alone, since imports match by it.
- `type`, `language`, links and `do_not_record` are left out: they say how a session is held or filmed, not that it is
  off the record.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import tzinfo

from reporter.rules import clock
from reporter.rules.errors import N_, BadProgramme
from reporter.rules.report_text import one_line
from reporter.sources.draft import (
    MAX_NAME,
    MAX_SESSIONS,
    MAX_TITLE,
    UNTITLED,
    ProgrammeDraft,
    SessionDraft,
    Unreadable,
    check_size,
)
from reporter.sources.ical_file import MAX_UID, Entry, NotReadable
from reporter.sources.ical_zones import Zones
from reporter.sources.schedule_times import Day, day_of, times_of
from reporter.sources.schedule_words import (
    description_of,
    is_cancelled,
    keywords_of,
    line_in,
    speakers_of,
)
from reporter.sources.words import one_line_of
from reporter.text.plain import shortened

MAX_TAGS = 1_000_000  # of XML and of HTML in one file; the largest real one has a fourteenth
_TAGS = (b"<", b"&lt;", b"&#", b"\\u003")  # as both formats may write them
TOO_MANY_PARTS = N_("This file has too many parts for a programme. Divide it and import the pieces one by one.")
_NO_TITLE = N_("This entry has no title; it was taken over without. Give it one in the programme or on the desk.")
_NO_ENTRY = N_("“%(value)s” stands where a session is expected. Correct the file, or add the session by hand.")


@dataclass(frozen=True)
class Filed:
    """An entry as the file has it, and the day and room under which it is filed. `line` is 0 where there are none."""

    says: object
    day: Mapping[str, object]
    room: str = ""
    line: int = 0


def too_many() -> BadProgramme:
    """The refusal of a programme with more than MAX_SESSIONS sessions."""
    return BadProgramme(
        N_("This programme has more than %(limit)s sessions. Divide it and import the parts."), limit=MAX_SESSIONS
    )


def checked(data: bytes) -> bytes:
    """`data` itself. Raises BadProgramme for nothing, more than MAX_BYTES or more than MAX_TAGS."""
    check_size(data)
    if not data.strip(b"\0\t\n\r \xef\xbb\xbf\xfe\xff"):
        raise BadProgramme(N_("This file is empty. Choose the file of the programme, schedule.xml or schedule.json."))
    if sum(map(data.count, _TAGS)) > MAX_TAGS:
        raise BadProgramme(TOO_MANY_PARTS)
    return data


def programme(conference: Mapping[str, object], filed: Iterable[Filed], *, time_zone: str) -> ProgrammeDraft:
    """The sessions of `filed`, in that order, their times in UTC; what cannot be read is named with its line and id.

    `conference` is what the format says of the whole event. `time_zone` is the event's (IANA); it counts where the
    file names none that is known. Raises BadProgramme for no entry or more than MAX_SESSIONS, Refused for an unknown
    `time_zone`.
    """
    own = clock.zone(time_zone)
    zones = Zones(own, ())
    named = _zone(conference, zones)
    change = line_in(conference, "day_change")
    sessions: list[SessionDraft] = []
    unreadable: list[Unreadable] = list(zones.notes.values())
    days: dict[int, Day] = {}
    held = []  # every day's mapping, so that none gives its id to another
    for count, one in enumerate(filed, start=1):
        if count > MAX_SESSIONS:
            raise too_many()
        if id(one.day) not in days:
            held.append(one.day)
            days[id(one.day)] = day_of(one.day, named, own, change)
        try:
            sessions.append(_session(one, days[id(one.day)], unreadable))
        except NotReadable as problem:
            unreadable.append(Unreadable(one.line, _id_or_title(one.says), problem.why, problem.values))
    if not sessions and len(unreadable) == len(zones.notes):
        raise BadProgramme(N_("This programme has no sessions. Check that it is the right file."))
    return ProgrammeDraft(
        tuple(sessions), tuple(unreadable), one_line_of(line_in(conference, "title", "name"), MAX_NAME)
    )


def _zone(conference: Mapping[str, object], zones: Zones) -> tzinfo | None:
    """The zone that the file names; None where it names none, or one that nobody knows, which is noted."""
    name = line_in(conference, "time_zone_name", "timezone", "time_zone")[:MAX_NAME]
    if not name:
        return None
    found = zones.named(name, Entry(0, 0))
    return None if zones.notes else found


def _session(one: Filed, day: Day, unreadable: list[Unreadable]) -> SessionDraft:
    """The session that an entry stands for. Raises NotReadable."""
    says = one.says
    if not isinstance(says, Mapping):
        raise NotReadable(_NO_ENTRY, value=says if isinstance(says, str) else "…")
    starts_at, ends_at = times_of(says, day)
    title = one_line_of(line_in(says, "title"), MAX_TITLE)
    if not title:
        unreadable.append(Unreadable(one.line, _id(says), _NO_TITLE))
    return SessionDraft(
        title=title or UNTITLED,
        starts_at=starts_at,
        ends_at=ends_at,
        room=one_line_of(line_in(says, "room") or one.room, MAX_NAME),
        track=one_line_of(line_in(says, "track"), MAX_NAME),
        description=description_of(says),
        speakers=speakers_of(says),
        keywords=keywords_of(says),
        cancelled=is_cancelled(says),
        source_uid=_id(says),
    )


def _id(says: Mapping[str, object]) -> str:
    return shortened(one_line(line_in(says, "guid", "code", "id")), MAX_UID)


def _id_or_title(says: object) -> str:
    return (_id(says) or one_line_of(line_in(says, "title"), MAX_UID)) if isinstance(says, Mapping) else ""
