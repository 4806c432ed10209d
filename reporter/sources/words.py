"""Words of a programme, whatever its format: lines without e-mail addresses, and the people that texts name."""

import re
from dataclasses import replace
from unicodedata import is_normalized

from reporter.rules.report_text import clean
from reporter.sources.draft import MAX_DESCRIPTION, MAX_NAME, SpeakerDraft
from reporter.text.plain import characters, shortened, without_addresses

MAX_LINE = 10_000  # characters of one value that are looked at
MAX_SPEAKERS = 50  # of one session
_MAX_SAID = 1_000  # characters of “Speakers: …”
_LABEL = re.compile(
    r"[\s*_#-]*(speakers?|speaker\(s\)|presenters?|panell?ists?|moderators?|track|room|venue|location)"
    r"[\s*_]*:[\s*_]*(.*)",
    re.IGNORECASE,
)
_BLOCK_TAG = re.compile(r"<(/?)(?:p|ul|ol|div|table|blockquote|pre)\b", re.IGNORECASE)
_BETWEEN_COMMAS = re.compile(r"(?:[^,(]|\([^()]*\)?)+")  # but for commas in brackets
_NOBODY = {"tba", "tbc", "tbd", "n/a", "none", "various", "to be announced", "to be confirmed", "unknown", "mailto"}
_SMALL_WORDS = {"de", "da", "do", "dos", "das", "del", "della", "di", "du", "la", "le", "van", "von", "der", "den"} | {
    "ter", "bin", "bint", "ibn", "al", "el", "y", "e", "zu", "af", "av"
}  # fmt: skip


def one_line_of(text: str, limit: int) -> str:
    """`text` on one line without e-mail addresses, at most `limit` characters."""
    return shortened(" ".join(without_addresses(cleaned(characters(text[:MAX_LINE]))).split()), limit)


def cleaned(text: str) -> str:
    """`clean`, which goes through every character, only for lines that need it: few do."""
    return "\n".join(
        line if line.isprintable() and is_normalized("NFC", line) else clean(line) for line in text.split("\n")
    )


def said_in(text: str) -> dict[str, list[str]]:
    """What lines such as “Speaker: …” or “Room: …” of a description say, by what they are about."""
    said: dict[str, list[str]] = {"speaker": [], "moderator": [], "track": [], "room": []}
    for line in text.split("\n"):
        match = _LABEL.fullmatch(line[:_MAX_SAID]) if ":" in line else None
        if match and match[2].strip():
            label = match[1].lower()
            about = label if label == "track" else "moderator" if label.startswith("moder") else "speaker"
            said["room" if label in {"room", "venue", "location"} else about].append(match[2])
    return said


def people_in(value: str) -> list[SpeakerDraft]:
    """The people in “A, B and C”, “A (WTO), B (ITC)” or “A, Director, WTO; B, ITC”."""
    if ";" in value:
        parts = [part.partition(",") for part in value.split(";")]
        return [person for name, _, rest in parts for person in someone(name, rest)]
    people: list[SpeakerDraft] = []
    for part in map(str.strip, _BETWEEN_COMMAS.findall(value)):
        if people and part.isupper() and " " not in part:  # “Jane Doe, UNCTAD”
            people[-1] = replace(people[-1], organisation=people[-1].organisation or one_line_of(part, MAX_NAME))
            continue
        pair = re.split(r"\s(?:and|&)\s", part.removeprefix("and "), maxsplit=1)
        both = len(pair) == 2 and all(_is_name(one) and " " in one.strip() for one in pair)
        people += [person for one in (pair if both else [part.removeprefix("and ")]) for person in someone(one)]
    return people


def someone(name: str, organisation: str = "") -> list[SpeakerDraft]:
    """One speaker, or none where `name` is no name: an address, a link, “TBA”."""
    name = one_line_of(name.strip(" \t-–—*_•\"'"), MAX_NAME)
    match = re.fullmatch(r"([^()]{2,}?)\s*\(([^()]+)\)", name)
    if match:
        name, organisation = match[1], organisation or match[2]
    if "://" in name or name.lower().rstrip(".") in _NOBODY or not any(map(str.isalpha, name)):
        return []
    return [SpeakerDraft(name, organisation and one_line_of(organisation, MAX_NAME))]


def people_below_label(raw: str) -> list[SpeakerDraft]:
    """The names in the lines below a line that is only “Speakers:”, each perhaps with a life story in HTML below it."""
    lines = iter(raw[:MAX_DESCRIPTION].split("\n"))
    for line in lines:
        match = _LABEL.fullmatch(line[:_MAX_SAID])
        if match and match[1].lower().startswith(("speaker", "presenter", "panel")) and not match[2].strip():
            break
    names: list[str] = []
    open_tags = 0
    for line in lines:
        tags = _BLOCK_TAG.findall(line)
        if not open_tags and not tags:
            if not _is_name(line.strip(" \t-*•")):
                break
            names.append(line)
            if len(names) == MAX_SPEAKERS:
                break
        open_tags = max(0, open_tags + sum(-1 if end else 1 for end in tags))
    return [person for name in names for person in someone(name)]


def _is_name(text: str) -> bool:
    """Whether `text` may be somebody's name: few words, none that begins small, but for “van”, “de”."""
    words = [word for word in text[:MAX_NAME].split() if any(map(str.isalpha, word)) and word[0] != "("]
    if not 1 <= len(words) <= 6 or any(mark in text for mark in ':;,/@<>!?="'):
        return False
    proper = (word[0].isalpha() and not word[0].islower() for word in words if word.lower() not in _SMALL_WORDS)
    return all(proper) and not (words[-1].endswith(".") and len(words[-1]) > 4)
