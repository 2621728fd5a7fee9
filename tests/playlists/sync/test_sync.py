"""Syncs from a source in memory to servers in memory: what comes of them, and what they leave alone."""

from __future__ import annotations

import pytest

from magpie.accounts.principal import Principal
from magpie.playlists.media_servers import service as media_servers
from magpie.playlists.models import Mode, RunStatus, Target, TaskStatus
from magpie.playlists.servers.port import Capabilities, ServerFailed
from magpie.playlists.sources.port import SourceFailed, SourceRef
from magpie.playlists.sync import settle
from magpie.playlists.sync.order import Trigger
from magpie.playlists.tasks import repository
from magpie.playlists.tasks import service as tasks
from magpie.playlists.tasks.schemas import TaskUpdate
from tests.playlists.fakes import MOVES, NEITHER, REPLACES, WORDS, FakeServer, held, song
from tests.playlists.support import PlaylistHouse

KINDS = [MOVES, REPLACES, NEITHER]
OTHER_LISTS = ("TVOLH", "HOVT", "XHLOVT", "TH", "LLLHHH", "ZYXWUS")  # the statements are the same for all


def ready(
    house: PlaylistHouse, names: str | list[str], kind: Capabilities = MOVES, **values: object
) -> tuple[int, FakeServer]:
    """A task that has been synced once, and its server."""
    server = FakeServer([held(word) for word in WORDS], kind)
    task_id = house.add_task(house.add_server(server), **values)
    want(house, names)
    house.sync(task_id)
    return task_id, server


def want(house: PlaylistHouse, names: str | list[str]) -> None:
    """The source's list: words, or letters that stand for the word that begins with them."""
    house.source.tracks = [song(name) for name in _words(names)]


def _words(names: str | list[str]) -> list[str]:
    return [next(word for word in WORDS if word.startswith(name)) for name in names]


def have(server: FakeServer) -> str:
    """The first letters of what the playlist holds."""
    return "".join(track_id[2] for _, track_id in server.the_list().items)


@pytest.mark.parametrize("kind", KINDS, ids=["moves", "replaces", "neither"])
def test_a_playlist_is_made_and_holds_what_is_wanted_in_its_order(
    house: PlaylistHouse, kind: Capabilities
) -> None:
    task_id, server = ready(house, "HLOVTMHCE", kind)
    assert have(server) == "HLOVTMHCE"
    assert server.the_list().title == "Of an evening"
    task, target = house.task(task_id), house.target(task_id)
    assert (task.status, task.name) == (TaskStatus.IDLE, "Of an evening")
    assert task.counts == {"total": 9, "matched": 9, "review": 0, "missing": 0, "waiting": 0}
    assert (target.status, target.playlist_id) == ("in_step", server.the_list().id)
    run = house.run(task_id)
    assert run is not None
    assert (run.status, run.counts["added"]) == (RunStatus.SUCCESS, 9)


def test_the_log_says_what_it_is_about_in_no_language(house: PlaylistHouse) -> None:
    task_id, _ = ready(house, "HLO")
    run = house.run(task_id)
    assert run is not None
    lines = {line["code"]: line["values"] for line in run.lines}
    name = lines["made"]["server"]
    assert lines["source_read"] == {"count": 3}
    assert lines["indexed"] == {"server": name, "added": len(WORDS), "removed": 0}
    assert lines["written"] == {"server": name, "added": 3, "removed": 0, "moved": 0}
    house.source.failure = SourceFailed("limited", "Later.")
    house.sync(task_id)
    run = house.run(task_id)
    assert run is not None
    assert run.lines[-1]["values"] == {"reason": "source_limited"}


@pytest.mark.parametrize("kind", KINDS, ids=["moves", "replaces", "neither"])
def test_what_has_not_changed_is_not_written(house: PlaylistHouse, kind: Capabilities) -> None:
    task_id, server = ready(house, "HLOVT", kind)
    server.writes.clear()
    run = house.sync(task_id)
    assert server.writes == []
    assert run is not None
    assert (run.status, run.message) == (RunStatus.SUCCESS, "Nothing has changed.")


