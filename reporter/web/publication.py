"""Taking a public text back, and showing it again."""

from flask import Blueprint, flash, redirect
from werkzeug.wrappers import Response

from reporter.models.database import unit_of_work
from reporter.models.report import Report
from reporter.newsroom import publication
from reporter.queries import reports
from reporter.rules import addresses, clock
from reporter.rules.errors import N_, NotFound, Refused
from reporter.rules.vocabulary import WithdrawalReason
from reporter.web.accounts import person, signed_in
from reporter.web.forms.review import WithdrawForm
from reporter.web.language import _
from reporter.web.review import render

blueprint = Blueprint("publication", __name__)


@blueprint.post("/desk/review/<int:number>/withdraw")
@signed_in
def withdraw(number: int) -> Response:
    """WITHDRAW, with a reason that the readers see."""
    form = WithdrawForm()
    try:
        reason = WithdrawalReason(form.reason.data)
    except ValueError as error:
        raise Refused(N_("Choose why this report is withdrawn.")) from error
    with unit_of_work():
        publication.withdraw(_locked(number), reason=reason, note=form.note.data or "", by=person(), at=clock.now())
    flash(_("Withdrawn. Its page stays and says why; its text is gone from lists and feeds."))
    return redirect(addresses.review(number), 303)


@blueprint.post("/desk/review/<int:number>/reinstate")
@signed_in
def reinstate(number: int) -> Response:
    """REINSTATE the text that was public last."""
    there = reports.by_number(number)
    if there is None or there.published_revision is None:
        raise NotFound
    revision = there.published_revision
    rendered = render(number, revision)
    with unit_of_work():
        publication.reinstate(_locked(number), revision=revision, rendered=rendered, by=person(), at=clock.now())
    flash(_("Public again."))
    return redirect(addresses.review(number), 303)


def _locked(number: int) -> Report:
    report = reports.for_change(number)
    if report is None:
        raise NotFound
    return report
