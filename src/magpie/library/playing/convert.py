"""ffmpeg's part: a file's streams in another container or converted, sent while it is made, and never stored.

The program may open that one file, as media of known kinds, and write to its pipe. It leads a process group of its own,
which is killed when the client leaves, or has taken nothing for a while; a pipe that nobody reads stops it, too.
"""

from __future__ import annotations

import asyncio
import os
import resource
import signal
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import anyio
import structlog
from anyio.lowlevel import RunVar
from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

from magpie.downloads.extractors.demuxers import DEMUXERS
from magpie.kit.errors import AppError, Unavailable
from magpie.library.playing.facts import Facts
from magpie.library.playing.plan import Plan, Way

log = structlog.get_logger(__name__)

CHUNK = 128 * 1024
TURN_SECONDS = 4.0  # who jumps within a film has one process that ends while the other begins
FIRST_SECONDS = 60.0
STALL_SECONDS = 180.0
MEMORY = 4 << 30  # bytes
NICENESS = 10

_ENCODERS = {
    "h264": ("libx264", "-preset", "veryfast", "-crf", "23", "-maxrate", "8M", "-bufsize", "16M"),
    "vp8": ("libvpx", "-deadline", "realtime", "-cpu-used", "8", "-b:v", "2500k", "-crf", "20"),
    "aac": ("aac", "-b:a", "192k", "-ac", "2"),
    "opus": ("libopus", "-b:a", "160k", "-ac", "2"),
}
_WIDEST = "scale=w='min(1920,iw)':h=-2,format=yuv420p"
_MUXERS = {
    # A fragment at least every so many microseconds; the head waits for the first packets, which tell what it must say.
    "mp4": ("mp4", "-movflags", "+frag_keyframe+delay_moov+default_base_moof", "-frag_duration", "2000000",
            "-min_frag_duration", "1000000", "-strict", "experimental"),
    "webm": ("webm", "-live", "1", "-cluster_time_limit", "2000"),
}  # fmt: skip


class NotPlayable(AppError):
    """The file cannot be turned into what the client plays (406)."""

    status = 406
    default = "There is no way to play this file here: download it"


@dataclass(frozen=True, slots=True)
class Conversion:
    """What is to be made of which file. `start` in seconds."""

    ffmpeg: str
    source: Path
    facts: Facts
    plan: Plan
    start: float = 0.0

    def command(self) -> list[str]:
        """The program with its arguments. The source is an absolute path, and so no option nor address."""
        exact = () if self.plan.way is Way.TRANSCODE and self.plan.video != "copy" else ("-noaccurate_seek",)
        seek = ("-ss", f"{self.start:.3f}", *exact) if self.start else ()
        return [
            self.ffmpeg, "-nostdin", "-hide_banner", "-loglevel", "quiet", *seek,
            "-protocol_whitelist", "file", "-format_whitelist", DEMUXERS, "-i", f"file:{self.source}",
            *self._video(), *self._audio(), "-sn", "-dn", "-map_metadata", "-1", "-map_chapters", "-1",
            "-avoid_negative_ts", "make_zero", "-f", *_MUXERS[self.plan.container], "pipe:1",
        ]  # fmt: skip

    def _video(self) -> list[str]:
        if self.plan.video is None:
            return ["-vn"]
        chosen = ["-map", f"0:{self.facts.video_index}", "-c:v"]
        if self.plan.video == "copy":
            return [*chosen, "copy", *(("-tag:v", "hvc1") if self.facts.video == "hevc" else ())]
        return [*chosen, *_ENCODERS[self.plan.video], "-vf", _WIDEST, "-g", "120"]

    def _audio(self) -> list[str]:
        if self.plan.audio is None:
            return ["-an"]
        chosen = ["-map", f"0:{self.facts.audio_index}", "-c:a"]
        return [*chosen, *(("copy",) if self.plan.audio == "copy" else _ENCODERS[self.plan.audio])]


