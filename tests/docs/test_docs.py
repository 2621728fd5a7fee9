"""Nothing that exists is undocumented, and nothing that is documented does not exist."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from importlib.metadata import EntryPoint
from pathlib import Path
from types import ModuleType
from urllib.parse import unquote

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from magpie.admin import metrics
from magpie.app import build_api
from magpie.config import Settings, names_of
from magpie.downloads.extractors.builtin import builtin_extractors
from magpie.downloads.extractors.port import Claim, Extractor, Kind, Medium, Profile, Request, Stage
from magpie.downloads.failures import Reason
from magpie.downloads.models import Status
from magpie.downloads.sites import KNOWN_SITES, site_of
from magpie.plugins import Hooks, load_plugins
from magpie.profiles.shipped import SHIPPED
from scripts import write_docs_tables as tables

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
PAGES = {path.name: path.read_text(encoding="utf-8") for path in sorted(DOCS.glob("*.md"))}
README = (ROOT / "README.md").read_text(encoding="utf-8")
ENV_EXAMPLE = (ROOT / ".env.example").read_text(encoding="utf-8")
_FOLDERS = (".", "docs", "docs/zh", "docs/decisions", "tests/site", "web", "benchmarks")
MARKDOWN = {
    path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8")
    for path in sorted(
        {file for folder in _FOLDERS for file in (ROOT / folder).glob("*.md")}
        | {file for file in (ROOT / "examples").glob("**/*.md") if ".venv" not in file.parts}
    )
}
_CODE = re.compile(r"```.*?```|``[^\n]+?``|`[^`\n]+`", re.DOTALL)


def _tables(name: str) -> list[list[str]]:
    """The arguments of every table of this name, over all pages."""
    return [words[1:] for page in PAGES.values() for words in tables.tables_in(page) if words[0] == name]


def _code(text: str) -> str:
    return "\n".join(_CODE.findall(text))


# Everything is there.


@pytest.mark.parametrize("name", PAGES)
def test_the_tables_are_what_the_program_says(name: str) -> None:
    page = PAGES[name]
    assert tables.refreshed(page) == page, f"docs/{name} is stale: run scripts/write_docs_tables.py"


def test_every_setting_and_each_of_its_names_is_explained() -> None:
    listed = [field for fields in _tables("settings") for field in fields]
    assert sorted(listed) == sorted(Settings.model_fields)
    for field in Settings.model_fields:
        for name in names_of(field):
            assert f"`{name}`" in PAGES["settings.md"], name
            assert re.search(rf"\b{name}\b", ENV_EXAMPLE), f"{name} is not in .env.example"


def test_every_command_and_option_is_explained() -> None:
    page = PAGES["command-line.md"]
    documented = [" ".join(words) for words in _tables("options")]
    for name, command in tables.commands().items():
        section = page.partition(f"\n## magpie {name}\n")[2].partition("\n## ")[0]
        assert section, f"magpie {name} has no section"
        parameters = tables.parameters_of(command)
        assert (name in documented) == bool(parameters), name
        for typed, meaning in parameters:
            assert f"| `{typed}` | {meaning} |" in section, typed
            assert meaning, typed
    assert "Exit codes" in page


def test_every_route_is_listed_under_all_its_paths() -> None:
    page, facts = PAGES["api.md"], tables.route_facts()
    assert sorted(tag for (tag,) in _tables("routes")) == sorted({fact.tag for fact in facts})
    for fact in facts:
        for path in fact.paths:
            assert f"`{path}`" in page, path


def test_the_table_of_routes_misses_none_of_the_schema() -> None:
    with tables.installation() as context:
        paths = build_api(context).openapi()["paths"]
    listed = {(method, fact.paths[0]) for fact in tables.route_facts() for method in fact.methods}
    for path, operations in paths.items():
        for method in operations:
            assert (method.upper(), path) in listed


def test_every_reason_state_stage_and_profile_is_explained() -> None:
    page = PAGES["saving.md"]
    for code in (*Reason, *Status, *SHIPPED):
        assert f"\n| `{code}` |" in page, code
    for stage in set(Stage) - {Stage.QUEUED}:  # what waits is `pending`
        assert f"`{stage}`" in page, stage


def test_every_extractor_and_known_site_is_listed() -> None:
    page = PAGES["providers.md"]
    for extractor in builtin_extractors():
        assert f"| `{extractor.name}` |" in page
        assert f"- **{extractor.name}** " in page
    for site in KNOWN_SITES:
        assert f"| `{site.name}` |" in page


def test_every_hook_is_explained() -> None:
    for name in vars(Hooks):
        if name.startswith("magpie_"):
            assert f"| `{name}()` |" in PAGES["plugins.md"], name


def test_every_metric_is_explained() -> None:
    page = PAGES["operations.md"]
    with tables.installation() as context:
        families = list(
            text_string_to_metric_families(metrics.render(metrics.registry_for(context)).decode())
        )
    names = {sample.name for family in families for sample in family.samples}
    names |= {family.name for family in families if family.name.startswith("magpie_")}
    assert {"magpie_info", "magpie_downloads", "magpie_jobs_running"} <= names
    for name in names:
        assert f"| `{name}` |" in page or name.startswith(("process_", "python_")), name


def test_every_page_and_decision_can_be_found() -> None:
    for name in PAGES:
        assert name == "index.md" or f"]({name})" in PAGES["index.md"], name
    index = MARKDOWN["docs/decisions/README.md"]
    records = sorted((DOCS / "decisions").glob("[0-9]*.md"))
    for number, record in enumerate(records, 1):
        text = record.read_text(encoding="utf-8")
        assert record.name.startswith(f"{number:04}-")
        assert text.startswith(f"# {number}. ")
        assert f"]({record.name})" in index
        for part in ("**Context.**", "**Decision.**", "**Consequences.**"):
            assert part in text, f"{record.name} lacks {part}"


# Nothing else is there.


def _mentioned_commands() -> Iterator[tuple[str, list[str]]]:
    for name, text in MARKDOWN.items():
        for found in re.finditer(r"(?<![\w.-])magpie +([a-z-][^`|#&\n]*)", _code(text)):
            yield name, found[1].split()


def test_commands_that_are_mentioned_exist() -> None:
    commands = tables.all_commands()
    mentioned = list(_mentioned_commands())
    assert len(mentioned) > 20
    for page, (first, *rest) in mentioned:
        if first in ("--version", "--help", "-h"):
            continue
        word = f"{first} {rest.pop(0)}" if rest and f"{first} {rest[0]}" in commands else first
        assert word in commands, f"{page} promises `magpie {word}`"
        options = {option for parameter in commands[word].params for option in parameter.opts} | {
            "-h",
            "--help",
        }
        for given in rest:
            assert not given.startswith("-") or given.partition("=")[0] in options, (
                f"{page} promises `magpie {word} {given}`"
            )


def test_variables_that_are_mentioned_are_read_somewhere() -> None:
    settings = {name for field in Settings.model_fields for name in names_of(field)}
    folders = [ROOT / name for name in ("devtools", "tests", "benchmarks")]
    files = [
        ROOT / "dev.py",
        ROOT / "hatch_build.py",
        ROOT / "web" / "vite.config.ts",
        *(file for folder in folders for file in folder.glob("**/*.py")),
    ]
    tooling = "\n".join(file.read_text(encoding="utf-8") for file in files if file != Path(__file__))
    for name, text in {**MARKDOWN, ".env.example": ENV_EXAMPLE}.items():
        for variable in set(re.findall(r"\bMAGPIE_[A-Z0-9_]+", text)):
            known = variable in settings or f'"{variable}"' in tooling
            assert known, f"{name} promises {variable}"


def _slugs(text: str) -> set[str]:
    """The anchors that a page's headings get."""
    headings = re.findall(r"(?m)^#{1,6} +(.+?) *$", re.sub(r"(?s)```.*?```", "", text))
    plain = [re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading) for heading in headings]
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in plain}


