"""Reporter: just-in-time reporting from policy events. `create_app()` is the only place that joins the layers.

    rules/       pure values and rules                    text/      bytes in, values out: Markdown, slugs
    models/      tables and constraints                   queries/   every SELECT; `published` is what the public sees
    newsroom/    every change: verb(thing, *, by, at)     outlets/   published things become bytes
    web/         HTTP and nothing else                    cli, worker, config, sample

A report's way: web/filing -> newsroom/filing -> web/review -> newsroom/review -> newsroom/publication ->
queries/published -> web/pages, outlets/feeds. One direction, no way back up.
"""

from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import Flask

from reporter import config, web
from reporter.config import Settings
from reporter.models import database
from reporter.sources.draft import MAX_BYTES

PACKAGE = Path(__file__).resolve().parent
MAX_REQUEST = MAX_BYTES + 1024 * 1024  # bytes: a programme file; also a text far over its limit, to show it again


def create_app(settings: Settings | None = None, **overrides: Any) -> Flask:
    """The application for `settings` (default: this process's). Raises BadSetting. `overrides` are Flask's own."""
    settings = settings or config.load()
    app = Flask(
        "reporter",
        template_folder=_beside("templates"),
        static_folder=str(PACKAGE / "static"),
        instance_path=str(settings.instance),
    )
    app.config.update(
        REPORTER=settings,
        SECRET_KEY=settings.secret_key or None,
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=database.engine_options(settings.database_url, settings.threads),
        MAX_CONTENT_LENGTH=MAX_REQUEST,
        MAX_FORM_MEMORY_SIZE=MAX_REQUEST,
        MAX_FORM_PARTS=2_000,
        BABEL_TRANSLATION_DIRECTORIES=str(PACKAGE / "translations"),
        PERMANENT_SESSION_LIFETIME=timedelta(days=3),
        # An answer that was on its way while somebody signed out must not bring the sign-in back.
        SESSION_REFRESH_EACH_REQUEST=False,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.base_url.startswith("https:"),
    )
    app.config.update(overrides)
    database.db.init_app(app)
    with app.app_context():
        database.prepare_engine(database.db.engine)
    web.init_app(app)
    return app


def _beside(name: str) -> str:
    """A folder of the program: inside the package where a wheel put it, beside it in a checkout."""
    for base in (PACKAGE, PACKAGE.parent):
        if (base / name).is_dir():
            return str(base / name)
    raise RuntimeError(f"the program is not whole: there is no folder {name}")
