"""Reads one document in a process of its own, which may do nothing else: `python -m magpie.podcasts.texts.child`.

Its order is a `kinds.Order`; what comes of it is {"title", "text", "language", "kind"} or {"failed": {"code", "message"}}.
Its memory and time are limited; it reaches no network, starts no program and writes no file.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

from magpie.kit.child.serving import Tell, serve
from magpie.podcasts.texts.decoding import clean, line_of
from magpie.podcasts.texts.document import MAX_CHARACTERS, Unreadable
from magpie.podcasts.texts.formats.raw import Raw
from magpie.podcasts.texts.kinds import Order, kind_of
from magpie.podcasts.texts.language import guess

MEMORY = 1536 << 20  # bytes of addresses
PROCESSOR_SECONDS = 300
_REFUSED = (
    "socket.",
    "subprocess.",
    "os.system",
    "os.exec",
    "os.fork",
    "os.posix_spawn",
    "os.spawn",
    "ctypes.",
    "pty.",
)
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


def main() -> int:
    """Returns the exit code."""
    return serve(work, memory=MEMORY, seconds=PROCESSOR_SECONDS)


def work(given: dict[str, Any], _: Tell) -> dict[str, Any]:
    """The answer, whatever comes of it."""
    try:
        return read(Order(**given), confine=True)
    except Unreadable as error:
        return _failure(error.code, error.message)
    except MemoryError:
        return _failure("too_large", "The document takes too much memory to read.")
    except RecursionError:
        return _failure("damaged", "The document is nested too deeply.")
    except OSError:
        return _failure("damaged", "The file cannot be read.")


def _failure(code: str, message: str) -> dict[str, Any]:
    return {"failed": {"code": code, "message": message}}


def read(order: Order, *, confine: bool = False) -> dict[str, Any]:
    """The answer. Raises `Unreadable`."""
    kind = kind_of(order)
    if confine:
        _load(kind)
        sys.addaudithook(_watch)
    raw = _read(kind, order)
    text = clean(raw.text)
    if not any(letter.isalnum() for letter in text):
        raise Unreadable("no_text", "There is no text in it.")
    if len(text) > MAX_CHARACTERS:
        raise Unreadable("too_large", f"The text has more than {MAX_CHARACTERS:,} characters.")
    title = line_of(raw.title) or _title_of(order)
    return {"title": title, "text": text, "language": guess(text, raw.language), "kind": kind}


def _read(kind: str, order: Order) -> Raw:
    path = Path(order.path)
    if kind == "pdf":
        from magpie.podcasts.texts.formats.pdf import read_pdf

        return read_pdf(path)
    if kind == "docx":
        from magpie.podcasts.texts.formats.docx import read_docx

        return read_docx(path)
    if kind == "epub":
        from magpie.podcasts.texts.formats.epub import read_epub

        return read_epub(path)
    if kind == "html":
        from magpie.podcasts.texts.formats.html import read_html

        return read_html(path, order.charset, order.address)
    from magpie.podcasts.texts.formats import plain

    readers = {"md": plain.read_markdown, "subtitles": plain.read_subtitles, "txt": plain.read_plain}
    return readers[kind](path, order.charset)


def _load(kind: str) -> None:
    """What a kind needs is loaded before the gate falls: libraries look for their own parts with all kinds of calls."""
    if kind == "pdf":
        import pypdf  # noqa: F401
    elif kind == "docx":
        import docx  # noqa: F401
    elif kind == "html":
        import trafilatura  # noqa: F401
    else:
        import lxml.html  # type: ignore[import-untyped] # noqa: F401


def _watch(event: str, args: tuple[Any, ...]) -> None:
    """An audit hook, which cannot be taken off again: the second line, should a library be talked into something."""
    writes = event == "open" and isinstance(args[2], int) and args[2] & _WRITES
    if writes or event.startswith(_REFUSED):
        raise PermissionError(f"{event} is not for readers")


def _title_of(order: Order) -> str:
    """The file's name for people."""
    return line_of(Path(order.name).stem.replace("_", " "))


if __name__ == "__main__":
    sys.exit(main())
