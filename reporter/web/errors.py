"""Every refusal as a page in the site's look, in one sentence that says what to do; what was typed stays on it."""

from flask import Flask, Response, current_app, make_response, render_template, request
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from reporter.models.database import leave_failed
from reporter.rules import errors
from reporter.rules.report_text import clean
from reporter.web.language import _, explain
from reporter.web.security import CSRFError, is_private

STATUS: tuple[tuple[type[errors.ReporterError], int], ...] = (
    (errors.NotFound, 404),
    (errors.NotAllowed, 403),
    (errors.WrongState, 409),
    (errors.EditConflict, 409),
    (errors.TextRefused, 422),
    (errors.Refused, 400),
    (errors.DatabaseAway, 503),
)
NOT_SHOWN = frozenset(
    {"csrf_token", "password", "act", "revision", "client_id", "based_on", "next", "policy_issues"} | {"user", "to"}
)


def init_app(app: Flask) -> None:
    """Answer refusals, unknown addresses and failures with pages of ours."""
    app.register_error_handler(errors.ReporterError, _refusal)
    app.register_error_handler(CSRFError, _stale_form)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _failure)


def status_of(error: errors.ReporterError) -> int:
    """The HTTP status that says what kind of refusal this is."""
    return next((status for kind, status in STATUS if isinstance(error, kind)), 400)


def page(status: int, sentence: str) -> Response:
    """The page of a refusal, with whatever text the refused form carried, ready to be copied."""
    leave_failed()
    body = render_template(
        "errors/refusal.html", status=status, sentence=clean(sentence), typed=typed(), private=is_private(request.path)
    )
    return make_response(body, status)


def _refusal(error: errors.ReporterError) -> Response:
    return page(status_of(error), explain(error))


def _stale_form(_error: CSRFError) -> Response:
    sentence = _("This page was open for too long, or your sign-in ended. Sign in, open the page anew and send again.")
    return page(400, sentence)


def _http(error: HTTPException) -> Response | HTTPException:
    if error.response is not None or error.code is None or error.code < 400:
        return error
    sentences = {
        401: _("Sign in to see this page."),
        403: _("You have no permission for this. Ask an editor of the event."),
        404: _("There is nothing at this address. It may have been mistyped, or never published."),
        405: _("This address does not take what was sent to it."),
        413: _(
            "What you sent is too large. Go back: your text still stands in the form. Shorten it and send it again."
        ),
    }
    code = 413 if isinstance(error, RequestEntityTooLarge) else error.code
    if error.code >= 500:
        return page(error.code, _("Something went wrong on our side. Nothing that was saved is lost. Try again."))
    return page(code, sentences.get(code) or _("This request could not be understood. Go back and try again."))


def _failure(error: Exception) -> Response:
    current_app.logger.error("unexpected failure at %s", request.path, exc_info=error)
    return page(500, _("Something went wrong on our side. Nothing that was saved is lost. Try again in a minute."))


def typed() -> list[tuple[str, str]]:
    """What the refused form carried, by the names of its fields, fit for a page."""
    if request.method != "POST":
        return []
    try:
        items = list(request.form.items(multi=True))
    except HTTPException:  # the body itself was refused: there is nothing to show
        return []
    shown = [(clean(name), clean(value)) for name, value in items if name not in NOT_SHOWN]
    return [(name, value) for name, value in shown if value.strip()]
