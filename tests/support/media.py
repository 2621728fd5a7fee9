"""Media that ffmpeg makes for tests, kept for the runs to come: each worker of each run would make the same ones anew."""

from __future__ import annotations

import subprocess
from functools import cache
from hashlib import sha256
from pathlib import Path

from magpie.demo import media
from magpie.demo.media import find_ffmpeg

# In the checkout; what other makers have made lies beside it, and is read by nobody any more.
KEPT = Path(__file__).parents[2] / ".pytest_cache" / "media"


@cache
def made_media() -> Path:
    """The folder for a `Studio`: of this text of its module and of this ffmpeg. Recipes have names of their own in it."""
    version = subprocess.run([find_ffmpeg(), "-version"], check=True, capture_output=True).stdout
    return KEPT / sha256(Path(media.__file__).read_bytes() + version).hexdigest()[:16]
