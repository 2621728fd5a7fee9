"""Making podcasts: with the embedded voices from the command line, and with a voice that takes half a second a turn.

Promised: an article of 600 words in 20 s, a book's chapter of 10,000 words in 90 s within 400 MB (all processes together);
with a provider that takes 0.5 s a turn, four at once, the speaking takes at most 10 % longer than the provider alone
needs; what is made can be heard within 1 s of the first turn. Wall time is what counts here; processor time stands
beside it, since this machine may have other things to do.
"""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import psutil

from benchmarks._measure import Figure, pss_bytes, report
from magpie.podcasts.voices.wav import Sound
from tests.support.server import Program, environment
from tests.support.voices.double import Reply, Said
from tests.support.voices.openai import OpenAiDouble

SENTENCES = (
    "The tide in the bay of Fundy rises higher than anywhere else on Earth.",
    "Twice a day more than a hundred billion tonnes of water move in and out.",
    "Fishermen have planned their work around it for four hundred years.",
    "The bay is shaped like a funnel, and its length suits the rhythm of the moon.",
    "Engineers have dreamed of using that power since {year}.",
    "New turbines float, and can be lifted out of the water in {year}.",
    "Biologists listen with microphones that are anchored in the mud of site {number}.",
    "What they have found so far is that porpoises keep away from noise number {number}.",
)
PEER = Path(__file__).parent / "peers" / "podcastfy" / "bin" / "python"
TURN_SECONDS, AT_ONCE = 0.5, 4
PODCASTS = "/api/v1/podcasts"


def article(words: int) -> str:
    """A text of about so many words."""
    said: list[str] = []
    count = 0
    while count < words:
        number = len(said)
        sentence = SENTENCES[number % len(SENTENCES)].format(year=1700 + number, number=number)
        said.append(sentence + ("\n\n" if number % 6 == 5 else " "))
        count += len(sentence.split())
    return "".join(said)


@dataclass
class Run:
    """What one command took. Bytes are the largest proportional set size of all its processes together."""

    seconds: float
    cpu_seconds: float
    most_bytes: int
    told: dict[str, Any]


def command(folder: Path, words: int) -> Run:
    """`magpie podcast` on a bare installation, without settings."""
    source = folder / f"{words}.txt"
    source.write_text(article(words))
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("MAGPIE_")}
    inherited["MAGPIE_DATA_DIR"] = str(folder / f"data-{words}")
    arguments = ["podcast", str(source), "-o", str(folder / f"{words}.mp3"), "--json"]
    began, before = time.monotonic(), _children_seconds()
    process = subprocess.Popen(
        [sys.executable, "-m", "magpie.cli", *arguments], env=inherited, stdout=subprocess.PIPE, cwd=folder
    )
    most = 0
    while process.poll() is None:
        try:
            most = max(most, pss_bytes(process.pid))
        except psutil.Error:
            break
        time.sleep(0.1)
    out, _ = process.communicate()
    seconds = time.monotonic() - began
    if process.returncode:
        raise SystemExit(f"magpie podcast ended with {process.returncode}")
    return Run(seconds, _children_seconds() - before, most, json.loads(out))


def _children_seconds() -> float:
    """Processor time of all processes that this one has started and seen end, and of those that they have."""
    times = os.times()
    return times.children_user + times.children_system


@dataclass(slots=True)
class Clocked(OpenAiDouble):
    """Notes when each text came and when its speech was there, which it takes some time to make as well."""

    begun: list[float] = field(default_factory=list)
    done: list[float] = field(default_factory=list)

    def speak(self, said: Said, dress: Callable[[Sound], Reply] | None = None) -> Reply:
        came = time.monotonic()
        reply = OpenAiDouble.speak(self, said, dress)
        with self.lock:
            self.begun.append(came)
            self.done.append(time.monotonic())
        return reply

    @property
    def minimum(self) -> float:
        """Seconds that it needs for all of that, if there is always something for it to do."""
        busy = sum(self.done) - sum(self.begun)
        return max(math.ceil(len(self.done) / AT_ONCE) * self.seconds, busy / AT_ONCE)


def served(folder: Path) -> dict[str, float]:
    """An episode through a server: how long its voice was at work, and when it could be heard."""
    with Clocked() as voice:
        program = Program(
            folder / "served", tts="openai:tts-1", openai_speech_url=voice.url, ai_parallel=AT_ONCE
        )
        program.start()
        try:
            with closing(program.client()) as client:
                return _served(client, voice)
        finally:
            program.stop()


