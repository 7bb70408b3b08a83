"""Which heads a film should have, decided from who asks for what, what lies ready and what is being made.

A head is an encoder running over cells from one on, for several rungs at once, so that the film is decoded once.
Whoever waits is served by a head that makes what they wait for and nothing else; the other rungs in use join it where
one cell ends and the next begins.
"""

import math
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from watchparty.domain.source import TICKS

AHEAD_SECONDS = 30
"""How far past the last request a head runs on."""
START_AHEAD_SECONDS = 15
"""With less than this made after the last request, a head starts although nobody waits yet."""
REACH_SECONDS = 60
"""A rung that a head makes already is made along with the others up to so far past the last request for it."""
REMEMBERED_SECONDS = 30
NEAR_CELLS = 3
"""A head this many cells before a wanted one will be there sooner than a new one."""

_BEHIND_SECONDS, _BEFORE_SECONDS = 30, 90
"""Who watches at a place asks for cells from so far behind it to so far before it."""
_HABIT_SECONDS = 600
"""So long a rendition counts as the one that is watched, if no other is."""
_HOPELESS_SECONDS = 60
"""Where making a cell failed, it is tried again only for who waits, or after so long."""

Cell = tuple[str, int]
"""Rendition, index."""


@dataclass(frozen=True)
class Run:
    """One head as it stands: by rung, the cell it makes next."""

    next: Mapping[str, int]

    @classmethod
    def at(cls, index: int, rungs: Collection[str]) -> "Run":
        return cls(dict.fromkeys(rungs, index))

    @property
    def rungs(self) -> frozenset[str]:
        return frozenset(self.next)

    @property
    def position(self) -> int:
        """The cell that is not yet whole in all of its rungs."""
        return min(self.next.values())

    def made(self, rung: str, index: int) -> "Run":
        return Run({**self.next, rung: index + 1})

    def comes_to(self, rung: str, index: int) -> bool:
        """Whether it will make this cell in a moment."""
        return rung in self.next and self.next[rung] <= index <= self.next[rung] + NEAR_CELLS


@dataclass(frozen=True)
class Foreseen:
    """A room that will want this cell of a rung, and those after it."""

    rung: str
    index: int
    playing: bool


@dataclass(frozen=True)
class Viewer:
    """Who asks; of one kind ("video", "audio") nobody watches two renditions, or one at two places, at a time."""

    id: str
    kind: str


@dataclass(frozen=True)
class _Ask:
    at: float
    viewer: Viewer | None


@dataclass(frozen=True)
class _Origin:
    """Somebody is here; with less than `within` seconds made after it a head starts."""

    rung: str
    index: int
    within: float


