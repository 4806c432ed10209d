"""Fresh databases for tests: SQLite files and a throwaway PostgreSQL, both copied from one that migrations made."""

import os
import shutil
import subprocess
import tempfile
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import sqlalchemy as sa

from reporter.models import schema
from reporter.models.database import prepare_engine

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


@dataclass
class Databases:
    """Hands out databases that are at the newest migration and empty otherwise."""

    folder: Path
    server: PostgreSQL | None = None
    _templates: dict[str, str] = field(default_factory=dict)

    def fresh(self, kind: str) -> str:
        """The URL of a new database of this kind, `sqlite` or `postgresql`."""
        name = f"t{next(_names)}"
        if kind == "sqlite":
            if kind not in self._templates:
                self._templates[kind] = str(self.folder / "template.sqlite")
                self._migrate(f"sqlite:///{self._templates[kind]}")
            shutil.copy(self._templates[kind], self.folder / f"{name}.sqlite")
            return f"sqlite:///{self.folder / name}.sqlite"
        assert self.server is not None
        if kind not in self._templates:
            self._templates[kind] = "template_reporter"
            self.server.execute("CREATE DATABASE template_reporter")
            self._migrate(self.server.url("template_reporter"))
        self.server.execute(f"CREATE DATABASE {name} TEMPLATE template_reporter")
        return self.server.url(name)

    def empty(self, like: str) -> str:
        """The URL of a database without a table, of the kind that `like` is."""
        name = f"e{next(_names)}"
        if like.startswith("sqlite"):
            return f"sqlite:///{self.folder / name}.sqlite"
        assert self.server is not None
        self.server.execute(f"CREATE DATABASE {name}")
        return self.server.url(name)

    @staticmethod
    def _migrate(url: str) -> None:
        engine = sa.create_engine(url, poolclass=sa.NullPool)
        prepare_engine(engine)
        schema.upgrade(engine)
        if engine.dialect.name == "sqlite":
            with engine.connect() as connection:
                connection.execute(sa.text("PRAGMA wal_checkpoint(TRUNCATE)"))
        engine.dispose()
