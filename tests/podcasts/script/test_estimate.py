"""What was estimated is what is then used."""

from __future__ import annotations

import pytest

from magpie.podcasts.llms.port import ChatFailed
from magpie.podcasts.script import extractive, length
from magpie.podcasts.script.brief import Brief, Format, Speaker
from magpie.podcasts.script.estimate import estimate
from magpie.podcasts.script.work import Budget, MemoryJournal
from magpie.podcasts.script.writing import write
from tests.podcasts.script.fake import FakeModel
from tests.podcasts.script.texts import ANNA, BEN, CLEO, brief, chinese, english, source

BILINGUAL = (Speaker("Anna", language="en"), Speaker("Lin", language="zh"))

CASES: dict[str, tuple[Brief, str, int]] = {
    "an article": (brief(), english(600), 16_384),
    "a short show of a long text": (brief(minutes=5), english(12_000), 16_384),
    "a small model": (brief(minutes=10), english(12_000), 4096),
    "a large model": (brief(minutes=20), english(12_000), 128_000),
    "one narrator": (brief(Format.NARRATOR, 8, speakers=(ANNA,)), english(4000), 8192),
    "a debate": (brief(Format.DEBATE, 12, speakers=(ANNA, BEN, CLEO)), english(4000), 8192),
    "Chinese": (brief(minutes=8, language="zh"), chinese(6000), 16_384),
    "two languages": (
        brief(Format.BILINGUAL, 8, speakers=BILINGUAL),
        "\n\n".join(english(100, seed) + "\n\n" + chinese(200, seed) for seed in range(20)),
        16_384,
    ),
    "300 words": (brief(), english(300), 8192),
    "80 words": (brief(), english(80), 8192),
    "a paragraph": (brief(Format.NARRATOR, speakers=(ANNA,)), english(30), 8192),
    "a minute of a paragraph": (brief(minutes=1), english(30), 8192),
    "a Chinese paragraph": (brief(language="zh"), chinese(60), 8192),
}


@pytest.mark.parametrize("case", CASES)
def test_within_a_fifth_of_what_is_used(case: str) -> None:
    wish, text, context = CASES[case]
    sources = [source(text)]
    said = estimate(wish, sources, context, False)
    budget = Budget()
    script = write(
        wish, sources, FakeModel(context), MemoryJournal(), lambda *_: None, lambda: False, budget=budget
    )
    assert said.prompt_tokens == pytest.approx(budget.prompt_tokens, rel=0.2)
    # This model counts an ideograph as 0.8 tokens, and we as 0.9, which most models take.
    counted = said.completion_tokens * (8 / 9 if wish.language == "zh" else 1)
    assert counted == pytest.approx(budget.completion_tokens, rel=0.2)
    assert said.characters == pytest.approx(sum(len(turn.text) for turn in script.turns), rel=0.2)
    lasts = sum(length.minutes(turn.text, wish.language) for turn in script.turns)
    assert said.minutes == pytest.approx(lasts, rel=0.2)


def test_a_small_model_is_cut_and_not_refused() -> None:
    """What a model would be asked for once more is in it, too."""
    wish, sources = brief(minutes=30), [source(english(80))]
    budget = Budget()
    write(wish, sources, FakeModel(2048), MemoryJournal(), lambda *_: None, lambda: False, budget=budget)
    said = estimate(wish, sources, 2048, False)
    assert budget.used / 2 < said.prompt_tokens + said.completion_tokens < budget.used * 2
    assert said.minutes == pytest.approx(30, rel=0.2)
    with pytest.raises(ChatFailed, match="too small"):
        estimate(wish, sources, 512, False)


@pytest.mark.parametrize(("words", "minutes"), [(300, None), (600, None), (10_000, 10), (14_000, None)])
def test_without_a_model(words: int, minutes: float | None) -> None:
    sources = [source(english(words))]
    said = estimate(brief(minutes=minutes), sources, None, True)
    script = extractive.write(brief(minutes=minutes), sources, lambda *_: None)
    assert (said.prompt_tokens, said.completion_tokens) == (0, 0)
    assert said.characters == pytest.approx(sum(len(turn.text) for turn in script.turns), rel=0.2)
    assert said.minutes == pytest.approx(sum(length.minutes(turn.text) for turn in script.turns), rel=0.2)


@pytest.mark.parametrize("is_extractive", [True, False])
def test_of_nothing_it_is_nothing(is_extractive: bool) -> None:
    said = estimate(brief(), [source("")], 8192, is_extractive)
    assert (said.prompt_tokens, said.completion_tokens, said.characters, said.minutes) == (0, 0, 0, 0)


def test_no_model_is_needed_to_estimate_one() -> None:
    assert estimate(brief(minutes=5), [source(english(1000))], None, False).completion_tokens > 800
