"""Clips are kept once, whole, within their room, for many processes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from magpie.config import Settings
from magpie.podcasts.voices import service, wav
from magpie.podcasts.voices.cache import Clips, key
from magpie.podcasts.voices.port import Speech, Spoken, Word

pytestmark = pytest.mark.once
SPEECH = Speech("Hello.", "en-us+m3", "calm", "en")
# Processes that put, get and lose clips of few names in little room, as fast as they can.
WORKER = """
import random, sys
from pathlib import Path
from magpie.podcasts.voices import wav
from magpie.podcasts.voices.cache import Clips
from magpie.podcasts.voices.port import Spoken
folder, seed = Path(sys.argv[1]), int(sys.argv[2])
clips, rng = Clips(folder / "clips", 60_000), random.Random(seed)
held = 0
for turn in range(150):
    number = rng.randrange(12)
    key = f"{number:064x}"
    found = clips.get(key)
    if found is None:
        file = folder / f"{seed}.wav"
        wav.write(wav.silence(0.1 + number / 100, 24_000), file)
        clips.put(key, file, Spoken(0.1 + number / 100, 24_000))
    else:
        assert found[1].seconds == 0.1 + number / 100, found
        held += 1
print(held)
"""


def name(number: int) -> str:
    return sha256(bytes([number])).hexdigest()


def clip(folder: Path, seconds: float = 0.5) -> tuple[Path, Spoken]:
    file = folder / "clip.wav"
    wav.write(wav.silence(seconds, 24_000), file)
    return file, Spoken(seconds, 24_000, (Word("Hello.", 0.1, 0.4),))


def test_what_is_put_is_got(tmp_path: Path) -> None:
    clips = Clips(tmp_path / "clips", 1 << 20)
    file, spoken = clip(tmp_path)
    assert clips.get(name(1)) is None
    clips.put(name(1), file, spoken)
    file.unlink()
    found = Clips(tmp_path / "clips", 1 << 20).get(name(1))
    assert found is not None
    assert found[1] == spoken
    assert wav.read(found[0]).seconds == 0.5
    clips.drop(name(1))
    assert clips.get(name(1)) is None
    assert clips.size() == 0


def test_the_key_is_of_everything_that_can_be_heard(tmp_path: Path) -> None:
    espeak = service.connect(Settings(data_dir=tmp_path))
    first = service.connect(Settings(data_dir=tmp_path, openai_url="http://127.0.0.1:1/v1"), "openai:m")
    other = service.connect(Settings(data_dir=tmp_path, openai_url="http://127.0.0.1:2/v1"), "openai:m")
    model = service.connect(Settings(data_dir=tmp_path, openai_url="http://127.0.0.1:1/v1"), "openai:n")
    keys = {
        *(key(speaking, SPEECH) for speaking in (espeak, first, other, model)),
        *(key(first, replace(SPEECH, **{part: "x"})) for part in ("text", "voice_id", "style", "language")),
        key(first, replace(SPEECH, style=None)),
    }
    assert len(keys) == 9
    again = service.connect(
        Settings(data_dir=tmp_path, openai_url="http://127.0.0.1:1/v1", openai_api_key="k"), "openai:m"
    )
    assert key(again, SPEECH) == key(first, SPEECH)
    assert key(first, Speech("\ud800", "v"))  # a text that no encoding has is a text, too


@pytest.mark.parametrize("damage", ["sound", "shorter", "facts", "empty", "no_facts", "no_sound"])
def test_a_damaged_clip_is_not_there(tmp_path: Path, damage: str) -> None:
    clips = Clips(tmp_path / "clips", 1 << 20)
    sound, _ = clips.put(name(1), *clip(tmp_path))
    facts = sound.with_suffix(".json")
    data = bytearray(sound.read_bytes())
    if damage == "sound":
        data[100] ^= 1
        sound.write_bytes(data)
    elif damage == "shorter":
        sound.write_bytes(data[:-2])
    elif damage == "facts":
        facts.write_text(json.dumps({"size": len(data)}))
    elif damage == "empty":
        facts.write_bytes(b"")
    else:
        (facts if damage == "no_facts" else sound).unlink()
    assert clips.get(name(1)) is None
    clips.put(name(1), *clip(tmp_path))
    assert clips.get(name(1)) is not None


def test_what_was_not_used_for_longest_goes(tmp_path: Path) -> None:
    file, spoken = clip(tmp_path)
    clips = Clips(tmp_path / "clips", 5 * (file.stat().st_size + 200))
    for number in range(5):
        clips.put(name(number), file, spoken)
        facts = clips._files(name(number))[1]
        os.utime(facts, (1000 + number, 1000 + number))
    assert clips.get(name(0)) is not None  # used just now
    clips.put(name(5), file, spoken)
    assert clips.size() <= clips.limit_bytes
    assert clips.get(name(0)) is not None
    assert clips.get(name(5)) is not None
    assert clips.get(name(1)) is None


def test_a_clip_larger_than_the_room_is_kept_until_the_next(tmp_path: Path) -> None:
    clips = Clips(tmp_path / "clips", 1000)
    clips.put(name(1), *clip(tmp_path))
    assert clips.get(name(1)) is not None
    clips.put(name(2), *clip(tmp_path))
    assert clips.get(name(1)) is None


def test_unfinished_files_are_nobody_s_after_a_while(tmp_path: Path) -> None:
    clips = Clips(tmp_path / "clips", 1 << 20)
    sound, _ = clips.put(name(1), *clip(tmp_path))
    fresh, stale = sound.with_name(f".{name(2)}.wav.a"), sound.with_name(f".{name(2)}.wav.b")
    orphan = sound.with_name(f"{name(3)}.wav")
    for file in (fresh, stale, orphan):
        file.write_bytes(b"half")
    for file in (stale, orphan):
        os.utime(file, (1000, 1000))
    clips.size()
    assert (fresh.exists(), stale.exists(), orphan.exists(), sound.exists()) == (True, False, False, True)


@pytest.mark.parametrize("wrong", ["", "../../etc/passwd", "a" * 63, "A" * 64, "g" * 64])
def test_only_keys_name_files(tmp_path: Path, wrong: str) -> None:
    with pytest.raises(ValueError, match="64 hexadecimal digits"):
        Clips(tmp_path, 1000).get(wrong)


def test_processes_that_are_killed_leave_whole_clips_or_none(tmp_path: Path) -> None:
    for seed in range(5):
        process = subprocess.Popen(
            [sys.executable, "-c", WORKER, str(tmp_path), str(seed)], stdout=subprocess.DEVNULL
        )
        while not list((tmp_path / "clips").glob("*/*.wav")) and process.poll() is None:
            threading.Event().wait(0.005)
        threading.Event().wait(seed * 0.02)  # at another moment of its work each time
        process.kill()
        process.wait()
    clips = Clips(tmp_path / "clips", 60_000)
    for number in range(12):
        held = clips.get(f"{number:064x}")
        assert held is None or wav.read(held[0]).seconds == pytest.approx(held[1].seconds)


def test_many_processes_share_one_folder(tmp_path: Path) -> None:
    running = [
        subprocess.Popen(
            [sys.executable, "-c", WORKER, str(tmp_path), str(seed)], stdout=subprocess.PIPE, text=True
        )
        for seed in range(4)
    ]
    told = [process.communicate(timeout=60)[0] for process in running]
    assert [process.returncode for process in running] == [0] * 4
    assert all(int(line) > 0 for line in told)
    clips = Clips(tmp_path / "clips", 60_000)
    clips.put(
        name(13), *clip(tmp_path)
    )  # whoever comes next makes room, where two were at it at the very end
    assert clips.size() <= 60_000
    assert not list((tmp_path / "clips").rglob(".*.wav.*"))
