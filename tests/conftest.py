"""What every test may use: an application on each database, people who sign in, pages that are checked as they come."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from databases import Databases
from flask import Flask
from jinja2 import FileSystemBytecodeCache
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
    made.close()


def available(kind: str, databases: Databases) -> str:
    """The kind of database, where it can be had; else the test is skipped and says so."""
    if kind == "postgresql" and databases.server() is None:
        if CI:
            pytest.fail("PostgreSQL is missing; CI=true makes that a failure")
        pytest.skip("PostgreSQL is not installed, so this was not run on it")
    return kind


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def database_url(request: pytest.FixtureRequest, databases: Databases) -> str:
    """A database as the migrations make it; every test that uses it runs on both kinds."""
    return databases.lend(available(request.param, databases))


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    return Settings(
        instance=tmp_path, database_url=database_url, secret_key="only-for-tests", base_url="http://127.0.0.1:8000"
    )


@pytest.fixture(scope="session")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> FileSystemBytecodeCache:
    """What Jinja made of the templates, for all applications of this run."""
    return FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))


@pytest.fixture
def make_app(databases: Databases, compiled: FileSystemBytecodeCache) -> Callable[[Settings], Flask]:
    """Makes the application with password hashes that cost little; nothing else differs from what is served."""

    def make(settings: Settings) -> Flask:
        cheap = {"argon2__time_cost": 1, "argon2__memory_cost": 64, "argon2__parallelism": 1}
        made = create_app(settings, SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS=cheap)
        made.jinja_env.bytecode_cache = compiled
        databases.share_engine(made)
        return made

    return make


@pytest.fixture
def app(settings: Settings, make_app: Callable[[Settings], Flask]) -> Flask:
    """The application; a new one for every test."""
    return make_app(settings)


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


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Long bytes are numbered, not spelt: those of an archive hold the moment at which they were made, and two workers
    that collect in different seconds would not agree on the tests' names.
    """
    return argname if isinstance(val, bytes) and len(val) > 60 else None
