"""What the writing page asks to be converted: Markdown, a clipboard, a document."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, request

from reporter.rules.errors import ReporterError
from reporter.rules.report_text import clean
from reporter.text import docx_in, markup, paste
from reporter.web.answers import answer, refused, signed_in_script

blueprint = Blueprint("convert", __name__)


@blueprint.post("/desk/preview")
@signed_in_script
def preview() -> Response:
    """What the public page would show of this Markdown, made by the same code."""
    return _converted(lambda: markup.render(clean(request.form.get("body", "")).strip("\n")), "html")


@blueprint.post("/desk/paste")
@signed_in_script
def from_clipboard() -> Response:
    """What was pasted, as Markdown."""
    html, plain = request.form.get("html", ""), request.form.get("plain", "")
    return _converted(lambda: paste.from_clipboard(clean(html), clean(plain)), "markdown")


@blueprint.post("/desk/upload")
@signed_in_script
def from_upload() -> Response:
    """A document, as Markdown."""
    file = request.files.get("document")
    data, name = (file.read(), file.filename or "") if file else (b"", "")
    return _converted(lambda: docx_in.from_upload(data, name), "markdown")


def _converted(convert: Callable[[], str], name: str) -> Response:
    try:
        content: dict[str, Any] = {name: convert()}
        return answer(state="converted", **content)
    except ReporterError as error:
        return refused(error)
