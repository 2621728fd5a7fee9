"""Collections by the page: put together by hand, kept as a search; and where an item belongs."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from playwright.sync_api import Route, expect

from tests.e2e.conftest import Visitor
from tests.e2e.test_library import save
from tests.site import MediaWeb

pytestmark = pytest.mark.browser


def order(api: httpx.Client, collection: int) -> list[str]:
    items = api.get(f"/api/v1/collections/{collection}/items").json()["items"]
    return [item["title"] for item in items]


def pictures(api: httpx.Client, web: MediaWeb, first: int, *titles: str) -> list[int]:
    return [
        save(api, web.url(f"/files/{number}.jpg"), title=title)["id"]
        for number, title in enumerate(titles, first)
    ]


def test_a_search_is_kept_and_changed(ada: Visitor, api: httpx.Client, web: MediaWeb) -> None:
    page = ada.page
    pictures(api, web, 401, "Lantern red", "Lantern blue")
    ada.go("/library?q=lantern&kind=image")
    page.get_by_role("button", name="Save this search").click()
    dialog = page.get_by_role("dialog", name="Save this search as a collection")
    expect(dialog.get_by_text("With the words “lantern”")).to_be_visible()
    name = dialog.get_by_role("textbox", name="Name of the collection")
    expect(name).to_have_value("lantern")
    name.fill("灯笼")
    dialog.get_by_role("button", name="Save").click()
    page.get_by_role("button", name="Show", exact=True).click()

    expect(page.get_by_role("heading", level=1)).to_have_text("灯笼")
    held = page.get_by_role("list", name="灯笼").get_by_role("listitem")
    expect(held).to_have_count(2)
    expect(page.get_by_role("button", name="Change the order")).to_have_count(0)
    page.get_by_role("button", name="Edit collection").click()
    dialog = page.get_by_role("dialog", name="Edit collection")
    dialog.get_by_role("textbox", name="Words").fill("lantern blue")
    dialog.get_by_role("button", name="Save").click()
    expect(held).to_have_count(1)
    rule = page.get_by_role("list", name="What it looks for")
    expect(rule.get_by_role("listitem")).to_have_text(["With the words “lantern blue”", "Kind: Picture"])
    page.get_by_role("link", name="Search in it").click()
    expect(page.get_by_role("button", name="Without this filter: Collection: 灯笼")).to_be_visible()
    # A search in a collection is none that could be kept.
    expect(page.get_by_role("button", name="Save this search")).to_have_count(0)


def test_a_collection_is_filled_put_in_order_and_emptied(
    ada: Visitor, api: httpx.Client, web: MediaWeb
) -> None:
    page = ada.page
    items = pictures(api, web, 411, "Pane one", "Pane two", "Pane three")
    ada.go("/library/collections")
    page.get_by_role("button", name="A new collection").click()
    dialog = page.get_by_role("dialog", name="A new collection")
    dialog.get_by_role("textbox", name="Name").fill("Window")
    dialog.get_by_role("button", name="Make it").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Window")
    number = int(page.url.rsplit("/", 1)[-1])
    page.get_by_role("link", name="To the library").click()

    for item in ("one", "two", "three"):
        page.get_by_role("checkbox", name=f"Select: Pane {item}").check()
    page.get_by_role("button", name="Add to collection").click()
    dialog = page.get_by_role("dialog", name="Add to collection")
    dialog.get_by_label("Collection").select_option("Window")
    dialog.get_by_role("button", name="Add").click()
    expect(page.get_by_text("3 items are in “Window” now")).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_role("link", name="Collections", exact=True).click()
    page.get_by_role("link", name="Window").click()

    _arrange(ada, api, number)
    held = page.get_by_role("list", name="Window").get_by_role("listitem")
    expect(held).to_have_count(3)
    page.get_by_role("checkbox", name="Select: Pane two").check()
    page.get_by_role("button", name="Take out").click()
    expect(held).to_have_count(2)
    page.get_by_role("button", name="Undo").click()
    expect(held).to_have_count(3)

    ada.go(f"/library/{items[0]}")
    page.get_by_role("link", name="Window").click()
    page.get_by_role("button", name="Delete collection").click()
    dialog = page.get_by_role("dialog", name="Delete this collection?")
    dialog.get_by_role("button", name="Delete collection").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Collections")
    expect(page.get_by_role("link", name="Window")).to_have_count(0)
    assert api.get(f"/api/v1/collections/{number}").status_code == 404
    assert api.get(f"/api/v1/items/{items[0]}").is_success


def _arrange(ada: Visitor, api: httpx.Client, number: int) -> None:
    """By the keyboard, and by dragging."""
    page = ada.page
    assert order(api, number) == ["Pane one", "Pane two", "Pane three"]
    page.get_by_role("button", name="Change the order").click()
    rows = page.get_by_role("list", name="Change the order").get_by_role("listitem")
    with page.expect_response("**/items/*"):
        page.get_by_role("button", name="To the beginning: Pane three").press("Enter")
    expect(rows).to_contain_text(["Pane three", "Pane one", "Pane two"])
    assert order(api, number) == ["Pane three", "Pane one", "Pane two"]
    with page.expect_response("**/items/*"):
        rows.nth(0).get_by_text("Pane three").drag_to(rows.nth(2).get_by_text("Pane two"))
    expect(rows).to_contain_text(["Pane one", "Pane two", "Pane three"])
    assert order(api, number) == ["Pane one", "Pane two", "Pane three"]
    page.get_by_role("button", name="Done").click()


def test_what_was_made_one_is_separated_on_its_screen(ada: Visitor, api: httpx.Client, web: MediaWeb) -> None:
    page = ada.page
    one, other = pictures(api, web, 421, "Twin kept", "Twin gone")
    assert api.post(f"/api/v1/items/{one}/merge", json={"ids": [other]}).is_success
    ada.go(f"/library/{one}")
    page.get_by_role("button", name="Separate: Twin gone").click()
    expect(page.get_by_text("“Twin gone” is in the library again.")).to_be_visible()
    expect(page.get_by_role("list", name="Made one with this")).to_have_count(0)
    assert api.get(f"/api/v1/items/{other}").is_success


def test_what_was_not_counted_to_the_end_is_so_many_and_more(
    ada: Visitor, api: httpx.Client, web: MediaWeb
) -> None:
    page = ada.page
    (one,) = pictures(api, web, 431, "One of many")
    item: dict[str, Any] = api.get(f"/api/v1/items/{one}").json()

    def answer(route: Route) -> None:
        route.fulfill(json={"items": [item], "next_cursor": None, "total": 1000, "total_is_exact": False})

    page.route("**/api/v1/items?*", answer)
    ada.go("/library?q=many")
    expect(page.get_by_text("1,000+ items")).to_be_visible()
    page.get_by_role("checkbox", name="Select: One of many").check()
    page.get_by_role("button", name="Select all").click()
    expect(page.get_by_text("1,000+ selected")).to_be_visible()
