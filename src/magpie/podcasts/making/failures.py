"""How the making of an episode fails: in which step, why, and whether it may go better a little later."""

from __future__ import annotations

import errno

from magpie.podcasts.llms.port import ChatFailed
from magpie.podcasts.mastering.order import MasteringFailed
from magpie.podcasts.texts.document import Unreadable
from magpie.podcasts.transcribers.port import TranscriptionFailed
from magpie.podcasts.voices.port import VoiceFailed

# Of models, voices and recognisers alike: nobody there, asked too often, a fault of theirs.
PASSING = frozenset({"unreachable", "limited", "failing", "silent", "cut"})

STEPS = {
    "reading": "The sources could not be read",
    "checking": "The check before the start failed",
    "writing": "The script could not be written",
    "translating": "The script could not be translated",
    "voicing": "The script could not be spoken",
    "mastering": "The recording could not be put together",
    "publishing": "The finished files could not be put in place",
}


class Stopped(Exception):
    """The work was told to stop; what was done is kept."""


class MakingFailed(Exception):
    """A step failed; everything that was done before is kept.

    `step` is one of `STEPS`, `reason` typed, `message` for people and without secrets. `retry_after` in seconds.
    `waits` marks what goes on by itself once there is room again, however often it was tried.
    """

    def __init__(
        self,
        step: str,
        reason: str,
        message: str,
        *,
        may_pass: bool = False,
        waits: bool = False,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message)
        self.step = step
        self.reason = reason
        self.detail = message
        self.may_pass = may_pass or waits
        self.waits = waits
        self.retry_after = retry_after

    @property
    def message(self) -> str:
        """The sentence for people: the step first."""
        return f"{STEPS.get(self.step, self.step)}: {self.detail}"


def of_provider(step: str, failed: ChatFailed | VoiceFailed | TranscriptionFailed) -> MakingFailed | Stopped:
    """What a provider's fault means for the episode."""
    if failed.reason == "stopped":
        return Stopped()
    return MakingFailed(
        step,
        failed.reason,
        failed.message,
        may_pass=failed.reason in PASSING,
        retry_after=failed.retry_after,
    )


def of_source(unreadable: Unreadable) -> MakingFailed | Stopped:
    """What it means that a source cannot be read."""
    if unreadable.code == "stopped":
        return Stopped()
    return MakingFailed(
        "reading",
        "empty" if unreadable.code == "no_text" else unreadable.code,
        unreadable.message,
        may_pass=unreadable.may_pass,
        retry_after=unreadable.retry_after,
    )


def of_mastering(failed: MasteringFailed) -> MakingFailed | Stopped:
    """What it means that there is no recording. A clip that is to blame must be let go of before the next attempt."""
    if failed.reason == "stopped":
        return Stopped()
    if failed.reason == "disk_full":
        return MakingFailed("mastering", "no_space", failed.message, waits=True, retry_after=60.0)
    passing = failed.reason in {"timed_out", "failing"} or failed.clip is not None
    return MakingFailed("mastering", "mastering", failed.message, may_pass=passing)


def of_disk(step: str, error: OSError) -> MakingFailed:
    """What a fault of our own disk means."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return MakingFailed(step, "no_space", "There is not enough free space.", waits=True, retry_after=60.0)
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return MakingFailed(step, "disk", "The folder of podcasts cannot be written to.")
    return MakingFailed(step, "disk", error.strerror or "A disk error.", may_pass=True)
