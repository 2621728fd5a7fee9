"""Exactly once: whatever breaks between two steps of a filing, one item is there in the end, and no litter."""

from __future__ import annotations

import errno
import shutil
import threading
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, insert, select
from structlog.testing import capture_logs

from magpie.accounts.models import User
from magpie.accounts.principal import Principal
from magpie.downloads.extractors.port import Kind, Medium, Role, Saved, SavedFile
from magpie.kit.clock import utcnow
from magpie.kit.db import Database, WriteSession
from magpie.kit.errors import NotFound
from magpie.library import filing as filing_module
from magpie.library import service
from magpie.library.filing import DELETED, Delivery, FenceLost, Filing
from magpie.library.models import Item, ItemFile, Membership, Placement
from magpie.library.roots import BASE, Roots

CONTENT = b"the bytes of a film"
FILM = (("a.mp4", Role.MEDIA), ("a.en.vtt", Role.SUBTITLE), ("a.jpg", Role.THUMBNAIL))


class Crash(BaseException):
    """The process ends here: nothing of it runs any more, as after a power cut."""


@dataclass
class Row:
    """Stands for a download's row: who holds it, and where it led."""

    key: str = field(default_factory=lambda: uuid.uuid4().hex)
    claim: int = 1
    item: int | None = None


class Shelf:
    """A library with its root, and downloads that bring something."""

    def __init__(self, database: Database, root: Path) -> None:
        self.database = database
        self.root = root
        self.roots = Roots(root.parent, root, root)
        self.filing = Filing(database, lambda: self.roots)
        with database.write() as session:
            names = ("ada", "bob")
            users = [
                User(username=name, username_key=name, password_hash="-", created_at=utcnow())
                for name in names
            ]
            session.add_all(users)
            session.flush()
            self.users = [Principal(user.id, user.username, False) for user in users]

    def delivery(
        self, row: Row, *, claim: int | None = None, title: str = "Film", source_id: str = "f1", user: int = 0,
        files: tuple[tuple[str, Role], ...] = FILM,
    ) -> Delivery:  # fmt: skip
        """What one attempt brought; its work folder is filled anew."""
        claim = claim or row.claim
        workdir = self.roots.workshop(BASE) / row.key / str(claim)
        shutil.rmtree(workdir, ignore_errors=True)
        workdir.mkdir(parents=True)
        for name, _ in files:
            (workdir / name).write_bytes(CONTENT + name.encode() + row.key.encode())
        size = len(CONTENT) + 32
        saved = tuple(
            SavedFile(name, role, size + len(name), "video/mp4", language="en") for name, role in files
        )

        def settle(_session: WriteSession, item: Item) -> None:
            row.item = item.id

        return Delivery(
            key=row.key,
            claim=claim,
            user_id=self.users[user].id,
            site="site",
            quality="video",
            saved=Saved(Medium("test", source_id, Kind.VIDEO, title, "https://x.example/", "Artist"), saved),
            root=BASE,
            workdir=workdir,
            still_mine=lambda _session: row.claim == claim,
            settle=settle,
        )

    def files(self) -> set[str]:
        """Everything in the library but the work folders."""
        found = (path.relative_to(self.root) for path in self.root.rglob("*") if path.is_file())
        return {str(path) for path in found if path.parts[:2] != (".magpie", "work")}

    def count(self, table: Any) -> int:
        with self.database.read() as session:
            return session.scalar(select(func.count()).select_from(table)) or 0

    def check(self, *, items: int = 1, members: int = 1) -> None:
        """What is on the disk is what the database knows, and nothing is under way."""
        with self.database.read() as session:
            known = set(session.scalars(select(ItemFile.path)))
            whole = [self.filing.is_whole(item) for item in session.scalars(select(Item))]
        assert self.files() == known
        assert whole == [True] * items
        assert self.count(Membership) == members
        assert self.count(Placement) == 0

    def remove(self, item: int, user: int) -> None:
        with self.database.write() as session:
            service.remove_item(
                session, self.users[user], item, afterwards=lambda: self.filing.recover(DELETED, 0)
            )


