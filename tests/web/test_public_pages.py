"""The public pages: everything that an editor approved, in one place each, and not a word of anything else."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import chain
from typing import cast
from urllib.parse import unquote, urljoin, urlsplit

import factories as make
import pytest
from flask import Flask
from lxml import etree
from navigator import Navigator, parsed
from werkzeug.test import TestResponse

from reporter.models.database import db, unit_of_work
from reporter.models.event import Event
from reporter.models.people import User
from reporter.models.programme import ProgrammeSession
from reporter.newsroom import filing, programme, publication, review, revisions
from reporter.queries import people, reports, taxonomy
from reporter.rules.report_text import KeyPoint, Link, ReportText
from reporter.rules.vocabulary import PublicState, Role, SessionRule, WithdrawalReason, WorkState
from reporter.sources.draft import SessionDraft, SpeakerDraft

BASE = "http://127.0.0.1:8000"
AT = datetime(2023, 12, 4, 8, 0, tzinfo=UTC)


def _titles(page: TestResponse) -> list[str]:
    return [link.text_content() for link in parsed(page.text).xpath("//article[contains(@class, 'card')]//h2/a")]


def _main(page: TestResponse) -> str:
    return " ".join(parsed(page.text).xpath("string(//main)").split())


def _staff(at_event: Event | None = None) -> tuple[User, User]:
    return make.person(Role.RAPPORTEUR, at_event), make.person(Role.EDITOR, at_event)


@pytest.fixture
def front(app: Flask) -> dict[str, int]:
    """Two events, four reports; the ids of the policy issues by slug."""
    with app.app_context():
        ids = make.issues()
        forum, eweek = make.event("forum"), make.event("eweek")
        writer, editor = _staff()
        for place, (at_event, headline, issues) in enumerate(
            (
                (forum, "On flows", ["data-flows"]),
                (eweek, "On signatures", ["e-signatures"]),
                (forum, "On trade", ["digital-trade"]),
                (forum, "On both", ["data-flows", "inclusion"]),
            )
        ):
            words = make.text(headline, policy_issues=frozenset(ids[issue] for issue in issues))
            make.published(at_event, writer, editor, words, minute=10 * place)
        return ids


@pytest.mark.usefixtures("front")
def test_the_front_page_shows_the_newest_and_counts_by_subject(visitor: Navigator) -> None:
    page = visitor.get("/")
    assert _titles(page) == ["On both", "On trade", "On signatures", "On flows"]
    tree = parsed(page.text)
    lines = [" ".join(one.text_content().split()) for one in tree.xpath("//ul[@class='tree']/li")]
    assert lines == ["Digital trade 4", "Data flows 2", "E-signatures 1", "Inclusion 1"]
    events = tree.xpath("//aside/preceding::ul[@class='plain']//a/@href")
    assert events == ["/events/eweek", "/events/forum"]


def test_the_front_page_shows_twelve_and_leads_to_the_rest(app: Flask, visitor: Navigator) -> None:
    with app.app_context():
        make.issues()
        forum = make.event("forum")
        writer, editor = _staff()
        for number in range(1, 13):
            make.published(forum, writer, editor, make.text(f"Report {number}"), minute=number)
        assert parsed(visitor.get("/").text).xpath("//main//a[@href='/reports']") == []
        make.published(forum, writer, editor, make.text("Report 13"), minute=13)
    page = visitor.get("/")
    assert _titles(page) == [f"Report {number}" for number in range(13, 1, -1)]
    assert len(parsed(page.text).xpath("//main//a[@href='/reports']")) == 1


def test_an_empty_house_has_every_page(app: Flask, visitor: Navigator) -> None:
    for address in ("/", "/reports", "/events/", "/issues/"):
        assert _titles(visitor.get(address)) == []
    for address in ("/events/none", "/issues/none", "/sessions/1", "/reports/1", "/reports?page=2"):
        visitor.get(address, status=404)
    with app.app_context():
        make.issues()
        make.event("forum")
    for address in ("/", "/events/forum", "/issues/inclusion", "/reports?event=forum&issue=inclusion"):
        assert "Nothing is published here yet." in _main(visitor.get(address))


@pytest.mark.parametrize("count", [30, 31, 61])
def test_pages_neither_overlap_nor_skip(app: Flask, visitor: Navigator, count: int) -> None:
    """Many were published in the same second, so that their order must not depend on the time alone."""
    with app.app_context():
        make.issues()
        forum, other = make.event("forum"), make.event("other")
        writer, editor = _staff()
        for number in range(1, count + 1):
            make.published(forum, writer, editor, make.text(f"Report {number}"), minute=number // 7)
        make.published(other, writer, editor, make.text("Elsewhere on no such issue", policy_issues=frozenset({4})))
    expected = [f"Report {number}" for number in range(count, 0, -1)]
    for address in ("/events/forum", "/issues/data-flows", "/issues/digital-trade",
                    "/reports?event=forum&issue=data-flows"):  # fmt: skip
        found: list[str] = []
        here, pages = address, 0
        while here:
            page = visitor.get(here)
            titles = _titles(page)
            assert len(titles) == min(30, count - len(found))
            found += titles
            pages += 1
            tree = parsed(page.text)
            newer = tree.xpath("//a[@rel='prev']/@href")
            assert len(newer) == (pages > 1)
            if newer:
                assert _titles(visitor.get(newer[0])) == expected[30 * (pages - 2) : 30 * (pages - 1)]
            older = tree.xpath("//a[@rel='next']/@href")
            here = older[0] if older else ""
        assert (address, found) == (address, expected)
        assert pages == -(-count // 30)
        join = "&" if "?" in address else "?"
        visitor.get(f"{address}{join}page={pages + 1}", status=404)
        assert _titles(visitor.get(f"{address}{join}page=1")) == expected[:30]
    assert len(_titles(visitor.get("/reports"))) == 30


@pytest.mark.usefixtures("front")
def test_what_is_no_page_is_refused(visitor: Navigator) -> None:
    for page in (
        "0",
        "-1",
        "abc",
        "1.0",
        "+1",
        "%201",
        "٣",
        "1e3",
        "9999999",
        "9" * 30,
        "%00",
        "1%00",
        "%FF",
        "００１",
    ):
        for address in ("/reports", "/reports?event=forum&issue=data-flows", "/events/forum", "/issues/data-flows"):
            join = "&" if "?" in address else "?"
            refused = visitor.get(f"{address}{join}page={page}", status=400)
            assert parsed(refused.text).xpath("//a[@class='wordmark']/text()") == ["Reporter"]
            assert "Pages are counted from 1." in _main(refused)


@pytest.mark.usefixtures("front")
def test_an_odd_page_number_is_still_one_or_the_other(visitor: Navigator) -> None:
    for address, status in (
        ("/reports?page=999999", 404),
        ("/reports?page=2", 404),
        ("/reports?page=", 301),
        ("/reports?page=1&page=2", 200),
        ("/reports?page=0001", 200),
        ("/reports?page=000000001", 400),
        ("/reports?page=1&colour=red", 400),
        ("/reports?colour=red", 400),
        ("/reports?issue", 301),
        ("/reports?event=&issue=", 404),
        ("/reports?issue=none", 301),
        ("/reports?event=forum&issue=none", 404),
        ("/reports?event=forum&issue=Data-Flows", 404),
        ("/reports?=x", 400),
        ("/reports?event=%zz&issue=%FF", 301),
        ("/?page=abc", 200),
    ):
        answer = visitor.client.get(address)
        assert (address, answer.status_code) == (address, status)
        if status == 301:
            visitor.client.get(answer.location)


@pytest.mark.usefixtures("front")
def test_bytes_that_are_no_text_are_refused(visitor: Navigator) -> None:
    """A server hands the address on as it came; what is no UTF-8 must not end in a failure."""
    for path in ("/", "/reports", "/reports.rss", "/issues/data-flows", "/desk/", "/login", "/healthz", "/nothing"):
        for query in ("issue=\xff", "\xff", "page=\xe9", "%ff=\xc3("):
            answer = visitor.client.get(path, environ_overrides={"QUERY_STRING": query})
            assert answer.status_code < 500, f"{path} {query!r}: {answer.status}"


@pytest.mark.usefixtures("front")
def test_an_issue_holds_its_children_and_not_its_parent(visitor: Navigator) -> None:
    assert _titles(visitor.get("/issues/digital-trade")) == ["On both", "On trade", "On signatures", "On flows"]
    assert _titles(visitor.get("/issues/data-flows")) == ["On both", "On flows"]
    assert _titles(visitor.get("/issues/e-signatures")) == ["On signatures"]
    assert _titles(visitor.get("/issues/inclusion")) == ["On both"]
    listed = [
        " ".join(one.split()) for one in parsed(visitor.get("/issues/").text).xpath("//p[@class='meta']/text()[1]")
    ]
    assert [one for one in listed if one] == ["4 reports ·", "2 reports ·", "1 report ·", "1 report ·"]


@pytest.mark.usefixtures("front")
def test_an_issue_at_an_event_says_so_in_words(visitor: Navigator) -> None:
    for address, heading, titles in (
        (
            "/reports?event=forum&issue=digital-trade",
            "Digital trade at Event forum",
            ["On both", "On trade", "On flows"],
        ),
        ("/reports?event=eweek&issue=digital-trade", "Digital trade at Event eweek", ["On signatures"]),
        ("/reports?event=eweek&issue=inclusion", "Inclusion at Event eweek", []),
        (
            "/reports?event=eweek&event=forum&issue=data-flows&issue=e-signatures",
            "Data flows or E-signatures at Event eweek or Event forum",
            ["On both", "On signatures", "On flows"],
        ),
        ("/reports?issue=e-signatures&issue=inclusion", "E-signatures or Inclusion", ["On both", "On signatures"]),
        ("/reports", "All reports", ["On both", "On trade", "On signatures", "On flows"]),
    ):
        page = visitor.get(address)
        assert (parsed(page.text).xpath("string(//h1)"), _titles(page)) == (heading, titles)
    links = parsed(visitor.get("/issues/data-flows").text).xpath("//main//a/@href")
    assert {"/reports?event=forum&issue=data-flows", "/reports?event=eweek&issue=data-flows"} <= set(links)


@pytest.mark.usefixtures("front")
def test_a_listing_has_one_address(visitor: Navigator) -> None:
    for asked, canonical in (
        ("/reports?issue=data-flows", "/issues/data-flows"),
        ("/reports?event=forum", "/events/forum"),
        ("/reports?issue=inclusion&event=forum", "/reports?event=forum&issue=inclusion"),
        ("/reports?issue=inclusion&issue=data-flows&issue=inclusion", "/reports?issue=data-flows&issue=inclusion"),
        ("/reports?event=for%75m&issue=data-flows", "/reports?event=forum&issue=data-flows"),
    ):
        assert visitor.get(asked, status=301).location == canonical
        visitor.get(canonical)


@pytest.mark.usefixtures("front")
def test_every_page_names_its_own_address_as_the_right_one(app: Flask, visitor: Navigator) -> None:
    with app.app_context():
        make.session(db.session.get_one(Event, 1), "Opening")
    for address in ("/", "/reports", "/events/forum", "/issues/data-flows", "/reports?event=forum&issue=data-flows",
                    "/reports/1/on-flows", "/sessions/1/opening"):  # fmt: skip
        named = parsed(visitor.get(address).text).xpath("//link[@rel='canonical']/@href")
        assert (address, named) == (address, [BASE + address])


def test_a_report_shows_all_that_was_approved(app: Flask, visitor: Navigator) -> None:
    with app.app_context():
        ids = make.issues()
        forum = make.event("forum")
        writer, editor = _staff()
        words = make.text(
            "Members < agree & sign",
            lead="Lead with <b>marks</b> & more.",
            key_points=(KeyPoint("First <point>."), KeyPoint("Second & last.")),
            body="## Heading\n\nText with **weight** and [a link](https://example.org/a?b=1&c=2).",
            byline="A. Rapporteur",
            links=(Link("The text & annex", "https://example.org/text?a=1&b=2"),),
            policy_issues=frozenset({ids["data-flows"], ids["inclusion"]}),
        )
        session = make.session(forum, "Opening & welcome")
        make.published(forum, writer, editor, words, of=session)
    page = visitor.get("/reports/1/members-agree-sign")
    tree = parsed(page.text)
    assert tree.xpath("string(//h1)") == "Members < agree & sign"
    assert tree.xpath("string(//article/p[@class='lead'])") == "Lead with <b>marks</b> & more."
    assert tree.xpath("//section[@class='key-points']//li/text()") == ["First <point>.", "Second & last."]
    assert tree.xpath("string(//div[@class='prose']/h2)") == "Heading"
    assert tree.xpath("//div[@class='prose']//a/@href") == ["https://example.org/a?b=1&c=2"]
    assert tree.xpath("//ul[@class='links']//a/@href") == ["https://example.org/text?a=1&b=2"]
    assert tree.xpath("string(//span[@class='byline'])") == "By A. Rapporteur"
    assert tree.xpath("//ul[@class='terms']//a/@href") == ["/issues/data-flows", "/issues/inclusion"]
    assert tree.xpath("//footer//a[starts-with(@href, '/sessions/')]/@href") == ["/sessions/1/opening-welcome"]
    assert tree.xpath("//meta[@name='description']/@content") == ["Lead with <b>marks</b> & more."]
    # 09:04 UTC is 10:04 in Geneva, where the event is.
    assert tree.xpath("//article//time/text()") == ["4 December 2023, 10:04"]


def test_a_wrong_last_part_leads_to_the_right_one(app: Flask, visitor: Navigator) -> None:
    with app.app_context():
        make.issues()
        forum = make.event("forum")
        writer, editor = _staff()
        make.published(forum, writer, editor, make.text("Members agree"), of=make.session(forum, "Opening"))
        make.published(forum, writer, editor, make.text("数据 流动 é"), of=make.session(forum, "数据"))
        make.published(forum, writer, editor, make.text("!!! ???"), of=make.session(forum, "???"))
    for wrong in ("", "/x", "/Members-Agree", "/members-agree-", "/%00", "/%FF", "/members-agree%20", "/<script>"):
        for number, report, session in ((1, "/members-agree", "/opening"), (2, "/数据-流动-e", "/数据"), (3, "", "")):
            for there, right in ((f"/reports/{number}", report), (f"/sessions/{number}", session)):
                answer = visitor.client.get(there + wrong)
                if wrong == right:
                    assert answer.status_code == 200
                elif wrong == "/%00":
                    assert answer.status_code in (301, 404)
                else:
                    assert (there + wrong, answer.status_code) == (there + wrong, 301)
                    assert unquote(answer.location) == there + right
                    assert answer.location.isascii()
                    visitor.get(answer.location)


def test_after_a_correction_of_the_headline_old_links_lead_on(app: Flask, visitor: Navigator) -> None:
    with app.app_context():
        make.issues()
        forum = make.event("forum")
        writer, editor = _staff()
        report = make.published(forum, writer, editor, make.text("Mebmers agree"))
        _correct(report.number, make.text("Members agree"), editor, note="A spelling.")
    assert visitor.get("/reports/1/mebmers-agree", status=301).location == "/reports/1/members-agree"
    page = visitor.get("/reports/1/members-agree")
    assert "Mebmers" not in page.text
    assert "Correction, 4 December 2023, 11:00: A spelling." in _main(page)
    assert "updated 4 December 2023, 11:00" in _main(page)


def test_an_event_shows_its_programme_by_its_own_days(app: Flask, visitor: Navigator) -> None:
    """Days are those of the event's clocks: 23:30 UTC on Monday is Tuesday in Geneva."""
    with app.app_context():
        make.issues()
        forum = make.event("forum")
        writer, editor = _staff()
        starts = {"Monday early": 0, "Monday late": 14, "Tuesday at night": 15.5, "Tuesday": 24, "Friday": 96}
        with unit_of_work():
            made = programme.add_sessions(
                forum,
                [
                    SessionDraft(
                        title=title,
                        starts_at=AT + timedelta(hours=hours),
                        ends_at=AT + timedelta(hours=hours + 1),
                        room="Room A",
                    )
                    for title, hours in reversed(starts.items())
                ],
                by=None,
                at=AT,
            )
            made[0].cancelled_at = AT
        numbers = {one.title: one.id for one in made}
        make.published(forum, writer, editor, make.text("On the night"), of=made[2])
        hidden = make.draft(forum, writer, make.text("sentineldraft"), of=made[1])
        make.file(hidden, writer)
    tree = parsed(visitor.get("/events/forum").text)
    days = {
        section.xpath("string(h3)"): [" ".join(one.text_content().split()) for one in section.xpath(".//li")]
        for section in tree.xpath("//section[@class='day']")
    }
    assert days == {
        "Monday, 4 December 2023": ["09:00–10:00 Monday early Room A", "23:00–00:00 Monday late Room A"],
        "Tuesday, 5 December 2023": [
            "00:30–01:30 Tuesday at night Read the report: On the night Room A",
            "09:00–10:00 Tuesday Report planned Room A",
        ],
        "Friday, 8 December 2023": ["09:00–10:00 Friday Cancelled Room A"],
    }
    assert "times are those of Europe/Zurich" in tree.xpath("string(//main)")
    assert _titles(visitor.get("/events/forum")) == ["On the night"]
    assert "Cancelled" in _main(visitor.get(f"/sessions/{numbers['Friday']}/friday"))


