"""Reading a text under a rule that names nobody: what the page lists, and recording why a name may stay."""

from datetime import timedelta

import factories as make
import pytest
from flask import Flask
from navigator import Navigator, parsed
from werkzeug.test import TestResponse

from reporter.models.database import db, unit_of_work
from reporter.models.programme import ProgrammeSession
from reporter.newsroom import programme, review, revisions, rule_tightening
from reporter.queries import attribution, people, programmes, reports
from reporter.rules.report_text import KeyPoint, Link, ReportText
from reporter.rules.vocabulary import Role, SessionRule
from reporter.sources.draft import SessionDraft, SpeakerDraft

ADDRESS = "/desk/review/1"
LISTED = [
    ("Oduya", [("Headline", "Oduya wants free data flows")]),
    ("Institut Zéphyr", [("Key point 2", "Institut Zephyr | host | Data must flow.")]),
    (
        "Amélie N’Diaye",
        [("Text, paragraph 2", "Asked by Amélie N’Diaye."), ("Text, paragraph 3", "And by amelie n'diaye <again>.")],
    ),
    ("Baltic Exporters Council", [("Link 1", "Paper of the Baltic Exporters Council")]),
]


def _text() -> ReportText:
    return make.text(
        "Oduya wants free data flows",
        lead="He wants them soon.",
        key_points=(KeyPoint("It was late."), KeyPoint("Data must flow.", "Institut Zephyr", "host"), KeyPoint("End.")),
        body="It began.\n\nAsked by Amélie N’Diaye.\n\nAnd by amelie n'diaye <again>.",
        links=(Link("Paper of the Baltic Exporters Council", "https://example.org/1"),),
    )


@pytest.fixture
def editor(app: Flask) -> Navigator:
    """Report 1 waits, and names four of those whom the rule of its session protects; an editor is signed in."""
    with app.app_context():
        make.issues()
        forum = make.event("forum")
        writer, reader = make.person(Role.RAPPORTEUR, forum), make.person(Role.EDITOR, forum, name="Ed Itor")
        told = SessionDraft(
            title="Fireside chat",
            starts_at=make.T0,
            ends_at=make.T0 + timedelta(hours=1),
            rule=SessionRule.CHATHAM_HOUSE,
            speakers=(
                SpeakerDraft("Amélie N’Diaye", "Institut Zéphyr"),
                SpeakerDraft("Kwabena Oduya", "Ministry of Trade of Ruritania"),
                SpeakerDraft("Tomasz Wiśniewski", "Baltic Exporters Council"),
            ),
        )
        with unit_of_work():
            place = programme.add_sessions(forum, [told], by=None, at=make.T0)[0]
        make.file(make.draft(forum, writer, _text(), of=place), writer)
        email = reader.email
    return Navigator(app).sign_in(email, make.PASSWORD)


def _listed(page: TestResponse) -> list[tuple[str, list[tuple[str, str]]]]:
    """The names that still stand, each with where and the words around."""
    return [
        (
            str(one.xpath(".//input[@name='names']/@value")[0]),
            [(place.xpath("string(span)"), place.xpath("string(q)")) for place in one.xpath("./ul/li")],
        )
        for one in parsed(page.text).xpath("//section[@id='names']//form/ul/li")
    ]


def _section(page: TestResponse) -> str:
    return " ".join(parsed(page.text).xpath("string(//section[@id='names'])").split())


def test_each_name_is_listed_with_where_it_stands(editor: Navigator) -> None:
    page = editor.get(ADDRESS)
    assert _listed(page) == LISTED
    assert _section(page).startswith("No names, no organisations 4 names stand in this text.")
    assert parsed(page.text).xpath("//aside//a[@href='#names']")


def test_what_names_somebody_is_refused_with_the_names_and_nothing_typed_is_lost(editor: Navigator) -> None:
    for act in ("approve", "approve_and_publish"):
        page = editor.submit(editor.get(ADDRESS), form="/1", act=act, status=400, note="Half a sentence")
        refusal = parsed(page.text).xpath("string(//p[@role='alert'])")
        assert refusal == (
            "This text names “Oduya”, “Institut Zéphyr”, “Amélie N’Diaye”, “Baltic Exporters Council”, "
            "and nobody may be named under the rule of its session. Take each out, or record why it may stay."
        )
        assert _listed(page) == LISTED
        assert "Half a sentence" in page.text


def test_one_reason_covers_the_names_that_were_chosen(editor: Navigator, visitor: Navigator) -> None:
    page = editor.get(ADDRESS)
    chosen = ["Oduya", "Baltic Exporters Council"]
    answer = editor.submit(page, form="/names", names=chosen, reason="They spoke <before> the rule.")
    assert answer.location == "/desk/review/1#names"
    page = editor.get(ADDRESS)
    assert [name for name, _places in _listed(page)] == ["Institut Zéphyr", "Amélie N’Diaye"]
    for name in chosen:
        assert f"{name}: They spoke <before> the rule. Ed Itor, " in _section(page)
    page = editor.submit(page, form="/1", act="approve_and_publish", status=400)
    assert "names “Institut Zéphyr”, “Amélie N’Diaye”, and" in page.text
    editor.submit(page, form="/names", names=["Institut Zéphyr", "Amélie N’Diaye"], reason="So did they.")
    page = editor.get(ADDRESS)
    assert _listed(page) == []
    assert not parsed(page.text).xpath("//aside//a[@href='#names']")
    editor.submit(page, form="/1", act="approve_and_publish")
    shown = visitor.get("/reports/1/oduya-wants-free-data-flows").text
    assert "before" not in shown, "why a name may stay is for the desk"
    history = " ".join(parsed(editor.get("/desk/reports/1").text).xpath("string(//ol[@class='history'])").split())
    assert "Ed Itor: recorded why names may stay (text 1)" in history
    for word in ("Oduya", "Zéphyr", "before the rule"):
        assert word not in history


