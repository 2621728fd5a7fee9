"""Orders and results as JSON, between the server and the child process."""

from __future__ import annotations

import re
from dataclasses import asdict
from pathlib import Path
from typing import Any

from magpie.podcasts.mastering.order import (
    Chapter,
    Clip,
    Cue,
    Facts,
    Mastered,
    MasteringOrder,
    Music,
    PlacedChapter,
)
from magpie.podcasts.voices.port import Word

_UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_MUSIC = ("intro", "outro", "bed")


def order_as_json(order: MasteringOrder) -> dict[str, Any]:
    """The order, with absolute paths as strings."""
    data = asdict(order)
    data["folder"] = str(order.folder.absolute())
    data["cover"] = str(order.cover.absolute()) if order.cover else None
    for clip in data["clips"]:
        clip["path"] = str(clip["path"].absolute())
    for name in _MUSIC:
        data["music"][name] = str(data["music"][name].absolute()) if data["music"][name] else None
    return data


def order_of_json(given: dict[str, Any]) -> MasteringOrder:
    """What `order_as_json` gave; control characters and halves of surrogate pairs, which no tag can hold, are dropped."""
    data = _plain(given)
    music = data["music"]
    return MasteringOrder(
        **{
            **data,
            "clips": tuple(
                Clip(**{**one, "path": Path(one["path"]), "words": _words(one["words"])})
                for one in data["clips"]
            ),
            "chapters": tuple(Chapter(**one) for one in data["chapters"]),
            "facts": Facts(**data["facts"]),
            "folder": Path(data["folder"]),
            "formats": tuple(data["formats"]),
            "music": Music(**{**music, **{name: Path(music[name]) for name in _MUSIC if music[name]}}),
            "cover": Path(data["cover"]) if data["cover"] else None,
        }
    )


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return _UNWRITABLE.sub("", value)
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return {name: _plain(one) for name, one in value.items()} if isinstance(value, dict) else value


def mastered_as_json(mastered: Mastered) -> dict[str, Any]:
    """The result; also what making may keep of it."""
    data = asdict(mastered)
    data["files"] = {kind: str(path) for kind, path in mastered.files.items()}
    return data


def mastered_of_json(data: dict[str, Any]) -> Mastered:
    """What `mastered_as_json` gave. Raises `KeyError` or `TypeError` for anything else."""
    return Mastered(
        files={kind: Path(path) for kind, path in data["files"].items()},
        seconds=data["seconds"],
        cues=tuple(Cue(**{**one, "words": _words(one["words"])}) for one in data["cues"]),
        chapters=tuple(PlacedChapter(**one) for one in data["chapters"]),
        report=data["report"],
    )


def _words(data: list[dict[str, Any]]) -> tuple[Word, ...]:
    return tuple(Word(**one) for one in data)
