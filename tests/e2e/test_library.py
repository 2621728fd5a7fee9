"""The library by the page: the wall, the search, an item's own screen."""

from __future__ import annotations

import json
import time
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from playwright.sync_api import Route, expect

from tests.e2e.conftest import Visitor
from tests.site import MediaWeb
from tests.support.server import wait_for

pytestmark = pytest.mark.browser


def save(api: httpx.Client, url: str, **wanted: str) -> dict[str, Any]:
    """Save an address and wait for it; the item that came of it."""
    download = api.post("/api/v1/downloads", json={"url": url, **wanted}).json()

    def ended() -> dict[str, Any] | None:
        now: dict[str, Any] = api.get(f"/api/v1/downloads/{download['id']}").json()
        return now if now["status"] not in {"pending", "downloading"} else None

    done = wait_for(ended, 60)
    assert done["status"] == "completed", done
    item: dict[str, Any] = api.get(f"/api/v1/items/{done['item_id']}").json()
    return item


def test_search_filter_and_play_a_song(ada: Visitor, api: httpx.Client, web: MediaWeb) -> None:
    page = ada.page
    song = save(api, web.url("/media/song.mp3"), profile="audio", title="Feather dance", artist="The Rooks")
    save(api, web.url("/media/clip.mp4"), title="River walk")
    ada.go("/library")
    wall = page.get_by_role("list", name="Library")
    expect(wall.get_by_role("link", name="River walk")).to_be_visible()

    page.get_by_role("link", name="Audio", exact=True).click()
    expect(wall.get_by_role("link", name="River walk")).to_have_count(0)
    expect(wall.get_by_role("link", name="Feather dance")).to_be_visible()

    page.get_by_role("searchbox", name="Search the library").fill("no such thing")
    expect(page.get_by_text("Nothing fits this search.")).to_be_visible()
    page.get_by_role("link", name="Show everything").click()
    expect(page.get_by_role("searchbox")).to_have_value("")

    page.get_by_role("searchbox").fill("feather")
    expect(wall.get_by_role("listitem")).to_have_count(1)
    wall.get_by_role("link", name="Feather dance").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Feather dance")
    expect(page.get_by_text("The Rooks")).to_be_visible()
    page.locator("audio").evaluate("player => { player.muted = true; return player.play() }")
    ada.until("document.querySelector('audio').currentTime > 0.2")

    with page.expect_download() as saved:
        page.get_by_role("link", name=f"Download {song['files'][0]['path'].rsplit('/', 1)[-1]}").click()
    assert saved.value.path().stat().st_size == song["files"][0]["size"]
    # The way back finds the search as it was left.
    page.go_back()
    expect(page.get_by_role("searchbox")).to_have_value("feather")


def test_delete_asks_first_and_takes_the_item_off_the_wall(
    ada: Visitor, api: httpx.Client, web: MediaWeb
) -> None:
    page = ada.page
    item = save(api, web.url("/files/201.mp4"), title="To be forgotten")
    ada.go(f"/library/{item['id']}")
    page.get_by_role("button", name="Delete").click()
    dialog = page.get_by_role("dialog", name="Delete this item?")
    expect(dialog.get_by_role("button", name="Keep it")).to_be_focused()
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(page.get_by_role("button", name="Delete")).to_be_focused()

    page.get_by_role("button", name="Delete").click()
    dialog.get_by_role("button", name="Delete it").click()
    expect(page.get_by_role("heading", name="Library")).to_be_visible()
    expect(page.get_by_role("status").filter(has_text="Deleted: To be forgotten")).to_be_visible()
    expect(page.get_by_role("link", name="To be forgotten")).to_have_count(0)
    assert api.get(f"/api/v1/items/{item['id']}").status_code == 404


def test_a_gallery_opens_large_and_turns_by_arrow_keys(
    ada: Visitor, api: httpx.Client, web: MediaWeb
) -> None:
    page = ada.page
    item = save(api, web.url("/gallery-of/5"))
    assert item["kind"] == "gallery"
    ada.go(f"/library/{item['id']}")
    page.get_by_role("button", name="Enlarge picture 1 of 5").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("img", name="Picture 1 of 5")).to_be_visible()
    page.keyboard.press("ArrowLeft")
    expect(dialog.get_by_role("img", name="Picture 5 of 5")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Enlarge picture 1 of 5")).to_be_focused()


def ten_thousand(template: dict[str, Any]) -> Any:
    """Answers for a library of 10,000 items, in pages longer than the server's: each takes a while to get through here."""
    limit = 500

    def answer(route: Route) -> None:
        query = parse_qs(urlsplit(route.request.url).query)
        first = int(query.get("cursor", ["0"])[0])
        items = [
            {**template, "id": 100_000 + n, "title": f"Item {n}"}
            for n in range(first, min(first + limit, 10_000))
        ]
        following = str(first + limit) if first + limit < 10_000 else None
        body = {"items": items, "next_cursor": following, "total": 10_000}
        route.fulfill(body=json.dumps(body), content_type="application/json")

    return answer


def test_a_wall_of_ten_thousand_stays_light(ada: Visitor, api: httpx.Client, web: MediaWeb) -> None:
    page = ada.page
    template = save(api, web.url("/files/202.jpg"))
    page.route("**/api/v1/items?*", ten_thousand(template))
    ada.go("/library")
    wall = page.get_by_role("list", name="Library")
    expect(page.get_by_text("10,000 items")).to_be_visible()
    expect(wall.get_by_role("link", name="Item 0", exact=False).first).to_be_visible()
    deadline = time.monotonic() + 60
    while page.get_by_text("That is all.").count() == 0 and time.monotonic() < deadline:
        page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
        page.wait_for_timeout(30)
    expect(page.get_by_text("That is all.")).to_be_visible()
    page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    last = wall.get_by_role("listitem").last
    expect(last).to_contain_text("Item 9999")
    expect(last).to_have_attribute("aria-posinset", "10000")
    assert wall.get_by_role("listitem").count() < 120
