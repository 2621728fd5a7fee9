"""A file of 2 GB from a real server, beside nginx with the same file in the same run; and 200 listeners at once.

Promised: ≥ 500 MB/s over loopback from one process with ≤ 30 MB more memory, and 200 concurrent listeners without a stall.
The two servers take turns, read by the same client; each one's best turn counts, since what disturbs a machine only ever
makes turns slower, and processor time beside it tells what the clock cannot on a busy machine. nginx is the one on
the PATH (Debian: `apt-get install nginx-light`), with `sendfile` on and one worker; without it no ratio is printed.

Each listener reads at its own rate between 320 kbit/s and 2 Mbit/s from somewhere in the file, of which nothing is in
memory at first, and takes little ahead. After a while they are joined by one that takes the whole as fast as it can.
"""

from __future__ import annotations

import asyncio
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from benchmarks._measure import Figure, cpu_seconds, report, settle
from magpie.kit.db import Database
from magpie.library.models import Item, ItemFile, Membership
from tests.support.server import Program, free_port, wait_for

SIZE = 2_000_000_000
TURNS = 4
LISTENERS = 200
LISTEN_SECONDS = 15.0
RATES = (320_000 / 8, 2_000_000 / 8)  # bytes a second
SIP = 0.1  # seconds' worth of sound that a listener asks its socket for at a time
AHEAD = 16_384  # bytes that a listener's socket is asked to take ahead
STALL = 1.0  # seconds; players hold more than that ahead


@dataclass(frozen=True, slots=True)
class Source:
    """A server with the file, and its process."""

    port: int
    path: str
    pid: int
    fields: tuple[str, ...] = ()

    def request(self, *fields: str) -> bytes:
        lines = [f"GET {self.path} HTTP/1.1", "Host: 127.0.0.1", *self.fields, *fields, "", ""]
        return "\r\n".join(lines).encode()


@dataclass(frozen=True, slots=True)
class Turn:
    """One whole reading of the file. Seconds by the clock, and of the server's processor time."""

    seconds: float
    processor: float

    @property
    def speed(self) -> float:
        """MB a second."""
        return SIZE / self.seconds / 1e6


