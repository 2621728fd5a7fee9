"""What others call: `master`. The work is done by a child process, so that the server stays small."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import structlog

from magpie.downloads.tools import find_tools
from magpie.kit.child.running import EndedEarly, Program, Stopped, TookTooLong, run
from magpie.podcasts.mastering.order import Mastered, MasteringFailed, MasteringOrder
from magpie.podcasts.mastering.wire import mastered_of_json, order_as_json
from magpie.podcasts.mastering.workroom import sweep

log = structlog.get_logger(__name__)

# One core: others want to work, too, and more threads are no faster with matrices this small.
_ONE_CORE = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
_PATIENCE = 300.0  # seconds for anything
_BYTES_A_SECOND = 100_000  # of clips and music: a fortieth of what is usual


def master(
    order: MasteringOrder,
    on_progress: Callable[[float], None] | None = None,
    stop: Callable[[], bool] | None = None,
    *,
    ffmpeg: str = "",
) -> Mastered:
    """Make the recording. Raises `MasteringFailed`, and leaves nothing behind then.

    `on_progress` is told 0 to 1. `stop` is asked several times a second. `ffmpeg` as in the settings.
    """
    try:
        order.folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise MasteringFailed("failing", f"The folder cannot be used: {error.strerror}") from error
    request = {"order": order_as_json(order), "ffmpeg": _program(ffmpeg)}
    program = Program("magpie.podcasts.mastering.child", _patience(order), given=_ONE_CORE)

    def on_message(told: dict[str, Any]) -> None:
        if on_progress is not None:
            on_progress(told["progress"])

    try:
        answer = run(program, request, stop or (lambda: False), on_message)
    except Stopped:
        raise MasteringFailed("stopped", "It was stopped") from None
    except TookTooLong:
        raise MasteringFailed("timed_out", "It took too long") from None
    except EndedEarly as error:
        raise MasteringFailed("failing", "The program that makes the recording has ended early") from error
    finally:
        sweep(order.folder, order.name)
    if "mastered" in answer:
        return mastered_of_json(answer["mastered"])
    failed = answer["failed"]
    if failed["detail"]:
        log.error("mastering_failed", detail=failed["detail"])
    raise MasteringFailed(failed["reason"], failed["message"], clip=failed["clip"])


def _program(ffmpeg: str) -> str:
    with suppress(RuntimeError, ImportError):
        if found := shutil.which(find_tools(ffmpeg).ffmpeg):
            return found
    raise MasteringFailed("no_ffmpeg", "ffmpeg, which writes the files, is not there")


def _patience(order: MasteringOrder) -> float:
    size = 0
    for path in [clip.path for clip in order.clips]:
        with suppress(OSError):
            size += path.stat().st_size
    return _PATIENCE + size * (1 + len(order.formats)) / _BYTES_A_SECOND
