"""Every address there is: what takes it, who may use it, and where its spelling comes from."""

import inspect
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import uuid4

import factories as make
import pytest
from flask import Flask
from navigator import Navigator, check_page, parsed
from sqlalchemy import select
from werkzeug.test import TestResponse

from reporter.models.database import db, unit_of_work
from reporter.models.event import Event
from reporter.models.people import RoleGrant, User
from reporter.models.programme import ProgrammeSession
from reporter.models.taxonomy import Process
from reporter.newsroom import assignment, held_texts, programme_import, taxonomy
from reporter.newsroom import people as newsroom
from reporter.newsroom.taxonomy import TermDraft
from reporter.queries import draft_saves
from reporter.queries import reports as desk_reports
from reporter.rules import addresses
from reporter.rules.selection import Selection
from reporter.rules.vocabulary import HeldCause, Role, SessionRule

NOBODY, NO_ROLE, ADMINISTRATOR = "nobody", "no role", "administrator"
OWNER, RAPPORTEUR, EDITOR = "its rapporteur", "another rapporteur of the event", "editor"
ELSEWHERE = ("rapporteur of another event", "editor of another event")
SPARE = "editor and administrator"  # whose grant the table takes away
EVERYBODY = (NOBODY, NO_ROLE, ADMINISTRATOR, *ELSEWHERE, OWNER, RAPPORTEUR, EDITOR)

PUBLIC = frozenset(EVERYBODY)
SIGNED_IN = PUBLIC - {NOBODY}
STAFF = frozenset({OWNER, RAPPORTEUR, EDITOR})
ITS_WRITERS = frozenset({OWNER, EDITOR})
EDITORS = frozenset({EDITOR})
ITS_LEADERS = frozenset({EDITOR, ADMINISTRATOR})
ADMINISTRATORS = frozenset({ADMINISTRATOR})
ANY_EDITOR = frozenset({EDITOR, "editor of another event"})

ANSWERS = "/desk/sessions/<int:number>/<any(take, accept, decline):act>"
SESSION = "/desk/programme/<slug>/sessions/<int:number>"
# Stale: a revision that does not wait.
NEVER_READ = {"act": "approve", "revision": "9", "note": "Why."}
PROGRAMME = b"""BEGIN:VCALENDAR\r
VERSION:2.0\r
PRODID:-//tests//\r
BEGIN:VEVENT\r
UID:one@example.org\r
DTSTAMP:20231201T000000Z\r
DTSTART:20231205T090000Z\r
DTEND:20231205T100000Z\r
SUMMARY:From the file\r
END:VEVENT\r
END:VCALENDAR\r
"""
# The reports of `world`, by number.
SHOWN, WAITING, TAKEN_BACK, WRITTEN, WRAP_UP = 1, 2, 3, 4, 5


@dataclass(frozen=True)
class Row:
    """One line of the table: an address, and what those in `who` get there with `method`.

    Nobody else may: who is not signed in is sent to sign in (GET) or asked to (401; so is a `script`, always),
    everybody else gets a 403. What is posted changes nothing that another line rests on.
    """

    pattern: str
    method: str
    who: frozenset[str]
    address: str
    status: int
    typed: Mapping[str, str] = field(default_factory=dict)
    script: bool = False


