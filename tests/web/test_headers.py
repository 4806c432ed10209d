"""What surrounds every answer: no script of others, nothing private in a cache, no cookie for the public."""

from dataclasses import replace
from pathlib import Path

import factories as make
import pytest
from flask import Flask
from navigator import Navigator, parsed

from reporter import create_app
from reporter.config import Settings
from reporter.models.database import db, unit_of_work
from reporter.newsroom import publication, revisions
from reporter.queries import people, reports
from reporter.rules.vocabulary import ChangeKind, Role

PUBLIC_PAGES = (
    "/", "/reports", "/reports?event=forum&issue=data-flows", "/reports/1/shown-to-all", "/events/", "/events/forum",
    "/sessions/1/opening", "/issues/", "/issues/data-flows", "/reports.rss", "/reports.atom", "/issues/data-flows.rss",
    "/issues/data-flows.atom", "/events/forum.rss", "/events/forum.atom", "/reports.atom?event=forum&issue=data-flows",
)  # fmt: skip
REFUSED = {
    "/reports/1": 301, "/reports/1/wrong": 301, "/reports?issue=data-flows": 301, "/reports/2": 410, "/reports/3": 404,
    "/nothing": 404, "/reports?page=0": 400, "/reports.rss?colour=red": 400, "/favicon.ico": 301, "/events": 308,
    "/issues": 308,
}  # fmt: skip
PRIVATE = ("/login", "/desk/", "/desk/review/", "/desk/reports/3", "/desk/reports/9", "/desk/programme/forum",
           "/desk/sessions/1/report", "/desk/nothing", "/desk", "/verify", "/logout")  # fmt: skip


@pytest.fixture
def editor(app: Flask) -> Navigator:
    """Somebody who is signed in; report 1 is public, 2 withdrawn, 3 being written."""
    with app.app_context():
        make.issues()
        forum = make.event("forum")
        writer, editor = make.person(Role.RAPPORTEUR, forum), make.person(Role.EDITOR, forum)
        make.published(forum, writer, editor, make.text("Shown to all"), of=make.session(forum, "Opening"))
        make.withdraw(make.published(forum, writer, editor, make.text("Taken back")), editor)
        make.draft(forum, writer, make.text("Being written"))
        email = editor.email
    return Navigator(app).sign_in(email, make.PASSWORD)


def test_every_answer_forbids_what_is_not_ours(app: Flask, editor: Navigator) -> None:
    answers = [editor.client.get(address) for address in (*PUBLIC_PAGES, *REFUSED, *PRIVATE, "/static/reporter.css")]
    answers += [Navigator(app).client.get(address) for address in (*PUBLIC_PAGES, *PRIVATE)]
    answers += [editor.client.post(address) for address in ("/", "/login", "/desk/review/1", "/nothing")]
    answers += [Navigator(app).post("/desk/review/1", status=401)]
    answers += [editor.client.options("/"), editor.client.head("/reports"), editor.client.put("/reports.rss")]
    answers += [editor.client.get("/", headers={"If-None-Match": editor.client.get("/").headers["ETag"]})]
    assert {answer.status_code for answer in answers} == {200, 301, 302, 303, 304, 308, 400, 401, 404, 405, 410}
    for answer in answers:
        policy = dict(part.split(" ", 1) for part in answer.headers["Content-Security-Policy"].split("; "))
        assert policy["default-src"] == policy["base-uri"] == policy["frame-ancestors"] == "'none'"
        assert policy["script-src"] == policy["style-src"] == policy["form-action"] == "'self'"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "same-origin"
        assert "Server" not in answer.headers or "Python" not in answer.headers["Server"]


def test_nothing_of_the_staff_stays_in_a_cache(app: Flask, editor: Navigator) -> None:
    for navigator in (editor, Navigator(app)):
        for address in PRIVATE:
            answer = navigator.client.get(address)
            assert (address, answer.headers.get("Cache-Control")) == (address, "no-store")
        for address in ("/", "/reports", "/login", "/desk/review/3", "/desk/reports/3/discard", "/nothing", "/issues/"):
            for token in ("", navigator.token()):
                answer = navigator.client.post(address, data={"csrf_token": token, "act": "approve"})
                assert (address, answer.headers.get("Cache-Control")) == (address, "no-store")


def test_a_cache_asks_each_time_before_it_shows_a_public_answer(visitor: Navigator, editor: Navigator) -> None:
    """Redirects, withdrawals and refusals too: what is not public now may be in a minute, and the other way round."""
    for address in (*PUBLIC_PAGES, *REFUSED):
        for navigator in (visitor, editor):
            kept = navigator.client.get(address).headers.get("Cache-Control")
            assert (address, kept) == (address, "no-cache")


