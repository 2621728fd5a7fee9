"""What browsers are told of a saved file: its type, its name, and whether to show it.

Files come from strangers. Whatever a browser could run, or take for a script of ours, loses its type and is handed over as
a download; besides, no answer may be sniffed for another type, and one that is opened by itself runs in a sandbox.
"""

from __future__ import annotations

import unicodedata
from urllib.parse import quote

UNKNOWN = "application/octet-stream"
# Shown without running anything.
_SHOWN = ("video/", "audio/")
_SHOWN_TYPES = frozenset(
    {"image/jpeg", "image/png", "image/gif", "image/webp", "image/avif", "text/plain", "text/vtt"}
)
# Handed over, with their true type: no browser takes them for page, script or style.
_NAMED_TYPES = frozenset(
    {
        "application/pdf", "application/zip", "application/epub+zip", "application/vnd.comicbook+zip",
        "application/vnd.rar", "application/x-7z-compressed", "application/x-subrip",
        "application/json", "application/json+chapters",
        "image/bmp", "image/tiff", "image/jxl", "image/heic",
    }
)  # fmt: skip
_TEXT_TYPES = frozenset({"text/plain", "text/vtt"})
SECURITY_HEADERS = {
    "Content-Security-Policy": "sandbox; default-src 'none'; media-src 'self'; img-src 'self'; style-src 'unsafe-inline'",
    "X-Content-Type-Options": "nosniff",
}


def headers_for(name: str, mime: str, *, download: bool) -> dict[str, str]:
    """The headers that say what the file is and what may be done with it. `name` may hold anything."""
    mime = mime.partition(";")[0].strip().lower()
    shown = mime in _SHOWN_TYPES or mime.startswith(_SHOWN)
    told = mime if shown or mime in _NAMED_TYPES else UNKNOWN
    return {
        **SECURITY_HEADERS,
        "Content-Type": f"{told}; charset=utf-8" if told in _TEXT_TYPES else told,
        "Content-Disposition": disposition(name, inline=shown and not download),
    }


def disposition(name: str, *, inline: bool) -> str:
    """The header's value as in RFC 6266: an ASCII name for old clients, the true one in UTF-8 (RFC 8187)."""
    kind = "inline" if inline else "attachment"
    name = "".join(_harmless(character) for character in name).strip() or "file"
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    # A quote or a percent sign is read differently by different clients, even where it is escaped.
    plain = plain.translate({ord('"'): "'", ord("\\"): "_", ord("%"): "_"}).strip()
    if plain == name:
        return f'{kind}; filename="{plain}"'
    if not plain.rpartition(".")[0].strip("_ .-"):
        plain = f"file{plain[plain.rfind('.') :]}" if "." in plain else "file"
    return f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def _harmless(character: str) -> str:
    """Control characters would end the header; separators name folders; lone surrogates are no UTF-8; the others change
    how the rest of the name is shown."""
    if character in "/\\" or unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp"):
        return "_"
    return character
