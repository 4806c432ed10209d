"""What the writing page and the server say to each other: JSON that names itself, true answers, and no leak in them."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote_from_bytes
from uuid import uuid4

import factories as make
import pytest
from conftest import SCALE
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from navigator import Navigator
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from reporter import MAX_REQUEST
from reporter.models.database import db, unit_of_work
from reporter.models.people import User
from reporter.newsroom import filing, rule_tightening
from reporter.newsroom import people as newsroom
from reporter.queries import draft_saves, held_texts, people, private_notes, programmes, reports
from reporter.rules.vocabulary import HeldCause, Role, SessionRule, WorkState
from reporter.web.writing import device_key

SECRET = "Zanzibar told me so in the corridor"  # of private notes: nobody else may ever read it
BEFORE = "One, before.\n\nTwo.\n\nThree."
FIELDS = {
    "headline": "Headline",
    "lead": "Lead.",
    "key_points": "A point.",
    "body": "One.\n\nTwo.\n\nThree.",
    "byline": "",
    "checked_by": "",
    "link_url": "",
    "link_title": "",
    "language": "en",
}


@dataclass
class Page:
    """One page on one device, and what it knows: it sends as static/sending.js does."""

    who: Navigator
    account: int
    place: str
    key: str = ""
    device: str = field(default_factory=lambda: uuid4().hex)
    report: int | None = None
    base: int = 0

    def send(self, *, status: int = 200, **changes: Any) -> dict[str, Any]:
        """Send a text; what is answered, which the page takes in."""
        answer = self.post(**changes)
        assert answer.status_code == status, answer.text[:2000]
        told = said(answer)
        if told["state"] in ("received", "filed", "clash"):
            self.report, self.base = told["report"], told["sequence"]
        return told

    def post(self, *, token: str | None = None, **changes: Any) -> TestResponse:
        data = {
            **FIELDS,
            "client_id": uuid4().hex,
            "based_on": self.base,
            "report": "" if self.report is None else self.report,
            "act": "save",
            "account": self.account,
            "device": self.device,
            "device_key": self.key,
            **changes,
        }
        headers = {"X-CSRFToken": self.who.token() if token is None else token}
        return self.who.client.post(f"{self.place}/saves", data=MultiDict(data), headers=headers)


@dataclass
class Desk:
    """Two rapporteurs and an editor of "forum", one of another event; sessions 1 to 3."""

    app: Flask
    writer: Page
    colleague: Page
    editor: Page
    elsewhere: Page
    issue: int

    def act(self, what: Callable[[], object]) -> Any:
        """Something that happens meanwhile."""
        with self.app.app_context(), unit_of_work():
            return what()


@pytest.fixture
def desk(app: Flask) -> Desk:
    with app.app_context():
        issue = make.issues()["data-flows"]
        forum, other = make.event("forum"), make.event("other")
        for number in range(3):
            make.session(forum, f"Session {number}")
        who = [make.person(Role.RAPPORTEUR, forum), make.person(Role.RAPPORTEUR, forum),
               make.person(Role.EDITOR, forum), make.person(Role.EDITOR, other)]  # fmt: skip
        keys = [(user.id, user.email, device_key(user)) for user in who]
    pages = [
        Page(Navigator(app).sign_in(email, make.PASSWORD), number, "/desk/sessions/1/report", key)
        for number, email, key in keys
    ]
    writer, colleague, editor, elsewhere = pages
    return Desk(app, writer, colleague, editor, elsewhere, issue)


def said(answer: TestResponse) -> dict[str, Any]:
    """The JSON of an answer of ours."""
    assert answer.mimetype == "application/json", answer.text[:500]
    told = answer.get_json()
    assert told["reporter"] == 1
    assert answer.headers["Cache-Control"] == "no-store"
    return dict(told)


def user(number: int) -> User:
    found = people.by_id(number)
    assert found is not None
    return found


def values(told: dict[str, Any], name: str) -> list[str]:
    """The values of a field in the form that came back."""
    return [value for one, value in told["fields"] if one == name]


def saves_of(desk: Desk, report: int = 1) -> list[tuple[int, str, bool]]:
    with desk.app.app_context():
        return [(one.sequence, one.body, one.set_aside) for one in draft_saves.every(report)]


# -- what is answered ------------------------------------------------------------------------------------------------


def test_a_first_text_is_received_and_begins_the_report(desk: Desk) -> None:
    told = desk.writer.send()
    assert re.fullmatch(r"\d\d:\d\d", told.pop("received"))
    assert told == {"reporter": 1, "state": "received", "report": 1, "sequence": 1, "head": 1, "others": []}
    assert saves_of(desk) == [(1, FIELDS["body"], False)]
    desk.writer.send(body="One.\n\nTwo, and more.\n\nThree.")
    assert [sequence for sequence, _body, _aside in saves_of(desk)] == [1, 2]


def test_a_resend_is_answered_alike_and_kept_once(desk: Desk) -> None:
    page = uuid4().hex
    told = [desk.writer.send(client_id=page, report="", based_on=0) for _ in range(3)]
    assert told[0] == told[1] == told[2]
    assert len(saves_of(desk)) == 1


def both_write(desk: Desk) -> None:
    """The colleague joins and shows what the writer saved."""
    desk.writer.send()
    desk.colleague.who.post("/desk/sessions/1/report", {"act": "join"})
    desk.colleague.report, desk.colleague.base = 1, 1


def test_changes_of_two_at_different_places_come_back_together(desk: Desk) -> None:
    both_write(desk)
    desk.colleague.send(body="One.\n\nTwo.\n\nThree, theirs.")
    told = desk.writer.send(body="One, mine.\n\nTwo.\n\nThree.")
    assert (told["state"], told["sequence"], told["head"]) == ("received", 3, 4)
    assert values(told, "body") == ["One, mine.\n\nTwo.\n\nThree, theirs."]
    assert [one["me"] for one in told["others"]] == [False]


def test_a_clash_comes_back_with_the_choice_and_both_texts(desk: Desk) -> None:
    both_write(desk)
    desk.colleague.send(body="One.\n\nTwo, theirs.\n\nThree.")
    told = desk.writer.send(body="One.\n\nTwo, mine.\n\nThree.", act="hand_in", policy_issues=desk.issue)
    assert told["state"] == "clash"
    assert "fields" not in told
    assert all(f"Two, {whose}." in told["together"] for whose in ("mine", "theirs"))
    assert 'value="theirs"' in told["together"]
    assert "csrf_token" in told["together"]
    with desk.app.app_context():
        found = reports.by_number(1)
        assert found is not None
        assert found.work_state is WorkState.DRAFT, "a text that clashes is not handed in"
    chosen = desk.writer.who.client.post(
        "/desk/reports/1/together",
        data={"save": told["sequence"], "seen": told["head"], "choice-body-0": "mine",
              "csrf_token": desk.writer.who.token()},
        headers={"Accept": "application/json"},
    )  # fmt: skip
    assert said(chosen)["state"] == "together"
    assert values(said(chosen), "body") == ["One.\n\nTwo, mine.\n\nThree."]


def test_what_is_handed_in_is_filed_with_its_number_and_place(desk: Desk) -> None:
    told = desk.writer.send(act="hand_in", policy_issues=desk.issue)
    assert (told["state"], told["revision"], told["see"]) == ("filed", 1, "/desk/reports/1")
    assert told["sentence"].startswith("Handed in: report 1, text 1. It is the first")
    again = desk.writer.send(act="first_summary", key_points="One.\nTwo.", body="Short.")
    assert (again["state"], again["revision"]) == ("filed", 2)


def test_what_lacks_something_is_received_and_not_filed_and_says_why(desk: Desk) -> None:
    told = desk.writer.send(act="hand_in")
    assert (told["state"], told["refusal"]) == ("received", "Choose at least one policy issue before you hand in.")
    told = desk.writer.send(act="hand_in", policy_issues=desk.issue, body="> " * 11 + "deep")
    assert told["state"] == "refused" or "refusal" in told
    assert saves_of(desk)[-1][1] == "> " * 11 + "deep"


def test_a_hand_in_sent_again_hands_in_what_its_writer_handed_in_and_nothing_newer(desk: Desk) -> None:
    """The server took the text and fell over before it handed it in; somebody wrote on before the page asked again."""
    page: dict[str, Any] = {"client_id": uuid4().hex, "report": "", "based_on": 0, "policy_issues": desk.issue}
    desk.writer.send(**page)  # what is there after the fall: the save alone
    desk.colleague.who.post("/desk/sessions/1/report", {"act": "join"})
    desk.colleague.report, desk.colleague.base = 1, 1
    desk.colleague.send(body="One.\n\nTwo.\n\nThree.\n\nHalf a sente", policy_issues=desk.issue)
    told = desk.writer.send(act="hand_in", **page)
    assert (told["state"], told["revision"]) == ("filed", 1)
    with desk.app.app_context():
        revision = reports.revision(1, 1)
        assert revision is not None
        assert revision.body == FIELDS["body"]
    assert saves_of(desk)[-1][1].endswith("Half a sente")


def test_a_text_that_may_not_become_part_of_the_report_is_held_and_says_why(desk: Desk) -> None:
    desk.writer.send()
    told = desk.colleague.send(body="Begun elsewhere.", act="hand_in")
    assert (told["state"], told["see"]) == ("held", "/desk/held/1")
    assert told["sentence"] == "The report of this session had been begun elsewhere meanwhile."
    assert "fields" not in told
    for who in (desk.colleague.who, desk.editor.who):
        page = who.get("/desk/held/1").text
        assert "Begun elsewhere." in page
        assert "It was meant to be handed in." in page
    desk.writer.who.get("/desk/held/1", status=403)
    desk.elsewhere.who.get("/desk/held/1", status=403)
    desk.editor.who.post("/desk/held/1", {"act": "attach"})
    assert saves_of(desk)[1:] == [(2, "Begun elsewhere.", True)]


def test_a_held_text_that_cannot_be_rendered_is_shown_as_it_was_typed(desk: Desk) -> None:
    desk.writer.send()
    desk.colleague.send(body="> " * 12 + "very deep")
    assert "very deep" in desk.colleague.who.get("/desk/held/1").text


LONG = {
    "a long headline": {"headline": "h" * 301},
    "a long text": {"body": "b" * 100_001},
    "many key points": {"key_points": "\n".join(map(str, range(31)))},
    "long notes": {"notes": "n" * 500_001},
    "more than a request may hold": {"body": "b" * MAX_REQUEST},
}


@pytest.mark.parametrize("why", LONG)
def test_what_is_over_a_limit_is_refused_in_a_sentence_and_nothing_is_kept_of_it(desk: Desk, why: str) -> None:
    told = desk.writer.send(status=413, **LONG[why])
    assert told["state"] == "refused"
    assert told["sentence"]
    assert saves_of(desk) == []
    desk.writer.send()  # shortened, it is taken


def test_a_language_that_is_none_is_refused(desk: Desk) -> None:
    told = desk.writer.send(status=400, language="klingon")
    assert (told["state"], told["sentence"]) == (
        "refused", "“klingon” is no language that we know. Choose one from the list."
    )  # fmt: skip


@pytest.mark.parametrize("name", ["client_id", "device"])
@pytest.mark.parametrize("value", ["", "x", "x" * 33, "é" * 32, "\x00" * 32, "' OR 1=1 --"])
def test_a_page_that_is_none_of_ours_is_told_to_load_again(desk: Desk, name: str, value: str) -> None:
    told = desk.writer.send(status=400, **{name: value})
    assert told["state"] == "refused"
    assert told["sentence"].startswith("This page is not one of ours")


def test_nothing_is_where_nothing_was(desk: Desk) -> None:
    for place in ("/desk/sessions/99/report", "/desk/reports/99/write", "/desk/reports/0/write"):
        desk.writer.place = place
        assert desk.writer.send(status=404)["state"] == "refused"


def test_control_characters_are_dropped_and_the_rest_is_in_one_form(desk: Desk) -> None:
    desk.writer.send(body="a\x00b\x08c\r\nd\x0be\ud7ffe\u0301")
    assert saves_of(desk)[0][1] == "abc\nd\ne\ud7ff\u00e9"


# -- who sends -------------------------------------------------------------------------------------------------------


def test_who_is_signed_out_is_told_so_and_nothing_is_kept(desk: Desk) -> None:
    signed_out = Page(Navigator(desk.app), desk.writer.account, desk.writer.place, desk.writer.key)
    answer = signed_out.post(token="")
    assert (answer.status_code, said(answer)) == (401, {"reporter": 1, "state": "signed_out"})
    for address in (f"{desk.writer.place}/saves", "/desk/ready", "/desk/reports/1/write/saves?after=0"):
        looked = signed_out.who.client.get(address)
        assert (looked.status_code, said(looked)) == (401, {"reporter": 1, "state": "signed_out"})


@pytest.mark.parametrize("token", ["", "made up", "IjEi.Z.x", "é", "x" * 5_000])
def test_a_stale_token_is_told_with_a_fresh_one_that_works(desk: Desk, token: str) -> None:
    answer = desk.writer.post(token=token)
    told = said(answer)
    assert (answer.status_code, told["state"]) == (400, "stale")
    assert said(desk.writer.post(token=told["token"]))["state"] == "received"


def test_a_text_of_another_account_is_not_taken(desk: Desk) -> None:
    for account in (desk.colleague.account, "", "x", "-1", 2**31):
        told = desk.writer.send(status=409, account=account)
        assert told["state"] == "other_account"
    assert saves_of(desk) == []


def test_the_device_key_of_an_account_that_is_open_opens_nothing(desk: Desk) -> None:
    desk.writer.send()
    stranger = Page(Navigator(desk.app), desk.writer.account, desk.writer.place, desk.writer.key, report=1, base=1)
    answer = stranger.post(token="", body="Not signed in.")
    assert (answer.status_code, said(answer)) == (401, {"reporter": 1, "state": "signed_out"})
    assert len(saves_of(desk)) == 1
    with desk.app.app_context():
        assert held_texts.open_of_writer(user(desk.writer.account)) == []


@pytest.mark.parametrize("key", ["", "x", "1", "IjEi.Z.x", "é", "\x00", "1.aaaa.bbbb", "x" * 5_000])
def test_a_device_key_that_is_none_is_none(desk: Desk, key: str) -> None:
    stranger = Page(Navigator(desk.app), desk.writer.account, desk.writer.place, key)
    assert said(stranger.post(token=""))["state"] == "signed_out"


def disabled(desk: Desk) -> Page:
    """The writer's account is closed; the page has only its key left."""
    desk.act(lambda: newsroom.disable(user(desk.writer.account), by=None, at=make.T0))
    page = desk.writer
    return Page(Navigator(desk.app), page.account, page.place, page.key, page.device, page.report, page.base)


