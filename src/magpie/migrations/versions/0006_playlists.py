"""Playlists: media servers and their tracks, tasks, songs and their verdicts, decisions, runs, missing songs."""

from __future__ import annotations

from importlib import import_module

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "artist_aliases",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("names", JSON, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_artist_aliases_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_artist_aliases")),
    )
    op.create_index(op.f("ix_artist_aliases_user_id"), "artist_aliases", ["user_id"], unique=False)
    op.create_table(
        "media_servers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=128), nullable=False),
        sa.Column("server_type", sa.String(length=32), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("username", sa.String(length=255), nullable=True),
        sa.Column("sealed_secret", sa.Text(), nullable=True),
        sa.Column("is_token", sa.Boolean(), nullable=False),
        sa.Column("verify_tls", sa.Boolean(), nullable=False),
        sa.Column("is_shared", sa.Boolean(), nullable=False),
        sa.Column("library_id", sa.String(length=255), nullable=True),
        sa.Column("media_root", sa.Text(), nullable=True),
        sa.Column("server_uid", sa.String(length=255), nullable=True),
        sa.Column("version", sa.String(length=64), nullable=True),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(length=32), nullable=True),
        sa.Column("message", sa.Text(), nullable=True),
        sa.Column("indexed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("listed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("track_count", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_media_servers_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_media_servers")),
        sa.UniqueConstraint("key", name=op.f("uq_media_servers_key")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_media_servers_user_id"), "media_servers", ["user_id"], unique=False)
    op.create_table(
        "missing_settings",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("download_path", sa.Text(), nullable=True),
        sa.Column("api_url", sa.Text(), nullable=True),
        sa.Column("sealed_api_key", sa.Text(), nullable=True),
        sa.Column("profile", sa.String(length=32), nullable=True),
        sa.Column("searches", JSON, nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_missing_settings_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_missing_settings")),
    )
    op.create_table(
        "tasks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("has_own_name", sa.Boolean(), nullable=False),
        sa.Column("playlist_url", sa.Text(), nullable=False),
        sa.Column("platform", sa.String(length=32), nullable=False),
        sa.Column("source_id", sa.String(length=255), nullable=False),
        sa.Column("source_url", sa.Text(), nullable=False),
        sa.Column("source_title", sa.Text(), nullable=True),
        sa.Column("source_description", sa.Text(), nullable=True),
        sa.Column("source_cover_url", sa.Text(), nullable=True),
        sa.Column("source_owner", sa.Text(), nullable=True),
        sa.Column("source_total", sa.Integer(), nullable=True),
        sa.Column("is_source_complete", sa.Boolean(), nullable=False),
        sa.Column("source_note", sa.Text(), nullable=True),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("mode", sa.String(length=16), nullable=False),
        sa.Column("is_enabled", sa.Boolean(), nullable=False),
        sa.Column("cron_schedule", sa.String(length=128), nullable=True),
        sa.Column("timezone", sa.String(length=64), nullable=False),
        sa.Column("max_removals", sa.Integer(), nullable=True),
        sa.Column("keep_title", sa.Boolean(), nullable=False),
        sa.Column("keep_description", sa.Boolean(), nullable=False),
        sa.Column("keep_cover", sa.Boolean(), nullable=False),
        sa.Column("fetch_missing", sa.Boolean(), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.String(length=32), nullable=True),
        sa.Column("error_message", sa.Text(), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("next_run_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_synced_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_success_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("counts", JSON, nullable=False),
        sa.Column("is_removal_approved", sa.Boolean(), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("trigger", sa.String(length=16), nullable=False),
        sa.Column("again", sa.String(length=16), nullable=True),
        sa.Column("claim", sa.Integer(), nullable=False),
        sa.Column("worker", sa.String(length=255), nullable=True),
        sa.Column("heartbeat_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("run_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_tasks_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tasks")),
        sa.UniqueConstraint("key", name=op.f("uq_tasks_key")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_tasks_next_run_at"), "tasks", ["next_run_at"], unique=False)
    op.create_index(op.f("ix_tasks_user_id"), "tasks", ["user_id"], unique=False)
    op.create_table(
        "server_tracks",
        sa.Column("server_id", sa.Integer(), nullable=False),
        sa.Column("track_id", sa.String(length=255), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("artists", JSON, nullable=False),
        sa.Column("album", sa.Text(), nullable=True),
        sa.Column("album_artist", sa.Text(), nullable=True),
        sa.Column("duration", sa.Double(), nullable=True),
        sa.Column("isrc", sa.String(length=16), nullable=True),
        sa.Column("mbid", sa.String(length=64), nullable=True),
        sa.Column("path", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["server_id"], ["media_servers.id"], name=op.f("fk_server_tracks_server_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("server_id", "track_id", name=op.f("pk_server_tracks")),
    )
    op.create_table(
        "song_decisions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("song_key", sa.String(length=128), nullable=False),
        sa.Column("choice", sa.String(length=16), nullable=False),
        sa.Column("server_id", sa.Integer(), nullable=True),
        sa.Column("track_id", sa.String(length=255), nullable=True),
        sa.Column("facts", JSON, nullable=False),
        sa.Column("refused", JSON, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["server_id"], ["media_servers.id"], name=op.f("fk_song_decisions_server_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_song_decisions_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_song_decisions")),
        sa.UniqueConstraint("user_id", "song_key", name=op.f("uq_song_decisions_user_id_song_key")),
    )
    op.create_table(
        "song_sessions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=True),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["task_id"], ["tasks.id"], name=op.f("fk_song_sessions_task_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_song_sessions_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_song_sessions")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_song_sessions_task_id"), "song_sessions", ["task_id"], unique=False)
    op.create_index(op.f("ix_song_sessions_user_id"), "song_sessions", ["user_id"], unique=False)
    op.create_table(
        "songs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("song_key", sa.String(length=128), nullable=False),
        sa.Column("song_id", sa.String(length=255), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("artists", JSON, nullable=False),
        sa.Column("album", sa.Text(), nullable=True),
        sa.Column("duration", sa.Double(), nullable=True),
        sa.Column("isrc", sa.String(length=16), nullable=True),
        sa.Column("mbid", sa.String(length=64), nullable=True),
        sa.Column("aliases", JSON, nullable=False),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("cover_url", sa.Text(), nullable=True),
        sa.Column("is_available", sa.Boolean(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["task_id"], ["tasks.id"], name=op.f("fk_songs_task_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_songs")),
    )
    op.create_index(op.f("ix_songs_song_key"), "songs", ["song_key"], unique=False)
    op.create_index("ix_songs_task_id_position", "songs", ["task_id", "position"], unique=False)
    op.create_table(
        "task_runs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=True),
        sa.Column("task_name", sa.Text(), nullable=False),
        sa.Column("trigger", sa.String(length=16), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("message", sa.Text(), nullable=True),
        sa.Column("counts", JSON, nullable=False),
        sa.Column("lines", JSON, nullable=False),
        sa.Column("undo", JSON, nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["task_id"], ["tasks.id"], name=op.f("fk_task_runs_task_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_task_runs_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task_runs")),
    )
    op.create_index(op.f("ix_task_runs_task_id"), "task_runs", ["task_id"], unique=False)
    op.create_index("ix_task_runs_user_id_id", "task_runs", ["user_id", "id"], unique=False)
    op.create_table(
        "task_targets",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("server_id", sa.Integer(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("playlist_id", sa.String(length=255), nullable=True),
        sa.Column("playlist_title", sa.Text(), nullable=True),
        sa.Column("cover_digest", sa.String(length=64), nullable=True),
        sa.Column("description_digest", sa.String(length=64), nullable=True),
        sa.Column("making", sa.Text(), nullable=True),
        sa.Column("entries", JSON, nullable=False),
        sa.Column("matched_with", sa.String(length=64), nullable=True),
        sa.Column("status", sa.String(length=16), nullable=True),
        sa.Column("reason", sa.String(length=32), nullable=True),
        sa.Column("error_message", sa.Text(), nullable=True),
        sa.Column("synced_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["server_id"], ["media_servers.id"], name=op.f("fk_task_targets_server_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["task_id"], ["tasks.id"], name=op.f("fk_task_targets_task_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task_targets")),
        sa.UniqueConstraint("task_id", "server_id", name=op.f("uq_task_targets_task_id_server_id")),
    )
    op.create_index(op.f("ix_task_targets_server_id"), "task_targets", ["server_id"], unique=False)
    op.create_table(
        "song_matches",
        sa.Column("song_id", sa.Integer(), nullable=False),
        sa.Column("target_id", sa.Integer(), nullable=False),
        sa.Column("verdict", sa.String(length=16), nullable=False),
        sa.Column("track_id", sa.String(length=255), nullable=True),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("reasons", JSON, nullable=False),
        sa.Column("candidates", JSON, nullable=False),
        sa.Column("is_decided", sa.Boolean(), nullable=False),
        sa.Column("matched_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["song_id"], ["songs.id"], name=op.f("fk_song_matches_song_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["target_id"], ["task_targets.id"], name=op.f("fk_song_matches_target_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("song_id", "target_id", name=op.f("pk_song_matches")),
    )
    op.create_index(op.f("ix_song_matches_target_id"), "song_matches", ["target_id"], unique=False)
    op.create_table(
        "song_orders",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=True),
        sa.Column("song_key", sa.String(length=128), nullable=False),
        sa.Column("song", JSON, nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.String(length=32), nullable=True),
        sa.Column("error_message", sa.Text(), nullable=True),
        sa.Column("candidates", JSON, nullable=False),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("download_id", sa.Integer(), nullable=True),
        sa.Column("item_id", sa.Integer(), nullable=True),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("next_attempt_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("claim", sa.Integer(), nullable=False),
        sa.Column("worker", sa.String(length=255), nullable=True),
        sa.Column("heartbeat_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["download_id"], ["downloads.id"], name=op.f("fk_song_orders_download_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["item_id"], ["items.id"], name=op.f("fk_song_orders_item_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["session_id"], ["song_sessions.id"], name=op.f("fk_song_orders_session_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["task_id"], ["tasks.id"], name=op.f("fk_song_orders_task_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_song_orders_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_song_orders")),
        sa.UniqueConstraint("key", name=op.f("uq_song_orders_key")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_song_orders_download_id"), "song_orders", ["download_id"], unique=False)
    op.create_index(op.f("ix_song_orders_item_id"), "song_orders", ["item_id"], unique=False)
    op.create_index("ix_song_orders_session_id", "song_orders", ["session_id"], unique=False)
    op.create_index(op.f("ix_song_orders_task_id"), "song_orders", ["task_id"], unique=False)
    op.create_index("ix_song_orders_user_id_song_key", "song_orders", ["user_id", "song_key"], unique=False)
    op.create_table(
        "song_arrivals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("server_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=True),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("scanned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["server_id"], ["media_servers.id"], name=op.f("fk_song_arrivals_server_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["item_id"], ["items.id"], name=op.f("fk_song_arrivals_item_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["order_id"], ["song_orders.id"], name=op.f("fk_song_arrivals_order_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_song_arrivals_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_song_arrivals")),
        sa.UniqueConstraint("server_id", "item_id", name=op.f("uq_song_arrivals_server_id_item_id")),
        sqlite_autoincrement=True,
    )
    for column in ("item_id", "order_id", "due_at"):
        op.create_index(op.f(f"ix_song_arrivals_{column}"), "song_arrivals", [column], unique=False)
    # What people are told of is looked for every minute.
    for column in ("missing_since", "damaged_at"):
        condition = sa.text(f"{column} IS NOT NULL")
        op.create_index(
            f"ix_item_files_{column}",
            "item_files",
            [column],
            unique=False,
            sqlite_where=condition,
            postgresql_where=condition,
        )
    _store_words_once()
    _take_less_room()


# As in 0005.
KATAKANA = "".join(chr(number) for number in range(0x30A1, 0x30F7))
HIRAGANA = "".join(chr(number) for number in range(0x3041, 0x3097))
RUNS = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005\u3007\u3041-\u3096\u30a1-\u30fa\u30fc"
    "\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3"
)
# Columns that most rows have no value in.
PARTIAL = (("items", "isrc"), ("item_files", "digest"))
# No two files have one path: found out by a hash of it, an index of a quarter of the size.
PATHS = "uq_item_files_path"
# Likewise, of what follows a medium's name in its index there is a hash alone: 25 bytes less.
NAMES = "uq_items_extractor_source_id_kind_quality"
# The moment last, behind two columns of one byte each: rows are 8 bytes shorter. The second change of a type to itself
# writes the rows anew, without what was dropped.
SHORTER_MEMBERSHIPS = """
ALTER TABLE memberships ADD COLUMN since timestamptz;
ALTER TABLE memberships ALTER COLUMN since TYPE timestamptz USING created_at + interval '0';
ALTER TABLE memberships DROP COLUMN created_at;
ALTER TABLE memberships RENAME COLUMN since TO created_at;
ALTER TABLE memberships ALTER COLUMN created_at SET NOT NULL,
    ALTER COLUMN created_at TYPE timestamptz USING created_at + interval '0';
"""
# Letters that are written in ASCII before words are looked for: `library.search.latin`.
FOLDED = (
    "ÀÁÂÃÄÅÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖØÙÚÛÜÝàáâãäåçèéêëìíîïðñòóôõöøùúûüýÿĀāĂăĄąĆćĈĉĊċČčĎďĐđĒēĔĕĖėĘęĚěĜĝĞğĠ"
    "ġĢģĤĥĦħĨĩĪīĬĭĮįİıĴĵĶķĸĹĺĻļĽľŁłŃńŅņŇňŉŌōŎŏŐőŔŕŖŗŘřŚśŜŝŞşŠšŢţŤťŦŧŨũŪūŬŭŮůŰűŲųŴŵŶŷŸŹźŻżŽžſḀḁḂ"
    "ḃḄḅḆḇḈḉḊḋḌḍḎḏḐḑḒḓḔḕḖḗḘḙḚḛḜḝḞḟḠḡḢḣḤḥḦḧḨḩḪḫḬḭḮḯḰḱḲḳḴḵḶḷḸḹḺḻḼḽḾḿṀṁṂṃṄṅṆṇṈṉṊṋṌṍṎṏṐṑṒṓṔṕṖṗṘṙṚṛṜ"
    "ṝṞṟṠṡṢṣṤṥṦṧṨṩṪṫṬṭṮṯṰṱṲṳṴṵṶṷṸṹṺṻṼṽṾṿẀẁẂẃẄẅẆẇẈẉẊẋẌẍẎẏẐẑẒẓẔẕẖẗẘẙẚẛẜẝẟẠạẢảẤấẦầẨẩẪẫẬậẮắẰằẲẳẴẵẶặ"
    "ẸẹẺẻẼẽẾếỀềỂểỄễỆệỈỉỊịỌọỎỏỐốỒồỔổỖỗỘộỚớỜờỞởỠỡỢợỤụỦủỨứỪừỬửỮữỰựỲỳỴỵỶỷỸỹỼỽỾỿЀЁЃІЇЈЋЌЍЎАБВГДЕЗИЙК"
    "ЛМНОПРСТУФЫЭабвгдезийклмнопрстуфыэѐёѓіїјћќѝўÆÞĲŊŒẞЂЄЅЉЊЏЖХЦЧШЩЮЯЪЬъь"
)
FOLDS = (
    "aaaaaaceeeeiiiidnoooooouuuuyaaaaaaceeeeiiiidnoooooouuuuyyaaaaaaccccccccddddeeeeeeeeeeggggg"
    "ggghhhhiiiiiiiiiijjkkqllllllllnnnnnnnoooooorrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzsaab"
    "bbbbbccddddddddddeeeeeeeeeeffgghhhhhhhhhhiiiikkkkkkllllllllmmmmmmnnnnnnnnoooooooopppprrrrr"
    "rrrssssssssssttttttttuuuuuuuuuuvvvvwwwwwwwwwwxxxxyyzzzzzzhtwyasssdaaaaaaaaaaaaaaaaaaaaaaaa"
    "eeeeeeeeeeeeeeeeiiiioooooooooooooooooooooooouuuuuuuuuuuuuuyyyyyyyyvvyyeegiijckiuabvgdeziyk"
    "lmnoprstufyeabvgdeziyklmnoprstufyeeegiijckiuæþĳŋœßђєѕљњџжхцчшщюя"
)
SPELT = "ßss æae þth ĳij ŋng œoe жzh хkh цts чch шsh щshch юyu яya ђdj єie ѕdz љlj њnj џdzh"


def _spelt(text: str) -> str:
    """The expression of SQL that is this text in such letters."""
    made = f"translate({text}, '{FOLDED}', '{FOLDS}')"
    for pair in SPELT.split():
        made = f"replace({made}, '{pair[0]}', '{pair[1:]}')"
    # Going through the letters takes three times as long as all the rest: only where there are any of them.
    has_some = f"{text} ~ '[\u00c0-\u017f\u0400-\u045f\u1e00-\u1eff]'"
    return f"CASE WHEN {has_some} THEN {made} ELSE {text} END"


SEARCH_TERMS = f"""
CREATE OR REPLACE FUNCTION search_terms(
    id integer, title text, artist text, album text, album_artist text, description text,
    site text, genre text, isrc text, kind text, extra text
) RETURNS tsvector LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE COST 2000 AS $$
DECLARE
    names text := concat_ws(E'\\n', left(title, 300), left(artist, 300), left(album, 300), left(album_artist, 300));
    texts text := concat_ws(E'\\n', left(description, 1000), left(genre, 1000), left(isrc, 1000));
    plain_names text := names;
    plain_texts text;
    found text[];
BEGIN
    texts := regexp_replace(texts, 'https?://[!-~]+', ' ', 'g');
    plain_texts := texts;
    IF octet_length(names) > length(names) THEN
        plain_names := {_spelt("names")};
    END IF;
    IF octet_length(texts) > length(texts) THEN
        plain_texts := {_spelt("texts")};
    END IF;
    found := array(
        SELECT term
            FROM regexp_split_to_table(lower(plain_names COLLATE "C"), '[^a-z0-9]+' COLLATE "C") AS word,
            LATERAL (VALUES
                (CASE WHEN length(word) IN (2, 3) THEN '' ELSE left(word, 32) END),
                (CASE WHEN length(word) >= 2 THEN '_' || left(word, 2) END),
                (CASE WHEN length(word) >= 3 THEN '_' || left(word, 3) END)
            ) AS made (term)
            WHERE term <> ''
        UNION ALL
        SELECT '~' || left(word, 32)
            FROM regexp_split_to_table(lower(plain_texts COLLATE "C"), '[^a-z0-9]+' COLLATE "C") AS word
            WHERE word <> ''
        UNION ALL
        SELECT '@' || left(word, 32)
            FROM regexp_split_to_table(
                lower({_spelt("left(site, 300)")} COLLATE "C"), '[^a-z0-9]+' COLLATE "C"
            ) AS word
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
        found := found || array(
            SELECT said FROM unnest(string_to_array(extra, ' ')) AS said WHERE said NOT LIKE '.%.%'
            UNION ALL
            SELECT '_' || left(ltrim(said, '_'), size)
                FROM unnest(string_to_array(extra, ' ')) AS said, generate_series(2, 3) AS size
                WHERE said COLLATE "C" ~ '^(_[a-z0-9]{{3}}|[a-z0-9]{{4,}})$'
            UNION ALL
            SELECT made
                FROM unnest(string_to_array(extra, ' ')) AS said,
                LATERAL (SELECT string_to_array(substr(said, 2), '.')) AS parted (syllables),
                generate_subscripts(syllables, 1) AS place,
                LATERAL (SELECT syllables[place], syllables[place + 1]) AS two (one, other),
                LATERAL (VALUES ('.' || one), ('.' || one || '.' || other), ('^' || left(one, 1) || left(other, 1)))
                    AS m (made)
                WHERE said LIKE '.%.%' AND made IS NOT NULL
        );
    END IF;
    RETURN array_to_tsvector(found);
END $$
"""  # noqa: S608 - nothing of anybody's goes in


def _take_less_room() -> None:
    """Indexes that are smaller, and a function that makes more terms of the columns, so that fewer are stored. It makes
    the same ones as before of what was stored before."""
    for table, column in PARTIAL:
        op.drop_index(f"ix_{table}_{column}", table_name=table)
        condition = sa.text(f"{column} IS NOT NULL")
        op.create_index(
            f"ix_{table}_{column}", table, [column], sqlite_where=condition, postgresql_where=condition
        )
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint(PATHS, "item_files", type_="unique")
        op.execute(f"ALTER TABLE item_files ADD CONSTRAINT {PATHS} EXCLUDE USING hash (path WITH =)")
        op.drop_constraint(NAMES, "items", type_="unique")
        rest = "hashtext(extractor || ' ' || kind || ' ' || quality)"
        op.execute(f"CREATE UNIQUE INDEX {NAMES} ON items (source_id, {rest})")
        for statement in SHORTER_MEMBERSHIPS.split(";\n")[:-1]:
            op.execute(statement)
        op.execute(SEARCH_TERMS)


def _take_more_room() -> None:
    for table, column in PARTIAL:
        op.drop_index(f"ix_{table}_{column}", table_name=table)
        op.create_index(f"ix_{table}_{column}", table, [column], unique=False)
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"ALTER TABLE item_files DROP CONSTRAINT {PATHS}")
        op.create_unique_constraint(PATHS, "item_files", ["path"])
        op.drop_index(NAMES, table_name="items")
        op.create_unique_constraint(NAMES, "items", ["extractor", "source_id", "kind", "quality"])
        former = import_module("magpie.migrations.versions.0005_the_library").SEARCH_TERMS
        op.execute(former.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION", 1))


def _store_words_once() -> None:
    """Words that may be misspelt, there and back, instead of under all that is left of them without one letter."""
    connection = op.get_bind()
    words = list(connection.scalars(sa.text("SELECT DISTINCT word FROM search_spellings")))
    op.drop_table("search_spellings")
    word = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
    spellings = op.create_table(
        "search_spellings",
        sa.Column("word", word, nullable=False),
        sa.Column("backwards", word, nullable=False),
    )
    for start in range(0, len(words), 5000):
        part = words[start : start + 5000]
        connection.execute(sa.insert(spellings), [{"word": one, "backwards": one[::-1]} for one in part])
    for column in ("word", "backwards"):
        op.create_index(f"ix_search_spellings_{column}", "search_spellings", [column], unique=False)


def _store_words_by_keys() -> None:
    """The words are learnt again with the index of words, which is made anew."""
    op.drop_table("search_spellings")
    op.create_table(
        "search_spellings",
        sa.Column("key", sa.Integer(), nullable=False),
        sa.Column("word", sa.Text(), nullable=False),
    )
    op.create_index("ix_search_spellings_key", "search_spellings", ["key"], unique=False)
    op.execute("UPDATE search_state SET version = 0")


def downgrade() -> None:
    _take_more_room()
    _store_words_by_keys()
    for column in ("missing_since", "damaged_at"):
        op.drop_index(f"ix_item_files_{column}", table_name="item_files")
    for table in (
        "song_arrivals",
        "song_orders",
        "song_matches",
        "task_targets",
        "task_runs",
        "songs",
        "song_sessions",
        "song_decisions",
        "server_tracks",
        "tasks",
        "missing_settings",
        "media_servers",
        "artist_aliases",
    ):
        op.drop_table(table)
