"""A transcript by the page: asked for, followed while it is made, there as subtitles, and taken away again."""

from __future__ import annotations

import httpx
import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Visitor
from tests.e2e.looks import Inspector
from tests.support.server import Program, wait_for
from tests.support.transcribers import speech

pytestmark = pytest.mark.browser

SPOKEN = "Twenty five people in New York bought a newspaper on Sunday morning."


def test_what_is_said_is_written_down_by_one_click(ada: Visitor, api: httpx.Client, server: Program) -> None:
    folder = server.data_dir / "media" / "Music"
    folder.mkdir(parents=True, exist_ok=True)
    speech.say(SPOKEN, folder / "A speech.wav")
    assert api.post("/api/v1/library/scans", json={"adopt": True}).is_success

    def adopted() -> int | None:
        items = api.get("/api/v1/items", params={"q": "speech"}).json()["items"]
        return items[0]["id"] if items else None

    number = wait_for(adopted, 30)
    page = ada.page
    ada.go(f"/library/{number}")
    section = page.get_by_role("region", name="Transcript")
    expect(section.get_by_text("writes drafts, of English only")).to_be_visible()
    section.get_by_role("button", name="Write down what is said").click()
    # It is followed live: nobody loads the page anew.
    expect(section.get_by_text("English · pocketsphinx")).to_be_visible(timeout=60_000)
    expect(section.get_by_text("Being written down")).to_have_count(0)
    files = page.get_by_role("region", name="Files")
    expect(files.get_by_text("A speech.en.vtt")).to_be_visible()
    inspector = Inspector(ada)
    inspector.look_at("item-transcript")
    assert inspector.faults == []

    section.get_by_role("button", name="Delete").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(section.get_by_role("button", name="Write down what is said")).to_be_visible()
    expect(files.get_by_text("A speech.en.vtt")).to_have_count(0)
    assert not (folder / "A speech.en.vtt").exists()
