"""Signing up, in and out."""

from __future__ import annotations

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
    expect(page.get_by_role("textbox", name="Addresses to save")).to_be_focused()

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
    visitor = visit()
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
