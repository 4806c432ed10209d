"""What the check before handing in is told, and what it answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from reporter.rules.vocabulary import Check, SessionRule, TextPart

MAX_FINDINGS = 20  # of one kind: who has more of them reads the first and checks again


@dataclass(frozen=True)
class SpeakerName:
    """Somebody who speaks in the session, spelt as in the programme."""

    name: str
    position: str = ""
    organisation: str = ""


@dataclass(frozen=True)
class Facts:
    """What the programme knows about the session of a report.

    `event_starts_on` and `event_ends_on` are days in the event's time zone. A text should have between `min_words` and
    `max_words`; 0 asks for nothing. `speakers` speak in this session, `other_speakers` are the names of everybody else
    in the programme, hundreds or thousands of them. A report of no session has no speakers.
    """

    event_name: str
    event_starts_on: date
    event_ends_on: date
    min_words: int = 0
    max_words: int = 0
    speakers: tuple[SpeakerName, ...] = ()
    other_speakers: tuple[str, ...] = ()
    rule: SessionRule = SessionRule.ON_THE_RECORD
    organiser: str = ""


@dataclass(frozen=True)
class Finding:
    """One remark on a text: what (`message`, an English message id, filled from `values`) and where.

    `index` is the place of the key point, paragraph or link, from 0; None where the part is one. `excerpt` is a piece
    of the text, at most 80 characters. `suggestion` is what could stand there instead, "" where nothing is proposed.
    """

    code: Check
    where: TextPart
    message: str
    index: int | None = None
    values: Mapping[str, object] = field(default_factory=dict, hash=False)
    excerpt: str = ""
    blocking: bool = False
    suggestion: str = ""

    def __str__(self) -> str:
        """The remark in English."""
        return self.message % self.values
