"""A song as YouTube Music's page shows it: columns of texts, told apart by where their links lead."""

from __future__ import annotations

from typing import Any

from magpie.playlists.sources import reading
from magpie.playlists.tracks import Track

_GREY = "MUSIC_ITEM_RENDERER_DISPLAY_POLICY_GREY_OUT"
_ARTIST = frozenset({"MUSIC_PAGE_TYPE_ARTIST", "MUSIC_PAGE_TYPE_UNKNOWN"})
_ALBUM = frozenset({"MUSIC_PAGE_TYPE_ALBUM", "MUSIC_PAGE_TYPE_AUDIOBOOK"})
_CHANNEL = "MUSIC_PAGE_TYPE_USER_CHANNEL"
_PAGE = ("browseEndpointContextSupportedConfigs", "browseEndpointContextMusicConfig", "pageType")
_PLAY = ("overlay", "musicItemThumbnailOverlayRenderer", "content", "musicPlayButtonRenderer")
_DELETED = "Song deleted"


def track(row: dict[str, Any]) -> Track | None:
    """The song; None for one that was deleted, of which nothing is left."""
    columns = [_runs(column, "Flex") for column in reading.rows(row.get("flexColumns"))]
    title = _text(columns[0]) if columns else ""
    if not title or title == _DELETED:
        return None
    name = _video(row)
    album = _album(columns)
    return Track(
        id=name or title[: reading.MAX_ID],
        title=title,
        artists=_artists(columns),
        album=album,
        duration=_duration(row, columns),
        source="ytmusic",
        source_id=name,
        url=f"https://music.youtube.com/watch?v={name}" if name else None,
        cover_url=reading.web_url(
            reading.dig(row, "thumbnail", "musicThumbnailRenderer", "thumbnail", "thumbnails", -1, "url")
        ),
        is_available=row.get("musicItemRendererDisplayPolicy") != _GREY,
    )


def is_deleted(row: dict[str, Any]) -> bool:
    """Whether the row stands for a song that was deleted."""
    columns = reading.rows(row.get("flexColumns"))
    return bool(columns) and _text(_runs(columns[0], "Flex")) == _DELETED


def _runs(column: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    return reading.rows(reading.dig(column, f"musicResponsiveListItem{kind}ColumnRenderer", "text", "runs"))


def _text(runs: list[dict[str, Any]]) -> str:
    return reading.clean("".join(text for run in runs if isinstance(text := run.get("text"), str)))


def _page(run: dict[str, Any]) -> str | None:
    found = reading.dig(run, "navigationEndpoint", "browseEndpoint", *_PAGE)
    return found if isinstance(found, str) else None


def _artists(columns: list[list[dict[str, Any]]]) -> tuple[str, ...]:
    """The column with an artist's page, else with a channel's, else the one behind the title."""
    for kinds in (_ARTIST, {_CHANNEL}):
        for runs in columns[1:]:
            if any(_page(run) in kinds for run in runs):
                return _names(runs)
    behind = columns[1] if len(columns) > 1 else []
    return _names(behind) if behind and reading.clock(_text(behind)) is None else ()


def _names(runs: list[dict[str, Any]]) -> tuple[str, ...]:
    """Names stand at even places, between them `, ` and ` & `."""
    return reading.names([run.get("text") for run in runs[::2]])


def _album(columns: list[list[dict[str, Any]]]) -> str | None:
    for runs in columns[1:]:
        if any(_page(run) in _ALBUM for run in runs):
            return _text(runs) or None
    last = columns[2] if len(columns) > 2 else []  # of a song that is not to be had nothing leads anywhere
    plain = _text(last) if last and not any(_page(run) for run in last) else ""
    return (
        plain if plain and reading.clock(plain) is None and not plain.endswith((" views", " plays")) else None
    )


def _duration(row: dict[str, Any], columns: list[list[dict[str, Any]]]) -> float | None:
    for column in reading.rows(row.get("fixedColumns")):
        simple = reading.dig(column, "musicResponsiveListItemFixedColumnRenderer", "text", "simpleText")
        found = reading.clock(simple or _text(_runs(column, "Fixed")))
        if found:
            return found
    return next((found for runs in columns[1:] if (found := reading.clock(_text(runs)))), None)


def _video(row: dict[str, Any]) -> str | None:
    """The id of what is played; of a song that cannot be played, the one that could be taken out of the list."""
    found = reading.key(reading.dig(row, *_PLAY, "playNavigationEndpoint", "watchEndpoint", "videoId"))
    found = found or reading.key(reading.dig(row, "playlistItemData", "videoId"))
    for item in reading.rows(reading.dig(row, "menu", "menuRenderer", "items")):
        edit = reading.dig(item, "menuServiceItemRenderer", "serviceEndpoint", "playlistEditEndpoint")
        found = found or reading.key(reading.dig(edit, "actions", 0, "removedVideoId"))
    return found
