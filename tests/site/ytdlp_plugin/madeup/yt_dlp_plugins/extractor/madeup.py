"""Test extractors for the made-up web, loaded by yt-dlp from its plugin folders in tests only.

They give what the generic extractor cannot: paged channels, formats to merge, chapters, subtitles, upcoming videos,
and the errors that big sites answer with, in the words that yt-dlp uses for them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from yt_dlp.extractor.common import InfoExtractor  # type: ignore[import-untyped]
from yt_dlp.postprocessor import SponsorBlockPP  # type: ignore[import-untyped]
from yt_dlp.utils import (  # type: ignore[import-untyped]
    ExtractorError,
    OnDemandPagedList,
    UserNotLive,
)

# SponsorBlock knows YouTube; here it knows the made-up videos as well.
SponsorBlockPP.EXTRACTORS["MadeUpVideo"] = "YouTube"

_ROOT = r"(?P<root>https?://(?:127\.0\.0\.1|localhost|\[::1\])(?::\d+)?)"
_ERRORS = {
    "private": "Private video. Sign in if you've been granted access to this video",
    "members": "Join this channel to get access to members-only content like this video, and other exclusive perks.",
    "removed": "Video unavailable. This video has been removed by the uploader",
    "terminated": "Video unavailable. This video is no longer available because the account has been terminated.",
    "age": "Sign in to confirm your age. This video may be inappropriate for some users.",
    "bot": "Sign in to confirm you’re not a bot. Use --cookies-from-browser or --cookies for the authentication.",
    "ratelimited": "The current session has been rate-limited. Try again later.",
    "drm": "This video is DRM protected",
    "premiere": "Premieres in 2 hours",
    "live-soon": "This live event will begin in 2 hours.",
}


class MadeUpVideoIE(InfoExtractor):  # type: ignore[misc]
    """`/tube/{id}`: an ordinary video with everything; `/tube/error-{key}` fails with the words of `_ERRORS`."""

    _VALID_URL = _ROOT + r"/tube/(?P<id>[\w-]+)"

    def _real_extract(self, url: str) -> Any:
        root, video_id = self._match_valid_url(url).group("root", "id")
        if video_id == "error-geo":
            self.raise_geo_restricted(countries=["AT"])
        if video_id == "error-login":
            self.raise_login_required()
        if video_id == "error-offline":
            raise UserNotLive(video_id=video_id)
        if video_id.startswith("error-"):
            raise ExtractorError(_ERRORS[video_id.removeprefix("error-")], expected=True)
        info = self._download_json(f"{root}/tube-api/{video_id}.json", video_id)
        for item in info["formats"]:
            item["url"] = root + item["url"]
        for tracks in info["subtitles"].values():
            for track in tracks:
                if "url" in track:
                    track["url"] = root + track["url"]
        if info["thumbnail"]:
            info["thumbnail"] = root + info["thumbnail"]
        return info


class MadeUpAlbumIE(InfoExtractor):  # type: ignore[misc]
    """`/tube-album/{id}`: a list of some of the videos, with what it says of itself."""

    _VALID_URL = _ROOT + r"/tube-album/(?P<id>[\w-]+)"

    def _real_extract(self, url: str) -> Any:
        root, name = self._match_valid_url(url).group("root", "id")
        told = self._download_json(f"{root}/tube-album-api/{name}.json", name)
        if told.get("thumbnail"):
            told["thumbnail"] = root + told["thumbnail"]
        tracks = [self.url_result(f"{root}/tube/{one}", MadeUpVideoIE, one) for one in told.pop("tracks")]
        return self.playlist_result(tracks, name, **told)


class MadeUpSearchURLIE(InfoExtractor):  # type: ignore[misc]
    """`/tube-search?q=`: what the site finds, as flat as YouTube tells its results."""

    _VALID_URL = _ROOT + r"/tube-search\?q=(?P<id>[^&]+)"

    def _real_extract(self, url: str) -> Any:
        root, words = self._match_valid_url(url).group("root", "id")
        found = self._download_json(f"{root}/tube-search-api?q={words}", words)
        results = [self.url_result(f"{root}/tube/{one.pop('id')}", MadeUpVideoIE, **one) for one in found]
        return self.playlist_result(results, words, words)


class MadeUpChannelIE(InfoExtractor):  # type: ignore[misc]
    """`/tube-channel/{name}`: the channel's items, newest first, 30 a request, as lazily as they are wanted."""

    _VALID_URL = _ROOT + r"/tube-channel/(?P<id>[\w-]+)"

    def _real_extract(self, url: str) -> Any:
        root, name = self._match_valid_url(url).group("root", "id")

        def page(number: int) -> Iterator[Any]:
            listing = self._download_json(
                f"{root}/channels/{name}/items.json",
                name,
                query={"page": number + 1},
                note=f"Page {number + 1}",
            )
            for item in listing["items"]:
                yield self.url_result(
                    f"{root}/tube/{item['id']}", MadeUpVideoIE, item["id"], item["title"],
                    timestamp=item["timestamp"], duration=item["duration"],
                )  # fmt: skip

        return self.playlist_result(OnDemandPagedList(page, 30), name, f"The channel {name}")
