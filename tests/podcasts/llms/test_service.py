"""Which model a specification means, and models that stand in for each other."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from magpie.config import Settings
from magpie.podcasts.llms import service
from magpie.podcasts.llms.chain import Chain
from magpie.podcasts.llms.port import Ask, ChatFailed, ChatModel, Message
from tests.podcasts.llms.contract import PLAIN, failure, never
from tests.support.models import double as doubles
from tests.support.models.double import Fault
from tests.support.models.ollama import OllamaDouble
from tests.support.models.openai import OpenAIDouble

pytestmark = pytest.mark.once


@pytest.fixture
def first() -> Iterator[OllamaDouble]:
    with OllamaDouble() as double:
        yield double


@pytest.fixture
def second() -> Iterator[OpenAIDouble]:
    with OpenAIDouble({"wren": 6000}) as double:
        yield double


@pytest.fixture
def settings(first: OllamaDouble, second: OpenAIDouble) -> Settings:
    return Settings(
        llm="ollama:finch, openai:wren",
        ollama_url=first.address,
        openai_url=second.address,
        ai_timeout_seconds=20,
    )


@pytest.fixture
def chain(settings: Settings) -> ChatModel:
    return service.model(settings)


@pytest.mark.parametrize(
    ("spec", "name"),
    [
        ("ollama:llama3.1:8b", "ollama:llama3.1:8b"),
        (" openai:meta/llama , ollama:hf.co/a/b:Q4 ", "openai:meta/llama,ollama:hf.co/a/b:Q4"),
        ("ollama:finch,extractive", "ollama:finch"),
    ],
)
def test_names(settings: Settings, spec: str, name: str) -> None:
    assert service.model(settings, spec).name == name


@pytest.mark.parametrize(
    "spec", ["", "extractive", "ollama", "nobody:x", "ollama:" + "x" * 201, "ollama:a\tb", "ollama:a," * 9]
)
def test_what_is_no_model(settings: Settings, spec: str) -> None:
    with pytest.raises(ChatFailed) as caught:
        service.model(settings, spec)
    assert caught.value.reason == "not_configured"


def test_the_way_without_a_model() -> None:
    assert service.is_extractive("extractive")
    assert not service.is_extractive("ollama:x,extractive")
    assert service.may_be_extractive("ollama:x, extractive")
    assert not service.may_be_extractive("ollama:extractive")


def test_what_ships(settings: Settings) -> None:
    assert {"ollama", "openai"} <= {kind.name for kind in service.kinds()}
    assert service.models(settings, "ollama") == ["finch"]
    with pytest.raises(ChatFailed):
        service.models(settings, "nobody")


def test_the_first_answers_while_it_can(chain: ChatModel, first: OllamaDouble, second: OpenAIDouble) -> None:
    assert chain.ask(PLAIN, lambda _: None, never).model == "ollama:finch"
    first.faults.append(doubles.cut())
    heard: list[str] = []
    answer = chain.ask(PLAIN, heard.append, never)
    assert answer.model == "openai:wren"
    assert "".join(heard).endswith(answer.text)
    assert chain.ask(PLAIN, lambda _: None, never).model == "ollama:finch"
    assert (len(first.answered), len(second.answered)) == (2, 1)


def test_one_that_is_away_is_asked_again_after_a_minute(settings: Settings, first: OllamaDouble) -> None:
    clock = [0.0]
    first.faults.append(Fault(hold=(held := threading.Event())))
    impatient = settings.model_copy(update={"ai_timeout_seconds": 1})
    members = [service.model(impatient, "ollama:finch"), service.model(settings, "openai:wren")]
    slow = Chain(members, now=lambda: clock[0])
    assert slow.ask(PLAIN, lambda _: None, never).model == "openai:wren"
    held.set()
    asked = len(first.chats)
    assert slow.ask(PLAIN, lambda _: None, never).model == "openai:wren"
    assert len(first.chats) == asked
    clock[0] = 61
    assert slow.ask(PLAIN, lambda _: None, never).model == "ollama:finch"


def test_a_question_too_long_for_one_goes_to_the_other(settings: Settings, first: OllamaDouble) -> None:
    first.models["finch"] = 2048
    long = Ask([Message("user", "Nests of finches. " * 900)], max_tokens=10)
    assert service.model(settings).ask(long, lambda _: None, never).model == "openai:wren"


def test_when_all_fail_the_shortest_wait_counts(
    chain: ChatModel, first: OllamaDouble, second: OpenAIDouble
) -> None:
    first.faults.append(Fault(status=403))
    second.faults.append(doubles.limited("40"))
    failed = failure(chain)
    assert (failed.reason, failed.retry_after) == ("limited", 40)
    assert "Ollama at" in failed.message
    assert "asked too often" in failed.message


def test_a_stop_ends_the_whole_chain(chain: ChatModel, second: OpenAIDouble) -> None:
    with pytest.raises(ChatFailed) as caught:
        chain.ask(PLAIN, lambda _: None, lambda: True)
    assert caught.value.reason == "stopped"
    assert second.calls == []


def test_the_room_of_a_chain_is_the_smallest(chain: ChatModel, first: OllamaDouble) -> None:
    assert chain.context_tokens() == 6000
    chain.check()
    first.models.clear()
    assert chain.context_tokens() == 6000
    chain.check()


def test_a_chain_of_nobody(chain: ChatModel, first: OllamaDouble, second: OpenAIDouble) -> None:
    first.models.clear()
    second.models = {"owl": 1000, "jay": 1000}
    with pytest.raises(ChatFailed) as caught:
        chain.check()
    assert caught.value.reason == "unknown_model"
    first.__exit__()
    second.__exit__()
    with pytest.raises(ChatFailed) as caught:
        chain.context_tokens()
    assert caught.value.reason == "unreachable"
    first.__enter__()
    second.__enter__()
