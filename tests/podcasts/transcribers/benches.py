"""One bench for each recogniser: a recording whose words are known, and the recogniser as the settings have it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import EntryPoint
from pathlib import Path

import numpy as np
import pytest
import soundfile  # type: ignore[import-untyped]

from magpie.config import Settings
from magpie.plugins import GROUP, load_plugins
from magpie.podcasts.transcribers import service
from magpie.podcasts.transcribers.journal import Kept
from magpie.podcasts.transcribers.port import Limits, Transcriber, Transcript
from tests.support.transcribers import speech, tones
from tests.support.transcribers.double import Double
from tests.support.transcribers.openai_double import KEY, OpenAiDouble
from tests.support.transcribers.whisper_double import WhisperDouble

PACKAGES = Path(tones.__file__).parent / "packages"
ROOT = PACKAGES.parents[3]
SPOKEN = "Twenty five people in New York bought a newspaper on Sunday morning."
TONES = ("amber", "birch", "cedar", 1.0, "dune", "ember")


@dataclass(slots=True)
class Bench:
    """`error`: the share of words that may be wrong. `record` writes a recording and tells its words; `tells_words`: their
    times, and the language; `double` is the
    service behind it, where there is one."""

    transcriber: Transcriber
    record: Callable[[Path], list[str]]
    error: float = 0.0
    tells_words: bool = True
    double: Double | None = None


class Memory:
    """A journal in memory; `asked`: how many keys were done."""

    def __init__(self) -> None:
        self.kept: dict[str, Kept] = {}
        self.asked = 0

    def once(self, key: str, do: Callable[[], Kept]) -> Kept:
        if key not in self.kept:
            self.asked += 1
            self.kept[key] = do()
        return self.kept[key]


@dataclass(slots=True)
class Narrow:
    """A recogniser with tighter limits than its own."""

    inner: Transcriber
    limits: Limits

    @property
    def name(self) -> str:
        return self.inner.name

    @property
    def is_draft(self) -> bool:
        return self.inner.is_draft

    def check(self) -> None:
        self.inner.check()

    def transcribe(
        self,
        audio: Path,
        language: str | None,
        on_progress: Callable[[float], None],
        stop: Callable[[], bool],
    ) -> Transcript:
        return self.inner.transcribe(audio, language, on_progress, stop)


def settings(**given: object) -> Settings:
    return Settings(data_dir=Path("/nonexistent"), **given)


def _tones(path: Path) -> list[str]:
    return [word.text for word in tones.write(path, TONES)]


def _speech(path: Path) -> list[str]:
    said, rate = soundfile.read(speech.say(SPOKEN, path.with_suffix(".wav")), dtype="float32")
    soundfile.write(path, said, rate)
    return speech.words_of(SPOKEN)


@contextmanager
def whisper(engine: str) -> Iterator[Bench]:
    with WhisperDouble(engine=engine) as double:
        made = service.connect(settings(whisper_asr_url=double.url), "whisper-asr")
        yield Bench(made, _tones, double=double)


@contextmanager
def openai(model: str) -> Iterator[Bench]:
    with OpenAiDouble() as double:
        given = settings(openai_transcription_url=f"{double.url}/v1", openai_transcription_api_key=KEY)
        made = service.connect(given, f"openai:{model}")
        yield Bench(made, _tones, tells_words=model == "whisper-1", double=double)


@contextmanager
def plugin() -> Iterator[Bench]:
    """The one of the example plug-in, which hears Morse code."""
    source = ROOT / "examples" / "magpie-demo-plugin" / "src"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(source))
        kinds = load_plugins([EntryPoint("magpie-demo", "magpie_demo_plugin", GROUP)]).transcribers
        patch.setattr(service, "kinds", lambda: kinds)
        yield Bench(service.connect(settings(), "magpie-demo"), _morse)


def _morse(path: Path) -> list[str]:
    from magpie_demo_plugin.morse import LETTERS, UNIT

    signs = {letter: sign for sign, letter in LETTERS.items()}
    moments = np.arange(int(3 * UNIT * tones.RATE)) / tones.RATE
    dash = 0.5 * np.sin(2 * np.pi * 700 * moments)
    pause, parts = np.zeros(int(UNIT * tones.RATE)), []
    for word in ("no", "magpie", "sings"):
        for letter in word:
            for sign in signs[letter]:
                parts += [dash if sign == "-" else dash[: len(pause)], pause]
            parts += [pause] * 2
        parts += [pause] * 4
    soundfile.write(path, np.concatenate(parts), tones.RATE)
    return ["no", "magpie", "sings"]


@contextmanager
def pocketsphinx() -> Iterator[Bench]:
    yield Bench(service.connect(settings()), _speech, error=0.25)


@contextmanager
def faster_whisper() -> Iterator[Bench]:
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(PACKAGES))
        patch.setenv("PYTHONPATH", f"{PACKAGES}:{ROOT}")
        yield Bench(service.connect(settings(), "faster-whisper:small"), _tones)


BENCHES: dict[str, Callable[[], Iterator[Bench]]] = {
    "whisper-asr": lambda: _opened(whisper("openai_whisper")),
    "whisper-asr, faster-whisper": lambda: _opened(whisper("faster_whisper")),
    "whisper-asr, an old faster-whisper": lambda: _opened(whisper("faster_whisper_old")),
    "whisper-asr, whisperx": lambda: _opened(whisper("whisperx")),
    "openai": lambda: _opened(openai("whisper-1")),
    "openai without times": lambda: _opened(openai("gpt-4o-transcribe")),
    "pocketsphinx": lambda: _opened(pocketsphinx()),
    "plug-in": lambda: _opened(plugin()),
    "faster-whisper": lambda: _opened(faster_whisper()),
}


def _opened(bench: object) -> Iterator[Bench]:
    with bench as opened:  # type: ignore[attr-defined]
        yield opened
