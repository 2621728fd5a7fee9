"""Speaking a script: each turn once, in order of need, as many at once as may be."""

from __future__ import annotations

import threading
import time
from collections import Counter

import pytest

from magpie.podcasts.making.failures import MakingFailed, Stopped
from magpie.podcasts.making.folder import EpisodeFolder
from magpie.podcasts.making.voicing import Part, Voicing
from magpie.podcasts.script.brief import Speaker
from magpie.podcasts.script.turns import Script, Segment, Turn
from magpie.podcasts.voices.port import Speech, VoiceFailed
from tests.podcasts.making.fakes import FakeTools, FakeVoices

pytestmark = pytest.mark.once

NAMES = ("Ada", "Ben")


@pytest.fixture(autouse=True)
def prepared(folder: EpisodeFolder) -> None:
    folder.prepare()


def script_of(*texts: str) -> Script:
    turns = tuple(Turn(NAMES[number % 2], text) for number, text in enumerate(texts))
    return Script("Title", "en", (Segment("One"),), turns)


def voicing(tools: FakeTools, folder: EpisodeFolder, script: Script, *providers: FakeVoices) -> Voicing:
    both = (providers or (tools.provider,)) * 2
    cast = {
        "Ada": Part(Speaker("Ada", style="calm"), both[0], "ada"),
        "Ben": Part(Speaker("Ben"), both[1], "ben"),
    }
    return Voicing(tools, folder, script, cast)


def run(tools: FakeTools, folder: EpisodeFolder, script: Script) -> list[str]:
    return [clip.text for clip in voicing(tools, folder, script).run(lambda *_: None, lambda: False)]


def test_every_turn_is_spoken_once_in_order_by_its_voice(tools: FakeTools, folder: EpisodeFolder) -> None:
    texts = [f"turn {n}" for n in range(25)]
    tools.provider.seconds = 0.01
    assert run(tools, folder, script_of(*texts)) == texts
    said = {speech.text: speech.voice_id for speech in tools.provider.spoken}
    assert said == {text: ("ada", "ben")[number % 2] for number, text in enumerate(texts)}
    assert len(tools.provider.spoken) == 25
    assert tools.provider.most_busy == 4
    assert folder.used().characters == sum(map(len, texts))


def test_the_same_words_of_the_same_voice_are_spoken_once(tools: FakeTools, folder: EpisodeFolder) -> None:
    assert run(tools, folder, script_of("Yes.", "No.", "Yes.", "Yes.")) == ["Yes.", "No.", "Yes.", "Yes."]
    assert Counter((one.voice_id, one.text) for one in tools.provider.spoken) == {
        ("ada", "Yes."): 1,
        ("ben", "No."): 1,
        ("ben", "Yes."): 1,
    }


def test_editing_a_line_costs_one_call(tools: FakeTools, folder: EpisodeFolder) -> None:
    texts = [f"turn {n}" for n in range(8)]
    run(tools, folder, script_of(*texts))
    folder.tidy()  # it was finished meanwhile: the cache alone remembers
    folder.prepare()
    texts[5] = "another turn"
    assert run(tools, folder, script_of(*texts)) == texts
    assert [speech.text for speech in tools.provider.spoken[8:]] == ["another turn"]


def test_the_first_turns_come_first(tools: FakeTools, folder: EpisodeFolder) -> None:
    begun: list[str] = []
    tools.provider.before = lambda speech: begun.append(speech.text)
    tools.provider.parallel = 1
    texts = [f"turn {n}" for n in range(12)]
    run(tools, folder, script_of(*texts))
    assert begun == texts


def test_a_slow_provider_does_not_hold_up_another(tools: FakeTools, folder: EpisodeFolder) -> None:
    slow, quick = FakeVoices(name="slow", parallel=1), FakeVoices(name="quick", parallel=2)
    may_end = threading.Event()

    def wait(_speech: Speech) -> None:
        may_end.wait(10)

    slow.before = wait
    quick.before = lambda _speech: may_end.set() if len(quick.spoken) == 4 else None
    texts = [f"turn {n}" for n in range(10)]
    made = voicing(tools, folder, script_of(*texts), slow, quick).run(lambda *_: None, lambda: False)
    assert [clip.text for clip in made] == texts
    assert slow.most_busy == 1
    assert quick.most_busy <= 2


def test_a_failure_keeps_what_was_spoken(tools: FakeTools, folder: EpisodeFolder) -> None:
    def refuse(speech: Speech) -> None:
        if speech.text == "turn 5":
            raise VoiceFailed("limited", "Too many.", retry_after=7)

    texts = [f"turn {n}" for n in range(12)]
    tools.provider.before = refuse
    with pytest.raises(MakingFailed) as failure:
        run(tools, folder, script_of(*texts))
    assert (failure.value.step, failure.value.reason, failure.value.retry_after) == ("voicing", "limited", 7)
    assert failure.value.may_pass
    before = {speech.text for speech in tools.provider.spoken}
    assert {"turn 0", "turn 4"} <= before
    tools.provider.before = lambda _speech: None
    assert run(tools, folder, script_of(*texts)) == texts
    assert max(Counter(speech.text for speech in tools.provider.spoken).values()) == 1


def test_stopping_takes_less_than_two_seconds_even_where_a_provider_hangs(
    tools: FakeTools, folder: EpisodeFolder
) -> None:
    released = threading.Event()
    begun = threading.Event()

    def hang(_speech: Speech) -> None:
        begun.set()
        released.wait(30)

    tools.provider.before = hang
    asked = 0.0

    def stop() -> bool:
        nonlocal asked
        if begun.is_set() and not asked:
            asked = time.monotonic()
        return bool(asked)

    with pytest.raises(Stopped):
        voicing(tools, folder, script_of("one", "two")).run(lambda *_: None, stop)
    took = time.monotonic() - asked
    released.set()
    assert took < 2


def test_progress_is_told(tools: FakeTools, folder: EpisodeFolder) -> None:
    told: list[tuple[str, int, int]] = []
    script = script_of("one", "two", "three")
    voicing(tools, folder, script).run(lambda *step: told.append(step), lambda: False)
    assert told[0] == ("voicing", 0, 3)
    assert told[-1] == ("voicing", 3, 3)
