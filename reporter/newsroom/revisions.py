"""How a text becomes a revision, and a revision's body its HTML: used by filing, review and publication."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from reporter.models.database import db
from reporter.models.people import User
from reporter.models.report import Report, Revision, RevisionPolicyIssue, RevisionProcess, RevisionSdgTarget
from reporter.queries import reports, taxonomy
from reporter.rules.errors import N_, EditConflict, NotFound, Refused
from reporter.rules.report_text import KeyPoint, ReportText
from reporter.rules.vocabulary import RevisionOrigin
from reporter.text import markup


@dataclass(frozen=True)
class Rendered:
    """HTML together with the Markdown that it was made from, so that a verb can tell whether it is the right one."""

    body: str
    html: str

    def check(self, text: ReportText) -> None:
        """Raise EditConflict unless this was made from the body of `text`."""
        if self.body != text.body:
            raise EditConflict


def render(text: ReportText) -> Rendered:
    """The body of `text` as sanitised HTML. Slow: done before the unit of work. Raises TextRefused."""
    return Rendered(body=text.body, html=markup.render(text.body))


def columns(text: ReportText) -> dict[str, Any]:
    """The words of `text` as the columns that saves and revisions have in common."""
    return {
        "headline": text.headline,
        "lead": text.lead,
        "key_points": [_stored(point) for point in text.key_points],
        "body": text.body,
        "byline": text.byline,
        "links": [{"title": link.title, "url": link.url} for link in text.links],
        "language": text.language,
        "first_summary": text.first_summary,
        "checked_by": text.checked_by,
    }


def subject_columns(text: ReportText) -> dict[str, list[int]]:
    """The subjects of `text` as the columns of a save or a held text."""
    return {
        "policy_issue_ids": sorted(text.policy_issues),
        "process_ids": sorted(text.processes),
        "sdg_target_ids": sorted(text.sdg_targets),
    }


def _stored(point: KeyPoint) -> dict[str, Any]:
    says = {"text": point.text, "actor": point.actor, "capacity": point.capacity, "policy_issue": point.policy_issue}
    return {name: value for name, value in says.items() if value or name == "text"}


def make(
    report: Report,
    text: ReportText,
    *,
    origin: RevisionOrigin,
    by: User,
    at: datetime,
    based_on: int | None = None,
    draft_sequence: int | None = None,
) -> Revision:
    """The next revision of the report. Raises Refused for a policy issue that does not exist."""
    issues = text.policy_issues | {point.policy_issue for point in text.key_points if point.policy_issue}
    if len(taxonomy.by_ids(issues)) != len(issues):
        raise Refused(N_("One of the policy issues does not exist any more. Choose again."))
    if len(taxonomy.sdg_targets_by_ids(text.sdg_targets)) != len(text.sdg_targets):
        raise Refused(N_("One of the development goals or targets does not exist. Choose again."))
    if len(taxonomy.processes_by_ids(text.processes)) != len(text.processes):
        raise Refused(N_("One of the negotiations or agreements does not exist any more. Choose again."))
    revision = Revision(
        report_number=report.number,
        number=reports.last_revision_number(report.number) + 1,
        origin=origin,
        based_on=based_on,
        draft_sequence=draft_sequence,
        made_by_id=by.id,
        made_at=at,
        **columns(text),
    )
    db.session.add(revision)
    db.session.flush()
    db.session.add_all(
        RevisionPolicyIssue(report_number=report.number, revision_number=revision.number, policy_issue_id=issue)
        for issue in sorted(text.policy_issues)
    )
    db.session.add_all(
        RevisionProcess(report_number=report.number, revision_number=revision.number, process_id=process)
        for process in sorted(text.processes)
    )
    db.session.add_all(
        RevisionSdgTarget(report_number=report.number, revision_number=revision.number, sdg_target_id=target)
        for target in sorted(text.sdg_targets)
    )
    db.session.flush()
    return revision


def named(report: Report, number: int | None) -> Revision:
    """The revision of the report with this number. Raises NotFound."""
    revision = reports.revision(report.number, number) if number is not None else None
    if revision is None:
        raise NotFound(N_("This report has no such text."))
    return revision
