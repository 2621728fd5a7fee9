"""What people are told in their own language."""

from __future__ import annotations

from string import Formatter

import pytest

from magpie.downloads.failures import DownloadFailure, Reason
from magpie.kit.languages import LANGUAGES
from magpie.notifications.digests import Line, compose
from magpie.notifications.models import Happening
from magpie.notifications.reasons import CHINESE_FAULTS, CHINESE_REASONS
from magpie.notifications.words import CATALOGUES, ENGLISH, Text, fault, say, sentence
from magpie.playlists.servers.port import Fault

pytestmark = pytest.mark.once

SOURCES = ("gone", "private", "refused", "limited", "unreachable", "unreadable", "not_configured")


def holes(text: Text) -> list[set[str]]:
    texts = text if isinstance(text, tuple) else (text,)
    return [{name for _, name, _, _ in Formatter().parse(one) if name} for one in texts]


def test_no_language_lacks_a_text_or_what_goes_into_it() -> None:
    assert set(CATALOGUES) == set(LANGUAGES)
    for catalogue in CATALOGUES.values():
        assert catalogue.keys() == ENGLISH.keys()
        for key, text in catalogue.items():
            wanted = holes(ENGLISH[key])[0]
            assert all(found == wanted for found in holes(text)), key
            assert all("count" in found for found in holes(text)) or not isinstance(text, tuple)
            assert all(texts.strip() for texts in ((text,) if isinstance(text, str) else text))


def test_every_event_has_its_texts() -> None:
    kinds = ("single", "counted", "heading")
    assert {f"{kind}.{event}" for kind in kinds for event in Happening} <= ENGLISH.keys()


def test_every_reason_has_chinese_words() -> None:
    assert CHINESE_REASONS.keys() == set(Reason)
    told = {*Fault, *(f"source_{reason}" for reason in SOURCES), "crashed"}
    assert told <= CHINESE_FAULTS.keys()


def test_a_tools_own_words_stay_behind_the_sentence() -> None:
    plain, detailed = DownloadFailure(Reason.PRIVATE), DownloadFailure(Reason.PRIVATE, "HTTP Error 403 (no)")
    assert sentence("zh-CN", "private", plain.message) == "内容是私密的。"
    assert sentence("zh-CN", "private", detailed.message) == "内容是私密的。（HTTP Error 403 (no)）"
    assert sentence("en", "private", detailed.message) == detailed.message


@pytest.mark.parametrize("reason", [None, "a_plug_ins_own"])
def test_what_has_no_words_is_told_as_it_was(reason: str | None) -> None:
    assert sentence("zh-CN", reason, "Its own words.") == "Its own words."
    assert fault("zh-CN", reason, "Its own words.") == "Its own words."


def test_names_of_others_are_no_texts_with_holes() -> None:
    assert say("zh-CN", "single.new_item", title="{count} {0} %s") == "新内容：{count} {0} %s"


def test_one_and_more() -> None:
    assert [say("en", "counted.new_item", count=count) for count in (1, 2)] == ["1 new item", "2 new items"]
    assert say("zh-CN", "counted.new_item", count=1) == "1 项新内容"


def test_a_message_in_chinese() -> None:
    one = compose([Line("new_item", "A film", "鸟")], {"new_item": 1}, language="zh-CN")
    assert (one.title, one.body) == ("新内容：A film", "鸟")
    lines = [Line("new_item", "A film", "鸟"), Line("failed", "B", "内容是私密的。")]
    many = compose(lines, {"new_item": 30, "failed": 1}, "https://keeper.example", "zh-CN")
    assert many.title == "Magpie：30 项新内容，1 项下载失败"
    expected = ["新内容：", "鸟", "• A film", "下载失败：", "• B：内容是私密的。", "……另有 29 项"]
    assert many.body.split("\n") == [*expected, "", "https://keeper.example"]
