"""What is at an address, with yt-dlp: flat, and as lazily as its extractors are.

yt-dlp's own `--flat-playlist` keeps every entry and runs each through its templates. Here the extractors' results
are walked as they come (`process=False`), so entries leave while the next page loads, and memory stays small.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from yt_dlp.utils import ExtractorError, PagedList, YoutubeDLError  # type: ignore[import-untyped]

from magpie.downloads.extractors.listing import Listing, ListOrder, ListSession
from magpie.downloads.extractors.port import NotMine
from magpie.downloads.extractors.stop import Reporter
from magpie.downloads.extractors.ytdlp.albums import album_of
from magpie.downloads.extractors.ytdlp.downloader import GENERIC, Downloader, specific_extractor
from magpie.downloads.extractors.ytdlp.entries import address_of, is_list, listed_entry, search_facts
from magpie.downloads.extractors.ytdlp.errors import diagnose
from magpie.downloads.extractors.ytdlp.job import UNKNOWN_PAGE, without_programs
from magpie.downloads.extractors.ytdlp.options import SOCKET_SECONDS
from magpie.downloads.extractors.ytdlp.source import is_tabbed, source_of
from magpie.downloads.failures import DownloadFailure, Reason

MAX_HOPS = 5  # from address to address until something is there
MAX_DEPTH = 3  # lists within lists
MAX_LISTS = 500


def list_entries(order: ListOrder, session: ListSession) -> Listing:
    """Raises as `Lister.list_entries`."""
    reader = Reader(order, session)
    try:
        with without_programs():
            return Walk(order, session, reader).run()
    except YoutubeDLError as error:
        failure = diagnose(error, [*reader.log.warnings, *reader.log.errors])
        if failure.reason in UNKNOWN_PAGE and specific_extractor(_wanted(order)) is None:
            raise NotMine from error
        raise failure from error
    finally:
        reader.hang_up()


def parameters(order: ListOrder) -> dict[str, Any]:
    """The parameters of `YoutubeDL` for one listing; nothing is downloaded or written."""
    return {
        "quiet": True,
        "noprogress": True,
        "color": "never",
        "ignoreerrors": False,
        "cachedir": False,
        "enable_file_urls": False,
        "usenetrc": False,
        "proxy": order.proxy,
        "cookiefile": str(order.cookies) if order.cookies else None,
        "socket_timeout": SOCKET_SECONDS,
        "extractor_retries": 2,
        "sleep_interval_requests": order.request_delay,
        "js_runtimes": {"deno": {"path": order.deno}} if order.deno else {},
        "remote_components": [],
        "extract_flat": True,
        "lazy_playlist": True,
        "ignore_no_formats_error": True,  # a premiere has none yet
        "extractor_args": {"youtubetab": {"approximate_date": [""]}},
    }


class Reader(Downloader):
    """A `YoutubeDL` whose requests are counted."""

    def __init__(self, order: ListOrder, session: ListSession) -> None:
        self._list_session = session
        super().__init__(parameters(order), _Nothing())

    def urlopen(self, req: Any) -> Any:
        self._list_session.requested()
        return super().urlopen(req)

    def hang_up(self) -> None:
        """Close the connections: this process may have more to list. The original's `close` writes cookies, too."""
        if "_request_director" in self.__dict__:
            self._request_director.close()


class _Nothing:
    """The session of a `Downloader` that downloads nothing."""

    def stage(self, stage: object) -> None: ...

    def found(self, medium: object) -> None: ...

    def progress(
        self, downloaded: int, total: object = None, speed: object = None, eta: object = None
    ) -> None: ...

    def should_finish(self) -> bool:
        return False


@dataclass(slots=True)
class _End:
    """How one list ended. `fresh`: it had entries that were not known."""

    complete: bool = True
    reached_known: bool = False
    fresh: bool = False


