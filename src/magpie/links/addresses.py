"""When two addresses mean the same source, and how text is folded for searching. Pure."""

from __future__ import annotations

import re
import unicodedata
from contextlib import suppress
from hashlib import sha256
from urllib.parse import SplitResult, parse_qsl, unquote, urlencode, urlsplit

# Parameters that say how somebody came by an address, not what it is.
_TRACKING = re.compile(
    r"utm_.*|fbclid|gclid|dclid|msclkid|yclid|igshid|igsh|mc_[ce]id|_hs(enc|mi)|spm|spm_id_from|vd_source"
    r"|share_(source|medium|plat|session_id|tag|times)|from_(source|spmid)|ref_(src|url)|s_kwcid"
)
_PORTS = {"http": 80, "https": 443}
_SAME_HOSTS = {
    "m.youtube.com": "youtube.com",
    "music.youtube.com": "youtube.com",
    "youtube-nocookie.com": "youtube.com",
    "m.bilibili.com": "bilibili.com",
    "m.soundcloud.com": "soundcloud.com",
    "mobile.twitter.com": "x.com",
    "twitter.com": "x.com",
}
_YOUTUBE_NOISE = frozenset(
    {"si", "feature", "pp", "ab_channel", "app", "sub_confirmation", "view", "sort", "flow"}
)
# Pages of a channel: what is followed is the channel, unless one of its lists is named.
_YOUTUBE_OVERVIEWS = frozenset({"featured", "about", "community", "posts", "channels", "store"})


def address_key(url: str) -> str:
    """32 hex digits that are the same for all spellings of one source's address."""
    return sha256(normalised(url).encode(errors="surrogatepass")).hexdigest()[:32]


def normalised(url: str) -> str:
    """One spelling of an address for comparing; nothing is fetched from it.

    Scheme, `www.`, default ports, trailing slashes, fragments (but for routes), the order of parameters and tracking
    parameters make no difference; YouTube's several addresses of one thing become one.
    """
    parts = urlsplit(url.strip())
    try:
        port = parts.port
    except ValueError:
        port = None
    host = _host(parts)
    query = [
        (name, value)
        for name, value in parse_qsl(parts.query, keep_blank_values=True)
        if not _TRACKING.fullmatch(name.lower())
    ]
    # A slash that is written as %2F is none.
    path = unquote(re.sub("%2f", "%252F", parts.path, flags=re.IGNORECASE), errors="surrogateescape").rstrip(
        "/"
    )
    if host == "youtu.be":
        host, path, query = "youtube.com", "/watch", [("v", path.strip("/")), *query]
    if host == "youtube.com":
        path, query = _youtube(path, query)
    own_port = f":{port}" if port is not None and port != _PORTS.get(parts.scheme.lower()) else ""
    tail = f"?{urlencode(sorted(query), errors='surrogatepass')}" if query else ""
    route = f"#{parts.fragment}" if hash_route(parts.fragment) else ""
    return f"{host}{own_port}{path}{tail}{route}"


def hash_route(fragment: str) -> bool:
    """Whether a fragment names a page of its own (`#/playlist?id=1`, `#!/a`), and not a place in one."""
    return fragment.startswith(("/", "!/"))


def _host(parts: SplitResult) -> str:
    host = (parts.hostname or "").rstrip(".").removeprefix("www.")
    if not host.isascii():
        with suppress(UnicodeError):
            host = host.encode("idna").decode()
    return _SAME_HOSTS.get(host, host)


def _youtube(path: str, query: list[tuple[str, str]]) -> tuple[str, list[tuple[str, str]]]:
    query = [(name, value) for name, value in query if name not in _YOUTUBE_NOISE]
    names = dict(query)
    first, *rest = path.strip("/").split("/")
    if first in ("shorts", "live", "embed", "v") and len(rest) == 1:
        return "/watch", [("v", rest[0])]
    if first == "playlist" and "list" in names:
        return "/playlist", [("list", names["list"])]
    if first == "watch" and "v" in names:
        return "/watch", [("v", names["v"])]
    if first.startswith("@"):  # handles have no case: https://support.google.com/youtube/answer/11585688
        path = "/".join(["", first.lower(), *rest])
    if rest and rest[-1] in _YOUTUBE_OVERVIEWS:
        path = path.rsplit("/", 1)[0]
    return path, query


def folded(text: str) -> str:
    """Text without differences of case and of compatibility forms (full-width letters, ligatures)."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())


def searchable(name: str, url: str, *tags: str) -> str:
    """What a search looks at: in an address also its readable form; each tag stands on a line of its own."""
    lines = [" ".join(name.split()), url, unquote(url, errors="replace").replace("\n", " ")]
    return "".join([*(f"{folded(line)}\n" for line in lines), "\n", *(tag_line(tag) for tag in tags)])


def tag_line(tag: str) -> str:
    """A tag as `searchable` holds it."""
    return f"\n#{folded(tag)}\n"
