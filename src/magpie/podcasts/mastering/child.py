"""Masters one recording in a process of its own: `python -m magpie.podcasts.mastering.child`.

Its order is {"order", "ffmpeg"}; it tells {"progress": 0 to 1}, and what comes of it is {"mastered"} or {"failed"}.
"""

from __future__ import annotations

import errno
import shutil
import sys
import traceback
from pathlib import Path
from typing import Any

from magpie.kit.child.serving import Tell, serve
from magpie.podcasts.mastering.order import MasteringFailed
from magpie.podcasts.mastering.wire import mastered_as_json, order_of_json
from magpie.podcasts.mastering.workroom import workroom

MEMORY = 2 << 30  # bytes of addresses, of which a fifth is ever used
_rooms: list[Path] = []


def main() -> int:
    """Returns the exit code."""
    return serve(work, memory=MEMORY, clean=_clear)


def work(given: dict[str, Any], tell: Tell) -> dict[str, Any]:
    """The answer, whatever comes of it."""
    try:
        return {"mastered": _master(given, tell)}
    except MasteringFailed as error:
        return _failure(error.reason, error.message, clip=error.clip)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            return _failure("disk_full", "There is no room left on the disk")
        return _failure("failing", f"A file cannot be used: {error.strerror}", traceback.format_exc())
    except Exception:  # noqa: BLE001 (whoever started this writes it into the log)
        message = "The recording could not be made: the log says why"
        return _failure("failing", message, traceback.format_exc())


def _failure(
    reason: str, message: str, detail: str | None = None, *, clip: int | None = None
) -> dict[str, Any]:
    return {"failed": {"reason": reason, "message": message, "clip": clip, "detail": detail}}


def _master(given: dict[str, Any], tell: Tell) -> dict[str, Any]:
    from magpie.podcasts.mastering.coder import Coder
    from magpie.podcasts.mastering.desk import Desk

    order = order_of_json(given["order"])
    with workroom(order.folder, order.name) as room:
        _rooms.append(room)
        desk = Desk(order, Coder(given["ffmpeg"]), room, lambda share: tell({"progress": round(share, 3)}))
        return mastered_as_json(desk.master())


def _clear() -> None:
    for room in _rooms:
        shutil.rmtree(room, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
