"""Who covers what, on the desk: what each page shows, what each press does, and who may press."""

from dataclasses import dataclass
from datetime import timedelta

import factories as make
import pytest
from flask import Flask
from navigator import Navigator, parsed
from werkzeug.test import TestResponse

from reporter.models.database import unit_of_work
from reporter.models.people import User
from reporter.models.programme import ProgrammeSession
from reporter.newsroom import duty
from reporter.newsroom import people as accounts
from reporter.queries import assignments, people, programmes
from reporter.rules import clock
from reporter.rules.vocabulary import Cover, Role, SessionRule

DAY = "/desk/programme/forum/assignments?day=2023-12-04"
PROGRAMME = "/desk/programme/forum"


@dataclass
class Desk:
    """Two sessions of the event "forum" (one a day later), a closed one, and who is there at a browser each."""

    app: Flask
    ids: dict[str, int]
    editor: Navigator
    ada: Navigator
    ben: Navigator
    today: int
    tomorrow: int
    closed: int

    def stand(self, session: int) -> dict[str, str]:
        with self.app.app_context():
            rows = assignments.of_session(session)
            return {row.user.name: row.state.value + ("*" if row.lead else "") for row in rows}

    def press(self, who: Navigator, session: int, act: str, *, status: int = 303, **typed: str | int) -> TestResponse:
        return who.post(f"/desk/sessions/{session}/{act}", typed, status=status)

    def assign(self, session: int, *names: str) -> None:
        for name in names:
            self.press(self.editor, session, "assign", user=self.ids[name])


@pytest.fixture
def desk(app: Flask) -> Desk:
    with app.app_context():
        make.issues()
        forum = make.event("forum")
        staff: list[User] = [make.person(Role.EDITOR, forum, name="Edith")]
        staff += [make.person(Role.RAPPORTEUR, forum, name=name) for name in ("Ada", "Ben")]
        staff.append(make.person(Role.RAPPORTEUR, make.event("other"), name="Elsewhere"))
        today, tomorrow = make.session(forum, "First day"), make.session(forum, "Second day")
        closed = make.session(forum, "Closed", rule=SessionRule.CLOSED)
        with unit_of_work():
            row = locked(tomorrow.id)
            row.starts_at, row.ends_at = row.starts_at + timedelta(days=1), row.ends_at + timedelta(days=1)
        emails, ids = {one.name: one.email for one in staff}, {one.name: one.id for one in staff}
        numbers = (today.id, tomorrow.id, closed.id)
    editor, ada, ben = (Navigator(app).sign_in(emails[name], make.PASSWORD) for name in ("Edith", "Ada", "Ben"))
    return Desk(app, ids, editor, ada, ben, *numbers)


def locked(number: int) -> ProgrammeSession:
    found = programmes.for_change(number)
    assert found is not None
    return found


def words(page: TestResponse, path: str = "//main") -> str:
    return " ".join(" ".join(one.text_content().split()) for one in parsed(page.text).xpath(path))


def line(page: TestResponse, session: int) -> str:
    """What a page says in the line of a session."""
    return words(page, f"//li[@id='session-{session}']")


def flashed(who: Navigator, address: str = "/desk/") -> list[str]:
    return [str(one) for one in parsed(who.get(address).text).xpath("//*[@role='status']/p/text()")]


def test_the_editors_page_shows_one_day(desk: Desk) -> None:
    page = desk.editor.get(DAY)
    assert ("First day" in words(page), "Second day" in words(page)) == (True, False)
    assert "Second day" in words(desk.editor.get(DAY.replace("12-04", "12-05")))
    for odd in ("2023-12-07", "2023-13-40", "", "x" * 500, "0000-00-00", "%00"):  # no day of the programme: the first
        assert "First day" in words(desk.editor.get(f"{PROGRAMME}/assignments?day={odd}"))
    assert words(page, "//nav[@class='days']/a") == "Mon 4 Dec 1 open Tue 5 Dec 1 open"
    assert words(page, "//nav[@class='days']/a[@aria-current]") == "Mon 4 Dec 1 open"
    assert parsed(page.text).xpath(f"//li[@id='session-{desk.closed}']//form") == []


def test_today_is_shown_where_the_event_is_on(desk: Desk) -> None:
    with desk.app.app_context(), unit_of_work():
        row = locked(desk.tomorrow)
        row.starts_at = row.ends_at = clock.now()
    assert "Second day" in words(desk.editor.get(f"{PROGRAMME}/assignments"))


def test_an_empty_programme_says_so(desk: Desk) -> None:
    with desk.app.app_context():
        empty = make.event("empty")
        email = make.person(Role.EDITOR, empty).email
    who = Navigator(desk.app).sign_in(email, make.PASSWORD)
    assert "The programme is not in yet." in words(who.get("/desk/programme/empty/assignments"))
    who.get("/desk/programme/none/assignments", status=404)


