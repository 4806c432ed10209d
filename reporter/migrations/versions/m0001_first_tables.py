"""The first tables: people, events, programmes, subjects, reports, publication, history."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "event_series",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_series")),
        sa.UniqueConstraint("slug", name=op.f("uq_event_series_slug")),
    )
    op.create_table(
        "policy_issue",
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
            name=op.f("ck_policy_issue_one_deeper_than_parent"),
        ),
        sa.CheckConstraint(
            "merged_into_id IS NULL OR merged_into_id <> id", name=op.f("ck_policy_issue_not_merged_into_itself")
        ),
        sa.ForeignKeyConstraint(["merged_into_id"], ["policy_issue.id"], name=op.f("fk_policy_issue_merged_into_id")),
        sa.ForeignKeyConstraint(
            ["parent_id", "parent_depth"],
            ["policy_issue.id", "policy_issue.depth"],
            name=op.f("fk_policy_issue_parent_id_parent_depth"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy_issue")),
        sa.UniqueConstraint("id", "depth", name=op.f("uq_policy_issue_id_depth")),
        sa.UniqueConstraint("slug", name=op.f("uq_policy_issue_slug")),
    )
    with op.batch_alter_table("policy_issue", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_policy_issue_merged_into_id"), ["merged_into_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_policy_issue_parent_id"), ["parent_id"], unique=False)

    op.create_table(
        "publication_counter",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_publication_counter_one_row")),
        sa.CheckConstraint("number >= 0", name=op.f("ck_publication_counter_counts_up")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_publication_counter")),
    )
    op.create_table(
        "user",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=255), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("password", sa.String(length=255), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("fs_uniquifier", sa.String(length=64), nullable=False),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user")),
        sa.UniqueConstraint("email", name=op.f("uq_user_email")),
        sa.UniqueConstraint("fs_uniquifier", name=op.f("uq_user_fs_uniquifier")),
    )
    op.create_table(
        "event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("series_id", sa.Integer(), nullable=True),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("time_zone", sa.String(length=64), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("lone_editor", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_event_ends_after_start")),
        sa.ForeignKeyConstraint(["series_id"], ["event_series.id"], name=op.f("fk_event_series_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event")),
        sa.UniqueConstraint("slug", name=op.f("uq_event_slug")),
    )
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_event_series_id"), ["series_id"], unique=False)

    op.create_table(
        "role_grant",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=True),
        sa.Column(
            "role",
            sa.Enum(
                "rapporteur",
                "editor",
                "administrator",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_role_grant_event_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_role_grant_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_grant")),
    )
    with op.batch_alter_table("role_grant", schema=None) as batch_op:
        batch_op.create_index("uq_role_grant_user_event_role", ["user_id", "event_id", "role"], unique=True)
        batch_op.create_index(
            "uq_role_grant_user_role_everywhere",
            ["user_id", "role"],
            unique=True,
            sqlite_where=sa.text("event_id IS NULL"),
            postgresql_where=sa.text("event_id IS NULL"),
        )

    op.create_table(
        "room",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_room_event_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_room")),
        sa.UniqueConstraint("event_id", "name", name=op.f("uq_room_event_id_name")),
    )
    op.create_table(
        "speaker",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("position", sa.String(length=300), nullable=False),
        sa.Column("organisation", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_speaker_event_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_speaker")),
        sa.UniqueConstraint("event_id", "name", "organisation", name=op.f("uq_speaker_event_id_name_organisation")),
    )
    op.create_table(
        "track",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_track_event_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_track")),
        sa.UniqueConstraint("event_id", "name", name=op.f("uq_track_event_id_name")),
    )
    op.create_table(
        "programme_session",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("room_id", sa.Integer(), nullable=True),
        sa.Column("track_id", sa.Integer(), nullable=True),
        sa.Column("source", sa.String(length=32), nullable=False),
        sa.Column("source_uid", sa.String(length=500), nullable=False),
        sa.Column("title", sa.String(length=500), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "rule",
            sa.Enum(
                "on_the_record",
                "chatham_house",
                "closed",
                name="rule",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("unlisted", sa.Boolean(), nullable=False),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("hand_edited", sa.JSON(), nullable=False),
        sa.CheckConstraint("ends_at >= starts_at", name=op.f("ck_programme_session_ends_after_start")),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_programme_session_event_id")),
        sa.ForeignKeyConstraint(["room_id"], ["room.id"], name=op.f("fk_programme_session_room_id")),
        sa.ForeignKeyConstraint(["track_id"], ["track.id"], name=op.f("fk_programme_session_track_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme_session")),
    )
    with op.batch_alter_table("programme_session", schema=None) as batch_op:
        batch_op.create_index("ix_programme_session_event_source", ["event_id", "source", "source_uid"], unique=False)
        batch_op.create_index("ix_programme_session_event_starts", ["event_id", "starts_at", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_programme_session_room_id"), ["room_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_programme_session_track_id"), ["track_id"], unique=False)

    op.create_table(
        "report",
        sa.Column("number", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("programme_session_id", sa.Integer(), nullable=True),
        sa.Column("translation_of", sa.Integer(), nullable=True),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column(
            "work_state",
            sa.Enum(
                "draft",
                "filed",
                "sent_back",
                "approved",
                "settled",
                "discarded",
                name="work_state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "public_state",
            sa.Enum(
                "never",
                "public",
                "withdrawn",
                name="public_state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("filed_revision", sa.Integer(), nullable=True),
        sa.Column("approved_revision", sa.Integer(), nullable=True),
        sa.Column("published_revision", sa.Integer(), nullable=True),
        sa.Column("embargo_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("claimed_by_id", sa.Integer(), nullable=True),
        sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("filed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(public_state <> 'never') = (published_revision IS NOT NULL)", name=op.f("ck_report_public_has_revision")
        ),
        sa.CheckConstraint(
            "(work_state = 'approved') = (approved_revision IS NOT NULL)", name=op.f("ck_report_approved_has_revision")
        ),
        sa.CheckConstraint(
            "work_state <> 'approved' OR (filed_revision IS NOT NULL AND approved_revision = filed_revision)",
            name=op.f("ck_report_approved_was_filed"),
        ),
        sa.CheckConstraint(
            "work_state <> 'discarded' OR public_state = 'never'", name=op.f("ck_report_discarded_never_public")
        ),
        sa.CheckConstraint(
            "work_state <> 'filed' OR filed_revision IS NOT NULL", name=op.f("ck_report_filed_has_revision")
        ),
        sa.CheckConstraint(
            "work_state <> 'settled' OR public_state <> 'never'", name=op.f("ck_report_settled_was_public")
        ),
        sa.CheckConstraint("(claimed_by_id IS NULL) = (claimed_until IS NULL)", name=op.f("ck_report_claim_whole")),
        sa.ForeignKeyConstraint(["claimed_by_id"], ["user.id"], name=op.f("fk_report_claimed_by_id")),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_report_event_id")),
        sa.ForeignKeyConstraint(
            ["number", "approved_revision"],
            ["revision.report_number", "revision.number"],
            name="fk_report_approved_revision",
            use_alter=True,
        ),
        sa.ForeignKeyConstraint(
            ["number", "filed_revision"],
            ["revision.report_number", "revision.number"],
            name="fk_report_filed_revision",
            use_alter=True,
        ),
        sa.ForeignKeyConstraint(
            ["number", "published_revision"],
            ["revision.report_number", "revision.number"],
            name="fk_report_published_revision",
            use_alter=True,
        ),
        sa.ForeignKeyConstraint(
            ["programme_session_id"], ["programme_session.id"], name=op.f("fk_report_programme_session_id")
        ),
        sa.ForeignKeyConstraint(["translation_of"], ["report.number"], name=op.f("fk_report_translation_of")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_report")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("report", schema=None) as batch_op:
        batch_op.create_index("ix_report_embargo", ["work_state", "embargo_until"], unique=False)
        batch_op.create_index("ix_report_event_work_state", ["event_id", "work_state"], unique=False)
        batch_op.create_index(
            "uq_report_session",
            ["programme_session_id"],
            unique=True,
            sqlite_where=sa.text("work_state <> 'discarded' AND translation_of IS NULL"),
            postgresql_where=sa.text("work_state <> 'discarded' AND translation_of IS NULL"),
        )
        batch_op.create_index(
            "uq_report_translation",
            ["translation_of", "language"],
            unique=True,
            sqlite_where=sa.text("work_state <> 'discarded'"),
            postgresql_where=sa.text("work_state <> 'discarded'"),
        )

    op.create_table(
        "session_speaker",
        sa.Column("programme_session_id", sa.Integer(), nullable=False),
        sa.Column("speaker_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["programme_session_id"], ["programme_session.id"], name=op.f("fk_session_speaker_programme_session_id")
        ),
        sa.ForeignKeyConstraint(["speaker_id"], ["speaker.id"], name=op.f("fk_session_speaker_speaker_id")),
        sa.PrimaryKeyConstraint("programme_session_id", "speaker_id", name=op.f("pk_session_speaker")),
    )
    with op.batch_alter_table("session_speaker", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_session_speaker_speaker_id"), ["speaker_id"], unique=False)

    op.create_table(
        "draft_save",
        sa.Column("report_number", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.String(length=64), nullable=False),
        sa.Column("based_on", sa.Integer(), nullable=False),
        sa.Column("set_aside", sa.Boolean(), nullable=False),
        sa.Column("policy_issue_ids", sa.JSON(), nullable=False),
        sa.Column("saved_by_id", sa.Integer(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("headline", sa.Text(), nullable=False),
        sa.Column("lead", sa.Text(), nullable=False),
        sa.Column("key_points", sa.JSON(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("byline", sa.Text(), nullable=False),
        sa.Column("links", sa.JSON(), nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.CheckConstraint("sequence >= 1", name=op.f("ck_draft_save_sequence_from_one")),
        sa.ForeignKeyConstraint(["report_number"], ["report.number"], name=op.f("fk_draft_save_report_number")),
        sa.ForeignKeyConstraint(["saved_by_id"], ["user.id"], name=op.f("fk_draft_save_saved_by_id")),
        sa.PrimaryKeyConstraint("report_number", "sequence", name=op.f("pk_draft_save")),
        sa.UniqueConstraint("client_id", name=op.f("uq_draft_save_client_id")),
    )
    with op.batch_alter_table("draft_save", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_draft_save_saved_by_id"), ["saved_by_id"], unique=False)

    op.create_table(
        "history_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_by_id", sa.Integer(), nullable=True),
        sa.Column("act", sa.String(length=40), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=True),
        sa.Column("report_number", sa.Integer(), nullable=True),
        sa.Column("revision_number", sa.Integer(), nullable=True),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["done_by_id"], ["user.id"], name=op.f("fk_history_entry_done_by_id")),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_history_entry_event_id")),
        sa.ForeignKeyConstraint(["report_number"], ["report.number"], name=op.f("fk_history_entry_report_number")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_history_entry_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_history_entry")),
    )
    with op.batch_alter_table("history_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_history_entry_done_by_id"), ["done_by_id"], unique=False)
        batch_op.create_index("ix_history_entry_event", ["event_id", "id"], unique=False)
        batch_op.create_index("ix_history_entry_report", ["report_number", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_history_entry_user_id"), ["user_id"], unique=False)

    op.create_table(
        "report_rapporteur",
        sa.Column("report_number", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["report_number"], ["report.number"], name=op.f("fk_report_rapporteur_report_number")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_report_rapporteur_user_id")),
        sa.PrimaryKeyConstraint("report_number", "user_id", name=op.f("pk_report_rapporteur")),
    )
    with op.batch_alter_table("report_rapporteur", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_report_rapporteur_user_id"), ["user_id"], unique=False)

    op.create_table(
        "revision",
        sa.Column("report_number", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "origin",
            sa.Enum(
                "filed",
                "revised",
                "corrected",
                "merged",
                name="origin",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("based_on", sa.Integer(), nullable=True),
        sa.Column("draft_sequence", sa.Integer(), nullable=True),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("redacted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("headline", sa.Text(), nullable=False),
        sa.Column("lead", sa.Text(), nullable=False),
        sa.Column("key_points", sa.JSON(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("byline", sa.Text(), nullable=False),
        sa.Column("links", sa.JSON(), nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.CheckConstraint("number >= 1", name=op.f("ck_revision_number_from_one")),
        sa.ForeignKeyConstraint(["made_by_id"], ["user.id"], name=op.f("fk_revision_made_by_id")),
        sa.ForeignKeyConstraint(["report_number"], ["report.number"], name=op.f("fk_revision_report_number")),
        sa.PrimaryKeyConstraint("report_number", "number", name=op.f("pk_revision")),
    )
    with op.batch_alter_table("revision", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_revision_made_by_id"), ["made_by_id"], unique=False)

    op.create_table(
        "approval",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("report_number", sa.Integer(), nullable=False),
        sa.Column("revision_number", sa.Integer(), nullable=False),
        sa.Column("approved_by_id", sa.Integer(), nullable=False),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["approved_by_id"], ["user.id"], name=op.f("fk_approval_approved_by_id")),
        sa.ForeignKeyConstraint(
            ["report_number", "revision_number"],
            ["revision.report_number", "revision.number"],
            name=op.f("fk_approval_report_number_revision_number"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approval")),
    )
    with op.batch_alter_table("approval", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_approval_approved_by_id"), ["approved_by_id"], unique=False)
        batch_op.create_index("ix_approval_revision", ["report_number", "revision_number"], unique=False)

    op.create_table(
        "public_change",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("report_number", sa.Integer(), nullable=False),
        sa.Column("revision_number", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "first",
                "update",
                "correction",
                "minor",
                "withdrawal",
                "reinstatement",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "reason",
            sa.Enum(
                "inaccurate",
                "published_by_mistake",
                "speaker_request",
                "rule_tightened",
                "other",
                name="reason",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(kind = 'withdrawal') = (reason IS NOT NULL)", name=op.f("ck_public_change_withdrawal_has_reason")
        ),
        sa.ForeignKeyConstraint(
            ["report_number", "revision_number"],
            ["revision.report_number", "revision.number"],
            name=op.f("fk_public_change_report_number_revision_number"),
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_public_change")),
    )
    with op.batch_alter_table("public_change", schema=None) as batch_op:
        batch_op.create_index("ix_public_change_report", ["report_number", "number"], unique=False)

    op.create_table(
        "published_report",
        sa.Column("report_number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("revision_number", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("programme_session_id", sa.Integer(), nullable=True),
        sa.Column("slug", sa.String(length=120), nullable=False),
        sa.Column("body_html", sa.Text(), nullable=False),
        sa.Column("first_published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_published_report_event_id")),
        sa.ForeignKeyConstraint(
            ["programme_session_id"], ["programme_session.id"], name=op.f("fk_published_report_programme_session_id")
        ),
        sa.ForeignKeyConstraint(
            ["report_number", "revision_number"],
            ["revision.report_number", "revision.number"],
            name=op.f("fk_published_report_report_number_revision_number"),
        ),
        sa.PrimaryKeyConstraint("report_number", name=op.f("pk_published_report")),
    )
    with op.batch_alter_table("published_report", schema=None) as batch_op:
        batch_op.create_index("ix_published_report_session", ["programme_session_id"], unique=False)
        batch_op.create_index("ix_published_report_updated", ["updated_at", "report_number"], unique=False)

    op.create_table(
        "review_note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("report_number", sa.Integer(), nullable=False),
        sa.Column("revision_number", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written_by_id", sa.Integer(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["report_number", "revision_number"],
            ["revision.report_number", "revision.number"],
            name=op.f("fk_review_note_report_number_revision_number"),
        ),
        sa.ForeignKeyConstraint(["written_by_id"], ["user.id"], name=op.f("fk_review_note_written_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_note")),
    )
    with op.batch_alter_table("review_note", schema=None) as batch_op:
        batch_op.create_index("ix_review_note_revision", ["report_number", "revision_number"], unique=False)
        batch_op.create_index(batch_op.f("ix_review_note_written_by_id"), ["written_by_id"], unique=False)

    op.create_table(
        "revision_policy_issue",
        sa.Column("report_number", sa.Integer(), nullable=False),
        sa.Column("revision_number", sa.Integer(), nullable=False),
        sa.Column("policy_issue_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["policy_issue_id"], ["policy_issue.id"], name=op.f("fk_revision_policy_issue_policy_issue_id")
        ),
        sa.ForeignKeyConstraint(
            ["report_number", "revision_number"],
            ["revision.report_number", "revision.number"],
            name=op.f("fk_revision_policy_issue_report_number_revision_number"),
        ),
        sa.PrimaryKeyConstraint(
            "report_number", "revision_number", "policy_issue_id", name=op.f("pk_revision_policy_issue")
        ),
    )
    with op.batch_alter_table("revision_policy_issue", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_revision_policy_issue_policy_issue_id"), ["policy_issue_id"], unique=False)

    op.create_table(
        "published_term",
        sa.Column(
            "kind",
            sa.Enum("policy_issue", "event", name="kind", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("term_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("report_number", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["report_number"], ["published_report.report_number"], name=op.f("fk_published_term_report_number")
        ),
        sa.PrimaryKeyConstraint("kind", "term_id", "report_number", name=op.f("pk_published_term")),
    )
    with op.batch_alter_table("published_term", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_published_term_report_number"), ["report_number"], unique=False)
        batch_op.create_index(
            "ix_published_term_walk", ["kind", "term_id", "updated_at", "report_number"], unique=False
        )

    if op.get_bind().dialect.name != "sqlite":
        # report and revision point at each other; SQLite takes the pointers with the table, others only afterwards.
        for pointer in ("filed", "approved", "published"):
            op.create_foreign_key(
                f"fk_report_{pointer}_revision",
                "report",
                "revision",
                ["number", f"{pointer}_revision"],
                ["report_number", "number"],
            )
    op.execute("INSERT INTO publication_counter (id, number) VALUES (1, 0)")