def test_a_public_page_is_the_same_for_everybody_and_knows_no_cookie(visitor: Navigator, editor: Navigator) -> None:
    assert editor.client.get_cookie("session") is not None
    for address in (*PUBLIC_PAGES, *REFUSED):
        plain, signed_in = visitor.client.get(address), editor.client.get(address)
        assert (address, plain.data) == (address, signed_in.data)
        for answer in (plain, signed_in):
            assert "Set-Cookie" not in answer.headers
            assert "cookie" not in {name.lower() for name in answer.vary}
    editor.get("/desk/")  # the sign-in outlived all that


def test_a_public_page_shows_nothing_of_who_reads_it(app: Flask, visitor: Navigator, editor: Navigator) -> None:
    """Whatever a request carries: a cookie, a language, a host, a made-up proxy."""
    headers = {
        "Accept-Language": "fr",
        "Host": "evil.example",
        "X-Forwarded-Host": "evil.example",
        "X-Forwarded-Proto": "https",
        "Cookie": "session=junk; remember_token=junk|junk; lang=fr",
        "Accept": "application/json",
    }
    for address in PUBLIC_PAGES:
        assert (address, visitor.client.get(address, headers=headers).data) == (
            address,
            editor.client.get(address).data,
        )
    for address, status in REFUSED.items():
        answer = Navigator(app).client.get(address, headers=headers)
        assert (address, answer.status_code) == (address, status)
        assert b"evil.example" not in answer.data
        assert "evil.example" not in str(answer.headers)


def test_an_unchanged_page_is_not_sent_again(visitor: Navigator, editor: Navigator) -> None:
    for address in PUBLIC_PAGES:
        first = visitor.get(address)
        tag = first.headers["ETag"]
        again = visitor.get(address, status=304, headers={"If-None-Match": tag})
        assert (again.data, again.headers["ETag"], again.headers["Cache-Control"]) == (b"", tag, "no-cache")
        assert editor.get(address, status=304, headers={"If-None-Match": f'"other", W/{tag}'}).data == b""
        assert visitor.get(address, headers={"If-None-Match": '"other"'}).data == first.data
        assert visitor.get(address, headers={"If-None-Match": "junk, \x01, W/"}).data == first.data
    static = visitor.client.get("/static/reporter.css")
    assert (
        visitor.client.get("/static/reporter.css", headers={"If-None-Match": static.headers["ETag"]}).status_code == 304
    )


@pytest.mark.usefixtures("editor")
def test_a_changed_page_has_a_new_tag(app: Flask, visitor: Navigator) -> None:
    tags = {address: visitor.get(address).headers["ETag"] for address in PUBLIC_PAGES}
    with app.app_context():
        report = reports.by_number(1)
        by = people.by_id(2)
        assert report is not None
        assert by is not None
        words = make.text("Shown to all", body="The corrected paragraph.")
        rendered = revisions.render(words)
        with unit_of_work():
            publication.correct(
                make.locked_report(report), words, revision=1, rendered=rendered, by=by, at=make.later(60),
                mark=ChangeKind.CORRECTION, note="A paragraph was wrong.",
            )  # fmt: skip
    for address in PUBLIC_PAGES:
        counts_only = address in ("/events/", "/issues/")
        answer = visitor.get(address, status=304 if counts_only else 200, headers={"If-None-Match": tags[address]})
        assert (answer.headers["ETag"] == tags[address]) == counts_only


@pytest.mark.parametrize("base_url", ["http://127.0.0.1:8000", "https://reporter.example.org"])
def test_cookies_are_for_the_server_alone(settings: Settings, tmp_path: Path, base_url: str) -> None:
    app = create_app(replace(settings, base_url=base_url, instance=tmp_path))
    with app.app_context():
        make.issues()
        email = make.person(Role.EDITOR, make.event("forum")).email
    client = app.test_client()
    where = {"base_url": base_url}
    page = client.get("/login", **where)
    token = parsed(page.text).xpath("//input[@name='csrf_token']/@value")[0]
    typed = {"email": email, "password": make.PASSWORD, "csrf_token": token, "remember": "y"}
    signed_in = client.post("/login", data=typed, **where, headers={"Referer": base_url + "/login"})
    assert signed_in.status_code == 302
    cookies = [*page.headers.getlist("Set-Cookie"), *signed_in.headers.getlist("Set-Cookie")]
    assert {cookie.split("=")[0] for cookie in cookies} >= {"session", "remember_token"}
    for cookie in cookies:
        parts = {part.strip().split("=")[0] for part in cookie.split(";")}
        assert {"HttpOnly", "SameSite"} <= parts
        assert "SameSite=Lax" in cookie
        assert ("Secure" in parts) == base_url.startswith("https:")
        assert "Domain" not in parts
    with app.app_context():
        db.engine.dispose()
