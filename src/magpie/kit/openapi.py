"""What the API's schema says of every route alike, so that no route has to say it and none forgets it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI

from magpie.kit.errors import ErrorBody, RuleBroken, TooLarge, ValidationBody, responses

_METHODS = ("get", "put", "post", "delete", "patch", "head", "options")
_REFERENCE = "#/components/schemas/"


def declare_refusals(app: FastAPI) -> None:
    """Declare 400 and 422 wherever something can be sent that is refused: in a path, a query or a body. A body
    can also be too large (413)."""
    make = app.openapi

    def openapi() -> dict[str, Any]:
        schema = make()  # which keeps what it has made: what is added here is there the next time
        _complete(schema)
        return schema

    app.openapi = openapi  # type: ignore[method-assign]


def _complete(schema: dict[str, Any]) -> None:
    known = schema.setdefault("components", {}).setdefault("schemas", {})
    described = ValidationBody.model_json_schema(ref_template=_REFERENCE + "{model}")
    for name, part in {**described.pop("$defs", {}), ValidationBody.__name__: described}.items():
        known.setdefault(name, part)
    refused = _answer(responses(RuleBroken)[400]["description"], ValidationBody.__name__)
    too_large = _answer(responses(TooLarge)[413]["description"], ErrorBody.__name__)
    misshapen = _answer("Validation Error", "HTTPValidationError")
    for operation in _operations(schema):
        if operation.get("parameters") or "requestBody" in operation:
            operation["responses"].setdefault("400", refused)
            operation["responses"].setdefault("422", misshapen)
        if "requestBody" in operation:
            operation["responses"].setdefault("413", too_large)


def _operations(schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for path in schema.get("paths", {}).values():
        yield from (path[method] for method in _METHODS if method in path)


def _answer(description: str, model: str) -> dict[str, Any]:
    return {
        "description": description,
        "content": {"application/json": {"schema": {"$ref": _REFERENCE + model}}},
    }
