"""Names from elsewhere made safe for every file system, and containment below a root.

The rules are the strictest of those that matter on a NAS: Windows' reserved characters and device names
(https://learn.microsoft.com/windows/win32/fileio/naming-a-file), 255 bytes a name on Linux, and no character
that changes how the rest of the name is shown (bidirectional controls, zero-width characters).
"""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

MAX_NAME_BYTES = 180  # leaves room for numbering, endings and temporary suffixes below 255

_LOOKALIKES = str.maketrans(
    {"/": "⧸", "\\": "⧹", ":": "꞉", "|": "¦", "?": "？", "*": "＊", "<": "‹", ">": "›", '"': "”"}
)
_RESERVED = re.compile(
    r"^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(?= *\.| *$)", re.IGNORECASE
)
_SPACES = re.compile(r"\s+")


class OutsideRoot(ValueError):
    """A path that would lead out of the folder that it belongs to."""


def safe_name(text: str, fallback: str = "untitled", max_bytes: int = MAX_NAME_BYTES) -> str:
    """One path component that is valid everywhere: never empty, never `.` or `..`, at most `max_bytes` UTF-8.

    Idempotent: a safe name stays as it is.
    """
    text = "".join(" " if character in "\t\n\r\v\f" else character for character in text)
    text = "".join(character for character in text if not _is_hidden(character))
    text = unicodedata.normalize("NFC", text)
    text = _SPACES.sub(" ", text.translate(_LOOKALIKES))
    # Cut first: `con…` may be all that is left. The underscore's byte is kept free for it.
    text = _trim(_cut(_trim(text), max_bytes))
    if _RESERVED.match(text):
        text = _trim(_cut(f"_{text}", max_bytes))
    return text or fallback


def _is_hidden(character: str) -> bool:
    # Cc: control, Cf: format (bidi overrides, zero width), Cs: lone surrogates, Co/Cn: private or unassigned.
    return unicodedata.category(character) in ("Cc", "Cf", "Cs", "Co", "Cn")


def _trim(text: str) -> str:
    # A leading dot hides a file, a leading dash reads as an option, a trailing dot or space is lost on Windows.
    return text.strip().lstrip(".-~ ").rstrip(". ")


def _cut(text: str, max_bytes: int) -> str:
    """Cut on a character boundary, and never between a character and its combining marks."""
    raw = text.encode()
    if len(raw) <= max_bytes:
        return text
    cut = raw[:max_bytes].decode(errors="ignore")
    following = text[len(cut)]
    while cut and unicodedata.combining(following):
        following, cut = cut[-1], cut[:-1]
    return cut


def below(root: Path, relative: str | Path) -> Path:
    """The absolute path of `relative` below `root`; raises `OutsideRoot` if it leads out, links included."""
    base = root.resolve()
    path = (base / relative).resolve()
    if path == base or not path.is_relative_to(base):
        raise OutsideRoot(f"{relative} leads out of the folder")
    return path


def numbered(name: str, number: int) -> str:
    """`name.ext` → `name (2).ext`, for the second file that wants the same name."""
    if number <= 1:
        return name
    stem, dot, ending = name.rpartition(".")
    if not dot or len(ending) > 8 or not stem:
        return f"{name} ({number})"
    return f"{stem} ({number}).{ending}"
