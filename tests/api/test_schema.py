"""The whole API against its own schema: whatever is sent, no answer is a 5xx or one that the schema does not know.

Deterministic: the same cases each time. Half of the cases name things that exist.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode, checks
from schemathesis.core.failures import FailureGroup

from tests.authorization.world import PASSWORD, Who, World, changes, open_world
from tests.conftest import POSTGRES

pytestmark = [pytest.mark.database, pytest.mark.slow]

# Few for somebody without special rights: most of what they ask for ends at the same question, whether they may.
EXAMPLES = {
    Who.SUPERUSER: {GenerationMode.POSITIVE: 2, GenerationMode.NEGATIVE: 2},
    Who.OWNER: {GenerationMode.POSITIVE: 1, GenerationMode.NEGATIVE: 1},
}
if (
    POSTGRES
):  # the same cases went over SQLite already: what is left to find are numbers and texts that it refuses
    EXAMPLES[Who.SUPERUSER] = dict.fromkeys(EXAMPLES[Who.OWNER], 1)
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


def _faults(world: World, who: Who, operation: Any, mode: GenerationMode) -> list[str]:
    """What is wrong with one operation's answers to this person."""
    turn = iter(range(10**6))

    @settings(
        max_examples=EXAMPLES[who][mode],
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def ask(case: Any) -> None:
        scene = world.untouched()
        if next(turn) % 2:
            known = scene.ids | {"url": "https://media.example/film", "password": PASSWORD}
            for part in (case.path_parameters, case.body):
                if isinstance(part, dict):
                    part |= {name: known[name] for name in part if name in known}
        # Emptying everybody's trash, say, takes a busy machine longer than the usual ten seconds.
        answer = case.call(headers=scene.headers(who), timeout=60)
        if changes(case.method, answer.status_code):
            world.touch()
        case.validate_response(answer, checks=CHECKS)

    try:
        ask()
    except FailureGroup as group:
        return [f"{operation.label}: {failure}" for failure in group.exceptions]
    return []


@pytest.mark.parametrize("who", [Who.SUPERUSER, pytest.param(Who.OWNER, marks=pytest.mark.once)])
def test_every_answer_is_one_that_the_schema_knows(world: World, who: Who) -> None:
    schema = schemathesis.openapi.from_asgi("/api/v1/openapi.json", world.app)
    faults = []
    operations: Iterator[Any] = schema.get_all_operations()
    for found in operations:
        operation = found.ok()
        faults += _faults(world, who, operation, GenerationMode.POSITIVE)
        if operation.body or operation.query:
            faults += _faults(world, who, operation, GenerationMode.NEGATIVE)
    assert not faults, "\n\n".join(faults)
