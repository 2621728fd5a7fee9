"""Texts to write about: made up, with numbers and names, as long as wanted."""

from __future__ import annotations

import random

from magpie.podcasts.script.brief import Brief, Format, SourceText, Speaker

ANNA, BEN, CLEO, DORA = (
    Speaker("Anna", "host, curious"),
    Speaker("Ben", "expert"),
    Speaker("Cleo"),
    Speaker("Dora"),
)
_WORDS = [
    *[
        "harbour",
        "river",
        "lantern",
        "orchard",
        "glacier",
        "engine",
        "market",
        "library",
        "meadow",
        "signal",
        "copper",
    ],
    *[
        "violin",
        "bridge",
        "winter",
        "candle",
        "forest",
        "garden",
        "mirror",
        "needle",
        "ocean",
        "pepper",
        "quarry",
    ],
    *["ribbon", "saddle", "timber", "valley", "willow", "anchor", "basket", "cotton", "donkey", "feather"],
]
_VERBS = [
    "carries",
    "follows",
    "measures",
    "crosses",
    "remembers",
    "changes",
    "holds",
    "opens",
    "answers",
    "keeps",
]
_ENDINGS = ["", "house", "man", "field", "stone", "way", "song", "light", "mark", "yard", "wood", "side"]
_HAN = (
    "港口河流灯笼果园冰川市场图书馆草地信号铜琴桥冬天蜡烛森林花园镜子海洋山谷柳树棉花羽毛石头云雨风雪田野村庄"
)


def english(words: int, seed: int = 1) -> str:
    """So many words, in sentences of about fifteen and paragraphs of five, with a heading now and then."""
    chance = random.Random(seed)
    lines: list[str] = []
    written = 0
    while written < words:
        paragraph = []
        for _ in range(5):
            sentence = _sentence(chance)
            paragraph.append(sentence)
            written += len(sentence.split())
        if len(lines) % 6 == 0:
            lines.append(f"## The {chance.choice(_WORDS)} and the {chance.choice(_WORDS)}")
        lines.append(" ".join(paragraph))
    return "\n\n".join(lines)


def _sentence(chance: random.Random) -> str:

    def thing() -> str:
        return f"the {chance.choice(_WORDS)}{chance.choice(_ENDINGS)}"

    parts = [f"{thing()} {chance.choice(_VERBS)} {thing()}" for _ in range(chance.randint(2, 4))]
    return (", and ".join(parts)).capitalize() + "."


def chinese(characters: int, seed: int = 1) -> str:
    """So many characters, in sentences of about twenty."""
    chance = random.Random(seed)
    sentences: list[str] = []
    written = 0
    while written < characters:
        sentences.append("".join(chance.choice(_HAN) for _ in range(chance.randint(14, 28))) + "。")
        written += len(sentences[-1])
    return "\n\n".join("".join(sentences[i : i + 5]) for i in range(0, len(sentences), 5))


def brief(
    kind: Format = Format.TWO_HOSTS,
    minutes: float | None = None,
    language: str = "en",
    speakers: tuple[Speaker, ...] = (ANNA, BEN),
    **more: object,
) -> Brief:
    return Brief(kind, speakers, language, minutes, **more)  # type: ignore[arg-type]


def source(text: str, title: str = "A text") -> SourceText:
    return SourceText(title, text)