@pytest.mark.parametrize("kind", KINDS, ids=["moves", "replaces", "neither"])
@pytest.mark.parametrize(
    "change",
    ["HLXOVTH", *(pytest.param(one, marks=pytest.mark.once) for one in OTHER_LISTS)],
)
def test_the_same_playlist_is_brought_to_any_other_list(
    house: PlaylistHouse, kind: Capabilities, change: str
) -> None:
    task_id, server = ready(house, "HLOVT", kind)
    before = server.the_list().id
    want(house, change)
    house.sync(task_id)
    assert have(server) == change
    assert server.the_list().id == before


def test_a_playlist_of_somebodys_own_with_the_same_name_is_left_alone(house: PlaylistHouse) -> None:
    server = FakeServer([held(word) for word in WORDS])
    own = server.put("Of an evening", ["t-Willow"])
    task_id = house.add_task(house.add_server(server))
    want(house, "HL")
    house.sync(task_id)
    assert server.tracks_of(own) == ["t-Willow"]
    assert server.tracks_of(house.target(task_id).playlist_id or "") == ["t-Harbour", "t-Lantern"]


def test_appending_keeps_what_is_there(house: PlaylistHouse) -> None:
    task_id, server = ready(house, "HLO", mode=Mode.APPEND)
    want(house, "OXT")
    house.sync(task_id)
    assert have(server) == "HLOXT"


def test_a_source_that_gives_a_part_of_its_list_takes_nothing_away(house: PlaylistHouse) -> None:
    task_id, server = ready(house, "HLOVTMCE")
    want(house, "HLX")
    house.source.is_complete = False
    house.sync(task_id)
    assert have(server) == "HLXOVTMCE"
    assert "source_incomplete" in house.codes(task_id)
    assert house.task(task_id).counts["total"] == 9
    house.source.is_complete = True
    house.sync(task_id)
    assert have(server) == "HLX"


def test_a_source_that_fails_changes_nothing(house: PlaylistHouse) -> None:
    task_id, server = ready(house, "HLO", cron_schedule="0 4 * * *")
    server.writes.clear()
    house.source.failure = SourceFailed("limited", "asked too often", retry_after=1800)
    run = house.sync(task_id)
    task = house.task(task_id)
    assert server.writes == []
    assert run is not None
    assert (run.status, task.status, task.reason) == ("failure", "error", "source_limited")
    assert task.next_run_at is not None
    assert 1800 <= (task.next_run_at - house.now).total_seconds() <= 6 * 3600


def test_too_many_removals_are_asked_about_and_approved(house: PlaylistHouse) -> None:
    task_id, server = ready(house, "HLOVTMCEWSGNPQRUXYZ")
    server.writes.clear()
    want(house, "HL")
    run = house.sync(task_id)
    task = house.task(task_id)
    assert run is not None
    assert (run.status, task.status, task.counts["removals"]) == ("asking", "asking", 17)
    assert server.writes == []
    house.change(task_id, is_removal_approved=True, counts={**task.counts, "approved": 17})
    house.sync(task_id)
    task = house.task(task_id)
    assert have(server) == "HL"
    assert (task.status, task.is_removal_approved) == ("idle", False)


def test_an_approval_counts_for_what_was_planned_only(house: PlaylistHouse) -> None:
    task_id, server = ready(house, "HLOVTMCEWSGNPQRUXYZ")
    house.change(task_id, is_removal_approved=True, counts={"approved": 11})
    want(house, "H")
    house.sync(task_id)
    assert house.task(task_id).status == TaskStatus.ASKING
    assert len(have(server)) == 19


