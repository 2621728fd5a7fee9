"""How many tokens a text is, without the model's own tokenizer: close enough to plan with, and bounds to check by.

The weights are rounded from what byte-pair tokenizers with vocabularies of some 100,000 entries (GPT-4, Llama 3,
Qwen 2) make of prose: 4 to 4.6 characters a token in English, 2 to 3 in other alphabets, 0.6 to 1.1 tokens for each
Chinese or Japanese character.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from math import ceil

from magpie.podcasts.llms.port import Message

PER_MESSAGE = 8  # tokens that a chat's template puts around each message
_IDEOGRAPHS = re.compile(
    "[\u1100-\u11ff\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]"
)
_ASCII = re.compile("[\x00-\x7f]+")
_SPARSEST = (
    3.0  # how many times fewer tokens than estimated a text may be: long runs of blanks or of one letter
)
_DENSEST = 2.0  # how many times more: figures, code, rare scripts


def estimate(text: str) -> int:
    """Tokens of a text, as far as one can tell from its letters."""
    ideographs = len(_IDEOGRAPHS.findall(text))
    plain = sum(len(run) for run in _ASCII.findall(text))
    other = len(text) - ideographs - plain
    return ceil(plain / 4.2 + other / 2.4 + ideographs * 0.85)


def of_messages(messages: Sequence[Message]) -> int:
    """Tokens of a question."""
    return sum(estimate(one.content) + PER_MESSAGE for one in messages)


def fewest(messages: Sequence[Message]) -> int:
    """No model reads a question as fewer tokens: where it says so, it has not read all of it."""
    return int(sum(estimate(one.content) for one in messages) / _SPARSEST)


def most(messages: Sequence[Message]) -> int:
    """No model reads a question as more tokens."""
    return ceil(of_messages(messages) * _DENSEST) + 64
