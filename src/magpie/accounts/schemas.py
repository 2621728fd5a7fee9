"""What goes in and out over HTTP."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from magpie.accounts.names import MAX_EMAIL, MAX_USERNAME
from magpie.accounts.passwords import MAX_LENGTH, MIN_LENGTH

# The lengths are described here and checked by the rules, which answer 400 and say what is wrong.
Username = Annotated[
    str,
    Field(
        description="1 to 64 characters, without '@'.",
        json_schema_extra={"minLength": 1, "maxLength": MAX_USERNAME},
    ),
]
Email = Annotated[str, Field(json_schema_extra={"format": "email", "maxLength": MAX_EMAIL})]
NewPassword = Annotated[
    str,
    Field(
        description="At least 8 characters.",
        json_schema_extra={"format": "password", "minLength": MIN_LENGTH, "maxLength": MAX_LENGTH},
        repr=False,
    ),
]
Password = Annotated[str, Field(json_schema_extra={"format": "password"}, repr=False)]


class NewAccount(BaseModel):
    """A new account."""

    username: Username
    email: Email
    password: NewPassword


class LoginForm(BaseModel):
    """A user name or e-mail address, and the password."""

    username: Annotated[str, Field(description="User name or e-mail address.")]
    password: Password


class LoginJson(LoginForm):
    """As the form; the page asks for a cookie instead of a token."""

    cookie: Annotated[bool, Field(description="Sign in by cookie: the answer holds no access token.")] = False


class TokenAnswer(BaseModel):
    """A token for `Authorization: Bearer`."""

    access_token: str
    token_type: Literal["bearer"] = "bearer"  # noqa: S105


class CookieAnswer(BaseModel):
    """Signed in by cookie. Unsafe requests send `csrf_token` (also in the cookie `magpie_csrf`) as `X-CSRF-Token`.

    The token itself stays in its HttpOnly cookie, out of the reach of scripts.
    """

    token_type: Literal["cookie"] = "cookie"  # noqa: S105
    csrf_token: str


class UserAnswer(BaseModel):
    """A user."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    email: str | None
    username: str
    is_active: bool
    is_superuser: bool
    created_at: datetime
    last_login_at: datetime | None


class Message(BaseModel):
    """What was done."""

    message: str


class SetupState(BaseModel):
    """What a page needs to know before anybody is signed in."""

    needs_first_user: bool
    registration_open: bool
    single_password: Annotated[bool, Field(description="Whether one password without a user name signs in.")]
    version: str
