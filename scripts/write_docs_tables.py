"""Write the tables of the documentation from the program itself, so that they stay true.

    .venv/bin/python scripts/write_docs_tables.py            # rewrite docs/*.md where the program has moved on
    .venv/bin/python scripts/write_docs_tables.py --check    # only say which pages are stale; exit code 1 if any

A page holds `<!-- table: NAME ARGUMENT… -->` and `<!-- end -->`; what stands between them is replaced. The
tests run the same code, and fail on a stale page and on anything that no table names.
"""

from __future__ import annotations

import inspect
import re
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import typer
from fastapi.dependencies.models import Dependant
from fastapi.routing import iter_route_contexts

from magpie.accounts import security
from magpie.admin import health, metrics
from magpie.app import build_api
from magpie.cli import app as cli
from magpie.config import Settings, is_runtime, names_of
from magpie.context import AppContext, build_context
from magpie.downloads import service as downloads
from magpie.downloads.extractors.builtin import builtin_extractors
from magpie.downloads.failures import DIAGNOSES, Reason
from magpie.downloads.sites import KNOWN_SITES
from magpie.engine.port import Engine, EngineStatus, Lane
from magpie.kit.logs import configure_logs
from magpie.library.feeds.public import Asker
from magpie.preparation import prepare

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
_BLOCK = re.compile(r"(<!-- table: ([^>]+?) -->\n).*?(<!-- end -->)", re.DOTALL)
_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "WS")


@dataclass(slots=True)
class RouteFact:
    """What the documentation says of one endpoint; `paths` has the canonical path first."""

    tag: str
    methods: list[str]
    paths: list[str]
    who: str
    errors: list[str]
    does: str
    in_schema: bool = field(default=True)


@contextmanager
def installation() -> Iterator[AppContext]:
    """An empty installation in a folder of its own, with a worker that does nothing."""
    with tempfile.TemporaryDirectory(prefix="magpie-docs-") as folder:
        context = build_context(Settings(data_dir=Path(folder)))
        slots = dict.fromkeys(Lane, 0)
        status = EngineStatus(worker="docs", running=slots, slots=slots)
        context.engine = cast(Engine, SimpleNamespace(status=lambda: status))
        try:
            prepare(context)
            yield context
        finally:
            context.database.close()


# Settings


def _default_of(name: str) -> str:
    default = Settings.model_fields[name].default
    if default is None or default == "":
        return "—"
    return f"`{str(default).lower() if isinstance(default, bool) else default}`"


def settings_rows(*names: str) -> list[list[str]]:
    """Name, other names, default, when a change counts, and meaning of some settings."""
    rows = [["Setting", "Also", "Default", "A change counts", "Meaning"]]
    for name in names:
        info = Settings.model_fields[name]
        extra = cast(dict[str, Any], info.json_schema_extra)
        canonical, *aliases = names_of(name)
        meaning = (info.description or "") + (" **Secret.**" if extra["secret"] else "")
        counts = "at once" if is_runtime(name) else "at the next start"
        meaning += _bounds(info.metadata)
        rows.append([f"`{canonical}`", _codes(aliases, "<br>"), _default_of(name), counts, meaning])
    return rows


def _bounds(metadata: Sequence[Any]) -> str:
    low = next((rule.ge for rule in metadata if hasattr(rule, "ge")), None)
    high = next((rule.le for rule in metadata if hasattr(rule, "le")), None)
    if low is None and high is None:
        return ""
    return f" {low} to {high}." if high is not None else f" At least {low}."


# Commands


def all_commands() -> dict[str, Any]:
    """Every command by name (of a group's: `users add`), those for developers too."""
    group: Any = typer.main.get_command(cli)
    found: dict[str, Any] = {}
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            found |= {f"{name} {inner}": each for inner, each in command.commands.items()}
        else:
            found[name] = command
    return found


def commands() -> dict[str, Any]:
    """The commands that `magpie --help` lists, by name."""
    return {name: command for name, command in all_commands().items() if not command.hidden}


def parameters_of(command: Any) -> list[tuple[str, str]]:
    """Arguments and options of a command as they are typed, and what they do."""
    found = []
    for parameter in command.params:
        if parameter.param_type_name == "argument":
            found.append((parameter.metavar or parameter.name.upper(), parameter.help))
        else:
            value = "" if parameter.is_flag else f" {parameter.metavar or parameter.name.upper()}"
            found.append(("/".join(parameter.opts) + value, parameter.help))
    return found


def command_rows() -> list[list[str]]:
    """Every command with its first sentence."""
    listed = [
        [f"[`magpie {name}`](#magpie-{name.replace(' ', '-')})", _first(command.help)]
        for name, command in commands().items()
    ]
    return [["Command", "Does"], *listed]


def option_rows(*words: str) -> list[list[str]]:
    """Arguments and options of one command."""
    name = " ".join(words)
    return [
        ["Argument or option", "Means"],
        *([f"`{typed}`", help_] for typed, help_ in parameters_of(commands()[name])),
    ]


# Routes


def _calls(dependant: Dependant) -> Iterator[object]:
    yield dependant.call
    for inner in dependant.dependencies:
        yield from _calls(inner)


def _who(route: Any) -> str:
    calls = set(_calls(route.dependant)) if hasattr(route, "dependant") else set()
    if security.current_superuser in calls:
        return "superusers"
    if calls & {security.signed_in, security.websocket_user}:
        return "signed-in users"
    if Asker in calls:
        return "whoever has the token"
    return "anyone"


def _errors(paths: dict[str, Any], method: str, path: str) -> list[str]:
    operation = paths.get(path, {}).get(method.lower(), {})
    return sorted(code for code in operation.get("responses", {}) if code >= "400")


