"""The public pages: no account, no cookie, no script; everything through `queries.published`."""

from collections.abc import Callable, Sequence
from datetime import date
from html import escape
from itertools import groupby

from flask import Blueprint, Response, current_app, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from reporter.models.programme import ProgrammeSession
from reporter.models.taxonomy import Tree
from reporter.queries import programmes, published, taxonomy
from reporter.rules import addresses
from reporter.rules.attribution import takes_report
from reporter.rules.clock import local_day
from reporter.rules.errors import N_, NotFound, Refused, TextRefused
from reporter.rules.published import Listing, PublicSession, PublicWithdrawal
from reporter.rules.report_text import clean
from reporter.rules.selection import PARAMETERS, Selection
from reporter.rules.vocabulary import TermKind
from reporter.text import markup
from reporter.text.slug import slug as slug_of
from reporter.web import found as find
from reporter.web.forms.review import REASONS
from reporter.web.language import _

blueprint = Blueprint("pages", __name__)


@blueprint.after_request
def _revalidate(response: Response) -> Response:
    """Caches may keep a page but must ask each time: nobody sees words that an editor took back."""
    if response.status_code == 200 and request.method in ("GET", "HEAD"):
        response.headers["Cache-Control"] = "no-cache"
        response.add_etag()
        response.make_conditional(request)
    return response


@blueprint.get("/")
def home() -> str:
    """The newest reports, the policy issues and the events."""
    return render_template(
        "pages/home.html",
        listing=published.listing(Selection(), title=_("Newest reports"), size=12),
        issues=taxonomy.policy_issues(),
        counts=published.counts(TermKind.POLICY_ISSUE),
        processes=taxonomy.processes(),
        process_counts=published.counts(TermKind.PROCESS),
        events=[published.event_value(event) for event in programmes.events()],
        selection=Selection(),
    )


@blueprint.get("/reports")
def reports() -> AnyResponse:
    """Any selection; the canonical address of a single term is its own page."""
    pairs = [(name, value) for name, value in request.args.items(multi=True) if name != "page"]
    selection = Selection.from_query(pairs)
    canonical = addresses.selection(selection)
    here = request.full_path.rstrip("?") if not request.args.get("page") else canonical
    if here != canonical:
        return redirect(canonical, 301)
    return make_response(
        render_template(
            "pages/reports.html",
            listing=listing(selection, page=page_number()),
            selection=selection,
            sample=any(find.event(slug).is_sample for slug in selection.events),
        )
    )


@blueprint.get("/reports/<int:number>", defaults={"slug": ""})
@blueprint.get("/reports/<int:number>/<slug>")
def report(number: int, slug: str) -> AnyResponse:
    """A report as an editor approved it; a withdrawn one says so and answers 410."""
    found = published.report(number)
    if isinstance(found, PublicWithdrawal):
        body = render_template("pages/withdrawn.html", withdrawal=found, reason=REASONS[found.reason])
        return make_response(body, 410)
    if slug != found.slug:
        return redirect(addresses.report(number, found.slug), 301)
    return make_response(render_template("pages/report.html", report=found, base_url=base_url()))


@blueprint.get("/events/")
def events() -> str:
    """All events, newest first."""
    return render_template(
        "pages/events.html",
        events=[(published.event_value(event), event.id) for event in programmes.events()],
        counts=published.counts(TermKind.EVENT),
    )


@blueprint.get("/events/<slug>")
def event(slug: str) -> str:
    """An event: its reports, and its programme by day with what is reported."""
    found = find.event(slug)
    selection = whole(Selection.of(events=[slug]))
    sessions = programmes.sessions_of(found.id)
    by_day = groupby(sessions, key=lambda session: local_day(session.starts_at, found.time_zone))
    return render_template(
        "pages/event.html",
        event=published.event_value(found),
        listing=listing(selection, page=page_number()),
        selection=selection,
        days=[
            (day, [(published.session_value(one), one.cancelled_at is not None) for one in held])
            for day, held in by_day
        ],
        reported=published.of_sessions(session.id for session in sessions),
        plans=published.plans(sessions),
    )


@blueprint.get("/events/<slug>/programme")
def programme(slug: str) -> str:
    """The programme of an event by day and, within the day, by room, with what is reported."""
    found = find.event(slug)
    sessions = programmes.sessions_of(found.id)
    return render_template(
        "pages/programme.html",
        event=published.event_value(found),
        days=_by_day_and_room(sessions, found.time_zone),
        reported=published.of_sessions(session.id for session in sessions),
        plans=published.plans(sessions),
    )


@blueprint.get("/sessions/<int:number>", defaults={"slug": ""})
@blueprint.get("/sessions/<int:number>/<slug>")
def programme_session(number: int, slug: str) -> AnyResponse:
    """One session of a programme: when, where, who, and its report."""
    found = programmes.programme_session(number)
    if found is None:
        raise NotFound
    if found.joined_to_id is not None:
        target = programmes.programme_session(found.joined_to_id)
        if target is None:
            raise NotFound
        return redirect(addresses.programme_session(target.id, slug_of(published.session_value(target).title)), 301)
    value = published.session_value(found)
    right = slug_of(value.title)
    if slug != right:
        return redirect(addresses.programme_session(number, right), 301)
    body = render_template(
        "pages/session.html",
        session=value,
        event=published.event_value(found.event),
        description_html=as_html(value.description),
        cancelled=found.cancelled_at is not None,
        speakers=published.speakers_of(found),
        rule=found.rule.value,
        takes_report=takes_report(found.rule),
        report=published.of_sessions([number]).get(number),
        plan=published.plans([found]).get(number),
    )
    return make_response(body)


