"""The entries of an Indico export, whichever of its shapes the file has: timetable, event, sessions, or a snapshot.

All shapes say the same in other places: a slot's contributions stand below it or beside it, an id is a number here
and a key there. Here they become one list of entries, so that `indico` reads titles, times and people only once.
"""

import json
import re
from collections.abc import Iterator

from reporter.rules.errors import N_, BadProgramme
from reporter.sources.draft import MAX_NAME, Unreadable, check_size
from reporter.sources.indico_entry import MAX_ENTRIES, Child, Export, Fields, Kind, inner, text, too_many, uid_of
from reporter.sources.words import MAX_LINE, one_line_of

Place = tuple[str, ...]
_PAPERS = "contributions"
_MAX_PARTS = 1_000_000  # objects and lists in a file; each costs memory many times its length
_CONTRIBUTION_ADDRESS = re.compile(r"/contributions/(\d{1,20})(?:/|$)")
_KEY = re.compile(r"[csb]\d")
_NOT_INDICO = N_("This is no export of Indico. Export the event's timetable there as JSON, or choose another format.")
_OF_A_SLOT = {"numSlots", "slotTitle", "conveners", "sessionConveners", "isPoster"}


def export_in(data: bytes) -> Export:
    """The entries of a whole file. Raises BadProgramme for what is too large, broken, or no export of one event."""
    document = _parsed(data)
    if text(document, "_type") == "HTTPAPIError":
        raise BadProgramme(
            N_("Indico answered with an error instead of the programme. Sign in there, then export it again.")
        )
    results = document.get("results")
    if isinstance(results, dict):
        found = [_timetable(days) for days in results.values() if isinstance(days, dict)]
    elif isinstance(results, list):
        found = _events(results)
    elif isinstance(document.get("annualConferences"), dict):
        found = [_snapshot(one) for one in inner(document, "annualConferences").values() if isinstance(one, dict)]
    else:
        raise BadProgramme(_NOT_INDICO)
    full = [export for export in found if export.entries or export.unreadable]
    if not full:
        raise BadProgramme(
            N_("This export has no sessions. Export the timetable in Indico, or the event with detail=sessions.")
        )
    if len(full) > 1:
        raise BadProgramme(N_("This export holds several events. Export only the one whose programme this is."))
    if document.get("complete") is False:
        full[0].unreadable.append(
            Unreadable(0, full[0].name, N_("Indico left out a part of this event. Export its timetable instead."))
        )
    return full[0]


def _parsed(data: bytes) -> Fields:
    """The outermost object of a JSON file, its numbers as text: they are ids here, and may be of any length."""
    check_size(data)
    if not data.strip(b"\0\t\n\r \xef\xbb\xbf\xfe\xff"):
        raise BadProgramme(N_("This file is empty. Choose the JSON file that Indico exported."))
    if data.count(b"{") + data.count(b"[") > _MAX_PARTS:
        raise BadProgramme(
            N_("This file has more than %(limit)s parts. Leave out what is no programme, or divide it."),
            limit=_MAX_PARTS,
        )
    written = data.decode(json.detect_encoding(data), "replace").strip("\0\t\n\r ")
    if written.startswith("<") and "<html" in written[:1_000].lower():
        raise BadProgramme(N_("This is a web page, not an export of Indico. Sign in there, then save the JSON itself."))
    if not written.startswith(("{", "[")):
        raise BadProgramme(_NOT_INDICO)
    try:
        document = json.loads(written, strict=False, parse_int=str, parse_float=str, parse_constant=str)
    except json.JSONDecodeError as problem:
        raise BadProgramme(
            N_("This file is not sound JSON in line %(line)s, column %(column)s. Export it from Indico again."),
            line=problem.lineno,
            column=problem.colno,
        ) from problem
    except RecursionError as problem:
        raise BadProgramme(
            N_("The parts of this file are nested too deeply. Export it from Indico again.")
        ) from problem
    return document if isinstance(document, dict) else {}


def _timetable(days: Fields) -> Export:
    """Days of entries by key; slots hold their own. A slot that crosses midnight stands under both days."""
    export = Export()
    found: list[tuple[Child, list[Child]]] = []
    below: dict[Place, list[Child]] = {}
    seen: set[tuple[Place, Place]] = set()
    for child in (child for day in days.values() for child in _entries(day)):
        if len(found) > MAX_ENTRIES:
            raise too_many()
        kind, _, value = child
        children = list(_entries(value.get("entries"))) if kind is Kind.SLOT and isinstance(value, dict) else []
        place = _place(child)
        if kind is not Kind.SLOT or not place:
            found.append((child, children))
            continue
        if place not in below:
            below[place] = []
            found.append((child, below[place]))
        for one in children:
            pair = place, _place(one)
            if not pair[1] or pair not in seen:
                seen.add(pair)
                below[place].append(one)
    for (kind, uid, value), children in found:
        if kind is Kind.SLOT and isinstance(value, dict):
            export.add_slot(uid, value, children)
        else:
            export.add(kind, uid, value)
    return export


