"""A site's circuit breaker, as a pure function: from a state, an outcome and the time to the next state.

CLOSED, all is well; OPEN, the site is left alone until a moment; PROBING, that moment is over and one canary may
try; RAMPING, the canary came back well, and one, two, four at once may follow until it is CLOSED again. A fault
while PROBING or RAMPING opens it again, for longer.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from magpie.downloads.failures import Reason
from magpie.sites.models import Circuit

# The reason of a rest that no failure names: what comes is of a far lower quality than usual.
LOW_RESOLUTION = "low_resolution"

# Shorter than this no rest is: all hosts must have heard of it before it ends.
LEAST_REST_SECONDS = 2.0
FIRST_REST_SECONDS: dict[str, float] = {
    Reason.RATE_LIMITED: 60.0,
    Reason.BOT_CHECK: 900.0,
    Reason.FORBIDDEN: 300.0,
    LOW_RESOLUTION: 900.0,
}
REST_GROWTH = 3.0
LONGEST_REST_SECONDS = 24 * 3600.0
# So many refusals (403) in a row, of whatever media, are no longer about single media.
MOST_REFUSALS = 4
# So many media in a row, each at most so much of the usual height, are no accident.
MOST_LOW_HEIGHTS = 4
LOW_SHARE = 0.5
# A site that stays low after so many rests simply is so: old recordings, say.
MOST_LOW_RESTS = 2
USUAL_WEIGHT = 0.2  # of the newest medium in the smoothed usual height
RAMP_END = 8  # with room for so many at once, the ramp is over

# Says nothing about how the site treats us: our own faults, and the way to it.
_NEUTRAL = frozenset(
    {
        Reason.BAD_ADDRESS,
        Reason.SITE_ERROR,
        Reason.NETWORK,
        Reason.TRUNCATED,
        Reason.REFUSED_ADDRESS,
        Reason.NO_SPACE,
        Reason.FOLDER_MISSING,
        Reason.TOOL_MISSING,
        Reason.TOOL_TOO_OLD,
        Reason.TOOL_ERROR,
        Reason.OUT_OF_MEMORY,
        Reason.TIMED_OUT,
        Reason.INTERRUPTED,
    }
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one attempt or check went. `reason` None: well. `retry_after` in seconds, as the site asked; `height` in
    pixels (the shorter side), of a video that was wanted as good as it comes."""

    reason: Reason | None = None
    retry_after: float | None = None
    height: int | None = None


@dataclass(frozen=True, slots=True)
class State:
    """The columns of `SiteState` that the breaker lives on. `is_asked`: the site itself named `open_until`."""

    circuit: Circuit = Circuit.CLOSED
    open_until: datetime | None = None
    reason: str | None = None
    trips: int = 0
    allowed: int | None = None
    successes: int = 0
    usual_height: int | None = None
    low_heights: int = 0
    refusals: int = 0
    is_asked: bool = False

    def at(self, now: datetime) -> Circuit:
        """The circuit as time alone leaves it: an OPEN one whose rest is over is PROBING."""
        over = self.circuit is Circuit.OPEN and (self.open_until is None or self.open_until <= now)
        return Circuit.PROBING if over else self.circuit

    def allowance(self, now: datetime) -> int | None:
        """How many may be at the site at once, on all hosts together; None for no limit of the breaker's."""
        match self.at(now):
            case Circuit.CLOSED:
                return None
            case Circuit.OPEN:
                return 0
            case Circuit.PROBING:
                return 1
            case Circuit.RAMPING:
                return self.allowed or 1


