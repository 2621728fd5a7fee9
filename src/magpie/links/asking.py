"""Asking for a check of a link, and taking it back."""

from __future__ import annotations

from typing import Literal

from magpie.context import AppContext
from magpie.engine.port import Engine, JobRef
from magpie.kit.clock import utcnow
from magpie.kit.db import WriteSession
from magpie.links.models import Link

KIND = "check"
Mode = Literal["check", "download"]


def ask(_context: AppContext, _session: WriteSession, link: Link, mode: Mode) -> None:
    """Have the link checked at once; with `download`, what it finds is downloaded whatever the link says."""
    link.check_mode = mode
    link.check_priority = 0
    link.next_check_at = utcnow()


def withdraw(context: AppContext, session: WriteSession, link: Link) -> None:
    """Take back a check that waits. One that runs finds that its link is disabled or gone, and ends."""
    link.next_check_at = None
    if link.check_mode is None:
        return
    engine = context.engine
    if engine is not None:
        job = JobRef(KIND, link.key, context.job_epoch(session), link.checks)
        session.after_commit(lambda: _cancel(engine, job))
    if link.check_worker is None:
        link.check_mode = None


def _cancel(engine: Engine, job: JobRef) -> None:
    engine.cancel(job)
