"""Asking a platform: bounded in size and time, polite, through the proxy if there is one, with typed failures.

What is asked is a path below a service's base address, which is a setting: no address that came from outside gets
here, except for the hops of short links, whose hosts `share` checks. Nothing of a request but its host stands in an error.
"""

from __future__ import annotations

import json
import random
import time
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

import httpx

import magpie
from magpie.config import Settings
from magpie.kit.egress.errors import EgressRefused, EgressUnresolved
from magpie.kit.egress.policy import EgressPolicy
from magpie.kit.waits import retry_after
from magpie.playlists.sources.port import SourceFailed

MAX_BYTES = 32 << 20  # of one answer, unpacked
TOTAL_SECONDS = 90.0  # for one answer
TIMEOUT = httpx.Timeout(30.0, connect=10.0)
ATTEMPTS = 3
MAX_WAIT = 20.0  # seconds between two attempts; who is asked to wait longer comes another time
_PAUSE = 0.5  # seconds before the second attempt, if the platform names no time
_TRY_AGAIN = frozenset({429, 500, 502, 503, 504})
# For pages that are made for browsers: with the name of a program they come without what is looked for.
BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


@cache
def _certificates() -> Any:
    """Read once: that takes some 20 ms."""
    return httpx.create_ssl_context()


@dataclass(frozen=True, slots=True)
class Answer:
    """What a platform said. `host` is for messages."""

    status: int
    headers: httpx.Headers
    body: bytes
    host: str

    def json(self) -> Any:
        """Raises `SourceFailed("unreadable")` for what is not JSON."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError) as error:
            raise self.unreadable() from error

    def text(self) -> str:
        """The page's text; what cannot be decoded is replaced."""
        return self.body.decode("utf-8", errors="replace")

    def unreadable(self) -> SourceFailed:
        """The failure of an answer that is not what the platform used to say."""
        return SourceFailed("unreadable", f"{self.host} answered something that is not a playlist.")


class Fetcher:
    """One conversation with the platforms; close it, or use it as a context.

    `transport` and `sleep` are for tests.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        transport: httpx.BaseTransport | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.settings = settings
        self._sleep = sleep
        self._policy = EgressPolicy([entry for entry in settings.egress_allow.split(",") if entry.strip()])
        self._client = httpx.Client(
            proxy=httpx.Proxy(settings.proxy) if settings.proxy and transport is None else None,
            transport=transport,
            verify=_certificates(),
            trust_env=False,
            follow_redirects=False,
            timeout=TIMEOUT,
            headers={"User-Agent": f"Magpie/{magpie.__version__}", "Accept-Encoding": "gzip, deflate"},
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self._client.close()

    def get(
        self,
        service: str,
        path: str,
        *,
        params: Mapping[str, str | int] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """A read; 200 answers only. `service` is a setting (`netease_url`) or a base address of a plug-in's own.

        Raises `SourceFailed`.
        """
        return self._settled("GET", service, path, params=params, headers=headers)

    def post(
        self,
        service: str,
        path: str,
        *,
        form: Mapping[str, str | int] | None = None,
        data: Any = None,
        headers: Mapping[str, str] | None = None,
        auth: tuple[str, str] | None = None,
    ) -> Answer:
        """A question that is too long for an address: it changes nothing there, so it is repeated like a read.

        `form` goes as a form, `data` as JSON. Raises `SourceFailed`.
        """
        return self._settled("POST", service, path, data=form, json=data, headers=headers, auth=auth)

    def hop(self, url: str) -> Answer:
        """One step of a short link, whatever its status. The caller has judged the host. Raises `SourceFailed`."""
        return self._ask("GET", url, headers={"User-Agent": BROWSER})

    def pause(self, seconds: float) -> None:
        """Leave a platform alone for a moment that it asks for, twenty seconds at most."""
        self._sleep(min(seconds, MAX_WAIT))

    def url_of(self, service: str, path: str) -> str:
        """The address that a service's path stands for. A base that names the very endpoint is left as it is."""
        base = getattr(self.settings, service) if "://" not in service else self._judged(service)
        endpoint = path.partition("?")[0]
        return str(base) if base.endswith(endpoint) and endpoint.count("/") > 1 else f"{base}{path}"

    def _judged(self, base: str) -> str:
        """A base address that is no setting must lead to a public place, as a download's must."""
        try:
            target = self._policy.check_url(base)
            if self.settings.proxy:
                self._policy.check_remote_name(target.host, target.port)
            else:
                self._policy.resolve(target.host, target.port)
        except EgressUnresolved as error:
            raise SourceFailed("unreachable", f"{urlsplit(base).hostname} cannot be found.") from error
        except EgressRefused as error:
            raise SourceFailed("refused", str(error)) from error
        return base.rstrip("/")

    def _settled(self, method: str, service: str, path: str, **given: Any) -> Answer:
        """The answer, after as many attempts as it takes, if its status is 200."""
        url = self.url_of(service, path)
        for attempt in range(1, ATTEMPTS + 1):
            last = attempt == ATTEMPTS
            try:
                answer = self._ask(method, url, **given)
            except SourceFailed as failure:
                if last or failure.reason != "unreachable":
                    raise
                self._sleep(_pause(attempt))
                continue
            if answer.status == 200:
                return answer
            wait = retry_after(answer.headers)
            pause = _pause(attempt) if wait is None else wait
            if last or answer.status not in _TRY_AGAIN or pause > MAX_WAIT:
                raise failure_of(answer, wait)
            self._sleep(pause)
        raise AssertionError("the last attempt answers or raises")

    def _ask(self, method: str, url: str, **given: Any) -> Answer:
        host = urlsplit(url).netloc
        try:
            with self._client.stream(method, url, **given) as response:
                body = _body(response, host)
                return Answer(response.status_code, response.headers, body, host)
        except httpx.TimeoutException as error:
            raise SourceFailed("unreachable", f"{host} does not answer in time.") from error
        except httpx.ProxyError as error:
            raise SourceFailed("unreachable", f"The proxy does not let {host} through.") from error
        except (httpx.InvalidURL, httpx.UnsupportedProtocol) as error:
            raise SourceFailed("unreadable", "This is not an address that can be asked.") from error
        except httpx.HTTPError as error:
            raise SourceFailed(
                "unreachable", f"{host} cannot be reached ({type(error).__name__})."
            ) from error