class Demand:
    """What people ask of one film. Times are seconds on any clock that runs evenly.

    `rungs` are the encoded renditions of the picture, `has` says whether a cell of theirs lies ready, and `waits` are
    the cells somebody is waiting for at this moment.
    """

    def __init__(
        self,
        boundaries: Sequence[int],
        rungs: Collection[str],
        has: Callable[[str, int], bool],
        waits: Collection[Cell],
    ) -> None:
        self._boundaries = boundaries
        self._rungs = rungs
        self._has = has
        self._waits = waits
        self._asked: dict[Cell, _Ask] = {}
        """When a cell was last asked for, and by whom, the latest last; of copies and sounds too."""
        self._foreseen: Sequence[Foreseen] = ()
        self._hopeless: dict[int, float] = {}

    @property
    def cells(self) -> int:
        return len(self._boundaries) - 1

    def ask(self, rendition: str, index: int, now: float, viewer: Viewer | None = None) -> None:
        """Somebody has asked for a cell, by its number among the encoded ones.

        Of a viewer who is known, what they asked for elsewhere, or in another rendition, is not needed any more.
        """
        if viewer is not None:
            self._move(viewer, rendition, index)
        self._asked.pop((rendition, index), None)
        self._asked[rendition, index] = _Ask(now, viewer)
        while now - self._asked[oldest := next(iter(self._asked))].at > _HABIT_SECONDS:
            del self._asked[oldest]

    def withdraw(self, rendition: str, index: int) -> None:
        """They do not want it any more."""
        self._asked.pop((rendition, index), None)

    def foresee(self, foreseen: Sequence[Foreseen]) -> None:
        """Where rooms are now; those named before are not there any more."""
        self._foreseen = foreseen

    def give_up(self, index: int, now: float) -> None:
        """This cell cannot be made, or not be kept."""
        self._hopeless[index] = now

    def forget_everybody(self) -> None:
        self._asked.clear()
        self._foreseen = ()

    def watched(self, renditions: Collection[str], index: int, now: float) -> frozenset[str]:
        """Those of the renditions that are watched about there: asked for of late, or else the one asked for last."""
        near = {
            name: ask.at
            for (name, asked), ask in self._asked.items()
            if name in renditions and self._is_near(asked, index)
        }
        lately = frozenset(name for name, at in near.items() if now - at <= REMEMBERED_SECONDS)
        return lately or frozenset(sorted(near, key=near.__getitem__)[-1:])

    def next_run(self, runs: Sequence[Run], now: float) -> Run | None:
        """The head to start now beside those there are; viewers who wait come first."""
        for rung, index in sorted(self._waits, key=lambda cell: cell[1]):
            if not any(run.comes_to(rung, index) for run in runs):
                together = {name for name, waited in self._waits if waited == index}
                return Run.at(index, {name for name in together if not any(run.comes_to(name, index) for run in runs)})
        for index in sorted(self._ends_of_what_is_made(now)):
            if not any(self._gets_there(run, index) for run in runs):
                return Run.at(index, self.wanted(index, now))
        return None

    def is_needed(self, run: Run, now: float) -> bool:
        """Whether anybody wants what this head makes next. One that is at the film's end only has to finish."""
        return run.position >= self.cells or any(
            rung in self.wanted(index, now, REACH_SECONDS) for rung, index in run.next.items()
        )

    def is_waited_for(self, run: Run) -> bool:
        return any(run.comes_to(rung, index) for rung, index in self._waits)

    def rungs_from_here(self, run: Run, others: Sequence[Run], now: float) -> frozenset[str]:
        """What this head should make from its next cell on; where others are at it already, they go on instead.

        Whoever waits is not made to wait longer for the sake of those who do not.
        """
        if run.position >= self.cells:
            return run.rungs
        stay = frozenset(
            rung
            for rung, index in run.next.items()
            if index >= self.cells
            or (rung in self.wanted(index, now, REACH_SECONDS) and not _taken_over(rung, run, others))
        )
        join = self.wanted(run.position, now) - run.rungs if stay else frozenset[str]()
        if self.is_waited_for(run) and not any(self._is_waited_near(rung, run.position) for rung in join):
            return stay
        return stay | join

    def wanted(self, index: int, now: float, reach: float = AHEAD_SECONDS) -> frozenset[str]:
        """The rungs in use about this cell that it is missing in; none when nobody comes to it soon.

        In use are those that were asked for no more than `reach` seconds of film before it.
        """
        if index >= self.cells:
            return frozenset()
        behind = [(self._seconds(each.index, index), each.rung) for each in self._origins(now) if each.index <= index]
        if not behind or min(behind)[0] >= AHEAD_SECONDS:
            return frozenset()
        return frozenset(rung for seconds, rung in behind if seconds < reach and not self._has(rung, index))

    def _move(self, viewer: Viewer, rendition: str, index: int) -> None:
        left = [
            (name, asked)
            for (name, asked), ask in self._asked.items()
            if ask.viewer == viewer and (name != rendition or not self._is_near(asked, index))
        ]
        for cell in left:
            del self._asked[cell]

    def _origins(self, now: float) -> Iterator[_Origin]:
        for rung, index in self._waits:
            yield _Origin(rung, index, START_AHEAD_SECONDS)
        for (rung, index), ask in self._asked.items():
            if rung in self._rungs and now - ask.at <= REMEMBERED_SECONDS:
                yield _Origin(rung, index, START_AHEAD_SECONDS)
        for each in self._foreseen:
            # A room that stands still has all it will need made in one go.
            yield _Origin(each.rung, each.index, START_AHEAD_SECONDS if each.playing else AHEAD_SECONDS)

    def _ends_of_what_is_made(self, now: float) -> set[int]:
        """Missing cells that people come to soon."""
        ends = set()
        for origin in self._origins(now):
            index = origin.index
            while index < self.cells and self._seconds(origin.index, index) < origin.within:
                if not self._has(origin.rung, index):
                    ends.add(index)
                    break
                index += 1
        return {index for index in ends if now - self._hopeless.get(index, -math.inf) >= _HOPELESS_SECONDS}

    def _gets_there(self, run: Run, index: int) -> bool:
        """Whether a head will come to a cell before anybody misses it, and take in what is missing there."""
        return run.position <= index and self._seconds(run.position, index) < START_AHEAD_SECONDS

    def _is_waited_near(self, rung: str, index: int) -> bool:
        return any(name == rung and abs(waited - index) <= NEAR_CELLS for name, waited in self._waits)

    def _is_near(self, asked: int, index: int) -> bool:
        seconds = (self._boundaries[asked] - self._boundaries[index]) / TICKS
        return -_BEHIND_SECONDS <= seconds <= _BEFORE_SECONDS

    def _seconds(self, before: int, index: int) -> float:
        """Seconds of film between the end of one cell and the beginning of another."""
        return (self._boundaries[index] - self._boundaries[before + 1]) / TICKS


def _taken_over(rung: str, run: Run, others: Sequence[Run]) -> bool:
    """Whether a head with more rungs makes this one's cells: of two equals the one further ahead goes on."""

    def strength(each: Run) -> tuple[int, int]:
        return len(each.next), each.position

    return any(other.comes_to(rung, run.position) and strength(other) > strength(run) for other in others)
