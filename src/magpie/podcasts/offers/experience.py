"""What earlier episodes on this server tell of the next one: how long its making takes, and how much more a model is asked
than it would be if it never erred."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from magpie.kit.db import ReadSession
from magpie.podcasts.episodes import repository

LATEST = 20  # episodes that count
# A model that errs in half of its answers is asked again for each of them. What is beyond that has other reasons: somebody
# changed the model in the middle, say.
LEAST, MOST = 0.5, 3.0


@dataclass(frozen=True, slots=True)
class Experience:
    """`pace`: seconds of work for a minute of an episode; None if nothing is known. The others: how many tokens were used
    for each that the rehearsal had estimated."""

    pace: float | None = None
    prompt: float = 1.0
    completion: float = 1.0


def of(session: ReadSession, llm: str, tts: str) -> Experience:
    """The medians of the latest episodes with these providers, whoever's they were."""
    done = repository.done_by(session, llm, tts, LATEST)
    return Experience(
        pace=_median(
            (one.completed_at - one.started_at).total_seconds() * 60 / one.duration
            for one in repository.done_by(session, llm, tts, LATEST, in_one_go=True)
        ),
        prompt=_excess(done, "promptTokens"),
        completion=_excess(done, "completionTokens"),
    )


def _excess(done: Sequence[Any], what: str) -> float:
    pairs = [(float(one.usage.get(what) or 0), float(one.estimate.get(what) or 0)) for one in done]
    found = _median(used / said for used, said in pairs if used and said)
    return 1.0 if found is None else min(MOST, max(LEAST, found))


def _median(numbers: Iterable[float]) -> float | None:
    found = list(numbers)
    return median(found) if found else None
