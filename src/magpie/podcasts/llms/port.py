"""What a server of language models can do. Each kind of server is one folder that gives a `ChatKind`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from magpie.podcasts.failed import Failed

if TYPE_CHECKING:
    from magpie.config import Settings


class ChatFailed(Failed):
    """A model did not answer. `reason` is typed, `message` is for people and holds no secret."""

    # not_configured | unreachable | refused | limited | unknown_model | too_long | failing | unreadable | stopped


@dataclass(frozen=True, slots=True)
class Message:
    """One message to a model. `role` is `system`, `user` or `assistant`."""

    role: str
    content: str


@dataclass(frozen=True, slots=True)
class Ask:
    """One question. `schema` is a JSON schema that the answer is to follow; `max_tokens` bounds the answer.

    `context_tokens` is the room that question and answer need together: `too_long` at once where the model has less.
    0 leaves it to the server to say so.
    """

    messages: Sequence[Message]
    schema: dict[str, Any] | None = None
    max_tokens: int = 4096
    temperature: float = 0.7
    context_tokens: int = 0


@dataclass(frozen=True, slots=True)
class Answer:
    """What a model said. Tokens as the server counted them, or estimated where it does not."""

    text: str
    prompt_tokens: int
    completion_tokens: int
    is_cut: bool = False  # it stopped because of `max_tokens`
    model: str = ""  # who said it: of several, the one that answered


class ChatModel(Protocol):
    """One model of one server. Thread-safe, without state between questions."""

    @property
    def name(self) -> str:
        """As in the settings: `ollama:llama3.1`."""
        ...

    def context_tokens(self) -> int:
        """How much question and answer may take together. Raises `ChatFailed`."""
        ...

    def check(self) -> None:
        """Whether the model is there and may be used, at no cost. Raises `ChatFailed`."""
        ...

    def ask(self, ask: Ask, on_text: Callable[[str], None], stop: Callable[[], bool]) -> Answer:
        """The answer, streamed to `on_text` as it comes. Ends early (`stopped`) once `stop()` is true.

        Raises `ChatFailed`; waits for no Retry-After by itself.
        """
        ...


@runtime_checkable
class ChatKind(Protocol):
    """A kind of server of models."""

    @property
    def name(self) -> str:
        """As in `MAGPIE_LLM`, before the colon."""
        ...

    @property
    def title(self) -> str: ...

    def model(self, name: str, settings: Settings) -> ChatModel:
        """The model of that name. Raises `ChatFailed` (`not_configured`)."""
        ...

    def models(self, settings: Settings) -> list[str]:
        """The names of the models that the server has, as far as it tells. Raises `ChatFailed`."""
        ...
