"""Room on the media's disk: nothing begins without it, and the reserve stays free."""

from __future__ import annotations

from pathlib import Path

from magpie.config import Settings
from magpie.downloads.board import Board, Running
from magpie.downloads.failures import DownloadFailure, Reason
from magpie.kit.filesystem import free_bytes

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
