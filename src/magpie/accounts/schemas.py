"""What goes in and out over HTTP."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from magpie.accounts.models import MAX_DISPLAY_NAME, MAX_TOKEN_NAME, Scope
from magpie.accounts.names import MAX_EMAIL, MAX_USERNAME
from magpie.accounts.passwords import MAX_LENGTH, MIN_LENGTH
from magpie.kit.languages import Language

MAX_TOKEN_DAYS = 36_500
DEFAULT_TOKEN_DAYS = 3650

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
ChangedPassword = Annotated[
    str | None,
    Field(
        description="At least 8 characters.",
        json_schema_extra={"format": "password", "minLength": MIN_LENGTH, "maxLength": MAX_LENGTH},
        repr=False,
    ),
]
Password = Annotated[str, Field(json_schema_extra={"format": "password"}, repr=False)]


Spoken = Annotated[
    Language | None,
    Field(description="What notifications are written in. null: not known, so English."),
]


class NewAccount(BaseModel):
    """A new account. Whoever makes their own without naming a language gets the one that their browser asks for."""

    username: Username
    email: Email
    password: NewPassword
    language: Spoken = None


DisplayName = Annotated[str, Field(description="How the page calls the user.", max_length=MAX_DISPLAY_NAME)]


class NewUser(NewAccount):
    """A new user, as a superuser makes them; for anybody else `display_name` and what follows count for nothing."""

    display_name: DisplayName | None = None
    is_active: bool = True
    is_superuser: bool = False


class OwnChanges(BaseModel):
    """What users may change of their own account. What is left out stays; null takes away what may be missing."""

    username: Username | None = None
    email: Email | None = None
    password: ChangedPassword = None
    display_name: DisplayName | None = None
    language: Spoken = None
    current_password: Annotated[
        str | None,
        Field(
            description="Needed to change password or address where the page's cookie is signed in.",
            json_schema_extra={"format": "password"},
            repr=False,
        ),
    ] = None


class UserChanges(BaseModel):
    """What a superuser may change of an account. What is left out stays; null takes away what may be missing."""

    username: Username | None = None
    email: Email | None = None
    password: ChangedPassword = None
    display_name: DisplayName | None = None
    language: Spoken = None
    is_active: bool | None = None
    is_superuser: bool | None = None
    quota_gb: Annotated[
        float | None,
        Field(
            ge=0, le=10_000_000, description="How much they may hold; 0: no limit; null: as the settings say."
        ),
    ] = None


class ItemsChoice(StrEnum):
    """What becomes of a deleted user's library."""

    KEEP = "keep"
    DELETE = "delete"


class LoginForm(BaseModel):
    """A user name or e-mail address, and the password."""

    username: Annotated[
        str, Field(description="User name or e-mail address; not needed where one password signs in.")
    ]
    password: Password


class LoginJson(LoginForm):
    """As the form; the page asks for a cookie instead of a token."""

    cookie: Annotated[bool, Field(description="Sign in by cookie: the answer holds no access token.")] = False


class NamelessForm(LoginForm):
    """Where one password signs in."""

    username: str = ""


class NamelessJson(LoginJson):
    """Where one password signs in."""

    username: str = ""


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
    display_name: str | None
    language: Spoken
    is_active: bool
    is_superuser: bool
    quota_gb: float | None = Field(
        description="how much they may hold; 0: no limit; null: as the settings say"
    )
    created_at: datetime
    last_login_at: datetime | None


class OwnFeeds(BaseModel):
    """Addresses of the user's own feeds, which are secret. Replace `{id}`, and append a question to `search`."""

    library: Annotated[str, Field(repr=False)]
    podcasts: Annotated[str, Field(description="Those that you have had made.", repr=False)]
    link: Annotated[str, Field(repr=False)]
    collection: Annotated[str, Field(repr=False)]
    search: Annotated[str, Field(repr=False)]
    opml: Annotated[str, Field(description="All of them, for apps to import.", repr=False)]


class MeAnswer(UserAnswer):
    """The signed-in user. `feeds` is null for API tokens without the scope `admin`."""

    feeds: OwnFeeds | None = None


class SessionAnswer(BaseModel):
    """Where a user is signed in."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    kind: Literal["bearer", "cookie"]
    created_at: datetime
    last_seen_at: datetime
    expires_at: datetime
    ip: str
    user_agent: str
    current: Annotated[bool, Field(description="Whether it is the one that asks.")] = False


def _words(value: object) -> object:
    return value.replace(",", " ").split() if isinstance(value, str) else value


Scopes = Annotated[
    list[Scope],
    BeforeValidator(_words),
    Field(
        min_length=1,
        description="`read`: safe methods; `write`: all methods, but neither what only superusers may nor the account "
        "itself; `admin`: all that the user may do. A word or several, or a list.",
    ),
]


class NewToken(BaseModel):
    """An API token, for a script."""

    name: Annotated[str, Field(min_length=1, max_length=MAX_TOKEN_NAME)]
    scopes: Scopes
    expires_in_days: Annotated[int, Field(ge=1, le=MAX_TOKEN_DAYS)] = DEFAULT_TOKEN_DAYS


class ApiTokenAnswer(BaseModel):
    """An API token, without the token itself."""

    id: str
    name: str
    scopes: list[Scope]
    created_at: datetime
    last_seen_at: datetime
    expires_at: datetime


class NewTokenAnswer(ApiTokenAnswer):
    """An API token that has just been made. `token` is shown this once."""

    token: Annotated[str, Field(repr=False)]


class ResetWanted(BaseModel):
    """Whose password is to be reset."""

    email: Annotated[str, Field(max_length=1000)]


class ResetRequest(BaseModel):
    """A new password, by the token of a link."""

    token: Annotated[str, Field(max_length=1000, repr=False)]
    new_password: NewPassword


class ResetAnswer(BaseModel):
    """What was done."""

    msg: str


class PendingReset(BaseModel):
    """A reset link to hand over."""

    id: int
    user_id: int
    username: str
    email: str | None
    link: Annotated[str, Field(description="Without a public address only its path.", repr=False)]
    created_at: datetime
    expires_at: datetime


class Message(BaseModel):
    """What was done."""

    message: str


class SetupState(BaseModel):
    """What a page needs to know before anybody is signed in."""

    needs_first_user: bool
    registration_open: bool
    single_password: Annotated[bool, Field(description="Whether one password without a user name signs in.")]
    version: str
