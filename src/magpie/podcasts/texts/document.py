"""What is read out of a file or a web page, and how reading fails."""

from __future__ import annotations

from dataclasses import dataclass

MAX_FILE = 256 << 20  # bytes of a document as it is given
MAX_PLAIN = 24 << 20  # bytes of one that is text itself, and of one web page
MAX_CHARACTERS = 5_000_000  # of a text: some 800,000 words


class Unreadable(Exception):
    """There is no text to be had. `code` is typed, `message` a plain sentence for people.

    Codes: `unsupported` (another kind of file), `encrypted`, `damaged`, `no_text` (a scan, or nothing at all),
    `too_large`, `too_slow`; of addresses also `bad_address`, `refused` (by our rules or by the site), `gone`, `limited`,
    `unreachable`; and `stopped`. `retry_after`: seconds, where a site names them.
    """

    def __init__(self, code: str, message: str, *, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.retry_after = retry_after

    @property
    def may_pass(self) -> bool:
        """Whether the same may be readable a little later."""
        return self.code in {"limited", "unreachable"}


@dataclass(frozen=True, slots=True)
class Document:
    """A text. Chapters begin with Markdown headings (`# `, `## `), paragraphs are parted by empty lines.

    `language` is the primary subtag of BCP 47 ("en", "zh"), None where nothing tells. `kind` is what it was read as.
    """

    title: str
    text: str
    language: str | None = None
    address: str | None = None  # where it was found, after all redirects
    kind: str = "txt"
