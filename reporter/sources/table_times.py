"""Dates and times as people write them into the cells of a table.

The words are English, French, Spanish, German and Portuguese. Nothing is completed by guessing: an hour without “pm” is
meant as it stands, and which of 04/12 is the month is for the whole table to say (`Reading`), not for one cell.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, timedelta, timezone, tzinfo
from functools import lru_cache
from itertools import islice
from unicodedata import combining, normalize

MAX_CELL = 100  # characters; what is longer is no date and no time
DAY = timedelta(days=1)
_EXCEL_EPOCH = date(1899, 12, 30)  # day 0 of Excel's serial numbers, as they are from 1 March 1900 on
_MONTHS = (
    ("january", "janvier", "enero", "januar", "janner", "janeiro", "jan", "janv", "ene"),
    ("february", "fevrier", "febrero", "februar", "fevereiro", "feb", "fevr", "fev"),
    ("march", "mars", "marzo", "marz", "maerz", "marco", "mar", "mrz"),
    ("april", "avril", "abril", "apr", "avr", "abr"),
    ("may", "mai", "mayo", "maio"),
    ("june", "juin", "junio", "juni", "junho", "jun"),
    ("july", "juillet", "julio", "juli", "julho", "jul", "juil"),
    ("august", "aout", "agosto", "aug", "ago"),
    ("september", "septembre", "septiembre", "setiembre", "setembro", "sep", "sept", "set"),
    ("october", "octobre", "octubre", "oktober", "outubro", "oct", "okt", "out"),
    ("november", "novembre", "noviembre", "novembro", "nov"),
    ("december", "decembre", "diciembre", "dezember", "dezembro", "dec", "dic", "dez"),
)
_MONTH_OF = {name: number for number, names in enumerate(_MONTHS, 1) for name in names}
_WEEKDAYS = (
    ("monday", "lundi", "lunes", "montag", "segunda-feira", "segunda", "mon", "lun", "mo", "seg"),
    ("tuesday", "mardi", "martes", "dienstag", "terca-feira", "terca", "tue", "tues", "di", "ter"),
    ("wednesday", "mercredi", "miercoles", "mittwoch", "quarta-feira", "quarta", "wed", "mer", "mie", "mi", "qua"),
    ("thursday", "jeudi", "jueves", "donnerstag", "quinta-feira", "quinta", "thu", "thur", "thurs", "jeu", "jue", "do"),
    ("friday", "vendredi", "viernes", "freitag", "sexta-feira", "sexta", "fri", "ven", "vie", "fr", "sex"),
    ("saturday", "samedi", "sabado", "samstag", "sonnabend", "sat", "sam", "sab", "sa"),
    ("sunday", "dimanche", "domingo", "sonntag", "sun", "dim", "dom", "so"),
)
_WEEKDAY_OF = {name: number for number, names in enumerate(_WEEKDAYS) for name in names}
_HOURS = {
    **dict.fromkeys(("noon", "midday", "midi", "mittag", "mediodia", "meio-dia", "meio dia"), 12),
    **dict.fromkeys(("midnight", "minuit", "mitternacht", "medianoche", "meia-noite", "meia noite"), 24),
}


def _any(words: Iterable[str]) -> str:
    """A pattern for any of `words`, the longest first."""
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))


_MONTH, _HOUR = _any(_MONTH_OF), _any(_HOURS)
_DATE = re.compile(
    r"(?<![\d.:/-])(?P<y1>\d{4})(?P<s1>[-/.])(?P<m1>\d{1,2})(?P=s1)(?P<d1>\d{1,2})(?!\d)"
    r"|(?<!\d)(?P<y2>(?:19|20|21)\d\d)(?P<m2>[01]\d)(?P<d2>[0-3]\d)(?!\d)"
    r"|(?<![\d.:/-])(?P<a3>\d{1,2})(?P<s3>[-/.])(?P<b3>\d{1,2})(?P=s3)(?P<y3>\d{4}|\d\d)(?!\d)"
    r"|(?<![\d.:/])(?P<d4>\d{1,2})(?:st|nd|rd|th|er|\.|º|ª|o(?=\s))?[\s-]*(?:of\s|de\s)?\s*\b"
    rf"(?P<m4>{_MONTH})\b\.?,?(?:\s*(?:de\s|del\s|[-/])?\s*(?P<y4>\d{{4}})(?!\d)|[-/'](?P<z4>\d\d)(?![\d:.h]))?"
    rf"|\b(?P<m5>{_MONTH})\b\.?\s*(?P<d5>\d{{1,2}})(?:st|nd|rd|th)?\b(?!\s*[:.h]\s*\d|\s*(?:de\s)?(?:{_MONTH})\b)(?:,?\s*(?P<y5>\d{{4}})(?!\d))?"
    r"|(?<![\d.:/-])(?P<a6>\d{1,2})/(?P<b6>\d{1,2})(?![\d/:.])"
    r"|(?<![\d.:/-])(?P<d7>\d{1,2})\.(?P<m7>\d{1,2})\.(?!\d)"
)
_WEEKDAY = re.compile(rf"\b(?P<w>{_any(_WEEKDAY_OF)})\b\.?,?(?=\s*(?:,|-|\d|$|the\b|le\b|den\b|el\b|{_MONTH}))")
_MARDI = re.compile(rf"\bmar\.?,?\s+(?=\d{{1,2}}(?:er)?\s+(?:de\s)?(?:{_MONTH})\b)")  # not March
_TWELVE = re.compile(r"\b12(?:[:.h]00)?\s*(?=noon|midday|midnight)")
_FIRST_OF_A_SPAN = re.compile(
    r"(?:\b(?P<word>[a-z]+)\s*)?\b\d{1,2}(?:st|nd|rd|th|er|\.)?\s*(?:-|&|/|\b(?:to|and|und|bis|et|au|al|y|e|a)\b)\s*$"
)
_COUNTED = {"day", "jour", "journee", "dia", "jornada", "tag"}  # “Day 1 – 4 December” is no span
_REST_OF_A_SPAN = re.compile(r"\s*(?:-|&|\b(?:to|and|bis)\b)\s*\d{1,2}(?:st|nd|rd|th)?(?![\d:.h]|\s*[ap]\.?m)")
_NUMBER = re.compile(r"(?:\d{5}(?:[.,]\d+)?|0?[.,]\d+)")
_TIME = (
    r"(?:(?P<h{0}>\d{{1,2}})(?:\s*[:.h]\s*(?P<m{0}>[0-5]\d)(?:[:.](?P<s{0}>[0-5]\d)(?:[.,]\d+)?)?)?"
    r"(?:\s*(?P<x{0}>[ap]\.?\s?m\b\.?|(?:hrs?|heures?|horas?|hours?|uhr|hs|h)\b))?"
    rf"|(?P<f{{0}}>[012]\d[0-5]\d)(?:\s*(?:hrs?|hours|h)\b)?|(?P<w{{0}}>{_HOUR})\b)"
)
_ZONE = r"(?:utc|gmt)(?:\s*[+-]\s*\d{1,2}(?::?\d\d)?)?|z|\+\s?\d{1,2}(?::?\d\d)?|[a-z]{2,4}t"
_LEAD = r"(?:(?:a partir de|a las|at|um|von|from|desde|des|das|de|as|a|le|on|ab|@|t)\b\s*|@\s*|t(?=\d))?"
_SPAN = re.compile(
    _LEAD + _TIME.format(1) + rf"(?:\s*\(?(?<![a-z])(?P<z1>{_ZONE})\)?(?=\W|$)|\s*(?P<p1>\+\d\d:?\d\d))?"
    r"(?:(?:\s*(?:->|-|/|>)\s*|\s*\b(?:to|until|till|bis|jusqu'a|a|au|as|ate|hasta)\b\s*)"
    + _LEAD + _TIME.format(2) + rf"(?:\s*\(?(?<![a-z])(?P<z2>{_ZONE})\)?)?)?"
)  # fmt: skip
_ISO_BEHIND = re.compile(r"(.*\d[t ]\d\d:\d\d:\d\d(?:[.,]\d+)?|.*\dt\d\d:\d\d)\s*(-\d\d:?\d\d)")
_OFFSET = re.compile(r"(?:utc|gmt)?\s*([+-])\s?(\d{1,2})(?::?(\d\d))?")
_LASTS = re.compile(
    r"(?:pt)?(?:(?P<h>\d{1,3}(?:[.,]\d{1,9})?)\s*(?:h|hrs?|hours?|heures?|horas?|std|stunden?)\b\.?,?\s*"
    r"(?:(?:and|et|y|und|e)\s)?)?"
    r"(?:(?P<m>\d{1,5})\s*(?:m|min|mins|minutes?|minutos?|minuten|'|′)?\.?)?"
)
_WORD = re.compile("[a-z]{5,}")
_KNOWN = frozenset(
    word
    for words in (_MONTH_OF, _WEEKDAY_OF, _HOURS, ("heure heures horas hours until jusqu hasta desde partir",))
    for word in _WORD.findall(" ".join(words))
)
_CLOCK = re.compile(r"(\d{1,3}):([0-5]\d)(?::([0-5]\d))?")


@dataclass(frozen=True)
class Written:
    """A date as written. Left out are a `year` of 0 and a `weekday` of -1; `either`: month and day may be swapped."""

    year: int
    month: int
    day: int
    either: bool = False
    weekday: int = -1

    def swapped(self) -> "Written":
        """The same with day and month the other way round."""
        return Written(self.year, self.day, self.month, self.either, self.weekday)

    def calendar_day(self) -> date | None:
        """The day itself; None where there is no such day, or the year was left out."""
        try:
            return date(self.year, self.month, self.day)
        except ValueError:
            return None


@dataclass(frozen=True)
class Said:
    """What a cell says: a day, a time of day, both, and perhaps until when; times are counted from midnight.

    `sure` is False for what may as well be a mere number, such as Excel's serial numbers. `zone` is as written, in
    small letters.
    """

    day: Written | None = None
    start: timedelta | None = None
    last_day: Written | None = None
    end: timedelta | None = None
    zone: str = ""
    sure: bool = True


@dataclass(frozen=True)
class Reading:
    """How the dates of one table are read: month first or day first, and the year of those that name none."""

    month_first: bool = False
    year: int = 0

    def day(self, written: Written) -> date | None:
        """The day that is meant; None where there is no such day."""
        written = Written(written.year or self.year, written.month, written.day, written.either, written.weekday)
        if written.either and self.month_first:
            written = written.swapped()
        found = written.calendar_day()
        return written.swapped().calendar_day() if found is None and written.either else found


@lru_cache(maxsize=8192)
def said(cell: str) -> Said | None:
    """What `cell` says of day and time; None where it is, or holds, anything else."""
    if len(cell) > MAX_CELL or not (len(cell) < 15 or any(map(str.isdigit, cell))):
        return None
    text = _plain(cell)
    if not all(word in _KNOWN for word in _WORD.findall(text)):
        return None  # most cells of a table: words, which need no closer look
    if _NUMBER.fullmatch(text):
        return _serial(float(text.replace(",", ".")))
    zone = ""
    behind = _ISO_BEHIND.fullmatch(text)
    if behind:
        text, zone = behind[1], behind[2]
    found = list(islice(_DATE.finditer(text), 3))
    if len(found) > 2 or any(_is_span(text, match) for match in found):
        return None
    rest = _WEEKDAY.sub(" ", _DATE.sub(" ", text)).strip(" ,;|-()")
    days = [_written(match, text) for match in found]
    day, last_day = (*days, None, None)[:2]
    if any(one is not None and not _possible(one) for one in days):
        return None
    if not rest or rest in {"to", "at", "on", "a", "le", "bis", "el", "am", "den", "the"}:
        return Said(day, None, last_day) if day else None
    span = _SPAN.fullmatch(rest)
    start = _clock(span, "1") if span else None
    if span is None or start is None:
        return None
    end = _clock(span, "2")
    wrong_end = end is None and any(span[name] for name in ("h2", "f2", "w2"))
    bare = not any(span[name] for name in ("m1", "x1", "f1", "w1"))
    if wrong_end or (bare and (end is None or (day is not None and not (span["m2"] or span["x2"])))):
        return None
    sure = not (span["f1"] or (bare and not (span["m2"] or span["x2"])))
    zone = zone or span["z1"] or span["p1"] or span["z2"] or ""
    return Said(day, start, last_day, end, zone.replace(" ", ""), sure)


@lru_cache(maxsize=8192)
def dates_in(cell: str) -> tuple[Written, ...]:
    """The dates that stand among other words in `cell`; none for more than two, or a span, as “4–8 December”."""
    text = _plain(cell)
    if not any(map(str.isdigit, text)):
        return ()
    found = list(islice(_DATE.finditer(text), 3))
    if len(found) > 2 or any(_is_span(text, match) for match in found):
        return ()
    return tuple(one for one in (_written(match, text) for match in found) if _possible(one))


def weekday_only(cell: str) -> bool:
    """Whether `cell` is the name of a weekday and nothing else."""
    return _plain(cell).strip(" .,:") in _WEEKDAY_OF


def duration(cell: str, *, hours: bool = False) -> timedelta | None:
    """How long “90”, “1:30”, “1h30”, “45 min” or “PT1H” is; a mere number counts minutes, or `hours`; else None."""
    text = _plain(cell)
    clock = _CLOCK.fullmatch(text)
    if clock:
        return timedelta(hours=int(clock[1]), minutes=int(clock[2]), seconds=int(clock[3] or 0))
    if re.fullmatch(r"\d{1,5}(?:[.,]\d{1,12})?|[.,]\d{1,12}", text):
        number = float(text.replace(",", "."))
        unit = DAY if number < 1 and not text.isdigit() and not hours else timedelta(hours=1)
        return number * (unit if hours or unit is DAY else timedelta(minutes=1))
    found = _LASTS.fullmatch(text.replace("h", "h ").replace("h ours", "hours").replace("h eure", "heure")) or (
        _LASTS.fullmatch(text)
    )
    if found is None or not (found["h"] or found["m"]):
        return None
    return timedelta(hours=float((found["h"] or "0").replace(",", ".")), minutes=int(found["m"] or 0))


def offset(zone: str) -> tzinfo | None:
    """The zone that “utc”, “gmt+3” or “+05:30” names; None for all that is not counted from UTC."""
    text = zone.strip().lower()
    if text in {"z", "utc", "gmt"}:
        return UTC
    found = _OFFSET.fullmatch(text)
    if found is None or int(found[2]) > 14 or int(found[3] or 0) > 59:
        return None
    away = timedelta(hours=int(found[2]), minutes=int(found[3] or 0))
    return timezone(-away if found[1] == "-" else away)


def _plain(cell: str) -> str:
    """Small letters without accents, one kind of dash, one space at a time; "" for what is too long."""
    if len(cell) > MAX_CELL:
        return ""
    text = "".join(one for one in normalize("NFKD", cell.casefold()) if not combining(one))
    text = " ".join(re.sub("[‐‑‒–—―−]", "-", text.replace("→", "->").replace("’", "'")).split())
    return _TWELVE.sub("", _MARDI.sub("mardi ", text))


def _serial(number: float) -> Said | None:
    """Excel's serial number: days since its epoch, and the time as a fraction of a day."""
    if number < 1:
        return Said(start=timedelta(seconds=round(number * 86_400)), sure=False)
    if not 20_000 <= number < 80_000:  # 1954 to 2119: others are no dates of events
        return None
    day = _EXCEL_EPOCH + timedelta(days=int(number))
    seconds = round((number - int(number)) * 86_400)
    start = timedelta(seconds=seconds) if seconds else None
    return Said(Written(day.year, day.month, day.day), start, sure=False)


