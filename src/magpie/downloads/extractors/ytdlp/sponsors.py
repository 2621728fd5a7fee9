"""SponsorBlock: which parts of a video its viewers have named as advertising, intros and the like."""

from __future__ import annotations

from typing import Any

from yt_dlp.postprocessor import SponsorBlockPP  # type: ignore[import-untyped]

from magpie.downloads.extractors.port import Request
from magpie.downloads.extractors.ytdlp.downloader import Downloader
from magpie.downloads.extractors.ytdlp.options import sponsor_categories

OPTION = "sponsorblock"  # in `Request.options`: the address of the server that is asked
UNREACHABLE = "sponsorblock_unreachable"  # in the info dictionary


class Sponsors(SponsorBlockPP):  # type: ignore[misc]
    """As yt-dlp's own, but a server that does not answer, or nonsense, fails no download."""

    def run(self, info: dict[str, Any]) -> Any:
        try:
            return super().run(info)
        except Exception as error:  # noqa: BLE001  whatever a third party's answer leads to
            self.report_warning(f"SponsorBlock: {error}")
            info[UNREACHABLE] = True
            self._downloader.forget_limit()
            info.pop("sponsorblock_chapters", None)
            return [], info

    @classmethod
    def pp_key(cls) -> str:
        return "SponsorBlock"


def ask_for_sponsors(downloader: Downloader, request: Request) -> None:
    """Have SponsorBlock asked, through the job's proxy, once the medium is wanted for sure."""
    address = request.options.get(OPTION)
    if categories := sponsor_categories(request.profile):
        if not isinstance(address, str) or not address:
            return
        asking = Sponsors(downloader, categories, address.rstrip("/"))
        downloader.add_post_processor(asking, when="before_dl")
