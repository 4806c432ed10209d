"""Feeds as a reader's program meets them: what the page says, in the same order, and a poll that costs nothing."""

from dataclasses import replace
from datetime import timedelta
from email.utils import format_datetime, parsedate_to_datetime
from itertools import product
from typing import Any
from urllib.parse import quote

import factories as make
import feedparser
import pytest
from atom_checker import problems, rss_problems
from flask import Flask
from lxml import etree
from navigator import Navigator, parsed
from werkzeug.test import TestResponse

from reporter import create_app
from reporter.config import Settings
from reporter.models.database import db, unit_of_work
from reporter.models.taxonomy import Process
from reporter.newsroom import publication, revisions, taxonomy
from reporter.newsroom.taxonomy import TermDraft
from reporter.queries import people, reports
from reporter.rules.vocabulary import ChangeKind, Role

BASE = "http://127.0.0.1:8000"
ATOM = "{http://www.w3.org/2005/Atom}"
KINDS = ("rss", "atom")
# Each page with the words that come before the format's ending, and those after it.
SELECTIONS = {
    "/reports": ("/reports", ""),
    "/issues/digital-trade": ("/issues/digital-trade", ""),
    "/issues/data-flows": ("/issues/data-flows", ""),
    "/issues/e-signatures": ("/issues/e-signatures", ""),
    "/issues/inclusion": ("/issues/inclusion", ""),
    "/events/forum": ("/events/forum", ""),
    "/events/eweek": ("/events/eweek", ""),
    "/processes/e-commerce": ("/processes/e-commerce", ""),
    "/reports?event=forum&process=e-commerce": ("/reports", "?event=forum&process=e-commerce"),
    "/reports?event=forum&issue=data-flows": ("/reports", "?event=forum&issue=data-flows"),
    "/reports?event=eweek&issue=data-flows": ("/reports", "?event=eweek&issue=data-flows"),
    "/reports?event=eweek&event=forum&issue=data-flows&issue=inclusion": (
        "/reports",
        "?event=eweek&event=forum&issue=data-flows&issue=inclusion",
    ),
}
FEEDS = [f"{path}.{kind}{query}" for (path, query), kind in product(SELECTIONS.values(), KINDS)]
ODD = "R&D <5% of “GDP” & AT&T's <b>plan</b> ]]> — مرحبا 数据 🎉"
WRITER, EDITOR = 1, 2


@pytest.fixture
def newsroom(app: Flask) -> Flask:
    """Six public reports at two events on three issues, one withdrawn, one waiting; an issue of which there is none."""
    with app.app_context():
        ids = make.issues()
        _process()
        forum, eweek = make.event("forum"), make.event("eweek", is_sample=True)
        writer, editor = make.person(Role.RAPPORTEUR, None), make.person(Role.EDITOR, None)
        for place, (at_event, headline, issues) in enumerate(
            (
                (forum, "First of all", {"data-flows"}),
                (eweek, ODD, {"data-flows", "e-signatures"}),
                (forum, "On signatures", {"e-signatures"}),
                (eweek, "On inclusion", {"inclusion"}),
                (forum, "On trade itself", {"digital-trade"}),
                (forum, "On two things", {"data-flows", "inclusion"}),
                (forum, "Taken back sentinelwithdrawn", {"data-flows", "inclusion"}),
            )
        ):
            processes = frozenset({1} if headline == "On trade itself" else ())
            words = make.text(headline, policy_issues=frozenset(ids[one] for one in issues), processes=processes)
            report = make.published(at_event, writer, editor, words, minute=10 * place)
        make.withdraw(report, editor, minute=90)
        waiting = make.draft(forum, writer, make.text("Waiting sentinelfiled"), minute=95)
        make.file(waiting, writer)
        assert (writer.id, editor.id) == (WRITER, EDITOR)
    return app


def _process() -> None:
    with unit_of_work():
        taxonomy.load([TermDraft("e-commerce", "E-commerce")], by=None, at=make.T0, of=Process)