def test_a_session_shows_who_speaks_only_where_its_rule_allows(app: Flask, visitor: Navigator) -> None:
    with app.app_context():
        make.issues()
        forum = make.event("forum")
        writer, editor = _staff()
        numbers = {}
        for rule in SessionRule:
            with unit_of_work():
                numbers[rule] = programme.add_sessions(
                    forum,
                    [
                        SessionDraft(
                            title=rule.value,
                            starts_at=AT,
                            ends_at=AT,
                            rule=rule,
                            speakers=(
                                SpeakerDraft(f"Name{rule.value}", f"Organisation{rule.value}", f"Post{rule.value}"),
                            ),
                        )
                    ],
                    by=None,
                    at=AT,
                )[0]
        for rule in (SessionRule.ON_THE_RECORD, SessionRule.CHATHAM_HOUSE):
            make.published(forum, writer, editor, make.text(f"Report of {rule.value}"), of=numbers[rule])
        slugs = dict.fromkeys(SessionRule, "session-without-names") | {SessionRule.ON_THE_RECORD: "on-the-record"}
        address = {rule: f"/sessions/{one.id}/{slugs[rule]}" for rule, one in numbers.items()}
    pages = {rule: _main(visitor.get(there)) for rule, there in address.items()}
    shown = pages[SessionRule.ON_THE_RECORD]
    assert "Nameon_the_record (Poston_the_record, Organisationon_the_record)" in shown
    assert "Report of on_the_record" in shown
    assert "No names, no organisations" not in shown
    assert "No names, no organisations" in pages[SessionRule.CHATHAM_HOUSE]
    assert "Report of chatham_house" in pages[SessionRule.CHATHAM_HOUSE]
    assert "This session is closed: no report is written of it." in pages[SessionRule.CLOSED]
    assert "No report of this session is public." not in pages[SessionRule.CLOSED]
    for there, answer in _walk(visitor):
        for rule in (SessionRule.CHATHAM_HOUSE, SessionRule.CLOSED):
            for word in ("Name", "Organisation", "Post"):
                assert word + rule.value not in answer.text, there


