"""The file of templates, `podcasts/templates.yaml` in the data folder: people edit it, and so does the API.

What the API changes leaves comments and order as they are. Writers take a lock, and the file is replaced at once
whole, so that readers never see half of it.
"""

from __future__ import annotations

import fcntl
import io
import os
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from magpie.podcasts.templates.schemas import Template, TemplateProblem

NAME = "templates.yaml"
LOCK = ".templates.lock"
MAX_BYTES = 4 << 20
MAX_TEMPLATES = 500
_HEAD = """\
# Templates of podcasts. Each has an id and a name; the rest is optional and explained in docs/podcasts.md.
# What you change here counts for the next episode; the page edits the same file and keeps your comments.
"""


class FileUnusable(Exception):
    """The file cannot be read as a list of templates."""

    def __init__(self, problem: TemplateProblem) -> None:
        super().__init__(problem.message)
        self.problem = problem


@dataclass(slots=True)
class Held:
    """What is in the file: the templates that can be used, and what is wrong with the others."""

    templates: dict[str, Template] = field(default_factory=dict)
    problems: list[TemplateProblem] = field(default_factory=list)


class TemplateFile:
    """The file, read anew whenever it has changed. Thread-safe."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / NAME
        self._folder = folder
        self._turn = threading.Lock()
        self._seen: tuple[int, int, int] | None = None
        self._held = Held()

    def read(self) -> Held:
        """What is in it now; nothing if there is none."""
        with self._turn:
            state = self._state()
            if state != self._seen:
                self._held = _read(self.path) if state else Held()
                self._seen = state
            return self._held

    def _state(self) -> tuple[int, int, int] | None:
        try:
            facts = self.path.stat()
        except OSError:
            return None
        return facts.st_ino, facts.st_size, facts.st_mtime_ns

    def change(self, change: Callable[[Any], None]) -> None:
        """Let `change` edit the list of templates, and write it. Raises `FileUnusable` if the file holds something
        else, or could not be read afterwards, and what `change` raises: the file is left alone then."""
        with self._locked():
            yaml = _yaml()
            entries = _load(self.path, yaml) if self.path.exists() else None
            if entries is None:
                entries = yaml.load(f"{_HEAD}[]\n")
                entries.fa.set_block_style()
            change(entries)
            if len(entries) > MAX_TEMPLATES:
                raise FileUnusable(
                    _problem(None, None, f"There would be more than {MAX_TEMPLATES} templates.")
                )
            _write(self.path, yaml, entries)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        self._folder.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self._folder / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)


def _yaml() -> Any:
    from ruamel.yaml import YAML  # not before somebody has a file

    yaml = YAML(typ="rt")
    yaml.width = 120
    yaml.allow_unicode = True
    yaml.preserve_quotes = True  # some texts cannot be written without
    yaml.indent(mapping=2, sequence=2, offset=0)
    return yaml


def _load(path: Path, yaml: Any) -> Any:
    """The list in the file; None if the file is empty. Raises `FileUnusable`."""
    from ruamel.yaml.comments import CommentedSeq
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    try:
        if path.stat().st_size > MAX_BYTES:
            raise FileUnusable(_problem(None, None, "The file is larger than 4 MB."))
        text = path.read_text(encoding="utf-8")
        entries = yaml.load(text)
    except UnicodeDecodeError:
        raise FileUnusable(_problem(None, None, "The file is not UTF-8.")) from None
    except OSError as error:
        raise FileUnusable(_problem(None, None, f"The file cannot be read: {error.strerror}.")) from None
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        said = error.problem or "this is no YAML"
        raise FileUnusable(
            _problem(mark.line + 1 if mark else None, None, f"This is no YAML: {said}.")
        ) from None
    except (YAMLError, ValueError, RecursionError) as error:
        raise FileUnusable(_problem(None, None, f"This is no YAML: {type(error).__name__}.")) from None
    if entries is None:
        return None
    if not isinstance(entries, CommentedSeq):
        raise FileUnusable(
            _problem(1, None, "The file is to hold a list: each template begins with `- id:`.")
        )
    if len(entries) > MAX_TEMPLATES:
        raise FileUnusable(_problem(1, None, f"There are more than {MAX_TEMPLATES} templates."))
    return entries


def _read(path: Path) -> Held:
    held = Held()
    try:
        entries = _load(path, _yaml())
    except FileUnusable as unusable:
        held.problems.append(unusable.problem)
        return held
    for number, entry in enumerate(entries or ()):
        line = entries.lc.item(number)[0] + 1
        if not isinstance(entry, Mapping):
            held.problems.append(_problem(line, None, "A template has fields: `id`, `name` and so on."))
            continue
        try:
            template = Template.model_validate(plain(entry))
        except ValidationError as error:
            held.problems += faults(error, entry, line)
            continue
        if template.id in held.templates:
            held.problems.append(
                _problem(_line_of(entry, ("id",), line), "id", f"`{template.id}` is there twice.")
            )
            continue
        held.templates[template.id] = template
    return held


def faults(error: ValidationError, entry: Any, line: int) -> list[TemplateProblem]:
    """What is wrong, each with its field and the line that it stands on."""
    return [
        _problem(
            _line_of(entry, fault["loc"], line),
            ".".join(str(part) for part in fault["loc"]) or None,
            fault["msg"].removeprefix("Value error, "),
        )
        for fault in error.errors(include_url=False)
    ]


def _line_of(entry: Any, loc: tuple[str | int, ...], line: int) -> int:
    """The line of the innermost part of `loc` that is written in the file."""
    node = entry
    for part in loc:
        try:
            position = node.lc.item(part) if isinstance(part, int) else node.lc.key(part)
            line, node = position[0] + 1, node[part]
        except (AttributeError, KeyError, IndexError, TypeError):
            break
    return line


def _problem(line: int | None, field_name: str | None, message: str) -> TemplateProblem:
    return TemplateProblem(line=line, field=field_name, message=message)


def plain(node: Any) -> Any:
    """YAML's own kinds of lists, mappings, texts and numbers as Python's."""
    if isinstance(node, Mapping):
        return {str(key): plain(value) for key, value in node.items()}
    if isinstance(node, list | tuple):
        return [plain(one) for one in node]
    for kind in (bool, int, float, str):
        if isinstance(node, kind):
            return kind(node)
    return node


def written(text: str) -> Any:
    """A text as it is written into the file: several lines as a block, what a block cannot hold in quotes."""
    from ruamel.yaml.scalarstring import DoubleQuotedScalarString, LiteralScalarString

    if not text.replace("\n", "").isprintable():
        return DoubleQuotedScalarString(text)
    return LiteralScalarString(text) if "\n" in text else text


def _require_readable(content: bytes, entries: Any) -> None:
    """Nobody's template takes everybody else's away: what could not be read again is not written."""
    if len(content) > MAX_BYTES:
        raise FileUnusable(_problem(None, None, "The file would be larger than 4 MB."))
    from ruamel.yaml.error import YAMLError

    try:
        is_same = plain(_yaml().load(content.decode())) == plain(entries)
    except (YAMLError, ValueError):
        is_same = False
    if not is_same:
        raise FileUnusable(_problem(None, None, "One of the texts cannot be written as YAML."))


def _write(path: Path, yaml: Any, entries: Any) -> None:
    text = io.BytesIO()
    yaml.dump(entries, text)
    _require_readable(text.getvalue(), entries)
    fresh = path.with_name(f".{path.name}.new")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(text.getvalue())
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
