"""Names in a zip: safe wherever it is unpacked, and no two the same, however little a file system tells apart."""

from __future__ import annotations

import unicodedata

from magpie.kit.paths import numbered, safe_name

DEEPEST = 8  # folders and the file's own name; of deeper paths the last ones


class Names:
    """Gives each file of one zip its name."""

    def __init__(self) -> None:
        self._files: set[int] = set()
        self._folders: set[int] = set()

    def take(self, path: str) -> str:
        """A free name for the file at this path, folders parted by `/`; nobody else gets it.

        Neither a file nor a folder is called as another file is.
        """
        parts = [part for part in path.replace("\\", "/").split("/") if part not in ("", ".", "..")]
        *folders, name = [safe_name(part) for part in parts[-DEEPEST:]] or [safe_name("")]
        folder = self._enter(folders)
        number = 1
        while (
            _key(folder + numbered(name, number)) in self._files
            or _key(folder + numbered(name, number)) in self._folders
        ):
            number += 1
        taken = folder + numbered(name, number)
        self._files.add(_key(taken))
        return taken

    def _enter(self, folders: list[str]) -> str:
        """The folder's path, ending in `/`; named otherwise where a file has the name."""
        path = ""
        for folder in folders:
            number = 1
            while _key(path + numbered(folder, number)) in self._files:
                number += 1
            path += numbered(folder, number)
            self._folders.add(_key(path))
            path += "/"
        return path


def _key(path: str) -> int:
    """What file systems that know no letter cases and several spellings of one letter take for the same; hashed, since
    there may be very many."""
    return hash(unicodedata.normalize("NFC", unicodedata.normalize("NFKC", path).casefold()))
