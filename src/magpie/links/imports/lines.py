"""Text with a thing in each line: addresses, or a yt-dlp archive."""

from __future__ import annotations

import re

from magpie.links.imports.reading import Kind, Reading, Trouble, address_of_id, is_address

MAX_KEY = 255  # the width of a source key's column
# `youtube dQw4w9WgXcQ`: https://github.com/yt-dlp/yt-dlp, `--download-archive`
_ARCHIVED = re.compile(r"([A-Za-z0-9_:.+-]{1,64}) (\S.*)")


def looks_like_an_archive(text: str) -> bool:
    """Whether nearly all of its first lines are an extractor's name and an id."""
    lines = [line.strip() for line in text[:20_000].splitlines()[:200] if line.strip()]
    known = sum(bool(_ARCHIVED.fullmatch(line)) and len(line.split()) == 2 for line in lines)
    return bool(lines) and known >= 0.9 * len(lines)


def read_archive(text: str) -> Reading:
    """Every medium that the archive names."""
    reading = Reading(Kind.ARCHIVE)
    seen: set[str] = set()
    for number, line in enumerate(text.splitlines(), 1):
        entry = line.strip()
        if not entry:
            continue
        match = _ARCHIVED.fullmatch(entry)
        if match is None or len(entry) > MAX_KEY or not entry.isprintable():
            reading.problem(Trouble.NOT_ARCHIVE, "This line is not one of an archive.", number, entry)
            continue
        key = f"{match[1].lower()} {match[2]}"
        if key not in seen:
            seen.add(key)
            reading.archive(key)
    return reading


def read_list(text: str) -> Reading:
    """Every line with an address, or with the id of a YouTube channel or playlist; `#` begins a comment."""
    reading = Reading(Kind.LIST)
    for number, line in enumerate(text.splitlines(), 1):
        entry = line.strip()
        if not entry or entry.startswith(("#", ";", "]")):  # as in yt-dlp's batch files
            continue
        address, _, rest = entry.partition(" ")
        url = address if is_address(address) else address_of_id(address)
        if url is None:
            reading.problem(Trouble.NO_ADDRESS, "There is no address in this line.", number, entry)
            continue
        reading.add(url, rest.strip().removeprefix("#").strip() or None, number)
    return reading
