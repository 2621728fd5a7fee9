"""What runs in a job process: one request through the chain of extractors, and its answer.

A listing may be followed by another one in the same process, where its worker says so; see `spares.py`.
"""

from __future__ import annotations

import os
import random
import resource
import shutil
import socket
import tempfile
import threading
import traceback
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from magpie.downloads.extractors.chain import inspect, list_entries, save
from magpie.downloads.extractors.faults import failure_of_os_error
from magpie.downloads.extractors.listing import ListOrder, order_from_wire
from magpie.downloads.extractors.port import Declined, Extractor, IsAList, Request, request_from_wire, to_wire
from magpie.downloads.extractors.secrets import Redactor
from magpie.downloads.failures import DownloadFailure, Reason
from magpie.downloads.nest.kernel import children_of, give_way, prefer_as_victim
from magpie.downloads.nest.session import JobSession
from magpie.downloads.nest.wire import Channel, Message
from magpie.downloads.nest.workdir import write_owner

SCRATCH = ".job"

# Downloads give way to listings and to the server: those are what people wait for.
NICENESS = 3

# Whatever a listing may have left behind in the process ends with it, at the latest after so much.
MOST_LISTINGS = 50
MOST_GROWTH_KB = 64 << 10
LAST_THREADS_SECONDS = 0.1


def run_job(sock: socket.socket, extractors: list[Extractor]) -> int:
    """Serve the order that waits in the socket, and those that follow; returns the process's exit status."""
    random.seed()  # the fork copied the state: without this all jobs would draw the same numbers
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    prefer_as_victim()
    channel = Channel(sock)
    order = channel.receive()
    if order is None:
        return 0
    session = JobSession(channel)
    session.watch()
    size, served = _peak_kb(), 0
    while True:
        served += 1
        answer = _answer(order, extractors, session)
        may_stay = order.get("stay") and answer["type"] == "listed" and served < MOST_LISTINGS
        stays = bool(may_stay) and _peak_kb() - size < MOST_GROWTH_KB and _is_alone(session)
        session.send({**answer, "stays": stays})
        if not stays:
            return 0
        order = session.next_order()


def _peak_kb() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def _is_alone(session: JobSession) -> bool:
    """Whether the listing has started no program, not even one that has ended, and left no thread."""
    if resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss or children_of(os.getpid()):
        return False
    own = (threading.current_thread(), session.watcher)
    others = [thread for thread in threading.enumerate() if thread not in own]
    for thread in others:  # a timer that was cancelled takes a moment to end
        thread.join(LAST_THREADS_SECONDS)
    return not any(thread.is_alive() for thread in others)


def _answer(order: Message, extractors: list[Extractor], session: JobSession) -> Message:
    if order["type"] == "inspect":
        return _inspect(order, extractors)
    if order["type"] == "list":
        list_order = order_from_wire(order["order"])
        return _guarded(lambda: _list(list_order, extractors, session), Redactor(list_order), session)
    request = request_from_wire(order["request"])
    return _guarded(lambda: _save(request, extractors, session), Redactor(request), session)


def _guarded(carry_out: Callable[[], Message], redact: Redactor, session: JobSession) -> Message:
    """The answer, whatever becomes of the order; no secret is in it."""
    try:
        return carry_out()
    except IsAList as found:
        return {
            "type": "list",
            "title": found.title,
            "album": found.album,
            "entries": [{"url": entry.url, "title": entry.title} for entry in found.entries],
        }
    except Declined:
        return {"type": "declined"}
    except DownloadFailure as failure:
        return _failure(failure, redact)
    except OSError as error:
        return _failure(failure_of_os_error(error), redact)
    except MemoryError:
        return _failure(DownloadFailure(Reason.OUT_OF_MEMORY), redact)
    except Exception as error:  # noqa: BLE001  a tool's own fault, of whatever type
        traceback.print_exc()
        return _failure(DownloadFailure(Reason.TOOL_ERROR, f"{type(error).__name__}: {error}"), redact)
    finally:
        session.flush()


def _save(request: Request, extractors: list[Extractor], session: JobSession) -> Message:
    give_way(NICENESS)
    request.workdir.mkdir(exist_ok=True)  # not what is above it: its disk may have gone
    write_owner(request.workdir)
    scratch = request.workdir / SCRATCH
    scratch.mkdir(mode=0o700, exist_ok=True)
    _settle_in(scratch)
    try:
        return {"type": "saved", "saved": to_wire(save(request, session, extractors))}
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _list(order: ListOrder, extractors: list[Extractor], session: JobSession) -> Message:
    scratch = order.workdir / SCRATCH
    scratch.mkdir(mode=0o700, parents=True, exist_ok=True)
    _settle_in(scratch)
    try:
        return {"type": "listed", "listing": asdict(list_entries(order, session, extractors))}
    finally:
        os.chdir("/")
        shutil.rmtree(scratch, ignore_errors=True)


def _settle_in(scratch: Path) -> None:
    """Make the scratch folder home and temp folder, so that tools neither read nor litter the real ones."""
    for name in ("HOME", "TMPDIR", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "DENO_DIR"):
        os.environ[name] = str(scratch)
    tempfile.tempdir = str(scratch)
    os.chdir(scratch)


def _failure(failure: DownloadFailure, redact: Redactor) -> Message:
    return {
        "type": "failure",
        "reason": failure.reason,
        "detail": redact(failure.detail),
        "retry_after": failure.retry_after,
    }


def _inspect(order: Message, extractors: list[Extractor]) -> Message:
    answer: dict[str, Any] = inspect(order["url"], order["proxy"], order["options"], extractors)
    return {"type": "inspected", "answer": answer}
