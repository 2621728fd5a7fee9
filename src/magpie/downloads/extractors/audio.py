"""The sound of a file, for audio profiles: taken out as it is where possible, re-encoded only when asked."""

from __future__ import annotations

import subprocess
from pathlib import Path

from magpie.downloads.extractors.demuxers import DEMUXERS
from magpie.downloads.extractors.port import Request, Role, SavedFile
from magpie.downloads.extractors.probe import probe
from magpie.downloads.failures import DownloadFailure, Reason

_KEPT_IN = {
    "aac": "m4a", "alac": "m4a", "mp3": "mp3", "mp3float": "mp3", "opus": "opus", "libopus": "opus",
    "vorbis": "ogg", "libvorbis": "ogg", "flac": "flac",
}  # fmt: skip
# With what each encodes unless the profile says otherwise: what hardly anybody can tell from the original.
_ENCODERS = {
    "mp3": ("libmp3lame", "v0"), "opus": ("libopus", "160"), "m4a": ("aac", "192"), "flac": ("flac", None),
}  # fmt: skip
_VARIABLE = {"v0": "0", "v2": "2"}  # LAME's scale of variable rates
_FILM_CONTAINERS = frozenset(
    {"mp4", "webm", "mkv", "mov", "ts", "flv", "3gp"}
)  # sound alone gets its own kind of file
_MIMES = {
    "mp3": "audio/mpeg",
    "m4a": "audio/mp4",
    "opus": "audio/opus",
    "ogg": "audio/ogg",
    "flac": "audio/flac",
}


def take_audio(file: SavedFile, request: Request) -> SavedFile:
    """The file itself if it is sound in the wanted format already; otherwise a new one in its place."""
    facts = probe(request.workdir / file.name)
    if not facts.has_audio:
        raise DownloadFailure(Reason.NO_MEDIA, "it has no sound")
    wanted = request.profile.audio_format
    kept_in = _KEPT_IN.get(facts.audio_codec or "")
    natural = Path(file.name).suffix.removeprefix(".") not in _FILM_CONTAINERS
    if not facts.has_video and wanted in ("keep", kept_in) and natural:
        return file
    extension = wanted if wanted != "keep" else kept_in or "mka"
    if extension == kept_in or wanted == "keep":
        codec: tuple[str, ...] = ("copy",)
    else:
        codec = _encoding(extension, request.profile.audio_quality)
    source = request.workdir / file.name
    target = request.workdir / f"audio.{extension}"
    run_ffmpeg(request.ffmpeg, source, target, "-vn", "-sn", "-dn", "-map", "0:a:0", "-c:a", *codec)
    source.unlink()
    return SavedFile(
        target.name, Role.MEDIA, target.stat().st_size, _MIMES.get(extension, "audio/x-matroska")
    )


def _encoding(extension: str, quality: str | None) -> tuple[str, ...]:
    """ffmpeg's encoder and its rate. Variable rates are MP3's; what has no loss has none to choose."""
    encoder, usual = _ENCODERS[extension]
    if usual is None:
        return (encoder,)
    if quality is None or (quality in _VARIABLE and extension != "mp3"):
        quality = usual
    return (encoder, "-q:a", _VARIABLE[quality]) if quality in _VARIABLE else (encoder, "-b:a", f"{quality}k")


def run_ffmpeg(ffmpeg: str, source: Path, target: Path, *options: str) -> None:
    """Run ffmpeg from one local file to another. It can open nothing else."""
    command = [
        ffmpeg, "-nostdin", "-hide_banner", "-loglevel", "error", "-y", "-protocol_whitelist", "file",
        "-format_whitelist", DEMUXERS, "-i", f"file:{source}", *options, f"file:{target}",
    ]  # fmt: skip
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    except FileNotFoundError as error:
        raise DownloadFailure(Reason.TOOL_MISSING, "ffmpeg") from error
    if done.returncode != 0:
        target.unlink(missing_ok=True)
        words = done.stderr.decode(errors="replace").strip().splitlines()
        raise DownloadFailure(Reason.BROKEN_MEDIA, words[-1][:300] if words else "ffmpeg failed")