def test_the_text_of_an_account_that_was_closed_reaches_the_editors_and_reads_nothing(desk: Desk) -> None:
    both_write(desk)
    first = uuid4().hex
    desk.writer.send(client_id=first, body=BEFORE)
    desk.colleague.send(body=f"One.\n\nTwo.\n\n{SECRET}")
    page = disabled(desk)
    told = said(page.post(token="", body="One.\n\nTwo, at last.\n\nThree.", act="hand_in"))
    assert told["state"] == "held"
    with desk.app.app_context():
        [held] = held_texts.open_of_events([1])
        assert (held.cause, held.body, held.to_hand_in) == (
            HeldCause.ACCOUNT_DISABLED, "One.\n\nTwo, at last.\n\nThree.", True
        )  # fmt: skip
    # A resend of what was received before the end is answered, without a word of what others wrote since.
    again = page.post(token="", client_id=first, body=BEFORE, act="hand_in")
    assert said(again)["state"] == "received"
    assert SECRET not in again.text
    assert "others" not in said(again)
    assert page.who.client.get(f"{page.place}/saves?after=0").status_code == 401
    assert page.who.client.get("/desk/ready").status_code == 401


def test_who_lost_the_role_is_answered_a_resend_without_the_words_of_others(desk: Desk) -> None:
    both_write(desk)
    first = uuid4().hex
    desk.writer.send(client_id=first, body=BEFORE)
    desk.colleague.send(body=f"One.\n\nTwo.\n\n{SECRET}")

    def take_away() -> None:
        grant = people.grant(user(desk.writer.account), Role.RAPPORTEUR, 1)
        assert grant is not None
        newsroom.revoke(grant, by=None, at=make.T0)

    desk.act(take_away)
    answer = desk.writer.post(client_id=first, body=BEFORE)
    assert said(answer)["state"] == "received"
    assert SECRET not in answer.text
    assert said(desk.writer.post(body="More."))["state"] == "held"
    assert SECRET not in desk.writer.who.client.get(f"{desk.writer.place}/saves?after=0").text


