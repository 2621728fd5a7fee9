"""A browser, a server, and a person in front of them."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    StorageState,
    sync_playwright,
)

from devtools import gates
from tests.site.fixtures import media_folder, web
from tests.support.server import PASSWORD, Program

__all__ = ["media_folder", "web"]

# A whole browser lays out the popups of its address bar, pages of their own, in every window: that takes as long as
# loading ours. The other names are those that Playwright switches off; of two such flags Chromium reads the last.
SWITCHED_OFF = (
    "WebUIOmniboxPopup",
    "WebUIOmniboxAimPopup",
    "AimEnabled",
    "AvoidCorsURLLoaderRestartOnRedirect",
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose",
    "HttpsFirstBalancedModeAutoEnable",
    "HttpsUpgrades",
    "LensOverlay",
    "MediaRouter",
    "NetworkTimeServiceQuerying",
    "OptimizationHints",
    "PaintHolding",
    "PreconnectToSearch",
    "ThirdPartyStoragePartitioning",
)
FLAGS = (
    f"--disable-features={','.join(SWITCHED_OFF)}",
    "--renderer-process-limit=1",  # for each of those who have a browser of their own
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--autoplay-policy=no-user-gesture-required",
)
DESKTOP = {"width": 1280, "height": 860}
PHONE = {"width": 390, "height": 844}
# What the browser itself notes about an answer that the page expects and shows, and about a page that is left while
# it was still knocking for events.
EXPECTED_NOTES = re.compile(
    r"Failed to load resource: the server responded with a status of 4\d\d"
    r"|WebSocket connection to '[^']+' failed: WebSocket is closed before the connection is established\."
)


@pytest.fixture(autouse=True)
def _marked(request: pytest.FixtureRequest) -> None:
    assert request.node.get_closest_marker("browser"), "tests in tests/e2e carry the marker `browser`"


def find_browser() -> str:
    """The path of a Chromium."""
    program = gates.find_browser()
    if program is None:
        pytest.fail("No Chromium found. Install one, or name it in MAGPIE_TEST_CHROMIUM.")
    return program


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The system's Chromium with a fresh profile."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=find_browser(), args=list(FLAGS))
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    """A server with one account, `ada`, shared by all tests that do not need an empty one.

    One run-time setting is fixed by its environment.
    """
    with Program(tmp_path_factory.mktemp("e2e") / "data", session_days=9) as program:
        program.client().close()
        yield program


@pytest.fixture
def fresh_server(tmp_path: Path) -> Iterator[Program]:
    """A server that nobody has used yet."""
    with Program(tmp_path / "data") as program:
        yield program


@pytest.fixture
def api(server: Program) -> Iterator[httpx.Client]:
    """The same user by program."""
    client = server.client()
    yield client
    client.close()


@pytest.fixture
def person(api: httpx.Client) -> Callable[[str], None]:
    """Makes an account beside `ada`, for a test that changes or ends it."""

    def make(name: str) -> None:
        body = {"username": name, "email": f"{name}@example.com", "password": PASSWORD}
        assert api.post("/api/v1/users", json=body).is_success

    return make


@dataclass
class Visitor:
    """Somebody with a browser of their own."""

    page: Page
    server: Program
    complaints: list[str] = field(default_factory=list)

    def go(self, path: str) -> None:
        self.page.goto(f"{self.server.url}{path}")
        self.page.get_by_role("heading", level=1).first.wait_for()

    def until(self, condition: str, seconds: float = 15) -> None:
        """Wait for a JavaScript expression to hold. Playwright's own way needs eval, which the policy forbids."""
        deadline = time.monotonic() + seconds
        while not self.page.evaluate(f"Boolean({condition})"):
            assert time.monotonic() < deadline, f"never held: {condition}"
            self.page.wait_for_timeout(50)

    def note(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and not EXPECTED_NOTES.match(message.text):
            self.complaints.append(f"{message.text} ({message.location.get('url')})")


Visit = Callable[..., Visitor]


class Cupboard:
    """Browsers that wait for the next test: one that has loaded the page before loads it in half the processor time.

    Nothing else is kept: no cookie, nothing that the page has stored, no permission. The first tab of each shows next to
    nothing, so that the process which has compiled the page's scripts stays.
    """

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._waiting: dict[tuple[str, str], list[BrowserContext]] = {}

    def take(self, url: str, language: str) -> Page:
        """An empty page in a browser that knows nobody."""
        waiting = self._waiting.setdefault((url, language), [])
        if not waiting:
            fresh = self._browser.new_context(viewport=DESKTOP, locale=language)  # type: ignore[arg-type]
            fresh.set_default_timeout(15_000)
            fresh.new_page().goto(f"{url}/health")
            return fresh.new_page()
        context = waiting.pop()
        page = context.new_page()
        context.clear_permissions()
        teller = context.new_cdp_session(page)
        teller.send("Storage.clearDataForOrigin", {"origin": url, "storageTypes": "all"})
        teller.detach()
        context.clear_cookies()
        return page

    def put_back(self, url: str, language: str, context: BrowserContext) -> None:
        for page in context.pages[1:]:
            page.close()
        self._waiting[url, language].append(context)


@pytest.fixture(scope="session")
def cupboard(browser: Browser) -> Cupboard:
    return Cupboard(browser)


@pytest.fixture(scope="session")
def signed_in_once() -> dict[str, StorageState]:
    """What a browser keeps of a login, by server: most tests share one session."""
    return {}


@pytest.fixture
def visit(cupboard: Cupboard, server: Program, signed_in_once: dict[str, StorageState]) -> Iterator[Visit]:
    """Opens browsers; fails the test if a page threw, or broke its Content-Security-Policy.

    A test with a server of its own names that first: so the browsers close before it stops.
    Who ends sessions asks for one of their own, or for another user's: `own_session`, `username`.
    """
    taken: list[tuple[str, str, BrowserContext]] = []
    visitors: list[Visitor] = []

    def open_browser(
        *,
        on: Program = server,
        signed_in: bool = True,
        own_session: bool = False,
        username: str = "ada",
        language: str = "en-US",
        tolerant: bool = False,
    ) -> Visitor:
        page = cupboard.take(on.url, language)
        context = page.context
        taken.append((on.url, language, context))
        shares = signed_in and username == "ada" and not own_session
        if shares and on.url in signed_in_once:
            context.add_cookies(signed_in_once[on.url]["cookies"])  # type: ignore[arg-type]
        elif signed_in:
            body = {"username": username, "password": PASSWORD, "cookie": True}
            assert context.request.post(f"{on.url}/auth/login", data=body).ok
            if shares:
                signed_in_once[on.url] = context.storage_state()
        visitor = Visitor(page, on)
        page.on("console", visitor.note)
        page.on("pageerror", lambda error: visitor.complaints.append(str(error)))
        if not tolerant:
            visitors.append(visitor)
        return visitor

    yield open_browser
    for place in taken:
        cupboard.put_back(*place)
    assert [complaint for visitor in visitors for complaint in visitor.complaints] == []


@pytest.fixture
def ada(visit: Visit) -> Visitor:
    """The signed-in user at a desk, in English and light."""
    return visit()
