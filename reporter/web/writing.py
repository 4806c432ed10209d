"""The page on which a report is written: what stands on it, for the plain form and for the one with script."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import current_app
from itsdangerous import BadSignature, URLSafeTimedSerializer

from reporter.models.people import User
from reporter.models.report import DraftSave
from reporter.newsroom import saving
from reporter.queries import assignments, draft_saves, people, private_notes, reports, taxonomy
from reporter.rules import clock
from reporter.rules.merge import Clash
from reporter.rules.report_text import ReportText
from reporter.web.accounts import person
from reporter.web.forms.filing import ReportForm
from reporter.web.place import Place

DEVICE_KEY_LASTS = 90 * 24 * 3600  # seconds: from the first page of an event to long after its last


def device_key(user: User) -> str:
    """What a page shows of whose text it sends, when nobody is signed in any more: enough to hand over, for no reading.

    It opens nothing. It lets the text of an account that was closed meanwhile reach the editors.
    """
    return _signer().dumps(user.id)


def sender(key: str) -> User | None:
    """Whose device key this is; None for none of ours, or one that is too old."""
    try:
        return people.by_id(int(_signer().loads(key, max_age=DEVICE_KEY_LASTS)))
    except (BadSignature, ValueError, TypeError):
        return None


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.secret_key or "", salt="device")


def page_values(
    place: Place,
    form: ReportForm,
    *,
    head: DraftSave | None = None,
    sentence: str = "",
    aside: DraftSave | None = None,
    clashes: Sequence[Clash] = (),
) -> dict[str, Any]:
    """What stands on the page. `aside` is a text of this person that clashed with the working text, at `clashes`."""
    issues, processes, targets = taxonomy.policy_issues(), taxonomy.processes(), taxonomy.sdg_targets()
    form.offer(issues, processes, targets)
    report = place.report
    if report is not None and aside is None:
        aside, clashes = unsettled(report.number)
    own = notes_allowed(place)
    notes = private_notes.one(report.number, person().id) if report else None
    return {
        "place": place,
        "form": form,
        "issues": issues,
        "processes": processes,
        "targets": targets,
        "head": head,
        "sentence": sentence,
        "aside": aside,
        "clashes": clashes,
        "notes": reports.notes(report.number) if report else (),
        "private": notes,
        "private_of_others": private_notes.of_others(report.number, person().id) if report and own else (),
        "has_notes": own,
        "discarded": reports.discarded_of_session(place.session.id) if place.session and not report else (),
        "due_at": due_at(place),
        "device_key": device_key(person()),
        "me": person(),
    }


def due_at(place: Place) -> datetime | None:
    """When this person's report of the session is due; None for a report of no session."""
    if place.session is None:
        return None
    return assignments.due_at(place.session, assignments.covered([person().id]).get(person().id, []))


def notes_allowed(place: Place) -> bool:
    """Whether the person has private notes here: a rapporteur of the report, or whoever begins it."""
    return place.report is None or reports.rapporteur(place.report, person()) is not None


def unsettled(report_number: int) -> tuple[DraftSave | None, tuple[Clash, ...]]:
    """This person's newest text that clashed and still does, with the places."""
    report = reports.by_number(report_number)
    for save in draft_saves.set_aside(report_number):
        if report is not None and save.saved_by_id == person().id:
            return save, saving.places(report, save, at=clock.now())
    return None, ()


def fields(text: ReportText) -> list[tuple[str, str]]:
    """A text as the fields of its form, in the form's order: what the page's script takes over."""
    rows = [("headline", text.headline), ("lead", text.lead)]
    for point in text.key_points:
        rows += [
            ("key_points", point.text),
            ("key_point_actor", point.actor),
            ("key_point_capacity", point.capacity),
            ("key_point_issue", str(point.policy_issue or "")),
        ]
    rows.append(("body", text.body))
    rows += [("policy_issues", str(one)) for one in sorted(text.policy_issues)]
    rows += [("processes", str(one)) for one in sorted(text.processes)]
    rows += [("sdg_targets", str(one)) for one in sorted(text.sdg_targets)]
    for link in text.links:
        rows += [("link_url", link.url), ("link_title", link.title)]
    return [*rows, ("byline", text.byline), ("language", text.language), ("checked_by", text.checked_by)]
