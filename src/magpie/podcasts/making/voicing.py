"""Speaking a script: turns in parallel within each provider's limits, those that are heard first first.

A turn that was spoken once is never spoken again: its sound is in the episode's folder, or in the cache of all episodes.
"""

from __future__ import annotations

import threading
import uuid
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import structlog

from magpie.podcasts.making.failures import Stopped, of_disk, of_provider
from magpie.podcasts.making.folder import EpisodeFolder, PlannedTurn
from magpie.podcasts.mastering.order import Clip
from magpie.podcasts.script.brief import Speaker
from magpie.podcasts.script.turns import Script, Turn
from magpie.podcasts.voices.port import Speaking, Speech, VoiceFailed

if TYPE_CHECKING:
    from magpie.podcasts.making.tools import Tools

log = structlog.get_logger(__name__)

LOOK_SECONDS = 0.1
# How long what was told to stop is waited for; what hangs in a request longer ends by itself, and its clip is kept.
STOP_SECONDS = 1.0

Report = Callable[[str, int, int], None]
Stop = Callable[[], bool]


@dataclass(frozen=True, slots=True)
class Part:
    """Who speaks a speaker's turns: a provider, and one of its voices."""

    speaker: Speaker
    speaking: Speaking
    voice_id: str

    @property
    def voice(self) -> str:
        """The voice among all voices of all providers."""
        return f"{self.speaking.identity} {self.voice_id}"


Cast = Mapping[str, Part]


@dataclass(frozen=True, slots=True)
class _Task:
    """A sound to be made, for all turns that say the same."""

    clip: str
    speaking: Speaking
    speech: Speech


def speech_of(turn: Turn, part: Part, language: str) -> Speech:
    """A turn as its voice is asked for it."""
    speaker = part.speaker
    style = turn.style or speaker.style
    return Speech(
        text=turn.text,
        voice_id=part.voice_id,
        style=style if part.speaking.abilities.takes_styles else None,
        language=speaker.language or language,
    )


class Voicing:
    """The speaking of one script."""

    def __init__(self, tools: Tools, folder: EpisodeFolder, script: Script, cast: Cast) -> None:
        self._tools = tools
        self._folder = folder
        self._tasks: list[_Task] = []
        plan: list[PlannedTurn] = []
        known: set[str] = set()
        for turn in script.turns:
            part = cast[turn.speaker]
            speech = speech_of(turn, part, script.language)
            clip = tools.clip_key(part.speaking, speech)
            plan.append(PlannedTurn(turn.speaker, turn.text, turn.segment, clip))
            if clip not in known:
                known.add(clip)
                self._tasks.append(_Task(clip, part.speaking, speech))
        self.plan = plan
        self._at_once = max(1, tools.settings.ai_parallel)
        self._changed = threading.Condition()
        self._busy: Counter[str] = Counter()
        self._waiting: list[_Task] = []
        self._failure: BaseException | None = None
        self._halted = False
        self._running = 0
        self._done = 0

    @property
    def characters(self) -> int:
        """How many characters are spoken, all told."""
        return sum(len(task.speech.text) for task in self._tasks)

    def run(self, report: Report, stop: Stop) -> list[Clip]:
        """The sounds of all turns, in their order. Raises `MakingFailed`, `Stopped`."""
        self._folder.keep_plan(self.plan)
        self._waiting = [task for task in self._tasks if not self._is_held(task)]
        self._done = len(self._tasks) - len(self._waiting)
        report("voicing", self._done, len(self._tasks))
        if self._waiting:
            self._speak_all(report, stop)
        clips = self._folder.voiced(self.plan)
        if len(clips) != len(self.plan):
            # Somebody has emptied the folder meanwhile.
            raise of_disk("voicing", OSError("Spoken turns have gone from the folder of the episode."))
        return clips

    def _is_held(self, task: _Task) -> bool:
        if self._folder.clip(task.clip) is not None:
            return True
        held = self._tools.clips.get(task.clip)
        if held is None:
            return False
        try:
            self._folder.pin(task.clip, *held)
        except FileNotFoundError:  # the cache has dropped it in this very moment
            return False
        return True

    def _speak_all(self, report: Report, stop: Stop) -> None:
        # One more each than may speak: while the sound of one turn is put away, the next one is spoken already.
        count = 2 * min(len(self._waiting), self._at_once)
        told = self._done  # what has been reported; the threads may be done before anybody looks
        threads = [
            threading.Thread(target=self._work, args=(stop,), name="voicing", daemon=True)
            for _ in range(count)
        ]
        for thread in threads:
            thread.start()
        try:
            self._oversee(report, stop, told)
        finally:
            with self._changed:
                self._halted = True
                self._changed.notify_all()
                self._changed.wait_for(lambda: self._running == 0, STOP_SECONDS)
        if self._failure is not None:
            raise self._failure

    def _oversee(self, report: Report, stop: Stop, told: int) -> None:
        """Until all is spoken, or something failed and what was being spoken besides is done. `told`: how many turns
        are known to be spoken."""
        while True:
            with self._changed:
                self._changed.wait_for(lambda told=told: self._done != told or self._is_over(), LOOK_SECONDS)  # type: ignore[misc]
                done, over = self._done, self._is_over()
            if done != told:
                told = done
                report("voicing", done, len(self._tasks))
            if over:
                return
            if stop():
                raise Stopped

    def _is_over(self) -> bool:
        return self._running == 0 and (not self._waiting or self._failure is not None)

    def _work(self, stop: Stop) -> None:
        while (task := self._take()) is not None:
            failure: BaseException | None = None
            try:
                self._speak(task, stop)
            except VoiceFailed as failed:
                failure = of_provider("voicing", failed)
            except OSError as error:
                failure = of_disk("voicing", error)
            except BaseException as error:  # noqa: BLE001  (raised again by the thread that waits for this one)
                failure = error
            with self._changed:
                self._running -= 1
                self._done += failure is None
                self._failure = self._failure or failure
                self._changed.notify_all()

    def _take(self) -> _Task | None:
        """The next turn whose provider has a place free; None once there is nothing more to begin."""
        with self._changed:
            while True:
                if self._halted or self._failure is not None or not self._waiting:
                    return None
                task = self._next()
                if task is not None:
                    self._waiting.remove(task)
                    self._busy[task.speaking.name] += 1
                    self._running += 1
                    return task
                self._changed.wait()

    def _next(self) -> _Task | None:
        """The turn that is needed soonest of those that may be spoken now."""
        if self._busy.total() >= self._at_once:
            return None
        for task in self._waiting:
            if self._busy[task.speaking.name] < max(1, task.speaking.abilities.parallel):
                return task
        return None

    def _speak(self, task: _Task, stop: Stop) -> None:
        path = self._folder.scratch / f"{task.clip}-{uuid.uuid4().hex}.wav"
        try:
            try:
                spoken = self._tools.speak(task.speaking, task.speech, path, lambda: self._halted or stop())
            finally:
                with self._changed:
                    self._busy[task.speaking.name] -= 1
                    self._changed.notify_all()
            self._folder.count(characters=len(task.speech.text))
            self._folder.pin(task.clip, path, spoken)
            try:
                self._tools.clips.put(task.clip, path, spoken)
            except OSError as error:  # the cache is a convenience
                log.info("clip_not_kept", error=type(error).__name__)
        finally:
            path.unlink(missing_ok=True)
