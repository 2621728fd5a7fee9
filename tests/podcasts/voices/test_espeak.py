"""The embedded voice, for real: the same bytes every time, from processes that others cannot disturb."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import psutil
import pytest

from magpie.config import Settings
from magpie.podcasts.voices import espeak, service, wav
from magpie.podcasts.voices.espeak import child
from magpie.podcasts.voices.espeak.languages import code_of
from magpie.podcasts.voices.espeak.warm import Pool, _Warm
from magpie.podcasts.voices.port import Speech, VoiceFailed
from magpie.podcasts.voices.samples import _SENTENCES, sample

pytestmark = pytest.mark.once
PACKAGE = espeak.KIND.connect(None, Settings())._package
DATA = PACKAGE / "espeak-ng-data"


def never() -> bool:
    return False


def said(text: str, voice: str, into: Path) -> str:
    """A digest of the file."""
    espeak.Espeak(PACKAGE).speak(Speech(text, voice), into, never)
    return hashlib.sha256(into.read_bytes()).hexdigest()


def test_the_same_text_is_the_same_bytes_whatever_was_said_before(tmp_path: Path) -> None:
    texts = ("The first text, with some words.", "Another one; it is longer than the first.", "Ha!")
    alone = {text: said(text, "en-us+f3", tmp_path / "a.wav") for text in texts}
    for text in (*reversed(texts), *texts):
        assert said(text, "en-us+f3", tmp_path / "a.wav") == alone[text]
    found: list[bool] = []
    threads = [
        threading.Thread(
            target=lambda text=text, number=number: found.append(
                said(text, "en-us+f3", tmp_path / f"{number}.wav") == alone[text]
            )
        )
        for number, text in enumerate(texts * 3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [True] * 9


def test_the_same_text_is_the_same_bytes_in_another_second(tmp_path: Path) -> None:
    """The library takes the noise of breathy voices from the second in which it is loaded, unless it is told otherwise."""
    order = {"voice": "en-us+f3", "text": "Breathe in, and out.", "into": str(tmp_path / "a.wav")}
    digests, began = set(), time.time()
    for _ in range(2):
        warm = _Warm(PACKAGE)
        assert warm.order(order, never) == 0
        digests.add(hashlib.sha256((tmp_path / "a.wav").read_bytes()).hexdigest())
        warm.end()
        threading.Event().wait(max(0.0, int(began) + 1.01 - time.time()))  # until it is another second
    assert len(digests) == 1


@pytest.mark.parametrize("language", [*_SENTENCES, "en-GB", "zh-Hant-TW", "pt-BR", "yue"])
def test_each_language_has_a_pair_that_speaks_it(tmp_path: Path, language: str) -> None:
    speaking = service.connect(Settings(data_dir=tmp_path))
    first, second = speaking.default_voices(language)[:2]
    assert first.partition("+")[0] != "en-us" or language == "en"
    text = sample(language)
    sounds = []
    for voice in (first, second):
        service.speak(speaking, Speech(text, voice), tmp_path / "a.wav", never)
        sounds.append(wav.read(tmp_path / "a.wav"))
    assert sounds[0].samples != sounds[1].samples
    assert 1.5 < sounds[0].seconds < 12


@pytest.mark.parametrize(
    ("tag", "code"),
    [
        ("en", "en-us"), ("en-GB", "en-gb-x-rp"), ("zh", "cmn"), ("zh-CN", "cmn"), ("zh-HK", "yue"), ("de-AT", "de"),
        ("fr-BE", "fr-be"), ("fr_CA", "fr"), ("pt-BR", "pt-br"), ("no", "nb"), ("tlh", "en-us"), (None, "en-us"),
    ],
)  # fmt: skip
def test_languages_by_their_tags(tag: str | None, code: str) -> None:
    assert code_of(DATA, tag) == code


@pytest.mark.parametrize(
    ("voice", "there"),
    [
        *(("en-us+m3", True), ("en-us", True), ("en-us+klatt", True), ("cmn+f2", True), ("en-gb-x-rp", True)),
        *(("en-gb", False), ("en-gb+m3", False), ("en-us+nobody", False), ("en-us+../../x", False)),
        *(("", False), ("EN-US+m3", False), ("en-us+m3\n", False), ("fo", False)),
    ],
)
def test_which_voices_there_are(voice: str, there: bool) -> None:
    assert espeak.Espeak(PACKAGE).has_voice(voice) is there


def test_markup_is_said_and_not_obeyed(tmp_path: Path) -> None:
    def seconds(text: str) -> float:
        said(text, "en-us+m3", tmp_path / "a.wav")
        return wav.read(tmp_path / "a.wav").seconds

    plain = seconds("one two")
    assert plain + 0.5 < seconds("one <break time='9s'/> two") < plain + 8
    assert seconds("one [[tu:]]") > seconds("one") + 0.5
    assert seconds("one \x0199p two") == pytest.approx(seconds("one 99p two"))


def test_no_file_stays_when_a_text_fails(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        espeak.Espeak(PACKAGE).speak(Speech("Hi.", "en-us+m3"), tmp_path / "no" / "folder.wav", never)
    assert list(tmp_path.iterdir()) == []


def test_a_process_that_was_killed_is_replaced(tmp_path: Path) -> None:
    pool = Pool(PACKAGE)
    order = {"voice": "en-us", "text": "Hello.", "into": str(tmp_path / "a.wav")}
    assert pool.order(order, never) == 0
    (warm,) = pool._idle
    os.kill(warm.process.pid, signal.SIGKILL)
    warm.process.wait()
    (tmp_path / "a.wav").unlink()
    assert pool.order(order, never) == 0
    assert (tmp_path / "a.wav").stat().st_size > 10_000
    pool.close()


def test_a_stop_ends_the_process_and_its_fork(tmp_path: Path) -> None:
    warm = _Warm(PACKAGE)
    order = {"voice": "en-us", "text": "word " * 200_000, "into": str(tmp_path / "a.wav")}

    def is_at_work() -> bool:
        return bool(psutil.Process(warm.process.pid).children())

    with pytest.raises(VoiceFailed) as caught:
        warm.order(order, is_at_work)
    assert caught.value.reason == "stopped"
    (fork,) = psutil.Process(warm.process.pid).children()
    warm.end()
    assert warm.process.wait(10) == -signal.SIGKILL
    assert psutil.wait_procs([fork], 10)[1] == []


def test_a_process_ends_when_nobody_asks() -> None:
    program = "import sys; sys.path.insert(0, sys.argv[2]); import child; child.IDLE_SECONDS = 0.1; child.main(sys.argv[1])"
    folder = str(Path(child.__file__).parent)
    with subprocess.Popen(
        [sys.executable, "-c", program, str(PACKAGE), folder], stdin=subprocess.PIPE
    ) as process:
        assert process.wait(20) == 0


def test_a_process_ends_with_whoever_started_it() -> None:
    program = str(Path(child.__file__))
    process = subprocess.Popen(
        [sys.executable, "-I", "-S", program, str(PACKAGE)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdin is not None
    process.stdin.close()
    assert process.wait(20) == 0
    assert process.stdout is not None
    process.stdout.close()


def test_a_process_without_the_library_says_so(tmp_path: Path) -> None:
    with pytest.raises(VoiceFailed) as caught:
        Pool(tmp_path).order({"voice": "en-us", "text": "Hi.", "into": str(tmp_path / "a.wav")}, never)
    assert caught.value.reason == "failing"


def test_without_the_extra_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(espeak, "find_spec", lambda _name: None)
    with pytest.raises(VoiceFailed, match="offline-voice") as caught:
        service.connect(Settings(), "espeak")
    assert caught.value.reason == "not_configured"
