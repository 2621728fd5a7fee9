"""The library by the page: the wall, the search, an item's own screen."""

from __future__ import annotations

import json
import time
from typing import Any
from urllib.parse import parse_qs, urlsplit
from zipfile import ZipFile

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
    page.get_by_role("main").get_by_role("button", name="Play", exact=True).click()
    ada.until("document.querySelector('audio')?.currentTime > 0.2")

    with page.expect_download() as saved:
        page.get_by_role("link", name=f"Download {song['files'][0]['path'].rsplit('/', 1)[-1]}").click()
    assert saved.value.path().stat().st_size == song["files"][0]["size"]
    # The way back finds the search as it was left.
    page.go_back()
    expect(page.get_by_role("searchbox")).to_have_value("feather")


def test_what_is_deleted_lies_in_the_trash_and_comes_back_by_one_click(
    ada: Visitor, api: httpx.Client, web: MediaWeb
) -> None:
    page = ada.page
    item = save(api, web.url("/files/201.mp4"), title="To be forgotten")
    ada.go(f"/library/{item['id']}")
    page.get_by_role("button", name="Move to trash").click()
    expect(page.get_by_role("heading", name="Library")).to_be_visible()
    expect(page.get_by_role("link", name="To be forgotten")).to_have_count(0)
    assert api.get(f"/api/v1/items/{item['id']}").status_code == 404

    page.get_by_role("status").filter(has_text="One item is in the trash").get_by_role(
        "button", name="Undo"
    ).click()
    expect(page.get_by_role("link", name="To be forgotten")).to_be_visible()
    assert api.get(f"/api/v1/items/{item['id']}").is_success


def test_many_are_chosen_by_mouse_and_keyboard_and_dealt_with_at_once(
    ada: Visitor, api: httpx.Client, web: MediaWeb
) -> None:
    page = ada.page
    items = [save(api, web.url(f"/files/{number}.jpg"), title=f"Heap {number}") for number in range(301, 305)]
    ada.go("/library?q=heap&sort=oldest")
    wall = page.get_by_role("list", name="Library")
    expect(wall.get_by_role("listitem")).to_have_count(4)
    bar = page.get_by_role("group", name="Selected items")

    wall.get_by_role("link", name="Heap 301").click(modifiers=["Control"])
    wall.get_by_role("link", name="Heap 303").click(modifiers=["Shift"])
    expect(bar.get_by_role("status")).to_have_text("3 selected")
    page.keyboard.press("Escape")
    expect(bar).to_have_count(0)
    page.get_by_role("checkbox", name="Select: Heap 302").focus()
    page.keyboard.press("Space")
    expect(bar.get_by_role("status")).to_have_text("One selected")
    # A plain click chooses now, and does not lead away.
    wall.get_by_role("link", name="Heap 303").click()
    expect(bar.get_by_role("status")).to_have_text("2 selected")

    bar.get_by_role("button", name="Favourite").click()
    expect(wall.get_by_role("listitem").filter(has_text="Favourite")).to_have_count(2)
    bar.get_by_role("button", name="Tag").click()
    dialog = page.get_by_role("dialog", name="Tag")
    dialog.get_by_label("New tag").press_sequentially("wet, late night")
    dialog.get_by_role("button", name="Add tags").click()
    expect(dialog).to_have_count(0)
    bar.get_by_role("button", name="Add to collection").click()
    dialog = page.get_by_role("dialog", name="Add to collection")
    dialog.get_by_label("Collection", exact=True).select_option("A new collection")
    dialog.get_by_label("Name of the collection").fill("Heaps of two")
    dialog.get_by_role("button", name="Add").click()
    expect(page.get_by_text("2 items are in “Heaps of two” now")).to_be_visible()
    with page.expect_download() as saved:
        bar.get_by_role("button", name="Download").click()
    with ZipFile(saved.value.path()) as archive:
        assert len(archive.namelist()) >= 2

    one = api.get(f"/api/v1/items/{items[1]['id']}").json()
    assert (one["is_favourite"], one["tags"]) == (True, ["late night", "wet"])
    bar.get_by_role("button", name="Move to trash").click()
    expect(wall.get_by_role("listitem")).to_have_count(2)
    page.get_by_role("button", name="Undo").click()
    expect(wall.get_by_role("listitem")).to_have_count(4)


