"""The words of a headline as the last part of an address: readable in any script, and the same every time."""

import re
import unicodedata

# Latin letters that Unicode does not take apart into an ASCII letter and a mark.
_SPELLED = str.maketrans({"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"})
_APOSTROPHE = re.compile(r"(?<=\w)['’](?=\w\b)")  # "women's" is one word, "l'économie" two


def slug(text: str, limit: int = 60) -> str:
    """The words of `text` in lower case, joined by "-", in at most `limit` characters; "" if it has no letter or digit.

    Latin letters lose their accents (Unicode's NFKD); letters and digits of other scripts stay, with the marks that
    belong to them, in NFC: a reader sees them as they are, `addresses` percent-encodes them. Cut between words; within
    one only where a single word is longer than `limit`, as in scripts without spaces.
    """
    words = _letters(_APOSTROPHE.sub("", text)).split()
    chosen: list[str] = []
    room = limit
    for word in words:
        if len(word) > room:
            break
        chosen.append(word)
        room -= len(word) + 1
    if words and not chosen:
        return _shortened(words[0], limit)
    return "-".join(chosen)


def _letters(text: str) -> str:
    """`text` with a space for everything that is no letter, digit or mark on a letter that is not Latin."""
    letters: list[str] = []
    base = " "
    for character in unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).lower().translate(_SPELLED)):
        kind = unicodedata.category(character)
        if kind[0] in "LN":
            base = character
            letters.append(character)
        elif kind[0] == "M":
            if base != " " and not base.isascii():
                letters.append(character)
        elif kind != "Cf":  # soft hyphens and joiners divide no word
            base = " "
            letters.append(" ")
    return unicodedata.normalize("NFC", "".join(letters))


def _shortened(word: str, limit: int) -> str:
    """The first `limit` characters, without a letter whose marks would be cut off."""
    end = max(limit, 0)
    while 0 < end < len(word) and unicodedata.category(word[end])[0] == "M":
        end -= 1
    return word[:end]
