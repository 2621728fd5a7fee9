"""Stand-ins for the parts of the work: they count what they are asked, and fail as they are told."""

from __future__ import annotations

import threading
import time
import wave
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from magpie.config import Settings
from magpie.podcasts.llms.port import Answer, Ask, ChatModel, Message
from magpie.podcasts.making.folder import Journal
from magpie.podcasts.making.order import Cost
from magpie.podcasts.making.tools import Tools
from magpie.podcasts.mastering.order import Cue, Mastered, MasteringOrder, PlacedChapter
from magpie.podcasts.script.brief import Brief, SourceText, Speaker
from magpie.podcasts.script.turns import Script, Segment, Turn
from magpie.podcasts.texts.document import Document
from magpie.podcasts.transcribers.port import Passage, Transcript
from magpie.podcasts.voices.port import Abilities, Speaking, Speech, Spoken, Voice, VoiceFailed

SECONDS = 0.02


def write_sound(path: Path, seconds: float = SECONDS) -> None:
    with path.open("wb") as file, wave.open(file, "wb") as sound:
        sound.setparams((1, 2, 8000, 0, "NONE", ""))
        sound.writeframes(b"\x01\x02" * int(8000 * seconds))


@dataclass
class FakeVoices:
    """A provider that notes what it is asked. `before` runs first in each call, and may raise or wait."""

    name: str = "fake"
    parallel: int = 4
    known: tuple[str, ...] = ("ada", "ben", "cy")
    before: Callable[[Speech], None] = lambda _speech: None
    seconds: float = 0.0
    spoken: list[Speech] = field(default_factory=list)
    busy: int = 0
    most_busy: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def identity(self) -> str:
        return self.name

    @property
    def abilities(self) -> Abilities:
        return Abilities(max_chars=4000, parallel=self.parallel)

    def check(self) -> None:
        """It is there."""

    def default_voices(self, language: str | None = None) -> tuple[str, ...]:
        return self.known

    def voices(self) -> list[Voice]:
        return [Voice(one, one) for one in self.known]

    def has_voice(self, voice_id: str) -> bool | None:
        return voice_id in self.known

    def speak(self, speech: Speech, into: Path, stop: Callable[[], bool]) -> Spoken:
        with self._lock:
            self.busy += 1
            self.most_busy = max(self.most_busy, self.busy)
        try:
            self.before(speech)
            until = time.monotonic() + self.seconds
            while time.monotonic() < until:
                if stop():
                    raise VoiceFailed("stopped", "Stopped.")
                time.sleep(0.01)
            write_sound(into)
            with self._lock:
                self.spoken.append(speech)
            return Spoken(SECONDS, 8000)
        finally:
            with self._lock:
                self.busy -= 1


@dataclass
class FakeModel:
    """Answers each question with its own words. `before` may raise."""

    name: str = "fake:model"
    before: Callable[[str], None] = lambda _question: None
    asked: list[str] = field(default_factory=list)
    checks: int = 0

    def context_tokens(self) -> int:
        return 8192

    def check(self) -> None:
        self.checks += 1

    def ask(self, ask: Ask, on_text: Callable[[str], None], stop: Callable[[], bool]) -> Answer:
        question = ask.messages[-1].content
        self.before(question)
        self.asked.append(question)
        return Answer(f"About {question}.", 100, 10)


