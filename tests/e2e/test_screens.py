"""Every screen in every look: axe finds nothing, and nothing is wider than the window.

Pictures of what is wrong, or of everything with `MAGPIE_TEST_LOOKS=all`, go to `test-results/screens`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Visit
from tests.e2e.looks import Inspector
from tests.e2e.test_library import save
from tests.site import MediaWeb
from tests.support.server import PASSWORD, Program, wait_for

pytestmark = pytest.mark.browser


@pytest.fixture
def inspector(visit: Visit) -> Iterator[Inspector]:
    """The signed-in user, who looks at everything and then says what was wrong."""
    inspector = Inspector(visit())
    yield inspector
    assert inspector.faults == [], "\n".join(inspector.faults)


@pytest.fixture(scope="module")
def furnished(server: Program, media_folder: Path) -> dict[str, int]:
    """A bit of everything: the numbers of a video, a song, a gallery and a failed download."""
    client: httpx.Client = server.client()
    with MediaWeb(media_folder) as web:
        made = {
            "video": save(client, web.url("/media/clip.mp4"), title="河畔散步 — a walk along the river")[
                "id"
            ],
            "audio": save(
                client, web.url("/media/song.mp3"), profile="audio", title="晴天", artist="The Rooks"
            )["id"],
            "gallery": save(client, web.url("/gallery-of/7"))["id"],
        }
        failed = client.post("/api/v1/downloads", json={"url": web.url("/status/404")}).json()["id"]
        wait_for(lambda: client.get(f"/api/v1/downloads/{failed}").json()["status"] == "failed", 30)
    client.close()
    return {**made, "failed": failed}


@pytest.mark.timeout(240)
def test_before_the_login_and_while_all_is_empty(fresh_server: Program, visit: Visit) -> None:
    inspector = Inspector(visit(on=fresh_server, signed_in=False))
    visitor, page = inspector.visitor, inspector.visitor.page
    visitor.go("/")
    inspector.look_at("signup")
    page.locator("button[type=submit]").click()
    inspector.look_at("signup-faults")
    fresh_server.client().close()
    visitor.go("/login")
    inspector.look_at("login")
    for name, path in (("forgot", "/forgot"), ("reset", "/reset?token=from-a-mail")):
        inspector.go(path)
        inspector.look_at(name)
    inspector.go("/welcome")
    inspector.look_at("registration-closed")
    inspector.go("/login")
    page.locator("input[name=username]").fill("ada")
    page.locator("input[name=password]").fill("wrong")
    page.locator("button[type=submit]").click()
    page.get_by_role("alert").wait_for()
    inspector.look_at("login-wrong")

    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("button[type=submit]").click()
    page.locator("#the-one-box").wait_for()
    # The schedule makes the first one soon.
    page.route("**/api/v1/backups", lambda route: route.fulfill(json={"backups": []}))
    for name, path in (
        ("home", "/"),
        ("downloads", "/downloads"),
        ("library", "/library"),
        ("collections", "/library/collections"),
        ("backups", "/admin/backups"),
    ):
        inspector.go(path)
        inspector.look_at(f"empty-{name}")
    inspector.go("/setup")
    inspector.look_at("setup")
    assert inspector.faults == [], "\n".join(inspector.faults)


@pytest.mark.timeout(240)
def test_home_and_downloads(inspector: Inspector, furnished: dict[str, int], web: MediaWeb) -> None:
    visitor, page = inspector.visitor, inspector.visitor.page
    web.behave("/big/*", rate=60_000)
    visitor.go("/")
    box = page.locator("#the-one-box")
    box.fill(web.url("/big/60000003.mp4"))
    box.press("Enter")
    page.get_by_role("progressbar").first.wait_for()
    with page.expect_response(lambda answer: "10.0.0.1" in (answer.request.post_data or "")):
        box.fill(f"{web.url('/media/clip.mp4')} {web.url('/gallery-of/7')} http://10.0.0.1/x")
    expect(page.locator("form li svg")).to_have_count(3)
    inspector.look_at("home")
    page.locator("header button[aria-expanded]").click()
    inspector.look_at("menu")

    inspector.go("/downloads")
    page.locator("main li").first.wait_for()
    inspector.look_at("downloads")
    page.locator("main li button").first.click()  # cancels the slow one
    inspector.go("/downloads?status=skipped")
    inspector.look_at("downloads-none")
    inspector.go(f"/downloads/{furnished['failed']}")
    page.locator("dl").wait_for()
    inspector.look_at("download-failed")
    inspector.go("/downloads/999999")
    page.locator("a[href='/downloads']").first.wait_for()
    inspector.look_at("download-gone")
    visitor.go("/no/such/page")
    inspector.look_at("not-found")


@pytest.mark.timeout(240)
def test_library(inspector: Inspector, furnished: dict[str, int]) -> None:
    visitor, page = inspector.visitor, inspector.visitor.page
    visitor.go("/library")
    page.get_by_role("listitem").first.wait_for()
    inspector.look_at("library")
    inspector.go("/library?q=nothing-like-it")
    inspector.look_at("library-none")
    for kind in ("video", "audio", "gallery"):
        inspector.go(f"/library/{furnished[kind]}")
        page.locator("dl").first.wait_for()
        inspector.look_at(f"item-{kind}")
    page.locator("main li button").first.click()
    page.get_by_role("dialog").wait_for()
    inspector.look_at("gallery-large")
    page.keyboard.press("Escape")


@pytest.mark.timeout(240)
def test_finding_choosing_and_playing(
    inspector: Inspector, furnished: dict[str, int], api: httpx.Client
) -> None:
    visitor, page = inspector.visitor, inspector.visitor.page
    song = furnished["audio"]
    api.put(f"/api/v1/items/{song}/tags", json={"tags": ["雨", "late night"]})
    api.put(f"/api/v1/items/{song}/favourite", json={"is_favourite": True})
    visitor.go("/library?view=list&tag=雨")
    page.get_by_role("listitem").first.wait_for()
    page.locator("main button[aria-expanded]").click()
    page.locator("main select").last.wait_for()
    inspector.look_at("library-list")
    inspector.go("/library")
    page.get_by_role("listitem").first.wait_for()
    page.get_by_role("checkbox").first.check()
    inspector.look_at("library-chosen")
    bar = page.locator("main [role=group] button")
    for number, name in ((2, "tags"), (3, "collect")):
        bar.nth(number).click()
        page.locator("dialog input, dialog select").first.wait_for()
        inspector.look_at(f"library-{name}")
        page.keyboard.press("Escape")
    inspector.go(f"/library/{song}")
    page.locator("dl").first.wait_for()
    page.locator("main button svg.tabler-icon-player-play").click()
    player = page.locator("[data-player]")
    visitor.until("document.querySelector('audio')?.currentTime > 0.1")
    player.get_by_role("button").nth(1).click()
    inspector.look_at("player")
    player.get_by_role("button").nth(-2).click()
    page.get_by_role("dialog").wait_for()
    inspector.look_at("player-queue")


@pytest.fixture
def collected(furnished: dict[str, int], server: Program) -> dict[str, int]:
    """One collection by hand, one search, a long name, and two things that were made one."""
    with closing(server.client()) as api, MediaWeb(server.data_dir / "made-up-media") as web:
        more = [
            save(api, web.url(f"/files/{number}.jpg"), title=f"Postcard {number}")["id"]
            for number in (501, 502, 503)
        ]
        assert api.post(f"/api/v1/items/{more[0]}/merge", json={"ids": more[2:]}).is_success

        def make(name: str, **wanted: Any) -> int:
            number: int = api.post("/api/v1/collections", json={"name": name, **wanted}).json()["id"]
            return number

        by_hand = [furnished["video"], *more[:2], furnished["audio"], furnished["gallery"]]
        make("夜里听的歌和在河边走路时看的、名字很长很长的一个合集 with a name that does not end soon")
        return {
            "item": more[0],
            "hand": make("On the road", description="For the car.\n雨天用。", ids=by_hand),
            "search": make("雨 and rooks", query={"kind": "audio", "artist": "The Rooks", "min_duration": 1}),
        }


@pytest.mark.timeout(300)
def test_collections(inspector: Inspector, collected: dict[str, int]) -> None:
    visitor, page = inspector.visitor, inspector.visitor.page
    visitor.go("/library/collections")
    page.get_by_role("listitem").nth(2).wait_for()
    inspector.look_at("collections")
    inspector.go(f"/library/collections/{collected['hand']}")
    page.get_by_role("listitem").first.wait_for()
    page.get_by_role("checkbox").first.check()
    inspector.look_at("collection")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Change the order").click()
    page.get_by_role("listitem").nth(4).wait_for()
    inspector.look_at("collection-order")
    inspector.go(f"/library/collections/{collected['search']}")
    page.get_by_role("listitem").nth(3).wait_for()
    inspector.look_at("collection-search")
    page.get_by_role("button", name="Edit collection").click()
    page.locator("dialog select").last.wait_for()
    inspector.look_at("collection-edit")
    inspector.go("/library?q=postcard&is_favourite=false&site=127.0.0.1")
    page.get_by_role("button", name="Save this search").click()
    page.get_by_role("dialog").wait_for()
    inspector.look_at("search-save")
    inspector.go(f"/library/{collected['item']}")
    page.get_by_role("button", name="Separate").wait_for()
    inspector.look_at("item-belongs")


@pytest.fixture
def household(server: Program) -> None:
    """Somebody else, a token, a backup."""
    with closing(server.client()) as api:
        api.post("/api/v1/users", json={"username": "bob", "email": "bob@example.com", "password": PASSWORD})
        api.post("/api/v1/users/me/tokens", json={"name": "weekly script", "scopes": ["admin"]})
        api.post("/api/v1/backups")


@pytest.mark.timeout(240)
@pytest.mark.usefixtures("household")
def test_account_and_users(inspector: Inspector) -> None:
    visitor, page = inspector.visitor, inspector.visitor.page
    visitor.go("/account")
    page.locator("main li").first.wait_for()
    inspector.look_at("account")
    page.locator("section h2 ~ button").last.click()
    page.get_by_role("dialog").wait_for()
    inspector.look_at("token-new")
    page.locator("dialog input[name=name]").fill("for the screenshot")
    page.locator("dialog button[type=submit]").click()
    page.locator("dialog input[readonly]").wait_for()
    inspector.look_at("token-made")

    inspector.go("/admin/users")
    bob = page.locator("main li", has_text="bob@example.com").get_by_role("button")
    bob.first.wait_for()
    inspector.look_at("admin-users")
    bob.first.click()
    page.get_by_role("dialog").wait_for()
    inspector.look_at("admin-user-edit")
    page.keyboard.press("Escape")
    bob.last.click()
    page.get_by_role("dialog").wait_for()
    inspector.look_at("admin-user-delete")


@pytest.mark.timeout(240)
@pytest.mark.usefixtures("household")
def test_administration(inspector: Inspector) -> None:
    visitor, page = inspector.visitor, inspector.visitor.page
    visitor.go("/admin")
    for name in ("settings", "health", "logs", "audit", "backups"):
        inspector.go(f"/admin/{name}")
        page.locator("main li").first.wait_for()
        inspector.look_at(f"admin-{name}")
    page.locator("main li button").first.click()
    page.get_by_role("dialog").wait_for()
    inspector.look_at("admin-restore")


def test_language_and_appearance_are_chosen_and_remembered(visit: Visit, furnished: dict[str, int]) -> None:
    assert furnished
    visitor = visit()
    page = visitor.page
    visitor.go("/library")
    page.get_by_role("button", name="Menu of ada").click()
    page.get_by_text("Dark", exact=True).click()
    expect(page.locator("html")).to_have_attribute("data-mantine-color-scheme", "dark")
    with page.expect_response(lambda answer: answer.request.post_data == '{"language":"zh-CN"}') as told:
        page.get_by_text("简体中文").click()
    assert told.value.json()["language"] == "zh-CN"  # so that notifications are written in it, too
    expect(page.get_by_role("heading", name="媒体库")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "zh-CN")
    page.reload()
    expect(page.get_by_role("heading", name="媒体库")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("data-mantine-color-scheme", "dark")


def test_scripts_come_from_here_only_and_none_is_inline(visit: Visit) -> None:
    visitor = visit()
    answer = visitor.page.goto(f"{visitor.server.url}/")
    assert answer is not None
    policy = dict(part.strip().split(" ", 1) for part in answer.headers["content-security-policy"].split(";"))
    assert policy["script-src"] == "'self'"
    assert visitor.page.locator("script:not([src])").count() == 0
    visitor.page.get_by_role("heading", level=1).wait_for()
    # Not one style element either: style-src could be 'self' alone.
    assert visitor.page.locator("style").count() == 0


def test_the_page_asks_nobody_else(visit: Visit, furnished: dict[str, int]) -> None:
    visitor = visit()
    asked: list[str] = []
    visitor.page.on("request", lambda request: asked.append(request.url))
    for path in ("/", "/downloads", "/library", f"/library/{furnished['video']}"):
        visitor.go(path)
        visitor.page.wait_for_load_state("networkidle")
    assert asked
    assert [url for url in asked if not url.startswith((visitor.server.url, "ws://127.0.0.1"))] == []
