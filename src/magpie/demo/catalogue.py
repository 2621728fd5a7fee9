"""What the demo site shows: a handful of videos, songs, pictures and articles, all invented, all made on demand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from magpie.demo import media


@dataclass(frozen=True)
class Film:
    """A video with its page; `scene` is one of `media.SCENES`."""

    slug: str
    title: str
    about: str
    scene: str
    seconds: int
    published: datetime
    variant: int = 0
    maker: str = "Hedgerow Films"

    def recipe(self) -> media.Recipe:
        """The film itself."""
        tags = {"artist": self.maker, "comment": self.about, "date": self.published.date().isoformat()}
        tone = 220 + 55 * self.variant
        return media.video(
            f"{self.slug}.mp4", self.title, scene=self.scene, seconds=self.seconds, size="640x360",
            variant=self.variant, tone=tone, tags=tags,
        )  # fmt: skip

    def poster(self) -> media.Recipe:
        """A still of the same scene."""
        return media.image(f"{self.slug}.jpg", scene=self.scene, size="640x360", variant=self.variant)


@dataclass(frozen=True)
class Song:
    """A piece of music with its page."""

    slug: str
    title: str
    artist: str
    album: str
    track: int
    seconds: int
    tone: int

    def recipe(self) -> media.Recipe:
        """An mp3 with ID3 tags."""
        tags = {"artist": self.artist, "album": self.album, "track": str(self.track), "date": "2026"}
        return media.audio(f"{self.slug}.mp3", self.title, seconds=self.seconds, tone=self.tone, tags=tags)


@dataclass(frozen=True)
class Picture:
    """One picture of the gallery, in full size and as a thumbnail."""

    slug: str
    title: str
    scene: str
    ending: str
    variant: int

    def recipe(self) -> media.Recipe:
        """The full-size picture."""
        return media.image(
            f"{self.slug}.{self.ending}", scene=self.scene, size="960x640", variant=self.variant
        )

    def thumbnail(self) -> media.Recipe:
        """The small one that the gallery page shows."""
        return media.image(f"{self.slug}.jpg", scene=self.scene, size="240x160", variant=self.variant)


@dataclass(frozen=True)
class Article:
    """A short text, the raw material of an episode."""

    slug: str
    title: str
    author: str
    published: datetime
    paragraphs: tuple[str, ...]


FILMS = (
    Film("into-the-fractal", "Into the Fractal", "A slow walk along the edge of the Mandelbrot set.",
         "fractal", 5, datetime(2026, 3, 14, 9, tzinfo=UTC), 0),
    Film("colour-fields", "Colour Fields", "Gradients drifting like weather over the fens.",
         "colours", 4, datetime(2026, 3, 7, 9, tzinfo=UTC), 1),
    Film("triangle-garden", "The Triangle Garden", "Sierpinski's carpet and triangle, seen from above.",
         "triangles", 4, datetime(2026, 2, 28, 9, tzinfo=UTC), 2),
    Film("sign-off", "Sign-off", "What television showed when it had nothing more to say.",
         "tv", 3, datetime(2026, 2, 21, 9, tzinfo=UTC), 3),
)  # fmt: skip
SONGS = (
    Song("first-light", "First Light", "The Hedgerow Ensemble", "Nesting Season", 1, 6, 262),
    Song("twig-by-twig", "Twig by Twig", "The Hedgerow Ensemble", "Nesting Season", 2, 5, 330),
)
PICTURES = (
    Picture("coast", "The coast of the set", "fractal", "jpg", 1),
    Picture("deep-coast", "Farther in", "fractal", "png", 4),
    Picture("dusk", "Dusk", "colours", "jpg", 5),
    Picture("dawn", "Dawn", "colours", "webp", 9),
    Picture("lattice", "Lattice", "triangles", "jpg", 3),
    Picture("flicker", "Flicker", "bars", "gif", 0),
)
ARTICLES = (
    Article(
        "why-magpies-collect", "Why magpies collect", "The Hedgerow Journal", datetime(2026, 3, 1, 8, tzinfo=UTC),
        (
            ("Everybody knows that magpies steal whatever glitters. It is one of the oldest stories told about a "
            "bird, and there is an opera about it. When researchers put shiny and dull objects beside heaps of "
            "food, though, the birds took hardly any of either, and the new objects made them wary."),
            ("What magpies do collect is knowledge of places. A pair keeps a territory for years and remembers "
            "where it has hidden food, often within a few steps of the nest. Most of the stores are small and "
            "eaten within days, and each one is known only to the bird that made it."),
            ("So the better picture of a magpie is not a thief with a heap of jewels. It is somebody who keeps "
            "a little of everything close to home, knows where it lies, and fetches it when winter comes."),
        ),
    ),
    Article(
        "a-short-history-of-test-cards", "A short history of test cards", "The Hedgerow Journal",
        datetime(2026, 2, 10, 8, tzinfo=UTC),
        (
            ("Before television ran all night, every station ended its day with a still picture. It was not "
            "decoration: circles showed whether the tube was straight, wedges of fine lines showed how sharp "
            "it was, and bars of colour let an engineer set the receiver by eye."),
            ("The bars survived the change to digital pictures, because a known signal is still the quickest "
            "way to find out where a chain of machines goes wrong. The films on this site are made of such "
            "signals, drawn at the moment when you ask for them."),
        ),
    ),
)  # fmt: skip
