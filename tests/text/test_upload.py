"""Uploaded documents become Markdown; what means harm, or is something else, gets one sentence and takes no more."""

import os
import re
import socket
import subprocess
import sys
import zipfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path

import pytest

from reporter.rules.errors import Refused, TextRefused
from reporter.rules.report_text import MAX_BODY
from reporter.text import archive, docx_child, docx_in
from reporter.text.docx_in import MAX_UPLOAD, from_upload

ROOT = Path(__file__).resolve().parents[2]
FIELD = Path(os.environ.get("FIELD_FILES") or ROOT.parent / "shared" / "field")
MAX_RESIDENT = 200_000  # kB

# Word

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" '
    'ContentType="application/xml"/><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.'
    'relationships+xml"/></Types>'
)
STYLES = "".join(
    f'<w:style w:type="paragraph" w:styleId="{key}"><w:name w:val="{name}"/></w:style>'
    for key, name in [("Titre", "Title"), ("Titre1", "heading 1"), ("Titre2", "heading 2"), ("Citation", "Quote")]
)
NUMBERING = (
    '<w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:numFmt w:val="decimal"/></w:lvl><w:lvl w:ilvl="1">'
    '<w:numFmt w:val="bullet"/></w:lvl></w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
)


def zipped(parts: dict[str, str | bytes]) -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return file.getvalue()


def relations(*targets: tuple[str, str, str, str]) -> str:
    """Relationships: id, kind, target, " TargetMode='External'" or nothing."""
    written = "".join(
        f'<Relationship Id="{i}" Type="{R}/{kind}" Target="{to}"{mode}/>' for i, kind, to, mode in targets
    )
    space = "http://schemas.openxmlformats.org/package/2006/relationships"
    return f'<Relationships xmlns="{space}">{written}</Relationships>'


def docx(body: str, *targets: tuple[str, str, str, str], **parts: str) -> bytes:
    """A Word document with `body`, its relations, and other parts under word/."""
    made: dict[str, str | bytes] = {
        "[Content_Types].xml": TYPES,
        "_rels/.rels": relations(("r1", "officeDocument", "word/document.xml", "")),
        "word/document.xml": f'<w:document {W} xmlns:r="{R}"><w:body>{body}</w:body></w:document>',
        "word/_rels/document.xml.rels": relations(*targets),
        "word/styles.xml": f"<w:styles {W}>{STYLES}</w:styles>",
        "word/numbering.xml": f"<w:numbering {W}>{NUMBERING}</w:numbering>",
    }
    return zipped({**made, **{f"word/{name}.xml": content for name, content in parts.items()}})


def p(*runs: str, style: str = "", level: int | None = None) -> str:
    properties = f'<w:pStyle w:val="{style}"/>' if style else ""
    if level is not None:
        properties += f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="1"/></w:numPr>'
    return f"<w:p><w:pPr>{properties}</w:pPr>{''.join(runs)}</w:p>"


def t(text: str, *looks: str) -> str:
    return f'<w:r><w:rPr>{"".join(f"<w:{x}/>" for x in looks)}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def test_a_word_document() -> None:
    data = docx(
        p(t("Closing plenary"), style="Titre")
        + p(t("What was said"), style="Titre1")
        + p(t("Plain, "), t("bold", "b"), t(" text", "b"), t(" and "), t("slanted", "i"), t("."))
        + p(t("First"), level=0)
        + p(t("Below"), level=1)
        + p(t("Second"), level=0)
        + p(t("As she said"), style="Citation")
        + p(
            f'<w:hyperlink r:id="r1">{t("a page")}</w:hyperlink>',
            t(", "),
            f'<w:hyperlink r:id="r2">{t("a trap")}</w:hyperlink>',
        )
        + f"<w:tbl><w:tr><w:tc>{p(t('Who'))}</w:tc><w:tc>{p(t('What'))}</w:tc></w:tr>"
        f"<w:tr><w:tc>{p(t('EU'))}</w:tc><w:tc>{p(t('Offer'))}</w:tc></w:tr></w:tbl>",
        ("r1", "hyperlink", "https://unctad.example/", ' TargetMode="External"'),
        ("r2", "hyperlink", "javascript:alert(1)", ' TargetMode="External"'),
    )
    assert from_upload(data, "plenary.docx") == (
        "# Closing plenary\n\n# What was said\n\nPlain, **bold text** and *slanted*.\n\n"
        "1. First\n   - Below\n2. Second\n\n> As she said\n\n[a page](https://unctad.example/), a trap\n\n"
        "| Who | What |\n| --- | --- |\n| EU | Offer |"
    )


