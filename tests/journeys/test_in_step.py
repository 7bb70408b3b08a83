"""Two people, two screens, one frame: judged by the frames the browsers say they showed, on the machine's clock."""

import pytest
from playwright.async_api import Browser

from tests.films import Films
from tests.journeys import frames
from tests.journeys.evening import evening, play_seek_pause, thirty_seconds_later
from tests.journeys.frames import Spread
from tests.journeys.people import People
from tests.process import ServerProcess

pytestmark = pytest.mark.alone

RUNS = 3
# Median and 95th percentile, in ms, for the best of the runs: the machine of a test does other things, too.
GATES = {"chromium": (25, 100), "firefox": (40, 120)}


@pytest.mark.parametrize("other", ["chromium", "firefox"])
async def test_two_browsers_are_in_step(
    server_process: ServerProcess,
    people: People,
    films: Films,
    figures: list[str],
    chromium: Browser,
    firefox: Browser,
    other: str,
) -> None:
    two = await evening(server_process, people, films.long_h264, [{"chromium": chromium, "firefox": firefox}[other]])
    for page in two:
        await frames.record(page)
    best: dict[str, Spread] = {}
    for _ in range(RUNS):
        for moment, spread in (await play_seek_pause(two)).items():
            best[moment] = min(best.get(moment, spread), spread, key=lambda each: (each.median, each.p95))
        if all(holds(spread, other) for spread in best.values()):
            break
    best["30 s later"] = await thirty_seconds_later(two)
    for moment, spread in best.items():
        figures.append(f"spread, Chromium + {other.capitalize()}, {moment:<12} {spread}")
    late = [f"{moment}: {spread}" for moment, spread in best.items() if not holds(spread, other)]
    assert not late, "Not in step " + "; ".join(late)


def holds(spread: Spread, other: str) -> bool:
    median, p95 = GATES[other]
    return spread.median <= median and spread.p95 <= p95
