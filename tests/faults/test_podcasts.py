"""`kill -9` while an episode is written, spoken and mastered: nothing that was paid for is paid for twice, and every word
of the script is said once, in order, by the right voice."""

from __future__ import annotations

import random
import re
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from magpie.podcasts.voices.text import clean
from tests.support.models.double import Fault, cut, limited, malformed, unclosed_think
from tests.support.models.ollama import OllamaDouble
from tests.support.server import Program, wait_for
from tests.support.voices.double import Fault as VoiceFault
from tests.support.voices.openai import OpenAiDouble

pytestmark = pytest.mark.once

PODCASTS = "/api/v1/podcasts"
DONE_SECONDS = 240.0  # busy machines take minutes, and are given them
CAST = {"Robin": "nova", "Sam": "onyx"}
SPEAKERS = [{"name": name, "voiceId": voice} for name, voice in CAST.items()]
TEXT = "\n\n".join(
    f"Chapter {number}. The keeper of lighthouse number {number} counted {number * 7} ships that winter. "
    f"He wrote them into a book of {number * 30} pages. Nobody read it before the year {1900 + number}, "
    f"when a historian found it in a box. She learned how cold the bay had been, and which captains "
    f"had turned back. The harbour of town {number} was closed for weeks."
    for number in range(1, 25)
)


@dataclass
class Seen:
    """What the doubles had answered to the end, and how much of it lay on the disk, when the server was dead."""

    questions: Counter[str]
    recorded: int
    sayings: Counter[tuple[str, str]]
    clips: int


class Studio:
    """A server, a model and a voice."""

    def __init__(self, folder: Path, model: OllamaDouble, voice: OpenAiDouble) -> None:
        self.model = model
        self.voice = voice
        self.program = Program(
            folder,
            llm="ollama:finch",
            tts="openai:tts-1",
            ollama_url=model.address,
            openai_speech_url=voice.url,
            ai_parallel=4,
        )
        self.program.start()
        self.client = self.program.client()
        self.kills: list[Seen] = []

    def close(self) -> None:
        self.client.close()
        if self.program.process is not None and self.program.process.poll() is None:
            self.program.stop()

    def begin(self, **wishes: Any) -> str:
        body = {"sources": [{"text": TEXT}], "speakers": SPEAKERS, "minutes": 2, **wishes}
        answer = self.client.post(PODCASTS, json=body)
        assert answer.status_code == 200, answer.text
        return str(answer.json()["podcastId"])

    def episode(self, key: str) -> dict[str, Any]:
        found: dict[str, Any] = self.client.get(f"{PODCASTS}/{key}").raise_for_status().json()
        return found

    def work_folder(self, key: str) -> Path:
        return self.program.data_dir / "podcasts" / key

    def questions(self) -> Counter[str]:
        """What the model has answered to the end."""
        return Counter(call.question for call in self.model.answered)

    def sayings(self) -> Counter[tuple[str, str]]:
        """What was said, without the words that voices are tried with."""
        return Counter((one.voice, one.text) for one in list(self.voice.said))

    def kill(self, key: str) -> None:
        self.program.kill()
        # What was being said to the dead is said to its end, and nobody hears it.
        wait_for(lambda: self.voice._at_once == 0 and not self.model.is_busy, 10)
        folder = self.work_folder(key)
        recorded = len(list((folder / "calls").glob("*.json")))
        clips = len(list((folder / "clips").glob("*.json")))
        self.kills.append(Seen(self.questions(), recorded, self.sayings(), clips))
        self.program.start()

    def wait_until_done(self, key: str) -> dict[str, Any]:
        def ended() -> dict[str, Any] | None:
            found = self.episode(key)
            return found if found["status"] in ("completed", "failed", "cancelled") else None

        found: dict[str, Any] = wait_for(ended, DONE_SECONDS, lambda: self.complaint(key))
        assert found["status"] == "completed", self.complaint(key)
        return found

    def complaint(self, key: str) -> str:
        return f"{self.episode(key)}\n{self.program.log.read_text()[-4000:]}"


@pytest.fixture
def model() -> Iterator[OllamaDouble]:
    with OllamaDouble() as double:
        yield double


@pytest.fixture
def voice() -> Iterator[OpenAiDouble]:
    with OpenAiDouble() as double:
        yield double


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


def repeats(counted: Counter[Any]) -> int:
    return sum(counted.values()) - len(counted)


