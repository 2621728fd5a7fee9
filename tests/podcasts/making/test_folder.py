"""What is kept of an episode while it is made."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from magpie.podcasts.making.folder import EpisodeFolder, PlannedTurn, Superseded, Used, write_whole
from magpie.podcasts.script.brief import SourceText
from magpie.podcasts.voices.port import Spoken, Word
from tests.podcasts.making.fakes import write_sound

pytestmark = pytest.mark.once


@pytest.fixture(autouse=True)
def prepared(folder: EpisodeFolder) -> None:
    folder.prepare()


def again(folder: EpisodeFolder) -> EpisodeFolder:
    """As a process sees it that comes after this one has died."""
    other = EpisodeFolder(folder.root, folder.key)
    other.prepare()
    return other


def test_a_question_is_answered_once_also_after_a_crash(folder: EpisodeFolder) -> None:
    asked: list[str] = []

    def ask(name: str) -> dict[str, Any]:
        asked.append(name)
        return {"text": f"{name} 😀 — ü \ud83d"}

    first = folder.journal.once("a" * 64, lambda: ask("one"))
    assert again(folder).journal.once("a" * 64, lambda: ask("two")) == first
    folder.journal.once("any text / at all", lambda: ask("three"))
    assert again(folder).journal.once("any text / at all", lambda: ask("four")) == {
        "text": "three 😀 — ü \ud83d"
    }
    assert asked == ["one", "three"]
    assert folder.journal.fresh == 2


def test_what_was_not_answered_is_asked_again(folder: EpisodeFolder) -> None:
    def broken() -> dict[str, Any]:
        raise RuntimeError("cut")

    with pytest.raises(RuntimeError):
        folder.journal.once("b" * 64, broken)
    assert folder.journal.once("b" * 64, lambda: {"well": True}) == {"well": True}


def test_a_record_that_was_cut_off_counts_as_none(folder: EpisodeFolder) -> None:
    folder.journal.once("c" * 64, lambda: {"text": "whole"})
    (record,) = (folder.path / "calls").iterdir()
    record.write_bytes(record.read_bytes()[:5])
    assert folder.journal.once("c" * 64, lambda: {"text": "again"}) == {"text": "again"}


def test_texts_are_kept_in_their_order(folder: EpisodeFolder) -> None:
    texts = [
        SourceText(f"Title {n}", f"Text {n}", None if n else "https://a.example", "en") for n in range(11)
    ]
    for position in reversed(range(11)):
        folder.keep_text(position, texts[position])
    assert again(folder).texts() == texts
    assert EpisodeFolder(folder.root, "f" * 32).texts() == []


def test_a_pinned_clip_outlives_the_cache(folder: EpisodeFolder, tmp_path: Path) -> None:
    sound = tmp_path / "kept.wav"
    write_sound(sound)
    content = sound.read_bytes()
    spoken = Spoken(0.02, 8000, (Word("hello", 0.0, 0.01),))
    folder.pin("d" * 64, sound, spoken)
    sound.unlink()
    found = again(folder).clip("d" * 64)
    assert found is not None
    assert found[0].read_bytes() == content
    assert found[1] == spoken


def test_turns_can_be_heard_up_to_the_first_that_is_not_spoken(folder: EpisodeFolder, tmp_path: Path) -> None:
    sound = tmp_path / "one.wav"
    write_sound(sound)
    keys = ["1" * 64, "2" * 64, "1" * 64, "3" * 64, "4" * 64]
    folder.keep_plan(PlannedTurn("Ada", f"turn {n}", 0, key) for n, key in enumerate(keys))
    assert folder.voiced(folder.plan()) == []
    for key in ("1" * 64, "4" * 64, "2" * 64):
        folder.pin(key, sound, Spoken(0.02, 8000))
    assert [clip.text for clip in folder.voiced(folder.plan())] == ["turn 0", "turn 1", "turn 2"]
    folder.keep_plan([PlannedTurn("Ada", "turn 4", 0, "4" * 64)])
    assert [path.stem for path in (folder.path / "clips").glob("*.wav")] == ["4" * 64]


def test_what_was_used_is_summed_also_where_a_line_was_cut(folder: EpisodeFolder) -> None:
    folder.count(prompt_tokens=5, completion_tokens=2)
    folder.count(characters=30)
    with (folder.path / "ledger.jsonl").open("ab") as ledger:
        ledger.write(b"\n[1,")
    folder.count(completion_tokens=1)
    assert again(folder).used() == Used(5, 3, 30)


def test_the_pace_of_an_episode_stays_as_it_was_first(folder: EpisodeFolder) -> None:
    assert folder.pace(140.0) == 140.0
    assert again(folder).pace(170.0) == 140.0
    other = EpisodeFolder(folder.root, "e" * 32)
    other.prepare()
    assert other.pace(None) is None
    assert other.pace(170.0) is None


def test_a_finished_episode_keeps_its_texts_and_lets_its_clips_go(
    folder: EpisodeFolder, tmp_path: Path
) -> None:
    sound = tmp_path / "one.wav"
    write_sound(sound)
    folder.keep_text(0, SourceText("T", "x"))
    folder.pin("1" * 64, sound, Spoken(0.02, 8000))
    folder.tidy()
    folder.sweep()
    assert sorted(path.name for path in folder.path.iterdir()) == ["calls", "texts"]


def test_who_comes_back_later_is_in_nobodys_way(folder: EpisodeFolder) -> None:
    (folder.out / "a.mp3").write_bytes(b"old")
    successor = again(folder)
    (successor.out / "a.mp3").write_bytes(b"new")
    (successor.scratch / "b.wav").write_bytes(b"new")
    assert not (folder.out / "a.mp3").exists()
    assert not folder.scratch.exists()
    with pytest.raises(FileNotFoundError):
        write_whole(folder.out / "a.json", b"{}")
    successor.tidy()
    successor.sweep()
    assert sorted(path.name for path in folder.path.iterdir()) == ["calls", "texts"]


def test_who_wakes_up_before_having_begun_takes_nothing_from_a_later_attempt(folder: EpisodeFolder) -> None:
    late, early = (EpisodeFolder(folder.root, folder.key, claim) for claim in (2, 1))
    late.prepare()
    (late.out / "a.mp3").write_bytes(b"new")
    with pytest.raises(Superseded):
        early.prepare()
    early.withdraw()
    early.tidy()
    assert (late.out / "a.mp3").read_bytes() == b"new"
    assert not early.out.exists()
    EpisodeFolder(folder.root, folder.key, 3).withdraw()
    assert not late.out.exists()
