"""One screen in its looks: on a phone and at a desk, dark and light, in both languages.

axe looks twice at each screen: in one look and in its opposite, so that it meets each device, scheme and language. Which
two of the eight these are changes from screen to screen: what many screens have is seen in all. In between, the width
is measured in each language on each device. A picture is taken of a look in which something is wrong. With
`MAGPIE_TEST_LOOKS=all` all of it is done, and a picture taken, in all eight: that takes four times as long.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any
from zlib import crc32

from axe_playwright_python.base import AXE_SCRIPT, AxeResults  # type: ignore[import-untyped]
from playwright.sync_api import Page

from tests.e2e.conftest import DESKTOP, PHONE, Visitor

SCREENSHOTS = Path("test-results/screens")
LANGUAGES = {"en": "en", "zh": "zh-CN"}
# Says the language as another tab of the same browser would. Comes back with whether the page is as wide as the window
# when it has followed, and nothing moves any more but for what moves for ever: what fades in has too little contrast
# until it is there. The bound is the test's own.
WEAR = """async ([language, scheme]) => {
    const root = document.documentElement;
    localStorage.setItem('magpie.language', language);
    dispatchEvent(new StorageEvent('storage', { key: 'magpie.language', newValue: language }));
    const follows = () => root.lang === language && root.dataset.mantineColorScheme === scheme;
    const moves = each => each.playState === 'running'
        && each.effect.getComputedTiming().iterations !== Infinity;
    const comes = each => !each.complete && each.getBoundingClientRect().top < innerHeight;
    do await new Promise(requestAnimationFrame);
    while (!follows() || document.getAnimations().some(moves) || [...document.images].some(comes));
    return root.scrollWidth <= root.clientWidth;
}"""
# A change of scheme fades all over the page, which is drawn anew for each step: a fifth of what the looks take.
HOLD_STILL = """() => {
    const still = new CSSStyleSheet();
    still.replaceSync('*, *::before, *::after { transition: none !important }');
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, still];
}"""
# By way of a place that is none: so nothing of the screen before is taken for the one that is wanted.
GO = """async path => {
    const show = async place => {
        const before = document.querySelector('main');
        history.pushState({}, '', place);
        do await new Promise(requestAnimationFrame); while (before?.isConnected);
    };
    await show('/nowhere');
    await show(path);
    while (!document.querySelector('h1')) await new Promise(requestAnimationFrame);
}"""
AXE_RUN = """async () => {
    const found = await axe.run({ resultTypes: ['violations'] });
    return { ...found, passes: [], incomplete: [], inapplicable: [] };
}"""


@dataclass(frozen=True, slots=True)
class Look:
    """How a screen is looked at."""

    device: str
    scheme: str
    language: str

    def __str__(self) -> str:
        return f"{self.device}-{self.scheme}-{self.language}"


# From the language and to the device in which the tests deal with a screen, changing as little as can be.
ROUND = (("phone", "en"), ("phone", "zh"), ("desktop", "zh"), ("desktop", "en"))


def all_looks() -> Iterator[tuple[Look, bool]]:
    """All eight, and axe sees them all."""
    for (device, language), scheme in product(ROUND, ("light", "dark")):
        yield Look(device, scheme, language), True


def usual_looks(turn: int) -> Iterator[tuple[Look, bool]]:
    """The looks of one screen, and whether axe sees them; the four pairs of opposites take turns."""
    schemes = ("dark", "light") if turn & 1 else ("light", "dark")
    for step, (device, language) in enumerate(ROUND):
        yield Look(device, schemes[step // 2], language), step % 2 == turn >> 1 & 1


class Inspector:
    """Looks at one screen after the other, without leaving it between the looks."""

    def __init__(self, visitor: Visitor) -> None:
        self.visitor = visitor
        self.faults: list[str] = []
        self._everything = os.environ.get("MAGPIE_TEST_LOOKS") == "all"
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)

    def go(self, path: str) -> None:
        """To another screen of the page that is open, as a link would: loading it anew costs more than the looks."""
        self.visitor.page.evaluate(GO, path)

    def look_at(self, name: str) -> None:
        """Note what axe finds in the looks, and which are wider than the window; leave it at a desk, in English."""
        page = self.visitor.page
        if page.evaluate("typeof axe === 'undefined'"):
            page.evaluate(AXE_SCRIPT)
            page.evaluate(HOLD_STILL)
        looks = all_looks() if self._everything else usual_looks(crc32(name.encode()))
        for look, is_inspected in looks:
            faults = [] if self._wear(page, look) else ["scrolls sideways"]
            found: Any = page.evaluate(AXE_RUN) if is_inspected else {"violations": []}
            if found["violations"]:
                faults.append(AxeResults(found).generate_report())
            if faults or self._everything:
                # A dialog stands in the window, not on the page.
                whole = page.locator("dialog[open]").count() == 0
                page.screenshot(path=SCREENSHOTS / f"{look}-{name}.png", full_page=whole)
            self.faults += [f"{look} {name}\n{fault}" for fault in faults]

    def _wear(self, page: Page, look: Look) -> bool:
        """Whether it fits into the window."""
        size = PHONE if look.device == "phone" else DESKTOP
        if page.viewport_size != size:
            page.set_viewport_size(size)  # type: ignore[arg-type]
        page.emulate_media(color_scheme=look.scheme)  # type: ignore[arg-type]
        fits: bool = page.evaluate(WEAR, [LANGUAGES[look.language], look.scheme])
        return fits
