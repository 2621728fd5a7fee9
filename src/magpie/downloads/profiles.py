"""The profiles that ship with Magpie."""

from __future__ import annotations

from magpie.downloads.extractors.port import Profile

PROFILES: dict[str, Profile] = {
    "video": Profile(name="video", kind="video"),
    "audio": Profile(name="audio", kind="audio"),
}
DEFAULT_PROFILE = "video"


def profile_named(name: str) -> Profile:
    """Raises KeyError for a name that is not there."""
    return PROFILES[name]
