"""Asking a service that makes text of recordings."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from magpie.podcasts.asking import Reply, Service
from magpie.podcasts.transcribers.port import TranscriptionFailed

FLAC = "audio/flac"


class Listener(Service):
    """The way to one service. What it raises is `TranscriptionFailed`."""

    failed = TranscriptionFailed
    most = 64 << 20
    lost = "unreachable"

    def send(
        self, path: str, audio: Path, field: str, stop: Callable[[], bool], **given: Mapping[str, Any]
    ) -> Reply:
        """Send a recording as a field of a form; the answer, whatever its status. Raises `TranscriptionFailed`."""
        with audio.open("rb") as sound:
            return self.whole("POST", path, stop, files={field: (audio.name, sound, FLAC)}, **given)

    def failure_of(self, reply: Reply) -> TranscriptionFailed:
        """What the status of an answer other than 200 means, for all services alike."""
        place, status = self.place, reply.status
        if status == 429:
            return TranscriptionFailed(
                "limited", f"{place} has been asked too often.", retry_after=reply.wait
            )
        if status >= 500:
            message = f"{place} has trouble of its own (HTTP {status})."
            return TranscriptionFailed("failing", message, retry_after=reply.wait)
        if status in (401, 403):
            return TranscriptionFailed("refused", f"{place} refuses the key (HTTP {status}).")
        if status == 404:
            return TranscriptionFailed("not_configured", f"{place} has no such service (HTTP 404).")
        return TranscriptionFailed("refused", f"{place} refuses the recording (HTTP {status}).")
