"""Feeds say what the listing says, keep to their formats, and are the same bytes whoever makes them, and when."""

import io
import locale
import os
import re
import subprocess
import sys
from calendar import timegm
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from html import escape, unescape
from pathlib import Path
from threading import Barrier
from typing import Any

import feedparser
import html5lib
import pytest
from atom_checker import problems, rss_problems
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from reporter.outlets import feeds
from reporter.rules import addresses
from reporter.rules.published import Listing, PublicChangeLine, PublicEvent, PublicReport, PublicTerm
from reporter.rules.report_text import KeyPoint, Link, one_line
from reporter.rules.selection import Selection
from reporter.rules.vocabulary import ChangeKind

SCALE = int(os.environ.get("TEST_SCALE", "1"))
BASE = "https://reports.example/house"
AUTHORITY = "reports.example"
HUB = "https://hub.example/push?a=1&b=2"
CHOSEN = Selection.of(policy_issues=["data-flows", "e-signatures"], events=["eweek-2026"])
NOON = datetime(2026, 3, 4, 12, 0, 0, 123456, tzinfo=UTC)
ATOM = "{http://www.w3.org/2005/Atom}"
DC = "{http://purl.org/dc/elements/1.1/}"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
RTL_MARK, OVERRIDE = "\u200f", "\u202e"

EVENT = PublicEvent(
    slug="eweek-2026",
    name="eWeek & friends 2026",
    place="Geneva",
    time_zone="Pacific/Auckland",
    starts_on=date(2026, 3, 2),
    ends_on=date(2026, 3, 6),
    is_sample=False,
)


def a_report(number: int = 1, **changes: Any) -> PublicReport:
    """A published report: everything filled in, each time its own; `changes` replace fields."""
    report = PublicReport(
        number=number,
        revision=number * 10,
        slug=f"report-{number}",
        headline=f"Ministers agree on point {number}",
        lead=f"Lead of {number}.",
        key_points=(KeyPoint(f"First of {number}"), KeyPoint(f"Second of {number}")),
        body_html=f'<h2>Heading</h2><p>Body of {number}, <a href="https://example.org/?a=1&amp;b=2">more</a>.</p>',
        byline=f"Rapporteur {number}",
        links=(Link("Recording", "https://media.example/1?a=1&b=2"),),
        language="en",
        policy_issues=(PublicTerm("data-flows", "Data flows"), PublicTerm("e-signatures", "E-signatures")),
        event=EVENT,
        programme_session=None,
        first_published_at=NOON - timedelta(days=70, minutes=number),
        updated_at=NOON - timedelta(minutes=number),
    )
    return replace(report, **changes)


def a_listing() -> Listing:
    """Six reports, newest change first, numbers in no order, in four languages and with what breaks naive feeds."""
    return Listing(
        title="Reports on Data flows & <E-signatures>",
        reports=(
            a_report(7),
            a_report(3, headline="R&D: 2 < 3 & 4 > 3", lead="Is x < y & y > z? ]]> &amp; stays", byline="A & B <C>"),
            a_report(12, headline="تدفق البيانات عبر الحدود" + RTL_MARK, lead="ملخص: «نعم»", language="ar"),
            a_report(4, headline="数据流动 🎉", lead="摘要。", byline="", language="zh-Hans"),
            a_report(
                5, lead="", key_points=(KeyPoint("Only"), KeyPoint("points")), links=(), policy_issues=(), language="fr"
            ),
            a_report(
                6,
                changes=(
                    PublicChangeLine(1, ChangeKind.FIRST, NOON - timedelta(days=70), "first"),
                    PublicChangeLine(2, ChangeKind.CORRECTION, NOON, "The vote was 12 < 14 & not 14."),
                    PublicChangeLine(3, ChangeKind.MINOR, NOON, ""),
                    PublicChangeLine(4, ChangeKind.UPDATE, NOON, ""),
                ),
            ),
        ),
    )


def plain(sentence: str) -> str:
    return sentence


def make(
    kind: addresses.FeedFormat,
    listing: Listing | None = None,
    *,
    selection: Selection = CHOSEN,
    hub: str | None = None,
    translate: Callable[[str], str] = plain,
) -> bytes:
    build = {"rss": feeds.rss, "atom": feeds.atom}[kind]
    return build(
        a_listing() if listing is None else listing,
        selection=selection,
        base_url=BASE,
        tag_authority=AUTHORITY,
        translate=translate,
        hub=hub,
    )


