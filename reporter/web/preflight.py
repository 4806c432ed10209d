"""The check before handing in, as pages show it: while somebody writes, and again to the editor."""

from dataclasses import dataclass

from flask import Blueprint, Response, render_template, request

from reporter.models.event import Event
from reporter.models.programme import ProgrammeSession
from reporter.queries import programmes, taxonomy
from reporter.rules.errors import ReporterError
from reporter.rules.report_text import ReportText
from reporter.rules.vocabulary import SessionRule, TextPart
from reporter.text import checks
from reporter.text.attribution_check import NameFound, names_found
from reporter.text.checks import Facts, SpeakerName
from reporter.text.subject_words import TermKeywords, suggest
from reporter.web import place as places
from reporter.web.answers import answer, refused, signed_in_script
from reporter.web.forms.filing import ReportForm
from reporter.web.language import _
from reporter.web.security import csrf, fresh_token, token_is_good

blueprint = Blueprint("preflight", __name__)

PARTS = {
    TextPart.HEADLINE: "headline",
    TextPart.LEAD: "lead",
    TextPart.BODY: "body",
    TextPart.POLICY_ISSUES: "choose-policy_issues",
}


@dataclass(frozen=True)
class Remark:
    """One remark as it is shown: the sentence, the piece of text, and the id of the field to go to."""

    sentence: str
    excerpt: str
    suggestion: str
    field: str
    blocking: bool


@blueprint.post("/desk/sessions/<int:session>/report/checks")
@blueprint.post("/desk/reports/<int:number>/write/checks")
@csrf.exempt  # type: ignore[untyped-decorator] # changes nothing; checked below, in an answer that the page can read
@signed_in_script
def check(session: int | None = None, number: int | None = None) -> Response:
    """What an editor would remark on the text in the form, and the policy issues that it seems to speak of."""
    if not token_is_good(request.headers.get("X-CSRFToken")):
        return answer(400, state="stale", token=fresh_token())
    try:
        place = places.at(session, number)
    except ReporterError as error:
        return refused(error)
    text = ReportForm(meta={"csrf": False}).text()
    terms = [TermKeywords(issue.id, issue.name, (issue.slug,)) for issue in taxonomy.policy_issues()]
    return answer(
        state="checked",
        html=render_template(
            "preflight/remarks.html",
            remarks=remarks(text, place.event, place.session),
            names=forbidden_names(text, place.event, place.session),
        ),
        suggested=suggest(text, terms),
    )


def remarks(text: ReportText, event: Event, session: ProgrammeSession | None) -> list[Remark]:
    """The remarks on a text, blocking ones first."""
    found = checks.check(text, _facts(event, session))
    return [
        Remark(_(one.message, **one.values), one.excerpt, one.suggestion, _field(one.where, one.index), one.blocking)
        for one in found
    ]


def forbidden_names(text: ReportText, event: Event, session: ProgrammeSession | None) -> list[NameFound]:
    """The names and affiliations in a text of a session that allows none."""
    if session is None or session.rule is SessionRule.ON_THE_RECORD:
        return []
    return names_found(text, _speakers(session), event_name=event.name, organiser=event.organiser)


def _facts(event: Event, session: ProgrammeSession | None) -> Facts:
    speakers = _speakers(session) if session is not None else ()
    here = {one.name for one in speakers}
    return Facts(
        event_name=event.name,
        event_starts_on=event.starts_on,
        event_ends_on=event.ends_on,
        min_words=event.min_words,
        max_words=event.max_words,
        speakers=speakers,
        other_speakers=tuple(name for name in programmes.speaker_names(event.id) if name not in here),
        rule=session.rule if session is not None else SessionRule.ON_THE_RECORD,
        organiser=event.organiser,
    )


def _speakers(session: ProgrammeSession) -> tuple[SpeakerName, ...]:
    return tuple(
        SpeakerName(one.speaker.name, one.speaker.position, one.speaker.organisation) for one in session.speakers
    )


def _field(part: TextPart, index: int | None) -> str:
    if part is TextPart.KEY_POINTS:
        return f"point-{(index or 0) + 1}"
    if part is TextPart.LINKS:
        return f"link-url-{(index or 0) + 1}"
    return PARTS[part]