def _is_span(text: str, match: re.Match[str]) -> bool:
    """Whether the day that `match` found is one end of several days, as in “4–8 December” or “December 4–8”."""
    if match["m4"]:
        before = _FIRST_OF_A_SPAN.search(text[: match.start()])
        return before is not None and before["word"] not in _COUNTED
    return match["m5"] is not None and _REST_OF_A_SPAN.match(text, match.end("d5")) is not None


def _written(match: re.Match[str], text: str) -> Written:
    """The date that `match` found in `text`, with the weekday that stands before it."""
    named = list(_WEEKDAY.finditer(text[: match.end()]))
    weekday = _WEEKDAY_OF[named[-1]["w"]] if named and named[-1].start() < match.start() else -1
    group = match.groupdict()
    if group["a3"] or group["a6"]:
        first, second = (int(group["a3"] or group["a6"]), int(group["b3"] or group["b6"]))
        return Written(_year(group["y3"]), second, first, group["s3"] != ".", weekday)
    kind = next(number for number in "12457" if group[f"d{number}"])
    month = group[f"m{kind}"]
    year = _year(group.get(f"y{kind}") or group["z4"])
    return Written(year, _MONTH_OF.get(month) or int(month), int(group[f"d{kind}"]), weekday=weekday)


def _year(digits: str | None) -> int:
    return (2000 if digits and len(digits) == 2 else 0) + int(digits or 0)


