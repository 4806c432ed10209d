"""Dates in a report that do not fit the event: the wrong year, the wrong day of the week, a day that does not exist.

Reports speak of other days all the time, so only what is most likely a slip is remarked: a day of the event in another
year close by, a weekday that the date does not have, "today" with a day on which the event did not run, and a link
that names the event with another year. Months are read in English, French and Spanish, and as 2023-12-05 and
2023年12月5日; other texts get no remark.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from reporter.rules.errors import N_
from reporter.rules.report_text import ReportText
from reporter.rules.vocabulary import Check, TextPart
from reporter.text.findings import Facts, Finding
from reporter.text.folding import fold, joined
from reporter.text.passages import Passage, excerpt

_CLOSE = 2  # years: a day of the event so many years off is more likely a slip than history

_MONTHS = {
    **{"january": 1, "february": 2, "march": 3, "april": 4, "may": 5, "june": 6, "july": 7, "august": 8},
    **{"september": 9, "october": 10, "november": 11, "december": 12},
    **{"janvier": 1, "fevrier": 2, "mars": 3, "avril": 4, "mai": 5, "juin": 6, "juillet": 7, "aout": 8},
    **{"septembre": 9, "octobre": 10, "novembre": 11, "decembre": 12},
    **{"enero": 1, "febrero": 2, "marzo": 3, "abril": 4, "mayo": 5, "junio": 6, "julio": 7, "agosto": 8},
    **{"septiembre": 9, "setiembre": 9, "octubre": 10, "noviembre": 11, "diciembre": 12},
}
_WEEKDAYS = {
    **{"monday": 0, "tuesday": 1, "wednesday": 2, "thursday": 3, "friday": 4, "saturday": 5, "sunday": 6},
    **{"lundi": 0, "mardi": 1, "mercredi": 2, "jeudi": 3, "vendredi": 4, "samedi": 5, "dimanche": 6},
    **{"lunes": 0, "martes": 1, "miercoles": 2, "jueves": 3, "viernes": 4, "sabado": 5, "domingo": 6},
}
# Written with the accents that these names may have; `fold` makes the keys above of them.
_ACCENTS = str.maketrans({"e": "[eéè]", "u": "[uû]"})


def _any_of(names: dict[str, int]) -> str:
    written = "|".join(name.translate(_ACCENTS) for name in sorted(names, key=len, reverse=True))
    return written.replace("sabado", "s[aá]bado")


_YEAR = r"(?P<year>(?:19|20)\d\d)(?!\d)"
_DATE = re.compile(
    rf"""
    (?:\b(?P<weekday>{_any_of(_WEEKDAYS)}),?\s{{1,3}}(?:the\s|le\s)?)?
    (?:
        (?<![\d.,:/])(?P<day>\d{{1,2}})(?:st|nd|rd|th|er|[ºª.])?\s{{1,3}}(?:(?:of|de|del)\s)?
            (?P<month>{_any_of(_MONTHS)})\b(?:,?\s{{1,3}}(?:(?:de|del)\s)?{_YEAR})?
        | \b(?P<month2>{_any_of(_MONTHS)})\s{{1,3}}(?P<day2>\d{{1,2}})(?:st|nd|rd|th)?(?![\d:.,]\d|\d|\s?%)
            (?:,?\s{{1,3}}{_YEAR.replace("year", "year2")})?
        | (?<![\d-])(?P<year3>(?:19|20)\d\d)-(?P<month3>\d\d)-(?P<day3>\d\d)(?![\d-])
        | (?<!\d)(?P<year4>(?:19|20)\d\d)年(?P<month4>\d{{1,2}})月(?P<day4>\d{{1,2}})日
    )
    """,
    re.IGNORECASE | re.VERBOSE,
)
_TODAY = re.compile(
    r"\b(?:today|this (?:morning|afternoon|evening)|aujourd['’]hui|ce matin|cet après-midi|ce soir|hoy"
    r"|esta (?:mañana|tarde)),?\s{1,3}(?:on |le |el )?$",
    re.IGNORECASE,
)
_BEFORE = 40  # characters before a date in which "today" may stand


@dataclass(frozen=True)
class _Written:
    """A date as written; `year` and `weekday` are None where the text leaves them out."""

    start: int
    end: int
    day: int
    month: int
    year: int | None
    weekday: int | None


def dates(read: Sequence[Passage], text: ReportText, facts: Facts) -> Iterator[Finding]:
    """The remarks on dates in `read`, the passages of `text`, and on years in its links."""
    for passage in read:
        if passage.kind != "code":
            for written in _written(passage.said):
                yield from _remarks(passage, written, facts)
    yield from _links(text, facts)


def _written(said: str) -> Iterator[_Written]:
    for match in _DATE.finditer(said):
        found = match.groupdict()
        day, month, year = (
            next((value for suffix in ("", "2", "3", "4") if (value := found.get(name + suffix))), None)
            for name in ("day", "month", "year")
        )
        if day is None or month is None:
            continue  # cannot be: every way to write a date has both
        weekday = match["weekday"]
        yield _Written(
            match.start(),
            match.end(),
            int(day),
            int(month) if month.isdecimal() else _MONTHS[fold(month)],
            int(year) if year else None,
            _WEEKDAYS[fold(weekday)] if weekday else None,
        )


def _remarks(passage: Passage, written: _Written, facts: Facts) -> Iterator[Finding]:
    if not _exists(written):
        yield _finding(passage, written, Check.DATE_IMPOSSIBLE, N_("There is no such day: %(date)s."))
        return
    own = _day_of_event(written, facts)
    if written.year is None:
        said_today = _TODAY.search(passage.said[max(0, written.start - _BEFORE) : written.start])
        if own is None and said_today:
            message = N_("“%(date)s” is called today, but is no day of the event.")
            yield _finding(passage, written, Check.DATE_OUTSIDE, message)
        meant = own
    else:
        meant = date(written.year, written.month, written.day)
        if own is not None and own.year != written.year and abs(own.year - written.year) <= _CLOSE:
            message = N_("“%(date)s” is a day of the event, which is in %(year)s.")
            yield _finding(passage, written, Check.DATE_YEAR, message, year=own.year)
            return  # its weekday would be that of the other year
    if meant is not None and written.weekday is not None and meant.weekday() != written.weekday:
        message = N_("“%(date)s”: the date and the day of the week do not go together.")
        yield _finding(passage, written, Check.DATE_WEEKDAY, message)


def _exists(written: _Written) -> bool:
    try:
        date(written.year or 2024, written.month, written.day)  # a leap year, where the text says none
    except ValueError:
        return False
    return True


def _day_of_event(written: _Written, facts: Facts) -> date | None:
    """The day of the event with that day and month, or None."""
    for year in {facts.event_starts_on.year, facts.event_ends_on.year}:
        try:
            day = date(year, written.month, written.day)
        except ValueError:
            continue  # 29 February
        if facts.event_starts_on <= day <= facts.event_ends_on:
            return day
    return None


def _finding(passage: Passage, written: _Written, code: Check, message: str, **values: object) -> Finding:
    return Finding(
        code,
        passage.where,
        message,
        passage.index,
        {"date": " ".join(passage.said[written.start : written.end].split()), **values},
        excerpt(passage.said, written.start, written.end),
    )


def _links(text: ReportText, facts: Facts) -> Iterator[Finding]:
    """A link that names the event with a year close by in which it was not."""
    name = joined(re.sub(r"\b(?:19|20)\d\d\b", " ", facts.event_name))
    years = range(facts.event_starts_on.year, facts.event_ends_on.year + 1)
    if len(name) < 4:
        return
    last_word = joined(re.sub(r"\b(?:19|20)\d\d\b", " ", facts.event_name).split()[-1])
    names = {re.escape(one) for one in (name, last_word) if len(one) >= 4 and not one.isdecimal()}
    if not names:
        return
    pattern = re.compile(f"(?:{'|'.join(sorted(names, key=len, reverse=True))})((?:19|20)[0-9]{{2}})(?![0-9])")
    for index, link in enumerate(text.links):
        for words in (link.title, link.url):
            match = pattern.search(joined(words))
            if match and int(match[1]) not in years and min(abs(int(match[1]) - year) for year in years) <= _CLOSE:
                values = {"year": match[1], "event": facts.event_name}
                message = N_("This link says %(year)s; the event is “%(event)s”.")
                yield Finding(Check.DATE_YEAR, TextPart.LINKS, message, index, values, excerpt(words, 0, len(words)))
                break
