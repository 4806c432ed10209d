"""What the check before handing in remarks, and what it leaves in peace."""

import json
import os
import random
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from reporter.rules.report_text import MAX_BODY, KeyPoint, Link, ReportText
from reporter.rules.vocabulary import Check, SessionRule, TextPart
from reporter.text.checks import Facts, Finding, SpeakerName, check
from reporter.text.findings import MAX_FINDINGS
from reporter.text.known_names import known_names, one_slip
from reporter.text.passages import MAX_EXCERPT, excerpt, passages, without_marks

FIELD = Path(os.environ.get("FIELD_FILES") or Path(__file__).resolve().parents[3] / "shared" / "field")
NAUGHTY = FIELD / "hostile" / "text" / "blns.json"
EXAMPLES = settings(max_examples=max(20, int(200 * float(os.environ.get("TEST_SCALE", "1")))), deadline=None)

FACTS = Facts(
    event_name="UNCTAD eWeek 2023",
    event_starts_on=date(2023, 12, 4),
    event_ends_on=date(2023, 12, 8),
    min_words=3,
    max_words=60,
    speakers=(
        SpeakerName("Ana Silva", "Director", "World Trade Organization"),
        SpeakerName("Ms. José Pérez", "Minister", "Chile"),
        SpeakerName("Li Wei", "", ""),
        SpeakerName("Jean-Pierre O'Connor", "", ""),
        SpeakerName("Mariam van der Merwe", "", ""),
    ),
    other_speakers=("Gunnar Lindqvist", "Will May", "Farid Al-Farsi", "李伟", "محمد الحسن"),
    organiser="UNCTAD",
)
WHOLE = ReportText(
    headline="Ministers agree on common rules",
    lead="Ministers agreed on a first set of rules.",
    key_points=(KeyPoint("Rules first."), KeyPoint("Money second."), KeyPoint("Skills third.")),
    body="The room was full.\n\nThe next meeting is in spring.",
    policy_issues=frozenset({1}),
)


def remarks(text: ReportText, **facts: object) -> list[tuple[str, str, int | None, str]]:
    """The remarks on `text` as (code, part, index, sentence)."""
    found = check(text, replace(FACTS, **facts))  # type: ignore[arg-type]
    return [(finding.code, finding.where, finding.index, str(finding)) for finding in found]


def of_body(body: str, **parts: object) -> list[tuple[str, str]]:
    """The remarks on a report with that body, as (code, sentence)."""
    text = replace(WHOLE, body=body, **parts)  # type: ignore[arg-type]
    return [(code, sentence) for code, _, _, sentence in remarks(text, min_words=0, max_words=0)]


def suggested(body: str, **facts: object) -> list[tuple[str, str]]:
    """The remarks on names as (what was written, what is suggested)."""
    found = check(replace(WHOLE, body=body), replace(FACTS, min_words=0, max_words=0, **facts))  # type: ignore[arg-type]
    return [(str(one.values["written"]), one.suggestion) for one in found if one.code.startswith("name_")]


def test_a_report_in_order_gets_no_remark() -> None:
    assert remarks(WHOLE) == []


# What is missing


def test_what_is_missing_blocks_and_comes_first() -> None:
    found = check(ReportText(body="Three words here."), FACTS)
    assert [(one.code, one.where, str(one)) for one in found if one.blocking] == [
        ("incomplete", "headline", "Write a headline before you hand in."),
        ("incomplete", "lead", "Write one or two sentences, or key points, before you hand in."),
        ("incomplete", "policy_issues", "Choose at least one policy issue before you hand in."),
    ]
    assert found[3:] == []


def test_every_blocking_remark_is_of_what_is_missing() -> None:
    text = ReportText(
        headline="No.", key_points=(KeyPoint("a"),) * 9, body='"x [a](b) Ms Stranger', policy_issues=frozenset({1})
    )
    assert [one.code for one in check(text, FACTS) if one.blocking] == []
    assert text.missing() is None