def test_a_description_that_cannot_be_set_is_shown_as_it_is(app: Flask, visitor: Navigator) -> None:
    """Programmes come from others; however odd a text of theirs is, the session has its page."""
    with app.app_context():
        forum = make.event("forum")
        with unit_of_work():
            programme.add_sessions(
                forum,
                [
                    SessionDraft(title=title, starts_at=AT, ends_at=AT, description=text)
                    for title, text in (
                        ("Deep", "> " * 40 + "Deepest words"),
                        ("Long", "word " * 30_000),
                        ("Marked", "**a** " * 3_000),
                        ("Plain", "<script>alert(1)</script> **bold**"),
                        ("Odd", "\x01\x08 \ufffe words"),
                    )
                ],
                by=None,
                at=AT,
            )
    assert "Deepest words" in _main(visitor.get("/sessions/1/deep"))
    assert _main(visitor.get("/sessions/2/long")).count("word") >= 30_000
    visitor.get("/sessions/3/marked")
    assert "<script>alert(1)</script> bold" in _main(visitor.get("/sessions/4/plain"))
    assert "words" in _main(visitor.get("/sessions/5/odd"))


def test_a_sample_is_marked_wherever_it_shows(app: Flask, visitor: Navigator) -> None:
    with app.app_context():
        make.issues()
        sample, real = make.event("sample-event", is_sample=True), make.event("real-event")
        writer, editor = _staff()
        made_up, said = make.session(sample, "Made up"), make.session(real, "Said")
        make.published(sample, writer, editor, make.text("Nobody said this"), of=made_up)
        make.published(real, writer, editor, make.text("Somebody said this"), of=said)
        make.withdraw(make.published(sample, writer, editor, make.text("Nobody said that")), editor)
    marked, plain = set(), set()
    for address, answer in chain(_walk(visitor), [("/reports/3", visitor.get("/reports/3", status=410))]):
        if answer.mimetype not in ("text/html", "application/rss+xml", "application/atom+xml"):
            continue
        if "Event sample-event" in answer.text:
            if answer.mimetype == "text/html":
                tree = parsed(answer.text)
                main = tree.xpath("//main")[0]
                inside = [
                    one for one in main.iter("article", "li", "main") if "Event sample-event" in one.text_content()
                ]
                for one in inside:
                    assert one.xpath(".//*[contains(@class, 'sample-mark')] | //*[@class='sample-banner']"), address
            elif "<item>" in answer.text or "<entry" in answer.text:
                assert "Sample content" in answer.text, address
            marked.add(address)
        else:
            assert "sample-mark" not in answer.text, address
            assert "sample-banner" not in answer.text, address
            assert "Sample content" not in answer.text, address
            plain.add(address)
    assert {"/", "/reports", "/events/", "/events/sample-event", "/sessions/1/made-up", "/reports/1/nobody-said-this",
            "/reports/3", "/issues/inclusion", "/reports.rss", "/events/sample-event.atom"} <= marked  # fmt: skip
    assert {"/events/real-event", "/sessions/2/said", "/reports/2/somebody-said-this", "/issues/"} <= plain


