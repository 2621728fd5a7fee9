"""Take the README's pictures of the page anew: made-up media on a server of its own, in the browser of the tests.

.venv/bin/python scripts/take_pictures.py
"""

from __future__ import annotations

import sys
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from magpie.demo.site import DemoSite  # noqa: E402  after the path
from tests.e2e.conftest import FLAGS, find_browser  # noqa: E402
from tests.site import MediaWeb  # noqa: E402
from tests.support.server import PASSWORD, Program, ended, wait_for  # noqa: E402

PICTURES = ROOT / "docs" / "pictures"
WINDOW = {"width": 1500, "height": 950}
SAVED = (
    "watch/sign-off",
    "watch/triangle-garden",
    "gallery",
    "watch/colour-fields",
    "watch/into-the-fractal",
)
SONGS = ("listen/first-light",)
RUNNING = {
    "/big/64000000.mp4": "A walk along the weir",
    "/big/120000000.mp4": "Harvest night, the whole concert",
}
BYTES_PER_SECOND = 900_000
SHOWN_BYTES = 4_000_000


def furnish(api: httpx.Client, demo: DemoSite, web: MediaWeb) -> None:
    """Saved, failed and running downloads, the latter far enough to show."""

    def save(url: str, **wanted: str) -> int:
        number: int = api.post("/api/v1/downloads", json={"url": url, **wanted}).json()["id"]
        return number

    def fetched(number: int) -> int:
        count: int | None = api.get(f"/api/v1/downloads/{number}").json()["downloaded_bytes"]
        return count or 0

    for path in SONGS:
        ended(api, save(f"{demo.url}/{path}", profile="music"), 120)
    for path in SAVED:
        ended(api, save(f"{demo.url}/{path}"), 120)
    ended(api, save(web.url("/status/404"), title="Low tide at the pier"), 60)
    web.behave("/big/*", rate=BYTES_PER_SECOND)
    running = [save(web.url(path), title=title) for path, title in RUNNING.items()]
    wait_for(lambda: min(fetched(number) for number in running) > SHOWN_BYTES, 120)


def photograph(server: Program) -> None:
    """Home and the library, light and dark."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=find_browser(), args=list(FLAGS))
        page = chromium.new_page(viewport=WINDOW, reduced_motion="reduce")  # type: ignore[arg-type]
        body = {"username": "ada", "password": PASSWORD, "cookie": True}
        page.context.request.post(f"{server.url}/auth/login", data=body)
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            page.goto(server.url)
            page.get_by_role("progressbar").first.wait_for()
            page.wait_for_load_state("networkidle")
            page.screenshot(path=PICTURES / f"home-{scheme}.png")
            page.goto(f"{server.url}/library")
            page.get_by_role("listitem").first.wait_for()
            page.wait_for_load_state("networkidle")
            page.screenshot(path=PICTURES / f"library-{scheme}.png")
        chromium.close()


def main() -> None:
    with (
        TemporaryDirectory() as name,
        DemoSite(Path(name) / "demo") as demo,
        MediaWeb(Path(name) / "web") as web,
        Program(Path(name) / "data") as server,
        closing(server.client()) as api,
    ):
        furnish(api, demo, web)
        photograph(server)


if __name__ == "__main__":
    main()
