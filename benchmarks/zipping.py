"""One zip of a 5 GB file, and one of 5,000 small ones, from a real server: what they cost and how much memory they take.

The large file is sparse, so that the disk is not what is measured; nothing in it is compressed, but every byte is summed up.
The zip of the small files is opened and every file in it is checked.
"""

from __future__ import annotations

import sys
import tempfile
import time
import zipfile
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx

import magpie.library.search.service  # noqa: F401  (has the index follow what is put in here)
from benchmarks._measure import Figure, cpu_seconds, report, settle
from benchmarks.streaming import Memory
from magpie.kit.db import Database
from magpie.library.models import Item, ItemFile, Membership
from tests.support.server import Program

LARGE = 5 * 2**30
SMALL, SMALL_SIZE = 5000, 4096
BATCH = 1000


def fill(program: Program) -> None:
    """One large item, a video, and many small ones, audio, in the library of the first user."""
    media = program.data_dir / "media"
    (media / "large.mkv").touch()
    with (media / "large.mkv").open("r+b") as file:
        file.truncate(LARGE)
    database = Database(f"sqlite:///{program.data_dir / 'magpie.db'}")
    wanted = [(0, "video", "large.mkv", LARGE)]
    for number in range(1, SMALL + 1):
        path = media / f"Artist {number % 500}" / f"{number:05} Song.mp3"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(number.to_bytes(4, "big") * (SMALL_SIZE // 4))
        wanted.append((number, "audio", str(path.relative_to(media)), SMALL_SIZE))
    for start in range(0, len(wanted), BATCH):
        with database.write() as session:
            items = [_item(*one) for one in wanted[start : start + BATCH]]
            session.add_all(items)
            session.flush()
            session.add_all(Membership(item_id=item.id, user_id=1) for item in items)
    database.close()


def _item(number: int, kind: str, path: str, size: int) -> Item:
    item = Item(
        extractor="made-up", source_id=str(number), kind=kind, quality="best", title=path,
        site="here", source_url="http://here.example/", size=size,
    )  # fmt: skip
    mime = "audio/mpeg" if kind == "audio" else "video/x-matroska"
    item.files = [ItemFile(path=path, role="media", position=0, size=size, mime=mime)]
    return item


def fetch(program: Program, client: httpx.Client, kind: str, target: Path | None) -> dict[str, Any]:
    """Fetch the zip of all items of a kind, into a file if one is given; what it cost."""
    made = client.post("/api/v1/items/zip", json={"filter": {"kind": kind}}).raise_for_status().json()
    before, started, size = cpu_seconds(program.pid), time.perf_counter(), 0
    with (
        Memory(program.pid) as memory,
        httpx.stream("GET", f"{program.url}{made['url']}", timeout=60) as answer,
        (target or Path("/dev/null")).open("wb") as file,
    ):
        answer.raise_for_status()
        for piece in answer.iter_raw():
            size += len(piece)
            file.write(piece)
    seconds, processor = time.perf_counter() - started, cpu_seconds(program.pid) - before
    return {
        "bytes": size,
        "items": made["count"],
        "MB/s": round(size / seconds / 1e6),
        "seconds": round(seconds, 2),
        "processor seconds": round(processor, 2),
        "processor seconds per GB": round(processor / (size / 1e9), 2),
        "more memory, MB": round(memory.most / 1e6, 1),
    }


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        with Program(Path(folder) / "data", is_warm=False) as program, closing(program.client()) as client:
            fill(program)
            settle(program.pid)
            target = Path(folder) / "small.zip"
            fetch(program, client, "audio", target)
            small = fetch(program, client, "audio", target)
            large = fetch(program, client, "video", None)
        with zipfile.ZipFile(target) as opened:
            whole = opened.testzip() is None and len(opened.namelist()) == SMALL
    return report(
        "zipping",
        [
            Figure("more memory for 5 GB, MB", large["more memory, MB"], 30.0, "the kernel"),
            Figure("more memory for 5,000 files, MB", small["more memory, MB"], 60.0, "the kernel"),
            Figure("damaged or lost of 5,000 files", 0.0 if whole else 1.0, 0.0, "zipfile"),
        ],
        large=large,
        small=small,
    )


if __name__ == "__main__":
    sys.exit(main())
