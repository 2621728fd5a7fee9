"""Decodes one picture and writes it anew, small, in a process that may do nothing else: `python -m … IN OUT`."""

from __future__ import annotations

import resource
import sys
from pathlib import Path

MEMORY = 1 << 30  # bytes
SECONDS = 20  # of the processor


def main(source: str, target: str) -> int:
    """Returns the exit code: 0 if the picture is there."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    from magpie.downloads.extractors.probe import probe
    from magpie.downloads.extractors.thumbnail import write_thumbnail

    facts = probe(Path(source), want_frame=True)
    if facts.frame is None or not facts.is_picture:
        return 1
    write_thumbnail(facts.frame, Path(target))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2]))
