"""Whole recordings: every clip once and in order, loudness and peaks after encoding, tags, failures, kills."""

from __future__ import annotations

import json
import math
import os
import re
import signal
import struct
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import mutagen
import mutagen.id3
import mutagen.mp3
import numpy as np
import psutil
import pytest
from structlog.testing import capture_logs

from magpie.podcasts.mastering import rendering
from magpie.podcasts.mastering.clips import examine, samples
from magpie.podcasts.mastering.coder import Coder
from magpie.podcasts.mastering.desk import Desk, Measured
from magpie.podcasts.mastering.order import (
    Chapter,
    Clip,
    Facts,
    Mastered,
    MasteringFailed,
    MasteringOrder,
    Music,
)
from magpie.podcasts.mastering.service import master
from magpie.podcasts.mastering.wire import mastered_as_json, mastered_of_json, order_as_json, order_of_json
from magpie.podcasts.voices.port import Word
from tests.podcasts.mastering import sounds
from tests.podcasts.mastering.sounds import Sound, silence, speech, strength, tone

pytestmark = pytest.mark.once

TONES = (400, 610, 830, 1050, 1270, 1490, 1710)
RATES = (24_000, 22_050, 44_100, 16_000, 48_000, 24_000, 22_050)
SECONDS = 1.5


