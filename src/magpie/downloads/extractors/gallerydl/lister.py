"""A user's, a tag's or a pool's posts with gallery-dl, as it reads them: nothing is downloaded.

With `--dump-json` and `output.jsonl` the program prints a line for every post, file and further address the moment it
has read it: `[2, {post}]`, `[3, "address", {file}]`, `[6, "address", {…}]`. It goes on to the next page by itself, so
between two requests it rests for a moment (`REST_SECONDS`), in which a listing that has seen enough ends it: an
unchanged board costs one request. It says nothing of what went wrong, but its log names every request and its status.
"""

from __future__ import annotations

import json
import os
import re
import selectors
import subprocess
import sys
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from magpie.downloads.extractors import keys
from magpie.downloads.extractors.faults import reason_of_status
from magpie.downloads.extractors.gallerydl.config import listing_configuration, own_roots, write_private
from magpie.downloads.extractors.gallerydl.errors import failure_of
from magpie.downloads.extractors.gallerydl.job import ONE_WORK, text_of
from magpie.downloads.extractors.gallerydl.posts import Board, post_of
from magpie.downloads.extractors.listing import ListedEntry, Listing, ListOrder, ListSession, SourceFacts
from magpie.downloads.extractors.port import Kind
from magpie.downloads.extractors.stop import Reporter
from magpie.downloads.extractors.web import is_http
from magpie.downloads.failures import DownloadFailure, Reason

MAX_LINE = 8 << 20
LOG_LINES = 200
_POST, _FILE, _QUEUE = 2, 3, 6
_REQUEST = re.compile(r'^\[urllib3\.connectionpool\]\[debug\] \S+ "[A-Z]+ .*" (\d{3}) ')


def list_entries(order: ListOrder, session: ListSession) -> Listing:
    """Raises as `Lister.list_entries`."""
    scratch = order.workdir / ".job"
    scratch.mkdir(mode=0o700, parents=True, exist_ok=True)
    return _Posts(order, session, scratch).run()


class _Posts:
    def __init__(self, order: ListOrder, session: ListSession, scratch: Path) -> None:
        self._order = order
        self._session = session
        self._scratch = scratch
        self._reporter = Reporter(order, session)
        self._board = _board(order)
        self._log: deque[str] = deque(maxlen=LOG_LINES)
        self._status = 200  # of the last request
        self._told_source = False
        self._last_key = ""

    def run(self) -> Listing:
        code = self._follow(streaming=True)
        if code is None:  # seen enough
            return self._reporter.listing(
                ran_out=not (self._reporter.exhausted or self._reporter.reached_known)
            )
        if code != 0:
            raise failure_of(code, list(self._log))
        if self._status >= 400:
            raise DownloadFailure(reason_of_status(self._status), f"HTTP {self._status}")
        if not self._reporter.count:
            self._ask_why()
        return self._reporter.listing(ran_out=True)

    def _follow(self, *, streaming: bool) -> int | None:
        """Run the program; its exit status, None if the listing ended it."""
        process = self._start(streaming)
        try:
            for is_log, line in _lines(process):
                if is_log:
                    self._note(line)
                elif not self._take(line, whole=not streaming):
                    return None
            return process.wait()
        finally:
            process.kill()
            process.wait()
            for pipe in (process.stdout, process.stderr):
                if pipe is not None:
                    pipe.close()

    def _start(self, streaming: bool) -> subprocess.Popen[bytes]:
        settings = listing_configuration(self._order, streaming=streaming)
        config = write_private(settings, self._scratch)
        return subprocess.Popen(
            [
                sys.executable, "-P", "-m", "gallery_dl", "--config-ignore", "--config-json", str(config),
                "--no-input", "--no-colors", "--dump-json", "--", self._order.url,
            ],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**os.environ, "PYTHONUTF8": "1"},
        )  # fmt: skip

    def _note(self, line: str) -> None:
        if (found := _REQUEST.match(line)) is not None:
            self._status = int(found[1])
            self._session.requested()
        self._log.append(line)

    def _take(self, line: str, *, whole: bool) -> bool:
        """One line of output; False once the listing is to end."""
        try:
            message = json.loads(line)
        except ValueError:
            return True
        if whole or not isinstance(message, list) or not message:
            return True
        kind, facts = message[0], message[-1]
        if not isinstance(facts, dict):
            return True
        if kind == _QUEUE:
            return self._report(_queued(message[1], facts), facts)
        if kind not in (_POST, _FILE):
            return True
        if facts.get("subcategory") in ONE_WORK:
            return self._report_whole(facts)
        entry = post_of(facts, self._board)
        return self._report_whole(facts) if entry is None else self._report(entry, facts)

    def _report(self, entry: ListedEntry | None, facts: dict[str, Any]) -> bool:
        if entry is None or entry.key == self._last_key:
            return True
        self._last_key = entry.key
        self._tell_source(facts)
        return self._reporter.report([entry])

    def _report_whole(self, facts: dict[str, Any]) -> bool:
        """The whole address is one medium: a single work, or posts that have no addresses of their own."""
        if self._reporter.count:
            return True
        self._tell_source(facts)
        one = post_of(facts, self._board) if facts.get("subcategory") in ONE_WORK else None
        key = one.key if one is not None else keys.web_key(self._order.url)
        kind = one.kind if one is not None else Kind.GALLERY
        title = one.title if one is not None else _title(facts)
        self._reporter.report([ListedEntry(key, self._order.url, title, kind)])
        return False

    def _tell_source(self, facts: dict[str, Any]) -> None:
        if not self._told_source:
            self._told_source = True
            self._session.source(SourceFacts("gallerydl", _title(facts)))

    def _ask_why(self) -> None:
        """Nothing came, and nothing is said of why: only the program's other way of printing has the error."""
        why = _Why(self._order, self._session, self._scratch)
        if (error := why.ask()) is not None:
            raise error


