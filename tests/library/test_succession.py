"""A better copy under the name of the first: whatever breaks in between, one whole file is there in the end."""

from __future__ import annotations

import errno
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from structlog.testing import capture_logs

from magpie.downloads.extractors.port import Kind, Role
from magpie.library import moving, succession
from magpie.library.filing import DELETED, Delivery, Filing
from magpie.library.models import Item, ItemFile, Placement
from tests.library.test_filing import CONTENT, Crash, Row, Shelf, shelf

__all__ = ["shelf"]

MP4, VTT = "Videos/Artist/Film [f1].mp4", "Videos/Artist/Film [f1].en.vtt"


def better(shelf: Shelf, row: Row, **more: Any) -> Delivery:
    """What is to take the place of the first."""
    return replace(shelf.delivery(row, **more), replaces=True)


def names(shelf: Shelf) -> set[str]:
    """The library's files but the thumbnails."""
    return {name for name in shelf.files() if not name.startswith(".magpie/")}


def content(row: Row, name: str = "a.mp4") -> bytes:
    return CONTENT + name.encode() + row.key.encode()


def test_it_gets_the_name_of_the_first(shelf: Shelf) -> None:
    item, row = shelf.filing.deliver(shelf.delivery(Row())), Row()
    assert shelf.filing.deliver(better(shelf, row)) == item
    shelf.check()
    assert names(shelf) == {MP4, VTT}
    assert (shelf.root / MP4).read_bytes() == content(row)


# Where the process ends: see `break_at`.
MOMENTS = [
    ("filing", "_conclude", "before", 1),
    ("filing", "_describe", "after", 1),
    ("filing", "_conclude", "after", 1),
    ("filing", "_hand_names_over", "before", 1),
    ("succession", "keep", "before", 1),
    ("succession", "over_former", "before", 1),
    ("succession", "over_former", "after", 1),
    ("succession", "to_disk", "after", 1),
    ("succession", "keep", "after", 1),
    ("succession", "discard", "before", 1),
    ("succession", "over_former", "after", 2),
    ("succession", "keep", "after", 2),
    ("succession", "over_former", "after", 3),
    ("filing", "_hand_names_over", "after", 1),
]


def break_at(patch: pytest.MonkeyPatch, where: str, name: str, when: str, nth: int) -> None:
    """Make the process end at that call."""
    owner: Any = succession if where == "succession" else Filing
    real: Callable[..., Any] = getattr(owner, name)
    calls = [0]

    def broken(*arguments: Any) -> Any:
        calls[0] += 1
        if calls[0] == nth and when == "before":
            raise Crash
        result = real(*arguments)
        if calls[0] == nth and when == "after":
            raise Crash
        return result

    patch.setattr(owner, name, broken)


@pytest.mark.parametrize(("where", "name", "when", "nth"), MOMENTS)
def test_a_crash_at_any_moment_leaves_one_copy_under_the_name(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch, where: str, name: str, when: str, nth: int
) -> None:
    first, row = Row(), Row()
    shelf.filing.deliver(shelf.delivery(first))
    with monkeypatch.context() as patch:
        recover = Filing.recover
        dead = lambda self, holder, claim: recover(self, holder, claim) if holder == DELETED else None  # noqa: E731
        patch.setattr(Filing, "recover", dead)  # a dead process takes nothing back
        break_at(patch, where, name, when, nth)
        with pytest.raises(Crash):
            shelf.filing.deliver(better(shelf, row))
    again = Filing(shelf.database, lambda: shelf.roots)
    row.claim += 1
    again.recover(row.key, row.claim)
    again.recover(DELETED, 0)
    shelf.check()
    assert names(shelf) == {MP4, VTT}
    has_come = row.item is not None and name not in ("_describe",) and (name, when) != ("_conclude", "before")
    assert (shelf.root / MP4).read_bytes() == content(row if has_come else first)


