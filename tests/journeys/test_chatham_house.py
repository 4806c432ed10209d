"""A session that turns out to be under the Chatham House rule, told by hand: what was named disappears everywhere.

Every public address there is, in every format, is read before and after. Before, each name and each word of the
programme is found: so the search finds what is there. After, not one is.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

from factories import PASSWORD, T0, event, issues, person, session
from flask import Flask
from navigator import Navigator, parsed
from werkzeug.test import TestResponse

from reporter.models.database import unit_of_work
from reporter.models.taxonomy import Process
from reporter.newsroom import programme, programme_desk, taxonomy
from reporter.newsroom.taxonomy import TermDraft
from reporter.queries import people, programmes
from reporter.queries import taxonomy as known
from reporter.rules import clock
from reporter.rules.vocabulary import Role, SessionRule
from reporter.sources.draft import SessionDraft, SpeakerDraft
from reporter.web.security import is_private

BASE = "http://127.0.0.1:8000"
OLD_SESSION = "/sessions/1/fireside-chat-kwabena-oduya-on-tariffs-by-stealth"
OLD_REPORT = "/reports/1/oduya-defends-tariffs-by-stealth"
HELD = SessionDraft(
    title="Fireside chat: Kwabena Oduya on tariffs by stealth",
    description="Amélie N’Diaye interviews the minister about the Ossuary Accord.",
    track="Lectures in memory of Wiśniewski",
    room="Room A",
    starts_at=T0,
    ends_at=T0 + timedelta(hours=1),
    speakers=(
        SpeakerDraft("Amélie N’Diaye", "Institut Zéphyr", "Undersecretary"),
        SpeakerDraft("Kwabena Oduya", "Ministry of Trade of Ruritania", "Minister"),
        SpeakerDraft("Tomasz Wiśniewski", "Baltic Exporters Council"),
    ),
)
NAMING = {
    "headline": "Oduya defends tariffs by stealth",
    "lead": "The minister of Ruritania did not give way.",
    "key_points": "Tomasz Wiśniewski doubted it.\nThe Baltic Exporters Council too.\nIt ended late.",
    "body": "Kwabena Oduya spoke first.\n\nThen [the Institut Zéphyr](https://example.org/amelie-ndiaye).",
}
CLEANED: Mapping[str, Any] = {
    "headline": "Hidden tariffs divide a panel",
    "lead": "One side did not give way.",
    "key_points": "There was doubt.\nExporters are wary.\nIt ended late.",
    "body": "A minister spoke first.\n\nThen a researcher.",
}
# What must not be found, folded: names and affiliations, words of the programme, and how addresses spell them.
WORDS = (
    "amelie", "n'diaye", "ndiaye", "kwabena", "oduya", "tomasz", "wisniewski", "zephyr", "undersecretary", "ruritania",
    "baltic", "fireside", "stealth", "interviews", "ossuary",
)  # fmt: skip

# Every public address, by the rule of the url map that answers it; what stands in {kind} is filled with each format.
PUBLIC: Mapping[str, tuple[str, ...]] = {
    "/": ("/",),
    "/reports": ("/reports", "/reports?event=forum&issue=data-flows", "/reports?issue=data-flows", "/reports?page=1"),
    "/reports.<any(rss, atom):kind>": ("/reports.{kind}", "/reports.{kind}?event=forum&issue=data-flows"),
    "/reports/<int:number>": ("/reports/1", "/reports/2"),
    "/reports/<int:number>/<slug>": (OLD_REPORT, "/reports/1/wrong", "/reports/1/hidden-tariffs-divide-a-panel"),
    "/events/": ("/events/",),
    "/events/<slug>": ("/events/forum", "/events/none"),
    "/events/<slug>.<any(rss, atom):kind>": ("/events/forum.{kind}",),
    "/events/<slug>/programme": ("/events/forum/programme",),
    "/events/<slug>/programme.ics": ("/events/forum/programme.ics",),
    "/sessions/<int:number>": ("/sessions/1", "/sessions/2", "/sessions/9"),
    "/sessions/<int:number>/<slug>": (OLD_SESSION, "/sessions/1/wrong", "/sessions/1/session-without-names"),
    "/issues/": ("/issues/",),
    "/issues/<slug>": ("/issues/data-flows", "/issues/digital-trade", "/issues/inclusion"),
    "/issues/<slug>.<any(rss, atom):kind>": ("/issues/data-flows.{kind}", "/issues/digital-trade.{kind}"),
    "/processes/": ("/processes/",),
    "/processes/<slug>": ("/processes/depa",),
    "/processes/<slug>.<any(rss, atom):kind>": ("/processes/depa.{kind}",),
    "/calendars/<token>.ics": ("/calendars/1-guessed.ics",),
    "/robots.txt": ("/robots.txt",),
    "/healthz": ("/healthz",),
    "/favicon.ico": ("/favicon.ico",),
    "/static/<path:filename>": ("/static/reporter.css",),
}


def test_what_was_named_on_the_record_disappears_everywhere(app: Flask, visitor: Navigator) -> None:
    with app.app_context():
        ids = issues()
        with unit_of_work():
            taxonomy.load([TermDraft("depa", "DEPA")], by=None, at=T0, of=Process)
        forum = event("forum")
        with unit_of_work():
            programme.add_sessions(forum, [HELD], by=None, at=T0)
        session(forum, "Open plenary")
        writer, reader = person(Role.RAPPORTEUR, forum).email, person(Role.EDITOR, forum).email
        process = known.processes()[0].id
    rapporteur, editor = (Navigator(app).sign_in(one, PASSWORD) for one in (writer, reader))

    # On the record: handed in, published, corrected with a note that names somebody.
    form = rapporteur.get("/desk/sessions/1/report")
    told: dict[str, Any] = {**NAMING, "policy_issues": [ids["data-flows"]], "processes": [process], "byline": ""}
    rapporteur.submit(form, act="hand_in", **told)
    editor.submit(editor.get("/desk/review/1"), form="/1", act="approve_and_publish")
    form = editor.get("/desk/review/1/correct")
    editor.submit(form, note="Undersecretary N’Diaye was misquoted.", lead="Ruritania did not give way.")
    assert visitor.get(OLD_REPORT).status_code == 200
    before = _found(app, visitor)
    assert set().union(*before.values()) == set(WORDS), "the search finds what is there"
    assert {"/", "/reports.rss", OLD_REPORT, OLD_SESSION, "/events/forum/programme.ics"} <= before.keys()

    # The moderator says it, and the rapporteur presses a button: gone at once, with the reason.
    rapporteur.post("/desk/sessions/1/rule", {"rule": "chatham_house"})
    page = parsed(visitor.get("/reports/1", status=410).text).xpath("string(//main)")
    assert "The session's rule does not allow it." in page
    assert "The session is now under a rule that allows no names and no organisations." in page
    assert _found(app, visitor) == {}
    assert visitor.get(OLD_SESSION, status=301).location == "/sessions/1/session-without-names"
    assert "Session without names" in visitor.get("/events/forum/programme.ics").text
    assert "Open plenary" in visitor.get("/events/forum").text

    # No editor shows the naming text again, neither as it was nor as it is handed in once more.
    refused = editor.submit(editor.get("/desk/review/1"), form="/reinstate", status=400)
    assert _refusal(refused).startswith("This text names “Oduya”, ")
    rapporteur.post("/desk/reports/1/amend")
    rapporteur.submit(rapporteur.get("/desk/sessions/1/report"), act="hand_in", lead="He did not give way.")
    for act in ("approve", "approve_and_publish"):
        refused = editor.submit(editor.get("/desk/review/1"), form="/1", act=act, status=400)
        assert _refusal(refused).startswith("This text names “Oduya”, ")
    visitor.get("/reports/1", status=410)
    assert _found(app, visitor) == {}

    # The cleaned text is published, and nothing comes back with it.
    rapporteur.submit(rapporteur.get("/desk/sessions/1/report"), act="hand_in", **CLEANED)
    reading = editor.get("/desk/review/1")
    assert "The text names nobody who speaks in this session" in reading.text
    editor.submit(reading, form="/1", act="approve_and_publish")
    page = visitor.get("/reports/1/hidden-tariffs-divide-a-panel").text
    assert "A minister spoke first." in page
    assert "Session without names" in page
    assert page.count("<strong>Correction</strong>") == 1, "that there was one is told, and not what it said"
    assert _found(app, visitor) == {}
    refused = editor.submit(
        editor.get("/desk/review/1/correct"), lead="Oduya did not give way.", note="It was he.", status=400
    )
    assert _refusal(refused).startswith("This text names “Oduya”, ")

    # Withdrawn for another reason: the page that stays says nothing more.
    reading = editor.get("/desk/review/1")
    editor.submit(reading, form="/withdraw", reason="inaccurate", note="It left the answer out.")
    assert _found(app, visitor) == {}
    editor.submit(editor.get("/desk/review/1"), form="/reinstate")
    assert _found(app, visitor) == {}

    # The editors find that it was on the record after all.
    with app.app_context():
        _loosen()
    assert HELD.title in visitor.get(OLD_SESSION).text
    assert set().union(*_found(app, visitor).values()) == set(WORDS) - {"ndiaye"}, "which stood in the old text alone"


def test_a_public_address_that_nobody_looks_at_is_noticed(app: Flask) -> None:
    public = {
        rule.rule
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and not is_private(rule.rule.partition("<")[0].rstrip("/"))
    }
    assert public == PUBLIC.keys()


def _refusal(page: TestResponse) -> str:
    return str(parsed(page.text).xpath("string(//p[@role='alert'])"))


def _found(app: Flask, visitor: Navigator) -> dict[str, set[str]]:
    """Which of the words stand at which public address, in whatever is sent from there."""
    found = {}
    for address, answer in _everything(app, visitor):
        lines = [answer.get_data(as_text=True), *(f"{name}: {value}" for name, value in answer.headers)]
        sent = _folded("\n".join(lines))
        words = {word for word in WORDS if word in sent}
        if words:
            found[address] = words
    return found


def _everything(app: Flask, visitor: Navigator) -> Iterator[tuple[str, TestResponse]]:
    """What is sent from every address of the table, and from each public one to which any of them leads."""
    static = [f"/static/{one.name}" for one in Path(app.static_folder or "").iterdir()]
    ahead = [*static, *(address for pattern, made in PUBLIC.items() for address in _filled(pattern, made))]
    seen = set(ahead)
    while ahead:
        here = ahead.pop()
        answer = visitor.client.get(here)
        assert answer.status_code in (200, 301, 404, 410), f"{here}: {answer.status}"
        yield here, answer
        text = answer.get_data(as_text=True)
        links = re.findall(r"(?:href|src)=\"([^\"]*)\"|<(?:link|guid)[^>]*>([^<]+)<|^URL:(.*)$", text, re.MULTILINE)
        for link in (*(one.strip() for found in links for one in found if one), answer.location or ""):
            target = urlsplit(urljoin(BASE + here, unescape(link)))
            address = target.path + (f"?{target.query}" if target.query else "")
            ours = f"{target.scheme}://{target.netloc}" == BASE and not is_private(target.path)
            if ours and address not in seen:
                seen.add(address)
                ahead.append(address)


def _filled(pattern: str, made: tuple[str, ...]) -> list[str]:
    """The addresses of one rule, in each of the formats that it has."""
    kinds = re.search(r"<any\(([^)]*)\):kind>", pattern)
    formats = [one.strip() for one in kinds[1].split(",")] if kinds else [""]
    return [address.format(kind=kind) for address in made for kind in formats]


def _folded(sent: str) -> str:
    """As somebody who looks for a name would read it: lines joined, entities and escapes resolved, without accents."""
    read = unquote(unescape(sent.replace("\r\n ", ""))).replace("’", "'")
    letters = unicodedata.normalize("NFKD", read)
    return "".join(one for one in letters if not unicodedata.combining(one)).casefold()


def _loosen() -> None:
    with unit_of_work():
        held, editor = programmes.for_change(1), people.by_id(2)
        assert held is not None
        assert editor is not None
        programme_desk.change_rule(held, SessionRule.ON_THE_RECORD, by=editor, at=clock.now())