@pytest.fixture
def shelf(database: Database, tmp_path: Path) -> Shelf:
    root = tmp_path / "media"
    root.mkdir()
    return Shelf(database, root)


def test_a_delivery_becomes_an_item(shelf: Shelf) -> None:
    row = Row()
    item = shelf.filing.deliver(shelf.delivery(row))
    assert row.item == item
    shelf.check()
    assert shelf.files() == {
        "Videos/Artist/Film [f1].mp4",
        "Videos/Artist/Film [f1].en.vtt",
        f".magpie/thumbnails/{row.key[:2]}/{row.key}.jpg",
    }


# Where the process ends: a function of `Filing` or its module, before or after it has done its work, at the nth call.
MOMENTS = [
    ("_reserve", "before", 1),
    ("_reserve", "after", 1),
    ("_move", "before", 1),
    ("into_place", "before", 1),
    ("into_place", "after", 1),
    ("into_place", "after", 2),
    ("_move", "after", 1),
    ("_conclude", "before", 1),
    ("_describe", "after", 1),
    ("_conclude", "after", 1),
]


def break_at(patch: pytest.MonkeyPatch, name: str, when: str, nth: int, error: BaseException) -> None:
    """Make that call fail once."""
    owner: Any = Filing if hasattr(Filing, name) else filing_module
    real: Callable[..., Any] = getattr(owner, name)
    calls = [0]

    def broken(*arguments: Any) -> Any:
        calls[0] += 1
        if calls[0] == nth and when == "before":
            raise error
        result = real(*arguments)
        if calls[0] == nth and when == "after":
            raise error
        return result

    patch.setattr(owner, name, broken)


@pytest.mark.parametrize(("name", "when", "nth"), MOMENTS)
def test_a_crash_at_any_moment_leaves_one_item_in_the_end(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch, name: str, when: str, nth: int
) -> None:
    row = Row()
    delivery = shelf.delivery(row)
    with monkeypatch.context() as patch:
        break_at(patch, name, when, nth, Crash())
        patch.setattr(Filing, "recover", lambda *_: None)  # a dead process does not clean up
        with pytest.raises(Crash):
            shelf.filing.deliver(delivery)
    row.claim += 1
    again = Filing(shelf.database, lambda: shelf.roots)
    again.recover(row.key, row.claim)
    if row.item is None:  # else the download had ended with the crash, and nobody starts it again
        assert shelf.files() == set()
        assert shelf.count(Placement) == 0
        again.deliver(shelf.delivery(row))
    shelf.check()


@pytest.mark.parametrize(("name", "when", "nth"), MOMENTS)
def test_a_fault_at_any_moment_cleans_up_by_itself(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch, name: str, when: str, nth: int
) -> None:
    row = Row()
    with monkeypatch.context() as patch:
        break_at(patch, name, when, nth, OSError(errno.EIO, "input/output error"))
        with pytest.raises(OSError, match="input/output"):
            shelf.filing.deliver(shelf.delivery(row))
    shelf.filing.recover(row.key, row.claim)
    if row.item is None:
        assert shelf.files() == set()
        shelf.filing.deliver(shelf.delivery(row))
    shelf.check()


@pytest.mark.parametrize("call", ["hardlink_to", "mkdir"])
def test_a_full_disk_places_nothing(shelf: Shelf, monkeypatch: pytest.MonkeyPatch, call: str) -> None:
    row, full, calls = Row(), OSError(errno.ENOSPC, "No space left on device"), [0]
    delivery = shelf.delivery(row)
    real = getattr(Path, call)

    def limited(*arguments: Any, **options: Any) -> Any:
        calls[0] += 1
        if calls[0] > 1:
            raise full
        return real(*arguments, **options)

    with monkeypatch.context() as patch:
        patch.setattr(Path, call, limited)
        with pytest.raises(OSError, match="No space left") as failure:
            shelf.filing.deliver(delivery)
    assert failure.value.errno == errno.ENOSPC
    shelf.check(items=0, members=0)
    assert [path.name for path in shelf.root.iterdir()] in (
        [".magpie"],
        [".magpie", "Videos"],
        ["Videos", ".magpie"],
    )
    shelf.filing.deliver(shelf.delivery(row))
    shelf.check()


