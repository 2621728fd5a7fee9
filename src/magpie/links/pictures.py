"""Magpie's own copy of a source's picture: fetched through the egress guard, decoded, and written anew."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from contextlib import AbstractContextManager
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Protocol

import httpx
import structlog

from magpie.context import AppContext
from magpie.downloads.extractors import web
from magpie.downloads.failures import DownloadFailure
from magpie.kit.egress import EgressAccess
from magpie.links import repository

log = structlog.get_logger(__name__)

FOLDER = "pictures"  # in the data folder
MAX_BYTES = 10 << 20
FETCH_SECONDS = 30.0
DECODE_SECONDS = 30.0


class WayOut(Protocol):
    """What leads to the outside, as `Bench` does."""

    def way_out(self, job_id: str, url: str) -> AbstractContextManager[EgressAccess]: ...


def refresh(context: AppContext, bench: WayOut, link_id: int) -> bool:
    """Fetch the link's picture unless it is there already; whether there is a new one.

    Never raises for what is wrong with the picture: a check is worth more.
    """
    with context.database.read() as session:
        link = repository.get(session, link_id)
    if link is None or not link.picture_url:
        return False
    url, path = link.picture_url, _path(link.key, link.picture_url)
    if link.picture_path == path and (context.settings.data_dir / path).is_file():
        return False
    try:
        _make(bench, url, link.key, context.settings.data_dir / path)
    except (DownloadFailure, OSError, httpx.HTTPError, subprocess.SubprocessError) as error:
        log.info("picture_not_taken", link_id=link_id, error=type(error).__name__)
        return False
    return _keep(context, link_id, url, path)


def _path(key: str, url: str) -> str:
    """Relative to the data folder; another address is another file, so that no browser shows the old one."""
    digest = sha256(url.encode(errors="surrogatepass")).hexdigest()[:12]
    return f"{FOLDER}/{key[:2]}/{key}-{digest}.jpg"


def _make(bench: WayOut, url: str, key: str, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=target.parent, prefix=".new-") as folder:
        source, made = Path(folder) / "source", Path(folder) / "made.jpg"
        with bench.way_out(f"picture-{key}", url) as access:
            _fetch(url, access.url, source)
        subprocess.run(
            [sys.executable, "-m", "magpie.links.picture_maker", str(source), str(made)],
            check=True,
            timeout=DECODE_SECONDS,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={"PATH": os.environ.get("PATH", "")},
        )
        made.replace(target)


def _fetch(url: str, proxy: str, target: Path) -> None:
    """Raises `DownloadFailure`; `OSError` for what is too large or comes too slowly."""
    deadline = time.monotonic() + FETCH_SECONDS
    size = 0
    with (
        web.open_client(proxy, None, web.TIMEOUT) as client,
        web.get(client, url) as response,
        target.open("wb") as file,
    ):
        for chunk in response.iter_raw(65536):
            size += len(chunk)
            if size > MAX_BYTES or time.monotonic() > deadline:
                raise OSError("the picture is too large or too slow")
            file.write(chunk)


def _keep(context: AppContext, link_id: int, url: str, path: str) -> bool:
    """Let the link have the picture, unless it has changed or gone meanwhile; the old one is deleted."""
    folder = context.settings.data_dir
    with context.database.write() as session:
        link = repository.lock(session, link_id)
        if link is None or link.picture_url != url:
            (folder / path).unlink(missing_ok=True)
            return False
        old, link.picture_path = link.picture_path, path
        if old and old != path:
            session.after_commit(lambda: (folder / old).unlink(missing_ok=True))
    return True
