"""Which tables a dump holds, and what their columns hold."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, Float, Integer, Table, inspect
from sqlalchemy.engine import Connection
from sqlalchemy.types import DateTime, TypeDecorator, TypeEngine

from magpie.admin.database.format import Kind
from magpie.schema import metadata

# What belongs to this moment and these hosts: workers, names that are being filled, what people are doing.
LEFT_OUT = frozenset(
    {
        "workers",
        "placements",
        "sessions",
        "password_resets",
        "login_throttles",
        "log_lines",
        "notices",
        "concerns",
        "server_tracks",  # read from the servers again
        "alembic_version",
        # The search makes its index anew.
        "search_state",
        "search_spellings",
        "search_index",
        "search_index_config",
        "search_index_data",
        "search_index_idx",
    }
)
# Of those, what refers to rows that an import replaces, and ends with them.
ENDED_BY_IMPORT = ("sessions", "password_resets", "notices", "concerns", "server_tracks")
# Columns that are made anew after an import, and so are null in a dump.
MADE_ANEW = frozenset(
    {("items", "search_extra"), ("media_servers", "indexed_at"), ("media_servers", "listed_at")}
)
# The tables with secrets, each with the column that is sealed: they are left out or sealed anew on their way.
SEALED = {
    "settings": "value",
    "links": "sealed_cookies",
    "cookie_jars": "sealed",
    "notification_targets": "sealed_url",
    "feed_tokens": "sealed",
    "media_servers": "sealed_secret",
    "missing_settings": "sealed_api_key",
}


def dumped_tables() -> list[Table]:
    """In an order in which what is referred to comes first."""
    return [table for table in metadata().sorted_tables if table.name not in LEFT_OUT]


def kind_of(column: Column[object]) -> Kind:
    """What a column holds."""
    return _kind(column.type)


def _kind(kind: TypeEngine[object]) -> Kind:
    if isinstance(kind, TypeDecorator):
        kind = kind.impl_instance
    for family, name in (
        (Boolean, Kind.BOOLEAN),
        (Integer, Kind.INTEGER),
        (Float, Kind.REAL),
        (DateTime, Kind.TIME),
        (JSON, Kind.JSON),
    ):
        if isinstance(kind, family):
            return name
    return Kind.TEXT


def present_kinds(connection: Connection) -> dict[str, dict[str, Kind]]:
    """By table, the columns that a database has and what they hold: for the tables that a dump of it would hold."""
    inspector = inspect(connection)
    return {
        table: {column["name"]: _kind(column["type"]) for column in inspector.get_columns(table)}
        for table in inspector.get_table_names()
        if table not in LEFT_OUT
    }
