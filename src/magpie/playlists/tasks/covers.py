"""A source's picture for the page: fetched when it is looked at, and kept by the browser."""

from __future__ import annotations

import hashlib
import threading

import httpx
from fastapi import Response

from magpie.config import Settings
from magpie.kit.errors import NotFound, TooManyRequests
from magpie.playlists.models import Task
from magpie.playlists.sync import cover

# Each holds a thread for as long as somebody's picture takes.
_places = threading.BoundedSemaphore(6)
_KEPT_SECONDS = 7 * 86_400


def address_of(task: Task) -> str | None:
    """Where the page finds it. Another picture has another address, since browsers keep what they have."""
    if not task.source_cover_url:
        return None
    digest = hashlib.sha256(task.source_cover_url.encode()).hexdigest()[:12]
    return f"/api/v1/tasks/{task.id}/cover?{digest}"


def answer(settings: Settings, address: str | None) -> Response:
    """The picture that is at this address. Raises `NotFound`, `TooManyRequests`."""
    if not address:
        raise NotFound
    if not _places.acquire(timeout=20):
        raise TooManyRequests("Other pictures are being fetched: try again in a moment", retry_after=5)
    try:
        data, mime = cover.fetch(settings, address)
    except (cover.NoPicture, httpx.HTTPError):
        raise NotFound from None
    finally:
        _places.release()
    headers = {
        "Cache-Control": f"private, max-age={_KEPT_SECONDS}",
        "Content-Security-Policy": "sandbox; default-src 'none'",
    }
    return Response(data, media_type=mime, headers=headers)
