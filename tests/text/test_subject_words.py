"""Subjects that words name, and subjects proposed for a report."""

import pytest

from reporter.rules.report_text import KeyPoint, ReportText
from reporter.text.subject_words import TermKeywords, named_by, suggest

TRADE = TermKeywords(1, "Digital trade and e-commerce", ("digital-trade",))
FLOWS = TermKeywords(2, "Cross-border data flows and data localisation", ("data-flows",))
SPAM = TermKeywords(3, "Unsolicited commercial electronic messages", ("spam",))
DEPA = TermKeywords(4, "Digital Economy Partnership Agreement (DEPA)", ("depa-agreement",))
DIVIDE = TermKeywords(5, "Access and the digital divide", ("digital-divide-gap",))
CHINESE = TermKeywords(6, "数据流动", ("shuju",))
AFRICA = TermKeywords(7, "Africa trade and money", ("africa",))
TERMS = (TRADE, FLOWS, SPAM, DEPA, DIVIDE, CHINESE, AFRICA)


@pytest.mark.parametrize(
    ("said", "ids"),
    [
        (("Digital Trade!",), {1}),
        (("DATA FLOWS", "spám"), {2, 3}),
        (("data",), set()),
        (("", "…"), set()),
        (("data localisation",), set()),
    ],
)
def test_a_subject_is_named_as_a_whole(said: tuple[str, ...], ids: set[int]) -> None:
    assert named_by(said, TERMS) == ids


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        (ReportText(), []),
        (ReportText(body="Nothing of the kind; spammers and datasets."), []),
        (ReportText(body="Ministers spoke of **data flows**."), [2]),
        (ReportText(body="Data localisation is costly"), [2]),
        (ReportText(headline="E-commerce grows", body="Spam, spam and spam."), [1, 3]),
        (ReportText(headline="Spam", body="Digital trade. Digital trade."), [3, 1]),
        (ReportText(lead="The DEPA was signed."), [4]),
        (ReportText(body="Access to the digital divide"), [5]),
        (ReportText(body="Access for everybody"), []),
        (ReportText(body="Africa trade rules, afric trade"), [7]),
        (ReportText(key_points=(KeyPoint("DIGITAL DIVIDE"),)), [5]),
        (ReportText(body="部长们谈到数据流动问题。"), [6]),
        (ReportText(body="Data flows and spam", policy_issues=frozenset({2})), [3]),
    ],
)
def test_what_a_text_speaks_of_is_suggested(text: ReportText, ids: list[int]) -> None:
    assert suggest(text, TERMS) == ids


def test_the_most_spoken_of_come_first_and_only_so_many() -> None:
    terms = [TermKeywords(number, f"Subject number{number}") for number in range(1, 9)]
    text = ReportText(headline="Subject number7", body=" ".join(term.name for term in terms))
    assert suggest(text, terms) == [7, 1, 2, 3, 4]
    assert suggest(text, terms, limit=2) == [7, 1]
