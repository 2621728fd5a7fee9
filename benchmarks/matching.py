"""Is the matcher right, and quick enough for a large library? Beside it: the scorers of beets and spotDL on the same cases.

    python3 dev.py bench matching

The peers are found in environments of their own, which are not part of the repository; their locks are.

    uv venv benchmarks/peers/beets && uv pip install --python benchmarks/peers/beets/bin/python \\
        --require-hashes -r benchmarks/locks/beets.txt

and the same for `spotdl`. Where one is not there, its rows are left out. Each scorer is asked as its own program asks
it, with its own threshold for taking a track without a question.
"""

from __future__ import annotations

import json
import random
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from benchmarks._measure import Figure, report
from tests.playlists.matching.labelled import CASES, PARTS, Tally, answer, automatic, cases

HERE = Path(__file__).parent
LIBRARY, WANTED = 200_000, 1_000
VOCABULARY = """
love night heart fire rain dance summer river golden broken city light dream shadow ocean wild sweet forever stars
moon road home blue crazy baby time world again never always feel heaven angel devil train money king queen
paradise mirror thunder electric velvet
"""
WORDS = VOCABULARY.split()
HAN = "爱情天空时间海洋雨夜星光梦想青春回忆故事城市孤独温柔花开月亮太阳风雪红蓝黑白人生歌声离别幸福眼泪"
KANA = "あいうえおかきくけこさしすせそたちつてとなにぬねの"
HANGUL = "가나다라마바사아자차카타파하고노도로모보소오조"
ENDS = (" (Live)", " - Remastered 2011", " (feat. Somebody)", " (Acoustic)", " (伴奏)", " (Somebody Remix)")


def _title(dice: random.Random) -> str:
    kinds: list[Callable[[], str]] = [
        lambda: " ".join(dice.choice(WORDS) for _ in range(dice.choice((1, 2, 2, 3, 3, 4)))).title(),
        lambda: "".join(dice.choice(HAN) for _ in range(dice.choice((2, 3, 4, 5, 6)))),
        lambda: "".join(dice.choice(KANA) for _ in range(dice.choice((3, 5, 7)))),
        lambda: "".join(dice.choice(HANGUL) for _ in range(4)),
    ]
    title = dice.choices(kinds, (50, 35, 10, 5))[0]()
    return title + dice.choice(ENDS) if dice.random() < 0.15 else title


def write_library(folder: Path) -> tuple[Path, Path]:
    """A made-up library in all scripts, and a thousand wanted tracks of which two thirds are in it."""
    dice = random.Random(7)
    artists = [
        " ".join(dice.choice(WORDS) for _ in range(2)).title() + f" {n % 97}"
        if n % 5 < 3
        else "".join(dice.choices(HAN, k=3))
        for n in range(15_000)
    ]
    tracks = [
        {
            "id": str(n), "title": _title(dice), "artists": dice.sample(artists, 1 + (n % 10 == 0)),
            "album": " ".join(dice.choices(WORDS, k=2)).title(), "duration": dice.randrange(120, 400),
            "isrc": f"USABC{n:07d}",
        }
        for n in range(LIBRARY)
    ]  # fmt: skip
    wanted = []
    for n, track in enumerate(dice.sample(tracks, WANTED)):
        title = _title(dice) if n % 3 == 0 else str(track["title"])
        wanted.append({**track, "title": title.upper() if n % 4 == 0 else title, "isrc": None})
    files = folder / "wanted.jsonl", folder / "library.jsonl"
    for file, rows in zip(files, (wanted, tracks), strict=True):
        file.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return files


def costs() -> tuple[float, float, int]:
    """CPU seconds and MB of the whole command `magpie match`, and how many of the wanted it matched."""
    with tempfile.TemporaryDirectory() as folder:
        wanted, library = write_library(Path(folder))
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        command = [sys.executable, "-m", "magpie.cli", "match", str(wanted), str(library)]
        found = subprocess.run(command, check=True, capture_output=True, text=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return seconds, after.ru_maxrss / 1024, found.stdout.count('"verdict": "matched"')


def ours() -> list[str | None]:
    return [automatic(answer(case)) for case in cases()]


def theirs(name: str) -> list[str | None] | None:
    """A peer's answers to all cases, or None if it is not installed."""
    python = HERE / "peers" / name / "bin" / "python"
    if not python.exists():
        return None
    told = "".join((CASES / f"{part}.jsonl").read_text(encoding="utf-8") for part in PARTS)
    program = HERE / f"_match_{name}.py"
    answered = subprocess.run([python, program], input=told, check=True, capture_output=True, text=True)
    return [json.loads(line)[0] for line in answered.stdout.splitlines()]


def tallies(answers: list[str | None]) -> dict[str, Tally]:
    counted = {"cjk": Tally(), "latin": Tally()}
    for case, one in zip(cases(), answers, strict=True):
        counted[case.script].count(case, one)
    return counted


def table(rows: dict[str, dict[str, Tally]]) -> None:
    """To standard error, for people: precision and recall of each."""
    print(f"{'':10}{'cjk precision':>15}{'recall':>8}{'latin precision':>17}{'recall':>8}", file=sys.stderr)
    for name, counted in rows.items():
        cjk, latin = counted["cjk"], counted["latin"]
        told = (
            f"{name:10}{cjk.precision:>15.3f}{cjk.recall:>8.3f}{latin.precision:>17.3f}{latin.recall:>8.3f}"
        )
        print(told, file=sys.stderr)


def main() -> int:
    seconds, megabytes, matched = costs()
    rows = {"magpie": tallies(ours())}
    for name in ("beets", "spotdl"):
        if (answers := theirs(name)) is not None:
            rows[name] = tallies(answers)
    table(rows)
    figures = [
        Figure(
            f"CPU seconds, {WANTED} wanted against {LIBRARY}",
            seconds,
            4.0,
            "all in, files read and verdicts printed",
        ),
        Figure("MB at most", megabytes, 800.0, "resident set of the process"),
    ]
    for script, tally in rows["magpie"].items():
        figures.append(
            Figure(f"{script}: wrong automatic matches", 1 - tally.precision, 0.01, "labelled cases")
        )
        figures.append(
            Figure(f"{script}: right ones left to people", 1 - tally.recall, 0.07, "labelled cases")
        )
    told = {
        name: {
            script: {"precision": round(one.precision, 3), "recall": round(one.recall, 3)}
            for script, one in row.items()
        }
        for name, row in rows.items()
    }
    return report("matching", figures, scorers=told, matched=matched)


if __name__ == "__main__":
    sys.exit(main())
