"""The whole API against its own schema: whatever is sent, no answer is a 5xx or one that the schema does not know.

Deterministic: the same cases each time. Half of the cases name things that exist.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis import GenerationMode, checks
from schemathesis.config import SchemathesisConfig
from schemathesis.core.failures import FailureGroup

from tests.authorization.world import PASSWORD, Who, World, changes, concerns_all, open_world
from tests.conftest import POSTGRES

pytestmark = [pytest.mark.database, pytest.mark.slow]

# To think of a case takes far longer than to ask: each is asked by both, who are answered differently. On PostgreSQL, the
# same cases went over SQLite already: what is left to find are numbers and texts that it refuses.
EXAMPLES, ASKERS = (1, (Who.SUPERUSER,)) if POSTGRES else (2, (Who.OWNER, Who.SUPERUSER))
PARTS = 2  # of all operations, for as many workers
CHECKS = [
    checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
]


@pytest.fixture(scope="module")
def world(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("world")
    url = request.getfixturevalue("postgres_module_url") if POSTGRES else ""
    with pytest.MonkeyPatch.context() as patch, open_world(url, folder) as opened:
        patch.chdir(folder)  # whatever path is made up lies below it
        yield opened


def _schema(world: World) -> Any:
    """The schema of the application itself. No literals of its source are among what is made up: to look through all
    modules for them takes longer than all the requests, and with every change of any of them the cases would be others."""
    config = SchemathesisConfig.from_dict({"analysis": {"constants": {"enabled": False}}})
    return schemathesis.openapi.from_asgi("/api/v1/openapi.json", world.app, config=config)


def _answered(world: World, who: Who, case: Any, is_known: bool) -> None:
    """Ask as this person, for what exists if `is_known`."""
    scene = world.untouched()
    if is_known:
        known = scene.ids | {"url": "https://media.example/film", "password": PASSWORD}
        for part in (case.path_parameters, case.body):
            if isinstance(part, dict):
                part |= {name: known[name] for name in part if name in known}
    # Emptying everybody's trash, say, takes a busy machine longer than the usual ten seconds.
    answer = case.call(headers=scene.headers(who), timeout=60)
    if changes(case.method, answer.status_code):
        world.touch(of_all=concerns_all(who, case.method, case.operation.path))
    case.validate_response(answer, checks=CHECKS)


def _faults(world: World, operation: Any, mode: GenerationMode) -> list[str]:
    """What is wrong with one operation's answers."""
    turn = iter(range(10**6))

    @seed(0)
    @settings(
        max_examples=EXAMPLES,
        database=None,
        deadline=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def ask(case: Any) -> None:
        is_known = bool(next(turn) % 2)
        for who in ASKERS:
            _answered(world, who, case, is_known)

    try:
        ask()
    except FailureGroup as group:
        return [f"{operation.label}: {failure}" for failure in group.exceptions]
    return []


@pytest.mark.parametrize("part", range(PARTS))
def test_every_answer_is_one_that_the_schema_knows(world: World, part: int) -> None:
    faults = []
    operations: list[Any] = list(_schema(world).get_all_operations())
    for found in operations[part::PARTS]:
        operation = found.ok()
        faults += _faults(world, operation, GenerationMode.POSITIVE)
        if operation.body or operation.query:
            faults += _faults(world, operation, GenerationMode.NEGATIVE)
    assert not faults, "\n\n".join(faults)
