"""Clips that are heard before the episode is done."""

from __future__ import annotations

import asyncio
from pathlib import Path

import numpy as np
import pytest

from magpie.podcasts.mastering.order import Clip, MasteringFailed
from magpie.podcasts.mastering.preview import PreviewEncoder
from tests.podcasts.mastering import sounds
from tests.podcasts.mastering.sounds import silence, strength, tone

pytestmark = pytest.mark.once

TONES = (400, 700, 1000)


@pytest.fixture
def clips(tmp_path: Path) -> list[Clip]:
    made = []
    for number, frequency in enumerate(TONES):
        rate, level = (24_000, 22_050)[number % 2], (0.02, 0.5)[number % 2]
        sound = np.concatenate((silence(0.5, rate), tone(frequency, 1, rate, level), silence(0.5, rate)))
        path = sounds.write(tmp_path / f"{number}.wav", sound, rate)
        made.append(Clip(path, "Ann", "Well?", number // 2))
    return made


def test_finished_clips_come_in_order_with_pauses_as_they_become_ready(
    clips: list[Clip], tmp_path: Path
) -> None:
    encoder = PreviewEncoder(tmp_path, ffmpeg=sounds.ffmpeg())
    asked: list[int] = []

    async def ready(number: int) -> Clip | None:
        asked.append(number)
        return clips[number] if number < len(clips) else None

    async def listen() -> list[bytes]:
        pieces: list[bytes] = []
        async for piece in encoder.stream(ready):
            assert asked == list(range(len(pieces) + 1))  # it is sent before the next one is waited for
            pieces.append(piece)
        return pieces

    pieces = asyncio.run(listen())
    path = tmp_path / "heard.mp3"
    path.write_bytes(b"".join(pieces))
    rate = 44_100
    sound = sounds.decoded(path, rate)
    assert len(sound) / rate == pytest.approx(3 + 0.5 + 1.0, abs=0.4)
    order: list[int] = []
    for at in range(0, len(sound) - 2205, 2205):
        heard = [strength(sound[at : at + 2205], frequency, rate) for frequency in TONES]
        if max(heard) > 0.05 and (not order or order[-1] != int(np.argmax(heard))):
            order.append(int(np.argmax(heard)))
    assert order == [0, 1, 2]
    loud = [max(strength(sound[at : at + 8820], f, rate) for at in range(0, len(sound), 4410)) for f in TONES]
    assert max(loud) / min(loud) < 1.6  # all are about equally loud


@pytest.mark.parametrize("seconds", [0.05, 0.3, 2.0])
@pytest.mark.parametrize("before", [0.0, 0.2])
@pytest.mark.parametrize("after", [0.0, 0.2])
def test_a_clip_that_begins_or_ends_loud_is_whole(
    tmp_path: Path, seconds: float, before: float, after: float
) -> None:
    rate = 24_000
    loud = (0.5 * np.sin(2 * np.pi * 500 * np.arange(int(seconds * rate)) / rate)).astype(np.float32)
    path = sounds.write(
        tmp_path / "clip.wav", np.concatenate((silence(before, rate), loud, silence(after, rate))), rate
    )
    heard = sounds.decoded(
        PreviewEncoder(tmp_path, ffmpeg=sounds.ffmpeg()).piece(Clip(path, "Ann", "Well.")), rate
    )
    levels = [strength(heard[at : at + 240], 500, rate) for at in range(0, len(heard) - 240, 240)]
    assert sum(level > 0.1 for level in levels) / 100 == pytest.approx(seconds, abs=0.03)
    assert len(heard) / rate < seconds + 0.25  # the silence around it is gone


def test_a_piece_is_made_once_for_all_who_listen(clips: list[Clip], tmp_path: Path) -> None:
    first = PreviewEncoder(tmp_path, ffmpeg=sounds.ffmpeg()).piece(clips[0])
    made = first.stat().st_mtime_ns
    assert PreviewEncoder(tmp_path, ffmpeg="/no/such/program").piece(clips[0]) == first
    assert first.stat().st_mtime_ns == made
    sounds.write(clips[0].path, tone(300, 1, 16_000), 16_000)
    assert PreviewEncoder(tmp_path, ffmpeg=sounds.ffmpeg()).piece(clips[0]) != first


@pytest.mark.parametrize(("content", "reason"), [(None, "clip_missing"), (b"no sound", "clip_damaged")])
def test_what_is_no_clip_is_refused(tmp_path: Path, content: bytes | None, reason: str) -> None:
    path = tmp_path / "clip.wav"
    if content:
        path.write_bytes(content)
    with pytest.raises(MasteringFailed) as failed:
        PreviewEncoder(tmp_path, ffmpeg=sounds.ffmpeg()).piece(Clip(path, "Ann", "Well."))
    assert failed.value.reason == reason
    assert [one.name for one in tmp_path.iterdir()] == (["clip.wav"] if content else [])
