"""Taking away what models put around a script: thoughts, fences, marks of Markdown. Never a word of the script."""

from __future__ import annotations

import re

from magpie.podcasts.script.letters import has_letters

_THOUGHT = r"(?:think|thinking|thought|thoughts|reasoning|reflection|analysis|scratchpad)"
_THOUGHT_TAG = re.compile(rf"<(?P<end>/?){_THOUGHT}\b[^<>]{{0,100}}>", re.IGNORECASE)
_FENCE = re.compile(r"^[ \t]*(?:```|~~~)[ \t]*[\w+-]*[ \t]*$", re.MULTILINE)
_INLINE_FENCE = re.compile(r"```(?:json|xml|text|markdown)?[ \t]*", re.IGNORECASE)
_TOKENS = re.compile(r"<\|[a-z_]{1,32}\|>")  # <|im_end|>, <|channel|>: marks of chat templates that leak
# Marks for voices and pages that a model may scatter; what is between them stays.
_BREAK_TAGS = re.compile(r"</?(?:break|p|s|br|audio|div)(?:\s[^<>]{0,200})?/?>", re.IGNORECASE)
_SPEECH_TAGS = re.compile(
    r"</?(?:speak|prosody|emphasis|say-as|voice|b|i|em|strong|u|span|script|dialogue|podcast|transcript|output|answer"
    r"|response)(?:\s[^<>]{0,200})?/?>",
    re.IGNORECASE,
)
_LINK = re.compile(r"!?\[([^\[\]\n]*)\]\((?:[^()\s]|\([^()\s]*\))*(?:\s+\"[^\"\n]*\")?\)")
_HEADING = re.compile(r"^[ \t]{0,3}#{1,6}[ \t]+", re.MULTILINE)
_RULE = re.compile(r"^[ \t]*(?:(?:-[ \t]*){3,}|(?:\*[ \t]*){3,}|(?:_[ \t]*){3,}|={3,})$", re.MULTILINE)
_BULLET = re.compile(r"^[ \t]*[-*+•][ \t]+(?=\S)", re.MULTILINE)
_QUOTED = re.compile(r"^[ \t]*>[ \t]?", re.MULTILINE)
_STRONG = re.compile(r"(?<![\w*_])([*_]{1,3})(?=[^\s*_])(.{1,1000}?)(?<=[^\s*_])\1(?![\w*_])", re.DOTALL)
_STRONG_IN_WORDS = re.compile(
    r"(\*{2,3})(?=[^\s*])([^*]+?)(?<=[^\s*])\1"
)  # ideographs have no spaces around them
_CODE = re.compile(r"(`+)([^`\n]+)\1")
_SPACES = re.compile(r"[ \t\f\v\u00a0]+")
_LINE_END = re.compile(r"\s*\n\s*")
_BETWEEN_WIDE = re.compile(
    "(?<=[\u3000-\u30ff\u3400-\u9fff\uff00-\uffef])\n(?=[\u3000-\u30ff\u3400-\u9fff\uff00-\uffef])"
)


def without_thoughts(answer: str) -> tuple[str, bool]:
    """The answer without `<think>…</think>`, and whether a thought was opened and never closed.

    What follows an opening that is never closed is kept: the script may be in there, and only its form can tell.
    A closing without an opening ends a thought that began with the answer.
    """
    text = _TOKENS.sub("", answer)
    kept: list[str] = []
    position = 0
    is_thinking = False
    for tag in _THOUGHT_TAG.finditer(text):
        if tag.group("end") and not is_thinking:
            kept.clear()
        elif tag.group("end"):
            kept.append("\n")
        elif is_thinking:
            continue  # a thought within a thought
        else:
            kept.append(text[position : tag.start()])
        is_thinking = not tag.group("end")
        position = tag.end()
    rest = text[position:]
    if is_thinking:
        rest = "\n" + _THOUGHT_TAG.sub("\n", rest)
    return "".join([*kept, rest]).strip(), is_thinking


def without_fences(text: str) -> str:
    """The text without lines of ``` around code."""
    return _INLINE_FENCE.sub("", _FENCE.sub("", text))


def plain(text: str) -> str:
    """One line of plain text: marks of Markdown and of speech taken away, spaces as in prose. All letters stay,
    but for the addresses behind links."""
    if "<" in text:
        text = _SPEECH_TAGS.sub("", _BREAK_TAGS.sub(" ", text))
    text = _LINK.sub(r"\1", text)
    for mark in (_RULE, _HEADING, _QUOTED, _BULLET):
        text = mark.sub("", text)
    text = _CODE.sub(r"\2", text)
    for _ in range(3):  # ***a **b** c***
        changed = _STRONG_IN_WORDS.sub(r"\2", _STRONG.sub(r"\2", text))
        if changed == text:
            break
        text = changed
    text = _BETWEEN_WIDE.sub("", _LINE_END.sub("\n", text.strip()))
    return _SPACES.sub(" ", text.replace("\n", " ")).strip()


_ANNOUNCES = re.compile(
    r"(?:sure|certainly|of course|okay|ok|absolutely|here(?:['’]s| is| are)|below|the following|好的|当然|以下|下面|这是)\b",
    re.IGNORECASE,
)


def is_announcement(text: str) -> bool:
    """Whether a paragraph is talk to whoever asked, and not the beginning of a narration."""
    return is_chatter(text) and (not has_letters(text) or _ANNOUNCES.match(plain(text)) is not None)


def is_chatter(line: str) -> bool:
    """Whether a line before the script is talk to whoever asked ("Sure, here is the dialogue:"), or empty."""
    line = plain(line)
    if not has_letters(line):
        return True
    return len(line) <= 200 and line.endswith((":", "：")) and "\n" not in line
