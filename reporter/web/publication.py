"""What is public already: correcting it at once, taking it back, showing it again."""

from flask import Blueprint, flash, make_response, redirect
from werkzeug.wrappers import Response

from reporter.models.database import unit_of_work
from reporter.newsroom import publication, revisions
from reporter.rules import addresses, clock
from reporter.rules.errors import N_, EditConflict, NotFound, Refused, WrongState
from reporter.rules.vocabulary import WithdrawalReason
from reporter.web.accounts import person, signed_in
from reporter.web.errors import status_of
from reporter.web.forms.review import DecisionForm, EditForm, WithdrawForm
from reporter.web.language import _, explain
from reporter.web.review import edit_page, editable, edited, fresh_edit_page, locked, mark_of, page, render

blueprint = Blueprint("publication", __name__)


@blueprint.get("/desk/review/<int:number>/correct")
@signed_in
def correct(number: int) -> str:
    """The public text in a form."""
    report = editable(number)
    nothing = N_("Nothing of this report is public, so there is nothing to correct.")
    return fresh_edit_page(report, report.published_revision, act="correct", nothing=nothing)


@blueprint.post("/desk/review/<int:number>/correct")
@signed_in
def publish_correction(number: int) -> Response:
    """CORRECT: what the editor typed is public at once, with a dated note."""
    report = editable(number)
    form = EditForm()
    try:
        text = edited(number, form)
        rendered = revisions.render(text)
        with unit_of_work():
            publication.correct(
                locked(number),
                text,
                revision=form.revision.data or 0,
                rendered=rendered,
                by=person(),
                at=clock.now(),
                mark=mark_of(form.mark.data or "correction"),
                note=form.note.data or "",
            )
    except (Refused, WrongState, EditConflict) as error:
        return make_response(edit_page(report, form, act="correct", sentence=explain(error)), status_of(error))
    flash(_("Corrected. Readers see the new text now."))
    return redirect(addresses.review(number), 303)


@blueprint.post("/desk/review/<int:number>/withdraw")
@signed_in
def withdraw(number: int) -> Response:
    """WITHDRAW, with a reason that the readers see."""
    editable(number)
    form = WithdrawForm()
    try:
        with unit_of_work():
            publication.withdraw(
                locked(number),
                reason=_reason(form.reason.data),
                note=form.note.data or "",
                by=person(),
                at=clock.now(),
            )
    except (Refused, WrongState) as error:
        again = page(number, DecisionForm(formdata=None), withdraw_form=form, sentence=explain(error))
        return make_response(again, status_of(error))
    flash(_("Withdrawn. Its page stays and says why; its text is gone from lists and feeds."))
    return redirect(addresses.review(number), 303)


@blueprint.post("/desk/review/<int:number>/reinstate")
@signed_in
def reinstate(number: int) -> Response:
    """REINSTATE the text that was public last."""
    report = editable(number)
    if report.published_revision is None:
        raise NotFound
    revision = report.published_revision
    rendered = render(number, revision)
    try:
        with unit_of_work():
            publication.reinstate(locked(number), revision=revision, rendered=rendered, by=person(), at=clock.now())
    except (Refused, WrongState, EditConflict) as error:
        form = DecisionForm(formdata=None)
        form.show_embargo(report)
        return make_response(page(number, form, sentence=explain(error)), status_of(error))
    flash(_("Public again."))
    return redirect(addresses.review(number), 303)


def _reason(value: str | None) -> WithdrawalReason:
    try:
        return WithdrawalReason(value or "")
    except ValueError as error:
        raise Refused(N_("Choose why this report is withdrawn.")) from error
