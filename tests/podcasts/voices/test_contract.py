"""What every provider of voices does alike: doubles of each service, and the embedded voice for real."""

from __future__ import annotations

import threading
import time
import wave
from itertools import pairwise
from pathlib import Path

import pytest

from magpie.podcasts.voices import service, wav
from magpie.podcasts.voices.port import Speech, VoiceFailed
from magpie.podcasts.voices.text import seconds_to_say, tokens
from tests.podcasts.voices.conftest import Reached
from tests.support.voices.double import Double, Fault
from tests.support.voices.tones import is_voice

pytestmark = pytest.mark.once
TEXT = "Hello there, this is a test. It has two sentences!"
MARKUP = "A <b>bold</b> claim & [[h@ll]] <break time='9s'/> *starred* #1 stays."


def never() -> bool:
    return False


def at_once(_seconds: float) -> None:
    """Instead of waiting."""


def double_of(reached: Reached) -> Double:
    assert reached.double is not None
    return reached.double


def speak(reached: Reached, text: str, into: Path, voice: int = 0, **more: str) -> wav.Sound:
    """What comes of a text, checked for what holds of every clip."""
    speaking = reached.speaking
    speech = Speech(text, reached.kind.voices[voice], **more)
    spoken = service.speak(speaking, speech, into, never, sleep=at_once)
    with wave.open(str(into)) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, spoken.rate)
        assert file.getnframes() / file.getframerate() == pytest.approx(spoken.seconds)
    if speaking.abilities.tells_words and not (reached.double and reached.kind.spec.endswith("flash_v2_5")):
        assert "".join(word.text for word in spoken.words) == "".join(one.text for one in tokens(text))
        assert all(0 <= word.start <= word.end <= spoken.seconds for word in spoken.words)
        assert all(one.start <= other.start for one, other in pairwise(spoken.words))
    return wav.read(into)


def test_a_text_is_spoken_once_by_its_voice(reached: Reached, tmp_path: Path) -> None:
    for number in (0, 1):
        sound = speak(reached, TEXT, tmp_path / f"{number}.wav", number)
        assert sound.heard > seconds_to_say(TEXT) / 2
        if reached.double:
            assert is_voice(sound, reached.kind.voices[number])
    if reached.double:
        assert [(said.voice, said.text) for said in reached.double.said] == [
            (voice, TEXT) for voice in reached.kind.voices
        ]


def test_two_voices_differ(reached: Reached, tmp_path: Path) -> None:
    first, second = (speak(reached, TEXT, tmp_path / f"{one}.wav", one) for one in (0, 1))
    assert first.samples != second.samples


@pytest.mark.parametrize(
    "text",
    [
        MARKUP,
        "今天天气很好。我们去公园吧！",
        "Ünïcödé “quotes” – naïve…",
        "One\nline\x00and\u202eanother\x01",
    ],
)
def test_every_character_is_text(reached: Reached, tmp_path: Path, text: str) -> None:
    speak(
        reached, text.replace("\x00", " ").replace("\x01", "").replace("\u202e", ""), tmp_path / "plain.wav"
    )
    speak(reached, text, tmp_path / "given.wav") if text.isprintable() else service.speak(
        reached.speaking, Speech(text, reached.kind.voices[0]), tmp_path / "given.wav", never
    )
    assert (tmp_path / "given.wav").read_bytes() == (tmp_path / "plain.wav").read_bytes()
    if reached.double:
        assert {said.text for said in reached.double.said} == {
            text.replace("\n", " ").replace("\x00", " ").replace("\u202e", "").rstrip("\x01")
        }


