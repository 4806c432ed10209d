"""What may be shown of who spoke: on the record, Chatham House, closed."""

from reporter.rules.vocabulary import SessionRule


def shows_speakers(rule: SessionRule) -> bool:
    """Whether names and organisations of the speakers may stand on a public page."""
    return rule is SessionRule.ON_THE_RECORD


def takes_report(rule: SessionRule) -> bool:
    """Whether a report of the session may be written at all."""
    return rule is not SessionRule.CLOSED
