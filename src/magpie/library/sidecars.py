"""What lies beside media for media servers: an NFO for each video, and in a show's folder what is said of the show.

A video's own side files are files of its item and go with it. The show's files belong to all its episodes: they
are made with the first one, and go with the last (`remove_show`).
"""

from __future__ import annotations

import shutil
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from magpie.downloads.extractors.port import Kind, Medium, Role, Saved, SavedFile
from magpie.kit.paths import below
from magpie.library import nfo
from magpie.library.naming import Naming
from magpie.library.presets import PRESETS, Layout, layout_of

NAME = "magpie.nfo"
SHOW_NFO = "tvshow.nfo"
POSTER = "poster.jpg"
_DEPTH = 2  # library / show


def with_nfo(saved: Saved, site: str, naming: Naming, workdir: Path) -> Saved:
    """The files of a video with its NFO, which is written into the work folder."""
    if saved.medium.kind is not Kind.VIDEO:
        return saved
    data = nfo.of_medium(saved.medium, site, naming)
    (workdir / NAME).write_bytes(data)
    return replace(saved, files=(*saved.files, SavedFile(NAME, Role.NFO, len(data), nfo.MIME)))


def show_files(medium: Medium, naming: Naming, path: str) -> list[str]:
    """What the folder of the show has besides its episodes, of which `path` is one."""
    preset = PRESETS.get(naming.server or "")
    is_episode = medium.kind is Kind.VIDEO and layout_of(medium) in (Layout.EPISODE, Layout.DATED)
    parts = path.split("/")
    if preset is None or naming.template is not None or not is_episode or len(parts) <= _DEPTH:
        return []
    folder = "/".join(parts[:_DEPTH])
    # Plex does not read it, but from it is known later that the folder is Magpie's to empty.
    names = [SHOW_NFO] + ([POSTER] if naming.picture else [])
    return [f"{folder}/{name}" for name in names]


def keep_show(root: Path, medium: Medium, site: str, naming: Naming, path: str) -> None:
    """See that the show's folder has its files. What is there already stays as it is, whoever made it."""
    for relative in show_files(medium, naming, path):
        target = below(root, relative)
        with suppress(
            FileExistsError, FileNotFoundError
        ):  # the folder went with its last episode in this moment
            if relative.endswith(SHOW_NFO):
                with target.open("xb") as out:
                    out.write(nfo.of_show(medium, site, naming))
            elif naming.picture is not None and not target.exists():
                shutil.copyfile(naming.picture, target)


def remove_show(folder: Path) -> None:
    """Take the show's files out of a folder that has nothing else any more, if Magpie made it a show's folder."""
    with suppress(OSError):
        names = {entry.name for entry in folder.iterdir()}
        if SHOW_NFO not in names or not names <= {SHOW_NFO, POSTER}:
            return
        with (folder / SHOW_NFO).open("rb") as described:
            if nfo.MARK.encode() not in described.read(200):
                return
        for name in names:
            (folder / name).unlink()
