"""Processes beside policy issues, imports of programmes, samples that can be hidden."""

from collections.abc import Callable

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


CHANGE_KINDS = ("first", "update", "correction", "minor", "withdrawal", "reinstatement", "hidden")
TERM_KINDS = ("policy_issue", "process", "event")
REASONS = ("inaccurate", "published_by_mistake", "speaker_request", "rule_tightened", "other")


def upgrade() -> None:
    op.create_table(
        "process",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("parent_depth", sa.Integer(), nullable=True),
        sa.Column("depth", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("merged_into_id", sa.Integer(), nullable=True),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(parent_id IS NULL AND parent_depth IS NULL AND depth = 0)"
            " OR (parent_id IS NOT NULL AND parent_depth IS NOT NULL AND depth = parent_depth + 1)",
            name=op.f("ck_process_one_deeper_than_parent"),
        ),
        sa.CheckConstraint(
            "merged_into_id IS NULL OR merged_into_id <> id", name=op.f("ck_process_not_merged_into_itself")
        ),
        sa.ForeignKeyConstraint(["merged_into_id"], ["process.id"], name=op.f("fk_process_merged_into_id")),
        sa.ForeignKeyConstraint(
            ["parent_id", "parent_depth"],
            ["process.id", "process.depth"],
            name=op.f("fk_process_parent_id_parent_depth"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_process")),
        sa.UniqueConstraint("id", "depth", name=op.f("uq_process_id_depth")),
        sa.UniqueConstraint("slug", name=op.f("uq_process_slug")),
    )
    with op.batch_alter_table("process", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_process_merged_into_id"), ["merged_into_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_process_parent_id"), ["parent_id"], unique=False)

    op.create_table(
        "programme_import",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("file_name", sa.String(length=300), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("read_by_id", sa.Integer(), nullable=True),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(applied_at IS NULL) OR (content IS NULL)", name=op.f("ck_programme_import_applied_without_content")
        ),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_programme_import_event_id")),
        sa.ForeignKeyConstraint(["read_by_id"], ["user.id"], name=op.f("fk_programme_import_read_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme_import")),
    )
    with op.batch_alter_table("programme_import", schema=None) as batch_op:
        batch_op.create_index("ix_programme_import_event", ["event_id", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_programme_import_read_by_id"), ["read_by_id"], unique=False)

    op.create_table(
        "revision_process",
        sa.Column("report_number", sa.Integer(), nullable=False),
        sa.Column("revision_number", sa.Integer(), nullable=False),
        sa.Column("process_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["process_id"], ["process.id"], name=op.f("fk_revision_process_process_id")),
        sa.ForeignKeyConstraint(
            ["report_number", "revision_number"],
            ["revision.report_number", "revision.number"],
            name=op.f("fk_revision_process_report_number_revision_number"),
        ),
        sa.PrimaryKeyConstraint("report_number", "revision_number", "process_id", name=op.f("pk_revision_process")),
    )
    with op.batch_alter_table("revision_process", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_revision_process_process_id"), ["process_id"], unique=False)

    with op.batch_alter_table("draft_save", schema=None) as batch_op:
        batch_op.add_column(sa.Column("process_ids", sa.JSON(), nullable=False, server_default=sa.text("'[]'")))

    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.add_column(sa.Column("hidden_at", sa.DateTime(timezone=True), nullable=True))

    _widen("public_change", "kind", CHANGE_KINDS, _public_change)
    _widen("published_term", "kind", TERM_KINDS, _published_term)


def _widen(table: str, column: str, words: tuple[str, ...], whole: Callable[[], sa.Table]) -> None:
    """Let a column hold further words. SQLite rebuilds the table from its whole definition, because what Alembic would
    reflect there has no checks, and every one of them would be lost.
    """
    if op.get_bind().dialect.name == "sqlite":
        with op.batch_alter_table(table, recreate="always", copy_from=whole()):
            pass
    else:
        op.drop_constraint(op.f(f"ck_{table}_{column}"), table, type_="check")
        op.create_check_constraint(op.f(f"ck_{table}_{column}"), table, _one_of(column, words))


def _one_of(column: str, words: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(repr(word) for word in words)})"


def _public_change() -> sa.Table:
    return sa.Table(
        "public_change",
        sa.MetaData(),
        sa.Column("number", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("report_number", sa.Integer(), nullable=False),
        sa.Column("revision_number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("reason", sa.String(32)),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_public_change"),
        sa.ForeignKeyConstraint(
            ["report_number", "revision_number"],
            ["revision.report_number", "revision.number"],
            name="fk_public_change_report_number_revision_number",
        ),
        sa.CheckConstraint(_one_of("kind", CHANGE_KINDS), name="ck_public_change_kind"),
        sa.CheckConstraint(_one_of("reason", REASONS), name="ck_public_change_reason"),
        sa.CheckConstraint(
            "(kind = 'withdrawal') = (reason IS NOT NULL)", name="ck_public_change_withdrawal_has_reason"
        ),
        sa.Index("ix_public_change_report", "report_number", "number"),
    )


def _published_term() -> sa.Table:
    return sa.Table(
        "published_term",
        sa.MetaData(),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("term_id", sa.Integer(), nullable=False),
        sa.Column("report_number", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("kind", "term_id", "report_number", name="pk_published_term"),
        sa.ForeignKeyConstraint(
            ["report_number"], ["published_report.report_number"], name="fk_published_term_report_number"
        ),
        sa.CheckConstraint(_one_of("kind", TERM_KINDS), name="ck_published_term_kind"),
        sa.Index("ix_published_term_walk", "kind", "term_id", "updated_at", "report_number"),
        sa.Index("ix_published_term_report_number", "report_number"),
    )
