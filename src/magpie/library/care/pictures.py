"""Which pictures in a folder are media of their own, and which ones belong to something else. Pure.

Art of albums and films lies everywhere: beside the sound, beside the film, in the folders above. Such pictures are left
alone.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

MOST_IN_GALLERY = 1000

# What media servers and players look for beside the media, and name so themselves.
_ART = re.compile(
    r"(?:season.*-)?(?:cover|folder|front|back|poster|fanart|backdrop|background|banner|landscape|(?:clear)?logo|"
    r"clearart|thumb|thumbnail|artist|disc|discart|cd|keyart|default|movie|show)[-_ ]?\d*|albumart.*"
)
# Folders of such art, and what servers of files keep for themselves.
_LEFT_ALONE = frozenset(
    {
        "scans", "artwork", "booklet", "extrafanart", "extrathumbs", "thumbs", "thumbnails", "@eadir", "#recycle",
        "#snapshot", "$recycle.bin", "lost+found",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A medium that an item has in the same folder. `kind`: of the item; `is_adopted`: it was found lying there."""

    name: str
    kind: str
    item_id: int
    is_adopted: bool


@dataclass(frozen=True, slots=True)
class Fate:
    """What becomes of pictures that lie in one folder. `gallery`: they are one, together with the item of this number if
    there is one; otherwise each is an item."""

    taken: bool
    gallery: bool = False
    item_id: int | None = None


LEFT = Fate(taken=False)


def fate(folder: str, names: Sequence[str], kinds: Collection[str], neighbours: Sequence[Neighbour]) -> Fate:
    """Of pictures in `folder` (relative, empty for the media folder itself) that lie beside no medium of their name.

    `kinds` are those of new media there.
    """
    present = {*kinds, *(one.kind for one in neighbours)}
    if not names or "audio" in present or any(part.casefold() in _LEFT_ALONE for part in folder.split("/")):
        return LEFT
    adopted = next((one for one in neighbours if one.kind == "gallery" and one.is_adopted), None)
    if adopted is not None:
        return Fate(taken=True, gallery=True, item_id=adopted.item_id)
    if all(is_art(name) for name in names) or ("video" in present and any(is_art(name) for name in names)):
        return LEFT
    together = folder != "" and "video" not in present and 2 <= len(names) <= MOST_IN_GALLERY
    return Fate(taken=True, gallery=together)


def is_art(name: str) -> bool:
    stem = name.rpartition(".")[0] or name
    return _ART.fullmatch(stem.casefold()) is not None
