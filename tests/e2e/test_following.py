"""Following by the page: from the box to a saved item, rules with their preview, history, imports, and the end."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import Visit, Visitor
from tests.e2e.looks import Inspector
from tests.site import MediaWeb
from tests.support.server import Program, wait_for

# The machine may be busy with other tests; nothing here waits longer than it must.
expect.set_options(timeout=20_000)
pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]


@pytest.fixture(scope="module")
def watching(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    """A server of this module's own: what it follows shows up on everybody's home."""
    with Program(tmp_path_factory.mktemp("following") / "data") as program:
        program.client().close()
        yield program


@pytest.fixture(scope="module")
def source(media_folder: Path) -> Iterator[MediaWeb]:
    """The made-up web that is followed."""
    with MediaWeb(media_folder) as web:
        web.behave("/gone/feed.xml", status=404)
        yield web


@pytest.fixture
def follower(visit: Visit, watching: Program) -> Visitor:
    """Somebody who follows."""
    return visit(on=watching)


@pytest.fixture
def client(watching: Program) -> Iterator[httpx.Client]:
    """The same person by program."""
    with closing(watching.client()) as client:
        yield client


def settled(client: httpx.Client, link_id: int) -> dict[str, Any]:
    """The link, once it was looked at and all that it began has ended."""

    def now() -> dict[str, Any] | None:
        link: dict[str, Any] = client.get(f"/api/v1/links/{link_id}").json()
        done = (
            link["last_checked_at"] and link["status"] in {"idle", "error"} and not link["counts"]["wanted"]
        )
        return link if done else None

    link: dict[str, Any] = wait_for(now, 90)
    return link


def follow(client: httpx.Client, url: str, **said: Any) -> dict[str, Any]:
    answer = client.post("/api/v1/links", json={"url": url, **said})
    assert answer.is_success, answer.text
    return settled(client, answer.json()["id"])


def box_of(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Addresses to save")


def number_of(page: Page) -> int:
    found = re.search(r"/links/(\d+)", page.url)
    assert found, page.url
    return int(found[1])


def fold(page: Page, title: str) -> Locator:
    """Opens a part of the form, and is that part."""
    part = page.get_by_role("group", name=title, exact=True)
    if not part.is_visible():
        page.locator("summary", has_text=title).click()
    expect(part).to_be_visible()
    return part


def test_from_the_box_to_saved_items_rules_history_and_the_end(
    follower: Visitor, client: httpx.Client, source: MediaWeb
) -> None:
    page = follower.page
    channel = source.channel("garden", 3)
    channel.add("A short goodbye")
    address = source.url("/channels/garden/feed.xml")
    # A look takes a second at most: on a busy machine the first one, which starts processes, may see nothing.
    wait_for(lambda: "follow" in client.post("/api/v1/inspect", json={"url": address}).json()["verbs"], 30)
    follower.go("/")
    box_of(page).fill(address)
    page.get_by_role("link", name="Follow", exact=True).click()

    field = page.get_by_role("textbox", name="Address", exact=True)
    expect(field).to_have_value(address)
    page.get_by_label("Tags").fill("garden, 晴天")
    rules = fold(page, "Rules")
    rules.get_by_label("At least (minutes)").fill("soon")
    page.get_by_role("button", name="Follow").click()
    expect(rules.get_by_text("A number is wanted here.")).to_be_visible()
    # Nothing typed is lost: not to a fault, and not to a reload.
    page.reload()
    expect(page.get_by_text("What you had typed here before is back.")).to_be_visible()
    expect(page.get_by_label("Tags")).to_have_value("garden, 晴天")
    fold(page, "Rules").get_by_label("At least (minutes)").fill("")
    page.get_by_role("button", name="Follow").click()

    catalogue = page.get_by_role("list", name="All that was seen there")
    expect(catalogue.get_by_role("listitem")).to_have_count(4, timeout=30_000)
    # By the socket, without a reload.
    expect(page.get_by_text("4 of 4 saved")).to_be_visible(timeout=60_000)
    expect(catalogue.get_by_text("Saved", exact=True)).to_have_count(4)
    link_id = number_of(page)
    settled(client, link_id)

    page.get_by_role("link", name="Edit").click()
    rules = fold(page, "Rules")
    expect(rules.get_by_text("4 of 4 pass these rules.")).to_be_visible()
    rules.get_by_label("Title has not").fill("goodbye")
    expect(rules.get_by_text("3 of 4 pass these rules.")).to_be_visible()
    expect(rules.get_by_text("One in the library would not be downloaded today; it stays.")).to_be_visible()
    rules.get_by_label("Title has not").fill("goodbye(")
    expect(rules.get_by_role("alert")).to_contain_text("This pattern cannot be used")
    rules.get_by_label("Title has not").fill("goodbye")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("one rule")).to_be_visible()

    channel.add("Another goodbye")
    page.get_by_role("button", name=re.compile("^Check now")).click()
    left_out = catalogue.get_by_role("listitem").filter(has_text="Another goodbye")
    expect(left_out).to_contain_text("which is left out", timeout=30_000)
    page.get_by_label("Decision").select_option("skipped")
    expect(catalogue.get_by_role("listitem")).to_have_count(1)
    left_out.get_by_role("button", name=re.compile("^Download")).click()
    expect(page.get_by_text("No entry fits this.")).to_be_visible(timeout=30_000)
    page.get_by_role("link", name="Show everything").click()
    expect(page.get_by_text("5 of 5 saved")).to_be_visible(timeout=60_000)
    catalogue.get_by_role("link", name=re.compile("^Open in the library: Another")).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Another goodbye")

    page.get_by_role("link", name="Following", exact=True).click()
    page.get_by_role("link", name="History").click()
    first = page.get_by_role("list", name="History").locator("> li").last
    expect(first).to_contain_text("4 new items saved.")
    first.locator("summary").click()
    expect(first).to_contain_text("Ways that were tried")
    expect(first.get_by_text(re.compile(r"\.mp4$"))).to_have_count(4)

    follower.go(f"/links/{link_id}")
    page.get_by_role("button", name="Stop following").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("All that was saved stays in the library.")).to_be_visible()
    dialog.get_by_text("Delete them too").click()
    dialog.get_by_role("button", name="Stop following and delete").click()
    expect(page.get_by_text(re.compile("^No longer followed"))).to_be_visible()
    assert client.get("/api/v1/links").json() == []
    assert client.get("/api/v1/items").json()["items"] == []


def test_import_choose_several_and_a_link_that_fails(
    follower: Visitor, client: httpx.Client, source: MediaWeb, tmp_path: Path
) -> None:
    page = follower.page
    rule = source.behave("/channels/*", status=403)
    file = tmp_path / "what I follow.txt"
    addresses = [source.url(f"/channels/{name}/feed.xml") for name in ("hill", "brook", "marsh")]
    file.write_text("\n".join([*addresses, "not an address"]), encoding="utf-8")
    follower.go("/links")
    expect(page.get_by_text("You follow nothing yet.")).to_be_visible()
    page.get_by_role("link", name="Import").click()
    page.get_by_label("Choose a file").set_input_files(file)
    page.get_by_label("Tags").fill("imported")
    page.get_by_role("button", name="See what is in it").click()
    expect(page.get_by_text("3 new · one problem", exact=False)).to_be_visible()
    expect(page.get_by_text("There is no address here.")).to_be_visible()
    assert client.get("/api/v1/links").json() == [], "the preview has changed something"
    leave_out_by_keyboard(page, "marsh")
    page.get_by_role("button", name="Follow 2 links").click()
    expect(page.get_by_text("2 added · one left out", exact=False)).to_be_visible()
    page.get_by_role("link", name="See what you follow").click()

    links = page.get_by_role("list", name="Following")
    expect(links.get_by_role("listitem")).to_have_count(2)
    failing = links.get_by_role("listitem").filter(has_text="refuses to hand the file out (403)")
    expect(failing).to_have_count(2, timeout=60_000)
    # Home says so, too, with the button that mends it.
    page.get_by_role("link", name="Home").click()
    wants = page.get_by_role("region", name="Wants your attention")
    expect(wants.get_by_role("link", name=re.compile("^Give cookies"))).to_have_count(2)
    wants.get_by_role("link", name=re.compile("^Give cookies")).first.click()
    expect(page.get_by_label("Paste cookies")).to_be_visible()
    page.get_by_label("Paste cookies").fill('{"session": "magpie"}')
    page.get_by_role("button", name="Save").click()
    expect(page.locator("dd", has_text="given")).to_be_visible()
    assert [link["cookies"] for link in client.get("/api/v1/links").json()] == [None, None]
    source.forgive(rule)

    page.get_by_role("link", name="Following", exact=True).first.click()
    page.get_by_label("Choose all on this page").check()
    bar = page.get_by_role("group", name="For all chosen ones")
    bar.get_by_role("button", name="Switch off").click()
    expect(links.get_by_text("not checked by itself")).to_have_count(2)
    page.get_by_label("State").select_option("idle")
    page.get_by_label("State").select_option("off")
    expect(links.get_by_role("listitem")).to_have_count(2)
    page.get_by_role("searchbox").fill("brook")
    expect(links.get_by_role("listitem")).to_have_count(1)
    page.get_by_role("searchbox").fill("")
    expect(links.get_by_role("listitem")).to_have_count(2)
    bar.get_by_role("button", name="Stop following…").click()
    page.get_by_role("dialog").get_by_role("button", name="Stop following", exact=True).click()
    expect(page.get_by_text("Done for 2 links")).to_be_visible()
    expect(links).to_have_count(0)


def leave_out_by_keyboard(page: Page, name: str) -> None:
    """All are chosen at first; the box above takes all away and gives them back."""
    boxes = page.get_by_role("list", name="What was found").get_by_role("checkbox")
    all_of_them = page.get_by_label("Choose all new ones")
    expect(all_of_them).to_be_checked()
    all_of_them.focus()
    page.keyboard.press("Space")
    expect(boxes.and_(page.locator(":checked"))).to_have_count(0)
    expect(page.get_by_role("button", name="Follow 0 links")).to_be_disabled()
    page.keyboard.press("Space")
    expect(boxes.and_(page.locator(":checked"))).to_have_count(3)
    for _ in range(3):
        page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(page.get_by_role("checkbox", name=re.compile(name))).not_to_be_checked()
    expect(all_of_them).to_have_js_property("indeterminate", True)
    expect(page.get_by_text("2 of 3 chosen")).to_be_visible()


def test_two_thousand_lines_stay_smooth(
    follower: Visitor, client: httpx.Client, source: MediaWeb, tmp_path: Path
) -> None:
    page = follower.page
    file = tmp_path / "many.txt"
    file.write_text("".join(source.url(f"/channels/n{n}/feed.xml\n") for n in range(2000)), encoding="utf-8")
    follower.go("/links/import")
    page.get_by_label("Choose a file").set_input_files(file)
    page.get_by_role("button", name="See what is in it").click()
    found = page.get_by_role("list", name="What was found")
    expect(found.get_by_role("listitem").first).to_have_attribute("aria-setsize", "2000")
    first = found.get_by_role("checkbox").first
    first.uncheck()
    expect(page.get_by_text("1,999 of 2,000 chosen")).to_be_visible()
    # Smooth is what draws little: however long the list, only the rows near the window are there.
    assert found.get_by_role("listitem").count() < 60
    page.keyboard.press("End")
    expect(found.locator("[aria-posinset='2000']")).to_be_visible()
    assert found.get_by_role("listitem").count() < 60
    page.keyboard.press("Home")
    expect(first).not_to_be_checked()
    assert client.get("/api/v1/links").json() == []


def test_a_profile_and_a_place_to_be_told(follower: Visitor, client: httpx.Client) -> None:
    page = follower.page
    follower.go("/links/profiles")
    page.get_by_role("button", name="Make one like plex").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name", exact=True).fill("for the attic")
    dialog.get_by_label("Picture quality").select_option("720")
    dialog.get_by_label("Names of your own").fill("{nonsense")
    expect(dialog.get_by_role("alert")).to_be_visible()
    dialog.get_by_label("Names of your own").fill("")
    files = dialog.get_by_role("listitem")
    expect(files.first).to_contain_text("Hedgerow")
    subtitles = fold(page, "Subtitles")
    expect(subtitles.get_by_label("Languages")).to_have_value("en")
    subtitles.get_by_label("Also those that the site made by machine").check()
    subtitles.get_by_label("File format").select_option("srt")
    expect(files.filter(has_text=re.compile(r"\.srt$"))).to_have_count(1)
    side = fold(page, "Side files")
    expect(files.filter(has_text=re.compile(r"hedgerow.*\.nfo$"))).to_have_count(0)
    side.get_by_label("Description (NFO)").select_option("yes")
    expect(files.filter(has_text=re.compile(r"hedgerow.*\.nfo$"))).to_have_count(1)
    side.get_by_label("Chapters").uncheck()
    dialog.get_by_label("File format").first.select_option("webm")
    expect(side.get_by_label("Picture", exact=True)).to_be_disabled()
    sponsors = fold(page, "SponsorBlock")
    sponsors.get_by_label("Paid advertising").select_option("remove")
    sponsors.get_by_label("Opening titles").select_option("mark")
    expect(dialog.get_by_text("one kind is cut out, one becomes a chapter")).to_be_visible()
    dialog.get_by_role("button", name="Save").click()
    row = page.get_by_role("list", name="Profiles").get_by_role("listitem").filter(has_text="for the attic")
    expect(row).to_contain_text("up to 720 lines")
    (saved,) = [one for one in client.get("/api/v1/profiles").json() if one["name"] == "for the attic"]
    spec = saved["spec"]
    assert (spec["media_server"], spec["max_height"], spec["container"]) == ("plex", 720, "webm")
    expected = {"languages": ["en"], "automatic": True, "where": "beside", "format": "srt"}
    assert spec["subtitles"] == expected
    assert spec["side_files"] == {"nfo": True, "thumbnail": None, "info_json": False}
    assert spec["embed"] == {"metadata": True, "chapters": False, "thumbnail": False}
    assert spec["sponsorblock"] == {"mark": ["intro"], "remove": ["sponsor"]}
    follower.go("/links/new")
    page.get_by_label("Saved as").select_option("for the attic")

    follower.go("/account")
    page.get_by_role("button", name="Add a place").click()
    dialog.get_by_label("Address").fill("no address at all")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.get_by_role("alert")).to_be_visible()
    dialog.get_by_label("Address").fill("json://127.0.0.1:9/secret")
    dialog.get_by_label("Name").fill("the hall")
    dialog.get_by_label("Failed downloads").uncheck()
    dialog.get_by_role("button", name="Save").click()
    told = page.get_by_role("list", name="Notifications").get_by_role("listitem")
    expect(told).to_contain_text("New items · What needs you")
    assert "secret" not in page.content()
    told.get_by_role("button", name="Delete the hall").click()
    dialog.get_by_role("button", name="Delete", exact=True).click()
    expect(page.get_by_text("You are told nowhere yet.")).to_be_visible()


@pytest.fixture(scope="module")
def followed(watching: Program, source: MediaWeb) -> dict[str, int]:
    """Links of several kinds and states; their numbers."""
    hills = source.channel("hills", 12, title="Über den Hügeln — 山丘之上")
    hills.edit(
        3, title="A very long title that goes on and on, since people like to say everything at once 🐦 " * 2
    )
    with closing(watching.client()) as client:
        made = {
            "good": follow(client, source.url("/channels/hills/feed.xml"), tags=["birds", "周末"],
                           filters={"title_exclude": "hills [4-8]$", "kinds": ["video"]}),
            "listed": follow(client, source.url("/channels/main"), download_automatically=False),
            "gone": follow(client, source.url("/gone/feed.xml"), type="feed", name="A feed that is gone"),
            "off": follow(client, source.url("/gallery-of/3"), is_enabled=True),
        }  # fmt: skip
        client.put(f"/api/v1/links/{made['off']['id']}", json={"is_enabled": False})
        client.put("/api/v1/sites/media.example/cookies", json={"cookies": "a=b"})
    return {name: link["id"] for name, link in made.items()}


def test_in_every_look(follower: Visitor, followed: dict[str, int], source: MediaWeb) -> None:
    inspector = Inspector(follower)
    page = follower.page
    follower.go("/links")
    for name, path, there in (
        ("links", "/links", "main ul > li"),
        ("link", f"/links/{followed['good']}", "[role=listitem]"),
        ("link-failing", f"/links/{followed['gone']}", "main dl"),
        ("link-edit", f"/links/{followed['good']}/edit#cookies", "#rules p[role=status] strong"),
        ("history", "/links/history", "main details"),
        ("profiles", "/links/profiles", "main li"),
        ("sites", "/links/sites", "main li"),
    ):
        inspector.go(path)
        page.locator(there).first.wait_for()
        if name == "links":
            page.locator("main ul input[type=checkbox]").nth(1).check()
        if name == "link-edit":
            page.locator("input[name=titleExclude]").fill("hills")
            page.locator("#rules li").first.wait_for()
        if name == "history":
            page.locator("main summary").last.click()
        inspector.look_at(name)
    page.locator("main h1 ~ div button").click()
    page.get_by_role("dialog").wait_for()
    inspector.look_at("site-cookies")
    inspector.go("/links/profiles")
    page.locator("main h1 ~ div button").click()
    page.locator("dialog li").first.wait_for()
    inspector.look_at("profile")
    for summary in page.locator("dialog summary").all():
        summary.click()
    inspector.look_at("profile-open")
    inspector.go("/account")
    page.locator("section h2 ~ button").first.click()
    page.get_by_role("dialog").wait_for()
    inspector.look_at("notification-target")
    inspector.go(f"/links/{followed['good']}")
    page.locator("main button", has_text="Stop following").click()
    page.get_by_role("dialog").wait_for()
    inspector.look_at("link-delete")
    inspector.go("/links/import")
    inspector.look_at("import")
    page.locator("textarea").fill(
        f"{source.url('/channels/hills/feed.xml')}\nhttps://media.example/new\nwhat?"
    )
    page.locator("button[type=submit]").click()
    page.locator("main section li").first.wait_for()
    inspector.look_at("import-preview")
    inspector.go("/")
    page.locator("#the-one-box").fill(source.url("/channels/main"))
    page.locator("form a").wait_for()
    inspector.look_at("home-follow")
    assert inspector.faults == [], "\n".join(inspector.faults)
