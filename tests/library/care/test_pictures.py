"""Pictures in a folder: which are adopted, as what, and which belong to something else."""

from __future__ import annotations

import pytest

from magpie.library.care.adopting import candidates
from magpie.library.care.disk import Seen
from magpie.library.care.pictures import LEFT, MOST_IN_GALLERY, Fate, Neighbour, fate, is_art
from magpie.library.models import Item
from tests.library.care.conftest import Shelf, write_film, write_picture, write_sound
from tests.library.care.test_scan import counts, snapshot

pytestmark = pytest.mark.database

SINGLE, TOGETHER = Fate(taken=True), Fate(taken=True, gallery=True)


@pytest.mark.once
@pytest.mark.parametrize(
    ("folder", "names", "kinds", "expected"),
    [
        ("Trip", ["1.jpg", "2.jpg"], (), TOGETHER),
        ("Trip", ["1.jpg"], (), SINGLE),
        ("", ["1.jpg", "2.jpg"], (), SINGLE),
        ("DCIM", ["1.jpg", "2.jpg"], ("video",), SINGLE),
        ("Comic", ["cover.jpg", "1.jpg"], (), TOGETHER),
        ("Artist", ["folder.jpg", "fanart2.jpg"], (), LEFT),
        ("Film", ["poster.jpg", "still.jpg"], ("video",), LEFT),
        ("Album", ["booklet 1.jpg", "booklet 2.jpg"], ("audio",), LEFT),
        ("Album/Scans", ["1.jpg", "2.jpg"], (), LEFT),
        ("Trip/@eaDir/1.jpg", ["SYNOPHOTO_THUMB_XL.jpg"], (), LEFT),
        ("Trip", [f"{number}.jpg" for number in range(MOST_IN_GALLERY + 1)], (), SINGLE),
        ("Trip", [], (), LEFT),
    ],
)
def test_pictures_are_media_where_nothing_else_has_them(
    folder: str, names: list[str], kinds: tuple[str, ...], expected: Fate
) -> None:
    assert fate(folder, names, kinds, []) == expected
    known = [Neighbour(f"known.{kind}", kind, 1, is_adopted=True) for kind in kinds]
    assert fate(folder, names, (), known) == expected  # also if what lies there was adopted before


@pytest.mark.once
def test_more_pictures_join_the_gallery_that_was_adopted() -> None:
    adopted = Neighbour("1.jpg", "gallery", 7, is_adopted=True)
    assert fate("Trip", ["3.jpg"], (), [adopted]) == Fate(taken=True, gallery=True, item_id=7)
    fetched = Neighbour("1.jpg", "gallery", 7, is_adopted=False)
    assert fate("Trip", ["3.jpg"], (), [fetched]) == SINGLE


@pytest.mark.once
@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("cover.jpg", True), ("Folder.JPG", True), ("AlbumArt_{1-2}_Large.jpg", True), ("season01-poster.jpg", True),
        ("backdrop12.png", True), ("discovery.jpg", False), ("IMG_0001.jpg", False), ("covers of 1969.jpg", False),
    ],
)  # fmt: skip
def test_art_is_known_by_its_name(name: str, *, expected: bool) -> None:
    assert is_art(name) is expected


@pytest.mark.once
def test_a_folder_is_one_whatever_lies_between_its_files() -> None:
    paths = ["A/1.jpg", "A/b/x.jpg", "A/b/y.jpg", "A/song.mp3", "B/2.jpg", "top.jpg"]
    found = [(one.medium.path, one.gallery) for one in candidates(Seen(path, 9, 1) for path in paths)]
    assert found == [
        ("A/b/x.jpg", "A/b"),
        ("A/b/y.jpg", "A/b"),
        ("A/song.mp3", None),
        ("B/2.jpg", None),
        ("top.jpg", None),
    ]


def shown(item: Item) -> tuple[str, str, list[str]]:
    return (
        item.kind,
        item.title,
        [f"{file.path} {file.role} {file.width}x{file.height}" for file in item.files],
    )


def test_pictures_are_adopted_as_they_lie_there(shelf: Shelf) -> None:
    for name in ("10.png", "9.png"):
        write_picture(shelf.root / "Pictures/海边" / name, width=int(name[:-4]))
    write_picture(shelf.root / "Pictures/alone/Sunset.png")
    write_sound(shelf.root / "Music/A/B/01 x.mp3", title="X")
    for place in ("Music/A/B/cover.png", "Music/A/artist.png", "Music/A/B/page.png", "Videos/Rain.png"):
        write_picture(shelf.root / place)
    write_film(shelf.root / "Videos/Rain.mp4")
    (shelf.root / "Pictures/海边/broken.png").write_bytes(b"no picture")
    before = snapshot(shelf.root)
    report = shelf.scan(adopt=True)
    assert snapshot(shelf.root) == before
    assert report.counts["adopted"] == 4
    assert report.problems == [{"path": "Pictures/海边/broken.png", "reason": "not_media"}]
    items = shelf.items()
    assert set(items) == {
        "Pictures/海边/9.png", "Pictures/alone/Sunset.png", "Music/A/B/01 x.mp3", "Videos/Rain.mp4",
    }  # fmt: skip
    gallery = items["Pictures/海边/9.png"]
    files = ["Pictures/海边/9.png image 9x6", "Pictures/海边/10.png image 10x6"]
    assert shown(gallery) == ("gallery", "海边", files)
    assert gallery.size == sum(file.size for file in gallery.files)
    sunset = items["Pictures/alone/Sunset.png"]
    assert shown(sunset) == ("image", "Sunset", ["Pictures/alone/Sunset.png image 8x6"])
    again = counts(shelf.scan(adopt=True))
    assert (again.get("adopted", 0), len(shelf.items())) == (0, 4)


def test_what_comes_later_finds_its_place(shelf: Shelf) -> None:
    for number in (1, 2):
        write_picture(shelf.root / f"Trip/{number}.png")
    write_sound(shelf.root / "Album/01 x.mp3", title="X")
    write_film(shelf.root / "Videos/Rain.mp4")
    assert shelf.scan(adopt=True).counts["adopted"] == 3
    for place in ("Trip/3.png", "Album/inlay.png", "Videos/Rain-poster.png"):
        write_picture(shelf.root / place, shade=9)
    assert shelf.scan(adopt=True).counts["adopted"] == 0
    gallery = shelf.item("Trip/1.png")
    assert [file.path for file in gallery.files] == ["Trip/1.png", "Trip/2.png", "Trip/3.png"]
    assert gallery.size == sum(file.size for file in gallery.files)
    assert len(shelf.items()) == 3


def test_a_gallery_that_comes_in_portions_is_one(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("magpie.library.care.scan.WRITE_BATCH", 2)
    monkeypatch.setattr("magpie.library.care.scan.READ_BATCH", 2)
    for number in range(5):
        write_picture(shelf.root / f"Trip/{number}.png")
    assert shelf.scan(adopt=True).counts["adopted"] == 1
    (gallery,) = shelf.items().values()
    assert [file.position for file in gallery.files] == [0, 1, 2, 3, 4]
