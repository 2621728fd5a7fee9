"""Asking a service: bounded in size and time, ended when the work is stopped, with typed failures.

The address is a setting. No redirect is followed, and nothing of a question but its host stands in an error.
"""

from __future__ import annotations

import asyncio
import ipaddress
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx

import magpie
from magpie.config import Settings
from magpie.playlists.sources.fetching import retry_after
from magpie.podcasts.transcribers.port import TranscriptionFailed

MAX_BYTES = 64 << 20  # of one answer
CONNECT_SECONDS = 10.0
CHECK_SECONDS = 20.0
LOOK_SECONDS = 0.2
FLAC = "audio/flac"


@cache
def _certificates() -> Any:
    """Read once: that takes some 20 ms."""
    return httpx.create_ssl_context()


@dataclass(frozen=True, slots=True)
class Answer:
    """What a service said. `host` is for messages."""

    status: int
    headers: httpx.Headers
    body: bytes
    host: str

    def json(self) -> Any:
        """None for what is not JSON."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            return None


class Service:
    """A service at `base`. `headers` may hold a secret."""

    def __init__(self, base: str, settings: Settings, headers: Mapping[str, str] | None = None) -> None:
        self._base = base
        self._settings = settings
        self._headers = {"User-Agent": f"Magpie/{magpie.__version__}", **(headers or {})}
        self.host = urlsplit(base).netloc.rpartition("@")[2]

    def get(self, path: str) -> Answer:
        """A short question, whatever the status of its answer. Raises `TranscriptionFailed` (`unreachable`)."""
        return asyncio.run(self._within(lambda: False, CHECK_SECONDS, "GET", path))

    def send(
        self,
        path: str,
        audio: Path,
        field: str,
        stop: Callable[[], bool],
        *,
        params: Mapping[str, str] | None = None,
        form: Mapping[str, str | list[str]] | None = None,
    ) -> Answer:
        """Send a recording as a form; the answer, whatever its status, within `ai_timeout_seconds`.

        Raises `TranscriptionFailed`: `unreachable`, or `stopped` as soon as `stop` says so.
        """
        seconds = float(self._settings.ai_timeout_seconds)
        with audio.open("rb") as sound:
            files = {field: (audio.name, sound, FLAC)}
            asked = self._within(stop, seconds, "POST", path, params=params, data=form, files=files)
            return asyncio.run(asked)

    async def _within(self, stop: Callable[[], bool], seconds: float, *given: Any, **more: Any) -> Answer:
        """The answer, or an end to the question once it takes too long or nobody wants it any more."""
        task = asyncio.ensure_future(self._ask(seconds, *given, **more))
        latest = time.monotonic() + seconds
        try:
            while True:
                done, _ = await asyncio.wait({task}, timeout=LOOK_SECONDS)
                if done:
                    return task.result()
                if stop():
                    raise TranscriptionFailed("stopped", "The transcription was stopped.")
                if time.monotonic() > latest:
                    raise TranscriptionFailed("unreachable", f"{self.host} does not answer in time.")
        finally:
            task.cancel()
            await asyncio.wait({task})

    async def _ask(self, seconds: float, method: str, path: str, **given: Any) -> Answer:
        try:
            async with (
                self._client(seconds) as client,
                client.stream(method, f"{self._base}{path}", **given) as response,
            ):
                return Answer(response.status_code, response.headers, await self._body(response), self.host)
        except httpx.TimeoutException as error:
            raise TranscriptionFailed("unreachable", f"{self.host} does not answer in time.") from error
        except (httpx.InvalidURL, httpx.UnsupportedProtocol) as error:
            raise TranscriptionFailed("not_configured", f"{self.host} is not an address.") from error
        except httpx.HTTPError as error:
            message = f"{self.host} cannot be reached ({type(error).__name__})."
            raise TranscriptionFailed("unreachable", message) from error

    def _client(self, seconds: float) -> httpx.AsyncClient:
        proxy = self._settings.proxy
        return httpx.AsyncClient(
            proxy=httpx.Proxy(proxy) if proxy and not _is_near(urlsplit(self._base).hostname or "") else None,
            verify=_certificates(),
            trust_env=False,
            follow_redirects=False,
            timeout=httpx.Timeout(seconds, connect=min(CONNECT_SECONDS, seconds)),
            headers=self._headers,
        )

    async def _body(self, response: httpx.Response) -> bytes:
        data = bytearray()
        async for chunk in response.aiter_bytes(65536):
            data += chunk
            if len(data) > MAX_BYTES:
                raise TranscriptionFailed("failing", f"{self.host} answered more than 64 MB.")
        return bytes(data)


def _is_near(host: str) -> bool:
    """Whether it is a host of this network, which no proxy leads to."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return "." not in host
    return address.is_private or address.is_loopback or address.is_link_local


def failure_of(answer: Answer) -> TranscriptionFailed:
    """What the status of an answer other than 200 means, for all services alike."""
    host, status = answer.host, answer.status
    wait = retry_after(answer.headers.get("Retry-After"))
    if status == 429:
        return TranscriptionFailed("limited", f"{host} has been asked too often.", retry_after=wait)
    if status >= 500:
        message = f"{host} has trouble of its own (HTTP {status})."
        return TranscriptionFailed("failing", message, retry_after=wait)
    if status in (401, 403):
        return TranscriptionFailed("refused", f"{host} refuses the key (HTTP {status}).")
    if status == 404:
        return TranscriptionFailed("not_configured", f"{host} has no such service (HTTP 404).")
    return TranscriptionFailed("refused", f"{host} refuses the recording (HTTP {status}).")
