"""RSS 2.0 and Atom: a listing becomes a feed, the same bytes for the same content; the only importer of feedgen.

Bytes depend on the arguments alone: no clock, no locale, no process. So an unchanged feed keeps its validators, and a
poll of it costs almost nothing. Sources: RFC 4287 (Atom), RFC 4151 (tag URIs), the RSS 2.0.11 specification, Dublin
Core (dc:creator, dc:language), the content module (content:encoded) and WebSub (rel=hub).
"""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from email.utils import format_datetime
from html import escape
from urllib.parse import urlsplit

import feedgen.entry
import feedgen.feed
from feedgen.ext.dc import DcEntryExtension, DcExtension
from lxml import etree

from reporter.rules import addresses
from reporter.rules.clock import local_day
from reporter.rules.errors import N_
from reporter.rules.published import Listing, PublicChangeLine, PublicReport
from reporter.rules.report_text import Link, one_line
from reporter.rules.selection import Selection
from reporter.rules.vocabulary import ChangeKind

# feedgen writes RFC 822 dates by switching the locale of the whole process to C and back. With several threads the
# switch back can restore what another thread had switched to, and everything that formats meanwhile is affected.
# The standard library writes the same form without any locale. Replaced once, while this module is first imported,
# so before any feed can be built; nothing else imports feedgen.
feedgen.feed.formatRFC2822 = format_datetime
feedgen.entry.formatRFC2822 = format_datetime

MEDIA_TYPES: Mapping[addresses.FeedFormat, str] = {"rss": "application/rss+xml", "atom": "application/atom+xml"}

# What an empty feed gives as its date: Atom requires one, and the present moment would change the bytes at each poll.
EMPTY_UPDATED = datetime(2000, 1, 1, tzinfo=UTC)

LANGUAGE = "en"  # of the feed's own sentences: feeds never vary by the reader's language; each entry names its own
TOOL = "Reporter"
TTL = "5"  # minutes that an RSS reader may wait before it asks again

