"""Signing in and out: one sentence for every failure, no way to other pages than ours, and an end that is at once."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import factories as make
import pytest
from flask import Flask
from navigator import Navigator, parsed
from werkzeug.test import TestResponse

from reporter import create_app
from reporter.config import Settings
from reporter.models.database import db, unit_of_work
from reporter.newsroom import people as newsroom
from reporter.queries import people
from reporter.rules.vocabulary import Role
from reporter.web.accounts import hashed

WRONG = "The e-mail address or the password is not right. Check both and try again."
EMPTY = "Write your e-mail address and your password."
SAMPLE = "Sample accounts can sign in only on the machine that runs Reporter. Use an account of your own."
SECRET = "a password that nobody may read"


@pytest.fixture
def writer(app: Flask) -> str:
    """The e-mail address of a rapporteur of the event "forum"."""
    with app.app_context():
        make.issues()
        return make.person(Role.RAPPORTEUR, make.event("forum"), name="Rapporteur of the forum").email


def _try(navigator: Navigator, *, email: str = "", password: str = "", **more: Any) -> TestResponse:
    """Send the form of the page for signing in, with whatever else a request may carry."""
    page = parsed(navigator.get("/login").text)
    token = page.xpath("//main//input[@name='csrf_token']/@value")[0]
    headers = more.pop("headers", None)
    environ = more.pop("environ", None)
    data = {"email": email, "password": password, "csrf_token": token, **more}
    answer = navigator.client.post("/login", data=data, headers=headers, environ_overrides=environ)
    return navigator._check(answer, answer.status_code)


def _sentence(answer: TestResponse) -> str:
    return " ".join(parsed(answer.text).xpath("//*[@role='alert']/text()"))


def _is_in(navigator: Navigator) -> bool:
    return navigator.client.get("/desk/").status_code == 200


def test_who_signs_in_stands_at_the_desk(visitor: Navigator, writer: str) -> None:
    answer = _try(visitor, email=writer, password=make.PASSWORD)
    assert (answer.status_code, answer.location) == (302, "/desk/")
    assert "Rapporteur of the forum" in visitor.get("/desk/").text
    again = visitor.get("/login", status=302)
    assert again.location == "/desk/"


@pytest.mark.parametrize("spelling", ["{}", " {} ", "\t{}"])
def test_an_address_is_found_however_it_is_spelt(visitor: Navigator, writer: str, spelling: str) -> None:
    assert _try(visitor, email=spelling.format(writer.upper()), password=make.PASSWORD).status_code == 302
    assert _is_in(visitor)


def test_every_failure_says_the_same(app: Flask, visitor: Navigator, writer: str) -> None:
    """Nobody learns from the page who has an account: not by a wrong password, a disabled account or none at all."""
    with app.app_context():
        disabled = make.person(Role.EDITOR, None).email
        without_password = make.person(Role.EDITOR, None).email
        with unit_of_work():
            user, bare = people.by_email(disabled), people.by_email(without_password)
            assert user is not None
            assert bare is not None
            newsroom.disable(user, by=None, at=make.T0)
            bare.password = None
    pages = {}
    for email, password in (
        (writer, "wrong password of the writer"),
        (writer, make.PASSWORD + " "),
        (writer, make.PASSWORD.upper()),
        ("nobody@example.org", make.PASSWORD),
        ("no address", make.PASSWORD),
        (disabled, make.PASSWORD),
        (without_password, make.PASSWORD),
        (without_password, "None"),
        ("%", make.PASSWORD),
        (writer + "'--", make.PASSWORD),
        (writer.replace("person", "p%"), make.PASSWORD),
    ):
        answer = _try(visitor, email=email, password=password)
        assert (email, password, answer.status_code, _sentence(answer)) == (email, password, 200, WRONG)
        tree = parsed(answer.text)
        for field in tree.xpath("//input[@name='csrf_token' or @name='email']"):
            field.attrib.pop("value", None)
        pages[email] = parsed_text(tree)
        assert not _is_in(visitor)
    assert len(set(pages.values())) == 1


def parsed_text(tree: Any) -> str:
    """A page's elements, attributes and words, for comparison."""
    return "\n".join(f"{one.tag} {sorted(one.attrib.items())} {one.text}" for one in tree.iter())


