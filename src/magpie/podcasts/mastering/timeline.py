"""Where in the recording everything is. Pure; counts samples at the recording's rate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from magpie.podcasts.mastering.gaps import gap
from magpie.podcasts.mastering.order import Chapter, Clip, Cue, PlacedChapter
from magpie.podcasts.voices.port import Word

_LEAD, _TAIL = 0.25, 0.5  # seconds of silence where there is no music
_UNDER = 0.8  # seconds of the intro's end that lie below the first words
_BEFORE_OUTRO = 0.6


@dataclass(frozen=True, slots=True)
class Timeline:
    """`starts` and `lengths` of the clips; the outro begins at `outro`; `total` is the recording's length."""

    rate: int
    starts: tuple[int, ...]
    lengths: tuple[int, ...]
    outro: int
    total: int

    @property
    def speech(self) -> tuple[int, int]:
        """From the first word to the last."""
        return self.starts[0], self.starts[-1] + self.lengths[-1]

    @property
    def seconds(self) -> float:
        return self.total / self.rate


def lay(clips: Sequence[Clip], lengths: Sequence[int], rate: int, intro: int = 0, outro: int = 0) -> Timeline:
    """Place the clips in their order, with gaps; `intro` and `outro` are the music's lengths, 0 for none."""
    at = max(intro - int(_UNDER * rate), intro // 2) if intro else int(_LEAD * rate)
    starts: list[int] = []
    for number, (clip, length) in enumerate(zip(clips, lengths, strict=True)):
        starts.append(at)
        at += length
        if number + 1 < len(clips):
            at += round(gap(clip.text, ends_segment=clips[number + 1].segment != clip.segment) * rate)
    last = at + int((_BEFORE_OUTRO if outro else _TAIL) * rate)
    total = max(last + outro, intro)
    return Timeline(rate, tuple(starts), tuple(lengths), last, total)


def cues(timeline: Timeline, clips: Sequence[Clip], trimmed: Sequence[float]) -> tuple[Cue, ...]:
    """When each turn is heard; `trimmed` are the seconds that were cut off in front of each clip."""
    found = []
    for clip, start, length, cut in zip(clips, timeline.starts, timeline.lengths, trimmed, strict=True):
        begin, end = start / timeline.rate, (start + length) / timeline.rate
        words = tuple(_moved(word, begin - cut, begin, end) for word in clip.words)
        found.append(Cue(begin, end, clip.speaker, clip.text, words))
    return tuple(found)


def _moved(word: Word, by: float, begin: float, end: float) -> Word:
    start = min(max(word.start + by, begin), end)
    return Word(word.text, start, min(max(word.end + by, start), end))


def chapters(
    timeline: Timeline, clips: Sequence[Clip], wanted: Sequence[Chapter]
) -> tuple[PlacedChapter, ...]:
    """The segments in which something is said; the first begins with the recording, the last ends with it."""
    begins: list[tuple[float, Chapter]] = []
    before: int | None = None
    for clip, start in zip(clips, timeline.starts, strict=True):
        if clip.segment != before and 0 <= clip.segment < len(wanted):
            begins.append((start / timeline.rate if begins else 0.0, wanted[clip.segment]))
        before = clip.segment
    ends = [start for start, _ in begins[1:]] + [timeline.seconds]
    return tuple(
        PlacedChapter(start, end, chapter.title, _web(chapter.address))
        for (start, chapter), end in zip(begins, ends, strict=True)
    )


def _web(address: str | None) -> str | None:
    """The address if it is one of the web: players open it at a touch."""
    return address if address and address.startswith(("http://", "https://")) else None
