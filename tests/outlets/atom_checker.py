"""Does a feed keep to its format? What RFC 4287 requires of Atom, and the basics of RSS 2.0, as lists of sentences.

Written from the texts of the standards, with nothing of the code under test: a feed that both agree on is a good one.
Each function takes the bytes of a document and answers what is wrong, in the order of the document; [] is a good feed.
"""

import base64
import binascii
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from email.utils import format_datetime, parsedate_to_datetime

from lxml import etree

ATOM = "{http://www.w3.org/2005/Atom}"
XHTML = "{http://www.w3.org/1999/xhtml}"
XML = "{http://www.w3.org/XML/1998/namespace}"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}"

# RFC 3339 as RFC 4287 section 3.3 narrows it: an upper-case T, and a Z or a numeric offset.
_RFC_3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
_RFC_822 = re.compile(
    r"((Mon|Tue|Wed|Thu|Fri|Sat|Sun), )?\d{1,2} (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) "
    r"(\d\d|\d{4}) \d\d:\d\d(:\d\d)? ([+-]\d{4}|UT|GMT|Z|[ECMP][SD]T)"
)
_IRI_REFERENCE = re.compile(r'[^\s<>"{}|\\^`\x00-\x20\x7f-\x9f]*')  # what RFC 3987 leaves in no place of an IRI
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:.")
_MEDIA_TYPE = re.compile(r"[A-Za-z0-9!#$&^_.+-]+/[A-Za-z0-9!#$&^_.+-]+(\s*;.*)?")
_LANGUAGE = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*")
_RELATION = re.compile(r"[A-Za-z0-9._~!$&'()*+,;=@-]+")  # isegment-nz-nc of RFC 3987, in ASCII
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")

_MANY = frozenset({"author", "category", "contributor", "link"})
_METADATA = _MANY | {"generator", "icon", "id", "logo", "rights", "subtitle", "title", "updated"}
_CHILDREN = {
    "feed": _METADATA | {"entry"},
    "entry": _MANY | {"content", "id", "published", "rights", "source", "summary", "title", "updated"},
    "source": _METADATA,
    "author": frozenset({"name", "uri", "email"}),
    "contributor": frozenset({"name", "uri", "email"}),
}
_REQUIRED = {"feed": ("id", "title", "updated"), "entry": ("id", "title", "updated"), "author": ("name",)}
_ATTRIBUTES = {
    "category": {"term", "scheme", "label"},
    "content": {"type", "src"},
    "generator": {"uri", "version"},
    "link": {"href", "rel", "type", "hreflang", "title", "length"},
    "title": {"type"},
    "subtitle": {"type"},
    "summary": {"type"},
    "rights": {"type"},
}
_DATES = frozenset({"updated", "published"})
_IRIS = frozenset({"id", "icon", "logo", "uri"})


def problems(data: bytes) -> list[str]:
    """What is wrong with an Atom feed document (RFC 4287). Refuses no bytes: no XML is a problem too."""
    root = _parsed(data)
    if isinstance(root, str):
        return [root]
    if root.tag != ATOM + "feed":
        return [f"the root is {root.tag}, not an Atom feed"]
    return [*_feed_as_a_whole(root), *_atom_element(root)]


def rss_problems(data: bytes) -> list[str]:
    """What is wrong with an RSS 2.0 document (specification 2.0.11), its atom:link and content:encoded included."""
    root = _parsed(data)
    if isinstance(root, str):
        return [root]
    channels = root.findall("channel")
    if root.tag != "rss" or root.get("version") != "2.0" or len(channels) != 1:
        return ["the root is no rss of version 2.0 with one channel"]
    return list(_channel(channels[0]))


def _parsed(data: bytes) -> etree._Element | str:
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    try:
        return etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        return f"not well-formed: {error}"


# Atom


