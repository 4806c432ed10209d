"""The database: one transaction per change, on SQLite and PostgreSQL alike, and no lost update on either.

SQLite's usual transactions begin as readers and lose updates; here every change begins IMMEDIATE, so it holds the
one write lock from its first statement, and waits for it instead of failing.
"""

import enum
import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import DateTime, Dialect, MetaData, event, inspect
from sqlalchemy import Enum as EnumType
from sqlalchemy.engine import Connection, Engine, ExceptionContext
from sqlalchemy.exc import DatabaseError, IntegrityError, OperationalError
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.orm.exc import StaleDataError
from sqlalchemy.types import TypeDecorator

from reporter.rules.errors import DatabaseAway, EditConflict

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
_RUNNING = "unit of work"
BUSY_TIMEOUT = 15.0  # seconds that a writer waits for SQLite's write lock


class Base(DeclarativeBase):
    """What every table derives from; plain, so that mypy can be strict."""

    metadata = MetaData(naming_convention=NAMING)


db = SQLAlchemy(model_class=Base, disable_autonaming=True)


class UTCDateTime(TypeDecorator[datetime]):
    """An aware moment, stored in UTC; a naive one is refused, because nobody can know what it meant."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime was given to the database")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def choice(kind: type[enum.StrEnum], name: str) -> EnumType:
    """A column of one of the vocabulary's words, stored as the word, with a check named `name`."""
    return EnumType(
        kind,
        name=name,
        native_enum=False,
        create_constraint=True,
        length=32,
        values_callable=lambda members: [member.value for member in members],
    )


def engine_options(url: str, threads: int) -> dict[str, Any]:
    """What SQLAlchemy must be told about the database at `url`; `threads` may want a connection each."""
    pool = {"pool_size": threads, "max_overflow": 4}
    if url.startswith("sqlite"):
        return {"connect_args": {"timeout": BUSY_TIMEOUT}, **pool}
    return {"pool_pre_ping": True, **pool}


def prepare_engine(engine: Engine) -> None:
    """A database that does not answer becomes DatabaseAway; an SQLite engine gets real transactions besides: WAL,
    foreign keys, durable commits, and BEGIN only where we say.
    """

    @event.listens_for(engine, "handle_error")
    def on_error(context: ExceptionContext) -> None:
        # SQLite calls a file that is none of its own a plain DatabaseError.
        unreadable = type(context.sqlalchemy_exception) is DatabaseError
        if unreadable or isinstance(context.sqlalchemy_exception, OperationalError):
            why = " ".join(str(context.original_exception).split())  # psycopg says it in two lines
            raise DatabaseAway(why=why) from context.original_exception

    if engine.dialect.name != "sqlite":
        return

    @event.listens_for(engine, "connect")
    def on_connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # the sqlite3 module must not begin transactions by itself
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            "recursive_triggers=ON",
            "journal_size_limit=67108864",
        ):
            connection.execute("PRAGMA " + pragma)

    @event.listens_for(engine, "begin")
    def on_begin(connection: Connection) -> None:
        connection.exec_driver_sql(connection.get_execution_options().get("sqlite_begin", "BEGIN"))


@contextmanager
def _turn() -> Iterator[None]:
    """One writer after the other on SQLite, in about the order in which they came.

    SQLite itself lets waiting writers look again every tenth of a second: under load one of them looks in vain until
    its patience ends. The kernel's queue wakes them, works between processes, and ends with the process that holds it.
    """
    path = db.engine.url.database
    if db.engine.dialect.name != "sqlite" or not path or path == ":memory:":
        yield
        return
    with Path(f"{path}-turn").open("ab") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@contextmanager
def unit_of_work() -> Iterator[Session]:
    """One change: begins with the write lock, commits at the end, leaves nothing behind when it fails.

    What a verb rests on must be loaded inside it (`queries.*.for_change()`). Raises EditConflict where somebody else
    changed the same row meanwhile.
    """
    session = db.session()
    if session.new or session.dirty or session.deleted:
        raise RuntimeError("changes were made before the unit of work began")
    if session.info.get(_RUNNING):
        raise RuntimeError("a unit of work began inside another, and would drop what that one did")
    session.rollback()  # drops a snapshot that an earlier read of this request may hold
    session.info[_RUNNING] = True
    try:
        with _turn(), _rolled_back(session):
            if db.engine.dialect.name == "sqlite":
                session.connection(execution_options={"sqlite_begin": "BEGIN IMMEDIATE"})
            yield session
            session.commit()
    except StaleDataError as error:
        raise EditConflict from error
    except IntegrityError as error:
        if _is_taken(error):
            # A row that another unit of work made first is as much a conflict as one that it changed.
            raise EditConflict from error
        raise
    finally:
        session.info.pop(_RUNNING, None)


def settle(row: Base) -> None:
    """Write what a library changed in `row` outside any unit of work (a renewed password hash) in one of its own."""
    changed = {part.key: part.value for part in inspect(row).attrs if part.history.has_changes()}
    if changed:
        db.session.rollback()
        with unit_of_work():
            for name, value in changed.items():
                setattr(row, name, value)


def leave_failed() -> None:
    """Leave a transaction that failed: it would fail again with whatever is asked next."""
    db.session.rollback()


@contextmanager
def _rolled_back(session: Session) -> Iterator[None]:
    try:
        yield
    except BaseException:
        session.rollback()
        raise


def _is_taken(error: IntegrityError) -> bool:
    """Whether a unique key refused the row; every other refusal of a constraint is a mistake of the program."""
    return getattr(error.orig, "sqlstate", "") == "23505" or "UNIQUE constraint failed" in str(error.orig)
