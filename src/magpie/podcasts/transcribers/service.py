"""Text of recordings: which recogniser, and how a long recording becomes one transcript."""

from __future__ import annotations

import json
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from magpie.downloads.tools import find_tools
from magpie.plugins import plugins
from magpie.podcasts.transcribers.cutting import Piece, cut
from magpie.podcasts.transcribers.journal import Journal
from magpie.podcasts.transcribers.port import (
    HeardWord,
    Passage,
    Transcriber,
    TranscriberKind,
    Transcript,
    TranscriptionFailed,
)

if TYPE_CHECKING:
    from magpie.config import Settings

ATTEMPTS = 4
FIRST_PAUSE = 1.0  # seconds; twice as long each time
MAX_WAIT = 60.0  # who is asked to wait longer says so to whoever has asked
_LOOK = 0.2
_CUT_SHARE = 0.02  # of the progress, for what goes before the first question

Stop = Callable[[], bool]
Pause = Callable[[float, Stop], None]


def kinds() -> list[TranscriberKind]:
    """All kinds of recognisers, those of plug-ins first."""
    return plugins().transcribers


def connect(settings: Settings, spec: str | None = None) -> Transcriber:
    """The recogniser that `spec` (`kind` or `kind:model`), or else the setting `asr`, names.

    Raises `TranscriptionFailed` (`not_configured`).
    """
    name, _, model = (spec or settings.asr).partition(":")
    for kind in kinds():
        if kind.name == name:
            return kind.connect(model or None, settings)
    raise TranscriptionFailed("not_configured", f"There is no recogniser “{name}”.")


def wait(seconds: float, stop: Stop) -> None:
    """Let time pass. Raises `TranscriptionFailed` (`stopped`) as soon as `stop` says so."""
    latest = time.monotonic() + seconds
    while (left := latest - time.monotonic()) > 0:
        _unless(stop)
        time.sleep(min(left, _LOOK))
    _unless(stop)


def transcribe(
    transcriber: Transcriber,
    media: Path,
    language: str | None,
    on_progress: Callable[[float], None],
    stop: Stop,
    journal: Journal,
    *,
    ffmpeg: str = "",
    room: Path | None = None,
    pause: Pause = wait,
) -> Transcript:
    """What is said in any medium. `language`: its tag, if it is known; progress from 0 to 1, never falling.

    What has been heard goes into the journal piece by piece; pieces without any sound are not asked for. The pieces
    lie in the folder `room` meanwhile, 120 MB for an hour at most; without one, where temporary files do. Raises
    `TranscriptionFailed`, for a service that asks for more than a minute of peace with `retry_after`.
    """
    with tempfile.TemporaryDirectory(prefix="magpie-sound-", dir=room) as folder:
        pieces = cut(media, Path(folder), transcriber.limits, find_tools(ffmpeg).ffmpeg, stop)
        hearing = _Hearing(transcriber, language, stop, journal, pause)
        with _progress(on_progress, pieces) as progress:
            heard = hearing.all(pieces, progress)
    passages = tuple(
        _moved(passage, piece)
        for piece, transcript in zip(pieces, heard, strict=True)
        for passage in transcript.passages
    )
    if not any(passage.text for passage in passages):
        raise TranscriptionFailed("silent", "Nobody is heard speaking in this recording.")
    return Transcript(
        passages=passages,
        language=_spoken(heard) or language,
        provider=transcriber.name,
        is_draft=transcriber.is_draft,
    )


class _Progress:
    """One number out of what several pieces tell at once."""

    def __init__(self, tell: Callable[[float], None], pieces: Sequence[Piece]) -> None:
        self._tell = tell
        self._total = sum(piece.seconds for piece in pieces) or 1.0
        self._done: dict[float, float] = {}
        self._told = 0.0
        self._lock = threading.Lock()

    def of(self, piece: Piece) -> Callable[[float], None]:
        """What the recogniser of this piece calls."""

        def moved(share: float) -> None:
            with self._lock:
                before = self._done.get(piece.start, 0.0)
                self._done[piece.start] = max(before, min(max(share, 0.0), 1.0) * piece.seconds)
                done = _CUT_SHARE + (1 - _CUT_SHARE) * sum(self._done.values()) / self._total
                if done > self._told:
                    self._told = min(done, 1.0)
                    self._tell(self._told)

        return moved


