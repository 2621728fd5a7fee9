"""Whatever goes wrong on the way: every word is said exactly once, in order, by the right voice, or there is no clip."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from magpie.config import Settings
from magpie.podcasts.voices import service, wav
from magpie.podcasts.voices.port import Speech, Spoken, VoiceFailed
from magpie.podcasts.voices.text import clean, tokens
from tests.support.voices.double import Double, Fault
from tests.support.voices.kyutai import KyutaiDouble
from tests.support.voices.openai import OpenAiDouble
from tests.support.voices.tones import is_voice

pytestmark = pytest.mark.once
SENTENCES = st.lists(
    st.sampled_from(
        [
            "This is a sentence.",
            "Is it?",
            "Yes!",
            "今天天气很好。",
            "One, two; three:",
            "a <b>",
            "…",
            "No end",
            "3.14",
        ]
    ),
    min_size=1,
    max_size=12,
).map(" ".join)
FAULTS = st.lists(
    st.one_of(
        st.none(),
        st.sampled_from(["silence", "empty", "page", "cut", "short", "dead"]).map(Fault),
        st.sampled_from([429, 500, 502, 503]).map(lambda status: Fault("status", status)),
    ),
    max_size=8,
)


@pytest.fixture(scope="module", params=["openai", "kyutai"])
def double(request: pytest.FixtureRequest) -> Iterator[Double]:
    made: Double = OpenAiDouble() if request.param == "openai" else KyutaiDouble()
    with made as running:
        yield running


def never() -> bool:
    return False


@settings(max_examples=25, deadline=None)
@given(SENTENCES, FAULTS, st.sampled_from([25, 60, 1000]))
def test_every_word_is_said_once(double: Double, text: str, faults: list[Fault | None], most: int) -> None:
    is_openai = isinstance(double, OpenAiDouble)
    voice = "onyx" if is_openai else "vctk/p228_023_enhanced.wav"
    double.said.clear()
    double.faults.clear()
    double.faults.extend(faults)
    with TemporaryDirectory() as folder:
        into = Path(folder) / "clip.wav"
        address = {"openai_url": double.url} if is_openai else {"kyutai_url": double.url}
        given = Settings(data_dir=Path(folder), **address)
        speaking = service.connect(given, "openai" if is_openai else "kyutai")
        vars(speaking)["abilities"] = replace(speaking.abilities, max_chars=most)
        spoken: Spoken | VoiceFailed
        try:
            spoken = service.speak(speaking, Speech(text, voice), into, never, sleep=lambda _seconds: None)
        except VoiceFailed as failure:
            spoken = failure
        if isinstance(spoken, VoiceFailed):
            assert spoken.may_pass
            assert list(Path(folder).iterdir()) == []
            return
        said = [one.text for one in double.said]
        assert _heard(" ".join(said)) == _heard(clean(text))
        assert {one.voice for one in double.said} <= {voice}
        sound = wav.read(into)
        assert sound.seconds == pytest.approx(spoken.seconds)
        if len(said) == 1:
            assert is_voice(sound, voice)
        if speaking.abilities.tells_words:
            assert [word.text for word in spoken.words] == [one.text for part in said for one in tokens(part)]


def _heard(text: str) -> list[str]:
    return [one for one in text if one.isalnum()]