def _cards(page: TestResponse) -> list[tuple[str, str]]:
    """(title, address) of each report on a page, in its order; a page may write letters that a feed must encode."""
    links = parsed(page.text).xpath("//article[contains(@class, 'card')]//h2/a")
    return [(link.text_content(), quote(link.get("href"))) for link in links]


def _entries(data: bytes, kind: str) -> list[tuple[str, str]]:
    """(title, address) of each entry of a feed, read with an XML parser and nothing else."""
    root = etree.fromstring(data)
    if kind == "rss":
        return [(str(one.findtext("title")), str(one.findtext("link"))) for one in root.iter("item")]
    return [
        (str(one.findtext(ATOM + "title")), str(one.find(ATOM + "link").get("href")))  # type: ignore[union-attr]
        for one in root.iter(ATOM + "entry")
    ]


def _correct(number: int, words: Any, *, minute: float, mark: ChangeKind = ChangeKind.CORRECTION) -> None:
    rendered = revisions.render(words)
    with unit_of_work():
        report, by = reports.for_change(number), people.by_id(EDITOR)
        assert report is not None
        assert by is not None
        assert report.published_revision is not None
        publication.correct(
            report, words, revision=report.published_revision, rendered=rendered, by=by, at=make.later(minute),
            mark=mark, note="A word was wrong." if mark is ChangeKind.CORRECTION else "",
        )  # fmt: skip


@pytest.mark.usefixtures("newsroom")
def test_every_feed_says_what_its_page_says(visitor: Navigator) -> None:
    seen = {}
    for page, (path, query) in SELECTIONS.items():
        cards = _cards(visitor.get(page))
        seen[page] = [title for title, _address in cards]
        for kind in KINDS:
            data = visitor.get(f"{path}.{kind}{query}").data
            assert (page, kind, _entries(data, kind)) == (page, kind, [(title, BASE + there) for title, there in cards])
            feed = feedparser.parse(data)
            assert not feed.bozo, feed.get("bozo_exception")
            assert [one.link for one in feed.entries] == [BASE + there for _title, there in cards]
            assert len({one.id for one in feed.entries}) == len(cards)
            assert feed.feed.link == BASE + page
    assert seen == {
        "/reports": ["On two things", "On trade itself", "On inclusion", "On signatures", ODD, "First of all"],
        "/issues/digital-trade": ["On two things", "On trade itself", "On signatures", ODD, "First of all"],
        "/issues/data-flows": ["On two things", ODD, "First of all"],
        "/issues/e-signatures": ["On signatures", ODD],
        "/issues/inclusion": ["On two things", "On inclusion"],
        "/events/forum": ["On two things", "On trade itself", "On signatures", "First of all"],
        "/events/eweek": ["On inclusion", ODD],
        "/processes/e-commerce": ["On trade itself"],
        "/reports?event=forum&process=e-commerce": ["On trade itself"],
        "/reports?event=forum&issue=data-flows": ["On two things", "First of all"],
        "/reports?event=eweek&issue=data-flows": [ODD],
        "/reports?event=eweek&event=forum&issue=data-flows&issue=inclusion": [
            "On two things", "On inclusion", ODD, "First of all"],
    }  # fmt: skip


@pytest.mark.usefixtures("newsroom")
def test_every_feed_keeps_to_its_format(visitor: Navigator) -> None:
    for address in FEEDS:
        answer = visitor.get(address)
        kind = "rss" if ".rss" in address else "atom"
        assert (address, (rss_problems if kind == "rss" else problems)(answer.data)) == (address, [])
        assert answer.headers["Content-Type"] == f"application/{kind}+xml; charset=utf-8"
        itself = etree.fromstring(answer.data).xpath("//*[local-name()='link'][@rel='self']/@href")
        assert itself == [BASE + address]


