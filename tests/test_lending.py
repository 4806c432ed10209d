"""A database that a test is lent is as a new one is, whatever the test before did to it."""

import sqlite3
from pathlib import Path

import pytest
import sqlalchemy as sa
from conftest import available
from databases import Databases
from models.test_constraints import make_world

from reporter import create_app
from reporter.config import Settings
from reporter.models.database import db


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def kind(request: pytest.FixtureRequest, databases: Databases) -> str:
    return available(request.param, databases)


FURTHER = {
    "sqlite": ["SELECT type, name, sql FROM sqlite_master ORDER BY name"],
    "postgresql": [
        "SELECT table_name, column_name, data_type FROM information_schema.columns"
        " WHERE table_schema = 'public' ORDER BY table_name, column_name",
        "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY indexdef",
        "SELECT tgname, tgenabled::text FROM pg_trigger WHERE NOT tgisinternal ORDER BY tgname",
        "SELECT sequencename, last_value FROM pg_sequences ORDER BY sequencename",
    ],
}


def content(url: str) -> dict[str, object]:
    """Every row of every table; then what the tables are, which triggers there are, where each sequence stands."""
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.connect() as connection:
        statements = {
            **{name: f'SELECT * FROM "{name}"' for name in sa.inspect(connection).get_table_names()},  # noqa: S608
            **{statement: statement for statement in FURTHER[engine.dialect.name]},
        }
        return {
            name: sorted(map(repr, connection.execute(sa.text(statement)))) for name, statement in statements.items()
        }


def run(url: str, *statements: str) -> None:
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(sa.text(statement))


def fill(url: str, folder: Path) -> None:
    """At least one row in every table, also in those from which no row may be deleted."""
    app = create_app(Settings(instance=folder, database_url=url, secret_key="x"))
    with app.app_context():
        make_world()
        db.session.remove()
        db.engine.dispose()


def test_a_full_database_comes_back_empty(kind: str, databases: Databases, tmp_path: Path) -> None:
    new = content(databases.fresh(kind))
    url = databases.lend(kind)
    assert content(url) == new
    fill(url, tmp_path)
    full = content(url)
    assert {name for name in new if full[name] == new[name]} <= {"alembic_version", *FURTHER[kind]}
    assert content(databases.lend(kind)) == new


@pytest.mark.parametrize(
    "statements",
    [
        ["DELETE FROM alembic_version"],
        ["UPDATE alembic_version SET version_num = '0001'"],
        ["UPDATE publication_counter SET number = number + 1", "UPDATE publication_counter SET number = number + 1"],
        ["CREATE TABLE further (id INTEGER)", "INSERT INTO further VALUES (1)"],
        ["CREATE INDEX further ON event_series (name, slug)"],
        ["ALTER TABLE event_series ADD COLUMN further INTEGER"],
        ["DROP TABLE history_entry"],
    ],
    ids=lambda statements: statements[0],
)
def test_whatever_else_was_changed_is_put_back(kind: str, databases: Databases, statements: list[str]) -> None:
    new = content(databases.fresh(kind))
    url = databases.lend(kind)
    run(url, *statements)
    assert content(url) != new
    assert content(databases.lend(kind)) == new


@pytest.mark.parametrize(
    "statement",
    [
        "DROP TRIGGER guard_report_no_delete ON report",
        "ALTER TABLE report DISABLE TRIGGER guard_report_no_delete",
        "DROP TABLE publication_counter",
        "DELETE FROM publication_counter",
    ],
)
@pytest.mark.postgresql
def test_a_guard_that_was_taken_away_is_there_again(databases: Databases, statement: str) -> None:
    kind = available("postgresql", databases)
    new = content(databases.fresh(kind))
    run(databases.lend(kind), "SET session_replication_role = replica", statement)
    assert content(databases.lend(kind)) == new


@pytest.mark.postgresql
def test_who_is_still_at_it_is_cut_off(databases: Databases) -> None:
    """A transaction that a test left open holds locks, and might still be committed."""
    kind = available("postgresql", databases)
    new = content(databases.fresh(kind))
    url = databases.lend(kind)
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    connection = engine.connect()
    connection.execute(sa.text("INSERT INTO event_series (slug, name) VALUES ('late', 'Late')"))
    assert content(databases.lend(kind)) == new
    with pytest.raises(sa.exc.OperationalError):
        connection.commit()
    connection.invalidate()
    connection.close()
    assert content(url) == new


def test_a_file_that_is_still_open_is_not_the_one_that_is_lent(databases: Databases) -> None:
    new = content(databases.fresh("sqlite"))
    url = databases.lend("sqlite")
    late = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
    late.execute("BEGIN")
    late.execute("INSERT INTO event_series (slug, name) VALUES ('late', 'Late')")
    again = databases.lend("sqlite")
    late.execute("COMMIT")
    late.close()
    assert content(again) == new


def test_the_engine_is_handed_on_and_its_connection_has_forgotten_everything(
    kind: str, databases: Databases, tmp_path: Path
) -> None:
    settings = Settings(instance=tmp_path, database_url=databases.lend(kind), secret_key="x")
    asked = {
        "sqlite": "SELECT count(*) FROM sqlite_temp_master",
        "postgresql": "SELECT count(*) FROM pg_class WHERE relpersistence = 't'",
    }[kind]
    engines, counts = [], []
    for _turn in range(2):
        url = databases.lend(kind)
        assert url == settings.database_url
        app = create_app(settings)
        databases.share_engine(app)
        with app.app_context(), db.engine.connect() as connection:
            engines.append(db.engine)
            counts.append(connection.execute(sa.text(asked)).scalar_one())
            connection.execute(sa.text("CREATE TEMPORARY TABLE mine (id INTEGER)"))
            connection.commit()
    assert engines[0] is engines[1]
    assert counts == [0, 0]


def test_an_application_with_other_settings_has_an_engine_of_its_own(
    kind: str, databases: Databases, tmp_path: Path
) -> None:
    url = databases.lend(kind)
    pools = []
    for threads in (4, 7):
        app = create_app(Settings(instance=tmp_path, database_url=url, secret_key="x", threads=threads))
        databases.share_engine(app)
        with app.app_context():
            pools.append(db.engine.pool.size())  # type: ignore[attr-defined]
    assert pools == [4, 7]
