"""Sessions of fetching as they are answered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from magpie.downloads.models import Download
from magpie.kit.db import ReadSession
from magpie.playlists.missing import repository, service
from magpie.playlists.missing.models import SongOrder, SongSession
from magpie.playlists.missing.schemas import CandidateOut, OrderOut, SessionOut


def sessions_out(session: ReadSession, found: list[SongSession], items: int) -> list[SessionOut]:
    """Sessions as they are answered, each with up to so many of its songs."""
    counts = repository.counts(session, [one.id for one in found])
    answers = []
    for one in found:
        orders = repository.orders(session, one.id, items) if items else []
        downloads = repository.downloads_of(session, orders)
        answers.append(
            SessionOut(
                session_id=one.id,
                task_id=one.task_id,
                status=one.status,
                **service.sums_of(counts[one.id]),
                created_at=one.created_at,
                ended_at=one.ended_at,
                items=[_order_out(order, downloads) for order in orders],
            )
        )
    return answers


def _order_out(order: SongOrder, downloads: Mapping[int, Download]) -> OrderOut:
    song = order.song
    return OrderOut(
        id=order.id,
        task_id=order.task_id,
        song_id=str(song.get("song_id") or ""),
        title=song.get("title") or "",
        artist=", ".join(song.get("artists") or ()),
        album=song.get("album"),
        duration=song.get("duration"),
        status=order.status,
        reason=order.reason,
        error_message=order.error_message,
        url=order.url,
        download_id=order.download_id,
        item_id=order.item_id,
        progress=_progress(downloads.get(order.download_id or 0)),
        candidates=[_candidate_out(one) for one in order.candidates],
        created_at=order.created_at,
        ended_at=order.ended_at,
    )


def _progress(download: Download | None) -> float | None:
    if download is None or not download.total_bytes or download.downloaded_bytes is None:
        return None
    return min(1.0, download.downloaded_bytes / download.total_bytes)


def _candidate_out(one: Mapping[str, Any]) -> CandidateOut:
    return CandidateOut(**{name: one.get(name) for name in CandidateOut.model_fields})
