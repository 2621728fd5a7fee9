"""The programs that downloads call: where they are, and what is missing."""

from __future__ import annotations

import shutil
import sys
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Tools:
    """Paths of the outside programs; None for what could not be found."""

    ffmpeg: str
    ffprobe: str | None
    deno: str | None


def find_tools(ffmpeg: str = "") -> Tools:
    """The system's ffmpeg where there is one, otherwise the one that came with the installation."""
    program = ffmpeg or shutil.which("ffmpeg") or _bundled_ffmpeg()
    beside = Path(program).with_name("ffprobe")
    ffprobe = str(beside) if beside.is_file() else shutil.which("ffprobe")
    return Tools(ffmpeg=program, ffprobe=ffprobe, deno=_find_deno())


def _bundled_ffmpeg() -> str:
    import imageio_ffmpeg  # type: ignore[import-untyped]

    return str(imageio_ffmpeg.get_ffmpeg_exe())


def _find_deno() -> str | None:
    """The `deno` wheel puts its program beside Python's; PATH need not name that folder."""
    beside = Path(sys.executable).with_name("deno")
    return str(beside) if beside.is_file() else shutil.which("deno")
