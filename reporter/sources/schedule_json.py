"""schedule.json, as frab, pretalx and those who build on pretalx write it, becomes a ProgrammeDraft (see `schedule`).

Two shapes are read. frab and pretalx export `schedule.conference.days[].rooms{}`, in which every room lists its
entries. Programmes built on pretalx's API (https://docs.pretalx.org/api/) file its submissions by date, time and room,
and the times are those of the submission's slots. Numbers are taken as text: nothing counts with them, and a number
of a million digits is not worth its time.
"""

import json
import re
from collections.abc import Iterator, Mapping

from reporter.rules.errors import N_, BadProgramme
from reporter.sources.draft import ProgrammeDraft
from reporter.sources.schedule import TOO_MANY_PARTS, Filed, checked, programme
from reporter.sources.schedule_words import line_in, said

MAX_PARTS = 500_000  # objects and lists in one file, of which each costs memory
_HEAD = 100_000  # bytes in which `recognises` looks
_MAX_DEPTH = 6  # how far below a day an entry may lie
_START = re.compile(rb"\s*\{")
_SCHEDULE = re.compile(rb'"schedule"\s*:\s*[{\[]')
_CONFERENCE = re.compile(rb'"conference"\s*:\s*\{')
_DAYS = re.compile(rb'"days"\s*:\s*[{\[]')
_DATED = re.compile(rb'"\d{4}-\d\d-\d\d"\s*:\s*[{\[]')
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_ENTRY = {"title", "guid", "slots", "slot", "persons", "speakers", "start", "duration"}  # one of them makes an entry
_CONTENT = ("rooms", "room", "events", "event", "sessions", "talks")
_OTHER = N_("This is not the JSON of a programme. Choose its schedule.json, or a file in another format.")
_BROKEN = N_("The JSON breaks in line %(line)s, column %(column)s. Download the file again, or correct it there.")
_TOO_DEEP = N_("This JSON is nested too deeply to be a programme. Choose the schedule.json of the programme.")


def recognises(data: bytes) -> bool:
    """Whether `data` is the beginning of an object that holds a `schedule` with days; cheap, and never raises."""
    head = data[:_HEAD].replace(b"\0", b"").removeprefix(b"\xef\xbb\xbf").lstrip(b"\xff\xfe")
    within, event = _SCHEDULE.search(head), _CONFERENCE.search(head)
    days = (within and (event or _DATED.search(head) or _DAYS.search(head))) or (event and _DAYS.search(head))
    return bool(_START.match(head) and days)


def read(data: bytes, *, time_zone: str) -> ProgrammeDraft:
    """The sessions of a schedule.json, in the file's order, their times in UTC; equal for equal `data`.

    `data` is in UTF-8, -16 or -32, or else taken for Windows' Western encoding. `time_zone` is the event's (IANA).
    Entries that cannot be read are named with their id or title; JSON has no lines worth naming.

    Raises BadProgramme for what is no JSON or another JSON, one that breaks, is nested too deeply or has more than
    MAX_PARTS, one without entries, more than MAX_BYTES or MAX_SESSIONS; Refused for an unknown `time_zone`.
    """
    whole = _parsed(checked(data))
    schedule = whole if "conference" in whole else whole.get("schedule")
    if isinstance(schedule, list):
        schedule = {"days": schedule}
    conference = schedule.get("conference", schedule) if isinstance(schedule, Mapping) else None
    if not isinstance(schedule, Mapping) or not isinstance(conference, Mapping):
        raise BadProgramme(_OTHER)
    days: object = conference.get("days", schedule.get("days"))
    if days is None:
        days = {key: day for key, day in schedule.items() if _DATE.fullmatch(key)} or None
    if not isinstance(days, Mapping | list):
        raise BadProgramme(_OTHER)
    return programme(conference, _days(days, _rooms(whole.get("rooms"))), time_zone=time_zone)


