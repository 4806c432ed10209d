"""Plain text from HTML, and addresses out of it."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from sources.drafts import ADDRESS, randomised

from reporter.text.plain import from_html, shortened, without_addresses


@pytest.mark.parametrize(
    ("html", "plain"),
    [
        ("", ""),
        ("plain  text\n  as it is", "plain  text\n  as it is"),
        ("a < b, List<T> and <https://example.org> & c", "a < b, List<T> and <https://example.org> & c"),
        (
            "caf&eacute; &#x26; &amp;amp; &nosuch; &#99999999999999; AT&T",
            "café & &amp; &nosuch; &#99999999999999; AT&T",
        ),
        ("<p>One</p><p>Two</p>", "One\n\nTwo"),
        ("<P CLASS='x>y'>One</P>\n\n\n<p>Two", "One\n\nTwo"),
        ("one<br>two<br/>three<br><br>four", "one\ntwo\nthree\n\nfour"),
        ("<ul><li>a</li><li><p>b <b>c</b></p></li></ul>d", "- a\n- b c\n\nd"),
        ("<ol><li>a<li>b<ul><li>c</li></ul><li>d</ol>", "1. a\n2. b\n  - c\n3. d"),
        ("line one\nline two\n<b>bold</b>\n\nparagraph", "line one\nline two\nbold\n\nparagraph"),
        ("x <a href='https://example.org/a?b=1&amp;c=2'>there</a>.", "x there (https://example.org/a?b=1&c=2)."),
        ("<a href=https://example.org>https://example.org/</a>", "https://example.org/"),
        ("<a href='javascript:x'>click</a> <a href='/there'>here</a>", "click here"),
        ("<script>if (a < b) x('<p>')</script>seen<style>p {}</style><!-- <p>not</p> -->!", "seen!"),
        ("<script>kept, since it has no end <p>x</p>", "kept, since it has no end\n\nx"),
        ("<p>x <!-- no end", "x no end"),
        ("<pre>a  b\n  c</pre>", "a  b\n  c"),
        ("<p>Use List<String> here</p>", "Use List<String> here"),
        ("<h2>Goals</h2>text<hr>more", "Goals\n\ntext\n\nmore"),
        ("<table><tr><th>a</th><th>b</th></tr><tr><td>c</td><td>d</td></tr></table>", "a\tb\nc\td"),
        ("<p>a&nbsp;&nbsp;b</p>  <p>  </p><div>c</div>", "a b\n\nc"),
        ("<img alt='A chart' src='x'><b>x</b>", "A chartx"),
    ],
)
def test_html_becomes_plain_text(html: str, plain: str) -> None:
    assert from_html(html) == plain


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("none here", "none here"),
        ("jane.doe+x@mail.example.org", "#"),
        ("(jane@example.org)", "(#)"),
        ("Jane <jane@example.org>, <b>", "Jane #, <b>"),
        ("mailto:jane@example.org?subject=Hello", "#"),
        ("MAILTO:jane@example.org", "#"),
        ("jane@例え.jp und jörg@müller.example", "# und #"),
        ("jane＠example.org jane%40example.org jane&#64;example.org jane&commat;example.org", "# # # #"),
        ("@jane@example.org", "#"),
        ("jane@[192.168.0.1]", "#"),
        ("a@b.org,c@d.org;e@f.org", "#,#;#"),
        (
            "@jane, jane@ home, 5@3, https://example.org/@jane.doe",
            "@jane, jane@ home, 5@3, https://example.org/@jane.doe",
        ),
        ("x" * 100 + "@example.org", "#"),
    ],
)
def test_addresses_are_marked(text: str, marked: str) -> None:
    assert without_addresses(text, "#") == marked


def test_addresses_leave_nothing_behind_without_a_mark() -> None:
    assert without_addresses("Jane (jane@example.org) Doe [j@x.org]").split() == ["Jane", "Doe"]
    assert without_addresses("Jane () Doe") == "Jane () Doe"


@randomised
@given(st.text(st.sampled_from("ab@.<>&;# %40-_'\"\n"), max_size=60))
@example("a@b.c@d.e@f.g")
@example("<a@b.c<d@e.f>>")
@example("a@_.b")
def test_no_address_is_left(text: str) -> None:
    for mark in ("", "[e-mail removed]"):
        assert ADDRESS.search(without_addresses(text, mark)) is None


@randomised
@given(st.text(st.sampled_from("<>/!-&;=\"' \npalibrscdu#1"), max_size=80))
def test_no_html_breaks_the_converter(text: str) -> None:
    plain = from_html(text)
    assert "\n\n\n" not in plain or "<" not in text
    assert from_html(text) == plain


def test_shortened() -> None:
    assert [shortened("abc def", limit) for limit in (8, 7, 6, 5)] == ["abc def", "abc def", "abc d…", "abc…"]
