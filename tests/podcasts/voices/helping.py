"""What the tests of single providers share."""

from __future__ import annotations

import subprocess

import pytest

from magpie.config import Settings
from magpie.downloads.tools import find_tools
from magpie.podcasts.voices import service, wav
from magpie.podcasts.voices.port import Speech, Spoken, VoiceFailed
from tests.support.voices.double import Call, Double, Reply
from tests.support.voices.tones import wav_bytes

TEXT = "Hello there, this is a test."
KEY = "sk-very-secret-key-000"


def never() -> bool:
    return False


def at_once(_seconds: float) -> None:
    """Instead of waiting."""


def speak(settings: Settings, spec: str, speech: Speech) -> tuple[Spoken, wav.Sound]:
    into = settings.data_dir / "clip.wav"
    spoken = service.speak(service.connect(settings, spec), speech, into, never, sleep=at_once)
    return spoken, wav.read(into)


def failure(settings: Settings, spec: str, voice: str, text: str = TEXT) -> VoiceFailed:
    with pytest.raises(VoiceFailed) as caught:
        speak(settings, spec, Speech(text, voice))
    return caught.value


def mp3(sound: wav.Sound) -> bytes:
    command = [find_tools().ffmpeg, "-v", "error", "-f", "wav", "-i", "pipe:0", "-f", "mp3", "pipe:1"]
    return subprocess.run(command, input=wav_bytes(sound), capture_output=True, check=True).stdout


class Answering(Double):
    """One answer to everything."""

    answer = Reply()

    def reply(self, call: Call) -> Reply:
        return self.answer