def test_an_approval_counts_once_for_all_servers_together(house: PlaylistHouse) -> None:
    first, second = (FakeServer([held(word) for word in WORDS], MOVES) for _ in range(2))
    servers = [house.add_server(first), house.add_server(second, "http://second.example")]
    task_id = house.add_task(*servers)
    want(house, "HLOVTMCEWSGNPQRUXYZ")
    house.sync(task_id)
    house.change(task_id, is_removal_approved=True, counts={"approved": 20})
    want(house, "H")
    house.sync(task_id)
    assert (have(first), len(have(second))) == ("H", 19)
    task = house.task(task_id)
    assert (task.status, task.counts["removals"]) == (TaskStatus.ASKING, 18)


def test_nothing_goes_unasked_from_a_playlist_that_was_there_before(house: PlaylistHouse) -> None:
    server = FakeServer([held(word) for word in WORDS])
    task_id = house.add_task(house.add_server(server))
    own = server.put("Mine", ["t-Willow", "t-Harbour"])
    with house.context.database.write() as session:
        session.get_one(Target, house.target(task_id).id).playlist_id = own
    want(house, "HL")
    house.sync(task_id)
    task = house.task(task_id)
    assert (task.status, task.counts["removals"], have(server)) == (TaskStatus.ASKING, 1, "WH")
    house.change(task_id, is_removal_approved=True, counts={**task.counts, "approved": 1})
    house.sync(task_id)
    assert have(server) == "HL"


def test_an_empty_source_asks_however_little_would_go(house: PlaylistHouse) -> None:
    task_id, server = ready(house, "HL")
    want(house, "")
    house.sync(task_id)
    assert house.task(task_id).status == TaskStatus.ASKING
    assert have(server) == "HL"


def test_songs_that_are_not_there_wait_and_take_their_places_when_they_come(house: PlaylistHouse) -> None:
    server = FakeServer([held(word) for word in WORDS if word[0] not in "LV"])
    task_id = house.add_task(house.add_server(server))
    want(house, "HLOVT")
    house.sync(task_id)
    assert have(server) == "HOT"
    assert house.verdicts(task_id) == ["matched", "missing", "matched", "missing", "matched"]
    assert house.target(task_id).status == "behind"
    asked = house.source.asked
    server.library["t-Lantern"] = held("Lantern")
    server.fresh.append("t-Lantern")
    house.sync(task_id, Trigger.ARRIVAL)
    assert have(server) == "HLOT"
    assert house.source.asked == asked


def test_what_comes_fills_all_playlists_that_wait_for_it(house: PlaylistHouse) -> None:
    server = FakeServer([held("Harbour")])
    server_id = house.add_server(server)
    want(house, "HL")
    first, second = house.add_task(server_id), house.add_task(server_id)
    house.sync(first)
    house.sync(second)
    server.library["t-Lantern"] = held("Lantern")
    server.fresh.append("t-Lantern")
    house.sync(first)
    assert house.task(second).status == TaskStatus.WAITING
    house.syncer.perform(house.job(second))
    assert all(len(one.items) == 2 for one in server.lists.values())


def test_a_look_for_arrivals_that_finds_nothing_leaves_no_run(house: PlaylistHouse) -> None:
    server = FakeServer([held("Harbour")])
    task_id = house.add_task(house.add_server(server))
    want(house, "HL")
    before = house.sync(task_id)
    after = house.sync(task_id, Trigger.ARRIVAL)
    assert before is not None
    assert after is not None
    assert before.id == after.id


def test_a_look_for_arrivals_that_asks_once_more_leaves_no_run(house: PlaylistHouse) -> None:
    """It happens every half hour, and would push out what has happened before somebody answers."""
    task_id, server = ready(house, "HL")
    want(house, "")
    asking = house.sync(task_id)
    again = house.sync(task_id, Trigger.ARRIVAL)
    assert asking is not None
    assert again is not None
    assert (again.id, again.status) == (asking.id, "asking")
    task = house.task(task_id)
    assert (task.status, task.counts["removals"], task.run_id) == (TaskStatus.ASKING, 2, None)
    # What it asks has changed: that is told.
    first = next(iter(server.lists.values()))
    first.items.append(first.items[0])
    other = house.sync(task_id, Trigger.ARRIVAL)
    assert other is not None
    assert (other.id > asking.id, house.task(task_id).counts["removals"]) == (True, 3)


