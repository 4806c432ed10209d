"""Markdown becomes HTML here and nowhere else; bleach and nh3 are imported by no other module.

Two things must hold of every page, feed and mail that shows a report: no mark-up but ours, and every word that was
written. The first is the business of three gates, each enough alone: the parser lets no raw HTML through, nh3
cleans, bleach cleans again. The second takes more care, because CommonMark itself lets some words vanish: cells
beyond a table's width, definitions that nothing refers to, the words after ```, the numbers of a list, whatever is
nested too deeply. Here each of these is either shown or refused with a sentence; none is dropped.

Source of the syntax: https://spec.commonmark.org/0.31.2/ and the tables of https://github.github.com/gfm/.
"""

import re
from collections.abc import Iterable, Iterator
from html import escape
from typing import Any

import bleach
import nh3
from markdown_it import MarkdownIt
from markdown_it.common.utils import mdTrim, unescapeAll
from markdown_it.parser_block import ParserBlock
from markdown_it.rules_block import StateBlock
from markdown_it.rules_block.table import escapedSplit, getLine, table
from markdown_it.rules_inline import StateInline, image
from markdown_it.token import Token

from reporter.rules.errors import N_, TextRefused
from reporter.rules.report_text import MAX_BODY, clean

MAX_DEPTH = 10  # quotes and lists inside each other
MAX_TAGS = 4_000  # opening and closing ones
MAX_HTML = 300_000  # characters; bleach takes 17 µs for every &lt; and &amp;

# What Markdown can say, less pictures and raw HTML.
TAGS = frozenset(
    {"p", "br", "hr", "h2", "h3", "h4", "ul", "ol", "li", "blockquote", "pre", "code", "a", "strong", "em"}
    | {"table", "thead", "tbody", "tr", "th", "td"}
)
ATTRIBUTES = {"a": ["href", "title"], "ol": ["start"], "li": ["value"]}
SCHEMES = frozenset({"http", "https", "mailto"})

_FIRST_GATE = nh3.Cleaner(
    tags=TAGS,
    attributes={tag: set(names) for tag, names in ATTRIBUTES.items()},
    url_schemes=set(SCHEMES),
    url_relative="deny",
    link_rel=None,
)
_ADDRESS = re.compile(r"https?://[^/?#]|mailto:[^?]", re.IGNORECASE)
_HEADINGS = {"h1": "h2", "h2": "h2", "h3": "h3", "h4": "h4", "h5": "h4", "h6": "h4"}  # h1 is the headline


def render(markdown: str) -> str:
    """The HTML of a report's text: sanitised, well formed, the same for the same text; safe to call from any thread.

    `markdown` is CommonMark with tables, of which raw HTML is no part: it shows as it was typed. Headings begin at h2;
    a picture becomes a link; a link that is not http, https or mailto shows as it was typed.

    Raises TextRefused for more than `report_text.MAX_BODY` characters (after `report_text.clean`), quotes and lists
    more than MAX_DEPTH inside each other, more than MAX_TAGS tags or more than MAX_HTML characters of HTML. The limits
    are checked before the steps that would take long beyond them.
    """
    text = clean(markdown)
    if len(text) > MAX_BODY:
        raise TextRefused(
            N_("The text has %(size)s characters; at most %(limit)s are possible. Shorten it and send it again."),
            size=len(text),
            limit=MAX_BODY,
        )
    parser = _Parser()
    tokens = parser.parse(text)
    if _weight(tokens) > MAX_HTML:  # a long address that is referred to a thousand times would take gigabytes
        raise _too_big()
    html = str(parser.renderer.render(_arranged(tokens), parser.options, {}))
    if html.count("<") > MAX_TAGS:
        raise too_many_tags()
    html = _FIRST_GATE.clean(html)
    if len(html) > MAX_HTML:
        raise _too_big()
    # A Cleaner of its own for every call: a shared one mixes up the texts of two threads.
    last_gate = bleach.Cleaner(tags=TAGS, attributes=ATTRIBUTES, protocols=SCHEMES, strip=True)
    return last_gate.clean(html)


def too_many_tags() -> TextRefused:
    """The refusal of a text whose HTML has more than MAX_TAGS tags, for whoever can tell before it is rendered."""
    return TextRefused(
        N_(
            "The text has more than %(limit)s formatting marks. "
            "Split it, or remove some of its lists, links and bold passages."
        ),
        limit=MAX_TAGS,
    )


