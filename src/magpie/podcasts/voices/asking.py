"""Asking a service of voices: bounded in size and time, ended at once when told to, with typed failures.

The service is an administrator's choice, so it may be anywhere; nothing follows it to another host. No message
holds a key.
"""

from __future__ import annotations

import json
import threading
import time
import weakref
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from ipaddress import ip_address
from socket import SHUT_RDWR
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import magpie
from magpie.podcasts.llms.waits import retry_after
from magpie.podcasts.voices.port import VoiceFailed

if TYPE_CHECKING:
    import httpx

    from magpie.config import Settings

MAX_BYTES = (
    64 << 20
)  # of one recording: twenty minutes as voices send it, and no text in one go takes as long
MAX_LIST_BYTES = 16 << 20
_LOOK_EVERY = 0.2  # seconds between two looks at whether to stop
_KEEP = 5.0  # seconds that an idle connection is trusted
_SAID = 200  # characters of what a service says that are passed on


@cache
def certificates() -> Any:
    """Read once: that takes some 20 ms."""
    import httpx

    return httpx.create_ssl_context()


@dataclass(frozen=True, slots=True)
class Answer:
    """What a service said. `host` is for messages."""

    status: int
    content_type: str
    body: bytes
    host: str
    retry_after: float | None = None

    def json(self) -> Any:
        """None for what is not JSON."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            return None

    @property
    def is_page(self) -> bool:
        """Whether it is a text of any kind, which no recording is."""
        kind = self.content_type.partition(";")[0].strip().lower()
        start = self.body[:64].lstrip().lower()
        return kind.startswith("text/") or kind.endswith("json") or start.startswith((b"<!", b"<html", b"{"))


class _Line:
    """One connection to the service, and a way to end it from another thread."""

    def __init__(self, client: httpx.Client) -> None:
        self.client = client
        self._stream: Any = None

    def trace(self, event: str, info: Mapping[str, Any]) -> None:
        if event.endswith(("connect_tcp.complete", "start_tls.complete", "connect_unix_socket.complete")):
            self._stream = info.get("return_value")

    def cut(self) -> None:
        stream = self._stream
        if stream is not None and (socket := stream.get_extra_info("socket")) is not None:
            with suppress(OSError):
                socket.shutdown(SHUT_RDWR)


class Asker:
    """Conversations with one service. Thread-safe: each question has a connection to itself while it lasts."""

    def __init__(
        self, settings: Settings, base: str, title: str, headers: Mapping[str, str], secrets: tuple[str, ...]
    ) -> None:
        """`secrets` are the keys in the headers: no message holds them. Raises `VoiceFailed` (`not_configured`)."""
        if any(not 32 < ord(one) < 127 for secret in secrets for one in secret):
            raise VoiceFailed("not_configured", f"The key for {title} has characters that no key has.")
        self.base = base
        self.title = title
        self.host = urlsplit(base).netloc
        self._headers = {
            "User-Agent": f"Magpie/{magpie.__version__}",
            "Accept-Encoding": "identity",
            **headers,
        }
        self._secrets = tuple(secret for secret in secrets if secret)
        self._seconds = float(settings.ai_timeout_seconds)
        self._proxy = settings.proxy if settings.proxy and not is_near(base) else None
        self._idle: list[_Line] = []
        self._lock = threading.Lock()
        weakref.finalize(self, _close_all, self._idle)

    def get(self, path: str, stop: Callable[[], bool] = lambda: False, **given: Any) -> Answer:
        """A question whose answer is short. Raises `VoiceFailed` where there is none; any status is an answer."""
        return self._ask("GET", path, stop, MAX_LIST_BYTES, min(self._seconds, 60.0), given)

    def check(self, path: str) -> None:
        """Whether the service is there and takes the key: any answer will do that does not deny it. Raises `VoiceFailed`."""
        answer = self.get(path)
        if answer.status in (401, 402, 403, 408, 425, 429) or answer.status >= 500:
            raise self.refusal(answer)

    def post(self, path: str, stop: Callable[[], bool], **given: Any) -> Answer:
        """A question whose answer is a recording. Raises `VoiceFailed` where there is none; any status is an answer."""
        return self._ask("POST", path, stop, MAX_BYTES, self._seconds, given)

    def _ask(
        self,
        method: str,
        path: str,
        stop: Callable[[], bool],
        most: int,
        seconds: float,
        given: Mapping[str, Any],
    ) -> Answer:
        import httpx

        ended = ""
        with self._line() as line:

            def end(why: str) -> None:
                nonlocal ended
                ended = why
                line.cut()

            try:
                with (
                    _watched(end, stop, seconds),
                    line.client.stream(
                        method, f"{self.base}{path}", extensions={"trace": line.trace}, **given
                    ) as response,
                ):
                    body = self._body(response, most)
                    wait = retry_after(response.headers)
                    kind = response.headers.get("Content-Type", "")
                    answer = Answer(response.status_code, kind, body, self.host, wait)
            except (httpx.HTTPError, httpx.InvalidURL) as error:
                line.client.close()
                raise self._failure(error, ended) from error
        if ended == "stopped" or stop():
            raise stopped()
        if 300 <= answer.status < 400:
            raise VoiceFailed(
                "refused", f"{self.title} ({self.host}) sends on to another address. Set that one instead."
            )
        return answer

    @contextmanager
    def _line(self) -> Iterator[_Line]:
        with self._lock:
            line = self._idle.pop() if self._idle else None
        line = line or _Line(self._client())
        try:
            yield line
        finally:
            if not line.client.is_closed:
                with self._lock:
                    self._idle.append(line)

    def _client(self) -> httpx.Client:
        import httpx

        return httpx.Client(
            proxy=httpx.Proxy(self._proxy) if self._proxy else None,
            verify=certificates(),
            trust_env=False,
            follow_redirects=False,
            timeout=httpx.Timeout(self._seconds, connect=10.0),
            limits=httpx.Limits(max_connections=1, max_keepalive_connections=1, keepalive_expiry=_KEEP),
            headers=self._headers,
        )

    def _body(self, response: httpx.Response, most: int) -> bytes:
        data = bytearray()
        for chunk in response.iter_bytes(65536):
            data += chunk
            if len(data) > most:
                raise VoiceFailed(
                    "failing", f"{self.title} ({self.host}) answered more than {most >> 20} MB."
                )
        return bytes(data)

    def _failure(self, error: Exception, ended: str) -> VoiceFailed:
        import httpx

        who = f"{self.title} ({self.host})"
        if ended == "stopped":
            return stopped()
        if ended == "late" or isinstance(error, httpx.ReadTimeout | httpx.WriteTimeout):
            return VoiceFailed("unreachable", f"{who} does not answer in time.")
        if isinstance(error, httpx.ProxyError):
            return VoiceFailed("unreachable", f"The proxy does not let {who} through.")
        if isinstance(error, httpx.RemoteProtocolError | httpx.ReadError):
            return VoiceFailed("cut", f"{who} broke off in the middle of its answer.")
        if isinstance(error, httpx.InvalidURL | httpx.UnsupportedProtocol):
            return VoiceFailed("not_configured", f"The address of {self.title} cannot be used.")
        return VoiceFailed("unreachable", f"{who} cannot be reached ({type(error).__name__}).")

    def refusal(self, answer: Answer) -> VoiceFailed:
        """What an answer's status means, as far as it is the same everywhere."""
        who, status = f"{self.title} ({self.host})", answer.status
        said = f": {told}" if (told := self.said(answer)) else "."
        if status == 429:
            return VoiceFailed("limited", f"{who} has been asked too often.", retry_after=answer.retry_after)
        if status in (401, 403):
            return VoiceFailed("refused", f"{who} does not accept its key (HTTP {status}).")
        if status == 402:
            return VoiceFailed("refused", f"{who} asks for money first (HTTP 402).")
        if status in (408, 425) or status >= 500:
            return VoiceFailed(
                "failing", f"{who} has trouble of its own (HTTP {status}).", retry_after=answer.retry_after
            )
        return VoiceFailed("refused", f"{who} refuses (HTTP {status}){said}")

    def said(self, answer: Answer) -> str:
        """What a service says of a failure, short and printable and without keys; "" if it says nothing readable."""
        said = _message_in(answer.json())
        for secret in self._secrets:
            said = said.replace(secret, "…")
        return " ".join("".join(one if one.isprintable() else " " for one in said).split())[:_SAID]


def is_near(base: str) -> bool:
    """Whether a service is on this machine or in its network, which no proxy for the outside leads to."""
    host = urlsplit(base).hostname or ""
    try:
        return not ip_address(host).is_global
    except ValueError:
        return "." not in host or host.endswith((".localhost", ".local", ".internal", ".lan", ".home.arpa"))


def stopped() -> VoiceFailed:
    """The failure of a question that nobody wants answered any more."""
    return VoiceFailed("stopped", "This was stopped.")


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


@contextmanager
def _watched(end: Callable[[str], None], stop: Callable[[], bool], seconds: float) -> Iterator[None]:
    """While the block runs, call `end("stopped")` once `stop()` is true, or `end("late")` when its time is up."""
    done = threading.Event()
    latest = time.monotonic() + seconds

    def watch() -> None:
        while not done.wait(_LOOK_EVERY):
            why = "stopped" if stop() else "late" if time.monotonic() > latest else ""
            if why:
                end(why)
                return

    threading.Thread(target=watch, name="voice-watch", daemon=True).start()
    try:
        yield
    finally:
        done.set()


def _close_all(lines: list[_Line]) -> None:
    for line in lines:
        line.client.close()