@pytest.mark.usefixtures("newsroom")
def test_each_page_names_its_own_feeds(visitor: Navigator) -> None:
    for page, (path, query) in SELECTIONS.items():
        tree = parsed(visitor.get(page).text)
        for kind in KINDS:
            address = f"{path}.{kind}{query}"
            assert tree.xpath(f"//head/link[@type='application/{kind}+xml']/@href") == [address]
            assert address in tree.xpath("//main//a/@href")


@pytest.mark.usefixtures("newsroom")
def test_a_feed_carries_the_whole_report_and_marks_samples(visitor: Navigator) -> None:
    for address in FEEDS:
        for entry in feedparser.parse(visitor.get(address).data).entries:
            content = entry.content[0].value
            page = visitor.get(entry.link.removeprefix(BASE))
            sample = "/events/eweek" in page.text
            for words in ("One point.", "Another point.", "Second paragraph.", "Third paragraph."):
                assert words in content
                assert words in page.text
            assert ("Sample content" in content) == sample == ("Sample content" in page.text)


def test_an_empty_feed_is_a_feed(app: Flask, visitor: Navigator) -> None:
    with app.app_context():
        make.issues()
        _process()
        make.event("forum")
        make.event("eweek")
    for address in FEEDS:
        answer = visitor.get(address)
        assert (rss_problems if ".rss" in address else problems)(answer.data) == []
        assert feedparser.parse(answer.data).entries == []
        visitor.get(address, status=304, headers={"If-None-Match": answer.headers["ETag"]})


@pytest.mark.usefixtures("newsroom")
def test_a_poll_of_an_unchanged_feed_gets_no_body(visitor: Navigator) -> None:
    for address in FEEDS:
        first = visitor.get(address)
        tag, modified = first.headers["ETag"], first.headers["Last-Modified"]
        assert tag.startswith('"')
        for sent in (tag, f"W/{tag}", f'"a", {tag}', f'W/"a", "b" , W/{tag}, "c"', "*"):
            again = visitor.get(address, status=304, headers={"If-None-Match": sent})
            assert (again.data, again.headers["ETag"]) == (b"", tag)
        at = parsedate_to_datetime(modified)
        for moment, status in ((at, 304), (at + timedelta(days=1), 304), (at - timedelta(seconds=1), 200)):
            sent = format_datetime(moment, usegmt=True)
            visitor.get(address, status=status, headers={"If-Modified-Since": sent})
        # What If-None-Match says counts; a date beside it does not (RFC 9110, 13.1.3).
        visitor.get(address, headers={"If-None-Match": '"other"', "If-Modified-Since": modified})
        visitor.get(
            address, status=304, headers={"If-None-Match": tag, "If-Modified-Since": "Sat, 01 Jan 2000 00:00:00 GMT"}
        )
        for junk in ("junk", '"', "\x01", tag.strip('"')[:-1], "W/", ""):
            assert visitor.get(address, headers={"If-None-Match": junk}).data == first.data
        for junk in ("yesterday", "\x01", "", "9" * 400, "Sat, 99 Jan 2000 00:00:00 GMT"):
            assert visitor.get(address, headers={"If-Modified-Since": junk}).data == first.data


def test_two_processes_make_the_same_bytes(newsroom: Flask, settings: Settings) -> None:
    other = create_app(settings)
    for address in FEEDS:
        mine, theirs = newsroom.test_client().get(address), other.test_client().get(address)
        assert (address, mine.data) == (address, theirs.data)
        for name in ("ETag", "Last-Modified", "Content-Type"):
            assert mine.headers[name] == theirs.headers[name]
        odd = {"Accept-Language": "fr", "Host": "evil.example", "Cookie": "session=x", "User-Agent": "reader"}
        assert other.test_client().get(address, headers=odd).data == mine.data
    with other.app_context():
        db.engine.dispose()


