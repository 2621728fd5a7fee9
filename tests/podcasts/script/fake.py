"""A model in this process that does what it is asked, to the word, and misbehaves on order.

It reads the question as a model does: how many words, who speaks, which numbered passages; and says the passages'
own sentences again. Tokens are counted by its own rule (four letters a token, 0.8 for an ideograph), not ours.
"""

from __future__ import annotations

import json
import math
import re
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any

from magpie.podcasts.llms.port import Answer, Ask, ChatFailed, Message

_WIDE = re.compile("[\u3040-\u30ff\u3400-\u9fff]")
_TURN = {"words": 28, "characters": 50}
_SENTENCE = re.compile(r"[^.!?。！？\n]+[.!?。！？]+")

Mischief = Callable[[str], str] | ChatFailed


def count(text: str) -> int:
    """Tokens as this model counts them."""
    wide = len(_WIDE.findall(text))
    return math.ceil(wide * 0.8 + (len(text) - wide) / 4.2)


class FakeModel:
    """`mischief` is used up, one for each question: a function of the right answer, or what is raised. `verbosity` is
    how much longer than asked it writes; `cuts` answers at `max_tokens` as real ones do."""

    name = "fake:1"

    def __init__(self, context: int = 16_384, verbosity: float = 1.0) -> None:
        self.context = context
        self.verbosity = verbosity
        self.mischief: deque[Mischief | None] = deque()
        self.always: Mischief | None = None
        self.asks: list[Ask] = []
        self.answers: list[Answer] = []
        self._position = 0

    @property
    def prompt_tokens(self) -> int:
        return sum(one.prompt_tokens for one in self.answers)

    @property
    def completion_tokens(self) -> int:
        return sum(one.completion_tokens for one in self.answers)

    def context_tokens(self) -> int:
        return self.context

    def check(self) -> None:
        """It is always there."""

    def ask(self, ask: Ask, on_text: Callable[[str], None], stop: Callable[[], bool]) -> Answer:
        self.asks.append(ask)
        prompt = sum(count(one.content) + 4 for one in ask.messages)
        if prompt + ask.max_tokens > self.context * 1.05:
            raise ChatFailed("too_long", f"{prompt} + {ask.max_tokens} tokens")
        mischief = self.mischief.popleft() if self.mischief else self.always
        if isinstance(mischief, ChatFailed):
            raise mischief
        text = self._answer(ask.messages)
        if mischief is not None:
            text = mischief(text)
        is_cut = count(text) > ask.max_tokens
        if is_cut:
            text = text[: ask.max_tokens * 4]
        on_text(text)
        answer = Answer(text, prompt, count(text), is_cut)
        self.answers.append(answer)
        return answer

    def _answer(self, messages: Sequence[Message]) -> str:
        question = next(one.content for one in messages if one.role == "user")
        if "numbered parts" in question:
            value = self._outline(question)
        elif "Translate the" in question:
            value = self._translation(question)
        else:
            value = self._segment(question, messages[-1].content)
        return json.dumps(value, ensure_ascii=False)

    def _outline(self, question: str) -> dict[str, Any]:
        count_, parts = map(
            int, _found(r"exactly (\d+) segments\. The material has (\d+) numbered", question).groups()
        )
        said = self._sentences(question)
        rows = []
        for index in range(count_):
            first = min(parts, index * parts // count_ + 1)
            last = min(parts, max(first, (index + 1) * parts // count_))
            summary = said[index % len(said)]
            rows.append({"title": summary[:30], "summary": summary, "first": first, "last": last})
        return {"title": "Of " + said[0][:40], "description": said[-1], "segments": rows}

    def _segment(self, question: str, last: str) -> dict[str, Any]:
        asked = last if "Length:" not in question or "to have about" in last else question
        amounts = [(int(a), b) for a, b in re.findall(r"(\d+) (words|characters)", _asked_length(asked))]
        names = re.findall(r'"([^"]+)"', _found(r"named exactly: ([^\n]*?)\. In each", question).group(1))
        passages = re.findall(r"\[(\d+)\] (.*?)(?=\n\n\[|\n</source>)", question, re.DOTALL)
        turns: list[dict[str, Any]] = []
        for wanted, unit in amounts:
            self._fill(turns, round(wanted * self.verbosity), unit, names, passages)
        return {"turns": turns, "summary": f"Told of {turns[0]['text'][:60]}"}

    def _fill(
        self,
        turns: list[dict[str, Any]],
        wanted: int,
        unit: str,
        names: Sequence[str],
        passages: Sequence[tuple[str, str]],
    ) -> None:
        """Sentences in their order, some thirty words a turn, until what was asked for is said."""
        is_wide = unit == "characters"
        supply = [
            (int(number), one)
            for number, text in passages
            for one in _SENTENCE.findall(text) or [text]
            if is_wide == bool(_WIDE.search(one))
        ] or [(0, "嗯。" if is_wide else "Well.")]
        said = 0
        while said < wanted:
            # A model does not repeat itself to the letter.
            text = f"第{self._position}" if is_wide else f"So w{self._position}"
            number = supply[self._position % len(supply)][0]
            while (length := _length(text, unit)) < min(_TURN[unit], wanted - said):
                gap = "" if is_wide else " "
                text += gap + " ".join(supply[self._position % len(supply)][1].split())
                self._position += 1
            turns.append({"speaker": names[len(turns) % len(names)], "text": text, "source": number})
            said += length

    def _translation(self, question: str) -> dict[str, Any]:
        lines = re.findall(r"^\[(\d+)\] ([^:\n]+): (.*)$", question.split("<text>")[1], re.MULTILINE)
        return {"lines": [{"number": int(n), "text": f"Ü {text}"} for n, _, text in lines]}

    def _sentences(self, question: str) -> list[str]:
        source = _found(r"<source>(.*)</source>", question).group(1)
        return [" ".join(one.split()) for one in _SENTENCE.findall(source)] or ["A text."]


def _length(text: str, unit: str) -> int:
    return len(_WIDE.findall(text)) if unit == "characters" else len(_WIDE.sub(" ", text).split())


def _asked_length(text: str) -> str:
    return _found(r"(?:Length:|is to have) (about [^\n.]*)", text).group(1)


def _found(pattern: str, text: str) -> re.Match[str]:
    found = re.search(pattern, text, re.DOTALL)
    assert found is not None, f"the question does not say {pattern}: {text[-800:]}"
    return found