def _walk(visitor: Navigator) -> Iterator[tuple[str, TestResponse]]:
    """Every public address that links of any kind reach from the front page, through feeds and their entries too."""
    ahead, seen = ["/"], {"/"}
    while ahead:
        here = ahead.pop()
        answer = visitor.client.get(here)
        if answer.status_code in (301, 302, 303, 308):
            links: list[str] = [str(answer.location)]
        else:
            assert answer.status_code == 200, f"{here}: {answer.status}"
            visitor._check(answer, 200)
            yield here, answer
            links = []
            if answer.mimetype == "text/html":
                links = parsed(answer.text).xpath("//@href | //@src")
            elif answer.mimetype in ("application/rss+xml", "application/atom+xml"):
                root = etree.fromstring(answer.data)
                links = [str(one) for one in cast(list[str], root.xpath("//@href | //link/text() | //guid/text()"))]
        for link in links:
            target = urlsplit(urljoin(BASE + here, str(link)))
            address = target.path + (f"?{target.query}" if target.query else "")
            ours = target.scheme == "http" and target.netloc == urlsplit(BASE).netloc
            if ours and address not in seen and not address.startswith(("/desk", "/login", "/static/icon")):
                seen.add(address)
                ahead.append(address)


def _sentinel(name: str, **parts: object) -> ReportText:
    """A text of which every part has its own word to look for."""
    return make.text(
        f"Headline sentinel{name}one",
        lead=f"Lead sentinel{name}two.",
        key_points=(KeyPoint(f"Point sentinel{name}three."),),
        body=f"Body sentinel{name}four.\n\n[x](https://example.org/sentinel{name}five)",
        byline=f"Byline sentinel{name}six",
        links=(Link(f"Title sentinel{name}seven", f"https://example.org/sentinel{name}eight"),),
        **parts,
    )


