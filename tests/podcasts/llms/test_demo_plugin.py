"""The model that the demo plug-in brings: what it shows others is true, and Magpie writes with it."""

from __future__ import annotations

from importlib.metadata import EntryPoint

import pytest
from magpie_demo_plugin.models import DemoChatKind

from magpie.config import Settings
from magpie.plugins import GROUP, load_plugins
from magpie.podcasts.llms.port import Ask, ChatFailed, ChatKind, Message
from magpie.podcasts.script.brief import Brief, Format, SourceText, Speaker
from magpie.podcasts.script.work import MemoryJournal
from magpie.podcasts.script.writing import write
from tests.podcasts.llms.contract import PLAIN, SHAPED, never

pytestmark = pytest.mark.once


def test_it_is_found() -> None:
    found = load_plugins([EntryPoint("demo", "magpie_demo_plugin", GROUP)])
    assert found.problems == []
    assert [kind.name for kind in found.chat_models] == ["magpie-demo", "ollama", "openai"]
    assert isinstance(DemoChatKind(), ChatKind)


def test_it_keeps_to_the_port() -> None:
    kind, settings = DemoChatKind(), Settings()
    assert kind.models(settings) == ["chick", "parrot"]
    parrot = kind.model("parrot", settings)
    heard: list[str] = []
    answer = parrot.ask(PLAIN, heard.append, never)
    assert (answer.text, answer.model, answer.is_cut) == ("".join(heard), "magpie-demo:parrot", False)
    assert parrot.ask(Ask(SHAPED.messages, SHAPED.schema, max_tokens=5), heard.append, never).is_cut


@pytest.mark.parametrize(
    ("name", "ask", "stop", "reason"),
    [
        ("crow", PLAIN, False, "unknown_model"),
        ("", PLAIN, False, "not_configured"),
        ("chick", Ask([Message("user", "word " * 3000)]), False, "too_long"),
        ("parrot", PLAIN, True, "stopped"),
    ],
)
def test_its_failures_are_typed(name: str, ask: Ask, stop: bool, reason: str) -> None:
    with pytest.raises(ChatFailed) as caught:
        DemoChatKind().model(name, Settings()).ask(ask, lambda _: None, lambda: stop)
    assert caught.value.reason == reason


def test_scripts_are_written_with_it() -> None:
    text = " ".join(f"Magpie number {n} builds a nest of {n + 3} twigs in the tree." for n in range(60))
    brief = Brief(Format.TWO_HOSTS, (Speaker("Ann"), Speaker("Ben")), minutes=1.5)
    parrot = DemoChatKind().model("parrot", Settings())
    script = write(brief, [SourceText("Nests", text)], parrot, MemoryJournal(), lambda *_: None, never)
    assert {turn.speaker for turn in script.turns} == {"Ann", "Ben"}
    assert not script.is_extractive
    assert all("Magpie number" in turn.text for turn in script.turns)
