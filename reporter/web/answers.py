"""Answers to the pages' own scripts: JSON that names itself, so that a hotel's page is not taken for one of ours."""

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from flask import Response, jsonify, request
from flask_security import current_user

from reporter.rules.errors import DatabaseAway, EditConflict, ReporterError, TextRefused
from reporter.web.errors import status_of
from reporter.web.language import explain

P = ParamSpec("P")
T = TypeVar("T")


def answer(status: int = 200, **content: Any) -> Response:
    """`content` as JSON, marked as ours."""
    response = jsonify({"reporter": 1, **content})
    response.status_code = status
    return response


def refused(error: ReporterError) -> Response:
    """A refusal, in the sentence that a person would read."""
    status = 413 if isinstance(error, TextRefused) and error.values.get("size") else status_of(error)
    return answer(status, state="refused", sentence=explain(error))


def signed_in_script(view: Callable[P, Response]) -> Callable[P, Response]:
    """A view for scripts of the staff's pages: others are told that they are signed out, in a way a script can read."""

    @wraps(view)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> Response:
        if not current_user.is_authenticated:
            return answer(401, state="signed_out")
        return view(*args, **kwargs)

    return wrapped


def wants_json() -> bool:
    """Whether a script asked, and not a form."""
    return request.accept_mimetypes.best == "application/json"


def also_for_scripts(view: Callable[P, T]) -> Callable[P, T | Response]:
    """A view for forms and scripts alike: a script gets refusals as JSON, so that it does not try again for ever."""

    @wraps(view)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> T | Response:
        if not wants_json():
            return view(*args, **kwargs)
        if not current_user.is_authenticated:
            return answer(401, state="signed_out")
        try:
            return view(*args, **kwargs)
        except (EditConflict, DatabaseAway) as error:
            return answer(503, state="again", sentence=explain(error))
        except ReporterError as error:
            return refused(error)

    return wrapped
