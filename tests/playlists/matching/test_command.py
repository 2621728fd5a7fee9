from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from magpie.cli import app
from magpie.playlists.matching.commands import match

WANTED = (
    '{"id": 1, "title": "晴天", "artists": ["Jay Chou"], "duration": 269}\n\n{"id": "x", "title": "七里香"}\n'
)
LIBRARY = (
    '{"id": 7, "title": "晴天", "artists": ["周杰倫"], "album": null, "duration": 270.5}\n'
    '{"id": "8", "title": "晴天 (Live)", "artists": "周杰伦"}\n'
)


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    wanted, library = tmp_path / "wanted.jsonl", tmp_path / "library.jsonl"
    wanted.write_text(WANTED, encoding="utf-8-sig")
    library.write_text(LIBRARY, encoding="utf-8")
    return wanted, library


def lines(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def test_one_line_for_each_wanted_track(files: tuple[Path, Path]) -> None:
    out = io.StringIO()
    assert match(str(files[0]), str(files[1]), out=out) == 0
    first, second = lines(out.getvalue())
    assert list(first) == ["id", "verdict", "match", "score", "reasons"]
    assert (first["id"], first["verdict"], first["match"]) == (1, "matched", 7)
    assert (second["id"], second["verdict"], second["match"], second["reasons"]) == (
        "x",
        "missing",
        None,
        ["nothing_like_it"],
    )


@pytest.mark.parametrize("piped", [0, 1])
def test_either_file_may_be_standard_input(files: tuple[Path, Path], piped: int) -> None:
    names = [str(file) for file in files]
    names[piped] = "-"
    result = CliRunner().invoke(app, ["match", *names], input=(WANTED, LIBRARY)[piped])
    assert result.exit_code == 0
    assert [one["verdict"] for one in lines(result.stdout)] == ["matched", "missing"]


def test_review_names_candidates(files: tuple[Path, Path]) -> None:
    files[0].write_text('{"id": "w", "title": "Qing Tian", "artists": ["Jay Chou"], "duration": 270}')
    out = io.StringIO()
    match(str(files[0]), str(files[1]), out=out)
    (told,) = lines(out.getvalue())
    assert (told["verdict"], told["match"], told["candidates"][0]["id"]) == ("review", None, 7)


def test_peoples_own_aliases(files: tuple[Path, Path], tmp_path: Path) -> None:
    files[0].write_text(
        '{"id": "w", "title": "晴天", "artists": ["The Chairman"], "duration": 270}', encoding="utf-8"
    )
    names = tmp_path / "names.txt"
    names.write_text("# mine\n周杰伦 | The Chairman\n", encoding="utf-8")
    result = CliRunner().invoke(app, ["match", "--aliases", str(names), *map(str, files)])
    assert lines(result.stdout)[0]["verdict"] == "matched"


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", "line 3: not JSON"),
        ("[]", "line 3: not an object"),
        ('{"title": "x"}', "line 3: `id` is missing"),
        ('{"id": "x"}', "line 3: `title` is missing"),
        ('{"id": true, "title": "x"}', "line 3: `id` must be"),
        ('{"id": "x", "title": 5}', "line 3: `title` must be"),
        ('{"id": "x", "title": "x", "artists": [1]}', "line 3: `artists` must be"),
        ('{"id": "x", "title": "x", "duration": "4:29"}', "line 3: `duration` must be"),
        ('{"id": "x", "title": "x", "duration": NaN}', "line 3: `duration` must be"),
        ('{"id": "x", "title": "x", "isrc": 5}', "line 3: `isrc` must be"),
        ('{"id": "x", "title": "x"},{"id": "y", "title": "y"}', "line 3: not JSON"),
        ("[" * 100_000, "line 3: "),
    ],
)
@pytest.mark.parametrize("bad", ["wanted", "library"])
def test_a_bad_line_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], line: str, message: str, bad: str
) -> None:
    good, broken = tmp_path / "good.jsonl", tmp_path / "broken.jsonl"
    good.write_text(LIBRARY, encoding="utf-8")
    broken.write_text(f"{LIBRARY}{line}\n", encoding="utf-8")
    names = (broken, good) if bad == "wanted" else (good, broken)
    assert match(str(names[0]), str(names[1]), out=io.StringIO()) == 2
    told = capsys.readouterr().err
    assert told.startswith(f"magpie match: {broken}, ")
    assert message in told
    assert "\n" not in told.strip()


def test_files_that_cannot_be_read(files: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
    assert match("-", "-") == 2
    assert match(str(files[0]), str(files[1].with_name("none"))) == 2
    files[1].write_bytes(b"\xff\xfe\n")
    assert match(str(files[0]), str(files[1])) == 2
    told = capsys.readouterr().err.splitlines()
    assert ["standard input" in told[0], "No such file" in told[1], "UTF-8" in told[2]] == [True] * 3
