"""Lyrics: LRC files with a time for each line, and the plain words in them."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from magpie.downloads.extractors.port import Role, SavedFile
from magpie.downloads.extractors.titles import MAX_DESCRIPTION, clean_lines

MAX_BYTES = 256 << 10
MIME = "text/x-lrc"
_TIME = re.compile(r"\[\d{1,3}:\d{2}(?:[.:]\d{1,3})?\]")
_WORD_TIME = re.compile(r"<\d{1,3}:\d{2}(?:[.:]\d{1,3})?>")
_HEADER = re.compile(r"\[[a-z#]{1,12}:[^\]]*\]", re.IGNORECASE)


def timed_lyrics(files: list[SavedFile], workdir: Path) -> tuple[list[SavedFile], str | None]:
    """The files with LRC files as what they are, broken ones left out; and the words of the first of them."""
    kept, words = [], None
    for file in files:
        if file.role is not Role.SUBTITLE or not file.name.lower().endswith(".lrc"):
            kept.append(file)
            continue
        text = _read(workdir / file.name)
        if _TIME.search(text):
            kept.append(replace(file, mime=MIME, language=None))
        words = words or plain(text)
    return kept, words


def _read(path: Path) -> str:
    with suppress(OSError), path.open("rb") as source:
        return source.read(MAX_BYTES).decode("utf-8-sig", errors="replace")
    return ""


def plain(text: str) -> str | None:
    """The words without times and headers (`[ar:…]`); None if there are none."""
    lines = []
    for line in text.splitlines():
        bare = _WORD_TIME.sub("", _TIME.sub("", line)).strip()
        if _HEADER.fullmatch(bare):
            continue
        lines.append(bare)
    return clean_lines("\n".join(lines).strip("\n"), MAX_DESCRIPTION)
