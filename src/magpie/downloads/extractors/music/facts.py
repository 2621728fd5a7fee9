"""What is known of a track: the site's own fields first, then its list's, then what the title says.

All of it travels in `Medium.extra` under the names of yt-dlp, so that it is stored with the item.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from magpie.downloads.extractors.music.names import folded, is_topic, name
from magpie.downloads.extractors.music.numbers import isrc, place, place_of_how_many
from magpie.downloads.extractors.music.tags import SOURCE, Tags
from magpie.downloads.extractors.port import Kind, Medium, Request
from magpie.downloads.extractors.titles import clean_text

# What they hand out is music, whatever they call it.
MUSIC_SITES = frozenset(
    (
        "soundcloud", "bandcamp", "audiomack", "jamendo", "neteasemusic", "qqmusic", "kugou", "boomplaymusic",
        "yandexmusictrack", "jiosaavnsong", "monstercat", "reverbnation", "hearthisat", "zingmp3", "kuwo", "boomplay",
    )
)  # fmt: skip
# Plain files and pages: they have tags of their own, or are no music.
UNKNOWN_SITES = frozenset(("direct", "web", "webimages"))
VARIOUS = frozenset(
    folded(one)
    for one in (
        "Various Artists",
        "VA",
        "V.A.",
        "Various",
        "群星",
        "Verschiedene Interpreten",
        "Varios Artistas",
    )
)
MAX_NAMES = 50
_DAY = re.compile(r"(\d{4})(\d{2})(\d{2})")


def is_track(medium: Medium, request: Request) -> bool:
    """Whether a medium gets the names and tags of music: sound from a site, or any that was asked for as sound."""
    return medium.kind is Kind.AUDIO and (
        request.profile.kind == "audio" or medium.extractor not in UNKNOWN_SITES
    )


def with_list(medium: Medium, hints: Mapping[str, Any]) -> Medium:
    """The medium with what the album that it was listed in knows, where the medium itself does not."""
    if medium.kind is not Kind.AUDIO or not hints.get("album"):
        return medium
    extra = dict(medium.extra)
    for field in ("track_number", "track_count", "album_artist"):
        if not extra.get(field) and hints.get(field):
            extra[field] = hints[field]
    return replace(medium, album=medium.album or clean_text(str(hints["album"])), extra=extra)


def with_file(medium: Medium, tags: Mapping[str, list[str]]) -> Medium:
    """The medium with what its file's tags say, where nothing else does. `tags`: as `read_tags` gives them."""
    extra, is_plain = dict(medium.extra), medium.extractor in UNKNOWN_SITES
    track, tracks = place_of_how_many(_first(tags, "tracknumber"))
    disc, discs = place_of_how_many(_first(tags, "discnumber"))
    said = {
        # What another tool has written there came from the site, whose own fields are better.
        "artists": (tags.get("artists") or tags.get("artist")) if is_plain else None,
        "album_artists": tags.get("albumartists") or tags.get("albumartist"),
        "genres": tags.get("genre"),
        "composers": tags.get("composer"),
        "isrc": _first(tags, "isrc"),
        "track_number": track,
        "track_count": tracks or place_of_how_many(_first(tags, "tracktotal"))[0],
        "disc_number": disc,
        "disc_count": discs or place_of_how_many(_first(tags, "disctotal"))[0],
    }
    extra |= {key: value for key, value in said.items() if value and not extra.get(key)}
    album = medium.album or (clean_text(_first(tags, "album")) if is_plain else None)
    return replace(medium, album=album or None, extra=extra)


def named(medium: Medium, request: Request) -> Medium:
    """The medium under clean names, with the fields by which music is sorted."""
    extra = dict(medium.extra)
    said, track = _texts(extra.get("artists")), clean_text(_text(extra.get("track")))
    channel = _text(extra.get("channel")) or ("" if said else medium.artist or "")
    title, artist = medium.title, medium.artist
    if request.profile.clean_names and medium.extractor not in UNKNOWN_SITES:
        known = [clean_text(request.artist)] if request.artist else said
        found = name(track or title, channel, artists=known, is_music=_is_music(medium, channel))
        title, artist = found.title, found.artist or artist
        said = [*found.artists, *found.guests] or said
    title, artist = clean_text(request.title) or title, clean_text(request.artist) or artist
    artists = [clean_text(request.artist)] if request.artist else said or ([artist] if artist else [])
    extra["artists"] = artists[:MAX_NAMES]
    if request.artist:  # then all of it is theirs
        extra["album_artists"] = artists
    extra |= _album(medium, extra, artists)
    extra |= {"genre": _first_text(extra, "genres", "genre"), "isrc": isrc(extra.get("isrc"))}
    return replace(
        medium,
        title=title,
        artist=artist,
        extra={key: value for key, value in extra.items() if value not in (None, [])},
    )


