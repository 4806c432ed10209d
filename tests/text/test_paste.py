"""What browsers' clipboards hold becomes the Markdown that a rapporteur would have typed, and nothing active."""

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree.ElementTree import Element

import html5lib
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reporter.rules.errors import TextRefused
from reporter.rules.report_text import MAX_BODY, clean
from reporter.text.foreign_html import MAX_FOREIGN_TAGS, MAX_OPEN
from reporter.text.markup import MAX_DEPTH, MAX_TAGS, render
from reporter.text.paste import MAX_PASTED, from_clipboard

ROOT = Path(__file__).resolve().parents[2]
FIELD = Path(os.environ.get("FIELD_FILES") or ROOT.parent / "shared" / "field")
EXAMPLES = settings(max_examples=200 * int(os.environ.get("TEST_SCALE", "1")), deadline=None)

TAGS = {
    *("p", "br", "hr", "h2", "h3", "h4", "ul", "ol", "li", "a", "strong", "em", "blockquote", "code", "pre"),
    *("table", "thead", "tbody", "tr", "th", "td"),
}
ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}, "li": {"value"}}


def tree(html: str) -> Element:
    found: Element = html5lib.parseFragment(html, namespaceHTMLElements=False)
    return found


def shown(markdown: str) -> str:
    """The words on the page with single spaces, after a look at every tag, attribute and address."""
    found = tree(render(markdown))
    for element in list(found.iter())[1:]:
        assert element.tag in TAGS
        assert set(element.attrib) <= ATTRIBUTES.get(element.tag, set())
        assert re.match("https?://|mailto:", element.attrib.get("href", "http://"), re.IGNORECASE)
    return " ".join("".join(found.itertext()).split())


