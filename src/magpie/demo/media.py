"""Real media made at run time by ffmpeg's own test sources: seconds long, tiny, tagged, each made only once.

A recipe names one file (or one folder, for HLS and DASH). `Studio.make` answers its path inside the folder that the
caller gave; the recipe's hash is in the name, so several threads, processes and test runs may share that folder.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

# ffmpeg's synthetic sources (https://ffmpeg.org/ffmpeg-filters.html#Video-Sources); {n} varies the picture.
SCENES: Mapping[str, str] = {
    "bars": "testsrc2=size={size}:rate={fps}",
    "colours": "gradients=size={size}:rate={fps}:seed={n}:speed=0.03:n=3:c0=0x14213d:c1=0xe76f51:c2=0xf4d58d",
    "fractal": "mandelbrot=size={size}:rate={fps}:start_scale={scale}",
    "triangles": "sierpinski=size={size}:rate={fps}:seed={n}",
    "tv": "smptehdbars=size={size}:rate={fps}",
}

_VIDEO_CODECS: Mapping[str, tuple[str, ...]] = {
    "webm": ("-c:v", "libvpx", "-deadline", "realtime", "-cpu-used", "8", "-b:v", "200k"),
    "": ("-c:v", "libx264", "-preset", "ultrafast", "-crf", "35"),
}
_AUDIO_CODECS: Mapping[str, tuple[str, ...]] = {
    "mp3": ("-c:a", "libmp3lame", "-b:a", "64k", "-id3v2_version", "3"),
    "opus": ("-c:a", "libopus", "-b:a", "48k"),
    "webm": ("-c:a", "libopus", "-b:a", "48k"),
    "flac": ("-c:a", "flac"),
    "wav": ("-c:a", "pcm_s16le"),
    "": ("-c:a", "aac", "-b:a", "48k"),
}
_COMMON = ("-threads", "1", "-map_metadata", "-1", "-flags", "+bitexact", "-fflags", "+bitexact")


class MediaError(RuntimeError):
    """ffmpeg is missing or refused; the message carries its own last words."""


@dataclass(frozen=True)
class Recipe:
    """What to make: `name` is the file's name; with `folder` the output is a folder whose entry file has that name."""

    name: str
    arguments: tuple[str, ...]
    folder: bool = False
    tags: tuple[tuple[str, str], ...] = field(default=())

    def key(self) -> str:
        """A short hash of everything that shapes the bytes."""
        return hashlib.sha256(repr(self).encode()).hexdigest()[:12]


def find_ffmpeg() -> str:
    """Path of an ffmpeg: the machine's own, otherwise imageio-ffmpeg's. Raises `MediaError` if there is none."""
    found = shutil.which("ffmpeg")
    if found:
        return found
    try:
        import imageio_ffmpeg  # type: ignore[import-untyped]

        return str(imageio_ffmpeg.get_ffmpeg_exe())
    except (ImportError, RuntimeError) as error:
        raise MediaError(f"no ffmpeg was found to make the demo media with: {error}") from error


def _scene(scene: str, size: str, fps: int, variant: int) -> str:
    scale = round(3.0 / (1 + variant % 7), 3)
    return SCENES[scene].format(size=size, fps=fps, n=variant + 1, scale=scale)


def _tags(title: str, tags: Mapping[str, str] | None) -> tuple[tuple[str, str], ...]:
    return tuple(sorted({"title": title, **(tags or {})}.items()))


def video(
    name: str,
    title: str,
    *,
    scene: str = "bars",
    seconds: float = 2.0,
    size: str = "320x180",
    fps: int = 15,
    sound: bool = True,
    tone: int = 440,
    variant: int = 0,
    tags: Mapping[str, str] | None = None,
) -> Recipe:
    """A video file; the container follows from the name's ending (mp4, mkv, mov, webm)."""
    kind = name.rsplit(".", 1)[-1]
    arguments = ["-f", "lavfi", "-i", _scene(scene, size, fps, variant)]
    if sound:
        arguments += ["-f", "lavfi", "-i", f"sine=frequency={tone}:sample_rate=44100"]
        arguments += [*_AUDIO_CODECS.get(kind, _AUDIO_CODECS[""])]
    arguments += ["-t", f"{seconds}", "-pix_fmt", "yuv420p", "-g", f"{fps}"]
    arguments += [*_VIDEO_CODECS.get(kind, _VIDEO_CODECS[""])]
    if kind in ("mp4", "mov"):
        arguments += ["-movflags", "+faststart"]
    return Recipe(name, tuple(arguments), tags=_tags(title, tags))


