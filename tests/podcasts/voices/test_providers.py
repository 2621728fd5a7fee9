"""What only one provider does: keys, quotas, forms of sound, and what each service says when it refuses."""

from __future__ import annotations

import base64
import json
import ssl
from pathlib import Path
from typing import Any

import pytest

from magpie.config import Settings
from magpie.podcasts import asking
from magpie.podcasts.script.brief import Speaker
from magpie.podcasts.voices import service, wav
from magpie.podcasts.voices.kyutai import socket
from magpie.podcasts.voices.port import Speech, VoiceFailed
from tests.podcasts.voices.helping import KEY, TEXT, Answering, failure, mp3, never, speak
from tests.support.certificate import make_certificate
from tests.support.voices.double import Call, Double, Fault, Reply, as_json
from tests.support.voices.elevenlabs import ElevenLabsDouble
from tests.support.voices.kyutai import DEFAULT, KyutaiDouble
from tests.support.voices.openai import OpenAiDouble
from tests.support.voices.pocket_tts import PocketTtsDouble
from tests.support.voices.tones import is_voice

pytestmark = pytest.mark.once
BRIAN = "nPczCjzI2devNBz1zQrb"
VCTK = "vctk/p228_023_enhanced.wav"


# ElevenLabs


def eleven(folder: Path, double: Double) -> Settings:
    return Settings(data_dir=folder, elevenlabs_url=double.url, elevenlabs_api_key="xi-secret-key")


def test_elevenlabs_reads_all_pages_of_its_voices(folder: Path) -> None:
    with ElevenLabsDouble() as double:
        voices = service.connect(eleven(folder, double), "elevenlabs").voices()
        assert [voice.name for voice in voices] == ["Brian", "Sarah", "George", "Matilda", "My own"]
        assert voices[0].gender == "male"
        assert len(double.calls) == 3


def test_elevenlabs_compresses_where_a_plan_has_nothing_else(folder: Path) -> None:
    for has_times in (True, False):
        with ElevenLabsDouble(allows_pcm=False, has_times=has_times, encode=mp3) as double:
            spoken, sound = speak(eleven(folder, double), "elevenlabs", Speech(TEXT, BRIAN))
            assert is_voice(wav.Sound(sound.samples[8000:-8000], sound.rate), BRIAN)
            assert bool(spoken.words) is has_times
            assert [one.text for one in double.said] == [TEXT]


def test_elevenlabs_tells_plainly_that_the_quota_is_used_up(folder: Path) -> None:
    with ElevenLabsDouble(quota=40) as double:
        settings = eleven(folder, double)
        speak(settings, "elevenlabs", Speech(TEXT, BRIAN))
        told = failure(settings, "elevenlabs", BRIAN)
        assert (told.reason, "quota" in told.message) == ("refused", True)
        assert double.asked == 1


@pytest.mark.parametrize(
    ("spec", "voice", "key", "reason"),
    [
        ("elevenlabs", "noSuchVoice", "xi-secret-key", "unknown_voice"),
        ("elevenlabs", "../../v1/user", "xi-secret-key", "unknown_voice"),
        ("elevenlabs:eleven_v99", BRIAN, "xi-secret-key", "unknown_model"),
        ("elevenlabs", BRIAN, "wrong-key-0000", "refused"),
    ],
)
def test_elevenlabs_says_why_not(folder: Path, spec: str, voice: str, key: str, reason: str) -> None:
    with ElevenLabsDouble() as double:
        settings = Settings(data_dir=folder, elevenlabs_url=double.url, elevenlabs_api_key=key)
        told = failure(settings, spec, voice)
        assert told.reason == reason
        assert key not in told.message
        assert double.asked == 0


def test_elevenlabs_with_a_key_for_speech_alone(folder: Path) -> None:
    class SpeechOnly(ElevenLabsDouble):
        def reply(self, call: Call) -> Reply:
            if "voices" in call.path:
                return as_json({"detail": {"status": "missing_permissions", "message": "voices_read"}}, 401)
            return ElevenLabsDouble.reply(self, call)

    with SpeechOnly() as double:
        speaking = service.connect(eleven(folder, double), "elevenlabs")
        service.check(speaking, speaking.default_voices()[:1])
        assert [(one.voice, one.text) for one in double.said] == [(BRIAN, "Yes.")]


