"""What kind of file system a path lies on, and that SQLite is kept off those where it loses data."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

import pytest

from magpie.kit import filesystem
from magpie.kit.db import Database, DatabaseRefused
from magpie.kit.filesystem import (
    bears_name,
    file_system_type,
    free_bytes,
    is_folder,
    is_network_file_system,
    mount_point,
    nearest_existing,
    rename_anew,
    to_disk,
)

MOUNTS = """\
sysfs /sys sysfs rw,nosuid 0 0
/dev/sda1 / ext4 rw,relatime 0 0
nas:/export /srv/nas nfs4 rw,vers=4.2 0 0
/dev/sdb1 /srv/nas/local xfs rw 0 0
//nas/my\\040share /srv/my\\040share cifs rw 0 0
nas:/tab /srv/tab\\011here nfs rw 0 0
nas:/musik /srv/médias\\134晴天 nfs rw 0 0
systemd-1 /srv/auto autofs rw 0 0
nas:/auto /srv/auto nfs rw 0 0
broken

nas:/root /srv/over ext4 rw 0 0
"""


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/srv/else/x", "ext4"),
        ("/srv/nas", "nfs4"),
        ("/srv/nas/deep/er/file", "nfs4"),
        ("/srv/nasty", "ext4"),
        ("/srv/nas/local/x", "xfs"),
        ("/srv/my share/x", "cifs"),
        ("/srv/my", "ext4"),
        ("/srv/tab\there/x", "nfs"),
        ("/srv/médias\\晴天/x", "nfs"),
        ("/srv/auto/x", "nfs"),
    ],
)
def test_the_innermost_and_last_mount_counts(monkeypatch: pytest.MonkeyPatch, path: str, kind: str) -> None:
    monkeypatch.setattr(filesystem, "nearest_existing", lambda path: path)
    assert file_system_type(Path(path), MOUNTS) == kind


def test_without_a_table_nothing_is_known() -> None:
    assert file_system_type(Path("/x"), "") is None


def test_links_are_followed(tmp_path: Path) -> None:
    real = tmp_path / "real"
    real.mkdir()
    (tmp_path / "link").symlink_to(real)
    mounts = f"/dev/a / ext4 rw 0 0\nnas:/x {real} nfs rw 0 0\n"
    assert file_system_type(tmp_path / "link" / "new" / "file", mounts) == "nfs"


def test_this_machine_tells_its_own() -> None:
    assert file_system_type(Path("/proc/self")) == "proc"
    assert not is_network_file_system(Path("/proc"))


@pytest.mark.parametrize("kind", ["nfs", "nfs4", "cifs", "smb3", "9p", "fuse.sshfs"])
def test_sqlite_is_refused_on_a_network(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    monkeypatch.setattr(filesystem, "system_mounts", lambda: f"nas:/x {tmp_path} {kind} rw 0 0\n")
    with pytest.raises(DatabaseRefused, match="MAGPIE_DATA_DIR on a local disk"):
        Database(f"sqlite:///{tmp_path / 'data' / 'magpie.db'}")
    assert not (tmp_path / "data").exists()


def test_sqlite_is_welcome_on_a_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(filesystem, "system_mounts", lambda: f"/dev/a {tmp_path} ext4 rw 0 0\n")
    Database(f"sqlite:///{tmp_path / 'magpie.db'}").close()


def test_room_is_asked_of_what_exists(tmp_path: Path) -> None:
    assert nearest_existing(tmp_path / "a" / "b") == tmp_path
    assert free_bytes(tmp_path / "a" / "b") > 0


def test_a_share_that_syncs_no_folders_holds_nothing_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As the kernel answers for file systems that have no such call; a file that is not written is another matter."""

    def refuse(descriptor: int) -> None:
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            raise OSError(errno.EINVAL, "Invalid argument")
        if os.fstat(descriptor).st_size:
            raise OSError(errno.EIO, "Input/output error")

    (tmp_path / "empty").touch()
    (tmp_path / "full").write_bytes(b"x")
    to_disk(tmp_path)
    monkeypatch.setattr(os, "fsync", refuse)
    to_disk(tmp_path)
    to_disk(tmp_path / "empty")
    with pytest.raises(OSError, match="Input/output"):
        to_disk(tmp_path / "full")
    with pytest.raises(FileNotFoundError):
        to_disk(tmp_path / "gone")


@pytest.mark.parametrize("said", [errno.ENOENT, errno.ESTALE, errno.ENOTCONN, errno.EHOSTDOWN, errno.EIO])
def test_a_share_that_does_not_answer_has_no_folders(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: int
) -> None:
    assert is_folder(tmp_path)
    assert not is_folder(tmp_path / "none")

    def refuse(_path: Path, **_: object) -> None:
        raise OSError(said, os.strerror(said))

    monkeypatch.setattr(Path, "stat", refuse)
    assert not is_folder(tmp_path)


def test_what_may_not_be_looked_at_is_another_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_path: Path, **_: object) -> None:
        raise PermissionError(errno.EACCES, "no")

    monkeypatch.setattr(Path, "stat", refuse)
    with pytest.raises(PermissionError):
        is_folder(tmp_path)


def test_where_a_disk_is_mounted() -> None:
    assert mount_point(Path("/proc/self/fd")) == Path("/proc")


def no_links(*_: object) -> None:
    raise OSError(errno.EOPNOTSUPP, "Operation not supported")


@pytest.mark.parametrize("links", [True, False])
def test_a_rename_overwrites_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, links: bool) -> None:
    if not links:
        monkeypatch.setattr(Path, "hardlink_to", no_links)
    source, target = tmp_path / "source", tmp_path / "target"
    with pytest.raises(FileNotFoundError):
        rename_anew(source, target)
    assert not target.exists()
    source.write_text("new")
    rename_anew(source, target)
    assert (target.read_text(), source.exists()) == ("new", False)
    source.write_text("newer")
    with pytest.raises(FileExistsError):
        rename_anew(source, target)
    assert (target.read_text(), source.read_text()) == ("new", "newer")


def test_a_rename_that_fails_leaves_no_name_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = tmp_path / "source"
    source.write_text("new")
    monkeypatch.setattr(Path, "hardlink_to", no_links)
    monkeypatch.setattr(Path, "replace", no_links)
    with pytest.raises(OSError, match="not supported"):
        rename_anew(source, tmp_path / "target")
    assert [path.name for path in tmp_path.iterdir()] == ["source"]


def test_cases_count_where_the_file_system_does_not_know_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Hard links stand in for a file system that finds `Film é` under every case of it."""
    one, swapped = tmp_path / "Film \u00e9.mp4", tmp_path / "fILM \u00c9.MP4"
    for path in (tmp_path / "none", tmp_path / "12", one):
        assert bears_name(path)
    one.write_text("film")
    assert bears_name(one)
    swapped.write_text("another")
    assert bears_name(one)
    swapped.unlink()
    swapped.hardlink_to(one)
    for listed, bears in ((one, True), (swapped, False), (tmp_path / "Film e\u0301.mp4", True)):
        monkeypatch.setattr(Path, "iterdir", lambda _path, listed=listed: iter([listed]))
        assert bears_name(one) is bears
