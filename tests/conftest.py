"""What every test may use: an application on each database, people who sign in, pages that are checked as they come."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from databases import Databases, PostgreSQL, postgresql_programs
from flask import Flask
from navigator import Navigator

from reporter import create_app
from reporter.config import Settings
from reporter.models.database import db

CI = os.environ.get("CI") == "true"
SCALE = float(os.environ.get("TEST_SCALE", "1"))


@pytest.fixture(scope="session")
def databases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Databases]:
    made = Databases(tmp_path_factory.mktemp("databases"))
    yield made
    if made.server is not None:
        made.server.admin.dispose()
        made.server.stop()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def database_url(request: pytest.FixtureRequest, databases: Databases) -> str:
    """A fresh database; every test that uses it runs on both kinds."""
    if request.param == "postgresql" and databases.server is None:
        programs = postgresql_programs()
        if programs is None:
            if CI:
                pytest.fail("PostgreSQL is missing; CI=true makes that a failure")
            pytest.skip("PostgreSQL is not installed, so this was not run on it")
        databases.server = PostgreSQL(programs)
    return databases.fresh(request.param)


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    return Settings(
        instance=tmp_path, database_url=database_url, secret_key="only-for-tests", base_url="http://127.0.0.1:8000"
    )


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    """The application, with password hashes that cost little; nothing else differs from what is served."""
    cheap = {"argon2__time_cost": 1, "argon2__memory_cost": 64, "argon2__parallelism": 1}
    made = create_app(settings, SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS=cheap)
    yield made
    with made.app_context():
        db.engine.dispose()


@pytest.fixture
def context(app: Flask) -> Iterator[Flask]:
    """Inside the application's context, for tests of verbs and queries."""
    with app.app_context():
        yield app
        db.session.remove()


@pytest.fixture
def visitor(app: Flask) -> Navigator:
    """A browser without script in which nobody is signed in."""
    return Navigator(app)