def _too_big() -> TextRefused:
    return TextRefused(
        N_(
            "The text takes more than %(limit)s characters on its page. "
            "Shorten it, or remove repeated long links and signs such as < and &."
        ),
        limit=MAX_HTML,
    )


class _Blocks(ParserBlock):
    """Refuses what is nested too deeply, before the parser reaches its own limit and drops the rest without a word."""

    depth = -1

    def tokenize(self, state: StateBlock, start: int, end: int) -> None:
        self.depth += 1  # called once for the text, then once for each quote and list item
        if self.depth > MAX_DEPTH:
            raise TextRefused(
                N_("Quotes and lists are more than %(limit)s inside each other. Move the innermost ones out."),
                limit=MAX_DEPTH,
            )
        super().tokenize(state, start, end)
        self.depth -= 1


class _Parser(MarkdownIt):
    """One text's parser. It keeps count and state, so each call of `render` makes its own (0.1 ms)."""

    any_address = False

    def __init__(self) -> None:
        # A list takes two levels of the parser's own nesting, and what it holds needs one more.
        options = {"html": False, "maxNesting": 2 * MAX_DEPTH + 1, "inline_definitions": True, "store_labels": True}
        super().__init__("commonmark", options)
        self.block = _Blocks()
        self.block.ruler.at("table", _table, {"alt": ["paragraph", "reference"]})
        self.inline.ruler.at("image", _image)

    def validateLink(self, url: str) -> bool:  # noqa: N802 - the library's name
        return self.any_address or may_link(url)

    def normalizeLinkText(self, link: str) -> str:  # noqa: N802 - the library's name
        return link  # as it was typed: a decoded address may look like another one


def may_link(url: str) -> bool:
    """Whether `url` becomes a link in a report's text: http, https or mailto, and acceptable to every gate."""
    # nh3 has the last word here too: an address that it would take away later shows as text instead.
    return _ADDRESS.match(url) is not None and " href=" in _FIRST_GATE.clean(f'<a href="{escape(url)}">')


