"""JSON: exports of NewPipe, FreeTube, TubeSync and Tube Archivist, and lists of whatever names addresses."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from magpie.kit.errors import RuleBroken
from magpie.links.imports.reading import Kind, Reading, Trouble, address_of_id, is_address

MAX_DEPTH = 8
_ADDRESSES = (
    "original_url",
    "url",
    "channel_url",
    "playlist_url",
    "link",
    "feed_url",
    "xmlUrl",
    "webpage_url",
)
_IDS = ("channel_id", "playlist_id", "id", "key", "collection_id", "youtube_id")
_NAMES = ("custom_name", "name", "channel_name", "playlist_name", "title", "author", "text")
# TubeSync's kinds of sources (`c`: channel by name, `i`: channel by id, `p`: playlist) and their addresses:
# https://github.com/meeb/tubesync, tubesync/sync/models
_TUBESYNC = {
    "c": "https://www.youtube.com/c/{}",
    "i": "https://www.youtube.com/channel/{}",
    "p": "https://www.youtube.com/playlist?list={}",
}


def read(text: str) -> Reading:
    """Every source that is named anywhere in the document, or in a document a line. Raises `RuleBroken`."""
    reading = Reading(Kind.JSON)
    for line, document in _documents(text, reading):
        _walk(document, reading, line, 0)
    return reading


def _documents(text: str, reading: Reading) -> Iterator[tuple[int | None, Any]]:
    try:
        yield None, json.loads(text)
        return
    except RecursionError as error:
        raise _not_json("it is nested too deeply") from error
    except ValueError as error:
        lines = [line for line in text.splitlines() if line.strip()]
        if len(lines) < 2 or not lines[0].strip().endswith("}"):
            raise _not_json(f"it breaks off, or is of another kind ({_where(error)})") from error
    for number, line in enumerate(text.splitlines(), 1):  # FreeTube writes a document in each line
        if not line.strip():
            continue
        try:
            document = json.loads(line)
        except (ValueError, RecursionError):
            reading.problem(Trouble.NOT_JSON, "This line is not JSON.", number, line)
            continue
        yield number, document


def _where(error: ValueError) -> str:
    return f"line {error.lineno}" if isinstance(error, json.JSONDecodeError) else "a number that is too long"


def _not_json(why: str) -> RuleBroken:
    return RuleBroken(f"This file cannot be read as JSON: {why}.", "body", "file", code="import_not_json")


def _walk(value: Any, reading: Reading, line: int | None, depth: int) -> None:
    if depth > MAX_DEPTH:
        return
    if isinstance(value, str):
        if is_address(value):
            reading.add(value, None, line)
    elif isinstance(value, list):
        for inner in value:
            _walk(inner, reading, line, depth + 1)
    elif isinstance(value, dict):
        url = _address(value)
        if url is not None:
            reading.add(url, _text(value, _NAMES), line)
            return
        for inner in value.values():
            if isinstance(inner, dict | list):
                _walk(inner, reading, line, depth + 1)


def _address(record: dict[str, Any]) -> str | None:
    """The address that a record names; None for one that only holds others."""
    template = _TUBESYNC.get(str(record.get("source_type")))
    key = record.get("key")
    if template and isinstance(key, str) and key:
        return template.format(key)
    url = _text(record, _ADDRESSES)
    if url is not None and is_address(url):
        return url
    for name in _IDS:
        value = record.get(name)
        if isinstance(value, str) and (found := address_of_id(value)):
            return found
    return None


def _text(record: dict[str, Any], names: tuple[str, ...]) -> str | None:
    return next((text for name in names if isinstance(text := record.get(name), str) and text), None)
