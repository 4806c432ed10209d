"""Triggers that keep append-only tables append-only and the publication numbers without a gap.

They are installed anew after every migration, because a migration that rebuilds a table on SQLite drops its triggers.
"""

from sqlalchemy import inspect, text
from sqlalchemy.engine import Connection

SUBJECTS = ("revision_policy_issue", "revision_process", "revision_sdg_target")
APPEND_ONLY = ("approval", "public_change", "history_entry", "attribution_waiver", *SUBJECTS)

# (name, table, UPDATE | DELETE | INSERT, condition under which it is refused, sentence)
GUARDS: tuple[tuple[str, str, str, str, str], ...] = (
    *((f"{table}_no_update", table, "UPDATE", "1 = 1", f"{table} is append-only") for table in APPEND_ONLY),
    *((f"{table}_no_delete", table, "DELETE", "1 = 1", f"{table} is append-only") for table in APPEND_ONLY),
    (
        "revision_no_update",
        "revision",
        "UPDATE",
        # A redaction is the one change there is: once, with its notice, and of the words alone.
        "OLD.redacted_at IS NOT NULL OR NEW.redacted_at IS NULL OR NEW.report_number <> OLD.report_number"
        " OR NEW.number <> OLD.number OR NEW.made_by_id <> OLD.made_by_id OR NEW.made_at <> OLD.made_at"
        " OR NEW.origin <> OLD.origin OR coalesce(NEW.based_on, -1) <> coalesce(OLD.based_on, -1)"
        " OR coalesce(NEW.draft_sequence, -1) <> coalesce(OLD.draft_sequence, -1)",
        "a revision is never changed",
    ),
    *(
        (
            f"{table}_before_approval",
            table,
            "INSERT",
            # What an editor approved is its subjects too.
            "EXISTS (SELECT 1 FROM approval WHERE approval.report_number = NEW.report_number"
            " AND approval.revision_number = NEW.revision_number)",
            "an approved revision takes no further subject",
        )
        for table in SUBJECTS
    ),
    ("revision_no_delete", "revision", "DELETE", "1 = 1", "a revision is never deleted"),
    ("report_no_delete", "report", "DELETE", "1 = 1", "a report is never deleted"),
    ("draft_save_no_update", "draft_save", "UPDATE", "1 = 1", "a draft save is never changed"),
    (
        "public_change_follows_counter",
        "public_change",
        "INSERT",
        "NEW.number <> (SELECT number FROM publication_counter)",
        "a public change takes its number from the counter",
    ),
    (
        "publication_counter_by_one",
        "publication_counter",
        "UPDATE",
        "NEW.number <> OLD.number + 1 OR NEW.id <> OLD.id",
        "the publication counter goes up by one",
    ),
    ("publication_counter_stays", "publication_counter", "DELETE", "1 = 1", "the publication counter stays"),
)


def install(connection: Connection) -> None:
    """Make every guard whose table exists, dropping an older one of the same name first."""
    tables = set(inspect(connection).get_table_names())
    sqlite = connection.dialect.name == "sqlite"
    for name, table, act, condition, sentence in GUARDS:
        if table not in tables:
            continue
        if sqlite:
            connection.execute(text(f"DROP TRIGGER IF EXISTS guard_{name}"))
            connection.execute(
                text(
                    f"CREATE TRIGGER guard_{name} BEFORE {act} ON {table} WHEN {condition} "
                    f"BEGIN SELECT RAISE(ABORT, '{sentence}'); END"
                )
            )
        else:
            row = "OLD" if act == "DELETE" else "NEW"
            connection.execute(text(f"DROP TRIGGER IF EXISTS guard_{name} ON {table}"))
            connection.execute(
                text(
                    f"CREATE OR REPLACE FUNCTION guard_{name}() RETURNS trigger LANGUAGE plpgsql AS $guard$ BEGIN "
                    f"IF {condition} THEN RAISE EXCEPTION '{sentence}' "
                    f"USING ERRCODE = 'integrity_constraint_violation'; "
                    f"END IF; RETURN {row}; END $guard$"
                )
            )
            connection.execute(
                text(
                    f"CREATE TRIGGER guard_{name} BEFORE {act} ON {table} FOR EACH ROW EXECUTE FUNCTION guard_{name}()"
                )
            )
