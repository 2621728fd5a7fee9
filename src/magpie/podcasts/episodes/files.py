"""Where an episode's files lie: the finished ones in the folder `podcasts`, what it is made of in a folder of its own."""

from __future__ import annotations

import json
import os
import re
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from magpie.config import Settings
from magpie.podcasts.making.folder import GONE, write_whole

FOLDER = "podcasts"
MUSIC = "music"  # below it: pieces that templates may name
INCOMING = ".incoming-"
FORMATS = {"mp3": "audio/mpeg", "opus": "audio/ogg", "m4a": "audio/mp4"}
SOURCE = "source"
KEY = re.compile(r"[0-9a-f]{32}")


def root_of(settings: Settings) -> Path:
    """The folder of all podcasts."""
    return settings.data_dir / FOLDER


def work_folder(root: Path, key: str) -> Path:
    """Where an episode's sources and intermediate files are."""
    _require_key(key)
    return root / key


def finished(root: Path, key: str, ending: str) -> Path:
    """One of its finished files: `mp3`, `json`, `vtt`, `chapters.json`, `jpg`, …"""
    _require_key(key)
    return root / f"{key}.{ending}"


def _require_key(key: str) -> None:
    if not KEY.fullmatch(key):
        raise ValueError("not the key of an episode")


def source_name(position: int, name: str | None) -> str:
    """What a source is called in the episode's folder: its number, and an ending that is a plain word."""
    ending = Path(name or "").suffix.lower()
    return f"{SOURCE}-{position}{ending if re.fullmatch(r'[.][a-z0-9]{1,8}', ending) else ''}"


@contextmanager
def incoming(root: Path) -> Iterator[Path]:
    """A folder for what is being uploaded; what is still in it in the end is deleted."""
    folder = root / f"{INCOMING}{uuid.uuid4().hex}"
    folder.mkdir(parents=True, mode=0o700)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def amend_metadata(root: Path, key: str, **values: object) -> None:
    """Change what the metadata beside a finished recording tells. The episode must be locked. Raises `OSError`."""
    path = finished(root, key, "json")
    with suppress(FileNotFoundError, ValueError):
        told = json.loads(path.read_bytes())
        if isinstance(told, dict) and told != told | values:
            write_whole(
                path, json.dumps(told | values, ensure_ascii=False, indent=2).encode("utf-8", "replace")
            )


def put_text(folder: Path, name: str, text: str) -> None:
    """Write a text source, on the disk when this returns."""
    descriptor = os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(text.encode("utf-8", "replace"))
        file.flush()
        os.fsync(file.fileno())


def remove_work(root: Path, key: str) -> None:
    """Delete an episode's sources and intermediate files: they go in one moment, so that whoever is still at work on it
    finds nothing to publish, and are deleted then."""
    folder, gone = work_folder(root, key), root / f"{GONE}{uuid.uuid4().hex}"
    try:
        folder.rename(gone)
    except FileNotFoundError:
        return
    except OSError:
        gone = folder
    shutil.rmtree(gone, ignore_errors=True)


def remove_all(root: Path, key: str) -> None:
    """Delete everything of an episode."""
    remove_work(root, key)
    for path in root.glob(f"{key}.*"):
        with suppress(OSError):
            path.unlink()