def only(report: PublicReport) -> Listing:
    return Listing(title="Reports", reports=(report,))


def read(document: bytes) -> Any:
    """What feedparser makes of a feed, its texts exactly as they stand there."""
    parsed = feedparser.parse(io.BytesIO(document), sanitize_html=False, resolve_relative_uris=False)
    assert not parsed.bozo, parsed.bozo_exception
    return parsed


def content_of(kind: addresses.FeedFormat, document: bytes) -> str:
    """The HTML of the only entry, as an XML reader sees it."""
    path = {"rss": f"channel/item/{CONTENT}encoded", "atom": f"{ATOM}entry/{ATOM}content"}[kind]
    (found,) = etree.fromstring(document).findall(path)
    return found.text or ""


both = pytest.mark.parametrize("kind", addresses.FEED_FORMATS)


# What they say


@both
def test_each_entry_says_what_the_listing_says(kind: addresses.FeedFormat) -> None:
    entries = read(make(kind)).entries
    reports = a_listing().reports
    assert len(entries) == len(reports) == 6
    for entry, report in zip(entries, reports, strict=True):
        author = report.byline or "Editorial team"
        summary = report.lead or "Only · points"
        assert entry.id == f"tag:reports.example,2025:report/{report.number}"
        assert entry.link == f"{BASE}/reports/{report.number}/report-{report.number}"
        assert entry.title == report.headline
        assert entry.summary == (escape(summary, quote=False) if kind == "rss" else summary)
        assert [item.get("name") for item in entry.authors] == [author]
        assert timegm(entry.published_parsed) == int(report.first_published_at.timestamp())
        assert timegm(entry.updated_parsed) == int(report.updated_at.timestamp())
        names = [
            *((term.slug, term.name, "issues") for term in report.policy_issues),
            ("eweek-2026", EVENT.name, "events"),
        ]
        terms = [
            (name if kind == "rss" else slug, f"{BASE}/{page}/", None if kind == "rss" else name)
            for slug, name, page in names
        ]
        assert [(tag.term, tag.scheme, tag.label) for tag in entry.tags] == terms
        assert [part.type for part in entry.content] == ["text/html"]


def test_both_formats_have_the_same_entries_in_the_same_order_and_the_same_content() -> None:
    rss, atom = read(make("rss")), read(make("atom"))
    assert [entry.id for entry in rss.entries] == [entry.id for entry in atom.entries]
    assert [entry.id.rpartition("/")[2] for entry in rss.entries] == ["7", "3", "12", "4", "5", "6"]
    assert [entry.content[0].value for entry in rss.entries] == [entry.content[0].value for entry in atom.entries]


@both
def test_the_content_is_the_whole_report(kind: addresses.FeedFormat) -> None:
    report = a_report(
        lead="1 < 2 & so on",
        key_points=(KeyPoint("<b>"), KeyPoint("R&D")),
        links=(
            Link('A "paper"', 'https://a.example/?x=1&y="2"'),
            Link("", "mailto:desk@example.org"),
            Link("Trap", "javascript:alert(1)"),
            Link("Broken", "http://[::1"),
        ),
        changes=a_listing().reports[5].changes,
    )
    assert content_of(kind, make(kind, only(report))) == (
        '<div lang="en" dir="ltr">'
        "<p>1 &lt; 2 &amp; so on</p>"
        "<ul><li>&lt;b&gt;</li><li>R&amp;D</li></ul>"
        '<h2>Heading</h2><p>Body of 1, <a href="https://example.org/?a=1&amp;b=2">more</a>.</p>'
        '<h2 lang="en" dir="ltr">Documents and links</h2>'
        '<ul><li><a href="https://a.example/?x=1&amp;y=&quot;2&quot;">A "paper"</a></li>'
        '<li><a href="mailto:desk@example.org">mailto:desk@example.org</a></li>'
        "<li>Trap javascript:alert(1)</li>"
        "<li>Broken http://[::1</li></ul>"
        '<h2 lang="en" dir="ltr">Changes to this report</h2>'
        # Noon in UTC is the next day at the event.
        '<ul><li><span lang="en" dir="ltr">Corrected on 2026-03-05</span>: The vote was 12 &lt; 14 &amp; not 14.</li>'
        '<li><span lang="en" dir="ltr">Updated on 2026-03-05</span></li></ul>'
        "</div>"
    )


