"""Taking up the jobs of dead workers without being a worker: what each worker does by itself within seconds."""

from __future__ import annotations

import psycopg

from magpie.engine.liveness import SoleWorker, living_workers
from magpie.engine.port import LOCK_FILE, EngineRefused
from magpie.engine.runner import ENGINE_FILE, EngineSettings
from magpie.engine.store import Store
from magpie.kit.db import Database


def adopt(settings: EngineSettings, database: Database) -> int:
    """Put what dead workers ran back into its queues; how many jobs. A worker begins them, now or when one is started.

    Raises `EngineRefused` where a server works on an SQLite installation (it has taken up all there was), or the database
    cannot be reached.
    """
    if not database.is_sqlite:
        return _requeue(
            Store(url=database.url, sqlite_file=settings.data_dir / ENGINE_FILE, limits={}), database
        )
    if not (settings.data_dir / ENGINE_FILE).exists():
        return 0
    sole = SoleWorker(settings.data_dir / LOCK_FILE)
    sole.join()
    try:
        return _requeue(Store(url=None, sqlite_file=settings.data_dir / ENGINE_FILE, limits={}), database)
    finally:
        sole.leave()


def _requeue(store: Store, database: Database) -> int:
    """The order matters, as in the engine: whoever claimed a job had joined before."""
    try:
        running = store.running_executors()
        living = set() if database.is_sqlite else living_workers(database.url)
        return sum(store.requeue(dead) for dead in running - living)
    except psycopg.Error as error:
        raise EngineRefused(f"The database cannot be reached: {type(error).__name__}.") from None
    finally:
        store.close()
