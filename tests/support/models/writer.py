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
_CITES = ("source", "sources", "passage", "citation")
_NUMBER = r"(\d[\d,]*)"
_LENGTH = re.compile(
    rf"(?:{_NUMBER}\s*(?:to|-|–)\s*)?{_NUMBER}\s+(?:\w+\s+)?(?:words|characters|字)|{_NUMBER}\s*字",
    re.IGNORECASE,
)
_SCHEMA_IN_WORDS = re.compile(r"JSON schema:?\s*\n?(\{.*\})\s*$", re.DOTALL)
_TAGGED = re.compile(
    r"^<(source|text|document|excerpt)\b[^>\n]*>\n(.*?)\n</\1>", re.DOTALL | re.IGNORECASE | re.MULTILINE
)
_SENTENCE = re.compile(r"[^.!?。！？\n]+[.!?。！？]*[\"'”’)]*")
_NUMBERED = re.compile(r"^\[(\d+)\][ \t]*", re.MULTILINE)
_LINES = re.compile(r"^\[(\d+)\][ \t]*(?:[^:\n]{1,60}:[ \t]*)?(.+)$", re.MULTILINE)
_PARTS = re.compile(r"(\d+)\s+(?:segments|parts|chapters|sections)\b")
_IDEOGRAPH = re.compile("[\u3040-\u30ff\u3400-\u9fff]")


def answer(messages: Sequence[Mapping[str, str]], schema: Mapping[str, Any] | None) -> str:
    """What a diligent model says to this question; plain sentences where no schema is asked for."""
    if schema is None and (found := _SCHEMA_IN_WORDS.search(messages[-1]["content"])):
        schema = json.loads(found[1])
    asked = "\n".join(one["content"] for one in messages if one["role"] == "user")
    tagged = [found[2] for found in _TAGGED.finditer(asked)]
    source = "\n".join(tagged) or max((one["content"] for one in messages), key=len)
    wanted = words_asked_for(messages)
    if schema is None:
        return " ".join(text for _, text in _at_least(itertools.cycle(_sentences(source)), wanted))
    writer = _Writer(schema, _TAGGED.sub("", asked), source, wanted)
    return json.dumps(writer.write(schema, "", 0), ensure_ascii=False)


def words_asked_for(messages: Sequence[Mapping[str, str]]) -> int:
    """The last length that the questions name. Of a range the middle; of several in one sentence the sum."""
    for message in reversed(messages):
        if message["role"] == "assistant":
            continue
        for line in reversed(_TAGGED.sub("", message["content"]).split("\n")):
            if found := list(_LENGTH.finditer(line[max(0, line.rfind("about ")) :])):
                return max(1, sum(_middle(one.groups()) for one in found))
    return DEFAULT_WORDS


def _middle(numbers: Sequence[str | None]) -> int:
    known = [int(one.replace(",", "")) for one in numbers if one]
    return sum(known) // len(known)


def length_of(text: str) -> int:
    """Words; each ideograph is one."""
    return len(_IDEOGRAPH.findall(text)) + len(_IDEOGRAPH.sub(" ", text).split())


def _sentences(source: str) -> list[tuple[int, str]]:
    """The sentences with the numbers of their passages: `[3] Magpies build nests.`"""
    found = []
    marks = list(_NUMBERED.finditer(source))
    bounds = [(0, 0)] if not marks or marks[0].start() else []
    bounds += [(int(mark[1]), mark.end()) for mark in marks]
    ends = [mark.start() for mark in marks if mark.start()] + [len(source)]
    for (number, start), end in zip(bounds, ends, strict=True):
        texts = (" ".join(one.split()) for one in _SENTENCE.findall(source[start:end]))
        found += [(number, one) for one in texts if len(one) > 2]
    return found or [(0, " ".join(source.split())[:200] or "Nothing was asked.")]


def _at_least(supply: Iterator[tuple[int, str]], words: int) -> Iterator[tuple[int, str]]:
    said = 0
    while said < words:
        number, sentence = next(supply)
        said += length_of(sentence)
        yield number, sentence


class _Writer:
    """One answer. Sentences are used in their order, and again from the first when they run out."""

    def __init__(self, root: Mapping[str, Any], question: str, source: str, wanted: int) -> None:
        self._root = root
        self._question = question
        self._source = source
        self._supply = itertools.cycle(_sentences(source))
        self._cited = 0  # the passage of what was said last
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
        properties = schema.get("properties") or {}
        # What is said comes first: what is said of it depends on it.
        order = sorted(properties, key=lambda name: name not in _SPOKEN)
        made = {name: self.write(properties[name], name, position) for name in order}
        return {name: made[name] for name in properties}

    def _array(self, schema: Mapping[str, Any], name: str) -> list[Any]:
        items = self._resolved(schema.get("items") or {"type": "string"})
        properties = items.get("properties") or {}
        least, most = int(schema.get("minItems") or 0), int(schema.get("maxItems") or _MOST_ENTRIES)
        if {"number", "text"} <= set(properties):
            return [
                {"number": int(number), "text": f"Ü {text}"} for number, text in _LINES.findall(self._source)
            ]
        if any(one in properties for one in _SPOKEN):
            return self._turns(items, max(1, least), most)
        asked = _PARTS.search(self._question)
        count = max(least, min(int(asked[1]) if asked else 3, most))
        made = [self.write(items, name, position) for position in range(count)]
        if {"first", "last"} <= set(properties):
            self._share_out(made, int(properties["last"].get("maximum") or count))
        return made

    def _share_out(self, rows: list[dict[str, Any]], parts: int) -> None:
        """Each entry is made from its share of the numbered parts."""
        for position, row in enumerate(rows):
            row["first"] = min(parts, position * parts // len(rows) + 1)
            row["last"] = max(row["first"], (position + 1) * parts // len(rows))

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
        value = self._cited if name in _CITES else self._wanted // 3 if "word" in name else position
        return max(low, min(value, int(schema.get("maximum") or 10**9)))

    def _text(self, schema: Mapping[str, Any], name: str) -> str:
        most = int(schema.get("maxLength") or 100_000)
        if name in _SPOKEN:
            said = list(_at_least(self._supply, min(_TURN_WORDS, self._wanted)))
            self._cited = said[0][0]
            return " ".join(text for _, text in said)[:most]
        _, sentence = next(self._supply)
        if name == "language":
            return "zh" if _IDEOGRAPH.search(sentence) else "en"
        return (" ".join(sentence.split()[:6]) if "title" in name else sentence)[:most].strip(" ,;")
