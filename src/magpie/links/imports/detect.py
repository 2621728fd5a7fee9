"""What a file is, told from what is in it: names of files say little, and in every language something else."""

from __future__ import annotations

from magpie.kit.errors import RuleBroken
from magpie.links.imports import documents, lines, opml, tables
from magpie.links.imports.reading import Reading, decoded, is_address


def read(data: bytes) -> Reading:
    """All that the file holds. Raises `RuleBroken` for a file that is none of the known kinds."""
    text = decoded(data)
    beginning = text.lstrip("\ufeff \t\r\n")[:1]
    if not beginning:
        raise RuleBroken("This file is empty.", "body", "file", code="import_empty")
    if beginning == "<":
        # Decoded already: the declaration need not be believed, and a mark at the beginning is gone.
        return opml.read(_undeclared(text).encode(errors="replace"))
    if beginning in "[{":
        return _with_something(documents.read(text))
    if lines.looks_like_an_archive(text):
        return lines.read_archive(text)
    return _with_something(tables.read(text) if _is_table(text) else lines.read_list(text))


def _with_something(reading: Reading) -> Reading:
    if not reading.found:
        raise RuleBroken(
            "Nothing to follow was found. Known are OPML, YouTube's subscriptions.csv, lists of addresses, "
            "yt-dlp's archives, and the JSON and CSV exports of other programs.",
            "body",
            "file",
            code="import_nothing",
        )
    return reading


def _is_table(text: str) -> bool:
    """Whether the first lines have columns, which lines that begin with an address have not."""
    first = [line for line in text[:20_000].splitlines() if line.strip()][:5]
    divided = [line for line in first if any(sign in line for sign in ",;\t")]
    return len(divided) == len(first) and not (is_address(first[0]) and " " in first[0].split(",")[0])


def _undeclared(text: str) -> str:
    text = text.lstrip("\ufeff \t\r\n")
    if text.startswith("<?xml"):
        return text.partition("?>")[2]
    return text
