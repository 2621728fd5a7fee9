"""The parts of a list, and what the list says of each: of one that was pasted, and of one that is followed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from magpie.downloads.addresses import clean_address
from magpie.downloads.extractors.listing import ALBUM_FACTS
from magpie.downloads.extractors.port import Entry, IsAList
from magpie.downloads.extractors.titles import clean_facts, clean_text


def places_in(found: IsAList) -> list[tuple[str, dict[str, Any]]]:
    """The addresses of a list's parts, each with its hints (`Request.hints`).

    They are `list_title` and `list_index` (from 1) for every list; for an album also `album`, `track_number`,
    `track_count` and whatever else holds for all of it.
    """
    title, count, album = clean_text(found.title) or None, len(found.entries), clean_facts(found.album)
    places = []
    for number, entry in enumerate(found.entries, 1):
        if (url := _address_of(entry)) is not None:
            hints = {"list_title": title, "list_index": number}
            places.append(
                (url, hints | {"track_number": number, "track_count": count} | album if album else hints)
            )
    return places


def hints_of(facts: Mapping[str, Any]) -> dict[str, Any] | None:
    """The hints of a followed list's entry with these facts (`ListedEntry.facts`); None if its list is no album."""
    found = {name: facts[name] for name in ALBUM_FACTS if facts.get(name) is not None}
    return found if "album" in found else None


def _address_of(entry: Entry) -> str | None:
    """The entry's address as a person may paste it; None for anything else that a site lists."""
    try:
        return clean_address(entry.url)
    except ValueError:
        return None
