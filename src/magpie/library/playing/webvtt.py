"""Subtitles for browsers, which read nothing but WebVTT: SubRip's (`.srt`) are written anew when they are asked for.

SubRip was never specified: cues are parted by an empty line, each a number, the times and the text. WebVTT is
https://www.w3.org/TR/webvtt1/. The file on the disk stays as it is.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from itertools import pairwise

MIME = "text/vtt"
MOST_BYTES = 8 << 20  # a whole day of talk has one

_TIME = r"(\d{1,3}):(\d{1,2}):(\d{1,2})(?:[,.:](\d{1,3}))?"
_TIMES = re.compile(rf"[ \t]*{_TIME}[ \t]*-->[ \t]*{_TIME}(?:[ \t].*)?")
_TAG = re.compile(r"&lt;(/?[biu])&gt;", re.IGNORECASE)
_FONT = re.compile(r"</?font\b[^<>]{0,200}>", re.IGNORECASE)
# `{\an8}` says where the cue stands, as on a number pad; what else stands in such braces is for other players.
_BRACES = re.compile(r"\{\\[^{}\n]{0,200}\}")
_TOP = re.compile(r"\{\\an[789]\}")
_HIDDEN = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_BREAKS = re.compile(r"\r\n?|[\v\f\x85\u2028\u2029]")
# What files were written in before UTF-8, by their language.
_OLD = {
    "zh": "gb18030", "ja": "cp932", "ko": "cp949", "ru": "cp1251", "uk": "cp1251", "bg": "cp1251", "sr": "cp1251",
    "pl": "cp1250", "cs": "cp1250", "sk": "cp1250", "hu": "cp1250", "hr": "cp1250", "sl": "cp1250", "ro": "cp1250",
    "el": "cp1253", "tr": "cp1254", "he": "cp1255", "ar": "cp1256", "fa": "cp1256", "th": "cp874", "vi": "cp1258",
}  # fmt: skip
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def of_subrip(content: bytes, language: str | None = None) -> bytes:
    """A `.srt` file's content as WebVTT. `language`: its tag (BCP 47), which helps to read old files.

    Never fails: what is no cue is left out.
    """
    text = _BREAKS.sub("\n", _text(content, language))
    return "\n".join(["WEBVTT", "", *_cues(_HIDDEN.sub("", text).split("\n"))]).encode()


def _text(content: bytes, language: str | None) -> str:
    for mark, name in _MARKS:
        if content.startswith(mark):
            return content.decode(name, errors="replace")
    try:
        return content.decode()
    except UnicodeDecodeError:
        old = _OLD.get((language or "").partition("-")[0].lower(), "cp1252")
        return content.decode(old, errors="replace")


def _cues(lines: list[str]) -> Iterator[str]:
    """Cues begin at their times, wherever those stand: some files lack numbers, or the empty lines."""
    starts = [number for number, line in enumerate(lines) if _TIMES.fullmatch(line)]
    for start, end in pairwise([*starts, len(lines)]):
        times = _TIMES.fullmatch(lines[start])
        said = lines[start + 1 : end]
        if end < len(lines) and said and said[-1].strip().isdecimal():
            said.pop()  # the next cue's number
        cue = "\n".join(line.strip() for line in said if line.strip())
        if times is not None and cue and (held := _written(times, cue)):
            yield held


def _written(times: re.Match[str], said: str) -> str | None:
    start, end = _milliseconds(times.groups()[:4]), _milliseconds(times.groups()[4:])
    plain = _BRACES.sub("", _FONT.sub("", said))
    lines = [line for line in plain.split("\n") if line.strip()]
    if end <= start or not lines:
        return None
    place = " line:0" if _TOP.search(said) else ""
    text = _escaped("\n".join(lines))
    return f"{_clock(start)} --> {_clock(end)}{place}\n{text}\n"


def _escaped(text: str) -> str:
    """Text, in which nothing but bold, italic and underlined is marked."""
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _TAG.sub(lambda tag: f"<{tag[1].lower()}>", text)


def _milliseconds(parts: tuple[str | None, ...]) -> int:
    hours, minutes, seconds, rest = (part or "0" for part in parts)
    return ((int(hours) * 60 + int(minutes)) * 60 + int(seconds)) * 1000 + int(rest.ljust(3, "0"))


def _clock(milliseconds: int) -> str:
    seconds, rest = divmod(milliseconds, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{seconds:02}.{rest:03}"
