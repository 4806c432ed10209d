"""Every migration on a database that the one before it left full: each row, text and guard is there afterwards."""

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.script import ScriptDirectory
from databases import Databases

from reporter.models import guards, schema
from reporter.models.database import prepare_engine

HERE = Path(__file__).parent
FIRST = "0001"
Rows = dict[str, list[dict[str, Any]]]


def steps() -> list[tuple[str, str]]:
    """(before, after) of each migration that follows another."""
    every = ScriptDirectory(str(schema.MIGRATIONS)).walk_revisions()
    return sorted((str(one.down_revision), one.revision) for one in every if one.down_revision)


def test_there_is_a_filling_for_the_first() -> None:
    """The rows were written by the program of the first migration; later fillings may stand beside it."""
    assert {before for before, _after in steps()} >= {FIRST}
    assert all(json.loads((HERE / f"filled_{FIRST}.json").read_text()).values())


@pytest.mark.parametrize(("before", "after"), steps())
def test_keeps_every_row_and_guard(before: str, after: str, database_url: str, databases: Databases) -> None:
    engine = sa.create_engine(databases.empty(database_url), poolclass=sa.NullPool)
    prepare_engine(engine)
    schema.upgrade(engine, to=FIRST)
    fill(engine, json.loads((HERE / f"filled_{FIRST}.json").read_text()))
    schema.upgrade(engine, to=before)
    held = content(engine)
    schema.upgrade(engine, to=after)
    now = content(engine)
    for table, rows in held.items():
        kept = [{column: row[column] for column in old} for row, old in zip(now[table], rows, strict=True)]
        assert kept == rows, f"{table} changed"
    assert missing_guards(engine) == set()
    with engine.begin() as connection, pytest.raises(sa.exc.IntegrityError):
        connection.execute(sa.text("UPDATE revision SET headline = 'another'"))


def fill(engine: sa.Engine, filling: Rows) -> None:
    """Put the rows in, in whatever order: foreign keys are looked at when all are there."""
    tables = sa.MetaData()
    tables.reflect(engine)
    with engine.connect() as connection:
        driver = connection.connection.driver_connection
        assert driver is not None
        if engine.dialect.name == "sqlite":
            driver.execute("PRAGMA foreign_keys=OFF")
            for name in guards_of(connection):
                connection.execute(sa.text(f"DROP TRIGGER {name}"))
        else:
            connection.execute(sa.text("SET session_replication_role = replica"))
        for name, rows in filling.items():
            table = tables.tables[name]
            connection.execute(table.delete())
            for row in rows:
                connection.execute(table.insert().values({key: typed(table.c[key], row[key]) for key in row}))
        if engine.dialect.name == "sqlite":
            assert connection.execute(sa.text("PRAGMA foreign_key_check")).all() == []
        else:
            connection.execute(sa.text("SET session_replication_role = origin"))
        guards.install(connection)
        connection.commit()


def typed(column: sa.Column[Any], value: Any) -> Any:
    """A value of the filling as the column takes it."""
    if isinstance(column.type, sa.DateTime) and value is not None:
        moment = datetime.fromisoformat(value)
        return moment.replace(tzinfo=UTC) if getattr(column.type, "timezone", False) else moment
    if isinstance(column.type, sa.Date) and value is not None:
        return date.fromisoformat(value)
    return bool(value) if isinstance(column.type, sa.Boolean) and value is not None else value


def content(engine: sa.Engine) -> Rows:
    """Everything that a database holds, table by table, in the order of the keys."""
    tables = sa.MetaData()
    tables.reflect(engine)
    with engine.connect() as connection:
        return {
            table.name: [
                dict(row._mapping) for row in connection.execute(sa.select(table).order_by(*table.primary_key.columns))
            ]
            for table in tables.tables.values()
            if table.name != "alembic_version"
        }


def guards_of(connection: sa.Connection) -> set[str]:
    """The guards that stand in the database."""
    if connection.dialect.name == "sqlite":
        found = connection.execute(sa.text("SELECT name FROM sqlite_master WHERE type = 'trigger'"))
    else:
        found = connection.execute(sa.text("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"))
    return {name for (name,) in found}


def missing_guards(engine: sa.Engine) -> set[str]:
    """The guards of this program that the database lacks although it has their table."""
    with engine.connect() as connection:
        tables = set(sa.inspect(connection).get_table_names())
        wanted = {f"guard_{name}" for name, table, *_rest in guards.GUARDS if table in tables}
        return wanted - guards_of(connection)
