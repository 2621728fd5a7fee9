"""One screen in its looks: on a phone and at a desk, dark and light, in both languages.

Of the eight, four are looked at each time: every two of the properties meet in one of them. With `MAGPIE_TEST_LOOKS=all`
it is all eight, which takes twice as long.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT, AxeResults  # type: ignore[import-untyped]
from playwright.sync_api import Page

from tests.e2e.conftest import DESKTOP, PHONE, Visitor

SCREENSHOTS = Path("test-results/screens")
LANGUAGES = {"en": "en", "zh": "zh-CN"}
# As another tab of the same browser would say it.
SPEAK = """language => {
    localStorage.setItem('magpie.language', language);
    dispatchEvent(new StorageEvent('storage', { key: 'magpie.language', newValue: language }));
}"""
# Comes back when the page has followed, and nothing moves any more but for what moves for ever: what fades in
# has too little contrast until it is there. The bound is the test's own.
WEAR = """async ([language, scheme]) => {
    const root = document.documentElement;
    const follows = () => root.lang === language && root.dataset.mantineColorScheme === scheme;
    const moves = each => each.playState === 'running'
        && each.effect.getComputedTiming().iterations !== Infinity;
    const comes = each => !each.complete && each.getBoundingClientRect().top < innerHeight;
    do await new Promise(requestAnimationFrame);
    while (!follows() || document.getAnimations().some(moves) || [...document.images].some(comes));
}"""
AXE_RUN = "axe.run({ resultTypes: ['violations'] })"


@dataclass(frozen=True, slots=True)
class Look:
    """How a screen is looked at."""

    device: str
    scheme: str
    language: str

    def __str__(self) -> str:
        return f"{self.device}-{self.scheme}-{self.language}"


def looks() -> Iterator[Look]:
    """What costs most to change changes least."""
    every = os.environ.get("MAGPIE_TEST_LOOKS") == "all"
    for device, language, scheme in product(("phone", "desktop"), LANGUAGES, ("light", "dark")):
        uncommon = (device == "desktop") + (language == "zh") + (scheme == "dark")
        if every or uncommon % 2 == 0:
            yield Look(device, scheme, language)


class Inspector:
    """Looks at one screen after the other, without leaving it between the looks."""

    def __init__(self, visitor: Visitor) -> None:
        self.visitor = visitor
        self.faults: list[str] = []
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)

    def look_at(self, name: str) -> None:
        """Take a picture of each look; note what axe finds, and what is wider than the window."""
        page = self.visitor.page
        if page.evaluate("typeof axe === 'undefined'"):
            page.evaluate(AXE_SCRIPT)
        # A dialog stands in the window, not on the page.
        whole = page.locator("dialog[open]").count() == 0
        for look in looks():
            self._wear(page, look)
            page.screenshot(path=SCREENSHOTS / f"{look}-{name}.png", full_page=whole)
            found: Any = page.evaluate(AXE_RUN)
            if found["violations"]:
                self.faults.append(f"{look} {name}\n{AxeResults(found).generate_report()}")
            if not no_sideways(page):
                self.faults.append(f"{look} {name} scrolls sideways")
        self._wear(page, Look("desktop", "light", "en"))

    def _wear(self, page: Page, look: Look) -> None:
        size = PHONE if look.device == "phone" else DESKTOP
        if page.viewport_size != size:
            page.set_viewport_size(size)  # type: ignore[arg-type]
        language = LANGUAGES[look.language]
        page.evaluate(SPEAK, language)
        page.emulate_media(color_scheme=look.scheme)  # type: ignore[arg-type]
        page.evaluate(WEAR, [language, look.scheme])


def no_sideways(page: Page) -> bool:
    wide: bool = page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    return wide
