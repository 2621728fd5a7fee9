"""How many tokens a text is, without any tokenizer.

No two models cut alike, and their tables are large. The formula is a mean of the common ones (o200k, cl100k, Llama 3,
Qwen 2.5) over prose:

| run of | tokens |
|---|---|
| ASCII letters | 1 for every 8, at least 1 |
| Latin letters with accents, Greek, Cyrillic | 1 for every 4, at least 1 |
| digits | 1 for every 3 |
| Han | 0.9 each |
| kana, Hangul | 0.9 each |
| letters of any other script | 1 for every 2 |
| punctuation and symbols | 1 for every 2 in a run |
| line ends | 1 a run |

Spaces belong to the words after them. `MARGIN` is what a context is to have left for models that cut finer.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable

from magpie.podcasts.llms.port import Message
from magpie.podcasts.script.letters import HAN, HANGUL, KANA

MARGIN = 1.15
_EACH_MESSAGE = 4  # role and separators
_RUNS = re.compile(
    rf"(?P<ascii>[A-Za-z]+)|(?P<digits>\d+)|(?P<wide>[{HAN}{KANA}{HANGUL}]+)"
    r"|(?P<accented>[A-Za-z\u00c0-\u024f\u0370-\u052f]+)|(?P<lines>\n\s*)|(?P<other>[^\W\d_]+)|(?P<marks>[^\w\s]+|_+)"
)
_LETTERS_A_TOKEN = {
    "ascii": 8.0,
    "digits": 3.0,
    "wide": 1 / 0.9,
    "accented": 4.0,
    "other": 2.0,
    "marks": 2.0,
    "lines": math.inf,
}


def count(text: str) -> int:
    """About how many tokens the text is."""
    total = 0.0
    for run in _RUNS.finditer(text):
        kind = run.lastgroup or "other"
        length = run.end() - run.start()
        total += length * 0.9 if kind == "wide" else max(1, math.ceil(length / _LETTERS_A_TOKEN[kind]))
    return math.ceil(total)


def of_messages(messages: Iterable[Message]) -> int:
    """About how many tokens a question is."""
    return sum(count(message.content) + _EACH_MESSAGE for message in messages)
