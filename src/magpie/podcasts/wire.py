"""What podcasts look like over HTTP has in common: names in camel case, and bounds."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

MAX_SPEAKERS = 4
MAX_MINUTES = 240
MAX_INSTRUCTIONS = 20_000
_LANGUAGE = re.compile(r"[a-zA-Z]{2,3}(-[a-zA-Z0-9]{2,8}){0,3}")
_PROVIDER = re.compile(r"[a-z][a-z0-9_-]{0,31}(:[^\s,]{1,200})?")


class Wire(BaseModel):
    """Names in camel case; those of Python are taken, too. What is not known is a mistake that is named."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="forbid")


class Out(Wire):
    """Of what was kept: a field that is not known is left out of the answer."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="ignore")


def _language(tag: str) -> str:
    if not _LANGUAGE.fullmatch(tag):
        raise ValueError("A language looks like en, de or zh-CN.")
    return tag


def _provider(spec: str) -> str:
    if not _PROVIDER.fullmatch(spec):
        raise ValueError("A provider looks like espeak or openai:tts-1.")
    return spec


def _models(spec: str) -> str:
    parts = [_provider(part.strip()) for part in spec.split(",")]
    return ",".join(parts)


def _line(text: str) -> str:
    return " ".join("".join(one if one.isprintable() else " " for one in text).split())


Language = Annotated[str, Field(max_length=16), AfterValidator(_language)]
Provider = Annotated[str, Field(max_length=255), AfterValidator(_provider)]
Models = Annotated[str, Field(max_length=1000), AfterValidator(_models)]
Line = Annotated[str, AfterValidator(_line)]
VoiceId = Annotated[str, Field(min_length=1, max_length=500)]
Minutes = Annotated[float, Field(gt=0, le=MAX_MINUTES, allow_inf_nan=False)]
