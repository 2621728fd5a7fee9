"""Which models there are, and the one that somebody wishes for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from magpie.podcasts.llms.chain import Chain
from magpie.podcasts.llms.port import ChatFailed, ChatKind, ChatModel

if TYPE_CHECKING:
    from magpie.config import Settings

EXTRACTIVE = "extractive"  # the way without a model, which is `script.extractive`
MAX_IN_A_CHAIN = 8
MAX_NAME = 200  # characters of a model's name


def kinds() -> list[ChatKind]:
    """The kinds of servers, those of plug-ins first; of two with one name the first counts."""
    from magpie.plugins import plugins

    found: dict[str, ChatKind] = {}
    for kind in plugins().chat_models:
        found.setdefault(kind.name, kind)
    return list(found.values())


def is_extractive(spec: str) -> bool:
    """Whether no model is wished for at all."""
    return _parts(spec) == [EXTRACTIVE]


def may_be_extractive(spec: str) -> bool:
    """Whether the sources' own sentences are to be taken where the models before this last entry fail."""
    return _parts(spec)[-1:] == [EXTRACTIVE]


def model(settings: Settings, spec: str | None = None) -> ChatModel:
    """The model that a specification means, the settings' own if there is none: `ollama:llama3.1`; several with commas
    between them are a chain, a model as well. `extractive` at its end is passed over.

    Raises `ChatFailed("not_configured")`; asks nobody.
    """
    parts = _parts(settings.llm if spec is None else spec)
    wished = [part for part in parts if part != EXTRACTIVE]
    if not wished:
        raise ChatFailed("not_configured", "No language model is configured.")
    if len(wished) > MAX_IN_A_CHAIN:
        raise ChatFailed("not_configured", f"{MAX_IN_A_CHAIN} models stand in for each other at most.")
    found = [_one(settings, part) for part in wished]
    return found[0] if len(found) == 1 else Chain(found)


def models(settings: Settings, kind: str) -> list[str]:
    """The names of the models that the configured server of this kind has. Raises `ChatFailed`."""
    return _kind(kind).models(settings)


def _parts(spec: str) -> list[str]:
    return [part.strip() for part in spec.split(",") if part.strip()]


def _one(settings: Settings, part: str) -> ChatModel:
    kind, _, name = part.partition(":")
    if len(name) > MAX_NAME or not name.isprintable():
        raise ChatFailed("not_configured", "This is not the name of a model.")
    return _kind(kind).model(name.strip(), settings)


def _kind(name: str) -> ChatKind:
    for kind in kinds():
        if kind.name == name:
            return kind
    known = ", ".join(kind.name for kind in kinds())
    raise ChatFailed("not_configured", f"There are no models of the kind {name[:32]!r}; there are: {known}.")
