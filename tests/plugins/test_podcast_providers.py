"""Somebody's own language model, voice or recogniser: used beside those that ship, named and left out when broken."""

from __future__ import annotations

from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from magpie.plugins import GROUP, Plugins, load_plugins

pytestmark = pytest.mark.once

PLUGIN = """
from magpie.plugins import hookimpl

class Kind:
    name, title = "{name}", "Somebody's"
    def model(self, name, settings): raise RuntimeError("never asked")
    def models(self, settings): raise RuntimeError("never asked")
    def connect(self, model, settings): raise RuntimeError("never asked")

@hookimpl
def {hook}(): return {returned}
"""
HOOKS = {
    "magpie_chat_models": "ChatKind",
    "magpie_voices": "VoiceKind",
    "magpie_transcribers": "TranscriberKind",
}


def load(folder: Path, monkeypatch: pytest.MonkeyPatch, hook: str, **values: str) -> Plugins:
    module = f"plugin_{folder.name}".replace("-", "_")
    given = {"name": "own", "returned": "[Kind()]", **values}
    (folder / f"{module}.py").write_text(PLUGIN.format(hook=hook, **given))
    monkeypatch.syspath_prepend(folder)
    return load_plugins([EntryPoint("mine", module, GROUP)])


@pytest.mark.parametrize("hook", HOOKS)
def test_a_plugins_kind_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, hook: str) -> None:
    found = load(tmp_path, monkeypatch, hook)
    kinds: list[object] = getattr(found, hook.removeprefix("magpie_"))
    assert getattr(kinds[0], "name", None) == "own"
    assert found.problems == []


@pytest.mark.parametrize("hook", HOOKS)
@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"returned": "[Kind]"}, "returned the class Kind"),
        ({"returned": "[7]"}, "returned int, expected objects of {kind}"),
        ({"returned": "None"}, "TypeError"),
        ({"name": "Own:er"}, "cannot be written into a setting"),
    ],
)
def test_a_broken_one_is_named_and_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, hook: str, values: dict[str, str], said: str
) -> None:
    found = load(tmp_path, monkeypatch, hook, **values)
    assert said.format(kind=HOOKS[hook]) in found.problems[0].error
    assert "Kind" not in {type(one).__name__ for one in getattr(found, hook.removeprefix("magpie_"))}
