"""Migrations give exactly the models' tables, with their guards, on both databases, and leave nothing half done."""

# ruff: noqa: S608 - the steps of a migration are text that this file holds

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import factories
import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from databases import Databases
from flask import Flask
from sqlalchemy import Engine

from reporter.models import guards, schema
from reporter.models.database import Base, db, prepare_engine
from reporter.rules.errors import DatabaseAway
from reporter.rules.vocabulary import Role

GUARDS = {f"guard_{name}" for name, *_rest in guards.GUARDS}


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """A database at the newest migration, behind a pool of one connection: what is wrong with it is met again."""
    made = sa.create_engine(database_url, pool_size=1, max_overflow=0, pool_timeout=5)
    prepare_engine(made)
    yield made
    made.dispose()


@pytest.fixture
def empty(engine: Engine, databases: Databases) -> Iterator[Engine]:
    """A database of the same kind without any table."""
    made = sa.create_engine(databases.empty(str(engine.url)), poolclass=sa.NullPool)
    prepare_engine(made)
    yield made
    made.dispose()


def triggers(engine: Engine) -> set[str]:
    """The names of the triggers that are there, without those by which PostgreSQL keeps foreign keys."""
    statement = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    if engine.dialect.name == "postgresql":
        statement = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
    with engine.connect() as connection:
        return set(connection.execute(sa.text(statement)).scalars())


def tables(engine: Engine) -> set[str]:
    return set(sa.inspect(engine).get_table_names())


def shape(engine: Engine) -> dict[str, Any]:
    """All that the database says of its tables, in a form that two databases of one kind can be compared by."""
    found = sa.inspect(engine)
    return {
        table: {
            "columns": {
                column["name"]: (repr(column["type"]), column["nullable"], column["default"])
                for column in found.get_columns(table)
            },
            "primary key": found.get_pk_constraint(table),
            "checks": {one["name"]: one["sqltext"] for one in found.get_check_constraints(table)},
            "foreign keys": sorted(map(str, found.get_foreign_keys(table))),
            "unique": sorted(map(str, found.get_unique_constraints(table))),
            "indexes": {
                one["name"]: (one["column_names"], one["unique"],
                              {key: str(value) for key, value in one["dialect_options"].items()})
                for one in found.get_indexes(table)
            },
        }
        for table in found.get_table_names()
        if table != "alembic_version"
    }  # fmt: skip


def counted(engine: Engine) -> dict[str, int]:
    """How many rows each table has."""
    with engine.connect() as connection:
        return {
            name: connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
            for name, table in Base.metadata.tables.items()
        }


def foreign_keys_hold(engine: Engine) -> bool:
    """Whether the connection that the pool hands out refuses a row that points nowhere."""
    with engine.connect() as connection:
        try:
            connection.execute(sa.text("INSERT INTO room (event_id, name, position) VALUES (12345, 'Nowhere', 0)"))
        except sa.exc.IntegrityError:
            return True
        finally:
            connection.rollback()
    return False


def test_autogenerate_finds_nothing_to_do(engine: Engine) -> None:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_migrations_make_what_the_models_say(engine: Engine, empty: Engine) -> None:
    """Autogenerate overlooks checks and the conditions of indexes, so the databases themselves are compared."""
    Base.metadata.create_all(empty)
    assert set(shape(empty)) == set(Base.metadata.tables)
    assert shape(engine) == shape(empty)


def test_the_counter_begins_at_nothing(engine: Engine) -> None:
    with engine.connect() as connection:
        rows = connection.execute(sa.text("SELECT id, number FROM publication_counter")).all()
    assert [tuple(row) for row in rows] == [(1, 0)]
    assert {name: number for name, number in counted(engine).items() if number} == {"publication_counter": 1}


def test_an_empty_database_is_brought_up(engine: Engine, empty: Engine) -> None:
    assert not schema.is_current(empty)
    schema.upgrade(empty)
    assert schema.is_current(empty)
    assert shape(empty) == shape(engine)
    assert triggers(empty) == GUARDS


def test_upgrading_again_changes_nothing(engine: Engine, app: Flask) -> None:
    with app.app_context():
        factories.issues()
        event = factories.event()
        factories.published(event, factories.person(Role.RAPPORTEUR, event), factories.person(Role.EDITOR, event))
        db.session.remove()
    before = shape(engine), counted(engine), triggers(engine)
    for _ in range(2):
        schema.upgrade(engine)
        assert (shape(engine), counted(engine), triggers(engine)) == before
    assert foreign_keys_hold(engine)


def test_guards_are_made_again(engine: Engine) -> None:
    assert triggers(engine) == GUARDS
    with engine.begin() as connection:
        for name, table, *_rest in guards.GUARDS:
            on = f" ON {table}" if engine.dialect.name == "postgresql" else ""
            connection.execute(sa.text(f"DROP TRIGGER guard_{name}{on}"))
    assert triggers(engine) == set()
    schema.upgrade(engine)
    assert triggers(engine) == GUARDS


