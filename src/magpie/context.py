"""What the parts of one running process share."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import structlog

from magpie.config import Settings
from magpie.engine.port import Engine
from magpie.kit import installation
from magpie.kit.crypto import Vault, load_or_make_key
from magpie.kit.db import Database, ReadSession, WriteSession
from magpie.kit.events import EventBus, PostgresEventBus

log = structlog.get_logger(__name__)

if TYPE_CHECKING:
    from starlette.requests import HTTPConnection

    from magpie.accounts.principal import Principal
    from magpie.downloads.extractors.port import Medium
    from magpie.downloads.models import Download
    from magpie.playlists.models import Task

Follower = Callable[[Settings], None]


@dataclass(slots=True)
class AppContext:
    """Built once by a composition root and handed to everything that needs it.

    `settings` is a snapshot that is replaced as a whole when somebody changes a setting: read it at the moment of
    use. `given` is what the program was started with: whatever is set there, nothing that was saved changes.
    """

    settings: Settings
    database: Database
    secret: str
    vault: Vault
    events: EventBus
    engine: Engine | None = None  # only in processes that run jobs
    # Called in the unit of work in which a download ends, whatever its end.
    download_ended: list[Callable[[WriteSession, Download], None]] = field(default_factory=list, repr=False)

    # Asked with a download's id when its medium has been identified, before any of it is fetched: a typed reason and
    # its sentence if it is not wanted after all.
    medium_found: list[Callable[[int, Medium], tuple[str, str] | None]] = field(
        default_factory=list, repr=False
    )

    # Called in the unit of work in which a task's sync ends whose missing songs are to be fetched.
    songs_missing: list[Callable[[WriteSession, Task], None]] = field(default_factory=list, repr=False)

    # Called after the commit in which a site's circuit changed, in the process that changed it.
    site_changed: list[Callable[[], None]] = field(default_factory=list, repr=False)

    # What `GET /users/me` tells of the caller's feeds, by its names there; None if they may not know. Makes a token
    # at first use.
    own_feeds: Callable[[HTTPConnection, Principal], dict[str, str] | None] | None = field(
        default=None, repr=False
    )

    given: Settings = field(init=False)
    settings_lock: threading.Lock = field(default_factory=threading.Lock, repr=False)
    settings_seen: object = None  # which saved settings `settings` and all followers have taken
    _followers: list[Follower] = field(default_factory=list, repr=False)

    def __post_init__(self) -> None:
        self.given = self.settings

    def follow_settings(self, follower: Follower) -> None:
        """Have `follower` called with the new settings whenever they were replaced; it must be safe to repeat."""
        self._followers.append(follower)

    def replace_settings(self, settings: Settings) -> bool:
        """Take other settings and tell the followers; whether all of them could follow."""
        self.settings = settings
        well = True
        for follower in self._followers:
            try:
                follower(settings)
            except Exception:
                log.exception("settings_not_followed")
                well = False
        return well

    def close(self) -> None:
        """Close all connections: those of the database, and the one that events are sent on."""
        self.events.stop()
        self.database.close()

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
    vault = Vault(secret, *settings.former_keys)
    return AppContext(settings=settings, database=database, secret=secret, vault=vault, events=events)
