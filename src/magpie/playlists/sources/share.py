"""From what somebody pasted to a playlist: the link in it, and where a short link leads.

Short links are followed by hand, one hop at a time. Each hop must lead to one of the platform's own hosts: a short
link that leads elsewhere is not followed, whatever it says.
"""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urljoin, urlsplit

from magpie.playlists.sources.fetching import Answer, Fetcher, failure_of
from magpie.playlists.sources.port import ShortLink, Source, SourceFailed, SourceRef

MAX_HOPS = 5
_MAX_PAGE = 256 << 10  # bytes of a page that are searched for the link that it leads to
_REDIRECTS = frozenset({301, 302, 303, 307, 308})


def recognise(text: str, sources: Iterable[Source]) -> SourceRef | None:
    """The first playlist that is named in a text, without asking anybody."""
    return next((ref for source in sources if (ref := source.recognise(text))), None)


def resolve(text: str, fetcher: Fetcher, sources: Iterable[Source]) -> SourceRef:
    """The playlist that a pasted text is about. Raises `SourceFailed`."""
    asked = list(sources)
    ref = recognise(text, asked)
    if ref is not None:
        return ref
    for source in asked:
        link = source.short_link(text)
        if link is not None:
            return follow(link, source, fetcher)
    raise SourceFailed("unreadable", "There is no link to a playlist in this text that Magpie knows.")


def follow(link: ShortLink, source: Source, fetcher: Fetcher) -> SourceRef:
    """Where a short link leads. Raises `SourceFailed`."""
    url = fetcher.url_of(link.service, link.path)
    hosts = (*link.hosts, urlsplit(url).netloc)
    for _ in range(MAX_HOPS):
        answer = fetcher.hop(url)
        target = _target(url, answer)
        ref = source.recognise(target)
        if ref is not None:
            return ref
        if answer.status not in _REDIRECTS:
            raise _lost(source) if answer.status == 200 else failure_of(answer)
        if not _is_own(target, hosts):
            raise SourceFailed(
                "refused", f"This short link leads away from {source.title}: it is not followed."
            )
        url = target
    raise _lost(source)


def _lost(source: Source) -> SourceFailed:
    return SourceFailed("unreadable", f"This short link does not lead to a playlist at {source.title}.")


def _target(url: str, answer: Answer) -> str:
    """Where an answer sends a browser: its `Location`, or whatever link its page holds."""
    if answer.status in _REDIRECTS:
        try:
            return urljoin(url, str(answer.headers.get("Location", "")))
        except ValueError:
            return ""
    return answer.body[:_MAX_PAGE].decode("utf-8", errors="replace") if answer.status == 200 else ""


def _is_own(url: str, hosts: Iterable[str]) -> bool:
    try:
        parts = urlsplit(url)
        plain = parts.scheme in ("http", "https") and not parts.username and parts.port in (None, 80, 443)
    except ValueError:
        return False
    host = parts.hostname or ""
    named = any(host == own or host.endswith(f".{own}") for own in hosts)
    return parts.netloc in hosts or (plain and named)
