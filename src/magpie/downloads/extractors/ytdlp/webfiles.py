"""What a stream's manifest names, opened for libav by us: over http and https only, through the guard.

libav's own list of protocols cannot say that. A proxy needs `tcp` and `httpproxy` on it, and then a manifest may
name `tcp://127.0.0.1:22` or `httpproxy://router/`, to which libav connects by itself, around any proxy.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from yt_dlp.networking.common import Request  # type: ignore[import-untyped]
from yt_dlp.networking.exceptions import RequestError  # type: ignore[import-untyped]

from magpie.downloads.extractors import web
from magpie.downloads.extractors.demuxers import DEMUXERS
from magpie.downloads.extractors.ytdlp.segments import Incoming, Sink
from magpie.downloads.failures import DownloadFailure, Reason

# What libav may make of a stream, and open by itself: an SDP file, say, would have it listen to the network.
OPTIONS = {
    "format_whitelist": f"hls,dash,webvtt,{DEMUXERS}",
    "protocol_whitelist": "none",
    "http_persistent": "0",  # files of ours are no connections that it could keep open
    "http_multiple": "0",
    "extension_picky": "0",  # segments are called what their sites like; the formats are bounded above
}
BLOCK = 16
_ENCRYPTED = re.compile(r"crypto[+:]")


class WebFiles:
    """One stream's files, for `av.open(…, io_open=…)`. `failure` says why the last one did not open, if so."""

    def __init__(
        self, opener: Any, headers: dict[str, str], diagnose: Callable[[Exception], DownloadFailure]
    ) -> None:
        """`opener` is the job's `YoutubeDL`, which knows its proxy and its cookies."""
        self._opener = opener
        self._headers = headers
        self._diagnose = diagnose
        self.failure: DownloadFailure | None = None
        # For recordings: what keeps the files as they come, and who hears that one did not open.
        self.sink: Sink | None = None
        self.failed: Callable[[DownloadFailure], object] | None = None

    def __call__(self, url: str, _flags: int, options: dict[str, str]) -> WebFile:
        """A file that does not open, or must not, is empty: libav goes on without it where it can."""
        encrypted = _ENCRYPTED.match(url)
        address = url[encrypted.end() :] if encrypted else url
        name = " ".join([address, *_range(options).values()])
        if self.sink is not None and self.sink.passes_over(name):
            return WebFile(None, None)
        try:
            answer = self._answer(address, options)
            opened = WebFile(answer, _Decryption(options) if encrypted else None)
        except DownloadFailure as failure:
            return self._nothing(failure)
        except (RequestError, OSError) as error:
            return self._nothing(self._diagnose(error))
        self.failure = None
        if self.sink is not None:
            opened.keep(self.sink.open(name), _length(options))
        return opened

    def _nothing(self, failure: DownloadFailure) -> WebFile:
        self.failure = failure
        if self.failed is not None:
            self.failed(failure)
        return WebFile(None, None)

    def _answer(self, address: str, options: dict[str, str]) -> Any:
        if not address.startswith("data:"):
            web.require_http(address)
        return self._opener.urlopen(Request(address, headers=self._headers | _range(options)))


class WebFile:
    """An answer's body, decrypted if need be. There is no way back in it."""

    def __init__(self, answer: Any, decryption: _Decryption | None) -> None:
        self._answer = answer
        self._decryption = decryption
        self._is_broken = False
        self._incoming: Incoming | None = None
        self._missing: int | None = None

    def keep(self, incoming: Incoming, length: int | None) -> None:
        """Have what is read kept, too. `length`: so many bytes will be read, if that is known."""
        self._incoming = incoming
        self._missing = length

    def read(self, size: int) -> bytes:
        """At most `size` bytes; none at the end, or where the site breaks off."""
        data = self._next(size)
        if self._incoming is not None:
            self._incoming.take(data)
            self._missing = None if self._missing is None else self._missing - len(data)
            if (not data and not self._is_broken) or self._missing == 0:
                self._incoming.whole()
        return data

    def _next(self, size: int) -> bytes:
        data = b""
        while not data and self._answer is not None:
            data = self._some(size)
            if not data:
                self.close()
                return self._decryption.rest() if self._decryption and not self._is_broken else b""
            if self._decryption:
                data = self._decryption.take(data)
        return data

    def _some(self, size: int) -> bytes:
        try:
            data: bytes = self._answer.read(max(1, size - BLOCK) if self._decryption else size)
        except (RequestError, OSError):
            self._is_broken = True
            return b""
        return data

    def close(self) -> None:
        answer, self._answer = self._answer, None
        if answer is not None:
            answer.close()


class _Decryption:
    """AES-128 in CBC mode with PKCS#7 padding, as HLS encrypts its segments (RFC 8216, 4.3.2.4)."""

    def __init__(self, options: dict[str, str]) -> None:
        key, initial = (bytes.fromhex(options.get(name, "")) for name in ("key", "iv"))
        if len(key) != BLOCK or len(initial) != BLOCK:
            raise DownloadFailure(Reason.BROKEN_MEDIA, "its key is not one")
        self._decryptor = Cipher(algorithms.AES128(key), modes.CBC(initial)).decryptor()
        self._last = b""  # the last block holds the padding

    def take(self, data: bytes) -> bytes:
        clear = self._last + self._decryptor.update(data)
        keep = len(clear) - BLOCK if len(clear) >= BLOCK else 0
        self._last = clear[keep:]
        return clear[:keep]

    def rest(self) -> bytes:
        """What is left at the end, without its padding."""
        padding = self._last[-1] if self._last else 0
        last, self._last = self._last, b""
        return last[:-padding] if 0 < padding <= BLOCK else last


def _range(options: dict[str, str]) -> dict[str, str]:
    """The header that asks for the part that libav wants: `offset`, and `end_offset` behind the last byte."""
    start, end = (options.get(name, "") for name in ("offset", "end_offset"))
    if not start.isdigit() and not end.isdigit():
        return {}
    last = str(int(end) - 1) if end.isdigit() and int(end) > 0 else ""
    return {"Range": f"bytes={start if start.isdigit() else 0}-{last}"}


def _length(options: dict[str, str]) -> int | None:
    """Bytes that libav wants, where it says so."""
    end = options.get("end_offset", "")
    start = options.get("offset", "")
    return int(end) - int(start if start.isdigit() else 0) if end.isdigit() else None
