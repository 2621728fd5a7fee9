"""`python -m magpie.library.care.reader`: reads what files say of themselves, in a process of its own.

It takes one JSON line after the other, each a list of `[place, path]`, and answers each with a list of the same
length: the facts of a file, or null for one that is no media. A file that kills it kills nobody else.
"""

from __future__ import annotations

import json
import os
import resource
import sys

MEMORY = 1 << 30  # bytes
NICENESS = 10


def main() -> None:
    from magpie.library.care.tags import NoMedia, read

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    os.nice(NICENESS)
    for line in sys.stdin:
        answers: list[object] = []
        for place, path in json.loads(line):
            try:
                answers.append(read(place, path).as_json())
            except (NoMedia, MemoryError):
                answers.append(None)
        sys.stdout.write(json.dumps(answers) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