@pytest.mark.parametrize(
    "typed",
    [{}, {"email": " "}, {"email": "a@example.org"}, {"password": SECRET}, {"email": "\0", "password": SECRET}],
)  # fmt: skip
def test_an_empty_form_asks_for_both(visitor: Navigator, writer: str, typed: dict[str, str]) -> None:
    answer = _try(visitor, **typed)
    assert (answer.status_code, _sentence(answer)) == (200, EMPTY)
    assert writer not in answer.text


@pytest.mark.parametrize("length", [256, 4_096, 4_097, 100_000, 2_000_000])
def test_very_long_input_is_a_failure_like_any_other(visitor: Navigator, writer: str, length: int) -> None:
    for email, password in (
        ("a" * length + "@example.org", SECRET),
        (writer, "p" * length),
        ("p" * length, "p" * length),
    ):
        answer = _try(visitor, email=email, password=password)
        assert (answer.status_code, _sentence(answer)) == (200, WRONG)
        assert len(answer.data) < 20_000
    assert not _is_in(visitor)


@pytest.mark.parametrize(
    "junk", ["\0", "a\0@example.org", "é@exämple.org", "\u202e@example.org", "a@" + "b" * 300, "@@"]
)
def test_junk_is_a_failure_like_any_other(visitor: Navigator, junk: str) -> None:
    for email, password in ((junk, SECRET), ("a@example.org", junk)):
        answer = _try(visitor, email=email, password=password)
        assert (answer.status_code, _sentence(answer)) in ((200, WRONG), (200, EMPTY))


def test_a_password_never_comes_back(app: Flask, visitor: Navigator, writer: str) -> None:
    refused = _try(visitor, email=writer, password=SECRET)
    stale = visitor.client.post("/login", data={"email": writer, "password": SECRET, "csrf_token": "old"})
    missing = Navigator(app).client.post("/login", data={"email": writer, "password": SECRET})
    in_words = _try(visitor, email=SECRET, password=SECRET)
    assert [answer.status_code for answer in (refused, stale, missing, in_words)] == [200, 400, 400, 200]
    for answer in (refused, stale, missing):
        assert SECRET not in answer.text
    fields = parsed(refused.text).xpath("//input[@type='password']")
    assert [field.get("value", "") for field in fields] == [""]
    assert _try(visitor, email=writer, password=make.PASSWORD).status_code == 302
    for address in ("/desk/", "/login", "/"):
        assert make.PASSWORD not in visitor.get(address, follow_redirects=True).text


OURS = ("/desk/", "/desk/reports/1", "/desk/programme/forum?a=1&b=2", "/desk/sessions/1/report")
NOT_OURS = (
    "//evil.example", "///evil.example", "////evil.example", "/\\evil.example", "\\\\evil.example", "\\/evil.example",
    "https://evil.example/", "http:evil.example", "http:/evil.example", "https:///evil.example", "//evil.example/desk/",
    "javascript:alert(1)", "data:text/html,x", "/\t/evil.example", "\t//evil.example", "\n//evil.example",
    "\x00//evil.example", " //evil.example", "http://localhost@evil.example", "http://127.0.0.1:8000@evil.example",
    "//evil.example\\@localhost", "https://evil.example\\.localhost/", "ftp://localhost/", "/%0a/evil.example",
    "http://[", "//[evil", "https://localhost.evil.example", "/desk/\r\nSet-Cookie: a=b", "%2f%2fevil.example",
)  # fmt: skip


def _host(location: str) -> str:
    """The host to which a browser goes from http://localhost/login: it reads \\ as / and drops tabs and line ends."""
    plain = "".join(c for c in location if c not in "\t\r\n").strip("".join(map(chr, range(33)))).replace("\\", "/")
    scheme, colon, rest = plain.partition(":")
    if colon and scheme.isalnum():
        return rest.lstrip("/").partition("/")[0].rpartition("@")[2]
    return plain[2:].lstrip("/").partition("/")[0] if plain.startswith("//") else "localhost"


