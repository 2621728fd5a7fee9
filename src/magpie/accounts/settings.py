"""The settings of accounts: keys, sessions, who may come in, and how mails are sent."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, field_validator

from magpie.kit.mail import server_of
from magpie.setting import setting


class AccountSettings(BaseModel):
    """Part of `config.Settings`."""

    secret_key: str = setting(
        "",
        "Key that signs tokens and seals stored secrets; at least 32 characters. "
        "Default: `secret.key` in the data folder, made at the first start.",
        "SECRET_KEY",
        secret=True,
        runtime=False,
    )
    old_secret_keys: str = setting(
        "",
        "Former secret keys, with commas between them: what they sealed is sealed anew at the next start. "
        "After that they can be taken out again.",
        secret=True,
        runtime=False,
    )
    algorithm: Literal["HS256", "HS384", "HS512"] = setting(
        "HS256", "Algorithm that signs access tokens.", "ALGORITHM", runtime=False
    )
    access_token_expire_minutes: int = setting(
        1440,
        "How long a bearer token lasts, in minutes.",
        "ACCESS_TOKEN_EXPIRE_MINUTES",
        ge=1,
        le=5_256_000,
        runtime=True,
    )
    session_days: int = setting(
        30, "How long the page stays signed in without use, in days.", ge=1, le=3650, runtime=True
    )
    allow_registration: bool = setting(
        False, "Whether strangers may make an account after the first user exists.", runtime=True
    )
    initial_superuser_username: str = setting(
        "",
        "User name of the first superuser, made at the start on an empty database.",
        "INITIAL_SUPERUSER_USERNAME",
        runtime=False,
    )
    initial_superuser_password: str = setting(
        "", "Password of that first superuser.", "INITIAL_SUPERUSER_PASSWORD", secret=True, runtime=False
    )
    initial_superuser_email: str = setting(
        "", "E-mail address of that first superuser.", "INITIAL_SUPERUSER_EMAIL", runtime=False
    )
    app_password: str = setting(
        "",
        "One password for everybody: with any or no user name it signs in as the built-in superuser, and "
        "registration is closed.",
        "APP_PASSWORD",
        secret=True,
        runtime=False,
    )
    smtp_url: str = setting(
        "",
        "Mail server for password resets and notifications: `smtp://user:password@host:port` (STARTTLS where it is "
        "offered) or `smtps://…`. Without it a superuser hands out the links.",
        secret=True,
        runtime=False,
    )
    mail_from: str = setting(
        "", "Sender of the mails. Default: `magpie@` and the host name of the public address.", runtime=True
    )

    @field_validator("secret_key")
    @classmethod
    def _secret_key(cls, value: str) -> str:
        if value and len(value) < 32:
            raise ValueError("must have at least 32 characters; or leave it out, and one is made")
        return value

    @field_validator("smtp_url")
    @classmethod
    def _smtp_url(cls, value: str) -> str:
        if value:
            server_of(value)
        return value

    @property
    def former_keys(self) -> list[str]:
        """The keys of `old_secret_keys`, one by one."""
        return [key.strip() for key in self.old_secret_keys.split(",") if key.strip()]
