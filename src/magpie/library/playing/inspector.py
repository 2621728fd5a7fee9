"""Looks into one file in a process that may do little else: `python -m … facts|peaks|thumbnail SOURCE TARGET`.

It writes what it has made to TARGET, and ends with 0; with `NOTHING` if there is nothing of that kind in the file.
"""

from __future__ import annotations

import os
import resource
import sys
from pathlib import Path

MEMORY = 1 << 30  # bytes
SECONDS = {"facts": 20, "peaks": 1200, "thumbnail": 60}  # of the processor
NOTHING = 3


def main(what: str, source: str, target: str) -> int:
    """Returns the exit code."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS[what], SECONDS[what]))
    if what != "facts":  # somebody waits for those
        os.nice(15)
    from magpie.downloads.failures import DownloadFailure

    try:
        return _made(what, Path(source), Path(target))
    except DownloadFailure:
        return NOTHING


def _made(what: str, source: Path, target: Path) -> int:
    if what == "facts":
        from magpie.library.playing.looking import read_facts

        target.write_bytes(read_facts(source).as_json())
        return 0
    if what == "peaks":
        from magpie.library.playing.meter import measured

        peaks = measured(source)
        if not peaks.length:
            return NOTHING
        target.write_bytes(peaks.packed())
        return 0
    from magpie.downloads.extractors.probe import probe
    from magpie.downloads.extractors.thumbnail import write_thumbnail

    frame = probe(source, want_frame=True).frame
    if frame is None:
        return NOTHING
    write_thumbnail(frame, target)
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
