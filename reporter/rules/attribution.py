"""What may be shown of who spoke: on the record, Chatham House, closed."""

from reporter.rules.vocabulary import SessionRule

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


def takes_report(rule: SessionRule) -> bool:
    """Whether a report of the session may be written at all."""
    return rule is not SessionRule.CLOSED
