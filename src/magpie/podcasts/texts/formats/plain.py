"""Plain text, subtitles and Markdown; the latter keeps its headings and loses its front matter, comments and addresses."""

from __future__ import annotations

import re
from pathlib import Path

from magpie.podcasts.texts.decoding import decode
from magpie.podcasts.texts.formats.raw import Raw

MAX_TITLE = 120  # characters of a first line that is a title
_FRONT = re.compile(r"\A---[ \t]*\n(.*?)\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_FIELD = re.compile(r"^(title|lang|language)[ \t]*:[ \t]*(.+?)[ \t]*$", re.MULTILINE | re.IGNORECASE)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_HEADING = re.compile(r"^#{1,2}[ \t]+(.+?)[ \t#]*$", re.MULTILINE)
_UNDERLINED = re.compile(r"^(?=\S)([^\n]{1,200})\n(=|-)\2{2,}[ \t]*$", re.MULTILINE)
_IMAGE = re.compile(r"!\[[^\]\n]*\]\([^)\n]*\)")
_LINK = re.compile(r"(?<!!)\[([^\]\n]+)\]\([^)\n]*\)")
_DEFINITION = re.compile(r"^\[[^\]\n]+\]:[ \t]+\S+.*$", re.MULTILINE)


def read_plain(path: Path, charset: str) -> Raw:
    """A text. Its first line is its title if it stands alone and does not end like a sentence."""
    text = decode(path.read_bytes(), charset).replace("\r\n", "\n").replace("\r", "\n")
    first, _, rest = text.strip().partition("\n")
    alone = not rest.strip() or rest.startswith("\n")
    is_title = alone and 0 < len(first.strip()) <= MAX_TITLE and first.strip()[-1] not in ".,;:!?…。，；"
    return Raw(_joined(text), first.strip() if is_title and rest.strip() else "")


def read_markdown(path: Path, charset: str) -> Raw:
    """Markdown. Links lose their addresses, which nobody wants to hear."""
    text = decode(path.read_bytes(), charset).replace("\r\n", "\n").replace("\r", "\n")
    facts: dict[str, str] = {}
    if front := _FRONT.match(text):
        facts = {name.lower(): value.strip("'\"") for name, value in _FIELD.findall(front[1])}
        text = text[front.end() :]
    text = _COMMENT.sub("", text)
    text = _UNDERLINED.sub(lambda found: f"{'#' if found[2] == '=' else '##'} {found[1]}", text)
    text = _DEFINITION.sub("", _LINK.sub(r"\1", _IMAGE.sub("", text)))
    heading = _HEADING.search(text)
    title = facts.get("title") or (heading[1] if heading else "")
    return Raw(text, title, facts.get("lang") or facts.get("language"))


def read_subtitles(path: Path, charset: str) -> Raw:
    """What is said in them, without the times."""
    from magpie.podcasts.making.subtitles import words_of

    return Raw(words_of(decode(path.read_bytes(), charset)))


def _joined(text: str) -> str:
    """Texts whose lines were broken at a width (letters, Project Gutenberg's books) as paragraphs.

    Only where nearly all lines are short, so that poems, lists and texts with a paragraph a line stay what they are.
    """
    lines = text.split("\n")
    full = [len(line) for line in lines if line.strip()]
    if len(full) < 10 or max(full) > 100 or "\n\n" not in text:
        return text
    wide = sum(1 for length in full if length >= 55)
    if wide * 2 < len(full):
        return text
    paragraphs = re.split(r"\n[ \t]*\n", text)
    return "\n\n".join(re.sub(r"[ \t]*\n[ \t]*", " ", one.strip("\n")) for one in paragraphs)
