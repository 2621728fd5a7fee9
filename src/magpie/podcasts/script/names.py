"""What in a text is likely a name: of a person, a place, an organisation, a work."""

from __future__ import annotations

import re
from collections.abc import Iterator

from magpie.podcasts.script.letters import HAN, KANA

_CAPITALISED = r"(?:[A-Z][\w’'&-]*[\w]|[A-Z])"
_ENGLISH = re.compile(
    rf"\b{_CAPITALISED}(?:[ ](?:(?:of|the|de|van|von|and|for|del|la|le)[ ])?{_CAPITALISED})*"
)
_SENTENCE_START = re.compile(r"(?:^|[.!?…:;\"“”‘(—–-]\s*|\n\s*)$")
_NO_NAMES = frozenset(
    word
    for line in (
        "i i'm i've i'd i'll okay ok oh yes no well so and but or the a an it he she we they you this that these those",
        "today tomorrow yesterday monday tuesday wednesday thursday friday saturday sunday january february march april",
        "may june july august september october november december welcome thanks thank hello hi goodbye bye english",
        "chinese german french spanish mr mrs ms dr prof sir what why how when where who which if then now there here",
        "let let's in on at by for from with as of to is are was were be not one two three first second next finally",
        "however because while although since also even just maybe perhaps right exactly absolutely indeed sure good",
        "great wow hmm interesting imagine think remember consider take look see my your our his her their its",
    )
    for word in line.split(" ")
)
_SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟"
    "汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
)
_AFTER_NAME = "|".join(
    [
        *[
            "说",
            "表示",
            "认为",
            "指出",
            "介绍",
            "透露",
            "强调",
            "写道",
            "回忆",
            "博士",
            "教授",
            "先生",
            "女士",
            "院士",
        ],
        *["老师", "总统", "总理", "主席", "部长", "经理", "研究员", "工程师", "医生"],
    ]
)
# What foreign names are written with.
_SOUNDS = (
    "阿埃艾安昂奥隆翰约丽治易历山大卫保得仕巴白班贝本比彼伯博布查达戴丹德登迪蒂丁杜多恩尔法范菲费芬弗夫福盖甘冈戈格葛根古哈海汉赫亨霍基吉加简杰金卡凯坎考科克肯库"
    "奎拉莱兰劳勒雷黎里理利莉林琳卢鲁路伦罗洛马玛麦迈曼梅门蒙米密莫姆慕穆纳娜南内尼妮纽努诺欧帕潘庞佩彭皮珀普奇恰乔切琼撒萨塞桑瑟森莎沙"
    "珊史舒斯司思苏索塔泰坦汤特滕提图托瓦万威韦维温翁沃乌武西希锡夏香肖谢辛休雅亚扬耶伊因英尤约泽詹珍扎兹朱佐茨蕾露蜜丝黛"
)
_CHINESE = (
    re.compile(r"《(?P<name>[^《》\n]{1,40})》"),
    re.compile(rf"(?P<name>[{_SOUNDS}]{{1,8}}(?:[·•・][{_SOUNDS}]{{1,8}})+)"),
    re.compile(rf"(?P<name>[{KANA}]{{2,12}}(?:[·•・][{KANA}]{{1,12}})+)"),
    re.compile(rf"(?P<name>[{_SURNAMES}][{HAN}]{{1,2}})(?=(?:{_AFTER_NAME}))"),
    re.compile(
        rf"(?:名叫|叫做|叫作|名为|由|和|与|是|跟|据)(?P<name>[{_SURNAMES}][{HAN}]{{1,2}})(?=(?:{_AFTER_NAME}|[，。、]))"
    ),
    re.compile(
        rf"(?:^|(?<=[^{HAN}])|(?<=[在由和与跟从向对于被据是了的]))"
        rf"(?P<name>(?![的了在是有和与])[{HAN}]{{2,6}}?(?:大学|公司|集团|银行|研究院|研究所|学院|医院|出版社|基金会|委员会|通讯社|日报))"
    ),
    re.compile(
        rf"(?:^|(?<=[^{HAN}])|(?<=[在由和与跟从向对于被到去来自]))(?P<name>(?![的了在是有和与])[{HAN}]{{2,3}}?(?:省|市|县|州))(?![{HAN}]*场)"
    ),
    re.compile(r"(?<![A-Za-z])(?P<name>[A-Z][A-Za-z0-9]*(?:[ -][A-Z][A-Za-z0-9]*)*)(?![A-Za-z])"),
)
_NO_CHINESE_NAMES = frozenset(
    ["这家公司", "那家公司", "一家公司", "该公司", "我们公司", "所大学", "一所大学", "城市", "AI", "OK"]
)
_WIDE = re.compile(f"[{HAN}{KANA}]")


def find(text: str) -> Iterator[str]:
    """Every likely name in the text, as it stands there. Prefers to miss some over naming what is none."""
    if len(_WIDE.findall(text)) * 4 > len(text):
        yield from _chinese(text)
    else:
        yield from _english(text)


def _english(text: str) -> Iterator[str]:
    for found in _ENGLISH.finditer(text):
        words = found.group().split(" ")
        is_first = found.start() == 0 or _SENTENCE_START.search(text[: found.start()][-4:])
        if is_first and len(words) == 1:  # it has its capital anyway
            continue
        while words and (_is_common(words[0]) or words[0].islower()):
            words = words[1:]
        while words and (_is_common(words[-1]) or words[-1].islower()):
            words = words[:-1]
        if words and not (len(words) == 1 and len(words[0]) < 2):
            yield " ".join(words)


def _is_common(word: str) -> bool:
    return re.sub(r"['’]s$", "", word).casefold() in _NO_NAMES


def _chinese(text: str) -> Iterator[str]:
    seen: set[str] = set()
    for pattern in _CHINESE:
        for found in pattern.finditer(text):
            name = found.group("name")
            if name not in seen and name not in _NO_CHINESE_NAMES:
                seen.add(name)
                yield name