def _correct(number: int, words: ReportText, by: User, *, note: str, minute: float = 60) -> None:
    rendered = revisions.render(words)
    with unit_of_work():
        report = reports.for_change(number)
        assert report is not None
        assert report.published_revision is not None
        publication.correct(
            report,
            words,
            revision=report.published_revision,
            rendered=rendered,
            by=by,
            at=make.later(minute),
            note=note,
        )


def _amend(number: int, words: ReportText, by: User) -> None:
    with unit_of_work():
        report = reports.for_change(number)
        assert report is not None
        filing.amend(report, by=by, at=make.later(40))
    make.save(report, words, by, minute=41)


def _hide_everywhere(app: Flask) -> dict[str, int]:
    """A report in every state in which there are words that the public must not see; numbers by their name."""
    found = {}
    with app.app_context():
        make.issues()
        forum = make.event("forum")
        writer = make.person(Role.RAPPORTEUR, forum, name="Rapporteur sentinelwriter")
        editor = make.person(Role.EDITOR, forum, name="Editor sentineleditor")

        def session(name: str) -> ProgrammeSession:
            return make.session(forum, f"Session of {name}")

        report = make.published(forum, writer, editor, make.text("Shown to all"), of=session("shown"))
        found["shown"] = report.number

        found["draft"] = make.draft(forum, writer, _sentinel("draft"), of=session("draft")).number

        report = make.draft(forum, writer, _sentinel("filed"), of=session("filed"))
        make.file(report, writer)
        make.save(report, _sentinel("newer"), writer, minute=9)
        found["filed"] = report.number

        report = make.draft(forum, writer, _sentinel("sentback"), of=session("sent back"))
        make.file(report, writer)
        with unit_of_work():
            review.send_back(make.locked_report(report), note="Note sentinelnote", by=editor, at=make.later(5))
        found["sent back"] = report.number

        report = make.draft(forum, writer, _sentinel("approved"), of=session("approved"))
        make.file(report, writer)
        make.approve(report, editor)
        found["approved"] = report.number

        report = make.draft(forum, writer, _sentinel("embargoed"), of=session("embargoed"))
        make.file(report, writer)
        make.approve(report, editor, embargo_until=datetime(2100, 1, 1, tzinfo=UTC))
        found["embargoed"] = report.number

        report = make.draft(forum, writer, _sentinel("discarded"), of=session("discarded"))
        with unit_of_work():
            filing.discard(make.locked_report(report), by=writer, at=make.later(6))
        found["discarded"] = report.number

        report = make.published(forum, writer, editor, _sentinel("withdrawn"), of=session("withdrawn"))
        make.withdraw(report, editor, note="Public words of the withdrawal.")
        found["withdrawn"] = report.number

        report = make.published(forum, writer, editor, _sentinel("amendedwithdrawn"), of=session("withdrawn again"))
        make.withdraw(report, editor, note="Public words of the other withdrawal.")
        _amend(report.number, _sentinel("cleaned"), writer)
        make.file(report, writer, minute=42)
        make.approve(report, editor, minute=43)
        found["withdrawn, then approved"] = report.number

        report = make.published(forum, writer, editor, _sentinel("before"), of=session("corrected"))
        _correct(report.number, make.text("Corrected and shown"), editor, note="Public words of the correction.")
        found["corrected"] = report.number

        for name, upto in (("amending", 0), ("amendfiled", 1), ("amendapproved", 2)):
            report = make.published(forum, writer, editor, make.text(f"Public text of {name}"), of=session(name))
            _amend(report.number, _sentinel(name), writer)
            if upto > 0:
                make.file(report, writer, minute=42)
            if upto > 1:
                make.approve(report, editor, minute=43)
            found[name] = report.number
    return found


