"""`site_cookies_json`: what is accepted from people, and what they get to see of it.

Entries are paths of files below the data folder's `cookies/`, or the cookies themselves. Paths are answered,
cookies never: they are masked, and the mask in a later change stands for what is there.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from magpie.config import Settings
from magpie.kit.errors import RuleBroken
from magpie.kit.logs import MASK
from magpie.kit.paths import below
from magpie.sites.settings import site_cookies

FIELD = "site_cookies_json"
FOLDER = "cookies"
# What tells cookies (`name=value`, the seven columns of Netscape's format, JSON) from a file's path.
_COOKIES = re.compile(r"[=\t\r\n]|^\s*[\[{]")


def accepted(settings: Settings, text: str) -> str:
    """The text to save, with masked entries filled in. Raises `RuleBroken` for a path that leads elsewhere."""
    present = site_cookies(settings.site_cookies_json)
    sites: dict[str, Any] = {}
    for site, entry in site_cookies(text).items():
        if entry == MASK and site not in present:
            raise RuleBroken(f"There are no cookies of {site!a} to keep.", "body", FIELD)
        if entry != MASK and _is_path(entry) and _path(settings, entry) is None:
            raise RuleBroken(
                f"The file for {site!a} must lie in the folder {FOLDER} of the data folder: write "
                f"{FOLDER}/NAME.txt, or give the cookies themselves.",
                "body",
                FIELD,
            )
        sites[site] = _normal(settings, present[site] if entry == MASK else entry)
    return json.dumps(sites) if sites else ""


def same(settings: Settings, text: str) -> bool:
    """Whether an accepted text says what the settings say already."""
    present = site_cookies(settings.site_cookies_json)
    return site_cookies(text) == {site: _normal(settings, entry) for site, entry in present.items()}


def shown(settings: Settings) -> str:
    """The setting as it is answered: JSON with paths below `cookies/`, and a mask for everything else."""
    sites = site_cookies(settings.site_cookies_json)
    return json.dumps({site: _shown(settings, entry) for site, entry in sites.items()}, ensure_ascii=False)


def _shown(settings: Settings, entry: Any) -> str:
    return (_path(settings, entry) if _is_path(entry) else None) or MASK


def _normal(settings: Settings, entry: Any) -> Any:
    return (_path(settings, entry) if _is_path(entry) else None) or entry


def _is_path(entry: Any) -> bool:
    return isinstance(entry, str) and not _COOKIES.search(entry)


def _path(settings: Settings, entry: str) -> str | None:
    """`cookies/NAME` for a path below that folder (relative ones are below it), otherwise None."""
    root = settings.data_dir / FOLDER
    try:
        place = below(root, entry.removeprefix(f"{FOLDER}/"))
    except (ValueError, OSError, RuntimeError):
        return None
    return (Path(FOLDER) / place.relative_to(root.resolve())).as_posix()
