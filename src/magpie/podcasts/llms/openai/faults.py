"""What errors of servers that speak OpenAI's language mean. Their own words are quoted without keys, and never for 401."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from magpie.podcasts.asking import Reply
from magpie.podcasts.llms.port import ChatFailed
from magpie.podcasts.llms.wire import Wire

_TOO_LONG = (
    "context_length_exceeded",
    "exceed_context_size",
    "maximum context length",
    "context length",
    "context size",
    "context window",
    "prompt is too long",
    "too many tokens",
)


@dataclass(frozen=True, slots=True)
class Fault:
    """An error as a server tells it; empty texts for what it leaves out."""

    message: str = ""
    code: str = ""
    param: str = ""


def fault_of(said: Any) -> Fault:
    """The error in an answer: `{"error": {message, type, code, param}}`, `{"error": "…"}`, `{"message"|"detail": …}`."""
    if not isinstance(said, dict):
        return Fault()
    error = said.get("error") or said
    if isinstance(error, str):
        return Fault(error)
    if not isinstance(error, dict):
        return Fault(str(error))
    message = error.get("message") or error.get("detail") or ""
    code = error.get("code") or error.get("type") or ""
    return Fault(str(message), str(code), str(error.get("param") or ""))


def is_too_long(fault: Fault) -> bool:
    """Whether question and answer do not fit into the model's context."""
    words = f"{fault.code} {fault.message}".lower()
    return any(one in words for one in _TOO_LONG)


def names_model(fault: Fault) -> bool:
    """Whether the error is about which model was asked."""
    return "model" in fault.param or "model_not_found" in fault.code


def too_long(wire: Wire, model: str) -> ChatFailed:
    return ChatFailed("too_long", f"The question is longer than {model} at {wire.place} can read.")


def unknown(wire: Wire, model: str) -> ChatFailed:
    return ChatFailed("unknown_model", f"{wire.place} has no model {model}.")


def failure_of(wire: Wire, model: str, reply: Reply | None, fault: Fault) -> ChatFailed:
    """What an answer that is none means; `reply` None: the error came in the middle of a stream."""
    place, said = wire.place, wire.quote(fault.message)
    status, wait = (reply.status, reply.wait) if reply else (_status_in(fault), None)
    if is_too_long(fault) or status == 413:
        return too_long(wire, model)
    if "insufficient_quota" in fault.code or status == 402:
        return ChatFailed("refused", f"The account at {place} has no credit left.")
    if status == 429:
        return ChatFailed("limited", f"{place} has been asked too often.", retry_after=wait)
    if status == 401:
        return ChatFailed("refused", f"{place} does not accept the key.")
    if status in (403, 451):
        return ChatFailed("refused", f"{place} refuses to answer (HTTP {status}).")
    if names_model(fault) or (status == 404 and model and "model" in fault.message.lower()):
        return unknown(wire, model)
    if 300 <= status < 400:
        return ChatFailed("not_configured", f"{place} sends on elsewhere: its address is another one.")
    if status in (404, 405):
        return ChatFailed(
            "not_configured", f"{place} does not chat at this address. Such addresses mostly end in /v1."
        )
    if status >= 500 or reply is None:
        return ChatFailed("failing", f"{place} has trouble: {said or status}.", retry_after=wait)
    return ChatFailed("unreadable", f"{place} answered with HTTP {status}: {said or 'nothing'}.")


def _status_in(fault: Fault) -> int:
    """Errors inside a stream may carry their status as the code."""
    return int(fault.code) if fault.code.isascii() and fault.code.isdigit() and len(fault.code) == 3 else 0
