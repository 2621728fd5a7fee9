"""Looking for words over HTTP: in any script, by sound, as beginnings, misspelt; and never in what is others'."""

from __future__ import annotations

from contextlib import suppress

import pytest
from sqlalchemy import select, text, update

from magpie.context import AppContext
from magpie.library.models import Item
from magpie.library.search import service as search
from magpie.library.search import terms
from magpie.library.search.models import SearchState
from tests.library.personal.conftest import Keep, Meant, Person

pytestmark = pytest.mark.database


@pytest.fixture
def songs(keep: Keep, as_ada: Person) -> None:
    keep("晴天 (Official Video)", "ada", artist="周杰倫", album="葉惠美")
    keep("Bohemian Rhapsody", "ada", artist="Queen", album="A Night at the Opera")
    keep("Группа крови", "ada", artist="Кино", description="Песня о войне, https://video.example/secretword")
    keep("봄날", "ada", artist="방탄소년단")
    keep("きゃりーANAN", "ada", description="听妈妈的话 and a long walk")


@pytest.mark.parametrize(
    ("q", "title"),
    [
        ("晴天", "晴天 (Official Video)"),
        ("晴", "晴天 (Official Video)"),
        ("qing tian", "晴天 (Official Video)"),
        ("qingtian", "晴天 (Official Video)"),
        ("qíngtiān", "晴天 (Official Video)"),
        ("qt", "晴天 (Official Video)"),
        ("叶惠美", "晴天 (Official Video)"),
        ("zhou jielun", "晴天 (Official Video)"),
        ("bohemian", "Bohemian Rhapsody"),
        ("bohemain", "Bohemian Rhapsody"),
        ("bohemin rapsody", "Bohemian Rhapsody"),
        ("rhap quee", "Bohemian Rhapsody"),
        ("opera", "Bohemian Rhapsody"),
        ("кино", "Группа крови"),
        ("kino", "Группа крови"),
        ("voyne", "Группа крови"),
        ("봄날", "봄날"),
        ("bangtan", "봄날"),
        ("kyari", "きゃりーANAN"),
        ("妈妈", "きゃりーANAN"),
        ("媽媽的話", "きゃりーANAN"),
        ("walk", "きゃりーANAN"),
    ],
)
def test_what_is_found(songs: None, as_ada: Person, meant: Meant, q: str, title: str) -> None:
    for sort in ("newest", "relevance", "title", "size", "oldest"):
        answer = as_ada.ask("GET", "/items", params={"q": q, "sort": sort})
        assert [item["title"] for item in answer["items"]] == [title]
        assert (answer["total"], answer["total_is_exact"], answer["next_cursor"]) == (1, True, None)
    assert meant("ada", q=q) == [title]


@pytest.mark.parametrize("q", ["qingtang", "quilt", "bohemian kino", "secretword", "雨", "nothing at all"])
def test_what_is_not(songs: None, as_ada: Person, q: str) -> None:
    assert as_ada.ask("GET", "/items", params={"q": q})["items"] == []
    assert as_ada.ask("GET", "/items", params={"q": q})["total"] == 0


def test_words_may_be_on_the_site(songs: None, as_ada: Person) -> None:
    assert as_ada.ask("GET", "/items", params={"q": "media.example"})["total"] == 5
    assert as_ada.ask("GET", "/items", params={"q": "  ?! "})["total"] == 5  # nothing to look for


@pytest.mark.parametrize(
    "q", ["'", '"', "a' OR 1=1 --", '"a" OR "b"', "a*", "NEAR(a b)", "a & !b", "a:b", "\\", "😀", "^a", "-a"]
)
def test_signs_of_the_databases_own_languages_mean_nothing(keep: Keep, as_ada: Person, q: str) -> None:
    keep("Quite something", "ada")
    for sort in ("newest", "relevance"):
        as_ada.ask("GET", "/items", params={"q": q, "sort": sort})


