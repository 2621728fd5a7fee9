"""How one setting is declared, for `config.Settings` and for the slices that declare settings of their own."""

from __future__ import annotations

import re
from typing import Any

from pydantic import Field


def setting(
    default: Any,
    description: str,
    *aliases: str,
    secret: bool = False,
    runtime: bool | None = None,
    **rules: Any,
) -> Any:
    """A setting. `runtime`: whether it may be changed while the program runs (then everything reads it from
    `AppContext.settings` at the moment of use); otherwise it takes effect at a start only."""
    extra: dict[str, Any] = {"aliases": list(aliases), "secret": secret, "runtime": runtime}
    return Field(default=default, description=description, json_schema_extra=extra, repr=not secret, **rules)


def base_address(value: str) -> str:
    """The base address of an outside service, without a slash at its end. Raises `ValueError`."""
    if not re.fullmatch(r"https?://[^\s/@?#]+(/[^\s?#]*)?", value):
        raise ValueError("must be an address such as https://music.example")
    return value.rstrip("/")
