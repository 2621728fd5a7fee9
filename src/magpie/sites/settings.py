"""The settings of sites: cookies for them."""

from __future__ import annotations

import json
from typing import Any

from pydantic import BaseModel, field_validator

from magpie.setting import setting


class SiteSettings(BaseModel):
    """Part of `config.Settings`."""

    site_cookies_json: str = setting(
        "",
        "Cookies for sites: a JSON object of site names, each with a file in the folder `cookies` of the data "
        "folder, or with the cookies themselves.",
        "SITE_COOKIES_JSON",
        runtime=True,
        secret=True,
        max_length=262_144,
    )

    @field_validator("site_cookies_json")
    @classmethod
    def _site_cookies_json(cls, value: str) -> str:
        site_cookies(value)
        return value


def site_cookies(text: str) -> dict[str, Any]:
    """The sites of `site_cookies_json`, each with a path or with cookies. Raises `ValueError`."""
    try:
        found = json.loads(text or "{}")
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict) or not all(_are_cookies(entry) for entry in found.values()):
        raise ValueError('must be a JSON object such as {"pixiv": "cookies/pixiv.txt"}')
    return found


def _are_cookies(entry: object) -> bool:
    return isinstance(entry, str | dict | list) and bool(entry)