@pytest.mark.parametrize("links", [True, False])
def test_a_name_that_somebody_fills_meanwhile_stays_theirs(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch, links: bool
) -> None:
    """As another download does on a file system that knows no cases of letters: it found `film` free, too."""
    theirs = shelf.root / "Videos/Artist/Film [f1].en.vtt"
    real = Filing._move
    taken: list[list[str]] = []

    def taken_meanwhile(self: Filing, delivery: Delivery, paths: list[str]) -> None:
        if not taken:
            theirs.parent.mkdir(parents=True)
            theirs.write_bytes(b"theirs")
            taken.append(paths)
        real(self, delivery, paths)

    def no_links(*_: object) -> None:
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(Filing, "_move", taken_meanwhile)
    if not links:
        monkeypatch.setattr(Path, "hardlink_to", no_links)
    row = Row()
    shelf.filing.deliver(shelf.delivery(row))
    assert theirs.read_bytes() == b"theirs"
    theirs.unlink()
    shelf.check()
    names = {name for name in shelf.files() if not name.startswith(".magpie")}
    assert names == {"Videos/Artist/Film [f1] (2).mp4", "Videos/Artist/Film [f1] (2).en.vtt"}


def test_a_zombie_can_place_nothing(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stopped between its steps, it comes back after another worker has done its work."""
    row = Row()
    old = shelf.delivery(row)
    stopped, go_on = threading.Event(), threading.Event()
    real = Filing._move

    def slow(self: Filing, delivery: Delivery, paths: list[str]) -> None:
        if delivery is old:
            stopped.set()
            assert go_on.wait(20)
        real(self, delivery, paths)

    monkeypatch.setattr(Filing, "_move", slow)
    with ThreadPoolExecutor(1) as pool:
        zombie = pool.submit(Filing(shelf.database, lambda: shelf.roots).deliver, old)
        assert stopped.wait(20)
        row.claim = 2
        shelf.filing.recover(row.key, 2)
        fresh = shelf.roots.workshop(BASE) / row.key / "2"
        old.workdir.rename(fresh)  # as a worker that takes over does
        shelf.filing.deliver(shelf.delivery(row))
        before = shelf.files()
        go_on.set()
        with pytest.raises(FileNotFoundError):
            zombie.result(timeout=20)
    assert shelf.files() == before
    shelf.check()


def test_a_zombie_cannot_take_away_what_the_newer_one_is_placing(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = Row(claim=2)
    delivery = shelf.delivery(row)
    real = Filing._conclude

    def meanwhile(self: Filing, mine: Delivery, paths: list[str]) -> int:
        placed = shelf.files()
        Filing(shelf.database, lambda: shelf.roots).recover(row.key, 1)
        assert shelf.files() == placed
        assert len(placed) == 3
        return real(self, mine, paths)

    monkeypatch.setattr(Filing, "_conclude", meanwhile)
    shelf.filing.deliver(delivery)
    shelf.check()


@pytest.mark.parametrize("moment", ["_reserve", "_conclude"])
def test_a_lost_claim_places_nothing(shelf: Shelf, monkeypatch: pytest.MonkeyPatch, moment: str) -> None:
    row = Row()
    delivery = shelf.delivery(row)
    real = getattr(Filing, moment)

    def lose(*arguments: Any) -> Any:
        row.claim = 2
        return real(*arguments)

    monkeypatch.setattr(Filing, moment, lose)
    with pytest.raises(FenceLost):
        shelf.filing.deliver(delivery)
    assert row.item is None
    shelf.check(items=0, members=0)


@pytest.fixture
def second_host(shelf: Shelf) -> Iterator[Filing]:
    database = Database(shelf.database.url.render_as_string(hide_password=False))
    yield Filing(database, lambda: shelf.roots)
    database.close()


def test_two_hosts_with_the_same_medium_make_one_item(
    shelf: Shelf, second_host: Filing, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both have moved their files before either writes the item."""
    rows = [Row(), Row()]
    deliveries = [shelf.delivery(row, user=number) for number, row in enumerate(rows)]
    meeting = threading.Barrier(2, timeout=20)
    real = Filing._move

    def together(self: Filing, delivery: Delivery, paths: list[str]) -> None:
        real(self, delivery, paths)
        meeting.wait()

    monkeypatch.setattr(Filing, "_move", together)
    pairs = zip((shelf.filing, second_host), deliveries, strict=True)
    with ThreadPoolExecutor(2) as pool:
        items = list(pool.map(lambda pair: pair[0].deliver(pair[1]), pairs))
    assert items[0] == items[1] == rows[0].item == rows[1].item
    shelf.check(items=1, members=2)


def test_many_at_once_make_one_item_and_collide_with_nobody(shelf: Shelf, second_host: Filing) -> None:
    rows = [Row() for _ in range(12)]
    wanted = [
        shelf.delivery(row, user=number % 2, source_id=f"id {number % 3}", title="Same")
        for number, row in enumerate(rows)
    ]
    hosts = [shelf.filing, second_host]
    with ThreadPoolExecutor(12) as pool:
        list(pool.map(lambda one: hosts[one[0] % 2].deliver(one[1]), enumerate(wanted)))
    assert len({row.item for row in rows}) == 3
    shelf.check(items=3, members=6)


def test_what_is_held_already_is_joined(shelf: Shelf) -> None:
    first, second = Row(), Row()
    item = shelf.filing.deliver(shelf.delivery(first))
    before = shelf.files()
    assert shelf.filing.deliver(shelf.delivery(second, user=1)) == item
    assert shelf.files() == before
    shelf.check(members=2)


def test_names_that_collide_get_numbers(shelf: Shelf) -> None:
    (shelf.root / "Videos" / "Artist").mkdir(parents=True)
    theirs = shelf.root / "Videos" / "Artist" / "Film.mp4"
    theirs.write_bytes(b"a person's own file")
    files = (("a.mp4", Role.MEDIA),)
    for number in range(3):
        shelf.filing.deliver(shelf.delivery(Row(), source_id=f"not short {number}", files=files))
    assert theirs.read_bytes() == b"a person's own file"
    assert shelf.files() == {f"Videos/Artist/Film{end}.mp4" for end in ("", " (2)", " (3)", " (4)")}


def test_a_link_in_the_way_leads_nowhere(shelf: Shelf, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (shelf.root / "Videos").symlink_to(outside)
    with pytest.raises(ValueError, match="leads out"):
        shelf.filing.deliver(shelf.delivery(Row(), files=(("a.mp4", Role.MEDIA),)))
    assert list(outside.iterdir()) == []


def test_a_damaged_item_is_renewed(shelf: Shelf) -> None:
    item = shelf.filing.deliver(shelf.delivery(Row()))
    (shelf.root / "Videos/Artist/Film [f1].mp4").write_bytes(b"half")
    row = Row()
    assert shelf.filing.deliver(shelf.delivery(row)) == item
    shelf.check()
    (shelf.root / "Videos/Artist/Film [f1].mp4").unlink()
    assert shelf.filing.deliver(shelf.delivery(Row())) == item
    shelf.check()


def test_the_files_go_with_the_last_member_and_so_do_empty_folders(shelf: Shelf) -> None:
    item = shelf.filing.deliver(shelf.delivery(Row()))
    shelf.filing.deliver(shelf.delivery(Row(), user=1))
    shelf.remove(item, 0)
    shelf.check(members=1)
    with pytest.raises(NotFound):
        shelf.remove(item, 0)
    shelf.remove(item, 1)
    shelf.check(items=0, members=0)
    assert not (shelf.root / "Videos" / "Artist").exists()
    assert (shelf.root / "Videos").exists()
    with pytest.raises(NotFound):
        shelf.remove(item, 1)


def test_what_others_keep_in_a_folder_stays(shelf: Shelf) -> None:
    item = shelf.filing.deliver(shelf.delivery(Row()))
    note = shelf.root / "Videos" / "Artist" / "poster.jpg"
    note.write_bytes(b"x")
    shelf.remove(item, 0)
    assert shelf.files() == {"Videos/Artist/poster.jpg"}


def test_two_members_who_leave_at_once_leave_nothing(shelf: Shelf, second_host: Filing) -> None:
    for _ in range(4):
        item = shelf.filing.deliver(shelf.delivery(Row()))
        shelf.filing.deliver(shelf.delivery(Row(), user=1))
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(lambda user: shelf.remove(item, user), (0, 1)))  # noqa: B023  the pool ends here
        shelf.check(items=0, members=0)


def test_one_member_who_clicks_twice_gets_one_answer_and_one_404(shelf: Shelf) -> None:
    def click(_: int) -> bool:
        try:
            shelf.remove(item, 0)
        except NotFound:
            return False
        return True

    item = shelf.filing.deliver(shelf.delivery(Row()))
    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(click, range(4))) == [False, False, False, True]
    shelf.check(items=0, members=0)


