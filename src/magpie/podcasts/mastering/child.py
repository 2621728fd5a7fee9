"""Masters one recording in a process of its own: `python -m magpie.podcasts.mastering.child`.

One line of JSON on stdin, {"order", "ffmpeg"}; lines of JSON on stdout: {"progress": 0 to 1}, at last {"mastered"} or
{"failed"}. It leads its own process group, and ends it when its stdin ends: then whoever wanted the recording is gone.
"""

from __future__ import annotations

import errno
import json
import os
import resource
import shutil
import signal
import sys
import threading
import traceback
from pathlib import Path
from typing import Any

from magpie.podcasts.mastering.order import MasteringFailed
from magpie.podcasts.mastering.wire import mastered_as_json, order_of_json
from magpie.podcasts.mastering.workroom import workroom

MEMORY = 2 << 30  # bytes of addresses, of which a fifth is ever used
_rooms: list[Path] = []


def main() -> int:
    """Returns the exit code: 1 if there is no recording."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    os.nice(5)
    given = json.loads(sys.stdin.readline())
    threading.Thread(target=_end_with_parent, daemon=True).start()
    try:
        told = {"mastered": _master(given)}
    except MasteringFailed as error:
        told = _failure(error.reason, error.message, clip=error.clip)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            told = _failure("disk_full", "There is no room left on the disk")
        else:
            told = _failure("failing", f"A file cannot be used: {error.strerror}", traceback.format_exc())
    except Exception:  # noqa: BLE001 (whoever started this writes it into the log)
        told = _failure(
            "failing", "The recording could not be made: the log says why", traceback.format_exc()
        )
    _tell(told)
    return 0 if "mastered" in told else 1


def _failure(
    reason: str, message: str, detail: str | None = None, *, clip: int | None = None
) -> dict[str, Any]:
    return {"failed": {"reason": reason, "message": message, "clip": clip, "detail": detail}}


def _master(given: dict[str, Any]) -> dict[str, Any]:
    from magpie.podcasts.mastering.coder import Coder
    from magpie.podcasts.mastering.desk import Desk

    order = order_of_json(given["order"])
    with workroom(order.folder, order.name) as room:
        _rooms.append(room)
        desk = Desk(order, Coder(given["ffmpeg"]), room, lambda share: _tell({"progress": round(share, 3)}))
        return mastered_as_json(desk.master())


def _tell(line: dict[str, Any]) -> None:
    print(json.dumps(line), flush=True)  # noqa: T201 (that is what it is for)


def _end_with_parent() -> None:
    while os.read(0, 65536):
        pass
    for room in _rooms:
        shutil.rmtree(room, ignore_errors=True)
    os.killpg(0, signal.SIGKILL)


if __name__ == "__main__":
    sys.exit(main())
