"""Style and script go out without the indentation and the comments that people need and slow lines do not."""

import re
from functools import cache
from pathlib import Path

from flask import Flask, Response, abort, current_app, request
from werkzeug.security import safe_join

TYPES = {".js": "text/javascript", ".css": "text/css"}
_COMMENT = re.compile(r"^[ \t]*/\*(?:[^*]|\*(?!/))*\*/[ \t]*$|^[ \t]*//[^\n]*$", re.MULTILINE)


def init_app(app: Flask) -> None:
    """Answer for the static files; their address and name stay Flask's own."""
    app.view_functions["static"] = send


def send(filename: str) -> Response:
    """One static file; 304 where the browser has it already."""
    path = safe_join(current_app.static_folder or "", filename)
    if path is None or Path(path).suffix not in TYPES or not Path(path).is_file():
        return current_app.send_static_file(filename) if path else abort(404)
    file = Path(path)
    response = Response(_small(file, file.stat().st_mtime_ns), mimetype=TYPES[file.suffix])
    response.headers["Cache-Control"] = "no-cache"
    response.add_etag()
    response.make_conditional(request)
    return response


@cache
def _small(file: Path, _changed: int) -> str:
    return without_layout(file.read_text(encoding="utf-8"))


def without_layout(text: str) -> str:
    """`text` without comments that stand on lines of their own, indentation and empty lines.

    For our own files alone: none of them has a string or template that goes over several lines.
    """
    lines = map(str.strip, _COMMENT.sub("", text).splitlines())
    return "\n".join(filter(None, lines)) + "\n"