def audio(
    name: str,
    title: str,
    *,
    seconds: float = 3.0,
    tone: int = 330,
    tags: Mapping[str, str] | None = None,
) -> Recipe:
    """An audio file with tags; the codec follows from the name's ending (mp3, m4a, opus, flac, wav)."""
    kind = name.rsplit(".", 1)[-1]
    partials = ((0.2, tone), (0.15, tone * 5 / 4), (0.1, tone * 3 / 2))
    chord = "+".join(f"{loudness}*sin({pitch:.2f}*2*PI*t)" for loudness, pitch in partials)
    chord = f"aevalsrc={chord}:s=44100"
    arguments = ("-f", "lavfi", "-i", chord, "-t", f"{seconds}", *_AUDIO_CODECS.get(kind, _AUDIO_CODECS[""]))
    return Recipe(name, arguments, tags=_tags(title, tags))


def image(name: str, *, scene: str = "fractal", size: str = "640x400", variant: int = 0) -> Recipe:
    """A still picture (jpg, png, webp) or a short animation (gif)."""
    kind = name.rsplit(".", 1)[-1]
    arguments = ["-f", "lavfi", "-i", _scene(scene, size, 5, variant)]
    if kind == "gif":
        arguments += ["-t", "1"]
    else:
        # One single picture; `-update` keeps the image muxer from reading the name as a pattern.
        arguments += ["-frames:v", "1", *(("-update", "1") if kind != "webp" else ())]
    if kind == "jpg":
        arguments += ["-pix_fmt", "yuvj420p", "-q:v", "4"]
    return Recipe(name, tuple(arguments))


def hls(
    title: str,
    *,
    kind: str = "ts",
    size: str = "320x180",
    seconds: float = 4.0,
    fps: int = 15,
    scene: str = "bars",
    variant: int = 0,
) -> Recipe:
    """A folder with `index.m3u8` and one-second segments, MPEG-TS (`ts`) or fragmented MP4 (`fmp4`)."""
    base = video("x.mp4", title, scene=scene, seconds=seconds, size=size, fps=fps, variant=variant)
    ending = "ts" if kind == "ts" else "m4s"
    kind_name = "mpegts" if kind == "ts" else "fmp4"
    shape = f"-keyint_min {fps} -sc_threshold 0 -f hls -hls_time 1 -hls_list_size 0 -hls_playlist_type vod"
    arguments = (
        *base.arguments[: base.arguments.index("-movflags")],
        *f"{shape} -hls_segment_type {kind_name}".split(),
        *("-hls_segment_filename", f"{{folder}}/seg%03d.{ending}"),
    )
    return Recipe("index.m3u8", arguments, folder=True, tags=base.tags)


def dash(title: str, *, seconds: float = 4.0, fps: int = 15) -> Recipe:
    """A folder with `manifest.mpd`: two video qualities and one audio track, to be merged by whoever saves it."""
    inputs = (
        "-f",
        "lavfi",
        "-i",
        _scene("bars", "320x180", fps, 0),
        "-f",
        "lavfi",
        "-i",
        "sine=frequency=550",
    )
    shape = (
        f"-t {seconds} -map 0:v -map 0:v -map 1:a -pix_fmt yuv420p -c:v libx264 -preset ultrafast -g {fps} "
        f"-keyint_min {fps} -sc_threshold 0 -s:v:0 320x180 -b:v:0 200k -s:v:1 160x90 -b:v:1 60k -c:a aac "
        "-b:a 48k -f dash -seg_duration 1 -use_template 1 -use_timeline 0"
    )
    arguments = (*inputs, *shape.split(), "-adaptation_sets", "id=0,streams=v id=1,streams=a")
    return Recipe("manifest.mpd", arguments, folder=True, tags=_tags(title, None))


class Studio:
    """Makes recipes into files below `folder`, lazily, each once; safe to use from many threads."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._guard = threading.Lock()
        self._locks: dict[str, threading.Lock] = {}

    def make(self, recipe: Recipe) -> Path:
        """The path of the recipe's file (of its entry file, if it makes a folder). Raises `MediaError`."""
        key = recipe.key()
        place = self.folder / key
        entry = place / recipe.name
        with self._guard:
            lock = self._locks.setdefault(key, threading.Lock())
        with lock:
            if not entry.exists():
                self._run(recipe, place)
        return entry

    def _run(self, recipe: Recipe, place: Path) -> None:
        """Runs ffmpeg in a temporary folder and moves it into place whole, so that nobody ever sees half a file."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=self.folder) as name:
            work = Path(name) / "out"
            work.mkdir()
            arguments = [argument.replace("{folder}", str(work)) for argument in recipe.arguments]
            tags = [part for key, value in recipe.tags for part in ("-metadata", f"{key}={value}")]
            command = [find_ffmpeg(), "-v", "error", "-nostdin", "-y", *arguments, *_COMMON, *tags]
            command.append(str(work / recipe.name))
            run = subprocess.run(command, check=False, capture_output=True, text=True, timeout=120)
            if run.returncode != 0:
                raise MediaError(f"ffmpeg could not make {recipe.name}: {run.stderr.strip()[-400:]}")
            try:
                work.rename(place)
            except OSError:
                # Another process was faster; its folder is as good as ours.
                if not (place / recipe.name).exists():
                    raise