FORMATS = ("", ".rss", ".atom", ".json", ".md", ".docx", ".pdf", ".txt", ".xml", "/", "/edit", "/1", "/history")


def test_no_word_of_what_is_not_public_stands_at_any_public_address(app: Flask, visitor: Navigator) -> None:
    numbers = _hide_everywhere(app)
    with app.app_context():
        states = {(one.work_state, one.public_state) for one in map(reports.by_number, numbers.values()) if one}
    assert states == {
        (WorkState.SETTLED, PublicState.PUBLIC), (WorkState.DRAFT, PublicState.NEVER),
        (WorkState.FILED, PublicState.NEVER), (WorkState.SENT_BACK, PublicState.NEVER),
        (WorkState.APPROVED, PublicState.NEVER), (WorkState.DISCARDED, PublicState.NEVER),
        (WorkState.SETTLED, PublicState.WITHDRAWN), (WorkState.APPROVED, PublicState.WITHDRAWN),
        (WorkState.DRAFT, PublicState.PUBLIC), (WorkState.FILED, PublicState.PUBLIC),
        (WorkState.APPROVED, PublicState.PUBLIC),
    }  # fmt: skip
    walked = dict(_walk(visitor))
    shown = {"Shown to all", "Corrected and shown", "Public text of amending", "Public text of amendfiled",
             "Public text of amendapproved"}  # fmt: skip
    assert set(_titles(walked["/reports"])) == shown
    assert len(walked) > 40
    answers = list(walked.items())
    hidden = ["draft", "filed", "sentback", "approved", "embargoed", "discarded", "withdrawn", "amendedwithdrawn",
              "cleaned", "before", "amending", "amendfiled", "amendapproved", "newer"]  # fmt: skip
    for number in range(len(numbers) + 2):
        for ending in (*FORMATS, *(f"/headline-sentinel{name}one" for name in hidden)):
            address = f"/reports/{number}{ending}"
            answers.append((address, visitor.client.get(address)))
    for ending in FORMATS:
        for address in ("/reports", "/events/forum", "/issues/data-flows", "/events/", "/issues/", "/sessions/2",
                        "/search", "/live", "/sitemap", "/feeds", "/digests", "/preview/1", "/healthz"):  # fmt: skip
            answers.append((address + ending, visitor.client.get(address + ending)))
    for name in hidden:
        answers += [(one, visitor.client.get(one)) for one in (f"/search?q=sentinel{name}one", f"/reports?q={name}")]
    for address, answer in answers:
        text = answer.get_data(as_text=True) + str(answer.headers)
        echoed = set(re.findall(r"sentinel\w+", address))
        assert set(re.findall(r"sentinel\w+", text)) - echoed == set(), address
        if not echoed:
            assert "sentinel" not in unquote(text), address


