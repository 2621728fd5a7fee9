"""Asking a service of voices."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from magpie.podcasts.asking import Reply, Service, never
from magpie.podcasts.voices.port import VoiceFailed


class Asker(Service):
    """The way to one service. What it raises is `VoiceFailed`."""

    failed = VoiceFailed
    most = 64 << 20  # twenty minutes as voices send them, and no text in one go takes as long
    lost = "cut"

    def whole(self, method: str, path: str, stop: Callable[[], bool], **given: Any) -> Reply:
        """As any service's; one that sends on to another address refuses."""
        reply = super().whole(method, path, stop, **given)
        if 300 <= reply.status < 400:
            raise VoiceFailed("refused", f"{self.place} sends on to another address. Set that one instead.")
        return reply

    def check(self, path: str) -> None:
        """Whether the service is there and takes the key: any answer will do that does not deny it. Raises `VoiceFailed`."""
        reply = self.quick("GET", path, never)
        if reply.status in (401, 402, 403, 408, 425, 429) or reply.status >= 500:
            raise self.refusal(reply)

    def refusal(self, reply: Reply) -> VoiceFailed:
        """What an answer's status means, as far as it is the same everywhere."""
        place, status = self.place, reply.status
        said = f": {told}" if (told := self.said(reply)) else "."
        if status == 429:
            return VoiceFailed("limited", f"{place} has been asked too often.", retry_after=reply.wait)
        if status in (401, 403):
            return VoiceFailed("refused", f"{place} does not accept its key (HTTP {status}).")
        if status == 402:
            return VoiceFailed("refused", f"{place} asks for money first (HTTP 402).")
        if status in (408, 425) or status >= 500:
            message = f"{place} has trouble of its own (HTTP {status})."
            return VoiceFailed("failing", message, retry_after=reply.wait)
        return VoiceFailed("refused", f"{place} refuses (HTTP {status}){said}")

    def said(self, reply: Reply) -> str:
        """What a service says of a failure, short and printable and without keys; "" if it says nothing readable."""
        return self.quote(_message_in(reply.json()))


def _message_in(said: Any) -> str:
    """The sentence in an error as services write it: `error.message`, `detail.message`, `detail`, `error`; of a form that
    was filled in wrongly, the field goes before."""
    if isinstance(said, list):
        said = said[0] if said else ""
    if isinstance(said, dict) and isinstance(said.get("msg"), str):
        where = said.get("loc")
        return f"{'.'.join(map(str, where))}: {said['msg']}" if isinstance(where, list) else str(said["msg"])
    for name in ("message", "error", "detail"):
        if isinstance(said, dict) and name in said:
            return _message_in(said[name])
    return said if isinstance(said, str) else ""
