"""The parts of a document that is a zip archive (.docx, .odt), measured before and while they are unpacked.

77 kB of such an archive can become gigabytes. So its directory is looked at first, only the parts that hold text are
read at all, never more of them than the directory promised, and none that defines entities goes further.
Source: https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT.
"""

import re
import zlib
from collections.abc import Iterable
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from reporter.rules.errors import N_, Refused

ZIP = b"PK\x03\x04"
MAX_ENTRIES = 2_000
MAX_UNPACKED = 100_000_000  # bytes of all entries together, pictures included
MAX_PART = 4_000_000  # bytes of one part that holds text
MAX_TAGS = 120_000  # of all these parts together; forty pages of Word have a third of that
MAX_RATIO = 150  # times that a part above _SMALL may be larger than it is packed
_SMALL = 250_000
_DIRECTORY_ENTRY = b"PK\x01\x02"
_ENCRYPTED = 1
_ENCODING = re.compile(rb"""^[^>]{0,200}?encoding\s*=\s*["']([\w.-]+)""")
_ENCODINGS = {b"utf-8", b"utf8", b"us-ascii", b"ascii"}

DAMAGED = N_(
    "This file is damaged or has a password. Open it in your word processor, save it again without one and choose that."
)
TOO_LARGE = N_("This document holds too much to be read here. Copy the part that you need and paste it into the text.")
_ENTITIES = N_("This document defines its own abbreviations, which no word processor does. Copy its text and paste it.")

_UNREADABLE = (BadZipFile, zlib.error, ValueError, RuntimeError, NotImplementedError, OSError, EOFError, OverflowError)


def names(data: bytes) -> set[str]:
    """The names of everything in the archive `data`.

    Raises Refused where the directory is damaged or promises more than MAX_ENTRIES or MAX_UNPACKED.
    """
    return {entry.filename for entry in _directory(data)}


def parts(data: bytes, wanted: "re.Pattern[str]") -> dict[str, bytes]:
    """The XML parts of the archive `data` whose whole names match `wanted`, by their names.

    Raises Refused for what `names` refuses, for a part that is there twice, is protected, would unpack to more than
    MAX_PART or more than MAX_RATIO times its size, is no XML in UTF-8 or has a document type definition, and for more
    than MAX_TAGS in all parts.
    """
    entries = [entry for entry in _directory(data) if wanted.fullmatch(entry.filename)]
    if len({entry.filename for entry in entries}) < len(entries):
        raise Refused(DAMAGED)
    _measure(entries)
    read: dict[str, bytes] = {}
    try:
        with ZipFile(BytesIO(data)) as archive:
            for entry in entries:
                with archive.open(entry) as file:
                    read[entry.filename] = file.read(MAX_PART + 1)
    except _UNREADABLE as problem:
        raise Refused(DAMAGED) from problem
    _check(read.values())
    return read


def repacked(read: dict[str, bytes]) -> bytes:
    """An archive of just these parts, not compressed."""
    file = BytesIO()
    with ZipFile(file, "w", ZIP_STORED) as archive:
        for name, content in read.items():
            archive.writestr(name, content)
    return file.getvalue()


def _directory(data: bytes) -> list[ZipInfo]:
    if data.count(_DIRECTORY_ENTRY) > MAX_ENTRIES:  # before zipfile makes half a kilobyte of each
        raise Refused(TOO_LARGE)
    try:
        with ZipFile(BytesIO(data)) as archive:
            entries = archive.infolist()
    except _UNREADABLE as problem:
        raise Refused(DAMAGED) from problem
    if sum(entry.file_size for entry in entries) > MAX_UNPACKED:
        raise Refused(TOO_LARGE)
    return entries


def _measure(entries: Iterable[ZipInfo]) -> None:
    """Refuse by the directory alone."""
    for entry in entries:
        if entry.flag_bits & _ENCRYPTED or entry.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
            raise Refused(DAMAGED)
        swells = entry.file_size > _SMALL and entry.file_size > MAX_RATIO * entry.compress_size
        if entry.file_size > MAX_PART or swells:
            raise Refused(TOO_LARGE)


def _check(contents: Iterable[bytes]) -> None:
    """Refuse what would keep a reader of XML busy, or make it look elsewhere."""
    tags = 0
    for content in contents:
        start = content.removeprefix(b"\xef\xbb\xbf").lstrip()
        encoding = _ENCODING.match(start[:250])
        if not start.startswith(b"<") or b"\0" in content or (encoding and encoding[1].lower() not in _ENCODINGS):
            raise Refused(DAMAGED)
        if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
            raise Refused(_ENTITIES)
        tags += content.count(b"<")
        if len(content) > MAX_PART or tags > MAX_TAGS:
            raise Refused(TOO_LARGE)
