"""A double of a server that speaks OpenAI's language: `/v1/chat/completions`, `/v1/models`; see `ModelDouble`."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from tests.support.models.double import MISSING, Call, Fault, ModelDouble, Out, count

_TEMPLATE = 4  # tokens around each message


@dataclass(slots=True)
class OpenAIDouble(ModelDouble):
    """Its address is that of the API: it ends in `/v1`.

    Attributes:
        refuses: fields, or types of `response_format`, that are answered with 400: `{"json_schema", "stream_options"}`.
        refusal_status, says_why: what a refusal looks like; some servers do not say what it is about.
        lists: whether it has a list of its models, and tells their room in the field of this name.
        counts: whether it tells tokens.
        streams: False for one that answers in one piece.
    """

    refuses: frozenset[str] = frozenset()
    refusal_status: int = 400
    says_why: bool = True
    lists: str | None = "max_model_len"
    counts: bool = True
    streams: bool = True

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    def reply(self, call: Call, out: Out) -> None:
        path = call.path.removeprefix("/v1")
        if self.key and call.headers.get("authorization") != f"Bearer {self.key}":
            shown = call.headers.get("authorization", "")
            _error(out, 401, f"Incorrect API key provided: {shown}.", "invalid_api_key")
        elif (call.method, path) == ("GET", "/models") and self.lists is not None:
            entries = [{"id": one, "object": "model", self.lists: room} for one, room in self.models.items()]
            out.json({"object": "list", "data": entries})
        elif call.method == "GET" and path.startswith("/models/") and path[8:] in self.models:
            out.json({"id": path[8:], "object": "model"})
        elif (call.method, path) == ("POST", "/chat/completions"):
            self._chat(call, out)
        else:
            _error(out, 404, "Not Found", "")

    def _chat(self, call: Call, out: Out) -> None:
        order = call.body
        asked = {*order, str((order.get("response_format") or {}).get("type"))}
        if found := sorted(self.refuses & asked):
            said = f"Unsupported value: '{found[0]}' is not supported." if self.says_why else "Bad Request"
            if found[0] == "max_tokens":
                said += " Use 'max_completion_tokens' instead."
            _error(out, self.refusal_status, said, "unsupported_value", found[0] if self.says_why else None)
            return
        fault = self.next_fault(call)
        if fault.raw is not None:
            out.raw(fault.raw, "text/event-stream", fault.status or 200, fault.headers)
            return
        if fault.status is not None:
            error = {"message": "The server had an error.", "type": "server_error"}
            out.json({"error": error if fault.error is MISSING else fault.error}, fault.status, fault.headers)
            return
        read = sum(count(one["content"]) + _TEMPLATE for one in order["messages"])
        if order["model"] not in self.models:
            _error(out, 404, f"The model `{order['model']}` does not exist.", "model_not_found", "model")
        elif read > self.models[order["model"]]:
            room = self.models[order["model"]]
            _error(
                out, 400, f"This model's maximum context length is {room} tokens.", "context_length_exceeded"
            )
        else:
            self._say(call, out, fault, read)

    def _say(self, call: Call, out: Out, fault: Fault, read: int) -> None:
        shape = call.body.get("response_format") or {}
        text = self.said(call, fault, (shape.get("json_schema") or {}).get("schema"))
        finish = "length" if fault.is_length else "stop"
        usage = {"prompt_tokens": read, "completion_tokens": count(text), "total_tokens": read + count(text)}
        if not self.streams:
            message = {"role": "assistant", "content": text}
            whole: dict[str, Any] = {"choices": [{"index": 0, "message": message, "finish_reason": finish}]}
            out.json({**whole, "usage": usage} if self.counts else whole)
            call.answer = text
            return
        out.begin("text/event-stream")
        out.chunk(": keep-alive\n\n")
        out.chunk(
            _event([{"index": 0, "delta": {"role": "assistant", "content": ""}, "finish_reason": None}])
        )
        for number, piece in enumerate(out.pieces(text, fault, self.pause)):
            if number == fault.error_after:
                out.chunk('event: error\ndata: {"error":{"message":"The model has crashed.","code":500}}\n\n')
                out.end()
                return
            out.chunk(_event([{"index": 0, "delta": {"content": piece}, "finish_reason": None}]))
        out.chunk(_event([{"index": 0, "delta": {}, "finish_reason": finish}]))
        if self.counts and (call.body.get("stream_options") or {}).get("include_usage"):
            out.chunk(_event([], usage))
        call.answer = text
        out.chunk("data: [DONE]\n\n")
        out.end()


def _event(choices: list[dict[str, Any]], usage: dict[str, int] | None = None) -> str:
    chunk: dict[str, Any] = {"object": "chat.completion.chunk", "choices": choices, "usage": usage}
    return f"data: {json.dumps(chunk, ensure_ascii=False)}\n\n"


def _error(out: Out, status: int, message: str, code: str, param: str | None = None) -> None:
    kind = "invalid_request_error"
    out.json({"error": {"message": message, "type": kind, "param": param, "code": code or None}}, status)
