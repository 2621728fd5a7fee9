"""What has to change in a playlist: the fewest edits that lead from what is there to what is wanted.

Pure: nothing is asked and nothing is written here. A playlist is a sequence of track ids; the same id may stand in it
more than once, and each of its places counts.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict, deque
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from magpie.playlists.models import Mode

# Pairs of equal tracks that are looked at to keep as many places as possible. Beyond (a playlist of one song, two
# thousand times) equal tracks are paired in their order, which is right as well and may move more than it needs to.
MOST_PAIRS = 400_000


class Edit(StrEnum):
    """What becomes of one place."""

    KEEP = "keep"
    ADD = "add"
    REMOVE = "remove"
    MOVE = "move"


@dataclass(frozen=True, slots=True)
class Op:
    """One line of the diff. `before` is the place in what is there, `position` the one in the result; both from 0,
    None where there is none."""

    edit: Edit
    track_id: str
    before: int | None
    position: int | None


@dataclass(frozen=True, slots=True)
class Plan:
    """The way from `current` to `result`. `kept` holds, for every place of the result, the place in `current` that it
    comes from; None for what is added."""

    current: tuple[str, ...]
    result: tuple[str, ...]
    kept: tuple[int | None, ...]
    moved: frozenset[int]  # places of `current` that change their place among the ones that stay

    @property
    def removed(self) -> list[int]:
        """Places of `current` that go."""
        stay = {place for place in self.kept if place is not None}
        return [place for place in range(len(self.current)) if place not in stay]

    @property
    def added(self) -> list[int]:
        """Places of the result that are new."""
        return [position for position, place in enumerate(self.kept) if place is None]

    @property
    def is_empty(self) -> bool:
        return self.current == self.result

    def ops(self) -> list[Op]:
        """The diff, in the order of the result; what goes stands where it stood."""
        gone = deque(self.removed)
        lines: list[Op] = []
        reached = -1

        def flush(until: int) -> None:
            while gone and gone[0] < until:
                place = gone.popleft()
                lines.append(Op(Edit.REMOVE, self.current[place], place, None))

        for position, place in enumerate(self.kept):
            track_id = self.result[position]
            if place is None:
                lines.append(Op(Edit.ADD, track_id, None, position))
            elif place in self.moved:
                lines.append(Op(Edit.MOVE, track_id, place, position))
            else:
                reached = max(reached, place)
                flush(reached)
                lines.append(Op(Edit.KEEP, track_id, place, position))
        flush(len(self.current))
        return lines

    def counts(self) -> dict[str, int]:
        return {"added": len(self.added), "removed": len(self.removed), "moved": len(self.moved)}


def plan(current: Sequence[str], wanted: Sequence[str], mode: Mode, *, at_end: bool = False) -> Plan:
    """The fewest edits. `Mode.MIRROR` ends with exactly `wanted`; `Mode.APPEND` keeps all that is there in its order,
    and gives what is missing the place beside its neighbours in `wanted`, or behind everything (`at_end`)."""
    pairs = _pairs(current, wanted)
    if mode is Mode.APPEND:
        return _ended(current, wanted, pairs) if at_end else _merged(current, wanted, pairs)
    kept = tuple(pairs.get(position) for position in range(len(wanted)))
    return Plan(tuple(current), tuple(wanted), kept, _moved(kept))


def _moved(kept: Sequence[int | None]) -> frozenset[int]:
    """Of the places that stay those that are taken out and put elsewhere: as few as possible."""
    stay = [place for place in kept if place is not None]
    still = set(longest_rise(stay))
    return frozenset(place for index, place in enumerate(stay) if index not in still)


def _pairs(current: Sequence[str], wanted: Sequence[str]) -> dict[int, int]:
    """Which place of `wanted` takes which place of `current`: first those that need not move (a longest common
    subsequence, after Hunt and Szymanski), then the rest in their order."""
    places: dict[str, list[int]] = defaultdict(list)
    for position, track_id in enumerate(wanted):
        places[track_id].append(position)
    found: dict[int, int] = {}
    there = Counter(current)
    if sum(count * len(places.get(track_id, ())) for track_id, count in there.items()) <= MOST_PAIRS:
        flat = [
            (place, position)
            for place, track_id in enumerate(current)
            for position in reversed(places.get(track_id, ()))
        ]
        for index in longest_rise([position for _, position in flat]):
            place, position = flat[index]
            found[position] = place
    taken = set(found.values())
    free: dict[str, deque[int]] = defaultdict(deque)
    for place, track_id in enumerate(current):
        if place not in taken:
            free[track_id].append(place)
    for position, track_id in enumerate(wanted):
        if position not in found and free[track_id]:
            found[position] = free[track_id].popleft()
    return found


def longest_rise(values: Sequence[int]) -> list[int]:
    """Indices of a longest strictly increasing subsequence, in order."""
    tails: list[int] = []
    at: list[int] = []
    before: list[int] = []
    for index, value in enumerate(values):
        length = bisect_left(tails, value)
        if length == len(tails):
            tails.append(value)
            at.append(index)
        else:
            tails[length] = value
            at[length] = index
        before.append(at[length - 1] if length else -1)
    found: list[int] = []
    index = at[-1] if at else -1
    while index >= 0:
        found.append(index)
        index = before[index]
    return found[::-1]


def _ended(current: Sequence[str], wanted: Sequence[str], pairs: dict[int, int]) -> Plan:
    """All that is there, and what is missing behind it."""
    missing = [track_id for position, track_id in enumerate(wanted) if position not in pairs]
    kept: list[int | None] = [*range(len(current)), *(None for _ in missing)]
    return Plan(tuple(current), (*current, *missing), tuple(kept), frozenset())


def _merged(current: Sequence[str], wanted: Sequence[str], pairs: dict[int, int]) -> Plan:
    """All that is there, with what is missing behind its predecessor, or before its successor, or at the end."""
    follow: dict[int, list[int]] = defaultdict(list)  # behind this place of `current`
    ahead: dict[int, list[int]] = defaultdict(list)  # before it
    anchor: int | None = None
    waiting: list[int] = []
    for position in range(len(wanted)):
        place = pairs.get(position)
        if place is None:
            (waiting if anchor is None else follow[anchor]).append(position)
            continue
        if anchor is None:
            ahead[place], waiting = waiting, []
        anchor = place
    result: list[str] = []
    kept: list[int | None] = []

    def insert(positions: Sequence[int]) -> None:
        result.extend(wanted[position] for position in positions)
        kept.extend([None] * len(positions))

    for place, track_id in enumerate(current):
        insert(ahead.get(place, ()))
        result.append(track_id)
        kept.append(place)
        insert(follow.get(place, ()))
    insert(waiting)
    return Plan(tuple(current), tuple(result), tuple(kept), frozenset())


@dataclass(frozen=True, slots=True)
class Move:
    """Take the entry `item` and put it behind the entry `after` (None: first), which is the place `index` once it has
    moved."""

    item: int
    after: int | None
    index: int


def moves(order: Sequence[int]) -> list[Move]:
    """How to sort a sequence, whose `order[i]` is the place that its item i is to have (each from 0 once), by moving as
    few items as possible, each once and right behind its predecessor."""
    still = set(longest_rise(order))
    item_at = {place: item for item, place in enumerate(order)}
    line = list(range(len(order)))
    made: list[Move] = []
    for place in range(len(order)):
        item = item_at[place]
        if item in still:
            continue
        after = item_at[place - 1] if place else None
        line.remove(item)
        index = 0 if after is None else line.index(after) + 1
        line.insert(index, item)
        made.append(Move(item, after, index))
    return made
