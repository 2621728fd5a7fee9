"""HTTP to a media server: its address, its certificate, what may go wrong on the way, and nothing secret in any word of it.

An administrator's server may be anywhere, so nothing here goes through the egress guard; other people's are connected to
at the addresses that the guard's policy permits. In exchange a connection keeps to
the host and port that were typed: of redirects only those are followed that name the same path there below another base
(a proxy's folder), since a token must not come to whoever else listens on that host.
"""

from __future__ import annotations

import errno
import json
import re
import socket
import ssl
import time
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, NoReturn
from urllib.parse import quote, unquote

import certifi
import httpx

from magpie import __version__
from magpie.kit.egress.errors import EgressRefused, EgressUnresolved
from magpie.kit.egress.pinned import PinnedTransport
from magpie.playlists.servers.port import Fault, Login, ServerFailed

TIMEOUT = httpx.Timeout(
    60.0, connect=10.0, pool=10.0
)  # seconds; a playlist of thousands takes some servers many
MAX_SECONDS = 180.0  # for one answer, however busily it drips
MAX_BYTES = 64 << 20
MAX_LISTED = 5_000_000  # of anything; a server whose pages never end is none
MAX_URL = 2048  # characters of an address that a person types
USER_AGENT = f"Magpie/{__version__}"
# A connection that has idled for longer is likely to be closed at the other end at the moment of the next write.
LIMITS = httpx.Limits(max_connections=2, max_keepalive_connections=1, keepalive_expiry=3.0)

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_WAYS = frozenset({errno.EHOSTUNREACH, errno.ENETUNREACH, errno.EHOSTDOWN, errno.ENETDOWN})
_STATUS: Mapping[int, tuple[Fault, str]] = {
    401: (Fault.TOKEN, "does not accept this token or password"),
    403: (Fault.NO_RIGHT, "does not allow this account to do that"),
    404: (Fault.NOT_FOUND, "does not know what was asked for"),
    405: (Fault.UNSUPPORTED, "cannot do that"),
    413: (Fault.TOO_LONG, "finds the request too long"),
    414: (Fault.TOO_LONG, "finds the request too long"),
    431: (Fault.TOO_LONG, "finds the request too long"),
    501: (Fault.UNSUPPORTED, "cannot do that"),
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, read whole: a success, or a status that the caller keeps."""

    body: bytes
    content_type: str
    status: int = 200

    @property
    def is_page(self) -> bool:
        """Whether it is a web page, which no API answers with."""
        start = self.body[:256].lstrip().lower()
        return "text/html" in self.content_type or start.startswith((b"<!doctype html", b"<html"))


class Wire:
    """One server's address and the connection to it. Close it."""

    def __init__(self, login: Login, *, product: str, tail: re.Pattern[str] | None = None) -> None:
        """`product` is the word for the server in messages, `tail` the part of a pasted address that is its page.

        Raises `ServerFailed(Fault.ADDRESS)`.
        """
        self.product = product
        self.headers: dict[str, str] = {"User-Agent": USER_AGENT, "Accept-Encoding": "gzip"}
        self._verify = login.verify_tls
        self._policy = login.policy
        self._base = _base_of(login.url, product, tail)
        self._client: httpx.Client | None = None
        self._moved = False

    @property
    def place(self) -> str:
        """Host and port, for messages."""
        return _place(self._base)

    def close(self) -> None:
        if self._client is not None:
            self._client.close()
            self._client = None

    def fail(self, fault: Fault, what: str) -> NoReturn:
        raise self.failure(fault, what)

    def header_value(self, secret: str) -> str:
        """A token as a header can carry it. Raises `ServerFailed` for what cannot be one."""
        token = secret.strip()
        if not token or not token.isascii() or not token.isprintable() or set(token) & set(' ",;'):
            self.fail(Fault.TOKEN, "has no tokens like this one")
        return token

    def failure(self, fault: Fault, what: str) -> ServerFailed:
        """`what` ends the sentence that begins with the server's name."""
        return ServerFailed(fault, f"{self.product} at {self.place} {what}.")

    def ask(
        self,
        method: str,
        path: str,
        *,
        query: Sequence[tuple[str, str]] = (),
        form: Sequence[tuple[str, str]] | None = None,
        body: object = None,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        is_read: bool | None = None,
        keep: Container[int] = (),
    ) -> Answer:
        """One request. A read (a GET, or what `is_read` names one) is repeated once if the connection is lost.

        Raises `ServerFailed`, also for every status that is no success, except those to `keep`.
        """
        sent = dict(self.headers, **(headers or {}))
        data: bytes | None = content
        if form is not None:
            data = str(httpx.QueryParams(list(form))).encode()
            sent["Content-Type"] = "application/x-www-form-urlencoded"
        elif body is not None:
            data = json.dumps(body, ensure_ascii=False).encode()
            sent["Content-Type"] = "application/json"
        if data is None and method in ("POST", "PUT"):
            data = b""  # with its length: proxies refuse a write without
        repeat = method == "GET" if is_read is None else is_read
        while True:
            try:
                answer = self._once(method, path, list(query), data, sent)
            except ServerFailed as failure:
                if failure.reason is Fault.LOST and repeat:
                    repeat = False
                    continue
                raise
            if answer is None:
                continue
            if not 200 <= answer.status < 300 and answer.status not in keep:
                self.refuse(answer.status)
            return answer

    def json(self, answer: Answer) -> Any:
        """The answer's JSON. Raises `ServerFailed` for a web page, and for what cannot be read."""
        if answer.is_page:
            self.fail(Fault.WRONG_KIND, "answers with a web page: is this its address?")
        try:
            return json.loads(answer.body)
        except (ValueError, RecursionError):
            self.fail(Fault.UNREADABLE, "gave an answer that is not JSON")

    def _once(
        self,
        method: str,
        path: str,
        query: list[tuple[str, str]],
        data: bytes | None,
        headers: dict[str, str],
    ) -> Answer | None:
        """None: the server has moved to another base at the same host; ask again there."""
        url = self._base.copy_with(path=self._base.path.rstrip("/") + path)
        if query:
            url = url.copy_with(params=query)
        latest = time.monotonic() + MAX_SECONDS
        try:
            request = self._open().build_request(method, url, content=data, headers=headers)
            response = self._open().send(request, stream=True)
            try:
                if response.status_code in _REDIRECTS:
                    self._move(response, unquote(path))
                    return None
                received = self._receive(response, latest)
            finally:
                response.close()
        except httpx.HTTPError as error:
            raise self._broken(error) from None
        content_type = response.headers.get("Content-Type", "").lower()
        return Answer(received, content_type, response.status_code)

    def _open(self) -> httpx.Client:
        if self._client is None:
            verify = _context(self._base.scheme, self._verify)
            pinned = PinnedTransport(self._policy, verify=verify, limits=LIMITS) if self._policy else None
            self._client = httpx.Client(
                transport=pinned,
                verify=verify,
                timeout=TIMEOUT,
                limits=LIMITS,
                trust_env=False,  # a proxy for the outside world does not know the household's servers
                follow_redirects=False,
            )
        return self._client

    def _receive(self, response: httpx.Response, latest: float) -> bytes:
        received = bytearray()
        for chunk in response.iter_bytes():
            received += chunk
            if len(received) > MAX_BYTES:
                self.fail(Fault.UNREADABLE, "answers with more than 64 MB at once")
            if time.monotonic() > latest:
                self.fail(Fault.TIMEOUT, "answers too slowly")
        return bytes(received)

    def refuse(self, status: int) -> NoReturn:
        """Raises what an HTTP status means."""
        fault, what = _STATUS.get(status, (Fault.FAILING, "failed at what was asked"))
        self.fail(fault, f"{what} (HTTP {status})")

    def _move(self, response: httpx.Response, path: str) -> None:
        """Goes on at the base that a redirect tells, if it is still the same server."""
        try:
            target = self._base.join(httpx.URL(response.headers.get("Location", "")))
        except httpx.InvalidURL:
            self.fail(Fault.WRONG_KIND, "sends on to an address that is none")
        if self._moved or _origin(target) != _origin(self._base) or not target.path.endswith(path):
            self.fail(Fault.WRONG_KIND, f"sends on to {_place(target)}: enter its final address")
        self.close()
        self._moved = True
        base = target.path[: len(target.path) - len(path)] or "/"
        self._base = target.copy_with(path=base, query=None, fragment=None)

    def _broken(self, error: httpx.HTTPError) -> ServerFailed:
        """A fault of the way, named."""
        for cause in _causes(error):
            if (failure := self._by_cause(cause)) is not None:
                return failure
        if isinstance(error, httpx.TimeoutException):
            return self.failure(Fault.TIMEOUT, "does not answer in time")
        if isinstance(error, httpx.ConnectError):
            return self.failure(Fault.REFUSED, "cannot be reached from here")
        if isinstance(error, httpx.DecodingError):
            return self.failure(Fault.UNREADABLE, "gave an answer that cannot be unpacked")
        return self.failure(Fault.LOST, "broke the connection in the middle")

    def _by_cause(self, cause: BaseException) -> ServerFailed | None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return self.failure(
                Fault.TLS, f"shows a certificate that is not accepted ({cause.verify_message})"
            )
        if isinstance(cause, ssl.SSLError):
            why = (cause.reason or "no agreement").replace("_", " ").lower()
            return self.failure(Fault.TLS, f"cannot be spoken to with encryption ({why})")
        if isinstance(cause, EgressRefused):
            return self.failure(
                Fault.ADDRESS, "is in a private network, where only superusers may name servers"
            )
        if isinstance(cause, socket.gaierror | EgressUnresolved):
            return self.failure(Fault.DNS, "cannot be found: its name is unknown")
        if isinstance(cause, ConnectionRefusedError):
            return self.failure(Fault.REFUSED, "refuses the connection: is it running, and is this its port?")
        if isinstance(cause, OSError) and cause.errno in _WAYS:
            return self.failure(Fault.REFUSED, "cannot be reached from here")
        return None


def part(key: str) -> str:
    """A key as one part of a path, which no other path can be made of."""
    return quote(key, safe="").replace(".", "%2E") if not key.strip(".") else quote(key, safe="")


def _causes(error: BaseException) -> list[BaseException]:
    found: list[BaseException] = []
    current: BaseException | None = error
    while current is not None and current not in found:
        found.append(current)
        current = current.__cause__ or current.__context__
    return found


def _origin(url: httpx.URL) -> tuple[str, str, int]:
    return url.scheme, url.host, url.port or (443 if url.scheme == "https" else 80)


def _place(url: httpx.URL) -> str:
    host = f"[{url.host}]" if ":" in url.host else url.host
    return f"{host}:{url.port}" if url.port else host


def _base_of(typed: str, product: str, tail: re.Pattern[str] | None) -> httpx.URL:
    """The address that requests stand below. What a browser shows behind it is taken off."""

    def unusable(why: str) -> ServerFailed:
        return ServerFailed(Fault.ADDRESS, f"This is no address of {product}: {why}.")

    text = typed.strip()
    if not text or len(text) > MAX_URL:
        raise unusable("it is empty or far too long")
    if "://" not in text:
        text = f"http://{text}"
    try:
        url = httpx.URL(text)
        host = url.host
    except (httpx.InvalidURL, UnicodeError, ValueError):
        raise unusable("it cannot be read") from None
    if url.scheme not in ("http", "https") or not host:
        raise unusable("it needs http:// or https:// and a host")
    if url.port is not None and not 0 < url.port < 65536:
        raise unusable("there is no such port")
    if url.userinfo:
        raise unusable("name and password have fields of their own")
    path = url.path if tail is None else tail.sub("", url.path)
    return url.copy_with(path=path or "/", query=None, fragment=None)


@cache
def _context(scheme: str, verify: bool) -> ssl.SSLContext:
    """How to tell a true certificate: by the machine's authorities (a household's own may be there) and the public ones."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if scheme == "https" and verify:
        context = ssl.create_default_context()
        context.load_verify_locations(certifi.where())
    elif not verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context
