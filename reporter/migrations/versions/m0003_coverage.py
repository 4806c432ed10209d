"""Who covers what: assignments, duty, notices, decisions on sessions, and where a programme is looked for again."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

COVER = "cover IN ('undecided', 'must', 'if_possible', 'not')"


def upgrade() -> None:
    op.create_table(
        "editor_duty",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("lead", sa.Boolean(), nullable=False),
        sa.Column("on_duty_until", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_editor_duty_event_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_editor_duty_user_id")),
        sa.PrimaryKeyConstraint("event_id", "user_id", name=op.f("pk_editor_duty")),
    )
    with op.batch_alter_table("editor_duty", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_editor_duty_user_id"), ["user_id"], unique=False)
        batch_op.create_index(
            "uq_editor_duty_lead",
            ["event_id"],
            unique=True,
            sqlite_where=sa.text("lead"),
            postgresql_where=sa.text("lead"),
        )

    op.create_table(
        "programme_source",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("every_minutes", sa.Integer(), nullable=False),
        sa.Column("etag", sa.Text(), nullable=False),
        sa.Column("last_modified", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.CheckConstraint("every_minutes >= 5", name=op.f("ck_programme_source_not_too_often")),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_programme_source_event_id")),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_programme_source")),
    )
    op.create_table(
        "assignment",
        sa.Column("programme_session_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "assigned",
                "accepted",
                "declined",
                "handed_over",
                "taken_away",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("lead", sa.Boolean(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("assigned_by_id", sa.Integer(), nullable=False),
        sa.Column("assigned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("NOT lead OR state IN ('assigned', 'accepted')", name=op.f("ck_assignment_lead_runs")),
        sa.ForeignKeyConstraint(["assigned_by_id"], ["user.id"], name=op.f("fk_assignment_assigned_by_id")),
        sa.ForeignKeyConstraint(
            ["programme_session_id"], ["programme_session.id"], name=op.f("fk_assignment_programme_session_id")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_assignment_user_id")),
        sa.PrimaryKeyConstraint("programme_session_id", "user_id", name=op.f("pk_assignment")),
    )
    with op.batch_alter_table("assignment", schema=None) as batch_op:
        batch_op.create_index("ix_assignment_user", ["user_id", "state"], unique=False)
        batch_op.create_index(
            "uq_assignment_lead",
            ["programme_session_id"],
            unique=True,
            sqlite_where=sa.text("lead"),
            postgresql_where=sa.text("lead"),
        )

    op.create_table(
        "session_issue",
        sa.Column("programme_session_id", sa.Integer(), nullable=False),
        sa.Column("policy_issue_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["policy_issue_id"], ["policy_issue.id"], name=op.f("fk_session_issue_policy_issue_id")
        ),
        sa.ForeignKeyConstraint(
            ["programme_session_id"], ["programme_session.id"], name=op.f("fk_session_issue_programme_session_id")
        ),
        sa.PrimaryKeyConstraint("programme_session_id", "policy_issue_id", name=op.f("pk_session_issue")),
    )
    with op.batch_alter_table("session_issue", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_session_issue_policy_issue_id"), ["policy_issue_id"], unique=False)

    op.create_table(
        "notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("programme_session_id", sa.Integer(), nullable=True),
        sa.Column("report_number", sa.Integer(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "programme_changed",
                "programme_unreachable",
                "session_moved",
                "session_cancelled",
                "assigned",
                "taken_away",
                "declined",
                "handed_over",
                "rule_tightened",
                "waits_without_editor",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_notice_event_id")),
        sa.ForeignKeyConstraint(
            ["programme_session_id"], ["programme_session.id"], name=op.f("fk_notice_programme_session_id")
        ),
        sa.ForeignKeyConstraint(["report_number"], ["report.number"], name=op.f("fk_notice_report_number")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_notice_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
    )
    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_notice_event_id"), ["event_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_notice_programme_session_id"), ["programme_session_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_notice_report_number"), ["report_number"], unique=False)
        batch_op.create_index("ix_notice_user_read", ["user_id", "read_at", "id"], unique=False)

    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.add_column(sa.Column("organiser", sa.String(length=300), server_default="", nullable=False))
        batch_op.add_column(sa.Column("partners", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("due_minutes", sa.Integer(), server_default="120", nullable=False))

    with op.batch_alter_table("programme_import", schema=None) as batch_op:
        batch_op.add_column(sa.Column("columns", sa.JSON(), server_default=sa.text("'{}'"), nullable=False))
        batch_op.add_column(sa.Column("address", sa.Text(), server_default="", nullable=False))

    op.add_column("programme_session", sa.Column("keywords", sa.JSON(), server_default=sa.text("'[]'"), nullable=False))
    op.add_column("programme_session", sa.Column("due_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("programme_session", sa.Column("cover", sa.String(32), server_default="undecided", nullable=False))
    op.add_column("programme_session", sa.Column("joined_to_id", sa.Integer(), nullable=True))
    if op.get_bind().dialect.name == "sqlite":
        # Rebuilt from its whole definition: what Alembic reflects there has no checks, and all of them would be lost.
        with op.batch_alter_table("programme_session", recreate="always", copy_from=_programme_session()):
            pass
    else:
        op.create_check_constraint(op.f("ck_programme_session_cover"), "programme_session", COVER)
        op.create_foreign_key(
            op.f("fk_programme_session_joined_to_id"),
            "programme_session",
            "programme_session",
            ["joined_to_id"],
            ["id"],
        )


def _programme_session() -> sa.Table:
    def reference(column: str, table: str) -> sa.ForeignKeyConstraint:
        return sa.ForeignKeyConstraint([column], [f"{table}.id"], name=f"fk_programme_session_{column}")

    return sa.Table(
        "programme_session",
        sa.MetaData(),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("room_id", sa.Integer()),
        sa.Column("track_id", sa.Integer()),
        sa.Column("source", sa.String(32), nullable=False),
        sa.Column("source_uid", sa.String(500), nullable=False),
        sa.Column("title", sa.String(500), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("rule", sa.String(32), nullable=False),
        sa.Column("unlisted", sa.Boolean(), nullable=False),
        sa.Column("cancelled_at", sa.DateTime(timezone=True)),
        sa.Column("hand_edited", sa.JSON(), nullable=False),
        sa.Column("keywords", sa.JSON(), server_default=sa.text("'[]'"), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True)),
        sa.Column("cover", sa.String(32), server_default="undecided", nullable=False),
        sa.Column("joined_to_id", sa.Integer()),
        sa.PrimaryKeyConstraint("id", name="pk_programme_session"),
        reference("event_id", "event"),
        reference("room_id", "room"),
        reference("track_id", "track"),
        reference("joined_to_id", "programme_session"),
        sa.CheckConstraint("ends_at >= starts_at", name="ck_programme_session_ends_after_start"),
        sa.CheckConstraint("rule IN ('on_the_record', 'chatham_house', 'closed')", name="ck_programme_session_rule"),
        sa.CheckConstraint(COVER, name="ck_programme_session_cover"),
        sa.Index("ix_programme_session_event_starts", "event_id", "starts_at", "id"),
        sa.Index("ix_programme_session_event_source", "event_id", "source", "source_uid"),
        sa.Index("ix_programme_session_room_id", "room_id"),
        sa.Index("ix_programme_session_track_id", "track_id"),
    )
