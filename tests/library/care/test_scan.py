"""A scan of a media folder: what is adopted, followed, noticed. Nothing on the disk is ever changed."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import mutagen
import pytest
from sqlalchemy import select

from magpie.kit.db import Database
from magpie.library.care import disk, scan
from magpie.library.care.digests import Pace, digest_of, read_due
from magpie.library.care.disk import Seen, Unreadable
from magpie.library.care.scan import Report, Stopped
from magpie.library.models import Item, ItemFile, Membership, Placement
from magpie.library.naming import CORNER
from tests.library.care.conftest import Shelf, write_film, write_sound

pytestmark = pytest.mark.database

_DAY = timedelta(days=1)
_NOTHING = timedelta(0)


def snapshot(root: Path) -> dict[str, tuple[int, int]]:
    return {str(p): (p.stat().st_size, p.stat().st_mtime_ns) for p in root.rglob("*") if p.is_file()}


def counts(report: Report) -> dict[str, int]:
    return {name: count for name, count in report.counts.items() if count}


def fill(shelf: Shelf) -> None:
    write_sound(
        shelf.root / "Music/Nina Simone/Pastel Blues/07 Sinnerman.flac",
        title="Sinnerman",
        artist="Nina Simone",
    )
    write_sound(shelf.root / "Music/周杰伦/叶惠美/03 晴天.mp3", title="晴天", artist="周杰伦", album="叶惠美")
    write_film(shelf.root / "Videos/Rain.mp4")
    (shelf.root / "Videos/Rain.en.srt").write_text("1\n00:00:00,000 --> 00:00:01,000\nDrip.\n")
    (shelf.root / "Videos/Rain-poster.jpg").write_bytes(b"\xff\xd8\xff")
    (shelf.root / "Videos/Rain.nfo").write_text("<movie/>")
    (shelf.root / "Videos/broken.mp4").write_bytes(b"not a film")
    (shelf.root / "notes.txt").write_text("nothing of ours")


def test_a_folder_is_adopted_as_it_lies_there(shelf: Shelf) -> None:
    fill(shelf)
    before = snapshot(shelf.root)
    report = shelf.scan(adopt=True)
    assert counts(report) == {"files": 8, "unknown": 8, "adopted": 3, "problems": 1}
    assert report.problems == [{"path": "Videos/broken.mp4", "reason": "not_media"}]
    assert snapshot(shelf.root) == before
    items = shelf.items()
    song = items["Music/周杰伦/叶惠美/03 晴天.mp3"]
    assert (song.title, song.artist, song.album, song.kind) == ("晴天", "周杰伦", "叶惠美", "audio")
    film = items["Videos/Rain.mp4"]
    assert [(file.role, file.language) for file in film.files] == [
        ("media", None),
        ("cover", None),
        ("subtitle", "en"),
        ("nfo", None),
    ]
    assert film.size == sum(file.size for file in film.files)
    with shelf.database.read() as session:
        assert set(session.scalars(select(Membership.user_id))) == {shelf.user_id}


def test_a_second_scan_finds_nothing_new(shelf: Shelf) -> None:
    fill(shelf)
    shelf.scan(adopt=True)
    again = counts(shelf.scan(adopt=True))
    assert again == {"files": 8, "unchanged": 6, "unknown": 2, "problems": 1}
    assert len(shelf.items()) == 3


def test_without_adopting_new_files_are_only_counted(shelf: Shelf) -> None:
    fill(shelf)
    assert counts(shelf.scan()) == {"files": 8, "unknown": 8}
    assert not shelf.items()


def test_a_file_that_moves_takes_its_item_along(shelf: Shelf) -> None:
    fill(shelf)
    shelf.scan(adopt=True)
    before = shelf.item("Videos/Rain.mp4").id
    (shelf.root / "Films/2026").mkdir(parents=True)
    for name in ("Rain.mp4", "Rain.en.srt", "Rain.nfo", "Rain-poster.jpg"):
        (shelf.root / "Videos" / name).rename(shelf.root / "Films/2026" / name)
    report = counts(shelf.scan(adopt=True))
    assert (report["moved"], report.get("missing", 0), report.get("adopted", 0)) == (4, 0, 0)
    assert shelf.item("Films/2026/Rain.mp4").id == before
    assert counts(shelf.scan())["unchanged"] == 6


def test_a_renamed_file_is_known_by_its_content(shelf: Shelf) -> None:
    path = write_sound(shelf.root / "a.mp3", title="A")
    other = write_sound(shelf.root / "b.mp3", title="B")  # as large as the other one
    shelf.scan(adopt=True)
    read_due(shelf.database, shelf.roots, lambda _bytes: None, every=_DAY, budget=20)
    ids = {path.name: shelf.item("a.mp3").id, other.name: shelf.item("b.mp3").id}
    path.rename(shelf.root / "c.mp3")
    other.rename(shelf.root / "a.mp3")
    (shelf.root / "c.mp3").rename(shelf.root / "d.mp3")
    shelf.scan(adopt=True)
    # What is called a.mp3 now was written to as far as can be seen: its item says what it says.
    assert shelf.item("a.mp3").title == "B"
    assert {item.title for item in shelf.items().values()} >= {"A", "B"}
    assert ids["a.mp3"] in {item.id for item in shelf.items().values()}


def test_a_file_that_is_gone_is_missing_until_it_returns(shelf: Shelf, tmp_path: Path) -> None:
    fill(shelf)
    shelf.scan(adopt=True)
    film = shelf.root / "Videos/Rain.mp4"
    film.rename(tmp_path / "away.mp4")
    assert counts(shelf.scan())["missing"] == 1
    assert shelf.item("Videos/Rain.mp4").files[0].missing_since is not None
    assert counts(shelf.scan()) | {"missing": 0} == counts(shelf.scan()) | {"missing": 0}
    assert counts(shelf.scan())["still_missing"] == 1
    (tmp_path / "away.mp4").rename(film)
    assert counts(shelf.scan())["returned"] == 1
    assert shelf.item("Videos/Rain.mp4").files[0].missing_since is None


def test_an_edited_tag_is_what_the_item_says(shelf: Shelf) -> None:
    path = write_sound(shelf.root / "a/b/01 x.mp3", title="Before", artist="Somebody")
    shelf.scan(adopt=True)
    file = mutagen.File(str(path), easy=True)
    file["title"], file["album"] = "Afterwards", "An album with a longer name than before" * 20
    file.save()
    assert counts(shelf.scan())["changed"] == 1
    item = shelf.item("a/b/01 x.mp3")
    assert item.title == "Afterwards"
    assert item.size == path.stat().st_size == item.files[0].size
    assert counts(shelf.scan()) == {"files": 1, "unchanged": 1}


def test_a_touched_file_is_not_taken_for_another(shelf: Shelf) -> None:
    path = write_sound(shelf.root / "x.mp3", title="X")
    shelf.scan(adopt=True)
    read_due(shelf.database, shelf.roots, lambda _bytes: None, every=_DAY, budget=20)
    digest = shelf.item("x.mp3").files[0].digest
    assert digest == digest_of(path)
    os.utime(path, ns=(1, 1))
    assert counts(shelf.scan())["changed"] == 1
    assert shelf.item("x.mp3").files[0].digest == digest
    assert counts(shelf.scan()) == {"files": 1, "unchanged": 1}


def test_silent_damage_is_noticed_and_a_repair_too(shelf: Shelf) -> None:
    path = write_sound(shelf.root / "x.mp3", title="X")
    shelf.scan(adopt=True)
    assert read_due(shelf.database, shelf.roots, lambda _bytes: None, every=_DAY, budget=20) == 0
    good, times = path.read_bytes(), path.stat()
    path.write_bytes(good[:100] + bytes([good[100] ^ 1]) + good[101:])
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert counts(shelf.scan()) == {"files": 1, "unchanged": 1}
    assert read_due(shelf.database, shelf.roots, lambda _bytes: None, every=_NOTHING, budget=0.5) >= 1
    assert shelf.item("x.mp3").files[0].damaged_at is not None
    path.write_bytes(good)
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
    read_due(shelf.database, shelf.roots, lambda _bytes: None, every=_NOTHING, budget=0.5)
    assert shelf.item("x.mp3").files[0].damaged_at is None


def test_a_missing_media_folder_makes_nothing_missing(shelf: Shelf) -> None:
    fill(shelf)
    shelf.scan(adopt=True)
    shelf.root.rename(shelf.root.with_name("unmounted"))
    report = shelf.scan()
    assert [problem["reason"] for problem in report.problems] == ["folder_missing"]
    assert all(file.missing_since is None for item in shelf.items().values() for file in item.files)


def test_magpies_corner_and_names_that_are_being_filled_are_left_alone(shelf: Shelf) -> None:
    corner = shelf.root / CORNER / "thumbnails"
    corner.mkdir(parents=True)
    write_sound(corner / "x.mp3")
    write_sound(shelf.root / "y.mp3")
    with shelf.database.write() as session:
        session.add(Placement(path="y.mp3", holder="0" * 32, claim=1))
    assert counts(shelf.scan(adopt=True)) == {"files": 1, "unknown": 1}
    assert not shelf.items()


def test_thumbnails_in_the_corner_are_never_missing(shelf: Shelf) -> None:
    write_sound(shelf.root / "x.mp3")
    shelf.scan(adopt=True)
    with shelf.database.write() as session:
        item = session.scalars(select(Item)).one()
        path = f"{CORNER}/thumbnails/x.jpg"
        session.add(
            ItemFile(item_id=item.id, path=path, role="thumbnail", position=1, size=3, mime="image/jpeg")
        )
    assert counts(shelf.scan()) == {"files": 1, "unchanged": 1}


def test_a_scan_that_is_stopped_goes_on_where_it_was(shelf: Shelf) -> None:
    fill(shelf)

    def stop(report: Report) -> None:
        if report.counts["adopted"]:
            raise Stopped

    with pytest.raises(Stopped):
        shelf.scan(adopt=True, tell=stop)
    shelf.scan(adopt=True)
    assert len(shelf.items()) == 3
    paths = [file.path for item in shelf.items().values() for file in item.files]
    assert len(paths) == len(set(paths)) == 6


def test_a_pace_is_kept_and_can_be_ended() -> None:
    waited: list[float] = []

    def wait(seconds: float) -> bool:
        waited.append(seconds)
        return False

    pace = Pace(1000.0, wait)
    for _ in range(5):
        pace(1000)
    assert sum(waited[-1:]) == pytest.approx(5.0, abs=0.2)  # nobody really waited


def test_reading_in_the_background_leaves_a_missing_file_alone(shelf: Shelf, database: Database) -> None:
    path = write_sound(shelf.root / "x.mp3")
    shelf.scan(adopt=True)
    path.unlink()
    assert read_due(database, shelf.roots, lambda _bytes: None, every=_DAY, budget=5) == 0
    file = shelf.item("x.mp3").files[0]
    assert (file.digest, file.damaged_at) == (None, None)


def test_what_cannot_be_looked_at_is_not_missing(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder without the right to read it, or a disk that fails: that its files are gone would be a guess."""
    fill(shelf)
    shelf.scan(adopt=True)
    closed = str(shelf.root / "Music")

    def refuse(real: Callable[..., Any]) -> Callable[..., Any]:
        def look(path: Any, *rest: Any, **more: Any) -> Any:
            if str(path).startswith(closed):
                raise PermissionError(13, "Permission denied", str(path))
            return real(path, *rest, **more)

        return look

    with monkeypatch.context() as patch:
        patch.setattr(os, "scandir", refuse(os.scandir))
        patch.setattr(os, "lstat", refuse(os.lstat))
        report = shelf.scan()
    assert report.problems == [{"path": "Music/", "reason": "folder"}]
    assert counts(report) == {"files": 6, "unchanged": 4, "unknown": 2, "problems": 1}
    with shelf.database.read() as session:
        assert not session.scalars(select(ItemFile.id).where(ItemFile.missing_since.is_not(None))).all()


def test_a_disk_that_goes_in_the_middle_of_a_scan_takes_nothing_along(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(shelf)
    shelf.scan(adopt=True)
    unplugged = shelf.root.with_name("unplugged")

    def pull(root: Path, unreadable: Unreadable) -> Iterator[Seen]:
        shelf.root.rename(unplugged)
        shelf.root.mkdir()  # the mount point
        return disk.walk(root, unreadable)

    with monkeypatch.context() as patch:
        patch.setattr(scan, "walk", pull)
        report = shelf.scan(adopt=True)
    assert report.problems == [{"path": str(shelf.root), "reason": "folder_missing"}]
    assert report.counts["missing"] == 0
    shelf.root.rmdir()
    unplugged.rename(shelf.root)
    assert counts(shelf.scan())["unchanged"] == 6
