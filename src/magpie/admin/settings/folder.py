"""`media_root`: which folder is accepted for new files, and making it.

What is saved is the folder's root as rows of files have it, so that a folder in the data folder moves along with that.
"""

from __future__ import annotations

from pathlib import Path

from magpie.kit.errors import RuleBroken
from magpie.library import service as library

FIELD = "media_root"
# Folders in the data folder that hold something else.
OCCUPIED = ("backups", "cookies", "logs")


def accepted(roots: library.Roots, text: str) -> Path:
    """The folder that is meant; without any text the environment's, or the default one. Raises `RuleBroken`."""
    if not text.strip():
        return roots.base
    folder = Path(text)
    if not folder.is_absolute() or ".." in folder.parts:
        raise RuleBroken("must be the whole path of a folder, such as /srv/media", "body", FIELD)
    try:
        place, data = folder.resolve(), roots.data_dir.resolve()
    except (OSError, RuntimeError) as error:
        raise _refused(folder, error) from None
    if data.is_relative_to(place) or any(place.is_relative_to(data / name) for name in OCCUPIED):
        raise RuleBroken(
            "must not be the folder of Magpie's own data: name another one, or one in it", "body", FIELD
        )
    return folder


def is_present(roots: library.Roots, folder: Path) -> bool:
    """Whether new files go there already, and can: a folder that is gone may be chosen again, which makes it."""
    return folder == roots.present and (folder == roots.base or library.workshop_in(folder).is_dir())


def make(folder: Path) -> None:
    """Have the folder there and writable. Raises `RuleBroken` in plain words."""
    try:
        library.open_folder(folder)
    except OSError as error:
        raise _refused(folder, error) from None


def _refused(folder: Path, error: OSError | RuntimeError) -> RuleBroken:
    reason = getattr(error, "strerror", None) or "it cannot be read"
    return RuleBroken(f"{folder} cannot be written to: {reason}", "body", FIELD)
