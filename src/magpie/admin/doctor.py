"""`magpie doctor`: what is missing or wrong, and how to mend it."""

from __future__ import annotations

import json
import os
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table
from sqlalchemy import make_url
from sqlalchemy.exc import SQLAlchemyError

from magpie.admin.details import TOOL_AGE_WARNING_DAYS, age_in_days, package_version
from magpie.admin.settings.stored import effective
from magpie.config import Settings, settings, unknown_names
from magpie.downloads.nest.client import Nest
from magpie.downloads.tools import find_tools
from magpie.kit.db import Database
from magpie.kit.egress import EgressPolicy
from magpie.kit.filesystem import free_bytes, nearest_existing
from magpie.kit.refusal import Refused
from magpie.library.service import GONE, FolderMissing, Roots, base_is_gone, missing_folders, other_folders
from magpie.page import FOLDER as PAGE
from magpie.plugins import plugins
from magpie.schema import HEAD, present_revision

GIGABYTE = 10**9
PREPARE_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. `level`: `ok`, `warning` (something works less well), `error`."""

    level: str
    subject: str
    message: str


def run(*, as_json: bool) -> int:
    """Print the findings. Returns 1 if there is an error among them."""
    findings = list(examine(settings()))
    if as_json:
        print(json.dumps([asdict(finding) for finding in findings], ensure_ascii=False, indent=2))
    else:
        _show(findings)
    return 1 if any(finding.level == "error" for finding in findings) else 0


def examine(given: Settings) -> Iterator[Finding]:
    """Look at everything that the program needs. `given`: the environment's settings."""
    yield _python()
    yield from _settings_names()
    found = effective(given)
    chosen = found.settings
    if found.trouble:
        message = f"what is saved in the database cannot be read and is left out: {found.trouble}"
        yield Finding("error", "saved settings", message)
    roots = Roots(given.data_dir, given.media_root, chosen.media_root)
    yield from _guarded("data folder", lambda: _folder("data folder", chosen.data_dir, 0))
    reserve = int(chosen.free_space_reserve_gb * GIGABYTE)
    yield from _guarded("media folder", lambda: _media_folder(roots, reserve))
    yield from _guarded("database", lambda: _database(chosen))
    if not found.trouble:
        yield from _guarded("earlier media folders", lambda: _earlier_folders(chosen, roots))
    yield from _guarded("egress rules", lambda: _egress(chosen))
    yield from _programs(chosen)
    yield _page()
    yield from _extractors()
    for problem in plugins().problems:
        yield Finding("error", f"plug-in {problem.plugin}", f"{problem.error}. Upgrade or uninstall it.")
    if names := [name for name in plugins().names if name != "magpie"]:
        yield Finding("ok", "plug-ins", ", ".join(names))


def _guarded(subject: str, look: Callable[[], Finding | None]) -> Iterator[Finding]:
    try:
        finding = look()
        if finding is not None:
            yield finding
    except Refused as refusal:
        yield Finding("error", subject, str(refusal))
    except (OSError, ValueError) as error:
        yield Finding("error", subject, str(error))


def _python() -> Finding:
    found = ".".join(str(part) for part in sys.version_info[:3])
    if sys.version_info >= (3, 12) and sqlite3.sqlite_version_info < (3, 42):
        message = (
            f"Python {found} with SQLite {sqlite3.sqlite_version} cannot run the job engine: "
            "use Python 3.11, or one that brings SQLite 3.42 or newer."
        )
        return Finding("error", "Python", message)
    return Finding("ok", "Python", f"{found}, SQLite {sqlite3.sqlite_version}")


def _settings_names() -> Iterator[Finding]:
    for name in unknown_names():
        yield Finding("warning", "settings", f"{name} is not a setting of Magpie: is it spelled right?")


def _folder(subject: str, folder: Path, reserve: int) -> Finding:
    place = nearest_existing(folder)
    if not os.access(place, os.W_OK | os.X_OK):
        return Finding("error", subject, f"{folder} cannot be written to: change its owner or its mode.")
    free = free_bytes(place)
    if free < reserve:
        message = f"{folder}: {free / GIGABYTE:.1f} GB free, which is below the reserve; downloads wait."
        return Finding("warning", subject, message)
    return Finding("ok", subject, f"{folder}, {free / GIGABYTE:.1f} GB free")


def _media_folder(roots: Roots, reserve: int) -> Finding:
    """The base is made by a start, unless files should be there already; one that was chosen has been made."""
    if roots.present != roots.base:
        try:
            roots.existing(roots.present_name)
        except FolderMissing:
            message = f"{roots.present} is missing: see that its disk is mounted, or choose another folder."
            return Finding("error", "media folder", message)
    return _folder("media folder", roots.present, reserve)