class FakeTools(Tools):
    """Reading, writing and mastering without any of the real parts; a script has a segment for each source's line."""

    def __init__(self, settings: Settings, **more: Any) -> None:
        super().__init__(settings, read_page=self._page, **more)
        self.provider = FakeVoices()
        self.chat = FakeModel()
        self.pages: Counter[str] = Counter()
        self.files: Counter[str] = Counter()
        self.heard: Counter[str] = Counter()
        self.mastered: list[MasteringOrder] = []
        self.estimated = Cost(100, 10, 100, 1.0)
        self.before_master: Callable[[MasteringOrder], None] = lambda _order: None

    def _page(self, address: str, _stop: Callable[[], bool]) -> Document:
        self.pages[address] += 1
        return Document("A page", f"Words of {address}", "en")

    def read_file(self, path: Path, name: str, stop: Callable[[], bool]) -> SourceText:
        self.files[name] += 1
        return SourceText("A document", path.read_text(), None, "en")

    def transcribe(
        self,
        asr: str,
        media: Path,
        language: str | None,
        on_progress: Callable[[float], None],
        stop: Callable[[], bool],
        journal: Journal,
    ) -> Transcript:
        self.heard[media.name] += 1
        on_progress(0.5)
        return Transcript((Passage(0, 1, f"Heard in {media.name}"),), "en", asr)

    def language_of(self, sources: Sequence[SourceText]) -> str | None:
        return "en"

    def is_extractive(self, llm: str) -> bool:
        return llm == "extractive"

    def model(self, llm: str) -> ChatModel:
        return self.chat

    def estimate(self, brief: Brief, sources: Sequence[SourceText], model: ChatModel | None) -> Cost:
        return self.estimated

    def write(
        self,
        brief: Brief,
        sources: Sequence[SourceText],
        model: ChatModel,
        journal: Journal,
        report: Callable[[str, int, int], None],
        stop: Callable[[], bool],
    ) -> Script:
        lines = [line for source in sources for line in source.text.splitlines() if line.strip()]
        turns = []
        for number, line in enumerate(lines):
            report("segment", number, len(lines))
            said = journal.once(f"segment {number} {line}", partial(_answered, model, line, stop))
            turns.append(
                Turn(brief.speakers[number % len(brief.speakers)].name, said["text"], segment=number)
            )
        segments = tuple(Segment(line) for line in lines)
        return Script("What was written", brief.language, segments, tuple(turns))

    def extract(
        self, brief: Brief, sources: Sequence[SourceText], report: Callable[[str, int, int], None]
    ) -> Script:
        text = sources[0].text
        turns = (Turn(brief.speakers[0].name, text),)
        return Script("What was extracted", brief.language, (Segment("All"),), turns, is_extractive=True)

    def translate(
        self,
        script: Script,
        language: str,
        model: ChatModel,
        journal: Journal,
        report: Callable[[str, int, int], None],
        stop: Callable[[], bool],
    ) -> Script:
        turns = []
        for turn in script.turns:
            said = journal.once(f"to {language} {turn.text}", partial(_answered, model, turn.text, stop))
            turns.append(Turn(turn.speaker, said["text"], segment=turn.segment))
        return Script(script.title, language, script.segments, tuple(turns))

    def cast(self, speakers: Sequence[Speaker], tts: str, language: str) -> list[tuple[Speaking, str]]:
        return [
            (self.provider, speaker.voice_id or self.provider.known[number % len(self.provider.known)])
            for number, speaker in enumerate(speakers)
        ]

    def speak(self, speaking: Speaking, speech: Speech, into: Path, stop: Callable[[], bool]) -> Spoken:
        return speaking.speak(speech, into, stop)

    def master(
        self, order: MasteringOrder, on_progress: Callable[[float], None], stop: Callable[[], bool]
    ) -> Mastered:
        self.before_master(order)
        self.mastered.append(order)
        on_progress(1.0)
        files = {}
        for what, ending in (*((one, one) for one in order.formats), ("cover", "jpg")):
            files[what] = order.folder / f"{order.name}.{ending}"
            files[what].write_bytes(b"".join(clip.path.read_bytes() for clip in order.clips))
        seconds = SECONDS * len(order.clips)
        cues = tuple(
            Cue(number * SECONDS, (number + 1) * SECONDS, clip.speaker, clip.text)
            for number, clip in enumerate(order.clips)
        )
        chapters = tuple(PlacedChapter(0, seconds, one.title, one.address) for one in order.chapters)
        return Mastered(files, seconds, cues, chapters, {"lufs": -16.0})

    def sidecars(self, mastered: Mastered, script: Script) -> dict[str, str]:
        return {"transcript": "WEBVTT\n", "chapters": "{}"}


def _answered(model: ChatModel, question: str, stop: Callable[[], bool]) -> dict[str, Any]:
    answer = model.ask(Ask([Message("user", question)]), lambda _text: None, stop)
    return {"text": answer.text}
