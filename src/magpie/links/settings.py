"""The settings of followed links."""

from __future__ import annotations

from pydantic import BaseModel

from magpie.setting import setting


class LinkSettings(BaseModel):
    """Part of `config.Settings`."""

    link_monitor_interval_minutes: int = setting(
        60,
        "How often followed links are checked that name no interval of their own, in minutes.",
        "LINK_MONITOR_INTERVAL_MINUTES",
        runtime=True,
        ge=1,
        le=525_600,
    )
    link_monitor_max_interval_minutes: int = setting(
        1440,
        "How rarely a link that brings nothing new is checked, unless it names an interval of its own, in minutes.",
        runtime=True,
        ge=1,
        le=525_600,
    )
