"""Why a download did not end with a new file, as typed codes with plain words.

The code is what programs and filters see; the sentence and the hint are what people read. Permanent
failures are not retried by themselves; transient ones are tried again with a growing delay.
"""

from __future__ import annotations

import errno
from dataclasses import dataclass
from enum import StrEnum


class Reason(StrEnum):
    """Typed reasons, for failures and for skips alike."""

    # The address or the medium itself.
    BAD_ADDRESS = "bad_address"
    NOT_FOUND = "not_found"
    REMOVED = "removed"
    PRIVATE = "private"
    MEMBERS_ONLY = "members_only"
    LOGIN_REQUIRED = "login_required"
    AGE_GATED = "age_gated"
    GEO_BLOCKED = "geo_blocked"
    DRM = "drm"
    UNSUPPORTED = "unsupported"
    NO_MEDIA = "no_media"
    NOT_YET = "not_yet"
    FORBIDDEN = "forbidden"
    # The site or the way to it.
    BOT_CHECK = "bot_check"
    RATE_LIMITED = "rate_limited"
    SITE_RESTS = "site_rests"
    SITE_ERROR = "site_error"
    NETWORK = "network"
    TRUNCATED = "truncated"
    REFUSED_ADDRESS = "refused_address"
    # Our side.
    BROKEN_MEDIA = "broken_media"
    TOO_LARGE = "too_large"
    NO_SPACE = "no_space"
    FOLDER_MISSING = "folder_missing"
    QUOTA = "quota"
    TOOL_MISSING = "tool_missing"
    TOOL_TOO_OLD = "tool_too_old"
    TOOL_ERROR = "tool_error"
    OUT_OF_MEMORY = "out_of_memory"
    TIMED_OUT = "timed_out"
    INTERRUPTED = "interrupted"
    NO_PROFILE = "no_profile"
    # Skips: nothing went wrong, and nothing was fetched.
    ALREADY_HELD = "already_held"
    IS_A_LIST = "is_a_list"


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What is said about a reason: the sentence, what to do, and whether trying again can help."""

    message: str
    hint: str
    transient: bool = False


# Where cookies are given; part of several hints.
COOKIES = "under Sites for all that is there, or at the link that you follow"

DIAGNOSES: dict[Reason, Diagnosis] = {
    Reason.BAD_ADDRESS: Diagnosis(
        "This is not an address that can be saved.", "Paste a full web address: http://… or https://…"
    ),
    Reason.NOT_FOUND: Diagnosis(
        "The site says that there is nothing at this address (404).", "Check the address in a browser."
    ),
    Reason.REMOVED: Diagnosis("The medium has been removed from the site.", "Nothing can be done here."),
    Reason.PRIVATE: Diagnosis(
        "The medium is private.",
        f"Give Magpie the cookies of an account that may see it: {COOKIES}.",
    ),
    Reason.MEMBERS_ONLY: Diagnosis(
        "The medium is for paying members only.",
        f"Give Magpie the cookies of a member's account: {COOKIES}.",
    ),
    Reason.LOGIN_REQUIRED: Diagnosis(
        "The site wants a login.", f"Give Magpie the cookies of an account there: {COOKIES}."
    ),
    Reason.AGE_GATED: Diagnosis(
        "The site asks for proof of age.",
        f"Give Magpie the cookies of an account that is old enough: {COOKIES}.",
    ),
    Reason.GEO_BLOCKED: Diagnosis(
        "The medium is not available in this country.",
        "Set MAGPIE_PROXY to a proxy in a country where it is.",
    ),
    Reason.DRM: Diagnosis("The medium is protected by DRM.", "It cannot be saved."),
    Reason.UNSUPPORTED: Diagnosis(
        "No tool here knows how to save from this page.", "Look for the address of the medium itself."
    ),
    Reason.NO_MEDIA: Diagnosis(
        "The page was read, and no video, sound or picture was found on it.",
        "Look for the address of the medium itself.",
    ),
    Reason.NOT_YET: Diagnosis(
        "The medium has not been published yet.", "It is tried again by itself.", transient=True
    ),
    Reason.FORBIDDEN: Diagnosis(
        "The site refuses to hand the file out (403).",
        f"Retry in a while; if it stays so, the site may want a login: {COOKIES}.",
        transient=True,
    ),
    Reason.BOT_CHECK: Diagnosis(
        "The site asks whether you are a robot.",
        f"Wait some hours, then retry; the cookies of an account may help: {COOKIES}.",
        transient=True,
    ),
    Reason.RATE_LIMITED: Diagnosis(
        "The site says: too many requests.",
        "It is tried again by itself when the site allows it.",
        transient=True,
    ),
    Reason.SITE_RESTS: Diagnosis(
        "The site is left alone for a while.", "It goes on by itself when that is over.", transient=True
    ),
    Reason.SITE_ERROR: Diagnosis(
        "The site has a fault of its own.", "It is tried again by itself.", transient=True
    ),
    Reason.NETWORK: Diagnosis(
        "The site could not be reached.", "Check the network; it is tried again by itself.", transient=True
    ),
    Reason.TRUNCATED: Diagnosis(
        "The transfer ended before the file was complete.", "It is tried again by itself.", transient=True
    ),
    Reason.REFUSED_ADDRESS: Diagnosis(
        "The address leads into a private network, which downloads may not reach.",
        "If this is your own server, an administrator can name it in MAGPIE_EGRESS_ALLOW.",
    ),
    Reason.BROKEN_MEDIA: Diagnosis(
        "What the site sent is not a playable file.", "Open the address in a browser and compare."
    ),
    Reason.TOO_LARGE: Diagnosis(
        "The medium is larger than allowed.", "Raise the limit in the settings, then retry."
    ),
    Reason.NO_SPACE: Diagnosis(
        "There is not enough free space for it.", "Free some space; it goes on by itself.", transient=True
    ),
    Reason.FOLDER_MISSING: Diagnosis(
        "The media folder is not there.",
        "See that its disk or share is mounted, or choose another folder; it goes on by itself.",
        transient=True,
    ),
    Reason.QUOTA: Diagnosis(
        "You hold as much as you may.",
        "Delete something (also from the trash), or ask for a larger quota; then retry.",
    ),
    Reason.TOOL_MISSING: Diagnosis(
        "A program that is needed for this is missing.",
        "Run `magpie doctor`: it says which, and how to get it.",
    ),
    Reason.TOOL_TOO_OLD: Diagnosis(
        "The site has changed, and the tool that reads it is too old.", "Upgrade Magpie, then retry."
    ),
    Reason.TOOL_ERROR: Diagnosis(
        "The tool that reads this site failed.", "Retry; if it fails again, upgrade Magpie.", transient=True
    ),
    Reason.OUT_OF_MEMORY: Diagnosis(
        "The download needed more memory than it may use.", "Raise MAGPIE_JOB_MEMORY_MB, then retry."
    ),
    Reason.TIMED_OUT: Diagnosis(
        "The site stopped sending and the download timed out.", "It is tried again by itself.", transient=True
    ),
    Reason.INTERRUPTED: Diagnosis(
        "The download was interrupted by a stop of the server.", "It goes on by itself.", transient=True
    ),
    Reason.NO_PROFILE: Diagnosis(
        "The profile that says how to save it is no longer there.",
        "Choose another profile and save it again.",
    ),
    Reason.ALREADY_HELD: Diagnosis("It is in your library already.", "Nothing to do."),
    Reason.IS_A_LIST: Diagnosis(
        "The address is a list; each of its media is a download of its own.", "Look at those downloads."
    ),
}


class DownloadFailure(Exception):
    """A typed failure. `detail` is the tool's own sentence, already free of secrets."""

    def __init__(self, reason: Reason, detail: str = "", *, retry_after: float | None = None) -> None:
        self.reason = reason
        self.detail = detail
        self.retry_after = retry_after
        super().__init__(self.message)

    @property
    def diagnosis(self) -> Diagnosis:
        return DIAGNOSES[self.reason]

    @property
    def message(self) -> str:
        """The plain sentence, with the tool's own words behind it where there are any."""
        sentence = DIAGNOSES[self.reason].message
        return f"{sentence} ({self.detail})" if self.detail else sentence


def disk_failure(error: OSError) -> DownloadFailure:
    """What a fault of our own disk means for a download."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return DownloadFailure(Reason.NO_SPACE)
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return DownloadFailure(Reason.TOOL_ERROR, "the media folder cannot be written to")
    return DownloadFailure(Reason.TOOL_ERROR, error.strerror or "a disk error")
