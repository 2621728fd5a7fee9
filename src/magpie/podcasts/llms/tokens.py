"""What a server's count of tokens is compared with. The counting itself is `script.tokens`."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

from magpie.podcasts.llms.port import Message
from magpie.podcasts.script.tokens import count, of_messages

_SPARSEST = 3.0  # how many times fewer tokens than estimated a text may be: long runs of one letter
_DENSEST = 2.0  # how many times more: code, rare scripts
_TEMPLATE = 64  # tokens that a chat's template may add


def fewest(messages: Sequence[Message]) -> int:
    """No model reads a question as fewer tokens: where it says so, it has not read all of it."""
    return int(sum(count(one.content) for one in messages) / _SPARSEST)


def most(messages: Sequence[Message]) -> int:
    """No model reads a question as more tokens."""
    return ceil(of_messages(messages) * _DENSEST) + _TEMPLATE
