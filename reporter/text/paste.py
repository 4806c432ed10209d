"""What was copied elsewhere becomes Markdown: the HTML of a clipboard, from Word, Google Docs, LibreOffice or a page.

Three steps, each of which takes time in proportion to the length: `foreign_html` reads the foreign tags into blocks,
`blocks` and `escaping` give each block its marks and backslashes, and markdownify writes lists, quotes and tables. It
is only ever given the few tags that are written here, never the foreign ones: on those it can be made to recurse.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import takewhile

from bs4 import Tag
from markdownify import ATX, BACKSLASH, MarkdownConverter

from reporter.rules.errors import N_, TextRefused
from reporter.rules.report_text import MAX_BODY, clean
from reporter.text.blocks import Block, Cell, Quote, Run, Table, tidy
from reporter.text.escaping import inline
from reporter.text.foreign_html import read
from reporter.text.markup import MAX_TAGS, too_many_tags

MAX_PASTED = 2_000_000  # characters of HTML; forty pages of Word take a quarter of that
_LINE_BEGIN = re.compile("\n(?=[^\n])")
_MAX_CELL = 300  # characters; a table with longer cells is a way to lay out text
_MAX_CELLS = 2_000

_Node = tuple[str, int, str]  # the tag, what tells it from its like, and its attributes


def from_clipboard(html: str, plain: str = "") -> str:
    """Markdown of what a clipboard holds: `html`, or `plain` as it is where the HTML says nothing; "" for neither.

    Kept are headings, paragraphs, nested lists, quotes, bold, italics, links (http, https, mailto) and tables whose
    cells are short; the words of everything else stay without its looks. Dropped are pictures, comments, hidden text,
    tracked deletions and the marks of lists, which become real ones. Signs that Markdown would read take a backslash.

    Raises TextRefused for more than MAX_PASTED characters of HTML, more than `report_text.MAX_BODY` of Markdown, more
    tags than a report may have (`markup.MAX_TAGS`), and more foreign tags than `foreign_html` takes.
    """
    if len(html) > MAX_PASTED:
        raise TextRefused(
            N_("With its formatting, this text has more than %(limit)s characters. Copy a part of it at a time."),
            limit=MAX_PASTED,
        )
    if len(plain) > MAX_PASTED:
        raise _too_long(len(plain))
    return _markdown(read(html)) or _checked(plain)


def _markdown(blocks: Sequence[Block]) -> str:
    size = 0
    for block in blocks:
        block.runs = tidy(block.runs)
        size += sum(len(run.text) for run in block.runs)
        if size > MAX_BODY:
            raise _too_long(size)
    html = "".join(_written([block for block in blocks if block.runs]))
    if html.count("<") > MAX_TAGS:
        raise too_many_tags()
    return _checked(_Writer(bullets="-", heading_style=ATX, newline_style=BACKSLASH, autolinks=False).convert(html))


def _checked(markdown: str) -> str:
    text = clean(markdown).strip("\n")
    if len(text) > MAX_BODY:
        raise _too_long(len(text))
    return text


def _too_long(size: int) -> TextRefused:
    return TextRefused(
        N_("The text has %(size)s characters; at most %(limit)s are possible. Shorten it and send it again."),
        size=size,
        limit=MAX_BODY,
    )


def _written(blocks: Sequence[Block]) -> Iterator[str]:
    """The blocks as HTML for markdownify, whose text is Markdown already."""
    shown = {block.cell.table for block in blocks if block.cell}
    grids = {table: grid for table in shown if (grid := _grid(table))}
    done: set[Table] = set()
    opened: list[_Node] = []
    for block in blocks:
        table = block.cell.table if block.cell and block.cell.columns else None
        if table in done:
            continue
        nodes = _nodes(block)
        same = len(list(takewhile(lambda pair: pair[0] == pair[1], zip(opened, nodes, strict=False))))
        yield from (f"</{tag}>" for tag, _, _ in reversed(opened[same:]))
        yield from (f"<{tag}{told}>" for tag, _, told in nodes[same:])
        begins_item = same < len(nodes) and nodes[-1][0] == "li"
        opened = nodes
        if table in grids and table is not None:
            done.add(table)
            yield _table(grids[table])
        elif block.kind != "p":
            yield f"<{block.kind}>{inline(block.runs, line=True)}</{block.kind}>"
        elif begins_item:  # without <p>, so that no empty line follows it
            yield inline(block.runs)
        else:
            yield f"<p>{inline(block.runs)}</p>"
    yield from (f"</{tag}>" for tag, _, _ in reversed(opened))


def _nodes(block: Block) -> list[_Node]:
    nodes: list[_Node] = []
    for node in block.path:
        if isinstance(node, Quote):
            nodes.append(("blockquote", node.number, ""))
        else:
            nodes.append(("ol" if node.ordered else "ul", node.list_number, ""))
            nodes.append(("li", node.number_in_text, f' value="{node.number}"'))
    return nodes


def _grid(table: Table) -> list[list[list[Run]]]:
    """The rows of a plain table with its cells in columns; nothing, where its text is better told in paragraphs."""
    if not table.plain or sum(cell.columns * cell.rows for row in table.rows for cell in row) > _MAX_CELLS:
        return []
    grid: list[list[list[Run]]] = []
    below: dict[int, int] = {}  # column: how many rows a cell above still takes of it
    for row in table.rows:
        cells: list[list[Run]] = []
        for cell in row:
            while below.get(len(cells), 0):
                below[len(cells)] -= 1
                cells.append([])
            for column in range(cell.columns):
                below[len(cells)] = cell.rows - 1
                cells.append(_cell(cell) if column == 0 else [])
        while below.get(len(cells), 0):
            below[len(cells)] -= 1
            cells.append([])
        if any(cells):
            grid.append(cells)
    width = max(map(len, grid), default=0)
    long = any(sum(len(run.text) for run in cell) > _MAX_CELL for row in grid for cell in row)
    if long or width < 2 or len(grid) < 2 or width * len(grid) > _MAX_CELLS:
        return []
    grid[0] = [tidy(run._replace(bold=False) for run in cell) for cell in grid[0]]  # a head is bold of itself
    return [[*row, *([[]] * (width - len(row)))] for row in grid]


def _cell(cell: Cell) -> list[Run]:
    runs: list[Run] = []
    for block in cell.blocks:
        runs += [Run(" "), *block.runs] if runs else block.runs
    return tidy(runs)


def _table(grid: list[list[list[Run]]]) -> str:
    rows = ("".join(f"<td>{inline(cell, cell=True)}</td>" for cell in row) for row in grid)
    return "<table><thead><tr>" + "</tr><tr>".join(rows).replace("</tr>", "</tr></thead>", 1) + "</tr></table>"


class _Writer(MarkdownConverter):
    """markdownify for text that is Markdown already, with the numbers of lists as they were."""

    def escape(self, text: str, parent_tags: set[str]) -> str:  # noqa: ARG002 - the library's arguments
        return text

    def convert_li(self, el: Tag, text: str, parent_tags: set[str]) -> str:  # noqa: ARG002 - the library's arguments
        ordered = el.parent is not None and el.parent.name == "ol"
        mark = f"{el['value']}. " if ordered else "- "
        return mark + _LINE_BEGIN.sub("\n" + " " * len(mark), text.strip()) + "\n"

    def convert_ol(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        # A list that does not begin with 1 would go on in the paragraph above it.
        first = el.find("li", recursive=False)
        apart = isinstance(first, Tag) and first["value"] != "1"
        if "li" in parent_tags:
            return ("\n\n" if apart else "\n") + text.rstrip()
        return f"\n\n{text}\n"
