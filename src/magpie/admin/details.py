"""What a superuser sees of the installation: sizes, workers, disks, tools and their age, extractors, plug-ins."""

from __future__ import annotations

import os
import re
import socket
import subprocess
from collections.abc import Iterable
from datetime import UTC, date, datetime
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, Field
from sqlalchemy import select, text

from magpie import __version__
from magpie.admin.health import GIGABYTE, Health
from magpie.context import AppContext
from magpie.downloads.nest.client import NestState
from magpie.downloads.tools import find_tools
from magpie.engine import EngineStatus
from magpie.engine.models import Worker
from magpie.kit.clock import utcnow
from magpie.kit.filesystem import free_bytes, total_bytes
from magpie.library import service as library
from magpie.page import FOLDER as PAGE
from magpie.plugins import plugins
from magpie.schema import HEAD, present_revision

# yt-dlp itself warns from this age on: sites change, and it changes with them.
TOOL_AGE_WARNING_DAYS = 90
ASK_SECONDS = 10.0
PACKAGES = ("yt-dlp", "gallery-dl")
# `ffmpeg version 7.1-static …`, `deno 2.3.1 (stable, …)`
_VERSION = re.compile(r"(?:version )?(\d[\w.+-]*)")


class DatabaseDetails(BaseModel):
    """The application's database; `size` in bytes, with SQLite's log."""

    kind: Literal["sqlite", "postgresql"]
    size: int
    revision: str | None
    up_to_date: bool


class WorkerDetails(BaseModel):
    """One worker that is alive. On SQLite there is this process alone, and no sign of life is kept."""

    id: str
    host: str
    pid: int
    version: str
    started_at: datetime | None
    heartbeat_at: datetime | None
    seconds_since_heartbeat: float | None
    is_this: bool = Field(description="Whether it is the process that answers.")


class LaneDetails(BaseModel):
    """One of this worker's queues."""

    name: str
    running: int
    slots: int


class DiskDetails(BaseModel):
    """The file system of a folder; sizes in bytes. The first `media` folder is the one for new files."""

    name: Literal["media", "data"]
    path: str
    free: int
    total: int
    reserve: int


class ToolDetails(BaseModel):
    """An outside program or package that downloads need. `age_days` where the version is a date."""

    name: str
    version: str | None
    path: str | None
    age_days: int | None
    is_old: bool


class ExtractorDetails(BaseModel):
    """One extractor; `version` is known while the downloads' helper process runs."""

    name: str
    version: str | None


class PluginDetails(BaseModel):
    """A package that adds to Magpie; `error` if it could not be used."""

    name: str
    error: str | None


class HealthDetails(BaseModel):
    """Everything that the health page shows."""

    health: Health
    version: str
    database: DatabaseDetails
    workers: list[WorkerDetails]
    lanes: list[LaneDetails]
    disks: list[DiskDetails]
    tools: list[ToolDetails]
    extractors: list[ExtractorDetails]
    plugins: list[PluginDetails]
    page_built: bool


def describe(context: AppContext, health: Health, nest: NestState | None) -> HealthDetails:
    """Look at everything. `nest`: how the downloads' helper process is, None without a worker."""
    status = context.engine.status() if context.engine else None
    return HealthDetails(
        health=health,
        version=__version__,
        database=_database(context),
        workers=list(_workers(context, status.worker if status else None)),
        lanes=_lanes(status) if status else [],
        disks=list(_disks(context)),
        tools=list(_tools(context)),
        extractors=_extractors(nest),
        plugins=_plugins(),
        page_built=(PAGE / "index.html").is_file(),
    )


def _database(context: AppContext) -> DatabaseDetails:
    database = context.database
    with database.engine.connect() as connection:
        revision = present_revision(connection)
        if database.is_sqlite:
            file = Path(database.url.database or "")
            parts = [file, file.with_name(f"{file.name}-wal")]
            size = sum(part.stat().st_size for part in parts if part.is_file())
        else:
            size = connection.scalar(text("SELECT pg_database_size(current_database())")) or 0
    kind: Literal["sqlite", "postgresql"] = "sqlite" if database.is_sqlite else "postgresql"
    return DatabaseDetails(kind=kind, size=size, revision=revision, up_to_date=revision == HEAD)


