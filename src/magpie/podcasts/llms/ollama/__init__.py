"""Ollama, spoken to in its own language: `/api/chat` (NDJSON), `/api/tags`, `/api/show`.

Facts (docs.ollama.com/api, and the issues on cut questions): without `num_ctx` a question is read with whatever the
server has set, 2,048 or 4,096 tokens mostly, and what does not fit is left out without a word. So the room is always
named, `truncate` and `shift` are turned off (servers since the end of 2025 then answer 400; older ones do not know
them), and what was read is compared with what was asked. Another `num_ctx` than before loads the model anew, so it is the
same for each question. A fault in the middle of an answer is a line `{"error": …}` under the status 200.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from magpie.podcasts.asking import Exchange, Reply, never, parsed
from magpie.podcasts.llms import tokens as bounds
from magpie.podcasts.llms.port import Answer, Ask, ChatFailed, ChatModel
from magpie.podcasts.llms.shapes import Memory, Shape, messages_for
from magpie.podcasts.llms.wire import Wire
from magpie.podcasts.script.tokens import count, of_messages

if TYPE_CHECKING:
    from magpie.config import Settings

KEEP_ALIVE = "10m"  # how long the model stays in memory: a script asks again and again
_SMALLEST_ANSWER = 256  # tokens that are always left for the answer
_TOO_LONG = ("context length", "context size", "context window", "exceeds the available", "input length")
_shapes: Memory[Shape] = Memory()
_SHAPE = ("format", "schema", "grammar")


class Ollama:
    """The kind."""

    name = "ollama"
    title = "Ollama"

    def model(self, name: str, settings: Settings) -> ChatModel:
        """The model of that name; asks nobody yet. Raises `ChatFailed`."""
        if not name:
            raise ChatFailed("not_configured", "Name a model: ollama:llama3.1, for instance.")
        return OllamaModel(_wire(settings), name, settings.llm_context_tokens)

    def models(self, settings: Settings) -> list[str]:
        """The names of the models that were pulled, in order. Raises `ChatFailed`."""
        return sorted(_pulled(_wire(settings), never))


class OllamaModel:
    """One model."""

    def __init__(self, wire: Wire, model: str, most_context: int) -> None:
        self._wire = wire
        self._model = model
        self._most_context = most_context
        self._facts: _Facts | None = None
        self._lock = threading.Lock()

    @property
    def name(self) -> str:
        return f"ollama:{self._model}"

    def context_tokens(self) -> int:
        """What the model has, at most what the settings let it take. Raises `ChatFailed`."""
        return self._shown(never).context

    def check(self) -> None:
        """Whether the model was pulled. Raises `ChatFailed`."""
        self._facts = None
        self._shown(never)

    def ask(self, ask: Ask, on_text: Callable[[str], None], stop: Callable[[], bool]) -> Answer:
        """See `ChatModel`."""
        facts = self._shown(stop)
        if max(ask.context_tokens, bounds.fewest(ask.messages)) > facts.context:
            raise self._too_long(facts.context)
        shape = Shape.WORDS
        if ask.schema is not None:
            shape = _shapes.get(self._wire.base, self._model, Shape.SCHEMA)
        while True:
            order = self._order(ask, shape, facts)
            with self._wire.ask("POST", "/api/chat", stop, json=order) as exchange:
                if exchange.reply.status == 200:
                    answer = self._answer(exchange, ask, facts, on_text)
                    if ask.schema is not None:
                        _shapes.keep(self._wire.base, self._model, shape)
                    return answer
                fault = _error_of(exchange.whole().json())
                if shape is Shape.WORDS or not _refuses_shape(exchange.reply, fault):
                    raise self._failure(exchange.reply, fault, facts.context)
                shape = Shape(shape + 1)

    def _order(self, ask: Ask, shape: Shape, facts: _Facts) -> dict[str, Any]:
        room = max(_SMALLEST_ANSWER, facts.context - of_messages(ask.messages))
        order: dict[str, Any] = {
            "model": self._model,
            "messages": messages_for(ask, shape),
            "stream": True,
            "truncate": False,
            "shift": False,
            "keep_alive": KEEP_ALIVE,
            "options": {
                "num_ctx": facts.context,
                "num_predict": min(ask.max_tokens, room),
                "temperature": ask.temperature,
            },
        }
        if facts.thinks:
            order["think"] = False  # its tokens would be taken from the answer's
        if shape is Shape.SCHEMA:
            order["format"] = ask.schema
        elif shape is Shape.JSON:
            order["format"] = "json"
        return order

    def _answer(self, exchange: Exchange, ask: Ask, facts: _Facts, on_text: Callable[[str], None]) -> Answer:
        pieces: list[str] = []
        end: dict[str, Any] | None = None
        for line in exchange.lines():
            if not line.strip():
                continue
            said = parsed(line)
            if not isinstance(said, dict):
                raise ChatFailed("unreadable", f"{self._wire.place} answered something that is not Ollama's.")
            if fault := _error_of(said):
                raise self._failure(Reply(500, {}), fault, facts.context)
            message = said.get("message")
            piece = message.get("content") if isinstance(message, dict) else None
            if isinstance(piece, str) and piece:
                pieces.append(piece)
                on_text(piece)
            if said.get("done"):
                end = said
                break
        if end is None:
            raise ChatFailed("failing", f"{self._wire.place} broke off in the middle of its answer.")
        return self._judged("".join(pieces), end, ask, facts.context)

    def _judged(self, text: str, end: dict[str, Any], ask: Ask, context: int) -> Answer:
        """The answer, unless it was given to a part of the question only."""
        read, said = _count(end.get("prompt_eval_count")), _count(end.get("eval_count"))
        may_be_cut = bounds.most(ask.messages) > context
        if read >= context or (read and may_be_cut and read < bounds.fewest(ask.messages)):
            raise self._too_long(context, read)
        if not text.strip():
            why = " before its tokens were used up" if end.get("done_reason") == "length" else ""
            raise ChatFailed("failing", f"{self._model} at {self._wire.place} said nothing{why}.")
        return Answer(
            text,
            read or of_messages(ask.messages),
            said or count(text),
            is_cut=end.get("done_reason") == "length",
            model=self.name,
        )

    def _shown(self, stop: Callable[[], bool]) -> _Facts:
        """What the server says of the model; asked once. Raises `ChatFailed`."""
        with self._lock:
            if self._facts is None:
                self._facts = self._show(stop)
            return self._facts

    def _show(self, stop: Callable[[], bool]) -> _Facts:
        # Servers before 0.1.30 called it `name`.
        order = {"model": self._model, "name": self._model}
        reply = self._wire.quick("POST", "/api/show", stop, json=order)
        said = reply.json()
        if reply.status != 200:
            raise self._failure(reply, _error_of(said), 0)
        if not isinstance(said, dict):
            raise ChatFailed("unreadable", f"{self._wire.place} does not answer as Ollama does.")
        info = said.get("model_info")
        lengths = [
            room
            for key, value in (info.items() if isinstance(info, dict) else ())
            if str(key).endswith(".context_length") and (room := _count(value))
        ]
        abilities = said.get("capabilities")
        return _Facts(
            min(self._most_context, *lengths) if lengths else self._most_context,
            thinks=isinstance(abilities, list) and "thinking" in abilities,
        )

    def _too_long(self, context: int, read: int = 0) -> ChatFailed:
        what = f"read {read} tokens of the question only" if read else f"has room for {context} tokens only"
        return ChatFailed("too_long", f"{self._model} at {self._wire.place} {what}.")

    def _failure(self, reply: Reply, fault: str, context: int) -> ChatFailed:
        status, place, said = reply.status, self._wire.place, self._wire.quote(fault)
        if _names(fault, _TOO_LONG):
            return self._too_long(context)
        if status == 404:
            return ChatFailed(
                "unknown_model",
                f"{place} has no model {self._model}. `ollama pull {self._model}` fetches it.",
            )
        if status in (401, 402, 403):
            return ChatFailed("refused", f"{place} refuses to answer (HTTP {status}).")
        if status == 429:
            return ChatFailed("limited", f"{place} has been asked too often.", retry_after=reply.wait)
        if status >= 500:
            return ChatFailed("failing", f"{place} has trouble: {said or status}.", retry_after=reply.wait)
        return ChatFailed("unreadable", f"{place} answered with HTTP {status}: {said or 'nothing'}.")


class _Facts:
    """What is known of a model: its room in tokens, and whether it thinks aloud before it answers."""

    __slots__ = ("context", "thinks")

    def __init__(self, context: int, *, thinks: bool) -> None:
        self.context = context
        self.thinks = thinks


def _wire(settings: Settings) -> Wire:
    return Wire("Ollama", settings.ollama_url, settings)


def _pulled(wire: Wire, stop: Callable[[], bool]) -> list[str]:
    reply = wire.quick("GET", "/api/tags", stop)
    said = reply.json()
    listed = said.get("models") if isinstance(said, dict) else None
    if reply.status != 200 or not isinstance(listed, list):
        raise ChatFailed(
            "failing" if reply.status >= 500 else "unreadable",
            f"{wire.place} does not tell which models it has (HTTP {reply.status}).",
        )
    return [one["name"] for one in listed if isinstance(one, dict) and isinstance(one.get("name"), str)]


def _error_of(said: Any) -> str:
    """The fault that an answer tells of; empty if it tells of none."""
    fault = said.get("error") if isinstance(said, dict) else None
    return fault if isinstance(fault, str) else str(fault) if fault else ""


def _refuses_shape(reply: Reply, fault: str) -> bool:
    return reply.status in (400, 422, 500) and _names(fault, _SHAPE) and not _names(fault, _TOO_LONG)


def _names(fault: str, words: tuple[str, ...]) -> bool:
    return any(word in fault.lower() for word in words)


def _count(value: Any) -> int:
    """A number of tokens; 0 for anything else."""
    return int(value) if isinstance(value, int | float) and not isinstance(value, bool) and value > 0 else 0
