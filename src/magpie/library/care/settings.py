"""The settings of the care of the media folders, and how much somebody may hold in them."""

from __future__ import annotations

from pydantic import BaseModel

from magpie.setting import setting


class CareSettings(BaseModel):
    """Part of `config.Settings`."""

    scan_every_hours: float = setting(
        24,
        "The media folders are looked through so often for files that have moved, changed or gone; 0 for never. "
        "In hours.",
        ge=0,
        le=8760,
        runtime=True,
    )
    verify_mb_per_second: float = setting(
        10,
        "How fast files are read in the background to notice damage, in MB a second; 0 for not at all.",
        ge=0,
        le=100_000,
        runtime=True,
    )
    verify_every_days: float = setting(
        30,
        "How long a file is left alone after it was read for that, in days.",
        ge=0.01,
        le=3650,
        runtime=True,
    )
    compare_sound: bool = setting(
        True,
        "New songs are listened to in the background, so that the same one under another name is found.",
        runtime=True,
    )
    default_quota_gb: float = setting(
        0,
        "How much a user may hold who has no quota of their own, in GB; 0 for no limit. Superusers have none.",
        ge=0,
        le=10_000_000,
        runtime=True,
    )
