"""What administrators do, by the page."""

from __future__ import annotations

import re
from contextlib import closing
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Visit, Visitor
from tests.support.server import PASSWORD, Program

pytestmark = pytest.mark.browser


def test_users_are_added_changed_shut_out_and_deleted(visit: Visit) -> None:
    visitor = visit()
    page = visitor.page
    visitor.go("/")
    page.get_by_role("link", name="Admin").click()
    expect(page.get_by_role("heading", name="Users")).to_be_visible()

    page.get_by_role("button", name="Add user").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("User name").fill("rob")
    dialog.get_by_label("Email").fill("rob@example.com")
    dialog.get_by_role("textbox", name="Password").fill("password1")
    dialog.get_by_role("button", name="Add user").click()
    # Too easily guessed: what was typed stays.
    expect(dialog.get_by_role("alert")).to_be_visible()
    expect(dialog.get_by_label("User name")).to_have_value("rob")
    dialog.get_by_role("textbox", name="Password").fill(PASSWORD)
    dialog.get_by_role("button", name="Add user").click()
    expect(dialog).to_have_count(0)
    row = page.get_by_role("list", name="Users").get_by_role("listitem").filter(has_text="rob@example.com")
    expect(row).to_contain_text("Never here yet")

    page.get_by_role("button", name="Edit rob").click()
    dialog.get_by_label("Email").fill("robert@example.com")
    dialog.get_by_role("button", name="Save").click()
    row = page.get_by_role("list", name="Users").get_by_role("listitem").filter(has_text="robert@example.com")
    expect(row).to_be_visible()

    rob = visit(username="rob")
    rob.go("/")
    expect(rob.page.get_by_role("link", name="Admin")).to_have_count(0)
    rob.page.goto(f"{visitor.server.url}/admin/users")
    expect(rob.page.get_by_role("heading", name="There is no such page.")).to_be_visible()
    rob.go("/")

    page.get_by_role("button", name="Deactivate rob").click()
    expect(row).to_contain_text("Deactivated")
    expect(rob.page.get_by_text("Your session has ended.")).to_be_visible(timeout=8_000)
    page.get_by_role("button", name="Activate rob", exact=True).click()
    expect(row).not_to_contain_text("Deactivated")

    page.get_by_role("button", name="Delete rob").click()
    expect(dialog.get_by_role("button", name="Keep account")).to_be_focused()
    dialog.get_by_label("The library").select_option("delete")
    expect(dialog.get_by_text("This cannot be undone.")).to_be_visible()
    dialog.get_by_role("button", name="Delete account").click()
    expect(row).to_have_count(0)
    # Nobody shuts themselves out.
    expect(page.get_by_role("button", name="Delete ada")).to_have_count(0)


def test_settings_are_changed_refused_reset_and_locked(ada: Visitor, api: httpx.Client) -> None:
    page = ada.page
    ada.go("/admin/settings")
    field = page.get_by_role("textbox", name="Download attempts")
    row = page.get_by_role("listitem").filter(has=field)
    expect(field).to_have_value("4")
    field.fill("400")
    field.press("Enter")
    expect(row.get_by_role("alert")).to_contain_text("less than or equal to 20")
    expect(field).to_have_value("400")
    field.fill("6")
    row.get_by_role("button", name="Save").click()
    expect(row.get_by_role("button", name="Reset to default")).to_be_visible()
    page.reload()
    expect(field).to_have_value("6")
    expect(row).to_contain_text("Default: 4")
    row.get_by_role("button", name="Reset to default").click()
    expect(field).to_have_value("4")

    days = page.get_by_role("textbox", name="Session days")
    expect(days).to_be_disabled()
    expect(page.get_by_role("listitem").filter(has=days)).to_contain_text("MAGPIE_SESSION_DAYS")
    port = page.get_by_role("textbox", name="Port", exact=True)
    expect(page.get_by_role("listitem").filter(has=port)).to_contain_text("Needs a restart")

    proxy = page.get_by_role("textbox", name="Proxy", exact=True)
    proxy.fill("http://somebody:hunter2@proxy.example:3128")
    proxy.press("Enter")
    expect(proxy).to_have_attribute("placeholder", "Set; type to replace it")
    expect(proxy).to_have_value("")
    page.reload()
    expect(proxy).to_be_visible()
    assert "hunter2" not in page.content()

    # The other tests fetch without it.
    assert api.delete("/api/v1/settings/saved/proxy").is_success

    page.get_by_role("searchbox", name="Search the settings").fill("free space")
    expect(page.get_by_role("main").get_by_role("listitem")).to_have_count(1)


