"""The kinds of servers of language models that ship with Magpie."""

from __future__ import annotations

from magpie.podcasts.llms.ollama import Ollama
from magpie.podcasts.llms.openai import OpenAI
from magpie.podcasts.llms.port import ChatKind


def builtin_chat_models() -> list[ChatKind]:
    return [Ollama(), OpenAI()]