def _possible(one: Written) -> bool:
    """Whether there is such a day, in one order or the other; without a year, any leap year's will do."""
    year = Written(one.year or 2000, one.month, one.day, one.either)
    return year.calendar_day() is not None or (one.either and year.swapped().calendar_day() is not None)


def _clock(span: re.Match[str], number: str) -> timedelta | None:
    """The time of day in the groups of `span` that end in `number`; None where there is none, or no such time."""
    group = span.groupdict()
    if group["w" + number]:
        hour = _HOURS[group["w" + number]]
        return timedelta(hours=0 if hour == 24 and number == "1" else hour)
    if group["f" + number]:
        return _within_a_day(int(group["f" + number][:2]), int(group["f" + number][2:]), 0)
    if not group["h" + number]:
        return None
    hour, minute, second = (int(group[part + number] or 0) for part in "hms")
    half = _half(group["x" + number])
    if not half and number == "1" and _half(group["x2"]) and group["h2"] and 1 <= hour <= 12:
        # “9–10:30 pm”: what stands at the end counts for both, unless the start would then be the later one.
        half = _half(group["x2"])
        if (hour % 12, minute) > (int(group["h2"]) % 12, int(group["m2"] or 0)):
            half = "a" if half == "p" else "p"
    if half and not 1 <= hour <= 12:
        return _within_a_day(hour, minute, second) if half == "p" else None
    return _within_a_day(hour % 12 + (12 if half == "p" else 0) if half else hour, minute, second)


def _half(mark: str | None) -> str:
    """“a” or “p” for am and pm, “” for other marks of hours."""
    return mark[0] if mark and mark[0] in "ap" else ""


def _within_a_day(hour: int, minute: int, second: int) -> timedelta | None:
    """The time from midnight on; 24:00 is the end of the day."""
    found = timedelta(hours=hour, minutes=minute, seconds=second)
    return found if found <= DAY else None
