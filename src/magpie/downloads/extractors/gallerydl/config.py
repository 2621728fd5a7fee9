"""gallery-dl's configuration for one job, generated from a fixed grammar.

Everything that gallery-dl evaluates (format strings from outside, filters, `exec`) is absent or constant here.
Proxy credentials and cookies stand in this file, mode 0600 in the job's private folder, and never on a command line.
"""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from magpie.downloads.extractors.gallerydl.posts import FAMILIES
from magpie.downloads.extractors.listing import ListOrder
from magpie.downloads.extractors.port import Request

FOLDER = "gallery"
TEST_ROOTS = "MAGPIE_TEST_GALLERYDL_ROOTS"  # tests only: as the option, in JSON, for every job
REST_SECONDS = 0.3  # between two requests of a listing: time to end it before the next one
_FILENAME = "{id|post_id|gallery_id}_{num|page}_{filename[0:80]}.{extension}"
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")


def own_roots(options: dict[str, Any]) -> dict[str, dict[str, str]]:
    """Servers of one's own, from `Request.options["gallerydl"]["roots"]`: `{"moebooru": {"mine": "http://host:port"}}`.

    Only family names, names and http(s) addresses get through.
    """
    given = options.get("gallerydl", {}).get("roots") or json.loads(os.environ.get(TEST_ROOTS, "{}"))
    roots: dict[str, dict[str, str]] = {}
    for family, instances in given.items():
        for name, root in instances.items():
            parts = urlsplit(str(root))
            if _NAME.fullmatch(family) and _NAME.fullmatch(name) and parts.scheme in ("http", "https"):
                roots.setdefault(family, {})[name] = (
                    f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}"
                )
    return roots


def configuration(request: Request) -> dict[str, Any]:
    """The whole configuration."""
    extractor: dict[str, Any] = {
        "base-directory": str(request.workdir / FOLDER),
        "directory": [],
        "filename": _FILENAME,
        "path-restrict": "windows",
        "proxy": request.proxy,
        "timeout": 30.0,
        "retries": 3,
        "sleep-429": 0,  # one 429 ends it: when to come back is for the site's circuit breaker
        "image-range": f"1-{int(request.list_limit)}",
        "file-range": f"1-{int(request.list_limit)}",
        "netrc": False,
        "input": False,
        "cookies-update": False,
        "postprocessors": [
            {"name": "metadata", "mode": "json", "event": "prepare", "filename": f"{_FILENAME}.json"}
        ],
    }
    if request.cookies is not None:
        extractor["cookies"] = str(request.cookies)
    for family, instances in own_roots(request.options).items():
        extractor[family] = {name: {"root": root} for name, root in instances.items()}
    return {
        "extractor": extractor,
        "downloader": {
            "part": True,
            "mtime": False,
            "retries": 3,
            "timeout": 30.0,
            "ytdl": {"enabled": False},
        },
        "output": {"mode": "pipe", "progress": False, "shorten": False, "log": {"level": "warning"}},
        "cache": {"file": None},
    }


def listing_configuration(order: ListOrder, *, streaming: bool) -> dict[str, Any]:
    """The whole configuration for listing; `streaming`: a line of output for every post.

    One request is one request: whether and when to try again is for whoever ordered the listing.
    """
    extractor: dict[str, Any] = {
        "proxy": order.proxy,
        "timeout": 30.0,
        "retries": 0,
        "netrc": False,
        "input": False,
        "cookies-update": False,
        "postprocessors": [],
    }
    if order.cookies is not None:
        extractor["cookies"] = str(order.cookies)
    if order.request_delay > REST_SECONDS:
        extractor["sleep-request"] = order.request_delay
    roots = own_roots(order.options)
    for family in FAMILIES:  # their own rest is none at all
        instances = {name: {"root": root} for name, root in roots.get(family, {}).items()}
        extractor[family] = {"sleep-request": max(REST_SECONDS, order.request_delay), **instances}
    return {
        "extractor": extractor,
        "output": {"jsonl": streaming, "log": {"level": "debug"}},
        "cache": {"file": None},
    }


def write_configuration(request: Request, folder: Path) -> Path:
    """Write the configuration where only this user can read it."""
    return write_private(configuration(request), folder)


def write_private(settings: dict[str, Any], folder: Path) -> Path:
    """Write a configuration where only this user can read it."""
    path = folder / "gallery-dl.json"
    path.touch(mode=0o600)
    path.chmod(0o600)
    path.write_text(json.dumps(settings))
    return path