def test_a_file_that_cannot_be_removed_does_not_keep_the_others(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    item = shelf.filing.deliver(shelf.delivery(Row()))
    stuck = shelf.root / "Videos/Artist/Film [f1].en.vtt"
    real = Path.unlink

    def unlink(path: Path, missing_ok: bool = False) -> None:
        if path == stuck:
            raise PermissionError(errno.EPERM, "Operation not permitted")
        real(path, missing_ok)

    with monkeypatch.context() as patch, capture_logs() as logs:
        patch.setattr(Path, "unlink", unlink)
        shelf.remove(item, 0)
    assert [entry["event"] for entry in logs] == ["file_not_removed"]
    assert shelf.files() == {"Videos/Artist/Film [f1].en.vtt"}
    assert shelf.count(Placement) == 1
    shelf.filing.recover(DELETED, 0)
    shelf.check(items=0, members=0)


def test_a_folder_that_goes_in_the_wrong_moment_is_made_again(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, real, calls = shelf.root / "Videos" / "Artist", Path.rename, [0]

    def rename(source: Path, target: Path) -> Path:
        calls[0] += 1
        if calls[0] == 1:
            folder.rmdir()  # a deletion beside us found it empty
        return real(source, target)

    monkeypatch.setattr(Path, "rename", rename)
    shelf.filing.deliver(shelf.delivery(Row()))
    shelf.check()


def test_recovery_spares_what_an_item_holds(shelf: Shelf) -> None:
    """A placement that outlived its item's birth must not take the item's file."""
    row = Row()
    shelf.filing.deliver(shelf.delivery(row))
    with shelf.database.write() as session:
        session.execute(insert(Placement).values(path="Videos/Artist/Film [f1].mp4", holder=row.key, claim=1))
    shelf.filing.recover(row.key, 1)
    shelf.check()


def test_a_link_in_the_way_of_one_deletion_does_not_keep_the_others(shelf: Shelf, tmp_path: Path) -> None:
    first, second = Row(), Row()
    shelf.filing.deliver(shelf.delivery(first, title="A", source_id="a"))
    shelf.filing.deliver(shelf.delivery(second, title="B", source_id="b", files=(("b.mkv", Role.MEDIA),)))
    folder, elsewhere = shelf.root / "Videos" / "Artist", tmp_path / "elsewhere"
    kept = shelf.root / "Videos" / "kept"
    with shelf.database.write() as session:
        session.add(Placement(path="Videos/kept/x.mkv", holder=DELETED, claim=0))
    kept.mkdir()
    (kept / "x.mkv").write_bytes(b"to go")
    folder.rename(elsewhere)
    folder.symlink_to(elsewhere)
    assert first.item is not None
    shelf.remove(first.item, 0)
    assert not kept.exists()
    assert (elsewhere / "A [a].mp4").exists()
