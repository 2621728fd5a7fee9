"""`magpie scan`: looks through the media folders in the foreground, beside a running server or without one."""

from __future__ import annotations

import json
import sys
from typing import TextIO

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from magpie.accounts import service as accounts
from magpie.accounts.models import User
from magpie.config import settings
from magpie.context import AppContext, build_context
from magpie.kit.db import ReadSession
from magpie.kit.errors import AppError, NotFound
from magpie.kit.logs import configure_logs
from magpie.library.care.jobs import roots_to_scan
from magpie.library.care.scan import Report, Scanner
from magpie.library.roots import roots_of
from magpie.preparation import prepare

_WORDS = {
    "folder": "the folder cannot be read",
    "name": "its name is no valid text",
    "folder_missing": "the media folder is not there: see that its disk is mounted",
    "not_media": "it is not what its name says, or broken",
}
_COUNTED = ("unchanged", "changed", "moved", "returned", "missing", "still_missing", "unknown", "adopted")


def scan(*, adopt: bool, username: str | None, as_json: bool, out: TextIO = sys.stdout) -> int:
    """Look through all media folders. The exit code: 0 all is well, 1 something is missing or could not be read, 2 a
    wrong command."""
    chosen = settings()
    configure_logs(debug=chosen.debug, style=chosen.log_format, quiet=not chosen.debug)
    context = build_context(chosen)
    try:
        prepare(context)
        report = _scan(context, adopt=adopt, username=username)
    except AppError as error:
        print(f"magpie scan: {error}", file=sys.stderr)
        return 2
    finally:
        context.close()
    counts = {name: report.counts[name] for name in ("files", *_COUNTED, "problems")}
    if as_json:
        print(json.dumps({**counts, "first_problems": report.problems}), file=out)
    else:
        for problem in report.problems:
            print(f"{problem['path']}: {_WORDS[problem['reason']]}", file=sys.stderr)
        told = ", ".join(f"{counts[name]} {name.replace('_', ' ')}" for name in _COUNTED if counts[name])
        print(f"{counts['files']} files{': ' if told else ''}{told}.", file=out)
    return 1 if counts["missing"] or counts["problems"] else 0


def _scan(context: AppContext, *, adopt: bool, username: str | None) -> Report:
    roots = roots_of(context)
    with context.database.read() as session:
        user_id = _whose(session, username).id if adopt else None
        names = roots_to_scan(session, roots.present_name)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed} files"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("scanning", total=None)

        def tell(report: Report) -> None:
            done = report.counts["adopted"]
            if done:
                progress.update(task, description="adopting", completed=done, total=report.counts["unknown"])
            else:
                progress.update(task, completed=report.counts["files"])

        return Scanner(context.database, roots, user_id=user_id, tell=tell).scan(names)


def _whose(session: ReadSession, username: str | None) -> User:
    user = accounts.first_superuser(session) if username is None else accounts.user_named(session, username)
    if user is None:
        raise NotFound(
            "there is no account yet: open the page, or use `magpie users add`"
            if username is None
            else f"there is no user named {username}"
        )
    return user
