"""The heads of one film, running: several rungs decoded once, several places at once, nothing twice."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest

from watchparty.domain.demand import AHEAD_SECONDS, Foreseen
from watchparty.domain.errors import NotFound, StorageFull
from watchparty.domain.source import TICKS
from watchparty.media.encode import Made
from watchparty.services.heads import Heads
from watchparty.services.pool import Pool, Priority

LOW, HIGH = "360p", "720p"
BOTH, ONLY_LOW, ONLY_HIGH = frozenset({LOW, HIGH}), frozenset({LOW}), frozenset({HIGH})
CELLS = 100
SECONDS_OF_A_CELL = 4
AHEAD_CELLS = -(-AHEAD_SECONDS // SECONDS_OF_A_CELL)


class Shelf:
    """Cells in memory."""

    def __init__(self) -> None:
        self.cells: dict[tuple[str, int], Path] = {}
        self.room = 10_000

    def get(self, rung: str, index: int) -> Path | None:
        return self.cells.get((rung, index))

    def has(self, rung: str, index: int) -> bool:
        return (rung, index) in self.cells

    def put(self, rung: str, index: int, data: bytes, priority: Priority) -> Path | None:
        if len(self.cells) >= self.room:
            return None
        return self.cells.setdefault((rung, index), Path(rung) / str(index))

    def indices(self, rung: str) -> list[int]:
        return sorted(index for name, index in self.cells if name == rung)


class Encoder:
    """Makes cells as fast as it is told to, and counts what it does."""

    def __init__(self) -> None:
        self.seconds_a_cell = 0.01
        self.heads: list[tuple[int, frozenset[str], Priority]] = []
        self.made: Counter[tuple[str, int]] = Counter()
        self.decoded = 0
        self.running = 0
        self.broken_from = CELLS

    def __call__(self, first: int, rungs: frozenset[str], priority: Priority) -> Iterator[Made | None]:
        self.heads.append((first, rungs, priority))
        self.running += 1
        try:
            for index in range(first, CELLS):
                if index >= self.broken_from:
                    raise OSError("the disk is gone")
                self.decoded += 1
                until = time.monotonic() + self.seconds_a_cell
                while time.monotonic() < until:
                    time.sleep(0.001)
                    yield None
                for rung in sorted(rungs):
                    self.made[rung, index] += 1
                    yield Made(rung, index, b"cell")
        finally:
            self.running -= 1


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


@pytest.fixture
def encoder() -> Encoder:
    return Encoder()


@pytest.fixture
async def heads(shelf: Shelf, encoder: Encoder) -> AsyncIterator[Heads]:
    boundaries = tuple(index * SECONDS_OF_A_CELL * TICKS for index in range(CELLS + 1))
    async with Pool(2) as pool:
        heads = Heads(boundaries, [LOW, HIGH], encoder, shelf, pool)
        yield heads
        await heads.stop()
    assert encoder.running == 0


async def until(condition: Callable[[], bool], seconds: float = 10) -> None:
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.005)


async def watch(heads: Heads, rung: str, first: int, last: int) -> None:
    """As a player does: one cell after the other."""
    for index in range(first, last):
        await heads.cell(rung, index)


async def test_two_rungs_watched_at_once_decode_the_film_once(heads: Heads, encoder: Encoder) -> None:
    await asyncio.gather(watch(heads, LOW, 0, 30), watch(heads, HIGH, 0, 30))
    await until(lambda: heads.idle)
    # Where a head ends or another follows, what it had begun is decoded for nothing.
    assert encoder.decoded <= 30 + AHEAD_CELLS + len(encoder.heads)
    assert encoder.heads[0] == (0, BOTH, Priority.WAITED)
    assert max(encoder.made.values()) == 1


async def test_a_second_viewer_on_another_rung_joins_the_first_one_s_head(heads: Heads, encoder: Encoder) -> None:
    encoder.seconds_a_cell = 0.03
    first = asyncio.create_task(watch(heads, LOW, 0, 25))
    await until(lambda: encoder.made[LOW, 3] == 1)
    await asyncio.gather(first, watch(heads, HIGH, 2, 25))
    await until(lambda: heads.idle)
    assert [rungs for _, rungs, _ in encoder.heads[:3]] == [ONLY_LOW, ONLY_HIGH, BOTH]
    assert encoder.decoded <= 25 + AHEAD_CELLS + 8
    assert max(encoder.made.values()) <= 2


async def test_a_viewer_who_changes_rungs_does_not_wait_for_the_other_rung(heads: Heads, encoder: Encoder) -> None:
    await watch(heads, LOW, 0, 10)
    before = len(encoder.heads)
    await heads.cell(HIGH, 10)
    # What they need now was made alone, from the very cell on.
    assert (10, ONLY_HIGH, Priority.WAITED) in encoder.heads[before:]


async def test_people_far_apart_are_served_at_once_each_by_a_head(heads: Heads, encoder: Encoder, shelf: Shelf) -> None:
    encoder.seconds_a_cell = 0.05
    await asyncio.gather(watch(heads, LOW, 0, 4), watch(heads, LOW, 60, 64))
    assert {first for first, _, _ in encoder.heads} == {0, 60}
    assert not {*range(20, 60)} & {*shelf.indices(LOW)}


async def test_a_head_ends_where_cells_lie_ready(heads: Heads, encoder: Encoder, shelf: Shelf) -> None:
    await heads.cell(LOW, 20)
    await until(lambda: heads.idle)
    made = encoder.made.copy()
    await heads.cell(LOW, 18)
    await until(lambda: heads.idle)
    assert encoder.made - made == Counter({(LOW, 18): 1, (LOW, 19): 1})


async def test_a_head_that_nobody_needs_ends_soon(heads: Heads, encoder: Encoder) -> None:
    encoder.seconds_a_cell = 30
    waiting = [asyncio.create_task(heads.cell(rung, 5)) for rung in (LOW, HIGH)]
    await until(lambda: encoder.running > 0)
    for task in waiting:
        task.cancel()
    await until(lambda: heads.idle and not encoder.running, 5)


async def test_a_room_that_jumps_leaves_no_head_behind(heads: Heads, encoder: Encoder) -> None:
    encoder.seconds_a_cell = 30
    for index in (0, 60):
        heads.foresee([Foreseen(LOW, index, playing=True)])
        await until(lambda index=index: encoder.heads[-1:] == [(index, ONLY_LOW, Priority.AHEAD)])  # type: ignore[misc]
    await until(lambda: encoder.running == 1, 5)


async def test_one_of_two_who_wait_leaves_and_the_other_is_served(heads: Heads, encoder: Encoder) -> None:
    encoder.seconds_a_cell = 0.2
    staying, leaving = (asyncio.create_task(heads.cell(rung, 5)) for rung in (LOW, HIGH))
    await until(lambda: encoder.running > 0)
    leaving.cancel()
    assert await staying
    assert encoder.heads[0] == (5, BOTH, Priority.WAITED)


async def test_a_room_that_stands_still_has_half_a_minute_made(heads: Heads, encoder: Encoder, shelf: Shelf) -> None:
    heads.foresee([Foreseen(LOW, 50, playing=False)])
    await until(lambda: encoder.running > 0)
    await until(lambda: heads.idle)
    assert shelf.indices(LOW) == [*range(50, 51 + AHEAD_CELLS)]
    assert [priority for _, _, priority in encoder.heads] == [Priority.AHEAD]
    heads.foresee([])


async def test_filling_makes_all_rungs_and_decodes_once(heads: Heads, encoder: Encoder, shelf: Shelf) -> None:
    shelf.cells[HIGH, 40] = Path("made before")
    await heads.fill([LOW, HIGH], lambda made: None)
    assert shelf.indices(LOW) == shelf.indices(HIGH) == [*range(CELLS)]
    # Where a head follows another, what it had begun is decoded for nothing.
    assert encoder.decoded <= CELLS + 2 * len(encoder.heads) <= CELLS + 6
    assert {priority for _, _, priority in encoder.heads} == {Priority.BACKGROUND}


async def test_filling_leaves_no_cell_out_that_a_head_has_passed(
    heads: Heads, encoder: Encoder, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    for index in range(10):
        shelf.cells[LOW, index] = Path("made before")
    # As if the loop had been too busy to stop the head where the other rung is missing too.
    monkeypatch.setattr(heads, "_rungs_to_fill", lambda run, filling: run.rungs)
    await heads.fill([LOW, HIGH], lambda made: None)
    assert shelf.indices(LOW) == shelf.indices(HIGH) == [*range(CELLS)]


async def test_filling_goes_on_past_cells_that_somebody_takes_away(
    heads: Heads, encoder: Encoder, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    def put_and_lose(rung: str, index: int, data: bytes, priority: Priority) -> Path:
        if index != 5:
            shelf.cells[rung, index] = Path("made")
        return Path("made")

    monkeypatch.setattr(shelf, "put", put_and_lose)
    await heads.fill([LOW], lambda made: None)
    assert shelf.indices(LOW) == [index for index in range(CELLS) if index != 5]
    assert encoder.made[LOW, 5] <= 2


async def test_a_filling_of_one_rung_leaves_it_to_one_of_all_rungs(heads: Heads, encoder: Encoder) -> None:
    encoder.seconds_a_cell = 0.01
    one = asyncio.create_task(heads.fill([LOW], lambda made: None))
    await until(lambda: encoder.made[LOW, 10] == 1)
    every = asyncio.create_task(heads.fill([LOW, HIGH], lambda made: None))
    await asyncio.gather(one, every)
    assert max(encoder.made.values()) == 1
    assert len(encoder.made) == 2 * CELLS
    # From where the second came on, both were made together.
    assert [rungs for _, rungs, _ in encoder.heads][:2] == [ONLY_LOW, ONLY_HIGH]
    assert encoder.heads[-1][1] == BOTH


async def test_viewers_go_before_filling_which_goes_on_afterwards(heads: Heads, encoder: Encoder) -> None:
    encoder.seconds_a_cell = 0.02
    filling = asyncio.create_task(heads.fill([LOW, HIGH], lambda made: None))
    await until(lambda: encoder.made[LOW, 1] == 1)
    await heads.cell(LOW, 70)
    # Filling had not come there, and goes on later.
    assert not encoder.made[LOW, 60]
    await filling
    assert {rung for rung, _ in encoder.made} == {LOW, HIGH}
    assert len(encoder.made) == 2 * CELLS


async def test_a_filling_that_is_cancelled_ends_soon(heads: Heads, encoder: Encoder) -> None:
    encoder.seconds_a_cell = 30
    filling = asyncio.create_task(heads.fill([LOW, HIGH], lambda made: None))
    await until(lambda: encoder.running > 0)
    began = time.monotonic()
    filling.cancel()
    with pytest.raises(asyncio.CancelledError):
        await filling
    assert time.monotonic() - began < 5
    assert encoder.running == 0 and heads.idle


async def test_who_waits_hears_why_it_cannot_be_and_nothing_is_tried_for_ever(
    heads: Heads, encoder: Encoder, caplog: pytest.LogCaptureFixture
) -> None:
    encoder.broken_from = 3
    await watch(heads, LOW, 0, 3)
    with pytest.raises(NotFound):
        await heads.cell(LOW, 3)
    await heads.cell(LOW, 2)
    await asyncio.sleep(0.1)
    assert len(encoder.heads) <= 3
    with pytest.raises(NotFound):
        await heads.fill([LOW], lambda made: None)
    # A file that somebody moved is no fault of the program's: a line says so, without a traceback.
    assert "the disk is gone" in caplog.text and not any(record.exc_info for record in caplog.records)


async def test_without_room_viewers_are_served_and_nothing_is_made_ahead(
    heads: Heads, encoder: Encoder, shelf: Shelf
) -> None:
    shelf.room = 0
    assert await heads.cell(LOW, 0) == b"cell"
    assert await heads.cell(LOW, 1) == b"cell"
    await until(lambda: heads.idle)
    assert encoder.decoded <= 8
    with pytest.raises(StorageFull):
        await heads.fill([HIGH], lambda made: None)
