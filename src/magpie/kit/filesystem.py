"""What kind of file system a path lies on, and how much room it has."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

# Locks and shared memory do not work reliably on these, and SQLite's WAL mode needs both:
# https://sqlite.org/wal.html ("WAL does not work over a network filesystem").
NETWORK_FILE_SYSTEMS = frozenset(
    {"nfs", "nfs4", "cifs", "smb", "smb2", "smb3", "smbfs", "9p", "afs", "ceph", "glusterfs", "fuse.sshfs",
     "fuse.glusterfs", "fuse.rclone", "davfs", "fuse.davfs2", "ncpfs"}
)  # fmt: skip


def nearest_existing(path: Path) -> Path:
    """The path itself, or the closest ancestor that exists."""
    path = path.absolute()
    while not path.exists() and path != path.parent:
        path = path.parent
    return path


def file_system_type(path: Path, mounts: str | None = None) -> str | None:
    """The type of the mounted file system that holds `path` (`ext4`, `nfs4`, …); None where unknown."""
    if mounts is None:
        try:
            mounts = Path("/proc/self/mounts").read_text(errors="replace")
        except OSError:
            return None
    target = os.path.realpath(nearest_existing(path))
    best, kind = "", None
    for line in mounts.splitlines():
        fields = line.split()
        if len(fields) < 3:
            continue
        point = fields[1].encode().decode("unicode_escape")
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