def _links(text: str) -> Iterator[str]:
    prose = _CODE.sub("", text)
    yield from re.findall(r"\]\(([^)\s]+)\)", prose)
    yield from re.findall(r'(?:src|srcset|href)="([^"]+)"', prose)


@pytest.mark.parametrize("name", MARKDOWN)
def test_links_lead_somewhere(name: str) -> None:
    for link in _links(MARKDOWN[name]):
        if re.match(r"[a-z]+:", link):
            continue
        place, _, anchor = unquote(link).partition("#")
        target = (ROOT / name).parent / place if place else ROOT / name
        assert target.exists(), f"{name}: {link}"
        if anchor:
            assert anchor in _slugs(target.read_text(encoding="utf-8")), f"{name}: {link}"


def test_the_readme_is_one_screen_with_both_commands_and_a_picture() -> None:
    assert "\npython3 dev.py serve" in README
    assert "\npython3 dev.py test" in README
    assert "docs/pictures/home-light.png" in README
    assert "docs/pictures/home-dark.png" in README
    assert len(README.splitlines()) <= 60


# In Chinese.

TRANSLATED = sorted((DOCS / "zh").glob("*.md"))


def _first_cells(text: str) -> set[str]:
    """The codes that rows of tables begin with."""
    return {
        code for row in re.findall(r"(?m)^\| (`[^|]*)\|", text) for code in re.findall(r"`([a-z_]+)", row)
    }