@both
def test_parts_that_a_report_has_not_leave_no_trace(kind: addresses.FeedFormat) -> None:
    bare = a_report(lead="", key_points=(), body_html="", links=(), byline="", policy_issues=(), language="")
    document = make(kind, only(bare))
    assert content_of(kind, document) == '<div dir="ltr"></div>'
    (entry,) = read(document).entries
    assert (entry.summary, entry.author) == (bare.headline, "Editorial team")
    assert (problems if kind == "atom" else rss_problems)(document) == []


@both
def test_a_report_whose_headline_is_nothing_visible_takes_no_feed_down(kind: addresses.FeedFormat) -> None:
    listing = Listing(
        title="", reports=(a_report(1), a_report(2, headline="\x07", lead="\x00", key_points=(KeyPoint("\x1b"),)))
    )
    # gettext answers the empty message with the header of its catalogue.
    parsed = read(make(kind, listing, translate=lambda sentence: sentence or "Project-Id-Version: 1"))
    assert [entry.title for entry in parsed.entries] == ["Ministers agree on point 1", "Report 2"]
    assert parsed.entries[1].summary == "2"
    assert parsed.feed.title == "Reporter"


@both
def test_a_sample_says_so_first_and_nothing_else_does(kind: addresses.FeedFormat) -> None:
    sample = replace(EVENT, is_sample=True)
    marked = content_of(kind, make(kind, only(a_report(event=sample, language="ar"))))
    assert marked.startswith('<div lang="ar" dir="rtl"><p lang="en" dir="ltr">Sample content: ')
    assert b"Sample content" not in make(kind)


@both
def test_the_languages_of_feed_and_entries(kind: addresses.FeedFormat) -> None:
    root = etree.fromstring(make(kind))
    languages = [report.language for report in a_listing().reports]
    if kind == "rss":
        assert root.findtext("channel/language") == "en"
        assert [item.findtext(f"{DC}language") for item in root.iter("item")] == languages
    else:
        assert root.get(XML_LANG) == "en"
        assert [entry.get(XML_LANG) for entry in root.iter(f"{ATOM}entry")] == languages
    directions = re.findall(r'<div lang="([^"]*)" dir="([a-z]*)">', unescape(make(kind).decode()))
    assert directions == [(lang, "rtl" if lang == "ar" else "ltr") for lang in languages]


@both
def test_sentences_of_our_own_are_translated_and_those_of_the_report_are_not(kind: addresses.FeedFormat) -> None:
    seen: list[str] = []

    def shout(sentence: str) -> str:
        seen.append(sentence)
        return "".join(part if "%(" in part else part.upper() for part in re.split(r"(%\(\w+\)s)", sentence))

    sample = replace(EVENT, is_sample=True)
    report = a_report(event=sample, byline="", changes=a_listing().reports[5].changes)
    document = make(kind, only(report), translate=shout)
    content = content_of(kind, document)
    for sentence in ("SAMPLE CONTENT: ", "DOCUMENTS AND LINKS", "CORRECTED ON 2026-03-05", "CHANGES TO THIS REPORT"):
        assert sentence in content
    parsed = read(document)
    assert (parsed.feed.title, parsed.entries[0].author) == ("Reporter: REPORTS", "EDITORIAL TEAM")
    assert parsed.entries[0].title == report.headline
    assert "" not in seen


# The feed as a whole


