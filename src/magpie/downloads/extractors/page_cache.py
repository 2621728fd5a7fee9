"""The page that one extractor has read, kept for the next one, so that it is fetched once."""

from __future__ import annotations

import json
from pathlib import Path

_FILE = "page.json"


def keep_page(workdir: Path, url: str, text: str) -> None:
    """Keep the page for this job; `url` is its address after redirects."""
    folder = workdir / ".job"
    folder.mkdir(mode=0o700, exist_ok=True)
    (folder / _FILE).write_text(json.dumps({"url": url, "text": text}))


def kept_page(workdir: Path) -> tuple[str, str] | None:
    """The address and text of the page, if one was read in this job."""
    try:
        kept = json.loads((workdir / ".job" / _FILE).read_text())
    except FileNotFoundError:
        return None
    return kept["url"], kept["text"]