def test_anybody_signed_in_can_hand_a_text_over_and_learns_nothing_by_it(desk: Desk) -> None:
    desk.writer.send(body=SECRET)
    answer = desk.elsewhere.post(report=1, based_on=1, body="From elsewhere.")
    assert said(answer)["state"] == "held"
    assert SECRET not in answer.text


# -- looking ---------------------------------------------------------------------------------------------------------


def test_who_may_write_sees_what_is_newer_and_who_else_writes(desk: Desk) -> None:
    both_write(desk)
    desk.colleague.send(body="Newer.")
    looks = {
        after: said(desk.writer.who.client.get(f"{desk.writer.place}/saves?after={after}&device={desk.writer.device}"))
        for after in ("1", "2", "99")
    }
    assert [told["state"] for told in looks.values()] == ["newer", "same", "same"]
    assert (looks["1"]["head"], values(looks["1"], "body")) == (2, ["Newer."])
    assert [one["me"] for one in looks["1"]["others"]] == [False]
    assert "fields" not in looks["2"]
    # The same person's other device is seen too, and one's own is not.
    other = said(desk.colleague.who.client.get(f"{desk.writer.place}/saves?after=2&device={'e' * 32}"))
    assert sorted(one["me"] for one in other["others"]) == [False, True]


@pytest.mark.parametrize("after", ["", "x", "-1", "1.5", "²", "٣", "9" * 50, "%00", "1&after=2", "0x1", "%F0%9F%8E%89"])
def test_a_number_that_is_none_shows_nothing_and_breaks_nothing(desk: Desk, after: str) -> None:
    desk.writer.send()
    told = said(desk.writer.who.client.get(f"{desk.writer.place}/saves?after={after}"))
    assert told["state"] in ("same", "newer")


