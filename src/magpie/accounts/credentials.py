"""Reads the body of a sign-in: an OAuth2 form, or JSON; bounded, since anybody may send one."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Annotated, Any, TypeVar

from fastapi import Depends, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ValidationError
from starlette.formparsers import FormParser, MultiPartException, MultiPartParser

from magpie.accounts.schemas import LoginForm, LoginJson, NamelessForm, NamelessJson
from magpie.context import AppContext
from magpie.kit.errors import RuleBroken, TooLarge, UnsupportedMedia
from magpie.web import Context

MAX_BODY = 16 * 1024
URLENCODED = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data"
JSON = "application/json"

Body = TypeVar("Body", bound=BaseModel)


async def _form(request: Request, context: Context) -> LoginForm:
    media_type = _media_type(request)
    if media_type not in (URLENCODED, MULTIPART):
        raise UnsupportedMedia(f"Send the credentials as {URLENCODED}")
    return _validated(_form_model(context), await _fields(request, media_type))


async def _form_or_json(request: Request, context: Context) -> LoginJson:
    media_type = _media_type(request)
    if media_type == JSON:
        model = NamelessJson if context.settings.app_password else LoginJson
        return _validated_json(model, b"".join([chunk async for chunk in _bounded(request)]))
    if media_type not in (URLENCODED, MULTIPART):
        raise UnsupportedMedia(f"Send the credentials as {URLENCODED} or {JSON}")
    # A form never asks for a cookie: any page on the web can post a form, and would sign its visitor in as somebody.
    form = _validated(_form_model(context), await _fields(request, media_type))
    return LoginJson(username=form.username, password=form.password)


FormCredentials = Annotated[LoginForm, Depends(_form)]
Credentials = Annotated[LoginJson, Depends(_form_or_json)]


def _form_model(context: AppContext) -> type[LoginForm]:
    return NamelessForm if context.settings.app_password else LoginForm


def _media_type(request: Request) -> str:
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


async def _bounded(request: Request) -> AsyncGenerator[bytes, None]:
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > MAX_BODY:
            raise TooLarge("A sign-in is smaller than that")
        yield chunk


async def _fields(request: Request, media_type: str) -> dict[str, Any]:
    stream = _bounded(request)
    try:
        if media_type == MULTIPART:
            form = await MultiPartParser(request.headers, stream, max_files=0, max_fields=32).parse()
        else:
            form = await FormParser(request.headers, stream).parse()
    except (MultiPartException, ValueError, LookupError):
        # The parser's own errors are ValueErrors; LookupError is a charset that is none.
        raise RuleBroken("the form cannot be read", "body", code="form_invalid") from None
    return dict(form.items())


def _validated(model: type[Body], fields: dict[str, Any]) -> Body:
    try:
        return model.model_validate(fields)
    except ValidationError as error:
        raise _in_body(error) from None


def _validated_json(model: type[LoginJson], body: bytes) -> LoginJson:
    try:
        return model.model_validate_json(body)
    except ValidationError as error:
        raise _in_body(error) from None


def _in_body(error: ValidationError) -> RequestValidationError:
    faults = error.errors(include_url=False, include_input=False, include_context=False)
    return RequestValidationError([{**fault, "loc": ("body", *fault["loc"])} for fault in faults])


def request_body(*models: tuple[str, type[BaseModel]]) -> dict[str, Any]:
    """The `openapi_extra` that describes a body which a dependency reads."""
    content = {media_type: {"schema": model.model_json_schema()} for media_type, model in models}
    return {"requestBody": {"required": True, "content": content}}


LOGIN_FORM_BODY = request_body((URLENCODED, LoginForm))
LOGIN_BODY = request_body((URLENCODED, LoginForm), (JSON, LoginJson))
