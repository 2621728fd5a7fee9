"""Servers of OpenAI's language, against a double."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from magpie.config import Settings
from magpie.podcasts.llms import openai
from magpie.podcasts.llms.openai import OpenAI
from magpie.podcasts.llms.port import Ask, ChatFailed, ChatKind, ChatModel, Message
from magpie.podcasts.llms.shapes import Memory, is_strict
from tests.podcasts.llms.contract import PLAIN, SCHEMA, SECRET, SHAPED, ChatContract, failure, never
from tests.support.models.double import Fault, ModelDouble
from tests.support.models.openai import OpenAIDouble

pytestmark = pytest.mark.once


@pytest.fixture(autouse=True)
def nothing_is_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(openai, "_dialects", Memory())


@pytest.fixture
def server() -> Iterator[OpenAIDouble]:
    with OpenAIDouble(key=SECRET) as double:
        yield double


def settings_for(server: OpenAIDouble, **more: object) -> Settings:
    given = {"openai_url": server.address, "openai_api_key": server.key, "ai_timeout_seconds": 20, **more}
    return Settings.model_validate(given)


def finch(server: OpenAIDouble, **more: object) -> ChatModel:
    return OpenAI().model("finch", settings_for(server, **more))


class TestContract(ChatContract):
    @pytest.fixture
    def double(self, server: OpenAIDouble) -> ModelDouble:
        return server

    @pytest.fixture
    def kind(self) -> ChatKind:
        return OpenAI()

    @pytest.fixture
    def settings(self, server: OpenAIDouble) -> Settings:
        return settings_for(server)


def formats(server: OpenAIDouble) -> list[str | None]:
    return [(call.body.get("response_format") or {}).get("type") for call in server.chats]


@pytest.mark.parametrize(
    ("refuses", "tried"),
    [
        (set(), ["json_schema", "json_schema"]),
        ({"json_schema"}, ["json_schema", "json_object", "json_object"]),
        ({"json_schema", "json_object"}, ["json_schema", "json_object", None, None]),
        ({"response_format"}, ["json_schema", "json_object", None, None]),
    ],
)
@pytest.mark.parametrize(("status", "says_why"), [(400, True), (400, False), (500, True)])
def test_forms_of_answers_are_found_out_once(
    server: OpenAIDouble, refuses: set[str], tried: list[str | None], status: int, says_why: bool
) -> None:
    server.refuses, server.refusal_status, server.says_why = frozenset(refuses), status, says_why
    for _ in range(2):
        assert json.loads(finch(server).ask(SHAPED, lambda _: None, never).text)["turns"]
    assert formats(server) == tried


@pytest.mark.parametrize("field", ["stream_options", "temperature", "max_tokens"])
def test_fields_that_are_refused_are_left_out(server: OpenAIDouble, field: str) -> None:
    server.refuses = frozenset({field})
    finch(server).ask(PLAIN, lambda _: None, never)
    answer = finch(server).ask(PLAIN, lambda _: None, never)
    assert [field in call.body for call in server.chats] == [True, False, False]
    assert ("max_completion_tokens" in server.chats[-1].body) == (field == "max_tokens")
    assert answer.prompt_tokens > 0  # counted by ourselves where the server does not tell
    assert answer.completion_tokens > 0


def test_a_plain_question_is_not_asked_again_for_its_form(server: OpenAIDouble) -> None:
    server.refuses, server.says_why = frozenset({"messages"}), False
    assert failure(finch(server)).reason == "unreadable"
    assert len(server.chats) == 1


def test_a_server_that_does_not_count(server: OpenAIDouble) -> None:
    server.counts = False
    answer = finch(server).ask(PLAIN, lambda _: None, never)
    assert 0.5 < answer.completion_tokens / len(answer.text.split()) < 3
    assert answer.prompt_tokens > answer.completion_tokens


def test_a_server_that_does_not_stream(server: OpenAIDouble) -> None:
    server.streams = False
    heard: list[str] = []
    answer = finch(server).ask(PLAIN, heard.append, never)
    assert heard == [answer.text]


def event(finish: str | None, text: str = "Yes.") -> bytes:
    choice = {"index": 0, "delta": {"content": text}, "finish_reason": finish}
    return f"data: {json.dumps({'choices': [choice]})}\n\n".encode()


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (event("stop"), "Yes."),  # without [DONE]
        (event(None) + b"data: [DONE]\n\n", "Yes."),  # without a reason
        (event(None), "failing"),
        (event("content_filter"), "refused"),
        (b"\r\n".join((event("stop").strip(), b"", b"data: [DONE]", b"")), "Yes."),
        (b'data: {"error": {"message": "slow down", "code": "429"}}\n\n', "limited"),
    ],
)
def test_ends_of_answers(server: OpenAIDouble, raw: bytes, expected: str) -> None:
    server.faults.append(Fault(raw=raw))
    model = finch(server)
    if expected == "Yes.":
        assert model.ask(PLAIN, lambda _: None, never).text == expected
    else:
        assert failure(model).reason == expected


@pytest.mark.parametrize(
    ("status", "error", "reason"),
    [
        (429, {"message": "You exceeded your quota", "type": "insufficient_quota"}, "refused"),
        (402, "Insufficient credits", "refused"),
        (400, {"message": "too many", "code": "context_length_exceeded"}, "too_long"),
        (400, {"message": "the request exceeds the available context size", "code": 400}, "too_long"),
        (413, "large", "too_long"),
        (404, {"message": "The model `finch` does not exist", "code": "model_not_found"}, "unknown_model"),
        (404, "nothing here", "not_configured"),
        (302, "moved", "not_configured"),
        (500, {"message": f"cannot use {SECRET}: Bearer {SECRET}"}, "failing"),
        (500, ["odd", {"nested": True}], "failing"),
    ],
)
def test_what_errors_mean(server: OpenAIDouble, status: int, error: Any, reason: str) -> None:
    server.faults.append(Fault(status=status, error=error, headers=(("Location", "http://127.0.0.1:1/"),)))
    assert failure(finch(server)).reason == reason


def test_a_wrong_key_is_not_shown(server: OpenAIDouble) -> None:
    model = finch(server, openai_api_key=f"{SECRET}-old")
    failed = failure(model)
    assert (failed.reason, "key" in failed.message) == ("refused", True)
    with pytest.raises(ChatFailed) as caught:
        model.check()
    assert caught.value.reason == "refused"


@pytest.mark.parametrize("key", ["sk-ä", "sk a", "sk-a\nX-Other: 1"])
def test_a_key_that_is_none(server: OpenAIDouble, key: str) -> None:
    with pytest.raises(ChatFailed) as caught:
        finch(server, openai_api_key=key)
    assert caught.value.reason == "not_configured"
    assert key not in caught.value.message


@pytest.mark.parametrize("field", ["context_length", "n_ctx_train", "unknown"])
def test_the_room_as_servers_tell_it(server: OpenAIDouble, field: str) -> None:
    server.lists = field
    expected = 20_000 if field == "unknown" else 8192
    assert finch(server, llm_context_tokens=20_000).context_tokens() == expected


def test_a_server_without_a_list(server: OpenAIDouble) -> None:
    server.lists = None
    model = finch(server)
    model.check()
    assert model.context_tokens() == 16_384
    with pytest.raises(ChatFailed):
        OpenAI().models(settings_for(server))


def test_openais_own_models_are_known() -> None:
    """Their server does not tell; it is not asked here, since nothing answers at the proxy."""
    settings = Settings(proxy="http://127.0.0.1:9", ai_timeout_seconds=5)
    with pytest.raises(ChatFailed) as caught:
        OpenAI().model("gpt-4o-mini", settings).context_tokens()
    assert caught.value.reason == "unreachable"


def test_a_server_nearby_is_not_asked_through_the_proxy(server: OpenAIDouble) -> None:
    finch(server, proxy="http://127.0.0.1:9").check()


def test_a_server_far_away_is_asked_through_the_proxy(server: OpenAIDouble) -> None:
    """The double stands in for the proxy: it sees whom it is to ask."""
    proxy = server.address.removesuffix("/v1")
    far = OpenAI().model("finch", settings_for(server, openai_url="http://models.example/v1", proxy=proxy))
    with pytest.raises(ChatFailed):
        far.ask(PLAIN, lambda _: None, never)
    assert server.calls[-1].path == "http://models.example/v1/chat/completions"


@pytest.mark.parametrize(
    ("schema", "strict"),
    [
        (SCHEMA, True),
        ({"type": "object", "properties": {"a": {"type": "string"}}}, False),
        ({"type": "array", "items": {"type": "object", "properties": {}}}, False),
        ({"enum": [{"type": "object"}]}, True),
    ],
)
def test_strictness(schema: dict[str, Any], strict: bool) -> None:
    assert is_strict(schema) is strict


def test_strictness_is_asked_for_where_it_can_be(server: OpenAIDouble) -> None:
    loose = {"type": "object", "properties": {"text": {"type": "string"}}}
    for schema in (SCHEMA, loose):
        finch(server).ask(Ask([Message("user", "As JSON.")], schema=schema), lambda _: None, never)
    assert [call.body["response_format"]["json_schema"]["strict"] for call in server.chats] == [True, False]
