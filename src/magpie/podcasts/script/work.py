"""What writing needs from whoever runs it: a journal, a bound on tokens, ways to tell and to be stopped."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from magpie.podcasts.llms.port import ChatFailed

Report = Callable[[str, int, int], None]  # the step's name, how much of it is done, of how much
Stop = Callable[[], bool]


class Journal(Protocol):
    """Keeps what was done, so that it is not done again after a crash."""

    def once(self, key: str, do: Callable[[], dict[str, Any]]) -> dict[str, Any]:
        """What `do` gave under this key, in this run or an earlier one. What `do` raises is not kept."""
        ...


class MemoryJournal:
    """A journal as long as the process lives: for work that is not to survive it."""

    def __init__(self) -> None:
        self.entries: dict[str, dict[str, Any]] = {}

    def once(self, key: str, do: Callable[[], dict[str, Any]]) -> dict[str, Any]:
        if key not in self.entries:
            self.entries[key] = do()
        return self.entries[key]


class Later(Exception):
    """The model asks for patience: go on after `seconds`. Everything done so far is in the journal."""

    def __init__(self, seconds: float, message: str) -> None:
        super().__init__(message)
        self.seconds = seconds
        self.message = message


class OverBudget(ChatFailed):
    """The next question would take more tokens than one script may (`over_budget`)."""

    def __init__(self, used: int, most: int) -> None:
        super().__init__("over_budget", f"The script would take more than {most} tokens ({used} are used).")


class Budget:
    """Counts the tokens of one script, those that the journal remembers included. `max_tokens` None: no bound."""

    def __init__(self, max_tokens: int | None = None) -> None:
        self.max_tokens = max_tokens
        self.prompt_tokens = 0
        self.completion_tokens = 0
        self.calls = 0

    @property
    def used(self) -> int:
        return self.prompt_tokens + self.completion_tokens

    def allow(self, prompt_tokens: int, answer_tokens: int) -> int:
        """How long an answer may be, at most `answer_tokens`. Raises `OverBudget` if there is no room for a useful one."""
        if self.max_tokens is None:
            return answer_tokens
        left = self.max_tokens - self.used - prompt_tokens
        if left < min(answer_tokens, max(64, answer_tokens // 2)):
            raise OverBudget(self.used, self.max_tokens)
        return min(answer_tokens, left)

    def take(self, prompt_tokens: int, completion_tokens: int) -> None:
        self.prompt_tokens += prompt_tokens
        self.completion_tokens += completion_tokens
        self.calls += 1