def test_what_is_withdrawn_leaves_every_feed(newsroom: Flask, visitor: Navigator) -> None:
    """A reader who asks with a tag or a date is told as well: nobody is left with words that were taken back."""
    holds = [one for one in FEEDS if "On two things" in visitor.get(one).text]
    assert len(holds) == 14
    before = {one: visitor.get(one) for one in holds}
    with newsroom.app_context():
        report, editor = reports.by_number(6), people.by_id(EDITOR)
        assert report is not None
        assert editor is not None
        make.withdraw(report, editor, minute=200)
    for address in FEEDS:
        assert "sentinel" not in visitor.get(address).text
        assert "On two things" not in visitor.get(address).text
    for address, answer in before.items():
        by_tag = visitor.get(address, headers={"If-None-Match": answer.headers["ETag"]})
        assert by_tag.headers["ETag"] != answer.headers["ETag"]
        by_date = visitor.client.get(address, headers={"If-Modified-Since": answer.headers["Last-Modified"]})
        assert (address, by_date.status_code) == (address, 200)


@pytest.mark.parametrize("mark", [ChangeKind.CORRECTION, ChangeKind.UPDATE, ChangeKind.MINOR])
def test_a_correction_shows_in_every_feed_under_the_same_id(
    newsroom: Flask, visitor: Navigator, mark: ChangeKind
) -> None:
    holds = [one for one in FEEDS if "First of all" in visitor.get(one).text]
    before = {one: visitor.get(one) for one in holds}
    ids = {one: {e.link: e.id for e in feedparser.parse(before[one].data).entries} for one in holds}
    with newsroom.app_context():
        _correct(1, make.text("First and corrected", body="The corrected body."), minute=200, mark=mark)
    for address in holds:
        answer = visitor.get(address, headers={"If-None-Match": before[address].headers["ETag"]})
        assert "First of all" not in answer.text
        entry = next(one for one in feedparser.parse(answer.data).entries if one.title == "First and corrected")
        assert entry.link == BASE + "/reports/1/first-and-corrected"
        assert entry.id == ids[address][BASE + "/reports/1/first-of-all"]
        assert "The corrected body." in entry.content[0].value
        assert ("A word was wrong." in entry.content[0].value) == (mark is ChangeKind.CORRECTION)
        # A minor change is no news: the entry keeps its place and its date, and yet everybody gets the new words.
        top = feedparser.parse(answer.data).entries[0].title == "First and corrected"
        assert top == (mark is not ChangeKind.MINOR)
        by_date = visitor.client.get(address, headers={"If-Modified-Since": before[address].headers["Last-Modified"]})
        assert (address, by_date.status_code) == (address, 200)


def test_a_feed_holds_the_newest_fifty_and_the_pages_the_rest(app: Flask, visitor: Navigator) -> None:
    with app.app_context():
        make.issues()
        forum = make.event("forum")
        writer, editor = make.person(Role.RAPPORTEUR, forum), make.person(Role.EDITOR, forum)
        for number in range(1, 54):
            make.published(forum, writer, editor, make.text(f"Report {number}"), minute=number)
    cards = _cards(visitor.get("/events/forum")) + _cards(visitor.get("/events/forum?page=2"))
    assert [title for title, _address in cards] == [f"Report {number}" for number in range(53, 0, -1)]
    for kind in KINDS:
        data = visitor.get(f"/events/forum.{kind}").data
        assert _entries(data, kind) == [(title, BASE + there) for title, there in cards[:50]]


@pytest.mark.usefixtures("newsroom")
@pytest.mark.parametrize("kind", KINDS)
def test_each_selection_has_one_address(visitor: Navigator, kind: str) -> None:
    for asked, canonical in (
        (f"/reports.{kind}?issue=data-flows", f"/issues/data-flows.{kind}"),
        (f"/reports.{kind}?event=forum", f"/events/forum.{kind}"),
        (f"/reports.{kind}?process=e-commerce", f"/processes/e-commerce.{kind}"),
        (f"/reports.{kind}?issue=data-flows&issue=data-flows", f"/issues/data-flows.{kind}"),
        (
            f"/reports.{kind}?issue=inclusion&event=forum&issue=data-flows",
            f"/reports.{kind}?event=forum&issue=data-flows&issue=inclusion",
        ),
        (f"/reports.{kind}?issue=data%2Dflows&event=forum", f"/reports.{kind}?event=forum&issue=data-flows"),
        (f"/reports.{kind}?&event=forum&&issue=data-flows&", f"/reports.{kind}?event=forum&issue=data-flows"),
    ):
        answer = visitor.get(asked, status=301)
        assert (asked, answer.location) == (asked, canonical)
        visitor.get(canonical)
    visitor.get(f"/reports.{kind}?", status=200)


