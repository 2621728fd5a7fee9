"""Several models, one for another: each is asked where the one before fails."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from magpie.podcasts.llms.port import Answer, Ask, ChatFailed, ChatModel

_AWAY_SECONDS = 60.0  # a host that swallows connections costs ten seconds each time

# What is said of all when none answers: first what may pass by itself, then what somebody can mend.
_TELLING = (
    "limited",
    "failing",
    "unreachable",
    "too_long",
    "unreadable",
    "refused",
    "unknown_model",
    "not_configured",
)


class Chain:
    """A model as well. Each question begins with the first; one that could not be reached is left out for a while."""

    def __init__(self, models: Sequence[ChatModel], *, now: Callable[[], float] = time.monotonic) -> None:
        self._models = tuple(models)
        self._now = now
        self._away: dict[ChatModel, float] = {}  # until when

    @property
    def name(self) -> str:
        return ",".join(model.name for model in self._models)

    def context_tokens(self) -> int:
        """The smallest of those that tell, so that each of them can stand in. Raises `ChatFailed` if none does."""
        found, failures = [], []
        for model in self._models:
            try:
                found.append(model.context_tokens())
            except ChatFailed as failure:
                failures.append((model, failure))
        if not found:
            raise _together(failures)
        return min(found)

    def check(self) -> None:
        """Whether one of them is there. Raises `ChatFailed`."""
        failures = []
        for model in self._models:
            try:
                model.check()
            except ChatFailed as failure:
                failures.append((model, failure))
            else:
                return
        raise _together(failures)

    def ask(self, ask: Ask, on_text: Callable[[str], None], stop: Callable[[], bool]) -> Answer:
        """The first answer. What a model has told `on_text` before it failed is told anew by the next one."""
        failures: list[tuple[ChatModel, ChatFailed]] = []
        present = [model for model in self._models if self._away.get(model, 0.0) <= self._now()]
        for model in present or self._models:
            try:
                return model.ask(ask, on_text, stop)
            except ChatFailed as failure:
                if failure.reason == "stopped":
                    raise
                if failure.reason == "unreachable":
                    self._away[model] = self._now() + _AWAY_SECONDS
                failures.append((model, failure))
        raise _together(failures)


def _together(failures: Sequence[tuple[ChatModel, ChatFailed]]) -> ChatFailed:
    """One failure for all: with the reason that promises most, and the shortest wait."""
    reasons = {failure.reason for _, failure in failures}
    reason = next((one for one in _TELLING if one in reasons), "failing")
    waits = [failure.retry_after for _, failure in failures if failure.retry_after is not None]
    message = " ".join(dict.fromkeys(failure.message for _, failure in failures))
    return ChatFailed(reason, message, retry_after=min(waits, default=None))