def test_each_hidden_word_is_found_where_it_belongs(app: Flask, visitor: Navigator) -> None:
    """What the other test looks for does exist: on the desk at once, and in public as soon as an editor shows it."""
    numbers = _hide_everywhere(app)
    with app.app_context():
        email = people.everybody()[1].email
        assert people.everybody()[1].name == "Editor sentineleditor"
    editor = Navigator(app).sign_in(email, make.PASSWORD)
    for name, word in (("draft", "draft"), ("filed", "filed"), ("sent back", "sentback"), ("sent back", "note"),
                       ("approved", "approved"), ("embargoed", "embargoed"), ("discarded", "discarded"),
                       ("withdrawn", "withdrawn"), ("amendfiled", "amendfiled")):  # fmt: skip
        assert f"sentinel{word}" in editor.get(f"/desk/reports/{numbers[name]}").text
    number = numbers["approved"]
    visitor.get(f"/reports/{number}", status=404)
    editor.submit(editor.get(f"/desk/review/{number}"), act="publish", form=f"/desk/review/{number}")
    page = visitor.get(f"/reports/{number}/headline-sentinelapprovedone").text
    assert set(re.findall(r"sentinelapproved(\w+)", page)) == {
        "one", "two", "three", "four", "five", "six", "seven", "eight"}  # fmt: skip
    for address in ("/", "/reports", "/events/forum", "/issues/data-flows", "/issues/digital-trade",
                    "/events/forum.rss", "/reports.atom"):  # fmt: skip
        assert "sentinelapprovedone" in visitor.get(address).text


