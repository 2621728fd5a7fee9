"""What is made of files for later: waveforms, thumbnails, and the room that they take."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import av
import httpx
import pytest

from magpie.downloads.models import Download, Status
from magpie.engine import Engine
from magpie.kit.clock import utcnow
from magpie.library import service as items
from magpie.library.models import Item
from magpie.library.playing import jobs
from magpie.library.playing.maker import Maker
from magpie.library.playing.service import Source, source_of
from magpie.library.playing.shelf import ROUNDED
from magpie.library.playing.thumbnails import TRIED, Thumbnails
from tests.library.care.conftest import write_picture
from tests.library.playing.conftest import SECONDS, Library
from tests.support.server import wait_for

Media = Callable[..., Path]


def looked_for(player: httpx.Client, item: int) -> httpx.Response:
    """The answer once the file has been looked into."""

    def look() -> httpx.Response | None:
        answer = player.get(f"/{item}/waveform")
        if answer.status_code != 202:
            return answer
        assert int(answer.headers["retry-after"]) > 0
        assert answer.headers["cache-control"] == "no-store"
        return None

    answer: httpx.Response = wait_for(look, 60)
    return answer


def waveform_of(player: httpx.Client, item: int) -> dict[str, Any]:
    """The waveform, once it is made."""
    answer = looked_for(player, item)
    assert answer.status_code == 200, answer.text
    waveform: dict[str, Any] = answer.json()
    return waveform


def kept(library: Library) -> list[Path]:
    """The waveforms in the cache."""
    return list((library.context.settings.data_dir / "cache").rglob("*.peaks"))


@pytest.mark.once
@pytest.mark.parametrize("name", ["song.mp3", "dolby.mkv"])
def test_a_waveform_shows_where_it_is_loud(
    library: Library, player: httpx.Client, media: Media, name: str
) -> None:
    item = library.add(media(name), name)
    assert player.get(f"/{item}/waveform").status_code == 202
    found = waveform_of(player, item)
    assert (found["version"], found["channels"], found["bits"]) == (2, 1, 8)
    assert len(found["data"]) == 2 * found["length"]
    seconds = found["length"] * found["samples_per_pixel"] / found["sample_rate"]
    assert seconds == pytest.approx(SECONDS, abs=0.3)
    assert 300 <= found["length"] <= 2000
    # A quarter is a tone an eighth of full scale high, the rest is silent.
    quarter = found["length"] // 4
    lows, highs = found["data"][::2], found["data"][1::2]
    assert all(-20 <= low <= -12 for low in lows[5 : quarter - 5])
    assert all(12 <= high <= 20 for high in highs[5 : quarter - 5])
    assert set(lows[quarter + 20 :]) | set(highs[quarter + 20 :]) <= {-1, 0, 1}


@pytest.mark.once
def test_what_has_no_sound_has_no_waveform(library: Library, player: httpx.Client, media: Media) -> None:
    for name, content in (("silent.mkv", media("silent.mkv")), ("broken.mp3", b"no song" * 1000)):
        item = library.add(content, name)
        answer = looked_for(player, item)
        assert answer.status_code == 404
        assert "no sound" in answer.json()["detail"]
    assert player.get(f"/{library.add(b'x', 'x.bin', kind='file')}/waveform").status_code == 404


@pytest.mark.once
def test_many_who_ask_have_it_made_once(
    library: Library, player: httpx.Client, media: Media, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []
    inspect = Maker.inspect

    def noted(maker: Maker, *given: Any) -> bool:
        asked.append(given[0])
        return inspect(maker, *given)

    monkeypatch.setattr(Maker, "inspect", noted)
    item = library.add(media("song.mp3"), "song.mp3")
    for _ in range(5):
        assert player.get(f"/{item}/waveform").status_code in (200, 202)
    first = waveform_of(player, item)
    assert waveform_of(player, item) == first
    assert asked == ["peaks"]
    # Another file in its place is another recording.
    path = library.context.settings.media_root / "song.mp3"
    path.write_bytes(media("song.mp3", 2).read_bytes())
    assert waveform_of(player, item)["length"] < first["length"]
    assert asked == ["peaks", "peaks"]


class Turns:
    """An engine that only keeps what is to be done from time to time."""

    def __init__(self) -> None:
        self.functions: dict[str, Callable[[], None]] = {}

    def every(self, name: str, _seconds: float, function: Callable[[], None], _where: object) -> None:
        self.functions[name] = function

    def on_stopping(self, _callback: Callable[[], None]) -> None:
        """It never does."""


@pytest.fixture
def turns(library: Library) -> Turns:
    turns = Turns()
    jobs.register(cast("Engine", turns), library.context, library.playing)
    return turns


def ended(library: Library, item_id: int) -> None:
    """Say that a download has brought this item."""
    download = Download(status=Status.COMPLETED, item_id=item_id, created_at=utcnow())
    with library.context.database.write() as session:
        for follower in library.context.download_ended:
            follower(session, download)


@pytest.mark.once
def test_new_audio_has_its_waveform_before_anybody_asks(
    library: Library, player: httpx.Client, media: Media, turns: Turns
) -> None:
    song, film = library.add(media("song.mp3"), "song.mp3"), library.add(media("dolby.mkv"), "dolby.mkv")
    ended(library, film)
    ended(library, song)
    (made,) = wait_for(lambda: kept(library), 30)
    assert made.stat().st_size > 100
    assert player.get(f"/{song}/waveform").status_code == 200
    library.context.replace_settings(library.context.settings.model_copy(update={"waveforms_ahead": False}))
    other = library.add(media("song.mp3", 3), "other.mp3")
    ended(library, other)
    assert player.get(f"/{other}/waveform").status_code == 202
    assert set(turns.functions) == {"room for players", "missing thumbnails"}


def test_what_belongs_to_no_file_and_what_is_old_goes(
    library: Library, player: httpx.Client, turns: Turns
) -> None:
    slots = []
    for number in range(10):
        item = library.add(b"a song", f"{number}.mp3")
        with library.context.database.read() as session:
            source = items_source(library, session.get_one(Item, item))
        slot = library.playing.shelf.slot("peaks", source.file_id, source.state)
        library.playing.shelf.fill(slot, lambda made: bool(made.write_bytes(b"x" * 100)))
        os.utime(slot.path, (1000 + number, 1000 + number))
        slots.append((item, slot))
    left, busy = (slots[0][1].path.parent / name for name in (".new-left", ".new-busy"))
    for folder in (left, busy):
        folder.mkdir()
    os.utime(left, (1000, 1000))
    turns.functions["room for players"]()
    assert (left.exists(), busy.exists()) == (False, True)
    assert all(slot.path.exists() for _, slot in slots)
    with library.context.database.write() as session:
        session.delete(session.get_one(Item, slots[9][0]))
    turns.functions["room for players"]()
    assert [slot.path.exists() for _, slot in slots] == [True] * 9 + [False]
    assert slots[0][1].read()  # from now on it is the newest
    everybody = {slot.path.name.partition("-")[0] for _, slot in slots}
    library.playing.shelf.prune(8 * ROUNDED, lambda _ids: {int(number) for number in everybody})
    assert [slot.path.exists() for _, slot in slots[:4]] == [True, False, False, True]


def items_source(library: Library, item: Item) -> Source:
    file = items.main_file(item)
    assert file is not None
    return source_of(library.context, item, file)


def thumbnail_of(library: Library, item_id: int) -> tuple[str | None, bool]:
    """The thumbnail's path, and whether it was tried in vain."""
    with library.context.database.read() as session:
        item = session.get_one(Item, item_id)
        found = next((file.path for file in item.files if file.role == "thumbnail"), None)
        assert item.size == sum(file.size for file in item.files)
        return found, TRIED in item.extra


