"""Administration from the command line."""

from __future__ import annotations

from magpie.config import settings
from magpie.kit.db import Database
from magpie.kit.logs import configure_logs
from magpie.schema import migrate as migrate_database


def migrate() -> int:
    """Bring the database up to date."""
    chosen = settings()
    configure_logs(debug=chosen.debug, style=chosen.log_format)
    database = Database(chosen.effective_database_url)
    changed = migrate_database(database, chosen.data_dir)
    database.close()
    print("The database was brought up to date." if changed else "The database is up to date.")
    return 0
