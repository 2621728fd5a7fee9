"""What kind of file system a path lies on, and how much room it has."""

from __future__ import annotations

import errno
import os
import re
import shutil
import stat
import unicodedata
from contextlib import suppress
from pathlib import Path

# Locks and shared memory do not work reliably on these, and SQLite's WAL mode needs both:
# https://sqlite.org/wal.html ("WAL does not work over a network filesystem").
NETWORK_FILE_SYSTEMS = frozenset(
    {"nfs", "nfs4", "cifs", "smb", "smb2", "smb3", "smbfs", "9p", "afs", "ceph", "glusterfs", "fuse.sshfs",
     "fuse.glusterfs", "fuse.rclone", "davfs", "fuse.davfs2", "ncpfs"}
)  # fmt: skip

# What file systems say that keep folders' names by themselves, or not at all: shares of other machines above all.
_NO_SYNC_OF_FOLDERS = frozenset({errno.EINVAL, errno.EBADF, errno.EISDIR, errno.EACCES, errno.ENOTSUP})


# What a hard link is refused for where there is no better way either.
_FINAL = frozenset({errno.ENOENT, errno.EEXIST, errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO})


def rename_anew(source: Path, target: Path) -> None:
    """Rename a file as a whole, overwriting nothing; not even, on file systems that know no cases of letters, what lies
    there under another case. Raises `FileExistsError`, or another `OSError` with nothing done.

    By a hard link; where the file system has none (FAT, many shares), the name is made as an empty file, which every one
    of them grants only once, and replaced. A crash in between leaves that, or the file under both of its names.
    """
    made = source.lstat()  # whose file has been taken from it takes no name
    try:
        target.hardlink_to(source)
    except OSError as error:
        if error.errno in _FINAL:
            raise
        _replace_reserved(source, target)
        return
    try:
        source.unlink()
    except FileNotFoundError:  # taken from us by who goes on: what lies there may be the same file, and his
        raise
    except OSError:
        _take_back(target, made)
        raise


def _replace_reserved(source: Path, target: Path) -> None:
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    made = os.fstat(descriptor)
    os.close(descriptor)
    try:
        source.replace(target)
    except OSError:
        _take_back(target, made)
        raise


def _take_back(target: Path, made: os.stat_result) -> None:
    """Unless it is another's by now: who was stopped for long in between may find that somebody went on without him."""
    with suppress(OSError):
        if os.path.samestat(target.lstat(), made):
            target.unlink()


def bears_name(path: Path) -> bool:
    """Whether what is found under this name is really called so. It is not where the file system knows no cases of
    letters, and the file has them otherwise. Of the folder's own names the cases do not count."""
    other = path.with_name(path.name.swapcase())
    try:
        if not path.exists() or other == path or not other.samefile(path):
            return True
        return _composed(path.name) in {_composed(entry.name) for entry in path.parent.iterdir()}
    except FileNotFoundError:
        return True


def _composed(name: str) -> str:
    return unicodedata.normalize("NFC", name)


def to_disk(path: Path) -> None:
    """Make a file or a folder survive a power cut; a folder as far as its file system can. Raises `OSError`."""
    try:
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    except OSError as error:
        if error.errno not in _NO_SYNC_OF_FOLDERS or not path.is_dir():
            raise


def is_folder(path: Path) -> bool:
    """Whether there is a folder; also False where its share does not answer (ESTALE, ENOTCONN, EHOSTDOWN, …), for which
    `Path.is_dir` raises. Raises `PermissionError` where one cannot look."""
    try:
        return stat.S_ISDIR(path.stat().st_mode)
    except PermissionError:
        raise
    except OSError:
        return False


def mount_point(path: Path) -> Path:
    """Where the file system that holds `path` is mounted. Binds within one file system are not seen."""
    path = path.resolve()
    while not os.path.ismount(path) and path != path.parent:
        path = path.parent
    return path


def nearest_existing(path: Path) -> Path:
    """The path itself, or the closest ancestor that exists."""
    path = path.absolute()
    while not path.exists() and path != path.parent:
        path = path.parent
    return path


def system_mounts() -> str:
    """What the kernel has mounted, in the format of fstab(5); empty where it does not say."""
    try:
        return os.fsdecode(Path("/proc/self/mounts").read_bytes())
    except OSError:
        return ""


def _unescaped(field: str) -> str:
    """The kernel writes space, tab, newline and backslash as octal numbers, and everything else as it is."""
    return re.sub(r"\\([0-7]{3})", lambda found: chr(int(found[1], 8)), field)


def file_system_type(path: Path, mounts: str | None = None) -> str | None:
    """The type of the mounted file system that holds `path` (`ext4`, `nfs4`, …); None where unknown."""
    if mounts is None:
        mounts = system_mounts()
    target = os.path.realpath(nearest_existing(path))
    best, kind = "", None
    for line in mounts.split("\n"):
        fields = line.split(" ")
        if len(fields) < 3:
            continue
        point = _unescaped(fields[1])
        inside = target == point or target.startswith(point.rstrip("/") + "/")
        if inside and len(point) >= len(best):
            best, kind = point, fields[2]
    return kind


def is_network_file_system(path: Path) -> bool:
    """True on NFS, SMB and their like."""
    return (file_system_type(path) or "") in NETWORK_FILE_SYSTEMS


def free_bytes(path: Path) -> int:
    """Bytes that an unprivileged program may still write where `path` lies."""
    return shutil.disk_usage(nearest_existing(path)).free


def total_bytes(path: Path) -> int:
    """Size in bytes of the file system that `path` lies on."""
    return shutil.disk_usage(nearest_existing(path)).total
