"""Asking a model once for each question, whatever happens: the journal remembers answers, short faults are waited out."""

from __future__ import annotations

import hashlib
import json
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any

from magpie.podcasts.llms.port import Answer, Ask, ChatFailed, ChatModel, Message
from magpie.podcasts.script import tokens
from magpie.podcasts.script.work import Budget, Journal, Later, Stop

LONGEST_WAIT = 20.0  # seconds that are waited here; for more the work is put off
_BACKOFF = (1.0, 3.0, 8.0)
_PASSING = frozenset({"unreachable", "failing", "unreadable", "limited"})


class Asker:
    """One model and everything that a question passes through."""

    def __init__(
        self,
        model: ChatModel,
        journal: Journal,
        stop: Stop,
        budget: Budget | None = None,
        wait: Callable[[float, Stop], None] | None = None,
    ) -> None:
        self._model, self._journal, self._stop = model, journal, stop
        self.budget = budget or Budget()
        self._wait = wait or wait_unless_stopped
        self._context: int | None = None

    def context_tokens(self) -> int:
        """How much a question and its answer may take together; asked of the server once for one script."""
        if self._context is None:
            kept = self._journal.once(
                _digest(["context", self._model.name]), lambda: {"tokens": self._model.context_tokens()}
            )
            self._context = int(kept["tokens"])
        return self._context

    def ask(
        self,
        messages: Sequence[Message],
        schema: dict[str, Any] | None,
        max_tokens: int,
        *,
        temperature: float = 0.7,
        attempt: int = 0,
    ) -> Answer:
        """The answer, from the journal if it was given before. `attempt` makes the same question another one.

        Raises `ChatFailed`, `OverBudget`, `Later` (a wait of more than 20 s is asked for).
        """
        key = _digest(
            [
                self._model.name,
                [[m.role, m.content] for m in messages],
                schema,
                max_tokens,
                temperature,
                attempt,
            ]
        )
        context = self.context_tokens()

        def do() -> dict[str, Any]:
            prompt = int(tokens.of_messages(messages) * tokens.MARGIN)
            most = self.budget.allow(prompt, max_tokens)
            needed = min(context, prompt + most)
            answer = self._patiently(Ask(tuple(messages), schema, most, temperature, needed))
            return {
                "text": answer.text,
                "promptTokens": answer.prompt_tokens,
                "completionTokens": answer.completion_tokens,
                "isCut": answer.is_cut,
            }

        kept = self._journal.once(key, do)
        answer = Answer(
            str(kept["text"]), int(kept["promptTokens"]), int(kept["completionTokens"]), bool(kept["isCut"])
        )
        self.budget.take(answer.prompt_tokens, answer.completion_tokens)
        return answer

    def _patiently(self, ask: Ask) -> Answer:
        for pause in (*_BACKOFF, None):
            if self._stop():
                raise ChatFailed("stopped", "The writing was stopped.")
            try:
                return self._model.ask(ask, lambda _: None, self._stop)
            except ChatFailed as fault:
                if fault.reason not in _PASSING:
                    raise
                asked = fault.retry_after or 0.0
                if asked > LONGEST_WAIT:
                    raise Later(asked, fault.message) from fault
                if pause is None:
                    if fault.reason == "limited":
                        raise Later(60.0, fault.message) from fault
                    raise
                self._wait(max(asked, pause), self._stop)
        raise AssertionError("the last attempt returns or raises")


def wait_unless_stopped(seconds: float, stop: Stop) -> None:
    """Wait, looking five times a second whether to stop."""
    until = time.monotonic() + seconds
    never = threading.Event()
    while (left := until - time.monotonic()) > 0 and not stop():
        never.wait(min(0.2, left))


def _digest(asked: list[Any]) -> str:
    return hashlib.sha256(
        json.dumps(asked, sort_keys=True, ensure_ascii=False).encode("utf-8", "surrogatepass")
    ).hexdigest()
