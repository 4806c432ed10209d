"""Exports of Indico (JSON of its HTTP API) become a ProgrammeDraft: https://docs.getindico.io/en/stable/http-api/.

Read are `/export/timetable/<id>.json`, `/export/event/<id>.json` with detail=sessions or detail=contributions, the
slots of one session, and the copy of an event that websites keep (`annualConferences`). What was decided where the
format leaves a choice:

- A slot with contributions is not a session, its contributions are, and the slot's session is their track. A slot
  without contributions is a session, and so is a poster session, which lists its posters in its description. Breaks
  are sessions like others.
- The ids are those that all exports of an event share, with the letter of their kind: c12, s3, b4.
- The room is the room's full name; where there is none the slot's, and then the venue.
- Times are in the zone that each names. Without an end the duration counts, and without that a session ends when it
  starts. A contribution that is in no place of the timetable has no time; it is named as unreadable.
- An event that is labelled as not taking place has only cancelled sessions.
- E-mail addresses, their hashes, telephones and addresses of people are not read at all.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from reporter.rules import clock
from reporter.rules.errors import N_, Refused
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
from reporter.sources.ical import ADDRESS_REMOVED
from reporter.sources.ical_file import MAX_TEXT, NotReadable
from reporter.sources.ical_times import YEARS
from reporter.sources.indico_entry import Entry, Fields, Kind, inner, room_of, session_title, text, too_many, venue_of
from reporter.sources.indico_file import export_in
from reporter.sources.words import MAX_LINE, MAX_SPEAKERS, cleaned, one_line_of, someone
from reporter.text.plain import from_html, shortened, without_addresses

MAX_KEYWORDS = 50  # of one session
_MAX_ZONES = 100  # names of time zones that are looked up
_SPEAKING = ("presenters", "speakers")
_DURATION = re.compile(r"\d{1,5}(?:\.\d{1,6})?")  # minutes
_TIME = re.compile(r"\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?")
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_NO_TITLE = N_("This entry has no title; it was taken over without. Give it one in Indico or on the desk.")
_NO_START = N_("This entry has no time yet. Give it a place in Indico's timetable, or add the session by hand.")
_BACKWARDS = N_("This entry ends before it starts. Correct its times in Indico, or add the session by hand.")
_BAD_TIME = N_("“%(value)s” cannot be read as a date and time. Correct this entry, or add the session by hand.")
_UNKNOWN_ZONE = N_("The time zone “%(name)s” is unknown; times in it were read in the event's own zone. Check them.")


def recognises(data: bytes) -> bool:
    """Whether `data` looks like an export of Indico; tells by a few words of it, so `read` may still refuse it."""
    head = data[:200_000].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    if not head.startswith(b"{"):
        return False
    ends = head + data[-2_000:].replace(b"\0", b"")
    results = b'"results"' in ends and b'"startDate"' in ends
    return (
        b'"HTTPAPIResult"' in ends
        or b'"HTTPAPIError"' in ends
        or (results and any(word in ends for word in (b'"contributions"', b'"entryType"', b'"conferenceId"')))
        or b'"annualConferences"' in ends
    )


def read(data: bytes, *, time_zone: str) -> ProgrammeDraft:
    """The sessions of an export of one event, in the file's order, their times in UTC; equal for equal `data`.

    `data` is JSON in UTF-8, UTF-16 or UTF-32. `time_zone` is the event's (IANA), for times whose own zone is missing
    or unknown. Entries that cannot be read are named by their id; there are no lines.

    Raises BadProgramme for what is no export, broken, more than one event, without any session, more than MAX_BYTES
    or more than MAX_SESSIONS; Refused for an unknown `time_zone`.
    """
    zones = _Zones(clock.zone(time_zone))
    export = export_in(data)
    sessions: list[SessionDraft] = []
    unreadable = export.unreadable
    seen: set[tuple[str, datetime]] = set()
    for entry in export.entries:
        try:
            session = _session(entry, zones)
        except NotReadable as problem:
            unreadable.append(Unreadable(0, _named(entry), problem.why, problem.values))
        else:
            if (session.source_uid, session.starts_at) in seen:
                continue
            if session.source_uid:
                seen.add((session.source_uid, session.starts_at))
            if session.title == UNTITLED:
                unreadable.append(Unreadable(0, session.source_uid, _NO_TITLE))
            sessions.append(replace(session, cancelled=export.cancelled))
        if max(len(sessions), len(unreadable)) > MAX_SESSIONS:
            raise too_many()
    return ProgrammeDraft(tuple(sessions), (*unreadable, *zones.unknown()), export.name)


def _named(entry: Entry) -> str:
    return entry.uid or one_line_of(text(entry.fields, "title"), MAX_TITLE)


def _session(entry: Entry, zones: "_Zones") -> SessionDraft:
    """The session that an entry stands for. Raises NotReadable."""
    fields = entry.fields
    starts_at = _moment(fields.get("startDate"), zones)
    if starts_at is None:
        raise NotReadable(_NO_START)
    ends_at = _moment(fields.get("endDate"), zones)
    if ends_at is None:
        minutes = text(fields, "duration").strip()
        ends_at = starts_at + timedelta(minutes=float(minutes) if _DURATION.fullmatch(minutes) else 0)
    if ends_at < starts_at:
        raise NotReadable(_BACKWARDS)
    if ends_at.year not in YEARS:
        raise NotReadable(_BAD_TIME, value=text(fields, "duration"))
    title, track = _title_and_track(entry)
    return SessionDraft(
        title or UNTITLED,
        starts_at,
        ends_at,
        room=room_of(fields) or entry.within.room or venue_of(fields) or entry.within.venue,
        track=track,
        description=_description(entry),
        speakers=_speakers(entry),
        keywords=_keywords(fields.get("keywords")),
        source_uid=entry.uid,
    )


def _title_and_track(entry: Entry) -> tuple[str, str]:
    """The title, with the slot's own behind its session's; the track, else the session that it is a part of."""
    fields = entry.fields
    title = one_line_of(text(fields, "title"), MAX_TITLE)
    # An event's export has the slot's whole title, a timetable only its session's.
    slot_title = one_line_of(text(fields, "slotTitle"), MAX_TITLE)
    strand = ""
    if entry.kind is Kind.CONTRIBUTION:
        strand = text(fields, "session") or entry.within.session
    elif entry.kind is Kind.SLOT and slot_title and slot_title not in title:
        strand = session_title(fields)
        title = shortened(": ".join(filter(None, (title, slot_title))), MAX_TITLE)
    elif entry.kind is Kind.SLOT and slot_title:
        strand = text(inner(fields, "session"), "title")
    track = text(fields, "track") or text(inner(fields, "track"), "title") or strand
    return title, one_line_of(track, MAX_NAME)


def _description(entry: Entry) -> str:
    """What the entry, or the session that a slot belongs to, says of itself; then what it lists."""
    raw = text(entry.fields, "description", "abstract") or text(inner(entry.fields, "session"), "description")
    # Twice the limit, so that what is taken out does not shorten the rest; each character more costs time.
    plain = cleaned(from_html(raw[:MAX_TEXT])[: 2 * MAX_DESCRIPTION]).strip("\n").rstrip()
    lines = "\n".join(line for line in map(_listed, entry.listed[:MAX_SESSIONS]) if line)
    whole = "\n\n".join(filter(None, (plain, lines)))
    return shortened(without_addresses(whole, ADDRESS_REMOVED), MAX_DESCRIPTION)


def _listed(paper: Fields) -> str:
    """A line for what has no time of its own: its title, and who presents it."""
    title = one_line_of(text(paper, "title"), MAX_TITLE)
    people = ", ".join(one.name for one in islice(_people(paper, *_SPEAKING), MAX_SPEAKERS))
    return f"- {title}" + (f" ({people})" if people else "") if title else ""


def _speakers(entry: Entry) -> tuple[SpeakerDraft, ...]:
    """Who presents, then who convenes and discusses; each once."""
    conveners = [_people(entry.fields, "conveners", "sessionConveners")]
    conveners.append(_people(inner(entry.fields, "session"), "sessionConveners"))
    found: dict[str, SpeakerDraft] = {}
    for position, people in (
        ("", _people(entry.fields, *_SPEAKING)),
        *(("Convener", people) for people in conveners),
        ("Discussant", _people(entry.fields, "discussants")),
    ):
        for one in people:
            if len(found) < MAX_SPEAKERS:
                found.setdefault(one.name.casefold(), replace(one, position=position))
    return tuple(found.values())


def _people(fields: Fields, *names: str) -> Iterator[SpeakerDraft]:
    """The people in these fields. First and last name come first: "fullName" turns them round in some exports."""
    for name in names:
        value = fields.get(name)
        for one in value[: 2 * MAX_SPEAKERS] if isinstance(value, list) else ():
            if isinstance(one, str):
                yield from someone(one[:MAX_LINE])
            elif isinstance(one, dict):
                first, last = text(one, "first_name", "firstName"), text(one, "last_name", "familyName", "lastName")
                both = " ".join(filter(None, (first[:MAX_LINE], last[:MAX_LINE])))
                known_as = both or text(one, "name", "fullName")[:MAX_LINE]
                yield from someone(known_as, text(one, "affiliation"))


def _keywords(value: object) -> tuple[str, ...]:
    """The keywords of a list, or of a text between line ends, commas or semicolons; each once."""
    found: Iterable[object] = ()
    if isinstance(value, list):
        found = value[: 10 * MAX_KEYWORDS]
    elif isinstance(value, str):
        found = re.split("[\n,;]", value[:MAX_LINE])
    lines = (one_line_of(one, MAX_NAME) for one in found if isinstance(one, str))
    return tuple(islice(dict.fromkeys(line for line in lines if line), MAX_KEYWORDS))


def _moment(value: object, zones: "_Zones") -> datetime | None:
    """The moment in {"date", "time", "tz"}, UTC; None where there is none. Raises NotReadable."""
    if value in (None, "", {}):
        return None
    fields = value if isinstance(value, dict) else {}
    date, time = text(fields, "date").strip(), text(fields, "time").strip()
    try:
        if not (_DATE.fullmatch(date) and _TIME.fullmatch(time)):
            raise ValueError(date)
        wall = datetime.fromisoformat(f"{date}T{time}")
        if wall.year not in YEARS:
            raise ValueError(date)
    except ValueError as problem:
        shown = f"{date} {time}".strip() or (value if isinstance(value, str) else "")
        raise NotReadable(_BAD_TIME, value=shown) from problem
    return wall.replace(tzinfo=zones.named(text(fields, "tz").strip())).astimezone(UTC)


class _Zones:
    """The time zones of a file by their names; those that nobody knows are the event's own, and remembered."""

    def __init__(self, own: ZoneInfo) -> None:
        self.own = own
        self.known: dict[str, ZoneInfo | None] = {"": own}

    def named(self, name: str) -> ZoneInfo:
        name = name[:MAX_NAME]
        if name not in self.known:
            if len(self.known) > _MAX_ZONES:
                return self.own
            try:
                self.known[name] = clock.zone(name)
            except Refused:
                self.known[name] = None
        return self.known[name] or self.own

    def unknown(self) -> Iterator[Unreadable]:
        """A note for every name that is unknown, in the file's order."""
        for name, zone in self.known.items():
            if zone is None:
                shown = one_line_of(name, 80)
                yield Unreadable(0, shown, _UNKNOWN_ZONE, (("name", shown),))
