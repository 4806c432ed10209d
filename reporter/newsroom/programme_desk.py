"""The programme by hand: an event's details, its sessions and their rules, unlisted sessions joined to listed ones."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from reporter.models.database import db
from reporter.models.event import Event, EventSeries
from reporter.models.people import User
from reporter.models.programme import ProgrammeSession
from reporter.models.report import Report
from reporter.newsroom import attribution, expected_issues, history, notices, programme, publication, review
from reporter.newsroom import people as accounts
from reporter.newsroom.notices import MOVED
from reporter.queries import assignments, people, programme_desk, programmes, reports, taxonomy
from reporter.rules.attribution import stricter, tightens
from reporter.rules.errors import N_, NotAllowed, Refused, WrongState
from reporter.rules.report_text import clean, one_line
from reporter.rules.vocabulary import (
    Entry,
    NoticeKind,
    PublicState,
    Role,
    SessionRule,
    WithdrawalReason,
    WorkState,
)
from reporter.sources.draft import MAX_DESCRIPTION, MAX_NAME, MAX_TITLE, SessionDraft
from reporter.text.slug import slug as make_slug

MAX_ORGANISATION = 300  # characters, of an organiser and of a speaker's organisation
MAX_DUE_MINUTES = 7 * 24 * 60
MAX_WORDS = 20_000

WITHDRAWN_NOTE = {
    SessionRule.CHATHAM_HOUSE: N_("The session is now under a rule that allows no names and no organisations."),
    SessionRule.CLOSED: N_("The session is now closed: nothing of it may be reported."),
}


@dataclass(frozen=True)
class EventDetails:
    """What an event is called, where and when it is. `partners` one a line, `series` the name of one, new or not."""

    name: str
    time_zone: str
    starts_on: date
    ends_on: date
    place: str = ""
    organiser: str = ""
    partners: str = ""
    series: str = ""
    due_minutes: int = 120
    min_words: int = 300
    max_words: int = 600
    report_template: str = ""
    lone_editor: bool = False


def make_event(details: EventDetails, *, slug: str, by: User, at: datetime) -> Event:
    """A new event, by an administrator of everything. Raises what `programme.add_event` and `change_event` raise."""
    accounts.allow(None, by=by)
    _check_details(details)
    event = programme.add_event(
        slug=slug,
        name=details.name,
        place=details.place,
        time_zone=details.time_zone,
        starts_on=details.starts_on,
        ends_on=details.ends_on,
        by=by,
        at=at,
    )
    _set_details(event, details)
    return event


def change_event(event: Event, details: EventDetails, *, by: User, at: datetime) -> list[str]:
    """Change what the event (locked) is called and the like, by its editors and administrators; answers what changed.

    Its sessions stay at their moments, whatever its time zone says now. Raises Refused as `programme.add_event` does.
    """
    allow_details(event, by=by)
    _check_details(details)
    changed = _set_details(event, details)
    if changed:
        history.record(Entry.EVENT_CHANGED, by=by, at=at, event=event, details={"parts": ", ".join(changed)})
    return changed


def allow_details(event: Event, *, by: User) -> None:
    """Raise NotAllowed unless `by` is an editor or an administrator of the event."""
    if not people.standing(by, event.id).roles & {Role.EDITOR, Role.ADMINISTRATOR}:
        raise NotAllowed


def allow(event: Event, *, by: User) -> None:
    """Raise NotAllowed unless `by` is an editor of the event."""
    if not people.standing(by, event.id).editor:
        raise NotAllowed


def add_session(
    event: Event,
    draft: SessionDraft,
    *,
    by: User,
    at: datetime,
    due_at: datetime | None = None,
    issues: Collection[int] = (),
) -> ProgrammeSession:
    """A session of the programme, by hand; `issues` are those it is expected to touch, none for a guess."""
    allow(event, by=by)
    _check_session(draft, due_at=due_at)
    session = ProgrammeSession(event_id=event.id, source="", source_uid="", rule=draft.rule, due_at=due_at)
    programme.write(session, draft, names=programme.Names(event), at=at)
    if issues and _expect(session, issues):
        session.hand_edited = ["issues"]
    history.record(Entry.SESSION_ADDED, by=by, at=at, event=event, details={"session": session.id})
    return session


def change_session(
    session: ProgrammeSession,
    draft: SessionDraft,
    *,
    by: User,
    at: datetime,
    due_at: datetime | None = None,
    issues: Collection[int] = (),
) -> list[str]:
    """Change a session (locked) by hand; answers which parts changed. Re-imports leave these alone from now on.

    The draft's rule is not looked at: that is `change_rule`. Raises Refused for bad times and texts over their limits.
    """
    allow(session.event, by=by)
    _check_stands_for_itself(session)
    _check_session(draft, due_at=due_at)
    names = programme.Names(session.event)
    says = programme.parts_of(draft, names=names)
    changed = [part for part, value in says.items() if getattr(session, part) != value]
    for part in changed:
        setattr(session, part, says[part])
    if programme.write_speakers(session, draft.speakers, names=names):
        changed.append("speakers")
    if (session.cancelled_at is not None) != draft.cancelled:
        session.cancelled_at = at if draft.cancelled else None
        changed.append("cancelled_at")
    if _expect(session, issues):
        changed.append("issues")
    session.hand_edited = list(dict.fromkeys([*(session.hand_edited or ()), *changed]))
    if session.due_at != due_at:
        session.due_at = due_at
        changed.append("due_at")
    db.session.flush()
    if changed:
        details: dict[str, history.Detail] = {"session": session.id, "parts": ", ".join(changed)}
        history.record(Entry.SESSION_CHANGED, by=by, at=at, event=session.event, details=details)
    if "cancelled_at" in changed and session.cancelled_at is not None:
        notices.tell_covering(session, NoticeKind.SESSION_CANCELLED, event=session.event, by=by, at=at)
    elif MOVED.intersection(changed):
        notices.tell_covering(session, NoticeKind.SESSION_MOVED, event=session.event, by=by, at=at)
    return changed


def release(session: ProgrammeSession, *, by: User, at: datetime) -> None:
    """Let the programme file decide again about every part of a session (locked) that was changed by hand.

    The next reading of the file writes them, even where the file itself is still the same; until then they stay.
    """
    allow(session.event, by=by)
    _check_stands_for_itself(session)
    if not session.hand_edited:
        return
    session.hand_edited = []
    expected_issues.guess(session, taxonomy.policy_issues())
    source = programmes.source_for_change(session.event_id)
    if source is not None:
        source.etag = source.last_modified = source.sha256 = ""
    db.session.flush()
    details = {"session": session.id, "released": 1}
    history.record(Entry.SESSION_CHANGED, by=by, at=at, event=session.event, details=details)


def change_rule(session: ProgrammeSession, rule: SessionRule, *, by: User, at: datetime) -> list[int]:
    """Put a session (locked) under a rule; answers the numbers of the reports that were withdrawn for it.

    A stricter rule takes its public report and the translations of it back at once and tells every editor of the
    event; what is approved but not out goes back to the editors. A looser one shows nothing again.
    """
    allow(session.event, by=by)
    if rule is session.rule:
        _check_stands_for_itself(session)
        return []
    return put_under(session, rule, by=by, at=at)


def put_under(session: ProgrammeSession, rule: SessionRule, *, by: User, at: datetime) -> list[int]:
    """What `change_rule` does, for whoever was found to be allowed to."""
    _check_stands_for_itself(session)
    old, session.rule = session.rule, rule
    db.session.flush()
    details = {"session": session.id, "old": old.value, "new": rule.value}
    history.record(Entry.RULE_CHANGED, by=by, at=at, event=session.event, details=details)
    if not tightens(old, rule):
        return []
    found = programme_desk.reports_under(session.id)
    withdrawn = [report.number for report in found if _take_back(report, rule, by=by, at=at)]
    if withdrawn:
        _tell_editors(session, withdrawn, at=at)
    return withdrawn


def _take_back(report: Report, rule: SessionRule, *, by: User, at: datetime) -> bool:
    """Withdraw what is public, take back what is approved and not out; answers whether it was public."""
    reason = WithdrawalReason.RULE_TIGHTENED
    public = report.public_state is PublicState.PUBLIC
    if public:
        publication.withdraw(report, reason=reason, note=WITHDRAWN_NOTE[rule], by=by, at=at, covers=True)
    elif report.work_state is WorkState.APPROVED:
        review.unapprove(report, by=by, at=at, reason=reason, covers=True)
    return public


def join(unlisted: ProgrammeSession, target: ProgrammeSession, *, by: User, at: datetime) -> list[int]:
    """Say that an unlisted session is `target` (both locked, in this order); its reports and assignments move there.

    The stricter of the two rules holds; answers the numbers of the reports that were withdrawn for it, also those that
    were read before anybody knew whom they name. Raises Refused where they cannot be one session, and where both have
    a report that is not discarded.
    """
    allow(unlisted.event, by=by)
    if unlisted.event_id != target.event_id:
        raise Refused(N_("This session belongs to another event."))
    _check_stands_for_itself(unlisted)
    if not is_unlisted(unlisted):
        raise Refused(N_("Only a session that is not in the programme can be joined to one that is."))
    if target.joined_to_id is not None or is_unlisted(target):
        raise Refused(N_("Choose a session of the programme."))
    theirs = reports.of_session(target.id)
    if theirs is not None and reports.of_session(unlisted.id) is not None:
        raise Refused(
            N_("Report %(number)s is written of that session already. Finish or discard one of the two first."),
            number=theirs.number,
        )
    rule = stricter(unlisted.rule, target.rule)
    withdrawn = [number for one in (unlisted, target) for number in change_rule(one, rule, by=by, at=at)]
    for report in programme_desk.reports_under(unlisted.id):
        if report.programme_session_id == unlisted.id:
            report.programme_session_id = target.id
            db.session.flush()
            publication.follow_session(report)
    _move_assignments(unlisted, target)
    unlisted.joined_to_id = target.id
    db.session.flush()
    named = [one for one in programme_desk.reports_under(target.id) if attribution.names_unread(one)]
    more = [one.number for one in named if _take_back(one, rule, by=by, at=at)]
    if more:
        _tell_editors(target, more, at=at)
    withdrawn += more
    details = {"session": unlisted.id, "joined_to": target.id}
    history.record(Entry.SESSION_JOINED, by=by, at=at, event=unlisted.event, details=details)
    return withdrawn


def is_unlisted(session: ProgrammeSession) -> bool:
    """Whether a session was added from the spot and no programme file knows it."""
    return session.unlisted and not session.source


def _check_stands_for_itself(session: ProgrammeSession) -> None:
    if session.joined_to_id is not None:
        raise WrongState(N_("This session was joined to another one. Change that one."))


def _check_details(details: EventDetails) -> None:
    programme.check_event(
        name=details.name,
        place=details.place,
        time_zone=details.time_zone,
        starts_on=details.starts_on,
        ends_on=details.ends_on,
    )
    if len(one_line(details.organiser)) > MAX_ORGANISATION:
        raise Refused(N_("The organiser has at most %(limit)s characters. Shorten it."), limit=MAX_ORGANISATION)
    if any(len(line) > MAX_NAME for line in _lines(details.partners)):
        raise Refused(N_("A name has at most %(limit)s characters. Shorten it."), limit=MAX_NAME)
    if len(details.partners) > MAX_DESCRIPTION:
        raise Refused(N_("The reporting partners have at most %(limit)s characters together."), limit=MAX_DESCRIPTION)
    if not 0 <= details.min_words <= details.max_words <= MAX_WORDS:
        raise Refused(
            N_("The words of a report go from a smaller to a larger number, at most %(limit)s."), limit=MAX_WORDS
        )
    if len(details.report_template) > MAX_DESCRIPTION:
        raise Refused(N_("The headings to begin with have at most %(limit)s characters."), limit=MAX_DESCRIPTION)
    if not 0 <= details.due_minutes <= MAX_DUE_MINUTES:
        raise Refused(
            N_("A report can be due from 0 to %(limit)s minutes after its session. Choose a number between them."),
            limit=MAX_DUE_MINUTES,
        )


def _set_details(event: Event, details: EventDetails) -> list[str]:
    says: dict[str, object] = {
        "name": one_line(details.name),
        "place": one_line(details.place),
        "organiser": one_line(details.organiser),
        "partners": "\n".join(_lines(details.partners)),
        "series_id": _series(details.series),
        "time_zone": details.time_zone,
        "starts_on": details.starts_on,
        "ends_on": details.ends_on,
        "due_minutes": details.due_minutes,
        "min_words": details.min_words,
        "max_words": details.max_words,
        "report_template": clean(details.report_template).strip("\n"),
        "lone_editor": details.lone_editor,
    }
    changed = [part for part, value in says.items() if getattr(event, part) != value]
    for part in changed:
        setattr(event, part, says[part])
    db.session.flush()
    return changed


def _series(name: str) -> int | None:
    """The id of the series of this name; a new one is added."""
    name = one_line(name)
    if not name:
        return None
    if len(name) > MAX_NAME:
        raise Refused(N_("A name has at most %(limit)s characters. Shorten it."), limit=MAX_NAME)
    short = make_slug(name, limit=80)
    if not short:
        raise Refused(N_("The name of a series needs a letter or a digit."))
    there = programme_desk.series_by_slug(short)
    if there is None:
        there = EventSeries(slug=short, name=name)
        db.session.add(there)
        db.session.flush()
    return there.id


def _check_session(draft: SessionDraft, *, due_at: datetime | None) -> None:
    if not one_line(draft.title):
        raise Refused(N_("Give the session a title."))
    if draft.ends_at < draft.starts_at:
        raise Refused(N_("“%(title)s” ends before it starts. Check its times."), title=one_line(draft.title))
    if due_at is not None and due_at < draft.starts_at:
        raise Refused(N_("The report would be due before the session begins. Check the day and time."))
    organisations = [who.organisation for who in draft.speakers]
    limits: Sequence[tuple[str, int, int]] = (
        (N_("A title has at most %(limit)s characters. Shorten it."), len(one_line(draft.title)), MAX_TITLE),
        (N_("A description has at most %(limit)s characters."), len(draft.description), MAX_DESCRIPTION),
        (N_("The name of a room has at most %(limit)s characters. Shorten it."), len(draft.room), MAX_NAME),
        (N_("The name of a track has at most %(limit)s characters. Shorten it."), len(draft.track), MAX_NAME),
        (
            N_("A speaker's name has at most %(limit)s characters. Write one speaker a line."),
            max((len(who.name) for who in draft.speakers), default=0),
            MAX_NAME,
        ),
        (
            N_("A speaker's organisation has at most %(limit)s characters. Shorten it."),
            max(map(len, organisations), default=0),
            MAX_ORGANISATION,
        ),
    )
    for message, size, limit in limits:
        if size > limit:
            raise Refused(message, limit=limit)


def _expect(session: ProgrammeSession, issues: Collection[int]) -> bool:
    """Expect these of the policy issues in use; those that are out of use stay, because nobody was asked about them."""
    offered = {issue.id for issue in taxonomy.policy_issues()}
    unasked = set(programme_desk.issues_of(session.id)) - offered
    return expected_issues.expect(session, offered.intersection(issues) | unasked)


def _move_assignments(unlisted: ProgrammeSession, target: ProgrammeSession) -> None:
    there = assignments.of_session(target.id)
    taken = {one.user_id for one in there}
    led = any(one.lead for one in there)
    for one in assignments.running(unlisted.id):
        if one.user_id in taken:
            continue
        one.lead = one.lead and not led
        one.programme_session_id = target.id
        db.session.flush()


def _tell_editors(session: ProgrammeSession, withdrawn: Sequence[int], *, at: datetime) -> None:
    """Put the withdrawn reports before every editor of the event: one notice for each."""
    for editor in people.editors(session.event_id):
        for number in withdrawn:
            notices.tell(
                editor,
                NoticeKind.RULE_TIGHTENED,
                event=session.event,
                programme_session=session,
                report=reports.by_number(number),
                details={"rule": session.rule.value},
                at=at,
            )


def _lines(text: str) -> list[str]:
    return [line for line in map(one_line, clean(text).split("\n")) if line]
