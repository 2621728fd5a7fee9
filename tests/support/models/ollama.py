"""A double of Ollama (as of 0.12): `/api/chat`, `/api/tags`, `/api/show`; see `ModelDouble`."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from tests.support.models.double import MISSING, Call, Fault, ModelDouble, Out, count

DEFAULT_ROOM = 4096  # tokens, where a question does not name `num_ctx`
_TEMPLATE = 6  # tokens around each message


@dataclass(slots=True)
class OllamaDouble(ModelDouble):
    """`truncates`: a question that is too long is shortened without a word, whatever it asks for, as by older servers.
    `takes_schemas` False: as before 0.5. `thinks`: the model can think aloud, and does unless it is told not to."""

    truncates: bool = False
    takes_schemas: bool = True
    thinks: bool = False

    def reply(self, call: Call, out: Out) -> None:
        if self.key and call.headers.get("authorization") != f"Bearer {self.key}":
            out.json({"error": "unauthorized"}, 401)
        elif (call.method, call.path) == ("GET", "/api/tags"):
            out.json(
                {
                    "models": [
                        {"name": one, "model": one, "size": 1, "digest": "0" * 64} for one in self.models
                    ]
                }
            )
        elif (call.method, call.path) == ("POST", "/api/show"):
            self._show(call, out)
        elif (call.method, call.path) == ("POST", "/api/chat"):
            self._chat(call, out)
        else:
            out.raw(b"404 page not found", "text/plain", 404)

    def _show(self, call: Call, out: Out) -> None:
        name = call.body.get("model") or call.body.get("name")
        if name not in self.models:
            out.json({"error": f"model '{name}' not found"}, 404)
            return
        abilities = ["completion", "thinking"] if self.thinks else ["completion"]
        out.json(
            {
                "parameters": 'stop "<|eot_id|>"',
                "template": "{{ .Prompt }}",
                "details": {"family": "llama", "parameter_size": "8.0B"},
                "model_info": {"general.architecture": "llama", "llama.context_length": self.models[name]},
                "capabilities": abilities,
            }
        )

    def _chat(self, call: Call, out: Out) -> None:
        fault, order = self.next_fault(call), call.body
        if fault.status is not None or fault.raw is not None:
            self._fail(fault, out)
            return
        if order["model"] not in self.models:
            out.json({"error": f"model '{order['model']}' not found"}, 404)
            return
        schema = order.get("format")
        if isinstance(schema, dict) and not self.takes_schemas:
            out.json({"error": "json: cannot unmarshal object into Go struct field ChatRequest.format"}, 400)
            return
        room = min((order.get("options") or {}).get("num_ctx") or DEFAULT_ROOM, self.models[order["model"]])
        read = sum(count(one["content"]) + _TEMPLATE for one in order["messages"])
        if read > room:
            if not self.truncates and order.get("truncate") is False:
                out.json({"error": f"the input length exceeds the context length ({read} > {room})"}, 400)
                return
            read = room
        self._say(call, out, fault, schema if isinstance(schema, dict) else None, read)

    def _fail(self, fault: Fault, out: Out) -> None:
        if fault.raw is not None:
            out.raw(fault.raw, "application/x-ndjson", fault.status or 200, fault.headers)
            return
        error = "the model failed to generate a response" if fault.error is MISSING else fault.error
        out.json({"error": error}, fault.status or 500, fault.headers)

    def _say(self, call: Call, out: Out, fault: Fault, schema: Any, read: int) -> None:
        text = self.said(call, fault, schema)
        head = {"model": call.body["model"], "created_at": "2026-03-01T12:00:00Z"}
        out.begin("application/x-ndjson")
        if self.thinks and call.body.get("think") is not False:
            out.chunk(_line(head, {"role": "assistant", "content": "", "thinking": "Hm."}))
        for number, piece in enumerate(out.pieces(text, fault, self.pause)):
            if number == fault.error_after:
                out.chunk('{"error":"an error was encountered while running the model"}\n')
                out.end()
                return
            out.chunk(_line(head, {"role": "assistant", "content": piece}))
        end = {
            "done": True,
            "done_reason": "length" if fault.is_length else "stop",
            "total_duration": 1,
            "prompt_eval_count": read,
            "eval_count": count(text),
        }
        call.answer = text
        out.chunk(_line(head, {"role": "assistant", "content": ""}, end))
        out.end()


def _line(head: dict[str, Any], message: dict[str, Any], end: dict[str, Any] | None = None) -> str:
    return json.dumps({**head, "message": message, **(end or {"done": False})}, ensure_ascii=False) + "\n"
