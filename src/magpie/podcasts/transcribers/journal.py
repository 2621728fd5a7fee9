"""What has been heard already, so that nobody is asked for it again."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

Kept = dict[str, Any]


class Journal(Protocol):
    """Keeps results by keys. Thread-safe for different keys."""

    def once(self, key: str, do: Callable[[], Kept]) -> Kept:
        """What `do` gave under this key at any time; done only if it never ended. What it raises is not kept."""
        ...


class FolderJournal:
    """Keeps each result as a file. A file that cannot be read is as good as none."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def once(self, key: str, do: Callable[[], Kept]) -> Kept:
        path = self._folder / f"{hashlib.sha256(key.encode()).hexdigest()}.json"
        kept = _read(path)
        if kept is not None:
            return kept
        result = do()
        self._folder.mkdir(parents=True, exist_ok=True)
        new = path.with_suffix(".new")
        with new.open("w", encoding="utf-8") as out:
            json.dump(result, out)
            out.flush()
            os.fsync(out.fileno())
        new.replace(path)
        return result


def _read(path: Path) -> Kept | None:
    try:
        content = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return None
    return content if isinstance(content, dict) else None
