"""Which policy issues a session is expected to touch: told by its track and its keywords, or by an editor."""

from collections.abc import Collection, Sequence

from reporter.models.database import db
from reporter.models.programme import ProgrammeSession, SessionIssue
from reporter.models.taxonomy import PolicyIssue
from reporter.queries import programme_desk
from reporter.text.subject_words import TermKeywords, named_by


def expected_issues(track: str, keywords: Sequence[str], issues: Sequence[PolicyIssue]) -> set[int]:
    """The ids of those `issues` whose slug or folded name is that of the track or of a keyword."""
    return named_by((track, *keywords), [TermKeywords(issue.id, issue.name, (issue.slug,)) for issue in issues])


def guess(session: ProgrammeSession, issues: Sequence[PolicyIssue]) -> None:
    """Expect of a session (stored already) what its track and keywords tell, out of `issues`."""
    track = programme_desk.track_name(session.track_id)
    expect(session, expected_issues(track, [str(word) for word in session.keywords or ()], issues))


def expect(session: ProgrammeSession, wanted: Collection[int]) -> bool:
    """Expect these policy issues (ids) of a session and no others; whether that changed anything."""
    there = {row.policy_issue_id: row for row in programme_desk.session_issues(session.id)}
    for issue, row in there.items():
        if issue not in wanted:
            db.session.delete(row)
    added = sorted(set(wanted) - there.keys())
    db.session.add_all(SessionIssue(programme_session_id=session.id, policy_issue_id=issue) for issue in added)
    db.session.flush()
    return there.keys() != set(wanted)