def check(studio: Studio, key: str) -> None:
    """The whole script was said, once, by its speakers, and nothing that was done was done again."""
    episode = studio.wait_until_done(key)
    script = studio.client.get(f"{PODCASTS}/{key}/script").raise_for_status().json()
    said = studio.sayings()
    spoken = list(dict.fromkeys((CAST[turn["speaker"]], clean(turn["text"])) for turn in script["turns"]))
    assert set(spoken) <= set(said)
    # Of what was answered in the moment of a death and had not reached the disk, nobody could know.
    unrecorded = sum(max(0, len(seen.questions) - seen.recorded) for seen in studio.kills)
    assert repeats(studio.questions()) <= unrecorded
    unheard = sum(max(0, len(set(seen.sayings) & set(spoken)) - seen.clips) for seen in studio.kills)
    assert repeats(Counter({one: count for one, count in said.items() if one in spoken})) <= unheard
    transcript = studio.client.get(f"{PODCASTS}/{key}/transcript.vtt").raise_for_status().text
    cues = re.sub(r"<[^>]*>", "", re.sub(r"(?m)^(WEBVTT.*|[\d:.]+ --> [\d:.]+.*)$", "", transcript))
    assert words(cues) == [word for turn in script["turns"] for word in words(turn["text"])]
    audio = studio.client.get(f"{PODCASTS}/{key}/audio").raise_for_status().content
    assert len(audio) > 8000 * episode["duration"] / 8
    assert episode["duration"] > 30
    kept = ["calls", "ledger.jsonl", "pace.json", "plan.json", "source-0.txt", "texts"]
    wait_for(lambda: sorted(path.name for path in studio.work_folder(key).iterdir()) == kept, 60)


def test_a_kill_while_it_is_written_and_one_while_it_is_spoken(
    tmp_path: Path, model: OllamaDouble, voice: OpenAiDouble
) -> None:
    with closing(Studio(tmp_path / "data", model, voice)) as studio:
        model.pause = 0.002
        key = studio.begin()
        wait_for(lambda: len(model.answered) >= 2, 60, lambda: studio.complaint(key))
        studio.kill(key)
        model.pause = 0.0
        voice.seconds = 0.2
        wait_for(lambda: len(voice.said) >= 6, 60, lambda: studio.complaint(key))
        studio.kill(key)
        voice.seconds = 0.0
        check(studio, key)


@pytest.mark.soak
@pytest.mark.timeout(900)
@pytest.mark.parametrize("seed", [1, 2])
def test_ten_kills_at_random_moments(
    tmp_path: Path, model: OllamaDouble, voice: OpenAiDouble, seed: int
) -> None:
    dice = random.Random(seed)
    model.pause, voice.seconds = 0.004, 0.5
    with closing(Studio(tmp_path / "data", model, voice)) as studio:
        key = studio.begin()
        for _ in range(10):
            time.sleep(dice.uniform(0.1, 3.0))  # that is what this test is about
            if studio.episode(key)["status"] == "completed":
                break
            studio.kill(key)
        assert studio.kills
        check(studio, key)


def test_a_cancel_and_a_continue_repeat_nothing(
    tmp_path: Path, model: OllamaDouble, voice: OpenAiDouble
) -> None:
    with closing(Studio(tmp_path / "data", model, voice)) as studio:
        voice.seconds = 0.3
        key = studio.begin(minutes=1.5)
        wait_for(lambda: len(voice.said) >= 4, 60, lambda: studio.complaint(key))
        studio.client.post(f"{PODCASTS}/{key}/cancel").raise_for_status()
        assert studio.episode(key)["status"] == "cancelled"
        begun = voice.asked
        # While it is spoken, there is always something being said.
        wait_for(lambda: voice._at_once == 0, 5)
        assert voice.asked <= begun + 2 * 4
        voice.seconds = 0.0
        asked = sum(studio.questions().values())
        answer: httpx.Response = studio.client.post(f"{PODCASTS}/{key}/continue", json={})
        answer.raise_for_status()
        studio.wait_until_done(key)
        assert sum(studio.questions().values()) == asked


def test_providers_that_misbehave_in_every_way_leave_no_trace_in_the_recording(
    tmp_path: Path, model: OllamaDouble, voice: OpenAiDouble
) -> None:
    model.faults.extend([limited("1"), Fault(status=500), malformed(), cut(3), unclosed_think()])
    with closing(Studio(tmp_path / "data", model, voice)) as studio:
        key = studio.begin()
        # The voices have been tried by then.
        wait_for(lambda: model.chats, 60, lambda: studio.complaint(key))
        kinds = ("silence", "cut", "empty", "short", "hasty", "dead", "page", "silence", "empty")
        voice.faults.extend(VoiceFault(kind) for kind in kinds)
        voice.faults.extend([VoiceFault("status", 429, retry_after="1"), VoiceFault("status", 500)])
        check(studio, key)
        assert not model.faults
        assert not voice.faults


def test_a_wrong_voice_is_found_before_the_model_is_asked(
    tmp_path: Path, model: OllamaDouble, voice: OpenAiDouble
) -> None:
    with closing(Studio(tmp_path / "data", model, voice)) as studio:
        speakers = [SPEAKERS[0], {"name": "Sam", "voiceId": "nobody-of-this-name"}]
        key = studio.begin(speakers=speakers)
        found = wait_for(
            lambda: one if (one := studio.episode(key))["status"] == "failed" else None,
            60,
            lambda: studio.complaint(key),
        )
        assert found["errorCode"] == "unknown_voice", found
        assert "nobody-of-this-name" in found["errorMessage"]
        assert model.chats == []
        assert not (studio.program.data_dir / "podcasts" / f"{key}.mp3").exists()
