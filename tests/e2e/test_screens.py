"""Every screen, on a phone and at a desk, dark and light, in both languages: axe finds nothing.

Screenshots go to `test-results/screens`, to be looked at.
"""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Visit, Visitor
from tests.e2e.test_library import save
from tests.site import MediaWeb
from tests.support.server import PASSWORD, Program, wait_for

pytestmark = pytest.mark.browser

SCREENSHOTS = Path("test-results/screens")
LOOKS = [
    pytest.param({"phone": False, "dark": False, "language": "en-US"}, id="desktop-light-en"),
    pytest.param({"phone": False, "dark": True, "language": "zh-CN"}, id="desktop-dark-zh"),
    pytest.param({"phone": True, "dark": False, "language": "zh-CN"}, id="phone-light-zh"),
    pytest.param({"phone": True, "dark": True, "language": "en-US"}, id="phone-dark-en"),
]


# Nothing moves any more, but for what moves for ever.
STILL = (
    "document.getAnimations().every(each => each.playState !== 'running'"
    " || each.effect.getComputedTiming().iterations === Infinity)"
)


class Inspector:
    """Looks at one screen after the other."""

    def __init__(self, visitor: Visitor, look: str) -> None:
        self.visitor = visitor
        self.look = look
        self.axe = Axe()

    def look_at(self, name: str) -> None:
        page = self.visitor.page
        # What fades in has too little contrast until it is there.
        self.visitor.until(STILL)
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=SCREENSHOTS / f"{self.look}-{name}.png", full_page=True)
        results = self.axe.run(page)
        assert results.violations_count == 0, f"{self.look} {name}\n{results.generate_report()}"
        assert no_sideways(page), f"{self.look} {name} scrolls sideways"


def no_sideways(page: Page) -> bool:
    wide: bool = page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    return wide


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


@pytest.mark.parametrize("look", LOOKS)
def test_before_the_login(
    fresh_server: Program, visit: Visit, look: dict[str, object], request: pytest.FixtureRequest
) -> None:
    visitor = visit(on=fresh_server, signed_in=False, **look)
    inspector = Inspector(visitor, request.node.callspec.id)
    page = visitor.page
    visitor.go("/")
    inspector.look_at("signup")
    page.locator("button[type=submit]").click()
    inspector.look_at("signup-faults")
    fresh_server.client().close()
    visitor.go("/login")
    inspector.look_at("login")
    page.locator("input[name=username]").fill("ada")
    page.locator("input[name=password]").fill("wrong")
    page.locator("button[type=submit]").click()
    page.get_by_role("alert").wait_for()
    inspector.look_at("login-wrong")
    visitor.go("/welcome")
    inspector.look_at("registration-closed")


@pytest.mark.parametrize("look", LOOKS)
def test_behind_the_login(
    visit: Visit,
    furnished: dict[str, int],
    web: MediaWeb,
    look: dict[str, object],
    request: pytest.FixtureRequest,
) -> None:
    visitor = visit(**look)
    inspector = Inspector(visitor, request.node.callspec.id)
    page = visitor.page
    web.behave("/big/*", rate=60_000)

    visitor.go("/")
    box = page.locator("#the-one-box")
    box.fill(web.url("/big/8000003.mp4"))
    box.press("Enter")
    page.get_by_role("progressbar").first.wait_for()
    with page.expect_response(lambda answer: "10.0.0.1" in (answer.request.post_data or "")):
        box.fill(f"{web.url('/media/clip.mp4')} {web.url('/gallery-of/7')} http://10.0.0.1/x")
    expect(page.locator("form li svg")).to_have_count(3)
    inspector.look_at("home")
    page.locator("header button[aria-expanded]").click()
    inspector.look_at("menu")

    visitor.go("/downloads")
    page.locator("main li").first.wait_for()
    inspector.look_at("downloads")
    page.locator("main li button").first.click()  # cancels the slow one
    visitor.go("/downloads?status=skipped")
    inspector.look_at("downloads-none")
    visitor.go(f"/downloads/{furnished['failed']}")
    page.locator("dl").wait_for()
    inspector.look_at("download-failed")
    visitor.go("/downloads/999999")
    page.locator("a[href='/downloads']").first.wait_for()
    inspector.look_at("download-gone")

    visitor.go("/library")
    page.get_by_role("listitem").first.wait_for()
    inspector.look_at("library")
    visitor.go("/library?q=nothing-like-it")
    inspector.look_at("library-none")
    for kind in ("video", "audio", "gallery"):
        visitor.go(f"/library/{furnished[kind]}")
        page.locator("dl").first.wait_for()
        inspector.look_at(f"item-{kind}")
    page.locator("main li button").first.click()
    page.get_by_role("dialog").wait_for()
    inspector.look_at("gallery-large")
    page.keyboard.press("Escape")
    page.locator("main h1 ~ div button").click()
    page.get_by_role("dialog").wait_for()
    inspector.look_at("item-delete")
    visitor.go("/no/such/page")
    inspector.look_at("not-found")