@cache
def route_facts() -> list[RouteFact]:
    """All endpoints; the paths of one function are one endpoint with aliases. Found out once: it takes seconds."""
    with installation() as context:
        app = build_api(context)
        paths = app.openapi()["paths"]
        facts: dict[object, RouteFact] = {}
        for route_context in iter_route_contexts(app.routes):
            _add_route(facts, paths, route_context.original_route)
    return list(facts.values())


def _add_route(facts: dict[object, RouteFact], paths: dict[str, Any], route: Any) -> None:
    methods = sorted(getattr(route, "methods", None) or {"WS"}, key=_METHODS.index)
    in_schema = bool(getattr(route, "include_in_schema", False))
    fact = facts.get(route.endpoint)
    if fact is None:
        does = _first(inspect.getdoc(route.endpoint)) or "The schema of this API (OpenAPI)."
        tag = next(iter(getattr(route, "tags", None) or ["other"]))
        fact = facts[route.endpoint] = RouteFact(tag, [], [], _who(route), [], does, in_schema=False)
    fact.methods = sorted({*fact.methods, *methods}, key=_METHODS.index)
    if in_schema:
        fact.in_schema = True
        fact.errors = _errors(paths, methods[0], route.path)
        fact.paths.insert(0, route.path)
    elif route.path not in fact.paths:
        fact.paths.append(route.path)
    fact.paths = list(dict.fromkeys(fact.paths))


def route_rows(tag: str) -> list[list[str]]:
    """The endpoints of one part of the API."""
    rows = [["Method", "Path", "Who", "Errors", "Does"]]
    for fact in route_facts():
        if fact.tag == tag:
            first, *others = fact.paths
            also = f"<br>also {_codes(others)}" if others else ""
            rows.append(
                [", ".join(fact.methods), f"`{first}`{also}", fact.who, ", ".join(fact.errors), fact.does]
            )
    return rows


# Downloads


def _retried(reason: Reason) -> str:
    if not DIAGNOSES[reason].transient:
        return "no"
    if reason in downloads.PATIENT:
        minutes = downloads.PATIENT[reason] / 60
        return (
            f"every {minutes:.0f} minutes, uncounted"
            if minutes >= 1
            else "when the site allows it, uncounted"
        )
    return "once" if reason in downloads.TRIED_ONCE_MORE else "yes"


def reason_rows() -> list[list[str]]:
    """Every reason of a failure or skip."""
    found = [
        [f"`{reason.value}`", DIAGNOSES[reason].message, DIAGNOSES[reason].hint, _retried(reason)]
        for reason in Reason
    ]
    return [["Code", "What is said", "What to do", "Tried again"], *found]


def extractor_rows() -> list[list[str]]:
    """The extractors that ship with Magpie, in the order in which equal claims are asked."""
    found = [[f"`{one.name}`", _first(inspect.getdoc(type(one)))] for one in builtin_extractors()]
    return [["Extractor", "What it takes"], *found]


def site_rows() -> list[list[str]]:
    """The sites that are known by name."""
    return [["Site", "Hosts"], *([f"`{site.name}`", _codes(site.hosts)] for site in KNOWN_SITES)]


# Operation


def metric_rows() -> list[list[str]]:
    """Magpie's own metrics; those of the Python process are named by their prefixes in the text."""
    rows = [["Metric", "Labels", "Meaning"]]
    with installation() as context:
        for family in metrics.registry_for(context).collect():
            if family.name.startswith("magpie"):
                name = f"{family.name}_info" if family.type == "info" else family.name
                rows.append([f"`{name}`", _codes(_labels(family)), family.documentation])
    return rows


def _labels(family: Any) -> Sequence[str]:
    return ("version",) if family.type == "info" else tuple(family._labelnames)


def health_rows() -> list[list[str]]:
    """The parts that `/health` looks at."""
    vital = {check.name for check in health.CHECKS if check.vital}
    with installation() as context:
        parts = health.check(context).parts
    found = [[f"`{name}`", "503" if name in vital else "200, with a message"] for name in parts]
    return [["Part", "When it ails"], *found]


# Writing


def _first(text: str | None) -> str:
    """The first paragraph on one line."""
    return " ".join((text or "").split("\n\n")[0].split())


def _codes(names: Sequence[str], between: str = ", ") -> str:
    return between.join(f"`{name}`" for name in names)


TABLES: dict[str, Callable[..., list[list[str]]]] = {
    "settings": settings_rows,
    "commands": command_rows,
    "options": option_rows,
    "routes": route_rows,
    "reasons": reason_rows,
    "extractors": extractor_rows,
    "sites": site_rows,
    "metrics": metric_rows,
    "health": health_rows,
}


def table(name: str, *arguments: str) -> str:
    """A Markdown table by its name."""
    head, *rows = TABLES[name](*arguments)
    lines = [head, ["---"] * len(head), *rows]
    return "".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |\n" for line in lines)


def refreshed(page: str) -> str:
    """The page with all its tables written anew."""
    return _BLOCK.sub(lambda found: found[1] + table(*found[2].split()) + found[3], page)


def tables_in(page: str) -> list[list[str]]:
    """Name and arguments of the tables that a page holds."""
    return [found[2].split() for found in _BLOCK.finditer(page)]


def main(arguments: list[str]) -> int:
    """Refresh all pages, or check them."""
    configure_logs(quiet=True)
    stale = []
    for path in sorted(DOCS.glob("*.md")):
        page = path.read_text(encoding="utf-8")
        fresh = refreshed(page)
        if fresh != page:
            stale.append(path.name)
            if "--check" not in arguments:
                path.write_text(fresh, encoding="utf-8")
    word = "stale" if "--check" in arguments else "rewritten"
    sys.stdout.write(f"{word}: {', '.join(stale) or 'none'}\n")
    return 1 if stale and "--check" in arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