@both
@pytest.mark.parametrize(
    ("selection", "page", "feed"),
    [
        (Selection(), "/reports", "/reports.{}"),
        (Selection.of(policy_issues=["data-flows"]), "/issues/data-flows", "/issues/data-flows.{}"),
        (Selection.of(events=["eweek-2026"]), "/events/eweek-2026", "/events/eweek-2026.{}"),
        (
            CHOSEN,
            "/reports?event=eweek-2026&issue=data-flows&issue=e-signatures",
            "/reports.{}?event=eweek-2026&issue=data-flows&issue=e-signatures",
        ),
    ],
)
def test_the_feed_names_its_page_and_itself(
    kind: addresses.FeedFormat, selection: Selection, page: str, feed: str
) -> None:
    for hub in (None, HUB):
        parsed = read(make(kind, selection=selection, hub=hub)).feed
        assert parsed.title == "Reporter: Reports on Data flows & <E-signatures>"
        assert parsed.subtitle == parsed.title
        assert parsed.link == BASE + page
        assert [link.href for link in parsed.links if link.rel == "alternate"] == [BASE + page]
        own = [(link.href, link.type) for link in parsed.links if link.rel == "self"]
        assert own == [(BASE + feed.format(kind), f"application/{kind}+xml")]
        assert [link.href for link in parsed.links if link.rel == "hub"] == ([hub] if hub else [])
        assert parsed.generator == "reporter"
        assert timegm(parsed.updated_parsed) == int(a_report(3).updated_at.timestamp())
        assert parsed.get("id") == (BASE + page if kind == "atom" else None)
        assert parsed.get("ttl") == ("5" if kind == "rss" else None)
        assert "version" not in parsed.generator_detail


@both
def test_an_empty_listing_is_a_feed_with_a_date_that_never_moves(kind: addresses.FeedFormat) -> None:
    document = make(kind, Listing(title="Reports", reports=()))
    parsed = read(document)
    assert parsed.entries == []
    assert timegm(parsed.feed.updated_parsed) == int(feeds.EMPTY_UPDATED.timestamp())
    assert (problems if kind == "atom" else rss_problems)(document) == []


@both
def test_a_time_without_a_zone_is_refused(kind: addresses.FeedFormat) -> None:
    naive = NOON.replace(tzinfo=None)
    with pytest.raises(ValueError, match="no time zone"):
        make(kind, only(a_report(updated_at=naive)))


@both
def test_the_year_in_an_id_is_that_of_utc(kind: addresses.FeedFormat) -> None:
    moment = datetime.fromisoformat("2026-01-01T08:00:00+13:00")
    (entry,) = read(make(kind, only(a_report(9, first_published_at=moment)))).entries
    assert entry.id == "tag:reports.example,2025:report/9"


# The same bytes


@both
def test_no_date_comes_from_anywhere_but_the_listing(kind: addresses.FeedFormat) -> None:
    reports = a_listing().reports
    expected = {moment for report in reports for moment in (report.first_published_at, report.updated_at)}
    parsed = read(make(kind))
    dates = [parsed.feed.updated_parsed, parsed.feed.get("published_parsed")]
    for entry in parsed.entries:
        dates += [entry.published_parsed, entry.updated_parsed]
    assert {timegm(moment) for moment in dates if moment} == {int(moment.timestamp()) for moment in expected}


@both
def test_the_locale_of_the_process_is_left_alone(kind: addresses.FeedFormat, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> str:
        raise AssertionError("the locale belongs to the whole process")

    document = make(kind)
    monkeypatch.setattr(locale, "setlocale", refuse)
    assert make(kind) == document


def test_other_processes_make_the_same_bytes() -> None:
    script = (
        "import sys; sys.path.insert(0, sys.argv[1]); import test_feeds as t;"
        "sys.stdout.buffer.write(b'|'.join(t.make(kind, hub=t.HUB) for kind in ('rss', 'atom')))"
    )
    surroundings = [
        {"PYTHONHASHSEED": "1", "TZ": "Pacific/Kiritimati", "LANG": "C", "LC_ALL": "C"},
        {"PYTHONHASHSEED": "2", "TZ": "America/St_Johns", "LANG": "de_DE.UTF-8", "LC_ALL": ""},
    ]
    found = [
        subprocess.run(
            [sys.executable, "-c", script, str(Path(__file__).parent)],
            env={**os.environ, **environment},
            check=True,
            capture_output=True,
        ).stdout
        for environment in surroundings
    ]
    assert found == [b"|".join(make(kind, hub=HUB) for kind in ("rss", "atom"))] * 2


def test_threads_make_the_same_bytes_and_never_each_others() -> None:
    listings = [Listing(title=f"List {n}", reports=a_listing().reports[n % 6 :]) for n in range(8)]
    alone = [(make("rss", listing), make("atom", listing)) for listing in listings]
    assert len(set(alone)) == 8
    together = Barrier(8)

    def work(own: Listing) -> set[tuple[bytes, bytes, bytes, bytes]]:
        together.wait()
        return {(make("rss", own), make("atom", own), make("rss"), make("atom")) for _ in range(10 * SCALE)}

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(work, listings))
    assert found == [{(*pair, make("rss"), make("atom"))} for pair in alone]


