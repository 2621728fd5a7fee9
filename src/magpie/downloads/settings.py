"""The settings of downloads: how many at once, how politely, how large, and which way they go."""

from __future__ import annotations

import re

from pydantic import BaseModel, field_validator

from magpie.kit.egress.dial import Upstream
from magpie.kit.egress.policy import EgressPolicy
from magpie.setting import setting


class DownloadSettings(BaseModel):
    """Part of `config.Settings`."""

    max_concurrent_downloads: int = setting(
        4,
        "How many downloads run at once in one worker.",
        "MAX_CONCURRENT_DOWNLOADS",
        ge=1,
        le=64,
        runtime=True,
    )
    site_concurrency: int = setting(
        2, "How many downloads run at once from one site.", ge=1, le=64, runtime=True
    )
    site_delay_seconds: float = setting(
        1.0,
        "Pause between the starts of two downloads from one site, in seconds; 0 for none.",
        ge=0,
        le=3600,
        runtime=True,
    )
    download_attempts: int = setting(
        4, "How often a download is tried by itself before it counts as failed.", ge=1, le=20, runtime=True
    )
    stall_timeout_seconds: int = setting(
        120,
        "A download that brings nothing for so long is stopped and tried again, in seconds.",
        ge=5,
        le=86400,
        runtime=True,
    )
    job_memory_mb: int = setting(
        1536,
        "Memory that one download with all its helpers may use, in MB.",
        ge=128,
        le=1_048_576,
        runtime=True,
    )
    max_file_gb: float = setting(
        0, "Largest file that is saved, in GB; 0 for no limit.", ge=0, le=1_000_000, runtime=True
    )
    free_space_reserve_gb: float = setting(
        1.0, "Space that downloads leave free on the media's disk, in GB.", ge=0, le=1_000_000, runtime=True
    )
    egress_allow: str = setting(
        "",
        "Comma-separated hosts, `host:port`s or networks that downloads may reach besides public addresses.",
        runtime=True,
    )
    proxy: str = setting(
        "",
        "Upstream proxy for everything outgoing: `http://user:password@host:port`.",
        secret=True,
        runtime=True,
    )
    sponsorblock_url: str = setting(
        "https://sponsor.ajay.app",
        "The SponsorBlock server that is asked where a profile marks or cuts parts of videos; empty: none is.",
        runtime=True,
    )
    ffmpeg: str = setting(
        "", "Path of the ffmpeg program. Default: the system's, else the one that comes along.", runtime=False
    )

    @field_validator("egress_allow")
    @classmethod
    def _egress_allow(cls, value: str) -> str:
        EgressPolicy([entry for entry in value.split(",") if entry.strip()])
        return value

    @field_validator("proxy")
    @classmethod
    def _proxy(cls, value: str) -> str:
        if value:
            Upstream.parse(value)
        return value

    @field_validator("sponsorblock_url")
    @classmethod
    def _sponsorblock_url(cls, value: str) -> str:
        if value and not re.fullmatch(r"https?://[^\s/@]+(/[^\s?#]*)?", value):
            raise ValueError("must be an address such as https://sponsor.example")
        return value
