"""A model whose every answer is counted in the episode's ledger, whoever asks it."""

from __future__ import annotations

from collections.abc import Callable

from magpie.podcasts.llms.port import Answer, Ask, ChatModel
from magpie.podcasts.making.folder import EpisodeFolder


class CountedModel:
    """As the model that it stands for."""

    def __init__(self, model: ChatModel, folder: EpisodeFolder) -> None:
        self._model = model
        self._folder = folder

    @property
    def name(self) -> str:
        return self._model.name

    def context_tokens(self) -> int:
        return self._model.context_tokens()

    def check(self) -> None:
        self._model.check()

    def ask(self, ask: Ask, on_text: Callable[[str], None], stop: Callable[[], bool]) -> Answer:
        answer = self._model.ask(ask, on_text, stop)
        self._folder.count(prompt_tokens=answer.prompt_tokens, completion_tokens=answer.completion_tokens)
        return answer