def _feed_as_a_whole(feed: etree._Element) -> Iterator[str]:
    entries = feed.findall(ATOM + "entry")
    if feed.find(ATOM + "author") is None and not all(_has_author(entry) for entry in entries):
        yield "feed: no author, and not every entry has one (4.1.1)"
    selves = [link for link in feed.findall(ATOM + "link") if link.get("rel") == "self"]
    if len(selves) != 1:
        yield f"feed: {len(selves)} links of rel self (4.1.1)"
    states = Counter((_text(entry, "id"), _text(entry, "updated")) for entry in entries)
    yield from (
        f"entry: {id_} comes {count} times with one updated (4.1.1)" for (id_, _), count in states.items() if count > 1
    )


def _has_author(entry: etree._Element) -> bool:
    return entry.find(ATOM + "author") is not None or entry.find(f"{ATOM}source/{ATOM}author") is not None


def _atom_element(element: etree._Element) -> Iterator[str]:
    """The element's own problems, then those of what is in it; elements of other vocabularies may be anything (6)."""
    name = _local(element)
    yield from _attributes(element, name)
    if name in _CHILDREN:
        yield from _structure(element, name)
    elif name in {"title", "subtitle", "summary", "rights"}:
        yield from _text_construct(element, name)
    elif name == "content":
        yield from _content(element)
    elif len(element):
        # RFC 4287 leaves room in link and category ("undefinedContent"), which nothing here has a use for.
        yield f"{name}: has elements in it"
    elif name in _DATES and not _is_rfc_3339(element.text or ""):
        yield f"{name}: {element.text!r} is no date of RFC 3339 (3.3)"
    elif name in _IRIS and not _is_iri(element.text or "", absolute=name == "id"):
        yield f"{name}: {element.text!r} is no IRI"
    elif name in {"name", "generator"} and not (element.text or "").strip():
        yield f"{name}: empty"
    elif name == "email" and not _EMAIL.fullmatch(element.text or ""):
        yield f"email: {element.text!r} is no address (3.2.3)"


def _attributes(element: etree._Element, name: str) -> Iterator[str]:
    values = {str(key): str(value) for key, value in element.attrib.items()}
    for key in values:
        if not key.startswith("{") and key not in _ATTRIBUTES.get(name, set()):
            yield f"{name}: unknown attribute {key}"
    yield from _matching(name, values, XML + "lang", _LANGUAGE)
    if name == "link":
        if not _is_iri(values.get("href", "")) or not values.get("href"):
            yield f"link: href {values.get('href')!r} is no IRI (4.2.7.1)"
        relation = values.get("rel", "alternate")
        if not _RELATION.fullmatch(relation) and not _is_iri(relation, absolute=True):
            yield f"link: rel {relation!r} is neither a name nor an IRI (4.2.7.2)"
        yield from _matching(name, values, "hreflang", _LANGUAGE)
        yield from _matching(name, values, "type", _MEDIA_TYPE)
    if name == "category" and not values.get("term"):
        yield "category: no term (4.2.2.1)"
    for key in ("scheme", "uri", "src", XML + "base"):
        if key in values and not _is_iri(values[key], absolute=key == "scheme"):
            yield f"{name}: {key} {values[key]!r} is no IRI"


def _matching(name: str, values: dict[str, str], key: str, form: re.Pattern[str]) -> Iterator[str]:
    if key in values and not form.fullmatch(values[key]):
        yield f"{name}: {key} {values[key]!r} is malformed"


def _structure(element: etree._Element, name: str) -> Iterator[str]:
    if any(text.strip() for text in _loose_text(element)):
        yield f"{name}: text between its elements"
    children = [child for child in element if isinstance(child.tag, str) and child.tag.startswith(ATOM)]
    counts = Counter(_local(child) for child in children)
    for wanted in _REQUIRED.get("author" if name == "contributor" else name, ()):
        if counts[wanted] == 0:
            yield f"{name}: no {wanted}"
    for child, count in counts.items():
        if child not in _CHILDREN[name]:
            yield f"{name}: unknown element {child}"
        elif count > 1 and child not in _MANY | {"entry"}:
            yield f"{name}: {count} times {child}"
    yield from _alternates(element, name)
    if name == "entry":
        yield from _content_or_link(element)
    for inner in children:
        yield from _atom_element(inner)


