"""Every enumeration of the house, in one place, so that one word means one thing in code, tables and pages."""

from enum import StrEnum


class Role(StrEnum):
    """What a person may be, at one event or (administrators) everywhere."""

    RAPPORTEUR = "rapporteur"
    EDITOR = "editor"
    ADMINISTRATOR = "administrator"


class WorkState(StrEnum):
    """Where does our work on a report stand?"""

    DRAFT = "draft"
    FILED = "filed"
    SENT_BACK = "sent_back"
    APPROVED = "approved"
    SETTLED = "settled"
    DISCARDED = "discarded"


class PublicState(StrEnum):
    """What does the public see of a report?"""

    NEVER = "never"
    PUBLIC = "public"
    WITHDRAWN = "withdrawn"


class Action(StrEnum):
    """What can be done to a report; the table in `lifecycle` says from where, to where and by whom."""

    START = "start"
    FILE = "file"
    RECALL = "recall"
    REVISE = "revise"
    SEND_BACK = "send_back"
    APPROVE = "approve"
    UNAPPROVE = "unapprove"
    PUBLISH = "publish"
    AMEND = "amend"
    DROP_AMENDMENT = "drop_amendment"
    CORRECT = "correct"
    WITHDRAW = "withdraw"
    REINSTATE = "reinstate"
    DISCARD = "discard"
    RESTORE = "restore"


class SessionRule(StrEnum):
    """What may be said of who spoke in a session."""

    ON_THE_RECORD = "on_the_record"
    CHATHAM_HOUSE = "chatham_house"
    CLOSED = "closed"


class TextPart(StrEnum):
    """The parts of a report's text to which a remark can point, in the order in which they are written."""

    HEADLINE = "headline"
    LEAD = "lead"
    KEY_POINTS = "key_points"
    BODY = "body"
    LINKS = "links"
    POLICY_ISSUES = "policy_issues"


class Check(StrEnum):
    """What the check before handing in looks at; all but INCOMPLETE are hints."""

    INCOMPLETE = "incomplete"
    HEADLINE_LONG = "headline_long"
    HEADLINE_SHORT = "headline_short"
    HEADLINE_FULL_STOP = "headline_full_stop"
    LEAD_MISSING = "lead_missing"
    LEAD_REPEATED = "lead_repeated"
    KEY_POINTS_FEW = "key_points_few"
    KEY_POINTS_MANY = "key_points_many"
    POLICY_ISSUE_MISSING = "policy_issue_missing"
    TEXT_SHORT = "text_short"
    TEXT_LONG = "text_long"
    NAME_SPELLING = "name_spelling"
    NAME_UNKNOWN = "name_unknown"
    DATE_IMPOSSIBLE = "date_impossible"
    DATE_YEAR = "date_year"
    DATE_WEEKDAY = "date_weekday"
    DATE_OUTSIDE = "date_outside"
    QUOTES_UNBALANCED = "quotes_unbalanced"
    QUOTE_WITHOUT_SPEAKER = "quote_without_speaker"
    PARAGRAPH_DOUBLED = "paragraph_doubled"
    WORD_LEFTOVER = "word_leftover"
    LINK_ADDRESS = "link_address"


class Cover(StrEnum):
    """Whether a session gets a report: the editors' decision."""

    UNDECIDED = "undecided"
    MUST = "must"
    IF_POSSIBLE = "if_possible"
    NOT = "not"


class AssignmentState(StrEnum):
    """Where an assignment stands. Whoever took an open session has accepted it thereby."""

    ASSIGNED = "assigned"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    HANDED_OVER = "handed_over"
    TAKEN_AWAY = "taken_away"


class Coverage(StrEnum):
    """Where the coverage of a session stands, in the order in which an editor wants to know; `coverage` says which."""

    LATE = "late"
    UNCOVERED = "uncovered"
    ASSIGNED = "assigned"
    ACCEPTED = "accepted"
    WRITING = "writing"
    FILED = "filed"
    APPROVED = "approved"
    PUBLISHED = "published"
    NOT_COVERED = "not_covered"