TABLE = (
    Row("/", "GET", PUBLIC, "/", 200),
    Row("/reports", "GET", PUBLIC, "/reports", 200),
    Row("/reports", "GET", PUBLIC, "/reports?event=forum&issue=data-flows", 200),
    Row("/reports", "GET", PUBLIC, "/reports?issue=data-flows", 301),
    Row("/reports.<any(rss, atom):kind>", "GET", PUBLIC, "/reports.rss", 200),
    Row("/reports.<any(rss, atom):kind>", "GET", PUBLIC, "/reports.atom?issue=data-flows", 301),
    Row("/reports/<int:number>", "GET", PUBLIC, f"/reports/{SHOWN}", 301),
    Row("/reports/<int:number>", "GET", PUBLIC, f"/reports/{WAITING}", 404),
    Row("/reports/<int:number>", "GET", PUBLIC, f"/reports/{TAKEN_BACK}", 410),
    Row("/reports/<int:number>", "GET", PUBLIC, f"/reports/{WRITTEN}", 404),
    Row("/reports/<int:number>/<slug>", "GET", PUBLIC, f"/reports/{SHOWN}/shown-to-all", 200),
    Row("/reports/<int:number>/<slug>", "GET", PUBLIC, f"/reports/{SHOWN}/wrong", 301),
    Row("/reports/<int:number>/<slug>", "GET", PUBLIC, f"/reports/{WAITING}/waiting-for-an-editor", 404),
    Row("/events/", "GET", PUBLIC, "/events/", 200),
    Row("/events/<slug>", "GET", PUBLIC, "/events/forum", 200),
    Row("/events/<slug>", "GET", PUBLIC, "/events/none", 404),
    Row("/events/<slug>/programme", "GET", PUBLIC, "/events/forum/programme", 200),
    Row("/events/<slug>/programme.ics", "GET", PUBLIC, "/events/forum/programme.ics", 200),
    Row("/calendars/<token>.ics", "GET", PUBLIC, "/calendars/5-guessed.ics", 404),
    Row("/events/<slug>.<any(rss, atom):kind>", "GET", PUBLIC, "/events/forum.atom", 200),
    Row("/sessions/<int:number>", "GET", PUBLIC, "/sessions/1", 301),
    Row("/sessions/<int:number>/<slug>", "GET", PUBLIC, "/sessions/1/first", 200),
    Row("/issues/", "GET", PUBLIC, "/issues/", 200),
    Row("/issues/<slug>", "GET", PUBLIC, "/issues/data-flows", 200),
    Row("/issues/<slug>", "GET", PUBLIC, "/issues/none", 404),
    Row("/issues/<slug>.<any(rss, atom):kind>", "GET", PUBLIC, "/issues/data-flows.rss", 200),
    Row("/processes/", "GET", PUBLIC, "/processes/", 200),
    Row("/processes/<slug>", "GET", PUBLIC, "/processes/e-commerce", 200),
    Row("/processes/<slug>", "GET", PUBLIC, "/processes/none", 404),
    Row("/processes/<slug>.<any(rss, atom):kind>", "GET", PUBLIC, "/processes/e-commerce.atom", 200),
    Row("/robots.txt", "GET", PUBLIC, "/robots.txt", 200),
    Row("/healthz", "GET", PUBLIC, "/healthz", 200),
    Row("/favicon.ico", "GET", PUBLIC, "/favicon.ico", 301),
    Row("/static/<path:filename>", "GET", PUBLIC, "/static/reporter.css", 200),
    Row("/login", "GET", frozenset({NOBODY}), "/login", 200),
    Row("/login", "GET", SIGNED_IN, "/login", 302),
    Row("/login", "POST", frozenset({NOBODY}), "/login", 200),
    Row("/login", "POST", SIGNED_IN, "/login", 302),
    Row("/logout", "POST", PUBLIC, "/logout", 302),
    # Flask-Security always adds it; there is nothing behind it.
    Row("/verify", "GET", PUBLIC, "/verify", 404),
    Row("/verify", "POST", PUBLIC, "/verify", 404),
    Row("/desk/", "GET", SIGNED_IN, "/desk/", 200),
    Row("/desk/offline", "GET", SIGNED_IN, "/desk/offline", 200),
    Row("/desk/ready", "GET", SIGNED_IN, "/desk/ready", 200, script=True),
    Row("/desk/sw.js", "GET", PUBLIC, "/desk/sw.js", 200),
    Row("/desk/preview", "POST", SIGNED_IN, "/desk/preview", 200, {"body": "**Text**"}),
    Row("/desk/paste", "POST", SIGNED_IN, "/desk/paste", 200, {"plain": "Text"}),
    Row("/desk/upload", "POST", SIGNED_IN, "/desk/upload", 400),
    Row("/desk/held/<int:number>", "GET", ITS_WRITERS, "/desk/held/1", 200),
    Row("/desk/held/<int:number>", "POST", ITS_WRITERS, "/desk/held/1", 409, {"act": "attach"}),
    Row("/desk/events/new", "GET", ADMINISTRATORS, "/desk/events/new", 200),
    Row("/desk/events/new", "POST", ADMINISTRATORS, "/desk/events/new", 400, {"name": "Without a time zone"}),
    Row("/desk/programme/<slug>/event", "GET", ITS_LEADERS, "/desk/programme/forum/event", 200),
    Row("/desk/programme/<slug>/event", "POST", ITS_LEADERS, "/desk/programme/forum/event", 400, {"name": "Only this"}),
    Row("/desk/programme/<slug>/sessions/new", "GET", EDITORS, "/desk/programme/forum/sessions/new", 200),
    Row("/desk/programme/<slug>/sessions/new", "POST", EDITORS, "/desk/programme/forum/sessions/new", 400),
    Row(SESSION, "GET", EDITORS, "/desk/programme/forum/sessions/1", 200),
    Row(SESSION, "GET", ANY_EDITOR - EDITORS, "/desk/programme/other/sessions/1", 404),
    Row(SESSION, "POST", EDITORS, "/desk/programme/forum/sessions/1", 400, {"title": "Without a time"}),
    Row(SESSION + "/release", "POST", EDITORS, "/desk/programme/forum/sessions/1/release", 303),
    Row(SESSION + "/join", "POST", EDITORS, "/desk/programme/forum/sessions/1/join", 400),
    Row("/desk/programme/<slug>", "GET", STAFF, "/desk/programme/forum", 200),
    Row("/desk/programme/<slug>/import", "GET", EDITORS, "/desk/programme/forum/import", 200),
    Row("/desk/programme/<slug>/import", "POST", EDITORS, "/desk/programme/forum/import", 400),
    Row("/desk/programme/<slug>/import/<int:number>", "GET", EDITORS, "/desk/programme/forum/import/1", 200),
    Row("/desk/programme/<slug>/import/<int:number>", "POST", EDITORS, "/desk/programme/forum/import/9", 404),
    Row(
        "/desk/programme/<slug>/import/<int:number>/columns",
        "POST",
        EDITORS,
        "/desk/programme/forum/import/9/columns",
        404,
    ),
    Row("/desk/programme/<slug>/import/stop", "POST", EDITORS, "/desk/programme/forum/import/stop", 303),
    Row("/desk/coverage/<slug>", "GET", STAFF, "/desk/coverage/forum", 200),
    Row("/desk/coverage/<slug>", "GET", STAFF, "/desk/coverage/forum?form=list", 200),
    Row("/desk/coverage/<slug>", "POST", EDITORS, "/desk/coverage/forum", 400, {"cover": "must"}),
    Row("/desk/sessions/<int:number>/cover", "POST", EDITORS, "/desk/sessions/1/cover", 303, {"cover": "undecided"}),
    Row("/desk/programme/<slug>/assignments", "GET", EDITORS, "/desk/programme/forum/assignments?day=2023-12-04", 200),
    Row("/desk/sessions/<int:number>/assign", "POST", EDITORS, "/desk/sessions/5/assign", 409, {"user": "6"}),
    Row("/desk/sessions/<int:number>/assign", "POST", EDITORS, "/desk/sessions/3/assign", 400, {"user": "1"}),
    Row("/desk/sessions/<int:number>/lead", "POST", EDITORS, "/desk/sessions/3/lead", 409, {"user": "6"}),
    Row("/desk/sessions/<int:number>/take-away", "POST", EDITORS, "/desk/sessions/3/take-away", 409, {"user": "6"}),
    Row("/desk/sessions/<int:number>/hand-over", "POST", EDITORS, "/desk/sessions/3/hand-over", 409,
        {"user": "5", "to": "6"}),
    Row("/desk/sessions/<int:number>/hand-over", "POST", frozenset({OWNER}), "/desk/sessions/4/hand-over", 400,
        {"to": "1"}),
    Row(ANSWERS, "POST", STAFF, "/desk/sessions/5/take", 409),
    Row(ANSWERS, "POST", frozenset({OWNER}), "/desk/sessions/4/accept", 303),
    Row(ANSWERS, "POST", frozenset({OWNER}), "/desk/sessions/4/decline", 400, {"note": "n" * 501}),
    Row("/desk/duty/<slug>", "GET", ITS_LEADERS, "/desk/duty/forum", 200),
    Row("/desk/duty/<slug>", "POST", EDITORS, "/desk/duty/forum", 303, {"act": "off"}),
    Row("/desk/duty/<slug>", "POST", EDITORS, "/desk/duty/forum", 400, {"act": "for ever"}),
    Row("/desk/duty/<slug>/lead", "POST", ITS_LEADERS, "/desk/duty/forum/lead", 400, {"user": "5"}),
    Row("/desk/notices/read", "POST", SIGNED_IN, "/desk/notices/read", 303, {"newest": "9"}),
    Row("/desk/notices/<int:number>/read", "POST", SIGNED_IN, "/desk/notices/99/read", 404),
    Row("/desk/people/", "GET", ADMINISTRATORS, "/desk/people/", 200),
    Row("/desk/people/", "POST", ADMINISTRATORS, "/desk/people/", 400, {"role": "none"}),
    Row("/desk/people/<int:number>/disable", "POST", ADMINISTRATORS, "/desk/people/99/disable", 404),
    Row("/desk/people/<int:number>/revoke/<int:grant>", "POST", ADMINISTRATORS, "/desk/people/8/revoke/7", 303),
    Row("/desk/people/remove-samples", "POST", ADMINISTRATORS, "/desk/people/remove-samples", 303),
    Row("/desk/reports/new", "GET", STAFF, "/desk/reports/new?event=forum", 200),
    Row("/desk/reports/new", "POST", STAFF, "/desk/reports/new?event=forum", 400, {"title": "Without a time"}),
    Row("/desk/sessions/<int:number>/report", "GET", STAFF, "/desk/sessions/2/report", 200),
    Row("/desk/sessions/<int:number>/report", "POST", ITS_WRITERS, "/desk/sessions/2/report", 303, {"headline": "On"}),
    Row("/desk/sessions/<int:number>/report", "POST", STAFF, "/desk/sessions/5/report", 409, {"headline": "Closed"}),
    # What arrives from a device is refused to nobody who says whose it is; this does not.
    Row("/desk/sessions/<int:session>/report/saves", "POST", SIGNED_IN, "/desk/sessions/2/report/saves", 409),
    Row("/desk/reports/<int:number>/write/saves", "POST", SIGNED_IN, f"/desk/reports/{WRAP_UP}/write/saves", 409),
    Row("/desk/sessions/<int:session>/report/saves", "GET", STAFF, "/desk/sessions/2/report/saves", 200, script=True),
    Row("/desk/reports/<int:number>/write/saves", "GET", ITS_WRITERS, f"/desk/reports/{WRAP_UP}/write/saves?after=0",
        200, script=True),
    Row("/desk/sessions/<int:session>/report/checks", "POST", STAFF, "/desk/sessions/2/report/checks", 200),
    Row("/desk/reports/<int:number>/write/checks", "POST", ITS_WRITERS, f"/desk/reports/{WRAP_UP}/write/checks", 200),
    Row("/desk/sessions/<int:number>/rule", "POST", ITS_WRITERS, "/desk/sessions/4/rule", 303,
        {"rule": "on_the_record"}),
    Row("/desk/reports/<int:number>/together", "POST", ITS_WRITERS, f"/desk/reports/{WRITTEN}/together", 404,
        {"save": "9"}),
    Row("/desk/reports/<int:number>", "GET", ITS_WRITERS, f"/desk/reports/{WAITING}", 200),
    Row("/desk/reports/<int:number>", "GET", ITS_WRITERS, f"/desk/reports/{WRITTEN}", 200),
    Row("/desk/reports/<int:number>/draft", "GET", ITS_WRITERS, f"/desk/reports/{WRITTEN}/draft", 200),
    Row("/desk/reports/<int:number>/texts/<int:revision>", "GET", ITS_WRITERS, f"/desk/reports/{WAITING}/texts/1", 200),
    Row("/desk/reports/<int:number>/texts/<int:revision>", "GET", ITS_WRITERS, f"/desk/reports/{WRITTEN}/texts/1", 404),
    Row("/desk/reports/<int:number>/saves", "GET", ITS_WRITERS, f"/desk/reports/{WRITTEN}/saves", 200),
    Row("/desk/reports/<int:number>/saves/<int:sequence>", "POST", ITS_WRITERS, f"/desk/reports/{WRITTEN}/saves/9",
        404),
    Row("/desk/reports/<int:number>/saves/<int:sequence>", "GET", ITS_WRITERS, f"/desk/reports/{WRITTEN}/saves/1", 200),
    Row("/desk/reports/<int:number>/saves/<int:sequence>", "GET", ITS_WRITERS, f"/desk/reports/{WRITTEN}/saves/9", 404),
    Row("/desk/reports/<int:number>/write", "GET", ITS_WRITERS, f"/desk/reports/{WRAP_UP}/write", 200),
    Row("/desk/reports/<int:number>/write", "POST", ITS_WRITERS, f"/desk/reports/{WRAP_UP}/write", 303, {"lead": "On"}),
    Row("/desk/reports/<int:number>/<act>", "POST", frozenset({OWNER}), f"/desk/reports/{SHOWN}/recall", 409),
    Row("/desk/reports/<int:number>/<act>", "POST", ITS_WRITERS, f"/desk/reports/{WAITING}/amend", 409),
    Row("/desk/reports/<int:number>/<act>", "POST", ITS_WRITERS, f"/desk/reports/{WAITING}/drop", 409),
    Row("/desk/reports/<int:number>/<act>", "POST", EDITORS, f"/desk/reports/{SHOWN}/discard", 409),
    Row("/desk/reports/<int:number>/<act>", "POST", EDITORS, f"/desk/reports/{WAITING}/restore", 409),
    Row("/desk/review/", "GET", ANY_EDITOR, "/desk/review/", 200),
    Row("/desk/review/<int:number>", "GET", EDITORS, f"/desk/review/{WAITING}", 200),
    Row("/desk/review/<int:number>", "POST", EDITORS, f"/desk/review/{WAITING}", 409, {"act": "unapprove"}),
    Row("/desk/review/<int:number>", "POST", EDITORS, f"/desk/review/{WAITING}", 409, NEVER_READ),
    Row("/desk/review/<int:number>/names", "POST", EDITORS, f"/desk/review/{WAITING}/names", 409, NEVER_READ),
    Row(
        "/desk/review/<int:number>/withdraw",
        "POST",
        EDITORS,
        f"/desk/review/{WAITING}/withdraw",
        409,
        {"reason": "inaccurate", "note": "Why."},
    ),
    Row("/desk/review/<int:number>/revise", "GET", EDITORS, f"/desk/review/{WAITING}/revise", 200),
    Row("/desk/review/<int:number>/revise", "POST", EDITORS, f"/desk/review/{WAITING}/revise", 409, NEVER_READ),
    Row("/desk/review/<int:number>/correct", "GET", EDITORS, f"/desk/review/{SHOWN}/correct", 200),
    Row("/desk/review/<int:number>/correct", "POST", EDITORS, f"/desk/review/{SHOWN}/correct", 409, NEVER_READ),
    Row("/desk/review/<int:number>/reinstate", "POST", EDITORS, f"/desk/review/{SHOWN}/reinstate", 409),
)  # fmt: skip

