"""Asking a model once for each question, whatever happens: the journal remembers answers, short faults are waited out."""

from __future__ import annotations

import hashlib
import json
import re
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any

from magpie.podcasts.llms.port import Answer, Ask, ChatFailed, ChatModel, Message
from magpie.podcasts.script import tokens
from magpie.podcasts.script.work import Budget, Journal, Later, Stop

LONGEST_WAIT = 20.0  # seconds that are waited here; for more the work is put off
_BACKOFF = (1.0, 3.0, 8.0)
_PASSING = frozenset({"unreachable", "failing", "limited"})
_THOUGHT = re.compile(
    r"<(?:think|thinking|thought|reasoning)\b[^>]*>(?P<thought>.*?)(?:(?P<end></)|$)", re.DOTALL | re.I
)
_SHORTEST_ANSWER = 128  # tokens
_STEP = 256  # tokens; thoughts are reckoned in such steps


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
        self.thought = (
            0  # tokens that the model takes for thinking aloud before it answers, as far as was seen
        )

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

        `max_tokens` is for the answer alone: a model that thinks aloud gets as much more as it was seen to take; less is
        asked for where the context has no room.
        Raises `ChatFailed`, `OverBudget`, `Later` (a wait of more than 20 s is asked for).
        """
        context = self.context_tokens()
        prompt = int(tokens.of_messages(messages) * tokens.MARGIN)
        most = max(_SHORTEST_ANSWER, min(max_tokens + self.thought, context - prompt))
        question = [[one.role, one.content] for one in messages]
        key = _digest([self._model.name, question, schema, most, temperature, attempt])

        def do() -> dict[str, Any]:
            allowed = self.budget.allow(prompt, most)
            ask = Ask(tuple(messages), schema, allowed, temperature, min(context, prompt + allowed))
            answer = self._patiently(ask)
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
        self._notice_thought(answer, most)
        return answer

    def _notice_thought(self, answer: Answer, most: int) -> None:
        found = _THOUGHT.search(answer.text)
        if found is None:
            return
        took = tokens.count(found.group("thought"))
        if answer.is_cut and not found.group("end"):
            took = 3 * most  # it was not done yet
        self.thought = max(self.thought, -(-took // _STEP) * _STEP)

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