@blueprint.get("/issues/")
def policy_issues() -> str:
    """Every policy issue, those without a report too: each can be followed from today."""
    return render_template(
        "pages/issues.html", issues=taxonomy.policy_issues(), counts=published.counts(TermKind.POLICY_ISSUE)
    )


@blueprint.get("/issues/<slug>")
def policy_issue(slug: str) -> AnyResponse:
    """What was said on one policy issue, across events."""
    events = [published.event_value(event) for event in programmes.events()]
    return _of_term(
        taxonomy.by_slug(slug), lambda one: Selection.of(policy_issues=[one]), "pages/issue.html", events=events
    )


@blueprint.get("/processes/")
def processes() -> str:
    """Every negotiation or agreement, those without a report too."""
    return render_template(
        "pages/processes.html", processes=taxonomy.processes(), counts=published.counts(TermKind.PROCESS)
    )


@blueprint.get("/processes/<slug>")
def process(slug: str) -> AnyResponse:
    """What was said on one negotiation or agreement, across events."""
    return _of_term(taxonomy.process_by_slug(slug), lambda one: Selection.of(processes=[one]), "pages/process.html")


def _of_term(found: Tree | None, select: Callable[[str], Selection], template: str, **more: object) -> AnyResponse:
    """The page of a subject: its selection, or where it stands now if it was merged."""
    if found is None or found.retired_at is not None:
        raise NotFound
    now = taxonomy.now_called(found)
    if now is not found:
        return redirect(addresses.selection(select(now.slug)), 301)
    selection = whole(select(found.slug))
    return make_response(
        render_template(
            template, term=found, listing=listing(selection, page=page_number()), selection=selection, **more
        )
    )


@blueprint.get("/robots.txt")
def robots() -> Response:
    """The desk is nothing for search engines."""
    return Response("User-agent: *\nDisallow: /desk/\nDisallow: /login\nDisallow: /calendars/\n", mimetype="text/plain")


@blueprint.get("/healthz")
def health() -> Response:
    """Whether the process answers and its database does."""
    return Response(f"ok {published.version()}\n", mimetype="text/plain")


@blueprint.get("/favicon.ico")
def favicon() -> AnyResponse:
    """Browsers ask here whatever a page says."""
    return redirect(url_for("static", filename="icon.svg"), 301)


def as_html(text: str) -> str:
    """`text` as HTML; one that is refused as Markdown is shown as it was typed, for it must not cost the page."""
    try:
        return markup.render(text)
    except TextRefused:
        return f'<p class="as-typed">{escape(clean(text))}</p>'


def page_number() -> int:
    """The page that the address asks for, counted from 1. Raises Refused for what is no page number."""
    asked = request.args.get("page", "1")
    if not (asked.isascii() and asked.isdigit() and 1 <= len(asked) <= 6 and int(asked) >= 1):
        raise Refused(N_("There is no page “%(page)s”. Pages are counted from 1."), page=asked)
    return int(asked)


def listing(selection: Selection, *, page: int = 1, size: int = published.PAGE_SIZE) -> Listing:
    """One page of a selection, with the selection in words as its title."""
    return published.listing(selection, title=in_words(selection), page=page, size=size)


def in_words(selection: Selection) -> str:
    """What a selection holds, as a person would say it. Raises NotFound for a term that does not exist."""
    subjects = [
        _either([_named(taxonomy.by_slug(slug)) for slug in selection.policy_issues]),
        _either([_named(taxonomy.process_by_slug(slug)) for slug in selection.processes]),
    ]
    about = _(" and ").join(subject for subject in subjects if subject)
    events = _either([_named(programmes.event_by_slug(slug)) for slug in selection.events])
    if about and events:
        return _("%(issues)s at %(events)s", issues=about, events=events)
    return about or events or _("All reports")


def whole(selection: Selection) -> Selection:
    """The selection of a page that is one term's, refused where the address asks for less of it as well."""
    for name in PARAMETERS:
        if name in request.args:
            raise Refused(N_("This list cannot be narrowed by “%(name)s”. Use issue, event or process."), name=name)
    return selection


def base_url() -> str:
    """The public base address; never what a request claims it to be."""
    return str(current_app.config["REPORTER"].base_url).rstrip("/")


def _either(names: list[str]) -> str:
    return _(" or ").join(names)


def _named(term: object) -> str:
    name = getattr(term, "name", None)
    if name is None:
        raise NotFound
    return str(name)


def _by_day_and_room(
    sessions: Sequence[ProgrammeSession], time_zone: str
) -> list[tuple[date, list[tuple[str, list[tuple[PublicSession, bool]]]]]]:
    """(day, [(room, [(session, whether it is cancelled)])]); rooms in the programme's order."""
    days: dict[date, dict[str, list[tuple[PublicSession, bool]]]] = {}
    for one in sorted(sessions, key=lambda held: (held.room.position if held.room else -1, held.starts_at, held.id)):
        rooms = days.setdefault(local_day(one.starts_at, time_zone), {})
        rooms.setdefault(one.room.name if one.room else "", []).append(
            (published.session_value(one), one.cancelled_at is not None)
        )
    return [(day, list(rooms.items())) for day, rooms in sorted(days.items())]
