"""Foreign text as Markdown that says the same: backslashes where a sign would otherwise mean something, and only there.

A rapporteur goes on writing in what was pasted, so "e-signatures", "JSI_2023", "3 * 4" and "#1" stay as they are.
Source: https://spec.commonmark.org/0.31.2/, and tables of https://github.github.com/gfm/.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from html import escape
from itertools import takewhile

from reporter.text.blocks import Run

_SPECIAL = re.compile(r"[\\`\[\]<&!|]|\*+|_+")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});")
# Where a line begins with one of these, it would be a heading, quote, list item, rule, underline or fence. The sign
# in the group takes the backslash.
_LINE_START = re.compile(
    r"(?:(#)#{0,5}(?=[ \n]|$)|(>)|([-+*])(?=[ \n]|$)|\d{1,9}([.)])(?=[ \n]|$)|(~)~~|(=)=*(?= *(?:\n|$))"
    r"|([-_*])(?=[-_* ]+(?:\n|$))|([-|:])(?=[-|: ]*(?:\n|$)))"
)
_CLOSING_HASHES = re.compile(r"(?:^| )(#)#*$")
_WEB_ADDRESS = re.compile(r"[a-zA-Z]{2,8}:[^\s<>\\|`]+")
_MAIL_ADDRESS = re.compile(r"[\w.+-]+@[a-z0-9-]+(?:\.[a-z0-9-]+)+", re.IGNORECASE | re.ASCII)
_UNSAFE = re.compile(r"[\s<>\\|`\x00-\x1f\x7f]")
_SIGNS = frozenset("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")


def inline(runs: Sequence[Run], *, line: bool = False, cell: bool = False) -> str:
    """HTML of `runs` (tidy ones) with a, strong, em and br, whose text is Markdown already.

    `line` is for headings, which take a single line, `cell` for the cells of tables.
    """
    if line or cell:
        runs = [run._replace(text=run.text.replace("\n", " ")) for run in runs]
    texts = list(_escaped(runs, line=line, cell=cell))
    return _marked(list(_atoms(runs, texts)))


def _escaped(runs: Sequence[Run], *, line: bool, cell: bool) -> Iterator[str]:
    """The text of each run with its backslashes; an address that is a link's own text stays in <>."""
    whole = "".join(run.text for run in runs)
    owners = [index for index, run in enumerate(runs) for _ in run.text]
    places = {place for place in _inline_places(runs, whole, owners) if cell or whole[place] != "|"}
    if not line and not cell:
        places |= _line_places(whole)
    elif line and (match := _CLOSING_HASHES.search(whole)):
        places.add(match.start(1))
    place = 0
    for run in runs:
        here = range(place, place + len(run.text))
        place = here.stop
        if _is_own_address(run):
            yield f"&lt;{escape(run.text)}&gt;"
            continue
        text = "".join(("\\" if index in places else "") + whole[index] for index in here)
        yield escape(text, quote=False).replace("\n", "<br>")


def _inline_places(runs: Sequence[Run], whole: str, owners: Sequence[int]) -> Iterator[int]:
    """Where a backslash is needed wherever the sign stands in its line, in order; of "|" all places."""
    for match in _SPECIAL.finditer(whole):
        sign, start, end = match[0][0], match.start(), match.end()
        before, after = whole[start - 1 : start] or " ", whole[end : end + 1] or " "
        run = runs[owners[start]]
        ends_run = end == len(whole) or owners[end] != owners[start]
        if sign in "*_":
            inside_run = not ends_run and start > 0 and owners[start - 1] == owners[start]
            # A line ends with a backslash, which is no space.
            alone = (
                before.isspace() and after == " " and not (run.bold or run.italic) and owners[end - 1] == owners[start]
            )
            inside_word = sign == "_" and before.isalnum() and after.isalnum() and inside_run
            if not alone and not inside_word:
                yield from range(start, end)
        elif sign in "`|" or (sign in "[]" and run.href):
            yield start
        elif sign == "\\":
            if ends_run or run.bold or run.italic or after == "\n" or after in _SIGNS:
                yield start
        elif sign == "]":
            # What looks like a definition is one only where a paragraph begins with it.
            if after == "(" or (after == ":" and whole.startswith("[")):
                yield start
        elif sign == "<":
            if after.isalpha() or after in "/!?":
                yield start
        elif sign == "&":
            if _ENTITY.match(whole, start):
                yield start
        elif sign == "!" and (after == "[" or (ends_run and end < len(whole) and runs[owners[end]].href)):
            yield start


