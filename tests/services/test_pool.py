"""The pool: who gets a core, who ends, and who holds still meanwhile."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from watchparty.domain.errors import Busy
from watchparty.services.pool import Pool, Priority, Ticket


class Work:
    """Something long that counts how often it was let go on."""

    def __init__(self) -> None:
        self.rounds = 0
        self.ended = threading.Event()

    def __call__(self, hold: Callable[[], bool]) -> int:
        try:
            while hold():
                self.rounds += 1
                time.sleep(0.002)
            return self.rounds
        finally:
            self.ended.set()

    async def goes_on(self, seconds: float = 10) -> None:
        before = self.rounds
        async with asyncio.timeout(seconds):
            while self.rounds < before + 3:
                await asyncio.sleep(0.005)

    async def stands_still(self) -> bool:
        await asyncio.sleep(0.05)
        before = self.rounds
        await asyncio.sleep(0.1)
        return self.rounds == before


def endless() -> Iterator[int | None]:
    """A head that never comes to an end."""
    while True:
        time.sleep(0.002)
        yield None


async def running(pool: Pool, ticket: Ticket) -> asyncio.Task[None]:
    task = asyncio.create_task(pool.encode(ticket, endless, lambda made: None))
    await asyncio.sleep(0)
    return task


async def cancelled(task: asyncio.Task[object]) -> None:
    task.cancel()
    with pytest.raises((asyncio.CancelledError, Busy)):
        await task


async def test_long_work_holds_still_while_a_viewer_s_head_runs_and_then_goes_on() -> None:
    for cores in (1, 2):
        async with Pool(cores) as pool:
            work = Work()
            task = asyncio.create_task(pool.work(work))
            await work.goes_on()
            for priority in (Priority.WAITED, Priority.AHEAD):
                head = Ticket(priority)
                viewer = await running(pool, head)
                assert await work.stands_still()
                head.stop()
                await viewer
                await work.goes_on()
            await cancelled(task)


async def test_background_work_runs_beside_viewers_where_there_are_cores_to_spare() -> None:
    async with Pool(8) as pool:
        work, head = Work(), Ticket(Priority.WAITED)
        viewer = await running(pool, head)
        task = asyncio.create_task(pool.work(work))
        await work.goes_on()
        head.stop()
        await viewer
        await cancelled(task)


async def test_long_work_that_is_cancelled_has_ended_when_its_caller_hears_of_it() -> None:
    async with Pool(1) as pool:
        work = Work()
        task = asyncio.create_task(pool.work(work))
        await work.goes_on()
        viewer = await running(pool, head := Ticket(Priority.WAITED))
        assert await work.stands_still()
        began = time.monotonic()
        await cancelled(task)
        assert work.ended.is_set()
        assert time.monotonic() - began < 5
        head.stop()
        await viewer


async def test_long_work_gives_back_what_it_made_and_what_went_wrong() -> None:
    async with Pool(1) as pool:
        assert await pool.work(lambda hold: hold() and 7) == 7
        with pytest.raises(ZeroDivisionError):
            await pool.work(lambda hold: 1 // 0)
        assert await pool.work(lambda hold: 8) == 8


async def test_work_of_the_same_urgency_takes_turns() -> None:
    async with Pool(1, turn_seconds=0.05) as pool:
        works = [Work(), Work(), Work()]
        tasks = [asyncio.create_task(pool.work(work)) for work in works]
        for _ in range(2):
            for work in works:
                await work.goes_on()
        for task in tasks:
            await cancelled(task)


async def test_a_head_whose_turn_is_over_is_told_to_let_others_go() -> None:
    async with Pool(1, turn_seconds=0.05) as pool:
        head = Ticket(Priority.BACKGROUND)
        filling = await running(pool, head)
        await asyncio.sleep(0.06)
        assert not pool.must_yield(head)
        work = Work()
        task = asyncio.create_task(pool.work(work))
        await asyncio.sleep(0)
        assert pool.must_yield(head)
        head.stop()
        await filling
        await work.goes_on()
        await cancelled(task)


async def test_a_waiting_viewer_takes_the_core_of_a_head_that_runs_ahead() -> None:
    async with Pool(1) as pool:
        ahead, next_one = Ticket(Priority.AHEAD), Ticket(Priority.AHEAD)
        running_ahead, waiting = await running(pool, ahead), await running(pool, next_one)
        assert not ahead.stopped
        # Somebody has come to wait for what the second is to make.
        pool.urge(next_one, Priority.WAITED)
        await running_ahead
        assert ahead.stopped
        assert next_one.called.is_set()
        next_one.stop()
        await waiting


async def test_closing_the_pool_ends_what_runs_and_what_waits() -> None:
    async with Pool(1) as pool:
        works = [Work(), Work()]
        tasks = [asyncio.create_task(pool.work(work)) for work in works]
        await works[0].goes_on()
        began = time.monotonic()
    assert time.monotonic() - began < 5
    for task in tasks:
        with pytest.raises(Busy):
            await task
