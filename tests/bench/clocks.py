"""How far the browser's idea of the server's clock is off, over lines of several kinds: both run on one machine."""

import asyncio
import time
from pathlib import Path

from playwright.async_api import Page, async_playwright

from tests.bench.crowd import crowd
from tests.bench.figures import Figures
from tests.bench.footage import Footage
from tests.journeys import frames
from tests.journeys import people as do
from tests.slow_line import even, steady, wireless

# The name of each line, its delay each way, and the aim for the 95th percentile in ms.
LINES = [
    ("wired", None, 1),
    ("wireless", wireless(), 3),
    ("5 to 80 ms", even(0.005, 0.08), 3),
    ("100 ms away", steady(0.05), 5),
]
# Each page comes so often, and is then asked for so many seconds, so many times a second.
VISITS = 3
SECONDS = 20
A_SECOND = 10
# What the page believes the server's monotonic clock shows, and when that was on the clock of the machine, both in ms.
ASK = "[document.querySelector('wp-party').clock.serverNow(), window.machineClock + performance.now()]"


async def measure(footage: Footage, folder: Path) -> None:
    print("error of the shared clock in Chromium, in ms, from its first answers on")
    delays = [delay for _, delay, _ in LINES]
    async with async_playwright() as playwright:
        kinds = ["chromium"] * len(LINES)
        async with crowd(playwright, kinds, footage.h264(150, 360), folder / "data", delays=delays) as gathered:
            errors: dict[Page, list[float]] = {page: [] for page in gathered.pages}
            for _ in range(VISITS):
                for page in gathered.pages:
                    await page.reload()
                    await do.until(page, "document.querySelector('wp-party')?.clock?.known")
                    await frames.record(page)
                await asyncio.gather(*(watch(page, errors[page]) for page in gathered.pages))
            for (name, _, aim), page in zip(LINES, gathered.pages, strict=True):
                print(f"  {name:<14}{Figures(errors[page]):.2f}   (aim p95 {aim})")


async def watch(page: Page, errors: list[float]) -> None:
    for _ in range(SECONDS * A_SECOND):
        believed, machine = await page.evaluate(ASK)
        errors.append(abs(believed - (machine - boot_ms())))
        await asyncio.sleep(1 / A_SECOND)


def boot_ms() -> float:
    """What the machine's clock showed when its monotonic clock began; both are read closely together."""
    readings = []
    for _ in range(5):
        before = time.monotonic()
        wall = time.time()
        after = time.monotonic()
        readings.append((after - before, wall - (before + after) / 2))
    return 1000 * min(readings)[1]