@pytest.mark.parametrize("way", ["form", "address"])
def test_after_signing_in_only_our_own_pages_follow(app: Flask, writer: str, way: str) -> None:
    assert [_host(one) for one in ("//evil.example/a", "/\\evil.example", "http:evil.example", "/desk/", "desk")] == [
        "evil.example", "evil.example", "evil.example", "localhost", "localhost"]  # fmt: skip
    for target in (*OURS, *NOT_OURS):
        navigator = Navigator(app)
        page = parsed(navigator.get("/login").text)
        token = page.xpath("//main//input[@name='csrf_token']/@value")[0]
        assert navigator.client.get("/login", query_string={"next": target}).status_code in (200, 400)
        typed = {"email": writer, "password": make.PASSWORD, "csrf_token": token}
        if way == "form":
            answer = navigator.client.post("/login", data={**typed, "next": target})
        else:
            answer = navigator.client.post("/login", query_string={"next": target}, data=typed)
        assert answer.status_code in (200, 302, 400), f"{target!r}: {answer.status}"
        assert "Set-Cookie: a=b" not in str(answer.headers)
        if target in OURS:
            assert (answer.status_code, answer.location) == (302, target)
        elif answer.status_code == 302:
            assert (target, _host(answer.location)) == (target, "localhost")
            again = navigator.client.get(
                "/login", query_string={"next": target}
            )  # who is in already is sent on at once
            assert again.status_code == 400 or _host(str(again.location)) == "localhost"
        else:
            assert (target, "evil" in parsed(answer.text).xpath("string(//main)")) == (target, False)


def test_signing_out_is_a_post_with_a_token(app: Flask, writer: str) -> None:
    navigator = Navigator(app).sign_in(writer, make.PASSWORD)
    navigator.get("/logout", status=405)
    navigator.client.head("/logout")
    navigator.client.post("/logout")
    navigator.client.post("/logout", data={"csrf_token": "made up"})
    assert _is_in(navigator)
    answer = navigator.post("/logout", status=302)
    assert answer.location == "/"
    assert not _is_in(navigator)
    navigator.get("/desk/", status=302)


def test_the_cookie_of_a_sign_in_that_ended_with_the_account_opens_nothing(app: Flask, writer: str) -> None:
    """Three browsers, one of them told to remember: all are out at once, and no old cookie brings one back."""
    browsers = [Navigator(app).sign_in(writer, make.PASSWORD) for _ in range(2)]
    browsers.append(Navigator(app))
    assert _try(browsers[2], email=writer, password=make.PASSWORD, remember="y").status_code == 302
    remembered = browsers[2].client.get_cookie("remember_token")
    tokens = [one.token() for one in browsers]
    assert [_is_in(one) for one in browsers] == [True, True, True]
    with app.app_context(), unit_of_work():
        user = people.by_email(writer)
        assert user is not None
        newsroom.disable(user, by=None, at=make.T0)
    for one, token in zip(browsers, tokens, strict=True):
        assert not _is_in(one)
        refused = one.client.post(
            "/desk/sessions/1/report", data={"csrf_token": token, "headline": "Typed before the account ended"}
        )
        assert refused.status_code in (400, 401)
        assert "Typed before the account ended" in refused.text
    if remembered is not None:
        fresh = Navigator(app)
        fresh.client.set_cookie("remember_token", remembered.value)
        assert not _is_in(fresh)
    assert _sentence(_try(browsers[0], email=writer, password=make.PASSWORD)) == WRONG


def test_no_token_in_an_address_or_header_opens_the_desk(app: Flask, visitor: Navigator, writer: str) -> None:
    """Addresses are kept in logs and histories: a sign-in lives in its cookie alone, and ends with it."""
    page = parsed(visitor.get("/login").text)
    csrf = page.xpath("//main//input[@name='csrf_token']/@value")[0]
    answer = visitor.client.post(
        "/login?include_auth_token", json={"email": writer, "password": make.PASSWORD}, headers={"X-CSRFToken": csrf}
    )
    with app.app_context():
        user = people.by_email(writer)
        assert user is not None
        token = user.get_auth_token()
    assert "authentication_token" not in answer.get_data(as_text=True)
    stranger = Navigator(app).client
    assert stranger.get("/desk/", query_string={"auth_token": token}).status_code == 302
    assert stranger.get("/desk/", headers={"Authentication-Token": token}).status_code == 302
    assert stranger.post("/logout", json={"auth_token": token}).status_code == 415