@pytest.mark.usefixtures("newsroom")
@pytest.mark.parametrize("kind", KINDS)
def test_a_feed_never_drops_a_filter_in_silence(visitor: Navigator, kind: str) -> None:
    """A subscription to less than everything must not become one to everything."""
    for asked in (
        f"/issues/data-flows.{kind}?event=forum",
        f"/events/forum.{kind}?issue=data-flows",
        f"/issues/data-flows.{kind}?issue=inclusion",
        f"/events/forum.{kind}?event=eweek",
        f"/processes/e-commerce.{kind}?event=eweek",
        "/processes/e-commerce?event=eweek",
        f"/issues/data-flows.{kind}?colour=red",
        "/issues/data-flows?event=forum",
        "/events/forum?issue=data-flows",
    ):
        answer = visitor.client.get(asked)
        assert (asked, answer.status_code) in ((asked, 301), (asked, 400))
        if answer.status_code == 301:
            assert answer.location.partition("?")[0] in (f"/reports.{kind}", "/reports")


@pytest.mark.usefixtures("newsroom")
@pytest.mark.parametrize("kind", KINDS)
def test_a_feed_of_something_unknown_is_refused_in_the_look_of_the_site(visitor: Navigator, kind: str) -> None:
    for asked, status in (
        (f"/issues/none.{kind}", 404),
        (f"/events/none.{kind}", 404),
        (f"/processes/none.{kind}", 404),
        (f"/reports.{kind}?event=forum&issue=none", 404),
        (f"/reports.{kind}?event=none&issue=data-flows", 404),
        (f"/reports.{kind}?page=2", 400),
        (f"/reports.{kind}?Issue=data-flows", 400),
        (f"/reports.{kind}?lang=en", 400),
    ):
        page = parsed(visitor.get(asked, status=status).text)
        assert page.xpath("//a[@class='wordmark']/text()") == ["Reporter"]
        assert len(page.xpath("//*[@role='alert']")) == 1


def test_a_hub_is_named_where_there_is_one(settings: Settings) -> None:
    hub = "https://hub.example.org/push"
    app = create_app(replace(settings, websub_hub=hub))
    with app.app_context():
        make.issues()
    for kind in KINDS:
        data = app.test_client().get(f"/issues/inclusion.{kind}").data
        assert etree.fromstring(data).xpath("//*[local-name()='link'][@rel='hub']/@href") == [hub]
    with app.app_context():
        db.engine.dispose()


def test_addresses_in_a_feed_are_those_of_the_settings(settings: Settings) -> None:
    app = create_app(replace(settings, base_url="https://reporter.example.org/", tag_authority="example.org"))
    with app.app_context():
        make.issues()
        forum = make.event("forum")
        make.published(forum, make.person(Role.RAPPORTEUR, None), make.person(Role.EDITOR, None))
    for kind in KINDS:
        answer = app.test_client().get(f"/reports.{kind}", headers={"Host": "evil.example"})
        entry = feedparser.parse(answer.data).entries[0]
        assert entry.link == "https://reporter.example.org/reports/1/members-agree-on-the-rule"
        assert entry.id == "tag:example.org,2023:report/1"
        assert b"evil.example" not in answer.data
        assert b"127.0.0.1" not in answer.data
    with app.app_context():
        db.engine.dispose()