@pytest.mark.parametrize(
    ("names", "reason", "sentence"),
    [
        (["Oduya"], " ", "Say in a sentence why the names may stay."),
        ([], "They spoke before.", "Choose the names that may stay."),
        (["Oduya", "Nobody"], "They spoke before.", "“Nobody” does not stand in this text."),
        (["Oduya"], "r" * 2_001, "A reason has at most 2000 characters."),
    ],
)
def test_what_is_refused_stays_in_the_form(
    app: Flask, editor: Navigator, names: list[str], reason: str, sentence: str
) -> None:
    page = editor.submit(editor.get(ADDRESS), form="/names", status=400, names=names, reason=reason)
    tree = parsed(page.text)
    assert sentence in tree.xpath("string(//p[@role='alert'])")
    assert tree.xpath("string(//textarea[@id='names-reason'])").strip() == reason.strip()
    checked = tree.xpath("//section[@id='names']//input[@checked]/@value")
    assert checked == [name for name in names if name != "Nobody"]
    with app.app_context():
        assert attribution.waivers(1) == []


def test_a_text_that_was_replaced_meanwhile_takes_no_reason(app: Flask, editor: Navigator) -> None:
    page = editor.get(ADDRESS)
    with app.app_context():
        _revise(make.text("Oduya wants all data to flow"))
    page = editor.submit(page, form="/names", names=["Oduya"], reason="They spoke before.", status=409)
    assert "handed in a newer text" in parsed(page.text).xpath("string(//p[@role='alert'])")
    assert [name for name, _places in _listed(page)] == ["Oduya"]


def test_the_reason_that_was_given_for_an_earlier_text_is_offered_again(app: Flask, editor: Navigator) -> None:
    editor.submit(editor.get(ADDRESS), form="/names", names=["Oduya"], reason="He asked to be named.")
    with app.app_context():
        _revise(make.text("Oduya wants all data to flow"))
    page = editor.get(ADDRESS)
    assert [name for name, _places in _listed(page)] == ["Oduya"]
    tree = parsed(page.text)
    assert tree.xpath("string(//textarea[@id='names-reason'])").strip() == "He asked to be named."
    assert "In text 1 it could stay: “He asked to be named.” (Ed Itor)" in _section(page)
    assert tree.xpath("//section[@id='names']//input[@checked]") == [], "a name is never chosen by itself"
    editor.submit(page, form="/names", names=["Oduya"])
    with app.app_context():
        assert [(one.revision_number, one.reason) for one in attribution.waivers(1)] == [
            (1, "He asked to be named."),
            (2, "He asked to be named."),
        ]


def test_a_rule_that_was_tightened_while_an_editor_read_is_seen(app: Flask, editor: Navigator) -> None:
    with app.app_context(), unit_of_work():
        db.session.get_one(ProgrammeSession, 1).rule = SessionRule.ON_THE_RECORD
    page = editor.get(ADDRESS)
    assert not parsed(page.text).xpath("//section[@id='names']")
    with app.app_context(), unit_of_work():
        place, writer = programmes.for_change(1), people.by_id(1)
        assert place is not None
        assert writer is not None
        rule_tightening.tighten(place, SessionRule.CHATHAM_HOUSE, by=writer, at=make.later(20))
    page = editor.submit(page, form="/1", act="approve_and_publish", status=400)
    assert _listed(page) == LISTED


def test_a_text_without_names_says_so_and_a_closed_session_publishes_nothing(app: Flask, editor: Navigator) -> None:
    with app.app_context():
        _revise(make.text("Data must flow"))
    page = editor.get(ADDRESS)
    assert "The text names nobody who speaks in this session" in _section(page)
    with app.app_context(), unit_of_work():
        db.session.get_one(ProgrammeSession, 1).rule = SessionRule.CLOSED
    assert "This session is closed: nothing of it may be published." in _section(editor.get(ADDRESS))
    page = editor.submit(page, form="/1", act="approve", status=409)
    assert "This session is closed" in parsed(page.text).xpath("string(//p[@role='alert'])")


def _revise(words: ReportText) -> None:
    """Another editor changes what waits."""
    found = reports.by_number(1)
    assert found is not None
    other = make.person(Role.EDITOR, found.event)
    rendered = revisions.render(words)
    with unit_of_work():
        locked = reports.for_change(1)
        assert locked is not None
        assert locked.filed_revision is not None
        review.revise(locked, words, revision=locked.filed_revision, rendered=rendered, by=other, at=make.later(10))
