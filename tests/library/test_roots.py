"""Several media folders: what is filed in one stays there, whatever becomes of the setting and of the disks."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select, update

from magpie.config import Settings
from magpie.context import AppContext
from magpie.kit.crypto import Vault
from magpie.kit.db import Database
from magpie.kit.errors import NotFound
from magpie.kit.events import EventBus
from magpie.kit.paths import OutsideRoot
from magpie.library import service
from magpie.library.filing import DELETED
from magpie.library.models import Item, ItemFile, Placement
from magpie.library.roots import BASE, FolderMissing, Roots, open_folder
from magpie.preparation import prepare
from tests.library.test_filing import FILM, Row, Shelf

SECRET = "a secret of at least thirty-two characters"
MAIN = "Videos/Artist/Film [f1].mp4"


@pytest.fixture
def shelf(database: Database, tmp_path: Path) -> Shelf:
    root = tmp_path / "media"
    root.mkdir()
    return Shelf(database, root)


@pytest.fixture
def second(shelf: Shelf, tmp_path: Path) -> Path:
    """Another folder, chosen for new files once the first one holds an item."""
    shelf.filing.deliver(shelf.delivery(Row()))
    folder = tmp_path / "second"
    open_folder(folder)
    shelf.roots = Roots(tmp_path / "data", shelf.root, folder)
    return folder


def file_into_second(shelf: Shelf, source_id: str = "f2", title: str = "Film") -> int:
    delivery = shelf.delivery(Row(), source_id=source_id, title=title)
    target = shelf.roots.workshop(shelf.roots.present_name) / delivery.key
    target.mkdir(parents=True)
    workdir = delivery.workdir.rename(target / "1")
    return shelf.filing.deliver(replace(delivery, root=shelf.roots.present_name, workdir=workdir))


def files_of(shelf: Shelf, item: int) -> list[ItemFile]:
    with shelf.database.read() as session:
        return list(session.get_one(Item, item).files)


# What rows say.


def test_roots_are_named_so_that_folders_can_move() -> None:
    roots = Roots(Path("/data"), Path("/data/media"), Path("/srv/media"))
    folders = {"": "/data/media", "more/media": "/data/more/media", "/srv/media": "/srv/media"}
    for root, folder in folders.items():
        assert roots.folder(root) == Path(folder)
        assert roots.name_of(Path(folder)) == root
    assert roots.present_name == "/srv/media"
    assert roots.lasting_name_of(roots.base) == "media"


@pytest.mark.parametrize("root", ["..", "../data", "/srv/../etc", "a/../../b", "/srv\0"])
def test_a_root_that_leads_elsewhere_is_refused(root: str) -> None:
    with pytest.raises(OutsideRoot):
        Roots(Path("/data"), Path("/data/media"), Path("/data/media")).folder(root)


# Filing, opening, deleting.


def test_new_files_go_to_the_new_folder_and_old_ones_stay(shelf: Shelf, second: Path) -> None:
    before = shelf.files()
    item = file_into_second(shelf)
    assert shelf.files() == before
    [main, *_] = files_of(shelf, item)
    assert main.root == str(second)
    assert (second / main.path).is_file()
    with shelf.database.read() as session:
        for file in session.scalars(select(ItemFile)):
            assert service.open_file(shelf.roots, file).read_bytes()
        assert all(shelf.filing.is_whole(one) for one in session.scalars(select(Item)))
        assert service.other_folders(session, shelf.roots) == [shelf.root]
        assert service.missing_folders(session, shelf.roots) == []


def test_what_is_held_in_the_old_folder_is_not_fetched_again(shelf: Shelf, second: Path) -> None:
    before = shelf.files()
    file_into_second(shelf, source_id="f1")
    assert shelf.files() == before
    assert [path.name for path in second.iterdir()] == [
        ".magpie"
    ]  # the work folder is its worker's to remove


def test_names_are_unique_over_all_folders(shelf: Shelf, second: Path) -> None:
    files = (("a.mp4", FILM[0][1]),)
    one = shelf.delivery(Row(), source_id="not short 1", files=files)
    shelf.filing.deliver(one)
    two = shelf.delivery(Row(), source_id="not short 2", files=files)
    target = shelf.roots.workshop(str(second)) / two.key
    target.mkdir(parents=True)
    shelf.filing.deliver(replace(two, root=str(second), workdir=two.workdir.rename(target / "1")))
    assert (second / "Videos/Artist/Film (2).mp4").is_file()


def test_items_of_both_folders_are_deleted_where_they_lie(shelf: Shelf, second: Path) -> None:
    old, new = 1, file_into_second(shelf)
    shelf.remove(new, 0)
    assert not [path for path in second.rglob("*") if path.is_file()]
    assert (shelf.root / MAIN).is_file()
    shelf.remove(old, 0)
    shelf.check(items=0, members=0)


def test_a_crash_in_the_new_folder_is_cleaned_up_there(shelf: Shelf, second: Path) -> None:
    row = Row()
    left = second / "Videos" / "half.mp4"
    left.parent.mkdir()
    left.write_bytes(b"x")
    with shelf.database.write() as session:
        session.add(Placement(path="Videos/half.mp4", root=str(second), holder=row.key, claim=1))
    shelf.filing.recover(row.key, 1)
    assert not left.exists()
    assert shelf.count(Placement) == 0


def test_a_damaged_item_is_renewed_in_the_new_folder(shelf: Shelf, second: Path) -> None:
    (shelf.root / MAIN).unlink()
    item = file_into_second(shelf, source_id="f1")
    assert {file.root for file in files_of(shelf, item)} == {str(second)}
    assert shelf.files() == set()
    assert shelf.count(Placement) == 0


# A folder whose disk is gone.


def test_of_a_missing_folder_nothing_is_forgotten(shelf: Shelf, second: Path) -> None:
    item = file_into_second(shelf)
    second.rename(second.with_name("unplugged"))
    second.mkdir()  # the mount point
    with shelf.database.read() as session:
        [main, *_] = session.get_one(Item, item).files
        with pytest.raises(NotFound, match="disk is mounted"):
            service.open_file(shelf.roots, main)
        assert service.missing_folders(session, replace(shelf.roots, present=shelf.root)) == [second]
    shelf.remove(item, 0)
    assert shelf.count(Placement) == len(FILM)  # the deletion waits
    assert list(second.iterdir()) == []
    with pytest.raises(FolderMissing):
        file_into_second_again(shelf)
    second.rmdir()
    second.with_name("unplugged").rename(second)
    shelf.filing.recover(DELETED, 0)
    assert shelf.count(Placement) == 0
    assert not [path for path in second.rglob("*") if path.suffix == ".mp4"]


def file_into_second_again(shelf: Shelf) -> None:
    delivery = shelf.delivery(Row(), source_id="f3")
    shelf.filing.deliver(replace(delivery, root=shelf.roots.present_name))


def test_a_folder_that_is_none_of_magpies_is_left_alone(shelf: Shelf, tmp_path: Path) -> None:
    """As rows of somebody else's database could ask for it."""
    private = tmp_path / "private"
    private.mkdir()
    (private / "key.txt").write_text("secret")
    item = shelf.filing.deliver(shelf.delivery(Row(), files=(("a.mp4", FILM[0][1]),)))
    with shelf.database.write() as session:
        session.execute(update(ItemFile).values(root=str(private), path="key.txt"))
    with shelf.database.read() as session, pytest.raises(NotFound):
        service.open_file(shelf.roots, session.get_one(Item, item).files[0])
    shelf.remove(item, 0)
    assert (private / "key.txt").read_text() == "secret"