# What stands in a pattern, each with what makes an address of the pattern that is there.
PLACES = {
    "<int:number>": str(SHOWN),
    "<int:session>": "1",
    "<int:revision>": "1",
    "<int:sequence>": "1",
    "<int:grant>": "1",
    "<slug>": "forum",
    "<act>": "recall",
    "<token>": "5-guessed",
    "<path:filename>": "reporter.css",
    "<any(rss, atom):kind>": "rss",
    "<any(take, accept, decline):act>": "accept",
}
JUNK = (
    "%00", "a%00b", "%FF", "%C3%28", "%ED%A0%80", "%2e%2e%2f", "%0d%0aX-Made:%20up", "%E2%80%AE", "'%20OR%201=1--",
    "%25", "%", "%zz", "<script>", "a" * 5_000, "数据", "..;", "%5c", "*", "-1", "1e3", "0x1", "+1", "1.5", "٣", "0",
)  # fmt: skip

# What each function of rules/addresses.py answers, and the endpoint behind it.
SPELLED = {
    "home": (addresses.home(), "pages.home"),
    "reports": (addresses.reports(), "pages.reports"),
    "report": (addresses.report(7, "é-1"), "pages.report"),
    "events": (addresses.events(), "pages.events"),
    "event": (addresses.event("forum"), "pages.event"),
    "programme": (addresses.programme("forum"), "pages.programme"),
    "programme_calendar": (addresses.programme_calendar("forum"), "calendar.programme"),
    "calendar": (addresses.calendar("5-guessed"), "calendar.own"),
    "programme_session": (addresses.programme_session(7, "opening"), "pages.programme_session"),
    "policy_issues": (addresses.policy_issues(), "pages.policy_issues"),
    "policy_issue": (addresses.policy_issue("data-flows"), "pages.policy_issue"),
    "processes": (addresses.processes(), "pages.processes"),
    "process": (addresses.process("e-commerce"), "pages.process"),
    "selection": (addresses.selection(Selection.of(policy_issues=["a", "b"])), "pages.reports"),
    "feed": (addresses.feed(Selection(), "atom"), "feeds.reports"),
    "health": (addresses.health(), "pages.health"),
    "robots": (addresses.robots(), "pages.robots"),
    "sign_in": (addresses.sign_in(), "security.login"),
    "sign_out": (addresses.sign_out(), "security.logout"),
    "desk": (addresses.desk(), "desk.home"),
    "desk_programme": (addresses.desk_programme("forum"), "programme.event"),
    "import_programme": (addresses.import_programme("forum"), "programme_import.choose_file"),
    "programme_import": (addresses.programme_import("forum", 7), "programme_import.preview"),
    "coverage": (addresses.coverage("forum"), "coverage.board"),
    "decide_cover": (addresses.decide_cover(7), "coverage.decide"),
    "assignments": (addresses.assignments("forum"), "assignment.event"),
    "duty": (addresses.duty("forum"), "duty.event"),
    "read_notices": (addresses.read_notices(), "desk.read_all"),
    "read_notice": (addresses.read_notice(7), "desk.read"),
    "new_event": (addresses.new_event(), "programme_desk.new_event"),
    "event_details": (addresses.event_details("forum"), "programme_desk.event"),
    "new_session": (addresses.new_session("forum"), "programme_desk.new_session"),
    "edit_session": (addresses.edit_session("forum", 7), "programme_desk.session"),
    "together": (addresses.together(7), "filing.together"),
    "saves": (addresses.saves(addresses.write_up(7)), "sync.look"),
    "tighten": (addresses.tighten(7), "filing.tighten"),
    "ready": (addresses.ready(), "sync.ready"),
    "paste": (addresses.paste(), "convert.from_clipboard"),
    "upload": (addresses.upload(), "convert.from_upload"),
    "preview_draft": (addresses.preview_draft(), "convert.preview"),
    "held_text": (addresses.held_text(7), "held.read"),
    "draft_history": (addresses.draft_history(7), "reports.saves"),
    "people": (addresses.people(), "people.everybody"),
    "new_report": (addresses.new_report("forum"), "filing.new"),
    "desk_draft": (addresses.desk_draft(7), "reports.draft"),
    "desk_save": (addresses.desk_save(7, 1), "reports.save"),
    "desk_text": (addresses.desk_text(7, 1), "reports.text"),
    "write_report": (addresses.write_report(7), "filing.write_report"),
    "write_up": (addresses.write_up(7), "filing.write"),
    "desk_report": (addresses.desk_report(7), "reports.report"),
    "review_queue": (addresses.review_queue(), "review.queue"),
    "review": (addresses.review(7), "review.read"),
    "waive_names": (addresses.waive_names(7), "review.waive"),
}
# More spellings of functions that reach more than one endpoint.
MORE_SPELLED = (
    (addresses.report(7, ""), "pages.report"),
    (addresses.programme_session(7, ""), "pages.programme_session"),
    (addresses.saves(addresses.write_report(7)), "sync.look"),
    (addresses.coverage("forum", "day=2023-12-04&form=list"), "coverage.board"),
    (addresses.selection(Selection()), "pages.reports"),
    (addresses.assignments("forum", "2023-12-04"), "assignment.event"),
    (addresses.selection(Selection.of(events=["forum"])), "pages.event"),
    (addresses.selection(Selection.of(policy_issues=["data-flows"])), "pages.policy_issue"),
    (addresses.selection(Selection.of(events=["forum"], policy_issues=["data-flows"])), "pages.reports"),
    (addresses.feed(Selection.of(events=["forum"]), "rss"), "feeds.event"),
    (addresses.feed(Selection.of(policy_issues=["data-flows"]), "atom"), "feeds.policy_issue"),
    (addresses.selection(Selection.of(processes=["e-commerce"])), "pages.process"),
    (addresses.feed(Selection.of(processes=["e-commerce"]), "rss"), "feeds.process"),
    (addresses.feed(Selection.of(events=["forum", "other"]), "rss"), "feeds.reports"),
)
POST_ONLY = ("/logout", "/cover", "/together", "/rule", "/paste", "/upload", "/preview", "/names")
NO_PATH = {"absolute": "puts the host in front of a path", "tag_uri": "makes an id that is no address"}
NO_FUNCTION = {
    "coverage.decide_several": "the form of coverage.board is sent to its own address",
    "static": "files of the pages themselves; url_for spells it",
    "pages.favicon": "browsers ask there of their own accord",
    "security.verify": "Flask-Security's, with nothing behind it",
    "filing.save": "the form of filing.write is sent to its own address",
    "filing.save_report": "the form of filing.write_report is sent to its own address",
    "filing.begin": "the form of filing.new is sent to its own address",
    "programme_import.read_file": "the form of programme_import.choose_file is sent to its own address",
    "programme_import.stop_looking": "a button of programme_import.choose_file",
    "programme_import.choose_columns": "a form of programme_import.preview",
    "programme_import.apply": "the form of programme_import.preview is sent to its own address",
    "assignment.assign": "a button of assignment.event",
    "assignment.lead": "a button of assignment.event",
    "assignment.take_away": "a button of assignment.event",
    "assignment.hand_over": "a button beside a session that somebody covers",
    "assignment.answer": "a button beside a session that somebody covers, or could",
    "duty.change": "a button of duty.event and desk.home",
    "duty.lead": "the form of duty.event",
    "programme_desk.make_event": "the form of programme_desk.new_event is sent to its own address",
    "programme_desk.change_event": "the form of programme_desk.event is sent to its own address",
    "programme_desk.add_session": "the form of programme_desk.new_session is sent to its own address",
    "programme_desk.change_session": "the form of programme_desk.session is sent to its own address",
    "programme_desk.release": "a button of programme_desk.session",
    "programme_desk.join": "a form of programme_desk.session",
    "sync.receive": "at the address of sync.look, by the script of the page",
    "sync.worker": "its script names it, as browsers want it",
    "preflight.check": "below the page's own address, by the script of the page",
    "desk.offline": "the service worker shows it by itself",
    "held.settle": "the form of held.read is sent to its own address",
    "reports.restore": "the form of reports.save is sent to its own address",
    "people.add": "the form of people.everybody is sent to its own address",
    "people.disable": "a button of people.everybody",
    "people.revoke": "a button of people.everybody",
    "people.remove_samples": "a button of people.everybody",
    "reports.do": "a button of reports.report",
    "review.revise": "a button of review.read",
    "review.keep_revised": "the form of review.revise is sent to its own address",
    "publication.correct": "a button of review.read",
    "publication.publish_correction": "the form of publication.correct is sent to its own address",
    "review.decide": "the form of review.read is sent to its own address",
    "publication.withdraw": "a button of review.read",
    "publication.reinstate": "a button of review.read",
}


