"""What the browser cannot play as it lies: the server remuxes or converts it, and one can jump in it all the same."""

from __future__ import annotations

import httpx
import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Visitor
from tests.e2e.test_library import save
from tests.site import MediaWeb
from tests.support.server import wait_for

pytestmark = pytest.mark.browser

JUMP = 8  # seconds, of twelve


@pytest.mark.parametrize(
    ("name", "element", "decoded"),
    [
        # Chromium has no decoder for AC-3, nor for ALAC; its picture the film keeps.
        ("ac3.mkv", "video", "webkitVideoDecodedByteCount"),
        ("alac.m4a", "audio", "webkitAudioDecodedByteCount"),
    ],
)
def test_what_the_browser_cannot_play_is_converted_while_it_plays(
    ada: Visitor, api: httpx.Client, web: MediaWeb, name: str, element: str, decoded: str
) -> None:
    page = ada.page
    item = save(api, web.url(f"/media/{name}"), title=f"Foreign {name}")
    streams: list[str] = []
    page.on("request", lambda one: streams.append(one.url) if "/stream?" in one.url else None)
    ada.go(f"/library/{item['id']}")
    if element == "video":
        expect(page.get_by_text("The server converts this while it plays.")).to_be_visible()
    page.get_by_role("main").get_by_role("button", name="Play", exact=True).click()
    player = f"document.querySelector('{element}')"
    ada.until(f"{player}?.currentTime > 0.3 && {player}.{decoded} > 0", 30)
    assert page.evaluate(f"{player}.webkitAudioDecodedByteCount") > 0
    assert streams
    assert not any("start=" in url for url in streams)

    page.get_by_role("slider", name="Position").fill(str(JUMP))
    ada.until(f"{player}.currentSrc.includes('start={JUMP}') && {player}.currentTime > 0.3", 30)
    assert int(page.get_by_role("slider", name="Position").input_value()) >= JUMP
    page.get_by_role("button", name="Pause").click()

    def position() -> float:
        seconds: float = api.get(f"/api/v1/items/{item['id']}/playback").json()["position"]
        return seconds

    wait_for(lambda: position() >= JUMP, 15)
    assert page.evaluate(f"{player}.error") is None
