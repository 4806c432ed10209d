"""Databases for tests, on SQLite files and on a throwaway PostgreSQL, all copied from one that migrations made.

Most tests borrow: one database of each kind goes from test to test and is put back into the state of the copy before
each. That costs less than a database each, and the connection and the compiled statements of the last test still serve.
"""

import os
import shutil
import subprocess
import tempfile
from itertools import count
from pathlib import Path
from typing import cast

import sqlalchemy as sa
from flask import Flask
from lending import Lent, LentFile, LentPostgreSQL

from reporter.models import schema
from reporter.models.database import db, prepare_engine

_names = count(1)


def postgresql_programs() -> Path | None:
    """The folder of PostgreSQL's server programs as Debian (or a PATH) has them; None where there is no server."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[-3]))
    if debian:
        return debian[-1].parent
    found = shutil.which("initdb")
    return Path(found).resolve().parent if found else None


class PostgreSQL:
    """A server of our own: no service, no TCP; as root it runs as the user postgres, else as whoever tests."""

    def __init__(self, programs: Path) -> None:
        self.programs = programs
        self.folder = Path(tempfile.mkdtemp(prefix="pg-"))  # short: a socket's path has a length limit
        if os.getuid() == 0:
            shutil.chown(self.folder, "postgres", "postgres")
        self._run("initdb", "-D", f"{self.folder}/data", "-U", "postgres", "-A", "trust", "-E", "UTF8",
                  "--locale=C", "--no-sync")  # fmt: skip
        options = (
            f"-k {self.folder} -c listen_addresses='' -c fsync=off -c synchronous_commit=off "
            "-c full_page_writes=off -c shared_buffers=64MB -c max_connections=200"
        )
        self._run("pg_ctl", "-D", f"{self.folder}/data", "-l", f"{self.folder}/log", "-w", "-s", "-o", options, "start")
        self.admin = sa.create_engine(self.url("postgres"), isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)

    def url(self, database: str) -> str:
        return f"postgresql+psycopg://postgres@/{database}?host={self.folder}"

    def execute(self, statement: str) -> None:
        with self.admin.connect() as connection:
            connection.execute(sa.text(statement))

    def stop(self) -> None:
        self._run("pg_ctl", "-D", f"{self.folder}/data", "-m", "immediate", "-w", "-s", "stop")
        shutil.rmtree(self.folder, ignore_errors=True)

    def _run(self, program: str, *words: str) -> None:
        command = [str(self.programs / program), *words]
        if os.getuid() == 0:
            command = ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", "env", "HOME=/", *command]
        subprocess.run(command, check=True, cwd="/", stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


class Databases:
    """Hands out databases that are at the newest migration and empty otherwise."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._server: PostgreSQL | None = None
        self._templates: dict[str, str] = {}
        self._lent: dict[str, Lent] = {}

    def server(self) -> PostgreSQL | None:
        """The server of this run, started by the first who asks; None where PostgreSQL is not installed."""
        if self._server is None and (programs := postgresql_programs()) is not None:
            self._server = PostgreSQL(programs)
        return self._server

    def fresh(self, kind: str) -> str:
        """The URL of a new database of this kind, `sqlite` or `postgresql`, that nobody else ever gets."""
        name = f"t{next(_names)}"
        if kind == "sqlite":
            shutil.copy(self._template(kind), self.folder / f"{name}.sqlite")
            return f"sqlite:///{self.folder / name}.sqlite"
        server = self._running()
        server.execute(f"CREATE DATABASE {name} TEMPLATE {self._template(kind)}")
        return server.url(name)

    def lend(self, kind: str) -> str:
        """The URL of the database of this kind that tests use in turn, as good as new; the last borrower is done."""
        lent = self._lent.get(kind)
        if lent is None or not lent.is_restored():
            if lent is not None:
                lent.close()
            url = self.fresh(kind)
            self._lent[kind] = LentFile(url, self._template(kind)) if kind == "sqlite" else LentPostgreSQL(url)
        return self._lent[kind].url

    def share_engine(self, app: Flask) -> None:
        """Let an application on a lent database use the engine of those before it, if theirs was made like its own."""
        with app.app_context():
            own = db.engine
            lent = next((one for one in self._lent.values() if sa.make_url(one.url) == own.url), None)
            if lent is None:
                return
            options = app.config["SQLALCHEMY_ENGINE_OPTIONS"]
            if lent.engine is None:
                lent.engine, lent.options = own, options
            elif lent.options == options:
                own.dispose()
                cast("dict[str | None, sa.Engine]", db.engines)[None] = lent.engine

    def empty(self, like: str) -> str:
        """The URL of a database without a table, of the kind that `like` is."""
        name = f"e{next(_names)}"
        if like.startswith("sqlite"):
            return f"sqlite:///{self.folder / name}.sqlite"
        server = self._running()
        server.execute(f"CREATE DATABASE {name}")
        return server.url(name)

    def close(self) -> None:
        """End everything."""
        for lent in self._lent.values():
            lent.close()
        if self._server is not None:
            self._server.admin.dispose()
            self._server.stop()

    def _running(self) -> PostgreSQL:
        server = self.server()
        assert server is not None, "PostgreSQL is not installed"
        return server

    def _template(self, kind: str) -> str:
        """The path or the name of the database that all others are copies of."""
        if kind not in self._templates:
            if kind == "sqlite":
                name = str(self.folder / "template.sqlite")
                self._migrate(f"sqlite:///{name}")
            else:
                name = "template_reporter"
                self._running().execute(f"CREATE DATABASE {name}")
                self._migrate(self._running().url(name))
            self._templates[kind] = name
        return self._templates[kind]

    @staticmethod
    def _migrate(url: str) -> None:
        engine = sa.create_engine(url, poolclass=sa.NullPool)
        prepare_engine(engine)
        schema.upgrade(engine)
        if engine.dialect.name == "sqlite":
            with engine.connect() as connection:
                connection.execute(sa.text("PRAGMA wal_checkpoint(TRUNCATE)"))
        engine.dispose()
