"""The music that the doubles hold."""

from __future__ import annotations

from dataclasses import dataclass

FIRST_DAY = 1_700_000_000  # seconds since 1970


@dataclass(slots=True)
class Song:
    """A song in a double's library. `number` is what its key is made from; times are seconds since 1970."""

    number: int
    title: str
    artist: str = "周杰伦"
    album: str = "叶惠美"
    album_artist: str | None = None
    seconds: float = 200.0
    mbid: str | None = None
    isrc: str | None = None
    added_at: int = FIRST_DAY
    updated_at: int = FIRST_DAY

    @property
    def path(self) -> str:
        return f"/music/{self.album_artist or self.artist}/{self.album}/{self.number:06} {self.title}.flac"


def songs(count: int) -> list[Song]:
    """That many different songs, with the letters of several scripts; each ten of them are an album."""
    titles = (
        "晴天",
        "Für Elise",
        "七里香 (Live)",
        "さくら",
        "Señorita & Co.",
        "눈의 꽃",
        'A/B "quoted" <c>',
        "🎵",
    )
    return [
        Song(
            number=1000 + number,
            title=f"{titles[number % len(titles)]} {number}",
            artist=f"Artist {number % 7}",
            album=f"Album {number // 10}",
            album_artist="Various Artists" if number % 5 == 0 else None,
            seconds=100 + number % 300,
            mbid=f"00000000-0000-4000-8000-{number:012}" if number % 2 else None,
            added_at=FIRST_DAY + number,
            updated_at=FIRST_DAY + number,
        )
        for number in range(count)
    ]