def test_a_long_text_is_cut_at_sentences_and_joined(reached: Reached, tmp_path: Path) -> None:
    most = reached.speaking.abilities.max_chars
    count = 30 if reached.double is None else int(most * 2.5) // 40
    text = " ".join(f"This is sentence number {number} of many." for number in range(count))
    into = tmp_path / "long.wav"
    spoken = service.speak(reached.speaking, Speech(text, reached.kind.voices[0]), into, never)
    sound = wav.read(into)
    assert spoken.seconds == pytest.approx(sound.seconds)
    if reached.double is None:
        return
    texts = [said.text for said in reached.double.said]
    assert len(texts) >= 3
    assert " ".join(texts) == text
    assert all(len(one) <= most and one.endswith(".") for one in texts)
    if spoken.words:
        assert [word.text for word in spoken.words] == text.split()
        assert all(one.end <= other.start + 0.001 for one, other in pairwise(spoken.words))
        assert spoken.words[-1].end > spoken.seconds - 1
        for word in spoken.words[::50]:
            begin, end = round(word.start * sound.rate), round(word.end * sound.rate)
            assert max(sound.samples[begin:end]) > 1000


def test_what_has_no_words_is_a_pause_that_nobody_is_asked_for(reached: Reached, tmp_path: Path) -> None:
    spoken = service.speak(
        reached.speaking, Speech(" … — !", reached.kind.voices[0]), tmp_path / "p.wav", never
    )
    assert 0 < spoken.seconds < 1
    assert set(wav.read(tmp_path / "p.wav").samples) == {0}
    assert reached.double is None or reached.double.asked == 0


def test_voices_are_told_and_the_defaults_are_among_them(reached: Reached) -> None:
    speaking = reached.speaking
    listed = [voice.id for voice in speaking.voices()]
    assert len(listed) == len(set(listed))
    defaults = speaking.default_voices("en")
    assert len(set(defaults)) == len(defaults) >= 2
    assert not listed or set(defaults) <= set(listed)
    service.check(speaking, defaults)


def test_a_wrong_voice_is_found_before_anything_is_spoken(reached: Reached) -> None:
    with pytest.raises(VoiceFailed) as caught:
        service.check(reached.speaking, [reached.kind.voices[0], reached.kind.wrong])
    assert caught.value.reason == "unknown_voice"
    assert reached.kind.wrong in caught.value.message
    if reached.double:
        assert {said.text for said in reached.double.said} <= {"Yes."}


def test_a_wrong_voice_is_not_asked_for_again(reached: Reached, tmp_path: Path) -> None:
    with pytest.raises(VoiceFailed) as caught:
        service.speak(reached.speaking, Speech(TEXT, reached.kind.wrong), tmp_path / "x.wav", never)
    assert caught.value.reason == "unknown_voice"
    assert not list(tmp_path.glob("*.wav*"))
    assert reached.double is None or (reached.double.asked, reached.double.said) == (0, [])


def test_checking_again_asks_nobody(reached: Reached) -> None:
    speaking = reached.speaking
    service.check(speaking, reached.kind.voices)
    calls = len(reached.double.calls) if reached.double else 0
    service.check(reached.speaking, reached.kind.voices)
    assert reached.double is None or len(reached.double.calls) == calls


def test_preview_is_made_once(reached: Reached) -> None:
    first = service.preview(reached.settings, reached.kind.spec, reached.kind.voices[0], "en")
    asked = reached.double.asked if reached.double else 0
    assert wav.read(first).heard > 1
    assert service.preview(reached.settings, reached.kind.spec, reached.kind.voices[0], "en") == first
    assert reached.double is None or reached.double.asked == asked
    with pytest.raises(VoiceFailed):
        service.preview(reached.settings, reached.kind.spec, reached.kind.wrong, "en")


def test_many_at_once(reached: Reached, tmp_path: Path) -> None:
    speaking, texts = reached.speaking, [f"This is text {number} of twelve." for number in range(12)]
    failures: list[BaseException] = []

    def work(number: int) -> None:
        try:
            speech = Speech(texts[number], reached.kind.voices[number % 2])
            service.speak(speaking, speech, tmp_path / f"{number}.wav", never)
        except BaseException as error:  # noqa: BLE001  told below
            failures.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert all(wav.read(tmp_path / f"{number}.wav").heard > 0 for number in range(12))
    if reached.double:
        said = sorted((one.text, one.voice) for one in reached.double.said)
        assert said == sorted((text, reached.kind.voices[number % 2]) for number, text in enumerate(texts))


