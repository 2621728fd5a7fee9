"""What is worked out of an installed package and changes with that alone: kept in a folder between starts.

The kept value counts as long as every file of the package and the module that works it out are the same. Nothing is
kept of packages whose installer has not written down their files (as of checkouts that are worked on).
"""

from __future__ import annotations

import json
import os
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from importlib.metadata import Distribution, PackageNotFoundError
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Derived:
    """One such value, in JSON. `package` as the registry names it, `module` as Python does; `makers` are the files of the
    modules that work it out, `what` tells it from others of the package; without a `folder` nothing is kept."""

    folder: Path | None
    package: str
    module: str
    makers: tuple[str, ...]
    what: str = ""

    def read(self) -> Any:
        """The value; None if there is none that still counts."""
        if (file := self._file()) is None:
            return None
        with suppress(OSError, ValueError, RecursionError):
            kept = json.loads(file.read_bytes())
            if isinstance(kept, dict) and kept.get("of") == self._origin():
                return kept.get("value")
        return None

    def write(self, value: Any) -> None:
        """Keep it, if that is possible: nobody needs more of it than a quicker start."""
        file, origin = self._file(), self._origin()
        if file is None or origin is None:
            return
        with suppress(OSError):
            file.parent.mkdir(parents=True, exist_ok=True)
            descriptor, draft = tempfile.mkstemp(prefix=".new-", dir=file.parent)
            try:
                with os.fdopen(descriptor, "w", encoding="utf-8") as out:
                    json.dump({"of": origin, "value": value}, out)
                Path(draft).replace(file)
            except BaseException:
                Path(draft).unlink(missing_ok=True)
                raise

    def _file(self) -> Path | None:
        return self.folder / f"{self.package}{self.what}.json" if self.folder is not None else None

    def _origin(self) -> str | None:
        """The package's files by their sums, as its installer has written them down, and its makers' texts."""
        with suppress(PackageNotFoundError, OSError):
            files = Distribution.from_name(self.package).read_text("RECORD") or ""
            if f"{self.module}/__init__.py," in files:
                makers = b"".join(Path(maker).read_bytes() for maker in self.makers)
                return sha256(files.encode() + makers).hexdigest()
        return None
