"""Which hosts gallery-dl knows, from its own list of extractors."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from magpie.kit.derived import Derived

_NOT_SITES = frozenset({"directlink", "generic", "noop", "recursive", "ytdl", "test", "oauth"})
LIST_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Catalogue:
    """`hosts` exactly (without `www.`); `suffixes` for sites that give every user a host."""

    hosts: frozenset[str] = frozenset()
    suffixes: tuple[str, ...] = ()

    def knows(self, url: str) -> bool:
        host = (urlsplit(url).hostname or "").removeprefix("www.")
        return host in self.hosts or host.endswith(self.suffixes or "\0")

    def to_keep(self) -> list[list[str]]:
        return [sorted(self.hosts), list(self.suffixes)]

    @classmethod
    def of_kept(cls, kept: list[list[str]]) -> Self:
        hosts, suffixes = kept
        return cls(frozenset(hosts), tuple(suffixes))


def shelf(folder: Path | None) -> Derived:
    """Where the list is kept: the program takes a second and a half to make it."""
    return Derived(folder, "gallery-dl", "gallery_dl", (__file__,))


def start_listing() -> subprocess.Popen[str]:
    """Let the program list its extractors, beside whatever else is being prepared."""
    return subprocess.Popen(
        [sys.executable, "-P", "-m", "gallery_dl", "--config-ignore", "--list-extractors"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )


def read_listing(listing: subprocess.Popen[str]) -> Catalogue:
    """Wait for the list. Raises RuntimeError if the program does not work here."""
    text, _ = listing.communicate(timeout=LIST_SECONDS)
    if listing.returncode != 0:
        raise RuntimeError(f"gallery-dl ended with status {listing.returncode}")
    return parse_listing(text)


def parse_listing(text: str) -> Catalogue:
    """From lines like `Category: pixiv - Subcategory: user` and `Example : https://www.pixiv.net/en/users/12345`.

    Placeholders in examples are in capitals: `https://USER.tumblr.com/` stands for any host below tumblr.com.
    """
    hosts, suffixes, category = set(), set(), ""
    for line in text.splitlines():
        if line.startswith("Category:"):
            category = line.split()[1]
        elif line.startswith("Example") and category not in _NOT_SITES:
            labels = urlsplit(line.partition(":")[2].strip()).netloc.split(".")
            fixed = [label for label in labels if label == label.lower()]
            if len(fixed) < 2:
                continue
            name = ".".join(fixed).removeprefix("www.")
            if len(fixed) < len(labels):
                suffixes.add(f".{name}")
            else:
                hosts.add(name)
    return Catalogue(frozenset(hosts), tuple(sorted(suffixes)))
