"""Turns in JSON of whatever shape a model chose."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from magpie.podcasts.script import loose
from magpie.podcasts.script.letters import has_letters

_SPEAKER_KEYS = (
    "speaker", "speakername", "speakerid", "name", "role", "host", "character", "person", "who", "voice", "from",
    "actor", "participant", "说话人", "角色", "发言人", "话者", "話者",
)  # fmt: skip
_TEXT_KEYS = (
    "text", "dialogue", "dialog", "line", "lines", "content", "utterance", "says", "said", "speech", "message",
    "sentence", "words", "value", "台词", "内容", "文本", "对白", "セリフ",
)  # fmt: skip
_STYLE_KEYS = ("style", "emotion", "tone", "mood", "delivery", "语气")
_CITE_KEYS = ("source", "sources", "passage", "cite", "citation", "ref")
_ABOUT_KEYS = (
    "title", "summary", "description", "language", "segment", "segmenttitle", "section", "id", "index", "turn", "number",
    "n", "duration", "notes", "type", "format", "topic", "chapter", "heading", "time", "timestamp", "start", "end",
    "thought", "thoughts", "thinking", "reasoning", "status", "words count", "wordcount",
)  # fmt: skip
_CONTAINERS = (
    "turns",
    "script",
    "transcript",
    "conversation",
    "podcast",
    "episode",
    "segments",
    "response",
    "answer",
)
_MOST_DOCUMENTS = 2000
_BEGINS = re.compile(r"[\[{](?=\s*(?:[\"'“{\[]|//|/\*))")
_LONGEST_NAME = 60


@dataclass(slots=True)
class RawTurn:
    """A turn as an answer has it: under a name that may be anybody's, with marks still in the text."""

    label: str | None
    text: str
    style: str | None = None
    cite: int | None = None


@dataclass(slots=True)
class Found:
    """What JSON documents held: turns, texts that are scripts in another form, the summary."""

    turns: list[RawTurn] = field(default_factory=list)
    nested: list[str] = field(default_factory=list)
    summary: str = ""


def looks_like_json(text: str) -> bool:
    """Whether an object or list begins the text, or one of its lines."""
    return re.search(r"^[ \t]*[\[{]\s*(?:[\"'“{\[]|//|/\*)", text, re.MULTILINE) is not None


def documents(text: str) -> Iterator[Any]:
    """The JSON values in a text, one after another, whatever stands between them. Strict, but for raw line ends.

    Raises `json.JSONDecodeError` at the first that cannot be read.
    """
    decoder = json.JSONDecoder(strict=False)
    position = 0
    for _ in range(_MOST_DOCUMENTS):
        begin = _BEGINS.search(text, position)
        if begin is None:
            return
        try:
            value, position = decoder.raw_decode(text, begin.start())
        except RecursionError:
            raise json.JSONDecodeError("nested too deeply", text, begin.start()) from None
        yield value


def loose_documents(text: str) -> Iterator[loose.Loose]:
    """The same, of JSON with faults. What cannot be read even so is passed over."""
    position = 0
    for _ in range(_MOST_DOCUMENTS):
        begin = _BEGINS.search(text, position)
        if begin is None:
            return
        try:
            one = loose.read(text, begin.start())
        except loose.NotJson:
            position = begin.end()
            continue
        position = max(one.end, begin.end())
        yield one


def gather(value: Any, names: frozenset[str], into: Found) -> None:
    """Put what a JSON value holds into `into`. `names` are the speakers' names, folded with `casefold`."""
    if isinstance(value, str):
        if has_letters(value):
            into.nested.append(value)
    elif isinstance(value, list):
        if pair := _pair(value, names):
            into.turns.append(pair)
        else:
            for one in value:
                gather(one, names, into)
    elif isinstance(value, Mapping):
        _gather_object({_key(key): one for key, one in value.items()}, names, into)


def _key(key: str) -> str:
    return re.sub(r"[\s_\-]", "", key).casefold() if len(key) <= _LONGEST_NAME else key


def _pair(value: list[Any], names: frozenset[str]) -> RawTurn | None:
    """`["Anna", "Hello."]`."""
    if (
        len(value) == 2
        and all(isinstance(one, str) for one in value)
        and value[0].strip().casefold() in names
    ):
        return RawTurn(value[0], value[1])
    return None


def _gather_object(value: dict[str, Any], names: frozenset[str], into: Found) -> None:
    if isinstance(value.get("summary"), str):
        into.summary = value["summary"] or into.summary
    speaker = next(
        (key for key in _SPEAKER_KEYS if isinstance(value.get(key), str | int) and value[key] != ""), None
    )
    texts = [key for key in value if key.rstrip("0123456789") in _TEXT_KEYS and isinstance(value[key], str)]
    if texts:
        _one_turn(value, speaker, texts, into)
    elif speaker and (spoken := _joined(value)):
        into.turns.append(RawTurn(str(value[speaker]), spoken, _style(value), _cite(value)))
        return
    for key, one in value.items():
        if isinstance(one, list | Mapping) and key not in _CITE_KEYS:
            _gather_named(key, one, names, into)
        elif isinstance(one, str) and not texts and key not in _ABOUT_KEYS and key != speaker:
            _gather_text(key, one, into)


def _one_turn(value: dict[str, Any], speaker: str | None, texts: list[str], into: Found) -> None:
    text = "\n".join(value[key] for key in texts)
    if speaker is None and "turns" not in value and len(value) == 1 and "\n" in text:
        into.nested.append(text)  # {"text": "Anna: …\nBen: …"}
    else:
        label = None if speaker is None else str(value[speaker])
        into.turns.append(RawTurn(label, text, _style(value), _cite(value)))


def _gather_named(key: str, one: Any, names: frozenset[str], into: Found) -> None:
    """A list below a name: turns, or all that one speaker says."""
    if key.casefold() in names and isinstance(one, list) and all(isinstance(part, str) for part in one):
        into.turns.extend(RawTurn(key, part) for part in one)
    else:
        gather(one, names, into)


def _gather_text(key: str, text: str, into: Found) -> None:
    if key.rstrip("0123456789") in _CONTAINERS or not has_letters(key):
        into.nested.append(text)
    elif key not in _STYLE_KEYS:
        into.turns.append(RawTurn(key, text))


def _joined(value: dict[str, Any]) -> str:
    """`{"speaker": "Anna", "lines": ["One.", "Two."]}`."""
    for key in _TEXT_KEYS:
        parts = value.get(key)
        if isinstance(parts, list) and parts and all(isinstance(part, str) for part in parts):
            return "\n".join(parts)
    return ""


def _style(value: dict[str, Any]) -> str | None:
    style = next((value[key] for key in _STYLE_KEYS if isinstance(value.get(key), str)), "").strip()
    return style[:200] or None


def _cite(value: dict[str, Any]) -> int | None:
    for key in _CITE_KEYS:
        cite = value.get(key)
        if isinstance(cite, list) and cite:
            cite = cite[0]
        if isinstance(cite, str) and (found := re.search(r"\d{1,6}", cite)):
            return int(found.group())
        if isinstance(cite, int) and not isinstance(cite, bool):
            return cite
    return None
