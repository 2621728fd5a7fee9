"""`magpie podcast` as a person runs it: on a bare installation, and with a model and a voice that misbehave."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import mutagen
import pytest

from tests.support import warm
from tests.support.models.ollama import OllamaDouble
from tests.support.server import environment, wait_for
from tests.support.transcribers import tones
from tests.support.transcribers.whisper_double import WhisperDouble
from tests.support.voices.openai import OpenAiDouble

pytestmark = pytest.mark.once

Command = Callable[..., "subprocess.CompletedProcess[str]"]
SENTENCES = (
    "The tide in the bay of Fundy rises higher than anywhere else on Earth.",
    "Fishermen have planned their work around it for four hundred years.",
    "The bay is shaped like a funnel, and its length suits the rhythm of the moon.",
    "Engineers have dreamed of using that power since 1919.",
    "New turbines float, and can be lifted out of the water.",
    "Biologists listen with microphones that are anchored in the mud.",
)


@pytest.fixture
def article(tmp_path: Path) -> Path:
    path = tmp_path / "tides.txt"
    path.write_text("The highest tide\n\n" + " ".join(SENTENCES))
    return path


@pytest.fixture
def podcast(tmp_path: Path) -> Command:
    def run(*arguments: str, **settings: object) -> subprocess.CompletedProcess[str]:
        return warm.command(
            "podcast", *arguments, env=environment(tmp_path / "data", **settings), cwd=tmp_path
        )

    return run


def test_an_article_becomes_a_recording_without_anything_else(
    podcast: Command, article: Path, tmp_path: Path
) -> None:
    result = podcast(str(article), "-o", "out.mp3", "--json")
    assert result.returncode == 0, result.stderr
    told = json.loads(result.stdout)
    assert told["path"] == str(tmp_path / "out.mp3")
    assert told["isExtractive"]
    assert abs(told["report"]["lufs"] + 16) <= 0.5
    assert told["report"]["truePeak"] <= -1
    assert told["usage"]["characters"] > 200
    assert abs(told["estimate"]["characters"] / told["usage"]["characters"] - 1) <= 0.2
    assert abs(told["estimate"]["minutes"] / told["usage"]["minutes"] - 1) <= 0.3
    file = mutagen.File(tmp_path / "out.mp3")
    assert file.info.length == pytest.approx(told["duration"], abs=0.5)
    assert file.tags.getall("CHAP")
    assert file.tags.getall("APIC")
    assert file.tags["TIT2"].text == ["The highest tide"]
    # Nothing is left in the data folder but what serves the next one.
    assert sorted(path.name for path in (tmp_path / "data" / "podcasts").rglob("*")) == [".commands"]
    assert not (tmp_path / "data" / "magpie.db").exists()


def test_what_cannot_be_followed_ends_with_two(podcast: Command, article: Path, tmp_path: Path) -> None:
    for arguments, said in (
        (["nowhere.txt"], "there is no file nowhere.txt"),
        ([str(article), "--template", "nothing"], "there is no template “nothing”"),
        ([str(article), "-o", "nowhere/out.mp3"], "there is no folder"),
    ):
        result = podcast(*arguments)
        assert result.returncode == 2
        assert said in result.stderr
        assert result.stdout == ""


def test_a_failure_names_its_step_and_the_same_command_goes_on(
    podcast: Command, article: Path, tmp_path: Path
) -> None:
    with OllamaDouble() as model, OpenAiDouble() as voice:
        settings = {
            "llm": "ollama:finch",
            "ollama_url": model.address,
            "tts": "openai:tts-1",
            "openai_speech_url": voice.url,
        }
        arguments = [str(article), "--minutes", "1", "--title", "Tides: a story"]
        wrong = podcast(*arguments, "--tts", "openai:tts-9", **settings)
        assert wrong.returncode == 1
        assert "The check before the start failed" in wrong.stderr
        assert model.chats == []
        made = podcast(*arguments, "--json", **settings)
        assert made.returncode == 0
        assert (tmp_path / "tides.mp3").is_file()
        told = json.loads(made.stdout)
        assert told["title"] == "Tides: a story"
        asked, said = len(model.chats), len(voice.said)
        assert asked
        assert podcast(*arguments, **settings).returncode == 0  # made anew, with the voices' cache
        assert (tmp_path / "tides (2).mp3").is_file()
        assert len(model.chats) == 2 * asked
        assert len(voice.said) >= said


def test_the_estimate_is_near_what_is_used(podcast: Command, tmp_path: Path) -> None:
    long = tmp_path / "long.md"
    long.write_text(
        "# Lighthouses\n\n"
        + "\n\n".join(
            f"The keeper of lighthouse {number} counted {number * 7} ships in the winter of {1800 + number}. "
            f"He wrote them into book {number}, which nobody read. A historian found box {number} in a cellar."
            for number in range(1, 41)
        )
    )
    with OllamaDouble() as model, OpenAiDouble() as voice:
        result = podcast(
            str(long),
            "--minutes",
            "3",
            "--json",
            llm="ollama:finch",
            ollama_url=model.address,
            tts="openai:tts-1",
            openai_speech_url=voice.url,
        )
    assert result.returncode == 0, result.stderr
    told = json.loads(result.stdout)
    estimate, usage = told["estimate"], told["usage"]
    for what in ("promptTokens", "completionTokens", "characters", "minutes"):
        assert abs(estimate[what] / usage[what] - 1) <= 0.2, (what, estimate, usage)


class _Site(BaseHTTPRequestHandler):
    """A page, and a recording."""

    recording = b""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Quiet."""

    def do_GET(self) -> None:
        text = "".join(f"<p>{sentence}</p>" for sentence in SENTENCES)
        page = f"<!doctype html><html><title>Tides</title><article><h1>Tides</h1>{text}</article></html>"
        is_page = self.path == "/page"
        body = page.encode() if is_page else self.recording
        self.send_response(200 if is_page or self.path == "/talk.wav" else 404)
        self.send_header("Content-Type", "text/html; charset=utf-8" if is_page else "audio/wav")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_HEAD(self) -> None:
        self.send_response(405)
        self.end_headers()


