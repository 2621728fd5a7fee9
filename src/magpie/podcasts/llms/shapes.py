"""How a server is told what an answer is to look like: by a JSON schema, as any JSON, or in words only.

Not every server understands each. What one has refused is remembered for as long as the process lives.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Sequence
from enum import IntEnum
from typing import Any, Generic, TypeVar

from magpie.podcasts.llms.port import Ask, Message

Way = TypeVar("Way")


class Shape(IntEnum):
    """The ways, best first."""

    SCHEMA = 0
    JSON = 1
    WORDS = 2


class Memory(Generic[Way]):
    """What each model of each server takes, found out by asking it; for as long as the process lives."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], Way] = {}
        self._lock = threading.Lock()

    def get(self, server: str, model: str, otherwise: Way) -> Way:
        """The best way that it has not refused."""
        with self._lock:
            return self._known.get((server, model), otherwise)

    def keep(self, server: str, model: str, way: Way) -> None:
        """It has answered to this."""
        with self._lock:
            self._known[server, model] = way


def messages_for(ask: Ask, shape: Shape) -> list[dict[str, str]]:
    """The question; where the server does not take the schema itself, it stands in the last message."""
    said: Sequence[Message] = ask.messages
    if ask.schema is not None and shape is not Shape.SCHEMA and said:
        last = said[-1]
        said = [*said[:-1], Message(last.role, f"{last.content}\n\n{_in_words(ask.schema)}")]
    return [{"role": one.role, "content": one.content} for one in said]


def _in_words(schema: dict[str, Any]) -> str:
    told = json.dumps(schema, ensure_ascii=False, separators=(",", ":"))
    return f"Answer with JSON only, without any other word, following this JSON schema:\n{told}"


def is_strict(schema: Any) -> bool:
    """Whether a schema keeps to the rules of OpenAI's `strict`: objects are closed, and all they have is required."""
    if isinstance(schema, list):
        return all(is_strict(one) for one in schema)
    if not isinstance(schema, dict):
        return True
    if schema.get("type") == "object" or "properties" in schema:
        names = set(schema.get("properties") or {})
        if schema.get("additionalProperties") is not False or set(schema.get("required") or ()) != names:
            return False
        return all(is_strict(one) for one in (schema.get("properties") or {}).values())
    return all(is_strict(one) for name, one in schema.items() if name not in ("enum", "const", "default"))
