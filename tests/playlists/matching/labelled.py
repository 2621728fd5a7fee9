"""The labelled cases: what is wanted, a small library full of traps, and the right answer (or none)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from magpie.playlists.matching.service import Match, Matcher, Verdict
from magpie.playlists.tracks import Track

CASES = Path(__file__).with_name("cases")
PARTS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth")


@dataclass(frozen=True, slots=True)
class Case:
    """`right` are the ids of the right tracks of `library`, equally good; none: then nothing may be matched."""

    script: str  # cjk | latin
    kind: str  # which trap it is
    wanted: Track
    library: tuple[Track, ...]
    right: frozenset[str]


@dataclass(slots=True)
class Tally:
    """Automatic matches against the labels."""

    matched: int = 0
    right: int = 0
    wanted: int = 0  # cases with a right answer

    @property
    def precision(self) -> float:
        return self.right / self.matched if self.matched else 1.0

    @property
    def recall(self) -> float:
        return self.right / self.wanted if self.wanted else 1.0

    def count(self, case: Case, answer: str | None) -> None:
        self.wanted += bool(case.right)
        self.matched += answer is not None
        self.right += answer in case.right


def track(told: dict[str, Any]) -> Track:
    told = {**told, "artists": tuple(told.get("artists", ())), "aliases": tuple(told.get("aliases", ()))}
    return Track(**told)


def cases(names: Iterable[str] = PARTS) -> Iterator[Case]:
    """The cases of these files, in order."""
    for name in names:
        for line in (CASES / f"{name}.jsonl").read_text(encoding="utf-8").splitlines():
            told = json.loads(line)
            library = tuple(track(one) for one in told["library"])
            right = told["right"] or []
            right = frozenset([right] if isinstance(right, str) else right)
            yield Case(told["script"], told["kind"], track(told["wanted"]), library, right)


def answer(case: Case) -> Match:
    return Matcher(case.library).match(case.wanted)


def automatic(found: Match) -> str | None:
    """The id of what was matched without asking anybody."""
    return found.track.id if found.verdict is Verdict.MATCHED and found.track else None
