"""What the values of a schedule.xml or schedule.json say, of whatever type they are: text, {language: text}, objects.

Every value may be missing or of another type than the format's page says, so nothing here refuses: what says nothing
is "".
"""

import re
from collections.abc import Iterator, Mapping
from itertools import islice

from reporter.sources.draft import MAX_DESCRIPTION, MAX_NAME, SpeakerDraft
from reporter.sources.words import MAX_LINE, MAX_SPEAKERS, cleaned, one_line_of, people_in, someone
from reporter.text.plain import from_html, shortened, without_addresses

ADDRESS_REMOVED = "[e-mail removed]"
MAX_KEYWORDS = 50
_MAX_TEXT = 10 * MAX_DESCRIPTION  # characters of one value, before HTML is taken out
_NAMES = ("public_name", "name", "full_public_name", "title")
_ORGANISATIONS = ("organisation", "organization", "affiliation", "company")
_LANGUAGE = re.compile(r"(?!(?:id|uri|url)$)[a-z]{2,3}(?:[-_]\w{2,8}){0,3}", re.IGNORECASE)
_CANCELLED = {"cancelled", "canceled", "withdrawn"}


def said(value: object) -> str:
    """The text that a value stands for: itself, the name in an object, or of several languages English, else the first.

    The application's languages do not count: a file has one programme, and reports on it are in several languages.
    """
    for _ in range(4):  # an object in which objects name objects says nothing
        if not isinstance(value, Mapping):
            break
        named = next((value[key] for key in _NAMES if value.get(key)), None)
        value = named if named is not None else _english(value)
    return value if isinstance(value, str) else ""


def _english(value: Mapping[str, object]) -> object:
    """One text of {language: text}; "" of any other object."""
    if not all(map(_LANGUAGE.fullmatch, value)):
        return ""
    texts = {key.lower(): text for key, text in value.items() if isinstance(text, str) and text.strip()}
    english = (text for key, text in texts.items() if key[:3] in {"en", "en-", "en_"})
    return next(english, next(iter(texts.values()), ""))


def text_in(says: Mapping[str, object], *names: str) -> str:
    """The first of `names` that says anything, as it is."""
    return next((text for text in (said(says.get(name)) for name in names) if text.strip()), "")


def line_in(says: Mapping[str, object], *names: str) -> str:
    """`text_in` as far as a line is looked at."""
    return text_in(says, *names)[:MAX_LINE].strip()


def description_of(says: Mapping[str, object]) -> str:
    """Subtitle, abstract and description as paragraphs of plain text, without what another of them repeats."""
    parts = [_plain(text_in(says, name)) for name in ("subtitle", "abstract", "description")]
    kept = [
        part
        for place, part in enumerate(parts)
        if part
        and not any(part in other for other in parts[place + 1 :])
        and not any(part in other and part != other for other in parts[:place])
    ]
    return shortened(without_addresses("\n\n".join(kept), ADDRESS_REMOVED), MAX_DESCRIPTION)


def _plain(text: str) -> str:
    text = text[:_MAX_TEXT].replace("\r\n", "\n").replace("\r", "\n")
    # Twice the limit, so that what is taken out does not shorten the rest; each character more costs time.
    return cleaned(from_html(text)[: 2 * MAX_DESCRIPTION]).strip("\n").rstrip()


def speakers_of(says: Mapping[str, object]) -> tuple[SpeakerDraft, ...]:
    """Everybody among the persons that has a name, once each, in the file's order."""
    persons = next((says[name] for name in ("persons", "speakers") if says.get(name)), None)
    named: dict[str, SpeakerDraft] = {}
    for one in _people(persons):
        named.setdefault(one.name.casefold(), one)
        if len(named) == MAX_SPEAKERS:
            break
    return tuple(named.values())


def _people(persons: object) -> Iterator[SpeakerDraft]:
    if isinstance(persons, str):
        yield from people_in(persons[:MAX_LINE])
    for one in _listed(persons, "person"):
        if isinstance(one, Mapping):
            yield from _person(line_in(one, *_NAMES), line_in(one, *_ORGANISATIONS))
        elif isinstance(one, str):
            yield from _person(one)


def _person(name: str, organisation: str = "") -> list[SpeakerDraft]:
    """One speaker, spelt as the file does: what stands in brackets is as often “she/her” as an organisation."""
    name = one_line_of(name, MAX_NAME).strip(" -–—,;")
    return [SpeakerDraft(name, one_line_of(organisation, MAX_NAME))] if someone(name) else []


def _listed(value: object, inner: str) -> Iterator[object]:
    """What a list holds, or an object instead of one: under `inner`, as its only element, or as its values."""
    if isinstance(value, Mapping):
        named = any(value.get(key) for key in _NAMES)
        within = value.get(inner, [value] if named else list(value.values()))
        value = within if isinstance(within, list) else [within]
    return islice(value, MAX_LINE) if isinstance(value, list) else iter(())


def keywords_of(says: Mapping[str, object]) -> tuple[str, ...]:
    """The entry's tags or keywords, once each: a list of texts or objects, or one text with commas."""
    value = says.get("tags") or says.get("keywords")
    many = value[:MAX_LINE].split(",") if isinstance(value, str) else _listed(value, "tag")
    texts = (said(one.get("tag") or one) if isinstance(one, Mapping) else said(one) for one in many)
    lines = dict.fromkeys(line for line in (one_line_of(text, MAX_NAME) for text in texts) if line)
    return tuple(islice(lines, MAX_KEYWORDS))


def is_cancelled(says: Mapping[str, object]) -> bool:
    """Whether the entry says that it does not take place."""
    flags = [says.get(name) for name in ("cancelled", "canceled", "is_cancelled", "is_canceled")]
    states = {line_in(says, name).lower() for name in ("status", "state")}
    return (
        any(flag is True or (isinstance(flag, str) and flag.strip().lower() in {"true", "1", "yes"}) for flag in flags)
        or not states.isdisjoint(_CANCELLED)
    )  # fmt: skip