def test_a_name_that_another_has_in_other_cases_stays_theirs(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a file system that knows no cases of letters, `FILM` is found under `Film`, and is another's file."""
    shelf.filing.deliver(shelf.delivery(Row()))
    row = Row()
    monkeypatch.setattr(moving, "bears_name", lambda path: path != shelf.root / MP4)
    shelf.filing.deliver(better(shelf, row))
    assert (shelf.root / MP4).read_bytes() != content(row)
    with shelf.database.read() as session:
        item = session.scalars(select(Item)).one()
        assert shelf.filing.is_whole(item)
        assert item.files[0].path == "Videos/Artist/Film [f1] (2).mp4"
    assert shelf.count(Placement) == 0


def test_a_disk_that_does_not_rename_is_asked_again(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    shelf.filing.deliver(shelf.delivery(Row()))
    row = Row()

    def refuse(*_: object) -> None:
        raise OSError(errno.EROFS, "Read-only file system")

    with monkeypatch.context() as patch, capture_logs() as logs:
        patch.setattr(succession, "over_former", refuse)
        shelf.filing.deliver(better(shelf, row))
    assert {entry["event"] for entry in logs} == {"file_not_renamed"}
    with shelf.database.read() as session:
        item = session.scalars(select(Item)).one()
        assert shelf.filing.is_whole(item)
        assert item.files[0].path == "Videos/Artist/Film [f1] (2).mp4"
    shelf.filing.recover(DELETED, 0)
    shelf.check()
    assert (shelf.root / MP4).read_bytes() == content(row)


def test_another_type_gets_the_name_with_its_own_ending(shelf: Shelf) -> None:
    shelf.filing.deliver(shelf.delivery(Row()))
    row = Row()
    files = (("a.webm", Role.MEDIA), ("a.en.vtt", Role.SUBTITLE))
    shelf.filing.deliver(better(shelf, row, files=files))
    shelf.check()
    assert names(shelf) == {"Videos/Artist/Film [f1].webm", VTT}


def test_what_others_have_stays_theirs(shelf: Shelf) -> None:
    """Two films of one name: the second one's better copy gets the second one's name."""
    stranger = shelf.root / MP4
    stranger.parent.mkdir(parents=True)
    stranger.write_bytes(b"somebody's own")
    shelf.filing.deliver(shelf.delivery(Row()))
    row = Row()
    shelf.filing.deliver(better(shelf, row))
    assert names(shelf) == {MP4, MP4.replace("]", "] (2)"), VTT.replace("]", "] (2)")}
    assert stranger.read_bytes() == b"somebody's own"
    assert (shelf.root / MP4.replace("]", "] (2)")).read_bytes() == content(row)
    assert shelf.count(Placement) == 0


def test_a_gallery_leaves_no_second_folder(shelf: Shelf) -> None:
    def gallery(row: Row, count: int) -> Delivery:
        files = tuple((f"{number}.jpg", Role.MEDIA) for number in range(count))
        delivery = shelf.delivery(row, files=files)
        medium = replace(delivery.saved.medium, kind=Kind.GALLERY)
        return replace(delivery, saved=replace(delivery.saved, medium=medium), replaces=True)

    shelf.filing.deliver(gallery(Row(), 3))
    before = names(shelf)
    shelf.filing.deliver(gallery(Row(), 5))
    shelf.check()
    assert before < names(shelf)
    assert len(names(shelf)) == 5
    assert len({Path(name).parent for name in names(shelf)}) == 1
    shelf.filing.deliver(gallery(Row(), 2))
    shelf.check()
    assert names(shelf) < before
    folders = [path for path in (shelf.root / "Galleries").rglob("*") if path.is_dir()]
    assert len(folders) > 1
    assert all(any(path.iterdir()) for path in folders)


def unkept(shelf: Shelf, patch: pytest.MonkeyPatch, delivery: Delivery) -> None:
    """Deliver it, and end before its files have their names."""
    with patch.context() as inner:
        inner.setattr(Filing, "_hand_names_over", lambda _self: None)
        shelf.filing.deliver(delivery)


def test_a_third_copy_gets_what_was_promised_to_the_second(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf.filing.deliver(shelf.delivery(Row()))
    unkept(shelf, monkeypatch, better(shelf, Row()))
    row = Row()
    shelf.filing.deliver(better(shelf, row))
    shelf.check()
    assert (shelf.root / MP4).read_bytes() == content(row)


def test_an_item_that_goes_takes_what_was_promised_with_it(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    item = shelf.filing.deliver(shelf.delivery(Row()))
    unkept(shelf, monkeypatch, better(shelf, Row()))
    shelf.remove(item, 0)
    shelf.check(items=0, members=0)


def test_two_hosts_that_look_at_once_rename_once(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    shelf.filing.deliver(shelf.delivery(Row()))
    row = Row()
    unkept(shelf, monkeypatch, better(shelf, row))
    with shelf.database.read() as session:
        promises = succession.promises(session)
    assert len(promises) == 3
    shelf.filing.recover(DELETED, 0)
    for promise in promises:  # the other host had read them before
        with shelf.database.write() as session:
            succession.keep(session, shelf.roots, promise)
    shelf.check()
    assert (shelf.root / MP4).read_bytes() == content(row)
    with shelf.database.read() as session:
        assert set(session.scalars(select(ItemFile.path))) >= {MP4, VTT}
