"""Settings of the drift loop side by side: the same people, the same film, each setting in turn, again and again."""

from collections import defaultdict
from pathlib import Path

from playwright.async_api import async_playwright

from tests.bench.crowd import Crowd, crowd
from tests.bench.footage import Footage
from tests.journeys import frames
from tests.journeys import people as do
from tests.journeys.evening import now_ms, settled, spread_from
from tests.journeys.frames import Spread

ROUNDS = 3
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
                values[name, "after seek"] += (await settled(gathered.pages)).values
                values[name, "then"] += (await spread_from(gathered.pages, now_ms())).values
                for page in gathered.pages:
                    sets[name] += len(await frames.speeds(page, begin))
    for name in SETTINGS:
        for moment in ("after seek", "then"):
            print(f"  {name:<38}{moment:<12}{Spread(values[name, moment])}")
        print(f"  {'':<38}speeds set {sets[name] / ROUNDS / len(kinds):.1f} times a page and seek")


async def choose(gathered: Crowd, settings: str) -> None:
    for page in gathered.pages:
        followers = "const it = document.querySelector('wp-party').follower"
        await page.evaluate(f"{followers}; it.settings = {{...it.settings, {settings}}}")
