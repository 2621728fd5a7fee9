"""Scanning a media folder: 50,000 files that no item has yet, and the same folder again.

    python -m benchmarks.scanning [files] [address of an empty PostgreSQL database]

The files are made up: tagged sound of a tenth of a second (nine in ten) and films of some pictures, in folders of ten,
each a copy with tags of its own. Promised: everything adopted in ≤ 60 s, an unchanged folder looked through in ≤ 3 s,
with ≤ 150 MB more memory than before, readers included. Beside it, in the same run: `find -printf` over the same
folder, which is what looking at the disk alone costs, and mutagen alone over all sound.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import mutagen
import psutil

from benchmarks._measure import Figure, report
from magpie.accounts.models import User
from magpie.kit.clock import utcnow
from magpie.kit.db import Database
from magpie.library.care.scan import Scanner
from magpie.library.roots import BASE, Roots
from magpie.schema import migrate
from tests.library.care.conftest import write_film, write_sound

FILES = 50_000
IN_A_FOLDER = 10
MEGABYTE = 2**20


def fill(root: Path, count: int) -> None:
    """The folder; each sound has tags of its own."""
    patterns = {
        ending: write_sound(root.parent / f"pattern.{ending}", title="x")
        for ending in ("mp3", "flac", "opus")
    }
    film = write_film(root.parent / "pattern.mp4")
    endings = list(patterns)
    for number in range(count):
        artist, album = f"Artist {number // 200}", f"Album {number // IN_A_FOLDER} 专辑"
        folder = root / artist / album
        if number % IN_A_FOLDER == 0:
            folder.mkdir(parents=True)
            shutil.copyfile(film, folder / f"Film {number}.mp4")
            continue
        ending = endings[number % 3]
        path = folder / f"{number % IN_A_FOLDER:02d} Song {number}.{ending}"
        shutil.copyfile(patterns[ending], path)
        file = mutagen.File(str(path), easy=True)
        file.update(
            {"title": f"Song {number} 歌", "artist": artist, "album": album, "tracknumber": str(number % 10)}
        )
        file.save()


def user_of(database: Database) -> int:
    with database.write() as session:
        user = User(username="ada", username_key="ada", created_at=utcnow())
        user.password_hash = "no hash"  # noqa: S105
        session.add(user)
        session.flush()
        return user.id


@contextmanager
def memory_watched() -> Iterator[list[float]]:
    """The largest memory of this process and its children meanwhile, beyond what there was before, in MB."""
    process, peak, over = psutil.Process(), [0.0], threading.Event()

    def now() -> float:
        total = 0.0
        for one in (process, *process.children(recursive=True)):
            try:
                total += one.memory_info().rss
            except psutil.NoSuchProcess:
                continue
        return total / MEGABYTE

    before = now()

    def watch() -> None:
        while not over.wait(0.1):
            peak[0] = max(peak[0], now() - before)

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield peak
    finally:
        over.set()
        watcher.join()


def main() -> int:
    """Fill, adopt, look again; print."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else FILES
    with tempfile.TemporaryDirectory(prefix="magpie-scanning-") as named:
        folder = Path(named)
        root = folder / "media"
        root.mkdir()
        fill(root, count)
        address = sys.argv[2] if len(sys.argv) > 2 else f"sqlite:///{folder / 'magpie.db'}"
        database = Database(address)
        migrate(database, folder)
        user_id = user_of(database)
        roots = Roots(folder, root, root)

        def scan() -> tuple[float, dict[str, int]]:
            started = time.monotonic()
            scanner = Scanner(database, roots, user_id=user_id, tell=lambda _report: None)
            counts = dict(scanner.scan([BASE]).counts)
            return time.monotonic() - started, counts

        with memory_watched() as peak:
            adopting, adopted = scan()
        again, unchanged = scan()
        started = time.monotonic()
        listing = ["find", str(root), "-type", "f", "-printf", "%s %T@ %p\\n"]
        subprocess.run(listing, stdout=subprocess.DEVNULL, check=True)
        found = time.monotonic() - started
        started = time.monotonic()
        for path in root.rglob("*"):
            if path.suffix in (".mp3", ".flac", ".opus"):
                mutagen.File(str(path), easy=True)
        tagged = time.monotonic() - started
        database.close()
    share = count / FILES
    return report(
        "scanning",
        [
            Figure("seconds to adopt", adopting, 60 * share, f"mutagen alone over the sound: {tagged:.1f} s"),
            Figure("seconds to look again", again, 3 * share, f"find alone: {found:.2f} s"),
            Figure("MB more while adopting", peak[0], 150, "this process and its readers"),
        ],
        files=count,
        ratio_to_mutagen=round(adopting / tagged, 2),
        ratio_to_find=round(again / found, 1),
        adopted=adopted,
        unchanged=unchanged,
        database=address.partition(":")[0],
    )


if __name__ == "__main__":
    sys.exit(main())
