"""Who does the parts of the work: models, voices, readers and mastering as the settings have them.

The pipeline knows only this class, so that a test can stand in for each part. Whatever is heavy is imported where it
is used: a server that makes no podcast does not pay for one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from magpie.config import Settings
from magpie.podcasts.llms import service as llms
from magpie.podcasts.llms.port import ChatModel
from magpie.podcasts.making import costing
from magpie.podcasts.making.failures import MakingFailed
from magpie.podcasts.making.folder import Journal, Used
from magpie.podcasts.making.order import Cost
from magpie.podcasts.making.pace import Paces
from magpie.podcasts.making.reading import ItemMatter
from magpie.podcasts.mastering.order import Mastered, MasteringOrder
from magpie.podcasts.script.brief import Brief, SourceText, Speaker
from magpie.podcasts.script.turns import Script
from magpie.podcasts.texts.document import Document
from magpie.podcasts.transcribers.port import Transcript
from magpie.podcasts.voices import service as voices
from magpie.podcasts.voices.cache import key
from magpie.podcasts.voices.port import Speaking, Speech, Spoken

if TYPE_CHECKING:
    from magpie.podcasts.making.recordings import FetchRecording
    from magpie.podcasts.script.work import Report, Stop

ReadPage = Callable[[str, Callable[[], bool]], Document]
EXTRACTIVE_LANGUAGE_SAMPLE = 20_000  # characters that tell a text's language


class Tools:
    """The parts as they really are. What reads and fetches differs between server and command line."""

    def __init__(
        self,
        settings: Settings,
        *,
        read_page: ReadPage,
        fetch_recording: FetchRecording | None = None,
        of_item: Callable[[int], ItemMatter] | None = None,
        of_episode: Callable[[int], SourceText] | None = None,
        ffmpeg: str = "",
    ) -> None:
        self.settings = settings
        self.clips = voices.clips(settings)
        self.paces = Paces(settings.data_dir / "cache" / "paces.json")
        self._read_page = read_page
        self._fetch_recording = fetch_recording
        self._of_item = of_item
        self._of_episode = of_episode
        self._ffmpeg = ffmpeg

    # Reading

    def read_page(self, address: str, stop: Stop) -> SourceText:
        """Raises `Unreadable`."""
        found = self._read_page(address, stop)
        return SourceText(found.title, found.text, found.address or address, found.language)

    def fetch_recording(self, address: str, into: Path, stop: Stop) -> ItemMatter | None:
        """What is to be heard at an address; None if nothing is. Raises `MakingFailed`, `Stopped`."""
        return self._fetch_recording(address, into, stop) if self._fetch_recording else None

    def read_file(self, path: Path, name: str, stop: Stop) -> SourceText:
        """Raises `Unreadable`."""
        from magpie.podcasts.texts.service import read_file

        found = read_file(path, name, stop=stop)
        return SourceText(found.title.lstrip("# "), found.text, None, found.language)

    def read_subtitles(self, path: Path) -> str:
        from magpie.podcasts.making.subtitles import text_of

        return text_of(path)

    def of_item(self, row_id: int) -> ItemMatter:
        if self._of_item is None:
            raise MakingFailed("reading", "unsupported", "There is no library here.")
        return self._of_item(row_id)

    def of_episode(self, row_id: int) -> SourceText:
        if self._of_episode is None:
            raise MakingFailed("reading", "unsupported", "There are no other episodes here.")
        return self._of_episode(row_id)

    def transcribe(
        self,
        asr: str,
        media: Path,
        language: str | None,
        on_progress: Callable[[float], None],
        stop: Stop,
        journal: Journal,
    ) -> Transcript:
        from magpie.podcasts.transcribers import service as transcribers

        transcriber = transcribers.connect(self.settings, asr)
        transcriber.check()
        return transcribers.transcribe(
            transcriber, media, language, on_progress, stop, journal, ffmpeg=self._ffmpeg
        )

    def language_of(self, sources: Sequence[SourceText]) -> str | None:
        """The language that most of the sources are in."""
        from magpie.podcasts.script.letters import detect

        found: Counter[str] = Counter()
        for source in sources:
            language = source.language or detect(source.text[:EXTRACTIVE_LANGUAGE_SAMPLE])
            if language:
                found[language] += len(source.text)
        return found.most_common(1)[0][0] if found else None

    # Writing

    def is_extractive(self, llm: str) -> bool:
        return llms.is_extractive(llm)

    def may_be_extractive(self, llm: str) -> bool:
        """Whether the sources' own sentences may stand in for a model that fails."""
        return llms.may_be_extractive(llm)

    def model(self, llm: str) -> ChatModel:
        return llms.model(self.settings, llm)

    def estimate(self, brief: Brief, sources: Sequence[SourceText], model: ChatModel | None) -> Cost:
        """What writing and speaking will take."""
        from magpie.podcasts.script.estimate import estimate

        found = estimate(brief, sources, model.context_tokens() if model else None, model is None)
        return self._cost(found.prompt_tokens, found.completion_tokens, found.characters, found.minutes)

    def estimate_script(self, script: Script, brief: Brief, translate_to: str | None) -> Cost:
        """What speaking a script that is there will take, and translating it first."""
        from magpie.podcasts.script import length, tokens

        text = "\n".join(turn.text for turn in script.turns)
        asked = tokens.count(text) if translate_to else 0
        minutes = length.minutes(text, translate_to or script.language)
        return self._cost(round(asked * 1.5), asked, costing.characters_of(script), minutes)

    def _cost(self, prompt_tokens: int, completion_tokens: int, characters: int, minutes: float) -> Cost:
        return costing.cost_of(self.settings, Used(prompt_tokens, completion_tokens, characters), minutes)

    def write(
        self,
        brief: Brief,
        sources: Sequence[SourceText],
        model: ChatModel,
        journal: Journal,
        report: Report,
        stop: Stop,
    ) -> Script:
        from magpie.podcasts.script.work import Budget
        from magpie.podcasts.script.writing import write

        budget = Budget(self.settings.podcast_max_tokens)
        return write(brief, sources, model, journal, report, stop, budget=budget)

    def extract(self, brief: Brief, sources: Sequence[SourceText], report: Report) -> Script:
        from magpie.podcasts.script.extractive import write

        return write(brief, sources, report)

    def translate(
        self, script: Script, language: str, model: ChatModel, journal: Journal, report: Report, stop: Stop
    ) -> Script:
        from magpie.podcasts.script.translating import translate

        return translate(script, language, model, journal, report, stop)

    # Speaking

    def cast(self, speakers: Sequence[Speaker], tts: str, language: str) -> list[tuple[Speaking, str]]:
        """A provider and a voice for each speaker. Raises `VoiceFailed`."""
        settings = self.settings.model_copy(update={"tts": tts})
        return voices.assign(speakers, settings, language or None)

    def check_voices(self, speaking: Speaking, voice_ids: Sequence[str]) -> None:
        voices.check(speaking, voice_ids)

    def clip_key(self, speaking: Speaking, speech: Speech) -> str:
        return key(speaking, speech)

    def speak(self, speaking: Speaking, speech: Speech, into: Path, stop: Stop) -> Spoken:
        return voices.speak(speaking, speech, into, stop)

    # Mastering

    def master(self, order: MasteringOrder, on_progress: Callable[[float], None], stop: Stop) -> Mastered:
        """Raises `MasteringFailed`."""
        from magpie.podcasts.mastering.service import master

        return master(order, on_progress, stop)

    def sidecars(self, mastered: Mastered, script: Script) -> dict[str, str]:
        """The transcript and the chapters, by what they are."""
        from magpie.podcasts.mastering import sidecars

        return {
            "transcript": sidecars.vtt(mastered),
            "chapters": sidecars.chapters_json(mastered, title=script.title),
        }
