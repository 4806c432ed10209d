"""What every programme file is read into, whatever its format."""

from dataclasses import dataclass
from datetime import datetime

from reporter.rules.errors import N_, BadProgramme
from reporter.rules.vocabulary import SessionRule

MAX_BYTES = 20 * 1024 * 1024
MAX_SESSIONS = 5_000
MAX_TITLE = 500
MAX_DESCRIPTION = 20_000
MAX_NAME = 200
UNTITLED = "(no title)"  # a session is a time and a place; its title can be given by hand


@dataclass(frozen=True)
class SpeakerDraft:
    """Somebody, or an office, as the programme spells it. E-mail addresses are never taken over."""

    name: str
    organisation: str = ""
    position: str = ""


@dataclass(frozen=True)
class SessionDraft:
    """One session of a programme; times are aware. `source_uid` may repeat or be empty, as real files have it."""

    title: str
    starts_at: datetime
    ends_at: datetime
    room: str = ""
    track: str = ""
    description: str = ""
    rule: SessionRule = SessionRule.ON_THE_RECORD
    speakers: tuple[SpeakerDraft, ...] = ()
    keywords: tuple[str, ...] = ()
    cancelled: bool = False
    source: str = ""
    source_uid: str = ""


@dataclass(frozen=True)
class Unreadable:
    """An entry that could not be read, or only in part: where it stands and why.

    `line` counts from 1, a row of a table too; 0 where the format has no lines. `uid` is its id, or else its title.
    `why` is a message id with `values`, as in `rules.errors`.
    """

    line: int
    uid: str
    why: str
    values: tuple[tuple[str, object], ...] = ()


@dataclass(frozen=True)
class ProgrammeDraft:
    """One reading of a programme file, in the file's order. `name` is what the file calls the event, if it does."""

    sessions: tuple[SessionDraft, ...]
    unreadable: tuple[Unreadable, ...] = ()
    name: str = ""


def check_size(data: bytes) -> None:
    """Raise BadProgramme for a file of more than MAX_BYTES."""
    if len(data) > MAX_BYTES:
        raise too_large()


def too_large() -> BadProgramme:
    """The refusal of a file of more than MAX_BYTES, for whoever counts it as it comes."""
    return BadProgramme(
        N_("This file is larger than %(limit)s MB. Leave out what is no programme, or divide it."),
        limit=MAX_BYTES // 1024**2,
    )