def _alternates(element: etree._Element, name: str) -> Iterator[str]:
    found = Counter((link.get("type"), link.get("hreflang")) for link in _links(element, "alternate"))
    for (type_, language), count in found.items():
        if count > 1:
            yield f"{name}: {count} alternate links of type {type_} and language {language} (4.1.1, 4.1.2)"


def _content_or_link(entry: etree._Element) -> Iterator[str]:
    content = entry.find(ATOM + "content")
    if content is None:
        if not _links(entry, "alternate"):
            yield "entry: neither content nor an alternate link (4.1.2)"
        return
    elsewhere = content.get("src") is not None or _is_base64(content.get("type", "text"))
    if elsewhere and entry.find(ATOM + "summary") is None:
        yield "entry: content that is not readable in place needs a summary (4.1.2)"


def _text_construct(element: etree._Element, name: str) -> Iterator[str]:
    type_ = element.get("type", "text")
    if type_ not in {"text", "html", "xhtml"}:
        yield f"{name}: type {type_!r} is none of text, html, xhtml (3.1.1)"
    elif type_ == "xhtml":
        if [child.tag for child in element] != [XHTML + "div"] or any(text.strip() for text in _loose_text(element)):
            yield f"{name}: not a single xhtml:div (3.1.1.3)"
    elif len(element):
        yield f"{name}: elements in plain or escaped text (3.1.1)"


def _content(element: etree._Element) -> Iterator[str]:
    type_ = element.get("type", "text")
    if element.get("src") is not None:
        if type_ in {"text", "html", "xhtml"} and element.get("type") is not None:
            yield "content: src with a type that is no media type (4.1.3.2)"
        if len(element) or element.text:
            yield "content: src, yet not empty (4.1.3.2)"
    elif type_ in {"text", "html", "xhtml"}:
        yield from _text_construct(element, "content")
    elif not _MEDIA_TYPE.fullmatch(type_) or type_.lower().startswith(("multipart/", "message/")):
        yield f"content: type {type_!r} is neither a text type nor a media type (4.1.3.1)"
    elif type_.lower().startswith("text/") and len(element):
        yield "content: elements in a text type (4.1.3.3)"
    elif _is_base64(type_):
        try:
            base64.b64decode("".join((element.text or "").split()), validate=True)
        except (binascii.Error, ValueError):
            yield f"content: {type_} that is not in base64 (4.1.3.3)"


def _is_base64(type_: str) -> bool:
    media = type_.partition(";")[0].strip().lower()
    return "/" in media and not media.startswith("text/") and not media.endswith(("+xml", "/xml"))


def _links(element: etree._Element, relation: str) -> list[etree._Element]:
    return [link for link in element.findall(ATOM + "link") if link.get("rel", "alternate") == relation]


# RSS

_ONCE = [
    "title",
    "link",
    "description",
    "language",
    "copyright",
    "managingEditor",
    "webMaster",
    "pubDate",
    "lastBuildDate",
    "generator",
    "docs",
    "cloud",
    "ttl",
    "image",
    "rating",
    "textInput",
    "skipHours",
    "skipDays",
]
_ONCE_IN_ITEM = ["title", "link", "description", "author", "comments", "enclosure", "guid", "pubDate", "source"]


