"""Cursors come back as they were given out; anything else is a broken rule, never a fault of ours."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from magpie.kit.errors import RuleBroken
from magpie.kit.paging import decode_cursor, encode_cursor

TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0"))
KEYS = st.one_of(st.integers(-(2**62), 2**62), TEXT, st.floats(allow_nan=False, allow_infinity=False))


@given(st.lists(KEYS, min_size=1, max_size=4))
def test_round_trip(key: list[Any]) -> None:
    cursor = encode_cursor(*key)
    assert cursor.replace("-", "").replace("_", "").isalnum()
    assert decode_cursor(cursor, tuple(type(value) for value in key)) == tuple(key)


def forged(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "cursor",
    [
        "", "x", "=", "====", "....", "é", "\0", "W10", forged([]), forged(None), forged({"0": 1}), forged([1, 2]),
        forged(["1"]), forged([True]), forged([1.0]), forged([None]), forged([2**63]), forged([-(2**70)]),
        forged([10**4400 // 10**4399]) + "A", base64.urlsafe_b64encode(b"[" + b"9" * 5000 + b"]").decode(),
        base64.urlsafe_b64encode(b"[" * 100_000).decode(), base64.urlsafe_b64encode(b"\xff\xfe").decode(),
    ],
)  # fmt: skip
def test_hostile_cursors_break_a_rule(cursor: str) -> None:
    with pytest.raises(RuleBroken) as broken:
        decode_cursor(cursor, (int,))
    assert broken.value.body()["errors"][0]["loc"] == ["query", "cursor"]


@pytest.mark.parametrize(
    ("value", "kind"),
    [("a\0b", str), ("\ud800", str), (float("nan"), float), (float("inf"), float), (1, str), ("1", int)],
)
def test_what_no_database_compares_is_refused(value: object, kind: type) -> None:
    with pytest.raises(RuleBroken):
        decode_cursor(forged([value]), (kind,))


@given(st.text(max_size=60))
def test_nothing_else_is_ever_raised(cursor: str) -> None:
    with pytest.raises(RuleBroken):
        decode_cursor(f"!{cursor}", (int,))
