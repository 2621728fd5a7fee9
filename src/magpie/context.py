"""What the parts of one running process share."""

from __future__ import annotations

from dataclasses import dataclass

from magpie.config import Settings
from magpie.engine.port import Engine
from magpie.kit import installation
from magpie.kit.crypto import Vault, load_or_make_key
from magpie.kit.db import Database, ReadSession
from magpie.kit.events import EventBus, PostgresEventBus


@dataclass(slots=True)
class AppContext:
    """Built once by a composition root and handed to everything that needs it."""

    settings: Settings
    database: Database
    secret: str
    vault: Vault
    events: EventBus
    engine: Engine | None = None  # only in processes that run jobs

    def job_epoch(self, session: ReadSession) -> int:
        """The number in every job's id that an import of a database raises."""
        return installation.job_epoch(session)


def build_context(settings: Settings) -> AppContext:
    """Open the database and the secret key; nothing is started yet."""
    secret = settings.secret_key or load_or_make_key(settings.data_dir / "secret.key")
    database = Database(settings.effective_database_url)
    if database.is_sqlite:
        events = EventBus()
    else:
        conninfo = database.url.set(drivername="postgresql").render_as_string(hide_password=False)
        events = PostgresEventBus(conninfo)
    return AppContext(settings=settings, database=database, secret=secret, vault=Vault(secret), events=events)
