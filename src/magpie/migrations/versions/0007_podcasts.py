"""Podcasts: episodes, their sources and scripts, digests, transcripts of items."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "episode_digests",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("link_ids", JSON, nullable=False),
        sa.Column("feed_urls", JSON, nullable=False),
        sa.Column("template_id", sa.String(length=64), nullable=True),
        sa.Column("options", JSON, nullable=False),
        sa.Column("cron_schedule", sa.String(length=100), nullable=False),
        sa.Column("timezone", sa.String(length=64), nullable=False),
        sa.Column("max_entries", sa.Integer(), nullable=False),
        sa.Column("is_enabled", sa.Boolean(), nullable=False),
        sa.Column("next_run_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_run_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("seen_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error_message", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_episode_digests_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_episode_digests")),
        sa.UniqueConstraint("key", name=op.f("uq_episode_digests_key")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_episode_digests_next_run_at"), "episode_digests", ["next_run_at"], unique=False)
    op.create_index(op.f("ix_episode_digests_user_id"), "episode_digests", ["user_id"], unique=False)
    op.create_table(
        "episode_uses",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("seconds", sa.Double(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_episode_uses_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_episode_uses")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_episode_uses_user_id_at"), "episode_uses", ["user_id", "at"], unique=False)
    op.create_table(
        "item_transcripts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("language", sa.String(length=16), nullable=True),
        sa.Column("provider", sa.String(length=255), nullable=True),
        sa.Column("progress", sa.Double(), nullable=False),
        sa.Column("error_code", sa.String(length=32), nullable=True),
        sa.Column("error_message", sa.Text(), nullable=True),
        sa.Column("file_id", sa.Integer(), nullable=True),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("next_attempt_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("claim", sa.Integer(), nullable=False),
        sa.Column("worker", sa.String(length=255), nullable=True),
        sa.Column("heartbeat_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["file_id"], ["item_files.id"], name=op.f("fk_item_transcripts_file_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["item_id"], ["items.id"], name=op.f("fk_item_transcripts_item_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_item_transcripts_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item_transcripts")),
        sa.UniqueConstraint("key", name=op.f("uq_item_transcripts_key")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_item_transcripts_file_id"), "item_transcripts", ["file_id"], unique=False)
    op.create_index(op.f("ix_item_transcripts_item_id"), "item_transcripts", ["item_id"], unique=False)
    op.create_index(op.f("ix_item_transcripts_status"), "item_transcripts", ["status"], unique=False)
    op.create_index(op.f("ix_item_transcripts_user_id"), "item_transcripts", ["user_id"], unique=False)
    op.create_table(
        "episodes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=500), nullable=False),
        sa.Column("is_titled", sa.Boolean(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("template_id", sa.String(length=64), nullable=True),
        sa.Column("template", JSON, nullable=False),
        sa.Column("options", JSON, nullable=False),
        sa.Column("providers", JSON, nullable=False),
        sa.Column("needs_approval", sa.Boolean(), nullable=False),
        sa.Column("approved_version", sa.Integer(), nullable=True),
        sa.Column("estimate", JSON, nullable=False),
        sa.Column("usage", JSON, nullable=False),
        sa.Column("step", sa.String(length=32), nullable=True),
        sa.Column("steps_done", sa.Integer(), nullable=False),
        sa.Column("steps_total", sa.Integer(), nullable=False),
        sa.Column("error_code", sa.String(length=32), nullable=True),
        sa.Column("error_message", sa.Text(), nullable=True),
        sa.Column("duration", sa.Double(), nullable=True),
        sa.Column("size", sa.BigInteger(), nullable=True),
        sa.Column("files", JSON, nullable=False),
        sa.Column("report", JSON, nullable=False),
        sa.Column("digest_id", sa.Integer(), nullable=True),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("next_attempt_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("claim", sa.Integer(), nullable=False),
        sa.Column("worker", sa.String(length=255), nullable=True),
        sa.Column("heartbeat_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("purged_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["digest_id"], ["episode_digests.id"], name=op.f("fk_episodes_digest_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_episodes_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_episodes")),
        sa.UniqueConstraint("key", name=op.f("uq_episodes_key")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_episodes_digest_id"), "episodes", ["digest_id"], unique=False)
    op.create_index(op.f("ix_episodes_status"), "episodes", ["status"], unique=False)
    op.create_index("ix_episodes_user_id_id", "episodes", ["user_id", "id"], unique=False)
    op.create_table(
        "episode_scripts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("episode_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("origin", sa.String(length=16), nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("script", JSON, nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["episode_id"], ["episodes.id"], name=op.f("fk_episode_scripts_episode_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_episode_scripts_user_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_episode_scripts")),
        sa.UniqueConstraint("episode_id", "version", name=op.f("uq_episode_scripts_episode_id_version")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_episode_scripts_user_id"), "episode_scripts", ["user_id"], unique=False)
    op.create_table(
        "episode_sources",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("episode_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("title", sa.String(length=500), nullable=True),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("file", sa.String(length=255), nullable=True),
        sa.Column("name", sa.String(length=255), nullable=True),
        sa.Column("item_id", sa.Integer(), nullable=True),
        sa.Column("of_episode_id", sa.Integer(), nullable=True),
        sa.Column("language", sa.String(length=16), nullable=True),
        sa.Column("characters", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["episode_id"], ["episodes.id"], name=op.f("fk_episode_sources_episode_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["item_id"], ["items.id"], name=op.f("fk_episode_sources_item_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["of_episode_id"],
            ["episodes.id"],
            name=op.f("fk_episode_sources_of_episode_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_episode_sources")),
        sa.UniqueConstraint("episode_id", "position", name=op.f("uq_episode_sources_episode_id_position")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_episode_sources_item_id"), "episode_sources", ["item_id"], unique=False)
    op.create_index(
        op.f("ix_episode_sources_of_episode_id"), "episode_sources", ["of_episode_id"], unique=False
    )


def downgrade() -> None:
    for table in (
        "item_transcripts",
        "episode_scripts",
        "episode_sources",
        "episodes",
        "episode_digests",
        "episode_uses",
    ):
        op.drop_table(table)