def test_undoing_puts_back_what_was_there_and_pauses(house: PlaylistHouse) -> None:
    task_id, server = ready(house, "HLOVT")
    want(house, "TXH")
    house.sync(task_id)
    run = house.sync(task_id, Trigger.UNDO)
    assert have(server) == "HLOVT"
    assert run is not None
    assert (run.trigger, run.status) == ("undo", "success")
    assert house.task(task_id).is_enabled is False


def wish_at_writes(house: PlaylistHouse, server: FakeServer, task_id: int, trigger: Trigger) -> None:
    """Have another sync wished for whenever one writes."""

    def wish(_number: int) -> None:
        house.ask(task_id, trigger)

    server.before_write = wish


def test_songs_that_arrive_while_it_is_undone_do_not_do_it_again(house: PlaylistHouse) -> None:
    task_id, server = ready(house, "HLOVT")
    want(house, "TXH")
    house.sync(task_id)
    wish_at_writes(house, server, task_id, Trigger.ARRIVAL)
    house.sync(task_id, Trigger.UNDO)
    assert have(server) == "HLOVT"
    task = house.task(task_id)
    assert (task.status, task.is_enabled, task.again) == (TaskStatus.IDLE, False, None)


def test_a_wish_of_somebodys_while_it_is_undone_is_done_after_it(house: PlaylistHouse) -> None:
    task_id, server = ready(house, "HLOVT")
    want(house, "TXH")
    house.sync(task_id)
    wish_at_writes(house, server, task_id, Trigger.PERSON)
    house.sync(task_id, Trigger.UNDO)
    assert house.task(task_id).status == TaskStatus.WAITING


def test_what_can_be_undone_is_kept_however_often_nothing_has_changed_since(
    house: PlaylistHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settle, "RUNS_KEPT", 2)
    task_id, server = ready(house, "HLO")
    want(house, "HL")
    house.sync(task_id)
    for _ in range(4):
        house.sync(task_id)
    with house.context.database.read() as session:
        assert len(repository.runs(session, task_id, before=None, limit=10)) == 3
    house.sync(task_id, Trigger.UNDO)
    assert have(server) == "HLO"


def test_undoing_keeps_what_somebody_has_done_since(house: PlaylistHouse) -> None:
    task_id, server = ready(house, "HLOVT")
    want(house, "HLX")
    house.sync(task_id)
    items = server.the_list().items
    items[:] = [item for item in items if item[1] != "t-Lantern"] + [("E-own", "t-Zeppelin")]
    house.sync(task_id, Trigger.UNDO)
    assert have(server) == "HOVTZ"


def test_undoing_the_first_sync_takes_the_playlist_away(house: PlaylistHouse) -> None:
    task_id, server = ready(house, "HLO")
    house.sync(task_id, Trigger.UNDO)
    assert server.lists == {}
    assert house.target(task_id).playlist_id is None


def test_a_playlist_that_somebody_deleted_is_made_again(house: PlaylistHouse) -> None:
    task_id, server = ready(house, "HLO")
    server.lists.clear()
    house.sync(task_id)
    assert have(server) == "HLO"
    assert "gone" in house.codes(task_id)


def test_titles_and_descriptions_follow_the_source_and_nobody_elses_are_overwritten(
    house: PlaylistHouse,
) -> None:
    task_id, server = ready(house, "H", keep_description=True)
    house.source.title, house.source.description = "Of a morning", "Bright."
    house.sync(task_id)
    found = server.the_list()
    assert (found.title, found.description) == ("Of a morning", "Bright.")
    found.title, found.description = "By hand", "By hand, too"
    house.sync(task_id)
    assert (found.title, found.description) == ("By hand", "By hand, too")