def test_a_cookie_made_with_another_secret_opens_nothing(app: Flask, settings: Settings, writer: str) -> None:
    other = create_app(replace(settings, secret_key="another secret"))
    theirs = Navigator(other).sign_in(writer, make.PASSWORD)
    cookie = theirs.client.get_cookie("session")
    assert cookie is not None
    assert _is_in(theirs)
    forged = Navigator(app)
    forged.client.set_cookie("session", cookie.value)
    assert not _is_in(forged)
    with other.app_context():
        db.engine.dispose()


def test_without_an_answer_to_its_own_page_nobody_signs_in(app: Flask, writer: str) -> None:
    """A form on another site has no token of ours, so it can sign nobody in as somebody else."""
    answer = Navigator(app).client.post("/login", data={"email": writer, "password": make.PASSWORD})
    assert answer.status_code == 400
    assert answer.headers.getlist("Set-Cookie") == [] or "_user_id" not in str(answer.headers)


@pytest.fixture(params=["http://127.0.0.1:8000", "http://localhost:8000", "http://[::1]:8000"])
def at_home(request: pytest.FixtureRequest, settings: Settings) -> Iterator[Flask]:
    """An application that only its own machine can reach, with a sample account and a real one."""
    yield from _with_accounts(replace(settings, base_url=request.param))


@pytest.fixture(params=["https://reporter.example.org", "http://192.0.2.7", "http://reporter:8000"])
def in_public(request: pytest.FixtureRequest, settings: Settings) -> Iterator[Flask]:
    """An application that others can reach, with the same two accounts."""
    yield from _with_accounts(replace(settings, base_url=request.param))


def _with_accounts(settings: Settings) -> Iterator[Flask]:
    app = create_app(settings, SESSION_COOKIE_SECURE=False)
    with app.app_context():
        for email, is_sample in (("sample@example.org", True), ("real@example.org", False)):
            password_hash = hashed(make.PASSWORD)
            with unit_of_work():
                newsroom.add_user(
                    email=email, name=email, password_hash=password_hash, by=None, at=make.T0, is_sample=is_sample
                )
    yield app
    with app.app_context():
        db.engine.dispose()


FORWARDED = ({"X-Forwarded-For": "127.0.0.1"}, {"X-Forwarded-For": ""}, {"Forwarded": "for=127.0.0.1"},
             {"X-Real-IP": "127.0.0.1"})  # fmt: skip


def test_a_sample_account_opens_on_the_machine_itself(at_home: Flask) -> None:
    for here in ("127.0.0.1", "::1"):
        for email in ("sample@example.org", "real@example.org"):
            answer = _try(Navigator(at_home), email=email, password=make.PASSWORD, environ={"REMOTE_ADDR": here})
            assert (here, email, answer.status_code) == (here, email, 302)


def test_a_sample_account_opens_for_nobody_from_outside(at_home: Flask) -> None:
    far = [{"environ": {"REMOTE_ADDR": one}} for one in ("192.0.2.7", "10.0.0.1", "fe80::1", "", "127.0.0.1.example")]
    through = [{"headers": one, "environ": {"REMOTE_ADDR": "127.0.0.1"}} for one in FORWARDED]
    for where in (*far, *through):
        navigator = Navigator(at_home)
        answer = _try(navigator, email="sample@example.org", password=make.PASSWORD, **where)
        assert (where, answer.status_code, _sentence(answer)) == (where, 200, SAMPLE)
        assert not _is_in(navigator)
        assert _try(Navigator(at_home), email="real@example.org", password=make.PASSWORD, **where).status_code == 302
        wrong = _try(Navigator(at_home), email="sample@example.org", password="something else", **where)
        assert _sentence(wrong) == WRONG


def test_a_sample_account_never_opens_where_others_can_reach_it(in_public: Flask) -> None:
    for here in ("127.0.0.1", "::1", "192.0.2.7"):
        navigator = Navigator(in_public)
        where = {"environ": {"REMOTE_ADDR": here}}
        answer = _try(navigator, email="sample@example.org", password=make.PASSWORD, **where)
        assert (here, answer.status_code, _sentence(answer)) == (here, 200, SAMPLE)
        assert not _is_in(navigator)
        assert _try(Navigator(in_public), email="real@example.org", password=make.PASSWORD, **where).status_code == 302
