"""Files that a rapporteur wrote elsewhere become Markdown: Word (.docx), OpenDocument (.odt) and plain text.

What a file is, its content says; names are often wrong. Every format becomes HTML first and takes the same road as
what is pasted, so a document looks the same however it arrives.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

from reporter.rules.errors import N_, Refused
from reporter.text import odt_in, plain_in
from reporter.text.archive import DAMAGED, TOO_LARGE, ZIP, names, parts, repacked
from reporter.text.paste import from_clipboard

MAX_UPLOAD = 10_000_000  # bytes
MAX_SECONDS = 4.5  # for the conversion of a Word document, from start to end

_DOCUMENT = re.compile(r"word/document\d*\.xml")
_WANTED = re.compile(
    r"\[Content_Types\]\.xml|_rels/\.rels"
    r"|word/(?:_rels/)?(?:document|styles|numbering|footnotes|endnotes)\d*\.xml(?:\.rels)?"
)
# mammoth leaves out what stands in these; in a smart tag it reads it: fields, and words in the other direction.
_UNKNOWN = re.compile(rb"<(/?)w:(?:fldSimple|dir|bdo)(?=[\s/>])")
_CHILD = Path(__file__).with_name("docx_child.py")  # started by its path, never imported: mammoth stays out of here
_SAYS_DAMAGED = 2  # its exit code
_KEPT_SETTINGS = ("PATH", "LD_LIBRARY_PATH", "HOME", "TMPDIR")

_OTHER_KINDS = (  # how a file begins, and what to do about it
    (b"%PDF", N_("This is a PDF, which keeps no paragraphs. Choose the .docx or .odt from which it was made.")),
    (b"{\\rtf", N_("This is an RTF file. Open it in your word processor, save it as .docx and choose that file.")),
    (
        b"\xd0\xcf\x11\xe0",
        N_(
            "This is an old Word file (.doc) or one with a password. Save it as .docx without one and choose that file."
        ),
    ),
)
_OTHER_ARCHIVE = N_("“%(name)s” is neither a Word document (.docx) nor OpenDocument text (.odt). Choose one of these.")
_WEB_PAGE = N_(
    "This file is a web page or XML. Open it in the program that it is for, copy its text and paste it here."
)
_NO_WORDS = N_("There are no words in “%(name)s”. Choose another file.")


def from_upload(data: bytes, filename: str) -> str:
    """Markdown of an uploaded file: .docx, .odt or plain text (UTF-8, UTF-16 with its mark, else Windows-1252).

    `filename` is only ever named in a refusal. Comments, pictures and tracked deletions are dropped, tracked
    insertions kept; nothing that the file refers to is fetched. Plain text may be Markdown and is taken as it is.

    Raises Refused (TextRefused for what is too much text) for more than MAX_UPLOAD bytes, other kinds of files,
    damaged ones, those beyond the limits of `archive`, and those without words. May take MAX_SECONDS.
    """
    name = " ".join(filename.split())[:100] or "—"
    if len(data) > MAX_UPLOAD:
        raise Refused(
            N_("This file is larger than %(limit)s MB. Remove its pictures, or copy its text and paste it."),
            limit=MAX_UPLOAD // 1_000_000,
        )
    for start, sentence in _OTHER_KINDS:
        if data.startswith(start):
            raise Refused(sentence)
    markdown = _from_archive(data, name) if data.startswith(ZIP) else _from_text(data)
    if not markdown.strip():
        raise Refused(_NO_WORDS, name=name)
    return markdown


def _from_archive(data: bytes, name: str) -> str:
    found = names(data)
    if any(map(_DOCUMENT.fullmatch, found)):
        return from_clipboard(_word_html(data))
    if odt_in.CONTENT in found and (html := odt_in.html(data)) is not None:
        return from_clipboard(html)
    raise Refused(_OTHER_ARCHIVE, name=name)


def _from_text(data: bytes) -> str:
    if re.match(rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype html|html|head|body|\?xml)\b", data[:1_000], re.IGNORECASE):
        raise Refused(_WEB_PAGE)
    return plain_in.markdown(data)


def _word_html(data: bytes) -> str:
    """The document as HTML, made by a process of its own."""
    read = {
        name: _UNKNOWN.sub(rb"<\1w:smartTag", content) if name.endswith(".xml") else content
        for name, content in parts(data, _WANTED).items()
    }
    settings = {name: os.environ[name] for name in _KEPT_SETTINGS if name in os.environ}
    try:
        done = subprocess.run(
            [sys.executable, "-P", str(_CHILD)],
            input=repacked(read),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=MAX_SECONDS,
            cwd="/",
            env={**settings, "PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "LC_ALL": "C.UTF-8"},
            check=False,
        )
    except subprocess.TimeoutExpired as problem:
        raise Refused(TOO_LARGE) from problem
    if done.returncode == _SAYS_DAMAGED:
        raise Refused(DAMAGED)
    if done.returncode != 0:
        raise Refused(TOO_LARGE)
    return done.stdout.decode()
