"""A plug-in whose extractor misbehaves as its address says: `http://naughty.test/<how>`."""

import ctypes
import os
import random
import subprocess
import sys
import time
from pathlib import Path

from magpie.downloads.extractors.port import (
    Claim,
    Entry,
    IsAList,
    Kind,
    Medium,
    Role,
    Saved,
    SavedFile,
    Stage,
)
from magpie.downloads.failures import DownloadFailure, Reason
from magpie.plugins import hookimpl

SLEEPER = [sys.executable, "-c", "import time; time.sleep(600)"]


class Naughty:
    name = "naughty"

    def claims(self, url):
        return Claim.YES if url.startswith("http://naughty.test/") else Claim.NO

    def preload(self):
        pass

    def version(self):
        return "1.0"

    def extract(self, request, session):
        how = request.url.rpartition("/")[2]
        return getattr(self, how)(request, session)

    def good(self, request, session):
        (request.workdir / "notes.bin").write_bytes(os.environ.get("HOME", "").encode())
        medium = Medium("naughty", str(random.random()), Kind.FILE, "Good\u202e\x00 one", request.url)
        session.found(medium)
        session.stage(Stage.DOWNLOADING)
        for size in range(10_000):
            session.progress(size, 10_000)
        return Saved(medium, (SavedFile("notes.bin", Role.MEDIA, 0, "application/octet-stream"),))

    def hang(self, request, session):
        subprocess.Popen(SLEEPER)
        session.stage(Stage.DOWNLOADING)
        time.sleep(600)

    def family(self, request, session):
        """Children, grandchildren, one in a session of its own, and a daemon whose parent has gone."""
        subprocess.Popen(SLEEPER)
        subprocess.Popen([sys.executable, "-c", f"import subprocess; subprocess.run({SLEEPER!r})"])
        daemon = f"import subprocess; subprocess.Popen({SLEEPER!r}, start_new_session=True)"
        subprocess.run([sys.executable, "-c", daemon], check=True)
        session.stage(Stage.DOWNLOADING)
        time.sleep(600)

    def hog(self, request, session):
        session.stage(Stage.DOWNLOADING)
        held = []
        while True:
            held.append(bytearray(os.urandom(1 << 20)) * 8)
            time.sleep(0.002)

    def hog_child(self, request, session):
        session.stage(Stage.DOWNLOADING)
        subprocess.run(
            [sys.executable, "-c", "import time; x = bytearray(b'1') * (600 << 20); time.sleep(600)"]
        )

    def segfault(self, request, session):
        print("about to fall", flush=True)
        ctypes.string_at(0)

    def leave(self, request, session):
        print("token", request.proxy, file=sys.stderr, flush=True)
        os._exit(3)

    def noise(self, request, session):
        for _ in range(64):
            os.write(1, b"x" * (1 << 16))
            os.write(2, b"y" * (1 << 16))
        return self.good(request, session)

    def fail(self, request, session):
        raise ValueError(f"cannot use {request.proxy}")

    def list(self, request, session):
        raise IsAList([Entry("http://a.test/", "A"), Entry("http://b.test/")], "Both")

    def polite(self, request, session):
        """Ends when it is asked to."""
        session.stage(Stage.RECORDING)
        while not session.should_finish():
            time.sleep(0.01)
        return self.good(request, session)

    def stubborn(self, request, session):
        """Holds the interpreter's lock, so that no other thread of the process runs."""
        session.stage(Stage.DOWNLOADING)
        ctypes.PyDLL(None).sleep(600)

    def escape(self, request, session):
        Path(request.workdir / "link.bin").symlink_to("/etc/hostname")
        medium = Medium("naughty", "1", Kind.FILE, "x", request.url)
        return Saved(medium, (SavedFile("link.bin", Role.MEDIA, 0, "x/y"),))

    def full(self, request, session):
        raise OSError(28, "No space left on device")

    def missing(self, request, session):
        raise DownloadFailure(Reason.NOT_FOUND, f"at {request.proxy}", retry_after=5.0)


@hookimpl
def magpie_extractors():
    return [Naughty()]