def test_others_things_are_not_found(keep: Keep, as_ada: Person, as_bob: Person, as_root: Person) -> None:
    keep("Hers alone", "ada")
    keep("Theirs", "ada", "bob", description="alone again")
    assert as_bob.titles("/items?q=alone") == ["Theirs"]
    assert as_bob.titles("/items?q=alonne") == ["Theirs"]
    assert as_ada.titles("/items?q=alone") == ["Theirs", "Hers alone"]
    assert as_root.titles("/items?q=alone") == ["Theirs", "Hers alone"]
    assert as_bob.ask("GET", "/items/facets?q=alone")["counted"] == 1


def test_misspelt_words_find_what_is_theirs_alone(keep: Keep, as_ada: Person, as_bob: Person) -> None:
    keep("Rhapsody", "ada")
    keep("Nothing like it", "bob")
    assert as_ada.titles("/items?q=rapsody") == ["Rhapsody"]
    assert as_bob.titles("/items?q=rapsody") == []


def test_as_it_is_written_comes_before_what_may_have_been_meant(keep: Keep, as_ada: Person) -> None:
    keep("House", "ada")
    keep("Horse", "ada")
    assert as_ada.titles("/items?q=horse") == ["Horse"]
    assert sorted(as_ada.titles("/items?q=hosse")) == ["Horse", "House"]


def test_tags_are_found_by_who_gave_them(keep: Keep, as_ada: Person, as_bob: Person, as_root: Person) -> None:
    item = keep("Untitled", "ada", "bob")
    keep("Tagged word in its title: slow", "ada")
    as_ada.ask("PUT", f"/items/{item}/tags", json={"tags": ["Slow dance", "慢歌"]})
    assert as_ada.titles("/items?q=slow") == ["Tagged word in its title: slow", "Untitled"]
    assert as_ada.titles("/items?q=danc untitled") == ["Untitled"]
    assert as_ada.titles("/items?q=mange") == ["Untitled"]
    assert as_ada.titles("/items?q=slow&sort=relevance") == ["Tagged word in its title: slow", "Untitled"]
    assert as_bob.titles("/items?q=slow") == []
    assert as_root.titles("/items?q=dance") == []
    as_ada.ask("PUT", f"/items/{item}/tags", json={"tags": []})
    assert as_ada.titles("/items?q=dance") == []


def test_what_lies_in_the_trash_is_found_there_alone(keep: Keep, as_ada: Person) -> None:
    item = keep("Rubbish", "ada")
    as_ada.ask("DELETE", f"/items/{item}")
    assert as_ada.titles("/items?q=rubbish") == []
    assert as_ada.titles("/items?q=rubbish&in_trash=true") == ["Rubbish"]


def test_the_index_follows_what_becomes_of_an_item(keep: Keep, as_ada: Person, context: AppContext) -> None:
    item = keep("Before", "ada", artist="Someone", description="many words")
    with context.database.write() as session:
        found = session.get_one(Item, item)
        found.title, found.description = "Afterwards", None
    assert as_ada.titles("/items?q=before") == []
    assert as_ada.titles("/items?q=words") == []
    assert as_ada.titles("/items?q=afterwards someone") == ["Afterwards"]
    with context.database.write() as session:
        session.execute(update(Item).where(Item.id == item).values(title="Statement"))
        search.changed(session, [item])
    assert as_ada.titles("/items?q=afterwards") == []
    assert as_ada.titles("/items?q=statement someone") == ["Statement"]


