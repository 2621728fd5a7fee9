"""How long is waited after a turn. Pure."""

from __future__ import annotations

BETWEEN_SEGMENTS = 1.0  # seconds
_LEAST, _MOST = 0.25, 0.5
_AFTER = {
    ",": 0.25, ";": 0.3, ":": 0.3, "-": 0.25, "–": 0.25, "—": 0.25, ".": 0.4, "!": 0.4, "?": 0.5, "…": 0.5,
    "،": 0.25, "؛": 0.3, "؟": 0.5, "۔": 0.4, "।": 0.4, "·": 0.4, "։": 0.4, "¿": 0.5, "¡": 0.4,
    "，": 0.25, "、": 0.25, "；": 0.3, "：": 0.3, "。": 0.4, "．": 0.4, "！": 0.4, "？": 0.5,
}  # fmt: skip
_CLOSING = "\"'”’»›)]}）】」』》〉*_~` \t\r\n"


def gap(text: str, *, ends_segment: bool = False) -> float:
    """Seconds of silence after a turn: 0.25 to 0.5 by its last sign, longer where a segment ends."""
    if ends_segment:
        return BETWEEN_SEGMENTS
    said = text.rstrip(_CLOSING)
    if said.endswith("..."):
        return _MOST
    return _AFTER.get(said[-1:], _LEAST)
