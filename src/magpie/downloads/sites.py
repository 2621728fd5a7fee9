"""Sites: which hosts belong together, for pacing, concurrency and cookies."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Site:
    """A site by name, and the hosts that it is; their subdomains are included."""

    name: str
    hosts: tuple[str, ...]

    def covers(self, host: str) -> bool:
        return any(host == known or host.endswith(f".{known}") for known in self.hosts)


KNOWN_SITES: tuple[Site, ...] = (
    Site("youtube", ("youtube.com", "youtu.be", "youtube-nocookie.com", "googlevideo.com")),
    Site("bilibili", ("bilibili.com", "b23.tv", "bilivideo.com")),
    Site("soundcloud", ("soundcloud.com",)),
    Site("bandcamp", ("bandcamp.com",)),
    Site("vimeo", ("vimeo.com",)),
    Site("twitch", ("twitch.tv",)),
    Site("tiktok", ("tiktok.com",)),
    Site("instagram", ("instagram.com",)),
    Site("x", ("x.com", "twitter.com")),
    Site("reddit", ("reddit.com", "redd.it")),
    Site("pixiv", ("pixiv.net",)),
    Site("netease", ("music.163.com", "163cn.tv")),
    Site("qqmusic", ("y.qq.com",)),
)


def site_of(url: str, sites: list[Site] | None = None) -> str:
    """The site's name for an address: a known site's, otherwise the host without `www.`."""
    host = (urlsplit(url).hostname or "").lower().rstrip(".")
    for site in sites if sites is not None else KNOWN_SITES:
        if site.covers(host):
            return site.name
    return host.removeprefix("www.") or "unknown"