def made_clips(folder: Path) -> tuple[Clip, ...]:
    """A tone for each; Ann is faint, Bob loud; a word at a known place in each, and silence at both ends."""
    clips = []
    for number, (frequency, rate) in enumerate(zip(TONES, RATES, strict=True)):
        speaker, level = (("Ann", 0.04), ("Bob", 0.6))[number % 2]
        sound = np.concatenate(
            (silence(0.4, rate), tone(frequency, SECONDS, rate, level), silence(0.7, rate))
        )
        path = sounds.write(folder / f"{number}.wav", sound, rate)
        words = (Word("Tone", 0.4, 0.6), Word(str(number), 0.9, 1.9))
        clips.append(Clip(path, speaker, f"Tone {number}.", number // 3, words))
    return tuple(clips)


def order_of(clips: tuple[Clip, ...], folder: Path, **wishes: Any) -> MasteringOrder:
    chapters = (
        Chapter("Low; =tones", "https://example.org/low"),
        Chapter("中间"),
        Chapter("High"),
        Chapter("None"),
    )
    facts = Facts("How Bees Decide", description="About bees.", language="en-GB", date="2026-11-20T10:00:00Z")
    return MasteringOrder(clips, chapters, facts, folder, "episode", **wishes)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Mastered:
    folder = tmp_path_factory.mktemp("mastering")
    (folder / "clips").mkdir()
    told: list[float] = []
    clips = made_clips(folder / "clips")
    mastered = master(order_of(clips, folder / "out", formats=("mp3", "opus", "m4a")), told.append)
    assert told == sorted(told)
    assert told[-1] == 1.0
    assert sorted(path.name for path in (folder / "out").iterdir()) == [
        "episode.jpg", "episode.m4a", "episode.mp3", "episode.opus",
    ]  # fmt: skip
    return mastered


@pytest.mark.parametrize("kind", ["mp3", "opus", "m4a"])
def test_each_format_is_as_loud_as_wanted(made: Mastered, kind: str) -> None:
    loudness, peak = sounds.by_ffmpeg(made.files[kind])
    assert loudness == pytest.approx(-16, abs=0.5)
    assert peak <= -1.0
    told = made.report["formats"][kind]
    assert told["lufs"] == pytest.approx(loudness, abs=0.2)
    assert told["truePeak"] == pytest.approx(peak, abs=0.2)
    assert told["bytes"] == pytest.approx(made.files[kind].stat().st_size, rel=0.2)


@pytest.mark.parametrize("kind", ["mp3", "opus", "m4a"])
def test_every_clip_is_heard_once_in_order_where_its_cue_says(made: Mastered, kind: str) -> None:
    rate = 44_100
    sound = sounds.decoded(made.files[kind], rate)
    assert len(sound) / rate == pytest.approx(made.seconds, abs=0.05)
    assert [cue.text for cue in made.cues] == [f"Tone {number}." for number in range(len(TONES))]
    for number, cue in enumerate(made.cues):
        part = sound[round((cue.start + 0.1) * rate) : round((cue.end - 0.1) * rate)]
        heard = [strength(part, frequency, rate) for frequency in TONES]
        assert heard[number] > 0.1
        assert max(one for other, one in enumerate(heard) if other != number) < heard[number] / 50
    for one, other in zip(made.cues, made.cues[1:], strict=False):
        gap = sound[round((one.end + 0.06) * rate) : round((other.start - 0.06) * rate)]
        assert np.abs(gap).max() < 0.02


def test_the_tones_begin_where_the_words_say(made: Mastered) -> None:
    rate = 44_100
    sound = sounds.decoded(made.files["mp3"], rate)
    for number, cue in enumerate(made.cues):
        first, second = cue.words
        assert cue.start <= first.start <= second.start <= second.end <= cue.end
        assert (second.start - first.start, second.end - second.start) == pytest.approx((0.5, 1.0), abs=1e-6)
        begin = round((first.start - 0.15) * rate)
        levels = [
            strength(sound[at : at + 441], TONES[number], rate) for at in range(begin, begin + rate // 2, 441)
        ]
        loud = next(place for place, level in enumerate(levels) if level > 0.05)
        assert (begin + loud * 441) / rate == pytest.approx(first.start, abs=0.05)


def test_both_speakers_are_equally_loud(made: Mastered) -> None:
    rate = 48_000
    sound = sounds.decoded(made.files["opus"], rate)
    by_speaker = {
        speaker: np.concatenate(
            [sound[round(c.start * rate) : round(c.end * rate)] for c in made.cues if c.speaker == speaker]
        )
        for speaker in ("Ann", "Bob")
    }
    loudness = {speaker: sounds.measured(part, rate)[0] for speaker, part in by_speaker.items()}
    assert loudness["Ann"] == pytest.approx(loudness["Bob"], abs=0.3)
    assert made.report["gain"]["Ann"] - made.report["gain"]["Bob"] == pytest.approx(23.5, abs=2)


def test_the_report_says_what_was_done(made: Mastered) -> None:
    report = made.report
    assert report["isOnTarget"] is True
    assert report["clips"] == len(TONES)
    assert report["seconds"] == pytest.approx(made.seconds, abs=0.001)
    assert 0.1 < report["silence"] < 0.5
    assert report["loudnessRange"] >= 0
    assert set(report["limited"]) == {"most", "share"}
    assert mastered_of_json(mastered_as_json(made)) == made


def test_the_chapters_are_in_the_mp3(made: Mastered) -> None:
    tags: Any = mutagen.File(made.files["mp3"]).tags
    toc = tags["CTOC:toc"]
    assert toc.child_element_ids == ["chp0", "chp1", "chp2"]
    for name, chapter in zip(toc.child_element_ids, made.chapters, strict=True):
        frame = tags[f"CHAP:{name}"]
        assert frame.sub_frames["TIT2"].text == [chapter.title]
        assert (frame.start_time, frame.end_time) == (round(chapter.start * 1000), round(chapter.end * 1000))
    assert tags["CHAP:chp0"].sub_frames["WXXX:"].url == "https://example.org/low"
    assert tags["TIT2"].text == ["How Bees Decide"]
    assert tags["TALB"].text == ["Magpie"]
    assert tags["TLAN"].text == ["eng"]
    assert tags.getall("USLT")[0].text.startswith("Ann: Tone 0.\n\nBob: Tone 1.")
    assert tags.getall("APIC")[0].data == made.files["cover"].read_bytes()
    assert tags.getall("COMM")[0].text == ["About bees."]


def test_the_tag_is_a_sound_one_of_version_2_3(made: Mastered) -> None:
    tags: Any = mutagen.id3.ID3(made.files["mp3"], translate=False)  # type: ignore[no-untyped-call]
    assert tags.version == (2, 3, 0)
    assert not tags.unknown_frames
    assert "TDRC" not in tags  # that is one of 2.4
    assert (tags["TYER"].text, tags["TDAT"].text) == (["2026"], ["2011"])
    assert {frame.encoding for frame in tags.values() if hasattr(frame, "encoding")} <= {0, 1}
    assert sum(len(frame.sub_frames) for frame in tags.getall("CHAP")) == 4


def test_players_know_the_length_of_the_mp3(made: Mastered) -> None:
    info = mutagen.File(made.files["mp3"]).info
    assert info.length == pytest.approx(made.seconds, abs=0.06)
    assert (info.channels, info.sample_rate, info.bitrate) == (1, 44_100, 96_000)
    assert (
        info.bitrate_mode == mutagen.mp3.BitrateMode.CBR
    )  # known from the header, which has the length, too


@pytest.mark.parametrize("kind", ["mp3", "opus", "m4a"])
def test_ffmpeg_reads_the_chapters(made: Mastered, kind: str) -> None:
    command = [sounds.ffmpeg(), "-v", "error", "-i", str(made.files[kind]), "-f", "ffmetadata", "-"]
    told = subprocess.run(command, capture_output=True, check=True).stdout.decode()
    chapters = told.split("[CHAPTER]")[1:]
    assert [re.search(r"title=(.*)", one)[1].replace("\\", "") for one in chapters] == [  # type: ignore[index]
        one.title for one in made.chapters
    ]
    for text, chapter in zip(chapters, made.chapters, strict=True):
        base, start = re.search(r"TIMEBASE=1/(\d+)", text), re.search(r"START=(\d+)", text)
        assert base is not None
        assert start is not None
        assert int(start[1]) / int(base[1]) == pytest.approx(
            chapter.start, abs=0.03
        )  # some tools leave out the decoder's delay


@pytest.mark.parametrize("kind", ["opus", "m4a"])
def test_the_other_formats_have_cover_and_words(made: Mastered, kind: str) -> None:
    file: Any = mutagen.File(made.files[kind])
    if kind == "m4a":
        assert bytes(file["covr"][0]) == made.files["cover"].read_bytes()
        assert file["\xa9nam"] == ["How Bees Decide"]
        assert file["\xa9lyr"][0].startswith("Ann: Tone 0.")
        assert [one.title for one in file.chapters] == [one.title for one in made.chapters]
    else:
        assert file["title"] == ["How Bees Decide"]
        assert file["lyrics"][0].startswith("Ann: Tone 0.")
        assert file["chapter001name"] == ["中间"]
        assert len(file["metadata_block_picture"][0]) > 20_000


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> tuple[Clip, ...]:
    folder = tmp_path_factory.mktemp("two")
    ann = sounds.write(folder / "ann.wav", speech(2, 24_000, 0.9, 190), 24_000)
    bob = sounds.write(folder / "bob.wav", speech(2, 24_000, 0.2, 110, 5), 24_000)
    return Clip(ann, "Ann", "Is it so?"), Clip(bob, "Bob", "It is.", 1)


def desk(order: MasteringOrder, work: Path) -> Desk:
    work.mkdir(exist_ok=True)
    order.folder.mkdir(exist_ok=True)
    return Desk(order, Coder(sounds.ffmpeg()), work, lambda share: None)


def test_music_gives_way_to_the_speech(two: tuple[Clip, ...], tmp_path: Path) -> None:
    rate = 44_100
    intro = sounds.write(tmp_path / "intro.wav", tone(5000, 4, rate, 0.2), rate)
    outro = sounds.write(tmp_path / "outro.wav", tone(6000, 3, rate, 0.9), rate)
    bed = sounds.write(tmp_path / "bed.wav", tone(9000, 3, rate, 0.5), rate)
    clips = tuple(
        replace(one, path=sounds.write(tmp_path / f"{n}.wav", tone(300 + n * 200, 2, rate), rate))
        for n, one in enumerate(two)
    )
    order = order_of(clips, tmp_path / "out", music=Music(intro, outro, bed))
    mastered = desk(order, tmp_path / "work").master()
    sound = sounds.decoded(mastered.files["mp3"], rate)
    first, last = mastered.cues

    def level(start: float, end: float, frequency: float) -> float:
        return 20 * math.log10(
            strength(sound[round(start * rate) : round(end * rate)], frequency, rate) + 1e-9
        )

    assert mastered.chapters[0].start == 0
    assert first.start == pytest.approx(4 - 0.8, abs=0.05)
    assert level(0.5, 2, 5000) > -25
    assert level(first.start + 1, first.end, 5000) < -60
    below_speech = level(first.start + 0.3, first.end - 0.3, 9000)
    between = level(first.end + 0.55, last.start - 0.3, 9000)
    assert below_speech + 3 < between < below_speech + 12
    assert level(last.end + 1, last.end + 2.5, 6000) > -25
    assert mastered.report["lufs"] == pytest.approx(-16, abs=0.5)
    assert mastered.report["truePeak"] <= -1


ODD: dict[str, Callable[[], Sound]] = {
    "an offset": lambda: speech(3, 24_000, 0.4) + np.float32(0.3),
    "hardly to be heard": lambda: speech(3, 24_000, 0.004),
    "noise at full scale": lambda: np.clip(sounds.noise(3, 24_000, 1.0), -1, 1),
    "half a syllable": lambda: tone(300, 0.05, 24_000),
    "one click": lambda: np.repeat(np.array([0, 0.9, 0], dtype=np.float32), (9000, 10, 9000)),
}


@pytest.mark.parametrize("name", ODD)
def test_odd_sounds_end_well(name: str, tmp_path: Path) -> None:
    clip = Clip(sounds.write(tmp_path / "odd.wav", ODD[name](), 24_000), "Ann", "Hm.")
    report = desk(order_of((clip,), tmp_path / "out"), tmp_path / "work").master().report
    assert report["truePeak"] <= -1.0
    if name == "one click":  # as loud as it may be; more would be another sound
        assert (report["isOnTarget"], report["lufs"] < -16.5) == (False, True)
    elif name != "half a syllable":
        assert report["lufs"] == pytest.approx(-16, abs=0.5)
        assert report["limited"]["most"] < 3
        assert report["isOnTarget"]


def test_what_a_codec_adds_is_taken_back(
    two: tuple[Clip, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A codec that comes out 1.5 dB louder than what it was given."""
    real = Coder.encode

    def louder(
        self: Coder, kind: str, spool: Path, rate: int, gain_db: float, *rest: Any, **named: Any
    ) -> None:
        gains.append(gain_db)
        real(self, kind, spool, rate, gain_db + 1.5, *rest, **named)

    gains: list[float] = []
    monkeypatch.setattr(Coder, "encode", louder)
    mastered = desk(order_of(two, tmp_path / "out"), tmp_path / "work").master()
    assert len(gains) > 1
    loudness, peak = sounds.by_ffmpeg(mastered.files["mp3"])
    assert loudness == pytest.approx(-16, abs=0.5)
    assert peak <= -1.0


def test_a_peak_that_is_hardly_too_high_is_taken_back_without_a_new_stream(
    two: tuple[Clip, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard = iter([Measured(-16.0, -0.9, 3, 0.1), Measured(-16.15, -1.05, 3, 0.1)])
    gains: list[float] = []
    renders: list[float] = []
    monkeypatch.setattr(Desk, "_listen", lambda *_: next(heard))
    monkeypatch.setattr(Desk, "_encode", lambda _, kind, into, gain, facts, **named: gains.append(gain))
    monkeypatch.setattr("magpie.podcasts.mastering.desk.write_tags", lambda kind, path, *_: path.touch())

    def counted(mix: Any, gain: float, *rest: Any) -> Any:
        renders.append(gain)
        return rendering.render(mix, gain, *rest)

    monkeypatch.setattr("magpie.podcasts.mastering.desk.render", counted)
    mastered = desk(order_of(two, tmp_path / "out"), tmp_path / "work").master()
    assert len(renders) == 1
    assert gains[1] - gains[0] == pytest.approx(-0.15)
    assert (mastered.report["lufs"], mastered.report["truePeak"]) == (-16.15, -1.05)


def test_what_stays_too_loud_is_no_recording(
    two: tuple[Clip, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Desk, "_listen", lambda *_: Measured(-16.0, 0.4, 3, 0.1))
    monkeypatch.setattr(Desk, "_encode", lambda *_, **named: None)
    with pytest.raises(MasteringFailed) as failed:
        desk(order_of(two, tmp_path / "out"), tmp_path / "work").master()
    assert failed.value.reason == "encoding"
    assert not list((tmp_path / "out").iterdir())


def test_an_order_survives_the_wire(two: tuple[Clip, ...], tmp_path: Path) -> None:
    music = Music(bed=tmp_path / "bed.wav")
    order = order_of(two, tmp_path / "out", music=music, cover=tmp_path / "cover.png", formats=("opus",))
    assert order_of_json(order_as_json(order)) == order


def test_a_clip_with_an_endless_header_is_read(tmp_path: Path) -> None:
    data = (speech(1, 24_000) * 32767).astype("<i2").tobytes()
    shape = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 1, 24_000, 48_000, 2, 16)
    path = tmp_path / "streamed.wav"
    path.write_bytes(b"RIFF\xff\xff\xff\xffWAVE" + shape + b"data\xff\xff\xff\xff" + data)
    heard = examine(Clip(path, "Ann", "Well."), 0)
    assert 0.5 < (heard.last - heard.first) / heard.rate <= 1.0


def test_what_no_tag_can_hold_is_dropped_on_the_way(two: tuple[Clip, ...], tmp_path: Path) -> None:
    odd = replace(two[0], speaker="An\x00n", text="Is it\ud83d so?\n\x1b[31mYes.")
    order = replace(order_of((odd,), tmp_path / "out"), facts=Facts("Bees\x07 蜂 😀"))
    given = order_of_json(json.loads(json.dumps(order_as_json(order))))
    assert (given.clips[0].speaker, given.clips[0].text) == ("Ann", "Is it so?\n[31mYes.")
    assert given.facts.title == "Bees 蜂 😀"
    assert given.clips[0].path == odd.path


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (None, "clip_missing"),
        (b"", "clip_damaged"),
        (b"RIFF and then something else", "clip_damaged"),
        ("header", "clip_empty"),
        ("silence", "clip_silent"),
        ("hiss", "clip_silent"),
    ],
)
def test_a_clip_without_speech_is_named(tmp_path: Path, content: bytes | str | None, reason: str) -> None:
    path = tmp_path / "clip.wav"
    made = {
        "header": silence(0, 24_000),
        "silence": silence(1, 24_000),
        "hiss": sounds.noise(1, 24_000, 0.0002),
    }
    if isinstance(content, bytes):
        path.write_bytes(content)
    elif content:
        sounds.write(path, made[content], 24_000)
    with pytest.raises(MasteringFailed) as failed:
        examine(Clip(path, "Ann", "Well."), 7)
    assert (failed.value.reason, failed.value.clip) == (reason, 7)


@pytest.mark.parametrize(
    ("wishes", "reason"),
    [
        ({"clips": ()}, "nothing_to_say"),
        ({"formats": ("wma",)}, "order"),
        ({"formats": ()}, "order"),
        ({"name": "../episode"}, "order"),
        ({"rate": 12}, "order"),
        ({"music": Music(bed=Path(__file__))}, "music_unreadable"),
        ({"cover": Path(__file__)}, "cover_unreadable"),
    ],
)
def test_what_cannot_be_made_is_refused(
    two: tuple[Clip, ...], tmp_path: Path, wishes: dict[str, Any], reason: str
) -> None:
    order = replace(order_of(two, tmp_path / "out"), **wishes)
    with pytest.raises(MasteringFailed) as failed:
        desk(order, tmp_path / "work").master()
    assert failed.value.reason == reason
    assert not list((tmp_path / "out").iterdir())


def test_a_failure_in_the_child_is_told_and_nothing_is_left(two: tuple[Clip, ...], tmp_path: Path) -> None:
    silent = Clip(sounds.write(tmp_path / "s.wav", silence(1, 16_000), 16_000), "Ann", "…")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "episode.mp3").write_bytes(b"the one before")
    with pytest.raises(MasteringFailed) as failed:
        master(order_of((*two, silent), tmp_path / "out"))
    assert (failed.value.reason, failed.value.clip) == ("clip_silent", 2)
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["episode.mp3"]
    assert (tmp_path / "out" / "episode.mp3").read_bytes() == b"the one before"


def test_a_clip_that_changes_meanwhile_is_noticed(tmp_path: Path) -> None:
    path = sounds.write(tmp_path / "clip.wav", speech(2, 24_000), 24_000)
    heard = examine(Clip(path, "Ann", "Well."), 3)
    sounds.write(path, speech(1, 24_000), 24_000)
    with pytest.raises(MasteringFailed) as shorter:
        list(samples(heard, 44_100, 1.0))
    path.unlink()
    with pytest.raises(MasteringFailed) as gone:
        list(samples(heard, 44_100, 1.0))
    assert [(one.value.reason, one.value.clip) for one in (shorter, gone)] == [
        ("clip_damaged", 3),
        ("clip_missing", 3),
    ]


def test_a_fault_of_our_own_is_told_and_logged(two: tuple[Clip, ...], tmp_path: Path) -> None:
    no_title: Any = None
    order = replace(order_of(two, tmp_path / "out"), facts=Facts(no_title))
    with capture_logs() as logs, pytest.raises(MasteringFailed) as failed:
        master(order)
    assert failed.value.reason == "failing"
    assert "Traceback" in logs[0]["detail"]
    assert not list((tmp_path / "out").iterdir())
    with pytest.raises(MasteringFailed) as failed:
        master(replace(order, folder=Path(__file__) / "below"))
    assert failed.value.reason == "failing"


def test_without_ffmpeg_it_says_so(two: tuple[Clip, ...], tmp_path: Path) -> None:
    with pytest.raises(MasteringFailed) as failed:
        master(order_of(two, tmp_path / "out"), ffmpeg=str(tmp_path / "no-such-program"))
    assert failed.value.reason == "no_ffmpeg"
    assert not list((tmp_path / "out").iterdir())


@pytest.fixture(scope="module")
def long_order(tmp_path_factory: pytest.TempPathFactory) -> MasteringOrder:
    folder = tmp_path_factory.mktemp("long")
    path = sounds.write(folder / "a.wav", np.tile(speech(10, 24_000), 6), 24_000)
    return order_of((Clip(path, "Ann", "And so on."),) * 10, folder / "out")


def test_it_stops_when_it_is_told_to(long_order: MasteringOrder) -> None:
    told: list[float] = []
    with pytest.raises(MasteringFailed) as failed:
        master(long_order, told.append, lambda: len(told) > 3)
    assert failed.value.reason == "stopped"
    assert told[-1] < 1
    assert not list(long_order.folder.iterdir())


def test_a_child_that_is_killed_is_told_and_leaves_nothing(long_order: MasteringOrder) -> None:
    killed: list[int] = []

    def kill(share: float) -> None:
        if share < 0.2 or killed:
            return
        for child in psutil.Process().children():
            if "magpie.podcasts.mastering.child" in child.cmdline():
                killed.append(child.pid)
                child.kill()

    with capture_logs() as logs, pytest.raises(MasteringFailed) as failed:
        master(long_order, kill)
    assert failed.value.reason == "failing"
    assert [line["exit_code"] for line in logs] == [-signal.SIGKILL]
    assert not list(long_order.folder.iterdir())


_CALLER = """
import json, sys
from magpie.podcasts.mastering.service import master
from magpie.podcasts.mastering.wire import order_of_json
master(order_of_json(json.loads(sys.stdin.readline())), lambda share: print(share, flush=True))
"""


def test_a_kill_in_the_middle_leaves_nothing(long_order: MasteringOrder) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", _CALLER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(json.dumps(order_as_json(long_order)) + "\n")
    process.stdin.flush()
    while float(process.stdout.readline()) < 0.2:
        pass
    assert list(long_order.folder.glob(".episode.mastering-*/spool"))
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    deadline = time.monotonic() + 20
    while list(long_order.folder.iterdir()):
        assert time.monotonic() < deadline, "the child goes on without its caller"
        time.sleep(0.05)


def test_what_a_killed_machine_left_is_taken_away(two: tuple[Clip, ...], tmp_path: Path) -> None:
    left = tmp_path / "out" / ".episode.mastering-abc"
    left.mkdir(parents=True)
    (left / "spool").write_bytes(b"0" * 100)
    other = tmp_path / "out" / ".another.mastering-abc"
    other.mkdir()
    with pytest.raises(MasteringFailed):
        master(order_of((), tmp_path / "out"))
    assert [path.name for path in (tmp_path / "out").iterdir()] == [other.name]
