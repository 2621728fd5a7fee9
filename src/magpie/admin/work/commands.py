"""`magpie jobs`: what waits and what runs, from the command line, beside a running server or without one.

The rows are the truth: the commands read and write them alone. A server notices an order to end within seconds.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass

from magpie.accounts import service as accounts
from magpie.accounts.principal import Principal
from magpie.config import settings
from magpie.context import AppContext, build_context
from magpie.downloads import service as downloads
from magpie.downloads.models import Status
from magpie.engine import EngineRefused
from magpie.kit.db import ReadSession, WriteSession
from magpie.kit.errors import AppError, NotFound
from magpie.kit.logs import configure_logs, redact
from magpie.library.care import service as scans
from magpie.links.checks import service as checks
from magpie.playlists.models import TaskStatus
from magpie.playlists.tasks import turns
from magpie.podcasts.episodes import queueing
from magpie.podcasts.episodes import service as episodes
from magpie.podcasts.models import EpisodeStatus
from magpie.preparation import prepare

WAITING, RUNNING = "waiting", "running"
ENDS_BY_ITSELF = "{id} ends by itself and is begun again by its schedule: switch its {what} off instead."


@dataclass(frozen=True, slots=True)
class Listed:
    """A job. `id`: its kind and the number by which the page and the API know what it is about."""

    id: str
    state: str
    what: str
    user: str | None


def show(*, as_json: bool) -> int:
    """Print all jobs that wait or run."""

    def act(context: AppContext) -> int:
        with context.database.read() as session:
            found = list(_all(session))
            names = accounts.names_of(session, list({owner for _, _, _, owner in found if owner is not None}))
        for job_id, runs, what, owner in found:
            user = names.get(owner) if owner is not None else None
            job = Listed(job_id, RUNNING if runs else WAITING, _shown(what), user)
            print(json.dumps(asdict(job), ensure_ascii=False) if as_json else _line(job))
        return 0

    return _run(act)


def _all(session: ReadSession) -> Iterator[tuple[str, bool, str, int | None]]:
    """Id, whether it runs, what it is about, and whose it is."""
    for one in downloads.unended(session):
        yield f"download:{one.id}", one.status == Status.DOWNLOADING, one.title or one.url, one.user_id
    for link in checks.unfinished(session):
        yield f"check:{link.id}", link.check_worker is not None, link.name or link.url, link.user_id
    for task in turns.unfinished(session):
        yield f"sync:{task.id}", task.status == TaskStatus.SYNCING, task.name, task.user_id
    for episode in queueing.unfinished(session):
        yield (
            f"episode:{episode.key}",
            episode.status != EpisodeStatus.PENDING,
            episode.title,
            episode.user_id,
        )
    for scan in scans.unfinished(session):
        yield f"scan:{scan.id}", scan.status == scans.RUNNING, "the media folders", scan.user_id


def _line(job: Listed) -> str:
    return "\t".join([job.id, job.state, job.what, job.user or "-"])


def _shown(text: str) -> str:
    """In one line, without what would move a terminal's cursor, and without passwords in addresses."""
    return redact("".join(char if char.isprintable() else " " for char in text))


def cancel(job_ids: Sequence[str]) -> int:
    """End jobs. Returns the exit code: 0 all ended, 1 one could not be, 2 a wrong command."""

    def act(context: AppContext) -> int:
        orders = [_order(job_id) for job_id in job_ids]
        code = 0
        for job_id, end in zip(job_ids, orders, strict=True):
            try:
                with context.database.write() as session:
                    end(context, session, _superuser(session))
                print(f"{job_id}\tcancelled")
            except AppError as error:
                code = _failed(f"{job_id}: {error}", 1)
        return code

    return _run(act)


_End = Callable[[AppContext, WriteSession, Principal], object]


def _order(job_id: str) -> _End:
    """What ends the job of this id. Raises `ValueError`."""
    kind, _, which = job_id.partition(":")
    if kind == "episode" and which:
        return lambda context, session, who: episodes.cancel(context, session, who, which)
    if not (which.isascii() and which.isdecimal() and 0 < int(which) < 2**31):
        raise ValueError(f"{job_id!r} is no job: write it as `magpie jobs list` does, such as download:12")
    number = int(which)
    match kind:
        case "download":
            return lambda context, session, who: downloads.cancel(context, session, who, number)
        case "scan":
            return lambda context, session, who: scans.cancel(context, session, who, number)
        case "check" | "sync":
            what = "link" if kind == "check" else "playlist"
            raise ValueError(ENDS_BY_ITSELF.format(id=job_id, what=what))
    raise ValueError(f"{job_id!r} is no job: there are downloads, episodes and scans to be cancelled")


def _superuser(session: ReadSession) -> Principal:
    user = accounts.first_superuser(session)
    if user is None:
        raise NotFound("there is no account yet: open the page, or use `magpie users add`")
    return Principal(user.id, user.username, user.is_superuser)


def adopt() -> int:
    """Put what dead workers ran back into its queues."""

    def act(context: AppContext) -> int:
        from magpie.engine.adopting import adopt as requeue

        count = requeue(context.settings, context.database)
        print(f"{count} jobs of workers that are gone wait to be taken up again.")
        return 0

    return _run(act)


def _run(act: Callable[[AppContext], int]) -> int:
    chosen = settings()
    configure_logs(debug=chosen.debug, style=chosen.log_format, quiet=not chosen.debug)
    context = build_context(chosen)
    try:
        prepare(context)
        return act(context)
    except ValueError as error:
        return _failed(str(error), 2)
    except (AppError, EngineRefused) as error:
        return _failed(str(error), 1)
    finally:
        context.close()


def _failed(message: str, code: int) -> int:
    print(f"magpie jobs: {message}", file=sys.stderr)
    return code
