"""The board: who covers what, and what is missing, one day at a time; and the editors' decisions on it."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from urllib.parse import parse_qsl

from flask import Blueprint, flash, make_response, redirect, render_template, request
from flask_babel import ngettext
from werkzeug.wrappers import Response

from reporter.models.database import unit_of_work
from reporter.models.event import Event
from reporter.newsroom import coverage as verbs
from reporter.queries import coverage, people, programmes
from reporter.rules import addresses, clock
from reporter.rules.clock import local_day
from reporter.rules.coverage import CoverageFilter, CoverageLine, board_query, figures, grid
from reporter.rules.errors import N_, EditConflict, NotAllowed, NotFound, Refused
from reporter.rules.vocabulary import Cover, Coverage, PublicState, WorkState
from reporter.web import found as find
from reporter.web.accounts import person, signed_in
from reporter.web.errors import status_of
from reporter.web.forms.coverage import DECISIONS, STATES, BoardForm, CoverForm, TickedForm
from reporter.web.language import _, at_event, explain
from reporter.web.language import clock as time_of

blueprint = Blueprint("coverage", __name__)

LIST = "list"
DONE = frozenset({Coverage.FILED, Coverage.APPROVED, Coverage.PUBLISHED, Coverage.NOT_COVERED})
SECONDS = 30  # between two looks of a page that stays open


@blueprint.get("/desk/coverage/<slug>")
@signed_in
def board(slug: str) -> str:
    """One day of an event: rooms × time, or as a list; each session with its state and who covers it."""
    return _page(find.event(slug), list(request.args.items(multi=True)))


@blueprint.post("/desk/coverage/<slug>")
@signed_in
def decide_several(slug: str) -> Response:
    """The same decision for every session that was ticked: for all of them or for none."""
    found, form = find.event(slug), TickedForm()
    if not people.standing(person(), found.id).editor:
        raise NotAllowed
    try:
        numbers = {int(one) for one in form.sessions.data or () if one.isascii() and one.isdigit() and len(one) < 10}
        if not numbers:
            raise Refused(N_("Tick at least one session."))
        cover = _cover(form.cover.data)
        with unit_of_work():
            _decide(numbers, cover, event=found)
    except (Refused, EditConflict) as error:
        page = _page(found, _back(form), sentence=explain(error), ticked=form.sessions.data or ())
        return make_response(page, status_of(error))
    flash(ngettext("Decided for %(num)s session.", "Decided for %(num)s sessions.", len(numbers)))
    return redirect(addresses.coverage(slug, _query(_back(form))), 303)


@blueprint.post("/desk/sessions/<int:number>/cover")
@signed_in
def decide(number: int) -> Response:
    """Whether this session gets a report."""
    found, form = find.session(number), CoverForm()
    if not people.standing(person(), found.event_id).editor:
        raise NotAllowed
    slug, title, cover = found.event.slug, found.title, _cover(form.cover.data)
    with unit_of_work():
        _decide({number}, cover, event=found.event)
    flash(_("“%(title)s”: %(decision)s", title=title, decision=DECISIONS[cover]))
    return redirect(f"{addresses.coverage(slug, _query(_back(form)))}#session-{number}", 303)


def _decide(numbers: set[int], cover: Cover, *, event: Event) -> None:
    event_id = event.id
    for number in sorted(numbers):  # in one order everywhere, so that two editors never wait for each other
        session = find.locked_session(number)
        if session.event_id != event_id:
            raise NotFound
        verbs.decide_cover(session, cover, by=person(), at=clock.now())


def _cover(value: str | None) -> Cover:
    try:
        return Cover(value or "")
    except ValueError as error:
        raise Refused(N_("Choose what is decided: must be covered, if possible, no report, or not decided.")) from error


def _page(event: Event, asked: Sequence[tuple[str, str]], *, sentence: str = "", ticked: Sequence[str] = ()) -> str:
    standing = people.standing(person(), event.id)
    if not standing.staff:
        raise NotAllowed
    now, chosen = clock.now(), CoverageFilter.of(asked)
    lines = coverage.of_event(event.id, at=now)
    by_day = _by_day(lines, event.time_zone)
    day = _day(dict(asked).get("day", ""), list(by_day), now=now, time_zone=event.time_zone)
    here = by_day.get(day, []) if day else []
    shown = [line for line in here if chosen.holds(line, me=person().id)]
    rooms, tracks = programmes.rooms(event.id), programmes.tracks(event.id)
    form_name = LIST if dict(asked).get("form") == LIST else ""
    form = BoardForm()
    form.offer(lines, rooms, tracks)
    form.show(chosen, day=day, form=form_name)
    columns, rows = grid(shown, [room.id for room in rooms])
    day_text = day.isoformat() if day else ""
    return render_template(
        "coverage/board.html",
        event=event,
        day=day,
        days=[(one, addresses.coverage(event.slug, board_query(one.isoformat(), form_name, chosen))) for one in by_day],
        shown=shown,
        columns=columns,
        rows=rows,
        here=addresses.coverage(event.slug, board_query(day_text, form_name, chosen)),
        other_form=addresses.coverage(event.slug, board_query(day_text, "" if form_name else LIST, chosen)),
        everything=addresses.coverage(event.slug, board_query(day_text, form_name, CoverageFilter())),
        back=board_query(day_text, form_name, chosen),
        as_list=bool(form_name),
        form=form,
        filtered=bool(chosen),
        decide_form=TickedForm(formdata=None),
        edits=standing.editor,
        acts={line.number: _act(line, editor=standing.editor) for line in shown},
        reasons={line.number: _reason(line) for line in shown if line.stands is Coverage.NOT_COVERED},
        figures=[(_("This day"), figures(here)), (_("Whole event"), figures(lines))],
        due={line.number: _due(line, event.time_zone) for line in shown},
        states=STATES,
        decisions=DECISIONS,
        as_of=clock.local(now, event.time_zone).strftime("%H:%M:%S"),
        seconds=SECONDS,
        sentence=sentence,
        ticked=frozenset(ticked),
    )


def _by_day(lines: Sequence[CoverageLine], time_zone: str) -> Mapping[date, list[CoverageLine]]:
    days: dict[date, list[CoverageLine]] = {}
    for line in lines:
        days.setdefault(local_day(line.starts_at, time_zone), []).append(line)
    return days


def _day(asked: str, days: Sequence[date], *, now: datetime, time_zone: str) -> date | None:
    """The day that is asked for; by itself the present one at the event, else the first of the programme."""
    if not asked:
        today = local_day(now, time_zone)
        return today if today in days else next(iter(days), None)
    try:
        day = date.fromisoformat(asked)
    except ValueError as error:
        raise Refused(N_("There is no day “%(day)s”. Write it like 2023-12-04."), day=asked) from error
    if day not in days:
        raise NotFound(N_("The programme has no session on this day. Choose another one on the board."))
    return day


def _act(line: CoverageLine, *, editor: bool) -> str:
    """Where one acts on this session; "" where there is nothing to do."""
    report = line.report
    handed_in = report is not None and (report.public is not PublicState.NEVER or report.work is not WorkState.DRAFT)
    if editor and line.report_number is not None and handed_in:
        return addresses.review(line.report_number)
    return addresses.write_up(line.number) if line.report_number is not None or line.session.takes_place else ""


def _due(line: CoverageLine, time_zone: str) -> str:
    """Until when the report is due, where that still matters; with its day where that is another one."""
    if line.stands in DONE:
        return ""
    same_day = local_day(line.due_at, time_zone) == local_day(line.starts_at, time_zone)
    return time_of(line.due_at, time_zone) if same_day else at_event(line.due_at, time_zone)


def _reason(line: CoverageLine) -> str:
    """Why there is no report, in plain words."""
    if line.session.cancelled:
        return _("cancelled")
    if not line.session.takes_place:
        return _("closed")
    if line.report is not None and line.report.public is PublicState.WITHDRAWN:
        return _("withdrawn")
    return _("decided") if line.session.cover is Cover.NOT else _("not decided")


def _back(form: CoverForm) -> list[tuple[str, str]]:
    """What of the board was shown, as the form tells it; only what the board itself understands is kept of it."""
    return parse_qsl(form.back.data or "")


def _query(asked: Sequence[tuple[str, str]]) -> str:
    given = dict(asked)
    return board_query(given.get("day", ""), LIST if given.get("form") == LIST else "", CoverageFilter.of(asked))
