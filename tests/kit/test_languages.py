"""The language that people are spoken to in."""

from __future__ import annotations

import pytest

from magpie.kit.languages import MAX_HEADER, language_of, wished

pytestmark = pytest.mark.once


@pytest.mark.parametrize(
    ("header", "language"),
    [
        (None, None),
        ("", None),
        ("*", None),
        ("fr", None),
        ("en-GB,en;q=0.9", "en"),
        ("zh-TW,zh;q=0.9,en;q=0.8", "zh-CN"),
        ("de, zh-Hans-CN;q=0.7 , EN;q=0.3", "zh-CN"),
        ("en;q=0.2,zh;q=0.9", "zh-CN"),
        ("zh;q=0,en;q=0.1", "en"),
        ("zhx, enx", None),
        ("zh;q=nan,en;q=1e9", None),
        ("fr," * MAX_HEADER + "zh", None),
    ],
)
def test_what_a_browser_asks_for(header: str | None, language: str | None) -> None:
    assert wished(header) == language


def test_what_is_not_known_is_english() -> None:
    assert [language_of(stored) for stored in (None, "", "xx", "en", "zh-CN")] == ["en"] * 4 + ["zh-CN"]
