"""The library: what lists are sorted by, tags, favourites, collections, the trash, playing, feeds, care."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
SORTED_BY = ("sort_title", "sort_artist", "published_at", "duration", "size")
PERSONAL_TABLES = ("feed_tokens", "playbacks", "collection_items", "collections", "item_tags")


def _time(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _refers(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}"), ondelete="CASCADE"
    )


def upgrade() -> None:
    _describe_items()
    _watch_files()
    _mark_memberships()
    _make_personal_tables()
    _note_scans()
    _limit_users()
    op.add_column("links", _time("cookies_needed_at", nullable=True))
    op.add_column("downloads", sa.Column("hints", JSON, nullable=True))


def _describe_items() -> None:
    with op.batch_alter_table("items", schema=None, table_kwargs={"sqlite_autoincrement": True}) as batch_op:
        batch_op.add_column(sa.Column("sort_title", sa.String(length=40), server_default="", nullable=False))
        batch_op.add_column(sa.Column("sort_artist", sa.String(length=40), server_default="", nullable=False))
        batch_op.add_column(sa.Column("album_artist", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("track_number", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("disc_number", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("genre", sa.String(length=128), nullable=True))
        batch_op.add_column(sa.Column("isrc", sa.String(length=12), nullable=True))
        batch_op.add_column(sa.Column("revision", sa.Integer(), server_default="0", nullable=False))
        batch_op.create_index("ix_items_isrc", ["isrc"], unique=False)
        for column in SORTED_BY:
            batch_op.create_index(f"ix_items_{column}_id", [column, "id"], unique=False)


def _watch_files() -> None:
    with op.batch_alter_table("item_files", schema=None) as batch_op:
        batch_op.add_column(sa.Column("modified_ns", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("digest", sa.String(length=64), nullable=True))
        batch_op.add_column(_time("checked_at", nullable=True))
        batch_op.add_column(_time("missing_since", nullable=True))
        batch_op.add_column(_time("damaged_at", nullable=True))
        batch_op.create_index("ix_item_files_digest", ["digest"], unique=False)


def _mark_memberships() -> None:
    with op.batch_alter_table("memberships", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("is_favourite", sa.Boolean(), server_default=sa.false(), nullable=False)
        )
        batch_op.add_column(_time("trashed_at", nullable=True))
    for name, columns, condition in (
        ("ix_memberships_trashed_at", ["trashed_at"], "trashed_at IS NOT NULL"),
        ("ix_memberships_favourites", ["user_id", "item_id"], "is_favourite"),
    ):
        where = sa.text(condition)
        op.create_index(name, "memberships", columns, sqlite_where=where, postgresql_where=where)


def _make_personal_tables() -> None:
    op.create_table(
        "item_tags",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        _refers("item_tags", "user_id", "users"),
        _refers("item_tags", "item_id", "items"),
        sa.PrimaryKeyConstraint("user_id", "name", "item_id", name=op.f("pk_item_tags")),
    )
    op.create_index("ix_item_tags_item_id", "item_tags", ["item_id"])
    op.create_table(
        "collections",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("query", JSON, nullable=True),
        _time("created_at"),
        _time("updated_at"),
        _refers("collections", "user_id", "users"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_collections")),
        sa.UniqueConstraint("user_id", "name", name=op.f("uq_collections_user_id_name")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "collection_items",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("collection_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        _time("added_at"),
        _refers("collection_items", "collection_id", "collections"),
        _refers("collection_items", "item_id", "items"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_collection_items")),
        sa.UniqueConstraint(
            "collection_id", "item_id", name=op.f("uq_collection_items_collection_id_item_id")
        ),
    )
    op.create_index("ix_collection_items_item_id", "collection_items", ["item_id"])
    op.create_index(
        "ix_collection_items_collection_id_position", "collection_items", ["collection_id", "position"]
    )
    op.create_table(
        "playbacks",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Double(), nullable=False),
        sa.Column("is_finished", sa.Boolean(), nullable=False),
        sa.Column("plays", sa.Integer(), nullable=False),
        _time("updated_at"),
        _refers("playbacks", "user_id", "users"),
        _refers("playbacks", "item_id", "items"),
        sa.PrimaryKeyConstraint("user_id", "item_id", name=op.f("pk_playbacks")),
    )
    op.create_index("ix_playbacks_item_id", "playbacks", ["item_id"])
    op.create_index("ix_playbacks_user_id_updated_at", "playbacks", ["user_id", "updated_at"])
    op.create_table(
        "feed_tokens",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=True),
        _time("created_at"),
        _time("last_used_at", nullable=True),
        _refers("feed_tokens", "user_id", "users"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feed_tokens")),
        sa.UniqueConstraint("digest", name=op.f("uq_feed_tokens_digest")),
    )
    op.create_index("ix_feed_tokens_user_id", "feed_tokens", ["user_id"])


def _limit_users() -> None:
    op.add_column("users", sa.Column("quota_bytes", sa.BigInteger(), nullable=True))


def _note_scans() -> None:
    op.create_table(
        "scans",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("adopts", sa.Boolean(), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("counts", JSON, nullable=False),
        sa.Column("problems", JSON, nullable=False),
        sa.Column("message", sa.Text(), nullable=True),
        _time("created_at"),
        _time("started_at", nullable=True),
        _time("ended_at", nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_scans_user_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scans")),
        sa.UniqueConstraint("key", name=op.f("uq_scans_key")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_scans_status", "scans", ["status"])


def downgrade() -> None:
    with op.batch_alter_table("users", schema=None, table_kwargs={"sqlite_autoincrement": True}) as batch_op:
        batch_op.drop_column("quota_bytes")
    op.drop_column("downloads", "hints")
    op.drop_column("links", "cookies_needed_at")
    op.drop_table("scans")
    for table in PERSONAL_TABLES:
        op.drop_table(table)
    op.drop_index("ix_memberships_favourites", "memberships")
    op.drop_index("ix_memberships_trashed_at", "memberships")
    with op.batch_alter_table("memberships", schema=None) as batch_op:
        batch_op.drop_column("trashed_at")
        batch_op.drop_column("is_favourite")
    with op.batch_alter_table("item_files", schema=None) as batch_op:
        batch_op.drop_index("ix_item_files_digest")
        for column in ("damaged_at", "missing_since", "checked_at", "digest", "modified_ns"):
            batch_op.drop_column(column)
    with op.batch_alter_table("items", schema=None, table_kwargs={"sqlite_autoincrement": True}) as batch_op:
        for column in reversed(SORTED_BY):
            batch_op.drop_index(f"ix_items_{column}_id")
        batch_op.drop_index("ix_items_isrc")
        for column in (
            "revision",
            "isrc",
            "genre",
            "disc_number",
            "track_number",
            "album_artist",
            "sort_artist",
            "sort_title",
        ):
            batch_op.drop_column(column)
