"""Signing up, in and out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Visit
from tests.support.server import PASSWORD, Program

pytestmark = pytest.mark.browser


def test_first_user_signs_up_and_registration_closes_behind_them(fresh_server: Program, visit: Visit) -> None:
    visitor = visit(on=fresh_server, signed_in=False)
    page = visitor.page
    visitor.go("/")
    expect(page).to_have_url(f"{fresh_server.url}/welcome")

    page.get_by_role("button", name="Create account").click()
    expect(page.get_by_text("Choose a user name.")).to_be_visible()
    expect(page.get_by_label("User name")).to_be_focused()

    page.get_by_label("User name").fill("mia")
    page.get_by_label("Email").fill("mia@example.com")
    page.get_by_role("textbox", name="Password").fill(PASSWORD)
    page.get_by_role("button", name="Create account").click()
    expect(page.get_by_role("heading", name="Magpie is yours")).to_be_visible()
    expect(page.get_by_text(str(fresh_server.data_dir / "media"))).to_be_visible()
    page.get_by_role("checkbox", name="make an account by themselves").click()
    expect(page.get_by_role("checkbox")).to_be_checked()
    page.wait_for_load_state("networkidle")
    page.reload()
    expect(page.get_by_role("checkbox")).to_be_checked()
    page.get_by_role("checkbox").click()
    expect(page.get_by_role("checkbox")).not_to_be_checked()
    page.wait_for_load_state("networkidle")
    page.get_by_role("link", name="Save something").click()
    expect(page.get_by_role("textbox", name="Addresses to save")).to_be_visible()

    page.get_by_role("button", name="Menu of mia").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Welcome back")).to_be_visible()
    expect(page.get_by_role("link", name="Create an account")).to_have_count(0)
    visitor.go("/welcome")
    expect(page.get_by_text("Registration is closed here.")).to_be_visible()


def test_wrong_password_keeps_what_was_typed(visit: Visit) -> None:
    visitor = visit(signed_in=False)
    page = visitor.page
    visitor.go("/library")
    page.get_by_label("User name").fill("ada")
    page.get_by_role("textbox", name="Password").fill("not it")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_contain_text("do not fit together")
    expect(page.get_by_label("User name")).to_have_value("ada")

    page.get_by_role("textbox", name="Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    # Where the visitor wanted to go in the first place.
    expect(page.get_by_role("heading", name="Library")).to_be_visible()


def test_an_ended_session_loses_nothing_typed(visit: Visit) -> None:
    visitor = visit()
    page = visitor.page
    visitor.go("/")
    box = page.get_by_role("textbox", name="Addresses to save")
    box.fill("https://media.invalid/a-film")
    page.context.clear_cookies()
    box.press("Enter")

    expect(page.get_by_text("Your session has ended.")).to_be_visible()
    page.get_by_label("User name").fill("ada")
    page.get_by_role("textbox", name="Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(box).to_have_value("https://media.invalid/a-film")


def test_a_session_revoked_elsewhere_ends_here_by_itself(visit: Visit) -> None:
    visitor = visit(own_session=True)
    page = visitor.page
    visitor.go("/")
    expect(page.get_by_text("Nothing is running.").or_(page.get_by_role("progressbar").first)).to_be_visible()
    cookies = {cookie.get("name"): cookie.get("value") for cookie in page.context.cookies()}
    answer = page.context.request.post(
        f"{visitor.server.url}/auth/logout", headers={"X-CSRF-Token": str(cookies["magpie_csrf"])}
    )
    assert answer.ok
    expect(page.get_by_text("Your session has ended.")).to_be_visible(timeout=8_000)


def test_a_link_from_elsewhere_cannot_send_the_visitor_elsewhere_after_login(visit: Visit) -> None:
    visitor = visit(signed_in=False)
    page = visitor.page
    visitor.go("/login?next=//evil.invalid/x")
    page.get_by_label("User name").fill("ada")
    page.get_by_role("textbox", name="Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("textbox", name="Addresses to save")).to_be_visible()
    assert page.url == f"{visitor.server.url}/"


def test_profile_password_and_sessions(person: Callable[[str], None], visit: Visit) -> None:
    person("carla")
    visitor, elsewhere = visit(username="carla"), visit(username="carla", tolerant=True)
    page = visitor.page
    elsewhere.go("/")
    visitor.go("/")
    page.get_by_role("button", name="Menu of carla").click()
    page.get_by_role("link", name="My account").click()
    page.get_by_label("Display name").fill("Carla of the rooks")
    page.get_by_label("Email").fill("carla@rooks.example")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Type your password.")).to_be_visible()
    profile = page.get_by_role("region", name="Profile")
    profile.get_by_role("textbox", name="Current password").fill(PASSWORD)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Your profile is saved.")).to_be_visible()
    page.reload()
    expect(page.get_by_label("Display name")).to_have_value("Carla of the rooks")
    expect(page.get_by_label("Email")).to_have_value("carla@rooks.example")

    sessions = page.get_by_role("list", name="Signed in").get_by_role("listitem")
    mine = sessions.filter(has_text="This one")
    expect(mine).to_have_count(1)
    expect(mine.get_by_role("button")).to_have_count(0)
    others = sessions.filter(has=page.get_by_role("button"))
    before = others.count()
    others.filter(has_text="Chrome").first.get_by_role("button").click()
    expect(others).to_have_count(before - 1)
    expect(elsewhere.page.get_by_text("Your session has ended.")).to_be_visible(timeout=8_000)

    password = page.get_by_role("region", name="Password")
    password.get_by_role("textbox", name="Current password").fill("not it")
    password.get_by_role("textbox", name="New password").fill("seven magpies, never told")
    password.get_by_role("button", name="Change password").click()
    expect(password.get_by_role("alert")).to_be_visible()
    expect(password.get_by_role("textbox", name="New password")).to_have_value("seven magpies, never told")
    password.get_by_role("textbox", name="Current password").fill(PASSWORD)
    password.get_by_role("button", name="Change password").click()
    expect(page.get_by_text("Your password is changed.")).to_be_visible()
    expect(sessions).to_have_count(1)


def test_an_api_token_is_shown_once_and_works_until_revoked(visit: Visit) -> None:
    visitor = visit()
    page = visitor.page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    visitor.go("/account")
    page.get_by_role("button", name="New token").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_label("Name")).to_be_focused()
    dialog.get_by_role("button", name="Make token").click()
    expect(dialog.get_by_text("Give it a name.")).to_be_visible()
    dialog.get_by_label("Name").fill("nightly script")
    dialog.get_by_role("button", name="Make token").click()
    token = dialog.get_by_role("textbox", name="Token").input_value()
    dialog.get_by_role("button", name="Copy").click()
    expect(dialog.get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == token
    dialog.get_by_role("button", name="Done").click()

    bearer = {"Authorization": f"Bearer {token}"}
    me = f"{visitor.server.url}/auth/me"
    assert httpx.get(me, headers=bearer).status_code == 200
    page.reload()
    row = page.get_by_role("list", name="API tokens").get_by_role("listitem").filter(has_text="nightly")
    expect(row).to_contain_text("Read")
    assert token not in page.content()
    row.get_by_role("button", name="Revoke").click()
    page.get_by_role("dialog").get_by_role("button", name="Revoke").click()
    expect(row).to_have_count(0)
    assert httpx.get(me, headers=bearer).status_code == 401


def test_a_lost_password_is_replaced_by_a_link_from_a_superuser(
    person: Callable[[str], None], server: Program, visit: Visit
) -> None:
    person("lia")
    forgetful, ada = visit(signed_in=False), visit()
    page = forgetful.page
    forgetful.go("/login")
    page.get_by_role("link", name="Forgot your password?").click()
    page.get_by_label("Email").fill("lia@example.com")
    page.get_by_role("button", name="Ask for a new one").click()
    expect(page.get_by_role("heading", name="It is on its way")).to_be_visible()

    ada.go("/admin/users")
    ada.page.get_by_role("button", name="Show the links").click()
    link = ada.page.get_by_role("textbox", name="Link for lia").input_value()
    assert link.startswith(f"{server.url}/reset?token=")

    page.goto(link)
    fresh = page.get_by_role("textbox", name="New password")
    expect(fresh).to_be_visible()
    # Out of the address bar, where others could read it.
    expect(page).to_have_url(f"{server.url}/reset")
    fresh.fill("seven magpies, never told")
    page.get_by_role("button", name="Set new password").click()
    expect(page.get_by_role("heading", name="Your password is set")).to_be_visible()
    page.get_by_role("link", name="Sign in").click()
    page.get_by_label("User name").fill("lia")
    page.get_by_role("textbox", name="Password").fill("seven magpies, never told")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("textbox", name="Addresses to save")).to_be_visible()

    page.goto(link)
    fresh.fill("another one, never told")
    page.get_by_role("button", name="Set new password").click()
    expect(page.get_by_role("alert")).to_be_visible()


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Program]:
    """A server with one password for everybody in the house."""
    with Program(tmp_path / "data", app_password="one for the house") as program:
        yield program


def test_one_password_signs_in_where_that_is_the_rule(house: Program, visit: Visit) -> None:
    visitor = visit(on=house, signed_in=False)
    page = visitor.page
    visitor.go("/")
    expect(page.get_by_label("User name")).to_have_count(0)
    expect(page.get_by_role("link", name="Forgot your password?")).to_have_count(0)
    page.get_by_role("textbox", name="Password").fill("wrong")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_contain_text("not right")
    page.get_by_role("textbox", name="Password").fill("one for the house")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("textbox", name="Addresses to save")).to_be_visible()
    visitor.go("/account")
    expect(page.get_by_role("region", name="API tokens")).to_be_visible()
    expect(page.get_by_role("button", name="Change password")).to_have_count(0)
