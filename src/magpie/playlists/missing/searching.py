"""Where missing songs are looked for, and what a search's result is to the matcher."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote_plus, urlsplit

from magpie.downloads.addresses import clean_address
from magpie.downloads.extractors.listing import ListedEntry, ListOrder
from magpie.downloads.extractors.music.names import name
from magpie.downloads.extractors.port import Medium
from magpie.downloads.sites import site_of
from magpie.playlists.tracks import Track
from magpie.plugins import plugins

RESULTS = 6  # that are looked at, of each search
MAX_WORDS = 200  # characters that are searched for
WORDS = "{query}"  # in the address of a search page of somebody's own
LISTER = "ytdlp"
_CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af"
# Where a name stands in two scripts side by side: 周杰倫 Jay Chou.
_BETWEEN_SCRIPTS = re.compile(rf"(?<=[{_CJK}])\s+(?=[A-Za-z])|(?<=[A-Za-z.])\s+(?=[{_CJK}])")


@dataclass(frozen=True, slots=True)
class Search:
    """One search. `question` is yt-dlp's: a search of its own or an address, with the words and how many in it."""

    name: str
    title: str
    home: str
    question: str

    @property
    def site(self) -> str:
        return site_of(self.home, plugins().sites)

    def order(self, words: str, workdir: Path, pause: float) -> ListOrder:
        """What the lister is asked. `pause`: seconds between its requests."""
        is_page = "://" in self.question
        filled = self.question.replace("{count}", str(RESULTS))
        return ListOrder(
            url=self.home,
            workdir=workdir,
            limit=RESULTS,
            request_delay=pause,
            options={"lister": LISTER},
            search=filled.replace(WORDS, quote_plus(words) if is_page else words),
        )


# Best first: what labels publish, then what anybody does.
SHIPPED = {
    search.name: search
    for search in (
        Search(
            "ytmusic",
            "YouTube Music",
            "https://music.youtube.com/",
            "https://music.youtube.com/search?q={query}#songs",
        ),
        Search("youtube", "YouTube", "https://www.youtube.com/", "ytsearch{count}:{query}"),
        Search("soundcloud", "SoundCloud", "https://soundcloud.com/", "scsearch{count}:{query}"),
        Search("bilibili", "Bilibili", "https://www.bilibili.com/", "bilisearch{count}:{query}"),
    )
}


def checked(text: str) -> str:
    """The name of a search that ships, or the address of a search page with `{query}` in it. Raises `ValueError`."""
    said = text.strip()
    if said.lower() in SHIPPED:
        return said.lower()
    if WORDS not in said:
        known = ", ".join(SHIPPED)
        raise ValueError(f"use {known}, or a search page's address with {WORDS} where the words go")
    clean_address(said.replace(WORDS, "query"))
    if WORDS in urlsplit(said).netloc:
        raise ValueError("the words go behind the host")
    return said


def searches(chosen: Sequence[str]) -> list[Search]:
    """Those that are chosen, best first; all that ship if none is."""
    return [SHIPPED.get(text) or _own(text) for text in chosen] or list(SHIPPED.values())


def _own(text: str) -> Search:
    parts = urlsplit(text)
    return Search(text, parts.hostname or text, f"{parts.scheme}://{parts.netloc}/", text)


def words_of(song: Track) -> str:
    """What is searched for: the first artist, and the title. On one line, and nothing that reads as an option."""
    said = " ".join([*song.artists[:1], song.title])
    line = " ".join("".join(one if one.isprintable() else " " for one in said).split())
    return line.lstrip("-")[:MAX_WORDS]


def track_of_entry(entry: ListedEntry) -> Track:
    """A result as the matcher takes it: its artist and title out of what its uploader calls it."""
    facts = entry.facts
    channel = facts.get("channel") or facts.get("uploader")
    return _track(entry.url, facts.get("track") or entry.title, channel, facts.get("artists"), entry.duration)


def track_of_medium(medium: Medium) -> Track:
    """A medium that has been identified, as the matcher takes it."""
    extra = medium.extra
    channel = extra.get("channel") or extra.get("uploader") or medium.artist
    artists = extra.get("artists") or ([medium.artist] if medium.artist and not extra.get("channel") else [])
    return _track(medium.url, extra.get("track") or medium.title, channel, artists, medium.duration)


def _track(url: str, title: object, channel: object, artists: object, duration: float | None) -> Track:
    said = [one for one in artists if isinstance(one, str)] if isinstance(artists, list) else []
    found = name(str(title or ""), channel if isinstance(channel, str) else None, artists=said, is_music=True)
    singers = [part for one in (*found.artists, *found.guests) for part in _scripts(one)]
    aliases = tuple(_scripts(found.title)) if len(_scripts(found.title)) == 2 else ()
    return Track(url, found.title, tuple(singers), duration=duration, aliases=aliases)


def _scripts(text: str) -> list[str]:
    """A name in two scripts as two names; any other as it is."""
    parts = _BETWEEN_SCRIPTS.split(text)
    return parts if len(parts) == 2 else [text]
