"""What may be shown of who spoke: on the record, Chatham House, closed.

A programme names people in titles and descriptions too ("A conversation with …"). So where the speakers may not be
named, nothing of what the programme says of a session in words is published, here or anywhere: pages, addresses,
calendars and whatever comes later ask `public_title` and `public_description`. Time and room are facts and stay.
"""

from reporter.rules.errors import N_
from reporter.rules.vocabulary import SessionRule

# A message id; its English words also make the address, which is the same in every language.
NEUTRAL_TITLE = N_("Session without names")

_LOOSEST_FIRST = (SessionRule.ON_THE_RECORD, SessionRule.CHATHAM_HOUSE, SessionRule.CLOSED)


def tightens(old: SessionRule, new: SessionRule) -> bool:
    """Whether `new` allows less than `old`."""
    return _LOOSEST_FIRST.index(new) > _LOOSEST_FIRST.index(old)


def stricter(one: SessionRule, other: SessionRule) -> SessionRule:
    """The one of the two that allows less."""
    return other if tightens(one, other) else one


def shows_speakers(rule: SessionRule) -> bool:
    """Whether names and organisations of the speakers may stand on a public page."""
    return rule is SessionRule.ON_THE_RECORD


def public_title(title: str, rule: SessionRule) -> str:
    """The title under which the public finds a session: its own, or NEUTRAL_TITLE (a message id)."""
    return title if shows_speakers(rule) else NEUTRAL_TITLE


def public_description(description: str, rule: SessionRule) -> str:
    """What the public reads of what a session is about; "" where that could name somebody."""
    return description if shows_speakers(rule) else ""


def takes_report(rule: SessionRule) -> bool:
    """Whether a report of the session may be written at all."""
    return rule is not SessionRule.CLOSED
