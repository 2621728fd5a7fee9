"""200 small files from the made-up web with 50 ms latency, end to end through the API.

Compared in the same run with `yt-dlp` on the same list in one process (wall time), with one `yt-dlp` process per
item (CPU; measured on a sample), and with the bare transfer (CPU; one client in one process).

Promised: ≤ 0.5 of the wall time at concurrency 8 with pacing off, ≤ 0.25 of the CPU, ≤ 120 ms of CPU per job over
the bare transfer.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import httpx

from benchmarks._measure import Figure, cpu_seconds, report, settle
from tests.faults.test_kill import all_ended, everything
from tests.site.web import MediaWeb
from tests.support.server import Program, wait_for

COUNT = 200
SAMPLE = 12
LATENCY = 0.05


def children_cpu() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def yt_dlp(urls: list[str], folder: Path) -> tuple[float, float]:
    """Wall and CPU seconds of one yt-dlp process that saves all the addresses."""
    program = str(Path(sys.executable).with_name("yt-dlp"))
    command = [
        program,
        "--ignore-config",
        "--no-update",
        "--quiet",
        "--no-progress",
        "-o",
        "%(autonumber)s.%(ext)s",
        "--",
        *urls,
    ]
    before, started = children_cpu(), time.perf_counter()
    subprocess.run(command, check=True, cwd=folder)
    return time.perf_counter() - started, children_cpu() - before


def magpie(urls: list[str], folder: Path) -> tuple[float, float]:
    """Wall and CPU seconds of the server for all the addresses, from the first POST to the last completed."""
    program = Program(
        folder / "data", is_warm=False, max_concurrent_downloads=8, site_concurrency=8, site_delay_seconds=0
    )
    with program:
        client = program.client()
        settle(program.pid)
        before, started = cpu_seconds(program.pid), time.perf_counter()
        for url in urls:
            client.post("/api/v1/downloads", json={"url": url}).raise_for_status()
        total = len(urls)
        wait_for(
            lambda: client.get("/api/v1/downloads?status=completed&per_page=1").json()["total"] == total, 300
        )
        wall = time.perf_counter() - started
        assert all_ended(client, total)
        assert {one["status"] for one in everything(client)} == {"completed"}
        cpu = cpu_seconds(program.pid) - before
        client.close()
    return wall, cpu


BARE = """
import sys, httpx
with httpx.Client() as client:
    for url in sys.argv[2:]:
        with client.stream("GET", url) as answer, open(sys.argv[1], "wb") as file:
            for chunk in answer.iter_bytes(65536):
                file.write(chunk)
"""


def bare(urls: list[str], folder: Path) -> float:
    """CPU seconds of one process that only transfers the files."""
    before = children_cpu()
    subprocess.run([sys.executable, "-c", BARE, folder / "bare", *urls], check=True)
    return children_cpu() - before


def main() -> int:
    with tempfile.TemporaryDirectory() as name, MediaWeb(Path(name) / "web") as web:
        folder = Path(name)
        urls = [web.url(f"/files/{number}.mp4") for number in range(COUNT)]
        for url in urls:  # made once, before anybody is measured
            httpx.get(url)
        web.latency = LATENCY
        our_wall, our_cpu = magpie(urls, folder)
        (folder / "one").mkdir()
        their_wall, _ = yt_dlp(urls, folder / "one")
        per_item = 0.0
        for number, url in enumerate(urls[:SAMPLE]):
            place = folder / f"item{number}"
            place.mkdir()
            per_item += yt_dlp([url], place)[1] / SAMPLE
        transfer = bare(urls, folder)
    figures = [
        Figure("wall time, ratio", our_wall / their_wall, 0.5, "yt-dlp, the same list in one process"),
        Figure("CPU, ratio", our_cpu / COUNT / per_item, 0.25, "one yt-dlp process per item"),
        Figure(
            "CPU per job over the bare transfer, ms",
            (our_cpu - transfer) / COUNT * 1000,
            120,
            "httpx in one process",
        ),
    ]
    return report(
        "save_many",
        figures,
        seconds={"magpie": our_wall, "yt-dlp": their_wall},
        cpu_per_item={"magpie": our_cpu / COUNT, "yt-dlp": per_item, "bare": transfer / COUNT},
    )


if __name__ == "__main__":
    sys.exit(main())