@pytest.mark.parametrize("look", LOOKS)
def test_account_and_administration(
    server: Program, visit: Visit, look: dict[str, object], request: pytest.FixtureRequest
) -> None:
    with closing(server.client()) as api:
        api.post("/api/v1/users", json={"username": "bob", "email": "bob@example.com", "password": PASSWORD})
        api.post("/api/v1/users/me/tokens", json={"name": "nightly script", "scopes": ["admin"]})
        api.post("/api/v1/backups")
    visitor = visit(**look)
    inspector = Inspector(visitor, request.node.callspec.id)
    page = visitor.page

    for name in ("forgot", "reset", "setup", "account"):
        visitor.go("/reset?token=from-a-mail" if name == "reset" else f"/{name}")
        page.wait_for_load_state("networkidle")
        inspector.look_at(name)
    page.locator("section h2 ~ button").click()
    page.get_by_role("dialog").wait_for()
    inspector.look_at("token-new")
    page.locator("dialog input[name=name]").fill("for the screenshot")
    page.locator("dialog button[type=submit]").click()
    page.locator("dialog input[readonly]").wait_for()
    inspector.look_at("token-made")

    visitor.go("/admin/users")
    page.locator("main li button").first.wait_for()
    page.wait_for_load_state("networkidle")
    inspector.look_at("admin-users")
    page.locator("main li", has_text="bob@example.com").get_by_role("button").first.click()
    page.get_by_role("dialog").wait_for()
    inspector.look_at("admin-user-edit")
    page.keyboard.press("Escape")
    page.locator("main li", has_text="bob@example.com").get_by_role("button").last.click()
    page.get_by_role("dialog").wait_for()
    inspector.look_at("admin-user-delete")
    page.keyboard.press("Escape")
    for name in ("settings", "health", "logs", "audit", "backups"):
        visitor.go(f"/admin/{name}")
        page.locator("main li").first.wait_for()
        inspector.look_at(f"admin-{name}")
    page.locator("main li button").first.click()
    page.get_by_role("dialog").wait_for()
    inspector.look_at("admin-restore")


@pytest.mark.parametrize("look", [LOOKS[0], LOOKS[3]])
def test_an_empty_installation(
    fresh_server: Program, visit: Visit, look: dict[str, object], request: pytest.FixtureRequest
) -> None:
    fresh_server.client().close()
    visitor = visit(on=fresh_server, **look)
    inspector = Inspector(visitor, request.node.callspec.id)
    for name, path in (("home", "/"), ("downloads", "/downloads"), ("library", "/library")):
        visitor.go(path)
        inspector.look_at(f"empty-{name}")


def test_language_and_appearance_are_chosen_and_remembered(visit: Visit, furnished: dict[str, int]) -> None:
    assert furnished
    visitor = visit()
    page = visitor.page
    visitor.go("/library")
    page.get_by_role("button", name="Menu of ada").click()
    page.get_by_text("Dark", exact=True).click()
    expect(page.locator("html")).to_have_attribute("data-mantine-color-scheme", "dark")
    page.get_by_text("简体中文").click()
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