def test_a_first_summary_is_asked_for_little() -> None:
    first = ReportText(
        headline="Ministers agree on rules", key_points=(KeyPoint("a"), KeyPoint("b")), first_summary=True
    )
    assert remarks(first, min_words=300, max_words=600) == [
        (
            "policy_issue_missing",
            "policy_issues",
            None,
            "Without a policy issue, few will find this report. Choose one, if you can.",
        )
    ]
    assert remarks(replace(first, key_points=())) == [
        ("incomplete", "key_points", None, "Write two key points before you hand in a first summary."),
        *remarks(first),
    ]


# Headline, lead, key points, length


@pytest.mark.parametrize(
    ("headline", "codes"),
    [
        ("Ministers agree on common rules", []),
        ("x" * 100, []),
        ("x" * 101, ["headline_long"]),
        ("x" * 15, []),
        ("x" * 14, ["headline_short"]),
        ("数字经济部长会议通过规则", []),
        ("数字经济", ["headline_short"]),
        ("字" * 51, ["headline_long"]),
        ("Ministers agree on common rules.", ["headline_full_stop"]),
        ("Ministers agree on common rules...", []),
        ("Ministers agree on common rules…", []),
        ("Do ministers agree on common rules?", []),
        ("Data flows to and from the U.S.", []),
        ("Privacy, security, trust etc.", []),
        ("数字经济部长会议通过规则。", ["headline_full_stop"]),
        ("नियमों पर सहमति बनी है।", ["headline_full_stop"]),
    ],
)
def test_headlines(headline: str, codes: list[str]) -> None:
    assert [code for code, *_ in remarks(replace(WHOLE, headline=headline))] == codes


def test_a_headline_is_suggested_without_its_full_stop() -> None:
    assert check(replace(WHOLE, headline="Ministers agree on rules."), FACTS) == [
        Finding(
            Check.HEADLINE_FULL_STOP,
            TextPart.HEADLINE,
            "The headline ends with a full stop. Leave it out.",
            excerpt="Ministers agree on rules.",
            suggestion="Ministers agree on rules",
        )
    ]


@pytest.mark.parametrize(
    ("lead", "body", "expected"),
    [
        ("Ministers agreed on rules.", "Ministers **agreed** on rules! More followed.", 0),
        ("Ministers agreed on rules. Others did not.", "Ministers agreed on rules. More followed.", 0),
        ("Ministers agreed on rules. Others did not.", "## Opening\n\nMinisters agreed on rules. More followed.", 1),
        ("Ministers agreed on rules.", "Nobody spoke. Ministers agreed on rules.", None),
        ("Ministers agreed on rules.", "Ministers agreed on rules and on money.", None),
        ("It began.", "It began. Then it ended.", None),
        ("部长们就数字贸易规则达成一致。", "部长们就数字贸易规则达成一致。会议继续。", 0),
        ("Les ministres ont adopté des règles.", "Les ministres ont adopté des règles. Puis rien.", 0),
    ],
)
def test_a_lead_is_not_said_again(lead: str, body: str, expected: int | None) -> None:
    found = [(code, index) for code, _, index, _ in remarks(replace(WHOLE, lead=lead, body=body))]
    assert found == ([] if expected is None else [("lead_repeated", expected)])


def test_a_lead_is_asked_for_where_key_points_stand_alone() -> None:
    assert [code for code, *_ in remarks(replace(WHOLE, lead=""))] == ["lead_missing"]


@pytest.mark.parametrize(
    ("count", "expected"),
    [
        (0, [("key_points_few", "Key points so far: 0. Readers expect 3 to 5.")]),
        (2, [("key_points_few", "Key points so far: 2. Readers expect 3 to 5.")]),
        (3, []),
        (5, []),
        (6, [("key_points_many", "Key points: 6. Readers expect 3 to 5; join some of them.")]),
    ],
)
def test_three_to_five_key_points(count: int, expected: list[tuple[str, str]]) -> None:
    points = tuple(KeyPoint(f"Point {number}.") for number in range(count))
    assert of_body("Text.", key_points=points) == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("one two", [("text_short", "The text has 2 words; this event asks for 3 to 60.")]),
        (
            "one [two](https://example.org/a/b/c-d)",
            [("text_short", "The text has 2 words; this event asks for 3 to 60.")],
        ),
        ("one **two** three", []),
        ("word " * 60, []),
        ("word " * 61, [("text_long", "The text has 61 words; this event asks for at most 60.")]),
        ("字" * 100, []),
        ("字" * 101, [("text_long", "The text has 61 words; this event asks for at most 60.")]),
    ],
)
def test_length(body: str, expected: list[tuple[str, str]]) -> None:
    assert [(code, words) for code, _, _, words in remarks(replace(WHOLE, body=body, language="zh"))] == expected


# Names


@pytest.mark.parametrize(
    ("body", "written", "suggestion"),
    [
        ("Then Ana Sliva spoke.", "Ana Sliva", "Ana Silva"),
        ("Anna Silva spoke.", "Anna Silva", "Ana Silva"),
        ("Then Silva Ana spoke.", "Silva Ana", "Ana Silva"),
        ("**Ana** Silvva spoke.", "Ana Silvva", "Ana Silva"),
        ("Jose Perez spoke.", "Jose Perez", "José Pérez"),
        ("José Peres spoke.", "José Peres", "José Pérez"),
        ("Later Perez spoke.", "Perez", "Pérez"),
        ("Jean Piere spoke.", "Jean Piere", "Jean-Pierre O'Connor"),
        ("We heard Mariam van der Merve speak.", "Mariam van der Merve", "Mariam van der Merwe"),
        ("Gunnar Lindquist spoke.", "Gunnar Lindquist", "Gunnar Lindqvist"),
        ("Farid Al-Fasri spoke.", "Farid Al-Fasri", "Farid Al-Farsi"),
        ("Asked, Ms Silvva agreed.", "Silvva", "Ana Silva"),
        ("In the end Silvia's point stood.", "Silvia", "Silva"),
        ("Ms Stranger spoke.", "Stranger", ""),
        ("H.E. Mr. Peter Nobody spoke.", "Peter Nobody", ""),
        ("Ambassador Maria Neverheard spoke.", "Maria Neverheard", ""),
    ],
)
def test_names_that_are_nearly_in_the_programme(body: str, written: str, suggestion: str) -> None:
    assert suggested(body) == [(written, suggestion)]


@pytest.mark.parametrize(
    "body",
    [
        "Ana Silva, José Pérez and Li Wei spoke. Silva agreed with Pérez.",
        "ANA SILVA and JOSE PEREZ spoke.",
        "Ana M. Silva’s point; Jean Pierre O’Connor; Jean-Pierre O'Connor; Mariam van der Merwe.",
        "Mr. Silva, Ms Pérez, Dr. Lindqvist, Minister May and H.E. Al-Farsi spoke.",
        "Silva and Ana; Silva, Ana.",
        "The Minister. Trade grows. Mr Chair, Madam President, Mr Speaker!",
        "The Ministry of Trade of Chile, the Geneva Internet Platform and Digital Watch were there.",
        "Selva forests grow. \n- Silvan forests too",
        "The Silver Economy and the Ann Arbor Group. Silvas Group.",
        "Will ministers agree? They may. Rose petals rose.",
        "We saw silvia plants, a Silvia plant and silvia again.",
        "李伟和王明发言。部长说了话。李玮没有发言。",
        "وقال محمد حسن إن التجارة مهمة. ومحمد الحسين أيضا.",
        "```\nAnna Silva\n```",
    ],
)
def test_names_that_get_no_remark(body: str) -> None:
    assert suggested(body) == []


def test_a_french_monsieur_is_a_title_in_french_alone() -> None:
    body = "Puis M. Personne parla."
    assert [code for code, _ in of_body(body, language="fr")] == ["name_unknown"]
    assert of_body(body) == []


def test_a_spelling_is_remarked_once_where_it_stands_first() -> None:
    text = replace(
        WHOLE, key_points=(KeyPoint("x"), KeyPoint("y"), KeyPoint("Anna Silva agreed", "Chad")), body="Anna Silva!"
    )
    assert check(text, replace(FACTS, min_words=0)) == [
        Finding(
            Check.NAME_SPELLING,
            TextPart.KEY_POINTS,
            "“%(written)s” is “%(name)s” in the programme.",
            2,
            {"written": "Anna Silva", "name": "Ana Silva"},
            "Chad: Anna Silva agreed",
            suggestion="Ana Silva",
        )
    ]


def test_under_the_chatham_house_rule_no_spelling_is_suggested() -> None:
    rule = SessionRule.CHATHAM_HOUSE
    assert suggested("Anna Silva spoke. Ms Stranger too.", rule=rule) == [("Anna Silva", ""), ("Stranger", "")]
    assert remarks(replace(WHOLE, body="Anna Silva spoke there."), rule=rule) == [
        ("name_spelling", "body", 0, "“Anna Silva” looks like “Ana Silva”: no names from this session.")
    ]


def test_without_a_programme_nobody_is_unknown() -> None:
    assert suggested("Ms Stranger spoke.", speakers=(), other_speakers=()) == []


@pytest.mark.parametrize(
    ("one", "other", "near"),
    [
        ("silva", "silva", False),
        ("silva", "silv", True),
        ("silva", "silvaa", True),
        ("silva", "slva", True),
        ("silva", "selva", True),
        ("silva", "sliva", True),
        ("silva", "silav", True),
        ("silva", "sivla", True),
        ("silva", "slivaa", False),
        ("silva", "sevla", False),
        ("silva", "sil", False),
        ("", "a", True),
    ],
)
def test_one_slip_of_the_hand(one: str, other: str, near: bool) -> None:
    assert one_slip(one, other) is near
    assert one_slip(other, one) is near


@EXAMPLES
@given(st.text("abcd", min_size=4, max_size=7), st.lists(st.text("abcd", min_size=4, max_size=7), max_size=30))
def test_the_index_finds_what_comparing_with_every_name_finds(word: str, others: list[str]) -> None:
    known = known_names(tuple(others))
    assert set(known.close_to(word)) == {one for one in others if one == word or one_slip(one, word)}


# Dates


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("It met on 5 December 2022.", "date_year"),
        ("It met on December 5th, 2024.", "date_year"),
        ("Filed on 2022-12-06.", "date_year"),
        ("La séance du 5 décembre 2022.", "date_year"),
        ("La sesión del 5 de diciembre de 2024.", "date_year"),
        ("会议于2022年12月5日举行。", "date_year"),
        ("It met on Tuesday, 5 December 2022.", "date_year"),
        ("It met on Monday, 5 December 2023.", "date_weekday"),
        ("It met on Monday 5 December.", "date_weekday"),
        ("Le lundi 5 décembre, la séance.", "date_weekday"),
        ("Signed on Monday, 4 July 2017.", "date_weekday"),
        ("Today, 12 December, ministers met.", "date_outside"),
        ("Aujourd’hui, 12 décembre, les ministres.", "date_outside"),
        ("Comments are due on 31 November 2023.", "date_impossible"),
        ("Due on 30 February.", "date_impossible"),
    ],
)
def test_dates_that_do_not_fit(body: str, code: str) -> None:
    assert [found for found, _ in of_body(body)] == [code]


@pytest.mark.parametrize(
    "body",
    [
        "It met on Tuesday, 5 December 2023, and on 6 December.",
        "Today, 5 December, ministers met.",
        "The agreement of 5 December 1994 and that of 12 December 2022.",
        "Due on 15 January 2024; the last was on 15 November 2022.",
        "From 4–8 December 2023. In March 2022. On 29 February 2024. On 29 February.",
        "Paragraph 5 May be read. May 20 countries join? In May 2022 5 countries did.",
        "Call +41 22 2023-12-99-1, version 2022-12-05-3, ratio 12:5.",
        "Martes y miércoles. 4 de julio de 2017. Le mardi 5 décembre 2023.",
        "```\n5 December 2022\n```",
    ],
)
def test_dates_that_get_no_remark(body: str) -> None:
    assert of_body(body) == []


def test_an_event_over_new_year_has_days_in_two_years() -> None:
    over = {"event_starts_on": date(2023, 12, 30), "event_ends_on": date(2024, 1, 2)}
    assert remarks(replace(WHOLE, body="It met on 31 December 2023 and 1 January 2024."), **over) == []
    found = remarks(replace(WHOLE, body="It met on 1 January 2023."), **over)
    assert [sentence for *_, sentence in found] == ["“1 January 2023” is a day of the event, which is in 2024."]


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        (Link("eWeek 2022", "https://example.org/x"), "This link says 2022; the event is “UNCTAD eWeek 2023”."),
        (
            Link("Page", "https://example.org/unctad-eweek-2024"),
            "This link says 2024; the event is “UNCTAD eWeek 2023”.",
        ),
        (Link("Page", "https://example.org/eweek2023/2022"), None),
        (Link("eWeek 2018", "https://example.org/eweek-2018"), None),
        (Link("Paper of 2022", "https://example.org/2022/week"), None),
    ],
)
def test_links_to_the_event_in_another_year(link: Link, expected: str | None) -> None:
    found = remarks(replace(WHOLE, links=(Link("a", "https://example.org"), link)))
    assert found == ([] if expected is None else [("date_year", "links", 1, expected)])


# Quotations


@pytest.mark.parametrize(
    "body",
    [
        'She said "we agree.',
        "She said “we agree.",
        "She said we agree”.",
        "Sie sagte „wir sind einig.",
        "Il a dit « nous sommes d’accord.",
        "她说“我们同意。",
        "彼は「賛成した。",
    ],
)
def test_a_quotation_mark_without_partner(body: str) -> None:
    assert of_body(body) == [("quotes_unbalanced", "A quotation mark here has no partner.")]


@pytest.mark.parametrize(
    "body",
    [
        'She said "we agree". A 27" screen is 1" wider. Don\'t! The ’90s; rock ’n’ roll.',
        "She said “we ‘agree’”. Sie sagte „ja“. Zij zei „ja”. Hon sade ”ja”. Il a dit « oui ». »Ja«, sagte er.",
        "(an open bracket",
        'A 27" screen.',
        "She said: “We began\n\n“and we ended.”",
        '```\nprint(")\n```',
        "她说“我们同意”。彼は「賛成」と言った。",
        r"An escaped \" and \" mark.",
    ],
)
def test_quotation_marks_in_order(body: str) -> None:
    assert of_body(body) == []


@pytest.mark.parametrize(
    ("body", "language"),
    [
        ("The mood was clear. “We will not sign this text.”", "en"),
        ('"There is no money for that," and so it ended.', "en"),
        ("L’ambiance était claire : « nous ne signerons pas ce texte ».", "fr"),
        ("El ambiente era claro: «no firmaremos este texto».", "es"),
        ("Die Lage war klar: „Wir werden das nicht unterschreiben“.", "de"),
    ],
)
def test_a_quotation_without_a_speaker(body: str, language: str) -> None:
    assert of_body(body, language=language) == [("quote_without_speaker", "It is not said who is quoted here.")]
    rule = SessionRule.CHATHAM_HOUSE
    assert [code for code, *_ in remarks(replace(WHOLE, body=body, language=language), rule=rule)] == []


@pytest.mark.parametrize(
    ("body", "language"),
    [
        ("“We will not sign this text,” Silva held.", "en"),
        ("“We will not sign this text,” a delegate said.", "en"),
        ("According to the panel, “we will not sign this text”.", "en"),
        ("“We will not sign this text.” (Mr Lindqvist)", "en"),
        ("The term “data free flow” is old.", "en"),
        ("The report “Digital Economy for All Nations” came out.", "en"),
        ("« Nous ne signerons pas ce texte », a déclaré le ministre.", "fr"),
        ("«No firmaremos este texto», dijo.", "es"),
        ("“我们不会签署这份文件。”", "zh"),
        ("«Мы не подпишем этот текст».", "ru"),
        ("## “We will not sign this text”", "en"),
    ],
)
def test_quotations_that_get_no_remark(body: str, language: str) -> None:
    assert of_body(body, language=language) == []


def test_a_key_point_with_an_actor_says_who_is_quoted() -> None:
    quoted = "“We will not sign this text.”"
    points = (KeyPoint("One."), KeyPoint(quoted, "Chad"), KeyPoint(quoted[:-1] + " now.”"))
    assert [(code, index) for code, _, index, _ in remarks(replace(WHOLE, key_points=points))] == [
        ("quote_without_speaker", 2)
    ]


# Paragraphs, Word, links


def test_a_paragraph_that_stands_twice() -> None:
    body = "The room was full today.\n\nNot so.\n\nThe room was *full*, today!\n\nNot so."
    assert remarks(replace(WHOLE, body=body)) == [("paragraph_doubled", "body", 2, "This is paragraph 1 again.")]
    points = (KeyPoint("We agreed on a text."), KeyPoint("Other."), KeyPoint("We agreed on a text"))
    assert remarks(replace(WHOLE, key_points=points)) == [
        ("paragraph_doubled", "key_points", 2, "This is key point 1 again.")
    ]


@pytest.mark.parametrize(
    "body",
    [
        "The room [Comment AB1] was full.",
        "The room [Comment AB12R11] was full.",
        "The room was full. Commented [A1]: who?",
        "The room.\nDeleted: was full",
        "Formatted: Font: Bold",
        "Commenté [JD2]: qui ?",
        "Mis en forme : Police",
        "Kommentiert [X3]: wer?",
        "See Error! Reference source not found.",
    ],
)
def test_what_word_leaves_behind(body: str) -> None:
    assert [code for code, _ in of_body(body)] == ["word_leftover"]


@pytest.mark.parametrize(
    "body",
    [
        "The list was formatted: one column. She commented [1] on it. They deleted: nothing.",
        "[Comment] was free. [Annex AB1] is long. Formatted:text",
    ],
)
def test_what_word_did_not_leave(body: str) -> None:
    assert of_body(body) == []


@pytest.mark.parametrize(
    ("body", "addresses"),
    [
        ("See [this](ftp://example.org/a).", ["ftp://example.org/a"]),
        ("See [this](www.example.org) and [that](/here).", ["www.example.org", "/here"]),
        (
            "See [this](javascript:alert(1)) and <mailto:ana@example.org>.",
            ["javascript:alert(1)", "mailto:ana@example.org"],
        ),
        ("See [this][1].\n\n[1]: file:///home/x", ["file:///home/x"]),
        ("![picture](data:image/png;base64,xx)", ["data:image/png;base64,xx"]),
        ("See [this](https://example.org/a_(b)) and <https://example.org>, [1] (note), a[0](x", []),
        ("```\n[this](x)\n```", []),
    ],
)
def test_links_in_the_text(body: str, addresses: list[str]) -> None:
    expected = [("link_address", f"“{one}” is no web address. It should begin with https://.") for one in addresses]
    assert of_body(body) == expected


def test_links_beside_the_text() -> None:
    links = (Link("a", "https://example.org"), Link("b", "www.example.org/x"), Link("c", ""), Link("d", "HTTP://x.org"))
    found = check(replace(WHOLE, links=links), FACTS)
    assert [(one.index, one.values["address"], one.suggestion) for one in found] == [
        (1, "www.example.org/x", "https://www.example.org/x"),
        (2, "", ""),
    ]


# Passages


@pytest.mark.parametrize(
    ("markdown", "said"),
    [
        ("## A *heading*", "A heading"),
        ("- one\n- **two**\n  1. three", "one\ntwo\nthree"),
        ("> quoted\n> twice", "quoted\ntwice"),
        ('a [link](https://x.org/a_(b) "title") and ![alt](y)', "a link and alt"),
        ("see <https://x.org> now", "see  now"),
        ("_one_ __two__ snake_case", "one two snake_case"),
        (r"\*not bold\* &amp; 1\. so", "*not bold* & 1. so"),
        ("[words][1]\n[1]: https://x.org", "words\n"),
        ("2 * 3", "2  3"),
    ],
)
def test_markdown_as_a_reader_sees_it(markdown: str, said: str) -> None:
    assert without_marks(markdown) == said


def test_passages_say_where_they_are() -> None:
    text = ReportText(
        headline="H", key_points=(KeyPoint("p", "Chad"),), body="# One\n\nTwo\n\n**Three**\n\n~~~\n\nx\n~~~"
    )
    assert [(one.where, one.index, one.said, one.kind) for one in passages(text)] == [
        ("headline", None, "H", "text"),
        ("key_points", 0, "Chad: p", "text"),
        ("body", 0, "One", "heading"),
        ("body", 1, "Two", "text"),
        ("body", 2, "Three", "heading"),
        ("body", 3, "~~~\n\nx\n~~~", "code"),
    ]


@pytest.mark.parametrize(
    ("text", "start", "end", "shown"),
    [
        ("short", 0, 5, "short"),
        ("word " * 40, 100, 104, "…word word word word word word word word word word word word word word word…"),
        ("x" * 200, 0, 200, "x" * 79 + "…"),
        ("", 0, 0, ""),
    ],
)
def test_excerpts(text: str, start: int, end: int, shown: str) -> None:
    assert excerpt(text, start, end) == shown


@EXAMPLES
@given(st.text(max_size=300), st.integers(0, 300), st.integers(0, 300))
def test_an_excerpt_is_never_too_long(text: str, start: int, end: int) -> None:
    assert len(excerpt(text, start, end)) <= MAX_EXCERPT


# Any text at all

any_text = (
    st.text(st.characters(exclude_categories=()), max_size=60)
    | st.text(st.sampled_from('a Ana Silva.\n\t"“”«»„[]()!*_`~\\<>&#;:|-0125\u00ad\u200b\u0301\ud800'), max_size=60)
    | st.lists(
        st.sampled_from(
            [
                *("Ana", "Silva", "Sliva", "Ms", "H.E.", "M.", "5 December 2022", "Monday, ", "2023-12-05", "[a](b)"),
                *(
                    "said ",
                    '"',
                    "“",
                    "”",
                    "\n\n",
                    " ",
                    "李伟",
                    "محمد",
                    "Deleted:",
                    "[Comment A1]",
                    "&#x41;",
                    "```",
                    "> ",
                ),
                *("1. ", "%s"),
            ]
        ),
        max_size=20,
    ).map(" ".join)
)
any_report = st.builds(
    ReportText,
    headline=any_text,
    lead=any_text,
    key_points=st.lists(st.builds(KeyPoint, text=any_text, actor=any_text, capacity=any_text), max_size=4).map(tuple),
    body=any_text,
    links=st.lists(st.builds(Link, title=any_text, url=any_text), max_size=2).map(tuple),
    language=st.sampled_from(["en", "fr", "es", "ar", "zh", "xx"]),
    first_summary=st.booleans(),
)


def sound(text: ReportText, facts: Facts) -> None:
    """What holds of the remarks on every text."""
    found = check(text, facts)
    assert check(text, facts) == found
    assert [one.blocking for one in found] == sorted((one.blocking for one in found), reverse=True)
    assert [(one.where, str(one)) for one in found if one.blocking] == [
        (part, str(why)) for part, why in text.lacking()
    ]
    counts = {TextPart.KEY_POINTS: len(text.key_points), TextPart.LINKS: len(text.links), TextPart.BODY: len(text.body)}
    for one in found:
        assert len(one.excerpt) <= MAX_EXCERPT
        assert one.index is None or 0 <= one.index < counts[one.where]
        assert str(one)


@EXAMPLES
@given(any_report, st.lists(any_text, max_size=3).map(tuple))
@example(ReportText(body="&#" + "9" * 5_000 + ";"), ())
@example(ReportText(headline="0000-00-00", body="99 May 2023 and 2023-13-45, 0 May"), ())
def test_any_text_is_read(text: ReportText, names: tuple[str, ...]) -> None:
    sound(text, FACTS)
    sound(text.cleaned(), replace(FACTS, speakers=tuple(map(SpeakerName, names)), other_speakers=names))


@pytest.mark.skipif(not NAUGHTY.is_file(), reason="the folder of real files is not here (FIELD_FILES)")
def test_naughty_strings() -> None:
    for line in json.loads(NAUGHTY.read_text()):
        sound(ReportText(line, line, (KeyPoint(line, line),), f"{line}\n\n{line}", links=(Link(line, line),)), FACTS)
        sound(WHOLE, replace(FACTS, event_name=line, other_speakers=(line,), speakers=(SpeakerName(line, line, line),)))


def test_there_are_only_so_many_remarks_of_a_kind() -> None:
    found = check(replace(WHOLE, body="\n\n".join(f"[x{number}](y)" for number in range(50))), FACTS)
    assert [one.code for one in found] == [Check.LINK_ADDRESS] * MAX_FINDINGS
    assert [one.index for one in found] == list(range(MAX_FINDINGS))


def invented_names(count: int, seed: int) -> tuple[str, ...]:
    chance = random.Random(seed)
    syllables = ["ka", "lo", "mi", "ren", "ta", "so", "vel", "dan", "hu", "bri", "nor", "sa", "pel", "zim", "do", "cha"]

    def word() -> str:
        return "".join(chance.choices(syllables, k=chance.randint(2, 3))).capitalize()

    return tuple(f"{word()} {word()}" for _ in range(count))


def test_the_longest_text_with_a_large_programme() -> None:
    names = invented_names(1_300, 1)
    facts = replace(FACTS, other_speakers=names, min_words=0, max_words=0)
    body = " ".join(f"{name} met {stranger}." for name, stranger in zip(names, invented_names(1_300, 2), strict=True))
    body = (body + " ") * (MAX_BODY // len(body)) + "Anna Silva"
    text = replace(WHOLE, body=body.rjust(MAX_BODY)[:MAX_BODY])
    assert "Anna Silva" in text.body
    found = check(text, facts)
    assert {one.code for one in found} == {Check.NAME_SPELLING}


@pytest.mark.parametrize(
    "piece",
    [
        *(
            "_",
            "[",
            "![a](",
            "“",
            "a-",
            "\\",
            "(",
            "Ms ",
            "A. ",
            "12 December ",
            " ",
            "\n\n",
            "&",
            "<a:",
            "[a]: ",
            '"',
            ">",
        ),
        *("# ", "Deleted:\n", "\u0301", "字", "“字", "x.)", "A", "Ana ", "12 ", "monday, ", "`", "](", "a\n", "&#1"),
        "Ana Sliva\n\n",
    ],
)
def test_long_texts_of_one_piece_come_to_an_end(piece: str) -> None:
    body = (piece * MAX_BODY)[:MAX_BODY]
    sound(replace(WHOLE, body=body), replace(FACTS, other_speakers=invented_names(300, 3)))