def test_word_comments_and_deletions_go_and_insertions_stay() -> None:
    by = 'w:id="1" w:author="A B" w:date="2023-12-04T10:15:00Z"'
    data = docx(
        p(
            '<w:commentRangeStart w:id="0"/>',
            t("The text"),
            '<w:commentRangeEnd w:id="0"/><w:r><w:commentReference w:id="0"/></w:r>',
            f"<w:del {by}><w:r><w:delText> never</w:delText></w:r></w:del><w:ins {by}>{t(' always')}</w:ins>",
            f"<w:moveFrom {by}>{t(' from')}</w:moveFrom><w:moveTo {by}>{t(' to')}</w:moveTo>",
            '<w:fldSimple w:instr=" REF x ">' + t(" field") + "</w:fldSimple>",
            '<w:bdo w:val="rtl">' + t(" turned") + "</w:bdo>",
        ),
        ("r1", "comments", "comments.xml", ""),
        comments=f'<w:comments {W}><w:comment w:id="0" w:author="A B">{p(t("Are we sure?"))}</w:comment></w:comments>',
    )
    assert from_upload(data, "x.docx") == "The text always to field turned"


def test_word_footnotes_come_at_the_end() -> None:
    data = docx(
        p(t("Agreed"), '<w:r><w:footnoteReference w:id="2"/></w:r>', t(".")),
        ("r1", "footnotes", "footnotes.xml", ""),
        footnotes=f'<w:footnotes {W}><w:footnote w:id="2">{p(t("By all."))}</w:footnote></w:footnotes>',
    )
    assert from_upload(data, "x.docx") == "Agreed[1].\n\n1. By all."


def test_no_picture_is_fetched() -> None:
    drawing = "http://schemas.openxmlformats.org/drawingml/2006"
    picture = (
        f'<w:r><w:drawing><a:graphic xmlns:a="{drawing}/main"><a:graphicData><pic:pic xmlns:pic="{drawing}/picture">'
        '<pic:blipFill><a:blip r:link="r1"/></pic:blipFill></pic:pic></a:graphicData></a:graphic></w:drawing></w:r>'
    )
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"http://127.0.0.1:{server.getsockname()[1]}/p.png"
        data = docx(p(t("words"), picture), ("r1", "image", address, ' TargetMode="External"'))
        assert from_upload(data, "x.docx") == "words"
        server.setblocking(False)
        with pytest.raises(BlockingIOError):  # nobody has knocked
            server.accept()


# OpenDocument

COMPATIBLE = {"fo": "xsl-fo-compatible", "svg": "svg-compatible"}
ODF = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for prefix, name in {"office": "office", "text": "text", "style": "style", "table": "table", **COMPATIBLE}.items()
)
ODF += ' xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:dc="http://purl.org/dc/elements/1.1/"'
AUTOMATIC = (
    '<style:style style:name="T1" style:family="text"><style:text-properties fo:font-weight="bold"/></style:style>'
    '<style:style style:name="T2" style:family="text"><style:text-properties fo:font-style="italic"/></style:style>'
    '<style:style style:name="P1" style:family="paragraph" style:parent-style-name="Quotations"/>'
    '<style:style style:name="T3" style:family="text" style:parent-style-name="Strong"/>'
    '<text:list-style style:name="L1"><text:list-level-style-number text:level="1" style:num-format="1"/>'
    '<text:list-level-style-bullet text:level="2"/></text:list-style>'
)


def odt(body: str, *, kind: str = "text") -> bytes:
    strong = '<style:style style:name="Strong"><style:text-properties fo:font-weight="bold"/></style:style>'
    master = "<office:master-styles><style:header><text:p>page header</text:p></style:header></office:master-styles>"
    return zipped(
        {
            "mimetype": f"application/vnd.oasis.opendocument.{kind}",
            "content.xml": f"<office:document-content {ODF}>"
            f"<office:automatic-styles>{AUTOMATIC}</office:automatic-styles><office:body><office:{kind}>{body}</office:{kind}></office:body></office:document-content>",
            "styles.xml": f"<office:document-styles {ODF}><office:styles>{strong}</office:styles>{master}"
            "</office:document-styles>",
            "META-INF/manifest.xml": "<manifest/>",
        }
    )