# Another base in the environment.

Start = Callable[..., AppContext]


@pytest.fixture
def start(database: Database, tmp_path: Path) -> Start:
    """Starts the program with these settings, as far as it touches the database and the media folders."""

    def run(**given: object) -> AppContext:
        settings = Settings(secret_key=SECRET, **{"data_dir": tmp_path / "data", **given})
        context = AppContext(settings, database, SECRET, Vault(SECRET), EventBus())
        prepare(context)
        return context

    return run


def add_file(context: AppContext, name: str, root: str = BASE) -> Path:
    place = service.roots_of(context).folder(root) / name
    place.write_bytes(b"film")
    with context.database.write() as session:
        item = Item(
            extractor="x", source_id=name, kind="file", quality="best", title=name, site="s",
            source_url="https://x.example", size=4,
        )  # fmt: skip
        item.files = [ItemFile(path=name, root=root, role="media", position=0, size=4, mime="video/mp4")]
        session.add(item)
    return place


def places(context: AppContext) -> list[Path]:
    """Where all files are found, in the order in which they came."""
    roots = service.roots_of(context)
    with context.database.read() as session:
        return [
            service.open_file(roots, file) for file in session.scalars(select(ItemFile).order_by(ItemFile.id))
        ]


def test_files_stay_when_the_environment_names_another_folder(start: Start, tmp_path: Path) -> None:
    first = add_file(start(), "1")
    context = start(media_root=tmp_path / "b")
    assert places(context) == [first]
    second = add_file(context, "2")
    assert second == tmp_path / "b" / "2"
    for media_root in (tmp_path / "c", tmp_path / "b", None, tmp_path / "c"):
        assert places(start(media_root=media_root)) == [first, second]