def test_who_may_not_write_sees_nothing(desk: Desk) -> None:
    desk.writer.send(body=SECRET)
    place = desk.writer.place
    told = said(desk.colleague.who.client.get(f"{place}/saves?after=0"))
    assert told == {"reporter": 1, "state": "same", "others": []}
    refused = desk.elsewhere.who.client.get(f"{place}/saves?after=0")
    assert (refused.status_code, said(refused)["state"]) == (403, "refused")
    assert SECRET not in refused.text
    by_number = desk.colleague.who.client.get("/desk/reports/1/write/saves?after=0")
    assert (by_number.status_code, said(by_number)["state"]) == (403, "refused")
    assert values(said(desk.editor.who.client.get(f"{place}/saves?after=0")), "body") == [SECRET]


def test_ready_names_who_is_signed_in_and_what_to_keep(desk: Desk) -> None:
    desk.writer.send()
    told = said(desk.writer.who.client.get("/desk/ready"))
    assert (told["state"], told["account"]) == ("signed_in", desk.writer.account)
    assert told["pages"] == [{"address": "/desk/sessions/1/report", "title": "Session 0"}]
    assert said(desk.writer.post(token=told["token"]))["state"] in ("received", "held")
    assert {"/static/sync.js", "/static/reporter.css"} <= {one.partition("?")[0] for one in told["static"]}
    assert said(desk.colleague.who.client.get("/desk/ready"))["pages"] == []
    assert said(desk.editor.who.client.get("/desk/ready"))["account"] == desk.editor.account