@pytest.mark.parametrize("reason", list(WithdrawalReason))
def test_a_withdrawn_report_says_why_and_keeps_its_address(
    app: Flask, visitor: Navigator, reason: WithdrawalReason
) -> None:
    with app.app_context():
        make.issues()
        forum = make.event("forum")
        writer, editor = _staff()
        report = make.published(forum, writer, editor, _sentinel("old"), of=make.session(forum, "Opening"))
        with unit_of_work():
            publication.withdraw(
                make.locked_report(report),
                reason=reason,
                note="It named <b>somebody</b> & more.",
                by=editor,
                at=make.later(60),
            )
    for address in ("/reports/1", "/reports/1/headline-sentineloldone", "/reports/1/anything"):
        page = visitor.get(address, status=410)
        assert "sentinel" not in page.text
        assert "Report 1 was withdrawn" in _main(page)
        assert "It named <b>somebody</b> & more." in _main(page)
        assert "4 December 2023, 11:00" in _main(page)
        assert parsed(page.text).xpath("//meta[@name='robots']/@content") == ["noindex"]
    sentence = {
        WithdrawalReason.INACCURATE: "It is not accurate.",
        WithdrawalReason.PUBLISHED_BY_MISTAKE: "It was published by mistake.",
        WithdrawalReason.SPEAKER_REQUEST: "A speaker asked for it.",
        WithdrawalReason.RULE_TIGHTENED: "The session's rule does not allow it.",
        WithdrawalReason.OTHER: "Another reason.",
    }[reason]
    assert sentence in _main(page)
    assert "No report of this session is public." in _main(visitor.get("/sessions/1/opening"))
    assert _titles(visitor.get("/")) == []
    assert parsed(visitor.get("/").text).xpath("//span[@class='count']/text()") == ["0", "0", "0", "0"]


def test_a_merged_issue_leads_to_what_it_became_and_a_retired_one_ends(app: Flask, visitor: Navigator) -> None:
    with app.app_context():
        make.issues()
        forum = make.event("forum")
        writer, editor = _staff()
        make.published(forum, writer, editor, make.text("On flows"))
        with unit_of_work():
            old, new, retired = (taxonomy.by_slug(one) for one in ("data-flows", "inclusion", "e-signatures"))
            assert old is not None
            assert new is not None
            assert retired is not None
            old.merged_into_id = new.id
            retired.retired_at = AT
    assert visitor.get("/issues/data-flows", status=301).location == "/issues/inclusion"
    for kind in ("rss", "atom"):
        assert visitor.get(f"/issues/data-flows.{kind}", status=301).location == f"/issues/inclusion.{kind}"
    page = visitor.get("/reports/1/on-flows")
    assert parsed(page.text).xpath("//ul[@class='terms']//a/@href") == ["/issues/inclusion"]
    visitor.get("/issues/e-signatures", status=404)
    for address in ("/", "/issues/"):
        links = parsed(visitor.get(address).text).xpath("//main//a/@href")
        assert "/issues/e-signatures" not in links
        assert "/issues/data-flows" not in links


def test_days_of_an_event_are_dates_and_never_moments(app: Flask, visitor: Navigator) -> None:
    with app.app_context():
        make.event("forum")
        with unit_of_work():
            programme.add_event(
                slug="far-away", name="Far away", time_zone="Pacific/Kiritimati", starts_on=date(2024, 2, 29),
                ends_on=date(2024, 3, 1), by=None, at=AT, place="Kiritimati",
            )  # fmt: skip
    assert "29 February 2024 – 1 March 2024 · Kiritimati" in _main(visitor.get("/events/"))
    assert "29 February 2024 – 1 March 2024 · Kiritimati" in _main(visitor.get("/events/far-away"))
    assert "The programme is not in yet." in _main(visitor.get("/events/far-away"))