def _earlier_folders(chosen: Settings, roots: Roots) -> Finding | None:
    """The media folders that hold files besides the one for new files, and that one where its disk is not mounted; None
    if there are none to be known."""
    if chosen.is_sqlite and not Path(make_url(chosen.effective_database_url).database or "").is_file():
        return None
    with _open(chosen) as database:
        with database.engine.connect() as connection:
            if present_revision(connection) != HEAD:
                return None
        with database.read() as session:
            if roots.present == roots.base and base_is_gone(session, roots):
                message = f"{roots.base} is empty, and there should be files in it: {GONE}."
                return Finding("error", "media folder", message)
            others, missing = other_folders(session, roots), missing_folders(session, roots)
    if missing:
        names = ", ".join(map(str, missing))
        return Finding(
            "error", "earlier media folders", f"missing: {names}. See that their disks are mounted."
        )
    return Finding("ok", "earlier media folders", ", ".join(map(str, others))) if others else None


@contextmanager
def _open(chosen: Settings) -> Iterator[Database]:
    database = Database(chosen.effective_database_url)
    try:
        yield database
    finally:
        database.close()


def _database(chosen: Settings) -> Finding:
    kind = "SQLite" if chosen.is_sqlite else "PostgreSQL"
    with _open(chosen) as database:
        try:
            with database.engine.connect() as connection:
                present = present_revision(connection)
        except SQLAlchemyError as error:
            reason = str(getattr(error, "orig", error)).strip().splitlines()[0]
            return Finding("error", "database", f"{kind} cannot be reached: {reason}. Check DATABASE_URL.")
    if present is None:
        return Finding("ok", "database", f"{kind}, empty yet: the first start makes the tables")
    if present != HEAD:
        return Finding(
            "warning", "database", f"{kind}, revision {present}: run `magpie migrate` (a start does it too)"
        )
    return Finding("ok", "database", f"{kind}, up to date")


def _egress(chosen: Settings) -> Finding:
    entries = [entry for entry in chosen.egress_allow.split(",") if entry.strip()]
    EgressPolicy(entries)
    extra = f"and {', '.join(entries)}" if entries else "only"
    return Finding("ok", "egress rules", f"downloads reach public addresses {extra}")


def _programs(chosen: Settings) -> Iterator[Finding]:
    tools = find_tools(chosen.ffmpeg)
    yield Finding("ok", "ffmpeg", tools.ffmpeg)
    if tools.ffprobe is None:
        message = (
            "not found: cutting sponsor segments out is off. Install the system's ffmpeg package to have it."
        )
        yield Finding("warning", "ffprobe", message)
    if tools.deno is None:
        message = (
            "not found: YouTube will not work. Reinstall Magpie with its dependencies, or install Deno 2.3."
        )
        yield Finding("error", "deno", message)
    else:
        yield Finding("ok", "deno", tools.deno)
    for package in ("yt-dlp", "gallery-dl"):
        yield _package(package)


def _package(name: str) -> Finding:
    found = package_version(name)
    if found is None:
        return Finding("error", name, "not installed: reinstall Magpie with its dependencies.")
    age = age_in_days(found) if name == "yt-dlp" else None
    if age is not None and age > TOOL_AGE_WARNING_DAYS:
        return Finding(
            "warning", name, f"{found} is {age} days old: sites may have changed since. Upgrade Magpie."
        )
    return Finding("ok", name, found)


def _extractors() -> Iterator[Finding]:
    """Prepare the downloaders just as a start does, and say which of them failed."""
    with Nest() as nest:
        state = nest.examine(PREPARE_SECONDS)
    for problem in state.problems:
        yield Finding("error", "downloaders", f"{problem}. Upgrade or uninstall what brings it.")
    if not state.running:
        yield Finding("error", "downloaders", "their process ended as it started: see what it printed above.")
    elif state.versions:
        yield Finding("ok", "downloaders", ", ".join(state.versions))
    else:
        yield Finding("error", "downloaders", f"not ready within {PREPARE_SECONDS:.0f} seconds.")


def _page() -> Finding:
    if (PAGE / "index.html").is_file():
        return Finding("ok", "page", "built")
    return Finding("warning", "page", "not built: run `python3 dev.py setup` in the checkout")


def _show(findings: list[Finding]) -> None:
    marks = {"ok": "[green]✓[/]", "warning": "[yellow]![/]", "error": "[red]✗[/]"}
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column(width=1)
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    for finding in findings:
        table.add_row(marks[finding.level], finding.subject, finding.message)
    Console().print(table)
