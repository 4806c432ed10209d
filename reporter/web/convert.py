"""What the writing page asks to be converted: Markdown to what the public page would show."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, request

from reporter.rules.errors import ReporterError
from reporter.rules.report_text import clean
from reporter.text import markup
from reporter.web.answers import answer, refused, signed_in_script

blueprint = Blueprint("convert", __name__)


@blueprint.post("/desk/preview")
@signed_in_script
def preview() -> Response:
    """What the public page would show of this Markdown, made by the same code."""
    return _converted(lambda: markup.render(clean(request.form.get("body", "")).strip("\n")), "html")


def _converted(convert: Callable[[], str], name: str) -> Response:
    try:
        content: dict[str, Any] = {name: convert()}
        return answer(state="converted", **content)
    except ReporterError as error:
        return refused(error)