def test_ready_keeps_no_page_of_a_report_that_takes_no_text(desk: Desk) -> None:
    desk.writer.send(act="hand_in", policy_issues=desk.issue)
    with desk.app.app_context():
        report = reports.by_number(1)
        assert report is not None
        make.approve(report, user(desk.editor.account))
        make.publish(report, user(desk.editor.account))
    assert said(desk.writer.who.client.get("/desk/ready"))["pages"] == []


# -- tightening a rule, and choosing, by script ----------------------------------------------------------------------


def test_a_script_is_refused_in_its_own_words_so_that_it_does_not_try_for_ever(desk: Desk) -> None:
    def by_script(page: Page, address: str, **data: Any) -> TestResponse:
        data["csrf_token"] = page.who.token()
        return page.who.client.post(address, data=data, headers={"Accept": "application/json"})

    desk.writer.send()
    rule = "/desk/sessions/1/rule"
    assert said(by_script(desk.writer, rule, rule="chatham_house"))["state"] == "tightened"
    for page, data, status in (
        (desk.colleague, {"rule": "closed"}, 403),
        (desk.writer, {"rule": "on_the_record"}, 409),
        (desk.writer, {"rule": "none"}, 400),
    ):
        answer = by_script(page, rule, **data)
        assert (answer.status_code, said(answer)["state"]) == (status, "refused")
    for address, status in (("/desk/reports/1/together", 404), ("/desk/reports/9/together", 404)):
        answer = by_script(desk.writer, address, save="9", seen="1")
        assert (answer.status_code, said(answer)["state"]) == (status, "refused")
    answer = by_script(desk.colleague, "/desk/reports/1/together", save="1", seen="1")
    assert (answer.status_code, said(answer)["state"]) == (403, "refused")
    with desk.app.app_context():
        found = programmes.programme_session(1)
        assert found is not None
        assert found.rule is SessionRule.CHATHAM_HOUSE


