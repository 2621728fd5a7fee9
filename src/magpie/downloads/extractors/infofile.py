"""What is known of a medium as a file of its own, in yt-dlp's words: other programs, and Magpie itself, read them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from magpie.downloads.extractors.port import Kind, Medium, Request, Role, SavedFile

NAME = "magpie.info.json"
MIME = "application/json"


def write_info(medium: Medium, files: Sequence[SavedFile], request: Request) -> SavedFile | None:
    """For a profile that wants it, unless the tool itself has brought such a file; galleries bring one a picture."""
    there = any(file.role is Role.INFO for file in files)
    if not request.profile.info_json or there or medium.kind is Kind.GALLERY:
        return None
    return store(_facts(medium), request)


def store(facts: dict[str, Any], request: Request) -> SavedFile:
    """Write these facts (JSON values) into the work folder."""
    path = request.workdir / NAME
    text = json.dumps(facts, ensure_ascii=False, indent=1, allow_nan=False)
    path.write_text(text, encoding="utf-8", errors="replace")
    return SavedFile(path.name, Role.INFO, path.stat().st_size, MIME)


def _facts(medium: Medium) -> dict[str, Any]:
    facts = {
        **medium.extra,
        "id": medium.source_id,
        "title": medium.title,
        "extractor_key": medium.extractor,
        "webpage_url": medium.url,
        "uploader": medium.artist,
        "artist": medium.artist if medium.kind is Kind.AUDIO else None,
        "album": medium.album,
        "duration": medium.duration,
        "description": medium.description,
        "upload_date": _day(medium.published_at),
    }
    return {name: value for name, value in facts.items() if value is not None}


def _day(published_at: str | None) -> str | None:
    try:
        return datetime.fromisoformat(published_at).strftime("%Y%m%d") if published_at else None
    except ValueError:
        return None