def _is_music(medium: Medium, channel: str) -> bool:
    extra = medium.extra
    categories = [one.casefold() for one in _texts(extra.get("categories"))]
    told = "music" in categories or bool(extra.get("track")) or bool(medium.album)
    return told or is_topic(channel) or medium.extractor.partition(":")[0] in MUSIC_SITES


def _album(medium: Medium, extra: Mapping[str, Any], artists: list[str]) -> dict[str, Any]:
    """Whose album it is; without an album nobody's."""
    numbers = {
        key: place(extra.get(key)) for key in ("track_number", "track_count", "disc_number", "disc_count")
    }
    if not medium.album:
        return {**numbers, "album_artist": _first_text(extra, "album_artist")}
    owners = _texts(extra.get("album_artists"))
    owner = ", ".join(owners) or _first_text(extra, "album_artist") or (artists[0] if artists else None)
    return {**numbers, "album_artist": owner}


def tags_of(medium: Medium, lyrics: str | None = None) -> Tags:
    """What is written into the file of a medium that `named` has been through."""
    extra = medium.extra
    owner = _first_text(extra, "album_artist")
    owners = _texts(extra.get("album_artists")) or ([owner] if owner else [])
    number, disc = place(extra.get("track_number")), place(extra.get("disc_number"))
    artists = tuple(_texts(extra.get("artists")))
    return Tags(
        title=medium.title,
        artists=artists,
        artist=medium.artist or ", ".join(artists) or None,
        album=medium.album,
        album_artist=owner,
        album_artists=tuple(owners),
        number=(number, place(extra.get("track_count"))) if number else None,
        disc=(disc, place(extra.get("disc_count"))) if disc else None,
        date=date_of(medium),
        genres=tuple(_texts(extra.get("genres")) or _texts([extra.get("genre")])),
        composers=tuple(_texts(extra.get("composers")) or _texts([extra.get("composer")])),
        isrc=isrc(extra.get("isrc")),
        lyrics=lyrics,
        comment=medium.url,
        source=f"{medium.extractor} {medium.source_id}",
        is_compilation=bool(medium.album) and folded(owner or "") in VARIOUS,
    )


def date_of(medium: Medium) -> str | None:
    """When it was released, as exactly as that is known: `2026-02-03` or `2026`."""
    day = _DAY.fullmatch(str(medium.extra.get("release_date") or ""))
    if day:
        return "-".join(day.groups())
    year = medium.extra.get("release_year")
    if isinstance(year, int | float) and 1000 <= year <= 9999:
        return str(int(year))
    return medium.published_at[:10] if medium.published_at else None


def source_of(tags: Mapping[str, list[str]]) -> tuple[str, str] | None:
    """Extractor and id of a file that Magpie has tagged, as its item has them. `tags`: as `read_tags` gives them."""
    extractor, _, identity = (_first(tags, SOURCE.casefold()) or "").partition(" ")
    return (extractor, identity) if extractor and identity else None


def _first(tags: Mapping[str, list[str]], key: str) -> str | None:
    return next((value for value in tags.get(key, ()) if value), None)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _texts(values: Any) -> list[str]:
    """Distinct texts of a list, cleaned."""
    several: Iterable[Any] = values if isinstance(values, list | tuple) else ()
    cleaned = (clean_text(_text(value)) for value in several)
    return list(dict.fromkeys(one for one in cleaned if one))[:MAX_NAMES]


def _first_text(extra: Mapping[str, Any], *keys: str) -> str | None:
    for key in keys:
        value = extra.get(key)
        found = _texts(value if isinstance(value, list) else [value])
        if found:
            return found[0]
    return None
