"""Asking a server of models."""

from __future__ import annotations

from magpie.podcasts.asking import Service
from magpie.podcasts.llms.port import ChatFailed


class Wire(Service):
    """The way to one server. What it raises is `ChatFailed`."""

    failed = ChatFailed
    most = 32 << 20
    too_large = "unreadable"
