"""A process that does one order of a recogniser's: `kit.child`, with the failures of transcribers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from magpie.kit.child import running, serving
from magpie.kit.child.running import Message, Program
from magpie.kit.child.serving import Tell
from magpie.podcasts.transcribers.port import TranscriptionFailed

__all__ = ["Program", "run", "serve"]


def run(
    program: Program,
    order: Mapping[str, Any],
    on_message: Callable[[Message], None],
    stop: Callable[[], bool],
) -> None:
    """Have the order done; its messages go to `on_message`, in this thread.

    Raises `TranscriptionFailed`: what the program says is wrong, `stopped`, or `failing` if it ends without a word.
    """
    try:
        end = running.run(program, order, stop, on_message)
    except running.Stopped:
        raise TranscriptionFailed("stopped", "The transcription was stopped.") from None
    except running.TookTooLong:
        raise TranscriptionFailed("failing", "The recogniser took too long.") from None
    except running.EndedEarly as error:
        raise TranscriptionFailed("failing", "The recogniser's process ended too early.") from error
    if "reason" in end:
        raise TranscriptionFailed(end["reason"], end["message"])


def serve(
    work: Callable[[Message, Tell], None], *, memory: int | None, seconds: int, niceness: int = 10
) -> int:
    """In the process itself: see `kit.child.serving`. What `work` finds it tells; failures are told for it."""

    def done(order: Message, tell: Tell) -> Message:
        try:
            work(order, tell)
        except TranscriptionFailed as failure:
            return {"reason": failure.reason, "message": failure.message}
        except MemoryError:
            return {
                "reason": "failing",
                "message": "The recogniser needs more memory than it may have.",
            }
        return {}

    return serving.serve(done, memory=memory, seconds=seconds, niceness=niceness)