def _table(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """A table whose last column takes in, as typed, the cells that a row has beyond the table's width."""
    before = len(state.tokens)
    if not table(state, start, end, silent):
        return False
    cells: list[Token] = []
    for token in state.tokens[before:]:
        if token.type == "tr_open":
            cells = []
        elif token.type == "inline":
            cells.append(token)
        elif token.type == "tr_close" and cells[0].map:
            written = escapedSplit(mdTrim(getLine(state, cells[0].map[0])))
            if written[0] == "":
                del written[0]
            if written and written[-1] == "":
                del written[-1]
            beyond = [mdTrim(cell) for cell in written[len(cells) :]]
            if any(beyond):
                cells[-1].content = " | ".join([cells[-1].content, *beyond])
    return True


def _image(state: StateInline, silent: bool) -> bool:
    """A picture with any address at all: its words are shown in any case, its address only where it may be a link."""
    parser = state.md
    assert isinstance(parser, _Parser)  # noqa: S101 - tells mypy, not the user
    before, parser.any_address = parser.any_address, True
    try:
        return image(state, silent)
    finally:
        parser.any_address = before


def _arranged(tokens: list[Token]) -> list[Token]:
    """The parsed text as a report's page shows it. Changes the tokens that it is given."""
    _keep_numbers(tokens)
    unseen = set(_labels(tokens))
    arranged: list[Token] = []
    for index, token in enumerate(tokens):
        if token.type == "definition":
            if token.meta["id"] in unseen:
                unseen.discard(token.meta["id"])  # a second definition of the same label has no effect: show it
            else:
                arranged += _paragraph(_definition(token.meta))
            continue
        if token.type == "fence":
            if info := unescapeAll(token.info).strip():
                arranged += _paragraph([_text(info)])
            token.info = ""
        elif token.type == "heading_open" and not tokens[index + 1].content.strip():
            token.tag = tokens[index + 2].tag = "p"  # nobody can hear or jump to an empty heading
            tokens[index + 1].children = [_text(token.markup)]
        elif token.type == "inline":
            token.children = _spans(token.children or [])
        token.tag = _HEADINGS.get(token.tag, token.tag)
        arranged.append(token)
    return arranged


def _keep_numbers(tokens: list[Token]) -> None:
    """Give list items the numbers that were written: "2019." then "2023." are years. All "1." asks for counting."""
    lists: list[list[Token]] = []
    for token in tokens:
        if token.type in ("ordered_list_open", "bullet_list_open"):
            lists.append([])
        elif token.type == "list_item_open":
            lists[-1].append(token)
        elif token.type == "bullet_list_close":
            lists.pop()
        elif token.type == "ordered_list_close":
            items = lists.pop()
            numbers = [int(item.info) for item in items]
            if set(numbers) == {1}:
                continue
            for item, number, before in zip(items[1:], numbers[1:], numbers, strict=False):
                if number != before + 1:
                    item.attrs["value"] = number


def _labels(tokens: Iterable[Token]) -> Iterator[str]:
    """The labels to which links and pictures refer."""
    for token in tokens:
        if token.type in ("link_open", "image") and "label" in token.meta:
            yield token.meta["label"]
        yield from _labels(token.children or [])


def _definition(meta: dict[str, Any]) -> list[Token]:
    title = [_text(f' "{meta["title"]}"')] if meta["title"] else []
    return [_text(f"[{meta['label']}]: "), *_link(meta["url"], "", [_text(meta["url"])]), *title]


def _spans(tokens: Iterable[Token]) -> list[Token]:
    """The same words with pictures as links, no mark inside its like (HTML knows no link in a link) and no empty link.

    The outer link is kept. Fifty asterisks before a word and fifty after make it strong once.
    """
    spans: list[Token] = []
    around: set[str] = set()
    ends: list[Token | None] = []  # what to write where each mark that is open ends
    href, link_start = "", 0
    for token in _with_links(tokens):
        if token.nesting == 1:
            if token.tag in around:
                ends.append(None)
                if title := token.attrs.get("title"):
                    spans.append(_text(f"({title}) "))
            elif token.type == "link_open" and not may_link(str(token.attrs["href"])):
                spans.append(_text("["))
                ends.append(_text(f"]({' '.join(map(str, token.attrs.values()))})"))
            else:
                spans.append(token)
                around.add(token.tag)
                ends.append(Token(token.type.replace("_open", "_close"), token.tag, -1))
                if token.type == "link_open":
                    href, link_start = str(token.attrs["href"]), len(spans)
        elif token.nesting == -1:
            end = ends.pop()
            if end is None:
                continue
            if end.type == "link_close" and not any(span.content.strip() for span in spans[link_start:]):
                spans.append(_text(href))
            around.discard(end.tag)
            spans.append(end)
        else:
            spans.append(token)
    return spans


def _with_links(tokens: Iterable[Token]) -> Iterator[Token]:
    """The tokens with each picture as a link to it, or as its words alone where its address is not on the web."""
    for token in tokens:
        if token.type != "image":
            yield token
            continue
        address, title = str(token.attrs["src"]), str(token.attrs.get("title", ""))
        has_words = bool(token.content.strip())
        words = list(_with_links(token.children or [])) if has_words else [_text(title or address or "![]()")]
        if address[:4].lower() == "http" and may_link(address):
            yield from _link(address, title, words)
        else:
            yield from words
            if title and has_words:
                yield _text(f" ({title})")


def _link(href: str, title: str, words: list[Token]) -> list[Token]:
    attributes: dict[str, str | int | float] = {"href": href, "title": title} if title else {"href": href}
    return [Token("link_open", "a", 1, attrs=attributes), *words, Token("link_close", "a", -1)]


def _text(words: str) -> Token:
    return Token("text", "", 0, content=words)


def _paragraph(spans: list[Token]) -> list[Token]:
    return [
        Token("paragraph_open", "p", 1, block=True),
        Token("inline", "", 0, children=spans, block=True),
        Token("paragraph_close", "p", -1, block=True),
    ]


def _weight(tokens: Iterable[Token]) -> int:
    """The characters that the tokens write, before any are escaped and without the names of tags."""
    return sum(
        _weight(token.children)
        if token.children
        else len(token.content) + sum(len(str(v)) for v in token.attrs.values())
        for token in tokens
    )