def _served(client: httpx.Client, voice: Clocked) -> dict[str, float]:
    body = {
        "sources": [{"text": article(6000)}],
        "minutes": 20,
        "speakers": [{"name": "Ada", "voiceId": "nova"}, {"name": "Ben", "voiceId": "onyx"}],
    }
    _ended(client, _begin(client, {**body, "minutes": 1}))  # the voices have been tried then
    voice.begun.clear()
    voice.done.clear()
    voice.seconds = TURN_SECONDS
    key = _begin(client, body)
    heard: list[float] = []
    listener = threading.Thread(target=_listen, args=(client, key, heard), daemon=True)
    listener.start()
    episode = _ended(client, key)
    listener.join(10)
    return {
        "turns": float(len(voice.done)),
        "spoken": max(voice.done) - min(voice.begun),
        "minimum": voice.minimum,
        "heard": (heard[0] if heard else math.inf) - min(voice.done),
        "minutes": episode["duration"] / 60,
    }


def _begin(client: httpx.Client, body: dict[str, Any]) -> str:
    return str(client.post(PODCASTS, json=body).raise_for_status().json()["podcastId"])


def _ended(client: httpx.Client, key: str) -> dict[str, Any]:
    while True:
        found: dict[str, Any] = client.get(f"{PODCASTS}/{key}").json()
        if found["status"] in ("completed", "failed", "cancelled"):
            if found["status"] != "completed":
                raise SystemExit(f"the episode {found['status']}: {found['errorMessage']}")
            return found
        time.sleep(0.2)


def _listen(client: httpx.Client, key: str, heard: list[float]) -> None:
    """Ask for what can be heard until there is something."""
    headers = dict(client.headers)
    with httpx.Client(base_url=client.base_url, headers=headers, timeout=60) as listener:
        while not heard:
            with listener.stream("GET", f"{PODCASTS}/{key}/live") as answer:
                if answer.status_code == httpx.codes.OK:
                    for chunk in answer.iter_bytes():
                        if chunk:
                            heard.append(time.monotonic())
                            return
            time.sleep(0.05)


def peer(folder: Path) -> dict[str, Any]:
    """podcastfy's own pipeline from a script on, with the same voice; why not, where it does not run."""
    if not PEER.is_file():
        return {
            "ran": False,
            "why": "not installed: uv venv benchmarks/peers/podcastfy && uv pip install --python "
            "benchmarks/peers/podcastfy/bin/python podcastfy setuptools",
        }
    with Clocked(seconds=TURN_SECONDS, promised=None, formats=("wav", "pcm", "mp3")) as voice:
        script = Path(__file__).with_name("_podcastfy.py")
        ended = subprocess.run(
            [str(PEER), str(script), voice.url, str(folder / "peer.wav")],
            capture_output=True,
            text=True,
            timeout=600,
            env=environment(folder) | {"OPENAI_API_KEY": "none"},
            check=False,
        )
        if ended.returncode:
            lines = (ended.stderr or ended.stdout).strip().splitlines()
            return {"ran": False, "why": lines[-1] if lines else f"exit code {ended.returncode}"}
        told: dict[str, Any] = json.loads(ended.stdout.strip().splitlines()[-1])
        return {"ran": True, **told, "asked": voice.asked, "minimum": voice.minimum}


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="magpie-podcasts-") as name:
        folder = Path(name)
        short = command(folder, 600)
        long = command(folder, 10_000)
        voiced = served(folder)
        beside = peer(folder)
    figures = [
        Figure("600 words, seconds", short.seconds, 20, "podcasts.md"),
        Figure("10,000 words, seconds", long.seconds, 90, "podcasts.md"),
        Figure("10,000 words, MB of all processes", long.most_bytes / 1e6, 400, "podcasts.md"),
        Figure(
            "speaking, share of the provider's minimum",
            voiced["spoken"] / voiced["minimum"],
            1.1,
            "podcasts.md",
        ),
        Figure("first sound after the first turn, seconds", voiced["heard"], 1, "podcasts.md"),
    ]
    return report(
        "podcasts",
        figures,
        cpu={"600 words": short.cpu_seconds, "10,000 words": long.cpu_seconds},
        made={"600 words": short.told["report"], "10,000 words": long.told["report"]},
        minutes={"600 words": short.told["duration"] / 60, "10,000 words": long.told["duration"] / 60},
        voice=voiced,
        podcastfy=beside,
    )


if __name__ == "__main__":
    sys.exit(main())
