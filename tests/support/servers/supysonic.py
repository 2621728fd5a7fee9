"""A real Supysonic in processes of its own: it speaks the Subsonic API 1.12, over a folder of small music files."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

import httpx
from mutagen.mp3 import EasyMP3

from tests.support.server import NO_CERTIFICATES, free_port
from tests.support.servers.music import Song, songs

USERNAME, PASSWORD = "alice", "pässword 密码"
GUEST = "guest"
START_SECONDS = 60.0
_PROGRAMS = Path(sys.executable).parent
# One frame of MPEG-1 layer III at 128 kbit/s and 44.1 kHz, silent: 417 bytes that last 26 ms.
_FRAME = b"\xff\xfb\x90\x00" + bytes(413)


@dataclass(slots=True)
class Supysonic:
    """`GUEST` is a user without an administrator's rights; the password is the same."""

    folder: Path
    music: list[Song] = field(default_factory=lambda: songs(30))
    port: int = 0
    _processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        for song in self.music:
            self.lay(song)
        self.folder.joinpath("supysonic.conf").write_text(
            f"[base]\ndatabase_uri = sqlite:///{self.folder}/supysonic.db\n"
            f"[webapp]\ncache_dir = {self.folder}/cache\nlog_level = ERROR\n"
            f"[daemon]\nsocket = {self.folder}/daemon.sock\nrun_watcher = no\n",
            encoding="utf-8",
        )
        self._tool("user", "add", USERNAME, "-p", PASSWORD)
        self._tool("user", "setroles", "--admin", USERNAME)
        self._tool("user", "add", GUEST, "-p", PASSWORD)
        self._tool("folder", "add", "Music", str(self.folder / "music"))
        self._tool("folder", "scan", "-f", "Music")
        self.port = free_port()
        self._start("supysonic-server", "-S", "waitress", "-h", "127.0.0.1", "-p", str(self.port))
        self._await()
        return self

    def __exit__(self, *_: object) -> None:
        for process in self._processes:
            process.terminate()
        for process in self._processes:
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def lay(self, song: Song) -> Path:
        """The song as a file of its library, two seconds long; a scan finds it."""
        name = f"{song.number:06}.mp3"
        file = self.folder / "music" / song.artist / song.album / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(_FRAME * 78)
        tags = EasyMP3(file)  # type: ignore[no-untyped-call]
        tags["title"], tags["artist"], tags["album"] = song.title, song.artist, song.album
        tags.save()
        return file

    def start_daemon(self) -> None:
        """What scans when the API is asked to."""
        self._start("supysonic-daemon")
        latest = time.monotonic() + START_SECONDS
        while not (self.folder / "daemon.sock").exists():
            assert time.monotonic() < latest, "supysonic-daemon did not start"
            assert self._processes[-1].poll() is None, "supysonic-daemon ended"
            time.sleep(0.05)

    def _await(self) -> None:
        latest = time.monotonic() + START_SECONDS
        with httpx.Client(verify=NO_CERTIFICATES, trust_env=False) as client:
            while True:
                assert self._processes[0].poll() is None, "supysonic-server ended"
                try:
                    client.get(f"{self.url}/rest/ping.view")
                except httpx.TransportError:
                    assert time.monotonic() < latest, "supysonic-server did not start"
                    time.sleep(0.05)
                else:
                    return

    def _tool(self, *words: str) -> None:
        command = [str(_PROGRAMS / "supysonic-cli"), *words]
        subprocess.run(command, cwd=self.folder, env=self._env(), check=True, capture_output=True, timeout=60)

    def _start(self, program: str, *words: str) -> None:
        with (self.folder / f"{program}.log").open("wb") as log:
            command = [str(_PROGRAMS / program), *words]
            started = subprocess.Popen(command, cwd=self.folder, env=self._env(), stdout=log, stderr=log)
        self._processes.append(started)

    def _env(self) -> dict[str, str]:
        """Its settings are those of its own folder, and no others of this machine."""
        return {**os.environ, "HOME": str(self.folder), "PYTHONWARNINGS": "ignore"}