class Walk:
    """One listing. Entries are reported once, in the order in which the site gives them."""

    def __init__(self, order: ListOrder, session: ListSession, reader: Reader) -> None:
        self._order = order
        self._session = session
        self._reader = reader
        self._reporter = Reporter(order, session)
        self._lists = 0

    def run(self) -> Listing:
        info = self._resolve(_wanted(self._order), None)
        if not _has_entries(info):
            return self._single(info)
        self._session.source(source_of(info, self._order))
        end = self._list(info, depth=1)
        if not self._reporter.count and specific_extractor(_wanted(self._order)) is None:
            raise NotMine  # nothing that could be saved by its address
        return Listing(end.complete, end.reached_known)

    def _single(self, info: dict[str, Any]) -> Listing:
        """A single medium is a list of one."""
        self._require_medium(info)
        entry = listed_entry(info, self._order.url)
        if entry is None:
            raise DownloadFailure(Reason.NO_MEDIA)
        self._session.source(source_of(info, self._order))
        self._reporter.report([entry])
        return self._reporter.listing(ran_out=True)

    def _require_medium(self, info: dict[str, Any]) -> None:
        """Raises what yt-dlp would have raised for a medium without formats, unless it is yet to come."""
        formats = info.get("formats") or info.get("url") or info.get("_type") == "multi_video"
        if not formats and info.get("live_status") != "is_upcoming":
            log = self._reader.log
            raise diagnose(ExtractorError("No video formats found!"), [*log.warnings, *log.errors])
        if info.get("direct") and info.get("ext") == "unknown_video":
            raise NotMine  # a guess: neither a page nor known media

    def _resolve(self, url: str, key: str | None) -> dict[str, Any]:
        """The extractor's result for an address, once it is no longer another address."""
        for _ in range(MAX_HOPS):
            info = self._reader.extract_info(
                url, download=False, process=False, ie_key=key or specific_extractor(url) or GENERIC
            )
            if info is None:
                raise DownloadFailure(Reason.NO_MEDIA)
            if info.get("_type", "video") not in ("url", "url_transparent"):
                found: dict[str, Any] = info
                return found
            url, key = info["url"], info.get("ie_key")
        raise DownloadFailure(Reason.SITE_ERROR, "it leads from address to address")

    def _list(self, info: dict[str, Any], depth: int) -> _End:
        """Walk one list to its end, to known entries, or to the limit."""
        self._lists += 1
        end, stale_lists = _End(), 0
        page = str(info.get("webpage_url") or self._order.url)
        self._reporter.known_in_a_row = 0
        start, entries = self._entries_of(info)
        album = album_of(info)
        count = len(entries) if isinstance(entries, list) else info.get("playlist_count")
        for number, found in enumerate(entries, start + 1):
            if not isinstance(found, dict):
                continue
            entry = found
            if self._order.search is not None and is_list(entry):
                continue  # an album or a channel is no answer to a question for a medium
            if depth < MAX_DEPTH and is_list(entry):
                inner = self._tolerated(entry, page, depth)
                stale_lists = 0 if inner.fresh or not inner.reached_known else stale_lists + 1
                _merge(end, inner)
                going_on = is_tabbed(info) or stale_lists <= self._order.stop_after
            else:
                place = album | {"track_number": number, "track_count": count} if album else {}
                if self._order.search is not None:
                    entry = self._known_better(entry)
                    place = search_facts(entry)
                going_on = self._report(entry, page, end, place)
            if not going_on or self._reporter.exhausted:
                end.complete = False
                break
        return end

    def _known_better(self, entry: dict[str, Any]) -> dict[str, Any]:
        """A result of which its search tells nothing but the address (Bilibili's), with what its page says."""
        address = address_of(entry)
        if entry.get("title") or address is None:
            return entry
        try:
            return self._resolve(address, entry.get("ie_key"))
        except YoutubeDLError:  # it is only one of several
            return entry

    def _tolerated(self, entry: dict[str, Any], page: str, depth: int) -> _End:
        """A list within the list; one that is private, gone or the like does not spoil the others."""
        try:
            return self._inner_list(entry, page, depth)
        except YoutubeDLError as error:
            failure = diagnose(error, [*self._reader.log.warnings, *self._reader.log.errors])
            if failure.diagnosis.transient:
                raise failure from error
            return _End(complete=False)

    def _inner_list(self, entry: dict[str, Any], page: str, depth: int) -> _End:
        """A list within the list: a channel's tab, an artist's album."""
        if self._lists >= MAX_LISTS:
            return _End(complete=False)
        if _has_entries(entry):
            return self._list(entry, depth + 1)
        address = address_of(entry)
        if address is None:
            return _End()
        info = self._resolve(address, entry.get("ie_key"))
        if _has_entries(info):
            return self._list(info, depth + 1)
        end = _End()
        self._report(info, page, end)
        return end

    def _entries_of(self, info: dict[str, Any]) -> tuple[int, Iterable[Any]]:
        """The entries, as lazily as they come, and how many were passed over: pages that are skipped whole are not
        asked for."""
        entries = info["entries"]  # whether there are any is not asked: that would load the first page
        if not isinstance(entries, PagedList):
            return 0, entries
        entries._use_cache = False  # or it keeps every page
        start = 0
        if self._lists == 1:
            start, self._reporter.to_skip = self._reporter.to_skip, 0
        return start, entries._getslice(start, None)

    def _report(
        self, info: dict[str, Any], page: str, end: _End, place: dict[str, Any] | None = None
    ) -> bool:
        """Report one entry; False if its list is to end here. `place`: what its album says of it, `ALBUM_FACTS`."""
        entry = listed_entry(info, address_of(info), page=page)
        if entry is None:
            return True
        if place:
            entry = replace(entry, facts=entry.facts | place)
        fresh = self._reporter.fresh
        going_on = self._reporter.report([entry])
        end.fresh = end.fresh or self._reporter.fresh > fresh
        end.reached_known = end.reached_known or self._reporter.reached_known
        return going_on


def _wanted(order: ListOrder) -> str:
    return order.search or order.url


def _has_entries(info: dict[str, Any]) -> bool:
    return info.get("_type") in ("playlist", "compat_list") and info.get("entries") is not None


def _merge(end: _End, inner: _End) -> None:
    end.complete = end.complete and inner.complete
    end.reached_known = end.reached_known or inner.reached_known
    end.fresh = end.fresh or inner.fresh
