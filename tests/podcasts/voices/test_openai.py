"""Servers that speak OpenAI's language: styles, forms of sound, lists, keys, and what their refusals mean."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import pytest

from magpie.config import Settings
from magpie.podcasts.voices import service, wav
from magpie.podcasts.voices.port import Speech, VoiceFailed
from tests.podcasts.voices.helping import KEY, TEXT, Answering, failure, mp3, never, speak
from tests.support.voices.double import Reply, as_json
from tests.support.voices.openai import KOKORO, OpenAiDouble
from tests.support.voices.tones import is_voice

pytestmark = pytest.mark.once


def test_a_style_goes_to_models_that_take_one(folder: Path) -> None:
    with OpenAiDouble() as double:
        settings = Settings(data_dir=folder, openai_url=double.url)
        for spec in ("openai:gpt-4o-mini-tts", "openai:tts-1"):
            speak(settings, spec, Speech(TEXT, "onyx", style="cheerful"))
        assert [(one.model, one.style) for one in double.said] == [
            ("gpt-4o-mini-tts", "cheerful"),
            ("tts-1", None),
        ]
        assert service.connect(settings, "openai:gpt-4o-mini-tts").abilities.takes_styles
        assert not service.connect(settings, "openai").abilities.takes_styles


def test_a_server_that_only_has_bare_samples_is_asked_for_them_from_then_on(folder: Path) -> None:
    with OpenAiDouble(formats=("pcm",)) as double:
        speaking = service.connect(Settings(data_dir=folder, openai_url=double.url), "openai")
        for number in range(3):
            service.speak(speaking, Speech(TEXT, "onyx"), folder / f"{number}.wav", never)
        asked = [call.json["response_format"] for call in double.calls]
        assert asked == ["wav", "pcm", "pcm", "pcm"]


def test_a_server_that_sends_mp3_whatever_was_asked(folder: Path) -> None:
    class Mp3(OpenAiDouble):
        def as_wav(self, sound: wav.Sound) -> Reply:
            return Reply(mp3(sound), content_type="audio/mpeg")

    with Mp3() as double:
        spoken, sound = speak(
            Settings(data_dir=folder, openai_url=double.url), "openai", Speech(TEXT, "onyx")
        )
        assert spoken.rate == 44_100
        assert is_voice(wav.Sound(sound.samples[8000:-8000], sound.rate), "onyx")


def test_mp3_that_is_none_is_told(folder: Path) -> None:
    class Broken(OpenAiDouble):
        def as_wav(self, sound: wav.Sound) -> Reply:
            return Reply(b"ID3" + b"nonsense" * 40, content_type="audio/mpeg")

    with Broken() as double:
        assert failure(Settings(data_dir=folder, openai_url=double.url), "openai", "onyx").reason == "failing"


@pytest.mark.parametrize(
    ("status", "body", "reason", "asked"),
    [
        (
            400,
            {"error": {"message": "Voice 'x' not found. Available voices: a model of"}},
            "unknown_voice",
            1,
        ),
        (404, {"error": {"message": "The model `m` does not exist"}}, "unknown_model", 1),
        (
            400,
            {"detail": {"error": "validation_error", "message": "Unsupported model: m"}},
            "unknown_model",
            1,
        ),
        (422, {"detail": [{"loc": ["body", "voice"], "msg": "Input should be 'nova'"}]}, "unknown_voice", 1),
        (429, {"error": {"code": "insufficient_quota", "message": "You exceeded it"}}, "refused", 1),
        (429, {"error": {"message": "Rate limit reached"}}, "limited", service.ATTEMPTS),
        (401, {"error": {"message": f"Incorrect API key provided: {KEY}."}}, "refused", 1),
        (402, {}, "refused", 1),
        (400, {"error": {"message": f"strange {KEY} \u202e\x07 thing"}}, "refused", 1),
        (307, {}, "refused", 1),
        (502, {}, "failing", service.ATTEMPTS),
        (200, {"error": "as a success"}, "failing", service.ATTEMPTS),
    ],
)
def test_what_a_refusal_means(
    folder: Path, status: int, body: Any, reason: str, asked: int, caplog: pytest.LogCaptureFixture
) -> None:
    with Answering() as double, caplog.at_level(logging.DEBUG):
        double.answer = as_json(body, status)
        settings = Settings(data_dir=folder, openai_url=double.url, openai_api_key=KEY)
        told = failure(settings, "openai", "onyx")
        assert (told.reason, len(double.calls)) == (reason, asked)
        assert KEY not in told.message + caplog.text
        assert told.message.isprintable()


def test_the_key_for_chat_stays_with_the_server_for_chat(folder: Path) -> None:
    with OpenAiDouble() as double:
        for more, sent in (
            ({"openai_url": double.url}, f"Bearer {KEY}"),
            ({"openai_speech_url": double.url}, None),
            ({"openai_speech_url": double.url, "openai_speech_api_key": "other"}, "Bearer other"),
        ):
            speak(Settings(data_dir=folder, openai_api_key=KEY, **more), "openai", Speech(TEXT, "onyx"))
            assert double.calls[-1].headers.get("authorization") == sent


@pytest.mark.parametrize("lists", ["objects", "names"])
def test_kokoro_tells_its_voices(folder: Path, lists: str) -> None:
    with OpenAiDouble(known=KOKORO, lists=lists) as double:
        settings = Settings(data_dir=folder, openai_url=double.url)
        speaking = service.connect(settings, "openai")
        told = {voice.id: (voice.language, voice.gender) for voice in speaking.voices()}
        assert told["zf_xiaobei"] == ("zh", "female")
        assert told["bm_george"] == ("en-GB", "male")
        assert speaking.default_voices("en")[:2] == ("am_michael", "af_heart")
        assert speaking.default_voices("zh-CN")[:2] == ("zm_yunxi", "zf_xiaobei")
        assert speaking.has_voice("af_bella(2)+af_sky(1)") is True
        assert speaking.has_voice("af_bella+nobody") is False
        assert speaking.has_voice("alloy") is None  # it knows OpenAI's names by others


@pytest.mark.parametrize(
    "said", [b"no json", b"[]", b'{"voices": 5}', b'{"voices": [5, null, {}, "\\u0000", ""]}', b"[" * 9999]
)
def test_a_list_of_voices_that_is_none(folder: Path, said: bytes) -> None:
    with Answering() as double:
        double.answer = Reply(said)
        speaking = service.connect(Settings(data_dir=folder, openai_url=double.url), "openai")
        assert speaking.voices() == []
        assert speaking.default_voices() == ("onyx", "nova", "echo", "shimmer")


@pytest.mark.parametrize(
    ("spec", "word"), [("openai", "OPENAI_API_KEY"), ("elevenlabs", "ELEVENLABS_API_KEY")]
)
def test_a_paid_service_without_a_key_is_not_configured(folder: Path, spec: str, word: str) -> None:
    with pytest.raises(VoiceFailed, match=word) as caught:
        service.connect(Settings(data_dir=folder), spec)
    assert caught.value.reason == "not_configured"


@pytest.mark.parametrize("spec", ["nobody", "kyutai:m", "pocket-tts:m", "espeak:m", ""])
def test_providers_that_are_not_there(folder: Path, spec: str) -> None:
    with pytest.raises(VoiceFailed) as caught:
        service.connect(Settings(data_dir=folder), spec or "none")
    assert caught.value.reason == "not_configured"


def test_what_is_far_away_is_asked_through_the_proxy(folder: Path) -> None:
    with OpenAiDouble() as double:
        proxy = double.url.removesuffix(double.base_path)
        settings = Settings(data_dir=folder, openai_url="http://speech.example/v1", proxy=proxy)
        assert speak(settings, "openai", Speech(TEXT, "onyx"))[0].seconds > 1
    with OpenAiDouble() as double:
        near = Settings(data_dir=folder, openai_url=double.url, proxy="http://127.0.0.1:1")
        assert speak(near, "openai", Speech(TEXT, "onyx"))[0].seconds > 1
