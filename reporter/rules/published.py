"""What the public sees, as values: `queries.published` makes them, pages and outlets show them, and nothing else."""

from dataclasses import dataclass
from datetime import date, datetime

from reporter.rules.report_text import KeyPoint, Link
from reporter.rules.vocabulary import ChangeKind, WithdrawalReason


@dataclass(frozen=True)
class PublicTerm:
    """A policy issue or a process, as the public knows it."""

    slug: str
    name: str


@dataclass(frozen=True)
class PublicEvent:
    """An event: `time_zone` is an IANA name, the days are the event's own."""

    slug: str
    name: str
    place: str
    time_zone: str
    starts_on: date
    ends_on: date
    is_sample: bool


@dataclass(frozen=True)
class PublicSpeaker:
    """Somebody who speaks in a session that is on the record."""

    name: str
    position: str
    organisation: str


@dataclass(frozen=True)
class PublicSession:
    """One entry of a programme; times are aware UTC.

    Where `names_hidden`, the title is a neutral one (a message id) and the description empty.
    """

    number: int
    title: str
    room: str
    starts_at: datetime
    ends_at: datetime
    description: str = ""
    names_hidden: bool = False


@dataclass(frozen=True)
class PublicChangeLine:
    """One dated change of a report: `note` is what the editor said of it to the readers."""

    number: int
    kind: ChangeKind
    at: datetime
    note: str


@dataclass(frozen=True)
class PublicReport:
    """A report exactly as an editor approved it. `body_html` is sanitised; everything else is plain text.

    `updated_at` moves on update, correction and reinstatement; a minor change leaves it where it was.
    """

    number: int
    revision: int
    slug: str
    headline: str
    lead: str
    key_points: tuple[KeyPoint, ...]
    body_html: str
    byline: str
    links: tuple[Link, ...]
    language: str
    policy_issues: tuple[PublicTerm, ...]
    event: PublicEvent
    programme_session: PublicSession | None
    first_published_at: datetime
    updated_at: datetime
    changes: tuple[PublicChangeLine, ...] = ()
    processes: tuple[PublicTerm, ...] = ()
    sdg_targets: tuple[PublicTerm, ...] = ()
    first_summary: bool = False
    checked_by: str = ""


@dataclass(frozen=True)
class PublicWithdrawal:
    """What stays of a report that was taken back: that it was, when and why; none of its words."""

    number: int
    reason: WithdrawalReason
    note: str
    at: datetime
    event: PublicEvent


@dataclass(frozen=True)
class Listing:
    """One page of a selection, newest change first. `description` says the selection in words, in English."""

    title: str
    reports: tuple[PublicReport, ...]
    page: int = 1
    more: bool = False
