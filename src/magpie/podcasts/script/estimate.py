"""What an episode will take, before anything is spent: the writing is rehearsed with a model that costs nothing."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from magpie.podcasts.llms.port import Answer, Ask, ChatFailed
from magpie.podcasts.script import extractive, length, letters, outline, segments, tokens
from magpie.podcasts.script.asking import Asker
from magpie.podcasts.script.brief import Brief, Format, SourceText
from magpie.podcasts.script.outline import Plan
from magpie.podcasts.script.work import Budget, MemoryJournal

_MOST_SENTENCES_READ = (
    60_000  # letters of a source that an extractive script is tried on; beyond, it is reckoned
)
_WIDE_FILLER = "这一段说的是材料里的内容主持人把它讲得清楚而自然ここでは資料の内容をわかりやすく話しています"
_FILLER = (
    "and so the people in this part of the material explain what they found and why it matters to others"
)
_SAMPLE = (
    20_000  # letters of the sources whose words the rehearsal uses, so that they are as long as real ones
)
_TURN_MINUTES = 0.22
# What stands beside the turns, in minutes, as long as it is where there is much to sum up. Of next to nothing a summary is
# shorter than that: so much of it, and so much more for each minute that is told.
_TITLE, _SUMMARY, _DESCRIPTION, _SUMMED_UP = 0.04, 0.18, 0.2, 0.25
_SHORTEST, _A_MINUTE = 0.4, 0.25
_CONTEXT = 16_384


@dataclass(frozen=True, slots=True)
class Estimate:
    """Tokens of questions and answers, characters that are spoken, minutes that they last."""

    prompt_tokens: int
    completion_tokens: int
    characters: int
    minutes: float


def estimate(
    brief: Brief, sources: Sequence[SourceText], model_context: int | None, is_extractive: bool
) -> Estimate:
    """What the script will take if nothing goes wrong. `model_context`: how many tokens the model holds (None: 16,384)."""
    if is_extractive:
        return _of_extractive(brief, sources)
    rehearsal = _Rehearsal(brief, sources, model_context or _CONTEXT)
    budget = Budget()
    asker = Asker(rehearsal, MemoryJournal(), _never, budget)
    framed = outline.frame(brief, sources, rehearsal.context_tokens())
    if not framed.passages:
        return Estimate(0, 0, 0, 0.0)
    plan = outline.plan(brief, sources, framed, asker)
    writer = segments.SegmentWriter(brief, plan, asker)
    drafts: list[segments.Draft] = []
    for number, planned in enumerate(plan.segments):
        rehearsal.plan, rehearsal.minutes = plan, planned.minutes
        drafts.append(writer.write(number, drafts, planned.minutes))
    return Estimate(
        budget.prompt_tokens,
        budget.completion_tokens,
        sum(len(turn.text) for draft in drafts for turn in draft.turns),
        sum(draft.minutes(brief) for draft in drafts),
    )


def _of_extractive(brief: Brief, sources: Sequence[SourceText]) -> Estimate:
    """Short sources are tried, long ones reckoned from how many letters a minute of them has."""
    if sum(len(one.text) for one in sources) <= _MOST_SENTENCES_READ:
        script = extractive.write(brief, sources, lambda *_: None)
        text = [turn.text for turn in script.turns]
        minutes = sum(length.minutes(one, script.language, brief.wpm) for one in text)
        return Estimate(0, 0, sum(map(len, text)), minutes)
    language = extractive.language_of(brief, sources)
    aloud = sum(length.minutes(one.text, language, brief.wpm) for one in sources)
    minutes = min(aloud, length.wanted(brief, aloud))
    return Estimate(0, 0, round(sum(len(one.text) for one in sources) / max(aloud, 0.01) * minutes), minutes)


def _never() -> bool:
    return False


class _Rehearsal:
    """A model that writes exactly as long as it is to, without meaning."""

    name = "rehearsal"

    def __init__(self, brief: Brief, sources: Sequence[SourceText], context: int) -> None:
        self._brief, self._context = brief, context
        sample = " ".join(one.text[: _SAMPLE // len(sources) + 1] for one in sources)
        self._wide = re.findall(f"[{letters.HAN}{letters.KANA}]", sample) or list(_WIDE_FILLER)
        spaced = re.sub(f"[{letters.HAN}{letters.KANA}]", " ", sample)
        # Plain words: no marks that a parser would take for names, passages or the end of something.
        self._words = re.findall(r"[^\W\d_]+(?:['’-][^\W\d_]+)?[,.]?(?=\s)", spaced)
        if len(self._words) < 30:
            self._words = _FILLER.split()
        self.plan: Plan | None = None
        self.minutes = 0.0
        self._line = self._at = 0

    def context_tokens(self) -> int:
        return self._context

    def check(self) -> None:
        """It is always there."""

    def ask(self, ask: Ask, on_text: Callable[[str], None], stop: Callable[[], bool]) -> Answer:
        question = ask.messages[-1].content
        text = json.dumps(
            self._outline(question) if self.plan is None else self._segment(), ensure_ascii=False
        )
        asked, answered = tokens.of_messages(ask.messages), tokens.count(text)
        if asked + ask.max_tokens > self._context * tokens.MARGIN:  # no two models count alike
            raise ChatFailed("too_long", "The model is too small for any question about this.")
        if answered > ask.max_tokens:
            return Answer(text[: len(text) * ask.max_tokens // answered], asked, ask.max_tokens, is_cut=True)
        return Answer(text, asked, answered)

    def _outline(self, question: str) -> dict[str, object]:
        found = re.search(
            r"of ([\d.]+) minutes from .* exactly (\d+) segments. The material has (\d+) numbered parts",
            question,
        )
        minutes, count, parts = map(float, found.groups()) if found else (1.0, 1.0, 1.0)
        count, parts = int(count), int(parts)
        title = self._said(_TITLE, self._brief.language)
        rows = [
            {
                "title": title,
                "summary": self._told_of(_SUMMARY, minutes / count),
                "first": min(parts, index * parts // count + 1),
                "last": min(parts, max(index * parts // count + 1, (index + 1) * parts // count)),
            }
            for index in range(count)
        ]
        return {"title": title, "description": self._told_of(_DESCRIPTION, minutes), "segments": rows}

    def _segment(self) -> dict[str, object]:
        count = max(1, round(self.minutes / _TURN_MINUTES))
        turns = []
        for index in range(count):
            speaker = self._brief.speakers[index % len(self._brief.speakers)]
            language = (
                speaker.language if self._brief.format is Format.BILINGUAL and speaker.language else None
            )
            said = self._said(self.minutes / count, language or self._brief.language)
            turns.append({"speaker": speaker.name, "text": said, "source": 12})
        return {"turns": turns, "summary": self._told_of(_SUMMED_UP, self.minutes)}

    def _told_of(self, most: float, minutes: float) -> str:
        """What sums up so many minutes."""
        return self._said(most * min(1.0, _SHORTEST + _A_MINUTE * minutes), self._brief.language)

    def _said(self, minutes: float, language: str) -> str:
        """Words that take so long; no two times the same, or they would be taken for repetitions."""
        self._line += 1
        amount = length.amount(minutes, language, self._brief.wpm)
        if length.is_counted_in_characters(language):
            own = "".join("甲乙丙丁戊己庚辛壬癸"[int(digit)] for digit in str(self._line))
            return own + "".join(self._some(self._wide, amount - len(own))) + "。"
        return f"So {' '.join(self._some(self._words, amount - 2))} w{self._line}."

    def _some(self, supply: Sequence[str], amount: int) -> list[str]:
        taken = [supply[(self._at + index) % len(supply)] for index in range(max(1, amount))]
        self._at += max(1, amount)
        return taken