def test_an_opendocument_text() -> None:
    data = odt(
        "<text:tracked-changes><text:changed-region><text:deletion><text:p>deleted</text:p></text:deletion>"
        '</text:changed-region></text:tracked-changes><text:h text:outline-level="2">Outcome</text:h>'
        '<text:p>Plain,<text:s text:c="2"/><text:span text:style-name="T1">bold</text:span> &amp; <text:span '
        'text:style-name="T2">slanted</text:span>, <text:span text:style-name="T3">strong</text:span>'
        "<office:annotation><dc:creator>A B</dc:creator><text:p>Are we sure?</text:p></office:annotation>.</text:p>"
        '<text:list text:style-name="L1"><text:list-item><text:p>First</text:p><text:list><text:list-item><text:p>Below'
        "</text:p></text:list-item></text:list></text:list-item><text:list-item><text:p>Second</text:p></text:list-item>"
        '</text:list><text:p text:style-name="P1">As she said</text:p><text:p>See <text:a xlink:href="https://a.example/">'
        'a page</text:a>, <text:a xlink:href="javascript:x">a trap</text:a>,<text:line-break/>agreed<text:note '
        'text:note-class="footnote"><text:note-citation>1</text:note-citation><text:note-body><text:p>By all.</text:p>'
        "</text:note-body></text:note>.</text:p><table:table><table:table-row><table:table-cell><text:p>Who</text:p>"
        "</table:table-cell><table:table-cell><text:p>What</text:p></table:table-cell></table:table-row><table:table-row>"
        '<table:table-cell table:number-columns-spanned="2"><text:p>All</text:p></table:table-cell>'
        "<table:covered-table-cell/></table:table-row></table:table>"
    )
    assert from_upload(data, "outcome.odt") == (
        "## Outcome\n\nPlain, **bold** & *slanted*, **strong**.\n\n1. First\n   - Below\n2. Second\n\n> As she said\n\n"
        "See [a page](https://a.example/), a trap,\\\nagreed[1].\n\n| Who | What |\n| --- | --- |\n| All |  |\n\n"
        "[1] By all."
    )


def test_lists_that_libreoffice_indents_with_empty_items() -> None:
    def listed(text: str, depth: int) -> str:
        inner = f"<text:p>{text}</text:p>"
        for level in range(depth):
            name = ' text:style-name="L1"' if level == depth - 1 else ""
            inner = f"<text:list{name}><text:list-item>{inner}</text:list-item></text:list>"
        return inner

    data = odt(listed("One", 1) + listed("Under one", 2) + listed("Two", 1) + "<text:p>x</text:p>" + listed("Three", 2))
    assert from_upload(data, "x.odt") == "1. One\n   - Under one\n1. Two\n\nx\n\n- Three"


# Plain text


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("Café\r\n\r\n- *one*\r\n".encode(), "Café\n\n- *one*"),
        (b"\xef\xbb\xbfCaf\xc3\xa9", "Café"),
        ("Café".encode("utf-16"), "Café"),
        (b"\xfe\xff" + "Café".encode("utf-16-be"), "Café"),
        (b"Caf\xe9 \x93quoted\x94 \x80", "Café “quoted” €"),
        (b"one\ntwo", "one\ntwo"),
        (f"{'long ' * 30}\nnext\n- item\n- item".encode(), f"{'long ' * 30}\n\nnext\n- item\n- item"),
        (f"one\n\t{'long ' * 30}end".encode(), f"one\n\n{'long ' * 30}end"),
    ],
)
def test_plain_text(data: bytes, text: str) -> None:
    assert from_upload(data, "notes.txt") == text
    assert from_upload(data, "notes.docx") == text  # the content counts, not the name


# What is refused


