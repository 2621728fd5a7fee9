"""User names and e-mail addresses: what is accepted, and which are the same."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from magpie.accounts.names import email_of, folded, username_of
from magpie.kit.errors import RuleBroken


@pytest.mark.parametrize("name", ["a", "ada", "Ada Lovelace", "小明", "x" * 64, "o'brien", "emoji🦜"])
def test_good_user_names(name: str) -> None:
    assert username_of(name)[0] == name


@pytest.mark.parametrize(
    "name",
    [
        "",
        "   ",
        "x" * 65,
        "a@b",
        "a＠b",
        "tab\tname",
        "nul\0",
        "\u202egnp.exe",
        "zero\u200bwidth",
        "\ud800",
        "ﷺ" * 64,
    ],
)
def test_bad_user_names(name: str) -> None:
    with pytest.raises(RuleBroken) as caught:
        username_of(name)
    assert caught.value.fault.loc == ["body", "username"]


@pytest.mark.parametrize(
    ("one", "other"), [("Ada", "aDA"), ("Straße", "STRASSE"), ("ＡＤＡ", "ada"), (" ada ", "ada")]
)
def test_names_that_are_the_same(one: str, other: str) -> None:
    assert username_of(one)[1] == username_of(other)[1]


@pytest.mark.parametrize(
    "address",
    ["ada@example.com", "a.b+c@sub.example.co.uk", "me@nas.local", "root@localhost", "x@192.168.1.2"],
)
def test_good_addresses(address: str) -> None:
    assert email_of(address) == (address, address)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "ada",
        "ada@",
        "@example.com",
        "ada@gmail",
        "a b@example.com",
        "ada@exa mple.com",
        "ada@-x.com",
        "a@b@c.de",
        "ada@example..com",
        "ada@example.com\n.evil",
        "ada\0@example.com",
        "x" * 65 + "@a.de",
        "a@" + "x." * 130 + "de",
    ],
)
def test_bad_addresses(address: str) -> None:
    with pytest.raises(RuleBroken) as caught:
        email_of(address)
    fault = caught.value.fault
    assert (fault.loc, fault.msg) == (["body", "email"], "value is not a valid email address")


@given(st.text())
def test_accepted_names_can_be_found_again_and_hide_nothing(text: str) -> None:
    try:
        name, key = username_of(text)
    except RuleBroken:
        return
    assert folded(name) == key
    assert folded(name.upper()) is not None
    assert "@" not in key
    assert not {unicodedata.category(char) for char in name} & {"Cc", "Cf", "Cs"}
