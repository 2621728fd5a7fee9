"""A real server is killed with -9 while a recording is heard: the next start goes on, and asks for nothing twice."""

from __future__ import annotations

import threading
from pathlib import Path

import httpx
import pytest

from tests.support.server import Program, wait_for
from tests.support.transcribers import tones
from tests.support.transcribers.double import Call, Reply
from tests.support.transcribers.whisper_double import WhisperDouble

pytestmark = [pytest.mark.slow, pytest.mark.once]

# Three pieces of at most five minutes.
SAID: tuple[str | float, ...] = tuple(part for word in tones.WORDS for part in (word, 28.0))


class Hesitant(WhisperDouble):
    """Answers one question, and the others when `gate` is open."""

    gate = threading.Event()
    waiting = threading.Event()

    def reply(self, call: Call) -> Reply:
        if call.path == self.path and self.heard:
            self.waiting.set()
            self.gate.wait(60)
        return super().reply(call)


def item_of(client: httpx.Client) -> int | None:
    items = client.get("/api/v1/items").json()["items"]
    return items[0]["id"] if items else None


def test_a_transcript_that_was_killed_is_finished_by_the_next_start(tmp_path: Path) -> None:
    media = tmp_path / "data" / "media" / "Music"
    media.mkdir(parents=True)
    tones.write(media / "Talk.flac", SAID)
    with (
        Hesitant() as double,
        Program(tmp_path / "data", asr="whisper-asr", whisper_asr_url=double.url) as program,
    ):
        client = program.client()
        client.post("/api/v1/library/scans", json={"adopt": True}).raise_for_status()
        wait_for(lambda: item_of(client) is not None, 30)
        at = f"/api/v1/items/{item_of(client)}/transcripts"
        client.post(at, json={}).raise_for_status()
        assert double.waiting.wait(60)
        program.kill()
        first = double.heard[0][0]
        assert 0 < len(first) < len(tones.WORDS)
        double.gate.set()
        wait_for(lambda: double._at_once == 0, 30)  # whom it still answers is gone
        double.heard.clear()
        program.start()

        def state() -> str:
            return str(client.get(at).json()["transcripts"][0]["status"])

        wait_for(lambda: state() == "completed", 60, state)
        assert [word.text for found, _ in double.heard for word in found] == list(tones.WORDS[len(first) :])
        subtitles = (media / "Talk.en.vtt").read_text()
        assert [word for word in tones.WORDS if word in subtitles] == list(tones.WORDS)
        wait_for(lambda: not list((tmp_path / "data" / "transcripts").iterdir()), 10)
        client.close()
