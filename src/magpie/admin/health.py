"""Is everything well? Part by part, for the health page, container checks and `magpie doctor`."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pydantic import BaseModel
from sqlalchemy import text

from magpie import __version__
from magpie.context import AppContext
from magpie.kit.filesystem import free_bytes
from magpie.library import service as library
from magpie.plugins import plugins

GIGABYTE = 10**9


class Part(BaseModel):
    """One part of the program. `message` says what ails it and what to do."""

    ok: bool
    message: str | None = None


class Health(BaseModel):
    """`ailing` goes with the status 503."""

    status: str
    version: str
    parts: dict[str, Part]


@dataclass(frozen=True, slots=True)
class _Check:
    name: str
    run: Callable[[AppContext], str | None]  # what ails it, or None
    vital: bool = True


def _database(context: AppContext) -> str | None:
    with context.database.read() as session:
        session.execute(text("SELECT 1"))
    return None


def _engine(context: AppContext) -> str | None:
    if context.engine is None:
        return None
    return None if context.engine.status().worker else "The job engine takes no work at the moment."


def _media(context: AppContext) -> str | None:
    roots = library.roots_of(context)
    try:
        folder = roots.existing(roots.present_name)
    except library.FolderMissing:
        return "The media folder is missing: see that its disk is mounted."
    return None if os.access(folder, os.W_OK) else "The media folder cannot be written to."


def _other_media(context: AppContext) -> str | None:
    with context.database.read() as session:
        missing = library.missing_folders(session, library.roots_of(context))
    return (
        f"Missing folders that hold files: {len(missing)}. See that their disks are mounted."
        if missing
        else None
    )


def _disk(context: AppContext) -> str | None:
    free = free_bytes(context.settings.media_root)
    if free < context.settings.free_space_reserve_gb * GIGABYTE:
        return "The media's disk is full up to the reserve: downloads wait until there is room."
    return None


def _plugins(_context: AppContext) -> str | None:
    problems = plugins().problems
    return "; ".join(f"{problem.plugin}: {problem.error}" for problem in problems) or None


CHECKS = (
    _Check("database", _database),
    _Check("engine", _engine),
    _Check("media", _media),
    _Check("other_media", _other_media, vital=False),
    _Check("disk", _disk, vital=False),
    _Check("plugins", _plugins, vital=False),
)


def check(context: AppContext, unprepared: Sequence[str] = ()) -> Health:
    """Look at every part. Only parts that stop the program's main job make it ailing.

    `unprepared`: extractors that the fork server had to leave out, each with the reason.
    """
    parts = {"extractors": Part(ok=not unprepared, message="; ".join(unprepared) or None)}
    well = True
    for entry in CHECKS:
        try:
            message = entry.run(context)
        except Exception as error:  # noqa: BLE001  the check's failure is its finding
            message = f"{type(error).__name__}: see the log"
        parts[entry.name] = Part(ok=message is None, message=message)
        well = well and (message is None or not entry.vital)
    return Health(status="ok" if well else "ailing", version=__version__, parts=parts)
