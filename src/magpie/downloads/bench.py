"""Where media are fetched: the egress guard, the fork server and the outside programs, ready for use."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from magpie.config import Settings
from magpie.downloads.extractors.listing import ListHandler, Listing, ListOrder
from magpie.downloads.extractors.port import Profile, Request, Saved
from magpie.downloads.failures import DIAGNOSES, DownloadFailure, Reason
from magpie.downloads.nest.client import JobHandler, Nest
from magpie.downloads.schemas import Inspection
from magpie.downloads.sites import site_of
from magpie.downloads.tools import find_tools
from magpie.kit.egress import EgressAccess, EgressGuard, EgressPolicy, EgressRefused
from magpie.plugins import plugins

GIGABYTE = 10**9
# How a refusal by the guard looks to a tool: it only sees a connection that did not come about.
_LOOKS_REFUSED = (Reason.NETWORK, Reason.FORBIDDEN, Reason.TOOL_ERROR, Reason.SITE_ERROR, Reason.UNSUPPORTED)


def _policy(settings: Settings) -> EgressPolicy:
    return EgressPolicy([entry for entry in settings.egress_allow.split(",") if entry.strip()])


# What can be done with an address of each kind; with others: saved.
_VERBS: dict[str, list[str]] = {"unsupported": [], "list": ["save", "follow"], "gallery": ["save", "follow"]}


@contextmanager
def _refusals_named(access: EgressAccess) -> Iterator[None]:
    """A tool's failure is called by its cause where the guard has refused a connection."""
    try:
        yield
    except DownloadFailure as failure:
        if access.refusals and failure.reason in _LOOKS_REFUSED:
            raise DownloadFailure(Reason.REFUSED_ADDRESS) from failure
        raise


def kept_in(settings: Settings) -> Path:
    """Where the fork server keeps what it need not work out again. Absolute: it may stand in another folder."""
    return settings.data_dir.absolute() / "cache" / "tools"


class Bench:
    """One process's means to fetch media."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.tools = find_tools(settings.ffmpeg)
        self._policy = _policy(settings)
        self._guard = EgressGuard(self._policy, upstream_proxy=settings.proxy or None)
        # Who saves into a folder without ever having had a library gets no data folder for it.
        keep_in = kept_in(settings) if settings.data_dir.is_dir() else None
        self.nest = Nest(keep_in=keep_in, inactivity_seconds=settings.stall_timeout_seconds)

    def reconfigure(self, settings: Settings) -> None:
        """Take other settings for what begins from now on; connections to sites follow new egress rules at once."""
        new = (settings.egress_allow, settings.proxy)
        if new != (self._settings.egress_allow, self._settings.proxy):
            policy = _policy(settings)
            self._guard.reconfigure(policy, settings.proxy or None)
            self._policy = policy
        self.nest.inactivity_seconds = settings.stall_timeout_seconds
        self._settings = settings

    def start(self) -> None:
        """Ready for work. The fork server starts with the first job, or when it is warmed: idle, it would only
        cost memory."""
        self._guard.start()

    def warm(self) -> None:
        """Somebody is looking and may want something soon: have the fork server ready."""
        self.nest.start()

    def stop(self) -> None:
        self.nest.stop()
        self._guard.stop()

    def fetch(
        self,
        job_id: str,
        url: str,
        profile: Profile,
        workdir: Path,
        handler: JobHandler,
        *,
        title: str | None = None,
        artist: str | None = None,
        hints: dict[str, Any] | None = None,
        cookies: Path | None = None,
    ) -> Saved:
        """Fetch one medium into `workdir`. `hints`: as in `Request`; `cookies`: a Netscape file for this job
        only. Raises as `Nest.run` does."""
        settings = self._settings
        self._refuse_early(url)
        with self._guard.pass_for(job_id) as access:
            request = Request(
                url=url,
                profile=profile,
                workdir=workdir,
                proxy=access.url,
                ffmpeg=self.tools.ffmpeg,
                ffprobe=self.tools.ffprobe,
                deno=self.tools.deno,
                title=title,
                artist=artist,
                hints=hints or {},
                cookies=cookies,
                max_bytes=int(settings.max_file_gb * GIGABYTE) or None,
                options={"sponsorblock": settings.sponsorblock_url},
            )
            with _refusals_named(access):
                return self.nest.run(request, handler, memory_mb=settings.job_memory_mb, job_id=job_id)

    def list(
        self,
        job_id: str,
        order: ListOrder,
        handler: ListHandler,
        *,
        cookies: Path | None = None,
        kin: str | None = None,
    ) -> Listing:
        """List what is at an address. `order` without proxy and tools: they are filled in here. `kin` and what is
        raised: as in `Nest.list`."""
        self._refuse_early(order.url)
        with self._guard.pass_for(job_id) as access:
            whole = replace(order, proxy=access.url, deno=self.tools.deno, cookies=cookies or order.cookies)
            with _refusals_named(access):
                memory_mb = self._settings.job_memory_mb
                return self.nest.list(whole, handler, memory_mb=memory_mb, job_id=job_id, kin=kin)

    @contextmanager
    def way_out(self, job_id: str, url: str | None = None) -> Iterator[EgressAccess]:
        """A pass through the guard for what this process, or one that it starts, asks for by itself. Raises
        DownloadFailure for an address that no rule allows, where the address is known beforehand."""
        if url is not None:
            self._refuse_early(url)
        with self._guard.pass_for(job_id) as access, _refusals_named(access):
            yield access

    def _refuse_early(self, url: str) -> None:
        """Addresses that no rule allows need no process to be refused."""
        try:
            self._policy.check_url(url)
        except EgressRefused as refusal:
            raise DownloadFailure(Reason.REFUSED_ADDRESS, str(refusal)) from refusal

    def inspect(self, url: str) -> Inspection:
        """What an address is, within about a second. Never raises for what the address is."""
        try:
            self._refuse_early(url)
            with self._guard.pass_for("inspect") as access:
                found = self.nest.inspect(url, access.url)
        except DownloadFailure as failure:
            # What could not be looked at in so short a time may still be savable; a private address is not.
            kind = "unsupported" if failure.reason is Reason.REFUSED_ADDRESS else "page"
            return self._inspection(url, kind, reason=failure.reason)
        reason = Reason.UNSUPPORTED if found["kind"] == "unsupported" else None
        return self._inspection(url, found["kind"], found.get("extractor"), found.get("title"), reason)

    @staticmethod
    def _inspection(
        url: str,
        kind: str,
        extractor: str | None = None,
        title: str | None = None,
        reason: Reason | None = None,
    ) -> Inspection:
        return Inspection.model_validate(
            {
                "url": url,
                "site": site_of(url, plugins().sites),
                "kind": kind,
                "extractor": extractor,
                "title": title,
                "verbs": _VERBS.get(kind, ["save"]),
                "reason": reason,
                "message": DIAGNOSES[reason].message if reason else None,
            }
        )
