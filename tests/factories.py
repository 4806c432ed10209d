"""Real rows, made by the same verbs that people use; each function answers what it made."""

from datetime import UTC, date, datetime, timedelta
from itertools import count
from uuid import uuid4

from reporter.models.database import db, unit_of_work
from reporter.models.event import Event
from reporter.models.people import User
from reporter.models.programme import ProgrammeSession
from reporter.models.report import DraftSave, Report
from reporter.newsroom import filing, people, programme, publication, review, revisions, saving, taxonomy
from reporter.newsroom.taxonomy import TermDraft
from reporter.queries import draft_saves, reports
from reporter.queries import taxonomy as known
from reporter.rules.report_text import KeyPoint, ReportText
from reporter.rules.vocabulary import Role, SessionRule, WithdrawalReason, WorkState
from reporter.sources.draft import SessionDraft, SpeakerDraft
from reporter.web.accounts import hashed

PASSWORD = "correct horse battery"
T0 = datetime(2023, 12, 4, 9, 0, tzinfo=UTC)
_numbers = count(1)


def later(minutes: float = 1) -> datetime:
    """A moment after T0; each call without an argument is its own minute."""
    return T0 + timedelta(minutes=minutes)


def issues() -> dict[str, int]:
    """A small tree of policy issues; their ids by slug."""
    with unit_of_work():
        taxonomy.load(
            [
                TermDraft("digital-trade", "Digital trade"),
                TermDraft("data-flows", "Data flows", parent="digital-trade"),
                TermDraft("e-signatures", "E-signatures", parent="digital-trade"),
                TermDraft("inclusion", "Inclusion"),
            ],
            by=None,
            at=T0,
        )
    return {issue.slug: issue.id for issue in known.policy_issues()}


def event(slug: str | None = None, *, lone_editor: bool = False, is_sample: bool = False) -> Event:
    """An event of five days in Geneva."""
    slug = slug or f"event-{next(_numbers)}"
    with unit_of_work():
        made = programme.add_event(
            slug=slug,
            name=f"Event {slug}",
            time_zone="Europe/Zurich",
            starts_on=date(2023, 12, 4),
            ends_on=date(2023, 12, 8),
            place="Geneva",
            by=None,
            at=T0,
            is_sample=is_sample,
        )
        made.lone_editor = lone_editor
    return made


def session(
    at_event: Event, title: str = "Data flows in trade agreements", *, rule: SessionRule = SessionRule.ON_THE_RECORD
) -> ProgrammeSession:
    """A session of an hour and a half, with one speaker."""
    with unit_of_work():
        return programme.add_sessions(
            at_event,
            [
                SessionDraft(
                    title=title,
                    starts_at=T0,
                    ends_at=T0 + timedelta(minutes=90),
                    room="Room A",
                    description="What agreements say.",
                    rule=rule,
                    speakers=(SpeakerDraft("Chair of the session", "A secretariat"),),
                )
            ],
            by=None,
            at=T0,
        )[0]


def person(role: Role | None, at_event: Event | None, *, name: str | None = None, is_sample: bool = False) -> User:
    """Somebody with a role at an event (None: everywhere); `role` None for nobody's staff."""
    number = next(_numbers)
    password_hash = hashed(PASSWORD)
    with unit_of_work():
        made = people.add_user(
            email=f"person{number}@example.org",
            name=name or f"Person {number}",
            password_hash=password_hash,
            by=None,
            at=T0,
            is_sample=is_sample,
        )
        if role is not None:
            people.grant(made, role, event=at_event, by=None, at=T0)
    return made


def text(headline: str = "Members agree on the rule", **parts: object) -> ReportText:
    """A text that can be handed in; `policy_issues` default to data flows."""
    issue = known.by_slug("data-flows")
    whole: dict[str, object] = {
        "lead": f"Lead of: {headline}.",
        "key_points": tuple(map(KeyPoint, ("One point.", "Another point.", "A third point."))),
        "body": f"First paragraph of {headline}.\n\nSecond paragraph.\n\nThird paragraph.",
        "policy_issues": frozenset({issue.id} if issue else ()),
        **parts,
    }
    return ReportText(headline=headline, **whole)  # type: ignore[arg-type]


def draft(
    at_event: Event, by: User, words: ReportText | None = None, *, of: ProgrammeSession | None = None, minute: float = 1
) -> Report:
    """A report that is being written, with one save."""
    with unit_of_work():
        made = filing.start(event=at_event, programme_session=of, by=by, at=later(minute))
        saving.keep(made, words or text(), client_id=uuid4().hex, by=by, at=later(minute))
    return made


def save(report: Report, words: ReportText, by: User, *, minute: float = 2) -> DraftSave:
    """One more save of the working text."""
    with unit_of_work():
        locked = locked_report(report)
        return saving.keep(locked, words, client_id=uuid4().hex, by=by, at=later(minute)).save


def locked_report(report: Report) -> Report:
    """The report as a verb wants it: inside a unit of work, locked and fresh."""
    found = reports.for_change(report.number)
    assert found is not None
    return found


def file(report: Report, by: User, *, minute: float = 3) -> int:
    """Hand in the newest save; answers the revision's number."""
    head = draft_saves.head(report.number)
    assert head is not None
    rendered = revisions.render(reports.text_of(head))
    with unit_of_work():
        return filing.file(locked_report(report), head, rendered=rendered, by=by, at=later(minute)).number


def approve(report: Report, by: User, *, minute: float = 4, embargo_until: datetime | None = None) -> int:
    """Approve what waits."""
    with unit_of_work():
        locked = locked_report(report)
        assert locked.filed_revision is not None
        review.approve(locked, revision=locked.filed_revision, by=by, at=later(minute), embargo_until=embargo_until)
        return locked.filed_revision


def publish(report: Report, by: User | None, *, minute: float = 5) -> None:
    """Publish what is approved."""
    revision = reports.by_number(report.number).approved_revision  # type: ignore[union-attr]
    assert revision is not None
    words = reports.text_of(reports.revision(report.number, revision))  # type: ignore[arg-type]
    with unit_of_work():
        publication.publish(
            locked_report(report), revision=revision, rendered=revisions.render(words), by=by, at=later(minute)
        )


def published(
    at_event: Event,
    writer: User,
    editor: User,
    words: ReportText | None = None,
    *,
    of: ProgrammeSession | None = None,
    minute: float = 1,
) -> Report:
    """A public report, by the whole road."""
    made = draft(at_event, writer, words, of=of, minute=minute)
    file(made, writer, minute=minute + 1)
    approve(made, editor, minute=minute + 2)
    publish(made, editor, minute=minute + 3)
    return made


def withdraw(report: Report, by: User, *, minute: float = 30, note: str = "It named the wrong speaker.") -> None:
    """Take a public report back."""
    with unit_of_work():
        publication.withdraw(
            locked_report(report), reason=WithdrawalReason.INACCURATE, note=note, by=by, at=later(minute)
        )


def work_state(report: Report) -> WorkState:
    """Where the report stands now, read anew."""
    db.session.expire_all()
    found = reports.by_number(report.number)
    assert found is not None
    return found.work_state
