"""What foreign text is made of before it becomes Markdown: paragraphs in quotes and lists, with bold, italic and links.

Word processors cut a sentence into dozens of pieces and put spaces, full stops and half words inside the bold ones.
Markdown's marks only work at the edges of words, so here the pieces are joined again and their edges moved to where
a mark can stand. No letter is lost on the way: at worst a full stop is no longer bold.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import NamedTuple

# French puts a no-break space before these and after «, numbers have one inside: there it stays.
_KEEPS_BEFORE = frozenset(":;!?»%€$£")
_KEEPS_AFTER = frozenset("«§№")
_NO_BREAK = "\u00a0\u202f"
_ROUNDS = 6
_SPACES = re.compile(r"\s+")


class Run(NamedTuple):
    """A piece of text that looks the same throughout; "\\n" is a line break; `href` is "" outside links."""

    text: str
    bold: bool = False
    italic: bool = False
    href: str = ""


class Quote(NamedTuple):
    """A quotation that holds blocks."""

    number: int


class Item(NamedTuple):
    """A list item that holds blocks; `number` is what stands before it where the list is `ordered`."""

    list_number: int
    number_in_text: int
    ordered: bool
    number: int


@dataclass(eq=False)
class Table:
    """A table as it was met; `plain` while nothing in it needs more than a line of text in each cell."""

    rows: list[list["Cell"]] = field(default_factory=list)
    plain: bool = True


@dataclass(eq=False)
class Cell:
    """One cell, over `columns` columns and `rows` rows; with no columns, what stands in a table outside its cells."""

    table: Table
    columns: int = 1
    rows: int = 1
    blocks: list["Block"] = field(default_factory=list)


@dataclass(eq=False)
class Block:
    """A paragraph ("p") or heading ("h1" to "h6"), what it stands in from the outside in, and its text."""

    kind: str
    path: tuple[Quote | Item, ...] = ()
    runs: list[Run] = field(default_factory=list)
    cell: Cell | None = None


def tidy(runs: Iterable[Run]) -> list[Run]:
    """`runs` with single spaces, none at either end, looks joined where equal and ended where a mark can stand.

    Takes time in proportion to the length.
    """
    tidied = _joined(_nested(_joined(_single_spaces(list(runs)))))
    for _ in range(_ROUNDS):  # what moves out of italics may have to move out of bold as well
        before, tidied = tidied, _joined(_between_words(tidied))
        if tidied == before:
            return tidied
    return _joined(run._replace(bold=False, italic=False) for run in tidied)


def _single_spaces(runs: Sequence[Run]) -> Iterable[Run]:
    """The words with the looks that they had; a space only looks like both of its neighbours do, a line break plain."""
    whole = "".join(run.text for run in runs)
    looks = [look for run in runs for look in [run._replace(text="")] * len(run.text)]
    place = 0
    for match in [*_SPACES.finditer(whole), None]:
        end = match.start() if match else len(whole)
        start = place
        for index in range(place + 1, end + 1):
            if index == end or looks[index] is not looks[start]:
                yield looks[start]._replace(text=whole[start:index])
                start = index
        if match is None or match.start() == 0 or match.end() == len(whole):
            place = match.end() if match else end
            continue
        place = match.end()
        before, after = looks[match.start() - 1], looks[place]
        sign = _space(match[0], whole[match.start() - 1], whole[place])
        yield Run(sign) if sign == "\n" else _common(before, after, sign)


def _space(spaces: str, before: str, after: str) -> str:
    """The one sign that stands for `spaces`."""
    if "\n" in spaces:
        return "\n"
    kept = after in _KEEPS_BEFORE or before in _KEEPS_AFTER or (before.isdigit() and after.isalnum())
    return spaces if len(spaces) == 1 and spaces in _NO_BREAK and kept else " "


def _common(one: Run, other: Run, text: str) -> Run:
    href = one.href if one.href == other.href else ""
    return Run(text, one.bold and other.bold, one.italic and other.italic, href)


def _joined(runs: Iterable[Run]) -> list[Run]:
    joined: list[list[str]] = []
    looks: list[Run] = []
    for run in runs:
        look = run._replace(text="")
        if looks and looks[-1] == look:
            joined[-1].append(run.text)
        elif run.text:
            looks.append(look)
            joined.append([run.text])
    return [look._replace(text="".join(texts)) for look, texts in zip(looks, joined, strict=True)]


def _nested(runs: list[Run]) -> Iterable[Run]:
    """The runs without looks that cross inside a word, where the marks of one would be taken for the other's.

    Bold that is followed at once by italics, or both by either with the other before them: the shorter one gives way.
    """
    groups = [list(group) for _, group in groupby(runs, lambda run: (run.bold, run.italic))]
    looks = [group[0]._replace(text="".join(run.text for run in group)) for group in groups]
    _nested_twice(looks)
    for index in range(1, len(looks) - 1):
        before, look, after = looks[index - 1 : index + 2]
        if look.bold and look.italic and _crossing(before, after):
            beside = before if _glued(before, look) else after if _glued(look, after) else look
            looks[index] = look._replace(bold=beside.bold, italic=beside.italic)
    for index in range(1, len(looks)):
        one, other = looks[index - 1 : index + 1]
        if _crossing(one, other) and _glued(one, other):
            shorter = index if len(other.text) <= len(one.text) else index - 1
            looks[shorter] = looks[shorter]._replace(bold=False, italic=False)
    for look, group in zip(looks, groups, strict=True):
        yield from (run._replace(bold=look.bold, italic=look.italic) for run in group)


def _nested_twice(runs: list[Run]) -> None:
    """Take away a mark that would begin inside a word, where marks of both kinds have begun together before."""
    both = False
    for index, run in enumerate(runs):
        if both and run.bold and run.italic and _glued(runs[index - 1], run):
            runs[index] = run._replace(bold=runs[index - 1].bold, italic=runs[index - 1].italic)
        both = (run.bold and run.italic) or (both and (run.bold or run.italic))


def _crossing(one: Run, other: Run) -> bool:
    return one.bold != other.bold and one.italic != other.italic and one.bold != one.italic


def _glued(one: Run, other: Run) -> bool:
    return not one.text[-1].isspace() and not other.text[0].isspace()


def _between_words(runs: list[Run]) -> Iterable[Run]:
    """The runs with signs moved out of bold and italics where a letter follows or precedes the mark.

    Source: the rules of delimiter runs, https://spec.commonmark.org/0.31.2/#left-flanking-delimiter-run.
    """
    for index, run in enumerate(runs):
        before = runs[index - 1] if index else None
        after = runs[index + 1] if index + 1 < len(runs) else None
        start, end = 0, len(run.text)
        if before and _more(run, before) and not is_edge(before.text[-1]):
            start = next((place for place, sign in enumerate(run.text) if not is_edge(sign)), end)
        if after and _more(run, after) and not is_edge(after.text[0]):
            end = next((place for place in range(end, start, -1) if not is_edge(run.text[place - 1])), start)
        if before:
            yield _common(before, run, run.text[:start])
        yield run._replace(text=run.text[start:end])
        if after:
            yield _common(run, after, run.text[end:])


def _more(run: Run, other: Run) -> bool:
    """Whether a mark of `run` begins or ends between it and `other`."""
    return (run.bold and not other.bold) or (run.italic and not other.italic)


def is_sign(character: str) -> bool:
    """Whether `character` counts as punctuation for Markdown's marks: Unicode's P and S."""
    return unicodedata.category(character)[0] in "PS"


def is_edge(character: str) -> bool:
    """Whether a mark beside `character` may begin or end before any other sign."""
    return character.isspace() or is_sign(character)
