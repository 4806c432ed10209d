"""Whatever is sent: a sentence that says what to do, all that was typed still on the page, and no failure of ours."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from urllib.parse import quote_from_bytes
from uuid import uuid4

import factories as make
import pytest
from conftest import SCALE
from field import FIELD
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree
from navigator import Navigator, check_page, parsed
from werkzeug.test import TestResponse

from reporter.models.database import unit_of_work
from reporter.newsroom import people as newsroom
from reporter.queries import draft_saves, people, programmes, reports
from reporter.rules.report_text import clean, one_line
from reporter.rules.vocabulary import Role, SessionRule, WorkState

TYPED = {
    "headline": "Headline & <b>typed</b>",
    "lead": "Lead “typed”, line one\r\nline two",
    "key_points": "Point one\r\nPoint <two>",
    "byline": "By & <typed>",
    "body": "\r\nBody </textarea><script>alert(1)</script>\r\n\r\n    indented & &amp; kept\r\n",
}


# The labels under which the page of a refusal shows what was typed.
LABELS = {"headline": "Headline", "lead": "In one or two sentences", "key_points": "Key points", "body": "Text",
          "byline": "Byline", "note": "Note"}  # fmt: skip


@dataclass
class Desk:
    """Two people at the desk of one event; the ids of sessions, policy issues and reports."""

    app: Flask
    writer: Navigator
    editor: Navigator
    sessions: list[int]
    issues: dict[str, int]
    writer_email: str

    def write(self, place: int = 0) -> str:
        return f"/desk/sessions/{self.sessions[place]}/report"


# Reports 1 to 5 of `desk`, on the first five of its sessions; nobody writes of the sixth, the seventh is closed.
WRITTEN, WAITING, APPROVED, SHOWN, TAKEN_BACK = range(1, 6)
UNWRITTEN, CLOSED = 5, 6


@pytest.fixture
def desk(app: Flask) -> Desk:
    """A report in each state that matters here."""
    with app.app_context():
        ids = make.issues()
        forum = make.event("forum")
        writer, editor = make.person(Role.RAPPORTEUR, forum), make.person(Role.EDITOR, forum)
        sessions = [make.session(forum, f"Session {number}") for number in range(6)]
        sessions.append(make.session(forum, "Closed session", rule=SessionRule.CLOSED))
        made = [make.draft(forum, writer, make.text(f"Report {place}"), of=sessions[place]) for place in range(5)]
        for report in made[1:]:
            make.file(report, writer)
        for report in made[2:]:
            make.approve(report, editor)
        for report in made[3:]:
            make.publish(report, editor)
        make.withdraw(made[4], editor)
        assert [report.number for report in made] == [WRITTEN, WAITING, APPROVED, SHOWN, TAKEN_BACK]
        numbers = [session.id for session in sessions]
        emails = writer.email, editor.email
        with unit_of_work():  # who looks after people too, so that every form of the desk opens to somebody
            newsroom.grant(editor, Role.ADMINISTRATOR, event=None, by=None, at=make.T0)
    who = [Navigator(app).sign_in(email, make.PASSWORD) for email in emails]
    return Desk(app, who[0], who[1], numbers, ids, emails[0])


def _sentence(answer: TestResponse) -> str:
    return " ".join(parsed(answer.text).xpath("//*[@role='alert']/text()"))


def _fields(answer: TestResponse) -> dict[str, str]:
    """What stands in the fields of a page, by their labels or names, as a browser would send it again.

    Rows of one name stand one a line; fields that nobody typed in here are left out where they are empty.
    """
    rows: dict[str, list[str]] = {}
    for form in parsed(answer.text).xpath("//main"):
        for field in form.xpath(".//textarea | .//input[@type='text' or not(@type)]"):
            label = form.xpath(f".//label[@for='{field.get('id')}']/text()")
            value = field.get("value", "") if field.tag == "input" else (field.text or "").removeprefix("\n")
            key = field.get("name") or str(label[0])
            rows.setdefault(key, []).append(_plain(value))
    many = {"key_points"}  # the others stand twice only where what was refused stands beside an empty one
    found = {
        key: "\n".join(filter(None, values)) if key in many else next(filter(None, values), "")
        for key, values in rows.items()
    }
    return {key: value for key, value in found.items() if value or key in TYPED}


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n")


def _typed(**changes: str) -> dict[str, str]:
    return {name: _plain(value) for name, value in {**TYPED, **changes}.items()}


def _ticked(answer: TestResponse) -> list[str]:
    return [str(one) for one in parsed(answer.text).xpath("//input[@name='policy_issues'][@checked]/@value")]


# What is refused when it is handed in: what was typed instead, the status, the sentence, and whether the draft is kept.
REFUSALS: dict[str, tuple[dict[str, str], int, str, bool]] = {
    "nothing": (dict.fromkeys(TYPED, ""), 422, "Write a headline before you hand in.", True),
    "only a headline": (
        {"lead": "", "key_points": "", "body": ""}, 422,
        "Write one or two sentences, or key points, before you hand in.", True,
    ),
    "no headline": ({"headline": " \t "}, 422, "Write a headline before you hand in.", True),
    "a long headline": (
        {"headline": "h" * 301}, 413, "The headline has 301 characters; at most 300 are possible.", False,
    ),
    "a long lead": (
        {"lead": "l" * 2_001}, 413,
        "The summary in one or two sentences has 2001 characters; at most 2000 are possible.", False,
    ),
    "many key points": (
        {"key_points": "\n".join(map(str, range(31)))}, 413,
        "There are 31 key points; at most 30 are possible.", False,
    ),
    "a long key point": (
        {"key_points": "short\n" + "k" * 2_001}, 413,
        "A key point has 2001 characters; at most 2000 are possible.", False,
    ),
    "a long text": (
        {"body": "b" * 100_001}, 413,
        "The text has 100001 characters; at most 100000 are possible. Shorten it and send it again.", False,
    ),
    "a text nested too deeply": (
        {"body": "> " * 11 + "deep"}, 422,
        "Quotes and lists are more than 10 inside each other. Move the innermost ones out.", True,
    ),
    "a text with too many marks": (
        {"body": "**a** " * 2_001}, 422,
        "The text has more than 4000 formatting marks. Split it, or remove some of its lists, links and bold passages.",
        True,
    ),
    "a text that is too large as a page": (
        {"body": "&" * 99_000}, 422,
        "The text takes more than 300000 characters on its page. Shorten it, or remove repeated long links and signs "
        "such as < and &.", True,
    ),
}  # fmt: skip


@pytest.mark.parametrize("why", REFUSALS)
def test_what_is_refused_stays_in_the_form(desk: Desk, why: str) -> None:
    changes, status, sentence, kept = REFUSALS[why]
    for place in (0, UNWRITTEN):
        with desk.app.app_context():
            before = _saves()
        typed: dict[str, Any] = {**TYPED, **changes, "policy_issues": [1, 3]}
        form = desk.writer.get(desk.write(place))
        page = desk.writer.submit(form, act="hand_in", form="/report", status=status, **typed)
        assert _sentence(page) == sentence
        assert _fields(page) == _typed(**changes)
        assert _ticked(page) == ["1", "3"]
        with desk.app.app_context():
            assert _saves() == before + kept
        # The same page, once more with what was wrong put right: nothing has to be typed again.
        right: dict[str, Any] = dict.fromkeys(changes, "Right")
        done = desk.writer.submit(page, act="hand_in", form="/report", **right)
        assert done.location == f"/desk/reports/{WRITTEN if place == 0 else 6}"


def test_no_or_an_unknown_policy_issue_is_refused_with_the_rest_kept(desk: Desk) -> None:
    for ticked, sentence in (
        ([], "Choose at least one policy issue before you hand in."),
        (["junk"], "Choose at least one policy issue before you hand in."),
        (["-1", "0"], "Choose at least one policy issue before you hand in."),
        (["9" * 30], "Choose at least one policy issue before you hand in."),
        (["1", "77"], "One of the policy issues does not exist any more. Choose again."),
        ([str(2**31 - 1)], "One of the policy issues does not exist any more. Choose again."),
    ):
        typed = {**TYPED, "policy_issues": ticked, "act": "hand_in", "client_id": uuid4().hex}
        page = desk.writer.client.post(desk.write(), data={**typed, "csrf_token": desk.writer.token()})
        assert (ticked, page.status_code, _sentence(page)) in ((ticked, 422, sentence), (ticked, 400, sentence))
        assert _fields(page) == _typed()
        assert _ticked(page) == [one for one in ticked if one == "1"]


def test_the_limits_themselves_are_taken(desk: Desk) -> None:
    whole: dict[str, Any] = {
        "headline": "h" * 300,
        "lead": "l" * 2_000,
        "key_points": "\r\n".join(["k" * 2_000] * 30),
        "body": "b" * 100_000,
        "policy_issues": [1, 2, 3, 4],
        "act": "hand_in",
    }
    assert desk.writer.post(desk.write(), whole).location == f"/desk/reports/{WRITTEN}"
    desk.editor.get(f"/desk/review/{WRITTEN}")


def test_a_draft_may_be_anything_and_can_be_read_again(desk: Desk) -> None:
    """A draft is never refused for what it says; every page that shows it must be able to."""
    for body in (
        "",
        "> " * 50 + "deep",
        "**a** " * 3_000,
        "&" * 100_000,
        "\x01\x02 control \x00",
        "\ufffe\uffff",
        "[" * 5_000,
    ):
        desk.writer.post(desk.write(), {"body": body, "act": "save", "client_id": uuid4().hex})
        form = desk.writer.get(desk.write())
        assert _fields(form)["body"].strip() == _clean(body)
        page = desk.writer.get(f"/desk/reports/{WRITTEN}")
        desk.writer.get(f"/desk/reports/{WRITTEN}/draft")
        assert "Discard this report" in page.text
        desk.writer.get("/desk/")
        desk.editor.get(f"/desk/reports/{WRITTEN}")
        desk.editor.get(f"/desk/review/{WRITTEN}")


def test_saves_without_an_id_or_with_a_broken_one_are_all_kept(desk: Desk) -> None:
    """A page that lost its id, or one made by a program: two different texts are never taken for one."""
    bad: tuple[dict[str, str], ...] = (
        {}, {"client_id": ""}, {"client_id": "x" * 65}, {"client_id": "\x00"}, {"client_id": "é" * 32},
        {"client_id": "short"}, {"client_id": "\ufffd" * 5_000},
    )  # fmt: skip
    for number, one in enumerate(bad):
        for half in ("first", "second"):
            desk.writer.post(desk.write(), {"headline": f"{half} {number}", "act": "save", **one})
    with desk.app.app_context():
        kept = [save.headline for save in draft_saves.every(WRITTEN)][1:]
    assert kept == [f"{half} {number}" for number in range(len(bad)) for half in ("first", "second")]


def test_a_base_that_cannot_be_one_is_no_base(desk: Desk) -> None:
    """The text is kept in any case: on top, or beside what is there."""
    bases = ("", "x", "-1", str(2**31 - 1), str(2**31), str(2**63), "9" * 5_000, "1.5", "\x00", "٣")
    for number, base in enumerate(bases):
        typed = {"headline": f"Number {number}", "act": "save", "client_id": uuid4().hex, "based_on": base}
        answer = desk.writer.client.post(desk.write(), data={**typed, "csrf_token": desk.writer.token()})
        assert answer.status_code in (303, 409), f"{base[:30]!r}: {answer.status}"
    with desk.app.app_context():
        kept = [save.headline for save in draft_saves.every(WRITTEN)][1:]
    assert kept == [f"Number {number}" for number in range(len(bases))]


@pytest.mark.parametrize("token", [None, "", "made up", "IjEi.Z.x", "x" * 10_000, "\x00", "é"])
def test_a_form_without_a_good_token_keeps_what_was_typed(desk: Desk, token: str | None) -> None:
    for address in (desk.write(), desk.write(UNWRITTEN), f"/desk/review/{WAITING}", f"/desk/review/{SHOWN}/withdraw"):
        data = {**TYPED, "note": "A note", "act": "hand_in"} | ({} if token is None else {"csrf_token": token})
        with desk.app.app_context():
            before = _saves()
        page = _checked(desk.writer.client.post(address, data=data))
        assert page.status_code == 400
        assert "Sign in, open the page anew and send again." in _sentence(page)
        assert _fields(page) == {**_named(_typed()), "Note": "A note"}
        with desk.app.app_context():
            assert _saves() == before


def test_a_token_of_somebody_else_is_none(desk: Desk) -> None:
    page = desk.writer.post(desk.write(), TYPED, token=desk.editor.token(), status=400)
    assert _fields(page) == _named(_typed())


def test_what_was_typed_stays_when_the_sign_in_has_ended(desk: Desk) -> None:
    """The cookie is gone, the account was ended, or somebody signed out in another tab: the text is on the page."""
    token = desk.writer.token()
    without_cookie = Navigator(desk.app).client.post(desk.write(), data={**TYPED, "csrf_token": token})
    assert without_cookie.status_code == 400
    assert _fields(_checked(without_cookie)) == _named(_typed())

    other = Navigator(desk.app).sign_in(desk.writer_email, make.PASSWORD)
    other_token = other.token()
    with desk.app.app_context(), unit_of_work():
        user = people.by_email(desk.writer_email)
        assert user is not None
        newsroom.disable(user, by=None, at=make.T0)
    page = other.post(desk.write(), TYPED, token=other_token, status=401)
    assert _sentence(page) == "Sign in to see this page."
    assert _fields(page) == _named(_typed())
    assert parsed(page.text).xpath("//main//a[@href='/login']/@target") == ["_blank"]

    desk.editor.post("/logout", status=302)
    signed_out = desk.editor.post(f"/desk/review/{WAITING}", {"note": "Typed before"}, token=token, status=400)
    assert _fields(signed_out) == {"Note": "Typed before"}


def test_short_words_are_kept_too(desk: Desk) -> None:
    page = desk.writer.post(desk.write(), {"headline": "WTO", "lead": "Oui", "body": "1"}, token="old", status=400)
    assert _fields(page) == _named({"headline": "WTO", "lead": "Oui", "body": "1"})


def test_what_can_not_be_shown_is_left_out_of_the_page(desk: Desk) -> None:
    """Control characters are no part of HTML: a page that repeats what was typed leaves them out."""
    odd = "a\x00b\x01c\x08d\x1be\x1ff\x7fg\x9fh\ufffei\uffffj\U0001fffek"
    for token, address, status in (
        ("old", desk.write(), 400),
        (None, desk.write(), 422),
        (None, "/desk/sessions/9999/report", 404),
        (None, desk.write(CLOSED), 409),
    ):
        page = desk.writer.post(address, {"headline": odd, "body": odd, "act": "hand_in"}, token=token, status=status)
        fields = _fields(page)
        assert (fields.get("headline") or fields["Headline"]) == "abcdefghijk"
    desk.editor.post(f"/desk/review/{WAITING}", {"act": "send_back", "note": odd})
    assert "abcdefghijk" in desk.writer.get(f"/desk/reports/{WAITING}").text
    withdrawn = {"reason": "other", "note": odd}
    desk.editor.post(f"/desk/review/{SHOWN}/withdraw", withdrawn)
    assert "abcdefghijk" in Navigator(desk.app).get(f"/reports/{SHOWN}", status=410).text


IN_WORDS = {
    WRITTEN: "this report is being written (not public)",
    WAITING: "this report is with the editors (not public)",
    APPROVED: "this report is approved and waiting to be published (not public)",
    SHOWN: "this report is published (public)",
    TAKEN_BACK: "this report is published (withdrawn)",
}


def test_a_wrong_state_is_told_in_words(desk: Desk) -> None:
    note = {"act": "send_back", "note": "Typed by the editor."}
    why = {"reason": "other", "note": "Typed by the editor."}
    wrong: tuple[tuple[Navigator, str, dict[str, str], tuple[int, ...]], ...] = (
        (desk.writer, "/desk/reports/{}/recall", {}, (WRITTEN, APPROVED, SHOWN)),
        (desk.writer, "/desk/reports/{}/amend", {}, (WRITTEN, WAITING, APPROVED)),
        (desk.editor, "/desk/reports/{}/drop", {}, (WRITTEN, WAITING, SHOWN, TAKEN_BACK)),
        (desk.editor, "/desk/reports/{}/discard", {}, (APPROVED, SHOWN, TAKEN_BACK)),
        (desk.editor, "/desk/reports/{}/restore", {}, (WRITTEN, WAITING, SHOWN)),
        (desk.editor, "/desk/review/{}", note, (WRITTEN, APPROVED, SHOWN)),
        (desk.editor, "/desk/review/{}", {"act": "approve", "revision": "2"}, (WRITTEN, SHOWN)),
        (desk.editor, "/desk/review/{}", {"act": "publish", "revision": "1"}, (WAITING,)),
        (desk.editor, "/desk/review/{}", {"act": "unapprove"}, (WRITTEN, WAITING, SHOWN)),
        (desk.editor, "/desk/review/{}/withdraw", why, (WAITING, TAKEN_BACK)),
        (desk.editor, "/desk/review/{}/reinstate", {}, (SHOWN,)),
    )
    for who, address, typed, numbers in wrong:
        for number in numbers:
            page = who.post(address.format(number), typed, status=409)
            assert IN_WORDS[number] in _sentence(page)
            assert "Look at it again before you decide." in _sentence(page)
            assert typed.get("note", "") in {"", *_fields(page).values()}
    published = desk.writer.post(desk.write(3), {**TYPED, "act": "save"}, status=409)
    assert IN_WORDS[SHOWN] in _sentence(published)
    assert _fields(published) == _typed()
    closed = desk.writer.post(desk.write(CLOSED), TYPED, status=409)
    assert _sentence(closed) == "This session is closed: no report is written of it."
    assert _fields(closed) == _named(_typed())


def test_without_permission_what_was_typed_stays(desk: Desk) -> None:
    with desk.app.app_context():
        other = make.person(Role.RAPPORTEUR, make.event("other")).email
        colleague = make.person(Role.RAPPORTEUR, people.by_id(1).roles[0].event).email  # type: ignore[union-attr]
    for email in (other, colleague):
        navigator = Navigator(desk.app).sign_in(email, make.PASSWORD)
        page = navigator.post(desk.write(), {**TYPED, "act": "hand_in"}, status=403)
        assert _sentence(page) == "You have no permission for this. Ask an editor of the event."
        assert _fields(page) == _named(_typed())
        refused = navigator.post(f"/desk/review/{WAITING}", {"act": "send_back", "note": "Typed"}, status=403)
        assert _fields(refused) == {"Note": "Typed"}
        assert "Report 1" not in refused.text


def test_what_is_not_there_says_so_and_keeps_what_was_typed(desk: Desk) -> None:
    for address in ("/desk/sessions/9999/report", "/desk/review/9999", "/desk/review/9999/withdraw"):
        typed = {**TYPED, "note": "Typed", "reason": "other", "act": "send_back"}
        page = desk.editor.post(address, typed, status=404)
        assert _sentence(page) == "There is nothing at this address."
        assert _fields(page) == {**_named(_typed()), "Note": "Typed", "reason": "other"}


def test_an_approval_of_a_text_that_was_replaced_is_refused(desk: Desk) -> None:
    read = desk.editor.get(f"/desk/review/{WAITING}")
    desk.writer.post(desk.write(1), {**TYPED, "headline": "A newer text", "policy_issues": [1], "act": "hand_in"})
    for act in ("approve", "approve_and_publish"):
        page = desk.editor.submit(read, act=act, form=f"/desk/review/{WAITING}", status=409, note="Typed")
        assert _sentence(page) == (
            "The rapporteur handed in a newer text while you were reading. Read it before you approve."
        )
        assert "Typed" in _fields(page).values()
        assert "A newer text" in page.text
    Navigator(desk.app).get(f"/reports/{WAITING}", status=404)
    fresh = desk.editor.get(f"/desk/review/{WAITING}")
    desk.editor.submit(fresh, act="approve_and_publish", form=f"/desk/review/{WAITING}")
    assert "A newer text" in Navigator(desk.app).get(f"/reports/{WAITING}/a-newer-text").text


@pytest.mark.parametrize("revision", ["", "x", "0", "-1", "2", str(2**31), str(2**63), "9" * 5_000, "\x00", "1.0"])
def test_only_a_revision_that_waits_can_be_approved(desk: Desk, revision: str) -> None:
    for act in ("approve", "approve_and_publish"):
        page = desk.editor.client.post(
            f"/desk/review/{WAITING}", data={"act": act, "revision": revision, "csrf_token": desk.editor.token()}
        )
        assert _checked(page).status_code in (400, 404, 409), f"{act} {revision[:30]!r}: {page.status}"
    publish = desk.editor.client.post(
        f"/desk/review/{APPROVED}", data={"act": "publish", "revision": revision, "csrf_token": desk.editor.token()}
    )
    assert publish.status_code in (400, 404, 409)
    with desk.app.app_context():
        found = reports.by_number(WAITING)
        assert found is not None
        assert (found.work_state, found.filed_revision) == (WorkState.FILED, 1)


def test_a_decision_needs_its_words(desk: Desk) -> None:
    for address, typed, sentence in (
        (
            f"/desk/review/{WAITING}",
            {"act": "send_back", "note": " \n "},
            "Write in a sentence what the rapporteur should change, then send it back.",
        ),
        (f"/desk/review/{WAITING}", {"note": "Typed"}, "Choose what to do with this report."),
        (f"/desk/review/{WAITING}", {"act": "APPROVE", "note": "Typed"}, "Choose what to do with this report."),
        (f"/desk/review/{SHOWN}/withdraw", {"note": "Typed"}, "Choose why this report is withdrawn."),
        (
            f"/desk/review/{SHOWN}/withdraw",
            {"note": "Typed", "reason": "bored"},
            "Choose why this report is withdrawn.",
        ),
        (
            f"/desk/review/{SHOWN}/withdraw",
            {"note": "", "reason": "other"},
            "Say in a sentence why this report is withdrawn; readers will see it.",
        ),
    ):
        page = desk.editor.post(address, typed, status=400)
        assert _sentence(page) == sentence
        assert typed["note"].strip() in {_plain(one).strip() for one in ("", *_fields(page).values())}


def test_two_texts_that_met_are_both_on_the_page(desk: Desk) -> None:
    first, second = desk.writer.get(desk.write()), desk.writer.get(desk.write())
    desk.writer.submit(first, act="save", form="/report", headline="Saved first", body="Body saved first")
    as_typed: dict[str, Any] = dict(TYPED)
    page = desk.writer.submit(second, act="hand_in", form="/report", status=409, **as_typed)
    assert _fields(page) == _typed()
    theirs = parsed(page.text).xpath(
        "//form[@id='together']//label[.//input[@value='theirs']]//*[@class='words']/text()"
    )
    assert {"Saved first", "Body saved first"} <= set(theirs)
    with desk.app.app_context():
        assert [(one.headline, one.set_aside) for one in draft_saves.every(WRITTEN)][1:] == [
            ("Saved first", False), (one_line(TYPED["headline"]), True)]  # fmt: skip
    # What somebody chose is the working text; what was not chosen stays among the saves.
    chosen: dict[str, Any] = {"choice-headline-0": "theirs", "choice-body-0": "mine"}
    desk.writer.submit(page, form="/together", **chosen)
    with desk.app.app_context():
        head = draft_saves.head(WRITTEN)
        assert head is not None
        assert (head.headline, head.body) == ("Saved first", clean(TYPED["body"]).strip("\n"))
        assert draft_saves.set_aside(WRITTEN) == []


def test_more_than_a_request_may_hold_is_too_large(desk: Desk) -> None:
    token, limit = desk.writer.token(), desk.app.config["MAX_CONTENT_LENGTH"]
    for address in (desk.write(), "/login", f"/desk/reports/{WRITTEN}/recall"):
        data = f"csrf_token={token}&body=".encode() + b"b" * limit
        answer = desk.writer.client.post(address, data=data, content_type="application/x-www-form-urlencoded")
        assert _checked(answer).status_code == 413
        assert _sentence(answer).startswith("What you sent is too large.")
    nearly = desk.writer.client.post(desk.write(), data={"csrf_token": token, **TYPED, "body": "b" * 3_000_000})
    assert _checked(nearly).status_code == 413
    assert _sentence(nearly).startswith("The text has 3000000 characters;")
    assert _fields(nearly) == _typed(body="b" * 3_000_000)
    many = desk.writer.client.post(desk.write(), data={"csrf_token": token, "policy_issues": ["1"] * 3_000})
    assert many.status_code in (303, 413)
    files = {f"field{number}": (BytesIO(b"x"), f"{number}.txt") for number in range(2_100)}
    crowded = desk.writer.client.post(desk.write(), data={"csrf_token": token, **files})
    assert _checked(crowded).status_code in (400, 413)


def _named(typed: dict[str, str]) -> dict[str, str]:
    """The same by the labels under which the page of a refusal shows it."""
    return {LABELS.get(name, name): value for name, value in typed.items()}


def _clean(text: str) -> str:
    return "".join(c for c in text if ord(c) >= 32 and ord(c) not in (0xFFFE, 0xFFFF)).strip()


def _saves() -> int:
    return sum(len(draft_saves.every(number)) for number in range(1, 8))


_pages_checked: set[str] = set()  # checking a page takes longer than making it, and most refusals are alike


def _checked(answer: TestResponse) -> TestResponse:
    if answer.mimetype == "text/html" and answer.status_code not in (301, 302, 303, 308):
        text = re.sub(r'(name="(?:csrf_token|client_id)"[^>]*) value="[^"]*"', r"\1", answer.get_data(as_text=True))
        if text not in _pages_checked:
            check_page(text)
            _pages_checked.add(text)
    assert "Content-Security-Policy" in answer.headers
    return answer


# --- arbitrary requests ---

FIELDS = (
    "headline", "lead", "key_points", "body", "policy_issues", "processes", "client_id", "based_on", "act", "revision",
    "note", "mark", "mark_note", "embargo", "reason", "email", "password", "next", "remember", "submit", "csrf_token",
    "name", "role", "event", "title", "starts_at", "ends_at", "room", "file", "confirmed",
)  # fmt: skip
ACTS = ("save", "hand_in", "join", "approve", "approve_and_publish", "publish", "send_back", "unapprove", "")
NASTY = (
    b"", b"\x00", b"\xff\xfe", b"\xed\xa0\x80", b"\xc0\x80", b"\xf4\x90\x80\x80", b"%", b"%zz", b"%00", b"%F0%9F",
    b"\r\n\r\n", b"\x01\x02\x08\x0b\x0c\x1b\x7f", b"\xef\xb7\x90\xef\xbf\xbe", b"\xe2\x80\xae", b"-1", b"0", b"1",
    b"2", b"77", b"2147483648", b"9223372036854775808", b"9" * 5_000, b"1e9", b"NaN", b"\xd9\xa3", b"> " * 40 + b"x",
    b"**a** " * 2_100, b"[" * 3_000, b"<script>alert(1)</script>", b"' OR 1=1 --", b"{{7*7}}", b"%(name)s %s {0}",
    b"\xf0\x9f\x8e\x89" * 50, b"a" * 70_000, b"\\", b"//evil.example", b"http://[",
    b"inaccurate", b"other", b"None", b"null", b"data:x", b"correction", b"minor", b"editor", b"forum",
    b"2023-12-05T10:00", b"0001-01-01T00:00", b"9999-12-31T23:59", b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n",
)  # fmt: skip

raw = st.sampled_from(NASTY) | st.binary(max_size=40) | st.text(max_size=40).map(lambda text: text.encode("utf-8"))
name = st.sampled_from([field.encode() for field in FIELDS]) | st.binary(max_size=12)
value = raw | st.sampled_from([act.encode() for act in ACTS])
pairs = st.lists(st.tuples(name, value), max_size=12)


@dataclass(frozen=True)
class Sent:
    """The body of one request, with what it claims to be."""

    content_type: str
    make: Callable[[str], bytes]  # of the token that belongs to the sender

    def __repr__(self) -> str:
        return f"Sent({self.content_type!r}, {self.make('TOKEN')[:400]!r})"


def _fixed(content_type: str, data: bytes) -> Sent:
    return Sent(content_type, lambda _token: data)


@st.composite
def urlencoded(draw: st.DrawFn) -> Sent:
    """Names and values as a form sends them: repeated, missing, or with percent signs that encode nothing."""
    chosen = draw(pairs)
    quoted = [draw(st.booleans()) for _ in chosen]
    joiner = draw(st.sampled_from([b"&", b"&", b"&", b"&&", b";", b"=&="]))

    def body(token: str) -> bytes:
        parts = [b"csrf_token=" + token.encode()]
        for (one, two), quote in zip(chosen, quoted, strict=True):
            parts.append((quote_from_bytes(one) + "=" + quote_from_bytes(two)).encode() if quote else one + b"=" + two)
        return joiner.join(parts)

    charset = draw(st.sampled_from(["", "", "; charset=utf-16", "; charset=nonsense", "; charset"]))
    return Sent("application/x-www-form-urlencoded" + charset, body)


@st.composite
def multipart(draw: st.DrawFn) -> Sent:
    """Parts with and without names, files, wrong ends."""
    chosen = draw(pairs)
    extra = draw(st.sampled_from(["", '; filename="a.txt"', "; filename*=utf-8''%ff", '; name="act"', "; \x00"]))
    end = draw(
        st.sampled_from([b"--b--\r\n", b"", b"--b\r\n", b"--b--", b"--b\r\nContent-Disposition: form-data\r\n\r\n"])
    )

    def body(token: str) -> bytes:
        data = b""
        for one, two in [(b"csrf_token", token.encode()), *chosen]:
            plain = one.replace(b'"', b"").replace(b"\r", b"").replace(b"\n", b"")
            more = b"" if one == b"csrf_token" else extra.encode()
            data += b'--b\r\nContent-Disposition: form-data; name="' + plain + b'"' + more + b"\r\n\r\n" + two + b"\r\n"
        return data + end

    return Sent(
        draw(st.sampled_from(["multipart/form-data; boundary=b"] * 4 + ["multipart/form-data", "multipart/x"])), body
    )


things = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.sampled_from(ACTS),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(FIELDS), inner, max_size=6),
    max_leaves=12,
)
as_json = things.map(lambda thing: _fixed("application/json", json.dumps(thing).encode("utf-8", "surrogatepass")))
kinds = ("application/json", "text/plain", "application/xml", "application/octet-stream", "", "x", "\x7f/*", "a/b; c")
other = st.builds(
    lambda *parts: _fixed(*parts), st.sampled_from(kinds), st.binary(max_size=200) | st.just(b"[" * 100_000)
)
sent = urlencoded() | urlencoded() | multipart() | as_json | other

PLACES = (
    *(f"/desk/sessions/{number}/report" for number in (1, 2, 3, 4, 5, 6, 7, 99)),
    *(f"/desk/review/{number}" for number in (1, 2, 3, 4, 5, 99)),
    *(f"/desk/review/{number}/{act}" for number in (2, 4, 5, 99) for act in ("withdraw", "reinstate")),
    *(f"/desk/reports/{number}/{act}" for number in (1, 2, 4) for act in ("recall", "amend", "drop")),
    *(f"/desk/reports/{number}/{act}" for number in (1, 2) for act in ("discard", "restore")),
    *(f"/desk/reports/{number}/write" for number in (1, 6, 99)),
    *(f"/desk/review/{number}/{act}" for number in (1, 2, 4, 99) for act in ("revise", "correct")),
    "/desk/reports/new?event=forum", "/desk/reports/new", "/desk/programme/forum/import",
    "/desk/programme/forum/import/1", "/desk/people/",
    "/desk/people/99/disable", "/desk/people/1/revoke/99", "/desk/people/remove-samples",
    "/login", "/logout", "/verify", "/", "/reports", "/nothing",
)  # fmt: skip
fuzzed = settings(
    max_examples=max(1, int(150 * SCALE)),
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)


def test_no_body_of_a_request_makes_a_failure(desk: Desk) -> None:
    tokens = {who: navigator.token() for who, navigator in (("writer", desk.writer), ("editor", desk.editor))}
    stranger = Navigator(desk.app)
    page = parsed(stranger.get("/login").text)
    tokens["stranger"] = str(page.xpath("//main//input[@name='csrf_token']/@value")[0])
    cookies = {
        who: str(navigator.client.get_cookie("session").value)  # type: ignore[union-attr]
        for who, navigator in (("writer", desk.writer), ("editor", desk.editor), ("stranger", stranger))
    }
    answered: set[int] = set()

    @fuzzed
    @given(st.sampled_from(sorted(tokens)), st.sampled_from(PLACES), sent, st.booleans())
    def send(who: str, address: str, body: Sent, in_header: bool) -> None:
        client = desk.app.test_client()  # so that a sign-out by chance signs nobody else out
        client.set_cookie("session", cookies[who])
        headers = {"X-CSRFToken": tokens[who]} if in_header or body.content_type == "application/json" else {}
        answer = client.post(
            address, data=body.make(tokens[who]), headers=headers, content_type=body.content_type or None
        )
        assert answer.status_code < 500, f"{who} {address}: {answer.status}"
        _checked(answer)
        answered.add(answer.status_code)

    send()
    assert {303, 400, 404} <= answered  # they got through to the pages, and some were refused
    assert answered & {409, 413, 422}
    for navigator, addresses in ((desk.writer, PLACES[:8]), (desk.editor, (*PLACES[8:14], "/desk/", "/desk/review/"))):
        for address in addresses:
            assert _checked(navigator.client.get(address)).status_code < 500
    for number in range(1, 6):
        assert _checked(desk.editor.client.get(f"/desk/reports/{number}")).status_code in (200, 404)


def test_no_address_or_header_makes_a_failure(desk: Desk) -> None:
    shapes = ("/{}", "/reports/{}", "/reports/4/{}", "/issues/{}", "/issues/{}.rss", "/events/{}", "/sessions/{}",
              "/static/{}", "/desk/{}", "/desk/reports/{}", "/desk/review/{}", "/desk/programme/{}",
              "/desk/sessions/{}/report")  # fmt: skip
    latin = raw.map(lambda data: data.decode("latin-1"))
    plain = latin.map(lambda text: re.sub("[\r\n]", "", text)[:4_000])

    @fuzzed
    @given(
        st.sampled_from(shapes),
        latin,
        st.lists(st.tuples(st.sampled_from(["page", "issue", "event", "next", "lang", ""]), latin), max_size=4),
        st.sampled_from(["Cookie", "If-None-Match", "If-Modified-Since", "Accept-Language", "Accept", "Range",
                         "X-Forwarded-For", "Content-Type", "Authorization", "Authentication-Token"]),
        plain,
        st.sampled_from(["GET", "GET", "HEAD", "OPTIONS", "PUT"]),
    )  # fmt: skip
    def ask(shape: str, part: str, query: list[tuple[str, str]], header: str, said: str, method: str) -> None:
        navigator = desk.editor if shape.startswith("/desk") and header != "Cookie" else Navigator(desk.app)
        query_string = "&".join(f"{one}={two}" for one, two in query)
        answer = navigator.client.open(
            "/",
            method=method,
            environ_overrides={
                "PATH_INFO": shape.format(part),
                "QUERY_STRING": query_string,
                ("" if header == "Content-Type" else "HTTP_") + header.upper().replace("-", "_"): said,
            },
        )
        assert answer.status_code < 500, f"{method} {shape.format(part)[:80]!r}: {answer.status}"
        if method == "GET":
            _checked(answer)

    ask()


# --- real hostile lines ---


def _lines() -> list[str]:
    """Naughty strings and cross-site scripting, one a line, from the folder of real files."""
    naughty = FIELD / "hostile" / "text" / "blns.json"
    payloads = FIELD / "hostile" / "xss"
    if not naughty.is_file() or not payloads.is_dir():
        return []
    found = list(json.loads(naughty.read_text(encoding="utf-8")))
    for path in sorted(payloads.iterdir()):
        found += path.read_text(encoding="utf-8", errors="replace").splitlines()
    return list(dict.fromkeys(line for line in found if one_line(line)))


# What the tool writes itself, wherever a report stands.
OWN_LINES = (
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "javascript:alert(1)", "[x](javascript:alert(1))",
    "]]>", "<![CDATA[x]]>", "&lt;b&gt;", "</textarea></title></style>", "{{ 7*7 }}", "%(name)s", "\u202eevil",
    "数据 🎉 مرحبا",
    "<svg/onload=alert(1)>", "\" onmouseover=\"alert(1)", "' --", "![x](https://example.org/a.png)", "<!-- x", "--> x",
)  # fmt: skip
PROSE: dict[str, set[str]] = {
    "p": set(), "br": set(), "hr": set(), "h2": set(), "h3": set(), "h4": set(), "ul": set(), "ol": {"start"},
    "li": {"value"}, "blockquote": set(), "pre": set(), "code": set(), "a": {"href", "title"}, "strong": set(),
    "em": set(), "table": set(), "thead": set(), "tbody": set(), "tr": set(), "th": set(), "td": set(),
    "div": {"class"},
}  # fmt: skip


def _alien(prose: Any) -> list[str]:
    """Elements, attributes and addresses inside `prose` that Markdown of ours never makes."""
    found = []
    for one in prose.iter():
        if one.tag not in PROSE or set(one.attrib) - PROSE[one.tag]:
            found.append(f"{one.tag} {dict(one.attrib)}")
        if one.tag == "a" and not re.match(r"(https?://|mailto:)", one.get("href", ""), re.IGNORECASE):
            found.append(one.get("href"))
    return found


def _skeleton(page: str) -> list[str]:
    """The elements and attributes of a page around what was written; how many key points there are does not matter."""
    tree = parsed(page)
    for prose in tree.xpath("//div[@class='prose'] | //section[@class='key-points']//li"):
        prose.getparent().remove(prose)
    return [f"{one.tag} {sorted(one.attrib)}" for one in tree.iter() if isinstance(one.tag, str)]


def _batches(lines: list[str], size: int) -> Iterator[tuple[str, str, list[str], list[str]]]:
    """Headline, lead, key points and paragraphs: every line in a text, as many as there is room for in the others."""
    short = [line for line in lines if len(one_line(line)) <= 280]
    for place in range(0, len(lines), size):
        points = [lines[(place + step) % len(lines)][:1_900] for step in range(min(28, size))]
        step = place // size
        yield short[step % len(short)], short[-1 - step % len(short)], points, lines[place : place + size]


def _publish(desk: Desk, session: int, headline: str, lead: str, points: list[str], body: list[str]) -> int | None:
    """Write, hand in, approve and publish over HTTP; None where the text is refused as too much for one page."""
    address = f"/desk/sessions/{session}/report"
    typed = {
        "headline": headline, "lead": lead, "key_points": "\n".join(one_line(one) for one in points),
        "body": "\n\n".join(body), "policy_issues": ["2"],
    }  # fmt: skip
    token = desk.writer.token()
    saved = desk.writer.client.post(
        address, data={**typed, "act": "save", "csrf_token": token, "client_id": uuid4().hex}
    )
    assert saved.status_code == 303
    answer = desk.writer.client.post(address, data={**typed, "act": "hand_in", "csrf_token": token})
    if answer.status_code in (413, 422):
        assert len(body) > 1, f"one line is refused: {body[0][:200]!r}"
        _checked(answer)
        return None
    assert answer.status_code == 303
    number = int(answer.location.rsplit("/", 1)[1])
    desk.editor.post(f"/desk/review/{number}", {"act": "approve_and_publish", "revision": "1"})
    return number


@pytest.mark.parametrize("which", ["our own", "real"])
def test_hostile_lines_are_words_and_nothing_else(desk: Desk, which: str) -> None:
    lines = list(OWN_LINES) if which == "our own" else _lines()
    if not lines:
        pytest.skip("the folder of real files is not here (FIELD_FILES)")
    with desk.app.app_context():
        forum = programmes.event_by_slug("forum")
        assert forum is not None
    visitor = Navigator(desk.app)
    plain = visitor.get(f"/reports/{SHOWN}", follow_redirects=True).text
    batches = list(_batches(lines, max(1, int(len(lines) / (40 * SCALE)))))
    while batches:
        headline, lead, points, body = batches.pop()
        with desk.app.app_context():
            session = make.session(forum, "Session of hostile words").id
        number = _publish(desk, session, headline, lead, points, body)
        if number is None:
            half = len(body) // 2
            batches += [(headline, lead, points, body[:half]), (headline, lead, points, body[half:])]
            continue
        page = visitor.get(visitor.client.get(f"/reports/{number}").location or f"/reports/{number}").text
        tree = parsed(page)
        assert tree.xpath("string(//h1)") == one_line(headline)
        assert tree.xpath("string(//p[@class='lead'])") == one_line(lead)
        found = [one.text_content() for one in tree.xpath("//section[@class='key-points']//li")]
        assert found == [one_line(one) for one in points]
        assert _skeleton(page) == _skeleton(plain)
        assert _alien(tree.xpath("//div[@class='prose']")[0]) == []
        desk.editor.get(f"/desk/reports/{number}")
        desk.writer.get(f"/desk/reports/{number}/draft")
        for kind in ("rss", "atom"):
            root = etree.fromstring(visitor.get(f"/events/forum.{kind}").data)
            newest = next(one for one in root.iter("item", "{http://www.w3.org/2005/Atom}entry"))
            parts = {etree.QName(one).localname: one.text or "" for one in newest}
            assert parts["title"] == one_line(headline)
            content = parsed(parts["encoded" if kind == "rss" else "content"])
            for one in content.iter():
                assert one.tag in PROSE
                assert set(one.attrib) <= PROSE[one.tag] | {"lang", "dir"}
            assert one_line(lead) in " ".join(content.text_content().split()) or not one_line(lead)
    for address in ("/", "/reports", "/issues/data-flows", "/events/forum"):
        visitor.get(address)
