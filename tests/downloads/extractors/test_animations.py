"""Animations as zips of pictures, and what a site says of its pictures: both are kept."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from pathlib import Path

import av
import pytest

from magpie.downloads.extractors.gallerydl.ugoira import MAX_FRAMES, frames_of, make_film
from magpie.downloads.extractors.port import Kind, Role
from tests.downloads.extractors.conftest import Yard
from tests.downloads.extractors.test_saving import booru


@pytest.fixture
def animated(yard: Yard) -> Iterator[int]:
    yard.web.galleries.animated.add(7)
    yield 7
    yard.web.galleries.animated.discard(7)


def test_an_animation_is_a_film_beside_its_archive(yard: Yard, animated: int) -> None:
    saved = yard.save(f"/booru/post/show/{animated}", options=booru(yard))
    assert saved.medium.kind is Kind.VIDEO
    assert [(file.role, Path(file.name).suffix) for file in saved.files if file.role is not Role.THUMBNAIL] == [
        (Role.MEDIA, ".mp4"), (Role.INFO, ".zip"), (Role.INFO, ".json"),
    ]  # fmt: skip
    film, archive, told = saved.files[:3]
    with av.open(str(yard.path(film))) as media:
        times = [round(frame.time or 0.0, 3) for frame in media.decode(video=0)]
    assert times == [0.0, 0.2, 0.5, 0.999]
    assert film.duration is not None
    assert 0.9 < film.duration < 1.2
    with zipfile.ZipFile(yard.path(archive)) as pictures:
        assert len(pictures.namelist()) == 3
    (facts,) = json.loads(yard.path(told).read_text())["files"].values()
    assert [frame["delay"] for frame in facts["frames"]] == [200, 300, 500]


def test_what_is_said_of_a_gallery_is_kept(yard: Yard) -> None:
    saved = yard.save("/booru/post?tags=pool:1", options=booru(yard))
    assert saved.medium.kind is Kind.GALLERY
    (told,) = [file for file in saved.files if file.role is Role.INFO]
    facts = json.loads(yard.path(told).read_text())["files"]
    assert sorted(one["id"] for one in facts.values()) == [1, 2, 3, 4, 5]
    assert not any(name.startswith("_") for one in facts.values() for name in one)


@pytest.mark.parametrize(
    "told",
    [
        None, "x", [], [{"file": "a"}], [{"file": "a", "delay": 0}], [{"file": "a", "delay": "9"}], [1],
        [{"file": 1, "delay": 5}], [{"file": "a", "delay": 5}] * (MAX_FRAMES + 1), [{"file": "a", "delay": 10**9}],
    ],
)  # fmt: skip
def test_frames_that_are_none(told: object) -> None:
    assert frames_of({"frames": told}) == []


def _pack(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


def test_hostile_archives_make_no_film(tmp_path: Path) -> None:
    playlist = b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n"
    archives = {
        "none": tmp_path / "missing.zip",
        "playlist": _pack(tmp_path / "playlist.zip", {"a": playlist}),
        "bomb": _pack(tmp_path / "bomb.zip", {"a": bytes(40 << 20)}),
        "other": _pack(tmp_path / "other.zip", {"b": b""}),
    }
    torn = tmp_path / "torn.zip"
    torn.write_bytes(archives["other"].read_bytes()[:20])
    for archive in (*archives.values(), torn):
        assert not make_film(archive, [("a", 100)], tmp_path / "film.mp4")
    assert not list(tmp_path.glob("film*"))