# Any text at all

PIECES = ["]]>", "<![CDATA[", "&", "&amp;", "&#0;", "<", "<script>", "</p>", "-->", '"', "'", "%(day)s", "%", "{}"]
PIECES += ["\x00", "\x08", "\x1f", "\x85", "\ufffe", "\ud800", "\udfff", "\r\n", "\t", "\u2028", "\ufeff"]
PIECES += [RTL_MARK, OVERRIDE, "\u2066", "\u0338", "e\u0301", "👩‍👩‍👧", "🇨🇭", "بيانات", "数据", "हिन्दी", " "]
TEXTS = st.lists(st.sampled_from(PIECES) | st.text(max_size=8), max_size=8).map("".join)


def text_of(node: Any) -> str:
    return "".join(node.itertext())


@settings(max_examples=150 * SCALE, deadline=None)
@given(headline=TEXTS, lead=TEXTS, point=TEXTS, byline=TEXTS, body=TEXTS, note=TEXTS, link=TEXTS, name=TEXTS)
def test_any_text_arrives_as_itself(
    headline: str, lead: str, point: str, byline: str, body: str, note: str, link: str, name: str
) -> None:
    # The paragraph begins with a stroke that would join the ">" before it if the HTML were composed.
    body_html = f"<p>\u0338{escape(body.replace(chr(13), ''))}</p>"
    report = a_report(
        headline=headline,
        lead=lead,
        key_points=(KeyPoint(point),),
        byline=byline,
        body_html=body_html,
        links=(Link(link, "https://example.org/"),),
        policy_issues=(PublicTerm("slug", name),),
        changes=(PublicChangeLine(2, ChangeKind.CORRECTION, NOON, note),),
    )
    atom_bytes, rss_bytes = make("atom", only(report)), make("rss", only(report))
    assert (problems(atom_bytes), rss_problems(rss_bytes)) == ([], [])

    entry, item = etree.fromstring(atom_bytes).find(f"{ATOM}entry"), etree.fromstring(rss_bytes).find("channel/item")
    assert entry is not None
    assert item is not None
    title = one_line(headline) or "Report 1"
    summary = one_line(lead) or one_line(point) or one_line(headline) or "1"
    author, label = one_line(byline) or "Editorial team", one_line(name) or "slug"
    assert entry.findtext(f"{ATOM}title") == item.findtext("title") == title
    assert entry.findtext(f"{ATOM}summary") == unescape(item.findtext("description") or "") == summary
    assert entry.findtext(f"{ATOM}author/{ATOM}name") == item.findtext(f"{DC}creator") == author
    assert [category.get("label") for category in entry.iter(f"{ATOM}category")] == [label, EVENT.name]
    assert [category.text for category in item.iter("category")] == [label, EVENT.name]

    content = content_of("atom", atom_bytes)
    assert content == content_of("rss", rss_bytes)
    (whole,) = html5lib.parseFragment(content, namespaceHTMLElements=False)
    lead_there, point_there = bool(one_line(lead)), bool(one_line(point))
    shape = ["p"] * lead_there + ["ul"] * point_there + ["p", "h2", "ul", "h2", "ul"]
    assert [node.tag for node in whole] == shape
    paragraphs = [one_line(lead)] * lead_there
    assert [text_of(node) for node in whole.findall("p")][:-1] == paragraphs
    assert one_line(text_of(whole.findall("p")[-1])) == one_line("\u0338" + re.sub("[\r\x0b\x0c\x85]", "", body))
    items = [one_line(point)] * point_there
    items += [one_line(link) or "https://example.org/"]
    items += [": ".join(filter(None, ("Corrected on 2026-03-05", one_line(note))))]
    assert [text_of(node) for node in whole.iter("li")] == items


# The checkers


@both
@pytest.mark.parametrize("hub", [None, HUB])
def test_the_checkers_find_nothing(kind: addresses.FeedFormat, hub: str | None) -> None:
    assert (problems if kind == "atom" else rss_problems)(make(kind, hub=hub)) == []


