"""Bring a database to the newest tables, and tell whether it is there.

On SQLite foreign keys are switched off before the transaction begins (a rebuilt table would otherwise empty its
children), checked before it commits, and the guards are made anew.
"""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError
from sqlalchemy import text
from sqlalchemy.engine import Connection, Engine

from reporter.models import guards
from reporter.models.database import Base
from reporter.rules.errors import N_, BadSetting

MIGRATIONS = Path(__file__).resolve().parents[1] / "migrations"


def upgrade(engine: Engine, *, to: str = "head") -> None:
    """Run every migration up to `to` in one transaction; raises without a trace left behind if one fails."""
    with engine.connect() as connection:
        sqlite = engine.dialect.name == "sqlite"
        driver = connection.connection.driver_connection
        if sqlite and driver is not None:
            # PRAGMA foreign_keys is ignored inside a transaction, and SQLAlchemy begins one with the first statement.
            driver.execute("PRAGMA foreign_keys=OFF")
        try:
            with connection.begin():
                try:
                    command.upgrade(_config(connection), to)
                except CommandError as error:
                    raise BadSetting(
                        N_("The database was made by a newer program. Update this one, then try again.")
                    ) from error
                if sqlite:
                    broken = connection.execute(text("PRAGMA foreign_key_check")).all()
                    if broken:
                        raise RuntimeError(f"the migration left {len(broken)} rows that point nowhere")
                guards.install(connection)
        finally:
            if sqlite and driver is not None:
                driver.execute("PRAGMA foreign_keys=ON")


def is_current(engine: Engine) -> bool:
    """Whether the database has every migration of this program."""
    with engine.connect() as connection:
        present = MigrationContext.configure(connection).get_current_revision()
        return present == ScriptDirectory.from_config(_config(connection)).get_current_head()


def write_migration(engine: Engine, message: str) -> None:
    """Write a migration from the difference between the tables and the models (for developers)."""
    with engine.connect() as connection, connection.begin():
        command.revision(_config(connection), message=message, autogenerate=True)


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("file_template", "m%%(rev)s_%%(slug)s")
    config.attributes["connection"] = connection
    config.attributes["metadata"] = Base.metadata
    return config
