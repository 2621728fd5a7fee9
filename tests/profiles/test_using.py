"""What a download makes of its profile when its turn comes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from magpie.downloads.extractors.port import Profile, Saved
from magpie.downloads.models import Status
from magpie.downloads.nest.client import JobHandler
from magpie.library.models import Item, ItemFile
from magpie.profiles.models import SavedProfile
from tests.downloads.test_worker import House, film

pytestmark = pytest.mark.database


@pytest.fixture
def house(database_url: str, tmp_path: Path) -> Iterator[House]:
    house = House(database_url, tmp_path / "data")
    yield house
    house.context.close()


def test_a_download_whose_profile_has_gone_says_so(house: House) -> None:
    ended = house.perform(house.ask(profile="My films"))
    assert (ended.status, ended.reason) == (Status.FAILED, "no_profile")
    assert ended.error_message == "The profile “My films” is no longer there."


def test_the_profile_is_the_one_of_the_moment_in_which_the_download_begins(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[Profile] = []

    def run(
        _key: str, _url: str, profile: Profile, workdir: Path, handler: JobHandler, **_: Any
    ) -> Saved:  # what the bench is asked
        given.append(profile)
        return film(handler, workdir)

    monkeypatch.setattr(house.workshop.bench, "fetch", run)
    with house.context.database.write() as session:
        saved = SavedProfile(user_id=house.ada.id, name="My films", spec={"max_height": 720})
        session.add(saved)
    download = house.ask(profile="My films")
    with house.context.database.write() as session:
        session.add(saved)
        saved.spec = {"max_height": 480, "template": "Films/{artist} - {title}", "side_files": {"nfo": True}}
    assert house.perform(download).status == Status.COMPLETED
    assert [(one.name, one.max_height, one.nfo) for one in given] == [("My films", 480, True)]
    [item] = house.all(Item)
    assert item.quality == "video-480p"
    paths = sorted(file.path for file in house.all(ItemFile))
    assert paths == ["Films/Somebody - A film.mp4", "Films/Somebody - A film.nfo"]
