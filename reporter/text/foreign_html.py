"""Foreign HTML, as clipboards and word processors make it, read into blocks.

Nothing here guesses at a tree of tags as browsers do: that takes time and memory beyond any limit for some inputs,
such as a thousand different unclosed <font> before a thousand <p>. Tags are taken one after the other, each is met
once and left once, so the time grows with the length. Source of the tags: https://html.spec.whatwg.org/.
"""

import re
from collections import Counter
from typing import NamedTuple

from reporter.rules.errors import N_, TextRefused
from reporter.rules.report_text import MAX_BODY, clean
from reporter.text.blocks import Block, Item, Quote, Run
from reporter.text.foreign_places import OpenList, Places, in_table, is_number
from reporter.text.foreign_style import Style, attributes, is_note, is_quote, styled
from reporter.text.markup import MAX_TAGS, too_many_tags
from reporter.text.plain import characters

MAX_FOREIGN_TAGS = 150_000
MAX_OPEN = 2_000  # tags inside each other

_BLOCKS = frozenset(
    {"address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "div", "dl", "dt"}
    | {"fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "head", "header"}
    | {"hr", "html", "legend", "li", "main", "nav", "ol", "option", "p", "pre", "section", "summary", "table"}
    | {"tbody", "td", "tfoot", "th", "thead", "title", "tr", "ul", "menu", "dir"}
)
_UNSEEN = frozenset({"script", "style", "title", "xml", "template", "iframe", "object", "svg", "math", "select"})
_ALONE = frozenset({"area", "base", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"})
_LISTS = frozenset({"ul", "ol", "menu", "dir"})
_PARAGRAPHS = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6"})
# What a tag ends if it stands open: these, before any of those that hold it.
_ENDS = {
    "li": (frozenset({"li"}), _LISTS),
    "tr": (frozenset({"tr"}), frozenset({"table"})),
    "td": (frozenset({"td", "th"}), frozenset({"table", "tr"})),
    "th": (frozenset({"td", "th"}), frozenset({"table", "tr"})),
}
_LOOK_BACK = 50  # tags; further down nothing is looked for, so that closing takes no time of its own

# A "<" outside quotation marks ends every attempt, so all attempts together read the text a fixed number of times.
_TAG = re.compile(
    r"""<(?P<end>/?)(?P<name>[a-zA-Z][a-zA-Z0-9:-]*+)(?=[\s/>])"""
    r"""(?:(?P<rest>(?:[^<>"']|"[^"]*+"|'[^']*+')*+)|(?P<odd>[^<>]*+))>|<!--|<[!?/][^<>]*+>"""
)
_INVISIBLE = re.compile("[\u00ad\u200b\u2060\ufeff]")  # soft hyphens, and spaces without width
_SPACE = re.compile("[ \t\n\r\f]+")


class _Open(NamedTuple):
    """A tag that stands open, what was so outside it, and what is written where it ends."""

    name: str
    outside: Style
    holds: "Quote | OpenList | None"
    at_end: str


def read(html: str) -> list[Block]:
    """The blocks of `html`, in its order; their runs are as they came, see `blocks.tidy`.

    Dropped are scripts, styles, pictures, comments, what is hidden and tracked deletions. Takes time in proportion to
    the length. Raises TextRefused for more than MAX_FOREIGN_TAGS tags, more than MAX_OPEN inside each other, and far
    more text or blocks than a report may have.
    """
    if html.count("<") > MAX_FOREIGN_TAGS:
        raise TextRefused(
            N_("This text has more than %(limit)s tags. Copy a part of it at a time."), limit=MAX_FOREIGN_TAGS
        )
    reader = _Reader()
    unclosed: set[str] = set()

    def behind(end: str, place: int) -> int:
        """Where the text goes on behind `end`; `place` itself where that is missing, so no word is lost."""
        found = None if end in unclosed else re.compile(f"{end}[^>]*>", re.IGNORECASE).search(html, place)
        if found is None:
            unclosed.add(end)
            return place
        return found.end()

    place = 0
    while match := _TAG.search(html, place):
        reader.text(html[place : match.start()])
        place = match.end()
        name = (match["name"] or "").lower()
        if match[0] == "<!--":
            found = html.find("-->", place) if "-->" not in unclosed else -1
            if found < 0:
                unclosed.add("-->")
            else:
                place = found + 3
        elif name in _UNSEEN and not match["end"]:
            place = behind(f"</{name}", place)
        elif name and match["end"]:
            reader.end(name)
        elif name:
            reader.start(name, match["rest"] or match["odd"] or "")
    reader.text(html[place:])
    reader.flush()
    return reader.blocks


class _Reader:
    """The place that was reached, and what was read before it."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.stack: list[_Open] = []
        self.opened: Counter[str] = Counter()
        self.style = Style()
        self.block: Block | None = None
        self.places = Places(self.blocks)
        self.size = 0  # characters

    # Text

    def text(self, written: str) -> None:
        if not written or self.style.dropped:
            return
        text = clean(_INVISIBLE.sub("", characters(written)))
        if self.style.is_marker:
            if self.style.list_mark:
                self.style.list_mark.marker += text.strip()
            return
        if self.style.line_ends:
            for number, line in enumerate(text.split("\n")):
                if number:
                    self.line_break()
                self.words(line)
        else:
            self.words(_SPACE.sub(" ", text))

    def words(self, text: str) -> None:
        if self.style.dropped:
            return
        if self.block is None:
            if not text.strip():
                return
            self.block = self.begin()
        self.size += len(text)
        if self.size > 2 * MAX_BODY:
            raise TextRefused(
                N_("This text has far more than the %(limit)s characters of a report. Copy a part of it at a time."),
                limit=MAX_BODY,
            )
        bold = self.style.bold and self.block.kind == "p"
        self.block.runs.append(Run(text, bold, self.style.italic, self.style.href))

    def line_break(self) -> None:
        """A line break; the second of two with nothing between ends the paragraph."""
        if self.block is None or self.style.dropped:
            return
        behind = next((run.text for run in reversed(self.block.runs) if run.text.strip(" ")), "")
        if behind == "\n":
            self.flush()
        else:
            self.block.runs.append(Run("\n", self.style.bold, self.style.italic, self.style.href))

    def begin(self) -> Block:
        """A new block at this place."""
        style, mark = self.style, self.style.list_mark
        runs = []
        if mark and not mark.opened:
            mark.opened = True
            if style.kind == "p":
                self.places.open_level(mark)
            elif is_number(mark.marker):  # a numbered heading stays one, with its number
                runs.append(Run(f"{mark.marker} "))
        elif not mark and not style.goes_on:
            self.places.leave_levels()
        block = Block(style.kind, self.places.path(), runs, style.cell)
        if style.cell:
            style.cell.blocks.append(block)
            if style.kind != "p" or any(isinstance(node, Item) for node in block.path):
                style.cell.table.plain = False
        return block

    def flush(self) -> None:
        """End the block that is being read."""
        if self.block is not None:
            self.blocks.append(self.block)
            self.block = None
            if len(self.blocks) > MAX_TAGS:
                raise too_many_tags()

    # Tags

    def start(self, name: str, rest: str) -> None:
        if name == "br":
            self.line_break()
            return
        if name in _BLOCKS:
            self.flush()
            self.imply_ends(name)
        if name in _ALONE or (":" in name and rest.endswith("/")):
            return
        if len(self.stack) >= MAX_OPEN:
            raise TextRefused(
                N_("This text has more than %(limit)s tags inside each other. Copy a part of it at a time."),
                limit=MAX_OPEN,
            )
        told = attributes(rest)
        outside, at_end = self.style, ""
        holds: Quote | OpenList | None = None
        self.style = styled(outside, name, told)
        if name in _LISTS:
            self.style = self.style._replace(list_mark=None, goes_on=False)
            holds = self.places.open_list(ordered=name == "ol", told=told)
        elif name == "blockquote" or (name == "p" and is_quote(told)):
            holds = self.places.open_quote()
        elif name == "li":
            self.style = self.places.open_item(self.style, told)
        elif name in {"table", "tr", "td", "th"}:
            self.style = in_table(self.style, name, told)
        elif name == "q":
            self.words("“")
            at_end = "”"
        elif name == "a" and is_note(told):
            self.words("[")
            at_end = "] " if told["class"].lower().endswith("sym") else "]"
        self.stack.append(_Open(name, outside, holds, at_end))
        self.opened[name] += 1

    def end(self, name: str) -> None:
        if name in _BLOCKS:
            self.flush()
        if self.opened[name]:
            self.close({name}, frozenset() if name in _BLOCKS else _BLOCKS)

    def imply_ends(self, name: str) -> None:
        """End what cannot hold a tag `name`: a paragraph holds no block, an item no item of its own list."""
        paragraphs = _PARAGRAPHS if name in _PARAGRAPHS else frozenset({"p"})
        self.close(paragraphs, _BLOCKS - paragraphs)
        if name in _ENDS:
            self.close(*_ENDS[name])

    def close(self, names: "frozenset[str] | set[str]", within: frozenset[str]) -> None:
        """End the innermost open tag among `names`, and all inside it; nothing, where one of `within` comes first."""
        for index in range(len(self.stack) - 1, max(-1, len(self.stack) - 1 - _LOOK_BACK), -1):
            if self.stack[index].name in names:
                break
            if self.stack[index].name in within:
                return
        else:
            return
        while len(self.stack) > index:
            tag = self.stack.pop()
            self.opened[tag.name] -= 1
            if tag.at_end and self.block:
                self.words(tag.at_end)
            if tag.holds:
                self.places.leave(tag.holds)
            self.style = tag.outside
