"""Where a report is written: a session, whose report may not exist yet, or a report of no session."""

from dataclasses import dataclass

from reporter.models.event import Event
from reporter.models.programme import ProgrammeSession
from reporter.models.report import Report
from reporter.newsroom import filing
from reporter.queries import people, programmes, reports
from reporter.rules import addresses, clock
from reporter.rules.attribution import takes_report
from reporter.rules.errors import N_, NotAllowed, NotFound, WrongState
from reporter.rules.permissions import ReportFacts, may, may_write
from reporter.rules.vocabulary import Action
from reporter.web.accounts import person


@dataclass(frozen=True)
class Place:
    """What is being written up, and the address of its form."""

    event: Event
    session: ProgrammeSession | None
    report: Report | None
    address: str


def at(session: int | None, number: int | None) -> Place:
    """The place that an address names, for somebody who may write there. Raises NotFound, NotAllowed, WrongState."""
    return at_session(session) if session is not None else at_report(number or 0)


def at_session(number: int) -> Place:
    """A session, or the one to which it was joined: what was typed for it belongs there."""
    session = stands_for(number)
    allow(session.event)
    if not takes_report(session.rule):
        raise WrongState(N_("This session is closed: no report is written of it."))
    return Place(session.event, session, reports.of_session(session.id), addresses.write_up(session.id))


def at_report(number: int) -> Place:
    """A report of no session; the report of a session is written at its session's place."""
    report = reports.by_number(number)
    if report is None:
        raise NotFound
    if not may_write_it(report):
        raise NotAllowed
    return _of(report)


def of_arrival(session: int | None, number: int | None) -> Place:
    """The place that an address names, whoever sends something there: nothing that arrives is refused for its state."""
    if session is not None:
        found = stands_for(session)
        return Place(found.event, found, reports.of_session(found.id), addresses.write_up(found.id))
    report = reports.by_number(number or 0)
    if report is None:
        raise NotFound
    return _of(report)


def locked(place: Place, *, joins: bool = False) -> Report:
    """The report, locked; made by the first who writes up the session. With `joins`, the person is listed."""
    session, report = locked_parts(place)
    if session is not None and (report is None or joins):
        report = filing.start(event=session.event, programme_session=session, by=person(), at=clock.now())
        report = reports.for_change(report.number)
    if report is None:
        raise NotFound
    return report


def locked_parts(place: Place) -> tuple[ProgrammeSession | None, Report | None]:
    """The session, then its report if there is one; both locked until the unit of work ends. Raises NotFound."""
    if place.session is None:
        return None, reports.for_change(place.report.number) if place.report is not None else None
    session = locked_session(place.session.id)
    report = reports.of_session(session.id)
    return session, reports.for_change(report.number) if report is not None else None


def locked_session(number: int) -> ProgrammeSession:
    """The same as `stands_for`, locked until the unit of work ends."""
    session = programmes.for_change(number)
    if session is not None and session.joined_to_id is not None:  # since the page was read, or the text was held
        session = programmes.for_change(session.joined_to_id)
    if session is None:
        raise NotFound
    return session


def allow(event: Event) -> None:
    """Raise NotAllowed for somebody who does not write at the event."""
    if not may(people.standing(person(), event.id), Action.START, ReportFacts()):
        raise NotAllowed


def may_write_it(report: Report) -> bool:
    """Whether the person may save drafts of the report."""
    return may_write(people.standing(person(), report.event_id), reports.facts(report, person()))


def stands_for(number: int) -> ProgrammeSession:
    """The session of this number, or the one to which it was joined. Raises NotFound."""
    session = programmes.programme_session(number)
    if session is not None and session.joined_to_id is not None:
        session = programmes.programme_session(session.joined_to_id)
    if session is None:
        raise NotFound
    return session


def _of(report: Report) -> Place:
    session = programmes.programme_session(report.programme_session_id) if report.programme_session_id else None
    if session is not None and reports.of_session(session.id) is report:
        return Place(report.event, session, report, addresses.write_up(session.id))
    return Place(report.event, None, report, addresses.write_report(report.number))
