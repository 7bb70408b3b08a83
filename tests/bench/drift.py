"""Settings of the drift loop side by side: the same people, the same film, each setting in turn, again and again."""

import asyncio
from collections import defaultdict
from pathlib import Path

from playwright.async_api import async_playwright

from tests.bench.crowd import Crowd, crowd
from tests.bench.footage import Footage
from tests.journeys import frames
from tests.journeys import people as do
from tests.journeys.evening import JUDGED_MS, SETTLING_MS, now_ms
from tests.journeys.frames import Spread

ROUNDS = 3
# Every setting is judged on the same busy machine: it says little there, but says it all the same.
MOVING = 0.2
GENTLE = "share: (size) => (size < 0.12 ? 0.03 : 0.08)"
SOFT = "share: (size) => Math.min(0.08, size)"
SETTINGS = {
    "from 20, release 6 ms, at most 8 %": f"from: 0.02, release: 0.006, {SOFT}",
    "hold 10 ms, 3 % to 120 ms, then 8 %": f"from: 0.01, release: 0.01, {GENTLE}",
    "from 8, release 3 ms, at most 8 %": f"from: 0.008, release: 0.003, {SOFT}",
    "from 4, release 1 ms, at most 8 %": f"from: 0.004, release: 0.001, {SOFT}",
}


async def measure(footage: Footage, folder: Path) -> None:
    print("spread of 2 Chromium + Firefox in ms, by the settings of the drift loop, and how often a speed was set")
    kinds = ("chromium", "chromium", "firefox")
    values: dict[tuple[str, str], list[float]] = defaultdict(list)
    sets: dict[str, int] = defaultdict(int)
    film = footage.h264(150, 360)
    async with async_playwright() as playwright, crowd(playwright, kinds, film, folder / "data") as gathered:
        await do.press(gathered.pages[0], "k")
        for number in range(ROUNDS):
            for name, settings in SETTINGS.items():
                await choose(gathered, settings)
                begin = now_ms()
                await do.press(gathered.pages[number % len(kinds)], str(1 + number % 8))
                for moment, spread in (await judged(gathered)).items():
                    values[name, moment] += spread.values
                for page in gathered.pages:
                    sets[name] += len(await frames.speeds(page, begin))
    for name in SETTINGS:
        for moment in ("after seek", "then"):
            print(f"  {name:<38}{moment:<12}{Spread(values[name, moment])}")
        print(f"  {'':<38}speeds set {sets[name] / ROUNDS / len(kinds):.1f} times a page and seek")


async def judged(gathered: Crowd) -> dict[str, Spread]:
    """From a second after the picture moved, twice for three seconds."""
    for page in gathered.pages:
        await do.until_moving(page)
    begin = now_ms() + SETTLING_MS
    middle, end = begin + JUDGED_MS, begin + 2 * JUDGED_MS
    await asyncio.sleep((end + frames.AROUND_MS - now_ms()) / 1000)
    screens = await gathered.frames()
    return {
        "after seek": frames.spread(screens, begin, middle, MOVING),
        "then": frames.spread(screens, middle, end, MOVING),
    }


async def choose(gathered: Crowd, settings: str) -> None:
    for page in gathered.pages:
        followers = "const it = document.querySelector('wp-party').follower"
        await page.evaluate(f"{followers}; it.settings = {{...it.settings, {settings}}}")
