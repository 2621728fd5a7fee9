"""The main job by the page: paste an address, see it come in, cancel it, mend it."""

from __future__ import annotations

import re
import time

import httpx
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import Visit, Visitor
from tests.site import MediaWeb

pytestmark = pytest.mark.browser


def box_of(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Addresses to save")


def section(page: Page, name: str) -> Locator:
    return page.get_by_role("region", name=name)


def test_paste_a_link_see_progress_move_and_play_it(ada: Visitor, web: MediaWeb) -> None:
    page = ada.page
    rule = web.behave("/big/*", rate=400_000)
    ada.go("/")
    box_of(page).fill(web.url("/big/3200000.mp4"))
    expect(page.get_by_text("A media file")).to_be_visible(timeout=15_000)
    page.keyboard.press("Enter")
    expect(box_of(page)).to_have_value("")

    progress = section(page, "Running").get_by_role("progressbar")
    seen: set[str] = set()
    deadline = time.monotonic() + 20
    while len(seen) < 4 and time.monotonic() < deadline:
        value = progress.get_attribute("aria-valuenow")
        if value is not None:
            seen.add(value)
        page.wait_for_timeout(200)
    assert len(seen) >= 4, f"the bar showed only {seen}"
    expect(section(page, "Running")).to_contain_text(re.compile(r"of 3\.2 MB.*/s.*left"))

    web.forgive(rule)
    page.get_by_role("link", name="Downloads", exact=True).click()
    row = page.get_by_role("listitem").first
    expect(row).to_contain_text("Done", timeout=30_000)
    title = row.get_by_role("link").inner_text()
    row.get_by_role("link").click()
    page.get_by_role("link", name="Open in the library").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    player = page.locator("video")
    player.evaluate("player => { player.muted = true; return player.play() }")
    ada.until("document.querySelector('video').currentTime > 0.3")
    expect(page.get_by_role("link", name=web.url("/big/3200000.mp4"))).to_be_visible()


def test_cancel_a_slow_one(ada: Visitor, web: MediaWeb) -> None:
    page = ada.page
    web.behave("/big/*", rate=50_000)
    page.emulate_media(reduced_motion="reduce")
    ada.go("/")
    box_of(page).fill(web.url("/big/9000001.mp4"))
    page.get_by_role("button", name="Save").click()
    row = section(page, "Running").get_by_role("listitem").filter(has_text="9000001")
    expect(row.get_by_role("progressbar")).to_have_attribute(
        "aria-valuenow", re.compile(r"\d+"), timeout=20_000
    )
    moving = "document.getAnimations().filter(each => each.playState === 'running').length"
    assert page.evaluate(moving) == 0, "asked for less motion, and something moves"
    row.get_by_role("button", name=re.compile("^Cancel")).click()
    expect(row).to_have_count(0, timeout=4_000)
    page.get_by_role("link", name="Downloads", exact=True).click()
    page.get_by_role("link", name="Cancelled").click()
    cancelled = page.get_by_role("listitem").filter(has_text="9000001")
    expect(cancelled.get_by_role("button", name=re.compile("^Retry"))).to_be_visible()
    web.wait_until_idle()


def test_a_failure_says_why_in_both_languages_and_retry_mends_it(visit: Visit, web: MediaWeb) -> None:
    ada = visit()
    page = ada.page
    rule = web.behave("/media/other.mp4", status=404)
    ada.go("/")
    box_of(page).fill(web.url("/media/other.mp4"))
    page.keyboard.press("Enter")
    row = section(page, "Wants your attention").get_by_role("listitem").filter(has_text="other.mp4")
    expect(row).to_contain_text("there is nothing at this address (404)", timeout=30_000)
    expect(row).to_contain_text("Check the address in a browser.")

    chinese = visit(language="zh-CN")
    chinese.go("/")
    told = section(chinese.page, "需要您处理").get_by_role("listitem").filter(has_text="other.mp4")
    expect(told).to_contain_text("网站表示该地址下没有内容（404）。")

    web.forgive(rule)
    row.get_by_role("button", name=re.compile("^Retry")).click()
    expect(row).to_have_count(0)
    # The other browser hears of it without being asked.
    expect(told).to_have_count(0)
    page.get_by_role("link", name="Downloads", exact=True).click()
    done = page.get_by_role("listitem").filter(has_text=re.compile("other", re.IGNORECASE)).first
    expect(done).to_contain_text("Done", timeout=30_000)


def test_several_links_in_a_share_text_become_a_download_each(ada: Visitor, web: MediaWeb) -> None:
    page = ada.page
    ada.go("/")
    one, two = web.url("/files/101.mp4"), web.url("/files/102.jpg")
    box_of(page).fill(f"看看这个：{one}，还有 [那个]({two})。")
    expect(page.get_by_role("button", name="Save 2 links")).to_be_enabled()
    page.get_by_role("button", name="Save 2 links").click()
    expect(page.get_by_role("status").filter(has_text="2 downloads started")).to_be_visible()
    expect(box_of(page)).to_have_value("")


def test_what_the_server_refuses_stays_in_the_box_with_the_reason(visit: Visit, web: MediaWeb) -> None:
    ada = visit()
    page = ada.page
    ada.go("/")
    good = web.url("/files/103.mp4")
    refused = "http://user:secret@media.invalid/x"
    refusal = {
        "detail": "Validation Error",
        "errors": [{"loc": ["url"], "msg": "No passwords, please.", "type": "x"}],
    }
    page.route(
        "**/api/v1/downloads",
        lambda route: (
            route.fulfill(status=400, json=refusal)
            if route.request.method == "POST" and "secret" in (route.request.post_data or "")
            else route.continue_()
        ),
    )
    box_of(page).fill(f"{good}\n{refused}")
    page.keyboard.press("Enter")
    expect(page.get_by_text("No passwords, please.")).to_be_visible()
    expect(box_of(page)).to_have_value(refused)


def test_words_without_a_link_are_told_so(ada: Visitor) -> None:
    ada.go("/")
    box_of(ada.page).fill("that song from yesterday")
    expect(ada.page.get_by_text("There is no link in this yet.")).to_be_visible()
    expect(ada.page.get_by_role("button", name="Save")).to_be_disabled()
    ada.page.reload()
    expect(box_of(ada.page)).to_have_value("that song from yesterday")


def test_what_a_program_starts_shows_up_without_a_reload(
    ada: Visitor, api: httpx.Client, web: MediaWeb
) -> None:
    web.behave("/big/*", rate=50_000)
    ada.go("/")
    expect(section(ada.page, "Running")).to_be_visible()
    answer = api.post("/api/v1/downloads", json={"url": web.url("/big/7000001.mp4")}).json()
    row = section(ada.page, "Running").get_by_role("listitem").filter(has_text="7000001")
    expect(row).to_be_visible(timeout=5_000)
    api.post(f"/api/v1/downloads/{answer['id']}/cancel")
    expect(row).to_have_count(0, timeout=5_000)


def test_the_keyboard_reaches_the_box_from_everywhere(ada: Visitor) -> None:
    page = ada.page
    ada.go("/library")
    page.keyboard.press("Control+k")
    expect(box_of(page)).to_be_focused()
    page.get_by_role("button", name="Menu of ada").press("Enter")
    expect(page.get_by_role("group", name="Menu of ada")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("group", name="Menu of ada")).to_have_count(0)
    expect(page.get_by_role("button", name="Menu of ada")).to_be_focused()


def test_a_lost_connection_is_told_and_mends_itself(visit: Visit) -> None:
    # The browser notes every refused connection: that is what this is about.
    ada = visit(tolerant=True)
    ada.page.add_init_script("""
        window.sockets = [];
        const Real = WebSocket;
        window.WebSocket = class extends Real {
            constructor(...all) { super(window.cut ? `${all[0]}-cut` : all[0]); window.sockets.push(this); }
        };
    """)
    ada.go("/")
    ada.until("window.sockets.some(socket => socket.readyState === 1)")
    ada.page.evaluate("window.cut = true; window.sockets.forEach(socket => socket.close())")
    expect(ada.page.get_by_text("Connection lost. Reconnecting…")).to_be_visible(timeout=8_000)
    ada.page.evaluate("window.cut = false; dispatchEvent(new Event('online'))")
    expect(ada.page.get_by_text("Connection lost. Reconnecting…")).to_have_count(0)


def test_a_server_that_is_away_at_first_is_told_and_tried_again(visit: Visit) -> None:
    # The browser notes the requests that get no answer: that is what this is about.
    ada = visit(tolerant=True)
    ada.page.route("**/auth/me", lambda route: route.abort())
    ada.page.goto(f"{ada.server.url}/library")
    expect(ada.page.get_by_role("alert")).to_contain_text("The server cannot be reached.", timeout=20_000)
    ada.page.unroute("**/auth/me")
    ada.page.get_by_role("button", name="Try again").click()
    expect(ada.page.get_by_role("heading", name="Library")).to_be_visible()