def make_file(path: Path) -> None:
    """2 GB that no file system can store as nothing."""
    block = random.Random(1).randbytes(1 << 20)
    with path.open("wb") as file:
        for number in range(SIZE // len(block) + 1):
            file.write(number.to_bytes(8, "big") + block[8:])
        file.truncate(SIZE)
        os.fsync(file.fileno())


def add_item(program: Program, path: Path) -> int:
    """Put the file into the library of the first user."""
    database = Database(f"sqlite:///{program.data_dir / 'magpie.db'}")
    with database.write() as session:
        item = Item(
            extractor="made-up", source_id="1", kind="video", quality="best", title="large",
            site="here", source_url="http://here.example/", size=SIZE,
        )  # fmt: skip
        item.files = [ItemFile(path=path.name, role="media", position=0, size=SIZE, mime="video/mp4")]
        session.add(item)
        session.flush()
        session.add(Membership(item_id=item.id, user_id=1))
        number = item.id
    database.close()
    return number


@contextmanager
def nginx(folder: Path, media: Path) -> Iterator[Source | None]:
    """nginx with one worker, if there is one."""
    program = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if program is None:
        yield None
        return
    port = free_port()
    places = " ".join(
        f"{name}_temp_path {folder};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    settings = folder / "nginx.conf"
    settings.write_text(
        f"daemon off; master_process off; worker_processes 1; pid {folder}/nginx.pid; error_log stderr;\n"
        f"events {{ worker_connections 1024; }}\n"
        f"http {{ access_log off; sendfile on; tcp_nopush on; {places}\n"
        f"server {{ listen 127.0.0.1:{port}; root {media}; }} }}\n"
    )
    process = subprocess.Popen([program, "-p", str(folder), "-c", str(settings)], stderr=subprocess.DEVNULL)
    try:
        wait_for(lambda: _listens(port), 10)
        yield Source(port, "/large.mp4", process.pid)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(10)


def _listens(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


def read_whole(source: Source) -> Turn:
    """Read the whole file as fast as it comes."""
    buffer = bytearray(1 << 20)
    before, started = cpu_seconds(source.pid), time.perf_counter()
    with socket.create_connection(("127.0.0.1", source.port)) as connection:
        connection.sendall(source.request("Connection: close"))
        taken = 0
        while count := connection.recv_into(buffer):
            taken += count
    seconds = time.perf_counter() - started
    assert taken > SIZE, f"{taken} bytes came"
    return Turn(seconds, cpu_seconds(source.pid) - before)


class Memory:
    """The most memory that a process has had while this was open, in bytes above what it had before."""

    def __init__(self, pid: int) -> None:
        self._process = psutil.Process(pid)
        self._before = self._process.memory_info().rss
        self.most = 0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch)

    def _watch(self) -> None:
        while not self._stop.wait(0.02):
            self.most = max(self.most, self._process.memory_info().rss - self._before)

    def __enter__(self) -> Memory:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._stop.set()
        self._thread.join()


def forget(path: Path) -> None:
    """Have the kernel drop what it holds of the file."""
    with path.open("rb") as file:
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


async def listen(source: Source, rate: float, start: int) -> float:
    """Listen for a while; the longest that it had to wait for what it wanted to play, in seconds."""
    loop = asyncio.get_running_loop()
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, AHEAD)
    connection.setblocking(False)
    await loop.sock_connect(connection, ("127.0.0.1", source.port))
    reader, writer = await asyncio.open_connection(sock=connection, limit=4096)
    writer.write(source.request(f"Range: bytes={start}-"))
    await reader.readuntil(b"\r\n\r\n")
    sip = int(rate * SIP)
    longest, due = 0.0, loop.time()
    end = due + LISTEN_SECONDS
    while due < end:
        asked = loop.time()
        await reader.readexactly(sip)
        longest = max(longest, loop.time() - asked)
        due = max(due + SIP, loop.time())
        await asyncio.sleep(due - loop.time())
    writer.close()
    return longest


async def listen_all(source: Source) -> list[float]:
    """The longest wait of each listener."""
    chance = random.Random(2)
    return await asyncio.gather(
        *(
            listen(source, chance.uniform(*RATES), chance.randrange(SIZE - 10_000_000))
            for _ in range(LISTENERS)
        )
    )


def party(source: Source, media: Path) -> dict[str, float]:
    """All listeners at once, and one that takes the whole file meanwhile."""
    forget(media)
    greedy = threading.Timer(LISTEN_SECONDS / 4, read_whole, (source,))
    before = cpu_seconds(source.pid)
    greedy.start()
    waits = sorted(asyncio.run(listen_all(source)))
    greedy.join()
    return {
        "longest wait of all, s": round(waits[-1], 3),
        "longest wait of the median listener, s": round(waits[LISTENERS // 2], 3),
        "processor seconds of the server": round(cpu_seconds(source.pid) - before, 2),
    }


def compare(ours: Source, theirs: Source | None) -> tuple[list[Turn], list[Turn]]:
    """Turns of both, one after the other."""
    mine, other = [], []
    for _ in range(TURNS):
        mine.append(read_whole(ours))
        if theirs is not None:
            other.append(read_whole(theirs))
    return mine, other


def summary(turns: list[Turn]) -> dict[str, list[float]]:
    return {
        "MB/s": [round(turn.speed) for turn in turns],
        "processor seconds per GB": [round(turn.processor / (SIZE / 1e9), 3) for turn in turns],
    }


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        data, beside = Path(folder) / "data", Path(folder) / "nginx"
        beside.mkdir()
        with Program(data, is_warm=False) as program, closing(program.client()) as client:
            media = data / "media" / "large.mp4"
            make_file(media)
            token = client.headers["Authorization"]
            path = f"/api/v1/items/{add_item(program, media)}/file"
            ours = Source(program.port, path, program.pid, (f"Authorization: {token}",))
            settle(program.pid)
            with nginx(beside, media.parent) as theirs:
                read_whole(ours)
                with Memory(program.pid) as streaming:
                    mine, other = compare(ours, theirs)
                with Memory(program.pid) as listening:
                    waits = party(ours, media)
                their_waits = party(theirs, media) if theirs else None
    best = max(turn.speed for turn in mine)
    waits["more memory, MB"] = round(listening.most / 1e6, 1)
    details: dict[str, object] = {"magpie": summary(mine), "listeners": waits}
    if other:
        theirs_best = max(turn.speed for turn in other)
        cost = min(turn.processor for turn in mine) / max(min(turn.processor for turn in other), 0.01)
        details |= {
            "nginx": summary(other),
            "nginx's listeners": their_waits,
            "speed, of nginx's": round(best / theirs_best, 2),
            "processor time, of nginx's": round(cost, 2),
        }
    return report(
        "streaming",
        [
            Figure("2 GB over loopback, s (500 MB/s)", SIZE / best / 1e6, SIZE / 500e6, "the clock"),
            Figure("more memory for one reader, MB", streaming.most / 1e6, 30.0, "the kernel"),
            Figure("longest wait of 200 listeners, s", waits["longest wait of all, s"], STALL, "the clock"),
        ],
        **details,
    )


if __name__ == "__main__":
    sys.exit(main())
