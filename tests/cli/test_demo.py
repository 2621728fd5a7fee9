"""`magpie demo` as a person runs it: every capability works, offline, and the result can be looked at."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from magpie.demo import command
from tests.support import warm
from tests.support.server import environment


@pytest.mark.soak
@pytest.mark.once
def test_the_whole_product_is_shown(tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    told = warm.command("demo", "--keep", str(kept), env=environment(tmp_path / "data"), cwd=tmp_path)
    assert told.returncode == 0, told.stdout
    assert all(title in told.stdout for title, _step in command.STEPS)
    assert "✗" not in told.stdout
    assert len(list((kept / "media" / "Videos").rglob("*.mp4"))) == 4  # the channel's, each once
    assert (kept / "lighthouse.mp3").stat().st_size > 0
    assert re.search(r"Sign in there as demo with \S{16}\.", told.stdout)
