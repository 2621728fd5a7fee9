"""Hearing an episode while it is made."""

from __future__ import annotations

import threading
import wave
from array import array
from math import sin
from pathlib import Path

import pytest

from magpie.kit.errors import TooManyRequests
from magpie.podcasts.episodes import files, live
from magpie.podcasts.making.folder import EpisodeFolder, PlannedTurn
from magpie.podcasts.models import EpisodeStatus
from magpie.podcasts.voices.port import Spoken
from tests.podcasts.episodes.conftest import SOUND, Studio

pytestmark = pytest.mark.once
KEYS = ("a" * 64, "b" * 64, "c" * 64)


def _sound(path: Path) -> Path:
    silence = [0] * 800
    samples = array("h", [*silence, *(int(9000 * sin(one / 12)) for one in range(8000)), *silence])
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16_000)
        file.writeframes(samples.tobytes())
    return path


def _speak(folder: EpisodeFolder, tmp_path: Path, *keys: str) -> None:
    for key in keys:
        folder.pin(key, _sound(tmp_path / f"{key}.wav"), Spoken(0.5, 16_000))


def test_each_turn_is_heard_as_soon_as_it_was_spoken(studio: Studio, tmp_path: Path) -> None:
    key = studio.make()
    studio.change(key, status=EpisodeStatus.VOICING)
    folder = EpisodeFolder(files.root_of(studio.context.settings), key)
    folder.prepare()
    folder.keep_plan(PlannedTurn("Robin", f"Turn {one}.", 0, name) for one, name in enumerate(KEYS))
    _speak(folder, tmp_path, KEYS[0], KEYS[2])
    waits = threading.Event()
    spoken = live.Listening._spoken

    def looked(self: live.Listening, number: int) -> object:
        found = spoken(self, number)
        if number == 1 and found[0] is None and not waits.is_set():
            waits.set()  # the first turn was sent, and the second is waited for: it is spoken now
            _speak(folder, tmp_path, KEYS[1])
        return found

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(live.Listening, "_spoken", looked)
        answer = studio.ask("GET", f"/{key}/live")
    assert waits.is_set()
    assert answer.headers["content-type"] == "audio/mpeg"
    assert answer.headers["cache-control"] == "no-store"
    frames = answer.content
    assert frames[:2] in (b"\xff\xfb", b"\xff\xf3", b"\xff\xf2", b"\xff\xfa")
    assert len(frames) > 3 * 5000  # 96 kbit/s, three times half a second


def test_what_ends_in_the_middle_ends_the_stream(studio: Studio) -> None:
    key = studio.make()
    studio.change(key, status=EpisodeStatus.VOICING)
    looks: list[int] = []
    status = live.Listening._status

    def ended(self: live.Listening) -> str | None:
        looks.append(1)
        if len(looks) == 2:
            studio.change(key, status=EpisodeStatus.FAILED)
        return status(self)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(live.Listening, "_status", ended)
        answer = studio.ask("GET", f"/{key}/live")
    assert (answer.status_code, answer.content, len(looks)) == (200, b"", 2)


def test_nobody_listens_more_often_than_they_can_hear(
    studio: Studio, other: Studio, chief: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever listens looks into the database again and again."""
    monkeypatch.setattr(live, "SEATS", live.Seats())
    me, key = studio.row(studio.make()).user_id, studio.make()
    leave = [live.SEATS.take(me, key) for _ in range(live.MOST_OF_EPISODE)]
    refused = studio.ask("GET", f"/{key}/live")
    assert refused.status_code == 429
    assert refused.headers["retry-after"] == "10"
    assert "Close another one" in refused.json()["detail"]
    leave += [live.SEATS.take(me, str(one)) for one in range(live.MOST_OF_USER - live.MOST_OF_EPISODE)]
    with pytest.raises(TooManyRequests):
        live.SEATS.take(me, "one more")
    # Others hear it still; and so does whoever has closed one, every time anew.
    monkeypatch.setattr(live.Listening, "_status", lambda _self: EpisodeStatus.FAILED)
    assert chief.ask("GET", f"/{key}/live").status_code == 200
    assert other.ask("GET", f"/{key}/live").status_code == 404
    assert studio.ask("GET", f"/{key}/live").status_code == 429
    for _ in range(2):
        leave[0]()  # counts once
    for _ in range(3):
        assert studio.ask("GET", f"/{key}/live").status_code == 200
    live.SEATS.take(me, key)
    assert studio.ask("GET", f"/{key}/live").status_code == 429


def test_once_it_is_done_it_is_the_recording(studio: Studio) -> None:
    key = studio.make()
    studio.written(key)
    assert studio.ask("GET", f"/{key}/live").status_code == 404
    studio.finish(key)
    assert studio.ask("GET", f"/{key}/live").content == SOUND
