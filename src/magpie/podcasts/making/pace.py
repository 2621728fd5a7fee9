"""How fast each voice speaks, learned from what it has said: the minutes of an estimate are those of these voices."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path

from magpie.podcasts.making.folder import write_whole
from magpie.podcasts.mastering.order import Clip
from magpie.podcasts.script import length

MOST_VOICES = 500  # that are remembered
_NEW = 0.5  # how much the last episode counts beside those before


class Paces:
    """Words a minute by voice, in a file. What is lost of it costs nothing but exactness."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def of(self, voices: Sequence[str]) -> float | None:
        """The mean of these voices; None if nothing is known of one of them."""
        known = self._read()
        found = [known.get(voice) for voice in voices]
        paces = [pace for pace in found if pace is not None]
        return sum(paces) / len(paces) if paces and len(paces) == len(found) else None

    def learn(self, said: Iterable[tuple[str, Clip, float]]) -> None:
        """Take in (voice, clip, seconds) of an episode."""
        by_voice: dict[str, list[tuple[str, float]]] = {}
        for voice, clip, seconds in said:
            by_voice.setdefault(voice, []).append((clip.text, seconds))
        known = self._read()
        for voice, spoken in by_voice.items():
            pace = length.measured(spoken)
            if pace is not None:
                before = known.pop(voice, pace)
                known[voice] = round(before * (1 - _NEW) + pace * _NEW, 1)
        latest = dict(list(known.items())[-MOST_VOICES:])
        with suppress(OSError):
            self._file.parent.mkdir(parents=True, exist_ok=True)
            write_whole(self._file, json.dumps(latest).encode(), synced=False)

    def _read(self) -> dict[str, float]:
        try:
            held = json.loads(self._file.read_bytes())
            return {str(voice): float(pace) for voice, pace in held.items()}
        except (OSError, ValueError, AttributeError, TypeError):
            return {}
