"""What the doubles' models "say": JSON that follows the schema of the question, as long as the question asks for, made of
the sentences of the text that stands in the question. Nothing is made up, so that it can be checked against its source."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

DEFAULT_WORDS = 120
_TURN_WORDS = 32
_MOST_ENTRIES = 400
_SPOKEN = ("text", "line", "content", "said", "dialogue", "utterance", "words")
_NUMBER = r"(\d[\d,]*)"
_LENGTH = re.compile(
    rf"(?:{_NUMBER}\s*(?:to|-|–)\s*)?{_NUMBER}\s+(?:\w+\s+)?(?:words|characters|字)|{_NUMBER}\s*字",
    re.IGNORECASE,
)
_SCHEMA_IN_WORDS = re.compile(r"JSON schema:?\s*\n?(\{.*\})\s*$", re.DOTALL)
_TAGGED = re.compile(r"<(source|text|document|excerpt)\b[^>]*>\s*(.*?)\s*</\1>", re.DOTALL | re.IGNORECASE)
_SENTENCE = re.compile(r"[^.!?。！？\n]+[.!?。！？]*[\"'”’)]*")
_IDEOGRAPH = re.compile("[\u3040-\u30ff\u3400-\u9fff]")


def answer(messages: Sequence[Mapping[str, str]], schema: Mapping[str, Any] | None) -> str:
    """What a diligent model says to this question; plain sentences where no schema is asked for."""
    question = "\n".join(one["content"] for one in messages)
    if schema is None and (found := _SCHEMA_IN_WORDS.search(messages[-1]["content"])):
        schema = json.loads(found[1])
    sentences = _sentences(messages)
    wanted = words_asked_for(messages)
    if schema is None:
        return " ".join(_at_least(itertools.cycle(sentences), wanted))
    return json.dumps(_Writer(schema, question, sentences, wanted).write(schema, "", 0), ensure_ascii=False)


def words_asked_for(messages: Sequence[Mapping[str, str]]) -> int:
    """The last length that the question names; the upper end of a range counts with the lower one's half."""
    for message in reversed(messages):
        if found := list(_LENGTH.finditer(_TAGGED.sub("", message["content"]))):
            numbers = [int(one.replace(",", "")) for one in found[-1].groups() if one]
            return max(1, sum(numbers) // len(numbers))
    return DEFAULT_WORDS


def length_of(text: str) -> int:
    """Words; each ideograph is one."""
    return len(_IDEOGRAPH.findall(text)) + len(_IDEOGRAPH.sub(" ", text).split())


def _sentences(messages: Sequence[Mapping[str, str]]) -> list[str]:
    tagged = [found[1] for one in messages for found in _TAGGED.findall(one["content"])]
    text = "\n".join(tagged) if tagged else max((one["content"] for one in messages), key=len)
    found = [" ".join(one.split()) for one in _SENTENCE.findall(text) if len(one.strip()) > 2]
    return found or [" ".join(text.split())[:200] or "Nothing was asked."]


def _at_least(supply: Iterator[str], words: int) -> Iterator[str]:
    said = 0
    while said < words:
        sentence = next(supply)
        said += length_of(sentence)
        yield sentence


class _Writer:
    """One answer. Sentences are used in their order, and again from the first when they run out."""

    def __init__(self, root: Mapping[str, Any], question: str, sentences: Sequence[str], wanted: int) -> None:
        self._root = root
        self._question = question
        self._supply = itertools.cycle(sentences)
        self._wanted = wanted

    def write(self, schema: Mapping[str, Any], name: str, position: int) -> Any:
        """A value that follows the schema, for the property of that name."""
        schema = self._resolved(schema)
        if "const" in schema:
            return schema["const"]
        if choices := schema.get("enum"):
            return choices[position % len(choices)]
        kind = schema.get("type")
        kinds = kind if isinstance(kind, list) else [kind]
        if "object" in kinds or "properties" in schema:
            return self._object(schema, position)
        if "array" in kinds:
            return self._array(schema, name)
        if "integer" in kinds or "number" in kinds:
            return self._number(schema, name, position)
        if "boolean" in kinds:
            return False
        if "null" in kinds and name not in _SPOKEN:
            return None
        return self._text(schema, name)

    def _resolved(self, schema: Mapping[str, Any]) -> Mapping[str, Any]:
        if reference := schema.get("$ref"):
            found: Any = self._root
            for part in str(reference).removeprefix("#/").split("/"):
                found = found[part]
            return self._resolved(found)
        for several in ("anyOf", "oneOf", "allOf"):
            if several in schema:
                return self._resolved(schema[several][0])
        return schema

    def _object(self, schema: Mapping[str, Any], position: int) -> dict[str, Any]:
        return {
            name: self.write(one, name, position) for name, one in (schema.get("properties") or {}).items()
        }

    def _array(self, schema: Mapping[str, Any], name: str) -> list[Any]:
        items = self._resolved(schema.get("items") or {"type": "string"})
        least, most = int(schema.get("minItems") or 0), int(schema.get("maxItems") or _MOST_ENTRIES)
        if any(one in (items.get("properties") or {}) for one in _SPOKEN):
            return self._turns(items, max(1, least), most)
        asked = re.findall(rf"(\d+)\s+(?:{name}|segments|parts|chapters|sections)\b", self._question)
        count = int(asked[-1]) if asked else max(least, min(3, most))
        return [self.write(items, name, position) for position in range(max(least, min(count, most)))]

    def _turns(self, items: Mapping[str, Any], least: int, most: int) -> list[Any]:
        turns: list[Any] = []
        said = 0
        while len(turns) < most and (said < self._wanted or len(turns) < least):
            turn = self.write(items, "", len(turns))
            said += sum(length_of(turn[one]) for one in _SPOKEN if isinstance(turn.get(one), str))
            turns.append(turn)
        return turns

    def _number(self, schema: Mapping[str, Any], name: str, position: int) -> int:
        low = int(schema.get("minimum") or 0)
        value = self._wanted // 3 if "word" in name else position
        return max(low, min(value, int(schema.get("maximum") or 10**9)))

    def _text(self, schema: Mapping[str, Any], name: str) -> str:
        most = int(schema.get("maxLength") or 100_000)
        if name in _SPOKEN:
            return " ".join(_at_least(self._supply, min(_TURN_WORDS, self._wanted)))[:most]
        if name == "language":
            return "zh" if _IDEOGRAPH.search(next(self._supply)) else "en"
        sentence = next(self._supply)
        return (" ".join(sentence.split()[:6]) if "title" in name else sentence)[:most].strip(" ,;")
