"""The extractor that uses gallery-dl."""

from __future__ import annotations

import subprocess
from importlib.metadata import version as package_version
from pathlib import Path
from typing import Any

from magpie.downloads.extractors.gallerydl.catalogue import Catalogue, read_listing, shelf, start_listing
from magpie.downloads.extractors.gallerydl.config import own_roots
from magpie.downloads.extractors.listing import Listing, ListOrder, ListSession
from magpie.downloads.extractors.port import Claim, NotMine, Request, Saved, Session


class GalleryDl:
    """For sites that gallery-dl knows by name, and for servers of one's own that are configured by their root."""

    name = "gallerydl"

    def __init__(self) -> None:
        self._catalogue = Catalogue()
        self._shelf = shelf(None)
        self._listing: subprocess.Popen[str] | None = None

    def claims(self, url: str) -> Claim:
        return Claim.YES if self._catalogue.knows(url) else Claim.NO

    def claims_with(self, url: str, options: dict[str, Any]) -> Claim:
        roots = (root for instances in own_roots(options).values() for root in instances.values())
        return Claim.YES if any(url.startswith(f"{root}/") for root in roots) else self.claims(url)

    def kind_of_address(self, url: str) -> str:
        return "gallery"

    def keep_in(self, folder: Path) -> None:
        self._shelf = shelf(folder)

    def begin_preload(self) -> None:
        if (kept := self._shelf.read()) is not None:
            self._catalogue = Catalogue.of_kept(kept)
        else:
            self._listing = start_listing()

    def preload(self) -> None:
        from magpie.downloads.extractors.gallerydl import job  # noqa: F401  for the jobs to come

        if not self._catalogue.hosts and self._listing is None:
            self.begin_preload()
        if self._listing is not None:
            listing, self._listing = self._listing, None
            self._catalogue = read_listing(listing)
            self._shelf.write(self._catalogue.to_keep())

    def version(self) -> str:
        return package_version("gallery-dl")

    def extract(self, request: Request, session: Session) -> Saved:
        if request.profile.kind == "audio":
            raise NotMine
        from magpie.downloads.extractors.gallerydl import (
            job,  # the server, too, has this class, and fetches nothing
        )

        return job.GalleryJob(request, session).run()

    def list_entries(self, order: ListOrder, session: ListSession) -> Listing:
        from magpie.downloads.extractors.gallerydl import lister

        return lister.list_entries(order, session)
