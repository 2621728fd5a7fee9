"""Artwork for a recording: shapes and colours that follow from its title alone. Needs Pillow, and no fonts."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from PIL import Image, ImageDraw

SIZE: Final = 1400  # what directories of podcasts ask for at least
_TIMES = 2  # drawn larger, then made smaller: smooth edges
_FULL = SIZE * _TIMES
_MOST_PIXELS = 50_000_000  # of a picture that somebody gives
_QUALITY = 88

Colour = tuple[int, int, int]
_DARK: Final = (8, 10, 18)
# Two of the background, from top to bottom, and three of what lies on it; the last one is the lightest.
_PALETTES: Final = (
    ("12263a", "06141f", "1f7a8c", "f4a261", "fdf0d5"), ("2b1b3d", "150a24", "8e4585", "f26b5e", "ffe5d0"),
    ("0b3d2e", "04211a", "3a9d6e", "e9c46a", "f6f1d1"), ("3b0d1a", "1d0409", "b23a48", "f79d65", "fff1d6"),
    ("102a56", "060f2b", "3f72af", "f9a03f", "eef4ff"), ("3a2618", "1c110a", "a0633b", "e3b23c", "fbf3dd"),
    ("f3e9dc", "dcc9b0", "c1440e", "2f4858", "fffaf2"), ("e3eef1", "b9d3dc", "1d6f8a", "ef6f6c", "ffffff"),
    ("132a13", "081508", "4f772d", "f2c14e", "ecf39e"), ("241e4e", "110d2b", "6457a6", "ef798a", "f7e9f3"),
    ("1b1b1e", "08080a", "6d7f8f", "d8a47f", "f5efe6"), ("f6e7e4", "e8c4bd", "8d4a5b", "355070", "fffdfb"),
)  # fmt: skip


class _Dice:
    """Numbers that follow from a text; the same on every machine, which `random` does not promise."""

    def __init__(self, text: str) -> None:
        self._state = int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")

    def below(self, count: int) -> int:
        self._state = (self._state * 6364136223846793005 + 1442695040888963407) % 2**64
        return (self._state >> 33) % count

    def between(self, low: float, high: float) -> float:
        return low + (high - low) * self.below(1 << 20) / (1 << 20)


def draw(title: str, into: Path) -> None:
    """Write a JPEG of 1400 x 1400 pixels, the same one for the same title."""
    from PIL import ImageDraw

    dice = _Dice(title)
    top, bottom, *colours = (_colour(one) for one in _PALETTES[dice.below(len(_PALETTES))])
    picture = _shade(top, bottom)
    motif = _MOTIFS[dice.below(len(_MOTIFS))]
    motif(ImageDraw.Draw(picture, "RGBA"), dice, colours)
    _write_initials(picture, title, colours[-1])
    picture.reduce(_TIMES).save(into, "JPEG", quality=_QUALITY, subsampling=0, optimize=True)


def adopt(source: Path, into: Path) -> None:
    """Write somebody's own picture as a square JPEG of that size. Raises `ValueError` if it is none, or too large."""
    from PIL import Image, ImageOps, UnidentifiedImageError

    try:
        with Image.open(source, formats=("JPEG", "PNG", "WEBP")) as given:
            if given.width * given.height > _MOST_PIXELS:
                raise ValueError("The picture is too large")
            upright = ImageOps.exif_transpose(given).convert("RGB")
        ImageOps.fit(upright, (SIZE, SIZE), Image.Resampling.LANCZOS).save(into, "JPEG", quality=_QUALITY)
    except (UnidentifiedImageError, OSError, Image.DecompressionBombError, SyntaxError) as error:
        raise ValueError("The picture cannot be read") from error


def _colour(code: str) -> Colour:
    return (int(code[:2], 16), int(code[2:4], 16), int(code[4:], 16))


def _shade(top: Colour, bottom: Colour) -> Image.Image:
    from PIL import Image, ImageOps

    slope = Image.linear_gradient("L").resize((_FULL, _FULL), Image.Resampling.BICUBIC)
    return ImageOps.colorize(slope, top, bottom)


def _disc(pen: ImageDraw.ImageDraw, x: float, y: float, radius: float, colour: Colour, alpha: int) -> None:
    pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=(*colour, alpha))


def _rings(pen: ImageDraw.ImageDraw, dice: _Dice, colours: list[Colour]) -> None:
    """Sound that spreads from one point."""
    x, y = dice.between(0.3, 0.7) * _FULL, dice.between(0.3, 0.6) * _FULL
    step = dice.between(0.05, 0.075) * _FULL
    for number in range(20, 0, -1):
        share = 0.85 * number / 20
        colour = _mixed(colours[0], _DARK, share if number % 2 else 0.3 + 0.7 * share)
        _disc(pen, x, y, number * step, colour, 255)
    _disc(pen, x, y, step * 0.95, colours[1], 255)
    _disc(pen, x, y, step * 0.4, colours[2], 255)


def _hills(pen: ImageDraw.ImageDraw, dice: _Dice, colours: list[Colour]) -> None:
    """A low sun over waves."""
    x = dice.between(0.25, 0.75) * _FULL
    for glow in (1.5, 1.25, 1.0):
        _disc(pen, x, 0.38 * _FULL, 0.17 * _FULL * glow, colours[1], 255 if glow == 1.0 else 40)
    for layer in range(6):
        base = (0.48 + 0.09 * layer) * _FULL
        phases = [dice.between(0, math.tau) for _ in range(2)]
        heights = (dice.between(0.03, 0.06) * _FULL, dice.between(0.01, 0.025) * _FULL)
        line: list[tuple[float, float]] = []
        for at in range(0, _FULL + 1, 20):
            turn = math.tau * at / _FULL
            rise = heights[0] * math.sin(turn + phases[0]) + heights[1] * math.sin(3 * turn + phases[1])
            line.append((at, base + rise))
        share = layer / 5
        mixed = _mixed(colours[0], _DARK, share * 0.75)
        pen.polygon([*line, (_FULL, _FULL), (0, _FULL)], fill=(*mixed, 235))


