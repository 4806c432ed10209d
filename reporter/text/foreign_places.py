"""Where a block of foreign text stands: in which quotes, at which item of which list, in which cell of a table.

Three kinds of lists come: those of HTML; Word's, whose paragraphs only say their level; and those of Word on the web,
which makes a list of its own for every item and says the level there. All three end up as the same items.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reporter.text.blocks import Block, Cell, Item, Quote, Table
from reporter.text.foreign_style import ListMark, Style, number

MAX_LEVELS = 9  # quotes and lists inside each other that are kept: one less than Markdown may have here
_MAX_HOLDERS = 20  # quotes and lists inside each other that are met at all
_LAST_NUMBER = 999_999_999  # Markdown knows no number of more digits
_ORDERED = re.compile(r"\(?(?:\d+[.)]?|[^\W_]{1,5}[.)、．）]|[\d.]*\d[.)]?)")


@dataclass(eq=False)
class OpenList:
    """A list of HTML that stands open, and its item that was met last."""

    ordered: bool
    next_number: int
    by_level: bool = False  # its items say their level themselves
    list_number: int = 0
    item: Item | None = None
    blocks_before: int = 0  # how many had been read when the item began


class Places:
    """The quotes, lists and tables around one place of the text; `blocks` are those that were read before it."""

    def __init__(self, blocks: Sequence[Block]) -> None:
        self._blocks = blocks
        self._holders: list[Quote | OpenList] = []
        self._levels: list[Item] = []  # the items of the list that goes on by levels alone
        self._count = 0

    def path(self) -> tuple[Quote | Item, ...]:
        """What a block stands in here, from the outside in; what is nested too deeply moves out, in its order."""
        nodes = (*self._nodes(self._holders), *self._levels)
        return nodes if len(nodes) <= MAX_LEVELS else (*nodes[: MAX_LEVELS - 1], nodes[-1])

    def leave(self, holder: Quote | OpenList) -> None:
        """`holder` ends here."""
        self._holders.remove(holder)

    def leave_levels(self) -> None:
        """The list that goes on by levels ends here, because something else comes."""
        self._levels = []

    def open_list(self, *, ordered: bool, told: Mapping[str, str]) -> OpenList | None:
        """A list of HTML begins here; None where lists are nested beyond all sense."""
        if not self._may_hold():
            return None
        self._leave_empty_item()
        begin = number(told, "start", _LAST_NUMBER)
        opened = OpenList(ordered, 1 if begin is None else begin)
        self._holders.append(opened)
        return opened

    def open_quote(self) -> Quote | None:
        """A quote begins here, or the last one goes on where nothing stands between; None as for `open_list`."""
        if not self._may_hold():
            return None
        last = self._last_beyond(self._nodes(self._holders))
        quote = last if isinstance(last, Quote) else Quote(self._number())
        self._holders.append(quote)
        return quote

    def open_item(self, style: Style, told: Mapping[str, str]) -> Style:
        """A list item begins here, in the list around it or at the level that it says itself; its style."""
        around = next((holder for holder in reversed(self._holders) if isinstance(holder, OpenList)), None)
        level = number(told, "data-aria-level", 9)
        if around is None or level:
            around = around or OpenList(ordered=False, next_number=1)
            around.by_level = True
            marker = f"{around.next_number}." if around.ordered else "·"
            around.next_number += 1
            return style._replace(list_mark=ListMark(level or 1, marker))
        self._levels = []
        if not around.list_number:
            last = self._last_beyond(self._nodes(self._holders[: self._holders.index(around)]))
            goes_on = isinstance(last, Item) and last.ordered == around.ordered
            around.list_number = last.list_number if isinstance(last, Item) and goes_on else self._number()
        value = number(told, "value", _LAST_NUMBER)
        at = min(around.next_number if value is None else value, _LAST_NUMBER)
        around.item = Item(around.list_number, self._number(), around.ordered, at)
        around.next_number = at + 1
        around.blocks_before = len(self._blocks)
        return style._replace(list_mark=None, goes_on=False)

    def open_level(self, mark: ListMark) -> None:
        """The item that `mark` describes begins here, inside those of the levels above it."""
        ordered = is_number(mark.marker)
        depth = min(mark.level, len(self._levels) + 1)
        same = self._levels[depth - 1] if depth <= len(self._levels) else None
        digits = re.search("[0-9]{1,9}", mark.marker[::-1])
        following = same.number + 1 if same and same.ordered else 1
        at = int(digits[0][::-1]) if digits else min(following, _LAST_NUMBER)
        list_number = same.list_number if same and same.ordered == ordered else self._number()
        self._levels = [*self._levels[: depth - 1], Item(list_number, self._number(), ordered, at)]

    def _leave_empty_item(self) -> None:
        """Where an item begins with a list, that list goes on in the item before it: it was only there to indent."""
        around = self._holders[-1] if self._holders else None
        if isinstance(around, OpenList) and around.item and around.blocks_before == len(self._blocks):
            last = self._last_beyond(self._nodes(self._holders[:-1]))
            goes_on = isinstance(last, Item) and last.list_number == around.list_number
            around.item = last if isinstance(last, Item) and goes_on else None
            around.next_number -= 1

    def _may_hold(self) -> bool:
        return len(self._holders) < _MAX_HOLDERS

    def _last_beyond(self, outside: tuple[Quote | Item, ...]) -> Quote | Item | None:
        """What the last block stood in directly inside `outside`; None where it stood elsewhere."""
        path = self._blocks[-1].path if self._blocks else ()
        return path[len(outside)] if path[: len(outside)] == outside and len(path) > len(outside) else None

    def _nodes(self, holders: Sequence[Quote | OpenList]) -> tuple[Quote | Item, ...]:
        found = [
            holder if isinstance(holder, Quote) else holder.item
            for holder in holders
            if isinstance(holder, Quote) or not holder.by_level
        ]
        return tuple(node for node in found if node)

    def _number(self) -> int:
        self._count += 1
        return self._count


def in_table(style: Style, name: str, told: Mapping[str, str]) -> Style:
    """The style inside a tag `name` of a table: "table", "tr", "td" or "th"."""
    around = style.cell.table if style.cell else None
    if name == "table":
        if around:
            around.plain = False
        # Until the first cell begins, the text belongs to none.
        return style._replace(cell=Cell(Table(), columns=0), list_mark=None, goes_on=False)
    if around is None:
        return style
    if name == "tr" or not around.rows:
        around.rows.append([])
    if name == "tr":
        return style
    columns, rows = number(told, "colspan", 50), number(told, "rowspan", 500)
    cell = Cell(around, columns or 1, rows or 1)
    around.rows[-1].append(cell)
    return style._replace(cell=cell)


def is_number(marker: str) -> bool:
    """Whether Word's `marker` of a list item counts: "1.", "iv)", "2.3"; and not "·", "o", "-"."""
    return _ORDERED.fullmatch(marker) is not None
