"""One entry of Indico's timetable, whichever export it stands in, and the id that all exports give it."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum

from reporter.rules.errors import N_, BadProgramme
from reporter.sources.draft import MAX_NAME, MAX_SESSIONS, Unreadable
from reporter.sources.ical_file import MAX_UID
from reporter.sources.words import one_line_of
from reporter.text.plain import shortened

Fields = Mapping[str, object]
MAX_ENTRIES = 4 * MAX_SESSIONS  # some stand under two days, some have no time
_OLD_SLOT = re.compile(r"s\d+l\d+")  # a slot's number counts within its session in Indico 1
_UNLIKE = N_("This part of the export is not written as Indico writes it and was left out. Add the session by hand.")


class Kind(Enum):
    """What an entry of Indico's timetable is."""

    CONTRIBUTION = "c"  # the letter that begins its id
    SLOT = "s"
    BREAK = "b"


Child = tuple[Kind, str, object]  # an entry below a day or a slot: what it is, its id, its value


@dataclass(frozen=True)
class Within:
    """What an entry takes over from the slot that it belongs to."""

    session: str = ""  # the title of Indico's session, which may have several slots
    room: str = ""
    venue: str = ""


@dataclass(frozen=True)
class Entry:
    """One entry as the file has it. `within` is from the slot that it belongs to, `listed` what has no own time."""

    kind: Kind
    fields: Fields
    uid: str
    within: Within = Within()
    listed: tuple[Fields, ...] = ()


@dataclass
class Export:
    """A whole export: its entries in the file's order, what it calls the event, and whether that takes place."""

    entries: list[Entry] = field(default_factory=list)
    unreadable: list[Unreadable] = field(default_factory=list)
    name: str = ""
    cancelled: bool = False

    def add(self, kind: Kind, uid: str, value: object, within: Within = Within()) -> None:
        """One more contribution or break; what is no object is named as unreadable. Raises BadProgramme."""
        if len(self.entries) >= MAX_ENTRIES or len(self.unreadable) > MAX_SESSIONS:
            raise too_many()
        if isinstance(value, dict):
            self.entries.append(Entry(kind, value, uid, within))
        else:
            self.unreadable.append(Unreadable(0, uid, _UNLIKE))

    def add_slot(self, uid: str, slot: Fields, below: Iterable[Child]) -> None:
        """One more slot: itself, or its contributions where they have times of their own; its breaks always.

        Posters hang side by side as long as their slot lasts: that is one session, in which they are listed.
        """
        if len(self.entries) >= MAX_ENTRIES:
            raise too_many()
        children = list(below)
        papers = [value for kind, _, value in children if kind is Kind.CONTRIBUTION and isinstance(value, dict)]
        poster = True in (slot.get("isPoster"), inner(slot, "session").get("isPoster"))
        alone = poster or not any(paper.get("startDate") for paper in papers)
        if alone:
            self.entries.append(Entry(Kind.SLOT, slot, uid, listed=tuple(papers)))
        within = Within(session_title(slot), room_of(slot), venue_of(slot))
        for kind, child_uid, value in children:
            if not (alone and kind is Kind.CONTRIBUTION and isinstance(value, dict)):
                self.add(kind, child_uid, value, within)


def too_many() -> BadProgramme:
    """The refusal of an export with more sessions than can be taken over."""
    return BadProgramme(
        N_("This export has more than %(limit)s sessions. Divide it and import the parts."), limit=MAX_SESSIONS
    )


def text(fields: Fields, *names: str) -> str:
    """The first of these fields that says anything, as the file has it; numbers are text here. "" where none does."""
    for name in names:
        value = fields.get(name)
        if isinstance(value, str) and value.strip():
            return value
    return ""


def inner(fields: Fields, name: str) -> Fields:
    """The object in this field; an empty one where there is none."""
    value = fields.get(name)
    return value if isinstance(value, dict) else {}


def session_title(slot: Fields) -> str:
    """The title of the session that a slot belongs to, on one line."""
    return one_line_of(text(inner(slot, "session"), "title") or text(slot, "title"), MAX_NAME)


def room_of(fields: Fields) -> str:
    """The room, by its full name where the file has that, on one line."""
    return one_line_of(text(fields, "roomFullname", "room"), MAX_NAME)


def venue_of(fields: Fields) -> str:
    """The building or place, on one line."""
    return one_line_of(text(fields, "location"), MAX_NAME)


def uid_of(kind: Kind, value: object, key: str = "") -> str:
    """An id that is unique for all kinds of entries and, where it can be, the same in every export: "c12", "s3", "b4".

    A timetable gives an entry the number of its place in the timetable, which changes when it is moved away and back;
    so the contribution's and the slot's own number are preferred. "" for an entry without any.
    """
    fields = value if isinstance(value, dict) else {}
    own = text(fields, "id", "friendly_id") or key or text(fields, "uniqueId")
    number = ""
    if kind is Kind.CONTRIBUTION:
        number = text(fields, "contributionId", "db_id")
    elif kind is Kind.SLOT and not _OLD_SLOT.fullmatch(own):
        number = text(fields, "sessionSlotId")
    # Not `one_line`, which takes long over what nobody means as an id.
    own = "".join(filter(str.isprintable, (number or own).strip()[: MAX_UID + 1]))
    return shortened(own if not own or own[0].isalpha() else kind.value + own, MAX_UID)