@pytest.fixture
def world(app: Flask) -> dict[str, str]:
    """Sessions 1 to 5 of the event "forum", reports 1 to 4 on them; the e-mail address of each who signs in."""
    with app.app_context():
        make.issues()
        with unit_of_work():
            taxonomy.load([TermDraft("e-commerce", "E-commerce")], by=None, at=make.T0, of=Process)
        forum, other = make.event("forum"), make.event("other")
        everybody = {
            NO_ROLE: make.person(None, None),
            ADMINISTRATOR: make.person(Role.ADMINISTRATOR, None),
            ELSEWHERE[0]: make.person(Role.RAPPORTEUR, other),
            ELSEWHERE[1]: make.person(Role.EDITOR, other),
            OWNER: make.person(Role.RAPPORTEUR, forum),
            RAPPORTEUR: make.person(Role.RAPPORTEUR, forum),
            EDITOR: make.person(Role.EDITOR, forum),
            SPARE: make.person(Role.EDITOR, forum),
        }
        with unit_of_work():
            newsroom.grant(everybody[SPARE], Role.ADMINISTRATOR, event=None, by=None, at=make.T0)
            programme_import.keep(forum, data=PROGRAMME, file_name="forum.ics", by=None, at=make.T0)
        writer, editor = everybody[OWNER], everybody[EDITOR]
        sessions = [make.session(forum, title) for title in ("First", "Second", "Third", "Fourth")]
        make.session(forum, "Closed", rule=SessionRule.CLOSED)
        make.published(forum, writer, editor, make.text("Shown to all"), of=sessions[0])
        waiting = make.draft(forum, writer, make.text("Waiting for an editor"), of=sessions[1])
        make.file(waiting, writer)
        make.withdraw(make.published(forum, writer, editor, make.text("Taken back"), of=sessions[2]), editor)
        written = make.draft(forum, writer, make.text("Being written"), of=sessions[3])
        wrap_up = make.draft(forum, writer, make.text("Of the whole day"))
        with unit_of_work():
            assignment.assign(sessions[3], writer, by=editor, at=make.T0)
        _hold(forum, sessions[3], writer, editor)
        assert [sessions[0].id, waiting.number, written.number, wrap_up.number] == [1, WAITING, WRITTEN, WRAP_UP]
        assert everybody[SPARE].id == 8
        assert list(db.session.scalars(select(RoleGrant.id).where(RoleGrant.user_id == 8).order_by(RoleGrant.id))) == [
            7,
            8,
        ]
        return {who: user.email for who, user in everybody.items()}


