"""Every provider of voices beside a double of its service; the embedded one beside nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

import pytest

from magpie.config import Settings
from magpie.plugins import GROUP, load_plugins
from magpie.podcasts.voices import service
from magpie.podcasts.voices.port import Speaking
from tests.support.voices.double import Double
from tests.support.voices.elevenlabs import ElevenLabsDouble
from tests.support.voices.kyutai import KyutaiDouble
from tests.support.voices.openai import KOKORO, OpenAiDouble
from tests.support.voices.pocket_tts import PocketTtsDouble


@dataclass(frozen=True, slots=True)
class Kind:
    """A provider as it is set up: the word for the settings, two of its voices, one that it does not have."""

    spec: str
    voices: tuple[str, str]
    wrong: str
    double: Callable[[], Double] | None = None
    address: str = ""  # the setting with the double's address
    settings: tuple[tuple[str, Any], ...] = ()


_EXPRESSO, _VCTK = "expresso/ex03-ex01_happy_001_channel1_334s.wav", "vctk/p228_023_enhanced.wav"
_BRIAN, _SARAH = "nPczCjzI2devNBz1zQrb", "EXAVITQu4vr4xnSDxMaL"
_ELEVEN_KEY = (("elevenlabs_api_key", "xi-secret-key"),)
KINDS = {
    "espeak": Kind("espeak", ("en-us+m3", "en-us+f3"), "en-gb+m3"),
    "openai": Kind("openai:tts-1", ("onyx", "nova"), "novva", OpenAiDouble, "openai_url"),
    "openai-pcm": Kind(
        "openai:tts-1", ("onyx", "nova"), "novva", lambda: OpenAiDouble(formats=("pcm",)), "openai_url"
    ),
    "kokoro": Kind(
        "openai:tts-1",
        ("am_michael", "af_heart"),
        "af_hart",
        lambda: OpenAiDouble(known=KOKORO, lists="objects"),
        "openai_speech_url",
    ),
    "kyutai-websocket": Kind("kyutai", (_EXPRESSO, _VCTK), "ex03", KyutaiDouble, "kyutai_url"),
    "kyutai-http": Kind(
        "kyutai", (_EXPRESSO, _VCTK), "ex03", KyutaiDouble, "kyutai_url", (("kyutai_transport", "http"),)
    ),
    "pocket-tts": Kind("pocket-tts", ("marius", "alba"), "mariuss", PocketTtsDouble, "pocket_tts_url"),
    "elevenlabs": Kind("elevenlabs", (_BRIAN, _SARAH), "noSuchVoice", ElevenLabsDouble, "elevenlabs_url", _ELEVEN_KEY),
    "elevenlabs-plain": Kind(
        "elevenlabs:eleven_flash_v2_5",
        (_BRIAN, _SARAH),
        "noSuchVoice",
        lambda: ElevenLabsDouble(has_times=False),
        "elevenlabs_url",
        _ELEVEN_KEY,
    ),
}  # fmt: skip


DEMO = Kind("magpie-demo", ("cello", "flute"), "drum")


@dataclass(frozen=True, slots=True)
class Reached:
    """A provider that answers. `double` is None for the embedded one."""

    kind: Kind
    settings: Settings
    double: Double | None

    @property
    def speaking(self) -> Speaking:
        """Connected anew: nothing is remembered of what was asked before."""
        return service.connect(self.settings, self.kind.spec)


def reach(kind: Kind, folder: Path, stack: ExitStack, **more: Any) -> Reached:
    double = stack.enter_context(kind.double()) if kind.double else None
    address = {kind.address: double.url} if double else {}
    settings = Settings(data_dir=folder, ai_timeout_seconds=20, **address, **dict(kind.settings), **more)
    return Reached(kind, settings, double)


@pytest.fixture(autouse=True)
def nothing_known(monkeypatch: pytest.MonkeyPatch) -> None:
    """A double may get the port of one that has gone."""
    monkeypatch.setattr(service, "_known", {})


@pytest.fixture(params=[*KINDS, "plug-in"])
def reached(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Reached]:
    if request.param == "plug-in":
        entry = EntryPoint("magpie-demo", "magpie_demo_plugin", GROUP)
        monkeypatch.setattr(service, "kinds", lambda: load_plugins([entry]).voices)
    with ExitStack() as stack:
        yield reach(KINDS.get(request.param, DEMO), tmp_path, stack)


@pytest.fixture(params=[name for name in KINDS if name != "espeak"])
def remote(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Reached]:
    """Those that are asked over the network."""
    with ExitStack() as stack:
        yield reach(KINDS[request.param], tmp_path, stack)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where an installation has its data."""
    return tmp_path
