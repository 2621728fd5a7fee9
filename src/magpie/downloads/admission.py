"""Room on the media's disk and in what a user may hold: nothing begins without it, and the reserve stays free."""

from __future__ import annotations

from pathlib import Path

from magpie.config import Settings
from magpie.downloads.board import Board, Running
from magpie.downloads.failures import DownloadFailure, Reason
from magpie.kit.db import Database
from magpie.kit.filesystem import free_bytes
from magpie.library.care import quotas

GIGABYTE = 10**9
# A gallery-sized guess for media whose size nobody tells beforehand.
UNKNOWN_SIZE = 50_000_000


def room(settings: Settings, folder: Path) -> int:
    """Bytes of a media folder's disk that downloads may use; negative where the reserve is being used up."""
    return free_bytes(folder) - int(settings.free_space_reserve_gb * GIGABYTE)


def admit(settings: Settings, folder: Path, board: Board, running: Running, wanted: int) -> None:
    """Raises NO_SPACE unless the bytes fit beside the reserve and what other downloads will take."""
    free = room(settings, folder)
    if free - board.reserved_bytes(running.disk) + running.reserved < wanted:
        raise DownloadFailure(
            Reason.NO_SPACE, f"{wanted / 1e6:.0f} MB are needed, {max(free, 0) / 1e6:.0f} MB are free"
        )


def admit_user(settings: Settings, database: Database, user_id: int | None, wanted: int) -> None:
    """Raises QUOTA unless so many bytes more fit into what the user may hold."""
    if user_id is None:
        return
    with database.read() as session:
        quota = quotas.quota_of(settings, session, user_id)
        held = quotas.held_bytes(session, user_id) if quota is not None else 0
    if quota is not None and held + wanted > quota:
        raise DownloadFailure(Reason.QUOTA, f"{held / GIGABYTE:.1f} of {quota / GIGABYTE:.1f} GB are used")