@pytest.mark.parametrize(
    "fault",
    [
        Fault("status", 429, retry_after="1"),
        Fault("status", 500),
        Fault("status", 503, retry_after="2"),
        Fault("silence"),
        Fault("empty"),
        Fault("page"),
        Fault("cut"),
        Fault("short"),
        Fault("hasty"),
        Fault("dead"),
    ],
    ids=lambda fault: f"{fault.kind}-{fault.status}" if fault.kind == "status" else fault.kind,
)
def test_what_may_pass_is_asked_for_again(remote: Reached, tmp_path: Path, fault: Fault) -> None:
    double = double_of(remote)
    double.faults.extend([fault, fault])
    waits: list[float] = []
    into = tmp_path / "a.wav"
    service.speak(remote.speaking, Speech(TEXT, remote.kind.voices[0]), into, never, sleep=waits.append)
    assert (double.asked, [said.text for said in double.said]) == (3, [TEXT])
    assert is_voice(wav.read(into), remote.kind.voices[0])
    if fault.retry_after and remote.kind.spec != "kyutai":
        assert sum(waits) == pytest.approx(2 * float(fault.retry_after), abs=0.25)
    else:
        assert sum(waits) > 1.4


@pytest.mark.parametrize(
    ("kind", "reasons"),
    [
        ("silence", {"silent"}),
        ("empty", {"silent"}),
        ("page", {"failing"}),
        ("cut", {"cut"}),
        ("hasty", {"cut", "silent"}),
    ],
)
def test_what_does_not_pass_is_told_and_leaves_nothing(
    remote: Reached, tmp_path: Path, kind: str, reasons: set[str]
) -> None:
    double = double_of(remote)
    double.always = Fault(kind)
    with pytest.raises(VoiceFailed) as caught:
        service.speak(
            remote.speaking, Speech(TEXT, remote.kind.voices[0]), tmp_path / "a.wav", never, sleep=at_once
        )
    assert caught.value.reason in reasons
    assert double.asked == service.ATTEMPTS
    assert list(tmp_path.iterdir()) == []


def test_who_is_asked_to_wait_long_is_told_so_at_once(remote: Reached, tmp_path: Path) -> None:
    double_of(remote).always = Fault("status", 429, retry_after="600")
    with pytest.raises(VoiceFailed) as caught:
        service.speak(
            remote.speaking, Speech(TEXT, remote.kind.voices[0]), tmp_path / "a.wav", never, sleep=at_once
        )
    assert caught.value.reason == "limited"
    if caught.value.retry_after is not None:  # what comes through a WebSocket names no time
        assert (caught.value.retry_after, double_of(remote).asked) == (600.0, 1)


def test_a_stop_ends_a_question_that_hangs(remote: Reached, tmp_path: Path) -> None:
    double = double_of(remote)
    double.always = Fault("hang")
    began = time.monotonic()
    with pytest.raises(VoiceFailed) as caught:
        service.speak(
            remote.speaking, Speech(TEXT, remote.kind.voices[0]), tmp_path / "a.wav", lambda: double.asked > 0
        )
    assert caught.value.reason == "stopped"
    assert time.monotonic() - began < 10
    assert not list(tmp_path.glob("*.wav*"))


def test_whether_it_is_there_is_told_at_no_cost(reached: Reached) -> None:
    reached.speaking.check()
    if reached.double is None:
        return
    assert reached.double.asked == 0
    reached.double.__exit__()
    for ask in (reached.speaking.check, lambda: service.check(reached.speaking, reached.kind.voices)):
        with pytest.raises(VoiceFailed) as caught:
            ask()
        assert caught.value.reason == "unreachable"
    reached.double.__enter__()  # for the fixture to end


def test_nobody_there(remote: Reached, tmp_path: Path) -> None:
    speaking = remote.speaking
    double_of(remote).__exit__()
    with pytest.raises(VoiceFailed) as caught:
        service.speak(speaking, Speech(TEXT, remote.kind.voices[0]), tmp_path / "a.wav", never, sleep=at_once)
    assert caught.value.reason == "unreachable"
    double_of(remote).__enter__()  # for the fixture to end