def test_files_that_were_moved_are_found_where_the_environment_says(start: Start, tmp_path: Path) -> None:
    add_file(start(media_root=tmp_path / "a"), "1")
    (tmp_path / "a").rename(tmp_path / "b")
    assert places(start(media_root=tmp_path / "b")) == [tmp_path / "b" / "1"]
    (tmp_path / "link").symlink_to(tmp_path / "b")
    assert places(start(media_root=tmp_path / "link")) == [tmp_path / "b" / "1"]


def test_a_moved_data_folder_takes_its_media_along(start: Start, tmp_path: Path) -> None:
    context = start()
    add_file(context, "1")
    open_folder(tmp_path / "data" / "more")
    add_file(context, "2", "more")
    (tmp_path / "data").rename(tmp_path / "new")
    # The old place is made anew by whoever starts there; it holds nothing.
    moved = start(data_dir=tmp_path / "new")
    assert places(moved) == [tmp_path / "new" / "media" / "1", tmp_path / "new" / "more" / "2"]


def test_a_chosen_folder_that_is_fixed_in_the_environment_later_changes_nothing(
    start: Start, tmp_path: Path
) -> None:
    context = start()
    first = add_file(context, "1")
    open_folder(tmp_path / "chosen")
    second = add_file(context, "2", str(tmp_path / "chosen"))
    assert places(start(media_root=tmp_path / "chosen")) == [first, second]


def test_hosts_that_mount_one_share_at_two_places_agree(start: Start, tmp_path: Path) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    add_file(start(media_root=here), "1")
    here.rename(there)  # the other host's view of it
    assert places(start(media_root=there)) == [there / "1"]
    there.rename(here)
    assert places(start(media_root=here)) == [here / "1"]


def test_a_base_whose_disk_is_not_mounted_at_a_start_is_left_alone(start: Start, tmp_path: Path) -> None:
    """Otherwise the disk below the mount point is filled, and the library counts as missing."""
    base, unplugged = tmp_path / "nas", tmp_path / "unplugged"
    film = add_file(start(media_root=base), "1")
    base.rename(unplugged)
    base.mkdir()  # the mount point
    context = start(media_root=base)
    assert not list(base.iterdir())
    with pytest.raises(FolderMissing):
        service.roots_of(context).existing(BASE)
    with context.database.read() as session, pytest.raises(NotFound, match="disk is mounted"):
        service.open_file(service.roots_of(context), session.scalars(select(ItemFile)).one())
    base.rmdir()
    unplugged.rename(base)
    assert places(context) == [film]  # without another start
    # Its files are gone for good: somebody says so.
    film.unlink()
    shutil.rmtree(base)
    (base / ".magpie").mkdir(parents=True)
    assert service.roots_of(start(media_root=base)).existing(BASE) == base
    assert (base / ".magpie" / "work").is_dir()


def test_an_empty_library_finds_its_base_made_at_every_start(start: Start, tmp_path: Path) -> None:
    start(media_root=tmp_path / "nas")
    shutil.rmtree(tmp_path / "nas")
    assert service.roots_of(start(media_root=tmp_path / "nas")).existing(BASE) == tmp_path / "nas"
