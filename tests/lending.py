"""Databases that tests use in turn: each is put back into the state of its template before the next test.

Nothing is trusted to clean up after itself. Rows go whatever a guard says of deleting them, sequences begin again,
whoever is still connected is cut off; and where the tables themselves were changed, the database is given up for a new
one.
"""

import shutil
import time
from pathlib import Path
from typing import Any

import sqlalchemy as sa

PATIENCE = 30.0  # seconds until a connection that is cut off counts as hanging

# Whatever changes a table, an index, a constraint, a trigger or a function writes a row here with a newer xmin.
_CATALOGUE = " UNION ALL ".join(
    f"SELECT count(*), coalesce(sum(xmin::text::bigint), 0) FROM {name} WHERE {key} >= 16384"  # noqa: S608
    for name, key in {
        "pg_class": "oid",
        "pg_attribute": "attrelid",
        "pg_attrdef": "adrelid",
        "pg_index": "indexrelid",
        "pg_constraint": "oid",
        "pg_trigger": "oid",
        "pg_proc": "oid",
        "pg_type": "oid",
    }.items()
)
_SEQUENCES = "SELECT sequencename, start_value, last_value FROM pg_sequences WHERE schemaname = 'public' ORDER BY 1"
_OTHERS = (
    "FROM pg_stat_activity WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> ALL(:ours)"
)


class Lent:
    """A database and the engine that applications on it share; `options` are those that the engine was made with."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.engine: sa.Engine | None = None
        self.options: dict[str, Any] = {}

    def is_restored(self) -> bool:
        """Put everything back; False where that is not possible and another database is needed."""
        raise NotImplementedError

    def close(self) -> None:
        """Let go of every connection."""
        if self.engine is not None:
            self.engine.dispose()


class LentFile(Lent):
    """SQLite: a new copy of the template's file at the same path; who has the old one open writes to no file at all."""

    def __init__(self, url: str, template: str) -> None:
        super().__init__(url)
        self.template = template

    def is_restored(self) -> bool:
        self.close()
        path = Path(self.url.removeprefix("sqlite:///"))
        for beside in path.parent.glob(f"{path.name}*"):
            beside.unlink()
        shutil.copy(self.template, path)
        return True


class LentPostgreSQL(Lent):
    """PostgreSQL: what tests left is deleted, which for a few rows takes far less than a copy of the template."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.sweeper = sa.create_engine(url, isolation_level="AUTOCOMMIT", pool_size=1, max_overflow=0)
        with self.sweeper.connect() as connection:
            self.catalogue = connection.execute(sa.text(_CATALOGUE)).all()
            self.sequences = connection.execute(sa.text(_SEQUENCES)).all()
            self.tables = sa.inspect(connection).get_table_names()
            self.rows = {table: rows for table in self.tables if (rows := _rows(connection, table)) != "[]"}

    def is_restored(self) -> bool:
        try:
            ours = self._kept_connection()
            with self.sweeper.connect() as connection:
                _cut_off_others(connection, ours)
                if connection.execute(sa.text(_CATALOGUE)).all() != self.catalogue:
                    return False
                self._put_rows_back(connection)
                self._put_sequences_back(connection)
        except sa.exc.DBAPIError:
            return False
        return True

    def close(self) -> None:
        super().close()
        self.sweeper.dispose()

    def _kept_connection(self) -> list[int]:
        """The process behind the one connection that the next application takes over, with all settings as at first."""
        if self.engine is None:
            return []
        pool = self.engine.pool
        assert isinstance(pool, sa.QueuePool)
        if (pool.checkedout(), pool.checkedin()) != (0, 1):
            self.engine.dispose()
            return []
        with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("DISCARD ALL")
            return [int(connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one())]

    def _put_rows_back(self, connection: sa.Connection) -> None:
        filled = " UNION ALL ".join(
            f"SELECT '{table}' WHERE EXISTS (SELECT 1 FROM \"{table}\")"  # noqa: S608
            for table in self.tables
        )
        changed = [
            table
            for table in connection.execute(sa.text(filled)).scalars()
            if table not in self.rows or _rows(connection, table) != self.rows[table]
        ]
        # As on a replica: no guard refuses, no foreign key asks for an order.
        connection.execute(sa.text("SET session_replication_role = replica"))
        for table in changed:
            connection.execute(sa.text(f'DELETE FROM "{table}"'))  # noqa: S608
        for table, rows in self.rows.items():
            if table in changed or _rows(connection, table) != rows:
                statement = f'INSERT INTO "{table}" SELECT * FROM json_populate_recordset(NULL::"{table}", :rows)'  # noqa: S608
                connection.execute(sa.text(statement), {"rows": rows})
        connection.execute(sa.text("SET session_replication_role = origin"))

    def _put_sequences_back(self, connection: sa.Connection) -> None:
        found = connection.execute(sa.text(_SEQUENCES)).all()
        for (name, start, last), now in zip(self.sequences, found, strict=True):
            if now.last_value != last:
                connection.execute(
                    sa.text("SELECT setval(quote_ident(:name)::regclass, :value, :used)"),
                    {"name": name, "value": last or start, "used": last is not None},
                )


def _rows(connection: sa.Connection, table: str) -> str:
    """Every row of a table as JSON."""
    statement = f"SELECT coalesce(json_agg(one ORDER BY one::text), '[]')::text FROM \"{table}\" one"  # noqa: S608
    return str(connection.execute(sa.text(statement)).scalar_one())


def _cut_off_others(connection: sa.Connection, ours: list[int]) -> None:
    """End whoever else is connected, and wait until they are gone: until then they might still write."""
    known = {"ours": [*ours, connection.execute(sa.text("SELECT pg_backend_pid()")).scalar_one()]}
    end = time.monotonic() + PATIENCE
    while connection.execute(sa.text(f"SELECT pg_terminate_backend(pid) {_OTHERS}"), known).all():
        assert time.monotonic() < end, "somebody stays connected to the database of the last test"
        time.sleep(0.005)