def test_who_can_be_chosen_is_the_staff_with_how_much_they_have_that_day(desk: Desk) -> None:
    desk.assign(desk.today, "Ada")
    desk.assign(desk.tomorrow, "Ben")
    with desk.app.app_context():
        forum = programmes.event_by_slug("forum")
        assert forum is not None
        same_time = make.session(forum, "Same time").id
        gone = make.person(Role.RAPPORTEUR, forum, name="Gone")
        with unit_of_work():
            accounts.disable(gone, by=None, at=make.T0)
    options = parsed(desk.editor.get(DAY).text).xpath(f"//li[@id='session-{same_time}']//select[@name='user']/option")
    assert [" ".join(one.text_content().split()) for one in options] == [
        "Choose",
        "Ada · 1 that day · busy then",
        "Ben · 0 that day",
        "Edith · 0 that day",
    ]


def test_assigning_shows_on_the_line_and_leads_back_to_it(desk: Desk) -> None:
    page = desk.editor.get(DAY)
    answer = desk.editor.submit(page, form=f"/sessions/{desk.today}/assign?from=assignments", user=desk.ids["Ada"])
    assert answer.location == f"{DAY}#session-{desk.today}"
    page = desk.editor.get(DAY)
    assert words(page, "//*[@role='status']/p") == "Ada covers “First day”."
    assert "Ada Not answered yet due 13:30" in line(page, desk.today)  # 90 minutes from ten, and two hours
    desk.assign(desk.today, "Ben")
    page = desk.editor.get(DAY)
    assert "Ada (leads) Not answered yet" in line(page, desk.today)
    desk.editor.submit(page, form=f"/sessions/{desk.today}/lead?from=assignments")
    assert desk.stand(desk.today) == {"Ben": "assigned*", "Ada": "assigned"}
    page = desk.editor.get(DAY)
    desk.editor.submit(page, form=f"/sessions/{desk.today}/take-away?from=assignments")  # the first: who leads
    assert desk.stand(desk.today) == {"Ada": "assigned*", "Ben": "taken_away"}
    assert "Ben Taken away" in line(desk.editor.get(DAY), desk.today)
    assert "You do not cover “First day” any more: Edith changed that." in words(desk.ben.get("/desk/"))


def test_what_is_odd_is_said_at_once_and_stays_on_the_line(desk: Desk) -> None:
    with desk.app.app_context():
        forum = programmes.event_by_slug("forum")
        assert forum is not None
        same_time = make.session(forum, "Same time").id
        chair = make.person(Role.RAPPORTEUR, forum, name="Chair of the session").id
    desk.press(desk.editor, same_time, "assign", user=chair)
    desk.press(desk.editor, desk.today, "assign", user=chair)
    said = ["At the same time: “Same time”.", "Chair of the session speaks in this session."]
    assert flashed(desk.editor)[-2:] == [f"Mind, Chair of the session: {one}" for one in said]
    assert [f"Mind: {one}" in line(desk.editor.get(DAY), desk.today) for one in said] == [True, True]
    desk.press(desk.ada, desk.tomorrow, "take")
    assert flashed(desk.ada) == ["You cover “Second day” now."]


def test_what_is_refused_is_said_on_the_page(desk: Desk) -> None:
    sentence = "//*[@role='alert']"
    page = desk.press(desk.editor, desk.today, "assign", user=desk.ids["Elsewhere"], status=400)
    assert words(page, sentence) == "Elsewhere neither writes nor edits at this event. Choose somebody else."
    assert "First day" in words(page)
    for nobody in ("", "9999", "x", "-1", "9" * 30, "\x00"):
        page = desk.press(desk.editor, desk.tomorrow, "assign", user=nobody, status=400)
        assert words(page, sentence) == "Choose somebody."
        assert "Second day" in words(page)
        for act in ("lead", "take-away", "hand-over"):
            desk.press(desk.editor, desk.today, act, user=nobody, to=nobody, status=400)
    page = desk.press(desk.editor, desk.closed, "assign", user=desk.ids["Ada"], status=409)
    assert words(page, sentence) == "This session is closed: no report is written of it."
    page = desk.press(desk.editor, desk.today, "take-away", user=desk.ids["Ada"], status=409)
    assert words(page, sentence) == "Ada does not cover this session. Look at it again before you decide."
    page = desk.press(desk.editor, desk.today, "assign", user=desk.ids["Ada"], note="n" * 501, status=400)
    assert words(page, sentence) == "A note has at most 500 characters. Shorten it."
    assert desk.stand(desk.today) == {}