ENTRY_ID = "<id>tag:reports.example,2025:report/7</id>"
UPDATED = "<updated>2026-03-04T11:53:00+00:00</updated>"
LEAD = "<summary>Lead of 7.</summary>"
BROKEN_ATOM = [
    ("</feed>", "", "not well-formed"),
    ('<feed xmlns="http://www.w3.org/2005/Atom"', "<feed", "not an Atom feed"),
    (ENTRY_ID, "", "entry: no id"),
    (ENTRY_ID, ENTRY_ID * 2, "entry: 2 times id"),
    (ENTRY_ID, "<id>report 7</id>", "id: 'report 7' is no IRI"),
    (ENTRY_ID, "<id>report/7</id>", "id: 'report/7' is no IRI"),
    ("<title>Ministers agree on point 7</title>", "", "entry: no title"),
    (UPDATED, "", "entry: no updated"),
    (UPDATED, "<updated>2026-03-04</updated>", "no date of RFC 3339"),
    (UPDATED, "<updated>2026-03-04 11:53:00Z</updated>", "no date of RFC 3339"),
    (UPDATED, "<updated>2026-02-30T11:53:00Z</updated>", "no date of RFC 3339"),
    (UPDATED, "<updated>Wed, 04 Mar 2026 11:53:00 +0000</updated>", "no date of RFC 3339"),
    ("<name>Rapporteur 7</name>", "", "author: no name"),
    ("<name>Rapporteur 7</name>", "<name/>", "name: empty"),
    ("<name>Rapporteur 7</name>", "<name>R</name><email>nobody</email>", "email: 'nobody'"),
    ("<name>Rapporteur 7</name>", "<name>R</name><phone>1</phone>", "author: unknown element phone"),
    (LEAD, LEAD * 2, "entry: 2 times summary"),
    (LEAD, '<summary type="CDATA">x</summary>', "summary: type 'CDATA'"),
    (LEAD, "<summary><b>x</b></summary>", "summary: elements in plain"),
    (LEAD, '<summary type="xhtml"><b>x</b></summary>', "summary: not a single xhtml:div"),
    (LEAD, '<summary mode="escaped">x</summary>', "summary: unknown attribute mode"),
    (LEAD, "<description>x</description>", "entry: unknown element description"),
    (LEAD, "loose", "entry: text between"),
    ('<content type="html">', '<content type="CDATA">', "content: type 'CDATA'"),
    ('<content type="html">', '<content type="image/png">', "not in base64"),
    ('<content type="html">', '<content src="https://a.example/" type="text/html">', "src, yet not empty"),
    ('term="data-flows" ', "", "category: no term"),
    ('scheme="https://reports.example/house/issues/"', 'scheme="issues"', "category: scheme 'issues'"),
    ('<link href="https://reports.example/house/reports/7/report-7"/>', "<link/>", "link: href None"),
    ('<link href="https://reports.example/house/reports/7/report-7"/>', '<link href="a b"/>', "link: href 'a b'"),
    (
        '<link href="https://reports.example/house/reports/7/report-7"/>',
        '<link href="a"/>' * 2,
        "entry: 2 alternate links",
    ),
    ('rel="self"', 'rel="related"', "feed: 0 links of rel self"),
    ('rel="hub"', 'rel="self"', "feed: 2 links of rel self"),
    ('rel="hub"', 'rel="alternate" type="text/html"', "feed: 2 alternate links"),
    ('rel="hub"', 'rel="a hub"', "link: rel 'a hub'"),
    ('type="application/atom+xml"', 'type="atom"', "link: type 'atom' is malformed"),
    ('xml:lang="ar"', 'xml:lang="ar_EG"', "lang 'ar_EG' is malformed"),
    ("<generator>reporter</generator>", "<generator/>", "generator: empty"),
    ("<generator>reporter</generator>", "<ttl>5</ttl>", "feed: unknown element ttl"),
    ("<generator>reporter</generator>", "<subtitle/><logo>a b</logo>", "feed: 2 times subtitle"),
    ("<generator>reporter</generator>", "<logo>a b</logo>", "logo: 'a b' is no IRI"),
]
BROKEN_RSS = [
    ("</rss>", "", "not well-formed"),
    ('version="2.0"', 'version="0.91"', "no rss of version 2.0"),
    ("<title>Reporter: Reports on Data flows &amp; &lt;E-signatures&gt;</title>", "", "channel: no title"),
    ("<description>Reporter: Reports on Data flows &amp; &lt;E-signatures&gt;</description>", "", "channel: no descr"),
    ("<language>en</language>", "<language>English (UK)</language>", "channel: language"),
    ("<language>en</language>", "<language>en</language>" * 2, "channel: 2 times language"),
    ("<language>en</language>", "<tongue>en</tongue>", "channel: unknown element tongue"),
    ("<ttl>5</ttl>", "<ttl>5 minutes</ttl>", "channel: ttl"),
    ("<lastBuildDate>Wed, ", "<lastBuildDate>Tue, ", "no date of RFC 822"),
    ("<lastBuildDate>Wed, 04 Mar", "<lastBuildDate>Mi, 04 März", "no date of RFC 822"),
    ("<lastBuildDate>Wed, 04", "<lastBuildDate>Wed, 44", "no date of RFC 822"),
    ("<pubDate>", "<pubDate>2025-12-24T11:53:00Z", "item: pubDate"),
    ('rel="self"', 'rel="related"', "not one atom:link of rel self"),
    ('type="application/rss+xml"', 'type="text/xml"', "not one atom:link of rel self"),
    ('href="https://hub.example', 'href="https://hub example', "link: href"),
    ("<atom:updated>", "<atom:updated>on ", "updated: 'on "),
    ("<link>https://reports.example/house/reports/7/report-7</link>", "<link>/reports/7</link>", "item: link"),
    ("<title>Ministers agree on point 7</title>", "<title>a</title>" * 2, "item: 2 times title"),
    ("<title>Ministers agree on point 7</title><link>", "<headline>a</headline><link>", "unknown element headline"),
    (' isPermaLink="false"', "", "item: guid"),
    (' isPermaLink="false"', ' isPermaLink="no"', "item: isPermaLink 'no'"),
    ("report/7</guid>", "report/3</guid>", "report/3 comes 2 times"),
    ("<guid", "<author>Somebody</author><guid", "item: author"),
    ("<guid", '<enclosure url="https://a.example/"/><guid', "item: enclosure"),
    ("<guid", "<content:encoded/><guid", "item: content:encoded"),
    ("<item>", "<item>loose", "item: text between"),
]