def step(state: State, outcome: Outcome, now: datetime) -> State:
    """The state after an outcome."""
    state, is_low = _with_height(state, outcome)
    circuit = state.at(now)
    asked = _asked(outcome, now)
    if circuit is Circuit.OPEN:  # of somebody who had set out before: only a later end counts
        return _rest_longer(state, asked)
    if (fault := _fault(state, outcome, circuit, is_low=is_low)) is not None:
        return _opened(state, fault, asked, now)
    if outcome.reason is Reason.FORBIDDEN:
        return replace(state, refusals=state.refusals + 1)
    if outcome.reason in _NEUTRAL:
        return state
    state = replace(state, refusals=0)
    if circuit is Circuit.PROBING:
        return replace(
            state, circuit=Circuit.RAMPING, open_until=None, is_asked=False, allowed=1, successes=0
        )
    return _ramped(state) if circuit is Circuit.RAMPING else state


def ended_early(state: State, now: datetime) -> State:
    """The rest ends now, at somebody's word: one canary may try."""
    return replace(state, open_until=now, is_asked=False) if state.at(now) is Circuit.OPEN else state


def _asked(outcome: Outcome, now: datetime) -> datetime | None:
    """The moment that the site named, if it did."""
    if outcome.reason is not Reason.RATE_LIMITED or outcome.retry_after is None:
        return None
    return now + timedelta(seconds=outcome.retry_after)


def _rest_longer(state: State, asked: datetime | None) -> State:
    if asked is None or (state.open_until is not None and asked <= state.open_until):
        return state
    return replace(state, open_until=asked, is_asked=True)


def _fault(state: State, outcome: Outcome, circuit: Circuit, *, is_low: bool) -> str | None:
    """Why the circuit opens now; None if it does not."""
    if outcome.reason in (Reason.RATE_LIMITED, Reason.BOT_CHECK):
        return outcome.reason
    careful = circuit is not Circuit.CLOSED
    if outcome.reason is Reason.FORBIDDEN and (careful or state.refusals + 1 >= MOST_REFUSALS):
        return Reason.FORBIDDEN
    if is_low and (state.low_heights >= MOST_LOW_HEIGHTS or (careful and state.reason == LOW_RESOLUTION)):
        return LOW_RESOLUTION
    return None


def _opened(state: State, fault: str, asked: datetime | None, now: datetime) -> State:
    own = now + timedelta(seconds=rest_seconds(fault, state.trips + 1))
    # The first time the site's own word is all; who is refused again waits for longer than asked.
    until = own if asked is None else asked if state.trips == 0 else max(asked, own)
    return replace(
        state,
        circuit=Circuit.OPEN,
        open_until=max(until, now + timedelta(seconds=LEAST_REST_SECONDS)),
        reason=fault,
        trips=state.trips + 1,
        allowed=None,
        successes=0,
        low_heights=0,
        refusals=0,
        is_asked=asked is not None,
    )


def rest_seconds(fault: str, trips: int) -> float:
    """How long the site is left alone at the so-manieth time in a row, when it names no time itself."""
    return float(min(FIRST_REST_SECONDS[fault] * REST_GROWTH ** min(trips - 1, 20), LONGEST_REST_SECONDS))


def _ramped(state: State) -> State:
    """One more went well. As many successes as may be at once double what may be at once."""
    allowed, successes = state.allowed or 1, state.successes + 1
    if successes < allowed:
        return replace(state, successes=successes)
    if allowed * 2 < RAMP_END:
        return replace(state, allowed=allowed * 2, successes=0)
    return State(usual_height=state.usual_height, low_heights=state.low_heights)


def _with_height(state: State, outcome: Outcome) -> tuple[State, bool]:
    """The state that has learnt from the medium's height, and whether that was far below what is usual."""
    height, usual = outcome.height, state.usual_height
    if height is None or height <= 0:
        return state, False
    if usual is None:
        return replace(state, usual_height=height), False
    is_low = height <= usual * LOW_SHARE
    stays = is_low and state.reason == LOW_RESOLUTION and state.trips >= MOST_LOW_RESTS
    if stays:
        return replace(state, usual_height=height, low_heights=0), False
    if is_low:
        return replace(state, low_heights=state.low_heights + 1), True
    smoothed = round(usual + (height - usual) * USUAL_WEIGHT)
    return replace(state, usual_height=smoothed, low_heights=0), False
