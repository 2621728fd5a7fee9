"""What is said in a subtitle file, as a text to read."""

from __future__ import annotations

import html
import re
from pathlib import Path

MOST_BYTES = 16 << 20
_TIMES = re.compile(r"-->")
_NUMBER = re.compile(r"\d+")
_TAG = re.compile(r"<[^<>]{0,200}>|\{\\[^{}]{0,200}\}")
_SETTING = re.compile(r"WEBVTT\b.*|(Kind|Language): \S{1,35}|X-TIMESTAMP-MAP=.*")
_SPACES = re.compile(r"\s+")
_DIALOGUE = re.compile(r"Dialogue:(?:[^,]*,){9}(?P<text>.*)")
_ENDS = tuple(".!?…。！？")
# Sentences of a paragraph: subtitles know none, and a reader (or a model) needs some.
SENTENCES_A_PARAGRAPH = 8


def text_of(path: Path) -> str:
    """The words of a file; see `words_of`. Raises `OSError`."""
    with path.open("rb") as file:
        content = file.read(MOST_BYTES)
    return words_of(content.decode("utf-8-sig", "replace"))


def words_of(content: str) -> str:
    """The words, in paragraphs. Of captions that roll, where each shows the last lines once more, every line counts once."""
    said: list[str] = []
    recent: list[str] = []
    for line in _lines(content):
        if line not in recent:
            said.append(line)
        recent = [*recent[-2:], line]
    return _paragraphs(said)


def _lines(content: str) -> list[str]:
    """The shown lines, without numbers, times and mark-up."""
    found: list[str] = []
    is_skipped = False  # a block of notes or styles
    previous = ""
    for raw in content.splitlines():
        line = raw.strip()
        if not line:
            is_skipped = False
        elif line.startswith(("NOTE", "STYLE", "REGION")) and not previous:
            is_skipped = True
        elif not is_skipped and (shown := _shown(line)):
            found.append(shown)
        previous = line
    return found


def _shown(line: str) -> str | None:
    if _TIMES.search(line) or _NUMBER.fullmatch(line) or _SETTING.fullmatch(line):
        return None
    if line.startswith("["):
        return None  # sections of SubStation Alpha, and what is heard besides words
    if dialogue := _DIALOGUE.fullmatch(line):
        line = dialogue["text"].replace(r"\N", " ").replace(r"\n", " ")
    elif re.match(r"(Format|Style|Comment|ScriptType|PlayRes[XY]|Title):", line):
        return None
    return _SPACES.sub(" ", html.unescape(_TAG.sub("", line))).strip() or None


def _paragraphs(lines: list[str]) -> str:
    paragraphs: list[str] = []
    held: list[str] = []
    sentences = 0
    for line in lines:
        held.append(line)
        sentences += line.endswith(_ENDS)
        if sentences >= SENTENCES_A_PARAGRAPH:
            paragraphs.append(" ".join(held))
            held, sentences = [], 0
    if held:
        paragraphs.append(" ".join(held))
    return "\n\n".join(paragraphs)
