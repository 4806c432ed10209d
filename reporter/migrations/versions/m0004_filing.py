"""Texts held beside a report, private notes, merged saves, development goals, what a report says of its making."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

HELD_CAUSES = (
    "no_role",
    "reassigned",
    "account_disabled",
    "session_closed",
    "session_cancelled",
    "begun_twice",
    "approved",
    "published",
    "withdrawn",
    "discarded",
    "filed_by_another",
)
HELD_ENDS = ("attached", "merged", "set_aside", "replaced")


def upgrade() -> None:
    _sdg_target()
    _revision_sdg_target()
    _held_text()
    _private_notes()
    _attribution_waiver()
    for table in ("draft_save", "revision"):
        op.add_column(table, sa.Column("first_summary", sa.Boolean(), nullable=False, server_default=sa.false()))
        op.add_column(table, sa.Column("checked_by", sa.Text(), nullable=False, server_default=""))
    op.add_column("draft_save", sa.Column("sdg_target_ids", sa.JSON(), nullable=False, server_default=sa.text("'[]'")))
    op.add_column("draft_save", sa.Column("merged_from", sa.Integer(), nullable=True))
    op.add_column("draft_save", sa.Column("device", sa.String(64), nullable=False, server_default=""))
    op.add_column("event", sa.Column("report_template", sa.Text(), nullable=False, server_default=""))
    op.add_column("event", sa.Column("min_words", sa.Integer(), nullable=False, server_default="300"))
    # Written out: a check that looks at two columns can come with the second one without a rebuild on SQLite.
    op.execute(
        "ALTER TABLE event ADD COLUMN max_words INTEGER DEFAULT '600' NOT NULL"
        " CONSTRAINT ck_event_words_in_order CHECK (min_words >= 0 AND max_words >= min_words)"
    )


def _sdg_target() -> None:
    op.create_table(
        "sdg_target",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("parent_depth", sa.Integer(), nullable=True),
        sa.Column("depth", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("merged_into_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(parent_id IS NULL AND parent_depth IS NULL AND depth = 0)"
            " OR (parent_id IS NOT NULL AND parent_depth IS NOT NULL AND depth = parent_depth + 1)",
            name=op.f("ck_sdg_target_one_deeper_than_parent"),
        ),
        sa.CheckConstraint(
            "merged_into_id IS NULL OR merged_into_id <> id", name=op.f("ck_sdg_target_not_merged_into_itself")
        ),
        sa.ForeignKeyConstraint(["merged_into_id"], ["sdg_target.id"], name=op.f("fk_sdg_target_merged_into_id")),
        sa.ForeignKeyConstraint(
            ["parent_id", "parent_depth"],
            ["sdg_target.id", "sdg_target.depth"],
            name=op.f("fk_sdg_target_parent_id_parent_depth"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sdg_target")),
        sa.UniqueConstraint("id", "depth", name=op.f("uq_sdg_target_id_depth")),
        sa.UniqueConstraint("slug", name=op.f("uq_sdg_target_slug")),
    )
    op.create_index(op.f("ix_sdg_target_merged_into_id"), "sdg_target", ["merged_into_id"])
    op.create_index(op.f("ix_sdg_target_parent_id"), "sdg_target", ["parent_id"])


def _revision_sdg_target() -> None:
    op.create_table(
        "revision_sdg_target",
        sa.Column("report_number", sa.Integer(), nullable=False),
        sa.Column("revision_number", sa.Integer(), nullable=False),
        sa.Column("sdg_target_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["sdg_target_id"], ["sdg_target.id"], name=op.f("fk_revision_sdg_target_sdg_target_id")
        ),
        sa.ForeignKeyConstraint(
            ["report_number", "revision_number"],
            ["revision.report_number", "revision.number"],
            name=op.f("fk_revision_sdg_target_report_number_revision_number"),
        ),
        sa.PrimaryKeyConstraint(
            "report_number", "revision_number", "sdg_target_id", name=op.f("pk_revision_sdg_target")
        ),
    )
    op.create_index(op.f("ix_revision_sdg_target_sdg_target_id"), "revision_sdg_target", ["sdg_target_id"])


def _held_text() -> None:
    op.create_table(
        "held_text",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("programme_session_id", sa.Integer(), nullable=True),
        sa.Column("report_number", sa.Integer(), nullable=True),
        sa.Column("client_id", sa.String(length=64), nullable=False),
        sa.Column("based_on", sa.Integer(), nullable=False),
        sa.Column("device", sa.String(length=64), nullable=False),
        sa.Column("cause", _one_of("cause", HELD_CAUSES), nullable=False),
        sa.Column("to_hand_in", sa.Boolean(), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False, server_default=""),
        sa.Column("written_by_id", sa.Integer(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_as", _one_of("settled_as", HELD_ENDS), nullable=True),
        sa.Column("settled_by_id", sa.Integer(), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("headline", sa.Text(), nullable=False),
        sa.Column("lead", sa.Text(), nullable=False),
        sa.Column("key_points", sa.JSON(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("byline", sa.Text(), nullable=False),
        sa.Column("links", sa.JSON(), nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("first_summary", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("checked_by", sa.Text(), nullable=False, server_default=""),
        sa.Column("policy_issue_ids", sa.JSON(), nullable=False),
        sa.Column("process_ids", sa.JSON(), nullable=False, server_default=sa.text("'[]'")),
        sa.Column("sdg_target_ids", sa.JSON(), nullable=False, server_default=sa.text("'[]'")),
        sa.CheckConstraint("(settled_at IS NULL) = (settled_as IS NULL)", name=op.f("ck_held_text_settled_whole")),
        *(
            sa.ForeignKeyConstraint([column], [target], name=op.f(f"fk_held_text_{column}"))
            for column, target in (
                ("event_id", "event.id"),
                ("programme_session_id", "programme_session.id"),
                ("report_number", "report.number"),
                ("written_by_id", "user.id"),
                ("settled_by_id", "user.id"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_held_text")),
        sa.UniqueConstraint("client_id", name=op.f("uq_held_text_client_id")),
    )
    op.create_index("ix_held_text_event_open", "held_text", ["event_id", "settled_at"])
    for column in ("programme_session_id", "report_number", "written_by_id", "settled_by_id"):
        op.create_index(op.f(f"ix_held_text_{column}"), "held_text", [column])


def _private_notes() -> None:
    op.create_table(
        "private_notes",
        sa.Column("report_number", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("version >= 1", name=op.f("ck_private_notes_version_from_one")),
        sa.ForeignKeyConstraint(["report_number"], ["report.number"], name=op.f("fk_private_notes_report_number")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_private_notes_user_id")),
        sa.PrimaryKeyConstraint("report_number", "user_id", name=op.f("pk_private_notes")),
    )
    op.create_index(op.f("ix_private_notes_user_id"), "private_notes", ["user_id"])


def _attribution_waiver() -> None:
    op.create_table(
        "attribution_waiver",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("report_number", sa.Integer(), nullable=False),
        sa.Column("revision_number", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("waived_by_id", sa.Integer(), nullable=False),
        sa.Column("waived_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["report_number", "revision_number"],
            ["revision.report_number", "revision.number"],
            name=op.f("fk_attribution_waiver_report_number_revision_number"),
        ),
        sa.ForeignKeyConstraint(["waived_by_id"], ["user.id"], name=op.f("fk_attribution_waiver_waived_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attribution_waiver")),
        sa.UniqueConstraint(
            "report_number",
            "revision_number",
            "name",
            name=op.f("uq_attribution_waiver_report_number_revision_number_name"),
        ),
    )
    op.create_index(op.f("ix_attribution_waiver_waived_by_id"), "attribution_waiver", ["waived_by_id"])


def _one_of(name: str, words: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=32)
