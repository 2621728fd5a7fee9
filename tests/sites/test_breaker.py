"""The circuit breaker as a pure function, with a clock that the tests turn."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from magpie.downloads.failures import Reason
from magpie.sites import breaker
from magpie.sites.breaker import LOW_RESOLUTION, Outcome, State, step
from magpie.sites.models import Circuit

WELL = Outcome()
LIMITED = Outcome(Reason.RATE_LIMITED)
ROBOT = Outcome(Reason.BOT_CHECK)
FORBIDDEN = Outcome(Reason.FORBIDDEN)


@dataclass
class Site:
    """A site's breaker and a clock."""

    state: State = field(default_factory=State)
    now: datetime = datetime(2026, 1, 1, tzinfo=UTC)

    def meets(self, *outcomes: Outcome) -> Circuit:
        for outcome in outcomes:
            self.state = step(self.state, outcome, self.now)
        return self.circuit

    @property
    def circuit(self) -> Circuit:
        return self.state.at(self.now)

    @property
    def allowance(self) -> int | None:
        return self.state.allowance(self.now)

    @property
    def rest(self) -> float:
        assert self.state.open_until is not None
        return (self.state.open_until - self.now).total_seconds()

    def wait(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)

    def wait_for_the_end(self) -> None:
        self.wait(self.rest)


def test_one_limit_opens_it_and_nobody_is_let_in_until_the_rest_is_over() -> None:
    site = Site()
    assert site.allowance is None
    assert site.meets(LIMITED) is Circuit.OPEN
    assert [site.allowance, site.rest] == [0, 60]
    site.wait(59.999)
    assert site.allowance == 0
    site.wait(0.001)
    assert [site.circuit, site.allowance] == [Circuit.PROBING, 1]


@pytest.mark.parametrize("seconds", [3, 60, 7200, 6 * 86400])
def test_what_the_site_asks_for_is_kept_exactly(seconds: float) -> None:
    site = Site()
    site.meets(Outcome(Reason.RATE_LIMITED, retry_after=seconds))
    assert site.rest == seconds
    assert site.state.is_asked


def test_a_rest_that_would_be_over_before_other_hosts_hear_of_it_is_a_little_longer() -> None:
    site = Site()
    site.meets(Outcome(Reason.RATE_LIMITED, retry_after=0))
    assert site.rest == breaker.LEAST_REST_SECONDS


def test_a_canary_that_comes_back_lets_one_two_four_in_and_then_all() -> None:
    site = Site()
    site.meets(LIMITED)
    site.wait_for_the_end()
    seen = []
    assert site.meets(WELL) is Circuit.RAMPING
    while site.circuit is Circuit.RAMPING:
        seen.append(site.allowance)
        site.meets(WELL)
    assert seen == [1, 2, 2, 4, 4, 4, 4]
    assert (site.circuit, site.allowance, site.state.trips) == (Circuit.CLOSED, None, 0)


@pytest.mark.parametrize("fault", [LIMITED, ROBOT, FORBIDDEN])
@pytest.mark.parametrize("successes", [0, 1, 4])
def test_a_fault_of_the_canary_or_in_the_ramp_opens_it_for_longer(fault: Outcome, successes: int) -> None:
    site = Site()
    site.meets(LIMITED)
    first = site.rest
    site.wait_for_the_end()
    site.meets(*[WELL] * successes)
    assert site.meets(fault) is Circuit.OPEN
    assert site.rest > first
    assert site.state.trips == 2


def test_rests_grow_up_to_a_day() -> None:
    site, rests = Site(), []
    for _ in range(12):
        site.meets(ROBOT)
        rests.append(site.rest)
        site.wait_for_the_end()
    assert rests == sorted(rests)
    assert rests[1] > rests[0]
    assert rests[-1] == breaker.LONGEST_REST_SECONDS


def test_the_second_time_the_sites_word_is_the_least() -> None:
    site = Site()
    site.meets(Outcome(Reason.RATE_LIMITED, retry_after=3))
    site.wait_for_the_end()
    site.meets(Outcome(Reason.RATE_LIMITED, retry_after=3))
    assert site.rest == 180
    site.wait_for_the_end()
    site.meets(Outcome(Reason.RATE_LIMITED, retry_after=100_000))
    assert site.rest == 100_000


