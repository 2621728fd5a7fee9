"""Typed codes in the API's schema. They are texts, not enumerations: a client must bear one that it does not know."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any


def codes(*known: Iterable[str]) -> dict[str, Any]:
    """For a field's `json_schema_extra`: the codes that are known today. From its list the page's translations are
    proved to be complete."""
    return {"x-extensible-enum": [str(code) for each in known for code in each]}