@pytest.fixture
def site(tmp_path: Path) -> Iterator[str]:
    path = tmp_path / "tones.wav"
    tones.write(path, ["amber", "birch", "cedar", 1.0, "dune", "ember", "fjord"])
    _Site.recording = path.read_bytes()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Site)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_page_and_a_recording_at_addresses_become_one_episode(
    podcast: Command, site: str, tmp_path: Path
) -> None:
    with WhisperDouble() as ears:
        result = podcast(
            f"{site}/page", f"{site}/talk.wav", "--json", asr="whisper-asr", whisper_asr_url=ears.url
        )
    assert result.returncode == 0, result.stderr
    told = json.loads(result.stdout)
    assert told["usage"]["characters"] > 200
    assert len(ears.calls) >= 1
    assert Path(told["path"]).parent == tmp_path


def test_private_addresses_are_refused(podcast: Command, site: str) -> None:
    result = podcast(f"{site}/page", egress_allow="")
    assert result.returncode == 1
    assert "The sources could not be read" in result.stderr


def test_a_command_that_was_killed_goes_on(article: Path, tmp_path: Path) -> None:
    with OllamaDouble() as model, OpenAiDouble(seconds=0.4) as voice:
        env = environment(
            tmp_path / "data",
            llm="ollama:finch",
            ollama_url=model.address,
            tts="openai:tts-1",
            openai_speech_url=voice.url,
            ai_parallel=1,
        )
        command = [
            sys.executable,
            "-m",
            "magpie.cli",
            "podcast",
            str(article),
            "--minutes",
            "2",
            "-o",
            "a.mp3",
        ]

        def start() -> subprocess.Popen[bytes]:
            return subprocess.Popen(
                command, env=env, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE
            )

        def turns() -> list[tuple[str, str]]:
            return [(one.voice, one.text) for one in list(voice.said)]

        process = start()
        wait_for(lambda: len(voice.said) >= 5, 60)
        process.kill()
        process.communicate()
        asked = len(model.chats)
        wait_for(lambda: voice._at_once == 0, 10)
        pinned = len(list((tmp_path / "data" / "podcasts").rglob("clips/*.json")))
        before = turns()
        process = start()
        wait_for(lambda: len(voice.said) >= len(before) + 2, 60)
        process.send_signal(signal.SIGTERM)
        _, said = process.communicate(timeout=20)
        assert process.returncode == 1
        assert b"goes on from here" in said
        voice.seconds = 0.0
        process = start()
        out, error = process.communicate(timeout=90)
        assert process.returncode == 0, error
        assert out.decode().strip() == str(tmp_path / "a.mp3")
        assert len(model.chats) == asked
        repeated = sum(count - 1 for saying, count in Counter(turns()).items() if saying in before)
        # The voices are tried with a word by each command; of the turns, only what was being said may come again.
        assert repeated <= 2 * 2 + (len(before) - pinned)
