"""Typed errors that carry their HTTP status and appear in the API's schema.

A message says what happened and what to do. The shapes are those of the contract: `{"detail": …}`, and for
rule-breaking input `{"detail": "Validation Error", "errors": [{loc, msg, type}]}`.
"""

from __future__ import annotations

from typing import Any, ClassVar

from pydantic import BaseModel


class ErrorBody(BaseModel):
    """The body of an error answer."""

    detail: str


class FieldFault(BaseModel):
    """One faulty field: where it is, what is wrong, and a code."""

    loc: list[str | int]
    msg: str
    type: str


class ValidationBody(BaseModel):
    """The body of an answer to input that breaks a rule."""

    detail: str = "Validation Error"
    errors: list[FieldFault]


class AppError(Exception):
    """Base of the errors that a client sees."""

    status: ClassVar[int] = 500
    default: ClassVar[str] = "Something went wrong"
    headers: ClassVar[dict[str, str]] = {}

    def __init__(self, detail: str | None = None, *, headers: dict[str, str] | None = None) -> None:
        self.detail = detail or self.default
        self.extra_headers = {**self.headers, **(headers or {})}
        super().__init__(self.detail)

    def body(self) -> dict[str, Any]:
        return {"detail": self.detail}


class RuleBroken(AppError):
    """Input that is well-formed and breaks a rule (400)."""

    status = 400
    default = "Validation Error"

    def __init__(self, message: str, *loc: str | int, code: str = "value_error") -> None:
        super().__init__("Validation Error")
        self.fault = FieldFault(loc=list(loc) or ["body"], msg=message, type=code)

    def __str__(self) -> str:
        return self.fault.msg

    def body(self) -> dict[str, Any]:
        return {"detail": self.detail, "errors": [self.fault.model_dump()]}


class NotAuthenticated(AppError):
    """No credentials (401)."""

    status = 401
    default = "Not authenticated"
    headers = {"WWW-Authenticate": "Bearer"}  # noqa: RUF012


class InvalidCredentials(NotAuthenticated):
    """Credentials that are wrong, expired or revoked (401)."""

    default = "Invalid authentication credentials"


class NotAllowed(AppError):
    """Signed in, but without the right (403)."""

    status = 403
    default = "The user doesn't have enough privileges"


class NotFound(AppError):
    """Not there, or not yours (404)."""

    status = 404
    default = "Item not found"


class Conflict(AppError):
    """In conflict with the present state (409)."""

    status = 409
    default = "This is in conflict with the present state"


class TooLarge(AppError):
    """The body is larger than allowed (413)."""

    status = 413
    default = "The request is too large"


class UnsupportedMedia(AppError):
    """A body of a type that this route does not read (415)."""

    status = 415
    default = "This content type is not supported"


class TooManyRequests(AppError):
    """Slow down (429); `Retry-After` says for how many seconds."""

    status = 429
    default = "Too many requests"

    def __init__(self, detail: str | None = None, *, retry_after: int = 60) -> None:
        super().__init__(detail, headers={"Retry-After": str(retry_after)})


class Unavailable(AppError):
    """Not possible at the moment (503)."""

    status = 503
    default = "This is not available at the moment"


class OutOfReach(AppError):
    """Another server, which this needs, does not answer as it should (424)."""

    status = 424
    default = "A server that this needs does not answer"


def responses(*errors: type[AppError]) -> dict[int | str, dict[str, Any]]:
    """The `responses=` of a route that may raise these errors."""
    described: dict[int | str, dict[str, Any]] = {}
    for error in errors:
        model = ValidationBody if issubclass(error, RuleBroken) else ErrorBody
        described[error.status] = {"model": model, "description": (error.__doc__ or error.default).strip()}
    return described