class ConversionAnswer(Response):
    """The converted stream as an answer of unknown length. 503 if `most` others are at it, 406 if nothing comes."""

    def __init__(self, conversion: Conversion, most: int) -> None:
        headers = {"Cache-Control": "no-store", "Accept-Ranges": "none"}
        super().__init__(media_type=conversion.plan.mime, headers=headers)
        del self.headers["content-length"]
        self._conversion = conversion
        self._most = most

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] == "HEAD":
            await send(self._head())
            await send({"type": "http.response.body", "body": b""})
            return
        await self._answer_while_heard(scope, receive, send)
        if self.background is not None:
            await self.background()

    async def _answer_while_heard(self, scope: Scope, receive: Receive, send: Send) -> None:
        async with anyio.create_task_group() as tasks:

            async def watch() -> None:
                while (await receive())["type"] != "http.disconnect":
                    pass
                tasks.cancel_scope.cancel()

            tasks.start_soon(watch)
            try:
                await self._answer(scope, receive, send)
            except AppError as error:
                refusal = JSONResponse(error.body(), error.status, headers=error.extra_headers)
                await refusal(scope, receive, send)
            tasks.cancel_scope.cancel()

    def _head(self) -> dict[str, object]:
        return {"type": "http.response.start", "status": 200, "headers": self.raw_headers}

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        async with _turn(self._most), _running(self._conversion.command()) as (process, output):
            chunk = b""
            with anyio.move_on_after(FIRST_SECONDS):
                chunk = await output.read(CHUNK)
            if not chunk:
                raise NotPlayable
            await send(self._head())
            while chunk:
                with anyio.move_on_after(STALL_SECONDS) as patience:
                    await send({"type": "http.response.body", "body": chunk, "more_body": True})
                if patience.cancelled_caught:
                    log.info("conversion_not_taken")
                    return
                chunk = await output.read(CHUNK)
            if await process.wait():  # hanging up tells the client that this is not all
                log.warning("conversion_ended_early", exit_code=process.returncode)
                return
            await send({"type": "http.response.body", "body": b"", "more_body": False})


_turns: RunVar[anyio.CapacityLimiter] = RunVar("conversions")


@asynccontextmanager
async def _turn(most: int) -> AsyncIterator[None]:
    """One of `most` turns. Raises `Unavailable` if all are taken."""
    try:
        limiter = _turns.get()
    except LookupError:
        limiter = anyio.CapacityLimiter(max(most, 1))
        _turns.set(limiter)
    limiter.total_tokens = max(most, 1)  # the setting may have changed
    holder = object()
    with anyio.move_on_after(TURN_SECONDS) as patience:
        await limiter.acquire_on_behalf_of(holder)
    if patience.cancelled_caught:
        detail = "As many files as allowed are being converted: try again in a while"
        raise Unavailable(detail, headers={"Retry-After": "10"})
    try:
        yield
    finally:
        limiter.release_on_behalf_of(holder)


@asynccontextmanager
async def _running(
    command: list[str],
) -> AsyncIterator[tuple[asyncio.subprocess.Process, asyncio.StreamReader]]:
    """The program, and what it writes; it does not outlive this."""
    try:
        process = await asyncio.create_subprocess_exec(
            *command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            limit=CHUNK,
            env={"PATH": os.environ.get("PATH", "")},
            cwd="/",
        )
    except OSError as error:
        raise NotPlayable("ffmpeg, which would convert this file, cannot be run") from error
    try:
        _bound(process.pid)
        assert process.stdout is not None  # noqa: S101 (asked for above)
        yield process, process.stdout
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        with anyio.CancelScope(shield=True):
            while process.stdout is not None and await process.stdout.read(CHUNK):
                pass  # up to the pipe's end, where it closes itself
            await process.wait()


def _bound(pid: int) -> None:
    """From outside, since nothing may run between fork and exec in a program with threads. It writes no file, takes little
    memory, and gives way to all else."""
    with suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, pid, NICENESS)
    if hasattr(resource, "prlimit"):  # Linux
        for limit, value in ((resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_FSIZE, 0)):
            with suppress(OSError, ValueError):
                resource.prlimit(pid, limit, (value, value))
