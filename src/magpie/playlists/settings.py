"""The settings of playlists: where their sources are asked, a media server for everybody, and a downloader."""

from __future__ import annotations

import re

from pydantic import BaseModel, field_validator

from magpie.setting import base_address, setting


class PlaylistSettings(BaseModel):
    """Part of `config.Settings`."""

    # Sources of playlists.
    netease_url: str = setting(
        "https://music.163.com", "NetEase Cloud Music's web API, or what stands in for it.", runtime=True
    )
    netease_short_url: str = setting(
        "https://163cn.tv", "The host of NetEase's short links, or what stands in for it.", runtime=True
    )
    qq_url: str = setting(
        "https://u.y.qq.com",
        "QQ Music's API (`/cgi-bin/musicu.fcg`), or what stands in for it.",
        runtime=True,
    )
    qq_legacy_url: str = setting(
        "https://c.y.qq.com",
        "QQ Music's older API (`cdlist`), which is asked when the other one refuses; or what stands in for it.",
        runtime=True,
    )
    qq_short_url: str = setting(
        "https://c6.y.qq.com", "The host of QQ Music's short links, or what stands in for it.", runtime=True
    )
    spotify_url: str = setting(
        "https://open.spotify.com",
        "Spotify's pages, read without keys; or what stands in for them.",
        runtime=True,
    )
    spotify_api_url: str = setting(
        "https://api.spotify.com", "Spotify's Web API, or what stands in for it.", runtime=True
    )
    spotify_accounts_url: str = setting(
        "https://accounts.spotify.com", "Where tokens for Spotify's Web API are given out.", runtime=True
    )
    spotify_short_url: str = setting(
        "https://spotify.link", "The host of Spotify's short links, or what stands in for it.", runtime=True
    )
    spotify_client_id: str = setting(
        "", "Client ID of an app at Spotify: with it and its secret the Web API is asked.", runtime=True
    )
    spotify_client_secret: str = setting("", "Secret of that app.", secret=True, runtime=True)
    ytmusic_url: str = setting(
        "https://music.youtube.com", "YouTube Music, or what stands in for it.", runtime=True
    )
    deezer_url: str = setting(
        "https://api.deezer.com", "Deezer's API, or what stands in for it.", runtime=True
    )
    deezer_short_url: str = setting(
        "https://link.deezer.com", "The host of Deezer's short links, or what stands in for it.", runtime=True
    )
    listenbrainz_url: str = setting(
        "https://api.listenbrainz.org", "ListenBrainz' API, or what stands in for it.", runtime=True
    )
    listenbrainz_token: str = setting(
        "",
        "Token of a user at ListenBrainz, for playlists that are private there.",
        secret=True,
        runtime=True,
    )
    apple_music_url: str = setting(
        "https://music.apple.com", "Apple Music's pages, or what stands in for them.", runtime=True
    )
    # Media servers.
    plex_url: str = setting(
        "",
        "Address of a Plex server for everybody's playlists; with its token it appears among the servers, locked.",
        "PLEX_URL",
        runtime=False,
    )
    plex_token: str = setting("", "Token of that Plex server.", "PLEX_TOKEN", secret=True, runtime=False)
    # Missing songs.
    downloader_api_key: str = setting(
        "",
        "Key of the external downloader of missing songs, for those superusers who have not saved one of their own.",
        "DOWNLOADER_API_KEY",
        secret=True,
        runtime=False,
    )

    @field_validator(
        "netease_url",
        "netease_short_url",
        "qq_url",
        "qq_legacy_url",
        "qq_short_url",
        "spotify_url",
        "spotify_api_url",
        "spotify_accounts_url",
        "spotify_short_url",
        "ytmusic_url",
        "deezer_url",
        "deezer_short_url",
        "listenbrainz_url",
        "apple_music_url",
    )
    @classmethod
    def _base_address(cls, value: str) -> str:
        return base_address(value)

    @field_validator("plex_url")
    @classmethod
    def _plex_url(cls, value: str) -> str:
        if value and not re.fullmatch(r"https?://[^\s/@?#]+(/[^\s?#]*)?", value):
            raise ValueError("must be an address such as http://plex.example:32400")
        return value