def _place(child: Child) -> Place:
    """What tells whether two entries are the same one: id and start; empty where there is no id."""
    _, uid, value = child
    start = inner(value, "startDate") if isinstance(value, dict) else {}
    return (uid, text(start, "date"), text(start, "time")) if uid else ()


def _entries(day: object) -> Iterator[Child]:
    """Every entry of a day or slot, in the file's order."""
    pairs = day.items() if isinstance(day, dict) else (("", value) for value in day) if isinstance(day, list) else ()
    for key, value in pairs:
        kind = _kind(value, key)
        yield kind, uid_of(kind, value, key), value


def _kind(value: object, key: str) -> Kind:
    """What an entry of a timetable is: as it says, else by the letter of its id or key, else by what it holds."""
    fields = value if isinstance(value, dict) else {}
    said = (text(fields, "entryType") or text(fields, "_type")).lower()
    if said.startswith("break"):
        return Kind.BREAK
    if said.startswith(("session", "linkedtime")):
        return Kind.SLOT
    if said.startswith("contrib"):
        return Kind.CONTRIBUTION
    if letter := next((one[0] for one in (text(fields, "id"), key) if _KEY.match(one)), ""):
        return Kind(letter)
    return Kind.SLOT if "entries" in fields or not _OF_A_SLOT.isdisjoint(fields) else Kind.CONTRIBUTION


def _events(results: list[object]) -> list[Export]:
    """Events with their contributions and slots; or the slots of one session, as /export/event/…/session/… has them."""
    found: list[Export] = []
    slots = Export()
    for event in results:
        if not isinstance(event, dict):
            continue
        if text(event, "_type").startswith("Session") or not _OF_A_SLOT.isdisjoint(event):
            _slots_of_event(slots, [event])
            continue
        export = Export(
            name=one_line_of(text(event, "title"), MAX_NAME),
            cancelled=inner(event, "label").get("is_event_not_happening") is True,
        )
        for paper in _list(event, _PAPERS):
            export.add(Kind.CONTRIBUTION, uid_of(Kind.CONTRIBUTION, paper), paper)
        _slots_of_event(export, _list(event, "sessions"))
        found.append(export)
    return [*found, slots]


def _slots_of_event(export: Export, slots: list[object]) -> None:
    for slot in slots:
        uid = uid_of(Kind.SLOT, slot)
        if isinstance(slot, dict):
            papers = _list(slot, _PAPERS)
            export.add_slot(uid, slot, ((Kind.CONTRIBUTION, uid_of(Kind.CONTRIBUTION, one), one) for one in papers))
        else:
            export.add(Kind.SLOT, uid, slot)


def _snapshot(event: Fields) -> Export:
    """An event of a website's copy of Indico: days of slots, their times on the clocks of the event."""
    export = Export(name=one_line_of(text(event, "title"), MAX_NAME))
    for day in _list(inner(event, "programme"), "days"):
        if not isinstance(day, dict):
            continue
        for slot in _list(day, "slots"):
            if isinstance(slot, dict) and text(slot, "kind") == "break":
                export.add(Kind.BREAK, uid_of(Kind.BREAK, slot), _timed(slot, day, event))
            elif isinstance(slot, dict):
                papers = [_timed(one, day, event) if isinstance(one, dict) else one for one in _list(slot, _PAPERS)]
                _slots_of_event(export, [{**_timed(slot, day, event), _PAPERS: papers}])
            else:
                export.add(Kind.SLOT, "", slot)
    return export


def _timed(entry: Fields, day: Fields, event: Fields) -> Fields:
    """A snapshot's entry with date, times and id as Indico writes them."""
    timed = dict(entry)
    for there, here in (("startTime", "startDate"), ("endTime", "endDate")):
        if text(entry, there):
            timed[here] = {"date": text(day, "date"), "time": text(entry, there), "tz": text(event, "startTz")}
    number = _CONTRIBUTION_ADDRESS.search(text(entry, "url")[:MAX_LINE])
    return {**timed, "contributionId": number[1]} if number else timed


def _list(fields: Fields, name: str) -> list[object]:
    """The list in this field; Indico's clients sometimes make an object of a list, by number."""
    value = fields.get(name)
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []
