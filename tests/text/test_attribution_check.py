"""Names and affiliations of speakers, wherever they hide in a report under the Chatham House rule."""

import json
import os
import random
from pathlib import Path

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from reporter.rules.report_text import MAX_BODY, KeyPoint, Link, ReportText
from reporter.text.attribution_check import NameFound, Place, names_found
from reporter.text.findings import SpeakerName
from reporter.text.passages import MAX_EXCERPT

FIELD = Path(os.environ.get("FIELD_FILES") or Path(__file__).resolve().parents[3] / "shared" / "field")
NAUGHTY = FIELD / "hostile" / "text" / "blns.json"
EXAMPLES = settings(max_examples=max(20, int(200 * float(os.environ.get("TEST_SCALE", "1")))), deadline=None)

EVENT, ORGANISER = "UNCTAD eWeek 2023", "United Nations Conference on Trade and Development (UNCTAD)"
ANA = SpeakerName("Ana Silva", "Director", "World Trade Organization")


def found(body: str, *speakers: SpeakerName, event_name: str = EVENT, organiser: str = ORGANISER) -> list[str]:
    """The names found in a report with that body."""
    return [
        one.name for one in names_found(ReportText(body=body), speakers, event_name=event_name, organiser=organiser)
    ]


def people(*names: str) -> list[SpeakerName]:
    return [SpeakerName(name) for name in names]


def organisations(*names: str) -> list[SpeakerName]:
    return [SpeakerName("Moderator", "", name) for name in names]


@pytest.mark.parametrize(
    ("name", "body", "expected"),
    [
        ("Ana Silva", "Then Ana Silva spoke.", ["Ana Silva"]),
        ("Ana Silva", "Then Silva spoke.", ["Silva"]),
        ("Ana Silva", "then silva’s point and SILVA'S again", ["Silva"]),
        ("Ana Silva", "Silva, Ana, and Ana Silva", ["Ana Silva"]),
        ("Ana Silva", "A. Silva and A Silva", ["Ana Silva"]),
        ("Ana Silva", "thanks to @asilva", ["Ana Silva"]),
        ("Ana Silva", "ana.silva@example.org", ["Ana Silva"]),
        ("Ana Silva", "Ana\u00a0Silva", ["Ana Silva"]),
        ("Ana Silva", "Ana\nSilva", ["Ana Silva"]),
        ("Ana Silva", "Silva¹ and Silva[2]", ["Silva"]),
        ("Ana Silva", "Ana spoke to the silvan bananas, salivas", []),
        ("Ana Silva", "They met in Asilvar.", []),
        ("Ana Silva", "Ana. The next paragraph.\n\nOther.", []),
        (
            "Ms. Ana Maria Silva Costa, PhD",
            "Ana Costa. Then Silva Costa. Then Ana Silva.",
            ["Ana Maria Silva Costa", "Silva", "Costa"],
        ),
        ("H.E. Mr. José Peña-Nieto", "Jose PENA NIETO", ["José Peña-Nieto"]),
        ("H.E. Mr. José Peña-Nieto", "Nieto said so", ["Nieto"]),
        ("Seán O'Brien", "O’Brien, OBrien and O Brien", ["O'Brien"]),
        ("Jean-Pierre Dupont", "J.-P. Dupont", ["Jean-Pierre Dupont"]),
        ("Jean-Pierre Dupont", "JP Dupont", ["Jean-Pierre Dupont"]),
        ("Farid Al-Farsi", "Farid al Farsi", ["Farid Al-Farsi"]),
        ("Farid Al-Farsi", "Mr Farsi", ["Al-Farsi"]),
        ("Mariam van der Merwe", "Van der Merwe agreed", ["Merwe"]),
        ("Zoë Müller", "Mueller and Muller", ["Müller"]),
        ("Zoe Mueller", "Müller", ["Mueller"]),
        ("Łukasz Øye", "Lukasz Oye", ["Łukasz Øye"]),
        ("Straße, Ute", "Ute STRASSE", ["Straße, Ute"]),
        ("WANG Xiaoming", "Wang said", ["WANG"]),
        ("Wang Xiaoming", "Wang said; Xiaoming said", ["Wang", "Xiaoming"]),
        ("Li Na", "Mr Li and N. Li", ["Li Na"]),
        ("Li Na", "a list of nations; Lima; in a lina", ["Li Na"]),
        ("Mo Ng", "Ms. Ng", ["Mo Ng"]),
        ("Mo Ng", "ng said, NG tubes", []),
        ("Elizabeth (Liz) Smith", "Liz Smith", ["Elizabeth Smith"]),
        ("Li Wei (李伟)", "会上李伟说", ["Li Wei"]),
        ("Madonna", "Madonna sang", ["Madonna"]),
        ("Mr Silva", "Silva spoke", ["Silva"]),
        ("Director Wang Lei", "Wang Lei", ["Director Wang Lei"]),
        ("ana silva", "Silva spoke", ["silva"]),
        ("Ana silva", "Silva spoke of silva", ["silva"]),
    ],
)
def test_people(name: str, body: str, expected: list[str]) -> None:
    assert found(body, *people(name)) == expected


@pytest.mark.parametrize(
    ("name", "body", "expected"),
    [
        ("Ann Will", "They will, and will again.", []),
        ("Ann Will", "Here Will agreed.", ["Will"]),
        ("Ann May", "It may be on 12 May, or in May 2023.", []),
        ("Ann May", "Then May agreed.", ["May"]),
        ("Jack Rose", "Prices rose.", []),
        ("Jack Rose", "Rose said that prices rose.", ["Rose"]),
        ("Will May", "He will may be.", []),
        ("Will May", "Will May agreed.", ["Will May"]),
        ("Will May", "See https://example.org/will-may", ["Will May"]),
        ("Amal Isa", "This is a test", []),
        ("Thea Ina", "in a room", []),
    ],
)
def test_names_that_are_ordinary_words(name: str, body: str, expected: list[str]) -> None:
    assert found(body, *people(name)) == expected


@pytest.mark.parametrize(
    ("name", "body", "expected"),
    [
        ("李伟", "会上李伟说", ["李伟"]),
        ("李伟", "李部长说", ["李伟"]),
        ("李伟", "伟大的李子", []),
        ("欧阳修文", "欧阳先生", ["欧阳修文"]),
        ("阿娜·席尔瓦", "阿娜席尔瓦说", ["阿娜·席尔瓦"]),
        ("阿娜·席尔瓦", "席尔瓦说", ["席尔瓦"]),
        ("田中 太郎", "田中は話した", ["田中"]),
        ("田中 太郎", "田中さんは", ["田中 太郎"]),
        ("김철수", "김철수는 말했다", ["김철수"]),
        ("محمد الحسن", "وقال مُحَمَّد الحسن", ["محمد الحسن"]),
        ("محمد الحسن", "قال محمد حسن", ["محمد الحسن"]),
        ("محمد الحسن", "للحسن وبالحسن", ["الحسن"]),
        ("أحمد فؤاد", "وأحمد فواد", ["أحمد فؤاد"]),
        ("محمد الحسن", "الإحسان والمحاسن", []),
        ("Анна Иванова", "Речь Ивановой", ["Иванова"]),
        ("Фёдор Достоевский", "о Достоевском", ["Достоевский"]),
        ("Анна Иванова", "Иванополь", []),
        ("Γιώργος Παπαδόπουλος", "ΠΑΠΑΔΟΠΟΥΛΟΣ", ["Παπαδόπουλος"]),
        ("नीता शर्मा", "नीता शर्मा ने कहा", ["नीता शर्मा"]),
        ("นภา ใจดี", "คุณนภา ใจดี กล่าว", ["นภา ใจดี"]),
        ("Ana Silva", "阿娜Ana Silva说", ["Ana Silva"]),
    ],
)
def test_people_in_other_scripts(name: str, body: str, expected: list[str]) -> None:
    assert found(body, *people(name)) == expected


@pytest.mark.parametrize(
    ("name", "body", "expected"),
    [
        ("Moderator", "The moderator, Moderator", []),
        ("Minister for trade", "the Minister for Trade", ["Minister for trade"]),
        ("Minister for trade", "trade and its minister", []),
        ("Ministre du Commerce", "le ministre du commerce ; le commerce", ["Ministre du Commerce"]),
        ("Ambassador of Chad", "The ambassador of Chad", ["Ambassador of Chad"]),
        ("Customs official", "customs officials", []),
        ("Customs official", "A customs official", ["Customs official"]),
    ],
)
def test_offices(name: str, body: str, expected: list[str]) -> None:
    assert found(body, *people(name)) == expected


@pytest.mark.parametrize(
    ("organisation", "body", "expected"),
    [
        ("World Trade Organization", "the world trade organisation", ["World Trade Organization"]),
        ("World Trade Organization", "The WTO and the W.T.O.", ["WTO"]),
        ("World Health Organization", "those who spoke", []),
        ("World Health Organization", "WHO spoke", ["WHO"]),
        ("International Trade Centre (ITC)", "the ITC's view", ["ITC"]),
        ("International Trade Centre (ITC)", "an International Trade Center", ["International Trade Centre"]),
        ("Gesellschaft für Zusammenarbeit (GIZ)", "GIZ", ["GIZ"]),
        ("Internet Corporation (ICANN)", "Icann and icann", ["ICANN"]),
        ("University of Oxford, UK", "Oxford University; the UK", ["University of Oxford"]),
        ("Faculty of Law / University of Geneva", "University of Geneva", ["University of Geneva"]),
        ("Google LLC", "google’s lawyers", ["Google"]),
        ("The World Bank", "a World Bank study", ["The World Bank"]),
        ("Johnson & Sons", "Johnson and Sons", ["Johnson & Sons"]),
        ("Permanent Mission of Kenya to the United Nations", "Kenya asked for time", ["Kenya"]),
        ("Gouvernement du Tchad", "le Tchad", ["Tchad"]),
        ("European Union", "EU and European Union", ["European Union"]),
        ("EU", "the EU; eu", ["EU"]),
        ("清华大学", "来自清华大学的代表", ["清华大学"]),
        ("a developing country", "a developing country", []),
        ("the organisers of the event", "the organisers of the event", []),
        ("UN Women", "UN Women", ["UN Women"]),
        ("Africa Union of Ports", "the Africa Union of Ports", ["Africa Union of Ports"]),
        ("Africa Union of Ports", "afric union of ports", []),
        ("", "", []),
    ],
)
def test_affiliations(organisation: str, body: str, expected: list[str]) -> None:
    assert found(body, *organisations(organisation)) == expected


def test_the_host_and_the_events_own_name_are_not_flagged() -> None:
    speakers = [
        SpeakerName("Ana Silva", "", "UNCTAD"),
        SpeakerName("Jo Rose", "", "United Nations Conference on Trade and Development"),
    ]
    body = "UNCTAD, the United Nations Conference on Trade and Development, held the eWeek; Ana Silva spoke."
    assert found(body, *speakers) == ["Ana Silva"]
    assert found("The WTO", ANA, organiser="WTO; ITU") == []
    assert found("The World Trade Organization", ANA, organiser="WTO") == []
    assert found("WTO", ANA, event_name="WTO Public Forum 2024") == []
    assert found("WTO", ANA, organiser="ITC", event_name="Forum") == ["WTO"]


def test_a_name_in_the_events_title_is_not_flagged_alone() -> None:
    title = "The Silva Dialogue"
    assert found("Silva and the Silva Dialogue", ANA, event_name=title) == []
    assert found("Ana Silva at the Silva Dialogue", ANA, event_name=title) == ["Ana Silva"]
    assert found("The Silva Foundation met Silva.", ANA, organiser="Silva Foundation") == ["Silva"]
    assert found("The Silva Foundation met.", ANA, organiser="Silva Foundation") == []


def test_a_mission_to_the_host_is_not_the_host() -> None:
    mission = SpeakerName("Moderator", "", "Permanent Mission of Kenya to the WTO")
    assert found("Kenya spoke at the WTO.", mission, organiser="WTO") == ["Kenya"]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("**Ana** Silva", ["Ana Silva"]),
        ("*Ana* __Silva__", ["Ana Silva"]),
        ("S*il*va", ["Silva"]),
        ("Sil\u00adva and An\u200ba\u2060 Silva", ["Ana Silva", "Silva"]),
        ("Ana&nbsp;Sil&shy;va", ["Ana Silva"]),
        ("&#83;ilva", ["Silva"]),
        (r"Ana\ Sil\va", ["Ana Silva"]),
        ("`Ana` `Silva`", ["Ana Silva"]),
        ("[Ana](https://example.org/x) Silva", ["Ana Silva"]),
        ("Sil[va](https://example.org/x)", ["Silva"]),
        ("[a paper](https://example.org/ana-silva.pdf)", ["Ana Silva"]),
        ("[a paper](https://example.org/?by=Ana%20Silva)", ["Ana Silva"]),
        ("[a paper](https://example.org/AnaSilva)", ["Ana Silva"]),
        ("[a paper](https://example.org/ana_silva/x)", ["Ana Silva"]),
        ("[a paper](https://example.org/SilvaPaper)", ["Silva"]),
        ("see https://example.org/SilvaPaper and www.example.org/Ana%20Silva", ["Ana Silva", "Silva"]),
        ("Sil[va][1] spoke\n\n[1]: https://example.org/x", ["Silva"]),
        ("[a paper](https://wto.org/x)", ["WTO"]),
        ('[a paper](https://example.org/x "by Ana Silva")', ["Ana Silva"]),
        ("[a paper][1]\n\n[1]: https://example.org/ana-silva", ["Ana Silva"]),
        ("![Ana Silva](https://example.org/x.png)", ["Ana Silva"]),
        ("```Ana Silva\ncode\n```", ["Ana Silva"]),
        ("| Ana Silva | x |\n|---|---|\n| a | b |", ["Ana Silva"]),
        ("<!-- Ana Silva -->", ["Ana Silva"]),
        ("Sil-\nva", ["Silva"]),
        ("> Ana\n> Silva", ["Ana Silva"]),
        ("> " * 20 + "Ana Silva", ["Ana Silva"]),
    ],
)
def test_names_that_hide_in_markdown(body: str, expected: list[str]) -> None:
    assert sorted(found(body, ANA)) == sorted(expected)


def test_a_name_that_the_page_alone_shows_has_its_paragraph_where_it_can_be_told() -> None:
    def places(body: str) -> list[tuple[str, int | None, str]]:
        names = names_found(ReportText(body=body), [ANA], event_name=EVENT, organiser=ORGANISER)
        return [(one.name, place.index, place.excerpt) for one in names for place in one.places]

    assert places("One.\n\n[Ana](https://example.org/x) Silva spoke.") == [("Ana Silva", 1, "Ana Silva spoke.")]
    split = "One.\n\n[Ana][1] Silva spoke.\n\n[1]: https://example.org/x"
    assert places(split) == [("Ana Silva", None, "Ana Silva spoke.")]


def test_every_part_is_looked_at_and_every_place_is_told() -> None:
    text = ReportText(
        headline="Ana Silva opens",
        lead="Silva spoke",
        key_points=(
            KeyPoint("None."),
            KeyPoint("Said Ana Silva"),
            KeyPoint("x", "WTO"),
            KeyPoint("x", "", "for the WTO"),
        ),
        body="One.\n\nTwo: Silva.\n\nThree: Silva and Silva.",
        byline="Ana Silva",
        links=(Link("Paper", "https://example.org/ana-silva"), Link("By Ana Silva", "https://example.org")),
        checked_by="Ana Silva",
    )
    assert names_found(text, [ANA], event_name=EVENT, organiser=ORGANISER) == [
        NameFound(
            "Ana Silva",
            (
                Place("headline", None, "Ana Silva opens"),  # type: ignore[arg-type]
                Place("key_points", 1, "| | Said Ana Silva"),  # type: ignore[arg-type]
                Place("links", 0, "https://example.org/ana-silva"),  # type: ignore[arg-type]
                Place("links", 1, "By Ana Silva"),  # type: ignore[arg-type]
            ),
        ),
        NameFound(
            "Silva",
            (
                Place("lead", None, "Silva spoke"),  # type: ignore[arg-type]
                Place("body", 1, "Two: Silva."),  # type: ignore[arg-type]
                Place("body", 2, "Three: Silva and Silva."),  # type: ignore[arg-type]
            ),
        ),
        NameFound(
            "WTO",
            (
                Place("key_points", 2, "WTO | | x"),  # type: ignore[arg-type]
                Place("key_points", 3, "| for the WTO | x"),  # type: ignore[arg-type]
            ),
        ),
    ]


def test_a_row_tells_its_first_place() -> None:
    (one,) = names_found(ReportText(body="None.\n\nSilva."), [ANA], event_name=EVENT, organiser=ORGANISER)
    assert (one.name, one.where, one.index, one.excerpt) == ("Silva", "body", 1, "Silva.")


def test_nobody_speaks_so_nobody_is_named() -> None:
    assert found("Ana Silva of the WTO") == []


# Whatever stands around it

NOISE = [
    "",
    " ",
    "**",
    "_",
    "\n\n",
    "# ",
    "> ",
    "- ",
    "[",
    "](https://x.org/)",
    "`",
    "&amp;",
    "\\",
    "“",
    "10%",
    "说",
    "و",
]
noise = st.lists(st.sampled_from([*NOISE, "trade ", "rules "]), max_size=6).map("".join)
any_text = st.text(st.characters(exclude_categories=()), max_size=60) | noise
any_report = st.builds(
    ReportText,
    headline=any_text,
    lead=any_text,
    key_points=st.lists(st.builds(KeyPoint, text=any_text, actor=any_text, capacity=any_text), max_size=3).map(tuple),
    body=any_text,
    links=st.lists(st.builds(Link, title=any_text, url=any_text), max_size=2).map(tuple),
)
PLANTED = (
    *(
        "Ana Silva",
        "ANA SILVA",
        "Silva, Ana",
        "A. Silva",
        "**Ana** Silva",
        "*Ana* **Silva**",
        "Ana\u00a0Silva",
        "Silva",
    ),
    *(
        "Sil\u00adva",
        "An\u200ba Silva",
        "ana-silva",
        "ana_silva",
        "Ana Silva’s",
        "S*il*va",
        "WTO",
        "World Trade\nOrganisation",
    ),
)


@EXAMPLES
@given(noise, st.sampled_from(PLANTED), noise, st.integers(0, 7))
def test_a_planted_name_is_found_in_every_part(before: str, planted: str, behind: str, part: int) -> None:
    text = f"{before} {planted} {behind}"
    report = [
        ReportText(headline=text),
        ReportText(lead=text),
        ReportText(key_points=(KeyPoint("x"), KeyPoint(text))),
        ReportText(key_points=(KeyPoint("x", text),)),
        ReportText(key_points=(KeyPoint("x", "y", text),)),
        ReportText(body=f"First.\n\n{text}\n\nLast."),
        ReportText(links=(Link(text, "https://example.org"),)),
        ReportText(links=(Link("x", f"https://example.org/{text}"),)),
    ][part]
    names = [one.name for one in names_found(report, [ANA], event_name=EVENT, organiser=ORGANISER)]
    expected = (
        {"Ana Silva", "Silva"}
        if "il" in planted.lower().replace("\u00ad", "") and "World" not in planted
        else {"WTO", "World Trade Organization"}
    )
    assert expected.intersection(names) != set()


letters = st.text(st.characters(categories=["Lu", "Ll"], max_codepoint=0x24F), min_size=3, max_size=12)


@EXAMPLES
@given(letters, letters, any_text, any_text)
def test_any_name_is_found_as_the_programme_spells_it(given_name: str, family: str, before: str, behind: str) -> None:
    name = f"{given_name.capitalize()} {family.capitalize()}"
    assume(name.isprintable() and len(name.split()) == 2)
    text = ReportText(lead=f"{before} {name} {behind}", body=f"{before}\n\nx {name} y\n\n{behind}")
    names = names_found(text, people(name), event_name="", organiser="")
    assert {place.where for one in names for place in one.places} == {"lead", "body"}


@EXAMPLES
@given(any_report, st.lists(st.tuples(any_text, any_text), max_size=3), any_text, any_text)
@example(
    ReportText(body="&#" + "9" * 5_000 + ";", headline="%zz%"), [("%", "()"), (",", ",,"), ("(", "((a)")], ",", "&"
)
def test_any_text_is_read(text: ReportText, speakers: list[tuple[str, str]], event_name: str, organiser: str) -> None:
    sound(text, [ANA, *(SpeakerName(name, "", organisation) for name, organisation in speakers)], event_name, organiser)


def sound(text: ReportText, speakers: list[SpeakerName], event_name: str, organiser: str) -> None:
    """What holds of the names in every text."""
    names = names_found(text, speakers, event_name=event_name, organiser=organiser)
    assert names_found(text, speakers, event_name=event_name, organiser=organiser) == names
    assert len({one.name for one in names}) == len(names)
    for one in names:
        assert one.name
        assert one.places
        assert len({(place.where, place.index) for place in one.places}) == len(one.places)
        assert [place for place in one.places if len(place.excerpt) > MAX_EXCERPT] == []


@pytest.mark.skipif(not NAUGHTY.is_file(), reason="the folder of real files is not here (FIELD_FILES)")
def test_naughty_strings() -> None:
    for line in json.loads(NAUGHTY.read_text()):
        text = ReportText(line, line, (KeyPoint(line, line),), f"{line}\n\nAna Silva", links=(Link(line, line),))
        sound(text, [ANA, SpeakerName(line, line, line)], line, line)
        assert "Ana Silva" in [one.name for one in names_found(text, [ANA], event_name="", organiser="")]


def test_the_longest_text_with_many_speakers() -> None:
    chance = random.Random(4)
    syllables = ["ka", "lo", "mi", "ren", "ta", "so", "vel", "dan", "hu", "bri", "nor", "zim", "do", "cha"]

    def word() -> str:
        return "".join(chance.choices(syllables, k=3)).capitalize()

    speakers = [SpeakerName(f"{word()} {word()}", "", f"{word()} {word()} Organization") for _ in range(1_300)]
    paragraph = " ".join(word() for _ in range(60))
    body = "\n\n".join([paragraph] * (MAX_BODY // (len(paragraph) + 2)))[: MAX_BODY - 40] + "\n\n" + speakers[700].name
    names = names_found(ReportText(body=body), speakers, event_name=EVENT, organiser=ORGANISER)
    assert speakers[700].name in [one.name for one in names]


@pytest.mark.parametrize(
    "piece", ["Silva ", "S", "-", "[", "&#", "%41", "\u00ad", "<a:", "al", "字", "ال", "Ana\n\n", "`"]
)
def test_long_texts_of_one_piece_come_to_an_end(piece: str) -> None:
    body = (piece * MAX_BODY)[:MAX_BODY]
    speakers = [ANA, *people("S S", "Al Al", "字字", "الال ال", "Sss Ssss")]
    sound(ReportText(body=body), speakers, EVENT, ORGANISER)