def test_a_guard_that_became_wrong_is_made_again(engine: Engine) -> None:
    """A newer program may know a stricter condition under the same name."""
    with engine.begin() as connection:
        if engine.dialect.name == "sqlite":
            connection.execute(sa.text("DROP TRIGGER guard_publication_counter_stays"))
            connection.execute(
                sa.text(
                    "CREATE TRIGGER guard_publication_counter_stays BEFORE DELETE ON publication_counter WHEN 1 = 0 "
                    "BEGIN SELECT RAISE(ABORT, 'never'); END"
                )
            )
        else:
            connection.execute(
                sa.text(
                    "CREATE OR REPLACE FUNCTION guard_publication_counter_stays() RETURNS trigger LANGUAGE plpgsql "
                    "AS $guard$ BEGIN RETURN OLD; END $guard$"
                )
            )
    schema.upgrade(engine)
    with engine.connect() as connection, pytest.raises(sa.exc.IntegrityError, match="the publication counter stays"):
        connection.execute(sa.text("DELETE FROM publication_counter"))


def test_foreign_keys_are_on_after_an_upgrade(engine: Engine) -> None:
    assert foreign_keys_hold(engine)
    schema.upgrade(engine)
    assert foreign_keys_hold(engine)


# --- migrations of a later day, written into a copy of the folder

Later = Callable[[str], str]


@pytest.fixture
def later(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Later:
    """Adds a migration after the newest one; answers its name."""
    folder = tmp_path / "migrations"
    shutil.copytree(schema.MIGRATIONS, folder, ignore=shutil.ignore_patterns("__pycache__"))
    newest = max(path.name[1:5] for path in (folder / "versions").glob("m*.py"))
    monkeypatch.setattr(schema, "MIGRATIONS", folder)

    def add(steps: str) -> str:
        lines = "".join(f"    {line}\n" for line in steps.strip().splitlines())
        (folder / "versions" / "m9999_later.py").write_text(
            "import sqlalchemy as sa\nfrom alembic import op\n\n"
            f'revision = "9999"\ndown_revision = "{newest}"\nbranch_labels = None\ndepends_on = None\n\n'
            f"def upgrade() -> None:\n{lines}",
            encoding="utf-8",
        )
        return "9999"

    return add


def version(engine: Engine) -> str:
    with engine.connect() as connection:
        return str(connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar_one())


@pytest.mark.parametrize(
    ("last_step", "error", "sentence"),
    [
        ("raise RuntimeError('the power went')", RuntimeError, "the power went"),
        ("op.execute('INSERT INTO event_series (slug, name) VALUES (NULL, NULL)')", sa.exc.IntegrityError, "(?i)null"),
        ("op.execute('SELECT nonsense FROM nowhere')", (DatabaseAway, sa.exc.ProgrammingError), "nowhere"),
    ],
)
def test_a_migration_that_fails_leaves_nothing_behind(
    engine: Engine, later: Later, last_step: str, error: type[Exception] | tuple[type[Exception]], sentence: str
) -> None:
    before = shape(engine), tables(engine), triggers(engine), counted(engine), version(engine)
    later(
        """
op.create_table("half_done", sa.Column("id", sa.Integer(), primary_key=True))
op.execute("INSERT INTO event_series (slug, name) VALUES ('half', 'Half')")
op.add_column("room", sa.Column("floor", sa.Integer(), nullable=True))
op.execute("DROP TRIGGER guard_report_no_delete" + (" ON report" if op.get_bind().dialect.name != "sqlite" else ""))
"""
        + last_step
    )
    with pytest.raises(error, match=sentence):
        schema.upgrade(engine)
    assert (shape(engine), tables(engine), triggers(engine), counted(engine), version(engine)) == before
    assert foreign_keys_hold(engine)
    assert not schema.is_current(engine)


def test_a_migration_that_leaves_rows_pointing_nowhere_is_undone(engine: Engine, later: Later) -> None:
    before = counted(engine)
    later("op.execute(\"INSERT INTO room (event_id, name, position) VALUES (4711, 'Nowhere', 0)\")")
    with pytest.raises((RuntimeError, sa.exc.IntegrityError), match=r"1 rows that point nowhere|fk_room_event_id"):
        schema.upgrade(engine)
    assert counted(engine) == before
    assert foreign_keys_hold(engine)


def test_rebuilding_a_table_keeps_its_rows_their_children_and_its_guards(
    engine: Engine, app: Flask, later: Later
) -> None:
    """SQLite cannot alter most of a table: it is copied and dropped, and with it go its triggers."""
    with app.app_context():
        factories.issues()
        event = factories.event()
        factories.published(event, factories.person(Role.RAPPORTEUR, event), factories.person(Role.EDITOR, event))
        db.session.remove()
    before = counted(engine)
    assert before["revision_policy_issue"] == before["approval"] == 1
    revision = later(
        """
for table in ("revision", "policy_issue"):
    with op.batch_alter_table(table, recreate="always" if op.get_bind().dialect.name == "sqlite" else "never") as batch:
        batch.add_column(sa.Column("colour", sa.String(length=8), nullable=True))
"""
    )
    schema.upgrade(engine)
    assert (version(engine), schema.is_current(engine)) == (revision, True)
    assert "colour" in shape(engine)["revision"]["columns"]
    assert counted(engine) == before
    assert triggers(engine) == GUARDS
    assert foreign_keys_hold(engine)
    with engine.connect() as connection, pytest.raises(sa.exc.IntegrityError, match="a revision is never changed"):
        connection.execute(sa.text("UPDATE revision SET body = 'Other'"))


def test_a_database_of_a_newer_program_is_not_current(engine: Engine) -> None:
    assert schema.is_current(engine)
    with engine.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    assert not schema.is_current(engine)
