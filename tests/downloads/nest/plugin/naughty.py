"""A plug-in whose extractor misbehaves as its address says: `http://naughty.test/<how>`."""

from __future__ import annotations

import ctypes
import os
import random
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import NoReturn

from magpie.downloads.extractors.listing import ListedEntry, Listing, ListOrder, ListSession, SourceFacts
from magpie.downloads.extractors.port import (
    Claim,
    Entry,
    IsAList,
    Kind,
    Medium,
    Request,
    Role,
    Saved,
    SavedFile,
    Session,
    Stage,
)
from magpie.downloads.failures import DownloadFailure, Reason
from magpie.plugins import hookimpl

SLEEPER = [sys.executable, "-c", "import time; time.sleep(600)"]


def wait_for_ever() -> NoReturn:
    while True:
        time.sleep(600)


class Naughty:
    name = "naughty"

    def claims(self, url: str) -> Claim:
        return Claim.YES if url.startswith("http://naughty.test/") else Claim.NO

    def preload(self) -> None: ...

    def version(self) -> str:
        return "1.0"

    def extract(self, request: Request, session: Session) -> Saved:
        how = request.url.rpartition("/")[2]
        saved: Saved = getattr(self, how)(request, session)
        return saved

    def list_entries(self, order: ListOrder, session: ListSession) -> Listing:
        listing: Listing = getattr(self, order.url.rpartition("/")[2])(order, session)
        return listing

    def list_of_hostiles(self, order: ListOrder, session: ListSession) -> Listing:
        """What must not get through: broken texts, endless keys, addresses that are none."""
        session.source(SourceFacts("naughty", "A\u202e\x00 source", picture_url="file:///etc/passwd"))
        session.requested(2)
        addresses = (
            "http://a.test/1",
            "javascript:alert(1)",
            "file:///etc/passwd",
            "http://10.0.0.1/x",
            "http://a b/",
        )
        session.entries([ListedEntry(f"n {url}" * 40, url, "Odd\u202e\x07 one") for url in addresses])
        return Listing(complete=True)

    def list_many(self, order: ListOrder, session: ListSession) -> Listing:
        """A thousand at once, then one that must not wait for the rest."""
        for number in range(1000):
            session.entries([ListedEntry(f"n {number}", f"http://a.test/{number}")])
        return wait_for_ever()

    def list_and_fail(self, order: ListOrder, session: ListSession) -> Listing:
        session.entries([ListedEntry("n 1", "http://a.test/1")])
        raise ValueError(f"cannot list with {order.proxy}")

    def list_quietly(self, order: ListOrder, session: ListSession) -> Listing:
        """Finds nothing for long, but asks page after page."""
        for _ in range(40):
            session.requested()
            time.sleep(0.1)
        return Listing(complete=True)

    def list_and_hog(self, order: ListOrder, session: ListSession) -> Listing:
        held = []
        while True:
            held.append(bytearray(os.urandom(1 << 20)) * 8)
            time.sleep(0.002)

    def list_and_fall(self, order: ListOrder, session: ListSession) -> Listing:
        session.entries([ListedEntry("n 1", "http://a.test/1")])
        ctypes.string_at(0)
        return wait_for_ever()

    def list_with_a_family(self, order: ListOrder, session: ListSession) -> Listing:
        subprocess.Popen(SLEEPER)
        session.entries([ListedEntry("n 1", "http://a.test/1")])
        return wait_for_ever()

    def list_self(self, order: ListOrder, session: ListSession) -> Listing:
        """Says where it is: which process, and which homes it has."""
        facts = {"home": os.environ["HOME"], "cwd": str(Path.cwd())}
        session.entries([ListedEntry(f"pid {os.getpid()}", "http://a.test/1", facts=facts)])
        return Listing(complete=True)

    def list_self_and_run(self, order: ListOrder, session: ListSession) -> Listing:
        subprocess.run([sys.executable, "-c", ""], check=True)
        return self.list_self(order, session)

    def list_self_and_leave_a_child(self, order: ListOrder, session: ListSession) -> Listing:
        subprocess.Popen(SLEEPER)
        return self.list_self(order, session)

    def list_self_and_leave_a_thread(self, order: ListOrder, session: ListSession) -> Listing:
        threading.Thread(target=wait_for_ever, daemon=True).start()
        return self.list_self(order, session)

    def list_self_and_grow(self, order: ListOrder, session: ListSession) -> Listing:
        bytearray(os.urandom(1 << 20)) * 100
        return self.list_self(order, session)

    def list_self_and_wait(self, order: ListOrder, session: ListSession) -> Listing:
        self.list_self(order, session)
        return wait_for_ever()

    def good(self, request: Request, session: Session) -> Saved:
        (request.workdir / "notes.bin").write_bytes(os.environ.get("HOME", "").encode())
        medium = Medium("naughty", str(random.random()), Kind.FILE, "Good\u202e\x00 one", request.url)
        session.found(medium)
        session.stage(Stage.DOWNLOADING)
        for size in range(10_000):
            session.progress(size, 10_000)
        return Saved(medium, (SavedFile("notes.bin", Role.MEDIA, 0, "application/octet-stream"),))

    def hang(self, request: Request, session: Session) -> Saved:
        subprocess.Popen(SLEEPER)
        session.stage(Stage.DOWNLOADING)
        return wait_for_ever()

    def family(self, request: Request, session: Session) -> Saved:
        """Children, grandchildren, one in a session of its own, and a daemon whose parent has gone."""
        subprocess.Popen(SLEEPER)
        subprocess.Popen([sys.executable, "-c", f"import subprocess; subprocess.run({SLEEPER!r})"])
        daemon = f"import subprocess; subprocess.Popen({SLEEPER!r}, start_new_session=True)"
        subprocess.run([sys.executable, "-c", daemon], check=True)
        session.stage(Stage.DOWNLOADING)
        return wait_for_ever()

    def hog(self, request: Request, session: Session) -> Saved:
        session.stage(Stage.DOWNLOADING)
        held = []
        while True:
            held.append(bytearray(os.urandom(1 << 20)) * 8)
            time.sleep(0.002)

    def hog_child(self, request: Request, session: Session) -> Saved:
        session.stage(Stage.DOWNLOADING)
        subprocess.run(
            [sys.executable, "-c", "import time; x = bytearray(b'1') * (600 << 20); time.sleep(600)"]
        )
        return wait_for_ever()

    def segfault(self, request: Request, session: Session) -> Saved:
        print("about to fall", flush=True)
        ctypes.string_at(0)
        return wait_for_ever()

    def leave(self, request: Request, session: Session) -> Saved:
        print("token", request.proxy, file=sys.stderr, flush=True)
        os._exit(3)

    def noise(self, request: Request, session: Session) -> Saved:
        for _ in range(64):
            os.write(1, b"x" * (1 << 16))
            os.write(2, b"y" * (1 << 16))
        return self.good(request, session)

    def fail(self, request: Request, session: Session) -> Saved:
        raise ValueError(f"cannot use {request.proxy}")

    def list(self, request: Request, session: Session) -> Saved:
        raise IsAList([Entry("http://a.test/", "A"), Entry("http://b.test/")], "Both")

    def polite(self, request: Request, session: Session) -> Saved:
        """Ends when it is asked to."""
        session.stage(Stage.RECORDING)
        while not session.should_finish():
            time.sleep(0.01)
        return self.good(request, session)

    def stubborn(self, request: Request, session: Session) -> Saved:
        """Holds the interpreter's lock, so that no other thread of the process runs."""
        session.stage(Stage.DOWNLOADING)
        ctypes.PyDLL(None).sleep(600)
        return wait_for_ever()

    def escape(self, request: Request, session: Session) -> Saved:
        Path(request.workdir / "link.bin").symlink_to("/etc/hostname")
        medium = Medium("naughty", "1", Kind.FILE, "x", request.url)
        return Saved(medium, (SavedFile("link.bin", Role.MEDIA, 0, "x/y"),))

    def full(self, request: Request, session: Session) -> Saved:
        raise OSError(28, "No space left on device")

    def missing(self, request: Request, session: Session) -> Saved:
        raise DownloadFailure(Reason.NOT_FOUND, f"at {request.proxy}", retry_after=5.0)


@hookimpl
def magpie_extractors() -> list[Naughty]:
    return [Naughty()]
