"""What servers that speak OpenAI's language differ in, and how to find out which of it one takes.

Facts (the servers' issues): OpenAI's newer models take `max_completion_tokens` and no temperature but 1, older servers know
`max_tokens` only; LM Studio takes `json_schema` and not `json_object`, others the reverse or neither (ik_llama.cpp says so
with 500); some refuse `stream_options`. A refusal names the field in `error.param` or in its words.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from magpie.podcasts.llms.port import Ask
from magpie.podcasts.llms.shapes import Shape, is_strict, messages_for

_SHAPE = ("response_format", "json_schema", "json_object", "schema", "grammar", "guided", "structured output")
_LENGTHS = ("max_completion_tokens", "max_tokens")


@dataclass(frozen=True, slots=True)
class Dialect:
    """One way to ask. `length`: the field that bounds the answer; `is_counted`: tokens are told with the stream."""

    shape: Shape = Shape.SCHEMA
    length: str = "max_tokens"
    is_tempered: bool = True
    is_counted: bool = True

    def order(self, model: str, ask: Ask) -> dict[str, Any]:
        """The body of a request."""
        order: dict[str, Any] = {
            "model": model,
            "messages": messages_for(ask, self.shape),
            "stream": True,
            self.length: ask.max_tokens,
        }
        if self.is_tempered:
            order["temperature"] = ask.temperature
        if self.is_counted:
            order["stream_options"] = {"include_usage": True}
        if ask.schema is not None and self.shape is Shape.SCHEMA:
            told = {"name": "answer", "schema": ask.schema, "strict": is_strict(ask.schema)}
            order["response_format"] = {"type": "json_schema", "json_schema": told}
        elif ask.schema is not None and self.shape is Shape.JSON:
            order["response_format"] = {"type": "json_object"}
        return order

    def without(self, fault: str, param: str, ask: Ask) -> Dialect | None:
        """The next way to ask after a refusal; None if the refusal is about something else."""
        words = f"{param} {fault}".lower()
        if "stream_options" in words and self.is_counted:
            return replace(self, is_counted=False)
        if self.length in words and self.length == _LENGTHS[1] and _LENGTHS[0] in words:
            return replace(self, length=_LENGTHS[0])
        if self.length == _LENGTHS[0] and self.length in words:
            return replace(self, length=_LENGTHS[1])
        if "temperature" in words and self.is_tempered:
            return replace(self, is_tempered=False)
        return self.plainer(ask) if any(one in words for one in _SHAPE) else None

    def plainer(self, ask: Ask) -> Dialect | None:
        """The same with less said of the answer's form; None if nothing is said of it."""
        if ask.schema is None or self.shape is Shape.WORDS:
            return None
        return replace(self, shape=Shape(self.shape + 1))
