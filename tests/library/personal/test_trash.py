"""What is deleted lies in the trash, and goes when its days are over; nobody loses what somebody else throws away."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from magpie.accounts.models import User
from magpie.audit.models import AuditRecord
from magpie.context import AppContext
from magpie.kit.clock import utcnow
from magpie.library import service as library
from magpie.library.models import CollectionItem, Item, ItemTag, Membership, Playback
from magpie.library.trash import jobs, service
from tests.library.personal.conftest import Keep, Person

pytestmark = pytest.mark.database

FOREVER = {"forever": True}


def actions(context: AppContext) -> list[str]:
    with context.database.read() as session:
        query = select(AuditRecord.action).where(AuditRecord.action.regexp_match("^(item|trash)"))
        return list(session.scalars(query.order_by(AuditRecord.id)))


def turn(context: AppContext, *, days: float) -> int:
    return jobs.turn(context, now=lambda: utcnow() + timedelta(days=days))


def test_what_is_deleted_is_found_nowhere_but_in_the_trash_and_comes_back_as_it_was(
    keep: Keep, as_ada: Person, context: AppContext, media: Path
) -> None:
    item = keep("A song", "ada")
    as_ada.ask("PUT", f"/items/{item}/tags", json={"tags": ["slow"]})
    as_ada.ask("PUT", f"/items/{item}/favourite", json={"is_favourite": True})
    assert as_ada.ask("DELETE", f"/items/{item}")["title"] == "A song"

    assert as_ada.titles() == []
    assert as_ada.ask("GET", "/tags") == {"tags": []}
    for method, path, more in (
        ("GET", "", {}),
        ("DELETE", "", {}),
        ("PUT", "/pin", {"json": {"pinned": True}}),
        ("PUT", "/tags", {"json": {"tags": []}}),
        ("GET", "/playback", {}),
    ):
        as_ada.ask(method, f"/items/{item}{path}", 404, **more)
    trash = as_ada.ask("GET", "/trash")
    assert (trash["total"], trash["size"], trash["next_cursor"]) == (1, 5, None)
    assert (trash["items"][0]["id"], trash["items"][0]["tags"]) == (item, ["slow"])
    assert trash["items"][0]["goes_at"] > trash["items"][0]["trashed_at"]
    assert (media / "A song.mp3").is_file()

    back = as_ada.ask("POST", f"/items/{item}/restore")
    assert (back["tags"], back["is_favourite"]) == (["slow"], True)
    assert as_ada.titles() == ["A song"]
    as_ada.ask("POST", f"/items/{item}/restore", 404)
    assert actions(context) == ["item.trash", "item.restore"]


def test_the_files_go_when_the_days_are_over_and_with_the_last_one_who_has_them(
    keep: Keep, as_ada: Person, as_bob: Person, context: AppContext, media: Path
) -> None:
    mine, ours = keep("Mine", "ada"), keep("Ours", "ada", "bob")
    as_ada.ask("PUT", f"/items/{ours}/tags", json={"tags": ["quiet"]})
    as_ada.ask("PUT", f"/items/{ours}/playback", json={"position": 3})
    made = as_ada.ask("POST", "/collections", json={"name": "Evening", "ids": [mine, ours]})
    assert made["count"] == 2
    for item in (mine, ours):
        as_ada.ask("DELETE", f"/items/{item}")
    assert turn(context, days=13.9) == 0
    assert (media / "Mine.mp3").is_file()
    assert turn(context, days=14.1) == 2

    assert not (media / "Mine.mp3").exists()
    assert (media / "Ours.mp3").is_file()
    assert as_bob.titles() == ["Ours"]
    assert as_ada.ask("GET", "/trash")["items"] == []
    with context.database.read() as session:
        assert session.get(Item, mine) is None
        for table in (ItemTag, Playback, CollectionItem):
            assert session.scalar(select(func.count()).select_from(table)) == 0
    assert actions(context)[-1] == "trash.purge"


def test_it_goes_at_once_if_wished_or_if_there_is_no_trash(
    keep: Keep, as_ada: Person, context: AppContext, configure: Callable[..., None], media: Path
) -> None:
    for title in ("One", "Two", "Three"):
        keep(title, "ada")
    one, two, three = (item["id"] for item in reversed(as_ada.ask("GET", "/items")["items"]))
    as_ada.ask("DELETE", f"/items/{one}", params=FOREVER)
    as_ada.ask("DELETE", f"/items/{two}")
    as_ada.ask("DELETE", f"/items/{two}", params=FOREVER)  # from the trash
    configure(trash_days=0)
    as_ada.ask("DELETE", f"/items/{three}")
    assert as_ada.ask("GET", "/trash")["total"] == 0
    assert [path.name for path in media.rglob("*.mp3")] == []
    assert actions(context) == ["item.delete", "item.trash", "item.delete", "item.delete"]


def test_without_a_trash_what_lay_in_it_goes_at_the_next_turn(
    keep: Keep, as_ada: Person, context: AppContext, configure: Callable[..., None]
) -> None:
    as_ada.ask("DELETE", f"/items/{keep('Old', 'ada')}")
    configure(trash_days=0)
    assert turn(context, days=0) == 1


def test_emptying_takes_away_ones_own_trash_in_many_short_turns(
    keep: Keep,
    as_ada: Person,
    as_bob: Person,
    context: AppContext,
    monkeypatch: pytest.MonkeyPatch,
    media: Path,
) -> None:
    monkeypatch.setattr(service, "BATCH", 2)
    for number in range(5):
        as_ada.ask("DELETE", f"/items/{keep(f'Ada {number}', 'ada')}")
    as_bob.ask("DELETE", f"/items/{keep('Bob', 'bob')}")
    kept = keep("Kept", "ada")
    assert as_ada.ask("DELETE", "/trash") == {"count": 5}
    assert as_ada.ask("DELETE", "/trash") == {"count": 0}
    assert sorted(path.stem for path in media.rglob("*.mp3")) == ["Bob", "Kept"]
    assert [item["id"] for item in as_ada.ask("GET", "/items")["items"]] == [kept]
    assert as_bob.ask("GET", "/trash")["total"] == 1


def test_the_trash_is_told_in_pages_what_was_thrown_away_last_first(keep: Keep, as_ada: Person) -> None:
    items = [keep(f"Song {number}", "ada") for number in range(5)]
    for item in (items[2], items[0], items[4], items[1], items[3]):
        as_ada.ask("DELETE", f"/items/{item}")
    found, cursor = [], None
    while True:
        page = as_ada.ask("GET", "/trash", params={"limit": 2} | ({"cursor": cursor} if cursor else {}))
        found += [one["id"] for one in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert found == [items[3], items[1], items[4], items[0], items[2]]
    as_ada.ask("GET", "/trash", 400, params={"cursor": "WyJub3QgYSBtb21lbnQiLDFd"})


def test_a_superuser_deletes_for_all_and_takes_back_what_that_was(
    keep: Keep, as_ada: Person, as_bob: Person, as_root: Person
) -> None:
    item = keep("Everybody's", "ada", "bob", None)
    as_bob.ask("DELETE", f"/items/{item}")
    as_root.ask("DELETE", f"/items/{item}")
    assert as_ada.titles() == as_bob.titles() == as_root.titles() == []
    as_root.ask("POST", f"/items/{item}/restore")
    assert as_ada.titles() == as_root.titles() == ["Everybody's"]
    assert as_bob.titles() == []  # thrown away before, and not by the superuser
    assert as_bob.ask("GET", "/trash")["total"] == 1


def test_a_superuser_who_has_it_deletes_their_own(
    keep: Keep, as_bob: Person, as_root: Person, media: Path
) -> None:
    """Also if they ask twice, as a program does that got no answer."""
    item = keep("Shared", "root", "bob")
    as_root.ask("DELETE", f"/items/{item}")
    assert as_root.titles() == ["Shared"]  # somebody else's
    as_root.ask("DELETE", f"/items/{item}", 409)
    as_root.ask("DELETE", f"/items/{item}", params=FOREVER)
    told = as_root.ask("DELETE", f"/items/{item}", 409, params=FOREVER)["detail"]
    assert "everybody=true" in told
    assert as_root.ask("POST", "/items/bulk", json={"action": "delete", "ids": [item]}) == {"count": 0}
    assert as_root.ask("DELETE", "/trash") == {"count": 0}
    assert as_bob.titles() == ["Shared"]
    assert (media / "Shared.mp3").is_file()


def test_a_superuser_says_so_where_what_others_have_goes_for_good(
    keep: Keep, as_ada: Person, as_bob: Person, as_root: Person, configure: Callable[..., None], media: Path
) -> None:
    everybody = {"everybody": True}
    one, two, three, four = (keep(title, "ada", "bob") for title in ("One", "Two", "Three", "Four"))
    as_ada.ask("DELETE", f"/items/{one}")
    as_root.ask("DELETE", f"/items/{one}", params=FOREVER | everybody)  # what is seen in the trash
    assert sorted(as_bob.titles()) == ["Four", "One", "Three", "Two"]
    assert as_ada.ask("GET", "/trash")["total"] == 0
    as_root.ask("DELETE", f"/items/{one}", params=FOREVER | everybody)
    kept = keep("Kept", "ada", "root")
    as_ada.ask("DELETE", f"/items/{kept}")
    as_root.ask("DELETE", f"/items/{kept}", params=FOREVER | everybody)  # the one that lies in the trash
    assert "Kept" in as_root.titles()
    as_root.ask("DELETE", f"/items/{kept}", params=FOREVER)
    as_bob.ask("DELETE", f"/items/{two}")
    assert as_root.ask("DELETE", "/trash") == {"count": 0}
    assert as_root.ask("DELETE", "/trash", params=everybody) == {"count": 1}
    bulk = {"action": "delete", "ids": [two, three]}
    assert as_root.ask("POST", "/items/bulk", json=bulk) == {"count": 0}
    assert as_root.ask("POST", "/items/bulk", json=bulk | everybody) == {"count": 2}
    configure(trash_days=0)
    as_root.ask("DELETE", f"/items/{four}", 409)
    assert as_ada.titles() == as_bob.titles() == ["Four"]
    as_bob.ask("DELETE", f"/items/{four}", params=everybody)  # says nothing where it is not a superuser's
    assert as_ada.titles() == ["Four"]
    assert [path.name for path in media.rglob("*.mp3")] == ["Four.mp3"]


def test_anothers_trash_is_not_there(keep: Keep, as_ada: Person, as_bob: Person) -> None:
    item = keep("A secret", "ada")
    as_ada.ask("DELETE", f"/items/{item}")
    as_bob.ask("POST", f"/items/{item}/restore", 404)
    as_bob.ask("DELETE", f"/items/{item}", 404, params=FOREVER)
    assert as_bob.ask("GET", "/trash")["items"] == []


def test_what_is_saved_or_handed_over_again_comes_out_of_the_trash(
    keep: Keep, as_ada: Person, as_bob: Person, context: AppContext
) -> None:
    wanted, given, thrown = keep("Wanted", "ada"), keep("Given", "ada", "bob"), keep("Thrown", "bob")
    for person, item in ((as_ada, wanted), (as_ada, given), (as_bob, thrown)):
        person.ask("DELETE", f"/items/{item}")
    with context.database.write() as session:
        ids = {user.username: user.id for user in session.scalars(select(User))}
        assert not library.is_member(session, wanted, ids["ada"])
        library.add_member(session, wanted, ids["ada"])
        library.hand_over(session, ids["bob"], ids["ada"])
    assert sorted(as_ada.titles()) == ["Given", "Wanted"]
    assert [one["title"] for one in as_ada.ask("GET", "/trash")["items"]] == ["Thrown"]
    with context.database.read() as session:
        assert session.scalars(select(Membership.user_id).distinct()).all() == [ids["ada"]]


def test_retention_frees_space_at_once_also_in_the_trash(
    keep: Keep, as_ada: Person, context: AppContext, media: Path
) -> None:
    item, pinned = keep("Old news", "ada"), keep("Pinned", "ada")
    as_ada.ask("PUT", f"/items/{pinned}/pin", json={"pinned": True})
    for one in (item, pinned):
        as_ada.ask("DELETE", f"/items/{one}")
    filing = library.filing_of(context)
    with context.database.write() as session:
        owner = session.scalar(select(User.id).where(User.username == "ada"))
        assert owner is not None
        gone = library.remove_items(
            session, owner, [item, pinned], afterwards=lambda: filing.recover(library.DELETED, 0)
        )
    assert gone == 1
    assert [path.stem for path in media.rglob("*.mp3")] == ["Pinned"]
