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
# What lists are sorted by, each with the columns of its index: those with few equal values need no more.
SORTED_BY = {
    "ix_items_sort_title_id": ["sort_title", "id"],
    "ix_items_sort_artist_id": ["sort_artist", "id"],
    "ix_items_published_at": ["published_at"],
    "ix_items_duration": ["duration"],
    "ix_items_size": ["size"],
}
# The same order on both databases, whatever language PostgreSQL's has.
SORT_KEY = sa.String(length=40).with_variant(sa.String(length=40, collation="C"), "postgresql")
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
    _know_twins()
    op.add_column("links", _time("cookies_needed_at", nullable=True))
    op.add_column("downloads", sa.Column("hints", JSON, nullable=True))
    _make_search()


def _describe_items() -> None:
    with op.batch_alter_table("items", schema=None, table_kwargs={"sqlite_autoincrement": True}) as batch_op:
        batch_op.add_column(sa.Column("sort_title", SORT_KEY, server_default="", nullable=False))
        batch_op.add_column(sa.Column("sort_artist", SORT_KEY, server_default="", nullable=False))
        batch_op.add_column(sa.Column("album_artist", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("track_number", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("disc_number", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("genre", sa.String(length=128), nullable=True))
        batch_op.add_column(sa.Column("isrc", sa.String(length=12), nullable=True))
        batch_op.add_column(sa.Column("revision", sa.Integer(), server_default="0", nullable=False))
        batch_op.create_index("ix_items_isrc", ["isrc"], unique=False)
        batch_op.drop_index("ix_items_kind_id")
        batch_op.create_index("ix_items_kind_id_revision", ["kind", "id", "revision"], unique=False)
        for index, columns in SORTED_BY.items():
            batch_op.create_index(index, columns, unique=False)
        batch_op.add_column(sa.Column("search_extra", sa.Text(), nullable=True))


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


def _know_twins() -> None:
    op.create_table(
        "item_aliases",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("merged_id", sa.Integer(), nullable=True),
        sa.Column("extractor", sa.String(length=64), nullable=False),
        sa.Column("source_id", sa.String(length=512), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("quality", sa.String(length=64), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        _time("merged_at"),
        _refers("item_aliases", "item_id", "items"),
        sa.ForeignKeyConstraint(
            ["merged_id"], ["items.id"], name=op.f("fk_item_aliases_merged_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item_aliases")),
        sa.UniqueConstraint(
            "extractor",
            "source_id",
            "kind",
            "quality",
            name=op.f("uq_item_aliases_extractor_source_id_kind_quality"),
        ),
    )
    op.create_index("ix_item_aliases_item_id", "item_aliases", ["item_id"])
    op.create_index("ix_item_aliases_merged_id", "item_aliases", ["merged_id"])
    op.create_table(
        "sounds",
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("duration", sa.Double(), nullable=True),
        _refers("sounds", "item_id", "items"),
        sa.PrimaryKeyConstraint("item_id", name=op.f("pk_sounds")),
    )
    op.create_table(
        "sound_blocks",
        sa.Column("block", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        _refers("sound_blocks", "item_id", "items"),
        sa.PrimaryKeyConstraint("block", "item_id", name=op.f("pk_sound_blocks")),
    )
    op.create_index("ix_sound_blocks_item_id", "sound_blocks", ["item_id"])
    op.create_table(
        "likenesses",
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        _time("dismissed_at", nullable=True),
        _refers("likenesses", "item_id", "items"),
        _refers("likenesses", "other_id", "items"),
        sa.PrimaryKeyConstraint("item_id", "other_id", name=op.f("pk_likenesses")),
    )
    op.create_index("ix_likenesses_other_id", "likenesses", ["other_id"])


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


def _make_search() -> None:
    """The index of words. It begins empty: what is in the library already is entered once the program runs."""
    op.create_table(
        "search_state",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("pending", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_state")),
    )
    op.execute("INSERT INTO search_state SELECT 1, 1, coalesce(max(id) + 1, 0) FROM items")
    op.create_table(
        "search_spellings",
        sa.Column("key", sa.Integer(), nullable=False),
        sa.Column("word", sa.Text(), nullable=False),
    )
    op.create_index("ix_search_spellings_key", "search_spellings", ["key"])
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE VIRTUAL TABLE search_index USING fts5(terms, content='', columnsize=0, detail=none, "
            "tokenize=\"ascii tokenchars '_~.^=@'\")"
        )
        return
    op.execute(SEARCH_TERMS)
    op.execute(SEARCH_INDEX)


# What `magpie.library.search.derived` says in Python. Letters are made small in ASCII alone, and signs are named by
# their numbers, so that nothing depends on the database's language.
KATAKANA = "".join(chr(number) for number in range(0x30A1, 0x30F7))
HIRAGANA = "".join(chr(number) for number in range(0x3041, 0x3097))
RUNS = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005\u3007\u3041-\u3096\u30a1-\u30fa\u30fc"
    "\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3"
)
SEARCH_TERMS = f"""
CREATE FUNCTION search_terms(
    id integer, title text, artist text, album text, album_artist text, description text,
    site text, genre text, isrc text, kind text, extra text
) RETURNS tsvector LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE COST 2000 AS $$
DECLARE
    names text := concat_ws(E'\\n', left(title, 300), left(artist, 300), left(album, 300), left(album_artist, 300));
    texts text := concat_ws(E'\\n', left(description, 1000), left(genre, 1000), left(isrc, 1000));
    found text[];
BEGIN
    texts := regexp_replace(texts, 'https?://[!-~]+', ' ', 'g');
    found := array(
        SELECT term
            FROM regexp_split_to_table(lower(names COLLATE "C"), '[^a-z0-9]+' COLLATE "C") AS word,
            LATERAL (VALUES
                (CASE WHEN length(word) IN (2, 3) THEN '' ELSE left(word, 32) END),
                (CASE WHEN length(word) >= 2 THEN '_' || left(word, 2) END),
                (CASE WHEN length(word) >= 3 THEN '_' || left(word, 3) END)
            ) AS made (term)
            WHERE term <> ''
        UNION ALL
        SELECT '~' || left(word, 32)
            FROM regexp_split_to_table(lower(texts COLLATE "C"), '[^a-z0-9]+' COLLATE "C") AS word
            WHERE word <> ''
        UNION ALL
        SELECT '@' || left(word, 32)
            FROM regexp_split_to_table(lower(left(site, 300) COLLATE "C"), '[^a-z0-9]+' COLLATE "C") AS word
            WHERE word <> ''
    );
    IF octet_length(names) > length(names) THEN
        found := found || array(
            SELECT substr(run, place, size)
                FROM regexp_split_to_table(translate(names, '{KATAKANA}', '{HIRAGANA}'), '[^{RUNS}]+') AS run,
                generate_series(1, length(run)) AS place, generate_series(1, 2) AS size
        );
    END IF;
    IF octet_length(texts) > length(texts) THEN
        found := found || array(
            SELECT '~' || substr(run, place, 2)
                FROM regexp_split_to_table(translate(texts, '{KATAKANA}', '{HIRAGANA}'), '[^{RUNS}]+') AS run,
                generate_series(1, greatest(length(run) - 1, 1)) AS place
                WHERE run <> ''
        );
    END IF;
    found := found || array['#' || (id >> 12), '##' || (id >> 16), '=k' || kind, '=s' || left(md5(site), 10)];
    IF artist <> '' THEN found := found || ('=a' || left(md5(artist), 10)); END IF;
    IF album <> '' THEN found := found || ('=b' || left(md5(album), 10)); END IF;
    IF genre <> '' THEN found := found || ('=g' || left(md5(genre), 10)); END IF;
    IF extra <> '' THEN
        found := found || string_to_array(extra, ' ') || array(
            SELECT made
                FROM unnest(string_to_array(extra, ' ')) AS pair,
                LATERAL (SELECT split_part(pair, '.', 2) AS one, split_part(pair, '.', 3) AS other) AS said,
                LATERAL (VALUES ('.' || one), ('.' || other), ('^' || left(one, 1) || left(other, 1))) AS m (made)
                WHERE pair LIKE '.%.%'
        );
    END IF;
    RETURN array_to_tsvector(found);
END $$
"""  # noqa: S608 - nothing of anybody's goes in
SEARCH_INDEX = """
CREATE INDEX ix_items_search ON items USING gin (search_terms(
    id, title, artist, album, album_artist, description, site, genre, isrc, kind, search_extra
)) WITH (fastupdate = off) WHERE search_extra IS NOT NULL
"""


def downgrade() -> None:
    for table in ("likenesses", "sound_blocks", "sounds", "item_aliases"):
        op.drop_table(table)
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE search_index")
    else:
        op.execute("DROP INDEX ix_items_search")
        op.execute("DROP FUNCTION search_terms")
    op.drop_table("search_spellings")
    op.drop_table("search_state")
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
        batch_op.drop_column("search_extra")
        for index in reversed(SORTED_BY):
            batch_op.drop_index(index)
        batch_op.drop_index("ix_items_isrc")
        batch_op.drop_index("ix_items_kind_id_revision")
        batch_op.create_index("ix_items_kind_id", ["kind", "id"], unique=False)
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