@pytest.mark.parametrize("spec", ["openai", "elevenlabs"])
def test_a_wrong_key_is_found_before_anything_is_spoken(folder: Path, spec: str) -> None:
    double: Double = OpenAiDouble(key="right") if spec == "openai" else ElevenLabsDouble(key="right")
    with double:
        settings = Settings(
            data_dir=folder,
            **{f"{spec}_url": double.url, f"{spec}_api_key": KEY},
        )
        with pytest.raises(VoiceFailed) as caught:
            service.check(service.connect(settings, spec), ["onyx"])
        assert (caught.value.reason, double.asked) == ("refused", 0)


def test_elevenlabs_is_told_the_language_where_the_model_asks_for_it(folder: Path) -> None:
    with ElevenLabsDouble() as double:
        for spec in ("elevenlabs:eleven_flash_v2_5", "elevenlabs"):
            speak(eleven(folder, double), spec, Speech(TEXT, BRIAN, language="de-AT"))
        assert [one.language for one in double.said] == ["de", None]


@pytest.mark.parametrize(
    "alignment",
    [
        None,
        {"characters": list("other text"), "character_start_times_seconds": [0.1] * 10},
        {"characters": list(TEXT), "character_start_times_seconds": list(range(len(TEXT), 0, -1))},
        {"characters": list(TEXT), "character_start_times_seconds": ["x"] * len(TEXT)},
        {"characters": 5, "character_start_times_seconds": None},
    ],
)
def test_times_that_cannot_be_are_left_out(folder: Path, alignment: Any) -> None:
    with Answering() as double:
        audio = base64.b64encode(wav.silence(0.2, 24_000).samples.tobytes() + b"\0\x40" * 30_000).decode()
        double.answer = Reply(json.dumps({"audio_base64": audio, "alignment": alignment}).encode())
        assert speak(eleven(folder, double), "elevenlabs", Speech(TEXT, BRIAN))[0].words == ()


@pytest.mark.parametrize(
    "body", [b'{"audio_base64": "%%%"}', b'{"audio_base64": 5}', b"[]", b'{"audio_base64": "AA']
)
def test_elevenlabs_answers_that_are_no_recording(folder: Path, body: bytes) -> None:
    with Answering() as double:
        double.answer = Reply(body)
        assert failure(eleven(folder, double), "elevenlabs", BRIAN).reason == "failing"


# Kyutai and pocket-tts


@pytest.mark.parametrize("transport", ["websocket", "http"])
def test_kyutai_with_a_wrong_key(folder: Path, transport: str) -> None:
    with KyutaiDouble(key="right") as double:
        settings = Settings(
            data_dir=folder, kyutai_url=double.url, kyutai_api_key=KEY, kyutai_transport=transport
        )
        told = failure(settings, "kyutai", VCTK)
        assert told.reason == "refused"
        assert KEY not in told.message
        assert double.asked == 0


def test_kyutai_waits_for_a_free_channel(folder: Path) -> None:
    with KyutaiDouble(slots=1) as double:
        settings = Settings(data_dir=folder, kyutai_url=double.url)
        waits: list[float] = []

        def wait(seconds: float) -> None:
            waits.append(seconds)
            double._free.release() if len(waits) == 1 else None

        double._free.acquire()
        service.speak(
            service.connect(settings, "kyutai"), Speech(TEXT, VCTK), folder / "a.wav", never, sleep=wait
        )
        assert waits
        assert [one.text for one in double.said] == [TEXT]


def test_kyutai_says_nothing_of_voices_that_it_lacks(folder: Path) -> None:
    """Known, and why ids that are no files are refused: the server itself speaks with its own voice then."""
    with KyutaiDouble() as double:
        settings = Settings(data_dir=folder, kyutai_url=double.url)
        speak(settings, "kyutai", Speech(TEXT, "vctk/p999.wav"))
        assert double.said[0].voice == DEFAULT
        assert service.connect(settings, "kyutai").has_voice("../../etc/passwd.wav") is False


