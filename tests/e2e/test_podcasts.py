"""Podcasts by the page: an episode is made of a text, heard with its transcript, changed, and made again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import httpx
import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Visit, Visitor
from tests.e2e.looks import Inspector
from tests.support.server import Program, wait_for

pytestmark = [pytest.mark.browser, pytest.mark.once]

TEXT = """# Magpies and mirrors

Magpies are among the few birds that recognise themselves in a mirror. Researchers in Frankfurt put a coloured
dot on the throats of five birds in 2008. Two of them looked into the mirror and scratched the dot away. Without
a mirror they did not notice it at all. The birds also hide food and remember the place for weeks. They build
domed nests with two entrances, and both parents feed the young. In winter they sleep together in large groups.
Farmers once thought that magpies bring bad luck, but they eat many insects that harm the crops.
"""


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    """A server with what is embedded: no account elsewhere, no model."""
    with Program(tmp_path_factory.mktemp("podcasts") / "data") as server:
        server.client().close()
        yield server


@pytest.fixture
def listener(studio: Program, visit: Visit) -> Visitor:
    return visit(on=studio)


def make(client: httpx.Client, **wishes: object) -> str:
    """An episode of the text; its id."""
    body = {"sources": [{"text": TEXT}], **wishes}
    key: str = client.post("/api/v1/podcasts", json=body).raise_for_status().json()["podcastId"]
    return key


def until(client: httpx.Client, key: str, status: str) -> None:
    wait_for(lambda: client.get(f"/api/v1/podcasts/{key}").json()["status"] == status, 60)


@pytest.fixture(scope="module")
def told(studio: Program) -> str:
    """An episode that is done."""
    with closing(studio.client()) as client:
        key = make(client)
        until(client, key, "completed")
        return key


def test_a_text_becomes_an_episode(listener: Visitor) -> None:
    page = listener.page
    listener.go("/podcasts")
    page.get_by_role("main").get_by_role("link", name="Make a podcast").first.click()
    page.get_by_role("button", name="Make it").click()
    expect(page.get_by_text("Give it something to talk about")).to_be_visible()
    page.get_by_label("Text or links").fill(TEXT)
    expect(page.get_by_text("A text of")).to_be_visible()
    page.get_by_role("radio", name="Single narrator").check(force=True)
    expect(
        page.get_by_text("Without a language model").or_(page.get_by_text("own sentences"))
    ).to_be_visible()
    page.get_by_role("button", name="Make it").click()
    expect(page.get_by_role("heading", level=1, name="Magpies and mirrors")).to_be_visible()
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible(timeout=60_000)


def test_what_is_heard_is_marked_in_the_transcript(listener: Visitor, told: str) -> None:
    page = listener.page
    listener.go(f"/podcasts/{told}")
    cues = page.get_by_role("list", name="Transcript").get_by_role("listitem")
    expect(cues.first).to_be_visible()
    cues.nth(1).get_by_role("button").click()
    listener.until("document.querySelector('audio')?.currentTime > 0.2")
    expect(cues.nth(1)).to_have_attribute("aria-current", "true")
    page.get_by_role("button", name="Pause", exact=True).click()
    page.get_by_role("link", name="About").click()
    expect(page.get_by_text("LUFS", exact=False).last).to_be_visible()


def test_the_script_is_read_changed_heard_and_approved(listener: Visitor, studio: Program) -> None:
    page = listener.page
    with closing(studio.client()) as client:
        key = make(client, approve=True)
        until(client, key, "waiting")
        listener.go(f"/podcasts/{key}?tab=script")
        line = page.get_by_role("textbox", name="says").first
        line.fill("This line was written by hand.")
        page.get_by_role("textbox", name="Title of chapter 1").fill("By hand")
        with page.expect_response(lambda answer: answer.url.endswith("/say")) as heard:
            page.get_by_role("button", name="Hear: This line was").click()
        assert heard.value.ok
        page.reload()
        expect(line).to_have_value("This line was written by hand.")
        page.get_by_role("group", name="What becomes of the script").get_by_role(
            "button", name="Approve"
        ).click()
        until(client, key, "completed")
        script = client.get(f"/api/v1/podcasts/{key}/script").json()
        assert script["turns"][0]["text"] == "This line was written by hand."
        assert script["segments"][0]["title"] == "By hand"
        assert script["isApproved"]


def test_a_failure_names_its_step_and_offers_to_go_on(listener: Visitor, studio: Program) -> None:
    page = listener.page
    with closing(studio.client()) as client:
        key = make(client, tts="elevenlabs")
        until(client, key, "failed")
        listener.go(f"/podcasts/{key}")
        fault = page.get_by_role("alert")
        expect(fault).to_contain_text("check before the start")
        expect(fault).to_contain_text("Everything done so far is kept.")
        listener.go("/podcasts")
        # It goes on, and fails again for the same reason: on a quick machine before anybody could look.
        with page.expect_response(lambda answer: answer.url.endswith(f"/{key}/continue")) as answered:
            page.get_by_role("button", name="Continue: Magpies and mirrors").click()
        assert answered.value.ok
        until(client, key, "failed")
        listener.go(f"/podcasts/{key}")
        page.get_by_role("button", name="Continue with another…").click()
        dialog = page.get_by_role("dialog", name="Continue with another provider")
        dialog.get_by_label("Spoken by").select_option("espeak")
        dialog.get_by_role("button", name="Continue").click()
        expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible(timeout=60_000)
        client.delete(f"/api/v1/podcasts/{key}").raise_for_status()


def test_a_template_of_ones_own(listener: Visitor) -> None:
    page = listener.page
    listener.go("/podcasts/templates")
    page.get_by_role("button", name="Duplicate: Debate").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name", exact=True).first.fill("")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.get_by_text("A template needs a name.")).to_be_visible()
    dialog.get_by_label("Name", exact=True).first.fill("Quarrel")
    dialog.get_by_role("button", name="Save").click()
    expect(page.get_by_role("button", name="Edit: Quarrel")).to_be_visible()


@pytest.mark.timeout(240)
def test_screens(visit: Visit, studio: Program, told: str) -> None:
    inspector = Inspector(visit(on=studio))
    visitor, page = inspector.visitor, inspector.visitor.page
    visitor.go("/podcasts")
    page.get_by_role("listitem").first.wait_for()
    page.locator("summary").click()
    page.locator("main svg[role=img]").wait_for()
    inspector.look_at("podcasts")
    inspector.go("/podcasts/new")
    page.get_by_role("radio").first.wait_for(state="attached")
    page.locator("textarea[name=sources]").fill(TEXT)
    page.locator("#speakers summary").click()
    inspector.look_at("podcast-new")
    inspector.go(f"/podcasts/{told}")
    page.locator("ol[tabindex] li").first.wait_for()
    inspector.look_at("podcast-listen")
    inspector.go(f"/podcasts/{told}?tab=script")
    page.locator("main textarea").first.focus()
    inspector.look_at("podcast-script")
    inspector.go(f"/podcasts/{told}?tab=about")
    page.locator("dl").first.wait_for()
    inspector.look_at("podcast-about")
    inspector.go("/podcasts/templates")
    page.get_by_role("listitem").first.wait_for()
    inspector.look_at("podcast-templates")
    inspector.go("/podcasts/digests")
    page.locator("main button").last.click()
    page.locator("dialog textarea").wait_for()
    inspector.look_at("podcast-digest")
    assert inspector.faults == [], "\n".join(inspector.faults)