@contextmanager
def _progress(tell: Callable[[float], None], pieces: Sequence[Piece]) -> Iterator[_Progress]:
    tell(_CUT_SHARE)
    yield _Progress(tell, pieces)


class _Hearing:
    """All pieces of one recording, some of them at once; the first that fails ends the others."""

    def __init__(
        self, transcriber: Transcriber, language: str | None, stop: Stop, journal: Journal, pause: Pause
    ) -> None:
        self._transcriber = transcriber
        self._language = language
        self._outer_stop = stop
        self._journal = journal
        self._pause = pause
        self._failed = threading.Event()
        self._failure: BaseException | None = None
        self._lock = threading.Lock()

    def _stop(self) -> bool:
        return self._failed.is_set() or self._outer_stop()

    def all(self, pieces: Sequence[Piece], progress: _Progress) -> list[Transcript]:
        """The transcripts, in the order of the pieces. Raises what the first failing one did."""
        workers = max(1, min(self._transcriber.limits.parallel, len(pieces)))
        with ThreadPoolExecutor(workers, thread_name_prefix="hearing") as pool:
            heard = list(pool.map(lambda piece: self._one(piece, progress.of(piece)), pieces))
        if self._failure is not None:
            raise self._failure
        return [transcript for transcript in heard if transcript is not None]

    def _one(self, piece: Piece, moved: Callable[[float], None]) -> Transcript | None:
        """None once any piece has failed: which one it was stands in `_failure`."""
        try:
            _unless(self._stop)
            transcript = self._kept(piece, moved)
        except BaseException as error:  # noqa: BLE001  handed on by `all`, from the thread that waits
            with self._lock:
                if self._failure is None:
                    self._failure = error
            self._failed.set()
            return None
        moved(1.0)
        return transcript

    def _kept(self, piece: Piece, moved: Callable[[float], None]) -> Transcript:
        if piece.is_silent:  # recognisers make words up of silence
            return Transcript((), None, self._transcriber.name)
        asked = ["transcription", self._transcriber.name, self._language, piece.digest]

        def hear() -> dict[str, Any]:
            return self._patiently(piece, moved).as_json()

        return Transcript.of_json(self._journal.once(json.dumps(asked), hear))

    def _patiently(self, piece: Piece, moved: Callable[[float], None]) -> Transcript:
        """Asked again where it may help, as late as the service wishes."""
        for attempt in range(1, ATTEMPTS + 1):
            try:
                return self._transcriber.transcribe(piece.path, self._language, moved, self._stop)
            except TranscriptionFailed as failure:
                pause = failure.retry_after
                if pause is None:
                    pause = FIRST_PAUSE * 2 ** (attempt - 1)
                if not failure.may_pass or attempt == ATTEMPTS or pause > MAX_WAIT:
                    raise
            self._pause(pause, self._stop)
        raise AssertionError("the last attempt answers or raises")


def _unless(stop: Stop) -> None:
    if stop():
        raise TranscriptionFailed("stopped", "The transcription was stopped.")


def _moved(passage: Passage, piece: Piece) -> Passage:
    """A piece's passage as it is in the whole recording."""
    at = piece.start
    words = tuple(
        HeardWord(word.text, word.start + at, min(word.end + at, piece.end)) for word in passage.words
    )
    return Passage(passage.start + at, min(passage.end + at, piece.end), passage.text, words)


def _spoken(heard: Sequence[Transcript]) -> str | None:
    """The language that most is said in."""
    spoken: Counter[str] = Counter()
    for transcript in heard:
        if transcript.language and transcript.passages:
            spoken[transcript.language] += sum(len(passage.text) for passage in transcript.passages)
    return next((name for name, _ in spoken.most_common(1)), None)