# -- private notes ---------------------------------------------------------------------------------------------------


def test_notes_come_and_go_with_the_text_and_their_version_is_told(desk: Desk) -> None:
    told = desk.writer.send(notes="Mine.", notes_version=0)
    assert told["notes_version"] == 1
    assert desk.writer.send(notes="Mine, more.", notes_version=1)["notes_version"] == 2
    assert "notes_version" not in desk.writer.send()
    assert "Mine, more." in desk.writer.who.get(desk.writer.place).text
    assert len(saves_of(desk)) == 1, "notes alone make no save"


def test_nobody_else_reads_private_notes_anywhere(desk: Desk) -> None:
    both_write(desk)
    desk.writer.send(notes=SECRET, policy_issues=desk.issue, act="hand_in")
    # Another rapporteur of the report sees them, nobody else does, on no page and in no answer.
    assert SECRET in desk.colleague.who.get(desk.writer.place).text
    with desk.app.app_context():
        report = reports.by_number(1)
        assert report is not None
    editor = desk.editor.who
    editor.get("/desk/review/1")
    pages = [
        "/desk/", "/desk/review/", "/desk/review/1", "/desk/review/1/revise", "/desk/reports/1",
        "/desk/reports/1/draft", "/desk/reports/1/texts/1", "/desk/reports/1/saves", "/desk/reports/1/saves/1",
        desk.writer.place, f"{desk.writer.place}/saves?after=0", "/desk/reports/1/write/saves?after=0", "/desk/ready",
        "/desk/coverage/forum", "/desk/programme/forum", "/reports", "/reports.atom", "/",
    ]  # fmt: skip
    for who in (editor, desk.elsewhere.who):
        for address in pages:
            assert SECRET not in who.client.get(address, follow_redirects=True).text, address
    for page in (desk.editor, desk.elsewhere):
        assert SECRET not in page.post(report=1, based_on=0, body="Theirs.", notes="", notes_version=0).text
    editor.submit(editor.get("/desk/review/1"), act="approve_and_publish", form="/review/1")
    for address in ("/reports/1", "/reports.atom", "/sessions/1/session-0", "/events/forum.rss"):
        answer = Navigator(desk.app).client.get(address, follow_redirects=True)
        assert answer.status_code == 200
        assert SECRET not in answer.text