def test_pocket_tts_is_given_no_address_to_fetch(folder: Path) -> None:
    with PocketTtsDouble() as double:
        settings = Settings(data_dir=folder, pocket_tts_url=double.url)
        told = failure(settings, "pocket-tts", "http://192.168.1.1/admin.wav")
        assert (told.reason, double.calls) == ("unknown_voice", [])
        speak(settings, "pocket-tts", Speech(TEXT, "hf://kyutai/tts-voices/alba-mackenna/casual.wav"))
        assert failure(settings, "pocket-tts", "mariuss").reason == "unknown_voice"


@pytest.mark.parametrize("spec", ["openai", "elevenlabs", "kyutai"])
@pytest.mark.parametrize("key", ["two\nlines", "schlüssel", "with space"])
def test_a_key_that_cannot_be_one(folder: Path, spec: str, key: str) -> None:
    with pytest.raises(VoiceFailed) as caught:
        service.connect(Settings(data_dir=folder, **{f"{spec}_api_key": key}), spec)
    assert caught.value.reason == "not_configured"
    assert key not in caught.value.message


# Over TLS


@pytest.mark.parametrize("spec", ["openai", "kyutai"])
def test_over_tls(folder: Path, monkeypatch: pytest.MonkeyPatch, spec: str) -> None:
    certificate = make_certificate(folder)
    trusting = ssl.create_default_context(cafile=str(certificate.file))
    double: Double = OpenAiDouble() if spec == "openai" else KyutaiDouble()
    double.certificate = certificate.server
    voice = "onyx" if spec == "openai" else VCTK
    with double:
        settings = Settings(data_dir=folder, **{f"{spec}_url": double.url})
        assert failure(settings, spec, voice).reason == "unreachable"  # nobody vouches for that certificate
        monkeypatch.setattr(asking, "certificates", lambda: trusting)
        monkeypatch.setattr(socket, "certificates", lambda: trusting)
        assert is_voice(speak(settings, spec, Speech(TEXT, voice))[1], voice)
        double.always = Fault("hang")
        with pytest.raises(VoiceFailed) as caught:
            service.speak(
                service.connect(settings, spec),
                Speech(TEXT, voice),
                folder / "b.wav",
                lambda: double.asked > 1,
            )
        assert caught.value.reason == "stopped"


# Who speaks


def test_speakers_without_a_voice_get_one_each(folder: Path) -> None:
    with OpenAiDouble() as double:
        settings = Settings(data_dir=folder, openai_url=double.url)
        speakers = [
            Speaker("Ann"),
            Speaker("Ben", voice_id="en-us+m3"),
            Speaker("Cem", provider="openai:tts-1"),
            Speaker("Dai", language="zh"),
            Speaker("Eva", provider="openai:tts-1"),
        ]
        cast = service.assign(speakers, settings, "en")
        assert [(speaking.name, voice) for speaking, voice in cast] == [
            ("espeak", "en-us+f3"),
            ("espeak", "en-us+m3"),
            ("openai:tts-1", "onyx"),
            ("espeak", "cmn+m3"),
            ("openai:tts-1", "nova"),
        ]
        assert cast[2][0] is cast[4][0]
    german = service.assign([Speaker("A"), Speaker("B")], Settings(data_dir=folder), "de")
    assert [voice for _, voice in german] == ["de+m3", "de+f3"]


def test_a_stop_while_waiting_ends_the_waiting(folder: Path) -> None:
    with OpenAiDouble() as double:
        double.always = Fault("status", 429, retry_after="20")
        waits: list[float] = []
        with pytest.raises(VoiceFailed) as caught:
            service.speak(
                service.connect(Settings(data_dir=folder, openai_url=double.url), "openai"),
                Speech(TEXT, "onyx"),
                folder / "a.wav",
                lambda: len(waits) > 3,
                sleep=waits.append,
            )
        assert caught.value.reason == "stopped"
        assert sum(waits) < 1