def test_filters_order_and_view_are_in_the_address(ada: Visitor, api: httpx.Client, web: MediaWeb) -> None:
    page = ada.page
    for number, (title, tags) in enumerate(
        [("Pebble b", ["flat"]), ("Pebble a", ["flat"]), ("Pebble c", [])]
    ):
        item = save(api, web.url(f"/files/{311 + number}.jpg"), title=title)
        api.put(f"/api/v1/items/{item['id']}/tags", json={"tags": tags})
    ada.go("/library?q=pebble")
    wall = page.get_by_role("list", name="Library")
    expect(wall.get_by_role("listitem")).to_have_count(3)
    page.get_by_role("button", name="Filters").click()
    page.get_by_label("Tag", exact=True).select_option("flat")
    expect(wall.get_by_role("listitem")).to_have_count(2)
    page.get_by_label("Order").select_option("Title")
    expect(wall.get_by_role("listitem").first).to_contain_text("Pebble a")
    page.get_by_text("List", exact=True).click()
    ada.until("location.search.includes('view=list')")
    page.reload()
    expect(wall.get_by_role("listitem")).to_have_count(2)
    expect(wall.get_by_role("listitem").first).to_contain_text("Pebble a")
    page.get_by_role("button", name="Without this filter: Tag: flat").click()
    expect(wall.get_by_role("listitem")).to_have_count(3)


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
        body = {"items": items, "next_cursor": following, "total": 10_000, "total_is_exact": True}
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


def test_the_player_stays_while_one_goes_elsewhere_and_has_a_queue(
    ada: Visitor, api: httpx.Client, web: MediaWeb
) -> None:
    page = ada.page
    for name in ("one", "two"):
        save(
            api,
            web.url(f"/media/song.mp3?{name}"),
            profile="audio",
            title=f"Roundelay {name}",
            artist="The Rooks",
        )
    ada.go("/library?q=roundelay&sort=oldest")
    wall, chosen = page.get_by_role("list", name="Library"), page.get_by_role("group", name="Selected items")
    for name in ("one", "two"):
        wall.get_by_role("checkbox", name=f"Select: Roundelay {name}").check()
    chosen.get_by_role("button", name="Play").click()
    page.keyboard.press("Escape")
    page.get_by_role("list", name="Library").get_by_role("link", name="Roundelay one").click()
    content, player = page.get_by_role("main"), page.get_by_role("region", name="Player")
    content.get_by_role("button", name="Play", exact=True).click()
    player.get_by_role("button", name="Queue").click()
    expect(page.get_by_role("dialog", name="Queue").get_by_role("listitem")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(player.get_by_text("Roundelay one")).to_be_visible()
    ada.until("document.querySelector('audio')?.currentTime > 0.2")
    assert page.evaluate("navigator.mediaSession.metadata.title") == "Roundelay one"

    page.go_back()
    page.get_by_role("list", name="Library").get_by_role("link", name="Roundelay two").click()
    content.get_by_role("button", name="Add to queue").click()
    ada.until("!document.querySelector('audio').paused")
    player.get_by_role("button", name="Queue").click()
    dialog = page.get_by_role("dialog", name="Queue")
    expect(dialog.get_by_role("listitem")).to_have_count(2)
    dialog.get_by_role("button", name="Move up: Roundelay two").click()
    expect(dialog.get_by_role("listitem").first).to_contain_text("Roundelay two")
    page.keyboard.press("Escape")
    player.get_by_role("button", name="Repeat: off").click()
    player.get_by_role("button", name="Next track").click()
    expect(player.get_by_text("Roundelay two")).to_be_visible()
    player.get_by_role("button", name="Pause").click()
    expect(player.get_by_role("button", name="Play", exact=True)).to_be_visible()
    player.get_by_role("button", name="Close the player").click()
    expect(player).to_have_count(0)


def test_an_item_is_loved_kept_and_tagged_on_its_screen(
    ada: Visitor, api: httpx.Client, web: MediaWeb
) -> None:
    page = ada.page
    item = save(api, web.url("/files/321.mp4"), title="A keeper")
    ada.go(f"/library/{item['id']}")
    page.get_by_role("button", name="Favourite").click()
    expect(page.get_by_role("button", name="Favourite")).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="Keep").click()
    expect(page.get_by_role("button", name="Keep")).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="Edit tags").click()
    dialog = page.get_by_role("dialog", name="Tags")
    dialog.get_by_label("New tag").press_sequentially("晴天，")
    expect(dialog.get_by_role("button", name="Remove: 晴天")).to_be_visible()
    dialog.get_by_role("button", name="Save tags").click()
    expect(page.get_by_role("link", name="晴天")).to_be_visible()
    now = api.get(f"/api/v1/items/{item['id']}").json()
    assert (now["is_favourite"], now["pinned"], now["tags"]) == (True, True, ["晴天"])


def test_a_video_goes_on_where_it_was_left(ada: Visitor, api: httpx.Client, web: MediaWeb) -> None:
    page = ada.page
    item = save(api, web.url("/media/clip.mp4?left"), title="Left in the middle")

    def is_saved() -> bool:
        return bool(api.get(f"/api/v1/items/{item['id']}/playback").json()["position"] > 1)

    ada.go(f"/library/{item['id']}")
    player = page.locator("video")
    ada.until("document.querySelector('video')?.readyState > 1")
    player.evaluate("player => { player.muted = true; return player.play() }")
    ada.until("document.querySelector('video').currentTime > 1.5")
    player.evaluate("player => player.pause()")
    wait_for(is_saved, 15)
