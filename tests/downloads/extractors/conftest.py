"""A made-up web, an egress guard that may reach it, and a nest, for all tests here."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from magpie.downloads.extractors.listing import Listing, ListOrder
from magpie.downloads.extractors.port import Profile, Saved, SavedFile
from magpie.downloads.nest.client import Nest
from magpie.kit.egress import EgressAccess, EgressGuard, EgressPolicy
from tests.downloads.nest.support import VIDEO, Listening, Remembering, order
from tests.site.channels import Channel
from tests.site.fixtures import media_folder
from tests.site.web import MediaWeb
from tests.support.tools import KEPT

__all__ = ["media_folder"]

PLUGINS = Path(__file__).parents[2] / "site" / "ytdlp_plugin"
MEMORY_MB = 1500


@dataclass
class Yard:
    """Where a test saves from the made-up web. `last` is the handler of the last job, `access` its traffic."""

    web: MediaWeb
    guard: EgressGuard
    nest: Nest
    folder: Path
    jobs: int = 0
    last: Remembering = field(default_factory=Remembering)
    heard: Listening = field(default_factory=Listening)
    access: EgressAccess | None = None

    @property
    def workdir(self) -> Path:
        return self.folder / "work"

    def save(
        self, path: str, profile: Profile = VIDEO, handler: Remembering | None = None, **more: Any
    ) -> Saved:
        """Save an address of the web (or any other) with a fresh job in the same work folder."""
        self.jobs += 1
        self.last = handler or Remembering()
        self.workdir.mkdir(exist_ok=True)
        url = path if "://" in path else self.web.url(path)
        with self.guard.pass_for(self.job_id) as self.access:
            request = order(url, self.workdir, self.access.url, profile, **more)
            return self.nest.run(request, self.last, memory_mb=MEMORY_MB, job_id=self.job_id)

    def list(self, path: str, handler: Listening | None = None, **more: Any) -> Listing:
        """List an address of the web (or any other) with a fresh job. `heard` is what it reported."""
        self.jobs += 1
        self.heard = handler or Listening()
        url = path if "://" in path else self.web.url(path)
        workdir = self.folder / self.job_id
        with self.guard.pass_for(self.job_id) as self.access:
            order = ListOrder(url=url, workdir=workdir, proxy=self.access.url, **more)
            return self.nest.list(order, self.heard, memory_mb=MEMORY_MB, job_id=self.job_id)

    @property
    def job_id(self) -> str:
        return f"job-{self.jobs}"

    def path(self, file: SavedFile) -> Path:
        return self.workdir / file.name

    def clear(self) -> None:
        shutil.rmtree(self.workdir)


def new_channel(yard: Yard, items: int) -> Channel:
    """A channel of the test's own."""
    return yard.web.channel(f"c{uuid.uuid4().hex[:8]}", items)


@pytest.fixture(scope="session")
def guard() -> Iterator[EgressGuard]:
    with EgressGuard(EgressPolicy(allow=["127.0.0.1"])) as running:
        yield running


@pytest.fixture(scope="session")
def nest() -> Iterator[Nest]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MAGPIE_TEST_YTDLP_PLUGINS", str(PLUGINS))
        with Nest(keep_in=KEPT) as running:
            yield running


@pytest.fixture(scope="session")
def shared_web(media_folder: Path) -> Iterator[MediaWeb]:
    with MediaWeb(media_folder) as site:
        yield site


@pytest.fixture
def yard(shared_web: MediaWeb, guard: EgressGuard, nest: Nest, tmp_path: Path) -> Iterator[Yard]:
    """The web is shared, so each test starts with its misbehaviours forgiven and its log cleared."""
    shared_web.forgive()
    yield Yard(shared_web, guard, nest, tmp_path)
    shared_web.forgive()