def _body(response: httpx.Response, host: str) -> bytes:
    """The bytes, unpacked by ourselves so that they stay bounded while they are."""
    too_large = SourceFailed("unreadable", f"{host} answered more than 32 MB.")
    packed = response.headers.get("Content-Encoding", "").lower() in ("gzip", "deflate", "x-gzip")
    unpacker = zlib.decompressobj(wbits=47) if packed else None
    data = bytearray()
    latest = time.monotonic() + TOTAL_SECONDS
    for chunk in response.iter_raw(65536):
        if time.monotonic() > latest:
            raise SourceFailed("unreachable", f"{host} answers too slowly.")
        try:
            data += unpacker.decompress(chunk, MAX_BYTES + 1 - len(data)) if unpacker else chunk
        except zlib.error as error:
            raise SourceFailed("unreadable", f"{host} answered something that cannot be unpacked.") from error
        if len(data) > MAX_BYTES:
            raise too_large
    return bytes(data)


def _pause(attempt: int) -> float:
    return _PAUSE * 2.0 ** (attempt - 1) * random.uniform(1.0, 1.5)  # noqa: S311  not a secret


def failure_of(answer: Answer, wait: float | None = None) -> SourceFailed:
    """What an answer's status means."""
    host, status = answer.host, answer.status
    if status == 429:
        return limited(host, wait)
    if status in (404, 410):
        return SourceFailed("gone", f"{host} does not have this playlist (any more).")
    if status == 401:
        return SourceFailed("private", f"{host} shows this playlist to its owner only.")
    if status in (403, 451):
        return SourceFailed("refused", f"{host} refuses to show this playlist (HTTP {status}).")
    if status >= 500:
        return SourceFailed(
            "unreachable", f"{host} has trouble of its own (HTTP {status}).", retry_after=wait
        )
    return SourceFailed("unreadable", f"{host} answered with HTTP {status}.")


def limited(host: str, wait: float | None = None) -> SourceFailed:
    """The failure of a platform that has been asked too often."""
    return SourceFailed("limited", f"{host} has been asked too often.", retry_after=wait)
