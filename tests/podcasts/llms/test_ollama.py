"""Ollama, against a double of it."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from magpie.config import Settings
from magpie.podcasts.llms import ollama
from magpie.podcasts.llms.ollama import Ollama
from magpie.podcasts.llms.port import Ask, ChatKind, ChatModel, Message
from magpie.podcasts.llms.shapes import Memory
from tests.podcasts.llms.contract import PLAIN, SHAPED, ChatContract, failure, never
from tests.support.models.double import Fault, ModelDouble
from tests.support.models.ollama import OllamaDouble

pytestmark = pytest.mark.once


@pytest.fixture
def server() -> Iterator[OllamaDouble]:
    with OllamaDouble() as double:
        yield double


def settings_for(server: OllamaDouble, **more: object) -> Settings:
    return Settings.model_validate({"ollama_url": server.address, "ai_timeout_seconds": 20, **more})


class TestContract(ChatContract):
    @pytest.fixture
    def double(self, server: OllamaDouble) -> ModelDouble:
        return server

    @pytest.fixture
    def kind(self) -> ChatKind:
        return Ollama()

    @pytest.fixture
    def settings(self, server: OllamaDouble) -> Settings:
        return settings_for(server)


def finch(server: OllamaDouble, **more: object) -> ChatModel:
    return Ollama().model("finch", settings_for(server, **more))


def test_the_room_is_always_named_and_always_the_same(server: OllamaDouble) -> None:
    model = finch(server)
    model.ask(PLAIN, lambda _: None, never)
    model.ask(SHAPED, lambda _: None, never)
    first, second = (call.body for call in server.chats)
    assert first["options"]["num_ctx"] == second["options"]["num_ctx"] == 8192
    assert (first["truncate"], first["shift"], first["stream"]) == (False, False, True)
    assert "format" not in first
    assert second["format"] == SHAPED.schema
    assert 0 < first["options"]["num_predict"] <= PLAIN.max_tokens


def test_the_settings_bound_the_room(server: OllamaDouble) -> None:
    model = finch(server, llm_context_tokens=4096)
    assert model.context_tokens() == 4096
    model.ask(Ask(PLAIN.messages, max_tokens=100_000), lambda _: None, never)
    options = server.chats[0].body["options"]
    assert options["num_ctx"] == 4096
    assert options["num_predict"] < 4096  # question and answer fit together


@pytest.mark.parametrize("messages", [1, 6])
def test_a_question_that_was_cut_without_a_word_is_noticed(server: OllamaDouble, messages: int) -> None:
    server.truncates = True
    text = "Nests, eggs and feathers; " * (700 // messages)
    ask = Ask([Message("user", text)] * messages)
    failed = failure(finch(server, llm_context_tokens=2048), ask)
    assert failed.reason == "too_long"
    assert "2048 tokens of the question only" in failed.message


def test_a_low_count_of_a_question_that_fits_is_believed(server: OllamaDouble) -> None:
    """Some servers count only what was not in their cache."""
    line = {"message": {"content": "Yes."}, "done": True, "prompt_eval_count": 1, "eval_count": 2}
    server.faults.append(Fault(raw=json.dumps(line).encode()))
    assert finch(server).ask(PLAIN, lambda _: None, never).text == "Yes."


def test_older_servers_get_any_json_and_are_remembered(
    server: OllamaDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ollama, "_shapes", Memory())
    server.takes_schemas = False
    for _ in range(2):
        said = finch(server).ask(SHAPED, lambda _: None, never)
        assert json.loads(said.text)["turns"]
    formats = [call.body.get("format") for call in server.chats]
    assert formats == [SHAPED.schema, "json", "json"]
    assert "JSON schema" in server.chats[-1].question


def test_a_model_does_not_think_aloud(server: OllamaDouble) -> None:
    finch(server).ask(PLAIN, lambda _: None, never)
    server.thinks = True
    finch(server).ask(PLAIN, lambda _: None, never)
    assert "think" not in server.chats[0].body
    assert server.chats[1].body["think"] is False


def test_how_to_get_the_model_is_said(server: OllamaDouble) -> None:
    failed = failure(Ollama().model("dodo:7b", settings_for(server)))
    assert "`ollama pull dodo:7b`" in failed.message


def test_the_server_s_own_words_are_passed_on(server: OllamaDouble) -> None:
    said = "model requires more system memory (5.6 GiB) than is available\n(2.1 GiB)"
    server.faults.append(Fault(status=500, error=said))
    assert said.replace("\n", " ") in failure(finch(server)).message