def test_who_is_not_on_the_staff_any_more_is_marked(desk: Desk) -> None:
    desk.assign(desk.today, "Ada")
    with desk.app.app_context(), unit_of_work():
        ada = people.by_id(desk.ids["Ada"])
        assert ada is not None
        accounts.revoke(ada.roles[0], by=None, at=make.T0)
    assert "Not on the staff any more" in line(desk.editor.get(DAY), desk.today)
    assert "First day" not in desk.ada.get("/desk/").text  # neither as what comes next nor as something told
    for act in ("take", "accept", "decline", "hand-over"):
        desk.press(desk.ada, desk.today, act, to=desk.ids["Ben"], status=403)


def test_rapporteurs_manage_nothing(desk: Desk) -> None:
    desk.assign(desk.today, "Ada", "Ben")
    desk.ada.get(DAY, status=403)
    before = desk.stand(desk.today)
    for act in ("assign", "lead", "take-away"):
        desk.press(desk.ada, desk.today, act, user=desk.ids["Ben"], status=403)
    desk.press(desk.ada, desk.today, "hand-over", user=desk.ids["Ben"], to=desk.ids["Edith"], status=403)
    desk.press(desk.ada, desk.tomorrow, "accept", status=403)
    for who in (desk.ada, desk.editor):
        desk.press(who, desk.today, "steal", status=404)
        who.get(f"/desk/sessions/{desk.today}/take", status=405)
    assert (desk.stand(desk.today), desk.stand(desk.tomorrow)) == (before, {})
    page = desk.ada.get(PROGRAMME)
    assert "Who covers what" not in page.text
    assert "Who covers what" in desk.editor.get(PROGRAMME).text


def test_the_programme_offers_what_nobody_covers(desk: Desk) -> None:
    page = desk.ada.get(PROGRAMME)
    offers = parsed(page.text).xpath("//form[contains(@action, '/take')]/@action")
    assert offers == [f"/desk/sessions/{one}/take?from=programme" for one in (desk.today, desk.tomorrow)]
    answer = desk.ada.submit(page, form=offers[0])
    assert answer.location == f"{PROGRAMME}#session-{desk.today}"
    assert "Covered by you Accepted" in line(desk.ada.get(PROGRAMME), desk.today)
    page = desk.ben.get(PROGRAMME)
    assert "Covered by Ada" in line(page, desk.today)
    assert parsed(page.text).xpath("//form[contains(@action, '/take')]/@action") == [offers[1]]
    page = desk.press(desk.ben, desk.today, "take", status=409)
    assert words(page, "//*[@role='alert']") == "Ada covers this session already."
    with desk.app.app_context(), unit_of_work():
        locked(desk.tomorrow).cover = Cover.NOT
    assert parsed(desk.ben.get(PROGRAMME).text).xpath("//form[contains(@action, '/take')]") == []


def test_answers_from_the_programme_and_from_the_desk(desk: Desk) -> None:
    desk.assign(desk.today, "Ada")
    page = desk.ada.get(PROGRAMME)
    desk.ada.submit(page, form="/accept?from=programme")
    assert desk.stand(desk.today) == {"Ada": "accepted*"}
    page = desk.ada.get(PROGRAMME)
    assert "/accept" not in page.text
    answer = desk.ada.submit(page, form="/hand-over?from=programme", to=desk.ids["Ben"])
    assert answer.location == f"{PROGRAMME}#session-{desk.today}"
    page = desk.ben.get("/desk/")
    assert "Ada hands “First day” over to you." in words(page)
    answer = desk.ben.submit(page, form="/decline?from=desk", note="<b>No</b>")
    assert answer.location == "/desk/"
    assert desk.stand(desk.today) == {"Ada": "handed_over", "Ben": "declined"}
    assert "First day" not in words(desk.ben.get("/desk/"))
    page = desk.editor.get("/desk/")
    assert "Ben cannot cover “First day”. “<b>No</b>”" in words(page)
    assert parsed(page.text).xpath(f"//a[@href='{DAY}#session-{desk.today}']") != []


def test_what_comes_next_stands_first_and_says_what_is_late(desk: Desk) -> None:
    desk.assign(desk.today, "Ada", "Ben")
    with desk.app.app_context(), unit_of_work():
        row = locked(desk.tomorrow)
        row.starts_at, row.ends_at = clock.now(), clock.now() + timedelta(days=3)
    desk.assign(desk.tomorrow, "Ada")
    page = desk.ada.get("/desk/")
    assert words(page, "//main//h2[1]").startswith("Next You were told")
    first, second = parsed(page.text).xpath("//main//section[1]//li")
    first, second = (" ".join(one.text_content().split()) for one in (first, second))
    assert first.startswith(
        "First day Late: it was due 13:30. Not answered yet "
        "4 December 2023, 10:00–11:30 · Room A · Event forum · you (leads), Ben Accept: First day Write it up"
    )
    assert second.startswith("Second day Due ")
    assert "Late" not in second
    desk.ada.submit(page, form=f"/sessions/{desk.today}/accept?from=desk")
    assert "Late: it was due 13:30. Accepted" in words(desk.ada.get("/desk/"))