class _Why(_Posts):
    """The same once more, printed as one document that ends with the error, if there was one."""

    def ask(self) -> Exception | None:
        self._document: list[str] = []
        code = self._follow(streaming=False)
        if code:
            return failure_of(code, list(self._log))
        try:
            messages = json.loads("\n".join(self._document) or "[]")
        except ValueError:
            return DownloadFailure(Reason.TOOL_ERROR, "gallery-dl's output cannot be read")
        errors = [one[1] for one in messages if isinstance(one, list) and len(one) == 2 and one[0] == -1]
        if not errors:
            return None
        return failure_of(1, [f"[gallery-dl][error] {errors[-1].get('error')}: {errors[-1].get('message')}"])

    def _take(self, line: str, *, whole: bool) -> bool:
        self._document.append(line)
        return True


def _board(order: ListOrder) -> Board:
    parts = urlsplit(order.url)
    root, families = f"{parts.scheme}://{parts.netloc}", {}
    for family, instances in own_roots(order.options).items():
        for name, own in instances.items():
            families[name] = family
            if order.url.startswith(f"{own}/"):
                root = own
    return Board(root, families)


def _queued(url: Any, facts: dict[str, Any]) -> ListedEntry | None:
    """A further address that the program would go on to: a gallery of a user's, a chapter of a series."""
    if not isinstance(url, str) or not is_http(url):
        return None
    title = next((text for name in ("title", "chapter", "name") if (text := text_of(facts.get(name)))), None)
    return ListedEntry(keys.web_key(url), url, title, Kind.GALLERY)


def _title(facts: dict[str, Any]) -> str | None:
    named = (
        "search_tags",
        "gallery_title",
        "album_title",
        "pool_name",
        "manga",
        "user",
        "username",
        "artist",
        "author",
    )
    about = next((text for name in named if (text := text_of(facts.get(name)))), None)
    return " ".join(filter(None, (text_of(facts.get("category")), about))) or None


def _lines(process: subprocess.Popen[bytes]) -> Iterator[tuple[bool, str]]:
    """What the program prints, line by line: whether it belongs to the log, and the text."""
    pipes = [
        (pipe, is_log)
        for pipe, is_log in ((process.stdout, False), (process.stderr, True))
        if pipe is not None
    ]
    rests = {is_log: b"" for _, is_log in pipes}
    with selectors.DefaultSelector() as selector:
        for pipe, is_log in pipes:
            selector.register(pipe, selectors.EVENT_READ, is_log)
        while selector.get_map():
            for key, _ in selector.select():
                data, is_log = os.read(key.fd, 65536), key.data
                *lines, rests[is_log] = (rests[is_log] + data).split(b"\n")
                if len(rests[is_log]) > MAX_LINE:
                    raise DownloadFailure(Reason.TOOL_ERROR, "gallery-dl prints lines without end")
                yield from ((is_log, line.decode(errors="replace")) for line in lines)
                if not data:
                    selector.unregister(key.fileobj)