def test_what_is_rolled_back_is_not_in_the_index(keep: Keep, as_ada: Person, context: AppContext) -> None:
    item = keep("Stays", "ada")
    with suppress(ZeroDivisionError), context.database.write() as session:
        session.get_one(Item, item).title = "Vanishes"
        session.flush()
        session.execute(update(Item).values(size=1 // 0))
    with context.database.write() as session:
        point = session.begin_nested()
        session.execute(update(Item).where(Item.id == item).values(title="Vanishes"))
        search.changed(session, [item])
        point.rollback()
    assert as_ada.titles("/items?q=vanishes") == []
    assert as_ada.titles("/items?q=stays") == ["Stays"]


@pytest.mark.sqlite_only
def test_nothing_is_left_in_the_index_of_what_has_gone(
    keep: Keep, as_ada: Person, context: AppContext
) -> None:
    keep("First", "ada")
    second = keep("Second 晴天", "ada")
    with context.database.write() as session:
        found = session.get_one(Item, second)
        found.title = "Other words"
    with context.database.write() as session:
        session.delete(session.get(Item, second))
    with context.database.write() as session:
        match = text("SELECT rowid FROM search_index WHERE search_index MATCH :q")
        for q in ("second", "other", '"晴天"', '"晴"', '".qing.tian"', '"@media"'):
            assert session.scalars(match, {"q": q}).all() == ([1] if "media" in q else []), q
        session.execute(text("INSERT INTO search_index (search_index) VALUES ('integrity-check')"))


def test_the_index_is_made_anew_bit_by_bit_and_changes_in_between_count(
    keep: Keep, as_ada: Person, context: AppContext
) -> None:
    ids = [keep(f"Number {number}", "ada") for number in range(10)]
    with context.database.write() as session:
        session.execute(update(Item).values(sort_title="", search_extra=None))
        search.start_over(session)
    assert as_ada.titles("/items?q=number") == []
    assert search.step(context.database, 3)
    assert as_ada.titles("/items?q=number") == ["Number 9", "Number 8", "Number 7"]
    with context.database.write() as session:
        for item, title in ((ids[0], "Changed early"), (ids[9], "Changed late")):
            found = session.get_one(Item, item)
            found.title = title
    keep("Number new", "ada")
    search.rebuild(context.database)
    assert as_ada.ask("GET", "/items?q=number")["total"] == 9
    assert as_ada.titles("/items?q=changed") == ["Changed late", "Changed early"]
    with context.database.read() as session:
        assert "" not in session.scalars(select(Item.sort_title)).all()
        assert search.is_complete(session)


def test_another_version_of_the_terms_makes_it_anew(keep: Keep, as_ada: Person, context: AppContext) -> None:
    keep("Something", "ada")
    with context.database.write() as session:
        session.execute(update(SearchState).values(version=terms.VERSION - 1))
    search.rebuild(context.database)
    with context.database.read() as session:
        assert search.is_current(session)
    assert as_ada.titles("/items?q=something") == ["Something"]


@pytest.mark.postgres_only
def test_the_database_makes_the_terms_that_python_counts_on(
    keep: Keep, as_ada: Person, context: AppContext
) -> None:
    names = [
        "Don't café ÀÉ 2NE1 a bb ccc",
        "カタカナ Mixed漢字text",
        "İstanbul ſtrange Kelvin",
        "x" * 350 + " cut",
        "Ñandú œuvre Straße Żółć Łódź æther",
        "Жизнь объект Щука Ёлка в Київ",
        "我爱你爱我爱你 重庆 音乐会",
        "abc Шum ﬁle naïve",
    ]
    abouts = [
        "see https://a.example/x，中文 text 晴",
        "\u3000wide\u00a0spaces\ttabs ｆｕｌｌ",
        "long " * 300 + "end 末尾",
        "สวัสดี ไทย မြန်မာ ខ្មែរ",
        "d'été à l’Œuvre https://é.example/ñ café",
        "описание: ещё чаще Ǆ ǅ",
        "一二三一二",
        "e\u0301te\u0301 n\u0303",
    ]
    for name, about in zip(names, abouts, strict=True):
        keep(name, "ada", paths=[f"{abs(hash(name))}.mp3"], artist="方大同 Ａ", description=about)
    made = text(
        "SELECT tsvector_to_array(search_terms(id, title, artist, album, album_artist, description, site, genre, "
        "isrc, kind, search_extra)) FROM items ORDER BY id"
    )
    with context.database.read() as session:
        from magpie.library.search.document import terms_of

        for item, found in zip(
            session.scalars(select(Item).order_by(Item.id)), session.scalars(made), strict=True
        ):
            assert terms_of(item) <= set(found)