_ATOM = "{http://www.w3.org/2005/Atom}"
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_RIGHT_TO_LEFT = frozenset({"ar", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"})

# What XML 1.0 cannot carry (section 2.2), and the C1 controls, which it discourages.
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")

# A first publication is the entry itself. A minor change is listed only where the editor left a note on it.
_CHANGED: Mapping[ChangeKind, str] = {
    ChangeKind.UPDATE: N_("Updated on %(day)s"),
    ChangeKind.CORRECTION: N_("Corrected on %(day)s"),
    ChangeKind.MINOR: N_("Changed on %(day)s"),
    ChangeKind.WITHDRAWAL: N_("Withdrawn on %(day)s"),
    ChangeKind.REINSTATEMENT: N_("Published again on %(day)s"),
}

Translate = Callable[[str], str]


def rss(
    listing: Listing,
    *,
    selection: Selection,
    base_url: str,
    tag_authority: str,
    translate: Translate,
    hub: str | None = None,
) -> bytes:
    """`listing` as RSS 2.0, UTF-8: one item a report, in the listing's order; `hub` is the WebSub hub's address.

    `base_url` is the public address of this installation, `tag_authority` a host name that belongs to it; `translate`
    turns an English sentence into the interface's language. Raises ValueError for a time without a time zone.
    """
    feed = _feed("rss", listing, selection, base_url, tag_authority, translate, hub)
    document: bytes = feed.rss_str()
    return document


def atom(
    listing: Listing,
    *,
    selection: Selection,
    base_url: str,
    tag_authority: str,
    translate: Translate,
    hub: str | None = None,
) -> bytes:
    """`listing` as Atom 1.0 (RFC 4287), UTF-8; arguments, order, ids and refusals are those of `rss`."""
    feed = _feed("atom", listing, selection, base_url, tag_authority, translate, hub)
    document: bytes = feed.atom_str()
    return document


class _Channel:
    """The WebSub hub's link in RSS: feedgen writes it into Atom only. The methods are those of a feedgen extension."""

    hub: str = ""

    def extend_ns(self) -> dict[str, str]:
        return {}

    def extend_rss(self, root: etree._Element) -> etree._Element:
        if self.hub:
            etree.SubElement(root[0], _ATOM + "link", {"rel": "hub", "href": self.hub})
        return root


class _Entry:
    """What feedgen cannot say of an entry: the moment of its last change in RSS, its language in Atom."""

    language: str = ""
    updated: str = ""

    def extend_rss(self, item: etree._Element) -> etree._Element:
        etree.SubElement(item, _ATOM + "updated").text = self.updated
        return item

    def extend_atom(self, entry: etree._Element) -> etree._Element:
        if self.language:
            entry.set(_XML_LANG, self.language)
        return entry


def _feed(
    kind: addresses.FeedFormat,
    listing: Listing,
    selection: Selection,
    base_url: str,
    tag_authority: str,
    translate: Translate,
    hub: str | None,
) -> feedgen.feed.FeedGenerator:
    feed = feedgen.feed.FeedGenerator()
    # Atom has an author of its own; dc:creator is for RSS, whose <author> would have to publish an e-mail address.
    feed.register_extension("dc", DcExtension, DcEntryExtension, atom=False, rss=True)
    feed.register_extension("channel", _Channel, None, atom=False, rss=True)
    page = addresses.absolute(base_url, addresses.selection(selection))
    title = _feed_title(listing, translate)
    feed.id(page)
    feed.title(title)
    feed.description(title)  # RSS requires one; it is the subtitle of Atom as well
    feed.link(href=addresses.absolute(base_url, addresses.feed(selection, kind)), rel="self", type=MEDIA_TYPES[kind])
    if hub:
        feed.link(href=hub, rel="hub")
        feed.channel.hub = hub
    # After every other link: whatever its rel, feedgen makes the last one the <link> of an RSS channel.
    feed.link(href=page, rel="alternate", type="text/html")
    feed.author({"name": _editorial_team(translate)})
    feed.language(LANGUAGE)
    feed.ttl(TTL)
    feed.generator("reporter")  # without a version: an upgrade is no change of the content
    # feedgen's own default is the present moment.
    feed.updated(max((_second(report.updated_at) for report in listing.reports), default=EMPTY_UPDATED))
    for report in listing.reports:
        _add_entry(feed, report, base_url, tag_authority, translate)
    return feed


def _add_entry(
    feed: feedgen.feed.FeedGenerator, report: PublicReport, base_url: str, tag_authority: str, translate: Translate
) -> None:
    first, updated = _second(report.first_published_at), _second(report.updated_at)
    language = one_line(report.language)
    byline = one_line(report.byline) or _editorial_team(translate)
    entry = feed.add_entry(order="append")  # feedgen prepends by default
    entry.register_extension("extra", _Entry, atom=True, rss=True)
    entry.extra.updated, entry.extra.language = updated.isoformat(), language
    entry.guid(addresses.tag_uri(tag_authority, first.year, report.number), permalink=False)
    # feedgen gives up on the whole feed over one entry without a title.
    entry.title(one_line(report.headline) or translate(N_("Report %(number)s")) % {"number": report.number})
    entry.link(href=addresses.absolute(base_url, addresses.report(report.number, report.slug)))
    # In this order: description() overwrites the content, and content:encoded needs both. The description of RSS is
    # HTML, the summary of Atom is plain text. The content's type "CDATA", which feedgen offers, would be no valid Atom.
    summary = _summary(report)
    entry.description(escape(summary, quote=False))
    entry.content(_content(report, translate), type="html")
    entry.summary(summary)
    entry.author({"name": byline})
    entry.dc.dc_creator(byline)
    if language:
        entry.dc.dc_language(language)
    entry.category(_categories(report, base_url))
    entry.published(first)
    entry.updated(updated)


def _feed_title(listing: Listing, translate: Translate) -> str:
    # gettext answers the empty message with the header of its catalogue.
    title = one_line(translate(listing.title)) if listing.title else ""
    return f"{TOOL}: {title}" if title else TOOL


def _editorial_team(translate: Translate) -> str:
    return translate(N_("Editorial team"))


def _second(moment: datetime) -> datetime:
    """`moment` in UTC, in whole seconds: the dates of RSS have no fractions, and both formats say the same."""
    if moment.tzinfo is None:
        raise ValueError(f"{moment} has no time zone")
    return moment.astimezone(UTC).replace(microsecond=0)


def _summary(report: PublicReport) -> str:
    """The lead as plain text; a report may have key points instead of one, and RSS needs something in its place."""
    points = (one_line(str(point)) for point in report.key_points)
    return one_line(report.lead) or " · ".join(filter(None, points)) or one_line(report.headline) or str(report.number)


def _categories(report: PublicReport, base_url: str) -> list[dict[str, str]]:
    issues = addresses.absolute(base_url, addresses.policy_issues())
    events = addresses.absolute(base_url, addresses.events())
    processes = addresses.absolute(base_url, addresses.processes())
    found = [(issue.slug, issue.name, issues) for issue in report.policy_issues]
    found += [(process.slug, process.name, processes) for process in report.processes]
    found.append((report.event.slug, report.event.name, events))
    return [{"term": slug, "label": one_line(name) or slug, "scheme": scheme} for slug, name, scheme in found]


def _content(report: PublicReport, translate: Translate) -> str:
    """The whole report as HTML, in its own language and direction; our own sentences in it are marked as ours."""
    language = one_line(report.language)
    primary = language.lower().partition("-")[0]
    direction = "rtl" if primary in _RIGHT_TO_LEFT else "ltr"
    lang = f' lang="{escape(language)}"' if language else ""
    return f'<div{lang} dir="{direction}">' + "".join(_parts(report, translate)) + "</div>"


def _parts(report: PublicReport, translate: Translate) -> Iterator[str]:
    if report.event.is_sample:
        yield _ours("p", translate(N_("Sample content: this report was made up to show how the tool works.")))
    if report.first_summary:
        yield _ours("p", translate(N_("First summary, fuller text follows.")))
    if checked_by := one_line(report.checked_by):
        sentence = translate(N_("Machine-assisted, checked by %(name)s."))
        yield _ours("p", sentence % {"name": checked_by})
    if lead := one_line(report.lead):
        yield f"<p>{escape(lead, quote=False)}</p>"
    points = (one_line(str(point)) for point in report.key_points)
    yield _list(escape(point, quote=False) for point in points if point)
    # Sanitised already. Not `clean`: composing (NFC) would join the ">" of a tag with a combining stroke after it.
    yield _NOT_IN_XML.sub("", report.body_html)
    if report.links:
        yield _ours("h2", translate(N_("Documents and links")))
        yield _list(map(_link, report.links))
    if changes := [_change(change, report, translate) for change in report.changes if _listed(change)]:
        yield _ours("h2", translate(N_("Changes to this report")))
        yield _list(changes)


def _ours(tag: str, sentence: str) -> str:
    return f'<{tag} lang="{LANGUAGE}" dir="ltr">{escape(sentence, quote=False)}</{tag}>'


def _list(items: Iterator[str] | list[str]) -> str:
    lines = "".join(f"<li>{item}</li>" for item in items)
    return f"<ul>{lines}</ul>" if lines else ""


def _link(link: Link) -> str:
    """A link of the report; an address that is none of the web's or of mail is shown and leads nowhere."""
    title, url = one_line(link.title), one_line(link.url)
    try:
        scheme = urlsplit(url).scheme
    except ValueError:  # such as an unclosed bracket around a host
        scheme = ""
    if scheme not in {"http", "https", "mailto"}:
        return escape(" ".join(filter(None, (title, url))), quote=False)
    return f'<a href="{escape(url)}">{escape(title or url, quote=False)}</a>'


def _listed(change: PublicChangeLine) -> bool:
    return change.kind in _CHANGED and (change.kind is not ChangeKind.MINOR or bool(one_line(change.note)))


def _change(change: PublicChangeLine, report: PublicReport, translate: Translate) -> str:
    day = local_day(change.at, report.event.time_zone).isoformat()
    sentence = _ours("span", translate(_CHANGED[change.kind]) % {"day": day})
    note = one_line(change.note)
    return f"{sentence}: {escape(note, quote=False)}" if note else sentence