def refusal(data: bytes, name: str = "x.docx") -> str:
    with pytest.raises(Refused) as refused:
        from_upload(data, name)
    return str(refused.value)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"%PDF-1.7\n", "This is a PDF, "),
        (b"{\\rtf1\\ansi text}", "This is an RTF file. "),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "This is an old Word file (.doc) or one with a password. "),
        (b"\n<!DOCTYPE html><p>x", "This file is a web page or XML. "),
        (b"\x89PNG\r\n\x1a\n\0\0", "This file is no text that can be read here. "),
        (b"\xff\xfe\x00\xd8", "This file is no text that can be read here. "),
        (b"\x81\x8d", "This file is no text that can be read here. "),
        (b"", "There are no words in “x.docx”. "),
        (b" \n", "There are no words in “x.docx”. "),
        (docx(p()), "There are no words in “x.docx”. "),
        (zipped({"a.txt": "x"}), "“x.docx” is neither a Word document (.docx) nor OpenDocument text (.odt). "),
        (odt("<table:table/>", kind="spreadsheet"), "“x.docx” is neither a Word document (.docx) nor "),
        (docx(p(t("x")))[:400], "This file is damaged or has a password. "),
        (zipped({"word/document.xml": "<w:document"}), "This file is damaged or has a password. "),
        (zipped({"content.xml": f"<office:document-content {ODF}>"}), "This file is damaged or has a password. "),
        (zipped({"word/document.xml": b"\0" * 100}), "This file is damaged or has a password. "),
        (b"x" * (MAX_UPLOAD + 1), "This file is larger than 10 MB. "),
    ],
)
def test_other_files_get_one_sentence(data: bytes, sentence: str) -> None:
    assert refusal(data).startswith(sentence)


