"""The kinds of servers as they are declared, and as they are documented."""

from __future__ import annotations

from pathlib import Path

from magpie.playlists.servers.port import Fault
from magpie.playlists.servers.service import kinds

PAGE = Path(__file__).parents[3] / "docs" / "servers.md"


def test_what_ships_is_there() -> None:
    assert {name: kind.logins for name, kind in kinds().items()} == {
        "plex": ("token",),
        "jellyfin": ("token", "password"),
        "subsonic": ("password", "token"),
    }
    assert all(1 <= kind.capabilities.chunk <= 200 for kind in kinds().values())


def test_every_fault_is_explained() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert [fault.value for fault in Fault if f"| `{fault.value}` |" not in page] == []
