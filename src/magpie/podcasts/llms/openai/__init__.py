"""Servers that speak OpenAI's language: `POST /chat/completions` (server-sent events) and `GET /models`.

OpenAI's own, LM Studio, vLLM, LocalAI, llama.cpp, OpenRouter and many more; what they differ in is in `openai.dialect`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

from magpie.podcasts.asking import Exchange, Reply, never, parsed
from magpie.podcasts.llms import tokens as bounds
from magpie.podcasts.llms.openai import faults
from magpie.podcasts.llms.openai.dialect import Dialect
from magpie.podcasts.llms.port import Answer, Ask, ChatFailed, ChatModel
from magpie.podcasts.llms.shapes import Memory
from magpie.podcasts.llms.wire import Wire
from magpie.podcasts.script.tokens import count, of_messages

if TYPE_CHECKING:
    from magpie.config import Settings

# What servers call a model's room in their lists: the room it runs with first, then what it was trained for.
_CONTEXT_FIELDS = (
    "loaded_context_length",
    "max_model_len",
    "n_ctx",
    "context_length",
    "context_window",
    "max_context_length",
    "n_ctx_train",
)
# OpenAI's own server does not tell (platform.openai.com/docs/models).
_OPENAI_CONTEXTS = (
    (re.compile(r"gpt-4\.1"), 1_047_576),
    (re.compile(r"gpt-5"), 400_000),
    (re.compile(r"o\d"), 200_000),
    (re.compile(r"gpt-4o|gpt-4-turbo|chatgpt-4o"), 128_000),
    (re.compile(r"gpt-3\.5"), 16_385),
    (re.compile(r"gpt-4"), 8_192),
)
_dialects: Memory[Dialect] = Memory()


class OpenAI:
    """The kind."""

    name = "openai"
    title = "OpenAI and servers like it"

    def model(self, name: str, settings: Settings) -> ChatModel:
        """The model of that name; asks nobody yet. Raises `ChatFailed`."""
        if not name:
            raise ChatFailed("not_configured", "Name a model: openai:gpt-4o-mini, for instance.")
        return OpenAIModel(_wire(settings), name, settings.llm_context_tokens)

    def models(self, settings: Settings) -> list[str]:
        """The ids of the models that the server lists, in order. Raises `ChatFailed`."""
        return sorted(one["id"] for one in _listed(_wire(settings), never))


class OpenAIModel:
    """One model."""

    def __init__(self, wire: Wire, model: str, otherwise_context: int) -> None:
        self._wire = wire
        self._model = model
        self._otherwise_context = otherwise_context
        self._context: int | None = None
        self._is_own = urlsplit(wire.base).hostname == "api.openai.com"

    @property
    def name(self) -> str:
        return f"openai:{self._model}"

    def context_tokens(self) -> int:
        """What the server tells, what is known of OpenAI's models, or else what the settings say.

        Raises `ChatFailed`.
        """
        if self._context is None:
            self._context = self._find_context()
        return self._context

    def check(self) -> None:
        """Whether the server lists the model; one that has no list is believed. Raises `ChatFailed`."""
        try:
            listed = _listed(self._wire, never)
        except ChatFailed as failure:
            if failure.reason != "unreadable":
                raise
            return
        # llama.cpp serves its one model under any name.
        is_any = any(one.get("owned_by") == "llamacpp" for one in listed)
        if listed and not is_any and self._model not in {one["id"] for one in listed}:
            self._check_unlisted()

    def ask(self, ask: Ask, on_text: Callable[[str], None], stop: Callable[[], bool]) -> Answer:
        """See `ChatModel`."""
        # Only a question that is far too long is turned away unasked: where no server tells, the room is a guess.
        if self._context and max(ask.context_tokens, bounds.fewest(ask.messages)) > self._context:
            raise faults.too_long(self._wire, self._model)
        first = Dialect(length="max_completion_tokens") if self._is_own else Dialect()
        dialect = _dialects.get(self._wire.base, self._model, first)
        while True:
            order = dialect.order(self._model, ask)
            with self._wire.ask("POST", "/chat/completions", stop, json=order) as exchange:
                reply = exchange.reply
                if reply.status == 200:
                    answer = self._answer(exchange, ask, on_text)
                    _dialects.keep(self._wire.base, self._model, dialect)
                    return answer
                fault = faults.fault_of(exchange.whole().json())
                other = _other_way(dialect, reply, fault, ask)
                if other is None:
                    raise faults.failure_of(self._wire, self._model, reply, fault)
                dialect = other

    def _answer(self, exchange: Exchange, ask: Ask, on_text: Callable[[str], None]) -> Answer:
        stream = _Stream(on_text)
        if "json" in exchange.reply.content_type:  # a server that does not stream
            said = exchange.whole().json()
            self._take(stream, said)
        else:
            for line in exchange.lines():
                field, _, value = line.partition(":")
                if field != "data":
                    continue  # comments that keep the line open, names of events, blank lines
                if value.strip() == "[DONE]":
                    stream.is_done = True
                    break
                self._take(stream, parsed(value))
        text = "".join(stream.pieces)
        if stream.finish is None and not stream.is_done:
            raise ChatFailed("failing", f"{self._wire.place} broke off in the middle of its answer.")
        if stream.finish == "content_filter":
            raise ChatFailed("refused", f"{self._wire.place} refuses to write about this.")
        if not text.strip():
            why = " before its tokens were used up" if stream.finish == "length" else ""
            raise ChatFailed("failing", f"{self._model} at {self._wire.place} said nothing{why}.")
        return Answer(
            text,
            stream.read or of_messages(ask.messages),
            stream.said or count(text),
            is_cut=stream.finish == "length",
            model=self.name,
        )

    def _take(self, stream: _Stream, said: Any) -> None:
        if not isinstance(said, dict):
            raise ChatFailed("unreadable", f"{self._wire.place} answered something that is not OpenAI's.")
        if said.get("error"):
            fault = faults.fault_of(said)
            raise faults.failure_of(self._wire, self._model, None, fault)
        stream.take(said)

    def _check_unlisted(self) -> None:
        """Some answer to names that they do not list: fine-tuned models, aliases, those of a router."""
        reply = self._wire.quick("GET", f"/models/{quote(self._model, safe='/:')}")
        said = reply.json()
        if reply.status == 404 or (reply.status == 200 and not isinstance(said, dict)):
            raise faults.unknown(self._wire, self._model)
        if reply.status != 200:
            raise faults.failure_of(self._wire, self._model, reply, faults.fault_of(said))

    def _find_context(self) -> int:
        try:
            listed = _listed(self._wire, never)
        except ChatFailed as failure:
            if failure.reason != "unreadable":
                raise
            listed = []
        mine = [one for one in listed if one["id"] == self._model] or (listed if len(listed) == 1 else [])
        for one in mine:
            facts = {**(one["meta"] if isinstance(one.get("meta"), dict) else {}), **one}
            for field in _CONTEXT_FIELDS:
                if isinstance(room := facts.get(field), int) and room > 0:
                    return room
        for pattern, room in _OPENAI_CONTEXTS if self._is_own else ():
            if pattern.match(self._model):
                return room
        return self._otherwise_context


class _Stream:
    """An answer that comes in pieces."""

    def __init__(self, on_text: Callable[[str], None]) -> None:
        self.pieces: list[str] = []
        self.finish: str | None = None
        self.is_done = False
        self.read = self.said = 0
        self._on_text = on_text

    def take(self, said: dict[str, Any]) -> None:
        """One event. Of several choices the first counts; what a model thinks aloud beside its answer does not."""
        usage = said.get("usage")
        if isinstance(usage, dict):
            self.read = _count(usage.get("prompt_tokens")) or self.read
            self.said = _count(usage.get("completion_tokens")) or self.said
        choices = said.get("choices")
        choice = choices[0] if isinstance(choices, list) and choices else None
        if not isinstance(choice, dict):
            return
        message = choice.get("delta") or choice.get("message")
        piece = message.get("content") if isinstance(message, dict) else None
        if isinstance(piece, str) and piece:
            self.pieces.append(piece)
            self._on_text(piece)
        if isinstance(finish := choice.get("finish_reason"), str):
            self.finish = finish


def _other_way(dialect: Dialect, reply: Reply, fault: faults.Fault, ask: Ask) -> Dialect | None:
    """How to ask after a refusal that may be about the form of the question; None for any other."""
    if reply.status not in (400, 404, 415, 422, 500, 501) or faults.is_too_long(fault):
        return None
    other = dialect.without(fault.message, fault.param, ask)
    if other is None and reply.status in (400, 422) and not faults.names_model(fault):
        return dialect.plainer(ask)  # it does not say what it is that it does not take
    return other


def _wire(settings: Settings) -> Wire:
    return Wire("The model server", settings.openai_url, settings, key=settings.openai_api_key)


def _listed(wire: Wire, stop: Callable[[], bool]) -> list[dict[str, Any]]:
    """The server's models. Raises `ChatFailed`: `unreadable` where it has no list."""
    reply = wire.quick("GET", "/models", stop)
    said = reply.json()
    if reply.status in (404, 405, 501):
        raise ChatFailed("unreadable", f"{wire.place} does not tell which models it has.")
    if reply.status != 200:
        raise faults.failure_of(wire, "", reply, faults.fault_of(said))
    listed = said.get("data") if isinstance(said, dict) else said
    if not isinstance(listed, list):
        raise ChatFailed("unreadable", f"{wire.place} does not tell which models it has.")
    return [one for one in listed if isinstance(one, dict) and isinstance(one.get("id"), str)]


def _count(value: Any) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else 0
