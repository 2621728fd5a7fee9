"""Looking for one song: in the library, at somebody's own downloader, or in the searches, until something surely is it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import structlog

from magpie.downloads.extractors.listing import ListedEntry, SourceFacts
from magpie.downloads.failures import DownloadFailure, Reason, disk_failure
from magpie.downloads.nest.workdir import evict_survivors
from magpie.playlists.matching.aliases import Aliases
from magpie.playlists.matching.service import Matcher, Verdict
from magpie.playlists.missing import arriving, choosing, external, repository, searching
from magpie.playlists.missing.options import Ways
from magpie.playlists.missing.schemas import OrderFault
from magpie.playlists.missing.searching import Search
from magpie.playlists.tracks import Track
from magpie.sites import cookies
from magpie.sites import service as sites
from magpie.sites.cookies import Use
from magpie.sites.service import Outcome

if TYPE_CHECKING:
    from magpie.playlists.missing.worker import Seeker

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Quest:
    """One order as its worker holds it."""

    id: int
    key: str
    claim: int
    user_id: int
    song_key: str
    song: Track
    ways: Ways
    aliases: Aliases


@dataclass(slots=True)
class Finding:
    """How a search has gone: something that is held already, candidates, an address of the external downloader's, or
    why there is nothing. `is_transient`: it may be otherwise soon."""

    item_id: int | None = None
    candidates: list[dict[str, Any]] = field(default_factory=list)
    api_url: str | None = None
    reason: str | None = None
    message: str | None = None
    is_transient: bool = False


class _Results:
    """What a search reports."""

    def __init__(self, check: Callable[[], None]) -> None:
        self._check = check
        self.entries: list[ListedEntry] = []

    def on_source(self, facts: SourceFacts) -> None:
        """What a search calls itself is of no use."""

    def on_entries(self, entries: list[ListedEntry]) -> None:
        self._check()
        self.entries.extend(entries)


class Looking:
    """One look for one song. `check` raises `Cancelled` if it is not to go on."""

    def __init__(self, seeker: Seeker, quest: Quest, job_id: str, check: Callable[[], None]) -> None:
        self._seeker = seeker
        self._context = seeker.context
        self._quest = quest
        self._job_id = job_id
        self._check = check

    def look(self) -> Finding:
        """Raises `Cancelled`."""
        held = self._held()
        if held is not None:
            return Finding(item_id=held)
        self._check()
        api = self._quest.ways.api
        return self._ask(api) if api is not None else self._search()

    def _held(self) -> int | None:
        """An item of the library that is the song: what was fetched for it before, or what the matcher takes for it."""
        quest = self._quest
        with self._context.database.read() as session:
            before = repository.fetched_before(session, quest.user_id, quest.song_key)
            if before is not None:
                return before.id
            likely = repository.music_like(session, quest.user_id, quest.song.title, quest.song.isrc)
            tracks = [arriving.track_of_item(item) for item in likely]
        tracks = [one for one in tracks if choosing.length_fits(quest.song.duration, one.duration)]
        found = Matcher(tracks, quest.aliases).match(quest.song)
        return int(found.track.id) if found.verdict is Verdict.MATCHED and found.track is not None else None

    def _ask(self, api: external.Api) -> Finding:
        try:
            url = external.ask(api, self._quest.song)
        except external.ApiFailed as failed:
            is_transient = failed.reason in external.TRANSIENT
            return Finding(reason=failed.reason.value, message=failed.message, is_transient=is_transient)
        if url is None:
            return Finding(reason=OrderFault.NOT_FOUND, message="The downloader does not have this song.")
        return Finding(api_url=url)

    def _search(self) -> Finding:
        """One search after the other, until one has something that is certain."""
        found: list[dict[str, Any]] = []
        answered, failure = False, ""
        for search in self._quest.ways.searches:
            self._check()
            try:
                results = self._results(search)
            except DownloadFailure as failed:
                log.info("song_search_failed", search=search.name, reason=failed.reason.value)
                failure = f"{search.title}: {failed.message}"
                continue
            answered = True
            if self._judge(search, results, found):
                break
        if not answered:
            return Finding(reason=OrderFault.SEARCH_FAILED, message=failure, is_transient=True)
        return Finding(candidates=choosing.ranked(found, self._quest.song.duration))

    def _judge(self, search: Search, results: list[ListedEntry], found: list[dict[str, Any]]) -> bool:
        """Add the results to what was found; whether one of them is so good that no further search is needed."""
        certain = False
        for entry in results[: searching.RESULTS]:
            track = searching.track_of_entry(entry)
            said = choosing.judge(self._quest.song, track, self._quest.aliases)
            found.append(choosing.candidate(track, search.name, said))
            certain = certain or said.is_certain
        return certain

    # One search

    def _results(self, search: Search) -> list[ListedEntry]:
        """Raises `DownloadFailure`, `Cancelled`."""
        context, quest = self._context, self._quest
        with context.database.read() as session:
            if sites.rests_until(session, search.site) is not None:
                raise DownloadFailure(Reason.SITE_RESTS)
            choice = cookies.choose(
                context, session, user_id=quest.user_id, site=search.site, url=search.home
            )
        results = _Results(self._check)
        pause = sites.pause_between_pages(context.settings.site_delay_seconds)
        outcome: Outcome | None = None
        with self._workdir() as folder:
            use = Use(choice, folder)
            order = search.order(searching.words_of(quest.song), folder, pause)
            try:
                use.run(
                    lambda file: self._seeker.bench.list(
                        self._job_id, order, results, cookies=file, kin=f"{quest.user_id} {search.site}"
                    )
                )
                outcome = Outcome(None)
            except DownloadFailure as failed:
                if failed.reason is Reason.NO_MEDIA:
                    return []
                outcome = Outcome(failed.reason, failed.retry_after)
                raise
            except OSError as error:
                raise disk_failure(error) from error
            finally:
                if outcome is not None:
                    self._tell_site(search, outcome, use)
        return results.entries

    def _tell_site(self, search: Search, outcome: Outcome, use: Use) -> None:
        with self._context.database.write() as session:
            sites.report(self._context, session, search.site, outcome)
            use.note(session)

    @contextmanager
    def _workdir(self) -> Iterator[Path]:
        """An empty, private folder; what an earlier start left running there is ended first."""
        home = self._seeker.home(self._quest.key)
        folder = home / "list"  # beside it the nest notes who works in it
        if home.exists():
            evict_survivors(folder)
            shutil.rmtree(home, ignore_errors=True)
        folder.mkdir(parents=True, mode=0o700, exist_ok=True)
        try:
            yield folder
        finally:
            shutil.rmtree(home, ignore_errors=True)