@pytest.mark.parametrize(("good", "bad", "problem"), BROKEN_ATOM)
def test_a_broken_atom_feed_is_found_out(good: str, bad: str, problem: str) -> None:
    found = problems(broken("atom", good, bad))
    assert [line for line in found if problem in line] != [], found


@pytest.mark.parametrize(("good", "bad", "problem"), BROKEN_RSS)
def test_a_broken_rss_feed_is_found_out(good: str, bad: str, problem: str) -> None:
    found = rss_problems(broken("rss", good, bad))
    assert [line for line in found if problem in line] != [], found


def test_problems_of_several_entries_together_are_found_out() -> None:
    good = make("atom").decode()
    entries = re.findall("<entry.*?</entry>", good)
    twice = good.replace(entries[0], entries[0] * 2)
    assert problems(twice.encode()) == [
        "entry: tag:reports.example,2025:report/7 comes 2 times with one updated (4.1.1)"
    ]
    later = good.replace(entries[0], entries[0] + entries[0].replace(UPDATED, UPDATED.replace("11:53", "11:59")))
    assert problems(later.encode()) == []
    nobody = re.sub("<author>.*?</author>", "", good, count=1)
    assert problems(nobody.encode()) == []
    nobody = re.sub("<author>.*?</author>", "", nobody, count=1)
    assert problems(nobody.encode()) == ["feed: no author, and not every entry has one (4.1.1)"]


def test_an_entry_that_shows_nothing_is_found_out() -> None:
    good = make("atom", only(a_report(7))).decode()
    without = re.sub("<content.*?</content>", "", good)
    assert problems(without.encode()) == []
    nowhere = without.replace(f'<link href="{BASE}/reports/7/report-7"/>', "")
    assert problems(nowhere.encode()) == ["entry: neither content nor an alternate link (4.1.2)"]
    elsewhere = re.sub("<content.*?</content>", '<content src="https://a.example/"/>', good).replace(LEAD, "")
    assert problems(elsewhere.encode()) == ["entry: content that is not readable in place needs a summary (4.1.2)"]


def broken(kind: addresses.FeedFormat, good: str, bad: str) -> bytes:
    """The sample feed with the first `good` replaced, which has to be there."""
    document = make(kind, hub=HUB).decode()
    assert good in document, document
    return document.replace(good, bad, 1).encode()
