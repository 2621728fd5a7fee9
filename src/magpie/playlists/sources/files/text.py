"""The text of a file in whatever encoding somebody's program wrote it."""

from __future__ import annotations

import codecs

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def decode(data: bytes) -> str:
    """By its mark, as UTF-8, as GBK if it looks like Chinese in it, else as Latin letters (Windows' 1252)."""
    for mark, name in _MARKS:
        if data.startswith(mark):
            return data.decode(name, errors="replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    if _looks_chinese(data):
        return data.decode("gb18030", errors="replace")
    return data.decode("cp1252", errors="replace")


def _looks_chinese(data: bytes) -> bool:
    """Whether the bytes above ASCII come in pairs of two high ones, as common characters do in GBK. In Latin
    letters they stand alone: é is followed by a plain letter."""
    pairs = alone = at = 0
    while at < len(data):
        if data[at] < 0x80:
            at += 1
        elif at + 1 < len(data) and 0x81 <= data[at] <= 0xFE and data[at + 1] >= 0xA1:
            pairs += 1
            at += 2
        else:
            alone += 1
            at += 1
    return pairs > 2 * alone
