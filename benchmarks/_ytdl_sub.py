"""ytdl-sub, as its users run it: `ytdl-sub sub` on one subscription of a channel, again and again.

It is found in an environment of its own, which is not part of the repository:

    uv venv benchmarks/peers/ytdl-sub && uv pip install --python benchmarks/peers/ytdl-sub/bin/python ytdl-sub

What it can do like Magpie: bring a channel's items, and look again with `break_on_existing` and its download
archive. What it cannot: it knows no catalogue that is listed only. It has yt-dlp fetch the metadata of every single
item (a request and more for each) before the first one is downloaded, so that a channel of 10,000 would take hours
at a real site; therefore it is compared on a small one. And a run is for one look at everything: it has no checks of
single links that could be asked for 200 times.
"""

from __future__ import annotations

import os
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks.listing import PLUGINS
from tests.site.web import MediaWeb

PROGRAM = Path(__file__).with_name("peers") / "ytdl-sub" / "bin" / "ytdl-sub"
MEDIA = "/media/silent.mp4"  # the first file of each of the channel's items
PATIENCE = 300.0

_CONFIGURATION = "configuration:\n  working_directory: {folder}/work\n"
_SUBSCRIPTION = """\
peer:
  download: "{url}"
  output_options:
    output_directory: "{folder}/out"
    file_name: "{{uid}}.{{ext}}"
    maintain_download_archive: true
  ytdl_options:
    break_on_existing: true
    format: "bv*+ba/b"
"""


@dataclass(frozen=True, slots=True)
class Costs:
    """Seconds until the first item's file was asked for, and until all were saved; then what a look costs that finds
    nothing new."""

    first: float
    all_saved: float
    unchanged: float
    requests: int


def is_there() -> bool:
    """Whether it is installed where it is looked for."""
    return PROGRAM.exists()


def _run(folder: Path) -> float:
    command: list[str | Path] = [
        PROGRAM,
        "--config",
        folder / "config.yaml",
        "sub",
        folder / "subscriptions.yaml",
    ]
    # yt-dlp finds the made-up web's extractors on Python's path.
    environment = {**os.environ, "PYTHONPATH": str(PLUGINS / "madeup")}
    started = time.perf_counter()
    subprocess.run(command, check=True, cwd=folder, env=environment, capture_output=True, timeout=PATIENCE)
    return time.perf_counter() - started


def measure(web: MediaWeb, url: str, folder: Path, count: int) -> Costs:
    """Subscribe to a channel of so many items in an empty folder."""
    folder.mkdir()
    (folder / "config.yaml").write_text(_CONFIGURATION.format(folder=folder))
    (folder / "subscriptions.yaml").write_text(_SUBSCRIPTION.format(folder=folder, url=url))
    before, started = len(web.requests), time.time()
    all_saved = _run(folder)
    first = next(seen.at for seen in web.requests[before:] if seen.path == MEDIA) - started
    if (saved := len(list((folder / "out").glob("*.mp4")))) != count:
        raise RuntimeError(f"ytdl-sub saved {saved} of {count} items")
    before = len(web.requests)
    unchanged = _run(folder)
    return Costs(first, all_saved, unchanged, len(web.requests) - before)
