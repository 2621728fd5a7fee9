"""A channel of 10,000 items in lazy pages, listed by a job process, beside `yt-dlp --flat-playlist` in the same run.

Promised: ≤ 1.5 of yt-dlp's time; the first entries within a second; ≤ 250 MB more memory while it runs; a re-check
of the unchanged channel in ≤ 2 requests and ≤ 0.5 s.
"""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import structlog

from benchmarks._measure import Figure, pss_bytes, report, settle
from magpie.downloads.extractors.listing import ListedEntry, Listing, ListOrder, SourceFacts
from magpie.downloads.nest.client import Nest
from magpie.kit.egress import EgressGuard, EgressPolicy
from tests.site.web import MediaWeb

COUNT = 10_000
MEMORY_MB = 1000
PLUGINS = Path(__file__).parents[1] / "tests" / "site" / "ytdlp_plugin"


class Heard:
    """Counts entries, and notes when the first came."""

    def __init__(self) -> None:
        self.count = 0
        self.first = float("inf")
        self._started = time.perf_counter()

    def on_source(self, facts: SourceFacts) -> None: ...

    def on_entries(self, entries: list[ListedEntry]) -> None:
        self.first = min(self.first, time.perf_counter() - self._started)
        self.count += len(entries)


class Peak:
    """The largest memory of a process tree while the block lasts, in bytes."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self.bytes = 0

    def __enter__(self) -> Peak:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._over.wait(0.1):
            self.bytes = max(self.bytes, pss_bytes(self._pid))


def yt_dlp(url: str) -> float:
    """Wall seconds of one yt-dlp process that prints the whole listing."""
    program = str(Path(sys.executable).with_name("yt-dlp"))
    command = [
        program,
        "--ignore-config",
        "--plugin-dirs",
        str(PLUGINS),
        "--flat-playlist",
        "--print",
        "id",
        "--",
        url,
    ]
    started = time.perf_counter()
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    elapsed = time.perf_counter() - started
    if len(done.stdout.split()) != COUNT:
        raise RuntimeError(f"yt-dlp listed {len(done.stdout.split())} items")
    return elapsed


def magpie(
    nest: Nest, guard: EgressGuard, url: str, known: tuple[str, ...] = ()
) -> tuple[float, Listing, Heard]:
    """Wall seconds of one listing job, how it ended, and what was heard."""
    with tempfile.TemporaryDirectory() as folder, guard.pass_for("listing") as access:
        order = ListOrder(url, Path(folder) / "job", access.url, known=known, stop_after=3)
        heard, started = Heard(), time.perf_counter()
        listing = nest.list(order, heard, memory_mb=MEMORY_MB, job_id="listing")
        return time.perf_counter() - started, listing, heard


def main() -> int:
    """Run, print the figures as JSON; 1 if a promise is not kept."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    os.environ["MAGPIE_TEST_YTDLP_PLUGINS"] = str(PLUGINS)
    policy = EgressPolicy(allow=["127.0.0.1"])
    with (
        tempfile.TemporaryDirectory() as folder,
        MediaWeb(Path(folder)) as web,
        EgressGuard(policy) as guard,
        Nest() as nest,
    ):
        web.channel("huge", COUNT)
        url = web.url("/tube-channel/huge")
        pid = nest.examine(60).pid
        if pid is None:
            raise RuntimeError("the fork server does not start")
        settle(pid)
        resting = pss_bytes(pid)
        theirs = yt_dlp(url)
        with Peak(pid) as peak:
            ours, listing, heard = magpie(nest, guard, url)
        known = tuple(f"madeupvideo huge-{number}" for number in range(COUNT - 20, COUNT - 70, -1))
        again, unchanged, _ = magpie(nest, guard, url, known)
    if heard.count != COUNT:
        raise RuntimeError(f"{heard.count} of {COUNT} entries were heard of")
    figures = [
        Figure("time", ours / theirs, 1.5, "yt-dlp --flat-playlist"),
        Figure("first entries, seconds", heard.first, 1.0, "the order"),
        Figure("memory, MB", max(0, peak.bytes - resting) / 1e6, 250, "the fork server at rest"),
        Figure("unchanged, requests", unchanged.requests, 2, "one page"),
        Figure("unchanged, seconds", again, 0.5, "the order"),
    ]
    return report(
        "listing", figures, seconds=round(ours, 2), yt_dlp_seconds=round(theirs, 2), requests=listing.requests
    )


if __name__ == "__main__":
    sys.exit(main())
