"""People and roles on the desk: who may add whom where, and samples that leave every page at one press."""

from typing import Any

import factories as make
import pytest
from flask import Flask
from navigator import Navigator, parsed
from werkzeug.test import TestResponse

from reporter.models.database import unit_of_work
from reporter.newsroom import people as newsroom
from reporter.queries import people, programmes
from reporter.rules.vocabulary import Role

PEOPLE = "/desk/people/"
NEW: dict[str, Any] = {
    "email": "new@example.org",
    "name": "New Person",
    "role": "rapporteur",
    "event": "forum",
    "password": "long enough",
}


@pytest.fixture
def chief(app: Flask) -> Navigator:
    """An administrator of everything; there are two events, "forum" and "other"."""
    with app.app_context():
        make.issues()
        make.event("forum")
        make.event("other")
        email = make.person(Role.ADMINISTRATOR, None, name="Chief").email
    return Navigator(app).sign_in(email, make.PASSWORD)


def roles(app: Flask, email: str) -> list[tuple[str, str]]:
    with app.app_context():
        found = people.by_email(email)
        return sorted((one.role.value, one.event.slug if one.event else "") for one in found.roles) if found else []


def said(page: TestResponse) -> str:
    return " ".join(parsed(page.text).xpath("//*[@role='alert']/text()"))


def refused(app: Flask, email: str, password: str) -> None:
    """Nobody signs in with these."""
    stranger = Navigator(app)
    stranger.submit(stranger.get("/login"), status=200, email=email, password=password)
    stranger.get("/desk/", status=302)


def test_somebody_new_signs_in_with_the_first_password(app: Flask, chief: Navigator) -> None:
    chief.submit(chief.get(PEOPLE), form=PEOPLE, **NEW)
    assert roles(app, "new@example.org") == [("rapporteur", "forum")]
    newcomer = Navigator(app).sign_in("new@example.org", "long enough")
    assert "Event forum" in newcomer.get("/desk/").text
    newcomer.get(PEOPLE, status=403)


@pytest.mark.parametrize(
    "password", ["Genève à pied", "Gene\N{COMBINING ACUTE ACCENT}ve pied", "密码密码密码密码密码", "ﬁve words ①"]
)
def test_a_password_in_any_script(app: Flask, chief: Navigator, password: str) -> None:
    chief.submit(chief.get(PEOPLE), form=PEOPLE, **{**NEW, "password": password})
    Navigator(app).sign_in("new@example.org", password).get("/desk/")


def test_a_further_role_leaves_name_and_password_as_they_are(app: Flask, chief: Navigator) -> None:
    chief.submit(chief.get(PEOPLE), form=PEOPLE, **NEW)
    further: dict[str, Any] = {**NEW, "name": "", "password": "", "role": "editor", "event": "other"}
    chief.submit(chief.get(PEOPLE), form=PEOPLE, **further)
    assert roles(app, "new@example.org") == [("editor", "other"), ("rapporteur", "forum")]
    Navigator(app).sign_in("new@example.org", "long enough").get("/desk/review/")


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"email": "nobody"}, "“nobody” is not an e-mail address. Write it like name@example.org."),
        ({"email": ""}, "“” is not an e-mail address. Write it like name@example.org."),
        ({"name": " \t"}, "Give the person a name."),
        ({"name": "n" * 201}, "A name has at most 200 characters. Shorten it."),
        ({"password": "short"}, "The password has fewer than 10 characters. Choose a longer one."),
        ({"password": "p" * 5_000}, "The password has more than 1000 characters. Choose a shorter one."),
        ({"role": "king"}, "Choose a role."),
        ({"event": "elsewhere"}, "Choose an event."),
        ({"event": "for\x00um-2"}, "Choose an event."),
    ],
)
def test_who_is_refused_gets_a_sentence_and_what_was_typed(
    app: Flask, chief: Navigator, change: dict[str, str], sentence: str
) -> None:
    typed: dict[str, Any] = {**NEW, **change}
    page = chief.submit(chief.get(PEOPLE), form=PEOPLE, status=400, **typed)
    assert said(page) == sentence
    fields = {one.get("name"): one.get("value", "") for one in parsed(page.text).xpath("//input[@type!='hidden']")}
    assert (fields["email"], fields["name"]) == (typed["email"], typed["name"])
    assert fields["password"] == ""
    assert roles(app, typed["email"]) == []