def test_notes_beside_a_text_that_is_held_are_kept_for_their_writer_alone(desk: Desk) -> None:
    desk.writer.send()
    told = desk.colleague.send(body="Begun elsewhere.", notes=SECRET, notes_version=0)
    assert told["state"] == "held"
    assert SECRET in desk.colleague.who.get("/desk/held/1").text
    assert SECRET not in desk.editor.who.get("/desk/held/1").text
    assert SECRET not in desk.writer.who.get(desk.writer.place).text
    desk.editor.who.post("/desk/held/1", {"act": "attach"})
    with desk.app.app_context():
        row = private_notes.one(1, desk.colleague.account)
        assert row is not None
        assert row.text == SECRET


def test_notes_of_somebody_who_is_no_rapporteur_are_not_taken_for_the_reports(desk: Desk) -> None:
    """An editor who takes over by saving is none of its rapporteurs; the page offers no notes there."""
    desk.writer.send()
    assert 'id="notes"' not in desk.editor.who.get(desk.writer.place).text
    desk.editor.report, desk.editor.base = 1, 1
    told = desk.editor.send(body="Edited.", notes="Not theirs.", notes_version=0)
    assert (told["state"], "notes_version" in told) == ("received", False)


# -- whatever is posted ----------------------------------------------------------------------------------------------

NAMES = [name.encode() for name in (
    *FIELDS, "policy_issues", "processes", "sdg_targets", "key_point_actor", "key_point_capacity", "key_point_issue",
    "client_id", "based_on", "report", "act", "account", "device", "device_key", "notes", "notes_version", "save",
    "seen", "choice-body-0", "rule", "csrf_token",
)]  # fmt: skip
NASTY = (
    b"", b"\x00", b"\xff\xfe", b"\xed\xa0\x80", b"%", b"%zz", b"\r\n\r\n", b"-1", b"0", b"1", b"2", b"2147483648",
    b"9" * 5_000, b"\xd9\xa3", b"\xc2\xb2", b"> " * 40 + b"x", b"[" * 3_000, b"a" * 120_000, b"hand_in",
    b"first_summary", b"en", b"klingon", b"{{7*7}}", b"%(name)s", b"mine", b"closed", b"0" * 32, b"a" * 32,
    b"\xef\xb7\x90\xf0\x9f\x8e\x89",
)  # fmt: skip
PLACES = (
    "/desk/sessions/1/report/saves", "/desk/sessions/2/report/saves", "/desk/sessions/3/report/saves",
    "/desk/sessions/99/report/saves", "/desk/reports/1/write/saves", "/desk/reports/99/write/saves",
    "/desk/reports/1/together", "/desk/sessions/2/rule", "/desk/preview", "/desk/held/1",
    "/desk/sessions/1/report/checks",
)  # fmt: skip
value = st.sampled_from(NASTY) | st.binary(max_size=40) | st.text(max_size=40).map(lambda text: text.encode())
pairs = st.lists(st.tuples(st.sampled_from(NAMES) | st.binary(max_size=9), value), max_size=10)
TYPES = ("application/x-www-form-urlencoded", "application/x-www-form-urlencoded; charset=utf-16", "text/plain",
         "application/json", "multipart/form-data", "multipart/form-data; boundary=b", "", "x", "a/b; c")  # fmt: skip