def test_who_had_set_out_before_neither_ends_nor_shortens_a_rest() -> None:
    site = Site()
    site.meets(Outcome(Reason.RATE_LIMITED, retry_after=600))
    site.meets(WELL, FORBIDDEN, ROBOT, Outcome(Reason.RATE_LIMITED, retry_after=5))
    assert (site.rest, site.state.trips) == (600, 1)
    site.meets(Outcome(Reason.RATE_LIMITED, retry_after=900))
    assert (site.rest, site.state.trips) == (900, 1)


def test_refusals_count_in_a_row_only() -> None:
    site = Site()
    for _ in range(5):
        assert site.meets(FORBIDDEN, FORBIDDEN, FORBIDDEN, WELL) is Circuit.CLOSED
    assert site.meets(*[FORBIDDEN] * breaker.MOST_REFUSALS) is Circuit.OPEN
    assert site.state.reason == Reason.FORBIDDEN


@pytest.mark.parametrize("reason", [Reason.NOT_FOUND, Reason.PRIVATE, Reason.GEO_BLOCKED, Reason.NO_MEDIA])
def test_a_medium_that_cannot_be_had_says_that_the_site_answers(reason: Reason) -> None:
    site = Site()
    site.meets(LIMITED)
    site.wait_for_the_end()
    assert site.meets(Outcome(reason)) is Circuit.RAMPING


@pytest.mark.parametrize("reason", [Reason.NO_SPACE, Reason.NETWORK, Reason.TOOL_ERROR, Reason.TIMED_OUT])
def test_faults_of_our_own_and_of_the_way_change_nothing(reason: Reason) -> None:
    site = Site()
    site.meets(LIMITED)
    site.wait_for_the_end()
    assert site.meets(Outcome(reason)) is Circuit.PROBING
    assert Site().meets(*[Outcome(reason)] * 20) is Circuit.CLOSED


def heights(*pixels: int) -> list[Outcome]:
    return [Outcome(height=height) for height in pixels]


def test_a_sudden_drop_in_resolution_opens_it() -> None:
    site = Site()
    assert site.meets(*heights(*[1080] * 5, 360, 360, 360)) is Circuit.CLOSED
    assert site.meets(*heights(360)) is Circuit.OPEN
    assert site.state.reason == LOW_RESOLUTION


def test_single_old_media_are_no_drop() -> None:
    assert Site().meets(*heights(*[1080, 360, 360, 360] * 10)) is Circuit.CLOSED


def test_a_canary_that_is_still_low_opens_it_again_and_a_site_that_stays_low_is_believed() -> None:
    site = Site()
    site.meets(*heights(1080, 360, 360, 360, 360))
    site.wait_for_the_end()
    assert site.meets(*heights(360)) is Circuit.OPEN
    site.wait_for_the_end()
    assert site.meets(*heights(*[360] * 8)) is Circuit.CLOSED
    assert site.state.usual_height == 360


def test_a_person_ends_a_rest_and_one_goes_first() -> None:
    site = Site()
    site.meets(LIMITED)
    site.state = breaker.ended_early(site.state, site.now)
    assert (site.circuit, site.allowance) == (Circuit.PROBING, 1)


OUTCOMES = st.builds(
    Outcome,
    reason=st.none() | st.sampled_from(sorted(Reason)),
    retry_after=st.none() | st.floats(0, 7 * 86400),
    height=st.none() | st.integers(-10, 10_000),
)


@given(st.lists(st.tuples(OUTCOMES, st.floats(0, 100_000))))
def test_whatever_happens_the_promises_hold(history: list[tuple[Outcome, float]]) -> None:
    site = Site()
    asked_until = site.now
    for outcome, pause in history:
        before = site.circuit
        site.meets(outcome)
        if outcome.reason is Reason.RATE_LIMITED and outcome.retry_after is not None:
            asked_until = max(asked_until, site.now + timedelta(seconds=outcome.retry_after))
        assert site.now >= asked_until or site.allowance == 0, "the site's word was broken"
        if outcome.reason in (Reason.RATE_LIMITED, Reason.BOT_CHECK):
            assert site.circuit is Circuit.OPEN
        if site.circuit is Circuit.OPEN:
            assert 0 < site.rest <= 7 * 86400
        if before is not Circuit.CLOSED and site.circuit is Circuit.CLOSED:
            assert before is Circuit.RAMPING, "it closes by the ramp only"
        assert site.allowance in (None, 0, 1, 2, 4)
        site.wait(pause)


@given(st.lists(OUTCOMES, max_size=30))
def test_patience_and_good_will_always_end_in_peace(history: list[Outcome]) -> None:
    site = Site()
    site.meets(*history)
    site.wait(8 * 86400)
    assert site.meets(*[WELL] * 8) is Circuit.CLOSED
