"""Whatever a template and a medium say, their files get valid names of their own below the media folder."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from magpie.downloads.extractors.port import Kind, Medium, Role, SavedFile
from magpie.kit.paths import MAX_NAME_BYTES, below, safe_name
from magpie.library.naming import CORNER, Naming, paths_for
from magpie.library.presets import PRESETS
from magpie.library.templates import FIELDS, TemplateFault, Value, parse
from tests.library.test_naming import FILES, HOSTILE, KEY, media

VALUES: dict[str, Value | None] = {
    "title": "A: walk",
    "artist": "Hedgerow Films",
    "channel": "Hedge/row",
    "date": datetime(2026, 2, 3, 18, 30, tzinfo=UTC),
    "year": 2026,
    "month": 2,
    "index": 7,
    "id": "abc",
    "height": 1080,
    "season": 2026,
    "episode": 203,
}


@pytest.mark.parametrize(
    ("template", "path"),
    [
        ("{title}", "A꞉ walk"),
        ("{title}.{ext}", "A꞉ walk"),
        ("{channel}/{date:%Y-%m-%d} {title} [[{id}]]", "Hedge⧸row/2026-02-03 A꞉ walk [abc]"),
        ("{channel}/S{season}E{episode:04}/{index:03}", "Hedge⧸row/S2026E0203/007"),
        ("{title}[ - {artist}][ ({album})]", "A꞉ walk - Hedgerow Films"),
        ("{title}[ ({height}p, {playlist})]", "A꞉ walk"),
        ("{year}-{month} {{{title}}} [[x]]", "2026-02 {A꞉ walk} [x]"),
        ("{date:%d.%m.%y %H%M %j}", "03.02.26 1830 034"),
        ("{album}/{playlist}", "Unknown Album/Unknown Playlist"),
        ("CON/{title}", "_CON/A꞉ walk"),
    ],
)
def test_a_template_is_written_out(template: str, path: str) -> None:
    assert "/".join(parse(template).render(VALUES)) == path


@pytest.mark.parametrize(
    ("template", "said"),
    [
        ("{name}", "At character 1: there is no {name}"),
        ("x{title", "At character 2: this { or }"),
        ("{title}}", "At character 8: this { or }"),
        ("[{title}", "At character 1: this [ is never closed"),
        ("{title}]", "At character 8: this ] closes nothing"),
        ("a[b[{id}]]", "At character 4: groups cannot stand in each other"),
        ("a[/{id}]", "At character 3: a group cannot begin a folder"),
        ("{title:03}", "At character 1: {title} takes no"),
        ("{index:x}", "At character 1: {index} can be padded with {index:03}"),
        ("{date:%s}", "At character 1: a date is written with"),
        ("{title.__class__}", "At character 1: there is no {title.__class__}"),
        ("{0}", "At character 1: there is no {0}"),
        ("../{title}", "a name of their own"),
        ("/etc/{title}", "a name of their own"),
        ("a//{title}", "a name of their own"),
        ("{channel}/[{title}]", "a name of their own"),
        ("", "a name of their own"),
        ("/".join(["{title}"] * 10), "more than 8 folders"),
        ("x" * 501, "longer than 500"),
    ],
)
def test_a_fault_is_named_with_its_place(template: str, said: str) -> None:
    with pytest.raises(TemplateFault) as raised:
        parse(template)
    assert said in str(raised.value)


def test_a_long_title_leaves_the_id_in_the_name() -> None:
    [name] = parse("{title} - {channel} [[{id}]]").render({**VALUES, "title": "晴" * 300})
    assert name.endswith(" - Hedge⧸row [abc]")
    assert len(name.encode()) <= MAX_NAME_BYTES


PIECES = st.lists(
    st.one_of(
        st.sampled_from([f"{{{name}}}" for name in FIELDS]),
        st.sampled_from(
            ["{index:03}", "{date:%Y-%m-%d}", "[ - {artist}]", "[{album} {playlist}]", "[[{id}]]"]
        ),
        st.sampled_from(["/", "..", ".", " ", "CON", ".magpie", "[", "]", "{", "}", "\0", "\u202e"]),
        st.text(max_size=12),
    ),
    min_size=1,
    max_size=10,
).map("".join)


@given(PIECES, media(), FILES, HOSTILE, st.integers(min_value=1, max_value=9999))
def test_no_template_leads_out_of_the_media_folder(
    text: str, medium: Medium, files: tuple[SavedFile, ...], site: str, number: int
) -> None:
    try:
        parse(text)
    except TemplateFault:
        return
    check(medium, files, site, number, Naming(template=text, playlist=site, index=number))


MOMENTS = st.one_of(st.none(), st.datetimes().map(lambda moment: moment.isoformat()), HOSTILE)
EXTRAS = st.fixed_dictionaries(
    {},
    optional={
        "channel": HOSTILE,
        "series": HOSTILE,
        "track": HOSTILE,
        "season_number": st.one_of(st.integers(), HOSTILE),
        "episode_number": st.one_of(st.integers(), HOSTILE),
    },
)


@given(st.sampled_from(list(PRESETS)), media(), EXTRAS, MOMENTS, FILES, HOSTILE, st.integers(1, 9999))
def test_no_preset_does_either(
    server: str, medium: Medium, extra: dict[str, object], moment: str | None, files: tuple[SavedFile, ...],
    site: str, number: int,
) -> None:  # fmt: skip
    medium = replace(medium, extra=extra, published_at=moment)
    check(medium, files, site, number, Naming(server=server, playlist=site))


def check(medium: Medium, files: tuple[SavedFile, ...], site: str, number: int, naming: Naming) -> None:
    paths = paths_for(medium, files, site, KEY, number, naming)
    assert len({path.casefold() for path in paths}) == len(files)
    root = Path("/a-media-root-that-is-not-there")
    for path, file in zip(paths, files, strict=True):
        assert below(root, path) == root / path
        parts = PurePosixPath(path).parts
        assert (parts[0] == CORNER) is (file.role is Role.THUMBNAIL)
        for part in parts[1:] if file.role is Role.THUMBNAIL else parts:
            assert len(part.encode()) <= 255
            assert safe_name(part, max_bytes=255) == part


@given(PIECES, media(), FILES, HOSTILE)
def test_further_names_differ(text: str, medium: Medium, files: tuple[SavedFile, ...], site: str) -> None:
    """So that the search for free names comes to an end, and nothing is overwritten."""
    try:
        parse(text)
    except TemplateFault:
        return
    naming = Naming(template=text)
    assert len({paths_for(medium, files, site, KEY, number, naming)[0] for number in range(1, 5)}) == 4


def test_galleries_are_folders_of_numbers_under_any_template() -> None:
    medium = Medium("pixiv", "77", Kind.GALLERY, "Birds", "https://x.example/", "Ada")
    files = tuple(SavedFile(f"{name}.jpg", Role.IMAGE, 1, "image/jpeg") for name in "ab")
    assert paths_for(medium, files, "pixiv", KEY, naming=Naming(template="Art/{artist}/{title} {id}")) == [
        "Art/Ada/Birds 77/001.jpg",
        "Art/Ada/Birds 77/002.jpg",
    ]