def _parsed(data: bytes) -> Mapping[str, object]:
    """The object that the JSON is, with every number as text and NaN as nothing. Raises BadProgramme."""
    if data.count(b"{") + data.count(b"[") > MAX_PARTS:
        raise BadProgramme(TOO_MANY_PARTS)
    encoding = json.detect_encoding(data)
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        text = data.decode("cp1252", "replace") if encoding.startswith("utf-8") else data.decode(encoding, "replace")
    if text.lstrip("\ufeff\t\n\r ")[:1] != "{":
        raise BadProgramme(_OTHER)
    try:
        decoder = json.JSONDecoder(parse_int=str, parse_float=str, parse_constant=lambda _: None, strict=False)
        whole = decoder.decode(text.lstrip("\ufeff"))
    except json.JSONDecodeError as problem:
        raise BadProgramme(_BROKEN, line=problem.lineno, column=problem.colno) from problem
    except RecursionError as problem:
        raise BadProgramme(_TOO_DEEP) from problem
    return dict(whole)


def _rooms(value: object) -> dict[str, str]:
    """The names of rooms by their ids, from a list of {id, name}."""
    rooms = [one for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []
    return {line_in(one, "id"): said(one) for one in rooms if line_in(one, "id")}


def _days(days: Mapping[str, object] | list[object], rooms: Mapping[str, str]) -> Iterator[Filed]:
    """Every entry of every day; days are a list of objects, or filed by their dates."""
    seen: set[tuple[str, str, str]] = set()
    pairs = days.items() if isinstance(days, Mapping) else (("", day) for day in days)
    for key, day in pairs:
        says: dict[str, object] = {"date": key} if key else {}
        content = day
        if isinstance(day, Mapping) and not ("title" in day or "slots" in day):
            says |= {name: value for name, value in day.items() if isinstance(value, str)}
            content = next((day[name] for name in _CONTENT if isinstance(day.get(name), Mapping | list)), None)
            if content is None:
                content = {name: value for name, value in day.items() if isinstance(value, Mapping | list)}
        for one in _below(content, says, "", 0):
            for placed in _placed(one, rooms):
                slot = _slot(placed)
                if slot not in seen:
                    yield placed
                if slot[0]:
                    seen.add(slot)


def _below(value: object, day: Mapping[str, object], room: str, depth: int) -> Iterator[Filed]:
    """Every entry in `value`: a list, an object of entries by room or time, or a room that holds its entries."""
    if isinstance(value, list) and depth <= _MAX_DEPTH:
        for one in value:
            yield from _below(one, day, room, depth + 1)
    elif not isinstance(value, Mapping) or depth > _MAX_DEPTH or not _ENTRY.isdisjoint(value):
        if value is not None:
            yield Filed(value, day, room)
    elif inner := next((value[name] for name in _CONTENT if isinstance(value.get(name), Mapping | list)), None):
        yield from _below(inner, day, said(value) or room, depth + 1)
    else:
        for key, one in value.items():
            if isinstance(one, Mapping | list):
                # Times and ids give way to what they hold; a room keeps its name over the ids of its entries.
                yield from _below(one, day, room if any(map(str.isalpha, room)) else key, depth + 1)


def _placed(one: Filed, rooms: Mapping[str, str]) -> Iterator[Filed]:
    """The entry with its room's name; once for each of its slots, where it has those of pretalx's API."""
    room = rooms.get(one.room, one.room)
    if not isinstance(one.says, Mapping):
        yield Filed(one.says, one.day, room)
        return
    slots = one.says.get("slots", one.says.get("slot"))
    slots = [slot for slot in (slots if isinstance(slots, list) else [slots]) if isinstance(slot, Mapping)]
    for slot in slots or [{}]:
        own = {name: slot[name] for name in ("room", "start", "end", "duration") if slot.get(name) is not None}
        says = {**one.says, **own}
        place = line_in(says, "room")
        yield Filed({**says, "room": rooms.get(place, place)}, one.day, room)


def _slot(one: Filed) -> tuple[str, str, str]:
    """What tells two filings of one slot: a submission of two slots is filed under both, with both. "" where not."""
    says = one.says
    if not isinstance(says, Mapping) or not ("slots" in says or "slot" in says):
        return "", "", ""
    return line_in(says, "code"), line_in(says, "start"), line_in(says, "room")
