"""A programme that is looked at again by itself: a real server at its address, a worker, editors who are told."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import factories as make
import pytest
from flask import Flask
from navigator import Navigator, parsed

from reporter import worker
from reporter.config import Settings
from reporter.queries import programmes
from reporter.rules import clock
from reporter.rules.vocabulary import Role

CALENDAR = (
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n"
    "BEGIN:VEVENT\r\nUID:1\r\nSUMMARY:Opening\r\nDTSTART:20231205T090000Z\r\nDTEND:20231205T100000Z\r\n"
    "LOCATION:Room A\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)


@dataclass
class Elsewhere:
    """The organiser's web server: what it says, and what it was asked with."""

    body: bytes = CALENDAR.encode()
    status: int = 200
    port: int = 0
    asked: list[str] = field(default_factory=list)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}/programme.ics"

    @property
    def etag(self) -> str:
        return f'"{len(self.body)}"'


@pytest.fixture
def elsewhere() -> Iterator[Elsewhere]:
    there = Elsewhere()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            there.asked.append(self.headers.get("If-None-Match", ""))
            same = there.status == 200 and self.headers.get("If-None-Match") == there.etag
            self.send_response(304 if same else there.status)
            self.send_header("ETag", there.etag)
            if not same:
                self.send_header("Content-Length", str(len(there.body)))
            self.end_headers()
            if not same:
                self.wfile.write(there.body)

        def log_message(self, *_words: object) -> None:
            """Tests print nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    there.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield there
    server.shutdown()
    server.server_close()


@pytest.fixture
def app(settings: Settings, elsewhere: Elsewhere, make_app: Callable[[Settings], Flask]) -> Flask:
    return make_app(replace(settings, internal_hosts=f"127.0.0.1:{elsewhere.port}"))


@pytest.fixture
def editor(app: Flask) -> Navigator:
    with app.app_context():
        make.issues()
        event = make.event("forum")
        email = make.person(Role.EDITOR, event).email
    return Navigator(app).sign_in(email, make.PASSWORD)


def read(editor: Navigator, elsewhere: Elsewhere, every: str = "60") -> str:
    """Give the address of the programme, and say how often it is looked at again; where what it would do is shown."""
    answer = editor.post("/desk/programme/forum/import", {"address": elsewhere.address, "every": every})
    return str(answer.location)


def notices(editor: Navigator, words: str) -> int:
    """How many notices on the desk hold these words."""
    page = parsed(editor.get("/desk/").text)
    each = page.xpath("//li[.//form[starts-with(@action, '/desk/notices/')]]")
    return sum(words in one.text_content() for one in each)


def titles(app: Flask) -> list[str]:
    with app.app_context():
        event = programmes.event_by_slug("forum")
        assert event is not None
        return [one.title for one in programmes.sessions_of(event.id) if one.cancelled_at is None]


def test_editors_are_told_what_would_change_and_nothing_is_applied(
    app: Flask, editor: Navigator, elsewhere: Elsewhere
) -> None:
    where = read(editor, elsewhere)
    editor.submit(editor.get(where), form=where)
    assert titles(app) == ["Opening"]
    now = clock.now()
    assert worker.look_again(app, at=now + timedelta(minutes=59)) == 0
    assert len(elsewhere.asked) == 1, "not before its time"
    assert worker.look_again(app, at=now + timedelta(minutes=61)) == 0
    assert elsewhere.asked[1:] == [elsewhere.etag], "asked with what the last answer came with"
    elsewhere.body = CALENDAR.replace("SUMMARY:Opening", "SUMMARY:Opening of the week").encode()
    assert worker.look_again(app, at=now + timedelta(minutes=90)) == 0
    assert worker.look_again(app, at=now + timedelta(minutes=122)) == 1
    assert worker.look_again(app, at=now + timedelta(minutes=122)) == 0, "another worker finds nothing to do"
    assert titles(app) == ["Opening"]
    page = editor.get("/desk/")
    assert "has changed: 0 added, 1 changed, 0 cancelled." in page.text
    link = next(one for one in parsed(page.text).xpath("//a/@href") if "/import/" in one)
    editor.submit(editor.get(link), form=link)
    assert titles(app) == ["Opening of the week"]


@pytest.mark.parametrize("what", ["status", "body"])
def test_what_cannot_be_read_is_told_once_and_again_when_it_breaks_again(
    app: Flask, editor: Navigator, elsewhere: Elsewhere, what: str
) -> None:
    where = read(editor, elsewhere, every="15")
    editor.submit(editor.get(where), form=where)
    good, now = elsewhere.body, clock.now()
    steps = [(True, 16), (True, 32), (False, 48), (True, 64)]
    told = []
    for broken, minutes in steps:
        elsewhere.status = 500 if broken and what == "status" else 200
        elsewhere.body = b"<html>Sorry</html>" if broken and what == "body" else good
        assert worker.look_again(app, at=now + timedelta(minutes=minutes)) == 0
        told.append(notices(editor, "could not be read at its address"))
    assert told == [1, 1, 1, 2]
    assert titles(app) == ["Opening"]
    page = parsed(editor.get("/desk/programme/forum/import").text)
    assert page.xpath("//p[@class='refusal']/text()")


def test_looking_is_stopped_by_a_press(app: Flask, editor: Navigator, elsewhere: Elsewhere) -> None:
    read(editor, elsewhere)
    editor.submit(editor.get("/desk/programme/forum/import"), form="/stop")
    assert worker.look_again(app, at=clock.now() + timedelta(days=2)) == 0
    assert len(elsewhere.asked) == 1
    editor.post("/desk/programme/forum/import/stop")  # once more is harmless


def test_how_often_is_one_of_those_offered(app: Flask, editor: Navigator, elsewhere: Elsewhere) -> None:
    typed = {"address": elsewhere.address, "every": "1"}
    page = editor.post("/desk/programme/forum/import", typed, status=400)
    assert "Choose how often" in page.text
    with app.app_context():
        assert programmes.sources() == []
