"""Administration from the command line."""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

from magpie.app import build_api
from magpie.config import Settings, settings
from magpie.context import build_context
from magpie.kit.db import Database
from magpie.schema import migrate as migrate_database


def migrate() -> int:
    """Bring the database up to date."""
    chosen = settings()
    database = Database(chosen.effective_database_url)
    changed = migrate_database(database, chosen.data_dir)
    database.close()
    print("The database was brought up to date." if changed else "The database is up to date.")
    return 0


def print_schema() -> None:
    """The API's schema as JSON, independent of this machine's settings."""
    with tempfile.TemporaryDirectory() as folder:
        context = build_context(Settings(data_dir=Path(folder)))
        json.dump(build_api(context).openapi(), sys.stdout, indent=2, ensure_ascii=False)
        print()
        context.database.close()
