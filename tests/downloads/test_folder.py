"""Saving into a folder that other programs use at the same time."""

from __future__ import annotations

import errno
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from magpie.config import Settings
from magpie.downloads.extractors.port import Kind, Medium, Profile, Role, Saved, SavedFile
from magpie.downloads.folder import FolderSaver
from magpie.library.naming import OWN

URL = "https://media.example/film"
FILES = (SavedFile("a.mp4", Role.MEDIA, 1, "video/mp4"), SavedFile("a.vtt", Role.SUBTITLE, 1, "text/vtt"))
SAVED = Saved(Medium("test", "film", Kind.VIDEO, "A film", URL), FILES)


def no_links(*_: object) -> None:
    raise OSError(errno.EPERM, "Operation not permitted")


@pytest.fixture
def saver(tmp_path: Path) -> FolderSaver:
    folder = tmp_path / "folder"
    folder.mkdir()
    return FolderSaver(Settings(data_dir=tmp_path / "data"), folder, Profile("video"))


def place(saver: FolderSaver, tmp_path: Path, number: int) -> list[Path]:
    workdir = tmp_path / f"work-{number}"
    workdir.mkdir()
    for file in FILES:
        (workdir / file.name).write_text(f"{file.name} {number}")
    return saver._place(SAVED, URL, "key", workdir, OWN)


def test_many_at_once_overwrite_nothing(saver: FolderSaver, tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        placed = list(pool.map(lambda number: place(saver, tmp_path, number), range(24)))
    for number, paths in enumerate(placed):
        assert [path.read_text() for path in paths] == [f"a.mp4 {number}", f"a.vtt {number}"]
    assert len(list((tmp_path / "folder").iterdir())) == 48


@pytest.mark.parametrize("links", [True, False])
def test_a_name_that_is_taken_halfway_is_left_alone(
    saver: FolderSaver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, links: bool
) -> None:
    if not links:
        monkeypatch.setattr(Path, "hardlink_to", no_links)
    taken = tmp_path / "folder" / "A film.und.vtt"
    taken.write_text("somebody's")
    paths = place(saver, tmp_path, 0)
    assert [path.name for path in paths] == ["A film (2).mp4", "A film (2).und.vtt"]
    assert taken.read_text() == "somebody's"
    assert len(list((tmp_path / "folder").iterdir())) == 3
