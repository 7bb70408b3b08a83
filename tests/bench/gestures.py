"""From a key to what every screen shows: how soon all move, are together again, and stand on the same frame."""

import asyncio
import math
from collections import defaultdict
from pathlib import Path

from playwright.async_api import Page, async_playwright

from tests.bench.crowd import Crowd, crowd
from tests.bench.figures import Figures
from tests.bench.footage import Footage
from tests.journeys import frames
from tests.journeys import people as do
from tests.journeys.evening import now_ms

ROUNDS = 20
# How long it is waited for screens to be together, how often that is looked at, and until frames stand, all in seconds.
LONGEST = 5.0
LOOK_EVERY = 0.5
STOOD = 1.0
AIMS = {
    "to motion on all": "p95 400",
    "together after play": "1500 / 2500",
    "together after seek": "1500 / 2500",
    "to all frozen": "p95 120",
    "frames apart": "0, 1 at most",
}
CROWDS = {"2 Chromium": ("chromium", "chromium"), "2 Chromium + Firefox": ("chromium", "chromium", "firefox")}


async def measure(footage: Footage, folder: Path) -> None:
    print("from the key to the last screen, in ms; together is within 45 ms")
    async with async_playwright() as playwright:
        for name, kinds in CROWDS.items():
            data = folder / name.replace(" ", "-")
            async with crowd(playwright, kinds, footage.h264(150, 360), data) as gathered:
                for figure, values in (await rounds(gathered)).items():
                    print(f"  {name:<22}{figure:<22}{Figures(values):6.0f}   (aim {AIMS[figure]})")


async def rounds(gathered: Crowd) -> dict[str, list[float]]:
    """Play, seek, pause, each by the next person."""
    found: dict[str, list[float]] = defaultdict(list)
    for number in range(ROUNDS):
        page = gathered.pages[number % len(gathered.pages)]
        begin, together = await together_after(gathered, page, "k")
        found["to motion on all"].append(max(screen.moved_from(begin) for screen in await gathered.frames()) - begin)
        found["together after play"].append(together)
        _, together = await together_after(gathered, page, str(1 + number % 8))
        found["together after seek"].append(together)
        begin = await pressed(page, "k", STOOD)
        screens = await gathered.frames()
        found["to all frozen"].append(max(screen.stood_from for screen in screens) - begin)
        standing = [screen.last for screen in screens]
        found["frames apart"].append((max(standing) - min(standing)) / frames.FRAME_MS)
    return found


async def together_after(gathered: Crowd, page: Page, key: str) -> tuple[float, float]:
    """Presses a key and waits until the screens are together: when it was, and how long that took, in ms."""
    begin, together = await pressed(page, key, LOOK_EVERY), math.inf
    while math.isinf(together) and now_ms() < begin + 1000 * LONGEST:
        await asyncio.sleep(LOOK_EVERY)
        together = frames.together_from(await gathered.frames(), begin, now_ms()) - begin
    return begin, together


async def pressed(page: Page, key: str, seconds: float) -> float:
    """Presses a key and lets so much time pass; when it was pressed, on the machine's clock in ms."""
    await do.press(page, key)
    await asyncio.sleep(seconds)
    return await frames.pressed(page)
