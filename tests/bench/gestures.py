"""From a key to what every screen shows: how soon all move, are together again, and stand on the same frame."""

import asyncio
from collections import defaultdict
from pathlib import Path

from playwright.async_api import Page, async_playwright

from tests.bench.crowd import Crowd, crowd
from tests.bench.figures import Figures
from tests.bench.footage import Footage
from tests.journeys import frames
from tests.journeys import people as do
from tests.journeys.evening import now_ms

ROUNDS = 12
# What is played before the next key, and how long frames come on after the last one, s.
PLAYED = 2.5
STOOD = 0.7
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
        begin = await pressed(page, "k", PLAYED)
        screens = await gathered.frames()
        found["to motion on all"].append(max(screen.moved_from(begin) for screen in screens) - begin)
        found["together after play"].append(frames.together_from(screens, begin, now_ms()) - begin)
        begin = await pressed(page, str(1 + number % 8), PLAYED)
        found["together after seek"].append(frames.together_from(await gathered.frames(), begin, now_ms()) - begin)
        begin = await pressed(page, "k", STOOD)
        screens = await gathered.frames()
        found["to all frozen"].append(max(screen.stood_from for screen in screens) - begin)
        standing = [screen.last for screen in screens]
        found["frames apart"].append((max(standing) - min(standing)) / frames.FRAME_MS)
    return found


async def pressed(page: Page, key: str, seconds: float) -> float:
    """Presses a key and lets so much time pass; when it was pressed, on the machine's clock in ms."""
    await do.press(page, key)
    await asyncio.sleep(seconds)
    return await frames.pressed(page)
