"""Quotation marks that have no partner, and quotations of which nobody knows who said them."""

import re
from collections.abc import Collection, Iterator, Sequence

from reporter.rules.errors import N_
from reporter.rules.vocabulary import Check, SessionRule, TextPart
from reporter.text.findings import Facts, Finding
from reporter.text.folding import count_words, folded_words
from reporter.text.ordinary_words import TITLES
from reporter.text.passages import Passage, excerpt

_QUOTED_WORDS = 4  # fewer are a term in quotation marks
_PAIRS = (("「", "」"), ("『", "』"), ("《", "》"))
_INCHES = re.compile(r'\d"')
_QUOTED = re.compile('"([^"]++)"|“([^“”„]++)[”“]|„([^“”„]++)[“”]|«([^«»]++)»|»([^«»]++)«|”([^“”„]++)”')

# Folded beginnings of words that say that somebody said something, by language; others get no remark.
_SAID = {
    "en": "said says say saying noted notes stat explain argu warn stress told asked asks add underlin emphasi"
    " point call according put remark describ quot conclud insist declar announc report observ recall"
    " reply replied respond mention claim words speaker panel moderator suggest propos believ thinks think"
    " wrote writes read reads urge urging cite cited citing tell tells question participant minister"
    " ambassador delegate representative chair he she they",
    "fr": "dit disait affirm declar souligne note notait notant expliqu selon precis ajout averti rappel conclu"
    " estim interrog indiqu propos observ annonc insist demand repond repondu cite citant participant"
    " orateur oratrice ministre ambassad delegue represent moderat president il elle ils elles",
    "es": "dijo dice dicho afirm declar subray senal segun explic agreg anadi advirti record concluy pregunt"
    " indic propus insist anunci respond cita citand participante orador ministr embajador deleg represent"
    " moderador president ella ellos",
    "pt": "disse diz dito afirm declar sublinh segundo explic acrescent advert record conclu pergunt indic"
    " propo insist anunci respond cita citand participante orador ministr embaixador deleg represent"
    " moderador president ele ela eles",
    "de": "sagt sagte gesagt betont erklart laut zufolge fragt warnt meint nannte nennt fugte schloss forder"
    " zitier antwort berichte redner teilnehm minister botschafter delegiert vertret moderator vorsitz er"
    " sie",
    "it": "disse dice detto afferm dichiar sottoline secondo spieg aggiun avvert ricord conclu domand indic"
    " propo insist annunci rispo cita citand partecipante oratore ministr ambasciator deleg rappresent"
    " moderator president lui lei",
}
# The short ones count as whole words alone.
_SAYING = {
    language: (
        frozenset(word for word in words.split() if len(word) <= 3),
        tuple(word for word in words.split() if len(word) > 3),
    )
    for language, words in _SAID.items()
}


def quotes(read: Sequence[Passage], facts: Facts, language: str, names: Collection[str]) -> Iterator[Finding]:
    """The remarks on quotation marks; `names` are the folded words of the programme's names.

    Under the Chatham House rule a quotation has no speaker, so none is asked for.
    """
    for place, passage in enumerate(read):
        if passage.kind == "code":
            continue
        following = read[place + 1] if place + 1 < len(read) else None
        if (at := _unbalanced(passage.said)) is not None and not _goes_on(passage, following):
            message = N_("A quotation mark here has no partner.")
            yield _finding(Check.QUOTES_UNBALANCED, message, passage, at, at + 1)
        asked = passage.where in (TextPart.LEAD, TextPart.KEY_POINTS, TextPart.BODY) and passage.kind == "text"
        if asked and language in _SAYING and facts.rule is SessionRule.ON_THE_RECORD:
            yield from _without_speaker(passage, language, names)


def _finding(code: Check, message: str, passage: Passage, start: int, end: int) -> Finding:
    return Finding(code, passage.where, message, passage.index, excerpt=excerpt(passage.said, start, end))


def _unbalanced(said: str) -> int | None:
    """Where a quotation mark stands that may lack its partner, or None.

    An apostrophe and a single quotation mark cannot be told apart, nor " after a number from inches: neither counts.
    """
    if said.count('"') % 2 and not _INCHES.search(said):
        return said.rfind('"')
    low, left, right = said.count("„"), said.count("“"), said.count("”")
    german = low and (low + left + right) % 2 == 0 and left + right >= low
    english = not low and (left == right or (not left and right % 2 == 0))  # ”Swedish” has one kind
    if low + left + right and not german and not english:
        return max(said.rfind(mark) for mark in "„“”")
    if said.count("«") != said.count("»"):
        return max(said.rfind(mark) for mark in "«»")
    for opening, closing in _PAIRS:
        if said.count(opening) != said.count(closing):
            return max(said.rfind(opening), said.rfind(closing))
    return None


def _goes_on(passage: Passage, following: Passage | None) -> bool:
    """Whether the next paragraph begins with a quotation mark: a long quotation opens each of its paragraphs."""
    return following is not None and following.where is passage.where and following.said.lstrip()[:1] in {*'"“«„'}


def _without_speaker(passage: Passage, language: str, names: Collection[str]) -> Iterator[Finding]:
    quoted = next((match for match in _QUOTED.finditer(passage.said) if _is_said(match[0], language)), None)
    if quoted is None:
        return
    around = _QUOTED.sub(" ", passage.said)
    words = folded_words(around)
    # A key point whose actor is known begins with it: "Chad: …"
    if passage.where is TextPart.KEY_POINTS and ":" in around:
        return
    if not any(word in names or word in TITLES or _says(word, language) for word in words):
        message = N_("It is not said who is quoted here.")
        yield _finding(Check.QUOTE_WITHOUT_SPEAKER, message, passage, quoted.start(), quoted.end())


def _says(word: str, language: str) -> bool:
    whole, beginnings = _SAYING[language]
    return word in whole or word.startswith(beginnings)


def _is_said(quoted: str, language: str) -> bool:
    """Whether the words in quotation marks are somebody's: four or more, not most with capitals as in a title."""
    inner = quoted[1:-1]
    words = [word for word in inner.split() if any(map(str.isalpha, word))]
    if count_words(inner, language) < _QUOTED_WORDS:
        return False
    capitals = sum(word[0].isupper() for word in words)
    return not words or capitals * 2 < len(words)
