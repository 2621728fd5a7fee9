"""From sources to the finished files, step by step: for the worker and for the command line alike.

Each step keeps what it has done in the episode's folder before the next one begins, so that a later call of `make` with
the same order goes on where this one ended, however it ended. Nothing is asked of a model before all voices have been
looked at and the cost is known.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import structlog

from magpie.podcasts.llms.port import ChatFailed, ChatModel
from magpie.podcasts.making import costing, publishing
from magpie.podcasts.making.counting import CountedModel
from magpie.podcasts.making.failures import (
    MakingFailed,
    Stopped,
    of_disk,
    of_mastering,
    of_provider,
    of_source,
)
from magpie.podcasts.making.folder import EpisodeFolder, Superseded
from magpie.podcasts.making.order import Cost, Made, MakingOrder, NewScript
from magpie.podcasts.making.reading import Reading
from magpie.podcasts.making.tools import Tools
from magpie.podcasts.making.voicing import Cast, Part, Voicing
from magpie.podcasts.mastering.order import Chapter, Clip, Facts, Mastered, MasteringFailed, MasteringOrder
from magpie.podcasts.models import Origin
from magpie.podcasts.script.brief import Brief, SourceText, Speaker
from magpie.podcasts.script.turns import Script
from magpie.podcasts.script.work import Later
from magpie.podcasts.texts.document import Unreadable
from magpie.podcasts.transcribers.port import TranscriptionFailed
from magpie.podcasts.voices.port import VoiceFailed

log = structlog.get_logger(__name__)

Report = Callable[[str, int, int], None]
Stop = Callable[[], bool]
KeepScript = Callable[[NewScript], None]
KeepEstimate = Callable[[Cost], None]
Conclude = Callable[[Made, Callable[[], None]], None]
DEFAULT_LANGUAGE = "en"
_UNSTORABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


@contextmanager
def failing(step: str, stop: Stop) -> Iterator[None]:
    """Whatever goes wrong inside is the failure of this step. Stopped work has not failed, however it ends."""
    try:
        yield
    except (MakingFailed, Stopped):
        if stop():
            raise Stopped from None
        raise
    except (ChatFailed, VoiceFailed, TranscriptionFailed) as failed:
        if stop():
            raise Stopped from None
        raise of_provider(step, failed) from failed
    except Unreadable as unreadable:
        if stop():
            raise Stopped from None
        raise of_source(unreadable) from unreadable
    except Later as later:
        raise MakingFailed(
            step, "limited", later.message, may_pass=True, retry_after=later.seconds
        ) from later
    except OSError as error:
        if stop():
            raise Stopped from None
        raise of_disk(step, error) from error


def make(
    order: MakingOrder,
    tools: Tools,
    folder: EpisodeFolder,
    report: Report,
    stop: Stop,
    *,
    keep_script: KeepScript = lambda _new: None,
    keep_estimate: KeepEstimate = lambda _estimate: None,
    conclude: Conclude = lambda _made, place: place(),
) -> Made:
    """Make an episode, or go on with it. `keep_script` and `keep_estimate` are called as soon as there is one; `conclude`
    with the finished episode and what puts its files in place, which it calls once it is sure that they may be.

    Raises `MakingFailed`, or `Stopped` soon after `stop()` has become true.
    """
    return _Making(order, tools, folder, report, stop, keep_script, keep_estimate, conclude).run()


class _Making:
    def __init__(
        self,
        order: MakingOrder,
        tools: Tools,
        folder: EpisodeFolder,
        report: Report,
        stop: Stop,
        keep_script: KeepScript,
        keep_estimate: KeepEstimate,
        conclude: Conclude,
    ) -> None:
        self._order = order
        self._tools = tools
        self._folder = folder
        self._report = report
        self._stop = stop
        self._keep_script = keep_script
        self._keep_estimate = keep_estimate
        self._conclude = conclude
        self._model: ChatModel | None = None

    def run(self) -> Made:
        with failing("checking", self._stop):
            costing.require_room(self._tools.settings, self._folder.root, 0, "checking")
            try:
                self._folder.prepare()
            except Superseded:
                raise Stopped from None
            self._report("checking", 0, 1)
            brief = self._brief_of(self._order.brief, self._order.script)
            cast = self._settle(brief)
        texts, brief, cast = self._read(brief, cast)
        if self._order.script is None:
            wpm = self._tools.paces.of([part.voice for part in cast.values()])
            brief = replace(brief, wpm=self._folder.pace(wpm))
        estimate = self._estimate(brief, texts)
        script = self._script(brief, texts)
        if self._order.stops_at_script:
            return Made(script, self._folder.used(), estimate)
        clips = self._voice(script, cast)
        mastered = self._master(script, texts, clips)
        with failing("publishing", self._stop):
            self._go_on()
            self._report("publishing", 0, 1)
            finished = publishing.finish(self._order, self._tools, self._folder, script, texts, mastered)
            used = self._folder.used()
            made = Made(script, used, estimate, finished.files, mastered.seconds, mastered.report)
            self._conclude(made, finished.place)
        return made

    def _go_on(self) -> None:
        if self._stop():
            raise Stopped

    # Who does the work, and what it will cost

    def _brief_of(self, brief: Brief, script: Script | None) -> Brief:
        """In the language that the script is in, or will be in."""
        language = self._order.translate_to or (script.language if script else brief.language)
        return replace(brief, language=language)

    def _settle(self, brief: Brief) -> Cast:
        """Look at voices and model, at no cost: what is not there is found before anything was paid for."""
        cast = self._cast(brief)
        if self._needs_model:
            try:
                model = CountedModel(self._tools.model(self._order.llm), self._folder)
                model.check()
                self._model = model
            except ChatFailed as failed:
                self._require_stand_in(failed)
        return cast

    def _require_stand_in(self, failed: ChatFailed) -> None:
        """Raises what failed, unless the sources' own sentences are to be taken then."""
        log.info("model_failed", reason=failed.reason)
        may_stand_in = self._order.translate_to is None and self._tools.may_be_extractive(self._order.llm)
        if self._stop() or failed.reason in {"stopped", "over_budget"} or not may_stand_in:
            raise failed

    @property
    def _needs_model(self) -> bool:
        if self._order.translate_to is not None:
            return True
        return self._order.script is None and not self._tools.is_extractive(self._order.llm)

    def _cast(self, brief: Brief) -> Cast:
        speakers = list(brief.speakers)
        if self._order.script is not None:
            speakers += strangers(self._order.script, brief)
        parts = self._tools.cast(speakers, self._order.tts, brief.language)
        cast = {
            speaker.name: Part(speaker, speaking, voice_id)
            for speaker, (speaking, voice_id) in zip(speakers, parts, strict=True)
        }
        by_provider: dict[str, list[Part]] = {}
        for part in cast.values():
            by_provider.setdefault(part.speaking.name, []).append(part)
        for one in by_provider.values():
            self._tools.check_voices(one[0].speaking, [part.voice_id for part in one])
        return cast

    def _read(self, brief: Brief, cast: Cast) -> tuple[list[SourceText], Brief, Cast]:
        """The texts; and where nobody has said in which language the episode is to be, it is theirs."""
        if self._order.script is not None:
            return self._folder.texts(), brief, cast
        with failing("reading", self._stop):
            reading = Reading(self._tools, self._folder, self._order.asr, brief.language or None)
            texts = reading.read(self._order.sources, self._report, self._stop)
            if not texts:
                raise MakingFailed("reading", "empty", "There is nothing to make an episode of.")
        if brief.language:
            return texts, brief, cast
        language = self._tools.language_of(texts) or DEFAULT_LANGUAGE
        brief = replace(brief, language=language)
        with failing("checking", self._stop):
            return texts, brief, self._cast(brief)

    def _estimate(self, brief: Brief, texts: list[SourceText]) -> Cost:
        with failing("checking", self._stop):
            self._go_on()
            settings = self._tools.settings
            if self._order.script is not None:
                estimate = self._tools.estimate_script(self._order.script, brief, self._order.translate_to)
            else:
                estimate = self._tools.estimate(brief, texts, self._model)
            self._keep_estimate(estimate)
            costing.require_characters(settings, estimate.characters, "checking")
            costing.require_tokens(settings, estimate, self._folder)
            self._report("checking", 1, 1)
            return estimate

    # The script

    def _script(self, brief: Brief, texts: list[SourceText]) -> Script:
        order, tools = self._order, self._tools
        if order.translate_to is not None and order.script is not None:
            with failing("translating", self._stop):
                script = tools.translate(
                    order.script,
                    order.translate_to,
                    self._required_model(),
                    self._folder.journal,
                    self._report,
                    self._stop,
                )
            return self._kept(script, Origin.TRANSLATED)
        if order.script is not None:
            return self._titled(order.script)
        with failing("writing", self._stop):
            script = self._written(brief, texts)
        return self._kept(script, Origin.WRITTEN)

    def _written(self, brief: Brief, texts: list[SourceText]) -> Script:
        if self._model is not None:
            journal = self._folder.journal
            try:
                return self._tools.write(brief, texts, self._model, journal, self._report, self._stop)
            except ChatFailed as failed:
                self._require_stand_in(failed)
        return self._tools.extract(brief, texts, self._report)

    def _required_model(self) -> ChatModel:
        if self._model is None:
            raise MakingFailed("translating", "not_configured", "There is no model to translate with.")
        return self._model

    def _kept(self, script: Script, origin: Origin) -> Script:
        self._go_on()
        script = storable(script)
        if not any(turn.text.strip() for turn in script.turns):
            raise MakingFailed("writing", "empty", "Nothing was written.")
        script = self._titled(script)
        self._keep_script(NewScript(script, origin))
        return script

    def _titled(self, script: Script) -> Script:
        """As a person has called the episode, if one has."""
        title = self._order.brief.title
        return replace(script, title=title) if title else script

    # The sound

    def _voice(self, script: Script, cast: Cast) -> list[Clip]:
        with failing("voicing", self._stop):
            self._go_on()
            said = replace(script, turns=tuple(turn for turn in script.turns if turn.text.strip()))
            unknown = [turn.speaker for turn in said.turns if turn.speaker not in cast]
            if unknown:
                raise MakingFailed(
                    "voicing", "unknown_speaker", f"“{unknown[0]}” speaks, and is not among the speakers."
                )
            voicing = Voicing(self._tools, self._folder, said, cast)
            settings = self._tools.settings
            costing.require_characters(settings, voicing.characters, "voicing")
            costing.require_room(settings, self._folder.root, voicing.characters, "voicing")
            clips = voicing.run(self._report, self._stop)
            self._tools.paces.learn(
                (cast[clip.speaker].voice, clip, spoken.seconds)
                for clip, spoken in zip(clips, self._folder.spoken(voicing.plan), strict=True)
            )
            return clips

    def _master(self, script: Script, texts: list[SourceText], clips: list[Clip]) -> Mastered:
        order = self._order
        with failing("mastering", self._stop):
            self._go_on()
            self._report("mastering", 0, 100)
            mastering = MasteringOrder(
                clips=tuple(clips),
                chapters=chapters_of(script, texts),
                facts=Facts(
                    title=script.title,
                    description=script.description,
                    language=script.language,
                    date=order.created_at.isoformat() if order.created_at else None,
                ),
                folder=self._folder.out,
                name=order.key,
                formats=tuple(dict.fromkeys(("mp3", *order.formats))),
                music=order.music,
            )
            try:
                mastered = self._tools.master(
                    mastering,
                    lambda part: self._report("mastering", min(100, round(part * 100)), 100),
                    self._stop,
                )
            except MasteringFailed as failed:
                if failed.clip is not None:
                    self._let_go(failed.clip)
                raise of_mastering(failed) from failed
            if mastered.seconds <= 0 or "mp3" not in mastered.files:
                raise MakingFailed("mastering", "failing", "There is no sound in the recording.")
            return mastered

    def _let_go(self, clip: int) -> None:
        """A spoken turn that cannot be used: the next attempt has it spoken again."""
        plan = self._folder.plan()
        if clip < len(plan):
            self._folder.drop_clip(plan[clip].clip)
            self._tools.clips.drop(plan[clip].clip)


