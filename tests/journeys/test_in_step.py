"""Two people, two screens, one frame: judged by the frames the browsers say they showed, on the machine's clock."""

import asyncio
import time
from collections.abc import Sequence

import pytest
from playwright.async_api import Browser, Page

from tests.films import Films
from tests.journeys import frames
from tests.journeys import people as do
from tests.journeys.frames import Spread
from tests.journeys.people import People
from tests.process import ServerProcess

RUNS = 3
# Median and 95th percentile, in ms, for the best of the runs: the machine of a test does other things, too.
GATES = {"chromium": (25, 100), "firefox": (40, 120)}


@pytest.mark.parametrize("other", ["chromium", "firefox"])
async def test_two_browsers_are_in_step(
    server_process: ServerProcess,
    people: People,
    films: Films,
    figures: list[str],
    request: pytest.FixtureRequest,
    other: str,
) -> None:
    two = await party(server_process, people, films, request.getfixturevalue(other))
    for page in two:
        await frames.record(page)
    best: dict[str, Spread] = {}
    for _ in range(RUNS):
        for moment, spread in (await play_seek_pause(two)).items():
            best[moment] = min(best.get(moment, spread), spread, key=lambda each: (each.median, each.p95))
        if all(holds(spread, other) for spread in best.values()):
            break
    await do.press(two[0], "k")
    await asyncio.sleep(30)
    best["30 s later"] = await spread_between(two, now_ms(), 4000)
    for moment, spread in best.items():
        figures.append(f"spread, Chromium + {other.capitalize()}, {moment:<12} {spread}")
    late = [f"{moment}: {spread}" for moment, spread in best.items() if not holds(spread, other)]
    assert not late, "Not in step " + "; ".join(late)


def holds(spread: Spread, other: str) -> bool:
    median, p95 = GATES[other]
    return spread.median <= median and spread.p95 <= p95


async def party(server: ServerProcess, people: People, films: Films, other: Browser) -> Sequence[Page]:
    """The host, and a guest in another browser, in a room with a film that has not begun."""
    ada, grace = await people.arrive(), await people.arrive(other)
    await do.make_first_account(ada, f"{server.url}/setup?token={server.setup_token}")
    await do.upload(ada, server.url, films.long_h264)
    await do.join_as_guest(grace, await do.watch_together(ada), "Grace")
    for page in (ada, grace):
        await do.until_loaded(page)
    return ada, grace


async def play_seek_pause(two: Sequence[Page]) -> dict[str, Spread]:
    """One run; the spread is taken from a second after each command, when everybody should have settled, for 3 s."""
    host, guest = two
    await do.press(host, "1")
    await asyncio.sleep(0.5)
    await do.press(host, "k")
    played = await settled(two)
    await do.press(guest, "6")
    sought = await settled(two)
    await do.press(guest, "k")
    for page in two:
        await page.wait_for_function("document.querySelector('video').paused")
    await asyncio.sleep(1)
    standing = [(await frames.frames(page)).last for page in two]
    return {"after play": played, "after seek": sought, "after pause": Spread([max(standing) - min(standing)])}


async def settled(two: Sequence[Page]) -> Spread:
    for page in two:
        await do.until_moving(page)
    return await spread_between(two, now_ms() + 1000, 3000)


async def spread_between(two: Sequence[Page], begin: float, length: float) -> Spread:
    """From `begin` on the machine's clock for `length` milliseconds."""
    await asyncio.sleep((begin + length + 2 * frames.AROUND_MS - now_ms()) / 1000)
    shown = [await frames.frames(page) for page in two]
    return frames.spread(shown, begin, begin + length)


def now_ms() -> float:
    return time.time() * 1000
