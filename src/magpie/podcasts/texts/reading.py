"""Has a document read by a child process, and ends that if it takes too long or is not wanted any more."""

from __future__ import annotations

import signal
from collections.abc import Callable
from dataclasses import asdict

from magpie.kit.child.running import EndedEarly, Program, Stopped, TookTooLong, run
from magpie.podcasts.texts.document import Document, Unreadable
from magpie.podcasts.texts.kinds import Order

PATIENCE = 400.0  # seconds by the clock


def read(order: Order, stop: Callable[[], bool], *, patience: float = PATIENCE) -> Document:
    """Raises `Unreadable`."""
    try:
        answer = run(Program("magpie.podcasts.texts.child", patience), asdict(order), stop)
    except Stopped:
        raise Unreadable("stopped", "The reading was stopped.") from None
    except TookTooLong:
        raise Unreadable("too_slow", "The document takes too long to read.") from None
    except EndedEarly as error:
        if error.code == -signal.SIGXCPU:
            raise Unreadable("too_slow", "The document takes too long to read.") from error
        raise Unreadable("damaged", "The document cannot be read.") from error
    if failed := answer.get("failed"):
        raise Unreadable(failed["code"], failed["message"])
    return Document(
        answer["title"], answer["text"], answer["language"], order.address or None, answer["kind"]
    )
