"""Kyutai's moshi-server, after `rust/moshi-server/src/{main,py_module,tts}.rs` and `tts.py` of kyutai-labs/moshi.

A voice that it does not have is spoken with the default one, without a word about it. `slots` is its batch size: the
WebSocket says `no free channels` beyond, while HTTP waits.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import unquote

import msgpack  # type: ignore[import-untyped]
from websockets.frames import Opcode
from websockets.http11 import Request
from websockets.server import ServerProtocol

from magpie.podcasts.voices.wav import Sound
from tests.support.voices.double import Call, Dead, Double, Fault, Reply, Said, as_json
from tests.support.voices.tones import RATE, spoken, times

DEFAULT = "barack_demo.wav"
KNOWN = (
    DEFAULT,
    "expresso/ex03-ex01_happy_001_channel1_334s.wav",
    "vctk/p228_023_enhanced.wav",
    "vctk/p254_023_enhanced.wav",
    "alba-mackenna/casual.wav",
)
_FRAME = 1920  # samples in a message


@dataclass(slots=True, repr=False)
class KyutaiDouble(Double):
    key: str | None = "public_token"
    slots: int = 16
    _free: threading.Semaphore = field(default_factory=threading.Semaphore)

    def __post_init__(self) -> None:
        self._free = threading.Semaphore(self.slots)

    def _is_known(self, call: Call) -> bool:
        return call.headers.get("kyutai-api-key", call.query.get("auth_id")) == self.key

    def reply(self, call: Call) -> Reply:
        if call.path == "/api/build_info":
            return as_json({"build_timestamp": "2025-07-01"})
        if (call.method, call.path) != ("POST", "/api/tts_streaming"):
            return Reply(status=404, content_type="text/plain")
        if not self._is_known(call):
            return Reply(status=401, content_type="text/plain")
        asked = call.json
        if set(asked) != {"text", "voice"}:
            return Reply(b"missing field", 422, "text/plain")
        with self._free:
            return self.speak(Said(_real(asked["voice"]), asked["text"]))

    def upgrade(self, call: Call, handler: BaseHTTPRequestHandler) -> None:
        wire = _Wire(handler)
        if call.path != "/api/tts_streaming" or not self._is_known(call):
            return wire.refuse(404 if call.path != "/api/tts_streaming" else 401)
        assert call.query["format"] == "PcmMessagePack"
        wire.accept()
        if not self._free.acquire(blocking=False):
            wire.send({"type": "Error", "message": "no free channels"})
            return wire.close()
        try:
            self._converse(wire, unquote(call.query["voice"]))
        finally:
            self._free.release()
        return None

    def _converse(self, wire: _Wire, voice: str) -> None:
        wire.send({"type": "Ready"})
        words: list[str] = []
        for message in wire.messages():
            if message["type"] == "Eos":
                break
            words.append(message["text"])
        said = Said(_real(voice), " ".join(words))
        with self.turn() as fault:
            if fault is not None:
                return self._misbehave(wire, fault, said)
            self.note(said)
            sound = spoken(said.voice, said.text)
            told = times(said.text, sound)
            for at, samples in _frames(sound):
                wire.send({"type": "Audio", "pcm": samples})
                while told and told[0][2] <= at:
                    wire.send_word(told.pop(0))
            for word in told:
                wire.send_word(word)
        return wire.close()

    def _misbehave(self, wire: _Wire, fault: Fault, said: Said) -> None:
        sound = spoken(said.voice, said.text)
        frames = [samples for _, samples in _frames(sound)]
        if fault.kind == "status":
            wire.send({"type": "Error", "message": "no free channels" if fault.status == 429 else "failed"})
        elif fault.kind == "page":
            wire.send_bytes(b"<!doctype html>")
        elif fault.kind == "silence":
            for samples in frames:
                wire.send({"type": "Audio", "pcm": [0.0] * len(samples)})
        elif fault.kind in ("cut", "short", "hasty"):
            for samples in frames[: max(1, len(frames) // 10)]:
                wire.send({"type": "Audio", "pcm": samples})
            if fault.kind == "cut":
                raise Dead
        wire.close()


def _real(voice: str) -> str:
    """Who really speaks."""
    return voice if voice in KNOWN else DEFAULT


def _frames(sound: Sound) -> Iterator[tuple[float, list[float]]]:
    """(seconds at its end, samples) of each message."""
    for at in range(0, len(sound.samples), _FRAME):
        part = sound.samples[at : at + _FRAME]
        yield (at + len(part)) / RATE, [one / 32768 for one in part]


class _Wire:
    """The server's end of a WebSocket on a connection that an HTTP server has accepted."""

    def __init__(self, handler: BaseHTTPRequestHandler) -> None:
        self._handler = handler
        self._protocol = ServerProtocol()
        raw = f"{handler.requestline}\r\n{handler.headers.as_string().strip().replace(chr(10), chr(13) + chr(10))}\r\n\r\n"
        self._protocol.receive_data(raw.encode("latin-1"))
        (self._request,) = self._protocol.events_received()

    def accept(self) -> None:
        assert isinstance(self._request, Request)
        self._protocol.send_response(self._protocol.accept(self._request))
        self._flush()

    def refuse(self, status: int) -> None:
        self._protocol.send_response(self._protocol.reject(status, ""))
        self._flush()

    def messages(self) -> Iterator[dict[str, Any]]:
        while True:
            data = self._handler.connection.recv(1 << 16)
            if not data:
                raise Dead
            self._protocol.receive_data(data)
            for frame in self._protocol.events_received():
                opcode = getattr(frame, "opcode", None)
                if opcode is Opcode.BINARY:
                    yield msgpack.unpackb(frame.data)  # type: ignore[union-attr]
                elif opcode is Opcode.CLOSE:
                    raise Dead
            self._flush()

    def send(self, message: dict[str, Any]) -> None:
        self.send_bytes(msgpack.packb(message, use_single_float=True))

    def send_word(self, word: tuple[str, float, float]) -> None:
        text, start, stop = word
        self.send({"type": "Text", "text": text, "start_s": start, "stop_s": stop})

    def send_bytes(self, data: bytes) -> None:
        self._protocol.send_binary(data)
        self._flush()

    def close(self) -> None:
        self._protocol.send_close(1000)
        self._flush()
        self._handler.connection.settimeout(5)
        while self._protocol.close_rcvd is None and (data := self._handler.connection.recv(1 << 16)):
            self._protocol.receive_data(data)

    def _flush(self) -> None:
        for data in self._protocol.data_to_send():
            if data:
                try:
                    self._handler.connection.sendall(data)
                except OSError:
                    raise Dead from None