def _hold(forum: Event, session: ProgrammeSession, writer: User, editor: User) -> None:
    """A text of the writer's that somebody has looked after already."""
    with unit_of_work():
        held = held_texts.hold(
            make.text("Held beside it"), cause=HeldCause.BEGUN_TWICE, event=forum, programme_session=session,
            report=None, client_id=uuid4().hex, based_on=0, device="", to_hand_in=False, by=writer, at=make.T0,
        )  # fmt: skip
        held_texts.set_aside(held, by=editor, at=make.T0)
        assert held.id == 1


def test_the_table_and_the_url_map_name_the_same_addresses(app: Flask) -> None:
    there = {
        (rule.rule, method)
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert sorted(there) == sorted({(row.pattern, row.method) for row in TABLE})


def test_each_line_of_the_table_reaches_the_rule_that_it_names(app: Flask) -> None:
    reach = app.url_map.bind("127.0.0.1")
    for row in TABLE:
        path, _mark, query = row.address.partition("?")
        rule, _values = reach.match(path, method=row.method, query_args=query, return_rule=True)
        assert (row.address, rule.rule) == (row.address, row.pattern)


def test_every_function_of_the_addresses_answers_what_the_url_map_knows(app: Flask) -> None:
    functions = {
        name
        for name, thing in inspect.getmembers(addresses, inspect.isfunction)
        if thing.__module__ == addresses.__name__ and not name.startswith("_")
    }
    assert functions == SPELLED.keys() | NO_PATH.keys()
    reach = app.url_map.bind("127.0.0.1")
    for address, endpoint in (*SPELLED.values(), *MORE_SPELLED):
        posted = address.endswith(POST_ONLY) or address.startswith("/desk/notices/")
        found, _values = reach.match(address.partition("?")[0], method="POST" if posted else None)
        assert (address, found) == (address, endpoint)


def test_every_route_has_a_function_or_a_reason_to_have_none(app: Flask) -> None:
    spelled = {endpoint for _address, endpoint in (*SPELLED.values(), *MORE_SPELLED)}
    assert {rule.endpoint for rule in app.url_map.iter_rules()} == spelled | NO_FUNCTION.keys()
    assert spelled & NO_FUNCTION.keys() == set()


@pytest.mark.parametrize("who", EVERYBODY)
def test_each_person_gets_in_where_the_table_says_and_nowhere_else(app: Flask, world: dict[str, str], who: str) -> None:
    rows = [row for row in TABLE if row.pattern not in ("/login", "/logout")]  # they change who is signed in; below
    navigator = Navigator(app) if who == NOBODY else _signed_in(app, world[who])
    asked_to_sign_in = {"GET": 302, "POST": 401}
    expected = {
        _line(row): row.status
        if who in row.who
        else 403
        if who != NOBODY
        else 401
        if row.script
        else asked_to_sign_in[row.method]
        for row in rows
    }
    assert {_line(row): _status(navigator, row) for row in rows} == expected


def test_signing_in_and_out_is_where_the_table_says(app: Flask, world: dict[str, str]) -> None:
    for row in TABLE:
        if row.pattern not in ("/login", "/logout"):
            continue
        for who in row.who:
            navigator = _signed_in(app, world[who]) if who != NOBODY else Navigator(app)
            assert (_line(row), who, _status(navigator, row)) == (_line(row), who, row.status)


def test_who_is_not_signed_in_comes_back_to_the_page_that_was_asked_for(
    world: dict[str, str], visitor: Navigator
) -> None:
    for asked in ("/desk/", f"/desk/reports/{WAITING}", "/desk/programme/forum?a=1&b=%26"):
        answer = visitor.get(asked, status=302)
        page = visitor.get(answer.location)
        landed = visitor.submit(page, status=302, email=world[OWNER], password=make.PASSWORD)
        assert landed.location == asked
        visitor.post("/logout", status=302)


def test_what_was_refused_changed_nothing(app: Flask, world: dict[str, str]) -> None:
    """A negative test of the table: those without permission press everything there is, and all stands as it stood."""
    with app.app_context():
        before = _states()
    for who in (NO_ROLE, ADMINISTRATOR, *ELSEWHERE, RAPPORTEUR):
        navigator = _signed_in(app, world[who])
        for number in (SHOWN, WAITING, TAKEN_BACK, WRITTEN, WRAP_UP):
            for act in ("recall", "amend", "drop", "discard", "restore"):
                navigator.post(f"/desk/reports/{number}/{act}", status=403)
            for act in ("approve", "approve_and_publish", "publish", "send_back", "unapprove"):
                navigator.post(
                    f"/desk/review/{number}", {"act": act, "revision": "1", "note": "No permission."}, status=403
                )
            navigator.post(f"/desk/review/{number}/withdraw", {"reason": "other", "note": "No reason."}, status=403)
        for number in (SHOWN, TAKEN_BACK):
            navigator.post(f"/desk/review/{number}/reinstate", status=403)
    with app.app_context():
        assert _states() == before


def test_a_grant_at_one_event_opens_nothing_at_another(app: Flask, world: dict[str, str]) -> None:
    editor = _signed_in(app, world[ELSEWHERE[1]])
    assert "Waiting for an editor" in _signed_in(app, world[EDITOR]).get("/desk/review/").text
    queue = parsed(editor.get("/desk/review/").text)
    assert queue.xpath("//main//li/@class") == ["empty"]
    assert "forum" not in editor.get("/desk/").text


def test_a_grant_that_was_taken_away_opens_nothing_any_more(app: Flask) -> None:
    """Somebody listed as a rapporteur, whose role at the event ended, reads and writes nothing there."""
    with app.app_context():
        make.issues()
        forum = make.event("forum")
        writer = make.person(Role.RAPPORTEUR, forum)
        number = make.draft(forum, writer, make.text("Still being written"), of=make.session(forum)).number
        email = writer.email
    navigator = _signed_in(app, email)
    navigator.get(f"/desk/reports/{number}")
    with app.app_context():
        grant = db.session.scalars(select(RoleGrant)).one()
        db.session.delete(grant)
        db.session.commit()
    for address in (f"/desk/reports/{number}", "/desk/sessions/1/report", "/desk/programme/forum", "/desk/review/"):
        assert "Still being written" not in navigator.get(address, status=403).text
    navigator.post("/desk/sessions/1/report", {"headline": "Written without a role"}, status=403)
    navigator.post(f"/desk/reports/{number}/discard", status=403)


def test_a_number_that_no_table_can_hold_is_not_found(app: Flask, world: dict[str, str]) -> None:
    editor = _signed_in(app, world[SPARE])
    token = editor.token()
    found = {}
    for number in (2**31 - 1, 2**31, 2**63 - 1, 2**63, 2**64, 10**30, "9" * 5_000):
        for pattern, method in {
            (row.pattern, row.method) for row in TABLE if re.search("<int:(number|session)>", row.pattern)
        }:
            address = _filled(pattern, "<int:session>" if "<int:session>" in pattern else "<int:number>", str(number))
            if pattern == "/desk/people/<int:number>/revoke/<int:grant>":
                address = f"/desk/people/8/revoke/{number}"
            answer = _sent(editor, method, address, token)
            found[f"{method} {address[:60]}"] = answer.status_code
            _check(answer)
    assert found == dict.fromkeys(found, 404)


def test_junk_in_an_address_is_not_found_and_never_a_failure(app: Flask, world: dict[str, str]) -> None:
    editor = _signed_in(app, world[SPARE])
    token = editor.token()
    surprises = []
    for pattern, method in sorted({(row.pattern, row.method) for row in TABLE if "<" in row.pattern}):
        for place in PLACES:
            for junk in JUNK if place in pattern else ():
                address = _filled(pattern, place, junk)
                answer = _sent(editor, method, address, token)
                _check(answer)
                assert "X-Made" not in answer.headers
                # A slug is decoration behind a number: what stands there leads to the right one.
                decoration = place == "<slug>" and "<int:number>" in pattern
                # Two slashes that come to stand side by side are taken for one: another address, found or not.
                if answer.status_code not in ((301, 308, 404) if decoration else (308, 404)):
                    surprises.append((method, address[:80], answer.status_code))
    assert surprises == []


def test_an_unknown_act_is_not_found(app: Flask, world: dict[str, str]) -> None:
    owner = _signed_in(app, world[OWNER])
    for act in ("approve", "publish", "RECALL", "recall ", "__class__", "start", "file"):
        owner.post(f"/desk/reports/{WAITING}/{act}", status=404)
    owner.get(f"/desk/reports/{WAITING}/recall", status=405)
    owner.post(f"/desk/reports/{WAITING}/recall")


def test_head_answers_like_get_without_a_body(app: Flask, world: dict[str, str]) -> None:
    for who in (NOBODY, OWNER, EDITOR):
        navigator = _signed_in(app, world[who]) if who != NOBODY else Navigator(app)
        for row in TABLE:
            if row.method != "GET":
                continue
            head, get = navigator.client.head(row.address), navigator.client.get(row.address)
            assert (row.address, head.status_code, head.location) == (row.address, get.status_code, get.location)
            assert (row.address, head.data) == (row.address, b"")
            for name in ("ETag", "Content-Type", "Cache-Control", "Content-Security-Policy", "Last-Modified"):
                assert (row.address, name, head.headers.get(name)) == (row.address, name, get.headers.get(name))


@pytest.mark.usefixtures("world")
def test_options_and_other_methods_are_answered(visitor: Navigator) -> None:
    methods: dict[str, set[str]] = {}
    for row in TABLE:
        methods.setdefault(row.pattern, set()).add(row.method)
    for row in TABLE:
        path = row.address.partition("?")[0]
        answer = visitor.client.options(path)
        takes = methods[row.pattern] | {"OPTIONS"} | ({"HEAD"} if "GET" in methods[row.pattern] else set())
        assert (path, answer.status_code, takes - set(answer.allow)) == (path, 200, set())
        for method in ("PUT", "DELETE", "PATCH", "TRACE", "PROPFIND"):
            refused = visitor.client.open(path, method=method)
            assert (method, path, refused.status_code) == (method, path, 405)
            _check(refused)


_checked: set[str] = set()  # checking a page takes longer than making it, and most refusals are alike


def _signed_in(app: Flask, email: str) -> Navigator:
    return Navigator(app).sign_in(email, make.PASSWORD)


def _status(navigator: Navigator, row: Row) -> int:
    if row.method == "GET":
        answer = navigator.client.get(row.address)
    else:
        token = navigator.token()
        typed = {**row.typed, "csrf_token": token, "client_id": uuid4().hex}
        answer = navigator.client.post(row.address, data=typed, headers={"X-CSRFToken": token})
    _check(answer)
    if answer.status_code == 302 and row.pattern.startswith("/desk/"):
        assert answer.location.startswith("/login?next=%2Fdesk%2F")
    return answer.status_code


def _sent(spare: Navigator, method: str, address: str, token: str) -> TestResponse:
    """What SPARE gets there; a POST carries what is refused for nothing but the address, wherever it goes."""
    if method == "GET":
        return spare.client.get(address)
    typed = {"csrf_token": token, "headline": "Kept", "reason": "other", "note": "Why.", "account": "8",
             "rule": "closed", "client_id": uuid4().hex, "device": uuid4().hex}  # fmt: skip
    return spare.client.post(address, data=typed, headers={"X-CSRFToken": token})


def _line(row: Row) -> str:
    return " ".join((row.method, row.address, *row.typed.values()))


def _filled(pattern: str, place: str, junk: str) -> str:
    for one, good in PLACES.items():
        pattern = pattern.replace(one, junk if one == place else good)
    return pattern


def _check(answer: TestResponse) -> None:
    if answer.mimetype == "text/html" and answer.status_code not in (301, 302, 303, 308):
        text = re.sub(r'name="csrf_token" value="[^"]*"', "", answer.get_data(as_text=True))
        if text not in _checked:
            check_page(text)
            _checked.add(text)


def _states() -> list[tuple[object, ...]]:
    db.session.expire_all()
    return [
        (one.number, one.work_state, one.public_state, one.filed_revision, one.published_revision, one.version,
         len(draft_saves.every(one.number)), [two.user_id for two in one.rapporteurs])
        for one in (desk_reports.by_number(number) for number in (SHOWN, WAITING, TAKEN_BACK, WRITTEN, WRAP_UP))
        if one is not None
    ]  # fmt: skip