def test_the_audit_is_filtered_and_taken_away(ada: Visitor) -> None:
    page = ada.page
    wrong = {"username": "nobody-here", "password": "wrong"}
    page.context.request.post(f"{ada.server.url}/auth/login", data=wrong)
    ada.go("/admin/audit")
    records = page.get_by_role("list", name="Audit").get_by_role("listitem")
    expect(records.filter(has_text="nobody-here").first).to_contain_text("Failed")

    page.get_by_label("Outcome").select_option("failure")
    page.get_by_label("User", exact=True).fill("nobody-here")
    expect(page).to_have_url(f"{ada.server.url}/admin/audit?outcome=failure&username=nobody-here")
    expect(records.filter(has_not_text="nobody-here")).to_have_count(0)
    with page.expect_download() as saved:
        page.get_by_role("link", name="Export CSV").click()
    text = Path(saved.value.path()).read_text()
    assert "nobody-here" in text
    assert "ada" not in text.splitlines()[1]
    page.get_by_label("User", exact=True).fill("not even this one")
    expect(page.get_by_text("No record fits these filters.")).to_be_visible()


def test_the_log_is_filtered_and_goes_on_by_itself(ada: Visitor, api: httpx.Client) -> None:
    page = ada.page
    ada.go("/admin/logs")
    lines = page.get_by_role("list", name="Logs").get_by_role("listitem")
    expect(lines.first).to_be_visible()
    page.get_by_label("Text").fill("no such line")
    expect(page.get_by_text("No line fits these filters.")).to_be_visible()
    page.get_by_label("Text").fill("download_failed")
    expect(page).to_have_url(f"{ada.server.url}/admin/logs?q=download_failed")
    expect(lines.filter(has_not_text="download_failed")).to_have_count(0)
    page.wait_for_load_state("networkidle")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    # Nobody may fetch from this host's own services: it fails at once, and the log says so.
    failed = api.post("/api/v1/downloads", json={"url": "http://10.0.0.1/by-the-tail.mp4"}).json()
    line = lines.filter(has_text=f"Download {failed['id']}")
    expect(line.first).to_contain_text("download_failed", timeout=20_000)
    # The server told it: nobody asked.
    assert [url for url in asked if "/api/v1/logs" in url] == []
    page.get_by_label("Text").fill("")
    page.get_by_label("Level from").select_option("critical")
    expect(page.get_by_text("No line fits these filters.")).to_be_visible()


def test_health_tells_of_parts_disks_workers_and_tools(ada: Visitor) -> None:
    page = ada.page
    ada.go("/admin/health")
    expect(page.get_by_role("list", name="Parts").get_by_role("listitem").first).to_be_visible()
    expect(page.get_by_role("progressbar", name="Use of the disk: Media")).to_be_visible()
    expect(page.get_by_role("list", name="Workers")).to_contain_text("This one")
    expect(page.get_by_role("list", name="Tools")).to_contain_text("yt-dlp")


def test_a_backup_is_made_taken_away_and_gone_back_to(fresh_server: Program, visit: Visit) -> None:
    fresh_server.client().close()
    visitor = visit(on=fresh_server)
    page = visitor.page
    visitor.go("/admin/backups")
    page.get_by_role("button", name="Back up now").click()
    row = page.get_by_role("list", name="Backups").get_by_role("listitem").filter(has_text="By hand")
    expect(row).to_be_visible()
    with page.expect_download() as saved:
        row.get_by_role("link", name="Download").click()
    copy = Path(saved.value.path())
    assert copy.stat().st_size > 0

    with closing(fresh_server.client()) as api:
        bob = {"username": "bob", "email": "bob@example.com", "password": PASSWORD}
        assert api.post("/api/v1/users", json=bob).is_success
    row.get_by_role("button", name="Restore").click()
    dialog = page.get_by_role("dialog")
    go = dialog.get_by_role("button", name="Replace everything")
    expect(go).to_be_disabled()
    dialog.get_by_role("checkbox").click()
    go.click()
    # Every session ends with it, and that it succeeded is said where this leads.
    expect(page.get_by_text("The import succeeded")).to_be_visible(timeout=30_000)
    expect(page).to_have_url(re.compile("/login"))
    with closing(fresh_server.client()) as api:
        assert [user["username"] for user in api.get("/api/v1/users").json()] == ["ada"]

    page.get_by_label("User name").fill("ada")
    page.get_by_role("textbox", name="Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_text("Before a restore")).to_be_visible()
    expect(page.get_by_text("The latest import succeeded")).to_be_visible()
    page.get_by_role("button", name="Import a database").click()
    hostile = {"name": "evil.sql", "mimeType": "application/sql", "buffer": b"DROP TABLE users;"}
    dialog.get_by_label("File").set_input_files(hostile)  # type: ignore[arg-type]
    dialog.get_by_role("checkbox").click()
    go.click()
    expect(dialog.get_by_role("alert")).to_be_visible()
    dialog.get_by_label("File").set_input_files(
        {"name": "backup.sql", "mimeType": "application/sql", "buffer": copy.read_bytes()}
    )
    go.click()
    expect(page.get_by_text("The import succeeded")).to_be_visible(timeout=30_000)