def _bars(pen: ImageDraw.ImageDraw, dice: _Dice, colours: list[Colour]) -> None:
    """A voice, as an editor shows it."""
    count = 25 + 2 * dice.below(6)
    pitch = _FULL / (count + 6)
    phases = [dice.between(0, math.tau) for _ in range(3)]
    for number in range(count):
        at = number / (count - 1)
        swing = sum(math.sin(math.tau * at * (2 + 3 * k) + phase) for k, phase in enumerate(phases)) / 3
        height = (0.06 + 0.3 * math.sin(math.pi * at) * (0.45 + 0.55 * abs(swing))) * _FULL
        x = (number + 3.5) * pitch
        colour = _mixed(colours[0], colours[1], at)
        box = (x - pitch * 0.31, _FULL * 0.46 - height, x + pitch * 0.31, _FULL * 0.46 + height)
        pen.rounded_rectangle(box, radius=pitch * 0.31, fill=(*colour, 255))


def _tiles(pen: ImageDraw.ImageDraw, dice: _Dice, colours: list[Colour]) -> None:
    """Quarters of circles in a grid."""
    count = 4 + dice.below(3)
    side = _FULL / count
    for row in range(count):
        for column in range(count):
            colour = colours[dice.below(3)]
            x, y = column * side, row * side
            turn = dice.below(4)
            kind = dice.below(5)
            if kind == 0:
                continue
            if kind == 1:
                _disc(pen, x + side / 2, y + side / 2, side * 0.36, colour, 235)
                continue
            corner_x, corner_y = x + side * (turn in (1, 2)), y + side * (turn > 1)
            box = (corner_x - side, corner_y - side, corner_x + side, corner_y + side)
            pen.pieslice(box, turn * 90, turn * 90 + 90, fill=(*colour, 235))


def _bubbles(pen: ImageDraw.ImageDraw, dice: _Dice, colours: list[Colour]) -> None:
    """Two who talk: circles that see through each other."""
    begin = dice.between(0, math.tau)
    for number in range(14):
        turn, away = begin + number * 2.39996, math.sqrt((number + 0.5) / 14) * 0.4
        x = (0.5 + away * math.cos(turn)) * _FULL
        y = (0.45 + away * math.sin(turn)) * _FULL
        radius = dice.between(0.05, 0.2) * _FULL
        _disc(pen, x, y, radius, colours[number % 3], 90 + dice.below(80))
        _disc(pen, x, y, radius * 0.35, colours[(number + 1) % 3], 150)


def _rays(pen: ImageDraw.ImageDraw, dice: _Dice, colours: list[Colour]) -> None:
    """Light from below."""
    x, y = dice.between(0.3, 0.7) * _FULL, dice.between(0.62, 0.8) * _FULL
    count = 2 * (8 + dice.below(7))
    box = (x - 2 * _FULL, y - 2 * _FULL, x + 2 * _FULL, y + 2 * _FULL)
    for number in range(0, count, 2):
        begin = 360 * number / count
        pen.pieslice(box, begin, begin + 360 / count, fill=(*colours[0], 110))
    for number, share in enumerate((0.34, 0.26, 0.17)):
        _disc(pen, x, y, share * _FULL, colours[(number + 1) % 3], 255 if number else 120)


Motif = Callable[["ImageDraw.ImageDraw", _Dice, list[Colour]], None]
_MOTIFS: Final[tuple[Motif, ...]] = (_rings, _hills, _bars, _tiles, _bubbles, _rays)


def _mixed(one: Colour, other: Colour, share: float) -> Colour:
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return (red, green, blue)


def initials(title: str) -> str:
    """Up to three letters for the cover, of the words that begin with a letter or digit of ASCII; else none."""
    words = [word.strip("\"'“”‘’([{#*") for word in title.split()]
    told = [word for word in words if word and word[0].isascii() and word[0].isalnum()]
    weighty = [word for word in told if word[0].isupper() or word[0].isdigit()] or told
    return "".join(word[0].upper() for word in weighty[:3])


def _write_initials(picture: Image.Image, title: str, colour: Colour) -> None:
    """In the lower left corner, in the font that Pillow brings along; nothing where that is not to be had."""
    from PIL import ImageDraw, ImageFont, features

    text = initials(title)
    if not text or not features.check("freetype2"):
        return
    font = ImageFont.load_default(size=_FULL * 0.13)
    margin = round(_FULL * 0.07)
    box = (margin, _FULL - 2 * margin, 4 * margin, _FULL - margin)
    below = picture.crop(box).convert("L").reduce((box[2] - box[0], box[3] - box[1])).getpixel((0, 0))
    is_light = isinstance(below, int) and below > 150
    pen = ImageDraw.Draw(picture, "RGBA")
    if not is_light:
        pen.text((margin + 8, _FULL - margin + 8), text, font=font, anchor="ls", fill=(0, 0, 0, 90))
    pen.text(
        (margin, _FULL - margin), text, font=font, anchor="ls", fill=(*(_DARK if is_light else colour), 255)
    )