class ReportPlan(StrEnum):
    """What the public is told of a report that is not there yet."""

    PLANNED = "planned"
    NOT_PLANNED = "not_planned"


class NoticeKind(StrEnum):
    """What somebody is told on the desk."""

    PROGRAMME_CHANGED = "programme_changed"
    PROGRAMME_UNREACHABLE = "programme_unreachable"
    SESSION_MOVED = "session_moved"
    SESSION_CANCELLED = "session_cancelled"
    ASSIGNED = "assigned"
    TAKEN_AWAY = "taken_away"
    DECLINED = "declined"
    HANDED_OVER = "handed_over"
    RULE_TIGHTENED = "rule_tightened"
    WAITS_WITHOUT_EDITOR = "waits_without_editor"


class RevisionOrigin(StrEnum):
    """What made a revision."""

    FILED = "filed"
    REVISED = "revised"
    CORRECTED = "corrected"
    MERGED = "merged"


class HeldCause(StrEnum):
    """Why a text that arrived from a device is held beside the report instead of becoming part of it."""

    NO_ROLE = "no_role"  # the writer holds no role at the event any more
    REASSIGNED = "reassigned"  # the writer is none of the report's rapporteurs
    ACCOUNT_DISABLED = "account_disabled"
    SESSION_CLOSED = "session_closed"
    SESSION_CANCELLED = "session_cancelled"
    BEGUN_TWICE = "begun_twice"  # somebody else, or another device, had begun the report meanwhile
    APPROVED = "approved"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"
    DISCARDED = "discarded"
    FILED_BY_ANOTHER = "filed_by_another"


class HeldEnd(StrEnum):
    """What became of a held text."""

    ATTACHED = "attached"
    MERGED = "merged"
    SET_ASIDE = "set_aside"
    REPLACED = "replaced"  # by a newer one of the same page on the same device


class ChangeKind(StrEnum):
    """What the public saw change."""

    FIRST = "first"
    UPDATE = "update"
    CORRECTION = "correction"
    MINOR = "minor"
    WITHDRAWAL = "withdrawal"
    REINSTATEMENT = "reinstatement"
    HIDDEN = "hidden"  # the samples were removed: gone from everywhere, without a word


class WithdrawalReason(StrEnum):
    """Why a public text was taken back."""

    INACCURATE = "inaccurate"
    PUBLISHED_BY_MISTAKE = "published_by_mistake"
    SPEAKER_REQUEST = "speaker_request"
    RULE_TIGHTENED = "rule_tightened"
    OTHER = "other"


class TermKind(StrEnum):
    """By what a published report can be found and followed."""

    POLICY_ISSUE = "policy_issue"
    PROCESS = "process"
    EVENT = "event"


class Entry(StrEnum):
    """What a line of the history says was done; the acts on a report are those of `Action`, plus these."""

    USER_ADDED = "user_added"
    USER_DISABLED = "user_disabled"
    ROLE_GRANTED = "role_granted"
    EVENT_ADDED = "event_added"
    EVENT_HIDDEN = "event_hidden"
    PROGRAMME_ADDED = "programme_added"
    PROGRAMME_IMPORTED = "programme_imported"
    SESSION_ADDED = "session_added"
    SESSION_CHANGED = "session_changed"
    SESSION_JOINED = "session_joined"
    RULE_CHANGED = "rule_changed"
    EVENT_CHANGED = "event_changed"
    ASSIGNMENT_MADE = "assignment_made"
    ASSIGNMENT_ANSWERED = "assignment_answered"
    ASSIGNMENT_ENDED = "assignment_ended"
    ON_DUTY = "on_duty"
    ROLE_REVOKED = "role_revoked"
    TAXONOMY_LOADED = "taxonomy_loaded"
    RAPPORTEUR_JOINED = "rapporteur_joined"
    CLAIMED = "claimed"
    EMBARGO_SET = "embargo_set"
    TEXT_HELD = "text_held"
    HELD_TEXT_SETTLED = "held_text_settled"
    NAME_WAIVED = "name_waived"
