"""The conversation over a WebSocket, `format=PcmMessagePack`.

As in kyutai-labs/moshi, `rust/moshi-server/src/{main,py_module,tts}.rs`: maps with a `type`. Sent are `Text` and `Eos`;
what comes is `Ready`, `Audio` (`pcm`, 24,000 samples a second from -1 to 1), `Text` (`text`, `start_s`, `stop_s`) and
`Error`; the server closes the connection when all is said.
"""

from __future__ import annotations

import math
import time
from array import array
from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from magpie.podcasts.asking import certificates
from magpie.podcasts.voices import wav
from magpie.podcasts.voices.asking import Asker
from magpie.podcasts.voices.port import VoiceFailed, Word, stopped

if TYPE_CHECKING:
    from websockets.sync.client import ClientConnection

RATE = 24_000
_LOOK_EVERY = 0.2  # seconds between two looks at whether to stop
_MAX_MESSAGE = 4 << 20
_MAX_SAMPLES = Asker.most // 2


def converse(
    asker: Asker, path: str, text: str, voice_id: str, stop: Callable[[], bool]
) -> tuple[wav.Sound, tuple[Word, ...]]:
    """The text, spoken, and when each word is said. Raises `VoiceFailed`."""
    import msgpack  # type: ignore[import-untyped]
    from websockets.exceptions import (
        ConnectionClosed,
        InvalidHandshake,
        InvalidStatus,
        InvalidURI,
        WebSocketException,
    )
    from websockets.sync.client import connect

    query = urlencode({"voice": voice_id, "format": "PcmMessagePack"})
    who = asker.place
    try:
        with connect(
            f"ws{asker.base.removeprefix('http')}{path}?{query}",
            additional_headers=asker.credentials,
            ssl=certificates() if asker.base.startswith("https:") else None,
            proxy=asker.proxy,
            compression=None,
            open_timeout=10,
            close_timeout=1,
            max_size=_MAX_MESSAGE,
        ) as connection:
            connection.send(msgpack.packb({"type": "Text", "text": text}))
            connection.send(msgpack.packb({"type": "Eos"}))
            return _Heard(who, msgpack.unpackb).until_closed(connection, asker.seconds, stop)
    except InvalidStatus as error:
        raise _refusal(who, error.response.status_code) from error
    except (InvalidURI, InvalidHandshake) as error:
        raise VoiceFailed("failing", f"{who} does not speak through a WebSocket there.") from error
    except ConnectionClosed as error:
        raise VoiceFailed("cut", f"{who} broke off in the middle of its answer.") from error
    except (OSError, TimeoutError, WebSocketException) as error:
        raise VoiceFailed("unreachable", f"{who} cannot be reached ({type(error).__name__}).") from error


class _Heard:
    """What has come so far."""

    def __init__(self, who: str, unpack: Callable[..., Any]) -> None:
        self._who = who
        self._unpack = unpack
        self._samples = array("f")
        self._words: list[Word] = []

    def until_closed(
        self, connection: ClientConnection, seconds: float, stop: Callable[[], bool]
    ) -> tuple[wav.Sound, tuple[Word, ...]]:
        from websockets.exceptions import ConnectionClosedOK

        latest = time.monotonic() + seconds
        while True:
            if stop():
                raise stopped()
            if time.monotonic() > latest:
                raise VoiceFailed("unreachable", f"{self._who} does not answer in time.")
            try:
                self._take(connection.recv(timeout=_LOOK_EVERY))
            except TimeoutError:
                continue
            except ConnectionClosedOK:
                return self._settled()

    def _take(self, message: str | bytes) -> None:
        told: Any = None
        if isinstance(message, bytes):
            try:
                told = self._unpack(message)
            except ValueError:
                told = None
        if not isinstance(told, dict):
            raise VoiceFailed("failing", f"{self._who} says something that cannot be read.")
        kind = told.get("type")
        if kind == "Audio":
            self._hear(told.get("pcm"))
        elif kind == "Text":
            self._note(told)
        elif kind == "Error":
            said = str(told.get("message"))
            is_busy = "no free" in said
            raise VoiceFailed(
                "limited" if is_busy else "failing",
                f"{self._who} {'speaks with as many as it can' if is_busy else 'reports an error'}.",
            )

    def _hear(self, pcm: Any) -> None:
        try:
            self._samples.extend(pcm)
        except TypeError:
            raise VoiceFailed("failing", f"{self._who} sends sound that is none.") from None
        if len(self._samples) > _MAX_SAMPLES:
            raise VoiceFailed("failing", f"{self._who} does not end.")

    def _note(self, told: dict[Any, Any]) -> None:
        text, start, stop = told.get("text"), told.get("start_s"), told.get("stop_s")
        if isinstance(text, str) and isinstance(start, int | float) and isinstance(stop, int | float):
            before = self._words[-1].end if self._words else 0.0
            begin = max(float(start), before)
            self._words.append(Word(text, round(begin, 3), round(max(float(stop), begin), 3)))

    def _settled(self) -> tuple[wav.Sound, tuple[Word, ...]]:
        if not self._samples:
            raise VoiceFailed("silent", f"{self._who} answered with an empty recording.")
        if not math.isfinite(sum(self._samples)):
            raise VoiceFailed("failing", f"{self._who} sends sound that is none.")
        sound = wav.of_floats(self._samples, RATE)
        end = sound.seconds
        words = (Word(one.text, min(one.start, end), min(one.end, end)) for one in self._words)
        return sound, tuple(words)


def _refusal(who: str, status: int) -> VoiceFailed:
    if status in (401, 403):
        return VoiceFailed("refused", f"{who} does not accept its key (HTTP {status}).")
    if status == 429:
        return VoiceFailed("limited", f"{who} has been asked too often.")
    if status >= 500:
        return VoiceFailed("failing", f"{who} has trouble of its own (HTTP {status}).")
    return VoiceFailed("refused", f"{who} does not speak there (HTTP {status}).")
