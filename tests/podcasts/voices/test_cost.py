"""What voices cost a server that does not speak, and one that does."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from magpie.config import Settings
from magpie.podcasts.voices import service
from magpie.podcasts.voices.port import Speech
from tests.support.voices.openai import OpenAiDouble

pytestmark = pytest.mark.once
HEAVY = ("numpy", "soundfile", "msgpack", "websockets", "espeakng_loader", "av")


def test_nothing_heavy_is_imported() -> None:
    program = (
        "import sys, magpie.podcasts.voices.service, magpie.podcasts.voices.builtin as b; b.builtin_voices();"
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_texts_are_spoken_side_by_side(tmp_path: Path) -> None:
    """Sixteen texts of half a second each, four at a time: two seconds, and whatever a busy machine adds."""
    with OpenAiDouble(seconds=0.5) as double:
        speaking = service.connect(Settings(data_dir=tmp_path, openai_url=double.url), "openai")
        numbers = iter(range(16))
        lock = threading.Lock()

        def work() -> None:
            while True:
                with lock:
                    number = next(numbers, None)
                if number is None:
                    return
                service.speak(
                    speaking,
                    Speech(f"This is text {number}.", "onyx"),
                    tmp_path / f"{number}.wav",
                    lambda: False,
                )

        threads = [threading.Thread(target=work) for _ in range(4)]
        began = time.monotonic()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert double.most_at_once == 4
        assert len(double.said) == 16
        assert time.monotonic() - began < 6  # one after the other, they take eight