def test_an_administrator_of_one_event_looks_after_that_one(app: Flask, chief: Navigator) -> None:
    chief.submit(chief.get(PEOPLE), form=PEOPLE, **{**NEW, "role": "administrator"})
    own = Navigator(app).sign_in("new@example.org", "long enough")
    page = own.get(PEOPLE)
    assert "Chief" not in page.text
    events = parsed(page.text).xpath("//select[@name='event']/option/@value")
    assert events == ["forum"]
    for place in ("other", ""):
        own.post(PEOPLE, {**NEW, "email": "third@example.org", "event": place}, status=403)
    assert roles(app, "third@example.org") == []
    own.post(PEOPLE, {**NEW, "email": "third@example.org"})
    assert roles(app, "third@example.org") == [("rapporteur", "forum")]
    own.post("/desk/people/1/disable", status=403)
    own.post("/desk/people/remove-samples", status=403)


def test_disabled_means_signed_out_at_once(app: Flask, chief: Navigator) -> None:
    chief.submit(chief.get(PEOPLE), form=PEOPLE, **NEW)
    newcomer = Navigator(app).sign_in("new@example.org", "long enough")
    with app.app_context():
        found = people.by_email("new@example.org")
        assert found is not None
        number = found.id
    chief.submit(chief.get(PEOPLE), form=f"/{number}/disable")
    assert "/login" in (newcomer.get("/desk/", status=302).location or "")
    refused(app, "new@example.org", "long enough")
    assert "Disabled" in chief.get(PEOPLE).text


def test_nobody_disables_the_own_account(app: Flask, chief: Navigator) -> None:
    with app.app_context():
        number = next(one.id for one in people.everybody() if one.name == "Chief")
    page = chief.post(f"/desk/people/{number}/disable", status=400)
    assert "You cannot disable your own account." in page.text
    chief.get(PEOPLE)


def test_a_role_is_taken_away_and_the_text_stays(app: Flask, chief: Navigator) -> None:
    with app.app_context():
        forum = programmes.event_by_slug("forum")
        assert forum is not None
        writer, editor = make.person(Role.RAPPORTEUR, forum), make.person(Role.EDITOR, forum)
        make.published(forum, writer, editor, make.text("Written before"))
        number, email = writer.id, writer.email
    page = chief.get(PEOPLE)
    button = parsed(page.text).xpath(f"//form[starts-with(@action, '/desk/people/{number}/revoke/')]/@action")[0]
    chief.post(button)
    chief.post(button, status=404)
    assert roles(app, email) == []
    assert "Written before" in chief.get("/reports").text


def test_samples_leave_every_page_at_one_press(app: Flask, chief: Navigator, visitor: Navigator) -> None:
    with app.app_context():
        real, sample = programmes.event_by_slug("forum"), make.event("shown-off", is_sample=True)
        assert real is not None
        writer, editor = make.person(Role.RAPPORTEUR, None, is_sample=True), make.person(Role.EDITOR, None)
        session = make.session(sample, "Sentinel session")
        make.published(sample, writer, editor, make.text("Sentinel headline"), of=session)
        make.published(real, editor, make.person(Role.EDITOR, None), make.text("It was really said"), minute=10)
        email, number = writer.email, session.id
    lists = ("/", "/reports", "/events/", "/issues/", "/issues/data-flows", "/reports.rss", "/issues/data-flows.atom")
    assert ["Sentinel" in visitor.get(one).text or "shown-off" in visitor.get(one).text for one in lists].count(
        False
    ) <= 1
    chief.submit(chief.get(PEOPLE), form="/remove-samples")
    for one in lists:
        text = visitor.get(one).text
        assert "Sentinel" not in text
        assert "shown-off" not in text
    for one in ("/reports/1", "/events/shown-off", "/events/shown-off.atom", f"/sessions/{number}"):
        answer = visitor.client.get(one, follow_redirects=True)
        assert (answer.status_code, "Sentinel" in answer.text) in {(404, False), (410, False)}, one
    assert "It was really said" in visitor.get("/reports").text
    assert "It was really said" in visitor.get("/reports.rss").text
    refused(app, email, make.PASSWORD)
    assert "Remove the samples" not in chief.get(PEOPLE).text
    with app.app_context():  # a report that comes after them has a number of its own, and no change is missing
        forum = programmes.event_by_slug("forum")
        assert forum is not None
        writer, editor = make.person(Role.RAPPORTEUR, forum), make.person(Role.EDITOR, forum)
        assert make.published(forum, writer, editor, make.text("Afterwards"), minute=60).number == 3
    assert "Afterwards" in visitor.get("/").text


def test_a_name_that_is_shown_is_no_markup(app: Flask, chief: Navigator) -> None:
    with app.app_context(), unit_of_work():
        user = newsroom.add_user(
            email="odd@example.org", name="<script>alert(1)</script>", password_hash=None, by=None, at=make.T0
        )
        newsroom.grant(user, Role.RAPPORTEUR, event=None, by=None, at=make.T0)
    assert "&lt;script&gt;" in chief.get(PEOPLE).text