def test_several_targets_are_kept_each_for_itself(house: PlaylistHouse) -> None:
    everything, little = FakeServer([held(word) for word in WORDS], REPLACES), FakeServer([held("Harbour")])
    one, two = house.add_server(everything), house.add_server(little, "http://other.example")
    task_id = house.add_task(one, two)
    want(house, "HLO")
    del house.servers["http://music.example"]
    run = house.sync(task_id)
    assert run is not None
    assert (run.status, house.task(task_id).reason) == ("failure", "dns")
    assert have(little) == "H"
    house.servers["http://music.example"] = everything
    house.sync(task_id)
    assert have(everything) == "HLO"
    assert house.target(task_id).status == "in_step"
    assert house.target(task_id, 1).status == "behind"


def test_another_server_at_the_same_address_is_not_written_to(house: PlaylistHouse) -> None:
    task_id, server = ready(house, "HLO")
    server.uid = "another machine"
    server.writes.clear()
    want(house, "H")
    house.sync(task_id)
    assert house.task(task_id).reason == "wrong_kind"
    assert server.writes == []
    # Nor is it accepted because somebody who may not change it, or a look in passing, has met it.
    server_id = house.target(task_id).server_id
    with house.context.database.write() as session:
        met = media_servers.note_check(session, server_id, server.check())
    assert isinstance(met, ServerFailed)
    assert house.target(task_id).playlist_id is not None
    # Once somebody has said that it is meant, it gets a playlist of its own, whatever bears the old one's number.
    with house.context.database.write() as session:
        media_servers.note_check(session, server_id, server.check(), is_meant=True)
    house.sync(task_id)
    first, second = server.lists.values()
    assert (len(first.items), len(second.items)) == (3, 1)


@pytest.mark.parametrize(
    ("before", "after", "is_same"),
    [
        ("https://music.example", "https://music.example:443/plex", True),
        ("https://music.example", "http://music.example", False),  # the secret would go there in clear
        ("http://music.example:32400", "http://music.example:32401", False),
        ("http://music.example", "http://evil.example", False),
    ],
)
def test_a_secret_is_for_one_host_and_port(before: str, after: str, is_same: bool) -> None:
    assert (media_servers._place_of(before) == media_servers._place_of(after)) is is_same


def test_a_server_with_a_long_name_is_known_again(house: PlaylistHouse) -> None:
    server = FakeServer([held(word) for word in WORDS])
    server.uid = "x" * 300
    task_id = house.add_task(house.add_server(server))
    want(house, "HLO")
    house.sync(task_id)
    with house.context.database.write() as session:
        found = media_servers.note_check(
            session, house.target(task_id).server_id, server.check(), is_meant=True
        )
    assert not isinstance(found, ServerFailed)
    assert house.target(task_id).playlist_id == server.the_list().id


def test_a_wish_while_a_sync_runs_is_done_after_it(house: PlaylistHouse) -> None:
    task_id, server = ready(house, "HL")
    want(house, "HLO")
    wish_at_writes(house, server, task_id, Trigger.PERSON)
    house.sync(task_id)
    assert house.task(task_id).status == TaskStatus.WAITING
    assert house.task(task_id).trigger == "person"


def test_another_source_while_a_sync_runs_is_read_and_the_former_list_not_kept(house: PlaylistHouse) -> None:
    task_id, server = ready(house, "HL")
    want(house, "HLO")
    asked = house.source.asked

    def change(_number: int) -> None:
        server.before_write = lambda _number: None
        with house.context.database.write() as session:
            me = Principal(house.ada, "ada", is_superuser=True)
            wanted = TaskUpdate(playlist_url="another")
            tasks.update(house.context, session, me, task_id, wanted, SourceRef("netease", "2", ""))

    server.before_write = change
    server.after_write = lambda _number: None
    house.sync(task_id)
    task = house.task(task_id)
    assert (task.status, task.read_at, task.source_id) == (TaskStatus.WAITING, None, "2")
    want(house, "VT")
    house.syncer.perform(house.job(task_id))
    assert house.source.asked == asked + 2
    assert have(server).endswith("VT")