def storable(script: Script) -> Script:
    """Without what models say now and then and databases, feeds and subtitles cannot hold: NUL and other control
    characters, halves of characters."""

    def clean(value: Any) -> Any:
        if isinstance(value, str):
            return _UNSTORABLE.sub("", value)
        if isinstance(value, list | tuple):
            return [clean(one) for one in value]
        return {name: clean(one) for name, one in value.items()} if isinstance(value, dict) else value

    return Script.of_json(clean(script.as_json()))


def strangers(script: Script, brief: Brief) -> list[Speaker]:
    """Those who speak in a script and are not in the brief: somebody has renamed them."""
    known = {speaker.name for speaker in brief.speakers}
    return [
        Speaker(name) for name in dict.fromkeys(turn.speaker for turn in script.turns) if name not in known
    ]


def chapters_of(script: Script, texts: list[SourceText]) -> tuple[Chapter, ...]:
    """A chapter for each segment, with the address of the source that it tells most of."""
    found = []
    for number, segment in enumerate(script.segments):
        spans = [turn.span.source for turn in script.turns if turn.segment == number and turn.span]
        source = max(set(spans), key=spans.count) if spans else None
        address = texts[source].address if source is not None and source < len(texts) else None
        found.append(Chapter(segment.title, address))
    return tuple(found)
