"""`magpie adopt`."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from magpie.kit.errors import AppError
from magpie.links.adopt.adopter import Adopter, Tally, Wish
from magpie.links.adopt.scan import infos
from magpie.links.commands import open_context, whose

SECONDS_BETWEEN_NEWS = 2.0


def adopt(folder: Path, *, username: str | None, move: bool, follow: bool) -> int:
    """Take all media below the folder in. Returns the exit code: 0 all of them, 1 some, 2 a wrong command."""
    if not folder.is_dir():
        print(f"magpie adopt: {folder} is not a folder", file=sys.stderr)
        return 2
    context = open_context()
    try:
        with context.database.read() as session:
            principal = whose(session, username)
        adopter = Adopter(context, Wish(principal, move=move, follow=follow))
        _all(adopter, folder.absolute())
    except AppError as error:
        print(f"magpie adopt: {error}", file=sys.stderr)
        return 2
    finally:
        context.close()
    print(_sentence(adopter.tally))
    return 1 if adopter.tally.problems else 0


def _all(adopter: Adopter, folder: Path) -> None:
    told, news = 0, time.monotonic()
    for info in infos(folder):
        adopter.take(info)
        for path, problem in adopter.tally.problems[told:]:
            print(f"{_shown(path)}: {problem}", file=sys.stderr)
        told = len(adopter.tally.problems)
        if time.monotonic() - news > SECONDS_BETWEEN_NEWS:
            news = time.monotonic()
            print(f"… {_sentence(adopter.tally)}", file=sys.stderr, flush=True)


def _sentence(tally: Tally) -> str:
    parts = [f"{tally.adopted} taken into the library", f"{tally.held} held already"]
    if tally.followed:
        parts.append(f"{tally.followed} channels followed")
    if tally.problems:
        parts.append(f"{len(tally.problems)} not usable")
    return ", ".join(parts) + "."


def _shown(path: Path) -> str:
    return str(path).encode(errors="replace").decode()