def _line_places(whole: str) -> set[int]:
    """Where a backslash is needed because of what a line begins with."""
    starts = [0, *(match.end() for match in re.finditer("\n", whole))]
    matches = (_LINE_START.match(whole, start) for start in starts)
    return {match.start(match.lastindex or 0) for match in matches if match}


def _is_own_address(run: Run) -> bool:
    """Whether the link says just its address, so that <address> says it all."""
    if run.bold or run.italic:
        return False
    shape = _WEB_ADDRESS if run.href == run.text else _MAIL_ADDRESS
    return run.href in (run.text, f"mailto:{run.text}") and shape.fullmatch(run.text) is not None


class _Atom(Run):
    """A run whose text is HTML."""


def _atoms(runs: Sequence[Run], texts: Sequence[str]) -> Iterator[_Atom]:
    """The runs with each link closed: inside the marks around it where these go on on both sides, else around them."""
    index = 0
    while index < len(runs):
        run, end = runs[index], index + 1
        if not run.href or _is_own_address(run):
            yield _Atom(texts[index], run.bold, run.italic)
            index = end
            continue
        while end < len(runs) and runs[end].href == run.href and not _is_own_address(runs[end]):
            end += 1
        before = runs[index - 1] if index else None
        after = runs[end] if end < len(runs) else None
        start_tag = f'<a href="{escape(_destination(run.href))}">'
        if end == index + 1 and _goes_on(run, before, -1) and _goes_on(run, after, 0):
            yield _Atom(f"{start_tag}{texts[index]}</a>", run.bold, run.italic)
        else:
            parts = zip(texts[index:end], runs[index:end], strict=True)
            inside = _marked([_Atom(text, part.bold, part.italic) for text, part in parts])
            yield _Atom(f"{start_tag}{inside}</a>")
        index = end


def _goes_on(run: Run, other: Run | None, near: int) -> bool:
    """Whether the marks of `run` include the neighbour, or end at a space."""
    if other is None or other.text[near].isspace():
        return True
    return (run.bold, run.italic) == (other.bold, other.italic)


def _marked(atoms: Sequence[_Atom]) -> str:
    """The HTML of `atoms` with strong and em, whichever goes on for longer outside."""
    parts: list[str] = []
    index = 0
    while index < len(atoms):
        rest = range(index, len(atoms))
        strong = _length(atoms[place].bold for place in rest)
        slanted = _length(atoms[place].italic for place in rest)
        group = atoms[index : index + max(strong, slanted, 1)]
        index += len(group)
        if strong and strong >= slanted:
            parts.append(f"<strong>{_marked([atom._replace(bold=False) for atom in group])}</strong>")
        elif slanted:
            parts.append(f"<em>{_marked([atom._replace(italic=False) for atom in group])}</em>")
        else:
            parts.append(group[0].text)
    return "".join(parts)


def _length(looks: Iterable[bool]) -> int:
    """How many of `looks` are true before the first that is not."""
    return sum(1 for _ in takewhile(bool, looks))


def _destination(address: str) -> str:
    """`address` as it may stand in the brackets of a link."""
    address = _UNSAFE.sub(lambda match: "".join(f"%{byte:02X}" for byte in match[0].encode()), address)
    address = _ENTITY.sub(lambda match: "\\" + match[0], address)
    return address.replace("(", "%28").replace(")", "%29")