def test_no_bytes_posted_make_a_failure_and_no_answer_is_a_lie(desk: Desk) -> None:
    desk.writer.send()
    desk.colleague.send()  # held
    pages = [desk.writer, desk.colleague, desk.editor]
    tokens = [page.who.token() for page in pages]
    answered: dict[str, int] = {}

    @settings(max_examples=max(30, int(250 * SCALE)), deadline=None, derandomize=True, database=None,
              suppress_health_check=list(HealthCheck))  # fmt: skip
    @given(st.integers(0, 2), st.sampled_from(PLACES), pairs, st.sampled_from(TYPES), st.integers(0, 3),
           st.booleans(), st.booleans())  # fmt: skip
    def post(
        who: int, address: str, chosen: list[tuple[bytes, bytes]], kind: str, luck: int, quoted: bool, script: bool
    ) -> None:
        page = pages[who]
        if luck:  # what lets the rest through to where it is read
            kind = TYPES[0]
            good = {"account": page.account, "client_id": uuid4().hex, "device": page.device, "language": "en"}
            chosen = [*((name.encode(), str(what).encode()) for name, what in good.items()), *chosen]
        data = b"&".join(
            (quote_from_bytes(name) + "=" + quote_from_bytes(what)).encode() if quoted or luck else name + b"=" + what
            for name, what in chosen
        )
        if kind.endswith("boundary=b"):
            data = b"".join(b'--b\r\nContent-Disposition: form-data; name="' + name.replace(b'"', b"")
                            + b'"\r\n\r\n' + what + b"\r\n" for name, what in chosen) + b"--b--\r\n"  # fmt: skip
        headers = {"X-CSRFToken": tokens[who]} | ({"Accept": "application/json"} if script else {})
        answer = page.who.client.post(address, data=data, content_type=kind or None, headers=headers)
        assert answer.status_code < 500, f"{address}: {answer.status}"
        if address.endswith("/saves") and answer.mimetype == "application/json":
            told = said(answer)
            answered[told["state"]] = answered.get(told["state"], 0) + 1
            if told["state"] in ("received", "clash", "filed"):
                with desk.app.app_context():
                    assert draft_saves.one(told["report"], told["sequence"]).saved_by_id == page.account
            elif told["state"] == "held":
                with desk.app.app_context():
                    held = held_texts.one(told["held"])
                    assert held is not None
                    assert held.written_by_id == page.account

    post()
    assert {"received", "held", "refused", "other_account"} <= answered.keys()


@pytest.mark.parametrize("content_type", ["application/json", "text/plain", "application/octet-stream", "x", ""])
def test_a_form_in_no_form_is_refused_and_not_taken_for_an_empty_text(desk: Desk, content_type: str) -> None:
    desk.writer.send()
    answer = desk.writer.who.client.post(
        f"{desk.writer.place}/saves", data=b'{"account": 1}', content_type=content_type or None,
        headers={"X-CSRFToken": desk.writer.who.token()},
    )  # fmt: skip
    assert 400 <= answer.status_code < 500
    assert len(saves_of(desk)) == 1


def test_a_database_that_is_away_is_asked_again_and_refuses_nothing(desk: Desk) -> None:
    """A page that is told “refused” would wait for its writer; one that is told “again” tries by itself."""
    desk.writer.send()
    token = desk.writer.who.token()
    with desk.app.app_context():
        if db.engine.dialect.name != "sqlite":
            pytest.skip("PostgreSQL calls a table that is gone a mistake of ours, and no database that is away")
        db.session.execute(db.text("ALTER TABLE draft_save RENAME TO draft_save_away"))
        db.session.commit()
    answer = desk.writer.post(token=token, body="Typed meanwhile.")
    with desk.app.app_context():
        db.session.execute(db.text("ALTER TABLE draft_save_away RENAME TO draft_save"))
        db.session.commit()
    assert (answer.status_code, said(answer)["state"]) == (503, "again")
    assert desk.writer.send(body="Typed meanwhile.")["state"] == "received"


def test_tightening_to_closed_holds_what_comes_afterwards(desk: Desk) -> None:
    desk.writer.send()

    def close() -> None:
        session = programmes.for_change(1)
        assert session is not None
        rule_tightening.tighten(session, SessionRule.CLOSED, by=user(desk.writer.account), at=make.T0)

    desk.act(close)
    told = desk.writer.send(body="More.")
    assert (told["state"], told["sentence"]) == ("held", "This session is closed: no report is written of it.")


def test_a_report_of_no_session_takes_texts_at_its_own_place(desk: Desk) -> None:
    def wrap_up() -> int:
        event = programmes.event_by_slug("forum")
        assert event is not None
        return filing.start(event=event, by=user(desk.writer.account), at=make.T0).number

    number = desk.act(wrap_up)
    desk.writer.place, desk.writer.report = f"/desk/reports/{number}/write", number
    assert desk.writer.send()["report"] == number
    desk.colleague.place, desk.colleague.report = f"/desk/reports/{number}/write", number
    assert desk.colleague.send(body="Not mine.", based_on=1)["state"] == "held"