@pytest.mark.parametrize("page", TRANSLATED, ids=lambda page: page.name)
def test_a_page_in_chinese_has_every_code_and_every_variable_of_the_english_one(page: Path) -> None:
    chinese, english = page.read_text(encoding="utf-8"), PAGES[page.name]
    assert f"](../{page.name})" in chinese
    assert _first_cells(english) <= _first_cells(chinese)
    for variable in re.findall(r"\bMAGPIE_[A-Z0-9_]+|\bmagpie_[a-z_]+", english):
        assert variable in chinese, variable


def test_the_chinese_readme_has_what_the_english_one_has() -> None:
    chinese = (ROOT / "README.zh-CN.md").read_text(encoding="utf-8")
    assert "](README.md)" in chinese
    assert "](README.zh-CN.md)" in README
    for mark in (r"(?m)^## ", r"(?m)^- \*\*", r"(?m)^\| ", r"<img "):
        assert len(re.findall(mark, chinese)) == len(re.findall(mark, README)), mark


# What earlier programs' clients find.


def _promises() -> list[tuple[str, str, str, str]]:
    """Method, path, state and test file of each row of the compatibility tables."""
    row = re.compile(r"(?m)^\| `[^`]+`[^|]* \| `([A-Z]+) ([^`]+)` \| ([^|]+) \| (?:`([^`]+)` )?\|$")
    return [
        (found[1], found[2], found[3], found[4] or "")
        for found in row.finditer(PAGES["api-compatibility.md"])
    ]


def test_what_works_has_a_route_and_a_test_and_what_is_to_come_has_neither() -> None:
    routes = {
        (method, path) for fact in tables.route_facts() for path in fact.paths for method in fact.methods
    }
    promises = _promises()
    rows = [line for line in PAGES["api-compatibility.md"].splitlines() if line.startswith("| `")]
    assert len(promises) == len(rows)
    for method, path, state, test in promises:
        if state.startswith("works"):
            assert (method, path) in routes, f"{method} {path} is said to work"
            assert (ROOT / test).is_file(), f"{method} {path}: {test or 'no test'}"
        else:
            assert state.startswith("comes with "), state
            assert (method, path) not in routes, f"{method} {path} exists by now: say that it works"
            assert not test


# The plug-in that docs/plugins.md shows.


@pytest.fixture
def shown_plugin(monkeypatch: pytest.MonkeyPatch) -> EntryPoint:
    source = re.search(r"(?s)```python\n(.*?)```", PAGES["plugins.md"])
    assert source
    module = ModuleType("magpie_hedgerow")
    exec(compile(source[1], "docs/plugins.md", "exec"), module.__dict__)  # noqa: S102  our own page
    monkeypatch.setitem(sys.modules, module.__name__, module)
    return EntryPoint("hedgerow", "magpie_hedgerow", "magpie")


class _Listener:
    """Writes down what an extractor reports."""

    def __init__(self) -> None:
        self.reports: list[object] = []

    def stage(self, stage: Stage) -> None:
        self.reports.append(stage)

    def found(self, medium: Medium) -> None:
        self.reports.append(medium)

    def progress(
        self, downloaded: int, total: int | None = None, speed: float | None = None, eta: float | None = None
    ) -> None:
        self.reports.append((downloaded, total))

    def should_finish(self) -> bool:
        return False


def test_the_plugin_that_is_shown_works(
    shown_plugin: EntryPoint, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = load_plugins([shown_plugin])
    assert found.problems == []
    extractor = found.extractors[0]
    assert isinstance(extractor, Extractor)
    assert extractor.name == "hedgerow"
    assert site_of("https://www.hedgerow.example/notes/7", found.sites) == "hedgerow"
    assert extractor.claims("https://hedgerow.example/notes/7") is Claim.YES
    assert extractor.claims("https://example.com/") is Claim.NO

    def answer(_request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, stream=httpx.ByteStream(b"a note"))

    client = httpx.Client(transport=httpx.MockTransport(answer))
    monkeypatch.setattr("magpie.downloads.extractors.web.open_client", lambda _proxy: client)
    listener = _Listener()
    request = Request(
        "https://hedgerow.example/notes/7", Profile("video"), tmp_path, "http://127.0.0.1:9", "ffmpeg"
    )
    saved = extractor.extract(request, listener)
    assert saved.medium.kind is Kind.FILE
    assert (tmp_path / saved.files[0].name).read_bytes() == b"a note"
    assert listener.reports == [saved.medium, Stage.DOWNLOADING, (6, 6)]
