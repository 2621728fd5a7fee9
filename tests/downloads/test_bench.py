"""Listing through a process's own guard and nest."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from magpie.config import Settings
from magpie.downloads.bench import Bench
from magpie.downloads.extractors.listing import ListOrder
from magpie.downloads.failures import DownloadFailure, Reason
from tests.downloads.nest.support import Listening
from tests.site.fixtures import media_folder
from tests.site.web import MediaWeb
from tests.support.tools import lay_tools

__all__ = ["media_folder"]


@pytest.fixture(scope="module")
def web(media_folder: Path) -> Iterator[MediaWeb]:
    with MediaWeb(media_folder) as site:
        yield site


@pytest.fixture(scope="module")
def bench(web: MediaWeb, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    settings = Settings(data_dir=tmp_path_factory.mktemp("data"), egress_allow=f"127.0.0.1:{web.port}")
    lay_tools(settings.data_dir)
    opened = Bench(settings)
    opened.start()
    yield opened
    opened.stop()


def test_a_listing_goes_through_the_guard_with_the_cookies_given(
    bench: Bench, web: MediaWeb, tmp_path: Path
) -> None:
    web.channel("own", 3)
    jar = tmp_path / "cookies.txt"
    jar.write_text("# Netscape HTTP Cookie File\n127.0.0.1\tFALSE\t/\tFALSE\t0\tsession\tmagpie\n")
    heard = Listening()
    order = ListOrder(web.url("/as/cookie/channels/own"), tmp_path / "w")
    listing = bench.list("check-1", order, heard, cookies=jar)
    assert listing.complete
    assert len(heard.entries) == 3
    asked = web.recorder.select("/as/cookie/channels/own")
    assert len(asked) == listing.requests
    assert all(seen.cookies == {"session": "magpie"} for seen in asked)


@pytest.mark.parametrize("url", ["http://10.0.0.1/x", "http://169.254.169.254/", "http://[::1]:1/"])
def test_private_addresses_need_no_process_to_be_refused(bench: Bench, tmp_path: Path, url: str) -> None:
    with pytest.raises(DownloadFailure) as caught:
        bench.list("check-2", ListOrder(url, tmp_path / "w"), Listening())
    assert caught.value.reason is Reason.REFUSED_ADDRESS
    assert not (tmp_path / "w").exists()


def test_a_way_into_the_private_network_is_called_by_its_name(
    bench: Bench, web: MediaWeb, tmp_path: Path
) -> None:
    with pytest.raises(DownloadFailure) as caught:
        bench.list("check-3", ListOrder(web.url("/redirect/forbidden/metadata"), tmp_path / "w"), Listening())
    assert caught.value.reason is Reason.REFUSED_ADDRESS
