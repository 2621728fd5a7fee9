"""A language model for podcasts: a parrot, which says the question's own sentences again, in the form that is asked for.

It needs no server, so everything here can be tried at once. Magpie does the rest for every model alike: it makes the
questions fit, asks again where an answer cannot be used, waits where a server asks for patience, counts tokens against
the episode's limit, and keeps each answer, so that none is paid for twice.
"""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from magpie.podcasts.llms.port import Answer, Ask, ChatFailed

if TYPE_CHECKING:
    from magpie.config import Settings

_MODELS = {"parrot": 16_384, "chick": 2_048}  # how many tokens each takes: here, a word is one
_TURNS = 6  # entries of each list
_TURN_WORDS = 30
_SOURCE = re.compile(r"<source>\n(.*?)\n</source>", re.DOTALL)
_SENTENCE = re.compile(r"[^.!?\n]{3,}[.!?]")


class Parrot:
    """What `model` gives: one model, asked from several threads at once, which keeps nothing between questions."""

    def __init__(self, model: str) -> None:
        self._model = model
        self.name = f"magpie-demo:{model}"  # as people write it into MAGPIE_LLM

    def check(self) -> None:
        """Ask the server whether it has the model, at no cost: before an episode is begun."""
        if self._model not in _MODELS:
            raise ChatFailed("unknown_model", f"There is no parrot called {self._model}.")

    def context_tokens(self) -> int:
        """Questions are made so that they, and their answers, fit into this."""
        self.check()
        return _MODELS[self._model]

    def ask(self, ask: Ask, on_text: Callable[[str], None], stop: Callable[[], bool]) -> Answer:
        """Ask once, and raise `ChatFailed` with a reason of the port: what may pass is asked again for you."""
        question = "\n".join(message.content for message in ask.messages)
        asked = len(question.split())
        if asked + ask.max_tokens > self.context_tokens():  # an answer to half of the question helps nobody
            raise ChatFailed("too_long", f"{self.name} cannot remember {asked} words.")
        text = _spoken(question, ask.schema)
        pieces = re.findall(r"\s*\S+", text)
        for piece in pieces[: ask.max_tokens]:
            if stop():  # somebody has cancelled the episode
                raise ChatFailed("stopped", "The question was stopped.")
            on_text(piece)
        said = "".join(pieces[: ask.max_tokens])
        return Answer(said, asked, len(pieces), is_cut=len(pieces) > ask.max_tokens, model=self.name)


class DemoChatKind:
    """What the hook gives."""

    name = "magpie-demo"
    title = "Magpie's demo: a parrot"

    def model(self, name: str, settings: Settings) -> Parrot:
        """Read what you need from the settings or the environment here, and raise `not_configured` if it is missing."""
        if not name:
            raise ChatFailed("not_configured", "Name a parrot: magpie-demo:parrot.")
        return Parrot(name)

    def models(self, settings: Settings) -> list[str]:
        """For people to choose from."""
        return sorted(_MODELS)


def _spoken(question: str, schema: dict[str, Any] | None) -> str:
    """The source's sentences: as they are, or as JSON that follows the schema."""
    source = _SOURCE.search(question)
    found = [" ".join(one.split()) for one in _SENTENCE.findall(source[1] if source else question)]
    sentences = itertools.cycle(found or ["Nothing was asked."])
    if schema is None:
        return next(sentences)
    return json.dumps(_follow(schema, sentences, 0), ensure_ascii=False)


def _follow(schema: dict[str, Any], sentences: Iterator[str], position: int) -> Any:
    if choices := schema.get("enum"):
        return choices[position % len(choices)]
    if schema.get("type") == "object":
        return {name: _follow(one, sentences, position) for name, one in schema["properties"].items()}
    if schema.get("type") == "array":
        return [_follow(schema["items"], sentences, entry) for entry in range(_TURNS)]
    if schema.get("type") == "integer":
        return max(schema.get("minimum", 0), min(position + 1, schema.get("maximum", position + 1)))
    text = next(sentences)
    while len(text.split()) < _TURN_WORDS:
        text += " " + next(sentences)
    return text
