"""HTTP and nothing else: the blueprints, in the order of a report's life, and what surrounds every answer."""

from flask import Flask

from reporter.web import (
    accounts,
    desk,
    errors,
    feeds,
    filing,
    language,
    pages,
    programme,
    publication,
    review,
    security,
)


def init_app(app: Flask) -> None:
    """Join the web to `app`: CSRF before sign-in (Flask-Security looks for it), then the pages."""
    security.init_app(app)
    language.init_app(app)
    accounts.init_app(app)
    errors.init_app(app)
    for module in (desk, programme, filing, review, publication, pages, feeds):
        app.register_blueprint(module.blueprint)