def test_too_much_text_is_refused_as_text() -> None:
    for data in (
        b"x" * (MAX_BODY + 1),
        docx(p(t("word " * (MAX_BODY // 5 + 1)))),
        odt(f"<text:p>{'x ' * MAX_BODY}</text:p>"),
    ):
        with pytest.raises(TextRefused):
            from_upload(data, "x")


def entity(head: str) -> bytes:
    return zipped({"word/document.xml": f"{head}<w:document {W}><w:body>{p(t('&x;'))}</w:body></w:document>"})


def lying(data: bytes, name: str, size: int) -> bytes:
    """The archive with a wrong unpacked size in both places that tell it."""
    with zipfile.ZipFile(BytesIO(data)) as made:
        entry = made.getinfo(name)
    changed, told = bytearray(data), size.to_bytes(4, "little")
    changed[entry.header_offset + 22 : entry.header_offset + 26] = told
    central = data.index(b"PK\x01\x02", data.index(name.encode(), data.index(b"PK\x01\x02")) - 46)
    changed[central + 24 : central + 28] = told
    with zipfile.ZipFile(BytesIO(changed)) as made:
        assert made.getinfo(name).file_size == size
    return bytes(changed)


def test_the_directory_is_measured_before_anything_is_read() -> None:
    xml = f"<w:document {W}><w:body>{p(t('x'))}</w:body></w:document>"
    spaces = " " * archive.MAX_PART
    too_large = archive.TOO_LARGE
    assert refusal(zipped({"word/document.xml": xml + spaces})) == too_large
    assert refusal(zipped({"content.xml": xml + spaces})) == too_large
    assert refusal(zipped({"word/document.xml": xml + " " * 1_000_000})) == too_large  # by its ratio
    assert refusal(docx(p(t("x")), **{f"m{n}": "" for n in range(archive.MAX_ENTRIES)})) == too_large
    pictures = {f"word/media/{n}.emf": b"\0" * 30_000_000 for n in range(4)}
    assert refusal(zipped({"word/document.xml": xml, **pictures})) == too_large
    assert refusal(zipped({"word/document.xml": f"<a>{'<b/>' * archive.MAX_TAGS}</a>"})) == too_large


def test_a_directory_that_lies_changes_nothing() -> None:
    body = "".join(p(t(f"word{number}")) for number in range(2_000))
    data = docx(body)
    assert from_upload(data, "x.docx").endswith("word1999")
    for size in (100, 3_999_999):
        assert refusal(lying(data, "word/document.xml", size)) in {archive.DAMAGED, archive.TOO_LARGE}


@pytest.mark.parametrize(
    "head",
    [
        '<!DOCTYPE z [<!ENTITY x SYSTEM "file:///etc/hostname">]>',
        '<?xml version="1.0"?><!DOCTYPE z [<!ENTITY a "ha"><!ENTITY x "&a;&a;">]>',
        '<!DOCTYPE z SYSTEM "http://127.0.0.1:9/x.dtd">',
    ],
)
def test_entities_are_refused(head: str) -> None:
    assert "abbreviations" in refusal(entity(head))
    content = f"{head}<office:document-content {ODF}/>"
    assert "abbreviations" in refusal(zipped({"content.xml": content}))


def test_an_encoding_that_could_hide_entities_is_refused() -> None:
    xml = f'<?xml version="1.0" encoding="utf-16"?><w:document {W}/>'
    assert refusal(zipped({"word/document.xml": xml.encode("utf-16")})) == archive.DAMAGED
    assert refusal(zipped({"word/document.xml": xml.replace("utf-16", "cp037")})) == archive.DAMAGED


# The child process


def child(data: bytes) -> tuple[int, bytes, int]:
    """The child's exit code, answer and largest resident size in kB, without that of whoever starts it."""
    script = (
        "import resource, subprocess, sys; done = subprocess.run([sys.executable, '-P', sys.argv[1]], stdin=sys.stdin, "
        "stdout=subprocess.PIPE, stderr=subprocess.DEVNULL); sys.stdout.buffer.write(b'%d %d\\n' % (done.returncode, "
        "resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss) + done.stdout)"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    command = [sys.executable, "-S", "-E", "-c", script, docx_child.__file__]
    done = subprocess.run(command, input=data, stdout=subprocess.PIPE, env=environment, check=True)
    head, _, answer = done.stdout.partition(b"\n")
    code, resident = map(int, head.split())
    return code, answer, resident


BOMBS: dict[str, Callable[[], bytes]] = {
    "paragraphs": lambda: docx("<w:p><w:r><w:t>x</w:t></w:r></w:p>" * 300_000),
    "runs": lambda: docx(p(*(t("x", "b", "i") for _ in range(60_000)))),
    "one text": lambda: docx(p(t("x" * 50_000_000))),
    "nested": lambda: docx("<w:smartTag>" * 50_000 + p(t("x")) + "</w:smartTag>" * 50_000),
    "attributes": lambda: docx("<w:p " + " ".join(f'a{n}="x"' for n in range(300_000)) + "/>"),
    "cells": lambda: docx("<w:tbl>" + ("<w:tr>" + f"<w:tc>{p(t('x'))}</w:tc>" * 100 + "</w:tr>") * 500 + "</w:tbl>"),
}


@pytest.mark.slow
@pytest.mark.parametrize("bomb", BOMBS.values(), ids=BOMBS.keys())
def test_whatever_reaches_the_child_ends_within_its_memory(bomb: Callable[[], bytes]) -> None:
    code, answer, resident = child(bomb())
    assert (code == 0) == bool(answer)
    assert resident < MAX_RESIDENT


@pytest.mark.parametrize("bomb", BOMBS.values(), ids=BOMBS.keys())
def test_a_bomb_is_refused_with_one_sentence(bomb: Callable[[], bytes]) -> None:
    assert refusal(bomb()) == archive.TOO_LARGE


def test_the_largest_document_that_is_let_through_fits() -> None:
    paragraphs = range(archive.MAX_TAGS // 9)
    data = docx("".join(p(t(f"{number:x}")) for number in paragraphs if number % 2))
    assert archive.parts(data, re.compile("word/document.xml"))
    code, answer, resident = child(data)
    assert (code, answer[:16]) == (0, b"<p>1</p><p>3</p>")
    assert resident < MAX_RESIDENT


def test_the_codes_of_the_child_are_understood() -> None:
    assert docx_in._SAYS_DAMAGED == docx_child.DAMAGED
    assert child(b"no archive")[0] == docx_child.DAMAGED
    assert child(docx(p(t("&amp;x"))))[:2] == (0, b"<p>&amp;x</p>")


def test_entities_do_not_pass_the_child_either() -> None:
    head = '<!DOCTYPE z [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
    assert child(entity(head))[:2] == (docx_child.DAMAGED, b"")


def test_eight_threads_convert_at_once() -> None:
    documents = [docx(p(t(f"number {number}"))) for number in range(8)]
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda data: from_upload(data, "x.docx"), documents))
    assert found == [f"number {number}" for number in range(8)]


OFFICE = sorted((FIELD / "hostile" / "office").glob("*"))


@pytest.mark.parametrize("path", OFFICE, ids=lambda path: path.name)
def test_every_hostile_document_gives_text_or_one_sentence(path: Path) -> None:
    data = path.read_bytes()
    try:
        text = from_upload(data, path.name)
    except Refused as refused:
        text = str(refused)
        assert text.endswith(".")
    assert text
    assert Path("/etc/hostname").read_text().strip() not in text


@pytest.mark.slow
@pytest.mark.parametrize("path", OFFICE, ids=lambda path: path.name)
def test_even_without_a_look_at_its_directory_a_hostile_document_takes_little_memory(path: Path) -> None:
    assert child(path.read_bytes())[2] < MAX_RESIDENT