def test_notices_are_read_one_by_one_or_all_that_were_shown(desk: Desk) -> None:
    desk.assign(desk.today, "Ada")
    desk.assign(desk.tomorrow, "Ada", "Ben")
    page = desk.ada.get("/desk/")
    told = "//h2[.='You were told']/following-sibling::ul/li/div/a"
    assert words(page, told) == "Edith asks you to cover “Second day”. Edith asks you to cover “First day”."
    everything = parsed(page.text).xpath("//input[@name='newest']/@value")[0]
    desk.press(desk.editor, desk.today, "take-away", user=desk.ids["Ada"])
    desk.ada.post("/desk/notices/read", {"newest": everything})
    page = desk.ada.get("/desk/")
    assert words(page, told) == "You do not cover “First day” any more: Edith changed that."
    [address] = parsed(page.text).xpath("//form[starts-with(@action, '/desk/notices/')]/@action")
    desk.ben.post(address, status=404)
    desk.ada.post(address)
    desk.ada.post(address)
    assert "You were told" not in words(desk.ada.get("/desk/"))
    assert words(desk.ben.get("/desk/"), told) == "Edith asks you to cover “Second day”."
    for odd in ("", "x", "-1", "9" * 40):
        desk.ben.post("/desk/notices/read", {"newest": odd})
    assert words(desk.ben.get("/desk/"), told) == "Edith asks you to cover “Second day”."


def test_on_duty_at_one_press(desk: Desk) -> None:
    page = desk.editor.get("/desk/")
    assert "Nobody is on duty. Nobody leads." in words(page)
    assert "Go off duty" not in words(page)
    for act in ("two_hours", "today"):
        answer = desk.editor.submit(desk.editor.get("/desk/"), form="/duty/forum", act=act)
        assert answer.location == "/desk/"
        assert [one.partition(" until ")[0] for one in flashed(desk.editor)] == ["You are on duty"]
        assert "Edith until" in words(desk.editor.get("/desk/"))
    assert "00:00" in words(desk.editor.get("/desk/"))
    desk.editor.post("/desk/duty/forum", {"act": "off"})
    assert "Nobody is on duty." in words(desk.editor.get("/desk/duty/forum"))
    assert "duty" not in desk.ada.get("/desk/").text
    for address in ("/desk/duty/forum", "/desk/duty/forum/lead"):
        desk.ada.post(address, {"act": "today", "user": desk.ids["Ada"]}, status=403)
    desk.editor.get("/desk/duty/none", status=404)


def test_the_lead_editor_is_chosen_by_editors_and_administrators(desk: Desk) -> None:
    with desk.app.app_context():
        forum = programmes.event_by_slug("forum")
        chief = make.person(Role.ADMINISTRATOR, forum).email
        make.person(Role.EDITOR, forum, name="Emil")
    administrator = Navigator(desk.app).sign_in(chief, make.PASSWORD)
    for who, name in ((desk.editor, "Emil"), (administrator, "Edith"), (administrator, "Nobody")):
        page = who.get("/desk/duty/forum")
        options = {one.text: one.get("value") for one in parsed(page.text).xpath("//select[@name='user']/option")}
        assert sorted(options) == ["Edith", "Emil", "Nobody"]
        who.submit(page, form="/lead", user=options[name])
        chosen = parsed(who.get("/desk/duty/forum").text).xpath("//option[@selected]/text()")
        assert chosen == [name]
    for nobody in (desk.ids["Ada"], "9999", "x", "٣", "9" * 30):
        page = desk.editor.post("/desk/duty/forum/lead", {"user": nobody}, status=400)
        assert words(page, "//*[@role='alert']") == "Choose an editor of the event."
    administrator.post("/desk/duty/forum", {"act": "today"}, status=403)
    assert "Who covers what" not in administrator.get("/desk/").text
    assert "Editors on duty" in administrator.get("/desk/").text


def test_what_waits_while_nobody_is_on_duty_is_on_the_desk_of_who_leads(desk: Desk) -> None:
    with desk.app.app_context():
        forum = programmes.event_by_slug("forum")
        edith, ada = people.by_id(desk.ids["Edith"]), people.by_id(desk.ids["Ada"])
        assert forum is not None
        assert edith is not None
        assert ada is not None
        with unit_of_work():
            duty.set_lead(forum, edith, by=edith, at=make.T0)
        report = make.draft(forum, ada, of=locked(desk.today))
        make.file(report, ada)
        number = report.number
    page = desk.editor.get("/desk/")
    assert "A report of “First day” is handed in, and no editor is on duty." in words(page)
    assert parsed(page.text).xpath(f"//a[@href='/desk/reports/{number}']") != []
    assert "no editor is on duty" not in desk.ada.get("/desk/").text