def _channel(channel: etree._Element) -> Iterator[str]:
    items = channel.findall("item")
    yield from _vocabulary(channel, "channel", _ONCE, {"category", "item"})
    yield from (f"channel: no {name}" for name in ("title", "link", "description") if not _text_of(channel, name))
    yield from _rss_link(channel, "channel")
    yield from _rss_dates(channel, "channel", ("pubDate", "lastBuildDate"))
    language, ttl = channel.findtext("language"), channel.findtext("ttl")
    if language is not None and not _LANGUAGE.fullmatch(language):
        yield f"channel: language {language!r} is malformed"
    if ttl is not None and not re.fullmatch("[0-9]+", ttl):
        yield f"channel: ttl {ttl!r} is no number of minutes"
    links = channel.findall(ATOM + "link")
    if [link.get("type") for link in links if link.get("rel") == "self"] != ["application/rss+xml"]:
        yield "channel: not one atom:link of rel self and of RSS's type"
    for element in channel.iter(ATOM + "link", ATOM + "updated"):
        yield from _atom_element(element)
    guids = Counter(guid.text for guid in channel.iter("guid"))
    yield from (f"item: guid {guid} comes {count} times" for guid, count in guids.items() if count > 1)
    for item in items:
        yield from _item(item)


def _item(item: etree._Element) -> Iterator[str]:
    yield from _vocabulary(item, "item", _ONCE_IN_ITEM, {"category"})
    if not _text_of(item, "title") and not _text_of(item, "description"):
        yield "item: neither title nor description"
    yield from _rss_link(item, "item")
    yield from _rss_dates(item, "item", ("pubDate",))
    author, guid, enclosure = item.findtext("author"), item.find("guid"), item.find("enclosure")
    if author is not None and not re.search(r"[^@\s]+@[^@\s]+", author):
        yield f"item: author {author!r} is no e-mail address"
    if guid is not None:
        permanent = guid.get("isPermaLink", "true")
        if permanent not in {"true", "false"}:
            yield f"item: isPermaLink {permanent!r} is neither true nor false"
        elif not (guid.text or "").strip() or (permanent == "true" and not _is_web_address(guid.text or "")):
            yield f"item: guid {guid.text!r} is no permanent link"
    if enclosure is not None and not {"url", "length", "type"} <= set(enclosure.attrib):
        yield "item: enclosure without url, length or type"
    if len(item.findall(CONTENT + "encoded")) > 1:
        yield "item: content:encoded more than once"


def _vocabulary(element: etree._Element, name: str, once: Sequence[str], many: set[str]) -> Iterator[str]:
    if any(text.strip() for text in _loose_text(element)):
        yield f"{name}: text between its elements"
    counts = Counter(str(child.tag) for child in element if not str(child.tag).startswith("{"))
    for child, count in counts.items():
        if child not in once and child not in many:
            yield f"{name}: unknown element {child}"
        elif count > 1 and child not in many:
            yield f"{name}: {count} times {child}"


def _rss_link(element: etree._Element, name: str) -> Iterator[str]:
    link = element.findtext("link")
    if link is not None and not _is_web_address(link):
        yield f"{name}: link {link!r} is no web address"


def _rss_dates(element: etree._Element, name: str, dates: Sequence[str]) -> Iterator[str]:
    for found in (element.find(date) for date in dates):
        if found is not None and not _is_rfc_822(found.text or ""):
            yield f"{name}: {found.tag} {found.text!r} is no date of RFC 822"


# Both


def _local(element: etree._Element) -> str:
    return str(etree.QName(element).localname)


def _text(element: etree._Element, name: str) -> str:
    return element.findtext(ATOM + name) or ""


def _text_of(element: etree._Element, name: str) -> str:
    return (element.findtext(name) or "").strip()


def _loose_text(element: etree._Element) -> list[str]:
    return [element.text or "", *(child.tail or "" for child in element)]


def _is_iri(text: str, *, absolute: bool = False) -> bool:
    return bool(_IRI_REFERENCE.fullmatch(text)) and (not absolute or bool(_SCHEME.match(text)))


def _is_web_address(text: str) -> bool:
    return _is_iri(text, absolute=True) and text.startswith(("http://", "https://"))


def _is_rfc_3339(text: str) -> bool:
    if not _RFC_3339.fullmatch(text):
        return False
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def _is_rfc_822(text: str) -> bool:
    if not _RFC_822.fullmatch(text):
        return False
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return False
    return "," not in text or text[:3] == format_datetime(moment)[:3]