def as_html(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")


# Word, as its own clipboard format has it and browsers hand it on


def word(*paragraphs: str) -> str:
    """A page of Word for Windows around `paragraphs`."""
    return (
        '<html xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office">\r\n<head>\r\n'
        '<meta name=Generator content="Microsoft Word 15">\r\n<!--[if gte mso 9]><xml><o:OfficeDocumentSettings>'
        "<o:AllowPNG/></o:OfficeDocumentSettings></xml><![endif]-->\r\n<style>\r\n<!--\r\n p.MsoNormal\r\n\t"
        '{margin:0cm; font-family:"Aptos",sans-serif;}\r\n@list l0:level1\r\n\t{mso-level-text:"%1\\.";}\r\n-->\r\n'
        "</style>\r\n<!--[if gte mso 10]><style>table.MsoNormalTable {}</style><![endif]-->\r\n</head>\r\n<body "
        "lang=EN-GB style='tab-interval:36.0pt'>\r\n<!--StartFragment-->\r\n\r\n"
        + "\r\n\r\n".join(paragraphs)
        + "\r\n\r\n"
        "<!--EndFragment-->\r\n</body>\r\n</html>"
    )


def item(level: int, marker: str, text: str) -> str:
    """A list item as Word writes it."""
    return (
        f"<p class=MsoListParagraphCxSpMiddle style='margin-left:{36 * level}.0pt;mso-add-space:\r\nauto;text-indent:"
        f"-18.0pt;mso-list:l0 level{level} lfo1'><![if !supportLists]><span\r\nstyle='mso-bidi-font-family:Aptos'>"
        f"<span style='mso-list:Ignore'>{marker}<span style='font:7.0pt \"Times New Roman\"'>&nbsp;&nbsp;\r\n</span>"
        f"</span></span><![endif]>{text}<o:p></o:p></p>"
    )


def test_word_paragraphs_and_headings() -> None:
    copied = word(
        "<p class=MsoTitle>Closing plenary<o:p></o:p></p>",
        "<h2><span lang=FR style='mso-ansi-language:FR'>What was\r\nsaid<o:p></o:p></span></h2>",
        "<p class=MsoNormal>A sentence that Word\r\nwraps in its <b style='mso-bidi-font-weight:normal'>own "
        "</b>source.<o:p></o:p></p>",
        "<p class=MsoNormal><o:p>&nbsp;</o:p></p>",
        "<p class=MsoNormal><i>Next.</i><o:p></o:p></p>",
        "<p class=MsoQuote>As she said.<o:p></o:p></p>",
    )
    assert from_clipboard(copied) == (
        "# Closing plenary\n\n## What was said\n\nA sentence that Word wraps in its **own** source.\n\n*Next.*\n\n"
        "> As she said."
    )


def test_word_lists_become_lists() -> None:
    copied = word(
        item(1, "1.", "First"),
        item(2, "a)", "Below it"),
        item(2, "b)", "Also below"),
        item(1, "2.", "Second, <b>bold</b>"),
        "<p class=MsoListParagraphCxSpLast style='margin-left:36.0pt'>A paragraph of the second.<o:p></o:p></p>",
        "<p class=MsoNormal>Between.<o:p></o:p></p>",
        item(1, "3.", "Third"),
        item(1, "·", "Bullet"),
        item(2, "o", "Deeper"),
        item(3, "§", "Deepest"),
    )
    assert from_clipboard(copied) == (
        "1. First\n   1. Below it\n   2. Also below\n2. Second, **bold**\n\n   A paragraph of the second.\n\n"
        "Between.\n\n3. Third\n\n- Bullet\n  - Deeper\n    - Deepest"
    )


def test_numbered_headings_of_word_stay_headings_with_their_number() -> None:
    heading = item(1, "2.", "Findings").replace("<p class=MsoListParagraphCxSpMiddle", "<h1").replace("</p>", "</h1>")
    assert from_clipboard(word(heading, "<p class=MsoNormal>Text</p>")) == "# 2. Findings\n\nText"


def test_word_comments_and_deletions_go_and_insertions_stay() -> None:
    copied = word(
        "<p class=MsoNormal><a style='mso-comment-reference:AB_1;mso-comment-date:20231204T1015'>The text</a>"
        "<span class=MsoCommentReference><span style='font-size:8.0pt'><![if !supportAnnotations]><a "
        'class=msocomanchor id="_anchor_1" href="#_msocom_1" name="_msoanchor_1">[AB1]</a><![endif]><span '
        "style='mso-special-character:"
        'comment\'>&nbsp;</span></span></span> stays<del cite="mailto:A%20B" datetime="2023-12-04T10:15">, or not'
        '</del><ins cite="mailto:A%20B" datetime="2023-12-04T10:16"> for good</ins>.<o:p></o:p></p>',
        "<p class=MsoNormal>Seen.<span style='display:none;mso-hide:all'>Hidden.</span></p>",
        "<div style='mso-element:comment-list'><hr class=msocomoff align=left size=1 width=\"33%\"><div "
        "style='mso-element:"
        'comment\'><div id="_com_1" class=msocomtxt><p class=MsoCommentText>Are we sure?</p></div></div></div>',
    )
    assert from_clipboard(copied) == "The text stays for good.\n\nSeen."


def test_word_footnotes_keep_their_numbers() -> None:
    copied = word(
        '<p class=MsoNormal>Agreed<a style=\'mso-footnote-id:ftn1\' href="#_ftn1" name="_ftnref1" title=""><span '
        "class=MsoFootnoteReference><span style='mso-special-character:footnote'><![if !supportFootnotes]>[1]"
        "<![endif]></span></span></a>.</p>",
        "<div style='mso-element:footnote-list'><div style='mso-element:footnote' id=ftn1><p class=MsoFootnoteText><a "
        'style=\'mso-footnote-id:ftn1\' href="#_ftnref1" name="_ftn1">[1]</a> By all.</p></div></div>',
    )
    assert from_clipboard(copied) == "Agreed[1].\n\n[1] By all."


def test_pictures_of_word_go() -> None:
    copied = word(
        '<p class=MsoNormal><!--[if gte vml 1]><v:shape id="p"><v:imagedata src="file:///C:/p.png"/></v:shape>'
        '<![endif]--><![if !vml]><img width=48 src="file:///C:/p.png" alt="A chart"><![endif]>Below the picture</p>'
    )
    assert from_clipboard(copied) == "Below the picture"


def test_lists_of_word_on_the_web_say_their_level_themselves() -> None:
    def wrapped(tag: str, level: int, text: str, start: str = "") -> str:
        return (
            f'<div class="ListContainerWrapper SCXW1 BCX8"><{tag} class="BulletListStyle1" role="list"{start}><li '
            f'data-leveltext="x" data-aria-posinset="1" data-aria-level="{level}" class="OutlineElement">'
            f'<p class="Paragraph" style="font-weight:normal"><span class="TextRun"><span class="NormalTextRun">{text}'
            '</span></span><span class="EOP">&nbsp;</span></p></li></' + tag + "></div>"
        )

    copied = (
        '<div class="OutlineElement"><p class="Paragraph" role="heading" aria-level="2"><span style="font-weight:bold">'
        "Points</span></p></div>"
        + wrapped("ul", 1, "One")
        + wrapped("ul", 2, "Under one")
        + wrapped("ul", 1, "Two")
        + wrapped("ol", 1, "Counted", ' start="4"')
    )
    assert from_clipboard(copied) == "## Points\n\n- One\n  - Under one\n- Two\n\n4. Counted"


# Google Docs, LibreOffice, other pages


def docs(inside: str) -> str:
    return f'<meta charset="utf-8"><b style="font-weight:normal;" id="docs-internal-guid-0">{inside}</b><br class="x">'


def span(text: str, weight: int = 400, slant: str = "normal") -> str:
    return (
        f'<span style="font-size:11pt;font-family:Arial;color:#000000;font-weight:{weight};font-style:{slant};'
        f'text-decoration:none;white-space:pre-wrap;">{text}</span>'
    )


def test_google_docs() -> None:
    copied = docs(
        f'<h2 dir="ltr" style="line-height:1.38;">{span("Outcome", 700)}</h2><p dir="ltr">{span("Plain, ")}'
        f"{span('bold ', 700)}{span('both', 700, 'italic')}{span(', ')}{span('slanted', 400, 'italic')}{span('.')}</p>"
        f'<br /><p dir="ltr">{span("See ")}<a href="https://unctad.example/eweek" style="text-decoration:none;">'
        f"{span('the page')}</a>{span('.')}</p>"
    )
    assert from_clipboard(copied) == (
        "## Outcome\n\nPlain, **bold *both***, *slanted*.\n\nSee [the page](https://unctad.example/eweek)."
    )


def test_lists_of_google_docs_nest_beside_their_items() -> None:
    def li(text: str, level: int) -> str:
        return f'<li dir="ltr" aria-level="{level}"><p dir="ltr" role="presentation">{span(text)}</p></li>'

    copied = docs(
        f"<ol>{li('First', 1)}<ul>{li('Below', 2)}<ul>{li('Deeper', 3)}</ul></ul>{li('Second', 1)}</ol>"
        f"<p>{span('Text')}</p>"
    )
    assert from_clipboard(copied) == "1. First\n   - Below\n     - Deeper\n2. Second\n\nText"


def test_libreoffice() -> None:
    copied = (
        '<!DOCTYPE html>\n<html>\n<head>\n\t<title></title>\n\t<meta name="generator" content="LibreOffice 7.4"/>\n'
        '\t<style type="text/css">\n\t\tp { line-height: 115% }\n\t</style>\n</head>\n<body lang="en-GB" dir="ltr">'
        '<h1 class="western">Round table</h1>\n<p class="western" style="margin-bottom: 0cm">A <b>bold</b>\nword'
        '<a class="sdfootnoteanc" name="sdfootnote1anc" href="#sdfootnote1sym"><sup>1</sup></a> and <font color="red">'
        '<i>more</i></font>.</p>\n<ul>\n\t<li><p style="margin-bottom: 0cm">One</p></li>\n\t<ul>\n\t\t<li><p>Under one'
        '</p></li>\n\t</ul>\n\t<li><p>Two</p></li>\n</ul>\n<div id="sdfootnote1"><p class="sdfootnote"><a class='
        '"sdfootnotesym" name="sdfootnote1sym" href="#sdfootnote1anc">1</a>A note.</p>\n</div></body>\n</html>'
    )
    assert from_clipboard(copied) == (
        "# Round table\n\nA **bold** word[1] and *more*.\n\n- One\n  - Under one\n- Two\n\n[1] A note."
    )


@pytest.mark.parametrize(
    ("html", "markdown"),
    [
        ("<p>one<p>two", "one\n\ntwo"),
        ("<div>one</div><div>two<div>three</div></div>", "one\n\ntwo\n\nthree"),
        ("a<br>b<br><br>c", "a\\\nb\n\nc"),
        ("<pre>a\nb\n\nc</pre>", "a\\\nb\n\nc"),
        ("<h1>a <b>b</b></h1><h6>c</h6>", "# a b\n\n###### c"),
        ("<blockquote><p>a</p><ul><li>b</li></ul></blockquote><p>c</p>", "> a\n>\n> - b\n\nc"),
        ("<ul><li>a<ol start=3><li>b</ol></ul>", "- a\n\n  3. b"),
        ("<ul><li><p>a</p><p>b</p></li><li>c</li></ul>", "- a\n\n  b\n- c"),
        ("<ul><li><ul><li>a</li></ul></li></ul>", "- a"),
        ("<ul><li>a</li></ul><ul><li>b</li></ul>", "- a\n- b"),
        ("<ol><li>a</li><li value=7>b</li><li>c</li></ol>", "1. a\n7. b\n8. c"),
        ("<p>say <q>so</q> <mark>and</mark> <code>x</code><sup>2</sup></p>", "say “so” and x2"),
        ("<script>bad()</script><style>x</style><p onclick=bad()>good</p><iframe>x</iframe>", "good"),
        ("<p>unclosed <b>bold", "unclosed **bold**"),
        ("<p>the <script>rest is not lost", "the rest is not lost"),
        ("a <!-- b --> c <!-- d", "a c d"),
        ("<p>1 < 2 <3 <> </ p> a<b", "1 < 2 <3 <> a\\<b"),
        ("<p>soft\u00adhyphen&shy;ated zero\u200bwidth</p>", "softhyphenated zerowidth"),
        (
            "<p>a&nbsp;b &nbsp; c, 10&nbsp;000, «&nbsp;oui&nbsp;»&nbsp;!</p>",
            "a b c, 10\u00a0000, «\u00a0oui\u00a0»\u00a0!",
        ),
    ],
)
def test_other_html(html: str, markdown: str) -> None:
    assert from_clipboard(html) == markdown


@pytest.mark.parametrize(
    ("html", "markdown"),
    [
        ('<a href="https://a.example/x?a=1&amp;b=2">go</a>', "[go](https://a.example/x?a=1&b=2)"),
        ('<a href="https://a.example/x_y">https://a.example/x_y</a>', "<https://a.example/x_y>"),
        ('<a href="mailto:a@b.example">a@b.example</a>', "<a@b.example>"),
        ('<a href="https://a.example/A_(b)">A [b]</a>', "[A \\[b\\]](https://a.example/A_%28b%29)"),
        ('<a href="https://a.example/a b>&lt;`|\\">go</a>', "[go](https://a.example/a%20b%3E%3C%60%7C%5C)"),
        ('<b>bold <a href="https://a.example/">link</a> bold</b>', "**bold [link](https://a.example/) bold**"),
        ('<b><a href="https://a.example/">link</a></b>s', "[**link**](https://a.example/)s"),
        ('Look!<a href="https://a.example/">here</a>', "Look\\![here](https://a.example/)"),
        *(
            (f'<a href="{bad}">go</a>', "go")
            for bad in ("javascript:alert(1)", "data:text/html,x", "#x", "/x", "file:///x")
        ),
        *((f'<a href="{bad}">go</a>', "go") for bad in ("&#106;avascript:x", " java\nscript:x", "ftp://a.example", "")),
        ('<a href="https://a.example/"><img src="https://a.example/x.png"></a>', ""),
    ],
)
def test_links(html: str, markdown: str) -> None:
    assert from_clipboard(html) == markdown


def test_a_table_with_short_cells_stays_one() -> None:
    table = (
        "<table border=1><tbody><tr><td colspan=2><p><b>Who | what</b></p></td><td>When</td></tr>"
        "<tr><td rowspan=2>EU</td><td><p>Offer</p><p>of *all*</p></td><td>1 May</td></tr><tr><td>Reply<td></tr></table>"
    )
    assert from_clipboard(table) == (
        "| Who \\| what |  | When |\n| --- | --- | --- |\n| EU | Offer of \\*all\\* | 1 May |\n|  | Reply |  |"
    )


@pytest.mark.parametrize(
    "inside",
    [
        "<tr><td>one</td></tr><tr><td>two</td></tr>",
        "<tr><td>one</td><td>two</td></tr>",
        "<tr><td><table><tr><td>one</td><td>two</td></tr></table></td></tr>",
    ],
)
def test_a_table_that_lays_out_text_becomes_paragraphs(inside: str) -> None:
    assert from_clipboard(f"<table>{inside}</table>") == "one\n\ntwo"


def test_a_long_cell_makes_paragraphs_and_loses_nothing() -> None:
    long = "word " * 80
    cells = f"<tr><td>a</td><td>b</td></tr><tr><td>{long}</td><td><ul><li>c</li></ul></td></tr>"
    assert from_clipboard(f"<table>{cells}</table>") == f"a\n\nb\n\n{long.strip()}\n\n- c"


@pytest.mark.parametrize(
    "text",
    [
        *(
            "e-signatures",
            "JSI_2023",
            "3 * 4",
            "#1",
            "#DigitalTrade",
            "5 % of 10 – 12",
            "a < b > c",
            "R&D",
            "AT&T; more",
        ),
        *("[1]", "see [1]: yes", "C:\\temp", "1.5 million", "2023", "-5", "(a)", "a | b", "~5", "$5", "Yes!", "x = y"),
        *(
            "https://a.example/b_c?d=1&e=2",
            "a@b.example",
            "snake_case_name",
            "Name: ____",
            "¿Qué?",
            "第一，第二",
            "100%",
        ),
    ],
)
def test_prose_keeps_its_signs_without_backslashes(text: str) -> None:
    assert from_clipboard(f"<p>{as_html(text)}</p>") == text
    assert shown(text) == text


@pytest.mark.parametrize(
    ("text", "markdown"),
    [
        ("# no heading", "\\# no heading"),
        ("- no item", "\\- no item"),
        ("* no item", "\\* no item"),
        ("1. no item", "1\\. no item"),
        ("2023. A year", "2023\\. A year"),
        ("> no quote", "\\> no quote"),
        ("---", "\\---"),
        ("***", "\\***"),
        ("~~~", "\\~~~"),
        ("*not bold*", "\\*not bold\\*"),
        ("_not bold_", "\\_not bold\\_"),
        ("`code`", "\\`code\\`"),
        ("[a](https://a.example)", "[a\\](https://a.example)"),
        ("[a]: https://a.example", "[a\\]: https://a.example"),
        ("&amp; &copy;", "\\&amp; \\&copy;"),
        ("<b> <https://a.example>", "\\<b> \\<https://a.example>"),
        ("a\\*b", "a\\\\\\*b"),
    ],
)
def test_signs_that_would_mean_something_take_a_backslash(text: str, markdown: str) -> None:
    assert from_clipboard(f"<p>{as_html(text)}</p>") == markdown
    assert shown(markdown) == text


@pytest.mark.parametrize(
    ("html", "markdown"),
    [
        ("<b>bold </b>word", "**bold** word"),
        ("<b>Note:</b>word", "**Note**:word"),
        ("word<b>(bold)</b>word", "word(**bold**)word"),
        ("<b>bo</b><b>ld</b><b> </b><b>text</b>", "**bold text**"),
        ("<b>one</b><i>two</i>", "**one**two"),
        ("<b>one</b> <i>two</i>", "**one** *two*"),
        ("<i>one <b>two</b> three</i>", "*one **two** three*"),
        ("<b>,</b>", "**,**"),
        ("a<b> </b>b", "a b"),
        ("<b>a<br>b</b>", "**a**\\\n**b**"),
        ("<b style='font-weight:400'>a</b> <span style='font-weight: bold'>b</span>", "a **b**"),
        ("<em style='font-style:normal'>a</em> <span style='color:red;font-style:oblique'>b</span>", "a *b*"),
        ("<span style='mso-bidi-font-weight:bold'>a</span>", "a"),
        ("中文<b>「重点」</b>中文", "中文「**重点**」中文"),
    ],
)
def test_bold_and_italics_stand_where_markdown_can_read_them(html: str, markdown: str) -> None:
    assert from_clipboard(f"<p>{html}</p>") == markdown
    assert "*" not in shown(markdown)


def test_plain_text_is_taken_as_it_is_where_the_html_says_nothing() -> None:
    assert from_clipboard("", "# a\r\n- *b*\n") == "# a\n- *b*"
    assert from_clipboard('<meta charset="utf-8"><img src="x">', "a") == "a"
    assert from_clipboard("<p>html</p>", "plain") == "html"
    assert from_clipboard("", "") == ""


def test_lists_nested_deeper_than_a_report_may_have_stay_readable() -> None:
    nested = "".join(f"<ul><li>level{level}" for level in range(2 * MAX_DEPTH))
    assert shown(from_clipboard(nested)) == " ".join(f"level{level}" for level in range(2 * MAX_DEPTH))


# Limits


LONG = {
    "too long": "<p>" + "x" * MAX_PASTED,
    "too much text": "<p>" + "word " * (MAX_BODY // 4),
    "far too much text": "<p>" + "word " * MAX_BODY,
    "too many tags": "<b>" * (MAX_FOREIGN_TAGS + 1),
    "nested": "<div>" * 20_000 + "x" + "</div>" * 20_000,
    "unclosed": "<b>" * 100_000 + "x",
    "just open": "<i>" * (MAX_OPEN + 1),
    "paragraphs": "<p>x" * (MAX_TAGS // 2 + 1),
    "marks": "<b>a</b>c" * MAX_TAGS,
    "quotation marks": "<a \"'" * 140_000 + ">x",
    "grows with backslashes": "<p>" + "*x" * (MAX_BODY // 2 - 100),
}


@pytest.mark.parametrize("html", LONG.values(), ids=LONG.keys())
def test_what_is_beyond_a_limit_is_refused_with_a_sentence(html: str) -> None:
    with pytest.raises(TextRefused, match=r"^[A-Z][^.]+\..*\.$"):
        from_clipboard(html)


def test_plain_text_has_the_limit_of_a_report() -> None:
    assert len(from_clipboard("", "x" * MAX_BODY)) == MAX_BODY
    with pytest.raises(TextRefused):
        from_clipboard("", "x" * (MAX_BODY + 1))


HARMLESS = {
    "a huge attribute": "<p title='" + "a" * 1_900_000 + "'>x</p>",
    "a huge style": "<p style='" + "a:b;" * 400_000 + "'>x</p>",
    "a huge name": "<p " + "a" * 1_900_000 + ">x</p>",
    "spaces": "<p title" + " " * 1_900_000 + ">x</p>",
    "space in the text": "<p>x" + " " * 1_900_000 + "</p>",
    "line breaks": "<p>x" + "<br> <br>" * 60_000,
    "unclosed scripts": "<script>" * 140_000 + "x",
    "scripts": "<style></style>" * 60_000 + "x",
    "digits": "x<!--&#" + "9" * 100_000 + ";-->",
    "fonts before paragraphs": "".join(f"<font color={n}>" for n in range(1_500)) + "x" + "<p> " * 100_000,
    "ends without a beginning": "<i>" + "<b>" * 1_900 + "x" + "</i></u></p>" * 30_000,
    "markers": "<p style='mso-list:l0 level9 lfo1'> " * 50_000 + "x",
    "cells": "<table>" + "<tr><td colspan=50 rowspan=500>" * 50_000 + "x",
    "lists": "<ul>" * 1_900 + "x",
}


@pytest.mark.parametrize("html", HARMLESS.values(), ids=HARMLESS.keys())
def test_what_is_large_without_saying_much_is_read_in_one_go(html: str) -> None:
    assert from_clipboard(html).strip("*- ") == "x"


# Everything that could be copied


def hostile_strings() -> list[str]:
    files = sorted((FIELD / "hostile" / "text").glob("*.json")) + sorted((FIELD / "hostile" / "xss").glob("*"))
    texts = (path.read_text("utf-8", "surrogateescape") for path in files if path.is_file())
    return [string for text in texts for string in (json.loads(text) if text.startswith("[") else text.splitlines())]


def batches(strings: list[str]) -> Iterator[list[str]]:
    """A report of fifty strings is rendered in a tenth of the time that fifty reports take."""
    return (strings[start : start + 50] for start in range(0, len(strings), 50))


OWN_HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '<a href="jav&#x0A;ascript:alert(1)">go</a>',
    "<svg><script>alert(1)</script></svg>",
    '<p style="background:url(javascript:alert(1))">x</p>',
    "[go](javascript:alert(1))",
    '![x](https://a.example/x.png "y")',
    "<<script>script>alert(1)<</script>/script>",
    "<a href='https://a.example/\"onmouseover=alert(1)'>go</a>",
    "\u202etxet\u202c \ud800 \x00\x01 \ufeff \ufdd0",
]


@pytest.mark.parametrize("place", ["{}", "<p>{}</p>", "<a href='{}'>go</a>", "<td>{}", "<ul><li><b>{}</b>"])
def test_nothing_hostile_becomes_active(place: str) -> None:
    for strings in batches([*OWN_HOSTILE, *hostile_strings()]):
        shown("\n\n".join(from_clipboard(place.format(string)) for string in strings))


def words(text: str) -> str:
    """What a reader sees of `text`: without invisible signs, with single spaces."""
    return " ".join(clean(re.sub("[\u00ad\u200b\u2060\ufeff]", "", text)).split())


def without_spaces(text: str) -> str:
    return clean(re.sub(r"\s", "", text))


def test_hostile_text_that_was_copied_as_text_shows_word_for_word() -> None:
    for strings in batches([*OWN_HOSTILE, *hostile_strings()]):
        pasted = (from_clipboard(f"<p>{as_html(string)}</p>") for string in strings)
        assert shown("\n\n".join(pasted)) == " ".join(filter(None, map(words, strings)))


PROSE = st.lists(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12), min_size=1, max_size=40)


@EXAMPLES
@given(st.lists(PROSE, min_size=1, max_size=4))
def test_the_words_of_plain_paragraphs_survive(paragraphs: list[list[str]]) -> None:
    texts = [" ".join(text) for text in paragraphs]
    html = "".join(f"<p>{as_html(text)}</p>" for text in texts)
    assert shown(from_clipboard(html)) == " ".join(filter(None, map(words, texts)))


SIGNS = tuple("*_#-+`[]():!\\&<>|.“é中😀$'~ab \n\u00a0\u0301\u3000")
LONGER = ("**", "``", "](", "]: ", "&copy;", "<b>", "---", "===", "~~~", "|-|", "# ", "- ", "+ ", "1. ", "1) ")
ADDRESSES = ("<http://x.example>", "http://a.example/b_c_d", "x@y.example")
PIECES = st.sampled_from([*SIGNS, *LONGER, *ADDRESSES, "word", " "])
LOOKS = st.sampled_from(
    ["{}", "{}", "<b>{}</b>", "<i>{}</i>", "<b><i>{}</i></b>", '<a href="http://l.example/">{}</a>']
)
PLACES = ["<p>{}</p>", "<h2>{}</h2>", "<ul><li>{}</li></ul>", "<blockquote>{}</blockquote>", "<td>{}</td>"]
PLACES += ["<table><tr><td>x</td><td>y</td></tr><tr><td>{}</td><td>z</td></tr></table>"]


@settings(EXAMPLES, max_examples=5 * EXAMPLES.max_examples)
@given(st.lists(st.tuples(LOOKS, st.lists(PIECES, min_size=1, max_size=4)), max_size=7), st.sampled_from(PLACES))
def test_no_sign_is_lost_or_read_as_a_mark_wherever_looks_change(
    pieces: list[tuple[str, list[str]]], place: str
) -> None:
    html = "".join(look.format(as_html("".join(text)).replace("\n", "<br>")) for look, text in pieces)
    before, after = (re.sub("<[^>]*>", "", part) for part in place.split("{}"))
    text = "".join(sign for _, texts in pieces for sign in texts)
    found = shown(from_clipboard(f"<p>start</p>{place.format(html)}<p>end</p>"))
    assert without_spaces(found) == without_spaces(words(f"start{before}{text}{after}end"))


def field_files() -> list[Path]:
    return sorted((FIELD / "paste").glob("*.html"))


@pytest.mark.parametrize("path", field_files(), ids=lambda path: path.name)
def test_real_clipboards_keep_their_words(path: Path) -> None:
    html = path.read_text("utf-8", "replace")
    markdown = from_clipboard(html)
    page = tree(re.sub(r"(?s)<!--.*?-->|<!\[.*?\]>|<(style|head)\b.*?</\1>", "", html))
    for span in page.iter("span"):  # the number or sign of a list item, which becomes Markdown's own
        if "mso-list:ignore" in span.attrib.get("style", "").replace(" ", "").lower():
            span.clear()
    numbers = re.sub(r"(?m)^#+ \d+\. ", "# ", markdown)
    assert without_spaces(shown(numbers)) == without_spaces("".join(page.itertext()))
