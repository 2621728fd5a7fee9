"""What every recogniser promises, whichever it is: the services against their doubles, the embedded one with speech."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from magpie.downloads.tools import find_tools
from magpie.podcasts.transcribers import service
from magpie.podcasts.transcribers.lengths import seconds_of
from magpie.podcasts.transcribers.port import Transcript, TranscriptionFailed
from tests.podcasts.transcribers.benches import BENCHES, Bench, Memory
from tests.support.transcribers import speech

pytestmark = pytest.mark.once


@pytest.fixture(scope="module", params=BENCHES)
def bench(request: pytest.FixtureRequest) -> Iterator[Bench]:
    yield from BENCHES[request.param]()


@pytest.fixture(scope="module")
def recording(bench: Bench, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    """One piece as recognisers get it, and its words."""
    folder = tmp_path_factory.mktemp("recording")
    words = bench.record(folder / "said.wav")
    piece = folder / "piece.flac"
    _ffmpeg("-i", str(folder / "said.wav"), "-ac", "1", "-ar", "16000", str(piece))
    return piece, words


def _ffmpeg(*arguments: str) -> None:
    subprocess.run([find_tools().ffmpeg, "-v", "error", "-nostdin", "-y", *arguments], check=True, timeout=60)


def _words(transcript: Transcript) -> list[str]:
    return speech.words_of(transcript.text)


def never() -> bool:
    return False


def test_it_is_there(bench: Bench) -> None:
    bench.transcriber.check()
    assert bench.transcriber.name.partition(":")[0] in {kind.name for kind in service.kinds()}
    assert bench.transcriber.limits.parallel >= 1


@pytest.fixture(scope="module")
def heard(bench: Bench, recording: tuple[Path, list[str]]) -> tuple[Transcript, list[float]]:
    """What is said in it, and the progress that was told."""
    told: list[float] = []
    return bench.transcriber.transcribe(recording[0], "en", told.append, never), told


def test_a_piece_is_heard_with_its_times(
    bench: Bench, recording: tuple[Path, list[str]], heard: tuple[Transcript, list[float]]
) -> None:
    piece, said = recording
    transcript, told = heard
    assert speech.word_error(said, _words(transcript)) <= bench.error
    assert transcript.language == "en"
    assert transcript.provider == bench.transcriber.name
    assert transcript.is_draft == bench.transcriber.is_draft
    assert told[-1] == 1.0
    assert told == sorted(told)
    seconds = seconds_of(piece)
    times = [(one.start, one.end) for one in transcript.passages]
    assert all(0 <= start <= end <= seconds for start, end in times)
    assert times == sorted(times)
    words = [word for one in transcript.passages for word in one.words]
    assert bool(words) == bench.tells_words
    assert all(before.start <= after.start for before, after in pairwise(words))
    assert Transcript.of_json(transcript.as_json()) == transcript


def test_any_medium_is_heard_at_the_times_that_players_show(
    bench: Bench, recording: tuple[Path, list[str]], heard: tuple[Transcript, list[float]], tmp_path: Path
) -> None:
    """A film whose sound begins two seconds late."""
    piece, said = recording
    film = tmp_path / "film.mkv"
    picture = ("-f", "lavfi", "-i", "color=size=64x64:rate=5:duration=9")
    sound = ("-itsoffset", "2", "-i", str(piece))
    _ffmpeg(*picture, *sound, "-map", "0:v", "-map", "1:a", "-c:v", "mpeg4", "-c:a", "libopus", str(film))
    told: list[float] = []
    transcript = service.transcribe(bench.transcriber, film, None, told.append, never, Memory())
    assert speech.word_error(said, _words(transcript)) <= bench.error + 0.1
    if bench.tells_words:
        alone = heard[0].passages[0]
        assert transcript.passages[0].start == pytest.approx(alone.start + 2.0, abs=0.25)
    assert transcript.language == ("en" if bench.tells_words else None)
    assert told == sorted(told)
    assert told[-1] == 1.0


def test_what_is_no_sound_is_refused_for_good(bench: Bench, tmp_path: Path) -> None:
    broken = tmp_path / "broken.flac"
    broken.write_bytes(b"fLaC" + bytes(300))
    with pytest.raises(TranscriptionFailed) as failed:
        bench.transcriber.transcribe(broken, None, lambda _: None, never)
    assert failed.value.reason in {"unreadable", "refused", "failing"}
    with pytest.raises(TranscriptionFailed) as failed:
        service.transcribe(bench.transcriber, broken, None, lambda _: None, never, Memory())
    assert failed.value.reason == "unreadable"
    assert not failed.value.may_pass


def test_it_stops_when_it_is_told_to(bench: Bench, recording: tuple[Path, list[str]]) -> None:
    if bench.double is not None:
        bench.double.hold = threading.Event()
        bench.double.held.clear()
    held = bench.double.held.is_set if bench.double is not None else lambda: True
    try:
        with pytest.raises(TranscriptionFailed) as failed:
            bench.transcriber.transcribe(recording[0], None, lambda _: None, held)
    finally:
        if bench.double is not None and bench.double.hold is not None:
            bench.double.hold.set()
            bench.double.hold = None
    assert failed.value.reason == "stopped"
