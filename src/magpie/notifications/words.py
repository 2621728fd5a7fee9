"""What is written to people, in each language that they are spoken to in.

One catalogue a language: the same keys, with the same holes. A text that counts is a pair in English, for one and for
more. What comes from elsewhere is put into the holes and is never read as a text with holes itself.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from magpie.downloads.failures import DIAGNOSES, Reason
from magpie.kit.languages import Language
from magpie.notifications.reasons import CHINESE_FAULTS, CHINESE_REASONS

Text = str | tuple[str, str]

ENGLISH: Final[Mapping[str, Text]] = {
    # One thing alone.
    "single.new_item": "New: {title}",
    "single.failed": "Failed: {title}",
    "single.needs_attention": "{title}",
    # Several.
    "subject": "Magpie: {counted}",
    "counted.new_item": ("{count} new item", "{count} new items"),
    "counted.failed": "{count} failed",
    "counted.needs_attention": ("{count} thing needs attention", "{count} things need attention"),
    "counted.between": ", ",
    "heading.new_item": "New:",
    "heading.failed": "Failed:",
    "heading.needs_attention": "Needs attention:",
    "line": "• {title}",
    "line.why": "• {title}: {why}",
    "more": "… and {count} more",
    # Trying a target out.
    "test.title": "Magpie: a test",
    "test.body": "This is a test. Messages from Magpie arrive here.",
    # What has failed, and what needs attention.
    "download.failed": "It could not be downloaded.",
    "link.dead": "{name} is gone",
    "link.failing": "{name} cannot be checked",
    "task.failing": "{name} cannot be kept in step",
    "task.asking": "{name} asks",
    "task.asking.body": (
        "{count} entry would go from the playlist. Look at the plan, and approve it or not.",
        "{count} entries would go from the playlist. Look at the plan, and approve it or not.",
    ),
    "cookies": "Cookies for {site}",
    "cookies.refused": "The site does not take them any more. Give new ones under Sites.",
    "cookies.expired": "They have expired. Give new ones under Sites.",
    "site": "{site} is left alone",
    "site.body": "{why} Nothing is fetched there until {until}.",
    "space": "The disk is full",
    "space.body": ("{count} download waits for free space.", "{count} downloads wait for free space."),
    "missing": "Files are missing",
    "missing.one": "1 file is gone: {names}.",
    "missing.body": (
        "{files} files of {count} item are gone: {names}.",
        "{files} files of {count} items are gone: {names}.",
    ),
    "damaged": "Files are damaged",
    "damaged.body": (
        "{count} file is not what it was, though nobody has written to it: {names}. The disk may be failing.",
        "{count} files are not what they were, though nobody has written to them: {names}. The disk may be failing.",
    ),
    "names.between": ", ",
    "names.more": "{names} and {count} more",
}

CHINESE: Final[Mapping[str, Text]] = {
    "single.new_item": "新内容：{title}",
    "single.failed": "下载失败：{title}",
    "single.needs_attention": "{title}",
    "subject": "Magpie：{counted}",
    "counted.new_item": "{count} 项新内容",
    "counted.failed": "{count} 项下载失败",
    "counted.needs_attention": "{count} 件事需要处理",
    "counted.between": "，",
    "heading.new_item": "新内容：",
    "heading.failed": "下载失败：",
    "heading.needs_attention": "需要处理：",
    "line": "• {title}",
    "line.why": "• {title}：{why}",
    "more": "……另有 {count} 项",
    "test.title": "Magpie：测试",
    "test.body": "这是一条测试消息。Magpie 的消息会发送到这里。",
    "download.failed": "无法下载。",
    "link.dead": "“{name}”已失效",
    "link.failing": "无法检查“{name}”",
    "task.failing": "歌单“{name}”无法保持同步",
    "task.asking": "歌单“{name}”需要您确认",
    "task.asking.body": "将有 {count} 首歌曲从歌单中移除。请查看计划，再决定是否批准。",
    "cookies": "{site} 的 Cookie",
    "cookies.refused": "网站不再接受它们。请在“网站”页提供新的 Cookie。",
    "cookies.expired": "它们已过期。请在“网站”页提供新的 Cookie。",
    "site": "暂时不再访问 {site}",
    "site.body": "{why}在 {until} 之前不会从那里获取任何内容。",
    "space": "磁盘已满",
    "space.body": "{count} 个下载正在等待可用空间。",
    "missing": "有文件丢失",
    "missing.one": "1 个文件不见了：{names}。",
    "missing.body": "{count} 项内容的 {files} 个文件不见了：{names}。",
    "damaged": "有文件损坏",
    "damaged.body": "{count} 个文件的内容变了，而没有任何程序写过它们：{names}。磁盘可能即将损坏。",
    "names.between": "、",
    "names.more": "{names}，另有 {count} 项",
}

CATALOGUES: Final[Mapping[Language, Mapping[str, Text]]] = {"en": ENGLISH, "zh-CN": CHINESE}

_DETAIL: Final = re.compile(r"\s*\((.+)\)", re.DOTALL)


def say(language: Language, key: str, **values: str | int) -> str:
    """The text of a key, its holes filled; of a pair the one that goes with `count`."""
    text = CATALOGUES[language][key]
    if isinstance(text, tuple):
        text = text[values["count"] != 1]
    return text.format(**values)


def sentence(language: Language, reason: str | None, told: str) -> str:
    """Why a download or a check did not work. `told`: the English sentence that was kept of it, with a tool's own words
    in brackets behind it, perhaps. A reason without words in the language is told in English."""
    if language != "zh-CN" or reason is None or reason not in CHINESE_REASONS:
        return told
    detail = _DETAIL.match(told.removeprefix(DIAGNOSES[Reason(reason)].message))
    return CHINESE_REASONS[reason] + (f"（{detail[1]}）" if detail else "")


def fault(language: Language, reason: str | None, told: str) -> str:
    """Why a playlist could not be kept in step, as `sentence`."""
    return (CHINESE_FAULTS.get(reason or "") if language == "zh-CN" else None) or told
