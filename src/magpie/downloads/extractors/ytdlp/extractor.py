"""The extractor that uses yt-dlp."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.metadata import version as package_version
from pathlib import Path
from typing import TYPE_CHECKING

from magpie.downloads.extractors.listing import Listing, ListOrder, ListSession
from magpie.downloads.extractors.port import Claim, Request, Saved, Session
from magpie.downloads.tools import find_tools

if TYPE_CHECKING:
    from types import ModuleType


class YtDlp:
    """Surest of the sites that yt-dlp knows by name; for any other page it looks whether something plays there."""

    name = "ytdlp"

    def __init__(self) -> None:
        self._folder: Path | None = None

    def keep_in(self, folder: Path) -> None:
        self._folder = folder

    def claims(self, url: str) -> Claim:
        from magpie.downloads.extractors.ytdlp.downloader import specific_extractor

        return Claim.YES if specific_extractor(url) else Claim.MAYBE

    def has_begun(self, request: Request) -> bool:
        from magpie.downloads.extractors.ytdlp.parts import Parts

        return bool(Parts(request.workdir))

    def kind_of_address(self, url: str) -> str:
        """From the name of the extractor alone: no request is made."""
        from magpie.downloads.extractors.ytdlp.downloader import specific_extractor
        from magpie.downloads.extractors.ytdlp.entries import names_a_list

        return "list" if names_a_list(specific_extractor(url) or "") else "page"

    def preload(self) -> None:
        from magpie.downloads.extractors.ytdlp.downloader import Downloader, prepare

        prepare(self._folder)
        Downloader({"quiet": True}, _Silent()).get_info_extractor("Generic")
        _job()

    def warm_up(self) -> Iterator[None]:
        """Load what looks for players on unknown pages: it is spread over hundreds of modules."""
        from magpie.downloads.extractors.ytdlp.downloader import Downloader, warm_up

        yield from warm_up(Downloader({"quiet": True, "ffmpeg_location": find_tools().ffmpeg}, _Silent()))

    def version(self) -> str:
        return package_version("yt-dlp")

    def extract(self, request: Request, session: Session) -> Saved:
        saved: Saved = _job().fetch(request, session)
        return saved

    def list_entries(self, order: ListOrder, session: ListSession) -> Listing:
        from magpie.downloads.extractors.ytdlp import lister

        return lister.list_entries(order, session)


def _job() -> ModuleType:
    from magpie.downloads.extractors.ytdlp import job, lister  # noqa: F401  both are for the jobs to come

    return job


class _Silent:
    """A session for the instance that only warms up."""

    def stage(self, stage: object) -> None: ...

    def found(self, medium: object) -> None: ...

    def progress(
        self, downloaded: int, total: object = None, speed: object = None, eta: object = None
    ) -> None: ...

    def should_finish(self) -> bool:
        return False
