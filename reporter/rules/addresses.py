"""The address of everything, as paths. Mail, feeds and the worker need them without a request.

Addresses are a contract: they never change. `tests/test_addresses.py` holds each against the web's url map.
"""

from typing import Literal
from urllib.parse import quote

from reporter.rules.selection import Selection

FeedFormat = Literal["rss", "atom"]
FEED_FORMATS: tuple[FeedFormat, ...] = ("rss", "atom")


def absolute(base_url: str, path: str) -> str:
    """`path` under the public base address of this installation."""
    return base_url.rstrip("/") + path


def home() -> str:
    return "/"


def reports() -> str:
    return "/reports"


def report(number: int, slug: str) -> str:
    """A report's page: the number never changes, the slug follows the headline."""
    return f"/reports/{number}/{quote(slug)}" if slug else f"/reports/{number}"


def events() -> str:
    return "/events/"


def event(slug: str) -> str:
    return f"/events/{quote(slug)}"


def programme(event_slug: str) -> str:
    """An event's programme by day and room."""
    return f"/events/{quote(event_slug)}/programme"


def programme_calendar(event_slug: str) -> str:
    """The same as a calendar, for whoever follows an event in their own."""
    return f"{programme(event_slug)}.ics"


def calendar(token: str) -> str:
    """What somebody of the staff covers, as a calendar; whoever has the token can read it."""
    return f"/calendars/{quote(token)}.ics"


def programme_session(number: int, slug: str) -> str:
    return f"/sessions/{number}/{quote(slug)}" if slug else f"/sessions/{number}"


def policy_issues() -> str:
    return "/issues/"


def policy_issue(slug: str) -> str:
    return f"/issues/{quote(slug)}"


def processes() -> str:
    return "/processes/"


def process(slug: str) -> str:
    return f"/processes/{quote(slug)}"


def selection(chosen: Selection) -> str:
    """A single term's canonical address is its page; everything else is /reports with sorted parameters."""
    terms = (*chosen.policy_issues, *chosen.events, *chosen.processes)
    if len(terms) == 1:
        page = policy_issue if chosen.policy_issues else event if chosen.events else process
        return page(terms[0])
    query = chosen.query()
    return reports() + (f"?{query}" if query else "")


def feed(chosen: Selection, kind: FeedFormat) -> str:
    """The feed of a selection: the same address with the format's ending, before any parameters."""
    path, mark, query = selection(chosen).partition("?")
    return f"{path}.{kind}{mark}{query}"


def health() -> str:
    return "/healthz"


def robots() -> str:
    return "/robots.txt"


def sign_in() -> str:
    return "/login"


def sign_out() -> str:
    return "/logout"


def desk() -> str:
    return "/desk/"


def desk_programme(event_slug: str) -> str:
    """An event's programme on the desk."""
    return f"/desk/programme/{quote(event_slug)}"


def coverage(event_slug: str, query: str = "") -> str:
    """The board that shows who covers what; `query` chooses the day, the form and what is shown."""
    return f"/desk/coverage/{quote(event_slug)}" + (f"?{query}" if query else "")


def decide_cover(session_number: int) -> str:
    """Where editors say whether a session gets a report."""
    return f"/desk/sessions/{session_number}/cover"


def import_programme(event_slug: str) -> str:
    """Where a programme file is read into an event."""
    return f"/desk/programme/{quote(event_slug)}/import"


def programme_import(event_slug: str, number: int) -> str:
    """What applying a programme file would do."""
    return f"/desk/programme/{quote(event_slug)}/import/{number}"


def assignments(event_slug: str, day: str = "") -> str:
    """Who covers which session of an event, one day (2023-12-04) at a time."""
    return f"/desk/programme/{quote(event_slug)}/assignments" + (f"?day={quote(day)}" if day else "")


def duty(event_slug: str) -> str:
    """Who leads an event, and who is on duty."""
    return f"/desk/duty/{quote(event_slug)}"


def read_notices() -> str:
    """Where everything that somebody was told is marked as read."""
    return "/desk/notices/read"


def read_notice(number: int) -> str:
    """Where one notice is marked as read."""
    return f"/desk/notices/{number}/read"


def new_event() -> str:
    """Where an event is added."""
    return "/desk/events/new"


def event_details(event_slug: str) -> str:
    """What an event is called, where and when it is, and how its reports are due."""
    return f"/desk/programme/{quote(event_slug)}/event"


def new_session(event_slug: str) -> str:
    """Where a session is added to a programme by hand."""
    return f"/desk/programme/{quote(event_slug)}/sessions/new"


def edit_session(event_slug: str, number: int) -> str:
    """Where a session of a programme is changed by hand."""
    return f"/desk/programme/{quote(event_slug)}/sessions/{number}"


def people() -> str:
    """Accounts and roles."""
    return "/desk/people/"


def write_up(session_number: int) -> str:
    """Where the report of a session is written."""
    return f"/desk/sessions/{session_number}/report"


def desk_report(number: int) -> str:
    return f"/desk/reports/{number}"


def desk_draft(number: int) -> str:
    """The newest draft of a report, as its page would look."""
    return f"/desk/reports/{number}/draft"


def together(number: int) -> str:
    """Where a text that clashed is brought together with the working text."""
    return f"/desk/reports/{number}/together"


def saves(place: str) -> str:
    """Where the page at the address `place`, on which a report is written, sends what was typed."""
    return f"{place}/saves"


def tighten(session_number: int) -> str:
    """Where a rapporteur puts a session under a stricter rule."""
    return f"/desk/sessions/{session_number}/rule"


def ready() -> str:
    """What a device should keep ready for writing without a network."""
    return "/desk/ready"


def paste() -> str:
    """Where pasted text becomes Markdown."""
    return "/desk/paste"


def upload() -> str:
    """Where a document becomes Markdown."""
    return "/desk/upload"


def preview_draft() -> str:
    """Where Markdown becomes what the public page would show."""
    return "/desk/preview"


def held_text(number: int) -> str:
    """A text that could not become part of its report."""
    return f"/desk/held/{number}"


def draft_history(number: int) -> str:
    """Every save of a report, to look at, compare and restore."""
    return f"/desk/reports/{number}/saves"


def desk_save(number: int, sequence: int) -> str:
    """One save of a report's draft."""
    return f"/desk/reports/{number}/saves/{sequence}"


def desk_text(number: int, revision: int) -> str:
    """One text of a report that was handed in, revised, corrected or merged."""
    return f"/desk/reports/{number}/texts/{revision}"


def write_report(number: int) -> str:
    """Where a report without a session is written."""
    return f"/desk/reports/{number}/write"


def new_report(event_slug: str) -> str:
    """Where a report of no session, or of an unlisted one, begins."""
    return f"/desk/reports/new?event={quote(event_slug)}"


def review_queue() -> str:
    return "/desk/review/"


def review(number: int) -> str:
    return f"/desk/review/{number}"


def waive_names(number: int) -> str:
    """Where editors record why names may stay in a text."""
    return f"/desk/review/{number}/names"


def tag_uri(authority: str, year: int, number: int) -> str:
    """The permanent id of a report in every feed (RFC 4151): made from its number, independent of slug and text.

    `authority` is a host name that belongs to this installation; `year` the one in which the report was first public.
    """
    return f"tag:{authority},{year}:report/{number}"
