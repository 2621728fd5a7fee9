"""What a site says of each picture: gallery-dl writes it beside the picture, and it is kept as one file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from magpie.downloads.extractors.port import Role, SavedFile

NAME = "magpie.gallery.json"
MIME = "application/json"
MAX_BYTES = 64 << 20  # of what is read; a gallery of thousands says a few of them


def read_facts(sidecar: Path) -> dict[str, Any]:
    """One picture's metadata; nothing if it cannot be read."""
    try:
        facts = json.loads(sidecar.read_text(encoding="utf-8", errors="replace"))
    except (OSError, ValueError, RecursionError):
        return {}
    return facts if isinstance(facts, dict) else {}


def facts_of(file: Path) -> dict[str, Any]:
    return read_facts(file.with_name(f"{file.name}.json"))


def gather(folder: Path) -> SavedFile | None:
    """Write `{"files": {name: what is said of it}}` beside the folder; None if nothing is said of any."""
    told: dict[str, dict[str, Any]] = {}
    room = MAX_BYTES
    for sidecar in sorted(folder.glob("*.json")):
        room -= sidecar.stat().st_size
        if room >= 0 and (facts := read_facts(sidecar)):
            told[sidecar.stem] = facts
    if not told:
        return None
    path = folder.parent / NAME
    text = json.dumps({"files": told}, ensure_ascii=False, indent=1)
    path.write_text(text, encoding="utf-8", errors="replace")
    return SavedFile(path.name, Role.INFO, path.stat().st_size, MIME)
