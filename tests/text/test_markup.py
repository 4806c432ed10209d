"""A report's HTML says all that was written and nothing that could run."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle, islice
from pathlib import Path
from urllib.parse import unquote
from xml.etree.ElementTree import Element

import bleach
import html5lib
import nh3
import pytest
from field import FIELD
from hypothesis import given, settings
from hypothesis import strategies as st

from reporter.rules.errors import TextRefused
from reporter.rules.report_text import MAX_BODY, clean
from reporter.text import markup
from reporter.text.markup import MAX_DEPTH, MAX_HTML, MAX_TAGS, render

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = settings(max_examples=200 * int(os.environ.get("TEST_SCALE", "1")), deadline=None)

# Written out once more, so that a careless addition to the module's own lists is found here.
TAGS = {
    *("p", "br", "hr", "h2", "h3", "h4", "ul", "ol", "li", "a", "strong", "em", "blockquote", "code", "pre"),
    *("table", "thead", "tbody", "tr", "th", "td"),
}
ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}, "li": {"value"}}
ADDRESS = re.compile(r"(https?://|mailto:)[^\s<>\"]+", re.IGNORECASE)


def parsed(html: str) -> Element:
    """The tree that a strict parser makes of `html`; fails where the parser had to guess."""
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    tree: Element = parser.parseFragment(html)
    # U+FDD0 and its like are no characters for the parser, but they are no mark-up either.
    assert [code for _, code, _ in parser.errors if code != "invalid-codepoint"] == []
    return tree


def sound(html: str) -> Element:
    """The tree of `html`, after a look at every tag, attribute and address in it."""
    tree = parsed(html)
    for element in list(tree.iter())[1:]:
        assert element.tag in TAGS
        assert set(element.attrib) <= ATTRIBUTES.get(element.tag, set())
        for name in {"start", "value"} & set(element.attrib):
            assert element.attrib[name].isdecimal()
        if element.tag == "a":
            assert ADDRESS.fullmatch(element.attrib["href"])
            assert list(element.iter("a")) == [element]
            assert "".join(element.itertext()).strip()
    assert cleaned_again(html) == html
    return tree


def cleaned_again(html: str) -> str:
    first = nh3.clean(html, tags=TAGS, attributes=ATTRIBUTES, url_schemes={"http", "https", "mailto"}, link_rel=None)
    lists = {tag: sorted(names) for tag, names in ATTRIBUTES.items()}
    return bleach.clean(first, tags=TAGS, attributes=lists, protocols={"http", "https", "mailto"})


def visible(html: str) -> str:
    """The words on the page, with single spaces."""
    return " ".join("".join(parsed(html).itertext()).split())


def said(html: str) -> str:
    """Everything in `html` that can be read: its words, its addresses as they are and decoded, its titles."""
    tree = parsed(html)
    attributes = [value for element in tree.iter() for value in element.attrib.values()]
    return "\n".join(["".join(tree.itertext()), *attributes, *map(unquote, attributes)])


def lost(markdown: str, html: str) -> list[str]:
    """The runs of ASCII letters and digits in `markdown`, but for entities, that `html` does not have."""
    everything = said(html)
    without_entities = re.sub(r"&#?\w+;", " ", clean(markdown))
    return [word for word in re.findall(r"[A-Za-z0-9]{3,}", without_entities) if word not in everything]


def test_headings_begin_below_the_headline() -> None:
    assert render("# One\n\nTwo\n===\n\n## Three\n### Four\n#### Five\n###### Six") == (
        "<h2>One</h2>\n<h2>Two</h2>\n<h2>Three</h2>\n<h3>Four</h3>\n<h4>Five</h4>\n<h4>Six</h4>\n"
    )


def test_an_empty_heading_shows_as_it_was_typed() -> None:
    assert render("#\n\n## ##\n") == "<p>#</p>\n<p>##</p>\n"


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        ("", ""),
        ("a *b* **c** `d`", "<p>a <em>b</em> <strong>c</strong> <code>d</code></p>\n"),
        ("a  \nb\\\nc\nd", "<p>a<br>\nb<br>\nc\nd</p>\n"),
        ("~~a~~", "<p>~~a~~</p>\n"),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n"),
        ("> a\n\n***", "<blockquote>\n<p>a</p>\n</blockquote>\n<hr>\n"),
        ("    a <b>\n", "<pre><code>a &lt;b&gt;\n</code></pre>\n"),
        (
            "|a|b|\n|-|:-:|\n|1|2|",
            "<table>\n<thead>\n<tr>\n<th>a</th>\n<th>b</th>\n</tr>\n</thead>\n"
            "<tbody>\n<tr>\n<td>1</td>\n<td>2</td>\n</tr>\n</tbody>\n</table>\n",
        ),
        ("[a](https://b.example 'c')", '<p><a href="https://b.example" title="c">a</a></p>\n'),
        ("<a@b.example>", '<p><a href="mailto:a@b.example">a@b.example</a></p>\n'),
        ("[a][b]\n\n[B]: http://c.example 'd'", '<p><a href="http://c.example" title="d">a</a></p>\n'),
    ],
)
def test_markdown(markdown: str, html: str) -> None:
    assert render(markdown) == html
    sound(html)


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        ("a < b & c > d \"e\" 'f'", "<p>a &lt; b &amp; c &gt; d \"e\" 'f'</p>\n"),
        ("&lt; &amp;lt; &amp;amp; &copy;", "<p>&lt; &amp;lt; &amp;amp; ©</p>\n"),
        ("`&lt;`", "<p><code>&amp;lt;</code></p>\n"),
        ("a\u00a0b&nbsp;c", "<p>a&nbsp;b&nbsp;c</p>\n"),
        (
            "[a](http://b.example/?c=d&copy=e 'f \"g\" <h> &amp;')",
            '<p><a href="http://b.example/?c=d&amp;copy=e" title="f &quot;g&quot; &lt;h&gt; &amp;">a</a></p>\n',
        ),
    ],
)
def test_signs_are_escaped_once(markdown: str, html: str) -> None:
    assert render(markdown) == html
    sound(html)


def test_raw_html_shows_as_it_was_typed() -> None:
    markdown = "<b onclick=x>a</b> <!-- b --> <script>c</script> <br>"
    assert visible(render(markdown)) == markdown
    block = "<div>\n<style>a</style>\n</div>"
    assert visible(render(block)) == " ".join(block.split())


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        ("![a *b*](http://c.example/d.png)", '<p><a href="http://c.example/d.png">a <em>b</em></a></p>\n'),
        ("![a](http://c.example 'd')", '<p><a href="http://c.example" title="d">a</a></p>\n'),
        ("![a][b]\n\n[b]: http://c.example", '<p><a href="http://c.example">a</a></p>\n'),
        ("![a](data:image/png;base64,AAAA)", "<p>a</p>\n"),
        ("![a](b.png)", "<p>a</p>\n"),
        ("![a](b.png 'c')", "<p>a (c)</p>\n"),
        ("![a](mailto:b@c.example)", "<p>a</p>\n"),
        ("![a [b](javascript:c) d](e.png)", "<p>a [b](javascript:c) d</p>\n"),
        ("![a [b](http://c.example) d](http://e.example)", '<p><a href="http://e.example">a b d</a></p>\n'),
        ("[![a](http://b.example 'c') d](http://e.example)", '<p><a href="http://e.example">(c) a d</a></p>\n'),
        ("![](http://a.example)", '<p><a href="http://a.example">http://a.example</a></p>\n'),
        ("![](a.png)", "<p>a.png</p>\n"),
        ("![](a.png 'b')", "<p>b</p>\n"),
        ("![]()", "<p>![]()</p>\n"),
    ],
)
def test_a_picture_becomes_a_link_or_its_words(markdown: str, html: str) -> None:
    assert render(markdown) == html
    sound(html)


@pytest.mark.parametrize(
    "markdown",
    [
        "[a](javascript:b)",
        "[a](JaVaScRiPt:b)",
        "[a](data:text/html,b)",
        "[a](vbscript:b)",
        "[a](file:///b)",
        "[a](ftp://b.example)",
        "[a](/b)",
        "[a](//b.example)",
        "[a](b.html)",
        "[a](#b)",
        "[a](http:b)",
        "[a](http://)",
        "[a](http://b.example:99999/)",
        "[a](http://[b)",
        "[a](http://b%00c/)",
        "[a](mailto:)",
        "[a]()",
        "[]()",
        "<javascript:a>",
        "<tel:123>",
        "[Moderator]: agreed",
        "[a]: javascript:b",
        "[a][b]",
    ],
)
def test_what_cannot_be_a_link_shows_as_it_was_typed(markdown: str) -> None:
    html = render(markdown)
    assert visible(html) == markdown
    assert list(sound(html).iter("a")) == []


def test_a_link_without_words_shows_its_address() -> None:
    assert render("[](http://a.example) [ ](http://b.example)") == (
        '<p><a href="http://a.example">http://a.example</a> <a href="http://b.example"> http://b.example</a></p>\n'
    )


def test_an_address_shows_as_it_was_typed() -> None:
    html = render("<http://a.example/%41?b&copy=c>")
    assert html == '<p><a href="http://a.example/%41?b&amp;copy=c">http://a.example/%41?b&amp;copy=c</a></p>\n'


def test_no_mark_stands_inside_its_like() -> None:
    assert render("*" * 60 + "a" + "*" * 60) == "<p><strong>a</strong></p>\n"
    assert render("**a **b** *c* d**") == "<p><strong>a b <em>c</em> d</strong></p>\n"
    link = '<p><a href="http://a.example">b http://c.example</a></p>\n'
    assert render("[b <http://c.example>](http://a.example)") == link


def test_definitions_show_unless_they_are_used() -> None:
    markdown = "[a]: http://b.example\n[A]: http://c.example 'd'\n[e]: http://f.example\n\n[a]"
    assert render(markdown) == (
        '<p>[A]: <a href="http://c.example">http://c.example</a> "d"</p>\n'
        '<p>[e]: <a href="http://f.example">http://f.example</a></p>\n'
        '<p><a href="http://b.example">a</a></p>\n'
    )


def test_the_words_after_a_fence_show() -> None:
    assert render("```a &amp; *b*\nc\n```") == "<p>a &amp; *b*</p>\n<pre><code>c\n</code></pre>\n"


def test_a_row_keeps_the_cells_beyond_the_table() -> None:
    html = render("> |a|b|\n> |-|-|\n> |1|2|*3*||4 \\| 5|\n> |6|7||\n> |8 \\|\n")
    cells = ["".join(cell.itertext()) for cell in sound(html).iter("td")]
    assert cells == ["1", "2 | 3 |  | 4 | 5", "6", "7", "8 |", ""]


def test_lists_keep_the_numbers_that_were_written() -> None:
    def numbers(markdown: str) -> list[dict[str, str]]:
        return [element.attrib for element in sound(render(markdown)).iter() if element.tag in {"ol", "li"}]

    assert numbers("2019. a\n2023. b\n2024. c") == [{"start": "2019"}, {}, {"value": "2023"}, {}]
    assert numbers("1. a\n1. b\n1. c") == [{}, {}, {}, {}]
    assert numbers("7) a\n   - b\n   - c\n7) d") == [{"start": "7"}, {}, {}, {}, {"value": "7"}]
    assert numbers("0. a\n1. b") == [{"start": "0"}, {}, {}]


def refusal(markdown: str) -> str:
    with pytest.raises(TextRefused) as refused:
        render(markdown)
    assert refused.value.message % refused.value.values == str(refused.value)
    return str(refused.value)


def test_a_text_has_a_limit() -> None:
    assert render("a" * MAX_BODY) == f"<p>{'a' * MAX_BODY}</p>\n"
    assert render("a\r\n" * 40_000) == "<p>" + "\n".join("a" * 40_000) + "</p>\n"
    assert refusal("a" * (MAX_BODY + 1)) == (
        "The text has 100001 characters; at most 100000 are possible. Shorten it and send it again."
    )


@pytest.mark.parametrize("marks", [["> "], [">"], ["- "], ["1. "], ["> ", "- "], ["1) ", "* ", ">", "+ "]], ids="".join)
@pytest.mark.parametrize("inside", ["a", "# a", "```\na", "|a|\n", "[a]: http://a.example"])
def test_nothing_is_dropped_for_being_nested(marks: list[str], inside: str) -> None:
    outside = "".join(islice(cycle(marks), MAX_DEPTH))
    assert "a" in visible(render(outside + inside))
    assert refusal(outside + "> " + inside) == (
        "Quotes and lists are more than 10 inside each other. Move the innermost ones out."
    )


def test_lists_nest_by_indentation_too() -> None:
    items = [f"{'  ' * depth}- a{depth}\n" for depth in range(MAX_DEPTH + 1)]
    assert visible(render("".join(items[:-1]))) == " ".join(f"a{depth}" for depth in range(MAX_DEPTH))
    assert refusal("".join(items)).startswith("Quotes and lists")


def test_formatting_has_a_limit() -> None:
    assert render("a\n\n" * (MAX_TAGS // 2)) == "<p>a</p>\n" * (MAX_TAGS // 2)
    assert refusal("a\n\n" * (MAX_TAGS // 2 + 1)) == (
        "The text has more than 4000 formatting marks. Split it, or remove some of its lists, links and bold passages."
    )


def test_the_page_has_a_limit() -> None:
    room = (MAX_HTML - len("<p></p>\n")) // len("&amp;")
    assert render("&" * room) == f"<p>{'&amp;' * room}</p>\n"
    too_big = (
        "The text takes more than 300000 characters on its page. "
        "Shorten it, or remove repeated long links and signs such as < and &."
    )
    assert refusal("&" * (room + 1)) == too_big
    assert refusal(f"[a]: http://b.example/{'c' * 50_000}\n\n{'[a] ' * 10_000}") == too_big
    assert refusal(f"[a]: http://b.example '{'c' * 50_000}'\n\n{'[a] ' * 10_000}") == too_big


def repeated(pattern: str) -> str:
    return (pattern * (50_000 // len(pattern) + 1))[:50_000]


@pytest.mark.parametrize(
    "pattern",
    [
        *("[", "![", "]", "](", "![](", "[a](", "[a\n", "[[a]", "<", "<a ", "<http:", "<!--", "&", "&amp;", "\\"),
        *(">", "> ", ">\n\n", "- ", "-\n", "1. ", "- a\n", "#\n", "a\n", "|", "|\n|-\n", "|a|\n|-|\n", "===\n"),
        *("*", "_", "*_", "*a_ ", "**a* ", "*a **b ", "_a*", "`", "`a``", "```", "```\n", "~~~ a\n", "    a\n\n"),
        *("[a]: b\n", "[a]: http://b.example\n", "[a]: http://b.example '", "[](http://a.example)", "\t", "\n", '"'),
    ],
)
def test_long_repetition_is_rendered_or_refused(pattern: str) -> None:
    try:
        html = render(repeated(pattern))
    except TextRefused:
        return
    assert lost(repeated(pattern), html) == []


@pytest.mark.parametrize(
    "markdown",
    [
        ">" * 50_000 + "a",
        "> " * 25 + "a\n" * 40_000,
        "- " * 25_000 + "a",
        "".join(f"{' ' * depth}- a\n" for depth in range(400)),
        "[" * 50_000 + "a" + "]" * 50_000,
        "![" * 20_000 + "a" + "](http://b.example)" * 3_000,
        "*" * 50_000 + "a" + "*" * 50_000,
        "*a **b " * 7_000 + "c** d*" * 7_000,
        "".join("a" + "`" * length for length in range(440)),
        "|a" * 250 + "|\n" + "|-" * 250 + "|\n" + "|b|\n" * 20_000,
        f"[a](http://b.example/{'é' * 90_000})",
        f"[a](http://{'é' * 90_000}/)",
    ],
)
def test_long_nesting_is_rendered_or_refused(markdown: str) -> None:
    try:
        html = render(markdown)
    except TextRefused:
        return
    assert "a" in visible(html)


PAYLOADS = [
    "<script>alert(1)</script>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--><img src=x onerror=alert(1)>'>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<a href='javascript:alert(1)'>go</a>",
    "<a href=java&#115;cript:alert(1)>go</a>",
    "<base href=//evil.example/>",
    "<form action=javascript:alert(1)><button>go</button></form>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "</p></div></body></html><script>alert(1)</script>",
    "]]><script>alert(1)</script>",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<?php echo 1 ?><script>alert(1)</script>",
    "javascript:alert(1)",
    "JAVA\tSCRIPT:alert(1)",
    "java&#x0A;script:alert(1)",
    "javascript&colon;alert(1)",
    "javascript://%0aalert(1)",
    "\u0001javascript:alert(1)",
    "data:text/html;base64,PHNjcmlwdD4=",
    'http://a.example/" onmouseover="alert(1)',
    "http://a.example/' onmouseover='alert(1)",
    "http://a.example/><script>alert(1)</script>",
    "http://a.example/`onmouseover=alert(1)`",
    "http://javascript:alert(1)@a.example/",
    "mailto:a@b.example?subject=<script>alert(1)</script>",
    "x' title='a\" onclick=\"alert(1)",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&amp;lt;script&amp;gt;alert(1)",
    "\u202egnp.exe\u202c \ufeff\u200b\u2028\u2029 \U000e0001",
    "\ud800 \ufffe \uffff \x00 \x1b[31m \x7f",
    "＜script＞alert(1)＜/script＞",
    "<\u0338script>\u0338alert(1)",
]
PLACES: list[Callable[..., str]] = [
    "{}".format,
    "[go]({})".format,
    "[go](<{}>)".format,
    "![go]({})".format,
    "![{}](x.png)".format,
    "<{}>".format,
    "[go](http://a.example '{}')".format,
    "[go]\n\n[go]: {}".format,
    "# {}".format,
    "- > {}".format,
    "`{}`".format,
    "```{}\n{}".format,
    "|a|\n|-|\n|{}|b|".format,
]


@pytest.mark.parametrize("payload", PAYLOADS)
def test_hostile_text_stays_text(payload: str) -> None:
    for place in PLACES:
        sound(render(place(payload, payload)))
    assert lost(payload, render(payload)) == []


class OpenGate:
    """Lets everything through, in place of either sanitiser."""

    def __init__(self, **_: object) -> None: ...

    def clean(self, html: str) -> str:
        return html


class OpenParser(markup._Parser):
    """Takes raw HTML and any address."""

    def __init__(self) -> None:
        super().__init__()
        self.options["html"] = True

    def validateLink(self, url: str) -> bool:  # noqa: ARG002, N802 - the library's names
        return True


@pytest.mark.parametrize("gate", ["parser", "nh3", "bleach"])
@pytest.mark.parametrize("payload", PAYLOADS)
def test_each_gate_alone_lets_nothing_through_that_could_run(
    gate: str, payload: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if gate != "parser":
        monkeypatch.setattr(markup, "_Parser", OpenParser)
        monkeypatch.setattr(markup, "may_link", bool)
    if gate != "nh3":
        monkeypatch.setattr(markup, "_FIRST_GATE", OpenGate())
    if gate != "bleach":
        monkeypatch.setattr(bleach, "Cleaner", OpenGate)
    for place in PLACES:
        tree = html5lib.parseFragment(render(place(payload, payload)), namespaceHTMLElements=False)
        for element in list(tree.iter())[1:]:
            assert element.tag in TAGS
            assert set(element.attrib) <= ATTRIBUTES.get(element.tag, set()) | (
                {"style"} if gate == "parser" else set()
            )
            address = re.sub(r"[\x00-\x20]", "", element.attrib.get("href", "")).lower()
            scheme = re.match(r"[a-z][a-z0-9+.-]*:", address)  # anything else is relative, and harmless
            assert not scheme or scheme.group() in {"http:", "https:", "mailto:"}


def hostile_files(folder: str) -> list[Path]:
    return sorted(path for path in (FIELD / "hostile" / folder).glob("*") if path.is_file())


@pytest.mark.parametrize("path", hostile_files("xss"), ids=lambda path: path.name)
def test_every_payload_of_the_collections_stays_text(path: Path) -> None:
    for line in path.read_text("utf-8", "surrogateescape").splitlines():
        html = render(line)
        sound(html)
        assert lost(line, html) == []
        sound(render(f"[go](<{line}>)"))


@pytest.mark.parametrize("path", hostile_files("text"), ids=lambda path: path.name)
def test_every_naughty_string_stays_text(path: Path) -> None:
    for string in json.loads(path.read_text("utf-8")):
        html = render(string)
        sound(html)
        assert lost(string, html) == []
        for place in PLACES:
            sound(render(place(string, string)))


WRITING = st.text(st.characters(categories=["L", "N", "Zs"]), max_size=200)
MARKS = (
    *("\n", "\n\n", "  \n", "\\\n", " ", "    ", "\t", "# ", "## ", " #\n", "\n===\n", "\n---\n", "---", "***"),
    *("> ", "- ", "* ", "1. ", "2019. ", "7) ", "*", "**", "_", "__", "`", "``", "```", "\n~~~", "\\", "&"),
    *("[", "]", "(", ")", "](", "](http://", "][", "]: ", "]: http://", " '", ' "', "<", ">", "<http://", "@", "</"),
    *("|", "\n|-|-|\n", "\n-|-\n", "|a|b|\n|-|-|\n", ":", "-", "+", "=", "~", ".example", "<!--", "-->", "<br>"),
)


@EXAMPLES
@given(WRITING)
def test_plain_writing_is_shown_word_for_word(text: str) -> None:
    html = render("x" + text)  # not a number at the start, which could be that of a list
    sound(html)
    assert visible(html) == " ".join(clean("x" + text).split())


@EXAMPLES
@given(st.lists(st.one_of(st.just("word"), st.sampled_from(MARKS)), max_size=60))
def test_no_word_among_marks_is_lost(parts: list[str]) -> None:
    # No word twice, so that no label is used and every definition has to show.
    markdown = "".join(f"word{number}x" if part == "word" else part for number, part in enumerate(parts))
    try:
        html = render(markdown)
    except TextRefused:
        assert sum(map(markdown.count, (">", "-", "*", "+", ". ", ") "))) > MAX_DEPTH
        return
    sound(html)
    assert lost(markdown, html) == []


@EXAMPLES
@given(st.lists(st.one_of(st.sampled_from([*MARKS, "![", "javascript:", "data:"]), st.text(max_size=5)), max_size=60))
def test_anything_gives_sound_html_or_a_refusal(parts: list[str]) -> None:
    try:
        html = render("".join(parts))
    except TextRefused:
        return
    sound(html)
    assert render("".join(parts)) == html


def test_eight_threads_give_what_one_gives() -> None:
    texts = [f"# {i}\n\n{payload}\n\n- *a{i}* [b](http://c.example/{i})\n" * 5 for i, payload in enumerate(PAYLOADS)]
    alone = [render(text) for text in texts]
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    try:
        with ThreadPoolExecutor(8) as threads:
            together = list(threads.map(render, texts * 8))
    finally:
        sys.setswitchinterval(interval)
    assert together == alone * 8


def test_every_process_gives_the_same() -> None:
    program = "import sys; from reporter.text.markup import render; print(ascii(render(sys.argv[1])))"
    markdown = "[a](http://b.example 'c') ![d](http://e.example 'f')\n\n7. g\n9. h"
    results = {
        subprocess.run(
            [sys.executable, "-c", program, markdown],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
            text=True,
        ).stdout.strip()
        for seed in ("0", "1", "2")
    }
    assert results == {ascii(render(markdown))}
