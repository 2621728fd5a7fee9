"""Which sentences say most of a text: TextRank (Mihalcea and Tarau 2004) over rare words, pairs of ideographs included."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence

from magpie.podcasts.script import tokens
from magpie.podcasts.script.letters import HAN, KANA

_WINDOW = 400  # sentences that are compared with each other: the work grows with the square
_FEW = 12  # of so few, most may be about the same thing
_DAMPING = 0.85
_ROUNDS = 40
_RUN = re.compile(rf"[{HAN}{KANA}]+|[^\W_{HAN}{KANA}]+")


def terms(sentence: str) -> list[str]:
    """What a sentence is compared by: words of three letters and more, each two ideographs that stand together."""
    found: list[str] = []
    for run in _RUN.findall(sentence.casefold()):
        if re.match(f"[{HAN}{KANA}]", run):
            found += [run[i : i + 2] for i in range(len(run) - 1)] or [run]
        elif len(run) > 2 or run.isdigit():
            found.append(run[:8])  # inflections mostly lie behind
    return found


def scores(sentences: Sequence[str]) -> list[float]:
    """How central each sentence is among those around it; the mean is 1. Long texts are ranked in windows."""
    every = [Counter(terms(one)) for one in sentences]
    found: list[float] = []
    count = max(1, math.ceil(len(every) / _WINDOW))
    size = max(1, math.ceil(len(every) / count))
    for start in range(0, len(every), size):
        found += _window(every[start : start + size])
    return found


def _window(bags: list[Counter[str]]) -> list[float]:
    import numpy as np  # only where scripts are written

    n = len(bags)
    spread = Counter(term for bag in bags for term in bag)
    # A term of one sentence joins none; one of most sentences says nothing.
    most = n * 0.5 if n >= _FEW else n - 1
    column = {term: i for i, term in enumerate(t for t, k in spread.items() if 1 < k <= most)}
    if n < 3 or not column:
        return [1.0] * n
    weight = np.zeros((n, len(column)), dtype=np.float32)
    for row, bag in enumerate(bags):
        for term, times in bag.items():
            if term in column:
                weight[row, column[term]] = (1 + math.log(times)) * math.log(1 + n / spread[term])
    lengths = np.linalg.norm(weight, axis=1, keepdims=True)
    weight /= np.where(lengths == 0, 1, lengths)
    alike = weight @ weight.T
    np.fill_diagonal(alike, 0)
    out = alike.sum(axis=1, keepdims=True)
    step = np.divide(alike, out, out=np.full_like(alike, 1 / n), where=out > 0)
    rank = np.full(n, 1 / n, dtype=np.float64)
    for _ in range(_ROUNDS):
        rank = (1 - _DAMPING) / n + _DAMPING * (rank @ step)
    return [float(value) * n for value in rank]


def best(weights: Sequence[float], costs: Sequence[float], room: float) -> list[int]:
    """Which to take, in their order: the highest weights whose costs fit into the room together."""
    taken: list[int] = []
    for index in sorted(range(len(weights)), key=lambda i: (-weights[i], i)):
        if costs[index] <= room:
            taken.append(index)
            room -= costs[index]
    return sorted(taken)


def condense(sentences: Sequence[tuple[str, int]], room: int) -> str:
    """Sentences, each with its tokens, in at most so many tokens: the most telling ones in their order."""
    weights = scores([text for text, _ in sentences])
    # What begins a text tells most of it.
    weights = [weight * (1.3 if i == 0 else 1.0) for i, weight in enumerate(weights)]
    chosen = best(weights, [cost + 2 for _, cost in sentences], max(0, room - 2))
    if chosen:
        return " … ".join(" ".join(sentences[i][0] for i in group) for group in _groups(chosen))
    return clipped(sentences[0][0], room) if sentences else ""


def _groups(indices: Sequence[int]) -> list[list[int]]:
    """Runs of neighbours."""
    groups: list[list[int]] = []
    for index in indices:
        if groups and groups[-1][-1] == index - 1:
            groups[-1].append(index)
        else:
            groups.append([index])
    return groups


def clipped(text: str, room: int) -> str:
    """The beginning of a text of which no sentence fits."""
    clipped = text[: room * 2]
    while clipped and tokens.count(clipped) > room:
        clipped = clipped[: len(clipped) * 3 // 4]
    return clipped
