"""Around the library by the page: the trash, the room that things take and what a scan finds, feeds."""

from __future__ import annotations

import httpx
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import Visit
from tests.e2e.looks import Inspector
from tests.library.care.conftest import write_film, write_sound
from tests.support.server import Program

pytestmark = pytest.mark.browser

# What the server does in the background takes as long as the machine is busy.
SCANNED = 60_000


def fill(server: Program) -> None:
    """A song twice, a film, and something that is none."""
    media = server.data_dir / "media"
    for name in ("Album/07 Sinnerman.flac", "Loose/Sinnerman.mp3"):
        write_sound(media / name, title="Sinnerman", artist="Nina Simone")
    write_film(media / "Rain.mp4")
    (media / "broken.mp4").write_bytes(b"not a film")


def row(page: Page, text: str) -> Locator:
    return page.get_by_role("listitem").filter(has_text=text)


def confirm(page: Page, title: str, button: str) -> None:
    dialog = page.get_by_role("dialog", name=title)
    dialog.get_by_role("button", name=button, exact=True).click()
    expect(dialog).to_have_count(0)


@pytest.mark.timeout(300)
def test_storage_trash_and_feeds(fresh_server: Program, visit: Visit) -> None:
    api = fresh_server.client()
    fill(fresh_server)
    inspector = Inspector(visit(on=fresh_server))
    visitor, page = inspector.visitor, inspector.visitor.page

    visitor.go("/library/storage")
    expect(page.get_by_text("Nobody has scanned yet.")).to_be_visible()
    page.get_by_role("button", name="Scan and take in new media").click()
    scans = page.get_by_role("list", name="Scans")
    expect(scans.get_by_text("Done")).to_be_visible(timeout=SCANNED)
    expect(scans).to_contain_text("Taken in3")
    scans.get_by_text("One problem").click()
    expect(scans.get_by_text("The file is not what its name says.")).to_be_visible()
    kinds = page.get_by_role("list", name="By kind")
    expect(kinds.get_by_role("listitem").filter(has_text="Audio")).to_contain_text("2 items")
    expect(kinds.get_by_role("listitem").filter(has_text="Video")).to_contain_text("one item")
    expect(page.get_by_role("button", name="They are two: Sinnerman")).to_be_visible()
    inspector.look_at("storage")
    _make_one_of_two(page, api)

    film = next(item for item in api.get("/api/v1/items").json()["items"] if item["kind"] == "video")
    assert api.delete(f"/api/v1/items/{film['id']}").is_success
    page.get_by_role("link", name="Trash", exact=True).click()
    _take_out_and_delete(page, api, film["id"], film["title"], inspector)

    page.get_by_role("link", name="Feeds", exact=True).click()
    _hand_out_and_take_back(page, inspector)
    api.close()
    assert inspector.faults == [], "\n".join(inspector.faults)


def _make_one_of_two(page: Page, api: httpx.Client) -> None:
    page.get_by_role("button", name="Keep this one").first.click()
    expect(page.get_by_text("“Sinnerman” is one with “Sinnerman” now.")).to_be_visible()
    expect(page.get_by_text("No two songs look or sound the same.")).to_be_visible()
    assert api.get("/api/v1/items?kind=audio").json()["total"] == 1
    page.get_by_role("button", name="Make two of one again: Sinnerman").click()
    expect(page.get_by_text("“Sinnerman” is in the library again.")).to_be_visible()
    assert api.get("/api/v1/items?kind=audio").json()["total"] == 2
    page.get_by_role("button", name="They are two: Sinnerman").click()
    expect(page.get_by_text("No two songs look or sound the same.")).to_be_visible()


def _take_out_and_delete(page: Page, api: httpx.Client, film: int, title: str, inspector: Inspector) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text("Trash")
    expect(page.get_by_text("Things stay here for 14 days")).to_be_visible()
    inspector.look_at("trash")
    page.get_by_role("button", name=f"Restore: {title}").click()
    expect(page.get_by_text("The trash is empty.")).to_be_visible()
    assert api.get(f"/api/v1/items/{film}").is_success

    songs = [item["id"] for item in api.get("/api/v1/items?kind=audio").json()["items"]]
    assert api.post("/api/v1/items/bulk", json={"ids": [film, *songs], "action": "trash"}).is_success
    page.reload()
    page.get_by_role("button", name=f"Delete for ever: {title}").click()
    confirm(page, "Delete this for ever?", "Delete for ever")
    expect(row(page, title)).to_have_count(0)
    expect(page.get_by_text("2 items, ")).to_be_visible()
    page.get_by_role("button", name="Empty the trash").click()
    confirm(page, "Empty the trash?", "Empty the trash")
    expect(page.get_by_text("The trash is empty.")).to_be_visible()
    assert api.get("/api/v1/trash").json()["total"] == 0


def _hand_out_and_take_back(page: Page, inspector: Inspector) -> None:
    address = page.get_by_role("textbox", name="The whole library")
    first = address.input_value()
    assert httpx.get(first).is_success
    page.get_by_role("textbox", name="Words to search for").fill("rain & wind")
    expect(page.get_by_role("textbox", name="Address of this search")).to_have_value(
        first.replace("library.xml", "search.xml?q=rain+%26+wind")
    )
    page.get_by_role("button", name="New token").click()
    dialog = page.get_by_role("dialog", name="New token")
    dialog.get_by_role("textbox", name="Name").fill("Kitchen radio")
    dialog.get_by_role("button", name="Make it").click()
    expect(dialog).to_have_count(0)
    expect(address).not_to_have_value(first)
    second = address.input_value()
    expect(page.get_by_role("textbox", name="Words to search for")).to_have_value("rain & wind")
    assert httpx.get(second).is_success
    assert (
        "<opml" in httpx.get(page.get_by_role("textbox", name="Address of the OPML list").input_value()).text
    )
    inspector.look_at("feeds")

    page.get_by_role("button", name="Revoke: Kitchen radio").click()
    confirm(page, "Revoke this token?", "Revoke")
    expect(row(page, "Kitchen radio")).to_have_count(0)
    expect(address).to_have_value(first)
    assert httpx.get(second).status_code == 404
    assert httpx.get(first).is_success
    # Nobody is left without: another one is there at once.
    page.get_by_role("button", name="Revoke: ").click()
    confirm(page, "Revoke this token?", "Revoke")
    expect(address).not_to_have_value(first)
    expect(page.get_by_role("button", name="Revoke: ")).to_have_count(1)
    assert httpx.get(first).status_code == 404
    assert httpx.get(address.input_value()).is_success