def _workers(context: AppContext, executor: str | None) -> Iterable[WorkerDetails]:
    if context.database.is_sqlite:
        if executor is not None:
            yield WorkerDetails(
                id=executor,
                host=socket.gethostname(),
                pid=os.getpid(),
                version=__version__,
                started_at=None,
                heartbeat_at=None,
                seconds_since_heartbeat=None,
                is_this=True,
            )
        return
    with context.database.read() as session:
        living = session.scalars(select(Worker).where(Worker.gone_at.is_(None)).order_by(Worker.id)).all()
    for worker in living:
        yield WorkerDetails(
            id=worker.id,
            host=worker.host,
            pid=worker.pid,
            version=worker.version,
            started_at=worker.started_at,
            heartbeat_at=worker.heartbeat_at,
            seconds_since_heartbeat=max(0.0, (utcnow() - worker.heartbeat_at).total_seconds()),
            is_this=worker.executor == executor,
        )


def _lanes(status: EngineStatus) -> list[LaneDetails]:
    return [
        LaneDetails(name=lane, running=status.running[lane], slots=slots)
        for lane, slots in status.slots.items()
    ]


def _disks(context: AppContext) -> Iterable[DiskDetails]:
    settings = context.settings
    reserve = int(settings.free_space_reserve_gb * GIGABYTE)
    with context.database.read() as session:
        others = library.other_folders(session, library.roots_of(context))
    folders: list[tuple[Literal["media", "data"], Path, int]] = [
        ("media", settings.media_root, reserve),
        *(("media", folder, 0) for folder in others),
        ("data", settings.data_dir, 0),
    ]
    for name, folder, kept in folders:
        yield DiskDetails(
            name=name, path=str(folder), free=free_bytes(folder), total=total_bytes(folder), reserve=kept
        )


def _tools(context: AppContext) -> Iterable[ToolDetails]:
    for name in PACKAGES:
        yield _tool(name, package_version(name), None)
    found = find_tools(context.settings.ffmpeg)
    for name, path, option in (
        ("ffmpeg", found.ffmpeg, "-version"),
        ("ffprobe", found.ffprobe, "-version"),
        ("deno", found.deno, "--version"),
    ):
        yield _tool(name, _asked_version(path, option) if path else None, path)


def _tool(name: str, found: str | None, path: str | None) -> ToolDetails:
    age = age_in_days(found) if name == "yt-dlp" and found else None
    is_old = age is not None and age > TOOL_AGE_WARNING_DAYS
    return ToolDetails(name=name, version=found, path=path, age_days=age, is_old=is_old)


def package_version(name: str) -> str | None:
    """The version of an installed package."""
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def age_in_days(found: str) -> int | None:
    """yt-dlp's versions are dates: 2026.8.19."""
    try:
        year, month, day = (int(part) for part in found.split(".")[:3])
        return (datetime.now(UTC).date() - date(year, month, day)).days
    except ValueError:
        return None


@lru_cache(maxsize=16)
def _asked_version(path: str, option: str) -> str | None:
    """What a program says of itself; asked once, since a program does not change under a running server often."""
    try:
        answer = subprocess.run(
            [path, option], capture_output=True, text=True, timeout=ASK_SECONDS, check=False, errors="replace"
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    found = _VERSION.search(answer.stdout.partition("\n")[0])
    return found[1] if found else None


def _extractors(nest: NestState | None) -> list[ExtractorDetails]:
    versions = nest.versions if nest else {}
    return [ExtractorDetails(name=one.name, version=versions.get(one.name)) for one in plugins().extractors]


def _plugins() -> list[PluginDetails]:
    found = plugins()
    errors = {problem.plugin: problem.error for problem in found.problems}
    names = sorted({name for name in found.names if name != "magpie"} | set(errors))
    return [PluginDetails(name=name, error=errors.get(name)) for name in names]
