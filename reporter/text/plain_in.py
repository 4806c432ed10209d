"""Plain text files as Markdown: their encoding told from their bytes, their lines made paragraphs.

Editors of plain text end either every paragraph with a line end or every line. Markdown joins lines, so where lines
are as long as paragraphs, each is made one.
"""

import re

from reporter.rules.errors import N_, Refused, TextRefused
from reporter.rules.report_text import MAX_BODY, clean

_UTF_16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_UTF_8_MARK = b"\xef\xbb\xbf"
_LONG_LINE = 120  # characters; nobody's editor ends lines later than that by itself
_NOT_WRITTEN = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_LIST_OR_QUOTE = re.compile(r"\s*(?:[-+*>|]|\d{1,9}[.)])(?:\s|$)|\s*\|")
_NO_TEXT = N_("This file is no text that can be read here. Choose a Word document (.docx), .odt or plain text (.txt).")


def markdown(data: bytes) -> str:
    """The text of `data`, which may be Markdown: kept as it is, but that every long line becomes a paragraph.

    Its encoding is UTF-16 where it begins with that mark, else UTF-8, else Windows-1252. Raises Refused for what is
    no text in any of these, TextRefused for more than `report_text.MAX_BODY` characters.
    """
    text = clean(_decoded(data)).strip("\n")
    lines = text.split("\n")
    if any(len(line) > _LONG_LINE for line in lines):
        text = "\n".join(_apart(lines))
    if len(text) > MAX_BODY:
        raise TextRefused(
            N_("The text has %(size)s characters; at most %(limit)s are possible. Shorten it and send it again."),
            size=len(text),
            limit=MAX_BODY,
        )
    return text


def _decoded(data: bytes) -> str:
    try:
        if data.startswith(_UTF_16_MARKS):
            text = data.decode("utf-16")
        else:
            text = _utf_8_or_windows(data.removeprefix(_UTF_8_MARK))
    except UnicodeDecodeError as problem:
        raise Refused(_NO_TEXT) from problem
    if _NOT_WRITTEN.search(text):
        raise Refused(_NO_TEXT)
    return text


def _utf_8_or_windows(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data.decode("cp1252")


def _apart(lines: list[str]) -> list[str]:
    """The lines with an empty one between any two that are both paragraphs, long ones without an indent."""
    apart: list[str] = []
    in_fence = False
    for line in lines:
        if line.lstrip().startswith(("```", "~~~")):
            in_fence = not in_fence
        is_prose = bool(line.strip()) and not _LIST_OR_QUOTE.match(line) and not in_fence
        before = apart[-1] if apart else ""
        if is_prose and before.strip() and not _LIST_OR_QUOTE.match(before):
            apart.append("")
        # A first line that is indented is a way to begin a paragraph; to Markdown it would be a program's code.
        apart.append(line.lstrip() if is_prose and len(line) > _LONG_LINE else line)
    return apart
