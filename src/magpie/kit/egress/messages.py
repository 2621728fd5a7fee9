"""Reading and rewriting the few HTTP/1 messages that pass through the guard in the clear."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Protocol

_TOKEN = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_REQUEST_LINE = re.compile(rb"([A-Z-]{1,32}) ([^\x00-\x20\x7f]+) (HTTP/1\.[01])")
_STATUS_LINE = re.compile(rb"HTTP/1\.[0-9] ([0-9]{3})(?: |$)")
_HEAD_END = re.compile(rb"\r?\n\r?\n")
_BAD_VALUE = re.compile(rb"[\x00\r\n]")
_HOP_BY_HOP = frozenset({b"connection", b"keep-alive", b"te", b"upgrade"})
_FRAMING = frozenset({b"content-length", b"transfer-encoding", b"host"})
_OWN_HEADER = b"x-magpie-egress"

Headers = list[tuple[bytes, bytes]]
"""Names in lower case, with the raw line they came from."""


class BadMessage(ValueError):
    """Not an HTTP/1 message that can be forwarded safely."""


@dataclass(slots=True)
class RequestHead:
    """A proxy request's head, validated so that it cannot be read in two ways."""

    method: str
    target: str
    version: bytes
    headers: Headers

    def get(self, name: bytes) -> bytes | None:
        """The last value of a header."""
        for key, line in reversed(self.headers):
            if key == name:
                return _value(line)
        return None


def head_end(data: bytes | bytearray) -> int:
    """The length of the message head in `data`, blank line included, or -1 if it is not complete."""
    found = _HEAD_END.search(data)
    return found.end() if found else -1


def parse_request(head: bytes) -> RequestHead:
    """Parses a request head strictly.

    Raises:
        BadMessage: malformed, or its framing is ambiguous.
    """
    first, *lines = _lines(head)
    match = _REQUEST_LINE.fullmatch(first)
    if not match:
        raise BadMessage("malformed request line")
    headers: Headers = []
    for line in lines:
        name, colon, value = line.partition(b":")
        if not colon or not _TOKEN.fullmatch(name) or _BAD_VALUE.search(value):
            raise BadMessage("malformed header")
        headers.append((name.lower(), line))
    return RequestHead(match[1].decode(), match[2].decode("latin-1"), match[3], headers)


def body_of(request: RequestHead) -> Body:
    """How the request's body is framed.

    Raises:
        BadMessage: two framings at once, or one that is not understood.
    """
    lengths = [_value(line) for name, line in request.headers if name == b"content-length"]
    codings = [_value(line).lower() for name, line in request.headers if name == b"transfer-encoding"]
    if codings:
        if lengths or codings != [b"chunked"]:
            raise BadMessage("ambiguous body")
        return ChunkedBody()
    if len(set(lengths)) > 1 or any(not re.fullmatch(rb"[0-9]{1,18}", length) for length in lengths):
        raise BadMessage("ambiguous body")
    return SizedBody(int(lengths[0]) if lengths else 0)


def request_bytes(request: RequestHead, target: str, authority: str, proxy_auth: bytes | None) -> bytes:
    """The head as it is sent on: new target, right Host, nothing that was meant for this proxy."""
    kept = [line for name, line in _end_to_end(request.headers) if name != b"host"]
    start = b" ".join((request.method.encode(), target.encode("latin-1"), request.version))
    lines = [start, b"Host: " + authority.encode(), *kept, b"Connection: close"]
    if proxy_auth:
        lines.append(b"Proxy-Authorization: " + proxy_auth)
    return b"\r\n".join(lines) + b"\r\n\r\n"


def response_status(head: bytes) -> int | None:
    """The status code, or None if this is no HTTP/1 answer."""
    match = _STATUS_LINE.match(head.split(b"\n", 1)[0].rstrip(b"\r"))
    return int(match[1]) if match else None


def response_bytes(head: bytes) -> bytes:
    """The answer's head as it is passed back: the connection ends with it, nothing poses as the guard."""
    first, *lines = _lines(head)
    headers = [(line.partition(b":")[0].strip().lower(), line) for line in lines]
    kept = [line for name, line in _end_to_end(headers) if name != _OWN_HEADER]
    return b"\r\n".join((first, *kept, b"Connection: close")) + b"\r\n\r\n"


def _lines(head: bytes) -> list[bytes]:
    lines = [line.removesuffix(b"\r") for line in head.split(b"\n")]
    while len(lines) > 1 and not lines[-1]:
        lines.pop()
    return lines


def _value(line: bytes) -> bytes:
    return line.partition(b":")[2].strip()


def _end_to_end(headers: Headers) -> Headers:
    named: set[bytes] = set()
    for name, line in headers:
        if name == b"connection":
            named.update(word.strip().lower() for word in _value(line).split(b","))
    dropped = _HOP_BY_HOP | (named - _FRAMING)
    return [(n, line) for n, line in headers if n not in dropped and not n.startswith(b"proxy-")]


class Body(Protocol):
    """Tells where a request's body ends, so that nothing after it reaches the origin."""

    complete: bool

    def take(self, data: bytes | memoryview) -> int:
        """How many of the next bytes belong to the body."""
        ...


class SizedBody:
    """A body of known length, possibly none."""

    def __init__(self, length: int) -> None:
        self._left = length
        self.complete = length == 0

    def take(self, data: bytes | memoryview) -> int:
        used = min(len(data), self._left)
        self._left -= used
        self.complete = self._left == 0
        return used


class EndlessBody:
    """A tunnel: everything belongs to it."""

    def __init__(self) -> None:
        self.complete = False

    def take(self, data: bytes | memoryview) -> int:
        return len(data)


class ChunkedBody:
    """Chunked coding, followed without decoding it (RFC 9112, section 7.1).

    A malformed size ends the body: the origin then sees it cut short, never a second request.
    """

    _LINE_LIMIT = 8192

    def __init__(self) -> None:
        self.complete = False
        self._left = 0
        self._line = bytearray()
        self._state = "size"

    def take(self, data: bytes | memoryview) -> int:
        view = memoryview(data)
        used = 0
        while used < len(view) and not self.complete:
            if self._left:
                step = min(self._left, len(view) - used)
                self._left -= step
                used += step
            else:
                used += self._take_line(view[used:])
        return used

    def _take_line(self, view: memoryview) -> int:
        piece = bytes(view[: self._LINE_LIMIT])
        newline = piece.find(b"\n")
        used = newline + 1 if newline >= 0 else len(piece)
        self._line += piece[:used]
        if newline >= 0:
            line = bytes(self._line).strip()
            self._line.clear()
            self._end_line(line)
        elif len(self._line) > self._LINE_LIMIT:
            self.complete = True
        return used

    def _end_line(self, line: bytes) -> None:
        if self._state == "trailer":
            self.complete = not line
        elif self._state == "data-end":
            self.complete = bool(line)
            self._state = "size"
        else:
            size = line.partition(b";")[0].strip()
            if not re.fullmatch(rb"[0-9a-fA-F]{1,15}", size):
                self.complete = True
                return
            self._left = int(size, 16)
            self._state = "data-end" if self._left else "trailer"
