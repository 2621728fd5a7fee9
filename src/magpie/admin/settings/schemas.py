"""What goes over the wire for settings. The models are made from `Settings`, so that a new setting needs no second
declaration."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from types import NoneType
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, create_model

from magpie.admin.settings import cookies
from magpie.config import Settings, is_runtime, is_secret

ANSWERED = [name for name in Settings.model_fields if is_runtime(name)]


def is_hidden(name: str) -> bool:
    """Whether the value is answered as null; `has_…` beside it says whether there is one."""
    return is_secret(name) and name != cookies.FIELD


HIDDEN = [name for name in ANSWERED if is_hidden(name)]


def _kind(name: str) -> Any:
    annotation = Settings.model_fields[name].annotation
    return str if annotation is Path else annotation


def _answer_fields() -> dict[str, Any]:
    fields: dict[str, Any] = {}
    for name in ANSWERED:
        meaning = Settings.model_fields[name].description
        kind = NoneType if is_hidden(name) else _kind(name)
        fields[name] = (kind, Field(description=meaning))
    return fields | {f"has_{name}": (bool, ...) for name in HIDDEN}


def _change_fields() -> dict[str, Any]:
    fields: dict[str, Any] = {}
    for name in ANSWERED:
        info = Settings.model_fields[name]
        kind: Any = _kind(name)
        for rule in info.metadata:
            kind = Annotated[kind, rule]
        fields[name] = (kind | None, Field(default=None, description=info.description))
    # So that what was answered can be sent back as a whole.
    return fields | {f"has_{name}": (bool | None, None) for name in HIDDEN}


_AnswerFields: Any = create_model("_AnswerFields", **_answer_fields())
_ChangeFields: Any = create_model("_ChangeFields", **_change_fields())


class SettingsAnswer(_AnswerFields):
    """The settings that can be changed. Secrets are null beside `has_…`; cookies are masked."""

    servers: list[dict[str, Any]] = Field(description="Media servers.")


class SettingsChange(_ChangeFields):
    """Settings to change. What is left out or null stays; an empty string clears."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)

    servers: list[dict[str, Any]] | None = Field(
        default=None, description="Accepted as it was answered; nothing is changed by it."
    )

    def wanted(self) -> dict[str, Any]:
        """The named settings alone."""
        return {name: getattr(self, name) for name in ANSWERED if name in self.model_fields_set}


class SettingFact(BaseModel):
    """One setting, for people to read and change."""

    name: str
    type: Literal["string", "integer", "number", "boolean", "choice", "path"]
    meaning: str
    default: bool | int | float | str | None
    value: bool | int | float | str | None = Field(description="Null for a secret; cookies are masked.")
    has_value: bool
    secret: bool
    source: Literal["environment", "saved", "default"]
    variables: list[str] = Field(description="Its names in the environment, the canonical one first.")
    locked: bool = Field(description="The environment sets it: it cannot be changed here.")
    locked_by: str | None = Field(description="The variable that does.")
    needs_restart: bool = Field(description="It counts from a start only and cannot be changed here.")
    minimum: float | None
    maximum: float | None
    max_length: int | None
    choices: list[str] | None
    changed_at: datetime | None
    changed_by: int | None = Field(description="The user who saved it, if that user still exists.")
