"""Alembic's environment: the application's settings say which database it is."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import Connection

from magpie.config import load_settings
from magpie.kit.db import Database, UtcDateTime
from magpie.schema import is_of_the_models, metadata

config = context.config


def _render(kind: str, value: Any, _autogen: AutogenContext) -> str | Literal[False]:
    """Migrations name the databases' own types: they must mean the same in five years."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(value, UtcDateTime) else False


def _run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=metadata(),
        compare_type=True,
        render_item=_render,
        include_object=is_of_the_models,
        # SQLite cannot alter most things in place: tables are rebuilt.
        render_as_batch=connection.dialect.name == "sqlite",
        transaction_per_migration=False,
    )
    with context.begin_transaction():
        context.run_migrations()


given = config.attributes.get("connection")
if given is not None:
    _run(given)
else:
    database = Database(load_settings().effective_database_url)
    with database.engine.begin() as own_connection:
        _run(own_connection)
    database.close()
