"""One run of gallery-dl: its files as they arrive, and a halt before the first byte."""

from __future__ import annotations

import json
import os
import selectors
import signal
import subprocess
import sys
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Any

from magpie.downloads.extractors.gallerydl.errors import statuses
from magpie.downloads.failures import DownloadFailure, Reason

POLL_SECONDS = 0.05
TOO_MANY = 429
LOG_LINES = 200

OnFirst = Callable[[dict[str, Any]], object]
OnFile = Callable[[Path], None]


class Program:
    """Runs the program in the job's process group, so that it dies with the job."""

    def __init__(self, config: Path, url: str, folder: Path, on_first: OnFirst, on_file: OnFile) -> None:
        self._command = [
            sys.executable, "-P", "-m", "gallery_dl", "--config-ignore", "--config-json", str(config), "--no-input",
            "--no-colors", "--", url,
        ]  # fmt: skip
        self._folder = folder
        self._on_first = on_first
        self._on_file = on_file
        self._met_first = False
        self.files: list[Path] = []
        self.log: deque[str] = deque(maxlen=LOG_LINES)

    def run(self) -> int:
        """Returns the exit status. What the callbacks raise ends the program and goes on."""
        environment = {**os.environ, "PYTHONUTF8": "1"}
        with subprocess.Popen(
            self._command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment,
        ) as process:
            try:
                self._follow(process)
            except BaseException:
                process.kill()
                raise
            return process.wait()

    def _follow(self, process: subprocess.Popen[bytes]) -> None:
        pipes = ((process.stdout, self._take_path), (process.stderr, self._take_log))
        takers = {pipe.fileno(): take for pipe, take in pipes if pipe is not None}
        rests = dict.fromkeys(takers, b"")
        with selectors.DefaultSelector() as selector:
            for descriptor in takers:
                selector.register(descriptor, selectors.EVENT_READ)
            while selector.get_map():
                events = selector.select(None if self._met_first else POLL_SECONDS)
                if not self._met_first:
                    self._look_for_first(process)
                for key, _ in events:
                    data = os.read(key.fd, 65536)
                    *lines, rests[key.fd] = (rests[key.fd] + data).split(b"\n")
                    for line in lines:
                        takers[key.fd](line.decode(errors="replace"))
                    if not data:
                        selector.unregister(key.fd)

    def _look_for_first(self, process: subprocess.Popen[bytes]) -> None:
        """The first sidecar is written before the first file: hold the program until the worker agrees."""
        sidecar = next(iter(sorted(self._folder.glob("*.json"))), None)
        if sidecar is None:
            return
        process.send_signal(signal.SIGSTOP)
        try:
            facts = json.loads(sidecar.read_text())
        except ValueError:  # stopped in the middle of writing it
            process.send_signal(signal.SIGCONT)
            return
        self._met_first = True
        self._on_first(facts)
        process.send_signal(signal.SIGCONT)

    def _take_path(self, line: str) -> None:
        """A line of standard output is a file's path; `# ` before it says that it was there already."""
        path = Path(line.removeprefix("# ").strip())
        if not line.strip() or path.parent.resolve() != self._folder.resolve():
            return
        if path not in self.files:
            self.files.append(path)
            self._on_file(path)

    def _take_log(self, line: str) -> None:
        if not line.strip():
            return
        self.log.append(line.strip())
        if TOO_MANY in statuses([line]):  # the program itself would go on with the next file
            raise DownloadFailure(Reason.RATE_LIMITED, f"HTTP {TOO_MANY}")
