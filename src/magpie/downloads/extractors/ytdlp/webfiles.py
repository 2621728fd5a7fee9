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
from magpie.downloads.extractors.probe import DEMUXERS
from magpie.downloads.failures import DownloadFailure, Reason

# What libav may make of a stream, and open by itself: an SDP file, say, would have it listen to the network.
OPTIONS = {
    "format_whitelist": f"hls,dash,webvtt,{DEMUXERS}",
    "protocol_whitelist": "none",
    "http_persistent": "0",  # files of ours are no connections that it could keep open
    "http_multiple": "0",
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
        # For recordings: which files are passed over, and who hears that one has been read to its end, or did not
        # open.
        self.passed_over: Callable[[str], bool] | None = None
        self.read: Callable[[str], object] | None = None
        self.failed: Callable[[DownloadFailure], object] | None = None
        self._latest: tuple[str, WebFile] | None = None
        self._untold: list[str] = []

    def __call__(self, url: str, _flags: int, options: dict[str, str]) -> WebFile:
        """A file that does not open, or must not, is empty: libav goes on without it where it can."""
        encrypted = _ENCRYPTED.match(url)
        address = url[encrypted.end() :] if encrypted else url
        self._tell()
        if self.passed_over is not None and not _range(options) and self.passed_over(address):
            return WebFile(None, None)
        try:
            answer = self._answer(address, options)
            opened = WebFile(answer, _Decryption(options) if encrypted else None)
        except DownloadFailure as failure:
            return self._nothing(failure)
        except (RequestError, OSError) as error:
            return self._nothing(self._diagnose(error))
        self.failure = None
        if not _range(options):
            self._latest = address, opened
        return opened

    def _nothing(self, failure: DownloadFailure) -> WebFile:
        self.failure = failure
        if self.failed is not None:
            self.failed(failure)
        return WebFile(None, None)

    def _tell(self) -> None:
        """The next file is wanted: the one before has been read, unless the site broke it off. What was read before
        anybody listened is told first."""
        latest, self._latest = self._latest, None
        if latest is not None and not latest[1].is_broken:
            self._untold.append(latest[0])
        while self.read is not None and self._untold:
            self.read(self._untold.pop(0))

    def _answer(self, address: str, options: dict[str, str]) -> Any:
        if not address.startswith("data:"):
            web.require_http(address)
        return self._opener.urlopen(Request(address, headers=self._headers | _range(options)))


class WebFile:
    """An answer's body, decrypted if need be. There is no way back in it."""

    def __init__(self, answer: Any, decryption: _Decryption | None) -> None:
        self._answer = answer
        self._decryption = decryption
        self.is_broken = False

    def read(self, size: int) -> bytes:
        """At most `size` bytes; none at the end, or where the site breaks off."""
        data = b""
        while not data and self._answer is not None:
            data = self._some(size)
            if not data:
                self.close()
                return self._decryption.rest() if self._decryption else b""
            if self._decryption:
                data = self._decryption.take(data)
        return data

    def _some(self, size: int) -> bytes:
        try:
            data: bytes = self._answer.read(max(1, size - BLOCK) if self._decryption else size)
        except (RequestError, OSError):
            self.is_broken = True
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
