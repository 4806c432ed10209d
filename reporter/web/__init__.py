"""HTTP and nothing else: the blueprints, in the order of a report's life, and what surrounds every answer."""

from flask import Flask
from werkzeug.routing import IntegerConverter, Map, UnicodeConverter

from reporter.web import (
    accounts,
    assignment,
    calendar,
    convert,
    coverage,
    desk,
    duty,
    errors,
    feeds,
    filing,
    held,
    language,
    pages,
    people,
    preflight,
    programme,
    programme_desk,
    programme_import,
    publication,
    reports,
    review,
    security,
    static_files,
    sync,
)


class Number(IntegerConverter):
    """A number in an address; one that no table can hold is no address of ours (404), not a failure of the database."""

    # In the pattern, not as a maximum: a number beyond a maximum is refused as a method (405) where two rules share it.
    regex = "[0-9]{1,9}"


class Text(UnicodeConverter):
    """A word in an address, without NUL, which no database can hold in a text."""

    regex = "[^/\x00]+"

    def __init__(self, map: Map) -> None:
        super().__init__(map)
        self.regex = type(self).regex


def init_app(app: Flask) -> None:
    """Join the web to `app`: CSRF before sign-in (Flask-Security looks for it), then the pages."""
    app.url_map.converters.update(int=Number, default=Text, string=Text)
    security.init_app(app)
    static_files.init_app(app)
    language.init_app(app)
    accounts.init_app(app)
    errors.init_app(app)
    staff = (
        desk,
        people,
        programme,
        programme_desk,
        programme_import,
        assignment,
        coverage,
        duty,
        filing,
        sync,
        convert,
        preflight,
        held,
        reports,
        review,
        publication,
    )
    for module in (*staff, pages, feeds, calendar):
        app.register_blueprint(module.blueprint)