def test_missing_thumbnails_are_made(
    library: Library, player: httpx.Client, media: Media, turns: Turns
) -> None:
    film, song = library.add(media("dolby.mkv"), "film.mkv"), library.add(media("song.mp3"), "song.mp3")
    broken, gone = library.add(b"nothing" * 99, "broken.mp4"), library.add(b"nothing", "gone.mp4")
    (library.context.settings.media_root / "gone.mp4").unlink()
    large = write_picture(library.context.settings.data_dir / "large.png", 1600, 900)
    photo = library.add(large, "photo.png", kind="image")
    assert player.get(f"/{film}/thumbnail").status_code == 404
    turns.functions["missing thumbnails"]()
    made, in_vain = (film, photo), (broken, song)
    wait_for(lambda: all(thumbnail_of(library, one)[0] for one in made), 60)
    wait_for(lambda: all(thumbnail_of(library, one)[1] for one in in_vain), 60)
    path, tried = thumbnail_of(library, film)
    assert path is not None
    assert not tried
    assert thumbnail_of(library, song) == (None, True)  # it has no cover
    assert thumbnail_of(library, gone) == (None, False)
    picture = player.get(f"/{film}/thumbnail")
    assert (picture.status_code, picture.headers["content-type"]) == (200, "image/jpeg")
    with av.open(str(library.context.settings.media_root / path)) as container:
        assert (container.streams.video[0].width, container.streams.video[0].height) == (160, 120)
    assert player.get(f"/{film}").json()["thumbnail_url"] == f"/api/v1/items/{film}/thumbnail"


def test_each_item_is_looked_at_once(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("magpie.library.playing.thumbnails.ORDERS", 2)
    monkeypatch.setattr("magpie.library.playing.thumbnails.PORTION", 4)
    numbers = [library.add(b"film", f"{number}.mp4") for number in range(7)]
    with library.context.database.write() as session:
        session.get_one(Item, numbers[1]).extra = {TRIED: True}
    ordered: list[str] = []

    def order(name: str, _work: Callable[[], None]) -> bool:
        ordered.append(name)
        return len(ordered) != 3  # once there is no room

    maker = SimpleNamespace(order=order, is_idle=False)
    thumbnails = Thumbnails(library.context, cast("Maker", maker))
    thumbnails.look()
    assert not ordered
    maker.is_idle = True
    for _ in range(6):
        thumbnails.look()
    wanted = [f"thumbnail {number}" for number in numbers if number != numbers[1]]
    assert ordered == [*wanted[:3], wanted[2], *wanted[3:]]
